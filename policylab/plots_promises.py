"""The figures of two plans: what becomes of the reference's targets, how firmly both word a task, what they cite.

Each function takes a table of compare_plans and the corpus and returns (figure, data), `data` being the rows that are
drawn. Where there is nothing to draw the figure is None; save_drawn says so.
"""

import math

import pandas as pd

from policylab.amounts import SHARES, format_amount
from policylab.cascade import RELATIONS
from policylab.labels import label
from policylab.page import new_page, rule
from policylab.promises import RATES
from policylab.rows import GREY, GRID, describe_lag, draw_dot, draw_key, draw_ring, find_colour, name_pair, write
from policylab.style import DOUBLE_COLUMN, PAGE_HEIGHT

ROW = 3.6  # millimetres
SHOWN = 55  # rows; more are hard to read, and fewer may fit
HEAD, BELOW = 9, 7  # above the first row of the cascade; below the last of each axis

# Columns of the cascade in millimetres: the names, the axis, the two values, the outcome.
NAMES, AXIS, REFERENCE, VALUE, OUTCOME = 1, (57, 102), 120, 123, 150

# How the way from the reference to the document is drawn; the arrow's head is the document's mark.
WAYS = {"raised": ("-", ">"), "kept": ("-", "o"), "lowered": ("--", "<"), "scaled": (":", "D")}
SINGLE = {"not comparable": "s", "new": "o"}


def plot_cascade(targets, corpus, language="zh"):
    """Draw what became of each target: a ring for the reference's value, a filled mark for the document's.

    `targets` is the table of compare_targets. One row is a promise or a pair of them; a line joins only what may be
    compared, and on a log axis its length is the ratio. Counts share an axis, shares another, every other rate has
    its own. Pairs that are not comparable stand there with their reason. At most a page is drawn, pairs first; the
    figure says how many are left out. Values of zero and below have no place on a log axis and are only written.

    Returns (figure, data): the rows drawn, in order, with `panel` before them.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> figure, data = plot_cascade(lab.compare_plans(corpus).targets, corpus, "en")
    >>> data["relation"].value_counts().sort_index().to_dict()
    {'dropped': 28, 'kept': 2, 'new': 5, 'not comparable': 2, 'scaled': 1}
    """
    if targets.empty:
        return None, targets
    order = targets.assign(rank=targets["relation"].map(RELATIONS.index)).sort_values(
        ["rank", "target", "reference_target"]
    )
    order = order.drop(columns="rank")
    shown = min(len(order), SHOWN)
    while _height(panels := _divide(order.head(shown))) > PAGE_HEIGHT:
        shown -= 1
    notes = _note_rest(order["relation"].iloc[shown:], language)
    figure, page = new_page(_height(panels), language)

    names = name_pair(order, corpus, language)
    colour = find_colour(corpus, order["document_id"].iloc[0])
    _draw_cascade_head(page, targets, names, describe_lag(targets, corpus, language), language)
    top = HEAD
    for rows in panels:
        _draw_panel(page, rows, top, colour, language)
        top += len(rows) * ROW + BELOW
    rule(page, top, 0.5)
    _draw_cascade_key(page, top + 2.5, set(order["relation"].head(shown)), names, colour, language)
    for note in notes:
        write(page, NAMES, top + 6, note, 5.5, colour=GREY)
    return figure, pd.concat(panels, ignore_index=True)


def _divide(rows):
    """The rows of each axis: pairs before what has no counterpart, counts before shares before other rates."""
    units = rows["unit"].fillna(rows["reference_unit"]).fillna("")
    panels = [_choose_panel(unit) for unit in units]
    alone = rows["relation"].isin(("dropped", "new"))
    keys = [(a, {"count": 0, "share": 1}.get(panel, 2), panel) for a, panel in zip(alone, panels, strict=True)]
    rows = rows.copy()
    rows.insert(0, "panel", panels)
    return [rows[[key == k for k in keys]] for key in sorted(set(keys))]


def _height(panels):
    return HEAD + sum(len(rows) * ROW + BELOW for rows in panels) + 8


def _choose_panel(unit):
    return "share" if unit in SHARES else unit if unit and RATES.fullmatch(unit) else "count"


def _note_rest(relations, language):
    if relations.empty:
        return []
    counts = [f"{label(relation, language)} {n}" for relation, n in relations.value_counts(sort=False).items()]
    joined = ("，" if language == "zh" else ", ").join(counts)
    return [label("not_drawn", language).format(n=len(relations), which=joined)]


def _draw_cascade_head(page, targets, names, lag, language):
    n = [int(targets[column].notna().sum()) for column in ("target", "reference_target")]
    rule(page, 0.5, 1)
    write(page, NAMES, 3, label("promise", language), 7)
    write(page, sum(AXIS) / 2, 3, label("log_axis", language), 7, "center")
    write(page, REFERENCE, 3, names[1], 7, "right")
    write(page, VALUE, 3, names[0], 7, width=OUTCOME - VALUE - 1)
    write(page, OUTCOME, 3, label("outcome", language), 7)
    write(page, REFERENCE, 6, f"n = {n[1]}", 5.5, "right", GREY)
    write(page, VALUE, 6, f"n = {n[0]}", 5.5, colour=GREY)
    write(page, OUTCOME, 6, lag, 5.5, colour=GREY)
    rule(page, 8, 0.5)


def _draw_panel(page, rows, top, colour, language):
    """The rows of one log axis, the axis below them."""
    panel = rows["panel"].iloc[0]
    rows = rows.astype(object).where(rows.notna(), None).to_dict("records")
    scale = _Scale(value for row in rows for value in (row["value"], row["reference_value"]))
    bottom = top + len(rows) * ROW
    unit = {"share": "%", "count": ""}.get(panel, panel)
    for power in scale.ticks:
        x = scale.place(10.0**power)
        page.plot([x, x], [top, bottom], color=GRID, linewidth=0.4, zorder=0)
        write(page, x, bottom + 2, format_amount(10.0**power, unit, "=", language), 5, "center", GREY)
    name = label(f"panel_{panel}", language) if panel in ("count", "share") else panel
    write(page, NAMES, bottom + 2, name, 5, colour=GREY)
    for i, row in enumerate(rows):
        _draw_promise(page, row, top + (i + 0.5) * ROW, scale, colour, language)


class _Scale:
    """Where a value stands on a log axis of whole powers of ten."""

    def __init__(self, values):
        powers = [math.log10(value) for value in values if value and value > 0]
        self.low, self.high = math.floor(min(powers, default=0)), math.ceil(max(powers, default=1))
        self.low -= self.low == self.high
        step = -(-(self.high - self.low) // 4)  # five labels fit
        self.ticks = range(self.low, self.high + 1, step)

    def place(self, value):
        left, right = AXIS
        return left + 2 + (math.log10(value) - self.low) / (self.high - self.low) * (right - left - 4)


def _draw_promise(page, row, y, scale, colour, language):
    relation = row["relation"]
    own, other = (scale.place(v) if v and v > 0 else None for v in (row["value"], row["reference_value"]))
    if relation == "not comparable" and _choose_panel(row["unit"] or "") != _choose_panel(row["reference_unit"] or ""):
        other = None  # belongs on another axis
    line, marker = WAYS.get(relation, (None, SINGLE.get(relation)))
    if line and own is not None and other is not None:
        page.plot([other, own], [y, y], line, color="black", linewidth=0.9, zorder=2)
    if own is not None:
        draw_dot(page, own, y, colour if relation != "not comparable" else "white", marker)
    if other is not None:
        draw_ring(page, other, y)
    write(page, NAMES, y, row["indicator"] or row["reference_indicator"], width=AXIS[0] - NAMES - 2)
    for x, ha, side in ((REFERENCE, "right", "reference_"), (VALUE, "left", "")):
        if row[f"{side}value"] is not None:
            amount = format_amount(row[f"{side}value"], row[f"{side}unit"] or "", row[f"{side}comparator"], language)
            write(page, x, y, amount, ha=ha)
    write(page, OUTCOME, y, _tell_outcome(row, language), width=DOUBLE_COLUMN - OUTCOME)


def _tell_outcome(row, language):
    outcome = label(row["relation"], language)
    if row["relation"] == "not comparable":
        return f"{outcome}{'：' if language == 'zh' else ': '}{label(row['reason'].partition(':')[0], language)}"
    return outcome if row["ratio"] is None or row["relation"] == "kept" else f"{outcome} × {row['ratio']:.3g}"


def _draw_cascade_key(page, y, relations, names, colour, language):
    def draw_way(relation):
        line, marker = WAYS[relation]

        def draw(x, y):
            page.plot([x - 2, x + 2], [y, y], line, color="black", linewidth=0.9)
            draw_ring(page, x + (2 if relation == "lowered" else -2), y)
            draw_dot(page, x + (-2 if relation == "lowered" else 2), y, colour, marker)

        return draw

    entries = [(lambda x, y: draw_ring(page, x, y), names[1]), (lambda x, y: draw_dot(page, x, y, colour), names[0])]
    entries += [
        (draw_way(relation), label(relation, language))
        for relation in WAYS
        if relation in relations and relation != "kept"
    ]
    if "not comparable" in relations:
        entries.append((lambda x, y: draw_dot(page, x, y, "white", "s"), label("not comparable", language)))
    draw_key(page, NAMES, y, entries)
