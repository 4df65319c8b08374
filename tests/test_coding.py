"""Coding sheets and agreement: nothing that a spreadsheet would run, nothing lost on the way back, published alphas."""

import csv

import pandas as pd
import pytest

import policylab as lab

NAN = float("nan")
# The data of Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers, twelve units.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]


def tidy(observers):
    rows = [
        ("a", unit, str(coder), "tool", code)
        for coder, codes in enumerate(observers)
        for unit, code in enumerate(codes, 1)
    ]
    return pd.DataFrame(rows, columns=["document_id", "paragraph", "coder", "variable", "code"]).dropna()


@pytest.fixture(scope="module")
def plan(load):
    text = '一、任务\n=HYPERLINK("http://x")。\n＋组织培训，\n发布“指南”。\n推进建设。\n'
    return load(("a", "county", "乙县", 2020, text))


def test_a_sheet_opens_in_excel_and_runs_nothing(plan, tmp_path):
    path = tmp_path / "coder.csv"
    lab.recipes.export_coding_sheet(plan, path, codes=["工具"])
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and b"\r\n" in data
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert [*rows[0]] == [
        "document_id",
        "paragraph",
        "part",
        "section",
        "task",
        "before",
        "text",
        "after",
        "工具",
        "note",
    ]
    assert [row["text"][:3] for row in rows] == ["'=H", "'+组", "推进建"]
    assert rows[1]["before"].startswith("'=") and rows[1]["after"] == "推进建设。"
    assert not any(
        cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) for row in rows for cell in row.values()
    )


def test_a_coders_work_is_not_overwritten(plan, tmp_path):
    path = tmp_path / "coder.csv"
    lab.recipes.export_coding_sheet(plan, path)
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.export_coding_sheet(plan, path)
    assert str(raised.value) == (
        f"{path} exists already and may hold a coder's work. Choose another name, or write overwrite=True to replace it."
    )
    lab.recipes.export_coding_sheet(plan, path, overwrite=True)


@pytest.mark.parametrize(
    ("codes", "wrong"),
    [(["text"], "'text'"), (["a", "a"], "'a'"), ([], "there is none"), (["=1", " "], "' ', '=1'")],
)
def test_codes_that_cannot_head_a_column(plan, tmp_path, codes, wrong):
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.export_coding_sheet(plan, tmp_path / "coder.csv", codes=codes)
    assert str(raised.value) == (
        f"codes={codes!r} cannot head the columns: {wrong}. Give each code a name of its own, other than"
        " document_id, paragraph, part, section, task, before, text, after, note."
    )


def test_a_cell_too_long_for_excel_is_cut_with_a_warning(tmp_path, plan):
    long = plan.paragraphs.assign(text="长" * 40000)
    corpus = type(plan)(**{**vars(plan), "paragraphs": long})
    with pytest.warns(lab.PolicylabWarning, match="^c.csv: 7 cells are longer than a cell of Excel holds and were cut"):
        sheet = lab.recipes.export_coding_sheet(corpus, tmp_path / "c.csv")
    assert sheet["text"].str.len().max() == 32766  # and one for an apostrophe


def test_there_and_back(plan, tmp_path):
    paths = {}
    for coder, marks in (("甲", ["1", "", "'-1"]), ("乙", ["1", "1", ""])):
        paths[coder] = tmp_path / f"{coder}.csv"
        sheet = lab.recipes.export_coding_sheet(plan, paths[coder], codes=["supply"])
        # As Excel on a Chinese system saves it.
        paths[coder].write_bytes(sheet.assign(supply=marks).to_csv(index=False).encode("gb18030"))
    codes = lab.recipes.load_coding_sheets(paths, plan, codes=["supply"])
    assert codes.groupby("coder")["paragraph"].agg(list).to_dict() == {"乙": [1, 2], "甲": [1, 3]}
    assert codes["paragraph"].dtype == "int64"
    marked = lab.recipes.load_coding_sheets(paths, plan, codes=["supply"], blank="0")
    assert len(marked) == 6 and set(marked["code"]) == {"0", "1", "'-1"}


def test_a_name_like_a_formula_comes_back_as_it_was(plan, tmp_path):
    tables = {name: table.assign(document_id="-甲") for name, table in vars(plan).items() if name != "catalog"}
    plan = type(plan)(**vars(plan) | tables)
    sheet = lab.recipes.export_coding_sheet(plan, tmp_path / "c.csv", codes=["supply"])
    assert set(sheet["document_id"]) == {"'-甲"}
    codes = lab.recipes.load_coding_sheets({"甲": tmp_path / "c.csv"}, plan, codes=["supply"], blank="0")
    assert set(codes["document_id"]) == {"-甲"}


def test_everything_wrong_in_the_sheets_is_reported_at_once(plan, tmp_path):
    sheets = {
        "甲": "document_id,supply\na,1\n",
        "乙": "document_id,paragraph,supply\na,eins,1\na,1e30,1\na,4,1\na,1.0,1\na,1,1\na,1,2\na2,1,1\nplan,1,1\n,,1\n",
        "丙": 'document_id,paragraph,text,supply\na,1,"推进\n建设",1\na,2,"发布,1\na,3,完成,1\n',
    }
    paths = {coder: tmp_path / f"{coder}.csv" for coder in sheets}
    for coder, text in sheets.items():
        paths[coder].write_text(text, encoding="utf-8")
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.load_coding_sheets(paths, plan, codes=["supply"])
    assert str(raised.value) == (
        f"{paths['丙']} has 1 problem:\n"
        "  row 3, column text: the quotation mark that opens this cell (line 4 of the file) is never closed."
        " Close it, or delete it.\n"
        f"{paths['乙']} has 9 problems:\n"
        "  row 2, column paragraph: 'eins' is not in a, which has paragraphs 1 to 3. Restore the cell.\n"
        "  row 3, column paragraph: '1e30' is not in a, which has paragraphs 1 to 3. Restore the cell.\n"
        "  row 4, column paragraph: '4' is not in a, which has paragraphs 1 to 3. Restore the cell.\n"
        "  row 5, column paragraph: '1.0' is not in a, which has paragraphs 1 to 3. Restore the cell.\n"
        "  row 7, column document_id, paragraph: 'a', '1' is already in row 6. Keep one.\n"
        "  row 8, column document_id: 'a2' is not in the corpus. Did you mean a?\n"
        "  row 9, column document_id: 'plan' is not in the corpus. Give the corpus that the sheet was written from.\n"
        "  row 10, column document_id: the cell is blank. Fill it in.\n"
        "  row 10, column paragraph: the cell is blank. Fill it in.\n"
        f"{paths['甲']} has 1 problem:\n  row 1: the column paragraph is missing. Add it; needed are document_id, paragraph."
    )


def test_sheets_need_their_corpus(plan, tmp_path):
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.load_coding_sheets({"甲": tmp_path / "c.csv"}, ["supply"])
    assert str(raised.value) == "corpus is of the type list: expected a corpus, as load_corpus gives it."


@pytest.mark.parametrize(
    ("measure", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_published_alphas(measure, alpha):
    pytest.importorskip("krippendorff")
    row = lab.measure_agreement(tidy(OBSERVERS), measure=measure, n_resamples=100).iloc[0]
    assert round(row["alpha"], 3) == alpha
    # Unit 12 was coded once and tells nothing.
    assert (row["n_coders"], row["n_units"], row["n_values"]) == (4, 11, 5)
    if measure == "interval":
        assert row["reason"] == ("too few units (9; 20 are needed) depart from the most frequent number: no interval")
    else:
        assert row["low"] < row["alpha"] < row["high"] <= 1


def test_alpha_does_not_depend_on_the_order_of_rows():
    pytest.importorskip("krippendorff")
    codes = tidy(OBSERVERS)
    one, other = (
        lab.measure_agreement(table, n_resamples=50) for table in (codes, codes.sample(frac=1, random_state=2))
    )
    pd.testing.assert_frame_equal(one, other)


def test_perfect_agreement_is_one():
    pytest.importorskip("krippendorff")
    row = lab.measure_agreement(tidy([[1, 2, 2, 1]] * 2), n_resamples=200).iloc[0]
    # On four units, which is no certainty.
    assert row["alpha"] == 1 == row["high"] and row["low"] < 0.3 and row["reason"] == ""


def test_an_interval_needs_forty_draws():
    pytest.importorskip("krippendorff")
    codes = tidy(OBSERVERS)
    with pytest.raises(lab.PolicylabError) as raised:
        lab.measure_agreement(codes, n_resamples=39)
    assert str(raised.value) == (
        "n_resamples=39: expected a whole number of 40 or more for 95% intervals, or 0 for none."
    )
    none = lab.measure_agreement(codes, n_resamples=0).iloc[0]
    assert round(none["alpha"], 3) == 0.743 and none[["low", "high"]].isna().all() and none["n_used"] == 0
    assert none["reason"] == "n_resamples=0"
    # Of few units some draws hold one code alone, for which chance is not defined.
    few, enough = (lab.measure_agreement(tidy([[1, 2]] * 2), n_resamples=n).iloc[0] for n in (40, 200))
    assert 0 < few["n_used"] < 40 <= enough["n_used"] < 200 and few[["low", "high"]].isna().all()
    assert few["reason"] == "fewer than 40 resamples have a value" and enough["reason"] == ""


def test_undefined_is_nan_with_a_reason():
    alone = lab.measure_agreement(tidy([[1, NAN], [NAN, 2]])).iloc[0]
    assert pd.isna(alone["alpha"]) and alone["reason"] == "no unit was coded by two coders"
    same = lab.measure_agreement(tidy([[1, 1], [1, 1]])).iloc[0]
    assert pd.isna(same["alpha"]) and same["reason"] == "all coders gave one code, so chance is not defined"


def test_measures_that_need_numbers():
    codes = tidy([["高", "低"], ["高", "高"]])
    with pytest.raises(lab.PolicylabError) as raised:
        lab.measure_agreement(codes, measure="ordinal")
    assert str(raised.value) == (
        "variable 'tool': '低', '高' is no finite number, but measure='ordinal' needs numbers."
        ' Number the codes in their order, or use measure="nominal".'
    )


def test_codes_beyond_number_are_refused():
    with pytest.raises(lab.PolicylabError, match="^variable 'tool': 'inf' is no finite number"):
        lab.measure_agreement(tidy([["1", "2"], ["1", "inf"]]), measure="interval")


def test_coders_of_no_shared_unit_do_not_count():
    pytest.importorskip("krippendorff")
    row = lab.measure_agreement(tidy([[1, 2, NAN], [1, 2, NAN], [NAN, NAN, 1]]), n_resamples=0).iloc[0]
    assert (row["n_coders"], row["n_units"]) == (2, 2)


def test_one_name_may_come_alone(plan, tmp_path):
    path = tmp_path / "c.csv"
    sheet = lab.recipes.export_coding_sheet(plan, path, codes="supply", document_ids="a")
    assert [*sheet.columns[-2:]] == ["supply", "note"] and len(sheet) == 3
    assert lab.recipes.load_coding_sheets({"甲": path}, plan, codes="supply", blank="0")[
        "variable"
    ].unique().tolist() == ["supply"]


def test_missing_folder_and_nameless_coders(plan, tmp_path):
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.export_coding_sheet(plan, tmp_path / "no" / "c.csv")
    assert str(raised.value) == f"There is no folder {tmp_path / 'no'}. Create it, or give the path of another one."
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.load_coding_sheets(["a.csv"], plan)
    assert str(raised.value) == (
        "paths=['a.csv'] does not say whose sheet is whose. Map the coders' names to the sheets: {'A': 'a.csv', 'B': 'b.csv'}."
    )


def test_codes_of_another_table_are_refused():
    with pytest.raises(lab.PolicylabError) as raised:
        lab.measure_agreement(pd.DataFrame({"document_id": ["a"], "paragraph": [1], "coder": ["甲"]}))
    assert str(raised.value) == ("The table codes has no columns variable, code. It has document_id, paragraph, coder.")


def test_pairs_of_tasks_are_units_too():
    pytest.importorskip("krippendorff")
    codes = tidy(OBSERVERS)
    pairs = codes.rename(columns={"paragraph": "task"}).assign(reference_id="b", reference_task=1)
    pd.testing.assert_frame_equal(lab.measure_agreement(pairs), lab.measure_agreement(codes))
    # The same task beside another one of the reference is another unit.
    others = pd.concat([pairs, pairs.assign(reference_task=2)])
    assert lab.measure_agreement(others, n_resamples=0).iloc[0]["n_units"] == 22
