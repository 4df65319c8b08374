"""The figure of agencies that share tasks: the network of a plan, with the same layout at every run."""

import math
from typing import TYPE_CHECKING

import pandas as pd

from policylab.agencies.responsibilities import TYPES
from policylab.corpus.bundle import Corpus
from policylab.language.agencies import gloss_agencies
from policylab.language.documents import name_document
from policylab.language.labels import label
from policylab.plots.kit.drawing import GREY, SIZE, draw_key, draw_note, fold, write
from policylab.plots.kit.page import LINE, MM_PER_POINT, FigureAndData, fit_page, new_page, text_width
from policylab.plots.kit.presets import SMALLEST_TEXT, page_height, page_width

if TYPE_CHECKING:
    from networkx import Graph

# Millimetres, and points for nodes and lines.
LARGEST_RADIUS = 52  # radius of the circle
NAME_DISTANCE = 2.5  # from a node to its name
SMALLEST_NODE, LARGEST_NODE = 2.5, 9  # diameters of nodes
THINNEST_TIE, THICKEST_TIE = 0.25, 2.4
MOST_NODES = 100  # names that do not touch: on the narrowest page each has 2 * pi * 34 mm / 100 = 2.1 mm of the circle
TYPE_MARKERS = {"department": "o", "affiliated": "s", "authority": "^"}
OTHER_MARKER = "D"


def plot_agency_network(
    graph: "Graph", *, corpus: Corpus | None = None, document_id: str | None = None, language: str = "zh"
) -> FigureAndData:
    """Draw the network of agencies: names round a circle, lines between agencies that are named for the same tasks.

    Parameters
    ----------
    graph : networkx.Graph
        Of build_agency_network.
    corpus : Corpus, optional
        With it and `document_id`, the name of the plan and the number of agencies are printed above.
    document_id : str, optional
        The plan.
    language : {"zh", "en"}
        Of labels.

    Returns
    -------
    tuple
        (figure, data): a row of `data` is a mark: `kind` (agency, tie), `agency`, `other`, `type`, `n_tasks`, `n_lead`,
        `n_shared`, `x`, `y` (of the agency, millimetres from the centre). For an empty network the figure is None.

    Notes
    -----
    Nodes are in the order of type and number of tasks, so the figure is the same at every run, and their distance means
    nothing. A node is larger the more tasks the agency has, and filled if it leads one; a line is thicker the more tasks two
    agencies share. At most 100 agencies are drawn, those with the most tasks; the figure states how many are not drawn.

    Examples
    --------
    >>> import policylab as lab
    >>> graph = lab.build_agency_network(lab.list_agencies(lab.load_corpus()), "national-2019")
    >>> figure, data = plot_agency_network(graph, language="en")
    >>> data["kind"].value_counts().to_dict()
    {'tie': 148, 'agency': 37}
    """
    if not len(graph):
        return None, pd.DataFrame()
    size = SIZE if len(graph) <= 60 else SMALLEST_TEXT
    radius, names = _fit_circle(graph, size, language)
    data = _place_agencies(graph, radius)
    agencies = data[data["kind"] == "agency"]
    # Heights that the names reach, relative to the centre.
    widths = {agency: max(text_width(line, size) for line in lines) for agency, lines in names.items()}
    reach = [(radius + NAME_DISTANCE + widths[row.agency]) * row.y / radius for row in agencies.itertuples()]
    centre = page_width() / 2, max(radius, -min(reach)) + 3
    bottom = centre[1] + max(radius, max(reach)) + 5
    rest = len(graph) - len(agencies)
    figure, page = new_page(page_height(), language)
    if corpus is not None:
        write(page, 1, 3, f"{name_document(corpus, document_id, language)}  n = {len(graph)}", 7)
    places = {row.agency: (centre[0] + row.x, centre[1] + row.y) for row in agencies.itertuples()}
    most = max(1, int(data["n_shared"].max())) if data["n_shared"].notna().any() else 1
    for tie in data[data["kind"] == "tie"].sort_values("n_shared", kind="stable").itertuples():
        _draw_tie(page, places[tie.agency], places[tie.other], centre, tie.n_shared, most)
    largest = data["n_tasks"].max()
    for row in agencies.itertuples():
        _draw_agency(page, row, places[row.agency], largest)
        _write_name(page, names[row.agency], row, centre, size)
    last = _draw_network_key(page, bottom, data, most, largest, language)
    if rest:
        last = draw_note(page, 1, last + 4, label("agencies_not_drawn", language).format(n=rest))
    fit_page(page, last + 3)
    return figure, data


def _rank_agencies(graph):
    return sorted(graph, key=lambda agency: (-graph.nodes[agency]["n_tasks"], agency))[:MOST_NODES]


def _fit_circle(graph, size, language):
    """The radius of the circle and the lines of each name: the widest circle with the fewest shortened names."""
    names = gloss_agencies(_rank_agencies(graph), language)
    circles = []
    for more in (0, 2, 4, 6, 8):
        room = max(28, page_width() * 0.18) + more
        radius = min(LARGEST_RADIUS, page_width() / 2 - NAME_DISTANCE - room - 0.6)
        most = int(2 * math.pi * (radius + NAME_DISTANCE) / len(names) / (size * LINE * MM_PER_POINT))
        folded = {agency: fold(name, room, max(1, most), size) for agency, name in names.items()}
        circles.append((radius, folded))
    return min(circles, key=lambda circle: sum(lines[-1].endswith("…") for lines in circle[1].values()))


def _place_agencies(graph, radius):
    """The rows of agencies, clockwise from the top of the circle, then the rows of ties."""
    ranked = _rank_agencies(graph)
    types = {name: i for i, name in enumerate(TYPES)}
    ordered = sorted(
        ranked, key=lambda agency: (types.get(graph.nodes[agency]["type"], len(types)), ranked.index(agency))
    )
    rows = []
    for i, agency in enumerate(ordered):
        angle = 2 * math.pi * i / len(ordered)
        place = (round(radius * math.sin(angle), 3), round(-radius * math.cos(angle), 3))
        node = graph.nodes[agency]
        rows.append(("agency", agency, None, node["type"], node["n_tasks"], node["n_lead"], None, *place))
    for agency, other, n in sorted((*sorted(edge[:2]), edge[2]) for edge in graph.edges(data="n_shared")):
        if agency in ranked and other in ranked:
            rows.append(("tie", agency, other, None, None, None, n, None, None))
    columns = ["kind", "agency", "other", "type", "n_tasks", "n_lead", "n_shared", "x", "y"]
    return pd.DataFrame(rows, columns=columns).astype(
        dict.fromkeys(columns[4:7], "Int64") | {"x": "float64", "y": "float64"}
    )


def _draw_tie(page, start, end, centre, n, most):
    """Draw a line bent towards the centre, so that ties of neighbours are visible; stronger ties are darker."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    pull = 0.25 + 0.35 * math.dist(start, end) / (2 * math.dist(start, centre))
    bend = tuple((a + b) / 2 * (1 - pull) + c * pull for a, b, c in zip(start, end, centre, strict=True))
    share = (n - 1) / max(most - 1, 1)
    grey = 0.78 - 0.66 * share**0.5
    path = Path([start, bend, end], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    width = THINNEST_TIE + (THICKEST_TIE - THINNEST_TIE) * share
    page.add_patch(PathPatch(path, facecolor="none", edgecolor=(grey,) * 3, linewidth=width, zorder=1 + share))


def _draw_agency(page, row, place, largest):
    # The area is proportional to the number of tasks.
    diameter = max(SMALLEST_NODE, LARGEST_NODE * math.sqrt(row.n_tasks / largest))
    filled = GREY if row.n_lead else "white"
    look = {"color": filled, "markeredgecolor": "black", "markeredgewidth": 0.6, "zorder": 4}
    page.plot([place[0]], [place[1]], TYPE_MARKERS.get(row.type, OTHER_MARKER), markersize=diameter, **look)


def _write_name(page, lines, row, centre, size):
    """Write the name outside the circle, turned along its radius but never upside down."""
    radius = math.hypot(row.x, row.y)
    x, y = row.x / radius, row.y / radius
    angle = -math.degrees(math.atan2(y, x))
    left = x < -1e-9
    turn = angle + 180 if left else angle
    distance = radius + NAME_DISTANCE
    side = "right" if left else "left"
    page.text(
        *(centre[0] + x * distance, centre[1] + y * distance, "\n".join(lines)),
        **{"fontsize": size, "rotation": round(turn, 3), "rotation_mode": "anchor", "linespacing": 1.1},
        **{"ha": side, "ma": side, "va": "center"},
    )


def _draw_network_key(page, y, data, most, largest, language):
    types = data.loc[data["kind"] == "agency", "type"]
    kinds = dict.fromkeys(kind if kind in TYPE_MARKERS else "other_agencies" for kind in TYPES if (types == kind).any())
    middling = largest / 4

    def draw_node(kind, n, n_lead=0):
        row = pd.Series({"type": kind, "n_tasks": n, "n_lead": n_lead})
        return lambda x, y: _draw_agency(page, row, (x, y), largest)

    def draw_tie(n):
        return lambda x, y: _draw_tie(page, (x - 2.7, y), (x + 2.7, y), (x, y), n, most)

    entries = [(draw_node(kind, middling), label(kind, language)) for kind in kinds]
    y = draw_key(page, 1, y, [*entries, (draw_node("department", middling, 1), label("leads_a_task", language))])
    tasks, shared = label("n_tasks_of_agency", language), label("n_tasks_shared", language)
    entries = [(draw_node("department", n), tasks.format(n=n)) for n in dict.fromkeys((1, int(largest)))]
    if (data["kind"] == "tie").any():
        entries += [(draw_tie(n), shared.format(n=n)) for n in dict.fromkeys((1, most))]
    return draw_key(page, 1, y + 5, entries)
