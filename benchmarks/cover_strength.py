"""How often the interval of compare_strength's difference holds the true one, by how many groups of tasks are matched.

    python benchmarks/cover_strength.py [N_SAMPLES]

Plans are drawn from a known model: every task has a firmness, partly that of its subject, which a matched task shares; every
clause adds its own. The true difference is that of plans of 1,500 tasks. A part of the matches is beside the subject (a second
match of a task), as alignments have them.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from policylab.wording import baseline  # noqa: E402

LARGE, N_RESAMPLES = 1500, 300
SIZES = [(10, 3), (10, 5), (10, 7), (10, 9), (30, 3), (30, 5), (30, 7), (30, 10), (30, 25), (60, 40)]  # tasks, matched
MODELS = [(0, 0.5, 0), (0.6, 0.5, 0.3)]  # share of the subject, gap between the documents, second matches


def draw_plan(firmness, rng):
    """Coded clauses by strength, of two to nine clauses a task."""
    rows = [rng.normal(mean + 2.5, 1.1, rng.integers(2, 10)) for mean in firmness]
    levels = [np.clip(np.floor(row), 0, 4).astype(int) for row in rows]
    return pd.DataFrame([np.bincount(row, minlength=5) for row in levels])


def draw_plans(n, n_matched, share, gap, second, rng):
    """Two plans and their matched pairs."""
    subject = rng.normal(size=n)
    own, other = (np.sqrt(share) * subject + np.sqrt(1 - share) * rng.normal(size=n) for _ in range(2))
    other[n_matched:] = rng.normal(size=n - n_matched)
    again = rng.integers(0, n, (int(second * n_matched), 2))
    pairs = {(i, i) for i in range(n_matched)} | set(map(tuple, again.tolist()))
    return draw_plan(0.8 * own - gap / 2, rng), draw_plan(0.8 * other + gap / 2, rng), sorted(pairs)


def compare(own, other, pairs, n_resamples):
    return baseline.compare_with_all(pairs, baseline.measure_deltas(own, other), own, other, n_resamples, 0)


def main(n_samples="500"):
    baseline.FEWEST_GROUPS = 2
    for n, n_matched in SIZES:
        for model in MODELS:
            rng = np.random.default_rng(3)
            large = draw_plans(LARGE, LARGE * n_matched // n, *model, np.random.default_rng(5))
            truth = compare(*large, 0)["difference"]
            found = pd.DataFrame(
                [compare(*draw_plans(n, n_matched, *model, rng), N_RESAMPLES) for _ in range(int(n_samples))]
            )
            held = found["low"].le(truth) & found["high"].ge(truth)
            width = (found["high"] - found["low"]).mean()
            print(f"{n} tasks, {n_matched} matched, {model}: coverage {held.mean():.3f}, width {width:.2f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
