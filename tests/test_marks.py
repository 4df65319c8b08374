"""The reading of figures that other tests rely on: it fails where a mark is missing, too many or elsewhere."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from marks import (
    assert_places,
    assert_readable,
    assert_written,
    find_sample,
    list_boxes,
    list_lines,
    list_marks,
    make_axis,
    read_axes,
    read_number,
    read_rows,
    select,
)
from matplotlib.patches import Rectangle

import policylab as lab
from policylab.plots.kit.axes import ENLARGED
from policylab.plots.kit.drawing import draw_dot, draw_ring, write
from policylab.plots.kit.page import box, new_page
from policylab.plots.kit.presets import find_preset


def test_every_figure_is_compared_with_its_table():
    """A function that draws has a test test_marks_of_<its name>, which ties each mark to its row of the table."""
    modules = Path(__file__).parent.glob("test_plots_*.py")
    tested = {
        name for path in modules for name in re.findall(r"^def test_marks_of_(\w+)\(", path.read_text("utf-8"), re.M)
    }
    drawn = {name.removeprefix("plot_") for name in (*dir(lab), *dir(lab.recipes)) if name.startswith("plot_")}
    assert len(drawn) > 20 and drawn - tested == set()


@pytest.fixture
def figure():
    """A scale from 0 to 20% between 50 and 90 mm, and two rows with a dot each, one with a ring."""
    figure, page = new_page(40, "en")
    for tick in (0, 0.1, 0.2):
        x = 50 + tick * 200
        page.plot([x, x], [5, 20], color="#D9D9D9", zorder=0)
        write(page, x, 22, f"{tick:.0%}" if tick else "0", ha="center")
    for name, y, share in ("one", 8, 0.05), ("another", 14, 0.15):
        write(page, 1, y, name)
        draw_dot(page, 50 + share * 200, y, "#0072B2")
    draw_ring(page, 60, 14)
    box(page, 50, 30, 4, 2, "#0072B2")
    draw_dot(page, 3, 35, "#0072B2")
    write(page, 7, 35, "share")
    return figure


def test_a_figure_is_read_in_millimetres(figure):
    (axis,) = read_axes(figure)
    assert axis.values == [0, 0.1, 0.2] and axis.place([0, 0.2]) == pytest.approx([50, 90])
    rows = read_rows(figure, ["one", "another"])
    assert rows == pytest.approx([8, 14])
    dots = select(list_marks(figure), find_sample(figure, "share"), rows)
    assert_places(dots, x=axis.place([0.15, 0.05]), y=rows[::-1])
    (bar,) = list_boxes(figure).itertuples()
    assert (bar.left, bar.right, bar.top, bar.bottom) == pytest.approx((50, 54, 30, 32)) and bar.face == "#0072b2"
    assert list_lines(figure)[["x0", "y0", "x1", "y1"]].to_numpy()[0] == pytest.approx([50, 5, 50, 20])
    assert_written(figure, text="another", x=[1], y=14)
    assert_readable(figure)


@pytest.mark.parametrize(
    ("shares", "y", "message"),
    [
        ([0.05], [8], r"not drawn: \[\]; drawn, but not in the table: \[\[80.0, 14.0\]\]"),
        ([0.05, 0.15, 0.1], [8, 14, 14], r"not drawn: \[\[70.0, 14.0\]\]; drawn, but not in the table: \[\]"),
        ([0.15, 0.05], [8, 14], r"not drawn: \[\[80.0, 8.0\], \[60.0, 14.0\]\]; drawn, but not in the table: "),
        ([0.0504, 0.15], [8, 14], r"not drawn: \[\[60.08, 8.0\]\]"),
    ],
    ids=["one too many", "one missing", "rows exchanged", "on another scale"],
)
def test_marks_that_differ_from_their_table_are_named(figure, shares, y, message):
    dots = select(list_marks(figure), find_sample(figure, "share"), [8, 14])
    with pytest.raises(AssertionError, match=message):
        assert_places(dots, x=read_axes(figure)[0].place(shares), y=y)


def test_rows_in_another_order_are_no_rows(figure):
    with pytest.raises(AssertionError, match="no row 'one' at 1 mm below the rows before it"):
        read_rows(figure, ["another", "one"])


def test_a_tick_with_a_wrong_number_is_no_scale():
    ticks = pd.DataFrame({"text": ["0", "2%", "5%"], "x": [0.0, 25, 50], "y": 0.0})  # 2.5% rounded
    with pytest.raises(AssertionError, match="uneven ticks"):
        make_axis(ticks)
    powers = pd.DataFrame({"text": ["1", "100", "1万"], "x": [0.0, 20, 40], "y": 0.0})
    assert make_axis(powers, log=True).place([10, np.nan]) == pytest.approx([10, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("−0.5", -0.5),
        ("20%", 0.2),
        ("7,500", 7500),
        ("100万", 1e6),
        ("1 million", 1e6),
        ("10 Mbps", 10),
        ("2019 年度", None),
    ],
)
def test_numbers_of_ticks(text, number):
    assert read_number(text) == number


def test_texts_on_each_other_are_not_readable(figure):
    write(figure.axes[0], 7.5, 35, "twice")
    with pytest.raises(AssertionError, match=r"\('share', 'twice'\)"):
        assert_readable(figure)


def test_a_method_that_does_not_enlarge_what_it_draws_is_refused():
    """Otherwise its text and lines would be too small in the presets of journals that require larger ones."""
    _, page = new_page(40, "en")
    with pytest.raises(NotImplementedError) as raised:
        page.scatter([1], [1], s=4)
    assert str(raised.value) == (
        "Page.scatter does not enlarge what it draws. Use one of plot, text, vlines, fill_between, pcolormesh and add_patch, "
        "or add it to ENLARGED in policylab.plots.kit.axes."
    )
    assert not page.collections


def test_every_method_that_draws_enlarges_its_sizes():
    lab.use_preset("plos")
    _, page = new_page(40, "en")
    scale = find_preset().scale
    (line,) = page.plot([1, 2], [1, 2], linewidth=1, markersize=2, markeredgewidth=3)
    sizes = [line.get_linewidth(), line.get_markersize(), line.get_markeredgewidth()]
    sizes += [page.text(1, 1, "text", fontsize=4).get_fontsize()]
    sizes += [page.vlines([1], 1, 2, linewidth=5).get_linewidth()[0]]
    sizes += [page.fill_between([1, 2], 1, 2, linewidth=6).get_linewidth()[0]]
    sizes += [page.pcolormesh([[1, 2]], linewidth=7).get_linewidth()[0]]
    sizes += [page.pcolormesh([[1, 2]], linewidths=8).get_linewidth()[0]]  # as seaborn names it
    sizes += [page.add_patch(Rectangle((1, 1), 1, 1, linewidth=9)).get_linewidth()]
    assert scale > 1.2 and sizes == pytest.approx([size * scale for size in range(1, 10)])
    assert {"plot", "text", "vlines", "fill_between", "pcolormesh"} == set(ENLARGED)


def test_a_ring_on_a_dot_leaves_a_rim_of_its_colour():
    """At the same value both must be seen: a ring that covers the dot looks like a ring alone."""
    _, page = new_page(60, "en")
    draw_dot(page, 30, 30, "#E69F00")
    draw_ring(page, 30, 30)
    (dot, ring) = page.lines
    coloured = dot.get_markersize() - dot.get_markeredgewidth()
    rim = (coloured - ring.get_markersize() - ring.get_markeredgewidth()) / 2
    assert rim >= 0.35  # points, the width of a hairline
