"""Where the prior of policylab.alignment.reliability comes from, and whether scores and probabilities mean what they say.

    python benchmarks/fit_reliability.py

Fits mean and covariance on data/gold/likeness.npz, then measures each pair of documents with the curve and the prior that the
seven others give. docs/alignment.md quotes the output.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from policylab.alignment import curve  # noqa: E402
from policylab.alignment.reliability import fit_reliability, make_prior  # noqa: E402

BINS = np.linspace(0, 1, 11)


def score_without(table, left_out):
    """Scores of all rows by the curve that is fitted without some pairs of documents (their places)."""
    kept = ~np.isin(np.arange(len(table["documents"])), left_out)
    return curve.fit_curve(curve.choose_pairs(table, kept)).score(table)


def score_each_without(table, left_out=()):
    """Scores of all rows, those of every pair of documents by the curve without it, and without `left_out`."""
    scores = np.zeros(len(table["pair"]))
    for pair in range(len(table["documents"])):
        rows = table["pair"] == pair
        scores[rows] = score_without(table, [pair, *left_out])[rows]
    return scores


def fit_without(table, pair):
    """The arguments of make_prior, from the pairs of documents but one."""
    rows = table["pair"] != pair
    kept = np.arange(len(table["documents"])) != pair
    return fit_reliability(curve.choose_pairs(table, kept), score_each_without(table, [pair])[rows])


def measure_error(chance, linked, bins=BINS):
    """Expected calibration error: the mean distance of chance and share of links in ten bins, by number of pairs."""
    place = np.clip(np.searchsorted(bins, chance, side="left") - 1, 0, len(bins) - 2)
    n, total, links = (np.bincount(place, weights, len(bins) - 1) for weights in (None, chance, linked))
    return np.abs(total - links).sum() / n.sum()


def print_errors(table, scores, chances):
    linked, rows = table["grade"] > 0, []
    kinds = {name: table["kind"] == place for place, name in enumerate(table["kinds"])}
    for kind in ("whole", "subset"):
        for above, chosen in (("all pairs", scores >= 0), ("score above .05", scores > 0.05)):
            for pair, name in [(None, "pooled"), *enumerate(table["documents"])]:
                part = kinds[kind] & chosen & ((table["pair"] == pair) if pair is not None else True)
                if part.any():
                    errors = [measure_error(values[part], linked[part]) for values in (scores, chances)]
                    rows.append((kind, above, name, part.sum(), *errors))
    found = pd.DataFrame(rows, columns=["kind", "pairs", "documents", "n", "score", "probability"])
    print(found.round(3).to_string(index=False))
    for name, values in (("score", scores), ("probability", chances)):
        part = kinds["whole"]
        bins = pd.cut(values[part], BINS, include_lowest=True)
        shares = pd.DataFrame({name: values[part], "linked": linked[part]}).groupby(bins, observed=False)
        print(shares.agg(["mean", "size"]).round(3).to_string())


def main():
    table = curve.load_likeness()
    mean, covariance, n_pairs = fit_reliability(table, score_each_without(table))
    print("mean", mean.round(2), "covariance", covariance.round(3).tolist(), "pairs", n_pairs)
    scores, chances = score_each_without(table), np.zeros(len(table["pair"]))
    for pair, name in enumerate(table["documents"]):
        prior = make_prior(*fit_without(table, pair))
        print(f"  without {name}: {prior}")
        rows = table["pair"] == pair
        chances[rows] = prior.probability(scores[rows])
    print_errors(table, scores, chances)


if __name__ == "__main__":
    main()
