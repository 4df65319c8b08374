"""Whether two targets are one thing: how alike their names are, and whether they say the same of whom and of what kind.

The words that say whom or what a number is about (中小学, 城镇) and which kind of thing counts (宽带, 开工) are data:
data/targets/qualifiers.csv.
"""

import os
import re
from typing import NamedTuple

import pandas as pd

from policylab.base.datafile import find_datafile, read_datafile
from policylab.base.paths import QUALIFIERS

ASPECTS = ("base", "kind")
EMPTY = "empty"

# Measure words that count the same: persons (人次 counts attendances, and a round number of persons may have no word), and
# rules, laws and other matters.
_ALIKE = {"名": "人", "位": "人", "": "人", "部": "件", "项": "件"}
# 个 is the general measure word and may replace any of these.
_COUNTERS = frozenset("所家门项处座间件部")

# Units of shares and rates, not of totals: a province's value need not be smaller than the country's.
RATES = re.compile(r"[%‰]|百分点|成|倍|[KMGT]?[Bb]ps|[KMGT]?b/s|M|G|兆|岁|年|天|度")

SCOPE = re.compile("^(?:全国|全省|全市|全区|全县|我省|我市|我区|本市|本省)")
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
# Names with digits that are no condition: M2, PM2.5, 1125工程.
NAMES = re.compile("“[^”]*”|《[^》]*》|[A-Za-z]+[0-9.]+|[0-9.]+工程|20[0-9]{2}年")
_MARKS = re.compile(r"[\W_]")
_JOINTS = re.compile(
    "、|和(?!谐)|(?<![普以涉波])及(?!格)|(?<!参)与(?!试验)"
)  # 普及率 and 研究与试验发展 are one thing each
# What may follow the head of a name: 网络学习空间开通 counts 空间.
_TAIL = re.compile("(?:开通|注册|建设|应用|使用|参与)?(?:总数|人数|数)?$")


class Qualifiers(NamedTuple):
    """The table of load_qualifiers, ready for use."""

    pattern: re.Pattern  # of all words, the longest first
    groups: dict  # {word: (aspect, family, value)}
    empty: re.Pattern


class Mention(NamedTuple):
    """A target as it is compared with others."""

    row: tuple  # of corpus.targets
    name: str  # the indicator without marks and words that say nothing about what is counted
    letters: frozenset  # of the name
    pairs: frozenset  # of its adjacent characters
    clause: frozenset  # pairs of the clause without its numbers
    said: dict  # {(aspect, family): frozenset of values}


def load_qualifiers(path: str | os.PathLike | None = None) -> pd.DataFrame:
    """Load the words by which the base and the kind of two targets are compared: one row is a word.

    Parameters
    ----------
    path : path, optional
        A CSV file of your own with these columns. By default the one that ships.

    Returns
    -------
    DataFrame
        `word`; `aspect`: base (whom or what the number is about), kind (which kind of thing counts) or empty (it says
        nothing about what is counted, and is left out when names are compared); `reason`; `family`, within which values
        exclude each other, and `value`, the same for words that mean the same, both missing for an empty word.

    Raises
    ------
    PolicylabError
        One message with all problems of the file: row, column, value and remedy.

    Notes
    -----
    The longest word counts: 中小学 is not 小学. Two targets of which only one has a word of a family may be about the same
    or not: school and 中小学 are no contradiction.

    Examples
    --------
    >>> load_qualifiers().set_index("word").loc[["互联网", "宽带"], ["aspect", "family"]].values.tolist()
    [['kind', 'connection'], ['kind', 'connection']]
    """
    allowed = {"aspect": (*ASPECTS, EMPTY)}
    return read_datafile(
        find_datafile(path, QUALIFIERS),
        ["word", "aspect", "reason"],
        ["family", "value"],
        key=["word"],
        allowed=allowed,
        check=_check_word,
    )


def _check_word(cells):
    for column in ("family", "value"):
        if cells["aspect"] == EMPTY and cells.get(column):
            yield column, f"{cells[column]!r} is given to a word that says nothing. Leave the cell blank."
        elif cells["aspect"] in ASPECTS and not cells.get(column):
            yield column, f"the word {cells['word']} of the aspect {cells['aspect']} has none. Fill the cell."


def compile_qualifiers(table):
    """The table of load_qualifiers as Qualifiers."""
    empty, groups = table["aspect"] == EMPTY, {}
    for row in table[~empty].itertuples():
        groups[row.word] = (row.aspect, row.family, row.value)
    return Qualifiers(_any_of(groups), groups, _any_of(table.loc[empty, "word"]))


def _any_of(words):
    """A pattern for the longest of some words; of no words one that matches nowhere."""
    return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) or "(?!)")


def read_mention(row, qualifiers):
    """A row of corpus.targets as a Mention."""
    indicator = SCOPE.sub("", _MARKS.sub("", row.indicator))
    said = {}
    for word in qualifiers.pattern.findall(SCOPE.sub("", row.indicator)):
        aspect, family, value = qualifiers.groups[word]
        said.setdefault((aspect, family), set()).add(value)
    name = qualifiers.empty.sub("", indicator)
    clause = find_pairs(NUMBER.sub("", row.text))
    return Mention(row, name, frozenset(name), find_pairs(name), clause, {k: frozenset(v) for k, v in said.items()})


def find_pairs(text):
    """The set of pairs of adjacent characters, ignoring punctuation; a single character is its own pair."""
    text = _MARKS.sub("", text).lower()
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) or frozenset((text,))


def compare_sets(a, b):
    """The similarity of two sets (0-1): twice what they share, of all they have (Dice)."""
    return 2 * len(a & b) / (len(a) + len(b))


def compare_names(mention, other):
    """The similarity of two mentions (0-1): three quarters from the indicators, one quarter from the clauses without numbers.

    Single characters count as much as pairs, because short names reorder their words (在线开放精品课程, 精品在线开放课程).
    The weights are chosen by judgement: the indicator names the thing, the clause distinguishes things of one name. Weights
    by rarity in other policy texts and other mixtures did no better on the gold (docs/targets.md). A name of empty words
    (比上年增加) is like no other.
    """
    named = 0.0
    if mention.letters and other.letters:
        named = (compare_sets(mention.letters, other.letters) + compare_sets(mention.pairs, other.pairs)) / 2
    return 0.75 * named + 0.25 * compare_sets(mention.clause, other.clause)


def compare_aspect(mention, other, aspect):
    """Whether two mentions say the same of an aspect, and what they say of it: (state, two texts).

    The state is yes, no, unknown, or unstated if neither says anything. It is unknown where only one has a word of a family
    (中小学, nothing), where they share some of their words, of the base where they list different numbers of things (校长;
    校长和教师), and of the kind where counts have different heads (学习空间; 学习空间应用优秀区域).
    """
    states, texts = {"yes"}, ([], [])
    for key in dict.fromkeys((*mention.said, *other.said)):
        values = mention.said.get(key, frozenset()), other.said.get(key, frozenset())
        if key[0] == aspect and values[0] != values[1]:
            states.add("no" if all(values) and not values[0] & values[1] else "unknown")
            for text, found in zip(texts, values, strict=True):
                text += sorted(found)
    alike = _count_things(mention) == _count_things(other) if aspect == "base" else _share_heads(mention, other)
    if len(states) == 1 and not alike:
        return "unknown", mention.row.indicator, other.row.indicator
    if not any(key[0] == aspect for key in (*mention.said, *other.said)):
        return "unstated", "none", "none"
    state = next(state for state in ("no", "unknown", "yes") if state in states)
    return state, *("、".join(text) or "none" for text in texts)


def _count_things(mention):
    return len(_JOINTS.split(NAMES.sub("", mention.row.indicator)))


def _share_heads(mention, other):
    """Whether the name of each contains the head (the last two characters) of the other.

    Only counts are tested: a share or rate may be named by any part of what it measures (接入互联网, 宽带接入率).
    """
    if RATES.fullmatch(mention.row.unit) or RATES.fullmatch(other.row.unit):
        return True
    a, b = (_TAIL.sub("", one.name) for one in (mention, other))
    return a[-2:] in b and b[-2:] in a


def same_unit(a, b):
    """Whether two measure words count the same thing: 名 and 人, 件 and 部, 个 and 所."""
    return _ALIKE.get(a, a) == _ALIKE.get(b, b) or (a == "个" and b in _COUNTERS) or (b == "个" and a in _COUNTERS)
