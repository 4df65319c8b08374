"""From likenesses to one score: a logistic curve, fitted on pairs of tasks whose grades are known (data/gold/likeness.npz)."""

from dataclasses import dataclass

import numpy as np

from policylab.base.paths import LIKENESS

# The parts of the score: roots, for the step from no likeness to little says more than that from much to more.
PARTS = ("relative", "theme", "action")
# 85 of 100 links of the gold reach it, and one in eight hundred pairs of unrelated texts. 0.35 does as well.
FULL = 0.4
# How much each kind of comparison counts in the fit; every pair of documents counts the same.
SHARES = {"whole": 0.4, "removed": 0.2, "subset": 0.3, "unrelated": 0.2}
RIDGE = 0.002
_CUTS = np.arange(0.02, 0.9, 0.01)


@dataclass(frozen=True)
class Curve:
    """Coefficients of the parts and the intercept, and the score from which a pair is matched."""

    coefficients: tuple[float, ...]
    intercept: float
    threshold: float

    def score(self, likeness, parts=None):
        """The score (0-1) of likenesses, a mapping of arrays (compare_units_of_text); `parts` if they are not join_parts.

        >>> curve, names = Curve((3.0, 2.0, 1.0), -4.0, 0.5), ("cosine", "words", "axes", "relative", "theme", "action")
        >>> [float(curve.score(dict.fromkeys(names, x) | {"relative": 3 * x}).round(4)) for x in (0.0, 1.0)]
        [0.018, 0.8808]
        """
        parts = join_parts(likeness) if parts is None else parts
        odds = self.intercept + sum(c * part for c, part in zip(self.coefficients, parts, strict=True))
        return 1 / (1 + np.exp(-odds))


def join_parts(likeness):
    """The parts of the score, in the order of PARTS.

    What is relative to the two documents (relative and theme) counts in full only where there is something to it: it is
    multiplied by the mean root of the three cosines over FULL, at most 1. Otherwise the best of bad candidates would win.
    `relative` is taken by thirds, so that it has the range of the others and the penalty weighs it like them.
    """
    level = np.mean([np.sqrt(likeness[name]) for name in ("cosine", "words", "axes")], axis=0)
    support = np.minimum(level / FULL, 1)
    return likeness["relative"] / 3 * support, np.sqrt(likeness["theme"]) * support, np.sqrt(likeness["action"])


def list_variants(likeness):
    """{name: the parts} of scores that lack a part, or have only one, to see what the default owes to each."""
    relative, theme, action = join_parts(likeness)
    return {
        "without relative": [theme, action],
        "without theme": [relative, action],
        "without action": [relative, theme],
        "relative alone": [relative],
        "theme alone": [theme],
        "action alone": [action],
        "cosine alone": [np.sqrt(likeness["cosine"])],
    }


def load_likeness():
    """The likenesses and grades that the curve is fitted on: {column: array}, in rows that are pairs of tasks.

    `pair` (place in `documents`), `kind` (place in `kinds`), `sample`, `row`, `column`, `grade` and the likenesses.
    """
    with np.load(LIKENESS, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def choose_pairs(table, kept):
    """The rows of some pairs of documents: `kept` is a mask of `documents`."""
    rows = kept[table["pair"]]
    whole = ("documents", "subjects", "kinds")
    return {name: values if name in whole else values[rows] for name, values in table.items()}


def fit_curve(table, parts=None, ridge=RIDGE):
    """Fit the curve by penalised likelihood, no coefficient below zero, and choose the threshold (choose_threshold)."""
    from scipy.optimize import minimize

    x = np.column_stack([*(join_parts(table) if parts is None else parts), np.ones(len(table["pair"]))])
    y, weights = table["grade"] > 0, weigh_rows(table)

    def lose(b):
        z = x @ b
        gradient = x.T @ (weights * (1 / (1 + np.exp(-z)) - y))
        gradient[:-1] += ridge * b[:-1]
        return weights @ (np.logaddexp(0, z) - y * z) + ridge * (b[:-1] @ b[:-1]) / 2, gradient

    bounds = [(0, None)] * (x.shape[1] - 1) + [(None, None)]
    start = np.append(np.ones(x.shape[1] - 1), -5.0)
    b = minimize(lose, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-13, "gtol": 1e-9}).x
    threshold = choose_threshold(1 / (1 + np.exp(-x @ b)), table)
    return Curve(tuple(b[:-1].round(2).tolist()), round(float(b[-1]), 2), threshold)


def weigh_rows(table):
    """The weight of every row: pairs of documents count alike, kinds by SHARES; they add up to the number of pairs."""
    pair, kind = table["pair"].astype(int), table["kind"].astype(int)
    sizes = np.zeros((len(table["documents"]), len(table["kinds"])))
    np.add.at(sizes, (pair, kind), 1)
    shares = np.array([SHARES[name] for name in table["kinds"]]) * (sizes > 0)
    return (shares[pair, kind] / shares.sum(axis=1)[pair]) / sizes[pair, kind]


def measure_prior(table):
    """The share of links among all rows, weighed as in the fit: what a score takes for granted where texts tell nothing."""
    weights = weigh_rows(table)
    return round(float(weights @ (table["grade"] > 0) / weights.sum()), 3)


def choose_threshold(score, table):
    """The cut with the best mean F1 over pairs of documents: as they are, in small parts, and beside tasks without counterpart.

    The last is a pair as it is with, in addition, all matches of tasks whose counterparts were removed and of unrelated ones.
    """
    linked, results = table["grade"] > 0, []
    for pair in np.unique(table["pair"]):
        counts = {}
        for place, kind in enumerate(table["kinds"]):
            rows = (table["pair"] == pair) & (table["kind"] == place)
            counts[kind] = np.array([count_hits(score[rows] >= cut, linked[rows]) for cut in _CUTS])
        absent = counts["whole"] + [[1, 0, 0]] * (counts["removed"] + counts["unrelated"])
        for matched, links, both in (counts["whole"].T, counts["subset"].T, absent.T):
            if links[0]:
                results.append(2 * both / (matched + links))
    mean = np.mean(results, axis=0)
    # The mean of neighbours, for one link more or less makes it jump.
    smooth = np.convolve(np.pad(mean, 3, mode="edge"), np.full(7, 1 / 7), mode="valid")
    return round(float(_CUTS[np.argmax(smooth)]), 2)


def count_hits(matched, linked):
    """(matched, linked, both) of an array of pairs."""
    return int(matched.sum()), int(linked.sum()), int((matched & linked).sum())
