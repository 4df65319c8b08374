"""The figure of trends: how the rates of terms move over years."""

import math

import pandas as pd

from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.levels import LEVELS
from policylab.base.proportions import FEWEST_CARRYING
from policylab.base.regions import region_label, region_order
from policylab.base.rounding import round_numbers
from policylab.language.labels import label
from policylab.language.sentences import join, say
from policylab.language.terms import gloss_terms
from policylab.language.years import name_period, name_years
from policylab.plots.kit.drawing import GREY, LEFT, SIZE, draw_key, draw_note, note_height, shorten, write
from policylab.plots.kit.page import FigureAndData, add_panel, fit_page, new_page, text_width, wrap
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width
from policylab.plots.kit.style import LEVEL_COLOURS
from policylab.words.trend import list_last_years

# Lines and markers distinguish levels in print without colour.
LEVEL_LINES = {"national": "-", "provincial": "--", "municipal": "-.", "county": ":"}
LEVEL_MARKERS = {"national": "o", "provincial": "s", "municipal": "^", "county": "D"}

# Millimetres, of the panels.
AXIS_WIDTH, PANEL_GAP = 9, 3  # the numbers of the axis; between panels
TITLE_HEIGHT, YEARS_HEIGHT, COUNTS_HEIGHT = 6, 4, 2.8  # the name of the term; years; one line of counts
TALLEST_PANEL, LOWEST_PANEL = 27, 11  # heights of the axes
YEAR_WIDTHS = (4.6, 3)  # four digits in the smallest text; three, if panels are crowded

HOLLOW = {"markerfacecolor": "white", "markeredgewidth": 0.8}  # of points that rest on few units

MOST_POINTS = 6  # listed one by one in the note; for more it gives the range of their documents


def plot_trends(
    trend: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    glosses: dict[str, str] | None = None,
    language: str = "zh",
) -> FigureAndData:
    """Draw a panel for each term: its rate per 10,000 words over the years, a line for each level.

    Parameters
    ----------
    trend : DataFrame
        The table of measure_trend by level and year.
    documents : DataFrame
        The table corpus.documents: which regions and issuers are behind a point.
    glosses : dict of str to str, optional
        English glosses of terms (load_glosses). By default those that ship.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a point, with the `label` of the term, the `regions` and `n_documents` behind it
        and its `line`.

    Raises
    ------
    PolicylabError
        If the trend is not by level and year, or by more than these, or the documents lack columns or a level and year of
        the trend.

    Notes
    -----
    A document about several years is a horizontal line from the first to the last, with its point in the middle: its rate is that
    of the whole text. It is neither pooled with documents of one year nor joined to others, and only the data have its uses.

    Points are joined only if they are from the same regions and the same number of documents, and from the same issuers if
    all their documents name one: a line between two provinces, or from two plans to one, would be no trend. Bars are the
    intervals of the table, numbers below the years are uses. Every panel has its own scale from 0. Panels are in the order
    of terms in the table; the figure states how many terms are not drawn because a page has no room for them.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> trend = lab.measure_trend(tokens, ["网络安全"], by=["level", "year"])
    >>> plot_trends(trend, corpus.documents)[1][["year", "n", "regions", "line"]].values.tolist()
    [[2017, 10, '全国', 1], [2019, 20, '全国', 1], [2019, 13, '重庆市', 2], [2020, 22, '福建省', 3]]
    """
    _check_trend(trend)
    need_columns(documents, ["level", "year", "region"], "documents")
    defined = trend.dropna(subset="rate")
    if defined.empty:
        return None, defined
    data = round_numbers(_join_points(defined, documents))
    years = sorted({*data["year"], *data["year_end"]})
    slots = years[-1] - years[0] + 1
    terms = list(dict.fromkeys(trend["term"]))
    levels = [level for level in LEVELS if (data["level"] == level).any()]
    around = TITLE_HEIGHT + YEARS_HEIGHT + COUNTS_HEIGHT * len(levels) + 2
    notes = _note_points(data, language)
    room = page_height() - 11 - sum(map(note_height, notes))
    for year in YEAR_WIDTHS:
        columns = max(1, min(4, len(terms), int(page_width() / (AXIS_WIDTH + PANEL_GAP + (slots + 1) * year))))
        most = columns * int(room / (LOWEST_PANEL + around))
        if most >= len(terms):
            break
    terms, rest = terms[:most], terms[most:]
    if rest:
        notes.append(label("terms_not_drawn", language).format(n=len(rest)))
    data = data[data["term"].isin(terms)].reset_index(drop=True)
    rows = math.ceil(len(terms) / columns)
    tall = min(TALLEST_PANEL, room / rows - around)

    figure, page = new_page(page_height(), language)
    y = rows * (tall + around) + 2.5
    joined = set(data.loc[data.duplicated(["term", "line"]), "level"])
    entries = [(_make_sample(page, level, level in joined), label(level, language)) for level in levels]
    y = draw_key(page, LEFT, y, entries) + 1
    for note in notes:
        y = draw_note(page, LEFT, y + 3, note)
    fit_page(page, y + 2)
    width = page_width() / columns
    names = gloss_terms(terms, language, glosses)
    data.insert(1, "label", data["term"].map(names))
    for i, term in enumerate(terms):
        left, top = i % columns * width, i // columns * (tall + around)
        corner = left + AXIS_WIDTH, top + TITLE_HEIGHT, width - AXIS_WIDTH - PANEL_GAP, tall
        _write_title(page, left + AXIS_WIDTH, top + 3, names[term], width - AXIS_WIDTH - PANEL_GAP)
        _draw_panel(page, data[data["term"] == term], corner, years, levels)
    return figure, data


def _check_trend(trend):
    need_columns(trend, ["term"], "trend")
    by = ["level", "year"]
    missing = [column for column in by if column not in trend]
    if missing:
        why = f"it has no column {' and no column '.join(missing)}"
    elif trend.assign(year_end=list_last_years(trend)).duplicated(["term", *by, "year_end"]).any():
        why = "it has several rows of one term, level and year"
    else:
        return
    raise PolicylabError(
        f"The figure draws a trend by level and year, and this is none: {why}. Make it with "
        'lab.measure_trend(tokens, terms, by=["level", "year"]).'
    )


def _join_points(trend, documents):
    """The points in order, with the regions of their documents and the number of the line that they lie on."""
    trend, documents = (table.assign(year_end=list_last_years(table)) for table in (trend, documents))
    found = {key: own for key, own in documents.groupby(["level", "year", "year_end"], observed=True)}
    points = list(zip(trend["level"], trend["year"], trend["year_end"], strict=True))
    lost = [point for point in dict.fromkeys(points) if point not in found]
    if lost := [f"{level} {name_period(first, last, 'en')}" for level, first, last in lost]:
        raise PolicylabError(
            f"The trend has points without documents: {', '.join(lost)}. Give the documents that it was made from."
        )
    behind = [found[point] for point in points]
    data = trend.assign(
        regions=["、".join(sorted(set(own["region"]), key=lambda name: (region_order(name), name))) for own in behind],
        issuers=[_name_issuers(own) for own in behind],
    )
    rank = {term: i for i, term in enumerate(dict.fromkeys(trend["term"]))}
    place = {level: i for i, level in enumerate(LEVELS)}
    keys = data.assign(term=data["term"].map(rank), level=data["level"].astype(object).map(place))
    data = data.loc[keys.sort_values(["term", "level", "year", "year_end"]).index].astype({"level": "str"})
    same = ["term", "level", "regions", "n_documents"]
    before = data["issuers"].shift()
    several = data["year_end"] > data["year"]
    new = (data[same] != data[same].shift()).any(axis=1) | (
        data["issuers"].notna() & before.notna() & (data["issuers"] != before)
    )
    new |= several | several.shift(fill_value=False)
    columns = ["term", "level", "year", "year_end", "regions", "n_documents"]
    columns += ["unit", "n", "n_tokens", "rate", "rate_low", "rate_high", "n_with"]
    return data[columns].assign(line=new.astype(int).groupby(data["term"]).cumsum()).reset_index(drop=True)


def _name_issuers(documents):
    """Who issued the documents; None if that is unknown for one of them."""
    if "issuer" not in documents or documents["issuer"].isna().any():
        return None
    return "、".join(sorted(documents["issuer"]))


def _write_title(page, x, y, name, width):
    """The name of a term above its panel; a long one in two smaller lines."""
    if text_width(name, 7) <= width:
        return write(page, x, y, name, 7)
    lines = wrap(name, width, SIZE)
    lines = lines if len(lines) < 3 else [lines[0], shorten(name[len(lines[0]) :].strip(), width)]
    page.text(x, y, "\n".join(lines), fontsize=SIZE, linespacing=1.1, va="center")


def _draw_panel(page, points, corner, years, levels):
    left, top, width, tall = corner
    axes = add_panel(page, left, top, width, tall)
    low, high = years[0] - 0.6, years[-1] + 0.6
    pitch = width / (high - low)
    axes.set_xlim(low, high)
    axes.set_ylim(0, max(points[["rate", "rate_high"]].max(axis=None), 1) * 1.06)
    axes.yaxis.get_major_locator().set_params(nbins=4, integer=True)
    axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= axes.get_ylim()[1]])
    # Every year with a point, or as many years as there is room for.
    axes.set_xticks(years)
    axes.set_xticklabels([""] * len(years))
    step = math.ceil(YEAR_WIDTHS[0] / pitch)
    for year in years[-1::-1]:
        if (years[-1] - year) % step == 0:
            write(page, left + (year - low) * pitch, top + tall + 2.8, str(year), SMALLEST_TEXT, "center")
    middle = (points["year"] + points["year_end"]) / 2
    points = points.assign(x=middle.astype(float))
    crowded = points.duplicated("x").any()
    for i, level in enumerate(levels):
        own = points[points["level"] == level]
        # If two levels have points in one year they are drawn side by side, 1.2 mm from bar to bar.
        shift = (i - (len(levels) - 1) / 2) * 1.2 / pitch if crowded else 0
        colour, marker = LEVEL_COLOURS[level], LEVEL_MARKERS[level]
        for _, line in own.groupby("line"):
            axes.plot(
                line["x"] + shift,
                line["rate"],
                LEVEL_LINES[level],
                color=colour,
                linewidth=0.9,
                clip_on=False,
                zorder=3,
            )
        for row in own[own["year_end"] > own["year"]].itertuples():
            axes.plot([row.year, row.year_end], [row.rate, row.rate], color=colour, linewidth=0.9, zorder=3)
        bars = own.dropna(subset="rate_low")
        axes.vlines(bars["x"] + shift, bars["rate_low"], bars["rate_high"], color=colour, linewidth=0.7, zorder=2)
        style = {"color": colour, "markersize": 3.4, "markeredgecolor": "black", "markeredgewidth": 0.4}
        few = own["n_with"] < FEWEST_CARRYING
        for part, look in ((own[~few], style), (own[few], style | HOLLOW | {"markeredgecolor": colour})):
            axes.plot(part["x"] + shift, part["rate"], marker, clip_on=False, zorder=4, **look)
        y = top + tall + YEARS_HEIGHT + (i + 0.7) * COUNTS_HEIGHT
        if text_width(str(points["n"].max()), SMALLEST_TEXT) < pitch:
            page.plot([left - 2.5], [y], marker, **(style | {"markersize": 2.6}))
            # In the middle of a period other documents have their numbers.
            for row in own[own["year_end"] == own["year"]].itertuples():
                write(page, left + (row.x - low) * pitch, y, str(row.n), SMALLEST_TEXT, "center", GREY)


def _make_sample(page, level, joined):
    def draw(x, y):
        colour = LEVEL_COLOURS[level]
        if joined:
            page.plot([x - 3, x + 3], [y, y], LEVEL_LINES[level], color=colour, linewidth=0.9)
        page.plot(
            [x], [y], LEVEL_MARKERS[level], color=colour, markersize=3.4, markeredgecolor="black", markeredgewidth=0.4
        )

    return draw


def _note_points(data, language):
    """Notes on what is drawn, and on points that are not from a single document of the whole country."""
    unit = label(f"unit_{data['unit'].iloc[0]}", language)
    points = data.drop_duplicates(["level", "year", "year_end"])
    sizes = [
        f"{label(level, language)} {_name_range(own)}" for level, own in points.groupby("level", sort=False)["n_tokens"]
    ]
    sizes = join(sizes, language, "list.entries")
    notes = [label("trend_axis", language).format(unit=unit), label("trend_words", language).format(sizes=sizes)]
    notes.append(label("trend_bars", language).format(unit=unit))
    if (data["n_with"] < FEWEST_CARRYING).any():
        notes[-1] = join(
            [notes[-1], label("trend_hollow", language).format(unit=unit, n=FEWEST_CARRYING)],
            language,
            "list.sentences",
        )
    if (points["year_end"] > points["year"]).any():
        notes.append(label("trend_periods", language))
    behind = [
        label("trend_behind", language).format(level=label(level, language), points=_name_points(own, language))
        for level, own in points[(points["regions"] != "全国") | (points["n_documents"] > 1)].groupby(
            "level", sort=False
        )
    ]
    if behind or points.duplicated("level").sum() > points.duplicated(["level", "line"]).sum():
        notes.append(join([*behind, label("trend_joined", language)], language, "list.sentences"))
    covered = [(year, row.level) for row in points.itertuples() for year in range(row.year, row.year_end + 1)]
    levels = pd.DataFrame(covered, columns=["year", "level"]).groupby("year")["level"].nunique()
    alone = levels.index[levels == 1].tolist()
    if points["level"].nunique() > 1 and alone:
        key = "years_alone" if len(alone) < len(levels) else "years_unshared"
        notes.append(label(key, language).format(years=name_years(alone, language)))
    return notes


def _name_range(numbers):
    return "–".join(f"{n:,}" for n in dict.fromkeys([numbers.min(), numbers.max()]))


def _name_points(points, language):
    """The regions of one level's points and their numbers of documents if these are several, with the years grouped."""
    groups = [own for _, own in points.groupby(["regions", "n_documents"], sort=False)]
    if len(groups) > MOST_POINTS and points["n_documents"].max() > 1:
        groups = [points]
    parts = []
    for own in groups:
        regions = list(dict.fromkeys("、".join(own["regions"]).split("、")))
        what = [] if regions == ["全国"] else [_name_regions(regions, language)]
        if own["n_documents"].max() > 1:
            what.append(label("n_pooled", language).format(n=_name_range(own["n_documents"])))
        single = own[own["year_end"] == own["year"]]
        periods = [
            name_period(row.year, row.year_end, language) for row in own[own["year_end"] > own["year"]].itertuples()
        ]
        years = join([*([name_years(single["year"], language)] if len(single) else []), *periods], language)
        parts.append(say("plot_trends.points", language, documents=join(what, language), years=years))
    return join(parts, language, "list.entries")


def _name_regions(regions, language):
    if len(regions) > 3:
        return label("n_regions", language).format(n=len(regions))
    return join((region_label(region, language, short=True) for region in regions), language)
