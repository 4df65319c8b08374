"""The likenesses of all pairs of tasks of documents with gold, as numbers: what the curve of the alignment is fitted on.

    python benchmarks/list_likenesses.py data/gold/likeness.npz UNRELATED.txt SUBJECT GOLD_FOLDER CATALOG [SUBJECT ...]

For every gold file (alignment-*.json) of a folder, with the corpus that CATALOG lists ('' for the one that ships):

whole      all pairs
removed    for every task with a counterpart, the reference without the sections that hold one; its rows are pairs of such tasks
subset     10, 15 and 20 tasks of either side, drawn five times each (seed 99)
unrelated  30 paragraphs of UNRELATED.txt that never mention education, schools, networks, numbers or information, as tasks

gold_renumbered.csv holds the tasks that were counted otherwise when the gold was read. docs/alignment.md has the command.
No text is written, so gold whose texts do not ship can be part of the fit. The background must not hold any of these texts.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import json  # noqa: E402
import re  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

import policylab as lab  # noqa: E402
from policylab.alignment.align import read_units  # noqa: E402
from policylab.alignment.background import load_background  # noqa: E402
from policylab.alignment.likeness import compare_units_of_text  # noqa: E402
from policylab.base.decoding import read_text  # noqa: E402

SIDES = ("provincial", "national")
KINDS = ["whole", "removed", "subset", "unrelated"]
NAMES = ["cosine", "words", "axes", "relative", "theme", "action"]
SIZES, DRAWS, SEED, N_UNRELATED = (10, 15, 20), 5, 99, 30
KNOWN = re.compile("教育|学校|网络|数字|信息")
RENUMBERED = Path(__file__).with_name("gold_renumbered.csv")


def make_unrelated(path):
    texts = [t.strip() for t in read_text(Path(path)).splitlines() if len(t) > 120 and not KNOWN.search(t)]
    cut = [re.split("[。，；：]", text, maxsplit=1) for text in texts[:N_UNRELATED]]
    return pd.DataFrame(cut, columns=["title", "text"])


def list_comparisons(units, references, grades, sections, unrelated):
    """(kind, units, references, grades, rows that count) of every comparison."""
    n, m = grades.shape
    everything = np.arange(m)
    yield "whole", units, references, grades, range(n)
    homes = {}
    for row in np.flatnonzero(grades.any(axis=1)):
        homes.setdefault(frozenset(sections[grades[row] > 0]), []).append(row)
    for home, rows in homes.items():
        kept = everything[~np.isin(sections, list(home))]
        if len(kept) >= 2:
            yield "removed", units, references.iloc[kept], grades[:, kept], rows
    rng = np.random.default_rng(SEED)
    for size in SIZES:
        for _ in range(DRAWS if size < min(n, m) else 0):
            a, b = np.sort(rng.choice(n, size, replace=False)), np.sort(rng.choice(m, size, replace=False))
            yield "subset", units.iloc[a], references.iloc[b], grades[np.ix_(a, b)], range(size)
    yield "unrelated", unrelated, references, np.zeros((len(unrelated), m), int), range(len(unrelated))


def read_pair(corpus, path):
    gold = json.loads(path.read_text(encoding="utf-8"))
    ids = [gold[side].removesuffix("-pdf") for side in SIDES]
    units, references = (read_units(corpus, name, "task") for name in ids)
    grades = pd.DataFrame(0, index=units["unit"], columns=references["unit"])
    now = pd.read_csv(RENUMBERED).set_index(["document_id", "task"])["now"]
    for link in gold["links"]:
        place = tuple(now.get((name, link[f"{side}_task"]), link[f"{side}_task"]) for name, side in zip(ids, SIDES))
        if place[0] not in grades.index or place[1] not in grades.columns:
            raise SystemExit(
                f"{path.name}: no tasks {place}. Were they renumbered? Then add them to {RENUMBERED.name}."
            )
        # Of two tasks that have become one, the higher grade holds.
        grades.loc[place] = max(grades.loc[place], link["grade"])
    tasks = corpus.tasks[corpus.tasks["document_id"] == ids[1]].sort_values("task")
    return " ".join(ids), units, references, grades.to_numpy(), tasks["section"].astype(str).to_numpy()


def main(target, unrelated_file, *groups):
    background, unrelated = load_background(), make_unrelated(unrelated_file)
    documents, subjects, parts = [], [], []
    for subject, folder, catalog in zip(groups[::3], groups[1::3], groups[2::3], strict=True):
        corpus = lab.load_corpus(catalog or None)
        for path in sorted(Path(folder).glob("alignment-*.json")):
            name, units, references, grades, sections = read_pair(corpus, path)
            documents.append(name)
            subjects.append(subject)
            listed = list_comparisons(units, references, grades, sections, unrelated)
            for sample, (kind, left, right, graded, rows) in enumerate(listed):
                found = compare_units_of_text(left, right, background)
                row, column = (axis.ravel() for axis in np.meshgrid(rows, range(len(right)), indexing="ij"))
                part = pd.DataFrame({name: found[name][row, column] for name in NAMES}).round(4)
                place = dict(pair=len(documents) - 1, kind=KINDS.index(kind), sample=sample, row=row, column=column)
                parts.append(part.assign(**place, grade=graded[row, column]))
            print(name, sample + 1, "comparisons", flush=True)
    table = pd.concat(parts)
    arrays = {name: table[name].to_numpy(np.float32) for name in NAMES}
    arrays |= {name: table[name].to_numpy(np.uint8) for name in ("pair", "kind", "sample", "row", "column", "grade")}
    np.savez_compressed(target, documents=documents, subjects=subjects, kinds=KINDS, **arrays)


if __name__ == "__main__":
    main(*sys.argv[1:])
