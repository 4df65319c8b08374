"""Intervals of plain proportions: worked examples, arithmetic, and what they hold in every sample that can occur."""

import numpy as np
import pytest
from scipy.stats import binom

from policylab.base.proportions import wilson_interval


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
