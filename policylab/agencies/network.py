"""The network of units that are named for the same tasks."""

import pandas as pd

from policylab.base.errors import PolicylabError

SHARED = ("task", "paragraph")


def build_agency_network(mentions, document_id, shared="task"):
    """The network of a document's units: a networkx Graph whose edges join units that are named for the same task.

    `mentions` is the table of list_agencies. Nodes are canonical names with `tier`, `type`, `n_tasks`, `n_lead`; edges have
    `n_shared`, the number of tasks (with shared="paragraph", of brackets) that name both. One task joins all its units
    with each other, so a task with nine units alone makes 36 edges: density grows with the length of brackets, not only
    with cooperation. A document without responsibilities gives a graph without nodes.

    Nodes and edges are added in sorted order; a layout with a fixed seed is the same at every run.

    >>> import policylab as lab
    >>> graph = build_agency_network(lab.list_agencies(lab.load_corpus()), "national-2019", shared="paragraph")
    >>> graph.edges["中央电化教育馆", "科学技术与信息化司"]["n_shared"]
    11
    """
    import networkx as nx

    if shared not in SHARED:
        raise PolicylabError(f"shared={shared!r} is unknown. Use one of {', '.join(map(repr, SHARED))}.")
    own = mentions[(mentions["document_id"] == document_id) & mentions[shared].notna()]
    graph = nx.Graph()
    for unit, rows in own.groupby("unit"):
        leads = rows.loc[rows["role"] == "lead", "task"].nunique()
        first = rows.iloc[0]
        graph.add_node(
            unit, tier=first["tier"], type=first["type"], n_tasks=int(rows["task"].nunique()), n_lead=int(leads)
        )
    counts = {}
    for _, rows in own.groupby(shared):
        units = sorted(set(rows["unit"]))
        for i, unit in enumerate(units):
            for other in units[i + 1 :]:
                counts[unit, other] = counts.get((unit, other), 0) + 1
    graph.add_edges_from((a, b, {"n_shared": n}) for (a, b), n in sorted(counts.items()))
    return graph


def measure_agencies(graph):
    """The place of each unit in its network: one row is a unit, the best connected first.

    Columns: `unit`, `tier`, `type`, `n_tasks`, `n_lead`; `degree` (units it shares a task with), `n_shared` (shared tasks
    added over these), `degree_centrality` (degree / (n - 1), 0-1), `betweenness` (share of shortest paths between other
    units that pass through it, 0-1), `component` (1 is the largest).

    At this size (some 20 to 40 units, most with one to three tasks) the measures describe the document and nothing more:
    a single long bracket moves them. Degree mostly follows the number of tasks. High betweenness with few tasks marks a
    unit that joins areas which otherwise share nobody; most units have zero. No interval and no comparison of two
    documents' values is warranted, for they depend on the number of units.

    >>> import networkx as nx
    >>> path = nx.path_graph(["科技处", "基教处", "高教处"])
    >>> measure_agencies(path)[["unit", "degree", "betweenness"]].values.tolist()
    [['基教处', 2, 1.0], ['科技处', 1, 0.0], ['高教处', 1, 0.0]]
    """
    import networkx as nx

    degree, between = nx.degree_centrality(graph), nx.betweenness_centrality(graph)
    component = {unit: k for k, units in enumerate(_list_components(graph), 1) for unit in units}
    rows = [
        (
            *(unit, *(graph.nodes[unit].get(name) for name in ("tier", "type", "n_tasks", "n_lead"))),
            *(graph.degree(unit), sum(graph.edges[unit, other].get("n_shared", 1) for other in graph[unit])),
            # A network of one unit has no others: its centrality is undefined, not one.
            *(degree[unit] if len(graph) > 1 else float("nan"), between[unit], component[unit]),
        )
        for unit in sorted(graph)
    ]
    columns = [
        "unit",
        "tier",
        "type",
        "n_tasks",
        "n_lead",
        "degree",
        "n_shared",
        "degree_centrality",
        "betweenness",
        "component",
    ]
    table = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[3:7] + ["component"], "Int64"))
    return table.sort_values(["degree", "n_shared", "unit"], ascending=[False, False, True], ignore_index=True)


def summarize_network(graph):
    """The network as a whole: one row.

    Columns: `n_units`, `n_edges`; `density` (edges / possible edges, 0-1, NaN with fewer than two units): higher means
    that tasks are spread over longer lists of units, and it falls as units are added, so compare it only between networks
    of similar size; `n_components` and `share_largest` (units in the largest, 0-1): one component with nearly all units
    means that some unit, mostly the one for informatization, is named nearly everywhere; small components are tasks that
    a unit carries alone or with partners of its own; `n_alone`: units that share no task.

    >>> import networkx as nx
    >>> summarize_network(nx.path_graph(["科技处", "基教处", "高教处"]))[["n_units", "n_edges", "n_components"]].values.tolist()
    [[3, 2, 1]]
    """
    import networkx as nx

    n, sizes = len(graph), [len(units) for units in _list_components(graph)]
    row = {
        "n_units": n,
        "n_edges": graph.number_of_edges(),
        "density": nx.density(graph) if n > 1 else float("nan"),
        "n_components": len(sizes),
        "share_largest": sizes[0] / n if n else float("nan"),
        "n_alone": sum(size == 1 for size in sizes),
    }
    return pd.DataFrame([row])


def _list_components(graph):
    """The connected components, the largest first; of equal ones the first by name."""
    import networkx as nx

    return sorted((sorted(units) for units in nx.connected_components(graph)), key=lambda units: (-len(units), units))
