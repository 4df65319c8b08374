"""Intervals of shares and rates: k of n units, and sums over units that hold some of it each.

What they hold in simulations is in docs/intervals.md, made by benchmarks/coverage.py.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import betaincinv, ndtr, stdtrit

Z = 1.959963984540054  # the normal deviate that leaves out 2.5% on either side
# Units that a rate should rest on: how far units differ is not seen in fewer. Where each unit that has a term uses it four times, the
# intervals of rates hold .84 to .91 if two to four units use it, .89 to .91 with five, .92 and more from eight on (docs/intervals.md).
FEWEST_CARRYING = 5
# What a unit that was not drawn may hold at least: where a task uses a term it does so 1.4 times on average, in one term of ten
# more than twice (the plans that ship, 44 other plans and 25 work reports).
FURTHER = 2


def wilson_interval(k: Any, n: Any) -> np.ndarray:
    """95% interval of Wilson (1927) of the proportion k / n: (low, high), in the shape of k and n. NaN where n is 0.

    It has a width where all units or none have what is counted, and no draws: 31 of 31 is no certainty. Newcombe (1998)
    has worked examples and finds that it holds the true proportion in .95 of samples on average over all proportions.
    The units are taken for independent draws.

    >>> wilson_interval([15, 0], [148, 20]).round(4).tolist()
    [[0.0624, 0.0], [0.1605, 0.1611]]
    """
    k, n = np.broadcast_arrays(np.asarray(k, dtype=float), np.asarray(n, dtype=float))
    n = np.where(n > 0, n, np.nan)
    share, square = k / n, Z**2
    middle = share + square / (2 * n)
    reach = Z * np.sqrt(share * (1 - share) / n + square / (4 * n**2))
    ends = np.stack([middle - reach, middle + reach]) / (1 + square / n)
    # Of none and of all the ends are exact, whatever the last digit of the root.
    return np.clip(np.where([share == 0, share == 1], [np.zeros_like(ends[0]), np.ones_like(ends[1])], ends), 0, 1)


def mix_wilson(k: np.ndarray, n: Any) -> tuple[float, float]:
    """95% interval of a proportion of which several counts `k` of `n` are equally likely; NaN without a count.

    Wilson's ends are where the normal distribution of the score has 2.5% beyond them. Here it is the mean over the counts
    that has 2.5%, so the interval holds what is unknown about the count as well. Of equal counts it is Wilson's. Counts of
    no unit (n = 0) are left out.

    >>> [tuple(round(end, 4) for end in mix_wilson(np.array(k), 20)) for k in ([0, 0], [0, 4], [4, 4])]
    [(0.0, 0.1611), (0.0, 0.3787), (0.0807, 0.416)]
    """
    counts = np.stack(np.broadcast_arrays(np.asarray(k, dtype=float), np.asarray(n, dtype=float)))
    (k, n), weights = np.unique(counts[:, counts[1] > 0], axis=1, return_counts=True)
    if len(k) < 2:
        return tuple(wilson_interval(k[0], n[0]).tolist()) if len(k) else (np.nan, np.nan)
    ends = [_find_end(k / n, n, weights / weights.sum(), beyond) for beyond in (0.025, 0.975)]
    return ends[0], ends[1]


def _find_end(share, n, weights, below):
    """Where the mean of the distributions of the score is `below`, by halving; 0 or 1 if it is nowhere."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        reached = weights @ ndtr((middle - share) / np.sqrt(middle * (1 - middle) / n))
        low, high = (low, middle) if reached > below else (middle, high)
    return round((low + high) / 2, 12)


def ratio_interval(parts: np.ndarray, sizes: np.ndarray, documents: Sequence | np.ndarray) -> np.ndarray:
    """95% interval of Σ parts / Σ sizes over units, such as uses per word over tasks: (low, high) of every column of parts.

    `sizes` are those of the units, `documents` theirs. It is the interval of Clopper & Pearson (1934) for as many independent
    words as the words of units that differ are worth (Korn & Graubard 1998). The high end lets one more unit hold as much as
    the fullest (Fay & Feuer 1997), and FURTHER at least, so that it has a meaning where no unit holds any.

    Units are compared within their documents; those that are alone in theirs are compared with each other. NaN without
    sizes, and where every document has one unit.

    >>> tasks = np.array([[2], [0], [1], [0]])
    >>> ratio_interval(tasks, np.array([50, 60, 40, 50]), ["a"] * 4).round(3).tolist()
    [[0.0], [0.085]]
    """
    parts, sizes = np.asarray(parts, dtype=float), np.asarray(sizes, dtype=float)[:, None]
    codes, names = pd.factorize(np.asarray(documents, dtype=object))
    total, size, free = parts.sum(axis=0), sizes.sum(), len(codes) - len(names)
    if not free or not size:
        return np.full((2, parts.shape[1]), np.nan)
    share = total / size
    variance = _between_units(parts - sizes * share, codes)
    wide = (stdtrit(free, 0.975) / Z) ** 2  # for the variance of few units

    def count_independent(total, size, variance):
        """(parts, sizes) that independent draws with this variance would have; never more than there are."""
        spread = size * (total / size) * (1 - total / size)
        one = (
            np.maximum(np.divide(variance, spread, out=np.full(spread.shape, float(FURTHER)), where=spread > 0), 1)
            * wide
        )
        return total / one, size / one

    k, n = count_independent(total, size, variance)
    low = betaincinv(k, n - k + 1, 0.025, out=np.zeros(k.shape), where=total > 0)
    most = np.maximum(parts.max(axis=0), FURTHER)
    k, n = count_independent(total + most, size + most, variance + most**2)
    high = betaincinv(k, n - k, 0.975, out=np.ones(k.shape), where=total < size)
    return np.stack([low, high])


def _between_units(residuals: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Variance of the sum of every column when units are drawn within documents."""
    n_units = np.bincount(codes)
    codes = np.where(n_units[codes] > 1, codes, len(n_units))  # those alone in their document together
    n_units = np.bincount(codes)
    means = np.stack([np.bincount(codes, column) for column in residuals.T], axis=1) / np.maximum(n_units, 1)[:, None]
    weights = n_units[codes] / np.maximum(n_units[codes] - 1, 1)
    return weights @ (residuals - means[codes]) ** 2
