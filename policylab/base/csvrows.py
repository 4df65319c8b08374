"""The rows of a CSV file, and what is wrong with its quotation marks.

A quotation mark that is opened and never closed makes one cell of all the rows behind it, and a lenient reader loses them
without a word. So the grammar (RFC 4180) is kept strictly, and a fault is reported where it begins.
"""

# mypy: disable-error-code="union-attr,index"
# (The patterns for the end of a cell or line match everywhere, at the latest at the end of the text.)

import re
from typing import NamedTuple

# The cells of a CSV file (RFC 4180). csv.reader would read them too, but of a fault it knows neither row nor column, and it
# takes a cell of more than 131,072 characters for one unless a setting of the whole process is changed.
_QUOTED_CELL = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')
_PLAIN_CELL = {mark: re.compile(rf"[^{mark}\r\n]*+") for mark in ",;\t"}
_CELL_END = {mark: re.compile(rf"{mark}|\r\n|\r|\n|\Z") for mark in ",;\t"}
_LINE_END = re.compile(r"\r\n|\r|\n|\Z")
_WRITTEN_TWICE = 'put the whole cell in quotation marks, and write each one within it twice ("").'

_OTHER_DIVIDERS = {";": "semicolons", "\t": "tabs", "，": "Chinese commas", "；": "Chinese semicolons"}


class Problem(NamedTuple):
    """What is wrong with a table, where, and what to do about it; `column` is None for a whole row."""

    row: int
    column: str | None
    text: str

    def describe(self, unit: str = "row") -> str:
        """The problem in one line."""
        return f"{unit} {self.row}{f', column {self.column}' if self.column else ''}: {self.text}"


def split_rows(text: str) -> tuple[list[str], list[tuple[int, list[str]]], list[Problem]]:
    """Split the text of a CSV file into (header, (row number, cells) of the other filled rows, problems).

    The empty rows and columns that spreadsheets add at the end are left out.
    """
    first = text[: _LINE_END.search(text).start()]
    if "," not in first and (mark := next((mark for mark in _OTHER_DIVIDERS if mark in first), None)):
        problem = f"the columns are divided by {_OTHER_DIVIDERS[mark]}. Save the table as CSV with commas."
        return [], [], [Problem(1, None, problem)]
    rows, problems = split_cells(text)
    if problems:
        return [], [], problems
    width = max((i for row in rows for i, cell in enumerate(row, 1) if cell.strip()), default=0)
    header = [name.strip() for name in rows[0][:width]]
    return header, [(n, row[:width]) for n, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)], []


def split_cells(text: str, mark: str = ",") -> tuple[list[list[str]], list[Problem]]:
    """Split the text of a CSV file into (cells of every row, problems).

    A quoted cell must be closed, and only `mark` (a comma, a semicolon or a tab) or the end of the line may follow it.
    Quotation marks within a cell that is not quoted are text if they come in pairs.

    Examples
    --------
    >>> split_cells('term,n\\n"平台,云",1\\n')
    ([['term', 'n'], ['平台,云', '1']], [])
    """
    rows, cells, problems, at = [], [], [], 0
    while at < len(text) or cells:  # behind a last comma there is one more cell, though no text
        opens = at
        quoted = text.startswith('"', at)
        found = (_QUOTED_CELL if quoted else _PLAIN_CELL[mark]).match(text, at)
        end = found and _CELL_END[mark].match(text, found.end())
        if end is None:
            problem, at = _explain_quotation(text, opens, found)
            problems.append(Problem(len(rows) + 1, _name_column(rows, len(cells)), problem))
            if at is None:
                break
            end = _LINE_END.search(text, at)
        elif quoted:
            cells.append(found[1].replace('""', '"'))
        else:
            if problem := _explain_plain(found[0]):
                problems.append(Problem(len(rows) + 1, _name_column(rows, len(cells)), problem))
            cells.append(found[0])
        at = end.end()
        if end[0] != mark:
            rows.append(cells)
            cells = []
    return rows, problems


def _explain_plain(cell):
    """What is wrong with a cell that is not quoted; None if nothing is."""
    if cell.count('"') % 2:
        return f"{cell!r} has a quotation mark without its pair. Delete it. To keep it: {_WRITTEN_TWICE}"
    if cell.lstrip().startswith('"'):
        return f"a blank before the quotation mark makes it part of the text {cell.strip()!r}. Delete the blank."
    return None


def _explain_quotation(text, opens, found):
    """(what is wrong with the quoted cell that begins at `opens`, where to read on).

    A mark that is never closed reaches to the end of the file, or to the opening mark of a later cell, which then seems to
    close it and has text behind it. What is a cell from there on can only be guessed, so nothing more is read. Where both
    marks are in one line, the next line is sound.
    """
    line = _count_lines(text, opens)
    opening = f"the quotation mark that opens this cell (line {line} of the file) is"
    if found is None:
        return f"{opening} never closed. Close it, or delete it.", None
    rest = text[found.end() : _LINE_END.search(text, found.end()).start()]
    rest = rest if len(rest) <= 20 else f"{rest[:20]}…"
    closes = _count_lines(text, found.end())
    if closes > line:
        following = f"the next one, in line {closes}, is followed by {rest!r}"
        return f"{opening} not closed: {following}. Close the cell where it ends.", None
    return f"{rest!r} follows the quotation mark that closes this cell: {_WRITTEN_TWICE}", found.end()


def _name_column(rows, place):
    """The name of a column in the header; its number in the header itself, and where it has no name."""
    name = rows[0][place].strip() if rows and place < len(rows[0]) else ""
    return name or str(place + 1)


def _count_lines(text, place):
    """The line of the file, counted from 1, in which a place of its text is."""
    return len(re.findall(r"\r\n|\r|\n", text[:place])) + 1
