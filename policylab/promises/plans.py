"""Two plans side by side: which two, and everything that is compared between them, as tables."""

import warnings
from dataclasses import dataclass

import pandas as pd

from policylab.alignment.align import align_tasks
from policylab.corpus.catalog import LEVELS
from policylab.errors import PolicylabError, PolicylabWarning
from policylab.labels import name_documents, region_order
from policylab.promises.actors import compare_units
from policylab.promises.cascade import RELATIONS, compare_targets, find_document
from policylab.promises.sources import compare_sources
from policylab.promises.strength import compare_strength


@dataclass(frozen=True)
class Plans:
    """A document and its reference with the tables that compare them; without a reference the tables are empty."""

    document_id: str
    reference_id: str | None
    tasks: pd.DataFrame  # of align_tasks, the matched pairs only
    targets: pd.DataFrame  # of compare_targets
    units: pd.DataFrame  # of compare_units
    strength: pd.DataFrame  # of compare_strength
    sources: pd.DataFrame  # of compare_sources, with document_id and reference_id before its columns

    def __repr__(self):
        sizes = ", ".join(
            f"{len(getattr(self, name))} {name}" for name in ("tasks", "targets", "units", "strength", "sources")
        )
        return f"Plans({self.document_id} against {self.reference_id}: {sizes})"


def choose_pair(corpus, document_id="", reference_id=""):
    """The document to look at and the one to compare it with, as (document_id, reference_id).

    What is given is kept; what is empty is chosen. The reference is the latest national document that is not later than
    the document, so of the same year if there is one. The document is the latest below the national level that has a
    reference of its own year, else the latest that has any; of several of one year, the first in the official order of
    regions. In a corpus without such a pair it is the latest that follows another one of its own region, and the
    reference is the one before it. A reference that nothing suits is None.

    Raises PolicylabError if the corpus is empty, an id is not in it, or both are the same.

    >>> import policylab as lab
    >>> choose_pair(lab.load_corpus()), choose_pair(lab.load_corpus(), "fujian-2020")
    (('chongqing-2019', 'national-2019'), ('fujian-2020', 'national-2019'))
    """
    if corpus.documents.empty:
        raise PolicylabError("The corpus holds no document. Add rows to its catalog.")
    given = {name: find_document(corpus, name) for name in filter(None, (document_id, reference_id))}
    if document_id and document_id == reference_id:
        raise PolicylabError(
            f"document_id and reference_id are both {document_id!r}. Leave one empty to have it chosen."
        )
    # Another publication of a document is compared only if it is named.
    originals = corpus.documents[corpus.documents["version_of"].isna()]
    listed = sorted(originals.itertuples(), key=_rank)
    candidates = [given[document_id]] if document_id else [d for d in listed if d.document_id != reference_id]
    if not candidates:
        raise PolicylabError(f"The corpus holds no document beside reference_id {reference_id!r}. Leave it empty.")
    pairs = [(d, given[reference_id] if reference_id else _choose_reference(d, listed)) for d in candidates]
    document, reference = max(pairs, key=lambda pair: _suitability(*pair))
    return document.document_id, None if reference is None else reference.document_id


def _rank(document):
    return document.year, LEVELS.index(document.level), region_order(document.region), document.document_id


def _choose_reference(document, listed):
    """The best of the documents in `listed`, which are in the order of years; None if none suits."""
    national = [d for d in listed if d.level == "national" and d.year <= document.year and document.level != "national"]
    before = [d for d in listed if d.region == document.region and d.year < document.year]
    return (national or before or [None])[-1]


def _suitability(document, reference):
    """Greater for a document that makes the better pair: with the centre, of one year, late."""
    if reference is None:
        return False, False, False, document.year
    return True, document.level != reference.level, document.year == reference.year, document.year


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
        warnings.simplefilter("ignore", PolicylabWarning)  # list_units tells the same to whoever looks at units
        units = compare_units(corpus, *ids, tasks)
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


def name_document(corpus, document_id, language):
    """The name of one document of a corpus, as name_documents has it.

    Raises PolicylabError if the corpus does not hold the document.

    >>> import policylab as lab
    >>> name_document(lab.load_corpus(), "chongqing-2019", "zh")
    '重庆 2019'
    """
    document = find_document(corpus, document_id)
    return name_documents(corpus.documents, language)[document.document_id]
