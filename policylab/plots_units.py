"""The figures of responsible units: who carries what, and who is named with whom.

Each function returns (figure, data), `data` being what is drawn. Where there is nothing to draw the figure is None;
save_drawn says so.
"""

import math

import pandas as pd

from policylab.actors import TYPES, count_units, load_units
from policylab.labels import label
from policylab.page import LINE, MM_PER_POINT, new_page, rule, text_width, wrap
from policylab.plans import name_document
from policylab.rows import GREY, GRID, SIZE, SMALL, draw_key, find_colour, shorten, write
from policylab.style import DOUBLE_COLUMN

# The matrix, in millimetres.
ROW = 4.2
SHOWN = 45  # units; more do not fit on a page with room for a caption
HIGHEST = 46  # of the turned titles above the columns; 21 characters
TOTALS = 20  # room for the numbers on the right
GAP = 0.3  # between two squares

# The network, in millimetres and points.
RADIUS = 52
AWAY = 2.5  # from a node to its name
LABELS = 30  # room for names outside the circle
SMALLEST, LARGEST = 2.5, 9  # diameters of nodes
THINNEST, THICKEST = 0.25, 2.4
NODES = 100  # names round the circle that do not touch: 2 * pi * 52 mm / 100 = 3.3 mm each
MARKERS = {"department": "o", "affiliated": "s", "authority": "^"}


def plot_carriers(mentions, corpus, document_id, language="zh"):
    """Draw who carries what: a row per unit, a column per section, a square per task; filled where the unit leads it.

    `mentions` is the table of list_units. Columns on the right give the tasks of a unit and those it leads, of all tasks
    that name anybody. Units follow the number of their tasks; at most 45 are drawn, and the figure says how many are left
    out. Tasks outside of sections have a column of their own. Section titles stay Chinese.

    Returns (figure, data): the rows of count_units by section that are drawn, row by row.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> figure, data = plot_carriers(lab.list_units(corpus), corpus, "fujian-2020", "en")
    >>> data["unit"].nunique()
    30
    """
    own = mentions[mentions["document_id"] == document_id].dropna(subset="task")
    if own.empty:
        return None, own
    totals = count_units(own)
    shown = totals.head(SHOWN)
    units = {unit: i for i, unit in enumerate(shown["unit"])}
    data = count_units(own, by=("section",))
    data = data[data["unit"].isin(units)]
    data = data.assign(row=data["unit"].map(units)).sort_values(["row", "section"], ignore_index=True).drop(columns="row")
    sections = corpus.sections[corpus.sections["document_id"] == document_id].sort_values("section")
    columns = [(row.section, f"{row.label}{row.title}") for row in sections.itertuples()]
    if data["section"].isna().any():
        columns.append((None, label("no_section", language)))
    names = gloss_units(units, language)
    left = min(max(text_width(name, SIZE) for name in names.values()), 62) + 3
    width = (DOUBLE_COLUMN - left - TOTALS) / len(columns)
    heads, head = _wrap_heads([title for _, title in columns], width)
    bottom = head + 4 + len(units) * ROW
    rest = len(totals) - len(units)
    figure, page = new_page(bottom + 7 + 3.2 * (rest > 0), language)

    rule(page, 0.5, 1)
    write(page, 1, 3, name_document(corpus, document_id, language), 7)
    n = int(shown["n_named"].iloc[0])
    write(page, 1, 6, label("carriers_n", language).format(tasks=n, units=len(totals)), 5.5, colour=GREY)
    for i, lines in enumerate(heads):
        x = left + (i + 0.5) * width
        page.text(x, head + 1, "\n".join(lines), fontsize=SIZE, rotation=90, ha="center", va="bottom", ma="left", linespacing=1.15)
    for x, key in ((DOUBLE_COLUMN - 12, "n_tasks"), (DOUBLE_COLUMN - 1, "n_lead")):
        write(page, x, head, label(key, language), ha="right")
    rule(page, head + 3, 0.5)
    _draw_matrix(page, data, columns, (left, head + 4, width), units, find_colour(corpus, document_id))
    for row in shown.itertuples():
        y = head + 4 + (units[row.unit] + 0.5) * ROW
        write(page, 1, y, names[row.unit], width=left - 3)
        write(page, DOUBLE_COLUMN - 12, y, f"{row.n_tasks}", ha="right")
        write(page, DOUBLE_COLUMN - 1, y, f"{row.n_lead}", ha="right")
    rule(page, bottom + 0.5, 0.5)
    colour = find_colour(corpus, document_id)
    entries = [
        (lambda x, y, lead=lead: _draw_square(page, x - 1.2, y - 1.2, 2.4, colour if lead else None), label(key, language))
        for lead, key in ((True, "task_led"), (False, "task_shared"))
    ]
    draw_key(page, 1, bottom + 3.5, entries)
    if rest:
        write(page, 1, bottom + 7, label("units_not_drawn", language).format(n=rest), 5.5, colour=GREY)
    return figure, data


def gloss_units(units, language, table=None):
    """{unit: its name in figures}: the canonical name, in English the gloss of the table of units where it has one.

    Units that share a gloss get their Chinese name behind it.

    >>> gloss_units(["科技处", "某处"], "en")
    {'科技处': 'Division of Science and Technology', '某处': '某处'}
    """
    if language != "en":
        return {unit: unit for unit in units}
    table = load_units() if table is None else table
    glosses = table.dropna(subset=["unit", "gloss_en"]).drop_duplicates("unit").set_index("unit")["gloss_en"]
    names = {unit: glosses.get(unit, unit) for unit in units}
    shared = pd.Series(names).duplicated(keep=False)
    return {unit: f"{name} {unit}" if shared[unit] and name != unit else name for unit, name in names.items()}


def _wrap_heads(titles, width):
    """The lines of the turned column heads, and the height they need: two lines where a column is wide enough."""
    most = 2 if width > 2 * SIZE * LINE * MM_PER_POINT else 1
    height = 14
    while max(len(wrap(title, height, SIZE)) for title in titles) > most and height < HIGHEST:
        height += 2
    return [wrap(title, height, SIZE)[:most] for title in titles], height + 2


def _draw_matrix(page, data, columns, corner, units, colour):
    left, top, width = corner
    places = {None if section is None else int(section): i for i, (section, _) in enumerate(columns)}
    most = int((data["n_lead"] + data["n_co"]).max())
    # The largest square with which the fullest cell still fits.
    side = next(s for s in (2.4, 2, 1.6, 1.3, 1, 0.8, 0.6, 0.4, 0.2) if s == 0.2 or _fit(s, width) >= most)
    across = max(1, int((width - 1) / (side + GAP)))
    for i in range(len(units) + 1):
        page.plot([left, DOUBLE_COLUMN - TOTALS], [top + i * ROW] * 2, color=GRID, linewidth=0.3, zorder=0)
    for i in range(len(columns) + 1):
        page.plot([left + i * width] * 2, [top, top + len(units) * ROW], color=GRID, linewidth=0.3, zorder=0)
    for cell in data.itertuples():
        n = cell.n_lead + cell.n_co
        lines = -(-n // across)
        x0 = left + places[None if pd.isna(cell.section) else int(cell.section)] * width
        y0 = top + units[cell.unit] * ROW + (ROW - lines * (side + GAP) + GAP) / 2
        for k in range(n):
            x, y = x0 + 0.7 + (k % across) * (side + GAP), y0 + (k // across) * (side + GAP)
            _draw_square(page, x, y, side, colour if k < cell.n_lead else None)


def _fit(side, width):
    return max(1, int((width - 1) / (side + GAP))) * int((ROW - 1 + GAP) / (side + GAP))


def _draw_square(page, x, y, side, colour):
    """A task: filled where the unit leads it, else an outline."""
    from matplotlib.patches import Rectangle

    line = min(0.5, side / 3)
    page.add_patch(Rectangle((x, y), side, side, facecolor=colour or "white", edgecolor="black", linewidth=line))


def plot_unit_network(graph, language="zh"):
    """Draw the network of units: names round a circle, lines between units that are named for the same tasks.

    `graph` is a network of build_unit_network. Nodes stand in order of type and number of tasks, so the picture is the same
    at every run and nearness on the circle means nothing. A node grows with its tasks and is filled where the unit leads
    one; the line grows with the tasks that two share. Of more than 100 units those with the most tasks are drawn, and the
    figure says how many are left out.

    Returns (figure, data): one row per mark: `kind` (unit, tie), `unit`, `other`, `type`, `n_tasks`, `n_lead`, `n_shared`,
    `x`, `y` (of the unit, millimetres from the centre).

    >>> import policylab as lab
    >>> graph = lab.build_unit_network(lab.list_units(lab.load_corpus()), "national-2019")
    >>> figure, data = plot_unit_network(graph, "en")
    >>> data["kind"].value_counts().to_dict()
    {'tie': 148, 'unit': 37}
    """
    if not len(graph):
        return None, pd.DataFrame()
    data = _place_units(graph)
    units = data[data["kind"] == "unit"]
    size = SIZE if len(units) <= 60 else SMALL
    names = {unit: _wrap_name(name, size, len(units)) for unit, name in gloss_units(units["unit"], language).items()}
    # How far the names reach above and below the centre.
    reach = [(RADIUS + AWAY + max(text_width(line, size) for line in names[row.unit])) * row.y / RADIUS for row in units.itertuples()]
    centre = DOUBLE_COLUMN / 2, max(RADIUS, -min(reach)) + 4
    bottom = centre[1] + max(RADIUS, max(reach)) + 6
    rest = len(graph) - len(units)
    figure, page = new_page(bottom + 9 + 3.2 * (rest > 0), language)
    places = {row.unit: (centre[0] + row.x, centre[1] + row.y) for row in units.itertuples()}
    most = max(1, int(data["n_shared"].max())) if data["n_shared"].notna().any() else 1
    for tie in data[data["kind"] == "tie"].sort_values("n_shared", kind="stable").itertuples():
        _draw_tie(page, places[tie.unit], places[tie.other], centre, tie.n_shared, most)
    largest = data["n_tasks"].max()
    for row in units.itertuples():
        _draw_unit(page, row, places[row.unit], largest)
        _write_name(page, names[row.unit], row, centre, size)
    _draw_network_key(page, bottom, data, most, largest, language)
    if rest:
        write(page, 1, bottom + 9, label("units_not_drawn", language).format(n=rest), 5.5, colour=GREY)
    return figure, data


def _place_units(graph):
    """The rows of units in their order round the circle, from the top clockwise, then the rows of ties."""
    ranked = sorted(graph, key=lambda unit: (-graph.nodes[unit]["n_tasks"], unit))[:NODES]
    types = {name: i for i, name in enumerate(TYPES)}
    ordered = sorted(ranked, key=lambda unit: (types.get(graph.nodes[unit]["type"], len(types)), ranked.index(unit)))
    rows = []
    for i, unit in enumerate(ordered):
        angle = 2 * math.pi * i / len(ordered)
        place = (round(RADIUS * math.sin(angle), 3), round(-RADIUS * math.cos(angle), 3))
        node = graph.nodes[unit]
        rows.append(("unit", unit, None, node["type"], node["n_tasks"], node["n_lead"], None, *place))
    for unit, other, n in sorted((*sorted(edge[:2]), edge[2]) for edge in graph.edges(data="n_shared")):
        if unit in ranked and other in ranked:
            rows.append(("tie", unit, other, None, None, None, n, None, None))
    columns = ["kind", "unit", "other", "type", "n_tasks", "n_lead", "n_shared", "x", "y"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[4:7], "Int64") | {"x": "float64", "y": "float64"})


def _draw_tie(page, start, end, centre, n, most):
    """A line bent towards the centre, so that neighbours on the circle are seen to be tied. The stronger, the darker."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    pull = 0.25 + 0.35 * math.dist(start, end) / (2 * RADIUS)
    bend = tuple((a + b) / 2 * (1 - pull) + c * pull for a, b, c in zip(start, end, centre, strict=True))
    share = (n - 1) / max(most - 1, 1)
    grey = 0.78 - 0.66 * share**0.5
    path = Path([start, bend, end], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    width = THINNEST + (THICKEST - THINNEST) * share
    page.add_patch(PathPatch(path, facecolor="none", edgecolor=(grey,) * 3, linewidth=width, zorder=1 + share))


def _draw_unit(page, row, place, largest):
    # The area shows the number.
    diameter = max(SMALLEST, LARGEST * math.sqrt(row.n_tasks / largest))
    filled = GREY if row.n_lead else "white"
    marker = MARKERS.get(row.type, "D")
    page.plot([place[0]], [place[1]], marker, markersize=diameter, color=filled, markeredgecolor="black", markeredgewidth=0.6, zorder=4)


def _wrap_name(name, size, n):
    """The lines of a name: two, where n names round the circle leave room for them."""
    lines = [line.strip() for line in wrap(name, LABELS, size)]
    room = 2 * math.pi * RADIUS / n
    most = 2 if room > 2 * size * LINE * MM_PER_POINT else 1
    return lines[:most] if len(lines) <= most else [*lines[: most - 1], shorten(" ".join(lines[most - 1 :]), LABELS, size)]


def _write_name(page, lines, row, centre, size):
    """The name outside the circle, turned along its radius and never upside down."""
    x, y = row.x / RADIUS, row.y / RADIUS
    angle = -math.degrees(math.atan2(y, x))
    left = x < -1e-9
    turn = angle + 180 if left else angle
    distance = RADIUS + AWAY
    side = "right" if left else "left"
    page.text(
        *(centre[0] + x * distance, centre[1] + y * distance, "\n".join(lines)),
        **{"fontsize": size, "rotation": round(turn, 3), "rotation_mode": "anchor", "linespacing": 1.1},
        **{"ha": side, "ma": side, "va": "center"},
    )


def _draw_network_key(page, y, data, most, largest, language):
    units = data[data["kind"] == "unit"]
    kinds = [kind for kind in TYPES if (units["type"] == kind).any()]

    def draw_node(kind, n, n_lead):
        row = pd.Series({"type": kind, "n_tasks": n, "n_lead": n_lead})
        return lambda x, y: _draw_unit(page, row, (x, y), largest)

    def draw_tie(n):
        return lambda x, y: _draw_tie(page, (x - 2.7, y), (x + 2.7, y), (x, y), n, most)

    shapes = dict.fromkeys(MARKERS.get(kind, "other") for kind in kinds)
    entries = [
        (draw_node(next(k for k in kinds if MARKERS.get(k, "other") == shape), largest / 4, 0), label(_name_shape(shape), language))
        for shape in shapes
    ]
    draw_key(page, 1, y, [*entries, (draw_node("department", largest / 4, 1), label("leads_a_task", language))])
    sizes = [(draw_node("department", n, 0), label("n_tasks_of_unit", language).format(n=n)) for n in dict.fromkeys((1, int(largest)))]
    ties = [(draw_tie(n), label("n_tasks_shared", language).format(n=n)) for n in dict.fromkeys((1, most))]
    draw_key(page, 1, y + 5, [*sizes, *(ties if (data["kind"] == "tie").any() else [])])


def _name_shape(shape):
    return {"o": "department", "s": "affiliated", "^": "authority"}.get(shape, "other_units")
