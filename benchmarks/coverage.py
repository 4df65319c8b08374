"""Do 95% intervals hold what they say? Simulations from known models of every interval that the package prints.

    python benchmarks/coverage.py [--scale 0.1] [--only rates,attention]

Prints the tables of docs/intervals.md as Markdown. A cell is the share of samples whose interval holds the true value. A model
draws tasks independently from a population, whose value is known; the interval sees the tasks alone. About half an hour on
one core at rest; --scale 0.1 draws a tenth of the samples. What the corrected measures of an alignment hold is in benchmarks/reliability.py, and
what the prevalence of topics holds when models are fitted anew in benchmarks/prevalence.py, because that needs texts. The column
"samples" says how many samples are behind the cells of a row, from the fewest to the most.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import argparse  # noqa: E402
import time  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from scipy.sparse import csr_array  # noqa: E402
from scipy.stats import binom  # noqa: E402

from policylab.alignment import coverage as alignment  # noqa: E402
from policylab.alignment.evaluation import evaluate_alignment  # noqa: E402
from policylab.base.agreement import _resample as bound_alpha  # noqa: E402
from policylab.base.proportions import ratio_interval, wilson_interval  # noqa: E402
from policylab.base.resampling import hash_bags, split_units  # noqa: E402
from policylab.topics.units import measure_prevalence  # noqa: E402
from policylab.wording.baseline import FIRMER, compare_with_all  # noqa: E402
from policylab.words.concepts import _bound_overlap, _overlap  # noqa: E402
from policylab.words.keyness import _compare  # noqa: E402
from policylab.words.statistics import g2_table  # noqa: E402
from policylab.words.units import Units  # noqa: E402

SIZES = (20, 35, 100)  # tasks of a document
CARRYING = (1, 2, 3, 4, 5, 8, 15, 30)  # of them, those that carry the signal
BANDS = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 7), (8, 14), (15, 29), (30, 100))
DRAWS = 400  # resamples behind an interval
WORDS = 75  # of a task on average; coefficient of variation .5 (plans that ship: 73 and .47)
# Uses in a task that uses the term, besides the first: (shape, mean) of a negative binomial. On average over all terms of the
# plans it is .3 to .4, of one term in ten 1.5; no term that occurs in ten tasks has 3.
USES = {"1.35 uses a task": (0.45, 0.35), "2.5 uses a task": (0.6, 1.5), "4 uses a task": (0.6, 3.0)}
EVEN = "spread evenly"  # every word of every task is the term with the same probability
# Mentions of concepts in a task: mean, coefficient of variation, share of tasks without; and how alike tasks are: the higher, the
# more every task mentions what the document does. Plans that ship: themed; AI plans by paragraphs: mixed.
MENTIONS = {"themed tasks": (6.0, 0.55, 0.06, 1.2), "mixed paragraphs": (3.2, 0.75, 0.38, 8.0)}
# Attention of a document to 16 concepts, falling as in the plans that ship.
BASE = np.array([18, 14, 12, 10, 8, 7, 6, 5, 5, 4, 3, 3, 2, 1, 1, 1]) / 100

generator = np.random.default_rng(0)
scale = 1.0


def times(n):
    return max(int(n * scale), 5)


def share_held(low, high, true):
    """Held among those that have an interval."""
    low, high, true = np.broadcast_arrays(low, high, true)
    drawn = ~np.isnan(low)
    return np.mean((low <= true + 1e-9) & (true <= high + 1e-9), where=drawn) if drawn.any() else np.nan


def show(title, table):
    """Print a table as Markdown; shares with two digits."""
    table = pd.DataFrame(table)
    table = table[sorted(table, key=lambda name: name == "samples")]
    cells = [[format_cell(value) for value in row] for row in table.to_numpy(dtype=object)]
    print(f"\n### {title}\n\n| {' | '.join(map(str, table.columns))} |\n|{'---|' * table.shape[1]}")
    print("\n".join(f"| {' | '.join(row)} |" for row in cells), flush=True)


def format_cell(value):
    if isinstance(value, float):
        return "–" if np.isnan(value) else f"{value:.2f}".removeprefix("0") if 0 <= value < 1 else f"{value:.2f}"
    return str(value)


def name_band(low, high):
    return f"{low}" if low == high else f"{low}+" if high >= 100 else f"{low}–{high}"


def hold_by_band(held, carrying, fewest=100):
    """{band of carrying units: share held, "samples": their range}; NaN where fewer than 100 samples have so many (error .03)."""
    cells, samples = {}, []
    for band in BANDS:
        own = held[(carrying >= band[0]) & (carrying <= band[1])]
        own = own[~np.isnan(own)]
        enough = len(own) >= fewest * min(scale, 1)
        cells[name_band(*band)] = own.mean() if enough else np.nan
        samples += [len(own)] * enough
    return cells | {"samples": f"{min(samples)}–{max(samples)}" if samples else "–"}


# --- rates per 10,000 words, and shares of tasks


def draw_sizes(n):
    """Words of n tasks."""
    spread = np.sqrt(np.log(1.25))
    return np.maximum(np.round(generator.lognormal(np.log(WORDS) - spread**2 / 2, spread, n)), 5)


def draw_uses(sizes, carrying, kind):
    """(uses of terms, their true rates); a row is a task, a column a term of which a share `carrying` of tasks has some."""
    n, k = len(sizes), len(carrying)
    if kind == EVEN:
        rates = -np.log1p(-np.minimum(carrying, 0.97)) / WORDS
        return generator.poisson(sizes[:, None] * rates), rates
    shape, more = USES[kind]
    uses = 1 + generator.negative_binomial(shape, shape / (shape + more), (n, k))
    return np.where(generator.random((n, k)) < carrying, uses, 0), carrying * (1 + more) / WORDS


def draw_percentiles(parts, sizes):
    """Percentile intervals over draws of tasks, which policylab printed before version 0.3."""
    n = len(sizes)
    drawn = generator.multinomial(n, np.full(n, 1 / n), DRAWS).astype(float)
    rates = drawn @ parts / (drawn @ sizes)[:, None]
    low, high = np.percentile(rates, [2.5, 97.5], axis=0)
    return np.where(np.ptp(rates, axis=0) > 1e-12, [low, high], np.nan)


METHODS = {
    "percentiles": draw_percentiles,
    "now": lambda parts, sizes: ratio_interval(parts, sizes, np.zeros(len(sizes))),
}


def simulate_rates():
    by_expected, by_found = [], []
    for n in SIZES:
        for kind in (*USES, EVEN):
            for name, bound in METHODS.items():
                row = {"tasks": n, "term": kind, "interval": name}
                cells = {}
                for k in CARRYING:
                    cells[k] = np.nan
                    if k < n:
                        cells[k] = np.mean(
                            [hold_rates(n, np.full(100, k / n), kind, bound)[0].mean() for _ in range(times(20))]
                        )
                by_expected.append(row | cells | {"samples": 100 * times(20)})
                # Terms of a document: half as many are in twice as many tasks.
                parts = [
                    hold_rates(n, np.exp(generator.uniform(np.log(0.1 / n), np.log(0.95), 100)), kind, bound, True)
                    for _ in range(times(100))
                ]
                held, carrying = (np.concatenate(side) for side in zip(*parts, strict=True))
                by_found.append(row | hold_by_band(held, carrying))
    show("Rates, by the number of tasks expected to use the term (no interval counts as a miss)", by_expected)
    show("Rates, by the number of tasks found to use the term", by_found)


def hold_rates(n, carrying, kind, bound, skip=False):
    """(whether each interval holds the true rate, tasks that use the term); without an interval NaN if they are skipped, else 0."""
    sizes = draw_sizes(n)
    uses, true = draw_uses(sizes, carrying, kind)
    low, high = bound(uses, sizes)
    held = ((low <= true) & (true <= high)).astype(float)
    return np.where(np.isnan(low), np.nan if skip else 0.0, held), (uses > 0).sum(axis=0)


def simulate_chosen_terms():
    """Two documents, 380 terms, of which the eight with the largest G² are chosen."""
    table = []
    for n in SIZES:
        for change in (0.0, 0.4, 0.8):
            held = {name: [] for name in METHODS}
            for _ in range(times(150)):
                pairs = draw_two_documents(n, 380, change)
                counts = np.column_stack([uses.sum(axis=0) for uses, _, _ in pairs])
                g2 = np.where(counts.sum(axis=1) >= 5, g2_table(counts, [sizes.sum() for _, sizes, _ in pairs]), -1)
                chosen = np.argsort(-g2)[:8]
                for uses, sizes, true in pairs:
                    for name, bound in METHODS.items():
                        held[name].append(share_held(*bound(uses[:, chosen], sizes), true[chosen]))
            table.append(
                {"tasks": n, "change (sd of log rates)": change}
                | {name: np.nanmean(v) for name, v in held.items()}
                | {"samples": 16 * times(150)}
            )
    show("Rates of the eight terms of 380 that differ most between two documents", table)


def draw_two_documents(n, n_terms, change, unchanged=0.0):
    """[(uses, sizes, true rates)] of two documents whose terms differ in frequency; a share of them does not."""
    carrying = np.exp(generator.uniform(np.log(1 / n), np.log(0.2), n_terms))
    kinds = generator.choice([*USES, EVEN], n_terms, p=[0.6, 0.2, 0.03, 0.17])
    moved = generator.random(n_terms) >= unchanged
    pairs = []
    for _ in range(2):
        sizes, uses, true = draw_sizes(n), np.zeros((n, n_terms)), np.zeros(n_terms)
        here = np.minimum(carrying * np.exp(change * moved * generator.normal(size=n_terms)), 0.95)
        for kind in set(kinds):
            own = kinds == kind
            uses[:, own], true[own] = draw_uses(sizes, here[own], kind)
        pairs.append((uses, sizes, true))
    return pairs


def simulate_shares():
    """Exact: over all samples that can occur."""
    table = []
    for n in (5, 10, *SIZES):
        row = {"tasks": n}
        low, high = wilson_interval(np.arange(n + 1), n)
        for k in (0.5, *CARRYING):
            true = k / n
            row[k] = binom.pmf(np.arange(n + 1), n, true)[(low <= true) & (true <= high)].sum() if k < n else np.nan
        grid = np.linspace(0.005, 0.995, 199)
        held = [binom.pmf(np.arange(n + 1), n, p)[(low <= p) & (p <= high)].sum() for p in grid]
        table.append(row | {"mean": np.mean(held), "lowest": np.min(held)})
    show(
        "Wilson's interval of a share of tasks, by the number expected to have it; mean and lowest over all shares",
        table,
    )


# --- concepts


def draw_mentions(n, attention, kind):
    """Mentions of every concept (column) in n tasks."""
    mean, variation, silent, alike = MENTIONS[kind]
    variance = max((variation * mean) ** 2, mean)
    shape = (mean - 1) ** 2 / max(variance - mean + 1, 0.1)
    totals = (1 + generator.negative_binomial(shape, shape / (shape + mean - 1), n)) * (generator.random(n) >= silent)
    own = np.nan_to_num(generator.dirichlet(alike * np.maximum(attention, 1e-6), n))
    own /= np.maximum(own.sum(axis=1, keepdims=True), 1e-12)
    return np.array(
        [generator.multinomial(total, share) for total, share in zip(totals, own, strict=True)], dtype=float
    )


def simulate_attention():
    table = []
    for n in (2, 3, 5, 10, *SIZES):
        for kind in MENTIONS:
            held, carrying = {name: [] for name in METHODS}, []
            for _ in range(times(4000)):
                attention = np.exp(generator.uniform(np.log(0.005), np.log(0.8)))
                counts = draw_mentions(n, np.array([attention, 1 - attention]), kind)
                sizes = counts.sum(axis=1)
                if not sizes.sum():
                    continue
                carrying.append((counts[:, 0] > 0).sum())
                ends = ratio_interval(counts[:, :1], sizes, np.zeros(n))[:, 0]
                held["now"].append(ends[0] <= attention <= ends[1])
                if len(carrying) <= times(800):
                    with np.errstate(invalid="ignore"):
                        drawn = generator.multinomial(n, np.full(n, 1 / n), DRAWS) @ counts
                        shares = drawn[:, 0] / drawn.sum(axis=1)
                    low, high = np.nanpercentile(shares, [2.5, 97.5])
                    held["percentiles"].append(np.nan if high - low < 1e-12 else low <= attention <= high)
            carrying = np.array(carrying)
            for name, values in held.items():
                cells = hold_by_band(np.array(values, dtype=float), carrying[: len(values)])
                table.append({"tasks": n, "mentions": kind, "interval": name} | cells)
    show("Attention, by the number of tasks found to mention the concept", table)


def differ(distance):
    """Attention of two documents whose consistency is 1 - distance."""
    if distance == 0:
        return BASE, BASE
    while True:
        other = BASE * np.exp(generator.normal(size=len(BASE)) * (0.3 + 3 * distance))
        other /= other.sum()
        most = np.abs(other - BASE).sum() / 2
        if most >= distance:
            return BASE, BASE + (other - BASE) * distance / most


def simulate_consistency():
    table, bands = [], []
    for sizes in ((5, 5), (10, 10), (20, 20), (35, 35), (100, 100), (16, 100)):
        for kind in MENTIONS:
            rows = {name: {"tasks": f"{sizes[0]}, {sizes[1]}", "mentions": kind, "interval": name} for name in METHODS}
            for distance in (0.0, 0.1, 0.2, 0.35, 0.6, 0.8):
                held, inside = {name: [] for name in METHODS}, []
                for turn in range(times(150)):
                    counts = [draw_mentions(n, p, kind) for n, p in zip(sizes, differ(distance), strict=True)]
                    if not all(part.sum() for part in counts):
                        continue
                    contents = generator.integers(1, 2**62, sum(sizes)).astype(np.uint64)
                    ends, _ = _bound_overlap(counts, contents, DRAWS, turn)
                    held["now"].append(share_held(*ends, 1 - distance))
                    held["percentiles"].append(share_held(*shift_percentiles(counts), 1 - distance))
                    if distance == 0:
                        inside.append(stay_inside(np.vstack(counts), sizes[0], contents, turn))
                for name in METHODS:
                    rows[name][f"{1 - distance:g}"] = np.nanmean(held[name])
                    rows[name]["samples"] = times(150)
                if inside:
                    bands.append(
                        {
                            "tasks": f"{sizes[0]}, {sizes[1]}",
                            "mentions": kind,
                            "inside": np.mean(inside),
                            "samples": len(inside),
                        }
                    )
            table += rows.values()
    show("Consistency, by the true one", table)
    show("Consistency of documents of equal attention inside the middle 95% of random splits", bands)


def shift_percentiles(counts):
    """Percentiles over draws of tasks, moved to the estimate: what policylab printed before version 0.3."""
    sums = [generator.multinomial(len(part), np.full(len(part), 1 / len(part)), DRAWS) @ part for part in counts]
    values = _overlap(*sums)
    estimate = _overlap(*(part.sum(axis=0) for part in counts))
    return np.clip(np.nanpercentile(values, [2.5, 97.5]) - np.nanmean(values) + estimate, 0, 1)


def stay_inside(counts, n_first, contents, seed):
    first = split_units(contents, n_first, DRAWS, seed)
    values = _overlap(first @ counts, ~first @ counts)
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return low - 1e-9 <= _overlap(counts[:n_first].sum(axis=0), counts[n_first:].sum(axis=0)) <= high + 1e-9


# --- comparisons of words


def simulate_bands():
    table = []
    for n in SIZES:
        for change in (0.0, 0.8):
            all_in, single, false = [], [], []
            for turn in range(times(100)):
                pairs = draw_two_documents(n, 380, change, unchanged=0.5)
                compared, rates = compare_two(pairs, turn)
                true = find_true_odds(compared, rates)
                inside = (compared["low"] <= true) & (true <= compared["high"])
                all_in.append(inside.all())
                single.append(inside.mean())
                false.append(bool((compared["apart"] & np.isclose(*rates)).any()))
            table.append(
                {
                    "tasks": n,
                    "what differs": "half of the terms" if change else "nothing",
                    "lists with a term apart that does not differ": np.mean(false),
                    "lists whose bands all hold the true log-odds": np.mean(all_in),
                    "single bands that do": np.mean(single),
                    "samples": times(100),
                }
            )
    show("Bands of compare_terms: 380 terms of two documents", table)


def compare_two(pairs, seed, documents=None, unit="task"):
    """(table of compare_terms without its texts, true rates of its rows in both) for the terms with five uses and more."""
    uses = np.vstack([part[0] for part in pairs]).astype(int)
    sizes = np.concatenate([part[1] for part in pairs]).astype(int)
    side = np.repeat([True, False], [len(part[1]) for part in pairs])
    documents = np.where(side, "a", "b") if documents is None else documents
    if unit == "document":
        names, place = np.unique(documents, return_inverse=True)
        owner = csr_array((np.ones(len(place), dtype=int), (place, np.arange(len(place)))))
        uses, sizes, side, documents = owner @ uses, owner @ sizes, np.char.startswith(names, "a"), names
    kept = np.flatnonzero(uses.sum(axis=0) >= 5)
    matrix, terms = csr_array(uses[:, kept]), [f"t{i}" for i in kept]
    units = Units(unit, pd.DataFrame({"document_id": documents}), matrix, terms, sizes, hash_bags(matrix, terms))
    table = _compare(units, [side, ~side], 500, DRAWS, seed, ("a", "b"))
    return table, [part[2][kept] for part in pairs]


def find_true_odds(compared, rates):
    """The difference of log-odds with the prior, if counts were as the true rates have it."""
    totals = compared["n_tokens_a"].to_numpy(), compared["n_tokens_b"].to_numpy()
    pseudo = 500 * (compared["n_a"] + compared["n_b"]).to_numpy() / sum(totals)
    odds = [
        np.log((rate * total + pseudo) / (total + 500 - rate * total - pseudo))
        for rate, total in zip(rates, totals, strict=True)
    ]
    return odds[0] - odds[1]


def simulate_bands_of_documents():
    """Groups of several documents that differ among themselves, split by task or by document."""
    table = []
    for n_documents in (2, 5, 10):
        for spread in (0.0, 0.3, 0.6):
            apart = {"task": [], "document": []}
            for turn in range(times(60)):
                pairs, names = [], []
                carrying = np.exp(generator.uniform(np.log(1 / 30), np.log(0.2), 200))
                for group in "ab":
                    own = []
                    for i in range(n_documents):
                        sizes = draw_sizes(30)
                        here = np.minimum(carrying * np.exp(spread * generator.normal(size=200)), 0.95)
                        uses, _ = draw_uses(sizes, here, "1.35 uses a task")
                        own.append((uses, sizes))
                        names += [f"{group}{i}"] * 30
                    pairs.append((*(np.concatenate(part) for part in zip(*own, strict=True)), carrying))
                for unit, found in apart.items():
                    compared, _ = compare_two(pairs, turn, np.array(names), unit)
                    found.append(bool(compared["apart"].fillna(False).any()))
            rows = {f"split by {unit}": np.mean(found) for unit, found in apart.items()}
            table.append(
                {"documents a group": n_documents, "spread among documents (sd of log rates)": spread}
                | rows
                | {"samples": times(60)}
            )
    show("Lists of compare_terms with a term apart, though the two groups come from one population of documents", table)


def simulate_cosines():
    """Cosine of whole documents: 50 subjects with their own words, half of a task's words are of its subject."""
    n_words, table = 1500, []
    common = 1 / np.arange(1, n_words + 1)
    common /= common.sum()
    subjects = np.array([own / own.sum() for own in common * generator.gamma(0.25, 4, (50, n_words))])
    for n in (2, 3, 5, 10, *SIZES):
        row = {"tasks": n}
        for shared in (1.0, 0.5, 0.0):
            first = generator.dirichlet(np.full(50, 0.3))
            second = shared * first + (1 - shared) * generator.dirichlet(np.full(50, 0.3))
            found = np.array(
                [
                    bound_cosine(*(draw_words(n, w, subjects, common) for w in (first, second)))
                    for _ in range(times(150))
                ]
            )
            reach = 1.96 * found[:, 1]
            row[f"{shared:.0%} of subjects shared"] = share_held(
                found[:, 0] - reach, found[:, 0] + reach, found[:, 0].mean()
            )
        table.append(row | {"samples": times(150)})
    show("Cosine of two documents (compare_documents), by their tasks", table)


def draw_words(n, weights, subjects, common):
    counts = np.zeros((n, len(common)))
    for i, size in enumerate(draw_sizes(n).astype(int)):
        own = (common + subjects[generator.choice(len(weights), p=weights)]) / 2
        counts[i] = generator.multinomial(size - size // 3, own)
        # A third of the words repeat one that the task has.
        counts[i] += generator.multinomial(size // 3, counts[i] / counts[i].sum())
    return counts


def bound_cosine(*pair):
    """(cosine, standard error) as compare_documents has them."""
    whole = alignment._direct(np.array([part.sum(axis=0) for part in pair]))
    variance = 0.0
    for part, other in zip(pair, whole[::-1], strict=True):
        without = alignment._direct(part.sum(axis=0) - part) @ other
        variance += (len(part) - 1) / len(part) * ((without - without.mean()) ** 2).sum()
    return whole[0] @ whole[1], np.sqrt(variance)


# --- coders


def draw_codes(n, shares, alpha, n_coders):
    """Counts of coders by unit and value: coders see a unit's value with probability √alpha, else guess by the shares."""
    k, seen = len(shares), np.sqrt(alpha)
    true = generator.choice(k, n, p=shares)
    codes = np.where(generator.random((n_coders, n)) < seen, true, generator.choice(k, (n_coders, n), p=shares))
    return np.stack([(codes == value).sum(axis=0) for value in range(k)], axis=1)


def hold_alpha(shares, alpha, n, n_coders, measure="nominal"):
    """(share held, share without an interval, mean number of units that are not all of the most frequent value)."""
    held, apart, numbers = [], [], np.arange(1.0, len(shares) + 1)
    true = alpha
    if measure != "nominal":
        counts = draw_codes(5000, shares, alpha, n_coders)
        true = bound_alpha(counts, list(numbers), measure, 0, 0)[0]
    for turn in range(times(150)):
        counts = draw_codes(n, shares, alpha, n_coders)
        used = counts.sum(axis=0) > 0
        low, high = (
            bound_alpha(counts[:, used], list(numbers[used]), measure, 120, turn)[1:3]
            if used.sum() > 1
            else (np.nan,) * 2
        )
        held.append(np.nan if np.isnan(low) else low - 1e-9 <= true <= high + 1e-9)
        apart.append((counts[:, 0] < counts.sum(axis=1)).sum())
    held = np.array(held, dtype=float)
    return (
        np.nanmean(held) if (~np.isnan(held)).sum() >= len(held) / 10 else np.nan,
        np.isnan(held).mean(),
        np.mean(apart),
    )


def simulate_alpha():
    table = []
    cases = [(f"2 codes, {share:.0%}", np.array([1 - share, share]), 2, "nominal") for share in (0.05, 0.1, 0.2, 0.5)]
    cases += [("2 codes, 5%, 3 coders", np.array([0.95, 0.05]), 3, "nominal")]
    skewed, even = np.array([0.85, 0.05, 0.05, 0.05]), np.array([0.1, 0.2, 0.4, 0.2, 0.1])
    cases += [("4 codes, 5% each but one", skewed, 2, "nominal"), ("5 degrees, even", even, 2, "ordinal")]
    cases += [("4 degrees, 5% each but one", skewed, 2, measure) for measure in ("ordinal", "ratio", "interval")]
    cases += [
        ("5 degrees, even", even, 2, "interval"),
        ("5 degrees, one in 50 extreme", np.array([0.9, 0.06, 0.02, 0.01, 0.01]), 2, "interval"),
    ]
    for name, shares, n_coders, measure in cases:
        for n in (20, 50, 100, 300) if measure == "interval" else (20, 50, 100):
            found = {alpha: hold_alpha(shares, alpha, n, n_coders, measure) for alpha in (0.4, 0.7, 0.9)}
            row = {"codes": name, "measure": measure, "units": n, "not of the most frequent code": round(found[0.7][2])}
            row |= {f"α = {alpha}": cell[0] for alpha, cell in found.items()}
            row["without interval"] = np.mean([cell[1] for cell in found.values()])
            table.append(row | {"samples": times(150)})
    show("Krippendorff's alpha", table)


# --- alignments as counted, strength, topics as given


def draw_links(n, m, matched, more):
    """Links of n tasks, of which a share has one and more, with m others near the place they have in order."""
    near = np.exp(-0.5 * ((np.arange(n)[:, None] / n - np.arange(m) / m) / 0.12) ** 2)
    links = np.zeros((n, m), dtype=bool)
    for i in np.flatnonzero(generator.random(n) < matched):
        links[
            i, generator.choice(m, 1 + min(generator.poisson(more), m - 1), replace=False, p=near[i] / near[i].sum())
        ] = True
    return links


def simulate_alignment():
    """Tasks of the one side are drawn; the other side stays. So measures of the reference's tasks have their own draws."""
    table, sides = (
        [],
        {False: ("novelty", "combined", "order", "reuse"), True: ("coverage", "concentration", "divided")},
    )
    for n in SIZES:
        for matched in (0.1, 0.25, 0.5, 0.9):
            row = {"tasks": n, "with a match": f"{matched:.0%}"}
            for turned, names in sides.items():
                found = [measure_once(n, matched, turned, names) for _ in range(times(400))]
                for i, name in enumerate(names):
                    low, high, value = np.array([each[i] for each in found]).T
                    row[name] = share_held(low, high, np.nanmean(value))
            table.append(row | {"samples": times(400)})
    show("Measures of an alignment as counted, if all matches are right", table)


def measure_once(n, matched, turned, names):
    """[(low, high, value)] of some measures of n tasks, drawn tasks being those of the reference if `turned`."""
    links = draw_links(n, n, matched, 0.3)
    links = links.T if turned else links
    sizes = generator.integers(60, 400, n)
    copied = (links.any(axis=1) * generator.beta(0.4, 1.5, n) * sizes)[None]
    once = (np.ones((1, n)), np.ones((1, n)))
    anew = tuple(generator.multinomial(n, np.full(n, 1 / n), DRAWS // 2).astype(float) for _ in range(2))
    counted, drawn = (alignment._count(links[None], copied, sizes, weights) for weights in (once, anew))
    found = []
    for name in names:
        value = (
            float(np.squeeze(counted[name][0])) / float(np.squeeze(counted[name][1]))
            if np.squeeze(counted[name][1])
            else np.nan
        )
        ends = alignment._find_interval(name, counted[name], drawn[name]) if value == value else (np.nan, np.nan)
        found.append((*ends, value))
    return found


def simulate_evaluation():
    table = []
    for n, linked in ((10, 0.9), (20, 0.9), (35, 0.9), (35, 0.4), (100, 0.9)):
        found = [evaluate_once(n, linked, turn, DRAWS // 2) for turn in range(times(150))]
        many = [evaluate_once(n, linked, turn, 0) for turn in range(times(250))]
        row = {"tasks": n, "with a link": f"{linked:.0%}"}
        for i, name in enumerate(("precision", "recall", "F1", "MAP")):
            true = np.nanmean([each["value"].iloc[i] for each in many])
            row[name] = share_held(*np.array([each[["low", "high"]].iloc[i] for each in found], dtype=float).T, true)
        table.append(row | {"samples": times(150)})
    show("Precision, recall, F1 and MAP of an alignment (evaluate_alignment)", table)


def evaluate_once(n, linked, turn, n_resamples):
    """Gold links of n tasks and 20 reference tasks, and scores that find them; some tasks are harder than others."""
    links = (generator.random((n, 20)) < 1.2 / 20) & (generator.random(n) < linked)[:, None]
    links[0, 0] = True
    hard = generator.beta(2, 2, n)[:, None]
    scores = generator.normal(np.where(links, 3.2 - 2 * hard, 0), 0.9)
    task, reference = (place.ravel() + 1 for place in np.indices(links.shape))
    pairs = pd.DataFrame(
        {"task": task, "reference_task": reference, "score": scores.ravel(), "matched": scores.ravel() > 1.6}
    )
    gold = pairs.loc[links.ravel(), ["task", "reference_task"]]
    return evaluate_alignment(pairs, gold, n_resamples=n_resamples, seed=turn)


def simulate_strength():
    """Matched tasks are worded alike, more firmly in the reference; some share a counterpart."""
    table = []
    for n in (10, 13, 20, 35, 60):
        row = {"groups of matched tasks": n - len(range(0, n - 1, 3)), "matched tasks": n}
        for clauses in (3, 8):
            found = []
            for turn in range(times(200)):
                found.append(compare_once(n, clauses, turn))
            low, high, value = np.array(found).T
            row[f"{clauses} clauses a task"] = share_held(low, high, np.mean(value))
        table.append(row | {"samples": times(200)})
    show(
        "Strength: matched tasks against all pairs (compare_strength), by groups of matched tasks; fewer than seven have none",
        table,
    )


def compare_once(n_matched, clauses, seed):
    """Every third matched task has the counterpart of the next one as well, so that the two are one group."""
    n = n_matched + 5
    shared = generator.normal(0, 0.6, n_matched)
    firm = [np.append(shared, generator.normal(0, 0.6, 5)) + generator.normal(0, 0.4, n) + shift for shift in (0, 0.3)]
    sides = []
    for own in firm:
        levels = np.clip(np.round(2.5 + own[:, None] + generator.normal(0, 1, (n, clauses))), 1, 5).astype(int)
        sides.append(pd.DataFrame(np.stack([(levels == level).sum(axis=1) for level in range(1, 6)], axis=1)))
    own, other = sides
    deltas = pd.DataFrame(own.to_numpy() @ FIRMER @ other.to_numpy().T / clauses**2)
    pairs = [(i, i) for i in range(n_matched)] + [(i, i + 1) for i in range(0, n_matched - 1, 3)]
    found = compare_with_all(pairs, deltas, own, other, DRAWS, seed)
    return found["low"], found["high"], found["difference"]


def simulate_prevalence():
    table = []
    for n in SIZES:
        held, carrying = [], []
        for turn in range(times(1000)):
            prevalence = np.exp(generator.uniform(np.log(0.01), np.log(0.6)))
            main = generator.random(n) < prevalence
            share = np.where(main, generator.beta(6, 2, n), generator.beta(0.3, 6, n))
            true = prevalence * 0.75 + (1 - prevalence) * 0.3 / 6.3
            rows = pd.DataFrame(
                {"document_id": "a", "task": np.arange(n), "topic": 1, "share": share, "n_tokens": draw_sizes(n)}
            )
            rest = rows.assign(topic=2, share=1 - share)
            row = measure_prevalence(pd.concat([rows, rest], ignore_index=True), n_resamples=DRAWS, seed=turn).iloc[0]
            held.append(row["low"] <= true <= row["high"])
            carrying.append(main.sum())
        table.append({"tasks": n} | hold_by_band(np.array(held, dtype=float), np.array(carrying)))
    show("Prevalence of topics taken as given, by the number of tasks that the topic is the main one of", table)


PARTS = {
    "rates": simulate_rates,
    "chosen": simulate_chosen_terms,
    "shares": simulate_shares,
    "attention": simulate_attention,
    "consistency": simulate_consistency,
    "bands": simulate_bands,
    "documents": simulate_bands_of_documents,
    "cosines": simulate_cosines,
    "alpha": simulate_alpha,
    "alignment": simulate_alignment,
    "evaluation": simulate_evaluation,
    "strength": simulate_strength,
    "prevalence": simulate_prevalence,
}


def main():
    global scale, generator
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="share of the samples, for a quicker look")
    parser.add_argument("--only", default="", help=f"parts, of {', '.join(PARTS)}")
    options = parser.parse_args()
    scale = options.scale
    for name in options.only.split(",") if options.only else PARTS:
        generator = np.random.default_rng(1)  # each part by itself gives the same table
        start = time.perf_counter()
        PARTS[name]()
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
