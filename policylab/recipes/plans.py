"""Two plans side by side: which two, and everything that is compared between them, as tables."""

import warnings
from dataclasses import dataclass

import pandas as pd

from policylab.agencies.responsibilities import compare_agencies
from policylab.alignment.align import align_tasks
from policylab.base.errors import PolicylabWarning
from policylab.citations.sources import compare_sources
from policylab.corpus.choice import choose_pair
from policylab.targets.cascade import RELATIONS, compare_targets
from policylab.wording.strength import compare_strength


@dataclass(frozen=True)
class Plans:
    """A document and its reference with the tables that compare them; without a reference the tables are empty."""

    document_id: str
    reference_id: str | None
    tasks: pd.DataFrame  # of align_tasks, the matched pairs only
    targets: pd.DataFrame  # of compare_targets
    units: pd.DataFrame  # of compare_agencies
    strength: pd.DataFrame  # of compare_strength
    sources: pd.DataFrame  # of compare_sources, with document_id and reference_id before its columns

    def __repr__(self):
        sizes = ", ".join(
            f"{len(getattr(self, name))} {name}" for name in ("tasks", "targets", "units", "strength", "sources")
        )
        return f"Plans({self.document_id} against {self.reference_id}: {sizes})"


def compare_plans(corpus, document_id="", reference_id=""):
    """Everything that is compared between two plans: the tasks matched by align_tasks, and on these pairs the targets,
    units, wording and sources. Empty ids are chosen by choose_pair.

    Returns Plans. Tables are empty, with nothing raised, where there is nothing to compare: no reference, no tasks
    in one of the two, no targets, responsibilities or citations.

    Raises PolicylabError as choose_pair does.

    >>> import policylab as lab
    >>> plans = compare_plans(lab.load_corpus())
    >>> plans.targets.loc[plans.targets["relation"] == "scaled", "ratio"].tolist()
    [0.15]
    """
    document_id, reference_id = choose_pair(corpus, document_id, reference_id)
    if reference_id is None:
        return Plans(document_id, None, *(pd.DataFrame() for _ in range(5)))
    ids = (document_id, reference_id)
    if set(ids) <= set(corpus.tasks["document_id"]):
        tasks = align_tasks(corpus, *ids)
        tasks = tasks[tasks["matched"]].reset_index(drop=True)
    else:
        tasks = pd.DataFrame(columns=["document_id", "task", "reference_id", "reference_task", "score", "matched"])
    sources = compare_sources(corpus, *ids)
    sources.insert(0, "document_id", document_id)
    sources.insert(1, "reference_id", reference_id)
    targets, strength = compare_targets(corpus, *ids, tasks), compare_strength(corpus, *ids, tasks)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicylabWarning)  # list_agencies tells the same to whoever looks at units
        units = compare_agencies(corpus, *ids, tasks)
    return Plans(*ids, tasks, targets, units, strength, sources)


def vary_threshold(corpus, document_id, reference_id, thresholds=(0.3, 0.45, 0.6)):
    """How far the results depend on which tasks count as matched: one row is a threshold of align_tasks.

    Columns: `threshold`, `n_pairs` (matched), one for each relation of compare_targets (numbers of rows),
    `median_delta` (of compare_strength, NaN without pairs). Where the rows differ little, no conclusion hangs on
    the threshold. The table is empty without a reference or without tasks in one of the two.

    >>> import policylab as lab
    >>> vary_threshold(lab.load_corpus(), "chongqing-2019", "national-2019")["scaled"].tolist()
    [1, 1, 1]
    """
    columns = ["threshold", "n_pairs", *RELATIONS, "median_delta"]
    if not {document_id, reference_id} <= set(corpus.tasks["document_id"]):
        return pd.DataFrame(columns=columns)
    scores = align_tasks(corpus, document_id, reference_id)
    rows = []
    for threshold in thresholds:
        pairs = scores[scores["score"] >= threshold].drop(columns="matched")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PolicylabWarning)  # compare_plans has told which plan has no targets
            relations = compare_targets(corpus, document_id, reference_id, pairs)["relation"].value_counts()
        delta = compare_strength(corpus, document_id, reference_id, pairs)["delta"].median()
        rows.append((threshold, len(pairs), *(int(relations.get(relation, 0)) for relation in RELATIONS), delta))
    return pd.DataFrame(rows, columns=columns)
