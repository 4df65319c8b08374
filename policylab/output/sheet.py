"""Sheets for coders among the figures: written for Excel, and never over a coder's work."""

from pathlib import Path

import pandas as pd

from policylab.base.codingsheet import encode_sheet
from policylab.language.labels import label
from policylab.output.folder import SHEET, check_name, save_files
from policylab.output.provenance import Provenance
from policylab.output.reader import SavedPage
from policylab.readings.reading import Reading


def save_sheet(
    sheet: pd.DataFrame, name: str, record: Provenance, *, folder: str | Path | None = None, language: str = "zh"
) -> SavedPage | Reading:
    """Save a sheet of sample_pairs for coders, with an entry in manifest.json.

    The file is NAME.sheet.csv, in UTF-8 with a byte order mark and CRLF, which Excel opens without asking. Once somebody has
    written a grade, a name or a note into it, it stays as it is, whatever is run again.

    Parameters
    ----------
    sheet : DataFrame
        From sample_pairs.
    name : str
        The name of the file without its ending: letters a-z, digits, - and _.
    record : Provenance
        What the sheet is made from, from record_provenance.
    folder : path, optional
        Where to save it; the project's figures/ by default.
    language : {"zh", "en"}
        Of the note where there is nothing to code.

    Returns
    -------
    SavedPage or Reading
        The path of the sheet. Without pairs nothing is written and the result is a note.

    Raises
    ------
    PolicylabError
        If the name is not a plain file name or that of a figure, the manifest cannot be read, or the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> sheet = lab.sample_pairs(corpus, lab.align_tasks(corpus, "chongqing-2019", "national-2019"))
    >>> record = lab.record_provenance(corpus, "04_alignment", {"language": "en"})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_sheet(sheet, "pairs-en", record, folder=folder).path.name
    'pairs-en.sheet.csv'
    """
    check_name("Sheet", name)
    if sheet.empty:
        return Reading(label("sheet_empty", language).format(name=f"{name}{SHEET}"))
    return SavedPage(name, save_files("Sheet", name, {f"{name}{SHEET}": encode_sheet(sheet)}, record, folder)["csv"])
