"""What is matched where there is no counterpart: tasks without the part of the reference that held theirs, and unrelated texts."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from policylab.alignment.align import CURVE, THRESHOLD, align_tasks, check_background, read_units
from policylab.alignment.background import Background
from policylab.alignment.evaluation import join_gold, take_only
from policylab.alignment.likeness import compare_with_sample
from policylab.base.arguments import check_share
from policylab.base.columns import need_columns
from policylab.corpus.bundle import Corpus

# A third of the background's sample. In half of it, one text in thirty is of the same field as a plan of a single field.
N_UNRELATED = 100
_PAIR = ["task", "reference_task"]
_COLUMNS = ["document_id", "task", "reference_id", "reference_task", "score", "matched", "n_matched", "n_compared"]


def measure_null(
    corpus: Corpus,
    pairs: pd.DataFrame,
    *,
    gold: pd.DataFrame | dict | list | None = None,
    threshold: float = THRESHOLD,
    background: Background | None = None,
) -> pd.DataFrame:
    """Measure how often a task is matched where it has no counterpart.

    Parameters
    ----------
    corpus : Corpus
        The corpus of both documents.
    pairs : DataFrame
        The table of align_tasks for one document and one reference.
    gold : DataFrame or dict or list or None, optional
        As in evaluate_alignment. For every task with links the sections of the reference that hold one (or, where it has no
        sections, the linked tasks) are taken out, and the rest is aligned anew: whatever is matched then is false. With codes of
        some pairs only a counterpart that was not coded may be left, and the share errs to the high side. Without gold the
        tasks are aligned with texts of the background in the place of the reference: those 100 of its sample of 300 that
        are least like them.
    threshold : float, optional
        The score (0-1) from which a pair is matched.
    background : Background, optional
        As for align_tasks.

    Returns
    -------
    DataFrame
        A row is a task and its best match where it has no counterpart: `document_id`, `task`, `reference_id`,
        `reference_task` (missing for a text of the background), `score` (0 to 1), `matched`; `n_matched` of the `n_compared`
        tasks or texts. Tasks without a link are left out if there is gold, and so are those that lose all but one task of
        the reference. Empty if there are no pairs.

    Raises
    ------
    PolicylabError
        For missing columns, a threshold that is no score, and as evaluate_alignment and align_tasks.

    Notes
    -----
    The two ask different questions. Without counterpart, but beside other tasks of the same plan, 12 to 20% of tasks are matched
    in the plans for education: a neighbour then stands out (security of networks, training). Unrelated texts match 0 to 10% of
    tasks, most often none. A plan of all fields, such as a work report, has no unrelated texts; what is found then is no chance.
    How many of the matches at hand are false measure_false_matches tells.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> null = measure_null(corpus, lab.align_tasks(corpus, "chongqing-2019", "national-2019"))
    >>> len(null), bool(null["matched"].mean() < 0.15)
    (31, True)
    """
    need_columns(pairs, ["document_id", *_PAIR, "reference_id", "score", "matched"], "pairs")
    check_share("threshold", threshold)
    if pairs.empty:
        return pd.DataFrame(columns=_COLUMNS)
    ids = take_only(pairs, "document_id"), take_only(pairs, "reference_id")
    background = check_background(background)
    if gold is None:
        parts = [_compare_with_background(corpus, *ids, threshold, background)]
    else:
        options = {"threshold": threshold, "background": background}
        parts = [
            _find_best(align_tasks(part, *ids, **options), tasks)
            for part, tasks in _remove_counterparts(corpus, join_gold(pairs, gold, True), *ids)
        ]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=_COLUMNS)
    types: dict[str, Any] = {"reference_task": "Int64", "matched": bool, "n_matched": "int64", "n_compared": "int64"}
    return table[_COLUMNS].astype(types).sort_values("task", ignore_index=True)


def _compare_with_background(corpus, document_id, reference_id, threshold, background):
    units = read_units(corpus, document_id, "task")
    score = CURVE.score(compare_with_sample(units, background, N_UNRELATED))
    matched = score >= threshold
    columns = {"document_id": document_id, "task": units["unit"], "reference_id": reference_id, "reference_task": pd.NA}
    columns |= {"score": score.max(axis=1), "matched": matched.any(axis=1)}
    return pd.DataFrame(columns | {"n_matched": matched.sum(axis=1), "n_compared": score.shape[1]})


def _remove_counterparts(
    corpus: Corpus, coded: pd.DataFrame, document_id: str, reference_id: str
) -> Iterator[tuple[Corpus, list]]:
    """(corpus without the home of some tasks' counterparts, these tasks), once for each set of homes."""
    own = corpus.tasks["document_id"] == reference_id
    reference = corpus.tasks[own]
    home = "task" if reference["section"].isna().any() else "section"
    links = coded[coded["linked"]]
    homes = links["reference_task"].map(reference.set_index("task", drop=False)[home])
    groups: dict[frozenset, list] = {}
    for task, held in homes.groupby(links["task"]):
        groups.setdefault(frozenset(held), []).append(task)
    for held, tasks in groups.items():
        kept = ~own | ~corpus.tasks[home].isin(held)
        # With a single task left nothing is relative to others.
        if (kept & own).sum() >= 2:
            yield replace(corpus, tasks=corpus.tasks[kept]), tasks


def _find_best(pairs, tasks):
    """The best match of some tasks, and how many they have."""
    pairs = pairs[pairs["task"].isin(tasks)]
    groups = pairs.groupby("task")
    best = pairs.loc[groups["score"].idxmax()].set_index("task")
    sizes = {"n_matched": groups["matched"].sum(), "n_compared": groups.size()}
    return best.assign(**sizes).reset_index()
