"""Two plans side by side: which two, and everything that is compared between them, as tables."""

import os
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import nan

import pandas as pd

from policylab.agencies.responsibilities import compare_agencies
from policylab.alignment.align import align_tasks
from policylab.alignment.calibration import Calibration, match_from, match_pairs
from policylab.alignment.falsematches import measure_false_matches
from policylab.alignment.reliability import Reliability
from policylab.base.errors import PolicylabWarning
from policylab.citations.sources import compare_sources
from policylab.corpus.bundle import Corpus
from policylab.corpus.choice import choose_pair
from policylab.recipes.alignment import PAIR_COLUMNS, find_threshold, list_thresholds, match_by_codes, refuse_codes
from policylab.targets.cascade import RELATIONS, compare_targets
from policylab.targets.promises import SAME_THING
from policylab.wording.strength import compare_strength


@dataclass(frozen=True)
class Plans:
    """A document and its reference, with the tables that compare them; without a reference the tables are empty."""

    document_id: str
    reference_id: str | None
    tasks: pd.DataFrame  # of align_tasks, only the matched pairs
    targets: pd.DataFrame  # of compare_targets
    agencies: pd.DataFrame  # of compare_agencies
    strength: pd.DataFrame  # of compare_strength
    sources: pd.DataFrame  # of compare_sources, with document_id and reference_id as the first columns
    false_matches: pd.DataFrame  # of measure_false_matches
    pairs: pd.DataFrame  # of align_tasks, all pairs of tasks
    # By the codes of their pairs, if there are any.
    calibration: Calibration | None = field(default=None, kw_only=True)

    @property
    def reliability(self) -> Reliability | None:
        """What scores of the two documents are worth by their codes; None without codes."""
        return self.calibration.reliability if self.calibration else None

    @property
    def threshold(self) -> float:
        """The score from which pairs of tasks that were not coded are matched."""
        return find_threshold(self.calibration)

    def __repr__(self):
        names = ("tasks", "targets", "agencies", "strength", "sources")
        sizes = ", ".join(f"{len(getattr(self, name))} {name}" for name in names)
        return f"Plans({self.document_id} against {self.reference_id}: {sizes})"


def compare_plans(
    corpus: Corpus,
    document_id: str = "",
    reference_id: str = "",
    *,
    codes: str | os.PathLike | Iterable[str | os.PathLike] | pd.DataFrame | Calibration = "",
    seed: int = 0,
) -> Plans:
    """Compare two plans: their matched tasks, targets, agencies, wording and cited works.

    Parameters
    ----------
    corpus : Corpus
        The corpus.
    document_id : str, default ""
        The document. If empty, choose_pair chooses it.
    reference_id : str, default ""
        The document it is compared with. If empty, choose_pair chooses it.
    codes : path, list of path, DataFrame or Calibration
        Codes of pairs of tasks of the two, as for align_pair: tasks are then matched by them. Empty for none.
    seed : int
        Of the draws behind the intervals of the calibration.

    Returns
    -------
    Plans
        The two ids and the tables. A table is empty if there is nothing to compare: no reference, no tasks in one of the
        two, no targets, agencies or citations.

    Raises
    ------
    PolicylabError
        As in choose_pair: if the corpus is empty, an id is not in it, or both ids are the same. As in align_pair for codes.

    Warns
    -----
    PolicylabWarning
        If one of the two documents has no targets.

    Examples
    --------
    >>> import policylab as lab
    >>> plans = compare_plans(lab.load_corpus())
    >>> plans.targets.loc[plans.targets["relation"] == "scaled", "ratio"].tolist()
    [0.15]
    """
    document_id, reference_id = choose_pair(corpus, document_id, reference_id)
    comparable = {document_id, reference_id} <= set(corpus.tasks["document_id"])
    if not comparable:
        refuse_codes(codes, document_id, reference_id, "tasks")
    if reference_id is None:
        return Plans(document_id, None, *(pd.DataFrame() for _ in range(7)))
    ids = (document_id, reference_id)
    calibration, false_matches, pairs = None, pd.DataFrame(), pd.DataFrame(columns=PAIR_COLUMNS)
    tasks = pairs
    if comparable:
        pairs, calibration = match_by_codes(corpus, align_tasks(corpus, *ids), codes, seed)
        false_matches = measure_false_matches(pairs)
        tasks = pairs[pairs["matched"]].reset_index(drop=True)
    sources = compare_sources(corpus, *ids)
    sources.insert(0, "document_id", document_id)
    sources.insert(1, "reference_id", reference_id)
    targets, strength = compare_targets(corpus, *ids, pairs=tasks), compare_strength(corpus, *ids, pairs=tasks)
    with warnings.catch_warnings():
        # list_agencies warns of the same names, and whoever looks at agencies calls it.
        warnings.simplefilter("ignore", PolicylabWarning)
        agencies = compare_agencies(corpus, *ids, pairs=tasks)
    return Plans(*ids, tasks, targets, agencies, strength, sources, false_matches, pairs, calibration=calibration)


def vary_threshold(
    corpus: Corpus,
    document_id: str,
    reference_id: str | None,
    *,
    calibration: Calibration | None = None,
    thresholds: Sequence[float] = (),
    shifts: Sequence[float] = (-0.1, 0, 0.1),
) -> pd.DataFrame:
    """Repeat the comparison of two plans with other thresholds for tasks and targets: one row is a pair of thresholds.

    Parameters
    ----------
    corpus : Corpus
        The corpus.
    document_id : str
        The document.
    reference_id : str or None
        The document it is compared with.
    calibration : Calibration, optional
        By codes of pairs of the two (calibrate_alignment): coded pairs are matched as they were coded in all rows.
    thresholds : sequence of float, optional
        Scores of align_tasks (0 to 1) from which a pair of tasks counts as matched; empty for the default of 0.3, or that of
        the calibration, with one a third below and one a third above it, chosen by judgement.
    shifts : sequence of float, default (-0.1, 0, 0.1)
        What is added to both similarities from which two targets may be, and are, one thing (SAME_THING of
        compare_targets, by default 0.26 and 0.6). Chosen by judgement.

    Returns
    -------
    DataFrame
        `threshold`; `cutoff`, the similarity from which two targets are one thing; `n_pairs`, the matched pairs; `n_false`,
        how many of them are expected to be false, and `related`, whether any is expected to be right
        (measure_false_matches); for each relation of compare_targets a column
        with its number of rows; `mean_delta`, the mean `delta` of compare_strength, -1 to 1, and its `difference` from
        that of all pairs of tasks, both NaN without pairs. If one of the two documents has no tasks, `threshold` is NaN and
        only the cut-off varies. Empty without a reference, or if there is nothing to compare.

    Notes
    -----
    Where the rows differ little, the conclusions do not depend on the thresholds.

    Examples
    --------
    >>> import policylab as lab
    >>> table = vary_threshold(lab.load_corpus(), "chongqing-2019", "national-2019", shifts=[0])
    >>> table[["threshold", "cutoff", "scaled"]].values.tolist()
    [[0.2, 0.6, 1.0], [0.3, 0.6, 1.0], [0.4, 0.6, 1.0]]
    """
    columns = ["threshold", "cutoff", "n_pairs", "n_false", "related", *RELATIONS, "mean_delta", "difference"]
    if reference_id is None:
        return pd.DataFrame(columns=columns)
    ids = (document_id, reference_id)
    tasks = set(ids) <= set(corpus.tasks["document_id"])
    if not (tasks or set(ids) <= set(corpus.targets["document_id"])):
        return pd.DataFrame(columns=columns)
    scores = align_tasks(corpus, *ids) if tasks else pd.DataFrame({"task": [], "reference_task": [], "score": []})
    scores = match_pairs(scores, calibration) if calibration else scores
    rows, thresholds = [], thresholds or list_thresholds(find_threshold(calibration))
    for threshold in thresholds if tasks else [nan]:
        matched, false = match_from(scores, threshold), (nan, True)
        if tasks:
            found = measure_false_matches(matched).iloc[0]
            false = found["n_false"], found["related"]
        pairs = matched[matched["matched"]].drop(columns="matched")
        strength = compare_strength(corpus, *ids, pairs=pairs, n_resamples=0)
        firmer = strength["delta"].mean(), strength["difference"].max()  # the same in every row
        for shift in shifts:
            low, high = (round(similarity + shift, 10) for similarity in SAME_THING)
            with warnings.catch_warnings():
                # compare_plans has already warned of a plan without targets.
                warnings.simplefilter("ignore", PolicylabWarning)
                targets = compare_targets(corpus, *ids, pairs=pairs, same_thing=(low, high))
            relations = targets["relation"].value_counts()
            counts = (int(relations.get(relation, 0)) for relation in RELATIONS)
            rows.append((threshold, high, len(pairs), *false, *counts, *firmer))
    return pd.DataFrame(rows, columns=columns)
