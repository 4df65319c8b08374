"""The figures of concepts: attention, richness, and the consistency of documents with their reference.

Each function takes a table and returns (figure, data), `data` being what is drawn. If there is nothing to draw the
figure is None, and save_figure prints that.
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
from policylab.plots.kit.drawing import (
    GREY,
    GRID,
    INTERVAL_ROW,
    LEFT,
    MOST_COLUMNS,
    NOTE,
    SIZE,
    TABLE_HEAD,
    draw_dot,
    draw_heads,
    draw_key,
    draw_note,
    draw_ring,
    draw_tick,
    measure_heads,
    name_share,
    note_height,
    note_shown,
    place,
    write,
)
from policylab.plots.kit.page import FigureAndData, box, fit_page, new_page, rule, text_width, tint
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width
from policylab.plots.kit.style import LEVEL_COLOURS

# Millimetres.
CONCEPT_ROW = 4.6
CONCEPTS_FOOT = 16  # ticks and notes
NUMBERED_COLUMN = 18  # columns at least this wide have numbers in their cells
CONSISTENCY_FOOT = 14  # ticks and legend

SPLITS_COLOUR = "#DDDDDD"

# Texts in the reasons of measure_attention and measure_consistency; labels.csv has a label for each.
REASONS = (NONE, TOO_FEW, ALIKE, "one task", "one paragraph", "one concept")


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
    All cells share one scale. Read along a row: one concept in several documents. If columns are wide enough, cells have
    numbers: mentions, or terms used of all terms. Bars of attention are shares of a document's mentions of all concepts,
    whose number is in the head of its column: with few mentions, long bars mean little. At most 34 documents are drawn, the
    latest, and as many concepts as a page has room for, the first; the figure states both, and why a document has no
    intervals.

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
    room = min(max(text_width(name, SIZE) for name in names.values()), page_width() / 3)
    left = LEFT + room + 4
    pitch = (page_width() - left) / len(shown)
    head = measure_heads(heads, pitch)
    n_rows = int((page_height() - head - CONCEPTS_FOOT - note_height(gaps)) / CONCEPT_ROW)
    rows = {concept: i for i, concept in enumerate(list(names)[:n_rows])}
    data = data[data["concept"].isin(rows)].reset_index(drop=True)
    data.insert(list(data).index("concept") + 1, "label", data["concept"].map(names))
    data = round_numbers(data.drop(columns="concept_en", errors="ignore"))
    scale = _choose_scale(data, measure, pitch)
    bottom = head + len(rows) * CONCEPT_ROW
    figure, page = new_page(page_height(), language)
    rule(page, 0.5, 1)
    write(page, LEFT, head - 3, label("concept", language), 7)
    rule(page, head - 0.5, 0.5)
    for concept, i in rows.items():
        write(page, LEFT, head + (i + 0.5) * CONCEPT_ROW, names[concept], width=room)
    draw_heads(page, heads, left, head, pitch)
    for i, document_id in enumerate(shown["document_id"]):
        _draw_column(page, data[data["document_id"] == document_id], (left + i * pitch, head), rows, scale, measure)
    rule(page, bottom + 4.2, 0.5)
    note = label(f"{measure}_note", language).format(unit=label(f"unit_{data['unit'].iloc[0]}", language))
    note += label(f"{measure}_numbers" if scale[2] else "bar_scale", language).format(scale=scale[0][-1])
    notes = [note, *([gaps] if gaps else []), *note_shown(shown, order, language)]
    if len(rows) < len(names):
        notes.append(label("concepts_not_drawn", language).format(n=len(names) - len(rows)))
    y = bottom + 4
    for note in notes:
        y = draw_note(page, LEFT, y + 3, note)
    fit_page(page, y + 2)
    return figure, data


def _explain_bare_columns(data, names, language):
    """Which documents have bars but no interval at all, and why; "" if there are none."""
    bars = data[data["n"] > 0]
    bare = bars[bars["low"].isna().groupby(bars["document_id"]).transform("all")].drop_duplicates("document_id")
    reasons = _list_reasons(bare, names, language, bars["document_id"].nunique())
    return label("attention_gaps", language).format(reasons=reasons) if reasons else ""


def _list_reasons(bare, names, language, n_documents):
    """The names of documents by their reason; if all documents have the same, their names are not listed."""
    reasons = []
    for reason, own in bare.groupby("reason", sort=False):
        why = label(next((key for key in REASONS if key in reason), reason), language)
        listed = join((names[document_id] for document_id in own["document_id"]), language)
        listed = label("all_documents", language) if len(own) == n_documents > 1 else listed
        reasons.append(say("plot_concepts.reason", language, documents=listed, reason=why))
    return join(reasons, language, "list.entries")


def _choose_scale(data, measure, pitch):
    """(ticks, width of a bar at the last tick, place of a cell's number or 0), the same in every column."""
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
    """The number that is written in a cell."""
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
    """Draw how similarly documents and their reference distribute their attention over concepts, with intervals.

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
    A dot is the consistency over concepts, a ring that over terms, which also requires the same words. The grey band is the
    consistency of random splits of the same tasks: a dot inside it is no sign of a difference. Same-year and lagged pairs
    are labelled, and the figure states why a dot has no line or band. As many documents are drawn as a page has room for, the
    latest, and the figure states how many there are.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> plot_consistency(lab.measure_consistency(tokens, "national-2019"), corpus)[1]["document_id"].tolist()
    ['national-2017', 'chongqing-2019', 'fujian-2020']
    """
    defined = consistency.dropna(subset="consistency")
    if defined.empty:
        return None, defined
    order = summarize_documents(corpus)[["document_id", "level", "region", "year"]]
    data = order.merge(defined, on="document_id", how="inner", sort=False)
    documents = name_documents(corpus.documents, language)
    note = label("consistency_note", language).format(unit=label(f"unit_{data['unit'].iloc[0]}", language))
    room = page_height() - TABLE_HEAD - CONSISTENCY_FOOT - note_height(note)
    gaps, listed = _explain_bare_dots(data.tail(int(room / INTERVAL_ROW)), documents, language), data
    data = round_numbers(data.tail(int((room - note_height(gaps) - NOTE) / INTERVAL_ROW)).reset_index(drop=True))
    gaps = _explain_bare_dots(data, documents, language)
    bottom = TABLE_HEAD + len(data) * INTERVAL_ROW
    names = [documents[document_id] for document_id in data["document_id"]]
    lags = [name_lag(data.iloc[[i]], corpus, language) for i in range(len(data))]
    mentions = label("mentions", language)
    lag = 5 + max(text_width(name, SIZE) for name in names)
    axis = lag + max(text_width(text, SIZE) for text in lags) + 5, page_width() - text_width(mentions, 7) - 6
    figure, page = new_page(page_height(), language)
    rule(page, 0.5, 1)
    write(page, LEFT, 4.5, label("document", language), 7)
    reference = name_document(corpus, data["reference_id"].iloc[0], language)
    write(page, sum(axis) / 2, 4.5, label("consistency_with", language).format(name=reference), 7, "center")
    write(page, page_width() - 1, 4.5, mentions, 7, "right")
    rule(page, 8, 0.5)
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1):
        draw_tick(page, place(tick, axis), [TABLE_HEAD, bottom + 0.5], f"{tick:g}", 1.7)
    for i, row in enumerate(data.itertuples()):
        y = TABLE_HEAD + (i + 0.5) * INTERVAL_ROW
        write(page, LEFT, y, names[i])
        write(page, lag, y, lags[i], colour=GREY)
        _draw_pair(page, row, y, axis)
    rule(page, bottom + 4.2, 0.5)
    y = _draw_consistency_key(page, bottom + 7, data["level"].unique(), language) + 1
    for line in [note, *([gaps] if gaps else []), *note_shown(data, listed, language)]:
        y = draw_note(page, LEFT, y + 3, line)
    fit_page(page, y + 2)
    return figure, data


def _draw_consistency_key(page, y, levels, language):
    colours = [LEVEL_COLOURS[level] for level in levels]

    def draw_levels(x, y):
        for i, colour in enumerate(colours):
            draw_dot(page, x + 2 * (i - (len(colours) - 1) / 2), y, colour)

    draws = [
        draw_levels,
        lambda x, y: draw_ring(page, x, y),
        lambda x, y: box(page, x - 3, y - 1.5, 6, 3, SPLITS_COLOUR),
    ]
    texts = [label(f"consistency_{key}", language) for key in ("concepts", "terms", "splits")]
    return draw_key(page, LEFT, y, zip(draws, texts, strict=True))


def _explain_bare_dots(data, names, language):
    """Which documents have a dot without line or band, and why; "" if there are none."""
    reasons = _list_reasons(data[data[["low", "random_low"]].isna().any(axis=1)], names, language, len(data))
    return label("consistency_gaps", language).format(reasons=reasons) if reasons else ""


def _draw_pair(page, row, y, axis):
    measures = ("consistency", "low", "high", "random_low", "random_high", "term_consistency")
    x = {name: place(getattr(row, name), axis) for name in measures}
    if pd.notna(row.random_low):
        box(page, x["random_low"], y - 1.5, x["random_high"] - x["random_low"], 3, SPLITS_COLOUR)
    if pd.notna(row.low):
        page.plot([x["low"], x["high"]], [y, y], color="black", linewidth=0.7, zorder=1)
    draw_dot(page, x["consistency"], y, LEVEL_COLOURS[row.level])
    draw_ring(page, x["term_consistency"], y)
    write(page, page_width() - 1, y, f"{row.n_mentions:,}", ha="right")
