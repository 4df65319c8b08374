"""Studies of one's own, captions and the gallery."""

import pandas as pd
import pytest
from test_reproduce import write_notebook

import policylab as lab
from policylab.__main__ import main
from policylab.base import paths
from policylab.base.notebooks import find_notebooks
from policylab.output.folder import read_manifest
from policylab.run.gallery import make_gallery, write_gallery
from policylab.run.planning import make_plan
from policylab.run.reproduce import run_plan
from policylab.run.study import fill_caption, load_study, write_study
from policylab.run.verify import verify


def test_a_new_study_runs_at_once(tmp_path, capsys):
    folder = tmp_path / "研究 {1}"
    assert main(["new", str(folder)]) == 0
    assert capsys.readouterr().out.endswith(f"Draw its figures with: policylab reproduce --study {folder}\n")
    assert main(["reproduce", "--study", str(folder), "--language", "zh"]) == 0
    assert verify(folder / "figures")
    assert sorted(read_manifest(folder / "figures")["figures"]) == ["documents-zh", "structure-zh"]
    data = read_manifest(folder / "figures")["runs"]["01_corpus-zh"]["inputs"]["data"]
    assert {"corpus/catalog.csv", "corpus/texts/example-2021.md"} <= data.keys()
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


def test_everything_wrong_in_a_study_is_told_at_once(tmp_path):
    path = tmp_path / "figures.toml"
    with pytest.raises(lab.PolicylabError) as error:
        load_study(tmp_path)
    assert str(error.value) == f"There is no study {path}. Write one with: policylab new {tmp_path}"
    # A folder that is to be, and one that cannot.
    for given, said in [
        (
            tmp_path / "new",
            f"There is no study {tmp_path / 'new' / 'figures.toml'}. Write one with: policylab new {tmp_path / 'new'}",
        ),
        (tmp_path / "a.toml", f"There is no study {tmp_path / 'a.toml'}. Write one with: policylab new {tmp_path}"),
    ]:
        with pytest.raises(lab.PolicylabError) as error:
            load_study(given)
        assert str(error.value) == said
    path.write_text(
        'catalogue = "c.csv"\nlanguages = ["fr"]\nparameters = {n = 1}\n[[figures]]\nid = "a"\ncaption.zh = "图"\n'
        '[[figures]]\nid = "a"\nnotebook = "01_corpus"\n',
        encoding="utf-8",
    )
    with pytest.raises(lab.PolicylabError) as error:
        load_study(path)
    assert str(error.value) == (
        f"{path} cannot be used:\n"
        "  catalogue is unknown. Did you mean catalog?\n"
        "  languages = ['fr']: expected a list of zh and en.\n"
        "  parameters: expected a table for each notebook, such as [parameters.02_terms].\n"
        "  figure 1: notebook is missing.\n"
        '  figure 1: caption: expected {zh = "…", en = "…"}.\n'
        '  figure 2: caption: expected {zh = "…", en = "…"}.\n'
        "  figure 2: id a is that of an earlier one."
    )
    path.write_text("catalog = ", encoding="utf-8")
    with pytest.raises(lab.PolicylabError, match=r"cannot be read: Invalid value \(at end of document\).$"):
        load_study(path)


def test_parameters_of_a_study(tmp_path):
    write_study(tmp_path)
    path = tmp_path / "figures.toml"
    with open(path, "a", encoding="utf-8") as file:
        file.write("[parameters.01_corpus]\nlangage = 'en'\npreset = 'plos'\n[parameters.02_term]\nn_terms = 5\n")
    with pytest.raises(lab.PolicylabError) as error:
        make_plan(study=tmp_path)
    assert str(error.value) == (
        "Nothing was run.\n"
        f"  {path}: [parameters.02_term]: no notebook of this name. Did you mean 02_terms?\n"
        f"  {path}: 01_corpus.ipynb: langage = 'en': unknown parameter. Did you mean language?\n"
        f"  {path}: 01_corpus.ipynb: preset = 'plos': is not set like this; write preset = at the top of the file."
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


def test_a_wrong_caption_hides_neither_a_notebook_that_failed_nor_a_figure_that_was_not_drawn(tmp_path, capsys):
    drawing = (
        "import matplotlib.pyplot as plt, pandas as pd, policylab as lab\n"
        "record = lab.record_provenance(lab.load_corpus(), 'own', {})\n"
        "lab.save_figure(plt.figure(), 'own', pd.DataFrame({'n': [1]}), record, out)"
    )
    write_notebook(tmp_path / "own.ipynb", drawing, parameters='out: str = ""')
    write_notebook(tmp_path / "bad.ipynb", "1 / 0", parameters='out: str = ""')
    figure = '[[figures]]\nid = "{0}"\nnotebook = "{0}"\ncaption = {{zh = "图", en = "{{sum.m}}"}}\n'
    figures = (
        figure.format("own")
        + figure.format("bad")
        + figure.format("owm").replace('notebook = "owm"', 'notebook = "own"')
    )
    (tmp_path / "figures.toml").write_text(figures, encoding="utf-8")
    with pytest.raises(lab.PolicylabError) as error:
        run_plan(make_plan(study=tmp_path))
    failed, caption = str(error.value).split("\n")
    assert failed.startswith("bad.ipynb failed at In [3]: ZeroDivisionError: division by zero. ")
    assert caption == "Figure own: caption: {sum.m}: the figure's table has no column m. Known: n."
    assert "{sum.m}\n" in (tmp_path / "figures" / "README.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out.endswith("figures.toml: the figure owm was not drawn. own drew own.\n")


def test_captions_take_their_numbers_from_the_table():
    table = pd.DataFrame({"n": [1, 2, 2], "share": [0.5, 0.25, None]})
    caption = "{rows} rows, {distinct.n} numbers, {sum.n}, {min.share} to {max.share}; {a} stays"
    assert fill_caption(caption, table) == "3 rows, 2 numbers, 5, 0.25 to 0.5; {a} stays"
    with pytest.raises(lab.PolicylabError) as error:
        fill_caption("{sum.shares}", table)
    assert str(error.value) == "caption: {sum.shares}: the figure's table has no column shares. Did you mean share?"


def test_a_page_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "README.md").write_text("# Mine", encoding="utf-8")
    write_gallery(tmp_path, None)
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "# Mine"


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
