"""Intervals of shares and rates: worked examples, arithmetic, and what they hold in all samples or in simulated ones."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, binom, chi2, norm, t

from policylab.base.proportions import mix_wilson, ratio_interval, wilson_interval


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


def test_a_rate_by_hand():
    # Two tasks of four use a term, twice and once, in 200 words.
    uses, words = np.array([2, 0, 1, 0]), np.array([50, 60, 40, 50])
    residuals = uses - words * 3 / 200
    assert residuals.tolist() == [1.25, -0.9, 0.4, -0.75]
    variance = 4 / 3 * (1.25**2 + 0.9**2 + 0.4**2 + 0.75**2)  # of the sum of four; they add up to 0
    wide = (t.ppf(0.975, 3) / norm.ppf(0.975)) ** 2
    # Words are worth 1 / design of themselves; that of 3.4 of 200 independent draws is their variance over that of a binomial.
    design = variance / (200 * 0.015 * 0.985) * wide
    low = beta.ppf(0.025, 3 / design, 197 / design + 1)
    # One more task that uses it twice.
    design = (variance + 4) / (202 * (5 / 202) * (197 / 202)) * wide
    high = beta.ppf(0.975, 5 / design, 197 / design)
    assert ratio_interval(uses[:, None], words, ["a"] * 4)[:, 0] == pytest.approx([low, high])


def test_a_rate_of_rare_uses_is_that_of_a_count_of_tasks():
    # Many tasks of one length, of which k use a term twice: Garwood's (1936) exact limits for k, twice over.
    for k in (0, 1, 3, 10):
        uses = np.where(np.arange(5000) < k, 2, 0)[:, None]
        low, high = 50000 * ratio_interval(uses, np.full(5000, 10), np.zeros(5000))[:, 0]
        expected = chi2.ppf(0.025, 2 * k) if k else 0, chi2.ppf(0.975, 2 * k + 2)
        assert (low, high) == pytest.approx(expected, rel=0.01)


def test_a_rate_is_never_surer_than_that_of_independent_words():
    # Every task uses the term as often as the others, which four tasks may do by chance.
    low, high = ratio_interval(np.full((4, 1), 5), np.full(4, 50), ["a"] * 4)[:, 0]
    assert low < beta.ppf(0.025, 20, 181) and high > beta.ppf(0.975, 21, 180)


def test_rates_know_documents_and_not_their_names_or_order():
    generator = np.random.default_rng(0)
    uses, words = generator.integers(0, 4, (12, 3)), generator.integers(20, 90, 12)
    names = np.repeat(["a", "b", "c", "d"], [5, 5, 1, 1])
    expected, order = ratio_interval(uses, words, names), generator.permutation(12)
    renamed = ratio_interval(
        uses[order], words[order], pd.Series(names[order]).map({"a": "z", "b": "y", "c": "x", "d": "w"})
    )
    assert renamed == pytest.approx(expected)
    # What differs between documents is no sampling of tasks: tasks of a have none, those of b five each.
    uses = np.repeat([[0], [5]], 6, axis=0)
    apart, together = (
        ratio_interval(uses, np.full(12, 50), names)[:, 0] for names in (["a"] * 6 + ["b"] * 6, ["a"] * 12)
    )
    assert together[0] < apart[0] and apart[1] < together[1]


def test_a_rate_without_tasks_to_compare_has_no_interval():
    assert np.isnan(ratio_interval(np.ones((3, 1)), np.full(3, 50), ["a", "b", "c"])).all()
    assert np.isnan(ratio_interval(np.zeros((3, 1)), np.zeros(3), ["a"] * 3)).all()
    assert ratio_interval(np.array([[50, 0], [40, 0]]), np.array([50, 40]), ["a"] * 2)[:, 0].tolist()[1] == 1
    assert np.isnan(ratio_interval(np.empty((0, 2)), np.empty(0), [])).all()


@pytest.mark.parametrize("carrying", [1, 3, 8])
@pytest.mark.parametrize("more", [0.35, 1.5])
def test_rates_hold_the_true_one_however_few_tasks_use_the_term(carrying, more):
    # 35 tasks of 75 words or so; those that use the term use it once and, on average, so much more (benchmarks/coverage.py).
    generator = np.random.default_rng(1)
    words = np.maximum(generator.lognormal(np.log(67), 0.47, 35).round(), 5)
    uses = 1 + generator.negative_binomial(0.5, 0.5 / (0.5 + more), (35, 1500))
    uses[generator.random((35, 1500)) >= carrying / 35] = 0
    low, high = ratio_interval(uses, words, np.zeros(35))
    true = carrying / 35 * (1 + more) / words.mean()
    assert ((low <= true) & (true <= high)).mean() > 0.9
