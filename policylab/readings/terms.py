"""Sentences about words: which are counted, followed and compared, and how far that depends on the way of counting."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from policylab.base.levels import LEVELS
from policylab.base.proportions import FEWEST_CARRYING
from policylab.corpus.load import Corpus
from policylab.language.documents import name_group
from policylab.language.labels import label
from policylab.language.sentences import join, say
from policylab.language.terms import explain_no_band, gloss_terms, list_unglossed
from policylab.language.years import name_period, name_years
from policylab.readings.reading import Reading, lower_label, say_estimate, say_range, write_list, write_paragraph
from policylab.words.keyness import select_leading_terms
from policylab.words.trend import list_last_years

if TYPE_CHECKING:
    from policylab.recipes.terms import Selection

SHOWN = 5  # words or documents that a sentence names
ZONES = ("title", "numeral", "heading", "responsibility", "frame")
CHOSEN = {
    "given": "describe_selection.given",
    "changing": "describe_selection.changing",
    "frequent": "describe_selection.frequent",
}
GROUPS = {"level": "describe_comparison.level", "year": "describe_comparison.year"}


def describe_counting(zones: pd.DataFrame, *, language: str = "zh") -> Reading:
    """Say how many words are counted, and how many are not and why.

    Parameters
    ----------
    zones : DataFrame
        Table of count_masked.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> print(describe_counting(lab.recipes.count_masked(lab.load_corpus()), language="en"))
    ... # doctest: +NORMALIZE_WHITESPACE
    **10,471 words are counted**, 72%–77% of all words in a document. They are the denominator of clouds and ranks.
    Trends, comparisons and concepts are counted by task (by paragraph if some document has no tasks), and only words
    in these units are in their denominator. Comparisons are counted by whole document, including words outside tasks,
    if both sides have enough documents. Each figure names its unit. Not counted: words in 《》 (568), numerals (175),
    words in headings (1,140), responsible agencies (1,485), letterheads and notes (183).
    """
    counted = zones[zones["zone"] == "counted"]
    if counted["n"].sum() == 0:
        return Reading(say("describe_counting.nothing", language))
    n = zones.groupby("zone")["n"].sum()
    share = say_range(counted["share"], language, "number.share")
    sentences = [say("describe_counting.counted", language, n=n["counted"], share=share)]
    left_out = [
        say("describe_counting.zone", language, zone=label(f"zone_{zone}", language), n=n[zone])
        for zone in ZONES
        if n.get(zone, 0)
    ]
    if left_out:
        sentences.append(say("describe_counting.left_out", language, zones=join(left_out, language, "list.clauses")))
    return write_paragraph(sentences, language)


def describe_selection(
    selection: "Selection", corpus: Corpus, glosses: Mapping[str, str] | None = None, *, language: str = "zh"
) -> Reading:
    """Say which level, years and terms are followed and why, and where level and year cannot be separated.

    Parameters
    ----------
    selection : Selection
        What choose_selection returns.
    corpus : Corpus
        The corpus that it was chosen for.
    glosses : mapping of str to str, optional
        English names of terms; those of load_glosses unless given.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text; a second paragraph compares the years of the levels if there are several.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> selection = lab.recipes.choose_selection(tokens, corpus, terms=["网络安全"])
    >>> print(describe_selection(selection, corpus, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    The requested terms are followed over the years of the **national** level (2017, 2019): cybersecurity.
    Lists are limited to 382 words: no stop words, at least two characters, at least 5 uses. Names of the corpus's own
    regions are left out of lists: 重庆市, 福建, 福建省.
    <BLANKLINE>
    **Level and year are confounded**: National 2017, 2019; Provincial 2019, 2020. Not every level has documents for
    2017, 2020 (only fujian-2020, national-2017), so a difference between these documents and another level may be due to
    the year.
    """
    documents = corpus.documents
    years = {level: sorted(map(int, own.unique())) for level, own in documents.groupby("level")["year"]}
    words = {
        "level": lower_label(selection.level, language),
        "years": name_years(years[selection.level], language),
    }
    if selection.terms:
        terms = _list_terms(selection.terms, language, glosses)
        sentences = [say(CHOSEN[selection.rule], language, terms=terms, **words)]
    else:
        sentences = [say("describe_selection.no_terms", language, **words)]
    n, min_n = len(selection.vocabulary), selection.min_n
    sentences.append(say("describe_selection.vocabulary", language, n=n, min_n=min_n))
    if selection.places:
        sentences.append(say("describe_selection.places", language, places=join(selection.places, language)))
    if len(several := documents[list_last_years(documents) > documents["year"]]):
        pairs = sorted(set(zip(several["year"], several["year_end"])))
        periods = join((name_period(*pair, language) for pair in pairs), language)
        sentences.append(say("describe_selection.periods", language, n=len(several), periods=periods))
    paragraphs = [write_paragraph(sentences, language)]
    if len(years) > 1:
        paragraphs.append(_compare_years(documents, years, language))
    return Reading("\n\n".join(paragraphs))


def _compare_years(documents, years, language):
    """Whether the levels of a corpus have documents of the same years."""
    shared = set.intersection(*map(set, years.values()))
    lone = sorted(set.union(*map(set, years.values())) - shared)
    if not lone:
        return say("describe_selection.same_years", language)
    levels = [
        say(
            "describe_selection.level", language, level=label(level, language), years=name_years(years[level], language)
        )
        for level in LEVELS
        if level in years
    ]
    levels = join(levels, language, "list.entries")
    if not shared:
        return say("describe_selection.no_shared_year", language, levels=levels)
    behind, span = sorted(documents.loc[documents["year"].isin(lone), "document_id"]), name_years(lone, language)
    if len(behind) > SHOWN:
        return say("describe_selection.lone_years", language, levels=levels, years=span)
    listed = join(behind, language)
    return say("describe_selection.lone_documents", language, levels=levels, years=span, documents=listed)


def describe_trends(
    trend: pd.DataFrame, selection: "Selection", glosses: Mapping[str, str] | None = None, *, language: str = "zh"
) -> Reading:
    """Say for each term its rate in the two years that are compared and in its highest year, in the order of years.

    Parameters
    ----------
    trend : DataFrame
        Table of measure_trend by level and year.
    selection : Selection
        What choose_selection returns.
    glosses : mapping of str to str, optional
        English names of terms; those of load_glosses unless given.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text, a list with an entry for each term.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> selection = lab.recipes.choose_selection(tokens, corpus, terms=["网络安全"])
    >>> trend = lab.measure_trend(tokens, selection.terms, ["level", "year"])
    >>> print(describe_trends(trend, selection, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    Uses per 10,000 words in tasks of national documents (in brackets: 95% intervals, with tasks as units of sampling;
    n: uses / tasks that use the term):
    <BLANKLINE>
    - cybersecurity: 2017 40.8 [8.1, 137.6] (n = 10 / 4) → 2019 84.7 [25.9, 229.9] (n = 20 / 6)
    <BLANKLINE>
    Where fewer than 5 tasks use a term, and use it many times each, the interval may be too narrow.
    """
    own = trend[trend["level"] == selection.level].dropna(subset="rate")
    if len(selection.years) < 2:
        return Reading(say("describe_trends.one_year", language, level=lower_label(selection.level, language)))
    if own.empty:
        return Reading(say("describe_trends.nothing", language))
    names, lines, bands, few = gloss_terms(own["term"], language, glosses), [], False, False
    for term, rows in own.groupby("term", sort=False):
        rows = rows.assign(year_end=list_last_years(rows)).sort_values(["year", "year_end"])
        highest = rows.index == rows["rate"].idxmax()
        rows = rows[rows["year"].isin(selection.years) | highest]
        bands = bands or rows["rate_low"].notna().any()
        few = few or (rows["rate_low"].notna() & rows["n_with"].lt(FEWEST_CARRYING)).any()
        rates = join((_say_rate(row, language) for row in rows.to_dict("records")), language, "list.steps")
        lines.append(say("describe_trends.term", language, term=names[term], rates=rates))
    unit, level = label(f"unit_{own['unit'].iloc[0]}", language), lower_label(selection.level, language)
    head = say(
        "describe_trends.rates_with_intervals" if bands else "describe_trends.rates", language, unit=unit, level=level
    )
    foot = [say("describe_trends.chosen", language)] if selection.rule == "changing" else []
    foot += [say("describe_trends.few", language, unit=unit, n=FEWEST_CARRYING)] if few else []
    return write_list(head, lines, write_paragraph(foot, language))


def _say_rate(row, language):
    rate = say_estimate(row, "rate", language, "number.rate", ("rate_low", "rate_high"))
    year = name_period(row["year"], row["year_end"], language)
    return say("describe_trends.rate", language, year=year, rate=rate, n=row["n"], n_with=row["n_with"])


def describe_comparison(
    compared: pd.DataFrame, glosses: Mapping[str, str] | None = None, *, language: str = "zh"
) -> Reading:
    """Say how many terms set two groups apart beyond chance, which do so most, and how many occur in only one of them.

    Parameters
    ----------
    compared : DataFrame
        Table of compare_years or compare_levels.
    glosses : mapping of str to str, optional
        English names of terms; those of load_glosses unless given.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Notes
    -----
    Terms are the first of select_leading_terms, as in plot_comparison. If there is a band, only terms whose band excludes
    zero are named, at most five of each group.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> selection = lab.recipes.choose_selection(tokens, corpus, terms=["网络安全"])
    >>> compared = lab.recipes.compare_years(tokens, selection, n_resamples=0)
    >>> print(describe_comparison(compared, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    227 terms are compared in tasks (2019: 2,361 words, 2017: 2,453). No random splits were drawn (n_resamples = 0),
    so there is no band, and the terms are only described. More typical of 2019: research (24 : 9), APP (8 : 0),
    artificial intelligence (7 : 0), governance (7 : 1), action (10 : 3). More typical of 2017: sector (1 : 10),
    educational resources (1 : 9), teacher (7 : 19), training (6 : 17), information technology (2 : 9). In brackets: uses
    in 2019 : in 2017. 7 terms occur only in 2019; of those named: APP, artificial intelligence. 1 term occurs only in
    2017. Each side is a single document, so a difference may be one between these two documents only.
    """
    if compared.empty:
        return Reading(say("describe_comparison.nothing", language))
    row = compared.iloc[0]
    groups = [_name_documents(row["column"], row[side], language) for side in "ab"]
    unit = label(f"unit_{row['unit']}", language)
    sizes = {"a": groups[0], "b": groups[1], "n_a": row["n_tokens_a"], "n_b": row["n_tokens_b"]}
    counts = {"n": len(compared), "unit": unit, **sizes}
    leading, clear = select_leading_terms(compared, SHOWN), compared
    if why := explain_no_band(compared, language):
        sentences = [say("describe_comparison.no_band", language, why=why, **counts)]
    else:
        clear, leading = (table[table["apart"].fillna(False).astype(bool)] for table in (compared, leading))
        sentences = [say("describe_comparison.compared", language, n_apart=len(clear), **counts)]
    if not compared["z"].any():
        sentences.append(say("describe_comparison.no_leaning", language))
    elif clear.empty:
        sentences.append(say("describe_comparison.none_differs", language, unit=unit))
    else:
        sentences += _say_leanings(leading, clear, groups, language, glosses, bool(why))
    sentences += _say_exclusive(compared, leading, groups, language, glosses)
    single = [group for side, group in zip("ab", groups) if compared[f"n_documents_{side}"].max() == 1]
    if single:
        key = "describe_comparison.one_each" if len(single) > 1 else "describe_comparison.one"
        sentences.append(say(key, language, **({"group": single[0]} if len(single) == 1 else {})))
    if row["column"] == "level" and row["years_a"] != row["years_b"]:
        years = {side: name_years(map(int, row[side].split(", ")), language) for side in ("years_a", "years_b")}
        sentences.append(say("describe_comparison.years", language, a=groups[0], b=groups[1], **years))
    return write_paragraph(sentences, language)


def _name_documents(column, value, language):
    """A group of documents as a sentence names it."""
    name = name_group(column, value, language)
    return say(GROUPS[column], language, name=name.lower()) if column in GROUPS else name


def _say_leanings(leading, clear, groups, language, glosses, described):
    """Which of the leading terms lean to either group, what is counted, and which of them one document carries.

    `clear` are all terms that the leading ones are the first of; where they are only `described` these are not counted.
    """
    names, sentences = gloss_terms(leading["term"], language, glosses), []
    several = leading[["n_documents_a", "n_documents_b"]].max(axis=None) > 1
    key = "describe_comparison.term_documents" if several else "describe_comparison.term"
    for group, sign in zip(groups, (1, -1), strict=True):
        own = leading[leading["z"] * sign > 0]
        own, n = own if sign > 0 else own.iloc[::-1], int((clear["z"] * sign > 0).sum())
        terms = join(
            (say(key, language, **row | {"term": names[row["term"]]}) for row in own.to_dict("records")), language
        )
        if own.empty:
            sentences.append(say("describe_comparison.leaning_none", language, group=group))
        elif described or n == len(own):
            sentences.append(say("describe_comparison.leaning", language, group=group, terms=terms))
        else:
            sentences.append(say("describe_comparison.leaning_first", language, group=group, terms=terms, n=n))
    counts = "describe_comparison.counts_documents" if several else "describe_comparison.counts"
    sentences.append(say(counts, language, a=groups[0], b=groups[1]))
    carried = leading.loc[leading["carried"].fillna(False).astype(bool), "term"]
    if len(carried):
        terms = join((names[term] for term in carried), language)
        sentences.append(say("describe_comparison.carried", language, terms=terms))
    return sentences


def _say_exclusive(compared, leading, groups, language, glosses):
    """How many terms occur in one group only, and which of the leading ones are among them."""
    sentences = []
    for side, group in zip("ab", groups, strict=True):
        n = int((compared["occurs"] == f"only {side}").sum())
        named = leading.loc[leading["occurs"] == f"only {side}", "term"]
        if n and len(named):
            terms = _list_terms(named, language, glosses)
            sentences.append(say("describe_comparison.only_named", language, group=group, n=n, terms=terms))
        elif n:
            sentences.append(say("describe_comparison.only", language, group=group, n=n))
    return sentences


def describe_ranks(ranks: pd.DataFrame, glosses: Mapping[str, str] | None = None, *, language: str = "zh") -> Reading:
    """Say how far each way of counting agrees with the base.

    Parameters
    ----------
    ranks : DataFrame
        Table of compare_ranks, whose first row is the base.
    glosses : mapping of str to str, optional
        English names of terms; those of load_glosses unless given.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text, a list with an entry for each way of counting.

    Examples
    --------
    >>> ranks = pd.DataFrame({"variant": ["base", "no lexicon"], "n_common": [31, 25], "top": 30, "kendall": [1, 0.69],
    ...                       "largest": ["", "数字 +216"]})
    >>> print(describe_ranks(ranks, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    - no dictionary: 25 of the 31 words that rank 30 or higher in the base (ties included) do so here, τ = 0.69; the
    largest shift is digital +216.
    """
    if not len(ranks) or not ranks["n_common"].iloc[0]:
        return Reading(say("describe_ranks.nothing", language))
    n_base, lines = ranks["n_common"].iloc[0], []
    for row in ranks.iloc[1:].to_dict("records"):
        counts = {"n_base": n_base, "n": row["n_common"], "top": row["top"], "tau": row["kendall"]}
        variant = label(row["variant"], language)
        term, _, shift = (row["largest"] if isinstance(row["largest"], str) else "").rpartition(" ")
        if term:
            name = gloss_terms([term], language, glosses)[term]
            key, counts = "describe_ranks.variant_moved", {**counts, "term": name, "shift": shift}
        else:
            key = "describe_ranks.variant"
        lines.append(say(key, language, variant=variant, **counts))
    return write_list("", lines)


def describe_unglossed(
    terms: Iterable[str], glosses: Mapping[str, str] | None = None, *, language: str = "zh"
) -> Reading:
    """List the terms that have no English gloss; English figures show them in Chinese.

    Parameters
    ----------
    terms : iterable of str
        Terms in the figures.
    glosses : mapping of str to str, optional
        English names of terms; those of load_glosses unless given.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> print(describe_unglossed(["网络安全", "某词"], language="en"))
    1 term in the figures has no English gloss and is shown in Chinese: 某词.
    """
    missing = list_unglossed(terms, glosses)
    if not missing:
        return Reading(say("describe_unglossed.nothing", language))
    return Reading(say("describe_unglossed.missing", language, n=len(missing), terms=join(missing, language)))


def _list_terms(terms, language, glosses):
    return join(gloss_terms(terms, language, glosses).values(), language)
