"""run.py without network and without the real .venv: a copy of it in a small project whose package only reports."""

import ast
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from importlib import metadata
from pathlib import Path

import pytest

import policylab
from policylab.output.dependencies import find_version

RUN = Path(__file__).resolve().parent.parent / "run.py"
REQUIREMENTS = RUN.parent / "requirements"

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
    for name, line in {"uv": "uv==1", "build": "setuptools==1", "lock": "numpy==2", "test": "pytest==3"}.items():
        (root / "requirements" / f"{name}.txt").write_text(line + "\n", encoding="utf-8")
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
    """The small project with a .venv that run.py takes for finished, the tests' packages left out."""
    venv.create(run.VENV, symlinks=os.name != "nt")
    write_stamp(run, run.stamp(USER))
    return project


# What is installed for the users, and what for the tests.
USER = ["requirements/build.txt", "requirements/lock.txt"]
TEST = [*USER, "requirements/test.txt"]


def write_stamp(run, lines):
    run.STAMP.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


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


def test_an_old_python_gets_the_remedy(run, monkeypatch, capsys):
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
        "        Choose one of: figures, test, check, lab, policylab. More: run.py --help\n"
    )  # fmt: skip
    assert not (project / ".venv").exists()


@pytest.mark.parametrize("name", TEST)
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


@pytest.mark.parametrize("name", USER)
def test_a_changed_lock_calls_for_a_repair_but_not_for_a_new_venv(ready, run, name):
    before = run.stamp(USER)
    (ready / name).write_text("changed", encoding="utf-8")
    assert run.stamp(USER)[0] == before[0]
    assert not run.is_ready(run.stamp(USER))


def test_the_tests_need_a_lock_more_and_users_do_not_mind_it(ready, run):
    assert run.is_ready(run.stamp(USER))
    assert not run.is_ready(run.stamp(TEST))
    write_stamp(run, run.stamp(TEST))
    assert run.is_ready(run.stamp(USER))
    assert run.is_ready(run.stamp(TEST))
    (ready / "requirements" / "test.txt").write_text("changed", encoding="utf-8")
    assert run.is_ready(run.stamp(USER))
    assert not run.is_ready(run.stamp(TEST))


def test_only_tests_and_checks_install_the_packages_of_the_tests(run, monkeypatch):
    installed = {}
    monkeypatch.setattr(run, "start", lambda job, arguments: None)
    for job in run.JOBS:
        monkeypatch.setattr(run, "make_ready", lambda locks, job=job: installed.update({job: locks}))
        run.main([job])
    assert installed == {"figures": USER, "test": TEST, "check": TEST, "lab": USER, "policylab": USER}


def test_a_moved_project_goes_on_working(ready):
    moved = ready.rename(ready.with_name("moved"))
    done = start(moved, "policylab")
    assert (done.returncode, done.stderr) == (0, "")
    assert Path(json.loads(done.stdout)["prefix"]) == moved / ".venv"


def test_a_venv_whose_interpreter_is_gone_is_not_ready(ready, run):
    assert run.is_ready(run.stamp(USER))
    run.PYTHON.unlink()
    assert not run.is_ready(run.stamp(USER))


class Commands(list):
    """Replaces run.run: notes each command and fails those in which one of the given texts occurs."""

    def __init__(self, run, monkeypatch, *failing):
        self.failing = failing
        monkeypatch.setattr(run, "run", self)

    def __call__(self, *command, **options):
        words = [str(word) for word in command]
        self.append(words)
        return int(any(text in " ".join(words) for text in self.failing))

    def named(self, *words):
        return [command for command in self if set(words) <= set(command)]


def test_a_half_made_venv_is_made_again_and_the_stamp_comes_last(ready, run, monkeypatch):
    run.STAMP.unlink()
    commands = Commands(run, monkeypatch)
    run.make_ready(TEST)
    assert commands.named("venv", "--clear") == commands[:1]
    (fetch, *installs) = commands.named("install")
    assert fetch[:3] == [str(run.PYTHON), "-m", "pip"] and {"--require-hashes", run.UV} <= set(fetch)
    assert [Path(command[0]).name for command in installs] == ["uv", "uv", "uv"]
    assert [command[-3:] for command in installs] == [[lock, "--python", str(run.PYTHON)] for lock in TEST]
    assert all("--require-hashes" in command and "--no-build-isolation" in command for command in installs)
    assert run.found_stamp() == run.stamp(TEST)
    assert not Path(installs[0][0]).exists()  # uv itself is not kept


def test_a_finished_venv_is_repaired_in_place(ready, run, monkeypatch):
    (ready / "requirements" / "lock.txt").write_text("numpy==3\n", encoding="utf-8")
    commands = Commands(run, monkeypatch)
    run.make_ready(USER)
    assert commands.named("venv") == []
    assert len(commands.named("install")) == 3
    assert run.is_ready(run.stamp(USER))


@pytest.mark.parametrize(
    "failing", [":all:", "uv --version", "lock.txt --python"], ids=["no-wheel", "no-start", "fails"]
)
def test_pip_installs_where_uv_cannot(ready, run, monkeypatch, capsys, failing):
    run.STAMP.unlink()
    commands = Commands(run, monkeypatch, failing)
    run.make_ready(USER)
    pip = [str(run.PYTHON), "-m", "pip", *run.INSTALL]
    assert commands[-2:] == [[*pip, lock] for lock in USER]
    assert capsys.readouterr().err.splitlines()[-1] == (
        "run.py: uv cannot be used here; installing with pip, which takes some minutes ..."
    )
    assert run.is_ready(run.stamp(USER))


LISTING = """\
For variant 'global', will try loading '/etc/pip.conf'
global.extra-index-url='https://a.example/simple\\nhttps://b.example/simple'
global.index-url='https://first.example/simple'
global.timeout='60'
install.find-links='wheels more-wheels'
install.index-url='https://second.example/simple'
:env:.cert='/a folder/roots.pem'
"""


def settings_of(run, listing):
    return run.uv_settings([sys.executable, "-c", f"print({listing!r})"])


def test_uv_downloads_from_where_pip_does(run):
    assert settings_of(run, LISTING) == {
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_DEFAULT_INDEX": "https://second.example/simple",
        "UV_INDEX": "https://a.example/simple https://b.example/simple",
        "UV_FIND_LINKS": "wheels,more-wheels",
        "SSL_CERT_FILE": "/a folder/roots.pem",
    }
    last = settings_of(run, LISTING + ":env:.index-url='https://third.example/simple'")
    assert last["UV_DEFAULT_INDEX"] == "https://third.example/simple"


@pytest.mark.parametrize("name", ["no-index", "no-binary", "keyring-provider"])
def test_a_setting_that_uv_cannot_be_given_leaves_the_work_to_pip(run, name):
    assert settings_of(run, f"{LISTING}:env:.{name}='1'") is None


def test_the_settings_are_read_as_pip_lists_them(run, tmp_path, monkeypatch):
    pytest.importorskip("pip")
    (tmp_path / "pip.conf").write_text("[install]\nindex-url = https://mirror.example/simple\n", encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    for name in ("INDEX_URL", "NO_INDEX", "NO_BINARY", "KEYRING_PROVIDER"):
        monkeypatch.delenv(f"PIP_{name}", raising=False)
    pip = [sys.executable, "-m", "pip"]
    assert run.uv_settings(pip)["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    monkeypatch.setenv("PIP_INDEX_URL", "https://other.example/simple")
    assert run.uv_settings(pip)["UV_DEFAULT_INDEX"] == "https://other.example/simple"


def test_settings_that_are_meant_for_uv_come_before_those_of_pip(run, monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example/simple")
    code = "import os, sys; sys.exit(os.environ['UV_DEFAULT_INDEX'] != 'https://mine.example/simple')"
    assert run.run(sys.executable, "-c", code, settings={"UV_DEFAULT_INDEX": "https://pips.example/simple"}) == 0


def test_the_package_is_found_by_a_relative_ascii_path(ready, run, monkeypatch):
    run.STAMP.unlink()
    Commands(run, monkeypatch)
    run.make_ready(USER)
    (path_file,) = run.VENV.rglob("_policylab.pth")
    line = path_file.read_text(encoding="ascii").strip()
    assert (path_file.parent / line).resolve() == ready


def test_the_command_policylab_finds_its_python_by_place(ready, run, monkeypatch, tmp_path):
    run.STAMP.unlink()
    Commands(run, monkeypatch)
    run.make_ready(USER)
    package = ready / "policylab"
    package.mkdir(exist_ok=True)
    (package / "__main__.py").write_text("import sys; print(ascii(sys.argv[1:]))", encoding="utf-8")
    command = run.PYTHON.with_name("policylab.cmd" if run.WINDOWS else "policylab")
    printed = subprocess.check_output([str(command), "check", "a b"], cwd=tmp_path, encoding="utf-8")
    assert printed == "['check', 'a b']\n"


def test_a_pip_outside_fills_a_venv_without_one(ready, run, monkeypatch):
    run.STAMP.unlink()
    commands = Commands(run, monkeypatch, f"policylab {run.VENV}", f"{run.PYTHON} -m pip --version")
    run.make_ready(USER)
    assert commands.named("venv")[-1][-2:] == ["--without-pip", str(run.VENV)]
    fetch = commands.named("install")[0]
    assert fetch[:5] == [run.BASE, "-m", "pip", "--python", str(run.PYTHON)]


def test_no_pip_anywhere_is_reported(ready, run, monkeypatch, capsys):
    run.STAMP.unlink()
    Commands(run, monkeypatch, "pip --version", f"{run.PYTHON} --version")
    with pytest.raises(SystemExit):
        run.make_ready(USER)
    assert capsys.readouterr().err.splitlines()[1:] == [
        f"run.py: {run.BASE} has neither ensurepip nor pip 22.3 or newer, so nothing can be installed into {run.VENV}.",
        "        Install them (Debian, Ubuntu: apt install python3-venv) or start run.py with another Python.",
    ]


def test_a_failed_installation_is_reported_and_leaves_no_stamp(ready, run, monkeypatch, capsys):
    run.STAMP.unlink()
    Commands(run, monkeypatch, run.LOCK)
    with pytest.raises(SystemExit):
        run.make_ready(USER)
    assert capsys.readouterr().err.splitlines()[3:] == [
        f"run.py: pip could not install {run.LOCK} into {run.VENV}; see its messages above.",
        "        If it found no connection or no package, check the network and pip's settings; start again.",
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


def locked(name):
    lines = (REQUIREMENTS / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ")[0].split("==") for line in lines if "==" in line)


def test_the_locks_agree():
    """A package that two locks name has one version, so that no installation undoes another."""
    lock = locked("lock.txt")
    assert locked("build.txt").items() <= lock.items()
    both = locked("test.txt").keys() & lock.keys()
    assert {name: locked("test.txt")[name] for name in both} == {name: lock[name] for name in both}


def test_the_locks_have_what_pyproject_asks_for():
    """Whoever adds a dependency must lock it, see requirements/README.md."""
    pyproject = tomllib.loads((RUN.parent / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "lock.txt": pyproject["project"]["dependencies"],
        **{f"{group}.txt": pyproject["dependency-groups"][group] for group in ("build", "test", "uv")},
    }
    missing = {
        name: {re.split("[=<>]", line)[0] for line in lines} - locked(name).keys() for name, lines in asked.items()
    }
    assert not any(missing.values()), missing


def test_users_install_no_package_of_the_tests_and_nothing_under_the_gpl():
    pyproject = tomllib.loads((RUN.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert not locked("lock.txt").keys() & set(pyproject["dependency-groups"]["test"])
    assert [name for name in locked("lock.txt") if "GPL" in licence(name)] == []
    assert "GPL" in licence("krippendorff")  # so the question is put rightly


def licence(package):
    try:
        found = metadata.metadata(package)
    except metadata.PackageNotFoundError:  # for another system or Python
        return ""
    stated = [found.get("License-Expression"), (found.get("License") or "")[:200], *found.get_all("Classifier", [])]
    return " ".join(text for text in stated if text).replace("General Public License", "GPL")


@pytest.mark.parametrize("name", ["uv.txt", "build.txt", "lock.txt", "test.txt"])
def test_a_lock_names_no_address(name):
    text = (REQUIREMENTS / name).read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert "://" not in text


def test_the_version_is_the_same_everywhere():
    citation = (RUN.parent / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {policylab.__version__}\n" in citation


def test_the_version_is_that_of_the_code_not_of_an_installation(monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda package: "0")
    assert find_version("policylab") == policylab.__version__
    assert find_version("numpy") == "0"
