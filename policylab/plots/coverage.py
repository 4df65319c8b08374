"""The figures of coverage and reuse: which documents take up which task, and how much of it is copied.

Each function returns (figure, data), `data` being what is drawn. If there is nothing to draw the figure is None, and
save_figure prints that.
"""

import pandas as pd

from policylab.alignment.coverage import list_counterparts
from policylab.alignment.evaluation import CLEAR, UNLIKELY
from policylab.alignment.falsematches import list_unrelated
from policylab.base.columns import need_columns
from policylab.base.rounding import round_numbers
from policylab.corpus.bundle import Corpus
from policylab.corpus.structure import summarize_documents
from policylab.language.documents import name_document, name_pair
from policylab.language.labels import label
from policylab.language.lags import name_lag
from policylab.plots.kit.drawing import (
    GREY,
    GRID,
    LEFT,
    MOST_COLUMNS,
    NOTE,
    ROW_PITCH,
    SIZE,
    TABLE_HEAD,
    draw_key,
    draw_note,
    draw_tick,
    find_colour,
    fit_rows,
    fold,
    note_shown,
    place,
    write,
)
from policylab.plots.kit.page import MM_PER_POINT, FigureAndData, box, fit_page, new_page, rule, text_width
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width
from policylab.plots.kit.tasks import draw_section_lines, draw_tasks, list_tasks, measure_tasks

# Millimetres.
ROW_COUNTS = 9  # width of the counts of a row
WIDEST_DOT_COLUMN, NARROWEST_DOT_COLUMN = 7, 1.9  # columns of documents


def plot_coverage(pairs: pd.DataFrame, corpus: Corpus, *, language: str = "zh") -> FigureAndData:
    """Draw which documents take up which task of their reference: a row per task, a column per document.

    Parameters
    ----------
    pairs : DataFrame
        The table of align_tasks for one reference and any number of documents.
    corpus : Corpus
        The corpus that the table was made from.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a task in a document, with `best`, the closest task of the document, and its
        `score`; `related` is whether the document shares enough with the reference (measure_false_matches).

    Notes
    -----
    A black dot is a match, a grey one a match with a score below 0.8, and a ring no match, although the best score is 0.1 or
    more; read the last two before you quote them. A point means no counterpart. Numbers at the ends of rows and columns
    count matches; a document that shares too little with the reference is starred and counts in no row. Below each document
    are its years after the reference. At most 34 documents are drawn (fewer on a narrow page), the latest, and the figure
    states it.

    Examples
    --------
    >>> import policylab as lab
    >>> aligned = lab.recipes.align_pair(lab.load_corpus())
    >>> figure, data = plot_coverage(aligned.all_pairs, aligned.corpus, language="en")
    >>> data.groupby("document_id")["taken_up"].sum().to_dict()
    {'chongqing-2019': 31, 'fujian-2020': 27}
    """
    need_columns(pairs, ["document_id", "reference_id", "score", "matched"], "pairs")
    if pairs.empty:
        return None, pairs
    order = [name for name in summarize_documents(corpus)["document_id"] if name in set(pairs["document_id"])]
    reference_id = pairs["reference_id"].iloc[0]
    tasks = list_tasks(corpus, reference_id)
    left = measure_tasks(tasks)
    room = page_width() - left - ROW_COUNTS
    shown = order[-min(MOST_COLUMNS, int(room / NARROWEST_DOT_COLUMN)) :]
    counterparts = list_counterparts(corpus, pairs[pairs["document_id"].isin(shown)])
    data = _list_dots(counterparts, shown, {name for name, _ in list_unrelated(pairs)})
    related = set(data.loc[data["related"], "document_id"])
    names = [name_document(corpus, name, language) + ("" if name in related else " *") for name in shown]

    pitch = min(WIDEST_DOT_COLUMN, room / len(shown))
    size = SIZE if pitch >= 2.5 else SMALLEST_TEXT
    head = max(text_width(name, size) for name in names) + 8
    row = min(ROW_PITCH, (page_height() - head - 25) / len(tasks))  # with a legend of two lines
    bottom = head + len(tasks) * row
    figure, page = new_page(bottom + 17, language)
    rule(page, 0.5, 1)
    write(page, 1, 3, f"{name_document(corpus, reference_id, language)}  n = {len(tasks)}", 7)
    draw_tasks(page, tasks, head, row, 0, left)
    right = left + len(shown) * pitch
    draw_section_lines(page, tasks, head, row, (0, right + ROW_COUNTS), GRID)
    rule(page, head - 0.4, 0.5)
    places = {document_id: left + (i + 0.5) * pitch for i, document_id in enumerate(shown)}
    for name, (document_id, x) in zip(names, places.items(), strict=True):
        page.text(x, head - 1.5, name, fontsize=size, rotation=90, ha="center", va="bottom")
        _draw_totals(page, data[data["document_id"] == document_id], x, bottom)
    _draw_dots(page, data, tasks, places, (min(pitch, row), row, head))
    counted = data["taken_up"] & data["related"]
    for i, n in enumerate(counted.groupby(data["reference_task"], sort=False).sum()):
        if row >= SMALLEST_TEXT * MM_PER_POINT:
            write(
                page,
                right + ROW_COUNTS - 0.5,
                head + (i + 0.5) * row,
                f"{n}/{len(related)}" if related else "",
                SMALLEST_TEXT,
                "right",
                GREY,
            )
    rule(page, bottom + 0.4, 0.5)
    for y, key in ((bottom + 4, "n_with_counterpart"), (bottom + 9, "years_later")):
        write(page, left - 2, y, label(key, language), SMALLEST_TEXT, "right", GREY)
    last = _draw_dot_key(page, bottom + 14, language)
    apart = [label("coverage_unrelated", language)] * (len(related) < len(shown))
    for note in [*apart, *note_shown(shown, order, language)]:
        last = draw_note(page, LEFT, last + NOTE, note)
    fit_page(page, last + 3)
    return figure, data


def _list_dots(counterparts, shown, unrelated):
    table = counterparts.rename(columns={"task": "reference_task", "title": "reference_title"})
    table = table.assign(taken_up=table["n_matched"] > 0, column=table["document_id"].map(shown.index))
    table["related"] = ~table["document_id"].isin(unrelated)
    table = table.sort_values(["reference_task", "column"], ignore_index=True)
    columns = [
        "reference_id",
        "section",
        "reference_task",
        "reference_title",
        "document_id",
        "lag",
        "related",
        "taken_up",
        "n_matched",
        "best",
        "score",
    ]
    return round_numbers(table[columns])


def _draw_totals(page, dots, x, bottom):
    lag = dots["lag"].iloc[0]
    later = "?" if pd.isna(lag) else f"{lag:+d}".replace("-", "−").replace("+0", "0")
    for y, text in ((bottom + 4, f"{dots['taken_up'].sum()}/{len(dots)}"), (bottom + 9, later)):
        page.text(x, y, text, fontsize=SMALLEST_TEXT, rotation=90, ha="center", va="center", color=GREY)


def _draw_dots(page, data, tasks, places, layout):
    widest, row, head = layout
    size = min(widest, ROW_PITCH) / MM_PER_POINT * 0.6
    y = {task: head + (i + 0.5) * row for i, task in enumerate(tasks["task"])}
    for kind, dots in data.groupby([_name_dot(*dot) for dot in zip(data["taken_up"], data["score"], strict=True)]):
        xs, ys = [places[name] for name in dots["document_id"]], [y[task] for task in dots["reference_task"]]
        _draw_marks(page, xs, ys, kind, size)


def _name_dot(taken_up, score):
    return ("clear" if score >= CLEAR else "doubtful") if taken_up else "near" if score >= UNLIKELY else "none"


def _draw_marks(page, xs, ys, kind, size):
    face = {"clear": "black", "doubtful": "#A0A0A0", "near": "white", "none": GRID}[kind]
    edge = GRID if kind == "none" else "black"
    page.plot(
        xs,
        ys,
        "o",
        markersize=size / 3 if kind == "none" else size,
        markerfacecolor=face,
        markeredgecolor=edge,
        markeredgewidth=0.5,
    )


def _draw_dot_key(page, y, language):
    kinds = {"clear": "dot_clear", "doubtful": "dot_doubtful", "near": "dot_near", "none": "dot_none"}
    entries = [
        (lambda x, y, kind=kind: _draw_marks(page, [x], [y], kind, 5), label(key, language))
        for kind, key in kinds.items()
    ]
    return draw_key(page, 1, y, entries)


def plot_reuse(reuse: pd.DataFrame, pairs: pd.DataFrame, corpus: Corpus, *, language: str = "zh") -> FigureAndData:
    """Draw how much of every task is found word for word in the tasks that it is matched with: a bar per task.

    Parameters
    ----------
    reuse : DataFrame
        The table of measure_reuse for one document and one reference.
    pairs : DataFrame
        The table of align_tasks for the same two.
    corpus : Corpus
        The corpus that the table was made from.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a task, in the order of the document.

    Notes
    -----
    A bar is the share of the task's characters that are copied; beside it are the numbers of copied and of all characters
    and of the matched tasks. A task without a match has no bar. If the page has no room for all tasks, those with the most
    copied characters are drawn, at most 55; the figure states how many are not drawn.

    Examples
    --------
    >>> import policylab as lab
    >>> aligned = lab.recipes.align_pair(lab.load_corpus())
    >>> reuse = lab.measure_reuse(aligned.corpus, aligned.pairs)
    >>> figure, data = plot_reuse(reuse, aligned.pairs, aligned.corpus, language="en")
    >>> len(data), data["matched_tasks"].iloc[13]
    (31, '13, 14')
    """
    if reuse.empty:
        return None, reuse
    tasks = list_tasks(corpus, reuse["document_id"].iloc[0])
    matched = pairs[pairs["matched"]].sort_values(["task", "reference_task"])
    listed = matched.groupby("task")["reference_task"].agg(lambda ordinals: ", ".join(map(str, ordinals)))
    data = reuse.merge(tasks[["task", "title", "section"]], on="task")
    data["matched_tasks"] = [listed.get(task, "") for task in data["task"]]
    n, pitch = fit_rows([0] * len(data), page_height() - 15)
    data = data.sort_values(["n_copied", "task"], ascending=[False, True]).head(n)
    data = round_numbers(data.sort_values("task", ignore_index=True))
    shown = tasks[tasks["task"].isin(data["task"])].reset_index(drop=True)
    rest = len(reuse) - len(data)
    names = name_pair(data, corpus, language)

    # From the right: the matched tasks, the numbers of characters, the axis; titles get the width they need.
    matched = page_width() * 0.85
    copied = matched - 4
    left = measure_tasks(shown)
    axis = (left + 2, copied - 15)
    bottom = TABLE_HEAD + len(data) * pitch
    figure, page = new_page(bottom + 5, language)
    rule(page, 0.5, 1)
    write(page, 1, 3, f"{names[0]}  n = {len(reuse)}", 7)
    for i, line in enumerate(fold(label("reuse_share", language), copied - 13 - axis[0], size=7)):
        write(page, axis[0], 3 + 3 * i, line, 7)
    write(page, copied, 3, label("copied_of", language), 7, "right")
    write(page, matched, 3, names[1], 7, width=page_width() - matched - 1)
    write(page, matched, 6, name_lag(data, corpus, language), SMALLEST_TEXT, colour=GREY)
    rule(page, 8, 0.5)
    for percent in range(0, 101, 25):
        draw_tick(page, place(percent, axis, 0, 100), [TABLE_HEAD, bottom], f"{percent}%")
    draw_tasks(page, shown, TABLE_HEAD, pitch, 0, left)
    draw_section_lines(page, shown, TABLE_HEAD, pitch, (0, page_width()), GRID)
    colour = find_colour(corpus, data["document_id"].iloc[0])
    for i, row in enumerate(data.itertuples()):
        y = TABLE_HEAD + (i + 0.5) * pitch
        if row.n_copied:
            box(page, axis[0], y - pitch * 0.3, (axis[1] - axis[0]) * row.share, pitch * 0.6, colour)
        write(page, copied, y, f"{row.n_copied}/{row.n_characters}", SMALLEST_TEXT, "right", GREY)
        text = f"← {row.matched_tasks}" if row.matched_tasks else label("no_match", language)
        write(page, matched, y, text, SMALLEST_TEXT, width=page_width() - matched - 1)
    if rest:
        last = draw_note(page, 1, bottom + 6, label("tasks_not_drawn", language).format(n=rest))
        fit_page(page, last + 3)
    return figure, data
