"""A page to draw on, in millimetres from its top left corner, and text measured and wrapped to fit on it.

Millimetres and points are those of the layout. On paper both are larger if the preset requires larger text.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from policylab.plots.kit.presets import find_preset, page_width
from policylab.plots.kit.style import MM_PER_INCH, find_font, list_glyphs, new_figure, replace_missing

if TYPE_CHECKING:  # matplotlib is loaded when something is drawn
    from matplotlib.figure import Figure

# What every plot function returns: the figure, None where there is nothing to draw, and the rows that were drawn.
FigureAndData: TypeAlias = "tuple[Figure | None, pd.DataFrame]"

MM_PER_POINT = MM_PER_INCH / 72
LINE = 1.3  # distance of two lines of text, in font sizes

# A piece of text that is never broken: a character, number or Latin word with the opening marks before it and the closing
# marks after it.
_PIECE = re.compile(
    r"[（《“‘〔(\[]*(?:(?:[A-Za-z0-9.%+'’–-]|(?<=\d),(?=\d))+|.)[，。、；：！？）》”’〕,;:!?)\]]*", re.DOTALL
)


def new_page(height, language):
    """Make a figure as wide as the page, and axes over all of it in millimetres from its top left corner."""
    from policylab.plots.kit.axes import Page

    scale = find_preset().scale
    figure = new_figure(page_width() * scale, height * scale, language, layout="none")
    page = figure.add_axes((0, 0, 1, 1), xlim=(0, page_width()), ylim=(height, 0), axes_class=Page)
    page.set_axis_off()
    return figure, page


def fit_page(page, height):
    """Change the height of a page once it is known how far down the drawing reaches."""
    page.set_ylim(height, 0)
    page.figure.set_figheight(height * find_preset().scale / MM_PER_INCH)


def add_panel(page, left, top, width, height):
    """Add axes with their own coordinates to a page whose height is final."""
    tall = page.get_ylim()[0]
    corner = left / page_width(), 1 - (top + height) / tall
    return page.figure.add_axes((*corner, width / page_width(), height / tall), axes_class=type(page))


def rule(page, y, width):
    page.plot([0, page_width()], [y, y], color="black", linewidth=width, solid_capstyle="butt")


def box(page, x, y, width, height, colour):
    from matplotlib.patches import Rectangle

    page.add_patch(Rectangle((x, y), width, height, facecolor=colour, linewidth=0))


def cut(page, left, right, y, width):
    page.plot([left, right], [y, y], color="white", linewidth=width, solid_capstyle="butt")


def tint(colour):
    """Mix a colour with white, so that black text on it is easy to read.

    Blue, orange and LIGHT_GREY still differ in greyscale (CIE lightness 75, 86, 94).
    """
    return tuple(1 - (1 - int(colour[i : i + 2], 16) / 255) * 0.45 for i in (1, 3, 5))


def ink(colour):
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "white"


def text_width(text, size):
    """The width of a line of text in the project's font, in millimetres."""
    return sum(map(_advance, text)) * size * MM_PER_POINT


def wrap(text, width, size):
    """Break `text` into lines of similar length, none wider than `width` millimetres.

    Numbers and Latin words are never broken, and no line begins with a closing mark.
    """
    lines = _break(text, width, size)
    if len(lines) == 2:
        # Break at a punctuation mark if there is one near the middle.
        places = [place.end() for place in re.finditer(r"[，,；;。](?!\d)|\. ", text[:-1])]
        halves = [(text[:place], text[place:].strip()) for place in places]
        best = min(halves, key=lambda pair: max(text_width(half, size) for half in pair), default=(text,))
        if max(text_width(half, size) for half in best) <= min(width, 0.7 * text_width(text, size)):
            return list(best)
    step = size * MM_PER_POINT
    while width > step and len(narrower := _break(text, width - step, size)) == len(lines):
        lines, width = narrower, width - step
    return lines


@cache
def _advance(character):
    """The width of a character in font sizes."""
    from matplotlib.font_manager import get_font

    drawn = replace_missing(character)
    font = get_font(next((file for file, glyphs in list_glyphs().items() if drawn in glyphs), find_font()))
    font.set_size(12, 72)
    return font.load_char(ord(drawn)).linearHoriAdvance / 65536 / 12


def _break(text, width, size):
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and text_width(lines[-1] + piece, size) > width:
            lines.append("")
        if lines[-1] or piece != " ":
            lines[-1] += piece
    return [line.rstrip() for line in lines]
