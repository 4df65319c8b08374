"""How documents of other kinds are built: what is a heading in them, and what only looks like one. Invented texts."""

import pytest

import policylab as lab
from policylab.corpus.documentkinds import name_kind, read_years
from policylab.corpus.parse import split_blocks, split_documents
from policylab.corpus.tables import COLUMNS, read_tables

HEADINGS = ("part", "section", "task", "item", "heading", "box", "contents", "attachment", "note", "attachment_list")


def tables(text, title=None):
    result = {name: [] for name in COLUMNS}
    stated = read_tables("d", text, title, result)
    return {name: [dict(zip(COLUMNS[name], row)) for row in rows] for name, rows in result.items()}, stated


def outline(text):
    """The headings of a text: level and what is printed."""
    return [(b.role, text[b.start : b.end]) for b in split_blocks(text) if b.role in HEADINGS and not b.continues]


def numbers(found):
    return [(task["number"], task["title"]) for task in found["tasks"]]


REGULATION = (
    "某市学校用电管理规定\n第一章 总则\n第一条 为规范用电，制定本规定。\n第二条 学校应当履行下列职责：\n（一）建立台账；\n"
    "（二）落实经费。\n1.教学用电；\n2.生活用电。\n第二章 检查\n第一节 日常检查\n第三条 学校每月检查一次。\n发现隐患的，应当整改。\n"
    "第二节 年度检查\n第四条 主管部门每年检查一次。\n第三章 附则\n第五条 本规定自2020年1月1日起施行。\n"
)


def test_a_regulation_is_made_of_articles():
    found, (stated,) = tables(REGULATION)
    assert stated["architecture"] == "articles"
    assert numbers(found) == [(n, None) for n in range(1, 6)]
    assert [(s["label"], s["title"]) for s in found["sections"]] == [("第一节", "日常检查"), ("第二节", "年度检查")]
    assert [t["section"] for t in found["tasks"]] == [None, None, 1, 2, None]
    assert [t["text"] for t in found["tasks"]][1:3] == [
        "学校应当履行下列职责：\n（一）建立台账；\n（二）落实经费。\n1.教学用电；\n2.生活用电。",
        "学校每月检查一次。\n发现隐患的，应当整改。",
    ]
    assert {p["part"] for p in found["paragraphs"]} == {"总则", "检查", "附则"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Exports of databases print a chapter, its title and its first article on one line.
        (
            "第一章　总　则　　第一条　为规范，制定本办法。\n第二条　适用全市。",
            [(1, "为规范，制定本办法。"), (2, "适用全市。")],
        ),
        ("第一条　为规范。第二条　适用全市。　　第三条　施行。", [(1, "为规范。"), (2, "适用全市。"), (3, "施行。")]),
        ("第 1 條 為規範管理。\n第 2 條 適用全市。", [(1, "為規範管理。"), (2, "適用全市。")]),
        ("第一条为规范管理。\n第二条之一 适用全市。", [(1, "为规范管理。"), (2, "适用全市。")]),
        ("第一条：为规范管理。\n第二条：第一条规定的学校适用。", [(1, "为规范管理。"), (2, "第一条规定的学校适用。")]),
    ],
)
def test_ways_to_print_articles(text, expected):
    found, _ = tables("某市管理办法\n" + text)
    assert [(t["number"], t["text"]) for t in found["tasks"]] == expected


def test_a_line_that_cites_an_article_is_no_article():
    text = "一、要求\n1.落实规定\n第三条规定的学校要自查。\n第五条第二款的费用由区县承担。\n2.加强督导\n好。"
    found, (stated,) = tables(text)
    assert numbers(found) == [(1, "落实规定"), (2, "加强督导")] and stated["architecture"] == "levels"


def test_a_code_has_books_above_its_chapters():
    text = "第一编 总则\n第一章 原则\n第一条 甲。\n第二章 主体\n第二条 乙。\n第二编 分则\n第三章 罚则\n第三条 丙。\n"
    assert outline(text) == [
        *(("part", "第一编 总则"), ("section", "第一章 原则"), ("task", "第一条")),
        *(("section", "第二章 主体"), ("task", "第二条")),
        *(("part", "第二编 分则"), ("section", "第三章 罚则"), ("task", "第三条")),
    ]


def test_chapters_and_sections_stand_above_the_marks_of_a_plan():
    text = (
        "某市教育规划\n第一篇 回顾\n第一章 成就\n第一节 普及\n一、学前教育\n普及率提高。\n第二节 公平\n均衡发展。\n"
        "第二篇 任务\n第二章 普及\n第一节 学位\n扩大学位。\n"
    )
    assert [role for role, _ in outline(text)] == [
        *("part", "section", "task", "item", "task", "part", "section", "task"),
    ]
    text = "第一章 目标\n一、总体目标\n提高质量。\n第二章 任务\n一、学位\n（一）幼儿园\n1.公办园\n新建。\n"
    assert [role for role, _ in outline(text)] == ["part", "section", "part", "section", "task", "item"]


def test_chapters_may_stand_below_the_marks_of_a_plan():
    text = "一、目标\n第一章 任务\n（一）经济\n增长。\n第二章 效益\n提高。\n二、政策\n第三章 产业\n调整。\n"
    assert outline(text) == [
        *(("part", "一、目标"), ("section", "第一章 任务"), ("task", "（一）经济"), ("section", "第二章 效益")),
        *(("part", "二、政策"), ("section", "第三章 产业")),
    ]


def test_decimals_number_a_standard():
    text = (
        "校园网建设规范\n1 总则\n1.1 目的\n为统一建设，制定本规范。\n1.2 范围\n适用于学校。\n"
        "2 网络\n2.1 出口\n2.1.1 带宽\n不低于200Mbps。\n2.1.2 时延\n3.5毫秒以内。\n"
    )
    found, (stated,) = tables(text)
    assert stated["architecture"] == "decimals"
    assert [s["title"] for s in found["sections"]] == ["目的", "范围", "出口"]
    assert numbers(found) == [(1, "带宽"), (2, "时延")]
    assert [p["part"] for p in found["paragraphs"]] == ["总则", "总则", "网络", "网络"]


def test_decimals_that_count_nothing_are_text():
    text = "一、目标\n1.经济\n2.5万亿元的总量再上台阶。\n3.2 亿元用于学校。\n2.教育\n好。"
    found, (stated,) = tables(text)
    assert numbers(found) == [(1, "经济"), (2, "教育")] and stated["architecture"] == "levels"


CONTENTS = "一、总体思路\n二、重点任务\n（一）强化供给\n"
BODY = "一、总体思路\n坚持创新。\n二、重点任务\n（一）强化供给\n1.建设平台。建成平台。\n"


@pytest.mark.parametrize(
    "page",
    [
        "目  录\n" + CONTENTS,
        "目录\n" + CONTENTS.replace("\n", "………………3\n"),
        "目 录\n" + CONTENTS.replace("\n", "\t12\n"),
        CONTENTS.replace("\n", "........................ 1\n"),
        "目录\n前言…1\n" + CONTENTS.replace("\n", " 2\n"),
    ],
)
def test_contents_pages_are_no_text(page):
    text = "某市教育规划\n" + page + BODY
    found, (stated,) = tables(text)
    assert stated["title"] == "某市教育规划"
    assert [s["title"] for s in found["sections"]] == ["强化供给"]
    assert [p["text"] for p in found["paragraphs"]] == ["坚持创新。", "建成平台。"]
    assert {b["role"] for b in found["blocks"] if b["start"] < text.index(BODY)} == {"title", "contents"}


def test_a_list_that_calls_itself_contents_is_not_taken_for_a_page():
    found, _ = tables("一、任务\n（一）目录\n目录\n分年度公布，逐年更新目录。\n（二）公开\n好。")
    assert [s["title"] for s in found["sections"]] == ["目录", "公开"]
    assert "contents" not in [b["role"] for b in found["blocks"]]


def test_what_a_box_numbers_is_no_task():
    text = (
        "一、任务\n（一）网络\n1.建专网。推进接入。\n2.提速。逐步提速。\n专栏1 提速工程\n1.到2025年，出口带宽达到500Mbps。\n"
        "2.新建基站30个。\n3.改造机房20间。\n3.建设云平台。整合资源。\n专栏2：平台\n（一）省级平台。\n（二）市级平台。\n（二）应用\n4.推广。推广应用。\n"
    )
    found, _ = tables(text)
    assert numbers(found) == [(1, "建专网"), (2, "提速"), (3, "建设云平台"), (4, "推广")]
    assert [s["title"] for s in found["sections"]] == ["网络", "应用"]
    assert [(t["value"], t["task"]) for t in found["targets"]] == [(5e8, 2), (30, 2), (20, 2)] or [
        (t["value"], t["task"]) for t in found["targets"]
    ] == [(500, 2), (30, 2), (20, 2)]
    assert [b["text"] for b in found["blocks"] if b["role"] == "box"] == ["专栏1 提速工程", "专栏2：平台"]


def test_a_box_may_be_the_last_of_its_section_and_a_number_may_be_lost_behind_it():
    text = (
        "一、任务\n（一）网络\n1.建专网。推进接入。\n专栏1 工程\n1.出口。\n2.带宽。\n3.基站。\n（三）平台\n1.省级。建省级平台。\n"
        "专栏2 平台\n1.门户。\n2.空间。\n3.资源。\n2.市级。建市级平台。\n3.校级。建校级平台。\n"
    )
    found, _ = tables(text)
    assert [s["title"] for s in found["sections"]] == ["网络", "平台"]
    assert numbers(found) == [(1, "建专网"), (1, "省级"), (2, "市级"), (3, "校级")]


def test_a_line_that_begins_with_a_word_for_tables_heads_none():
    found, _ = tables("一、任务\n1.评优。每年评优。\n表彰先进集体\n1.学校。\n2.教师。\n二、保障\n好。")
    assert "box" not in [b["role"] for b in found["blocks"]]


def test_a_heading_that_counts_on_stands_behind_a_line_that_lost_its_end():
    found, _ = tables(
        "一、任务\n（一）网络。建设专网，\n（二）平台。建设平台，\n二、保障\n按照规定，\n一、二类学校分别投入，\n三、四类学校也是。\n"
    )
    assert [s["title"] for s in found["sections"]] == ["网络", "平台"]
    assert [p["part"] for p in found["paragraphs"]] == ["任务", "任务", "保障"]


def test_decimals_divide_the_tasks_of_a_plan():
    text = "一、设计\n1.机构\n选择机构。\n2.方法\n2.1 多阅片者设计\n阅片。\n2.2 交叉设计\n对照。\n3.5亿元用于设备。\n3.指标\n好。\n"
    found, _ = tables(text)
    assert numbers(found) == [(1, "机构"), (2, "方法"), (3, "指标")]
    assert [text for role, text in outline(text) if role == "item"] == ["2.1 多阅片者设计", "2.2 交叉设计"]


def test_a_list_of_attachments_is_no_body():
    text = "通知\n各校：\n现印发。\n附件：1.指南（征求意见稿）\n2.编制说明.pdf\n某部办公厅\n2018年1月15日\n"
    found, (stated,) = tables(text)
    assert not found["tasks"] and stated["issuer"] == "某部办公厅"
    assert [b["role"] for b in found["blocks"]][3:5] == ["attachment_list"] * 2
    assert numbers(tables("一、任务\n1.建网。建网。\n附件：清单\n2.建云。建云。\n")[0]) == [(1, "建网"), (2, "建云")]


def test_a_chapter_may_be_named_on_the_line_below_its_number():
    found, _ = tables(
        "某市条例\n第一章\n总 则\n第一条\n为规范，制定本条例。\n第二条\n适用全市。\n第二章　管理\n第三条\n管理。\n"
    )
    assert [p["part"] for p in found["paragraphs"]] == ["总则", "总则", "管理"]
    assert [(t["number"], t["text"]) for t in found["tasks"]] == [
        (1, "为规范，制定本条例。"),
        (2, "适用全市。"),
        (3, "管理。"),
    ]


def test_what_a_web_page_prints_below_a_law_is_none_of_it():
    text = "某市条例\n第一条 甲。\n第二条 乙。\n中国某网\n网站标识码bm01\n某ICP备05号　某公网安备11号\n编 辑： 张三\n"
    assert tables(text)[0]["tasks"][1]["text"] in ("乙。", "乙。\n中国某网")


def test_a_table_in_the_text_is_a_block_of_its_own():
    text = "一、任务\n1.改善条件。逐年改善。\n表1 主要指标\n1.录播教室达到300间。\n2.接入率达到95%。\n2.培训教师。全员培训。\n3.评估。每年评估。"
    found, _ = tables(text)
    assert numbers(found) == [(1, "改善条件"), (2, "培训教师"), (3, "评估")]
    assert [t["value"] for t in found["targets"]] == [300, 0.95]


@pytest.mark.parametrize("mark", [".", "．", "、", "﹒", "·", "•"])
def test_marks_behind_a_number(mark):
    found, _ = tables(f"一、行动\n（一）强基\n1{mark}推进外网。支持企业。\n2{mark}推进内网。支持学校。\n")
    assert numbers(found) == [(1, "推进外网"), (2, "推进内网")]


@pytest.mark.parametrize(
    "head",
    [
        "附件\n《政府工作报告》有关名词注释",
        "附件：\n名词解释",
        "附件2\n相关术语说明",
        "《报告》部分名词解释",
        "名词释义：",
    ],
)
def test_a_glossary_is_no_body(head):
    found, _ = tables(
        f"一、工作\n1.扩大学位。新增学位2万个。\n{head}\n1.“双减”：减轻负担。\n2.“四有”：好老师的标准，共4个方面。\n"
    )
    assert numbers(found) == [(1, "扩大学位")]
    assert [p["text"] for p in found["paragraphs"]] == ["新增学位2万个。"]


PLANS = (
    "某市2020年教育信息化工作要点\n一、要求\n好。\n二、任务\n1.建网。建网。\n2.建云。建云。\n"
    "某市2021年教育信息化工作要点\n一、要求\n更好。\n二、任务\n1.用网。用网。\n"
)


def test_two_plans_in_one_file_are_two_documents(tmp_path):
    (tmp_path / "a.txt").write_text(PLANS, encoding="utf-8")
    catalog = tmp_path / "catalog.csv"
    catalog.write_text("document_id,file,level,region,year\na,a.txt,municipal,某市,2020\n", encoding="utf-8")
    with pytest.warns(lab.PolicylabWarning, match="^a: the file holds 2 documents. The others are read as a-2.$"):
        corpus = lab.load_corpus(catalog)
    columns = ["document_id", "title", "kind", "year", "part_of", "file"]
    assert corpus.documents[columns].astype(object).fillna("").values.tolist() == [
        ["a", "某市2020年教育信息化工作要点", "plan", 2020, "", "a.txt"],
        ["a-2", "某市2021年教育信息化工作要点", "plan", 2021, "a", "a.txt"],
    ]
    assert corpus.tasks[["document_id", "task", "number", "title"]].values.tolist() == [
        *(["a", 1, 1, "建网"], ["a", 2, 2, "建云"], ["a-2", 1, 1, "用网"]),
    ]
    assert all(PLANS[row.start : row.end] == row.text for row in corpus.blocks.itertuples())


def test_a_second_document_may_have_no_title_and_take_another_id():
    text = "某市用电规定\n第一条 甲。\n第二条 乙。\n附件：1.表格\n某市办公室\n2020年1月2日印发\n各区县：\n一、要求\n（一）认真\n好。\n二、保障\n好。\n"
    found = {name: [] for name in COLUMNS}
    stated = read_tables("a", text, None, found, taken=frozenset({"a-2"}))
    assert [(s["document_id"], s["architecture"]) for s in stated] == [("a", "articles"), ("a-2-part", "levels")]
    assert [row[0] for row in found["sections"]] == ["a-2-part"]


@pytest.mark.parametrize(
    "text",
    [
        # A notice and what it sends out; a heading inside a report; an attachment.
        "关于印发某市2020年工作要点的通知\n各区县：\n一、要求\n认真。\n二、报送\n按时。\n市教委\n2020年1月2日\n某市2020年工作要点\n一、任务\n好。\n",
        "政府工作报告\n一、回顾\n好。\n二、打算\n好。\n全面落实的主要措施\n一、领导\n好。\n",
        "某市2020年工作要点\n一、要求\n好。\n二、任务\n好。\n附件1\n某市2020年任务清单\n一、网络\n好。\n",
    ],
)
def test_what_is_one_document(text):
    assert len(split_documents(text)) == 1


COLUMN = 26


def wrap(*paragraphs):
    return "".join(p[i : i + COLUMN] + "\n" for p in paragraphs for i in range(0, len(p), COLUMN))


def test_lines_that_a_page_wrapped_are_joined():
    first = "（一）加快建设覆盖全市各级各类学校的高速教育专用网络和安全可靠的公共服务平台"
    second = "到2025年，全市学校接入带宽全部达到规定要求，各区县建成统一的数据中心，实现资源共建共享，逐步缩小城乡差距，（一）类学校先行先试。"
    third = "1.推进接入。由各区县分年度制定学校接入的具体方案，报市教育行政部门备案后组织实施，并按季度公布进展情况。"
    text = "某市教育专网建设方案\n一、任务\n" + wrap(first, second, third) + "2.加强保障\n落实经费。\n"
    found, _ = tables(text)
    assert [s["title"] for s in found["sections"]] == [first[3:]]
    assert [p["text"] for p in found["paragraphs"]] == [second, third[7:], "落实经费。"]
    assert numbers(found) == [(1, "推进接入"), (2, "加强保障")]
    assert all(text[b["start"] : b["end"]] == b["text"] and "\n" not in b["text"] for b in found["blocks"])


def test_page_numbers_between_wrapped_lines():
    sentence = "推进全市各级各类学校的网络建设和应用，提高服务质量，"
    page = (sentence + "\n") * 9
    text = "一、任务\n" + page + "1\n" + page + "2\n" + page + "3\n" + "好。\n"
    found, _ = tables(text)
    assert [b["text"] for b in found["blocks"] if b["role"] == "page_number"] == ["1", "2", "3"]
    assert [p["text"] for p in found["paragraphs"]] == [sentence * 27 + "好。"]


def test_short_lines_are_not_joined():
    text = (
        "一、任务\n（一）加强教育专用网络建设工作\n（二）推进数字教育资源共建共享\n建立健全全市数字教育资源共建共享机制，落实学校主体责任。\n"
        "（三）提升教师数字素养培训水平\n分层分类开展教师数字素养培训，健全考核办法。\n"
    )
    assert [role for role, _ in outline(text)] == ["part", "section", "section", "section"]


@pytest.mark.parametrize(
    ("architecture", "title", "structured", "opening", "kind"),
    [
        ("articles", "某市2020年工作要点", True, "", "regulation"),
        ("decimals", "某专项指南", True, "", "standard"),
        ("levels", "关于印发某规划的通知", True, "", "notice"),
        ("levels", "关于某计划执行情况的报告", True, "", "report"),
        ("levels", "某市教育督导办法", True, "", "regulation"),
        ("levels", "关于推进某工作的实施意见（试行）", True, "", "plan"),
        ("levels", None, True, "政府工作报告\n各位代表：", "report"),
        ("levels", None, True, "现提出如下要求。", "plan"),
        (None, None, False, "", "text"),
    ],
)
def test_kinds_of_documents(architecture, title, structured, opening, kind):
    assert name_kind(architecture, title, structured, opening) == kind


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("某行动计划（2021-2023年）", (2021, 2023)),
        ("某规划（2021 年—2035 年）", (2021, 2035)),
        ("某省“十四五”教育规划", (2021, 2025)),
        ("某省教育事业发展第十三个五年规划", (2016, 2020)),
        ("2019年工作要点", (2019, None)),
        ("国发〔2017〕4号文件的通知", (None, None)),
        ("某意见", (None, None)),
        (None, (None, None)),
    ],
)
def test_years_of_a_title(title, years):
    assert read_years(title) == years


@pytest.mark.parametrize(
    "line",
    [
        *(
            "第一条 甲。\n",
            "专栏1 甲\n1.乙。\n",
            "1.1 甲\n",
            "目录\n甲...1\n",
            "第一章　甲　　乙丙丁戊己庚辛壬。\n",
            "附件\n专栏\n",
        ),
        *("推进全市各级各类学校的网络建设和应用，提高服务质量，\n", "某市2020年工作要点\n一、甲\n二、乙\n"),
    ],
)
def test_architectures_take_linear_time(line):
    tables("一、x\n" + line * 8_000)


@pytest.mark.parametrize("run", ["…", ".", "　", " ", "·", "第", "（一", "1.", "、", "目录", "专栏"])
def test_runs_of_a_mark_take_linear_time(run):
    for start in ("", "目录\n", "第一章", "一、", "专栏1", "第一条", "甲。"):
        tables(start + run * 30_000 + "\n一、甲\n乙")
