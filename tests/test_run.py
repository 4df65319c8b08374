"""run.py without network and without the real .venv: a copy of it in a small project whose package only reports."""

import ast
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parent.parent / "run.py"

# What the small project's `python -m policylab` does: tell how it was called, and end with the status it is asked for.
REPORT = """
import json, os, sys
report = {"arguments": sys.argv[1:], "folder": os.getcwd(), "prefix": sys.prefix, "environment": dict(os.environ)}
print(json.dumps(report))
sys.exit(int(os.environ.get("STATUS", 0)))
"""


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "政策 文本 lab"
    (root / "requirements").mkdir(parents=True)
    (root / "policylab").mkdir()
    shutil.copy(RUN, root)
    (root / "requirements" / "build.txt").write_text("hatchling==1\n", encoding="utf-8")
    (root / "requirements" / "lock.txt").write_text("numpy==2\n", encoding="utf-8")
    (root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    (root / "policylab" / "__main__.py").write_text(REPORT, encoding="utf-8")
    return root


@pytest.fixture
def run(project):
    """The small project's run.py as a module."""
    spec = importlib.util.spec_from_file_location("run_of_small_project", project / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def ready(project, run):
    """The small project with a .venv that run.py takes for finished."""
    venv.create(run.VENV, symlinks=os.name != "nt")
    run.STAMP.write_text(run.stamp(), encoding="utf-8")
    return project


def start(project, *arguments, folder=None, **variables):
    return subprocess.run(
        [sys.executable, str(project / "run.py"), *arguments],
        cwd=folder or project,
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=30,
    )


def test_any_python_3_can_read_the_file():
    ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_is_told_what_to_do(run, monkeypatch, capsys):
    with monkeypatch.context() as patch, pytest.raises(SystemExit) as end:
        patch.setattr(sys, "version_info", (3, 10, 13))
        run.main(["test"])
    assert end.value.code == 1
    assert capsys.readouterr().err == (
        f"run.py: this is Python {platform.python_version()} ({sys.executable}), but 3.11 or newer is needed.\n"
        "        Install one and name it, for example: python3.12 run.py test (Windows: py -3.12 run.py test).\n"
    )


def test_an_unknown_job_is_answered_with_the_jobs(project):
    done = start(project, "figurs")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "run.py: there is no job 'figurs'.\n"
        "        Choose one of: figures, test, lab, policylab. More: run.py --help\n"
    )  # fmt: skip
    assert not (project / ".venv").exists()


@pytest.mark.parametrize("name", ["requirements/build.txt", "requirements/lock.txt", "pyproject.toml"])
def test_a_missing_file_is_named_before_anything_is_made(project, name):
    (project / name).unlink()
    done = start(project, "test")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"run.py: {name} is missing in {project}.\n"
        "        Bring it back (git restore) or unpack the project again.\n"
    )  # fmt: skip
    assert not (project / ".venv").exists()


def test_a_job_runs_in_the_project_with_all_its_arguments(ready, tmp_path):
    done = start(ready, "figures", "01_corpus", "--language", "zh", "--set", "词=数字 福建", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["arguments"] == ["reproduce", "01_corpus", "--language", "zh", "--set", "词=数字 福建"]
    assert Path(report["folder"]) == ready
    assert Path(report["prefix"]) == ready / ".venv"


def test_the_exit_status_of_the_job_is_passed_on(ready):
    assert start(ready, "policylab", STATUS="7").returncode == 7


def test_other_environments_do_not_lead_the_job_astray(ready, tmp_path):
    other = tmp_path / "other"
    (other / "policylab").mkdir(parents=True)
    (other / "policylab" / "__main__.py").write_text("print('the wrong package')", encoding="utf-8")
    done = start(
        ready, "policylab", PYTHONPATH=str(other), PYTHONOPTIMIZE="2", VIRTUAL_ENV=str(other), MPLBACKEND="QtAgg"
    )
    environment = json.loads(done.stdout)["environment"]
    assert not {"PYTHONPATH", "PYTHONHOME", "PYTHONOPTIMIZE"} & environment.keys()
    assert environment["VIRTUAL_ENV"] == str(ready / ".venv")
    assert environment["MPLBACKEND"] == "Agg"
    assert environment["PYTHONUTF8"] == environment["OMP_NUM_THREADS"] == environment["OPENBLAS_NUM_THREADS"] == "1"


def test_figures_appear_in_the_notebook_in_the_lab(run, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    assert "MPLBACKEND" not in run.environment("lab")
    assert run.environment("test")["MPLBACKEND"] == "Agg"


@pytest.mark.parametrize("name", ["requirements/build.txt", "requirements/lock.txt", "pyproject.toml"])
def test_a_changed_file_calls_for_a_repair_but_not_for_a_new_venv(ready, run, name):
    before = run.stamp()
    (ready / name).write_text("changed", encoding="utf-8")
    assert run.stamp() != before
    assert run.stamp().split("\n")[0] == before.split("\n")[0]
    assert not run.is_ready(run.stamp())


def test_a_moved_project_calls_for_a_repair(ready, run):
    moved = ready.rename(ready.with_name("moved"))
    before = (moved / ".venv" / "policylab-stamp").read_text(encoding="utf-8")
    run.ROOT = moved
    assert run.stamp() != before
    assert run.stamp().split("\n")[0] == before.split("\n")[0]


def test_a_venv_whose_interpreter_is_gone_is_not_ready(ready, run):
    assert run.is_ready(run.stamp())
    run.PYTHON.unlink()
    assert not run.is_ready(run.stamp())


class Commands(list):
    """Stands in for run.run: notes each command and fails those in which one of the given words occurs."""

    def __init__(self, run, monkeypatch, *failing):
        self.failing = failing
        monkeypatch.setattr(run, "run", self)

    def __call__(self, *command, **options):
        words = [str(word) for word in command]
        self.append(words)
        return int(any(" ".join(words).endswith(ending) for ending in self.failing))

    def named(self, *words):
        return [command for command in self if set(words) <= set(command)]


def test_a_half_made_venv_is_made_again_and_the_stamp_comes_last(ready, run, monkeypatch):
    run.STAMP.unlink()
    commands = Commands(run, monkeypatch)
    run.make_ready()
    assert commands.named("venv", "--clear") == commands[:1]
    assert [command[-1] for command in commands.named("install")] == [run.BUILD_TOOLS, run.LOCK, "."]
    assert all("--require-hashes" in command for command in commands.named("-r"))
    assert run.STAMP.read_text(encoding="utf-8") == run.stamp()


def test_a_finished_venv_is_repaired_in_place(ready, run, monkeypatch):
    (ready / "requirements" / "lock.txt").write_text("numpy==3\n", encoding="utf-8")
    commands = Commands(run, monkeypatch)
    run.make_ready()
    assert commands.named("venv") == []
    assert len(commands.named("install")) == 3
    assert run.is_ready(run.stamp())


def test_the_package_is_found_by_a_relative_ascii_path(ready, run, monkeypatch):
    run.STAMP.unlink()
    Commands(run, monkeypatch)
    run.make_ready()
    (path_file,) = run.VENV.rglob("_policylab.pth")
    line = path_file.read_text(encoding="ascii").strip()
    assert (path_file.parent / line).resolve() == ready


def test_a_pip_outside_fills_a_venv_without_one(ready, run, monkeypatch):
    run.STAMP.unlink()
    commands = Commands(run, monkeypatch, f"policylab {run.VENV}", f"{run.PYTHON} -m pip --version")
    run.make_ready()
    assert commands.named("venv")[-1][-2:] == ["--without-pip", str(run.VENV)]
    assert all(
        command[:5] == [run.BASE, "-m", "pip", "--python", str(run.PYTHON)] for command in commands.named("install")
    )


def test_no_pip_anywhere_is_told(ready, run, monkeypatch, capsys):
    run.STAMP.unlink()
    Commands(run, monkeypatch, "pip --version", f"{run.PYTHON} --version")
    with pytest.raises(SystemExit):
        run.make_ready()
    assert capsys.readouterr().err.splitlines()[1:] == [
        f"run.py: {run.BASE} has neither ensurepip nor pip 22.3 or newer, so nothing can be installed into {run.VENV}.",
        "        Install them (Debian, Ubuntu: apt install python3-venv) or start run.py with another Python.",
    ]


def test_a_failed_installation_is_told_and_leaves_no_stamp(ready, run, monkeypatch, capsys):
    run.STAMP.unlink()
    Commands(run, monkeypatch, run.LOCK)
    with pytest.raises(SystemExit):
        run.make_ready()
    assert capsys.readouterr().err.splitlines()[2:] == [
        f"run.py: pip could not install {run.LOCK} into {run.VENV}; its own words stand above.",
        "        If it found no connection or no package, look at the network and at pip's settings; start again.",
    ]
    assert not run.STAMP.exists()


def test_a_second_start_waits_and_uses_what_the_first_has_made(ready, run):
    stamp = run.STAMP.read_text(encoding="utf-8")
    run.STAMP.unlink()
    with run.only_one_at_a_time():
        second = subprocess.Popen(
            [sys.executable, str(ready / "run.py"), "policylab"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(timeout=0.5)
        run.STAMP.write_text(stamp, encoding="utf-8")
    output, errors = second.communicate(timeout=30)
    assert second.returncode == 0
    assert errors.decode().splitlines() == ["run.py: another start is setting up .venv; waiting for it ..."]
    assert json.loads(output)["arguments"] == []


def test_the_build_tools_are_those_of_the_lock():
    """build.txt is a part of lock.txt: one version of each, so that the second installation changes nothing."""
    build, lock = (
        {
            line.split(" ")[0]
            for line in (RUN.parent / "requirements" / name).read_text("utf-8").splitlines()
            if "==" in line
        }
        for name in ("build.txt", "lock.txt")
    )
    assert build <= lock


@pytest.mark.parametrize("name", ["build.txt", "lock.txt"])
def test_the_lock_names_no_address(name):
    text = (RUN.parent / "requirements" / name).read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert "://" not in text
