"""The figure of the terms in which two groups differ most, with both frequencies."""

import pandas as pd

from policylab.base.arguments import check_whole
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.levels import LEVELS
from policylab.base.rounding import round_numbers
from policylab.language.documents import name_group
from policylab.language.labels import label
from policylab.language.sentences import join, say
from policylab.language.terms import explain_no_band, gloss_terms
from policylab.language.years import name_years
from policylab.plots.kit.drawing import (
    GREY,
    GRID,
    LEFT,
    SIZE,
    draw_dot,
    draw_key,
    draw_note,
    draw_ring,
    draw_tick,
    place,
    shorten,
    write,
)
from policylab.plots.kit.page import FigureAndData, fit_page, new_page, rule, text_width, wrap
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width
from policylab.plots.kit.style import LEVEL_COLOURS
from policylab.words.keyness import COMPARED, select_leading_terms

# Millimetres.
COMPARED_ROW = 3.7
COMPARISON_HEAD = 10
COMPARISON_FOOT = 25  # ticks, legend and five lines of notes
AXIS_GAP = 8  # between the two axes
MIDDLE_GAP = 1.5  # between the terms of a and those of b
DAGGER = " †"  # behind terms that one document carries


def plot_comparison(
    compared: pd.DataFrame,
    *,
    documents: pd.DataFrame | None = None,
    shown: int = 15,
    glosses: dict[str, str] | None = None,
    language: str = "zh",
) -> FigureAndData:
    """Draw the terms in which two groups differ most: both rates, log-odds with their band, both counts.

    Parameters
    ----------
    compared : DataFrame
        The table of compare_terms, compare_years or compare_levels.
    documents : DataFrame, optional
        The documents that were compared (corpus.documents or a part of it). With them the figure names the level of each
        group and counts its documents.
    shown : int
        Terms of each group; fewer where the page is too low.
    glosses : dict of str to str, optional
        English glosses of terms (load_glosses). By default those that ship.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a term that is drawn, in order, with its `label`.

    Raises
    ------
    PolicylabError
        If a column is missing, or the documents lack a group of the table.

    Notes
    -----
    Terms are those of select_leading_terms: the upper half has the terms most typical of a, the lower half those of b, and
    of each first those whose simultaneous band excludes zero (filled squares), then others, each by z. Beside the uses of a
    term are the numbers of units (such as tasks) and of documents that use it, because many uses in one task do not make a
    term typical of a plan, nor many tasks of one document a term of a group. A dagger marks terms that one document
    carries (`carried`). If the years of the two groups differ without being what is compared, the figure states it.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> compared = lab.recipes.compare_years(tokens, lab.recipes.choose_selection(tokens, corpus))
    >>> plot_comparison(compared)[1][["term", "n_a", "n_b"]].iloc[[0, -1]].values.tolist()
    [['研究', 24, 9], ['行业', 1, 10]]
    """
    check_whole("shown", shown, 1)
    if compared.empty:
        return None, compared
    need_columns(compared, COMPARED, "compared")
    groups = [name_group(compared["column"].iloc[0], compared[side].iloc[0], language) for side in "ab"]
    unit = label(f"unit_{compared['unit'].iloc[0]}", language)
    counted = _list_counts(compared)
    notes = _note_comparison(compared, groups, unit, language, documents)
    lines = sum(len(wrap(note, page_width() - 2, SMALLEST_TEXT)) for note in notes)
    shown = min(
        shown, int((page_height() - COMPARISON_HEAD - COMPARISON_FOOT - 3 * max(lines - 5, 0)) / COMPARED_ROW / 2)
    )
    data = round_numbers(select_leading_terms(compared, shown))
    if data.empty:
        return None, data
    names = gloss_terms(data["term"], language, glosses)
    data.insert(data.columns.get_loc("term") + 1, "label", data["term"].map(names))
    n_first = int((data["z"] > 0).sum())
    bottom = COMPARISON_HEAD + len(data) * COMPARED_ROW + (MIDDLE_GAP if 0 < n_first < len(data) else 0)
    figure, page = new_page(page_height(), language)
    level = data["a"].iloc[0] if data["column"].iloc[0] == "level" else "national"
    colour = LEVEL_COLOURS.get(level, LEVEL_COLOURS["national"])

    rule(page, 0.5, 1)
    uses = label("uses_units_documents" if "n_documents" in counted else "uses_units", language).format(unit=unit)
    columns = _place_columns(data, uses, counted)
    write(page, columns["n_b"], 3, uses, 7, "right")
    axes = _draw_heads(page, data, groups, columns, bottom, language)
    draw_dot(page, columns["n_a"] - 1.5, 6.8, colour)
    draw_ring(page, columns["n_b"] - 1.5, 6.8)
    rule(page, 8.6, 0.5)
    for i, row in enumerate(data.to_dict("records")):
        y = COMPARISON_HEAD + (i + 0.5) * COMPARED_ROW + (MIDDLE_GAP if i >= n_first > 0 else 0)
        _draw_term(page, row, y, columns, axes, colour)
        for side in "ab":
            write(page, columns[f"n_{side}"], y, _count_uses(row, side, counted), ha="right")
    rule(page, bottom + 4, 0.5)
    y = _draw_comparison_key(page, bottom + 6.8, data, groups, colour, language) + 0.7
    for note in notes:
        y = draw_note(page, LEFT, y + 3, note)
    fit_page(page, y + 2)
    return figure, data


def _list_counts(compared):
    """What is counted beside a term: uses, units, and documents, unless these are the units or each group has one."""
    several = compared[["n_documents_a", "n_documents_b"]].max(axis=None) > 1
    return ["n", "n_with", *(["n_documents"] if several and compared["unit"].iloc[0] != "document" else [])]


def _place_columns(data, uses, counted):
    """The places of the columns in millimetres: width of names, ends of both axes, right ends of counts."""
    names = min(max(text_width(name + DAGGER, SIZE) for name in data["label"]), page_width() / 3)
    counts = max(text_width(_count_uses(row, side, counted), SIZE) for row in data.to_dict("records") for side in "ab")
    n_b = page_width() - 1
    n_a = n_b - max(counts + 3, text_width(uses, 7) / 2)
    left, right = 1 + names + 4, min(n_a - counts, n_b - text_width(uses, 7)) - 4
    middle = left + (right - left) * 0.54  # two rates need more room than one difference
    rate, log_odds = (left, middle - AXIS_GAP / 2), (middle + AXIS_GAP / 2, right)
    return {"label": names, "rate": rate, "log_odds": log_odds, "n_a": n_a, "n_b": n_b}


def _draw_heads(page, data, groups, columns, bottom, language):
    """Draw the heads of the columns and the axes; returns {column: arguments of `place`}."""
    from matplotlib.ticker import MaxNLocator

    reach = data[["log_odds", "low", "high"]].abs().max(axis=None)
    ranges = {"rate": (0, data[["rate_a", "rate_b"]].max(axis=None)), "log_odds": (-reach, reach)}
    axes = {}
    write(page, LEFT, 3, label("term", language), 7)
    for key, (low, high) in ranges.items():
        left, right = columns[key]
        ticks = MaxNLocator(min(5, int((right - left) / 7))).tick_values(low, high)
        ticks = [tick for tick in ticks if low - 1e-9 <= tick <= high + 1e-9]
        axes[key] = (left, right), low, high
        write(page, (left + right) / 2, 3, label(key, language), 7, "center")
        for tick in ticks:
            colour = GREY if tick == 0 and low < 0 else GRID
            draw_tick(page, place(tick, *axes[key]), [COMPARISON_HEAD - 0.5, bottom + 0.5], f"{tick:g}", 1.7, colour)
    left, right = columns["log_odds"]
    for x, ha, group in ((left, "left", f"← {groups[1]}"), (right, "right", f"{groups[0]} →")):
        write(page, x, 6.8, shorten(group, (right - left) / 2 - 1, SMALLEST_TEXT), SMALLEST_TEXT, ha, GREY)
    return axes


def _draw_term(page, row, y, columns, axes, colour):
    dagger = DAGGER if _is_carried(row) else ""
    write(page, LEFT, y, shorten(row["label"], columns["label"] - text_width(dagger, SIZE)) + dagger)
    a, b = (place(row[f"rate_{side}"], *axes["rate"]) for side in "ab")
    page.plot([a, b], [y, y], color="black", linewidth=0.7, zorder=2)
    draw_dot(page, a, y, colour)
    draw_ring(page, b, y)
    if pd.notna(row["low"]):
        ends = [place(row[end], *axes["log_odds"]) for end in ("low", "high")]
        page.plot(ends, [y, y], color="black", linewidth=0.7)
    if pd.notna(row["log_odds"]):
        apart = bool(row["apart"]) if pd.notna(row["apart"]) else None
        _draw_square(page, place(row["log_odds"], *axes["log_odds"]), y, apart)


def _count_uses(row, side, counted):
    return "/".join(f"{row[f'{name}_{side}']:,}" for name in counted)


def _is_carried(row):
    return pd.notna(row["carried"]) and bool(row["carried"])


def _draw_square(page, x, y, apart):
    """Draw log-odds: filled if the band excludes 0, open if it includes 0, grey (None) without a band."""
    face = {True: "black", False: "white", None: GRID}[apart]
    edge = GREY if apart is None else "black"
    page.plot([x], [y], "s", color=edge, markersize=3, markerfacecolor=face, markeredgewidth=0.7)


def _draw_comparison_key(page, y, data, groups, colour, language):
    marks = [(lambda x, y: draw_dot(page, x, y, colour), groups[0]), (lambda x, y: draw_ring(page, x, y), groups[1])]
    found = {None if pd.isna(apart) else bool(apart) for apart in data["apart"]}
    states = {"apart": True, "not_apart": False, "no_band": None}
    bands = [
        (lambda x, y, apart=apart: _draw_square(page, x, y, apart), label(key, language))
        for key, apart in states.items()
        if apart in found
    ]
    return draw_key(page, LEFT, y, [*marks, *bands])


def _note_comparison(compared, groups, unit, language, documents):
    row, why = compared.iloc[0], explain_no_band(compared, language)
    totals = {"n_a": int(row["n_tokens_a"]), "n_b": int(row["n_tokens_b"]), "a": groups[0], "b": groups[1]}
    counted = totals
    if documents is not None:
        sides = zip("ab", groups, strict=True)
        counted = totals | {side: _count_group(documents, row, side, group, language) for side, group in sides}
    key = "counts_units_documents" if "n_documents" in _list_counts(compared) else "counts_units"
    notes = [
        label("comparison_words", language).format(unit=unit, **counted) + label(key, language).format(unit=unit),
        label("comparison_no_band" if why else "comparison_band", language).format(why=why, n=len(compared), unit=unit),
    ]
    if compared["carried"].fillna(False).any():
        notes[1] += label("carried_note", language)
    if pd.notna(row["years_a"]) and row["column"] != "year" and row["years_a"] != row["years_b"]:
        years = {side: name_years(map(int, row[side].split(", ")), language) for side in ("years_a", "years_b")}
        notes.append(label("years_differ", language).format(**years, **totals))
    return notes


def _count_group(documents, row, side, group, language):
    """The name of a group with its level, if that is not the name itself, and the number of its documents."""
    column, value = row["column"], row[side]
    need_columns(documents, ["level", column], "documents")
    own = documents[documents[column] == value]
    if own.empty:
        raise PolicylabError(f"The documents have none whose {column} is {value!r}. Give those that were compared.")
    levels = [] if column == "level" else [label(name, language) for name in LEVELS if (own["level"] == name).any()]
    if not levels:
        return say("plot_comparison.group", language, group=group, n=len(own))
    return say("plot_comparison.group_of_levels", language, group=group, levels=join(levels, language), n=len(own))
