"""Whether the expected number of false matches is the one that gold finds, and whether documents without a common subject are told.

    python benchmarks/false_matches.py [PAIRS.csv]

Prints, for the pairs of documents in data/gold/likeness.npz, how many matches are expected to be false and how many are, each
pair left out of the curve's fit. PAIRS.csv lists further pairs of documents, with the columns `kind` (unrelated, related ...),
`catalog`, `document_id`, `reference_catalog`, `reference_id` (a blank catalog is the corpus that ships); those without tasks are
compared by their sections. docs/alignment.md quotes the output.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import warnings  # noqa: E402
from functools import cache  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

import policylab as lab  # noqa: E402
from policylab.alignment import align, curve  # noqa: E402
from policylab.alignment.align import read_units  # noqa: E402
from policylab.alignment.background import load_background  # noqa: E402
from policylab.alignment.falsematches import measure_false_matches  # noqa: E402
from policylab.alignment.likeness import compare_units_of_text  # noqa: E402

FEWEST = 5  # tasks; a document with fewer is compared by its sections


def make_pairs(score, threshold):
    """A table as measure_false_matches takes it."""
    ids = {"document_id": "a", "reference_id": "b"}
    return pd.DataFrame({**ids, "score": score.ravel(), "matched": score.ravel() >= threshold})


def measure_gold():
    table, rows = curve.load_likeness(), []
    for pair, name in enumerate(table["documents"]):
        fitted = curve.fit_curve(curve.choose_pairs(table, np.arange(len(table["documents"])) != pair))
        score = fitted.score(table)
        for place, kind in enumerate(table["kinds"]):
            own = (table["pair"] == pair) & (table["kind"] == place)
            for sample in np.unique(table["sample"][own]) if kind != "removed" else []:
                part = own & (table["sample"] == sample)
                found = measure_false_matches(make_pairs(score[part], fitted.threshold)).iloc[0]
                n_wrong = ((score[part] >= fitted.threshold) & (table["grade"][part] == 0)).sum()
                rows.append((kind, name, found["n_matched"], n_wrong, found["n_false"], found["related"]))
    return pd.DataFrame(rows, columns=["kind", "documents", "n_matched", "n_wrong", "n_false", "related"])


@cache
def load(catalog):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", lab.PolicylabWarning)
        return lab.load_corpus(catalog or None)


@cache
def read(catalog, document_id):
    corpus = load(catalog)
    n_tasks = (corpus.tasks["document_id"] == document_id).sum()
    units = read_units(corpus, document_id, "task" if n_tasks >= FEWEST else "section")
    return units[units["text"] != ""].reset_index(drop=True)


def measure_listed(path):
    rows, background = [], load_background()
    for pair in pd.read_csv(path, keep_default_na=False).itertuples():
        sides = read(pair.catalog, pair.document_id), read(pair.reference_catalog, pair.reference_id)
        score = align.CURVE.score(compare_units_of_text(*sides, background))
        found = measure_false_matches(make_pairs(score, align.THRESHOLD)).iloc[0]
        names = f"{pair.document_id} {pair.reference_id}"
        rows.append((pair.kind, names, *found[["n_matched", "n_false", "n_right", "related"]]))
    return pd.DataFrame(rows, columns=["kind", "documents", "n_matched", "n_false", "n_right", "related"])


def summarize(table):
    sums = table.groupby("kind", sort=False)[[name for name in table if name.startswith("n_")]].sum().round(1)
    groups = table.groupby("kind", sort=False)["related"]
    return sums.assign(compared=groups.size(), related=groups.sum())


def main(path=None):
    pd.set_option("display.width", 200)
    gold = measure_gold()
    print(gold[gold["kind"] == "whole"].round(1).to_string(index=False), summarize(gold).to_string(), sep="\n\n")
    if path:
        listed = measure_listed(path)
        print(f"\n{path}:", summarize(listed).to_string(), sep="\n")
        odd = listed[listed["related"] == (listed["kind"] == "unrelated")]
        print("\nOtherwise than listed:", odd.round(1).to_string(index=False), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
