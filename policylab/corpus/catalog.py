"""The catalog of a corpus: reads catalog.csv and its files, and reports everything that is wrong with them at once."""

import hashlib
import os
import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from policylab.base.csvrows import Problem
from policylab.base.datafile import check_records, read_records, refuse
from policylab.base.dates import read_date
from policylab.base.decoding import decode
from policylab.base.divisions import full_name
from policylab.base.errors import PolicylabError
from policylab.base.levels import LEVELS
from policylab.base.regions import find_region
from policylab.corpus.lines import SPACE

REQUIRED = ["document_id", "file", "level", "region", "year"]
OPTIONAL = ["title", "document_number", "issuer", "issued", "year_end", "version_of", "source", "sha256"]
NAMES = ("catalog.csv", "catalog.xlsx")
VERSIONS = ["one", "all"]
OWN_COLUMNS = "Keep columns of your own in another table and join it on document_id."

_SHA256 = re.compile("[0-9a-fA-F]{64}")
UNSAFE_ID = re.compile(r'[\s/\\:*?"<>|\x00-\x1f]|^\.')
# Excel writes the year of a column of numbers as 2019, other programs as 2019.0; people write 2019年.
_YEAR = re.compile(r"([12][0-9]{3})(?:\.0+|年)?")
_BLANKS = str.maketrans("", "", SPACE)


class Entry(NamedTuple):
    """One row of the catalog, checked, with its file's decoded text."""

    row: int
    cells: dict  # column -> text, None where the cell is blank
    text: str
    sha256: str
    note: str | None  # how the file is encoded, if not in plain UTF-8
    place: str  # the file, or the row of a table that holds the text: how messages name it


class Catalog(NamedTuple):
    path: Path | None  # None for a DataFrame
    entries: list[Entry]
    note: str | None
    remarks: Sequence[str] = ()  # what was proposed for a table


def read_catalog(path: str | os.PathLike) -> Catalog:
    """Read a catalog and every file it names.

    A row of the catalog is a publication. Needed columns: document_id, file (relative to the catalog), level (national,
    provincial, municipal, county), region, year. Others that are known: title, document_number, issuer, issued (a date as
    Excel writes it, or YYYY-MM-DD), year_end, version_of, source, sha256; a blank cell means that nothing is known.

    Parameters
    ----------
    path : path
        A catalog.csv or catalog.xlsx, or the folder that holds it.

    Raises
    ------
    PolicylabError
        One message that lists all problems with row, column, value and remedy, in the order of the rows; rows are counted
        as a spreadsheet counts them, the header being row 1.
    """
    path = _find_catalog(path)
    records = read_records(path, REQUIRED, OPTIONAL, advice=OWN_COLUMNS)
    problems = records.problems + check_records(records.rows, REQUIRED, allowed={"level": LEVELS}, check=_check_cells)
    if not records.rows and not problems:
        problems.append(Problem(2, None, "there is no document. Add one row for each publication."))
    folder = path.parent.resolve()
    named = {folder / _unify(cells["file"]) for _, cells in records.rows if cells["file"]}
    entries = []
    for row, cells in records.rows:
        cells |= _unify_cells(cells)
        text, sha256, note = _read_file(row, cells, folder, named, problems)
        entries.append(Entry(row, cells, text, sha256, note, cells["file"] or ""))
    problems += check_ids(records.rows) + _check_places(records.rows)
    refuse(path, sorted(problems, key=lambda problem: problem.row))
    return Catalog(path, entries, records.note)


def _find_catalog(path):
    if not isinstance(path, (str, os.PathLike)):
        raise PolicylabError(
            f"The catalog is of type {type(path).__name__}: expected the path of a catalog.csv, of the folder that holds it or of"
            " a table with one document a row, or a DataFrame of such a table."
        )
    path = Path(path)
    if os.path.isdir(path):
        there = [name for name in NAMES if os.path.isfile(path / name)]
        if len(there) > 1:
            raise PolicylabError(f"{path} holds {' and '.join(there)}. Give the path of the one that counts.")
        path = path / (there or NAMES)[0]
    if not os.path.isfile(path):
        raise PolicylabError(
            f"There is no catalog {path}. Give the path of a catalog.csv, or of the folder that holds it."
        )
    return path


def _check_cells(cells):
    document_id, year = cells["document_id"], cells["year"]
    if document_id and UNSAFE_ID.search(document_id):
        remedy = "Use letters, digits, hyphens or Chinese characters."
        yield "document_id", f"{document_id!r} cannot be part of a file name. {remedy}"
    if year and not _YEAR.fullmatch(year):
        yield "year", f"{year!r} is no year. Write the year the document is for in four digits, such as 2019."
    if problem := _check_last_year(year, cells.get("year_end")):
        yield "year_end", problem
    yield from _check_region(cells["region"])
    issued, sha256 = cells.get("issued"), cells.get("sha256")
    if issued and not read_date(issued):
        yield "issued", f"{issued!r} is no date. Write it as YYYY-MM-DD, such as 2019-02-27."
    if sha256 and not _SHA256.fullmatch(sha256):
        remedy = "It has 64 hexadecimal digits; leave the cell blank if you have none."
        yield "sha256", f"{sha256!r} is no SHA-256. {remedy}"


def _check_region(region):
    """A province under two names would be two regions in every table. A name that is in no list stays as it is."""
    bare = (region or "").translate(_BLANKS)
    found = find_region(bare)
    if not found or region == found.name or (region == bare and found.level in ("municipal", "county")):
        return
    # 吉林 is short for the province, but may be meant for the city.
    other = "" if bare == found.name else ", or the full name of the place that is meant"
    yield "region", f"{region!r} is no official name. Write {found.name}{other}."


def _check_places(records):
    """Prefectures and counties may have their short names, but each only one: 厦门 and 厦门市 would be two regions."""
    problems, seen = [], {}
    for row, cells in records:
        found = find_region(cells["region"])
        if not found or found.level not in ("municipal", "county"):
            continue
        name, first = seen.setdefault(found, (cells["region"], row))
        if name != cells["region"]:
            problem = (
                f"{cells['region']!r} and {name!r} in row {first} are one place. Write {full_name(found)} in both."
            )
            problems.append(Problem(row, "region", problem))
    return problems


def _check_last_year(year, last):
    """What is wrong with the cell year_end, `last`; None if nothing is."""
    if not last:
        return None
    if not _YEAR.fullmatch(last):
        return (
            f"{last!r} is no year. Write the last year the document is for in four digits; leave it blank for one year."
        )
    if year and _YEAR.fullmatch(year) and last[:4] <= year[:4]:
        return (
            f"{last!r} is not later than the year, {year!r}. Write the last of several years; leave it blank for one."
        )
    return None


def _unify_cells(cells):
    """The cells of a checked row that may be written in several ways, in one."""
    years = {name: cells[name] and cells[name][:4] for name in ("year", "year_end") if name in cells}
    return years | ({"issued": cells["issued"] and read_date(cells["issued"])} if "issued" in cells else {})


def check_ids(records):
    """Ids that occur twice, and versions of what is not there, in (row, cells) of a catalog."""
    problems, seen = [], {}
    for row, cells in records:
        document_id = cells["document_id"]
        if document_id in seen:
            problem = f"{document_id!r} is already in row {seen[document_id]}. Give every publication an id of its own."
            problems.append(Problem(row, "document_id", problem))
        elif document_id:
            seen[document_id] = row
    versions = {cells["document_id"]: cells.get("version_of") for _, cells in records}
    for row, cells in records:
        if problem := _check_version(cells["document_id"], cells.get("version_of"), versions):
            problems.append(Problem(row, "version_of", problem))
    return problems


def _check_version(document_id, original, versions):
    """What is wrong with the cell version_of, `original`; `versions` has that of every document."""
    if original is None:
        return None
    if original not in versions:
        near = get_close_matches(original, [name for name in versions if name], n=1)
        hint = f"Did you mean {near[0]}?" if near else "Write the document_id of the publication that is to be counted."
        return f"{original!r} is no document_id of this catalog. {hint}"
    if original == document_id:
        hint = "Leave the cell blank for the publication that is to be counted."
        return f"{original!r} is the row's own document_id. {hint}"
    if versions[original]:
        root = _find_root(original, versions)
        hint = f"Write {root!r} here too." if root else "Leave the cell of the publication that is to be counted blank."
        return f"{original!r} is itself a version of {versions[original]!r}. {hint}"
    return None


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
    path, remedy = folder / _unify(name), "Name a file relative to the catalog."
    try:
        if path.resolve().is_relative_to(folder):
            data = path.read_bytes()
            decoded = decode(data)
            return decoded.text, _check_hash(row, cells, data, problems), decoded.note
        problem = (
            "leads out of the catalog's folder. Copy the file into that folder and name it relative to the catalog."
        )
    except PolicylabError as error:
        problem = f"cannot be used: {error}. Save the document as plain text in UTF-8."
    except FileNotFoundError:
        near = _find_near(name, folder, named)
        problem = f"does not exist. {f'Did you mean {near}?' if near else remedy}"
    except (IsADirectoryError, PermissionError):  # Windows refuses to open a folder as it refuses a locked file
        problem = f"is a folder, or may not be read. {remedy}"
    except (OSError, ValueError, RuntimeError):  # too long a name, a blank character in it, links in a circle
        problem = f"cannot be read. {remedy}"
    problems.append(Problem(row, "file", f"{name!r} {problem}"))
    return None, None, None


def _check_hash(row, cells, data, problems):
    """The hash of a file; that it is not the one of the catalog is added to the problems."""
    sha256, expected = hashlib.sha256(data).hexdigest(), cells.get("sha256")
    if expected and _SHA256.fullmatch(expected) and expected.lower() != sha256:
        problem = f"expected {expected}, but the file {cells['file']!r} has {sha256}."
        remedy = "It was changed since the catalog was written: restore it, or write the new hash."
        problems.append(Problem(row, "sha256", f"{problem} {remedy}"))
    return sha256


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
