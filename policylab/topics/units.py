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

SCOPE = "within these documents"


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


def measure_prevalence(
    shares: pd.DataFrame, by: str | Sequence[str] = "document_id", *, n_resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Measure how much of the texts each topic makes up, with intervals.

    Parameters
    ----------
    shares : DataFrame
        A row is a topic in a unit (the table `shares` of fit_topics), with the columns of `by`.
    by : str or list of str, optional
        One column or several whose values make the groups: document_id, or level and year (join_corpus).
    n_resamples : int, optional
        Random draws behind each interval: 40 or more, or 0 for no intervals.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a topic in a group: the columns of `by`, `topic`, `prevalence` (0 to 1; a group's add up to 1), `low` and
        `high` (95%), `n_units`, `n_documents` and `scope`.

    Raises
    ------
    PolicylabError
        For missing columns, and 1 to 39 resamples.

    Notes
    -----
    Prevalence is the mean of share weighted with n_tokens; units in which no topic fits do not count. The interval comes
    from drawing units within their documents. It says how much depends on single units of these documents, which is
    what `scope` says; it says nothing about other documents of the same kind. It is NaN where all draws are equal, as of
    a document with one unit.

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
    parts = []
    for group, own in units.groupby(by, observed=True, sort=True).indices.items():
        drawn = sum_resamples(documents[own], values[own], sums[own], n_resamples, seed)
        low, high = interval(_mean(drawn))
        part = {"topic": matrix.columns, "prevalence": _mean(sums[own].sum(axis=0)), "low": low, "high": high}
        names = dict(zip(by, group if isinstance(group, tuple) else (group,)))
        parts.append(pd.DataFrame(part).assign(**names, n_units=len(own), n_documents=len(set(documents[own]))))
    table = pd.concat(parts, ignore_index=True).round(DIGITS).assign(scope=SCOPE)
    return table[[*by, "topic", "prevalence", "low", "high", "n_units", "n_documents", "scope"]]


def compare_prevalence(
    shares: pd.DataFrame, by: str, a: Any, b: Any, *, n_resamples: int = 1000, seed: int = 0
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
    n_resamples : int, optional
        Random draws behind each interval: 40 or more, or 0 for no intervals.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a topic: `a`, `b` (the groups), `topic`, `prevalence_a`, `prevalence_b` (as measure_prevalence),
        `difference` (a minus b, -1 to 1), `low` and `high` (95%), `n_documents_a`, `n_documents_b` and `scope`.

    Raises
    ------
    PolicylabError
        For a value that the column does not hold, and as measure_prevalence.

    Notes
    -----
    Units are drawn within their documents. An interval without 0 says that the difference does not depend on a few
    units. It is no test of a difference between levels of government: that would need many documents of each, and other
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
    low, high = interval(_mean(drawn[0]) - _mean(drawn[1]))
    first, second = (_mean(sums[own].sum(axis=0)) for own in groups)
    table = {"topic": matrix.columns, "prevalence_a": first, "prevalence_b": second, "difference": first - second}
    table = pd.DataFrame(table | {"low": low, "high": high}).round(DIGITS).assign(a=a, b=b)
    n_documents = {f"n_documents_{s}": units["document_id"].iloc[own].nunique() for s, own in zip("ab", groups)}
    columns = ["a", "b", "topic", "prevalence_a", "prevalence_b", "difference", "low", "high", *n_documents]
    return table.assign(**n_documents)[columns].assign(scope=SCOPE)


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
    main = matrix.to_numpy().argmax(axis=1)
    for key, inside in units.groupby(["document_id", by], sort=True):
        own = inside.index
        share = _mean(sums[own].sum(axis=0))
        rows += [
            (*key, topic, len(own), int((main[own] == k).sum()), share[k]) for k, topic in enumerate(matrix.columns)
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
    main = pd.Series(matrix.columns.to_numpy()[matrix.to_numpy().argmax(axis=1)], index=units.index)
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
