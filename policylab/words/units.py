"""Units of text: what words are counted in and intervals resample. One rule for all measures.

Words of one task depend on each other, so intervals resample units, not words. A unit is named by one word; the document
always belongs to it: task 1 of two documents is two units.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.resampling import hash_bags
from policylab.words.terms import TOKENS, cast_matrix

PARTS = ("task", "section", "paragraph")
UNITS = (*PARTS, "document")


class Units(NamedTuple):
    """Counts by unit.

    `rows` has the columns of by, document_id and the unit; `matrix` is units by `terms`; `sizes` are the counted tokens
    of the units, and `contents` numbers that stand for all their counted words (hash_bags).
    """

    unit: str
    rows: pd.DataFrame
    matrix: Any
    terms: list
    sizes: np.ndarray
    contents: np.ndarray


def check_unit(unit: object, allowed: Sequence = (*UNITS, None)) -> str | None:
    """The unit as given; raises PolicylabError unless it is one of the allowed ones.

    >>> check_unit(["document_id", "task"], ("task", "paragraph"))
    Traceback (most recent call last):
    policylab.base.errors.PolicylabError: unit=['document_id', 'task'] is not one name. Use one of 'task', 'paragraph'; the document always belongs to it.
    """
    if unit is None or isinstance(unit, str):
        if unit in allowed:
            return unit
        fault, remedy = "is unknown", ""
    else:
        fault, remedy = "is not one name", "; the document always belongs to it"
    names = ", ".join(repr(name) for name in allowed if name)
    raise PolicylabError(f"unit={unit!r} {fault}. Use one of {names}{', or None' * (None in allowed)}{remedy}.")


def choose_unit(tokens: pd.DataFrame, unit: str | None = None) -> str:
    """Choose the unit of text that measures count and resample by.

    Documents are compared in units of one kind, so one document without tasks makes paragraphs the unit of all.

    Parameters
    ----------
    tokens : DataFrame
        The tokens of the documents that are compared (tokenize).
    unit : {"task", "section", "paragraph", "document"}, optional
        Kept if it is given.

    Returns
    -------
    str
        `unit`; without it "task" if every document has words in tasks, otherwise "paragraph".

    Raises
    ------
    PolicylabError
        If the unit is unknown or a column is missing.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> choose_unit(lab.tokenize(corpus))
    'task'
    """
    if (unit := check_unit(unit)) is not None:
        return unit
    need_columns(tokens, ["document_id", "paragraph", "task"], "tokens")
    in_tasks = tokens.loc[tokens["task"].notna(), "document_id"].nunique()
    return "task" if in_tasks == tokens["document_id"].nunique() and in_tasks else "paragraph"


def list_unit_columns(unit: str) -> list[str]:
    """The columns whose values together name a unit.

    >>> list_unit_columns("task"), list_unit_columns("document")
    (['document_id', 'task'], ['document_id'])
    """
    return ["document_id"] if unit == "document" else ["document_id", unit]


def count_by_unit(
    tokens: pd.DataFrame, by: Sequence[str] = (), unit: str | None = None, terms: Sequence[str] | None = None
) -> Units:
    """Counts of terms in every unit; words outside the units (a preface, where units are tasks) are left out."""
    unit = choose_unit(tokens, unit)
    columns = list(dict.fromkeys([*by, *list_unit_columns(unit)]))
    need_columns(tokens, [*TOKENS, *columns], "tokens")
    everything = cast_matrix(tokens, columns)
    sizes = np.asarray(everything.matrix.sum(axis=1)).ravel()
    worded = np.flatnonzero(sizes)  # a task that is all title or numeral has no rate and no share
    rows, sizes, matrix = everything.rows.iloc[worded].reset_index(drop=True), sizes[worded], everything.matrix[worded]
    contents = hash_bags(matrix, everything.terms)
    if terms is None:
        return Units(unit, rows, matrix, everything.terms, sizes, contents)
    place = pd.Index(everything.terms).get_indexer(pd.Index(list(terms)))
    chosen = matrix.tocsc()[:, np.maximum(place, 0)].toarray() * (place >= 0)
    return Units(unit, rows, chosen, list(terms), sizes, contents)
