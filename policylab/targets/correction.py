"""The target cascade corrected for the errors of the alignment it rests on."""

from collections import Counter

import numpy as np
import pandas as pd

from policylab.alignment.align import align_tasks
from policylab.alignment.coverage import UNRELATED
from policylab.alignment.falsematches import list_unrelated
from policylab.alignment.reliability import Reliability, draw_links
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.resampling import check_resamples, interval
from policylab.corpus.bundle import Corpus
from policylab.corpus.choice import find_document
from policylab.targets.cascade import RELATIONS, relate_promises
from policylab.targets.names import compile_qualifiers, load_qualifiers
from policylab.targets.promises import find_candidates, list_promises

COLUMNS = ["document_id", "reference_id", "relation", "n", "corrected", "corrected_low", "corrected_high", "reason"]


def correct_targets(
    corpus: Corpus,
    document_id: str,
    reference_id: str | None,
    *,
    pairs: pd.DataFrame | None = None,
    reliability: Reliability | None = None,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Count what became of targets, within the matched tasks and within the links that readers would make.

    Parameters
    ----------
    corpus : Corpus
        The corpus that holds both documents.
    document_id : str
        The document.
    reference_id : str or None
        The document it is compared with.
    pairs : DataFrame, optional
        The whole table of align_tasks for the two. By default they are aligned.
    reliability : Reliability, optional
        What scores are worth, by codes of these two documents (lab.calibrate_alignment). By default what they are worth on
        other documents.
    n_resamples : int, optional
        Draws of links behind the corrected numbers: 40 or more, or 0 for none.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a relation of compare_targets: `document_id`, `reference_id`, `relation`; `n` (rows of that relation within
        matched tasks); `corrected`, the number to expect within the links that readers would make, and `corrected_low`,
        `corrected_high` (95%); `reason` (why these are NaN: the two documents share too little, measure_false_matches). Empty
        without a reference, or if one of the two documents has no tasks.

    Raises
    ------
    PolicylabError
        For missing columns, pairs of other documents, and 1 to 39 resamples.

    Notes
    -----
    Links are drawn as in summarize_alignment, and targets compared anew within each draw. The interval holds the errors of the
    alignment alone: not those of reading the targets, nor doubts about which of them are the same thing. It is NaN where all draws
    give the same number, which the alignment then leaves no doubt about.

    Examples
    --------
    >>> import policylab as lab
    >>> table = correct_targets(lab.load_corpus(), "chongqing-2019", "national-2019").set_index("relation")
    >>> table.loc["scaled", ["n", "corrected"]].round(1).tolist()
    [1.0, 1.0]
    """
    check_resamples(n_resamples, seed)
    if reference_id is None or not {document_id, reference_id} <= set(corpus.tasks["document_id"]):
        return pd.DataFrame(columns=COLUMNS)
    ids = (document_id, reference_id)
    pairs = align_tasks(corpus, document_id, reference_id) if pairs is None else pairs
    need_columns(pairs, ["document_id", "task", "reference_id", "reference_task", "score", "matched"], "pairs")
    pairs = pairs[(pairs["document_id"] == document_id) & (pairs["reference_id"] == reference_id)]
    if pairs.empty:
        raise PolicylabError(
            f"pairs holds no pair of {document_id} and {reference_id}. Pass their table of align_tasks."
        )
    documents = [find_document(corpus, name) for name in ids]
    words = compile_qualifiers(load_qualifiers())
    own, other = (list_promises(corpus, name, words) for name in ids)
    candidates = find_candidates(own, other)
    # Whether another pair of tasks is linked changes no relation.
    telling = {(own[i].task, other[j].task) for i, j in candidates}
    rows = [pair in telling for pair in zip(pairs["task"].astype(int), pairs["reference_task"].astype(int))]
    matched = pairs["matched"].to_numpy(dtype=bool)[rows]
    drawn = draw_links(pairs, reliability, n_resamples, seed)[:, rows]
    # Few pairs of tasks have targets that are about the same thing, so few sets of them occur.
    sets, place = np.unique(np.vstack([matched, drawn]), axis=0, return_inverse=True)
    tasks = pairs.loc[rows, ["task", "reference_task"]].to_numpy(dtype=int)
    counts = np.array([_count(own, other, candidates, tasks[kept], documents) for kept in sets])[place.ravel()]
    corrected = counts[1:].mean(axis=0) if n_resamples else np.full(len(RELATIONS), np.nan)
    low, high = interval(counts[1:].astype(float))
    numbers = {"n": counts[0], "corrected": corrected, "corrected_low": low, "corrected_high": high}
    table = pd.DataFrame({"relation": list(RELATIONS)} | numbers).assign(reason="")
    if n_resamples and list_unrelated(pairs, reliability):
        table = table.assign(corrected=np.nan, corrected_low=np.nan, corrected_high=np.nan, reason=UNRELATED)
    return table.assign(document_id=document_id, reference_id=reference_id)[COLUMNS]


def _count(own, other, candidates, tasks, documents):
    """How many rows compare_targets has of each relation if these pairs of tasks are matched."""
    rows = relate_promises(own, other, candidates, set(map(tuple, tasks.tolist())), documents)
    counts = Counter(row.relation for row in rows)
    return [counts[relation] for relation in RELATIONS]
