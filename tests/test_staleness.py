"""What is run again and what not; kills; verify and status; grades."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from test_reproduce import outputs, write_notebook

import policylab as lab
from policylab.__main__ import main
from policylab.base import paths
from policylab.output import folder as figurefolder
from policylab.output.dependencies import find_version
from policylab.output.folder import read_manifest
from policylab.run import execution, reproduce, staleness
from policylab.run.grading import compare_numbers, grade_figure
from policylab.run.kernel import Notes, read_notes
from policylab.run.planning import Plan, make_plan
from policylab.run.reproduce import check_plan, run_plan
from policylab.run.staleness import find_used
from policylab.run.verify import rerun, verify

PARAMETERS = 'level: int = 1\nwords: str = ""\nout: str = ""'
DRAWING = """import pandas as pd
import sys
sys.path.insert(0, ".")
import own
import policylab as lab
from policylab.output.provenance import Provenance
from policylab.plots.kit.style import new_figure
terms = lab.load_terms() if level else None
notes = open(words, encoding="utf-8").read() if words else ""
figure = new_figure(40, 30, "zh")
figure.subplots().bar(["数字", "网络"], [level, len(notes)])
record = Provenance("bars", {"level": level}, "", {}, "")
lab.save_figure(figure, "bars", pd.DataFrame({"level": [level, len(notes)]}), record, folder=out)"""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A notebook that was run once, with a word list and a module beside it."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "words.txt").write_text("数字\n", encoding="utf-8")
    (folder / "own.py").write_text("LEVEL = 1\n", encoding="utf-8")
    write_notebook(folder / "bars.ipynb", DRAWING, parameters=PARAMETERS)
    run_plan(plan_of(folder))
    return folder


@pytest.fixture
def study(drawn, tmp_path):
    """A copy of it, for one test to change."""
    return shutil.copytree(drawn, tmp_path / "study")


def plan_of(folder, out=None, **parameters):
    values = {"words": "words.txt"} | parameters
    return make_plan([folder / "bars.ipynb"], values, out or folder / "figures")


def changes_of(folder, **parameters):
    return check_plan(plan_of(folder, **parameters))[0][1]


def read_files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def fake_execute(name="bars", content=b"new", fails=None):
    """In place of a kernel: writes the figure files of a notebook, or fails as a full disk does."""

    def execute(run, staging, kept, progress):
        source = staging / "figures"
        source.mkdir()
        if fails:
            raise fails
        files = {f"{name}.csv": content, f"{name}.png": content}
        for file, text in files.items():
            (source / file).write_bytes(text)
        entry = {"notebook": "bars", "files": {file: staleness.hash_file(source / file) for file in files}}
        manifest = {"format": 2, "figures": {name: entry}}
        (source / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        return 0.0

    return execute


# --- what is stale


def test_a_second_run_does_nothing(study, capfd):
    before = read_files(study / "figures")
    assert run_plan(plan_of(study)) == []
    assert capfd.readouterr().out == "bars: up to date\n"
    assert read_files(study / "figures") == before


def test_the_stamp_holds_inputs_and_outputs_and_nothing_of_the_machine(study):
    stamp = read_manifest(study / "figures")["runs"]["bars"]
    inputs = stamp["inputs"]
    assert sorted(inputs) == ["files", "font", "notebook", "packages", "parameters"]
    assert inputs["parameters"] == {"level": 1, "words": "words.txt"}
    data = [name for name in inputs["files"] if not name.startswith("policylab/")]
    # The parameter's own file, the module beside the notebook, and a dictionary that it reads without a parameter.
    assert data == ["data/lexicon/terms.csv", "notebook/own.py", "words/words.txt"]
    used = {"words/lexicon.py", "plots/kit/style.py", "plots/kit/presets.toml", "output/figure.py", "__init__.py"}
    assert {f"policylab/{name}" for name in used} <= inputs["files"].keys()
    assert not [name for name in inputs["files"] if name.startswith(("policylab/topics", "policylab/run"))]
    assert sorted(stamp["outputs"]) == ["bars.csv", "bars.pdf", "bars.png", "bars.svg"]
    assert inputs["font"] and inputs["notebook"] and all(inputs["files"].values())
    text = (study / "figures" / "manifest.json").read_text(encoding="utf-8")
    assert str(paths.ROOT) not in text and os.path.dirname(study) not in text


def test_packages_count_if_the_code_used_them(study):
    packages = read_manifest(study / "figures")["runs"]["bars"]["inputs"]["packages"]
    # fonttools is what matplotlib needs. The kernel's own packages are not the notebook's, and scikit-learn is not loaded.
    assert {"numpy", "pandas", "matplotlib", "pillow", "fonttools"} <= packages.keys()
    assert not packages.keys() & {"seaborn", "scikit-learn", "ipykernel", "ipython", "traitlets", "policylab"}
    assert packages["pandas"] == pd.__version__


def test_what_changed_is_named(study, monkeypatch):
    notebook = json.loads((study / "bars.ipynb").read_text(encoding="utf-8"))
    notebook["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    notebook["cells"][1]["source"] += "\n\n# A comment."
    notebook["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": "A text."})
    (study / "bars.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert changes_of(study) == []  # texts, comments and outputs are no code

    assert changes_of(study, level=2) == ["parameter level (1 -> 2)"]
    (study / "words.txt").write_text("网络\n", encoding="utf-8")
    assert changes_of(study) == ["words/words.txt"]
    (study / "words.txt").unlink()
    assert changes_of(study) == ["words/words.txt is missing"]
    (study / "words.txt").write_text("数字\n", encoding="utf-8")
    (study / "own.py").write_text("LEVEL = 2\n", encoding="utf-8")
    assert changes_of(study) == ["notebook/own.py"]
    (study / "own.py").write_text("LEVEL = 1  # as before\n", encoding="utf-8")
    assert changes_of(study) == []

    (study / "figures" / "bars.pdf").write_bytes(b"")
    (study / "figures" / "bars.csv").unlink()
    assert changes_of(study) == ["figure file bars.csv is missing", "figure file bars.pdf was changed"]
    notebook["cells"][2]["source"] += "\nlevel"
    (study / "bars.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    monkeypatch.setattr(staleness, "_hash_font", lambda: None)
    versions = {"numpy": "0.1", "pandas": None}
    monkeypatch.setattr(staleness, "find_version", lambda name: versions.get(name, find_version(name)))
    assert changes_of(study)[:4] == [
        "notebook",
        "font",
        f"numpy {np.__version__} -> 0.1",
        f"pandas {pd.__version__} -> not installed",
    ]


def test_only_the_code_and_the_data_of_policylab_that_a_run_used_count(study, monkeypatch, tmp_path):
    package = shutil.copytree(paths.PACKAGE, tmp_path / "policylab", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(paths, "PACKAGE", package)

    def edit(name, change):
        path = package / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    edit("words/lexicon.py", lambda code: code.replace('"""', '"""Another docstring.\n\n', 1) + "\n\n# A comment.\n")
    edit("topics/fit.py", lambda code: code + "\nADDED = 1\n")
    edit("corpus/targets.toml", lambda text: text + "\n")
    (package / "words" / "added.py").write_text("ADDED = 1\n", encoding="utf-8")
    assert changes_of(study) == []
    edit("words/lexicon.py", lambda code: code + "\nADDED = 1\n")
    edit("plots/kit/presets.toml", lambda text: text + "\n")
    (package / "plots" / "kit" / "style.py").unlink()
    assert changes_of(study) == [
        "policylab/plots/kit/presets.toml",
        "policylab/plots/kit/style.py is missing",
        "policylab/words/lexicon.py",
    ]


def test_a_run_that_starts_other_processes_depends_on_all_of_policylab(study):
    run = plan_of(study).runs[0]
    alone = find_used(run, Notes([], ["policylab.words.segmenter", "numpy"]))
    assert list(alone.files) == ["policylab/words/segmenter.py"] and "rjieba" not in alone.packages
    loky = "joblib.externals.loky.backend.popen_loky_posix"
    used = find_used(run, Notes([], ["policylab.words.segmenter", loky]))
    assert {"policylab/topics/fit.py", "policylab/__init__.py"} <= used.files.keys()
    assert "rjieba" in used.packages and "scikit-learn" not in used.packages  # what the segmenter may import


def test_a_manifest_of_an_older_version_is_out_of_date_and_can_be_verified(study, capsys):
    out = study / "figures"
    manifest = read_manifest(out) | {"format": 1}
    manifest["runs"]["bars"]["inputs"] = {"source": "0" * 64, "lock": "0" * 64, "packages": {}, "data": {}}
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    arguments = [str(study / "bars.ipynb"), "--out", str(out), "--set", "words=words.txt"]
    assert main(["status", *arguments]) == 1
    assert capsys.readouterr().out == "bars  stale: drawn by an older version of policylab\n"
    assert main(["verify", *arguments]) == 0
    assert capsys.readouterr().out == "4 files of 1 figures, all as in the manifest\n"
    run_plan(plan_of(study))
    assert changes_of(study) == [] and read_manifest(out)["format"] == 2


def test_a_dictionary_that_ships_is_an_input(study, monkeypatch, tmp_path):
    data = shutil.copytree(paths.DATA / "lexicon", tmp_path / "data" / "lexicon").parent
    monkeypatch.setattr(paths, "DATA", data)
    assert changes_of(study) == []
    with open(data / "lexicon" / "terms.csv", "a", encoding="utf-8") as file:
        file.write("\n")
    assert changes_of(study) == ["data/lexicon/terms.csv"]


def test_an_input_that_changes_during_the_run_leaves_it_stale(study, monkeypatch):
    def execute(run, staging, kept, progress):
        (staging / "notes.txt").write_text(f"r {study / 'words.txt'}\n", encoding="utf-8")
        os.utime(study / "words.txt", (time.time() + 5, time.time() + 5))
        return fake_execute()(run, staging, kept, progress)

    monkeypatch.setattr(reproduce, "execute", execute)
    run_plan(plan_of(study), force=True)
    assert changes_of(study) == ["words/words.txt"]


def test_files_that_a_notebook_writes_itself_are_no_inputs(tmp_path):
    (tmp_path / "notes").write_text("w /a/b\nr /a/b\nm json\nr /a/c\n", encoding="utf-8")
    notes = read_notes(tmp_path / "notes")
    assert [path.as_posix() for path in notes.files] == ["/a/c"] and notes.modules == ["json"]
    assert read_notes(tmp_path / "none") == Notes([], [])


def test_figures_that_a_notebook_no_longer_draws_go(study, monkeypatch):
    monkeypatch.setattr(reproduce, "execute", fake_execute("other"))
    (study / "figures" / "bars.svg").write_text("edited by hand", encoding="utf-8")
    run_plan(plan_of(study))
    kept = ["README.md", "bars.svg", "manifest.json", "other.csv", "other.png"]  # what was edited is not ours to delete
    assert sorted(read_files(study / "figures")) == kept
    assert list(read_manifest(study / "figures")["figures"]) == ["other"]


def test_two_notebooks_that_draw_the_same_figure_are_refused(study, monkeypatch):
    monkeypatch.setattr(reproduce, "execute", fake_execute())
    write_notebook(study / "twin.ipynb", "", parameters='out: str = ""')
    before = read_files(study / "figures")
    with pytest.raises(lab.PolicylabError) as error:
        run_plan(make_plan([study / "twin.ipynb", study / "bars.ipynb"], {"words": "words.txt"}, study / "figures"))
    assert str(error.value) == (
        "twin and bars both save bars.csv. Give the figures different names, for example with the language in it: "
        'f"terms-{language}".'
    )
    assert read_files(study / "figures") == before


# --- what goes wrong


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (28, "No space left on device. Free some space and start again; the figures that were there are whole."),
        (30, "Read-only file system. Close the programs that have the file open, or choose another folder."),
    ],
)
def test_a_disk_that_takes_no_more(study, monkeypatch, code, message):
    before = read_files(study / "figures")
    monkeypatch.setattr(reproduce, "execute", fake_execute())

    def refuse(path, content):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(figurefolder, "_write_json", refuse)
    with pytest.raises(lab.PolicylabError) as error:
        run_plan(plan_of(study), force=True)
    assert str(error.value) == f"Figures: cannot write {study / 'figures'}: {message}"
    assert read_files(study / "figures") == before
    monkeypatch.undo()
    assert changes_of(study) == []


def test_a_full_disk_while_a_figure_is_saved(study, capfd, monkeypatch):
    """Here a limit on the size of files plays the disk; the kernel inherits it."""
    resource = pytest.importorskip("resource")
    before = read_files(study / "figures")
    # Larger than all that a run writes besides, such as the list of opened files, which grows with their paths.
    larger = DRAWING.replace('{"level": [level, len(notes)]}', '{"level": range(100_000)}')
    write_notebook(study / "bars.ipynb", larger, parameters=PARAMETERS)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    try:
        with pytest.raises(lab.PolicylabError) as error:
            run_plan(plan_of(study, level=5))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(error.value) == (
        f"bars.ipynb failed at In [3]: PolicylabError: Figure bars: cannot write {study / 'figures'}: File too large. "
        "Free some space and start again; the figures that were there are whole. "
        f"The notebook as far as it came: {study / 'figures' / 'notebooks' / 'bars-failed.ipynb'}"
    )
    assert read_files(study / "figures") == before


def test_a_manifest_of_a_newer_version_stops_before_anything_is_run(study, capsys):
    manifest = study / "figures" / "manifest.json"
    manifest.write_text('{"format": 3, "figures": {}}', encoding="utf-8")
    message = (
        f"policylab: {manifest} has format 3; this version of policylab reads format 2. Nothing was written. Move it "
        "away to start a new one. Or install the version of policylab that wrote it.\n"
    )
    for command in ("reproduce", "status", "verify"):
        assert main([command, str(study / "bars.ipynb"), "--out", str(study / "figures")]) == 2
        assert capsys.readouterr() == ("", message)
    assert manifest.read_text(encoding="utf-8") == '{"format": 3, "figures": {}}'


def test_no_jobs(study):
    with pytest.raises(lab.PolicylabError, match="^jobs is 0: expected 1 or more.$"):
        run_plan(plan_of(study), jobs=0)


def test_a_kernel_that_finds_its_port_taken_is_started_again(study, monkeypatch):
    import papermill

    attempts = []

    def refuse_twice(source, target, **options):
        attempts.append(1)
        if len(attempts) < 3:
            messages = ["Kernel died before replying to kernel_info", "Kernel didn't respond in 60 seconds"]
            raise RuntimeError(messages[len(attempts) - 1])
        with open(target, "w", encoding="utf-8") as file:
            file.write("{}")

    monkeypatch.setattr(papermill, "execute_notebook", refuse_twice)
    run = plan_of(study).runs[0]
    (study / "staging").mkdir()
    execution.execute(run, study / "staging", study / "kept")
    assert len(attempts) == 3


def test_notebooks_that_run_at_the_same_time(tmp_path, capfd):
    own = {name: write_notebook(tmp_path / f"{name}.ipynb", f"print('{name}')", parameters="") for name in "ab"}
    bad = write_notebook(tmp_path / "bad.ipynb", "1 / 0", parameters="")
    plan = make_plan([*own.values(), bad])
    plan = Plan(plan.runs, tmp_path / "figures", tmp_path / "kept")
    with pytest.raises(lab.PolicylabError) as error:
        run_plan(plan, jobs=2)
    failed = tmp_path / "kept" / "bad-failed.ipynb"
    assert str(error.value) == (
        f"bad.ipynb failed at In [1]: ZeroDivisionError: division by zero. The notebook as far as it came: {failed}"
    )
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["a.ipynb", "b.ipynb", "bad-failed.ipynb"]
    assert outputs(tmp_path / "kept" / "a.ipynb")[-1] == "a\n"
    printed = capfd.readouterr()
    assert printed.err == "" and "/3] bad: failed\n" in printed.out
    assert [changes for _, changes in check_plan(plan)] == [[], [], ["never run"]]


def test_a_folder_that_cannot_be_written(study, monkeypatch, capsys):
    """Reading works; a run is refused before it starts. (Root may write everywhere, so this is simulated.)"""
    monkeypatch.setattr(figurefolder.os, "access", lambda path, mode: False)

    def refuse(path):
        raise PermissionError(13, os.strerror(13), str(path))

    monkeypatch.setattr(figurefolder, "FileLock", refuse)
    monkeypatch.setattr(reproduce, "execute", lambda *arguments: pytest.fail("was run"))
    assert verify(study / "figures") and changes_of(study) == []
    with pytest.raises(lab.PolicylabError) as error:
        run_plan(plan_of(study), force=True)
    assert str(error.value) == (
        f"Figures: cannot write {study / 'figures' / '.manifest.json.lock'}: Permission denied. "
        "Close the programs that have the file open, or choose another folder."
    )


def test_kills_at_random_moments(study):
    """benchmarks/kill_reproduce.py does it more often, with several notebooks."""
    random.seed(20240701)
    out = study / "figures"
    references = {1: read_files(out)}
    run_plan(plan_of(study, study / "reference", level=2))
    references[2] = read_files(study / "reference")
    command = [sys.executable, "-m", "policylab", "reproduce", str(study / "bars.ipynb"), "--out", str(out)]
    settings = ["--set", "words=words.txt", "--set", "level=2"]
    environment = os.environ | {"PYTHONPATH": str(paths.PACKAGE.parent)}
    for _ in range(5):
        process = subprocess.Popen(command + settings, env=environment, stdout=subprocess.DEVNULL)
        time.sleep(random.uniform(0.5, 3))
        process.kill()
        process.wait()
        assert verify(out)
        done = not changes_of(study, level=2)
        assert read_files(out) == references[2 if done else 1]
    run_plan(plan_of(study, level=2))
    assert read_files(out) == references[2]
    assert not [path.name for path in out.iterdir() if path.name.startswith(".")]


def test_two_runs_at_once_do_not_mix(study):
    out = study / "figures"
    command = [sys.executable, "-m", "policylab", "reproduce", str(study / "bars.ipynb"), "--out", str(out), "--force"]
    environment = os.environ | {"PYTHONPATH": str(paths.PACKAGE.parent)}
    processes = [
        subprocess.Popen([*command, "--set", f"level={level}"], env=environment, stdout=subprocess.DEVNULL)
        for level in (3, 4)
    ]
    assert [process.wait() for process in processes] == [0, 0]
    assert verify(out)
    level = read_manifest(out)["runs"]["bars"]["inputs"]["parameters"]["level"]
    assert (out / "bars.csv").read_text(encoding="utf-8-sig") == f"level\n{level}\n0\n"
    assert not [path.name for path in out.iterdir() if path.name.startswith(".")]


# --- status and verify


def test_status_says_what_changed(study, capsys):
    arguments = [str(study / "bars.ipynb"), "--out", str(study / "figures"), "--set", "words=words.txt"]
    assert main(["status", *arguments]) == 0
    assert capsys.readouterr().out == "bars  up to date\n"
    (study / "words.txt").write_text("网络\n", encoding="utf-8")
    assert main(["status", *arguments, "--set", "level=2"]) == 1
    assert capsys.readouterr().out == "bars  stale: parameter level (1 -> 2); words/words.txt\n"
    assert main(["status", str(study / "bars.ipynb"), "--out", str(study / "new")]) == 1
    assert capsys.readouterr().out == "bars  never run\n"
    assert not (study / "new").exists()


def test_verify_names_what_is_not_as_in_the_manifest(study, capsys):
    out = study / "figures"
    assert verify(out)
    assert capsys.readouterr().out == "4 files of 1 figures, all as in the manifest\n"
    (out / "bars.png").write_bytes(b"x")
    (out / "bars.svg").unlink()
    (out / "旧图.png").write_bytes(b"x")
    assert not verify(out)
    assert capsys.readouterr().out == (
        "missing: bars.svg\nchanged: bars.png\nunknown: 旧图.png\n4 files of 1 figures, 3 not as in the manifest\n"
    )
    with pytest.raises(lab.PolicylabError) as error:
        verify(study / "none")
    none = study / "none"
    assert str(error.value) == f"{none} has no manifest.json, so there is nothing to verify. Run policylab reproduce."


def test_kinds_of_files_that_are_not_committed_may_be_absent(study, capsys):
    out = study / "figures"
    (out / ".gitignore").write_text("# *.pdf\n*.svg\n", encoding="utf-8")
    note = "1 files (*.svg) are not shipped; policylab reproduce draws them\n"
    assert verify(out) and "not shipped" not in capsys.readouterr().out
    (out / "bars.svg").write_bytes(b"changed")
    assert not verify(out) and changes_of(study) == ["figure file bars.svg was changed"]
    (out / "bars.svg").unlink()
    capsys.readouterr()
    assert verify(out)
    assert capsys.readouterr().out == f"4 files of 1 figures, all as in the manifest\n{note}"
    assert changes_of(study) == []
    assert len(run_plan(plan_of(study))) == 1 and (out / "bars.svg").exists()
    assert run_plan(plan_of(study)) == []
    assert capsys.readouterr().out.endswith("bars: up to date\n")
    (out / "bars.svg").unlink()
    page = (out / "README.md").read_text(encoding="utf-8")
    assert "bars.svg" not in page and "[bars.pdf](bars.pdf)" in page
    assert "Not in the repository: `*.svg`." in page and "仓库中不含 `*.svg`" in page
    assert rerun(plan_of(study))
    assert capsys.readouterr().out.endswith("IDENTICAL   bars\n1 IDENTICAL, 0 EQUIVALENT, 0 CHANGED\n")
    (out / "bars.pdf").unlink()
    assert not verify(out) and changes_of(study) == ["figure file bars.pdf is missing"]


def test_verify_by_running_again(study, capsys):
    arguments = [str(study / "bars.ipynb"), "--out", str(study / "figures"), "--set", "words=words.txt"]
    assert main(["verify", "--rerun", *arguments]) == 0
    assert capsys.readouterr().out.endswith("IDENTICAL   bars\n1 IDENTICAL, 0 EQUIVALENT, 0 CHANGED\n")
    before = read_files(study / "figures")
    assert main(["verify", "--rerun", *arguments, "--set", "level=9"]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "bars  stale: parameter level (1 -> 9)"
    printed = printed[-5:]
    assert printed[:2] == ["CHANGED     bars", "            row 2, level: 1 -> 9 (+8)"]
    assert printed[2].startswith("            the picture differs: RMS ")
    difference = study / "figures" / "differences" / "bars.png"
    assert printed[3:] == [f"            see {difference}", "0 IDENTICAL, 0 EQUIVALENT, 1 CHANGED"]
    assert Image.open(difference).mode == "RGB"
    assert read_files(study / "figures") == before


def test_a_notebook_that_fails_when_run_again_is_kept(tmp_path):
    bad = write_notebook(tmp_path / "bad.ipynb", "1 / 0", parameters='out: str = ""')
    with pytest.raises(lab.PolicylabError) as error:
        rerun(make_plan([bad], out=tmp_path / "figures"))
    kept = Path(str(error.value).partition("as far as it came: ")[2])
    assert kept.name == "bad-failed.ipynb" and kept.is_file()
    shutil.rmtree(kept.parent)


def make_figure(folder, numbers, level=255, size=(40, 60)):
    folder.mkdir(exist_ok=True)
    (folder / "f.csv").write_text(numbers, encoding="utf-8")
    Image.fromarray(np.full((*size, 3), level, dtype="uint8")).save(folder / "f.png")


@pytest.mark.parametrize(
    ("numbers", "level", "size", "grade", "reasons"),
    [
        ("term,n\n数字,0.5\n", 255, (40, 60), "IDENTICAL", []),
        (
            "term,n\n数字,0.500001\n",
            252,
            (40, 60),
            "EQUIVALENT",
            ["numbers equal; the bytes differ in .csv, .png; picture: RMS 3.00 of 255"],
        ),
        ("term,n\n数字,0.50001\n", 255, (40, 60), "CHANGED", ["row 2, n: 0.5 -> 0.50001 (+1e-05)", "see"]),
        (
            "term,n\n数字,0.5\n",
            245,
            (40, 60),
            "CHANGED",
            ["the picture differs: RMS 10.00 of 255, more than 5", "see"],
        ),
        ("term,n\n数字,0.5\n", 255, (40, 61), "CHANGED", ["the picture differs: another size", "see"]),
    ],
)
def test_grades(tmp_path, numbers, level, size, grade, reasons):
    make_figure(tmp_path / "a", "term,n\n数字,0.5\n")
    make_figure(tmp_path / "b", numbers, level, size)
    found = grade_figure("f", tmp_path / "a", tmp_path / "b", tmp_path / "differences")
    picture = tmp_path / "differences" / "f.png"
    assert found == (grade, [f"see {picture}" if reason == "see" else reason for reason in reasons])
    assert picture.exists() == (grade == "CHANGED")


def test_a_figure_that_only_one_side_has(tmp_path):
    make_figure(tmp_path / "a", "n\n1\n")
    (tmp_path / "b").mkdir()
    assert grade_figure("f", tmp_path / "a", tmp_path / "b", tmp_path) == (
        "CHANGED",
        ["f.csv was not drawn", "f.png was not drawn"],
    )
    assert grade_figure("f", tmp_path / "b", tmp_path / "a", tmp_path) == (
        "CHANGED",
        ["f.csv is not among the shipped files", "f.png is not among the shipped files"],
    )


def test_a_page_without_numbers_is_the_same_only_to_the_byte(tmp_path):
    for folder, text in (("a", "<p>甲"), ("b", "<p>乙")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "f.html").write_text(text, encoding="utf-8")
    assert grade_figure("f", tmp_path / "a", tmp_path / "b", tmp_path) == ("CHANGED", ["f.html differs"])
    assert grade_figure("f", tmp_path / "a", tmp_path / "a", tmp_path) == ("IDENTICAL", [])


def test_a_table_that_a_spreadsheet_saved_anew_is_no_crash():
    table = "term,n\n数字,1\n".encode()
    assert compare_numbers("term,n\n数字,1\n".encode("gb18030"), table) == [
        "the shipped table is not a CSV file in UTF-8"
    ]
    assert compare_numbers(table, b'term,n\n"x,1\n') == ["the new table is not a CSV file in UTF-8"]
    long = f"term\n{'长' * 200_000}\n".encode()
    assert compare_numbers(long, long) == []


def test_numbers_that_differ_are_named():
    def compare(old, new):
        return compare_numbers(old.encode(), new.encode())

    assert compare("a,b\n1,2\n", "a,c\n1,2\n") == ["columns: a, b -> a, c"]
    assert compare("a\n1\n", "a\n1\n2\n") == ["rows: 1 -> 2"]
    assert compare("a,b\n,1\n", "a,b\n1,1\n") == ["row 2, a:  -> 1"]
    assert compare("a\n数字\n", "a\n网络\n") == ["row 2, a: 数字 -> 网络"]
    assert compare("a\n1000000.0\n", "a\n1000000.5\n") == []
    many = "a\n" + "1\n" * 7
    assert compare(many, many.replace("1", "2"))[-2:] == ["row 6, a: 1 -> 2 (+1)", "and 2 more cells"]
