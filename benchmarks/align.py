"""Alignment at scale: all provinces against one plan, and the nearest of 20,000 paragraphs, beside other libraries.

    python benchmarks/align.py [largest number of paragraphs]

The texts are made of clauses of the bundled corpus in random order (fixed seed): more repetitive than real paragraphs, so
that products of vectors are fuller. Every measurement is a process of its own with one thread; memory is its peak above
that of a process with the same imports and texts. rapidfuzz is no dependency: without it its line is left out, with a note.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import importlib.util  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import resource  # noqa: E402
import subprocess  # noqa: E402
import time  # noqa: E402

LARGEST = 20_000
PROVINCES, TASKS, REFERENCE_TASKS = 31, 40, 35
CLAUSES = 8  # a paragraph; about 160 characters
SAMPLE = 500  # rapidfuzz compares SAMPLE x SAMPLE, scaled up by the number of pairs


def make_texts(n, seed):
    import numpy as np

    import policylab as lab

    paragraphs = lab.load_corpus().paragraphs["text"]
    clauses = [clause for text in paragraphs for clause in re.split("[，。；,;]", text) if len(clause) > 5]
    drawn = np.random.default_rng(seed).integers(0, len(clauses), (n, CLAUSES))
    return ["，".join(clauses[i] for i in row) + "。" for row in drawn]


def make_corpus():
    """A corpus of 31 provincial documents and one reference, with titles and three paragraphs' worth of text a task."""
    from dataclasses import replace

    import pandas as pd

    import policylab as lab

    corpus = lab.load_corpus()
    titles = corpus.tasks["title"].tolist()
    sizes = {f"province-{i:02d}": TASKS for i in range(PROVINCES)} | {"reference": REFERENCE_TASKS}
    rows = []
    for seed, (name, n) in enumerate(sizes.items()):
        for i, text in enumerate(make_texts(n, seed)):
            rows.append((name, i + 1, 1, titles[(7 * seed + i) % len(titles)], text + "\n" + text[::-1][:80]))
    tasks = pd.DataFrame(rows, columns=["document_id", "task", "section", "title", "text"])
    row = corpus.documents.iloc[0]
    documents = pd.DataFrame([{**row, "document_id": name} for name in sizes])
    return replace(corpus, documents=documents, tasks=tasks)


def run_provinces(_):
    import policylab as lab

    corpus = make_corpus()
    names = [name for name in corpus.documents["document_id"] if name != "reference"]
    lab.align_tasks(corpus, names[0], "reference")  # imports are paid for once, not per province
    return measure(lambda: [lab.align_tasks(corpus, name, "reference") for name in names])


def run_policylab(n):
    import policylab as lab

    texts, references = make_texts(n, 1), make_texts(n, 2)
    lab.match_texts(texts[:2], references[:2])
    return measure(lambda: lab.match_texts(texts, references))


def make_vectors(n):
    from policylab.alignment import ngrams

    counts, _ = ngrams.count_ngrams(make_texts(n, 1) + make_texts(n, 2))
    weights = ngrams.weigh_ngrams(counts[:n], counts[n:])
    return [ngrams.make_vectors(part, weights) for part in (counts[:n], counts[n:])]


def run_nearest(n):
    from policylab.alignment import ngrams

    left, right = make_vectors(n)
    ngrams.find_nearest(left[:2], right[:2], 1)
    return measure(lambda: ngrams.find_nearest(left, right, 5))


def run_scikit_learn(n):
    from sklearn.metrics.pairwise import cosine_similarity

    left, right = make_vectors(n)
    cosine_similarity(left[:2], right[:2])
    return measure(lambda: cosine_similarity(left, right))


def run_scikit_learn_nearest(n):
    from sklearn.neighbors import NearestNeighbors

    left, right = make_vectors(n)
    return measure(lambda: NearestNeighbors(n_neighbors=5, metric="cosine").fit(right).kneighbors(left))


def run_rapidfuzz(n):
    from rapidfuzz import process

    texts, references = make_texts(SAMPLE, 1), make_texts(SAMPLE, 2)
    seconds, megabytes = measure(lambda: process.cdist(texts, references))
    return seconds * (n / SAMPLE) ** 2, megabytes * (n / SAMPLE) ** 2


def measure(job):
    """(seconds, megabytes above those in use before)."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    job()
    seconds = time.perf_counter() - start
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


JOBS = {
    "policylab.match_texts": run_policylab,
    "policylab, vectors given": run_nearest,
    "cosine_similarity, same vectors": run_scikit_learn,
    "NearestNeighbors, same vectors": run_scikit_learn_nearest,
    "rapidfuzz cdist, scaled up": run_rapidfuzz,
}


def run(job, n):
    """One job in a process of its own: (seconds, megabytes of the step, megabytes of the whole process)."""
    one = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    command = [sys.executable, __file__, "--job", job, str(n)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | one).stdout
    return json.loads(output)


def main(largest):
    seconds, _, megabytes = run("provinces", 0)
    print(
        f"{PROVINCES} provinces x {TASKS} tasks against {REFERENCE_TASKS}: {seconds:.2f} s, {megabytes:.0f} MB in all"
    )
    print(f"{'paragraphs':>10}  {'job':32} {'seconds':>9} {'MB added':>9} {'MB in all':>9}")
    for n in (largest // 4, largest // 2, largest):
        for job in JOBS:
            if "rapidfuzz" in job and importlib.util.find_spec("rapidfuzz") is None:
                print(f"{n:>10}  {job:32} not installed: skipped")
                continue
            seconds, added, megabytes = run(job, n)
            print(f"{n:>10}  {job:32} {seconds:9.1f} {added:9.0f} {megabytes:9.0f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        job = {"provinces": run_provinces, **JOBS}[sys.argv[2]]
        result = job(int(sys.argv[3]))
        print(json.dumps([*result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else LARGEST)
