"""The figures of topics in the documents: how much each takes up, and whether they find the documents' own sections.

Each function takes tables of the measures and returns (figure, data), `data` being what is drawn. `topics` is the table of
measure_stability, as in topics.py. Where there is nothing to draw the figure is None; save_figure says so.
"""

import pandas as pd

from policylab.base.rounding import round_numbers
from policylab.corpus.bundle import Corpus
from policylab.corpus.structure import summarize_documents
from policylab.language.documents import name_document, name_documents
from policylab.language.labels import label
from policylab.language.topics import name_topics
from policylab.plots.kit.drawing import GREY, GRID, SIZE, draw_note, name_share, write
from policylab.plots.kit.page import FigureAndData, box, fit_page, new_page, rule, text_width, wrap
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width
from policylab.plots.topics import COLOUR, TOPIC_ROW, UNSTABLE, names_width, write_topic

UPRIGHT_COLUMN, UPRIGHT_ROW = 20, 9  # columns narrower than this have upright intervals; how high a row then is
NARROWEST_CELL = 4.4  # the narrowest column that holds an upright interval and its heading
ROW_PITCH, DOCUMENT_ROW = 3.6, 5.5  # millimetres, as are all numbers above


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
    All columns share one scale. Where not all documents fit beside each other the latest are drawn, and the figure states
    it. Where columns are narrow the scale of a cell runs upwards, and rows are higher.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> cells = {"document_id": "national-2019", "topic": [1], "prevalence": [1.0], "low": [0.9], "high": [1.0], "n_units": [35]}
    >>> topics = pd.DataFrame({"topic": [1], "stability": [0.8], "stable": [True], "top_terms": ["安全、网络"]})
    >>> plot_topic_prevalence(pd.DataFrame(cells), topics, corpus)[1][["topic", "year"]].values.tolist()
    [[1, 2019]]
    """
    from matplotlib.ticker import MaxNLocator

    if prevalence.empty:
        return None, prevalence
    order = summarize_documents(corpus)[["document_id", "level", "region", "year"]]
    order = order[order["document_id"].isin(prevalence["document_id"])]
    start = names_width() + 5
    shown = order.tail(int((page_width() - start) / NARROWEST_CELL))
    pitch = (page_width() - start) / len(shown)
    upright = pitch < UPRIGHT_COLUMN
    height = UPRIGHT_ROW if upright else TOPIC_ROW
    topics = topics.sort_values("topic")
    rest, topics = topics.iloc[(fits := int((page_height() - 40) / height)) :], topics.head(fits)
    data = shown.merge(prevalence, on="document_id").merge(topics[["topic", "stable"]], on="topic")
    data["rank"] = data["document_id"].map({name: i for i, name in enumerate(shown["document_id"])})
    data = round_numbers(data.sort_values(["rank", "topic"], ignore_index=True).drop(columns="rank"))
    names = name_documents(corpus.documents, language)
    heads = [names[document_id] for document_id in shown["document_id"]]
    widest = max(text_width(text, 7) for text in heads)
    head = 8 if widest < pitch - 1 else widest + 4
    bottom, highest = head + len(topics) * height + 1, data[["prevalence", "high"]].max(axis=None)
    ticks = [tick for tick in MaxNLocator(3).tick_values(0, highest) if 0 <= tick <= highest]
    notes = [label("prevalence_rows" if upright else "prevalence_note", language).format(scale=highest)]
    if len(rest):
        notes[0] += label("topics_not_drawn", language).format(n=len(rest))
    if len(shown) < len(order):
        notes.append(label("shown_note", language).format(shown=len(shown), total=len(order)))
    figure, page = new_page(bottom, language)
    rule(page, 0.5, 1)
    write(page, 1, head - 3, label("topic", language), 7)
    rule(page, head, 0.5)
    rows = {topic: head + 1 + (i + 0.5) * height for i, topic in enumerate(topics["topic"])}
    for topic, name in name_topics(topics, language, glosses).items():
        write_topic(page, rows[topic], name, topics.set_index("topic")["stable"][topic], language)
    for y in rows.values() if upright else ():
        base = y + UPRIGHT_ROW / 2 - 0.5
        page.plot([start, page_width()], [base, base], color=GREY, linewidth=0.4, zorder=0)
    for i, (document_id, text) in enumerate(zip(shown["document_id"], heads, strict=True)):
        left = start + i * pitch
        turned = {"rotation": 90, "ha": "center", "va": "bottom"} if head > 8 else {"ha": "left", "va": "baseline"}
        page.text(left + (pitch / 2 if head > 8 else 0), head - 2, text, fontsize=SIZE if head > 8 else 7, **turned)
        if not upright:
            for tick in ticks:
                x = left + tick / highest * (pitch - 3)
                page.plot([x, x], [head, bottom], color=GRID if tick else GREY, linewidth=0.4, zorder=0)
                write(page, x, bottom + 2, name_share(tick), SMALLEST_TEXT, "center", GREY)
        for cell in data[data["document_id"] == document_id].itertuples():
            values = (cell.low, cell.prevalence, cell.high)
            if upright:
                y = [
                    rows[cell.topic] + UPRIGHT_ROW / 2 - 0.5 - value / highest * (UPRIGHT_ROW - 1.5) for value in values
                ]
                x = [left + pitch / 2] * 3
            else:
                x, y = [left + value / highest * (pitch - 3) for value in values], [rows[cell.topic]] * 3
            page.plot(x[::2], y[::2], color="black" if cell.stable else UNSTABLE, linewidth=0.7, zorder=1)
            page.plot(x[1:2], y[1:2], "o", color=COLOUR if cell.stable else UNSTABLE, markersize=3, zorder=3)
    bottom += 1 if upright else 4.2
    rule(page, bottom, 0.5)
    last = bottom + 0.1
    for note in notes:
        last = draw_note(page, 1, last + 3.4, note)
    fit_page(page, last + 2.5)
    return figure, data


def plot_topic_sections(
    crosstab: pd.DataFrame,
    scores: pd.DataFrame,
    topics: pd.DataFrame,
    corpus: Corpus,
    *,
    glosses: dict[str, str] | None = None,
    language: str = "zh",
) -> FigureAndData:
    """Draw how topics and the documents' own sections meet: a row a section, a column a topic, darker for more.

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
    The number in a cell counts the units whose main topic it is. As many documents are drawn as a page holds, the latest,
    and the figure states it. Section titles stay Chinese.

    Examples
    --------
    >>> figure, data = plot_topic_sections(crosstab, scores, topics, corpus)  # doctest: +SKIP
    """
    sizes = crosstab.groupby("document_id")["section"].nunique()
    order = [name for name in summarize_documents(corpus)["document_id"] if name in sizes.index]
    topics = topics.sort_values("topic")
    names = [
        (topic, wrap(name, 30, SIZE)[:2]) for topic, name in name_topics(topics, language, glosses, n_terms=2).items()
    ]
    titles_width = names_width()
    room, shown = page_height() - 46, []
    for document_id in reversed(order):
        room -= DOCUMENT_ROW + sizes[document_id] * ROW_PITCH
        if room < 0:
            break
        shown.insert(0, document_id)
    if not shown:
        return None, crosstab.head(0)
    data = crosstab[crosstab["document_id"].isin(shown)].merge(scores[["document_id", "ami"]], on="document_id")
    data = data.sort_values(["section", "topic"]).sort_values(
        "document_id", key=lambda ids: ids.map(shown.index), kind="stable"
    )
    data = round_numbers(data.reset_index(drop=True))
    pitch = (page_width() - titles_width - 2) / len(names)
    bottom = 34 + len(shown) * DOCUMENT_ROW + sizes[shown].sum() * ROW_PITCH
    notes = [label("topic_sections_note", language)]
    if len(shown) < len(order):
        notes.append(label("shown_note", language).format(shown=len(shown), total=len(order)))
    figure, page = new_page(bottom, language)
    rule(page, 0.5, 1)
    stable = topics.set_index("topic")["stable"]
    places = {topic: titles_width + 2 + i * pitch for i, (topic, _) in enumerate(names)}
    for topic, lines in names:
        turned = {"rotation": 90, "ha": "center", "va": "bottom", "ma": "left", "linespacing": 1.15}
        colour = "black" if stable[topic] else UNSTABLE
        page.text(places[topic] + pitch / 2, 33, "\n".join(lines), fontsize=SIZE, color=colour, **turned)
    rule(page, 34, 0.5)
    titles = corpus.sections.set_index(["document_id", "section"])["title"]
    top = 34
    for document_id in shown:
        own = data[data["document_id"] == document_id]
        ami = "—" if pd.isna(own["ami"].iloc[0]) else f"{own['ami'].iloc[0]:.2f}".replace("-", "−")
        write(page, 1, top + 3.2, f"{name_document(corpus, document_id, language)}  AMI = {ami}", 7)
        top += DOCUMENT_ROW
        for section, cells in own.groupby("section"):
            write(
                page,
                3,
                top + ROW_PITCH / 2,
                titles.get((document_id, section)) or str(section),
                width=titles_width - 4,
            )
            for cell in cells.itertuples():
                _draw_cell(page, cell, (places[cell.topic], top, pitch))
            top += ROW_PITCH
    rule(page, bottom + 1, 0.5)
    last = bottom + 1.1
    for note in notes:
        last = draw_note(page, 1, last + 3.4, note)
    fit_page(page, last + 2.5)
    return figure, data


def _draw_cell(page, cell, corner):
    left, top, pitch = corner
    # A square root, so that small shares are told from none; the numbers carry what must be exact.
    grey = 1 - 0.75 * cell.share**0.5
    box(page, left, top, pitch - 0.4, ROW_PITCH - 0.4, (grey, grey, grey))
    if cell.n_main:
        colour = "black" if grey > 0.5 else "white"
        write(page, left + pitch / 2, top + ROW_PITCH / 2 - 0.2, str(cell.n_main), SMALLEST_TEXT, "center", colour)
