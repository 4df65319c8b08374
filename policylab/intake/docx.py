"""Word documents (.docx): what Word shows, as it shows it: generated numbers, tables, text boxes, notes, changes accepted."""

import re
from collections import Counter
from xml.etree.ElementTree import Element, ParseError

from policylab.base.archive import Archive, open_archive
from policylab.base.errors import PolicylabError
from policylab.intake.extracted import Builder, Extract
from policylab.intake.wordlists import Numbering, Styles, attribute, child, is_on, local

_SYMBOLS = {"00A8": "□", "F0A8": "□", "0052": "☑", "F052": "☑", "00FE": "☑", "F0FE": "☑", "006F": "□", "F06F": "□"}
_DEEPEST = 60  # tables, boxes and controls inside each other; a document that a person made has five
_FOOTNOTES = "脚注"  # the heading, known to the grammar, below which notes stand behind the text
_GENERIC_TITLE = re.compile(
    r"[\W\d_]*$|.*(?:文档|microsoft|word|\.docx?|标题|无标题|title|untitled|template|模板|normal)\W*\d*$", re.IGNORECASE
)


def read_docx(data: bytes) -> Extract:
    """The text of a Word document, with what is generated, changed or noted in it."""
    with open_archive(data) as archive:
        main = _find_main(archive)
        parts = {
            name: _parse(archive, main, name) for name in ("styles", "numbering", "footnotes", "endnotes", "comments")
        }
        body = child(_parse_part(archive, main), "body")
        core = _parse_part(archive, "docProps/core.xml", needed=False)
    if body is None:
        raise PolicylabError("the Word document is damaged: it has no body. Open it in Word, and save it again")
    reader = _Reader(parts)
    reader.read_blocks(body, 0)
    reader.end()
    reader.read_notes()
    builder = reader.builder
    if not builder.lines:
        raise PolicylabError(
            "the Word document holds no text. If it holds pictures of pages, save it as PDF, and make that searchable by OCR"
        )
    builder.stated.update(_read_properties(core))
    builder.notes += reader.report(parts["comments"])
    return builder.finish()


def _find_main(archive):
    """The name of the part that holds the text: word/document.xml, but for exports of a few programs."""
    relations = _parse_part(archive, "_rels/.rels", needed=False)
    for relation in relations if relations is not None else []:
        target = relation.get("Target", "").lstrip("/")
        if target and relation.get("Type", "").endswith("/officeDocument"):
            return target
    return "word/document.xml"


def _parse(archive, main, name):
    return _parse_part(archive, f"{main.rpartition('/')[0]}/{name}.xml".lstrip("/"), needed=False)


def _parse_part(archive: Archive, name: str, *, needed: bool = True) -> Element | None:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    member = archive.find(name)
    if member is None:
        if needed:
            raise PolicylabError(f"the Word document is damaged: {name} is missing. Open it in Word, and save it again")
        return None
    content = archive.read(member)
    try:
        return fromstring(content)
    except DefusedXmlException:
        raise PolicylabError(
            f"the Word document is refused: {name} declares entities, which Word never writes and which can fill the memory"
        ) from None
    except (ParseError, ValueError, LookupError):
        if not needed:
            return None
        raise PolicylabError(
            f"the Word document is damaged: {name} is no XML. Open it in Word, and save it again"
        ) from None


class _Reader:
    """Walks over the body; paragraphs become lines of its builder."""

    def __init__(self, parts):
        self.builder = Builder()
        self._styles = Styles(parts["styles"])
        self._numbering = Numbering(parts["numbering"], self._styles)
        self._notes = {kind: _list_notes(parts[kind]) for kind in ("footnotes", "endnotes")}
        self._cited: list[tuple[str, str]] = []
        self._boxes: list[Element] = []
        self._seen: Counter = Counter()
        self._page = 1
        self._held = ""

    def read_blocks(self, parent, depth):
        """Paragraphs, tables and what wraps them, in their order."""
        if depth > _DEEPEST:
            raise PolicylabError("the Word document is refused: its tables and boxes stand too deep inside each other")
        for part in parent:
            name = local(part)
            if name == "p":
                text = self._read_paragraph(part, depth)
                if child(child(child(part, "pPr"), "rPr"), "del") is not None:
                    # The end of the paragraph was deleted: it goes on with the next one.
                    self._held += text
                    continue
                self.builder.add(self._held + text)
                self._held = ""
                self._end_boxes(depth)
            elif name == "tbl":
                self._read_table(part, depth)
            elif name == "AlternateContent":
                self.read_blocks(_choose(part), depth + 1)
            elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "body", "txbxContent"):
                self.read_blocks(part, depth + 1)
            elif name in ("del", "moveFrom"):
                self._seen["changes"] += 1

    def end(self):
        """Nothing may be left over."""
        self.builder.add(self._held)
        self._end_boxes(0)

    def _end_boxes(self, depth):
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.builder.mark("textbox")
            self.read_blocks(box, depth + 1)

    def _read_paragraph(self, paragraph, depth):
        properties = child(paragraph, "pPr")
        pieces: list[str] = []
        self._read_inline(paragraph, pieces, depth)
        text = "".join(pieces)
        mark = child(child(properties, "rPr"), "vanish")
        hidden = is_on(mark) and not text.strip()
        label = "" if hidden else self._numbering.next_label(properties)
        return f"{label}{text.lstrip()}" if label and (text.strip() or not _is_bullet(label)) else text

    def _read_inline(self, parent, pieces, depth):
        if depth > _DEEPEST:
            raise PolicylabError("the Word document is refused: its tables and boxes stand too deep inside each other")
        for part in parent:
            name = local(part)
            if name == "r":
                self._read_run(part, pieces, depth)
            elif name in ("del", "moveFrom"):
                self._seen["changes"] += 1
            elif name in ("ins", "moveTo"):
                self._seen["changes"] += 1
                self._read_inline(part, pieces, depth + 1)
            elif name in (
                "hyperlink",
                "smartTag",
                "sdt",
                "sdtContent",
                "fldSimple",
                "customXml",
                "dir",
                "bdo",
                "ruby",
                "rubyBase",
            ):
                self._read_inline(part, pieces, depth + 1)
            elif name == "AlternateContent":
                self._read_inline(_choose(part), pieces, depth + 1)
            elif name in ("oMath", "oMathPara"):
                pieces += [element.text or "" for element in part.iter() if local(element) == "t"]

    def _read_run(self, run, pieces, depth):
        if self._styles.hides(child(run, "rPr")):
            self._seen["hidden"] += any(local(part) == "t" and (part.text or "").strip() for part in run)
            return
        for part in run:
            name = local(part)
            if name == "t":
                pieces.append(re.sub(r"[\r\n]+", " ", part.text or ""))
            elif name in ("br", "cr"):
                self._break(part, pieces)
            elif name == "lastRenderedPageBreak":
                self._turn()
            elif name in _CHARACTERS:
                pieces.append(_CHARACTERS[name])
            elif name == "sym":
                pieces.append(_read_symbol(part))
            elif name in ("footnoteReference", "endnoteReference"):
                self._cited.append((f"{name[:-9]}s", attribute(part, "id") or ""))
            elif name == "AlternateContent":
                self._read_run(_choose(part), pieces, depth + 1)
            elif name in ("drawing", "pict", "object"):
                self._boxes += _find_boxes(part)
            elif name == "ruby":
                self._read_inline(part, pieces, depth + 1)

    def _break(self, element, pieces):
        if attribute(element, "type") not in ("page", "column"):
            pieces.append("\n")
        elif attribute(element, "type") == "page":
            self._turn()

    def _turn(self):
        self._page += 1
        self.builder.mark("page", str(self._page))

    def _read_table(self, table, depth):
        rows = []
        for row in _rows(table):
            if child(child(row, "trPr"), "del") is None:
                rows.append(self._read_row(row, depth))
        self.builder.add_table(rows)
        self._end_boxes(depth)

    def _read_row(self, row, depth):
        cells = []
        for cell in _cells(row):
            properties = child(cell, "tcPr")
            span = child(properties, "gridSpan")
            merged = child(properties, "vMerge")
            continued = merged is not None and (attribute(merged) or "continue") == "continue"
            text = "" if continued else self._read_cell(cell, depth + 1)
            width = attribute(span) if span is not None else None
            cells += [text] + [""] * (min(64, int(width)) - 1 if width and width.isdecimal() else 0)
        return cells

    def _read_cell(self, cell, depth):
        outer, self.builder = self.builder, Builder()
        try:
            self.read_blocks(cell, depth)
            lines = self.builder.lines
        finally:
            self.builder = outer
        return "\n".join(lines)

    def read_notes(self):
        """Footnotes and endnotes, behind the text and below a heading of their own."""
        cited = [(kind, number) for kind, number in dict.fromkeys(self._cited) if number in self._notes[kind]]
        if not cited:
            return
        lines = []
        for kind, number in cited:
            outer, self.builder = self.builder, Builder()
            self.read_blocks(self._notes[kind][number], 0)
            lines.append(self.builder.lines)
            self.builder = outer
        if not any(lines):
            return
        self.builder.add(_FOOTNOTES)
        for i, paragraphs in enumerate(lines, 1):
            self.builder.mark("note", str(i))
            for j, line in enumerate(paragraphs):
                self.builder.add(f"[{i}] {line}" if j == 0 else line)

    def report(self, comments):
        """What a person should know of what was left out or chosen."""
        notes = []
        if self._seen["changes"]:
            notes.append(f"tracked changes: {self._seen['changes']} are read as accepted")
        if self._seen["hidden"]:
            notes.append(f"hidden text: {self._seen['hidden']} stretches are left out")
        n_comments = sum([local(part) == "comment" for part in comments]) if comments is not None else 0
        if n_comments:
            notes.append(f"comments: {n_comments} are left out")
        if self._numbering.unknown:
            notes.append(
                f"generated numbers in formats that are not known ({', '.join(sorted(self._numbering.unknown))}) are in digits"
            )
        return notes


_CHARACTERS = {"tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}


def _is_bullet(label):
    return not any(map(str.isalnum, label))


def _rows(table):
    """The rows of a table, those in content controls included."""
    for part in table:
        name = local(part)
        if name == "tr":
            yield part
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _rows(part)


def _cells(row):
    for part in row:
        name = local(part)
        if name == "tc":
            yield part
        elif name in ("sdt", "sdtContent", "customXml"):
            yield from _cells(part)


def _choose(alternatives):
    """What a reader takes of alternative contents: the first choice, else what is there to fall back on; once."""
    chosen = child(alternatives, "Choice")
    if chosen is None:
        chosen = child(alternatives, "Fallback")
    return chosen if chosen is not None else ()


def _find_boxes(drawing):
    """The contents of the text boxes in a drawing; those inside another one come with it, alternatives come once."""
    if local(drawing) == "txbxContent":
        return [drawing]
    if local(drawing) == "AlternateContent":
        drawing = _choose(drawing)
    return [box for part in drawing for box in _find_boxes(part)]


def _read_symbol(symbol):
    code, font = (attribute(symbol, "char") or "").upper(), (attribute(symbol, "font") or "").lower()
    if "wingdings" in font and code in _SYMBOLS:
        return _SYMBOLS[code]
    try:
        character = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return character if character.isprintable() or "\ue000" <= character <= "\uf8ff" else ""


def _list_notes(part):
    """{id: note}, without the lines that separate notes from the text."""
    notes = {}
    for note in part if part is not None else ():
        if attribute(note, "type") in (None, "normal"):
            notes[attribute(note, "id") or ""] = note
    return notes


def _read_properties(core):
    """The title and the day that the properties name, where they can be true: templates leave theirs in every file."""
    stated = {}
    for element in core if core is not None else ():
        text = (element.text or "").strip()
        if local(element) == "title" and 5 < len(text) < 120 and not _GENERIC_TITLE.match(text):
            stated["title"] = text
    return stated
