"""Lines of a source: what each holds without white space and marks, how it ends, and the place of each piece in the source."""

import re
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from policylab.corpus import grammar as g

# White space of web pages and word processors, zero-width characters included; str.strip() alone knows only some of it.
SPACE = " \t\n\r\f\v\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d"
SPACE += "\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
_LINE = re.compile(r"[^\n\r\f\v\x85\u2028\u2029]+")
_HEADING_MARK = re.compile(rf"(?:#{{1,6}}|>)(?=[{SPACE}]|$)")
_PAGE_RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,}|[-*_](?: [-*_]){2,})\Z")
# First and last characters that call for a closer look than str.strip() gives.
_ODD = frozenset("#*>-_\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")

SENTENCE_END = frozenset("。！？!?；;：:…")
FULL_STOP = frozenset("。！？…")
QUOTE_END = "”’」』》）)］]】〕"
_INSIDE = re.compile("[。；;：:！？!?]")


class Block(NamedTuple):
    """A stretch of one line: text[start:end]. A paragraph that a page break cuts has blocks that continue the first."""

    role: str
    start: int
    end: int
    label: str | None = None  # of a heading: the printed ordinal
    title: str | None = None  # of a heading
    continues: bool = False


class Line(NamedTuple):
    start: int
    end: int
    content: str
    gap: bool  # a blank line comes before it
    new_page: bool  # a page number or a page rule comes before it


class Pieces:
    """Stretches of the source that make one text: finds the place in the source of a stretch of that text.

    >>> pieces = Pieces("加强\\n\\n管理。", [(0, 2), (4, 7)])
    >>> pieces.text, pieces.locate(1, 4), pieces.cut(1, 4)
    ('加强管理。', (1, 6), [(1, 2), (4, 6)])
    """

    def __init__(self, source, spans):
        self.spans = spans
        self.text = "".join([source[a:b] for a, b in spans])
        self._begins = [0, *accumulate(b - a for a, b in spans)]  # of each piece, in the joined text

    def locate(self, start, end):
        """Start and end in the source of text[start:end], which is not empty."""
        first = bisect_right(self._begins, start) - 1
        last = bisect_right(self._begins, end - 1) - 1
        return self.spans[first][0] + start - self._begins[first], self.spans[last][0] + end - self._begins[last]

    def cut(self, start, end):
        """The same as one stretch of the source for every piece that it touches."""
        first, last = bisect_right(self._begins, start) - 1, bisect_right(self._begins, end - 1)
        stretches = []
        for (a, b), begins in zip(self.spans[first:last], self._begins[first:last]):
            stretches.append((max(a, a + start - begins), min(b, a + end - begins)))
        return stretches


def read_lines(text):
    """The lines that hold something, and the page numbers among them as blocks."""
    lines, page_numbers, previous_end, new_page = [], [], 0, False
    for found in _LINE.finditer(text):
        line_start, line_end = found.span()
        line = found.group()
        content = line.strip()
        start = line_start + len(line) - len(line.lstrip()) if content else line_start
        if not content or content[0] in _ODD or content[-1] in _ODD:
            if _PAGE_RULE.match(content.strip(SPACE)):
                new_page = True
                continue
            start, content = _strip_marks(line, line_start)
            if not content:
                continue
        if content[-1] in "—–－-页" and g.PAGE_NUMBER.match(content):
            page_numbers.append(Block("page_number", start, start + len(content)))
            new_page = True
            continue
        gap = text.count("\n", previous_end, line_start) > 1
        lines.append(Line(start, start + len(content), content, gap, new_page))
        previous_end, new_page = line_end, False
    return _take_lone_page_numbers(lines, page_numbers), page_numbers


def _strip_marks(line, start):
    """Where a line's content begins, and the content: without white space, heading and quotation marks, bold marks."""
    content = line.lstrip(SPACE)
    while mark := _HEADING_MARK.match(content):
        content = content[mark.end() :].lstrip(SPACE)
    while content.startswith("**"):
        content = content.lstrip("*").lstrip(SPACE)
    start += len(line) - len(content)
    content = content.rstrip(SPACE)
    while content.endswith("**"):
        content = content.rstrip("*").rstrip(SPACE)
    return start, content


def _take_lone_page_numbers(lines, page_numbers):
    kept, new_page = [], False
    for i, line in enumerate(lines):
        alone = line.gap and (i + 1 == len(lines) or lines[i + 1].gap)
        if alone and len(line.content) < 10 and g.LONE_PAGE_NUMBER.match(line.content):
            page_numbers.append(Block("page_number", line.start, line.end))
            new_page = True
        else:
            kept.append(line._replace(new_page=True) if new_page else line)
            new_page = False
    return kept


def is_complete(content):
    """Whether a line ends a sentence or a responsibility bracket, so that the next line begins something new."""
    last = content[-1]
    if last in SENTENCE_END:
        return True
    if last not in QUOTE_END:
        return last == "." and not content[-2:-1].isdigit()
    return content.rstrip(QUOTE_END)[-1:] in FULL_STOP or g.find_responsibility(content) is not None


def is_short(content, limit):
    """Whether a line may be a name or a heading: short, and no sentence."""
    return len(content) <= limit and not is_complete(content) and not _INSIDE.search(content) and "，" not in content


_CHINESE = "\u2010-\u2027\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
_SPACE_BESIDE_CHINESE = re.compile(rf"(?<=[{_CHINESE}])[\s\u200b]+|[\s\u200b]+(?=[{_CHINESE}])")


def clean_title(text):
    """A title without the white space that typesetting puts beside Chinese characters, and without a closing mark.

    >>> clean_title("2019 年教育信息化工作 要点。")
    '2019年教育信息化工作要点'
    """
    return drop_spaces(text.replace("**", "")).strip().rstrip("。.：:；;")


def drop_spaces(text):
    """Text without the white space that touches a Chinese character or a Chinese mark; other white space stays."""
    return _SPACE_BESIDE_CHINESE.sub("", text)
