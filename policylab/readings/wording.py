"""Sentences about how firmly two plans are worded."""

import pandas as pd

from policylab.corpus.load import Corpus
from policylab.language.documents import name_pair
from policylab.language.sentences import say
from policylab.readings.alignment import say_unrelated
from policylab.readings.reading import Reading, say_estimate, write_paragraph


def describe_strength(
    strength: pd.DataFrame, corpus: Corpus, false_matches: pd.DataFrame | None = None, *, language: str = "zh"
) -> Reading:
    """Say in how many matched pairs of tasks which document is worded more firmly, and whether that is due to the match.

    Parameters
    ----------
    strength : DataFrame
        Table of compare_strength.
    corpus : Corpus
        The corpus of the two documents.
    false_matches : DataFrame, optional
        Table of measure_false_matches for them, so that nothing is said of matches that may all be false.
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
    >>> strength = lab.recipes.compare_plans(corpus).strength
    >>> print(describe_strength(strength, corpus, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    **41 matched pairs** of tasks have coded clauses on both sides: Chongqing 2019 is worded more firmly in 4, National 2019 in
    35, neither in 2. The mean δ is −0.25; over all pairs of tasks of the two documents, matched or not, it is −0.25.
    The difference, 0.00 [−0.05, 0.06], cannot be distinguished from 0: the counts reflect how the two documents are
    worded throughout, not how they word the tasks that they share. This takes all matches for right, and holds
    only for the wording of these two documents.
    """
    coded = strength.dropna(subset="delta") if len(strength) else strength
    if coded.empty:
        return Reading(say("describe_strength.nothing", language))
    if false_matches is not None and len(false_matches) and not false_matches["related"].all():
        return Reading(say_unrelated(false_matches.iloc[0], language))
    name, reference = name_pair(coded, corpus, language)
    delta, first = coded["delta"], coded.iloc[0]
    counts = {
        "n": len(delta),
        "n_firmer": (delta > 0).sum(),
        "n_weaker": (delta < 0).sum(),
        "n_equal": (delta == 0).sum(),
        "mean": delta.mean(),
        "baseline": first["baseline"],
    }
    if pd.isna(first["low"]):
        case = "describe_strength.no_interval"
    elif first["low"] > 0:
        case = "describe_strength.above"
    else:
        case = "describe_strength.below" if first["high"] < 0 else "describe_strength.alike"
    words = {"name": name, "difference": say_estimate(first, "difference", language, "number.decimal")}
    sentences = [
        say("describe_strength.firmer", language, name=name, reference=reference, **counts),
        say(case, language, **words),
        say("describe_strength.within", language),
    ]
    return write_paragraph(sentences, language)
