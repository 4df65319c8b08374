"""The figures of coverage and reuse: which documents take up which task, and how much of it is copied.

Each function returns (figure, data), `data` being what is drawn. Where there is nothing to draw the figure is None;
save_drawn says so.
"""

import pandas as pd

from policylab.coverage import list_counterparts
from policylab.figures import round_numbers
from policylab.labels import label
from policylab.page import MM_PER_POINT, box, new_page, rule, text_width
from policylab.plans import name_document
from policylab.plots_alignment import CLEAR, UNLIKELY
from policylab.rows import GREY, GRID, SIZE, SMALL, describe_lag, draw_key, find_colour, name_pair, write
from policylab.structure import summarize_documents
from policylab.style import DOUBLE_COLUMN, PAGE_HEIGHT
from policylab.taskrows import ROW, draw_section_lines, draw_tasks, list_tasks

LEFT = 66  # room for the titles
RIGHT = 9  # room for the counts of a row
WIDEST = 7
DOCUMENTS = 34  # columns; every province once

# The bars of reuse, in millimetres: the axis, what is copied of what, the matched tasks.
AXIS, COPIED, MATCHED = (68, 128), 150, 156
SHOWN = 55  # rows; more do not fit on a page with room for a caption


def plot_coverage(pairs, corpus, language="zh"):
    """Draw which documents take up which task of their reference: a row per task, a column per document.

    `pairs` is the table of align_tasks for one reference and any number of documents. A full dot is a match, a grey
    one a match below a score of 0.8; a ring is no match, but a best score of 0.2 and more: both are to be read. A
    point stands for no counterpart. Numbers at the end of rows and columns count matches. Below a document stands how
    many years later than the reference it is. At most 34 documents are drawn, the latest, and the figure says so.

    Returns (figure, data): a row per task and document, with `best`, the closest task of the document, and its `score`.

    >>> import policylab as lab
    >>> agendas = lab.align_agendas(lab.load_corpus())
    >>> figure, data = plot_coverage(agendas.all_pairs, agendas.corpus, "en")
    >>> data.groupby("document_id")["taken_up"].sum().to_dict()
    {'chongqing-2019': 32, 'fujian-2020': 28}
    """
    if pairs.empty:
        return None, pairs
    order = [name for name in summarize_documents(corpus)["document_id"] if name in set(pairs["document_id"])]
    shown = order[-DOCUMENTS:]
    counterparts = list_counterparts(corpus, pairs[pairs["document_id"].isin(shown)])
    data = _list_dots(counterparts, shown)
    reference_id = data["reference_id"].iloc[0]
    tasks = list_tasks(corpus, reference_id)
    names = [name_document(corpus, name, language) for name in shown]

    pitch = min(WIDEST, (DOUBLE_COLUMN - LEFT - RIGHT) / len(shown))
    head = max(text_width(name, SIZE) for name in names) + 8
    row = min(ROW, (PAGE_HEIGHT - head - 20) / len(tasks))
    bottom = head + len(tasks) * row
    figure, page = new_page(bottom + 17 + 3.5 * (len(order) > len(shown)), language)
    rule(page, 0.5, 1)
    write(page, 1, 3, f"{name_document(corpus, reference_id, language)}  n = {len(tasks)}", 7)
    draw_tasks(page, tasks, head, row, (LEFT - 2, LEFT - 8, 7), "right")
    right = LEFT + len(shown) * pitch
    draw_section_lines(page, tasks, head, row, (0, right + RIGHT), GRID)
    rule(page, head - 0.4, 0.5)
    for i, (name, document_id) in enumerate(zip(names, shown, strict=True)):
        x = LEFT + (i + 0.5) * pitch
        page.text(x, head - 1.5, name, fontsize=SIZE, rotation=90, ha="center", va="bottom")
        _draw_totals(page, data[data["document_id"] == document_id], x, bottom)
    _draw_dots(page, data, tasks, shown, (pitch, row, head))
    for i, n in enumerate(data.groupby("reference_task", sort=False)["taken_up"].sum()):
        if row >= SMALL * MM_PER_POINT:
            write(page, right + RIGHT - 0.5, head + (i + 0.5) * row, f"{n}/{len(shown)}", SMALL, "right", GREY)
    rule(page, bottom + 0.4, 0.5)
    write(page, LEFT - 2, bottom + 4, label("n_with_counterpart", language), 5.5, "right", GREY)
    write(page, LEFT - 2, bottom + 9, label("years_later", language), 5.5, "right", GREY)
    _draw_dot_key(page, bottom + 14, language)
    if len(order) > len(shown):
        write(
            page,
            1,
            bottom + 17.5,
            label("shown_note", language).format(shown=len(shown), total=len(order)),
            5.5,
            colour=GREY,
        )
    return figure, data


def _list_dots(counterparts, shown):
    table = counterparts.rename(columns={"task": "reference_task", "title": "reference_title"})
    table = table.assign(taken_up=table["n_matched"] > 0, column=table["document_id"].map(shown.index))
    table = table.sort_values(["reference_task", "column"], ignore_index=True)
    columns = [
        "reference_id",
        "section",
        "reference_task",
        "reference_title",
        "document_id",
        "lag",
        "taken_up",
        "n_matched",
        "best",
        "score",
    ]
    return round_numbers(table[columns])


def _draw_totals(page, dots, x, bottom):
    page.text(
        x,
        bottom + 1.5,
        f"{dots['taken_up'].sum()}/{len(dots)}",
        fontsize=SMALL,
        rotation=90,
        ha="center",
        va="top",
        color=GREY,
    )
    lag = dots["lag"].iloc[0]
    write(
        page,
        x,
        bottom + 9,
        "?" if pd.isna(lag) else f"{lag:+d}".replace("-", "−").replace("+0", "0"),
        SMALL,
        "center",
        GREY,
    )


def _draw_dots(page, data, tasks, shown, layout):
    pitch, row, head = layout
    size = min(pitch, row, ROW) / MM_PER_POINT * 0.6
    y = {task: head + (i + 0.5) * row for i, task in enumerate(tasks["task"])}
    x = {name: LEFT + (i + 0.5) * pitch for i, name in enumerate(shown)}
    for kind, dots in data.groupby([_name_dot(*dot) for dot in zip(data["taken_up"], data["score"], strict=True)]):
        places = [x[name] for name in dots["document_id"]], [y[task] for task in dots["reference_task"]]
        _draw_marks(page, *places, kind, size)


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
    draw_key(
        page,
        1,
        y,
        [
            (lambda x, y, kind=kind: _draw_marks(page, [x], [y], kind, 5), label(key, language))
            for kind, key in kinds.items()
        ],
    )


def plot_reuse(reuse, pairs, corpus, language="zh"):
    """Draw how much of every task of a document stands word for word in the tasks that it is matched with.

    `reuse` is the table of measure_reuse, `pairs` that of align_tasks, both for one document and one reference. A bar
    is the share of the task's characters; beside it stand the copied and all characters, and the ordinals of the
    matched tasks. A task without a match has no bar. Of more than 55 tasks those with the most copied characters are
    drawn; the figure says how many are left out.

    Returns (figure, data): a row per task, in the order of the document.

    >>> import policylab as lab
    >>> agendas = lab.align_agendas(lab.load_corpus())
    >>> figure, data = plot_reuse(lab.measure_reuse(agendas.corpus, agendas.pairs), agendas.pairs, agendas.corpus, "en")
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
    data = data.sort_values(["n_copied", "task"], ascending=[False, True]).head(SHOWN)
    data = round_numbers(data.sort_values("task", ignore_index=True))
    shown = tasks[tasks["task"].isin(data["task"])].reset_index(drop=True)
    rest = len(reuse) - len(data)
    names = name_pair(data, corpus, language)

    bottom = 9 + len(data) * ROW
    figure, page = new_page(bottom + 5 + 3.5 * (rest > 0), language)
    rule(page, 0.5, 1)
    write(page, 1, 3, f"{names[0]}  n = {len(reuse)}", 7)
    write(page, AXIS[0], 3, label("reuse_share", language), 7)
    write(page, COPIED, 3, label("copied_of", language), 7, "right")
    write(page, MATCHED, 3, names[1], 7, width=DOUBLE_COLUMN - MATCHED - 2)
    write(page, DOUBLE_COLUMN - 1, 6, describe_lag(data, corpus, language), 5.5, "right", GREY)
    rule(page, 8, 0.5)
    for percent in range(0, 101, 25):
        x = AXIS[0] + (AXIS[1] - AXIS[0]) * percent / 100
        page.plot([x, x], [9, bottom], color=GRID, linewidth=0.4, zorder=0)
        write(page, x, bottom + 2, f"{percent}%", SMALL, "center", GREY)
    draw_tasks(page, shown, 9, ROW, (LEFT - 2, LEFT - 8, 7), "right")
    draw_section_lines(page, shown, 9, ROW, (0, DOUBLE_COLUMN), GRID)
    colour = find_colour(corpus, data["document_id"].iloc[0])
    for i, row in enumerate(data.itertuples()):
        y = 9 + (i + 0.5) * ROW
        if row.n_copied:
            box(page, AXIS[0], y - 1, (AXIS[1] - AXIS[0]) * row.share, 2, colour)
        write(page, COPIED, y, f"{row.n_copied}/{row.n_characters}", SMALL, "right", GREY)
        write(
            page,
            MATCHED,
            y,
            f"← {row.matched_tasks}" if row.matched_tasks else label("no_match", language),
            SMALL,
            width=DOUBLE_COLUMN - MATCHED - 2,
        )
    if rest:
        write(page, 1, bottom + 6, label("tasks_not_drawn", language).format(n=rest), 5.5, colour=GREY)
    return figure, data
