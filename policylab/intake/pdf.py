"""PDF files with a text layer: characters with their places, from PDFium; what they make is for pdflayout to say."""

import ctypes
import math
import re
from collections import Counter
from typing import Any

from policylab.base.errors import PolicylabError
from policylab.intake.extracted import Builder, Extract
from policylab.intake.pdflayout import Character, Page, lay_pages
from policylab.intake.pdftables import Edge

_OCR = "Make its pages searchable by OCR, for instance with: ocrmypdf -l chi_sim scan.pdf text.pdf"
_MOST_PAGES = 3000
_MOST_CHARACTERS = 40_000  # on one page; a page of the smallest print has 8,000
_MOST_OBJECTS, _DEEPEST_FORM = 20_000, 4  # lines and pictures on one page; drawings inside drawings
# Characters of a page that holds text; a stamp on a picture of a page has fewer. Chosen by judgement.
_FEWEST = 12
_GARBLED = 0.3  # share of characters without meaning above which a text layer is of no use
# Of the characters of a Chinese document more than half are Chinese; in a text in English, and where the fonts do not say what
# they draw, hardly any. In between nothing was seen.
_FEWEST_CHINESE, _LONG = 0.1, 200
_HAN = re.compile("[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_TILT = 5  # degrees
_HYPHEN = 0x2  # what PDFium makes of one at the end of a line
_NOTHING = frozenset((0xFFFE, 0xFEFF, 0xAD, 0x200B, 0xA, 0xD))


def read_pdf(data: bytes) -> Extract:
    """The text of a PDF file in the order of reading, one paragraph a line, tables as rows."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise PolicylabError(
                "the PDF file is encrypted. Open it with its password, and print it to a new PDF"
            ) from None
        raise PolicylabError("the PDF file is damaged or cut off. Get the file again") from None
    try:
        if len(document) > _MOST_PAGES:
            raise PolicylabError(f"the PDF file has {len(document):,} pages, more than {_MOST_PAGES:,}. Divide it")
        builder = Builder()
        pages, damaged = _read_pages(document)
        _check(pages, damaged, builder)
        lay_pages(pages, builder)
        if damaged:
            builder.notes.append(f"pages that are damaged and left out: {list_pages(damaged)}")
        return builder.finish()
    finally:
        document.close()


def list_pages(numbers: list[int]) -> str:
    """Numbers of pages, those that follow each other as a range.

    >>> list_pages([1, 2, 3, 7])
    '1–3, 7'
    """
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join([str(a) if a == b else f"{a}–{b}" for a, b in ranges])


def _read_pages(document):
    import pypdfium2

    pages, damaged = [], []
    for i in range(len(document)):
        try:
            page = document[i]
        except pypdfium2.PdfiumError:
            damaged.append(i + 1)
            continue
        pages.append(_read_page(page, i + 1))
        page.close()
    return pages, damaged


def _check(pages, damaged, builder):
    """Refuse a file without text; note pages without."""
    if not pages:
        raise PolicylabError("the PDF file is damaged: none of its pages can be read. Get the file again")
    scans = [page.number for page in pages if _count(page) < _FEWEST and page.pictures]
    n = sum(map(_count, pages))
    if n == 0 or (n < _FEWEST * len(pages) and scans):
        what = "pictures of pages" if scans else "drawings or empty pages"
        raise PolicylabError(f"the PDF file has no text layer, only {what} ({len(pages)} pages). {_OCR}")
    odd = sum([_is_meaningless(c.text) and not c.text.isspace() for page in pages for c in page.characters])
    if odd > _GARBLED * n:
        raise PolicylabError(
            f"the text layer of the PDF file is garbled: {odd:,} of {n:,} characters stand for nothing, as its fonts do not say"
            f" what they draw. {_OCR}, with --force-ocr"
        )
    chinese = sum([_HAN.match(c.text) is not None for page in pages for c in page.characters])
    if n >= _LONG and chinese < _FEWEST_CHINESE * n:
        builder.notes.append(
            f"only {chinese:,} of {n:,} characters are Chinese: either the text is in another language, or the fonts of the PDF file"
            f" do not say what they draw. {_OCR}, with --force-ocr"
        )
    if scans:
        builder.notes.append(f"pages without text, perhaps scanned: {list_pages(scans)}. {_OCR}")


def _count(page):
    return sum([not c.text.isspace() for c in page.characters])


def _is_meaningless(text):
    return text == "\ufffd" or "\ue000" <= text <= "\uf8ff" or text < " " or "\x7f" <= text < "\xa0"


def _read_page(page: Any, number: int) -> Page:
    characters, angles = _read_characters(page)
    # Landscape tables are drawn sideways, with or without the page being turned: the direction of most characters is the one
    # to read in. Others are stamps and watermarks.
    direction = Counter(angles).most_common(1)[0][0] if angles else 0
    kept = [_turn(c, direction) for c, angle in zip(characters, angles) if angle == direction]
    edges, pictures = _read_drawings(page)
    return Page(
        number, _drop_doubles(kept), [_turn_edge(e, direction) for e in edges], pictures, len(characters) - len(kept)
    )


def _read_characters(page):
    """The characters of a page that are visible, with top and left as in print, and the angle of each in steps of 90 degrees."""
    import pypdfium2.raw as raw

    left, bottom, right, top = page.get_bbox()
    text = page.get_textpage()
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    characters, angles = [], []
    high = ""
    n = text.count_chars()
    if n > _MOST_CHARACTERS:
        raise PolicylabError(
            f"a page of the PDF file has {n:,} characters, more than any page of a document. Save it as text"
        )
    for i in range(n):
        code = raw.FPDFText_GetUnicode(text, i)
        character = chr(code) if code < 0x110000 else "\ufffd"
        if "\ud800" <= character < "\udc00":
            high = character
            continue
        if "\udc00" <= character <= "\udfff":
            character = (
                (high + character).encode("utf-16", "surrogatepass").decode("utf-16", "replace")[:1]
                if high
                else "\ufffd"
            )
        high = ""
        # PDFium adds blanks and line ends of its own where it sees gaps.
        if code == _HYPHEN or raw.FPDFText_IsHyphen(text, i) == 1:
            character, code = "-", ord("-")
        if code in _NOTHING or (character.isspace() and raw.FPDFText_IsGenerated(text, i) != 0):
            continue
        if not (raw.FPDFText_GetLooseCharBox(text, i, box) and raw.FPDFText_GetCharOrigin(text, i, x, y)):
            continue
        if not (left - 1 <= x.value <= right + 1 and bottom - 1 <= y.value <= top + 1):
            continue
        angle = _round_angle(raw.FPDFText_GetCharAngle(text, i))
        characters.append((character, box.left, box.bottom, box.right, box.top, x.value, y.value))
        angles.append(angle)
    text.close()
    return characters, angles


def _round_angle(radians):
    degrees = math.degrees(radians) % 360
    nearest = round(degrees / 90) * 90
    return nearest % 360 if abs(degrees - nearest) <= _TILT else round(degrees)


def _turn(character, direction):
    """A character in coordinates that go right and down as its text is read."""
    text, left, bottom, right, top, x, y = character
    if direction == 270:
        return Character(text, bottom, top, x, right - left)
    if direction == 90:
        return Character(text, -top, -bottom, -x, right - left)
    if direction == 180:
        return Character(text, -right, -left, y, top - bottom)
    return Character(text, left, right, -y, top - bottom)


def _turn_edge(edge, direction):
    x0, y0, x1, y1 = edge
    points = {
        270: ((y0, x0), (y1, x1)),
        90: ((-y0, -x0), (-y1, -x1)),
        180: ((-x0, y0), (-x1, y1)),
    }.get(direction, ((x0, -y0), (x1, -y1)))
    (a, b), (c, d) = points
    return Edge(min(a, c), min(b, d), max(a, c), max(b, d))


def _drop_doubles(characters):
    """Characters without those printed twice on one place, as programs do that have no bold type."""
    seen, kept = set(), []
    for c in characters:
        step = max(1.0, (c.x1 - c.x0) / 3)
        place = round(c.x0 / step), round(c.y / step)
        # A dash of two characters is one sign of the font: both are on one place.
        if c.text not in "—…" and any(
            (c.text, place[0] + i, place[1] + j) in seen for i in (-1, 0, 1) for j in (-1, 0, 1)
        ):
            continue
        seen.add((c.text, *place))
        kept.append(c)
    return kept


def _read_drawings(page):
    """The straight lines of a page, as (x0, y0, x1, y1), and whether it holds pictures."""
    import pypdfium2.raw as raw

    edges, pictures = [], False
    for i, drawing in enumerate(page.get_objects(max_depth=_DEEPEST_FORM)):
        if i >= _MOST_OBJECTS:
            break
        if drawing.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures = True
        elif drawing.type == raw.FPDF_PAGEOBJ_PATH:
            edges += _read_path(drawing, raw)
    return edges, pictures


_THIN = 2.5  # points: a filled area that is no thicker is a line


def _read_path(drawing, raw):
    try:
        left, bottom, right, top = drawing.get_bounds()
    except Exception:  # a path without extent
        return []
    if top - bottom <= _THIN or right - left <= _THIN:
        if top - bottom <= _THIN:
            y = (top + bottom) / 2
            return [(left, y, right, y)] if right - left > _THIN else []
        x = (left + right) / 2
        return [(x, bottom, x, top)]
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(drawing.raw, fill, stroke)
    n = raw.FPDFPath_CountSegments(drawing.raw)
    if n > 2000 or not (stroke.value or n > 5):
        return []
    matrix = drawing.get_matrix()
    edges, x, y, last, first = [], ctypes.c_float(), ctypes.c_float(), None, None
    for i in range(n):
        segment = raw.FPDFPath_GetPathSegment(drawing.raw, i)
        if not segment or not raw.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        kind, point = raw.FPDFPathSegment_GetType(segment), matrix.on_point(x.value, y.value)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO and last:
            edges.append((*last, *point))
        if raw.FPDFPathSegment_GetClose(segment) and first and point != first:
            edges.append((*point, *first))
        last = point
    return [e for e in edges if abs(e[0] - e[2]) < 1 or abs(e[1] - e[3]) < 1]
