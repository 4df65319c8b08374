"""What scores are worth, and whether corrected measures hold what readers found.

    python benchmarks/reliability.py

Prints the prior of policylab.alignment.reliability, how far scores and probabilities mean what they say, and for several ways to
correct measures how often their intervals hold those of the gold's links. Every pair of documents is measured with the curve, the
threshold and the prior that the seven others give (data/gold/likeness.npz). docs/alignment.md quotes the output; three minutes.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import json  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

import policylab as lab  # noqa: E402
from policylab.alignment import curve  # noqa: E402
from policylab.alignment.coverage import _OF, _count, _find_interval  # noqa: E402
from policylab.alignment.falsematches import adapt_scores  # noqa: E402
from policylab.alignment.reliability import (  # noqa: E402
    A,
    B,
    Reliability,
    fit_reliability,
    make_prior,
    measure_odds,
    update_reliability,
)
from policylab.base.paths import DATA  # noqa: E402
from policylab.base.resampling import divide  # noqa: E402
from policylab.targets.cascade import RELATIONS  # noqa: E402

N_DRAWS, SEEDS = 1000, (0, 1, 2)
MEASURES = [name for name in _OF if name != "reuse"]
BINS = np.linspace(0, 1, 11)
DEFAULT = "a and b Student's t, the default"


class Gold:
    """The likenesses and grades, with the scores of every pair of documents by the curve that is fitted without it."""

    def __init__(self, table):
        self.table, self.n = table, len(table["documents"])
        self.linked = table["grade"] > 0
        self.kinds = {name: table["kind"] == place for place, name in enumerate(table["kinds"])}
        # Curves without one pair of documents, and without two: the second are for the priors.
        self.curves = {}
        for one in range(self.n):
            for other in range(one, self.n):
                kept = ~np.isin(np.arange(self.n), [one, other])
                self.curves[one, other] = curve.fit_curve(curve.choose_pairs(table, kept))
        self.scores, self.thresholds = self.score_each(), [self.curves[pair, pair].threshold for pair in range(self.n)]

    def score_each(self, left_out=None, adapted=False):
        """The scores of every pair of documents without it, and without one more; by comparison."""
        scores = np.zeros(len(self.linked))
        for pair in range(self.n):
            pairs = tuple(sorted((pair, pair if left_out is None else left_out)))
            own = self.table["pair"] == pair
            part = {name: values[own] for name, values in self.table.items() if len(values) == len(own)}
            scores[own] = self.curves[pairs].score(part)
        if adapted:
            key = self.table["pair"].astype(int) * 1000 + self.table["sample"]
            for place in np.unique(key):
                scores[key == place] = np.clip(adapt_scores(scores[key == place]), 1e-5, 1 - 1e-5)
        return scores

    def fit_without(self, pair, kinds=None, adapted=False):
        """The arguments of make_prior from the other pairs of documents."""
        rows = self.table["pair"] != pair
        if kinds:
            rows = rows & np.any([self.kinds[kind] for kind in kinds], axis=0)
        part = {name: values[rows] if len(values) == len(rows) else values for name, values in self.table.items()}
        return fit_reliability(part, self.score_each(pair, adapted)[rows])

    def list_cases(self, scores, kinds=("whole", "subset")):
        """(pair, kind, scores, links) of every comparison, as matrices."""
        for pair in range(self.n):
            for kind in kinds:
                own = (self.table["pair"] == pair) & self.kinds[kind]
                for sample in np.unique(self.table["sample"][own]):
                    rows = own & (self.table["sample"] == sample)
                    shape = len(np.unique(self.table["row"][rows])), -1
                    yield pair, kind, scores[rows].reshape(shape), self.linked[rows].reshape(shape)


def measure_error(chance, linked):
    """Expected calibration error: the mean distance of chance and share of links in ten bins, by number of pairs."""
    place = np.clip(np.searchsorted(BINS, chance, side="left") - 1, 0, len(BINS) - 2)
    total, links = (np.bincount(place, weights, len(BINS) - 1) for weights in (chance, linked))
    return np.abs(total - links).sum() / len(chance)


def print_errors(gold, chances):
    rows = []
    for kind in ("whole", "subset"):
        for above, chosen in (("all", gold.scores >= 0), ("score above .05", gold.scores > 0.05)):
            for pair, name in [(None, "all"), *enumerate(gold.table["documents"])]:
                part = gold.kinds[kind] & chosen & ((gold.table["pair"] == pair) if pair is not None else True)
                if part.any():
                    errors = [measure_error(values[part], gold.linked[part]) for values in (gold.scores, chances)]
                    rows.append((kind, above, name, part.sum(), *errors))
    found = pd.DataFrame(rows, columns=["kind", "pairs of tasks", "documents", "n", "score", "probability"])
    print("\nExpected calibration error\n" + found.round(3).to_string(index=False))
    for kind in ("whole", "subset"):
        for name, values in (("score", gold.scores), ("probability", chances)):
            part = gold.kinds[kind]
            shares = pd.DataFrame({name: values[part], "linked": gold.linked[part]})
            shares = shares.groupby(pd.cut(values[part], BINS, include_lowest=True), observed=False)
            print(f"\n{kind}\n" + shares.agg(["mean", "size"]).round(3).to_string())


def draw(scores, reliability, spread, stream):
    """Draws of links as draw_links makes them, with a term for every task of normal distribution in addition."""
    n, m = scores.shape
    point = stream.choice(len(A), N_DRAWS, p=reliability.weights)
    odds = A[point, None, None] + B[point, None, None] * measure_odds(scores)
    if spread:
        odds = odds + spread * (stream.normal(size=(N_DRAWS, n, 1)) + stream.normal(size=(N_DRAWS, 1, m)))
    return stream.random(odds.shape) < 1 / (1 + np.exp(-odds))


def count(links, weights=None):
    n, m = links.shape[1:]
    return _count(links, np.zeros((1, n)), np.ones(n), weights or [np.ones((1, size)) for size in (n, m)])


def measure(links, stream):
    """{measure: (mean, low, high)} of draws of links, with the tasks drawn anew or as Wilson's."""
    weights = [stream.multinomial(size, np.full(size, 1 / size), N_DRAWS).astype(float) for size in links.shape[1:]]
    as_is, anew, found = count(links), count(links, weights), {}
    for name in MEASURES:
        values = divide(*as_is[name])
        if np.mean(~np.isnan(values)) >= 0.5:
            found[name] = (np.nanmean(values), *_find_interval(name, as_is[name], anew[name]))
    return found


def list_rates(gold, side):
    """A row is a pair of documents: its tasks with a link, and those of them that are matched; those without, and matched."""
    axis, rates = {"coverage": 0, "novelty": 1}[side], np.zeros((gold.n, 4))
    for pair, kind, scores, links in gold.list_cases(gold.scores, ("whole", "removed")):
        if kind == "whole" or axis == 1:
            linked, matched = links.any(axis=axis), (scores >= gold.thresholds[pair]).any(axis=axis)
            rates[pair] += [linked.sum(), (linked & matched).sum(), (~linked).sum(), (~linked & matched).sum()]
    return rates


def correct_share(share, n, rates, stream):
    """Rogan and Gladen's (1978) estimate, with the rates of one of the other pairs of documents, drawn anew, in each draw."""
    chosen = rates[stream.integers(len(rates), size=N_DRAWS)]
    found, false = (stream.beta(chosen[:, i + 1] + 0.5, chosen[:, i] - chosen[:, i + 1] + 0.5) for i in (0, 2))
    seen = stream.binomial(n, share, N_DRAWS) / n
    values = np.clip((seen - false) / np.maximum(found - false, 0.05), 0, 1)
    return values.mean(), *np.percentile(values, [2.5, 97.5])


def make_one(fit):
    """A reliability without doubt, at the mean."""
    nearest = np.argmin((A - fit[0][0]) ** 2 + (B - fit[0][1]) ** 2)
    return Reliability((np.arange(len(A)) == nearest).astype(float))


def make_normal(fit):
    distance = np.stack([A - fit[0][0], B - fit[0][1]])
    weights = np.exp(-np.einsum("ig,ij,jg->g", distance, np.linalg.inv(fit[1]), distance) / 2)
    return Reliability(weights / weights.sum())


def make_candidates(gold, fits):
    """{name: (scores, reliabilities of the pairs of documents, deviation of the term of every task)}"""
    priors = [make_prior(*fit) for fit in fits]
    whole = [make_prior(*gold.fit_without(pair, ["whole"])) for pair in range(gold.n)]
    shifted = [make_prior(*gold.fit_without(pair, adapted=True)) for pair in range(gold.n)]
    return {
        "one a and b for all": (gold.scores, [make_one(fit) for fit in fits], 0),
        "a and b normal": (gold.scores, [make_normal(fit) for fit in fits], 0),
        DEFAULT: (gold.scores, priors, 0),
        "... from whole documents alone": (gold.scores, whole, 0),
        "... and a term for every task, deviation 0.5": (gold.scores, priors, 0.5),
        "... and a term for every task, deviation 1": (gold.scores, priors, 1),
        "... of scores adapted to the documents": (gold.score_each(adapted=True), shifted, 0),
    }


def try_candidates(gold, candidates, seed):
    """One row is a measure of a comparison of documents by a candidate, beside the gold's."""
    rows, rates = [], {side: list_rates(gold, side) for side in ("coverage", "novelty")}
    for name, (scores, priors, spread) in candidates.items():
        for place, (pair, kind, values, links) in enumerate(gold.list_cases(scores)):
            stream = np.random.default_rng([seed, place])
            key = (gold.table["documents"][pair], kind)
            truth = {measure: divide(*counts)[0] for measure, counts in count(links[None]).items()}
            results = {name: measure(draw(values, priors[pair], spread, stream), stream)}
            if name == DEFAULT:
                matched = values >= gold.thresholds[pair]
                results["as counted"] = measure(np.repeat(matched[None], N_DRAWS, axis=0), stream)
                shares = {"coverage": matched.any(axis=0), "novelty": matched.any(axis=1)}
                for side, taken in shares.items():
                    others = np.delete(rates[side], pair, axis=0)
                    mean, low, high = correct_share(taken.mean(), len(taken), others, stream)
                    found = (mean, low, high) if side == "coverage" else (1 - mean, 1 - high, 1 - low)
                    results.setdefault("Rogan-Gladen", {})[side] = found
            for candidate, found in results.items():
                rows += [(*key, candidate, measure, truth[measure], *found[measure]) for measure in found]
    columns = ["documents", "kind", "candidate", "measure", "gold", "mean", "low", "high"]
    return pd.DataFrame(rows, columns=columns).dropna(subset=["gold", "low"])


def print_candidates(table):
    held = (table["low"] - 1e-9 <= table["gold"]) & (table["gold"] <= table["high"] + 1e-9)
    table = table.assign(
        held=held.astype(float), width=table["high"] - table["low"], error=table["mean"] - table["gold"]
    )
    for kind, part in table.groupby("kind", sort=False):
        for value in ("held", "width", "error"):
            found = part.groupby(["candidate", "measure"], sort=False)[value].mean().unstack()
            print(f"\n{kind}: {value}\n" + found[MEASURES].round(3).to_string())
    own = table[(table["candidate"] == DEFAULT) & (table["kind"] == "whole")]
    columns = ["documents", "gold", "mean", "low", "high", "held"]
    for name, part in own.groupby("measure", sort=False):
        print(f"\n{name}\n" + part[columns].round(2).to_string(index=False))


def print_codes(gold, fits):
    """What codes of some pairs of tasks buy: pairs are drawn the more often, the more open their links are."""
    rows = []
    for n_codes in (0, 40, 80):
        for pair, _, scores, links in gold.list_cases(gold.scores, ("whole",)):
            truth = {name: divide(*counts)[0] for name, counts in count(links[None]).items()}
            for seed in SEEDS:
                stream, prior = np.random.default_rng([seed, pair]), make_prior(*fits[pair])
                chance = prior.probability(scores.ravel())
                open_ = chance * (1 - chance)
                coded = stream.choice(scores.size, n_codes, replace=False, p=open_ / open_.sum())
                known = links.ravel()[coded]
                drawn = draw(scores, update_reliability(prior, scores.ravel()[coded], known), 0, stream)
                drawn.reshape(N_DRAWS, -1)[:, coded] = known
                for name, (mean, low, high) in measure(drawn, stream).items():
                    held = low - 1e-9 <= truth[name] <= high + 1e-9
                    rows.append((n_codes, name, held, high - low, abs(mean - truth[name])))
    table = pd.DataFrame(rows, columns=["codes", "measure", "held", "width", "error"])
    print("\nWith codes\n" + table.groupby(["codes", "measure"], sort=False).mean().round(3).to_string())


def print_absent(gold, candidates, seed):
    """Of tasks whose counterparts were taken out, of unrelated texts, and of the document with the former: share without link."""
    rows = []
    for name, (scores, priors, spread) in candidates.items():
        counts = {}
        for pair, kind, values, links in gold.list_cases(scores, ("whole", "removed", "unrelated")):
            # The a and b of a draw are the same in all comparisons of a pair of documents.
            none = ~draw(values, priors[pair], spread, np.random.default_rng([seed, pair])).any(axis=2)
            for group in {"removed": ["removed", "both"], "whole": ["both"], "unrelated": ["unrelated"]}[kind]:
                sums = counts.setdefault((group, pair), [0, 0, np.zeros(N_DRAWS, dtype=int)])
                counts[group, pair] = [
                    sums[0] + len(links),
                    sums[1] + (~links.any(axis=1)).sum(),
                    sums[2] + none.sum(axis=1),
                ]
        for (group, _), (n, k, drawn) in counts.items():
            low, high = np.percentile(drawn / n, [2.5, 97.5])
            rows.append((name, group, k / n, drawn.mean() / n, low, high, low <= k / n <= high))
    columns = ["candidate", "tasks", "gold", "mean", "low", "high", "held"]
    means = pd.DataFrame(rows, columns=columns).groupby(["tasks", "candidate"], sort=False).mean()
    print("\nShare of tasks without a link, interval of the alignment alone\n" + means.round(2).to_string())


def print_shipped(gold, fits):
    """Reuse and the relations of targets, for which texts are needed: the pairs of documents that ship."""
    corpus = lab.load_corpus()
    for path in sorted((DATA / "gold").glob("alignment-*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        ids = path.stem.removeprefix("alignment-"), content["national"].removesuffix("-pdf")
        place = gold.table["documents"].tolist().index(" ".join(ids))
        pairs = lab.align_tasks(corpus, *ids)
        scores, prior = gold.curves[place, place].score(pairs), make_prior(*fits[place])
        links = {(link["provincial_task"], link["national_task"]) for link in content["links"] if link["grade"] > 0}
        linked = [pair in links for pair in zip(pairs["task"], pairs["reference_task"])]
        pairs = pairs.assign(score=scores, matched=scores >= gold.thresholds[place])
        found = lab.summarize_alignment(corpus, pairs, reliability=prior).set_index("measure").loc["reuse"]
        truth = lab.measure_reuse(corpus, pairs.assign(matched=linked))
        share = truth["n_copied"].sum() / truth["n_characters"].sum()
        print(
            f"\n{ids}: reuse {share:.3f} in the gold\n",
            found[["value", "corrected", "corrected_low", "corrected_high"]].to_dict(),
        )
        relations = lab.recipes.correct_targets(corpus, *ids, pairs=pairs, reliability=prior)
        truth = lab.compare_targets(corpus, *ids, pairs=pairs.assign(matched=linked))["relation"].value_counts()
        print(relations.assign(gold=truth.reindex(RELATIONS, fill_value=0).to_numpy()).iloc[:, 2:].round(2).to_string())


def main():
    gold = Gold(curve.load_likeness())
    mean, covariance, n_pairs = fit_reliability(gold.table, gold.scores)
    print("mean", mean.round(2), "covariance", covariance.round(3).tolist(), "pairs", n_pairs)
    fits, chances = [gold.fit_without(pair) for pair in range(gold.n)], np.zeros(len(gold.scores))
    for pair, name in enumerate(gold.table["documents"]):
        prior, rows = make_prior(*fits[pair]), gold.table["pair"] == pair
        print(f"  without {name}: {prior}")
        chances[rows] = prior.probability(gold.scores[rows])
    print_errors(gold, chances)
    candidates = make_candidates(gold, fits)
    print_candidates(pd.concat([try_candidates(gold, candidates, seed) for seed in SEEDS]))
    print_absent(gold, candidates, SEEDS[0])
    print_codes(gold, fits)
    print_shipped(gold, fits)


if __name__ == "__main__":
    main()
