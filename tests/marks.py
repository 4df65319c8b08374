"""What a figure shows, read back from its artists, so that tests can compare it with the table it was made from.

Every place is in millimetres from the top left corner of the page, whatever axes an artist belongs to. A test reads
scales from their ticks (`read_axes`), rows from their names (`read_rows`) and series from the legend (`find_sample`),
never from the code that drew them:

    rows = read_rows(figure, data["label"])
    (axis,) = read_axes(figure)
    dots = select(list_marks(figure), find_sample(figure, "National"), rows)
    assert_places(dots, x=axis.place(data["rate"]), y=rows)
"""

import itertools
import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PolyCollection, QuadMesh
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text

from policylab.plots.kit.presets import SMALLEST_TEXT, find_preset

MM = 25.4
NEAR = 0.05  # millimetres: data are rounded to six decimals, and nobody sees less
LOOK = ["marker", "face", "edge"]
BLUE, ORANGE = "#0072b2", "#e69f00"  # the centre's and a province's
LEVELS = {"national": ("National", BLUE, "#8cc0dc"), "provincial": ("Provincial", ORANGE, "#f4d48c")}  # and their tints
POWERS = {"万": 1e4, "亿": 1e8, "万亿": 1e12, "million": 1e6, "billion": 1e9, "trillion": 1e12, "%": 0.01}
NUMBER = re.compile(r"([−-]?\d[\d,]*(?:\.\d+)?) ?(万亿|万|亿|million|billion|trillion|%)?( ?[A-Za-z/册]+)?")


# --- the artists, as tables


@lru_cache(maxsize=2)  # a test asks often, and laying texts out takes time
def list_texts(figure):
    """One row a text: `axes` (0 is the page), `text`, `x`, `y`, `size` (points), `colour`, `ha`, `rotation`."""
    rows = [
        (i, text.get_text(), *find_places(figure, text, [text.get_position()])[0], text.get_fontsize())
        + (to_hex(text.get_color()), text.get_ha(), text.get_rotation())
        for i, axes in enumerate(figure.axes)
        for text in find_texts(axes)
    ]
    return pd.DataFrame(rows, columns=["axes", "text", "x", "y", "size", "colour", "ha", "rotation"])


def list_marks(figure):
    """One row a mark: `axes`, `x`, `y`, `marker`, `face`, `edge`, `size` (points)."""
    rows = [
        (axes, *place, line.get_marker(), to_hex(line.get_markerfacecolor()), to_hex(line.get_markeredgecolor()))
        + (line.get_markersize(),)
        for axes, line in list_artists(figure, "lines")
        if line.get_marker() not in ("None", "")
        for place in find_places(figure, line, line.get_xydata())
    ]
    return pd.DataFrame(rows, columns=["axes", "x", "y", "marker", "face", "edge", "size"])


def list_lines(figure):
    """One row a straight stretch of a line: `axes`, its ends `x0`, `y0`, `x1`, `y1`, `colour`, `style`, `width`.

    It begins on the left, an upright one at its top.
    """
    rows = []
    for axes, line in list_artists(figure, "lines"):
        if line.get_linestyle() != "None":
            places = find_places(figure, line, line.get_xydata())
            look = to_hex(line.get_color()), line.get_linestyle(), line.get_linewidth()
            rows += [(axes, sorted(ends), look) for ends in itertools.pairwise(places)]
    for axes, bars in list_artists(figure, "collections"):
        if isinstance(bars, LineCollection):
            look = to_hex(bars.get_color()[0]), "-", bars.get_linewidth()[0]
            rows += [(axes, sorted(find_places(figure, bars, ends)), look) for ends in bars.get_segments()]
    rows = [(axes, *start, *end, *look) for axes, (start, end), look in rows]
    return pd.DataFrame(rows, columns=["axes", "x0", "y0", "x1", "y1", "colour", "style", "width"])


def list_boxes(figure):
    """One row a rectangle: `left`, `right`, `top`, `bottom`, `face` (None for a frame), its middle `x`, `y`."""
    rows = []
    for _, box in list_artists(figure, "patches"):
        if isinstance(box, Rectangle):
            (left, top), (right, bottom) = find_places(figure, box.axes, box.get_bbox().get_points())
            face = to_hex(box.get_facecolor()) if box.get_fill() else None
            rows.append((*sorted((left, right)), *sorted((top, bottom)), face))
    table = pd.DataFrame(rows, columns=["left", "right", "top", "bottom", "face"])
    return table.assign(x=(table["left"] + table["right"]) / 2, y=(table["top"] + table["bottom"]) / 2)


def list_curves(figure):
    """One row a curve: `x0`, `y0`, `x1`, `y1` of its ends, `colour`, `style`, `width`."""
    rows = []
    for _, curve in list_artists(figure, "patches"):
        if isinstance(curve, PathPatch):
            ends = find_places(figure, curve.axes, curve.get_path().vertices[[0, -1]])
            rows.append(
                (*ends[0], *ends[1], to_hex(curve.get_edgecolor()), str(curve.get_linestyle()), curve.get_linewidth())
            )
    return pd.DataFrame(rows, columns=["x0", "y0", "x1", "y1", "colour", "style", "width"])


def list_cells(figure):
    """One row a cell of a shaded matrix: its middle `x`, `y` and the `value` that its shade shows."""
    rows = []
    for axes, mesh in list_artists(figure, "collections"):
        if isinstance(mesh, QuadMesh):
            corners = mesh.get_coordinates()
            middles = (corners[:-1, :-1] + corners[1:, 1:]) / 2
            places = find_places(figure, figure.axes[axes], middles.reshape(-1, 2))
            rows += [(*place, value) for place, value in zip(places, mesh.get_array().ravel(), strict=True)]
    return pd.DataFrame(rows, columns=["x", "y", "value"])


def list_areas(figure):
    """The filled areas, each a table of its corners `x`, `y`."""
    return [
        pd.DataFrame(find_places(figure, area, area.get_paths()[0].vertices), columns=["x", "y"])
        .round(6)
        .drop_duplicates()
        for _, area in list_artists(figure, "collections")
        if isinstance(area, PolyCollection) and not isinstance(area, LineCollection)
    ]


def find_texts(artist):
    """The texts of a figure, or of a part of it."""
    artist.get_figure(root=True).draw_without_rendering()
    return [text for text in artist.findobj(Text) if text.get_visible() and text.get_text().strip()]


def list_artists(figure, kind):
    return [(i, artist) for i, axes in enumerate(figure.axes) for artist in getattr(axes, kind)]


def find_places(figure, artist, points):
    """Points of an artist, or data of axes, as (x, y) in millimetres."""
    transform = artist.transData if hasattr(artist, "transData") else artist.get_transform()
    places = transform.transform(np.asarray(points, dtype=float)) / figure.dpi * MM
    return [(x, figure.get_figheight() * MM - y) for x, y in places]


# --- what readers read: scales, rows, the legend


class Axis(NamedTuple):
    """A scale as its ticks show it: values, their places along it, and the height of the ticks (their x along y)."""

    values: list
    places: list
    at: float
    log: bool = False

    def place(self, values):
        """Where values stand, in millimetres."""
        ticks, values = np.asarray(self.values, dtype=float), np.asarray(values, dtype=float)
        if self.log:
            ticks, values = np.log10(ticks), np.log10(values)
        return self.places[0] + (values - ticks[0]) / (ticks[-1] - ticks[0]) * (self.places[-1] - self.places[0])


def make_axis(ticks, along="x", log=False):
    """The scale that texts make. It must be even: a tick that shows another number than its place has is a fault."""
    ticks, other = ticks.sort_values("text", key=lambda texts: texts.map(read_number)), {"x": "y", "y": "x"}[along]
    axis = Axis([read_number(text) for text in ticks["text"]], ticks[along].tolist(), ticks[other].iloc[0], log)
    assert axis.place(axis.values) == pytest.approx(axis.places, abs=NEAR), f"uneven ticks: {axis}"
    return axis


def read_axes(figure, along="x", log=False):
    """The scales of a page from its top to its bottom and from left to right: numbers that stand at lines of a grid.

    Along x a number stands below its line, along y to the left of it. Along x a new scale begins where numbers fall.
    """
    lines, other = list_lines(figure), {"x": "y", "y": "x"}[along]
    lines = lines[(lines[f"{along}0"] - lines[f"{along}1"]).abs() < 1e-6]
    texts = list_texts(figure)
    texts = texts[[read_number(text) is not None for text in texts["text"]]]
    ticks = []
    for text in texts.itertuples():
        at_line = lines[(lines[f"{along}0"] - getattr(text, along)).abs() < NEAR]
        away = getattr(text, other) - at_line["y1"] if along == "x" else at_line["x0"] - getattr(text, other)
        if away.between(0, 4).any():
            ticks.append(text)
    ticks = pd.DataFrame(ticks, columns=["Index", *texts.columns]).drop(columns="Index")
    axes = []
    for _, row in ticks.groupby(ticks[other].round(1)):
        row = row.sort_values(along)
        steps = np.diff([read_number(text) for text in row["text"]])
        if along == "x":
            axes += [
                make_axis(own, along, log) for _, own in row.groupby(np.cumsum([False, *(steps <= 0)])) if len(own) > 1
            ]
        elif len(row) > 1:
            axes.append(make_axis(row, along, log))
    return axes


def read_number(text):
    """The number that a tick shows, or None.

    >>> read_number("−0.5"), read_number("20%"), read_number("1 million courses"), read_number("100万"), read_number("甲")
    (-0.5, 0.2, 1000000.0, 1000000.0, None)
    """
    match = NUMBER.fullmatch(text)
    return match and float(match[1].replace("−", "-").replace(",", "")) * POWERS.get(match[2], 1)


def read_rows(figure, names, x=1):
    """The heights of rows, from names that stand below each other at `x` in this order; a name may be folded or cut."""
    texts = list_texts(figure)
    column = texts[(texts["x"] - x).abs() < NEAR].sort_values("y")
    lines, ys = [re.sub(r"\s", "", text) for text in column["text"]], column["y"].tolist()
    heights, first = [], 0
    for name in names:
        whole = re.sub(r"\s", "", str(name))
        while first < len(lines) and not whole.startswith(lines[first].rstrip("…")):
            first += 1
        last = first + 1
        while last < len(lines) and "".join(lines[first:last]) != whole and not lines[last - 1].endswith("…"):
            last += 1
        assert first < len(lines) and whole.startswith("".join(lines[first:last]).rstrip("…")), (
            f"no row {name!r} at {x:g} mm below the rows before it"
        )
        heights.append(sum(ys[first:last]) / (last - first))
        first = last
    return np.array(heights)


def read_texts(figure):
    """All that is written."""
    return [text.get_text() for text in find_texts(figure)]


def read_line(figure, y):
    """The texts at a height, from left to right."""
    texts = list_texts(figure)
    return texts.loc[(texts["y"] - y).abs() < NEAR].sort_values("x")["text"].tolist()


def find_text(figure, text, nth=-1):
    """The place where exactly this is written: the lowest, for what legends explain stands above them, or the nth."""
    texts = list_texts(figure)
    found = texts[texts["text"] == text].sort_values("y")
    assert len(found), f"{text!r} is not written"
    return found.iloc[nth]


def find_sample(figure, text):
    """The look of the mark before a text of the legend."""
    place, marks = find_text(figure, text), list_marks(figure)
    found = marks[(place["x"] - marks["x"]).between(0, 7) & ((marks["y"] - place["y"]).abs() < NEAR)]
    assert len(found), f"no mark stands before {text!r}"
    return found.iloc[-1][LOOK]


def find_box(figure, text):
    """The colour of the box before a text of the legend."""
    place, boxes = find_text(figure, text), list_boxes(figure)
    found = boxes[(place["x"] - boxes["x"]).between(0, 7) & ((boxes["y"] - place["y"]).abs() < NEAR)]
    assert len(found), f"no box stands before {text!r}"
    return found.iloc[0]["face"]


def measure_lightness(colour):
    """The CIE lightness of a colour, 0 to 100: what is left of it in greyscale."""
    channels = np.array([c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)])
    y = channels @ [0.2126, 0.7152, 0.0722]
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


# --- what tests ask


def select(table, look=None, rows=None, **columns):
    """The artists of a table that have this look and these values, and lie between the first and the last of `rows`."""
    chosen = pd.Series(True, index=table.index)
    for column, value in (({} if look is None else dict(look)) | columns).items():
        chosen &= np.isclose(table[column], value) if isinstance(value, float) else table[column] == value
    if rows is not None:
        y = next(name for name in ("y", "y0", "top") if name in table)
        chosen &= table[y].between(min(rows) - 2, max(rows) + 2)
    return table[chosen]


def assert_places(found, **expected):
    """Every artist of `found` stands at one of the expected places, and every place has its artist.

    Expected are columns of `found` with a number for each artist, in any order, or one number for all. What has no
    number is not drawn.
    """
    expected = pd.DataFrame(expected).dropna()
    places, wanted = found[list(expected)].to_numpy(dtype=float), expected.to_numpy(dtype=float)
    lost, free = [], list(range(len(places)))
    for place in wanted:
        near = [i for i in free if np.abs(places[i] - place).max() < NEAR]
        free.remove(near[0]) if near else lost.append(place.round(2).tolist())
    assert not lost and not free, f"not drawn: {lost}; drawn, but not in the table: {places[free].round(2).tolist()}"


def assert_written(figure, **expected):
    """Every text stands at its place: `text`, `x` and `y`, one for each or one for all."""
    texts = list_texts(figure)
    for text, x, y in pd.DataFrame(expected)[["text", "x", "y"]].itertuples(index=False):
        here = texts[((texts["x"] - x).abs() < NEAR) & ((texts["y"] - y).abs() < NEAR)]
        assert here["text"].tolist() == [text], f"not {text!r} at {x:.1f}, {y:.1f}, but {here['text'].tolist()}"


def assert_readable(figure):
    """As wide as the page, no higher; no text is too small, off the page or on another (boxes are taller than ink)."""
    (width, height), preset = figure.get_size_inches() * MM, find_preset()
    assert width == pytest.approx(preset.width) and height <= preset.height + 0.01
    dpi = figure.dpi
    figure.set_dpi(720)  # ten pixels a point: where there are few, hinting makes text wider
    texts = find_texts(figure)
    boxes = np.array([text.get_window_extent().extents for text in texts]) / figure.dpi * MM
    figure.set_dpi(dpi)
    names = [text.get_text() for text in texts]
    smallest = SMALLEST_TEXT * preset.scale - 1e-6
    small = [name for name, text in zip(names, texts, strict=True) if text.get_fontsize() < smallest]
    outside = (boxes[:, :2] < -0.1).any(axis=1) | (boxes[:, 2:] > [width + 0.1, height + 0.1]).any(axis=1)
    assert not small and not outside.any(), (small, [name for name, out in zip(names, outside, strict=True) if out])
    # The box of a slanted text is mostly empty.
    level = [i for i, text in enumerate(texts) if text.get_rotation() % 90 == 0]
    left, bottom, right, top = boxes[level].T
    ink = (top - bottom) / 4
    apart = [np.less_equal.outer(ends, starts) for ends, starts in ((right, left), (top - ink, bottom + ink))]
    over = np.triu(~(apart[0] | apart[0].T | apart[1] | apart[1].T), 1)
    assert not over.any(), [(names[level[i]], names[level[j]]) for i, j in np.argwhere(over)]
