"""Intervals of plain proportions: k of n units."""

from typing import Any

import numpy as np

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
