"""What several figures draw alike: rows and columns, axes with ticks, marks, legends and notes."""

from policylab.corpus.choice import find_document
from policylab.language.labels import label
from policylab.plots.kit.page import MM_PER_POINT, text_width, wrap
from policylab.plots.kit.presets import SMALLEST_TEXT, page_width
from policylab.plots.kit.style import LEVEL_COLOURS

# Millimetres.
LEFT = 1  # margin of text
TABLE_HEAD = 9  # height of a table's head: where the first row begins
ROW_PITCH, LEAST_PITCH = 3.6, 2.7  # from one row to the next, where there is room and where there is not
INTERVAL_ROW = 4.2  # a row with a dot and its interval
FOLDED = 2.7  # what a second line of text adds to a row
COLUMN_GAP = 3  # between two columns of text
NOTE = 3.5  # a note

MOST_ROWS = 55  # of a table; more are hard to read
MOST_COLUMNS = 34  # documents side by side: every province once, and one more would be too narrow to read
SIZE = 6  # points
GREY = "#404040"
GRID = "#D9D9D9"
RING_SIZE, DOT_SIZE = 2.8, 5  # points: at the same value a rim of the dot is seen around the ring


def shorten(text, width, size=SIZE):
    """Cut `text` with … if it is wider than `width` millimetres."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text}…"


def fold(text, width, most=2, size=SIZE):
    """Break `text` into at most `most` lines of `width` millimetres; the last one is cut with … if the rest is longer."""
    lines = wrap(text, width, size)
    if len(lines) <= most:
        return lines
    rest = text
    for line in lines[: most - 1]:
        rest = rest.partition(line)[2]
    return [*lines[: most - 1], shorten(rest.strip(), width, size)]


def fit_rows(extra, room):
    """How many rows of a table fit into `room` millimetres of height, and the height of a row of one line.

    `extra` is what each row needs beyond that height. If not all rows fit, room is kept for a note.
    """
    shown = min(len(extra), MOST_ROWS)
    if shown < len(extra) or shown * LEAST_PITCH + sum(extra) > room:
        room -= NOTE
    while shown > 1 and shown * LEAST_PITCH + sum(extra[:shown]) > room:
        shown -= 1
    return shown, min(ROW_PITCH, (room - sum(extra[:shown])) / shown)


def write_lines(page, x, y, lines, **look):
    """Write lines of text, centred vertically on y."""
    step = 1.1 * look.get("size", SIZE) * MM_PER_POINT
    for i, line in enumerate(lines):
        write(page, x, y + (i - (len(lines) - 1) / 2) * step, line, **look)


def write(page, x, y, text, size=SIZE, ha="left", colour="black", width=None):
    """Write a line of text, centred vertically on y and cut to `width` millimetres if that is given."""
    text = text if width is None else shorten(text, width, size)
    page.text(x, y, text, fontsize=size, ha=ha, va="center_baseline", color=colour)


def name_share(share):
    """A share on an axis, with the decimals that it needs: a tick at 2.5% is not at 2%."""
    return f"{100 * share:.4g}%" if share else "0"


def draw_dot(page, x, y, colour, marker="o"):
    """Draw the mark of the document: filled. Arrows are above the ring, which would hide their direction nearby."""
    zorder = 5 if marker in "<>" else 3
    page.plot(
        [x], [y], marker, color=colour, markersize=DOT_SIZE, markeredgewidth=0.4, markeredgecolor="black", zorder=zorder
    )


def draw_ring(page, x, y):
    """Draw the mark of the reference: a ring, above the document's, so that both are seen at the same value."""
    page.plot(
        [x],
        [y],
        "o",
        markerfacecolor="white",
        markeredgecolor="black",
        markersize=RING_SIZE,
        markeredgewidth=0.7,
        zorder=4,
    )


def place(value, axis, low=0, high=1):
    """Where `value` lies on an axis from `low` to `high`; `axis` has its two ends on the page in millimetres."""
    return axis[0] + (value - low) / (high - low) * (axis[1] - axis[0])


def draw_tick(page, x, span, text, below=2, colour=GRID):
    """Draw an upright grid line over the heights `span`, and its number `below` millimetres under its lower end."""
    page.plot([x, x], span, color=colour, linewidth=0.4, zorder=0)
    write(page, x, span[1] + below, text.replace("-", "−"), SMALLEST_TEXT, "center", GREY)


def measure_heads(names, pitch):
    """The height of the head of columns that draw_heads names: 8 millimetres, or more if the names are turned."""
    widest = max(text_width(name, SIZE) for name in names)
    # At low resolution glyphs are wider than measured.
    return 8 if widest < pitch - 1 else 1.05 * widest + 4


def draw_heads(page, names, left, bottom, pitch):
    """Write names above their columns, which begin at `left`; they are turned in a head that is higher than 8."""
    size = 7 if max(text_width(name, 7) for name in names) < pitch - 1 else SIZE
    turned = bottom > 8
    look = {"rotation": 90, "ha": "center", "va": "bottom"} if turned else {"ha": "left", "va": "baseline"}
    for i, name in enumerate(names):
        page.text(left + (i + turned / 2) * pitch, bottom - 2, name, fontsize=size, **look)


def find_colour(corpus, document_id):
    """The colour of a document's level."""
    return LEVEL_COLOURS[find_document(corpus, document_id).level]


def draw_key(page, x, y, entries):
    """Draw a legend in as many lines as it needs; returns the height of the last one, which fit_page needs.

    `entries` are pairs (draw, text); draw(x, y) draws a sample 6 millimetres wide.
    """
    entries = list(entries)
    places = _place_key([text for _, text in entries], x)
    for (draw, text), (x, down) in zip(entries, places, strict=True):
        draw(x + 3, y + down)
        write(page, x + 7, y + down, text)
    return y + places[-1][1]


def key_height(texts, x=1):
    """How far below the first line of a legend its last line is."""
    return _place_key(texts, x)[-1][1]


def _place_key(texts, left):
    places, x, y = [], left, 0
    for text in texts:
        width = 7 + text_width(text, SIZE)
        if x > left and x + width > page_width() - 0.5:
            x, y = left, y + 4
        places.append((x, y))
        x += width + 5
    return places


def draw_note(page, x, y, text):
    """Write a small grey note in as many lines as it needs; returns the height of the last one."""
    lines = wrap(text, page_width() - x - 1, SMALLEST_TEXT)
    for i, line in enumerate(lines):
        write(page, x, y + 3 * i, line, SMALLEST_TEXT, colour=GREY)
    return y + 3 * (len(lines) - 1)


def note_height(text):
    """The height that another note adds to a page; 0 for an empty text."""
    return 3 * len(wrap(text, page_width() - 2, SMALLEST_TEXT)) if text else 0


def note_shown(shown, listed, language):
    """A list with the note that only the latest documents are shown; empty if all are."""
    if len(shown) == len(listed):
        return []
    return [label("shown_note", language).format(shown=len(shown), total=len(listed))]
