"""What a score is worth: the probability that readers link a pair of tasks, and links drawn by it.

log odds of a link = a + b (log odds of the score - log odds of the default threshold), where a and b belong to a pair of documents.
How they differ between pairs of documents is known from the eight with gold. So a score of 0.3 is not one probability but a range of them,
and what is counted from links has an error that all links of two documents share. Codes of one's own narrow a and b down.

Two numbers are unknown, so all is computed on a grid: exact, the same on every machine, nothing iterated.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pandas as pd

from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.resampling import open_stream

# Mean and covariance of (a, b) over eight pairs of documents: `python benchmarks/reliability.py` finds them anew.
MEAN = (-0.45, 1.37)
COVARIANCE = ((0.72, 0.0), (0.0, 0.037))
N_PAIRS = 8

# The score at which the log odds of a link are a: the default threshold, near which a says most.
CENTRE = 0.3
# Wider than five standard deviations of the prior on either side. Steps are smaller than what a hundred codes leave open.
_A, _B = np.arange(-6, 6.05, 0.1), np.arange(0.2, 3.05, 0.1)
A, B = (axis.ravel() for axis in np.meshgrid(_A, _B, indexing="ij"))
# Beyond these odds a score says no more: it is 1 in 8,000.
_FARTHEST = 9.0

# Until eight pairs say more: a differs by 0.7, b by 0.2 between pairs of documents, by judgement, and counts as two pairs.
_EXPECTED, _EXPECTED_PAIRS = np.diag([0.5, 0.04]), 2
_PAIR = ["document_id", "task", "reference_id", "reference_task"]
# Probabilities that are held at a time, 8 MB: those of all draws of two documents of 300 tasks would take 720.
_CELLS = 1_000_000


@dataclass(frozen=True, eq=False)
class Reliability:
    """What scores of two documents are worth: how likely each point of the grid (A, B) is.

    Attributes
    ----------
    weights : array
        Of the points, adding up to 1.
    """

    weights: np.ndarray

    def __repr__(self):
        a, b = self.weights @ A, self.weights @ B
        spread = np.sqrt([self.weights @ (A - a) ** 2, self.weights @ (B - b) ** 2])
        return f"Reliability(a {a:.2f} ± {spread[0]:.2f}, b {b:.2f} ± {spread[1]:.2f})"

    def probability(self, scores: pd.Series | np.ndarray) -> np.ndarray:
        """The probability (0-1) that readers link pairs of these scores, the mean over a and b.

        >>> default_reliability().probability(np.array([0.05, 0.3, 0.9])).round(2).tolist()
        [0.06, 0.41, 0.95]
        """
        return np.interp(measure_odds(scores), *self._line)

    @cached_property
    def _line(self):
        """The curve of one number as straight lines: log odds in steps of 0.05, and the probability at each."""
        steps = np.arange(-_FARTHEST, _FARTHEST + 0.05, 0.05) - _CENTRE_ODDS
        return steps, self.weights @ _logistic(A[:, None] + B[:, None] * steps)


def measure_odds(scores: pd.Series | np.ndarray) -> np.ndarray:
    """The log odds of scores, less those of CENTRE; PolicylabError unless all are numbers from 0 to 1.

    >>> measure_odds(np.array([0.5, 0.7])).round(3).tolist()
    [0.847, 1.695]
    """
    scores = np.asarray(scores, dtype=float)
    wrong = ~((scores >= 0) & (scores <= 1))
    if wrong.any():
        raise PolicylabError(f"score={scores[wrong][0]:g} is no score of align_tasks, which are numbers from 0 to 1.")
    with np.errstate(divide="ignore"):
        return np.clip(np.log(scores) - np.log1p(-scores), -_FARTHEST, _FARTHEST) - _CENTRE_ODDS


_CENTRE_ODDS = float(np.log(CENTRE / (1 - CENTRE)))


def _logistic(odds):
    return 1 / (1 + np.exp(-odds))


@cache
def default_reliability() -> Reliability:
    """What scores of two documents without codes of their own are worth, from the pairs of documents with gold.

    >>> default_reliability()
    Reliability(a -0.45 ± 1.06, b 1.37 ± 0.24)
    """
    return make_prior(MEAN, COVARIANCE, N_PAIRS)


def make_prior(mean: tuple, covariance: tuple, n_pairs: int) -> Reliability:
    """What to expect of a further pair of documents: Student's t, for mean and covariance come from few (`n_pairs`)."""
    distance = np.stack([A - mean[0], B - mean[1]])
    inverse = np.linalg.inv(np.asarray(covariance) * (1 + 1 / n_pairs))
    square = np.einsum("ig,ij,jg->g", distance, inverse, distance)
    weights = (1 + square / (n_pairs - 1)) ** (-(n_pairs + 1) / 2)
    return Reliability(weights / weights.sum())


def update_reliability(
    reliability: Reliability, scores: pd.Series | np.ndarray, linked: pd.Series | np.ndarray
) -> Reliability:
    """What scores are worth after some pairs were coded: `linked` says of each of `scores` whether it is a link.

    The pairs may be chosen by their scores, but not by anything else that tells links from others.

    >>> update_reliability(default_reliability(), np.array([0.2, 0.3, 0.2, 0.1]), np.array([True, True, True, True]))
    Reliability(a 1.58 ± 1.08, b 1.29 ± 0.30)
    """
    fit = measure_fit(measure_odds(scores), np.asarray(linked, dtype=bool))
    weights = reliability.weights * np.exp(fit - fit.max())
    return Reliability(weights / weights.sum())


def sum_chances(
    reliability: Reliability, scores: pd.Series | np.ndarray, groups: np.ndarray, n_groups: int
) -> tuple[np.ndarray, np.ndarray]:
    """How many links to expect among scores: (weight of every point of the grid, links by point and group of scores).

    Points that hardly count are left out.

    >>> weights, links = sum_chances(default_reliability(), np.array([0.3, 0.3, 0.9]), np.array([0, 0, 1]), 2)
    >>> (weights @ links).round(2).tolist()
    [0.82, 0.95]
    """
    likely = reliability.weights > 1e-6 * reliability.weights.max()
    weights = reliability.weights[likely]
    steps, place = _round(measure_odds(scores))
    counts = np.zeros((len(steps), n_groups))
    np.add.at(counts, (place, groups), 1)
    return weights / weights.sum(), _logistic(A[likely, None] + B[likely, None] * steps) @ counts


def _round(odds):
    """(the distinct odds, which of them each is), in steps of 0.05."""
    return np.unique(np.round(odds / 0.05) * 0.05, return_inverse=True)


def measure_fit(odds: np.ndarray, linked: np.ndarray) -> np.ndarray:
    """The log likelihood of links, for every point of the grid; odds are rounded to 0.05."""
    steps, place = _round(odds)
    n, k = (np.bincount(place, weights, minlength=len(steps)) for weights in (None, linked))
    modelled = A[:, None] + B[:, None] * steps
    return modelled @ k - np.logaddexp(0, modelled) @ n


def draw_links(pairs: pd.DataFrame, reliability: Reliability | None, n_draws: int, seed: int) -> np.ndarray:
    """Draw which pairs are links: a row is a draw, a column a row of `pairs`.

    Each draw takes an a and a b for two documents and then their links, so that draws differ as alignments of unknown
    reliability do (multiple imputation; Rubin 1987). A column `linked` of `pairs` holds what was coded and is certain
    (missing: not coded). Draws depend on the scores alone, not on names, on other documents or on the order of the rows.
    """
    need_columns(pairs, [*_PAIR, "score"], "pairs")
    weights = check_reliability(reliability).weights.cumsum()
    odds, drawn = measure_odds(pairs["score"]), np.zeros((n_draws, len(pairs)), dtype=bool)
    # Rounded, for the last digits of a score may differ between machines.
    contents, seen = np.round(pairs["score"].to_numpy(dtype=float) * 10_000).astype(np.int64), Counter()
    place = pairs.reset_index(drop=True).sort_values(_PAIR)
    for _, part in place.groupby(["document_id", "reference_id"], sort=False):
        rows = part.index.to_numpy()
        content = np.append(contents[rows], part["task"].nunique())
        stream = open_stream(content, b"link", seed, repeat=seen[content.tobytes()])
        seen[content.tobytes()] += 1
        point = np.searchsorted(weights, stream.random(n_draws) * weights[-1])
        step = max(1, _CELLS // len(rows))
        for some in (slice(start, start + step) for start in range(0, n_draws, step)):
            chance = _logistic(A[point[some], None] + B[point[some], None] * odds[rows])
            drawn[some][:, rows] = stream.random(chance.shape) < chance
    return fill_codes(pairs, drawn)


def find_any(pairs: pd.DataFrame, own: str, reliability: Reliability | None) -> pd.Series:
    """The probability (0-1) that a task is linked with any of the other side, by ids and `own` ("task" or "reference_task").

    Given a and b, none of its pairs is a link with the product of their probabilities; the mean over a and b is exact, with log
    odds rounded to 0.05.
    """
    keys = pairs[["document_id", "reference_id", own]]
    groups = keys.groupby(list(keys), sort=True)
    steps, step = _round(measure_odds(pairs["score"]))
    coded, linked = _read_codes(pairs)
    counts = np.zeros((groups.ngroups, len(steps)))
    np.add.at(counts, (groups.ngroup().to_numpy()[~coded], step[~coded]), 1)
    none = np.exp(counts @ -np.logaddexp(0, A + B * steps[:, None])) @ check_reliability(reliability).weights
    # Rounded, for weights add up to 1 but for the last digit.
    found = pd.Series((1 - none).round(12), index=groups.size().index)
    found[found.index.isin(pd.MultiIndex.from_frame(keys[linked]))] = 1.0
    return found


def fill_codes(pairs: pd.DataFrame, values: np.ndarray) -> np.ndarray:
    """`values`, whose last axis are the rows of `pairs`, with what was coded (column `linked`, if there is one) in its place."""
    coded, linked = _read_codes(pairs)
    values[..., coded] = linked[coded]
    return values


def _read_codes(pairs):
    """(whether a pair was coded, whether it was coded as a link), by the column `linked`, if there is one."""
    if "linked" not in pairs:
        return np.zeros((2, len(pairs)), dtype=bool)
    codes = pairs["linked"]
    coded = codes.notna().to_numpy()
    wrong = [code for code in codes[coded] if code not in (True, False)]
    if wrong:
        raise PolicylabError(
            f"pairs, column linked: {wrong[0]!r} is neither True nor False. Leave cells of pairs that were not coded empty."
        )
    linked = np.zeros(len(pairs), dtype=bool)
    linked[coded] = codes[coded].to_numpy(dtype=bool)
    return coded, linked


def check_reliability(reliability: Reliability | None) -> Reliability:
    """That of other documents in place of None; anything else than a reliability is an error."""
    if reliability is None:
        return default_reliability()
    if not isinstance(reliability, Reliability):
        raise PolicylabError(
            f"reliability={type(reliability).__name__} is no reliability. "
            "Pass the attribute reliability of what lab.calibrate_alignment returns."
        )
    return reliability


def fit_reliability(table: dict, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Estimate (mean, covariance, number of pairs of documents) of a and b from gold: what make_prior takes.

    Empirical Bayes by the EM algorithm, on the grid. Every pair of documents counts the same. Its a and b are taken three
    times, each for a third: from the documents as they are, from small parts of them, and from the documents with tasks that
    have no counterpart in addition.

    Parameters
    ----------
    table : dict
        As of load_likeness.
    scores : array
        Of its rows.

    Returns
    -------
    tuple
        Mean (2), covariance (2 x 2) and number of pairs.
    """
    fits, weights = _list_fits(table, measure_odds(scores), table["grade"] > 0)
    likelihood = np.exp(fits - fits.max(axis=1, keepdims=True))
    n_pairs = len(np.unique(table["pair"]))
    mean, covariance = np.array([-0.5, 1.2]), np.diag([1.0, 0.1])
    # The estimate moves by less than .001 after some forty steps.
    for _ in range(100):
        distance = np.stack([A - mean[0], B - mean[1]])
        square = np.einsum("ig,ij,jg->g", distance, np.linalg.inv(covariance), distance)
        posterior = likelihood * np.exp(-square / 2)
        total = (weights[:, None] * posterior / posterior.sum(axis=1, keepdims=True)).sum(axis=0)
        mean = np.array([total @ A, total @ B]) / n_pairs
        distance = np.stack([A - mean[0], B - mean[1]])
        expected = _EXPECTED_PAIRS * _EXPECTED
        covariance = (expected + (total * distance) @ distance.T) / (_EXPECTED_PAIRS + n_pairs)
    return mean, covariance, n_pairs


def _list_fits(table, odds, linked):
    """(log likelihood of every comparison on the grid, its weight); the weights of a pair of documents add up to 1."""
    kinds = {name: table["kind"] == place for place, name in enumerate(table["kinds"])}
    fits, weights = [], []
    for pair in np.unique(table["pair"]):
        own = table["pair"] == pair
        subsets = np.unique(table["sample"][own & kinds["subset"]])
        groups = [[kinds["whole"]], [~kinds["subset"]], [kinds["subset"] & (table["sample"] == n) for n in subsets]]
        groups = [group for group in groups if group]
        for group in groups:
            for rows in group:
                fits.append(measure_fit(odds[own & rows], linked[own & rows]))
                weights.append(1 / len(groups) / len(group))
    return np.array(fits), np.array(weights)
