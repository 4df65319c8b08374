"""The target cascade: what becomes of a reference plan's numbers in another plan.

Two targets are compared only if they are in matched tasks (or both outside tasks), have similar names, say the same of whom and
of what kind, and count in the same unit in the same way. If one of these tests fails they are not compared, and the table
gives the reason; if one is open, the table leaves the judgement to the reader.
"""

import re
import warnings
from math import isclose, nan
from typing import NamedTuple

import pandas as pd

from policylab.alignment.matching import list_matched
from policylab.base.errors import PolicylabError, PolicylabWarning
from policylab.base.levels import LEVELS
from policylab.corpus.bundle import Corpus
from policylab.corpus.choice import find_document
from policylab.targets.names import (
    ASPECTS,
    NAMES,
    NUMBER,
    RATES,
    SCOPE,
    Mention,
    compare_aspect,
    compile_qualifiers,
    load_qualifiers,
    same_unit,
)
from policylab.targets.promises import (
    SAME_THING,
    Promise,
    find_candidates,
    keep_together,
    list_promises,
    pair_promises,
)

RELATIONS = ("raised", "kept", "lowered", "scaled", "to be judged", "not comparable", "dropped", "new")

# What one counted amount is per: 生均, 每生 and 每名学生 mean the same. 平均 alone is per nothing (失业率平均为5%).
_PER = re.compile(
    "([人生户亩班校师年月周])均"
    "|每一?([两三四五六百千万]*)[名位个所家间]?(?:学(?=[校生年期])|教(?=师))?([\u4e00-\u9fff])"
)
# Per period is still a count, not a value per head: 每年培训1万名. The last character of 每年, 每学期, 每两周.
_TIMES = tuple("年期季月周天日")
# A verb of change directly before a number gives the change (提高5%); 提高到95% is a level. Only bounds may come between.
_BOUND = "(?:了|约|近|超过?|至少|高于|不少于|不低于|不超过)*"
_BY = rf"{_BOUND}(?=\s*(?:[0-9０-９]|百分之|[一二两三四五六七八九][十百千万成倍]))"
_RISE = re.compile(f"(?:增长|增加|提高|提升|上升|上涨|扩大|上调){_BY}")
# 减少贫困人口1000万 is a change as well, 减少材料到10份 is none.
_FALL = re.compile(f"(?:下降|降低|减少|压减|压缩|缩小|下调){_BY}|(?:减少|压减)(?![^0-9]*[到至为])")
_LEVEL = re.compile("(?:增长|增加|提高|提升|上升|上涨|扩大|下降|降低|减少|压减|回落)(?:到|至|为)")
# Who runs or recognises what is counted. 国家 alone also begins names (国家开放大学), so a word of quality must follow.
_TIER = re.compile("国家级|国家(?=精品|一流|示范|重点|优质)|部级|省部级|省级|市级|区级|县级|校级")
_INCREASE = re.compile("新增(?!劳动力)|净增")  # 新增劳动力 are new entrants to the labour force, not an increase
_NEW = re.compile("新(?:建|设|改建|培育|认定|入库|开通)")  # an increase, or all that is built: 新建100公里, 建设100公里
_STOCK = re.compile("累计|总量|总数|总规模|存量|保有量")
# A rate of change, anywhere in its name; a verb only if the clause does not say to which level (增长到95%).
_RISING, _FALLING = re.compile("增速|增幅|涨幅|(增长|上升)"), re.compile("降幅|(下降|降低|减少)")
_LOWER, _UPPER = frozenset((">=", ">")), frozenset(("<=", "<"))

_ORDINALS = ["target", "also_target", "goal", "task", "paragraph", "start", "end"]
_COLUMNS = [*_ORDINALS[:5], "text", "indicator", "value", "unit", "comparator", *_ORDINALS[5:]]


class _Row(NamedTuple):
    """A row of the result: a promise of either side, or two that are paired, each with the mention that is shown."""

    own: Promise | None
    mention: Mention | None
    other: Promise | None
    other_mention: Mention | None
    relation: str
    reason: str
    ratio: float = nan
    similarity: float = nan
    same_base: str | None = None
    same_kind: str | None = None


def compare_targets(
    corpus: Corpus,
    document_id: str,
    reference_id: str,
    *,
    pairs: pd.DataFrame | None = None,
    qualifiers: pd.DataFrame | None = None,
    same_thing: tuple[float, float] = SAME_THING,
) -> pd.DataFrame:
    """Compare the targets of a document with those of its reference: one row is a promise, or a pair of promises.

    A promise is a target with its repetitions: a number that a goal and a task both mention is one promise. Two promises
    that are about the same thing make a pair.

    Parameters
    ----------
    corpus : Corpus
        The corpus that holds both documents.
    document_id : str
        The document.
    reference_id : str
        The document it is compared with.
    pairs : DataFrame, optional
        The pairs of tasks to compare within, one row each: `task`, `reference_task`, and `matched` unless all rows are
        matched. By default the matched pairs of align_tasks.
    qualifiers : DataFrame, optional
        The words by which base and kind are compared, by default those that ship (load_qualifiers).
    same_thing : (float, float), default (0.26, 0.6)
        Similarities of names, 0 to 1. From the second on two targets are one thing, below the first they are different
        things, and between the two the reader has to judge.

    Returns
    -------
    DataFrame
        `document_id`, `reference_id`; `relation` (see Notes); `reason`, blank if there is nothing to add; `ratio`, the
        value divided by the reference value, 0 or more, NaN unless the two are compared; `similarity` of the names, 0 to 1;
        `same_base`, whether both say the same of whom or what the number is about (中小学, 城镇), and `same_kind`, whether
        they say the same of the kind of thing that counts (宽带, 互联网): yes, no, unknown (only one says it, or they share
        some of it) or unstated (neither says it). These three are missing without a counterpart. `lag`, the years from
        the reference to the document, 0 in the same year. Then `target`, `also_target` (another mention of the promise),
        `goal`, `task`, `paragraph`, `text`, `indicator`, `value` in base units, `unit`, `comparator`, `start`, `end`, and
        the same columns of the reference with the prefix `reference_`. Rows follow the document, then what only the
        reference has.

    Raises
    ------
    PolicylabError
        If an id is not in the corpus, if `pairs` holds only other documents or a pair without a task, if `pairs` is not
        given and a document has no numbered tasks, or if `same_thing` is not two similarities in order.

    Warns
    -----
    PolicylabWarning
        If a document has no targets. The table then holds only those of the other one.

    Notes
    -----
    Promises are paired one to one, within matched tasks, or where both are mentioned outside the tasks. `relation` is one of

    * raised, kept, lowered: the same quantity, greater, equal or smaller. Shares, rates and values per head are compared
      between any two plans; counts, including counts per year, only between plans for the same region;
    * scaled: a lower level's count as part of a total for the country, or for a region with whose name its own region
      begins (福建省福州市). `ratio` is that part. It says nothing about effort, because provinces differ in size;
    * to be judged: whether the two are one thing is open. Their names are alike only in part, or only one of them says whom
      or which kind it counts. Read both clauses; they are counted apart;
    * not comparable: the same thing of others, of another kind, in another unit or per another unit
      (an increase and a level, national and municipal courses), or with two equally good candidates; `reason` says which;
    * dropped, new: a promise of the reference or of the document without a counterpart. It may still be there in words
      without a number, or in a task that the alignment missed.

    Raised does not always mean more ambitious: of an upper bound (不超过) it means less. Deadlines are not read: 97% by
    2022 and 97% by 2025 are kept. Only numbers of the kind "target" are compared: what a report says was reached, and
    fines, subsidies, conditions and scores, are left out. docs/targets.md measures how often a pair is one thing.

    Examples
    --------
    >>> import policylab as lab
    >>> tasks = pd.DataFrame({"task": [4, 21], "reference_task": [4, 18]})
    >>> table = compare_targets(lab.load_corpus(), "chongqing-2019", "national-2019", pairs=tasks)
    >>> table.loc[table["relation"] == "scaled", ["unit", "value", "reference_value", "ratio"]].values.tolist()
    [['堂', 150000.0, 1000000.0, 0.15]]
    """
    _check_cutoffs(same_thing)
    documents = find_document(corpus, document_id), find_document(corpus, reference_id)
    matched = list_matched(corpus, document_id, reference_id, pairs)
    words = compile_qualifiers(load_qualifiers() if qualifiers is None else qualifiers)
    own, other = (list_promises(corpus, name, words) for name in (document_id, reference_id))
    silent = [name for name, promises in ((document_id, own), (reference_id, other)) if not promises]
    if silent:
        message = f"{' and '.join(silent)}: no quantitative target was found, so there is nothing to compare."
        warnings.warn(message, PolicylabWarning, stacklevel=2)
    candidates = find_candidates(own, other, same_thing)
    return _make_table(relate_promises(own, other, candidates, matched, documents, same_thing), *documents)


def relate_promises(own, other, candidates, matched, documents, same_thing=SAME_THING):
    """The rows of compare_targets, as _Row, from the promises of both documents and find_candidates."""
    chosen, rivals = pair_promises(own, other, keep_together(candidates, own, other, matched), same_thing)
    rows = []
    for (i, j), (similarity, mine, theirs) in chosen.items():
        aspects = {aspect: compare_aspect(mine, theirs, aspect) for aspect in ASPECTS}
        obstacle = _find_obstacle(mine, theirs, aspects)
        if (i, j) in rivals:
            names = [_describe((own, other)[side][k].mentions[0]) for side, k in rivals[i, j]]
            result = "not comparable", f"fits as well: {'; '.join(names)}", nan
        elif similarity < same_thing[1]:
            reason = "names alike in part"
            result = "to be judged", f"{reason}: {obstacle}" if obstacle else reason, nan
        else:
            result = _relate(mine.row, theirs.row, obstacle, aspects, *documents)
        same = (aspects[aspect][0] for aspect in ASPECTS)
        rows.append(_Row(own[i], mine, other[j], theirs, *result, similarity, *same))
    return [*rows, *_list_unpaired(own, other, matched, chosen, rivals)]


def _check_cutoffs(same_thing):
    try:
        low, high = same_thing
        inside = 0 <= low <= high <= 1
    except (TypeError, ValueError):
        inside = False
    if not inside:
        raise PolicylabError(
            f"same_thing={same_thing!r}: expected two similarities from 0 to 1, the lower first. Pass for example {SAME_THING}."
        )


def _list_unpaired(own, other, matched, chosen, rivals):
    """The rows of the promises without a counterpart: new, dropped, or left over because two fit equally well."""
    left_over = {place: pair for pair, places in rivals.items() for place in places}
    for side, promises, relation in ((0, own, "new"), (1, other, "dropped")):
        taken = {pair[side] for pair in chosen}
        matched_tasks = {pair[side] for pair in matched}
        for k, promise in enumerate(promises):
            if k in taken:
                continue
            if (side, k) in left_over:
                rival = (other, own)[side][left_over[side, k][1 - side]]
                result = "not comparable", f"fits as well: {_describe(rival.mentions[0])}"
            elif promise.task in matched_tasks:
                result = relation, "no such target in the matched task"
            else:
                result = relation, "no matched task" if promise.task else "no such target outside the tasks"
            shown = promise, promise.mentions[0]
            yield _Row(*shown, None, None, *result) if side == 0 else _Row(None, None, *shown, *result)


def _describe(mention):
    row = mention.row
    return f"{row.indicator} {row.value:g} {row.unit}"


def _relate(mine, theirs, obstacle, aspects, document, reference):
    """(relation, reason, ratio) of two targets that are about the same thing."""
    if obstacle:
        return "not comparable", obstacle, nan
    for aspect, (state, *said) in aspects.items():
        if state == "unknown":
            return "to be judged", f"{aspect} unknown: {', '.join(said)}", nan
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


def _find_obstacle(mention, other, aspects):
    """Why two targets about the same thing must not be compared; blank if they may be."""
    mine, theirs = mention.row, other.row
    if not same_unit(mine.unit, theirs.unit):
        return f"units differ: {mine.unit}, {theirs.unit}"
    change, change_there = _read_change(mine), _read_change(theirs)
    # 新建 may be an increase or all that is built, so it fits 新增 as well as 建设.
    if change != change_there and "new" not in (change, change_there):
        return f"levels and changes differ: {change or 'none'}, {change_there or 'none'}"
    for aspect, (state, *said) in aspects.items():
        if state == "no":
            return f"{aspect}s differ: {', '.join(said)}"
    readers = {"denominators": _read_ones, "tiers": _read_tier, "conditions": _read_conditions}
    for name, read in readers.items():
        a, b = read(mine), read(theirs)
        if a != b:
            return f"{name} differ: {a or 'none'}, {b or 'none'}"
    if {mine.comparator in _UPPER, theirs.comparator in _UPPER} == {True, False}:
        if mine.comparator in _LOWER or theirs.comparator in _LOWER:
            return f"bounds differ: {mine.comparator}, {theirs.comparator}"
    return ""


def _read_change(row):
    """Whether a number is a level (blank) or something else: increase (新增, 提高5%), decrease, total (累计) or new (新建).

    It is read from the clause, because the comparator may give a bound instead (城镇新增就业1200万人以上).
    """
    if row.comparator == "increase" or _INCREASE.search(row.text):
        return "increase"
    if row.comparator == "total" or _STOCK.search(row.text):
        return "total"
    if _RISE.search(row.text) or _is_rate_of_change(row, _RISING):
        return "increase"
    if _FALL.search(row.text) or _is_rate_of_change(row, _FALLING):
        return "decrease"
    return "new" if _NEW.search(row.text) else ""


def _is_rate_of_change(row, words):
    found = RATES.fullmatch(row.unit) and words.search(row.indicator)
    return bool(found) and not (found.group(1) and _LEVEL.search(row.text))


def _list_ones(row):
    """What the amount is per (校 for 每校配备2名), read from the clause, because the indicator seldom includes it."""
    return sorted({"".join(found) for text in (row.text, row.indicator) for found in _PER.findall(text)})


def _read_ones(row):
    return "、".join(_list_ones(row))


def _read_tier(row):
    return "、".join(_TIER.findall(SCOPE.sub("", row.indicator)))


def _read_conditions(row):
    """The numbers within the indicator: a share of schools with 10M is not a share of schools."""
    return "、".join(NUMBER.findall(NAMES.sub("", row.indicator)))


def _compare_bounds(mine, theirs):
    return "" if mine.comparator == theirs.comparator else f"wording: {mine.comparator} for {theirs.comparator}"


def _make_table(rows, document, reference):
    measured = ["relation", "reason", "ratio", "similarity", "same_base", "same_kind"]
    records = []
    for row in rows:
        record = {name: getattr(row, name) for name in measured}
        for prefix, promise, mention in (("", row.own, row.mention), ("reference_", row.other, row.other_mention)):
            if promise is not None:
                record |= {prefix + name: value for name, value in _place_mention(promise, mention).items()}
        records.append(record)
    names = [*measured, *_COLUMNS, *(f"reference_{name}" for name in _COLUMNS)]
    table = pd.DataFrame(records, columns=names)
    for prefix in ("", "reference_"):
        table = table.astype({prefix + name: "Int64" for name in _ORDINALS} | {prefix + "value": "float64"})
        table = table.astype({prefix + name: "str" for name in ("text", "indicator", "unit", "comparator")})
    table = table.astype(dict.fromkeys(measured, "str") | {"ratio": "float64", "similarity": "float64"})
    table.insert(0, "document_id", document.document_id)
    table.insert(1, "reference_id", reference.document_id)
    table.insert(8, "lag", int(document.year) - int(reference.year))
    return table.sort_values(["target", "reference_target"], ignore_index=True)


def _place_mention(promise, mention):
    """The columns of one side: the mention that is shown, another one, and the first goal and task of any of them."""
    shown, rows = mention.row, [other.row for other in promise.mentions]
    record = {name: getattr(shown, name, None) for name in _COLUMNS}
    record["also_target"] = next((row.target for row in rows if row.target != shown.target), None)
    for name in ("goal", "task"):
        places = (getattr(row, name) for row in rows)
        record[name] = next((place for place in places if pd.notna(place)), None)
    return record
