"""The catalog of a corpus: reads catalog.csv and its files, and reports everything that is wrong with them at once."""

import hashlib
import os
import re
from datetime import date
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from policylab.base.datafile import check_header, make_records, read_rows, refuse
from policylab.base.decoding import decode
from policylab.base.errors import PolicylabError
from policylab.base.levels import LEVELS
from policylab.base.regions import region_label
from policylab.corpus.lines import SPACE

REQUIRED = ["document_id", "file", "level", "region", "year"]
OPTIONAL = ["title", "document_number", "issuer", "issued", "version_of", "source", "sha256"]
VERSIONS = ["one", "all"]
_OWN_COLUMNS = "Keep columns of your own in another table and join it on document_id."

_SHA256 = re.compile("[0-9a-fA-F]{64}")
_UNSAFE_ID = re.compile(r'[\s/\\:*?"<>|\x00-\x1f]|^\.')
_BLANKS = str.maketrans("", "", SPACE)


class Entry(NamedTuple):
    """One row of the catalog, checked, with its file's decoded text."""

    row: int
    cells: dict  # column -> text, None where the cell is blank
    text: str
    sha256: str
    note: str | None  # how the file is encoded, if not in plain UTF-8


class Catalog(NamedTuple):
    path: Path
    entries: list
    note: str | None


def read_catalog(path):
    """Read a catalog and every file it names.

    A row of catalog.csv is a publication. Needed columns: document_id, file (relative to the catalog), level (national,
    provincial, municipal, county), region, year. Others that are known: title, document_number, issuer, issued
    (YYYY-MM-DD), version_of, source, sha256; a blank cell means that nothing is known.

    Raises one PolicylabError that lists all problems with row, column, value and remedy, in the order of the rows; rows are
    counted as a spreadsheet shows them, the header being row 1.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise PolicylabError(
            f"The catalog is of type {type(path).__name__}: expected the path of a catalog.csv, or of the folder that holds it."
            " Save a table first, with table.to_csv('catalog.csv', index=False), beside the files that it names."
        )
    path = Path(path)
    if path.is_dir():
        path = path / "catalog.csv"
    if not path.is_file():
        raise PolicylabError(
            f"There is no catalog {path}. Give the path of a catalog.csv, or of the folder that holds it."
        )
    try:
        decoded = decode(path.read_bytes())
    except PolicylabError as error:
        raise PolicylabError(f"{path} cannot be read: {error}. Save the table as CSV in UTF-8.") from None
    header, rows, problems = read_rows(decoded.text)
    problems = problems or check_header(header, REQUIRED, REQUIRED + OPTIONAL, _OWN_COLUMNS)
    entries = []
    # A column too many does not keep the others from being checked; one that is missing or repeated does.
    if set(REQUIRED) <= set(header) and len(set(header)) == len(header):
        records, wrong = make_records(header, rows)
        if not records and not wrong:
            wrong.append("row 2: there is no document. Add one row for each publication.")
        folder = path.parent.resolve()
        named = {folder / _unify(cells["file"]) for _, cells in records if cells["file"]}
        for row, cells in records:
            wrong += _check_cells(row, cells)
            text, sha256, note = _read_file(row, cells, folder, named, wrong)
            entries.append(Entry(row, cells, text, sha256, note))
        wrong += _check_ids(records)
        problems += sorted(wrong, key=lambda problem: int(re.match("row ([0-9]+)", problem)[1]))
    refuse(path, problems)
    return Catalog(path, entries, decoded.note)


def _check_cells(row, cells):
    problems = []
    for name in REQUIRED:
        if cells[name] is None:
            problems.append(f"row {row}, column {name}: the cell is blank. Fill it in.")
    document_id, level, year = cells["document_id"], cells["level"], cells["year"]
    if document_id and _UNSAFE_ID.search(document_id):
        problems.append(
            f"row {row}, column document_id: {document_id!r} cannot be part of a file name. Use letters, digits, hyphens or Chinese characters."
        )
    if level and level not in LEVELS:
        problems.append(f"row {row}, column level: {level!r} is no level. Use one of {', '.join(LEVELS)}.")
    if year and not re.fullmatch("[12][0-9]{3}", year):
        problems.append(
            f"row {row}, column year: {year!r} is no year. Write the year the document is for in four digits, such as 2019."
        )
    problems += _check_region(row, cells["region"])
    issued = cells.get("issued")
    if issued and not _is_date(issued):
        problems.append(f"row {row}, column issued: {issued!r} is no date. Write it as YYYY-MM-DD, such as 2019-02-27.")
    sha256 = cells.get("sha256")
    if sha256 and not _SHA256.fullmatch(sha256):
        problems.append(
            f"row {row}, column sha256: {sha256!r} is no SHA-256. It has 64 hexadecimal digits; leave the cell blank if you have none."
        )
    return problems


def _check_region(row, region):
    """A province under two names would be two regions in every table. A name that is in no list stays as it is."""
    bare = (region or "").translate(_BLANKS)
    official = region_label(bare, "zh")
    if region in (None, official) or region_label(official, "en") == official:  # only listed names have an English one
        return []
    # 吉林 is short for the province, but may be meant for the city.
    other = "" if bare == official else ", or the full name of the place that is meant"
    return [f"row {row}, column region: {region!r} is no official name. Write {official}{other}."]


def _is_date(text):
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_ids(records):
    problems, seen = [], {}
    for row, cells in records:
        document_id = cells["document_id"]
        if document_id in seen:
            problems.append(
                f"row {row}, column document_id: {document_id!r} already stands in row {seen[document_id]}. Give every publication an id of its own."
            )
        elif document_id:
            seen[document_id] = row
    versions = {cells["document_id"]: cells.get("version_of") for _, cells in records}
    for row, cells in records:
        original = cells.get("version_of")
        if original is None:
            continue
        where = f"row {row}, column version_of: {original!r}"
        if original not in versions:
            near = get_close_matches(original, [name for name in versions if name], n=1)
            hint = (
                f"Did you mean {near[0]}?"
                if near
                else "Write the document_id of the publication that is to be counted."
            )
            problems.append(f"{where} is no document_id of this catalog. {hint}")
        elif original == cells["document_id"]:
            hint = "Leave the cell blank for the publication that is to be counted."
            problems.append(f"{where} is the row's own document_id. {hint}")
        elif versions[original]:
            root = _find_root(original, versions)
            hint = (
                f"Write {root!r} here too."
                if root
                else "Leave the cell of the publication that is to be counted blank."
            )
            problems.append(f"{where} is itself a version of {versions[original]!r}. {hint}")
    return problems


def _find_root(document_id, versions):
    """The publication at the end of a chain of versions; None if the chain runs in a circle or out of the catalog."""
    seen = set()
    while versions.get(document_id):
        if document_id in seen:
            return None
        seen.add(document_id)
        document_id = versions[document_id]
    return document_id if document_id in versions else None


def _unify(name):
    return name.replace("\\", "/")


def _read_file(row, cells, folder, named, problems):
    """The text, hash and encoding note of one file; what is wrong with it is added to the problems."""
    name = cells["file"]
    if name is None:
        return None, None, None
    where = f"row {row}, column file: {name!r}"
    path = folder / _unify(name)
    try:
        inside = path.resolve().is_relative_to(folder)
        if not inside:
            problems.append(
                f"{where} leads out of the catalog's folder. Copy the file into that folder and name it relative to the catalog."
            )
            return None, None, None
        data = path.read_bytes()
        decoded = decode(data)
    except PolicylabError as error:
        problems.append(f"{where}: {error}. Save the document as plain text in UTF-8.")
        return None, None, None
    except FileNotFoundError:
        near = _find_near(name, folder, named)
        hint = f"Did you mean {near}?" if near else "Name a file relative to the catalog."
        problems.append(f"{where} does not exist. {hint}")
        return None, None, None
    except (IsADirectoryError, PermissionError):  # Windows refuses to open a folder as it refuses a locked file
        problems.append(f"{where} is a folder, or may not be read. Name a file relative to the catalog.")
        return None, None, None
    except (OSError, ValueError, RuntimeError):  # too long a name, a blank character in it, links in a circle
        problems.append(f"{where} cannot be read. Name a file relative to the catalog.")
        return None, None, None
    sha256 = hashlib.sha256(data).hexdigest()
    expected = cells.get("sha256")
    if expected and _SHA256.fullmatch(expected) and expected.lower() != sha256:
        problems.append(
            f"row {row}, column sha256: expected {expected}, but the file {name!r} has {sha256}."
            " It was changed since the catalog was written: restore it, or write the new hash."
        )
    return decoded.text, sha256, decoded.note


def _find_near(name, folder, named):
    """The file that is most like a name, part for part, whatever the case; no file that the catalog names already."""
    near = folder
    for part in PurePosixPath(_unify(name)).parts:
        there = {path.name.casefold(): path for path in sorted(near.glob("*")) if path not in named}
        found = get_close_matches(part.casefold(), there, n=1)
        if not found:
            return None
        near = there[found[0]]
    return near.relative_to(folder).as_posix() if near.is_file() else None
