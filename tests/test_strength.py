"""Directive strength: which verb opens a clause, and what the measures make of it."""

import numpy as np
import pandas as pd
import pytest

import policylab as lab
from policylab.wording import baseline
from policylab.wording.strength import STRENGTHS


@pytest.fixture(scope="module")
def directives(corpus):
    return lab.find_directives(corpus)


@pytest.mark.parametrize(
    ("clause", "verb", "strength"),
    [
        ("完成第三批125所实验校的中期评估", "完成", 5),
        ("加快推进教育政务系统平台对接", "推进", 2),
        ("加快教育政务系统平台对接", "加快", 2),
        ("进一步推动落实《关于加强网络安全的意见》", "推动落实", 3),
        ("探索建立长效机制", "探索建立", 1),
        ("一是全面落实战略部署", "落实", 3),
        ("鼓励具备条件的学校实现无线网络全覆盖", "鼓励", 1),
        ("规范的管理制度", None, None),
        ("教师晒课15万堂", None, None),
        ("接入带宽10M以上的中小学比例达到70%", None, None),
        ("建设项目管理制度", None, None),
        ("管理信息化水平明显提高", None, None),
        ("建设信息化平台", "建设", 4),
        ("印发《加强“三个课堂”，落实责任的意见》", "印发", 4),
    ],
)
def test_the_opening_verb(load, clause, verb, strength):
    row = lab.find_directives(load(("a", "county", "乙县", 2020, f"一、任务\n{clause}。\n"))).iloc[0]
    assert (None if pd.isna(row["verb"]) else row["verb"]) == verb
    assert (None if pd.isna(row["strength"]) else row["strength"]) == strength


def test_clauses_lead_back_to_their_paragraph(corpus, directives):
    texts = corpus.paragraphs.set_index(["document_id", "paragraph"])["text"]
    assert all(
        texts[row.document_id, row.paragraph][row.start : row.end] == row.text for row in directives.itertuples()
    )


def test_most_clauses_of_the_tasks_are_coded(directives):
    # The rest names circumstances and subjects (依托…, 为…提供…, 国家开放大学完成…): the share is a figure to watch.
    tasks = directives.dropna(subset="task")
    assert tasks["strength"].notna().groupby(tasks["document_id"]).mean().min() > 0.8


def test_measures_by_hand():
    levels = pd.array([5, 4, 2, 1, None], dtype="Int64")
    clauses = pd.DataFrame({"document_id": "a", "task": pd.array([1, 1, 1, 2, 3], dtype="Int64"), "strength": levels})
    table = lab.measure_strength(clauses).set_index("task")
    assert table["n_coded"].tolist() == [3, 1, 0]
    assert table["median"].tolist()[:2] == [4, 1]
    assert table["share_firm"].tolist()[:2] == [2 / 3, 0]
    assert table.loc[3, ["median", "share_firm"]].isna().all()
    assert table[[f"n_{k}" for k in range(1, 6)]].sum(axis=1).tolist() == table["n_coded"].tolist()


def test_clauses_belong_to_the_agencies_of_the_bracket_that_covers_them(load):
    bracket = "牵头单位：基教处；责任单位：基教处"  # named twice, counted once
    text = f"一、重点任务\n（一）应用\n1.培训。\n开展培训。\n完成评估。（{bracket}）\n探索机制。\n"
    corpus = load(("a", "county", "乙县", 2020, text))
    joined = lab.recipes.join_agencies(lab.find_directives(corpus), lab.list_agencies(corpus))
    columns = ["verb", "agency", "role"]
    assert joined[columns].values.tolist() == [["开展", "基础教育处", "lead"], ["完成", "基础教育处", "lead"]]


def test_the_firmer_document_has_a_delta_above_zero(load):
    texts = {"a": "推进应用，完成评估，探索机制。", "b": "完成建设，落实任务。"}
    plans = [(name, "county", f"{name}县", 2020, f"一、任务\n1.培训。\n{text}\n") for name, text in texts.items()]
    table = lab.compare_strength(load(*plans), "b", "a", pairs=pd.DataFrame({"task": [1], "reference_task": [1]}))
    # 5 and 3 against 2, 5 and 1: firmer in 4 of 6 pairs, weaker in 1, even in 1.
    columns = ["n_coded", "reference_n_coded", "median", "reference_median", "share_firm", "reference_share_firm"]
    assert table[[*columns, "delta"]].values.tolist() == [[2, 3, 4, 2, 1 / 2, 1 / 3, (4 - 1) / 6]]


# A task's clauses by strength: 5 完成, 4 印发, 3 落实, 2 推进, 1 鼓励.
WORDS = {5: "完成验收", 4: "印发办法", 3: "落实任务", 2: "推进应用", 1: "鼓励创新"}


def make_plan(name, *tasks):
    """A plan of a county; a task is written as the strengths of its clauses."""
    headings = [
        f"{i}.第{i}项工作。\n{'，'.join(WORDS[level] for level in task)}。\n" for i, task in enumerate(tasks, 1)
    ]
    return name, "county", f"{name}县", 2020, f"一、{name}县任务\n{''.join(headings)}"


def pair_up(*pairs):
    return pd.DataFrame(pairs, columns=["task", "reference_task"])


def test_matched_tasks_beside_all_pairs_by_hand(load):
    """Own tasks 5,5 / 1 / no clause; reference tasks 3 / 2,5."""
    silent = ("b", "county", "b县", 2020, make_plan("b", [5, 5], [1])[-1] + "3.其他事项。\n各校是主体。\n")
    corpus = load(make_plan("a", [3], [2, 5]), silent)
    table = lab.compare_strength(corpus, "b", "a", pairs=pair_up((1, 1), (2, 2), (3, 2)), n_resamples=0)
    # 5,5 is firmer than 3 in all pairs of clauses, and than 2,5 in half of them; 1 is weaker than all.
    assert table["delta"].tolist()[:2] == [1, -1] and pd.isna(table["delta"].iloc[2])
    baseline = (1 + 1 / 2 - 1 - 1) / 4
    assert table["baseline"].tolist() == [baseline] * 3
    assert table["difference"].tolist() == [(1 - 1) / 2 - baseline] * 3
    assert table[["low", "high"]].isna().all().all()


@pytest.fixture(scope="module")
def many():
    """Two plans of nine tasks, of which eight are matched one to one, and one own task with two reference tasks."""
    own = [[5, 4], [3], [2, 2, 1], [4, 3], [1], [5], [2], [3, 3], [4]]
    other = [[5], [4], [2], [3, 3], [2, 1], [4, 5], [3], [2, 4], [1]]
    return own, other, pair_up(*((i, i) for i in range(1, 9)), (1, 9))


def test_the_interval_of_the_difference(load, many):
    own, other, pairs = many
    table = lab.compare_strength(load(make_plan("a", *other), make_plan("b", *own)), "b", "a", pairs=pairs)
    low, high = table[["low", "high"]].iloc[0]
    assert low < table["difference"].iloc[0] < high and table["low"].nunique() == 1
    # Neither names nor the order of tasks change a digit.
    turned = lab.compare_strength(
        load(make_plan("x", *other[::-1]), make_plan("y", *own[::-1])),
        "y",
        "x",
        pairs=pairs.rsub(10).sample(frac=1, random_state=1),
    )
    assert turned[["baseline", "difference", "low", "high"]].iloc[0].tolist() == pytest.approx(
        table[["baseline", "difference", "low", "high"]].iloc[0].tolist(), abs=1e-12
    )


def test_too_few_groups_of_matched_tasks_have_no_interval(load, many):
    own, other, pairs = many
    corpus = load(make_plan("a", *other), make_plan("b", *own))
    six, seven = (lab.compare_strength(corpus, "b", "a", pairs=pairs.head(n)) for n in (6, 7))
    assert six["low"].isna().all() and seven["low"].notna().all()
    # Seven pairs that tasks 1 and 2 connect are one group.
    joined = pair_up((1, 1), (1, 2), (2, 2), (2, 3), (1, 4), (1, 5), (1, 6))
    assert lab.compare_strength(corpus, "b", "a", pairs=joined)["low"].isna().all()


def test_a_group_that_is_drawn_twice_counts_twice():
    own, other = (
        pd.DataFrame(rows, columns=STRENGTHS) for rows in ([[0, 0, 0, 0, 1], [1, 0, 0, 0, 0]], [[0, 0, 1, 0, 0]])
    )
    deltas = baseline.measure_deltas(own, other)
    assert deltas.values.tolist() == [[1], [-1]]
    # The match 0-0 is a group, own task 1 another. Drawn 1 and 1 time, 2 and 0, 1 and 3.
    groups = baseline._group_tasks(np.array([[0, 0]]), 2, 1)
    drawn = np.array([[1.0, 1], [2, 0], [1, 3]])[:, [groups[0][0], groups[0][1]]]
    found = baseline._resample(deltas.to_numpy(), np.array([[0, 0]]), groups, drawn)
    assert found.tolist() == [1 - 0, 1 - 1, 1 - (1 - 3) / 4]


def make_strength(deltas, **same):
    ids = {"document_id": "chongqing-2019", "reference_id": "national-2019"}
    return pd.DataFrame({"delta": deltas, **ids, **same})


@pytest.mark.parametrize(
    ("same", "zh", "en"),
    [
        (
            {"baseline": -0.3, "difference": 0.4, "low": 0.1, "high": 0.7},
            "δ 的均值为 0.10；在两份文件的所有任务对中（不论是否匹配）为 −0.30。"
            "匹配的任务中，重庆 2019 的措辞比其整体措辞更强：相差 0.40 [0.10, 0.70]。",
            "The mean δ is 0.10; over all pairs of tasks of the two documents, matched or not, it is −0.30. In matched tasks "
            "Chongqing 2019 is worded more firmly than its wording throughout would suggest: the difference is 0.40 [0.10, 0.70].",
        ),
        (
            {"baseline": 0.3, "difference": -0.2, "low": -0.31, "high": -0.09},
            "δ 的均值为 0.10；在两份文件的所有任务对中（不论是否匹配）为 0.30。"
            "匹配的任务中，重庆 2019 的措辞比其整体措辞更弱：相差 −0.20 [−0.31, −0.09]。",
            "The mean δ is 0.10; over all pairs of tasks of the two documents, matched or not, it is 0.30. In matched tasks "
            "Chongqing 2019 is worded less firmly than its wording throughout would suggest: the difference is −0.20 "
            "[−0.31, −0.09].",
        ),
        (
            {"baseline": 0.1, "difference": -0.001, "low": -0.2, "high": 0.15},
            "δ 的均值为 0.10；在两份文件的所有任务对中（不论是否匹配）为 0.10。"
            "两者相差 0.00 [−0.20, 0.15]，与 0 无从区分：上述对数反映的是两份文件整体的措辞，而不是匹配的任务之间的关系。",
            "The mean δ is 0.10; over all pairs of tasks of the two documents, matched or not, it is 0.10. The difference, "
            "0.00 [−0.20, 0.15], cannot be distinguished from 0: the counts reflect how the two documents are worded throughout, "
            "not how they word the tasks that they share.",
        ),
        (
            {"baseline": 0.0, "difference": 0.1, "low": np.nan, "high": np.nan},
            "δ 的均值为 0.10；在两份文件的所有任务对中（不论是否匹配）为 0.00。"
            "两者相差 0.10；匹配的任务太少，得不出区间，因此不能说匹配的任务与其他任务对有别。",
            "The mean δ is 0.10; over all pairs of tasks of the two documents, matched or not, it is 0.00. They differ by 0.10. "
            "There are too few matched tasks for an interval, so nothing can be said about matched tasks in particular.",
        ),
    ],
)
def test_the_sentence_goes_by_the_difference(corpus, same, zh, en):
    strength = make_strength([0.5, -0.3, np.nan], **same)
    head = "**2 对**匹配的任务两边都有可编码的分句：重庆 2019 措辞更强的 1 对，全国 2019 更强的 1 对，相等 0 对。"
    assert (
        lab.readings.describe_strength(strength, corpus, language="zh")
        == f"{head}{zh}以上把匹配都当作对的，并且只说明这两份文件的措辞。"
    )
    head = (
        "**2 matched pairs** of tasks have coded clauses on both sides: Chongqing 2019 is worded more firmly in 1, "
        "National 2019 in 1, neither in 0. "
    )
    end = " This takes all matches for right, and holds only for the wording of these two documents."
    assert lab.readings.describe_strength(strength, corpus, language="en") == f"{head}{en}{end}"


def test_wording_of_matched_tasks(corpus):
    tasks = pd.DataFrame({"task": [21, 28], "reference_task": [18, 25]})
    table = lab.compare_strength(corpus, "chongqing-2019", "national-2019", pairs=tasks)
    assert table["delta"].between(-1, 1).all()
    mirrored = lab.compare_strength(
        corpus,
        "national-2019",
        "chongqing-2019",
        pairs=tasks.rename(columns={"task": "reference_task", "reference_task": "task"}),
    )
    assert sorted(mirrored["delta"]) == sorted(-table["delta"])
    itself = lab.compare_strength(
        corpus, "national-2019", "national-2019", pairs=pd.DataFrame({"task": [4], "reference_task": [4]})
    )
    assert itself["delta"].tolist() == [0]


def test_a_word_without_its_strength(tmp_path):
    path = tmp_path / "verbs.csv"
    path.write_text(
        "verb,role,strength,reason\n完成,verb,,结果\n积极,modifier,3,方式\n推进,verb,6,过程\n", encoding="utf-8"
    )
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.load_verbs(path)
    assert str(raised.value).split("\n  ") == [
        f"{path} has 3 problems:",
        "row 2, column strength: the verb 完成 has none. Write 1 to 5.",
        "row 3, column strength: '3' is given to a modifier, which has none. Leave the cell blank.",
        "row 4, column strength: '6' is unknown. Use one of 1, 2, 3, 4, 5.",
    ]


def test_one_column_may_come_alone(directives):
    one, other = (lab.measure_strength(directives, by) for by in ("document_id", ["document_id"]))
    pd.testing.assert_frame_equal(one, other)
