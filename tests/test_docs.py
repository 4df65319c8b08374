"""The pages for people: links, names and folders exist, and the code that they show runs."""

import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
from shutil import copy2, copytree
from urllib.parse import unquote

import pandas as pd
import pytest

import policylab as lab
from policylab.base.paths import DATA, FIGURES, PACKAGE, ROOT
from policylab.run.study import fill_caption, load_study

DOCS = ROOT / "docs"
PAGES = {
    page.relative_to(ROOT).as_posix(): page
    for page in [*ROOT.glob("*.md"), *DOCS.glob("*.md"), DATA / "README.md", FIGURES / "README.md"]
}
# Pages whose names are checked in another way, or are those of their time.
OTHER_NAMES = {"docs/api.md", "docs/adding-a-measure.md", "CHANGELOG.md"}
PUBLIC = [f"lab.{name}" for name in lab.__all__]
PUBLIC += [f"lab.{part}.{name}" for part in ("recipes", "readings") for name in getattr(lab, part).__all__]


def read(path):
    return path.read_text(encoding="utf-8")


# --- what all pages name


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files(page):
    targets = re.findall(r"\]\(([^)\s]+)\)", read(PAGES[page]))
    files = [unquote(target.partition("#")[0]) for target in targets if not re.match("https?:|#", target)]
    assert [file for file in files if not (PAGES[page].parent / file).exists()] == []


@pytest.mark.parametrize("page", sorted(PAGES.keys() - OTHER_NAMES))
def test_functions_that_a_page_names_are_public(page):
    text = read(PAGES[page])
    assert set(re.findall(r"\blab\.(?:recipes\.|readings\.)?[a-zA-Z_]+", text)) <= set(PUBLIC)
    known = {name.rpartition(".")[2] for name in PUBLIC}
    verbs = "|".join({name.partition("_")[0] for name in known if "_" in name and name.islower()})
    assert set(re.findall(rf"`((?:{verbs})_[a-z_]+)[`(]", text)) <= known


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_code_of_the_readme_runs(page):
    (code,) = re.findall(r"^```python\n(.*?)^```", read(PAGES[page]), re.MULTILINE | re.DOTALL)
    names = {}
    exec(compile(code, page, "exec"), names)
    assert len(names["corpus"].tasks)


def test_one_can_learn_the_public_names():
    assert len(lab.__all__) <= 90
    assert sorted(dir(lab)) == sorted(lab.__all__)


def test_the_page_of_public_names_is_current():
    page = runpy.run_path(str(DOCS / "make_api.py"))["make_page"]()
    assert page == read(DOCS / "api.md"), "run: python docs/make_api.py"


def test_architecture_is_that_of_the_code():
    text = read(DOCS / "architecture.md")
    table = {name for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert table == {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    contracts = tomllib.loads(read(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    layers = [set(re.findall(r"policylab\.(\w+)", layer)) & table for layer in layers]
    picture = re.search(r"```text\n(.*?)```", text, re.DOTALL).group(1)
    # Names are apart from what the picture says of them by two blanks or more.
    cells = [[cell.split() for cell in re.split(r"\s{2,}", line)] for line in picture.splitlines()]
    drawn = [{name for words in line if table.issuperset(words) for name in words} for line in cells]
    assert [names for names in drawn if names] == [names for names in layers if names]


# --- adding-a-measure.md, followed in a copy


def list_blocks():
    """(file, language, code) of every block of adding-a-measure.md that belongs to a file."""
    path, blocks = None, []
    page = read(DOCS / "adding-a-measure.md")
    for named, language, code in re.findall(r"^`([\w./]+)`$|^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        path = named or path
        if code and language != "sh":
            blocks.append((path, language, code))
    return blocks


def insert_lines(text, block):
    """The lines with + put before the line of the file that follows them in the block."""
    for new, old in re.findall(r"((?:^\+.*\n)+)^ (.*\n)", block, re.MULTILINE):
        assert text.count("\n" + old) == 1, f"not exactly once in the file: {old}"
        text = text.replace("\n" + old, "\n" + re.sub(r"^\+", "", new, flags=re.MULTILINE) + old)
    return text


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The project after what the page says was done, but for the notebook, whose new cells are run by themselves."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("policylab", "data", "docs", "notebooks", "tests"):
        copytree(ROOT / name, folder / name)
    for name in ("pyproject.toml", "figures.toml"):
        copy2(ROOT / name, folder)
    for path, language, block in list_blocks():
        file = folder / path
        if file.suffix != ".ipynb":
            text = read(file) if file.exists() else ""
            text = insert_lines(text, block) if language == "diff" else text + block
            file.write_text(text, encoding="utf-8", newline="\n")
    return folder


@pytest.fixture
def run(copy):
    def _run(*arguments):
        """What Python prints in the copy."""
        environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONUTF8": "1", "MPLBACKEND": "Agg"}
        output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
        done = subprocess.run([sys.executable, *arguments], cwd=copy, env=environment, **output)
        assert done.returncode == 0, done.stdout
        return done.stdout

    return _run


def test_tests_of_the_new_measure_pass(run):
    new = [path for path, _, _ in list_blocks() if path.endswith("diversity.py")]
    assert len(new) == 4
    chosen = ["-k", "diversity or every_sentence", "tests/test_docstrings.py", "tests/test_sentences.py"]
    summary = run("-m", "pytest", "-q", "-p", "no:cacheprovider", *new, *chosen).splitlines()[-1]
    # three examples, four tests, docstring and annotations of three functions, the sentences
    assert int(summary.split()[0]) >= 14, summary


def test_new_code_passes_the_checks(copy, run):
    run("-m", "ruff", "check")
    run("-m", "ruff", "format", "--check")
    run("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")
    # mypy takes a second with what it keeps from tests/test_checks.py, which runs before, and half a minute without.
    if (ROOT / ".mypy_cache").exists():
        copytree(ROOT / ".mypy_cache", copy / ".mypy_cache")
        run("-m", "mypy")


def test_new_cells_draw_and_describe(copy, run):
    cells = json.loads(read(copy / "notebooks" / "02_terms.ipynb"))["cells"]
    script = []
    for cell in (cell for cell in cells if cell["cell_type"] == "code"):
        script.append("".join(cell["source"]))
        if "parameters" in cell["metadata"].get("tags", []):
            script.append('out, language = "drawn", "en"')
        if "record = " in script[-1]:
            break
    reading, figure = (block for path, _, block in list_blocks() if path.endswith(".ipynb"))
    lines = reading.splitlines()
    (copy / "cells.py").write_text("\n".join([*script, *lines[:-1], f"print({lines[-1]})", figure]), encoding="utf-8")
    printed = run("cells.py")

    data = pd.read_csv(copy / "drawn" / "term-diversity-en.csv")
    most, least = data.iloc[0], data.iloc[-1]
    assert printed.splitlines()[-1] == (
        f"Within 50 successive words {most['name']} uses the most different ones (MATTR {most['mattr']:.2f}), "
        f"{least['name']} the fewest ({least['mattr']:.2f}); {len(data)} documents are compared."
    )
    assert {path.suffix for path in (copy / "drawn").glob("term-diversity-en.*")} == {".csv", ".pdf", ".png", ".svg"}
    captions = {figure["id"]: figure["caption"] for figure in load_study(copy).figures}
    assert fill_caption(captions["term-diversity"]["en"], data) == (
        "Lexical diversity of 4 documents: the share of different words within 50 successive words, averaged (MATTR)."
    )


def test_new_names_and_reference_are_listed(copy, run):
    run("docs/make_api.py")
    assert "| `measure_diversity` | Measure the moving-average type-token ratio" in read(copy / "docs" / "api.md")
    (copy / "mine.ipynb").write_text(
        json.dumps(
            {"cells": [{"cell_type": "code", "source": "import policylab as lab\nlab.recipes.measure_diversity"}]}
        )
    )
    assert "@article{covington2010," in run("-m", "policylab", "cite", "mine.ipynb")
