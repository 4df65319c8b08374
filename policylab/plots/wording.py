"""The figure of directive strength: how firmly two plans word the same task."""

import pandas as pd

from policylab.corpus.bundle import Corpus
from policylab.language.documents import name_pair
from policylab.language.labels import label
from policylab.language.lags import name_lag
from policylab.language.sentences import join, say
from policylab.plots.kit.drawing import (
    COLUMN_GAP,
    FOLDED,
    GREY,
    GRID,
    LEFT,
    NOTE,
    SIZE,
    TABLE_HEAD,
    draw_dot,
    draw_key,
    draw_note,
    draw_ring,
    draw_tick,
    find_colour,
    fit_rows,
    fold,
    key_height,
    place,
    write,
    write_lines,
)
from policylab.plots.kit.page import FigureAndData, fit_page, new_page, rule, text_width
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width
from policylab.wording.strength import STRENGTHS


def plot_strength(strength: pd.DataFrame, corpus: Corpus, *, language: str = "zh") -> FigureAndData:
    """Draw how firmly the document and the reference word each matched pair of tasks: a row per pair.

    Parameters
    ----------
    strength : DataFrame
        The table of compare_strength.
    corpus : Corpus
        The corpus that the table was made from.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a pair that is drawn, in order, with the `title` of the task and the
        `reference_title`. Without a pair that can be compared the figure is None.

    Notes
    -----
    Left, the medians of both on the scale of 1 to 5; right, Cliff's delta, above 0 where the document is the firmer. The
    dashed line is the mean delta of all pairs of tasks, matched or not: only what lies apart from it is due to the match. n
    counts the coded clauses of the document and of the reference. Pairs are sorted by delta. Pairs without one (no coded
    clause on a side) are left out; of more than a page of them, or 55, those with the most coded clauses stay. The figure
    states how many are left out.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> figure, data = plot_strength(lab.recipes.compare_plans(corpus).strength, corpus, language="en")
    >>> data["delta"].is_monotonic_decreasing
    True
    """
    comparable = strength.dropna(subset="delta") if len(strength) else strength
    if comparable.empty:
        return None, comparable
    pair = ["task", "reference_task"]
    fewest = comparable[["n_coded", "reference_n_coded"]].min(axis=1)
    data = comparable.assign(fewest=fewest).sort_values(["fewest", *pair], ascending=[False, True, True])
    titles = corpus.tasks.set_index(["document_id", "task"])["title"]
    for side in ("", "reference_"):
        own = "reference_id" if side else "document_id"
        data[f"{side}title"] = titles.reindex(pd.MultiIndex.from_frame(data[[own, f"{side}task"]])).array
    layout = _divide_width(data)
    cells = [fold(title, layout["room"]) for title in data["title"].fillna("")]
    names = name_pair(data, corpus, language)
    key = {"reference": names[1], "document": names[0], "baseline": _name_baseline(comparable, language)}
    room = page_height() - TABLE_HEAD - 9 - key_height(key.values()) - NOTE * (len(comparable) < len(strength))
    shown, pitch = fit_rows([FOLDED * (len(lines) - 1) for lines in cells], room)
    data = data.drop(columns="fewest").head(shown)
    data = data.sort_values(["delta", *pair], ascending=[False, True, True], ignore_index=True)

    colour = find_colour(corpus, data["document_id"].iloc[0])
    rest = len(strength) - len(data)
    figure, page = new_page(page_height(), language)
    _draw_strength_head(page, layout, len(data), name_lag(data, corpus, language), colour, language)
    bottom = TABLE_HEAD
    for row in data.astype(object).where(data.notna(), None).to_dict("records"):
        lines = fold(row["title"] or "", layout["room"])
        height = pitch + FOLDED * (len(lines) - 1)
        _draw_pair(page, row, lines, bottom + height / 2, layout, colour)
        bottom += height
    _draw_scales(page, layout, bottom)
    baseline = place(data["baseline"].iloc[0], layout["delta"], -1)
    page.plot([baseline] * 2, [TABLE_HEAD, bottom], "--", color="black", linewidth=0.7, zorder=1)
    rule(page, bottom + 4, 0.5)
    samples = {
        "reference": lambda x, y: draw_ring(page, x, y),
        "document": lambda x, y: draw_dot(page, x, y, colour),
        "baseline": lambda x, y: page.plot([x - 2.5, x + 2.5], [y, y], "--", color="black", linewidth=0.7),
    }
    last = draw_key(page, LEFT, bottom + 6.5, [(samples[mark], text) for mark, text in key.items()])
    if rest:
        last = draw_note(page, LEFT, last + NOTE, label("pairs_not_drawn", language).format(n=rest))
    fit_page(page, last + 2.5)
    return figure, data


def _name_baseline(strength, language):
    means = {"baseline": strength["baseline"].iloc[0], "mean": strength["delta"].mean()}
    return say("plot_strength.baseline", language, **means)


def _divide_width(data):
    """The places of the columns: title and its width, ends of both axes, middle of the numbers of clauses."""
    pairs = zip(data["task"], data["reference_task"], strict=True)
    title = LEFT + max(text_width(f"{task} ← {other}", SIZE) for task, other in pairs) + 3
    clauses = page_width() - 7
    right = clauses - 7
    middle = right - page_width() * 0.25
    left = middle - 5 - page_width() * 0.15
    axes = {"median": (left, middle - 5), "delta": (middle, right)}
    return {"title": title, "room": left - COLUMN_GAP - title, "clauses": clauses} | axes


def _draw_strength_head(page, layout, n, lag, colour, language):
    rule(page, 0.5, 1)
    write(page, LEFT, 3, label("matched_pair", language), 7)
    write(page, LEFT, 6, join([f"n = {n}", lag], language, "list.clauses"), SMALLEST_TEXT, colour=GREY)
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
    for strength in STRENGTHS:
        draw_tick(page, place(strength, layout["median"], 1, 5), [TABLE_HEAD, bottom], str(strength))
    for delta in (-1, -0.5, 0, 0.5, 1):
        x = place(delta, layout["delta"], -1)
        draw_tick(page, x, [TABLE_HEAD, bottom], f"{delta:g}", colour=GREY if delta == 0 else GRID)


def _draw_pair(page, row, lines, y, layout, colour):
    write(page, LEFT, y, f"{row['task']} ← {row['reference_task']}")
    write_lines(page, layout["title"], y, lines)
    own, other = (place(row[f"{side}median"], layout["median"], 1, 5) for side in ("", "reference_"))
    page.plot([other, own], [y, y], color="black", linewidth=0.9, zorder=2)
    draw_dot(page, own, y, colour)
    draw_ring(page, other, y)
    none, x = (place(delta, layout["delta"], -1) for delta in (0, row["delta"]))
    page.plot([none, x], [y, y], color="black", linewidth=0.9, zorder=2)
    draw_dot(page, x, y, colour)
    write(page, layout["clauses"], y, f"{row['n_coded']} | {row['reference_n_coded']}", ha="center")
