"""Rows of tasks in figures: numbers, titles, section labels and lines between sections."""

from policylab.plots.kit.drawing import GREY, ROW_PITCH, SIZE, fold, write, write_lines
from policylab.plots.kit.page import MM_PER_POINT, text_width
from policylab.plots.kit.presets import SMALLEST_TEXT, page_width

NUMBER_WIDTH = 5.5  # millimetres; a task's number beside its title


def list_tasks(corpus, document_id):
    """The tasks of a document with their section's label, in order: `task`, `title`, `section`, `label`."""
    tasks = corpus.tasks[corpus.tasks["document_id"] == document_id].sort_values("task")
    labels = corpus.sections[corpus.sections["document_id"] == document_id].set_index("section")["label"]
    tasks = tasks[["task", "title", "section"]].astype({"task": "int64", "section": "Int64"}).reset_index(drop=True)
    return tasks.assign(
        title=tasks["title"].fillna(""), label=[labels.get(section, "") for section in tasks["section"]]
    )


def measure_titles(tasks, size=SIZE):
    """The width of the longest title."""
    return max(text_width(title, size) for title in tasks["title"])


def measure_tasks(tasks, most=None):
    """The width of a column of tasks (section labels, titles and numbers), `most` millimetres at most.

    By default `most` is two fifths of the page, and wide enough for titles of 19 characters.
    """
    most = max(55, page_width() * 0.41) if most is None else most
    beside = _measure_labels(tasks) + NUMBER_WIDTH
    widths = [beside + measure_titles(tasks, size) for size in (SIZE, SMALLEST_TEXT)]
    return next((width for width in widths if width <= most), most)


def _measure_labels(tasks):
    return 2.5 + max(text_width(_shown_label(text), SMALLEST_TEXT) for text in tasks["label"])


def _shown_label(text):
    return text.strip("（）()")


def choose_size(tasks, pitch, room):
    """The size of titles in rows of this pitch: smaller where more characters fit."""
    return SIZE if pitch >= 2.5 and measure_titles(tasks) <= room else SMALLEST_TEXT


def draw_tasks(page, tasks, top, pitch, outer, inner):
    """Write a column of tasks from its outer to its inner edge: section labels, titles and numbers.

    If there is no room, titles are dropped first, then most of the numbers.
    """
    inwards, ha, other = (1, "right", "left") if outer < inner else (-1, "left", "right")
    # A little more than was measured, because sums of millimetres are not exact.
    room = abs(inner - outer) - NUMBER_WIDTH - _measure_labels(tasks) + 0.01
    step = choose_step(pitch)
    size = choose_size(tasks, pitch, room) if step == 1 else SMALLEST_TEXT
    for i, task in enumerate(tasks.itertuples()):
        y = top + (i + 0.5) * pitch
        if i % step == 0:
            write(page, inner - inwards, y, str(task.task), size, ha, GREY)
        if step == 1:
            lines = fold(task.title, room, 2 if pitch >= 4.3 else 1, size)
            write_lines(page, inner - inwards * NUMBER_WIDTH, y, lines, size=size, ha=ha)
    starts = [0, *find_section_starts(tasks), len(tasks)]
    for first, last in zip(starts, starts[1:], strict=False):
        height = (last - first) * pitch
        if first < last and height >= SMALLEST_TEXT * MM_PER_POINT:
            y = top + first * pitch + min(height, ROW_PITCH) / 2
            text = _shown_label(tasks["label"].iloc[first])
            write(page, outer + inwards * 0.5, y, text, SMALLEST_TEXT, other, GREY)


def draw_section_lines(page, tasks, top, pitch, span, colour="black"):
    """Draw lines between the sections of a column of tasks."""
    for i in find_section_starts(tasks):
        page.plot(span, [top + i * pitch] * 2, color=colour, linewidth=0.5)


def find_section_starts(tasks):
    """Positions of tasks that begin another section."""
    sections = tasks["section"].fillna(0)
    return [i for i in range(1, len(tasks)) if sections.iloc[i] != sections.iloc[i - 1]]


def choose_step(pitch):
    """The step between rows that have room for a number."""
    return next(step for step in (1, 5, 10, 50, 100) if pitch * step >= 1.9 or step == 100)
