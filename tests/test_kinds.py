"""Targets, results and rules: invented documents of each kind, with the kind of every number in them."""

import pytest

from policylab.corpus.kinds import RESULT, RULE, Setting, read_document, read_setting, read_year
from policylab.corpus.tables import COLUMNS, read_tables
from policylab.corpus.targets import find_targets


def kinds(text, **options):
    return [(t.kind, t.value, t.unit) for t in find_targets(text, **options)]


def document_kinds(text, title=None, year=None):
    """(kind, value, unit) of every quantity of a document."""
    rows = {name: [] for name in COLUMNS}
    read_tables("d", text, title, rows, year)
    return [
        (row["kind"], row["value"], row["unit"]) for row in (dict(zip(COLUMNS["targets"], r)) for r in rows["targets"])
    ]


# Sentences of a plan for 2021: what they say about their own numbers.
SENTENCES = {
    "去年全市已有300所学校接入，今年再推动80所学校完成升级": [("result", 300, "所"), ("target", 80, "所")],
    "截至2020年底，建成教室2万间、培训教师500人。2021年新建教室900间": [
        ("result", 20000, "间"),
        ("result", 500, "人"),
        ("target", 900, "间"),
    ],
    "截至2025年底前，建成教室2万间": [("target", 20000, "间")],
    "2019年培训教师3000人；2021年培训教师5000人": [("result", 3000, "人"), ("target", 5000, "人")],
    "到2025年，占比由54%提高到59%": [("result", 0.54, "%"), ("target", 0.59, "%")],
    "目前，共有学校500所，在校生30万人": [("result", 500, "所"), ("result", 300000, "人")],
    "“十三五”期间建成学校40所，“十四五”期间建成学校60所": [("result", 40, "所"), ("target", 60, "所")],
    "第二三五期间建成40所": [("result", 40, "所")],  # a slip, but no reason to stop
    "建立了3个中心，力争再建2个中心": [("result", 3, "个"), ("target", 2, "个")],
    "对已建成的20个基地开展评估，培训教师600人": [("result", 20, "个"), ("target", 600, "人")],
    "120个项目已开工": [("result", 120, "个")],
    # A year that is only compared with says nothing of time; 上年 in 基础上年均 is no word.
    "比2015年增长30%，在提高效益的基础上年均增长7%": [("target", 0.3, "%"), ("target", 0.07, "%")],
    "从2020年起每年培训2000人": [("target", 2000, "人")],
    # Rules.
    "对认定的平台给予一次性奖补，最高不超过300万元。年内认定平台12个": [("rule", 3e6, "元"), ("target", 12, "个")],
    "补助按投资额的10%给予，单个项目不超过50万元": [("rule", 0.1, "%"), ("rule", 500000, "元")],
    "对年产值超过1亿元的企业，给予50万元奖励": [("rule", 1e8, "元"), ("rule", 500000, "元")],
    "申报条件：职工不少于50人；年收入不低于500万元": [("rule", 50, "人"), ("rule", 5e6, "元")],
    "公示期不少于7天": [("rule", 7, "天")],
    "优良天数达到300天以上": [("target", 300, "天")],
    "近三年建成基地50个，今年建成20个": [("result", 50, "个"), ("target", 20, "个")],
    "年营业收入达到2000万元以上的，可以申请补贴": [("rule", 2e7, "元")],
    "申报单位注册资金不低于100万元，推荐项目不超过3个": [("rule", 1e6, "元"), ("rule", 3, "个")],
    "处五千元以上二万元以下罚款": [("rule", 5000, "元"), ("rule", 20000, "元")],
    "考核得分低于60分的扣2分": [("rule", 60, "分"), ("rule", 2, "分")],
    "自收到申请之日起20日内办结，办理时间压缩至3个工作日": [("rule", 20, "日"), ("target", 3, "个工作日")],
    "班额不得超过45人": [("rule", 45, "人")],
    # What is paid in all, or raised, is no rule.
    "发放补贴2亿元，人均补助标准提高到600元": [("target", 2e8, "元"), ("target", 600, "元")],
    "申请专利不少于3项": [("target", 3, "项")],
}


@pytest.mark.parametrize(("text", "expected"), SENTENCES.items())
def test_sentences_say_what_their_numbers_are(text, expected):
    assert kinds(text, year=2021) == expected


def test_the_setting_holds_where_the_sentence_is_silent():
    assert kinds("建成教室20间", setting=Setting(RESULT)) == [("result", 20, "间")]
    assert kinds("罚款由200元提高到500元", setting=Setting(RULE)) == [("rule", 200, "元"), ("rule", 500, "元")]
    # Under a heading that looks back, 要 and 今年 are not enough; another time is.
    looking_back = {"setting": Setting(RESULT), "year": 2021}
    assert kinds("要素市场新增2家，到2025年达到9家。新增3家", **looking_back) == [
        ("result", 2, "家"),
        ("target", 9, "家"),
        ("result", 3, "家"),
    ]


REPORT = """某市政府工作报告
一、2023年工作回顾
建成基站2.6万个。
（一）全力推动就业
城镇新增就业70万人。
二、2024年重点工作
新建基站2万个，城镇新增就业65万人以上。
"""
FIVE_YEARS = """某市政府工作报告
一、“十三五”时期发展成就和“十四五”时期主要目标任务
过去五年，新建学校40所。
教师达到3万名。
今后五年，新建学校60所。
教师达到5万名。
"""
REGULATION = """某市数据管理办法
第一章 总则
第一条 为规范管理，制定本办法。
第二章 管理
第二条 单位应当配备3名人员。
第三条 情节严重的，处三万元罚款。
"""
PLAN = """某市2021年工作要点
一、工作基础
建成平台8个。
二、重点任务
1.新建教室50间，累计建成300间。
（1）培训教师90人
组织轮训。
2.开展遴选。
三、申报条件
年培训不少于200人。
四、考核评分（25分）
"""


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        (
            REPORT,
            2024,
            [("result", 26000, "个"), ("result", 700000, "人"), ("target", 20000, "个"), ("target", 650000, "人")],
        ),
        (
            FIVE_YEARS,
            2021,
            [("result", 40, "所"), ("result", 30000, "名"), ("target", 60, "所"), ("target", 50000, "名")],
        ),
        (REGULATION, 2021, [("rule", 3, "名"), ("rule", 30000, "元")]),
        (
            PLAN,
            2021,
            [
                ("result", 8, "个"),
                ("target", 50, "间"),
                ("target", 300, "间"),
                ("target", 90, "人"),
                ("rule", 200, "人"),
                ("rule", 25, "分"),
            ],
        ),
    ],
    ids=["report", "five years", "regulation", "plan"],
)
def test_headings_and_documents_say_what_their_numbers_are(text, year, expected):
    assert document_kinds(text, year=year) == expected


def test_conditions_are_listed_until_the_next_heading():
    text = "某市通知\n一、遴选\n申报单位应符合下列条件：\n1.职工不少于50人。\n2.场地不少于300平方米。\n二、数量\n遴选学校20所。\n"
    assert document_kinds(text) == [("rule", 50, "人"), ("rule", 300, "平方米"), ("target", 20, "所")]


def test_numbers_in_headings_have_no_paragraph():
    rows = {name: [] for name in COLUMNS}
    read_tables("d", PLAN, None, rows, 2021)
    found = [dict(zip(COLUMNS["targets"], row)) for row in rows["targets"]]
    assert [(row["task"], row["paragraph"], row["text"]) for row in found[:4]] == [
        (None, 1, "建成平台8个"),
        (1, None, "新建教室50间"),
        (1, None, "累计建成300间"),
        (1, None, "培训教师90人"),
    ]
    assert all(PLAN[row["start"] : row["end"]] == row["text"] for row in found)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2019年工作要点", 2019),
        ("某省规划（2021—2025年）", 2021),
        ("2020年工作情况和2021年工作安排", 2021),
        ("关于2020年预算执行情况和2021年预算草案的报告", 2021),
        ("某省条例", 2000),
        (None, 2000),
    ],
)
def test_the_year_in_the_title_counts_before_that_of_the_catalog(title, expected):
    assert read_year(title, 2000) == expected


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (["2025年工作回顾", "（一）全力推动创新"], "result"),
        (["一、发展现状与形势"], "result"),
        (["二、总体要求"], "target"),
        (["五、法律责任"], "rule"),
        (["三、重点任务", "（二）申报条件"], "rule"),
        (["一、2020年情况和2021年安排"], "result"),
        (["加快建设"], "target"),
        ([], "target"),
    ],
)
def test_headings(headings, kind):
    plan = read_document("某省2021年工作要点", "plan", False)
    setting = read_setting(tuple(headings), plan, plan.kind, 2021)
    assert setting.kind == kind
