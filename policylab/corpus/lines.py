"""Lines of a source: what each holds without white space and marks, how it ends, and the place of each piece in the source."""

import re
from bisect import bisect_right
from collections import Counter
from itertools import accumulate
from typing import NamedTuple

from policylab.corpus import grammar as g
from policylab.corpus.responsible import find_responsibility

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
# Cheap, for the many lines that are not: it begins with one class of characters.
_MAY_BE_GLUED = re.compile(r"[\s。；：](?:(?<=\s)[\s第]|(?<=[。；：])\s?第|(?<=。)\s[（(])")
_WIDE_BLANK = re.compile(r"(?<!\s)\s{2,}+")
_INSIDE_SENTENCE = re.compile("[，。；：]")
LIST_MARKS = ("- ", "* ", "+ ", "• ", "——")  # a line that begins so begins something new
_SHORTEST_TEXT = 8  # characters set off behind a heading that are a text and not its second half; chosen by judgement
_SHORT_TITLE = 24  # characters; chosen by judgement
_PAGE_LINES = 8  # fewer lines are no page; chosen by judgement
_PAGES_WITHOUT_NUMBER = 3  # pages that only hold a figure, one after the other, may show none
# A column of print, in half characters: a line of A4 in the size of 公文 has 28 characters. Chosen by judgement, as is how
# ragged it may be (no line begins with a mark, so the one above may be two characters short).
_NARROWEST, _WIDEST, _RAGGED = 20, 120, 4
_FILLED, _WIDER = 0.4, 0.1  # shares of lines that fill the column, and that are longer; chosen by judgement


class Block(NamedTuple):
    """A stretch of one line: text[start:end]. What a page break or a narrow page cuts has blocks that continue the first."""

    role: str
    start: int
    end: int
    label: str | None = None  # of a heading: the printed ordinal
    title: str | None = None  # of a heading
    continues: bool = False
    number: int | None = None  # of a heading: the value of its ordinal


class Line(NamedTuple):
    start: int
    end: int
    content: str
    gap: bool  # a blank line comes before it
    new_page: bool  # a page number or a page rule comes before it
    spans: tuple = ()  # the printed lines that a narrow page made of it; empty for one that was printed as one

    def stretch(self, start=0, end=None):
        """The places in the source of content[start:end], one for each printed line."""
        end = len(self.content) if end is None else end
        if not self.spans:
            return [(self.start + start, self.start + end)]
        places, begins = [], 0
        for a, b in self.spans:
            if begins < end and start < begins + b - a:
                places.append((max(a, a + start - begins), min(b, a + end - begins)))
            begins += b - a
        return places


class Pieces:
    """Stretches of the source that make one text: finds the place in the source of a stretch of that text.

    >>> pieces = Pieces("加强\\n\\n管理。", [(0, 2), (4, 7)])
    >>> pieces.text, pieces.locate(1, 4), pieces.cut(1, 4)
    ('加强管理。', (1, 6), [(1, 2), (4, 6)])
    """

    def __init__(self, source, spans):
        self.spans = spans
        if len(spans) == 1:  # as most are
            start, end = spans[0]
            self.text, self._begins = source[start:end], [0, end - start]
            return
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
        if (content[-1] in "—–－-页" or content[-1].isdigit()) and g.PAGE_NUMBER.match(content):
            page_numbers.append(Block("page_number", start, start + len(content)))
            new_page = True
            continue
        gap = text.count("\n", previous_end, line_start) > 1
        lines.append(Line(start, start + len(content), content, gap, new_page))
        previous_end, new_page = line_end, False
    lines = _take_lone_page_numbers(lines, page_numbers)
    pieces = []
    for line in lines:
        if _MAY_BE_GLUED.search(line.content):
            pieces += _split_line(line)
        else:
            pieces.append(line)
    return _join_wrapped(pieces), page_numbers


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
    kept, new_page, counted = [], False, _count_pages(lines)
    for i, line in enumerate(lines):
        alone = line.gap and (i + 1 == len(lines) or lines[i + 1].gap)
        if i in counted or (alone and len(line.content) < 10 and g.LONE_PAGE_NUMBER.match(line.content)):
            page_numbers.append(Block("page_number", line.start, line.end))
            new_page = True
        else:
            kept.append(line._replace(new_page=True) if new_page else line)
            new_page = False
    return kept


def _count_pages(lines):
    """Indices of lines that hold nothing but a number and count on, one a page: at least three, a page of lines apart."""
    bare = [
        (i, int(line.content)) for i, line in enumerate(lines) if len(line.content) < 4 and line.content.isdecimal()
    ]
    best, run = set(), []
    for i, number in bare:
        if run and (number <= run[-1][1] or i - run[-1][0] < _PAGE_LINES):
            continue
        if run and number > run[-1][1] + _PAGES_WITHOUT_NUMBER:
            run = []
        run.append((i, number))
        if len(run) > max(2, len(best)):
            best = {i for i, _ in run}
    return best


def _split_line(line):
    """A line that holds several headings, or a heading and its text, as exports of databases print them, as several."""
    content, starts, begin = line.content, [], 0
    cuts = {found.end() for found in g.GLUED.finditer(content)} | {len(content)}
    if g.TITLED.match(content) and (first := g.FIRST_ARTICLE.search(content, 0, g.TITLE_LIMIT)):
        cuts.add(first.end())
    for cut in sorted(cuts):
        starts.append(begin)
        if text_at := _find_text(content, begin, cut):
            starts.append(text_at)
        begin = cut
    if len(starts) == 1:
        return [line]
    pieces = []
    for begin, end in zip(starts, [*starts[1:], len(content)]):
        piece = content[begin:end]
        text = piece.strip(SPACE)
        if text:
            start = line.start + begin + len(piece) - len(piece.lstrip(SPACE))
            first = not pieces
            pieces.append(Line(start, start + len(text), text, line.gap and first, line.new_page and first))
    return pieces


def _find_text(content, begin, end):
    """Where the text under a heading begins that is set off behind it: 第一章　总　则　　为规范…. None if there is none."""
    heading = g.TITLED.match(content, begin, end)
    if not heading:
        return None
    for blank in _WIDE_BLANK.finditer(content, heading.end(), end):
        title = content[heading.end() : blank.start()]
        # A short title may have a comma: 生产、运输，商品流通的基本指标.
        if len(title) > g.TITLE_LIMIT or _INSIDE_SENTENCE.search(title.replace("，", "", len(title) <= _SHORT_TITLE)):
            return None
        # 总　　则 is one title: both it and the text under it have more than a character.
        if len(title.strip(SPACE)) > 1 and end - blank.end() >= _SHORTEST_TEXT:
            return blank.end()
    return None


def _measure_width(content):
    """The width of a line in print, in half characters: those of three bytes in UTF-8 are as wide as they are high."""
    return (len(content.encode("utf-8", "replace")) + len(content)) // 2


def _join_wrapped(lines):
    """Lines of a page that is narrower than its paragraphs, joined to what they were before it was printed.

    A page shows as such: hardly a line is longer than the column, and most lines that end in mid-sentence fill it.
    """
    cut = [_measure_width(line.content) for line in lines if not is_complete(line.content)]
    column = Counter(cut).most_common(1)[0][0] if cut else 0
    full = sum([abs(width - column) <= _RAGGED for width in cut])
    if not _NARROWEST <= column <= _WIDEST or full < max(3, _FILLED * len(cut)):
        return lines
    widths = [_measure_width(line.content) for line in lines]
    if sum([width > column + _RAGGED for width in widths]) > _WIDER * len(lines):
        return lines
    joined, run = [], []
    for line, width in zip(lines, widths):
        if run and (g.HEADING.match(line.content) or g.BACK.match(line.content) or line.content.startswith(LIST_MARKS)):
            joined.append(_join(run))
            run = []
        run.append(line)
        if width < column - _RAGGED or is_complete(line.content) or g.current().BACK_COLOPHON.match(line.content):
            joined.append(_join(run))
            run = []
    return [*joined, _join(run)] if run else joined


def _join(run):
    if len(run) == 1:
        return run[0]
    spans = tuple((line.start, line.end) for line in run)
    content = "".join([line.content for line in run])
    return Line(run[0].start, run[-1].end, content, run[0].gap, run[0].new_page, spans)


def is_complete(content):
    """Whether a line ends a sentence or a responsibility bracket, so that the next line begins something new."""
    last = content[-1]
    if last in SENTENCE_END:
        return True
    if last not in QUOTE_END:
        return last == "." and not content[-2:-1].isdigit()
    return content.rstrip(QUOTE_END)[-1:] in FULL_STOP or find_responsibility(content) is not None


def is_short(content, limit):
    """Whether a line may be a name or a heading: short, and no sentence."""
    return len(content) <= limit and not is_complete(content) and not _INSIDE.search(content) and "，" not in content


_CHINESE = "\u2010-\u2027\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
_BLANK = r"[\s\u200b]"  # a run of it is tried from its first character only: that keeps the search linear
_SPACE_BESIDE_CHINESE = re.compile(rf"(?<=[{_CHINESE}]){_BLANK}++|(?<!{_BLANK}){_BLANK}++(?=[{_CHINESE}])")


def clean_title(text):
    """A title without the white space that typesetting puts beside Chinese characters, and without a closing mark.

    >>> clean_title("2019 年教育信息化工作 要点。")
    '2019年教育信息化工作要点'
    """
    return drop_spaces(text.replace("**", "")).strip().rstrip("。.：:；;")


def fold(text):
    """The characters that decide whether two titles are the same: letters, digits and Chinese characters."""
    return "".join(filter(str.isalnum, text))


def drop_spaces(text):
    """Text without the white space that touches a Chinese character or a Chinese mark; other white space stays."""
    return _SPACE_BESIDE_CHINESE.sub("", text)
