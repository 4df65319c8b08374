"""Kill `policylab reproduce` at random moments: are figures and manifest whole after each, and does the next run end right?

    python benchmarks/kill_reproduce.py [KILLS]

A study of three small notebooks is drawn once with each of two values of a parameter. Then, again and again, a run with
the other value is killed: in every second round at any moment, in the others within 60 ms after a notebook has ended, when
its figures are moved. After each kill every figure and its manifest entry must be those of one of the two values, verify
must be content, and status must say stale of exactly the runs that still have the old value. The next run must run no
more than these, and all bytes must then be as in the undisturbed run.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from policylab.figurefolder import read_manifest, settled_folder
from policylab.planning import make_plan
from policylab.reproduce import check_plan
from policylab.verify import verify

NOTEBOOKS = ["a", "b", "c"]
PARAMETERS = 'level: int = 0\nout: str = ""'
DRAWING = """import pandas as pd
import policylab as lab
from policylab.style import new_figure
record = lab.record_provenance(lab.load_corpus(), name, {"level": level})
for part in (1, 2):
    figure = new_figure(40, 30, "zh")
    figure.subplots().bar(["数字", "网络"], [level, part])
    lab.save_figure(figure, f"{name}{part}", pd.DataFrame({"level": [level], "part": [part]}), record, out)"""


def write_study(folder):
    """Notebooks that draw two figures each, and tell in their numbers with which parameter."""
    for name in NOTEBOOKS:
        sources = [(PARAMETERS, ["parameters"]), (f'name = "{name}"\n{DRAWING}', [])]
        cells = [
            {
                "cell_type": "code",
                "id": f"cell-{i}",
                "metadata": {"tags": tags},
                "execution_count": None,
                "outputs": [],
                "source": source,
            }
            for i, (source, tags) in enumerate(sources)
        ]
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    return [folder / f"{name}.ipynb" for name in NOTEBOOKS]


def start(notebooks, out, level, jobs):
    arguments = ["reproduce", *notebooks, "--out", out, "--set", f"level={level}", "--jobs", jobs]
    command = [sys.executable, "-m", "policylab", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")


def read_figures(out):
    """All figure files and the manifest, by name."""
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file() and path.name[0] != "."}


def wait_for_the_moment(process, out, round_number, seconds):
    """Until the process is to be killed; it may end before."""
    began = time.monotonic()
    if round_number % 2 == 0:
        moment = random.uniform(0, seconds)
        while process.poll() is None and time.monotonic() - began < moment:
            time.sleep(0.005)
        return "any"
    # A moment after the first, second or third executed notebook is put into its folder.
    before = {path: path.stat().st_mtime_ns for path in (out / "notebooks").glob("*.ipynb")}
    wanted, seen = random.randint(1, len(NOTEBOOKS)), 0
    while process.poll() is None and seen < wanted:
        now = [path for path in before if path.exists() and path.stat().st_mtime_ns != before[path]]
        seen = len(now)
        time.sleep(0.002)
    time.sleep(random.uniform(0, 0.06))
    return "moving"


def check_after_kill(notebooks, out, level, references):
    """The runs that have the new value after a kill; fails if anything is not whole or not told truly."""
    with settled_folder(out):
        figures, manifest = read_figures(out), read_manifest(out)
    assert verify(out)
    new = {name for name in NOTEBOOKS if manifest["runs"][name]["inputs"]["parameters"]["level"] == level}
    for name in NOTEBOOKS:
        reference = references[level if name in new else 1 - level]
        for file in (f"{name}{part}.{kind}" for part in (1, 2) for kind in ("csv", "pdf", "png", "svg")):
            assert figures[file] == reference[file], file
    plan = make_plan(notebooks, {"level": level}, out)
    stale = {run.name for run, changes in check_plan(plan) if changes}
    assert stale == set(NOTEBOOKS) - new, (stale, new)
    return new


def main(kills):
    random.seed(20240701)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        notebooks, out = write_study(folder), folder / "figures"
        references, seconds = {}, 0
        for level in (1, 0):
            began = time.monotonic()
            process = start(notebooks, out, level, 2)
            assert process.wait() == 0, process.stdout.read()
            references[level], seconds = read_figures(out), time.monotonic() - began
        print(f"an undisturbed run: {seconds:.1f} s")
        done = {"kills": 0, "ended before": 0, "some notebooks done": 0, "unfinished moves": 0}
        while done["kills"] < kills:
            number = done["kills"] + done["ended before"]
            level = 1 - read_manifest(out)["runs"]["a"]["inputs"]["parameters"]["level"]
            jobs = 1 + number // 2 % 2
            process = start(notebooks, out, level, jobs)
            moment = wait_for_the_moment(process, out, number, seconds)
            process.kill()
            killed = process.wait() != 0
            done["kills" if killed else "ended before"] += 1
            done["unfinished moves"] += (out / ".manifest.json.journal").exists()
            new = check_after_kill(notebooks, out, level, references)
            done["some notebooks done"] += 0 < len(new) < len(NOTEBOOKS)
            process = start(notebooks, out, level, 2)
            printed = process.communicate()[0]
            assert process.returncode == 0, printed
            assert {name for name in NOTEBOOKS if f"{name}: up to date" in printed} == new, printed
            assert read_figures(out) == references[level]
            left = [path.name for path in out.iterdir() if path.name.startswith(".")]
            assert not left, left
            print(f"{done['kills']:3} killed at {moment} moment, jobs {jobs}: {len(new)} notebooks done", flush=True)
        print(", ".join(f"{name}: {count}" for name, count in done.items()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
