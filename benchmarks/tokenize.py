"""Texts to sparse matrix: policylab against jieba.lcut and CountVectorizer, in one run.

    python benchmarks/tokenize.py [megabytes] [repetitions]

The corpus is repeated to 20 MB. Every measurement is a process of its own, so that memory and loaded dictionaries are its
own too; the jobs take turns, so that a disturbance meets all of them. Time is from texts to matrix, without imports, twice:
`first` is the first call of a process, with the dictionary's loading and with memory that the system has yet to hand out;
`again` is the second call, as in a session at work. jieba keeps a cache of its dictionary, as it does for its users. On two
cores the workers stand ready before the clock starts. numpy does not ask for pages of 2 MB: where measured, a virtual
machine had to fetch them from its host, 0.2 s of a first call whatever is computed, and more or less of it according to
what had run before. Memory is the peak of the process in the first call (and of two
workers, libraries included), above that of the process when it has the texts. On one core every process is bound to one core.
"""

import sys

sys.path.pop(0)  # this file must not stand before Python's own module of the name

import json  # noqa: E402
import os  # noqa: E402
import resource  # noqa: E402
import statistics  # noqa: E402
import subprocess  # noqa: E402
import time  # noqa: E402

MEGABYTES = 20


def read_texts(megabytes):
    """Paragraphs of the bundled corpus, over and over, with ids of their own."""
    import policylab as lab

    paragraphs = lab.load_corpus().paragraphs[["document_id", "paragraph", "text"]]
    size = paragraphs["text"].str.encode("utf-8").str.len().sum()
    times = int(megabytes * 1_000_000 / size) + 1
    import pandas as pd

    copies = [paragraphs.assign(document_id=paragraphs["document_id"] + f"-{i}") for i in range(times)]
    return pd.concat(copies, ignore_index=True)


def run_policylab(paragraphs):
    import policylab as lab
    from policylab.words.terms import cast_matrix

    return cast_matrix(lab.tokenize(paragraphs, lab.Segmenter()), by=["document_id", "paragraph"]).matrix


def run_policylab_two(paragraphs):
    from joblib import parallel_config

    with parallel_config(n_jobs=2):
        return run_policylab(paragraphs)


def start_workers(paragraphs):
    """Two workers with their dictionaries loaded, as they stand ready in a session after the first call."""
    import pandas as pd

    run_policylab_two(pd.concat([paragraphs.head(3000)] * 2))


def run_jieba(paragraphs):
    import jieba
    from sklearn.feature_extraction.text import CountVectorizer

    jieba.setLogLevel(60)
    texts = [" ".join(jieba.lcut(text)) for text in paragraphs["text"]]
    return CountVectorizer(token_pattern=r"(?u)\S+", lowercase=False).fit_transform(texts)


JOBS = {"jieba": run_jieba, "policylab": run_policylab, "policylab-2": run_policylab_two}


def measure(job, megabytes):
    """In a process of its own: seconds and peak memory of one job."""
    import jieba  # noqa: F401  # both sides pay for both imports outside the clock
    import rjieba  # noqa: F401
    import scipy.sparse  # noqa: F401
    import sklearn.feature_extraction.text  # noqa: F401

    paragraphs = read_texts(megabytes)
    before = _peak()
    if job == "policylab-2":
        start_workers(paragraphs)
    seconds, own_peak = [], 0
    for _ in range(2):
        begun = time.perf_counter()
        matrix = JOBS[job](paragraphs)
        seconds.append(time.perf_counter() - begun)
        own_peak = own_peak or _peak()
    characters = int(paragraphs["text"].str.len().sum())
    peak = own_peak + (2 * _peak_of_workers() if job == "policylab-2" else 0)
    figures = {"first": seconds[0], "again": seconds[1], "megabytes": (peak - before) / 1e6}
    print(json.dumps({**figures, "characters": characters, "shape": matrix.shape, "tokens": int(matrix.sum())}))


def _peak():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _peak_of_workers():
    """Bytes of the largest worker, libraries included; known once the workers have ended."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)
    return 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def main():
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTES
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    results = {job: [] for job in JOBS}
    for _ in range(repetitions):
        for job in JOBS:
            command = [sys.executable, __file__, "--job", job, str(megabytes)]
            if hasattr(os, "sched_setaffinity") and job != "policylab-2":
                core = min(os.sched_getaffinity(0))
                command = [sys.executable, "-c", _BOUND.format(core=core), *command[1:]]
            environment = {**os.environ, "NUMPY_MADVISE_HUGEPAGE": "0"}
            done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
            results[job].append(json.loads(done.stdout.splitlines()[-1]))
    for job, runs in results.items():
        megabytes, shape = max(r["megabytes"] for r in runs), tuple(runs[0]["shape"])
        print(f"{job}: {megabytes:.0f} MB above texts, {runs[0]['tokens']} tokens in the matrix {shape}")
        for call in ("first", "again"):
            seconds = statistics.median(r[call] for r in runs)
            speed, base = runs[0]["characters"] / seconds / 1e6, statistics.median(r[call] for r in results["jieba"])
            every = ", ".join(f"{r[call]:.2f}" for r in runs)
            print(f"  {call} {seconds:6.2f} s ({every})  {speed:5.2f} M characters/s  x{base / seconds:4.1f}")


_BOUND = "import os, sys, runpy; os.sched_setaffinity(0, {{{core}}}); sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"

if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        measure(sys.argv[2], float(sys.argv[3]))
    else:
        main()
