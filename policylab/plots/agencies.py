"""The figure of responsible agencies by the sections of a plan."""

import pandas as pd

from policylab.agencies.responsibilities import count_agencies
from policylab.corpus.bundle import Corpus
from policylab.language.agencies import gloss_agencies
from policylab.language.documents import name_document
from policylab.language.labels import label
from policylab.plots.kit.drawing import (
    FOLDED,
    GREY,
    GRID,
    NOTE,
    SIZE,
    draw_key,
    draw_note,
    find_colour,
    fit_rows,
    fold,
    write,
    write_lines,
)
from policylab.plots.kit.page import LINE, MM_PER_POINT, FigureAndData, fit_page, new_page, rule, text_width, wrap
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width

# Millimetres, of the matrix.
HIGHEST_HEAD = 46  # turned titles above the columns; 21 characters
TOTALS_WIDTH = 18  # the numbers on the right
SQUARE_GAP = 0.3  # between two squares


def plot_agencies(mentions: pd.DataFrame, corpus: Corpus, document_id: str, *, language: str = "zh") -> FigureAndData:
    """Draw which agencies are responsible for what: a row per agency, a column per section, a square per task.

    Parameters
    ----------
    mentions : DataFrame
        The table of list_agencies.
    corpus : Corpus
        The corpus that the table was made from.
    document_id : str
        The document to draw.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): `data` has the rows of count_agencies by section that are drawn, row by row. Without
        responsibilities in the document the figure is None.

    Notes
    -----
    A square is filled if the agency leads the task. The columns on the right count the tasks of an agency and those it
    leads, among all tasks that name an agency. Agencies are in the order of their number of tasks; one page is drawn, with
    at most 55 rows, and the figure states how many are not drawn. Tasks outside sections have their own column. Section
    titles are in Chinese in both languages.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> figure, data = plot_agencies(lab.list_agencies(corpus), corpus, "fujian-2020", language="en")
    >>> data["agency"].nunique()
    30
    """
    own = mentions[mentions["document_id"] == document_id].dropna(subset="task")
    if own.empty:
        return None, own
    totals = count_agencies(own)
    data = count_agencies(own, by=("section",))
    columns = _list_columns(corpus, document_id, data, language)
    names = gloss_agencies(totals["agency"], language)
    room = min(max(text_width(name, SIZE) for name in names.values()), page_width() * 0.3)
    left = room + 3
    width = (page_width() - left - TOTALS_WIDTH) / len(columns)
    heads, head = _wrap_heads([title for _, title in columns], width)
    names = {agency: fold(name, room + 0.01) for agency, name in names.items()}
    heights = [FOLDED * (len(lines) - 1) for lines in names.values()]
    n_shown, pitch = fit_rows(heights, page_height() - head - 11)
    shown = totals.head(n_shown)
    order = {agency: i for i, agency in enumerate(shown["agency"])}
    data = data[data["agency"].isin(order)]
    data = data.sort_values("section").sort_values("agency", key=lambda agencies: agencies.map(order), kind="stable")
    data = data.reset_index(drop=True)
    # The upper ends of the rows, and the lower end of the last.
    edges = [head + 4]
    for height in heights[:n_shown]:
        edges.append(edges[-1] + pitch + height)
    bottom, rest = edges[-1], len(totals) - n_shown
    figure, page = new_page(page_height(), language)

    rule(page, 0.5, 1)
    write(page, 1, 3, name_document(corpus, document_id, language), 7)
    n = int(shown["n_named"].iloc[0])
    write(page, 1, 6, label("agencies_n", language).format(tasks=n, agencies=len(totals)), SMALLEST_TEXT, colour=GREY)
    turned = {"rotation": 90, "ha": "center", "va": "bottom", "ma": "left", "linespacing": 1.15}
    for i, lines in enumerate(heads):
        page.text(left + (i + 0.5) * width, head + 1, "\n".join(lines), fontsize=SIZE, **turned)
    for x, key in ((page_width() - 10, "n_tasks"), (page_width() - 1, "n_lead")):
        write(page, x, head, label(key, language), ha="right")
    rule(page, head + 3, 0.5)
    colour = find_colour(corpus, document_id)
    middles = {agency: (edges[i] + edges[i + 1]) / 2 for agency, i in order.items()}
    _draw_matrix(page, data, columns, (left, width, pitch), (edges, middles), colour)
    for agency, n_tasks, n_lead in zip(shown["agency"], shown["n_tasks"], shown["n_lead"]):
        write_lines(page, 1, middles[agency], names[agency])
        for x, number in ((page_width() - 10, n_tasks), (page_width() - 1, n_lead)):
            write(page, x, middles[agency], f"{number}", ha="right")
    rule(page, bottom + 0.5, 0.5)
    marks = ((colour, "task_led"), (None, "task_shared"))
    entries = [(_make_sample(page, mark), label(key, language)) for mark, key in marks]
    last = draw_key(page, 1, bottom + 3.5, entries)
    if rest:
        last = draw_note(page, 1, last + NOTE, label("agencies_not_drawn", language).format(n=rest))
    fit_page(page, last + 3)
    return figure, data


def _list_columns(corpus, document_id, data, language):
    """The sections with their titles, and a column for tasks outside sections if there are any."""
    sections = corpus.sections[corpus.sections["document_id"] == document_id].sort_values("section")
    titles = sections["label"].fillna("") + sections["title"].fillna("")
    columns = list(zip(sections["section"], titles, strict=True))
    return [*columns, (None, label("no_section", language))] if data["section"].isna().any() else columns


def _wrap_heads(titles, width):
    """The lines of the turned column heads (two if a column is wide enough), and the height they need."""
    most = 2 if width > 2 * SIZE * LINE * MM_PER_POINT else 1
    height = 14
    while max(len(wrap(title, height, SIZE)) for title in titles) > most and height < HIGHEST_HEAD:
        height += 2
    return [wrap(title, height, SIZE)[:most] for title in titles], height + 2


def _draw_matrix(page, data, columns, layout, heights, colour):
    (left, width, pitch), (edges, middles) = layout, heights
    right = left + width * len(columns)
    places = {None if section is None else int(section): i for i, (section, _) in enumerate(columns)}
    most = int((data["n_lead"] + data["n_co"]).max())
    # The largest squares that still fit into the fullest cell.
    sides = (2.4, 2, 1.6, 1.3, 1, 0.8, 0.6, 0.4, 0.2)
    side = next(side for side in sides if side == sides[-1] or _fit(side, width, pitch) >= most)
    across = max(1, int((width - 1) / (side + SQUARE_GAP)))
    for y in edges:
        page.plot([left, right], [y, y], color=GRID, linewidth=0.3, zorder=0)
    for i in range(len(columns) + 1):
        page.plot([left + i * width] * 2, [edges[0], edges[-1]], color=GRID, linewidth=0.3, zorder=0)
    for cell in data.itertuples():
        n = cell.n_lead + cell.n_co
        lines = -(-n // across)
        x0 = left + places[None if pd.isna(cell.section) else int(cell.section)] * width
        y0 = middles[cell.agency] - (lines * (side + SQUARE_GAP) - SQUARE_GAP) / 2
        for k in range(n):
            x, y = x0 + 0.7 + (k % across) * (side + SQUARE_GAP), y0 + (k // across) * (side + SQUARE_GAP)
            _draw_square(page, x, y, side, colour if k < cell.n_lead else None)


def _fit(side, width, pitch):
    """How many squares fit into a cell."""
    return max(1, int((width - 1) / (side + SQUARE_GAP))) * int((pitch - 0.4 + SQUARE_GAP) / (side + SQUARE_GAP))


def _make_sample(page, colour):
    return lambda x, y: _draw_square(page, x - 1.2, y - 1.2, 2.4, colour)


def _draw_square(page, x, y, side, colour):
    """Draw a task: filled if the agency leads it, otherwise an outline."""
    from matplotlib.patches import Rectangle

    line = min(0.5, side / 3)
    page.add_patch(Rectangle((x, y), side, side, facecolor=colour or "white", edgecolor="black", linewidth=line))
