"""Which terms tell two groups apart, and how evenly terms are spread: log-odds with a prior, effect sizes, dispersion."""

from collections.abc import Sequence
from math import comb
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from policylab.base.arguments import as_list, check_whole
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.resampling import NONE, check_resamples, divide, split_units
from policylab.words.statistics import deviation_of_proportions, g2_table, log_odds
from policylab.words.terms import TOKENS, check_known, select_terms, sort_groups
from policylab.words.units import Units, choose_unit, count_by_unit

COMPARED = [
    *("column", "a", "b", "years_a", "years_b"),
    *("term", "n_a", "n_b", "n_tokens_a", "n_tokens_b", "rate_a", "rate_b", "log_odds", "z", "low", "high", "apart"),
    *("log_ratio", "g2", "dp_norm_a", "dp_norm_b", "n_with_a", "n_with_b", "n_units_a", "n_units_b"),
    *("n_documents_a", "n_documents_b", "largest_a", "largest_b", "carried", "occurs", "unit", "note", "reason"),
]
_DISPERSED = dict.fromkeys(["term", "unit"], "str") | dict.fromkeys(["n", "n_with", "n_units"], "int64")
_DISPERSED |= {"dp": "float64", "dp_norm": "float64", "reason": "str"}
_FEWEST_SPLITS = 20  # with fewer the given groups are themselves more than 5% of the splits: no term can come apart
_AT_ONCE = 100  # splits that are counted at once, for memory


def compare_terms(
    tokens: pd.DataFrame,
    by: str,
    a: Any,
    b: Any,
    *,
    terms: str | Sequence[str] | None = None,
    prior: float = 500,
    unit: str | None = None,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare the words of two groups: compare_terms(tokens, "year", 2019, 2017) shows emerging and vanished terms.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the columns `by` and of the unit (join_corpus).
    by : str
        The column that divides the tokens.
    a : object
        Its value in the one group.
    b : object
        Its value in the other group.
    terms : str or list of str or None, optional
        Words of the tokens; None is those that select_terms keeps among the two groups.
    prior : float, optional
        How many words the prior weighs. 500 is chosen by judgement, about a tenth of a plan; a heavier prior draws rare
        words to zero.
    unit : str or None, optional
        "task", "section", "paragraph" or "document"; None is the task where all documents of the two groups have tasks,
        else the paragraph.
    n_resamples : int, optional
        Random splits behind the band: 40 or more, or 0 for no band.
    seed : int, optional
        Of these splits.

    Returns
    -------
    DataFrame
        A row is a term, from the most typical of a to that of b (by z, then by term):

        `column`, `a`, `b`: what is compared; `years_a`, `years_b`: the years behind each side, where the tokens have a year.
        `n_a`, `n_b`, `n_tokens_a`, `n_tokens_b`, `rate_a`, `rate_b` (per 10,000): raw frequencies, over unmasked words in
        units.
        `log_odds`: difference of log-odds under an informative Dirichlet prior, positive for more frequent in a; `z`: the
        same over its standard error. `low`, `high`: 95% band around log_odds, simultaneous over all rows; `apart`: whether
        it leaves out zero.
        `log_ratio`: log2 of rate_a over rate_b, the effect size; NaN where one side lacks the term.
        `g2`: G² over the four cells, for comparison with the literature; it grows with length.
        `dp_norm_a`, `dp_norm_b`: DPnorm over the units (0 even, 1 in one small unit): a term of one task is no term of a plan.
        `n_with_*`, `n_units_*`: units that use the term, and all; `n_documents_*`: documents that use it in a unit: a term
        of one document is no term of a group, in however many tasks it occurs. `largest_*`: the share of its uses in the
        group that the document with most of them has (0 to 1). `carried`: whether one document carries the term in the group
        that uses it more, where that has several: without this document the group's rate is less than half. `occurs`: both,
        only a, only b.
        `unit`; `note`: in what else the groups differ (level, year); `reason`: why a cell is NaN.

    Raises
    ------
    PolicylabError
        For missing columns, unknown terms, groups and units, groups without an order (numbers and texts mixed), a group
        without words, a prior or seed out of range, and 1 to 39 resamples.

    Notes
    -----
    Log-odds, prior and z are those of Monroe, Colaresi & Quinn (2008, equations 16 to 22); the prior has the word
    frequencies of all given tokens.

    The band handles many comparisons at once: the units of both groups are split at random into two groups of the same
    sizes, and 95% of random splits keep every term inside the band, each term measured by its own spread (the largest
    deviation, after Westfall & Young 1993). In one list out of twenty a random split would show some term apart; no
    further correction is due. It takes the units as exchangeable and describes these documents only. Units that can be
    split in fewer than 20 ways (the same two groups with their names exchanged are one way) have no band.

    z treats words as independent draws, which they are not: use it to rank. No p-value is given, because two groups of
    one or two documents cannot support one. Tasks of one document are more alike than those of two, so splitting tasks
    of many documents finds too many terms apart: with enough documents on both sides, pass unit="document".

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> compared = compare_terms(tokens[tokens["level"] == "national"], "year", 2019, 2017)
    >>> compared[["term", "n_a", "n_b", "occurs"]].head(2).values.tolist()
    [['研究', 24, 9, 'both'], ['APP', 8, 0, 'only a']]
    """
    need_columns(tokens, [*TOKENS, by], "tokens")
    check_resamples(n_resamples, seed)
    _check_groups(tokens, by, a, b)
    if not isinstance(prior, Real) or isinstance(prior, bool) or not 0 < prior < np.inf:
        raise PolicylabError(
            f"prior={prior!r}: expected a finite number of words above 0. Without a prior the log-odds of a missing term are infinite."
        )
    both = tokens[tokens[by].isin([a, b])]
    units = count_by_unit(tokens, [by], choose_unit(both, unit))
    side = [(units.rows[by] == value).to_numpy() for value in (a, b)]
    for value, mine in zip((a, b), side):
        if not units.sizes[mine].sum():
            remedy = "" if units.unit == "paragraph" else ", or use unit='paragraph'"
            raise PolicylabError(f"{by} {value!r} has no counted word in a {units.unit}. Compare other groups{remedy}.")
    if terms is None:
        selected = select_terms(both)
        terms = selected.loc[selected["kept"], "term"]
    terms = check_known(tokens, terms)
    place = pd.Index(units.terms).get_indexer(pd.Index(terms))
    units = units._replace(matrix=(units.matrix.tocsc()[:, np.maximum(place, 0)] * (place >= 0)).tocsr(), terms=terms)
    table = _compare(units, side, prior, n_resamples, seed, (a, b))
    years = {f"years_{s}": _list_years(tokens, by, value) for s, value in (("a", a), ("b", b))}
    table = table.assign(column=by, a=a, b=b, **years, note=_note(tokens, by, a, b))
    return table[COMPARED].sort_values(["z", "term"], ascending=[False, True], ignore_index=True)


def _check_groups(tokens: pd.DataFrame, by: str, a: Any, b: Any) -> None:
    groups = _list_groups(tokens, by)
    for value in (a, b):
        if value not in groups:
            remedy = (
                f" Its values are no texts: write {value} without quotation marks." if value in map(str, groups) else ""
            )
            raise PolicylabError(f"The column {by} has no {value!r}. It has {', '.join(map(repr, groups))}.{remedy}")
    if a == b:
        raise PolicylabError(f"Both groups are {a!r}. Give two values of the column {by}.")


def _compare(
    units: Units, side: list[np.ndarray], prior: float, n_resamples: int, seed: int, labels: tuple
) -> pd.DataFrame:
    """The columns of compare_terms that are measured; `side` are the units of either group."""
    parts, sizes = [units.matrix[mine] for mine in side], [units.sizes[mine] for mine in side]
    n_a, n_b = (np.asarray(part.sum(axis=0), dtype=float).ravel() for part in parts)
    total_a, total_b = (float(size.sum()) for size in sizes)
    # Background: all given words in units. A term that occurs only outside units still gets half a pseudo-count.
    background = np.maximum(np.asarray(units.matrix.sum(axis=0), dtype=float).ravel(), 0.5) / units.sizes.sum()
    # Against no other word there are no odds.
    pseudo = np.where(background < 1, prior * background, np.nan)
    difference, error = log_odds(n_a, n_b, total_a, total_b, pseudo, prior)
    gap = _explain_gap(len(sizes[0]), len(sizes[1]), n_resamples, units.unit)
    reach = np.full(len(units.terms), np.nan)
    if not gap:
        reach = _simultaneous(_split(units, side, pseudo, prior, n_resamples, seed)) * error
    occurs = np.select([(n_a > 0) & (n_b > 0), n_a > 0, n_b > 0], ["both", "only a", "only b"], default="neither")
    ratio = np.full(len(units.terms), np.nan)
    ratio = np.log2(divide(n_a / total_a, n_b / total_b), out=ratio, where=occurs == "both")
    table = {"term": units.terms, "n_a": n_a.astype(int), "n_b": n_b.astype(int)}
    table |= {"n_tokens_a": int(total_a), "n_tokens_b": int(total_b)}
    table |= {"rate_a": 1e4 * n_a / total_a, "rate_b": 1e4 * n_b / total_b}
    table |= {"log_odds": difference, "z": difference / error, "low": difference - reach, "high": difference + reach}
    table |= {"apart": pd.array(np.abs(difference) > reach, dtype="boolean"), "log_ratio": ratio}
    table |= {"g2": g2_table(np.column_stack([n_a, n_b]), np.array([total_a, total_b])), "occurs": occurs}
    documents, carried = units.rows["document_id"].to_numpy(), []
    for s, part, size, mine in zip("ab", parts, sizes, side):
        table[f"dp_norm_{s}"] = deviation_of_proportions(part, size)[1]
        table[f"n_with_{s}"], table[f"n_units_{s}"] = np.asarray((part > 0).sum(axis=0)).ravel(), len(size)
        table[f"n_documents_{s}"], table[f"largest_{s}"], carries = _weigh_documents(part, size, documents[mine])
        carried.append(carries)
    table["carried"] = pd.array(np.where(difference > 0, *carried), dtype="boolean")
    table = pd.DataFrame(table).assign(unit=units.unit)
    # Of a single document nothing else can be expected, and a term of equal odds belongs to neither group.
    alone = np.where(difference > 0, *(len(set(documents[mine])) == 1 for mine in side))
    table.loc[alone | np.isnan(difference) | (difference == 0), "carried"] = pd.NA
    table.loc[np.isnan(reach), "apart"] = pd.NA
    missing = {"only a": f"not in {labels[1]}", "only b": f"not in {labels[0]}"}
    missing["neither"] = f"in no {units.unit} of either"
    single = [f"one {units.unit} in {labels[i]}: no dp_norm_{'ab'[i]}" for i in (0, 1) if len(sizes[i]) == 1]
    gaps = np.where(np.isnan(reach), gap or "all random splits are alike: no band", None)
    gaps = np.where(np.isnan(difference), "no other word is counted: no log_odds", gaps)
    reasons = [[missing.get(value), *single, why] for value, why in zip(occurs, gaps)]
    table["reason"] = pd.Series(["; ".join(filter(None, why)) or None for why in reasons], dtype="str")
    return table


def _weigh_documents(part: Any, sizes: np.ndarray, documents: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(in how many documents each term occurs, share of the document with most uses, whether that one carries the term).

    `documents` are those of the units, the rows of `part`, and `sizes` the words of the units.
    """
    from scipy.sparse import csr_array

    numbers, names = pd.factorize(documents)
    owner = csr_array((np.ones(len(numbers)), (numbers, np.arange(len(numbers)))), shape=(len(names), len(numbers)))
    uses, words = (owner @ part).tocsc(), owner @ sizes
    n, most = np.asarray(uses.sum(axis=0)).ravel(), uses.max(axis=0).toarray().ravel()
    largest = divide(most, n)
    # The rate without the document, (n - most) / (N - M), is less than half of n / N. Only a document with more than half
    # of the uses can be one, so there is one at most.
    own = words[np.asarray(uses.argmax(axis=0)).ravel()]
    return np.asarray((uses > 0).sum(axis=0)).ravel(), largest, largest > (1 + own / words.sum()) / 2


def select_leading_terms(compared: pd.DataFrame, n: int) -> pd.DataFrame:
    """Select the terms that lead a comparison: the one choice that its figure, its sentences and its tables share.

    Parameters
    ----------
    compared : DataFrame
        The table of compare_terms.
    n : int
        How many terms of each group at most.

    Returns
    -------
    DataFrame
        Rows of the table: terms that a uses more, then terms that b uses more. Of each group those come first whose band
        excludes zero (`apart`), by z, then others by z; so the table starts with the most typical of a and ends with the
        most typical of b. Terms with z = 0 are in neither group.

    Raises
    ------
    PolicylabError
        For missing columns, and n below 1.

    Notes
    -----
    z alone would not do: a term whose uses cluster in a few documents has a large z and a wide band. The first five are
    the same however many are asked for, so a sentence that names five speaks of the first rows of a figure that draws
    fifteen.

    Examples
    --------
    >>> columns = {"term": ["标准", "智能", "产业"], "z": [9.1, 5.9, -3.0], "apart": [False, True, True]}
    >>> select_leading_terms(pd.DataFrame(columns), 1)["term"].tolist()
    ['智能', '产业']
    """
    check_whole("n", n, 1)
    need_columns(compared, ["term", "z", "apart"], "compared")
    ordered = compared.sort_values(["z", "term"], ascending=[False, True])
    clear = ordered["apart"].fillna(False).astype(bool)
    first, last = ordered["z"] > 0, ordered["z"] < 0
    a = pd.concat([ordered[first & clear], ordered[first & ~clear]]).head(n)
    b = pd.concat([ordered[last & ~clear], ordered[last & clear]]).tail(n)
    return pd.concat([a, b], ignore_index=True)


def _explain_gap(n_a: int, n_b: int, n_resamples: int, unit: str) -> str | None:
    """Why no term has a band; None where nothing prevents it."""
    if not n_resamples:
        return f"{NONE}: no band"
    if (n_splits := count_splits(n_a, n_b)) < _FEWEST_SPLITS:
        return f"too few {unit}s to split ({n_splits} ways, {_FEWEST_SPLITS} are needed): no band"
    return None


def count_splits(n_a: int, n_b: int) -> int:
    """In how many ways units can be split into two groups of these sizes.

    Of groups of one size each split comes twice, with a and b exchanged; it counts once.

    >>> count_splits(2, 2), count_splits(2, 3)
    (3, 10)
    """
    return comb(n_a + n_b, n_a) // (2 if n_a == n_b else 1)


def _split(
    units: Units, side: list[np.ndarray], pseudo: np.ndarray, prior: float, n_resamples: int, seed: int
) -> np.ndarray:
    """z of every term when the units of both groups are split at random into groups of the same sizes; a row is a split."""
    either = side[0] | side[1]
    matrix, sizes = units.matrix[either], units.sizes[either]
    splits = split_units(units.contents[either], int(side[0].sum()), n_resamples, seed)
    n_both, parts = np.asarray(matrix.sum(axis=0)).ravel(), []
    for start in range(0, n_resamples, _AT_ONCE):
        chosen = splits[start : start + _AT_ONCE].astype(float)
        n_a, total_a = np.asarray((matrix.T @ chosen.T).T), (chosen @ sizes)[:, None]
        difference, error = log_odds(n_a, n_both - n_a, total_a, sizes.sum() - total_a, pseudo, prior)
        parts.append(difference / error)
    return np.vstack(parts)


def _simultaneous(z: np.ndarray, level: float = 0.95) -> np.ndarray:
    """How many standard errors a term may stray so that 95% of random splits keep every term within its number.

    The z of a term whose uses cluster in few tasks strays further by itself, so each is measured by its own spread first.
    """
    spread = np.sqrt((z**2).mean(axis=0))
    largest = np.max(divide(np.abs(z), spread), axis=1, initial=0, where=spread > 0)
    return np.where(spread > 0, np.quantile(largest, level) * spread, np.nan)


def _list_years(tokens: pd.DataFrame, column: str, value: Any) -> str | None:
    if "year" not in tokens:
        return None
    return ", ".join(map(str, _list_groups(tokens[tokens[column] == value], "year")))


def _note(tokens: pd.DataFrame, column: str, a: Any, b: Any) -> str | None:
    """In which of level and year the groups differ besides the column that divides them."""
    notes = []
    for other in ("level", "year"):
        if other != column and other in tokens:
            held = [_list_groups(tokens[tokens[column] == value], other) for value in (a, b)]
            if held[0] != held[1]:
                notes.append(f"{other} differs too: {' against '.join(', '.join(map(str, values)) for values in held)}")
    return "; ".join(notes) or None


def _list_groups(tokens: pd.DataFrame, column: str) -> list:
    return sort_groups(tokens[[column]].drop_duplicates().dropna(), [column])[column].tolist()


def measure_dispersion(
    tokens: pd.DataFrame,
    by: str | Sequence[str] = (),
    *,
    terms: str | Sequence[str] | None = None,
    unit: str | None = None,
) -> pd.DataFrame:
    """Measure how evenly terms are spread over real, unequal units such as tasks.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the columns of `by` and of the unit (join_corpus).
    by : str or list of str, optional
        Columns whose values make groups; none of them: all tokens are one group.
    terms : str or list of str or None, optional
        Words of the tokens; None is those that select_terms keeps.
    unit : str or None, optional
        "task", "section", "paragraph" or "document"; None is the task where every document has tasks, else the
        paragraph. It is chosen over all given documents: name it where numbers must not depend on a third one.

    Returns
    -------
    DataFrame
        A row is a term in a group: the columns of `by`, `term`, `unit`, `n` (uses), `n_with` (units that use it), `n_units`,
        `dp` and `dp_norm` (0 to 1: 0 as spread as the units are large, near 1 in one small unit only) and `reason` (why a
        number is NaN: the group lacks the term, has one unit or no counted word in any). Without tokens the table is empty.

    Raises
    ------
    PolicylabError
        For missing columns, unknown terms and units, and groups without an order (numbers and texts mixed).

    Notes
    -----
    DP = ½ Σ |v - s|, with the unit's share v of the term and s of all words (Gries 2008); DPnorm = DP / (1 - min s)
    (Lijffijt & Gries 2012). Both are high for every rare term, whatever its nature: a term with n below n_units cannot
    be even.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> measure_dispersion(tokens, terms=["推进", "密码"])["dp_norm"].round(2).tolist()
    [0.43, 0.99]
    """
    by = as_list(by)
    need_columns(tokens, [*TOKENS, *by], "tokens")
    if terms is None:
        selected = select_terms(tokens)
        terms = selected.loc[selected["kept"], "term"]
    terms = check_known(tokens, terms)
    units = count_by_unit(tokens, by, unit, terms)
    # Groups in which nothing counts are shown too, as in measure_trend.
    groups = sort_groups(tokens[by].drop_duplicates().dropna(), by).itertuples(index=False, name=None) if by else [()]
    parts = []
    for values in groups:
        mine = np.ones(len(units.rows), dtype=bool)
        for column, value in zip(by, values):
            mine &= (units.rows[column] == value).to_numpy()
        counts, sizes = units.matrix[mine], units.sizes[mine]
        dp, dp_norm = deviation_of_proportions(counts, sizes)
        n = counts.sum(axis=0)
        reason = np.select(
            [np.full(len(n), not len(sizes)), n == 0, np.full(len(n), len(sizes) < 2)],
            [f"no counted word in a {units.unit}", "does not occur", f"one {units.unit}"],
            default="",
        )
        columns = {"term": terms, "unit": units.unit, "n": n, "n_with": (counts > 0).sum(axis=0), "n_units": len(sizes)}
        part = pd.DataFrame({**dict(zip(by, values)), **columns, "dp": dp, "dp_norm": dp_norm})
        part["reason"] = pd.Series(reason, dtype="str").where(reason != "")
        parts.append(part)
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*by, *_DISPERSED])
    return table.astype(_DISPERSED)
