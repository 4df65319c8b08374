"""Coherence, exclusivity, stability and the choice of a number: against hand arithmetic and planted topics."""

import numpy as np
import pandas as pd
import pytest
from test_topics import PARAGRAPH, TEXTS, WORDS, fails, make_tokens, two_themes  # noqa: F401

import policylab as lab
from policylab.topics.model import Topics
from policylab.topics.quality import _recommend, _shuffle, measure_npmi
from policylab.topics.refits import match_topics


def test_npmi_by_hand():
    tokens = make_tokens(["甲词，乙词", "甲词，乙词", "甲词", "丙词"], ["甲词", "乙词", "丙词"])
    from policylab.words.terms import cast_matrix

    counts = cast_matrix(tokens, PARAGRAPH)
    # p(甲) = 3/4, p(乙) = 2/4, p(甲,乙) = 2/4; 丙 never meets 甲.
    expected = np.log((2 / 4) / (3 / 4 * 2 / 4)) / -np.log(2 / 4)
    assert measure_npmi([["甲词", "乙词"], ["甲词", "丙词"], ["甲词"]], counts)[:2] == pytest.approx([expected, -1])
    assert np.isnan(measure_npmi([["甲词"]], counts)[0])


def test_exclusivity_and_prevalence_by_hand(two_themes):  # noqa: F811
    terms = pd.DataFrame(
        {
            "topic": [1, 1, 2, 2],
            "rank": [1, 2, 1, 2],
            "term": WORDS[:2] + [WORDS[0], WORDS[3]],
            "weight": [0.6, 0.4, 0.2, 0.8],
        }
    )
    shares = pd.DataFrame(
        {"document_id": ["d1", "d1"], "paragraph": 1, "topic": [1, 2], "share": [0.3, 0.7], "n_tokens": 3}
    )
    scores = lab.score_topics(Topics(terms, shares), two_themes)
    assert scores["exclusivity"].tolist() == [(0.6 / 0.8 + 1) / 2, (0.2 / 0.8 + 1) / 2]
    assert scores["prevalence"].tolist() == [0.3, 0.7]


def test_matching_is_the_best_in_sum():
    first = [["a", "b"], ["a", "c"]]
    # Greedy would give the first topic its twin and leave the second with nothing: 1 + 0. The best sum here is the same
    # pairing the other way round: 1/3 + 1.
    jaccard, other = match_topics(first, [["a", "c"], ["a", "d"]])
    assert other.tolist() == [1, 0]
    assert jaccard == pytest.approx([1 / 3, 1])
    jaccard, other = match_topics(first, [["a", "b"]])
    assert other.tolist() == [0, -1] and np.isnan(jaccard[1])


def test_planted_topics_are_stable_and_noise_is_not():
    planted = make_tokens([TEXTS[i % 6] for i in range(40)], WORDS)
    stable = lab.measure_stability(planted, 2, unit="paragraph", method="nmf", seed=1, n_refits=2)
    assert stable["stability"].tolist() == [1, 1] and stable["stable"].all()
    # Words drawn at random: a vocabulary large enough that ten of it do not come back by chance.
    generator = np.random.default_rng(4)
    words = [f"{a}{b}{c}" for a in "甲乙丙丁戊己庚辛壬癸" for b in "子丑寅卯辰巳午未申酉戌亥" for c in "东南西北"]
    noise = make_tokens(["，".join(generator.choice(words, 40)) for _ in range(60)], words)
    found = lab.measure_stability(noise, 8, unit="paragraph", method="nmf", seed=1, n_refits=8)
    assert found["stable"].sum() <= 2
    assert (
        found["stability"].mean()
        < lab.recipes.measure_null_stability(noise, 8, unit="paragraph", method="nmf", seed=2, n_shuffles=2)
        < 0.6
    )
    choice = lab.choose_n_topics(noise, [6, 8], unit="paragraph", method="nmf", seed=1, n_refits=8)
    assert not choice["recommended"].any()
    assert choice["reason"].str.fullmatch(r"none is stable: \d of [68] topics reach the cut-off 0\.60").all()


def test_shuffling_keeps_lengths_and_frequencies_and_nothing_else(two_themes):  # noqa: F811
    shuffled = _shuffle(two_themes, "paragraph", np.random.default_rng(1))
    plain = _shuffle(two_themes.astype({"token": "str"}), "paragraph", np.random.default_rng(1))
    assert plain["token"].tolist() == shuffled["token"].tolist()
    counted = two_themes[two_themes["mask"].isna()]
    for column in ("token", "document_id"):
        assert sorted(shuffled[column].astype(str)) == sorted(counted[column].astype(str))
    assert shuffled["token"].tolist() != counted["token"].tolist()


def test_the_cutoff_does_not_depend_on_the_order_of_the_documents(two_themes):  # noqa: F811
    planted = make_tokens([TEXTS[i % 6] for i in range(20)], WORDS)
    upside_down = planted.iloc[::-1].assign(
        token=planted["token"].cat.reorder_categories(planted["token"].cat.categories[::-1])[::-1]
    )
    options = {"unit": "paragraph", "method": "nmf", "seed": 3, "n_shuffles": 2}
    assert lab.recipes.measure_null_stability(planted, 2, **options) == lab.recipes.measure_null_stability(
        upside_down, 2, **options
    )


def test_words_outside_units_do_not_disturb_the_order_of_the_units(tokens):
    """Prefaces belong to no task."""
    upside_down = pd.concat([own for _, own in reversed(list(tokens.groupby("document_id", observed=True)))])
    shuffled, again = (_shuffle(table, "task", np.random.default_rng(1)) for table in (tokens, upside_down))
    pd.testing.assert_frame_equal(*(frame[["document_id", "task", "token"]] for frame in (shuffled, again)))
    runs = [lab.measure_stability(table, 10, method="nmf", seed=5, n_refits=3) for table in (tokens, upside_down)]
    pd.testing.assert_frame_equal(*runs)


def test_printed_stability_and_cutoff_agree_with_the_verdict(tokens):
    found = lab.measure_stability(tokens, 10, method="nmf", seed=1, n_refits=4, cutoff=0.65)
    printed = found["stability"].map("{:.2f}".format) >= f"{found['cutoff'].iloc[0]:.2f}"
    assert found["stable"].equals(printed) and found["stable"].nunique() == 2


def test_refits_are_shared_by_stability_and_prevalence(tokens):
    options = {"method": "nmf", "seed": 1, "n_refits": 3, "cutoff": 0.55}
    refits = lab.recipes.refit_topics(tokens, 5, **options)
    model = lab.fit_topics(tokens, 5, method="nmf")
    pd.testing.assert_frame_equal(refits.model.terms, model.terms)
    pd.testing.assert_frame_equal(refits.model.shares, model.shares)
    found = lab.recipes.score_stability(refits)
    pd.testing.assert_frame_equal(found, lab.measure_stability(tokens, 5, **options))
    # By hand: eight of ten words in both lists are 8 / 12, seven 7 / 13.
    assert set(refits.matched["jaccard"].round(6)) <= {round(k / (20 - k), 6) for k in range(11)}
    assert (refits.matched["found"] == (refits.matched["jaccard"] >= 0.55)).all()
    own = refits.matched.groupby("topic")
    assert found["found"].tolist() == pytest.approx((own["found"].sum() / 3).tolist(), abs=1e-6)
    assert found["stability"].tolist() == pytest.approx(own["jaccard"].mean().tolist(), abs=1e-6)
    # The main topics are counted once for each of the 122 tasks.
    shares = model.shares.pivot(index=["document_id", "task"], columns="topic", values="share")
    counts = shares.idxmax(axis=1).value_counts().reindex(shares.columns, fill_value=0)
    assert found["n_main"].tolist() == counts.tolist() and counts.sum() == 122
    # Every refit leaves out twelve of the 122 tasks, and the shares of the others still add up to 1.
    left_out = refits.shares[["1", "2", "3"]].isna().groupby(refits.shares["topic"]).sum()
    assert (left_out == 12).all(axis=None)
    sums = refits.shares.groupby(["document_id", "task"])[["1", "2", "3"]].sum(min_count=5)
    assert np.allclose(sums.to_numpy()[sums.notna()], 1, atol=1e-4)


def test_topics_of_refits_carry_the_numbers_of_the_model():
    """With two themes that share no word a refit finds the same topics, whatever it numbers them."""
    texts = [TEXTS[i] for i in (0, 1, 2, 3, 4, 5, 0, 1, 2, 3)]
    refits = lab.recipes.refit_topics(make_tokens(texts, WORDS), 2, unit="paragraph", method="nmf", seed=1, n_refits=8)
    again = refits.shares[[str(i) for i in range(1, 9)]]
    same = again.sub(refits.model.shares["share"], axis=0).abs().max(axis=1)
    assert again.isna().any(axis=None) and same.max() < 1e-3


def test_choice_is_repeatable_and_finds_the_planted_number_stable():
    tokens = make_tokens([TEXTS[i % 6] for i in range(30)], WORDS)
    choice = lab.choose_n_topics(tokens, [2, 3], unit="paragraph", method="nmf", seed=5, n_refits=3)
    pd.testing.assert_frame_equal(
        choice, lab.choose_n_topics(tokens, [3, 2], unit="paragraph", method="nmf", seed=5, n_refits=3)
    )
    assert choice.loc[0, ["n_topics", "stability", "n_stable", "stable"]].tolist() == [2, 1, 2, True]
    assert ((choice["npmi_low"] <= choice["npmi"]) & (choice["npmi"] <= choice["npmi_high"])).all()


def test_recommendation_names_its_reason():
    table = pd.DataFrame(
        {
            "n_topics": [4, 6, 8, 10],
            "npmi": [0.2, 0.33, 0.35, 0.5],
            "npmi_low": [0.1, 0.3, 0.32, 0.4],
            "cutoff": 0.6,
            "n_stable": [4, 5, 5, 5],
        }
    )
    chosen = _recommend(table)
    assert chosen["recommended"].tolist() == [False, True, False, False]
    assert chosen["reason"].tolist() == [
        "NPMI 0.20, below the band of the best (0.32 and more)",
        "the smallest stable number whose NPMI (0.33) is in the band of the best (0.32 and more)",
        "no better than 6 topics within the bands",
        "not stable: 5 of 10 topics reach the cut-off 0.60",
    ]


def test_bad_input_says_what_to_do(two_themes):  # noqa: F811
    assert fails(lab.measure_stability, two_themes, 2, unit="paragraph") == (
        "Units are left out at random. Give a seed, such as seed=1, so that the result can be repeated."
    )
    assert fails(lab.choose_n_topics, two_themes, [2], unit="paragraph", seed=1, n_refits=1) == (
        "n_refits=1: refits are compared with each other. Give 2 at least, 20 for a result to print."
    )
    assert fails(
        lab.recipes.measure_null_stability, two_themes, 2, unit="paragraph", method="nmf", seed=1, n_shuffles=0
    ) == ("n_shuffles=0: without a shuffle there is no cut-off. Give 12 for one to print.")
    assert fails(lab.choose_n_topics, two_themes, [], unit="paragraph", seed=1) == (
        "candidates=[] names no number of topics. Give several, such as [4, 6, 8, 10]."
    )
    assert fails(lab.choose_n_topics, two_themes, [2, 2.5], unit="paragraph", seed=1) == (
        "n_topics=2.5: expected a whole number of 1 or more."
    )
    assert fails(lab.measure_stability, two_themes, 2, unit="paragraph", seed=1, cutoff=60) == (
        "cutoff=60: expected a number from 0 to 1."
    )
    assert fails(lab.recipes.measure_null_stability, two_themes[:0], 2, unit="paragraph", seed=1) == (
        "No term is left of 0 words: there were none. Loosen the filters of select_topic_terms."
    )
    assert fails(lab.choose_n_topics, two_themes, [6], unit="paragraph", seed=1) == (
        "6 topics cannot be fitted to 5 units with 5 terms. Ask for 5 at most, or use smaller units."
    )
