"""Directive strength: which verb opens a clause, and what the measures make of it."""

import pandas as pd
import pytest

import policylab as lab


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
