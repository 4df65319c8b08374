"""Intervals of plain proportions: k of n units."""

from typing import Any

import numpy as np
from scipy.special import ndtr

Z = 1.959963984540054  # the normal deviate that leaves out 2.5% on either side


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
