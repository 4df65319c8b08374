"""Resampling: one rule for the random draws behind every interval.

Draws are keyed by the content of what is drawn, never by names or row numbers: a document may be renamed or moved, and
another may be added, and its intervals stay the same. Units (tasks, paragraphs) are drawn within each document, so an
interval describes these documents only, not others that might have been written.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from policylab.base.arguments import check_whole
from policylab.base.errors import PolicylabError

ALIKE = "all resamples are alike"
FEWEST = 40  # resamples of which one is 2.5%, what a 95% interval leaves out on either side
NONE = "n_resamples=0"
TOO_FEW = f"fewer than {FEWEST} resamples have a value"


def check_resamples(n_resamples: int, seed: int) -> None:
    """Raise PolicylabError unless the numbers can be used: 0 resamples for no interval or enough for 95%, and a seed.

    >>> check_resamples(20, seed=0)
    Traceback (most recent call last):
    policylab.base.errors.PolicylabError: n_resamples=20: expected a whole number of 40 or more for 95% intervals, or 0 for none.
    """
    whole = isinstance(n_resamples, Integral) and not isinstance(n_resamples, bool)
    if not whole or (n_resamples != 0 and n_resamples < FEWEST):
        raise PolicylabError(
            f"n_resamples={n_resamples!r}: expected a whole number of {FEWEST} or more for 95% intervals, or 0 for none."
        )
    check_whole("seed", seed, 0)


def hash_texts(texts: Iterable[str]) -> np.ndarray:
    """A number for every text, the same in any table and with any version of a library."""
    # A lone surrogate is no valid UTF-8, but may stand in a text that a user made.
    digests = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in texts]
    return np.frombuffer(b"".join(digests), dtype="<u8")


def hash_bags(counts: Any, terms: Sequence[str]) -> np.ndarray:
    """A number for every row of a sparse matrix of counts: the words of the row and how often it has each.

    Columns without a count change nothing, so a number depends neither on the vocabulary nor on other rows.
    """
    # Overflow wraps around, which is what a sum of hashes should do.
    return counts.astype(np.uint64) @ hash_texts(terms).astype(np.uint64)


def draw_units(
    documents: Sequence | np.ndarray, contents: np.ndarray, n_resamples: int, seed: int
) -> Iterator[tuple[object, np.ndarray, np.ndarray]]:
    """Resample the units of every document, as many as it has, with replacement.

    `documents` and `contents` have an entry for each unit: its document, and numbers that stand for what it holds
    (hash_bags, hash_texts, or the values that are measured). For every document a tuple is given: the document, the
    rows of its units, and how often each resample (row) draws each of them (column). Documents come in the order of
    their contents, so that sums of fractions do not depend on names either.

    Documents of equal content have different streams, or the difference between two would look certain and their sum
    too uncertain. Which of them has which does not matter for a sum.
    """
    contents = np.ascontiguousarray(contents)
    codes, names = pd.factorize(np.asarray(documents, dtype=object))
    parts = np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1]) if len(codes) else []
    seen, keyed = Counter(), []
    for name, rows in zip(names, parts, strict=True):
        key = _key(contents[rows], b"draw")
        keyed.append((key, seen[key], name, rows))
        seen[key] += 1
    for key, repeat, name, rows in sorted(keyed, key=lambda entry: entry[:2]):
        stream, n = np.random.default_rng([seed, key, repeat]), len(rows)
        drawn = stream.integers(n, size=(n_resamples, n)) + n * np.arange(n_resamples)[:, None]
        yield name, rows, np.bincount(drawn.ravel(), minlength=n_resamples * n).reshape(n_resamples, n)


def _key(contents: np.ndarray, purpose: bytes) -> int:
    """The key of a stream; the order of the rows counts."""
    data = contents.astype(contents.dtype.newbyteorder("<")).tobytes()
    return int.from_bytes(blake2b(data, digest_size=8, person=purpose).digest(), "little")


def open_stream(contents: np.ndarray, purpose: bytes, seed: int, *, repeat: int = 0) -> np.random.Generator:
    """Random numbers keyed by what `contents` hold, in their order; `repeat` tells those of equal content apart.

    >>> open_stream(np.array([1, 2]), b"link", seed=0).random() == open_stream(np.array([2, 1]), b"link", seed=0).random()
    False
    """
    return np.random.default_rng([seed, _key(np.ascontiguousarray(contents), purpose), repeat])


def draw_numbers(contents: np.ndarray, purpose: bytes, seed: int) -> np.ndarray:
    """A random number above 0 and below 1 for every row of `contents`, which depends on nothing but the row and the seed.

    >>> both, alone = draw_numbers(np.array([[1, 2], [3, 4]]), b"pair", 0), draw_numbers(np.array([[3, 4]]), b"pair", 0)
    >>> bool(both[1] == alone[0])
    True
    """
    seeded = np.column_stack([contents.astype(np.uint64), np.repeat(hash_texts([str(seed)]), len(contents))])
    return np.array([(_key(row, purpose) + 0.5) / 2.0**64 for row in seeded])


def sum_resamples(
    documents: Sequence | np.ndarray, contents: np.ndarray, counts: np.ndarray, n_resamples: int, seed: int
) -> np.ndarray:
    """Sums of the rows of `counts` when units are resampled (draw_units): a row is a resample.

    >>> sum_resamples(["a", "a", "b"], np.array([1, 2, 3]), np.array([[1.0], [1.0], [5.0]]), 2, seed=0).tolist()
    [[7.0], [7.0]]
    """
    sums = np.zeros((n_resamples, counts.shape[1]))
    for _, rows, drawn in draw_units(documents, contents, n_resamples, seed):
        sums += drawn.astype(float) @ counts[rows]
    return sums


def order_units(contents: np.ndarray) -> np.ndarray:
    """The rows of `contents` in an order that depends on nothing else; rows that are equal can stand for each other."""
    return np.lexsort(np.atleast_2d(np.asarray(contents).T)[::-1])


def split_units(contents: np.ndarray, n_first: int, n_resamples: int, seed: int) -> np.ndarray:
    """Split units at random into two groups, `n_first` of them in the first, without regard to their documents.

    A row is a split, true for the units of the first group. It depends neither on the order of the units nor on which
    group is called the first.
    """
    order, n = order_units(contents), len(contents)
    smaller = min(n_first, n - n_first)
    stream = np.random.default_rng([seed, _key(np.asarray(contents)[order], b"split")])
    drawn = stream.permuted(np.tile(np.arange(n) < smaller, (n_resamples, 1)), axis=1)
    splits = np.empty_like(drawn)
    splits[:, order] = drawn
    return splits if n_first == smaller else ~splits


def divide(numerator: object, denominator: object) -> np.ndarray:
    """The quotient, NaN where the denominator is zero."""
    numerator, denominator = np.broadcast_arrays(
        np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    )
    return np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator != 0)


def interval(values: np.ndarray) -> np.ndarray:
    """95% percentile interval of every column of resampled values: (low, high).

    Resamples in which a value is undefined do not count. NaN where fewer than 40 are left, of which no 2.5% can be cut
    off. If all are equal the interval has zero width and looks certain: NaN as well.

    >>> interval(np.column_stack([np.arange(1001), np.ones(1001)])).tolist()
    [[25.0, nan], [975.0, nan]]
    """
    ends = np.full((2, values.shape[1]), np.nan)
    for column, drawn in enumerate(values.T):
        defined = drawn[~np.isnan(drawn)]
        # Shares and rates per word that are equal can differ by rounding, by 1e-16 or so; one use in a million words
        # by 1e-6.
        if len(defined) >= FEWEST and np.ptp(defined) >= 1e-12:
            ends[:, column] = np.percentile(defined, [2.5, 97.5])
    return ends


def explain_gap(values: np.ndarray) -> str:
    """Why interval() is NaN for one column of resampled values.

    >>> explain_gap(np.ones(50)), explain_gap(np.full(50, np.nan)), explain_gap(np.ones(0))
    ('all resamples are alike', 'fewer than 40 resamples have a value', 'n_resamples=0')
    """
    if not len(values):
        return NONE
    return TOO_FEW if np.count_nonzero(~np.isnan(values)) < FEWEST else ALIKE
