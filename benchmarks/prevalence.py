"""Do the intervals of topic prevalence hold the true prevalence? Simulated from known topics, and on texts of one's own.

    python benchmarks/prevalence.py [catalog.csv] [--runs 40] [--methods nmf consensus] [--refits 20]

Planted: 120 units in four documents are drawn from topics, and prevalences by document, that are known (a draw from the
model of LDA, in which a part of every topic is words that all topics share; the larger that part, the harder the topics).
The models get as many topics as were planted, or fewer. Texts: the documents of a catalog are put into four groups in the
order of their years and names; the truth is the model of all their paragraphs, and 240 paragraphs, 60 from each group, are drawn and
fitted anew. A topic is set against the true one that it shares most of its ten first terms with (Hungarian method).

Printed by setting: the share of topics that half of the refits or more find again and that so have an interval; for these
the share of intervals that hold the truth, with topics as given and with refits, for prevalence in a document and for the
difference between two; mean widths; and the same for topics that share at least five of ten terms with their true one.
"""

import sys

sys.path.pop(0)  # a file beside this one has the name of a module of Python

import argparse  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

import policylab as lab  # noqa: E402
from policylab.topics.refits import list_top_terms, match_topics  # noqa: E402
from policylab.words.terms import cast_matrix  # noqa: E402

N_DOCUMENTS, N_UNITS, N_TERMS, LENGTH = 4, 30, 700, 45
N_SAMPLED = 60  # paragraphs of a group of texts
ALIKE = 1 / 3  # Jaccard index of five common terms of ten
PLANTED = {
    "6 distinct topics": {"planted": 6, "fitted": 6, "shared": 1 / 3, "concentration": 1},
    "10 topics": {"planted": 10, "fitted": 10, "shared": 0.5, "concentration": 1},
    "10 blurred topics": {"planted": 10, "fitted": 10, "shared": 0.6, "concentration": 2},
    "10 topics, 6 fitted": {"planted": 10, "fitted": 6, "shared": 1 / 3, "concentration": 1},
}


def plant(seed, planted, fitted, shared, concentration):
    """(tokens, number of topics to fit, ten first terms of every true topic, true prevalence: documents x topics)."""
    generator = np.random.default_rng(seed)
    own = generator.dirichlet(np.full(N_TERMS, 0.05), size=planted)
    topics = (1 - shared) * own + shared * generator.dirichlet(np.full(N_TERMS, 0.5))
    prevalence = generator.dirichlet(np.full(planted, 3.0), size=N_DOCUMENTS)
    rows = []
    for document, shares in enumerate(prevalence):
        for task in range(1, N_UNITS + 1):
            mixed = generator.dirichlet(np.maximum(concentration * shares, 1e-3)) @ topics
            length = max(int(generator.lognormal(np.log(LENGTH), 0.5)), 8)
            words = np.repeat(np.arange(N_TERMS), generator.multinomial(length, mixed / mixed.sum()))
            rows.append(pd.DataFrame({"document_id": f"d{document}", "task": task, "word": words}))
    tokens = pd.concat(rows, ignore_index=True)
    names = np.array([f"t{i:04}" for i in range(N_TERMS)])
    tokens = tokens.assign(token=pd.Categorical(names[tokens["word"]]), paragraph=tokens["task"], mask=None)
    return tokens, fitted, [names[np.argsort(-topic)[:10]].tolist() for topic in own], prevalence


def load_texts(catalog, n_topics, method):
    """(tokens by group in place of document, true terms, true prevalence) of the paragraphs of a catalog."""
    corpus = lab.load_corpus(catalog)
    tokens = lab.tokenize(corpus)
    order = corpus.documents.sort_values(["year", "document_id"])["document_id"].tolist()
    group = {name: f"d{i * N_DOCUMENTS // len(order)}" for i, name in enumerate(order)}
    names = tokens["document_id"].astype("str") + "/" + tokens["paragraph"].astype("str")
    documents = tokens["document_id"].astype("str").map(group)
    tokens = tokens.assign(paragraph=pd.factorize(names)[0] + 1, document_id=documents)
    model = lab.fit_topics(tokens, n_topics, unit="paragraph", method=method, seed=1)
    prevalence = lab.measure_prevalence(model.shares, n_resamples=0)
    prevalence = prevalence.pivot(index="document_id", columns="topic", values="prevalence").to_numpy()
    return tokens, list(list_top_terms(model.terms).values()), prevalence


def sample_texts(tokens, seed):
    """The tokens of 60 paragraphs of each group."""
    generator, kept = np.random.default_rng(seed), []
    counted = cast_matrix(tokens, ["document_id", "paragraph"])
    long = counted.rows[np.asarray(counted.matrix.sum(axis=1)).ravel() >= 20]
    for _, own in long.groupby("document_id"):
        kept.extend(generator.choice(own["paragraph"].to_numpy(), N_SAMPLED, replace=False))
    return tokens[tokens["paragraph"].isin(kept)]


def simulate(tokens, n_topics, unit, tops, truth, method, seed, n_refits):
    """A row for each topic in each document, and for each topic the difference between the first and the last."""
    refits = lab.recipes.refit_topics(tokens, n_topics, unit=unit, method=method, seed=seed + 1, n_refits=n_refits)
    own = list_top_terms(refits.model.terms)
    jaccard, other = match_topics(own.values(), tops)
    true = pd.DataFrame(truth[:, other], index=[f"d{i}" for i in range(len(truth))], columns=list(own))
    alike, parts = dict(zip(own, jaccard, strict=True)), []
    for kind, given in (("topics as given", None), ("with refits", refits)):
        table = lab.measure_prevalence(refits.model.shares, refits=given, seed=seed)
        values = [true.loc[document, topic] for document, topic in table[["document_id", "topic"]].to_numpy()]
        parts.append(table.assign(measure="prevalence", kind=kind, truth=values))
        ends = true.index[0], true.index[-1]
        table = lab.compare_prevalence(refits.model.shares, "document_id", *ends, refits=given, seed=seed)
        values = [true.loc[ends[0], topic] - true.loc[ends[1], topic] for topic in table["topic"]]
        parts.append(table.assign(measure="difference", kind=kind, truth=values))
    found = refits.matched.groupby("topic")["found"].mean()
    return pd.concat(parts, ignore_index=True).assign(
        found=lambda rows: rows["topic"].map(found), alike=lambda rows: rows["topic"].map(alike)
    )


def report(title, rows):
    """Print a row for each measure and kind of interval."""
    rows = rows.assign(held=(rows["low"] <= rows["truth"]) & (rows["truth"] <= rows["high"]))
    kept = rows[(rows["found"] >= 0.5) & rows["low"].notna()]
    lines = []
    for (measure, kind), own in kept.groupby(["measure", "kind"], sort=False):
        same = own[own["alike"] >= ALIKE]
        width = (own["high"] - own["low"]).mean()
        lines.append((measure, kind, len(own), own["held"].mean(), width, len(same), same["held"].mean()))
    columns = ["measure", "interval", "n", "held", "width", "n_alike", "held_alike"]
    shares = f"{(rows['found'] >= 0.5).mean():.2f} of the topics found again by half of the refits"
    print(f"\n{title}: {shares}\n{pd.DataFrame(lines, columns=columns).round(3).to_string(index=False)}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalog", nargs="?", help="catalog.csv of at least four texts of one's own")
    parser.add_argument("--runs", type=int, default=40, help="simulations of each setting")
    parser.add_argument("--methods", nargs="+", default=["nmf"])
    parser.add_argument("--refits", type=int, default=20)
    options = parser.parse_args()
    for method in options.methods:
        for name, setting in PLANTED.items():
            parts = []
            for seed in range(options.runs):
                tokens, fitted, tops, truth = plant(seed, **setting)
                parts.append(simulate(tokens, fitted, "task", tops, truth, method, seed, options.refits))
            report(f"{name}, {method}, {options.runs} runs", pd.concat(parts))
        if options.catalog:
            tokens, tops, truth = load_texts(options.catalog, 6, method)
            parts = [
                simulate(sample_texts(tokens, seed), 6, "paragraph", tops, truth, method, seed, options.refits)
                for seed in range(options.runs)
            ]
            report(f"texts, 6 topics, {method}, {options.runs} runs", pd.concat(parts))


if __name__ == "__main__":
    main()
