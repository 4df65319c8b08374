"""Reading topics: their terms, the texts that show them best, and pyLDAvis."""

import numpy as np
import pandas as pd

from policylab.base.arguments import check_whole
from policylab.base.columns import need_columns
from policylab.topics.fit import DIGITS
from policylab.topics.model import Topics, unit_columns
from policylab.words.terms import cast_matrix

# Half frequency, half exclusivity: neither is to decide alone (judgement).
FREX_WEIGHT = 0.5


def label_topics(model: Topics, *, n: int = 10) -> pd.DataFrame:
    """Label topics by the terms they are read by, in two orders.

    Parameters
    ----------
    model : Topics
        The tables of fit_topics.
    n : int, optional
        How many terms of each topic and order.

    Returns
    -------
    DataFrame
        A row is a term of a topic: `topic`, `order` ("weight" or "frex"), `rank` (1 to n), `term`, `weight`, `exclusivity`
        (this topic's part of the term's weight in all topics, 0 to 1) and `frex` (0 to 1, higher: the term is at once
        frequent in this topic and rare in the others).

    Notes
    -----
    FREX is the harmonic mean of two ranks of the term in the topic, by weight and by exclusivity, each as the share of
    the topic's terms that are not above it (Bischof & Airoldi 2012). It favours rare words where a topic has few terms.

    Examples
    --------
    >>> terms = pd.DataFrame({"topic": [1, 1, 1, 2], "rank": [1, 2, 3, 1], "term": ["建设", "安全", "应急", "建设"],
    ...                       "weight": [0.4, 0.35, 0.25, 1.0]})
    >>> labels = label_topics(Topics(terms, None), n=1)
    >>> labels.loc[labels["topic"] == 1, ["order", "term", "frex"]].values.tolist()
    [['frex', '安全', 0.8], ['weight', '建设', 0.5]]
    """
    check_whole("n", n, 1)
    terms = model.terms.copy()
    terms["exclusivity"] = terms["weight"] / terms.groupby("term")["weight"].transform("sum")
    by_topic = terms.groupby("topic")
    frequency = by_topic["weight"].rank(method="max", pct=True)
    exclusivity = by_topic["exclusivity"].rank(method="max", pct=True)
    terms["frex"] = (1 / (FREX_WEIGHT / exclusivity + (1 - FREX_WEIGHT) / frequency)).round(DIGITS)
    terms["exclusivity"] = terms["exclusivity"].round(DIGITS)
    parts = []
    for order in ("frex", "weight"):
        # Terms of equal FREX in the order of their weight, then of the term itself.
        first = (
            terms.sort_values(["topic", order, "weight", "term"], ascending=[True, False, False, True])
            .groupby("topic")
            .head(n)
        )
        parts.append(first.assign(order=order, rank=first.groupby("topic").cumcount() + 1))
    columns = ["topic", "order", "rank", "term", "weight", "exclusivity", "frex"]
    return pd.concat(parts)[columns].sort_values(["topic", "order", "rank"], ignore_index=True)


def find_examples(model: Topics, texts: pd.DataFrame, *, n: int = 3) -> pd.DataFrame:
    """Find the texts that show a topic best, with their places.

    Parameters
    ----------
    model : Topics
        The tables of fit_topics.
    texts : DataFrame
        A row is a text with the columns of the model's unit and text: corpus.tasks for tasks, corpus.paragraphs for
        paragraphs (or for the paragraphs of the chosen tasks).
    n : int, optional
        How many texts of each topic.

    Returns
    -------
    DataFrame
        A row is a text: `topic`, `example` (1 to n; the unit with the largest share first), the columns of the unit,
        `share`, `n_tokens`, and the columns paragraph, title, start, end and text where `texts` has them.

    Raises
    ------
    PolicylabError
        For missing columns.

    Notes
    -----
    Only units of at least the median length compete: a unit of three words lies wholly in one topic and shows little of
    it.

    Examples
    --------
    >>> shares = pd.DataFrame({"document_id": ["a", "a"], "task": [1, 2], "topic": 1, "share": [0.2, 0.9], "n_tokens": 20})
    >>> texts = pd.DataFrame({"document_id": ["a", "a"], "task": [1, 2], "text": ["规范管理", "保障网络安全"]})
    >>> find_examples(Topics(None, shares), texts, n=1)["text"].tolist()
    ['保障网络安全']
    """
    check_whole("n", n, 1)
    unit, shares = unit_columns(model.shares), model.shares
    need_columns(texts, [*unit, "text"], "texts")
    long = shares[(shares["n_tokens"] >= shares["n_tokens"].median()) & (shares["share"] > 0)]
    best = long.sort_values(["topic", "share", "n_tokens", *unit], ascending=[True, False, False, *[True] * len(unit)])
    best = best.groupby("topic").head(n)
    best = best.assign(example=best.groupby("topic").cumcount() + 1)
    kept = [
        column for column in ("paragraph", "title", "start", "end", "text") if column in texts and column not in unit
    ]
    found = best.merge(texts[[*unit, *kept]], on=unit, how="left")
    return found[["topic", "example", *unit, "share", "n_tokens", *kept]]


def export_pyldavis(model: Topics, tokens: pd.DataFrame) -> dict:
    """Export the arguments of pyLDAvis.prepare, so that its page shows the numbers of our tables.

    Parameters
    ----------
    model : Topics
        The tables of fit_topics.
    tokens : DataFrame
        The tokens that it was fitted to.

    Returns
    -------
    dict
        topic_term_dists, doc_topic_dists, doc_lengths, vocab, term_frequency, and sort_topics=False with start_index=1,
        without which pyLDAvis renumbers the topics. Units in which no topic fits are left out.

    Raises
    ------
    PolicylabError
        For tokens without the columns of the model's unit.

    Notes
    -----
    Use it as `pyLDAvis.prepare(**export_pyldavis(model, tokens))`; pyLDAvis itself is not needed here.

    Examples
    --------
    >>> import policylab as lab
    >>> texts = pd.DataFrame({"document_id": list("abcd"), "paragraph": 1, "text": ["教师培训", "教师培训", "网络安全", "网络安全"]})
    >>> tokens = lab.tokenize(texts)
    >>> export = export_pyldavis(lab.fit_topics(tokens, 2, unit="document", method="nmf"), tokens)
    >>> export["sort_topics"], export["start_index"], export["doc_lengths"]
    (False, 1, [2, 2, 1, 1])
    """
    unit = unit_columns(model.shares)
    shares = model.shares.dropna(subset="share")
    weights = model.terms.pivot(index="topic", columns="term", values="weight").fillna(0).sort_index(axis=1)
    units = shares.pivot(index=unit, columns="topic", values="share")
    lengths = shares.drop_duplicates(unit).set_index(unit)["n_tokens"].reindex(units.index)
    counts = cast_matrix(tokens, unit, terms=list(weights.columns))
    return {
        "topic_term_dists": weights.div(weights.sum(axis=1), axis=0).to_numpy(),
        "doc_topic_dists": units.div(units.sum(axis=1), axis=0).to_numpy(),
        "doc_lengths": lengths.tolist(),
        "vocab": weights.columns.tolist(),
        "term_frequency": np.asarray(counts.matrix.sum(axis=0)).ravel().tolist(),
        "sort_topics": False,
        "start_index": 1,
    }
