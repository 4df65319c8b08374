"""The figures of topics in the documents: how much each takes up, and whether they find the documents' own sections.

Each function takes tables of the measures and returns (figure, data), `data` being what is drawn. `topics` is the table of
measure_stability, as in topics.py. If there is nothing to draw the figure is None, and save_figure prints that.
"""

import pandas as pd

from policylab.base.rounding import round_numbers
from policylab.corpus.bundle import Corpus
from policylab.corpus.structure import summarize_documents
from policylab.language.documents import name_document, name_documents
from policylab.language.labels import label
from policylab.language.sentences import say
from policylab.language.topics import mark_topics, name_topics
from policylab.plots.kit.drawing import (
    GREY,
    GRID,
    INTERVAL_ROW,
    LEFT,
    ROW_PITCH,
    SIZE,
    draw_heads,
    draw_note,
    draw_tick,
    measure_heads,
    name_share,
    note_shown,
    place,
    write,
)
from policylab.plots.kit.page import MM_PER_POINT, FigureAndData, add_panel, fit_page, new_page, rule, wrap
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width
from policylab.plots.topics import STABLE, UNSTABLE, names_width, write_topic
from policylab.topics.units import FEWEST_UNITS, LEAST_FOUND

# Millimetres.
UPRIGHT_COLUMN, UPRIGHT_ROW = 20, 9  # columns narrower than this have upright intervals; the height of their rows
NARROWEST_CELL = 4.4  # has room for an upright interval and the document's name
SECTIONS_HEAD = 34  # turned names of topics above the sections
DOCUMENT_ROW = 5.5  # the name of a document above its sections
CELL_GAP = 0.4

DARKEST = "#808080"  # a cell whose share is 1; light enough for black numbers


def plot_topic_prevalence(
    prevalence: pd.DataFrame,
    topics: pd.DataFrame,
    corpus: Corpus,
    *,
    glosses: dict[str, str] | None = None,
    language: str = "zh",
) -> FigureAndData:
    """Draw the prevalence of every topic in every document, with its interval: a row a topic, a column a document.

    Parameters
    ----------
    prevalence : DataFrame
        The table of measure_prevalence by document_id.
    topics : DataFrame
        The table of measure_stability, with `zh` and `en` beside it where topics have names (load_topic_labels).
    corpus : Corpus
        The corpus that the table was made from.
    glosses : dict of str to str, optional
        English glosses of terms (load_glosses). By default those that ship.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a cell that is drawn, column by column, with `level`, `region`, `year` and
        `stable`.

    Notes
    -----
    A ring is a topic without an interval, because fewer than half of the refits find it again. All columns share one
    scale. If a page has no room for all documents side by side the latest are drawn, and the figure states it. In
    narrow columns intervals are upright and rows are higher.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> cells = {"document_id": "national-2019", "topic": [1], "prevalence": [1.0], "low": [0.9], "high": [1.0], "found": [0.9]}
    >>> topics = pd.DataFrame({"topic": [1], "stability": 0.8, "stable": True, "n_main": 9, "top_terms": ["安全、网络"]})
    >>> plot_topic_prevalence(pd.DataFrame(cells), topics, corpus)[1][["topic", "year"]].values.tolist()
    [[1, 2019]]
    """
    if prevalence.empty:
        return None, prevalence
    order = summarize_documents(corpus)[["document_id", "level", "region", "year"]]
    order = order[order["document_id"].isin(prevalence["document_id"])]
    left = names_width() + 5
    shown = order.tail(int((page_width() - left) / NARROWEST_CELL))
    pitch = (page_width() - left) / len(shown)
    upright = pitch < UPRIGHT_COLUMN
    height = UPRIGHT_ROW if upright else INTERVAL_ROW
    topics = topics.sort_values("topic")
    n_topics, topics = len(topics), topics.head(int((page_height() - 40) / height))
    data = shown.merge(prevalence, on="document_id").merge(topics[["topic", "stable"]], on="topic")
    data["rank"] = data["document_id"].map({name: i for i, name in enumerate(shown["document_id"])})
    data = round_numbers(data.sort_values(["rank", "topic"], ignore_index=True).drop(columns="rank"))
    documents = name_documents(corpus.documents, language)
    heads = [documents[document_id] for document_id in shown["document_id"]]
    head = measure_heads(heads, pitch)
    bottom, highest = head + len(topics) * height + 1, data[["prevalence", "high"]].max(axis=None)
    figure, page = new_page(bottom, language)
    rule(page, 0.5, 1)
    write(page, LEFT, head - 3, label("topic", language), 7)
    rule(page, head, 0.5)
    rows = {topic: head + 1 + (i + 0.5) * height for i, topic in enumerate(topics["topic"])}
    stable, marks = topics.set_index("topic")["stable"], mark_topics(topics, language)
    for topic, name in name_topics(topics, language, glosses).items():
        write_topic(page, rows[topic], name, marks[topic], stable[topic])
    draw_heads(page, heads, left, head, pitch)
    columns = {document_id: left + i * pitch for i, document_id in enumerate(shown["document_id"])}
    if upright:
        _draw_upright_cells(page, data, rows, columns, pitch, highest)
    else:
        _draw_cells(page, data, rows, columns, pitch, (head, bottom, highest))
    bottom += 1 if upright else 4.2
    rule(page, bottom, 0.5)
    notes = [_note_prevalence(data, topics, upright, language).format(scale=highest, fewest=FEWEST_UNITS)]
    if len(topics) < n_topics:
        notes[0] += label("topics_not_drawn", language).format(n=n_topics - len(topics))
    fit_page(page, _draw_notes(page, bottom + 0.1, [*notes, *note_shown(shown, order, language)]) + 2.5)
    return figure, data


def _note_prevalence(data, topics, upright, language):
    """What marks, lines and remarks mean, as far as they are drawn."""
    interval = label("prevalence_given" if data["found"].isna().all() else "prevalence_refitted", language)
    note = label("prevalence_rows" if upright else "prevalence_note", language).replace("{interval}", interval)
    lost = label("prevalence_lost", language) if (data["found"] < LEAST_FOUND).any() else ""
    few = label("prevalence_few", language) if (topics["n_main"] < FEWEST_UNITS).any() else ""
    return note + lost + few


def _draw_cells(page, data, rows, columns, pitch, heights):
    """Draw prevalence from left to right, with an axis in every column."""
    from matplotlib.ticker import MaxNLocator

    head, bottom, highest = heights
    for left in columns.values():
        for tick in MaxNLocator(3).tick_values(0, highest):
            if 0 <= tick <= highest:
                x = place(tick, (left, left + pitch - 3), 0, highest)
                draw_tick(page, x, [head, bottom], name_share(tick), colour=GRID if tick else GREY)
    for cell in data.itertuples():
        left, y = columns[cell.document_id], rows[cell.topic]
        low, x, high = (place(value, (left, left + pitch - 3), 0, highest) for value in _list_values(cell))
        _draw_interval(page, [low, high], [y, y], (x, y), cell)


def _draw_upright_cells(page, data, rows, columns, pitch, highest):
    """Draw prevalence from the foot of every row upwards."""
    for y in rows.values():
        foot = y + UPRIGHT_ROW / 2 - 0.5
        page.plot([min(columns.values()), page_width()], [foot, foot], color=GREY, linewidth=0.4, zorder=0)
    for cell in data.itertuples():
        x, foot = columns[cell.document_id] + pitch / 2, rows[cell.topic] + UPRIGHT_ROW / 2 - 0.5
        low, y, high = (place(value, (foot, foot - UPRIGHT_ROW + 1.5), 0, highest) for value in _list_values(cell))
        _draw_interval(page, [x, x], [low, high], (x, y), cell)


def _list_values(cell):
    return cell.low, cell.prevalence, cell.high


def _draw_interval(page, xs, ys, spot, cell):
    colour = STABLE if cell.stable else UNSTABLE
    face = "white" if cell.found < LEAST_FOUND else colour
    page.plot(xs, ys, color="black" if cell.stable else UNSTABLE, linewidth=0.7, zorder=1)
    page.plot(*([at] for at in spot), "o", color=colour, markerfacecolor=face, markersize=3, zorder=3)


def _draw_notes(page, y, notes):
    for note in notes:
        y = draw_note(page, LEFT, y + 3.4, note)
    return y


def plot_topic_sections(
    crosstab: pd.DataFrame,
    scores: pd.DataFrame,
    topics: pd.DataFrame,
    corpus: Corpus,
    *,
    glosses: dict[str, str] | None = None,
    language: str = "zh",
) -> FigureAndData:
    """Draw the shares of topics in the documents' own sections: a row a section, a column a topic, darker for more.

    Parameters
    ----------
    crosstab : DataFrame
        The table of count_topics by section.
    scores : DataFrame
        The table of score_sections; the adjusted mutual information of each document is printed in its heading.
    topics : DataFrame
        The table of measure_stability, with `zh` and `en` beside it where topics have names (load_topic_labels).
    corpus : Corpus
        The corpus that the table was made from.
    glosses : dict of str to str, optional
        English glosses of terms (load_glosses). By default those that ship.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a cell that is drawn, row by row, with the `ami` of the document.

    Notes
    -----
    The number in a cell counts the units of text whose main topic it is. As many documents are drawn as a page has room for,
    the latest, and the figure states it. Section titles are in Chinese in both languages.

    Examples
    --------
    >>> figure, data = plot_topic_sections(crosstab, scores, topics, corpus)  # doctest: +SKIP
    """
    sizes = crosstab.groupby("document_id")["section"].nunique()
    order = [name for name in summarize_documents(corpus)["document_id"] if name in sizes.index]
    shown = _fit_documents(order, sizes)
    if not shown:
        return None, crosstab.head(0)
    data = crosstab[crosstab["document_id"].isin(shown)].merge(scores[["document_id", "ami"]], on="document_id")
    data = data.sort_values(["section", "topic"]).sort_values(
        "document_id", key=lambda ids: ids.map(shown.index), kind="stable"
    )
    data = round_numbers(data.reset_index(drop=True))
    topics = topics.sort_values("topic")
    left = names_width() + 2
    pitch = (page_width() - left) / len(topics)
    bottom = SECTIONS_HEAD + len(shown) * DOCUMENT_ROW + sizes[shown].sum() * ROW_PITCH
    figure, page = new_page(bottom, language)
    rule(page, 0.5, 1)
    stable = topics.set_index("topic")["stable"]
    turned = {"rotation": 90, "ha": "center", "va": "bottom", "ma": "left", "linespacing": 1.15}
    for i, (topic, name) in enumerate(name_topics(topics, language, glosses, n_terms=2).items()):
        lines, colour = wrap(name, 30, SIZE)[:2], "black" if stable[topic] else UNSTABLE
        page.text(left + (i + 0.5) * pitch, SECTIONS_HEAD - 1, "\n".join(lines), fontsize=SIZE, color=colour, **turned)
    rule(page, SECTIONS_HEAD, 0.5)
    rule(page, bottom + 1, 0.5)
    notes = [label("topic_sections_note", language), *note_shown(shown, order, language)]
    fit_page(page, _draw_notes(page, bottom + 1.1, notes) + 2.5)
    titles = corpus.sections.set_index(["document_id", "section"])["title"]
    top = SECTIONS_HEAD
    for document_id in shown:
        own = data[data["document_id"] == document_id]
        ami = say("number.decimal", language, value=own["ami"].iloc[0])
        write(page, LEFT, top + 3.2, f"{name_document(corpus, document_id, language)}  AMI = {ami}", 7)
        top += DOCUMENT_ROW
        for i, section in enumerate(own["section"].unique()):
            title = titles.get((document_id, section)) or str(section)
            write(page, LEFT + 2, top + (i + 0.5) * ROW_PITCH, title, width=left - 6)
        height = sizes[document_id] * ROW_PITCH
        _draw_sections(add_panel(page, left, top, page_width() - left, height), own)
        top += height
    return figure, data


def _fit_documents(order, sizes):
    """The latest documents whose sections have room on a page."""
    room, shown = page_height() - 46, []
    for document_id in reversed(order):
        room -= DOCUMENT_ROW + sizes[document_id] * ROW_PITCH
        if room < 0:
            break
        shown.insert(0, document_id)
    return shown


def _draw_sections(panel, cells):
    """Draw the sections of a document as a heat map: shades are shares, numbers the units of each main topic."""
    import seaborn
    from matplotlib.colors import LinearSegmentedColormap, PowerNorm

    shares, n_main = (cells.pivot(index="section", columns="topic", values=name) for name in ("share", "n_main"))
    seaborn.heatmap(
        shares.rename_axis(index=None, columns=None),  # or they become labels of the axes
        # With a square root small shares differ visibly from none; numbers show what must be exact.
        norm=PowerNorm(0.5, 0, 1),
        cmap=LinearSegmentedColormap.from_list("share", ["#FFFFFF", DARKEST]),
        annot=n_main.astype(str).replace("0", ""),
        fmt="",
        annot_kws={"fontsize": SMALLEST_TEXT, "color": "black"},
        linewidths=CELL_GAP / MM_PER_POINT,
        linecolor="white",
        cbar=False,
        xticklabels=False,
        yticklabels=False,
        ax=panel,
    )
    panel.set_axis_off()
