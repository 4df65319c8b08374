"""The target cascade: the 2019 plans, every relation and every reason not to compare."""

import json

import pandas as pd
import pytest

import policylab as lab
from policylab.alignment.reliability import A, B, Reliability
from policylab.base.paths import DATA
from policylab.targets.names import compare_aspect, compare_names, compile_qualifiers, read_mention

PLAN = "一、重点任务\n（一）建设\n1.建设课程。\n{}\n"


@pytest.fixture(scope="module")
def gold_pairs():
    """The pairs of tasks that the gold links, as align_tasks would give them."""

    def read(name):
        links = json.loads((DATA / "gold" / f"alignment-{name}.json").read_text(encoding="utf-8"))["links"]
        return pd.DataFrame([list(link.values())[:2] for link in links], columns=["task", "reference_task"])

    return read


@pytest.fixture
def load_two(load):
    """A corpus of two plans with one task each, a national one and one for 福建省."""

    def build(national, provincial, level="provincial", region="福建省", reference=("national", "全国")):
        return load(("a", *reference, 2019, PLAN.format(national)), ("b", level, region, 2020, PLAN.format(provincial)))

    return build


ONE = pd.DataFrame({"task": [1], "reference_task": [1]})


def compare(corpus):
    table = lab.compare_targets(corpus, "b", "a", pairs=ONE)
    return table[["relation", "reason"]].values.tolist()


def test_the_2019_cascade(corpus, gold_pairs):
    table = lab.compare_targets(corpus, "chongqing-2019", "national-2019", pairs=gold_pairs("chongqing-2019"))
    both = table.dropna(subset=["target", "reference_target"])
    shown = both[["relation", "reason", "value", "reference_value", "unit"]].values.tolist()
    assert shown == [
        ["scaled", "", 150000, 1000000, "堂"],
        ["not comparable", "levels and changes differ: none, increase", 2000000, 10000000, "个"],
        ["to be judged", "names alike in part: kinds differ: 互联网, 宽带", 0.97, 0.97, "%"],
        ["kept", "", 100, 100, "Mbps"],
        ["to be judged", "names alike in part: tiers differ: 市级, 国家", 120, 800, "门"],
        ["to be judged", "names alike in part: tiers differ: 市级, none", 100, 5, "所"],
    ]
    assert both["ratio"].iloc[0] == 0.15 and both["ratio"].isna().sum() == 4
    # Any connection and a broadband one: the reader sees that the kinds differ.
    assert both["same_base"].tolist() == ["unstated", "yes", "yes", "unstated", "unknown", "unstated"]
    assert both["same_kind"].tolist() == ["unstated", "unstated", "no", "yes", "unstated", "unknown"]
    assert table["lag"].eq(0).all()


def test_every_row_leads_to_both_spans_and_no_target_is_lost(corpus, gold_pairs):
    for document, reference in (("chongqing-2019", "national-2019"), ("national-2019", "national-2017")):
        table = lab.compare_targets(corpus, document, reference, pairs=gold_pairs(document))
        for prefix, name in (("", document), ("reference_", reference)):
            targets = corpus.targets[corpus.targets["document_id"] == name].set_index("target")
            held = table.dropna(subset=f"{prefix}target")
            for row in held.to_dict("records"):
                target = targets.loc[row[f"{prefix}target"]]
                assert (row[f"{prefix}text"], row[f"{prefix}start"], row[f"{prefix}end"]) == (
                    target["text"],
                    target["start"],
                    target["end"],
                )
            mentions = pd.concat([held[f"{prefix}target"], held[f"{prefix}also_target"].dropna()])
            assert sorted(mentions) == sorted(targets.index)


def test_a_repeated_target_is_one_promise(corpus, gold_pairs):
    table = lab.compare_targets(corpus, "chongqing-2019", "national-2019", pairs=gold_pairs("chongqing-2019"))
    own = table.dropna(subset="target")
    assert len(corpus.targets.query("document_id == 'chongqing-2019'")) == 18 and len(own) == 10
    assert own.loc[own["unit"] == "堂", ["target", "also_target", "goal", "task"]].values.tolist() == [[1, 9, 2, 4]]


def test_years_of_one_country_are_raised_kept_or_lowered(corpus, gold_pairs):
    table = lab.compare_targets(corpus, "national-2019", "national-2017", pairs=gold_pairs("national-2019"))
    both = table.dropna(subset=["target", "reference_target"]).set_index("indicator")
    assert both["lag"].eq(2).all()
    assert both.loc["教育厅局长教育信息化专题培训", "relation"] == "raised"
    assert both.loc["中小学校长", "relation"] == "kept"
    assert both.loc["教师晒课", "reason"] == "units differ: 堂, 名"
    assert both.loc["5分钟课程", "reason"] == "names alike in part: levels and changes differ: none, total"
    assert both.loc["骨干教师", "reason"] == "fits as well: 骨干教师 5000 人"
    assert both.loc["中小学校长和骨干教师“人人通”专项培训", "reason"] == "base unknown: 中小学, 中小学、职业院校"


@pytest.mark.parametrize(
    ("national", "provincial", "relation", "reason"),
    [
        ("建设精品课程800门。", "建设精品课程100门。", "scaled", ""),
        ("建设精品课程800门。", "建设精品课程800门。", "not comparable", "the part is not smaller than the whole"),
        ("建设精品课程800门。", "建设精品课程100门以上。", "scaled", "wording: >= for ="),
        ("学校宽带接入率达到97%。", "学校宽带接入率达到98%。", "raised", ""),
        ("学校宽带接入率达到97%。", "学校宽带接入率达到90%。", "lowered", ""),
        ("学校宽带接入率不低于97%。", "学校宽带接入率不超过97%。", "not comparable", "bounds differ: <=, >="),
        ("认定国家级示范课程800门。", "认定省级示范课程100门。", "not comparable", "tiers differ: 省级, 国家级"),
        ("学校生均图书达到20册。", "学校生均图书达到25册。", "raised", ""),
        ("建设100所学校。", "建设20个学校。", "scaled", ""),
        ("建设100个学校。", "建设20所学校。", "scaled", ""),
        ("培训教师1000名。", "培训教师100人。", "scaled", ""),
        ("培训教师1000人。", "培训教师100位。", "scaled", ""),
        # A change is no level, in the clause as in the name, and its words do not matter.
        (
            "毕业生就业率达到95%。",
            "毕业生就业率提高5%。",
            "not comparable",
            "levels and changes differ: increase, none",
        ),
        ("学校能耗达到5%。", "学校能耗下降3%。", "not comparable", "levels and changes differ: decrease, none"),
        ("毕业生就业率提高5%。", "毕业生就业率提升约6%。", "raised", "wording: ~ for ="),
        ("毕业生就业率提高到95%。", "毕业生就业率达到96%。", "raised", ""),
        ("就业率提高三个课堂后达到95%。", "就业率提高三个课堂后达到96%。", "raised", ""),
        ("消费价格涨幅控制在3%左右。", "消费价格上涨2%。", "lowered", "wording: = for ~"),
        ("消费价格涨幅3%左右。", "消费价格涨幅回落到2%。", "lowered", "wording: = for ~"),
        ("农村贫困人口减少1000万人。", "减少农村贫困人口100万人。", "scaled", ""),
        ("就业率上升到95%。", "就业率达到96%。", "raised", ""),
        (
            "示范学校累计达到1000所以上。",
            "示范学校达到100所以上。",
            "not comparable",
            "levels and changes differ: none, total",
        ),
        (
            "新增示范学校800所以上。",
            "建成示范学校100所。",
            "not comparable",
            "levels and changes differ: none, increase",
        ),
        # What is new may be all that is built, or an increase.
        ("新增绿道800公里。", "新建绿道100公里。", "scaled", "wording: = for increase"),
        ("建设绿道800公里。", "新建绿道100公里。", "scaled", ""),
        ("新增劳动力受教育占比达到50%。", "新增劳动力受教育占比达到60%。", "raised", ""),
        # Per what: read from the clause, for the indicator begins behind the number.
        ("每校配备2名信息教师。", "每校配备3名信息教师。", "raised", ""),
        ("每所学校配备2名信息教师。", "每校配备2名信息教师。", "kept", ""),
        ("为农村配备30万名信息教师。", "每校配备2名信息教师。", "not comparable", "denominators differ: 校, none"),
        ("小学生均图书藏量达到20册。", "小学图书藏量达到2000万册。", "not comparable", "denominators differ: none, 生"),
        ("每年培训教师10万名。", "每年培训教师1万名。", "scaled", ""),
        ("培训骨干教师10万名。", "每年培训骨干教师1万名。", "not comparable", "denominators differ: 年, none"),
        # Of whom, and which kind.
        ("农村学校接入率达到90%。", "城市学校接入率达到98%。", "not comparable", "bases differ: 城, 乡"),
        ("小学宽带接入率达到90%。", "高中宽带接入率达到98%。", "not comparable", "bases differ: 高中, 小学"),
        ("失业保险参保人数达到90%。", "失业保险参保人数达到95%。", "raised", ""),
        ("城镇登记失业率4.5%以内。", "城镇调查失业率5.5%以内。", "not comparable", "kinds differ: 调查, 登记"),
        ("新开工安置住房800套。", "安置住房竣工100套。", "not comparable", "kinds differ: 建成, 开工"),
        # One side says less: the reader judges.
        ("中小学宽带接入率达到97%。", "学校宽带接入率达到97%。", "to be judged", "base unknown: none, 中小学"),
        ("公路水运投资达到800亿元。", "公路投资达到100亿元。", "to be judged", "kind unknown: 公路, 公路、水运"),
        (
            "建设网络学习空间800个。",
            "建设网络学习空间应用优秀区域40个。",
            "to be judged",
            "kind unknown: 网络学习空间应用优秀区域, 网络学习空间",
        ),
        ("培训骨干教师和园长800名。", "培训骨干教师100名。", "to be judged", "base unknown: 骨干教师, 骨干教师和园长"),
        # An average of a rate is per nothing, a measure word may be missing, and M2 is no condition.
        ("调查失业率平均为5%。", "调查失业率达到5%。", "kept", ""),
        ("脱贫人口务工规模超过3000万。", "脱贫人口务工规模超过300万人。", "scaled", ""),
        ("广义货币M2增长12%。", "广义货币增长13%。", "raised", ""),
        # Deadlines are not read.
        ("到2022年学校接入率达到90%。", "到2025年底，学校接入率达到95%。", "raised", ""),
        ("经费不低于公用经费的5%。", "经费不超过公用经费的5%。", "not comparable", "bounds differ: <=, >="),
    ],
)
def test_relations(load_two, national, provincial, relation, reason):
    assert compare(load_two(national, provincial)) == [[relation, reason]]


def test_a_share_of_those_with_10M_is_not_one_of_those_with_100M(load_two):
    corpus = load_two("带宽10M的学校比例达到90%。", "带宽100M的学校比例达到80%。")
    assert ["not comparable", "conditions differ: 100, 10"] in compare(corpus)


@pytest.mark.parametrize(
    ("national", "provincial", "n"),
    [
        (
            "培训职业院校校长1000人、骨干教师2000人，中小学校长2000人、骨干教师5000人。",
            "培训职业院校校长100人、骨干教师500人，中小学校长200人、骨干教师200人。",
            2,
        ),
        ("各校达标率依次达到85%、90%、95%。", "各校达标率依次达到90%、95%、98%。", 3),
    ],
)
def test_twins_on_both_sides_are_not_paired_by_chance(load_two, national, provincial, n):
    reasons = [reason for relation, reason in compare(load_two(national, provincial)) if relation == "not comparable"]
    assert len(reasons) == n and all(reason.startswith("fits as well: ") for reason in reasons)


def test_several_names_for_several_values_are_paired_by_name(load_two):
    national, provincial = "小学、初中达标率分别达到85%、90%。", "小学、初中达标率分别达到90%、88%。"
    assert compare(load_two(national, provincial)) == [["raised", ""], ["lowered", ""]]


def test_results_and_rules_are_not_compared(load_two):
    national = "去年培训教师300人，今年培训教师500人。对合格者给予2000元奖励。"
    assert compare(load_two(national, "培训教师50人。给予1000元奖励。")) == [["scaled", ""]]


def test_twins_that_are_equal_are_paired(load_two):
    both = [
        f"培训职业院校校长{a}人、骨干教师{b}人，中小学校长{c}人、骨干教师{b}人。"
        for a, b, c in ((1000, 2000, 2000), (100, 500, 200))
    ]
    assert compare(load_two(*both)) == [["scaled", ""]] * 4


def test_a_target_that_fits_as_well_is_named_on_both_sides(load_two):
    corpus = load_two("培训骨干教师5000人。", "培训职业院校校长10人、骨干教师500人，中小学校长20人、骨干教师200人。")
    reasons = [reason for relation, reason in compare(corpus) if relation == "not comparable"]
    assert reasons == ["fits as well: 骨干教师 200 人", "fits as well: 骨干教师 5000 人"]


REPORT = "一、发展目标\n{}\n二、重点任务\n1.建设课程。\n建设课程。\n"


def load_reports(load, first, second):
    return load(
        ("a", "national", "全国", 2019, REPORT.format(first)),
        ("b", "provincial", "福建省", 2020, REPORT.format(second)),
    )


def test_targets_outside_tasks_need_no_matched_task(load):
    corpus = load_reports(load, "一是普及学校宽带，宽带接入率达到97%。", "明年宽带接入率达到98%，新建学校100所。")
    table = lab.compare_targets(corpus, "b", "a", pairs=ONE.iloc[:0])
    assert table[["relation", "reason"]].values.tolist() == [
        ["raised", ""],
        ["new", "no such target outside the tasks"],
    ]


def test_a_target_outside_tasks_does_not_meet_one_in_a_task_that_is_not_matched(load_two):
    corpus = load_two("建设精品课程800门。", "建设精品课程100门。")
    outside = corpus.targets.assign(task=corpus.targets["task"].where(corpus.targets["document_id"] == "b"))
    corpus = type(corpus)(**{**vars(corpus), "targets": outside})
    assert [relation for relation, _ in compare(corpus)] == ["new", "dropped"]


def test_a_target_repeated_outside_tasks_is_one_promise(load):
    """It cannot be kept and dropped in one figure."""
    said = "消费价格涨幅控制在3%左右。今年要稳定物价，把消费价格涨幅控制在3%左右。"
    corpus = load_reports(load, said, "消费价格涨幅控制在3%左右。")
    table = lab.compare_targets(corpus, "b", "a", pairs=ONE.iloc[:0])
    assert table[["relation", "reference_target", "reference_also_target"]].values.tolist() == [["kept", 1, 2]]


@pytest.mark.parametrize(
    "said",
    [
        "小学升学率达到95%，高中升学率达到95%。",  # of others
        "城市、农村供水率达到95%和95%。",  # in one clause
        "宽带接入率达到95%。明年宽带接入率达到96%。",  # another value
    ],
)
def test_equal_numbers_of_other_things_are_no_repetition(load, said):
    corpus = load_reports(load, said, "新建学校10所。")
    table = lab.compare_targets(corpus, "b", "a", pairs=ONE.iloc[:0])
    assert table["relation"].tolist() == ["new", "dropped", "dropped"]


# --- names


def make_mention(text, indicator, qualifiers=None):
    row = pd.DataFrame({"text": [text], "indicator": [indicator], "unit": ["%"]}).iloc[0]
    return read_mention(row, qualifiers or compile_qualifiers(lab.recipes.load_qualifiers()))


def test_similarity_by_hand():
    """Letters 供水率 and 供水普及率: 3 shared of 3 and 5; pairs 供水, 水率 and 供水, 水普, 普及, 及率: 1 of 2 and 4."""
    one, other = make_mention("供水率达到95%", "供水率"), make_mention("供水普及率95%", "供水普及率")
    # Clauses without numbers: 供水 水率 率达 达到, and the four pairs of the other name: 1 of 4 and 4.
    named = (2 * 3 / (3 + 5) + 2 * 1 / (2 + 4)) / 2
    assert compare_names(one, other) == pytest.approx(0.75 * named + 0.25 * 2 * 1 / (4 + 4))
    assert compare_names(one, one) == 1


def test_words_that_say_nothing_make_no_likeness():
    one, other = make_mention("比上年增加3000亿元", "比上年增加"), make_mention("比上年增加20所", "比上年增加")
    # Only the clauses are left: 比上 上年 年增 增加 加亿 亿元 and 比上 上年 年增 增加 加所.
    assert compare_names(one, other) == pytest.approx(0.25 * 2 * 4 / (6 + 5))


@pytest.mark.parametrize(
    ("one", "other", "base", "kind"),
    [
        ("中小学宽带接入率", "中小学接入互联网", ("yes", "none", "none"), ("no", "宽带", "互联网")),
        ("供水普及率", "供水率", ("unstated", "none", "none"), ("unstated", "none", "none")),
        ("城镇养老床位", "养老床位", ("unknown", "城", "none"), ("unstated", "none", "none")),
        ("高铁里程", "高速铁路里程", ("unstated", "none", "none"), ("yes", "none", "none")),
        ("高铁里程", "铁路里程", ("unstated", "none", "none"), ("no", "高速铁路", "铁路")),
        ("出口带宽", "出口总额", ("unstated", "none", "none"), ("unknown", "出口带宽", "出口")),
        ("校长、教师培训", "教师培训", ("unknown", "教师、校长", "教师"), ("unstated", "none", "none")),
    ],
)
def test_base_and_kind_of_two_names(one, other, base, kind):
    mentions = [make_mention(name, name) for name in (one, other)]
    assert (compare_aspect(*mentions, "base"), compare_aspect(*mentions, "kind")) == (base, kind)


def test_qualifiers_of_ones_own(load_two, tmp_path):
    path = tmp_path / "qualifiers.csv"
    path.write_text(
        "word,aspect,reason,family,value\n沿海,base,海域,water,海\n内河,base,水域,water,河\n", encoding="utf-8"
    )
    corpus = load_two("沿海航道达标率达到97%。", "内河航道达标率达到97%。")
    assert compare(corpus)[0][0] == "kept"
    own = lab.recipes.load_qualifiers(path)
    table = lab.compare_targets(corpus, "b", "a", pairs=ONE, qualifiers=own)
    assert table["reason"].tolist() == ["bases differ: 河, 海"]


def test_mistakes_in_the_qualifiers(tmp_path):
    path = tmp_path / "qualifiers.csv"
    path.write_text(
        "word,aspect,reason,family,value\n沿海,base,海域,,海\n比上年,empty,时间,time,\n宽带,sort,接入,net,宽带\n宽带,kind,接入,net,宽带\n",
        encoding="utf-8",
    )
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.load_qualifiers(path)
    assert str(raised.value).split("\n  ") == [
        f"{path} has 4 problems:",
        "row 2, column family: the word 沿海 of the aspect base has none. Fill the cell.",
        "row 3, column family: 'time' is given to a word that says nothing. Leave the cell blank.",
        "row 4, column aspect: 'sort' is unknown. Use one of base, kind, empty.",
        "row 5, column word: '宽带' is already in row 4. Keep one.",
    ]


@pytest.mark.parametrize("same_thing", [0.5, (0.6, 0.3), (0.1, 1.2), ("a", "b"), (float("nan"), 0.6)])
def test_cutoffs_must_be_two_similarities(load_two, same_thing):
    corpus = load_two("建设精品课程800门。", "建设精品课程100门。")
    with pytest.raises(lab.PolicylabError) as raised:
        lab.compare_targets(corpus, "b", "a", pairs=ONE, same_thing=same_thing)
    assert str(raised.value) == (
        f"same_thing={same_thing!r}: expected two similarities from 0 to 1, the lower first. Pass for example (0.26, 0.6)."
    )


def test_the_cutoffs_decide_what_is_judged(load_two):
    corpus = load_two("自来水普及率达到95%。", "自来水入户率达到95%。")
    similarity = lab.compare_targets(corpus, "b", "a", pairs=ONE)["similarity"].iloc[0]
    around = [(similarity, similarity), (similarity, 1), (similarity + 0.01, 1)]
    found = [lab.compare_targets(corpus, "b", "a", pairs=ONE, same_thing=ends)["relation"].tolist() for ends in around]
    assert found == [["kept"], ["to be judged"], ["new", "dropped"]]


def test_what_is_one_thing_is_paired_before_what_may_be(load_two):
    """The greatest total would cross the pairs."""
    corpus = load_two("建设精品课程800门。建设精品课程资源库80门。", "建设精品课程100门。")
    table = lab.compare_targets(corpus, "b", "a", pairs=ONE)
    assert table[["relation", "reference_indicator"]].values.tolist() == [
        ["scaled", "精品课程"],
        ["dropped", "精品课程资源库"],
    ]


@pytest.mark.parametrize(
    ("region", "reference", "relation"),
    [
        ("福建省福州市", ("provincial", "福建省"), "scaled"),
        ("福建省福州市", ("national", "全国"), "scaled"),
        ("福建省福州市", ("provincial", "重庆市"), "not comparable"),
    ],
)
def test_a_count_is_scaled_only_within_its_region(load_two, region, reference, relation):
    corpus = load_two(
        "建设示范学校800所。", "建设示范学校100所。", level="municipal", region=region, reference=reference
    )
    reason = "" if relation == "scaled" else "counts of different regions: 福建省福州市, 重庆市"
    assert compare(corpus) == [[relation, reason]]


def test_pairs_of_other_documents_are_refused(corpus, gold_pairs):
    own = gold_pairs("chongqing-2019").assign(document_id="chongqing-2019", reference_id="national-2019")
    more = pd.concat([own, own.assign(document_id="fujian-2020", task=1)])
    one, both = (lab.compare_targets(corpus, "chongqing-2019", "national-2019", pairs=table) for table in (own, more))
    pd.testing.assert_frame_equal(one, both)
    with pytest.raises(lab.PolicylabError) as raised:
        lab.compare_targets(corpus, "national-2017", "national-2019", pairs=own)
    assert str(raised.value) == (
        "pairs, column document_id: it holds chongqing-2019, not national-2017. Pass the pairs of national-2017 and national-2019."
    )


def test_pairs_without_a_task_are_refused(load_two):
    unfilled = pd.DataFrame({"task": [1], "reference_task": pd.array([None], dtype="Int64")})
    with pytest.raises(lab.PolicylabError) as raised:
        lab.compare_targets(load_two("建设课程。", "建设课程。"), "b", "a", pairs=unfilled)
    assert (
        str(raised.value)
        == "pairs, column reference_task: a matched pair has no task. Fill it in or leave the row out."
    )


def test_plans_without_tasks_need_pairs(corpus):
    bare = type(corpus)(**{**vars(corpus), "tasks": corpus.tasks.query("document_id != 'fujian-2020'")})
    with pytest.raises(lab.PolicylabError) as raised:
        lab.compare_targets(bare, "fujian-2020", "national-2019")
    assert str(raised.value) == (
        "fujian-2020: no numbered tasks to match. Pass pairs=, or compare plans with numbered tasks."
    )


def test_different_things_are_dropped_and_new(load_two):
    corpus = load_two("建设精品课程800门。", "新建学校10所。")
    assert compare(corpus) == [
        ["new", "no such target in the matched task"],
        ["dropped", "no such target in the matched task"],
    ]
    nothing = lab.compare_targets(corpus, "b", "a", pairs=ONE.iloc[:0])
    assert nothing["reason"].tolist() == ["no matched task", "no matched task"]


def test_counts_of_two_provinces_are_not_compared(load_two):
    corpus = load_two("建设精品课程800门。", "建设精品课程100门。", level="national", region="某国")
    assert compare(corpus) == [["not comparable", "counts of different regions: 某国, 全国"]]


def test_plans_without_targets_give_an_empty_table(load_two):
    corpus = load_two("建设课程。", "建设课程。")
    with pytest.warns(
        lab.PolicylabWarning, match="^b and a: no quantitative target was found, so there is nothing to compare.$"
    ):
        table = lab.compare_targets(corpus, "b", "a", pairs=ONE)
    assert table.empty and table["target"].dtype == "Int64"


def test_only_matched_pairs_count(load_two):
    unmatched = ONE.assign(matched=False)
    corpus = load_two("建设精品课程800门。", "建设精品课程100门。")
    assert lab.compare_targets(corpus, "b", "a", pairs=unmatched)["relation"].tolist() == ["new", "dropped"]


def test_unknown_document(corpus):
    with pytest.raises(lab.PolicylabError) as raised:
        lab.compare_targets(corpus, "chongqing-2020", "national-2019", pairs=ONE)
    assert str(raised.value) == (
        "document_id 'chongqing-2020' is not in the corpus. It holds chongqing-2019, fujian-2020, national-2017, national-2019."
    )


def make_scored(score, **more):
    table = ONE.assign(document_id="b", reference_id="a", score=score, matched=score >= 0.3)
    return table.assign(**more)


def read_corrected(table, relation):
    return table.set_index("relation").loc[relation, ["n", "corrected", "corrected_low", "corrected_high"]].tolist()


def test_relations_corrected_by_hand(load_two):
    """One target on either side: raised if the tasks are linked, else one is dropped and one new. A link is as likely as not."""
    corpus = load_two("学校宽带接入率达到90%。", "学校宽带接入率达到95%。")
    even = Reliability(((abs(A) < 1e-9) & (abs(B - 1) < 1e-9)).astype(float))
    table = lab.recipes.correct_targets(corpus, "b", "a", pairs=make_scored(0.3), reliability=even, n_resamples=2000)
    for relation, n in (("raised", 1), ("dropped", 0), ("new", 0)):
        counted, corrected, low, high = read_corrected(table, relation)
        assert (counted, low, high) == (n, 0, 1) and corrected == pytest.approx(0.5, abs=0.04)
    # Every target has a row in every draw: no draw says that anything was lowered.
    assert read_corrected(table, "lowered")[:2] == [0, 0] and table["corrected_low"].isna().sum() == 5
    totals = table.set_index("relation")["corrected"]
    assert 2 * totals["raised"] + totals["dropped"] + totals["new"] == pytest.approx(2)


def test_pairs_to_be_judged_are_corrected_by_hand(load):
    """A target, another of the same name, and a third that says whose it is; each pair of tasks is linked as likely as not.

    If the first pair is linked (1/2) the target is kept and the third dropped; else if the second is (1/4) that pair is to be judged
    and the other dropped; else the target is new and both are dropped: 1/2 + 1/4 + 2/4 are dropped.
    """
    national = "一、任务\n1.建设网络。\n学校宽带接入率达到97%。\n2.培训教师。\n中小学宽带接入率达到97%。\n"
    corpus = load(
        ("a", "national", "全国", 2019, national),
        ("b", "provincial", "福建省", 2020, "一、任务\n1.建设网络。\n学校宽带接入率达到97%。\n"),
    )
    pairs = pd.DataFrame({"document_id": "b", "task": 1, "reference_id": "a", "reference_task": [1, 2], "score": 0.3})
    even = Reliability(((abs(A) < 1e-9) & (abs(B - 1) < 1e-9)).astype(float))
    for matched, found in (((1, 1), "kept"), ((0, 1), "to be judged"), ((0, 0), "new")):
        pairs["matched"] = pd.Series(matched).astype(bool)
        table = lab.recipes.correct_targets(corpus, "b", "a", pairs=pairs, reliability=even, n_resamples=4000)
        counted = lab.compare_targets(corpus, "b", "a", pairs=pairs)["relation"].value_counts().to_dict()
        assert counted == table[table["n"] > 0].set_index("relation")["n"].to_dict() and counted[found] == 1
        corrected = table.set_index("relation")["corrected"]
        expected = {"kept": 1 / 2, "to be judged": 1 / 4, "new": 1 / 4, "dropped": 5 / 4}
        assert corrected[corrected > 0].to_dict() == pytest.approx(expected, abs=0.04)


def test_relations_of_coded_links_are_certain(load_two):
    corpus = load_two("学校宽带接入率达到90%。", "学校宽带接入率达到95%。")
    for linked, raised in ((True, 1), (False, 0)):
        pairs = make_scored(0.3, linked=pd.array([linked], dtype="boolean"))
        table = lab.recipes.correct_targets(corpus, "b", "a", pairs=pairs, n_resamples=40)
        assert table["corrected"].tolist() == [raised, 0, 0, 0, 0, 0, 1 - raised, 1 - raised]
        assert table["n"].tolist() == [1, 0, 0, 0, 0, 0, 0, 0]
        assert table[["corrected_low", "corrected_high"]].isna().all(axis=None)


def test_relations_without_draws_or_reference(load_two):
    corpus = load_two("学校宽带接入率达到90%。", "学校宽带接入率达到95%。")
    table = lab.recipes.correct_targets(corpus, "b", "a", pairs=make_scored(0.3), n_resamples=0)
    assert table["n"].sum() == 1 and table.filter(like="corrected").isna().all(axis=None)
    assert lab.recipes.correct_targets(corpus, "b", None).empty


def test_relations_of_other_pairs_are_refused(load_two):
    corpus = load_two("学校宽带接入率达到90%。", "学校宽带接入率达到95%。")
    cases = [
        (make_scored(0.3, document_id="c"), "pairs holds no pair of b and a. Pass their table of align_tasks."),
        (ONE, "The table pairs has no columns document_id, reference_id, score, matched. It has task, reference_task."),
        (make_scored(1.5), "score=1.5 is no score of align_tasks, which are numbers from 0 to 1."),
    ]
    for pairs, message in cases:
        with pytest.raises(lab.PolicylabError) as error:
            lab.recipes.correct_targets(corpus, "b", "a", pairs=pairs)
        assert str(error.value) == message
