"""Agencies: names, roles, the three states, the network and the counterparts, by hand on small plans and on the gold."""

import json
import warnings

import pandas as pd
import pytest

import policylab as lab
from policylab.alignment.reliability import A, B, Reliability
from policylab.base.paths import DATA

TEXT = """一、重点任务
（一）应用
落实本节任务。（责任单位：办公室）
1.开展培训。
开展教师培训。
开展学生培训。（责任单位：基教处、科技处）
总结经验。
2.建设平台。
建设平台。
（二）保障
3.落实经费。
落实经费。
4.加强督导。
开展督导。（牵头单位：督导室；配合单位：科技处）
"""


@pytest.fixture
def plan(load):
    return load(("a", "provincial", "福建省", 2020, TEXT))


def test_every_agency_of_the_corpus_is_in_the_table(corpus):
    mentions = lab.list_agencies(corpus)
    assert len(mentions) == len(corpus.responsibilities) == mentions["match"].eq("exact").sum()
    assert mentions[["agency", "tier", "type", "role", "section"]].notna().all().all()


def test_agencies_of_the_gold_are_kept_in_order(corpus):
    mentions = lab.list_agencies(corpus)
    gold = json.loads((DATA / "gold" / "structure-chongqing-2019.json").read_text(encoding="utf-8"))
    tasks = [task for section in gold["sections"] for task in section["tasks"]]
    named = [agency for task in tasks for paragraph in task["paragraphs"] for agency in paragraph["responsible_units"]]
    assert mentions.loc[mentions["document_id"] == "chongqing-2019", "name"].tolist() == named


def test_names_that_mean_one_agency_are_one(corpus):
    mentions = lab.list_agencies(corpus)
    printed = mentions.groupby("agency")["name"].unique().map(sorted)
    assert printed["人民教育出版社"] == ["人教社", "人民教育出版社"]
    assert printed["厅直属单位（学校）"] == ["厅属单位（学校）", "厅直属单位（学校)", "各有关直属单位（学校）"]
    assert printed["地方各级教育行政部门"] == ["各地教育行政部门", "地方各级教育行政部门", "地方教育行政部门"]


def test_the_lead_is_the_first_named_or_who_is_said_to_lead(plan):
    mentions = lab.list_agencies(plan)
    assert mentions[["name", "role"]].values.tolist() == [
        ["办公室", "lead"],
        ["基教处", "lead"],
        ["科技处", "co"],
        ["督导室", "lead"],
        ["科技处", "co"],
    ]


def test_stated_inherited_absent(plan):
    states = lab.recipes.trace_responsibilities(plan)
    assert states[["task", "state", "n_paragraphs", "n_stated", "n_inherited", "n_absent"]].values.tolist() == [
        [1, "stated", 3, 1, 1, 1],
        [2, "inherited", 1, 0, 1, 0],
        [3, "absent", 1, 0, 0, 1],
        [4, "stated", 1, 1, 0, 0],
    ]
    assert states["source"].tolist()[1] == 1


def test_counts_by_hand(plan):
    counts = lab.count_agencies(lab.list_agencies(plan))
    assert counts[["agency", "n_tasks", "n_lead", "n_co", "n_named", "share"]].values.tolist() == [
        ["科技处", 2, 0, 2, 2, 1.0],
        ["基础教育处", 1, 1, 0, 2, 0.5],
        ["教育督导室", 1, 1, 0, 2, 0.5],
    ]
    by_section = lab.count_agencies(lab.list_agencies(plan), by=("section",))
    assert by_section.loc[by_section["agency"] == "科技处", "section"].tolist() == [1, 2]


def test_counts_add_up(corpus):
    mentions = lab.list_agencies(corpus)
    counts = lab.count_agencies(mentions)
    assert counts["n_tasks"].sum() == len(mentions.drop_duplicates(["document_id", "task", "agency"]))
    assert counts["share"].between(0, 1).all() and (counts["n_lead"] <= counts["n_tasks"]).all()


def test_network_by_hand(plan):
    mentions = lab.list_agencies(plan)
    graph = lab.build_agency_network(mentions, "a")
    assert sorted(graph.edges) == [("基础教育处", "科技处"), ("教育督导室", "科技处")]
    assert lab.recipes.measure_agencies(graph)[["agency", "degree", "betweenness"]].values.tolist()[0] == [
        "科技处",
        2,
        1.0,
    ]
    assert lab.recipes.summarize_network(graph).loc[0, ["n_agencies", "n_edges", "n_components"]].tolist() == [3, 2, 1]
    assert lab.recipes.summarize_network(graph)["density"].tolist() == [2 / 3]


def test_the_measures_of_a_network_by_hand(load):
    brackets = ["基教处、科技处", "科技处、基教处", "高教处、财务处", "督导室", "高教处"]
    tasks = "".join(f"{n}.开展第{n}项。\n开展工作。（责任单位：{names}）\n" for n, names in enumerate(brackets, 1))
    mentions = lab.list_agencies(load(("a", "provincial", "福建省", 2020, f"一、任务\n（一）应用\n{tasks}")))
    graph = lab.build_agency_network(mentions, "a")
    columns = ["agency", "n_tasks", "n_lead", "degree", "n_shared", "degree_centrality", "component"]
    assert lab.recipes.measure_agencies(graph)[columns].values.tolist() == [
        ["基础教育处", 2, 1, 1, 2, 0.25, 1],
        ["科技处", 2, 1, 1, 2, 0.25, 1],
        ["财务处", 1, 0, 1, 1, 0.25, 2],
        ["高等教育处", 2, 2, 1, 1, 0.25, 2],
        ["教育督导室", 1, 1, 0, 0, 0, 3],
    ]
    assert lab.recipes.summarize_network(graph).values.tolist() == [[5, 2, 0.2, 3, 0.4, 1]]
    alone = lab.recipes.measure_agencies(graph.subgraph(["教育督导室"]))
    assert alone["degree_centrality"].isna().all() and alone["betweenness"].tolist() == [0]


def test_a_network_does_not_depend_on_the_order_of_rows(corpus):
    mentions = lab.list_agencies(corpus)
    one = lab.build_agency_network(mentions, "national-2019")
    other = lab.build_agency_network(mentions.sample(frac=1, random_state=1), "national-2019")
    assert [*one.nodes] == [*other.nodes] and [*one.edges(data=True)] == [*other.edges(data=True)]


def test_counterparts_of_a_matched_task(corpus):
    tasks = pd.DataFrame({"task": [21, 6], "reference_task": [18, 9]})
    table = lab.compare_agencies(corpus, "chongqing-2019", "national-2019", pairs=tasks)
    outcome = table.set_index(["task", "reference_agency"])["outcome"]
    # 学校联网: 科技司 and 督导局 have their divisions there, 中央电教馆 the municipal centre.
    assert outcome[21].to_dict() == {
        "科学技术与信息化司": "same role",
        "教育督导局": "same role",
        "中央电化教育馆": "same role",
        "地方各级教育行政部门": "same role",
    }
    assert outcome[6, "科学技术与信息化司"] == "elsewhere"
    assert outcome[6, "国家开放大学"] == "no counterpart"


def test_who_answers_whom_by_remit_and_role(load):
    province = "一、任务\n（一）应用\n1.培训。\n开展培训。（责任单位：财务处、组干处）\n总结经验。（责任单位：组干处、宣教处）\n"
    city = "一、任务\n（一）应用\n1.培训。\n开展培训。（责任单位：人事处、组干处、新闻办）\n"
    corpus = load(("a", "provincial", "福建省", 2020, province), ("b", "municipal", "福建省福州市", 2020, city))
    pairs = pd.DataFrame({"task": [1], "reference_task": [1]})
    table = lab.compare_agencies(corpus, "b", "a", pairs=pairs)
    # 组干处 leads one of two paragraphs; 人事处 and 组干处 have one remit, of 宣教处's two only the second answers.
    columns = ["reference_agency", "reference_role", "agency", "role", "outcome"]
    assert table[columns].fillna("").values.tolist() == [
        ["财务处", "lead", "", "", "no counterpart"],
        ["组织干部处", "lead", "人事处、组织干部处", "lead", "same role"],
        ["宣传教育处", "co", "新闻办公室", "co", "same role"],
    ]


def test_counterparts_are_corrected_by_hand(load):
    """One task by two: 组干处 is answered, 财务处 is not. Each pair is a link as likely as not, so with any link the share is
    1/2 (both are), 1 or 0."""
    province = "一、任务\n1.培训。\n开展培训。（责任单位：组干处）\n2.经费。\n保障经费。（责任单位：财务处）\n"
    city = "一、任务\n1.培训。\n开展培训。（责任单位：组干处）\n"
    corpus = load(("a", "provincial", "福建省", 2020, province), ("b", "municipal", "福建省福州市", 2020, city))
    pairs = pd.DataFrame({"document_id": "b", "task": 1, "reference_id": "a", "reference_task": [1, 2], "score": 0.3})
    pairs["matched"] = [True, False]
    even = Reliability(((abs(A) < 1e-9) & (abs(B - 1) < 1e-9)).astype(float))
    table = lab.recipes.correct_counterparts(corpus, "b", "a", pairs=pairs, reliability=even, n_resamples=2000)
    assert table["outcome"].tolist() == ["same role", "other role", "elsewhere", "no counterpart"]
    assert table["n"].tolist() == [1, 0, 0, 0] and table["share"].tolist() == [1, 0, 0, 0]
    assert table["corrected"].tolist() == pytest.approx([0.5, 0, 0, 0.5], abs=0.03)
    assert table[["corrected_low", "corrected_high"]].iloc[[0, 3]].values.tolist() == [[0, 1], [0, 1]]
    counted = lab.compare_agencies(corpus, "b", "a", pairs=pairs)
    assert lab.readings.describe_counterparts(counted, None, table.round({"corrected": 1}), language="en") == (
        "In the matched tasks the reference names agencies **1 time**: same role 1 (100%), other role 0 (0%), in other tasks only 0 "
        "(0%), no counterpart 0 (0%). Corrected for the errors of the alignment: same role 50% [0%, 100%], other role 0%, in other "
        "tasks only 0%, no counterpart 50% [0%, 100%]. As counted from the matches, the reference names a lead 1 time; for 1 of "
        "these, the matched task has an agency with the same remit."
    )
    apart = lab.recipes.correct_counterparts(corpus, "b", "a", pairs=pairs.assign(score=0.01))
    assert apart["n"].tolist() == [1, 0, 0, 0] and apart["corrected"].isna().all()
    assert set(apart["reason"]) == {"corrected: the two documents share too little"}
    assert lab.recipes.correct_counterparts(corpus, "b", None).empty


def test_a_corpus_without_responsibilities_gives_empty_tables_with_a_note(corpus_all):
    silent = type(corpus_all)(**{**vars(corpus_all), "responsibilities": corpus_all.responsibilities.iloc[:0]})
    with pytest.warns(
        lab.PolicylabWarning, match="^The corpus names no responsible agency, so every table of agencies is empty.$"
    ):
        mentions = lab.list_agencies(silent)
    assert mentions.empty and lab.count_agencies(mentions).empty
    graph = lab.build_agency_network(mentions, "chongqing-2019")
    assert lab.recipes.measure_agencies(graph).empty
    assert lab.recipes.summarize_network(graph)["density"].isna().all()
    assert lab.recipes.trace_responsibilities(silent)["state"].eq("absent").all()
    with pytest.warns(lab.PolicylabWarning):
        compared = lab.compare_agencies(
            silent, "chongqing-2019", "national-2019", pairs=pd.DataFrame({"task": [1], "reference_task": [1]})
        )
    assert compared.empty


def test_names_that_nobody_knows_stay_as_printed(plan):
    agencies = lab.load_agencies().query("name != '督导室'")
    with pytest.warns(lab.PolicylabWarning) as caught:
        mentions = lab.list_agencies(plan, agencies=agencies)
    assert [str(w.message) for w in caught] == [
        "Names that are not in the table of agencies are kept as printed (1): 督导室."
    ]
    assert mentions.loc[mentions["name"] == "督导室", ["agency", "tier"]].values.tolist() == [["督导室", "provincial"]]


def test_the_shipped_table_is_sound():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        agencies = lab.load_agencies()
    # One canonical name has one tier, one type and one remit.
    listed = agencies[agencies["match"] == "exact"].fillna("")
    assert (listed.groupby("agency")[["tier", "type", "counterpart"]].nunique() == 1).all().all()


def test_names_in_half_width_brackets_are_in_the_table(corpus):
    agencies = lab.load_agencies()
    halved = agencies.assign(
        name=agencies["name"]
        .str.replace("（", "(")
        .str.replace("）", ")")
        .where(agencies["match"] == "exact", agencies["name"])
    )
    pd.testing.assert_frame_equal(
        lab.list_agencies(corpus, agencies=halved), lab.list_agencies(corpus, agencies=agencies)
    )


@pytest.mark.parametrize(
    ("bracket", "roles"),
    [
        ("责任单位：科技处、基教处", ["lead", "co"]),
        ("责任单位：科技处；牵头单位：基教处", ["co", "lead"]),
        ("责任单位：科技处；主办单位：基教处", ["co", "lead"]),
        *((f"{duty}单位：科技处；责任单位：基教处", ["co", "co"]) for duty in ("配合", "参与", "参加", "协助", "协办")),
    ],
)
def test_who_leads_and_who_only_helps(load, bracket, roles):
    corpus = load(("a", "county", "乙县", 2020, f"一、任务\n（一）应用\n1.培训。\n开展培训。（{bracket}）\n"))
    assert lab.list_agencies(corpus)["role"].tolist() == roles


def test_each_paragraph_has_its_own_lead(load):
    text = (
        "一、任务\n（一）应用\n1.培训。\n开展培训。（责任单位：科技处；牵头单位：基教处）\n"
        "总结经验。（责任单位：科技处、高教处）\n"
    )
    mentions = lab.list_agencies(load(("a", "county", "乙县", 2020, text)))
    assert mentions["role"].tolist() == ["co", "lead", "lead", "co"]


def test_a_bracket_on_the_heading_covers_all_paragraphs(load):
    text = "一、任务\n（一）应用\n1.开展培训（责任单位：科技处）\n培训教师。\n培训学生。\n"
    states = lab.recipes.trace_responsibilities(load(("a", "county", "乙县", 2020, text)))
    counts = ["n_paragraphs", "n_stated", "n_inherited", "n_absent"]
    assert states[["state", *counts]].values.tolist() == [["stated", 2, 0, 2, 0]]


def test_one_column_may_come_alone(plan):
    mentions = lab.list_agencies(plan)
    pd.testing.assert_frame_equal(
        lab.count_agencies(mentions, by="section"), lab.count_agencies(mentions, by=("section",))
    )
    with pytest.raises(lab.PolicylabError, match="^The table mentions has no column chapter. It has "):
        lab.count_agencies(mentions, by="chapter")


def test_unknown_way_of_sharing(plan):
    with pytest.raises(lab.PolicylabError, match="^unit='section' is unknown. Use one of 'task', 'paragraph'.$"):
        lab.build_agency_network(lab.list_agencies(plan), "a", unit="section")


def test_a_malformed_table_of_agencies(tmp_path):
    path = tmp_path / "agencies.csv"
    path.write_text("name,match,type,tier,reason\n科技司,exact,bureau,nation,简称\n", encoding="utf-8")
    with pytest.raises(lab.PolicylabError) as raised:
        lab.load_agencies(path)
    assert str(raised.value).split("\n  ") == [
        f"{path} has 2 problems:",
        "row 2, column type: 'bureau' is unknown."
        " Use one of department, affiliated, media, authority, collective, school, enterprise.",
        "row 2, column tier: 'nation' is unknown."
        " Use one of national, provincial, municipal, county, local, school, enterprise.",
    ]
