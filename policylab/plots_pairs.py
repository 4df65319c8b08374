"""The figures of matched pairs: how firmly two plans word the same task, and which works stand behind both.

Each function takes a table of compare_plans and the corpus and returns (figure, data), `data` being the rows that are
drawn. Where there is nothing to draw the figure is None; save_drawn says so.
"""

import pandas as pd

from policylab.labels import label
from policylab.page import new_page, rule
from policylab.rows import GREY, GRID, describe_lag, draw_dot, draw_key, draw_ring, find_colour, name_pair, write
from policylab.strength import LEVELS

ROW = 3.5  # millimetres
SHOWN = 55  # rows; more do not fit on a page with room for a caption
HEAD = 9

# Columns of the strength figure in millimetres: task numbers, title, medians, delta, numbers of clauses.
NUMBERS, TITLE, MEDIAN, DELTA, CLAUSES = 1, 15, (82, 114), (124, 164), 175
# Columns of the sources: work, tier, issuer, and the middle of one for each plan.
WORK, TIER, ISSUER, PLANS = 1, 80, 96, (150, 170)
COUNTS = ["n_reference", "n_document"]
CITED = ("both", "reference", "document")


def plot_strength(strength, corpus, language="zh"):
    """Draw how firmly the document and the reference word each matched pair of tasks.

    `strength` is the table of compare_strength. Left, the medians of both on the scale of 1 to 5; right, Cliff's delta,
    above 0 where the document is the firmer; n counts the coded clauses of the document and of the reference. Pairs are
    sorted by delta. Pairs without one (no coded clause on a side) are left out; of more than 55 those with the most
    coded clauses stay. The figure says how many are left out.

    Returns (figure, data): the rows drawn, in order, with the `title` of the task and the `reference_title`.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> figure, data = plot_strength(lab.compare_plans(corpus).strength, corpus, "en")
    >>> data["delta"].is_monotonic_decreasing
    True
    """
    told = strength.dropna(subset="delta") if len(strength) else strength
    if told.empty:
        return None, told
    pair = ["task", "reference_task"]
    fewest = told[["n_coded", "reference_n_coded"]].min(axis=1)
    data = told.assign(fewest=fewest).sort_values(["fewest", *pair], ascending=[False, True, True]).head(SHOWN)
    data = data.drop(columns="fewest").sort_values(["delta", *pair], ascending=[False, True, True], ignore_index=True)
    titles = corpus.tasks.set_index(["document_id", "task"])["title"]
    for side in ("", "reference_"):
        own = "reference_id" if side else "document_id"
        data[f"{side}title"] = titles.reindex(pd.MultiIndex.from_frame(data[[own, f"{side}task"]])).array

    names = name_pair(data, corpus, language)
    colour = find_colour(corpus, data["document_id"].iloc[0])
    rest = len(strength) - len(data)
    bottom = HEAD + len(data) * ROW
    figure, page = new_page(bottom + 9 + 3.2 * (rest > 0), language)
    _draw_strength_head(page, len(data), describe_lag(data, corpus, language), colour, language)
    _draw_scales(page, bottom, language)
    for i, row in enumerate(data.astype(object).where(data.notna(), None).to_dict("records")):
        _draw_pair(page, row, HEAD + (i + 0.5) * ROW, colour)
    rule(page, bottom + 4, 0.5)
    entries = [(lambda x, y: draw_ring(page, x, y), names[1]), (lambda x, y: draw_dot(page, x, y, colour), names[0])]
    draw_key(page, NUMBERS, bottom + 6.5, entries)
    if rest:
        write(page, NUMBERS, bottom + 10, label("pairs_not_drawn", language).format(n=rest), 5.5, colour=GREY)
    return figure, data


def _draw_strength_head(page, n, lag, colour, language):
    rule(page, 0.5, 1)
    write(page, NUMBERS, 3, label("matched_pair", language), 7)
    write(page, NUMBERS, 6, f"n = {n}{'，' if language == 'zh' else ', '}{lag}", 5.5, colour=GREY)
    for (left, right), key in ((MEDIAN, "median_strength"), (DELTA, "delta")):
        write(page, (left + right) / 2, 3, label(key, language), 7, "center")
    write(page, MEDIAN[0], 6, label("open_ended", language), 5.5, "center", GREY)
    write(page, MEDIAN[1], 6, label("checkable", language), 5.5, "center", GREY)
    write(page, DELTA[0], 6, label("reference_firmer", language), 5.5, colour=GREY)
    write(page, DELTA[1], 6, label("document_firmer", language), 5.5, "right", GREY)
    write(page, CLAUSES, 3, label("coded_clauses", language), 7, "center")
    draw_dot(page, CLAUSES - 2.2, 6, colour)
    write(page, CLAUSES, 6, "|", ha="center")
    draw_ring(page, CLAUSES + 2.2, 6)
    rule(page, 8, 0.5)


def _draw_scales(page, bottom, language):
    for level in LEVELS:
        _draw_grid(page, _place(level, 1, 5, MEDIAN), bottom, str(level), GRID)
    for delta in (-1, -0.5, 0, 0.5, 1):
        _draw_grid(
            page, _place(delta, -1, 1, DELTA), bottom, f"{delta:g}".replace("-", "−"), GREY if delta == 0 else GRID
        )


def _draw_grid(page, x, bottom, text, colour):
    page.plot([x, x], [HEAD, bottom], color=colour, linewidth=0.4, zorder=0)
    write(page, x, bottom + 2, text, 5, "center", GREY)


def _place(value, low, high, axis):
    return axis[0] + (value - low) / (high - low) * (axis[1] - axis[0])


def _draw_pair(page, row, y, colour):
    write(page, NUMBERS, y, f"{row['task']} ← {row['reference_task']}")
    write(page, TITLE, y, row["title"] or "", width=MEDIAN[0] - TITLE - 5)
    own, other = (_place(row[f"{side}median"], 1, 5, MEDIAN) for side in ("", "reference_"))
    page.plot([other, own], [y, y], color="black", linewidth=0.9, zorder=2)
    draw_dot(page, own, y, colour)
    draw_ring(page, other, y)
    x = _place(row["delta"], -1, 1, DELTA)
    page.plot([_place(0, -1, 1, DELTA), x], [y, y], color="black", linewidth=0.9, zorder=2)
    draw_dot(page, x, y, colour)
    write(page, CLAUSES, y, f"{row['n_coded']} | {row['reference_n_coded']}", ha="center")


def plot_sources(sources, corpus, language="zh"):
    """Draw the works that two plans cite: those of both, joined by a line, then those of the one and of the other.

    `sources` is the table of compare_plans (compare_sources with both ids). A mark stands for the citations of a
    work in a plan, with their number: filled where at least one of the two plans invokes the work as a ground, a
    ring where it is only announced or mentioned. The issuer's tier and name stand beside the title where they are
    known. An asterisk marks a plan that cites itself. At most 55 works are drawn, those of both first; the figure
    says how many are left out.

    Returns (figure, data): the rows drawn, in order.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> figure, data = plot_sources(lab.compare_plans(corpus).sources, corpus, "en")
    >>> data["cited_by"].value_counts(sort=False).to_dict()
    {'both': 14, 'reference': 11, 'document': 11}
    """
    if sources.empty:
        return None, sources
    order = sources.assign(rank=sources["cited_by"].map(CITED.index), n=-sources[COUNTS].sum(axis=1))
    order = order.sort_values(["rank", "n", "work"], ignore_index=True).drop(columns=["rank", "n"])
    data = order.head(SHOWN)
    names = name_pair(data, corpus, language)
    groups = [rows for _, rows in data.groupby("cited_by", sort=False)]
    rest = len(order) - len(data)
    bottom = 9 + len(data) * ROW + 5 * len(groups)
    figure, page = new_page(bottom + 5 + 3.2 * (rest > 0), language)
    rule(page, 0.5, 1)
    heads = ((WORK, "work"), (TIER, "tier"), (ISSUER, "issuer"))
    for x, key in heads:
        write(page, x, 3, label(key, language), 7)
    for x, name in zip(PLANS, reversed(names), strict=True):
        region, _, year = name.rpartition(" ")
        write(page, x, 3, region, 7, "center", width=PLANS[1] - PLANS[0] + 3)
        write(page, x, 6, year, 5.5, "center", GREY)
    rule(page, 8, 0.5)
    top = 8
    for rows in groups:
        totals = order["cited_by"].value_counts()
        _draw_group(page, rows, top, totals[rows["cited_by"].iloc[0]], names, language)
        top += 5 + len(rows) * ROW
    rule(page, bottom, 0.5)
    marks = ((True, "invoked"), (False, "not_invoked"))
    entries = [
        (lambda x, y, filled=filled: _draw_citation(page, x, y, filled), label(key, language)) for filled, key in marks
    ]
    notes = [
        key
        for key, told in (("citations", (data[COUNTS] > 1).any(axis=None)), ("self_citation", data["is_self"].any()))
        if told
    ]
    draw_key(page, WORK, bottom + 2.7, [*entries, *((lambda x, y: None, label(key, language)) for key in notes)])
    if rest:
        write(page, WORK, bottom + 6, label("works_not_drawn", language).format(n=rest), 5.5, colour=GREY)
    return figure, data


def _draw_group(page, rows, top, total, names, language):
    cited_by = rows["cited_by"].iloc[0]
    heading = label("cited_by_both" if cited_by == "both" else "cited_by_one", language)
    name = names[0] if cited_by == "document" else names[1]
    write(page, WORK, top + 3, f"{heading.format(name=name)}  n = {total}", 5.5, colour=GREY)
    for i, row in enumerate(rows.astype(object).where(rows.notna(), None).to_dict("records")):
        y = top + 5 + (i + 0.5) * ROW
        write(page, WORK, y, row["work"] + ("*" if row["is_self"] else ""), width=TIER - WORK - 3)
        write(page, TIER, y, label(row["tier"], language) if row["tier"] else "—")
        write(page, ISSUER, y, row["issuer"] or "—", width=PLANS[0] - ISSUER - 5)
        if cited_by == "both":
            page.plot(PLANS, [y, y], color="black", linewidth=0.6, zorder=2)
        for x, column, outwards in zip(PLANS, COUNTS, (-2, 2), strict=True):
            if row[column]:
                _draw_citation(page, x, y, row["invoked"])
            if row[column] > 1:
                write(page, x + outwards, y, str(row[column]), 5, "left" if outwards > 0 else "right")


def _draw_citation(page, x, y, invoked):
    page.plot(
        [x],
        [y],
        "o",
        markersize=4,
        color="black" if invoked else "white",
        markeredgecolor="black",
        markeredgewidth=0.8,
        zorder=3,
    )
