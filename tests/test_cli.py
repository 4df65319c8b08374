"""The command line: what it prints, how it fails, and that it starts fast."""

import os
import re
import subprocess
import sys

import pytest

from policylab.__main__ import main
from policylab.base.paths import PACKAGE


def run(capsys, *arguments):
    status = main(list(map(str, arguments)))
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_check_says_what_was_read(capsys):
    status, out, err = run(capsys, "check")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[:6] == [
        "national-2017: 全国 2017, plan, 9 sections, 28 tasks, 64 paragraphs, 7385 characters",
        "  title 2017年教育信息化工作要点; number 教技厅[2017]2号; issuer 教育部办公厅; issued 2017-01-25",
        "national-2019: 全国 2019, plan, 11 sections, 35 tasks, 76 paragraphs, 7665 characters",
        "  title 2019年教育信息化和网络安全工作要点; number 教技厅〔2019〕2号; issuer 教育部办公厅; issued 2019-02-27",
        "national-2019-web: 全国 2019, plan, 11 sections, 35 tasks, 76 paragraphs, 7663 characters "
        "(another publication of national-2019)",
        "  title 2019年教育信息化和网络安全工作要点; number —; issuer 教育部办公厅; issued 2019-02-27",
    ]
    assert lines[8:15] == [
        "fujian-2020: 福建省 2020, plan, 8 sections, 28 tasks, 38 paragraphs, 5304 characters",
        "  title 2020年教育信息化和网络安全工作要点; number —; issuer —; issued —",
        "  check: 5 places are in list_doubts",
        *("documents: 4", "sections: 38", "tasks: 122", "paragraphs: 230"),
    ]


def test_check_says_what_looks_wrong_and_proposes_entries(capsys, tmp_path):
    (tmp_path / "a.txt").write_text(
        "某市管理办法\n第一条 甲。（督办学区：某市教育局、某市财政局）\n第二条 乙。\n某市2021年工作要点\n第一条 丙。\n第二条 丁。\n",
        encoding="utf-8",
    )
    (tmp_path / "b.txt").write_text(
        "路线\\图\n一、网络\n任务一：接入\n好。\n任务二：提速\n好。\n任务三：“开放”\n好。\n", encoding="utf-8"
    )
    catalog = tmp_path / "catalog.csv"
    rows = "a,a.txt,county,某县,2020,\nb,b.txt,county,某县,2021,某县任务书\n"
    catalog.write_text("document_id,file,level,region,year,title\n" + rows, encoding="utf-8")
    status, out, err = run(capsys, "check", "--catalog", catalog)
    assert status == 0
    assert err == "policylab: note: a: the file holds 2 documents. The others are read as a-2.\n"
    lines = out.splitlines()
    assert lines[:7] == [
        "a: 某县 2020, regulation, 0 sections, 2 articles, 2 paragraphs, 22 characters",
        "  title 某市管理办法; number —; issuer —; issued —",
        "  check: 1 brackets that seem to name who is responsible were left in the text",
        "a-2: 某县 2021, regulation, 0 sections, 2 articles, 2 paragraphs, 4 characters (in the file of a)",
        "  title 某市2021年工作要点; number —; issuer —; issued —",
        "b: 某县 2021, plan, 0 sections, 0 tasks, 3 paragraphs, 26 characters",
        "  title 某县任务书; number —; issuer —; issued —",
    ]
    assert lines[7] == "  check: 100% of the characters are in no section and no task"
    assert lines[-9:] == [
        "Lines show patterns that were not read. If they are what they seem, write into grammar.toml beside the catalog:",
        "[headings]",
        "section = [",
        '  "任务{n}：",  # 3 in b: 任务一：接入',
        "]",
        "[responsibility]",
        "duty = [",
        '  "督办学区",  # 1 in a: （督办学区：某市教育局、某市财政局）',
        "]",
    ]


def test_check_tells_warnings_in_one_line_each(capsys, tmp_path):
    (tmp_path / "a.txt").write_bytes("一段话，没有标题。".encode("gb18030"))
    catalog = tmp_path / "catalog.csv"
    catalog.write_text("document_id,title,level,region,year,file\na,通知,county,某县,2021,a.txt\n", encoding="utf-8")
    status, out, err = run(capsys, "check", "--catalog", catalog)
    assert status == 0
    assert out.startswith("a: 某县 2021, notice, 0 sections, 0 tasks, 1 paragraphs, 9 characters\n")
    assert len(err.splitlines()) == 2
    assert all(line.startswith("policylab: note: a: ") for line in err.splitlines())


@pytest.mark.parametrize("command", [["check"], ["reproduce", "01_corpus"]])
def test_a_bad_catalog_is_one_message_without_traceback(capsys, tmp_path, command):
    catalog = tmp_path / "catalog.csv"
    catalog.write_text("document_id,title,level,region,year,file\na,通知,nation,全国,21x,b.txt\n", encoding="utf-8")
    status, out, err = run(capsys, *command, "--catalog", catalog)
    assert (status, out) == (2, "")
    assert err.startswith("policylab: ") and "Traceback" not in err
    assert "nation" in err and "21x" in err and "b.txt" in err
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.csv"]


def test_params_lists_names_types_defaults_and_help(capsys):
    status, out, err = run(capsys, "params", "01_corpus")
    assert (status, err) == (0, "")
    assert out == (
        "catalog   str    ''        your own catalog.csv or a table with one document a row; empty: the corpus that ships\n"
        "out       str    ''        folder for the figures; empty: figures/ of the project\n"
        "language  str    'zh'      labels in Chinese (zh) or English (en)\n"
        "preset    str    'nature'  journal whose sizes the figures have: nature, elsevier, plos, cn-journal\n"
    )


def test_unknown_parameter(capsys):
    status, out, err = run(capsys, "reproduce", "01_corpus", "--set", "langage=en")
    assert (status, out) == (2, "")
    assert (
        err
        == "policylab: Nothing was run.\n  01_corpus.ipynb: langage = en: unknown parameter. Did you mean language?\n"
    )


def test_unknown_notebook(capsys):
    assert run(capsys, "params", "corpus") == (2, "", "policylab: corpus: no such notebook. Did you mean 01_corpus?\n")


def test_heavy_packages_are_imported_where_they_are_used():
    script = """if True:
        import sys, policylab.__main__
        print(*sorted({'matplotlib', 'papermill', 'seaborn', 'sklearn', 'zhplot'} & set(sys.modules)))
        """
    environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_help_names_the_commands(capsys):
    with pytest.raises(SystemExit) as done:
        main(["--help"])
    assert done.value.code == 0
    assert re.findall(r"^    (\w+)", capsys.readouterr().out, re.MULTILINE) == [
        "reproduce",
        "status",
        "verify",
        "new",
        "ingest",
        "params",
        "cite",
        "check",
    ]


def test_a_reader_that_stops_reading_is_no_error():
    command = [sys.executable, "-m", "policylab", "cite"]
    environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent), "PYTHONUTF8": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    process.stdout.close()
    assert "Error" not in process.stderr.read().decode("utf-8")
    process.stderr.close()
    assert process.wait() == 141
