"""Quantities in Chinese policy text: which numbers promise, report or rule, their value, unit and bound.

targets.toml holds the words: measure words, bounds, exclusions. This module holds the order in which they are tried: one
pattern finds every number with a measure word; names, ordinals and sums of a list are dropped; what is left gets its clause
and comparator here, its indicator in indicators.py, its kind in kinds.py.
"""

import re
from bisect import bisect_right
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from policylab.corpus.indicators import BOUNDS, LEADS, name_quantities, strip_end
from policylab.corpus.kinds import PLAN, classify
from policylab.corpus.vocabulary import WORDS, any_of, by_word, find_ending, group_endings

_CLAUSE, _EXCLUDED, _SIGNED = WORDS["clause"], WORDS["excluded"], WORDS["signed"]

_UNIT_NAMES = {"个百分点": "百分点"}
# Powers of ten, not factors: float("2.6e-2") is the float nearest to what is printed, 2.6 / 100 may miss it.
_SHARES = {"%": -2, "‰": -3, "个百分点": -2, "百分点": -2, "成": -1}
_POWERS = {"亿": 8, "万": 4, "千": 3, "百": 2, "十": 1}
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "○": 0}
_C = "一二两三四五六七八九十"  # Chinese digits, inside [ ]
_SEPARATORS = dict.fromkeys(map(ord, ",，、"))  # of thousands
_LONGEST = 40  # characters of a numeral; no number that means something has more
# Full-width digits, letters and signs are read as what they stand for, one character for one, so that offsets hold.
_FOLD = str.maketrans({c + 0xFEE0: c for c in range(0x21, 0x7F) if chr(c).isalnum() or chr(c) in "%.+/<>"})
_WIDE = re.compile(f"[{''.join(map(chr, _FOLD))}]")


class Target(NamedTuple):
    """A quantity; `start`, `end`, `value_start`, `value_end` are offsets in the text that was searched."""

    start: int
    end: int
    text: str
    indicator: str
    value: float
    unit: str
    comparator: str
    kind: str
    value_start: int
    value_end: int


class _Quantity(NamedTuple):
    """A number with its unit. `left` and `right` bound the stretch between two breaks (，。) around it."""

    first: int  # where it begins: `start`, or the lower number of a range
    start: int
    unit_end: int
    end: int  # behind 以上, 左右; behind the noun of a dropped sum
    value: float
    unit: str
    bound: str  # the comparator that the wording next to the number sets, or ""
    low: tuple | None  # (value, start, end) of the lower number of a range
    drop: str  # "" kept, "origin" from 从 A 提高到 B; dropped: "scope" 4个方面, "sum" A、B、C等3类
    left: int
    right: int


_HAN = r"\u4e00-\u9fff"


def _compile_number():
    """One pattern for a number and its unit. It begins with a plain character class: that is what makes it fast."""
    units = any_of(unit for group in WORDS["units"].values() for unit in group)
    after = any_of(word for group in WORDS["after"].values() for word in group)
    # 千 and 百 behind digits belong to the number (5千名), unless they begin a unit (5千瓦) or a word (百分).
    power = r"[^\S\n]?[多余]?(?:[十百千]?万?亿|[十百千]?[多余]?万|千(?![瓦米克伏赫])|百(?!分))"
    # 1,200 and 20 000, digits that a PDF set apart (9 8, 6 .5), plain ones.
    digits = r"(?:[0-9]{0,2}(?:[,，][0-9]{3})+(?![0-9])|[0-9]{0,2}(?: [0-9]{3})+(?![0-9])|(?: [0-9](?![0-9]))+|[0-9]*)"
    fraction = r"(?:\.[0-9]+| \. ?[0-9]+|(?<=[\u4e00-\u9fff][0-9])\. [0-9]+)?"
    arabic = rf"{digits}{fraction}(?:{power}(?:[0-9]+{power})?)?"
    year = rf"[一二][九○〇零][{_C}零〇○]{{2}}年"  # scans lose the mark between 百分之一二·二 and 一九五三年
    share = rf"[{_C}百零〇○]+(?!年)(?:[点·](?:(?!{year})[{_C}零〇○])+(?!年))?"
    # 一五二 is 152, 一、四○○ 1,400: so older texts print numbers.
    positional = rf"[{_C[:-1]}零〇○]{{2}}(?![十百千])|[{_C[:-1]}]·|[零〇○]|[{_C[:-1]}零〇○]{{0,2}}、[{_C}零〇○]{{3}}(?![{_C}零〇○十百千])"
    signs = f"[{''.join(sign for sign in _SIGNED['signs'])}]"
    per = r"(?:/[十百千万亿]{0,2}(?:平方米|立方米|标准煤|公里|千瓦时|小时|人|户|亩|吨|升|元|[年月日天时秒]))?"
    return re.compile(
        rf"[0-9{_C}百](?:"
        rf"(?<=百)分之(?P<percent>{share})(?:[至到—-](?P<upto>(?!百分|{year}){share})(?![个所名人家亿万]))?"
        rf"|(?<!百)(?>"
        # Digits, but not the end of a longer number, of a name (IPv6, DO-160, 三个1亿人), of an ordinal (第 2, 前10).
        rf"(?<=[0-9])(?<![A-Za-z0-9./+×@第届式].)(?<![A-Za-z]-.)(?<!附件.)(?<!附表.)(?<!第\s.)(?<![0-9]\s.)(?<![,，][0-9]{{3}}[,，].)(?:(?<!前.)|(?<=[年月底]前.))"
        rf"(?<![{_C}0-9]个.)(?P<sign>(?<={signs}.)|(?<={signs}\s.))?"
        rf"(?P<word>(?<={_SIGNED['words']}.)|(?<={_SIGNED['words']}\s.))?{arabic}"
        # Chinese numerals; 一 only where it begins a larger one, for 一个 and 一批 count nothing. 三、四百 is vague.
        rf"|(?<=[{_C}])(?<![第前届数几好之百千万亿零〇○·{_C}].)(?<![{_C}]、.)(?:(?<!一)|(?=[十百千万亿点·倍]|成(?:以|左|[^{_HAN}]|$)|{positional}))"
        rf"[{_C}百千万亿零〇○]*(?:、[{_C}零〇○]{{3}}(?![{_C}零〇○十百千]))*[万亿]*(?:[多余][万亿]+)?(?:[点·][{_C}零〇○]+[万亿]*)?"
        rf")(?P<more>[多余])?[^\S\n]*"
        rf"(?P<unit>(?:(?:{units}){per}"
        # 1亿以上, 6000万低保人员: a large round number may have no unit. 30万千瓦级 is a size, 3万—5万人 a range.
        rf"|(?<=[0-9千百多余 ][万亿])(?![0-9A-Za-z—–~～－至到-])|(?<=[万亿])(?=以上|以下|以内|左右|[，。；、,;]|$))(?!级)"
        rf"|(?(sign)(?:{_SIGNED['unit']}|{_SIGNED['none']})|(?!))|(?(word)(?:{_SIGNED['unit']})|(?!)))"
        rf")(?P<tenth>(?<=成)[一二三四五六七八九](?![个所名家人项台成十百千万亿]))?(?:\s?(?:＊{{3}})?(?P<after>{after}))?"
    )


_NUMBER = _compile_number()
_PART = re.compile(r"([\d.]+)(\D*)")
_VAGUE = re.compile(
    f"(?<![{_C}零〇○])(?:一二|一两|二三|两三|三四|三五|四五|五六|六七|七八|八九)(?![{_C}零〇○])"
)  # 三五个
_LOW = re.compile(rf"(?<![A-Za-z0-9.第])([0-9]{{1,12}}(?:[.][0-9]{{1,9}})?|[{_C}]{{1,9}})([百千万亿]{{0,4}})\s{{0,9}}$")
_REACH = 200  # no clause goes further to either side of its number: text without punctuation must not take forever
_OR = frozenset(["或", "或者"])
_ORDINALS = re.compile(r"第\s?[0-9]{1,2}(?:\s?[、至到和或—-]\s?[0-9]{1,2})*\s?[、至到和或—-]$")
_MORE, _LISTED = re.compile("[多余]"), frozenset(["、", "和", "及", "或", "或者", "以及"])
_NEAR = 60  # characters before a number in which the word is looked for that an age or a period needs
_DASHES = "-—–~～－至到 "
_AFTER, _BEFORE = by_word(WORDS["after"]), by_word(WORDS["before"])
_FAR = re.compile(rf"({any_of(WORDS['far']['words'])})[^，。；：、0-9达]{{1,30}}$")  # 不低于公用经费的 | 5%
_FAR_FIRST = re.compile(
    f"[{''.join({word[0] for word in WORDS['far']['words']})}]"
)  # far faster than _FAR, seldom found
_FAR_REACH = 40  # characters before a number that are searched for such a bound: its own and the 30 between
_WITHIN = re.compile("|".join(f"{word}()" for words in WORDS["within"].values() for word in words))
_WITHIN_NAMES = tuple(name for name, words in WORDS["within"].items() for _ in words)
_HIDDEN = re.compile("|".join([*_CLAUSE["names"], _CLAUSE["asides"], *_CLAUSE["parts"]]))
_BREAKS, _LAST_JOINT = (
    re.compile(_CLAUSE["breaks"]),
    re.compile(rf"[^\n]*({any_of(_CLAUSE['joints'])})"),
)  # the last joint
_OPENERS = re.compile(rf"(?:\s|{any_of(_CLAUSE['openers'])})*")
_SETTINGS, _CHANGE, _ORIGIN = (re.compile(_CLAUSE[rule]) for rule in ("settings", "change", "origin"))
_SUMS, _SUM_UNITS = re.compile(_EXCLUDED["sums"]), frozenset(_EXCLUDED["sum_units"])
_SMALL_UNITS, _SMALL_VERBS = frozenset(_EXCLUDED["small_units"]), group_endings(_EXCLUDED["small_verbs"])


def find_targets(text, *, setting=PLAN, year=None):
    """The quantities in a paragraph: one row for every number with a measure word that is no name or ordinal.

    A row is the shortest clause that states the quantity (`text[start:end]`) with its number; `value_start:value_end`
    is the number with its unit. Two numbers in a clause give two rows; a range (3至5个, 5%—6%) gives one row ">=" with
    its lower and one "<=" with its upper end. Of a change (从 A 提高到 B) A is a result.

    Kind: "target" is to be reached, "result" reached already (已, 去年, a year before `year`, what was before a change),
    "rule" a fine, subsidy, condition, score or deadline in days. `setting` is what the headings and the document say
    about numbers without such words (kinds.read_setting).

    Units: `value` is in base units (100万 is 1000000.0; 97% is 0.97, 百分点 and 成 likewise). `unit` is the measure
    word as printed (名 and 人, M and Mbps stay apart; only full-width letters and ％ are folded), "" where a round number
    or one behind a sign has none (1亿以上, ≥1.5).

    Comparator: ">=" 以上 不少于 ≥, ">" 超过 多 余, "<=" 以下 以内 不超过 ≤, "<" 低于 不足, "~" 约 左右 近, "±",
    "increase" 新增 增加, "total" 累计, else "=" (also 达到, 共计, 力争). A bound outweighs 新增 and 累计:
    新增就业1200万人以上 is ">=".

    It misleads where a number describes what is counted (30亿元以上项目) and where neither heading nor sentence says when
    (the kind is then that of the setting), for fractions and ratios (三分之二, 3:1), 半数以上, 数十所 and 翻一番, which are
    not read, and for small Chinese numerals (三个中心): most are names, so they count only behind a verb such as 建设 or
    with a bound. `indicator` is cut by word lists, not by a grammar: good for reading, not for counting.

    >>> for row in find_targets("已有60%的学校接入，今年宽带接入率达到97%以上、出口带宽达到100Mbps以上"):
    ...     print(row.kind, row.text, row.indicator, row.value, row.unit, row.comparator)
    result 已有60%的学校接入 学校接入 0.6 % =
    target 今年宽带接入率达到97%以上 宽带接入率 0.97 % >=
    target 出口带宽达到100Mbps以上 出口带宽 100.0 Mbps >=
    """
    folded = text.translate(_FOLD) if _WIDE.search(text) else text
    if _NUMBER.search(folded) is None:
        return []
    # The same length, so that offsets hold: what names and harmless brackets hold is neither searched nor cut.
    masked = _HIDDEN.sub(lambda match: "＊" * len(match[0]), folded)
    breaks = [(0, 0), *[match.span() for match in _BREAKS.finditer(masked)], (len(masked), len(masked))]
    quantities = _find_quantities(masked, breaks)
    if not quantities:
        return []
    clauses = _cut_clauses(masked, quantities)
    names = name_quantities(folded, masked, quantities, clauses, breaks)
    kinds = classify(masked, quantities, setting, year)
    targets, inherited = [], ""
    for i, (quantity, (start, end)) in enumerate(zip(quantities, clauses, strict=True)):
        if quantity.drop not in ("", "origin"):
            continue
        ahead = masked[start : quantity.start]
        previous = quantities[i - 1] if i else None
        if words := list(_WITHIN.finditer(ahead)):
            inherited = _WITHIN_NAMES[words[-1].lastindex - 1]
        elif ahead.strip() or not (previous and previous.left == quantity.left):
            inherited = ""  # 新增 reaches on to "、8个…", but not to "、总量达8个"
        if quantity.drop:
            start, end = _find_change(quantities, clauses, i)
        unit = _UNIT_NAMES.get(quantity.unit, quantity.unit)
        quantity = _share_bound(masked, quantity, previous)
        quantities[i] = quantity
        bound = "<=" if quantity.low else quantity.bound or inherited or "="
        rows = [(quantity.value, bound, quantity.start, quantity.unit_end)]
        if quantity.low:
            rows.insert(0, (quantity.low[0], ">=", *quantity.low[1:]))
        found = (start, end, text[start:end], names[i])
        targets += [Target(*found, v, unit, c, kinds[i], a, b) for v, c, a, b in rows]
    return targets


def _share_bound(masked, quantity, previous):
    """最高500万元、100万元: a bound in front of the first holds for the second as well."""
    if quantity.bound or not (previous and previous.bound) or quantity.left != previous.left:
        return quantity
    ahead = previous.end == previous.unit_end and not _MORE.search(masked, previous.start, previous.end)
    between = masked[previous.end : quantity.first].strip("＊ ")
    joined = between in _LISTED and (quantity.unit == previous.unit or between in _OR)  # 不少于240小时或1000公里
    return quantity._replace(bound=previous.bound) if ahead and joined else quantity


def _find_change(quantities, clauses, i):
    """The clause of an old value is that of the new one, which holds both: 由54%提高到59%."""
    following = next((k for k in range(i + 1, len(quantities)) if quantities[k].drop != "origin"), i)
    start, end = clauses[following]
    return min(start, clauses[i][0]), end


def _find_quantities(masked, breaks):
    """Every number with a unit, in order, each with the stretch between the breaks around it."""
    starts = [start for start, _ in breaks]
    found = []
    for match in _NUMBER.finditer(masked):
        k = bisect_right(starts, match.start())
        quantity = _read_quantity(masked, match, breaks[k - 1][1], starts[k], found[-1] if found else None)
        if quantity is None:
            continue
        if quantity.low and found and found[-1].start == quantity.low[1]:
            found.pop()  # 5%—6%: the lower end had a unit of its own
        found.append(quantity)
    # From the right, so that a list of old values is found whole: 从209元、280元提高到217元.
    for k in range(len(found) - 2, -1, -1):
        here, following = found[k], found[k + 1]
        if here.drop or following.left > here.right + 1:
            continue
        between = masked[here.end : following.first].lstrip()
        if following.left != here.left:
            between = between.removeprefix("，")  # 从58%，提高到60%
        changed = _CHANGE.match(between) or (following.drop == "origin" and between.strip() == "、")
        if changed and _ORIGIN.search(masked, max(here.left, here.start - _REACH), here.start):
            found[k] = here._replace(drop="origin")
    return found


def _read_quantity(masked, match, left, right, previous):
    """A match of _NUMBER as a _Quantity, or None where it is no number of something."""
    start, unit, more = match.start(), match["unit"], match["more"]
    unit_end = match.end("upto" if match["upto"] else "percent") if unit is None else match.end("unit")
    numeral = match["upto"] or match["percent"]
    numeral = numeral or masked[start : match.start("more") if more else match.start("unit")].rstrip()
    unit = "%" if unit is None else unit
    needed = WORDS["only_with"].get(unit)
    if len(numeral) > _LONGEST or (unit != "%" and "·" not in numeral and _VAGUE.search(numeral)):
        return None
    if needed and not any(word in masked[max(left, start - _NEAR) : unit_end] for word in needed):
        return None
    value = _read_number(numeral, _SHARES.get(unit, 0))
    if match["tenth"]:  # 七成五
        value, unit_end = (10 * value + _DIGITS[match["tenth"]] / 10) / 10, match.end("tenth")
    if not isfinite(value):
        return None
    if match["upto"]:
        low = (_read_number(match["percent"], -2), start, match.end("percent"))
    else:
        low = _read_low(masked, start, left, unit, numeral, previous)
    after = match["after"] or ("多" if more or "多" in numeral or "余" in numeral else "")
    ahead = masked[max(left, start - 8) : start].rstrip()
    if numeral[0] in _C and value <= 10 and not (after or low or unit in _SMALL_UNITS or unit == "%"):
        if not (find_ending(ahead, _SMALL_VERBS) or find_ending(ahead, BOUNDS)):
            return None
    noun = _SUMS.match(masked, unit_end) if unit in _SUM_UNITS and not after else None
    end, drop = (noun.end(), "scope") if noun else (match.end(), "")
    bound = _AFTER.get(after, "")
    if not bound and (before := find_ending(ahead, BOUNDS)):
        bound = _BEFORE[before]
    window = "" if bound else masked[max(left, start - _FAR_REACH) : start]
    if _FAR_FIRST.search(window) and (far := _FAR.search(window)):
        bound = _BEFORE[far[1]]
    if _ORDINALS.search(ahead):  # 下列第1、2、4项
        return None
    if ahead.endswith("每"):  # 每50公斤提高5元: what the price is for
        return None
    # 4个过五百亿元的县市: how large each of them is.
    if (
        ahead.endswith("过")
        and not ahead.endswith("超过")
        and masked[match.end() : min(match.end() + 1, right)] not in ("", "、")
    ):
        return None
    # A、B、C等3个…: the number says no more than the list. Where it is 100, there are more than the list names.
    if ahead.endswith("等") and value <= masked.count("、", max(left, start - _REACH), start) + 2:
        drop = "sum"
    first = low[1] if low else start
    return _Quantity(first, start, unit_end, end, value, unit, bound, low, drop, left, right)


def _read_low(masked, start, left, unit, numeral, previous):
    """The lower end of a range (3至5个, 5%—6%) that ends at `start`, as (value, start, end), or None."""
    ahead = masked[max(left, start - _REACH) : start]
    end = start - len(ahead) + len(ahead.rstrip(_DASHES))
    if not masked[end:start].strip():
        return None
    if previous and previous.end == end and not previous.drop:
        same = previous.unit == unit and not _ORIGIN.search(masked, max(left, start - _REACH), previous.start)
        return (previous.value, previous.start, previous.unit_end) if same else None
    match = _LOW.search(masked, max(left, end - 12), end)
    if match is None:
        return None
    # 1000—1200万人: the power is written once, for both.
    power = match[2] or ("" if numeral[0] in _C else "".join(p for p in numeral if p in _POWERS))
    return _read_number(match[1] + power, _SHARES.get(unit, 0)), match.start(), match.end()


@lru_cache(maxsize=4096)  # most numbers of a corpus come again
def _read_number(numeral, power=0):
    """The value of digits or Chinese numerals times 10**power.

    >>> _read_number("1.3万亿"), _read_number("2万5千"), _read_number("一亿三千二百万"), _read_number("九十点五", -2)
    (1300000000000.0, 25000.0, 132000000.0, 0.905)
    """
    numeral = "".join(numeral.split()).translate(_SEPARATORS)
    parts = _PART.findall(numeral)
    if parts:
        return sum(float(f"{digits}e{power + sum(_POWERS.get(p, 0) for p in powers)}") for digits, powers in parts)
    whole, _, fraction = numeral.replace("·", "点").partition("点")
    decimals = "".join(str(_DIGITS[digit]) for digit in fraction if digit in _DIGITS)
    power += sum(_POWERS[p] for p in fraction if p in _POWERS)
    return float(f"{_read_chinese(whole)}.{decimals}e{power}")


def _read_chinese(numeral):
    """The value of a Chinese numeral without decimals: digits, then 十百千, then 万, then 亿, then all of it again.

    >>> _read_chinese("三万二千"), _read_chinese("两万亿"), _read_chinese("十"), _read_chinese("二〇二五")
    (32000, 2000000000000, 10, 2025)
    """
    total = tens = digit = 0  # of all, of what 万 and 亿 multiply, of what 十百千 multiply
    for character in numeral:
        if character in _DIGITS:
            digit = digit * 10 + _DIGITS[character]
        elif character in "十百千":
            tens += (digit or 1) * 10 ** _POWERS[character]
            digit = 0
        elif character == "万":
            total += (tens + digit or 1) * 10**4
            tens = digit = 0
        elif character == "亿":
            total = (total + tens + digit or 1) * 10**8
            tens = digit = 0
    return total + tens + digit


def _cut_clauses(masked, quantities):
    """(start, end) of the shortest clause that states each quantity."""
    clauses = []
    before = None
    for quantity, end in zip(quantities, _find_ends(masked, quantities), strict=True):
        start = quantity.left
        if before and before.left == quantity.left:
            joint = None if before.drop == "origin" else _LAST_JOINT.match(masked, before.end, quantity.first)
            alone = joint and end == quantity.end and not masked[joint.end() : quantity.first].strip()
            if joint and not alone:
                start = joint.end()
            elif before.drop == "sum":
                start = before.end
            elif joint or before.drop or quantity.unit == "%":
                # 分别增长3.9%和5.7%: alone the second number says nothing. 从 A 提高到 B: B needs the words before A.
                # 接入带宽10M以上的学校比例达到70%: the share is one of what the first number describes.
                start = clauses[-1][0]
            else:
                start = before.end if before.unit == "%" else clauses[-1][1]
        start = max(start, quantity.first - _REACH)
        setting = _SETTINGS.search(masked, start, quantity.first)
        start = _OPENERS.match(masked, setting.end() if setting else start, quantity.first).end()
        clauses.append((start, end))
        before = quantity
    return clauses


def _find_ends(masked, quantities):
    """Where the clause of each quantity ends; found from the right, for the end of a share may be that of the next."""
    ends, following = [], None
    for quantity in reversed(quantities):
        joint = None
        if following and following.left == quantity.left:
            joint = _LAST_JOINT.match(masked, quantity.end, following.first)
        if masked.startswith("、", quantity.end):
            end = quantity.end
        elif following is None or following.left != quantity.left:
            end = quantity.end + len(masked[quantity.end : quantity.right].rstrip())
        elif joint:
            end = quantity.end + len(masked[quantity.end : joint.start(1)].rstrip())
        elif quantity.unit == "%":
            end = ends[-1]  # 97%以上的学校带宽达到100Mbps以上: the share goes on over the next number
        elif quantity.end > quantity.unit_end and masked.startswith("的", quantity.end):
            end = quantity.end  # 出口带宽10M以上 | 的学校比例达到…
        else:
            end = quantity.end + len(strip_end(masked[quantity.end : following.first], LEADS))
        ends.append(min(end, quantity.end + _REACH))
        following = quantity
    return reversed(ends)
