"""Who is responsible: which brackets and lines name units, and the units in them, each with its duty and when it is due.

grammar.toml ([responsibility]) has the words. A bracket counts if it names a unit, wherever it stands; what it says besides
(a deadline, a person, a remark) becomes the deadline or nothing, never a unit.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from policylab.corpus import grammar as g
from policylab.corpus.grammar import CLOSERS, OPENERS, RESPONSIBILITY

_LAST_DUTY = re.compile(rf"(?P<duty>{RESPONSIBILITY['last']})$")
_OWN_DUTY, _DUE_WORDS, _FIRST_LEADS, _REMARKS, _REMARK_OPENINGS, _JOINTS = (
    re.compile(RESPONSIBILITY[name])
    for name in ("own_duty", "due_words", "first_leads", "remarks", "remark_openings", "joints")
)
# 市教育局（列第一位者为牵头单位）
_NOTE = re.compile(rf"[（(][^（）()]{{0,20}}(?:{RESPONSIBILITY['first_leads']})[^（）()]{{0,10}}[）)]")
_OTHERS = re.compile(rf"(?:{RESPONSIBILITY['rest']})$")
_ENDS = tuple(RESPONSIBILITY["ends"])
_OPENER, _BRACKET, _MARK = (
    re.compile(f"[{re.escape(marks)}]")
    for marks in (OPENERS, OPENERS + CLOSERS, "。" + RESPONSIBILITY["separators"] + OPENERS + CLOSERS)
)
_BLANKS = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef])[\s\u200b]+|(?<![\s\u200b])[\s\u200b]+(?=[\u3000-\u9fff\uff00-\uffef])"
)

_LONGEST = 600  # characters of a bracket; the longest in the corpora tried has 110
_HEAD = 40  # characters before the label of a bracket that is never closed: a deadline has at most 20
_OPEN_ENDED = 150  # characters of a bracket that is never closed in which units are looked for
_NEAR, _BETWEEN = 4, "。 \u3000\n"  # characters, and which, that may stand between two brackets that touch
_LONGEST_UNIT = 40  # characters of a name; the longest in the corpora tried has 33
_SHORT = 6  # characters of a name in a list whose last name alone has the ending: 济南、青岛、烟台市政府


class Named(NamedTuple):
    unit: str
    duty: str | None  # as printed
    due: str | None  # as printed: 6月底前完成, 持续推进


def find_responsibility(text, position=0):
    """Where the first responsibility at or behind a position begins, and of what kind: bracket, or rest (to the end).

    A bracket that only says when something is due counts if it touches one that names units.
    """
    return _find(text, position, g.current())


@lru_cache(maxsize=256)  # a line is asked when it is read, when its end is looked at, and when it is cut
def _find(text, position, grammar):
    found, hint = None, None
    for opener in _OPENER.finditer(text, position):
        start = opener.start()
        near = 0 < position and start - position < _NEAR and not text[position:start].strip(_BETWEEN)
        if hint is None or 0 <= hint[0] < start:
            next_hint = grammar.RESPONSIBILITY_HINT.search(text, start)
            hint = next_hint.span() if next_hint else (-1, -1)
        if _names_units(text, start, near, start < hint[1] <= start + _LONGEST):
            found = start, "bracket"
            break
    if "：" not in text and ":" not in text:
        return found
    rest = grammar.LABELLED_REST.search(text, position, found[0] if found else len(text))
    return (rest.end() + text[rest.end()].isspace(), "rest") if rest else found


def close_bracket(text, start):
    """The end of the bracket that opens at `start`, whatever mixture of brackets closes it, or None."""
    depth = 0
    for mark in _BRACKET.finditer(text, start, start + _LONGEST):
        depth += 1 if mark.group() in OPENERS else -1
        if depth == 0:
            return mark.end()
    return None


def _names_units(text, start, near, hinted):
    """Whether the bracket that opens at `start` names units; `near`: it touches one that does; `hinted`: a word says it may."""
    closed = text[max(0, start - _NEAR) : start].rstrip()[-1:] in tuple("。！；")
    if not (closed or near or hinted):
        return False
    end = close_bracket(text, start)
    if end is None:
        # Never closed, or only on a later line: it has to begin with a label, but for a deadline.
        label = g.current().LABEL.search(text[start + 1 : start + _HEAD])
        return label is not None and bool(_read(text[start + 1 : start + _OPEN_ENDED], False, g.current())[0])
    behind = text[end : end + _NEAR].lstrip(_BETWEEN)
    named, due = _read(text[start + 1 : end - 1], closed and (not behind or behind[0] in OPENERS), g.current())
    if named or not due or near or not behind or behind[0] not in OPENERS:
        return bool(named or (due and near))
    following = text.index(behind[0], end)
    closes = close_bracket(text, following)
    return closes is not None and bool(_read(text[following + 1 : closes - 1], False, g.current())[0])


def read_bracket(bracket):
    """The units that a bracket or a labelled line names, and when it says something is due (None: it does not say).

    >>> [tuple(named) for named in read_bracket("（6月底完成，牵头单位：科技司；配合单位：厅属单位（学校、幼儿园））")[0]]
    [('科技司', '牵头单位', '6月底完成'), ('厅属单位（学校、幼儿园）', '配合单位', '6月底完成')]
    >>> [tuple(named) for named in read_bracket("（教育部牵头，财政部、审计署等部门按职责分工负责）")[0]]
    [('教育部', '牵头', None), ('财政部', '按职责分工负责', None), ('审计署', '按职责分工负责', None)]
    >>> read_bracket("完成时限：2021年12月")
    ((), '2021年12月')
    """
    inner = bracket.strip().rstrip("。")
    if inner[0] in OPENERS:
        inner = inner[1:-1] if inner[-1] in CLOSERS and close_bracket(inner, 0) in (None, len(inner)) else inner[1:]
    return _read(inner, True, g.current())


@lru_cache(maxsize=512)  # the passes over a document look at each bracket half a dozen times
def _read(inner, bare, grammar):
    """What stands inside a bracket; `bare`: whether units may stand without a label and a duty."""
    inner = _NOTE.sub("", inner)
    labels = list(grammar.LABEL.finditer(inner))
    ends = [label.start() for label in labels[1:]] + [len(inner)]
    groups, due = [], []  # of units with one duty; deadlines, each with the number of groups that begin before it
    _read_clauses(inner[: labels[0].start()] if labels else inner, None, bool(labels), bare and not labels, groups, due)
    for label, end in zip(labels, ends):
        value = inner[label.end() : end]
        if label["duty"]:
            _read_clauses(value, label["duty"], True, True, groups, due)
        elif label["due"] and (printed := value.strip(" \u3000，,；;、。")):
            due.append((len(groups), _squeeze(printed)))
    units = tuple(
        Named(name, duty, _choose_due(place, due)) for place, (duty, names) in enumerate(groups) for name in names
    )
    return units, due[0][1] if due else None


def _choose_due(place, due):
    """One deadline is everybody's; of several, the first behind a group is its own, else the last one."""
    if len(due) < 2:
        return due[0][1] if due else None
    return next((printed for number, printed in due if number > place), due[-1][1])


def _read_clauses(text, label, labelled, bare, groups, due):
    """The units of a stretch under one label (None: without); their duty may also stand behind them."""
    waiting = []
    for clause, mark in _split(text):
        if _FIRST_LEADS.search(clause):
            continue
        found = _OWN_DUTY.search(clause) or _LAST_DUTY.search(clause)
        name, duty = _clean(clause[: found.start()]), found[1]
        if duty and (not name or _looks_like_unit(name)):
            # 财政部、审计署按职责分工负责: the duty is that of all that wait. 教育部（牵头）、财政部: it is its own.
            shared = clause[found.start()] not in OPENERS
            groups += [(label, waiting)] if waiting and not shared else []
            names = [*(waiting if shared else ()), *_part(name)]
            groups += [(duty, names)] if names else []
            waiting = []
        elif _DUE_WORDS.search(clause) and not _looks_like_unit(clause):
            due.append((len(groups) + bool(waiting), clause))
        else:
            name = _clean(clause)
            if _is_name(name) and (label or _looks_like_unit(name) or (mark == "、" and len(name) <= _SHORT)):
                waiting += _part(name)
            elif not label and not labelled and not _REMARK_OPENINGS.match(name):
                groups.clear()  # 每校不少于30万元，由财政部门负责: more than a list of units
                return
    if waiting and (label or groups or bare) and (label or all(map(_looks_like_unit, waiting))):
        groups.append((label, waiting))


def _split(text):
    """The clauses between marks outside of a name's own brackets, each with the mark behind it."""
    pieces, depth, start = [], 0, 0
    for found in _MARK.finditer(text):
        mark = found.group()
        if mark in OPENERS:
            depth += 1
        elif mark in CLOSERS:
            depth -= 1
        elif depth <= 0:
            pieces.append((text[start : found.start()], mark))
            start = found.end()
    pieces.append((text[start:], ""))
    return [(clause, mark) for piece, mark in pieces for clause in _part_by_blanks(piece) if clause]


def _part_by_blanks(piece):
    """市教育局　市财政局: blanks divide names only where each part looks like one; any others are the typesetter's."""
    parts = piece.split()
    return parts if len(parts) > 1 and all(map(_looks_like_unit, parts)) else [_squeeze(piece)]


def _squeeze(piece):
    return _BLANKS.sub("", piece.strip())


def _clean(name):
    """A name without what belongs to the list: 省财政厅等部门 -> 省财政厅, 由教育部 -> 教育部."""
    name = name.removeprefix("具体").removeprefix("由")
    return _OTHERS.sub("", name) or name


def _is_name(name):
    return 0 < len(name) <= _LONGEST_UNIT and not (_REMARKS.search(name) or _REMARK_OPENINGS.match(name))


def _looks_like_unit(name):
    return (name.endswith(_ENDS) or (name.endswith(tuple(CLOSERS)) and len(name) > _SHORT)) and _is_name(name)


def _part(name):
    """The names that a word joins, if each looks like a unit: 教育部会同财政部."""
    joint = _JOINTS.search(name)
    if joint and _looks_like_unit(name[: joint.start()]) and _looks_like_unit(name[joint.end() :]):
        return [name[: joint.start()], *_part(name[joint.end() :])]
    return [name] if name else []
