"""Tables with one document a row: which column holds what, whatever the file, and what is said of what does not fit."""

import base64
import gzip
import json
import struct
import zipfile

import pandas as pd
import pytest
import xlsxwriter

import policylab as lab
from policylab.base.dates import read_date
from policylab.base.tablefile import read_table
from policylab.corpus.documenttable import read_document_table

TEXT = "一、总体要求\n推进教育信息化，建设数字校园，提高应用水平。"
LONG = TEXT * 5
HEADER = ["标题", "发文机关", "发文字号", "成文日期", "正文", "网址"]
ROW = ["2019年工作要点", "教育部", "教技厅〔2019〕2号", "2019/2/27", LONG, "http://www.moe.gov.cn/1.html"]
COLUMNS = {
    "text": "正文",
    "title": "标题",
    "document_number": "发文字号",
    "issuer": "发文机关",
    "issued": "成文日期",
    "source": "网址",
}
CELLS = {
    "title": "2019年工作要点",
    "document_number": "教技厅〔2019〕2号",
    "issuer": "教育部",
    "issued": "2019-02-27",
    "source": "http://www.moe.gov.cn/1.html",
}


# A workbook of Excel 97-2003, packed: one sheet with a text, a number and a date.
OLD_BOOK = (
    "H4sIAAAAAAACA+1YTWgTQRT+ZpM0PzTpJqZCK9RQsNZaiNaLHtqtgvZkrV4UqT+tCSrVtIR6qBdbaw4eBMFLFS+FCnqpelGLCnrzIFT0IAhCov"
    "TkSbDgoc363suupFWhAS1U5lvmmzdv5u28nXkzs7tvZqP5yYf1BSxDBzwo2kFUlekUpaBbMEH1ts2imwco2RprCsEATWSVD0/Dr/08hzzfBRh4"
    "4H1JDHyi1IshdA9m0olVxB7xoU+xD+3ECrdJE0GdeBUTPiW8Tvi+tHwm3Cmaa8Lt1DavjmLW6m7Z6UTxEaNR6iLg+z4Wmw+i2Y5avOIovnRdld"
    "r6sDt7tu/cGqto8FZjCjShXelMOsvlMO7w+hwhJM8nU3nEaaqnMG8ngG/umn6R0PrV1SuQ/vtSvf8P+gBN4XL9DcMLjMI+KUskhxBiXokE1XZh"
    "AUlwgRPV+s9MTFCUZEicS288HYRqwzaK+F0YPj53rPfA2NWZoRDv8LIjmEt2hLCslGriFGpEjsp6McmphXtf3+7v77FOiGZUToHSWbGJnYONMb"
    "Yg44jUGMIeSi0ibxW+LHfdIHK9cJyCmfKmnlpH2Dcuba5IbRP1s0PwztpcJjeTnPty8ElD7rO1heTprsLF+PR7axKNdHalyJ6vcbSqVnXrJmPG"
    "cnPl7Csfhet+2WMChun4bjsHYg0WERIxKlwq8eionyXDGSu2Vr+xVmLN4/Gc+ldiHblrkMxsoMOI4ZEMWmfZWRyChoaGhoaGhoaGRuVQzhu5x/"
    "lQ8Dlv/H7nv84ipaL+TfLf4hAG6Rqmz8q9yFCexUhF8bMePuXeS63Qxv1fyDhMvWcxgH7xY6Di+KUvNlX+PCs2NP/eEqq0/2Ilfv7j/n8ANphH"
    "RQAWAAA="
)


def write_book(path, rows, name="文件"):
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False})
    sheet = book.add_worksheet(name)
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    return book


def quote(cells, mark=","):
    return mark.join('"' + cell.replace('"', '""') + '"' for cell in cells)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_any_encoding_and_with_any_divider(tmp_path, mark, encoding):
    path = tmp_path / "文件.csv"
    path.write_bytes("\r\n".join(quote(row, mark) for row in (HEADER, ROW)).encode(encoding))
    table = read_document_table(path)
    assert (table.columns, table.rows, table.notes) == (COLUMNS, [(2, CELLS, LONG)], [])


def test_excel_with_a_line_above_the_header(tmp_path):
    path = tmp_path / "文件.xlsx"
    write_book(path, [["2019年文件汇总表"], [], HEADER, ROW]).close()
    table = read_document_table(path)
    assert (table.columns, table.rows, table.notes) == (COLUMNS, [(4, CELLS, LONG)], [])


@pytest.mark.parametrize(
    "name, text",
    [
        ("a.jsonl", json.dumps(dict(zip(HEADER, ROW))) + "\n\n"),
        ("a.json", json.dumps([dict(zip(HEADER, ROW))], ensure_ascii=False, indent=1)),
        ("a.json", json.dumps({"data": [dict(zip(HEADER, ROW))], "total": 1})),
        ("a.json", json.dumps(dict(zip(HEADER, ROW))) + "\n" + "{}\n"),
    ],
)
def test_json(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    table = read_document_table(tmp_path / name)
    assert (table.columns, table.rows) == (COLUMNS, [(1, CELLS, LONG)])


def test_parquet_and_dataframe(tmp_path):
    fastparquet = pytest.importorskip("fastparquet")
    frame = pd.DataFrame([ROW], columns=HEADER).assign(成文日期=pd.to_datetime(["2019-02-27"]))
    fastparquet.write(str(tmp_path / "a.parquet"), frame)
    for source in (frame, tmp_path / "a.parquet"):
        table = read_document_table(source)
        assert (table.columns, table.rows) == (COLUMNS, [(1, CELLS, LONG)])


def test_records_in_records(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        json.dumps({"meta": {"title": "规划"}, "content": ["第一段。" * 10, "第二段。" * 10]}), encoding="utf-8"
    )
    table = read_document_table(path)
    assert table.columns == {"text": "content", "title": "meta.title"}
    assert table.rows == [(1, {"title": "规划"}, "第一段。" * 10 + "\n" + "第二段。" * 10)]


def test_columns_are_known_by_what_they_hold():
    frame = pd.DataFrame(
        {
            "a": ["https://a.cn/1", "https://a.cn/2"],
            "b": ["关于印发规划的通知", "教育信息化行动计划"],
            "c": [LONG, LONG + "。"],
            "d": ["2019年2月27日", "2020-03-01T08:00"],
            "e": ["国发〔2019〕2号", None],
            "f": [2019, 2020],
            "摘要": [LONG * 3, LONG * 3],
        }
    )
    assert read_document_table(frame).columns == {
        "text": "c",
        "title": "b",
        "document_number": "e",
        "issued": "d",
        "source": "a",
    }


def test_a_column_whose_name_promises_what_it_does_not_hold():
    frame = pd.DataFrame(
        {"内容": ["教育", "科技"], "发布日期": ["见附件", "同上"], "文": [LONG, LONG], "编号": ["1", "1"]}
    )
    table = read_document_table(frame)
    assert (table.columns, table.notes) == ({"text": "文"}, [])


def test_columns_can_be_named():
    frame = pd.DataFrame({"标题": ["甲"], "题名": ["乙"], "正文": [LONG], "原文": [LONG * 2]})
    table = read_document_table(frame, columns={"text": "原文", "title": "题名"})
    assert table.columns == {"text": "原文", "title": "题名"}
    assert table.rows == [(1, {"title": "乙"}, LONG * 2)]


def test_several_columns_of_one_kind():
    frame = pd.DataFrame({"题名": ["乙"], "标题": ["甲"], "正文": [LONG], "省份": ["福建"], "城市": ["厦门市"]})
    table = read_document_table(frame)
    assert table.rows[0][1] == {"title": "甲", "region": "厦门市"}
    assert table.columns["region"] == "城市 / 省份"
    assert table.notes == ["title is read from 标题, not from 题名. To change that: columns={'title': '题名'}."]


def test_the_smallest_place_that_a_row_names_is_its_region():
    frame = pd.DataFrame({"省份": ["福建", "福建"], "城市": ["厦门市", None], "正文": [LONG, LONG]})
    assert [cells["region"] for _, cells, _ in read_document_table(frame).rows] == ["厦门市", "福建省"]


def test_cells_are_read_as_people_write_them():
    frame = pd.DataFrame(
        {
            "标题": ["政府工作报\n告", "规划.docx", "  "],
            "年份": [2019.0, "2020年", "去年"],
            "层级": ["省级", "中央", "乡"],
            "发布时间": [43523, "发布时间：2019年2月27日 来源：新华社", "2月27日"],
            "正文": [LONG, LONG.replace("\n", "\r\n"), LONG],
        }
    )
    table = read_document_table(frame)
    assert [cells for _, cells, _ in table.rows] == [
        {"title": "政府工作报告", "year": "2019", "level": "provincial", "issued": "2019-02-27"},
        {"title": "规划", "year": "2020", "level": "national", "issued": "2019-02-27"},
        {"title": None, "year": None, "level": None, "issued": None},
    ]
    assert table.rows[1][2] == LONG
    assert table.notes == [
        "issued: 1 cell of the column 发布时间 with no date, so left blank: row 3 '2月27日'.",
        "year: 1 cell of the column 年份 with no year, so left blank: row 3 '去年'.",
        "level: 1 cell of the column 层级 with no level (national, provincial, municipal, county), so left blank: row 3 '乡'.",
    ]


def test_texts_that_are_not_whole():
    texts = [LONG, None, "字" * 32767, f"<p>{LONG}</p><p>{LONG}</p>", " \n", "字" * 32768]
    table = read_document_table(pd.DataFrame({"标题": ["甲", "乙", "丙", "丁", None, "戊"], "正文": texts}))
    assert [number for number, *_ in table.rows] == [1, 3, 4, 6]
    assert table.notes == [
        "no text in the column 正文, so left out: row 2.",
        "a text of 32,767 characters, where Excel cuts a cell, so its end is probably missing: row 3. Take these texts from"
        " where the table was made.",
        "tags of HTML in the text, which are counted as words: row 4. Take them out of the table.",
    ]


@pytest.mark.parametrize(
    "frame, columns, message",
    [
        (
            pd.DataFrame({"标题": ["甲"], "n": [1]}),
            {},
            "the DataFrame: no column holds the texts of documents. Its columns: 标题, n. Name the one that does:"
            " columns={'text': '…'}.",
        ),
        (pd.DataFrame({"正文": []}), {}, "the DataFrame holds no row below its header."),
        (
            pd.DataFrame({"标题": ["甲"], "正文": [None]}),
            {"text": "正文"},
            "the DataFrame: the column 正文 holds no text.",
        ),
        (
            pd.DataFrame([["甲", "乙", LONG]], columns=["标题", "标题", "正文"]),
            {"title": "标题", "tittle": "正文", "text": "正"},
            "the DataFrame: the columns that were named cannot be used:\n"
            "  title: 2 columns are called '标题'. Rename all but one.\n"
            "  'tittle' is no role of a column. Did you mean title?\n"
            "  text: no column is called '正'. Did you mean 正文?",
        ),
        (
            pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])),
            {},
            "The columns of the DataFrame have several levels (first: a, b). Give each one name.",
        ),
    ],
)
def test_tables_that_cannot_be_used(frame, columns, message):
    with pytest.raises(lab.PolicylabError) as error:
        read_document_table(frame, columns=columns)
    assert str(error.value) == message


# --- files


@pytest.mark.parametrize(
    "name, content, message",
    [
        (
            "a.jsonl",
            b'{"a": 1}\n{"a": \n[1]\n',
            "{path} has 2 problems:\n  line 2 is no JSON (Expecting value: line 1 column 7 (char 6)).\n"
            "  line 3 is [1]: expected a record in braces, {{…}}.",
        ),
        ("a.json", b"[1, 2]", "{path}: expected a list of records, [{{…}}, {{…}}], one for each document."),
        ("a.json", b"[1, 2", "{path} is no JSON (Expecting ',' delimiter: line 1 column 6 (char 5))."),
        ("a.json", b"[" * 100_000, "{path} is no JSON (it is nested too deeply)."),
        ("a.csv", b"", "{path} cannot be read: the file is empty."),
        ("a.csv", b'a,b\n1,2,3\n"4,5\n', None),
        (
            "a.xlsx",
            b"PK\x03\x04 and so on",
            "{path} cannot be read: the file is no workbook that can be read: the archive is damaged or cut off. Get the file"
            " again. Save it as an Excel workbook (.xlsx), or as CSV in UTF-8.",
        ),
        (
            "a.xlsx",
            b"a,b",
            "{path} cannot be read: the file is no Excel workbook. Save it as an Excel workbook (.xlsx), or as CSV in UTF-8.",
        ),
        ("a.parquet", b"PAR1", None),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(lab.PolicylabError) as error:
        read_document_table(path)
    assert message is None or str(error.value) == message.format(path=path)


def test_a_sheet_that_reaches_to_the_end_is_refused_before_it_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", '<c r="A1"><v>1</v></c><c r="XFD1048576"><v>2</v></c>')
    with pytest.raises(lab.PolicylabError) as error:
        read_table(tmp_path / "a.xlsx")
    assert str(error.value) == (
        f"{tmp_path / 'a.xlsx'} cannot be read: the file has a sheet whose cells reach to column 16,384 and row 1,048,576."
        " Delete the rows and columns behind the last filled one, or save the table as CSV in UTF-8."
    )


@pytest.mark.parametrize("place", ["B199999999999", "B1 99999999", "ZZZZZZZ1"])
def test_a_cell_at_no_place_ends_nothing(tmp_path, place):
    """The reader counts beyond what it can, and asks for more memory than there is."""
    write_book(tmp_path / "a.xlsx", [HEADER, ROW]).close()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as other:
        for name in book.namelist():
            other.writestr(name, book.read(name).replace(b'r="B1"', f'r="{place}"'.encode()))
    with pytest.raises(lab.PolicylabError, match="b.xlsx cannot be read: the file "):
        read_table(tmp_path / "b.xlsx")


def test_other_sheets_are_named(tmp_path):
    book = write_book(tmp_path / "a.xlsx", [HEADER, ROW], "2019年")
    book.add_worksheet("空")
    book.add_worksheet("2020年").write(0, 0, "标题")
    book.close()
    table = read_document_table(tmp_path / "a.xlsx")
    assert table.rows == [(2, CELLS, LONG)]
    assert table.notes == [
        "only the sheet 2019年 was read, not 2020年. To read another one, move it to the front, or read it with pandas and give"
        " the DataFrame."
    ]


def test_cells_of_excel_are_read_as_they_are_shown(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx", {"default_date_format": "yyyy/m/d"})
    sheet = book.add_worksheet()
    day = pd.Timestamp("2019-02-27").to_pydatetime()
    sheet.write_row(0, 0, ["n", "x", "day", "flag", "formula", "text"])
    sheet.write_row(1, 0, [2019, 0.5, day, True])
    sheet.write_formula(1, 4, "=A2+1", value=2020)
    sheet.write_string(1, 5, "=1+1")
    book.close()
    assert read_table(tmp_path / "a.xlsx").rows == [(2, ["2019", "0.5", "2019-02-27", "TRUE", "2020", "=1+1"])]


@pytest.mark.parametrize(
    "cell, day",
    [
        ("2019-02-27", "2019-02-27"),
        (" 2019/2/27 0:00:00", "2019-02-27"),
        ("2019.2.27", "2019-02-27"),
        ("2019 年 2 月 27 日", "2019-02-27"),
        ("2019-02-27T00:00:00.000+08:00", "2019-02-27"),
        ("43523.5", "2019-02-27"),
        ("20190227", "2019-02-27"),
        ("2019-2-29", None),
        ("2019-02", None),
        ("2019", None),
        ("99999", None),
        ("02/27/2019", None),
        ("", None),
    ],
)
def test_dates(cell, day):
    assert read_date(cell) == day


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b" " * (1 << 25))
    with pytest.raises(lab.PolicylabError) as error:
        read_table(path)
    assert str(error.value) == (
        f"{path} cannot be read: the file is no workbook that can be read: the member xl/workbook.xml is packed more than 300"
        " times, as only a zip bomb is. Save it as an Excel workbook (.xlsx), or as CSV in UTF-8."
    )


def test_an_old_workbook(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(gzip.decompress(base64.b64decode(OLD_BOOK)))
    assert read_table(path).rows == [(2, ["2019年工作要点", "43523", "2019-02-27"])]


def test_an_old_workbook_whose_cells_reach_too_far_ends_nothing(tmp_path):
    path = tmp_path / "a.xls"
    data = gzip.decompress(base64.b64decode(OLD_BOOK))
    cell = struct.pack("<HHHH", 0xFD, 10, 1, 0)  # the record of the text in the second row
    assert cell in data
    path.write_bytes(data.replace(cell, struct.pack("<HHHH", 0xFD, 10, 65535, 65535)))
    with pytest.raises(lab.PolicylabError) as error:
        read_table(path)
    assert str(error.value) == (
        f"{path} cannot be read: the file is damaged. Open it in Excel. Save it as an Excel workbook (.xlsx),"
        " or as CSV in UTF-8."
    )
