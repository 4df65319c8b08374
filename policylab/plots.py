"""The figures of the corpus. Each function takes the corpus and returns (figure, data), `data` being what is shown.

They are drawn on a page in millimetres, so that what fits on paper is known beforehand.
"""

from dataclasses import dataclass

import pandas as pd

from policylab.labels import label, region_label
from policylab.page import LINE, MM_PER_POINT, box, cut, ink, new_page, rule, text_width, tint, wrap
from policylab.structure import LEVEL_ORDER, measure_structure, summarize_documents
from policylab.style import DOUBLE_COLUMN, LEVEL_COLOURS, LIGHT_GREY, PAGE_HEIGHT

SMALL = 5  # points; journals print nothing smaller

# By judgement: a page holds 34 columns side by side (every province once) in three rows, or 50 lines of a table.
MAP_COLUMNS = 34
MAP_DOCUMENTS = 3 * MAP_COLUMNS
TABLE_DOCUMENTS = 50

# Columns of the table of documents with their widths in millimetres; together a page's width.
TABLE_WIDTHS = {
    "title": 60,
    "level": 15,
    "region": 21,
    "year": 10,
    "document_number": 25,
    "n_sections": 13,
    "n_tasks": 10,
    "n_paragraphs": 14,
    "n_body_characters": 15,
}
TABLE_SIZE = 6.5

# The map of the structure, in millimetres.
SCALE = 14  # room for the scale
WIDEST_PITCH = 42
STRIPS = (4.5, 3)  # the wider one looks better, the narrower one still holds two digits
STRIP_GAP = 0.5
LONGEST = 150
LEGEND = 5


def plot_documents(corpus, language="zh"):
    """Draw the table of documents; return (figure, data), data being the rows of summarize_documents that are shown.

    At most 50 documents are shown, the latest, and the figure says so.

    >>> figure, data = plot_documents(corpus, "en")  # doctest: +SKIP
    """
    summary = summarize_documents(corpus)
    data = summary.tail(TABLE_DOCUMENTS).reset_index(drop=True)
    cells = [[_cell(row, column, language) for column in TABLE_WIDTHS] for row in data.to_dict("records")]
    for row in cells:
        row[0] = "\n".join(wrap(row[0], TABLE_WIDTHS["title"] - 4, TABLE_SIZE))
    heights = [(row[0].count("\n") + 1) * TABLE_SIZE * LINE * MM_PER_POINT + 1.4 for row in cells]
    notes = [label("body_note", language), *_shown_note(data, summary, language)]
    figure, page = new_page(8 + sum(heights) + 3.2 * len(notes) + 1, language)

    rule(page, 0.5, 1)
    _draw_row(page, 1.8, [label(column, language) for column in TABLE_WIDTHS])
    rule(page, 6.5, 0.5)
    top = 6.5
    for row, height in zip(cells, heights, strict=True):
        _draw_row(page, top + 0.7, row)
        top += height
    rule(page, top, 1)
    for i, note in enumerate(notes):
        page.text(1, top + 2.8 + 3.2 * i, note, fontsize=5.5, color="#404040", va="center")
    return figure, data


def plot_structure(corpus, language="zh"):
    """Draw the map of the documents' structure; return (figure, data), data being the rows of measure_structure shown.

    One column per document in year order, its length true in characters of body text. Sections have the colour of the
    document's level; text outside of sections is grey; a strip on the right counts the tasks. Section titles stay
    Chinese and appear where they fit. At most 102 documents are shown, the latest, and the figure says so.

    >>> figure, data = plot_structure(corpus, "en")  # doctest: +SKIP
    """
    summary = summarize_documents(corpus)
    shown = summary.tail(MAP_DOCUMENTS)
    data = measure_structure(corpus)
    data = data[data["document_id"].isin(shown["document_id"])].reset_index(drop=True)
    headers = [_header(document, language) for document in shown.to_dict("records")]
    notes = _shown_note(shown, summary, language)
    layout = _plan_map(headers, data["end"].max() if len(data) else 1)
    figure, page = new_page(layout.height + LEGEND + 3 * len(notes), language)

    columns = {document_id: stretches for document_id, stretches in data.groupby("document_id")}
    for i in range(0, len(shown), MAP_COLUMNS):
        _draw_scale(page, layout, layout.top(i), label("body_length", language))
    for i, (document_id, header) in enumerate(zip(shown["document_id"], headers, strict=True)):
        _draw_header(page, layout, i, header)
        if document_id in columns:
            _draw_column(page, layout, layout.left(i), layout.top(i), columns[document_id])
    _draw_legend(page, layout, data, language)
    for i, note in enumerate(notes):
        page.text(SCALE, layout.height + LEGEND + 1 + 3 * i, note, fontsize=5.5, color="#404040", va="center")
    return figure, data


@dataclass(frozen=True)
class _MapLayout:
    """Where the columns of the map stand, in millimetres."""

    pitch: float  # from one column to the next
    width: float  # of a column
    right: float  # edge of the last column of a full row
    header: float  # height of what stands above a column
    counts: bool  # whether the header has room for the second line
    upright: bool  # whether the header's first line is turned
    row: float  # from one row of columns to the next
    per_character: float
    longest: int  # characters of the longest document
    height: float  # of all rows

    @property
    def strip(self):
        return next((strip for strip in STRIPS if self.width > 4 * strip), 0)

    def left(self, i):
        return SCALE + (i % MAP_COLUMNS) * self.pitch

    def top(self, i):
        return (i // MAP_COLUMNS) * self.row + self.header


def _plan_map(headers, longest):
    n_rows = -(-len(headers) // MAP_COLUMNS)
    pitch = min((DOUBLE_COLUMN - SCALE) / min(len(headers), MAP_COLUMNS), WIDEST_PITCH)
    width = pitch - min(4, pitch * 0.15)
    counts = max(text_width(second, 6) for _, second in headers) <= width
    name_width = max(text_width(first, 7) for first, _ in headers)
    upright = name_width > width
    header = name_width + 2 if upright else 8.5 if counts else 5
    row = min(LONGEST + header + 4, (PAGE_HEIGHT - LEGEND) / n_rows)
    longest = max(longest, 1)
    right = SCALE + min(len(headers), MAP_COLUMNS) * pitch - (pitch - width)
    return _MapLayout(
        pitch, width, right, header, counts, upright, row, (row - header - 4) / longest, longest, row * n_rows
    )


def _draw_scale(page, layout, top, title):
    from matplotlib.ticker import MaxNLocator

    for tick in MaxNLocator(6, integer=True).tick_values(0, layout.longest):
        if tick > layout.longest:
            continue
        y = top + tick * layout.per_character
        page.plot([SCALE - 2.5, layout.right], [y, y], color="#D9D9D9", linewidth=0.4, zorder=0)
        page.text(SCALE - 3, y, f"{tick:,.0f}", fontsize=6, ha="right", va="center")
    middle = top + layout.longest * layout.per_character / 2
    page.text(1.5, middle, title, fontsize=6.5, rotation=90, ha="center", va="center")


def _draw_header(page, layout, i, header):
    x, y = layout.left(i), layout.top(i)
    first, second = header
    if layout.upright:
        page.text(x + layout.width / 2, y - 1, first, fontsize=7, rotation=90, ha="center", va="bottom")
        return
    page.text(x, y - (5 if layout.counts else 1.2), first, fontsize=8 if layout.counts else 7, va="baseline")
    if layout.counts:
        page.text(x, y - 1.7, second, fontsize=6, va="baseline", color="#404040")


def _draw_column(page, layout, left, top, stretches):
    """One document: its blocks from top to bottom, each with its tasks."""
    for _, block in stretches.groupby("block"):
        first = block.iloc[0]
        y = top + first["start"] * layout.per_character
        height = block["n_characters"].sum() * layout.per_character
        tasks = block[block["task"].notna()]
        colour = LEVEL_COLOURS[first["level"]]
        divided = pd.notna(first["section"]) or len(tasks) > 0
        strip = layout.strip if len(tasks) else 0
        width = layout.width - strip
        box(page, left, y, width - (STRIP_GAP if strip else 0), height, tint(colour) if divided else LIGHT_GREY)
        if strip:
            box(page, left + width, y, strip, height, colour)
        for task in tasks.itertuples():
            task_top = top + task.start * layout.per_character
            task_height = task.n_characters * layout.per_character
            if task.start > first["start"]:
                cut(page, left + (width if strip else 0), left + layout.width, task_top, 0.4)
            if strip and task_height > 1.2 * SMALL * MM_PER_POINT:
                middle = (left + width + strip / 2, task_top + task_height / 2)
                page.text(*middle, task.task, fontsize=SMALL, color=ink(colour), ha="center", va="center_baseline")
        if first["start"] > 0:
            # White takes away from what is drawn: at most a third of a small block.
            cut(page, left, left + layout.width, y, min(1.4, height / MM_PER_POINT / 3))
        if strip or not len(tasks):
            _draw_block_title(page, left, y, width - (STRIP_GAP if strip else 0), height, first)


def _draw_block_title(page, left, y, width, height, block):
    """The fullest form of the title that fits: all, turned in a narrow column, its label, the numeral, nothing."""
    section = pd.notna(block["section"])
    title = f"{block['label']}{block['title']}" if section else block["part"]
    if pd.isna(title):
        return
    for size in (6, SMALL):
        lines = wrap(title, width - 1.6, size)
        # Fewer than five characters a line are hard to read.
        if len(lines) == 1 or text_width("五字为一行", size) <= width - 1.6:
            if len(lines) * size * LINE * MM_PER_POINT <= height - 0.5:
                page.text(left + 0.8, y + height / 2, "\n".join(lines), fontsize=size, linespacing=LINE, va="center")
                return
        elif text_width(title, size) <= height - 1:
            page.text(left + width / 2, y + height / 2, title, fontsize=size, rotation=90, ha="center", va="center")
            return
    for short in (block["label"], block["label"].strip("（）()")) if section else ():
        if text_width(short, SMALL) <= width and SMALL * MM_PER_POINT <= height - 0.5:
            page.text(left + width / 2, y + height / 2, short, fontsize=SMALL, ha="center", va="center")
            return


def _draw_legend(page, layout, data, language):
    divided = data[data["section"].notna() | data["task"].notna()]
    levels = [level for level in LEVEL_ORDER if (divided["level"] == level).any()]
    entries = [(f"sections_{level}", LEVEL_COLOURS[level]) for level in levels]
    if len(divided) < len(data):
        entries.append(("undivided", None))
    x, y = SCALE, layout.height + 1
    for key, colour in entries:
        box(page, x, y, 4, 2.6, tint(colour) if colour else LIGHT_GREY)
        if layout.strip and colour:
            box(page, x + 3, y, 1, 2.6, colour)
        page.text(x + 5, y + 1.3, label(key, language), fontsize=6, va="center")
        x += 10 + text_width(label(key, language), 6)
    if data["task"].notna().any():
        page.text(x, y + 1.3, label("task_strip" if layout.strip else "task_lines", language), fontsize=6, va="center")


def _header(document, language):
    """Two lines above a column: which document, and how much it holds."""
    size = label("tasks_and_length" if document["n_tasks"] else "sections_and_length", language)
    return f"{region_label(document['region'], language, short=True)} {document['year']}", size.format(**document)


def _draw_row(page, top, cells):
    """A line of the table on one baseline: words on the left of their column, numbers on the right."""
    x, y = 1, top + TABLE_SIZE * MM_PER_POINT
    for (column, width), text in zip(TABLE_WIDTHS.items(), cells, strict=True):
        place = {"x": x + width - 2, "ha": "right"} if column.startswith("n_") else {"x": x, "ha": "left"}
        page.text(y=y, s=text, fontsize=TABLE_SIZE, va="baseline", linespacing=LINE, **place)
        x += width


def _cell(row, column, language):
    value = row[column]
    if pd.isna(value):
        return "—"
    if column == "region":
        return region_label(value, language)
    if column == "level":
        return label(value, language)
    return f"{value:,}" if column.startswith("n_") else str(value)


def _shown_note(shown, summary, language):
    if len(shown) == len(summary):
        return []
    return [label("shown_note", language).format(shown=len(shown), total=len(summary))]
