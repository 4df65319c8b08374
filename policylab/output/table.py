"""Tables for papers: one result table as CSV, LaTeX with three rules, Word document and Excel workbook, with its manifest entry."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from pathlib import Path

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from policylab.base.arguments import check_language
from policylab.base.errors import PolicylabError, PolicylabWarning, suggest
from policylab.base.excel import cut_texts, encode_workbook
from policylab.base.rounding import DECIMALS, round_numbers
from policylab.output.cells import CODED, CONTROL, find_heading, find_places, print_cells
from policylab.output.figure import make_csv
from policylab.output.folder import check_name, save_files
from policylab.output.latex import make_latex
from policylab.output.provenance import Provenance
from policylab.output.word import make_word

KINDS = ("csv", "tex", "docx", "xlsx")
_SHEET = {"zh": "表", "en": "Table"}  # what the sheet of a workbook is called


@dataclass(frozen=True)
class SavedTable:
    """The paths of a table's files by kind, and its cells as printed. A notebook shows the printed cells."""

    name: str
    files: dict[str, Path]
    printed: pd.DataFrame

    def _repr_html_(self):
        return self.printed.to_html(index=False, border=0)


def save_table(
    table: pd.DataFrame,
    name: str,
    record: Provenance,
    *,
    folder: str | Path | None = None,
    caption: str = "",
    decimals: int | Mapping = 2,
    kinds: Sequence[str] = KINDS,
    language: str = "zh",
) -> SavedTable:
    """Save a table for a paper as CSV, LaTeX, Word and Excel, with an entry in manifest.json.

    A row of `table` is a row of the paper's table, in this order: select rows and columns before. The CSV is for machines:
    columns under their own names, six decimals, and an apostrophe before a text that a spreadsheet would take for a formula.
    In LaTeX and Word, headings and codes (levels, regions, roles ...) are words of `language`, numbers are rounded and
    aligned right, text is aligned left, and text that is too wide for the page wraps. In Excel headings and codes are words,
    too; numbers have six decimals and show as many as in print, text is never a formula or a link, and a value that is missing
    is a blank cell.

    Parameters
    ----------
    table : DataFrame
        The rows. Named levels of the index become columns; an index without a name is left out. A column without a word
        in labels.csv keeps its name: rename it before (table.rename) to head it otherwise.
    name : str
        The name of the files without their ending: letters a-z, digits, - and _.
    record : Provenance
        What the table is made from, from record_provenance.
    folder : path, optional
        Where to save it; the project's figures/ by default.
    caption : str
        The caption in LaTeX and Word. With one, the LaTeX also has the label tab:name.
    decimals : int or dict of str to int
        Decimals of numbers, from 0 to 6, for all columns or as {column: decimals}. A column whose largest value is below
        0.1 gets as many as show two digits of it, a column of whole numbers none.
    kinds : sequence of str
        Which files to write, of "csv", "tex", "docx" and "xlsx". Word needs the package python-docx.
    language : {"zh", "en"}
        "zh" or "en".

    Returns
    -------
    SavedTable
        The paths of the files and the cells as printed.

    Raises
    ------
    PolicylabError
        If the table has no columns, two of one name or several levels of them, `decimals` do not fit them, the name is not
        a plain file name or that of a figure, python-docx is missing, the manifest cannot be read, or the folder cannot be
        written. Nothing is written then.

    Warns
    -----
    PolicylabWarning
        If the table is wider than a line of LaTeX even in the smallest type, or a text longer than a cell of Excel, 32,767
        characters; it is cut, and ends in ….

    Notes
    -----
    A value that is missing or undefined is printed as an en dash, which the paper's note should explain. Five digits and
    more before the point are grouped. The LaTeX is a table environment for \\input and needs array and booktabs, and
    xelatex and ctex for Chinese. A table longer than a page breaks in Word only. The same input gives the same bytes.

    Examples
    --------
    >>> import tempfile
    >>> record = Provenance("02_terms", {"language": "en"}, "", {}, "")
    >>> table = pd.DataFrame({"level": ["national"], "term": ["数字资源"], "rate": [12.345], "n": [19]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     saved = save_table(table, "terms-en", record, folder=folder, caption="Use of a term", language="en")
    ...     print(saved.files["tex"].read_text(encoding="utf-8"))
    % Needs \\usepackage{array,booktabs}; Chinese needs xelatex and ctex.
    \\begin{table}[htbp]
      \\centering
      \\caption{Use of a term}
      \\label{tab:terms-en}
      \\begin{tabular}{llrr}
        \\toprule
        Level & Term & Uses per 10,000 words & n \\\\
        \\midrule
        National & 数字资源 & 12.35 & 19 \\\\
        \\bottomrule
      \\end{tabular}
    \\end{table}
    <BLANKLINE>
    """
    check_language(language)
    _check(name, kinds)
    flat = _flatten(table, name)
    decimals = _read_decimals(decimals, name, list(flat))
    numeric = [is_numeric_dtype(flat[column]) and not is_bool_dtype(flat[column]) for column in flat]
    data = round_numbers(flat)
    # The columns of a pivot are values of what the columns are called.
    heads = [find_heading(column, language, CODED.get(str(table.columns.name), "{}")) for column in data]
    printed = print_cells(data, language, decimals).set_axis(heads, axis=1)
    lines = [list(printed), *printed.to_numpy().tolist()]
    make = {
        "csv": lambda: make_csv(data),
        "tex": lambda: make_latex(lines, numeric, caption, name).encode("utf-8"),
        "docx": lambda: make_word(lines, numeric, CONTROL.sub(" ", caption)),
        "xlsx": lambda: _make_excel(data, printed, numeric, decimals, name, language),
    }
    contents = {}
    for kind in KINDS:
        if kind in kinds:
            contents[f"{name}.{kind}"] = make[kind]()
    return SavedTable(name, save_files("Table", name, contents, record, folder), printed)


def _make_excel(data, printed, numeric, decimals, name, language):
    """A workbook of the table: words as printed, numbers as numbers that show as many decimals as print has."""
    columns = {}
    for place, number in enumerate(numeric):
        values, words = data.iloc[:, place].tolist(), printed.iloc[:, place]
        columns[place] = (
            values if number else [None if pd.isna(v) else word for v, word in zip(values, words, strict=True)]
        )
    shown = {head: find_places(data[column], column, decimals) for head, column in zip(printed, data, strict=True)}
    table = pd.DataFrame(columns, dtype=object).set_axis(list(printed), axis=1)
    table, cut = cut_texts(table)
    for head, rows in cut.items():
        message = f"Table {name}: {len(rows)} texts of the column {head} are longer than a cell of Excel and were cut in {name}.xlsx."
        warnings.warn(message, PolicylabWarning, stacklevel=4)
    return encode_workbook({_SHEET[language]: table}, places=shown)


def _check(name, kinds):
    check_name("Table", name)
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds:
        raise PolicylabError(f"Table {name}: kinds={kinds!r}: expected one or more of {', '.join(map(repr, KINDS))}.")


def _read_decimals(decimals, name, columns):
    """`decimals` with the names of columns as texts, as the columns have them here."""
    if isinstance(decimals, dict):
        decimals = given = {str(column): places for column, places in decimals.items()}
    else:
        given = {columns[0]: decimals}
    problems = [f"no column {column}. {suggest(column, columns)}" for column in given if column not in columns]
    problems += [
        f"{places!r}: expected a whole number from 0 to {DECIMALS}."
        for places in given.values()
        if not isinstance(places, Integral) or not 0 <= places <= DECIMALS
    ]
    if problems:
        raise PolicylabError(f"Table {name}: decimals: {' '.join(problems)}")
    return decimals


def _flatten(table, name):
    """`table` with the named levels of its index as columns, and column names that are texts."""
    if not isinstance(table, pd.DataFrame):
        raise PolicylabError(
            f"Table {name}: expected a DataFrame, got {type(table).__name__}. For a Series: to_frame()."
        )
    if table.columns.nlevels > 1:
        first = ", ".join(map(str, table.columns[0]))
        raise PolicylabError(f"Table {name}: its columns have several levels (first: {first}). Give each one name.")
    levels = [level for level in table.index.names if level is not None]
    columns = [str(column) for column in [*levels, *table.columns]]
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice or not columns:
        what = f"several columns are called {', '.join(twice)}. Rename them." if twice else "it has no columns."
        raise PolicylabError(f"Table {name}: {what}")
    flat = table.set_axis(columns[len(levels) :], axis=1)
    return (flat.reset_index(level=levels) if levels else flat).reset_index(drop=True).infer_objects()
