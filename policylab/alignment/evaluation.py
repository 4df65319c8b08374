"""How good an alignment is, against links that were coded."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.proportions import wilson_interval
from policylab.base.resampling import check_resamples, divide, interval, sum_resamples

_NAMES = {"provincial_task": "task", "national_task": "reference_task"}
_PAIR = ["task", "reference_task"]
BANDS = (0, 0.02, 0.1, 0.3, 0.8, 1)
# Scores outside of these two are nearly always right (measure_calibration on the gold); pairs between them are to be
# read.
UNLIKELY, CLEAR = BANDS[2], BANDS[4]
# Tasks with a link. With four to seven the intervals from drawing tasks hold MAP in .82 to .87 of simulated samples, F1 in .83 to
# .91 and precision in .85 to .90; with ten and more all of them in .91 to .95 (docs/intervals.md).
FEWEST_LINKED = 10


def evaluate_alignment(
    pairs: pd.DataFrame,
    gold: pd.DataFrame | dict | list,
    *,
    complete: bool = True,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Evaluate an alignment against coded links: precision, recall, F1 and MAP.

    Parameters
    ----------
    pairs : DataFrame
        The table of align_tasks for one document and one reference.
    gold : DataFrame or dict or list
        A row is a coded pair: `task`, `reference_task` and, if not every row is a link, `grade` (0 none, 1 partial, 2
        direct); or the content of a file in data/gold (a dict with `links`, or that list).
    complete : bool, optional
        Whether every pair was read, so that what gold does not list is no link. If not, only the listed pairs count,
        such as forty drawn at random from matched and unmatched ones; then the sample's recall is not the documents'
        recall, unless it was drawn evenly.
    n_resamples : int, optional
        Random draws behind each interval: 40 or more, or 0 for no intervals.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a measure: `measure`; `value` (0 to 1, higher is better); `low`, `high` (95%); `n`: what it is a share of, in
        pairs, links or tasks; `reason` where value or interval is NaN. `precision`, `recall` and `F1` are at the threshold the pairs were
        made with; `MAP`, of the order that the scores give to the reference tasks, is over tasks with a link and needs a
        complete gold.

    Raises
    ------
    PolicylabError
        For missing columns, pairs listed twice, pairs the alignment does not have, a gold without link, and 1 to 39
        resamples.

    Notes
    -----
    The interval comes from resampling the document's tasks, since the pairs of one task go together: it covers these documents and
    this coder only. Where all draws of precision or recall are equal, as when every match is right, it is Wilson's (Wilson 1927),
    for 31 of 31 is no certainty; else NaN, as where fewer than 40 draws have a value. Where fewer than ten tasks have a link,
    draws of tasks hold too little: precision and recall have Wilson's there, which held .92 to .95 of simulated samples, F1 and MAP
    none.

    Examples
    --------
    >>> pairs = pd.DataFrame([[1, 1, 0.9, True], [1, 2, 0.6, True], [2, 1, 0.2, False], [2, 2, 0.4, False]])
    >>> pairs.columns = ["task", "reference_task", "score", "matched"]
    >>> gold = pd.DataFrame({"task": [1, 2], "reference_task": [1, 2]})
    >>> evaluate_alignment(pairs, gold)[["measure", "value", "n"]].values.tolist()
    [['precision', 0.5, 2], ['recall', 0.5, 2], ['F1', 0.5, 4], ['MAP', 1.0, 2]]
    """
    check_resamples(n_resamples, seed)
    coded = join_gold(pairs, gold, complete)
    counts = _count_by_task(coded)
    drawn = sum_resamples(np.zeros(len(counts)), counts[:, _WHOLE], counts, n_resamples, seed)
    reasons = _explain_gaps(coded, complete)
    rates = _rates(np.vstack([counts.sum(axis=0), drawn]))
    rates[:, [reason != "" for reason in reasons.values()]] = np.nan
    low, high = _bound(rates[1:], counts)
    matched, linked = int(coded["matched"].sum()), int(coded["linked"].sum())
    both = int((coded["matched"] & coded["linked"]).sum())
    if n_resamples:
        for place, n in enumerate((matched, linked)):
            if np.isnan(low[place]) and not np.isnan(rates[0, place]):
                low[place], high[place] = wilson_interval(both, n)
    sizes = [matched, linked, matched + linked, int(counts[:, _RANKED].sum())]
    reason = [reason or _explain_few(counts, low[i], n_resamples) for i, reason in enumerate(reasons.values())]
    table = {"measure": list(reasons), "value": rates[0], "low": low, "high": high, "n": sizes}
    return pd.DataFrame(table | {"reason": reason})


def compare_alignments(
    alignments: Mapping[str, pd.DataFrame],
    gold: pd.DataFrame | dict | list,
    *,
    complete: bool = True,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare alignments of the same two documents by coded links, such as with and without an encoder.

    Parameters
    ----------
    alignments : dict
        {name: table of align_tasks}, two or more; all others are compared with the first.
    gold, complete, n_resamples, seed : as for evaluate_alignment
        The coded links, and how intervals are made.

    Returns
    -------
    DataFrame
        A row is a measure of an alignment: `alignment` (its name), `measure` (precision, recall, F1, MAP), `value` (0 to 1,
        higher is better), `difference` (value minus that of the first alignment, -1 to 1), `low`, `high` (95%, of the
        difference), `n` and `reason` as in evaluate_alignment. Of the first alignment the difference is NaN.

    Raises
    ------
    PolicylabError
        As evaluate_alignment; for fewer than two alignments, and for alignments that are not of the same pairs of tasks.

    Notes
    -----
    Tasks are drawn once for all alignments, so that what makes a task hard for both cancels out. The interval covers these
    documents and this coder only; with some forty tasks a difference of a few hundredths is one link or two. NaN where all
    draws are equal.

    Examples
    --------
    >>> pairs = pd.DataFrame([[1, 1, 0.9, True], [1, 2, 0.6, True], [2, 1, 0.2, False], [2, 2, 0.4, False]])
    >>> pairs.columns = ["task", "reference_task", "score", "matched"]
    >>> strict = pairs.assign(matched=pairs["score"] > 0.8)
    >>> gold = pd.DataFrame({"task": [1, 2], "reference_task": [1, 2]})
    >>> compared = compare_alignments({"default": pairs, "strict": strict}, gold)
    >>> compared.loc[compared["alignment"] == "strict", ["measure", "value", "difference"]].round(2).values.tolist()[:2]
    [['precision', 1.0, 0.5], ['recall', 0.5, 0.0]]
    """
    check_resamples(n_resamples, seed)
    if not isinstance(alignments, Mapping) or len(alignments) < 2:
        raise PolicylabError(
            "alignments names fewer than two tables of align_tasks. Pass two or more, as {name: table}."
        )
    coded = {name: join_gold(pairs, gold, complete) for name, pairs in alignments.items()}
    first = next(iter(alignments))
    listed = {name: set(zip(*(table[column] for column in _PAIR))) for name, table in coded.items()}
    for name, own in listed.items():
        if own != listed[first]:
            raise PolicylabError(
                f"{name} and {first} are not alignments of the same pairs of tasks. Compare those of two documents."
            )
    counts = {name: _count_by_task(table.sort_values(_PAIR)) for name, table in coded.items()}
    together = np.hstack(list(counts.values()))
    contents = np.hstack([part[:, _WHOLE] for part in counts.values()])
    drawn = np.vstack(
        [together.sum(axis=0), sum_resamples(np.zeros(len(together)), contents, together, n_resamples, seed)]
    )
    parts, baseline = [], None
    for name, sums in zip(counts, np.split(drawn, len(counts), axis=1), strict=True):
        rates, reasons = _rates(sums), _explain_gaps(coded[name], complete)
        rates[:, [reason != "" for reason in reasons.values()]] = np.nan
        baseline = rates if baseline is None else baseline
        difference = rates - baseline if name != first else np.full(rates.shape, np.nan)
        low, high = _bound(difference[1:], counts[name])
        matched, linked = int(coded[name]["matched"].sum()), int(coded[name]["linked"].sum())
        table = {
            "alignment": name,
            "measure": list(reasons),
            "value": rates[0],
            "difference": difference[0],
            "low": low,
        }
        table |= {"high": high, "n": [matched, linked, matched + linked, int(counts[name][:, _RANKED].sum())]}
        few = [_explain_few(counts[name], low[i], n_resamples if name != first else 0) for i in range(len(reasons))]
        table["reason"] = [reason or other for reason, other in zip(reasons.values(), few, strict=True)]
        parts.append(pd.DataFrame(table))
    return pd.concat(parts, ignore_index=True)


def measure_calibration(
    pairs: pd.DataFrame, gold: pd.DataFrame | dict | list, *, bands: Sequence[float] = BANDS
) -> pd.DataFrame:
    """Measure what scores are worth: how many pairs of each band of scores are links.

    Parameters
    ----------
    pairs : DataFrame
        The table of align_tasks for one document and one reference.
    gold : DataFrame or dict or list
        As in evaluate_alignment; every pair was read.
    bands : list of float, optional
        The ends of the bands of scores, ascending.

    Returns
    -------
    DataFrame
        A row is a band of scores: `above`, `up_to` (the band), `n_pairs`, `n_linked`, `mean_score` (0 to 1); `share` (linked by
        the coder, 0 to 1) with `low`, `high` (95%, Wilson 1927; pairs taken for independent); and, if `pairs` has the
        probabilities of align_tasks, their mean, `mean_probability` (0 to 1): where it agrees with the share, a probability
        means what it says. NaN in a band without pairs.

    Raises
    ------
    PolicylabError
        As evaluate_alignment.

    Examples
    --------
    >>> pairs = pd.DataFrame({"task": [1, 1], "reference_task": [1, 2], "score": [0.9, 0.1], "matched": [True, False]})
    >>> gold = pd.DataFrame({"task": [1], "reference_task": [1]})
    >>> measure_calibration(pairs, gold, bands=(0, 0.5, 1))["share"].tolist()
    [0.0, 1.0]
    """
    coded = join_gold(pairs, gold, True)
    band = np.clip(np.searchsorted(bands, coded["score"], side="left") - 1, 0, len(bands) - 2)
    groups = coded.groupby(pd.Categorical.from_codes(band, categories=range(len(bands) - 1)), observed=False)
    table = pd.DataFrame({"above": bands[:-1], "up_to": bands[1:], "n_pairs": groups.size().to_numpy()})
    linked = groups["linked"].sum().to_numpy()
    low, high = wilson_interval(linked, table["n_pairs"])
    shares = {"mean_score": groups["score"].mean().to_numpy(), "share": divide(linked, table["n_pairs"])}
    table = table.assign(n_linked=linked, **shares, low=low, high=high)
    return table.assign(mean_probability=groups["probability"].mean().to_numpy()) if "probability" in coded else table


def join_gold(pairs: pd.DataFrame, gold: pd.DataFrame | dict | list, complete: bool) -> pd.DataFrame:
    """The rows of `pairs` that count, with `linked`: whether the gold links them."""
    need_columns(pairs, [*_PAIR, "score", "matched"], "pairs")
    for column in ("document_id", "reference_id"):
        if column in pairs:
            take_only(pairs, column)
    gold = gold.get("links", gold) if isinstance(gold, dict) else gold
    gold = pd.DataFrame(gold).rename(columns=_NAMES)
    need_columns(gold, _PAIR, "gold")
    for name, table in (("pairs", pairs), ("gold", gold)):
        twice = table[table.duplicated(_PAIR)]
        if len(twice):
            raise PolicylabError(
                f"The table {name} lists a pair twice: {_name(twice)}. Keep one row for a pair of tasks."
            )
    grade = pd.Series(
        gold["grade"].to_numpy() if "grade" in gold else 1, index=pd.MultiIndex.from_frame(gold[_PAIR].astype("int64"))
    )
    index = pd.MultiIndex.from_frame(pairs[_PAIR].astype("int64"))
    unknown = gold[~grade.index.isin(index)]
    if len(unknown):
        raise PolicylabError(
            f"The alignment has no pair {_name(unknown)}, which the gold lists. Do both speak of the same two documents?"
        )
    if not (grade > 0).any():
        raise PolicylabError(
            "The gold has no link: every grade is 0. Code at least one pair of tasks that are counterparts."
        )
    coded = pairs.assign(linked=grade.reindex(index).fillna(0).to_numpy() > 0, matched=pairs["matched"].astype(bool))
    return coded if complete else coded[index.isin(grade.index)]


def _name(rows: pd.DataFrame) -> str:
    task, reference_task = rows[_PAIR].iloc[0]
    return f"task {task}, reference_task {reference_task}"


def take_only(pairs: pd.DataFrame, column: str) -> str:
    """The one value of a column of ids."""
    values = list(dict.fromkeys(pairs[column]))
    if len(values) != 1:
        raise PolicylabError(
            f"pairs holds {len(values)} values of {column}: {', '.join(map(str, values))}. Select one document and one reference."
        )
    return str(values[0])


_RANKED = 4
# Of the columns of _count_by_task those that hold whole numbers: the last digit of an average precision may differ between
# machines.
_WHOLE = [0, 1, 2, _RANKED]


def _bound(drawn: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """(low, high) over draws of tasks; NaN where fewer than FEWEST_LINKED tasks have a link."""
    return interval(drawn) if counts[:, _RANKED].sum() >= FEWEST_LINKED else np.full((2, drawn.shape[1]), np.nan)


def _explain_few(counts: np.ndarray, low: float, n_resamples: int) -> str:
    n = int(counts[:, _RANKED].sum())
    if not n_resamples or not np.isnan(low) or n >= FEWEST_LINKED:
        return ""
    return f"too few tasks have a link ({n}; {FEWEST_LINKED} are needed): no interval"


def _count_by_task(coded: pd.DataFrame) -> np.ndarray:
    """A row is a task: pairs that are linked and matched, matched, linked; average precision; whether it has one."""
    both = coded.assign(both=coded["linked"] & coded["matched"])
    by_task = both.groupby("task")[["both", "matched", "linked"]].sum().astype(float)
    by_task["precise"] = _average_precision(coded)
    by_task["ranked"] = by_task["precise"].notna()
    return by_task.fillna(0).to_numpy(dtype=float)


def _explain_gaps(coded: pd.DataFrame, complete: bool) -> dict[str, str]:
    """{measure: why it has no value}, blank where it has one."""
    reasons = {"precision": "" if coded["matched"].any() else "no pair is matched", "recall": "", "F1": "", "MAP": ""}
    if not complete:
        reasons["MAP"] = "the gold is a sample of pairs"
        if coded["linked"].all():
            reasons["precision"] = reasons["F1"] = "the sample holds links only"
    return reasons


def _average_precision(coded: pd.DataFrame) -> pd.Series:
    """Average precision of every task that has a link; equal scores share their worst rank, as scikit-learn counts them."""
    from sklearn.metrics import average_precision_score

    ranked = coded[coded.groupby("task")["linked"].transform("any")]
    groups = ranked.groupby("task")[["linked", "score"]]
    return groups.apply(lambda rows: average_precision_score(rows["linked"], rows["score"]))


def _rates(sums: np.ndarray) -> np.ndarray:
    both, matched, linked, precise, ranked = sums.T
    rates = divide(both, matched), divide(both, linked), divide(2 * both, matched + linked), divide(precise, ranked)
    return np.column_stack(rates)
