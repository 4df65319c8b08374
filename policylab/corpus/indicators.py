"""What a quantity counts: its name, cut out of its clause by the word lists of targets.toml."""

import re
from bisect import bisect_left

from policylab.corpus.vocabulary import WORDS, any_of, by_word, find_ending, group_endings

_CLAUSE, _INDICATOR = WORDS["clause"], WORDS["indicator"]

_TRAIL = sorted(_INDICATOR["trail"], key=len, reverse=True)
BOUNDS, TRAIL, LEADS = map(group_endings, (by_word(WORDS["before"]), _TRAIL, [*_TRAIL, *by_word(WORDS["before"])]))
_HEADS = any_of(_INDICATOR["heads"])
# 参与 is what is done with teachers (参与教师5000名), but part of a name in 参与率.
_LEAD = re.compile(rf"(?:\s|(?:{any_of(_INDICATOR['lead'])})(?!{_HEADS}))*")
_VAGUE, _STOPS = frozenset(_INDICATOR["vague"]), re.compile(any_of(_INDICATOR["stops"]))
_DEEDS = re.compile(rf"(?:的|{any_of(_INDICATOR['deeds'])}){{1,9}}$")
_ASIDES, _ORIGIN = re.compile(_CLAUSE["asides"]), re.compile(_CLAUSE["origin"])
_JOINT = re.compile(rf"\s{{0,4}}(?:{any_of(_CLAUSE['joints'])})\s{{0,4}}")
_EACH = re.compile(_INDICATOR["each"])
_MEASURED = re.compile(rf"(?:{any_of(_INDICATOR['measures'])})$")
_WHERE = frozenset(_INDICATOR["where"])
_COMPARED = re.compile(_INDICATOR["compared"])
_COMPARISON = re.compile(
    "(?:比(?![重例较率特])|较|与)[^，。；]*(?:年|期|间|度|预算)(?:水平)?[高低多少]?$"
)  # 比2015年(增加)
_NO_NAME = re.compile(_INDICATOR["measured_by"])  # 12mm×12mm, 500次@5%, 5000元的标准: no name follows
_CHANGES, _REACHED, _WHEN = (
    tuple(_INDICATOR["changes"]),
    frozenset(_INDICATOR["reached"]),
    re.compile(_INDICATOR["when"]),
)
_CHANGE = re.compile(_CLAUSE["change"])
_SHARES = frozenset(WORDS["units"]["shares"]) | {"%", "倍", "成", "百分点", "个百分点"}
_FINED, _WORD = "处", re.compile("[\u4e00-\u9fff]{2}")
_SHORT = (2, 3)  # 小学、初中宽带接入率: names of so many characters share the head of the last one


def name_quantities(text, masked, quantities, clauses, breaks):
    """The name of each quantity, "" for those that are dropped."""
    names, name = [], ""
    for i, (quantity, (start, end)) in enumerate(zip(quantities, clauses, strict=True)):
        if quantity.drop in ("", "origin"):
            name = _name(text, quantity, start, end, breaks, quantities[i - 1] if i else None, name)
        names.append(name if quantity.drop in ("", "origin") else "")
    _name_old_values(quantities, names)
    _name_fines(quantities, names)
    return _distribute(text, masked, quantities, names)


def strip_end(words, endings):
    """Without the words that lead over to a number: 出口带宽达到 -> 出口带宽."""
    words = words.rstrip()
    while ending := find_ending(words, endings):
        words = words[: -len(ending)].rstrip()
    return words


def _name(text, quantity, start, end, breaks, previous, earlier):
    """The thing that is counted: the words behind the number, else before it, else those of the stretch before."""
    joined = previous and previous.left == quantity.left
    if joined and start <= previous.start and _JOINT.fullmatch(text, previous.end, quantity.first):
        return earlier  # 分别增长3.9%和5.7%
    ahead = strip_end(text[start : quantity.first], BOUNDS)
    ahead = ahead[_WHEN.match(ahead).end() :]
    kept = strip_end(ahead, TRAIL)
    changed = bool(joined and previous.drop == "origin")
    if changed or quantity.drop == "origin":
        kept = strip_end(_ORIGIN.split(kept, maxsplit=1)[0], TRAIL)
    if changed and (old := _CHANGE.match(text, previous.end)) and old["of"].startswith("的"):
        kept += old["of"][1:]  # 现行16%的税率降至13%
    # 比上年增加 leads over, though 比上年 alone does not: so the words are taken off before 增加 is.
    before = kept[_LEAD.match(ahead).end() :] if ahead.startswith(kept) else kept
    before = before[_LEAD.match(before).end() :]
    before = _COMPARED.sub("", before[_WHEN.match(before).end() :])
    behind = _ASIDES.sub("", text[quantity.end : end].strip()).removeprefix("人民币").removeprefix("的")
    rest = text[quantity.end : end].strip()
    share = quantity.unit in _SHARES and ahead.endswith(_CHANGES) and not rest.startswith("的")
    if changed or quantity.drop == "origin" or share or ahead in _REACHED or _NO_NAME.match(rest):
        behind = ""
    if behind and (
        not before or kept == ahead or before in _WHERE
    ):  # 带宽达到100M的学校 is about 带宽, 建设100所学校 about 学校
        if quantity.unit != "%":
            stop = _STOPS.search(behind, 2)
            behind = behind[: stop.start()] if stop else behind
            behind = _DEEDS.sub("", behind) or behind
        name = behind if len(behind) > 2 else before + behind
    else:
        name = before or ("" if _COMPARISON.match(kept) else kept)
    if not name or name in _VAGUE:
        k = bisect_left(breaks, quantity.left, key=lambda span: span[1])
        left, right = (breaks[k - 1][1], breaks[k][0]) if k else (0, 0)
        if right - left < 1 < k:  # two marks in a row: 。（0.5分）
            left, right = breaks[k - 2][1], breaks[k - 1][0]
        if not (previous and previous.left in (quantity.left, left)):
            stretch = text[left:right].strip()
            earlier = _DEEDS.sub("", stretch[_LEAD.match(stretch).end() :])
        elif previous.left == left and previous.unit in _SHARES and _WORD.match(text, previous.end, right):
            earlier = text[
                previous.end : right
            ].strip()  # …增长7%第三产业，达到2800亿元: scanned text that lost its full stops
        name = earlier if earlier.endswith(name) else earlier + name
    return "".join(name.split()).strip("、") or quantity.unit or text[start:end]


def _name_fines(quantities, names):
    """处10万元以上50万元以下罚款: both bounds are of the fine."""
    for i in range(len(quantities) - 1):
        if names[i].endswith(_FINED) and quantities[i + 1].first == quantities[i].end:
            names[i] += names[i + 1]


def _name_old_values(quantities, names):
    """What was has the name of what is to be: 比重由54%提高到59%."""
    for i in range(len(quantities) - 2, -1, -1):
        if quantities[i].drop == "origin" and quantities[i].left == quantities[i + 1].left:
            names[i] = names[i + 1]


def _distribute(text, masked, quantities, names):
    """Several names for several values: A、B分别达到97%和98%."""
    names, i, before, until = list(names), 0, [], 0
    while i < len(quantities):
        group = [i]
        while i + 1 < len(quantities) and quantities[i + 1].left == quantities[i].left:
            i += 1
            group.append(i)
        i += 1
        left = quantities[group[0]].left
        found = _EACH.search(masked, left, quantities[group[0]].first)
        if not found:
            continue
        olds = [k for k in group if quantities[k].drop == "origin"]
        news = [k for k in group if not quantities[k].drop]
        # A、B分别达到97%和98%，分别提高1%和2%: those of the stretch before, if it had any.
        subjects = _list_subjects(text, masked, left, found.start()) or (before if left <= until + 1 else [])
        if len(subjects) != len(news) or len(olds) not in (0, len(news)) or len(news) < 2:
            continue
        verb = strip_end(masked[found.end() : quantities[news[0]].first], LEADS) if not olds else ""
        for members in filter(None, (olds, news)):
            for k, subject in zip(members, subjects):
                names[k] = "".join((subject + verb).split())
        before, until = subjects, quantities[group[0]].right
    return names


def _list_subjects(text, masked, start, end):
    """The names in a list; short ones share the head of the last: 小学、初中接入率 -> 小学接入率, 初中接入率."""
    start = _LEAD.match(masked, start, end).end()
    joints = [match.span() for match in _JOINT.finditer(masked, start, end)]
    cuts = zip([start, *(b for _, b in joints)], [*(a for a, _ in joints), end])
    subjects = [part for a, b in cuts if (part := text[a:b].strip())]
    if not subjects or not _MEASURED.search(subjects[-1]):
        return subjects
    head = subjects.pop()
    shared = [len(part) in _SHORT and len(head) > len(part) and not _MEASURED.search(part) for part in subjects]
    return [part + head[len(part) :] if share else part for part, share in zip(subjects, shared)] + [head]
