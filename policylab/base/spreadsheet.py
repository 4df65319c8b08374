"""Cells that a spreadsheet would compute: an apostrophe keeps them text, and reading takes it off again.

Texts of strangers reach the CSV files of figures, tables and coding sheets. Excel and LibreOffice compute a cell that looks
like a formula, also one that comes from a CSV file (CSV injection). The remedy is the one of OWASP: an apostrophe in front.
"""

import re
from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

# Signs that begin a formula, also in the full width of Chinese input. Blanks before one do not keep a spreadsheet from
# computing, and some programs drop a tab or a line end at the start. A sign alone, such as the comparator =, is no formula.
_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])\s*\S.*", re.DOTALL)
_NUMBER = re.compile(r"'*\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*")


def escape_formula(value: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would take for a formula; leave everything else as it is.

    Notes
    -----
    Numbers are no formulas, even those written as text: -0.5 and '-0.5' both stay. A text that begins with an apostrophe
    and a formula gets another one, so that unescape_formula always gives the text back.

    Examples
    --------
    >>> [escape_formula(value) for value in ("=1+1", " －组织", "推进", "=", "-0.5", -0.5)]
    ["'=1+1", "' －组织", '推进', '=', '-0.5', -0.5]
    """
    return f"'{value}" if _is_formula(value) else value


def unescape_formula(value: Any) -> Any:
    """Take off the apostrophe that escape_formula put before a text; leave everything else as it is.

    Examples
    --------
    >>> [unescape_formula(value) for value in ("'=1+1", "''=1+1", "'十三五'", -0.5)]
    ['=1+1', "'=1+1", "'十三五'", -0.5]
    """
    return value[1:] if isinstance(value, str) and value[:1] == "'" and _is_formula(value[1:]) else value


def escape_table(table: pd.DataFrame) -> pd.DataFrame:
    """A copy of a table in which no text, nor the name of a column, is a formula to a spreadsheet.

    Examples
    --------
    >>> escape_table(pd.DataFrame({"term": ["@平台", None], "n": [-1, 2]})).to_csv(index=False, lineterminator=";")
    "term,n;'@平台,-1;,2;"
    """
    return _map_texts(table, escape_formula)


def unescape_table(table: pd.DataFrame) -> pd.DataFrame:
    """A copy of a table that was read from a file of escape_table, with the texts as they were.

    Examples
    --------
    >>> unescape_table(escape_table(pd.DataFrame({"=term": ["@平台"], "n": [-1]}))).to_dict("list")
    {'=term': ['@平台'], 'n': [-1]}
    """
    return _map_texts(table, unescape_formula)


def _map_texts(table, change):
    table = table.rename(columns=change)
    for place, kind in enumerate(table.dtypes):
        if not is_numeric_dtype(kind):
            before = list(table.iloc[:, place])
            after = [change(value) for value in before]
            if any(new is not old for new, old in zip(after, before, strict=True)):
                table.isetitem(place, after)
    return table


def _is_formula(value):
    return isinstance(value, str) and bool(_FORMULA.fullmatch(value)) and not _NUMBER.fullmatch(value)
