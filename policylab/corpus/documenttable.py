"""Tables with one document a row, as law databases, scrapers and people make them: which column holds what is proposed.

The names of columns (documenttable.toml) propose, their contents decide: a column of texts is long, one of dates holds dates.
What is proposed can be named instead.
"""

import os
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from policylab.base.dates import read_date
from policylab.base.divisions import full_name
from policylab.base.errors import PolicylabError, list_problems, shorten_value, suggest
from policylab.base.regions import find_region
from policylab.base.tablefile import Table, read_table
from policylab.base.workbook import CELL_LIMIT
from policylab.corpus import grammar as g
from policylab.corpus.lines import clean_title

_TOML = tomllib.loads(Path(__file__).with_name("documenttable.toml").read_text(encoding="utf-8"))
ROLES = tuple(name for name in _TOML["columns"] if name != "other")
_LEVELS = {word: level for level, words in _TOML["levels"].items() for word in words}

# Chosen by judgement. A column whose name says that it holds texts may hold short ones; without such a name only length
# tells a text from a summary or a title.
_SHORTEST_NAMED, _SHORTEST_TEXT = 30, 100  # characters, on average
_MOST = 0.5  # the share of its cells that must be what the name of a column says
_NEARLY_ALL = 0.8  # and without such a name
_LONGEST_TITLE = 100  # characters, on average; titles of official documents have 20 to 60
_EXAMPLES, _LISTED = 3, 10  # cells that a note quotes, and rows that it names

_URL = re.compile(r"\s*(?:https?://|www\.)\S+\s*", re.IGNORECASE)
_YEAR = re.compile(r"([12]\d{3})(?:\.0)?\s*年?度?")
_HTML = re.compile(r"</?(?:p|div|br|span|table|td|a|html|font|strong)\b[^<>]*>", re.IGNORECASE)
_FILE_ENDING = re.compile(r"\.(?:pdf|docx?|txt|html?|wps|md|ofd)$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(（\[【].{0,80}?[)）\]】]")


class DocumentTable(NamedTuple):
    """A table with one document a row: the cells that are known, the texts, and what a person should know of the table."""

    name: str  # of the file, for messages
    unit: str  # what a row is called: "row" (in a file the header is row 1), "line" or "record"
    rows: list[tuple[int, dict[str, str | None], str]]  # (number, {role: cell}, text)
    columns: dict[str, str]  # role -> the column it is read from; several of one role are joined by " / "
    notes: list[str]


def read_document_table(
    source: str | os.PathLike | pd.DataFrame | Table, *, columns: Mapping[str, str] | None = None
) -> DocumentTable:
    """Read a table with one document a row, and propose which column holds the text, the title, the date and so on.

    Parameters
    ----------
    source : path, DataFrame or Table
        A .csv (in any Chinese encoding; divided by commas, semicolons or tabs), .xlsx, .xls, .jsonl, .json or .parquet file,
        or what read_table made of one.
    columns : dict of str to str, optional
        {role: name of a column} for what should not be proposed. Roles are text, title, document_number, issuer, issued,
        year, year_end, level, region, source and document_id.

    Returns
    -------
    DocumentTable
        The rows that hold a text. Dates are written YYYY-MM-DD, years in four digits, provinces by their official names,
        levels as national, provincial, municipal, county; a cell that is nothing of the kind is None, and a note says so.

    Raises
    ------
    PolicylabError
        If the file cannot be read, a column that is named does not exist, or no column holds texts.

    Examples
    --------
    >>> table = pd.DataFrame({"题名": ["工作要点"], "正文": ["一、总体要求。" * 20], "发布日期": ["2019/2/27"]})
    >>> found = read_document_table(table)
    >>> found.columns, found.rows[0][1]["issued"]
    ({'text': '正文', 'title': '题名', 'issued': '发布日期'}, '2019-02-27')
    """
    table = source if isinstance(source, Table) else read_table(source)
    if not table.rows:
        raise PolicylabError(f"{table.name} holds no row below its header.")
    named = _check_named(table, columns or {})
    places, notes = _propose(table, named)
    if "text" not in places:
        known = shorten_value(", ".join(filter(None, table.columns)))
        raise PolicylabError(
            f"{table.name}: no column holds the texts of documents. Its columns: {known}. Name the one that does:"
            " columns={'text': '…'}."
        )
    rows, more = _read_rows(table, places)
    if not rows:
        raise PolicylabError(f"{table.name}: the column {table.columns[places['text'][0]]} holds no text.")
    return DocumentTable(
        table.name,
        table.unit,
        rows,
        {role: " / ".join(table.columns[place] for place in places[role]) for role in ROLES if role in places},
        [*table.notes, *notes, *more],
    )


def holds_texts(table: Table) -> bool:
    """Whether a table holds texts of documents, and not the names of files that do."""
    contents = _list_contents(table)
    if any(_fits("text", contents[place], table) for place in _rank(table, "text")):
        return True
    filled = [place for place, cells in enumerate(contents) if cells]
    return "file" not in table.columns and _find_long(contents, filled) is not None


def _check_named(table, columns):
    """{role: place} of the columns that were named; one message for all that is wrong with them."""
    problems = []
    for role, name in columns.items():
        if role not in ROLES:
            problems.append(f"{role!r} is no role of a column. {suggest(str(role), list(ROLES))}")
        elif (count := table.columns.count(str(name))) != 1:
            known = list(filter(None, table.columns))
            hint = suggest(str(name), known) if not count else "Rename all but one."
            problems.append(f"{role}: {f'{count} columns are' if count else 'no column is'} called {name!r}. {hint}")
    if problems:
        raise PolicylabError(list_problems(f"{table.name}: the columns that were named cannot be used:", problems))
    return {role: table.columns.index(str(name)) for role, name in columns.items()}


def _propose(table, named):
    """({role: places}, notes): the columns of each role."""
    places = {role: [place] for role, place in named.items()}
    taken, notes = set(named.values()), []
    contents = _list_contents(table)
    for role in ROLES:
        if role in places:
            continue
        ranked = [place for place in _rank(table, role) if place not in taken and _fits(role, contents[place], table)]
        if role == "text" and ranked:
            ranked = [max(ranked, key=lambda place: sum(map(len, contents[place])))]
        if not ranked:
            continue
        used = ranked if role == "region" else ranked[:1]
        others = [table.columns[place] for place in ranked[len(used) :]]
        if others:
            best = table.columns[used[0]]
            notes.append(
                f"{role} is read from {best}, not from {'、'.join(others)}. To change that: columns={{{role!r}: {others[0]!r}}}."
            )
        places[role] = used
        taken |= set(used)
    for role, find in _BY_CONTENTS.items():
        if role in places:
            continue
        free = [p for p in range(len(contents)) if p not in taken and contents[p] and not _is_other(table.columns[p])]
        if (place := find(contents, free)) is not None:
            places[role] = [place]
            taken.add(place)
    return places, notes


def _list_contents(table):
    """The cells of each column that are filled."""
    return [[row[place] for _, row in table.rows if row[place]] for place in range(len(table.columns))]


def _rank(table, role):
    """The places of the columns whose names say that they hold `role`, the best first."""
    names = _NAMES[role]
    ranked = []
    for place, name in enumerate(table.columns):
        key = _fold(name)
        if _is_other(name):
            continue
        if key in names:
            ranked.append((names[key], place))
        elif ends := [rank for word, rank in names.items() if key.endswith(word) and _may_end(word)]:
            ranked.append((len(names) + min(ends), place))
    return [place for _, place in sorted(ranked)]


def _may_end(word):
    """Whether a word tells what a longer name means that ends with it: 标题 and title do, 年 and id do not."""
    return len(word) >= (4 if word.isascii() else 2)


def _is_other(name):
    return _fold(name) in _NAMES["other"]


def _fold(name):
    """A name without case, blanks, marks and what is in brackets."""
    folded = unicodedata.normalize("NFKC", _IN_BRACKETS.sub("", name) or name).casefold()
    return "".join(filter(str.isalnum, folded))


def _list_names():
    """{role: {name: rank}}: those of documenttable.toml, and those of the rows of web pages."""
    rows = {role: [] for role in ("title", "number", "issuer", "drawn_up", "published", "other")}
    for label, role in g.ROWS.items():
        rows[role].append(label)
    own = {role: list(names) for role, names in _TOML["columns"].items()}
    first = {"title": "title", "document_number": "number", "issuer": "issuer", "other": "other"}
    names = {role: own[role] + rows.get(first.get(role), []) for role in own}
    # A document counts as issued on the day on which it was drawn up; own[:3] are the names of this column itself.
    names["issued"] = own["issued"][:3] + rows["drawn_up"] + rows["published"] + own["issued"][3:]
    folded = {role: list(dict.fromkeys(map(_fold, words))) for role, words in names.items()}
    # A word that names a column (来源, 日期) is no other, though as a row of a page it says nothing.
    known = {word for role, words in folded.items() if role != "other" for word in words}
    folded["other"] = [word for word in folded["other"] if word not in known]
    return {role: {word: rank for rank, word in enumerate(words)} for role, words in folded.items()}


_NAMES = _list_names()


def _share(cells, test):
    return sum(map(bool, map(test, cells))) / len(cells)


def _mean_length(cells):
    return sum(map(len, cells)) / len(cells)


def _fits(role, cells, table):
    """Whether the cells of a column are what its name says."""
    if not cells:
        return False
    if role == "text":
        return _mean_length(cells) >= _SHORTEST_NAMED
    if role == "title":
        return _mean_length(cells) <= _LONGEST_TITLE
    if role == "document_id":
        return len(cells) == len(table.rows) == len(set(cells))
    tests = {"issued": _read_day, "year": _YEAR.fullmatch, "year_end": _YEAR.fullmatch, "level": _LEVELS.get}
    if role == "document_number":
        return _share(cells, lambda cell: not cell.strip().isdigit()) >= _MOST
    return role not in tests or _share(cells, tests[role]) >= _MOST


def _find_long(contents, free):
    long = [place for place in free if _mean_length(contents[place]) >= _SHORTEST_TEXT]
    return max(long, key=lambda place: sum(map(len, contents[place])), default=None)


def _find_all(test):
    return lambda contents, free: next((p for p in free if _share(contents[p], test) >= _NEARLY_ALL), None)


def _find_titles(contents, free):
    """The column whose cells call themselves what documents are called: 通知, 规划, 条例 …"""

    def is_title(cell):
        return 6 <= len(cell) <= _LONGEST_TITLE and any(pattern.search(cell) for pattern in g.KINDS.values())

    return next(
        (p for p in free if _share(contents[p], is_title) >= _MOST and len(set(contents[p])) > len(contents[p]) / 2),
        None,
    )


# What contents tell without a name, in the order in which it is looked for.
_BY_CONTENTS = {
    "text": _find_long,
    "source": _find_all(_URL.fullmatch),
    "issued": _find_all(lambda cell: not cell.isdigit() and read_date(cell)),
    "document_number": _find_all(g.read_number),
    "title": _find_titles,
}


def _read_day(cell):
    """The date of a cell, also of one that has words around it (发布时间：2019年2月27日)."""
    return read_date(cell) or g.read_date(cell)


def _read_year(cell):
    found = _YEAR.fullmatch(cell.strip())
    return found and found[1]


def _read_level(cell):
    return _LEVELS.get(cell.strip().casefold())


def _read_region(cells):
    """The official name of the place that the cells of one row name, the smallest first; as it is if it is in no list.

    >>> _read_region(["朝阳区", "长春市"]), _read_region(["厦门"]), _read_region(["东部"])
    ('长春市朝阳区', '厦门市', '东部')
    """
    names = list(dict.fromkeys(map(clean_title, cells)))
    # 朝阳区 alone may be that of Beijing or of Changchun.
    for name in (names[0], "".join(reversed(names))):
        if found := find_region(name):
            return full_name(found)
    return names[0]


def _read_title(cell):
    return _FILE_ENDING.sub("", clean_title(cell))


def _read_line(cell):
    return " ".join(cell.split())


_READ = {
    "title": _read_title,
    "issuer": clean_title,
    "document_number": lambda cell: g.read_number(cell) or _read_line(cell),
    "issued": _read_day,
    "year": _read_year,
    "year_end": _read_year,
    "level": _read_level,
    "source": _read_line,
    "document_id": _read_line,
    "version_of": _read_line,
}
_EXPECTED = {
    "issued": "date",
    "year": "year",
    "year_end": "year",
    "level": "level (national, provincial, municipal, county)",
}


def _read_rows(table, places):
    rows, blank, cut, tagged, unread = [], [], [], [], {role: [] for role in _EXPECTED}
    (text_place,) = places["text"]
    for number, cells in table.rows:
        text = cells[text_place]
        if text is None:
            blank.append(number)
            continue
        if len(text) == CELL_LIMIT:
            cut.append(number)
        if len(_HTML.findall(text, 0, 5000)) > 1:
            tagged.append(number)
        known = {}
        for role, candidates in places.items():
            if role == "text":
                continue
            filled = [cells[place] for place in candidates if cells[place]]
            cell = filled[0] if filled else None
            known[role] = ((_read_region(filled) if role == "region" else _READ[role](cell)) if cell else None) or None
            if cell and known[role] is None and role in unread:
                unread[role].append(f"{table.unit} {number} {shorten_value(cell)!r}")
        rows.append((number, known, text))
    column = table.columns[text_place]
    listed = [
        (blank, f"no text in the column {column}, so left out", ""),
        (
            cut,
            f"a text of {CELL_LIMIT:,} characters, where Excel cuts a cell, so its end is probably missing",
            " Take these texts from where the table was made.",
        ),
        (tagged, "tags of HTML in the text, which are counted as words", " Take them out of the table."),
    ]
    notes = [f"{what}: {_list_numbers(numbers, table.unit)}.{remedy}" for numbers, what, remedy in listed if numbers]
    for role, found in unread.items():
        if found:
            shown = ", ".join(found[:_EXAMPLES]) + (" …" if len(found) > _EXAMPLES else "")
            cells = "1 cell" if len(found) == 1 else f"{len(found)} cells"
            column = table.columns[places[role][0]]
            notes.append(f"{role}: {cells} of the column {column} with no {_EXPECTED[role]}, so left blank: {shown}.")
    return rows, notes


def _list_numbers(numbers, unit):
    shown = ", ".join(map(str, numbers[:_LISTED]))
    return (
        f"{unit if len(numbers) == 1 else f'{len(numbers)} {unit}s:'} {shown}{' …' if len(numbers) > _LISTED else ''}"
    )
