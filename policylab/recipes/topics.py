"""What notebook 03 asks of a topic model beyond the measures: which number, what other choices would have given."""

from typing import Any

import pandas as pd

from policylab.base.arguments import check_share
from policylab.base.errors import PolicylabError
from policylab.base.levels import LEVELS
from policylab.corpus.bundle import Corpus
from policylab.topics.fit import DIGITS
from policylab.topics.model import Topics, find_unit, fit_topics, select_topic_terms, unit_columns
from policylab.topics.refits import Refits, is_found, list_top_terms, match_topics
from policylab.topics.units import compare_prevalence, count_topics, score_sections


def pick_n_topics(choice: pd.DataFrame, n_topics: int = 0) -> int:
    """Pick the number of topics to go on with.

    Parameters
    ----------
    choice : DataFrame
        The table of choose_n_topics.
    n_topics : int, optional
        A number that is given; 0 for the recommended one.

    Returns
    -------
    int
        `n_topics` if given, else the recommended number, else the most stable one; of equally stable ones the smallest.
        describe_choice says which of the three it was.

    Raises
    ------
    PolicylabError
        For a negative number.

    Examples
    --------
    >>> choice = pd.DataFrame({"n_topics": [4, 6], "stability": [0.3, 0.4], "recommended": False})
    >>> pick_n_topics(choice), pick_n_topics(choice, 9)
    (6, 9)
    """
    if n_topics < 0:
        raise PolicylabError(f"n_topics is {n_topics}. Give a number of topics, or 0 for the recommended one.")
    if n_topics:
        return int(n_topics)
    best = choice[choice["recommended"]]
    if best.empty:
        best = choice[choice["stability"] == choice["stability"].max()]
    return int(best["n_topics"].iloc[0])


def compare_topic_levels(
    shares: pd.DataFrame, corpus: Corpus, *, refits: Refits | None = None, n_resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Compare the prevalence of topics between the two highest levels of a corpus.

    Parameters
    ----------
    shares : DataFrame
        The table `shares` of a model, with the column level (join_corpus).
    corpus : Corpus
        The corpus that the model was fitted to.
    refits : Refits or None, optional
        The model of these shares with its refits (refit_topics), so that intervals hold the change of topics as well.
    n_resamples : int, optional
        Random draws behind each interval: 40 or more, or 0 for no intervals.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a topic, as of compare_prevalence. With one level the table is empty.

    Raises
    ------
    PolicylabError
        As compare_prevalence.

    Examples
    --------
    >>> from policylab.corpus.load import load_corpus
    >>> compare_topic_levels(pd.DataFrame({"level": ["national"]}), load_corpus(), seed=1).empty
    True
    """
    levels = [level for level in LEVELS if level in set(shares["level"])]
    if len(levels) < 2:
        columns = ["a", "b", "topic", "prevalence_a", "prevalence_b", "difference", "low", "high", "found"]
        return pd.DataFrame(columns=columns)
    return compare_prevalence(shares, "level", *levels[:2], refits=refits, n_resamples=n_resamples, seed=seed)


def cross_sections(shares: pd.DataFrame, places: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cross topics with sections: count_topics and score_sections, both empty where no document has sections.

    Parameters
    ----------
    shares : DataFrame
        The table `shares` of a model.
    places : DataFrame
        A row is a unit: corpus.tasks or corpus.paragraphs.

    Returns
    -------
    tuple[DataFrame, DataFrame]
        A row of the first is a topic in a section (count_topics), of the second a document (score_sections).

    Raises
    ------
    PolicylabError
        For missing columns.

    Examples
    --------
    >>> shares = pd.DataFrame({"document_id": "a", "task": [1], "topic": 1, "share": 1.0, "n_tokens": 9})
    >>> crosstab, scores = cross_sections(shares, pd.DataFrame({"document_id": ["a"], "task": [1], "section": [None]}))
    >>> crosstab.empty, scores.empty
    (True, True)
    """
    unit = unit_columns(shares)
    fitted = shares.dropna(subset="share")[unit].drop_duplicates()
    if fitted.merge(places[[*unit, "section"]], on=unit)["section"].isna().all():
        empty = pd.DataFrame(columns=["document_id", "section", "topic", "n_units", "n_main", "share"])
        return empty, pd.DataFrame(columns=["document_id", "n_units", "n_parts", "n_topics", "ami"])
    return count_topics(shares, places), score_sections(shares, places)


def vary_topics(model: Topics, tokens: pd.DataFrame, *, seed: int, cutoff: float) -> pd.DataFrame:
    """Vary a model, to see how many of its topics other reasonable choices would have found as well.

    Parameters
    ----------
    model : Topics
        A consensus of all units (fit_topics).
    tokens : DataFrame
        The tokens that it was fitted to.
    seed : int
        Its seed.
    cutoff : float
        The Jaccard index from which a topic is found again, as in measure_stability.

    Returns
    -------
    DataFrame
        A row is a variant (another seed, one factorization alone, LDA, words of at least three units): `variant`, `jaccard`
        (0 to 1: mean over the topics of the Jaccard index of ten first terms with the paired topic), `n_found` (topics whose
        index reaches the cut-off) and `n_topics`.

    Raises
    ------
    PolicylabError
        As fit_topics.

    Examples
    --------
    >>> vary_topics(model, tokens, seed=1, cutoff=0.6)  # doctest: +SKIP
    """
    check_share("cutoff", cutoff)
    tops, unit = list(list_top_terms(model.terms).values()), find_unit(model.shares)
    variants: dict[str, dict[str, Any]] = {
        "another seed": {"seed": seed + 1},
        "one factorization": {"method": "nmf"},
        "LDA": {"method": "lda", "seed": seed},
        "words of 3 units or more": {"seed": seed, "terms": select_topic_terms(tokens, unit=unit, min_units=3)},
    }
    rows = []
    for name, arguments in variants.items():
        other = fit_topics(tokens, len(tops), unit=unit, **arguments)
        jaccard, _ = match_topics(tops, list(list_top_terms(other.terms).values()))
        rows.append((name, jaccard.mean(), int(is_found(jaccard, cutoff).sum()), len(tops)))
    return pd.DataFrame(rows, columns=["variant", "jaccard", "n_found", "n_topics"]).round(DIGITS)
