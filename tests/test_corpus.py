"""Loading a corpus: the tables, the versions, and every way a catalog can be wrong."""

import hashlib
import random
import warnings

import pandas as pd
import pytest
import xlsxwriter

import policylab as lab
from policylab.base.paths import CATALOG, DATA
from policylab.corpus.load import KEYS, check_keys
from policylab.corpus.repair import repair_text

HEADER = "document_id,file,level,region,year"
HALF_WIDTH = str.maketrans("，（）", ",()")


@pytest.fixture
def folder(tmp_path):
    """A catalog of two small plans; tests spoil it."""
    (tmp_path / "甲.txt").write_text("甲计划\n一、任务\n1.建设\n建成10所学校。\n", encoding="utf-8")
    (tmp_path / "乙.txt").write_text("乙计划\n一、任务\n1.管理\n规范管理。\n", encoding="utf-8")
    return tmp_path


def write_catalog(folder, *rows, header=HEADER):
    path = folder / "catalog.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8", newline="\n")
    return path


def problems(path):
    with pytest.raises(lab.PolicylabError) as raised:
        lab.load_corpus(path)
    message = str(raised.value)
    assert message.startswith(str(path))
    return message.replace(str(path), "catalog.csv").split("\n  ")


def notes(path, **options):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        lab.load_corpus(path, **options)
    return [str(warning.message) for warning in caught if issubclass(warning.category, lab.PolicylabWarning)]


def test_keys_hold_and_places_exist(corpus_all):
    for name in KEYS:
        assert len(getattr(corpus_all, name)), name
        with pytest.raises(lab.PolicylabError, match=f"The table {name} holds a key twice"):
            check_keys(name, pd.concat([getattr(corpus_all, name)] * 2))
    places = set(corpus_all.paragraphs[["document_id", "paragraph"]].itertuples(index=False, name=None))
    for name in ("responsibilities", "targets"):
        assert set(getattr(corpus_all, name)[["document_id", "paragraph"]].itertuples(index=False, name=None)) <= places


def test_offsets_lead_back_to_the_source(corpus_all):
    for document in corpus_all.documents.itertuples():
        data = (DATA / "corpus" / document.file).read_bytes()
        source = data.decode("utf-8")
        assert hashlib.sha256(data).hexdigest() == document.sha256
        assert len(source) == document.n_characters
        blocks = corpus_all.blocks.query("document_id == @document.document_id")
        assert all(source[row.start : row.end] == row.text for row in blocks.itertuples())
        for name in ("paragraphs", "targets", "citations"):
            for row in getattr(corpus_all, name).query("document_id == @document.document_id").itertuples():
                text = f"《{row.title}》" if name == "citations" else row.text
                # Only white space may lie between the pieces of what a page break cuts; half-width marks are repaired.
                assert squeeze(text) == squeeze(repair_text(source[row.start : row.end]).text)
        for row in corpus_all.tasks.query("document_id == @document.document_id").itertuples():
            heading, *rest = source[row.start : row.end].split("\n")
            assert squeeze(row.title).translate(HALF_WIDTH) in squeeze(heading).translate(HALF_WIDTH)
            assert squeeze(row.text.split("\n")[-1])[-20:].translate(HALF_WIDTH) in squeeze("".join(rest)).translate(
                HALF_WIDTH
            )
            assert source[row.end - 1] in "。)）]"


def squeeze(text):
    return "".join(text.split())


def test_another_publication_is_left_out_unless_asked_for(corpus, corpus_all):
    assert list(corpus.documents["document_id"]) == ["chongqing-2019", "fujian-2020", "national-2017", "national-2019"]
    for name in KEYS:
        table, full = getattr(corpus, name), getattr(corpus_all, name)
        assert "national-2019-web" not in set(table["document_id"])
        kept = full[full["document_id"] != "national-2019-web"].reset_index(drop=True)
        pd.testing.assert_frame_equal(table, kept)


def test_the_order_of_the_catalog_does_not_matter(tmp_path, corpus_all):
    header, *rows = CATALOG.read_text(encoding="utf-8").splitlines()
    random.Random(1).shuffle(rows)
    (tmp_path / "texts").mkdir()
    for path in (DATA / "corpus" / "texts").iterdir():
        (tmp_path / "texts" / path.name).write_bytes(path.read_bytes())
    shuffled = lab.load_corpus(write_catalog(tmp_path, *rows, header=header), versions="all")
    for name in KEYS:
        pd.testing.assert_frame_equal(getattr(shuffled, name), getattr(corpus_all, name))


def test_what_the_text_states_fills_blank_cells(folder):
    (folder / "甲.txt").write_text(
        "教技厅〔2021〕7号\n各省教育厅：\n印发计划。\n教育部办公厅\n2021年3月4日\n甲计划\n一、任务\n好。\n",
        encoding="utf-8",
    )
    corpus = lab.load_corpus(write_catalog(folder, "a,甲.txt,national,全国,2021"))
    row = corpus.documents.iloc[0]
    assert (row.title, row.document_number, row.issuer, str(row.issued.date())) == (
        "甲计划",
        "教技厅〔2021〕7号",
        "教育部办公厅",
        "2021-03-04",
    )


def test_a_folder_is_as_good_as_its_catalog(folder):
    write_catalog(folder, "a,甲.txt,national,全国,2019", "b,乙.txt,county,乙县,2019")
    assert len(lab.load_corpus(folder).documents) == 2


def test_tables_without_rows_have_their_columns_and_types(folder, corpus):
    small = lab.load_corpus(write_catalog(folder, "b,乙.txt,county,乙县,2019"))
    for name in KEYS:
        assert getattr(small, name).dtypes.to_dict() == getattr(corpus, name).dtypes.to_dict(), name


def test_no_catalog(tmp_path):
    with pytest.raises(lab.PolicylabError) as raised:
        lab.load_corpus(tmp_path / "kein.csv")
    assert str(raised.value) == (
        f"There is no catalog {tmp_path / 'kein.csv'}. Give the path of a catalog.csv, or of the folder that holds it."
    )


def test_a_catalog_that_is_no_path():
    with pytest.raises(lab.PolicylabError) as raised:
        lab.load_corpus(["catalog.csv"])
    assert str(raised.value) == (
        "The catalog is of type list: expected the path of a catalog.csv, of the folder that holds it or of a table with one"
        " document a row, or a DataFrame of such a table."
    )


def test_unknown_versions():
    with pytest.raises(lab.PolicylabError, match="^versions='both' is unknown. Use one of 'one', 'all'.$"):
        lab.load_corpus(versions="both")


def test_all_problems_of_the_cells_come_in_one_message(folder):
    rows = [
        "a,甲.txt,nation,全国,2019",
        "a,乙.txt,county,乙县,二〇一九",
        "c/d,丙.txt,county,,2019",
        "e,../甲.txt,county,乙县,2019",
        "f,乙.txt,county,乙县",
    ]
    assert problems(write_catalog(folder, *rows)) == [
        "catalog.csv has 8 problems:",
        "row 2, column level: 'nation' is unknown. Use one of national, provincial, municipal, county.",
        "row 3, column year: '二〇一九' is no year. Write the year the document is for in four digits, such as 2019.",
        "row 3, column document_id: 'a' is already in row 2. Give every publication an id of its own.",
        "row 4, column region: the cell is blank. Fill it in.",
        "row 4, column document_id: 'c/d' cannot be part of a file name. Use letters, digits, hyphens or Chinese characters.",
        "row 4, column file: '丙.txt' does not exist. Name a file relative to the catalog.",
        "row 5, column file: '../甲.txt' leads out of the catalog's folder. Copy the file into that folder and name it relative to the catalog.",
        "row 6: 4 cells instead of 5. Write a comma for each blank cell too.",
    ]


def test_columns_that_are_missing_repeated_or_unknown(folder):
    path = write_catalog(folder, "a,甲.txt,x,2019,y,2019", header="document_id,file,isued,year,my_notes,year")
    known = "document_id, file, level, region, year, title, document_number, issuer, issued, year_end, version_of, source, sha256"
    own = "Keep columns of your own in another table and join it on document_id."
    assert problems(path) == [
        "catalog.csv has 5 problems:",
        "row 1: the column level is missing. Add it; needed are document_id, file, level, region, year.",
        "row 1: the column region is missing. Add it; needed are document_id, file, level, region, year.",
        f"row 1: the column 'isued' is unknown. Did you mean issued? {own}",
        "row 1: the column 'year' appears 2 times. Keep one.",
        f"row 1: the column 'my_notes' is unknown. Known are {known}. {own}",
    ]


def test_a_column_of_ones_own_does_not_hide_what_is_wrong_below(folder):
    rows = ["a,甲.txt,nation,全国,2019,x", "b,丙.txt,county,乙县,2019,"]
    known = "document_id, file, level, region, year, title, document_number, issuer, issued, year_end, version_of, source, sha256"
    assert problems(write_catalog(folder, *rows, header=HEADER + ",备注")) == [
        "catalog.csv has 3 problems:",
        f"row 1: the column '备注' is unknown. Known are {known}."
        " Keep columns of your own in another table and join it on document_id.",
        "row 2, column level: 'nation' is unknown. Use one of national, provincial, municipal, county.",
        "row 3, column file: '丙.txt' does not exist. Did you mean 乙.txt?",
    ]


EXCEL = ["document_id", "file", "level", "region", "year", "issued", "year_end"]
CELLS = [
    ["a", "甲.txt", "national", "全国", "2019.0", "2019/2/27", "2021.0"],
    ["b", "甲.txt", "national", "全国", "2019年", "2019年2月27日", ""],
    ["c", "乙.txt", "national", "全国", "2019", "43523", ""],
    ["d", "乙.txt", "national", "全国", "2019", "2019-02-27T00:00", ""],
]


@pytest.mark.parametrize("name", ["catalog.csv", "catalog.xlsx"])
def test_a_catalog_as_excel_writes_it(folder, name):
    if name == "catalog.csv":
        text = "\r\n".join(",".join(row) for row in [EXCEL, *CELLS])
        (folder / name).write_bytes(text.encode("gb18030"))
    else:
        book = xlsxwriter.Workbook(folder / name, {"strings_to_numbers": True})
        sheet = book.add_worksheet()
        for place, row in enumerate([EXCEL, *CELLS]):
            sheet.write_row(place, 0, row)
        book.close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", lab.PolicylabWarning)
        documents = lab.load_corpus(folder).documents
    assert documents["issued"].dt.strftime("%Y-%m-%d").tolist() == ["2019-02-27"] * 4
    assert documents["year"].tolist() == [2019] * 4
    assert documents["year_end"].tolist() == [2021, pd.NA, pd.NA, pd.NA]


def test_the_last_of_several_years(folder):
    rows = [f"{i},甲.txt,national,全国,2019,{last}" for i, last in enumerate(["2018", "2019", "十四五", "2021"])]
    assert problems(write_catalog(folder, *rows, header=HEADER + ",year_end")) == [
        "catalog.csv has 3 problems:",
        "row 2, column year_end: '2018' is not later than the year, '2019'. Write the last of several years; leave it blank"
        " for one.",
        "row 3, column year_end: '2019' is not later than the year, '2019'. Write the last of several years; leave it blank"
        " for one.",
        "row 4, column year_end: '十四五' is no year. Write the last year the document is for in four digits; leave it blank"
        " for one year.",
    ]


def test_two_catalogs_in_one_folder(folder):
    write_catalog(folder, "a,甲.txt,national,全国,2019")
    (folder / "catalog.xlsx").write_bytes(b"")
    with pytest.raises(lab.PolicylabError) as raised:
        lab.load_corpus(folder)
    assert str(raised.value) == f"{folder} holds catalog.csv and catalog.xlsx. Give the path of the one that counts."


def test_a_province_has_one_name(folder):
    names = ["四川", "四川省", "四川 省", "内 蒙\u200b古", "全　国", "广西壮族自治区"]
    rows = [f"{i},甲.txt,provincial,{name},2019" for i, name in enumerate(names)]
    assert problems(write_catalog(folder, *rows)) == [
        "catalog.csv has 4 problems:",
        "row 2, column region: '四川' is no official name. Write 四川省, or the full name of the place that is meant.",
        "row 4, column region: '四川 省' is no official name. Write 四川省.",
        "row 5, column region: '内 蒙\\u200b古' is no official name. Write 内蒙古自治区, or the full name of the place that is meant.",
        "row 6, column region: '全\\u3000国' is no official name. Write 全国.",
    ]


def test_regions_that_are_in_no_list_stay(folder):
    names = ["吉林市", "某县", "New South Wales", "福建省厦门市"]
    corpus = lab.load_corpus(
        write_catalog(folder, *(f"{i},甲.txt,municipal,{name},2019" for i, name in enumerate(names)))
    )
    assert list(corpus.documents["region"]) == names


def test_prefectures_and_counties_may_have_short_names_but_each_only_one(folder):
    names = ["阿坝州", "阿坝藏族羌族自治州", "阿坝州", "北京市朝阳区", "朝阳区", "襄樊市", "襄阳市", "北京朝阳区"]
    rows = [f"{i},甲.txt,municipal,{name},2019" for i, name in enumerate(names)]
    assert problems(write_catalog(folder, *rows)) == [
        "catalog.csv has 2 problems:",
        "row 3, column region: '阿坝藏族羌族自治州' and '阿坝州' in row 2 are one place. Write 阿坝藏族羌族自治州 in both.",
        "row 9, column region: '北京朝阳区' and '北京市朝阳区' in row 5 are one place. Write 北京市朝阳区 in both.",
    ]


def test_a_file_that_is_not_there_is_looked_for_nearby(folder):
    (folder / "Texts").mkdir()
    for name in ("plan2024.txt", "plan2025.txt"):
        (folder / "Texts" / name).write_text("计划。\n", encoding="utf-8")
    files = ["texts\\PLAN2024.TEXT", "Texts/plan2025.txt", "Texts/plan2026.txt", "text", "丁.docx"]
    found = problems(write_catalog(folder, *(f"{i},{name},national,全国,2019" for i, name in enumerate(files))))
    # plan2025.txt is no answer to plan2026.txt: another row names it already.
    assert found == [
        "catalog.csv has 4 problems:",
        "row 2, column file: 'texts\\\\PLAN2024.TEXT' does not exist. Did you mean Texts/plan2024.txt?",
        "row 4, column file: 'Texts/plan2026.txt' does not exist. Did you mean Texts/plan2024.txt?",
        "row 5, column file: 'text' does not exist. Name a file relative to the catalog.",
        "row 6, column file: '丁.docx' does not exist. Name a file relative to the catalog.",
    ]


def test_hashes_dates_and_versions_that_cannot_be(folder):
    digest = hashlib.sha256((folder / "甲.txt").read_bytes()).hexdigest()
    rows = [
        f"a,甲.txt,national,全国,2019,2019-2-30,c,{digest}",
        f"b,乙.txt,national,全国,2019,,b,{digest}",
        "c,甲.txt,national,全国,2019,,a,abc",
    ]
    found = problems(write_catalog(folder, *rows, header=HEADER + ",issued,version_of,sha256"))
    actual = hashlib.sha256((folder / "乙.txt").read_bytes()).hexdigest()
    assert found == [
        "catalog.csv has 6 problems:",
        "row 2, column issued: '2019-2-30' is no date. Write it as YYYY-MM-DD, such as 2019-02-27.",
        "row 2, column version_of: 'c' is itself a version of 'a'. Leave the cell of the publication that is to be counted blank.",
        f"row 3, column sha256: expected {digest}, but the file '乙.txt' has {actual}."
        " It was changed since the catalog was written: restore it, or write the new hash.",
        "row 3, column version_of: 'b' is the row's own document_id. Leave the cell blank for the publication that is to be counted.",
        "row 4, column sha256: 'abc' is no SHA-256. It has 64 hexadecimal digits; leave the cell blank if you have none.",
        "row 4, column version_of: 'a' is itself a version of 'c'. Leave the cell of the publication that is to be counted blank.",
    ]


def test_files_that_are_no_documents(folder):
    (folder / "空.txt").write_bytes(b"\n")
    (folder / "图.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (folder / "夹").mkdir()
    rows = [f"{i},{name},national,全国,2019" for i, name in enumerate(["空.txt", "图.txt", "夹", "甲.txt"])]
    assert problems(write_catalog(folder, *rows)) == [
        "catalog.csv has 3 problems:",
        "row 2, column file: '空.txt' cannot be used: the file is empty. Save the document as plain text in UTF-8.",
        "row 3, column file: '图.txt' cannot be used: the file is no text in UTF-8, UTF-16, GB18030 or Big5. Save the document as plain text in UTF-8.",
        "row 4, column file: '夹' is a folder, or may not be read. Name a file relative to the catalog.",
    ]


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"%PDF-1.7\n\x00", "a PDF"),
        (b"PK\x03\x04\x14\x00", "a Word or Excel file, or another archive"),
        (b"\xd0\xcf\x11\xe0\x00", "an old Word or Excel file"),
    ],
)
def test_files_of_office_programs_are_named(folder, data, named):
    (folder / "甲.txt").write_bytes(data)
    assert problems(write_catalog(folder, "a,甲.txt,national,全国,2019")) == [
        "catalog.csv has 1 problem:",
        f"row 2, column file: '甲.txt' cannot be used: the file is {named}. Save the document as plain text in UTF-8.",
    ]


def test_names_that_no_file_can_have(folder):
    name = "长" * 300
    assert problems(write_catalog(folder, f"a,{name},national,全国,2019")) == [
        "catalog.csv has 1 problem:",
        f"row 2, column file: '{name}' cannot be read. Name a file relative to the catalog.",
    ]


def test_what_spreadsheets_do_to_a_table(folder):
    row = "a,甲.txt,national,全国,2019"
    assert len(lab.load_corpus(write_catalog(folder, row + ",,", ",,,,,,", header=HEADER + ",,")).documents) == 1
    assert problems(write_catalog(folder, row.replace(",", ";"), header=HEADER.replace(",", ";")))[1:] == [
        "row 1: the columns are divided by semicolons. Save the table as CSV with commas."
    ]


def test_a_quotation_mark_that_is_never_closed_hides_no_document(folder):
    rows = [
        "a,甲.txt,national,全国,2019,",
        "b,乙.txt,county,乙县,2019,标题",
        "c,甲.txt,county,乙县,2020,",
        "d,乙.txt,county,乙县,2021,",
    ]
    path = write_catalog(folder, *rows, header=HEADER + ",title")
    assert len(lab.load_corpus(path).documents) == 4
    path = write_catalog(folder, *(row.replace("标题", '"标题') for row in rows), header=HEADER + ",title")
    assert problems(path) == [
        "catalog.csv has 1 problem:",
        "row 3, column title: the quotation mark that opens this cell (line 3 of the file) is never closed."
        " Close it, or delete it.",
    ]


def test_a_title_may_have_two_lines(folder):
    path = write_catalog(
        folder, 'a,甲.txt,national,全国,2019,"甲\n计划"', "b,丙.txt,county,乙县,2019,", header=HEADER + ",title"
    )
    assert problems(path)[1:] == ["row 3, column file: '丙.txt' does not exist. Did you mean 乙.txt?"]
    path = write_catalog(folder, 'a,甲.txt,national,全国,2019,"甲\n计划"', header=HEADER + ",title")
    assert lab.load_corpus(path).documents["title"].tolist() == ["甲\n计划"]


def test_a_chain_of_versions_leads_to_the_one_that_is_counted(folder):
    rows = ["a,甲.txt,national,全国,2019,", "b,甲.txt,national,全国,2019,a", "c,甲.txt,national,全国,2019,b"]
    assert problems(write_catalog(folder, *rows, header=HEADER + ",version_of"))[1:] == [
        "row 4, column version_of: 'b' is itself a version of 'a'. Write 'a' here too."
    ]


def test_an_absolute_path_and_a_link_may_not_lead_out(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "x.txt"
    outside.write_text("秘密。", encoding="utf-8")
    rows = [f"a,{outside},national,全国,2019"]
    try:
        (folder / "link.txt").symlink_to(outside)
        rows.append("b,link.txt,national,全国,2019")
    except OSError:  # Windows allows links to administrators only
        pass
    found = problems(write_catalog(folder, *rows))
    assert len(found) == 1 + len(rows)
    assert all("leads out of the catalog's folder" in line for line in found[1:])


def test_a_catalog_without_rows_and_one_that_is_no_table(folder):
    assert problems(write_catalog(folder)) == [
        "catalog.csv has 1 problem:",
        "row 2: there is no document. Add one row for each publication.",
    ]
    (folder / "catalog.csv").write_bytes(b"\x00\x01\x02")
    assert problems(folder / "catalog.csv") == [
        "catalog.csv cannot be read: the file is no text in UTF-8, UTF-16, GB18030 or Big5. Save the table as CSV in UTF-8."
    ]


def test_other_encodings_are_read_and_named(folder):
    text = (folder / "甲.txt").read_text(encoding="utf-8")
    (folder / "甲.txt").write_bytes(text.encode("gb18030"))
    (folder / "catalog.csv").write_bytes(f"{HEADER}\na,甲.txt,national,全国,2019\n".encode("utf-8-sig"))
    assert notes(folder) == [
        "a: 甲.txt: it is encoded in GB18030, not UTF-8. It was read all the same.",
    ]


def test_a_document_without_structure_loads_with_a_note(folder):
    (folder / "甲.txt").write_text("推进建设。\n加强保障。\n", encoding="utf-8")
    path = write_catalog(folder, "a,甲.txt,national,全国,2019")
    assert notes(path) == [
        "a: no numbered heading was recognised. The document is read as one part, 全文.",
        "a: neither the catalog nor the text gives a title. Fill in the column title.",
    ]


def test_invisible_characters_inside_words_are_named(folder):
    first = "甲计划\r\n一、任务\r\n1.建设\r\n发展数\u200b字经济，低空经\u00ad\u200b济。\r\n"
    (folder / "甲.txt").write_bytes(first.encode("utf-8"))
    (folder / "乙.txt").write_text("乙计划\n一、任务\n1.管\ufeff理\n规范管理。\n", encoding="utf-8")
    (folder / "丙.txt").write_text("丙计划\n\u200b一、任务\n1.管理\n治理，\u200b规范\u200b。\u200b\n", encoding="utf-8")
    rows = [f"{i},{name}.txt,national,全国,2019," for i, name in enumerate("甲乙丙")]
    path = write_catalog(folder, *rows, "3,甲.txt,national,全国,2019,0", header=HEADER + ",version_of")
    assert notes(path, versions="all") == []
    assert notes(path, versions="all", repair=False) == [
        "Invisible characters cut words into pieces, and these words are not counted. Remove them from the files.\n"
        "  甲.txt: 3, the first in line 4 (U+00AD SOFT HYPHEN, U+200B ZERO WIDTH SPACE)\n"
        "  乙.txt: 1, the first in line 3 (U+FEFF ZERO WIDTH NO-BREAK SPACE)"
    ]
    with pytest.warns(lab.PolicylabWarning, match="^Invisible"):
        paragraph = lab.load_corpus(path, repair=False).paragraphs.iloc[0]
    assert paragraph.text == first[paragraph.start : paragraph.end] == "发展数\u200b字经济，低空经\u00ad\u200b济。"
    repaired = lab.load_corpus(path).paragraphs.iloc[0]
    assert repaired.text == "发展数字经济，低空经济。" and repaired[["start", "end"]].equals(
        paragraph[["start", "end"]]
    )


def test_damaged_text_is_read_as_it_was_written_and_named(folder):
    source = "甲计划\n一、任务\n1.推进⽹络建设\n加 强 教 育 网 络 安 全，建设５Ｇ基站1 0个。\n"
    (folder / "甲.txt").write_text(source, encoding="utf-8")
    (folder / "乙.txt").write_text(
        "乙計劃\n一、重點任務\n1.推進網絡建設\n為學校開展服務，擴大應用。\n", encoding="utf-8"
    )
    path = write_catalog(folder, "a,甲.txt,national,全国,2019", "b,乙.txt,national,全国,2019")
    assert notes(path) == [
        "Damaged text was repaired for reading; list_doubts shows where, and load_corpus(..., repair=False) reads it as it is.\n"
        "  甲.txt: blanks between characters 7 times\n"
        "  乙.txt: traditional character 14 times"
    ]
    corpus = lab.load_corpus(path)
    assert corpus.tasks["title"].tolist() == ["推进网络建设", "推进网络建设"]
    assert corpus.paragraphs["text"].tolist() == ["加强教育网络安全，建设5G基站1 0个。", "为学校开展服务，扩大应用。"]
    place = corpus.paragraphs.iloc[0]
    assert source[place.start : place.end] == "加 强 教 育 网 络 安 全，建设５Ｇ基站1 0个。"
    assert corpus.blocks.query("document_id == 'a'")["text"].tolist()[-1] == source[place.start : place.end]
    assert lab.list_doubts(corpus)[["document_id", "kind", "n", "text"]].values.tolist() == [
        ["a", "repaired: radical or compatibility character", 1, "1.推进⽹络建设"],
        ["a", "repaired: blanks between characters", 7, "加 强 教 育"],
        ["a", "repaired: full-width letter, digit or sign", 2, "安 全，建设５Ｇ基站1 0"],
        ["b", "repaired: traditional character", 14, "乙計劃"],
    ]


def test_declared_publications_are_not_warned_of():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        lab.load_corpus(versions="all")
    assert not caught


def test_an_undeclared_publication_is_named(tmp_path):
    (tmp_path / "texts").mkdir()
    for name in ("national-2019-pdf.md", "national-2019-web.txt", "national-2017.txt"):
        (tmp_path / "texts" / name).write_bytes((DATA / "corpus" / "texts" / name).read_bytes())
    rows = ["pdf,texts/national-2019-pdf.md", "web,texts/national-2019-web.txt", "old,texts/national-2017.txt"]
    path = write_catalog(tmp_path, *(f"{row},national,全国,2019" for row in rows))
    assert notes(path) == [
        "pdf and web share 94% of the shorter one's text. If they are two publications of one document, write pdf into the column version_of"
        " of web in catalog.csv; until then both are counted."
    ]


def test_hostile_characters_and_values_are_read_or_named(folder):
    """Marks that Word, web pages and phones leave; numbers in a row; bold that covers half of a number; very long blanks."""
    texts = {
        "号": "某市教育局关于印发计划的通知\n发文字号：〔2019〕12 号\n各学校：\n一、任务\n1.建设\n建成10所学校。\n",
        "令": "教育部令 **第 4**0 号\n某管理办法\n第一条 为规范管理。\n第二条 自2020年起施行。\n",
        "亿": f"某市计划\n一、任务\n1.建设\n投资{'1,100 亿' * 3000}元。\n建成1**0所**学校。\n",
        "标": "某市计划\n一、任务\n1.建\u202e设\n\uf0b7建成10所学校🙂，名师𠮷野家。\n（责任单位：教育部）\n",
        "空": f"某市计划\n一、任务\n附件{'　' * 9000}\n（责任单位：x{' ' * 9000}\n国发〔2017〕{' ' * 9000}\n《a{' ' * 9000}\n",
    }
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    path = write_catalog(folder, *(f"{name},{name}.txt,national,全国,2020" for name in texts))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", lab.PolicylabWarning)
        corpus = lab.load_corpus(path)
    numbers = corpus.documents.set_index("document_id")["document_number"]
    assert (numbers["号"], numbers["令"]) == ("〔2019〕12号", "教育部令第40号")
    assert corpus.targets["value"].between(0, 1e18).all()
    counts = corpus.targets[corpus.targets["unit"].eq("所")].set_index("document_id")["value"]
    assert counts.to_dict() == {"亿": 10, "号": 10, "标": 10}
    assert "•建成10所学校🙂，名师𠮷野家。" in corpus.paragraphs["text"].tolist()
    assert corpus.tasks.set_index("document_id").loc["标", "title"] == "建设"
    repairs = lab.list_doubts(corpus).query("document_id == '标'")
    assert repairs["kind"].tolist() == ["repaired: invisible character", "repaired: private-use character"]
    assert lab.readings.describe_doubts(repairs, language="en")
