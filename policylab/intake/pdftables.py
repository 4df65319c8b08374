"""Tables on a page: cells between ruled lines, found by pdfplumber's rules from the lines that PDFium reports."""

from typing import NamedTuple

_JOIN = 3.0  # points: lines that end so near each other meet
_SHORTEST = 6.0  # points: shorter strokes are parts of signs
_MOST_EDGES = 3000  # a map or a chart has more; a page of the densest table has 500


class Edge(NamedTuple):
    """A straight line, horizontal or vertical."""

    x0: float
    y0: float
    x1: float
    y1: float


class Table(NamedTuple):
    """A grid of cells, each as (x0, y0, x1, y1); None where a cell is part of the one above or before it."""

    box: tuple[float, float, float, float]
    rows: list[list[tuple[float, float, float, float] | None]]


def find_tables(edges: list[Edge]) -> list[Table]:
    """The tables that lines make, those of one cell left out: that is a box around text."""
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    lines = [
        {
            "x0": e.x0, "x1": e.x1, "top": e.y0, "bottom": e.y1, "width": e.x1 - e.x0, "height": e.y1 - e.y0,
            "orientation": "h" if e.y1 - e.y0 <= e.x1 - e.x0 else "v", "object_type": "line",
        }
        for e in edges
        if max(e.x1 - e.x0, e.y1 - e.y0) >= _SHORTEST
    ]  # fmt: skip
    if len(lines) < 4 or len(lines) > _MOST_EDGES:
        return []
    if not {"h", "v"} <= {line["orientation"] for line in lines}:
        return []
    merged = merge_edges(lines, _JOIN, _JOIN, _JOIN, _JOIN)
    cells = intersections_to_cells(edges_to_intersections(merged, _JOIN, _JOIN))
    return [_arrange(group) for group in cells_to_tables(cells) if len(group) > 1]


def _arrange(cells):
    """The grid of some cells."""
    lefts = sorted({x0 for x0, _, _, _ in cells})
    tops = sorted({y0 for _, y0, _, _ in cells})
    places = {(y0, x0): (x0, y0, x1, y1) for x0, y0, x1, y1 in cells}
    box = (min(c[0] for c in cells), tops[0], max(c[2] for c in cells), max(c[3] for c in cells))
    return Table(box, [[places.get((top, left)) for left in lefts] for top in tops])
