"""Units of counting and resampling: tasks where every document has them, else paragraphs.

Words of one task depend on each other, so intervals resample units, not words. Units are drawn within each document: the
documents stay as they are, and an interval speaks of these documents only, not of others that might have been written.
"""

import zlib
from numbers import Integral
from typing import NamedTuple

import numpy as np
import pandas as pd

from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.words.terms import TOKENS, cast_matrix

ALIKE = "all resamples are alike"  # why interval() is NaN where nothing is undefined
FEWEST = 40  # draws of which one is 2.5%, what a 95% interval leaves out on either side
UNITS = ("task", "section", "paragraph", "document_id")


class Units(NamedTuple):
    """Counts by unit: `rows` (the columns of by, document_id, unit), `matrix` (unit x term), `sizes` (counted tokens)."""

    unit: str
    rows: pd.DataFrame
    matrix: object
    terms: list
    sizes: np.ndarray


def choose_unit(tokens):
    """ "task" if every document has words in tasks, else "paragraph": documents are compared in units of one kind.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> choose_unit(lab.tokenize(corpus))
    'task'
    """
    need_columns(tokens, ["document_id", "paragraph", "task"], "tokens")
    in_tasks = tokens.loc[tokens["task"].notna(), "document_id"].nunique()
    return "task" if in_tasks == tokens["document_id"].nunique() and in_tasks else "paragraph"


def check_unit(unit):
    """The unit; raises PolicylabError for an unknown one.

    >>> check_unit("task")
    'task'
    """
    if unit not in UNITS:
        raise PolicylabError(f"unit={unit!r} is unknown. Use one of {', '.join(map(repr, UNITS))}, or None.")
    return unit


def name_unit(unit):
    """What a sentence calls a unit.

    >>> name_unit("task"), name_unit("document_id")
    ('task', 'document')
    """
    return unit.removesuffix("_id")


def count_by_unit(tokens, by=(), unit=None, terms=None):
    """Counts of terms in every unit; words outside the units (a preface, where units are tasks) are left out."""
    unit = choose_unit(tokens) if unit is None else check_unit(unit)
    columns = list(dict.fromkeys([*by, "document_id", unit]))
    need_columns(tokens, [*TOKENS, *columns], "tokens")
    everything = cast_matrix(tokens, columns)
    sizes = np.asarray(everything.matrix.sum(axis=1)).ravel()
    worded = np.flatnonzero(sizes)  # a task that is all title or numeral has no rate and no share
    rows, sizes = everything.rows.iloc[worded].reset_index(drop=True), sizes[worded]
    everything = everything._replace(matrix=everything.matrix[worded])
    if terms is None:
        return Units(unit, rows, everything.matrix, everything.terms, sizes)
    place = pd.Index(everything.terms).get_indexer(pd.Index(list(terms)))
    chosen = everything.matrix.tocsc()[:, np.maximum(place, 0)].toarray() * (place >= 0)
    return Units(unit, rows, chosen, list(terms), sizes)


def check_resamples(n_resamples):
    """Raise PolicylabError unless `n_resamples` is 0, for no intervals, or enough draws for 95% intervals.

    >>> check_resamples(20)
    Traceback (most recent call last):
    policylab.base.errors.PolicylabError: n_resamples=20: expected a whole number of 40 or more for 95% intervals, or 0 for none.
    """
    whole = isinstance(n_resamples, Integral) and not isinstance(n_resamples, bool)
    if not whole or (n_resamples != 0 and n_resamples < FEWEST):
        raise PolicylabError(
            f"n_resamples={n_resamples!r}: expected a whole number of {FEWEST} or more for 95% intervals, or 0 for none."
        )


def resample(documents, counts, n_resamples, seed, label=""):
    """Sums of the rows of `counts` (dense or sparse), with units drawn anew within each document.

    A row of the result is a resample, a column a column of `counts`. Every document has a stream of its own, made from
    seed, label and id: neither the order of the documents nor the presence of others changes it.
    """
    documents = np.asarray(documents, dtype=object)
    sums = np.zeros((n_resamples, counts.shape[1]))
    for document in sorted(set(documents)):
        own = counts[np.flatnonzero(documents == document)]
        n = own.shape[0]
        stream = np.random.default_rng([seed, zlib.crc32(f"{label}\0{document}".encode())])
        drawn = stream.multinomial(n, np.full(n, 1 / n), size=n_resamples)
        sums += np.asarray((own.T @ drawn.T).T)
    return sums


def divide(numerator, denominator):
    """The quotient, NaN where the denominator is zero."""
    numerator, denominator = np.broadcast_arrays(
        np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    )
    return np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator != 0)


def interval(values):
    """95% percentile interval of every column of resampled values; NaN where one of them is undefined or all are alike.

    NaN too where fewer than 40 values are left, of which no 2.5% can be cut off.
    Draws that cannot differ, as of a word that no unit uses, would make an interval of no width, and pass for certainty.
    """
    if len(values) < FEWEST:
        return np.full((2, values.shape[1]), np.nan)
    ends = np.percentile(values, [2.5, 97.5], axis=0)
    # Shares and rates per word that are equal can differ by rounding, by 1e-16 or so; one use in a million words by 1e-6.
    ends[:, np.ptp(values, axis=0) < 1e-12] = np.nan
    return ends
