"""The network of agencies that are named for the same tasks."""

from typing import TYPE_CHECKING

import pandas as pd

from policylab.words.units import check_unit

if TYPE_CHECKING:
    import networkx as nx

UNITS = ("task", "paragraph")


def build_agency_network(mentions: pd.DataFrame, document_id: str, *, unit: str = "task") -> "nx.Graph":
    """Build the network of a document's agencies, with an edge between any two that are named for the same task.

    Parameters
    ----------
    mentions : DataFrame
        Table of list_agencies.
    document_id : str
        The document.
    unit : {"task", "paragraph"}
        The unit of text that two agencies share: a task, or the paragraph that a bracket closes.

    Returns
    -------
    networkx.Graph
        Nodes are canonical names, with `tier`, `type`, `n_tasks`, `n_lead`. Edges have `n_shared`, the number of units that
        name both. Nodes and edges are added in sorted order, so that a layout with a fixed seed is the same in every run.
        A document that names no agency gives a graph without nodes.

    Raises
    ------
    PolicylabError
        If `unit` is unknown.

    Notes
    -----
    A task joins all its agencies with each other: one task with nine agencies makes 36 edges. Density therefore grows with
    the length of brackets, not only with cooperation.

    Examples
    --------
    >>> import policylab as lab
    >>> graph = build_agency_network(lab.list_agencies(lab.load_corpus()), "national-2019", unit="paragraph")
    >>> graph.edges["中央电化教育馆", "科学技术与信息化司"]["n_shared"]
    11
    """
    import networkx as nx

    unit = check_unit(unit, UNITS)
    own = mentions[(mentions["document_id"] == document_id) & mentions[unit].notna()]
    graph = nx.Graph()
    for agency, rows in own.groupby("agency"):
        n_tasks, n_lead = rows["task"].nunique(), rows.loc[rows["role"] == "lead", "task"].nunique()
        first = rows.iloc[0]
        graph.add_node(agency, tier=first["tier"], type=first["type"], n_tasks=int(n_tasks), n_lead=int(n_lead))
    counts = {}
    for _, rows in own.groupby(unit):
        agencies = sorted(set(rows["agency"]))
        for i, agency in enumerate(agencies):
            for other in agencies[i + 1 :]:
                counts[agency, other] = counts.get((agency, other), 0) + 1
    graph.add_edges_from((a, b, {"n_shared": n}) for (a, b), n in sorted(counts.items()))
    return graph


def measure_agencies(graph: "nx.Graph") -> pd.DataFrame:
    """Measure the position of each agency in its network: one row is an agency.

    Parameters
    ----------
    graph : networkx.Graph
        A network of build_agency_network.

    Returns
    -------
    DataFrame
        `agency`, `tier`, `type`, `n_tasks`, `n_lead`; `degree`, the number of agencies with which it shares a task;
        `n_shared`, the shared tasks summed over these agencies; `degree_centrality`, degree / (n - 1), 0 to 1, NaN in a
        network of one agency; `betweenness`, the share of the shortest paths between other agencies that pass through it,
        0 to 1; `component`, 1 for the largest. The best connected agency comes first.

    Notes
    -----
    At this size (some 20 to 40 agencies, most with one to three tasks) the measures describe one document and nothing
    more: a single long bracket changes them. Degree mostly follows the number of tasks. High betweenness with few tasks
    marks an agency that links areas which otherwise share nobody; most agencies have zero. There is no basis for an
    interval or for comparing the values of two documents, because they depend on the number of agencies.

    Source: Freeman, L. C. (1978). Centrality in social networks: conceptual clarification. Social Networks 1(3), 215-239.

    Examples
    --------
    >>> import networkx as nx
    >>> path = nx.path_graph(["科技处", "基教处", "高教处"])
    >>> measure_agencies(path)[["agency", "degree", "betweenness"]].values.tolist()
    [['基教处', 2, 1.0], ['科技处', 1, 0.0], ['高教处', 1, 0.0]]
    """
    import networkx as nx

    degree, between = nx.degree_centrality(graph), nx.betweenness_centrality(graph)
    component = {agency: k for k, agencies in enumerate(_list_components(graph), 1) for agency in agencies}
    rows = [
        (
            *(agency, *(graph.nodes[agency].get(name) for name in ("tier", "type", "n_tasks", "n_lead"))),
            *(graph.degree(agency), sum(graph.edges[agency, other].get("n_shared", 1) for other in graph[agency])),
            # networkx gives a single node the centrality 1, but degree / (n - 1) is undefined there.
            *(degree[agency] if len(graph) > 1 else float("nan"), between[agency], component[agency]),
        )
        for agency in sorted(graph)
    ]
    counted = ["n_tasks", "n_lead", "degree", "n_shared"]
    columns = ["agency", "tier", "type", *counted, "degree_centrality", "betweenness", "component"]
    table = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys([*counted, "component"], "Int64"))
    return table.sort_values(["degree", "n_shared", "agency"], ascending=[False, False, True], ignore_index=True)


def summarize_network(graph: "nx.Graph") -> pd.DataFrame:
    """Describe a network as a whole: there is one row.

    Parameters
    ----------
    graph : networkx.Graph
        A network of build_agency_network.

    Returns
    -------
    DataFrame
        `n_agencies`, `n_edges`; `density`, edges / possible edges, 0 to 1, NaN with fewer than two agencies;
        `n_components`; `share_largest`, the share of agencies in the largest component, 0 to 1, NaN without agencies;
        `n_alone`, the agencies that share no task.

    Notes
    -----
    Higher density means that tasks name more agencies each. It falls as agencies are added, so compare it only between
    networks of similar size. One component with nearly all agencies means that some agency, usually the one for
    informatization, is named almost everywhere; small components are tasks that an agency carries out alone or with
    partners of its own.

    Examples
    --------
    >>> import networkx as nx
    >>> path = nx.path_graph(["科技处", "基教处", "高教处"])
    >>> summarize_network(path)[["n_agencies", "n_edges", "n_components"]].values.tolist()
    [[3, 2, 1]]
    """
    import networkx as nx

    n, sizes = len(graph), [len(agencies) for agencies in _list_components(graph)]
    row = {
        "n_agencies": n,
        "n_edges": graph.number_of_edges(),
        "density": nx.density(graph) if n > 1 else float("nan"),
        "n_components": len(sizes),
        "share_largest": sizes[0] / n if n else float("nan"),
        "n_alone": sum(size == 1 for size in sizes),
    }
    return pd.DataFrame([row])


def _list_components(graph):
    """The connected components, the largest first; those of equal size in the order of their first names."""
    import networkx as nx

    components = (sorted(agencies) for agencies in nx.connected_components(graph))
    return sorted(components, key=lambda agencies: (-len(agencies), agencies))
