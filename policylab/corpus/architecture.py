"""How a document is built: which of its lines are headings, of what level, and where a new document begins.

A plan numbers 一、（一）1.（1）, a long one has chapters above them, a regulation numbers articles (第X条), a standard
decimals (1, 1.1, 1.1.1). What the same mark means differs between them, so it is settled first, for each stretch of text
with a numbering of its own: the body, and every attachment.
"""

import re
from bisect import bisect_left
from collections import Counter
from typing import NamedTuple

from policylab.corpus import grammar as g
from policylab.corpus.lines import clean_title, fold, is_complete, is_short

_OUTER, _INNER = ("book", "chapter", "division"), ("part", "section", "task", "item")
_CONTENTS_LINES = 400  # of a table of contents; chosen by judgement, none of those seen has more than 120
_FRONT_LINES = 30  # between a title and the first heading; chosen by judgement
# What may number a document on its outermost level. Where 1. does, decimals or long tasks stand below it.
_TOPS = ("book", "chapter", "article", "part", "decimal_top", "task")
_LOST = 2  # headings in a row; chosen by judgement
_MOST_DIVISIONS = 20  # of a task by decimals; chosen by judgement
_AHEAD = 200  # lines of a box; chosen by judgement
_LEADER = 16  # characters at the end of an entry that tell whether it has a leader
_FIRST_NOTE = re.compile(r"注\s?[：:]\s?1\s?[.．、]")
_LEADERS = 3  # lines in a row that end in dots and a page are a table of contents without its heading


class Heading(NamedTuple):
    """What a line opens with, if it may be a numbered heading."""

    kind: str  # of g.HEADING; decimal_top for the 1 above 1.1
    numbers: tuple  # the value of the ordinal; of a decimal each of its numbers
    end: int  # where the text behind it begins, in the line
    level: str | None = None  # part, section, task or item; None where it is no heading of the document


class Structure(NamedTuple):
    headings: list  # for each line its Heading, or None
    contents: set  # indices of the lines of contents pages
    boxes: set  # indices of the lines that head a box or a table
    architecture: str | None  # of most headings: articles, decimals or levels
    listed: set | frozenset = frozenset()  # indices of the lines that go on with a list of attachments


def read_documents(lines):
    """Where the documents of a file begin and end, as indices of its lines, and the Structure of each."""
    headings = _match_headings(lines)
    contents = _find_contents(lines, headings)
    listed = _list_attachments(lines)
    for i in contents | listed:
        headings[i] = None
    starts = _find_starts(lines, headings, contents)
    documents, inside = [], sorted(contents)
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        own = {i - start for i in inside[bisect_left(inside, start) : bisect_left(inside, end)]}
        structure = _read_structure(lines[start:end], headings[start:end], own)
        documents.append((start, end, structure._replace(listed={i - start for i in listed if start <= i < end})))
    return documents


def _list_attachments(lines):
    """Indices of the lines that go on with a list of attachments: 附件：1.试点要求⏎2.申报书⏎3.汇总表."""
    listed, grammar = set(), g.current()
    for i in range(len(lines)):
        behind = _find_list(lines, i, grammar)
        if behind is None:
            continue
        number, j = behind, i + 1
        while j < len(lines) and grammar.TASK.match(lines[j].content):
            printed = g.DIGITS.match(lines[j].content)
            if not printed or int(printed.group()) != number + 1 or is_complete(lines[j].content):
                break
            listed.add(j)
            number, j = number + 1, j + 1
    return listed


def _find_list(lines, i, grammar):
    """The number that a list of attachments begins with on a line, 0 where the first one stands below; None without one."""
    content = lines[i].content
    if content[-1] in "：:" and grammar.BACK_ATTACHMENT.match(content) and i + 1 < len(lines):
        following = lines[i + 1].content
        return 0 if following[0].isdecimal() and not is_complete(following) else None
    if not grammar.BACK_LIST.match(content):
        return None
    found = g.FIRST_LISTED.search(content)
    return int(found.group(1)) if found else None


def _read_structure(lines, headings, contents):
    grammar = g.current()
    heads = [(i, found.end()) for i, line in enumerate(lines) if (found := grammar.BOX.match(line.content))]
    boxes = {i for i, end in heads if i not in contents and _is_box(lines[i].content, end)}
    attachments = [i for i, line in enumerate(lines) if grammar.BACK_ATTACHMENT.match(line.content)]
    architectures = Counter()
    for start, end in zip([0, *attachments], [*attachments, len(lines)]):
        architecture = _settle(headings, start, end)
        if boxes:
            _mute_boxes(headings, boxes, start, end)
        architectures[architecture] += sum([h is not None for h in headings[start:end]])
    named = [(n, name) for name, n in architectures.items() if name and n]
    return Structure(headings, contents, boxes, max(named)[1] if named else None)


def _match_headings(lines):
    found, above, grammar, last = [], "", g.current(), {}
    noted = 0  # how far the notes below a table have counted: 注：1.… 2.…
    for line in lines:
        content, heading = line.content, None
        if match := grammar.HEADING.match(content):
            kind = match.lastgroup.rsplit("_", 1)[0]
            if kind == "decimal":
                numbers = tuple(int(n) for n in g.DIGITS.findall(match.group()))
            else:
                numbers = (g.read_numeral(match.group(match.lastgroup)),)
            heading = Heading(kind, numbers, match.end())
        elif content[0].isdecimal() and (match := grammar.DECIMAL_TOP.match(content)):
            heading = Heading("decimal_top", (int(g.DIGITS.match(content).group()),), match.end())
        if heading and heading.kind == "task" and _counts_inside(content, heading):
            heading = None
        if heading and noted and heading.kind == "task" and heading.numbers == (noted + 1,):
            heading, noted = None, noted + 1
        elif content[0] == "注" or noted and heading:
            noted = int(bool(_FIRST_NOTE.match(content)))
        if heading and above and above[-1] in "，、,":
            # After a comma a line goes on, though it may begin like a heading: …有关规定，⏎一、二类学校…. One that counts on
            # is a heading all the same: the line above lost its end.
            counts_on = (
                last.get(heading.kind) == (heading.numbers[-1] - 1,)
                and content[heading.end : heading.end + 1] not in g.NUMERALS
            )
            heading = heading if counts_on else None
        if heading:
            last[heading.kind] = heading.numbers
        found.append(heading)
        above = content
    return found


def _counts_inside(content, heading):
    """Whether a line counts on in itself: 1、系统总监；2、实时监测. Its numbers are those of a sentence."""
    following = content.find(f"{heading.numbers[0] + 1}{content[heading.end - 1]}", heading.end)
    return following > 0 and content[following - 1] in "；;，,"


def _find_contents(lines, headings):
    """Indices of the lines of contents pages: entries that end in dots and a page, or headings that come again below."""
    found, grammar = set(), g.current()
    leaders = [_has_leader(line.content) for line in lines]
    i = 0
    while i < len(lines):
        if grammar.CONTENTS.match(lines[i].content):
            end = _end_contents(lines, headings, leaders, i + 1)
            if end > i + 1:
                found.update(range(i, end))
            i = max(end, i + 1)
            continue
        end = i
        while end < len(lines) and leaders[end]:
            end += 1
        if end - i >= _LEADERS:
            found.update(range(i, end))
        i = max(end, i + 1)
    return found


def _has_leader(content):
    """Whether a line ends in dots and a page. Few lines end in a digit or twice in the same mark: that is asked first."""
    last = content[-1]
    return (last.isdigit() or last == content[-2:-1]) and bool(g.LEADER.search(content[-_LEADER:]))


def _end_contents(lines, headings, leaders, start):
    """Where the contents page that begins at `start` ends: where its first entry is printed for the second time."""
    entries = {}
    for i in range(start, min(len(lines), start + _CONTENTS_LINES)):
        entry = _fold_entry(lines[i].content)
        if not leaders[i] and (is_complete(lines[i].content) or entry in entries):
            # The heading of the body that repeats an entry, or a sentence: the page is over.
            return _back_up(lines, headings, leaders, start, i, entry in entries)
        if entry:
            entries[entry] = i
    return start


def _back_up(lines, headings, leaders, start, end, repeated):
    """Without a repeated entry only lines with a leader are sure to be contents."""
    if repeated:
        return end
    last = [i for i in range(start, end) if leaders[i]]
    return last[-1] + 1 if last else start


def _fold_entry(content):
    """An entry without the dots and the page behind it."""
    return fold(content).rstrip("0123456789") or fold(content)


def _is_box(content, end):
    """Whether a line that begins with 专栏1 is nothing but the head of a box; `end` is where the words behind it begin."""
    return end == len(content) or is_short(content[end:], g.BARE_HEADING_LIMIT)


def _settle(headings, start, end):
    """Give the headings of a stretch their levels; returns the name of its architecture, None without any."""
    kinds = Counter(h.kind for h in headings[start:end] if h)
    articles = [h.numbers[0] for h in headings[start:end] if h and h.kind == "article"]
    if len(articles) > 1 and articles[0] == 1 or len(articles) > 5:
        name, levels = "articles", _level_articles(kinds)
    elif _counts_on(headings[start:end]):
        name, levels = "decimals", None
    else:
        name, levels = "levels", _level_outer(kinds, [h.kind for h in headings[start:end] if h])
    settled, above, task = False, (0,), None
    for i in range(start, end):
        if heading := headings[i]:
            if levels is not None:
                level = levels.get(heading.kind)
                # 3.2 under 3. divides a task; any other decimal opens a sentence (2.5万亿元…).
                if (
                    heading.kind == "decimal"
                    and task
                    and heading.numbers[:-1] == task
                    and heading.numbers[-1] < _MOST_DIVISIONS
                ):
                    level = "item"
                task = heading.numbers if heading.kind == "task" else task if level in ("item", None) else None
            elif level := _level_decimal(heading, kinds, above):
                above = heading.numbers if level != "item" else above
            headings[i] = Heading(heading.kind, heading.numbers, heading.end, level) if level else None
            settled = settled or level in g.LEVELS[:3]
    return name if settled else None


def _level_articles(kinds):
    """An article is what a regulation numbers; chapters and sections stand above it, everything else is in it."""
    outer = [kind for kind in _OUTER if kinds[kind]]
    levels = dict.fromkeys(_INNER, "item") | {"article": "task"}
    if "division" in outer and len(outer) == 1:
        return levels | {"division": "section"}
    return levels | dict(zip(outer, ("part", "section", "item")))


def _level_outer(kinds, order):
    """Levels by rank: 编, 章 and 节 where a document has several of them, then the marks of a plan."""
    outer = [kind for kind in _OUTER if kinds[kind] > 1]
    levels = {"book": "part", "chapter": "part", "division": "section"} | dict(zip(_INNER, g.LEVELS))
    if not outer:
        return levels
    # 一、 above 第一章: it opens the text and counts fewer than the chapters between its numbers.
    inverted = order[0] == "part" and order[1:2] == [outer[0]] and kinds["part"] < kinds[outer[0]]
    inner = [kind for kind in _INNER if kinds[kind]]
    ranked = ["part", *outer, *[k for k in inner if k != "part"]] if inverted else [*outer, *inner]
    return levels | {kind: g.LEVELS[min(rank, 3)] for rank, kind in enumerate(ranked)}


def _counts_on(headings):
    """Whether decimals head the divisions of a stretch: 1.1 or 1.0.1 is followed by the next number, more than once."""
    decimals = [h.numbers for h in headings if h and h.kind == "decimal"]
    if len(decimals) < 2 or any(h and h.kind == "part" for h in headings):
        return False
    steps = sum([_follows(a, b) for a, b in zip(decimals, decimals[1:])])
    return decimals[0][-1] == 1 and 2 * steps >= len(decimals) - 1


def _follows(before, after):
    """Whether a decimal may come next: one deeper, at the same depth or further out, with a next number there.

    Two numbers may be missing: a heading that was lost shall not take all that follow with it.
    """
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    if same == len(before):
        return len(after) > same and all(n <= 1 for n in after[same:])
    return len(after) > same and 0 < after[same] - before[same] <= _LOST + 1 and all(n <= 1 for n in after[same + 1 :])


def _level_decimal(heading, kinds, above):
    """Levels of a standard: as many numbers as a heading has, so deep it is; chapters count as the first.

    `above` are the numbers of the heading above. None for a number that opens a sentence (3.5毫秒以内。).
    """
    if heading.kind == "decimal":
        return g.LEVELS[min(len(heading.numbers), 4) - 1] if _follows(above, heading.numbers) else None
    if heading.kind in ("chapter", "book"):
        return "part"
    if heading.kind in ("decimal_top", "task"):
        # 1．总则 is one with a mark; where the first numbers have none, or are chapters, such a mark is in a list.
        outermost = heading.kind == "decimal_top" or not (kinds["decimal_top"] or kinds["chapter"])
        if outermost and _follows(above, heading.numbers):
            return "part"
        return "item" if heading.kind == "task" else None
    return {"division": "section"}.get(heading.kind, "item")


def _mute_boxes(headings, boxes, start, end):
    """Take the numbers inside boxes and tables off the headings.

    A box has no printed end. It goes on to the next heading that continues the numbering above the box: 1. in a box
    behind task 3 is of the box, 4. is not.
    """
    counts, inside = {}, None  # the last number of each level that is open above, and in the box
    for i in range(start, end):
        if i in boxes:
            inside = {}
        heading = headings[i]
        if heading is None:
            continue
        level = heading.level
        if inside is not None and (level == "item" or not _continues(headings, i, end, counts, inside.get(level))):
            inside[level] = heading.numbers
            headings[i] = None
            continue
        inside = None
        for closed in g.LEVELS[g.LEVELS.index(level) :]:
            counts.pop(closed, None)
        counts[level] = heading.numbers


def _continues(headings, i, end, counts, inside):
    """Whether a heading behind the head of a box continues what is numbered above it.

    `counts` are the numbers above; `inside` is the last number of its level in the box. Where it continues both, the same
    number again below, before the count begins anew, is the one above the box; a box of one numbered line is unlikely.
    """
    level, numbers = headings[i].level, headings[i].numbers
    expected = counts.get(level)
    if expected is None:
        # Its level has not begun in this section: only the first heading of a level further out can be meant.
        return numbers[-1] == 1 and not any(g.LEVELS.index(other) < g.LEVELS.index(level) for other in counts)
    # Up to two headings may be lost in the source, if the box does not count to this number itself.
    ahead = numbers[-1] - expected[-1]
    if numbers[:-1] != expected[:-1] or not 0 < ahead <= _LOST + 1:
        return False
    if inside and numbers[-1] == inside[-1] + 1 and (ahead > 1 or numbers[-1] == 2):
        return False
    for later in headings[i + 1 : min(end, i + _AHEAD)]:
        if later and later.level and g.LEVELS.index(later.level) <= g.LEVELS.index(level):
            if later.level != level or later.numbers[-1] == 1:
                return True
            if later.numbers == numbers:
                return False
    return True


def _find_starts(lines, headings, contents):
    """Indices of the lines where the documents of a file begin; the first is 0.

    Another document has a title, or an address, of its own, and its numbering begins anew with the mark that numbers the
    first document, though no attachment was announced.
    """
    grammar = g.current()
    starts, top, count, attached = [0], None, 0, False  # top: what numbers the document, count: how far
    for i, line in enumerate(lines):
        if i in contents:
            continue
        attached = attached or bool(
            grammar.BACK_ATTACHMENT.match(line.content) or grammar.BACK_LIST.match(line.content)
        )
        heading = headings[i]
        if heading is None:
            if count > 1 and _opens_document(lines, headings, contents, i, starts[-1], None if attached else top):
                starts.append(_rise(lines, i))
                top, count, attached = None, 0, False
        elif top is None and heading.kind in _TOPS:
            top, count = heading.kind, heading.numbers[0]
        elif heading.kind == top and not attached:
            count = max(count, heading.numbers[0])
    return starts


def _opens_document(lines, headings, contents, i, begin, top):
    """Whether a line without number opens a document; `top` is what numbers the one above, None behind attachments."""
    content, above, grammar = lines[i].content, lines[i - 1].content, g.current()
    printed = grammar.BACK_COLOPHON.match(above)  # 印发, 此件公开: the document above is over, with all its attachments
    ended = printed or grammar.FRONT["date"].match(above)
    if printed and grammar.FRONT["addressees"].match(content):
        return True
    if (not printed and top is None) or not (ended or is_complete(above)) or (is_complete(content) and not ended):
        return False
    following = lines[i + 1].content if headings[i + 1 : i + 2] == [None] else "。"
    titles = [content] if is_complete(following) else [content, content + following]
    title = next((title for title in titles if g.FRONT["title"].match(title)), None)
    if title is None or not (ended or _names_itself(title, lines[begin].content, following)):
        return False
    ahead = range(i + 1, min(len(lines), i + 1 + _FRONT_LINES + len(contents)))
    first = next((headings[j] for j in ahead if headings[j] and j not in contents), None)
    return (
        first is not None and first.numbers == (1,) and top in (None, first.kind) and not _is_enclosed(lines, begin, i)
    )


def _names_itself(title, first, following):
    """Whether a title is that of a document rather than a heading in it: it says whose, when or on what, as the first does."""
    named = g.OWN_TITLE.search(title) or g.read_number(following) or g.FRONT["addressees"].match(following)
    return bool(named) or title[-2:] == first[-2:] or (title[-1:] == first[-1:] == "）" and title[-4:] == first[-4:])


def _rise(lines, i):
    """The first line of the front matter that a title is part of: letterhead and number stand above it."""
    while i and (g.read_number(lines[i - 1].content) or g.FRONT["letterhead"].match(lines[i - 1].content)):
        i -= 1
    return i


def _is_enclosed(lines, begin, i):
    """Whether the notice above names the title of this line: then it sends it out and both are one document."""
    name = fold(clean_title(lines[i].content))
    return any(name in fold(line.content) for line in lines[begin : min(i, begin + _FRONT_LINES)])
