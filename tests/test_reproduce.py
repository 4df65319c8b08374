"""Notebooks: what they declare, what is refused, what a run leaves behind; and how the project's own are written."""

import ast
import json
import sys
from datetime import date

import pytest

import policylab as lab
from policylab.base import paths
from policylab.output.folder import read_manifest
from policylab.run.parameters import Parameter, parse_value, read_parameters
from policylab.run.planning import read_settings
from policylab.run.reproduce import reproduce

DEEP = "brackets are nested more than 20 deep. Give a simpler value."
PARAMETERS = """catalog: str = ""  # your own catalog
out: str = ""
language: str = "zh"  # zh or en
terms: list[str] = ["数字", "a=b"]  # terms to mark
seed: int = 7
share: float = 0.5
weights: dict = {"数字": 1}
marked: bool = True
"""


def write_notebook(path, *cells, parameters=PARAMETERS):
    sources = [(parameters, ["parameters"]), *((cell, []) for cell in cells)]
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
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    return path


def outputs(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [
        "".join("".join(o.get("text", "")) for o in cell["outputs"]) for cell in cells if cell["cell_type"] == "code"
    ]


# --- parameters


def test_parameters_are_read_as_declared(tmp_path):
    parameters = read_parameters(write_notebook(tmp_path / "n.ipynb"))
    assert parameters[0] == Parameter("catalog", "str", "", "your own catalog")
    assert parameters[3] == Parameter("terms", "list", ["数字", "a=b"], "terms to mark")
    assert [p.type for p in parameters[4:]] == ["int", "float", "dict", "bool"]
    assert read_parameters(write_notebook(tmp_path / "n.ipynb", parameters="")) == []


def test_a_parameters_cell_that_cannot_be_read(tmp_path):
    path = write_notebook(
        tmp_path / "n.ipynb",
        parameters='seed = 7\nyears: tuple = (1, 2)\nterm: str = seed\nshare: float = 1\nn: int = "8"',
    )
    with pytest.raises(lab.PolicylabError) as error:
        read_parameters(path)
    assert str(error.value) == (
        "n.ipynb, parameters cell: each line must read `name: type = default  # help`, the type being one of "
        "str, int, float, bool, list, dict, str | list and the default a plain value of that type:\n"
        "  line 1: seed = 7\n"
        "  line 2: years: tuple = (1, 2)\n"
        "  line 3: term: str = seed\n"
        '  line 5: n: int = "8"'
    )
    with pytest.raises(lab.PolicylabError) as error:
        read_parameters(write_notebook(path, parameters="seed: int = 7\n%matplotlib inline"))
    assert str(error.value) == "n.ipynb, parameters cell, line 2: invalid syntax: %matplotlib inline"
    with pytest.raises(lab.PolicylabError, match="^n.ipynb, parameters cell.*nested"):
        read_parameters(write_notebook(path, parameters=f"terms: list = {'[' * 5000}{']' * 5000}"))


def test_a_file_that_is_no_notebook(tmp_path):
    path = tmp_path / "n.ipynb"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(lab.PolicylabError) as error:
        read_parameters(path)
    assert str(error.value) == (
        f"{path} is not a Jupyter notebook of format 4 (TypeError: list indices must be integers or slices, not str)."
    )


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("str", " 8", " 8"),
        ("int", "8", 8),
        ("float", "1e-3", 0.001),
        ("bool", "True", True),
        ("bool", "false", False),
        ("list", '["数字", 1]', ["数字", 1]),
        ("dict", '{"数字": 1}', {"数字": 1}),
        ("str | list", "lists/hit.txt", "lists/hit.txt"),
        ("str | list", ' ["的", "了"]', ["的", "了"]),
    ],
)
def test_values_are_parsed_by_type(kind, text, value):
    parsed = parse_value(text, Parameter("x", kind, None, ""))
    assert parsed == value and type(parsed) is type(value)


def test_wrong_settings_are_reported_all_at_once(tmp_path):
    path = write_notebook(tmp_path / "n.ipynb")
    settings = [
        "sede=8",
        "seed=8.5",
        "terms=数字",
        "weights=[1]",
        "marked=yes",
        "share",
        "language=en",
        "share=1",
        "terms2=x",
        "zzz=1",
        f"terms={'[' * 100_000}",
        f"weights={'[' * 30}{']' * 30}",
        'terms=["\\ud800"]',
        "share=nan",
        'weights={"a": 1e400}',
        f"seed={'9' * 5000}",
    ]
    with pytest.raises(lab.PolicylabError) as error:
        read_settings([path], settings)
    assert str(error.value) == (
        "Nothing was run.\n"
        "  n.ipynb: sede = 8: unknown parameter. Did you mean seed?\n"
        "  n.ipynb: seed = 8.5: expected int. Give an integer such as 8.\n"
        '  n.ipynb: terms = 数字: expected list. Give a JSON list such as ["数字", "网络"].\n'
        '  n.ipynb: weights = [1]: expected dict. Give a JSON object such as {"数字": 1}.\n'
        "  n.ipynb: marked = yes: expected bool. Give true or false.\n"
        "  --set share: expected name=value.\n"
        "  --set language=en: use --language en.\n"
        "  n.ipynb: terms2 = x: unknown parameter. Did you mean terms?\n"
        "  n.ipynb: zzz = 1: unknown parameter. Known: catalog, out, language, terms, seed, share, weights, marked.\n"
        f"  n.ipynb: terms = {'[' * 79}…: {DEEP}\n"
        f"  n.ipynb: weights = {'[' * 30}{']' * 30}: {DEEP}\n"
        "  n.ipynb: terms = [\"\\ud800\"]: '\\ud800' holds half a character, which no file can. Write it again.\n"
        "  n.ipynb: share = nan: nan is not a finite number. Give another one.\n"
        '  n.ipynb: weights = {"a": 1e400}: inf is not a finite number. Give another one.\n'
        f"  n.ipynb: seed = {'9' * 79}…: expected int. Give an integer such as 8."
    )
    assert read_settings([path], ["seed=8", "terms=[]"]) == {"seed": 8, "terms": []}


def test_wrong_values_are_refused_before_anything_runs(tmp_path):
    path = write_notebook(tmp_path / "n.ipynb", parameters="seed: int = 7")
    other = write_notebook(tmp_path / "other.ipynb", parameters="terms: list = []")
    with pytest.raises(lab.PolicylabError) as error:
        reproduce([path, other], {"seed": True, "terms": "数字", "sede": 1, "language": "en"}, out=tmp_path / "out")
    assert str(error.value) == (
        "Nothing was run.\n"
        "  n.ipynb, other.ipynb: sede = 1: unknown parameter. Did you mean seed?\n"
        "  n.ipynb, other.ipynb: language = 'en': unknown parameter. Known: seed, terms.\n"
        f"  n.ipynb, other.ipynb: out = {str(tmp_path / 'out')!r}: unknown parameter. Known: seed, terms.\n"
        "  language = 'en': is not set like this; use the argument or option --language.\n"
        "  n.ipynb: seed = True: expected int, got bool. Give an integer such as 8.\n"
        '  other.ipynb: terms = \'数字\': expected list, got str. Give a JSON list such as ["数字", "网络"].'
    )
    assert not (tmp_path / "out").exists()


def test_values_that_no_notebook_can_hold(tmp_path):
    path = write_notebook(tmp_path / "n.ipynb")
    deep = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(lab.PolicylabError) as error:
        reproduce([path], {"zzz": deep, "terms": [date(2019, 1, 1)], "share": float("inf")})
    assert str(error.value) == (
        "Nothing was run.\n"
        f"  zzz: {DEEP}\n"
        "  terms: 2019-01-01 is of the type date, which no notebook takes. Write it in quotation marks.\n"
        "  share: inf is not a finite number. Give another one."
    )


def test_unknown_notebook_and_bad_catalog(tmp_path):
    with pytest.raises(lab.PolicylabError) as error:
        reproduce(["01_corpis"])
    assert str(error.value) == "01_corpis: no such notebook. Did you mean 01_corpus?"
    with pytest.raises(lab.PolicylabError, match="missing.csv"):
        reproduce(["01_corpus"], catalog=tmp_path / "missing.csv", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


# --- runs


def test_a_run_gets_its_parameters_its_interpreter_and_no_more(tmp_path, monkeypatch, capfd):
    # A kernel of the same name that the user installed, and one more on the path: both are broken.
    for name, variable in (("user", "JUPYTER_DATA_DIR"), ("path", "JUPYTER_PATH")):
        kernel = tmp_path / name / "kernels" / "python3" / "kernel.json"
        kernel.parent.mkdir(parents=True)
        kernel.write_text('{"argv": ["false"], "display_name": "wrong", "language": "python"}', encoding="utf-8")
        monkeypatch.setenv(variable, str(tmp_path / name))
    folder = tmp_path / "笔记 {本}"
    folder.mkdir()
    cells = [
        "import os, sys; print(sys.executable)",
        "print(os.getcwd())",
        "print(os.environ['MPLBACKEND'])",
        "print(terms, seed, language)",
    ]
    path = write_notebook(folder / "own.ipynb", *cells)
    done = reproduce([path], {"terms": ["新质生产力", '"引号"\n']}, out=tmp_path / "out", languages=["en"])
    assert done == [tmp_path / "out" / "notebooks" / "own-en.ipynb"]
    assert outputs(done[0])[2:] == [
        f"{sys.executable}\n",
        f"{folder}\n",
        "module://matplotlib_inline.backend_inline\n",
        "['新质生产力', '\"引号\"\\n'] 7 en\n",
    ]
    source = "".join(json.loads(done[0].read_text(encoding="utf-8"))["cells"][1]["source"])
    out = json.dumps(str(tmp_path / "out"))
    assert source == f'# Parameters\nterms = ["新质生产力", "\\"引号\\"\\n"]\nout = {out}\nlanguage = "en"\n'
    printed = capfd.readouterr()
    assert printed.err == ""
    assert printed.out.startswith("[1/1] own-en: ") and printed.out.endswith(f"s, {done[0]}\n")


def test_a_failed_run_is_kept_and_reported_in_one_line(tmp_path, capfd):
    drawing = """import policylab as lab, pandas as pd
from policylab.plots.kit.style import new_figure
record = lab.record_provenance(lab.load_corpus(), "failing", {"language": language})
saved = lab.save_figure(new_figure(50, 50, language), "first", pd.DataFrame({"n": [1]}), record, folder=out)"""
    failing = """figure = new_figure(50, 50, language)
figure.text(0, 0, '\\ue000')
lab.save_figure(figure, 'second', pd.DataFrame(), record, folder=out)"""
    bad = write_notebook(
        tmp_path / "failing.ipynb", drawing, failing, "print('never')", parameters='language: str = "zh"\nout: str = ""'
    )
    good = write_notebook(tmp_path / "good.ipynb", "print('done')", parameters="")
    kept = tmp_path / "out" / "notebooks" / "failing-zh-failed.ipynb"
    with pytest.raises(lab.PolicylabError) as error:
        reproduce([bad, good], out=tmp_path / "out", languages=["zh"])
    assert str(error.value) == (
        "failing.ipynb (zh) failed at In [4]: PolicylabError: Figure second: the font has no glyph for these "
        "characters: \ue000 (U+E000) in '\\ue000' Nothing was written. Call lab.use_style(language=...) before drawing, "
        "or write the text with other characters. "
        f"The notebook as far as it came: {kept}"
    )
    assert sorted(path.name for path in kept.parent.iterdir()) == ["failing-zh-failed.ipynb", "good.ipynb"]
    assert "PolicylabError" in kept.read_text(encoding="utf-8") and outputs(kept)[-1] == ""
    # The figures of a notebook come together or not at all. The notebook that did not fail is noted as done.
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["manifest.json", "notebooks"]
    assert list(read_manifest(tmp_path / "out")["runs"]) == ["good"]
    assert capfd.readouterr().err == ""


def test_the_first_notebook_draws_its_figures_from_any_catalog(tmp_path):
    (tmp_path / "甲.txt").write_text("没有结构的文件，只有一段话。\n", encoding="utf-8")
    catalog = tmp_path / "catalog.csv"
    catalog.write_text(
        "document_id,title,level,region,year,file\n甲,甲市通知,municipal,厦门市,2021,甲.txt\n", encoding="utf-8"
    )
    done = reproduce(["01_corpus"], catalog=catalog, languages=["en"])
    assert done == [tmp_path / "figures" / "notebooks" / "01_corpus-en.ipynb"]  # beside the catalog, not in the project
    manifest = (tmp_path / "figures" / "manifest.json").read_text(encoding="utf-8")
    assert sorted(json.loads(manifest)["figures"]) == ["documents-en", "structure-en"]
    assert json.loads(manifest)["figures"]["structure-en"]["parameters"] == {
        "catalog": "catalog.csv",
        "language": "en",
        "preset": "nature",
    }
    assert str(tmp_path) not in manifest


# --- the project's notebooks


@pytest.mark.parametrize("path", sorted(paths.NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_hold_calls_and_no_outputs(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert b"\r" not in path.read_bytes()
    assert {p.name for p in read_parameters(path)} >= {"catalog", "out", "language"}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        assert cell["outputs"] == [] and cell["execution_count"] is None, source
        assert source.count("\n") < 8 or "parameters" in cell["metadata"].get("tags", []), source
        nodes = {type(node) for node in ast.walk(ast.parse(source))}
        assert not nodes & {ast.FunctionDef, ast.ClassDef, ast.Try, ast.While}, source
