"""Two plans side by side: one bundle of tables, and how far it depends on the threshold."""

import pandas as pd
import pytest

import policylab as lab


@pytest.fixture(scope="module")
def plans(compare):
    return compare("chongqing-2019")


def test_all_tables_are_of_the_two_plans(plans):
    assert (plans.document_id, plans.reference_id) == ("chongqing-2019", "national-2019")
    for name in ("tasks", "targets", "agencies", "strength", "sources"):
        ids = getattr(plans, name)[["document_id", "reference_id"]].drop_duplicates()
        assert ids.values.tolist() == [["chongqing-2019", "national-2019"]]
    assert repr(plans) == (
        "Plans(chongqing-2019 against national-2019: 41 tasks, 37 targets, 163 agencies, 41 strength, 36 sources)"
    )


def test_the_default_threshold_gives_the_plans_themselves(corpus, plans):
    table = lab.recipes.vary_threshold(corpus, plans.document_id, plans.reference_id, thresholds=(0.2, 0.3, 0.4))
    assert table[["threshold", "cutoff"]].values.tolist() == [[t, c] for t in (0.2, 0.3, 0.4) for c in (0.5, 0.6, 0.7)]
    assert table["n_pairs"].is_monotonic_decreasing and table["n_pairs"].nunique() == 3
    default = table.set_index(["threshold", "cutoff"]).loc[0.3, 0.6]
    assert default["n_pairs"] == len(plans.tasks)
    assert default["n_false"] == plans.false_matches["n_false"].item() and table["n_false"].is_monotonic_decreasing
    relations = plans.targets["relation"].value_counts()
    assert default[relations.index].to_dict() == relations.to_dict()
    assert default["mean_delta"] == plans.strength["delta"].mean()
    assert default["difference"] == plans.strength["difference"].iloc[0]


def test_outcomes_vary_with_the_cutoff_of_targets(corpus):
    table = lab.recipes.vary_threshold(
        corpus, "national-2019", "national-2017", thresholds=[0.3], shifts=[-0.2, 0, 0.39]
    )
    judged, paired = table["to be judged"], table[["raised", "kept", "lowered"]].sum(axis=1)
    assert paired.is_monotonic_decreasing and paired.iloc[0] > paired.iloc[2]
    # Every target has one row, however alike two must be.
    targets = lab.recipes.compare_plans(corpus, "national-2019").targets
    both = targets[["target", "reference_target"]].notna().sum().sum()
    pairs = table[["raised", "kept", "lowered", "scaled", "to be judged"]].sum(axis=1)
    assert judged.min() >= 0 and (2 * pairs + table["dropped"] + table["new"] <= both).all()


REPORT = "一、发展目标\n{}\n"


def test_without_tasks_only_the_cutoff_varies(load):
    corpus = load(
        ("a", "national", "全国", 2019, REPORT.format("自来水普及率达到90%，建设公园800座。")),
        ("b", "provincial", "福建省", 2020, REPORT.format("自来水入户率达到95%，新建学校10所。")),
    )
    # 自来水普及率 and 自来水入户率 share 4 of 6 characters and 2 of 5 pairs, the clauses (with 率达 and 达到) 4 of 7.
    similarity = 0.75 * (4 / 6 + 2 / 5) / 2 + 0.25 * 4 / 7
    shifts = [similarity - 0.6 - 0.01, similarity - 0.6 + 0.01, similarity - 0.26 + 0.01]
    table = lab.recipes.vary_threshold(corpus, "b", "a", shifts=shifts)
    assert table["threshold"].isna().all() and table["n_pairs"].eq(0).all() and table["mean_delta"].isna().all()
    assert table[["raised", "to be judged", "dropped", "new"]].values.tolist() == [
        [1, 0, 1, 1],
        [0, 1, 1, 1],
        [0, 0, 2, 2],
    ]
    said = lab.readings.describe_thresholds(table.assign(cutoff=[0.5, 0.6, 0.7]), language="en")
    assert said == (
        "The two documents have no tasks to match, so only the similarity varies from which two targets are one thing: 0.5, 0.6, "
        "0.7 (0.6 is used above). Different (in brackets: with the thresholds used above): raised 0–1 (0), to be judged 0–1 (1), dropped 1–2 (1), "
        "new 1–2 (1). Do not quote a number that varies without its thresholds."
    )


def test_both_thresholds_are_said():
    table = pd.DataFrame({"threshold": [0.2, 0.2, 0.3, 0.3], "cutoff": [0.5, 0.6] * 2, "kept": 2, "new": [1, 2, 2, 3]})
    table["related"] = True
    table = table.assign(
        **dict.fromkeys(("raised", "lowered", "scaled", "to be judged", "not comparable", "dropped"), 0)
    )
    assert lab.readings.describe_thresholds(table, language="zh") == (
        "任务匹配的阈值取 0.2、0.3，判定为同一目标的名称相似度取 0.5、0.6（以上所用为 0.3 与 0.6），各种组合的结果如下。"
        "各行相同：保持 2。各行不同：新提出 1–3（3）（括号内为以上所用阈值下的数目）。引用有变化的数目时须注明阈值。"
    )
    assert lab.readings.describe_thresholds(table.assign(related=False), language="en") == (
        "Thresholds of 0.2, 0.3 for matched tasks were combined with similarities of 0.5, 0.6 from which two targets are one "
        "thing (0.3 and 0.6 are used above). The same in all rows: kept 2. Different (in brackets: with the thresholds used above): "
        "new 1–3 (3). "
        "The two documents share too little for these numbers to be quoted."
    )
    assert lab.readings.describe_thresholds(table.head(0), language="en") == (
        "There is no threshold to vary: there is no reference, or the two documents have no targets to compare."
    )


def test_codes_decide_the_matches_of_both_notebooks(corpus):
    """What align_pair and compare_plans make of one sheet is the same, and the table of thresholds keeps the codes."""
    ids = ("chongqing-2019", "national-2019")
    pairs = lab.align_tasks(corpus, *ids)
    graded = lab.sample_pairs(corpus, pairs).merge(pairs)
    codes = graded.assign(grade=(graded["score"] > 0.45).astype(int), coder="甲", coder_kind="person")
    plans, aligned = (
        lab.recipes.compare_plans(corpus, *ids, codes=codes),
        lab.recipes.align_pair(corpus, *ids, codes=codes),
    )
    matched = aligned.pairs[aligned.pairs["matched"]].reset_index(drop=True)
    pd.testing.assert_frame_equal(plans.tasks, matched)
    pd.testing.assert_frame_equal(plans.pairs, aligned.pairs)
    assert plans.threshold == aligned.threshold == plans.calibration.threshold != 0.3
    table = lab.recipes.vary_threshold(corpus, *ids, calibration=plans.calibration, shifts=[0])
    low, middle, high = (round(plans.threshold * part, 2) for part in (2 / 3, 1, 4 / 3))
    assert table["threshold"].tolist() == [low, middle, high]
    assert table["n_pairs"][1] == len(plans.tasks)
    assert (
        table[plans.targets["relation"].unique()].loc[1].to_dict() == plans.targets["relation"].value_counts().to_dict()
    )
    n = len(matched)
    said = lab.readings.describe_plans(plans, corpus, language="en")
    counts = f"{matched['task'].nunique()} of the 31 tasks of the first and {matched['reference_task'].nunique()} of the 35 of the second"
    assert said == (
        f"**Chongqing 2019** is compared with **National 2019** (same year): **{n} pairs** of tasks match, with {counts}. Tasks are "
        f"matched by codes: the 40 coded pairs as coded, all others from a score of {plans.threshold:.2f} on. "
        f"About {plans.false_matches['n_false'].item():.0f} of the pairs are expected to be false."
    )
    assert lab.readings.describe_plans(plans, corpus, language="zh").endswith(
        f"任务的匹配依据判读：判读过的 40 对以判读为准，其余得分从 {plans.threshold:.2f} 起算作匹配。"
        f"其中预计约有 {plans.false_matches['n_false'].item():.0f} 对是误配。"
    )


def test_codes_without_tasks_are_refused(load):
    corpus = load(
        ("a", "national", "全国", 2019, REPORT.format("自来水普及率达到90%。")),
        ("b", "provincial", "福建省", 2020, REPORT.format("自来水入户率达到95%。")),
    )
    with pytest.raises(lab.PolicylabError) as error:
        lab.recipes.compare_plans(corpus, "b", "a", codes="sheet.csv")
    assert str(error.value) == (
        "Codes are given, but b and a do not both have tasks. Check the ids, or leave the codes out."
    )
