"""Text to blocks: gives every character of an official document its place.

The text is cut into lines; every line becomes one or more blocks with a role. What headings, brackets and page furniture
look like stands in grammar.toml; here stands only the order in which a document is read: front matter up to the title,
numbered headings, paragraphs with their responsibility brackets, back matter.
"""

import re
from typing import NamedTuple

from policylab import grammar as g

# White space of web pages and word processors, zero-width characters included; str.strip() alone knows only some of it.
SPACE = " \t\n\r\f\v\x85\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff"
_LINE = re.compile(r"[^\n\r\f\v\x85\u2028\u2029]+")
# What a line holds once white space and the marks of Markdown headings, quotes and bold type are off its two ends.
_CONTENT = re.compile(rf"[{SPACE}]*(?:#{{1,6}}[{SPACE}]+|>[{SPACE}]+)*(?:\*\*)*[{SPACE}]*(.*?)[{SPACE}*]*\Z", re.DOTALL)
_BOLD = re.compile(r"\*\*+")
_PAGE_RULE = re.compile(rf"[{SPACE}]*(?:-{{3,}}|\*{{3,}}|_{{3,}}|[-*_](?: [-*_]){{2,}})[{SPACE}]*\Z")

# First and last characters that call for a closer look than str.strip() gives.
_ODD = frozenset("#*>-_\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")

_SIGNATURE = 30  # characters; the longest name of a ministry has 24 (国务院新型冠状病毒肺炎疫情联防联控机制综合组)
_SENTENCE_END = frozenset("。！？!?；;：:…")
_QUOTE_END = "”’」』》）)］]】〕"
_CONTINUATION = frozenset("，,。、；;：:！？!?）)］]】〕”’」』》%％")  # no line of Chinese text begins with one of these
_INSIDE = re.compile("[。；;：:！？!?]")


class Block(NamedTuple):
    """A stretch of one line: text[start:end]. A paragraph that a page break cuts has blocks that continue the first."""

    role: str
    start: int
    end: int
    label: str | None = None  # of a heading: the printed ordinal; of a responsibility: the printed label
    title: str | None = None  # of a heading
    continues: bool = False


class _Line(NamedTuple):
    start: int
    end: int
    content: str
    gap: bool  # a blank line or a page rule stands before it


def split_blocks(text, title=None):
    """Cut a document into blocks; `title`, where the catalog gives it, tells the title line from its likes.

    Returns the blocks in the order of the text. They do not overlap, and what lies between them is white space, Markdown
    marks and page rules. Roles: letterhead, number, notice_title, addressees, notice, signature, date, title, front
    (other lines above the body); part, section, task, item (numbered headings) and heading (without number); goal,
    paragraph, responsibility; attachment, attachment_list, note (of a glossary); colophon; furniture, page_number.

    >>> text = "一、重点任务\\n1.推进数字校园建设。\\n编制规范。（责任单位：科技司）"
    >>> [(block.role, text[block.start:block.end]) for block in split_blocks(text)]
    [('part', '一、重点任务'), ('task', '1.推进数字校园建设。'), ('paragraph', '编制规范。'), ('responsibility', '（责任单位：科技司）')]
    """
    lines, page_numbers = _read_lines(text)
    headings = [_match_heading(line.content) for line in lines]
    first = next((i for i, m in enumerate(headings) if m and m.lastgroup[:4] != "item"), None)
    roles = _read_front(lines if first is None else lines[:first], title)
    roles += [None] * (len(lines) - len(roles))
    blocks = page_numbers + _read_body(text, lines, headings, roles)
    blocks.sort(key=lambda block: block.start)
    return _unmark(text, blocks) if "**" in text else blocks


def _read_lines(text):
    lines, page_numbers, previous_end = [], [], 0
    for found in _LINE.finditer(text):
        line_start, line_end = found.span()
        line = found.group()
        content = line.strip()
        if not content or content[0] in _ODD or content[-1] in _ODD:
            if _PAGE_RULE.match(line):
                continue
            inner = _CONTENT.match(line)
            content, start = inner.group(1), line_start + inner.start(1)
            if not content:
                continue
        else:
            start = line_start + len(line) - len(line.lstrip())
        end = start + len(content)
        if content[-1] in "—–－-页" and g.PAGE_NUMBER.match(content):
            page_numbers.append(Block("page_number", start, end))
            continue
        gap = text.count("\n", previous_end, line_start) > 1
        lines.append(_Line(start, end, content, gap))
        previous_end = line_end
    return lines, page_numbers


def _match_heading(content):
    return g.HEADING.match(content) if content[0] in g.HEADING_START else None


def _fold(text):
    """The characters that decide whether two titles are the same: letters, digits and Chinese characters."""
    return "".join(filter(str.isalnum, text))


def is_complete(content):
    """Whether a line ends a sentence or a responsibility bracket, so that the next line begins something new."""
    last = content[-1]
    if last in _SENTENCE_END:
        return True
    if last not in _QUOTE_END:
        return last == "." and not content[-2:-1].isascii()
    return content.rstrip(_QUOTE_END)[-1:] in ("。", "！", "？", "…") or g.RESPONSIBILITY.search(content) is not None


def _read_front(lines, title):
    """Roles of the lines above the first numbered heading; None where a line is body text already."""
    roles = [None] * len(lines)
    title_at = _find_title(lines, title)
    if title_at:
        roles[title_at[0] : title_at[-1] + 1] = ["title"] * len(title_at)
    before = title_at[0] if title_at else 0
    for i, line in enumerate(lines):
        if roles[i]:
            continue
        for role in ("number", "letterhead", "date", "notice_title", "addressees"):
            if g.FRONT[role].match(line.content):
                roles[i] = role
                break
        else:
            if g.FURNITURE_LINE.match(line.content):
                roles[i] = "furniture"
    _mark_signatures(lines, roles)
    in_front = True
    for i, line in enumerate(lines):
        if roles[i]:
            continue
        complete = is_complete(line.content)
        if i < before:
            roles[i] = "notice" if complete else "front"
        elif in_front and not complete and not _INSIDE.search(line.content) and len(line.content) <= g.BARE_HEADING_LIMIT:
            roles[i] = "front"
        else:
            in_front = False
    return roles


def _find_title(lines, title):
    """Indices of the line, or the two lines, that hold the title."""
    wanted = _fold(title) if title else None
    if wanted:
        for i, line in enumerate(lines):
            folded = _fold(line.content)
            if folded == wanted:
                return [i]
            if folded and wanted.startswith(folded) and i + 1 < len(lines) and folded + _fold(lines[i + 1].content) == wanted:
                return [i, i + 1]
    for i in reversed(range(len(lines))):
        if is_complete(lines[i].content):
            continue
        if g.FRONT["title"].match(lines[i].content) and not g.FURNITURE_LINE.match(lines[i].content):
            return [i]
        # A title that a narrow column broke: neither half is one by itself.
        if i and not lines[i].gap and g.FRONT["title"].match(lines[i - 1].content + lines[i].content):
            if not is_complete(lines[i - 1].content):
                return [i - 1, i]
    return []


def _mark_signatures(lines, roles):
    """Short lines directly above a date are who signed."""
    for i, role in enumerate(roles):
        j = i - 1
        while role == "date" and j >= 0 and roles[j] is None and len(lines[j].content) <= _SIGNATURE and not is_complete(lines[j].content):
            roles[j] = "signature"
            j -= 1


def _read_body(text, lines, headings, roles):
    blocks = []
    # Whether blank lines stand between paragraphs: then they also set off a heading without number.
    gaps = [line.gap for line, above in zip(lines[1:], lines) if is_complete(above.content)]
    spaced = 2 * sum(gaps) > len(gaps)
    numbered_tasks = any(m and m.lastgroup[:4] == "task" for m in headings)
    in_goals = in_section = False
    rest = None  # the role of all that follows, once the back matter has begun
    last = len(lines)
    i = 0
    while i < last:
        line = lines[i]
        content = line.content
        role = roles[i] or _match_back(content, lines, i, rest)
        i += 1
        if role:
            blocks.append(Block(role, line.start, line.end, title=clean_title(content) if role in ("title", "attachment") else None))
            if role in ("note", "furniture", "colophon", "attachment_list"):
                rest = role if roles[i - 1] is None else None
            elif role == "attachment":
                rest, in_goals, in_section = None, False, False
            continue
        rest = None
        found = headings[i - 1]
        if found:
            level = found.lastgroup[:-2]
            heading, cut = _cut_heading(level, line, found)
            if heading:
                blocks.append(heading)
                if level == "part":
                    in_goals, in_section = bool(g.GOAL_PART.match(heading.title or "")), False
                else:
                    in_goals, in_section = False, in_section or level in ("section", "task")
                if cut is None:
                    continue
                pieces = [(cut, line.end)]
            else:
                pieces = [(line.start, line.end)]
        else:
            pieces = [(line.start, line.end)]
            if _is_bare_heading(lines, roles, headings, i - 1, spaced):
                is_task = numbered_tasks and in_section
                blocks.append(Block("task" if is_task else "heading", line.start, line.end, None, clean_title(content)))
                continue
        # A line that ends in mid-sentence goes on in the next one: a page break or a link stands between.
        so_far = content
        while i < last and not is_complete(so_far) and roles[i] is None and headings[i] is None:
            if _match_back(lines[i].content, lines, i, None):
                break
            pieces.append((lines[i].start, lines[i].end))
            so_far += lines[i].content
            i += 1
        while i < last and lines[i].content[0] in _CONTINUATION and roles[i] is None:
            pieces.append((lines[i].start, lines[i].end))
            i += 1
        role = "goal" if in_goals and g.GOAL.match(text, pieces[0][0]) else "paragraph"
        blocks += _cut_responsibilities(text, pieces, role)
    return blocks


def _match_back(content, lines, i, rest):
    """The role of a line of back matter, else None. `rest` is the role of the line before it, where that one goes on."""
    found = g.BACK.match(content)
    role = found.lastgroup if found else None
    if rest == "furniture" or role == "furniture":
        return "furniture"
    if role in ("attachment", "colophon", "attachment_list"):
        return role
    if rest == "note" or role:
        return rest if rest == "note" else role
    if len(content) <= _SIGNATURE and i + 1 < len(lines) and not is_complete(content) and g.FRONT["date"].match(lines[i + 1].content):
        return "signature"
    if rest == "attachment_list" and not is_complete(content) and _match_heading(content):
        return "attachment_list"
    return "colophon" if rest == "colophon" else None


def _cut_heading(level, line, found):
    """The heading of a numbered line and where its text begins; no heading if the line is a numbered paragraph."""
    content = line.content
    label = content[: found.end()].strip()
    stop = content.find("。", found.end())
    runs_on = 0 <= stop < len(content) - 1
    title = content[found.end() : stop if stop >= 0 else None]
    too_long = len(title) > g.TITLE_LIMIT or content[-1] in "；;，,"
    if level == "item":
        # An item opens a paragraph; only a short line without a closing mark is a heading.
        if stop >= 0 or too_long or is_complete(content):
            return None, None
    if too_long:
        return Block(level, line.start, line.start + len(label), label), line.start + found.end()
    if runs_on:
        cut = stop + 1
        return Block(level, line.start, line.start + cut, label, clean_title(title)), line.start + cut
    return Block(level, line.start, line.end, label, clean_title(title)), None


def _is_bare_heading(lines, roles, headings, i, spaced):
    """Whether a line without number is a heading: short, no sentence, set off like a paragraph, and text follows it."""
    content = lines[i].content
    if len(content) > g.BARE_HEADING_LIMIT or i + 1 >= len(lines) or roles[i + 1] or headings[i + 1]:
        return False
    following = lines[i + 1]
    return (
        not is_complete(content)
        and not _INSIDE.search(content)
        and not g.GOAL.match(content)
        and "，" not in content  # a sentence that a page break cuts, more often than a title
        and all(content.count(opener) == content.count(closer) for opener, closer in ("《》", "“”", "（）", "()"))
        and content[0] not in _CONTINUATION
        and following.content[0] not in _CONTINUATION
        and len(following.content) > len(content)
        and is_complete(following.content)
        and (lines[i].gap and following.gap or not spaced)
    )


def _cut_responsibilities(text, pieces, role):
    """The blocks of a paragraph: its text, and the brackets that name who is responsible."""
    joined = text[pieces[0][0] : pieces[0][1]] if len(pieces) == 1 else "".join(text[a:b] for a, b in pieces)
    labelled = g.LABEL.match(joined)
    if labelled:
        return _place([("responsibility", labelled.group(1), 0, len(joined))], pieces)
    found = g.RESPONSIBILITY.search(joined)
    if not found:
        return [Block(role, a, b, continues=k > 0) for k, (a, b) in enumerate(pieces)]
    spans, done = [], 0
    while found:
        body_end = len(joined[: found.start()].rstrip())
        end = _close_bracket(joined, found.start())
        # A full stop after the bracket is a slip where the sentence was closed before it; else it is the sentence's own.
        if joined[end : end + 1] == "。" and joined[body_end - 1 : body_end] in _SENTENCE_END:
            end += 1
        if body_end > done:
            spans.append((role, None, done, body_end))
        spans.append(("responsibility", found.group(1), found.start(), end))
        done = end
        found = g.RESPONSIBILITY.search(joined, end)
    if joined[done:].strip():
        done += len(joined[done:]) - len(joined[done:].lstrip())
        spans.append((role, None, done, len(joined)))
    return _place(spans, pieces)


def _close_bracket(text, start):
    """The end of the bracket that opens at `start`, whatever mixture of brackets closes it; else the end of the text."""
    depth = 0
    for i in range(start, len(text)):
        if text[i] in g.OPENERS:
            depth += 1
        elif text[i] in g.CLOSERS:
            depth -= 1
            if depth == 0:
                return i + 1
    return len(text)


def _place(spans, pieces):
    """Blocks for spans of the joined pieces: one block for every piece that a span touches."""
    blocks, opened = [], set()
    for role, label, a, b in spans:
        offset, first = 0, True
        for start, end in pieces:
            low, high = max(a, offset), min(b, offset + end - start)
            if low < high:
                # The body of a paragraph goes on behind a bracket; a bracket always is a new one.
                continues = not first or (role != "responsibility" and role in opened)
                blocks.append(Block(role, start + low - offset, start + high - offset, label if first else None, None, continues))
                first = False
            offset += end - start
        opened.add(role)
    return blocks


def _unmark(text, blocks):
    """Cut bold marks out of the blocks: they are Markdown, not text."""
    result = []
    for block in blocks:
        position, continues = block.start, block.continues
        for mark in _BOLD.finditer(text, block.start, block.end):
            if mark.start() > position:
                result.append(block._replace(start=position, end=mark.start(), continues=continues))
                continues = True
            position = mark.end()
        if position == block.start:
            result.append(block)
        elif position < block.end:
            result.append(block._replace(start=position, continues=continues))
    return result


_SPACE_BESIDE_CHINESE = re.compile(
    r"(?<=[\u2010-\u2027\u3000-\u303f\u3400-\u9fff\uff00-\uffef])[\s\u200b]+|[\s\u200b]+(?=[\u2010-\u2027\u3000-\u303f\u3400-\u9fff\uff00-\uffef])"
)


def clean_title(text):
    """A title without the white space that typesetting puts beside Chinese characters, and without a closing mark.

    >>> clean_title("2019 年教育信息化工作 要点。")
    '2019年教育信息化工作要点'
    """
    return drop_spaces(text.replace("**", "")).strip().rstrip("。.：:；;")


def drop_spaces(text):
    """Text without the white space that touches a Chinese character or a Chinese mark; other white space stays."""
    return _SPACE_BESIDE_CHINESE.sub("", text) if " " in text or "\u3000" in text or "\xa0" in text or "\n" in text else text
