"""What the parser makes of the habits of official documents, one habit a test, and that it loses nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policylab.paths import DATA
from policylab.parse import clean_title, split_blocks
from policylab.read import read_text
from policylab.tables import COLUMNS, read_tables, split_units

TEXTS = sorted((DATA / "corpus" / "texts").iterdir())


def roles(text, title=None):
    return [(block.role, text[block.start : block.end]) for block in split_blocks(text, title)]


def tables(text, title=None):
    result = {name: [] for name in COLUMNS}
    stated = read_tables("d", text, title, result)
    named = {name: [dict(zip(COLUMNS[name], row)) for row in rows] for name, rows in result.items()}
    return named, stated


def assert_lossless(text):
    blocks = split_blocks(text)
    position = 0
    for block in [*blocks, None]:
        between = text[position : block.start if block else len(text)]
        # White space, Markdown marks and page rules, and nothing else, may lie between two blocks.
        assert re.fullmatch(r"[\s\u200b-\u200f\u2060\ufeff#>*_-]*", between), repr(between)
        if block:
            assert position <= block.start < block.end
            assert text[block.start : block.end].strip() == text[block.start : block.end]
            position = block.end


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_character_of_the_corpus_has_one_place(path):
    assert_lossless(read_text(path))


LINES = [
    *("2019年工作要点", "教育部办公厅文件", "教技厅〔2019〕2号", "2019年2月27日", "各省教育厅：", "教育部办公厅"),
    *("一、工作思路", "二、核心目标", "（一）加强统筹", "1.推进建设。", "2．规范管理", "（1）资金", "①标准", "3.5%以上", "一是完善体系。"),
    *("推进数字校园", "编制规范。（责任单位：科技司、厅属单位（学校)]", "继续（责任单位：", "科技司）。", "落实《意见", "》要求。", "责任单位：科技司"),
    *("附件", "附件：1.分工表", "（此件主动公开）", "抄送：各厅", "名词解释", "责任编辑：", "— 3 —", "---", "***", "**重点**任务", "## **（二）资源**"),
    *("", "　　", "\u200b", "#", "* *", "> 引文。", "，继续。", "。", "）", "x", "A. b"),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=14), st.sampled_from(["\n", "\r\n", "\n\n", "\u2028"]))
def test_every_character_of_any_document_has_one_place(lines, separator):
    text = separator.join(lines)
    assert_lossless(text)
    found, _ = tables(text)
    for paragraph in found["paragraphs"]:
        inside = [b for b in found["blocks"] if b["paragraph"] == paragraph["paragraph"] and b["role"] != "responsibility"]
        assert "".join(b["text"] for b in inside) == paragraph["text"]
    for citation in found["citations"]:
        assert text[citation["start"]] == "《" and text[citation["end"] - 1] == "》"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="一二、（）()[]1.。，：:责任单位科技司《》“”#*- \u3000\n是附件", max_size=60))
def test_every_character_of_any_text_has_one_place(text):
    assert_lossless(text)


def test_a_notice_sends_out_a_plan():
    text = (
        "# 教育部办公厅文件\n\n教技厅〔2019〕2号\n\n---\n\n## 教育部办公厅关于印发《工作要点》的通知\n\n各省教育厅（教委）：\n\n"
        "现将《工作要点》印发给你们。\n\n教育部办公厅\n\n2019年2月27日\n\n# 2019 年工作要点\n\n## 一、工作思路\n\n以人为本。\n\n"
        "（此件主动公开）\n\n抄送：各厅\n\n教育部办公厅\n\n2019年3月1日印发\n"
    )
    assert roles(text) == [
        ("letterhead", "教育部办公厅文件"),
        ("number", "教技厅〔2019〕2号"),
        ("notice_title", "教育部办公厅关于印发《工作要点》的通知"),
        ("addressees", "各省教育厅（教委）："),
        ("notice", "现将《工作要点》印发给你们。"),
        ("signature", "教育部办公厅"),
        ("date", "2019年2月27日"),
        ("title", "2019 年工作要点"),
        ("part", "一、工作思路"),
        ("paragraph", "以人为本。"),
        ("colophon", "（此件主动公开）"),
        ("colophon", "抄送：各厅"),
        ("colophon", "教育部办公厅"),
        ("colophon", "2019年3月1日印发"),
    ]
    _, stated = tables(text)
    assert stated == {
        "title": "2019年工作要点",
        "document_number": "教技厅〔2019〕2号",
        "issuer": "教育部办公厅",
        "issued": "2019-02-27",
        "structured": True,
    }


def test_a_notice_that_encloses_nothing_is_the_document():
    text = "关于开展调研的通知\n各区县教委：\n为摸清底数，现通知如下。\n一、时间\n3月。\n二、要求\n认真。\n市教委\n2020年3月2日\n附件：1.名单\n2.表格\n"
    assert [role for role, _ in roles(text)] == [
        *("title", "addressees", "paragraph", "part", "paragraph", "part", "paragraph", "signature", "date"),
        *("attachment_list", "attachment_list"),
    ]


def test_a_sentence_goes_on_over_a_page_break_but_not_over_a_heading():
    text = "一、重点任务\n\n1.资源\n\n满足不同层次\n\n— 3 —\n\n的教师需求。（责任单位：科技司、职\n\n成司)\n\n加强基地建设。(责任单位:科技司)\n\n2.宣传\n"
    found, _ = tables(text)
    assert [row["text"] for row in found["paragraphs"]] == ["满足不同层次的教师需求。", "加强基地建设。"]
    assert [(row["paragraph"], row["unit"]) for row in found["responsibilities"]] == [(1, "科技司"), (1, "职成司"), (2, "科技司")]
    assert [row["title"] for row in found["tasks"]] == ["资源", "宣传"]
    first = found["paragraphs"][0]
    assert text[first["start"] : first["end"]] == "满足不同层次\n\n— 3 —\n\n的教师需求。"


def test_a_heading_may_lose_its_number_and_a_body_may_follow_it_on_the_line():
    text = "三、重点任务\n\n（一）统筹\n\n1.领导。加强领导。完善机制。\n\n加强工作统筹部署\n\n强化统筹协调，落实决策部署和重大战略任务。\n\n3.督导\n\n开展督导。\n"
    found, _ = tables(text)
    assert [(t["task"], t["number"], t["title"], t["text"]) for t in found["tasks"]] == [
        (1, 1, "领导", "加强领导。完善机制。"),
        (2, None, "加强工作统筹部署", "强化统筹协调，落实决策部署和重大战略任务。"),
        (3, 3, "督导", "开展督导。"),
    ]


def test_a_long_numbered_sentence_is_a_paragraph_of_a_task_without_title():
    sentence = "各级教育行政部门要高度重视教育信息化工作" * 4 + "。"
    found, _ = tables(f"一、工作要求\n1.{sentence}\n2.加强保障\n落实经费。")
    assert [(t["number"], t["title"], t["text"]) for t in found["tasks"]] == [(1, None, sentence), (2, "加强保障", "落实经费。")]


def test_goals_are_the_numbered_paragraphs_of_a_part_on_goals():
    text = "一、工作回顾\n一是建成平台。\n二、核心目标\n保证以下目标：\n一是全覆盖。\n十二是达到九成。\n三、重点任务\n（一）统筹\n一是不算目标。"
    found, _ = tables(text)
    assert [(p["part"], p["goal"]) for p in found["paragraphs"]] == [
        ("工作回顾", None),
        ("核心目标", None),
        ("核心目标", 1),
        ("核心目标", 12),
        ("重点任务", None),
    ]


def test_numbers_that_open_a_line_are_no_headings():
    found, _ = tables("一、目标\n5.5%左右的增长目标是合适的。\n2.5\n）浓度继续下降。\n2019、2020年两年完成。\n")
    assert [p["text"] for p in found["paragraphs"]] == ["5.5%左右的增长目标是合适的。", "2.5）浓度继续下降。", "2019、2020年两年完成。"]
    assert not found["tasks"]


def test_a_glossary_and_what_a_web_page_adds_are_no_body():
    text = "下载\n打印\n【字号：\n加大\n】\n2026年政府工作报告\n来源：福建日报\n省长 赵龙\n各位代表：\n现在报告工作。\n一、回顾\n很好。\n名词解释\n1.“两重”：重大战略。\n责任编辑：\n李\n一、又来\n"
    found = roles(text, "2026年政府工作报告")
    assert [role for role, _ in found] == [
        *["furniture"] * 5,
        *("title", "furniture", "front", "addressees", "paragraph", "part", "paragraph"),
        *("note", "note", "furniture", "furniture", "furniture"),
    ]


def test_an_attachment_begins_a_part_of_its_own():
    found, _ = tables("一、要求\n1.落实\n抓紧。\n附件2\n各校名单如下。\n")
    assert [(p["part"], p["task"]) for p in found["paragraphs"]] == [("要求", 1), ("附件2", None)]


def test_a_document_without_headings_is_one_part():
    found, stated = tables("推进数字校园建设。\n加强保障。\n")
    assert [(p["part"], p["text"]) for p in found["paragraphs"]] == [("全文", "推进数字校园建设。"), ("全文", "加强保障。")]
    assert not stated["structured"]


@pytest.mark.parametrize(
    ("bracket", "expected"),
    [
        ("（责任单位：科技司、中央电教馆，地方教育行政部门）", ["科技司", "中央电教馆", "地方教育行政部门"]),
        ("[责任单位：科技处、厅直属单位（学校)]", ["科技处", "厅直属单位（学校)"]),
        ("(责任单位:思政处、教师处）。", ["思政处", "教师处"]),
        ("（责任部门：财务处）", ["财务处"]),
        ("责任单位：科技处 、 办公室。", ["科技处", "办公室"]),
        ("（责任单位：科技司", ["科技司"]),
    ],
)
def test_units_are_split_outside_their_own_brackets(bracket, expected):
    assert [unit for _, unit in split_units(bracket)] == expected


def test_a_full_stop_after_a_bracket_belongs_to_the_bracket_only_if_the_sentence_is_closed():
    found, _ = tables("一、任务\n发布报告等。（责任单位：科技司）。\n发布白皮书（责任单位：办公厅）。\n")
    assert [p["text"] for p in found["paragraphs"]] == ["发布报告等。", "发布白皮书。"]


def test_a_bracket_on_a_line_of_its_own_belongs_to_the_paragraph_above():
    found, _ = tables("一、任务\n1.宣传\n加强宣传。\n牵头单位：新闻办；配合单位：科技司、报刊社\n")
    assert [(r["task"], r["paragraph"], r["position"], r["unit"], r["duty"]) for r in found["responsibilities"]] == [
        (1, 1, 1, "新闻办", "牵头单位"),
        (1, 1, 2, "科技司", "配合单位"),
        (1, 1, 3, "报刊社", "配合单位"),
    ]


def test_a_citation_may_hold_another_and_may_be_cut():
    text = "一、任务\n落实《关于印发《规划》的\n\n通知》和《网络 安全法》。\n"
    found, _ = tables(text)
    assert [c["title"] for c in found["citations"]] == ["关于印发《规划》的通知", "网络安全法"]
    first = found["citations"][0]
    assert text[first["start"] : first["end"]] == "《关于印发《规划》的\n\n通知》"


def test_bold_marks_inside_a_line_are_no_text():
    found, _ = tables("## **一、任务**\n推进**数字校园**建设。\n")
    assert found["paragraphs"][0]["text"] == "推进数字校园建设。"
    assert [b["text"] for b in found["blocks"]] == ["一、任务", "推进", "数字校园", "建设。"]


def test_titles_lose_the_blanks_of_typesetting_only():
    assert clean_title("16.全面规范校园 APP 的管理") == "16.全面规范校园APP的管理"
    assert clean_title("基于 3D 打印的 STEAM Education。") == "基于3D打印的STEAM Education"
