"""Formulas that more than one measure uses, on arrays: G², logDice, log-odds with a prior, DP."""

import numpy as np

from policylab.base.resampling import divide


def g2_table(counts, totals):
    """G² (log-likelihood ratio; Dunning 1993) of each row of counts against what remains of the totals.

    A row of `counts` is a term, a column a group; `totals` are the tokens of the groups. All cells count, those of the
    other words too: G² = 2 Σ O ln(O/E). Zero means equal rates; it has (groups - 1) degrees of freedom if tokens were
    independent, which words of a text are not.

    >>> g2_table(np.array([[10.0, 30.0]]), np.array([1000.0, 1000.0])).round(3).tolist()
    [10.669]
    """
    counts, totals = np.atleast_2d(np.asarray(counts, dtype=float)), np.asarray(totals, dtype=float)
    share = counts.sum(axis=1, keepdims=True) / totals.sum()
    value = _terms(counts, totals * share) + _terms(totals - counts, totals * (1 - share))
    return 2 * value.sum(axis=1)


def _terms(observed, expected):
    """O ln(O/E), which is 0 where O is 0."""
    filled = observed > 0
    return observed * np.log(np.divide(observed, expected, out=np.ones_like(observed), where=filled))


def log_dice(both, first, second):
    """logDice = 14 + log2(2 f_xy / (f_x + f_y)) (Rychlý 2008): 14 where the two always go together, 1 less for every halving.

    NaN where they never meet.

    >>> float(log_dice(8, 8, 8)), float(log_dice(4, 8, 8))
    (14.0, 13.0)
    """
    ratio = divide(2 * np.asarray(both, dtype=float), np.asarray(first) + np.asarray(second))
    return 14 + np.log2(ratio, out=np.full(ratio.shape, np.nan), where=ratio > 0)


def log_odds(n_a, n_b, total_a, total_b, prior, prior_total):
    """(difference of log-odds, its standard error) with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008).

    `prior` are the pseudo-counts of the terms, `prior_total` those of all words. The difference is theirs,
    and so is the approximate variance 1/(n_a + prior) + 1/(n_b + prior). Positive: relatively more frequent in a.
    """
    odds_a = (n_a + prior) / (total_a + prior_total - n_a - prior)
    odds_b = (n_b + prior) / (total_b + prior_total - n_b - prior)
    return np.log(odds_a) - np.log(odds_b), np.sqrt(1 / (n_a + prior) + 1 / (n_b + prior))


def deviation_of_proportions(counts, sizes):
    """(DP, DPnorm) of every column of `counts` over parts of the given sizes.

    DP = ½ Σ |v - s| with the part's share v of the term and s of all words (Gries 2008); DPnorm = DP / (1 - min s)
    (Lijffijt & Gries 2012). 0: as spread as the parts are large; near 1: in the smallest part only. NaN for a term that
    does not occur and, DPnorm, where there is one part.

    >>> dp, dp_norm = deviation_of_proportions(np.array([[2, 4], [2, 0]]), np.array([50, 50]))
    >>> dp.tolist(), dp_norm.tolist()
    ([0.0, 0.5], [0.0, 1.0])
    """
    from scipy.sparse import csc_array

    counts, sizes = csc_array(counts), np.asarray(sizes, dtype=float)
    shares = divide(sizes, sizes.sum())
    n = np.asarray(counts.sum(axis=0), dtype=float).ravel()
    column = np.repeat(np.arange(counts.shape[1]), np.diff(counts.indptr))
    own = shares[counts.indices]
    # Where the term is absent the difference is the part's own share: one minus the shares of the parts that have it.
    present = np.bincount(column, own, minlength=len(n))
    off = np.bincount(column, np.abs(divide(counts.data, n[column]) - own), minlength=len(n))
    dp = np.where(n > 0, (off + 1 - present) / 2, np.nan)
    return dp, divide(dp, 1 - shares.min() if len(sizes) > 1 else 0)
