"""Tables as Excel workbooks, one sheet a table: texts stay texts, and the same tables give the same bytes.

No cell is a formula or a link, whatever its text begins with, and no text is turned into a number.
"""

import io
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from numbers import Integral, Real

import pandas as pd
from pandas.api.types import is_object_dtype, is_string_dtype

from policylab.base.workbook import CELL_LIMIT

ROW_LIMIT = 1_048_576  # rows of a sheet, the header among them
MARK = "…"  # behind a text that was cut
_CREATED = datetime(2000, 1, 1)  # Excel wants a date; that of writing would change the bytes
_NARROWEST, _WIDEST = 6, 60  # widths of columns, in Latin letters
_SAMPLED = 200  # rows that the width of a column is taken from
# What no XML file may hold.
_NO_XML = {0xFFFE: "?", 0xFFFF: "?"} | dict.fromkeys(range(0xD800, 0xE000), "?")


def encode_workbook(
    tables: Mapping[str, pd.DataFrame], *, places: Mapping[str, int] | None = None, compress: bool = False
) -> bytes:
    """The bytes of a workbook with a sheet for each of `tables`, in their order.

    Parameters
    ----------
    tables : dict of str to DataFrame
        {name of the sheet: table}. Indexes are left out; texts must be cut before (cut_texts).
    places : dict of str to int, optional
        {column: decimals that are shown}; the numbers themselves are written as they are.
    compress : bool
        Whether to pack the file. How closely depends on the version of a library, so the bytes are the same everywhere only
        without.
    """
    import xlsxwriter

    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    head = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    formats = {n: book.add_format({"num_format": f"0.{'0' * n}" if n else "0"}) for n in set((places or {}).values())}
    for name, table in tables.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(map(str, table.columns)):
            values = table.iloc[:, column].tolist()
            shown = formats.get((places or {}).get(title, -1))
            sheet.set_column(column, column, _choose_width(title, values))
            _write(sheet, 0, column, title, head, day)
            for row, value in enumerate(values, 1):
                _write(sheet, row, column, value, shown, day)
    book.close()
    return written.getvalue() if compress else pack_stored(written.getvalue())


def pack_stored(data: bytes) -> bytes:
    """A zip with the same files, not compressed and without times: the same bytes from every version of the libraries."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 0, 0
            new.writestr(entry, old.read(name), zipfile.ZIP_STORED)
    return packed.getvalue()


def cut_texts(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, list[int]]]:
    """A table whose texts fit into cells, each that was cut ending in MARK, and {column: rows of these, from 1}.

    Excel counts a character beyond the basic plane, such as 𠮷, as two.

    Examples
    --------
    >>> table, cut = cut_texts(pd.DataFrame({"text": ["字" * 40_000, "字"]}))
    >>> table["text"].str.len().tolist(), table["text"][0][-1], cut
    ([32767, 1], '…', {'text': [1]})
    """
    table, found = table.copy(), {}
    for place, kind in enumerate(table.dtypes):
        if not (is_string_dtype(kind) or is_object_dtype(kind)):
            continue
        values = table.iloc[:, place].tolist()
        long = [row for row, value in enumerate(values) if isinstance(value, str) and _measure(value) > CELL_LIMIT]
        if long:
            for row in long:
                values[row] = _cut(values[row])
            table.isetitem(place, values)
            found[str(table.columns[place])] = [row + 1 for row in long]
    return table, found


def _measure(text):
    if 2 * len(text) <= CELL_LIMIT:
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


def _cut(text):
    units = text.encode("utf-16-le", errors="replace")[: 2 * (CELL_LIMIT - 1)]
    return units.decode("utf-16-le", errors="ignore") + MARK


def _write(sheet, row, column, value, shown, day):
    """One cell; nothing where the value is missing."""
    if isinstance(value, str):
        if value:
            sheet.write_string(row, column, value.translate(_NO_XML), shown)
    elif value is None or value is pd.NaT or value is pd.NA:
        pass
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, shown)
    elif isinstance(value, (Integral, Real)):
        number = float(value)
        if number - number == 0:  # neither missing nor infinite
            sheet.write_number(row, column, value, shown)
        elif number == number:
            sheet.write_string(row, column, str(number))
    elif isinstance(value, (date, datetime)):
        sheet.write_datetime(row, column, value, day)
    else:
        sheet.write_string(row, column, str(value).translate(_NO_XML), shown)


def _choose_width(title: str, values: Sequence[object]) -> int:
    """The width of a column: that of its longest line among the first rows, within reason."""
    lines = [title] + [str(value).partition("\n")[0] for value in islice(values, _SAMPLED) if value is not None]
    widest = max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line[:_WIDEST]) for line in lines)
    return min(max(widest + 2, _NARROWEST), _WIDEST)
