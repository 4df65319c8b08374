"""Sentences about the works that two plans cite."""

import pandas as pd

from policylab.corpus.load import Corpus
from policylab.language.documents import name_pair
from policylab.language.sentences import join, say
from policylab.readings.reading import Reading


def describe_sources(sources: pd.DataFrame, corpus: Corpus, *, language: str = "zh") -> Reading:
    """Say how many works both plans cite, how many of these are national, and how many works are invoked.

    Parameters
    ----------
    sources : DataFrame
        Table `sources` of compare_plans.
    corpus : Corpus
        The corpus of the two plans.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> sources = lab.recipes.compare_plans(corpus).sources
    >>> print(describe_sources(sources, corpus, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    Together they cite 36 works: **14 by both** (14 of them national), 11 by National 2019 only, 11 by Chongqing 2019
    only. 24 are invoked as a basis, the others only mentioned or announced.
    """
    if sources.empty:
        return Reading(say("describe_sources.nothing", language))
    name, reference = name_pair(sources, corpus, language)
    both = sources["cited_by"] == "both"
    counts = {
        "n": len(sources),
        "n_both": both.sum(),
        "n_national": (both & (sources["tier"] == "national")).sum(),
        "n_reference": (sources["cited_by"] == "reference").sum(),
        "n_document": (sources["cited_by"] == "document").sum(),
    }
    n_invoked = int(sources["invoked"].sum())
    if n_invoked == len(sources):
        basis = "describe_sources.all_invoked"
    else:
        basis = "describe_sources.some_invoked" if n_invoked else "describe_sources.none_invoked"
    sentences = [
        say(
            "describe_sources.cited" if counts["n_both"] else "describe_sources.none_shared",
            language,
            name=name,
            reference=reference,
            **counts,
        ),
        say(basis, language, n_invoked=n_invoked),
    ]
    return Reading(join(sentences, language, "list.sentences"))
