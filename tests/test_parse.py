"""What the parser makes of the habits of official documents, one habit a test, and that it loses nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policylab.base.decoding import read_text
from policylab.base.paths import DATA
from policylab.corpus.lines import clean_title
from policylab.corpus.parse import split_blocks
from policylab.corpus.responsible import read_bracket
from policylab.corpus.tables import COLUMNS, read_tables

TEXTS = sorted((DATA / "corpus" / "texts").iterdir())


def roles(text, title=None):
    return [(block.role, text[block.start : block.end]) for block in split_blocks(text, title)]


def tables(text, title=None):
    result = {name: [] for name in COLUMNS}
    stated, *_ = read_tables("d", text, title, result)
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
    *(
        "一、工作思路",
        "二、核心目标",
        "（一）加强统筹",
        "1.推进建设。",
        "2．规范管理",
        "（1）资金",
        "①标准",
        "3.5%以上",
        "一是完善体系。",
    ),
    *(
        "推进数字校园",
        "编制规范。（责任单位：科技司、厅属单位（学校)]",
        "继续（责任单位：",
        "科技司）。",
        "落实《意见",
        "》要求。",
        "责任单位：科技司",
    ),
    *(
        "附件",
        "附件：1.分工表",
        "（此件主动公开）",
        "抄送：各厅",
        "名词解释",
        "责任编辑：",
        "— 3 —",
        "---",
        "***",
        "**重点**任务",
        "## **（二）资源**",
    ),
    *("", "　　", "\u200b", "#", "* *", "> 引文。", "，继续。", "。", "）", "x", "A. b"),
    *(
        "第一条 为规范管理，制定本办法。",
        "第二条　适用于全省。  第三条　统筹管理。",
        "第一章　总　则　　第一条　为规范。",
        "第二节 要求",
    ),
    *("目  录", "一、工作思路......1", "1 总则", "1.1 目的", "1.2 范围", "专栏1 提速工程", "1﹒外网", "第一篇 回顾"),
    *(
        "到2025年，建立较为完善的数字教育资源公共服务体系，覆",
        "盖全省各级各类学校，推进国家数字教育资源公共服务体系建",
        "7",
    ),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=14), st.sampled_from(["\n", "\r\n", "\n\n", "\u2028"]))
def test_every_character_of_any_document_has_one_place(lines, separator):
    text = separator.join(lines)
    assert_lossless(text)
    found, _ = tables(text)
    for paragraph in found["paragraphs"]:
        place = (paragraph["document_id"], paragraph["paragraph"])
        own = [b for b in found["blocks"] if (b["document_id"], b["paragraph"]) == place]
        inside = [b for b in own if b["role"] != "responsibility"]
        assert "".join(b["text"] for b in inside) == paragraph["text"]
    for citation in found["citations"]:
        assert text[citation["start"]] == "《" and text[citation["end"] - 1] == "》"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="一二、（）()[]1.。，：:责任单位科技司《》“”#*- \u3000\n是附件第条章节目录专栏…", max_size=60))
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
    assert stated | {"opening": None} == {
        "document_id": "d",
        "opening": None,
        "architecture": "levels",
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
    assert [(row["paragraph"], row["unit"]) for row in found["responsibilities"]] == [
        (1, "科技司"),
        (1, "职成司"),
        (2, "科技司"),
    ]
    assert [row["title"] for row in found["tasks"]] == ["资源", "宣传"]
    first = found["paragraphs"][0]
    assert text[first["start"] : first["end"]] == "满足不同层次\n\n— 3 —\n\n的教师需求。"


def test_a_heading_may_lose_its_number_and_a_body_may_follow_it_on_the_line():
    text = (
        "三、重点任务\n\n（一）统筹\n\n1.领导。加强领导。完善机制。\n\n加强工作统筹部署\n\n强化统筹协调，落实决策部署和重大战略任务。\n\n"
        "3.督导\n\n开展督导。\n"
    )
    found, _ = tables(text)
    assert [(t["task"], t["number"], t["title"], t["text"]) for t in found["tasks"]] == [
        (1, 1, "领导", "加强领导。完善机制。"),
        (2, None, "加强工作统筹部署", "强化统筹协调，落实决策部署和重大战略任务。"),
        (3, 3, "督导", "开展督导。"),
    ]


def test_a_long_numbered_sentence_is_a_paragraph_of_a_task_without_title():
    sentence = "各级教育行政部门要高度重视教育信息化工作" * 4 + "。"
    found, _ = tables(f"一、工作要求\n1.{sentence}\n2.加强保障\n落实经费。")
    assert [(t["number"], t["title"], t["text"]) for t in found["tasks"]] == [
        (1, None, sentence),
        (2, "加强保障", "落实经费。"),
    ]


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
    assert [p["text"] for p in found["paragraphs"]] == [
        "5.5%左右的增长目标是合适的。",
        "2.5）浓度继续下降。",
        "2019、2020年两年完成。",
    ]
    assert not found["tasks"]


def test_a_glossary_and_what_a_web_page_adds_are_no_body():
    text = (
        "下载\n打印\n【字号：\n加大\n】\n2026年政府工作报告\n来源：福建日报\n省长 赵龙\n各位代表：\n现在报告工作。\n一、回顾\n很好。\n名词解释\n"
        "1.“两重”：重大战略。\n责任编辑：\n李\n一、又来\n"
    )
    found = roles(text, "2026年政府工作报告")
    assert [role for role, _ in found] == [
        *["furniture"] * 5,
        *("title", "metadata", "speaker", "addressees", "paragraph", "part", "paragraph"),
        *("note", "note", "furniture", "furniture", "furniture"),
    ]


def test_an_attachment_begins_a_part_of_its_own():
    found, _ = tables("一、要求\n1.落实\n抓紧。\n附件2\n各校名单如下。\n")
    assert [(p["part"], p["task"]) for p in found["paragraphs"]] == [("要求", 1), ("附件2", None)]


def test_a_document_without_headings_is_one_part():
    found, stated = tables("推进数字校园建设。\n加强保障。\n")
    assert [(p["part"], p["text"]) for p in found["paragraphs"]] == [
        ("全文", "推进数字校园建设。"),
        ("全文", "加强保障。"),
    ]
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
    assert [named.unit for named in read_bracket(bracket)[0]] == expected


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A duty named last, as the State Council writes it; a remark in mid-sentence is none.
        ("好。（教育部、人力资源社会保障部负责）", [("教育部", "负责"), ("人力资源社会保障部", "负责")]),
        ("好（教育部牵头，财政部按职责分工负责）。", [("教育部", "牵头"), ("财政部", "按职责分工负责")]),
        (
            "好（省公安厅、省海洋局分工负责，各市政府配合）。",
            [("省公安厅", "分工负责"), ("省海洋局", "分工负责"), ("各市政府", "配合")],
        ),
        ("好。【教育厅负责】", [("教育厅", "负责")]),
        ("学校（由校长负责）要做好。", []),
        # Labels without 单位, two in one, at the end of a line, over two lines; a time limit names nobody.
        ("好。（牵头：教育厅，配合：财政厅）", [("教育厅", "牵头"), ("财政厅", "配合")]),
        (
            "好。（牵头单位及责任单位：教育厅、财政厅等）",
            [("教育厅", "牵头单位及责任单位"), ("财政厅", "牵头单位及责任单位")],
        ),
        ("好。责任单位：教育厅。", [("教育厅", "责任单位")]),
        ("好。（责任单位：科技司；\n配合单位：基教司）\n又。", [("科技司", "责任单位"), ("基教司", "配合单位")]),
        (
            "好。\n牵头单位：财政部\n配合单位：教育部、审计署\n完成时限：6月底",
            [("财政部", "牵头单位"), ("教育部", "配合单位"), ("审计署", "配合单位")],
        ),
        # A bracket that is never closed ends with its line.
        (
            "好。（责任单位：科技司、基教司\n加强建设。（责任单位：办公厅）",
            [("科技司", "责任单位"), ("基教司", "责任单位"), ("办公厅", "责任单位")],
        ),
        ("好。（责任单位：科技处、\n厅属 单位）", [("科技处", "责任单位"), ("厅属单位", "责任单位")]),
    ],
)
def test_ways_to_name_who_is_responsible(text, expected):
    found, _ = tables("一、任务\n1.建设\n" + text)
    assert [(row["unit"], row["duty"]) for row in found["responsibilities"]] == expected
    assert not any("单位" in row["text"] or "负责）" in row["text"][-4:] for row in found["paragraphs"])


DUE = [
    (
        "（3月底完成，责任单位：科技处、人事处）",
        [("科技处", "责任单位", "3月底完成"), ("人事处", "责任单位", "3月底完成")],
    ),
    ("（责任单位：科技处；时间要求：2021年年底前）", [("科技处", "责任单位", "2021年年底前")]),
    (
        "（持续推进，牵头考核单位：市大数据局，配合考核单位：市档案馆）",
        [("市大数据局", "牵头考核单位", "持续推进"), ("市档案馆", "配合考核单位", "持续推进")],
    ),
    (
        "（2021年9月底前，市教育局牵头，各区县配合）",
        [("市教育局", "牵头", "2021年9月底前"), ("各区县", "配合", "2021年9月底前")],
    ),
    ("（市教育局牵头，市财政局配合，年内完成）", [("市教育局", "牵头", "年内完成"), ("市财政局", "配合", "年内完成")]),
    (
        "（牵头单位：教育厅，6月底前；配合单位：财政厅，9月底前）",
        [("教育厅", "牵头单位", "6月底前"), ("财政厅", "配合单位", "9月底前")],
    ),
    ("（办结时限：8月）（责任单位：科技处）", [("科技处", "责任单位", "8月")]),
    (
        "\n责任单位：科技处\n配合部门：人事处\n完成时限：5月",
        [("科技处", "责任单位", "5月"), ("人事处", "配合部门", "5月")],
    ),
    ("\n责任单位：\n科技处、人事处", [("科技处", "责任单位", None), ("人事处", "责任单位", None)]),
    ("（教育厅、财政厅等部门按职责分工）", [("教育厅", "按职责分工", None), ("财政厅", "按职责分工", None)]),
    ("（教育厅会同财政厅负责）", [("教育厅", "负责", None), ("财政厅", "负责", None)]),
    ("（责任单位：教育厅（牵头）、财政厅）", [("教育厅", "牵头", None), ("财政厅", "责任单位", None)]),
    (
        "（责任单位：教育厅、财政厅，列第一位者为牵头单位，下同）",
        [("教育厅", "责任单位", None), ("财政厅", "责任单位", None)],
    ),
    ("（责任领导：王某；责任单位：教育厅；联系人：李某）", [("教育厅", "责任单位", None)]),
    ("（涉及多个部门的由市政府协调；责任单位：教育厅）", [("教育厅", "责任单位", None)]),
    ("【主责单位：教育厅　协同单位：财政厅】", [("教育厅", "主责单位", None), ("财政厅", "协同单位", None)]),
    ("（杭州、宁波、温州市政府负责）", [("杭州", "负责", None), ("宁波", "负责", None), ("温州市政府", "负责", None)]),
    ("（教育厅、应急管理厅）", [("教育厅", None, None), ("应急管理厅", None, None)]),
]


@pytest.mark.parametrize(("printed", "expected"), DUE)
def test_what_is_due_is_told_apart_from_who_is_responsible(printed, expected):
    found, _ = tables(f"一、任务\n1.建设\n建成门户。{printed}")
    assert [(row["unit"], row["duty"], row["deadline"]) for row in found["responsibilities"]] == expected
    assert [row["text"] for row in found["paragraphs"]] == ["建成门户。"]


def test_several_brackets_in_a_paragraph_each_name_their_own():
    found, _ = tables(
        "一、任务\n1.建设\n建成门户（省大数据局牵头，各市政府配合）。培训20人。（杭州海关负责）扩大共享（责任单位：省档案馆）。"
    )
    assert [(row["position"], row["unit"]) for row in found["responsibilities"]] == [
        (1, "省大数据局"),
        (2, "各市政府"),
        (3, "杭州海关"),
        (4, "省档案馆"),
    ]
    assert found["paragraphs"][0]["text"] == "建成门户。培训20人。扩大共享。"


@pytest.mark.parametrize(
    "text",
    [
        "支持高校（含职业院校）共建基地（由各校自主申报）。",
        "成立小组（由分管校长负责）并开展培训。",
        "开展检查（原则上由县级政府负责）。",
        "加大投入（每校不少于30万元，由财政部门负责）。",
        "落实责任（主体责任：企业）和监管责任。",
        "建成门户（完成时限：6月底）。",
        "发布报告（教育厅）并解读。",
        "注：本要点由教育厅解释。",
        "时间：3月5日。",
    ],
)
def test_a_bracket_that_names_no_unit_stays_text(text):
    found, _ = tables("一、任务\n1.建设\n" + text)
    assert not found["responsibilities"] and [row["text"] for row in found["paragraphs"]] == [text]


def test_a_bracket_in_a_heading_belongs_to_the_task():
    found, _ = tables("一、任务\n1.管理（责任单位：科技司）\n加强管理。\n2.宣传（责任单位：办公厅）。\n")
    assert [(t["title"], t["text"]) for t in found["tasks"]] == [("管理", "加强管理。"), ("宣传", "")]
    assert [(r["task"], r["paragraph"], r["unit"]) for r in found["responsibilities"]] == [
        (1, None, "科技司"),
        (2, None, "办公厅"),
    ]


def test_brackets_under_several_headings_without_task_keep_keys_apart():
    found, _ = tables("一、任务\n（一）领导（责任单位：科技司）\n（二）经费（责任单位：财务司）\n好。")
    assert [(r["position"], r["unit"]) for r in found["responsibilities"]] == [(1, "科技司"), (2, "财务司")]


def test_a_numbered_sentence_that_nothing_follows_is_a_paragraph():
    found, _ = tables("一、任务\n1.建成学校100所。\n2.加强领导；\n3.抓好督查。\n二、保障。\n落实经费。")
    assert [(t["title"], t["text"]) for t in found["tasks"]] == [
        (None, "建成学校100所。"),
        (None, "加强领导；"),
        (None, "抓好督查。"),
    ]
    assert [p["part"] for p in found["paragraphs"]] == ["任务"] * 3 + ["保障"]
    assert len(found["targets"]) == 1


def test_full_width_digits_and_years_behind_a_number():
    found, _ = tables("一、任务\n１．推进建设\n建设。\n２．2021年培训\n培训。\n一百零一、很多\n好。")
    assert [(t["number"], t["title"]) for t in found["tasks"]] == [(1, "推进建设"), (2, "2021年培训")]
    assert found["paragraphs"][-1]["part"] == "很多"


def test_page_numbers_are_no_text_and_a_page_break_makes_no_heading():
    body = "推进国家数字教育资源公共服务体系\n\n{}\n\n覆盖全国各级各类学校，推进国家数字教育资源公共服务体系。\n"
    for number in ("— 3 —", "12", "3/10", "第 3 页 共 9 页", "---"):
        found, _ = tables("一、任务\n\n（一）节\n\n1.建设\n\n" + body.format(number))
        assert len(found["tasks"]) == 1 and len(found["paragraphs"]) == 1, number
        assert "系覆盖" in found["paragraphs"][0]["text"], number


@pytest.mark.parametrize("line", ["很" * 41, "统筹，部署", "统筹“部署", "一是统筹", "统筹、", "统筹："])
def test_lines_that_are_no_headings_without_number(line):
    found, _ = tables(f"一、任务\n\n（一）节\n\n1.建设\n\n好。\n\n{line}\n\n{'推进建设' * 12}。\n")
    assert len(found["tasks"]) == 1


def test_a_heading_without_number_is_set_off_and_shorter_than_its_text():
    start = "一、任务\n\n（一）节\n\n1.建设\n\n推进建设。\n"
    assert len(tables(start + "\n加强统筹部署\n\n强化统筹协调和部署。\n")[0]["tasks"]) == 2
    assert len(tables(start + "\n加强统筹部署\n强化统筹协调和部署。\n")[0]["tasks"]) == 1  # not set off
    assert len(tables(start + "\n加强统筹部署\n\n强化。\n")[0]["tasks"]) == 1  # longer than its text


def test_a_comma_joins_the_next_line_whatever_it_begins_with():
    found, _ = tables("一、任务\n按照上级有关规定，\n一、二类学校分别投入。\n")
    assert [p["text"] for p in found["paragraphs"]] == ["按照上级有关规定，一、二类学校分别投入。"]


def test_what_looks_like_a_web_page_in_mid_text_is_text():
    found, _ = tables(
        "一、任务\n相关文章学习不少于3篇。\n扫一扫“学习强国”平台上的二维码，参加学习活动。\n二、保障\n落实。"
    )
    assert len(found["paragraphs"]) == 3


def test_a_plan_behind_the_colophon_of_its_notice():
    found, _ = tables(
        "关于印发规划的通知\n各省：\n一、要求\n认真。\n（此件公开发布）\n国家教育规划\n第一章 总则\n很好。\n第一节课由校长讲。\n"
    )
    assert [(p["part"], p["text"]) for p in found["paragraphs"]] == [
        ("要求", "认真。"),
        ("总则", "很好。"),
        ("总则", "第一节课由校长讲。"),
    ]


def test_attachments_above_the_body():
    text = "通知\n各市：\n现印发。\n附件1：工作要点\n附件2：分工表\n省教育厅\n2020年1月2日\n附件1\n2020年工作要点\n一、任务\n好。"
    found, stated = tables(text, "2020年工作要点")
    assert [b["role"] for b in found["blocks"]][3:9] == [
        "attachment_list",
        "attachment_list",
        "signature",
        "date",
        "attachment",
        "title",
    ]
    assert stated["issuer"] == "省教育厅" and stated["title"] == "2020年工作要点"


def test_a_list_of_attachments_ends_with_the_next_part():
    found, _ = tables("一、任务\n好。\n附件：1.清单\n2.名单\n二、保障\n落实。")
    assert [b["role"] for b in found["blocks"]] == [
        "part",
        "paragraph",
        "attachment_list",
        "attachment_list",
        "part",
        "paragraph",
    ]


def test_a_short_notice_without_headings_keeps_its_body():
    text = "县教育局关于做好工作的通知\n各学校：\n为做好工作，储备口罩10万只。\n附件：开学工作方案\n县教育局\n2020年2月20日"
    found, stated = tables(text)
    assert [p["text"] for p in found["paragraphs"]] == ["为做好工作，储备口罩10万只。"]
    assert (stated["title"], stated["issuer"], stated["issued"]) == (
        "县教育局关于做好工作的通知",
        "县教育局",
        "2020-02-20",
    )


def test_who_signed():
    two = "一、任务\n好。\n教 育 部　　财 政 部\n2020年1月2日"
    assert tables(two)[1]["issuer"] == "教育部、财政部"
    lines = "一、任务\n好。\n国务院新型冠状病毒肺炎疫情联防联控机制综合组\n教育部\n二〇二〇年一月二日"
    assert tables(lines)[1] | {"opening": None} == {
        "document_id": "d",
        "opening": None,
        "architecture": "levels",
        "title": None,
        "document_number": None,
        "issuer": "国务院新型冠状病毒肺炎疫情联防联控机制综合组、教育部",
        "issued": "2020-01-02",
        "structured": True,
    }


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("国发〔2017〕4号", "国发〔2017〕4号"),
        ("发文字号：国发[2017]4号", "国发[2017]4号"),
        ("粤教科函 〔2020〕 7 号", "粤教科函〔2020〕7号"),
    ],
)
def test_document_numbers(line, number):
    assert tables(f"{line}\n有关高校：\n一、任务\n好。")[1]["document_number"] == number


def test_the_title_of_the_catalog_decides_and_may_be_broken():
    text = "关于做好工作的通知\n2020年教育信息化\n工作要点\n另一个方案\n一、任务\n好。"
    assert [text for role, text in roles(text, "2020年教育信息化工作要点") if role == "title"] == [
        "2020年教育信息化",
        "工作要点",
    ]
    assert [text for role, text in roles(text) if role == "title"] == ["另一个方案"]
    assert tables("政府工作报\n告\n省长\n各位代表：\n一、回顾\n好。")[1]["title"] == "政府工作报告"


def test_goals_of_a_section():
    found, _ = tables(
        "一、总体要求\n（一）主要目标\n一是建成平台。\n（二）原则\n一是坚持。\n二、主要目标和重点任务\n一是加强。"
    )
    assert [p["goal"] for p in found["paragraphs"]] == [1, None, None]


def test_an_item_is_a_heading_only_if_it_is_no_sentence():
    assert [role for role, _ in roles("一、x\n（1）资金保障\n落实资金。\n（2）落实人员。\n①标准\n好。")] == [
        *("part", "item", "paragraph", "paragraph", "item", "paragraph")
    ]


def test_rows_of_a_table_are_no_paragraphs():
    assert [role for role, _ in roles("一、x\n|序号|单位|\n|---|---|\n|1|科技司|\n好。\n- 甲\n- 乙\n")] == [
        *("part", "table", "table", "table", "paragraph", "paragraph", "paragraph")
    ]


def test_text_of_any_length_takes_linear_time():
    # Each of these took minutes when a step looked back at all that came before; now a fraction of a second.
    for line in (
        "甲（乙）\n",
        "（责任单位：x）推进\n",
        "推进《法》建设\n",
        "建成3所学校，\n",
        "（责任单位：x）推进。",
        "推进**。**建设《法》",
        "（教育部牵头）推进。",
        "（6月底完成，责任单位：x）推进。",
        "（完成时限：6月）",
        "。（教育部）",
    ):
        tables("一、x\n" + line * 20_000)
    for text in ("# a" + "*" * 100_000 + "b", "# a" + " " * 100_000 + "b", "关于" * 50_000 + "\n一、x"):
        tables(text)
