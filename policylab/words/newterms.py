"""Candidates for the dictionary: strings that hold together and stand free, found without any dictionary."""

import re

import numpy as np
import pandas as pd

from policylab.base.arguments import check_whole
from policylab.base.columns import need_columns, need_texts
from policylab.base.errors import PolicylabError

_HAN_RUN = re.compile("[\u4e00-\u9fd5]+")
# Words of one character that begin or end almost no term. (和谐 is lost; 等, 为 and 对 would cost 等级, 为主 and 对接.)
_EDGES = frozenset("的了和与及")


def find_new_terms(paragraphs, min_n=5, max_characters=10, known=(), n_contexts=3, width=8):
    """Strings of Chinese characters that behave like words, ranked, with contexts, to be accepted or refused by hand.

    `paragraphs` has document_id, paragraph and text. A row of the result is a candidate: `term`, `n`, `pmi`,
    `left_entropy`, `right_entropy`, `score`, `rank`, `contexts` (its first places) and `n_documents`.

    pmi: pointwise mutual information in bits at the weakest of its splits into two parts; high where no part occurs much
    without the other. left_entropy, right_entropy: how varied the neighbouring characters are, in bits; low where the
    string is a piece of a longer word. Every edge of a run of characters is a neighbour of its own, because a mark bounds
    a word. score = min(left_entropy, right_entropy) · log2(n) · pmi · (characters - 1): 0 for a string with one neighbour
    on a side. The product is ours, chosen so that no single virtue carries a candidate; the last factor is the number of
    splits that it withstands, without which general words of two characters fill the first hundred ranks.

    Candidates have 2 to max_characters characters, at least min_n places, pmi > 0 and none of 的, 了, 和, 与, 及 at an edge.
    Strings in `known` (a list, or a table with a column term) are left out: the terms accepted so far, or all words that
    the segmenter makes by itself. In a corpus of a few plans the entropies rest on few neighbours, and formulas (建设与应用)
    rank among the terms: hence by hand.

    >>> import policylab as lab
    >>> found = find_new_terms(lab.load_corpus().paragraphs)
    >>> {"网络安全", "教育信息化", "网络学习空间"} <= set(found["term"].head(20))
    True
    """
    need_texts(paragraphs)
    known = _read_terms(known, "known")
    for name, value, least in (
        ("min_n", min_n, 2),
        ("max_characters", max_characters, 2),
        ("n_contexts", n_contexts, 0),
        ("width", width, 0),
    ):
        check_whole(name, value, least)
    # Sorted, so that the first places do not depend on the order of the rows.
    ordered = paragraphs.sort_values(["document_id", "paragraph"], kind="stable")
    runs, owners = [], []
    for document, text in zip(ordered["document_id"], ordered["text"]):
        for run in _HAN_RUN.findall(text):
            runs.append(run)
            owners.append(document)
    text = "\n".join(["", *runs, ""])
    characters = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    counts, strings = _count_strings(text, characters, max_characters, min_n)
    total = int((characters != 10).sum())
    rows = []
    for string, starts in strings.items():
        if string[0] in _EDGES or string[-1] in _EDGES or string in known:
            continue
        n = len(starts)
        pmi = min(np.log2(n * total / (counts[string[:i]] * counts[string[i:]])) for i in range(1, len(string)))
        left, right = (_entropy(characters[edge]) for edge in (starts - 1, starts + len(string)))
        if pmi > 0:
            rows.append((string, n, pmi, left, right, min(left, right) * np.log2(n) * pmi * (len(string) - 1)))
    table = pd.DataFrame(rows, columns=["term", "n", "pmi", "left_entropy", "right_entropy", "score"])
    table = table.sort_values(["score", "n", "term"], ascending=[False, False, True], ignore_index=True)
    table["rank"] = np.arange(1, len(table) + 1)
    ends = np.cumsum([len(run) + 1 for run in runs])
    table["contexts"] = [_contexts(text, strings[term][:n_contexts], len(term), width) for term in table["term"]]
    places = [np.searchsorted(ends, strings[term] - 1, side="right") for term in table["term"]]
    table["n_documents"] = [len({owners[i] for i in place}) for place in places]
    return table


def _count_strings(text, characters, longest, least):
    """(counts of all strings that matter, places of those with two characters or more).

    A string is as frequent as its parts at most, so strings grow only where both shorter ones are frequent: memory follows
    the places of frequent strings, not all strings of the corpus.
    """
    places = np.flatnonzero(characters != 10)
    _, ids = np.unique(characters, return_inverse=True)
    n = np.bincount(ids)
    counts = {chr(c): int(k) for c, k in zip(np.unique(characters), n)}
    frequent = np.zeros(len(characters) + 1, dtype=bool)
    frequent[places[n[ids[places]] >= least]] = True
    strings = {}
    for length in range(2, longest + 1):
        # Both the string without its last and the one without its first character are frequent.
        places = np.flatnonzero(frequent[:-1] & frequent[1:])
        if not len(places):
            break
        keys = ids[places].astype(np.int64) * (int(ids.max()) + 1) + ids[places + 1]
        codes, _ = pd.factorize(keys)
        n = np.bincount(codes)
        kept = n[codes] >= least
        places, codes = places[kept], codes[kept]
        order = np.argsort(codes, kind="stable")
        frequent = np.zeros(len(characters) + 1, dtype=bool)
        frequent[places] = True
        ids = np.zeros(len(characters), dtype=np.int64)
        ids[places] = codes
        for starts in np.split(places[order], np.flatnonzero(np.diff(codes[order])) + 1):
            if len(starts):
                string = text[starts[0] : starts[0] + length]
                strings[string] = starts
                counts[string] = len(starts)
    return counts, strings


def _entropy(neighbours):
    """Shannon entropy in bits; the edge of a run (a line end) is a neighbour that occurs once."""
    edges = int((neighbours == 10).sum())
    n = np.unique(neighbours[neighbours != 10], return_counts=True)[1]
    shares = np.r_[n, np.ones(edges)] / len(neighbours)
    return float(-(shares * np.log2(shares)).sum()) + 0.0


def _read_terms(terms, name):
    """The distinct terms of a list or of a table with a column term, such as load_terms gives."""
    if isinstance(terms, str):
        raise PolicylabError(f"{name}={terms!r} is one string. Give a list of terms or a table with a column term.")
    if isinstance(terms, pd.DataFrame):
        need_columns(terms, ["term"], name)
        terms = terms["term"]
    return set(terms)


def _contexts(text, starts, length, width):
    shown = []
    for start in starts.tolist():
        left = text[max(start - width, 0) : start].rpartition("\n")[2]
        right = text[start + length : start + length + width].partition("\n")[0]
        shown.append(f"{left}[{text[start : start + length]}]{right}")
    return " · ".join(shown)


def measure_recall(candidates, terms, paragraphs, min_n=5):
    """How many terms of a dictionary the candidates hold, so that the method and not the impression is judged.

    A row is a cut-off: `first` (the first candidates by rank; the last row takes all), `n_found`, `n_terms`, `recall`,
    `precision` (found / first: low, since the dictionary holds no general words). `terms` counts those of two or more
    Chinese characters that occur at least `min_n` times in the texts: no method based on frequency finds the others.

    >>> import policylab as lab
    >>> paragraphs = lab.load_corpus().paragraphs
    >>> recall = measure_recall(find_new_terms(paragraphs), lab.load_terms()["term"], paragraphs)
    >>> float(recall["recall"].iloc[-1])
    1.0
    """
    need_texts(paragraphs)
    need_columns(candidates, ["term", "rank"], "candidates")
    candidates = candidates.sort_values("rank")
    text = "\n".join(paragraphs["text"])
    wanted = {
        term
        for term in _read_terms(terms, "terms")
        if len(term) > 1 and _HAN_RUN.fullmatch(term) and text.count(term) >= min_n
    }
    rows = []
    for first in [50, 100, 200, 500, 1000, len(candidates)]:
        if first <= len(candidates):
            found = len(wanted & set(candidates["term"].head(first)))
            shares = [found / size if size else float("nan") for size in (len(wanted), first)]
            rows.append((first, found, len(wanted), *shares))
    return pd.DataFrame(rows, columns=["first", "n_found", "n_terms", "recall", "precision"]).drop_duplicates(
        ignore_index=True
    )
