"""Blocks to tables: sections, tasks, paragraphs, responsibilities, citations and targets of one document.

A table is a list of plain rows in the order of COLUMNS; corpus.py makes DataFrames of them for all documents at once.
"""

from typing import NamedTuple

from policylab.corpus import grammar as g
from policylab.corpus.documentkinds import read_years
from policylab.corpus.front import read_masthead
from policylab.corpus.lines import Pieces, drop_spaces
from policylab.corpus.parse import split_documents
from policylab.corpus.quantities import list_quantities

COLUMNS = {
    "blocks": ["document_id", "block", "role", "start", "end", "paragraph", "text"],
    "sections": ["document_id", "section", "label", "title"],
    "tasks": ["document_id", "task", "number", "section", "title", "text", "start", "end"],
    "paragraphs": ["document_id", "paragraph", "part", "goal", "section", "task", "text", "start", "end"],
    "responsibilities": ["document_id", "task", "paragraph", "position", "unit", "duty"],
    "citations": ["document_id", "paragraph", "task", "title", "start", "end"],
    "targets": [
        *("document_id", "target", "kind", "goal", "task", "paragraph"),
        *("text", "indicator", "value", "unit", "comparator", "start", "end"),
    ],
}

_OPENING = 20  # blocks at the top in which a speech salutes those who listen
WHOLE_TEXT = "全文"  # the one part of a document in which no structure was recognised
_IN_TASKS = {"task", "item", "heading", "box", "paragraph", "goal", "responsibility", "table"}
_FULL_WIDTH = str.maketrans("()", "（）")


class _Paragraph(NamedTuple):
    part: str | None
    goal: int | None
    section: int | None
    task: int | None
    spans: list  # (start, end) of its blocks in the source


class _Task(NamedTuple):
    number: int | None
    section: int | None
    title: str | None
    start: int
    ends: list  # of its blocks


def read_tables(document_id, source, title, tables, year=None, taken=frozenset()):
    """Parse one file and append the rows of its documents to `tables`, a dict with a list for each name in COLUMNS.

    `year` is that of the catalog; what was before it is no target.

    Returns what each document says about itself, the first one first: `document_id` (of the others: that of the first and
    their place in the file, so formed that it is not among those `taken`), title, document_number, issuer, issued (None
    where it is silent), `architecture` (how it numbers its parts: articles, decimals or levels; None where it does not),
    `opening` (its first lines) and `structured`: whether any numbered heading was recognised. A document without one is a
    single part.
    """
    said = []
    for place, document in enumerate(split_documents(source, title), 1):
        name = document_id if place == 1 else f"{document_id}-{place}"
        while place > 1 and name in taken:
            name += "-part"
        # Title and year of the catalog are those of the first.
        named = (title, year) if place == 1 else (None, None)
        said.append({"document_id": name, **_read_document(name, source, document, named, year, tables)})
    return said


def _read_document(document_id, source, document, named, file_year, tables):
    blocks = document.blocks
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
            paragraphs[-1].spans.append((start, end))
            belongs = last
        elif role == "responsibility":
            belongs = last
            if block.continues and brackets:
                brackets[-1][-1] += text
            else:
                brackets.append([task, belongs, text])
        elif block.continues:
            pass  # the rest of a heading: its first block has the title
        elif role == "part" or role == "attachment":
            part, section, task, last = block.title or block.label, None, None, None
        elif role == "section":
            n_sections += 1
            section, task, last = n_sections, None, None
            tables["sections"].append((document_id, section, block.label.translate(_FULL_WIDTH), block.title))
        elif role == "task":
            tasks.append(_Task(block.number, section, block.title, start, []))
            task, last = len(tasks), None
        tables["blocks"].append((document_id, number, role, start, end, belongs, text))
        if task and role in _IN_TASKS:
            tasks[-1].ends.append(end)
        if belongs is None and "《" in text:
            cited.append((None, task, Pieces(source, [(start, end)])))
    bodies = [Pieces(source, paragraph.spans) for paragraph in paragraphs]
    _add_paragraphs(document_id, paragraphs, bodies, tables["paragraphs"])
    cited += [(n, p.task, body) for n, (p, body) in enumerate(zip(paragraphs, bodies), 1) if "《" in body.text]
    _add_tasks(document_id, tasks, paragraphs, bodies, tables["tasks"])
    _add_responsibilities(document_id, brackets, tables["responsibilities"])
    _add_citations(document_id, cited, tables["citations"])
    stated = read_masthead(source, blocks)
    title = named[0] or stated["title"]
    quantities = list_quantities(source, blocks, bodies, title, named[1] or read_years(title)[0] or file_year)
    _add_targets(document_id, paragraphs, quantities, tables["targets"])
    opening = "\n".join([source[b.start : b.end] for b in blocks[:_OPENING]])
    return {**stated, "architecture": document.architecture, "structured": structured, "opening": opening}


def _add_paragraphs(document_id, paragraphs, bodies, rows):
    for ordinal, ((part, goal, section, task, spans), body) in enumerate(zip(paragraphs, bodies), 1):
        rows.append((document_id, ordinal, part, goal, section, task, body.text, spans[0][0], spans[-1][1]))


def _add_tasks(document_id, tasks, paragraphs, bodies, rows):
    texts = [[] for _ in tasks]
    for paragraph, body in zip(paragraphs, bodies):
        if paragraph.task:
            texts[paragraph.task - 1].append(body.text)
    for ordinal, (task, text) in enumerate(zip(tasks, texts), 1):
        rows.append((document_id, ordinal, *task[:3], "\n".join(text), task.start, task.ends[-1]))


def _add_responsibilities(document_id, brackets, rows):
    positions = {}
    for task, paragraph, text in brackets:
        for duty, unit in split_units(text):
            position = positions[task, paragraph] = positions.get((task, paragraph), 0) + 1
            rows.append((document_id, task, paragraph, position, unit, duty))


def split_units(bracket):
    """The units that a responsibility bracket names, each with the duty printed with it.

    A bracket may hold several labels. Marks inside a unit's own brackets do not divide it.

    >>> split_units("（牵头单位：科技司；配合单位：基教司、厅属单位（学校、幼儿园）；完成时限：6月底）")
    [('牵头单位', '科技司'), ('配合单位', '基教司'), ('配合单位', '厅属单位（学校、幼儿园）')]
    >>> split_units("（教育部牵头，财政部、人力资源社会保障部按职责分工负责）")
    [('牵头', '教育部'), ('按职责分工负责', '财政部'), ('按职责分工负责', '人力资源社会保障部')]
    """
    inner = bracket.strip().rstrip("。")
    if inner[0] in g.OPENERS:
        inner = inner[1:-1] if inner[-1] in g.CLOSERS else inner[1:]
    labels = list(g.LABEL.finditer(inner))
    if not labels:
        return _split_by_last_duty(inner)
    ends = [label.start() for label in labels[1:]] + [len(inner)]
    stretches = [(label["duty"], inner[label.end() : end]) for label, end in zip(labels, ends) if label["duty"]]
    return [(duty, unit) for duty, stretch in stretches for unit in _split_outside_brackets(stretch)]


def _split_by_last_duty(inner):
    """Units whose duty follows the last of them: 教育部牵头，财政部、审计署配合."""
    units, waiting = [], []
    for unit in _split_outside_brackets(inner):
        duty = g.LAST_DUTY.search(unit)
        name = unit[: duty.start()] if duty else unit
        waiting += [name.removesuffix("等")] if name else []
        if duty:
            units += [(duty["duty"], name) for name in waiting]
            waiting = []
    return units


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
    units = (drop_spaces(piece.strip()).rstrip("。").removesuffix("等") for piece in pieces)
    return [unit for unit in units if unit]


def _add_citations(document_id, cited, rows):
    found = []
    for paragraph, task, body in cited:
        for match in g.CITATION.finditer(body.text):
            title = drop_spaces(match.group()[1:-1]).strip()
            found.append((document_id, paragraph, task, title, *body.locate(*match.span())))
    rows += sorted(found, key=lambda row: row[4])


def _add_targets(document_id, paragraphs, quantities, rows):
    for number, quantity in enumerate(quantities, 1):
        target = quantity.target
        goal = paragraphs[quantity.paragraph - 1].goal if quantity.paragraph else None
        place = (document_id, number, target.kind, goal, quantity.task, quantity.paragraph)
        named = (target.text, target.indicator, target.value, target.unit, target.comparator)
        rows.append((*place, *named, quantity.start, quantity.end))
