"""The figures of the corpus. Each function takes the corpus and returns (figure, data), `data` being what is shown.

They are drawn on a page in millimetres, so what fits on paper is known before anything is drawn.
"""

from dataclasses import dataclass

import pandas as pd

from policylab.base.levels import LEVELS
from policylab.base.regions import region_label
from policylab.corpus.bundle import Corpus
from policylab.corpus.structure import measure_structure, summarize_documents
from policylab.language.documents import name_documents
from policylab.language.labels import label
from policylab.plots.kit.drawing import (
    GREY,
    GRID,
    LEFT,
    MOST_COLUMNS,
    SIZE,
    draw_key,
    draw_note,
    note_shown,
)
from policylab.plots.kit.page import (
    LINE,
    MM_PER_POINT,
    FigureAndData,
    box,
    cut,
    fit_page,
    ink,
    new_page,
    rule,
    text_width,
    tint,
    wrap,
)
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width
from policylab.plots.kit.style import LEVEL_COLOURS, LIGHT_GREY

MOST_DOCUMENTS = 3 * MOST_COLUMNS  # three rows of columns; by judgement

# The table of documents. Columns are as wide as their contents; titles get the rest of the page.
TABLE_COLUMNS = (
    *("title", "level", "region", "year", "document_number"),
    *("n_sections", "n_tasks", "n_paragraphs", "n_body_characters"),
)
WRAPPED_COLUMNS = {"region": 0.13, "document_number": 0.13}  # their greatest width, in widths of the page
TABLE_SIZE = 6.5
TABLE_TOP = 6.5  # millimetres, of the first row
TABLE_LINE = TABLE_SIZE * LINE * MM_PER_POINT
TABLE_ROW = TABLE_LINE + 1.4  # of one line of text
TABLE_GAPS = (2, 8)  # millimetres between columns: least and most
NOTES_HEIGHT = 8  # millimetres, of the notes below the table or the map

# The map of the structure, in millimetres.
SCALE_WIDTH = 12
WIDEST_MAP_COLUMN = 42
STRIP_WIDTH = 3  # has room for two digits
STRIPPED_COLUMN = 12  # columns wider than this have a strip
STRIP_GAP = 0.5
HIGHEST_COLUMN = 190


def plot_documents(corpus: Corpus, *, language: str = "zh") -> FigureAndData:
    """Draw the table of documents.

    Parameters
    ----------
    corpus : Corpus
        Any corpus.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): the rows of summarize_documents that are drawn. If a page has no room for all documents the latest
        are drawn, and the figure states it.

    Examples
    --------
    >>> import policylab as lab
    >>> figure, data = plot_documents(lab.load_corpus(), language="en")
    >>> len(data)
    4
    """
    summary = summarize_documents(corpus)
    latest = summary.tail(int(page_height() / TABLE_ROW)).to_dict("records")
    cells = [[_cell(row, column, language) for column in TABLE_COLUMNS] for row in latest]
    widths, gap = _measure_columns([[label(column, language) for column in TABLE_COLUMNS], *cells])
    for row in cells:
        for i, column in enumerate(TABLE_COLUMNS):
            if column == "title" or column in WRAPPED_COLUMNS:
                row[i] = "\n".join(wrap(row[i], widths[i], TABLE_SIZE))
    heights = [TABLE_ROW + max(text.count("\n") for text in row) * TABLE_LINE for row in cells]
    n = len(cells)
    while n > 1 and TABLE_TOP + sum(heights[-n:]) + NOTES_HEIGHT > page_height():
        n -= 1
    data = summary.tail(n).reset_index(drop=True)
    figure, page = new_page(page_height(), language)

    rule(page, 0.5, 1)
    _draw_row(page, 1.8, [label(column, language) for column in TABLE_COLUMNS], widths, gap)
    rule(page, TABLE_TOP, 0.5)
    top = TABLE_TOP
    for row, height in zip(cells[-n:], heights[-n:], strict=True):
        _draw_row(page, top + 0.7, row, widths, gap)
        top += height
    rule(page, top, 1)
    for note in (label("body_note", language), *note_shown(data, summary, language)):
        top = draw_note(page, 1, top + 2.8, note)
    fit_page(page, top + 2)
    return figure, data


def _measure_columns(rows):
    """(widths of the columns, gap between them), in millimetres."""
    widths = [max(text_width(text, TABLE_SIZE) for text in column) for column in zip(*rows, strict=True)]
    for i, column in enumerate(TABLE_COLUMNS):
        widths[i] = min(widths[i], WRAPPED_COLUMNS.get(column, 1) * page_width())
    room = page_width() - 2
    # A little less than there is room for, or a title as wide as its column would be wrapped.
    gap = min(max((room - sum(widths)) / (len(widths) - 1) - 0.01, TABLE_GAPS[0]), TABLE_GAPS[1])
    return [room - sum(widths[1:]) - gap * (len(widths) - 1), *widths[1:]], gap


def plot_structure(corpus: Corpus, *, language: str = "zh") -> FigureAndData:
    """Draw the map of the documents' structure: a column per document, as long as its body text in characters.

    Parameters
    ----------
    corpus : Corpus
        Any corpus.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): the rows of measure_structure that are drawn.

    Notes
    -----
    Columns are in the order of years. Sections have the colour of the document's level, text outside sections is grey, and
    a strip on the right counts the tasks. Section titles are in Chinese in both languages; where a title does not fit its
    numeral is printed. At most 102 documents are drawn, the latest, and the figure states it.

    Examples
    --------
    >>> import policylab as lab
    >>> figure, data = plot_structure(lab.load_corpus(), language="en")
    >>> data["document_id"].nunique()
    4
    """
    summary = summarize_documents(corpus)
    shown = summary.tail(MOST_DOCUMENTS)
    data = measure_structure(corpus)
    data = data[data["document_id"].isin(shown["document_id"])].reset_index(drop=True)
    names = name_documents(corpus.documents, language)
    headers = [(names[row["document_id"]], _count(row, language)) for row in shown.to_dict("records")]
    layout = _plan_map(headers, data["end"].max() if len(data) else 1)
    figure, page = new_page(page_height(), language)

    columns = {document_id: stretches for document_id, stretches in data.groupby("document_id")}
    for i in range(0, len(shown), MOST_COLUMNS):
        _draw_scale(page, layout, layout.top(i), label("body_length", language))
    for i, (document_id, header) in enumerate(zip(shown["document_id"], headers, strict=True)):
        _draw_header(page, layout, i, header)
        if document_id in columns:
            _draw_column(page, layout, layout.left(i), layout.top(i), columns[document_id])
    y = _draw_legend(page, layout, data, language)
    notes = note_shown(shown, summary, language)
    if data["task"].notna().any():
        notes.insert(0, label("task_strip" if layout.strip else "task_lines", language))
    for note in notes:
        y = draw_note(page, SCALE_WIDTH, y + 3.5, note)
    fit_page(page, y + 2)
    return figure, data


@dataclass(frozen=True)
class _MapLayout:
    """The places of the columns of the map, in millimetres."""

    pitch: float  # from one column to the next
    width: float  # of a column
    right: float  # edge of the last column of a full row
    header: float  # height of the text above a column
    counts: int  # lines below the document's name
    upright: bool  # whether the document's name is turned
    row: float  # from one row of columns to the next
    per_character: float
    longest: int  # characters of the longest document
    height: float  # of all rows

    @property
    def strip(self):
        return STRIP_WIDTH if self.width > STRIPPED_COLUMN else 0

    def left(self, i):
        return SCALE_WIDTH + (i % MOST_COLUMNS) * self.pitch

    def top(self, i):
        return (i // MOST_COLUMNS) * self.row + self.header


def _plan_map(headers, longest):
    n_rows = -(-len(headers) // MOST_COLUMNS)
    pitch = min((page_width() - SCALE_WIDTH) / min(len(headers), MOST_COLUMNS), WIDEST_MAP_COLUMN)
    width = pitch - min(2.5, pitch * 0.15)
    lines = [wrap(second, width - 1, SIZE) for _, second in headers]
    fits = max(text_width(line, SIZE) for own in lines for line in own) <= width
    counts = max(map(len, lines)) if fits and width > STRIPPED_COLUMN else 0
    name_width = max(text_width(first, 7) for first, _ in headers)
    upright = name_width > width
    header = name_width + 2 if upright else 5.5 + 3 * counts
    row = min(HIGHEST_COLUMN + header + 4, (page_height() - NOTES_HEIGHT - 5) / n_rows)
    longest = max(longest, 1)
    right = SCALE_WIDTH + min(len(headers), MOST_COLUMNS) * pitch - (pitch - width)
    return _MapLayout(
        pitch, width, right, header, counts, upright, row, (row - header - 4) / longest, longest, row * n_rows
    )


def _draw_scale(page, layout, top, title):
    from matplotlib.ticker import MaxNLocator

    for tick in MaxNLocator(6, integer=True).tick_values(0, layout.longest):
        if tick > layout.longest:
            continue
        y = top + tick * layout.per_character
        page.plot([SCALE_WIDTH - 1, layout.right], [y, y], color=GRID, linewidth=0.4, zorder=0)
        page.text(SCALE_WIDTH - 1.5, y, f"{tick:,.0f}", fontsize=SIZE, ha="right", va="center")
    middle = top + layout.longest * layout.per_character / 2
    page.text(1.7, middle, title, fontsize=6.5, rotation=90, ha="center", va="center")


def _draw_header(page, layout, i, header):
    x, y = layout.left(i), layout.top(i)
    first, second = header
    if layout.upright:
        page.text(x + layout.width / 2, y - 1, first, fontsize=7, rotation=90, ha="center", va="bottom")
        return
    size = 8 if text_width(first, 8) <= layout.width else 7
    page.text(x, y - 1.8 - 3 * layout.counts, first, fontsize=size, va="baseline")
    if layout.counts:
        for k, line in enumerate(wrap(second, layout.width - 1, SIZE)):
            page.text(x, y + 1.3 - 3 * (layout.counts - k), line, fontsize=SIZE, va="baseline", color=GREY)


def _draw_column(page, layout, left, top, stretches):
    """Draw a document: its blocks from top to bottom, each with its tasks."""
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
            if strip and task_height > 1.2 * SMALLEST_TEXT * MM_PER_POINT:
                middle = (left + width + strip / 2, task_top + task_height / 2)
                look = {"fontsize": SMALLEST_TEXT, "ha": "center", "va": "center_baseline"}
                page.text(*middle, task.task, color=ink(colour), **look)
        if first["start"] > 0:
            # The white line covers at most a third of a small block.
            cut(page, left, left + layout.width, y, min(1.4, height / MM_PER_POINT / 3))
        if strip or not len(tasks):
            _draw_block_title(page, left, y, width - (STRIP_GAP if strip else 0), height, first)


def _draw_block_title(page, left, y, width, height, block):
    """Write the longest form of the title that fits: the whole, turned in a narrow column; its label; its numeral."""
    section = pd.notna(block["section"])
    title = f"{block['label']}{block['title']}" if section else block["part"]
    if pd.isna(title):
        return
    for size, spacing in ((SIZE, LINE), (SMALLEST_TEXT, 1.15)):
        lines = wrap(title, width - 1.2, size)
        # Fewer than five characters a line are hard to read.
        if len(lines) == 1 or text_width("五字为一行", size) <= width - 1.2:
            if len(lines) * size * spacing * MM_PER_POINT <= height - 0.5:
                place = {"x": left + 0.8, "y": y + height / 2, "va": "center"}
                page.text(s="\n".join(lines), fontsize=size, linespacing=spacing, **place)
                return
        elif text_width(title, size) <= height - 1:
            page.text(left + width / 2, y + height / 2, title, fontsize=size, rotation=90, ha="center", va="center")
            return
    for short in (block["label"], block["label"].strip("（）()")) if section else ():
        if text_width(short, SMALLEST_TEXT) <= width and SMALLEST_TEXT * MM_PER_POINT <= height - 0.5:
            page.text(left + width / 2, y + height / 2, short, fontsize=SMALLEST_TEXT, ha="center", va="center")
            return


def _draw_legend(page, layout, data, language):
    divided = data[data["section"].notna() | data["task"].notna()]
    levels = [level for level in LEVELS if (divided["level"] == level).any()]
    entries = [(f"sections_{level}", LEVEL_COLOURS[level]) for level in levels]
    if len(divided) < len(data):
        entries.append(("undivided", None))
    marks = [(_make_sample(page, layout, colour), label(key, language)) for key, colour in entries]
    return draw_key(page, SCALE_WIDTH, layout.height + 2, marks)


def _make_sample(page, layout, colour):
    def draw(x, y):
        box(page, x - 3, y - 1.3, 5, 2.6, tint(colour) if colour else LIGHT_GREY)
        if layout.strip and colour:
            box(page, x + 1, y - 1.3, 1, 2.6, colour)

    return draw


def _count(document, language):
    """The numbers of tasks (or sections) and characters of a document, for the head of its column."""
    return label("tasks_and_length" if document["n_tasks"] else "sections_and_length", language).format(**document)


def _draw_row(page, top, cells, widths, gap):
    """Draw a row of the table on one baseline: words on the left of their column, numbers on the right."""
    x, y = LEFT, top + TABLE_SIZE * MM_PER_POINT
    for column, text, width in zip(TABLE_COLUMNS, cells, widths, strict=True):
        place = {"x": x + width, "ha": "right"} if column.startswith("n_") else {"x": x, "ha": "left"}
        lines = text.split("\n")
        for i, line in enumerate(lines):
            page.text(y=y + i * TABLE_LINE, s=line, fontsize=TABLE_SIZE, va="baseline", **place)
        x += width + gap


def _cell(row, column, language):
    value = row[column]
    if pd.isna(value):
        return "—"
    if column == "region":
        return region_label(value, language)
    if column == "level":
        return label(value, language)
    return f"{value:,}" if column.startswith("n_") else str(value)
