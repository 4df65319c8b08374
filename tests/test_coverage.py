"""Measures on an alignment and its evaluation: hand arithmetic, scipy and scikit-learn as second opinions, bad input."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

import policylab as lab
from policylab.alignment.coverage import CORRECTED, _measure, measure_order
from policylab.alignment.reliability import A, B, Reliability, default_reliability, draw_links
from policylab.base.paths import DATA
from policylab.base.proportions import Z, wilson_interval

COLUMNS = ["task", "reference_task", "score", "matched"]
SMALL = pd.DataFrame(
    [(t, r, 0.9 if (t, r) in {(1, 1), (1, 2), (2, 2)} else 0.1) for t in (1, 2, 3) for r in (1, 2, 3, 4)],
    columns=COLUMNS[:3],
)
SMALL["matched"] = SMALL["score"] > 0.5


@pytest.fixture(scope="module")
def gold():
    return json.loads((DATA / "gold" / "alignment-chongqing-2019.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def small(corpus):
    """The first three tasks of Chongqing and the first four of the national plan, as if there were no others."""
    first = corpus.tasks["document_id"].map({"chongqing-2019": 3, "national-2019": 4})
    return replace(corpus, tasks=corpus.tasks[corpus.tasks["task"].astype("int64") <= first])


def make_pairs(**more):
    """Three tasks of Chongqing by four of the national plan: 1 takes up 1 and 2, 2 takes up 2, 3 nothing; 3 and 4 are left out."""
    return SMALL.assign(document_id="chongqing-2019", reference_id="national-2019", **more)


def test_measures_by_hand(small):
    measures = lab.summarize_alignment(small, make_pairs()).set_index("measure")
    expected = {
        "coverage": 2 / 4,
        "novelty": 1 / 3,
        "continuity": (2 + 2) / (4 + 3),
        "concentration": 3 / 2,
        "divided": 1 / 2,
        "combined": 1 / 2,
        # Links (1,1) (1,2) (2,2): one of three pairs of links is ordered on both sides, two are ordered on each.
        "order": 1 / 2,
    }
    assert measures["value"][list(expected)].to_dict() == pytest.approx(expected)
    assert measures["n"][list(expected)].tolist() == [4, 3, 7, 2, 2, 2, 3]
    few = ["order", "reuse"]  # of two tasks with a match they have no interval
    bounded = measures.drop(few)
    assert (bounded["low"] <= bounded["value"]).all() and (bounded["value"] <= bounded["high"]).all()
    assert measures.loc[few, ["low", "high"]].isna().all(axis=None)
    assert set(measures.loc[few, "reason"]) == {
        "too few tasks with a match: no interval; corrected: too few tasks with a match: no interval"
    }
    assert set(measures["comparison"]) == {"same year"}


def test_measures_depend_on_nothing_but_the_pair(corpus, pairs):
    fujian = lab.align_tasks(corpus, "fujian-2020", "national-2019")
    together = lab.summarize_alignment(
        corpus, pd.concat([fujian, pairs]).sample(frac=1, random_state=1), n_resamples=50
    )
    alone = lab.summarize_alignment(corpus, pairs, n_resamples=50)
    pd.testing.assert_frame_equal(together[together["document_id"] == "chongqing-2019"].reset_index(drop=True), alone)
    labels = together.drop_duplicates("document_id").set_index("document_id")[["lag", "comparison"]]
    assert labels.loc["fujian-2020"].tolist() == [1, "lagged"]
    assert labels.loc["chongqing-2019"].tolist() == [0, "same year"]


def test_the_seed_decides_the_interval(corpus, pairs):
    first, again, other = (lab.summarize_alignment(corpus, pairs, n_resamples=50, seed=seed) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(first, again)
    pd.testing.assert_series_equal(first["value"], other["value"])
    assert not np.allclose(first["low"], other["low"])


def test_few_resamples_are_refused_and_none_give_no_interval(corpus, pairs, gold):
    measures = {
        "summary": lambda n: lab.summarize_alignment(corpus, pairs, n_resamples=n),
        "coverage": lambda n: lab.measure_coverage(corpus, pairs, n_resamples=n),
        "evaluation": lambda n: lab.evaluate_alignment(pairs, gold, n_resamples=n),
    }
    for measure in measures.values():
        for n in (-1, 1, 39, 40.5):
            with pytest.raises(lab.PolicylabError) as error:
                measure(n)
            assert str(error.value) == (
                f"n_resamples={n}: expected a whole number of 40 or more for 95% intervals, or 0 for none."
            )
        none, some = measure(0), measure(40)
        drawn = ["low", "high", *none.columns.intersection(CORRECTED)]
        assert none[drawn].isna().all(axis=None) and some["low"].notna().any()
        values = none.columns.difference(drawn)
        pd.testing.assert_frame_equal(none[values], some[values])


def test_undefined_measures_are_nan_with_a_reason(small):
    measures = lab.summarize_alignment(small, make_pairs(matched=False), n_resamples=40).set_index("measure")
    undefined = measures[measures["value"].isna()]
    apart = "; corrected: the two documents share too little"
    few = "; too few tasks with a match: no interval"
    assert undefined["reason"].to_dict() == {
        "concentration": f"no task is taken up{apart}",
        "divided": f"no task is taken up{apart}",
        "combined": f"no task has a match{apart}",
        "order": f"fewer than two links that can be ordered{few}{apart}",
    }
    assert undefined[["low", "high"]].isna().all(axis=None)
    # Nothing is taken up: of four tasks, which is no certainty.
    assert measures.loc["coverage", ["value", "low", "high"]].tolist() == pytest.approx([0, 0, Z**2 / (4 + Z**2)])


def test_shares_of_tasks_have_the_interval_of_wilson(small):
    measures = lab.summarize_alignment(small, make_pairs()).set_index("measure")
    counts = {"coverage": (2, 4), "novelty": (1, 3), "continuity": (4, 7), "divided": (1, 2), "combined": (1, 2)}
    for name, (k, n) in counts.items():
        assert measures.loc[name, ["low", "high"]].tolist() == wilson_interval(k, n).tolist()
    coverage = lab.measure_coverage(small, make_pairs())
    expected = [wilson_interval(k, n).tolist() for k, n in ((2, 4), (2, 2), (0, 2))]
    assert coverage[["low", "high"]].values.tolist() == expected


def test_corrected_by_hand(small):
    """Where all was coded there is no doubt: what is corrected is the measure of the coded links, here (1,1) (2,3) (3,2)."""
    coded = {(1, 1), (2, 3), (3, 2)}
    linked = [pair in coded for pair in zip(SMALL["task"], SMALL["reference_task"])]
    pairs = make_pairs(linked=pd.array(linked, dtype="boolean"))
    measures = lab.summarize_alignment(small, pairs).set_index("measure")
    expected = {"coverage": 3 / 4, "novelty": 0, "continuity": 6 / 7, "concentration": 1, "divided": 0, "order": 1 / 3}
    assert measures["corrected"][list(expected)].to_dict() == pytest.approx(expected)
    interval = measures.loc["coverage", ["corrected_low", "corrected_high"]].tolist()
    assert interval == pytest.approx(wilson_interval(3, 4).tolist(), abs=1e-9)
    # What was matched is counted as before.
    same = ["value", "low", "high", "n"]
    counted = lab.summarize_alignment(small, make_pairs()).set_index("measure")
    pd.testing.assert_frame_equal(measures[same], counted[same])
    tasks = lab.list_counterparts(small, pairs)
    assert tasks["probability"].tolist() == [1, 1, 1, 0]
    # Half coded: the other pairs of task 3 are open, so it may have a counterpart.
    pairs["linked"] = pairs["linked"].mask(pairs["task"] == 3)
    tasks = lab.list_counterparts(small, pairs, side="document").set_index("task")["probability"]
    chance = default_reliability().probability(np.array([0.1]))[0]
    assert tasks[1] == tasks[2] == 1 and chance < tasks[3] < 4 * chance


def test_probability_of_a_counterpart_by_hand(small):
    """Two pairs of known probability: one of them is a link unless neither is."""
    pairs = make_pairs().assign(score=np.where(SMALL["reference_task"] < 3, 0.3, 0.0))
    certain = Reliability(((np.abs(A - 0.5) < 1e-9) & (np.abs(B - 1) < 1e-9)).astype(float))
    found = lab.list_counterparts(small, pairs, side="document", reliability=certain)["probability"]
    p = 1 / (1 + np.exp(-0.5))
    assert found.tolist() == pytest.approx([1 - (1 - p) ** 2] * 3, abs=1e-3)
    coverage = lab.measure_coverage(small, pairs, side="document", reliability=certain, n_resamples=4000)
    assert coverage["corrected"].iloc[0] == pytest.approx(1 - (1 - p) ** 2, abs=0.01)


def test_corrected_depends_on_no_threshold(corpus, pairs):
    strict = pairs.assign(matched=pairs["score"] > 0.9)
    first, other = (lab.summarize_alignment(corpus, table, n_resamples=50)[CORRECTED] for table in (pairs, strict))
    pd.testing.assert_frame_equal(first, other)


def test_few_draws_with_links_have_no_corrected_value(small):
    measures = lab.summarize_alignment(
        small, make_pairs(score=0.001), reliability=default_reliability(), n_resamples=40
    ).set_index("measure")
    assert measures.loc["concentration", "reason"] == "corrected: no task is taken up in most draws"
    assert measures.loc["order", "reason"] == (
        "too few tasks with a match: no interval; corrected: fewer than two links that can be ordered in most draws"
    )
    assert measures.loc[["concentration", "divided", "combined", "order"], CORRECTED].isna().all(axis=None)
    assert measures.loc["coverage", "corrected"] < 0.1


def test_nothing_is_corrected_where_two_documents_share_too_little(small):
    apart = make_pairs(score=0.001)
    assert set(lab.recipes.measure_false_matches(apart)["related"]) == {False}
    measures = lab.summarize_alignment(small, apart, n_resamples=40)
    assert measures[CORRECTED].isna().all(axis=None)
    assert {reason.split("; ")[-1] for reason in measures["reason"]} == {
        "corrected: the two documents share too little"
    }
    assert measures["value"].tolist() == lab.summarize_alignment(small, make_pairs())["value"].tolist()
    assert lab.measure_coverage(small, apart, n_resamples=40)[CORRECTED].isna().all(axis=None)
    reference, own = (lab.list_counterparts(small, apart, side=side) for side in ("reference", "document"))
    assert reference["status"].tolist() == ["match", "match", "no match", "no match"]
    assert own["status"].tolist() == ["match", "match", "no match"]
    assert own["probability"].isna().all()
    # Who coded a pair, or brings what scores are worth, is not told so.
    coded = apart.assign(linked=pd.array([True, *[pd.NA] * (len(apart) - 1)], dtype="boolean"))
    for table, reliability in ((coded, None), (apart, default_reliability())):
        tasks = lab.list_counterparts(small, table, reliability=reliability)
        assert tasks["status"].tolist() == ["taken up", "taken up", "left out", "left out"]
        assert tasks["probability"].notna().all()
        measures = lab.summarize_alignment(small, table, reliability=reliability, n_resamples=40).set_index("measure")
        assert measures.loc[["coverage", "novelty"], CORRECTED].notna().all(axis=None)


def test_corrected_intervals_hold_what_a_known_model_makes():
    """Documents whose links follow the model: the interval, which is also that of few tasks, holds the truth in 95% or more."""
    rng, prior, held = np.random.default_rng(0), default_reliability(), []
    for _ in range(60):
        odds = rng.normal(-4, 1.5, (12, 14)) + 6 * np.eye(12, 14)
        a, b = (axis[rng.choice(len(A), p=prior.weights)] for axis in (A, B))
        truth = rng.random(odds.shape) < 1 / (1 + np.exp(-(a + b * (odds - np.log(3 / 7)))))
        task, reference_task = (axis.ravel() for axis in np.indices(odds.shape))
        pairs = pd.DataFrame(
            {"task": task, "reference_task": reference_task, "score": (1 / (1 + np.exp(-odds))).ravel()}
        )
        drawn = draw_links(pairs.assign(document_id="a", reference_id="b"), None, 200, 0).reshape(-1, *odds.shape)
        draws = rng.multinomial(12, np.ones(12) / 12, 200), rng.multinomial(14, np.ones(14) / 14, 200)
        links = np.concatenate([truth[None], drawn])
        table = _measure(links, np.zeros((201, 12)), np.ones(12), draws)
        value, low, high = np.array([(row[1], row[8], row[9]) for row in table], dtype=float).T
        held.append(np.where(np.isnan(value + low), np.nan, (low <= value) & (value <= high)))
    share = np.nanmean(np.array(held)[:, :7], axis=0)
    assert (share >= 0.93).all(), share


def test_order_against_scipy():
    matched = np.random.default_rng(1).random((9, 11)) < 0.3
    task, reference = np.nonzero(matched)
    assert measure_order(matched)[0] == pytest.approx(kendalltau(task, reference).statistic)
    # A task drawn three times is a task with each of its links three times.
    weights = np.array([[3, 0, 1, 2, 1, 0, 1, 1, 0]])
    copies = np.repeat(np.arange(len(task)), weights[0][task])
    assert measure_order(matched, weights)[0] == pytest.approx(kendalltau(task[copies], reference[copies]).statistic)


def test_counterparts_of_either_side(small):
    reference = lab.list_counterparts(small, make_pairs())
    assert reference["status"].tolist() == ["taken up", "taken up", "left out", "left out"]
    assert reference["n_matched"].tolist() == [1, 2, 0, 0]
    assert reference["section_title"].iloc[0] == "加强教育信息化和网络安全统筹部署"
    own = lab.list_counterparts(small, make_pairs(), side="document")
    assert own[["task", "status", "best"]].values.tolist() == [[1, "taken up", 1], [2, "taken up", 2], [3, "own", 1]]
    with pytest.raises(lab.PolicylabError) as error:
        lab.list_counterparts(small, make_pairs(), side="province")
    assert str(error.value) == "side='province' is unknown. Use one of 'reference', 'document'."


def test_sections_add_up_to_the_whole(corpus, pairs):
    coverage = lab.measure_coverage(corpus, pairs, n_resamples=40)
    whole = coverage[coverage["section"].isna()].iloc[0]
    parts = coverage[coverage["section"].notna()]
    assert len(parts) == 11
    assert parts[["n_tasks", "n_taken_up"]].sum().tolist() == whole[["n_tasks", "n_taken_up"]].tolist()
    assert whole["n_tasks"] == 35
    assert coverage["share"].to_numpy() == pytest.approx((coverage["n_taken_up"] / coverage["n_tasks"]).to_numpy())


def test_whole_documents_by_hand():
    texts = {"a": ["数字校园。数字校园。", "网络安全"], "b": ["数字校园", "督导"]}
    paragraphs = pd.DataFrame(
        [(d, i, t) for d, ts in texts.items() for i, t in enumerate(ts, 1)],
        columns=["document_id", "paragraph", "text"],
    )
    tokens = lab.tokenize(paragraphs, lab.Segmenter(terms=["数字校园", "网络安全", "督导"])).assign(
        task=pd.NA, section=pd.NA
    )
    row = lab.recipes.compare_documents(tokens.assign(year=2019), unit="paragraph").iloc[0]
    a, b = np.array([1 + np.log(2), 1, 0]), np.array([1, 0, 1])
    assert row["cosine"] == pytest.approx(a @ b / np.sqrt((a @ a) * (b @ b)))
    assert row[["jaccard", "contained", "reference_contained"]].tolist() == [1 / 3, 1 / 2, 1 / 2]
    # Without a's first paragraph nothing is shared, without its second the network is gone; the same for b.
    only, ends = np.array([1 + np.log(2), 0, 0]), []
    for left, right in ((np.array([[0, 1, 0], only]), b), (np.array([[0, 0, 1], [1, 0, 0]]), a)):
        values = left @ right / np.sqrt((left**2).sum(axis=1) * (right @ right))
        ends.append(((values - values.mean()) ** 2).sum() / 2)
    assert row["high"] == pytest.approx(min(row["cosine"] + 1.96 * np.sqrt(sum(ends)), 1))
    narrow = "two paragraphs, so the interval may be too narrow"
    assert row[["unit", "reason"]].tolist() == ["paragraph", f"a: {narrow}; b: {narrow}"]


def test_the_interval_of_whole_documents_is_the_jackknife(tokens):
    """Every task of either document is left out once; the variances of both add up."""
    row = lab.recipes.compare_documents(tokens, unit="task").set_index(["document_id", "reference_id"])
    row = row.loc[("chongqing-2019", "national-2019")]
    kept = tokens[tokens["mask"].isna() & tokens["task"].notna()]
    counts = pd.crosstab([kept["document_id"], kept["task"]], kept["token"])
    parts = [counts.loc[name].to_numpy() for name in ("chongqing-2019", "national-2019")]

    def compare(one, other):
        one, other = (np.where(total > 0, 1 + np.log(np.maximum(total, 1)), 0) for total in (one, other))
        return one @ other / np.sqrt((one @ one) * (other @ other))

    cosine, variance = compare(parts[0].sum(axis=0), parts[1].sum(axis=0)), 0
    for part, other in (parts, parts[::-1]):
        values = [compare(part.sum(axis=0) - left_out, other.sum(axis=0)) for left_out in part]
        variance += (len(part) - 1) * np.var(values)
    reach = 1.96 * np.sqrt(variance)
    assert row[["low", "cosine", "high"]].tolist() == pytest.approx([cosine - reach, cosine, cosine + reach])


def make_tokens(texts, terms=("数字校园", "网络安全", "督导")):
    """Tokens of {document_id: [(task, text), ...]}, one paragraph each."""
    rows = [(name, i, text, task) for name, parts in texts.items() for i, (task, text) in enumerate(parts, 1)]
    table = pd.DataFrame(rows, columns=["document_id", "paragraph", "text", "task"]).astype({"task": "Int64"})
    tokens = lab.tokenize(table, lab.Segmenter(terms)).astype({"document_id": "str"})
    return tokens.merge(table[["document_id", "paragraph", "task"]], on=["document_id", "paragraph"]).assign(year=2019)


def test_a_third_document_changes_no_pair_of_whole_documents():
    tokens = make_tokens(
        {
            "a": [(None, "督导"), (1, "数字校园"), (2, "网络安全")],
            "b": [(1, "数字校园"), (2, "督导")],
            "c": [(None, "数字校园"), (None, "督导")],
        }
    )
    whole = lab.recipes.compare_documents(tokens)
    assert whole["unit"].tolist() == ["task", "paragraph", "paragraph"]
    for ids in (["a", "b"], ["a", "c"], ["b", "c"]):
        alone = lab.recipes.compare_documents(tokens[tokens["document_id"].isin(ids)])
        same = whole[(whole["document_id"] == ids[0]) & (whole["reference_id"] == ids[1])]
        pd.testing.assert_frame_equal(same.reset_index(drop=True), alone)
    assert whole["n_words"].tolist() == [2, 3, 2]  # the preface of a counts where paragraphs are the units


def test_whole_documents_without_an_interval_say_why():
    tokens = make_tokens({"a": [(1, "数字校园")], "b": [(1, "《督导》")], "c": [(1, "数字校园"), (2, "督导")]})
    rows = lab.recipes.compare_documents(tokens, unit="task").set_index(["document_id", "reference_id"])
    assert rows["reason"].to_dict() == {
        ("a", "b"): "a: one task, so no interval; b: no counted word in a task",
        ("a", "c"): "a: one task, so no interval; c: two tasks, so the interval may be too narrow",
        ("b", "c"): "b: no counted word in a task; c: two tasks, so the interval may be too narrow",
    }
    assert rows["low"].isna().all() and rows["cosine"].isna().tolist() == [True, False, True]
    assert rows["reference_contained"].isna().tolist() == [True, False, False]


def test_whole_documents_are_no_unit_to_leave_out():
    with pytest.raises(lab.PolicylabError) as error:
        lab.recipes.compare_documents(make_tokens({"a": [(1, "督导")], "b": [(1, "督导")]}), unit="document")
    assert str(error.value) == "unit='document' is unknown. Use one of 'task', 'section', 'paragraph', or None."


def test_pairs_must_be_whole(corpus, pairs):
    sections = lab.align_tasks(corpus, "chongqing-2019", "national-2019", unit="section")
    held = "of the 1085 pairs of chongqing-2019 and national-2019"
    end = "Pass the whole table of align_tasks."
    n = pairs["matched"].sum()
    cases = [
        (pairs[pairs["matched"]], f"pairs holds {n} {held}. {end}"),
        (pairs[pairs["task"] > 1], f"pairs holds 1050 {held}. {end}"),
        (pd.concat([pairs, pairs.head(1)]), f"pairs holds 1085 {held}, some of them twice. {end}"),
        (pd.concat([pairs.head(1), pairs.head(-1)]), f"pairs holds 1084 {held}, some of them twice. {end}"),
        (sections, "Measures need pairs of tasks (unit='task'). These are pairs of sections."),
    ]
    for measure in (lab.summarize_alignment, lab.list_counterparts, lab.measure_coverage):
        for table, message in cases:
            with pytest.raises(lab.PolicylabError) as error:
                measure(corpus, table)
            assert str(error.value) == message


def test_evaluation_against_scikit_learn(pairs, gold):
    measured = lab.evaluate_alignment(pairs, gold, n_resamples=200).set_index("measure")
    links = {(link["provincial_task"], link["national_task"]) for link in gold["links"]}
    truth = np.array([pair in links for pair in zip(pairs["task"], pairs["reference_task"])])
    precision, recall, f1, _ = precision_recall_fscore_support(truth, pairs["matched"], average="binary")
    assert measured["value"][["precision", "recall", "F1"]].tolist() == pytest.approx([precision, recall, f1])
    by_task = [
        average_precision_score(truth[rows], pairs["score"].to_numpy()[rows])
        for rows in pairs.groupby("task").indices.values()
        if truth[rows].any()
    ]
    assert measured["value"]["MAP"] == pytest.approx(np.mean(by_task))
    assert measured["n"].tolist() == [pairs["matched"].sum(), 48, pairs["matched"].sum() + 48, 31]
    assert ((measured["low"] < measured["value"]) & (measured["value"] < measured["high"])).all()


def test_few_tasks_with_a_link_have_no_interval_of_draws(pairs, gold):
    """Ten tasks with a link have intervals; of nine F1 and MAP have none, precision and recall Wilson's."""
    linked = sorted({link["provincial_task"] for link in gold["links"]})
    for n in (10, 9):
        own = pairs[pairs["task"].isin(linked[:n])]
        links = [link for link in gold["links"] if link["provincial_task"] in linked[:n]]
        measured = lab.evaluate_alignment(own, links, n_resamples=100).set_index("measure")
        known = {(link["provincial_task"], link["national_task"]) for link in links}
        found = own.loc[own["matched"], ["task", "reference_task"]].itertuples(index=False, name=None)
        both = len(known & set(found))
        wilson = [wilson_interval(both, k).tolist() for k in (own["matched"].sum(), len(links))]
        ends = measured.loc[["precision", "recall"], ["low", "high"]].values.tolist()
        missing = measured.loc[["F1", "MAP"], ["low", "high"]].isna()
        reason = "too few tasks have a link (9; 10 are needed): no interval"
        if n == 9:
            assert ends == wilson and missing.all(axis=None)
            assert measured["reason"].tolist() == ["", "", reason, reason]
        else:
            assert ends != wilson and not missing.any(axis=None) and (measured["reason"] == "").all()


def test_a_task_without_links_has_no_rank():
    rows = [[1, 1, 0.9, True], [1, 2, 0.6, False], [2, 1, 0.8, True], [2, 2, 0.4, False], [3, 1, 0.3, False]]
    pairs = pd.DataFrame([*rows, [3, 2, 0.2, False]], columns=["task", "reference_task", "score", "matched"])
    gold = pd.DataFrame({"task": [1, 2], "reference_task": [1, 2]})  # nothing for the third task
    measured = lab.evaluate_alignment(pairs, gold, n_resamples=0).set_index("measure")
    assert measured.loc["MAP", ["value", "n"]].tolist() == [0.75, 2]  # 1 and 1/2


def test_a_gold_of_coded_pairs_only(pairs):
    # Task 1: matched and a link. Task 2: matched, coded as none. Task 3: a link that was not matched. The rest is unknown.
    coded = pd.DataFrame({"task": [1, 2, 3], "reference_task": [1, 2, 1], "grade": [2, 0, 1]})
    measured = lab.evaluate_alignment(pairs, coded, complete=False, n_resamples=40).set_index("measure")
    assert measured["value"][["precision", "recall", "F1"]].tolist() == [0.5, 0.5, 0.5]
    assert np.isnan(measured["value"]["MAP"]) and measured["reason"]["MAP"] == "the gold is a sample of pairs"
    links = coded[coded["grade"] > 0]
    only = lab.evaluate_alignment(pairs, links, complete=False, n_resamples=40).set_index("measure")
    assert only["value"]["recall"] == 0.5
    assert only["reason"][["precision", "F1"]].tolist() == ["the sample holds links only"] * 2


def test_scores_are_probabilities(pairs, gold):
    bands = lab.recipes.measure_calibration(pairs, gold)
    edges = [0, 0.02, 0.1, 0.3, 0.8, 1]
    assert bands["mean_score"].between(edges[:-1], edges[1:]).all()
    in_band = np.histogram(pairs["score"], bins=edges)[0]
    assert bands["n_pairs"].tolist() == in_band.tolist()
    assert bands["n_pairs"].sum() == 31 * 35 and bands["n_linked"].sum() == 48
    assert bands["mean_score"].is_monotonic_increasing
    # All predicted probabilities together expect as many links as there are.
    assert (bands["n_pairs"] * bands["mean_score"]).sum() == pytest.approx(48, abs=3)


LINK = {"task": [1], "reference_task": [1]}


@pytest.mark.parametrize(
    ("gold", "message"),
    [
        (pd.DataFrame({"task": [1]}), "The table gold has no column reference_task. It has task."),
        (
            pd.DataFrame(LINK | {"grade": [0]}),
            "The gold has no link: every grade is 0. Code at least one pair of tasks that are counterparts.",
        ),
        (
            pd.DataFrame({"task": [1, 1], "reference_task": [1, 1]}),
            "The table gold lists a pair twice: task 1, reference_task 1. Keep one row for a pair of tasks.",
        ),
        (
            pd.DataFrame({"task": [99], "reference_task": [1]}),
            "The alignment has no pair task 99, reference_task 1, which the gold lists. Do both speak of the same two documents?",
        ),
    ],
)
def test_bad_gold_is_named(pairs, gold, message):
    with pytest.raises(lab.PolicylabError) as error:
        lab.evaluate_alignment(pairs, gold)
    assert str(error.value) == message


def test_several_documents_at_once_are_refused(pairs):
    both = pd.concat([pairs, pairs.assign(document_id="fujian-2020")])
    with pytest.raises(lab.PolicylabError) as error:
        lab.evaluate_alignment(both, pd.DataFrame(LINK))
    assert (
        str(error.value)
        == "pairs holds 2 values of document_id: chongqing-2019, fujian-2020. Select one document and one reference."
    )
