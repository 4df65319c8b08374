"""From the files of a source to documents: each file once, and what an earlier, stopped run has read not again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pandas as pd
from tqdm import tqdm

from policylab.base.errors import PolicylabError
from policylab.base.tablefile import TABLE_ENDINGS
from policylab.corpus.documenttable import read_document_table
from policylab.corpus.proposals import Proposal, propose_cells
from policylab.corpus.tablecatalog import infer_cells, make_ids
from policylab.intake.extract import extract
from policylab.intake.originals import Original, Refused, hash_file
from policylab.intake.studyfolder import StudyFolder

_CHANGED = "it changed while it was read. Run ingest again."
FRAME = "DataFrame"  # in the place of a path in originals.csv


@dataclass
class Document:
    """A document as it was read."""

    original: str  # the way to the file from the study
    member: str  # the file within an archive or the row of a table, else ""
    sha256: str  # of the file
    name: str  # the path in the source of the file, or of the member of an archive
    text: str
    marks: list = field(default_factory=list)
    stated: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    cells: dict = field(default_factory=dict)  # of a table: {column of the catalog: (value, the table's column)}

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other document of the source."""
        return self.original, self.member

    @property
    def text_sha256(self) -> str:
        """The hash of the text as it is written into the study."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    def propose(self) -> list[Proposal]:
        """The cells of its row in the catalog: those of the table it comes from, and what the text says of the others."""
        given = [Proposal(name, value, None, column, "sure") for name, (value, column) in self.cells.items()]
        known = {proposal.column: proposal.value for proposal in given}
        given += [
            Proposal(name, value, None, known.get("region") or known["level"], "sure")
            for name, value in infer_cells(known).items()
        ]
        said = propose_cells(self.text, name="" if self.cells else self.name, stated=self.stated)
        taken = {proposal.column for proposal in given}
        return given + [proposal for proposal in said if proposal.column not in taken]


def read_originals(
    originals: list[Original], columns: Mapping[str, str], folder: StudyFolder, known: pd.DataFrame
) -> tuple[list[Document], list[Refused], set[str]]:
    """Read the files of a source.

    Returns the documents, the files that cannot be read, and the originals that were not read again, because they are known and
    unchanged.
    """
    hashes = {original: set(group) for original, group in known.groupby("original")["sha256"]}
    read: list[Document] = []
    refused, left = [], set()
    for original in tqdm(originals, desc="ingest", unit="file", disable=None):
        try:
            sha256 = hash_file(original.path)
            if hashes.get(original.place) == {sha256}:  # of a table whose rows changed, some have the old one
                left.add(original.place)
            else:
                read += _read_file(original, sha256, columns, folder)
        except PolicylabError as error:
            refused.append(Refused(original.place, str(error).removeprefix(f"{original.path.name}: ")))
        except OSError as error:
            refused.append(Refused(original.place, f"it cannot be read: {error.strerror}."))
    refused += [Refused(one.original, f"{one.member}: {' '.join(one.notes)}") for one in read if not one.text]
    return [one for one in read if one.text], refused, left


def read_frame(table: pd.DataFrame, columns: Mapping[str, str]) -> tuple[list[Document], list[Refused], set[str]]:
    """The same of a DataFrame with one document a row."""
    return _read_rows(table, Original(FRAME, "", Path()), "", columns), [], set()


def _read_file(original, sha256, columns, folder):
    if original.path.suffix.lower() in TABLE_ENDINGS:
        return _read_rows(original.path, original, sha256, columns)
    key = hashlib.sha256(f"{original.place}\n{sha256}".encode()).hexdigest()
    extracts = folder.recall(key)
    if extracts is None:
        extracts = extract(original.path)
        if hash_file(original.path) != sha256:
            raise PolicylabError(_CHANGED)
        folder.keep(key, extracts)
    return [
        Document(original.place, member, sha256, str(PurePosixPath(original.name, member)), text, *rest)
        for member, text, *rest in extracts
    ]


def _read_rows(source, original, sha256, columns):
    """The rows of a table with one document a row; what is noted of the table is a note of its first document."""
    table = read_document_table(source, columns=columns)
    read = []
    for (_, known, text), document_id in zip(table.rows, make_ids(table)):
        stated = {column: value for column, value in known.items() if value}
        cells = {
            column: (value, table.columns[column])
            for column, value in stated.items()
            if column not in ("document_id", "source")
        }
        text = text if text.endswith("\n") else f"{text}\n"
        name = str(PurePosixPath(original.name, document_id))
        read.append(Document(original.place, document_id, sha256, name, text, stated=stated, cells=cells))
    read[0].notes = list(table.notes)
    return read
