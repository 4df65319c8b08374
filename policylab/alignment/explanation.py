"""From a score back to the text: the action and the phrases that carry it."""

from itertools import accumulate

import numpy as np
import pandas as pd

from policylab.alignment.align import check_background, read_pair
from policylab.alignment.background import Background, look_up
from policylab.alignment.likeness import join_titles, score_clauses, weigh
from policylab.alignment.ngrams import count_ngrams
from policylab.alignment.reuse import find_shared, place_units
from policylab.base.errors import PolicylabError
from policylab.corpus.bundle import Corpus
from policylab.words.segmenter import load_engine

EVIDENCE_COLUMNS = [
    *("kind", "text", "reference_text", "weight", "n_units", "n_reference_units"),
    *("start", "end", "reference_start", "reference_end"),
]
_NO_PLACE = (pd.NA, pd.NA)


def explain_pair(
    corpus: Corpus,
    document_id: str,
    task: int,
    reference_id: str,
    reference_task: int,
    *,
    unit: str = "task",
    background: Background | None = None,
) -> pd.DataFrame:
    """Explain the score of one pair by the action taken up and the phrases in common: one row is a piece of evidence.

    Parameters
    ----------
    corpus : Corpus
        The corpus that was aligned.
    document_id, task, reference_id, reference_task : str and int
        The two documents and their tasks.
    unit, background : str and iterable of str
        As the alignment was made with (align_tasks).

    Returns
    -------
    DataFrame
        `kind`, `text`, `reference_text`, `weight`; `n_units`, `n_reference_units` (how many tasks of either document have
        the phrase: where many have it, it is boilerplate); `start`, `end`, `reference_start`, `reference_end` (offsets in
        the two sources, missing for a title). The kinds:

        * action: the clause of the task that is found best in the reference task, or the other way round (then the reference
          text is filled and the text blank); weight is the share that is found (0-1). The component action joins both;
        * phrase: a longest phrase that the two have in common, cut to whole words; weight (0-1) is its part of the content
          of all these phrases, so the weights of phrases add up to 1.

    Raises
    ------
    PolicylabError
        As align_tasks, and for a task that a document does not have.

    Notes
    -----
    The rest of `theme` comes by way of other tasks, and no phrase of these two shows it: a high theme with poor phrases
    deserves a look at the texts.

    Examples
    --------
    >>> import policylab as lab
    >>> evidence = explain_pair(lab.load_corpus(), "chongqing-2019", 21, "national-2019", 24)
    >>> evidence.loc[evidence["kind"] == "phrase", "text"].head(3).tolist()
    ['农村学校信息化', '建设投入', '投入']
    """
    sides = read_pair(corpus, document_id, reference_id, unit)
    ids, ordinals = (document_id, reference_id), (task, reference_task)
    rows = [_find_row(*side, unit) for side in zip(sides, ordinals, ids)]
    places = [place_units(corpus, name, unit).get(ordinal, []) for name, ordinal in zip(ids, ordinals)]
    whole = [join_titles(side) for side in sides]
    counts, vocabulary = count_ngrams(whole[0] + whole[1])
    n = len(whole[0])
    background = check_background(background)
    frequency = look_up(background.ngrams, background.ngram_frequency, vocabulary)
    weights = weigh(counts, n, frequency, background.n_texts)
    evidence = _find_actions(sides, rows, (counts[n:], counts[:n]), vocabulary, weights, places)
    phrases = _list_phrases(*(side.iloc[row] for side, row in zip(sides, rows)), *places)
    content = _weigh_phrases(phrases, vocabulary, weights)
    total = sum(content.values())
    for text in sorted(content, key=lambda text: -content[text]):
        having = [sum(text in other for other in side) for side in whole]
        evidence.append(("phrase", text, phrases[text][0], content[text] / total, *having, *phrases[text][1:]))
    types = dict.fromkeys(EVIDENCE_COLUMNS[4:], "Int64") | {"weight": "float64"}
    return pd.DataFrame(evidence, columns=EVIDENCE_COLUMNS).astype(types)


def _find_actions(sides, rows, others, vocabulary, weights, places):
    """The best clause of the task in the reference task, and of the reference task in the task."""
    evidence = []
    for side in (0, 1):
        value, clauses = score_clauses(sides[side].iloc[[rows[side]]], others[side], vocabulary, weights)
        found = value[:, rows[1 - side]]
        if found.any():
            clause = clauses.iloc[found.argmax()]
            place = _place(places[side], clause["part"], clause["start"], clause["end"])
            texts, ends = (clause["text"], ""), (*place, *_NO_PLACE)
            if side:
                texts, ends = texts[::-1], (*_NO_PLACE, *place)
            evidence.append(("action", *texts, found.max(), pd.NA, pd.NA, *ends))
    return evidence


def _list_phrases(unit, reference, place, reference_place):
    """{phrase: (reference text, its place, its place in the reference)}; text with text comes first, title with title last."""
    phrases = {}
    for part, reference_part in [(1, 1), (0, 1), (1, 0), (0, 0)]:
        text, other = unit[["title", "text"]].iloc[part], reference[["title", "text"]].iloc[reference_part]
        edges = _find_edges(text)
        for span in find_shared(text, other, 2):
            start, end, other_start, other_end = _cut_to_words(edges, *span)
            ends = _place(place, part, start, end), _place(reference_place, reference_part, other_start, other_end)
            phrases.setdefault(text[start:end], (other[other_start:other_end], *ends[0], *ends[1]))
    return phrases


def _weigh_phrases(phrases, vocabulary, weights):
    """{phrase: content}, the sum of the weights of its n-grams; a phrase without any is left out."""
    counts = count_ngrams(phrases, vocabulary)[0] if phrases else None
    content = np.asarray(counts.multiply(weights[None]).sum(axis=1)).ravel() if phrases else []
    return {text: float(value) for text, value in zip(phrases, content) if value > 0}


def _find_edges(text):
    """The places between the words of a text."""
    return [0, *accumulate(map(len, load_engine("rjieba")(text, True)))]


def _cut_to_words(edges, start, end, other_start, other_end):
    """A shared span without the halves of words at its ends: of 网络扶智工作 and 网络扶智工程 it keeps 网络扶智."""
    within = [edge for edge in edges if start <= edge <= end]
    # A span that white space makes longer on one side has other places on the other; it stays as it is.
    if end - start != other_end - other_start or not within or within[-1] - within[0] < 2:
        return start, end, other_start, other_end
    return within[0], within[-1], other_start + within[0] - start, other_end + within[-1] - end


def _find_row(units, ordinal, document_id, unit):
    found = np.flatnonzero(units["unit"] == ordinal)
    if not len(found):
        first, last = units["unit"].iloc[0], units["unit"].iloc[-1]
        raise PolicylabError(f"{document_id} has no {unit} {ordinal!r}. Its {unit}s go from {first} to {last}.")
    return int(found[0])


def _place(offsets, part, start, end):
    return _NO_PLACE if part == 0 else (offsets[start], offsets[end - 1] + 1)
