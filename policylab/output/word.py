"""A table as a Word document: three rules, Chinese and Latin type, the same bytes from the same cells.

How the table looks is not written here but in table.docx, a document without text that can be edited in Word: the page, and
the styles "Caption", "Three-Line Table", "Table Text" and "Table Number".
"""

import io
import unicodedata
from pathlib import Path

from policylab.base.errors import PolicylabError
from policylab.base.excel import pack_stored
from policylab.output.widths import fit_widths

TEMPLATE = Path(__file__).with_name("table.docx")

# Of the template: the size of "Table Text" in points, the Chinese characters of that size that a line of the page holds,
# and the white space at both sides of a cell in the same measure, with a little more because widths are estimated.
POINTS = 9
ROOM = 50
GAP = 1.5


def make_word(lines, numeric, caption):
    """The bytes of a .docx: `lines` are the heading and the rows, all texts; `numeric` marks the columns of numbers.

    Raises PolicylabError if python-docx is not installed.
    """
    try:
        import docx
    except ImportError:
        raise PolicylabError(
            "Word tables need the package python-docx, which is not installed: pip install python-docx. "
            'Nothing was written. Without Word: kinds=("csv", "tex").'
        ) from None
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Pt

    document = docx.Document(TEMPLATE)
    if caption:
        _write(document.add_paragraph(style="Caption"), caption)
    styles = [document.styles["Table Number" if right else "Table Text"] for right in numeric]
    widths = [Pt(width * POINTS) for width in fit_widths(lines, numeric, ROOM, GAP)]
    table = document.add_table(rows=len(lines), cols=len(numeric), style="Three-Line Table")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER  # not every program takes it from the style
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _add_property(table.rows[0], "tblHeader")  # the heading is repeated on every page
    for row, texts in zip(table.rows, lines, strict=True):
        _add_property(row, "cantSplit")  # no page break within a row
        for cell, text, width, style in zip(row.cells, texts, widths, styles, strict=True):
            cell.width = width
            cell.paragraphs[0].style = style
            _write(cell.paragraphs[0], text)
    return _pack(document)


def _add_property(row, name):
    """A property that python-docx does not offer, and that not every program takes from the style of the table."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))


def _write(paragraph, text):
    from docx.oxml.ns import qn

    run = paragraph.add_run(text)
    if any(unicodedata.east_asian_width(character) in "WF" for character in text):
        # Otherwise “ ” … beside Chinese are narrow. A style cannot set this.
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def _pack(document):
    """The file's bytes; a zip otherwise holds the time of packing, and packs as the version of its library does."""
    written = io.BytesIO()
    document.save(written)
    return pack_stored(written.getvalue())
