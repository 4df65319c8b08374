"""Text to blocks: gives every character of an official document its place.

The text is cut into lines (lines.py); every line becomes one or more blocks with a role. grammar.toml describes what
headings, brackets and page furniture look like. This module holds the order in which a document is read: front matter up
to the title (front.py), numbered headings, paragraphs with their responsibility brackets, back matter.
"""

import re
from typing import NamedTuple

from policylab.corpus import grammar as g
from policylab.corpus.architecture import read_documents
from policylab.corpus.front import may_sign, read_front, split_organs
from policylab.corpus.lines import (
    LIST_MARKS,
    QUOTE_END,
    SENTENCE_END,
    SPACE,
    Block,
    Pieces,
    clean_title,
    is_complete,
    is_short,
    read_lines,
)
from policylab.corpus.responsible import close_bracket, find_responsibility

_BOLD = re.compile(r"\*\*+")
_BLANKS = re.compile(r"\s*")
_CONTINUATION = frozenset(
    "，,。、；;：:！？!?）)］]】〕”’」』》%％"
)  # no line of Chinese text begins with one of these
_PLAN_AHEAD = 200  # lines behind the title of an enclosed plan in which its first heading stands; chosen by judgement
_SIGNATURES = 20  # lines above a date that may name who signed; chosen by judgement


class Document(NamedTuple):
    """One document of a file: its blocks, and how it numbers its parts (see architecture.py)."""

    blocks: list
    architecture: str | None


def split_blocks(text, title=None):
    """Cut a file into blocks; `title`, where the catalog gives it, identifies the title among similar lines.

    Returns the blocks in the order of the text. They do not overlap, and what lies between them is white space, Markdown
    marks and page rules. Roles: letterhead, number, notice_title, addressees, notice, signature, date, title,
    metadata, adoption, speaker, front (other lines above the body); contents (of a contents page); part, section, task, item (numbered headings), heading
    (without number) and box (of a box or table in the text); goal, paragraph, responsibility, table; attachment,
    attachment_list, note (of a glossary); colophon; furniture, page_number.

    >>> text = "一、重点任务\\n1.推进数字校园建设。\\n编制规范。（责任单位：科技司）"
    >>> [(block.role, text[block.start:block.end]) for block in split_blocks(text)]
    [('part', '一、重点任务'), ('task', '1.推进数字校园建设。'), ('paragraph', '编制规范。'), ('responsibility', '（责任单位：科技司）')]
    """
    return [block for document in split_documents(text, title) for block in document.blocks]


def split_documents(text, title=None):
    """The documents of a file, mostly one; `title` is that of the first."""
    lines, page_numbers = read_lines(text)
    page_numbers.sort(key=lambda block: block.start)
    documents, turned = [], 0
    for start, end, structure in read_documents(lines):
        own = lines[start:end]
        levels = [heading and heading.level for heading in structure.headings]
        roles = _read_edges(own, structure, levels, None if start else title)
        blocks = _read_body(text, own, structure, levels, roles)
        until = lines[end].start if end < len(lines) else len(text)
        while turned < len(page_numbers) and page_numbers[turned].start < until:
            blocks.append(page_numbers[turned])
            turned += 1
        blocks.sort(key=lambda block: block.start)
        documents.append(Document(_unmark(text, blocks) if "**" in text else blocks, structure.architecture))
    return documents


def _read_edges(lines, structure, levels, title):
    """For each line its role, where it is front matter, a contents page or the heading of a box; None elsewhere."""
    first = next((i for i, level in enumerate(levels) if level not in (None, "item")), None)
    above = range(len(lines) if first is None else first)
    kept = [i for i in above if i not in structure.contents]
    roles = [None] * len(lines)
    for i, role in zip(kept, read_front([lines[i] for i in kept], title, structured=first is not None)):
        roles[i] = role
    for i in structure.contents:
        roles[i] = "contents"
    for i in structure.boxes:
        roles[i] = roles[i] or "box"
    for i in structure.listed:
        roles[i] = "attachment_list"
    return roles


def _read_body(text, lines, structure, headings, roles):
    blocks = []
    # Whether blank lines divide the paragraphs; if so, they also set off a heading without number.
    complete = [is_complete(line.content) for line in lines]
    gaps = [line.gap for line, ended in zip(lines[1:], complete) if ended]
    spaced = 2 * sum(gaps) > len(gaps)
    back = _list_back(lines)
    numbered_tasks = structure.architecture != "articles" and "task" in headings
    in_goals = in_section = False
    rest = None  # the role of all that follows, once the back matter has begun
    i, last = 0, len(lines)
    while i < last:
        line = lines[i]
        role = roles[i] or (_match_back(lines, headings, back, i, rest) if rest else back[i])
        i += 1
        if role:
            named = clean_title(line.content) if role in ("title", "attachment") else None
            blocks += _place_line(line, Block(role, 0, len(line.content), title=named))
            if role in ("note", "furniture", "colophon", "attachment_list"):
                rest = role if roles[i - 1] is None or i - 1 in structure.listed else None
            elif role == "attachment":
                rest, in_goals, in_section = None, False, False
            continue
        rest, start, level = None, 0, headings[i - 1]
        if level:
            follows = headings[i] if i < last and not roles[i] and not back[i] else "part"
            if follows == "item" and structure.headings[i].kind != structure.headings[i - 1].kind:
                follows = None  # （一）申报条件 above 1.: what it heads is numbered by another mark
            heading, start = _cut_heading(structure.headings[i - 1], line, follows)
            named = heading and start is None and _find_name(lines, roles, structure.headings, i)
            if named:
                heading = heading._replace(title=clean_title(named.content))
            if heading:
                blocks += _place_line(line, heading)
                if level in ("part", "section"):
                    in_goals = bool(g.GOAL_HEADING.match(heading.title or ""))
                    in_section = level == "section"
                elif level == "task":
                    in_goals, in_section = False, True
            if named:
                blocks += [
                    block._replace(continues=True) for block in _place_line(named, Block(level, 0, len(named.content)))
                ]
                i += 1
            if start is None:
                continue
        elif _is_bare_heading(lines, roles, headings, i - 1, spaced):
            role = "task" if numbered_tasks and in_section else "heading"
            blocks += _place_line(line, Block(role, 0, len(line.content), None, clean_title(line.content)))
            continue
        spans, state = line.stretch(start), _end_state(line.content, None, complete[i - 1])
        while i < last and roles[i] is None and _goes_on(lines, headings, back, i, state):
            spans += lines[i].stretch()
            state = _end_state(lines[i].content, state, complete[i])
            i += 1
        role = "goal" if in_goals and g.GOAL.match(line.content, start) else "paragraph"
        blocks += _cut_responsibilities(Pieces(text, spans), role)
    return blocks


def _find_name(lines, roles, headings, i):
    """The line that names the chapter whose number stands alone on the line above it: 第一章⏎总　则. None without one."""
    above = headings[i - 1]
    if above.kind not in ("book", "chapter", "division") or above.end < len(lines[i - 1].content) or i == len(lines):
        return None
    fits = not roles[i] and headings[i] is None and is_short(lines[i].content, g.BARE_HEADING_LIMIT)
    return lines[i] if fits else None


def _place_line(line, block):
    """The blocks of a stretch of a line, one for each printed line of it; only the first is a heading of its own."""
    places = line.stretch(block.start, block.end)
    role, _, _, label, title, continues, number = block
    first = Block(role, *places[0], label, title, continues, number)
    return [first, *(Block(block.role, a, b, continues=True) for a, b in places[1:])]


def _end_state(content, before, complete):
    """How a line of a paragraph ends: "open" inside a responsibility bracket, "complete", or "cut" in mid-sentence."""
    if before == "open":
        if not _closes_soon(content):
            return "open"
        return "complete" if complete or content[-1] in QUOTE_END else "cut"
    found = find_responsibility(content)
    if found and found[1] == "bracket" and close_bracket(content, found[0]) is None:
        return "open"
    if g.current().LABELLED_LINE.match(content):
        return "cut" if content[-1] in "，、,：:" else "complete"
    return "complete" if complete else "cut"


def _goes_on(lines, headings, back, i, state):
    """Whether a line goes on with the paragraph of the line above: a page break, a link or a narrow column cut it."""
    content = lines[i].content
    if content[0] in _CONTINUATION:
        return True
    if headings[i]:
        return False
    if state == "open":
        # A bracket that a page break cut ends soon. One that is never closed ends with its line.
        return lines[i - 1].content[-1] in "，、,；;" or _closes_soon(content)
    if state != "cut" or back[i]:
        return False
    return not (g.current().LABELLED_LINE.match(content) or content.startswith(LIST_MARKS))


def _closes_soon(content):
    """Whether a line begins with the end of a bracket that opened above: 成司). The names of units are short."""
    depth = 0
    for character in content[:60]:
        depth += (character in g.OPENERS) - (character in g.CLOSERS)
        if depth < 0:
            return True
    return False


def _list_back(lines):
    """For each line the role in the back matter that it shows by itself; None for the others."""
    signatures, match, roles = _list_signatures(lines), g.current().BACK.match, []
    for i, line in enumerate(lines):
        content = line.content
        found = match(content)
        role = "table" if content[0] == "|" else found.lastgroup if found else None
        # A sentence is no furniture, whatever it begins with (相关文章学习不少于3篇。).
        if role is None or (role == "furniture" and content[-1] == "。"):
            role = "signature" if i in signatures or _is_signed(content) else None
        roles.append(role)
    return roles


def _match_back(lines, headings, back, i, rest):
    """The role of a line of back matter, else None. `rest` is the role of the line before it, where that one goes on."""
    content, role = lines[i].content, back[i]
    if role == "table":
        return role
    if rest == "furniture":
        return rest
    if role in ("furniture", "attachment", "colophon", "attachment_list"):
        return role
    if rest == "note" or role:
        return rest if rest == "note" else role
    if rest == "attachment_list" and g.TASK.match(content) and not is_complete(content):
        return "attachment_list"
    if rest == "colophon" and not headings[i]:
        # A title behind the colophon of a notice: the plan that it sends out begins.
        encloses = g.FRONT["title"].match(content) and any(headings[i : i + _PLAN_AHEAD]) and not is_complete(content)
        return "attachment" if encloses else "colophon"
    return None


def _is_signed(content):
    """Whether a line holds who signed and the date: 湖南省教育厅　2021年4月13日."""
    found = g.SIGNED.match(content) if content[-1] == "日" else None
    return bool(found) and bool(split_organs([found["who"]], strict=True))


def _list_signatures(lines):
    """Indices of the short lines right above a date: who signed, each ministry on its line."""
    signatures, date = set(), g.current().FRONT["date"]
    for i, line in enumerate(lines):
        # The last character is asked first: few lines are dates.
        if line.content[-1] in "日）)" and date.match(line.content):
            j = i - 1
            while j >= max(0, i - _SIGNATURES) and may_sign(lines[j].content):
                signatures.add(j)
                j -= 1
    return signatures


def _cut_heading(heading, line, follows):
    """The heading of a numbered line, or None, and where in the line the text behind it begins, or None.

    `follows` is the level of the next line, None for text. A numbered sentence that nothing follows is a paragraph.
    """
    content, level, number = line.content, heading.level, heading.numbers[-1]
    bracket = find_responsibility(content)
    named = content[: bracket[0]] if bracket else content
    label = content[: heading.end].strip()
    stop = named.find("。", heading.end)
    title = named[heading.end : stop if stop >= 0 else None]
    too_long = len(title) > g.TITLE_LIMIT or (stop < 0 and content[-1] in "；;，,")
    if level == "item":
        # An item opens a paragraph; only a short line without a closing mark is a heading, and only of text below it: a list
        # of such lines, or a scan that lost its full stops, is text itself.
        if stop >= 0 or too_long or is_complete(content) or follows:
            return None, 0
    elif (
        too_long
        or heading.kind == "article"
        or (stop == len(named) - 1 and follows and g.LEVELS.index(follows) <= g.LEVELS.index(level) and title)
    ):
        return Block(level, 0, len(label), label, number=number), _skip_blanks(content, heading.end)
    end = stop + 1 if stop >= 0 else len(named.rstrip())
    return Block(level, 0, end, label, clean_title(title) or None, number=number), _skip_blanks(content, end)


def _skip_blanks(content, start):
    """The first character of the text behind a heading; None where there is none."""
    return start + len(content) - start - len(content[start:].lstrip(SPACE)) if content[start:] else None


def _is_bare_heading(lines, roles, headings, i, spaced):
    """Whether a line without number is a heading: short, no sentence, set off like a paragraph, and text follows it."""
    line = lines[i]
    if not is_short(line.content, g.BARE_HEADING_LIMIT) or i + 1 >= len(lines) or roles[i + 1] or headings[i + 1]:
        return False
    following = lines[i + 1]
    return (
        not following.new_page  # cut by a page break
        and all(line.content.count(a) == line.content.count(b) for a, b in ("《》", "“”", "（）", "()"))
        and line.content[-1] != "、"
        and line.content[0] not in _CONTINUATION
        and following.content[0] not in _CONTINUATION
        and len(following.content) > len(line.content)
        and is_complete(following.content)
        and (line.gap and following.gap or not spaced)
        and not g.GOAL.match(line.content)
        and not g.NOT_BARE.match(line.content)
    )


def _cut_responsibilities(pieces, role):
    """The blocks of a paragraph: its text, and the brackets that name who is responsible."""
    text = pieces.text
    if g.current().LABELLED_LINE.match(text):
        return _place([("responsibility", 0, len(text))], pieces)
    found = find_responsibility(text)
    if not found:
        return [Block(role, a, b, continues=k > 0) for k, (a, b) in enumerate(pieces.spans)]
    spans, done = [], 0
    while found:
        start, kind = found
        end = len(text) if kind == "rest" else close_bracket(text, start) or len(text)
        body_end = done + len(text[done:start].rstrip())
        # A full stop after the bracket is a slip where the sentence was closed before it; else it is the sentence's own.
        if text[end : end + 1] == "。" and (body_end == done or text[body_end - 1] in SENTENCE_END):
            end += 1
        if body_end > done:
            spans.append((role, done, body_end))
        spans.append(("responsibility", start, end))
        done = _BLANKS.match(text, end).end()
        found = find_responsibility(text, done)
    if done < len(text):
        spans.append((role, done, len(text)))
    return _place(spans, pieces)


def _place(spans, pieces):
    """Blocks for spans of the joined pieces: one block for every piece that a span touches."""
    blocks, begun = [], False
    for role, start, end in spans:
        for k, (a, b) in enumerate(pieces.cut(start, end)):
            # The body of a paragraph goes on behind a bracket; a bracket always is a new one.
            blocks.append(Block(role, a, b, continues=k > 0 or (begun and role != "responsibility")))
        begun = begun or role != "responsibility"
    return blocks


def _unmark(text, blocks):
    """Cut bold marks out of the blocks: they are Markdown, not text."""
    result = []
    for block in blocks:
        begins, continues = block.start, block.continues
        marks = [mark.span() for mark in _BOLD.finditer(text, block.start, block.end)]
        for end, following in [*marks, (block.end, None)]:
            stretch = text[begins:end]
            if stretch.strip(SPACE):
                a, b = begins + len(stretch) - len(stretch.lstrip(SPACE)), begins + len(stretch.rstrip(SPACE))
                result.append(block._replace(start=a, end=b, continues=continues) if marks else block)
                continues = True
            begins = following
    return result
