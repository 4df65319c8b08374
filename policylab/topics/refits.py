"""A model fitted again without a tenth of the units: what stability and the intervals of prevalence rest on."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from policylab.base.arguments import check_share, check_whole
from policylab.base.errors import PolicylabError
from policylab.base.resampling import order_units
from policylab.topics.model import Topics, check_method, check_size, fit_counts, select_counts, unit_columns
from policylab.words.terms import number_groups
from policylab.words.units import choose_unit, count_by_unit, list_unit_columns

# Ten terms are what a reader is shown of a topic; all measures here look at the same ten.
N_TOP = 10
# A topic is called stable from here on: seven in eight topics of shuffled words stay below. Their 90% quantile on the 122
# tasks, ten topics, is .62 for the consensus (36 shuffles) and .55 for single factorizations (180). Refits share units, so
# even shuffled words have .41 and .35 on average, and .5 would let three in ten of them pass. It is a constant because three to
# five shuffles, all that a notebook has time for, give anything from .53 to .69, which decides over half of the topics.
STABLE = 0.6
# Units that a refit keeps. With a tenth of the tasks missing a reader expects the same topics.
KEPT_SHARE = 0.9


class Refits(NamedTuple):
    """A model and its refits, each without another tenth of the units, with topics paired to those of the model.

    `model` holds the tables of fit_topics. A row of `matched` is a topic in a refit: `topic`, `refit`, `jaccard` (0 to 1:
    of its ten first terms and those of the topic it is paired with; NaN where the refit has too few topics), `cutoff` and
    `found` (whether the index, rounded to two digits, reaches the cut-off). A row of `shares` is a topic in a unit, as in
    the table of the model, with a column for each refit ("1", "2" ...): the share of the paired topic; NaN where the refit
    left the unit out.
    """

    model: Topics
    matched: pd.DataFrame
    shares: pd.DataFrame


def refit_topics(
    tokens: pd.DataFrame,
    n_topics: int,
    *,
    unit: str | None = None,
    method: str = "consensus",
    seed: int | None = None,
    n_refits: int = 20,
    cutoff: float = STABLE,
) -> Refits:
    """Fit a model, and fit it again without a tenth of the units, once for both stability and intervals of prevalence.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the columns of the unit (join_corpus).
    n_topics : int
        How many topics.
    unit : str or None, optional
        "task", "section", "paragraph" or "document"; None is the task where every document has tasks, else the
        paragraph.
    method : str, optional
        As in fit_topics.
    seed : int or None, optional
        Of the fits, and of the units that are left out; needed by all methods.
    n_refits : int, optional
        How often the model is fitted again, each time without another tenth of the units; 2 or more.
    cutoff : float, optional
        The Jaccard index from which a topic is found again, and called stable on average.

    Returns
    -------
    Refits
        `model`, the tables that fit_topics gives for the same arguments; `matched`, a row for each topic and refit; and
        `shares`, a row for each topic and unit with a column for each refit. score_stability and measure_prevalence take it.

    Raises
    ------
    PolicylabError
        For fewer than 2 refits, a missing seed, a cut-off outside 0 to 1, and as fit_topics.

    Notes
    -----
    The whole procedure is repeated: vocabulary, fit, order. Topics of a refit are paired with those of the model so that
    their ten first terms agree best in sum (Hungarian method). A refit takes as long as a fit.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> refits = refit_topics(lab.tokenize(corpus), 4, method="nmf", seed=1, n_refits=2)
    >>> refits.matched.columns.tolist(), refits.shares.columns.tolist()
    (['topic', 'refit', 'jaccard', 'cutoff', 'found'], ['document_id', 'task', 'topic', '1', '2'])
    """
    seed = check_draws(method, seed)
    check_share("cutoff", cutoff)
    model, runs = fit_resamples(tokens, [n_topics], choose_unit(tokens, unit), method, seed, n_refits)[n_topics]
    keys = [*unit_columns(model.shares), "topic"]
    shares, columns = model.shares[keys], []
    for run in runs:
        _, topics = _pair_topics(model, run)
        own = run.shares.assign(topic=run.shares["topic"].map({other: topic for topic, other in topics.items()}))
        columns.append(own.set_index(keys)["share"].reindex(pd.MultiIndex.from_frame(shares)).to_numpy())
    shares = shares.assign(**{str(refit): column for refit, column in enumerate(columns, 1)})
    matched = match_runs(model, runs).melt(var_name="topic", value_name="jaccard", ignore_index=False)
    matched = matched.rename_axis("refit").reset_index().astype({"topic": "int64"})
    matched = matched[["topic", "refit", "jaccard"]].assign(cutoff=cutoff, found=is_found(matched["jaccard"], cutoff))
    return Refits(model, matched, shares)


def match_runs(model: Topics, runs: Sequence[Topics]) -> pd.DataFrame:
    """The Jaccard indices of the topics of a model in its refits: a row is a refit (1, 2 ...), a column a topic."""
    rows = [_pair_topics(model, run)[0] for run in runs]
    return pd.DataFrame(rows, index=range(1, len(runs) + 1), columns=list(list_top_terms(model.terms)))


def _pair_topics(model: Topics, run: Topics) -> tuple[np.ndarray, dict[int, int]]:
    """(Jaccard indices of the topics of a model, {topic: the topic of another model that it is paired with})."""
    tops, others = (list_top_terms(each.terms) for each in (model, run))
    jaccard, place = match_topics(tops.values(), others.values())
    return jaccard, {topic: list(others)[other] for topic, other in zip(tops, place, strict=True) if other >= 0}


def is_found(agreement: np.ndarray | pd.Series, cutoff: float) -> np.ndarray | pd.Series:
    """Whether an agreement of first terms reaches the cut-off; rounded, so that the verdict is that of what is printed.

    >>> is_found(np.array([0.538, 0.596, np.nan]), 0.6).tolist()
    [False, True, False]
    """
    return agreement.round(2) >= cutoff


def list_top_terms(topic_terms: pd.DataFrame, n: int = N_TOP) -> dict[int, list[str]]:
    """The first n terms of every topic: a dict from topic to a list of terms, from the table `terms` of a model.

    >>> table = pd.DataFrame({"topic": [1, 1, 2], "rank": [1, 2, 1], "term": ["网络", "安全", "教师"]})
    >>> list_top_terms(table, n=1)
    {1: ['网络'], 2: ['教师']}
    """
    first = topic_terms[topic_terms["rank"] <= n].sort_values(["topic", "rank"])
    return {topic: first.loc[first["topic"] == topic, "term"].tolist() for topic in map(int, first["topic"].unique())}


def match_topics(tops: Iterable[Sequence[str]], other_tops: Iterable[Sequence[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Pair the topics of two models: each of `tops`, lists of terms, with one of `other_tops`, so that most words agree.

    Returns (jaccard, other): for every topic the Jaccard index of the pair's term sets (0-1) and the index of its
    partner (NaN and -1, if the other model has fewer topics). The pairing is the best one in sum (Hungarian method).

    >>> jaccard, other = match_topics([["网络", "安全"], ["教师", "培训"]], [["教师", "研修"], ["安全", "网络"]])
    >>> jaccard.round(2).tolist(), other.tolist()
    ([1.0, 0.33], [1, 0])
    """
    from scipy.optimize import linear_sum_assignment

    sets, others = [set(top) for top in tops], [set(top) for top in other_tops]
    similar = np.array([[len(a & b) / max(len(a | b), 1) for b in others] for a in sets])
    rows, columns = linear_sum_assignment(-similar)
    jaccard, other = np.full(len(sets), np.nan), np.full(len(sets), -1)
    jaccard[rows], other[rows] = similar[rows, columns], columns
    return jaccard, other


def check_draws(method: str, seed: int | None) -> int:
    """The seed, after a check of both."""
    check_method(method)
    if seed is None:
        raise PolicylabError(
            "Units are left out at random. Give a seed, such as seed=1, so that the result can be repeated."
        )
    check_whole("seed", seed, 0)
    return seed


def fit_resamples(
    tokens: pd.DataFrame, candidates: Sequence[int], unit: str, method: str, seed: int, n_refits: int
) -> dict[int, tuple[Topics, list[Topics]]]:
    """For every number of topics the model of all units, and those of `n_refits` times nine tenths of them."""
    if n_refits < 2:
        raise PolicylabError(
            f"n_refits={n_refits}: refits are compared with each other. Give 2 at least, 20 for a result to print."
        )
    codes, numbers = order_by_content(tokens, unit)
    size = int(round(KEPT_SHARE * len(numbers)))
    check_size(max(candidates), np.empty((size, size)))
    generator = np.random.default_rng(seed)
    models = _fit_all(tokens, candidates, unit, method, seed)
    runs: dict[int, list[Topics]] = {n_topics: [] for n_topics in candidates}
    for _ in range(n_refits):
        sample = tokens[np.isin(codes, generator.choice(numbers, size, replace=False))]
        for n_topics, model in _fit_all(sample, candidates, unit, method, seed).items():
            runs[n_topics].append(model)
    return {n_topics: (model, runs[n_topics]) for n_topics, model in models.items()}


def order_by_content(tokens: pd.DataFrame, unit: str) -> tuple[np.ndarray, np.ndarray]:
    """(number of the unit of every token, -1 outside; numbers of the units with a counted word, in the order of content)."""
    codes = number_groups(tokens, list_unit_columns(unit))[0]
    numbers = np.unique(codes[(codes >= 0) & tokens["mask"].isna().to_numpy()])
    return codes, numbers[order_units(count_by_unit(tokens, unit=unit, terms=[]).contents)]


def _fit_all(tokens: pd.DataFrame, candidates: Sequence[int], unit: str, method: str, seed: int) -> dict[int, Topics]:
    """The models of fit_topics for several numbers of topics, from one count of the words."""
    counts = select_counts(tokens, unit, None)
    return {n_topics: fit_counts(counts, n_topics, method, seed) for n_topics in candidates}
