"""Tables that people write: one strict reader of CSV files, which reports everything that is wrong with one at once.

The catalog, the tables of units, works, verbs and words and the sheets of coders are meant to be read, disputed and extended
by people who do not program. So a mistake is reported with its row, column and value and with what to do about it. Rows are
counted as a spreadsheet counts them: the header is row 1, blank rows count, and a cell that goes on over several lines of
the file is still in one row.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from policylab.base.csvrows import Problem, split_rows
from policylab.base.decoding import decode
from policylab.base.errors import PolicylabError, list_problems
from policylab.base.spreadsheet import unescape_formula
from policylab.base.workbook import is_workbook, read_workbook

MATCHES = ("exact", "pattern")

_HIDDEN_ROW = (
    "the cell has several lines, one of which looks like a row of its own. Close the quotation mark that opens the cell where "
    "it ends, or take the line breaks out of the cell."
)


class Records(NamedTuple):
    """A table as read: (row number, {column: text or None}) for every filled row, and the problems found so far."""

    rows: list[tuple[int, dict[str, str | None]]]
    problems: list[Problem]
    note: str | None  # how the file is encoded, if not in plain UTF-8


def read_datafile(
    path: str | os.PathLike,
    needed: Sequence[str],
    optional: Sequence[str] = (),
    *,
    key: Sequence[str] = (),
    allowed: Mapping[str, Iterable[str]] | None = None,
    check: Callable[[dict], Iterable[tuple[str, str]]] | None = None,
) -> pd.DataFrame:
    """Read a CSV file of texts into a table of strings, None where a cell is blank: one row is a filled row of the file.

    Parameters
    ----------
    path : path
        A CSV file in UTF-8, UTF-16, GB18030 or Big5, or an Excel workbook, whose first sheet counts.
    needed : list of str
        Columns that must be there and be filled.
    optional : list of str
        Columns that may be missing or blank; the result has them all the same.
    key : list of str
        Columns whose values, taken together, no two rows may share.
    allowed : dict, optional
        {column: the values that it may hold}. A column `match` says how the key is meant: `exact`, or `pattern`, a
        regular expression for the whole name.
    check : callable, optional
        Looks for more in a row: gets {column: text or None} and gives (column, problem with remedy) pairs.

    Raises
    ------
    PolicylabError
        One message that lists all problems with row, column, value and remedy.
    """
    records = read_records(path, needed, optional)
    problems = records.problems + check_records(records.rows, needed, key=key, allowed=allowed, check=check)
    refuse(path, sorted(problems, key=lambda problem: problem.row))
    columns = [*needed, *optional]
    return pd.DataFrame(
        [[cells.get(name) for name in columns] for _, cells in records.rows], columns=columns, dtype=object
    )


def read_records(
    path: str | os.PathLike, needed: Sequence[str], optional: Sequence[str] = (), *, advice: str = ""
) -> Records:
    """Read the rows of a CSV file and check what makes it a table: quotation marks, header and the width of the rows.

    Parameters
    ----------
    path, needed, optional
        As in read_datafile.
    advice : str
        What else to say where a column is unknown.

    Returns
    -------
    Records
        Without rows if a quotation mark is at fault or if a needed column is missing or repeated: then no cell can be
        trusted to hold what its column says. An unknown column keeps nothing from being checked.

    Raises
    ------
    PolicylabError
        If there is no such file, or it is no text.
    """
    path = find_datafile(path)
    header, rows, problems, note = read_rows(path)
    if problems:
        return Records([], problems, note)
    problems = _check_header(header, needed, [*needed, *optional], advice)
    if not set(needed) <= set(header) or len(set(header)) < len(header):
        return Records([], problems, note)
    records, delimited = [], not is_workbook(path)
    for number, cells in rows:
        hiding = _find_hidden_row(cells, len(header)) if delimited else None
        if hiding is not None:
            problems.append(Problem(number, header[hiding], _HIDDEN_ROW))
        elif len(cells) == len(header):
            records.append((number, dict(zip(header, map(_read_cell, cells)))))
        else:
            many = "Put a cell that holds a comma or a quotation mark in double quotes."
            remedy = many if len(cells) > len(header) else "Write a comma for each blank cell too."
            problems.append(Problem(number, None, f"{len(cells)} cells instead of {len(header)}. {remedy}"))
    return Records(records, problems, note)


def read_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]], list[Problem], str | None]:
    """Read a CSV file or the first sheet of an Excel workbook, whatever its columns: (header, (row number, cells) of the other
    filled rows, problems, encoding note).
    """
    if not os.path.isfile(path):
        raise PolicylabError(f"There is no file {path.absolute()}. Give the path of a CSV file in UTF-8.")
    if is_workbook(path):
        return *_read_sheet(path), [], None
    try:
        decoded = decode(path.read_bytes())
    except PolicylabError as error:
        raise PolicylabError(f"{path} cannot be read: {error}. Save the table as CSV in UTF-8.") from None
    except OSError as error:
        raise PolicylabError(f"{path} cannot be read: {error.strerror}. Close it in other programs.") from None
    header, rows, problems = split_rows(decoded.text)
    return [unescape_formula(name) for name in header], rows, problems, decoded.note


def _read_sheet(path):
    try:
        sheets = read_workbook(path)
    except PolicylabError as error:
        raise PolicylabError(f"{path} cannot be read: {error}") from None
    except OSError as error:
        raise PolicylabError(f"{path} cannot be read: {error.strerror}. Close it in other programs.") from None
    header, *rows = sheets[0][1] if sheets else [[]]
    width = max((i for row in [header, *rows] for i, cell in enumerate(row, 1) if cell.strip()), default=0)
    filled = [(number, row[:width]) for number, row in enumerate(rows, 2) if any(map(str.strip, row))]
    return [unescape_formula(name.strip()) for name in header[:width]], filled


def find_datafile(path: str | os.PathLike | None, shipped: Path | None = None) -> Path:
    """The path of a table: `shipped` if none is given. Raises PolicylabError for what is no path, and for a folder."""
    if path is None and shipped is not None:
        return shipped
    if not isinstance(path, (str, os.PathLike)) or not os.fspath(path):
        what = "empty" if isinstance(path, str) else f"of the type {type(path).__name__}"
        remedy = " Leave it out for the table that ships." if shipped else ""
        raise PolicylabError(f"path is {what}: expected the path of a file.{remedy}")
    if os.path.isdir(path):
        raise PolicylabError(f"{path} is a folder. Give the path of a file in it.")
    return Path(path)


def refuse(what: object, problems: Sequence[Problem], unit: str = "row") -> None:
    """Raise PolicylabError with the problems of a file or table, `what`; do nothing if there are none."""
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise PolicylabError(list_problems(f"{what} has {count}:", [problem.describe(unit) for problem in problems]))


def check_records(
    records: Iterable[tuple[int, dict]],
    needed: Sequence[str],
    *,
    key: Sequence[str] = (),
    allowed: Mapping[str, Iterable[str]] | None = None,
    check: Callable[[dict], Iterable[tuple[str, str]]] | None = None,
    unit: str = "row",
) -> list[Problem]:
    """The problems of the cells of (row, {column: text or None}) records, in their order; see read_datafile.

    `unit` is what a record is in the file: a row, or a line of a text file.
    """
    problems, seen = [], {}
    allowed = {"match": MATCHES, **(allowed or {})}
    for row, cells in records:
        found = [(name, "the cell is blank. Fill it in.") for name in needed if cells[name] is None]
        found += [
            (name, f"{value!r} is unknown. Use one of {', '.join(allowed[name])}.")
            for name, value in cells.items()
            if value is not None and name in allowed and value not in allowed[name]
        ]
        if cells.get("match") == "pattern" and cells[key[0]]:
            found += _check_pattern(key[0], cells[key[0]])
        found += check(cells) if check else ()
        values = tuple(cells[name] for name in key)
        if key and all(isinstance(value, str) for value in values):
            if values in seen:
                named = ", ".join(map(repr, values))
                found.append((", ".join(key), f"{named} is already in {unit} {seen[values]}. Keep one."))
            seen.setdefault(values, row)
        problems += [Problem(row, name, text) for name, text in found]
    return problems


def match_names(names: Sequence[str], table: pd.DataFrame, key: str) -> pd.DataFrame:
    """The row of `table` that describes each of `names`: one row per name, in their order, indexed by name.

    An exact row comes before any pattern; of several patterns that match the whole name, the first in the table counts. A
    name that no row describes has None in every column. The column `match` says how the row was found.

    Examples
    --------
    >>> table = pd.DataFrame({"name": [".+司", "科技司"], "match": ["pattern", "exact"], "field": [None, "科技"]}, dtype=object)
    >>> match_names(["科技司", "语用司", "校长"], table, "name")[["match", "field"]].values.tolist()
    [['exact', '科技'], ['pattern', None], [None, None]]
    """
    exact = {row[key]: row for row in table.to_dict("records") if row["match"] == "exact"}
    patterns = [(re.compile(row[key]), row) for row in table.to_dict("records") if row["match"] == "pattern"]
    nothing = dict.fromkeys(table.columns)
    rows = []
    for name in names:
        found = exact.get(name)
        if found is None:
            found = next((row for pattern, row in patterns if pattern.fullmatch(name)), nothing)
        rows.append(found)
    return pd.DataFrame(
        rows, columns=table.columns, index=pd.Index(list(names), name="name", dtype="object"), dtype=object
    )


def _read_cell(text):
    return unescape_formula(text.strip()).strip() or None


def _find_hidden_row(cells, width):
    """The place of a cell with several lines of which one looks like a row of its own; None if there is none.

    Two stray quotation marks can make one cell of all the rows between them, which no rule of CSV forbids.
    """
    for place, cell in enumerate(cells):
        *lines, last = re.split(r"\r\n|\r|\n", cell)[1:] or [""]
        commas = [line.count(",") for line in lines]
        if "," in last:  # the cells behind this one are in the same line
            commas.append(last.count(",") + len(cells) - place - 1)
        if any(count + 1 >= width for count in commas):
            return min(place, width - 1)
    return None


def _check_header(header, needed, columns, advice):
    """What is wrong with a header; `advice` is added where a column is unknown."""
    problems = [
        f"the column {name} is missing. Add it; needed are {', '.join(needed)}."
        for name in needed
        if name not in header
    ]
    for place, name in enumerate(header, 1):
        if not name:
            problems.append(f"column {place} has no name, but cells that are filled. Name it, or clear it.")
        elif name not in columns and header.index(name) == place - 1:
            near = get_close_matches(name, columns, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(columns)}."
            problems.append(f"the column {name!r} is unknown. {hint} {advice}".rstrip())
        if name and header.count(name) > 1 and header.index(name) == place - 1:
            problems.append(f"the column {name!r} appears {header.count(name)} times. Keep one.")
    return [Problem(1, None, problem) for problem in problems]


def _check_pattern(key, pattern):
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        what = "brackets are nested too deeply" if isinstance(error, RecursionError) else error
        yield key, f"{pattern!r} is no regular expression ({what}). Correct it, or write exact into the column match."
