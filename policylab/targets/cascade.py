"""The target cascade: what becomes of a reference plan's numbers in another plan.

Two targets are set side by side only if they stand in matched tasks (or goals), are named alike, and count in the same
unit on the same base. Whatever fails one of these tests is left uncompared, and the table says which test it was.
"""

import re
import warnings
from math import isclose, nan

import pandas as pd

from policylab.alignment.matching import list_matched
from policylab.base.errors import PolicylabWarning
from policylab.base.levels import LEVELS
from policylab.corpus.choice import find_document
from policylab.targets.promises import RATES, SCOPE, list_promises, match_goals, pair_promises, same_unit

RELATIONS = ("raised", "kept", "lowered", "scaled", "not comparable", "dropped", "new")

# Per what a number counts: 生均, 每生 and 每名学生 say the same.
_PER = re.compile(
    "([人生户亩班校师年月周])均|(平均)(?!每)"
    "|每一?([两三四五六百千万]*)[名位个所家间]?(?:学(?=[校生年期])|教(?=师))?([\u4e00-\u9fff])"
)
# A time is no head: 每年培训1万名 stays a count. The last character of 每年, 每学期, 每两周.
_TIMES = tuple("年期季月周天日")
# A verb of change with a number behind it says by how much (提高5%); 提高到95% is a level. The words between are bounds.
_BOUND = "(?:了|约|近|超过?|至少|高于|不少于|不低于|不超过)*"
_BY = rf"{_BOUND}(?=\s*(?:[0-9０-９]|百分之|[一二两三四五六七八九][十百千万成倍]))"
_RISE = re.compile(f"(?:增长|增加|提高|提升|上升|上涨|扩大|上调){_BY}")
_FALL = re.compile(f"(?:下降|降低|减少|压减|压缩|缩小|下调){_BY}")
# Whose share or number it is; where both names tell and disagree, the two are not of the same population. 中小学 goes
# before 小学, for the first that fits counts.
_GROUP = re.compile(
    "农村|乡村|城市|城镇|城乡|幼儿园|中小学|小学|初中|高中|中职|高职|职业院校|高校|义务教育|公办|民办|普惠|校长|教师|学生"
)

# Who runs or recognises what is counted; 国家 alone also begins names (国家开放大学), so it needs a word of quality.
_TIER = re.compile("国家级|国家(?=精品|一流|示范|重点|优质)|部级|省部级|省级|市级|区级|县级|校级")
_INCREASE = re.compile("新增(?!劳动力)|净增")  # 新增劳动力 are people new to work, no increase
_STOCK = re.compile("累计|总量|总数|总规模|存量|保有量")
_RISING, _FALLING = (
    re.compile("增长|增速|增幅|上升"),
    re.compile("下降|降低|减少|降幅"),
)  # of a rate, anywhere in its name
_NAMES = re.compile("“[^”]*”|《[^》]*》|[A-Za-z]*[0-9.]+工程")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_JOINTS = re.compile("[、和及与]")
_LOWER, _UPPER = frozenset((">=", ">")), frozenset(("<=", "<"))

_SIDE = [
    "target",
    "also_target",
    "goal",
    "task",
    "paragraph",
    "text",
    "indicator",
    "value",
    "unit",
    "comparator",
    "start",
    "end",
]
_ORDINALS = ["target", "also_target", "goal", "task", "paragraph", "start", "end"]


def compare_targets(corpus, document_id, reference_id, pairs=None):
    """What became of the reference's targets in the document: one row a promise, or a pair of promises.

    A promise is a target with its repetitions: a number that stands in a goal and in a task is one promise. `pairs`
    has one row for a pair of tasks (`task`, `reference_task`, and `matched` if not all are); without it align_tasks
    gives them. Promises are paired one to one, within matched tasks or goals on the same subject. Deadlines are not
    read: 97% by 2022 and 97% by 2025 are kept. In reports, which tell what was done, facts are compared as if they
    were promises.

    Columns: `document_id`, `reference_id`; `relation`; `reason` (blank where there is nothing to say); `ratio` (value
    over reference value, NaN where they are not compared); `similarity` of names (0-1, NaN without a counterpart); `lag`
    (years from the reference to the document, 0: the same year); then `target`, `also_target` (another mention of the
    promise), `goal`, `task`, `paragraph`, `text`, `indicator`, `value`, `unit`, `comparator`, `start`, `end`, and the
    same of the reference with the prefix `reference_`. Rows follow the document, then what the reference alone has.

    `relation` is one of
    * raised, kept, lowered: the same quantity, greater, equal or smaller. Shares, rates and values per head compare
      between any two plans, counts (also those per year) only between plans for the same region;
    * scaled: a count that a lower level states as its part of a total of the country, or of a region whose name its own
      begins with (福建省福州市); `ratio` is that part. It says nothing about effort, for provinces differ in size;
    * not comparable: the same thing in another unit, on another base or per another one (an increase against a stock,
      national against municipal courses, other groups), or with two candidates alike; `reason` names it;
    * dropped, new: a promise of the reference or of the document without a counterpart. It may still be there in words
      without a number, or in a task that the alignment missed.

    Raised need not mean more ambitious: of an upper bound (不超过) it means less. A document without targets is named
    in a PolicylabWarning and leaves only the other's rows. Raises PolicylabError if an id is not in the corpus, if
    `pairs` holds other documents only or a pair without task, or if it is missing and a document has no numbered
    tasks.

    >>> import policylab as lab
    >>> tasks = pd.DataFrame({"task": [4, 21], "reference_task": [4, 18]})
    >>> table = compare_targets(lab.load_corpus(), "chongqing-2019", "national-2019", tasks)
    >>> table.loc[table["relation"] == "scaled", ["unit", "value", "reference_value", "ratio"]].values.tolist()
    [['堂', 150000.0, 1000000.0, 0.15]]
    """
    document, reference = find_document(corpus, document_id), find_document(corpus, reference_id)
    matched = list_matched(corpus, document_id, reference_id, pairs)
    own, other = list_promises(corpus, document_id), list_promises(corpus, reference_id)
    silent = [name for name, promises in ((document_id, own), (reference_id, other)) if not promises]
    if silent:
        message = f"{' and '.join(silent)}: no quantitative target was found, so there is nothing to compare."
        warnings.warn(message, PolicylabWarning, stacklevel=2)
    chosen, rivals = pair_promises(own, other, matched, match_goals(corpus, document_id, reference_id))
    rows = []
    for (i, j), (similarity, mine, theirs) in chosen.items():
        if (i, j) in rivals:
            names = [_describe((own, other)[side][k].mentions[0]) for side, k in rivals[i, j]]
            told = ("not comparable", f"fits as well: {'; '.join(names)}", nan)
        else:
            told = _relate(mine, theirs, document, reference)
        rows.append((own[i], mine, other[j], theirs, *told, similarity))
    left_out = {place: pair for pair, places in rivals.items() for place in places}
    for side, promises, relation in ((0, own, "new"), (1, other, "dropped")):
        taken = {pair[side] for pair in chosen}
        has_match = {pair[side] for pair in matched}
        for k, promise in enumerate(promises):
            if k in taken:
                continue
            if (side, k) in left_out:
                pair = left_out[side, k]
                told = (
                    "not comparable",
                    f"fits as well: {_describe((other, own)[side][pair[1 - side]].mentions[0])}",
                    nan,
                )
            elif promise.task in has_match:
                told = relation, "no such target in the matched task", nan
            else:
                told = relation, "no matched task" if promise.task else "no such target outside the tasks", nan
            entry = (promise, promise.mentions[0])
            rows.append((*entry, None, None, *told, nan) if side == 0 else (None, None, *entry, *told, nan))
    return _make_table(rows, document, reference)


def _describe(row):
    return f"{row.indicator} {row.value:g} {row.unit}"


def _relate(mine, theirs, document, reference):
    """(relation, reason, ratio) of two targets that are about the same thing."""
    reason = _find_obstacle(mine, theirs)
    if reason:
        return "not comparable", reason, nan
    ratio = mine.value / theirs.value if theirs.value else nan
    rate = RATES.fullmatch(mine.unit) or any(not one.endswith(_TIMES) for one in _list_ones(mine))
    if rate or document.region == reference.region:
        if isclose(mine.value, theirs.value):
            return "kept", _compare_bounds(mine, theirs), ratio
        return ("raised" if mine.value > theirs.value else "lowered"), _compare_bounds(mine, theirs), ratio
    within = reference.level == "national" or document.region.startswith(reference.region)
    if LEVELS.index(document.level) <= LEVELS.index(reference.level) or not within:
        return "not comparable", f"counts of different regions: {document.region}, {reference.region}", nan
    if mine.value >= theirs.value:
        return "not comparable", "the part is not smaller than the whole", nan
    return "scaled", _compare_bounds(mine, theirs), ratio


def _find_obstacle(mine, theirs):
    """Why two targets of the same thing must not be compared; blank if they may be."""
    if not same_unit(mine.unit, theirs.unit):
        return f"units differ: {mine.unit}, {theirs.unit}"
    aspects = {"bases": _read_base, "denominators": _read_ones, "tiers": _read_tier, "conditions": _read_conditions}
    for name, read in aspects.items():
        a, b = read(mine), read(theirs)
        if a != b:
            return f"{name} differ: {a or 'none'}, {b or 'none'}"
    named, named_there = (set(_GROUP.findall(row.indicator)) for row in (mine, theirs))
    if _count_groups(mine) != _count_groups(theirs) or (named and named_there and named != named_there):
        return f"groups differ: {mine.indicator}, {theirs.indicator}"
    if {mine.comparator in _UPPER, theirs.comparator in _UPPER} == {True, False}:
        if mine.comparator in _LOWER or theirs.comparator in _LOWER:
            return f"bounds differ: {mine.comparator}, {theirs.comparator}"
    return ""


def _read_base(row):
    """What the number is counted from: 新增 and 提高5% add to what there is, a total includes it, else it is a level.

    Read from the clause, for a bound hides it in the comparator (城镇新增就业1200万人以上).
    """
    if row.comparator == "increase" or _INCREASE.search(row.text):
        return "increase"
    if row.comparator == "total" or _STOCK.search(row.text):
        return "total"
    rate = RATES.fullmatch(row.unit)
    if _RISE.search(row.text) or (rate and _RISING.search(row.indicator)):
        return "increase"
    return "decrease" if _FALL.search(row.text) or (rate and _FALLING.search(row.indicator)) else ""


def _list_ones(row):
    """Per what the number counts, read from the clause, for the indicator loses it: 校 for 每校配备2名."""
    return sorted({"".join(found) for found in _PER.findall(row.text)})


def _read_ones(row):
    return "、".join(_list_ones(row))


def _read_tier(row):
    return "、".join(_TIER.findall(SCOPE.sub("", row.indicator)))


def _read_conditions(row):
    """Numbers within the indicator: a share of schools with 10M is not a share of schools."""
    return "、".join(_NUMBER.findall(_NAMES.sub("", row.indicator)))


def _count_groups(row):
    return len(_JOINTS.split(_NAMES.sub("", row.indicator)))


def _compare_bounds(mine, theirs):
    return "" if mine.comparator == theirs.comparator else f"wording: {mine.comparator} for {theirs.comparator}"


def _make_table(rows, document, reference):
    columns = ["relation", "reason", "ratio", "similarity"]
    records = []
    for promise, mine, counterpart, theirs, *told in rows:
        record = dict(zip(columns, told))
        for prefix, held, row in (("", promise, mine), ("reference_", counterpart, theirs)):
            also = next((m.target for m in held.mentions if m.target != row.target), None) if held else None
            places = {"also_target": also, "goal": _first(held, "goal"), "task": _first(held, "task")}
            record |= {prefix + name: places[name] if name in places else getattr(row, name, None) for name in _SIDE}
        records.append(record)
    names = [*columns, *_SIDE, *(f"reference_{name}" for name in _SIDE)]
    table = pd.DataFrame(records, columns=names)
    for prefix in ("", "reference_"):
        table = table.astype({prefix + name: "Int64" for name in _ORDINALS} | {prefix + "value": "float64"})
        table = table.astype({prefix + name: "str" for name in ("text", "indicator", "unit", "comparator")})
    table = table.astype({"relation": "str", "reason": "str", "ratio": "float64", "similarity": "float64"})
    table.insert(0, "document_id", document.document_id)
    table.insert(1, "reference_id", reference.document_id)
    table.insert(6, "lag", int(document.year) - int(reference.year))
    return table.sort_values(["target", "reference_target"], ignore_index=True)


def _first(promise, column):
    """The goal or task of a promise: of the first of its mentions that has one."""
    if promise is None:
        return None
    return next((getattr(m, column) for m in promise.mentions if pd.notna(getattr(m, column))), None)
