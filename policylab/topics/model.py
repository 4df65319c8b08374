"""Topics: one joint model of all documents, from the token table to two tidy tables.

What is in a model's vocabulary is a table of its own (select_topic_terms), so that a reader sees what was left out and
why.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from policylab.base.errors import PolicylabError
from policylab.topics.fit import DIGITS, fit_consensus, fit_lda, fit_nmf, fit_seeded
from policylab.words.lexicon import load_stopwords
from policylab.words.terms import cast_matrix

METHODS = {"consensus": fit_consensus, "nmf": fit_nmf, "lda": fit_lda}
RANDOM = ("consensus", "lda")  # draw something, so they need a seed
UNIT = ("document_id", "task")


class Topics(NamedTuple):
    """A fitted model as two tables: `terms` (topic x term weights) and `shares` (unit x topic shares)."""

    terms: pd.DataFrame
    shares: pd.DataFrame


def select_topic_terms(tokens, unit=UNIT, stopwords=None, min_units=2, min_characters=2):
    """Which words a topic model looks at, and why it leaves the others out.

    A row is a counted word of the units: `term`, `n_units` (units that hold it), `kept` and `reason` (null where it is
    kept: "stop word", "shorter than 2 characters", "in fewer than 2 units"; the first that holds). `unit` are the
    columns that make a unit; tokens without a value there are not counted. `stopwords` is a list or a table with a
    column word; None is the list that ships. A word of a single unit says nothing about what units share, hence
    min_units=2; words of one character are mostly verbs and particles (judgement).

    >>> import policylab as lab
    >>> texts = pd.DataFrame({"document_id": ["a", "b"], "paragraph": [1, 1], "text": ["建设数字校园", "建设和管理"]})
    >>> terms = select_topic_terms(lab.tokenize(texts), unit=["document_id", "paragraph"])
    >>> terms[["term", "n_units", "kept"]].values.tolist()
    [['建设', 2, True], ['和', 1, False], ['数字校园', 1, False], ['管理', 1, False]]
    """
    counts = cast_matrix(tokens, unit)
    table = pd.DataFrame({"term": pd.Series(counts.terms, dtype="str"), "n_units": _tally(counts.matrix)})
    reason = _reasons(table, stopwords, min_units, min_characters)
    table["kept"] = reason == ""
    table["reason"] = pd.Series(reason, dtype="str").where(~table["kept"])
    return table.sort_values(["n_units", "term"], ascending=[False, True], ignore_index=True)


def fit_topics(tokens, n_topics, unit=UNIT, method="consensus", seed=None, terms=None):
    """Fit one topic model to the units of all documents together.

    A row of `tokens` is a token (tokenize); `unit` names the columns that make a unit, such as document_id and task
    (join_corpus) or document_id and paragraph. `terms` is the vocabulary, a list or the table of select_topic_terms;
    None is what that table keeps. `method` is "consensus" (non-negative factorizations of resamples of the units, the
    factors they share), "nmf" (one factorization with a deterministic start) or "lda". `seed` is needed by all but
    "nmf".

    Returns Topics. A row of `terms` is a term in a topic: `topic`, `rank`, `term`, `weight` (the weights of a topic add
    up to 1). A row of `shares` is a topic in a unit: the columns of `unit`, `topic`, `share` (0-1, a unit's add up to
    1; NaN where none of the topics fits, such as a unit without any of the terms) and `n_tokens` (its tokens among the
    terms). Weights and shares are rounded to six digits. Topics count from 1, the most prevalent first (shares weighted
    with n_tokens); equally prevalent ones are in the order of their first terms.

    The result is the same for any order of the documents and any number of threads. It still is one reading of many:
    measure_stability says which topics stay when a few units are missing. Shares of an NMF are of the weighted words of a
    unit, not probabilities.

    Raises PolicylabError for more topics than units, an empty vocabulary, unknown terms or methods, and a missing seed.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> model = fit_topics(lab.tokenize(corpus), 6, method="nmf")
    >>> "网络安全" in model.terms.loc[model.terms["rank"] == 1, "term"].tolist()
    True
    >>> model.shares.groupby("document_id")["task"].nunique().to_dict()
    {'chongqing-2019': 31, 'fujian-2020': 28, 'national-2017': 28, 'national-2019': 35}
    """
    if method not in METHODS:
        raise PolicylabError(f"method={method!r} is unknown. Use one of {', '.join(map(repr, METHODS))}.")
    if method in RANDOM and seed is None:
        raise PolicylabError(
            f'method="{method}" draws at random. Give a seed, such as seed=1, so that the result can be repeated.'
        )
    return fit_counts(select_counts(tokens, unit, terms), n_topics, method, seed)


def fit_counts(counts, n_topics, method, seed):
    """The model of fit_topics from the counts of its vocabulary (select_counts)."""
    check_size(n_topics, counts.matrix)
    return tabulate_model(counts, *METHODS[method](counts.matrix, n_topics, seed))


def fit_seeded_topics(tokens, concepts, unit=UNIT, terms=None):
    """Fit one topic to each concept of a dictionary: for readers who have theory, not curiosity.

    A row of `concepts` is a term: `concept`, `term` (load_concepts). A term of a concept weighs only in the topic of
    that concept (in both, if it stands in two); every other word goes where the data put it. Terms of the dictionary
    are in the vocabulary even if a filter would drop them. `unit` and `terms` as in fit_topics, and so is the result,
    with the column `concept` in both tables. Nothing is random. A concept of whose terms no unit holds any has no
    topic.

    The dictionary fixes what the topics are about, so their stability says nothing about the texts; what the texts add
    are the other words and the shares.

    Raises PolicylabError if no term of the dictionary is a counted word.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> concepts = pd.DataFrame({"concept": ["安全", "空间"], "term": ["网络安全", "网络学习空间"]})
    >>> model = fit_seeded_topics(tokens, concepts)
    >>> sorted(model.terms["concept"].unique())
    ['安全', '空间']
    """
    for column in ("concept", "term"):
        if column not in concepts:
            raise PolicylabError(
                f"The table of concepts has no column {column}. It has {', '.join(map(str, concepts.columns))}."
            )
    counts = select_counts(tokens, unit, terms, also=concepts["term"])
    place = {term: i for i, term in enumerate(counts.terms)}
    present = concepts[concepts["term"].isin(place)]
    if present.empty:
        raise PolicylabError(
            f"None of the {concepts['term'].nunique()} terms of the concepts is a word of these tokens (first: {concepts['term'].iloc[0]})."
            " Segment with them as dictionary: lab.tokenize(paragraphs, lab.Segmenter(terms))."
        )
    names = sorted(present["concept"].unique())
    check_size(len(names), counts.matrix)
    seeds = np.zeros((len(names), len(counts.terms)))
    seeds[present["concept"].map(names.index), present["term"].map(place)] = 1
    return tabulate_model(counts, *fit_seeded(counts.matrix, seeds), names=names)


def check_size(n_topics, counts):
    """Raise PolicylabError unless the units and terms of a matrix suffice for n_topics.

    >>> check_size(3, np.ones((2, 5)))
    Traceback (most recent call last):
    policylab.base.errors.PolicylabError: 3 topics cannot be fitted to 2 units with 5 terms. Ask for 2 at most, or use smaller units.
    """
    largest = min(counts.shape)
    if not 1 <= n_topics <= largest:
        raise PolicylabError(
            f"{n_topics} topics cannot be fitted to {counts.shape[0]} units with {counts.shape[1]} terms."
            f" Ask for {largest} at most, or use smaller units."
        )


def select_counts(tokens, unit, terms, also=()):
    """The counts of the units over the vocabulary of a model."""
    if terms is None:
        terms = select_topic_terms(tokens, unit)
    if isinstance(terms, pd.DataFrame):
        chosen = terms.loc[terms["kept"], "term"]
        if chosen.empty and not len(also):
            counted = sorted(terms["reason"].value_counts().items(), key=lambda item: (-item[1], item[0]))
            removed = "; ".join(f"{n} {reason}" for reason, n in counted) or "there were none"
            raise PolicylabError(
                f"No term is left of {len(terms)} words: {removed}. Loosen the filters of select_topic_terms."
            )
        terms = chosen
    terms = list(dict.fromkeys([*terms, *also]))
    counts = cast_matrix(tokens, unit)
    found = sorted(set(counts.terms).intersection(terms))
    if not found and not len(also):
        raise PolicylabError(
            f"None of the {len(terms)} terms is a word of these units (first: {', '.join(terms[:3])})."
            " Look for the words in tokens, or segment with them as dictionary: lab.Segmenter(terms)."
        )
    place = {term: i for i, term in enumerate(counts.terms)}
    return counts._replace(matrix=counts.matrix[:, [place[term] for term in found]], terms=found)


def _tally(matrix):
    return np.bincount(matrix.indices, minlength=matrix.shape[1])


def _reasons(table, stopwords, min_units, min_characters):
    stopwords = load_stopwords() if stopwords is None else stopwords
    stopwords = set(stopwords["word"] if isinstance(stopwords, pd.DataFrame) else stopwords)
    why = [
        (table["term"].isin(stopwords), "stop word"),
        (table["term"].str.len() < min_characters, f"shorter than {min_characters} characters"),
        (table["n_units"] < min_units, f"in fewer than {min_units} units"),
    ]
    return np.select([condition for condition, _ in why], [name for _, name in why], default="")


def tabulate_model(counts, weights, loadings, names=None):
    """Weights and loadings to the two tables, rounded first and sorted after."""
    sums = weights.sum(axis=1)
    # A topic without weight keeps its place, with no terms and no shares, rather than fail.
    loadings = loadings * sums
    weights = _round(np.divide(weights, sums[:, None], out=np.zeros_like(weights), where=sums[:, None] > 0))
    totals = loadings.sum(axis=1, keepdims=True)
    shares = _round(np.divide(loadings, totals, out=np.full_like(loadings, np.nan), where=totals > 0))
    n_tokens = np.asarray(counts.matrix.sum(axis=1)).ravel()
    prevalence = _round(np.nansum(shares * n_tokens[:, None], axis=0) / max(n_tokens.sum(), 1))
    terms = np.array(counts.terms, dtype=object)
    ranked = [np.lexsort((terms, -row)) for row in weights]
    order = sorted(range(len(weights)), key=lambda k: (-prevalence[k], [terms[i] for i in ranked[k][:10]]))
    parts = []
    for topic, k in enumerate(order, 1):
        kept = ranked[k][weights[k][ranked[k]] > 0]
        part = {"topic": topic, "rank": np.arange(1, len(kept) + 1), "term": terms[kept], "weight": weights[k][kept]}
        parts.append(pd.DataFrame(part))
    table = pd.concat(parts, ignore_index=True).astype({"term": "str"})
    n_units, n_topics = shares.shape
    units = counts.rows.loc[np.repeat(np.arange(n_units), n_topics)].reset_index(drop=True)
    shares = units.assign(
        topic=np.tile(np.arange(1, n_topics + 1), n_units),
        share=shares[:, order].ravel(),
        n_tokens=np.repeat(n_tokens, n_topics),
    )
    if names is not None:
        concept = {topic: names[k] for topic, k in enumerate(order, 1)}
        table, shares = (frame.assign(concept=frame["topic"].map(concept).astype("str")) for frame in (table, shares))
    return Topics(table, shares)


def _round(values):
    return np.round(values, DIGITS)
