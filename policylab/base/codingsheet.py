"""Sheets that people fill in a spreadsheet: written so that Excel opens them as they are, read back strictly."""

import csv
import os
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd

from policylab.base.datafile import read_rows
from policylab.base.errors import PolicylabError, PolicylabWarning
from policylab.base.spreadsheet import escape_table
from policylab.base.workbook import CELL_LIMIT


def check_target(path: str | os.PathLike, overwrite: bool) -> Path:
    """The path of a sheet to be written; PolicylabError without its folder, and where a coder's work may be lost."""
    path = Path(path)
    if not path.parent.is_dir():
        raise PolicylabError(f"There is no folder {path.parent}. Create it, or give the path of another one.")
    if path.exists() and not overwrite:
        raise PolicylabError(
            f"{path} exists already and may hold a coder's work. Choose another name, or write overwrite=True to replace it."
        )
    return path


def prepare_sheet(sheet: pd.DataFrame, texts: Iterable[str], name: str) -> pd.DataFrame:
    """A sheet as it is written: no cell of `texts` is missing or too long for Excel, and none is a formula.

    A cell that a spreadsheet would take for a formula gets a leading apostrophe, which read_datafile takes off.
    """
    cut = sum(int((sheet[column].str.len() >= CELL_LIMIT).sum()) for column in texts)
    if cut:
        message = (
            f"{name}: {cut} cells are longer than a cell of Excel holds and were cut to {CELL_LIMIT - 1:,} characters."
        )
        warnings.warn(message, PolicylabWarning, stacklevel=3)
    # One character is left for an apostrophe.
    return escape_table(sheet.assign(**{column: sheet[column].fillna("").str[: CELL_LIMIT - 1] for column in texts}))


def encode_sheet(sheet: pd.DataFrame) -> bytes:
    """A sheet as CSV in UTF-8 with a byte order mark and CRLF, which Excel opens without asking; half a character becomes ?."""
    text = sheet.to_csv(index=False, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    return text.encode("utf-8-sig", errors="replace")


def write_sheet(sheet: pd.DataFrame, path: Path) -> None:
    """Write a sheet (prepare_sheet) as encode_sheet gives it; bytes, so that line ends are the same on every system."""
    try:
        path.write_bytes(encode_sheet(sheet))
    except OSError as error:
        raise PolicylabError(f"{path} cannot be written: {error.strerror}. Close it in other programs.") from error


def is_filled(path: Path, columns: Iterable[str]) -> bool:
    """Whether somebody wrote into `columns` of a sheet that was written with these blank, or changed it beyond recognition."""
    if not path.exists():
        return False
    try:
        header, rows, problems, _ = read_rows(path)
    except PolicylabError:
        return True
    places = [header.index(name) for name in columns if name in header]
    return (
        bool(problems)
        or not places
        or any("".join(cells[place : place + 1]).strip() for _, cells in rows for place in places)
    )


def read_sheets(
    paths: Mapping[str, str | os.PathLike], read: Callable[[str | os.PathLike], pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """{name: table} of {name: path}, in the order of names; one PolicylabError with the problems of all files."""
    sheets, problems = {}, []
    for name, path in sorted(paths.items(), key=lambda item: str(item[0])):
        try:
            sheets[name] = read(path)
        except PolicylabError as error:
            problems.append(str(error))
    if problems:
        raise PolicylabError("\n".join(problems))
    return sheets
