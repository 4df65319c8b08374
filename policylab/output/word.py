"""A table as a Word document: three rules, Chinese and Latin type, the same bytes from the same cells."""

import io
import unicodedata
import zipfile
from datetime import datetime

from policylab.base.errors import PolicylabError
from policylab.output.widths import fit_widths

EAST_ASIAN, LATIN = "宋体", "Times New Roman"
CELL_POINTS, CAPTION_POINTS = 9, 10.5

# Word counts the width of rules in eighths of a point.
OUTER_RULE, INNER_RULE = "12", "6"

# A4, in millimetres. Between its margins a line holds so many Chinese characters of 9 points.
PAGE = (210, 297)
MARGIN = 25
ROOM = 50

# Parts of python-docx's template that a table has no use for, by the end of their relation's name.
_UNUSED = ("customXml", "numbering", "stylesWithEffects", "thumbnail")

# White space on either side of a cell, in twentieths of a point: Word's own default, which others do not share.
SIDES = "108"


def make_word(lines, numeric, caption):
    """The bytes of a .docx: `lines` are the heading and the rows, all texts; `numeric` says which columns stand right.

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
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = docx.Document()
    _empty(document)
    page = document.sections[0]
    page.page_width, page.page_height = map(Mm, PAGE)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGIN)
    if caption:
        paragraph = document.add_paragraph()
        _write_word(paragraph, caption, CAPTION_POINTS)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(4)
        paragraph.paragraph_format.keep_with_next = True
    table = document.add_table(rows=len(lines), cols=len(numeric))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    widths = [Pt(width * CELL_POINTS) for width in fit_widths(lines, numeric, ROOM)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
        for cell, text, width, right in zip(row.cells, texts, widths, numeric, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            _write_word(paragraph, text, CELL_POINTS)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
            # Rules of cells: not every program takes rules of the table for those around it.
            below = OUTER_RULE if number == len(lines) - 1 else INNER_RULE if number == 0 else None
            _rule(cell, {"top": OUTER_RULE if number == 0 else None, "bottom": below})
        _keep(row, repeat=number == 0)
    margins = _make("tblCellMar", *(_make(side, w=SIDES, type="dxa") for side in ("left", "right")))
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)
    return _pack(document)


def _empty(document):
    """Take out of python-docx's template what would follow the table into the paper, and everything that tells a date."""
    from docx.enum.style import WD_STYLE_TYPE

    package, part = document.part.package, document.part
    for relations in (package.rels, part.rels):
        for key in [key for key, relation in relations.items() if relation.reltype.endswith(_UNUSED)]:
            del relations[key]
    defaults = {document.styles.default(kind).style_id for kind in WD_STYLE_TYPE if document.styles.default(kind)}
    for style in [style for style in document.styles if style.style_id not in defaults]:
        style.delete()
    properties = document.core_properties
    properties.author = properties.comments = ""
    properties.created = properties.modified = datetime(1980, 1, 1)


def _write_word(paragraph, text, points):
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size = Pt(points)
    run.font.name = LATIN
    fonts = run._r.rPr.rFonts
    fonts.set(qn("w:eastAsia"), EAST_ASIAN)
    fonts.set(qn("w:cs"), LATIN)
    if any(unicodedata.east_asian_width(character) in "WF" for character in text):
        fonts.set(qn("w:hint"), "eastAsia")  # else “ ” … beside Chinese would be narrow
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing = 1.0


def _rule(cell, sizes):
    """Horizontal rules of a cell, by side."""
    rules = [_make(side, val="single", sz=size, space="0", color="auto") for side, size in sizes.items() if size]
    if rules:
        cell._tc.get_or_add_tcPr().append(_make("tcBorders", *rules))


def _keep(row, repeat):
    """No row is cut by a page break; the head stands on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(_make("cantSplit"))
    if repeat:
        properties.append(_make("tblHeader"))


def _make(tag, *children, **values):
    """An element of WordprocessingML for which python-docx has no word."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)
    element.extend(children)
    return element


def _pack(document):
    """The file's bytes; a zip otherwise holds the time of packing, and packs as the version of its library does."""
    written, packed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 0, 0
            new.writestr(entry, old.read(name), zipfile.ZIP_STORED)
    return packed.getvalue()
