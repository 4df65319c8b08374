"""Rows of tasks in figures: numbers, titles, section labels and the lines between sections."""

from policylab.page import MM_PER_POINT
from policylab.rows import GREY, SIZE, SMALL, shorten, write
from policylab.style import DOUBLE_COLUMN

ROW = 3.6  # millimetres from one task to the next, where there is room


def list_tasks(corpus, document_id):
    """The tasks of a document with their section's label, in order: `task`, `title`, `section`, `label`."""
    tasks = corpus.tasks[corpus.tasks["document_id"] == document_id].sort_values("task")
    labels = corpus.sections[corpus.sections["document_id"] == document_id].set_index("section")["label"]
    tasks = tasks[["task", "title", "section"]].astype({"task": "int64", "section": "Int64"}).reset_index(drop=True)
    return tasks.assign(
        title=tasks["title"].fillna(""), label=[labels.get(section, "") for section in tasks["section"]]
    )


def draw_tasks(page, tasks, top, pitch, columns, ha):
    """Write numbers, titles and section labels of a column of tasks; `columns` are where the three stand.

    What has no room is left out: first the titles, then most of the numbers.
    """
    number, title, section = columns
    step = choose_step(pitch)
    size = SIZE if pitch >= 2.3 else SMALL
    for i, task in enumerate(tasks.itertuples()):
        y = top + (i + 0.5) * pitch
        if i % step == 0:
            write(
                page,
                number,
                y,
                str(task.task),
                size if step == 1 else SMALL,
                "right" if ha == "right" else "left",
                GREY,
            )
        if step == 1:
            write(page, title, y, shorten(task.title, abs(title - section) - 2, size), size, ha)
    starts = [0, *find_section_starts(tasks), len(tasks)]
    for first, last in zip(starts, starts[1:], strict=False):
        room = (last - first) * pitch
        if first < last and room >= SMALL * MM_PER_POINT:
            other = "left" if ha == "right" else "right"
            edge = 0.5 if ha == "right" else DOUBLE_COLUMN - 0.5
            write(
                page,
                edge,
                top + first * pitch + min(room, ROW) / 2,
                tasks["label"].iloc[first].strip("（）()"),
                SMALL,
                other,
                GREY,
            )


def draw_section_lines(page, tasks, top, pitch, span, colour="black"):
    """Part the sections of a column of tasks by lines."""
    for i in find_section_starts(tasks):
        page.plot(span, [top + i * pitch] * 2, color=colour, linewidth=0.5)


def find_section_starts(tasks):
    """Positions where another section begins."""
    sections = tasks["section"].fillna(0)
    return [i for i in range(1, len(tasks)) if sections.iloc[i] != sections.iloc[i - 1]]


def choose_step(pitch):
    """Every how many rows a number fits."""
    return next(step for step in (1, 5, 10, 50, 100) if pitch * step >= 1.9 or step == 100)
