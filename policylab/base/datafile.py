"""Tables that people write: reads a CSV, checks it, and reports everything that is wrong with it at once.

The catalog and the tables of units, works, verbs and words are meant to be read, disputed and extended by people who do
not program. So a mistake in one is answered with row, column, value and what to do, and rows are counted as a spreadsheet shows them.
"""

import csv
import io
import re
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from policylab.base.decoding import decode
from policylab.base.errors import PolicylabError

MATCHES = ("exact", "pattern")


def read_datafile(path, needed, optional=(), key=None, allowed=None, check=None):
    """Read a CSV of words into a table of strings, None where a cell is blank.

    `needed` columns must exist and be filled; `optional` ones may be missing or blank, and come back all the same. No two
    rows may share the value of the column `key`. `allowed` maps a column to the values it may hold. Where there is a
    column `match`, it says how the key is meant: `exact`, or `pattern`, a regular expression for the whole name. `check`
    may look for more: it is given each row as {column: text or None} and returns (column, problem with remedy) pairs.

    Raises one PolicylabError that lists all problems with row, column, value and remedy; the header is row 1.
    """
    path = Path(path)
    allowed = {"match": MATCHES, **(allowed or {})}
    header, rows, problems = read_rows(read_table(path))
    columns = [*needed, *optional]
    problems = problems or check_header(header, needed, columns)
    records = []
    if not problems:
        records, problems = make_records(header, rows)
        for row, cells in records:
            problems += check_cells(row, cells, needed, allowed, key)
            problems += [f"row {row}, column {name}: {problem}" for name, problem in (check(cells) if check else ())]
        problems += check_key(records, key)
    refuse(path, problems)
    return pd.DataFrame([[cells.get(name) for name in columns] for _, cells in records], columns=columns, dtype=object)


def refuse(path, problems):
    """Raise PolicylabError with all problems of a file; do nothing if there are none."""
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise PolicylabError("\n  ".join([f"{path} has {count}:", *problems]))


def read_table(path):
    """The text of a CSV file, whatever its encoding."""
    if not path.is_file():
        raise PolicylabError(f"There is no file {path.absolute()}. Give the path of a CSV file in UTF-8.")
    try:
        return decode(path.read_bytes()).text
    except PolicylabError as error:
        raise PolicylabError(f"{path} cannot be read: {error}. Save the table as CSV in UTF-8.") from None


def read_rows(text):
    """Header, (row number, cells) of the other filled rows, problems; without the empty columns that spreadsheets add."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return [], [], ["a quotation mark is opened and never closed. Close it, or save the table as CSV anew."]
    width = max((i for row in rows for i, cell in enumerate(row, 1) if cell.strip()), default=0)
    header = [name.strip() for name in rows[0][:width]]
    if len(header) == 1 and (mark := next((mark for mark in ";\t" if mark in header[0]), None)):
        named = "semicolons" if mark == ";" else "tabs"
        return [], [], [f"row 1: the columns are divided by {named}. Save the table as CSV with commas."]
    return header, [(n, row[:width]) for n, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)], []


def make_records(header, rows):
    """(row number, {column: text or None}) of every row, and the rows of another width as problems."""
    records, problems = [], []
    for number, values in rows:
        if len(values) != len(header):
            problems.append(
                f"row {number}: {len(values)} cells instead of {len(header)}."
                " Put a cell that holds a comma or a quotation mark in double quotes."
            )
            continue
        records.append((number, {name: value.strip() or None for name, value in zip(header, values)}))
    return records, problems


def check_header(header, needed, columns, advice=""):
    """What is wrong with a header; `advice` is added where a column is unknown."""
    problems = [
        f"row 1: the column {name} is missing. Add it; needed are {', '.join(needed)}."
        for name in needed
        if name not in header
    ]
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            problems.append(f"row 1: the column {name!r} stands there {header.count(name)} times. Keep one.")
        if name not in columns:
            near = get_close_matches(name, columns, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(columns)}."
            problems.append(f"row 1: the column {name!r} is unknown. {hint} {advice}".rstrip())
    return problems


def check_cells(row, cells, needed, allowed, key):
    """What is wrong with the cells of one row."""
    problems = []
    for name, value in cells.items():
        if value is None and name in needed:
            problems.append(f"row {row}, column {name}: the cell is blank. Fill it in.")
        elif value is not None and name in allowed and value not in allowed[name]:
            problems.append(f"row {row}, column {name}: {value!r} is unknown. Use one of {', '.join(allowed[name])}.")
    if cells.get("match") == "pattern" and cells[key]:
        try:
            re.compile(cells[key])
        except re.error as error:
            problems.append(
                f"row {row}, column {key}: {cells[key]!r} is no regular expression ({error})."
                " Mend it, or write exact into the column match."
            )
    return problems


def check_key(records, key):
    """Rows that repeat the value of the key column."""
    problems, seen = [], {}
    for row, cells in records:
        value = cells.get(key)
        if value in seen:
            problems.append(f"row {row}, column {key}: {value!r} already stands in row {seen[value]}. Keep one.")
        elif value:
            seen[value] = row
    return problems


def match_names(names, table, key):
    """The row of `table` that describes each of `names`: one row per name, in their order, indexed by name.

    An exact row comes before any pattern; of several patterns that match the whole name, the first in the table counts. A
    name that no row describes has None in every column. The column `match` tells how the row was found.

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
    return pd.DataFrame(rows, columns=table.columns, index=pd.Index(names, name="name", dtype=object), dtype=object)
