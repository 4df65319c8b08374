"""The figures of matched pairs: how firmly two plans word the same task, and which works stand behind both.

Each function takes a table of compare_plans and the corpus and returns (figure, data), `data` being the rows that are
drawn. Where there is nothing to draw the figure is None; save_drawn says so.
"""

import re

import pandas as pd

from policylab.labels import label
from policylab.plots.page import fit_page, new_page, rule, text_width
from policylab.plots.presets import SMALLEST_TEXT, page_height, page_width
from policylab.plots.rows import (
    FOLDED,
    GREY,
    GRID,
    NOTE,
    SIZE,
    describe_lag,
    draw_dot,
    draw_key,
    draw_note,
    draw_ring,
    find_colour,
    fit_rows,
    fold,
    key_height,
    name_pair,
    write,
    write_lines,
)
from policylab.promises.strength import LEVELS

HEAD = 9
LEFT = 1
GAP = 3  # millimetres between two columns of text
DIGITS = 4  # room for the number of citations beside a mark
COUNTS = ["n_reference", "n_document"]
CITED = ("both", "reference", "document")


def plot_strength(strength, corpus, language="zh"):
    """Draw how firmly the document and the reference word each matched pair of tasks.

    `strength` is the table of compare_strength. Left, the medians of both on the scale of 1 to 5; right, Cliff's delta,
    above 0 where the document is the firmer; n counts the coded clauses of the document and of the reference. Pairs are
    sorted by delta. Pairs without one (no coded clause on a side) are left out; of more than a page of them, or 55, those
    with the most coded clauses stay. The figure says how many are left out.

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
    data = told.assign(fewest=fewest).sort_values(["fewest", *pair], ascending=[False, True, True])
    titles = corpus.tasks.set_index(["document_id", "task"])["title"]
    for side in ("", "reference_"):
        own = "reference_id" if side else "document_id"
        data[f"{side}title"] = titles.reindex(pd.MultiIndex.from_frame(data[[own, f"{side}task"]])).array
    layout = _divide_width(data)
    cells = [fold(title, layout["room"]) for title in data["title"].fillna("")]
    room = page_height() - HEAD - 9 - NOTE * (len(told) < len(strength))
    shown, pitch = fit_rows([FOLDED * (len(lines) - 1) for lines in cells], room)
    data = data.drop(columns="fewest").head(shown)
    data = data.sort_values(["delta", *pair], ascending=[False, True, True], ignore_index=True)

    names = name_pair(data, corpus, language)
    colour = find_colour(corpus, data["document_id"].iloc[0])
    rest = len(strength) - len(data)
    figure, page = new_page(page_height(), language)
    _draw_strength_head(page, layout, len(data), describe_lag(data, corpus, language), colour, language)
    bottom = HEAD
    for row in data.astype(object).where(data.notna(), None).to_dict("records"):
        lines = fold(row["title"] or "", layout["room"])
        height = pitch + FOLDED * (len(lines) - 1)
        _draw_pair(page, row, lines, bottom + height / 2, layout, colour)
        bottom += height
    _draw_scales(page, layout, bottom)
    rule(page, bottom + 4, 0.5)
    entries = [(lambda x, y: draw_ring(page, x, y), names[1]), (lambda x, y: draw_dot(page, x, y, colour), names[0])]
    last = draw_key(page, LEFT, bottom + 6.5, entries)
    if rest:
        last = draw_note(page, LEFT, last + NOTE, label("pairs_not_drawn", language).format(n=rest))
    fit_page(page, last + 2.5)
    return figure, data


def _divide_width(data):
    """Where the columns stand: the numbers of tasks, the title with its room, both axes, the middle of the clauses."""
    pairs = zip(data["task"], data["reference_task"], strict=True)
    title = LEFT + max(text_width(f"{task} ← {other}", SIZE) for task, other in pairs) + 3
    clauses = page_width() - 7
    right = clauses - 7
    middle = right - page_width() * 0.25
    left = middle - 5 - page_width() * 0.15
    axes = {"median": (left, middle - 5), "delta": (middle, right)}
    return {"title": title, "room": left - GAP - title, "clauses": clauses} | axes


def _draw_strength_head(page, layout, n, lag, colour, language):
    rule(page, 0.5, 1)
    write(page, LEFT, 3, label("matched_pair", language), 7)
    write(page, LEFT, 6, f"n = {n}{'，' if language == 'zh' else ', '}{lag}", SMALLEST_TEXT, colour=GREY)
    ends = {"median": ("open_ended", "checkable"), "delta": ("reference_firmer", "document_firmer")}
    for axis, heading in (("median", "median_strength"), ("delta", "delta")):
        left, right = layout[axis]
        write(page, (left + right) / 2, 3, label(heading, language), 7, "center")
        for x, key, ha in zip((left, right), ends[axis], ("left", "right"), strict=True):
            write(page, x, 6, label(key, language), SMALLEST_TEXT, ha, GREY)
    write(page, layout["clauses"], 3, label("coded_clauses", language), 7, "center")
    draw_dot(page, layout["clauses"] - 2.2, 6, colour)
    write(page, layout["clauses"], 6, "|", ha="center")
    draw_ring(page, layout["clauses"] + 2.2, 6)
    rule(page, 8, 0.5)


def _draw_scales(page, layout, bottom):
    for level in LEVELS:
        _draw_grid(page, _place(level, 1, 5, layout["median"]), bottom, str(level), GRID)
    for delta in (-1, -0.5, 0, 0.5, 1):
        x = _place(delta, -1, 1, layout["delta"])
        _draw_grid(page, x, bottom, f"{delta:g}".replace("-", "−"), GREY if delta == 0 else GRID)


def _draw_grid(page, x, bottom, text, colour):
    page.plot([x, x], [HEAD, bottom], color=colour, linewidth=0.4, zorder=0)
    write(page, x, bottom + 2, text, SMALLEST_TEXT, "center", GREY)


def _place(value, low, high, axis):
    return axis[0] + (value - low) / (high - low) * (axis[1] - axis[0])


def _draw_pair(page, row, lines, y, layout, colour):
    write(page, LEFT, y, f"{row['task']} ← {row['reference_task']}")
    write_lines(page, layout["title"], y, lines)
    own, other = (_place(row[f"{side}median"], 1, 5, layout["median"]) for side in ("", "reference_"))
    page.plot([other, own], [y, y], color="black", linewidth=0.9, zorder=2)
    draw_dot(page, own, y, colour)
    draw_ring(page, other, y)
    none, x = (_place(delta, -1, 1, layout["delta"]) for delta in (0, row["delta"]))
    page.plot([none, x], [y, y], color="black", linewidth=0.9, zorder=2)
    draw_dot(page, x, y, colour)
    write(page, layout["clauses"], y, f"{row['n_coded']} | {row['reference_n_coded']}", ha="center")


def plot_sources(sources, corpus, language="zh"):
    """Draw the works that two plans cite: those of both, joined by a line, then those of the one and of the other.

    `sources` is the table of compare_plans (compare_sources with both ids). A mark stands for the citations of a
    work in a plan, with their number: filled where at least one of the two plans invokes the work as a ground, a
    ring where it is only announced or mentioned. The issuer's tier and name stand beside the title where they are
    known. An asterisk marks a plan that cites itself. At most a page is drawn, of 55 works at most, those of both
    first; the figure says how many are left out.

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
    columns = _divide_sources(order, language)
    cells = [_list_cells(row, columns, language) for row in order.to_dict("records")]
    begins = ~order["cited_by"].duplicated()
    extra = [FOLDED * (max(map(len, cell)) - 1) + 5 * first for cell, first in zip(cells, begins, strict=True)]
    notes = {"citations": (order[COUNTS] > 1).any(axis=None), "self_citation": order["is_self"].any()}
    texts = [label(key, language) for key in ("invoked", "not_invoked", *(key for key in notes if notes[key]))]
    shown, pitch = fit_rows(extra, page_height() - 14.3 - key_height(texts))
    data = order.head(shown)
    names = name_pair(data, corpus, language)
    figure, page = new_page(page_height(), language)
    _draw_sources_head(page, columns, names, language)
    totals = order["cited_by"].value_counts()
    top = 8
    for i, row in enumerate(data.astype(object).where(data.notna(), None).to_dict("records")):
        if begins[i]:
            heading = label("cited_by_both" if row["cited_by"] == "both" else "cited_by_one", language)
            name = names[0] if row["cited_by"] == "document" else names[1]
            text = f"{heading.format(name=name)}  n = {totals[row['cited_by']]}"
            write(page, LEFT, top + 3, text, SMALLEST_TEXT, colour=GREY)
            top += 5
        height = pitch + extra[i] - 5 * begins[i]
        _draw_work(page, row, top + height / 2, cells[i], columns)
        top += height
    rule(page, top + 1, 0.5)
    samples = [
        *(lambda x, y, invoked=invoked: _draw_citation(page, x, y, invoked) for invoked in (True, False)),
        *[lambda x, y: None] * (len(texts) - 2),
    ]
    last = draw_key(page, LEFT, top + 3.7, zip(samples, texts, strict=True))
    if rest := len(order) - shown:
        last = draw_note(page, LEFT, last + NOTE, label("works_not_drawn", language).format(n=rest))
    fit_page(page, last + 2.5)
    return figure, data


def _divide_sources(rows, language):
    """Where the columns begin. Where titles and issuers have no room side by side, both are folded."""
    tiers = [label(tier, language) for tier in rows["tier"].dropna().unique()]
    columns = {"work": rows["work"] + "*", "tier": tiers, "issuer": rows["issuer"].dropna()}
    work, tier, issuer = (
        GAP + max(text_width(label(key, language), 7), *(text_width(text, SIZE) for text in texts), 0)
        for key, texts in columns.items()
    )
    plans = (page_width() - 26, page_width() - 10)
    right = plans[0] - DIGITS
    issuer = right - min(issuer, max(page_width() * 0.24, right - LEFT - work - tier))
    return {"work": LEFT, "tier": issuer - tier, "issuer": issuer, "right": right, "plans": plans}


def _list_cells(row, columns, language):
    """The lines of a work's title, tier and issuer."""
    tier, issuer = (row[key] if isinstance(row[key], str) else None for key in ("tier", "issuer"))
    # A hair more than was measured: sums of millimetres are not exact.
    room = columns["tier"] - columns["work"] - GAP + 0.01, columns["right"] - columns["issuer"] - GAP + 0.01
    work = row["work"] + ("*" if row["is_self"] else "")
    return fold(work, room[0]), [label(tier, language) if tier else "—"], fold(issuer or "—", room[1])


def _draw_sources_head(page, columns, names, language):
    rule(page, 0.5, 1)
    for key in ("work", "tier", "issuer"):
        write(page, columns[key], 3, label(key, language), 7)
    left, right = columns["plans"]
    for x, name in zip((left, right), reversed(names), strict=True):
        region, year = re.fullmatch("(.+?) ([0-9]{4}.*)", name).groups()  # region, year and what tells documents apart
        write(page, x, 3, region, 7, "center", width=right - left + 3)
        write(page, x, 6, year, SMALLEST_TEXT, "center", GREY)
    rule(page, 8, 0.5)


def _draw_work(page, row, y, cells, columns):
    for key, lines in zip(("work", "tier", "issuer"), cells, strict=True):
        write_lines(page, columns[key], y, lines)
    if row["cited_by"] == "both":
        page.plot(columns["plans"], [y, y], color="black", linewidth=0.6, zorder=2)
    for x, column, outwards in zip(columns["plans"], COUNTS, (-2, 2), strict=True):
        if row[column]:
            _draw_citation(page, x, y, row["invoked"])
        if row[column] > 1:
            write(page, x + outwards, y, str(row[column]), SMALLEST_TEXT, "left" if outwards > 0 else "right")


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
