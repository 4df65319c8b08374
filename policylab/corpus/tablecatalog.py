"""A table with one document a row in the place of a catalog and its files: for those who explore first.

What corpus.documents needs and the table does not say is proposed from the text. Nothing is written: `policylab ingest` makes
a study with a catalog to edit.
"""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from policylab.base.datafile import refuse
from policylab.base.errors import PolicylabError
from policylab.base.regions import find_region
from policylab.base.tablefile import TABLE_ENDINGS, read_table
from policylab.corpus.catalog import UNSAFE_ID, Catalog, Entry, check_ids, read_catalog
from policylab.corpus.documenttable import DocumentTable, holds_texts, read_document_table
from policylab.corpus.proposals import propose_cells

# What a document must have; the rest is read from the text, as from a file.
_NEEDED = ("level", "region", "year")
_PROPOSED = (*_NEEDED, "year_end", "title")
_STATED = ("title", "issuer", "document_number", "issued", "source")
_CATALOG_COLUMNS = ("document_id", "level", "region", "year", "year_end", "title", *_STATED[1:], "version_of")
_COUNTRY = "全国"
_ID_LENGTH = 40  # characters of a title in an id, enough to read
_ALSO_CATALOGS = (".csv", ".xlsx", ".xlsm", ".xls")
_LISTED = 20  # rows that a note names


def read_source(source: str | os.PathLike | pd.DataFrame, columns: Mapping[str, str] | None = None) -> Catalog:
    """Read a catalog with its files, or a table with one document a row.

    Raises PolicylabError as read_catalog and read_document_table do.
    """
    if isinstance(source, pd.DataFrame) or columns:
        return _make_catalog(source, read_document_table(source, columns=columns))
    if table := _find_table(source):
        return _make_catalog(source, read_document_table(table))
    return read_catalog(source)


def find_source(source: str | os.PathLike) -> Path:
    """The path of a catalog or table that can be used; raises PolicylabError for others, as read_source does."""
    if table := _find_table(source):
        read_document_table(table)
        return Path(source)
    return read_catalog(source).path or Path(source)


def _find_table(source):
    """The table with one document a row that a path leads to; None for a catalog, which names files instead."""
    ending = os.path.splitext(source)[1].lower() if isinstance(source, (str, os.PathLike)) else ""
    if ending not in TABLE_ENDINGS or not os.path.isfile(source):
        return None
    if ending not in _ALSO_CATALOGS:
        return read_table(source)
    try:
        table = read_table(source)
    except PolicylabError:
        return None  # read_catalog says what is wrong with it
    return table if holds_texts(table) else None


def _make_catalog(source, table):
    entries, proposed, open_cells, ids = [], Counter(), {}, make_ids(table)
    file = None if isinstance(source, pd.DataFrame) else table.name
    for (number, known, text), document_id in zip(table.rows, ids):
        cells = dict.fromkeys(_CATALOG_COLUMNS) | known | {"document_id": document_id, "file": file}
        found = _propose(cells, text)
        cells |= found
        missing = [name for name in _NEEDED if not cells[name]]
        for name in missing:
            open_cells.setdefault(name, []).append(number)
        if not missing:
            proposed.update(found.keys())
            place = f"{table.name}, {table.unit} {number}"
            entries.append(Entry(number, cells, text, _hash(text), None, place))
    refuse(table.name, check_ids([(entry.row, entry.cells) for entry in entries]), table.unit)
    note = _describe(table, entries, proposed, open_cells)
    if not entries:
        raise PolicylabError(note)
    return Catalog(
        None if file is None else Path(source), entries, None, [note] if proposed or open_cells or table.notes else []
    )


def infer_cells(cells: Mapping[str, str | None]) -> dict[str, str]:
    """The level that a row's region has, or the region of the national level, where the other cell is blank.

    >>> infer_cells({"region": "福建省"}), infer_cells({"level": "national"})
    ({'level': 'provincial'}, {'region': '全国'})
    """
    region, level = cells.get("region"), cells.get("level")
    if region and not level and (place := find_region(region)):
        return {"level": place.level}
    return {"region": _COUNTRY} if level == "national" and not region else {}


def _propose(cells, text):
    """What is missing and the row's other cells or the text say."""
    found = infer_cells(cells)
    if all((cells | found)[name] for name in (*_NEEDED, "title")):
        return found
    stated = {name: cells[name] for name in _STATED if cells[name]}
    said = {p.column: p.value for p in propose_cells(text, stated=stated)}
    return {name: said[name] for name in _PROPOSED if not cells[name] and said.get(name)} | found


def make_ids(table: DocumentTable) -> list[str]:
    """The ids of the rows: a column of ids where there is one, else what the row itself says.

    No id depends on the order of the rows. Rows that say the same are told apart by their texts, and only these.
    """
    if "document_id" in table.columns:
        return [_clean_id(known["document_id"]) for _, known, _ in table.rows]
    named = [_name_row(known, text) for _, known, text in table.rows]
    often = Counter(named)
    ids = [name if often[name] == 1 else f"{name}-{_hash(text)[:6]}" for name, (*_, text) in zip(named, table.rows)]
    # What is left are copies of one text under one title; which of them is which does not matter.
    seen, often = Counter(), Counter(ids)
    for place, document_id in enumerate(ids):
        if often[document_id] > 1:
            seen[document_id] += 1
            ids[place] = f"{document_id}-{seen[document_id]}"
    return ids


def _name_row(known, text):
    """The title, behind the region and the year unless it names them."""
    title = _clean_id(known.get("title") or "") or f"text-{_hash(text)[:8]}"
    front = [known.get(name) for name in ("region", "year")]
    return "-".join([*(part for part in front if part and part not in title), title[:_ID_LENGTH]])


def _clean_id(text):
    return re.sub(r"-{2,}", "-", UNSAFE_ID.sub("-", text)).strip("-.")


def _hash(text):
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def _describe(table, entries, proposed, open_cells):
    """What was read and proposed, and how to mend it, in one note."""
    sources = ", ".join(f"{role} from {name}" for role, name in table.columns.items())
    count = "1 document was" if len(entries) == 1 else f"{len(entries)} documents were"
    lines = [f"{table.name}: {count} read, one in each {table.unit}: {sources}."]
    if proposed:
        counted = ", ".join(f"{name} for {proposed[name]}" for name in _PROPOSED if proposed[name])
        lines.append(
            f"Not in the table, so proposed from the texts: {counted}. They are in corpus.documents; to correct them, add columns"
            " of these names to the table, or name those that it has: columns={'year': '…'}."
        )
    if open_cells:
        counted = ", ".join(
            f"the {name} of {_list_numbers(numbers, table.unit)}" for name, numbers in open_cells.items()
        )
        lines.append(f"Left out, because neither the table nor the text says it: {counted}. Fill in these columns.")
    return "\n  ".join([*lines, *table.notes])


def _list_numbers(numbers, unit):
    more = f" and {len(numbers) - _LISTED} more" if len(numbers) > _LISTED else ""
    return f"{unit}{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers[:_LISTED]))}{more}"
