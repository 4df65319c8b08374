"""How far coders agree who coded the same units by hand or by a function: Krippendorff's alpha."""

import numpy as np
import pandas as pd

from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.resampling import check_resamples, draw_units, explain_gap, interval, order_units

# With measure="interval", units on which some coder departs from the most frequent number: of fewer one cannot see how far numbers
# go, and intervals held .59 to .90 in simulations (docs/intervals.md).
FEWEST_APART = 20
# With more they still held .80 to .95, where those of other measures hold .90 and more but for one case (5 even degrees, .85).
NARROW = "the interval may be too narrow: with measure='interval' such intervals held .80 to .95 of simulated samples"
MEASURES = ("nominal", "ordinal", "interval", "ratio")
# What is coded, by the columns that place it: a paragraph, or a pair of tasks.
_PARAGRAPH = ["document_id", "paragraph"]
_PAIR = ["document_id", "task", "reference_id", "reference_task"]


def measure_agreement(
    codes: pd.DataFrame, *, measure: str = "nominal", n_resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Measure how far coders agree: Krippendorff's alpha with a bootstrap interval.

    Parameters
    ----------
    codes : DataFrame
        A row is a coder's code of a unit: `document_id`, `paragraph`, `coder`, `variable`, `code` (load_coding_sheets). Of
        pairs of tasks `task`, `reference_id` and `reference_task` take the place of `paragraph`.
    measure : str, optional
        "nominal", "ordinal", "interval" or "ratio"; all but nominal need finite numbers.
    n_resamples : int, optional
        Random draws behind the interval: 40 or more, or 0 for none.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a variable: `variable`, `alpha` (1 where all agree, 0 where they agree as chance would have it, below 0 where
        they disagree systematically), `low`, `high` (95%), `n_coders` and `n_units` (units that at least two coded, and who
        coded them; others say nothing), `n_values`, `n_used` (draws in which alpha is defined), `reason` (why alpha or its
        interval is NaN, or the interval may be too narrow, else blank).

    Raises
    ------
    PolicylabError
        For an unknown measure, codes that are no numbers where numbers are needed, a unit that a coder coded twice, and 1
        to 39 resamples; and where the package krippendorff is not installed.

    Notes
    -----
    Custom asks for 0.8, and 0.667 for tentative conclusions. It misleads where one code is nearly always right: the few
    exceptions decide.

    The interval comes from resampling units over all documents together and shows how alpha would vary with other units of
    the same kind, not with other coders. Two more units are drawn from: one that all coders give the second most frequent code, and
    one that they divide between the two most frequent. Without them few exceptions, or none, would look like certainty; so the
    idea of Agresti & Coull (1998) for proportions. In simulations it holds the true alpha in .90 and more of samples
    (docs/intervals.md), .85 once for ordinal codes. With measure="interval" a few extreme numbers can outweigh all others: there is
    no interval where coders depart from the most frequent number on fewer than 20 units, and others may be too narrow (.80 to .95).

    Source: Krippendorff, K. (2019). Content Analysis, 4th ed., ch. 12. Drawing whole units is the ordinary bootstrap, not
    Krippendorff's own, which draws disagreements.

    Examples
    --------
    >>> rows = [("甲", 1, "A"), ("乙", 1, "A"), ("甲", 2, "A"), ("乙", 2, "A")]
    >>> columns = ["document_id", "paragraph", "coder", "variable", "code"]
    >>> codes = pd.DataFrame([("x", p, c, "tool", v) for c, p, v in rows], columns=columns)
    >>> measure_agreement(codes)[["alpha", "n_units", "reason"]].values.tolist()
    [[nan, 2, 'all coders gave one code, so chance is not defined']]
    """
    check_resamples(n_resamples, seed)
    if measure not in MEASURES:
        raise PolicylabError(f"measure={measure!r} is unknown. Use one of {', '.join(map(repr, MEASURES))}.")
    unit = _PAIR if isinstance(codes, pd.DataFrame) and "reference_task" in codes else _PARAGRAPH
    need_columns(codes, [*unit, "coder", "variable", "code"], "codes")
    codes = codes.dropna(subset="code")
    twice = codes[codes.duplicated([*unit, "coder", "variable"])]
    if len(twice):
        raise PolicylabError(f"A coder coded a unit twice: {twice.iloc[0].to_dict()}. Keep one code for each.")
    rows = []
    for variable, given in codes.groupby("variable"):
        values = _read_values(given["code"], measure, str(variable))
        units = [given[name] for name in unit]
        counts = pd.crosstab(units, values).reindex(columns=sorted(set(values)), fill_value=0)
        counts = counts[counts.sum(axis=1) >= 2]
        counts = counts.loc[:, counts.sum() > 0]
        shared = given.duplicated(unit, keep=False)
        result = _resample(counts.to_numpy(), list(counts.columns), measure, n_resamples, seed)
        rows.append(
            (variable, *result[:3], given.loc[shared, "coder"].nunique(), len(counts), counts.shape[1], *result[3:])
        )
    columns = ["variable", "alpha", "low", "high", "n_coders", "n_units", "n_values", "n_used", "reason"]
    types = dict.fromkeys(["alpha", "low", "high"], "float64") | dict.fromkeys(["variable", "reason"], "str")
    return pd.DataFrame(rows, columns=columns).astype({name: types.get(name, "int64") for name in columns})


def _read_values(codes: pd.Series, measure: str, variable: str) -> pd.Series:
    if measure == "nominal":
        return codes.astype("str")
    numbers = pd.to_numeric(codes, errors="coerce")
    wrong = sorted(set(codes[numbers.isna() | numbers.isin([float("inf"), float("-inf")])].astype("str")))
    if wrong:
        raise PolicylabError(
            f"variable {variable!r}: {', '.join(map(repr, wrong))} is no finite number, but measure={measure!r} needs numbers."
            ' Number the codes in their order, or use measure="nominal".'
        )
    return numbers.astype("float64")


def _resample(
    counts: np.ndarray, values: list, measure: str, n_resamples: int, seed: int
) -> tuple[float, float, float, int, str]:
    """(alpha, low, high, n_used, reason) of a table of units by values that counts coders."""
    nothing = (float("nan"),) * 3
    if len(counts) == 0:
        return *nothing, 0, "no unit was coded by two coders"
    if len(values) < 2:
        return *nothing, 0, "all coders gave one code, so chance is not defined"
    try:
        from krippendorff import alpha
    except ImportError:
        raise PolicylabError(
            "measure_agreement needs the package krippendorff, which is not installed: pip install krippendorff"
        ) from None
    # Nominal codes are names; their order does not matter.
    domain = np.arange(len(values), dtype="float64") if measure == "nominal" else np.array(values)

    def measure_alpha(drawn):
        if np.count_nonzero(drawn.sum(axis=0)) < 2:
            return np.nan
        return alpha(value_counts=drawn, value_domain=domain, level_of_measurement=measure)

    value = float(measure_alpha(counts))
    n_apart = int((np.delete(counts, counts.sum(axis=0).argmax(), axis=1) > 0).any(axis=1).sum())
    if measure == "interval" and n_apart < FEWEST_APART:
        reason = (
            f"too few units ({n_apart}; {FEWEST_APART} are needed) depart from the most frequent number: no interval"
        )
        return value, *nothing[1:], 0, reason
    # Units of all documents are drawn as if of one, in an order that no name of a document changes.
    counts = np.vstack([counts, *_add_units(counts)])
    counts = counts[order_units(counts)]
    ((_, _, drawn),) = draw_units(np.zeros(len(counts)), counts, n_resamples, seed)
    draws = np.array([measure_alpha(np.repeat(counts, often, axis=0)) for often in drawn], dtype="float64")
    low, high = interval(draws[:, None])[:, 0]
    reason = explain_gap(draws) if np.isnan(low) else NARROW if measure == "interval" else ""
    return value, float(low), float(high), int(np.count_nonzero(~np.isnan(draws))), reason


def _add_units(counts: np.ndarray) -> np.ndarray:
    """Two units as coded by as many as code one on average: all give the second most frequent value; the first two divide them."""
    first, second = np.argsort(-counts.sum(axis=0), kind="stable")[:2]
    n_coders = round(counts.sum() / len(counts))
    added = np.zeros((2, counts.shape[1]), dtype=counts.dtype)
    added[0, second] = n_coders
    added[1, [first, second]] = n_coders - n_coders // 2, n_coders // 2
    return added
