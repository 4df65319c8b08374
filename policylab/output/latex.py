"""A table as LaTeX with three rules."""

import math
import warnings

from policylab.base.errors import PolicylabWarning
from policylab.output.cells import CONTROL, MISSING
from policylab.output.widths import fit_widths

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "&%_#${}"},
    }
)

# In Chinese characters of 10.5 points: a line of 345 points, as article and ctexart have it, and the 12 points between two
# columns. Widths are only estimated.
ROOM = 32.7
GAP = 1.15

# Sizes of type for tables that are too wide even so, with the factor to normal text.
SIZES = {"": 1, "\\small": 0.9, "\\footnotesize": 0.8, "\\scriptsize": 0.7}


def escape_latex(text):
    """Escape the characters of `text` that are commands in LaTeX.

    >>> print(escape_latex("R&D_1 100%"))
    R\\&D\\_1 100\\%
    """
    return text.translate(_LATEX)


def make_latex(lines, numeric, caption, name):
    """The table as text: `lines` are the heading and the rows, all texts; `numeric` marks the columns of numbers."""
    natural = fit_widths(lines, numeric, math.inf, GAP)
    size, factor, fitted = _choose_size(lines, numeric, name)
    columns = "".join(
        "r"
        if number
        else "l"
        if fit == own
        else f">{{\\raggedright\\arraybackslash}}p{{{(fit - GAP) * factor / ROOM:.2f}\\linewidth}}"
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


def _choose_size(lines, numeric, name):
    """(command, factor, widths of the columns) of the largest type in which a table fits the line, else of the smallest."""
    for size, factor in SIZES.items():
        widths = fit_widths(lines, numeric, ROOM / factor, GAP)
        if sum(widths) * factor <= ROOM + 1e-9:
            return size, factor, widths
    remedy = "Choose fewer columns, or set it sideways (rotating, sidewaystable)."
    warnings.warn(
        f"Table {name}: its {len(widths)} columns are wider than a line of LaTeX, in the smallest type too. {remedy}",
        PolicylabWarning,
        stacklevel=5,
    )
    return size, factor, widths


def _write_latex(text):
    if text == MISSING:
        return "--"
    # Two hyphens would become a dash, and the minus sign is not in every font.
    return escape_latex(CONTROL.sub(" ", text)).replace("--", "-{}-").replace("−", "$-$")


def _protect(cells):
    """The end of a row takes [ and * that follow for its own options."""
    first, *others = cells
    return [f"{{}}{first}" if first.startswith(("[", "*")) else first, *others]
