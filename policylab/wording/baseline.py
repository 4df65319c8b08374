"""How firmly matched tasks are worded beside all pairs of tasks of the two documents, matched or not."""

import numpy as np
import pandas as pd

from policylab.base.resampling import divide, draw_units, hash_texts, interval, order_units

# Of every two strengths, 1 where the first is the firmer, -1 where the second is.
FIRMER = np.sign(np.subtract.outer(np.arange(5), np.arange(5)))
# With seven groups of matched tasks or more the interval holds the true difference in .91 or more of simulated samples,
# with five in .89 to .94, with three in .78 to .89 (benchmarks/cover_strength.py).
FEWEST_GROUPS = 7


def measure_deltas(own, other):
    """Cliff's delta of every task (row) against every reference task (column).

    Both tables count the coded clauses of every task that has any (rows) by their strength (columns).
    """
    firmer = divide(own.to_numpy() @ FIRMER @ other.to_numpy().T, np.outer(own.sum(axis=1), other.sum(axis=1)))
    return pd.DataFrame(firmer, own.index, other.index)


def compare_with_all(matched, deltas, own, other, n_resamples, seed):
    """{"baseline", "difference", "low", "high"} of compare_strength; `matched` are pairs of tasks, the rest as above."""
    found = dict.fromkeys(("baseline", "difference", "low", "high"), np.nan)
    if not deltas.size:
        return found
    found["baseline"] = deltas.to_numpy().mean()
    rows, columns = (index.get_indexer([pair[side] for pair in matched]) for side, index in enumerate(deltas.axes))
    pairs = np.column_stack([rows, columns])[(rows >= 0) & (columns >= 0)]
    if not len(pairs):
        return found
    values = deltas.to_numpy()
    found["difference"] = values[tuple(pairs.T)].mean() - found["baseline"]
    groups = _group_tasks(pairs, *values.shape)
    if n_resamples and len(set(groups[0][pairs[:, 0]])) >= FEWEST_GROUPS:
        drawn = _draw_groups(groups, own.to_numpy(), other.to_numpy(), n_resamples, seed)
        found["low"], found["high"] = interval(_resample(values, pairs, groups, drawn)[:, None]).ravel()
    return found


def _group_tasks(pairs, n, m):
    """The number of the group of each of `n` tasks and of `m` reference tasks: what matches connect is one group."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], n + pairs[:, 1])), shape=(n + m, n + m))
    _, groups = connected_components(graph, directed=False)
    return groups[:n], groups[n:]


def _draw_groups(groups, own, other, n_resamples, seed):
    """How often each resample (row) draws each group (column)."""
    contents = [[], []]
    for side, (numbers, levels) in enumerate(zip(groups, (own, other), strict=True)):
        for group in range(max(map(max, groups)) + 1):
            contents[side].append(sorted(map(tuple, levels[numbers == group].tolist())))
    keys = hash_texts(f"{mine} {theirs}" for mine, theirs in zip(*contents, strict=True))
    order = order_units(keys)
    drawn = next(times for _, _, times in draw_units(np.zeros(len(keys), int), keys[order], n_resamples, seed))
    placed = np.empty_like(drawn)
    placed[:, order] = drawn
    return placed.astype(float)


def _resample(deltas, pairs, groups, drawn):
    """The difference in every resample: a group that is drawn twice brings its tasks and its matches twice."""
    own, other = (drawn[:, numbers] for numbers in groups)
    everything = divide(((own @ deltas) * other).sum(axis=1), own.sum(axis=1) * other.sum(axis=1))
    weights = own[:, pairs[:, 0]]
    return divide(weights @ deltas[tuple(pairs.T)], weights.sum(axis=1)) - everything
