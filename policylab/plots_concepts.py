"""The figures of concepts: how documents spread their attention, how richly they word it, how close they are to one.

Each function takes a table and returns (figure, data), `data` being what is drawn. Where there is nothing to draw the
figure is None; save_drawn says so.
"""

import math

import pandas as pd

from policylab.figures import round_numbers
from policylab.glosses import gloss_terms
from policylab.labels import label, region_label
from policylab.page import box, new_page, rule, text_width, tint
from policylab.plans import name_document
from policylab.rows import GREY, GRID, SIZE, SMALL, describe_lag, draw_dot, draw_key, draw_ring, write
from policylab.structure import summarize_documents
from policylab.style import DOUBLE_COLUMN, LEVEL_COLOURS, PAGE_HEIGHT

ROW = 4.6  # millimetres
NAMES = 50  # the widest names
NUMBERS = 24  # a column at least this wide has numbers in its cells
COLUMNS = 34  # documents side by side; more are too narrow for a bar

# Consistency, in millimetres.
DEALT = "#DDDDDD"
PAIR_ROW, PAIR_HEAD, PAIR_NAME, PAIR, COUNT = 4.2, 9, 40, (70, 150), 182


def plot_concepts(table, corpus, measure, language="zh", glosses=None):
    """Draw a measure of concepts by document: a row for each concept, a column for each document, a bar in each cell.

    `table` is that of concept_attention (its intervals are drawn) or of concept_richness, by document; `measure` is
    "attention" or "richness". All cells share one scale. Read along a row: one concept in several documents. Where
    columns are wide enough a cell has its numbers: mentions, or used terms of all. Of more than 34 documents the
    latest are drawn, and the figure says so.

    Returns (figure, data): the cells drawn, column by column, with `level`, `region`, `year` and the `label` of the
    concept.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> richness = lab.concept_richness(lab.join_corpus(lab.tokenize(corpus.paragraphs), corpus))
    >>> plot_concepts(richness, corpus, "richness")[1]["document_id"].unique().tolist()
    ['national-2017', 'national-2019', 'chongqing-2019', 'fujian-2020']
    """
    if table.dropna(subset=measure).empty:
        return None, table
    order = summarize_documents(corpus)[["document_id", "level", "region", "year"]]
    order = order[order["document_id"].isin(table["document_id"])]
    shown = order.tail(COLUMNS)
    data = shown.merge(table.astype({"document_id": "str"}), on="document_id", how="left", sort=False)
    # Merging keeps the order of documents; within one, that of the table.
    names = gloss_terms(data["concept"], language, glosses)
    data.insert(data.columns.get_loc("concept") + 1, "label", data["concept"].map(names))
    data = round_numbers(data.drop(columns="concept_en", errors="ignore"))
    rows = {concept: i for i, concept in enumerate(names)}
    left = 1 + min(NAMES, max(text_width(name, SIZE) for name in names.values())) + 4
    pitch = (DOUBLE_COLUMN - left) / len(shown)
    scale = _choose_scale(data, measure, pitch)
    notes = [label(f"{measure}_note", language).format(unit=label(f"unit_{data['unit'].iloc[0]}", language))]
    notes[0] += label(f"{measure}_numbers" if scale[2] else "bar_scale", language).format(scale=scale[0][-1])
    if len(shown) < len(order):
        notes.append(label("shown_note", language).format(shown=len(shown), total=len(order)))
    heads = [f"{region_label(row.region, language, short=True)} {row.year}" for row in shown.itertuples()]
    widest = max(text_width(head, SIZE) for head in heads)
    head = 8 if widest < pitch - 1 else widest + 4
    bottom = head + len(rows) * ROW
    figure, page = new_page(bottom + 7 + 3 * len(notes), language)
    rule(page, 0.5, 1)
    write(page, 1, head - 3, label("concept", language), 7)
    rule(page, head - 0.5, 0.5)
    for concept, i in rows.items():
        write(page, 1, head + (i + 0.5) * ROW, names[concept], width=NAMES)
    for i, (document_id, text) in enumerate(zip(shown["document_id"], heads, strict=True)):
        place = left + i * pitch, head
        turned = {"rotation": 90, "ha": "center", "va": "bottom"} if head > 8 else {"ha": "left", "va": "baseline"}
        x = place[0] + (pitch / 2 if head > 8 else 0)
        page.text(x, head - 2, text, fontsize=SIZE if head > 8 else 7, **turned)
        _draw_column(page, data[data["document_id"] == document_id], place, rows, scale, measure)
    rule(page, bottom + 4.2, 0.5)
    for i, note in enumerate(notes):
        write(page, 1, bottom + 7 + 3 * i, note, 5.5, colour=GREY)
    return figure, data


def _choose_scale(data, measure, pitch):
    """(ticks, width of a bar at the last tick, whether cells have numbers), the same for every column."""
    from matplotlib.ticker import MaxNLocator

    highest = max(data[[column for column in (measure, "high") if column in data]].max(axis=None), 0.01)
    if pitch < NUMBERS:
        return [0, math.ceil(highest * 10) / 10], pitch - 1.5, False
    return [tick for tick in MaxNLocator(3).tick_values(0, highest) if tick >= 0], pitch - 15, True


def _draw_column(page, cells, place, rows, scale, measure):
    left, head = place
    ticks, width, numbered = scale
    bottom = head + len(rows) * ROW
    per_unit = width / ticks[-1]
    for tick in ticks if numbered else ticks[:1]:
        x = left + tick * per_unit
        page.plot([x, x], [head, bottom + 0.5], color=GREY if tick == 0 else GRID, linewidth=0.4, zorder=0)
        if numbered:
            write(page, x, bottom + 2.2, f"{tick:.0%}" if tick else "0", SMALL, "center", GREY)
    colour = LEVEL_COLOURS[cells["level"].iloc[0]]
    for cell in cells.to_dict("records"):
        if pd.isna(cell[measure]):
            continue
        y = head + (rows[cell["concept"]] + 0.5) * ROW
        box(page, left, y - 1.3, cell[measure] * per_unit, 2.6, tint(colour))
        if pd.notna(cell.get("low")):
            page.plot([left + cell[side] * per_unit for side in ("low", "high")], [y, y], color="black", linewidth=0.6)
        if numbered:
            text = f"{cell['n']:,}" if measure == "attention" else f"{cell['n_used']}/{cell['n_terms']}"
            write(page, left + width + 8, y, text, SMALL, "right", GREY)


def plot_consistency(consistency, corpus, language="zh"):
    """Draw how far documents spread their attention over concepts as their reference does, with intervals.

    `consistency` is the table of concept_consistency. A dot is the consistency over concepts, a ring that over terms,
    which asks for the same words as well. The grey band is what the same tasks reach when they are dealt at random: a
    dot inside it is no sign of a difference. Same-year and lagged pairs are labelled.

    Returns (figure, data): the rows drawn, in order.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.join_corpus(lab.tokenize(corpus.paragraphs), corpus)
    >>> plot_consistency(lab.concept_consistency(tokens, "national-2019"), corpus)[1]["document_id"].tolist()
    ['national-2017', 'chongqing-2019', 'fujian-2020']
    """
    told = consistency.dropna(subset="consistency")
    if told.empty:
        return None, told
    order = summarize_documents(corpus)[["document_id", "level", "region", "year"]]
    data = order.merge(told, on="document_id", how="inner", sort=False)
    data = round_numbers(data.tail(int((PAGE_HEIGHT - 24) / PAIR_ROW)).reset_index(drop=True))
    reference = data["reference_id"].iloc[0]
    bottom = PAIR_HEAD + len(data) * PAIR_ROW
    figure, page = new_page(bottom + 13.5, language)
    rule(page, 0.5, 1)
    write(page, 1, 4.5, label("document", language), 7)
    head = label("consistency_with", language).format(name=name_document(corpus, reference, language))
    write(page, sum(PAIR) / 2, 4.5, head, 7, "center")
    write(page, COUNT, 4.5, label("mentions", language), 7, "right")
    rule(page, 8, 0.5)
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1):
        x = PAIR[0] + tick * (PAIR[1] - PAIR[0])
        page.plot([x, x], [PAIR_HEAD, bottom + 0.5], color=GRID, linewidth=0.4, zorder=0)
        write(page, x, bottom + 2.2, f"{tick:g}", SMALL, "center", GREY)
    for i, row in enumerate(data.itertuples()):
        lag = describe_lag(data.iloc[[i]], corpus, language)
        _draw_pair(page, row, PAIR_HEAD + (i + 0.5) * PAIR_ROW, lag, language)
    rule(page, bottom + 4.2, 0.5)
    colour = LEVEL_COLOURS[data["level"].iloc[-1]]
    draws = [
        lambda x, y: draw_dot(page, x, y, colour),
        lambda x, y: draw_ring(page, x, y),
        lambda x, y: box(page, x - 3, y - 1.5, 6, 3, DEALT),
    ]
    texts = [label(f"consistency_{key}", language) for key in ("concepts", "terms", "dealt")]
    draw_key(page, 1, bottom + 7, zip(draws, texts, strict=True))
    unit = label(f"unit_{data['unit'].iloc[0]}", language)
    write(page, 1, bottom + 11, label("consistency_note", language).format(unit=unit), 5.5, colour=GREY)
    return figure, data


def _draw_pair(page, row, y, lag, language):
    write(page, 1, y, f"{region_label(row.region, language, short=True)} {row.year}", width=PAIR_NAME - 3)
    write(page, PAIR_NAME, y, lag, colour=GREY)
    measures = ("consistency", "low", "high", "dealt_low", "dealt_high", "term_consistency")
    place = {name: PAIR[0] + getattr(row, name) * (PAIR[1] - PAIR[0]) for name in measures}
    if pd.notna(row.dealt_low):
        box(page, place["dealt_low"], y - 1.5, place["dealt_high"] - place["dealt_low"], 3, DEALT)
    if pd.notna(row.low):
        page.plot([place["low"], place["high"]], [y, y], color="black", linewidth=0.7, zorder=1)
    draw_dot(page, place["consistency"], y, LEVEL_COLOURS[row.level])
    draw_ring(page, place["term_consistency"], y)
    write(page, COUNT, y, f"{row.n_mentions:,}", ha="right")
