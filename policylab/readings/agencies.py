"""Sentences about agencies: who is responsible for how much, with whom, and whether a remit has a counterpart."""

from typing import TYPE_CHECKING

import pandas as pd

from policylab.agencies.correction import OUTCOMES
from policylab.agencies.network import measure_agencies, summarize_network
from policylab.agencies.responsibilities import count_agencies
from policylab.corpus.load import Corpus
from policylab.language.agencies import gloss_agencies
from policylab.language.documents import name_document
from policylab.language.labels import label
from policylab.language.sentences import join, say
from policylab.readings.alignment import say_unrelated
from policylab.readings.reading import Reading, say_estimate, write_paragraph

if TYPE_CHECKING:
    import networkx as nx

ANSWERED = ("same role", "other role")  # outcomes for which the matched task itself has a unit of the same remit


def describe_agencies(mentions: pd.DataFrame, corpus: Corpus, document_id: str, *, language: str = "zh") -> Reading:
    """Say which unit a document names for most tasks, which one leads most, and how many never lead.

    Parameters
    ----------
    mentions : DataFrame
        Table of list_agencies.
    corpus : Corpus
        The corpus of the document.
    document_id : str
        The document.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text. Shares are of the tasks that name any unit.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> print(describe_agencies(lab.list_agencies(corpus), corpus, "chongqing-2019", language="en"))
    ... # doctest: +NORMALIZE_WHITESPACE
    Chongqing 2019 names agencies for 31 tasks: **22 agencies**. Named most often: Municipal Centre for Educational
    Technology and Equipment (23 tasks, 74%). Leads most often: Division of Science and Technology (12, 39%). 8 agencies
    never lead.
    """
    name = name_document(corpus, document_id, language)
    counts = count_agencies(mentions[mentions["document_id"] == document_id])
    if counts.empty:
        return Reading(say("describe_agencies.nothing", language, name=name))
    most, leader = counts.iloc[0], counts.sort_values("n_lead", ascending=False, kind="stable").iloc[0]
    names = gloss_agencies([most["agency"], leader["agency"]], language)
    return Reading(
        say(
            "describe_agencies.named",
            language,
            name=name,
            n=most["n_named"],
            n_agencies=len(counts),
            most=names[most["agency"]],
            n_most=most["n_tasks"],
            share_most=most["share"],
            leader=names[leader["agency"]],
            n_leader=leader["n_lead"],
            share_leader=leader["n_lead"] / most["n_named"],
            n_never=(counts["n_lead"] == 0).sum(),
        )
    )


def describe_network(graph: "nx.Graph", *, language: str = "zh") -> Reading:
    """Say how dense a network of units is, and which unit shares tasks with most others.

    Parameters
    ----------
    graph : networkx.Graph
        What build_agency_network returns.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> graph = lab.build_agency_network(lab.list_agencies(lab.load_corpus()), "chongqing-2019")
    >>> print(describe_network(graph, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    22 agencies with 91 ties, density 0.39. The largest component has 95% of them; 1 agency shares no task. Best
    connected: Municipal Centre for Educational Technology and Equipment, which shares tasks with 19 agencies.
    """
    if not len(graph):
        return Reading(say("describe_network.nothing", language))
    network, first = summarize_network(graph).iloc[0], measure_agencies(graph).iloc[0]
    return Reading(
        say(
            "describe_network.ties",
            language,
            n=network["n_agencies"],
            n_edges=network["n_edges"],
            density=network["density"],
            share=network["share_largest"],
            n_alone=network["n_alone"],
            first=gloss_agencies([first["agency"]], language)[first["agency"]],
            degree=first["degree"],
        )
    )


def describe_counterparts(
    units: pd.DataFrame,
    false_matches: pd.DataFrame | None = None,
    corrected: pd.DataFrame | None = None,
    *,
    language: str = "zh",
) -> Reading:
    """Say whether matched tasks are given to units with the same remit.

    Parameters
    ----------
    units : DataFrame
        Table of compare_agencies.
    false_matches : DataFrame, optional
        Table of measure_false_matches for the two documents, so that nothing is said of matches that may all be false.
    corrected : DataFrame, optional
        Table of correct_counterparts for them.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Notes
    -----
    Shares leave out the reference's units that agencies.csv gives no remit. If the two documents have no remit in common,
    there are no shares: the units may only be missing from that table.

    Examples
    --------
    >>> import policylab as lab
    >>> units = lab.recipes.compare_plans(lab.load_corpus()).agencies
    >>> print(describe_counterparts(units, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    In the matched tasks the reference names agencies **163 times**: same role 82 (50%), other role 13 (8%), in other
    tasks only 38 (23%), no counterpart 30 (18%). As counted from the matches, the reference names a lead 76 times; for
    45 of these, the matched task has an agency with the same remit. “No counterpart” depends on agencies.csv: an agency
    that it does not list is never recognised as a counterpart.
    """
    if units.empty:
        # Without a reference there is not even a table of compare_agencies.
        compared = "reference_agency" in units
        key = "describe_counterparts.reference_names_none" if compared else "describe_counterparts.nothing"
        return Reading(say(key, language))
    if false_matches is not None and len(false_matches) and not false_matches["related"].all():
        return Reading(say_unrelated(false_matches.iloc[0], language))
    known = units[units["counterpart"].notna()]
    n, n_unknown = len(known), len(units) - len(known)
    if not known["outcome"].isin((*ANSWERED, "elsewhere")).any():
        key = "describe_counterparts.no_remits" if known.empty else "describe_counterparts.no_remit_in_common"
        sentences = [say(key, language, n=len(units)), say("describe_counterparts.unknowable", language)]
        return write_paragraph(sentences, language)
    counts = known["outcome"].value_counts().reindex(OUTCOMES, fill_value=0)
    outcomes = [
        say("describe_counterparts.outcome", language, outcome=label(outcome, language), n=k, share=k / n)
        for outcome, k in counts.items()
    ]
    listed = join(outcomes, language, "list.clauses")
    if n_unknown:
        key = "describe_counterparts.outcomes_some_unknown"
        sentences = [say(key, language, n=len(units), n_unknown=n_unknown, outcomes=listed)]
    else:
        sentences = [say("describe_counterparts.outcomes", language, n=len(units), outcomes=listed)]
    if corrected is not None and len(corrected) and corrected["corrected"].notna().all():
        words = {"outcomes": join(_list_corrected(corrected, language), language, "list.clauses")}
        sentences.append(say("describe_counterparts.corrected", language, **words))
    leads = known[known["reference_role"] == "lead"]
    n_answered = leads["outcome"].isin(ANSWERED).sum()
    sentences.append(say("describe_counterparts.leads", language, n=len(leads), n_answered=n_answered))
    if counts["no counterpart"]:
        sentences.append(say("describe_counterparts.by_table", language))
    return write_paragraph(sentences, language)


def _list_corrected(corrected, language):
    for row in corrected.to_dict("records"):
        share = say_estimate(row, "corrected", language, "number.share", ("corrected_low", "corrected_high"))
        yield say(
            "describe_counterparts.corrected_outcome", language, outcome=label(row["outcome"], language), share=share
        )
