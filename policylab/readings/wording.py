"""Sentences about how firmly two plans are worded."""

import pandas as pd

from policylab.corpus.load import Corpus
from policylab.language.documents import name_pair
from policylab.language.sentences import say
from policylab.readings.reading import Reading


def describe_strength(strength: pd.DataFrame, corpus: Corpus, *, language: str = "zh") -> Reading:
    """Say in how many matched pairs of tasks which document is worded more firmly.

    Parameters
    ----------
    strength : DataFrame
        Table of compare_strength.
    corpus : Corpus
        The corpus of the two documents.
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
    **41 pairs** of tasks have coded clauses on both sides: Chongqing 2019 is worded more firmly in 4, National 2019 in
    35, neither in 2; the median δ is −0.20. This holds only for the wording of these two documents.
    """
    coded = strength.dropna(subset="delta") if len(strength) else strength
    if coded.empty:
        return Reading(say("describe_strength.nothing", language))
    name, reference = name_pair(coded, corpus, language)
    delta = coded["delta"]
    counts = {
        "n": len(delta),
        "n_firmer": (delta > 0).sum(),
        "n_weaker": (delta < 0).sum(),
        "n_equal": (delta == 0).sum(),
    }
    median = delta.median()
    return Reading(say("describe_strength.firmer", language, name=name, reference=reference, median=median, **counts))
