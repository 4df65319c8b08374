"""Intervals of plain proportions: worked examples, arithmetic, and what they hold in every sample that can occur."""

import numpy as np
import pytest
from scipy.stats import binom, norm

from policylab.base.proportions import mix_wilson, wilson_interval


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)  # Newcombe (1998), table I, method 3
def test_wilson_gives_the_worked_examples_of_newcombe(k, n, low, high):
    assert wilson_interval(k, n).round(4).tolist() == [low, high]


def test_wilson_ends_are_where_the_score_is_196():
    # By its definition: the true proportions that lie 1.96 of their own standard errors away from k / n.
    for k, n in ((3, 35), (31, 35), (1, 2)):
        ends = wilson_interval(k, n)
        assert np.allclose(np.abs(k / n - ends) / np.sqrt(ends * (1 - ends) / n), 1.959964)


def test_wilson_of_none_all_and_nothing():
    low, high = wilson_interval([0, 31, 0, 4], [31, 31, 0, 8])
    assert low[0] == 0 and 0.1 < high[0] < 0.12 and high[1] == 1 and low[1] == pytest.approx(1 - high[0])
    assert np.isnan([low[2], high[2]]).all() and low[3] + high[3] == pytest.approx(1)


def test_wilson_holds_the_true_proportion():
    # Exactly, over all samples of 35: on average .95 of them, and hardly a proportion with fewer than .90.
    k, truth = np.arange(36), np.linspace(0.02, 0.98, 97)
    low, high = wilson_interval(k, 35)
    held = [binom.pmf(k, 35, p)[(low <= p) & (p <= high)].sum() for p in truth]
    assert (
        np.mean(held) == pytest.approx(0.95, abs=0.005) and np.min(held) > 0.88 and np.mean(np.array(held) < 0.9) < 0.05
    )


def test_a_mixture_of_one_count_is_wilsons():
    for k, n in ((0, 20), (3, 35), (31, 35), (35, 35)):
        assert mix_wilson(np.full(7, k), n) == pytest.approx(wilson_interval(k, n), abs=1e-9)


def test_a_mixture_spans_its_counts():
    low, high = mix_wilson(np.array([5, 25]), 30)
    assert wilson_interval(5, 30)[0] < low < wilson_interval(5, 30)[1]
    assert wilson_interval(25, 30)[0] < high < wilson_interval(25, 30)[1]
    # Half of the counts say none, so the proportion may be none.
    assert mix_wilson(np.array([0, 25]), 30)[0] == 0
    # Mirrored, and by definition: 2.5% of the mean of both distributions lie below the lower end.
    assert mix_wilson(np.array([25, 5]), 30) == pytest.approx((1 - high, 1 - low), abs=1e-9)
    score = (low - np.array([5, 25]) / 30) / np.sqrt(low * (1 - low) / 30)
    assert norm.cdf(score).mean() == pytest.approx(0.025)


def test_a_mixture_leaves_out_counts_of_nothing():
    assert mix_wilson(np.array([0, 3, 0]), np.array([0, 35, 0])) == pytest.approx(wilson_interval(3, 35))
    assert np.isnan(mix_wilson(np.array([0, 0]), 0)).all()


def test_a_mixture_holds_the_true_proportion():
    """The count of 30 tasks is known with an error: each is miscounted by a chance that itself is uncertain."""
    rng, held = np.random.default_rng(0), 0
    for _ in range(300):
        truth = rng.uniform(0.1, 0.9)
        k, error = rng.binomial(30, truth), rng.normal(0, 3, 1001).round()
        # The truth is one of the counts that are as likely as the others.
        counts = np.clip(k + error[0] - error[1:], 0, 30)
        low, high = mix_wilson(counts, 30)
        held += low <= truth <= high
    assert held / 300 >= 0.93
