"""The pairs that compare_targets forms on documents with labelled pairs of targets, as numbers: what its cut-offs rest on.

    python benchmarks/list_target_pairs.py data/gold/target-pairs.npz EDUCATION_CATALOG WORK_REPORTS_CATALOG AI_CATALOG

The file holds which numbers of the documents were read (read_...) and the labels of pairs of them, each with its places in
both sources and both values (LABELS, below); pairs that were read and have no label are different things. For every pair of
documents this script pairs the targets anew, whatever their similarity (from LEAST on), once the targets alone and once all
numbers that were read, and adds the similarity of every pair, what was said of base and kind, and its label: arrays whose names
begin with formed_. '' stands for the catalog that ships. No text is written.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import dataclasses  # noqa: E402
import json  # noqa: E402
import warnings  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

import policylab as lab  # noqa: E402
from policylab.base.paths import DATA  # noqa: E402
from policylab.targets.promises import SAME_THING  # noqa: E402

LEAST, SAME = 0.2, 2
LABELS = (
    "pair",
    "start",
    "end",
    "value",
    "reference_start",
    "reference_end",
    "reference_value",
    "first",
    "second",
    "label",
)
READ = ("read_document", "read_start", "read_end", "read_value")
COMPARED = ("raised", "kept", "lowered", "scaled")


def find_target(targets, start, end, value):
    """The target of a document at a place of its source with a value; None if the parser no longer finds it."""
    there = targets[(targets["start"] < end) & (targets["end"] > start) & np.isclose(targets["value"], value)]
    if there.empty:
        return None
    return int(there.loc[(there["start"] - start).abs().add((there["end"] - end).abs()).idxmin(), "target"])


def list_tasks(corpus, document_id, reference_id):
    """The matched tasks: by the gold of the alignment where there is some, else as aligned."""
    path = DATA / "gold" / f"alignment-{document_id}.json"
    if path.is_file():
        links = json.loads(path.read_text(encoding="utf-8"))["links"]
        return pd.DataFrame([list(link.values())[:2] for link in links], columns=["task", "reference_task"])
    if not {document_id, reference_id} <= set(corpus.tasks["document_id"]):
        return pd.DataFrame({"task": [], "reference_task": []})
    pairs = lab.align_tasks(corpus, document_id, reference_id)
    return pairs[pairs["matched"]]


def find_state(row):
    """What was said of a pair besides the likeness of its names: 0 clear, 1 base or kind unknown, 2 not comparable."""
    reason = row.reason or ""
    if row.relation in COMPARED or reason.startswith(("counts of different", "the part is")) or reason == "":
        return 0
    obstacle = reason.removeprefix("names alike in part").removeprefix(": ")
    if obstacle and not obstacle.startswith(("base unknown", "kind unknown")):
        return 2
    return int("unknown" in (row.same_base, row.same_kind))


def keep_read(corpus, read):
    """The corpus with the numbers that were read, all as if they were targets."""
    targets, kept = corpus.targets, set()
    for name, own in targets.groupby("document_id"):
        for row in read[read["name"] == name].itertuples():
            kept.add((name, find_target(own, row.read_start, row.read_end, row.read_value)))
    rows = [place in kept for place in zip(targets["document_id"], targets["target"].astype(int))]
    return dataclasses.replace(corpus, targets=targets[rows].assign(kind="target").reset_index(drop=True))


def form_pairs(corpus, document_id, reference_id, labels):
    """A row for every pair that is formed, with its label; and how many targets of the document have a counterpart at all."""
    tasks = list_tasks(corpus, document_id, reference_id)
    table = lab.compare_targets(corpus, document_id, reference_id, pairs=tasks, same_thing=(LEAST, SAME_THING[1]))
    targets = corpus.targets[(corpus.targets["document_id"] == reference_id) & (corpus.targets["kind"] == "target")]
    there = set(targets["target"].astype(int))
    rows, findable, with_same = [], 0, {a for (a, b), label in labels.items() if label == SAME and b in there}
    for row in table.dropna(subset="target").itertuples():
        mentions = [(row.target, row.also_target), (row.reference_target, row.reference_also_target)]
        own, other = ([int(target) for target in both if pd.notna(target)] for both in mentions)
        findable += not with_same.isdisjoint(own)
        if not other:
            continue
        label = max(labels.get((a, b), 0) for a in own for b in other)
        units = (row.reason or "").find("units differ") < 0
        rows.append((row.similarity, find_state(row), units, label))
    return rows, findable


def main(path, *catalogs):
    warnings.simplefilter("ignore", lab.PolicylabWarning)
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in (*LABELS, *READ, "documents", "subjects", "read_documents")}
    read = pd.DataFrame({name: arrays[name] for name in READ})
    read["name"] = arrays["read_documents"][read["read_document"]]
    subjects = dict.fromkeys(arrays["subjects"].tolist())
    corpora = {subject: lab.load_corpus(catalog or None) for subject, catalog in zip(subjects, catalogs, strict=True)}
    everything = {subject: keep_read(corpus, read) for subject, corpus in corpora.items()}
    table, formed, lost = pd.DataFrame({name: arrays[name] for name in LABELS}), [], 0
    findable = np.zeros((len(arrays["documents"]), 2), np.uint16)
    for pair, (documents, subject) in enumerate(zip(arrays["documents"].tolist(), arrays["subjects"].tolist())):
        targets, ids = corpora[subject].targets, documents.split()
        sides = [targets[targets["document_id"] == name] for name in ids]
        labels = {}
        for row in table[table["pair"] == pair].itertuples():
            a = find_target(sides[0], row.start, row.end, row.value)
            b = find_target(sides[1], row.reference_start, row.reference_end, row.reference_value)
            lost += a is None or b is None
            labels[a, b] = row.label
        for all_kinds, corpora_of in enumerate((corpora, everything)):
            rows, findable[pair, all_kinds] = form_pairs(corpora_of[subject], *ids, labels)
            formed += [(pair, all_kinds, *found) for found in rows]
    print(f"{len(table)} labels, {lost} of targets that are no longer found; {len(formed)} pairs formed")
    names = ["pair", "all_kinds", "similarity", "state", "same_unit", "label"]
    types = [np.uint8, bool, np.float32, np.uint8, bool, np.uint8]
    for name, values, kind in zip(names, zip(*formed), types, strict=True):
        arrays[f"formed_{name}"] = np.array(values, dtype=kind)
    np.savez_compressed(path, findable=findable, **arrays)


if __name__ == "__main__":
    main(*sys.argv[1:])
