"""What scores are worth: probabilities, codes that narrow them down, and links drawn by them."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from policylab.alignment import curve
from policylab.alignment.reliability import (
    COVARIANCE,
    MEAN,
    N_PAIRS,
    A,
    B,
    Reliability,
    default_reliability,
    draw_links,
    find_any,
    fit_reliability,
    make_prior,
    update_reliability,
)
from policylab.base.errors import PolicylabError


def make_pairs(scores, document_id="a", reference_id="b"):
    task, reference_task = (axis.ravel() + 1 for axis in np.indices(scores.shape))
    ids = {"document_id": document_id, "task": task, "reference_id": reference_id, "reference_task": reference_task}
    return pd.DataFrame(ids | {"score": scores.ravel()})


def fix(a, b):
    """A reliability without doubt."""
    weights = np.isclose(A, a) & np.isclose(B, b)
    assert weights.sum() == 1
    return Reliability(weights.astype(float))


SCORES = np.random.default_rng(3).beta(0.3, 1, (6, 7))


def test_known_a_and_b_give_the_logistic_curve():
    odds = np.log([0.25, 1, 9]) - np.log(3 / 7)
    expected = 1 / (1 + np.exp(-(0.5 + 1.2 * odds)))
    found = fix(0.5, 1.2).probability(np.array([0.2, 0.5, 0.9]))
    np.testing.assert_allclose(found, expected, atol=2e-4)
    # At the threshold the odds are exp(a) whatever b is.
    np.testing.assert_allclose(fix(0, 2).probability(np.array([0.3])), 0.5, atol=1e-3)


def test_probability_grows_with_the_score_and_is_the_mean_over_the_grid():
    found = default_reliability().probability(np.linspace(0, 1, 101))
    assert (np.diff(found) > 0).all() and found[0] < 0.001 and found[-1] > 0.999
    at_threshold = default_reliability().weights @ (1 / (1 + np.exp(-A)))
    assert default_reliability().probability(np.array([0.3]))[0] == pytest.approx(at_threshold, abs=1e-4)


def test_codes_weigh_the_grid_by_their_probabilities():
    prior = default_reliability()
    odds = np.log([1 / 4, 1]) - np.log(3 / 7)
    odds = np.round(odds / 0.05) * 0.05
    chance = 1 / (1 + np.exp(-(A[:, None] + B[:, None] * odds)))
    expected = prior.weights * chance[:, 0] * (1 - chance[:, 1])
    found = update_reliability(prior, np.array([0.2, 0.5]), np.array([True, False]))
    np.testing.assert_allclose(found.weights, expected / expected.sum(), atol=1e-12)
    assert found.weights.sum() == pytest.approx(1)


def test_many_codes_find_the_true_a_and_b():
    rng = np.random.default_rng(5)
    scores = rng.uniform(0.02, 0.9, 4000)
    linked = rng.random(4000) < fix(1.5, 0.8).probability(scores)
    found = update_reliability(default_reliability(), scores, linked).weights
    assert abs(found @ A - 1.5) < 0.2 and abs(found @ B - 0.8) < 0.1


def test_links_are_drawn_as_often_as_probable():
    pairs = make_pairs(SCORES)
    drawn = draw_links(pairs, None, 4000, seed=0)
    assert drawn.shape == (4000, 42)
    np.testing.assert_allclose(drawn.mean(axis=0), default_reliability().probability(pairs["score"]), atol=0.04)


def test_links_of_one_draw_share_their_error():
    """If a is unknown the number of links varies more than if all pairs were drawn by themselves."""
    pairs = make_pairs(np.full((20, 20), 0.3))
    n_links = draw_links(pairs, None, 400, seed=0).sum(axis=1)
    assert n_links.std() > 3 * np.sqrt(400 * 0.41 * 0.59)
    assert draw_links(pairs, fix(0, 1), 400, seed=0).sum(axis=1).std() < 1.2 * np.sqrt(400 * 0.25)


def test_draws_depend_on_scores_alone():
    pairs, other = make_pairs(SCORES), make_pairs(SCORES[::-1] / 2, document_id="c")
    drawn = draw_links(pairs, None, 50, seed=0)
    assert (draw_links(pairs, None, 50, seed=0) == drawn).all()
    renamed = pairs.assign(document_id="z", reference_id="y")
    assert (draw_links(renamed, None, 50, seed=0) == drawn).all()
    shuffled = pairs.sample(frac=1, random_state=1)
    assert (draw_links(shuffled, None, 50, seed=0) == drawn[:, shuffled.index]).all()
    both = pd.concat([other, pairs], ignore_index=True)
    assert (draw_links(both, None, 50, seed=0)[:, len(other) :] == drawn).all()
    # Not on digits that differ between machines.
    assert (draw_links(pairs.assign(score=pairs["score"] + 1e-12), None, 50, seed=0) == drawn).all()
    assert (draw_links(pairs, None, 50, seed=1) != drawn).any()


def test_documents_of_equal_content_are_not_drawn_alike():
    pairs = pd.concat([make_pairs(SCORES), make_pairs(SCORES, document_id="c")], ignore_index=True)
    first, second = np.split(draw_links(pairs, None, 50, seed=0), 2, axis=1)
    assert (first != second).any()


def test_what_was_coded_is_certain():
    pairs = make_pairs(SCORES).assign(linked=pd.array([True, False, *[pd.NA] * 40], dtype="boolean"))
    drawn = draw_links(pairs, None, 100, seed=0)
    assert drawn[:, 0].all() and not drawn[:, 1].any()
    assert (drawn[:, 2:] == draw_links(pairs.drop(columns="linked"), None, 100, seed=0)[:, 2:]).all()


@pytest.mark.parametrize("score", [1.2, -0.1, np.nan])
def test_what_is_no_score_is_named(score):
    message = f"score={score} is no score of align_tasks, which are numbers from 0 to 1."
    for call in (
        lambda: default_reliability().probability(np.array([0.5, score])),
        lambda: draw_links(make_pairs(np.array([[score]])), None, 40, seed=0),
    ):
        with pytest.raises(PolicylabError) as caught:
            call()
        assert str(caught.value) == message


def test_what_is_no_code_or_no_reliability_is_named():
    pairs = make_pairs(SCORES[:1, :3])
    cases = [
        (
            {"pairs": pairs.assign(linked=["yes", None, True])},
            "pairs, column linked: 'yes' is neither True nor False. Leave cells of pairs that were not coded empty.",
        ),
        (
            {"reliability": 0.9},
            "reliability=float is no reliability. Pass the attribute reliability of what lab.calibrate_alignment returns.",
        ),
    ]
    for changed, message in cases:
        given = {"pairs": pairs, "reliability": None} | changed
        for call in (partial(draw_links, n_draws=40, seed=0), partial(find_any, own="task")):
            with pytest.raises(PolicylabError) as caught:
                call(**given)
            assert str(caught.value) == message


def test_shipped_prior_comes_from_the_gold():
    table = curve.load_likeness()
    scores = np.zeros(len(table["pair"]))
    for pair in range(len(table["documents"])):
        without = curve.fit_curve(curve.choose_pairs(table, np.arange(len(table["documents"])) != pair))
        rows = table["pair"] == pair
        scores[rows] = without.score(table)[rows]
    mean, covariance, n_pairs = fit_reliability(table, scores)
    assert mean.round(2).tolist() == list(MEAN)
    np.testing.assert_allclose(covariance, COVARIANCE, atol=0.005)
    assert n_pairs == N_PAIRS


def test_estimate_finds_a_known_prior():
    """Twenty pairs of documents whose a and b are drawn from a known prior."""
    rng = np.random.default_rng(1)
    odds = rng.normal(-1, 2, (20, 800))
    a, b = rng.normal(0.5, 0.8, 20), rng.normal(1.2, 0.1, 20)
    linked = rng.random(odds.shape) < 1 / (1 + np.exp(-(a[:, None] + b[:, None] * odds)))
    scores = 1 / (1 + np.exp(-(odds + np.log(0.3 / 0.7))))
    names = {"documents": np.arange(20), "kinds": np.array(["whole", "removed", "subset", "unrelated"])}
    rows = {"pair": np.repeat(np.arange(20), 800), "kind": np.zeros(16_000), "sample": np.zeros(16_000)}
    mean, covariance, _ = fit_reliability(names | rows | {"grade": linked.ravel().astype(int)}, scores.ravel())
    assert abs(mean[0] - a.mean()) < 0.1 and abs(mean[1] - b.mean()) < 0.1
    assert covariance[0, 0] == pytest.approx((2 * 0.5 + 20 * a.var()) / 22, rel=0.15)
    prior = make_prior(mean, covariance, 20)
    assert prior.weights @ A == pytest.approx(mean[0], abs=0.02)
