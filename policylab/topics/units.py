"""Topics over the units of the documents: prevalence with intervals, and whether they find the documents' own sections."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from policylab.base.arguments import as_list
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.resampling import check_resamples, divide, draw_units, interval, sum_resamples
from policylab.topics.fit import DIGITS
from policylab.topics.model import unit_columns
from policylab.topics.refits import KEPT_SHARE, Refits

SCOPE = "within these documents"
# Refits share most of their units, so they differ less among each other than models of new units would. For a statistic
# of n units, of which d are left out at random, the variance is (n - d) / d times the mean square of the changes (the
# delete-d jackknife; Shao & Wu 1989).
SPREAD = KEPT_SHARE / (1 - KEPT_SHARE)
# A topic that most refits lose is not the topic whose prevalence the others measure.
LEAST_FOUND = 0.5
# A topic that is the main one of fewer units is marked: it comes back because the same few texts do (by judgement, as the
# five uses that lists ask of a word).
FEWEST_UNITS = 5


def measure_prevalence(
    shares: pd.DataFrame,
    by: str | Sequence[str] = "document_id",
    *,
    refits: Refits | None = None,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure how much of the texts each topic makes up, with intervals.

    Parameters
    ----------
    shares : DataFrame
        A row is a topic in a unit (the table `shares` of fit_topics), with the columns of `by`.
    by : str or list of str, optional
        One column or several whose values make the groups: document_id, or level and year (join_corpus).
    refits : Refits or None, optional
        The model of these shares with its refits (refit_topics). Without them intervals take the topics as given, and
        are too narrow.
    n_resamples : int, optional
        Random draws behind each interval: 40 or more, or 0 for no intervals.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a topic in a group: the columns of `by`, `topic`, `prevalence` (0 to 1; a group's add up to 1), `low` and
        `high` (95%), `found` (0 to 1: the share of the refits that find the topic again; NaN without refits), `n_units`,
        `n_documents` and `scope`.

    Raises
    ------
    PolicylabError
        For missing columns, 1 to 39 resamples, and refits of another model.

    Notes
    -----
    Prevalence is the mean of share weighted with n_tokens; units in which no topic fits do not count.

    Without refits intervals are percentiles over draws of units within their documents. With refits they hold two things.
    Units: the variance over these draws. Topics: in every refit that finds the topic again, the prevalence of the paired
    topic is set against that of the topic in the same units; the mean square of these changes, times nine (the delete-d
    jackknife, Shao & Wu 1989), is the variance due to the topics. The two are added on the scale of the arcsine of the
    root, which keeps limits between 0 and 1; the limits are those of Student's t (degrees of freedom after Welch and
    Satterthwaite). A topic that fewer than half of the refits find again has no interval, because its number stands for
    different things. docs/topics.md has the shares of simulations in which such intervals hold the true prevalence.

    It all says how much depends on these units of these documents, which is what `scope` says; it says nothing about
    other documents of the same kind. An interval is NaN where all draws are equal, as of a document with one unit.

    Examples
    --------
    >>> shares = pd.DataFrame({"document_id": "a", "task": [1, 1, 2, 2], "topic": [1, 2, 1, 2],
    ...                        "share": [1.0, 0.0, 0.5, 0.5], "n_tokens": [30, 30, 10, 10]})
    >>> measure_prevalence(shares)[["topic", "prevalence"]].to_dict("list")
    {'topic': [1, 2], 'prevalence': [0.875, 0.125]}
    """
    check_resamples(n_resamples, seed)
    by = as_list(by)
    units, matrix = _spread(shares, by)
    documents, values, sums = units["document_id"].to_numpy(dtype=object), *_weigh(units, matrix)
    found, refitted = _spread_refits(refits, units, matrix)
    parts = []
    for group, rows in units.groupby(by, observed=True, sort=True).indices.items():
        own = np.asarray(rows)
        drawn = _mean(sum_resamples(documents[own], values[own], sums[own], n_resamples, seed))
        prevalence, n_documents = _mean(sums[own].sum(axis=0)), len(set(documents[own]))
        low, high = interval(drawn)
        if refits is not None:
            after, before = (_turn(values) for values in _mean_refits(refitted, units, matrix, own))
            reach = _reach([_estimate_spread(_turn(drawn), len(own), n_documents)], after - before)
            reach = np.where(np.isnan(low) | (found < LEAST_FOUND), np.nan, reach)
            low, high = (_turn_back(_turn(prevalence) + side * reach) for side in (-1, 1))
        part = {"topic": matrix.columns, "prevalence": prevalence, "low": low, "high": high, "found": found}
        names = dict(zip(by, group if isinstance(group, tuple) else (group,)))
        parts.append(pd.DataFrame(part).assign(**names, n_units=len(own), n_documents=n_documents))
    table = pd.concat(parts, ignore_index=True).round(DIGITS).assign(scope=SCOPE)
    return table[[*by, "topic", "prevalence", "low", "high", "found", "n_units", "n_documents", "scope"]]


def compare_prevalence(
    shares: pd.DataFrame,
    by: str,
    a: Any,
    b: Any,
    *,
    refits: Refits | None = None,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare the prevalence of topics in two groups of documents, such as national and provincial plans.

    Parameters
    ----------
    shares : DataFrame
        A row is a topic in a unit (the table `shares` of fit_topics), with the column `by`.
    by : str
        The column that divides the documents.
    a : object
        Its value in the one group.
    b : object
        Its value in the other group.
    refits : Refits or None, optional
        The model of these shares with its refits (refit_topics). Without them intervals take the topics as given, and
        are too narrow.
    n_resamples : int, optional
        Random draws behind each interval: 40 or more, or 0 for no intervals.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a topic: `a`, `b` (the groups), `topic`, `prevalence_a`, `prevalence_b` (as measure_prevalence),
        `difference` (a minus b, -1 to 1), `low` and `high` (95%), `found` (as measure_prevalence), `n_documents_a`,
        `n_documents_b` and `scope`.

    Raises
    ------
    PolicylabError
        For a value that the column does not hold, and as measure_prevalence.

    Notes
    -----
    Units are drawn within their documents, and refits are taken into account as in measure_prevalence, here by changes of
    the difference and on its own scale. An interval without 0 says that the difference depends neither on a few units nor on this one model.
    It is no test of a difference between levels of government: that would need many documents of each, and other
    things that differ, such as the year, would have to be the same.

    Examples
    --------
    >>> shares = pd.DataFrame({"document_id": ["a", "a", "b", "b"], "level": ["national", "national", "provincial", "provincial"],
    ...                        "topic": [1, 2, 1, 2], "share": [0.75, 0.25, 0.5, 0.5], "n_tokens": 10})
    >>> compare_prevalence(shares, "level", "national", "provincial")["difference"].tolist()
    [0.25, -0.25]
    """
    check_resamples(n_resamples, seed)
    units, matrix = _spread(shares, [by])
    present = units[by].unique()
    for value in (a, b):
        if value not in present:
            raise PolicylabError(
                f"{by}={value!r} is in no row of the shares. There are {', '.join(map(str, sorted(present)))}."
            )
    values, sums = _weigh(units, matrix)
    groups = [np.flatnonzero(units[by] == value) for value in (a, b)]
    both, side = np.concatenate(groups), np.repeat([0, 1], [len(own) for own in groups])
    # Drawn together, or two documents of equal content, one on each side, would be drawn alike.
    numbers = pd.factorize(units["document_id"])[0][both] + len(units) * side
    drawn = np.zeros((2, n_resamples, sums.shape[1]))
    for _, rows, often in draw_units(numbers, values[both], n_resamples, seed):
        drawn[side[rows[0]]] += often.astype(float) @ sums[both[rows]]
    first, second = (_mean(sums[own].sum(axis=0)) for own in groups)
    drawn, counts = _mean(drawn), [units["document_id"].iloc[own].nunique() for own in groups]
    low, high = interval(drawn[0] - drawn[1])
    found, refitted = _spread_refits(refits, units, matrix)
    if refits is not None:
        changes = [np.subtract(*_mean_refits(refitted, units, matrix, own)) for own in groups]
        spreads = [_estimate_spread(drawn[i], len(own), counts[i]) for i, own in enumerate(groups)]
        reach = np.where(np.isnan(low) | (found < LEAST_FOUND), np.nan, _reach(spreads, changes[0] - changes[1]))
        low, high = np.clip([first - second - reach, first - second + reach], -1, 1)
    table = {"topic": matrix.columns, "prevalence_a": first, "prevalence_b": second, "difference": first - second}
    table |= {"low": low, "high": high, "found": found}
    table = pd.DataFrame(table).round(DIGITS).assign(a=a, b=b)
    columns = ["a", "b", "topic", "prevalence_a", "prevalence_b", "difference", "low", "high", "found"]
    n_documents = {f"n_documents_{s}": n for s, n in zip("ab", counts)}
    return table.assign(**n_documents)[[*columns, *n_documents]].assign(scope=SCOPE)


def _spread_refits(refits: Refits | None, units: pd.DataFrame, matrix: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """(share of the refits that find each topic again; shares of refits as refits x units x topics).

    Shares are NaN where a refit left the unit out or did not find the topic again.
    """
    if refits is None:
        return np.full(matrix.shape[1], np.nan), np.empty((0, *matrix.shape))
    keys = [*unit_columns(refits.model.shares), "topic"]
    need_columns(units, keys[:-1], "shares")
    wanted = units[keys[:-1]].loc[units.index.repeat(matrix.shape[1])].assign(topic=np.tile(matrix.columns, len(units)))
    wanted = pd.MultiIndex.from_frame(wanted)
    fitted, shares = (table.set_index(keys).reindex(wanted) for table in (refits.model.shares, refits.shares))
    if not np.array_equal(fitted["share"].to_numpy().reshape(matrix.shape), matrix.to_numpy()):
        raise PolicylabError(
            "The refits are of another model than the shares. Take the shares from refits.model, or give refit_topics the"
            " tokens, number of topics, unit, method and seed of fit_topics."
        )
    again = refits.matched.pivot(index="refit", columns="topic", values="found").reindex(columns=matrix.columns)
    again = again.fillna(False).to_numpy(dtype=bool)
    return again.mean(axis=0), np.where(again[:, None], shares.to_numpy().T.reshape(len(again), *matrix.shape), np.nan)


def _mean_refits(
    refitted: np.ndarray, units: pd.DataFrame, matrix: pd.DataFrame, own: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(prevalence in a group of units by refit and topic; the same of the model, over the units that each refit kept)."""
    after, before = refitted[:, own], matrix.to_numpy()[own]
    weights = ~np.isnan(after) * units["n_tokens"].to_numpy(dtype=float)[own][:, None]
    total = weights.sum(axis=1)
    return divide((np.nan_to_num(after) * weights).sum(axis=1), total), divide((before * weights).sum(axis=1), total)


def _turn(shares: np.ndarray) -> np.ndarray:
    """Shares to angles, whose variance does not depend on the share. Sums of fractions may exceed 1 by rounding."""
    return np.arcsin(np.sqrt(np.minimum(shares, 1)))


def _turn_back(angles: np.ndarray) -> np.ndarray:
    return np.sin(np.clip(angles, 0, np.pi / 2)) ** 2


def _estimate_spread(drawn: np.ndarray, n_units: int, n_documents: int) -> tuple[np.ndarray, int]:
    """(variance due to the units, from draws within their documents; its degrees of freedom)."""
    freedom = max(n_units - n_documents, 1)
    # Draws vary by (n - 1) / n less than new units would.
    return drawn.var(axis=0) * n_units / freedom if len(drawn) else np.full(drawn.shape[1], np.nan), freedom


def _reach(spreads: Sequence[tuple[np.ndarray, int]], changes: np.ndarray) -> np.ndarray:
    """How far the 95% limits of each topic are from its value: spreads due to units, and changes in refits (rows)."""
    from scipy.stats import t

    n_found = (~np.isnan(changes)).sum(axis=0)
    topics = SPREAD * divide(np.nansum(changes**2, axis=0), n_found)
    total = topics + sum(variance for variance, _ in spreads)
    # Welch and Satterthwaite: each variance is known as well as its degrees of freedom allow.
    parts = divide(topics**2, n_found) + sum(variance**2 / freedom for variance, freedom in spreads)
    return t.ppf(0.975, divide(total**2, parts)) * np.sqrt(total)


def find_main(matrix: pd.DataFrame) -> np.ndarray:
    """The main topic of every unit, that with the largest share, of equal ones the first: a row of shares is a unit.

    >>> find_main(pd.DataFrame({1: [0.5, 0.2], 2: [0.5, 0.8]})).tolist()
    [1, 2]
    """
    return matrix.columns.to_numpy()[matrix.to_numpy().argmax(axis=1)]


def count_main(shares: pd.DataFrame) -> pd.Series:
    """How many units have each topic as their main one, by topic; units in which no topic fits do not count."""
    matrix = _spread(shares, [])[1]
    return pd.Series(find_main(matrix)).value_counts().reindex(matrix.columns, fill_value=0)


def count_topics(shares: pd.DataFrame, places: pd.DataFrame, by: str = "section") -> pd.DataFrame:
    """Count the topics in the documents' own parts.

    Parameters
    ----------
    shares : DataFrame
        A row is a topic in a unit (the table `shares` of fit_topics).
    places : DataFrame
        A row is a unit, with its columns and that of `by`: corpus.tasks has the section of a task.
    by : str, optional
        The column that names the part of a document.

    Returns
    -------
    DataFrame
        A row is a topic in a part of a document: `document_id`, the column `by`, `topic`, `n_units` (units of the part),
        `n_main` (those in which the topic has the largest share; of equal ones the first) and `share` (0 to 1: the part's
        mean share, weighted with n_tokens). Units in which no topic fits, and units outside any part, do not count.

    Raises
    ------
    PolicylabError
        For missing columns, and where no unit has a part.

    Examples
    --------
    >>> shares = pd.DataFrame({"document_id": "a", "task": [1, 1, 2, 2], "topic": [1, 2, 1, 2],
    ...                        "share": [1.0, 0.0, 0.5, 0.5], "n_tokens": [30, 30, 10, 10]})
    >>> places = pd.DataFrame({"document_id": "a", "task": [1, 2], "section": [1, 1]})
    >>> count_topics(shares, places)[["topic", "n_units", "n_main", "share"]].values.tolist()
    [[1.0, 2.0, 2.0, 0.875], [2.0, 2.0, 0.0, 0.125]]
    """
    units, matrix = _place(shares, places, by)
    rows, sums = [], _weigh(units, matrix)[1]
    main = find_main(matrix)
    for key, inside in units.groupby(["document_id", by], sort=True):
        own = inside.index
        share = _mean(sums[own].sum(axis=0))
        rows += [
            (*key, topic, len(own), int((main[own] == topic).sum()), share[k]) for k, topic in enumerate(matrix.columns)
        ]
    return pd.DataFrame(rows, columns=["document_id", by, "topic", "n_units", "n_main", "share"]).round(DIGITS)


def score_sections(shares: pd.DataFrame, places: pd.DataFrame, by: str = "section") -> pd.DataFrame:
    """Score whether the topics find the parts that the documents divide themselves into.

    Parameters
    ----------
    shares : DataFrame
        A row is a topic in a unit (the table `shares` of fit_topics).
    places : DataFrame
        A row is a unit, with its columns and that of `by`: corpus.tasks has the section of a task.
    by : str, optional
        The column that names the part of a document.

    Returns
    -------
    DataFrame
        A row is a document: `document_id`, `n_units`, `n_parts`, `n_topics` (that are main topic of one of its units) and
        `ami` (1 where main topic and part divide its units alike, 0 as good as by chance, below 0 worse; NaN where the
        document has one part only).

    Raises
    ------
    PolicylabError
        For missing columns, and where no unit has a part.

    Notes
    -----
    AMI is the adjusted mutual information (Vinh, Epps & Bailey 2010, arithmetic mean). It is a check of the topics, not a
    goal of its own: a plan may well spread one topic over several sections, and with few units each the figure jumps.

    Examples
    --------
    >>> shares = pd.DataFrame({"document_id": "a", "task": [1, 1, 2, 2], "topic": [1, 2, 1, 2],
    ...                        "share": [1.0, 0.0, 0.0, 1.0], "n_tokens": 10})
    >>> places = pd.DataFrame({"document_id": "a", "task": [1, 2], "section": [1, 2]})
    >>> score_sections(shares, places)["ami"].tolist()
    [1.0]
    """
    from sklearn.metrics import adjusted_mutual_info_score

    units, matrix = _place(shares, places, by)
    main = pd.Series(find_main(matrix), index=units.index)
    rows = []
    for document_id, own in units.groupby("document_id", sort=True):
        topics = main[own.index]
        n_parts = own[by].nunique()
        ami = adjusted_mutual_info_score(own[by].astype(str), topics) if n_parts > 1 else np.nan
        rows.append((document_id, len(own), n_parts, topics.nunique(), ami))
    return pd.DataFrame(rows, columns=["document_id", "n_units", "n_parts", "n_topics", "ami"]).round(DIGITS)


def _spread(shares: pd.DataFrame, by: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The units as a table with n_tokens and the columns of `by`, and their shares as units x topics; sorted."""
    unit = unit_columns(shares)
    need_columns(shares, ["document_id", *by], "shares")
    shares = shares.dropna(subset="share")
    matrix = shares.pivot(index=unit, columns="topic", values="share").sort_index()
    units = shares.drop_duplicates(unit).set_index(unit, drop=False).loc[matrix.index].reset_index(drop=True)
    units["document_id"] = units["document_id"].astype("str")
    return units, matrix.reset_index(drop=True)


def _weigh(units: pd.DataFrame, matrix: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """(shares and tokens of every unit, tokens of every topic in it and of all)."""
    n_tokens = units["n_tokens"].to_numpy(dtype=float)[:, None]
    values = matrix.to_numpy()
    return np.hstack([values, n_tokens]), np.hstack([values * n_tokens, n_tokens])


def _mean(sums: np.ndarray) -> np.ndarray:
    """Mean shares from sums of _weigh; a row is a resample."""
    return divide(sums[..., :-1], sums[..., -1:])


def _place(shares: pd.DataFrame, places: pd.DataFrame, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Units in a part of their document, with the column `by`, and their shares."""
    unit = unit_columns(shares)
    need_columns(places, [*unit, by], "places")
    units, matrix = _spread(shares, [])
    found = units[unit].merge(places[[*unit, by]].drop_duplicates(unit), on=unit, how="left")[by]
    inside = found.notna().to_numpy()
    if not inside.any():
        raise PolicylabError(
            f"No unit has a {by} in the places. Give the table that names it, such as corpus.tasks for tasks."
        )
    return units[inside].assign(**{by: found[inside].to_numpy()}).reset_index(drop=True), matrix[inside].reset_index(
        drop=True
    )
