"""What every reader returns, and the builder with which it is made: lines, what begins where, what a person should know."""

import re
from typing import NamedTuple

from policylab.corpus import grammar as g
from policylab.corpus.lines import SPACE

_LINE_END = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_BLANK = re.compile(rf"[{SPACE}]+")
# XML and PDF let through what no text has; they stay visible as what they are: nothing.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_LABEL = re.compile(r"[\s　：:]+$")


class Mark(NamedTuple):
    """Where something begins in a text."""

    line: int  # of the text, the first is 1
    kind: str  # page, table, note, textbox, sheet
    label: str


class Extract(NamedTuple):
    """The text of one file, or of one member of an archive."""

    name: str  # of the member, "" for a file that is no archive
    text: str  # one paragraph a line, ends with a line end; "" for a member that could not be read
    marks: tuple[Mark, ...]
    stated: dict[str, str]  # what the file says of itself: title, issuer, document_number, issued, source
    notes: tuple[str, ...]  # what a person should know


class Builder:
    """Lines and marks, in the order of the document."""

    def __init__(self):
        self.lines: list[str] = []
        self.marks: list[Mark] = []
        self.notes: list[str] = []
        self.stated: dict[str, str] = {}

    def add(self, text: str) -> None:
        """Add a paragraph; one that holds line ends becomes several, one without text none."""
        for line in _LINE_END.split(_CONTROL.sub("", text)):
            line = line.rstrip(SPACE)
            if line.strip(SPACE):
                self.lines.append(line)

    def mark(self, kind: str, label: str = "") -> None:
        """Mark what begins with the next line."""
        self.marks.append(Mark(len(self.lines) + 1, kind, label))

    def add_table(self, rows: list[list[str]]) -> None:
        """Add a table as the parser takes one: a line that begins with | for each row.

        A box of one cell is text. Rows of a label and its value (索引号, 发文字号) become lines, which the parser reads as what
        the document says of itself.
        """
        lines, is_table = lay_table(rows)
        if is_table:
            self.mark("table", str(1 + sum(mark.kind == "table" for mark in self.marks)))
        for line in lines:
            self.add(line)

    def finish(self, name: str = "") -> Extract:
        """What was built."""
        n = len(self.lines)
        text = "".join([f"{line}\n" for line in self.lines])
        marks = tuple(dict.fromkeys(mark for mark in self.marks if mark.line <= n))
        return Extract(name, text, marks, dict(self.stated), tuple(self.notes))


def lay_table(rows: list[list[str]]) -> tuple[list[str], bool]:
    """The lines of a table, and whether it is one: a box of one cell or column is text, labels with values are lines.

    >>> lay_table([["序号", "任务"], ["1", "建设数字校园"]])
    (['| 序号 | 任务 |', '| 1 | 建设数字校园 |'], True)
    >>> lay_table([["索引号：", "000014672", "发文机关：", "国务院"]])
    (['索引号：000014672', '发文机关：国务院'], False)
    """
    rows = [[cell.strip(SPACE) for cell in row] for row in rows]
    width = max(map(len, rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows if any(row)]
    filled = [i for i in range(width) if any(row[i] for row in rows)]
    rows = [[row[i] for i in filled] for row in rows]
    if len(filled) < 2:
        return [line for row in rows for cell in row for line in _LINE_END.split(cell) if line.strip(SPACE)], False
    if stated := _read_labels(rows):
        return stated, False
    return ["| " + " | ".join([_flatten(cell) for cell in row]) + " |" for row in rows], True


def _flatten(cell):
    return _BLANK.sub(" ", cell).replace("|", "｜").strip()


def _read_labels(rows):
    """label：value for every pair of a table whose cells in front are all labels that the grammar knows; else nothing."""
    lines = []
    for row in rows:
        cells = [_flatten(cell) for cell in row]
        if len(cells) % 2:
            cells = cells[:-1] if not cells[-1] else [*cells, ""]
        for label, value in zip(cells[::2], cells[1::2]):
            if not label and not value:
                continue
            name = _LABEL.sub("", label)
            if re.sub(r"\s", "", name).strip("【】") not in g.ROWS:
                return []
            lines.append(f"{name}：{value}")
    return lines
