"""Studies, captions and the gallery."""

import json
import os
import shlex
import subprocess

import pandas as pd
import pytest
from test_reproduce import write_notebook

import policylab as lab
from policylab.__main__ import main
from policylab.base import paths
from policylab.base.notebooks import find_notebooks
from policylab.output.folder import read_manifest
from policylab.run.gallery import check_captions, make_gallery, write_gallery
from policylab.run.planning import make_plan
from policylab.run.reproduce import run_plan
from policylab.run.study import Study, fill_caption, load_study, quote_argument, write_study
from policylab.run.verify import verify


def test_a_new_study_runs_at_once(tmp_path, capsys):
    folder = tmp_path / "研究 {1}"
    assert main(["new", str(folder)]) == 0
    command = capsys.readouterr().out.splitlines()[-1].partition("policylab ")[2]
    # As the shell takes the printed command apart.
    arguments = shlex.split(command) if os.name != "nt" else command.replace('"', "").split(" ", 2)
    assert arguments == ["reproduce", "--study", str(folder)]
    assert main([*arguments, "--language", "zh"]) == 0
    assert verify(folder / "figures")
    assert sorted(read_manifest(folder / "figures")["figures"]) == ["documents-zh", "structure-zh"]
    files = read_manifest(folder / "figures")["runs"]["01_corpus-zh"]["inputs"]["files"]
    assert {"corpus/catalog.csv", "corpus/texts/example-2021.md"} <= files.keys()
    page = (folder / "figures" / "README.md").read_text(encoding="utf-8")
    assert "![structure-zh](structure-zh.png)\n\n1 份文件的结构，按正文字数绘制。\n" in page
    # A text of the corpus is an input like any other.
    capsys.readouterr()
    with open(folder / "texts" / "example-2021.md", "a", encoding="utf-8") as text:
        text.write("4.又一项任务。\n")
    assert main(["status", "--study", str(folder), "--language", "zh"]) == 1
    assert capsys.readouterr().out == "01_corpus-zh  stale: corpus/texts/example-2021.md\n"


def test_the_example_is_read_without_doubts(tmp_path):
    write_study(tmp_path)
    corpus = lab.load_corpus(tmp_path / "catalog.csv")
    assert (len(corpus.sections), len(corpus.tasks), len(corpus.responsibilities)) == (2, 3, 4)
    assert lab.list_doubts(corpus).empty


def test_a_study_never_overwrites(tmp_path):
    (tmp_path / "catalog.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(lab.PolicylabError) as error:
        write_study(tmp_path)
    assert str(error.value) == (f"{tmp_path} has catalog.csv already. Nothing was written. Choose another folder.")
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.csv"]


@pytest.mark.skipif(os.name == "nt", reason="Windows forbids quotation marks in names")
def test_the_printed_command_is_safe_in_any_folder(tmp_path, capsys):
    for name in ('it\'s {1} "2" $HOME', "a;b"):
        assert main(["new", str(tmp_path / name)]) == 0
        argument = capsys.readouterr().out.partition("--study ")[2].rstrip("\n")
        done = subprocess.run(["sh", "-c", f"printf %s {argument}"], capture_output=True, check=True)
        assert done.stdout.decode("utf-8") == str(tmp_path / name)


def refuse(path, content=None):
    """The message with which a study is refused."""
    if content is not None:
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    with pytest.raises(lab.PolicylabError) as error:
        load_study(path)
    return str(error.value)


def test_no_study(tmp_path):
    for given, missing, folder in [
        (tmp_path, tmp_path / "figures.toml", tmp_path),
        # A folder that is to be, and one that cannot.
        (tmp_path / "new", tmp_path / "new" / "figures.toml", tmp_path / "new"),
        (tmp_path / "a.toml", tmp_path / "a.toml", tmp_path),
        (tmp_path / "a b", tmp_path / "a b" / "figures.toml", quote_argument(tmp_path / "a b")),
    ]:
        assert refuse(given) == f"There is no study {missing}. Write one with: policylab new {folder}"
    if os.name != "nt":  # Windows has its own words
        long = tmp_path / ("x" * 300)
        assert refuse(long) == f"{long / 'figures.toml'} cannot be read: File name too long."


def test_everything_wrong_in_a_study_is_reported_at_once(tmp_path):
    path = tmp_path / "figures.toml"
    content = (
        'catalogue = "c.csv"\nlanguages = ["fr"]\nparameters = {n = 1}\n[[figures]]\nid = "a"\ncaption.zh = "图"\n'
        '[[figures]]\nid = "a"\nnotebook = "01_corpus"\n'
        '[[figures]]\nid = 3\nnotebook = "01_corpus"\ncaption = {zh = 1, en = "Figure", fr = "Dessin"}\n'
    )
    assert refuse(path, content) == (
        f"{path} cannot be used:\n"
        "  catalogue is unknown. Did you mean catalog?\n"
        "  languages = ['fr']: expected a list of zh and en.\n"
        "  parameters: expected a table for each notebook, such as [parameters.02_terms].\n"
        "  figure 1: notebook is missing.\n"
        "  figure 1: caption.en is missing. The study has the languages zh and en.\n"
        '  figure 2: caption: expected {zh = "…", en = "…"}.\n'
        "  figure 2: id a is that of an earlier one.\n"
        "  figure 3: id: expected a text in quotation marks.\n"
        "  figure 3: caption.fr is unknown. Known: zh, en.\n"
        "  figure 3: caption.zh: expected a text in quotation marks."
    )
    listed = refuse(path, "".join(f"key{number} = 1\n" for number in range(25))).split("\n  ")
    assert listed[-2:] == ["key4 is unknown. Known: catalog, figures, languages, parameters, preset.", "... and 5 more"]


def test_a_language_that_is_named_twice(tmp_path):
    path = tmp_path / "figures.toml"
    assert refuse(path, 'languages = ["zh", "en", "zh"]\n') == (
        f"{path} cannot be used:\n  languages = ['zh', 'en', 'zh']: a language is named twice. Keep one."
    )
    assert refuse(path, 'languages = ["zh"]\nlanguages = ["en"]\n') == (
        f"{path} cannot be read: Cannot overwrite a value (at line 2, column 19). Write each name once."
    )
    with pytest.raises(lab.PolicylabError) as error:
        make_plan(["01_corpus"], languages=["en", "en"])
    assert str(error.value) == "languages = ['en', 'en']: a language is named twice. Keep one."


def test_captions_are_needed_in_the_languages_of_the_study_only(tmp_path):
    path = tmp_path / "figures.toml"
    figure = '[[figures]]\nid = "a"\nnotebook = "01_corpus"\ncaption.en = "Figure"\n'
    path.write_text('languages = ["en"]\n' + figure, encoding="utf-8")
    assert load_study(path).figures[0]["caption"] == {"en": "Figure"}
    assert refuse(path, figure) == (
        f"{path} cannot be used:\n  figure 1: caption.zh is missing. The study has the languages zh and en."
    )
    assert refuse(path, 'languages = ["zh"]\n[[figures]]\nid = "a"\nnotebook = "01_corpus"\ncaption = "图"\n') == (
        f'{path} cannot be used:\n  figure 1: caption: expected {{zh = "…"}}.'
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_study_may_come_in_any_encoding(tmp_path, encoding):
    path = tmp_path / "figures.toml"
    content = '[[figures]]\r\nid = "a"\r\nnotebook = "01_corpus"\r\ncaption = {zh = "文件的结构", en = "Structure"}\r\n'
    path.write_bytes(content.encode(encoding))
    assert load_study(path).figures[0]["caption"]["zh"] == "文件的结构"


DEEP = "brackets are nested more than 20 deep. Give a simpler value."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("catalog = ", "cannot be read: Invalid value (at end of document)."),
        ("", "cannot be read: the file is empty. Save it as plain text in UTF-8."),
        (
            b"\x89PNG\r\n\xff",
            "cannot be read: the file is no text in UTF-8, UTF-16, GB18030 or Big5. Save it as plain text in UTF-8.",
        ),
        (f"languages = {'[' * 5000}{']' * 5000}", f"cannot be read: {DEEP}"),
        (f"languages = {'[' * 50}{']' * 50}", f"cannot be used:\n  {DEEP}"),
        (f"[parameters{'.a' * 5000}]\nb = 1", f"cannot be used:\n  {DEEP}"),
    ],
    ids=["no value", "empty", "no text", "brackets", "fewer brackets", "tables"],
)
def test_a_study_that_cannot_be_read(tmp_path, content, said):
    path = tmp_path / "figures.toml"
    assert refuse(path, content) == f"{path} {said}"


def test_parameters_of_a_study(tmp_path):
    write_study(tmp_path)
    path = tmp_path / "figures.toml"
    with open(path, "a", encoding="utf-8") as file:
        file.write(
            "[parameters.01_corpus]\nlangage = 'en'\npreset = 'plos'\nout = inf\n[parameters.02_term]\nn_terms = 5\n"
        )
    with pytest.raises(lab.PolicylabError) as error:
        make_plan(study=tmp_path)
    assert str(error.value) == (
        "Nothing was run.\n"
        f"  {path}: [parameters.02_term]: no notebook of this name. Did you mean 02_terms?\n"
        f"  {path}: 01_corpus.ipynb: langage = 'en': unknown parameter. Did you mean language?\n"
        f"  {path}: 01_corpus.ipynb: out: inf is not a finite number. Give another one.\n"
        f"  {path}: 01_corpus.ipynb: preset = 'plos': is not set like this; write preset = at the top of the file.\n"
        f"  {path}: 01_corpus.ipynb: out = inf: is not set like this; use --out."
    )


def test_a_notebook_in_the_folder_of_the_study_is_found(tmp_path, capsys):
    write_study(tmp_path)
    write_notebook(tmp_path / "own.ipynb", parameters="")
    with open(tmp_path / "figures.toml", "a", encoding="utf-8") as file:
        file.write('[[figures]]\nid = "own"\nnotebook = "own"\ncaption = {zh = "图", en = "Figure"}\n')
    plan = make_plan(study=tmp_path)
    assert [run.name for run in plan.runs] == ["01_corpus-zh", "01_corpus-en", "own"]
    assert plan.runs[2].notebook == (tmp_path / "own.ipynb").resolve()
    assert plan.folder == (tmp_path / "figures").resolve()
    assert [run.name for run in make_plan(["own"], study=tmp_path).runs] == ["own"]
    assert main(["status", "own", "--study", str(tmp_path)]) == 1
    assert capsys.readouterr().out == "own  never run\n"


DRAWING = """import matplotlib.pyplot as plt, pandas as pd, policylab as lab
record = lab.record_provenance(lab.load_corpus(), '{0}', {{}})
lab.save_figure(plt.figure(), '{0}', pd.DataFrame({{'title': ['甲'], 'n': [1]}}), record, folder=out)"""


def test_captions_are_checked_before_a_figure_is_put_in_place(tmp_path, capsys):
    figures = ""
    for name, cell, caption in [
        ("own", DRAWING.format("own"), "{sum.title} {sum.m}"),
        ("bad", "1 / 0", "Figure"),
        ("good", DRAWING.format("good"), "{sum.n}"),
    ]:
        write_notebook(tmp_path / f"{name}.ipynb", cell, parameters='out: str = ""')
        figures += f'[[figures]]\nid = "{name}"\nnotebook = "{name}"\ncaption = {{zh = "{caption}", en = ""}}\n'
    # A misspelt id is pointed out too.
    study = tmp_path / "figures.toml"
    study.write_text(
        figures + figures.split("[[figures]]")[-1].join(["[[figures]]", ""]).replace('id = "good"', 'id = "goof"'),
        encoding="utf-8",
    )
    with pytest.raises(lab.PolicylabError) as error:
        run_plan(make_plan(study=tmp_path))
    own, problem, failed = str(error.value).split("\n")
    assert own == f"own: its figures were not put in place, because captions in {study} cannot be filled:"
    assert problem == (
        "  Figure own: caption: {sum.title}: the column title holds text, which has no sum. Write distinct, or name another"
        " column. {sum.m}: the figure's table has no column m. Known: title, n."
    )
    assert failed.startswith("bad.ipynb failed at In [3]: ZeroDivisionError: division by zero. ")
    assert capsys.readouterr().out.endswith("figures.toml: the figure goof was not drawn. good drew good.\n")
    manifest = read_manifest(tmp_path / "figures")
    assert (list(manifest["figures"]), list(manifest["runs"])) == (["good"], ["good"])
    page = (tmp_path / "figures" / "README.md").read_text(encoding="utf-8")
    assert "![good](good.png)\n\n1\n" in page and "own" not in page
    # A caption that is changed later is refused too; the page shows it as it is.
    study.write_text(study.read_text(encoding="utf-8").replace("{sum.n}", "{max.k}"), encoding="utf-8")
    with pytest.raises(lab.PolicylabError) as error:
        run_plan(make_plan(["good"], study=tmp_path))
    assert str(error.value) == "Figure good: caption: {max.k}: the figure's table has no column k. Known: title, n."
    assert "{max.k}\n" in (tmp_path / "figures" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'n\n"1', "own.csv was changed and is no table any more (Error tokenizing data. C error: EOF inside string"),
        (b"", "caption: {sum.n}: the figure's table has no column n. There are none."),
        (None, "own.csv cannot be read: No such file or directory. Draw it again."),
    ],
    ids=["damaged", "emptied", "deleted"],
)
def test_a_table_that_somebody_changed(tmp_path, content, said):
    figure = {"id": "own", "notebook": "own", "caption": {"zh": "{sum.n}"}}
    study = Study(tmp_path / "figures.toml", None, ("zh",), "nature", {}, [figure])
    entry = {"notebook": "own", "files": {"own.png": "", "own.csv": ""}}
    manifest = {"format": 2, "figures": {"own": entry}, "runs": {}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    if content is not None:
        (tmp_path / "own.csv").write_bytes(content)
    [problem] = check_captions(tmp_path, study)
    assert problem.startswith(f"Figure own: {said}")


def test_captions_take_their_numbers_from_the_table():
    table = pd.DataFrame({"n": [1, 2, 2], "share": [0.5, 0.25, None]})
    caption = "{rows} rows, {distinct.n} numbers, {sum.n}, {min.share} to {max.share}; {a} stays"
    assert fill_caption(caption, table) == "3 rows, 2 numbers, 5, 0.25 to 0.5; {a} stays"
    blank = pd.DataFrame({"year": [2019, None], "n": [1_234_567, None]})
    assert fill_caption("{min.year}: {sum.n}", blank) == "2019: 1,234,567"
    text = table.assign(term=["乙", "甲", None], empty=None)
    assert fill_caption("{distinct.term} {min.term} {sum.empty}", text) == "2 乙 0"
    with pytest.raises(lab.PolicylabError) as error:
        fill_caption("{sum.shares} {sum.term} {sum.n} {max.empty}", text)
    assert str(error.value) == (
        "caption: {sum.shares}: the figure's table has no column shares. Did you mean share?"
        " {sum.term}: the column term holds text, which has no sum. Write distinct, or name another column."
        " {max.empty}: the column empty is blank, so it has no max. Name another column."
    )


def test_a_page_of_somebody_else_is_left_alone(tmp_path):
    for mine in (b"# Mine", "# 我的".encode("gb18030")):
        (tmp_path / "README.md").write_bytes(mine)
        write_gallery(tmp_path, None)
        assert (tmp_path / "README.md").read_bytes() == mine


# --- the project's own study


def test_figures_of_the_project_are_in_its_study():
    study = load_study()
    assert set(study.notebooks) <= {path.stem for path in find_notebooks()}
    entries = read_manifest(paths.FIGURES)["figures"].items()
    # The reader is a page to open, not a figure.
    drawn = {name.rsplit("-", 1)[0] for name, entry in entries if f"{name}.png" in entry["files"]}
    assert drawn == {figure["id"] for figure in study.figures}


def test_the_gallery_shows_every_figure_with_its_caption():
    page, problems = make_gallery(paths.FIGURES, load_study())
    assert not problems
    for figure in load_study().figures:
        for language in ("zh", "en"):
            assert f"![{figure['id']}-{language}]({figure['id']}-{language}.png)\n\n" in page
    assert "{" not in page
