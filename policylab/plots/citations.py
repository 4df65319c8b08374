"""The figure of the works that two plans cite."""

import re

import pandas as pd

from policylab.corpus.bundle import Corpus
from policylab.language.documents import name_pair
from policylab.language.labels import label
from policylab.plots.kit.drawing import (
    COLUMN_GAP,
    FOLDED,
    GREY,
    LEFT,
    NOTE,
    SIZE,
    draw_key,
    draw_note,
    fit_rows,
    fold,
    key_height,
    write,
    write_lines,
)
from policylab.plots.kit.page import FigureAndData, fit_page, new_page, rule, text_width
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width

COUNT_WIDTH = 4  # room for the number of citations beside a mark
COUNTS = ["n_reference", "n_document"]
CITED = ("both", "reference", "document")


def plot_sources(sources: pd.DataFrame, corpus: Corpus, *, language: str = "zh") -> FigureAndData:
    """Draw the works that two plans cite: first those of both, joined by a line, then those of only one.

    Parameters
    ----------
    sources : DataFrame
        The table of compare_sources, with document_id and reference_id (compare_plans).
    corpus : Corpus
        The corpus that the table was made from.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a work that is drawn, in order.

    Notes
    -----
    A mark shows that a plan cites the work, with the number of citations if there are several: filled if at least one of
    the two plans invokes the work as a basis, a ring if it is only announced or mentioned. The issuer's tier and name are
    beside the title if they are known. An asterisk marks a plan that cites itself. One page is drawn, with at most 55
    works, those of both plans first; the figure states how many are not drawn.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> figure, data = plot_sources(lab.recipes.compare_plans(corpus).sources, corpus, language="en")
    >>> data["cited_by"].value_counts(sort=False).to_dict()
    {'both': 14, 'reference': 11, 'document': 11}
    """
    if sources.empty:
        return None, sources
    order = sources.assign(rank=sources["cited_by"].map(CITED.index), n=-sources[COUNTS].sum(axis=1))
    order = order.sort_values(["rank", "n", "work"], ignore_index=True).drop(columns=["rank", "n"])
    columns = _divide_sources(order, language)
    cells = [_list_cells(row, columns, language) for row in order.to_dict("records")]
    begins = ~order["cited_by"].duplicated()
    extra = [FOLDED * (max(map(len, cell)) - 1) + 5 * first for cell, first in zip(cells, begins, strict=True)]
    notes = {"citations": (order[COUNTS] > 1).any(axis=None), "self_citation": order["is_self"].any()}
    texts = [label(key, language) for key in ("invoked", "not_invoked", *(key for key in notes if notes[key]))]
    shown, pitch = fit_rows(extra, page_height() - 14.3 - key_height(texts))
    data = order.head(shown)
    names = name_pair(data, corpus, language)
    figure, page = new_page(page_height(), language)
    _draw_sources_head(page, columns, names, language)
    totals = order["cited_by"].value_counts()
    top = 8
    for i, row in enumerate(data.astype(object).where(data.notna(), None).to_dict("records")):
        if begins[i]:
            heading = label("cited_by_both" if row["cited_by"] == "both" else "cited_by_one", language)
            name = names[0] if row["cited_by"] == "document" else names[1]
            text = f"{heading.format(name=name)}  n = {totals[row['cited_by']]}"
            write(page, LEFT, top + 3, text, SMALLEST_TEXT, colour=GREY)
            top += 5
        height = pitch + extra[i] - 5 * begins[i]
        _draw_work(page, row, top + height / 2, cells[i], columns)
        top += height
    rule(page, top + 1, 0.5)
    samples = [
        *(lambda x, y, invoked=invoked: _draw_citation(page, x, y, invoked) for invoked in (True, False)),
        *[lambda x, y: None] * (len(texts) - 2),
    ]
    last = draw_key(page, LEFT, top + 3.7, zip(samples, texts, strict=True))
    if rest := len(order) - shown:
        last = draw_note(page, LEFT, last + NOTE, label("works_not_drawn", language).format(n=rest))
    fit_page(page, last + 2.5)
    return figure, data


def _divide_sources(rows, language):
    """The left ends of the columns. If titles and issuers do not fit side by side, both are folded."""
    tiers = [label(tier, language) for tier in rows["tier"].dropna().unique()]
    columns = {"work": rows["work"] + "*", "tier": tiers, "issuer": rows["issuer"].dropna()}
    work, tier, issuer = (
        COLUMN_GAP + max(text_width(label(key, language), 7), *(text_width(text, SIZE) for text in texts), 0)
        for key, texts in columns.items()
    )
    plans = (page_width() - 26, page_width() - 10)
    right = plans[0] - COUNT_WIDTH
    issuer = right - min(issuer, max(page_width() * 0.24, right - LEFT - work - tier))
    return {"work": LEFT, "tier": issuer - tier, "issuer": issuer, "right": right, "plans": plans}


def _list_cells(row, columns, language):
    """The lines of a work's title, tier and issuer."""
    tier, issuer = (row[key] if isinstance(row[key], str) else None for key in ("tier", "issuer"))
    # A little more than was measured, because sums of millimetres are not exact.
    ends = {"work": columns["tier"], "issuer": columns["right"]}
    room = [end - columns[key] - COLUMN_GAP + 0.01 for key, end in ends.items()]
    work = row["work"] + ("*" if row["is_self"] else "")
    return fold(work, room[0]), [label(tier, language) if tier else "—"], fold(issuer or "—", room[1])


def _draw_sources_head(page, columns, names, language):
    rule(page, 0.5, 1)
    for key in ("work", "tier", "issuer"):
        write(page, columns[key], 3, label(key, language), 7)
    left, right = columns["plans"]
    for x, name in zip((left, right), reversed(names), strict=True):
        # What is added to equal names follows the year.
        region, year = re.fullmatch("(.+?) ([0-9]{4}.*)", name).groups()
        write(page, x, 3, region, 7, "center", width=right - left + 3)
        write(page, x, 6, year, SMALLEST_TEXT, "center", GREY)
    rule(page, 8, 0.5)


def _draw_work(page, row, y, cells, columns):
    for key, lines in zip(("work", "tier", "issuer"), cells, strict=True):
        write_lines(page, columns[key], y, lines)
    if row["cited_by"] == "both":
        page.plot(columns["plans"], [y, y], color="black", linewidth=0.6, zorder=2)
    for x, column, outwards in zip(columns["plans"], COUNTS, (-2, 2), strict=True):
        if row[column]:
            _draw_citation(page, x, y, row["invoked"])
        if row[column] > 1:
            write(page, x + outwards, y, str(row[column]), SMALLEST_TEXT, "left" if outwards > 0 else "right")


def _draw_citation(page, x, y, invoked):
    page.plot(
        [x],
        [y],
        "o",
        markersize=4,
        color="black" if invoked else "white",
        markeredgecolor="black",
        markeredgewidth=0.8,
        zorder=3,
    )
