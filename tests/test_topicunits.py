"""Prevalence, sections, labels and examples: against hand arithmetic."""

import numpy as np
import pandas as pd
import pytest

import policylab as lab
from policylab.base.resampling import draw_units
from policylab.topics.model import Topics
from policylab.topics.refits import Refits
from policylab.topics.units import _reach

SHARES = pd.DataFrame(
    {
        "document_id": ["a", "a", "a", "a", "b", "b"],
        "task": [1, 1, 2, 2, 1, 1],
        "topic": [1, 2, 1, 2, 1, 2],
        "share": [1.0, 0.0, 0.25, 0.75, 0.5, 0.5],
        "n_tokens": [10, 10, 30, 30, 20, 20],
    }
)
TERMS = pd.DataFrame(
    {"topic": [1, 1, 2], "rank": [1, 2, 1], "term": ["网络", "安全", "教师"], "weight": [0.6, 0.4, 1.0]}
)


def fails(function, *arguments, **options):
    with pytest.raises(lab.PolicylabError) as raised:
        function(*arguments, **options)
    return str(raised.value)


def test_prevalence_by_hand():
    table = lab.measure_prevalence(SHARES, seed=1)
    assert table["prevalence"].tolist() == [(10 + 7.5) / 40, 22.5 / 40, 0.5, 0.5]
    # Two tasks drawn with replacement: the extremes are one task twice. A single task cannot vary.
    assert table[["low", "high"]].values.tolist()[:2] == [[0.25, 1], [0, 0.75]] and table["low"].isna().sum() == 2
    assert table["n_units"].tolist() == [2, 2, 1, 1]
    assert (table["scope"] == "within these documents").all()
    pd.testing.assert_frame_equal(table, lab.measure_prevalence(SHARES.iloc[::-1], seed=1))


def test_few_resamples_are_refused_and_none_give_no_interval():
    for measure in (
        lab.measure_prevalence,
        lambda *given, **more: lab.compare_prevalence(*given, "document_id", "a", "b", **more),
    ):
        assert fails(measure, SHARES, seed=1, n_resamples=39) == (
            "n_resamples=39: expected a whole number of 40 or more for 95% intervals, or 0 for none."
        )
        assert measure(SHARES, seed=1, n_resamples=0)[["low", "high"]].isna().all(axis=None)
        assert measure(SHARES, seed=1, n_resamples=40)["low"].notna().any()


def test_units_without_a_topic_do_not_count():
    more = pd.DataFrame({"document_id": "b", "task": 2, "topic": [1, 2], "share": np.nan, "n_tokens": 0})
    pd.testing.assert_frame_equal(
        lab.measure_prevalence(pd.concat([SHARES, more]), seed=1), lab.measure_prevalence(SHARES, seed=1)
    )


def test_difference_is_the_difference_of_the_prevalences():
    table = lab.compare_prevalence(SHARES, "document_id", "a", "b", seed=1)
    assert table["difference"].tolist() == [17.5 / 40 - 0.5, 22.5 / 40 - 0.5]
    assert table[["n_documents_a", "n_documents_b"]].values.tolist() == [[1, 1], [1, 1]]
    assert fails(lab.compare_prevalence, SHARES, "document_id", "a", "c", seed=1) == (
        "document_id='c' is in no row of the shares. There are a, b."
    )


@pytest.fixture(scope="module")
def refitted():
    """A model of two documents with twelve tasks each and its refits, by random numbers that the tests know."""
    generator = np.random.default_rng(7)
    share = generator.uniform(0.2, 0.8, 24)
    tasks = pd.DataFrame({"document_id": np.repeat(["a", "b"], 12), "task": [*range(1, 13)] * 2})
    shares = pd.concat([tasks.assign(topic=1, share=share), tasks.assign(topic=2, share=1 - share)])
    shares = shares.assign(n_tokens=10).sort_values(["document_id", "task", "topic"], ignore_index=True).round(6)
    runs = shares[["document_id", "task", "topic"]]
    for refit in range(1, 11):
        moved = np.clip(share + generator.normal(0, 0.02, 24) + 0.01 * (refit - 5), 0, 1)
        moved[generator.choice(24, 2, replace=False)] = np.nan
        runs = runs.assign(**{str(refit): np.column_stack([moved, 1 - moved]).ravel()})
    matched = pd.DataFrame({"topic": np.repeat([1, 2], 10), "refit": [*range(1, 11)] * 2, "cutoff": 0.6})
    matched["jaccard"] = [0.9] * 8 + [0.3] * 2 + [0.9] * 4 + [0.3] * 6
    return Refits(Topics(None, shares), matched.assign(found=matched["jaccard"] >= 0.6), runs)


def test_intervals_hold_units_and_topics(refitted):
    from scipy.stats import t

    def angle(p):
        return np.arcsin(np.sqrt(p))

    shares = refitted.model.shares
    table = lab.measure_prevalence(shares, refits=refitted, seed=3, n_resamples=500)
    own = shares[(shares["document_id"] == "b") & (shares["topic"] == 1)]
    both = shares[shares["document_id"] == "b"].pivot(index="task", columns="topic", values="share")
    ((_, _, often),) = draw_units(["b"] * 12, np.column_stack([both, np.full(12, 10.0)]), 500, 3)
    drawn = angle([np.average(own["share"], weights=row) for row in often])
    units = drawn.var() * 12 / 11
    changes = []
    for refit in range(1, 9):  # the last two did not find the topic
        other = refitted.shares.loc[own.index, str(refit)]
        kept = other.notna()
        changes.append(angle(other[kept].mean()) - angle(own["share"][kept].mean()))
    topics = 9 * np.mean(np.square(changes))
    freedom = (units + topics) ** 2 / (units**2 / 11 + topics**2 / 8)
    reach = t.ppf(0.975, freedom) * np.sqrt(units + topics)
    expected = np.sin(angle(own["share"].mean()) + np.array([-reach, reach])) ** 2
    row = table[(table["document_id"] == "b") & (table["topic"] == 1)].iloc[0]
    assert row[["low", "high"]].tolist() == pytest.approx(expected.tolist(), abs=2e-6)
    given = lab.measure_prevalence(shares, seed=3, n_resamples=500)
    assert (table["high"] - table["low"] > given["high"] - given["low"])[table["topic"] == 1].all()
    assert given["found"].isna().all() and table["prevalence"].equals(given["prevalence"])


def test_a_topic_that_most_refits_lose_has_no_interval(refitted):
    table = lab.measure_prevalence(refitted.model.shares, refits=refitted, seed=3, n_resamples=100)
    assert table["found"].tolist() == [0.8, 0.4] * 2
    assert table["low"].isna().tolist() == table["high"].isna().tolist() == [False, True] * 2


def test_the_interval_of_a_difference_holds_units_and_topics(refitted):
    from scipy.stats import t

    shares = refitted.model.shares
    table = lab.compare_prevalence(shares, "document_id", "a", "b", refits=refitted, seed=3, n_resamples=4000)
    one, values = table.iloc[0], shares[shares["topic"] == 1]
    assert np.isnan(table["low"].iloc[1]) and table["found"].tolist() == [0.8, 0.4]
    # Two means of twelve tasks of equal length: the variance by formula, which draws come close to.
    spread = [own["share"].var() / 12 for _, own in values.groupby("document_id")]
    moved = refitted.shares.loc[values.index, [str(i) for i in range(1, 9)]]
    change = moved.sub(values["share"], axis=0).groupby(values["document_id"]).mean()
    topics = 9 * (change.loc["a"] - change.loc["b"]).pow(2).mean()
    freedom = (sum(spread) + topics) ** 2 / (sum(s**2 / 11 for s in spread) + topics**2 / 8)
    reach = t.ppf(0.975, freedom) * np.sqrt(sum(spread) + topics)
    assert one["high"] - one["difference"] == pytest.approx(reach, rel=0.03)
    assert one["difference"] - one["low"] == pytest.approx(reach, rel=0.03)


def test_refits_of_another_model_are_refused(refitted):
    other = refitted.model.shares.assign(share=refitted.model.shares["share"].iloc[::-1].to_numpy())
    for measure in (
        lambda shares: lab.measure_prevalence(shares, refits=refitted),
        lambda shares: lab.compare_prevalence(shares, "document_id", "a", "b", refits=refitted),
    ):
        assert fails(measure, other) == (
            "The refits are of another model than the shares. Take the shares from refits.model, or give refit_topics the"
            " tokens, number of topics, unit, method and seed of fit_topics."
        )
        assert fails(measure, other.rename(columns={"task": "paragraph"})) == (
            "The table shares has no column task. It has document_id, paragraph, topic, share, n_tokens."
        )


def test_limits_hold_a_value_that_units_and_topics_move():
    """Known variances: 20 refits and 30 units, each topics' change a third of what new units would bring."""
    generator, n = np.random.default_rng(5), 4000
    changes = generator.normal(0, 0.05 / 3, (20, n))
    units = 0.04**2 * generator.chisquare(29, n) / 29
    value = generator.normal(0, 0.04, n) + generator.normal(0, 0.05, n)
    held = np.abs(value) <= _reach([(units, 29)], changes)
    assert 0.94 < held.mean() < 0.965


def test_sections_are_counted_and_scored():
    places = pd.DataFrame(
        {"document_id": ["a", "a", "b"], "task": [1, 2, 1], "section": pd.array([1, 2, None], dtype="Int64")}
    )
    table = lab.recipes.count_topics(SHARES, places)
    assert table[["section", "topic", "n_main"]].astype(int).values.tolist() == [
        [1, 1, 1],
        [1, 2, 0],
        [2, 1, 0],
        [2, 2, 1],
    ]
    assert table["share"].tolist() == [1, 0, 0.25, 0.75]
    scores = lab.recipes.score_sections(SHARES, places)
    assert scores[["document_id", "n_units", "n_parts", "ami"]].values.tolist() == [["a", 2, 2, 1.0]]
    assert fails(lab.recipes.count_topics, SHARES, places.assign(section=None)) == (
        "No unit has a section in the places. Give the table that names it, such as corpus.tasks for tasks."
    )


def test_labels_order_by_weight_and_by_frex():
    terms = pd.DataFrame(
        {
            "topic": [1, 1, 1, 2],
            "rank": [1, 2, 3, 1],
            "term": ["建设", "安全", "应急", "建设"],
            "weight": [0.4, 0.35, 0.25, 1.0],
        }
    )
    labels = lab.label_topics(Topics(terms, None))
    one = labels[labels["topic"] == 1]
    assert one.loc[one["order"] == "weight", "term"].tolist() == ["建设", "安全", "应急"]
    # Ranks by weight 3/3, 2/3, 1/3; by exclusivity 1/3, 3/3, 3/3; harmonic means .5, .8, .5.
    assert one.loc[one["order"] == "frex", ["term", "frex"]].values.tolist() == [
        ["安全", 0.8],
        ["建设", 0.5],
        ["应急", 0.5],
    ]


def test_examples_name_their_place(corpus):
    tokens = lab.tokenize(corpus)
    model = lab.fit_topics(tokens, 5, method="nmf")
    examples = lab.find_examples(model, corpus.tasks, n=2)
    assert examples.groupby("topic").size().tolist() == [2] * 5
    median = model.shares["n_tokens"].median()
    for topic, own in model.shares[model.shares["n_tokens"] >= median].groupby("topic"):
        assert examples.loc[examples["topic"] == topic, "share"].max() == own["share"].max()
    task = corpus.tasks.merge(examples.head(1), on=["document_id", "task"], suffixes=("", "_found"))
    assert task["text"].tolist() == task["text_found"].tolist()


def test_names_of_ones_own(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("topic,term,zh,en\n1,网络,网络安全,Cybersecurity\n", encoding="utf-8")
    labels = lab.recipes.load_topic_labels(path, Topics(TERMS, SHARES))
    assert labels.values.tolist() == [[1, "网络安全", "Cybersecurity"], [2, "教师", "teacher"]]
    path.write_text("topic,term,zh,en\n1,教师,教师,Teachers\n9,网络,网络,Net\n", encoding="utf-8")
    assert fails(lab.recipes.load_topic_labels, path, Topics(TERMS, SHARES)) == (
        f"{path} has 2 problems:\n"
        "  row 2, column term: topic 1 begins with 网络, not 教师. Read its texts again and rename it.\n"
        "  row 3, column topic: '9' is no topic of the model. Use one of 1, 2."
    )


def test_pyldavis_gets_the_same_topics(corpus):
    tokens = lab.tokenize(corpus)
    model = lab.fit_topics(tokens, 4, method="nmf")
    export = lab.recipes.export_pyldavis(model, tokens)
    first = [export["vocab"][i] for i in export["topic_term_dists"].argmax(axis=1)]
    assert first == model.terms.loc[model.terms["rank"] == 1, "term"].tolist()
    assert np.allclose(export["doc_topic_dists"].sum(axis=1), 1)
    assert len(export["vocab"]) == len(export["term_frequency"]) == export["topic_term_dists"].shape[1]
    assert sum(export["doc_lengths"]) >= sum(export["term_frequency"]) > 0
