"""A page to draw on, measured in millimetres from its top left corner, and what text needs to fit on it."""

import re
from functools import cache

from policylab.style import DOUBLE_COLUMN, MM_PER_INCH, find_font, new_figure

MM_PER_POINT = MM_PER_INCH / 72
LINE = 1.3  # distance of two lines of text, in font sizes

# What a line may not be broken within: a character, number or Latin word with the opening marks before it and the
# closing marks after it.
_PIECE = re.compile(r"[（《“‘〔(]*(?:[A-Za-z0-9.%+-]+|.)[，。、；：！？）》”’〕,;:!?)]*", re.DOTALL)


def new_page(height, language):
    """A figure of a page's width with one set of axes whose units are millimetres from the top left corner."""
    figure = new_figure(DOUBLE_COLUMN, height, language, layout="none")
    page = figure.add_axes((0, 0, 1, 1), xlim=(0, DOUBLE_COLUMN), ylim=(height, 0))
    page.set_axis_off()
    return figure, page


def rule(page, y, width):
    page.plot([0, DOUBLE_COLUMN], [y, y], color="black", linewidth=width, solid_capstyle="butt")


def box(page, x, y, width, height, colour):
    from matplotlib.patches import Rectangle

    page.add_patch(Rectangle((x, y), width, height, facecolor=colour, linewidth=0))


def cut(page, left, right, y, width):
    page.plot([left, right], [y, y], color="white", linewidth=width, solid_capstyle="butt")


def tint(colour):
    """Halfway to white: black text on it is easy to read, and blue, orange and LIGHT_GREY still differ in greyscale
    (CIE lightness 75, 86, 94)."""
    return tuple(1 - (1 - int(colour[i : i + 2], 16) / 255) * 0.45 for i in (1, 3, 5))


def ink(colour):
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "white"


def text_width(text, size):
    """How wide a line of text is in the project's font, in millimetres."""
    return sum(map(_advance, text)) * size * MM_PER_POINT


def wrap(text, width, size):
    """`text` in lines of about one length, none wider than `width` millimetres.

    Numbers and Latin words stay whole, and no line begins with a closing mark.
    """
    lines = _break(text, width, size)
    if len(lines) == 2:
        halves = re.split(r"(?<=[，,；;])", text, maxsplit=1)  # at a comma, if that is possible
        if len(halves) == 2 and max(text_width(half, size) for half in halves) <= width:
            return halves
    step = size * MM_PER_POINT
    while width > step and len(narrower := _break(text, width - step, size)) == len(lines):
        lines, width = narrower, width - step
    return lines


@cache
def _advance(character):
    """The width of a character in font sizes."""
    from matplotlib.font_manager import get_font

    font = get_font(find_font())
    font.set_size(12, 72)
    return font.load_char(ord(character)).linearHoriAdvance / 65536 / 12


def _break(text, width, size):
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and text_width(lines[-1] + piece, size) > width:
            lines.append("")
        lines[-1] += piece
    return lines
