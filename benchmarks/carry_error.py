"""Do corrected measures hold what readers found? Candidates, each pair of documents left out.

    python benchmarks/carry_error.py

For every pair of documents with gold, and for its random subsets (data/gold/likeness.npz), curve, threshold and prior are those
that the seven others give. An interval holds if the measure of the gold's links lies in it. docs/alignment.md quotes the output.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from policylab.alignment import curve  # noqa: E402
from policylab.alignment.coverage import _OF, _count, _find_interval  # noqa: E402
from policylab.alignment.reliability import (  # noqa: E402
    A,
    B,
    Reliability,
    fit_reliability,
    make_prior,
    measure_odds,
)
from policylab.base.resampling import divide  # noqa: E402

N_DRAWS, SEED = 1000, 0
MEASURES = [name for name in _OF if name != "reuse"]


def score_without(table, left_out):
    """(scores of all rows, threshold) by the curve that is fitted without some pairs of documents (their places)."""
    kept = ~np.isin(np.arange(len(table["documents"])), left_out)
    fitted = curve.fit_curve(curve.choose_pairs(table, kept))
    return fitted.score(table), fitted.threshold


def fit_without(table, pair, kinds=None):
    """The arguments of make_prior from the other pairs of documents, their scores by curves without them; of some kinds of rows."""
    scores = np.zeros(len(table["pair"]))
    for other in range(len(table["documents"])):
        if other != pair:
            rows = table["pair"] == other
            scores[rows] = score_without(table, [pair, other])[0][rows]
    return {name: fit_on(table, scores, pair, kept) for name, kept in (kinds or {"": None}).items()}


def fit_on(table, scores, pair, kept):
    rows = table["pair"] != pair
    if kept is not None:
        rows &= np.isin(table["kind"], kept)
    whole = ("documents", "subjects", "kinds")
    part = {name: values if name in whole else values[rows] for name, values in table.items()}
    return fit_reliability(part, scores[rows])


def list_cases(table, scores):
    """(pair, kind, scores, links) of every comparison of documents or of parts of them, as matrices."""
    for pair in range(len(table["documents"])):
        for kind in ("whole", "subset"):
            own = (table["pair"] == pair) & (table["kind"] == table["kinds"].tolist().index(kind))
            for sample in np.unique(table["sample"][own]):
                rows = own & (table["sample"] == sample)
                shape = table["row"][rows].max() + 1, table["column"][rows].max() + 1
                yield pair, kind, scores[rows].reshape(shape), (table["grade"] > 0)[rows].reshape(shape)


def draw(scores, reliability, spread, stream):
    """Draws of links as draw_links makes them, with a term for every task of normal distribution in addition."""
    n, m = scores.shape
    point = stream.choice(len(A), N_DRAWS, p=reliability.weights)
    odds = A[point, None, None] + B[point, None, None] * measure_odds(scores)
    odds = odds + spread * (stream.normal(size=(N_DRAWS, n, 1)) + stream.normal(size=(N_DRAWS, 1, m)))
    return stream.random(odds.shape) < 1 / (1 + np.exp(-odds))


def measure(links, stream):
    """{measure: (mean, low, high)} of draws of links, the interval with the tasks drawn anew or Wilson's."""
    n, m = links.shape[1:]
    weights = [stream.multinomial(size, np.full(size, 1 / size), N_DRAWS).astype(float) for size in (n, m)]
    once = [np.ones((1, size)) for size in (n, m)]
    as_is, anew = (_count(links, np.zeros((1, n)), np.ones(n), drawn) for drawn in (once, weights))
    found = {}
    for name in MEASURES:
        values = divide(*as_is[name])
        defined = np.mean(~np.isnan(values)) >= 0.5
        found[name] = (np.nanmean(values), *_find_interval(name, as_is[name], anew[name])) if defined else (np.nan,) * 3
    return found


def list_rates(table, pair, side, scores, thresholds):
    """(tasks with a link that are matched, all such; tasks without that are matched, all such) of every other pair."""
    axis, rates = {"coverage": 0, "novelty": 1}[side], []
    for other in range(len(table["documents"])):
        counts = np.zeros(4)
        for kind in ("whole", "removed"):
            own = (table["pair"] == other) & (table["kind"] == table["kinds"].tolist().index(kind))
            for sample in np.unique(table["sample"][own]):
                rows = own & (table["sample"] == sample)
                shape = len(np.unique(table["row"][rows])), -1
                links = (table["grade"] > 0)[rows].reshape(shape).any(axis=axis)
                matched = (scores[rows] >= thresholds[other]).reshape(shape).any(axis=axis)
                if kind == "removed" and axis == 0:
                    continue
                counts += [(links & matched).sum(), links.sum(), (~links & matched).sum(), (~links).sum()]
        rates.append(counts)
    return np.array([row for other, row in enumerate(rates) if other != pair])


def correct_share(share, n, rates, stream):
    """Rogan and Gladen's (1978) estimate, with the rates of one of the other pairs of documents, drawn anew, in each draw."""
    chosen = rates[stream.integers(len(rates), size=N_DRAWS)]
    found, false = (stream.beta(chosen[:, i] + 0.5, chosen[:, i + 1] - chosen[:, i] + 0.5) for i in (0, 2))
    seen = stream.binomial(n, share, N_DRAWS) / n
    values = np.clip((seen - false) / np.maximum(found - false, 0.05), 0, 1)
    return values.mean(), *np.percentile(values, [2.5, 97.5])


def main():
    table, scores = curve.load_likeness(), None
    n_pairs = len(table["documents"])
    scores, thresholds, priors = np.zeros(len(table["pair"])), np.zeros(n_pairs), []
    kinds = {"all": None, "whole": [0]}
    for pair in range(n_pairs):
        rows = table["pair"] == pair
        found, thresholds[pair] = score_without(table, [pair])
        scores[rows] = found[rows]
        priors.append({name: fit for name, fit in fit_without(table, pair, kinds).items()})
    candidates = {
        "one a and b for all": (lambda pair: make_one(priors[pair]["all"]), 0),
        "a and b normal": (lambda pair: make_normal(priors[pair]["all"]), 0),
        "a and b Student's t, the default": (lambda pair: make_prior(*priors[pair]["all"]), 0),
        "estimated on whole documents alone": (lambda pair: make_prior(*priors[pair]["whole"]), 0),
        "and a term for every task, deviation 0.5": (lambda pair: make_prior(*priors[pair]["all"]), 0.5),
        "and a term for every task, deviation 1": (lambda pair: make_prior(*priors[pair]["all"]), 1),
    }
    rows = []
    for pair, kind, values, links in list_cases(table, scores):
        n, m = links.shape
        truth = {
            name: divide(*pairs)[0]
            for name, pairs in _count(
                links[None], np.zeros((1, n)), np.ones(n), [np.ones((1, size)) for size in (n, m)]
            ).items()
        }
        stream = np.random.default_rng([SEED, len(rows)])
        matched = values >= thresholds[pair]
        results = {"as counted": measure(np.repeat(matched[None], N_DRAWS, axis=0), stream)}
        for name, (make, spread) in candidates.items():
            results[name] = measure(draw(values, make(pair), spread, stream), stream)
        results["Rogan-Gladen"] = {}
        for name, share, size in (
            ("coverage", matched.any(axis=0).mean(), m),
            ("novelty", matched.any(axis=1).mean(), n),
        ):
            rates = list_rates(table, pair, name, scores, thresholds)
            mean, low, high = correct_share(share, size, rates, stream)
            results["Rogan-Gladen"][name] = (mean, low, high) if name == "coverage" else (1 - mean, 1 - high, 1 - low)
        for candidate, found in results.items():
            for name, (mean, low, high) in found.items():
                rows.append((table["documents"][pair], kind, candidate, name, truth[name], mean, low, high))
    columns = ["documents", "kind", "candidate", "measure", "gold", "mean", "low", "high"]
    print_results(pd.DataFrame(rows, columns=columns))


def make_one(fit):
    """A reliability without doubt, at the mean."""
    nearest = np.argmin((A - fit[0][0]) ** 2 + (B - fit[0][1]) ** 2)
    return Reliability((np.arange(len(A)) == nearest).astype(float))


def make_normal(fit):
    distance = np.stack([A - fit[0][0], B - fit[0][1]])
    weights = np.exp(-np.einsum("ig,ij,jg->g", distance, np.linalg.inv(fit[1]), distance) / 2)
    return Reliability(weights / weights.sum())


def print_results(table):
    table = table.dropna(subset=["gold"])
    undefined = table["low"].isna()
    held = (table["low"] - 1e-9 <= table["gold"]) & (table["gold"] <= table["high"] + 1e-9)
    table = table.assign(
        held=held.astype(float).mask(undefined), width=table["high"] - table["low"], error=table["mean"] - table["gold"]
    )
    for kind, part in table.groupby("kind", sort=False):
        for value in ("held", "width", "error"):
            print(f"\n{kind}: {value}")
            found = part.groupby(["candidate", "measure"], sort=False)[value].mean().unstack()
            print(found[MEASURES].round(3).to_string())
        if kind == "subset":
            print(
                "\nsubsets without an interval:",
                part.groupby("measure", sort=False)["held"].apply(lambda x: x.isna().mean()).round(3).to_dict(),
            )
    own = table[(table["candidate"].str.contains("default")) & (table["kind"] == "whole")]
    for name, part in own.groupby("measure", sort=False):
        print(f"\n{name}")
        print(part[["documents", "gold", "mean", "low", "high", "held"]].round(2).to_string(index=False))


if __name__ == "__main__":
    main()
