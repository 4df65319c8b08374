"""Verbatim reuse: which stretches of a task were copied from its counterpart, and what the wording changed.

Comparison ignores white space, letter case and the width of punctuation; every span is given by its place in both sources.
Titles in 《》 are no copied wording: they match nothing and count in no share.
"""

import re
from difflib import SequenceMatcher
from heapq import heapify, heappop, heappush

import numpy as np
import pandas as pd

from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.corpus.bundle import Corpus
from policylab.corpus.grammar import CITATION
from policylab.corpus.repair import place_characters
from policylab.words.segmenter import load_engine

# Spans of 8 characters and more are copied. Among the 2,910 pairs of tasks that readers of three pairs of documents did not
# link, 0.9% share a span of 8 by chance, 3% one of 7, 7% one of 6: names such as 教育管理信息系统. Of the direct counterparts
# 72% share one of 8.
MINIMUM = 8

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD = _WIDE | dict(zip(map(ord, "“”‘’〔〕—–～"), map(ord, "\"\"''[]---")))

_INNER = re.compile(
    r"(?<=[0-9])(?:\.(?=[0-9])|,(?=[0-9]{3}(?![0-9])))"
)  # a point or comma within a number, when folded

_PAIR = ["document_id", "task", "reference_id", "reference_task"]
SPAN_COLUMNS = [*_PAIR, "span", "length", "start", "end", "reference_start", "reference_end", "text", "reference_text"]
WORDING_COLUMNS = ["change", "text", "reference_text", "start", "end", "reference_start", "reference_end"]


def find_reuse(corpus: Corpus, pairs: pd.DataFrame, *, minimum: int = MINIMUM) -> pd.DataFrame:
    """Find the stretches that matched tasks have in common word for word: one row is a span.

    Parameters
    ----------
    corpus : Corpus
        The corpus that was aligned.
    pairs : DataFrame
        The table of align_tasks; rows that are not matched are left out.
    minimum : int
        Letters, digits and Chinese characters of the shortest span, 1 or more.

    Returns
    -------
    DataFrame
        `document_id`, `task`, `reference_id`, `reference_task`; `span` (ordinal in the pair, in the order of the document);
        `length` (letters, digits and characters, without marks); `start`, `end`, `reference_start`, `reference_end`
        (offsets in the two sources); `text`, `reference_text` (as printed: they differ in marks and white space at most).

    Raises
    ------
    PolicylabError
        If a column is missing, a task is not in the corpus, or `minimum` is less than 1.

    Notes
    -----
    Within a pair spans do not overlap in either text: the longest is taken first, wherever it is (greedy string tiling;
    Wise 1993). A span of one task may return in another pair. Copying from a third source (a law, a speech) looks the same.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> pairs = pd.DataFrame([["chongqing-2019", 31, "national-2019", 28, True]], columns=[*_PAIR, "matched"])
    >>> find_reuse(corpus, pairs)[["length", "text"]].values.tolist()
    [[8, '充分利用各类媒体'], [21, '教育信息化工作的重要政策、重大部署和进展成效'], [8, '为推进教育信息化'], [8, '营造良好舆论氛围']]
    """
    need_columns(pairs, [*_PAIR, "matched"], "pairs")
    if minimum < 1:
        raise PolicylabError(f"minimum={minimum!r} is no length of a span. Pass 1 or more; the default is {MINIMUM}.")
    texts, places = _TaskTexts(corpus), {}
    rows = []
    for document_id, task, reference_id, reference_task in _list_matched(pairs):
        for name in (document_id, reference_id):
            if name not in places:
                places[name] = place_units(corpus, name, "task")
        text, other = texts[document_id, task], texts[reference_id, reference_task]
        place, other_place = places[document_id].get(task), places[reference_id].get(reference_task)
        spans = sorted(find_shared(text, other, minimum, mask=True))
        for ordinal, (start, end, other_start, other_end) in enumerate(spans, 1):
            offsets = place[start], place[end - 1] + 1, other_place[other_start], other_place[other_end - 1] + 1
            printed = text[start:end], other[other_start:other_end]
            length = sum(map(str.isalnum, printed[0]))
            rows.append((document_id, task, reference_id, reference_task, ordinal, length, *offsets, *printed))
    ordinals = dict.fromkeys(["task", "reference_task", *SPAN_COLUMNS[4:10]], "int64")
    return pd.DataFrame(rows, columns=SPAN_COLUMNS).astype(ordinals)


def measure_reuse(corpus: Corpus, pairs: pd.DataFrame, *, minimum: int = MINIMUM) -> pd.DataFrame:
    """Measure how much of every task is found word for word in the reference tasks it is matched with: one row is a task.

    Parameters
    ----------
    corpus : Corpus
        The corpus that was aligned.
    pairs : DataFrame
        The table of align_tasks.
    minimum : int
        As for find_reuse.

    Returns
    -------
    DataFrame
        `document_id`, `reference_id`, `task`; `n_matched` (reference tasks); `n_characters` (letters, digits and characters
        of the task's text, without titles in 《》); `n_copied` (those inside a span of any of the matched tasks, each counted
        once); `share` (0-1; 0 for a task without match, NaN for one without text).

    Raises
    ------
    PolicylabError
        As find_reuse.

    Notes
    -----
    The share is directional: of the document's text, not of the reference's. It describes how close the wording is, not
    whether a province did its own thinking.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> reuse = measure_reuse(corpus, lab.align_tasks(corpus, "chongqing-2019", "national-2019"))
    >>> reuse.loc[reuse["task"] == 31, ["n_characters", "n_copied"]].values.tolist()
    [[93, 45]]
    """
    need_columns(pairs, [*_PAIR, "matched"], "pairs")
    matched = pairs["matched"].to_numpy(dtype=bool)
    copied = count_copied(corpus, pairs[matched], np.ones((1, matched.sum()), dtype=bool), minimum=minimum)
    sizes = count_characters(corpus)
    groups = pairs.assign(n_matched=matched).groupby(["document_id", "reference_id", "task"], sort=False)
    tasks = groups["n_matched"].sum().astype("int64").reset_index()
    keys = list(tasks[["document_id", "reference_id", "task"]].itertuples(index=False, name=None))
    tasks["n_characters"] = [sizes[document_id, task] for document_id, _, task in keys]
    tasks["n_copied"] = [int(copied[key][0]) if key in copied else 0 for key in keys]
    return tasks.assign(share=tasks["n_copied"] / tasks["n_characters"].where(tasks["n_characters"] > 0))


def count_characters(corpus: Corpus) -> pd.Series:
    """The letters, digits and characters of every task's text, without titles in 《》, by document_id and task."""
    texts = _TaskTexts(corpus)
    sizes = [int(_countable(text).sum()) for text in texts.values()]
    return pd.Series(sizes, index=pd.MultiIndex.from_tuples(texts), dtype="int64")


def count_copied(corpus: Corpus, pairs: pd.DataFrame, linked: np.ndarray, *, minimum: int = MINIMUM) -> dict:
    """Count the characters of every task that are copied from the tasks it is linked with, each once.

    `linked` says of every row of `pairs` (its columns) whether it is a link, in several draws (its rows). The result is
    {(document_id, reference_id, task): counts, one for each draw}, without tasks that share no span with any.
    """
    shared = _share_grams(_TaskTexts(corpus), pairs, minimum)
    linked = linked[:, shared]
    pairs = pairs[shared].assign(matched=True)
    spans = find_reuse(corpus, pairs, minimum=minimum)
    row = {key: place for place, key in enumerate(_list_matched(pairs))}
    places = {name: place_units(corpus, name, "task") for name in dict.fromkeys(pairs["document_id"])}
    texts, counts = _TaskTexts(corpus), {}
    for key, own in spans.groupby(["document_id", "reference_id", "task"], sort=False):
        document_id, reference_id, task = key
        counted = np.flatnonzero(_countable(texts[document_id, task]))
        place = np.array(places[document_id].get(task, []), dtype=int)[counted]
        inside = {}
        for span in own.itertuples():
            marks = inside.setdefault(span.reference_task, np.zeros(len(counted), bool))
            marks |= (place >= span.start) & (place < span.end)
        rows = [row[document_id, task, reference_id, other] for other in inside]
        # Draws are many, and different sets of the few tasks that share a span are few.
        sets, place_of = np.unique(linked[:, rows], axis=0, return_inverse=True)
        n_copied = (sets[:, :, None] & np.array(list(inside.values()))).any(axis=1).sum(axis=1)
        counts[key] = n_copied[place_of.ravel()]
    return counts


def _share_grams(texts, pairs, minimum):
    """Whether the two tasks of a pair have any `minimum` characters in a row in common; if not, they share no span."""
    grams = {}

    def cut(key):
        if key not in grams:
            codes = _encode(texts[key], 0, True)[0]
            # What never matches (0) parts the text.
            text = "".join(map(chr, codes)).split("\0")
            grams[key] = {part[i : i + minimum] for part in text for i in range(len(part) - minimum + 1)}
        return grams[key]

    return np.array(
        [not cut((a, int(b))).isdisjoint(cut((c, int(d)))) for a, b, c, d in pairs[_PAIR].itertuples(index=False)],
        dtype=bool,
    )


def compare_wording(
    corpus: Corpus, document_id: str, task: int, reference_id: str, reference_task: int
) -> pd.DataFrame:
    """Compare the wording of a task with that of a reference task: one row is a stretch of words, in the document's order.

    Parameters
    ----------
    corpus : Corpus
        The corpus that holds both.
    document_id, task, reference_id, reference_task : str and int
        The two documents and their tasks.

    Returns
    -------
    DataFrame
        `change`: kept, inserted (the document adds it), deleted (only the reference has it) or substituted; `text`,
        `reference_text` (blank where there is none); `start`, `end`, `reference_start`, `reference_end` (offsets in the
        sources, missing where the text is blank).

    Raises
    ------
    PolicylabError
        If a task is not in the corpus.

    Notes
    -----
    Words come from rjieba. A kept stretch of a single character between two changes is counted as part of them. The order
    is kept, so a sentence that moved appears as deleted and inserted.

    Examples
    --------
    >>> import policylab as lab
    >>> wording = compare_wording(lab.load_corpus(), "chongqing-2019", 15, "national-2019", 15)
    >>> wording.loc[wording["change"] == "substituted", ["reference_text", "text"]].head(1).values.tolist()
    [['制定《教育行业', '落实《重庆市金融和重要领域']]
    """
    texts = _TaskTexts(corpus)
    keys = (document_id, task), (reference_id, reference_task)
    sides = [(texts[key], place_units(corpus, key[0], "task").get(key[1], [])) for key in keys]
    # White space is no word: pages break lines anywhere.
    cut = load_engine("rjieba")
    words = [[(w, a) for w, a in _walk(cut(text, True)) if not w.isspace()] for text, _ in sides]
    folded = [[w.translate(_FOLD).lower() for w, _ in side] for side in words]
    steps = SequenceMatcher(None, folded[1], folded[0], autojunk=False).get_opcodes()
    rows = []
    for change, i, j, k, m in _join_steps(steps, folded[0]):
        cells = [_slice(words[side], a, b, *sides[side]) for side, (a, b) in ((0, (k, m)), (1, (i, j)))]
        rows.append((change, cells[0][0], cells[1][0], *cells[0][1:], *cells[1][1:]))
    return pd.DataFrame(rows, columns=WORDING_COLUMNS).astype(dict.fromkeys(WORDING_COLUMNS[3:], "Int64"))


def find_shared(text, other, minimum, mask=False):
    """(start, end, other start, other end) of the spans that two texts share, longest first; they never overlap.

    `minimum` counts letters, digits and characters. A span does not begin or end with a mark or inside a number or Latin
    word, and stays within a line. With `mask`, titles in 《》 match nothing.

    >>> find_shared("推进校园APP建设，深入应用", "深入 应用校园ＡＰＰ", 4)
    [(2, 7, 5, 10), (10, 14, 0, 5)]
    >>> find_shared("征集优课100万堂", "征集优课120万堂", 4)
    [(0, 4, 0, 4)]
    """
    (codes, place), (other_codes, other_place) = _encode(text, -1, mask), _encode(other, -2, mask)
    letter = np.array([text[i].isalnum() for i in place], dtype=bool)
    before = np.concatenate([[0], np.cumsum(letter)])
    (opens, closes), (other_opens, other_closes) = _find_edges(text, place), _find_edges(other, other_place)
    queue = []

    def offer(i, j, size):
        """Put a block, without what may not stand at its ends, into the queue, if it is long enough."""
        firsts = np.flatnonzero(opens[i : i + size] & other_opens[j : j + size])
        lasts = np.flatnonzero(closes[i : i + size] & other_closes[j : j + size])
        if len(firsts) and len(lasts) and firsts[0] <= lasts[-1]:
            first, last = firsts[0], lasts[-1]
            length = before[i + last + 1] - before[i + first]
            if length >= minimum:
                queue.append((-int(length), int(i + first), int(j + first), int(last - first + 1)))
                return True
        return False

    run = np.zeros(len(other_codes) + 1, dtype=np.int64)
    for i in range(len(codes) + 1):
        equal = other_codes == codes[i] if i < len(codes) else np.zeros(len(other_codes), bool)
        # A block ends at (i, j) if the pair before was equal and this one is not.
        for j in np.flatnonzero((run >= minimum) & ~np.append(equal, False)):
            offer(i - run[j], j - run[j], run[j])
        run[1:] = np.where(equal, run[:-1] + 1, 0)
        run[0] = 0
    heapify(queue)
    free, other_free, found = np.ones(len(codes), bool), np.ones(len(other_codes), bool), []
    while queue:
        _, i, j, size = heappop(queue)
        open_ = free[i : i + size] & other_free[j : j + size]
        if open_.all():
            free[i : i + size] = other_free[j : j + size] = False
            found.append((place[i], place[i + size - 1] + 1, other_place[j], other_place[j + size - 1] + 1))
            continue
        # What longer spans left of this block competes again with its own length.
        edges = np.flatnonzero(np.diff(np.concatenate([[0], open_.astype(np.int8), [0]])))
        for a, b in zip(edges[::2], edges[1::2]):
            if before[i + b] - before[i + a] >= minimum and offer(i + a, j + a, b - a):
                heappush(queue, queue.pop())
    return found


def _encode(text, never, mask):
    """(codes of the characters without white space, their places); line ends and masked titles never match."""
    folded = text.translate(_FOLD)
    hidden = _hidden(text) if mask else set()
    kept = [(i, c) for i, c in enumerate(folded) if c == "\n" or not c.isspace()]
    kept = [(never if c == "\n" or i in hidden else ord(c.lower()[0]), i) for i, c in kept]
    return np.array([code for code, _ in kept], dtype=np.int64), [i for _, i in kept]


def _find_edges(text, place):
    """Whether a span may begin at a character, and whether it may end with it: not at marks, not inside 100, 3.5 or APP."""
    letter = np.array([text[i].isalnum() for i in place], dtype=bool)
    folded = [text[i].translate(_FOLD) for i in place]
    word = np.array([c.isascii() and c.isalnum() for c in folded], dtype=bool)
    word[[mark.start() for mark in _INNER.finditer("".join(folded))]] = True
    within = word[1:] & word[:-1]
    return letter & ~np.append(False, within)[: len(letter)], letter & ~np.append(within, False)[: len(letter)]


def _hidden(text):
    return {i for found in CITATION.finditer(text) for i in range(*found.span())}


def _countable(text):
    hidden = _hidden(text)
    return np.array([c.isalnum() and i not in hidden for i, c in enumerate(text)], dtype=bool)


def place_units(corpus, document_id, unit):
    """{ordinal: offsets in the source of all characters of the unit's text}; a line end between paragraphs has -1.

    A unit without paragraphs (a task that is all title) is missing.
    """
    paragraphs = corpus.paragraphs[(corpus.paragraphs["document_id"] == document_id) & corpus.paragraphs[unit].notna()]
    blocks = corpus.blocks[
        (corpus.blocks["document_id"] == document_id) & corpus.blocks["role"].isin(["paragraph", "goal"])
    ]
    offsets = {}
    for paragraph, start, end in zip(blocks["paragraph"], blocks["start"], blocks["end"]):
        offsets.setdefault(paragraph, []).extend(range(start, end))
    sources = blocks.groupby("paragraph")["text"].agg("".join)
    units = {}
    for number, paragraph, text in sorted(zip(paragraphs[unit], paragraphs["paragraph"], paragraphs["text"])):
        joined = units.setdefault(int(number), [])
        # A repaired text may have fewer characters than the source, and a part of a corpus another text altogether.
        places = [offsets[paragraph][i] for i in place_characters(text, sources[paragraph])]
        joined += [-1] * bool(joined) + places
    return units


class _TaskTexts(dict):
    """{(document_id, task): text}, with an error that says what there is."""

    def __init__(self, corpus):
        super().__init__(zip(zip(corpus.tasks["document_id"], corpus.tasks["task"].astype(int)), corpus.tasks["text"]))

    def __missing__(self, key):
        numbers = [task for name, task in self if name == key[0]]
        there = f"{key[0]} has tasks {min(numbers)} to {max(numbers)}" if numbers else f"{key[0]} has no tasks"
        raise PolicylabError(f"Task {key[1]} of {key[0]} is not in the corpus: {there}.")


def _list_matched(pairs):
    chosen = pairs.loc[pairs["matched"].astype(bool), _PAIR]
    return [(a, int(b), c, int(d)) for a, b, c, d in chosen.itertuples(index=False)]


def _walk(words):
    start = 0
    for word in words:
        yield word, start
        start += len(word)


def _join_steps(steps, words):
    """Steps of a comparison with changes that only one kept character parts joined to one change."""
    names = {"equal": "kept", "insert": "inserted", "delete": "deleted", "replace": "substituted"}
    joined = []
    for n, (tag, i, j, k, m) in enumerate(steps):
        lone = tag == "equal" and 0 < n < len(steps) - 1 and sum(map(len, words[k:m])) == 1
        if joined and joined[-1][0] != "kept" and (lone or tag != "equal"):
            joined[-1] = ("changed", joined[-1][1], j, joined[-1][3], m)
            continue
        joined.append((names[tag], i, j, k, m))
    return [(_name_change(*step) if step[0] == "changed" else step[0], *step[1:]) for step in joined]


def _name_change(_, i, j, k, m):
    return "substituted" if j > i and m > k else "inserted" if m > k else "deleted"


def _slice(words, a, b, text, place):
    if a == b:
        return "", pd.NA, pd.NA
    start, end = words[a][1], words[b - 1][1] + len(words[b - 1][0])
    return text[start:end], place[start], place[end - 1] + 1
