"""Quantitative targets in Chinese policy text: which numbers promise something, their value, unit and bound.

targets.toml holds the words: measure words, bounds, exclusions. This module holds the order in which they are tried: one
pattern finds every number with a measure word; names, ordinals, sums of a list and old values are dropped; what is left
gets its clause, its comparator and its indicator.
"""

import re
import tomllib
from bisect import bisect_left, bisect_right
from pathlib import Path
from typing import NamedTuple

_RULES = tomllib.loads(Path(__file__).with_name("targets.toml").read_text(encoding="utf-8"))
_CLAUSE, _EXCLUDED, _INDICATOR = _RULES["clause"], _RULES["excluded"], _RULES["indicator"]

_PERCENT = ("%", "％")
_UNIT_NAMES = {"％": "%", "个百分点": "百分点"}
# Powers of ten, not factors: float("2.6e-2") is the float nearest to what is printed, 2.6 / 100 may miss it.
_SHARES = {"%": -2, "％": -2, "‰": -3, "个百分点": -2, "百分点": -2, "成": -1}
_POWERS = {"亿": 8, "万": 4, "千": 3, "百": 2, "十": 1}
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "": 0}
_A, _C = "0-9０-９", "一二两三四五六七八九十"  # Arabic and Chinese digits, inside [ ]


class Target(NamedTuple):
    """A quantitative target; `start`, `end`, `value_start`, `value_end` are offsets in the text that was searched."""

    start: int
    end: int
    text: str
    indicator: str
    value: float
    unit: str
    comparator: str
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
    drop: str  # "" a target, "scope" 4个方面, "sum" A、B、C等3类, "origin" 从 A 提高到 B
    left: int
    right: int


def _plain(pattern):
    """The characters of a rule without its look-ahead: 名(?!单) -> 名."""
    return pattern.partition("(?")[0]


def _any(patterns):
    """One pattern for any of them, the longest first, so that 不超过 is tried before 超过."""
    return "|".join(sorted(patterns, key=lambda pattern: len(_plain(pattern)), reverse=True))


def _by_word(groups):
    """{comparator: words} as {word: comparator}, the longest word first."""
    pairs = {_plain(word): comparator for comparator, words in groups.items() for word in words}
    return {word: pairs[word] for word in sorted(pairs, key=len, reverse=True)}


def _compile_number():
    """One pattern for a number and its unit. It begins with a plain character class: that is what makes it fast."""
    units = _any(unit for group in _RULES["units"].values() for unit in group)
    # 千 and 百 behind digits belong to the number (5千名), unless they begin a unit (5千瓦) or a word (百分).
    power = r"[^\S\n]?[多余]?(?:[十百千]?万?亿|[十百千]?万|千(?![瓦米克伏])|百(?!分))"
    arabic = rf"(?:[{_A}]{{0,2}}(?:,[{_A}]{{3}})+(?![{_A}])|[{_A}]*)(?:[.．][{_A}]+)?(?:{power}(?:[{_A}]+{power})?)?"
    return re.compile(
        rf"[{_A}{_C}百](?:"
        rf"(?<=百)分之(?P<percent>[{_C}百零〇]+(?:点[{_C}零〇]+)?)"
        rf"|(?<!百)(?>"
        # Digits, but not the end of a longer number, of a name (IPv6, 三个1亿人), of an ordinal (第 2, 前10) or of 20 000.
        rf"(?<=[{_A}])(?<![A-Za-z{_A}.．/+×第].)(?<!第\s.)(?<![0-9]\s.)(?:(?<!前.)|(?<=[年月底]前.))(?<![{_C}{_A}]个.){arabic}"
        # Chinese numerals; 一 only where it begins a larger one, for 一个 and 一批 count nothing.
        rf"|(?<=[{_C}])(?<![第前数几好之百千万亿零〇{_C}].)(?:(?<!一)|(?=[十百千万亿]))"
        rf"[{_C}百千万亿零〇]*(?:[多余][万亿]+)?"
        rf")(?P<more>[多余])?[^\S\n]*"
        rf"(?P<unit>(?:(?:{units})(?:/(?:平方米|立方米|公里|人|户|亩|吨|[年月日天时秒]))?"
        # 1亿以上, 6000万低保人员: a large round number may have no unit. 30万千瓦级 is a size, 3万—5万人 a range.
        rf"|(?<=[{_A}千百多余][万亿])(?![{_A}A-Za-z—–~～－至到-])|(?<=[万亿])(?=以上|以下|以内|左右|[，。；、,;]|$))(?!级))"
        rf")(?:\s?(?P<after>{_any(word for words in _RULES['after'].values() for word in words)}))?"
    )


_NUMBER = _compile_number()
_PART = re.compile(r"([\d.]+)(\D*)")
_TWO_DIGITS = re.compile("[一二两三四五六七八九]{2}")  # 三五个, 两三所: no number
_LOW = re.compile(rf"(?<![A-Za-z{_A}.．第])([{_A}]+(?:[.．][{_A}]+)?|[{_C}]+)([百千万亿]*)\s*$")
_REACH = 200  # no clause goes further to either side of its number: text without punctuation must not take forever
_DASHES = "-—–~～－至到 "
_AFTER, _BEFORE = _by_word(_RULES["after"]), _by_word(_RULES["before"])
_BOUNDS = tuple(_BEFORE)
_FAR = re.compile(rf"({_any(_RULES['far']['words'])})[^，。；：、{_A}达]{{1,30}}$")  # 不低于公用经费的 | 5%
_FAR_REACH = 40  # characters before a number that are searched for such a bound: its own and the 30 between
_WITHIN = re.compile("|".join(f"({'|'.join(words)})" for words in _RULES["within"].values()))
_WITHIN_NAMES = tuple(_RULES["within"])
_HIDDEN, _ASIDES = re.compile("|".join([*_CLAUSE["names"], _CLAUSE["asides"]])), re.compile(_CLAUSE["asides"])
_BREAKS, _JOINT = re.compile(_CLAUSE["breaks"]), re.compile(rf"[^\n]*({_any(_CLAUSE['joints'])})")  # the last joint
_OPENERS = re.compile(rf"(?:\s|{_any(_CLAUSE['openers'])})*")
_SETTINGS, _CHANGE, _ORIGIN = (re.compile(_CLAUSE[rule]) for rule in ("settings", "change", "origin"))
_SUMS, _SUM_UNITS = re.compile(_EXCLUDED["sums"]), frozenset(_EXCLUDED["sum_units"])
_SMALL_UNITS, _SMALL_AHEAD = frozenset(_EXCLUDED["small_units"]), (*_EXCLUDED["small_verbs"], *_BOUNDS)
_LEAD = re.compile(rf"(?:\s|{_any(_INDICATOR['lead'])})*")
_TRAIL = tuple(sorted(_INDICATOR["trail"], key=len, reverse=True))
_VAGUE, _STOPS = frozenset(_INDICATOR["vague"]), re.compile(_any(_INDICATOR["stops"]))
_DEEDS = re.compile(rf"(?:的|{_any(_INDICATOR['deeds'])})+$")


def find_targets(text):
    """The quantitative targets in a paragraph: one row for every number with a measure word that is no name or ordinal.

    A row is the shortest clause that states the target (`text[start:end]`) with its number; `value_start:value_end`
    is the number with its unit. Two numbers in a clause give two rows; a range (3至5个, 5%—6%) gives one row ">=" with
    its lower and one "<=" with its upper end. Of a change (从 A 提高到 B) only B counts.

    Units: `value` is in base units (100万 is 1000000.0; 97% is 0.97, 百分点 and 成 likewise). `unit` is the measure
    word as printed (名 and 人, M and Mbps stay apart; only ％ becomes %), "" where a round number has none (1亿以上).

    Comparator: ">=" 以上 不少于, ">" 超过 多 余, "<=" 以下 以内 不超过, "<" 低于 不足, "~" 约 左右 近,
    "increase" 新增 增加, "total" 累计, else "=" (also 达到, 共计, 力争). A bound outweighs 新增 and 累计:
    新增就业1200万人以上 is ">=".

    It misleads where a number is a fact and no promise (a report's look back), where it describes what is counted
    (30亿元以上项目), for fractions and ratios (三分之二, 3:1), 半数以上, 数十所 and 翻一番, which are not read, and for small Chinese
    numerals (三个中心): most are names, so they count only behind a verb such as 建设 or with a bound. `indicator` is cut
    by word lists, not by a grammar: good for reading, not for counting.

    >>> for row in find_targets("中小学宽带接入率达到97%以上、出口带宽达到100Mbps以上，印发“三个课堂”指导意见"):
    ...     print(row.text, row.indicator, row.value, row.unit, row.comparator)
    中小学宽带接入率达到97%以上 中小学宽带接入率 0.97 % >=
    出口带宽达到100Mbps以上 出口带宽 100.0 Mbps >=
    """
    if _NUMBER.search(text) is None:
        return []
    # The same length, so that offsets hold: what names and harmless brackets hold is neither searched nor cut.
    masked = _HIDDEN.sub(lambda match: "＊" * len(match[0]), text)
    breaks = [(0, 0), *(match.span() for match in _BREAKS.finditer(masked)), (len(masked), len(masked))]
    quantities = _find_quantities(masked, breaks)
    targets, indicator, inherited = [], "", ""
    for i, (quantity, (start, end)) in enumerate(zip(quantities, _cut_clauses(masked, quantities), strict=True)):
        if quantity.drop:
            continue
        previous = quantities[i - 1] if i else None
        ahead = masked[start : quantity.start]
        if words := list(_WITHIN.finditer(ahead)):
            inherited = _WITHIN_NAMES[words[-1].lastindex - 1]
        elif ahead.strip() or not (previous and previous.left == quantity.left):
            inherited = ""  # 新增 reaches on to "、8个…", but not to "、总量达8个"
        indicator = _name(text, quantity, start, end, breaks, previous, indicator)
        unit = _UNIT_NAMES.get(quantity.unit, quantity.unit)
        bound = "<=" if quantity.low else quantity.bound or inherited or "="
        rows = [(quantity.value, bound, quantity.start, quantity.unit_end)]
        if quantity.low:
            rows.insert(0, (quantity.low[0], ">=", *quantity.low[1:]))
        targets += [Target(start, end, text[start:end], indicator, v, unit, c, a, b) for v, c, a, b in rows]
    return targets


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
    # From the right, so that a list of old values is dropped whole: 从209元、280元提高到217元.
    for k in range(len(found) - 2, -1, -1):
        here, following = found[k], found[k + 1]
        if here.left != following.left or here.drop:
            continue
        between = masked[here.end : following.start]
        changed = _CHANGE.match(between) or (following.drop == "origin" and between.strip() == "、")
        if changed and _ORIGIN.search(masked, here.left, here.start):
            found[k] = here._replace(drop="origin")
    return found


def _read_quantity(masked, match, left, right, previous):
    """A match of _NUMBER as a _Quantity, or None where it is no number of something."""
    start, unit, more = match.start(), match["unit"], match["more"]
    unit_end = match.end("percent") if unit is None else match.end("unit")
    numeral = match["percent"] or masked[start : match.start("more") if more else match.start("unit")].rstrip()
    unit = "%" if unit is None else unit
    needed = _RULES["only_with"].get(unit)
    if _TWO_DIGITS.search(numeral) or (needed and masked.find(needed, left, right) < 0):
        return None
    value = _read_number(numeral, _SHARES.get(unit, 0))
    low = _read_low(masked, start, left, unit, numeral, previous)
    after = match["after"] or ("多" if more or "多" in numeral or "余" in numeral else "")
    ahead = masked[max(left, start - 8) : start].rstrip()
    if numeral[0] in _C and value <= 10 and not (after or low or unit in _SMALL_UNITS or unit == "%"):
        if not ahead.endswith(_SMALL_AHEAD):
            return None
    noun = _SUMS.match(masked, unit_end) if unit in _SUM_UNITS and not after else None
    end, drop = (noun.end(), "scope") if noun else (match.end(), "")
    bound = _AFTER.get(after) or next((_BEFORE[word] for word in _BOUNDS if ahead.endswith(word)), "")
    if not bound and (far := _FAR.search(masked, max(left, start - _FAR_REACH), start)):
        bound = _BEFORE[far[1]]
    # A、B、C等3个…: the number says no more than the list. Where it is 100, there are more than the list names.
    if ahead.endswith("等") and value <= masked.count("、", left, start) + 2:
        drop = "sum"
    first = low[1] if low else start
    return _Quantity(first, start, unit_end, end, value, unit, bound, low, drop, left, right)


def _read_low(masked, start, left, unit, numeral, previous):
    """The lower end of a range (3至5个, 5%—6%) that ends at `start`, as (value, start, end), or None."""
    end = left + len(masked[left:start].rstrip(_DASHES))
    if not masked[end:start].strip():
        return None
    if previous and previous.end == end and not previous.drop:
        same = previous.unit == unit and not _ORIGIN.search(masked, left, previous.start)
        return (previous.value, previous.start, previous.unit_end) if same else None
    match = _LOW.search(masked, max(left, end - 12), end)
    if match is None:
        return None
    # 1000—1200万人: the power is written once, for both.
    power = match[2] or ("" if numeral[0] in _C else "".join(p for p in numeral if p in _POWERS))
    return _read_number(match[1] + power, _SHARES.get(unit, 0)), match.start(), match.end()


def _read_number(numeral, power=0):
    """The value of digits or Chinese numerals times 10**power.

    >>> _read_number("1.3万亿"), _read_number("2万5千"), _read_number("一亿三千二百万"), _read_number("九十点五", -2)
    (1300000000000.0, 25000.0, 132000000.0, 0.905)
    """
    numeral = numeral.replace(",", "").replace("．", ".")
    parts = _PART.findall(numeral)
    if parts:
        return sum(float(f"{digits}e{power + sum(_POWERS.get(p, 0) for p in powers)}") for digits, powers in parts)
    whole, _, fraction = numeral.partition("点")
    decimals = "".join(str(_DIGITS.get(digit, 0)) for digit in fraction)
    return float(f"{_read_chinese(whole)}.{decimals}e{power}")


def _read_chinese(numeral):
    for character, power in _POWERS.items():
        head, found, tail = numeral.rpartition(character)
        if found:
            return (_read_chinese(head) or 1) * 10**power + _read_chinese(tail)
    return _DIGITS.get(numeral.strip("零〇多余"), 0)


def _cut_clauses(masked, quantities):
    """(start, end) of the shortest clause that states each quantity."""
    clauses = []
    before = None
    for quantity, end in zip(quantities, _find_ends(masked, quantities), strict=True):
        start = quantity.left
        if before and before.left == quantity.left:
            joint = None if before.drop == "origin" else _JOINT.match(masked, before.end, quantity.first)
            alone = joint and end == quantity.end and not masked[joint.end() : quantity.first].strip()
            if joint and not alone:
                start = joint.end()
            elif before.drop == "sum":
                start = before.end
            elif joint or before.drop or quantity.unit in _PERCENT:
                # 分别增长3.9%和5.7%: alone the second number says nothing. 从 A 提高到 B: B needs the words before A.
                # 接入带宽10M以上的学校比例达到70%: the share is one of what the first number describes.
                start = clauses[-1][0]
            else:
                start = before.end if before.unit in _PERCENT else clauses[-1][1]
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
            joint = _JOINT.match(masked, quantity.end, following.first)
        if masked.startswith("、", quantity.end):
            end = quantity.end
        elif following is None or following.left != quantity.left:
            end = quantity.end + len(masked[quantity.end : quantity.right].rstrip())
        elif joint:
            end = joint.start(1)
        elif quantity.unit in _PERCENT:
            end = ends[-1]  # 97%以上的学校带宽达到100Mbps以上: the share goes on over the next number
        elif quantity.end > quantity.unit_end and masked.startswith("的", quantity.end):
            end = quantity.end  # 出口带宽10M以上 | 的学校比例达到…
        else:
            end = quantity.end + len(_strip_end(masked[quantity.end : following.first], _TRAIL + _BOUNDS))
        ends.append(min(end, quantity.end + _REACH))
        following = quantity
    return reversed(ends)


def _strip_end(words, endings):
    """Without the words that lead over to a number: 出口带宽达到 -> 出口带宽."""
    words = words.rstrip()
    while words.endswith(endings):
        words = words[: -len(next(ending for ending in endings if words.endswith(ending)))].rstrip()
    return words


def _name(text, quantity, start, end, breaks, previous, earlier):
    """The thing that is counted: the words behind the number, else before it, else those of the stretch before."""
    joined = previous and previous.left == quantity.left
    if joined and start <= previous.start and _JOINT.fullmatch(text, previous.end, quantity.first):
        return earlier  # 分别增长3.9%和5.7%
    ahead = _strip_end(text[start : quantity.first], _BOUNDS)
    kept = _strip_end(ahead, _TRAIL)
    if joined and previous.drop == "origin":
        kept = _strip_end(_ORIGIN.split(kept, maxsplit=1)[0], _TRAIL)
    before = kept[_LEAD.match(kept).end() :]
    behind = _ASIDES.sub("", text[quantity.end : end].strip()).removeprefix("的")
    if behind and (not before or kept == ahead):  # 带宽达到100M的学校 is about 带宽, 建设100所学校 about 学校
        if quantity.unit not in _PERCENT:
            stop = _STOPS.search(behind, 2)
            behind = behind[: stop.start()] if stop else behind
            behind = _DEEDS.sub("", behind) or behind
        name = behind if len(behind) > 2 else before + behind
    else:
        name = before or kept
    if not name or name in _VAGUE:
        k = bisect_left(breaks, quantity.left, key=lambda span: span[1])
        left, right = (breaks[k - 1][1], breaks[k][0]) if k else (0, 0)
        if not (previous and previous.left in (quantity.left, left)):
            stretch = text[left:right].strip()
            earlier = _DEEDS.sub("", stretch[_LEAD.match(stretch).end() :])
        name = earlier + name
    return "".join(name.split()) or quantity.unit or text[start:end]
