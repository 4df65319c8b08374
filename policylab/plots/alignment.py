"""The figures of two aligned documents: the score of every pair of tasks, and the links between tasks.

Each function takes the table of align_tasks for one document and one reference, and returns (figure, data), `data`
being what is drawn. If there is nothing to draw the figure is None, and save_figure prints that.
"""

import pandas as pd

from policylab.alignment.evaluation import CLEAR
from policylab.alignment.falsematches import list_unrelated
from policylab.base.columns import need_columns
from policylab.base.rounding import round_numbers
from policylab.corpus.bundle import Corpus
from policylab.language.documents import name_pair
from policylab.language.labels import label
from policylab.language.lags import list_relation, name_lag
from policylab.plots.kit.drawing import (
    GREY,
    GRID,
    NOTE,
    ROW_PITCH,
    TABLE_HEAD,
    draw_key,
    draw_note,
    note_height,
    shorten,
    write,
)
from policylab.plots.kit.page import FigureAndData, box, fit_page, new_page, rule, tint
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width
from policylab.plots.kit.style import COLOURS, LIGHT_GREY
from policylab.plots.kit.tasks import (
    NUMBER_WIDTH,
    choose_size,
    choose_step,
    draw_section_lines,
    draw_tasks,
    find_section_starts,
    list_tasks,
    measure_tasks,
    measure_titles,
)

# Millimetres, of the matrix.
TITLES_WIDTH = 44  # widest titles; 20 characters
WIDEST_CELL = 4  # widest column

SCORE_COLOURS = "#FFFFFF", COLOURS[0]  # from score 0 to 1
UNLINKED = COLOURS[6]
# Blue, orange and black also differ in greyscale (CIE lightness 46, 71, 0). From the fourth section on they are used again,
# dashed.
LINE_COLOURS = COLOURS[:3]
LINE_STYLES = ("-", (0, (4, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)))


def plot_score_matrix(pairs: pd.DataFrame, corpus: Corpus, *, language: str = "zh") -> FigureAndData:
    """Draw the score of every pair as a shade, the reference's tasks by the document's; matched pairs are framed.

    Parameters
    ----------
    pairs : DataFrame
        The table of align_tasks for two documents.
    corpus : Corpus
        The corpus that the table was made from.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a pair, in the order of the reference, with both titles and sections.

    Notes
    -----
    Lines divide the sections of either document. Titles are in Chinese in both languages; documents of more than about 50
    tasks have numbers instead of titles.

    Examples
    --------
    >>> import policylab as lab
    >>> aligned = lab.recipes.align_pair(lab.load_corpus())
    >>> figure, data = plot_score_matrix(aligned.pairs, aligned.corpus, language="en")
    >>> len(data), int(data["matched"].sum())
    (1085, 41)
    """
    need_columns(pairs, ["document_id", "reference_id", "score", "matched"], "pairs")
    if pairs.empty:
        return None, pairs
    rows, columns = (list_tasks(corpus, pairs[name].iloc[0]) for name in ("reference_id", "document_id"))
    shown = ["document_id", "task", "reference_id", "reference_task", "score", "matched"]
    data = round_numbers(pairs[shown].sort_values(["reference_task", "task"], ignore_index=True))
    data = _add_titles(_add_titles(data, columns, ""), rows, "reference_")
    names = name_pair(data, corpus, language)

    left = measure_tasks(rows, TITLES_WIDTH + 10)
    width = min(WIDEST_CELL, (page_width() - left - 0.5) / len(columns))
    head = min(measure_titles(columns), TITLES_WIDTH) + NUMBER_WIDTH + 1 if choose_step(width) == 1 else 8
    top = TABLE_HEAD + head
    pitch = min(ROW_PITCH, (page_height() - top - 8) / len(rows))
    right, bottom = left + len(columns) * width, top + len(rows) * pitch
    figure, page = new_page(bottom + 8, language)
    rule(page, 0.5, 1)
    write(page, 1, 3, f"↓ {names[1]}  n = {len(rows)}", 7)
    write(page, left, 3, f"→ {names[0]}  n = {len(columns)}", 7)
    write(page, page_width() - 1, 3, name_lag(data, corpus, language), SMALLEST_TEXT, "right", GREY)
    rule(page, 6, 0.5)
    _draw_cells(page, data, (left, top, right, bottom), (len(columns), len(rows)))
    draw_tasks(page, rows, top, pitch, 0, left)
    _draw_turned(page, columns, left, width, top)
    draw_section_lines(page, rows, top, pitch, (0, right))
    for i in find_section_starts(columns):
        x = left + i * width
        page.plot([x, x], [TABLE_HEAD, top - 0.5], color=GRID, linewidth=0.5, zorder=0)
        page.plot([x, x], [top, bottom], color="black", linewidth=0.5)
    _draw_matrix_key(page, left, bottom + 4.5, language)
    return figure, data


def _draw_cells(page, data, box, sizes):
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    columns, rows = sizes
    scores = data["score"].to_numpy().reshape(rows, columns)
    left, top, right, bottom = box
    width, pitch = (right - left) / columns, (bottom - top) / rows
    edges = [left + i * width for i in range(columns + 1)], [top + i * pitch for i in range(rows + 1)]
    shades = LinearSegmentedColormap.from_list("score", SCORE_COLOURS)
    page.pcolormesh(*edges, scores, cmap=shades, vmin=0, vmax=1, edgecolors=LIGHT_GREY, linewidth=0.3, zorder=1)
    frame = {"fill": False, "edgecolor": "black", "linewidth": min(0.8, width / 4, pitch / 4), "zorder": 4}
    for i in data.index[data["matched"]]:
        row, column = divmod(i, columns)
        page.add_patch(Rectangle((edges[0][column], edges[1][row]), width, pitch, **frame))


def _draw_turned(page, columns, left, width, top):
    step = choose_step(width)
    size = choose_size(columns, width, TITLES_WIDTH) if step == 1 else SMALLEST_TEXT
    turned = {"fontsize": size, "rotation": 90, "ha": "center", "va": "bottom"}
    for i, task in enumerate(columns.itertuples()):
        x = left + (i + 0.5) * width
        if step == 1:
            page.text(x, top - NUMBER_WIDTH, shorten(task.title, TITLES_WIDTH, size), **turned)
        if i % step == 0:
            page.text(x, top - 1, str(task.task), **turned, color=GREY)


def _draw_matrix_key(page, left, y, language):
    write(page, left, y, f"{label('score', language)}  0")
    left += 13
    for i in range(20):
        shade = [round(255 + (int(SCORE_COLOURS[1][j : j + 2], 16) - 255) * (i + 0.5) / 20) for j in (1, 3, 5)]
        box(page, left + i * 1.2, y - 1.3, 1.25, 2.6, "#{:02X}{:02X}{:02X}".format(*shade))
    write(page, left + 25, y, "1")

    def draw_frame(x, y):
        page.plot(
            [x - 1.3, x + 1.3, x + 1.3, x - 1.3, x - 1.3],
            [y - 1.3, y - 1.3, y + 1.3, y + 1.3, y - 1.3],
            color="black",
            linewidth=0.8,
        )

    draw_key(page, left + 32, y, [(draw_frame, label("matched", language))])


def plot_links(pairs: pd.DataFrame, corpus: Corpus, *, language: str = "zh") -> FigureAndData:
    """Draw the links between two documents: the reference left, the document right, in the order of their texts.

    Parameters
    ----------
    pairs : DataFrame
        The table of align_tasks for two documents.
    corpus : Corpus
        The corpus that the table was made from.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a link, or a task without one; `status` says which.

    Notes
    -----
    A line is a matched pair in the colour of the reference's section; it is thin if the score is below 0.8 and the pair
    should be read before it is quoted. Tasks without a link have a ring on a shaded row: on the left those left out by the
    document, on the right its own (between two plans of one region: dropped, new). Of two documents that share too little
    (measure_false_matches) the figure says only that they have no match. Titles are in Chinese in both languages.

    Examples
    --------
    >>> import policylab as lab
    >>> aligned = lab.recipes.align_pair(lab.load_corpus(), "fujian-2020")
    >>> figure, data = plot_links(aligned.pairs, aligned.corpus, language="en")
    >>> data["status"].value_counts(sort=False).to_dict()
    {'linked': 34, 'left out': 8, 'own': 5}
    """
    need_columns(pairs, ["document_id", "reference_id", "score", "matched"], "pairs")
    if pairs.empty:
        return None, pairs
    ids = [pairs[name].iloc[0] for name in ("reference_id", "document_id")]
    left, right = (list_tasks(corpus, name) for name in ids)
    related = not list_unrelated(pairs)
    statuses = ("left out", "own") if related else ("no match", "no match")
    data = _list_links(pairs, left, right, statuses)
    names = name_pair(pairs, corpus, language)
    notes = [label("link_colours", language), *[label("links_unrelated", language)] * (not related)]
    # With room for a legend of two lines, which narrow pages need, and for the notes.
    height = min(
        ROW_PITCH * max(len(left), len(right)), page_height() - TABLE_HEAD - 13 - NOTE - sum(map(note_height, notes))
    )
    bottom = TABLE_HEAD + height
    most = page_width() * 0.43 - 1.5
    nodes = measure_tasks(left, most) + 1.5, page_width() - measure_tasks(right, most) - 1.5
    figure, page = new_page(bottom + 9, language)
    rule(page, 0.5, 1)
    write(page, nodes[0], 3, f"{names[1]}  n = {len(left)}", 7, "right")
    write(page, sum(nodes) / 2, 3, name_lag(pairs, corpus, language), SMALLEST_TEXT, "center", GREY)
    write(page, nodes[1], 3, f"{names[0]}  n = {len(right)}", 7)
    rule(page, 6, 0.5)

    colours = {section: i for i, section in enumerate(left["section"].dropna().unique())}
    places = []
    for tasks, node, status, edge in ((left, nodes[0], statuses[0], 0), (right, nodes[1], statuses[1], page_width())):
        pitch = height / len(tasks)
        places.append({task: TABLE_HEAD + (i + 0.5) * pitch for i, task in enumerate(tasks["task"])})
        column = "reference_task" if edge == 0 else "task"
        missing = set(data.loc[data["status"] == status, column].dropna())
        outwards = -1.5 if edge == 0 else 1.5
        for task in missing:
            box(page, edge, places[-1][task] - pitch / 2, node - outwards - edge, pitch, tint(UNLINKED))
        draw_tasks(page, tasks, TABLE_HEAD, pitch, edge, node + outwards)
        draw_section_lines(page, tasks, TABLE_HEAD, pitch, sorted((edge, node + outwards)), GRID)
        for task in tasks.itertuples():
            colour = _line_look(colours, task.section)[0] if edge == 0 else GREY
            _draw_node(page, node, places[-1][task.task], colour, task.task in missing)
    for link in data[data["status"] == "linked"].itertuples():
        heights = places[0][link.reference_task], places[1][link.task]
        _draw_link(page, nodes, heights, _line_look(colours, link.section), link.score >= CLEAR)
    last = _draw_link_key(page, bottom + 5, list_relation(corpus, ids[1], ids[0], related), data, language) + 0.5
    for note in notes:
        last = draw_note(page, 1, last + NOTE, note)
    fit_page(page, last + 3)
    return figure, data


def _list_links(pairs, left, right, statuses):
    links = pairs[pairs["matched"]].sort_values(["reference_task", "task"])[["reference_task", "task", "score"]]
    parts = [links.assign(status="linked")]
    for column, tasks, status in zip(("reference_task", "task"), (left, right), statuses, strict=True):
        without = tasks.loc[~tasks["task"].isin(links[column]), ["task"]].rename(columns={"task": column})
        parts.append(without.assign(status=status))
    table = pd.concat(parts, ignore_index=True).astype({"reference_task": "Int64", "task": "Int64"})
    titles = {"title": right, "reference_title": left}
    for name, column in (("reference_title", "reference_task"), ("title", "task")):
        table[name] = table[column].map(titles[name].set_index("task")["title"])
    table["section"] = table["reference_task"].map(left.set_index("task")["section"])
    ids = {name: pairs[name].iloc[0] for name in ("reference_id", "document_id")}
    columns = [
        "status",
        "document_id",
        "task",
        "title",
        "reference_id",
        "reference_task",
        "reference_title",
        "section",
        "score",
    ]
    return round_numbers(table.assign(**ids)[columns])


def _line_look(colours, section):
    """(colour, dashes) of a section of the reference; black for tasks without one."""
    if pd.isna(section):
        return "black", "-"
    i = colours[section]
    return LINE_COLOURS[i % len(LINE_COLOURS)], LINE_STYLES[i // len(LINE_COLOURS) % len(LINE_STYLES)]


def _draw_node(page, x, y, colour, missing):
    face = "white" if missing else colour
    page.plot(
        [x],
        [y],
        "o",
        markersize=3.4,
        markerfacecolor=face,
        markeredgecolor=UNLINKED if missing else colour,
        markeredgewidth=0.9,
        zorder=5,
    )


def _draw_link(page, nodes, heights, look, clear):
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    (left, right), (y, other_y), (colour, dashes) = nodes, heights, look
    middle = (left + right) / 2
    path = Path([(left, y), (middle, y), (middle, other_y), (right, other_y)], [Path.MOVETO, *[Path.CURVE4] * 3])
    width = 1.1 if clear else 0.5
    page.add_patch(PathPatch(path, fill=False, edgecolor=colour, linestyle=dashes, linewidth=width, zorder=3))


def _draw_link_key(page, y, relation, data, language):
    doubtful, n_linked = int((data["score"] < CLEAR).sum()), int((data["status"] == "linked").sum())

    def draw_line(width):
        return lambda x, y: page.plot([x - 3, x + 2], [y, y], color="black", linewidth=width)

    entries = [(draw_line(1.1), f"{label('clear_link', language)} {n_linked - doubtful}")]
    entries.append((draw_line(0.5), f"{label('doubtful_link', language)} {doubtful}"))
    for column, key, side in zip(("reference_task", "task"), relation, ("←", "→"), strict=True):
        # A task without a link has nothing on the other side.
        n = int((data["status"] != "linked").sum() - data.loc[data["status"] != "linked", column].isna().sum())
        if n:
            entries.append((lambda x, y: _draw_node(page, x, y, UNLINKED, True), f"{side} {label(key, language)} {n}"))
    return draw_key(page, 1, y, entries)


def _add_titles(data, tasks, side):
    known = tasks.set_index("task")
    return data.assign(**{f"{side}{name}": data[f"{side}task"].map(known[name]) for name in ("section", "title")})
