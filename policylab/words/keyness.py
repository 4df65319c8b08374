"""Which terms tell two groups apart, and how evenly terms are spread: log-odds with a prior, effect sizes, dispersion."""

from math import comb
from numbers import Real

import numpy as np
import pandas as pd

from policylab.base.arguments import as_list, check_whole
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.words.resampling import check_resamples, choose_unit, count_by_unit, divide, name_unit
from policylab.words.statistics import deviation_of_proportions, g2_table, log_odds
from policylab.words.terms import TOKENS, check_known, select_terms, sort_groups

COMPARED = [
    *("column", "a", "b", "years_a", "years_b"),
    *("term", "n_a", "n_b", "n_tokens_a", "n_tokens_b", "rate_a", "rate_b", "log_odds", "z", "low", "high", "apart"),
    *(
        "log_ratio",
        "g2",
        "dp_norm_a",
        "dp_norm_b",
        "n_with_a",
        "n_with_b",
        "n_units_a",
        "n_units_b",
        "n_documents_a",
        "n_documents_b",
        "occurs",
        "unit",
        "note",
        "reason",
    ),
]
_DISPERSED = dict.fromkeys(["term", "unit"], "str") | dict.fromkeys(["n", "n_with", "n_units"], "int64")
_DISPERSED |= {"dp": "float64", "dp_norm": "float64", "reason": "str"}
_FEWEST_DEALS = 20  # with fewer the given groups are themselves more than 5% of the deals, and nothing can come apart


def compare_terms(tokens, column, a, b, terms=None, prior=500, unit=None, n_resamples=1000, seed=0):
    """Compare the words of two groups: compare_terms(tokens, "year", 2019, 2017) shows emerging and vanished terms.

    A row of `tokens` is a token (tokenize, join_corpus); the groups are those whose `column` is `a` or `b`. A row of the
    result is a term:

    `column`, `a`, `b`: what is compared; `years_a`, `years_b`: the years behind each side, where the tokens have a year.
    `n_a`, `n_b`, `n_tokens_a`, `n_tokens_b`, `rate_a`, `rate_b` (per 10,000): raw frequencies, over unmasked words in units.
    `log_odds`: difference of log-odds under an informative Dirichlet prior, positive for more frequent in a; `z`: the same
    over its standard error (Monroe, Colaresi & Quinn 2008, equations 16 to 22). The prior has the word frequencies of all
    given tokens and weighs as much as `prior` words; 500 is chosen by judgement, about a tenth of a plan. A heavier prior
    draws rare words to zero.
    `low`, `high`: 95% band around log_odds, simultaneous over all rows; `apart`: whether it leaves out zero. This is how
    many comparisons at once are handled: the units (tasks) of both groups are dealt at random into two groups of as many
    units, n_resamples times, and the band is as wide as no term strays in 95% of the deals, each measured by its own spread
    (the largest deviation, after Westfall & Young 1993). In one list out of twenty a random deal would show some term apart;
    no further correction is due. It takes the units as exchangeable and speaks of these documents only. Units that can be
    dealt in fewer than 20 ways (the same two groups with their names changed are one way) have no band.
    z treats words as independent draws and has no such licence: use it to rank. No p-value is given, because two groups
    of one or two documents cannot support one. Tasks of one document are more alike than those of two, so that dealing
    tasks of many documents finds too many terms apart: with enough documents on both sides, pass unit="document_id".
    `log_ratio`: log2 of rate_a over rate_b, the effect size; NaN where one side lacks the term.
    `g2`: G² over the four cells, for comparison with the literature; it grows with length.
    `dp_norm_a`, `dp_norm_b`: DPnorm over the units (0 even, 1 in one small unit): a term of one task is no term of a plan.
    `n_with_*`, `n_units_*`: units that use the term, and all; `n_documents_*`: documents that use it in a unit: a term of
    one document is no term of a group, in however many tasks it stands. `occurs`: both, only a, only b.
    `note`: in what else the groups differ (level, year). `reason`: why a cell is NaN.

    `unit` is the task where all documents of the two groups have tasks, else the paragraph. `terms` defaults to those that
    select_terms keeps among the two groups. Sorted by z, from a to b, then by term.

    Raises PolicylabError for missing columns, unknown terms and groups, groups without an order (numbers and texts mixed),
    a group without words, a prior or seed out of range, and 1 to 39 resamples; 0 gives no band.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> compared = compare_terms(tokens[tokens["level"] == "national"], "year", 2019, 2017)
    >>> compared[["term", "n_a", "n_b", "occurs"]].head(2).values.tolist()
    [['研究', 24, 9, 'both'], ['APP', 8, 0, 'only a']]
    """
    need_columns(tokens, [*TOKENS, column], "tokens")
    check_resamples(n_resamples)
    check_whole("seed", seed, 0)
    groups = _list_groups(tokens, column)
    for value in (a, b):
        if value not in groups:
            remedy = (
                f" Its values are no texts: write {value} without quotation marks." if value in map(str, groups) else ""
            )
            raise PolicylabError(
                f"The column {column} has no {value!r}. It has {', '.join(map(repr, groups))}.{remedy}"
            )
    if a == b:
        raise PolicylabError(f"Both groups are {a!r}. Give two values of the column {column}.")
    if not isinstance(prior, Real) or isinstance(prior, bool) or not 0 < prior < np.inf:
        raise PolicylabError(
            f"prior={prior!r}: expected a finite number of words above 0. Without a prior the log-odds of a missing term are infinite."
        )
    unit = choose_unit(tokens[tokens[column].isin([a, b])]) if unit is None else unit
    units = count_by_unit(tokens, [column], unit)
    side = [(units.rows[column] == value).to_numpy() for value in (a, b)]
    for value, mine in zip((a, b), side):
        if not units.sizes[mine].sum():
            remedy = "" if units.unit == "paragraph" else ", or use unit='paragraph'"
            raise PolicylabError(
                f"{column} {value!r} has no counted word in a {units.unit}. Compare other groups{remedy}."
            )
    if terms is None:
        selected = select_terms(tokens[tokens[column].isin([a, b])])
        terms = selected.loc[selected["kept"], "term"]
    terms = check_known(tokens, terms)
    place = pd.Index(units.terms).get_indexer(pd.Index(terms))
    matrix = units.matrix.tocsc()[:, np.maximum(place, 0)] * (place >= 0)
    table = _compare(matrix, units, side, terms, prior, n_resamples, seed, (a, b))
    years = {f"years_{s}": _list_years(tokens, column, value) for s, value in (("a", a), ("b", b))}
    table = table.assign(column=column, a=a, b=b, **years, note=_note(tokens, column, a, b))
    return table[COMPARED].sort_values(["z", "term"], ascending=[False, True], ignore_index=True)


def _compare(matrix, units, side, terms, prior, n_resamples, seed, labels):
    matrix, documents = matrix.tocsr(), units.rows["document_id"].to_numpy()
    parts, sizes = [matrix[mine] for mine in side], [units.sizes[mine] for mine in side]
    n_a, n_b = (np.asarray(part.sum(axis=0), dtype=float).ravel() for part in parts)
    total_a, total_b = (float(size.sum()) for size in sizes)
    # Background: all given words in units. A term of the list that stands outside units only keeps half a pseudo-count.
    background = np.maximum(np.asarray(matrix.sum(axis=0), dtype=float).ravel(), 0.5) / units.sizes.sum()
    # Against no other word there are no odds.
    pseudo = np.where(background < 1, prior * background, np.nan)
    difference, error = log_odds(n_a, n_b, total_a, total_b, pseudo, prior)
    either = side[0] | side[1]
    no_band = _explain_gap(*(len(size) for size in sizes), n_resamples, units.unit)
    if no_band:
        reach = np.full(len(terms), np.nan)
    else:
        dealt = _deal(matrix[either], units.sizes[either], side[0][either], pseudo, prior, n_resamples, seed)
        reach = _simultaneous(dealt) * error
    dp = [deviation_of_proportions(part, size)[1] for part, size in zip(parts, sizes)]
    occurs = np.select([(n_a > 0) & (n_b > 0), n_a > 0, n_b > 0], ["both", "only a", "only b"], default="neither")
    ratio = np.log2(divide(n_a / total_a, n_b / total_b), out=np.full(len(terms), np.nan), where=occurs == "both")
    table = pd.DataFrame(
        {
            **{
                "term": terms,
                "n_a": n_a.astype(int),
                "n_b": n_b.astype(int),
                "n_tokens_a": int(total_a),
                "n_tokens_b": int(total_b),
            },
            **{
                "rate_a": 1e4 * n_a / total_a,
                "rate_b": 1e4 * n_b / total_b,
                "log_odds": difference,
                "z": difference / error,
            },
            **{
                "low": difference - reach,
                "high": difference + reach,
                "apart": pd.array(np.abs(difference) > reach, dtype="boolean"),
                "log_ratio": ratio,
            },
            **{
                "g2": g2_table(np.column_stack([n_a, n_b]), np.array([total_a, total_b])),
                "dp_norm_a": dp[0],
                "dp_norm_b": dp[1],
            },
            **{f"n_with_{s}": np.asarray((part > 0).sum(axis=0)).ravel() for s, part in zip("ab", parts)},
            **{f"n_units_{s}": len(size) for s, size in zip("ab", sizes)},
            **{f"n_documents_{s}": _count_documents(part, documents[mine]) for s, part, mine in zip("ab", parts, side)},
            **{"occurs": occurs, "unit": units.unit},
        }
    )
    table.loc[np.isnan(reach), "apart"] = pd.NA
    missing = {
        "only a": f"not in {labels[1]}",
        "only b": f"not in {labels[0]}",
        "neither": f"in no {name_unit(units.unit)} of either",
    }
    single = [f"one {name_unit(units.unit)} in {labels[i]}: no dp_norm_{'ab'[i]}" for i in (0, 1) if len(sizes[i]) == 1]
    no_band = np.where(np.isnan(reach), no_band or "all deals are alike: no band", None)
    no_band = np.where(np.isnan(difference), "no other word is counted: no log_odds", no_band)
    reasons = [[missing.get(value), *single, gap] for value, gap in zip(occurs, no_band)]
    table["reason"] = pd.Series(["; ".join(filter(None, why)) or None for why in reasons], dtype="str")
    return table


def _count_documents(part, documents):
    """In how many documents each term stands; `documents` are those of the units, the rows of `part`."""
    from scipy.sparse import csr_array

    numbers, names = pd.factorize(documents)
    owner = csr_array((np.ones(len(numbers)), (numbers, np.arange(len(numbers)))), shape=(len(names), len(numbers)))
    return np.asarray((owner @ part > 0).sum(axis=0)).ravel()


def _explain_gap(n_a, n_b, n_resamples, unit):
    """Why no term has a band; None where nothing hinders it."""
    if not n_resamples:
        return "n_resamples=0: no band"
    if (n_deals := count_deals(n_a, n_b)) < _FEWEST_DEALS:
        return f"too few {name_unit(unit)}s to deal ({n_deals} ways, {_FEWEST_DEALS} are needed): no band"
    return None


def count_deals(n_a, n_b):
    """In how many ways units can be dealt into two groups of these sizes, as far as no term strays alike in two.

    Of groups of one size the same deal comes twice, with a and b changed.

    >>> count_deals(2, 2), count_deals(2, 3)
    (3, 10)
    """
    return comb(n_a + n_b, n_a) // (2 if n_a == n_b else 1)


def _deal(matrix, sizes, is_a, pseudo, prior, n_resamples, seed):
    """z of every term when the units are dealt at random into two groups of as many units; a row is a deal."""
    stream = np.random.default_rng(seed)
    deals = np.array([stream.permutation(is_a) for _ in range(n_resamples)], dtype=float)
    n_a = np.asarray((matrix.T @ deals.T).T)
    n_b = np.asarray(matrix.sum(axis=0)).ravel() - n_a
    total_a = (deals @ sizes)[:, None]
    difference, error = log_odds(n_a, n_b, total_a, sizes.sum() - total_a, pseudo, prior)
    return difference / error


def _simultaneous(dealt, level=0.95):
    """How many standard errors no term of a random deal strays, in 95% of the deals: a number for every term.

    The z of a term whose uses cluster in few tasks strays further by itself, so each is measured by its own spread first.
    """
    spread = np.sqrt((dealt**2).mean(axis=0))
    largest = np.max(divide(np.abs(dealt), spread), axis=1, initial=0, where=spread > 0)
    return np.where(spread > 0, np.quantile(largest, level) * spread, np.nan)


def _list_years(tokens, column, value):
    if "year" not in tokens:
        return None
    return ", ".join(map(str, _list_groups(tokens[tokens[column] == value], "year")))


def _note(tokens, column, a, b):
    """In which of level and year the groups differ besides the column that divides them."""
    notes = []
    for other in ("level", "year"):
        if other != column and other in tokens:
            held = [_list_groups(tokens[tokens[column] == value], other) for value in (a, b)]
            if held[0] != held[1]:
                notes.append(f"{other} differs too: {' against '.join(', '.join(map(str, values)) for values in held)}")
    return "; ".join(notes) or None


def _list_groups(tokens, column):
    return sort_groups(tokens[[column]].drop_duplicates().dropna(), [column])[column].tolist()


def measure_dispersion(tokens, terms=None, by=(), unit=None):
    """How evenly terms are spread over real, unequal units (tasks).

    A row is a term in a group: the columns of `by`, `term`, `unit`, `n`, `n_with`, `n_units`, `dp` and `dp_norm`, `reason`.
    DP (Gries 2008) and DPnorm (Lijffijt & Gries 2012) are 0 for a term as spread as the units are large, and near 1 for one
    that stands in one small unit. Both are high for every rare term, whatever its nature: a term with n below n_units
    cannot be even. NaN with a reason where a group lacks the term, has one unit or no counted word in any. The unit is
    chosen over all given documents: name it where numbers must not depend on a third one. Without tokens the table is empty.

    Raises PolicylabError for missing columns, unknown terms, and groups without an order (numbers and texts mixed).

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> measure_dispersion(tokens, ["推进", "密码"])["dp_norm"].round(2).tolist()
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
            [f"no counted word in a {name_unit(units.unit)}", "does not occur", f"one {name_unit(units.unit)}"],
            default="",
        )
        columns = {"term": terms, "unit": units.unit, "n": n, "n_with": (counts > 0).sum(axis=0), "n_units": len(sizes)}
        part = pd.DataFrame({**dict(zip(by, values)), **columns, "dp": dp, "dp_norm": dp_norm})
        part["reason"] = pd.Series(reason, dtype="str").where(reason != "")
        parts.append(part)
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*by, *_DISPERSED])
    return table.astype(_DISPERSED)
