"""Targets: clauses of the corpus with the rows they give, numbers that are no targets, and offsets that hold."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylab.corpus.targets import find_targets


def rows(text):
    return [(t.value, t.unit, t.comparator) for t in find_targets(text)]


def clauses(text):
    return [t.text for t in find_targets(text)]


# Clauses of the corpus's five documents: what they promise.
PROMISED = {
    "“一师一优课、一课一名师”活动晒课 100 万堂，认定 800 门国家精品在线开放课程": [(1e6, "堂", "="), (800, "门", "=")],
    "全国师生网络学习空间开通数量新增 1000 万个": [(1e7, "个", "increase")],
    "继续推选网络学习空间应用优秀地区 40 个和优秀学校 200 所": [(40, "个", "="), (200, "所", "=")],
    "启动认定第一批 20 个典型区域、200 所标杆学校、2000 堂示范课例": [
        (20, "个", "="),
        (200, "所", "="),
        (2000, "堂", "="),
    ],
    "中小学宽带接入率达到 97% 以上、出口带宽达到 100Mbps 以上": [(0.97, "%", ">="), (100, "Mbps", ">=")],
    "支持设立 5 个以上“智慧教育示范区”": [(5, "个", ">=")],
    "使上线的网络课程总量超过 350 门，完成 1 万个 5 分钟课程规划和建设": [(350, "门", ">"), (1e4, "个", "=")],
    "发放定制手机约 100 万部": [(1e6, "部", "~")],
    "国家开放大学完成三期 142 间云教室建设，实现与一、二期云教室的对接": [(142, "间", "=")],
    "汇聚 1—3 年级国家规定课程各学科各 1 个版本的数字化课程资源包": [(1, "个", "=")],
    "从跨学科学习（STEAM 教育）、智能教育等 4 个方面遴选组建 15 个不同应用方向的实践共同体": [(15, "个", "=")],
    "组织开通师生网络学习空间不低于200万个,逐步实现“一人一空间、人人用空间”": [(2e6, "个", ">=")],
    "促使全市97%以上的中小学出口带宽到达100Mbps以上": [(0.97, "%", ">="), (100, "Mbps", ">=")],
    "接入带宽10M以上的中小学比例达到70%": [(10, "M", ">="), (0.7, "%", "=")],
    "国家教育资源公共服务体系服务用户超过7000万人，支持全国200万个以上的班级": [(7e7, "人", ">"), (2e6, "个", ">=")],
    "实现90%以上教师和60%初中以上的学生开通和应用网络学习空间": [(0.9, "%", ">="), (0.6, "%", "=")],
    "涵盖学科基础、公民素质和职业素养等3个类别50门在线通识课程": [(50, "门", "=")],
    "继续建设五分钟课程，累计达到3万门": [(3e4, "门", "total")],
    "完成初中11个学科300学时网络课程资源和110件优质培训微课程建设": [(300, "学时", "="), (110, "件", "=")],
    "面向技术人员组织2期培训班，共计600人次": [(2, "期", "="), (600, "人次", "=")],
    "依托4所优质学校与4所试点薄弱学校建立远程在线帮扶互动关系": [(4, "所", "="), (4, "所", "=")],
    "立项建设20个以上福建省中青年教师教育科研项目高校信息化专项": [(20, "个", ">=")],
}

# The same habits in other words.
READ = {
    "建设三千所学校，培训两万名教师": [(3000, "所", "="), (20000, "名", "=")],
    "一亿三千万人，三十多万名学生": [(1.3e8, "人", "="), (3e5, "名", ">")],
    "百分之九十以上的学校，百分之百覆盖": [(0.9, "%", ">="), (1, "%", "=")],
    "粮食产量1.4万亿斤左右": [(1.4e12, "斤", "~")],
    "２万５千名，1,200所，100％": [(25000, "名", "="), (1200, "所", "="), (1, "%", "=")],
    "占比提高5个百分点，再提高3百分点以上": [(0.05, "百分点", "="), (0.03, "百分点", ">=")],
    "三成以上的学校，覆盖率达到七成": [(0.3, "成", ">="), (0.7, "成", "=")],  # tenths
    "减少1.5成左右，下降到6.5‰以下": [(0.15, "成", "~"), (0.0065, "‰", "<=")],
    "投入8.29万元，增长2.6%": [(82900.0, "元", "="), (0.026, "%", "=")],  # the nearest floats, not 82899.99…
    "遴选3至5个示范区": [(3, "个", ">="), (5, "个", "<=")],
    "年均增长5%—6%": [(0.05, "%", ">="), (0.06, "%", "<=")],
    "培训1000-1200万人": [(1e7, "人", ">="), (1.2e7, "人", "<=")],
    "每校配备不少于1名教师": [(1, "名", ">=")],
    "不超过50人，控制在3%以内，低于2%，3%以下": [
        (50, "人", "<="),
        (0.03, "%", "<="),
        (0.02, "%", "<"),
        (0.03, "%", "<="),
    ],
    "近500名，500余名，签约300亿元": [(500, "名", "~"), (500, "名", ">"), (3e10, "元", "=")],
    "城镇新增就业1200万人以上": [(1.2e7, "人", ">=")],  # a bound outweighs 新增
    "新增学校2所、8个中心": [(2, "所", "increase"), (8, "个", "increase")],
    "新增学校累计达到8所": [(8, "所", "total")],  # the last word before the number
    "新增学校2所、总量达8所": [(2, "所", "increase"), (8, "所", "=")],
    "比重由54%提高到59%": [(0.59, "%", "=")],
    "用户突破3亿，覆盖6000万低保人员": [(3e8, "", ">"), (6e7, "", "=")],
    "至少三个示范区，遴选三个区域": [(3, "个", ">="), (3, "个", "=")],
    "在北京、上海等100个城市": [(100, "个", "=")],
    "在北京、上海等4个城市": [(4, "个", "=")],
    # A bound may stand some words before its number, but not beyond a mark, another number or 达到.
    "培训经费不低于公用经费的5%": [(0.05, "%", ">=")],
    "按不低于年度公用经费总额5%的比例安排": [(0.05, "%", ">=")],
    "每校至少配备2名教师": [(2, "名", ">=")],
    "标准不低于普通学校的1.6倍": [(1.6, "倍", ">=")],
    "不超过5所学校的比例达到80%": [(5, "所", "<="), (0.8, "%", "=")],
    "不低于标准，建设5所": [(5, "所", "=")],
    "培训教师3万—5万人次": [(3e4, "人次", ">="), (5e4, "人次", "<=")],
    "安排50万-100万元": [(5e5, "元", ">="), (1e6, "元", "<=")],
    "新增劳动力平均受教育年限提高到13.5年": [(13.5, "年", "=")],
}

NO_TARGET = [
    "在北京、上海等3个城市",  # the list and one more
    "加强“三个课堂”应用的指导意见",
    "深入推进三个课堂应用，坚持两个毫不动摇，落实八项规定",
    "深入实施《教育信息化 2.0 行动计划》，印发《教师教育振兴行动计划（2018—2022 年）》",
    "《关于实施100所学校的通知》",
    "实施重庆市教育信息化“1125”工程",
    "党的十八大，十八届三中、四中、五中、六中全会精神",
    "教技厅〔2019〕2号，财教〔2013〕342号、343号",
    "2017年1月25日",
    "确保到 2019 年底所有义务教育学校都达到“底线要求”",
    "举办第四届“大学生网络文化节”，参与第三批国家精品在线开放课程认定工作",
    "出版基于 3D 打印的跨学科课程教材，推进IPv6规模化部署，推进5G应用",
    "支持“三区三州”教育信息化发展，做好统编三科教材",
    "基于政府、市场、学校三个层面的教育信息化应用状况调查",
    "实现一张清单告知、一张表单申报、一个标准受理、一个平台流转",
    "认真落实教育部等六部门的意见",
    "切实将教育信息化的工作实效体现到教与学这两个关键环节中",
    "开展中小学百所数字校园示范校项目，实施百区千校万课引领行动",
    "每天2小时，12个月内，45分钟，60岁以上，第 2 名，前10名，第3批",
    "三五个学校，两三所学校，数十家企业，几十名专家",
    "实现互联网全覆盖",
    "实现两位数增长",
    "完成20 000名教师培训",  # unread rather than 0
    "三分之二的学校，师生比3:1，半数以上学校，数十所学校，翻一番",
    "",
]


@pytest.mark.parametrize(("text", "expected"), [*PROMISED.items(), *READ.items()])
def test_reads_value_unit_and_comparator(text, expected):
    assert rows(text) == expected


@pytest.mark.parametrize("text", NO_TARGET)
def test_names_ordinals_periods_and_slogans_are_no_targets(text):
    assert rows(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("举办3期管理干部培训班和3期中小学校长培训班，举行捐赠", ["举办3期管理干部培训班", "3期中小学校长培训班"]),
        ("在基础教育和继续教育范围内遴选出40个优秀区域和200所优秀学校", ["遴选出40个优秀区域", "200所优秀学校"]),
        ("促使97%以上的中小学带宽达100M以上", ["促使97%以上的中小学带宽达100M以上", "中小学带宽达100M以上"]),
        ("接入带宽10M以上的中小学比例达到70%", ["接入带宽10M以上", "接入带宽10M以上的中小学比例达到70%"]),
        ("收入分别增长3.9%和5.7%", ["收入分别增长3.9%", "收入分别增长3.9%和5.7%"]),
        ("比重由54%提高到59%", ["比重由54%提高到59%"]),
    ],
)
def test_clause_is_the_shortest_that_states_the_target(text, expected):
    assert clauses(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("完成第二批800门国家课程的认定工作", ["国家课程"]),
        ("中小学宽带接入率达到97%以上", ["中小学宽带接入率"]),
        ("支持设立5个以上“智慧教育示范区”", ["“智慧教育示范区”"]),
        ("270万名教师参加“晒课”", ["教师"]),
        ("继续建设五分钟课程，累计达到3万门", ["五分钟课程"]),  # from the stretch before
        ("收入分别增长3.9%和5.7%", ["收入分别增长", "收入分别增长"]),
        ("失业率平均为5.1%", ["失业率"]),
        ("到2022年底学校接入率达到90%", ["学校接入率"]),
        ("力争到2025年接入率达到90%", ["接入率"]),
        ("100所", ["所"]),  # never empty
        ("达到1亿以上，增长", ["达到1亿以上"]),  # not even without a unit
    ],
)
def test_indicator_is_the_nearest_noun_phrase(text, expected):
    assert [t.indicator for t in find_targets(text)] == expected


def test_blanks_inside_the_text_keep_offsets():
    text = "  完成  中小学校长专项培训 6000 人，其中 20 % 以上来自农村  "
    first, second = find_targets(text)
    assert text[first.value_start : first.value_end] == "6000 人"
    assert (first.text, first.indicator) == ("完成  中小学校长专项培训 6000 人", "中小学校长专项培训")
    assert (second.value, second.unit, second.comparator) == (0.2, "%", ">=")


PIECES = sorted(
    {
        *PROMISED,
        *READ,
        *NO_TARGET,
        "，",
        "、",
        "和",
        "（",
        "）",
        "“",
        "”",
        "《",
        " ",
        "\n",
        "从",
        "至",
        "-",
        "等",
        "3",
        "万",
    }
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_offsets_hold_for_any_text(text):
    for t in find_targets(text):
        assert t.text == text[t.start : t.end] == t.text.strip()
        assert t.start <= t.value_start < t.value_end <= t.end
        assert t.indicator and re.search(r"[\d一二两三四五六七八九十百]", text[t.value_start : t.value_end])


@given(st.integers(1, 10**8), st.sampled_from(["所", "名", "人次", "个", "Mbps", "元"]))
def test_every_printed_integer_comes_back(number, unit):
    assert rows(f"建成{number}{unit}以上") == [(number, unit, ">=")]


@pytest.mark.parametrize("clause", ["在“三个课堂”应用中建设100所学校和50个中心，", "从5%提高到6%", "占5%", "在建设“"])
def test_long_paragraphs_take_linear_time(clause):
    def seconds(text):
        start = time.process_time()
        find_targets(text)
        return time.process_time() - start

    find_targets(clause)
    # Eight times the text, so eight times the time; quadratic would be 64 times.
    assert seconds(clause * 8000) < 32 * max(seconds(clause * 1000), 2e-3)
