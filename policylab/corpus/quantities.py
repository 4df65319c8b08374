"""The rows of the table targets: which texts of a document are searched for quantities, and what their headings say of them."""

from typing import NamedTuple

from policylab.corpus.kinds import RULE, Setting, announces_conditions, follow, read_setting
from policylab.corpus.lines import Pieces
from policylab.corpus.targets import Target, find_targets

# Roles of headings, outermost first; an appendix begins anew.
_LEVELS = {"attachment": 0, "part": 0, "section": 1, "task": 2, "heading": 3, "item": 3, "box": 3}
_DEPTH = 4


class Quantity(NamedTuple):
    """A quantity with its place: `task` and `paragraph` as in the tables, None where it is in none."""

    task: int | None
    paragraph: int | None
    target: Target
    start: int
    end: int


def list_quantities(source, blocks, bodies, document, year):
    """Every quantity in the paragraphs (`bodies`, in order), headings and tables, in the order of the text.

    `document` is the Setting of the document (kinds.read_document), `year` the one that its numbers are compared with.
    """
    carried, titles = document.kind, ("",) * _DEPTH
    task, n_tasks, paragraph, found = None, 0, 0, []
    listing = False  # whether a list of conditions has begun
    for block in blocks:
        role, level, body, place = block.role, _LEVELS.get(block.role), None, None
        if level is not None and not block.continues:
            titles = (*titles[:level], block.title or "", *("",) * (_DEPTH - level - 1))
            n_tasks += role == "task"
            listing = listing and level > 1
            task = n_tasks if role == "task" else task if level > 2 else None
            body = Pieces(source, [(block.start + len(block.label or ""), block.end)]) if block.title else None
        elif role in ("paragraph", "goal") and not block.continues:
            body, paragraph = bodies[paragraph], paragraph + 1
            place = paragraph
        elif role == "table":
            body = Pieces(source, [(block.start, block.end)])
        if body is None:
            continue
        setting = Setting(RULE) if listing else read_setting(titles, document, carried, year)
        listing = listing or announces_conditions(body.text)
        for target in find_targets(body.text, setting=setting, year=year):
            found.append(Quantity(task, place, target, *body.locate(target.start, target.end)))
        if document.open and setting.kind != RULE:
            carried = follow(body.text, setting, year) if setting.open else setting.kind
    return found
