"""Topics over the units of the documents: prevalence with intervals, and whether they find the documents' own sections."""

import numpy as np
import pandas as pd

from policylab.base.arguments import as_list
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.topics.fit import DIGITS
from policylab.words.resampling import check_resamples, interval

SCOPE = "within these documents"


def unit_columns(shares):
    """The columns of a table of shares that name a unit: those before `topic`.

    >>> unit_columns(pd.DataFrame(columns=["document_id", "task", "topic", "share", "n_tokens"]))
    ['document_id', 'task']
    """
    need_columns(shares, ["topic", "share", "n_tokens"], "shares")
    return list(shares.columns[: list(shares.columns).index("topic")])


def measure_prevalence(shares, by=("document_id",), seed=None, n_resamples=1000):
    """How much of the texts each topic makes up, with intervals.

    A row of `shares` is a topic in a unit (fit_topics), with the columns of `by`: document_id, or level and year
    (join_corpus). A row of the result is a topic in a group: the columns of `by`, `topic`, `prevalence` (0-1: the mean
    of share weighted with n_tokens; a group's add up to 1; units in which no topic fits do not count), `low` and `high`
    (95%), `n_units`, `n_documents` and `scope`.

    The interval comes from resampling units within their documents, with replacement. It says how far the figure hangs
    on single units of these documents, which is what `scope` says; it says nothing about other documents of the same
    kind. It is NaN where the draws cannot differ, as of a document with one unit, and with n_resamples=0.

    Raises PolicylabError for missing columns, no seed, and 1 to 39 resamples, too few for an interval.

    >>> shares = pd.DataFrame({"document_id": "a", "task": [1, 1, 2, 2], "topic": [1, 2, 1, 2],
    ...                        "share": [1.0, 0.0, 0.5, 0.5], "n_tokens": [30, 30, 10, 10]})
    >>> measure_prevalence(shares, seed=1)[["topic", "prevalence"]].to_dict("list")
    {'topic': [1, 2], 'prevalence': [0.875, 0.125]}
    """
    by = as_list(by)
    units, matrix, draws = _resample(shares, by, seed, n_resamples)
    parts = []
    for group, own in units.groupby(by, observed=True, sort=True).indices.items():
        low, high = interval(_mean(units, matrix, draws, own))
        part = pd.DataFrame(
            {"topic": matrix.columns, "prevalence": _mean(units, matrix, None, own)[0], "low": low, "high": high}
        )
        names = dict(zip(by, group if isinstance(group, tuple) else (group,)))
        parts.append(part.assign(**names, n_units=len(own), n_documents=units["document_id"].iloc[own].nunique()))
    table = pd.concat(parts, ignore_index=True).round(DIGITS).assign(scope=SCOPE)
    return table[[*by, "topic", "prevalence", "low", "high", "n_units", "n_documents", "scope"]]


def compare_prevalence(shares, by, one, other, seed=None, n_resamples=1000):
    """The difference in prevalence between two groups of documents, such as national and provincial plans.

    `by` is a column of `shares`, `one` and `other` two of its values. A row of the result is a topic: `topic`, `one`
    and `other` (prevalence in each, as in measure_prevalence), `difference` (one minus other, -1 to 1), `low` and `high`
    (95%, units resampled within their documents), `n_documents_one`, `n_documents_other` and `scope`. An interval
    without 0 says that the difference does not hang on a few units. It is no test of a difference between levels of
    government: that would need many documents of each, and other things that differ, such as the year, would have to be
    the same.

    Raises PolicylabError for a value that the column does not hold, and as measure_prevalence.

    >>> shares = pd.DataFrame({"document_id": ["a", "a", "b", "b"], "level": ["national", "national", "provincial", "provincial"],
    ...                        "topic": [1, 2, 1, 2], "share": [0.75, 0.25, 0.5, 0.5], "n_tokens": 10})
    >>> compare_prevalence(shares, "level", "national", "provincial", seed=1)["difference"].tolist()
    [0.25, -0.25]
    """
    units, matrix, draws = _resample(shares, [by], seed, n_resamples)
    present = units[by].unique()
    for value in (one, other):
        if value not in present:
            raise PolicylabError(
                f"{by}={value!r} is in no row of the shares. There are {', '.join(map(str, sorted(present)))}."
            )
    groups = [np.flatnonzero(units[by] == value) for value in (one, other)]
    first, second = (_mean(units, matrix, None, own)[0] for own in groups)
    simulated = _mean(units, matrix, draws, groups[0]) - _mean(units, matrix, draws, groups[1])
    low, high = interval(simulated)
    table = {
        "topic": matrix.columns,
        "one": first,
        "other": second,
        "difference": first - second,
        "low": low,
        "high": high,
    }
    n_documents = [units["document_id"].iloc[own].nunique() for own in groups]
    table = pd.DataFrame(table).round(DIGITS)
    return table.assign(n_documents_one=n_documents[0], n_documents_other=n_documents[1], scope=SCOPE)


def count_topics(shares, places, by="section"):
    """The cross-tab of topics and the documents' own parts.

    A row of `places` is a unit with the columns of the unit and `by`: corpus.tasks says the section of a task. A row of
    the result is a topic in a part of a document: `document_id`, the column `by`, `topic`, `n_units` (units of the
    part), `n_main` (those in which the topic has the largest share; of equal ones the first) and `share` (0-1: the
    part's mean share, weighted with n_tokens). Units in which no topic fits, and units outside any part, do not count.

    >>> shares = pd.DataFrame({"document_id": "a", "task": [1, 1, 2, 2], "topic": [1, 2, 1, 2],
    ...                        "share": [1.0, 0.0, 0.5, 0.5], "n_tokens": [30, 30, 10, 10]})
    >>> places = pd.DataFrame({"document_id": "a", "task": [1, 2], "section": [1, 1]})
    >>> count_topics(shares, places)[["topic", "n_units", "n_main", "share"]].values.tolist()
    [[1.0, 2.0, 2.0, 0.875], [2.0, 2.0, 0.0, 0.125]]
    """
    units, matrix = _place(shares, places, by)
    rows = []
    main = matrix.to_numpy().argmax(axis=1)
    for (document_id, value), own in units.groupby(["document_id", by], sort=True).indices.items():
        share = _mean(units, matrix, None, own)[0]
        rows += [
            (document_id, value, topic, len(own), int((main[own] == k).sum()), share[k])
            for k, topic in enumerate(matrix.columns)
        ]
    return pd.DataFrame(rows, columns=["document_id", by, "topic", "n_units", "n_main", "share"]).round(DIGITS)


def score_sections(shares, places, by="section"):
    """Whether the topics find the parts that the documents divide themselves into.

    Arguments as in count_topics. A row is a document: `document_id`, `n_units`, `n_parts`, `n_topics` (that are main
    topic of one of its units) and `ami`, the adjusted mutual information of main topic and part over its units (Vinh,
    Epps & Bailey 2010, arithmetic mean): 1 where they divide the units alike, 0 as good as by chance, below 0 worse;
    NaN where the document has one part only. Higher: topics and parts agree. It is a check of the topics, not a goal of
    its own: a plan may well spread one topic over several sections, and with few units each the figure jumps.

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


def _spread(shares, by):
    """The units as a table with n_tokens and the columns of `by`, and their shares as units x topics; sorted."""
    unit = unit_columns(shares)
    need_columns(shares, ["document_id", *by], "shares")
    shares = shares.dropna(subset="share")
    matrix = shares.pivot(index=unit, columns="topic", values="share").sort_index()
    units = shares.drop_duplicates(unit).set_index(unit, drop=False).loc[matrix.index].reset_index(drop=True)
    units["document_id"] = units["document_id"].astype("str")
    return units, matrix.reset_index(drop=True)


def _resample(shares, by, seed, n_resamples):
    """Units, shares, and how often each resample draws each unit: as many units of a document as it has."""
    check_resamples(n_resamples)
    if seed is None:
        raise PolicylabError(
            "Units are resampled at random. Give a seed, such as seed=1, so that the interval can be repeated."
        )
    units, matrix = _spread(shares, by)
    generator = np.random.default_rng(seed)
    draws = np.empty((n_resamples, len(units)))
    for own in units.groupby("document_id", sort=True).indices.values():
        draws[:, own] = generator.multinomial(len(own), np.full(len(own), 1 / len(own)), size=n_resamples)
    return units, matrix, draws


def _mean(units, matrix, draws, own):
    """Shares weighted with tokens, one row a resample; `draws` None is every unit once."""
    weights = units["n_tokens"].to_numpy(dtype=float)[own] * (
        np.ones((1, len(own))) if draws is None else draws[:, own]
    )
    return weights @ matrix.to_numpy()[own] / weights.sum(axis=1, keepdims=True)


def _place(shares, places, by):
    """Units that stand in a part of their document, with the column `by`, and their shares."""
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
