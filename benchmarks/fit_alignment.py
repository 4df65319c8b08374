"""Where the coefficients and the threshold of policylab.alignment.align come from, and what falls when a part is left out.

    python benchmarks/fit_alignment.py

Fits the curve on the likenesses in data/gold/likeness.npz (list_likenesses.py writes them), and again without each pair of
documents and without each subject, to measure it on what was left out. docs/alignment.md quotes the output.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from sklearn.metrics import average_precision_score  # noqa: E402

from policylab.alignment import curve  # noqa: E402

BINS = (0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1)


def make_variants(table):
    """{name: the parts}, as curve.join_parts and with one of them left out or added."""
    relative, theme, action = curve.join_parts(table)
    cosine, words, axes = (np.sqrt(table[name]) for name in ("cosine", "words", "axes"))
    level = (cosine + words + axes) / 3
    alone = [table["relative"] / 3, np.sqrt(table["theme"]), action]
    return {
        "relative + theme + action, the default": [relative, theme, action],
        **curve.list_variants(table),
        "relative and theme in full without support": alone,
        "the mean of the three cosines instead of support": [level, *alone],
        "with the three cosines": [cosine, words, axes, relative, theme, action],
        "the mean of the three cosines alone": [level],
        "cosine of words alone": [words],
        "cosine on the axes alone": [axes],
    }


def fit_without(table, parts, left_out):
    """(curve, score of every row) of the curve that is fitted without the pairs of documents of a mask."""
    rows = ~left_out[table["pair"]]
    fitted = curve.fit_curve(curve.choose_pairs(table, ~left_out), [part[rows] for part in parts])
    odds = fitted.intercept + sum(c * part for c, part in zip(fitted.coefficients, parts))
    return fitted, 1 / (1 + np.exp(-odds))


def leave_out(table, parts, groups):
    """(score of every row, its threshold, the curves) when the pairs of documents of its group were left out."""
    score, threshold, curves = np.zeros(len(table["pair"])), np.zeros(len(table["pair"])), {}
    for group in dict.fromkeys(groups):
        left_out = np.array([name == group for name in groups])
        curves[group], scores = fit_without(table, parts, left_out)
        rows = left_out[table["pair"]]
        score[rows], threshold[rows] = scores[rows], curves[group].threshold
    return score, threshold, curves


def measure_pair(table, pair, score, threshold):
    own = table["pair"] == pair
    matched, linked = score >= threshold, table["grade"] > 0
    found = {}
    for place, kind in enumerate(table["kinds"]):
        rows = own & (table["kind"] == place)
        part = pd.DataFrame(
            {name: table[name][rows] for name in ("sample", "row")}
            | {"score": score[rows], "matched": matched[rows], "linked": linked[rows]}
        )
        n_matched, n_linked, both = curve.count_hits(matched[rows], linked[rows])
        if kind in ("whole", "subset") and n_linked:
            found |= {f"P {kind}": both / max(n_matched, 1), f"R {kind}": both / n_linked}
        if kind == "whole":
            found["F1"] = 2 * both / (n_matched + n_linked)
            ranked = part[part.groupby("row")["linked"].transform("any")].groupby("row")
            found["MAP"] = np.mean([average_precision_score(g["linked"], g["score"]) for _, g in ranked])
            order = np.cumsum(part.sort_values("score", ascending=False)["linked"].to_numpy())
            found["best F1"] = (2 * order / (np.arange(1, len(order) + 1) + n_linked)).max()
            found["log loss"] = -1000 * np.mean(np.log(np.where(part["linked"], part["score"], 1 - part["score"])))
        if kind in ("removed", "unrelated"):
            found[kind] = part.groupby(["sample", "row"])["matched"].any().mean()
    return found


def measure_all(table, score, threshold):
    rows = [measure_pair(table, pair, score, threshold) for pair in range(len(table["documents"]))]
    return pd.DataFrame(rows, index=table["documents"])


def summarize(measures, subjects):
    shipped = np.array(subjects) == "education"
    parts = {
        "": measures[shipped][["F1", "best F1", "MAP", "log loss", "removed", "P subset", "R subset"]].mean(),
        "other ": measures[~shipped][["F1", "best F1", "MAP", "log loss", "removed"]].mean(),
        "all ": measures[["unrelated"]].mean(),
    }
    return {prefix + name: value for prefix, part in parts.items() for name, value in part.items()}


def main():
    table = curve.load_likeness()
    documents, subjects = table["documents"].tolist(), table["subjects"].tolist()
    print("Fitted on all:", curve.fit_curve(table), "prior", curve.measure_prior(table))
    for name, parts in curve.list_variants(table).items():
        print(f"  {name}: {curve.fit_curve(table, parts)}")
    variants = make_variants(table)
    for name, groups in (("pair", documents), ("subject", subjects)):
        summaries = {}
        for variant, parts in variants.items():
            score, threshold, curves = leave_out(table, parts, groups)
            measures = measure_all(table, score, threshold)
            summaries[variant] = summarize(measures, subjects)
            if variant == next(iter(variants)):
                print(f"\nEvery {name} left out once:")
                print(*(f"  {group}: {found}" for group, found in curves.items()), sep="\n")
                print(measures.round(3).to_string())
                whole = table["kind"] == 0
                bins = pd.cut(score[whole], BINS, include_lowest=True)
                linked = pd.DataFrame({"score": score[whole], "linked": (table["grade"] > 0)[whole]})
                print(linked.groupby(bins, observed=False).agg(["mean", "size"]).round(3).to_string())
        print(pd.DataFrame(summaries).T.round(3).to_string())


if __name__ == "__main__":
    main()
