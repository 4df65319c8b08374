"""Tables for papers: what is printed, in which files, with the same bytes, and known to the manifest."""

import contextlib
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import policylab as lab
from policylab.base.paths import PACKAGE
from policylab.output.folder import read_manifest
from policylab.output.latex import escape_latex
from policylab.output.provenance import Provenance
from policylab.output.word import POINTS, ROOM, TEMPLATE
from policylab.run.gallery import make_gallery
from policylab.run.grading import grade_figure
from policylab.run.verify import verify

docx = pytest.importorskip("docx")

RECORD = Provenance("02_terms", {"language": "zh"}, "c" * 64, {}, "f" * 64)
TABLE = pd.DataFrame(
    {
        "level": ["national", "provincial", None],
        "region": ["全国", "福建省", "厦门市"],
        "term": ["R&D_1 100%", "“数字 校园”", "a\\b~c^d#e$f{g}"],
        "rate": [1 / 3, -12345.678, np.nan],
        "n": pd.array([19, 12345, pd.NA], dtype="Int64"),
        "stable": [True, False, True],
        "year": [2017, 2019, 2020],
    }
)


def save(folder, table=TABLE, name="terms", caption="用词 & 频率", **options):
    return lab.save_table(table, name, RECORD, folder=folder, caption=caption, **options)


def read_all(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def read_rows(saved):
    """The rows of the LaTeX, head first, without what surrounds them."""
    lines = saved.files["tex"].read_text(encoding="utf-8").splitlines()
    return [line.strip().removesuffix(" \\\\") for line in lines if line.endswith(" \\\\")]


def print_column(folder, values, column="x", **options):
    saved = save(folder, pd.DataFrame({column: values}), kinds=("tex",), **options)
    return read_rows(saved)[1:]


# --- what is printed


def test_latex(tmp_path):
    assert save(tmp_path).files["tex"].read_bytes().decode("utf-8") == (
        "% Needs \\usepackage{array,booktabs}; Chinese needs xelatex and ctex.\n"
        "\\begin{table}[htbp]\n"
        "  \\centering\n"
        "  \\caption{用词 \\& 频率}\n"
        "  \\label{tab:terms}\n"
        "  \\begin{tabular}{lllrrlr}\n"
        "    \\toprule\n"
        "    层级 & 地区 & 词 & 每万词次数 & n & 稳定 & 年度 \\\\\n"
        "    \\midrule\n"
        "    国家 & 全国 & R\\&D\\_1 100\\% & 0.33 & 19 & 是 & 2017 \\\\\n"
        "    省级 & 福建省 & “数字 校园” & $-$12,345.68 & 12,345 & 否 & 2019 \\\\\n"
        "    -- & 厦门市 & a\\textbackslash{}b\\textasciitilde{}c\\textasciicircum{}d\\#e\\$f\\{g\\} & -- & -- & 是 & 2020 \\\\\n"
        "    \\bottomrule\n"
        "  \\end{tabular}\n"
        "\\end{table}\n"
    )


def test_csv_is_data(tmp_path):
    table = pd.DataFrame({"term": ["云", "网络"], "share": [1 / 3, -0.0]}, index=[7, 3])
    assert (
        save(tmp_path, table).files["csv"].read_bytes().decode("utf-8") == "\ufeffterm,share\n云,0.333333\n网络,0.0\n"
    )
    hostile = pd.DataFrame({"term": ["a\rb", "c\r\nd", "e\nf", "\ud800"]})
    written = save(tmp_path, hostile).files["csv"].read_bytes()
    assert written == b'\xef\xbb\xbfterm\n"a\rb"\n"c\nd"\n"e\nf"\n?\n'
    assert pd.read_csv(io.BytesIO(written))["term"].tolist() == ["a\rb", "c\nd", "e\nf", "?"]


def test_no_cell_of_the_csv_is_a_formula_and_no_number_is_changed(tmp_path):
    texts = ["=1+1", "\t-云", "＋网", "'@x", "=", "-0.5", "十三五"]
    table = pd.DataFrame({"=term": texts, "comparator": pd.Categorical(["-组"] * 7), "n": range(-3, 4), "rate": -0.25})
    written = save(tmp_path, table, kinds=("csv",)).files["csv"].read_bytes().decode("utf-8-sig").split("\n")
    assert written == [
        "'=term,comparator,n,rate",
        "'=1+1,'-组,-3,-0.25",
        "'\t-云,'-组,-2,-0.25",
        "'＋网,'-组,-1,-0.25",
        "''@x,'-组,0,-0.25",
        "=,'-组,1,-0.25",
        "-0.5,'-组,2,-0.25",
        "十三五,'-组,3,-0.25",
        "",
    ]
    assert table["=term"].tolist() == texts


def test_english(tmp_path):
    rows = read_rows(save(tmp_path, language="en"))
    assert rows[0] == "Level & Region & Term & Uses per 10,000 words & n & Stable & Year"
    assert rows[2] == "Provincial & Fujian & “数字 校园” & $-$12,345.68 & 12,345 & no & 2019"


def test_decimals(tmp_path):
    assert print_column(tmp_path, [0.5, 1.25]) == ["0.50", "1.25"]
    assert print_column(tmp_path, [0.5, 1.25], decimals=1) == ["0.5", "1.2"]
    assert print_column(tmp_path, [0.5, 1.25], decimals={"x": 3}) == ["0.500", "1.250"]
    assert print_column(tmp_path, [0.5, 1.25], 2019, decimals={2019: 3}) == ["0.500", "1.250"]
    assert print_column(tmp_path, [0.00123, 0.0004]) == ["0.0012", "0.0004"]  # two digits of the largest
    assert print_column(tmp_path, [3.0, np.nan]) == ["3", "--"]  # counts that became floats for want of one
    assert print_column(tmp_path, [-0.001, 0.5]) == ["0.00", "0.50"]
    assert print_column(tmp_path, [np.inf, 0.5]) == ["∞", "0.50"]


def test_other_values(tmp_path):
    assert print_column(tmp_path, pd.to_datetime(["2019-02-27", None])) == ["2019-02-27", "--"]
    assert print_column(tmp_path, [["数字", "网络"], "a\nb\x00c"]) == ["数字、网络", "a b c"]
    assert print_column(tmp_path, [np.array([1, 2]), frozenset({"乙", "丙"})]) == ["1、2", "丙、乙"]
    assert print_column(tmp_path, ["2018--2022"]) == ["2018-{}-2022"]
    assert print_column(tmp_path, ["task", "堂"], "unit") == ["任务", "堂"]
    assert print_column(tmp_path, [">=", "="], "reference_comparator") == ["≥", "="]


def test_a_row_that_starts_with_an_option_of_latex(tmp_path):
    assert print_column(tmp_path, ["[2017]2号", "*"]) == ["{}[2017]2号", "{}*"]


def test_index_and_pivot(tmp_path):
    counts = pd.DataFrame({"document_id": ["a", "a"], "zone": ["counted", "title"], "n": [5, 2]})
    pivot = counts.pivot(index="document_id", columns="zone", values="n")
    assert read_rows(save(tmp_path, pivot)) == ["文件 & 计入的词 & 《》内的词", "a & 5 & 2"]
    sizes = counts.groupby(["document_id", "zone"]).size().rename("n").to_frame()
    assert read_rows(save(tmp_path, sizes)) == ["文件 & 位置 & n", "a & 计入的词 & 1", "a & 《》内的词 & 1"]


def test_headings_of_both_sides_and_of_intervals(tmp_path):
    table = pd.DataFrame([[1, 2, 3, 4]], columns=["rate_low", "n_b", "reference_task", "my_own"])
    assert read_rows(save(tmp_path, table))[0] == "每万词次数（下限） & n（b） & 对照文件的任务 & my\\_own"
    assert read_rows(save(tmp_path, table, language="en"))[0] == (
        "Uses per 10,000 words, low & n (b) & Task, reference & my\\_own"
    )


def test_common_tables_have_headings(corpus):
    mentions = lab.list_agencies(corpus)
    tables = [
        lab.summarize_documents(corpus),
        corpus.targets.drop(columns=["start", "end"]),
        lab.count_agencies(mentions),
    ]
    known = pd.read_csv(PACKAGE / "language" / "labels.csv")["key"]
    assert {column for table in tables for column in table} <= set(known)


def test_tables_that_are_still_too_wide_get_smaller_type(tmp_path):
    # Room is for 32.7 Chinese characters; a column of these numbers takes 3 and the gap of 1.15.
    sizes = {}
    for n in (7, 8, 9, 10, 20):
        table = pd.DataFrame({f"c{i:02}": [123.25] for i in range(n)})
        with pytest.warns(lab.PolicylabWarning) if n == 20 else contextlib.nullcontext() as shown:
            text = save(tmp_path, table).files["tex"].read_text(encoding="utf-8")
        sizes[n] = (
            text.split("\\centering\n", 1)[1].split("\\begin{tabular}")[0].rpartition("\\label{tab:terms}\n")[2].strip()
        )
    assert sizes == {
        7: "",
        8: "\\small\\setlength{\\tabcolsep}{5.4pt}",
        9: "\\footnotesize\\setlength{\\tabcolsep}{4.8pt}",
        10: "\\scriptsize\\setlength{\\tabcolsep}{4.2pt}",
        20: "\\scriptsize\\setlength{\\tabcolsep}{4.2pt}",
    }
    assert Path(shown[0].filename).name == "test_papertables.py"
    assert str(shown[0].message) == (
        "Table terms: its 20 columns are wider than a line of LaTeX, in the smallest type too. "
        "Choose fewer columns, or set it sideways (rotating, sidewaystable)."
    )


def test_wide_text_wraps(tmp_path):
    table = pd.DataFrame({"task": [1], "title": ["统筹" * 30], "text": ["数字"]})
    saved = save(tmp_path, table)
    text = saved.files["tex"].read_text(encoding="utf-8")
    assert "\\begin{tabular}{r>{\\raggedright\\arraybackslash}p{0.77\\linewidth}l}" in text
    widths = [column.width.mm for column in docx.Document(saved.files["docx"]).tables[0].columns]
    assert 150 < sum(widths) <= 160 and widths[1] > 120


def test_an_empty_table(tmp_path):
    saved = save(tmp_path, TABLE[:0])
    assert len(read_rows(saved)) == 1
    assert len(docx.Document(saved.files["docx"]).tables[0].rows) == 1


def test_escape_latex():
    assert escape_latex("&%_#${}") == "\\&\\%\\_\\#\\$\\{\\}"
    assert escape_latex("\\{") == "\\textbackslash{}\\{"


def test_a_saved_table_shows_what_was_printed(tmp_path):
    html = save(tmp_path, TABLE[["level", "rate"]])._repr_html_()
    assert "<th>每万词次数</th>" in html and "<td>−12,345.68</td>" in html


# --- Word


def test_word(tmp_path):
    document = docx.Document(save(tmp_path).files["docx"])
    body = [child.tag.rpartition("}")[2] for child in document.element.body]
    assert body == ["p", "tbl", "sectPr"]
    assert document.paragraphs[0].text == "用词 & 频率" and document.paragraphs[0].style.name == "Caption"
    table = document.tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["层级", "地区", "词", "每万词次数", "n", "稳定", "年度"]
    assert rows[2] == ["省级", "福建省", "“数字 校园”", "−12,345.68", "12,345", "否", "2019"]
    assert rows[3] == ["–", "厦门市", "a\\b~c^d#e$f{g}", "–", "–", "是", "2020"]
    assert table.style.name == "Three-Line Table" and str(table.alignment).startswith("CENTER")
    for row in table.rows:
        styles = [cell.paragraphs[0].style.name.removeprefix("Table ") for cell in row.cells]
        assert styles == ["Text", "Text", "Text", "Number", "Number", "Text", "Number"]
    # The heading on every page, and no row on two.
    properties = [[child.tag.rpartition("}")[2] for child in row] for row in table._tbl.xpath("w:tr/w:trPr")]
    assert properties == [["tblHeader", "cantSplit"], ["cantSplit"], ["cantSplit"], ["cantSplit"]]


def test_word_columns_are_as_wide_as_their_text(tmp_path):
    """Also for programs that do not widen columns by themselves: 9 points a Chinese character, and the margins of a cell."""
    table = docx.Document(save(tmp_path).files["docx"]).tables[0]
    margins = 2 * 5.4
    widths = [column.width.pt - margins for column in table.columns]
    texts = [2, 3, 5.5, 5, 3, 2, 2]  # the widest of a column: 层级, 厦门市 … a Latin letter counts half
    assert all(width >= 9 * text for width, text in zip(widths, texts, strict=True))


def test_a_quotation_mark_beside_chinese_is_chinese(tmp_path):
    saved = save(tmp_path, pd.DataFrame({"x": ["“数字”", "“digital”"]}), caption="")
    fonts = docx.Document(saved.files["docx"]).tables[0]._tbl.xpath(".//w:r/w:rPr/w:rFonts/@w:hint")
    assert fonts == ["eastAsia"]


def test_the_template_has_three_rules_and_the_fonts_of_papers():
    document = docx.Document(TEMPLATE)
    assert not document.paragraphs and not document.tables
    styles = document.styles
    rules = styles["Three-Line Table"].element.xpath(".//w:tblBorders/* | .//w:tcBorders/*")
    # In eighths of a point: 1.5 points above and below the table, 0.75 below the heading.
    assert [(rule.tag.rpartition("}")[2], rule.values()[1]) for rule in rules] == [
        ("top", "12"),
        ("bottom", "12"),
        ("bottom", "6"),
    ]
    fonts = styles.element.xpath("w:docDefaults//w:rFonts")[0]
    assert fonts.values() == ["Times New Roman", "宋体", "Times New Roman", "Times New Roman"]
    assert styles["Table Text"].font.size.pt == POINTS and styles["Table Number"].base_style.name == "Table Text"
    page = document.sections[0]
    assert page.page_width.mm == pytest.approx(210, abs=0.1) and page.page_height.mm == pytest.approx(297, abs=0.1)
    assert 0 <= page.page_width.pt - page.left_margin.pt - page.right_margin.pt - ROOM * POINTS < POINTS


def test_word_tells_no_date_and_no_author(tmp_path):
    with zipfile.ZipFile(save(tmp_path).files["docx"]) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in file.namelist() if name.startswith("docProps")]


# --- the files


def test_later_the_same_bytes(tmp_path, monkeypatch):
    save(tmp_path / "a")
    monkeypatch.setattr("time.time", lambda: 4e9)
    save(tmp_path / "b")
    first = read_all(tmp_path / "a")
    assert sorted(first) == ["manifest.json", "terms.csv", "terms.docx", "terms.tex", "terms.xlsx"]
    assert read_all(tmp_path / "b") == first


def test_other_processes_give_the_same_bytes(tmp_path):
    script = "import sys; sys.path.insert(0, sys.argv[2]); import test_papertables as t; t.save(t.Path(sys.argv[1]))"
    script = script.replace("t.Path", "__import__('pathlib').Path")
    for seed, zone in (("0", "UTC"), ("123", "Asia/Shanghai")):
        environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent), "PYTHONHASHSEED": seed, "TZ": zone}
        command = [sys.executable, "-c", script, str(tmp_path / seed), os.path.dirname(__file__)]
        subprocess.run(command, env=environment, check=True)
    assert len(read_all(tmp_path / "0")) == 5
    assert read_all(tmp_path / "0") == read_all(tmp_path / "123")


def test_manifest_verify_grade_and_gallery(tmp_path, capsys):
    saved = save(tmp_path / "a", name="terms-zh")
    save(tmp_path / "b", name="terms-zh")
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in saved.files.values()}
    assert read_manifest(tmp_path / "a")["figures"] == {"terms-zh": RECORD.entry() | {"files": files}}
    assert verify(tmp_path / "a")
    assert grade_figure("terms-zh", tmp_path / "a", tmp_path / "b", tmp_path / "differences") == ("IDENTICAL", [])
    page, _ = make_gallery(tmp_path / "a", None)
    assert "[terms-zh.csv](terms-zh.csv) · [terms-zh.docx](terms-zh.docx) · [terms-zh.tex](terms-zh.tex)" in page
    saved.files["tex"].write_text("changed", encoding="utf-8")
    assert not verify(tmp_path / "a")
    assert "changed: terms-zh.tex" in capsys.readouterr().out


def test_a_kind_that_is_no_longer_asked_for_goes(tmp_path):
    save(tmp_path)
    save(tmp_path, kinds=("csv", "tex"))
    assert sorted(read_all(tmp_path)) == ["manifest.json", "terms.csv", "terms.tex"]
    (tmp_path / "terms.tex").write_text("mine", encoding="utf-8")
    save(tmp_path, kinds=("csv",))
    assert (tmp_path / "terms.tex").read_text(encoding="utf-8") == "mine"


# --- errors


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"name": "../terms"},
            "Table name '../terms': use the letters a-z, digits, - and _ only, because it becomes a file name on every system.",
        ),
        (
            {"kinds": ("csv", "doc")},
            "Table terms: kinds=('csv', 'doc'): expected one or more of 'csv', 'tex', 'docx', 'xlsx'.",
        ),
        (
            {"decimals": {"rates": 1, "n": -1}},
            "Table terms: decimals: no column rates. Did you mean rate? -1: expected a whole number from 0 to 6.",
        ),
        ({"decimals": "2"}, "Table terms: decimals: '2': expected a whole number from 0 to 6."),
        ({"language": "fr"}, 'language is \'fr\': expected "zh" (Chinese) or "en" (English).'),
        ({"table": TABLE["n"]}, "Table terms: expected a DataFrame, got Series. For a Series: to_frame()."),
        ({"table": TABLE[["n", "year", "n"]]}, "Table terms: several columns are called n. Rename them."),
        ({"table": TABLE[[]]}, "Table terms: it has no columns."),
        (
            {"table": TABLE[["n"]].set_axis(pd.MultiIndex.from_tuples([("n", "sum")]), axis=1)},
            "Table terms: its columns have several levels (first: n, sum). Give each one name.",
        ),
    ],
)
def test_bad_input_writes_nothing(tmp_path, options, message):
    with pytest.raises(lab.PolicylabError) as error:
        save(tmp_path / "out", **options)
    assert str(error.value) == message
    assert not (tmp_path / "out").exists()


def test_without_python_docx(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(lab.PolicylabError) as error:
        save(tmp_path / "out")
    assert str(error.value) == (
        "Word tables need the package python-docx, which is not installed: pip install python-docx. "
        'Nothing was written. Without Word: kinds=("csv", "tex").'
    )
    assert not (tmp_path / "out").exists()
    assert list(save(tmp_path / "out", kinds=("csv", "tex")).files) == ["csv", "tex"]


def test_the_name_of_a_figure(tmp_path):
    figure = '{"format": 1, "figures": {"terms": {"files": {"terms.csv": "", "terms.png": ""}}}}'
    (tmp_path / "manifest.json").write_text(figure, encoding="utf-8")
    with pytest.raises(lab.PolicylabError) as error:
        save(tmp_path)
    assert str(error.value) == (
        f"Table terms: {tmp_path} has a figure of this name. Nothing was written. Choose another."
    )
    assert list(read_all(tmp_path)) == ["manifest.json"]
