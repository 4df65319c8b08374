"""Sentences about concepts: how much of the texts they take up, and how alike documents are in that."""

from collections.abc import Mapping

import pandas as pd

from policylab.corpus.load import Corpus
from policylab.language.documents import name_document
from policylab.language.labels import label
from policylab.language.lags import name_lag
from policylab.language.sentences import join, say
from policylab.language.terms import gloss_terms
from policylab.readings.reading import Reading, say_estimate, say_range, write_paragraph
from policylab.words.conceptfit import LEAST_RATE

SHOWN = 5  # documents that a sentence names
LEAST_MENTIONS = 20  # for a document's attention to be compared; by judgement, one mention is then at most 5% of it
FEW_MENTIONS = 10  # of concepts in a thousand words; by judgement, far below the 70 of plans that the list was made for


def describe_concept_fit(fit: pd.DataFrame, corpus: Corpus, *, own: bool = False, language: str = "zh") -> Reading:
    """Say how much of the documents a list of concepts is about, and whether it suits them.

    Parameters
    ----------
    fit : DataFrame
        Table of measure_concept_fit.
    corpus : Corpus
        The corpus that it was measured in.
    own : bool
        Whether a person chose the list for these documents. Of such a list nothing is judged, and the numbers are given.
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
    >>> fit = lab.recipes.measure_concept_fit(lab.tokenize(corpus))
    >>> print(describe_concept_fit(fit, corpus, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    The list of concepts suits all 4 documents: not counting its most frequent term, each mentions terms of the list 62–81 times
    per thousand words (at least 40 are asked for). 89%–97% of its tasks mention a concept.
    """
    known = fit.dropna(subset="rate")
    if known.empty:
        return Reading(say("describe_concept_fit.nothing", language))
    rate = say_range(known["rate"].round(), language, "number.count")
    share = say_range(known["share"], language, "number.share")
    unit = label(f"unit_{known['unit'].iloc[0]}", language)
    words = {"n": len(known), "rate": rate, "share": share, "unit": unit, "least": LEAST_RATE}
    if own:
        return Reading(say("describe_concept_fit.own", language, **words))
    fitting = known.loc[known["fits"].astype(bool), "document_id"].tolist()
    if len(fitting) == len(known):
        return Reading(say("describe_concept_fit.all", language, **words))
    sentences = [say("describe_concept_fit.some" if fitting else "describe_concept_fit.none", language, **words)]
    if fitting and len(fitting) <= SHOWN:
        named = join((name_document(corpus, document, language) for document in fitting), language)
        sentences.append(say("describe_concept_fit.fitting", language, documents=named))
    elif fitting:
        sentences.append(say("describe_concept_fit.fitting_many", language, n=len(fitting)))
    sentences.append(say("describe_concept_fit.remedy", language))
    return write_paragraph(sentences, language)


def describe_attention(
    attention: pd.DataFrame, corpus: Corpus, glosses: Mapping[str, str] | None = None, *, language: str = "zh"
) -> Reading:
    """Say how often the texts mention concepts, and which concept differs most between documents.

    Parameters
    ----------
    attention : DataFrame
        Table of measure_attention by document.
    corpus : Corpus
        The corpus that it was measured in.
    glosses : mapping of str to str, optional
        English names of concepts; those of load_glosses unless given.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Notes
    -----
    Documents with fewer than 20 mentions are not compared, which the text mentions: in them a concept has a large share
    by chance.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> attention = lab.measure_attention(tokens)
    >>> print(describe_attention(attention, corpus, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    Each document mentions concepts 138–190 times in its tasks, 68–85 times per thousand words. Between 4 documents
    attention differs most for **smart education**: from 3% [1%, 9%] (National 2017) to 15% [6%, 34%] (Fujian 2020);
    95% intervals in brackets.
    """
    known = attention.dropna(subset="attention")
    if attention.empty:
        return Reading(say("describe_attention.unfit", language))
    if known.empty:
        return Reading(say("describe_attention.nothing", language))
    totals = known.drop_duplicates("document_id").set_index("document_id")
    per_mille = 1000 * totals["n_mentions"] / totals["n_tokens"]
    n, rate = (say_range(values, language, "number.count") for values in (totals["n_mentions"], per_mille.round()))
    unit = label(f"unit_{totals['unit'].iloc[0]}", language)
    sentences = [say("describe_attention.mentions", language, unit=unit, n=n, rate=rate)]
    sentences += _say_widest(known, corpus, language, glosses)
    if per_mille.max() < FEW_MENTIONS:
        sentences.append(say("describe_attention.few", language))
    return write_paragraph(sentences, language)


def _say_widest(attention, corpus, language, glosses):
    """Which concept's attention differs most between documents with enough mentions; nothing if none differs."""
    enough = attention["n_mentions"] >= LEAST_MENTIONS
    shares = attention[enough].groupby("concept", sort=False)["attention"]
    spread = shares.max() - shares.min()
    if not (spread > 0).any():
        return []
    concept = spread.idxmax()
    ends = attention[enough & (attention["concept"] == concept)].sort_values(["attention", "document_id"]).iloc[[0, -1]]
    low, high = (say_estimate(row, "attention", language, "number.share") for row in ends.to_dict("records"))
    least, most = (name_document(corpus, str(document_id), language) for document_id in ends["document_id"])
    key = "describe_attention.widest_with_intervals" if ends["low"].notna().any() else "describe_attention.widest"
    name = gloss_terms([concept], language, glosses)[concept]
    n_compared = attention.loc[enough, "document_id"].nunique()
    sentences = [say(key, language, n=n_compared, concept=name, low=low, least=least, high=high, most=most)]
    if n := attention.loc[~enough, "document_id"].nunique():
        sentences.append(say("describe_attention.left_out", language, n=n, least=LEAST_MENTIONS))
    return sentences


def describe_consistency(consistency: pd.DataFrame, corpus: Corpus, *, language: str = "zh") -> Reading:
    """Say which document is closest to the reference and which is farthest from it.

    Parameters
    ----------
    consistency : DataFrame
        Table of measure_consistency.
    corpus : Corpus
        The corpus that it was measured in.
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
    >>> tokens = lab.tokenize(corpus)
    >>> consistency = lab.measure_consistency(tokens, "national-2019", n_resamples=0)
    >>> print(describe_consistency(consistency, corpus, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    Of the 3 documents compared with National 2019, the closest is National 2017 (2 years apart), 0.81; the farthest is
    Chongqing 2019 (same year), 0.80.
    """
    known = consistency.dropna(subset="consistency").sort_values(["consistency", "document_id"])
    if known.empty:
        return Reading(say("describe_consistency.nothing", language))
    reference = name_document(corpus, known["reference_id"].iloc[0], language)
    closest, farthest = (_say_document(known.iloc[[i]], corpus, language) for i in (-1, 0))
    if len(known) == 1:
        sentences = [say("describe_consistency.closest", language, reference=reference, closest=closest)]
    else:
        key = "describe_consistency.closest_and_farthest"
        sentences = [say(key, language, reference=reference, n=len(known), closest=closest, farthest=farthest)]
    if (known["consistency"] >= known["random_low"]).all():
        sentences.append(say("describe_consistency.none_below", language))
    return write_paragraph(sentences, language)


def _say_document(row, corpus, language):
    """A document with its consistency; `row` is a table of one row."""
    document = row.iloc[0]
    words = {
        "name": name_document(corpus, document["document_id"], language),
        "lag": name_lag(row, corpus, language),
        "consistency": say_estimate(document, "consistency", language, "number.decimal"),
    }
    if pd.isna(document["low"]):
        return say("describe_consistency.document", language, **words)
    return say("describe_consistency.document_with_null", language, null=document["random"], **words)
