"""The bundle of tables that load_corpus returns."""

import os
import warnings
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from policylab.base.errors import PolicylabError, PolicylabWarning

_LISTED = 5  # rows that a warning names


@dataclass(frozen=True)
class Corpus:
    """The tables of a corpus, one DataFrame each; data/README.md is their codebook.

    `dataclasses.replace(corpus, tasks=...)` makes a corpus of a part of the tasks.

    Parameters
    ----------
    documents, blocks, sections, tasks, paragraphs, responsibilities, citations, targets, repairs : DataFrame
        The tables, all keyed by `document_id`. `start` and `end` count characters of the decoded source from 0.
    catalog : Path or None
        The catalog or table that the corpus was loaded from; None for a DataFrame.

    Examples
    --------
    >>> import policylab as lab
    >>> lab.load_corpus()
    Corpus(4 documents, 625 blocks, 38 sections, 122 tasks, 230 paragraphs, 542 responsibilities, 101 citations, 119 targets, 3 repairs)
    """

    documents: pd.DataFrame
    blocks: pd.DataFrame
    sections: pd.DataFrame
    tasks: pd.DataFrame
    paragraphs: pd.DataFrame
    responsibilities: pd.DataFrame
    citations: pd.DataFrame
    targets: pd.DataFrame
    repairs: pd.DataFrame
    catalog: Path | None

    def __repr__(self):
        sizes = ", ".join(f"{len(getattr(self, f.name))} {f.name}" for f in fields(self) if f.name != "catalog")
        return f"Corpus({sizes})"

    def to_excel(self, path: str | os.PathLike, *, overwrite: bool = False) -> Path:
        """Write all tables into an Excel workbook, one sheet a table.

        Parameters
        ----------
        path : path
            The file to write, such as corpus.xlsx.
        overwrite : bool
            Whether to replace a file that is there.

        Returns
        -------
        Path
            The file. Texts are texts, whatever they begin with; a value that is missing is a blank cell.

        Raises
        ------
        PolicylabError
            If a table has more rows than a sheet of Excel, 1,048,576, the file is there, or it cannot be written. Nothing is
            written then.

        Warns
        -----
        PolicylabWarning
            If a text is longer than a cell of Excel, 32,767 characters. It is cut, and ends in ….

        Examples
        --------
        >>> import tempfile
        >>> import policylab as lab
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = lab.load_corpus().to_excel(Path(folder) / "corpus.xlsx")
        ...     sheets = pd.read_excel(path, sheet_name=None, engine="calamine")
        >>> list(sheets)[:3], len(sheets["tasks"])
        (['documents', 'blocks', 'sections'], 122)
        """
        from policylab.base.excel import CELL_LIMIT, ROW_LIMIT, cut_texts, encode_workbook

        path = Path(path)
        tables = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "catalog"}
        _check_workbook(path, tables, overwrite, ROW_LIMIT)
        notes = []
        for name, table in tables.items():
            tables[name], cut = cut_texts(table)
            for column, rows in cut.items():
                count = "1 text was" if len(rows) == 1 else f"{len(rows)} texts were"
                shown = ", ".join(f"{table['document_id'].iloc[row - 1]} (row {row + 1})" for row in rows[:_LISTED]) + (
                    " …" if len(rows) > _LISTED else ""
                )
                notes.append(f"sheet {name}, column {column}: {count} cut: {shown}.")
        data = encode_workbook(tables, compress=True)
        try:
            path.write_bytes(data)
        except OSError as error:
            raise PolicylabError(f"{path} cannot be written: {error.strerror}. Close it in other programs.") from None
        if notes:
            head = f"{path.name}: a cell of Excel holds {CELL_LIMIT:,} characters."
            warnings.warn("\n  ".join([head, *notes]), PolicylabWarning, stacklevel=2)
        return path


def _check_workbook(path, tables, overwrite, limit):
    long = [f"{name} ({len(table):,})" for name, table in tables.items() if len(table) >= limit]
    if long:
        raise PolicylabError(
            f"A sheet of Excel holds {limit - 1:,} rows below its header; more have: {', '.join(long)}. Nothing was written."
            " Write a part of the documents, or single tables with to_csv or to_parquet."
        )
    if path.suffix.lower() != ".xlsx":
        raise PolicylabError(f"{path}: the name of an Excel workbook ends in .xlsx.")
    if not path.parent.is_dir():
        raise PolicylabError(f"There is no folder {path.parent}. Create it, or give the path of another one.")
    if path.exists() and not overwrite:
        raise PolicylabError(f"{path} exists already. Choose another name, or write overwrite=True to replace it.")
