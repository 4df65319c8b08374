"""The figures of topics: how many, what they say, and how far they can be relied on.

Each function takes tables of the measures and returns (figure, data), `data` being what is drawn. `topics` is the table of
measure_stability, with zh and en beside it if topics have names (load_topic_labels). A topic has the same number in every
figure; one below the cut-off of stability is grey and called unstable. If there is nothing to draw the figure is None.
"""

import pandas as pd

from policylab.base.rounding import round_numbers
from policylab.language.labels import label
from policylab.language.sentences import say
from policylab.language.terms import gloss_terms
from policylab.language.topics import mark_topics, name_topics
from policylab.plots.kit.drawing import (
    GREY,
    GRID,
    INTERVAL_ROW,
    LEFT,
    SIZE,
    TABLE_HEAD,
    draw_dot,
    draw_key,
    draw_note,
    draw_ring,
    draw_tick,
    place,
    shorten,
    write,
)
from policylab.plots.kit.page import FigureAndData, fit_page, new_page, rule, text_width
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width
from policylab.plots.kit.style import COLOURS
from policylab.topics.units import FEWEST_UNITS

STABLE, UNSTABLE = COLOURS[0], "#8C8C8C"
MEASURES = ("npmi", "exclusivity", "stability")
# The numbers beside the axis of stability, the most needed first, with their formats.
NUMBERS = {
    "n_main": "number.count",
    "prevalence": "number.share",
    "npmi": "number.decimal",
    "exclusivity": "number.decimal",
}

# Millimetres.
PANEL_HEAD, PANEL_BOTTOM = 8, 46  # a measure of the choice: top and bottom of its axis
LEAST_AXIS = 30  # width of the axis of stability
LEAST_BLOCK, TERM_ROW, BLOCK_HEAD = 41, 3.4, 11  # a topic with its terms: least width, height of a row, of the head


def names_width():
    """The greatest width of names of topics: a third of the page, enough for three terms on a wide page."""
    return page_width() / 3


def plot_topic_choice(choice: pd.DataFrame, *, language: str = "zh") -> FigureAndData:
    """Draw coherence, exclusivity and stability by number of topics, each with its band.

    Parameters
    ----------
    choice : DataFrame
        The table of choose_n_topics.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a number of topics.

    Notes
    -----
    Bands are the 10% and 90% quantiles over resamples, the dashed line is the cut-off of a single topic's stability. A
    filled mark is a stable number, for which most topics reach the cut-off; a ring is an unstable one. The vertical line is
    the recommended number, if there is one.

    Examples
    --------
    >>> row = {f"{name}{end}": [0.4] for name in MEASURES for end in ("", "_low", "_high")}
    >>> choice = pd.DataFrame({"n_topics": [8], "cutoff": 0.6, "stable": [False], "recommended": [False], **row})
    >>> plot_topic_choice(choice)[1]["n_topics"].tolist()
    [8]
    """
    if choice.empty:
        return None, choice
    columns = [f"{name}{end}" for name in MEASURES for end in ("", "_low", "_high")]
    data = round_numbers(
        choice[["n_topics", *columns, "cutoff", "stable", "recommended"]].sort_values("n_topics", ignore_index=True)
    )
    figure, page = new_page(PANEL_BOTTOM + 16, language)
    rule(page, 0.5, 1)
    for i, measure in enumerate(MEASURES):
        _draw_measure(page, data, measure, (11 + i * page_width() / 3, page_width() / 3 - 13), language)
    write(page, page_width() / 2, PANEL_BOTTOM + 6.5, label("n_topics", language), ha="center")
    rule(page, PANEL_BOTTOM + 9.5, 0.5)
    marks = [
        (lambda x, y: draw_dot(page, x, y, STABLE), "stable_number"),
        (lambda x, y: draw_ring(page, x, y), "unstable_number"),
    ]
    marks.append((lambda x, y: page.plot([x - 2.5, x + 2.5], [y, y], "--", color=GREY, linewidth=0.7), "cutoff_line"))
    if data["recommended"].any():
        marks.append(
            (lambda x, y: page.plot([x, x], [y - 1.5, y + 1.5], color="black", linewidth=0.8), "recommended_number")
        )
    last = draw_key(page, 1, PANEL_BOTTOM + 13.5, [(draw, label(key, language)) for draw, key in marks])
    fit_page(page, draw_note(page, 1, last + 3.8, label("topic_choice_note", language)) + 2.5)
    return figure, data


def _draw_measure(page, data, measure, span, language):
    from matplotlib.ticker import MaxNLocator

    (left, width), cutoffs = span, data["cutoff"]
    low, high = (data[f"{measure}_{end}"] for end in ("low", "high"))
    inside = [low.min(), high.max(), *(cutoffs if measure == "stability" else [])]
    # No measure exceeds 1, so no axis does.
    ticks = sorted({min(tick, 1) for tick in MaxNLocator(5).tick_values(min(inside), max(inside) + 1e-6)})
    decimals = 2 if all(abs(tick - round(tick, 2)) < 1e-9 for tick in ticks) else 3
    first, last = data["n_topics"].min(), data["n_topics"].max()

    def place_x(n):
        return place(n, (left + 3, left + width - 3), first, max(last, first + 1))

    def place_y(value):
        return place(value, (PANEL_BOTTOM, PANEL_HEAD), ticks[0], ticks[-1])

    write(page, left - 8, 4, label(measure, language), 7)
    for tick in ticks:
        page.plot([left, left + width], [place_y(tick)] * 2, color=GRID, linewidth=0.4, zorder=0)
        write(page, left - 1.5, place_y(tick), f"{tick:.{decimals}f}".replace("-", "−"), SMALLEST_TEXT, "right", GREY)
    for n in data.loc[data["recommended"], "n_topics"]:
        page.plot([place_x(n)] * 2, [PANEL_HEAD, PANEL_BOTTOM], color="black", linewidth=0.8, zorder=1)
    x = place_x(data["n_topics"])
    if measure == "stability":
        page.plot(x, place_y(cutoffs), "--", color=GREY, linewidth=0.7, zorder=1)
    page.fill_between(x, place_y(low), place_y(high), color="#D0D0D0", linewidth=0, zorder=0.5)
    page.plot(x, place_y(data[measure]), color="black", linewidth=0.8, zorder=2)
    last_text = float("-inf")
    for row, at in zip(data.to_dict("records"), x, strict=True):
        # The band of a single number has no width, so every number has its own line.
        page.plot(
            [at, at], [place_y(row[f"{measure}_{end}"]) for end in ("low", "high")], color=GREY, linewidth=0.5, zorder=1
        )
        draw = (
            (lambda *spot: draw_dot(page, *spot, STABLE)) if row["stable"] else (lambda *spot: draw_ring(page, *spot))
        )
        draw(at, place_y(row[measure]))
        if at - last_text >= 4:
            write(page, at, PANEL_BOTTOM + 2.5, str(row["n_topics"]), SMALLEST_TEXT, "center", GREY)
            last_text = at


def plot_topics(
    labels: pd.DataFrame,
    topics: pd.DataFrame,
    *,
    glosses: dict[str, str] | None = None,
    language: str = "zh",
) -> FigureAndData:
    """Draw the first terms of every topic as ranked dots that show the weight of the term in the topic.

    Parameters
    ----------
    labels : DataFrame
        The table of label_topics.
    topics : DataFrame
        The table of measure_stability, with `zh` and `en` beside it where topics have names (load_topic_labels).
    glosses : dict of str to str, optional
        English glosses of terms (load_glosses). By default those that ship.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a term that is drawn, with `name`, `distinctive`, `stability`, `stable` and `n_main`.

    Notes
    -----
    A filled dot is a term that is also among the topic's first by FREX, and so more typical of this topic than of others; a
    ring is a term with a high weight that is not. Every topic has its own scale, up to its highest weight: on a common
    scale, a topic of few terms would make all others hard to read. As many topics are drawn as a page has room for, in
    their order, and the figure states how many are not drawn.

    Examples
    --------
    >>> labels = pd.DataFrame({"topic": 1, "order": "weight", "rank": [1, 2], "term": ["安全", "网络"], "weight": 0.5, "frex": 0.9})
    >>> topics = pd.DataFrame({"topic": [1], "stability": 0.8, "stable": True, "n_main": 9, "top_terms": ["安全、网络"]})
    >>> plot_topics(labels, topics)[1]["term"].tolist()
    ['安全', '网络']
    """
    terms = labels[labels["order"] == "weight"]
    if terms.empty:
        return None, terms
    height, across = BLOCK_HEAD + terms["rank"].max() * TERM_ROW + 5, int(page_width() / LEAST_BLOCK)
    shown = topics["topic"].sort_values().head(across * int((page_height() - 18) / height))
    data = terms[terms["topic"].isin(shown)].sort_values(["topic", "rank"], ignore_index=True)
    distinctive = set(labels.loc[labels["order"] == "frex", ["topic", "term"]].itertuples(index=False, name=None))
    data = data.assign(
        name=data["term"].map(gloss_terms(data["term"], language, glosses)),
        distinctive=[pair in distinctive for pair in data[["topic", "term"]].itertuples(index=False, name=None)],
    )
    data = round_numbers(
        data.drop(columns=["order", "frex"]).merge(topics[["topic", "stability", "stable", "n_main"]], on="topic")
    )
    bottom = 2 + -(-len(shown) // across) * height
    figure, page = new_page(bottom + 9, language)
    rule(page, 0.5, 1)
    names = name_topics(topics, language, glosses, n_terms=1)
    block = (page_width() - 1) / across
    for i, (topic, rows) in enumerate(data.groupby("topic")):
        _draw_terms(page, rows, names[topic], (i % across * block + 1, 2 + i // across * height, block), language)
    rule(page, bottom, 0.5)
    entries = [
        (lambda x, y: draw_dot(page, x, y, STABLE), "distinctive"),
        (lambda x, y: draw_ring(page, x, y), "shared_term"),
    ]
    last = draw_key(page, 1, bottom + 3, [(draw, label(key, language)) for draw, key in entries])
    rest = len(topics) - len(shown)
    note = label("topics_not_drawn", language).format(n=rest) if rest else ""
    fit_page(page, draw_note(page, 1, last + 3.8, label("topic_terms_note", language) + note) + 2.5)
    return figure, data


def _draw_terms(page, rows, name, corner, language):
    left, top, block = corner
    first = rows.iloc[0]
    axis, width = left + 0.61 * block, 0.39 * block - 5
    colour, ink = (STABLE, "black") if first["stable"] else (UNSTABLE, UNSTABLE)
    write(page, left, top + 2.5, name, 7, colour=ink, width=block - 3)
    key = "topic_stability" if first["stable"] else "topic_unstable"
    head = label(key, language).format(stability=first["stability"], n=first["n_main"])
    write(page, left, top + 6, head, SMALLEST_TEXT, colour=GREY)
    top, heaviest = top + BLOCK_HEAD - 3, rows["weight"].max()
    write(page, axis + width + 1, top - 2, f"{heaviest:.2f}", SMALLEST_TEXT, "right", GREY)
    page.plot([axis, axis], [top, top + len(rows) * TERM_ROW], color=GREY, linewidth=0.4, zorder=0)
    for i, row in enumerate(rows.itertuples()):
        y, x = top + (i + 0.5) * TERM_ROW, axis + row.weight / heaviest * width
        write(page, axis - 1.5, y, row.name, ha="right", colour=ink, width=axis - left - 2.5)
        page.plot([axis, x], [y, y], color=GRID, linewidth=0.6, zorder=0)
        draw_dot(page, x, y, colour) if row.distinctive else draw_ring(page, x, y)


def plot_topic_stability(
    topics: pd.DataFrame, *, glosses: dict[str, str] | None = None, language: str = "zh"
) -> FigureAndData:
    """Draw the stability of every topic with its range over resamples, and the cut-off.

    Parameters
    ----------
    topics : DataFrame
        The table of measure_stability, with `zh` and `en` beside it where topics have names (load_topic_labels). The number of
        units whose main topic it is is printed beside it; if the table also has prevalence, npmi and exclusivity
        (score_topics), these are too, as many as the page is wide enough for.
    glosses : dict of str to str, optional
        English glosses of terms (load_glosses). By default those that ship.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a topic that is drawn.

    Examples
    --------
    >>> topics = {"topic": [1], "stability": 0.4, "low": 0.2, "high": 0.6, "cutoff": 0.5, "stable": False, "n_main": 9, "top_terms": "安全"}
    >>> plot_topic_stability(pd.DataFrame(topics))[1]["stable"].tolist()
    [False]
    """
    if topics.empty:
        return None, topics
    order = topics.sort_values("topic", ignore_index=True)
    data = round_numbers(order.head(int((page_height() - 22) / INTERVAL_ROW)))
    names, marks = name_topics(data, language, glosses), mark_topics(data, language)
    cutoff = data["cutoff"].iloc[0]
    axis, numbers = _divide_width(data, language)
    bottom = TABLE_HEAD + len(data) * INTERVAL_ROW
    figure, page = new_page(bottom + 10, language)
    rule(page, 0.5, 1)
    write(page, LEFT, 4.5, label("topic", language), 7)
    write(page, sum(axis) / 2, 4.5, label("stability", language), 7, "center")
    for key, x in numbers.items():
        write(page, x, 4.5, label(key, language), 7, "right")
    rule(page, 8, 0.5)
    heights = [TABLE_HEAD, bottom + 0.5]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        draw_tick(page, place(tick, axis), heights, f"{tick:g}", 1.7)
    page.plot([place(cutoff, axis)] * 2, heights, "--", color="black", linewidth=0.7, zorder=1)
    for i, row in enumerate(data.to_dict("records")):
        y, ink = TABLE_HEAD + (i + 0.5) * INTERVAL_ROW, "black" if row["stable"] else UNSTABLE
        write_topic(page, y, names[row["topic"]], marks[row["topic"]], row["stable"])
        page.plot([place(row[end], axis) for end in ("low", "high")], [y, y], color=ink, linewidth=0.8, zorder=2)
        draw_dot(page, place(row["stability"], axis), y, STABLE if row["stable"] else UNSTABLE)
        for key, x in numbers.items():
            write(page, x, y, say(NUMBERS[key], language, value=row[key]), ha="right", colour=ink)
    rule(page, bottom + 4.2, 0.5)
    note = label("topic_stability_note", language).format(cutoff=cutoff, fewest=FEWEST_UNITS)
    if len(order) > len(data):
        note += label("topics_not_drawn", language).format(n=len(order) - len(data))
    fit_page(page, draw_note(page, LEFT, bottom + 7.5, note) + 2.5)
    return figure, data


def _divide_width(data, language):
    """The ends of the axis of stability, and the right ends of the columns of numbers that have room beside it."""
    left, right = names_width() + 4, page_width() - 1
    # Each column as wide as its heading, as long as the axis keeps its least width.
    widths = {key: max(text_width(label(key, language), 7), 8) + 4 for key in NUMBERS if key in data}
    while sum(widths.values()) + 3 + LEAST_AXIS > right - left:
        widths.popitem()
    columns = {}
    for key in reversed(widths):
        columns[key] = right
        right -= widths[key]
    return (left, right - 3), columns


def write_topic(page, y, name, mark, stable):
    """Write the name of a topic at the head of its row with a remark (mark_topics); in grey if it is unstable."""
    text = shorten(name, names_width() - text_width(mark, SIZE)) + mark  # the name is cut, not the remark
    write(page, LEFT, y, text, colour="black" if stable else UNSTABLE)
