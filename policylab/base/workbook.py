"""Excel workbooks of others: their sheets as texts, cell by cell, within limits.

A workbook is a zip of XML that anybody may have made. Whatever unpacks to more than a computer holds is refused before it is
read: the library that reads the cells would end the whole process. Formulas are never evaluated; what Excel computed last
counts.
"""

import datetime
import io
import math
import os
import re
from pathlib import Path

from policylab.base.apart import read_apart
from policylab.base.archive import open_archive
from policylab.base.errors import PolicylabError

CELL_LIMIT = 32_767  # characters; Excel cuts what is longer without a word
ENDINGS = (".xlsx", ".xlsm", ".xls")

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MOST_CELLS = 20_000_000  # 100,000 rows of 200 columns; the reader holds every cell up to the last one, empty or not
_PLACE = re.compile(rb"""[\s]r\s*=\s*["']([A-Za-z]{0,9})(\d+)["']""")
_XML = (".xml", ".rels")
_NO_BOOK = "Save it as an Excel workbook (.xlsx), or as CSV in UTF-8."


def is_workbook(path: str | os.PathLike) -> bool:
    """Whether a file is called a workbook, or begins as one does."""
    if Path(path).suffix.lower() in ENDINGS:
        return True
    try:
        with open(path, "rb") as file:
            return file.read(4) in (_ZIP, _OLE)
    except OSError:
        return False


def read_workbook(path: str | os.PathLike) -> list[tuple[str, list[list[str]]]]:
    """The sheets of a workbook that hold anything, as (name, rows of texts): .xlsx, .xlsm and .xls.

    The first row of a sheet is the first of the list, however many are blank. A whole number is written without decimals, a
    date as YYYY-MM-DD, with its time if it has one.

    Raises
    ------
    PolicylabError
        If the file is no workbook, is damaged or protected by a password, or unpacks to more than a computer holds; the
        message is a sentence about "the file" with what to do.
    """
    data = Path(path).read_bytes()  # opened here, so that a run knows its inputs
    if data.startswith(_ZIP):
        _check_size(data)
    elif not data.startswith(_OLE):
        raise PolicylabError(f"the file is no Excel workbook. {_NO_BOOK}")
    sheets = read_apart("workbook", data)
    if sheets is None:
        raise PolicylabError(f"the file is damaged. Open it in Excel. {_NO_BOOK}")
    return [(name, rows) for name, rows in sheets]


def read_sheets(data: bytes) -> list[tuple[str, list[list[str]]]]:
    """The sheets of a workbook as read_workbook gives them, without its limits."""
    return [(name, rows) for name, rows in _list_sheets(data) if rows]


def _list_sheets(data):
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for place, name in enumerate(book.sheet_names):
            if book.sheets_metadata[place].typ == SheetTypeEnum.WorkSheet:
                yield name, _print_rows(book.get_sheet_by_index(place).to_python(skip_empty_area=False))
    except PasswordError:
        raise PolicylabError("the file is protected by a password. Save it without one.") from None
    except CalamineError as error:
        raise PolicylabError(f"the file is no Excel workbook, or is damaged ({error}). {_NO_BOOK}") from None
    except BaseException as error:
        # A fault in the reader's Rust comes as an exception that `except Exception` does not catch.
        if type(error).__name__ != "PanicException":
            raise
        raise PolicylabError(f"the file is damaged. Open it in Excel. {_NO_BOOK}") from None


def _print_rows(rows):
    """Rows of texts, without the blank ones at the end."""
    printed = [[_print_cell(value) for value in row] for row in rows]
    while printed and not any(map(str.strip, printed[-1])):
        printed.pop()
    return printed


def _print_cell(value):
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return value.isoformat(" ") if isinstance(value, datetime.datetime) else str(value)


def _check_size(data):
    """Refuse a zip that is beyond the limits of archives, or whose sheets reach too far."""
    try:
        with open_archive(data) as archive:
            parts = [member for member in archive.members if member.name.lower().startswith("xl/")]
            # Every part is unpacked once here: what is longer than it says, or broken, shows.
            sheets = [_measure_sheet(archive.read(member)) for member in parts if member.name.lower().endswith(_XML)]
    except PolicylabError as error:
        raise PolicylabError(f"the file is no workbook that can be read: {error}. {_NO_BOOK}") from None
    if not sheets:
        raise PolicylabError(f"the file is no Excel workbook. {_NO_BOOK}")
    columns, rows = max(sheets, key=math.prod)
    if columns * rows > _MOST_CELLS:
        remedy = "Delete the rows and columns behind the last filled one, or save the table as CSV in UTF-8."
        raise PolicylabError(f"the file has a sheet whose cells reach to column {columns:,} and row {rows:,}. {remedy}")


def _measure_sheet(xml):
    """The last column and row that the cells of a sheet name."""
    columns, rows = set(), set()
    for found in _PLACE.finditer(xml):
        columns.add(found[1])
        rows.add(found[2][:9])  # more digits are no row that there is
    return max(map(_count_column, columns), default=1), max(map(int, rows), default=1)


def _count_column(letters):
    """A=1, Z=26, AA=27.

    >>> _count_column(b"A"), _count_column(b"xfd")
    (1, 16384)
    """
    column = 0
    for letter in letters.upper():
        column = 26 * column + letter - 64
    return column
