"""Publications of one document: finds those that nobody declared, and shows where two of them differ."""

from difflib import SequenceMatcher

import numpy as np
import pandas as pd

from policylab.base.errors import PolicylabError
from policylab.corpus.bundle import Corpus

# The two publications of the national plan of 2019 share 94% of the runs of eight characters of the shorter one, two
# different plans of this corpus at most 14%, two of 25 government work reports at most 13%. The threshold, chosen by
# judgement, lies in the wide gap between.
DUPLICATE_SHARE = 0.7
_RUN = 8  # characters; shorter runs are shared by any two official documents
_ONE_IN = 4  # runs kept, chosen by their hash, so that the same run is kept in every document
_FEWEST = 8  # kept runs: a text of fewer is too short to tell a copy from a common phrase
_CROWD = 16  # a run in more documents is compared between neighbours only: the cost stays linear

# Typesetting decides whether a mark or a digit is half or full width; it is no difference of wording.
_HALF = "".join(map(chr, range(0x21, 0x7F)))
_FOLD = str.maketrans({**{chr(ord(c) + 0xFEE0): c for c in _HALF}, "“": '"', "”": '"', "‘": "'", "’": "'"})

VARIANT_COLUMNS = [
    *("document_id", "version_id", "variant", "kind", "role", "task", "paragraph", "reading", "version_reading"),
    *("context", "version_context", "start", "end", "version_start", "version_end"),
]


def find_duplicates(documents):
    """Pairs of documents that share most of their text.

    `documents` holds pairs of an id and a text. Returns (id, id, share) for the pairs whose shorter text has at least 70%
    of its runs of eight Chinese characters or digits in the other one, in the order given; of more than 16 copies of one
    text, for neighbours only. A copy with a wrong character in every twenty (bad OCR) is not found, nor one of fewer than
    some forty characters.
    """
    sketches = [_sketch(text) for _, text in documents]
    shared = _count_shared(sketches)
    pairs = []
    for (one, other), n in sorted(shared.items()):
        fewer = min(len(sketches[one]), len(sketches[other]))
        share = n / fewer
        if fewer >= _FEWEST and share >= DUPLICATE_SHARE:
            pairs.append((documents[one][0], documents[other][0], share))
    return pairs


def _sketch(text):
    """Hashes of a fixed quarter of the text's runs: the same for the same run in any document."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    codes = codes[((codes >= 0x3400) & (codes <= 0x9FFF)) | ((codes >= 0x30) & (codes <= 0x39))].astype(np.uint64)
    n = len(codes) - _RUN + 1
    if n < 1:
        return np.empty(0, dtype=np.uint64)
    hashes = np.zeros(n, dtype=np.uint64)
    for i in range(_RUN):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + codes[i : i + n]  # wraps around, as it should
    hashes ^= hashes >> np.uint64(31)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(29)
    return np.unique(hashes[hashes % np.uint64(_ONE_IN) == 0])


def _count_shared(sketches):
    """(i, j) -> number of kept runs that documents i < j share."""
    hashes = np.concatenate([*sketches, np.empty(0, dtype=np.uint64)])
    owners = np.repeat(np.arange(len(sketches)), [len(s) for s in sketches])
    order = np.lexsort((owners, hashes))
    hashes, owners = hashes[order], owners[order]
    counts = {}
    starts = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]]) if len(hashes) else np.empty(0, dtype=int)
    ends = np.r_[starts[1:], len(hashes)]
    for start, end in zip(starts[ends - starts > 1], ends[ends - starts > 1]):
        group = owners[start:end].tolist()
        reach = len(group) if len(group) <= _CROWD else 2
        for i, one in enumerate(group):
            for other in group[i + 1 : i + reach]:
                counts[one, other] = counts.get((one, other), 0) + 1
    return counts


def compare_versions(corpus: Corpus) -> pd.DataFrame:
    """Show where the publications of a document differ: one row is a place.

    Passages are paired in order, and paired passages are compared character by character. White space, Markdown marks
    and the width of punctuation are no difference.

    Parameters
    ----------
    corpus : Corpus
        Loaded with `versions="all"`.

    Returns
    -------
    DataFrame
        `document_id` (the publication that is counted), `version_id` (the other one), `variant` (from 1 in each pair);
        `kind`: "wording" for a difference inside a passage that both have, "document only" or "version only" for a
        passage that only one has; `role` of the passage; its `task` and `paragraph` in the counted publication, null
        where that lacks the passage; `reading` and `version_reading`; `context` and `version_context`, with the
        characters around; `start`, `end`, `version_start`, `version_end` in the two sources.

    Raises
    ------
    PolicylabError
        If no document of the corpus is declared as a version of another.

    Examples
    --------
    >>> import policylab as lab
    >>> variants = compare_versions(lab.load_corpus(versions="all"))
    >>> variants.loc[variants["kind"] == "wording", ["context", "version_context"]].iloc[0].tolist()
    ['对2万名中小[學]生信息素养测', '对2万名中小[学]生信息素养测']
    """
    declared = corpus.documents.dropna(subset="version_of")
    if declared.empty:
        raise PolicylabError(
            "No publication of this corpus is declared as a version of another. Load it with versions='all', and write the id of the"
            " publication that is counted into the column version_of of the other one."
        )
    tasks = corpus.paragraphs.set_index(["document_id", "paragraph"])["task"]
    rows = []
    for version_id, document_id in zip(declared["document_id"], declared["version_of"]):
        ours, theirs = (_read_passages(corpus.blocks, i) for i in (document_id, version_id))
        for number, (kind, our, a, b, their, c, d) in enumerate(_collate(ours, theirs), 1):
            known = our or their
            paragraph = our.paragraph if our else None
            task = tasks[document_id, paragraph] if paragraph else None
            rows.append(
                (document_id, version_id, number, kind, known.role, task, paragraph)
                + (our.text[a:b] if our else "", their.text[c:d] if their else "")
                + (our.show(a, b) if our else "", their.show(c, d) if their else "")
                + (our.place(a, b) if our else (None, None))
                + (their.place(c, d) if their else (None, None))
            )
    ordinals = dict.fromkeys(["variant", "task", "paragraph", "start", "end", "version_start", "version_end"], "Int64")
    return pd.DataFrame(rows, columns=VARIANT_COLUMNS).astype(ordinals)


class _Passage:
    """A heading, paragraph or other passage: its text without white space, and the place of each character in the source."""

    def __init__(self, role, paragraph, blocks):
        self.role, self.paragraph = role, paragraph
        placed = [(c, start + i) for start, text in blocks for i, c in enumerate(text) if not c.isspace()]
        self.text = "".join(c for c, _ in placed)
        self.offsets = [offset for _, offset in placed]
        self.folded = self.text.translate(_FOLD)

    def place(self, a, b):
        """Start and end in the source; for an empty reading the place between two characters."""
        if a < b:
            return self.offsets[a], self.offsets[b - 1] + 1
        at = self.offsets[a] if a < len(self.offsets) else self.offsets[-1] + 1
        return at, at

    def show(self, a, b):
        return (
            f"{self.text[max(a - 6, 0) : a]}[{self.text[a:b]}]{self.text[b : b + 6]}"
            if b - a < len(self.text)
            else self.text
        )


def _read_passages(blocks, document_id):
    mine = blocks[blocks["document_id"] == document_id]
    # The blocks of one role and one paragraph are one passage, which a page break or a bracket cut; every other block is one by itself.
    passages = {}
    for role, paragraph, block, start, text in zip(*(mine[c] for c in ("role", "paragraph", "block", "start", "text"))):
        key = (role, paragraph, None) if pd.notna(paragraph) else (role, None, block)
        passages.setdefault(key, []).append((start, text))
    return [_Passage(role, paragraph, placed) for (role, paragraph, _), placed in passages.items()]


def _collate(ours, theirs):
    """(kind, our passage, a, b, their passage, c, d) for every difference, in the order of our text."""
    matcher = SequenceMatcher(None, [p.folded for p in ours], [p.folded for p in theirs], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        pairs = _pair(ours[i1:i2], theirs[j1:j2])
        for our, their in pairs:
            if their is None:
                yield "document only", our, 0, len(our.text), None, 0, 0
            elif our is None:
                yield "version only", None, 0, 0, their, 0, len(their.text)
            else:
                inner = SequenceMatcher(None, our.folded, their.folded, autojunk=False)
                for what, a, b, c, d in inner.get_opcodes():
                    if what != "equal":
                        yield "wording", our, a, b, their, c, d


def _pair(ours, theirs):
    """Pair passages that differ in wording only, in order; a passage without counterpart is paired with None."""
    done = 0
    for our in ours:
        for k in range(done, len(theirs)):
            # More alike than not: the passages of one document share too little for a chance pair.
            matcher = SequenceMatcher(None, our.folded, theirs[k].folded, autojunk=False)
            if matcher.real_quick_ratio() > 0.5 and matcher.quick_ratio() > 0.5 and matcher.ratio() > 0.5:
                yield from ((None, their) for their in theirs[done:k])
                yield our, theirs[k]
                done = k + 1
                break
        else:
            yield our, None
    yield from ((None, their) for their in theirs[done:])
