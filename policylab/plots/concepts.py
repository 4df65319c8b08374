"""The figures of concepts: how documents spread their attention, how richly they word it, how close they are to one.

Each function takes a table and returns (figure, data), `data` being what is drawn. Where there is nothing to draw the
figure is None; save_figure says so.
"""

import math

import pandas as pd

from policylab.base.resampling import ALIKE, NONE, TOO_FEW
from policylab.base.rounding import round_numbers
from policylab.corpus.bundle import Corpus
from policylab.corpus.structure import summarize_documents
from policylab.language.documents import name_document, name_documents
from policylab.language.labels import label
from policylab.language.lags import name_lag
from policylab.language.sentences import join, say
from policylab.language.terms import gloss_terms
from policylab.plots.kit.drawing import GREY, GRID, SIZE, draw_dot, draw_key, draw_note, draw_ring, name_share, write
from policylab.plots.kit.page import FigureAndData, box, fit_page, new_page, rule, text_width, tint, wrap
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width
from policylab.plots.kit.style import LEVEL_COLOURS

CONCEPT_ROW = 4.6  # millimetres
CONCEPTS_FOOT = 16  # for ticks and notes
NUMBERED_COLUMN = 18  # a column at least this wide has numbers in its cells

# Consistency, in millimetres.
SPLITS_COLOUR = "#DDDDDD"
CONSISTENCY_ROW, CONSISTENCY_HEAD = 4.2, 9
CONSISTENCY_FOOT = 15  # for ticks, key and note

# What the reasons of measure_attention and measure_consistency say; each has its words in labels.csv.
REASONS = (NONE, TOO_FEW, ALIKE, "one task", "one paragraph")


def plot_concepts(
    table: pd.DataFrame,
    corpus: Corpus,
    measure: str,
    *,
    glosses: dict[str, str] | None = None,
    language: str = "zh",
) -> FigureAndData:
    """Draw a measure of concepts by document: a row for each concept, a column for each document, a bar in each cell.

    Parameters
    ----------
    table : DataFrame
        Of measure_attention, whose intervals are drawn, or of measure_richness; by document.
    corpus : Corpus
        The corpus that the table was made from.
    measure : {"attention", "richness"}
        Which of the two it is.
    glosses : dict of str to str, optional
        English glosses of terms (load_glosses). By default those that ship.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a cell that is drawn, column by column, with `level`, `region`, `year` and the
        `label` of the concept.

    Notes
    -----
    All cells share one scale. Read along a row: one concept in several documents. Where columns are wide enough a cell has
    its numbers: mentions, or used terms of all. The head of a document has the mentions of all concepts, of which the bars
    of attention are shares: few mentions make long bars that mean little. Of more than 34 documents the latest are drawn,
    of more concepts than a page holds the first; the figure states it, and why a document has no intervals.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> richness = lab.measure_richness(lab.tokenize(corpus))
    >>> plot_concepts(richness, corpus, "richness")[1]["document_id"].unique().tolist()
    ['national-2017', 'national-2019', 'chongqing-2019', 'fujian-2020']
    """
    if table.dropna(subset=measure).empty:
        return None, table
    order = summarize_documents(corpus)[["document_id", "level", "region", "year"]]
    order = order[order["document_id"].isin(table["document_id"])]
    shown = order.tail(MOST_COLUMNS)
    data = shown.merge(table.astype({"document_id": "str"}), on="document_id", how="left", sort=False)
    # Merging keeps the order of documents; within one, that of the table.
    names = gloss_terms(data["concept"], language, glosses)
    documents = name_documents(corpus.documents, language)
    gaps = _explain_bare_columns(data, documents, language) if measure == "attention" else ""
    heads = [documents[document_id] for document_id in shown["document_id"]]
    if measure == "attention":
        n = data.drop_duplicates("document_id")["n_mentions"]
        heads = [f"{head}  n = {k:,}" for head, k in zip(heads, n, strict=True)]
    widest = max(text_width(head, SIZE) for head in heads)
    room = min(max(text_width(name, SIZE) for name in names.values()), page_width() / 3)
    left = 1 + room + 4
    pitch = (page_width() - left) / len(shown)
    head = 8 if widest < pitch - 1 else 1.05 * widest + 4  # at low resolution glyphs are wider than measured
    room_below = CONCEPTS_FOOT + _note_height(gaps)
    rows = {
        concept: i for i, concept in enumerate(list(names)[: int((page_height() - head - room_below) / CONCEPT_ROW)])
    }
    data = data[data["concept"].isin(rows)].reset_index(drop=True)
    data.insert(list(data).index("concept") + 1, "label", data["concept"].map(names))
    data = round_numbers(data.drop(columns="concept_en", errors="ignore"))
    scale = _choose_scale(data, measure, pitch)
    bottom = head + len(rows) * CONCEPT_ROW
    figure, page = new_page(page_height(), language)
    rule(page, 0.5, 1)
    write(page, 1, head - 3, label("concept", language), 7)
    rule(page, head - 0.5, 0.5)
    for concept, i in rows.items():
        write(page, 1, head + (i + 0.5) * CONCEPT_ROW, names[concept], width=room)
    _draw_heads(page, heads, (left, head), pitch)
    for i, document_id in enumerate(shown["document_id"]):
        _draw_column(page, data[data["document_id"] == document_id], (left + i * pitch, head), rows, scale, measure)
    rule(page, bottom + 4.2, 0.5)
    note = label(f"{measure}_note", language).format(unit=label(f"unit_{data['unit'].iloc[0]}", language))
    note += label(f"{measure}_numbers" if scale[2] else "bar_scale", language).format(scale=scale[0][-1])
    y = draw_note(page, 1, bottom + 7, note)
    if gaps:
        y = draw_note(page, 1, y + 3, gaps)
    if len(shown) < len(order):
        y = draw_note(page, 1, y + 3, label("shown_note", language).format(shown=len(shown), total=len(order)))
    if len(rows) < len(names):
        y = draw_note(page, 1, y + 3, label("concepts_not_drawn", language).format(n=len(names) - len(rows)))
    fit_page(page, y + 2)
    return figure, data


def _explain_bare_columns(data, names, language):
    """Which documents have bars but no interval at all, and why; "" where none has."""
    bars = data[data["n"] > 0]
    bare = bars[bars["low"].isna().groupby(bars["document_id"]).transform("all")].drop_duplicates("document_id")
    told = _list_reasons(bare, names, language, bars["document_id"].nunique())
    return label("attention_gaps", language).format(told=told) if told else ""


def _list_reasons(bare, names, language, n_documents):
    """The names of documents by their reason; where one reason holds for all of them, no names."""
    reasons = []
    for reason, own in bare.groupby("reason", sort=False):
        why = label(next((key for key in REASONS if key in reason), reason), language)
        listed = join((names[document_id] for document_id in own["document_id"]), language)
        listed = label("all_documents", language) if len(own) == n_documents > 1 else listed
        reasons.append(say("plot_concepts.reason", language, documents=listed, reason=why))
    return join(reasons, language, "list.entries")


def _note_height(text):
    """How much a further note of draw_note adds to a page."""
    return 3 * len(wrap(text, page_width() - 2, SMALLEST_TEXT)) if text else 0


def _draw_heads(page, heads, corner, pitch):
    """The names of the documents above their columns, turned where they are too long."""
    left, bottom = corner
    size = 7 if max(text_width(head, 7) for head in heads) < pitch - 1 else SIZE
    turned = bottom > 8
    look = {"rotation": 90, "ha": "center", "va": "bottom"} if turned else {"ha": "left", "va": "baseline"}
    for i, head in enumerate(heads):
        page.text(left + (i + turned / 2) * pitch, bottom - 2, head, fontsize=size, **look)


def _choose_scale(data, measure, pitch):
    """(ticks, width of a bar at the last tick, place of a cell's number or 0), the same for every column."""
    from matplotlib.ticker import MaxNLocator

    highest = max(data[[column for column in (measure, "high") if column in data]].max(axis=None), 0.01)
    rough = [0, math.ceil(highest * 10) / 10]
    if pitch < NUMBERED_COLUMN:
        return rough, pitch - 1.5, 0
    numbers = max(text_width(_number(cell, measure), SMALLEST_TEXT) for cell in data.to_dict("records"))
    width = pitch - numbers - 7
    for most in (3, 2):
        ticks = [tick for tick in MaxNLocator(most).tick_values(0, highest) if tick >= 0]
        if width > 6 * len(ticks):
            return ticks, width, pitch - 4.5
    return rough, width, pitch - 4.5


def _number(cell, measure):
    """What a cell says in numbers."""
    if pd.isna(cell[measure]):
        return ""
    return f"{cell['n']:,}" if measure == "attention" else f"{cell['n_used']}/{cell['n_terms']}"


def _draw_column(page, cells, place, rows, scale, measure):
    left, head = place
    ticks, width, numbered = scale
    bottom = head + len(rows) * CONCEPT_ROW
    per_unit = width / ticks[-1]
    for tick in ticks if numbered else ticks[:1]:
        x = left + tick * per_unit
        page.plot([x, x], [head, bottom + 0.5], color=GREY if tick == 0 else GRID, linewidth=0.4, zorder=0)
        if numbered:
            write(page, x, bottom + 2.2, name_share(tick), SMALLEST_TEXT, "center", GREY)
    colour = LEVEL_COLOURS[cells["level"].iloc[0]]
    for cell in cells.to_dict("records"):
        if pd.isna(cell[measure]):
            continue
        y = head + (rows[cell["concept"]] + 0.5) * CONCEPT_ROW
        box(page, left, y - 1.3, cell[measure] * per_unit, 2.6, tint(colour))
        if pd.notna(cell.get("low")):
            page.plot([left + cell[side] * per_unit for side in ("low", "high")], [y, y], color="black", linewidth=0.6)
        if numbered:
            write(page, left + numbered, y, _number(cell, measure), SMALLEST_TEXT, "right", GREY)


def plot_consistency(consistency: pd.DataFrame, corpus: Corpus, *, language: str = "zh") -> FigureAndData:
    """Draw how far documents spread their attention over concepts as their reference does, with intervals.

    Parameters
    ----------
    consistency : DataFrame
        The table of measure_consistency.
    corpus : Corpus
        The corpus that the table was made from.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a document that is drawn, in order.

    Notes
    -----
    A dot is the consistency over concepts, a ring that over terms, which asks for the same words as well. The grey band is
    what the same tasks reach when they are split at random: a dot inside it is no sign of a difference. Same-year and
    lagged pairs are labelled, and the figure states why a dot has no line or band.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> plot_consistency(lab.measure_consistency(tokens, "national-2019"), corpus)[1]["document_id"].tolist()
    ['national-2017', 'chongqing-2019', 'fujian-2020']
    """
    told = consistency.dropna(subset="consistency")
    if told.empty:
        return None, told
    order = summarize_documents(corpus)[["document_id", "level", "region", "year"]]
    data = order.merge(told, on="document_id", how="inner", sort=False)
    documents = name_documents(corpus.documents, language)
    room = page_height() - CONSISTENCY_HEAD - CONSISTENCY_FOOT
    gaps = _explain_bare_dots(data.tail(int(room / CONSISTENCY_ROW)), documents, language)
    data = round_numbers(data.tail(int((room - _note_height(gaps)) / CONSISTENCY_ROW)).reset_index(drop=True))
    gaps = _explain_bare_dots(data, documents, language)
    reference = data["reference_id"].iloc[0]
    bottom = CONSISTENCY_HEAD + len(data) * CONSISTENCY_ROW
    names = [documents[document_id] for document_id in data["document_id"]]
    lags = [name_lag(data.iloc[[i]], corpus, language) for i in range(len(data))]
    mentions = label("mentions", language)
    lag = 5 + max(text_width(name, SIZE) for name in names)
    scale = lag + max(text_width(text, SIZE) for text in lags) + 5, page_width() - text_width(mentions, 7) - 6
    figure, page = new_page(page_height(), language)
    rule(page, 0.5, 1)
    write(page, 1, 4.5, label("document", language), 7)
    head = label("consistency_with", language).format(name=name_document(corpus, reference, language))
    write(page, sum(scale) / 2, 4.5, head, 7, "center")
    write(page, page_width() - 1, 4.5, mentions, 7, "right")
    rule(page, 8, 0.5)
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1):
        x = scale[0] + tick * (scale[1] - scale[0])
        page.plot([x, x], [CONSISTENCY_HEAD, bottom + 0.5], color=GRID, linewidth=0.4, zorder=0)
        write(page, x, bottom + 2.2, f"{tick:g}", SMALLEST_TEXT, "center", GREY)
    for i, row in enumerate(data.itertuples()):
        y = CONSISTENCY_HEAD + (i + 0.5) * CONSISTENCY_ROW
        write(page, 1, y, names[i])
        write(page, lag, y, lags[i], colour=GREY)
        _draw_pair(page, row, y, scale)
    rule(page, bottom + 4.2, 0.5)
    colours = [LEVEL_COLOURS[level] for level in data["level"].unique()]

    def draw_levels(x, y):
        for i, colour in enumerate(colours):
            draw_dot(page, x + 2 * (i - (len(colours) - 1) / 2), y, colour)

    draws = [
        draw_levels,
        lambda x, y: draw_ring(page, x, y),
        lambda x, y: box(page, x - 3, y - 1.5, 6, 3, SPLITS_COLOUR),
    ]
    texts = [label(f"consistency_{key}", language) for key in ("concepts", "terms", "dealt")]
    y = draw_key(page, 1, bottom + 7, zip(draws, texts, strict=True))
    unit = label(f"unit_{data['unit'].iloc[0]}", language)
    y = draw_note(page, 1, y + 4, label("consistency_note", language).format(unit=unit))
    if gaps:
        y = draw_note(page, 1, y + 3, gaps)
    fit_page(page, y + 2)
    return figure, data


def _explain_bare_dots(data, names, language):
    """Which documents have a dot without line or band, and why; "" where none has."""
    told = _list_reasons(data[data[["low", "dealt_low"]].isna().any(axis=1)], names, language, len(data))
    return label("consistency_gaps", language).format(told=told) if told else ""


def _draw_pair(page, row, y, scale):
    measures = ("consistency", "low", "high", "dealt_low", "dealt_high", "term_consistency")
    place = {name: scale[0] + getattr(row, name) * (scale[1] - scale[0]) for name in measures}
    if pd.notna(row.dealt_low):
        box(page, place["dealt_low"], y - 1.5, place["dealt_high"] - place["dealt_low"], 3, SPLITS_COLOUR)
    if pd.notna(row.low):
        page.plot([place["low"], place["high"]], [y, y], color="black", linewidth=0.7, zorder=1)
    draw_dot(page, place["consistency"], y, LEVEL_COLOURS[row.level])
    draw_ring(page, place["term_consistency"], y)
    write(page, page_width() - 1, y, f"{row.n_mentions:,}", ha="right")
