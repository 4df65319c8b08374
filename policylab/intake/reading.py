"""From the files of a source to documents: each file once, and what an earlier, stopped run has read not again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import pandas as pd
from tqdm import tqdm

from policylab.base.errors import PolicylabError
from policylab.base.tablefile import TABLE_ENDINGS
from policylab.corpus.documenttable import read_document_table
from policylab.corpus.proposals import Proposal, propose_cells
from policylab.corpus.tablecatalog import make_ids
from policylab.intake.extract import extract
from policylab.intake.originals import Original, Refused, hash_file
from policylab.intake.studyfolder import StudyFolder

_CHANGED = "it changed while it was read. Run ingest again."
_FRAME = "DataFrame"


@dataclass
class Document:
    """A document as it was read."""

    original: str  # the file
    member: str  # the file within an archive or the row of a table, else ""
    sha256: str  # of the file
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
    def name(self) -> str:
        """The path of the file, or of the member of an archive."""
        return str(PurePosixPath(self.original, self.member))

    @property
    def text_sha256(self) -> str:
        """The hash of the text as it is written into the study."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    def propose(self) -> list[Proposal]:
        """The cells of its row in the catalog: those of the table it comes from, and what the text says of the others."""
        given = [Proposal(name, value, None, column, "sure") for name, (value, column) in self.cells.items()]
        name = "" if self.cells else self.name
        return given + [
            p for p in propose_cells(self.text, name=name, stated=self.stated) if p.column not in self.cells
        ]


def read_originals(
    originals: list[Original], columns: Mapping[str, str], folder: StudyFolder, known: pd.DataFrame
) -> tuple[list[Document], list[Refused], dict[str, str]]:
    """Read the files of a source.

    Returns the documents, the files that cannot be read, and {original: hash} of all that is there. A file that is known and
    unchanged is not read again.
    """
    unchanged = set(known[["original", "sha256"]].itertuples(index=False, name=None))
    read: list[Document] = []
    refused, there = [], {}
    for original in tqdm(originals, desc="ingest", unit="file", disable=None):
        try:
            there[original.name] = sha256 = hash_file(original.path)
            if (original.name, sha256) not in unchanged:
                read += _read_file(original, sha256, columns, folder)
        except PolicylabError as error:
            refused.append(Refused(original.name, str(error).removeprefix(f"{original.path.name}: ")))
        except OSError as error:
            refused.append(Refused(original.name, f"it cannot be read: {error.strerror}."))
    refused += [Refused(one.original, f"{one.member}: {' '.join(one.notes)}") for one in read if not one.text]
    return [one for one in read if one.text], refused, there


def read_frame(table: pd.DataFrame, columns: Mapping[str, str]) -> tuple[list[Document], list[Refused], dict[str, str]]:
    """The same of a DataFrame with one document a row."""
    read = _read_rows(table, _FRAME, "", columns)
    return read, [], {_FRAME: ""}


def _read_file(original, sha256, columns, folder):
    if original.path.suffix.lower() in TABLE_ENDINGS:
        return _read_rows(original.path, original.name, sha256, columns)
    key = hashlib.sha256(f"{original.name}\n{sha256}".encode()).hexdigest()
    extracts = folder.recall(key)
    if extracts is None:
        extracts = extract(original.path)
        if hash_file(original.path) != sha256:
            raise PolicylabError(_CHANGED)
        folder.keep(key, extracts)
    return [Document(original.name, name, sha256, text, *rest) for name, text, *rest in extracts]


def _read_rows(source, name, sha256, columns):
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
        text = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        text = text if text.endswith("\n") else f"{text}\n"
        read.append(Document(name, document_id, sha256, text, stated=stated, cells=cells))
    read[0].notes = list(table.notes)
    return read
