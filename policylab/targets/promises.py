"""Promises: the targets of a plan with their repetitions, and which of them in two plans are about the same thing."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from policylab.targets.names import (
    ASPECTS,
    Mention,
    compare_aspect,
    compare_names,
    find_pairs,
    read_mention,
    same_unit,
)

# Similarities of names: from the second on two targets are one thing, below the first they are not, and between the two it is
# for the reader to judge. There .8 and .2 of the pairs that are formed are one thing, perhaps on another base or of another
# kind, on gold of 30 pairs of documents (docs/targets.md, benchmarks/fit_targets.py).
SAME_THING = (0.26, 0.6)
# Two mentions of one number in one plan need less, since their values already agree. Chosen by judgement.
SAME_PROMISE = 0.3
# With a rival this close the choice would be a guess. Chosen by judgement.
RIVAL = 0.02


class Promise(NamedTuple):
    """A number that a plan commits itself to, with its mentions: in a task, in a goal, or in both."""

    mentions: list  # Mention; the one in a task first
    task: int | None  # if no task mentions it: the task that shares most with the sentence of the goal
    outside: bool  # whether a mention is outside the tasks


class Pair(NamedTuple):
    """Two promises of different plans that are, or may be, about the same thing."""

    similarity: float
    mine: Mention  # the two mentions that are closest
    theirs: Mention


def list_promises(corpus, document_id, qualifiers):
    """The promises of a document, in the order of their first mention. Results and rules promise nothing."""
    targets = corpus.targets[(corpus.targets["document_id"] == document_id) & (corpus.targets["kind"] == "target")]
    texts = corpus.paragraphs[corpus.paragraphs["document_id"] == document_id].set_index("paragraph")["text"]
    tasks = corpus.tasks[corpus.tasks["document_id"] == document_id]
    words = {int(t.task): find_pairs(f"{t.title}{t.text}") for t in tasks.itertuples()}
    mentions = [read_mention(row, qualifiers) for row in targets.sort_values("target").itertuples(index=False)]
    in_tasks = [mention for mention in mentions if pd.notna(mention.row.task)]
    outside = _group_repeated([mention for mention in mentions if pd.isna(mention.row.task)])
    homes = [_find_home(group, texts, words) for group in outside]
    repeated = _find_repeated(outside, homes, in_tasks)
    promises = [
        Promise([mention, *(outside[repeated[j]] if j in repeated else ())], int(mention.row.task), j in repeated)
        for j, mention in enumerate(in_tasks)
    ]
    alone = set(range(len(outside))) - set(repeated.values())
    promises += [Promise(outside[i], homes[i], True) for i in alone]
    return sorted(promises, key=lambda promise: min(mention.row.target for mention in promise.mentions))


def _group_repeated(outside):
    """The mentions outside the tasks, those of one target together.

    Value and unit must agree and the names be one thing beyond doubt. Numbers of one clause are never one target: 小学、初中
    升学率均达到95% is two.
    """
    groups = []
    for mention in outside:
        for group in groups:
            if any(_is_repeated(mention, other) for other in group):
                group.append(mention)
                break
        else:
            groups.append([mention])
    return groups


def _is_repeated(mention, other):
    row, earlier = mention.row, other.row
    if row.value != earlier.value or not same_unit(row.unit, earlier.unit) or row.start == earlier.start:
        return False
    agree = all(compare_aspect(mention, other, aspect)[0] in ("yes", "unstated") for aspect in ASPECTS)
    return agree and compare_names(mention, other) >= SAME_THING[1]


def _find_repeated(outside, homes, in_tasks):
    """{j: i} of the targets outside the tasks, outside[i], that repeat one in a task, in_tasks[j].

    Value and unit must agree, and the names must be alike or the task be the home of the other target.
    """
    scores = {}
    for i, group in enumerate(outside):
        for j, other in enumerate(in_tasks):
            row = group[0].row
            if row.value == other.row.value and same_unit(row.unit, other.row.unit):
                similarity = max(compare_names(mention, other) for mention in group)
                if similarity >= SAME_PROMISE or homes[i] == other.row.task:
                    # The added constant keeps the score above zero: in the home task the number alone is evidence.
                    scores[i, j] = similarity + SAME_PROMISE
    return {j: i for i, j in _assign(scores, len(outside), len(in_tasks))}


def _find_home(group, texts, words):
    """The task most like the sentence of a target outside the tasks; None without a goal or without tasks."""
    row = next((mention.row for mention in group if pd.notna(mention.row.goal)), None)
    if row is None or not words:
        return None
    text = texts.get(row.paragraph, row.text)
    pairs = find_pairs(next((s for s in text.split("。") if row.text in s), text))
    return max(words, key=lambda task: (len(pairs & words[task]), -task))


def find_candidates(own, other, same_thing=SAME_THING):
    """{(i, j): Pair} of all promises own[i] and other[j] that may be about the same thing, wherever they are mentioned.

    Targets in different units are never compared, only given a reason, so their names must be one thing beyond doubt.
    """
    found = {}
    for i, promise in enumerate(own):
        for j, counterpart in enumerate(other):
            pair = _find_closest(promise, counterpart)
            alike = same_unit(pair.mine.row.unit, pair.theirs.row.unit)
            if pair.similarity >= same_thing[0 if alike else 1]:
                found[i, j] = pair
    return found


def keep_together(candidates, own, other, matched):
    """The candidates in matched tasks, and those that are both mentioned outside the tasks."""
    return {
        (i, j): pair
        for (i, j), pair in candidates.items()
        if (own[i].task, other[j].task) in matched or (own[i].outside and other[j].outside)
    }


def _find_closest(promise, counterpart):
    """The Pair of the two closest mentions."""
    mentions = [(a, b) for a in promise.mentions for b in counterpart.mentions]
    # If several are equally close, the longest names say most: 教育厅局长教育信息化专题培训, not 计划培训.
    found = [(compare_names(a, b), len(a.row.indicator) + len(b.row.indicator), a, b) for a, b in mentions]
    similarity, _, a, b = max(found, key=lambda entry: entry[:2])
    return Pair(similarity, a, b)


def pair_promises(own, other, candidates, same_thing=SAME_THING):
    """Pair the promises of two plans one to one, first those that are one thing, then what is left and may be.

    Returns {(i, j): Pair}, and the rivals of the pairs that are one thing: {(i, j): [(side, number)]}. A rival is a promise
    on side 0 (own) or 1 (other) that fits the pair as well: one that was left over, or one in another pair with which
    this pair could be exchanged (骨干教师 2000 and 5000 on both sides).
    """
    sure = {place: pair.similarity for place, pair in candidates.items() if pair.similarity >= same_thing[1]}
    chosen = _assign(sure, len(own), len(other))
    rivals = {}
    for pair in chosen:
        if found := [*_list_leftover_rivals(pair, chosen, candidates), *_list_exchangeable(pair, chosen, candidates)]:
            rivals[pair] = found
    pairs = {place: candidates[place] for place in chosen}
    taken, taken_other = {i for i, _ in chosen}, {j for _, j in chosen}
    # The likeliest first: the greatest total would rather make two doubtful pairs than one that is less so.
    for i, j in sorted(candidates, key=lambda place: (-candidates[place].similarity, place)):
        if i not in taken and j not in taken_other:
            pairs[i, j] = candidates[i, j]
            taken.add(i)
            taken_other.add(j)
    return pairs, rivals


def _list_leftover_rivals(pair, chosen, candidates):
    """(side, number) of the unpaired promises that fit one side of a chosen pair as well, with another value."""
    (i, j), (similarity, mine, theirs) = pair, candidates[pair]
    taken, taken_other = {k for k, _ in chosen}, {m for _, m in chosen}
    for (k, m), (rival, a, b) in sorted(candidates.items(), key=lambda entry: entry[0]):
        near = rival >= similarity - RIVAL and same_unit(a.row.unit, b.row.unit)
        if near and k == i and m not in taken_other and b.row.value != theirs.row.value:
            yield 1, m
        if near and m == j and k not in taken and a.row.value != mine.row.value:
            yield 0, k


def _list_exchangeable(pair, chosen, candidates):
    """(1, number) of the counterparts in other chosen pairs that could be exchanged with this one's as well."""
    (i, j), (similarity, mine, theirs) = pair, candidates[pair]
    for k, m in chosen:
        if k == i or (i, m) not in candidates or (k, j) not in candidates:
            continue
        crossed, mate = (candidates[i, m], candidates[k, j]), candidates[k, m]
        near = sum(found.similarity for found in crossed) >= similarity + mate.similarity - 2 * RIVAL
        alike = all(same_unit(found.mine.row.unit, found.theirs.row.unit) for found in crossed)
        differ = mine.row.value != mate.mine.row.value and theirs.row.value != mate.theirs.row.value
        if near and alike and differ:
            yield 1, m


def _assign(scores, n, m):
    """The one-to-one pairs with the greatest total score, sorted. `scores` holds the pairs that may be chosen."""
    if not scores:
        return []
    from scipy.optimize import linear_sum_assignment

    matrix = np.zeros((n, m))
    for pair, score in scores.items():
        matrix[pair] = score
    return [(int(i), int(j)) for i, j in zip(*linear_sum_assignment(matrix, maximize=True)) if (i, j) in scores]
