"""Text that was damaged on its way to a file, repaired for reading, with a map back to every character of the source.

Conversion from PDF leaves blanks between characters, radicals in the place of characters and half-width marks; Word and web
pages leave characters that nobody sees. The segmenter and the grammar need the text as it was written.
"""

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple

# Radicals that look like whole characters and that no Unicode normalization maps (Unicode, EquivalentUnifiedIdeograph).
_RADICALS = dict(
    zip(
        "⺁⺜⺝⺠⺩⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰",
        "厂日月民王虎西见角贝车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙",
        strict=True,
    )
)
# What Chinese typography puts in the place of a character that the printer does not have.
MISSING = "〓"
# Bullets of Symbol and Wingdings, which Word keeps in the private use area.
_BULLETS = "\uf06c\uf06e\uf075\uf076\uf09f\uf0a7\uf0b2\uf0b7\uf0d8\uf0e8\uf0fc"

COMPATIBILITY = "radical or compatibility character"
WIDE = "full-width letter, digit or sign"
INVISIBLE = "invisible character"
PRIVATE = "private-use character"
BLANKS = "blanks between characters"
NARROW = "half-width punctuation"
TRADITIONAL = "traditional character"

_CLASSES = {
    COMPATIBILITY: "\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f",
    # Not － and ～, which Chinese text writes between words and numbers.
    WIDE: "％＆＋．／０-９＝＠Ａ-Ｚ＿ａ-ｚ",
    # Soft hyphen, zero-width characters, marks of direction, variation selectors, tags.
    INVISIBLE: "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef",
    PRIVATE: "\ue000-\uf8ff\U000f0000-\U0010ffff",
}
_ODD = re.compile(f"[{''.join(_CLASSES.values())}]")
_KIND = re.compile("|".join(f"([{characters}])" for characters in _CLASSES.values()))

_HAN = "\u3007\u3400-\u9fff\U00020000-\U0002ebef"
_MARK = "，。、；：！？“”‘’（）《》〈〉【】"
_IS_HAN = re.compile(f"[{_HAN}]")
_BLANK = " \t\xa0\u2002-\u200a\u3000"
# Single characters with blanks between them; marks in between may have none. What is a run is for _is_spaced to say.
_SINGLE = f"{_HAN}0-9A-Za-z%"
_GAP = rf"(?:[{_BLANK}](?:[{_MARK}.,;:()]+[{_BLANK}]?)?|[{_MARK}]+[{_BLANK}]?)"
_SPACED = re.compile(rf"(?<![{_SINGLE}])[{_SINGLE}](?:{_GAP}[{_SINGLE}])+(?![{_SINGLE}])")
# Marks with a blank before the run (（ 一 ）) and behind it.
_OPENING, _CLOSING = re.compile(rf"[（《〈【“‘(]([{_BLANK}])$"), re.compile(rf"([{_BLANK}])[{_MARK}.,;:()]")
_IS_BLANK = re.compile(f"[{_BLANK}]")
_SPACED_HAN = re.compile(f"[{_BLANK}](?<=[{_HAN}].)[{_HAN}][{_BLANK}]")
# Blanks between so many characters are no list of words: three are the name of a ministry (教 育 部).
_FEWEST_SPACED = 4
# The mark comes first in these patterns, and what must come before it is looked up then: most text has few of them.
_NARROW = re.compile(rf"[,;:?!](?<=[{_HAN}{_MARK})].)(?=[{_HAN}{_MARK}(])")
_NARROW_BRACKETS = re.compile(r"\([^()\n]{1,60}\)")
_WIDE_FORM = dict(zip(",;:?!", "，；：？！", strict=True))

# Frequent characters and what simplified text has in their place. Text is traditional if it has one in a hundred of the former
# and few of the latter: names and quotations in simplified text have not.
_FREQUENT_TRADITIONAL = re.compile(
    "[國會發個為這學們時來說對開關實業務設計劃動後與應進還電車東長門無經體點種機產場農報導強續網絡資訊環構]"
)
_FREQUENT_SIMPLIFIED = re.compile(
    "[国会发个为这学们时来说对开关实业务设计划动与应进还电车东长门无经体点种机产场农报导强续网络资讯环构]"
)
_TRADITIONAL_SHARE, _FEW_SIMPLIFIED = 0.01, 0.2


REPAIR_COLUMNS = ["document_id", "kind", "n", "text", "start", "end"]
_AROUND = 6  # characters of the source shown on either side of a repaired place


class Repair(NamedTuple):
    kind: str
    start: int  # of the place in the source
    end: int


class Repaired(NamedTuple):
    """A text as it is read, what was repaired in it, and where its characters are in the source.

    `begins` and `ends` hold, for every character of the text, its place in the source; None if the source was not changed
    in length.
    """

    text: str
    repairs: list[Repair]
    begins: list[int] | None
    ends: list[int] | None

    def locate(self, start, end):
        """Start and end in the source of text[start:end]."""
        if self.begins is None:
            return start, end
        if start == end:
            place = self.begins[start] if start < len(self.begins) else self.ends[-1]
            return place, place
        return self.begins[start], self.ends[end - 1]


def repair_text(source):
    """Repair a text for reading (Repaired). What is intact is returned as it is.

    >>> repaired = repair_text("推 进 智 慧 校 园，建设５Ｇ⽹络")
    >>> repaired.text, len(repaired.repairs), repaired.repairs[0].kind
    ('推进智慧校园，建设5G网络', 8, 'full-width letter, digit or sign')
    >>> repaired.locate(7, 9)
    (12, 14)
    """
    state = Repaired(source, [], None, None)
    for find in (_find_odd, _find_blanks, _find_narrow, _find_traditional):
        edits = find(state.text)
        if edits:
            state = _apply(state, edits)
    return state


def summarize_repairs(source, repaired):
    """(kind, number of repaired characters, the first place as printed, its start and end), by kind in order of places.

    >>> summarize_repairs("推进５Ｇ应用", repair_text("推进５Ｇ应用"))
    [('full-width letter, digit or sign', 2, '推进５Ｇ应用', 2, 3)]
    """
    first, n = {}, Counter()
    for repair in repaired.repairs:
        first.setdefault(repair.kind, repair)
        n[repair.kind] += 1
    rows = sorted((start, end, kind) for kind, start, end in first.values())
    return [(kind, n[kind], _show(source, start, end), start, end) for start, end, kind in rows]


def place_characters(text, source):
    """For every character of a repaired text the place in the source that it was read from; both are of one paragraph.

    >>> place_characters("加强网络，", "加 强 ⽹ 络，")
    [0, 2, 4, 6, 7]
    """
    if len(text) == len(source):
        return list(range(len(text)))
    places = []
    for _, begins, ends, first, last in SequenceMatcher(None, source, text, autojunk=False).get_opcodes():
        kept = [i for i in range(begins, ends) if not source[i].isspace()] or [begins]
        places += [kept[min(i, len(kept) - 1)] for i in range(last - first)]
    return places


def _show(source, start, end):
    line = max(source.rfind("\n", 0, start) + 1, start - _AROUND)
    return source[line : end + _AROUND].partition("\n")[0].strip()


def _apply(state, edits):
    """The state after edits of its text: (start, end, what takes its place, kind), in the order of the text."""
    n = len(state.text)
    begins, ends = (range(n), range(1, n + 1)) if state.begins is None else (state.begins, state.ends)
    pieces, new_begins, new_ends, done = [], [], [], 0
    for start, end, new, _ in edits:
        pieces += [state.text[done:start], new]
        new_begins += begins[done:start]
        new_ends += ends[done:start]
        new_begins += [begins[start]] * len(new)
        new_ends += [ends[end - 1]] * len(new)
        done = end
    pieces.append(state.text[done:])
    repairs = state.repairs + [Repair(kind, begins[start], ends[end - 1]) for start, end, _, kind in edits]
    if all(len(new) == end - start for start, end, new, _ in edits):
        return Repaired("".join(pieces), repairs, state.begins, state.ends)
    return Repaired("".join(pieces), repairs, [*new_begins, *begins[done:]], [*new_ends, *ends[done:]])


def _find_odd(text):
    edits = []
    for found in _ODD.finditer(text):
        character = found.group()
        kind = list(_CLASSES)[_KIND.match(character).lastindex - 1]
        if kind == PRIVATE:
            new = "•" if character in _BULLETS else MISSING
        elif kind == INVISIBLE:
            new = ""
        else:
            new = _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
        if new != character:
            edits.append((found.start(), found.end(), new, kind))
    return edits


def _find_blanks(text):
    if not _SPACED_HAN.search(text):
        return []
    edits = []
    for found in _SPACED.finditer(text):
        run = found.group()
        blanks = [match.start() for match in _IS_BLANK.finditer(run)]
        n_han = len(_IS_HAN.findall(run))
        if n_han >= _FEWEST_SPACED and len(blanks) >= _FEWEST_SPACED - 1 and 3 * n_han >= len(run) - len(blanks):
            places = [found.start() + i for i in blanks]
            if before := _OPENING.search(text, max(0, found.start() - 2), found.start()):
                places.insert(0, before.start(1))
            if behind := _CLOSING.match(text, found.end()):
                places.append(behind.start(1))
            edits += [(i, i + 1, "", BLANKS) for i in places]
    return edits


def _find_narrow(text):
    edits = [(m.start(), m.end(), _WIDE_FORM[m.group()], NARROW) for m in _NARROW.finditer(text)]
    for found in _NARROW_BRACKETS.finditer(text):
        if _IS_HAN.search(found.group()):
            edits += [(found.start(), found.start() + 1, "（", NARROW), (found.end() - 1, found.end(), "）", NARROW)]
    return sorted(edits)


def _find_traditional(text):
    n = len(_FREQUENT_TRADITIONAL.findall(text))
    if n < _TRADITIONAL_SHARE * len(text) or len(_FREQUENT_SIMPLIFIED.findall(text)) > _FEW_SIMPLIFIED * n:
        return []
    table = _simplify(frozenset(text))
    return [(i, i + 1, table[c], TRADITIONAL) for i, c in enumerate(text) if c in table]


@cache
def _simplify(characters):
    """{traditional character: its simplified one} of some characters; one to one, so that no place moves."""
    from opencc import OpenCC

    converter = OpenCC("t2s")
    pairs = {c: converter.convert(c) for c in characters if c > "\u33ff"}
    return {c: new for c, new in pairs.items() if new != c and len(new) == 1}
