"""Blocks to tables: sections, tasks, paragraphs, responsibilities, citations and targets of one document.

A table is a list of plain rows in the order of COLUMNS; corpus.py makes DataFrames of them for all documents at once.
"""

from typing import NamedTuple

from policylab.corpus import grammar as g
from policylab.corpus.documentkinds import name_kind
from policylab.corpus.front import read_masthead
from policylab.corpus.kinds import read_document, read_year
from policylab.corpus.lines import Pieces, drop_spaces
from policylab.corpus.parse import split_documents
from policylab.corpus.quantities import list_quantities
from policylab.corpus.responsible import read_bracket

COLUMNS = {
    "blocks": ["document_id", "block", "role", "start", "end", "paragraph", "text"],
    "sections": ["document_id", "section", "label", "title"],
    "tasks": ["document_id", "task", "number", "section", "title", "text", "start", "end"],
    "paragraphs": ["document_id", "paragraph", "part", "goal", "section", "task", "text", "start", "end"],
    "responsibilities": ["document_id", "task", "paragraph", "position", "unit", "duty", "deadline"],
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
    opening = "\n".join([source[b.start : b.end] for b in blocks[:_OPENING]])
    kind = name_kind(document.architecture, title, structured, opening)
    setting = read_document(title, kind, document.architecture == "articles")
    quantities = list_quantities(source, blocks, bodies, setting, read_year(title, named[1] or file_year))
    _add_targets(document_id, paragraphs, tasks, quantities, tables["targets"])
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
    """A line that only says when (完成时限：6月) speaks of the units beside it in the same place."""
    places = {}
    for task, paragraph, text in brackets:
        named, due = read_bracket(text)
        places.setdefault((task, paragraph), []).append((named, None if named else due))
    for (task, paragraph), lines in places.items():
        alone = [due for named, due in lines if due]
        units = [unit for named, _ in lines for unit in named]
        for position, unit in enumerate(units, 1):
            due = unit.due or (alone[0] if alone else None)
            rows.append((document_id, task, paragraph, position, unit.unit, unit.duty, due))


def _add_citations(document_id, cited, rows):
    found = []
    for paragraph, task, body in cited:
        for match in g.CITATION.finditer(body.text):
            title = drop_spaces(match.group()[1:-1]).strip()
            found.append((document_id, paragraph, task, title, *body.locate(*match.span())))
    rows += sorted(found, key=lambda row: row[4])


def _add_targets(document_id, paragraphs, tasks, quantities, rows):
    for number, quantity in enumerate(quantities, 1):
        target = quantity.target
        goal = paragraphs[quantity.paragraph - 1].goal if quantity.paragraph else None
        place = (document_id, number, target.kind, goal, quantity.task, quantity.paragraph)
        name = target.indicator
        if name == target.unit and quantity.task:
            name = tasks[quantity.task - 1].title or name  # （2分） on a line of its own
        named = (target.text, name, target.value, target.unit, target.comparator)
        rows.append((*place, *named, quantity.start, quantity.end))
