"""Where the cut-offs of compare_targets come from, and what they hold on pairs of documents that were left out.

    python benchmarks/fit_targets.py

Reads data/gold/target-pairs.npz (list_target_pairs.py describes it). A logistic curve of the similarity gives the probability
that a pair is one thing, if perhaps on another base or of another kind; the cut-offs are where it is .2 and .8. Every pair of
documents is left out once. docs/targets.md quotes the output.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.metrics import cohen_kappa_score  # noqa: E402

from policylab.base.paths import DATA  # noqa: E402
from policylab.targets.promises import SAME_THING  # noqa: E402

ENDS = (0.2, 0.5, 0.8)
BINS = (0.2, 0.26, 0.35, 0.43, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
OTHER, SAME = 1, 2
COUNTS = ("compared", "judged", "same", "judged same", "one thing")
STATES = ("clear", "unknown", "obstacle")


def find_cutoffs(table):
    """The similarities at which a pair is one thing with the probabilities ENDS."""
    curve = LogisticRegression(C=1e6).fit(table[["similarity"]], table["label"] > 0)
    return [(np.log(p / (1 - p)) - curve.intercept_[0]) / curve.coef_[0, 0] for p in ENDS]


def print_agreement(arrays):
    read = arrays["second"] < 3
    first, second = arrays["first"][read], arrays["second"][read]
    print(f"Read twice: {read.sum()} pairs of targets; both alike {np.mean(first == second):.3f}")
    for name, weights in (("kappa", None), ("linear kappa", "linear")):
        print(f"  {name} {cohen_kappa_score(first, second, weights=weights):.3f}")
    print(f"  kappa of same against the rest {cohen_kappa_score(first == SAME, second == SAME):.3f}")
    print(pd.crosstab(first, second, rownames=["first"], colnames=["second"]).to_string())


def count(own, low, high):
    """How many pairs are compared and to be judged with two cut-offs, and how many of these are the same or one thing."""
    sure = own[(own["similarity"] >= high) & (own["state"] == 0)]
    near = own[(own["similarity"] >= low) & ((own["similarity"] < high) | (own["state"] == 1))]
    same = ((part["label"] == SAME).sum() for part in (sure, near))
    return dict(zip(COUNTS, (len(sure), len(near), *same, (near["label"] > 0).sum())))


def print_counts(found, findable):
    """`findable`: how many targets have a counterpart that is the same."""
    compared, judged, same, judged_same, one_thing = (found[name] for name in COUNTS)
    print(f"  compared {compared:.0f}, of which the same {same / compared:.3f}")
    print(
        f"  to be judged {judged:.0f}, of which one thing {one_thing / judged:.3f}, the same {judged_same / judged:.3f}"
    )
    print(f"  of {findable} targets with the same counterpart compared {same / findable:.3f}", end=", ")
    print(f"or to be judged {(same + judged_same) / findable:.3f}")


def print_leaving_out(table, findable):
    """How the pairs of every document pair fare with cut-offs that were found without it."""
    rows = []
    for pair, own in table.groupby("pair"):
        low, _, high = find_cutoffs(table[table["pair"] != pair])
        rows.append({"low": low, "high": high} | count(own, low, high))
    found = pd.DataFrame(rows)
    ends = (found[name].agg(["min", "max"]) for name in ("low", "high"))
    print(" Each pair of documents left out: cut-offs", *(f"{a:.2f} to {b:.2f}" for a, b in ends))
    print_counts(found.sum(), findable)


def main():
    with np.load(DATA / "gold" / "target-pairs.npz", allow_pickle=False) as file:
        arrays = dict(file)
    print_agreement(arrays)
    names = ("pair", "all_kinds", "similarity", "state", "same_unit", "label")
    formed = pd.DataFrame({name: arrays[f"formed_{name}"] for name in names})
    formed["subject"] = arrays["subjects"][formed["pair"]]
    formed = formed[formed["same_unit"]]
    for all_kinds, name in enumerate(("Targets alone", "All numbers")):
        table = formed[formed["all_kinds"] == all_kinds]
        print(f"\n{name}: {len(table)} pairs in one unit; .2, .5, .8 at", np.round(find_cutoffs(table), 3))
        for subject, own in table.groupby("subject"):
            print(f"  {subject}: {len(own)} pairs, at", np.round(find_cutoffs(own), 3))
        findable = arrays["findable"][:, all_kinds].sum()
        print_leaving_out(table, findable)
        print(" The cut-offs that ship:", SAME_THING)
        print_counts(count(table, *SAME_THING), findable)
        counted = table.groupby(["state", pd.cut(table["similarity"], BINS, right=False)], observed=True)["label"]
        shares = counted.agg(
            n="size", one_thing=lambda labels: (labels > 0).mean(), same=lambda labels: (labels == SAME).mean()
        )
        shares = shares.rename(index=dict(enumerate(STATES)), level=0)
        print(shares.round(2).to_string())


if __name__ == "__main__":
    main()
