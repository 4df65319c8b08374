"""The figures of whole vocabularies: ranked bars with a word cloud beside them, and ranks by variant of counting.

Each function takes a table and returns (figure, data), `data` being what is drawn. If there is nothing to draw the
figure is None, and save_figure prints that.
"""

import pandas as pd

from policylab.base.levels import LEVELS
from policylab.base.rounding import round_numbers
from policylab.language.labels import label
from policylab.language.terms import gloss_terms
from policylab.plots.kit.drawing import GREY, SIZE, draw_note, draw_tick, place, write
from policylab.plots.kit.page import MM_PER_POINT, FigureAndData, box, fit_page, new_page, rule, text_width, tint, wrap
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width
from policylab.plots.kit.style import LEVEL_COLOURS, LIGHT_GREY, find_font

# Millimetres, of the bars and the cloud.
BAR_ROW = 3.3
BARS_HEAD, BARS_FOOT = 6, 7  # above the bars and below them
CLOUDS_FOOT = 10  # the note
WIDEST_NAME = 34
LONGEST_BAR = 0.22  # in widths of the page
MOST_BARS = 30  # of one level; fewer if several levels share the page

MOST_WORDS = 70  # in a cloud
PIXELS_PER_MM = 10  # of a cloud, so that rounding to pixels changes no size by more than a twentieth
WORD_MARGIN = 22  # pixels; half of it is kept free on each side of a word
FILLED_SHARE = 0.45  # of the cloud's area; found by trial: fuller clouds fail and are tried again with smaller words
ATTEMPTS = 4  # layouts to try before words are made smaller; a long word often fits into another layout

# Millimetres, of the table of ranks.
RANK_ROW = 3.15
RANKS_AROUND = 23  # head and notes
SECTION_GAP = 1.5  # between the words of the base and those of variants only

UNMOVED = "#8C8C8C"  # ranks that are the same as in the base


def plot_clouds(
    counts: pd.DataFrame, *, seed: int = 0, glosses: dict[str, str] | None = None, language: str = "zh"
) -> FigureAndData:
    """Draw for each level its most frequent words: bars with an axis and n, and a word cloud of the same words beside.

    Parameters
    ----------
    counts : DataFrame
        The table of count_terms by level, cut to the words that are to be shown.
    seed : int
        Seed of the layout of the clouds.
    glosses : dict of str to str, optional
        English glosses of terms (load_glosses). By default those that ship.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a word: `level`, `rank`, `term`, `label`, `n`, `n_tokens`, `rate`, `bar` (whether
        it has one), `size` (points in the cloud; NaN where it is not in it), `x`, `y` (of its upper left corner,
        millimetres).

    Notes
    -----
    In the cloud the area of a letter is proportional to the rate of its word; black words are those of the bars, grey ones
    are the next ranks as far as they can be printed. Bars of all levels share one scale, each cloud has its own. A low page
    has fewer bars. Place and order in a cloud mean nothing, and a long word looks larger than a short one: read numbers from
    the bars.

    Examples
    --------
    >>> import policylab as lab
    >>> counts = lab.count_terms(lab.tokenize(lab.load_corpus()), ["level"])
    >>> figure, data = plot_clouds(counts[counts["term"].str.len() > 1])
    >>> data.groupby("level")["bar"].sum().to_dict()
    {'national': 28, 'provincial': 28}
    """
    if counts.empty:
        return None, counts
    levels = [level for level in LEVELS if (counts["level"] == level).any()]
    room = (page_height() - CLOUDS_FOOT) / len(levels) - BARS_HEAD - BARS_FOOT
    n_bars = min(MOST_BARS, int(room / BAR_ROW))
    ranked = counts.astype({"level": "str"}).sort_values(["n", "term"], ascending=[False, True])
    names = gloss_terms(sorted(counts["term"].unique()), language, glosses)
    ranked = ranked.assign(rank=ranked.groupby("level").cumcount() + 1, label=ranked["term"].map(names))
    ranked = ranked[ranked["rank"] <= MOST_WORDS].assign(bar=ranked["rank"] <= n_bars)
    listed = ranked[ranked["bar"]]
    longest = listed["rate"].max()
    start = 1 + min(WIDEST_NAME, max(text_width(name, SIZE) for name in listed["label"])) + 2
    right = start + LONGEST_BAR * page_width()
    cloud = right + text_width(f"{listed['n'].max():,}", SMALLEST_TEXT) + 4
    figure, page = new_page(page_height(), language)
    parts, top = [], 0
    for level in levels:
        own = ranked[ranked["level"] == level].reset_index(drop=True)
        height = max(own["bar"].sum() * BAR_ROW, min(30, room))
        own = own.join(_place_words(own, page_width() - cloud, height, seed))
        _draw_bars(page, own[own["bar"]], top, (start, right), longest, language)
        _draw_cloud(page, own.dropna(subset="size"), (cloud, top + BARS_HEAD))
        parts.append(own)
        top += BARS_HEAD + height + BARS_FOOT
    fit_page(page, draw_note(page, 1, top + 1.5, label("cloud_note", language)) + 2)
    data = pd.concat(parts, ignore_index=True)
    data = data[data["bar"] | data["size"].notna()].reset_index(drop=True)
    columns = ["level", "rank", "term", "label", "n", "n_tokens", "rate", "bar", "size", "x", "y"]
    return figure, round_numbers(data[columns])


def _place_words(words, width, height, seed):
    """size (points), x and y of each word in a cloud of `width` by `height` millimetres; NaN for words too small to print.

    All sizes are reduced until every word fits at its own size. Left to itself, wordcloud shrinks only the words that do
    not fit, and areas are no longer proportional to rates.
    """
    relative = (words["rate"] / words["rate"].max()) ** 0.5  # the root, so that areas are proportional to rates
    widths = pd.Series([text_width(name, 1) for name in words["label"]], index=words.index) * relative
    largest = min(
        (FILLED_SHARE * width * height / (widths * relative * MM_PER_POINT).sum()) ** 0.5, 0.9 * width / widths.max()
    )
    per_point = MM_PER_POINT * PIXELS_PER_MM
    while (fitting := (relative * largest * per_point).round() >= SMALLEST_TEXT * per_point).any():
        pixels = (relative[fitting] * largest * per_point).round().astype(int)
        for attempt in range(ATTEMPTS):
            layout = _lay_out(dict(zip(words["label"][fitting], pixels, strict=True)), width, height, seed + attempt)
            if [size for size, *_ in layout] == pixels.tolist():
                placed = pd.DataFrame(layout, columns=["size", "x", "y"], index=pixels.index)
                return placed / [per_point, PIXELS_PER_MM, PIXELS_PER_MM]
        largest *= 0.95
    return pd.DataFrame(columns=["size", "x", "y"], dtype="float64")


def _lay_out(pixels, width, height, seed):
    """(size, x, y) in pixels of the words as wordcloud places them; `pixels` are the sizes they should have."""
    from wordcloud import WordCloud

    cloud = WordCloud(
        font_path=find_font(),
        width=int(width * PIXELS_PER_MM),
        height=int(height * PIXELS_PER_MM),
        max_font_size=max(pixels.values()),
        min_font_size=1,
        relative_scaling=1,  # so that sizes, given instead of frequencies, are kept
        prefer_horizontal=1,
        margin=WORD_MARGIN,
        max_words=len(pixels),
        random_state=seed,
    )
    cloud.generate_from_frequencies(pixels)
    # wordcloud gives the place as (row, column).
    return [(size, column, row) for _, size, (row, column), *_ in cloud.layout_]


def _draw_bars(page, words, top, ends, longest, language):
    from matplotlib.ticker import MaxNLocator

    level = words["level"].iloc[0]
    head = label("cloud_head", language).format(level=label(level, language), n_tokens=int(words["n_tokens"].iloc[0]))
    write(page, 1, top + 3, head, 7)
    start, right = ends
    bottom = top + BARS_HEAD + len(words) * BAR_ROW
    for tick in MaxNLocator(4, integer=True).tick_values(0, longest):
        if tick <= longest:
            x = place(tick, ends, 0, longest)
            draw_tick(page, x, [top + BARS_HEAD, bottom + 0.8], f"{tick:g}", 1.2)
    for i, row in enumerate(words.itertuples()):
        y = top + BARS_HEAD + (i + 0.5) * BAR_ROW
        write(page, 1, y, row.label, width=WIDEST_NAME)
        length = row.rate / longest * (right - start)
        box(page, start, y - 1.1, length, 2.2, tint(LEVEL_COLOURS[level]))
        write(page, start + length + 1, y, f"{row.n:,}", SMALLEST_TEXT)
    write(page, (start + right) / 2, bottom + 4.6, label("rate_and_n", language), SMALLEST_TEXT, "center", GREY)


def _draw_cloud(page, words, corner):
    from PIL import ImageFont

    font = ImageFont.truetype(find_font(), 1000)
    for row in words.itertuples():
        # wordcloud places the ink of a word, matplotlib its baseline.
        left, above, *_ = font.getbbox(row.label, anchor="ls")
        size = row.size * MM_PER_POINT / 1000
        place = corner[0] + row.x - left * size, corner[1] + row.y - above * size
        page.text(*place, row.label, fontsize=row.size, va="baseline", color="black" if row.bar else "#7F7F7F")


def plot_sensitivity(
    sensitivity: pd.DataFrame,
    *,
    shown: int = 30,
    glosses: dict[str, str] | None = None,
    language: str = "zh",
) -> FigureAndData:
    """Draw the ranks of the first words of the base in every variant of counting: a row a word, a column a variant.

    Parameters
    ----------
    sensitivity : DataFrame
        The table of measure_sensitivity.
    shown : int
        How many words of the base, and of each variant.
    glosses : dict of str to str, optional
        English glosses of terms (load_glosses). By default those that ship.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a cell that is drawn, row by row, with `row` and the `label` of the word.

    Notes
    -----
    A number is the rank, shaded if it differs from the base, with ▲ if the word moves up in the variant and ▼ if it moves
    down; – means that the variant has no such word, a blank that it is not among the first there. Words of the base come
    first; below the line are those that are among the first only in a variant. The figure states how many words are not
    drawn because a page has no room for them.

    Examples
    --------
    >>> import policylab as lab
    >>> moved = lab.recipes.measure_sensitivity(lab.load_corpus().paragraphs)
    >>> figure, data = plot_sensitivity(moved)
    >>> data.loc[(data["variant"] == "no lexicon") & (data["row"] <= 3), ["term", "rank"]].values.tolist()
    [['教育', 1.0], ['建设', 3.0], ['应用', 4.0]]
    """
    if sensitivity.empty:
        return None, sensitivity
    variants = list(dict.fromkeys(sensitivity["variant"]))
    base = sensitivity[sensitivity["variant"] == variants[0]]
    first = base[base["rank"] <= shown].sort_values(["rank", "term"])["term"].tolist()
    listed = sensitivity[sensitivity["rank"] <= shown].sort_values(["rank", "term"])["term"]
    later = [term for term in dict.fromkeys(listed) if term not in first]
    terms = [*first, *later][: int((page_height() - RANKS_AROUND) / RANK_ROW)]
    names = gloss_terms(terms, language, glosses)
    data = pd.concat([sensitivity, _rank_in_base(sensitivity, variants[0], later)])
    data = data[data["term"].isin(terms)]
    data = data.assign(row=data["term"].map(terms.index) + 1, label=data["term"].map(names))
    order = {name: i for i, name in enumerate(variants)}
    data = data.iloc[data.assign(at=data["variant"].map(order))[["row", "at"]].apply(tuple, axis=1).argsort()]
    data = data.reset_index(drop=True)
    figure = _draw_ranks(data, variants, len(first), len(first) + len(later) - len(terms), shown, language)
    return figure, round_numbers(data)


def _rank_in_base(sensitivity, base, terms):
    """Cells of the base for words that are among the first only in a variant."""
    rows = sensitivity[sensitivity["term"].isin(terms)].drop_duplicates("term")
    return rows.assign(variant=base, rank=rows["base_rank"], shift=0.0, n=pd.NA, rate=float("nan"), reason=None)


def _draw_ranks(data, variants, n_first, n_rest, shown, language):
    n_rows = data["row"].max()
    names = min(max(text_width(name, SIZE) for name in data["label"]), page_width() / 3)
    start = 1 + names + 4
    pitch = (page_width() - start) / len(variants)
    heads = [wrap(label(variant, language), pitch - 1.5, SIZE) for variant in variants]
    head = 5 + 2.6 * max(map(len, heads))
    bottom = head + n_rows * RANK_ROW + (SECTION_GAP if n_rows > n_first else 0)
    figure, page = new_page(page_height(), language)
    rule(page, 0.5, 1)
    write(page, 1, head / 2, label("term", language), 7)
    for i, lines in enumerate(heads):
        place = start + (i + 0.5) * pitch, head / 2
        page.text(*place, "\n".join(lines), fontsize=SIZE, ha="center", va="center", linespacing=1.15)
    rule(page, head - 1, 0.5)
    for row, cells in data.groupby("row"):
        y = head + (row - 0.5) * RANK_ROW + (SECTION_GAP if row > n_first else 0)
        write(page, 1, y, cells["label"].iloc[0], width=names)
        for cell in cells.itertuples():
            _draw_rank(page, cell, start + variants.index(cell.variant) * pitch, y, pitch, cell.variant == variants[0])
    if n_rows > n_first:
        middle = head + n_first * RANK_ROW + SECTION_GAP / 2
        page.plot([0, page_width()], [middle, middle], color=GREY, linewidth=0.4)
    rule(page, bottom + 0.7, 0.5)
    y = draw_note(page, 1, bottom + 3.2, label("ranks_note", language).format(shown=shown))
    if n_rest:
        y = draw_note(page, 1, y + 3, label("terms_not_drawn", language).format(n=n_rest))
    fit_page(page, y + 2)
    return figure


def _draw_rank(page, cell, left, y, pitch, is_base):
    x = left + pitch / 2
    if pd.isna(cell.rank):
        write(page, x, y, "–", ha="right", colour=GREY)
        return
    moved = not is_base and cell.shift != 0
    if moved:
        box(page, left + 1, y - RANK_ROW / 2 + 0.15, pitch - 2, RANK_ROW - 0.3, LIGHT_GREY)
    write(page, x, y, f"{cell.rank:.0f}", ha="right", colour="black" if moved or is_base else UNMOVED)
    if moved and pd.notna(cell.shift):
        marker = "^" if cell.shift > 0 else "v"
        page.plot([x + 1.9], [y], marker, color="black", markersize=2.4, markeredgewidth=0)
        write(page, x + 3.1, y, f"{abs(cell.shift):.0f}", SMALLEST_TEXT, colour="black")
