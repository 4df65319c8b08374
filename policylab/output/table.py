"""Tables for papers: one result table as CSV, as LaTeX with three rules and as a Word document, with its manifest entry.

The CSV is for machines: the names of columns and values as in the code, six decimals. LaTeX and Word are for readers:
headings in their language, rounded numbers, an en dash where there is no value.
"""

import math
import re
import warnings
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from policylab.base.arguments import check_language
from policylab.base.errors import PolicylabError, PolicylabWarning, suggest
from policylab.base.regions import region_label
from policylab.base.rounding import DECIMALS, round_numbers
from policylab.language.labels import label
from policylab.output.figure import make_csv
from policylab.output.folder import check_name, save_files
from policylab.output.widths import GAP, fit_widths

KINDS = ("csv", "tex", "docx")
MISSING = "–"

# Parts of column names whose meaning does not depend on the rest, with the key of the words that say so.
PREFIXES = {"reference_": "heading_reference"}
SUFFIXES = {f"_{part}": f"heading_{part}" for part in ("low", "high", "a", "b", "one", "other")}

# Columns whose values are codes, with the key of a code's word; all other text is printed as it stands.
CODED = {
    "comparator": "{}",
    "comparison": "{}",
    "level": "{}",
    "measure": "{}",
    "of": "{}",
    "outcome": "{}",
    "reason": "{}",
    "relation": "{}",
    "role": "{}",
    "tier": "{}",
    "type": "{}",
    "unit": "unit_{}",
    "variant": "{}",
    "zone": "zone_{}",
}

# Line breaks and what neither TeX nor XML may hold.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "&%_#${}"},
    }
)

# Chinese characters that a line of LaTeX holds: 345 points, as article and ctexart have it, at 10.5 points. Between two
# columns stand 12 points, and widths are only estimated. Columns of nine and less do not wrap: ids and short names fit into
# them (chosen by judgement).
_ROOM = 32.7
# Sizes of LaTeX for tables that are too wide even so, with the factor to normal text.
_SIZES = {"": 1, "\\small": 0.9, "\\footnotesize": 0.8, "\\scriptsize": 0.7}


@dataclass(frozen=True)
class SavedTable:
    """The paths of a table's files by kind, and its cells as printed. In a notebook it shows what was printed."""

    name: str
    files: dict
    printed: pd.DataFrame

    def _repr_html_(self):
        return self.printed.to_html(index=False, border=0)


def save_table(table, name, record, folder=None, caption="", language="zh", decimals=2, kinds=KINDS):
    """Write name.csv, name.tex, name.docx and the table's entry in manifest.json; return a SavedTable.

    A row of `table` (a DataFrame) is a row of the paper's table, in this order; select rows and columns before. Named
    levels of the index become columns, an index without a name is left out. `record` comes from record_provenance;
    `folder` is the project's figures/ unless given. The same input gives the same bytes.

    The CSV has the columns under their own names and six decimals; a text that a spreadsheet would take for a formula gets a
    leading apostrophe. In the others headings and codes (levels, regions,
    roles ...) are words of `language`, from labels.csv; a column that has no word there keeps its name, so rename it
    before (table.rename) to head it otherwise. Numbers have `decimals`, a number for all columns or {column: number};
    a column whose largest value is below 0.1 gets as many as show two digits of it, one of whole numbers none. Five
    digits and more before the point are grouped. A value that is missing or undefined is an en dash, which the paper's
    note should say. Numbers stand right, text left.

    The LaTeX is a table environment for \\input, with array and booktabs; Chinese needs xelatex and ctex. It has the label
    tab:name if there is a caption. Both place text that is too wide for the page in columns that wrap, and LaTeX sets a
    table that is still too wide in smaller type, with a PolicylabWarning where that is not enough; a table longer than a
    page breaks in Word only.

    `kinds` names the files. Word needs the package python-docx; without it, ask for ("csv", "tex").

    Raises PolicylabError, and writes nothing, if the table has no columns, two of one name or several levels of them,
    `decimals` do not fit them, the name is no plain file name or that of a figure, python-docx is missing, the manifest
    cannot be read, or the folder cannot be written.

    >>> import tempfile
    >>> from policylab.output.provenance import Provenance
    >>> record = Provenance("02_terms", {"language": "en"}, "", {}, {}, "")
    >>> table = pd.DataFrame({"level": ["national"], "term": ["数字资源"], "rate": [12.345], "n": [19]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     saved = save_table(table, "terms-en", record, folder, "Use of a term", "en")
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
    from policylab.output.word import make_word

    check_language(language)
    _check(name, kinds)
    flat = _flatten(table, name)
    decimals = _read_decimals(decimals, name, list(flat))
    numeric = [is_numeric_dtype(flat[column]) and not is_bool_dtype(flat[column]) for column in flat]
    data = round_numbers(flat)
    # The columns of a pivot are values of what the columns are called.
    heads = [_head(column, language, CODED.get(table.columns.name, "{}")) for column in data]
    printed = _print_cells(data, language, decimals).set_axis(heads, axis=1)
    lines = [list(printed), *printed.to_numpy().tolist()]
    make = {
        "csv": lambda: make_csv(data),
        "tex": lambda: _make_latex(lines, numeric, caption, name).encode("utf-8"),
        "docx": lambda: make_word(lines, numeric, _CONTROL.sub(" ", caption)),
    }
    contents = {}
    for kind in KINDS:
        if kind in kinds:
            contents[f"{name}.{kind}"] = make[kind]()
    return SavedTable(name, save_files("Table", name, contents, record, folder), printed)


def escape_latex(text):
    """`text` with the characters that LaTeX takes for commands written so that they are printed.

    >>> print(escape_latex("R&D_1 100%"))
    R\\&D\\_1 100\\%
    """
    return text.translate(_LATEX)


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


def _print_cells(table, language, decimals):
    """The cells as texts."""
    columns = []
    for name in table:
        places = decimals.get(name) if isinstance(decimals, dict) else None
        if places is None:
            places = _choose_places(table[name], 2 if isinstance(decimals, dict) else decimals)
        columns.append([_print(value, name, places, language) for value in table[name]])
    return pd.DataFrame(list(zip(*columns, strict=True)), columns=list(table), dtype="str")


def _head(column, language, pattern="{}"):
    """The heading of a column; rate_low is the lower end of what rate is, reference_unit the unit of the reference."""
    for key in (pattern.format(column), column):
        if (word := label(key, language)) != key:
            return word
    for prefix, key in PREFIXES.items():
        if column.startswith(prefix):
            return label(key, language).format(name=_head(column.removeprefix(prefix), language))
    for suffix, key in SUFFIXES.items():
        if column.endswith(suffix):
            return label(key, language).format(name=_head(column.removesuffix(suffix), language))
    return _CONTROL.sub(" ", column)


def _choose_places(values, decimals):
    if not is_numeric_dtype(values) or is_bool_dtype(values):
        return decimals
    finite = [abs(float(value)) for value in values.dropna() if math.isfinite(value)]
    largest = max(finite, default=0)
    if largest == 0 or all(value.is_integer() for value in finite):
        return 0
    return min(max(decimals, 1 - math.floor(math.log10(largest))), DECIMALS) if decimals else 0


def _print(value, column, places, language):
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        texts = [_print(item, column, places, language) for item in items]
        return ("、" if language == "zh" else ", ").join(texts)
    if pd.isna(value):
        return MISSING
    if isinstance(value, (bool, np.bool_)):
        return label("yes" if value else "no", language)
    if isinstance(value, Real):
        return _print_number(value, places)
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    text = _CONTROL.sub(" ", str(value))
    column = column.removeprefix("reference_")
    if column == "region":
        return region_label(text, language)
    if column in CODED:
        key = CODED[column].format(text)
        word = label(key, language)
        return text if word == key else word
    return text


def _print_number(value, places):
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    digits = f"{abs(value):,}" if isinstance(value, Integral) else f"{abs(value):,.{places}f}"
    if len(digits.partition(".")[0]) < len("10,000"):
        digits = digits.replace(",", "")
    return f"−{digits}" if value < 0 and digits.strip("0.") else digits


def _choose_size(lines, numeric, name):
    """(command, factor, widths of the columns) of the largest type in which a table fits the line, else of the smallest."""
    for size, factor in _SIZES.items():
        widths = fit_widths(lines, numeric, _ROOM / factor)
        if sum(widths) * factor <= _ROOM + 1e-9:
            return size, factor, widths
    remedy = "Choose fewer columns, or set it sideways (rotating, sidewaystable)."
    warnings.warn(
        f"Table {name}: its {len(widths)} columns are wider than a line of LaTeX, in the smallest type too. {remedy}",
        PolicylabWarning,
        stacklevel=5,
    )
    return size, factor, widths


def _make_latex(lines, numeric, caption, name):
    natural = fit_widths(lines, numeric, math.inf)
    size, factor, fitted = _choose_size(lines, numeric, name)
    columns = "".join(
        "r"
        if number
        else "l"
        if fit == own
        else f">{{\\raggedright\\arraybackslash}}p{{{(fit - GAP) * factor / _ROOM:.2f}\\linewidth}}"
        for own, fit, number in zip(natural, fitted, numeric, strict=True)
    )
    head, *rows = [f"    {' & '.join(_protect(map(_write_latex, line)))} \\\\" for line in lines]
    text = [
        "% Needs \\usepackage{array,booktabs}; Chinese needs xelatex and ctex.",
        "\\begin{table}[htbp]",
        "  \\centering",
        *([f"  \\caption{{{_write_latex(caption)}}}", f"  \\label{{tab:{name}}}"] if caption else []),
        *([f"  {size}\\setlength{{\\tabcolsep}}{{{6 * factor:.1f}pt}}"] if size else []),
        f"  \\begin{{tabular}}{{{columns}}}",
        *("    \\toprule", head, "    \\midrule", *rows, "    \\bottomrule"),
        "  \\end{tabular}",
        "\\end{table}",
    ]
    return "\n".join(text) + "\n"


def _write_latex(text):
    if text == MISSING:
        return "--"
    # Two hyphens would become a dash, and the minus sign is not in every font.
    return escape_latex(_CONTROL.sub(" ", text)).replace("--", "-{}-").replace("−", "$-$")


def _protect(cells):
    """The end of a row takes [ and * that follow for its own options."""
    first, *others = cells
    return [f"{{}}{first}" if first.startswith(("[", "*")) else first, *others]
