"""Characters on pages to paragraphs: lines, columns, tables, heads and feet of pages, paragraphs over pages.

A PDF knows no paragraphs. A new one begins where a line is indented, or where the one above ends before the edge of its
column; what a page repeats at its top or bottom is none of the text, and is named in a note.
"""

import re
from collections import Counter
from statistics import median
from typing import NamedTuple

from policylab.corpus import grammar as g
from policylab.corpus.lines import is_complete
from policylab.intake.extracted import Builder
from policylab.intake.pdftables import Edge, Table, find_tables


class Character(NamedTuple):
    """A character in coordinates that go right and down; its baseline is at y."""

    text: str
    x0: float
    x1: float
    y: float
    height: float


class Page(NamedTuple):
    """What is printed on a page."""

    number: int
    characters: list[Character]
    edges: list[Edge]
    pictures: bool
    n_tilted: int  # characters in another direction than most, which are left out


class Line(NamedTuple):
    """Characters on one baseline of one column, as text."""

    text: str
    x0: float
    x1: float
    y: float
    em: float  # the width of a Chinese character
    height: float
    page: int


class _Item(NamedTuple):
    """A line or the rows of a table, in the order of reading; left and right are the edges of its column."""

    line: Line | None
    rows: list[list[str]] | None
    left: float
    right: float
    pitch: float  # between the baselines of the page
    page: int


# In widths of a character, chosen on pages of browsers and office programs: how far a line is indented that begins a paragraph,
# how short one is that ends it (two characters may be kept from its end by the marks that no line begins with), gaps that are blanks.
_INDENT, _SHORT, _ROOM, _WORD_GAP, _WIDE_GAP = 1.2, 2.3, 0.3, 0.14, 0.75
_SAME_LINE = 0.45  # of its height: how far baselines of one line may differ; raised numbers do
_SIZES = 1.12  # lines whose type differs more are of different paragraphs
_PITCH = 1.45  # times the usual distance of lines sets off a paragraph
# A column: the least width of the blank between two in characters, the most lines that may run over it, the fewest lines on
# either side, and how many of them fill it (the lines of a list beside another do not).
_GUTTER, _CROSSING, _FEWEST_LINES, _FILLED = 1.0, 0.35, 4, 0.5
_STEPS = 400  # at most, across a page, in which the blank is looked for
_SAME_EDGE = 12.0  # points by which the left edges of the same column may differ
_NARROWEST = 14  # characters of a column
_EDGE_LINES = 3  # lines at the top and the bottom of a page among which its heads and feet are looked for
_SAME_HEIGHT = 6.0  # points by which these may move from page to page
_PAGE_NUMBER = re.compile(
    r"[\s—–\-－·•.|]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[,，/／|]?\s*共?\s*\d{1,4}\s*页?)?[\s—–\-－·•.|]*|[ivxIVX]{1,6}"
)
_LEADER = 40  # characters at the end of a line in which dots and a page are looked for
# Behind 第一章 a narrow gap is a blank too: it tells the number from the name.
_ARTICLE, _HEAD_GAP = re.compile("第[一二三四五六七八九十百零〇0-9]{1,6}[编篇章节条]"), 0.1
_DIGITS = re.compile(r"\d+")
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u2014\u2018-\u201d\u2026\u00b7"
_FIRST = re.compile("(?:[0-9A-Za-z.%-]+|[“‘（《【〔]*.)[，。、；：！？”’）》】〕%]*")
_IS_HAN = re.compile(f"[{_HAN}]")


def lay_pages(pages: list[Page], builder: Builder) -> None:
    """Add the text of all pages, and marks where each begins; what is left out is noted."""
    laid = _lay(pages)
    left_out = _find_heads(laid)
    _note(builder, pages, laid, left_out)
    items = []
    for page, page_items in zip(pages, laid):
        items.append(page.number)
        items += [item for i, item in enumerate(page_items) if (page.number, i) not in left_out]
    _write(items, builder)


def _lay(pages):
    """The items of each page. A page with few lines is set as the others are: it shows neither columns nor edges by itself."""
    sorted_out = []
    for page in pages:
        tables = find_tables(page.edges)
        inside, outside = _sort_out(page.characters, tables)
        sorted_out.append((page.number, tables, inside, _make_lines(outside)))
    gutters = [gutter for *_, rows in sorted_out if (gutter := _find_gutter(rows)) is not None]
    usual = median(gutters) if 2 * len(gutters) >= len(pages) else None
    laid = [_lay_page(*parts, usual) for parts in sorted_out]
    edges = {}
    for item in (item for items in laid for item in items if item.line):
        edges.setdefault(round(item.left / _SAME_EDGE), []).append(item.right)
    usual_edges = {place: _find_edge(rights) for place, rights in edges.items()}
    return [
        [
            item._replace(right=max(item.right, usual_edges[round(item.left / _SAME_EDGE)])) if item.line else item
            for item in items
        ]
        for items in laid
    ]


def _find_edge(rights):
    """The right edge of the columns that begin at one place; a line or two that run over it do not count."""
    counts = Counter(map(round, rights))
    return max(x for x, n in counts.items() if 2 * n >= max(counts.values()))


def _lay_page(number, tables, inside, rows, usual):
    pitch = _measure_pitch(rows)
    items = [(table.box[1], table) for table in tables if any(inside[table.box])]
    laid = []
    for band in _cut_bands(rows, items):
        if isinstance(band, Table):
            cells = [[_read_cell(inside[band.box].get(cell, [])) if cell else "" for cell in row] for row in band.rows]
            laid.append(_Item(None, cells, band.box[0], band.box[2], pitch, number))
        else:
            for column in _cut_columns(band, number, usual):
                left, right = _measure_edges(column)
                laid += [_Item(line, None, left, right, pitch, number) for line in column]
    return laid


def _sort_out(characters, tables):
    """{box of a table: {cell: its characters}}, and the characters outside of tables."""
    inside = {table.box: {} for table in tables}
    outside = []
    for c in characters:
        x, y = (c.x0 + c.x1) / 2, c.y - c.height * 0.3
        table = next((t for t in tables if t.box[0] <= x <= t.box[2] and t.box[1] <= y <= t.box[3]), None)
        if table is None:
            outside.append(c)
            continue
        cells = [k for row in table.rows for k in row if k and k[0] <= x <= k[2] and k[1] <= y <= k[3]]
        inside[table.box].setdefault(cells[0] if cells else None, []).append(c)
    return inside, outside


def _make_lines(characters):
    """Lines across the whole page, from top to bottom: lists of characters from left to right."""
    rows = []
    for c in sorted(characters, key=lambda c: (c.y, c.x0)):
        near = next(
            (row for row in reversed(rows[-3:]) if abs(row[0].y - c.y) <= _SAME_LINE * min(row[0].height, c.height)),
            None,
        )
        if near is None:
            rows.append([c])
        else:
            near.append(c)
    stripped = [_strip(sorted(row, key=lambda c: c.x0)) for row in rows]
    return [row for row in stripped if row]


def _strip(row):
    """A line without the blanks at its ends: typists indent with them."""
    filled = [i for i, c in enumerate(row) if not c.text.isspace()]
    return row[filled[0] : filled[-1] + 1] if filled else []


def _em(characters):
    wide = [c.x1 - c.x0 for c in characters if _IS_HAN.match(c.text) and c.text != "　"]
    return median(wide) if wide else 0.75 * median([c.height for c in characters])


def _make_line(characters, page):
    em = max(1.0, _em(characters))
    usual = median([0.0, *(b.x0 - a.x1 for a, b in zip(characters, characters[1:]))]) / em
    pieces, before = [], None
    for c in characters:
        if before is not None and not (c.text.isspace() or before.text.isspace()):
            gap = (c.x0 - before.x1) / em - usual
            if gap >= _WIDE_GAP and (_IS_HAN.match(c.text) or _IS_HAN.match(before.text)):
                pieces.append(" " if gap < 1.6 else "　　")
            elif gap >= _WORD_GAP and not (_IS_HAN.match(c.text) or _IS_HAN.match(before.text)):
                pieces.append(" ")
            elif gap >= _HEAD_GAP and len(pieces) < 9 and _ARTICLE.fullmatch("".join(pieces)):
                pieces.append(" ")
        pieces.append(c.text)
        before = c
    return Line(
        "".join(pieces),
        characters[0].x0,
        characters[-1].x1,
        median([c.y for c in characters]),
        em,
        median([c.height for c in characters]),
        page,
    )


def _measure_pitch(rows):
    distances = [round(b[0].y - a[0].y, 1) for a, b in zip(rows, rows[1:]) if b[0].y - a[0].y > 2]
    return Counter(distances).most_common(1)[0][0] if distances else 0.0


def _cut_bands(rows, tables):
    """Stretches of lines, and the tables between them, from top to bottom."""
    bands, band = [], []
    waiting = sorted(tables, key=lambda item: item[0])
    for row in rows:
        while waiting and waiting[0][0] < row[0].y:
            if band:
                bands.append(band)
            bands.append(waiting.pop(0)[1])
            band = []
        band.append(row)
    return [*bands, *([band] if band else []), *[table for _, table in waiting]]


def _cut_columns(rows, page, usual):
    """The lines of a stretch, in the order of reading: one list for each column, those across the page in lists of their own."""
    gutter = _find_gutter(rows)
    if gutter is None and usual is not None and _count_crossing(rows, usual) <= _CROSSING * len(rows):
        gutter = usual
    if gutter is None:
        return [[_make_line(row, page) for row in rows]]
    columns, sides = [], ([], [])
    for row in rows:
        left, right = [c for c in row if c.x1 <= gutter], [c for c in row if c.x0 >= gutter]
        if len(left) + len(right) < len(row) or _spans(row, gutter):
            columns += [side for side in sides if side]
            sides = ([], [])
            columns.append([_make_line(row, page)])
            continue
        for side, part in zip(sides, (left, right)):
            if _strip(part):
                side.append(_make_line(_strip(part), page))
    return _join_whole([*columns, *(side for side in sides if side)])


def _join_whole(columns):
    """Lines across the page that follow each other make one list again."""
    joined = []
    for column in columns:
        if joined and len(column) == 1 and len(joined[-1]) == 1:
            joined[-1] = [*joined[-1], *column]
        else:
            joined.append(list(column))
    return joined


def _spans(row, gutter):
    """Whether a line runs over the gutter with a gap no wider than a blank there."""
    left, right = [c.x1 for c in row if c.x1 <= gutter], [c.x0 for c in row if c.x0 >= gutter]
    return bool(left and right) and min(right) - max(left) < _GUTTER * 0.8 * _em(row)


def _find_gutter(rows):
    """Where the blank between two columns stands; None on a page of one column."""
    characters = [c for row in rows for c in row]
    if len(rows) < 2 * _FEWEST_LINES or len(characters) < 60:
        return None
    left, right = min(c.x0 for c in characters), max(c.x1 for c in characters)
    em = _em(characters)
    crossings = Counter()
    step = max(2.0, (right - left) / _STEPS)
    for row in rows:
        covered = {int(x) for c in row for x in _steps(c, left, step)}
        crossings.update(covered)
    middle = range(int((right - left) * 0.3 / step), int((right - left) * 0.7 / step))
    width = max(1, int(_GUTTER * em / step))
    best = min(
        middle,
        key=lambda x: (sum([crossings[x + i] for i in range(width)]), abs(x * step - (right - left) / 2)),
        default=None,
    )
    if best is None:
        return None
    gutter = left + (best + width / 2) * step
    if _count_crossing(rows, gutter) > _CROSSING * len(rows):
        return None
    for side in ([c for c in characters if c.x1 <= gutter], [c for c in characters if c.x0 >= gutter]):
        lines = [_make_line(row, 0) for row in _make_lines(side)]
        widest = max((line.x1 - line.x0 for line in lines), default=0)
        filled = sum([line.x1 - line.x0 > 0.8 * widest for line in lines])
        if len(lines) < _FEWEST_LINES or filled < _FILLED * len(lines) or widest < 8 * em:
            return None
    return gutter


def _count_crossing(rows, gutter):
    return sum([any(c.x0 < gutter + 1 and c.x1 > gutter - 1 for c in row) or _spans(row, gutter) for row in rows])


def _steps(c, left, step):
    first = int((c.x0 - left) / step)
    return range(first, max(first, int((c.x1 - left) / step)) + 1)


def _measure_edges(lines):
    """The left and right edge of a column: where most of its lines begin, and where the longest end."""
    starts = Counter([round(line.x0) for line in lines])
    most = max(starts.values())
    left = min(x for x, n in starts.items() if n >= max(2, 0.5 * most) or n == most)
    ends = sorted([line.x1 for line in lines])
    # A page of a few short lines shows no edge: no column is so narrow.
    return left, max(ends[-1 - len(ends) // 12], left + _NARROWEST * median([line.em for line in lines]))


def _read_cell(characters):
    """The text of a cell: lines that were only wrapped are one."""
    text = ""
    for row in _make_lines(characters):
        text = _join_text(text, _make_line(row, 0).text)
    return text


def _join_text(above, below):
    """Two parts of a line that a page broke: a blank only between letters."""
    if above and below and not (_IS_HAN.match(above[-1]) or _IS_HAN.match(below[0])) and above[-1] != "-":
        return f"{above} {below}"
    return above + below


def _find_heads(laid):
    """{(page, index of its item): what it is} of lines that pages repeat at their top or bottom, and of page numbers."""
    edges = []
    for items in laid:
        lines = [(i, item.line) for i, item in enumerate(items) if item.line]
        by_height = sorted(lines, key=lambda pair: pair[1].y)
        for at_top, part in ((True, by_height[:_EDGE_LINES]), (False, by_height[-_EDGE_LINES:][::-1])):
            edges += [(at_top, rank, line, i) for rank, (i, line) in enumerate(part)]
    repeated = Counter()
    for at_top, _, line, _ in edges:
        repeated[_key(at_top, line)] += 1
    left_out, reached = {}, {}
    for at_top, rank, line, i in sorted(edges, key=lambda e: e[1]):
        # From the edge inwards: behind a line of the text nothing is a head any more.
        if reached.get((at_top, line.page), 0) != rank:
            continue
        number = _PAGE_NUMBER.fullmatch(line.text)
        n = max(repeated[(*_key(at_top, line)[:2], y)] for y in _near(line))
        if (
            (number and _is_page_number(line, laid, n))
            or (n >= 3 or n == len(laid) == 2)
            and not number
            and n * 4 >= len(laid)
        ):
            left_out[line.page, i] = "number" if number else line.text
            reached[at_top, line.page] = rank + 1
    return left_out


def _is_page_number(line, laid, n):
    dashed = line.text.strip()[0] in "—–-－第" or line.text.strip()[-1] in "—–-－页"
    return dashed or n >= 2 or (len(laid) > 1 and line.text.strip() == str(line.page))


def _key(at_top, line):
    return at_top, _DIGITS.sub("#", "".join(line.text.split())), round(line.y / _SAME_HEIGHT)


def _near(line):
    y = round(line.y / _SAME_HEIGHT)
    return y - 1, y, y + 1


def _note(builder, pages, laid, left_out):
    heads = Counter(_DIGITS.sub("#", text) for text in left_out.values() if text != "number")
    numbers = sum([text == "number" for text in left_out.values()])
    said = [f"{text} ({n} pages)" for text, n in heads.most_common(5)]
    said += [f"{len(heads) - 5} others"] if len(heads) > 5 else []
    said += [f"page numbers ({numbers})"] if numbers else []
    if said:
        builder.notes.append(f"left out as heads and feet of pages: {', '.join(said)}")
    tilted = sum([page.n_tilted for page in pages])
    if tilted:
        builder.notes.append(f"left out as stamps or watermarks: {tilted} characters printed at an angle")


def _write(items, builder):
    """Join lines to paragraphs and add them with the tables between them."""
    text, above, rows = "", None, None
    turned = []
    indented = _is_indented([item for item in items if not isinstance(item, int) and item.line])
    for item in items:
        if isinstance(item, int):
            turned.append(item)
            continue
        if item.rows is not None:
            if text:
                builder.add(text)
            text, above = "", None
            rows = _continue_table(rows, item.rows) if rows else item.rows
            _turn(builder, turned)
            continue
        if rows:
            builder.add_table(rows)
            rows = None
        if above is not None and _goes_on(above, item, indented):
            text = _join_text(text, item.line.text)
        else:
            if text:
                builder.add(text)
            text = item.line.text
            _turn(builder, turned)
        if turned:
            # The page begins in the middle of this paragraph.
            _turn(builder, turned)
        above = item
    if text:
        builder.add(text)
    if rows:
        builder.add_table(rows)


def _turn(builder, turned):
    for number in turned:
        builder.mark("page", str(number))
    turned.clear()


def _continue_table(rows, more):
    """A table that goes on, on the next page: without the head that is printed there again."""
    return [*rows, *(more[1:] if more[0] == rows[0] else more)]


def _measure_first(text):
    """The width of what cannot be divided at the beginning of a line, in characters: a word, or a character with its marks."""
    found = _FIRST.match(text)
    return sum([1.0 if _IS_HAN.match(c) else 0.5 for c in found.group()]) if found else 1.0


def _is_indented(items):
    """Whether paragraphs begin with an indent: most lines behind one that ends far from its edge do."""
    below = [b for a, b in zip(items, items[1:]) if a.right - a.line.x1 > 4 * a.line.em and is_complete(a.line.text)]
    return bool(below) and 2 * sum([b.line.x0 - b.left > _INDENT * b.line.em for b in below]) >= len(below)


def _goes_on(above, item, indented):
    """Whether a line goes on with the paragraph of the one above."""
    a, b = above.line, item.line
    em = max(a.em, b.em)
    # Widths alone mislead where Latin letters stand, heights where fonts are mixed, both on a line of a character or two.
    if (
        min(len(a.text), len(b.text)) > 2
        and em > _SIZES * min(a.em, b.em)
        and max(a.height, b.height) > _SIZES * min(a.height, b.height)
    ):
        return False
    # Without indents only this tells whether a line was ended or was full: what stands first below would have had room.
    short = _SHORT if indented or not is_complete(a.text) else _measure_first(b.text) + _ROOM
    if above.right - a.x1 > short * em or b.x0 - item.left > _INDENT * em:
        return False
    if above.page == item.page and above.left == item.left and item.pitch and b.y - a.y > _PITCH * item.pitch:
        return False
    # Entries of a contents page reach the edge, one a line.
    numbered = not indented and is_complete(a.text) and g.HEADING.match(b.text)
    return not (numbered or g.LEADER.search(a.text[-_LEADER:]))
