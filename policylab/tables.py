"""Blocks to tables: sections, tasks, paragraphs, responsibilities, citations and targets of one document.

A table is a list of plain rows in the order of COLUMNS; corpus.py makes DataFrames of them for all documents at once.
"""

from typing import NamedTuple

from policylab import grammar as g
from policylab.parse import clean_title, drop_spaces, split_blocks
from policylab.targets import find_targets

COLUMNS = {
    "blocks": ["document_id", "block", "role", "start", "end", "paragraph", "text"],
    "sections": ["document_id", "section", "label", "title"],
    "tasks": ["document_id", "task", "number", "section", "title", "text", "start", "end"],
    "paragraphs": ["document_id", "paragraph", "part", "goal", "section", "task", "text", "start", "end"],
    "responsibilities": ["document_id", "task", "paragraph", "position", "unit", "duty"],
    "citations": ["document_id", "paragraph", "task", "title", "start", "end"],
    "targets": [
        *("document_id", "target", "goal", "task", "paragraph"),
        *("text", "indicator", "value", "unit", "comparator", "start", "end"),
    ],
}

WHOLE_TEXT = "全文"  # the one part of a document in which no structure was recognised
_FULL_WIDTH = str.maketrans("()", "（）")


class _Paragraph(NamedTuple):
    part: str | None
    goal: int | None
    section: int | None
    task: int | None
    pieces: list  # (start, end) of its blocks in the source


class _Task(NamedTuple):
    number: int | None
    section: int | None
    title: str | None
    start: int
    ends: list  # of its blocks


def read_tables(document_id, source, title, tables):
    """Parse one document and append its rows to `tables`, a dict with a list for each name in COLUMNS.

    Returns what the document says about itself: title, document_number, issuer, issued (None where it is silent), and
    `structured`: whether any numbered heading was recognised. A document without one is a single part.
    """
    blocks = split_blocks(source, title)
    structured = any(block.role in ("part", "section", "task") for block in blocks)
    part, section, task = None if structured else WHOLE_TEXT, None, None
    paragraphs, tasks, brackets, cited = [], [], [], []
    n_sections, last = 0, None  # last: the ordinal of the paragraph that a bracket would belong to
    for number, block in enumerate(blocks, 1):
        role, start, end = block.role, block.start, block.end
        text = source[start:end]
        belongs = None
        if role == "paragraph" or role == "goal":
            if not block.continues:
                goal = g.read_numeral(g.GOAL.match(text).group(1)) if role == "goal" else None
                paragraphs.append(_Paragraph(part, goal, section, task, []))
                last = len(paragraphs)
            paragraphs[-1].pieces.append((start, end))
            belongs = last
        elif role == "responsibility":
            belongs = last
            if block.continues and brackets:
                brackets[-1][-1] += text
            else:
                brackets.append([task, belongs, text])
        elif role == "part" or role == "attachment":
            part, section, task, last = block.title or block.label, None, None, None
        elif role == "section":
            n_sections += 1
            section, task, last = n_sections, None, None
            tables["sections"].append((document_id, section, block.label.translate(_FULL_WIDTH), block.title))
        elif role == "task":
            printed = g.HEADING.match(block.label) if block.label else None
            tasks.append(_Task(printed and g.read_numeral(printed.group(printed.lastgroup)), section, block.title, start, []))
            task, last = len(tasks), None
        tables["blocks"].append((document_id, number, role, start, end, belongs, text))
        if task:
            tasks[-1].ends.append(end)
        if belongs is None and "《" in text:
            cited.append((None, task, text, [(start, end)]))
    texts = _add_paragraphs(document_id, source, paragraphs, tables["paragraphs"], cited)
    _add_tasks(document_id, tasks, paragraphs, texts, tables["tasks"])
    _add_responsibilities(document_id, brackets, tables["responsibilities"])
    _add_citations(document_id, cited, tables["citations"])
    _add_targets(document_id, paragraphs, texts, tables["targets"])
    return {**_read_masthead(source, blocks), "structured": structured}


def _read_masthead(source, blocks):
    """What the lines above the body, or the signature below it, say about the document."""
    said = {"title": [], "number": [], "signature": [], "date": []}
    for block in blocks:
        if block.role in said:
            said[block.role].append(drop_spaces(source[block.start : block.end]))
    return {
        "title": clean_title("".join(said["title"])) or None,
        "document_number": said["number"][0] if said["number"] else None,
        "issuer": "、".join(said["signature"]) or None,
        "issued": next(filter(None, map(g.read_date, said["date"])), None),
    }


def _add_paragraphs(document_id, source, paragraphs, rows, cited):
    texts = []
    for ordinal, (part, goal, section, task, pieces) in enumerate(paragraphs, 1):
        text = "".join([source[a:b] for a, b in pieces])
        texts.append(text)
        rows.append((document_id, ordinal, part, goal, section, task, text, pieces[0][0], pieces[-1][1]))
        if "《" in text:
            cited.append((ordinal, task, text, pieces))
    return texts


def _add_tasks(document_id, tasks, paragraphs, texts, rows):
    bodies = [[] for _ in tasks]
    for paragraph, text in zip(paragraphs, texts):
        if paragraph.task:
            bodies[paragraph.task - 1].append(text)
    for ordinal, (task, body) in enumerate(zip(tasks, bodies), 1):
        rows.append((document_id, ordinal, task.number, task.section, task.title, "\n".join(body), task.start, task.ends[-1]))


def _add_responsibilities(document_id, brackets, rows):
    position, previous = 0, None
    for task, paragraph, text in brackets:
        position = position if (task, paragraph) == previous else 0
        previous = (task, paragraph)
        for duty, unit in split_units(text):
            position += 1
            rows.append((document_id, task, paragraph, position, unit, duty))


def split_units(bracket):
    """The units that a responsibility bracket names, each with the duty printed before it.

    A bracket may hold several labels. Marks inside a unit's own brackets do not divide it.

    >>> split_units("（牵头单位：科技司；配合单位：基教司、厅属单位（学校、幼儿园））")
    [('牵头单位', '科技司'), ('配合单位', '基教司'), ('配合单位', '厅属单位（学校、幼儿园）')]
    """
    inner = bracket.rstrip("。 \u3000")
    if inner[0] in g.OPENERS:
        inner = inner[1:-1] if inner[-1] in g.CLOSERS else inner[1:]
    labels = list(g.LABEL.finditer(inner))
    ends = [label.start() for label in labels[1:]] + [len(inner)]
    return [
        (label.group(1), unit) for label, end in zip(labels, ends) for unit in _split_outside_brackets(inner[label.end() : end])
    ]


def _split_outside_brackets(text):
    pieces, depth, start = [], 0, 0
    for found in g.SEPARATOR_OR_BRACKET.finditer(text):
        if found.group() in g.OPENERS:
            depth += 1
        elif found.group() in g.CLOSERS:
            depth -= 1
        elif depth == 0:
            pieces.append(text[start : found.start()])
            start = found.end()
    pieces.append(text[start:])
    units = (drop_spaces(piece.strip()).rstrip("。") for piece in pieces)
    return [unit for unit in units if unit]


def _add_citations(document_id, cited, rows):
    found = []
    for paragraph, task, text, pieces in cited:
        for match in g.CITATION.finditer(text):
            start, end = locate(pieces, *match.span())
            found.append((document_id, paragraph, task, drop_spaces(match.group()[1:-1]).strip(), start, end))
    rows += sorted(found, key=lambda row: row[4])


def _add_targets(document_id, paragraphs, texts, rows):
    number = 0
    for ordinal, (paragraph, text) in enumerate(zip(paragraphs, texts), 1):
        for target in find_targets(text):
            number += 1
            start, end = locate(paragraph.pieces, target.start, target.end)
            named = (target.text, target.indicator, target.value, target.unit, target.comparator)
            rows.append((document_id, number, paragraph.goal, paragraph.task, ordinal, *named, start, end))


def locate(pieces, start, end):
    """The place in the source of text[start:end] of a paragraph that is joined from `pieces` of the source.

    >>> locate([(100, 110), (120, 130)], 8, 12)
    (108, 122)
    """
    if len(pieces) == 1:
        return pieces[0][0] + start, pieces[0][0] + end
    offset, begins = 0, None
    for a, b in pieces:
        if begins is None and start < offset + b - a:
            begins = a + start - offset
        if end <= offset + b - a:
            return begins, a + end - offset
        offset += b - a
    raise IndexError(f"{start}:{end} lies outside a text of {offset} characters")
