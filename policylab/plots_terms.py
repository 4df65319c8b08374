"""The figures of terms: how their rates move over years, and which terms tell two groups apart.

Each function takes a table and returns (figure, data), `data` being what is drawn. Where there is nothing to draw the
figure is None; save_drawn says so.
"""

import math

import pandas as pd

from policylab.figures import round_numbers
from policylab.glosses import gloss_terms
from policylab.labels import label, region_label, region_order
from policylab.page import new_page, rule, text_width, wrap
from policylab.rows import GREY, GRID, SIZE, SMALL, draw_dot, draw_key, draw_ring, shorten, write
from policylab.structure import LEVEL_ORDER
from policylab.style import DOUBLE_COLUMN, LEVEL_COLOURS, MM_PER_INCH, PAGE_HEIGHT

# Line and marker tell levels apart in print without colour.
LINES = {"national": "-", "provincial": "--", "municipal": "-.", "county": ":"}
MARKERS = {"national": "o", "provincial": "s", "municipal": "^", "county": "D"}

# Panels of the trends, in millimetres.
LEFT, RIGHT = 9, 3  # room for the numbers of the axis; between panels
TITLE, TICKS, COUNT = 6, 4, 2.8  # heights: name of the term, years, one line of counts
TALLEST, LOWEST = 27, 13  # of the axes
YEAR = 4.2  # a year of four digits at 5 points

# The comparison, in millimetres: where its columns stand.
ROW = 3.7
NAME, RATES, ODDS, COUNTS = 1, 98, (107, 159), (170, 182)
HEAD = 10
NAMES = 44  # the widest names


def plot_trends(trend, documents, language="zh", glosses=None):
    """Draw a panel for each term: its rate per 10,000 words over the years, a line for each level.

    `trend` is the table of term_trend by level and year; `documents` says which regions stand behind a point. Points are
    joined only where the same regions stand behind them: a line between two provinces would be no trend. Bars are the
    intervals of the table, numbers below the years are uses. Every panel has its own scale from 0. Panels follow the order
    of terms in the table; what does not fit on a page is left out, and the figure says so.

    Returns (figure, data): the points, with `label` (of the term), `regions` behind them and `line` (points of one line).

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.join_corpus(lab.tokenize(corpus.paragraphs), corpus)
    >>> trend = lab.term_trend(tokens, ["网络安全"], by=["level", "year"])
    >>> plot_trends(trend, corpus.documents)[1][["year", "n", "regions", "line"]].values.tolist()
    [[2017, 10, '全国', 1], [2019, 20, '全国', 1], [2019, 22, '重庆市', 2], [2020, 29, '福建省', 3]]
    """
    told = trend.dropna(subset="rate")
    if told.empty:
        return None, told
    data = round_numbers(_join_points(told, documents))
    years = sorted(data["year"].unique())
    slots = years[-1] - years[0] + 1
    terms = list(dict.fromkeys(trend["term"]))
    levels = [level for level in LEVEL_ORDER if (data["level"] == level).any()]
    columns = max(1, min(4, len(terms), int(DOUBLE_COLUMN / (LEFT + RIGHT + (slots + 1) * YEAR))))
    around = TITLE + TICKS + COUNT * len(levels) + 2
    notes = _note_points(data, language)
    room = PAGE_HEIGHT - 10 - 3 * len(notes)
    terms, rest = terms[: (most := columns * int(room / (LOWEST + around)))], terms[most:]
    data = data[data["term"].isin(terms)].reset_index(drop=True)
    rows = math.ceil(len(terms) / columns)
    tall = min(TALLEST, room / rows - around)
    if rest:
        notes.append(label("terms_not_drawn", language).format(n=len(rest)))

    bottom = rows * (tall + around)
    figure, page = new_page(bottom + 6 + 3 * len(notes), language)
    width = DOUBLE_COLUMN / columns
    names = gloss_terms(terms, language, glosses)
    data.insert(1, "label", data["term"].map(names))
    for i, term in enumerate(terms):
        left, top = i % columns * width, i // columns * (tall + around)
        corner = left + LEFT, top + TITLE, width - LEFT - RIGHT, tall
        write(page, left + LEFT, top + 3, names[term], 7, width=width - LEFT - RIGHT)
        _draw_panel(figure, page, data[data["term"] == term], corner, years, levels)
    entries = [(_sample(page, level), label(level, language)) for level in levels]
    draw_key(page, 1, bottom + 2.5, entries)
    end = 1 + sum(12 + text_width(text, SIZE) for _, text in entries)
    write(page, end, bottom + 2.5, label("trend_axis", language).format(unit=label(f"unit_{data['unit'].iloc[0]}", language)))
    for i, note in enumerate(notes):
        write(page, 1, bottom + 6.5 + 3 * i, note, 5.5, colour=GREY)
    return figure, data


def _join_points(trend, documents):
    """The points in order, with the regions behind them and the number of the line that they lie on."""
    found = documents.groupby(["level", "year"])["region"]
    regions = {key: "、".join(sorted(set(own), key=lambda name: (region_order(name), name))) for key, own in found}
    data = trend.assign(regions=[regions[level, year] for level, year in zip(trend["level"], trend["year"], strict=True)])
    rank = {term: i for i, term in enumerate(dict.fromkeys(trend["term"]))}
    place = {level: i for i, level in enumerate(LEVEL_ORDER)}
    keys = data.assign(term=data["term"].map(rank), level=data["level"].astype(object).map(place))
    data = data.loc[keys.sort_values(["term", "level", "year"]).index].astype({"level": "str"})
    new = (data[["term", "level", "regions"]] != data[["term", "level", "regions"]].shift()).any(axis=1)
    columns = ["term", "level", "year", "regions", "unit", "n", "n_tokens", "rate", "rate_low", "rate_high"]
    return data[columns].assign(line=new.groupby(data["term"]).cumsum()).reset_index(drop=True)


def _draw_panel(figure, page, points, corner, years, levels):
    left, top, width, tall = corner
    height = figure.get_figheight() * MM_PER_INCH
    axes = figure.add_axes((left / DOUBLE_COLUMN, 1 - (top + tall) / height, width / DOUBLE_COLUMN, tall / height))
    low, high = years[0] - 0.6, years[-1] + 0.6
    pitch = width / (high - low)
    axes.set_xlim(low, high)
    axes.set_ylim(0, max(points[["rate", "rate_high"]].max(axis=None), 1) * 1.06)
    axes.yaxis.get_major_locator().set_params(nbins=4, integer=True)
    # Every year that has a point, or as many as there is room for.
    axes.set_xticks(years)
    axes.set_xticklabels([""] * len(years))
    step = math.ceil(YEAR / pitch)
    for year in years[-1::-1]:
        if (years[-1] - year) % step == 0:
            write(page, left + (year - low) * pitch, top + tall + 2.8, str(year), SMALL, "center")
    crowded = points.duplicated("year").any()
    for i, level in enumerate(levels):
        own = points[points["level"] == level]
        # Side by side where two levels have points in one year: 1.2 mm from bar to bar.
        shift = (i - (len(levels) - 1) / 2) * 1.2 / pitch if crowded else 0
        colour, marker = LEVEL_COLOURS[level], MARKERS[level]
        for _, line in own.groupby("line"):
            axes.plot(line["year"] + shift, line["rate"], LINES[level], color=colour, linewidth=0.9, clip_on=False, zorder=3)
        axes.vlines(own["year"] + shift, own["rate_low"], own["rate_high"], color=colour, linewidth=0.7, zorder=2)
        style = {"color": colour, "markersize": 3.4, "markeredgecolor": "black", "markeredgewidth": 0.4}
        axes.plot(own["year"] + shift, own["rate"], marker, clip_on=False, zorder=4, **style)
        y = top + tall + TICKS + (i + 0.7) * COUNT
        if text_width(str(points["n"].max()), SMALL) < pitch:
            page.plot([left - 2.5], [y], marker, **(style | {"markersize": 2.6}))
            for row in own.itertuples():
                write(page, left + (row.year - low) * pitch, y, str(row.n), SMALL, "center", GREY)


def _sample(page, level):
    def draw(x, y):
        colour = LEVEL_COLOURS[level]
        page.plot([x - 3, x + 3], [y, y], LINES[level], color=colour, linewidth=0.9)
        page.plot([x], [y], MARKERS[level], color=colour, markersize=3.4, markeredgecolor="black", markeredgewidth=0.4)

    return draw


def _note_points(data, language):
    """Which regions stand behind the points that are not the whole country's."""
    notes = [label("trend_bars", language).format(unit=label(f"unit_{data['unit'].iloc[0]}", language))]
    points = data.drop_duplicates(["level", "year"])
    for level, own in points[points["regions"] != "全国"].groupby("level", sort=False):
        told = [f"{row.year} {_name_regions(row.regions.split('、'), language)}" for row in own.itertuples()]
        text = label("trend_regions", language).format(level=label(level, language), regions=(_SEMICOLON[language]).join(told))
        notes += wrap(text, DOUBLE_COLUMN - 2, 5.5)
    levels = points.groupby("year")["level"].nunique()
    alone = levels.index[levels == 1].tolist()
    if points["level"].nunique() > 1 and alone:
        key = "years_alone" if len(alone) < len(levels) else "years_unshared"
        notes.append(label(key, language).format(years=name_years(alone, language)))
    return notes


_COMMA, _SEMICOLON = {"zh": "、", "en": ", "}, {"zh": "；", "en": "; "}


def name_years(years, language):
    """Years in words, runs of three or more as ranges.

    >>> name_years([2012, 2013, 2014, 2016], "en")
    '2012–2014, 2016'
    """
    runs = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    told = [f"{run[0]}–{run[-1]}" if len(run) > 2 else _COMMA[language].join(map(str, run)) for run in runs]
    return _COMMA[language].join(told)


def _name_regions(regions, language):
    if len(regions) > 3:
        return label("n_regions", language).format(n=len(regions))
    return _COMMA[language].join(region_label(region, language, short=True) for region in regions)


def plot_comparison(compared, language="zh", glosses=None, shown=15):
    """Draw the terms that tell two groups apart most, ranked by z: both rates, log-odds with their band, both counts.

    `compared` is the table of compare_years or compare_levels. The upper half holds the `shown` first terms of a, the
    lower half those of b. A filled square marks log-odds whose simultaneous band leaves out zero. Where the years behind
    the two groups differ and are not what is compared, the figure says so.

    Returns (figure, data): the rows drawn, in order, with the `label` of the term.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.join_corpus(lab.tokenize(corpus.paragraphs), corpus)
    >>> compared = lab.compare_years(tokens, lab.choose_focus(tokens, corpus))
    >>> plot_comparison(compared)[1][["term", "n_a", "n_b"]].iloc[[0, -1]].values.tolist()
    [['研究', 24, 9], ['教育资源', 2, 11]]
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
    bands = [(lambda x, y, filled=filled: _draw_square(page, x, y, filled), key) for filled, key in ((True, "apart"), (False, "not_apart"))]
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
        page.plot([places["log_odds"](row["low"]), places["log_odds"](row["high"])], [y, y], color="black", linewidth=0.7)
    _draw_square(page, places["log_odds"](row["log_odds"]), y, pd.notna(row["apart"]) and bool(row["apart"]))
    for x, side in zip(COUNTS, "ab", strict=True):
        write(page, x, y, f"{row[f'n_{side}']:,}", ha="right")


def _draw_square(page, x, y, filled):
    page.plot([x], [y], "s", color="black", markersize=3, markerfacecolor="black" if filled else "white", markeredgewidth=0.7)


def _name_group(column, value, language):
    return label(value, language) if column == "level" else str(value)


def _note_comparison(data, n, groups, language):
    row = data.iloc[0]
    totals = {"n_a": int(row["n_tokens_a"]), "n_b": int(row["n_tokens_b"]), "a": groups[0], "b": groups[1]}
    unit = label(f"unit_{row['unit']}", language)
    notes = [label("comparison_words", language).format(**totals), label("comparison_band", language).format(n=n, unit=unit)]
    if row["column"] != "year" and row["years_a"] != row["years_b"]:
        years = {side: name_years(map(int, row[side].split(", ")), language) for side in ("years_a", "years_b")}
        notes += wrap(label("years_differ", language).format(**years, **totals), DOUBLE_COLUMN - 2, 5.5)
    return notes
