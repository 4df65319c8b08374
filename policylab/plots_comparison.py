"""The figure of two groups: which terms tell them apart, with both frequencies."""

import pandas as pd

from policylab.figures import round_numbers
from policylab.glosses import gloss_terms
from policylab.labels import label
from policylab.page import new_page, rule, text_width, wrap
from policylab.plots_terms import name_years
from policylab.rows import GREY, GRID, SIZE, SMALL, draw_dot, draw_key, draw_ring, shorten, write
from policylab.style import DOUBLE_COLUMN, LEVEL_COLOURS

# Where the columns stand, in millimetres: names, right end of the rates, log-odds, counts.
ROW = 3.7
NAME, RATES, ODDS, COUNTS = 1, 98, (107, 159), (170, 182)
HEAD = 10
NAMES = 44  # the widest names


def plot_comparison(compared, language="zh", glosses=None, shown=15):
    """Draw the terms that tell two groups apart most, ranked by z: both rates, log-odds with their band, both counts.

    `compared` is the table of compare_years or compare_levels. The upper half holds the `shown` first terms of a, the
    lower half those of b. A filled square marks log-odds whose simultaneous band leaves out zero. Where the years
    behind the two groups differ and are not what is compared, the figure says so.

    Returns (figure, data): the rows drawn, in order, with the `label` of the term.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.join_corpus(lab.tokenize(corpus.paragraphs), corpus)
    >>> compared = lab.compare_years(tokens, lab.choose_focus(tokens, corpus))
    >>> plot_comparison(compared)[1][["term", "n_a", "n_b"]].iloc[[0, -1]].values.tolist()
    [['研究', 24, 9], ['行业', 1, 10]]
    """
    if compared.empty:
        return None, compared
    ordered = compared.sort_values(["z", "term"], ascending=[False, True])
    first, last = (ordered[ordered["z"] * sign > 0] for sign in (1, -1))
    data = round_numbers(pd.concat([first.head(shown), last.tail(shown)], ignore_index=True))
    names = gloss_terms(data["term"], language, glosses)
    data.insert(data.columns.get_loc("term") + 1, "label", data["term"].map(names))
    n_first = min(len(first), shown)
    groups = [_name_group(data["column"].iloc[0], data[side].iloc[0], language) for side in "ab"]
    notes = _note_comparison(data, len(compared), groups, language)
    bottom = HEAD + len(data) * ROW + (1.5 if 0 < n_first < len(data) else 0)
    figure, page = new_page(bottom + 11 + 3 * len(notes), language)
    level = data["a"].iloc[0] if data["column"].iloc[0] == "level" else None
    colour = LEVEL_COLOURS.get(level, LEVEL_COLOURS["national"])

    rule(page, 0.5, 1)
    widest = max(text_width(name, SIZE) for name in data["label"])
    axes = _draw_heads(page, data, groups, (NAME + min(widest, NAMES) + 5, bottom), language)
    draw_dot(page, COUNTS[0] - 1.5, 6.8, colour)
    draw_ring(page, COUNTS[1] - 1.5, 6.8)
    rule(page, 8.6, 0.5)
    for i, row in enumerate(data.to_dict("records")):
        _draw_term(page, row, HEAD + (i + 0.5) * ROW + (1.5 if i >= n_first > 0 else 0), axes, colour)
    rule(page, bottom + 4, 0.5)
    marks = [(lambda x, y: draw_dot(page, x, y, colour), groups[0]), (lambda x, y: draw_ring(page, x, y), groups[1])]
    bands = [
        (lambda x, y, filled=filled: _draw_square(page, x, y, filled), key)
        for filled, key in ((True, "apart"), (False, "not_apart"))
    ]
    draw_key(page, 1, bottom + 6.8, [*marks, *((draw, label(key, language)) for draw, key in bands)])
    for i, note in enumerate(notes):
        write(page, 1, bottom + 10.5 + 3 * i, note, 5.5, colour=GREY)
    return figure, data


def _draw_heads(page, data, groups, corner, language):
    """The heads of the columns and their grids; {column: function from value to millimetres}."""
    from matplotlib.ticker import MaxNLocator

    start, bottom = corner
    reach = data[["log_odds", "low", "high"]].abs().max(axis=None)
    ranges = {"rate": (0, data[["rate_a", "rate_b"]].max(axis=None), (start, RATES)), "log_odds": (-reach, reach, ODDS)}
    places = {}
    write(page, NAME, 3, label("term", language), 7)
    for key, (low, high, (left, right)) in ranges.items():
        ticks = MaxNLocator(5).tick_values(low, high)
        ticks = [tick for tick in ticks if low - 1e-9 <= tick <= high + 1e-9]
        places[key] = lambda value, low=low, high=high, a=left, b=right: a + (value - low) / (high - low) * (b - a)
        write(page, (left + right) / 2, 3, label(key, language), 7, "center")
        for tick in ticks:
            x = places[key](tick)
            colour = GREY if tick == 0 and low < 0 else GRID
            page.plot([x, x], [HEAD - 0.5, bottom + 0.5], color=colour, linewidth=0.4, zorder=0)
            write(page, x, bottom + 2.2, f"{tick:g}".replace("-", "−"), SMALL, "center", GREY)
    for x, ha, group in ((ODDS[0], "left", f"← {groups[1]}"), (ODDS[1], "right", f"{groups[0]} →")):
        write(page, x, 6.8, shorten(group, (ODDS[1] - ODDS[0]) / 2 - 1, 5.5), 5.5, ha, GREY)
    write(page, COUNTS[1], 3, label("uses", language), 7, "right")
    return places


def _draw_term(page, row, y, places, colour):
    write(page, NAME, y, row["label"], width=NAMES)
    a, b = (places["rate"](row[f"rate_{side}"]) for side in "ab")
    page.plot([a, b], [y, y], color="black", linewidth=0.7, zorder=2)
    draw_dot(page, a, y, colour)
    draw_ring(page, b, y)
    if pd.notna(row["low"]):
        page.plot(
            [places["log_odds"](row["low"]), places["log_odds"](row["high"])], [y, y], color="black", linewidth=0.7
        )
    _draw_square(page, places["log_odds"](row["log_odds"]), y, pd.notna(row["apart"]) and bool(row["apart"]))
    for x, side in zip(COUNTS, "ab", strict=True):
        write(page, x, y, f"{row[f'n_{side}']:,}", ha="right")


def _draw_square(page, x, y, filled):
    page.plot(
        [x], [y], "s", color="black", markersize=3, markerfacecolor="black" if filled else "white", markeredgewidth=0.7
    )


def _name_group(column, value, language):
    return label(value, language) if column == "level" else str(value)


def _note_comparison(data, n, groups, language):
    row = data.iloc[0]
    totals = {"n_a": int(row["n_tokens_a"]), "n_b": int(row["n_tokens_b"]), "a": groups[0], "b": groups[1]}
    unit = label(f"unit_{row['unit']}", language)
    notes = [
        label("comparison_words", language).format(**totals),
        label("comparison_band", language).format(n=n, unit=unit),
    ]
    if row["column"] != "year" and row["years_a"] != row["years_b"]:
        years = {side: name_years(map(int, row[side].split(", ")), language) for side in ("years_a", "years_b")}
        notes += wrap(label("years_differ", language).format(**years, **totals), DOUBLE_COLUMN - 2, 5.5)
    return notes
