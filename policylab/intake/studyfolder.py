"""The folder of a study as ingest writes it: its tables, and how they are changed without touching a person's work.

Every table is replaced as a whole; originals.csv, which says what has been read, is written last. So a run that is killed
leaves a folder that the next one completes to the same study.
"""

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pandas as pd
from filelock import FileLock, Timeout

from policylab.base.codingsheet import encode_sheet
from policylab.base.csvrows import Problem
from policylab.base.datafile import read_records, refuse
from policylab.base.errors import PolicylabError
from policylab.base.spreadsheet import escape_table
from policylab.corpus.catalog import OPTIONAL, OWN_COLUMNS, REQUIRED
from policylab.intake.decisions import DECISION_COLUMNS

CATALOG = "catalog.csv"
UNDECIDED = "undecided.csv"  # rows that lack what every document needs, to be completed by a person
PROPOSALS = "ingest.csv"
DECISIONS = "decisions.csv"
MARKS = "marks.csv"
ORIGINALS = "originals.csv"
TEXTS = "texts"
_WORK = ".ingest"  # what was read so far; gone when the run is complete
_LOCK = ".ingest.lock"

CATALOG_COLUMNS = [
    *("document_id", "file", "title", "level", "region", "year", "year_end", "document_number", "issuer", "issued"),
    *("version_of", "source"),
]
COLUMNS = {
    PROPOSALS: ["document_id", "column", "value", "line", "evidence", "confidence"],
    DECISIONS: DECISION_COLUMNS,
    MARKS: ["document_id", "line", "kind", "label"],
    ORIGINALS: ["file", "original", "member", "sha256", "text_sha256"],
}


class StudyFolder:
    """A folder that ingest writes, locked while it does."""

    def __init__(self, path: Path):
        self.path = path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes out; make the folder first. Raises PolicylabError where it belongs to somebody else."""
        lock = FileLock(self.path / _LOCK)
        try:
            self._check()
            (self.path / _WORK).mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            raise PolicylabError(f"Another run writes {self.path}. Wait until it is done.") from None
        except OSError as error:
            raise PolicylabError(f"The study cannot be written: {error.strerror}: {self.path}.") from error
        try:
            yield
        finally:
            lock.release()
            with suppress(OSError):  # on Windows filelock has deleted it
                (self.path / _LOCK).unlink(missing_ok=True)

    def _check(self):
        there = self.path / CATALOG
        if there.exists() and not (self.path / ORIGINALS).exists() and not (self.path / _WORK).exists():
            raise PolicylabError(f"{there} was not written by ingest. Nothing was read. Choose another folder.")

    def read_table(self, name: str) -> pd.DataFrame:
        """One of the tables of COLUMNS as texts, blank where nothing is said; without rows before the first run."""
        path, columns = self.path / name, COLUMNS[name]
        rows = []
        if path.exists():
            records = read_records(path, columns)
            refuse(path, records.problems)
            rows = [[cells[column] or "" for column in columns] for _, cells in records.rows]
        return pd.DataFrame(rows, columns=columns, dtype="str")

    def read_rows(self, name: str) -> list[dict[str, str | None]]:
        """The rows of catalog.csv or undecided.csv, as a person may have changed them."""
        path = self.path / name
        if not path.exists():
            return []
        records = read_records(path, ["document_id", "file"], [*REQUIRED, *OPTIONAL], advice=OWN_COLUMNS)
        problems = list(records.problems)
        for row, cells in records.rows:
            problems += [
                Problem(row, column, "the cell is blank. Fill it in, or delete the row.")
                for column in ("document_id", "file")
                if not cells[column]
            ]
        for column in ("document_id", "file"):
            problems += _find_repeated(column, records.rows)
        refuse(path, problems)
        return [cells for _, cells in records.rows]

    def write_rows(self, name: str, rows: list[dict[str, str | None]]) -> None:
        """Write catalog.csv or undecided.csv; without rows the latter is deleted."""
        if not rows and name == UNDECIDED:
            (self.path / name).unlink(missing_ok=True)
            return
        known = [
            column
            for column in [*CATALOG_COLUMNS, "sha256"]
            if column in CATALOG_COLUMNS or any(column in row for row in rows)
        ]
        self._write(name, pd.DataFrame(rows, columns=known))

    def write_table(self, name: str, table: pd.DataFrame) -> None:
        """Write one of the tables of COLUMNS."""
        self._write(name, table[COLUMNS[name]])

    def _write(self, name, table):
        self.write_bytes(name, encode_sheet(escape_table(table)))

    def write_bytes(self, name: str, content: bytes) -> None:
        """Replace a file as a whole."""
        path = self.path / name
        half = path.with_name(f".{path.name}.half")
        try:
            path.parent.mkdir(exist_ok=True)
            half.write_bytes(content)
            os.replace(half, path)
        except OSError as error:
            with suppress(OSError):
                half.unlink(missing_ok=True)
            advice = "Make room for it" if error.errno == errno.ENOSPC else "Close it in other programs"
            raise PolicylabError(f"{path} cannot be written: {error.strerror}. {advice}.") from error

    def keep(self, key: str, content: object) -> None:
        """Keep what was read of one file until the run is complete; where that fails, the file is read again."""
        with suppress(PolicylabError):
            self.write_bytes(f"{_WORK}/{key}.json", json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))

    def recall(self, key: str) -> list | None:
        """What an earlier, stopped run read of a file; None if it did not come to it."""
        try:
            return json.loads((self.path / _WORK / f"{key}.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def complete(self) -> None:
        """Forget what was kept: all is written."""
        shutil.rmtree(self.path / _WORK, ignore_errors=True)


def _find_repeated(column, rows):
    """Cells that are there twice: a file has one row, and of two rows with one id it would be unknown which is meant."""
    first: dict[str, int] = {}
    return [
        Problem(
            row,
            column,
            f"{cells[column]!r} is already in row {first[cells[column]]}. Delete one row, or change the cell.",
        )
        for row, cells in rows
        if cells[column] and first.setdefault(cells[column], row) != row
    ]
