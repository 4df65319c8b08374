"""Promises: the targets of a plan with their repetitions, and which of them in two plans are about the same thing."""

import re
from typing import NamedTuple

import pandas as pd

# Two names at least this similar mean the same thing. Read by eye on the three pairs of documents whose tasks were
# aligned by hand: the same thing in the same unit scores 0.48 (中小学接入互联网, 中小学宽带接入率) to 1, different things at
# most 0.47 (区域, 典型区域). The gap is narrow and the sample small: check the column similarity before quoting a row.
# Targets in different units are never compared, only given a reason, so their names must be more clearly alike.
SAME_THING = 0.475
SAME_THING_OTHER_UNIT = 0.55
# Two mentions of one number in one plan need less, since their values already agree. Chosen by judgement.
SAME_PROMISE = 0.3
# Goals about the same subject share 0.19 to 0.53 of their character pairs, goals about different ones at most 0.20.
SAME_GOAL = 0.25
# With a rival this close the choice would be a guess. Chosen by judgement.
RIVAL = 0.02

# Measure words for persons; 人次 counts attendances, not persons.
_PERSONS = {"名": "人", "位": "人"}
# 个 is the general measure word and may replace any of these.
_COUNTERS = frozenset("所家门项处座间")

# Units of shares and rates, not of totals: a province's value need not be smaller than the country's.
RATES = re.compile(r"[%‰]|百分点|成|倍|[KMGT]?[Bb]ps|[KMGT]?b/s|M|G|兆|岁|年|天|度")

SCOPE = re.compile("^(?:全国|全省|全市|全区|全县|我省|我市|我区|本市|本省)")
# What may follow the head of a name: 网络学习空间开通数量 counts 空间.
_TAIL = re.compile("(?:开通|注册|建设|应用|使用|参与)?(?:数量|总量|总数|人数|规模|数)$")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_MARKS = re.compile(r"[\W_]")


class Promise(NamedTuple):
    """A number that a plan commits itself to, with its mentions: in a task, in a goal, or in both."""

    mentions: list  # rows of corpus.targets, the one in a task first
    task: int | None  # if no task mentions it: the task that shares most with the sentence of the goal


def _list_targets(corpus, document_id):
    """What a document means to reach; results and rules promise nothing."""
    targets = corpus.targets
    return targets[(targets["document_id"] == document_id) & (targets["kind"] == "target")]


def list_promises(corpus, document_id):
    """The promises of a document, in the order of their first mention."""
    targets = _list_targets(corpus, document_id).sort_values("target")
    texts = corpus.paragraphs[corpus.paragraphs["document_id"] == document_id].set_index("paragraph")["text"]
    tasks = corpus.tasks[corpus.tasks["document_id"] == document_id]
    words = {int(t.task): _pairs(f"{t.title}{t.text}") for t in tasks.itertuples()}
    rows = list(targets.itertuples(index=False))
    in_tasks = [row for row in rows if pd.notna(row.task)]
    outside = [row for row in rows if pd.isna(row.task)]
    homes = [_find_home(row, texts.get(row.paragraph, row.text), words) for row in outside]
    repeated = _find_repeated(outside, homes, in_tasks)
    promises = [
        Promise([row, outside[repeated[j]]] if j in repeated else [row], int(row.task))
        for j, row in enumerate(in_tasks)
    ]
    alone = set(range(len(outside))) - set(repeated.values())
    promises += [Promise([outside[i]], homes[i]) for i in alone]
    return sorted(promises, key=lambda promise: min(row.target for row in promise.mentions))


def _find_repeated(outside, homes, in_tasks):
    """{j: i} of the targets outside the tasks, outside[i], that repeat one in a task, in_tasks[j].

    Value and unit must agree, and the names must be alike or the task be the home of the other target.
    """
    scores = {}
    for i, row in enumerate(outside):
        for j, other in enumerate(in_tasks):
            if row.value == other.value and same_unit(row.unit, other.unit):
                similarity = _compare_names(row, other)
                if similarity >= SAME_PROMISE or homes[i] == other.task:
                    # The added constant keeps the score above zero: in the home task the number alone is evidence.
                    scores[i, j] = similarity + SAME_PROMISE
    return {j: i for i, j in _assign(scores, len(outside), len(in_tasks))}


def _find_home(row, text, words):
    """The task most like the sentence of a target outside the tasks; None without a goal or without tasks."""
    if pd.isna(row.goal) or not words:
        return None
    sentence = next((s for s in text.split("。") if row.text in s), text)
    pairs = _pairs(sentence)
    return max(words, key=lambda task: (len(pairs & words[task]), -task))


def match_goals(corpus, document_id, reference_id):
    """The pairs (paragraph, reference paragraph) outside tasks that have targets and are about the same subject."""
    sides = []
    for name in (document_id, reference_id):
        targets = _list_targets(corpus, name)
        targets = targets[targets["task"].isna() & targets["paragraph"].notna()]
        texts = corpus.paragraphs[corpus.paragraphs["document_id"] == name].set_index("paragraph")["text"]
        sides.append({p: _pairs(texts[p]) for p in sorted(set(targets["paragraph"]))})
    return {(p, q) for p, a in sides[0].items() for q, b in sides[1].items() if _dice(a, b) >= SAME_GOAL}


def _share_goal(promise, counterpart, goals):
    return any((a.paragraph, b.paragraph) in goals for a in promise.mentions for b in counterpart.mentions)


def _pairs(text):
    """The set of pairs of adjacent characters, ignoring punctuation; a single character is its own pair."""
    text = _MARKS.sub("", text).lower()
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


def _dice(a, b):
    return 2 * len(a & b) / (len(a) + len(b))


def _compare_names(row, other):
    """The similarity of two targets (0-1): three quarters from the indicators, one quarter from the clauses without numbers.

    Single characters count as much as pairs, because short names reorder their words (在线开放精品课程, 精品在线开放课程).
    The weights are chosen by judgement: the indicator names the thing, the clause distinguishes things of one name.
    """
    a, b = (SCOPE.sub("", _MARKS.sub("", name)) for name in (row.indicator, other.indicator))
    named = (_dice(set(a) or {""}, set(b) or {""}) + _dice(_pairs(a), _pairs(b))) / 2
    clauses = [_pairs(_NUMBER.sub("", clause)) for clause in (row.text, other.text)]
    return 0.75 * named + 0.25 * _dice(*clauses)


def _share_heads(row, other):
    """Whether each name contains the head (the last two characters) of the other: 学习空间 is not 学习空间应用优秀区域.

    Only counts are tested; a share or rate may be named by any part of what it measures (接入互联网, 宽带接入率).
    """
    if RATES.fullmatch(row.unit) or RATES.fullmatch(other.unit):
        return True
    a, b = (_TAIL.sub("", _MARKS.sub("", name)) for name in (row.indicator, other.indicator))
    return a[-2:] in b and b[-2:] in a


def same_unit(a, b):
    """Whether two measure words count the same thing: 名 and 人, 个 and 所."""
    a, b = _PERSONS.get(a, a), _PERSONS.get(b, b)
    return a == b or (a == "个" and b in _COUNTERS) or (b == "个" and a in _COUNTERS)


def _find_closest(promise, counterpart):
    """(similarity, mention, mention) of the two closest mentions; None if the promises are about different things."""
    mentions = [(a, b) for a in promise.mentions for b in counterpart.mentions]
    # If several are equally close, the longest names say most: 教育厅局长教育信息化专题培训, not 计划培训.
    found = [(_compare_names(a, b), len(a.indicator) + len(b.indicator), a, b) for a, b in mentions]
    similarity, _, a, b = max(found, key=lambda entry: entry[:2])
    enough = SAME_THING if same_unit(a.unit, b.unit) else SAME_THING_OTHER_UNIT
    return (similarity, a, b) if similarity >= enough and _share_heads(a, b) else None


def pair_promises(own, other, matched, goals):
    """Pair the promises of two plans that are about the same thing, one to one.

    Returns {(i, j): (similarity, mention, mention)} for own[i] and other[j], and the rivals of the chosen pairs:
    {(i, j): [(side, number)]}. A rival is a promise on side 0 (own) or 1 (other) that fits the pair as well: one that was
    left over, or one in another pair with which this pair could be exchanged (骨干教师 2000 and 5000 on both sides).
    """
    closest = {}
    for i, promise in enumerate(own):
        for j, counterpart in enumerate(other):
            if (promise.task, counterpart.task) in matched or _share_goal(promise, counterpart, goals):
                found = _find_closest(promise, counterpart)
                if found:
                    closest[i, j] = found
    chosen = _assign({pair: found[0] for pair, found in closest.items()}, len(own), len(other))
    rivals = {}
    for pair in chosen:
        if found := [*_list_leftover_rivals(pair, chosen, closest), *_list_exchangeable(pair, chosen, closest)]:
            rivals[pair] = found
    return {pair: closest[pair] for pair in chosen}, rivals


def _list_leftover_rivals(pair, chosen, closest):
    """(side, number) of the unpaired promises that fit one side of a chosen pair as well, with another value."""
    (i, j), (similarity, mine, theirs) = pair, closest[pair]
    taken, taken_other = {k for k, _ in chosen}, {m for _, m in chosen}
    for (k, m), (rival, a, b) in sorted(closest.items(), key=lambda entry: entry[0]):
        near = rival >= similarity - RIVAL and same_unit(a.unit, b.unit)
        if near and k == i and m not in taken_other and b.value != theirs.value:
            yield 1, m
        if near and m == j and k not in taken and a.value != mine.value:
            yield 0, k


def _list_exchangeable(pair, chosen, closest):
    """(1, number) of the counterparts in other chosen pairs that could be exchanged with this one's as well."""
    (i, j), (similarity, mine, theirs) = pair, closest[pair]
    for k, m in chosen:
        if k == i or (i, m) not in closest or (k, j) not in closest:
            continue
        crossed = closest[i, m], closest[k, j]
        near = sum(found[0] for found in crossed) >= similarity + closest[k, m][0] - 2 * RIVAL
        alike = all(same_unit(a.unit, b.unit) for _, a, b in crossed)
        differ = mine.value != closest[k, m][1].value and theirs.value != closest[k, m][2].value
        if near and alike and differ:
            yield 1, m


def _assign(scores, n, m):
    """The one-to-one pairs with the greatest total score, sorted. `scores` holds the pairs that may be chosen."""
    if not scores:
        return []
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    matrix = np.zeros((n, m))
    for pair, score in scores.items():
        matrix[pair] = score
    return [(int(i), int(j)) for i, j in zip(*linear_sum_assignment(matrix, maximize=True)) if (i, j) in scores]
