"""Candidates for the dictionary: strings that hold together and occur freely, found without any dictionary."""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from policylab.base.arguments import check_whole
from policylab.base.columns import need_columns, need_texts
from policylab.base.errors import PolicylabError

_HAN_RUN = re.compile("[\u4e00-\u9fd5]+")
# Words of one character that begin or end almost no term. (和谐 is lost; 等, 为 and 对 would cost 等级, 为主 and 对接.)
_EDGES = frozenset("的了和与及")


def find_new_terms(
    paragraphs: pd.DataFrame,
    *,
    min_n: int = 5,
    max_characters: int = 10,
    known: pd.DataFrame | Iterable[str] = (),
    n_contexts: int = 3,
    width: int = 8,
) -> pd.DataFrame:
    """Find strings of Chinese characters that behave like words, to be accepted or refused by hand: one row is a candidate.

    Parameters
    ----------
    paragraphs : DataFrame
        A table of texts, such as corpus.paragraphs.
    min_n : int
        Fewest places, 2 or more.
    max_characters : int
        Longest string, 2 or more. A candidate does not begin or end with 的, 了, 和, 与 or 及.
    known : DataFrame or iterable of str
        Strings to leave out: the terms accepted so far (a table with a column `term`, or a list), or all words that the
        segmenter makes by itself.
    n_contexts : int
        How many places to show for each.
    width : int
        Characters to show on either side of a place.

    Returns
    -------
    DataFrame
        `term`, `n`, `pmi` (bits, above 0), `left_entropy`, `right_entropy` (bits), `score`, `rank` (by score),
        `contexts` and `n_documents`.

    Raises
    ------
    PolicylabError
        If a column is missing, a text is null, or a number is no whole number in its range.

    Notes
    -----
    pmi is the pointwise mutual information at the weakest split of the string into two parts: high where no part occurs
    often without the other. The entropies say how varied the neighbouring characters are: low where the string is a piece
    of a longer word. Every end of a run of characters is a neighbour of its own, because a mark bounds a word.

    score = min(left_entropy, right_entropy) · log2(n) · pmi · (characters − 1), which is 0 for a string with a single
    neighbour on one side. The product is our own, chosen so that no single virtue carries a candidate; the last factor is
    the number of splits that the string withstands, without which general words of two characters fill the first hundred
    ranks. In a corpus of a few plans the entropies rest on few neighbours, and formulas (建设与应用) rank among the terms.

    Examples
    --------
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


def measure_recall(
    candidates: pd.DataFrame,
    terms: pd.DataFrame | Iterable[str],
    paragraphs: pd.DataFrame,
    *,
    min_n: int = 5,
) -> pd.DataFrame:
    """Measure how many terms of a dictionary are among the candidates of find_new_terms: one row is a cut-off.

    Parameters
    ----------
    candidates : DataFrame
        The table of find_new_terms.
    terms : DataFrame or iterable of str
        The dictionary. Of its terms those count that have two or more Chinese characters and occur at least `min_n`
        times in the texts: no method based on frequency finds the others.
    paragraphs : DataFrame
        The texts in which the candidates were found.
    min_n : int
        As for find_new_terms.

    Returns
    -------
    DataFrame
        `first` (the first candidates by rank; the last row takes all), `n_found`, `n_terms`, `recall` (0-1) and
        `precision` (0-1: found / first; low, since the dictionary holds no general words).

    Raises
    ------
    PolicylabError
        If a column is missing.

    Examples
    --------
    >>> import policylab as lab
    >>> paragraphs = lab.load_corpus().paragraphs
    >>> recall = measure_recall(find_new_terms(paragraphs), lab.load_terms(), paragraphs)
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
