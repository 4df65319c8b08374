"""How good topics are: coherence, exclusivity, stability under resampling, and the choice of their number.

C_v, the coherence most often printed, is not offered: its author advises against it, the numbers published with it
cannot be repeated, and a wrong exponent in its reference program turned a topic of .84 into .56 (Palmetto, issues 13,
76, 81).
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from policylab.base.arguments import check_share, check_whole
from policylab.base.errors import PolicylabError
from policylab.topics.fit import DIGITS
from policylab.topics.model import Topics, check_size, select_counts, unit_columns
from policylab.topics.refits import (
    N_TOP,
    STABLE,
    Refits,
    check_draws,
    fit_resamples,
    is_found,
    list_top_terms,
    match_runs,
    order_by_content,
    refit_topics,
)
from policylab.topics.units import count_main
from policylab.words.terms import TermMatrix, cast_matrix, counted_column
from policylab.words.units import choose_unit

NULL_QUANTILE = 0.9
# With four refits chance in their mean raises the quantile by .05, with twenty it is as good as with eight.
NULL_REFITS = 8
BAND = (0.1, 0.9)  # quantiles over refits that a band shows


def score_topics(model: Topics, tokens: pd.DataFrame) -> pd.DataFrame:
    """Score the coherence and exclusivity of every topic.

    Parameters
    ----------
    model : Topics
        The tables of fit_topics.
    tokens : DataFrame
        The tokens that it was fitted to.

    Returns
    -------
    DataFrame
        A row is a topic: `topic`, `npmi` (-1 to 1, higher: the terms are in the same units), `exclusivity` (0 to 1),
        `prevalence` (its share of the tokens) and `top_terms`.

    Raises
    ------
    PolicylabError
        For tokens without the columns of the model's unit.

    Notes
    -----
    `npmi` is the mean over all pairs of the ten first terms of ln(p(a,b) / p(a)p(b)) / -ln p(a,b), with p the share of
    units of these same texts that hold the words (Bouma 2009; Röder, Both & Hinneburg 2015 call the mean C_NPMI); a
    pair that never meets counts -1, a pair that is in every unit says nothing and is left out. It misleads for words of
    two or three units, which reach 1 by one repeated sentence, and cannot be compared between corpora.

    `exclusivity` is the mean over the same terms of this topic's part of the term's weight in all topics (as in Bischof &
    Airoldi 2012, without ranks); it rises by itself with rare words and with fewer topics.

    Examples
    --------
    >>> import policylab as lab
    >>> texts = pd.DataFrame({"document_id": list("abcd"), "paragraph": 1, "text": ["教师培训", "教师培训", "网络安全", "网络安全"]})
    >>> tokens = lab.tokenize(texts, lab.Segmenter(["网络", "安全"]))
    >>> model = lab.fit_topics(tokens, 2, unit="document", method="nmf")
    >>> score_topics(model, tokens)["npmi"].tolist()
    [1.0, 1.0]
    """
    tops = list_top_terms(model.terms)
    terms = sorted({term for top in tops.values() for term in top})
    coherence = measure_npmi(list(tops.values()), cast_matrix(tokens, unit_columns(model.shares), terms=terms))
    totals = model.terms.groupby("term")["weight"].sum()
    first = model.terms[model.terms["rank"] <= N_TOP]
    exclusivity = (first["weight"] / first["term"].map(totals)).groupby(first["topic"]).mean()
    weight = model.shares["share"] * model.shares["n_tokens"]
    prevalence = (
        weight.groupby(model.shares["topic"]).sum() / model.shares["n_tokens"][model.shares["topic"] == 1].sum()
    )
    rows = [
        (topic, npmi, exclusivity[topic], prevalence[topic], "、".join(top))
        for (topic, top), npmi in zip(tops.items(), coherence)
    ]
    return pd.DataFrame(rows, columns=["topic", "npmi", "exclusivity", "prevalence", "top_terms"]).round(DIGITS)


def measure_npmi(tops: list[list[str]], counts: TermMatrix) -> list[float]:
    """The mean NPMI of every list of terms over the units of `counts`; NaN where no pair says anything."""
    place = {term: i for i, term in enumerate(counts.terms)}
    present = (counts.matrix > 0).astype(float)
    together = (present.T @ present).toarray() / present.shape[0]
    single = together.diagonal()
    with np.errstate(divide="ignore", invalid="ignore"):
        npmi = np.log(together / np.outer(single, single)) / -np.log(together)
    npmi[together == 0] = -1
    npmi[together == 1] = np.nan
    means = []
    for top in tops:
        own = [place[term] for term in top]
        pairs = npmi[np.ix_(own, own)][np.triu_indices(len(own), 1)]
        pairs = pairs[~np.isnan(pairs)]
        means.append(pairs.mean() if len(pairs) else np.nan)
    return means


def measure_stability(
    tokens: pd.DataFrame,
    n_topics: int,
    *,
    unit: str | None = None,
    method: str = "consensus",
    seed: int | None = None,
    n_refits: int = 20,
    cutoff: float = STABLE,
) -> pd.DataFrame:
    """Measure which topics of a model are found again when a tenth of the units is missing.

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
        The stability from which a topic is called stable. The default is what seven in eight topics of shuffled words
        do not reach in the plans that ship; measure_null_stability measures it for other texts.

    Returns
    -------
    DataFrame
        A row is a topic of the model that fit_topics gives for the same arguments: `topic`, `stability` (0 to 1, higher: the
        topic depends less on single units), `low` and `high` (its 10% and 90% quantiles over the refits), `found` (0 to 1: the
        share of the refits whose agreement reaches the cut-off), `n_main` (units in which the topic has the largest share),
        `cutoff`, `stable` (stability, rounded to two digits, not below the cut-off) and `top_terms`.

    Raises
    ------
    PolicylabError
        For fewer than 2 refits, a missing seed, and as fit_topics.

    Notes
    -----
    The whole procedure is repeated: vocabulary, fit, order. Stability is the mean over the refits of the Jaccard index of
    the topic's ten first terms with those of the topic it is paired with; seven of ten words in both lists are .54,
    eight .67, nine .82. It misleads where a text is in the corpus several times: its words come back in every refit. It
    also favours topics of a few units, whose words only these have: read it beside `n_main`.

    refit_topics gives the refits for other uses as well; this is score_stability of them.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> topics = measure_stability(tokens, 4, method="nmf", seed=1, n_refits=2)
    >>> topics["stable"].equals(topics["stability"].round(2) >= topics["cutoff"])
    True
    """
    refits = refit_topics(tokens, n_topics, unit=unit, method=method, seed=seed, n_refits=n_refits, cutoff=cutoff)
    return score_stability(refits)


def score_stability(refits: Refits) -> pd.DataFrame:
    """Score which topics of a model its refits find again.

    Parameters
    ----------
    refits : Refits
        The model and its refits (refit_topics).

    Returns
    -------
    DataFrame
        The table of measure_stability.

    Examples
    --------
    >>> shares = pd.DataFrame({"document_id": ["a", "b"], "topic": 1, "share": 1.0, "n_tokens": 9})
    >>> terms = pd.DataFrame({"topic": [1], "rank": 1, "term": "安全", "weight": 1.0})
    >>> matched = pd.DataFrame({"topic": 1, "refit": [1, 2], "jaccard": [0.5, 1.0], "cutoff": 0.6, "found": [False, True]})
    >>> table = score_stability(Refits(Topics(terms, shares), matched, shares))
    >>> table[["stability", "found", "n_main", "stable"]].values.tolist()
    [[0.75, 0.5, 2, True]]
    """
    model, by_topic = refits.model, refits.matched.groupby("topic")
    jaccard, cutoff = by_topic["jaccard"], refits.matched["cutoff"].iloc[0]
    tops, n_main = list_top_terms(model.terms), count_main(model.shares)
    table = {"stability": jaccard.mean(), "low": jaccard.quantile(BAND[0]), "high": jaccard.quantile(BAND[1])}
    table = pd.DataFrame(table | {"found": by_topic["found"].mean()}).round(DIGITS).reset_index()
    table = table.assign(n_main=table["topic"].map(n_main), cutoff=cutoff)
    table["stable"] = is_found(table["stability"], cutoff)
    return table.assign(top_terms=["、".join(tops[topic]) for topic in table["topic"]])


def measure_null_stability(
    tokens: pd.DataFrame,
    n_topics: int,
    *,
    unit: str | None = None,
    method: str = "consensus",
    seed: int | None = None,
    n_shuffles: int = 12,
) -> float:
    """Measure the stability that topics of shuffled words reach: a cut-off for measure_stability on the texts at hand.

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
        Of the shuffles and the fits; needed by all methods.
    n_shuffles : int, optional
        How often the words are shuffled. Each takes nine fits; 12 for a number to print.

    Returns
    -------
    float
        The 90% quantile over the topics of all shuffles (0 to 1), rounded up to two digits: a topic that reaches it is more
        stable than nine of ten topics of words that have nothing to do with each other. Higher: chance alone makes more
        stable topics, as in a small vocabulary.

    Raises
    ------
    PolicylabError
        For no shuffle, a missing seed, and as fit_topics.

    Notes
    -----
    The counted words are distributed over the units at random, so that units keep their lengths and words their
    frequencies and nothing else is left; then the stability of every topic is measured as in measure_stability. It says
    nothing about whether a topic makes sense. It moves with the seed: ten topics of the plans that ship, twelve shuffles
    each, gave .58 to .65.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> 0.3 < measure_null_stability(tokens, 10, method="nmf", seed=1, n_shuffles=2) < 0.8
    True
    """
    seed = check_draws(method, seed)
    if n_shuffles < 1:
        raise PolicylabError(
            f"n_shuffles={n_shuffles}: without a shuffle there is no cut-off. Give 12 for one to print."
        )
    unit, generator, found = choose_unit(tokens, unit), np.random.default_rng(seed), []
    check_size(n_topics, select_counts(tokens, unit, None).matrix)
    for _ in range(n_shuffles):
        shuffled = _shuffle(tokens, unit, generator)
        found.extend(match_runs(*fit_resamples(shuffled, [n_topics], unit, method, seed, NULL_REFITS)[n_topics]).mean())
    # Rounded first, so that .7 does not become .71.
    return float(np.ceil(np.quantile(found, NULL_QUANTILE).round(DIGITS) * 100) / 100)


def choose_n_topics(
    tokens: pd.DataFrame,
    candidates: Iterable[int],
    *,
    unit: str | None = None,
    method: str = "consensus",
    seed: int | None = None,
    n_refits: int = 20,
    cutoff: float = STABLE,
) -> pd.DataFrame:
    """Choose the number of topics by coherence, exclusivity and stability.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the columns of the unit (join_corpus).
    candidates : Iterable[int]
        The numbers to choose from.
    unit : str or None, optional
        "task", "section", "paragraph" or "document"; None is the task where every document has tasks, else the
        paragraph.
    method : str, optional
        As in fit_topics.
    seed : int or None, optional
        Of the fits, and of the units that are left out; needed by all methods.
    n_refits : int, optional
        How often every model is fitted again, each time without another tenth of the units; 2 or more.
    cutoff : float, optional
        The stability from which a topic is called stable (measure_stability).

    Returns
    -------
    DataFrame
        A row is a number of topics: `n_topics`; `npmi`, `exclusivity` (as in score_topics) and `stability` (as in
        measure_stability, its mean over the topics), means over the refits, each with `_low` and `_high` (10% and 90%
        quantiles over the refits); `cutoff`, `n_stable` (topics that reach it), `stable` (more than half of the topics do),
        `recommended` and `reason`.

    Raises
    ------
    PolicylabError
        For no candidate, fewer than 2 refits, a missing seed, and as fit_topics.

    Notes
    -----
    Every number is fitted to all units and to the same nine tenths of them, the whole procedure each time. Recommended is
    the smallest stable number whose NPMI reaches the lower end of the band of the stable number with the highest NPMI:
    more topics than that bring no coherence that a few other units would not change. Where no number is stable, none is
    recommended and every reason states it. The numbers are a hint for reading, not a test: read the terms.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> choice = choose_n_topics(tokens, [3, 4], method="nmf", seed=1, n_refits=2)
    >>> choice.loc[choice["stable"], ["n_stable", "n_topics"]].eval("2 * n_stable > n_topics").all()
    np.True_
    """
    seed = check_draws(method, seed)
    check_share("cutoff", cutoff)
    numbers = list(candidates) if isinstance(candidates, Iterable) else []
    if not numbers:
        raise PolicylabError(
            f"candidates={candidates!r} names no number of topics. Give several, such as [4, 6, 8, 10]."
        )
    for n_topics in numbers:
        check_whole("n_topics", n_topics, 1)
    rows = []
    fitted = fit_resamples(tokens, sorted(set(numbers)), choose_unit(tokens, unit), method, seed, n_refits)
    for n_topics, (model, runs) in fitted.items():
        jaccard = match_runs(model, runs)
        scores = [score_topics(run, tokens) for run in runs]
        values = {name: [table[name].mean() for table in scores] for name in ("npmi", "exclusivity")}
        row = {"n_topics": n_topics}
        for name, own in {**values, "stability": jaccard.mean(axis=1)}.items():
            row[name] = np.mean(own)
            row[f"{name}_low"], row[f"{name}_high"] = np.quantile(own, BAND)
        n_stable = int(is_found(jaccard.mean(), cutoff).sum())
        rows.append(row | {"cutoff": cutoff, "n_stable": n_stable})
    return _recommend(pd.DataFrame(rows).round(DIGITS))


def _recommend(table: pd.DataFrame) -> pd.DataFrame:
    table = table.assign(stable=2 * table["n_stable"] > table["n_topics"], recommended=False)
    reached = [
        f"{row.n_stable} of {row.n_topics} topics reach the cut-off {row.cutoff:.2f}" for row in table.itertuples()
    ]
    if not table["stable"].any():
        return table.assign(reason=[f"none is stable: {text}" for text in reached])
    best = table.loc[table["npmi"].where(table["stable"]).idxmax()]
    chosen = table.index[table["stable"] & (table["npmi"] >= best["npmi_low"])][0]
    reasons = []
    for place, row in zip(table.index, table.itertuples(), strict=True):
        if not row.stable:
            reasons.append(f"not stable: {reached[place]}")
        elif place == chosen:
            reasons.append(
                f"the smallest stable number whose NPMI ({row.npmi:.2f}) is in the band of the best ({best['npmi_low']:.2f} and more)"
            )
        elif place < chosen:
            reasons.append(f"NPMI {row.npmi:.2f}, below the band of the best ({best['npmi_low']:.2f} and more)")
        else:
            reasons.append(f"no better than {table['n_topics'][chosen]} topics within the bands")
    table.loc[chosen, "recommended"] = True
    return table.assign(reason=reasons)


def _shuffle(tokens: pd.DataFrame, unit: str, generator: np.random.Generator) -> pd.DataFrame:
    """The counted tokens with their words shuffled, from one order whatever the order or the names of the documents."""
    codes, numbers = order_by_content(tokens, unit)
    place = np.empty(codes.max() + 1, dtype=int)
    place[numbers] = np.arange(len(numbers))
    counted = (codes >= 0) & tokens["mask"].isna().to_numpy()
    name = counted_column(tokens)
    words = tokens[name].astype("category")
    words = words.cat.reorder_categories(sorted(words.cat.categories))[counted]
    order = np.lexsort((words.cat.codes, place[codes[counted]]))
    shuffled = words.iloc[order].array.take(generator.permutation(len(order)))
    return tokens[counted].iloc[order].assign(**{name: shuffled})


def _mean_stability(matched: np.ndarray) -> np.ndarray:
    return np.nanmean(matched, axis=0)
