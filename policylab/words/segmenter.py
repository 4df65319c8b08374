"""Text to words: one rule of ours for terms, letters, digits and marks, and an engine for the runs of Chinese characters.

The engine never sees anything else, so rjieba (fast) and jieba (the reference) give the same words. Terms of a dictionary
are taken out before the engine, longest first: every one is obeyed, whatever frequencies the engine's own dictionary has.
"""

import hashlib
import re
from collections import defaultdict
from functools import lru_cache
from itertools import count

import numpy as np
import pandas as pd

from policylab.base.errors import PolicylabError
from policylab.words.lexicon import HAN, check_terms, fold_character, fold_term, load_terms

ENGINES = ("rjieba", "jieba")

# Characters rarer than those of HAN jieba and rjieba treat differently; each is a token of its own here.
_RARE = "\u3007\u3400-\u4dbf\u9fd6-\u9fff\U00010000-\U0010ffff"
_ALPHABETIC, _WORD = rf"[^\W\d_{HAN}{_RARE}]", rf"[^\W_{HAN}{_RARE}]"
DIGIT = "[0-9０-９]"
_MAGNITUDE = rf"(?:[十百千万亿]+|(?<={DIGIT}) [万亿]+)?"  # pages of a PDF often have a blank: 100 万
# A run that may hold more than one token, and the tokens in it: 100Mbps, IPv6, e-learning; 97%, 2万, 2018-2022, 50%—60%.
_RUN = re.compile(rf"{_WORD}(?:[-–—~～－.．,，&'’@%‰％]*{_WORD})*[%‰％]?{_MAGNITUDE}")
_JOIN = "[-.&'’@]"  # marks that join letters and digits to one token
_LATIN = rf"(?:{DIGIT}+(?:[.．]{DIGIT}+)*)?{_ALPHABETIC}{_WORD}*(?:{_JOIN}{_WORD}+)*"
_QUANTITY = rf"{DIGIT}+(?:[.．]{DIGIT}+)*(?:[,，]{DIGIT}{{3}}(?!{DIGIT}))*[%‰％]?{_MAGNITUDE}"
_TOKEN = re.compile(rf"{_LATIN}|{_QUANTITY}(?:[-–—~～－]{{1,2}}{_QUANTITY})*|{_WORD}+|.", re.DOTALL)
# Where a term that has a letter or digit at its edge may begin and end: nowhere within a run of them.
_RUN_BEGINS, _RUN_ENDS = re.compile(f"(?<!{_WORD})(?<!{_WORD}{_JOIN})"), re.compile(f"(?!{_JOIN}?{_WORD})")

_CHINESE = re.compile(f"[{HAN}]+")  # what folding does not change

# Characters that the engine gets at a time: so few words stay in the processor's cache, which makes it a tenth faster.
_PIECE = 8_000

_CHARACTER = 21  # bits of a character's number

_BLANK = np.uint32(ord("\n"))  # both engines give a line end back as a word of its own

# What is left of four units of 16 bits when the first 0, 1, 2, 3 or 4 of them are kept.
_FIRST_UNITS = np.array([0, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF], dtype=np.uint64)

# What a character is to the rule of ours; the engine's are those of HAN.
_OTHER, _SPACE, _LETTER, _ENGINES = range(4)


class Segmenter:
    """Cuts text into words with one dictionary of terms, independent of anything else in the process.

    Terms are matched from left to right, the longest first, also across words of the engine: a short term can cut into a
    longer word that is no term (compare_segmenters lists every such place). A term that begins or ends with a letter or
    digit matches whole runs of letters and digits only: 5G is found neither in 5G-A nor in 3.5G. Letter case, full-width
    forms and blanks beside Chinese characters make no difference; a blank between letters or digits (Wi-Fi 6) must be there.

    Parameters
    ----------
    terms : DataFrame or iterable of str, optional
        A list of terms or a table with a column `term`, perhaps `canonical`; [] for none. By default the dictionary that
        ships (load_terms).
    engine : {"rjieba", "jieba"}
        "jieba" is the slow reference of the same algorithm.
    hmm : bool
        Whether the engine may guess words that its dictionary lacks. A guess depends on the neighbours of a word, so the
        same word can be cut in two ways.

    Raises
    ------
    PolicylabError
        If the engine is unknown, terms hold 《》 or a blank between Chinese characters, or a canonical form is the variant
        of another.

    Attributes
    ----------
    canonical : dict of str to str
        {term: the form under which it is counted}; canonical forms are terms as well.
    terms : tuple of str
        Its keys, sorted.

    Examples
    --------
    >>> segmenter = Segmenter()
    >>> segmenter("加强网络学习空间应用，2018-2022年覆盖97%的学校")
    ['加强', '网络学习空间', '应用', '，', '2018-2022', '年', '覆盖', '97%', '的', '学校']
    >>> Segmenter(terms=[])("加强网络学习空间应用")
    ['加强', '网络', '学习', '空间', '应用']
    """

    def __init__(self, terms=None, engine="rjieba", hmm=True):
        if engine not in ENGINES:
            raise PolicylabError(f"engine={engine!r} is unknown. Use one of {', '.join(map(repr, ENGINES))}.")
        self.canonical = check_terms(load_terms() if terms is None else terms)
        self.terms = tuple(self.canonical)
        self.engine, self.hmm = engine, bool(hmm)
        self._folded = {fold_term(term): name for term, name in self.canonical.items()}
        self._trie = _Trie(self._folded)

    def __call__(self, text):
        """The words of one text, in order; joined they are the text again."""
        vocabulary, codes, _ = self.cut([text])
        return [vocabulary[code] for code in codes]

    def __repr__(self):
        return f"Segmenter({len(self.terms)} terms, engine={self.engine!r}, hmm={self.hmm})"

    def describe(self):
        """What a result depends on: engine and version, whether it guesses words, number and hash of the terms.

        >>> sorted(Segmenter(terms=[]).describe())
        ['engine', 'hmm', 'n_terms', 'terms_sha256', 'version']
        """
        from importlib.metadata import version

        lines = [term if term == name else f"{term}\t{name}" for term, name in self.canonical.items()]
        digest = hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
        return {
            "engine": self.engine,
            "version": version(self.engine),
            "hmm": self.hmm,
            "n_terms": len(self.terms),
            "terms_sha256": digest,
        }

    def find_canonical(self, word):
        """The form under which a word of a text is counted; None if it is no term.

        >>> segmenter = Segmenter(pd.DataFrame({"term": ["AI", "Wi-Fi 6"], "canonical": ["人工智能", None]}))
        >>> [segmenter.find_canonical(word) for word in ("ＡＩ", "wi-fi 6", "网络")]
        ['人工智能', 'Wi-Fi 6', None]
        """
        return self._folded.get(word if _CHINESE.fullmatch(word) else fold_term(word))

    def cut(self, texts):
        """The words of many texts at once: (vocabulary, a code for every word, number of words of every text)."""
        # Texts are closed by a line end, so no word reaches from one into the next.
        texts = list(texts)
        joined = "\n".join([*texts, ""])
        closing = np.cumsum([len(text) + 1 for text in texts], dtype=np.int64) - 1
        characters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        kinds = _kinds_of_characters().take(characters, mode="clip")
        ours, space = kinds != _ENGINES, kinds == _SPACE
        begins = ours.copy()
        begins[1:] &= ~(space[1:] & space[:-1])  # a run of white space is one token
        begins[closing[:-1] + 1] = ours[closing[:-1] + 1]
        starts, ends = self._trie.find(joined, _fold(characters), _find_loose_blanks(characters, kinds))
        inside = _take_out(starts, ends, ours, begins)
        rest = _decode(np.where(inside, _BLANK, characters))
        _take_out(*_split_runs(rest, (kinds == _LETTER) & ~inside), ours, begins)
        # A character of the engine's between two tokens of ours can only be a word.
        lone = ~ours & np.r_[True, ours[:-1]] & np.r_[ours[1:], True]
        ours |= lone
        begins |= lone
        # The engine sees one line end for each stretch that is ours.
        shown = np.flatnonzero(~ours | np.r_[True, ~ours[:-1]])
        found = self._find_words(_decode(np.where(ours[shown], _BLANK, characters[shown])))
        begins[shown[found]] = True  # at its line ends too, where a stretch of ours, and so a token, begins
        begins[closing] = True
        return _name_words(joined, characters, np.flatnonzero(begins), closing)

    def _find_words(self, text):
        """Where the engine's words begin in a text of nothing but its characters and line ends, which are words to it."""
        cut, pieces, start = load_engine(self.engine), [""], 0
        while start < len(text):
            end = text.find("\n", start + _PIECE) + 1 or len(text)
            pieces.append("\0".join(cut(text[start:end], self.hmm)))
            start = end
        # A mark before every word, and all marks found at once: asking every word for its length takes longer.
        marks = np.flatnonzero(np.frombuffer("\0".join(pieces).encode("utf-16-le"), dtype=np.uint16) == 0)
        return np.subtract(marks, np.arange(len(marks)), out=marks)


class _Trie:
    """The folded terms as a tree of characters, which all places of a text walk down at once.

    (One pattern for re takes twice as long.)
    """

    def __init__(self, terms):
        steps, last = {}, []  # (node, character) -> node; the node where a term ends
        for term in terms:
            node = 0
            for character in term:
                node = steps.setdefault((node << _CHARACTER) | ord(character), len(steps) + 1)
            last.append(node)
        self._steps = np.array(sorted(steps), dtype=np.int64)
        self._nodes = np.array([steps[step] for step in sorted(steps)], dtype=np.int64)
        self._final = np.zeros(len(steps) + 1, dtype=bool)  # whether a term ends at a node
        self._final[np.array(last, dtype=np.int64)] = True
        # Whether the term of a node begins and whether it ends with a letter or digit, and whether either.
        self._edges = {node: tuple(bool(re.match(_WORD, term[i])) for i in (0, -1)) for node, term in zip(last, terms)}
        self._edged = np.zeros(len(steps) + 1, dtype=bool)
        self._edged[[node for node, edges in self._edges.items() if any(edges)]] = True
        self._single = [ord(term) for term in terms if len(term) == 1]
        self._openings = np.zeros(0x10000, dtype=bool)
        for term in terms:
            for second in (term[1:2], " " * bool(fold_term(f"{term[0]} {term[1:2]}") == term[:2])):
                if second:
                    self._openings[_hash_pairs(*np.array([ord(term[0]), ord(second)], dtype=np.uint32))] = True

    def find(self, text, characters, loose):
        """(starts, ends) of terms: from left to right, the longest first, none within another.

        `characters` are those of the text, folded; `loose` says of which blanks a term may or may not have one.
        """
        # The first two characters tell most places where nothing begins.
        may = self._openings[_hash_pairs(characters[:-1], characters[1:])]
        if self._single:
            may |= np.isin(characters[:-1], self._single)
        starts = np.flatnonzero(may & ~loose[:-1])
        lengths = np.zeros(len(starts), dtype=np.int64)
        row, node, depth = np.arange(len(starts)), np.zeros(len(starts), dtype=np.int64), 0
        while len(row):
            # No term has a line end, so the last character of the text ends every walk.
            place = starts[row] + depth
            step = (node << _CHARACTER) | characters[place]
            at = np.minimum(np.searchsorted(self._steps, step), len(self._steps) - 1)
            stays = loose[place]
            on = stays | (self._steps[at] == step)
            row, node, depth = row[on], np.where(stays, node, self._nodes[at])[on], depth + 1
            final = self._final[node] & ~stays[on]
            for i in np.flatnonzero(self._edged[node] & final):
                begins, ends = self._edges[node[i]]
                start = starts[row[i]]
                if begins and not _RUN_BEGINS.match(text, start) or ends and not _RUN_ENDS.match(text, start + depth):
                    final[i] = False
            lengths[row[final]] = depth
        starts, lengths = starts[lengths > 0], lengths[lengths > 0]
        ends = starts + lengths
        end = 0
        kept = [i for i, (a, b) in enumerate(zip(starts.tolist(), ends.tolist())) if a >= end and (end := b)]
        return starts[kept], ends[kept]


def divide_texts(texts, size):
    """Ranges (first, end) of texts that together have about `size` characters or a little more."""
    ranges, start, reached = [], 0, 0
    for i, text in enumerate(texts):
        reached += len(text)
        if reached >= size:
            ranges.append((start, i + 1))
            start, reached = i + 1, 0
    return [*ranges, (start, len(texts))] if start < len(texts) else ranges


def _decode(characters):
    return characters.tobytes().decode("utf-32-le", "surrogatepass")


def _take_out(starts, ends, ours, begins):
    """Mark spans as tokens of ours (in place); whether a character is inside one."""
    starts = np.asarray(starts, dtype=np.int64)
    edges = np.zeros(len(ours) + 1, dtype=np.int8)
    edges[starts] += 1
    edges[np.asarray(ends, dtype=np.int64)] -= 1
    inside = np.cumsum(edges[:-1], dtype=np.int8).astype(bool)
    ours |= inside
    begins &= ~inside
    begins[starts] = True
    return inside


def _split_runs(text, letters):
    """(starts, ends) of the tokens in runs of letters and digits, which may hold more than one."""
    letters[1:] &= ~letters[:-1]
    starts, ends = [], []
    for start, end in zip(*_match_at(_RUN, text, np.flatnonzero(letters).tolist())):
        for a, b in _split_run(text[start:end]):
            starts.append(start + a)
            ends.append(start + b)
    return starts, ends


def _match_at(pattern, text, places):
    """(starts, ends) of what `pattern` matches at some of the places, from left to right, none within another."""
    starts, ends, end, match_at = [], [], 0, pattern.match
    for place in places:
        if place >= end and (match := match_at(text, place)):
            end = match.end()
            starts.append(place)
            ends.append(end)
    return starts, ends


def _hash_pairs(first, second):
    """A number of 16 bits for two neighbouring characters."""
    return (first * np.uint32(31) + second) & np.uint32(0xFFFF)


def _fold(characters):
    """Characters as terms are compared (fold_character)."""
    folded = _folded_characters().take(characters, mode="clip")
    return np.where(characters < len(_folded_characters()), folded, characters)


@lru_cache
def _folded_characters():
    return np.array([ord(fold_character(chr(code))) for code in range(0x10000)], dtype=np.uint32)


def _find_loose_blanks(characters, kinds):
    """Which blanks a term need not have: those between a Chinese character and another, and all but the first of several."""
    loose = np.zeros(len(characters), dtype=bool)
    blanks = np.flatnonzero((kinds == _SPACE) & (characters != ord("\n")))
    if not len(blanks):
        return loose
    first = np.diff(blanks, prepend=-2) > 1
    firsts, lasts = blanks[first], blanks[np.append(first[1:], True)]
    # No text begins with a term's blank, and behind every text is a line end.
    beside = (kinds[np.maximum(firsts - 1, 0)] == _ENGINES) != (kinds[lasts + 1] == _ENGINES)
    loose[blanks] = beside[np.cumsum(first) - 1] | ~first
    return loose


@lru_cache
def _kinds_of_characters():
    """The kind of every character up to U+FFFF; the last entry is for all beyond."""
    kinds = np.full(0x10000, _OTHER, dtype=np.uint8)
    characters = "".join(map(chr, range(0xFFFF)))
    for pattern, kind in ((r"\s+", _SPACE), (f"{_WORD}+", _LETTER), (f"[{HAN}]+", _ENGINES)):
        for found in re.finditer(pattern, characters):
            kinds[found.start() : found.end()] = kind
    return kinds


@lru_cache(maxsize=4096)  # the same few runs (2019, 97%, APP) make up most of a corpus
def _split_run(run):
    return [match.span() for match in _TOKEN.finditer(run)]


def _name_words(text, characters, starts, closing):
    """(vocabulary, a code for every word, number of words of every text), from where the words and line ends begin."""
    line_ends = np.searchsorted(starts, closing)
    lengths = np.delete(np.diff(starts, append=len(text)), line_ends)
    starts = np.delete(starts, line_ends)
    # The number of a word are its characters, 16 bits each, the first one lowest; plus 1, so that none of them is 0. From
    # every character on the next four are looked at as one number, of which the word keeps as many as it has.
    units = np.zeros(len(text) + 3, dtype=np.uint16)
    units[:-3] = characters + np.uint32(1)
    numbers = np.ndarray(len(text), dtype=np.uint64, buffer=units, strides=units.strides)[starts]
    numbers &= _FIRST_UNITS.take(lengths, mode="clip")
    # Longer words, and words of characters that 16 bits do not hold, are counted; the count is above the lowest 16 bits,
    # which in the numbers of the others are never 0.
    large = np.flatnonzero(characters >= 0xFFFF)
    holders = np.searchsorted(starts, large, side="right") - 1
    others = np.union1d(np.flatnonzero(lengths > 4), holders)
    count_of_word = defaultdict(count(1).__next__)
    spans = zip(starts[others].tolist(), (starts[others] + lengths[others]).tolist())
    numbers[others] = [count_of_word[text[start:end]] << 16 for start, end in spans]
    codes, distinct = pd.factorize(numbers)
    del numbers
    place = np.empty(len(distinct), dtype=np.int64)  # of a word: its last place
    place[codes] = np.arange(len(codes))
    spans = zip(starts[place].tolist(), (starts[place] + lengths[place]).tolist())
    vocabulary = [text[start:end] for start, end in spans]
    return vocabulary, codes.astype(np.min_scalar_type(-len(vocabulary) - 1)), np.diff(line_ends, prepend=-1) - 1


@lru_cache
def load_engine(name):
    """A function from text and HMM flag to words. It is private to this package and never changed, so sharing it is safe."""
    if name == "rjieba":
        import rjieba

        return rjieba.Jieba().cut
    import logging
    import tempfile

    import jieba

    tokenizer = jieba.Tokenizer()
    level = jieba.default_logger.level
    jieba.default_logger.setLevel(logging.WARNING)
    # jieba keeps a cache in the common temporary folder, which another user of the machine may own.
    with tempfile.TemporaryDirectory() as folder:
        tokenizer.tmp_dir = folder
        tokenizer.initialize()
    jieba.default_logger.setLevel(level)

    def cut(text, hmm):
        # What jieba.del_word of others split by force is global in jieba, and would change our words.
        forced, jieba.finalseg.Force_Split_Words = jieba.finalseg.Force_Split_Words, set()
        try:
            return tokenizer.lcut(text, HMM=hmm)
        finally:
            jieba.finalseg.Force_Split_Words = forced

    return cut
