"""Excel workbooks that are written: read back cell by cell, and nothing in them is live."""

import dataclasses
import io
import warnings
import zipfile
from datetime import date

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import policylab as lab
from policylab.base.excel import ROW_LIMIT, encode_workbook
from policylab.output.provenance import Provenance

RECORD = Provenance("02_terms", {"language": "zh"}, "c" * 64, {}, "f" * 64)
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "http://a.cn",
    "007",
    "2019-02-27",
    "TRUE",
    " 空 格 ",
    "a\x01b\x0bc",
    "_x000D_",
    "𠮷",
]


def read_back(data):
    """{sheet: rows} of a workbook, blank cells as None."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        name: [
            [None if cell == "" else cell for cell in row]
            for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        ]
        for name in book.sheet_names
    }


def expect(value):
    """A value as a sheet holds it."""
    if value is None or value is pd.NaT or value is pd.NA or value != value or value == "":
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value


def test_the_corpus_comes_back_cell_by_cell(tmp_path, corpus):
    path = corpus.to_excel(tmp_path / "corpus.xlsx")
    sheets = read_back(path.read_bytes())
    assert list(sheets) == [field.name for field in dataclasses.fields(corpus) if field.name != "catalog"]
    for name, (header, *rows) in sheets.items():
        table = getattr(corpus, name)
        assert header == list(table.columns)
        expected = [[expect(value) for value in row] for row in table.astype(object).itertuples(index=False)]
        assert rows == expected, name


def test_texts_stay_texts():
    (rows,) = read_back(encode_workbook({"a": pd.DataFrame({"x": HOSTILE})})).values()
    assert rows == [["x"], *([text] for text in HOSTILE)]
    with zipfile.ZipFile(io.BytesIO(encode_workbook({"a": pd.DataFrame({"=1+1": HOSTILE})}))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and "hyperlink" not in sheet
        assert not [name for name in book.namelist() if "rels/sheet" in name]


def test_values_keep_their_kind():
    table = pd.DataFrame(
        {
            "n": pd.array([-1, None], dtype="Int64"),
            "x": [0.1, np.nan],
            "flag": [True, False],
            "day": pd.to_datetime(["2019-02-27", None]),
            "text": ["½", "\ud800\uffff"],
            "odd": [np.inf, ("甲",)],
        }
    )
    (rows,) = read_back(encode_workbook({"a": table})).values()
    assert rows == [
        ["n", "x", "flag", "day", "text", "odd"],
        [-1, 0.1, True, date(2019, 2, 27), "½", "inf"],
        [None, None, False, None, "??", "('甲',)"],
    ]


def test_the_same_table_gives_the_same_bytes(monkeypatch):
    table = {"表": pd.DataFrame({"term": ["数字"], "n": [1]})}
    first = encode_workbook(table)
    monkeypatch.setattr("time.time", lambda: 4e9)
    assert encode_workbook(table) == first


def test_texts_that_no_cell_holds_are_cut_and_named(tmp_path, corpus):
    tasks = corpus.tasks.iloc[:3].copy()
    tasks["text"] = ["字" * 32_767, "字" * 32_768, "𠮷" * 20_000]
    long = dataclasses.replace(corpus, tasks=tasks)
    with pytest.warns(lab.PolicylabWarning) as caught:
        path = long.to_excel(tmp_path / "corpus.xlsx")
    assert [str(warning.message) for warning in caught] == [
        "corpus.xlsx: a cell of Excel holds 32,767 characters.\n"
        "  sheet tasks, column text: 2 texts were cut: chongqing-2019 (row 3), chongqing-2019 (row 4)."
    ]
    place = list(tasks.columns).index("text")
    texts = [row[place] for row in read_back(path.read_bytes())["tasks"][1:]]
    assert texts == ["字" * 32_767, "字" * 32_766 + "…", "𠮷" * 16_383 + "…"]


def test_a_workbook_that_cannot_be_written(tmp_path, corpus):
    few = {
        field.name: getattr(corpus, field.name).iloc[:1]
        for field in dataclasses.fields(corpus)
        if field.name != "catalog"
    }
    small = dataclasses.replace(corpus, **few)
    rows = pd.DataFrame(index=range(ROW_LIMIT), columns=["document_id"])
    for path, tables, message in [
        (
            tmp_path / "a.xlsx",
            {"blocks": rows, "tasks": rows},
            "A sheet of Excel holds 1,048,575 rows below its header; more have: blocks (1,048,576), tasks (1,048,576). Nothing was"
            " written. Write a part of the documents, or single tables with to_csv or to_parquet.",
        ),
        (tmp_path / "a.xls", {}, f"{tmp_path / 'a.xls'}: the name of an Excel workbook ends in .xlsx."),
        (
            tmp_path / "b" / "a.xlsx",
            {},
            f"There is no folder {tmp_path / 'b'}. Create it, or give the path of another one.",
        ),
    ]:
        with pytest.raises(lab.PolicylabError) as error:
            dataclasses.replace(small, **tables).to_excel(path)
        assert str(error.value) == message
        assert list(tmp_path.iterdir()) == []
    path = small.to_excel(tmp_path / "a.xlsx")
    with pytest.raises(lab.PolicylabError) as error:
        small.to_excel(path)
    assert str(error.value) == f"{path} exists already. Choose another name, or write overwrite=True to replace it."
    assert small.to_excel(path, overwrite=True) == path


def test_a_table_for_a_paper(tmp_path):
    table = pd.DataFrame(
        {
            "level": ["national", None],
            "term": ["=数字", "云"],
            "rate": [12.3456789, np.nan],
            "n": pd.array([12345, None], dtype="Int64"),
            "stable": [True, False],
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        saved = lab.save_table(table, "terms", RECORD, folder=tmp_path, language="en")
    assert read_back(saved.files["xlsx"].read_bytes()) == {
        "Table": [
            ["Level", "Term", "Uses per 10,000 words", "n", saved.printed.columns[4]],
            ["National", "=数字", 12.345679, 12345, saved.printed.iloc[0, 4]],
            [None, "云", None, None, saved.printed.iloc[1, 4]],
        ]
    }


def test_the_header_stays_in_sight_and_numbers_show_their_decimals(tmp_path):
    table = pd.DataFrame({"term": ["数字" * 50], "rate": [12.3456789], "n": [3]})
    saved = lab.save_table(table, "terms", RECORD, folder=tmp_path, decimals={"rate": 1}, kinds=("xlsx",))
    with zipfile.ZipFile(saved.files["xlsx"]) as book:
        sheet, styles = (book.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    assert 'topLeftCell="A2" activePane="bottomLeft" state="frozen"' in sheet
    assert '<col min="1" max="1" width="60.' in sheet
    assert 'formatCode="0.0"' in styles
