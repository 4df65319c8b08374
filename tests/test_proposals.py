"""Cells of the catalog proposed from a document: values, where they come from, how sure they are."""

import pytest

from policylab.corpus.proposals import propose_cells

NOTICE = """阿坝州人民政府办公室
关于印发《阿坝州政务数据资源管理暂行办法》的通知
阿府办发〔2021〕21号

各县（市）人民政府：
现将《阿坝州政务数据资源管理暂行办法》印发给你们，请认真贯彻执行。

阿坝州人民政府办公室
2021年10月11日

阿坝州政务数据资源管理暂行办法
第一章 总则
第一条 为规范政务数据资源管理，制定本办法。
第二条 本办法适用于阿坝州行政区域。
"""


def propose(text, **options):
    return {cell.column: (cell.value, cell.confidence) for cell in propose_cells(text, **options)}


def test_a_notice_with_all_it_has():
    assert [tuple(cell) for cell in propose_cells(NOTICE)] == [
        ("title", "阿坝州政务数据资源管理暂行办法", 11, "阿坝州政务数据资源管理暂行办法", "likely"),
        ("issuer", "阿坝州人民政府办公室", 8, "阿坝州人民政府办公室", "sure"),
        ("document_number", "阿府办发〔2021〕21号", 3, "阿府办发〔2021〕21号", "sure"),
        ("issued", "2021-10-11", 9, "2021年10月11日", "sure"),
        ("year", "2021", 9, "2021年10月11日", "sure"),
        ("level", "municipal", 8, "阿坝州人民政府办公室", "sure"),
        ("region", "阿坝藏族羌族自治州", 8, "阿坝州人民政府办公室", "sure"),
    ]


def test_nothing_is_made_up():
    assert propose_cells("") == [] and propose_cells("一段没有来历的话。\n") == []


@pytest.mark.parametrize(
    "title, year, year_end",
    [
        ("某市教育信息化行动计划（2021—2023年）", "2021", "2023"),
        ("某市“十四五”教育发展规划", "2021", "2025"),
        ("2019年某市教育信息化工作要点", "2019", None),
    ],
)
def test_years_of_plans(title, year, year_end):
    found = propose(f"{title}\n一、总体要求\n推进建设。\n二、重点任务\n加强应用。\n")
    assert (found["year"][0], found.get("year_end", (None,))[0]) == (year, year_end)


def test_the_file_s_name_makes_a_title_sure_and_alone_is_a_guess():
    text = "2026年福建省政府工作报告\n各位代表：\n现在，我代表省人民政府，向大会报告工作。\n一、2025年工作回顾\n全省经济平稳。\n"
    assert propose(text)["title"] == ("2026年福建省政府工作报告", "likely")
    assert propose(text, name="2026/2026年福建省政府工作报告.docx")["title"] == ("2026年福建省政府工作报告", "sure")
    assert propose("各位代表：\n现在报告工作。\n", name="2026年福建省政府工作报告.txt")["title"][1] == "guess"
