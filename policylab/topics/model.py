"""Topics: one joint model of all documents, from the token table to two tidy tables.

What is in a model's vocabulary is a table of its own (select_topic_terms), so that a reader sees what was left out and
why.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from policylab.base.arguments import check_whole
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.resampling import hash_bags, order_units
from policylab.topics.fit import DIGITS, fit_consensus, fit_lda, fit_nmf, fit_seeded
from policylab.words.stoplists import list_stopwords
from policylab.words.terms import TermMatrix, cast_matrix
from policylab.words.units import choose_unit, list_unit_columns

METHODS = {"consensus": fit_consensus, "nmf": fit_nmf, "lda": fit_lda}
RANDOM = ("consensus", "lda")  # draw something, so they need a seed


class Topics(NamedTuple):
    """A fitted model as two tables: `terms` (topic x term weights) and `shares` (unit x topic shares)."""

    terms: pd.DataFrame
    shares: pd.DataFrame


def unit_columns(shares: pd.DataFrame) -> list[str]:
    """The columns of a table of shares that name a unit: those before `topic`.

    >>> unit_columns(pd.DataFrame(columns=["document_id", "task", "topic", "share", "n_tokens"]))
    ['document_id', 'task']
    """
    need_columns(shares, ["topic", "share", "n_tokens"], "shares")
    return list(shares.columns[: list(shares.columns).index("topic")])


def find_unit(shares: pd.DataFrame) -> str:
    """The name of the unit that a table of shares has.

    >>> find_unit(pd.DataFrame(columns=["document_id", "task", "topic", "share", "n_tokens"]))
    'task'
    """
    return next((column for column in unit_columns(shares) if column != "document_id"), "document")


def select_topic_terms(
    tokens: pd.DataFrame,
    *,
    unit: str | None = None,
    stopwords: Iterable[str] | pd.DataFrame | None = None,
    min_units: int = 2,
    min_characters: int = 2,
) -> pd.DataFrame:
    """Select the words that a topic model looks at, with the reason why it leaves others out.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the columns of the unit (join_corpus).
    unit : str or None, optional
        "task", "section", "paragraph" or "document"; None is the task where every document has tasks, else the
        paragraph. Tokens outside units are not counted.
    stopwords : Iterable[str] or DataFrame or None, optional
        A list, or a table with a column word; None is the list that ships.
    min_units : int, optional
        Units that must hold a word. A word of a single unit says nothing about what units share, hence 2.
    min_characters : int, optional
        Length of the shortest word. Words of one character are mostly verbs and particles (judgement).

    Returns
    -------
    DataFrame
        A row is a counted word of the units, the most frequent first: `term`, `n_units` (units that hold it), `kept` and
        `reason` (null where it is kept: "stop word", "shorter than 2 characters", "in fewer than 2 units"; the first that
        holds).

    Raises
    ------
    PolicylabError
        For missing columns and an unknown unit.

    Examples
    --------
    >>> import policylab as lab
    >>> texts = pd.DataFrame({"document_id": ["a", "b"], "paragraph": [1, 1], "text": ["建设数字校园", "建设和管理"]})
    >>> terms = select_topic_terms(lab.tokenize(texts), unit="paragraph")
    >>> terms[["term", "n_units", "kept"]].values.tolist()
    [['建设', 2, True], ['和', 1, False], ['数字校园', 1, False], ['管理', 1, False]]
    """
    counts = cast_matrix(tokens, list_unit_columns(choose_unit(tokens, unit)))
    table = pd.DataFrame({"term": pd.Series(counts.terms, dtype="str"), "n_units": _tally(counts.matrix)})
    why = [
        (table["term"].isin(list_stopwords(stopwords)), "stop word"),
        (table["term"].str.len() < min_characters, f"shorter than {min_characters} characters"),
        (table["n_units"] < min_units, f"in fewer than {min_units} units"),
    ]
    reason = np.select([condition for condition, _ in why], [name for _, name in why], default="")
    table["kept"] = reason == ""
    table["reason"] = pd.Series(reason, dtype="str").where(~table["kept"])
    return table.sort_values(["n_units", "term"], ascending=[False, True], ignore_index=True)


def fit_topics(
    tokens: pd.DataFrame,
    n_topics: int,
    *,
    unit: str | None = None,
    method: str = "consensus",
    seed: int | None = None,
    terms: Sequence[str] | pd.DataFrame | None = None,
) -> Topics:
    """Fit one topic model to the units of all documents together.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the columns of the unit (join_corpus).
    n_topics : int
        How many topics.
    unit : str or None, optional
        "task", "section", "paragraph" or "document"; None is the task where every document has tasks, else the
        paragraph. Task 1 of two documents is two units.
    method : str, optional
        "consensus" (the factors that non-negative factorizations of resampled units share), "nmf" (one factorization
        with a deterministic start) or "lda".
    seed : int or None, optional
        Of what is drawn at random; needed by all methods but "nmf".
    terms : list of str or DataFrame or None, optional
        The vocabulary, a list or the table of select_topic_terms; None is what that table keeps.

    Returns
    -------
    Topics
        The tables `terms` and `shares`. A row of `terms` is a term in a topic: `topic`, `rank`, `term`, `weight` (the
        weights of a topic add up to 1). A row of `shares` is a topic in a unit: document_id and the column of the unit,
        `topic`, `share` (0 to 1, a unit's add up to 1; NaN where none of the topics fits, such as a unit without any of the
        terms) and `n_tokens` (its tokens among the terms). Weights and shares are rounded to six digits. Topics count from
        1, the most prevalent first (shares weighted with n_tokens); equally prevalent ones are in the order of their first
        terms.

    Raises
    ------
    PolicylabError
        For missing columns, more topics than units, an empty vocabulary, unknown terms, methods and units, and a missing
        seed.

    Notes
    -----
    The result is the same for any order and any names of the documents, and any number of threads. It still is one
    reading of many: measure_stability says which topics stay when a few units are missing. Shares of an NMF are of the
    weighted words of a unit, not probabilities. The methods and their sources are in topics/fit.py.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> model = fit_topics(lab.tokenize(corpus), 6, method="nmf")
    >>> "网络安全" in model.terms.loc[model.terms["rank"] == 1, "term"].tolist()
    True
    >>> model.shares.groupby("document_id")["task"].nunique().to_dict()
    {'chongqing-2019': 31, 'fujian-2020': 28, 'national-2017': 28, 'national-2019': 35}
    """
    check_method(method)
    if method in RANDOM and seed is None:
        raise PolicylabError(
            f'method="{method}" draws at random. Give a seed, such as seed=1, so that the result can be repeated.'
        )
    if seed is not None:
        check_whole("seed", seed, 0)
    return fit_counts(select_counts(tokens, choose_unit(tokens, unit), terms), n_topics, method, seed)


def check_method(method: str) -> None:
    """Raise PolicylabError for an unknown way to fit topics."""
    if method not in METHODS:
        raise PolicylabError(f"method={method!r} is unknown. Use one of {', '.join(map(repr, METHODS))}.")


def fit_counts(counts: TermMatrix, n_topics: int, method: str, seed: int | None) -> Topics:
    """The model of fit_topics from the counts of its vocabulary (select_counts)."""
    check_size(n_topics, counts.matrix)
    return tabulate_model(counts, *_fit_in_order(counts, METHODS[method], n_topics, seed))


def _fit_in_order(counts: TermMatrix, fit: Callable, *arguments: object) -> tuple[np.ndarray, np.ndarray]:
    """(weights, loadings) of a fit that sees the units in the order of their content, whatever the documents are called."""
    order = order_units(hash_bags(counts.matrix, counts.terms))
    weights, fitted = fit(counts.matrix[order], *arguments)
    loadings = np.empty_like(fitted)
    loadings[order] = fitted
    return weights, loadings


def fit_seeded_topics(
    tokens: pd.DataFrame,
    concepts: pd.DataFrame,
    *,
    unit: str | None = None,
    terms: Sequence[str] | pd.DataFrame | None = None,
) -> Topics:
    """Fit one topic to each concept of a dictionary: for readers who start from theory.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the columns of the unit (join_corpus).
    concepts : DataFrame
        A row is a term: `concept`, `term` (load_concepts). Its terms are in the vocabulary even if a filter would drop
        them.
    unit : str or None, optional
        "task", "section", "paragraph" or "document"; None is the task where every document has tasks, else the
        paragraph.
    terms : list of str or DataFrame or None, optional
        The vocabulary, a list or the table of select_topic_terms; None is what that table keeps.

    Returns
    -------
    Topics
        The tables of fit_topics, with the column `concept` in both. A concept of whose terms no unit holds any has no topic.

    Raises
    ------
    PolicylabError
        If no term of the dictionary is a counted word, and as fit_topics.

    Notes
    -----
    A term of a concept weighs only in the topic of that concept (in both, if it is in two); every other word goes where
    the data put it. Nothing is random. The dictionary fixes what the topics are about, so their stability says nothing
    about the texts; what the texts add are the other words and the shares.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> concepts = pd.DataFrame({"concept": ["安全", "空间"], "term": ["网络安全", "网络学习空间"]})
    >>> model = fit_seeded_topics(tokens, concepts)
    >>> sorted(model.terms["concept"].unique())
    ['安全', '空间']
    """
    need_columns(concepts, ["concept", "term"], "concepts")
    counts = select_counts(tokens, choose_unit(tokens, unit), terms, also=concepts["term"].tolist())
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
    return tabulate_model(counts, *_fit_in_order(counts, fit_seeded, seeds), names=names)


def check_size(n_topics: int, counts: Any) -> None:
    """Raise PolicylabError unless n_topics is a whole number and the units and terms of a matrix suffice for it.

    >>> check_size(3, np.ones((2, 5)))
    Traceback (most recent call last):
    policylab.base.errors.PolicylabError: 3 topics cannot be fitted to 2 units with 5 terms. Ask for 2 at most, or use smaller units.
    """
    check_whole("n_topics", n_topics, 1)
    largest = min(counts.shape)
    if n_topics > largest:
        raise PolicylabError(
            f"{n_topics} topics cannot be fitted to {counts.shape[0]} units with {counts.shape[1]} terms."
            f" Ask for {largest} at most, or use smaller units."
        )


def select_counts(
    tokens: pd.DataFrame, unit: str, terms: Sequence[str] | pd.DataFrame | None, also: Sequence[str] = ()
) -> TermMatrix:
    """The counts of the units over the vocabulary of a model."""
    if terms is None:
        terms = select_topic_terms(tokens, unit=unit)
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
    counts = cast_matrix(tokens, list_unit_columns(unit))
    found = sorted(set(counts.terms).intersection(terms))
    if not found and not len(also):
        raise PolicylabError(
            f"None of the {len(terms)} terms is a word of these units (first: {', '.join(terms[:3])})."
            " Look for the words in tokens, or segment with them as dictionary: lab.Segmenter(terms)."
        )
    place = {term: i for i, term in enumerate(counts.terms)}
    return counts._replace(matrix=counts.matrix[:, [place[term] for term in found]], terms=found)


def _tally(matrix: Any) -> np.ndarray:
    return np.bincount(matrix.indices, minlength=matrix.shape[1])


def tabulate_model(
    counts: TermMatrix, weights: np.ndarray, loadings: np.ndarray, names: list[str] | None = None
) -> Topics:
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


def _round(values: np.ndarray) -> np.ndarray:
    return np.round(values, DIGITS)
