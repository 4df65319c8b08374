"""Whether matched tasks go to agencies with the same remit, corrected for the errors of the alignment."""

import warnings

import numpy as np
import pandas as pd

from policylab.agencies.responsibilities import compare_agencies
from policylab.alignment.align import align_tasks
from policylab.alignment.coverage import UNRELATED
from policylab.alignment.falsematches import list_unrelated
from policylab.alignment.reliability import Reliability, draw_links
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError, PolicylabWarning
from policylab.base.resampling import check_resamples, divide, interval
from policylab.corpus.bundle import Corpus

OUTCOMES = ("same role", "other role", "elsewhere", "no counterpart")
COLUMNS = [
    "document_id",
    "reference_id",
    "outcome",
    "n",
    "share",
    "corrected",
    "corrected_low",
    "corrected_high",
    "reason",
]


def correct_counterparts(
    corpus: Corpus,
    document_id: str,
    reference_id: str | None,
    *,
    pairs: pd.DataFrame | None = None,
    agencies: pd.DataFrame | None = None,
    reliability: Reliability | None = None,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Count the outcomes of compare_agencies, within the matched tasks and within the links that readers would make.

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
    agencies : DataFrame, optional
        The table of agencies, by default the one that ships (load_agencies).
    reliability : Reliability, optional
        What scores are worth, by codes of these two documents (lab.calibrate_alignment). By default what they are worth on
        other documents.
    n_resamples : int, optional
        Draws of links behind the corrected shares: 40 or more, or 0 for none.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is an outcome of compare_agencies: `document_id`, `reference_id`, `outcome`; `n` (agencies of the reference with that
        outcome, in matched tasks), `share` (0 to 1, of those whose remit is known); `corrected`, the share to expect within
        the links that readers would make, and `corrected_low`, `corrected_high` (95%); `reason` (why these are NaN: the two
        documents share too little, measure_false_matches). Empty without a reference, or if one of the two has no tasks.

    Raises
    ------
    PolicylabError
        For missing columns, pairs of other documents, and 1 to 39 resamples.

    Notes
    -----
    Links are drawn as in summarize_alignment. The interval holds the errors of the alignment alone; it is NaN where all draws
    give the same share.

    Examples
    --------
    >>> import policylab as lab
    >>> table = correct_counterparts(lab.load_corpus(), "chongqing-2019", "national-2019").set_index("outcome")
    >>> table.loc["same role", ["n", "share", "corrected"]].round(1).tolist()
    [82.0, 0.5, 0.5]
    """
    check_resamples(n_resamples, seed)
    if reference_id is None or not {document_id, reference_id} <= set(corpus.tasks["document_id"]):
        return pd.DataFrame(columns=COLUMNS)
    pairs = align_tasks(corpus, document_id, reference_id) if pairs is None else pairs
    need_columns(pairs, ["document_id", "task", "reference_id", "reference_task", "score", "matched"], "pairs")
    pairs = pairs[(pairs["document_id"] == document_id) & (pairs["reference_id"] == reference_id)]
    if pairs.empty:
        raise PolicylabError(
            f"pairs holds no pair of {document_id} and {reference_id}. Pass their table of align_tasks."
        )
    links = np.vstack([pairs["matched"].to_numpy(dtype=bool), draw_links(pairs, reliability, n_resamples, seed)])
    # What a pair of tasks contributes does not depend on the other pairs.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicylabWarning)  # list_agencies warns of the same names
        found = compare_agencies(
            corpus, document_id, reference_id, pairs=pairs[links.any(axis=0)].assign(matched=True), agencies=agencies
        )
    known = found[found["counterpart"].notna()]
    counts = known.groupby(["task", "reference_task", "outcome"]).size().unstack(fill_value=0)
    places = pd.MultiIndex.from_frame(pairs[["task", "reference_task"]].astype("Int64"))
    drawn = links @ counts.reindex(index=places, columns=list(OUTCOMES), fill_value=0).to_numpy()
    shares = divide(drawn, drawn.sum(axis=1, keepdims=True))
    defined, reason = shares[1:][~np.isnan(shares[1:, 0])], ""
    if n_resamples and list_unrelated(pairs, reliability):
        defined, reason = defined[:0], UNRELATED
    low, high = interval(defined)
    corrected = defined.mean(axis=0) if len(defined) else low
    table = pd.DataFrame({"outcome": list(OUTCOMES), "n": drawn[0], "share": shares[0], "corrected": corrected})
    table = table.assign(corrected_low=low, corrected_high=high, reason=reason)
    return table.assign(document_id=document_id, reference_id=reference_id)[COLUMNS]
