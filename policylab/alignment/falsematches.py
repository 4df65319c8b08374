"""How many matches of two documents are expected to be false, and whether any is expected to be right.

A score is taken for the probability of a link where links are as frequent as among the pairs that the curve was fitted on. Two documents that share
no subject have none, and yet some pair of their tasks is the most alike. How frequent links are in the two documents at hand
can be told from their scores without any gold, and scores are corrected for it: the EM algorithm of Saerens, Latinne and
Decaestecker (2002), here solved exactly, for the likelihood has one maximum.
"""

import numpy as np
import pandas as pd

from policylab.alignment.align import PRIOR
from policylab.alignment.reliability import Reliability, fill_codes, measure_odds
from policylab.base.columns import need_columns

_IDS = ["document_id", "reference_id"]
# With a greater probability that no match is right two documents are not related. Anything from 0.3 to 0.7 parts the pairs of
# documents that were tried in the same way, but for two of 207.
NONE_RIGHT = 0.5


def measure_false_matches(pairs: pd.DataFrame) -> pd.DataFrame:
    """Measure how many matches of two documents are expected to be false.

    Parameters
    ----------
    pairs : DataFrame
        The whole table of align_tasks, for one document or several, of any unit. Where pairs of two documents were coded
        (match_pairs), the probabilities that follow from the codes take the place of what is said below.

    Returns
    -------
    DataFrame
        A row is a document and its reference: `document_id`, `reference_id`; `n_pairs`, `n_matched` (pairs of tasks); `n_links`
        (the expected number of links among all pairs, found or not); `n_false` and `n_right` (expected among the matches: they
        add up to n_matched); `related`: whether it is likelier than not that at least one match is right. Where it is false, the
        two documents share too little to speak of tasks that are taken up or left out: read the matches instead.

    Raises
    ------
    PolicylabError
        For missing columns, and a score that is no number from 0 to 1.

    Notes
    -----
    Scores alone decide, so the pairs that are not matched have to be in the table. False are matches by chance as well as those
    of tasks of one field that speak of different matters (training of teachers, training of engineers). On the eight pairs of
    documents with gold, each left out of the fit, 32 of 183 matches are expected to be false and 22 are; of small parts of them
    111 of 720, and 153 are. In 170 pairs of documents without a common subject 236 of 262 matches are expected to be false, and
    `related` is false for 163; it is true for all eight with gold (docs/alignment.md). Where many tasks of one document resemble
    the same task of the other (those of a plan for industry the single task on industry in an opinion on trade), too many
    count as right.

    Examples
    --------
    >>> import policylab as lab
    >>> pairs = lab.align_tasks(lab.load_corpus(), "chongqing-2019", "national-2019")
    >>> measure_false_matches(pairs)[["n_matched", "n_false", "related"]].round(1).values.tolist()
    [[41, 5.1, True]]
    """
    need_columns(pairs, [*_IDS, "score", "matched"], "pairs")
    rows = []
    for ids, part in pairs.groupby(_IDS, sort=True, observed=True):
        if "probability" in part and "linked" in part and part["linked"].notna().any():
            chance = part["probability"].to_numpy(dtype=float)
        else:
            chance = fill_codes(part, adapt_scores(part["score"].to_numpy(dtype=float)))
        found = chance[part["matched"].to_numpy(dtype=bool)]
        related = np.prod(1 - found) <= NONE_RIGHT and len(found) > 0
        rows.append((*ids, len(part), len(found), chance.sum(), (1 - found).sum(), found.sum(), related))
    columns = [*_IDS, "n_pairs", "n_matched", "n_links", "n_false", "n_right", "related"]
    types = dict.fromkeys(columns[2:4], "int64") | dict.fromkeys(columns[4:7], "float64") | {"related": bool}
    return pd.DataFrame(rows, columns=columns).astype(types)


def list_unrelated(pairs: pd.DataFrame, reliability: Reliability | None = None) -> set[tuple[str, str]]:
    """The (document_id, reference_id) that share too little, `related` being false, and of which no pair was coded.

    Nothing is corrected for them, since what scores are worth was learnt from documents that share a subject, and their tasks
    are not called left out or own. Codes, as pairs or as a reliability, know better.

    >>> pairs = pd.DataFrame({"document_id": "a", "reference_id": ["b", "c"], "score": [0.01, 0.99], "matched": True})
    >>> list_unrelated(pairs)
    {('a', 'b')}
    """
    if reliability is not None:
        return set()
    found = measure_false_matches(pairs)
    coded = pairs[pairs["linked"].notna()] if "linked" in pairs else pairs.head(0)
    return set(found.loc[~found["related"], _IDS].itertuples(index=False, name=None)) - set(
        coded[_IDS].itertuples(index=False, name=None)
    )


def adapt_scores(scores: np.ndarray) -> np.ndarray:
    """The probabilities of links (0-1) when links are as frequent as the scores of two documents say.

    >>> adapt_scores(np.array([0.01, 0.02, 0.01, 0.9])).round(2).tolist()
    [0.16, 0.28, 0.16, 0.99]
    >>> adapt_scores(np.array([0.01, 0.02, 0.01, 0.03])).round(2).tolist()
    [0.0, 0.0, 0.0, 0.0]
    """
    ratio = np.exp(measure_odds(scores) - measure_odds(np.array([PRIOR])))
    share = _find_share(ratio)
    return share * ratio / (1 - share + share * ratio)


def _find_share(ratio):
    """The share of links with the greatest likelihood, for `ratio`: how much likelier a link has such a score than another pair.

    The derivative of the log likelihood falls all the way from 0 to 1, so its root is found by halving.
    """

    def slope(share):
        return np.sum((ratio - 1) / (1 - share + share * ratio))

    if not len(ratio) or slope(0.0) <= 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return low
