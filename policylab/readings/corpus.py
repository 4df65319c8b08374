"""Sentences about a corpus: its documents, how they are built, what the parser doubts, publications that differ."""

import pandas as pd

from policylab.base.levels import LEVELS
from policylab.base.regions import region_label
from policylab.corpus.doubts import REPAIRED
from policylab.language.documents import tell_apart
from policylab.language.sentences import join, say
from policylab.readings.reading import Reading, lower_label, write_list, write_paragraph


def describe_documents(summary: pd.DataFrame, *, language: str = "zh") -> Reading:
    """Say how many documents there are, of which levels and years, and how far they differ in length.

    Parameters
    ----------
    summary : DataFrame
        Table of summarize_documents.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> print(describe_documents(lab.summarize_documents(lab.load_corpus()), language="en"))
    ... # doctest: +NORMALIZE_WHITESPACE
    The corpus has **4 documents** (2 national, 2 provincial) for 2017–2020, with 38 sections, 122 tasks, 230 paragraphs
    and 27,776 characters of body text. The longest is National 2019 (7,665 characters), the shortest Fujian 2020
    (5,304).
    """
    counts = summary["level"].value_counts()
    levels = [
        say("describe_documents.level", language, level=lower_label(level, language), n=counts[level])
        for level in LEVELS
        if level in counts
    ]
    years = dict.fromkeys([summary["year"].min(), summary["year"].max()])
    parts = ["n_sections", "n_tasks", "n_paragraphs", "n_body_characters"]
    n_sections, n_tasks, n_paragraphs, n_characters = summary[parts].sum()
    sentences = [
        say(
            "describe_documents.corpus",
            language,
            n=len(summary),
            levels=join(levels, language, "list.clauses"),
            years=join(years, language, "list.range"),
            n_sections=n_sections,
            n_tasks=n_tasks,
            n_paragraphs=n_paragraphs,
            n_characters=n_characters,
        )
    ]
    articles = summary.loc[summary["n_articles"] > 0, "n_articles"]
    if len(articles):
        sentences.append(say("describe_documents.articles", language, n=articles.sum(), n_documents=len(articles)))
    if len(summary) > 1:
        ranked, names = summary.sort_values(["n_body_characters", "document_id"]), _name_in_full(summary, language)
        shortest, longest = (names[ranked["document_id"].iloc[i]] for i in (0, -1))
        least, most = ranked["n_body_characters"].iloc[[0, -1]]
        sentences.append(
            say("describe_documents.lengths", language, longest=longest, most=most, shortest=shortest, least=least)
        )
    return write_paragraph(sentences, language)


def describe_structure(structure: pd.DataFrame, *, language: str = "zh") -> Reading:
    """Say how much of the documents lies outside of sections, and how long their tasks are.

    Shares are of a document's body text.

    Parameters
    ----------
    structure : DataFrame
        Table of measure_structure.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> print(describe_structure(lab.recipes.measure_structure(lab.load_corpus()), language="en"))
    ... # doctest: +NORMALIZE_WHITESPACE
    Text outside sections makes up from 9% (Fujian 2020) to 20% (Chongqing 2019) of a document's body text. The median
    task has 172 characters, the shortest 32, the longest 550.
    """
    documents = structure.groupby("document_id", sort=False)
    outside = structure["n_characters"].where(structure["section"].isna(), 0)
    shares = outside.groupby(structure["document_id"], sort=False).sum() / documents["n_characters"].sum()
    shares = shares.dropna().sort_values(kind="stable")
    if shares.empty:
        return Reading(say("describe_structure.nothing", language))
    names = _name_in_full(documents.first().reset_index(), language)
    first, last = (names[shares.index[i]] for i in (0, -1))
    least, most = shares.iloc[[0, -1]]
    sentences = [say("describe_structure.outside", language, least=least, first=first, most=most, last=last)]
    tasks = structure[structure["task"].notna()].groupby(["document_id", "task"], sort=False)["n_characters"].sum()
    if len(tasks):
        lengths = {"median": tasks.median(), "shortest": tasks.min(), "longest": tasks.max()}
        sentences.append(say("describe_structure.tasks", language, **lengths))
    else:
        sentences.append(say("describe_structure.no_tasks", language))
    return write_paragraph(sentences, language)


def describe_doubts(doubts: pd.DataFrame, *, language: str = "zh") -> Reading:
    """Say how many places the parser could not fully recognise, by kind, and what was repaired for reading.

    Parameters
    ----------
    doubts : DataFrame
        Table of list_doubts.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> print(describe_doubts(lab.list_doubts(lab.load_corpus()), language="en"))
    **5 places** to check: 5 × task without number. Repaired for reading and counting: 450 × half-width punctuation.
    """
    repaired = doubts["kind"].str.startswith(REPAIRED)
    sentences = []
    for rows, key in ((doubts[~repaired], "describe_doubts.places"), (doubts[repaired], "describe_doubts.repaired")):
        counts = rows.groupby(rows["kind"].str.removeprefix(REPAIRED))["n"].sum()
        kinds = [
            say("describe_doubts.kind", language, kind=lower_label(str(kind), language), n=n)
            for kind, n in counts.items()
        ]
        if kinds:
            sentences.append(say(key, language, n=len(rows), kinds=join(kinds, language, "list.clauses")))
    return write_paragraph(sentences or [say("describe_doubts.nothing", language)], language)


def describe_variants(variants: pd.DataFrame, *, language: str = "zh") -> Reading:
    """Say for each two publications of a document in how many places they differ.

    Parameters
    ----------
    variants : DataFrame
        Table of list_variants.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text, a list with an entry for each pair of publications.

    Examples
    --------
    >>> import policylab as lab
    >>> variants = lab.recipes.list_variants(lab.load_corpus(versions="all"))
    >>> print(describe_variants(variants, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    - national-2019 and national-2019-web: **4 places** worded differently, 72 passages only in the first, 0 only in
    the second.
    """
    if variants.empty:
        return Reading(say("describe_variants.nothing", language))
    lines = []
    for (document, version), places in variants.groupby(["document_id", "version_id"]):
        n_wording, n_document, n_version = (
            (places["kind"] == kind).sum() for kind in ("wording", "document only", "version only")
        )
        counts = {"n_wording": n_wording, "n_document": n_document, "n_version": n_version}
        lines.append(say("describe_variants.pair", language, document=document, version=version, **counts))
    return write_list("", lines)


def _name_in_full(documents, language):
    """{document_id: name} in full words, one for each document."""
    regions = [region_label(region, language) for region in documents["region"]]
    names = [
        say("describe_documents.name", language, region=region, year=str(year))
        for region, year in zip(regions, documents["year"], strict=True)
    ]
    return tell_apart(documents, names)
