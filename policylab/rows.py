"""What the figures of two plans have in common: rows of a table with marks of the reference and of the document."""

from policylab.cascade import find_document
from policylab.labels import label
from policylab.page import text_width
from policylab.plans import name_document
from policylab.style import LEVEL_COLOURS

SIZE = 6  # points
SMALL = 5
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


def write(page, x, y, text, size=SIZE, ha="left", colour="black", width=None):
    """A line of text whose middle is at height y; cut to `width` millimetres if that is given."""
    text = text if width is None else shorten(text, width, size)
    page.text(x, y, text, fontsize=size, ha=ha, va="center_baseline", color=colour)


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


def name_pair(table, corpus, language):
    """The names of the document and the reference of a table that compares two."""
    return tuple(name_document(corpus, table[column].iloc[0], language) for column in ("document_id", "reference_id"))


def describe_lag(table, corpus, language):
    """How many years lie between the two documents of a table: what is compared across years is always labelled so."""
    years = [find_document(corpus, table[column].iloc[0]).year for column in ("document_id", "reference_id")]
    n = abs(int(years[0]) - int(years[1]))
    return label("same_year" if n == 0 else "one_year_apart" if n == 1 else "years_apart", language).format(n=n)


def draw_key(page, x, y, entries):
    """A line of legend: pairs of (draw, text), where draw(x, y) puts the sample into 6 millimetres."""
    for draw, text in entries:
        draw(x + 3, y)
        write(page, x + 7, y, text)
        x += 12 + text_width(text, SIZE)
