"""References: what a notebook used, in BibTeX and GB/T 7714, and that the list of sources is complete."""

import inspect
import json
import re
from fnmatch import fnmatchcase
from importlib import metadata

import pytest

import policylab as lab
from policylab.__main__ import main
from policylab.base.paths import ROOT
from policylab.output.cite import cite, load_references, read_usage

REFERENCES = load_references()
ENTRIES = [*REFERENCES["methods"], *REFERENCES["software"]]

CATALOG = """document_id,title,level,region,year,file,issuer,document_number,issued
"joint{2021}",R&D_1 通知,county,某县,2021,a.txt,某县教育局、某县财政局,某教〔2021〕3号,2021-03-05
bare,要点,county,某县,2021,a.txt,,,
"""


def write_notebook(folder, *sources, name="mine.ipynb"):
    cells = [{"cell_type": "code", "metadata": {}, "source": source.splitlines(keepends=True)} for source in sources]
    path = folder / name
    path.write_text(
        json.dumps({"cells": [{"cell_type": "markdown", "source": ["lab.tokenize"]}, *cells]}), encoding="utf-8"
    )
    return path


def write_catalog(folder):
    (folder / "a.txt").write_text("一、总体要求\n推进数字校园建设。\n", encoding="utf-8")
    path = folder / "catalog.csv"
    path.write_text(CATALOG, encoding="utf-8")
    return path


def read_keys(bibtex):
    return re.findall(r"^@\w+\{(.+),$", bibtex, re.MULTILINE)


# --- what a notebook used


def test_usage(tmp_path):
    first = "import policylab as pl, sklearn.svm\nfrom policylab import measure_trend\n%matplotlib inline\n!ls"
    path = write_notebook(tmp_path, first, "pl.fit_topics(tokens, 8, method='lda')\nnp.tokenize\npl.no_such_name")
    usage = read_usage(path)
    assert usage.functions == {"measure_trend", "fit_topics"}
    assert usage.modules == {"policylab", "sklearn"}
    assert "lda" in usage.texts


def test_methods_are_those_of_the_functions(tmp_path):
    start = "import policylab as lab\n"
    path = write_notebook(tmp_path, start + "lab.find_collocates(tokens, '数字')")
    assert [key for key in read_keys(cite([path])) if key[-4:].isdigit()] == [
        *("dunning1993", "rychly2008"),  # and what every notebook rests on
        *("harris2020", "mckinney2010", "virtanen2020"),
    ]
    consensus = write_notebook(tmp_path, start + "lab.fit_topics(tokens, 8, seed=1)", name="consensus.ipynb")
    lda = write_notebook(tmp_path, start + "lab.fit_topics(tokens, 8, method='lda', seed=1)", name="lda.ipynb")
    assert "blei2003" not in read_keys(cite([consensus])) and "kotliar2019" in read_keys(cite([consensus]))
    assert "blei2003" in read_keys(cite([lda]))


def test_an_imported_package_is_cited(tmp_path):
    path = write_notebook(tmp_path, "import policylab as lab, seaborn\nlab.use_preset('nature')")
    assert "waskom2021" in read_keys(cite([path]))


def test_documents_only_where_the_corpus_is_loaded(tmp_path):
    path = write_notebook(tmp_path, "import policylab as lab\nlab.use_preset('nature')")
    assert "national-2019" not in cite([path])


@pytest.mark.filterwarnings("ignore::policylab.PolicylabWarning")
def test_the_shipped_notebooks():
    bibtex = cite()
    keys = read_keys(bibtex)
    assert keys[:4] == ["chongqing-2019", "fujian-2020", "national-2017", "national-2019"]
    assert len(keys) == len(set(keys))
    assert {"monroe2008", "kotliar2019", "deerwester1990", "cliff1993", "hagberg2008", "policylab"} <= set(keys)
    assert bibtex.count("{") == bibtex.count("}")
    assert cite() == bibtex


# --- the two styles


def test_bibtex(tmp_path):
    path = write_notebook(tmp_path, "import policylab as lab\nlab.load_corpus()\nlab.measure_dispersion(tokens)")
    with pytest.warns(lab.PolicylabWarning) as warned:
        text = cite([path], style="bibtex", catalog=write_catalog(tmp_path))
    assert [str(warning.message) for warning in warned if "catalog" in str(warning.message)] == [
        "The catalog lacks details of these documents: bare (issuer, document_number, issued). Complete their references."
    ]
    start, _, rest = text.partition("% 软件 · Software\n")
    assert start == (
        "% 文件 · Documents\n\n"
        "@misc{bare,\n  title = {要点},\n}\n\n"
        "@misc{joint-2021-,\n"
        "  author = {{某县教育局} and {某县财政局}},\n"
        "  title = {{R\\&D\\_1} 通知},\n"
        "  howpublished = {某教〔2021〕3号},\n"
        "  year = {2021},\n"
        "  month = mar,\n"
        "}\n\n"
        "% 方法 · Methods\n\n"
        "% measure_dispersion\n"
        "@article{gries2008,\n"
        "  author = {Gries, Stefan Th.},\n"
        "  title = {Dispersions and adjusted frequencies in corpora},\n"
        "  journal = {International Journal of Corpus Linguistics},\n"
        "  year = {2008},\n"
        "  volume = {13},\n"
        "  number = {4},\n"
        "  pages = {403--437},\n"
        "  doi = {10.1075/ijcl.13.4.02gri},\n"
        "}\n\n"
        "% measure_dispersion\n"
        "@article{lijffijt2012,\n"
        "  author = {Lijffijt, Jefrey and Gries, Stefan Th.},\n"
        "  title = {Correction to {Stefan} {Th.} {Gries'} {“Dispersions} and adjusted frequencies in corpora”},\n"
        "  journal = {International Journal of Corpus Linguistics},\n"
        "  year = {2012},\n"
        "  volume = {17},\n"
        "  number = {1},\n"
        "  pages = {147--149},\n"
        "  doi = {10.1075/ijcl.17.1.08lij},\n"
        "}\n\n"
    )
    assert f"  note = {{policylab {lab.__version__}}},\n" in rest
    assert "  title = {{SciPy} 1.0: fundamental algorithms for scientific computing in {Python}},\n" in rest
    assert "  author = {Harris, Charles R. and Millman, K. Jarrod and van der Walt, Stéfan J. and others},\n" in rest


@pytest.mark.filterwarnings("ignore::policylab.PolicylabWarning")
def test_gbt(tmp_path):
    called = "lab.load_corpus(), lab.find_collocates, lab.find_reuse, lab.measure_agreement, lab.align_tasks"
    path = write_notebook(tmp_path, f"import policylab as lab\n{called}")
    lines = cite([path], style="gbt7714", catalog=write_catalog(tmp_path)).splitlines()
    assert lines[:3] == [
        "文件 · Documents",
        "[1] 要点[Z].",
        "[2] 某县教育局, 某县财政局. R&D_1 通知: 某教〔2021〕3号[Z]. 2021-03-05.",
    ]
    references = {line.partition("] ")[2] for line in lines}
    assert {
        "DEERWESTER S, DUMAIS S T, FURNAS G W, et al. Indexing by latent semantic analysis[J]. Journal of the American "
        "Society for Information Science, 1990, 41(6): 391-407. DOI: 10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9.",
        "RYCHLÝ P. A lexicographer-friendly association score[C]//Proceedings of Recent Advances in Slavonic Natural "
        "Language Processing, RASLAN 2008. Brno: Masaryk University, 2008: 6-9.",
        "KRIPPENDORFF K. Content analysis: an introduction to its methodology[M]. 4th ed. Thousand Oaks: SAGE, 2019.",
        "WISE M J. Running Karp-Rabin matching and greedy string tiling: technical report 463[R]. Sydney: Basser "
        "Department of Computer Science, University of Sydney, 1993.",
        "HARRIS C R, MILLMAN K J, VAN DER WALT S J, et al. Array programming with NumPy[J]. Nature, 2020, 585: 357-362. "
        "DOI: 10.1038/s41586-020-2649-2.",
        "policylab contributors. policylab: Chinese policy documents as tidy tables, measures and paper figures: "
        f"version {lab.__version__}[CP].",
        "nteract contributors. papermill: parameterize and run Jupyter and nteract notebooks: version "
        f"{metadata.version('papermill')}[CP/OL]. https://github.com/nteract/papermill.",
    } <= references
    numbers = [line.partition("]")[0] for line in lines if line.startswith("[")]
    assert numbers == [f"[{i}" for i in range(1, len(numbers) + 1)]
    assert lines[-1].startswith(f"版本 · Versions: policylab {lab.__version__} [")


# --- messages


def run(capsys, *arguments):
    status = main(["cite", *map(str, arguments)])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_command(capsys, tmp_path):
    path = write_notebook(tmp_path, "import policylab as lab\nlab.count_terms(tokens)")
    empty = write_notebook(tmp_path, "1 + 1", name="empty.ipynb")
    status, out, err = run(capsys, path, empty, "--format", "gbt7714")
    assert (status, err) == (
        0,
        "policylab: note: empty.ipynb: no function of policylab is used; nothing is cited for it.\n",
    )
    assert out.startswith("软件 · Software\n[1] policylab contributors.") and out.endswith("]\n")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 + 1", "mine.ipynb: no function of policylab is used, so there is nothing to cite."),
        ("x = 1\nif", "mine.ipynb, code cell 1, line 2: invalid syntax: if"),
    ],
)
def test_nothing_to_cite(capsys, tmp_path, source, message):
    assert run(capsys, write_notebook(tmp_path, source)) == (2, "", f"policylab: {message}\n")


def test_bad_files(capsys, tmp_path):
    assert run(capsys, "01_corpis") == (2, "", "policylab: 01_corpis: no such notebook. Did you mean 01_corpus?\n")
    path = tmp_path / "text.ipynb"
    path.write_text("{}", encoding="utf-8")
    status, out, err = run(capsys, path)
    assert (status, out, err) == (
        2,
        "",
        f"policylab: {path} is not a Jupyter notebook of format 4 (KeyError: 'cells').\n",
    )


def test_unknown_style():
    with pytest.raises(lab.PolicylabError) as error:
        cite(["01_corpus"], style="apa")
    assert str(error.value) == "style is 'apa': expected one of 'bibtex', 'gbt7714'."


# --- the list of sources


def test_every_source_in_a_docstring_has_an_entry():
    # Monroe, Colaresi & Quinn 2008; Deerwester et al. 1990; Cliff, N. (1993): the last surname before the year.
    source = re.compile(r"([A-Z][\w’'-]+)(?:, [A-Z]\.)*(?: et al\.)?,? \(?((?:19|20)\d\d)\b")
    known = {
        (author.partition(",")[0], str(entry["year"])) for entry in REFERENCES["methods"] for author in entry["authors"]
    }
    found = {}
    for name in lab.__all__:
        prose = (inspect.getdoc(getattr(lab, name)) or "").partition(">>>")[0]
        found |= dict.fromkeys(source.findall(re.sub(r"\s+", " ", prose)), name)
    assert {("Rychlý", "2008"), ("Quinn", "2008"), ("Deerwester", "1990"), ("Cliff", "1993")} <= found.keys()
    assert {found[one]: one for one in found.keys() - known} == {}


def test_used_by_names_exported_functions():
    exported = [*lab.__all__, *lab.recipes.__all__, *lab.readings.__all__]
    names = {known.partition("(")[0] for entry in ENTRIES for known in entry.get("used_by", [])}
    assert [name for name in sorted(names) if not any(fnmatchcase(own, name) for own in exported)] == []


def test_entries_are_complete_and_unique():
    need = {
        "article": {"journal", "year", "volume", "pages"},
        "inproceedings": {"booktitle", "year", "pages"},
        "book": {"publisher", "year"},
        "techreport": {"institution", "number", "year"},
        "software": {"package"},
    }
    for entry in ENTRIES:
        assert need[entry["type"]] | {"key", "authors", "title"} <= entry.keys(), entry["key"]
        assert re.fullmatch(r"[a-z]+(\d{4})?", entry["key"]) and entry["key"].endswith(str(entry.get("year", "")))
    keys = [entry["key"] for entry in ENTRIES]
    assert len(keys) == len(set(keys))


def test_our_own_entry_is_that_of_the_citation_file():
    path = ROOT / "CITATION.cff"
    if not path.exists():
        pytest.skip("only in a checkout")
    own = next(entry for entry in REFERENCES["software"] if entry["key"] == "policylab")
    text = path.read_text(encoding="utf-8")
    assert f'title: "{own["title"]}"' in text
    assert f'- name: "{own["authors"][0]}"' in text
