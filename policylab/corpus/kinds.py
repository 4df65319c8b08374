"""Whether a number is to be reached (target), reached already (result), or laid down as a rule.

Three things say so, the nearest first: words in the sentence, the headings above it, the kind of document. The words are
data ([kinds] in targets.toml); this module holds their order.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from policylab.corpus.documentkinds import read_years
from policylab.corpus.vocabulary import WORDS

TARGET, RESULT, RULE = "target", "result", "rule"

_KINDS = WORDS["kinds"]
_HEADINGS = {kind: re.compile("|".join(words)) for kind, words in _KINDS["headings"].items()}
_RESULT_TITLE = re.compile("|".join(_KINDS["documents"]["result"]))
_TITLE_YEAR = re.compile("(?<![0-9〔（(第])(?:19|20)[0-9]{2}(?![0-9])")

_NUMERALS = "一二三四五六七八九十"
_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九０１２３４５６７８９", "000001234567890123456789")
# 2019年, 一九七八年, 十三五. Each begins with an ordinary character: that is what makes the search fast.
_YEARS = [*(rf"{c}[0-9]{{3}}\s?年" for c in "12"), *(f"{c}[〇○零Oo一二三四五六七八九]{{3}}年" for c in "一二")]
_FIVE = r"五(?=”?\s?(?:时期|期间|以来|规划|计划|头|开局|前|后))"
_PLANS = [f"十[{_NUMERALS[:9]}]?{_FIVE}", *(c + _FIVE for c in _NUMERALS[:9])]
# Before a year that is the base of a comparison; from a year to come on (从2026年起), something is to be done.
_NO_TIME, _COMPARED = frozenset("比较与和同以按由从自为是即"), frozenset("比较")
_NO_TIME_BEHIND = re.compile(r"\s*(?:的?水平|底?原有|同期|相比|价格|不变价|为基|起|以前|前|版|修订|修正)")
_MORE = re.compile("[高低多少大小快慢优]于“?$")  # 高于“十三五”时期
_UNTIL = re.compile(r"[到至]?\s?(?:([12][0-9]{3}|[一二][〇○零Oo一二三四五六七八九]{3})\s?年)?([^，。；]{0,8})")
_MARKS = {"。！？!?\n": "end", "；;": "half"}


def _compile_time(classes, marks):
    """One pattern for the words of these classes, years and five-year plans, and what each of its groups stands for."""
    words = [(word, kind) for kind in classes for word in _KINDS["time"][kind]]
    words += [(year, "year") for year in _YEARS] + [(plan, "plan") for plan in _PLANS]
    words += [(re.escape(mark), meaning) for group, meaning in marks.items() for mark in group]
    return re.compile("|".join(f"{word}()" for word, _ in words)), [None, *(kind for _, kind in words)]


_TIME, _MEANINGS = _compile_time(_KINDS["time"], _MARKS)
# What says so of more than its own sentence; searched where nothing else counts, for it is found in few places.
_LASTING, _LASTING_MEANINGS = _compile_time(("past", "ahead", "now", "until"), _MARKS)
_COMMA = re.compile("[，,]")
# 已建成的基地, 现有基地: says nothing about what comes after the comma.
_ATTRIBUTE = re.compile("已[^，。；、0-9]{0,14}的|现有|已有(?![0-9一二三四五六七八九])")
_ACTS = re.compile(rf"\s*(?:{'|'.join(_KINDS['acts'])})")
_ANY, _MONEY, _SPENT, _FEWER = (
    re.compile("|".join(_KINDS["rule"][name])) for name in ("any", "money", "spent", "fewer")
)
_CONDITION, _WHOM, _WHOM_ACTS, _LIST = (
    re.compile(_KINDS["rule"][name]) for name in ("condition", "whom", "whom_acts", "list")
)
_SUMS = frozenset([*WORDS["units"]["money"], "元", "%", "倍", "‰"])
_STRETCH = 120  # characters to either side of a number that are searched for the words of a rule


class Setting(NamedTuple):
    """What is known about the numbers of a paragraph before it is read."""

    kind: str = TARGET
    open: bool = False  # whether what a sentence says of time holds for the following ones, as in a report


PLAN = Setting()


def read_year(title, year):
    """The year that numbers are compared with: the one in the title (of a span the first, else the last), else `year`."""
    first, last = read_years(title)
    return first if last else int(max(_TITLE_YEAR.findall(title or ""), default=0)) or year


def read_document(title, kind, articles):
    """The setting of a document: articles rule, reports begin with results and go on to targets, the rest is a plan."""
    if articles:
        return Setting(RULE)
    if _RESULT_TITLE.search(title or ""):
        return Setting(RESULT)
    return Setting(RESULT, True) if kind == "report" else PLAN


@lru_cache(maxsize=4096)
def read_setting(headings, document, carried, year):
    """The setting of a paragraph under these headings, outermost first; `carried` is the kind that the one before ended with."""
    if document.kind == RULE:
        return document
    kinds = ()
    for heading in filter(None, headings):
        kinds = _read_heading(heading, year, document.open, not kinds) or kinds
    if len(kinds) == 1:
        return Setting(kinds[0])
    if kinds:
        return Setting(carried if document.open else RESULT, True)
    return Setting(carried, True) if document.open else document


def _read_heading(heading, year, report, first):
    """The kinds that a heading speaks of, in the order rule, result, target; () if it does not say."""
    if _HEADINGS[RULE].search(heading):
        return (RULE,)
    kinds = {kind for kind in (RESULT, TARGET) if _HEADINGS[kind].search(heading)}
    if first and _HEADINGS["verbs"].search(heading):
        kinds.add(TARGET)
    if report and _HEADINGS["report"].search(heading):
        kinds.add(RESULT)
    times = {meaning for _, meaning in _list_times(heading, year, lasting=True)}
    if "past" in times and not kinds:
        kinds.add(RESULT)
    if "past" in times and times & {"now", "ahead"}:
        kinds |= {RESULT, TARGET}
    return tuple(kind for kind in (RESULT, TARGET) if kind in kinds)


def _list_times(text, year, lasting):
    """(match, what it says) for the words of time in a text; `lasting`: only those that hold beyond their sentence."""
    pattern, meanings = (_LASTING, _LASTING_MEANINGS) if lasting else (_TIME, _MEANINGS)
    for match in pattern.finditer(text):
        if meaning := _read_time(match, meanings[match.lastindex], text, year):
            yield match, meaning


def _read_time(match, meaning, text, year):
    """What a match says: past, now, ahead, done, will, end, half; None for nothing."""
    if meaning == "year":
        named = int(match[0][:4].translate(_DIGITS))
        if year is None or _is_base(match, text, named < year):
            return None
        return "past" if named < year else "now" if named == year else "ahead"
    if meaning == "until":
        # 截至2020年底 is past even in 2020; 截至2025年底前 is a deadline.
        until = _UNTIL.match(text, match.end())
        named = int(until[1].translate(_DIGITS)) if until[1] else None
        return "ahead" if named and year and (named > year or until[2].endswith("前")) else "past"
    if meaning == "plan":
        first, last = _read_plan(match[0])
        if (
            year is None
            or _is_base(match, text, last < year)
            or _MORE.search(text, max(0, match.start() - 3), match.start())
        ):
            return None
        return "past" if last < year else "ahead" if first > year else "now" if first == year else None
    return meaning


def _is_base(match, text, past):
    """Whether a year is only what something is compared with: 比2015年, 2015年的水平."""
    ahead = text[max(0, match.start() - 2) : match.start()].rstrip("“")[-1:]
    return ahead in (_NO_TIME if past else _COMPARED) or _NO_TIME_BEHIND.match(text, match.end()) is not None


def _read_plan(name):
    """The first and last year of a five-year plan: 十三五 -> (2016, 2020)."""
    tens, _, ones = name[:-1].rpartition("十")
    ordinal = 10 * ("十" in name[:-1]) + (_NUMERALS.index(ones) + 1 if ones else 0)
    last = {1: 1957, 2: 1962}.get(ordinal, 1955 + 5 * ordinal)
    return last - 4, last


class _State:
    """What the words so far say of the numbers to come."""

    def __init__(self, setting):
        self.base, self.open = setting.kind, setting.open
        self.paragraph = self.sentence = self.now = setting.kind
        self.done, self.attribute = 0, False  # where 已, 了 … ended, if nothing has come since

    def reach(self, text, position):
        """已建成3个，新建5个: behind the comma a verb begins something else; 已建成的基地 says nothing beyond it."""
        for comma in _COMMA.finditer(text, self.done, position) if self.done else ():
            if self.attribute or (self.base == TARGET and _ACTS.match(text, comma.end())):
                self.now, self.done = self.sentence, 0
                return

    def take(self, meaning, text, start, end):
        if meaning == "end":
            self.now = self.sentence = self.paragraph
        elif meaning == "half":
            self.now = self.sentence
        elif meaning in ("past", "done"):
            self._set(RESULT, lasting=meaning == "past", early=start < 8)
            self.attribute = meaning == "done" and _ATTRIBUTE.match(text, start) is not None
        elif self.base == RESULT and not self.open:
            if meaning == "ahead":  # under a heading that looks back only what names another time looks ahead
                self.now = self.sentence = TARGET
        else:
            self._set(TARGET, lasting=meaning in ("ahead", "now"), early=True)
        self.done = end if meaning == "done" else 0

    def _set(self, kind, lasting, early):
        self.now = kind
        if lasting:
            self.sentence = kind
            if self.open or early:
                self.paragraph = kind


def follow(text, setting, year):
    """The kind that numbers behind this paragraph have, where its setting is open."""
    state = _State(setting)
    for match, meaning in _list_times(text, year, lasting=True):
        state.take(meaning, text, *match.span())
    return state.paragraph


def classify(masked, quantities, setting, year):
    """The kind of each quantity in a paragraph."""
    if setting.kind == RULE:
        return [RULE] * len(quantities)
    kinds, state = [], _State(setting)
    marks = _list_times(masked, year, lasting=setting.kind == RESULT and not setting.open)
    mark, ruled, listed = next(marks, None), False, _LIST.search(masked)
    for quantity in quantities:
        told = False  # whether the words of its own stretch say when
        while mark and mark[0].start() < quantity.first:
            match, meaning = mark
            state.reach(masked, match.start())
            state.take(meaning, masked, *match.span())
            ruled = ruled and meaning != "end"
            told = told or (match.start() >= quantity.left and meaning not in _MARKS.values())
            mark = next(marks, None)
        state.reach(masked, quantity.first)
        kind = state.now
        # 5575万农村贫困人口已脱贫: the word comes behind the number.
        if not told and mark and mark[0].start() < quantity.right and mark[1] == "done":
            kind = RESULT
        # 对已通过认证的企业，给予50万元奖励: 已 says who gets it, not that it was paid.
        if kind == RESULT and not told and TARGET == state.sentence == setting.kind:
            kind = _apply_rules(masked, quantity, TARGET, ruled)
            kind = kind if kind == RULE and quantity.unit in _SUMS else RESULT
        in_list = listed is not None and quantity.first >= listed.end()
        kind = RULE if in_list else _apply_rules(masked, quantity, kind, ruled)
        ruled = ruled or kind == RULE
        kinds.append(RESULT if quantity.drop == "origin" else kind)
    return kinds


def announces_conditions(text):
    """Whether the paragraphs that follow list conditions: 申报单位应符合下列条件："""
    if text[-1:] not in "：:":
        return False
    found = _LIST.search(text, max(0, len(text) - _STRETCH))
    return found is not None and found.end() == len(text)


def _is_term(masked, quantity):
    """Whether a quantity is a deadline in days (20日内) or a score."""
    if quantity.unit.endswith(("工作日", "分")):
        return True
    if quantity.unit not in ("日", "天"):
        return False
    return "天数" not in masked[max(quantity.left, quantity.first - _STRETCH) : quantity.first]


def _apply_rules(masked, quantity, kind, ruled):
    """`kind`, or "rule" where the words around the number lay one down."""
    left, right = max(quantity.left, quantity.first - _STRETCH), min(quantity.right, quantity.end + _STRETCH)
    if _is_term(masked, quantity) and kind != RESULT:
        return kind if _FEWER.search(masked, left, quantity.first) else RULE
    if kind == RESULT:
        return kind
    if _ANY.search(masked, left, right) or _CONDITION.match(masked, right - 1):
        return RULE
    if _WHOM_ACTS.match(masked, quantity.end) or (
        "对" in masked[left : quantity.first] and _WHOM.match(masked, quantity.end)
    ):
        return RULE
    if quantity.unit in _SUMS and not _SPENT.search(masked, left, quantity.first):
        if ruled or _MONEY.search(masked, left, right):
            return RULE
    return kind
