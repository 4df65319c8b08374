"""Tables of others, in whatever file they come: CSV, Excel, JSON, Parquet, or a DataFrame; their cells as texts.

datafile.py reads tables that have to be of a given form. Here nothing is known of a table beforehand.
"""

import io
import json
import math
import os
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from numbers import Integral, Real
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from policylab.base.apart import read_apart
from policylab.base.csvrows import split_cells
from policylab.base.datafile import refuse
from policylab.base.decoding import decode
from policylab.base.errors import PolicylabError, list_problems, shorten_value
from policylab.base.spreadsheet import unescape_formula
from policylab.base.workbook import ENDINGS, is_workbook, read_workbook

TABLE_ENDINGS = (".csv", ".tsv", *ENDINGS, ".jsonl", ".ndjson", ".json", ".parquet")
_MARKS = ",;\t"
_CONTROL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]"
)  # what no text has, and no file can be written with
_NO_PARQUET = "the file is no Parquet file, or is damaged"
_MOST_BYTES = 4 << 30  # of a Parquet file that is unpacked; a computer with 8 GB holds it


class Table(NamedTuple):
    """A table as read: the names of its columns, and (number, cells) of every row that is filled; None is a blank cell."""

    name: str  # of the file, for messages
    unit: str  # what a row is in the file: "row" (the header being row 1), "line" or "record"
    columns: list[str]
    rows: list[tuple[int, list[str | None]]]
    notes: list[str]


def read_table(source: str | os.PathLike | pd.DataFrame) -> Table:
    """Read a table from a file, whose ending says what it is, or from a DataFrame. No formula is evaluated.

    A CSV file may be in any Chinese encoding and be divided by commas, semicolons or tabs. Of an Excel workbook the first
    sheet that holds anything is read. A JSON file is a list of records, or has one on each line.

    Raises
    ------
    PolicylabError
        If the file cannot be read, with all that is wrong with it.
    """
    if isinstance(source, pd.DataFrame):
        return _read_frame(source, "the DataFrame", "row")
    path = Path(source)
    if not os.path.isfile(path):
        raise PolicylabError(f"There is no file {path}. Give the path of a table, such as documents.xlsx.")
    try:
        if is_workbook(path):
            return _read_workbook(path)
        ending = path.suffix.lower()
        if ending == ".parquet":
            return _read_parquet(path)
        text = decode(path.read_bytes()).text
        if ending in (".jsonl", ".ndjson"):
            return _read_json_lines(path, text)
        return _read_json(path, text) if ending == ".json" else _read_csv(path, text)
    except PolicylabError as error:
        if str(error).startswith("the file"):
            raise PolicylabError(f"{path} cannot be read: {error}{'' if str(error).endswith('.') else '.'}") from None
        raise
    except OSError as error:
        raise PolicylabError(f"{path} cannot be read: {error.strerror}. Close it in other programs.") from None
    except MemoryError:
        raise PolicylabError(f"{path} needs more memory than there is. Divide it into several files.") from None
    except RecursionError:
        raise PolicylabError(f"{path} cannot be read: its records are nested too deeply.") from None


def print_value(value: object) -> str | None:
    """A value as text, with LF as line end; None for what is missing or blank.

    Examples
    --------
    >>> [print_value(value) for value in (2019.0, 0.5, True, date(2019, 2, 27), "a\\r\\nb", " ", None, ["甲", "乙"])]
    ['2019', '0.5', 'TRUE', '2019-02-27', 'a\\nb', None, None, '甲\\n乙']
    """
    if isinstance(value, str):
        value = _CONTROL.sub("", value)
        return value.replace("\r\n", "\n").replace("\r", "\n") if value.strip() else None
    if isinstance(value, bytes):
        return print_value(value.decode("utf-8", errors="replace"))
    if isinstance(value, (list, tuple, np.ndarray)):
        return "\n".join(filter(None, map(print_value, value))) or None
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (bool, np.bool_)):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        number = float(value)
        if math.isnan(number):
            return None
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _read_frame(frame, name, unit, notes=()):
    if frame.columns.nlevels > 1:
        first = ", ".join(map(str, frame.columns[0]))
        raise PolicylabError(f"The columns of {name} have several levels (first: {first}). Give each one name.")
    named = [level for level in frame.index.names if level is not None and level not in frame.columns]
    frame = frame.reset_index(level=named) if named else frame
    columns = [[print_value(value) for value in frame.iloc[:, place].tolist()] for place in range(frame.shape[1])]
    rows = [(number, list(cells)) for number, cells in enumerate(zip(*columns), 1) if any(cells)]
    return Table(name, unit, list(map(str, frame.columns)), rows, list(notes))


def _read_workbook(path):
    sheets = read_workbook(path)
    if not sheets:
        raise PolicylabError(f"{path} holds no cell.")
    first, *others = sheets
    notes = []
    if others:
        names = "、".join(name for name, _ in others)
        notes.append(
            f"only the sheet {first[0]} was read, not {names}. To read another one, move it to the front, or read it with"
            " pandas and give the DataFrame."
        )
    return _head(path, first[1], notes)


def _read_csv(path, text):
    first = text.partition("\n")[0]
    mark = max(_MARKS, key=first.count)
    rows, problems = split_cells(text, mark)
    refuse(path, problems)
    return _head(path, rows, [])


def _head(path, rows, notes):
    """A table of rows of texts, the first filled one of which is the header."""
    filled = [
        (number, [print_value(unescape_formula(cell)) for cell in row]) for number, row in enumerate(rows, 1) if row
    ]
    filled = [(number, row) for number, row in filled if any(row)]
    if not filled:
        raise PolicylabError(f"{path} holds no cell.")
    # A line above the table, such as its title, fills one cell where the table has several.
    while len(filled) > 2 and _count(filled[0]) == 1 < _count(filled[1]):
        del filled[0]
    (_, header), *body = filled
    width = max(len(row) for _, row in filled)
    columns = [(name or "").strip() for name in header] + [""] * (width - len(header))
    return Table(
        Path(path).name, "row", columns, [(number, row + [None] * (width - len(row))) for number, row in body], notes
    )


def _count(row):
    return sum(cell is not None for cell in row[1])


def _read_json_lines(path, text):
    records, problems = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            problems.append(f"line {number} is no JSON ({_explain(error)}).")
            continue
        if isinstance(record, dict):
            records.append((number, record))
        else:
            problems.append(f"line {number} is {shorten_value(line)}: expected a record in braces, {{…}}.")
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise PolicylabError(list_problems(f"{path} has {count}:", problems))
    return _tabulate(path, "line", records)


def _read_json(path, text):
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        if text.count("\n") and text.lstrip().startswith("{") and "Extra data" in str(error):
            return _read_json_lines(path, text)  # one record on each line, whatever the file is called
        raise PolicylabError(f"{path} is no JSON ({_explain(error)}).") from None
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list) and any(map(_is_record, value))]
        content = lists[0] if len(lists) == 1 else [content]
    if not isinstance(content, list) or not content or not all(map(_is_record, content)):
        raise PolicylabError(f"{path}: expected a list of records, [{{…}}, {{…}}], one for each document.")
    return _tabulate(path, "record", list(enumerate(content, 1)))


def _is_record(value):
    return isinstance(value, dict)


def _explain(error):
    return "it is nested too deeply" if isinstance(error, RecursionError) else error


def _tabulate(path, unit, records):
    """A table of records, whose columns are in the order in which they first appear."""
    flat = [(number, dict(_flatten(record))) for number, record in records]
    columns = list(dict.fromkeys(name for _, record in flat for name in record))
    rows = [(number, [print_value(record.get(name)) for name in columns]) for number, record in flat]
    return Table(Path(path).name, unit, columns, [row for row in rows if any(row[1])], [])


def _flatten(record: dict, prefix: str = "") -> Iterable[tuple[str, object]]:
    """The values of a record; those of a record in it are called outer.inner."""
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def read_parquet(data: bytes) -> tuple[list[str], list[tuple[int, list[str | None]]]]:
    """(columns, rows) of the bytes of a Parquet file, as a Table has them. Damaged bytes may end the process: see apart.py."""
    import fastparquet

    try:
        file = fastparquet.ParquetFile(io.BytesIO(data))
        if sum(group.total_byte_size or 0 for group in file.row_groups) > _MOST_BYTES:
            raise PolicylabError(f"the file unpacks to more than {_MOST_BYTES >> 30} GB. Divide it into several files")
        frame = file.to_pandas()
    except PolicylabError:
        raise
    except Exception as error:  # whatever the bytes of a damaged file make the library do
        raise PolicylabError(f"{_NO_PARQUET} ({shorten_value(str(error) or type(error).__name__)})") from None
    table = _read_frame(frame, "", "record")
    return table.columns, table.rows


def _read_parquet(path):
    content = read_apart("parquet", path.read_bytes())
    if content is None:
        raise PolicylabError(_NO_PARQUET)
    columns, rows = content
    return Table(path.name, "record", columns, [(number, cells) for number, cells in rows], [])
