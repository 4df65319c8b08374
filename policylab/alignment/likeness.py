"""How alike two tasks are: likenesses of all pairs of two documents, from which policylab.alignment.align makes one score.

Each counts what two tasks share by how rarely others say it. How rarely is known from a background of other policy texts and
from the two documents: what half of the tasks of both say (教育信息化) tells as little as what all policies say (推进).
"""

import re

import numpy as np
import pandas as pd

from policylab.alignment.background import count_words, look_up
from policylab.alignment.encoding import encode_texts
from policylab.alignment.ngrams import count_ngrams, document_frequency, make_vectors

# What one document says in a single task is no habit of it; what it says in more counts as if that were shares of this many
# tasks more than it has, so that ten tasks teach less about a document's habits than fifty.
FEW = 2
# Standard deviations of the (root) cosines below which they are not stretched: what two documents without a common subject
# have. Half and twice as much do a little worse.
SPREAD = {"cosine": 0.06, "words": 0.085, "axes": 0.14}
# An encoder counts in full if its likenesses agree with the other three this well (correlation), and in proportion below: those of
# the three that agree least do so at 0.54 to 0.74 in the gold, and chance, texts of like length or a constant at 0 to 0.15.
AGREED = 0.5
# A clause of this much content (about six rare bigrams) counts by half if all of it is found: little can be found anywhere.
DAMPED = 40.0

_CLAUSE = re.compile(r"[。；;！？!?\n，,]")
_SHORTEST_CLAUSE = 4  # characters; below that it is a conjunction or a remnant (此外, 2.0)
# A theme is an axis of variation that carries more than one task's worth (Kaiser 1960: eigenvalue above 1). The cut is a
# slope from 0.7 to 1.3, so that no score jumps when an eigenvalue passes 1; slopes half and twice as wide do nearly as well.
_THEMES = (0.7, 1.3)


def compare_units_of_text(units, references, background, encoder=None):
    """The likenesses of all pairs, {"cosine", "words", "axes", "relative", "theme", "action"}: arrays of units by references.

    With an encoder also "encoded". A text that occurs twice on a side is compared once, so that copies change no other number.
    """
    (units, rows), (references, columns) = _drop_copies(units), _drop_copies(references)
    n = len(units)
    texts = join_titles(units) + join_titles(references)
    counts, ngrams = count_ngrams(texts)
    rarity = weigh(counts, n, look_up(background.ngrams, background.ngram_frequency, ngrams), background.n_texts)
    found = _compare_wholes((counts, ngrams, rarity), count_words(texts), n, background)
    if encoder is not None:
        vectors = encode_texts(texts, encoder)
        found["encoded"] = np.clip(vectors[:n] @ vectors[n:].T, -1, 1)
        found["relative"] = _join_encoded(found["relative"], vectors, n)
    there, back = (take_best(*sides, ngrams, rarity) for sides in ((units, counts[n:]), (references, counts[:n])))
    found["action"] = join_actions(there, back.T)
    return {name: values[np.ix_(rows, columns)] for name, values in found.items()}


def _compare_wholes(ngram_counts, word_counts, n, background):
    """The likenesses of the first `n` texts and the others but for action; `ngram_counts`: (counts, n-grams, rarity)."""
    counts, ngrams, rarity = ngram_counts
    word_counts, words = word_counts
    word_rarity = weigh(word_counts, n, look_up(background.words, background.word_frequency, words), background.n_texts)
    alike = _multiply(make_vectors(counts, np.sqrt(rarity)))
    found = {
        "cosine": alike[:n, n:],
        "words": _multiply(make_vectors(word_counts, word_rarity))[:n, n:],
        "axes": _share_axes(counts, rarity, ngrams, background)[:n, n:],
    }
    relative = np.mean([_stand_out(np.sqrt(found[name]), SPREAD[name]) for name in SPREAD], axis=0)
    return found | {"relative": relative, "theme": _share_themes(alike)[:n, n:]}


def compare_with_sample(units, background, k):
    """The likenesses of units and those `k` texts of the background's sample that are the least like them: units by texts.

    The sample is of all fields of policy; what is least like the units holds no counterpart, and shows what chance and boilerplate
    do. Where the clauses of its texts end is not known, so `action` looks for clauses of the units alone.
    """
    units, rows = _drop_copies(units)
    n, texts = len(units), join_titles(units)
    counts, ngrams = _add_bags(count_ngrams(texts), background.ngrams, background.sample_ngrams)
    words = _add_bags(count_words(texts), background.words, background.sample_words)
    rarity = weigh(counts, n, look_up(background.ngrams, background.ngram_frequency, ngrams), background.n_texts)
    nearness = _share_axes(counts, rarity, ngrams, background)[:n, n:].mean(axis=0)
    kept = np.append(np.arange(n), n + np.sort(np.argsort(nearness, kind="stable")[:k]))
    counts, words = counts[kept], (words[0][kept], words[1])
    rarity = weigh(counts, n, look_up(background.ngrams, background.ngram_frequency, ngrams), background.n_texts)
    found = _compare_wholes((counts, ngrams, rarity), words, n, background)
    there = take_best(units, counts[n:], ngrams, rarity)
    return {name: values[rows] for name, values in (found | {"action": join_actions(there, there)}).items()}


def _add_bags(counted, known, bags):
    """(counts of texts and below them of bags, the columns of both); what is unseen in a bag is a column of its own."""
    from scipy.sparse import block_diag, csr_matrix, hstack, vstack

    counts, columns = counted
    bags_counts, n_unseen = bags.counts.tocsc(), bags.n_unseen.astype(np.int64)
    used = np.flatnonzero(np.diff(bags_counts.indptr))
    every = np.union1d(columns, known[used])
    places = [np.searchsorted(every, own) for own in (columns, known[used])]
    parts = [
        csr_matrix((part.data, place[part.indices], part.indptr), shape=(part.shape[0], len(every)))
        for part, place in zip((counts, bags_counts[:, used].tocsr()), places, strict=True)
    ]
    unseen = block_diag([np.ones((1, n), np.float32) for n in n_unseen], format="csr")
    below = csr_matrix((counts.shape[0], unseen.shape[1]), dtype=np.float32)
    joined = hstack([vstack(parts), vstack([below, unseen])], format="csr")
    return joined, np.append(every, _name_unseen(every, unseen.shape[1]))


def _name_unseen(columns, n):
    """Names of `n` columns that come after all `columns` and are none of them."""
    if columns.dtype.kind == "u":
        return np.iinfo(np.uint64).max - np.arange(n, dtype=np.uint64)[::-1]
    return np.array([f"\U0010ffff{i:06d}" for i in range(n)])


def join_titles(units):
    """Title and text of every unit as one string."""
    return [f"{title}\n{text}" for title, text in zip(units["title"], units["text"])]


def _drop_copies(units):
    """(the units without copies, the place of every unit among them)"""
    place = {}
    places = [place.setdefault(text, len(place)) for text in zip(units["title"], units["text"])]
    first = [row for row, own in enumerate(places) if own not in places[:row]]
    return units.iloc[first], places


def weigh(counts, n, frequency, n_texts):
    """The content of every column, -log of the share of texts that have it: in the background, and in both documents.

    `counts`: the first `n` rows are of the one document, the others of the other; `frequency`: in how many of the `n_texts`
    texts of the background each column occurs. The share in both documents is the geometric mean of their shares, so that a
    word of one of them alone, such as the name of a place, weighs what it weighs elsewhere.
    """
    habit, other = (
        np.maximum(document_frequency(part) - 1, 0) / (part.shape[0] + FEW) for part in (counts[:n], counts[n:])
    )
    share = (frequency + 0.5) / (n_texts + 1) + np.sqrt(habit * other)
    return -np.log(np.minimum(share, 1))


def _multiply(vectors):
    return np.clip((vectors @ vectors.T).toarray().astype(float), 0, 1)


def _share_axes(counts, rarity, ngrams, background):
    """Cosines of the texts on the axes of the background, where other words for the same thing lie close together."""
    placed = np.isin(ngrams, background.axis_ngrams)
    places = make_vectors(counts[:, placed], rarity[placed]) @ look_up(
        background.axis_ngrams, background.axes, ngrams[placed]
    ).astype(float)
    length = np.linalg.norm(places, axis=1, keepdims=True)
    places = np.divide(places, length, out=np.zeros_like(places), where=length > 0)
    return np.clip(places @ places.T, 0, 1)


def _stand_out(values, spread):
    """By how many standard deviations a pair is above the mean of all pairs of the two documents, most of them no links."""
    return (values - values.mean()) / max(values.std(), spread)


def _join_encoded(relative, vectors, n):
    """`relative` with what an encoder says as a fourth likeness.

    How far its cosines spread where two documents have no subject in common is not known as it is for the other three. So the
    deviation over all pairs of texts, of one document and of both, is the least that is taken: those of one document have a subject.
    """
    alike = vectors @ vectors.T
    spread = alike[~np.eye(len(alike), dtype=bool)].std()
    encoded = _stand_out(alike[:n, n:], max(spread, 1e-6))
    agreement = np.mean(encoded * (relative - relative.mean())) / max(encoded.std() * relative.std(), 1e-6)
    weight = np.clip(agreement / AGREED, 0, 1)
    return (len(SPREAD) * relative + weight * encoded) / (len(SPREAD) + weight)


def _share_themes(alike):
    """Cosines in the space of the leading eigenvectors of a matrix of cosines. Exact, so that nothing is random."""
    values, axes = np.linalg.eigh(alike)
    kept = values * np.clip((values - _THEMES[0]) / (_THEMES[1] - _THEMES[0]), 0, 1)
    smooth = (axes * kept) @ axes.T
    length = np.sqrt(np.clip(np.diag(smooth), 0, None))
    # A text that shares nothing with any other lies on no common theme.
    length[length < 1e-6] = np.inf
    return np.clip(smooth / length[:, None] / length[None], 0, 1)


def join_actions(there, back):
    """One number of both directions: the square of the mean of the roots, so that one direction alone counts a quarter."""
    return (np.sqrt(there) + np.sqrt(back)) ** 2 / 4


def split_clauses(units):
    """One row is a clause: `row` (of its unit), `part` (0: the title, 1: the text), `start`, `end` in that part, `text`."""
    rows = []
    for row, parts in enumerate(zip(units["title"], units["text"])):
        for part, text in enumerate(parts):
            start = 0
            for stop in [found.start() for found in _CLAUSE.finditer(text)] * part + [len(text)]:
                if len(text[start:stop].strip()) >= _SHORTEST_CLAUSE:
                    rows.append((row, part, start, stop, text[start:stop]))
                start = stop + 1
    return pd.DataFrame(rows, columns=["row", "part", "start", "end", "text"])


def score_clauses(units, reference_counts, ngrams, rarity):
    """(value of every clause for every reference, the table of clauses).

    The value (0-1) is the share of the clause's content that is found in the reference, damped for clauses of little content.
    """
    clauses = split_clauses(units)
    present = count_ngrams(clauses["text"], ngrams)[0]
    present.data[:] = 1
    there = reference_counts.copy()
    there.data[:] = 1
    present.data *= rarity.astype(np.float32)[present.indices]
    content = np.asarray(present.sum(axis=1)).ravel()
    return (present @ there.T).toarray() / (content + DAMPED)[:, None], clauses


def take_best(units, *others):
    """The value of the best clause of every unit for every reference, arguments as of score_clauses."""
    value, clauses = score_clauses(units, *others)
    best = np.zeros((len(units), value.shape[1]))
    rows, starts = np.unique(clauses["row"], return_index=True)
    if len(rows):
        best[rows] = np.maximum.reduceat(value, starts, axis=0)
    return best
