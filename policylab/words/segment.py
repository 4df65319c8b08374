"""Texts to tokens: one row a word, with its place and whether it counts; and what a dictionary changes."""

import re

import numpy as np
import pandas as pd

from policylab.base.columns import need_texts
from policylab.base.errors import PolicylabError
from policylab.corpus.bundle import Corpus
from policylab.corpus.grammar import CITATION
from policylab.corpus.joining import join_corpus
from policylab.words.segmenter import DIGIT, Segmenter, divide_texts

TOKEN_COLUMNS = ["document_id", "paragraph", "position", "token", "canonical", "start", "end", "mask"]
MASKS = ["title", "numeral", "mark"]

_NUMERAL = re.compile(rf"{DIGIT}.*|第?[〇零一二三四五六七八九十百千万亿两]+", re.DOTALL)

# Characters that one parallel job segments: large enough that handing over costs little, small enough for many workers.
_CHUNK = 400_000


def tokenize(corpus: Corpus | pd.DataFrame, segmenter: Segmenter | None = None) -> pd.DataFrame:
    """Cut texts into words: one row is a token.

    Marks and white space are tokens too: joined, the tokens of a paragraph are its text. Work is spread over chunks of
    paragraphs through joblib: one process by default, otherwise as joblib.parallel_config sets it.

    Parameters
    ----------
    corpus : Corpus or DataFrame
        A corpus, whose paragraphs are cut, or a table of texts with the columns `document_id`, `paragraph` and `text`.
    segmenter : Segmenter, optional
        Holds the dictionary. By default one with the terms that ship.

    Returns
    -------
    DataFrame
        `document_id`, `paragraph`, `position` (from 1 in the paragraph), `token` (as printed), `canonical` (the form under
        which it is counted: of a term that of the dictionary, else the token), `start`, `end` (offsets in the paragraph's
        text, end exclusive) and `mask`. From a corpus also the part, goal, section and task of the
        paragraph and the columns of its document (join_corpus), which most measures need.

        `mask` is null for the words that count, otherwise the first of these that holds: `mark` (punctuation, white
        space), `title` (inside 《》), `numeral` (97%, 2万, 十三, 第一; never a term of the dictionary). The columns
        document_id, token, canonical and mask are categorical; the categories of token and canonical are sorted.

    Raises
    ------
    PolicylabError
        If a column is missing, a text is null, or `segmenter` is no Segmenter.

    See Also
    --------
    join_corpus : Adds the columns of documents and places to tokens of a table.

    Examples
    --------
    >>> texts = pd.DataFrame({"document_id": ["a"], "paragraph": [1], "text": ["落实《网络安全法》，培训800人"]})
    >>> tokens = tokenize(texts)
    >>> tokens.loc[tokens["mask"].isna(), "token"].tolist()
    ['落实', '培训', '人']
    >>> tokens.loc[tokens["mask"] == "title", "token"].tolist()
    ['网络安全法']
    >>> import policylab as lab
    >>> tokenize(lab.load_corpus())[["document_id", "task", "level", "year"]].tail(1).values.tolist()
    [['national-2019', 35, 'national', 2019]]
    """
    if isinstance(corpus, Corpus):
        return join_corpus(_tokenize_texts(corpus.paragraphs, segmenter), corpus)
    return _tokenize_texts(corpus, segmenter)


def _tokenize_texts(paragraphs, segmenter):
    from joblib import Parallel, delayed

    need_texts(paragraphs)
    segmenter = _check_segmenter(segmenter)
    texts = paragraphs["text"].tolist()
    jobs = divide_texts(texts, _CHUNK)
    done = Parallel()(delayed(_tokenize_chunk)(segmenter, texts[a:b]) for a, b in jobs)
    vocabulary = sorted(set().union(*(part[0] for part in done)))
    place = {word: code for code, word in enumerate(vocabulary)}
    lengths = np.fromiter(map(len, vocabulary), dtype=np.int32, count=len(vocabulary))
    mask_of_word = mask_words(vocabulary, segmenter)
    counts = np.concatenate([np.empty(0, dtype=np.int64), *(part[2] for part in done)])
    # The columns are filled part by part, and a part goes when it is used, so that memory stays near the result's.
    numbers = {name: np.empty(counts.sum(), dtype=np.int32) for name in ("position", "start", "end")}
    tokens = np.empty(counts.sum(), dtype=np.min_scalar_type(-len(vocabulary)))
    masks = np.empty(counts.sum(), dtype=np.int8)
    first = 0
    while done:
        words, codes, n, titles = done.pop(0)
        rows = slice(first, first := first + len(codes))
        codes = np.array([place[word] for word in words], dtype=np.int32)[codes]
        width = lengths[codes]
        ends = _restart(np.cumsum(width, dtype=np.int32), n)
        tokens[rows], numbers["start"][rows], numbers["end"][rows] = codes, ends - width, ends
        numbers["position"][rows] = _restart(np.arange(1, len(codes) + 1, dtype=np.int32), n)
        masks[rows] = mask_of_word[codes]
        masks[rows][titles & (masks[rows] != MASKS.index("mark"))] = MASKS.index("title")
    kinds = pd.Categorical(paragraphs["document_id"])
    printed = pd.Categorical.from_codes(tokens, categories=pd.Index(vocabulary, dtype="str"))
    columns = {
        "document_id": pd.Categorical.from_codes(np.repeat(kinds.codes, counts), dtype=kinds.dtype),
        "paragraph": _repeat(paragraphs["paragraph"].array, counts),
        **numbers,
        "token": printed,
        "canonical": _name_canonical(printed, segmenter),
        "mask": pd.Categorical.from_codes(masks, categories=MASKS),
    }
    return pd.DataFrame(columns, columns=TOKEN_COLUMNS, copy=False)


def _name_canonical(printed, segmenter):
    """The words as they are counted; they share their numbers with the printed ones where all are counted as printed."""
    words = printed.categories.tolist()
    counted = [segmenter.find_canonical(word) or word for word in words]
    if counted == words:
        return printed
    names = sorted(set(counted))
    place = {name: code for code, name in enumerate(names)}
    codes = np.array([place[name] for name in counted], dtype=printed.codes.dtype)
    return pd.Categorical.from_codes(codes[printed.codes], categories=pd.Index(names, dtype="str"))


def _check_segmenter(segmenter):
    if segmenter is None:
        return Segmenter()
    if not isinstance(segmenter, Segmenter):
        raise PolicylabError(
            f"segmenter={segmenter!r}: expected a Segmenter, such as Segmenter(engine='jieba'), or None."
        )
    return segmenter


def _repeat(values, counts):
    """Every value as often as `counts` says. (pandas' own repeat of a nullable column needs an index as long as the result.)"""
    if isinstance(values, pd.arrays.IntegerArray):
        numbers = values.to_numpy(values.dtype.numpy_dtype, na_value=0)
        return pd.arrays.IntegerArray(np.repeat(numbers, counts), np.repeat(values.isna(), counts))
    return values.repeat(counts)


def _restart(running, counts):
    """A running number that restarts in every paragraph."""
    first = np.cumsum(counts) - counts
    # Nothing precedes the first row.
    before = np.r_[running.dtype.type(0), running][first]
    return running - np.repeat(before, counts)


def _tokenize_chunk(segmenter, texts):
    """(vocabulary, codes, words per text, whether a word is in a title) of some texts."""
    # glibc gives freed arrays of a few megabytes back to the system until it has seen a larger one freed. To fetch them again
    # for every chunk takes up to a tenth of the time; elsewhere this line does nothing.
    np.empty(1 << 24, dtype=np.uint8)
    vocabulary, codes, counts = segmenter.cut(texts)
    return vocabulary, codes, counts, _in_titles(texts, vocabulary, codes)


def mask_words(vocabulary, segmenter):
    """The code of the mask that a word has in any place: numeral, mark or -1."""
    numeral = np.array(
        [bool(_NUMERAL.fullmatch(word)) and segmenter.find_canonical(word) is None for word in vocabulary], dtype=bool
    )
    mark = np.array([not any(map(str.isalnum, word)) for word in vocabulary], dtype=bool)
    return np.select([mark, numeral], [MASKS.index("mark"), MASKS.index("numeral")], default=-1).astype(np.int8)


def _in_titles(texts, vocabulary, codes):
    """Whether a word is inside a title mark, the marks included."""
    inside = np.zeros(len(codes) + 1, dtype=np.int8)
    offsets = np.cumsum([0] + [len(text) for text in texts])
    spans = [
        (offset + match.start(), offset + match.end())
        for offset, text in zip(offsets.tolist(), texts)
        if "《" in text
        for match in CITATION.finditer(text)
    ]
    if spans:
        ends = np.cumsum(np.fromiter(map(len, vocabulary), dtype=np.int32, count=len(vocabulary))[codes])
        # The words between the end of the text before and the end of the title.
        first, last = np.searchsorted(ends, np.array(spans).T, side="right")
        inside[first] += 1
        inside[last] -= 1
    return np.cumsum(inside[:-1], dtype=np.int8) > 0


def count_masked(corpus: Corpus, segmenter: Segmenter | None = None) -> pd.DataFrame:
    """Count the words that measures use and those that are kept apart: one row is a zone of a document.

    Parameters
    ----------
    corpus : Corpus
        Any corpus.
    segmenter : Segmenter, optional
        By default one with the terms that ship.

    Returns
    -------
    DataFrame
        `document_id`, `zone`, `n` (words and numerals, without marks) and `share` (0-1, of all zones of the document). The
        zones: counted; title and numeral (masked in paragraphs); heading (of parts, sections, tasks and others);
        responsibility (brackets and lines that name agencies); frame (letterhead, notice, notes, furniture).

    Examples
    --------
    >>> import policylab as lab
    >>> zones = count_masked(lab.load_corpus())
    >>> bool(zones.loc[zones["zone"] == "counted", "share"].between(0.6, 0.9).all())
    True
    """
    segmenter = Segmenter() if segmenter is None else segmenter
    inside = tokenize(corpus.paragraphs, segmenter)
    inside = inside.assign(zone=inside["mask"].astype("str").fillna("counted"))
    blocks = corpus.blocks[~corpus.blocks["role"].isin(["paragraph", "goal"])]
    outside = tokenize(blocks[["document_id", "text"]].assign(paragraph=blocks["block"]), segmenter)
    roles = blocks.set_index(["document_id", "block"])["role"].map(_ZONES).fillna("frame")
    keys = pd.MultiIndex.from_arrays([outside["document_id"].astype("str"), outside["paragraph"]])
    outside = outside.assign(zone=roles.reindex(keys).to_numpy())
    tokens = pd.concat([frame[frame["mask"] != "mark"].astype({"document_id": "str"}) for frame in (inside, outside)])
    table = (
        tokens.groupby(["document_id", "zone"])
        .size()
        .unstack("zone", fill_value=0)
        .reindex(columns=_ZONE_ORDER, fill_value=0)
    )
    table = pd.Series(table.stack(), name="n").reset_index()
    return table.assign(share=table["n"] / table.groupby("document_id")["n"].transform("sum"))


_ZONES = dict.fromkeys(["part", "section", "task", "item", "heading"], "heading") | {"responsibility": "responsibility"}
_ZONE_ORDER = ["counted", "title", "numeral", "heading", "responsibility", "frame"]


def compare_segmenters(
    paragraphs: pd.DataFrame, segmenter: Segmenter | None = None, base: Segmenter | None = None
) -> pd.DataFrame:
    """Compare two segmenters: one row is a pair of ways in which they cut the same text.

    Parameters
    ----------
    paragraphs : DataFrame
        A table of texts, such as corpus.paragraphs.
    segmenter : Segmenter, optional
        By default one with the terms that ship.
    base : Segmenter, optional
        What it is compared with. By default the same engine without terms, so that the table shows what the dictionary
        changes.

    Returns
    -------
    DataFrame
        `words` and `base_words` (joined by |), `n` (places), `cuts` (whether a word of the base is cut in two, as a term
        that matches by accident does), and the first place: `document_id`, `paragraph`, `start`, `context`. The most
        frequent first.

    Raises
    ------
    PolicylabError
        If a column is missing or a text is null.

    Examples
    --------
    >>> texts = pd.DataFrame({"document_id": ["a"], "paragraph": [1], "text": ["开通网络学习空间"]})
    >>> compare_segmenters(texts)[["words", "base_words", "n", "cuts"]].values.tolist()
    [['网络学习空间', '网络|学习|空间', 1, False]]
    """
    need_texts(paragraphs)
    segmenter = _check_segmenter(segmenter)
    base = Segmenter([], segmenter.engine, segmenter.hmm) if base is None else base
    found = {}
    for document_id, paragraph, text in zip(paragraphs["document_id"], paragraphs["paragraph"], paragraphs["text"]):
        for start, words, base_words in _differences(segmenter(text), base(text)):
            key = "|".join(words), "|".join(base_words)
            end = start + sum(map(len, words))
            first = (
                document_id,
                paragraph,
                start,
                f"{text[max(start - 8, 0) : start]}[{text[start:end]}]{text[end : end + 8]}",
            )
            n, place = found.get(key, (0, first))
            found[key] = n + 1, place
    rows = [(*key, n, _cuts(*key), *place) for key, (n, place) in found.items()]
    table = pd.DataFrame(
        rows, columns=["words", "base_words", "n", "cuts", "document_id", "paragraph", "start", "context"]
    )
    return table.sort_values(["n", "words"], ascending=[False, True], ignore_index=True)


def _differences(ours, theirs):
    """(start, our words, their words) of the stretches between two common boundaries that are cut differently."""
    i = j = a = b = start = 0
    from_i = from_j = 0
    while i < len(ours):
        if a <= b:
            a, i = a + len(ours[i]), i + 1
        while b < a:
            b, j = b + len(theirs[j]), j + 1
        if a == b:
            if ours[from_i:i] != theirs[from_j:j]:
                yield start, ours[from_i:i], theirs[from_j:j]
            from_i, from_j, start = i, j, a


def _cuts(words, base_words):
    ours, theirs = (np.cumsum([len(word) for word in joined.split("|")]) for joined in (words, base_words))
    return bool(set(ours.tolist()) - set(theirs.tolist()))
