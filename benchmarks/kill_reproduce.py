"""Kill `policylab reproduce` at random moments: is everything whole each time, and does the next run finish the work?

    python benchmarks/kill_reproduce.py [KILLS]

A study of three small notebooks is drawn once with each of two values of a parameter. Then, again and again, a run with
the other value is killed twice, at any moment and within 60 ms after a notebook has ended, when its figures are moved,
and then left to its end. Before that, twice as many kills of a process in which the cells run without a kernel, so
that most of them hit while files are moved.

After each kill every figure and its manifest entry must be those of one of the two values, verify must find no problem, and
status must list exactly the runs that still have the old value as stale. The last run must run no more than these, and
all bytes must then be as in the undisturbed run.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not hide Python's own module of that name

import json
import os
import random
import subprocess
import tempfile
import time
from contextlib import redirect_stdout
from io import StringIO
from multiprocessing import get_context
from pathlib import Path

from policylab.output.folder import read_manifest, settled_folder
from policylab.run import reproduce
from policylab.run.planning import make_plan
from policylab.run.verify import verify

NOTEBOOKS = ["a", "b", "c"]
PARAMETERS = 'level: int = 0\nout: str = ""'
# Writes what lab.save_figure writes, without the seconds that matplotlib takes.
DRAWING = """import hashlib, json, os, pathlib
folder = pathlib.Path(os.environ["POLICYLAB_STAGING"])
folder.mkdir()
figures = {}
for part in (1, 2):
    for kind in ("csv", "pdf", "png", "svg"):
        content = f"{kind} {level} {part}\\n".encode() * 20000
        (folder / f"{name}{part}.{kind}").write_bytes(content)
        entry = figures.setdefault(f"{name}{part}", {"notebook": name, "files": {}})
        entry["files"][f"{name}{part}.{kind}"] = hashlib.sha256(content).hexdigest()
(folder / "manifest.json").write_text(json.dumps({"format": 2, "figures": figures}))"""


def write_study(folder):
    """Notebooks that save two figures each, whose content depends on the parameter."""
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
    if round_number == 1:
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
    """The runs that have the new value after a kill; fails if a file, the manifest or the status is wrong."""
    with settled_folder(out):
        figures, manifest = read_figures(out), read_manifest(out)
    with redirect_stdout(StringIO()):
        assert verify(out)
    new = {name for name in NOTEBOOKS if manifest["runs"][name]["inputs"]["parameters"]["level"] == level}
    for name in NOTEBOOKS:
        reference = references[level if name in new else 1 - level]
        for file in (f"{name}{part}.{kind}" for part in (1, 2) for kind in ("csv", "pdf", "png", "svg")):
            assert figures[file] == reference[file], file
    plan = make_plan(notebooks, {"level": level}, out)
    stale = {run.name for run, changes in reproduce.check_plan(plan) if changes}
    assert stale == set(NOTEBOOKS) - new, (stale, new)
    return new


def fake_execute(run, staging, kept, progress):
    """In place of a kernel: the cells run here."""
    os.environ["POLICYLAB_STAGING"] = str(staging / "figures")
    level = run.parameters["level"]
    exec(DRAWING, {"name": run.notebook.stem, "level": level})
    return 0.0


def kill_moves(notebooks, out, references, kills):
    """Kills of a process in which the notebooks take no time, so that most hit while files are moved."""
    reproduce.execute = fake_execute
    level, done = 1, {"kills": 0, "some notebooks done": 0, "unfinished moves": 0}
    began = time.monotonic()
    run_quietly(notebooks, out, level)
    seconds = time.monotonic() - began
    while done["kills"] < kills:
        level = 1 - level if random.random() < 0.5 else level
        process = get_context("fork").Process(target=run_quietly, args=(notebooks, out, level))
        process.start()
        time.sleep(random.uniform(0, seconds))
        process.kill()
        process.join()
        done["kills"] += process.exitcode != 0
        done["unfinished moves"] += (out / ".manifest.json.journal").exists()
        new = check_after_kill(notebooks, out, level, references)
        done["some notebooks done"] += 0 < len(new) < len(NOTEBOOKS)
        if done["kills"] % 5 == 0:
            run_quietly(notebooks, out, level)
            assert read_figures(out) == references[level]
            left = [path.name for path in out.iterdir() if path.name.startswith(".")]
            assert not left, left
    print("without kernels:", ", ".join(f"{name}: {count}" for name, count in done.items()), flush=True)


def run_quietly(notebooks, out, level):
    with redirect_stdout(StringIO()):
        reproduce.run_plan(make_plan(notebooks, {"level": level}, out))


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
        print(f"an undisturbed run: {seconds:.1f} s", flush=True)
        if os.name != "nt":
            kill_moves(notebooks, out, references, 2 * kills)
            run_quietly(notebooks, out, 0)
        done = {"kills": 0, "some notebooks done": 0, "all done": 0, "unfinished moves": 0}
        level, number, new = 1, 0, set()
        while done["kills"] < kills:
            number += 1
            process = start(notebooks, out, level, 1 + number % 2)
            if number % 3:
                moment = wait_for_the_moment(process, out, number % 3, seconds)
                process.kill()
            printed = process.communicate()[0]
            if process.returncode:
                assert number % 3, printed
                done["kills"] += 1
                done["unfinished moves"] += (out / ".manifest.json.journal").exists()
                new = check_after_kill(notebooks, out, level, references)
                done["some notebooks done"] += 0 < len(new) < len(NOTEBOOKS)
                done["all done"] += len(new) == len(NOTEBOOKS)
                print(f"{done['kills']:3} killed at {moment} moment: {len(new)} notebooks done", flush=True)
                continue
            # Undisturbed, after a kill or two: runs what those left, and no more.
            assert {name for name in NOTEBOOKS if f"{name}: up to date" in printed} == new, printed
            assert read_figures(out) == references[level]
            left = [path.name for path in out.iterdir() if path.name.startswith(".")]
            assert not left, left
            level, new = 1 - level, set()
        print(", ".join(f"{name}: {count}" for name, count in done.items()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
