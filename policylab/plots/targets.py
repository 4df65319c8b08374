"""The figures of two plans: what becomes of the reference's targets, how firmly both word a task, what they cite.

Each function takes a table of compare_plans and the corpus and returns (figure, data), `data` being the rows that are
drawn. If there is nothing to draw the figure is None, and save_figure prints that.
"""

import math

import pandas as pd

from policylab.corpus.bundle import Corpus
from policylab.language.documents import name_pair
from policylab.language.labels import label
from policylab.language.lags import name_lag
from policylab.language.quantities import SHARES, format_quantity
from policylab.language.sentences import join, say
from policylab.plots.kit.drawing import (
    FOLDED,
    GREY,
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
    write,
    write_lines,
)
from policylab.plots.kit.page import FigureAndData, fit_page, new_page, rule, text_width
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width
from policylab.targets.cascade import RELATIONS
from policylab.targets.names import RATES

AXIS_FOOT = 6  # millimetres below the last row of each axis

# How the line from the reference to the document is drawn; the head of the arrow is the document's mark.
WAYS = {"raised": ("-", ">"), "kept": ("-", "o"), "lowered": ("--", "<"), "scaled": (":", "D")}
SINGLE_MARKERS = {"to be judged": "^", "not comparable": "s", "new": "o"}
# Values that are not compared: the document's mark is empty.
EMPTY = ("to be judged", "not comparable")


def plot_targets(targets: pd.DataFrame, corpus: Corpus, *, language: str = "zh") -> FigureAndData:
    """Draw what became of each target: a ring for the reference's value, a filled mark for the document's.

    Parameters
    ----------
    targets : DataFrame
        The table of compare_targets.
    corpus : Corpus
        The corpus that the table was made from.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a promise or a pair of promises, in order, with its `panel`.

    Notes
    -----
    A line joins only values that can be compared; on the log axis its length shows their ratio. Counts share an axis, shares
    another, and each other rate has its own. Pairs that are not comparable, or to be judged, are shown with their reason,
    the latter with both names and their similarity. One page is drawn, with at most 55 rows, pairs first; the figure states
    how many are not drawn. Values of zero and below have no place on a log axis and are only written.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> figure, data = plot_targets(lab.recipes.compare_plans(corpus).targets, corpus, language="en")
    >>> data["relation"].value_counts().sort_index().to_dict()
    {'dropped': 27, 'kept': 1, 'new': 4, 'not comparable': 1, 'scaled': 1, 'to be judged': 3}
    """
    if targets.empty:
        return None, targets
    order = targets.assign(rank=targets["relation"].map(RELATIONS.index))
    order = order.sort_values(["rank", "target", "reference_target"], ignore_index=True).drop(columns="rank")
    names = name_pair(order, corpus, language)
    lag = name_lag(targets, corpus, language)
    columns, cells = _divide_width(order, names, lag, language)
    first = ~pd.Series(_name_axes(order)).duplicated()
    extra = [FOLDED * (_count_lines(cell) - 1) + AXIS_FOOT * new for cell, new in zip(cells, first, strict=True)]
    key = _name_marks(order["relation"], names, language)
    shown, pitch = fit_rows(extra, page_height() - TABLE_HEAD - 5 - key_height(key.values()))
    panels = _divide(order.head(shown))
    figure, page = new_page(page_height(), language)

    colour = find_colour(corpus, order["document_id"].iloc[0])
    _draw_cascade_head(page, targets, names, columns, lag, language)
    top = TABLE_HEAD
    for rows in panels:
        heights = [pitch + FOLDED * (_count_lines(cells[i]) - 1) for i in rows.index]
        _draw_panel(page, rows, top, (columns, heights, [cells[i] for i in rows.index]), colour, language)
        top += sum(heights) + AXIS_FOOT
    rule(page, top, 0.5)
    key = _name_marks(order["relation"].head(shown), names, language)
    last = draw_key(page, LEFT, top + 2.5, [(_make_sample(page, mark, colour), text) for mark, text in key.items()])
    if shown < len(order):
        last = draw_note(page, LEFT, last + NOTE, _note_rest(order["relation"].iloc[shown:], language))
    fit_page(page, last + 2.5)
    return figure, pd.concat(panels, ignore_index=True)


def _divide_width(rows, names, lag, language):
    """The places of the columns, and the texts of each row: lines of the name, the two amounts, lines of the outcome.

    The axis gets the width that names, amounts and outcomes do not need.
    """
    room, outcome_room = page_width() * 0.29, page_width() * 0.15
    cells = []
    for row in rows.astype(object).where(rows.notna(), None).to_dict("records"):
        amounts = [
            format_quantity(row[f"{side}value"], row[f"{side}unit"] or "", row[f"{side}comparator"], language)
            if row[f"{side}value"] is not None
            else ""
            for side in ("reference_", "")
        ]
        name = fold(row["indicator"] or row["reference_indicator"], room)
        if row["relation"] == "to be judged":
            name = [*name, *fold(say("plot_targets.other_name", language, name=row["reference_indicator"]), room)]
        outcome = [line for part in _name_outcome(row, language) for line in fold(part, outcome_room)]
        cells.append((name, *amounts, outcome))
    reference, own = (
        max(text_width(name, 7), *(text_width(cell[i], SIZE) for cell in cells))
        for i, name in ((1, names[1]), (2, names[0]))
    )
    widest = max(text_width(line, SIZE) for *_, lines in cells for line in lines)
    outcome = page_width() - max(widest, text_width(label("outcome", language), 7), text_width(lag, SIZE)) - 1.5
    value = outcome - own - 3
    right = value - 3
    columns = {"axis": (LEFT + room + 2, right - reference - 3), "reference": right, "value": value, "outcome": outcome}
    return columns, cells


def _count_lines(cell):
    return max(len(cell[0]), len(cell[-1]))


def _name_axes(rows):
    """The axis of each row: pairs before what has no counterpart, counts before shares before other rates."""
    units = rows["unit"].fillna(rows["reference_unit"]).fillna("")
    panels = [_choose_panel(unit) for unit in units]
    alone = rows["relation"].isin(("dropped", "new"))
    return [(a, {"count": 0, "share": 1}.get(panel, 2), panel) for a, panel in zip(alone, panels, strict=True)]


def _divide(rows):
    """The rows of each axis, in order."""
    keys = _name_axes(rows)
    rows = rows.copy()
    rows.insert(0, "panel", [panel for *_, panel in keys])
    return [rows[[key == k for k in keys]] for key in sorted(set(keys))]


def _choose_panel(unit):
    return "share" if unit in SHARES else unit if unit and RATES.fullmatch(unit) else "count"


def _note_rest(relations, language):
    counts = [f"{label(relation, language)} {n}" for relation, n in relations.value_counts(sort=False).items()]
    return label("not_drawn", language).format(n=len(relations), which=join(counts, language, "list.clauses"))


def _draw_cascade_head(page, targets, names, columns, lag, language):
    n = [int(targets[column].notna().sum()) for column in ("target", "reference_target")]
    reference, value, outcome = columns["reference"], columns["value"], columns["outcome"]
    rule(page, 0.5, 1)
    write(page, LEFT, 3, label("promise", language), 7)
    write(page, sum(columns["axis"]) / 2, 3, label("log_axis", language), 7, "center")
    write(page, reference, 3, names[1], 7, "right")
    write(page, value, 3, names[0], 7)
    write(page, outcome, 3, label("outcome", language), 7)
    write(page, reference, 6, f"n = {n[1]}", SMALLEST_TEXT, "right", GREY)
    write(page, value, 6, f"n = {n[0]}", SMALLEST_TEXT, colour=GREY)
    write(page, outcome, 6, lag, SMALLEST_TEXT, colour=GREY)
    rule(page, 8, 0.5)


def _draw_panel(page, rows, top, layout, colour, language):
    """The rows of one log axis, the axis below them."""
    columns, heights, cells = layout
    panel = rows["panel"].iloc[0]
    rows = rows.astype(object).where(rows.notna(), None).to_dict("records")
    unit = {"share": "%", "count": ""}.get(panel, panel)
    values = [value for row in rows for value in (row["value"], row["reference_value"])]
    scale = _Scale(values, columns["axis"], lambda power: format_quantity(10.0**power, unit, "=", language))
    bottom = top + sum(heights)
    for power in scale.ticks:
        draw_tick(page, scale.place(10.0**power), [top, bottom], scale.name(power))
    name = label(f"panel_{panel}", language) if panel in ("count", "share") else panel
    write(page, LEFT, bottom + 2, name, SMALLEST_TEXT, colour=GREY)
    for row, height, cell in zip(rows, heights, cells, strict=True):
        _draw_promise(page, row, top + height / 2, cell, (columns, scale), colour)
        top += height


class _Scale:
    """Where a value lies on a log axis of whole powers of ten; `name` writes a power."""

    def __init__(self, values, axis, name):
        powers = [math.log10(value) for value in values if value and value > 0]
        self.low, self.high = math.floor(min(powers, default=0)), math.ceil(max(powers, default=1))
        self.low -= self.low == self.high
        self.name, self.left, self.width = name, axis[0] + 2, axis[1] - axis[0] - 4
        widest = max(text_width(name(power), SMALLEST_TEXT) for power in range(self.low, self.high + 1))
        step = math.ceil((self.high - self.low) * (widest + 1.5) / self.width)
        self.ticks = range(self.low, self.high + 1, step)

    def place(self, value):
        return self.left + (math.log10(value) - self.low) / (self.high - self.low) * self.width


def _draw_promise(page, row, y, cell, layout, colour):
    columns, scale = layout
    name, reference, value, outcome = cell
    relation = row["relation"]
    own, other = (scale.place(v) if v and v > 0 else None for v in (row["value"], row["reference_value"]))
    if relation in EMPTY and _choose_panel(row["unit"] or "") != _choose_panel(row["reference_unit"] or ""):
        other = None  # belongs on another axis
    line, marker = WAYS.get(relation, (None, SINGLE_MARKERS.get(relation)))
    if line and own is not None and other is not None:
        page.plot([other, own], [y, y], line, color="black", linewidth=0.9, zorder=2)
    if own is not None:
        draw_dot(page, own, y, "white" if relation in EMPTY else colour, marker)
    if other is not None:
        draw_ring(page, other, y)
    write_lines(page, LEFT, y, name)
    write(page, columns["reference"], y, reference, ha="right")
    write(page, columns["value"], y, value)
    write_lines(page, columns["outcome"], y, outcome)


def _name_outcome(row, language):
    """The outcome, in parts that begin a line."""
    outcome, relation = label(row["relation"], language), row["relation"]
    if relation in EMPTY:
        first, _, rest = row["reason"].partition(": ")
        # What else speaks against a pair says more than that its names are alike only in part.
        reason = label(rest.partition(": ")[0] if rest and first == "names alike in part" else first, language)
        if relation == "to be judged":
            return say("plot_targets.to_be_judged", language, outcome=outcome, similarity=row["similarity"]), reason
        return (say("plot_targets.not_comparable", language, outcome=outcome, reason=reason),)
    return (outcome if row["ratio"] is None or relation == "kept" else f"{outcome} × {row['ratio']:.3g}",)


def _name_marks(relations, names, language):
    """The entries of the legend: the marks of both documents and the lines from one to the other."""
    seen = [relation for relation in (*WAYS, *EMPTY) if relation != "kept" and (relations == relation).any()]
    return {"reference": names[1], "document": names[0]} | {relation: label(relation, language) for relation in seen}


def _make_sample(page, mark, colour):
    def draw_way(x, y):
        line, marker = WAYS[mark]
        page.plot([x - 2, x + 2], [y, y], line, color="black", linewidth=0.9)
        draw_ring(page, x + (2 if mark == "lowered" else -2), y)
        draw_dot(page, x + (-2 if mark == "lowered" else 2), y, colour, marker)

    samples = {
        "reference": lambda x, y: draw_ring(page, x, y),
        "document": lambda x, y: draw_dot(page, x, y, colour),
    } | {relation: lambda x, y: draw_dot(page, x, y, "white", SINGLE_MARKERS[mark]) for relation in EMPTY}
    return samples.get(mark, draw_way)
