"""Texts to vectors of character n-grams: what alignment compares, without any segmentation that could go wrong.

An n-gram is 2 or 3 letters, digits or Chinese characters in a row: bigrams catch most words, trigrams add names and
phrases. Punctuation, its width, letter case and white space make no difference; no n-gram reaches across a mark. A line end
is white space: the end of a title or paragraph forms n-grams with the beginning of the next, unless a mark parts them.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from policylab.base.errors import PolicylabError

SIZES = (2, 3)
# What an n-gram that only one of the two collections uses weighs in the length of a vector (match_texts). It can never be
# shared: names of places and offices would only make long texts look unlike. Chosen by judgement: not 0, so that a text of
# such words does not look all alike to the one thing it shares.
OWN_WORDS = 0.2

_SPACE = re.compile(r"\s+")
# Cells of the block of cosines that is held at a time, 4 bytes each and twice over while the greatest are found.
_BLOCK = 10_000_000


@lru_cache(maxsize=1)
def _letters():
    """Which UTF-16 code units belong into an n-gram; the halves of a rare Chinese character do."""
    table = np.fromiter((chr(code).isalnum() for code in range(0x10000)), bool, 0x10000)
    table[0xD800:0xE000] = True
    return table


def cut_ngrams(texts):
    """All n-grams of a list of texts: (code of each n-gram, ordinal of its text from 0), arrays of equal length.

    >>> codes, owners = cut_ngrams(["校园APP", "校园，app"])
    >>> len(codes), len(set(codes.tolist())), owners.tolist().count(1)
    (11, 7, 4)
    """
    joined = "\0".join(_SPACE.sub("", text).replace("\0", "") for text in texts) + "\0"
    # Normalisation turns full-width letters and digits into the common ones.
    joined = unicodedata.normalize("NFKC", joined).casefold()
    units = np.frombuffer(joined.encode("utf-16-le"), dtype="<u2")
    inside = _letters()[units]
    owner = np.cumsum(units == 0, dtype=np.int32)
    units = units.astype(np.uint64)
    codes, owners = [], []
    code, whole = units, inside
    for size in range(2, max(SIZES) + 1):
        # Four code units of 16 bits fill the 64 bits of a code; shorter n-grams leave the upper ones zero.
        code = (code[:-1] << np.uint64(16)) | units[size - 1 :]
        whole = whole[:-1] & inside[size - 1 :]
        if size in SIZES:
            codes.append(code[whole])
            owners.append(owner[: len(whole)][whole])
    return np.concatenate(codes), np.concatenate(owners)


def count_ngrams(texts, vocabulary=None):
    """Counts as a sparse matrix (text x n-gram) and the sorted codes of its columns.

    With a `vocabulary` its columns are used and other n-grams are left out.
    """
    from scipy.sparse import csr_matrix

    texts = list(texts)
    codes, owners = cut_ngrams(texts)
    if vocabulary is None:
        vocabulary, columns = np.unique(codes, return_inverse=True)
    else:
        columns = np.searchsorted(vocabulary, codes)
        known = columns < len(vocabulary)
        known[known] = vocabulary[columns[known]] == codes[known]
        columns, owners = columns[known], owners[known]
    ones = np.ones(len(columns), dtype=np.float32)
    counts = csr_matrix((ones, (owners, columns)), shape=(len(texts), len(vocabulary)))
    counts.sum_duplicates()
    return counts, vocabulary


def weigh_ngrams(counts, reference_counts):
    """The weight of every n-gram between two collections: the square root of its inverse document frequency.

    In a product of two vectors a shared n-gram then counts its inverse document frequency once. That is the geometric
    mean of log((1 + n) / df) in the two collections: what many texts of either contain (boilerplate) carries little
    information. n-grams of one collection only are multiplied by OWN_WORDS.
    """
    frequency, reference_frequency = document_frequency(counts), document_frequency(reference_counts)
    shared = (frequency > 0) & (reference_frequency > 0)
    rarity = np.sqrt(_rarity(frequency, counts.shape[0]) * _rarity(reference_frequency, reference_counts.shape[0]))
    return np.sqrt(rarity) * np.where(shared, 1, OWN_WORDS)


def document_frequency(counts):
    """In how many texts each n-gram occurs."""
    return np.bincount(counts.indices, minlength=counts.shape[1])


def _rarity(frequency, n):
    return np.log((1 + n) / np.maximum(frequency, 1))


def make_vectors(counts, weights):
    """Vectors of length 1: (1 + log count) x weight, the usual damping of repetition. A text without n-grams stays zero."""
    from scipy.sparse import diags
    from sklearn.preprocessing import normalize

    damped = counts.copy()
    damped.data = 1 + np.log(damped.data)
    return normalize(damped @ diags(weights.astype(np.float32)), copy=False).tocsr()


def match_texts(texts: Iterable[str], references: Iterable[str], *, k: int = 5) -> pd.DataFrame:
    """Find the k most similar references of every text, for collections too large for all pairs: one row is a pair.

    Parameters
    ----------
    texts, references : iterable of str
        The two collections.
    k : int
        References to give for each text, 1 or more.

    Returns
    -------
    DataFrame
        `text`, `reference` (positions from 0), `rank` (from 1; equal cosines rank by position) and `cosine` (0-1) of their
        n-gram vectors, weighted by inverse document frequency in these two collections. Pairs that share nothing are left
        out.

    Raises
    ------
    PolicylabError
        If a collection is empty or `k` is less than 1.

    Notes
    -----
    The plain likeness of wording, not the calibrated score of align_tasks. Memory does not grow with the number of pairs.

    Examples
    --------
    >>> references = ["数字校园建设", "网络安全宣传教育", "网络学习空间"]
    >>> match_texts(["加强网络安全教育"], references, k=2)[["reference", "rank"]].values.tolist()
    [[1, 1], [2, 2]]
    """
    texts, references = list(texts), list(references)
    for name, collection in (("texts", texts), ("references", references)):
        if not collection:
            raise PolicylabError(f"{name} is empty: there is nothing to match. Pass at least one string.")
    if k < 1:
        raise PolicylabError(f"k={k!r} asks for no match. Pass 1 or more.")
    counts, _ = count_ngrams(texts + references)
    counts, reference_counts = counts[: len(texts)], counts[len(texts) :]
    weights = weigh_ngrams(counts, reference_counts)
    # A column of one collection only adds to the length of a vector, never to a product.
    shared = np.flatnonzero((document_frequency(counts) > 0) & (document_frequency(reference_counts) > 0))
    left = make_vectors(counts, weights)[:, shared]
    right = make_vectors(reference_counts, weights)[:, shared]
    return find_nearest(left, right, k)


def find_nearest(left, right, k):
    """The k rows of `right` with the greatest products for every row of `left`: the table of match_texts."""
    from sklearn.utils.extmath import safe_sparse_dot

    n, k = right.shape[0], min(k, right.shape[0])
    columns = right.T
    step = max(1, _BLOCK // n)
    parts = []
    for start in range(0, left.shape[0], step):
        block = safe_sparse_dot(left[start : start + step], columns, dense_output=True)
        # All that reach the k-th value are candidates: of equals the first one counts, whatever partition does with them.
        least = np.partition(block, n - k, axis=1)[:, n - k]
        row, column = np.nonzero((block >= least[:, None]) & (block > 0))
        value = block[row, column]
        order = np.lexsort((column, -value, row))
        row, column, value = row[order], column[order], value[order]
        rank = np.arange(len(row)) - np.searchsorted(row, row) + 1
        kept = rank <= k
        parts.append(
            pd.DataFrame({"text": row + start, "reference": column, "rank": rank, "cosine": value.astype(float)})[kept]
        )
    table = pd.concat(parts, ignore_index=True)
    return table.assign(cosine=table["cosine"].clip(upper=1))
