"""What codes of one's own buy: forty and eighty codes, simulated on every pair of documents with gold.

    python benchmarks/calibrate.py [DRAWS [DRAWS_OF_DESIGNS]]

Every pair of documents is left out once: curve, threshold and prior are fitted on the seven others. Then pairs of tasks are
drawn from it (100 times; 40 times to compare designs), coded with their gold, and calibrate_alignment's steps are taken.
docs/alignment.md quotes the output.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from policylab.alignment import curve  # noqa: E402
from policylab.alignment.calibration import choose_threshold, draw_measures, update_by_codes  # noqa: E402
from policylab.alignment.reliability import make_prior  # noqa: E402
from policylab.alignment.sampling import choose_rows  # noqa: E402
from policylab.base.resampling import draw_numbers  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent))
from reliability import Gold  # noqa: E402  (it takes the folder off the path again)

N_RESAMPLES = 400
BANDS = (0.02, 0.1, 0.3, 0.8)


def list_documents(gold, least=1):
    """(name, scored pairs of tasks, which are links, threshold, prior) of every pair of documents, left out of all fits.

    `least` is the grade from which a pair is a link to the coder.
    """
    for place, name in enumerate(gold.table["documents"]):
        own = gold.kinds["whole"] & (gold.table["pair"] == place)
        ids = dict(zip(("document_id", "reference_id"), name.split(), strict=True))
        ordinals = {"task": gold.table["row"][own] + 1, "reference_task": gold.table["column"][own] + 1}
        pairs = pd.DataFrame(ids | ordinals | {"score": gold.scores[own]})
        yield (
            str(name),
            pairs,
            gold.table["grade"][own] >= least,
            gold.thresholds[place],
            make_prior(*gold.fit_without(place)),
        )


# --- designs: (chance of a link, prior, pairs, n, random numbers, seed) -> rows


def rank_drawn(weights, drawn, n):
    """Sequential Poisson sampling."""
    return np.argsort(drawn / weights)[:n]


def spread_evenly(chance, prior, pairs, n, drawn, seed):
    """As many of every band of scores, as far as there are."""
    band = np.searchsorted(BANDS, pairs["score"])
    rank = pd.Series(drawn).groupby(band).rank().to_numpy()
    return np.lexsort((drawn, rank))[:n]


def seek_f1(chance, prior, pairs, n, drawn, seed):
    """By what a code tells about F1 (Sawade, Landwehr & Scheffer 2010)."""
    threshold, expected = choose_threshold(pairs.assign(linked=pd.array([pd.NA] * len(pairs), "boolean")), prior)
    influence = np.where(pairs["score"] >= threshold, 2 - expected["F1"], expected["F1"])
    return rank_drawn(np.sqrt(chance * (1 - chance)) * influence, drawn, n)


def take_doubtful(chance, prior, pairs, n, drawn, seed):
    return np.argsort(-chance * (1 - chance), kind="stable")[:n]


def take_half(chance, prior, pairs, n, drawn, seed):
    order = take_doubtful(chance, prior, pairs, len(pairs), drawn, seed)
    first, others = order[: n // 2], order[n // 2 :]
    return np.append(first, others[rank_drawn((chance * (1 - chance))[others], drawn[others], n - len(first))])


DESIGNS = {
    "at random": lambda chance, prior, pairs, n, drawn, seed: np.argsort(drawn)[:n],
    "even over five bands of scores": spread_evenly,
    "by information about F1": seek_f1,
    "chances ~ p (1 - p)": lambda chance, prior, pairs, n, drawn, seed: rank_drawn(chance * (1 - chance), drawn, n),
    "half the most doubtful, half ~ p (1 - p)": take_half,
    "the same, by turns from both sides of 1/2": lambda chance, prior, pairs, n, drawn, seed: choose_rows(
        chance, pairs[["task", "reference_task"]].to_numpy(), n, seed
    ),
    "the most doubtful": take_doubtful,
}
DEFAULT = "the same, by turns from both sides of 1/2"


def rate(matched, links):
    """(precision, recall, F1) of matches."""
    both = (matched & links).sum()
    return np.array([both / max(matched.sum(), 1), both / links.sum(), 2 * both / (matched.sum() + links.sum())])


def simulate(pairs, links, prior, rows, seed, code=lambda links, rows, seed: links[rows]):
    """What `rows` buy when they are coded, by default with their gold."""
    coded, codes = np.zeros(len(pairs), bool), links.copy()
    coded[rows], codes[rows] = True, code(links, rows, seed)
    linked = pd.array(codes, dtype="boolean")
    linked[~coded] = pd.NA
    pairs = pairs.assign(linked=linked)
    reliability = update_by_codes(prior, pairs)
    threshold, expected = choose_threshold(pairs, reliability)
    reached = (pairs["score"] >= threshold).to_numpy()
    matched = np.where(coded, codes, reached)
    low, high, _ = draw_measures(pairs.assign(matched=matched), reliability, N_RESAMPLES, seed)
    true, value = rate(matched, links), np.array(list(expected.values()))
    names = ("precision", "recall", "F1")
    found = {
        "threshold": threshold,
        "F1 threshold": rate(reached, links)[2],
        "F1 uncoded": rate(reached[~coded], links[~coded])[2] if links[~coded].any() else np.nan,
        "one kind": len(set(codes[coded])) < 2,
        "links coded": links[coded].sum(),
    }
    found |= dict(zip(names, true)) | {f"expected {name}": x for name, x in zip(names, value)}
    # Without an interval there is nothing to hold the truth.
    held = np.where(np.isnan(low), np.nan, (low - 1e-9 <= true) & (true <= high + 1e-9))
    found |= {f"in {name}": x for name, x in zip(names, held)}
    return found | {f"width {name}": x for name, x in zip(names, high - low)}


def simulate_all(documents, design, n, draws, **options):
    """The mean of simulate over draws: one row is a pair of documents."""
    rows = []
    for name, pairs, links, _, prior in documents:
        chance = prior.probability(pairs["score"])
        places = pairs[["task", "reference_task"]].to_numpy()
        for seed in range(draws):
            drawn = draw_numbers(places, b"pair", seed)
            chosen = DESIGNS[design](chance, prior, pairs, n, drawn, seed)
            rows.append({"documents": name} | simulate(pairs, links, prior, chosen, seed, **options))
    return pd.DataFrame(rows).groupby("documents", sort=False).mean()


def find_best(pairs, links):
    """The best F1 that any threshold reaches."""
    both = np.cumsum(links[np.argsort(-pairs["score"].to_numpy(), kind="stable")])
    return (2 * both / (np.arange(1, len(links) + 1) + links.sum())).max()


def slip(links, rows, seed, share=0.1):
    """The codes of a coder who takes a tenth of the pairs for what they are not."""
    codes = links[rows].copy()
    wrong = np.random.default_rng(seed).random(len(rows)) < share
    codes[wrong] = ~codes[wrong]
    return codes


def add_links(documents, n=3, below=0.05):
    """The same documents with n more links, drawn from pairs of low scores: what the curve does not expect."""
    for place, (name, pairs, links, threshold, prior) in enumerate(documents):
        low = np.flatnonzero((pairs["score"] < below) & ~links)
        more = links.copy()
        more[np.random.default_rng(place).choice(low, n, replace=False)] = True
        yield name, pairs, more, threshold, prior


def summarize(found):
    shipped = found.index.str.contains("national")
    means = {"education": found[shipped].mean(), "others": found[~shipped].mean(), "all": found.mean()}
    return pd.DataFrame(means).T


def main(draws=100, design_draws=40):
    gold = Gold(curve.load_likeness())
    documents = list(list_documents(gold))
    rows = {}
    for name, pairs, links, threshold, prior in documents:
        without = simulate(pairs, links, prior, np.array([], int), 0)
        default = rate((pairs["score"] >= threshold).to_numpy(), links)[2]
        rows[name] = {"pairs": len(links), "links": links.sum(), "best threshold": find_best(pairs, links)}
        rows[name] |= {"default": default, "prior": without["F1"], "prior expects": without["expected F1"]}
        rows[name] |= {f"prior in {m}": without[f"in {m}"] for m in ("precision", "recall", "F1")}
    before = pd.DataFrame(rows).T
    print("Without codes\n", pd.concat([before, summarize(before)]).astype(float).round(2).to_string())
    for n in (40, 80, 10, 20):
        found = simulate_all(documents, DEFAULT, n, draws)
        print(f"\n{n} codes, {draws} draws\n", pd.concat([found, summarize(found)]).round(2).to_string(), flush=True)
    strict = [row for row in list_documents(gold, least=2) if row[2].any()]
    print("\nLinks are direct counterparts only: best and default threshold, 40 codes")
    found = simulate_all(strict, DEFAULT, 40, design_draws)
    for name, pairs, links, threshold, _ in strict:
        found.loc[name, "best threshold"] = find_best(pairs, links)
        found.loc[name, "default"] = rate((pairs["score"] >= threshold).to_numpy(), links)[2]
    print(pd.concat([found, summarize(found)]).round(2).to_string(), flush=True)
    found = simulate_all(documents, DEFAULT, 40, design_draws, code=slip)
    print("\n40 codes, one in ten wrong\n", pd.concat([found, summarize(found)]).round(2).to_string(), flush=True)
    columns = ["F1 threshold", "F1 uncoded", "F1", "expected F1", "one kind"]
    columns += [f"{what} {m}" for what in ("in", "width") for m in ("precision", "recall", "F1")]
    more = list(add_links(documents))
    for title, chosen, n in (
        ("40 codes", documents, 40),
        ("80 codes", documents, 80),
        ("40 codes, links are direct counterparts only", strict, 40),
        ("40 codes, three more links below .05", more, 40),
    ):
        table = {}
        for design in DESIGNS:
            found = summarize(simulate_all(chosen, design, n, 1 if design == "the most doubtful" else design_draws))
            table |= {(design, group): found.loc[group, columns] for group in ("education", "others", "all")}
        print(f"\nDesigns, {title}\n", pd.DataFrame(table).T.astype(float).round(3).to_string(), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
