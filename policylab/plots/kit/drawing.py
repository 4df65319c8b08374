"""What the figures of two plans have in common: rows of a table with marks of the reference and of the document."""

from policylab.corpus.choice import find_document
from policylab.plots.kit.page import MM_PER_POINT, text_width, wrap
from policylab.plots.kit.presets import SMALLEST_TEXT, page_width
from policylab.plots.kit.style import LEVEL_COLOURS

ROW, NARROW = 3.6, 2.7  # millimetres from one row to the next, where there is room and where there is not
FOLDED = 2.7  # millimetres that a second line of text adds to a row
NOTE = 3.5  # millimetres for a note
SHOWN = 55  # rows of a table; more are hard to read
SIZE = 6  # points
GREY = "#404040"
GRID = "#D9D9D9"
RING, DOT = 3.4, 4.4  # points: where both stand on one value, the ring is seen within the dot


def shorten(text, width, size=SIZE):
    """`text`, cut with … where it is wider than `width` millimetres."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text}…"


def fold(text, width, most=2, size=SIZE):
    """`text` in at most so many lines of `width` millimetres; what is longer is cut with … ."""
    lines = wrap(text, width, size)
    if len(lines) <= most:
        return lines
    rest = text
    for line in lines[: most - 1]:
        rest = rest.partition(line)[2]
    return [*lines[: most - 1], shorten(rest.strip(), width, size)]


def fit_rows(extra, room):
    """How many of the rows of a table fit into `room` millimetres of height, and how high a plain one is then.

    `extra` has for each row what it needs beyond that height. Where not all rows fit, there is room for a note as well.
    """
    shown = min(len(extra), SHOWN)
    if shown < len(extra) or shown * NARROW + sum(extra) > room:
        room -= NOTE
    while shown > 1 and shown * NARROW + sum(extra[:shown]) > room:
        shown -= 1
    return shown, min(ROW, (room - sum(extra[:shown])) / shown)


def write_lines(page, x, y, lines, **look):
    """Lines of text about the height y."""
    step = 1.1 * look.get("size", SIZE) * MM_PER_POINT
    for i, line in enumerate(lines):
        write(page, x, y + (i - (len(lines) - 1) / 2) * step, line, **look)


def write(page, x, y, text, size=SIZE, ha="left", colour="black", width=None):
    """A line of text whose middle is at height y; cut to `width` millimetres if that is given."""
    text = text if width is None else shorten(text, width, size)
    page.text(x, y, text, fontsize=size, ha=ha, va="center_baseline", color=colour)


def name_share(share):
    """A share on an axis, with the decimals that it needs: a tick at 2.5% is not at 2%."""
    return f"{100 * share:.4g}%" if share else "0"


def draw_dot(page, x, y, colour, marker="o"):
    """The mark of the document: filled. Arrows lie above the ring, or close to it their direction would be hidden."""
    zorder = 5 if marker in "<>" else 3
    page.plot(
        [x], [y], marker, color=colour, markersize=DOT, markeredgewidth=0.4, markeredgecolor="black", zorder=zorder
    )


def draw_ring(page, x, y):
    """The mark of the reference: a ring, above the document's, so that both are seen on one value."""
    page.plot(
        [x], [y], "o", markerfacecolor="white", markeredgecolor="black", markersize=RING, markeredgewidth=0.8, zorder=4
    )


def find_colour(corpus, document_id):
    """The colour of a document's level."""
    return LEVEL_COLOURS[find_document(corpus, document_id).level]


def draw_key(page, x, y, entries):
    """A legend in as many lines as the page's width asks for; the height of the last one, which fit_page needs.

    `entries` are pairs of (draw, text), where draw(x, y) puts the sample into 6 millimetres.
    """
    entries = list(entries)
    places = _place_key([text for _, text in entries], x)
    for (draw, text), (x, down) in zip(entries, places, strict=True):
        draw(x + 3, y + down)
        write(page, x + 7, y + down, text)
    return y + places[-1][1]


def key_height(texts, x=1):
    """How far the last line of a legend lies below the first."""
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
    """A small grey sentence in as many lines as the page's width asks for; the height of the last one."""
    lines = wrap(text, page_width() - x - 1, SMALLEST_TEXT)
    for i, line in enumerate(lines):
        write(page, x, y + 3 * i, line, SMALLEST_TEXT, colour=GREY)
    return y + 3 * (len(lines) - 1)
