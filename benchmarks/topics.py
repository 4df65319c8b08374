"""Topics: time, coherence, exclusivity, stability and agreement with the plans' sections, ours against other libraries.

    python benchmarks/topics.py [catalog.csv of a further corpus, its paragraphs are the units] [--runs 10] [--topics 10]
    python benchmarks/topics.py --settings [--runs 12]

With --settings policylab is compared with itself: the tasks of the plans that ship, with other vocabularies, other methods and
more resamples, and each setting once more after the words were distributed over the tasks at random (null). The whole
procedure, vocabulary included, is repeated on every resample. docs/topics.md has the results.

All libraries get the same matrix of counts, the same number of topics and the same resamples: run i leaves out a tenth
of the units and has seed i. Vocabulary rules are those of fit_topics on all units. A library that is not installed is
skipped (gensim and tomotopy are no dependencies of policylab). Time is CPU time, so that other work on the machine does
not count; set OPENBLAS_NUM_THREADS=1 for a fair one.
"""

import sys

sys.path.pop(0)  # a file beside this one has the name of a module of Python

import argparse  # noqa: E402
import time  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

import policylab as lab  # noqa: E402
from policylab.topics import fit as fitting  # noqa: E402
from policylab.topics.fit import fit_consensus, fit_lda, fit_nmf  # noqa: E402
from policylab.topics.model import tabulate_model  # noqa: E402
from policylab.topics.quality import measure_npmi  # noqa: E402
from policylab.topics.refits import KEPT_SHARE, list_top_terms, match_topics  # noqa: E402
from policylab.words.terms import TermMatrix, cast_matrix  # noqa: E402
from policylab.words.units import list_unit_columns  # noqa: E402

SYNTHETIC_UNITS, SYNTHETIC_TERMS, SYNTHETIC_LENGTH = 20_000, 2_000, 40


def fit_sklearn(counts, n_topics, seed):
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(n_topics, random_state=seed)
    return model.fit_transform(counts), model.components_


def fit_gensim(counts, n_topics, seed):
    from gensim.matutils import Sparse2Corpus, corpus2dense
    from gensim.models import LdaModel

    texts = Sparse2Corpus(counts, documents_columns=False)
    names = dict(enumerate(map(str, range(counts.shape[1]))))
    model = LdaModel(texts, num_topics=n_topics, id2word=names, random_state=seed)
    return corpus2dense(model.get_document_topics(texts, minimum_probability=0), n_topics).T, model.get_topics()


def fit_tomotopy(counts, n_topics, seed):
    import tomotopy

    model = tomotopy.LDAModel(k=n_topics, seed=seed)
    for row in range(counts.shape[0]):
        own = slice(counts.indptr[row], counts.indptr[row + 1])
        model.add_doc(np.repeat(counts.indices[own], counts.data[own]).astype(str).tolist() or ["-"])
    # The library's own speed comparison uses 200 rounds. One worker, because more change the result.
    model.train(200, workers=1)
    place = [int(word) if word != "-" else -1 for word in model.used_vocabs]
    weights = np.zeros((n_topics, counts.shape[1] + 1))
    for topic in range(n_topics):
        weights[topic, place] = model.get_topic_word_dist(topic)
    return np.array([text.get_topic_dist() for text in model.docs]), weights[:, :-1]


def _ours(fit):
    return lambda counts, n_topics, seed: fit(counts, n_topics, seed)[::-1]


LIBRARIES = {
    "policylab consensus": _ours(fit_consensus),
    "policylab nmf": _ours(fit_nmf),
    "scikit-learn LDA": fit_sklearn,
    "gensim LdaModel": fit_gensim,
    "tomotopy LDAModel": fit_tomotopy,
}


def plant_topics(n_topics, seed):
    """Counts of synthetic units with known topics, and the ten first words of each: a draw from the model of LDA itself,
    in which a third of every text is words that all topics share. It is drawn as LDA assumes, so it favours LDA."""
    generator = np.random.default_rng(seed)
    own = generator.dirichlet(np.full(SYNTHETIC_TERMS, 0.02), size=n_topics)
    shared = generator.dirichlet(np.full(SYNTHETIC_TERMS, 0.5))
    shares = generator.dirichlet(np.full(n_topics, 0.1), size=SYNTHETIC_UNITS)
    mixed = shares @ (2 / 3 * own + 1 / 3 * shared)
    from scipy.sparse import csr_array

    counts = csr_array(generator.multinomial(SYNTHETIC_LENGTH, mixed / mixed.sum(axis=1, keepdims=True)))
    names = [f"t{i:04}" for i in range(SYNTHETIC_TERMS)]
    rows = pd.DataFrame({"document_id": "synthetic", "paragraph": np.arange(1, SYNTHETIC_UNITS + 1)})
    return TermMatrix(counts, rows, names), [[names[i] for i in np.argsort(-topic)[:10]] for topic in own]


def load_counts(catalog, unit):
    """Counts of a corpus by unit over the vocabulary of fit_topics."""
    corpus = lab.load_corpus(catalog)
    tokens = lab.tokenize(corpus)
    terms = lab.recipes.select_topic_terms(tokens, unit=unit)
    return cast_matrix(tokens, list_unit_columns(unit), terms=sorted(terms.loc[terms["kept"], "term"])), corpus


def measure(name, fit, counts, n_topics, runs, places=None, planted=None):
    """One row of the report; None where the library is not installed."""
    n_units = counts.matrix.shape[0]
    tops, times, npmi, exclusivity, ami, recovered = [], [], [], [], [], []
    for seed in range(runs):
        generator = np.random.default_rng(seed)
        kept = np.sort(generator.choice(n_units, int(round(KEPT_SHARE * n_units)), replace=False))
        sample = TermMatrix(counts.matrix[kept], counts.rows.iloc[kept].reset_index(drop=True), counts.terms)
        started = time.process_time()
        try:
            loadings, weights = fit(sample.matrix, n_topics, seed)
        except ImportError:
            return None
        times.append(time.process_time() - started)
        model = tabulate_model(sample, weights.astype(float), loadings.astype(float))
        top = list(list_top_terms(model.terms).values())
        tops.append(top)
        npmi.append(np.nanmean(measure_npmi(top, counts)))
        totals = model.terms.groupby("term")["weight"].sum()
        first = model.terms[model.terms["rank"] <= 10]
        exclusivity.append((first["weight"] / first["term"].map(totals)).mean())
        if places is not None:
            ami.append(lab.recipes.score_sections(model.shares, places)["ami"].mean())
        if planted:
            recovered.append(match_topics(planted, top)[0].mean())
    pairs = [match_topics(tops[i], tops[j])[0].mean() for i in range(runs) for j in range(i)]
    means = [np.mean(values) if values else np.nan for values in (times, npmi, exclusivity, pairs, ami, recovered)]
    return [name, *np.round(means, 3)]


# (name, fewest units of a word, largest share of units, fit, resamples of a consensus)
SETTINGS = [
    ("none (default)", 2, 1, fit_consensus, 50),
    ("words of 3 units or more", 3, 1, fit_consensus, 50),
    ("words of 5 units or more", 5, 1, fit_consensus, 50),
    ("words of 8 units or more", 8, 1, fit_consensus, 50),
    ("words of 12 units or more", 12, 1, fit_consensus, 50),
    ("5 units or more, in 40% of the units at most", 5, 0.4, fit_consensus, 50),
    ("8 units or more, in 40% of the units at most", 8, 0.4, fit_consensus, 50),
    ("5 units or more, in 30% of the units at most", 5, 0.3, fit_consensus, 50),
    ("30 resamples inside the procedure", 2, 1, fit_consensus, 30),
    ("100 resamples", 2, 1, fit_consensus, 100),
    ("one factorization", 2, 1, fit_nmf, 50),
    ("LDA", 2, 1, fit_lda, 50),
]


def list_words(unit):
    """Counts of all words by unit that are neither stop words nor of one character, whatever their number of units."""
    tokens = lab.tokenize(lab.load_corpus())
    terms = lab.recipes.select_topic_terms(tokens, unit=unit, min_units=1)
    return cast_matrix(tokens, list_unit_columns(unit), terms=sorted(terms.loc[terms["kept"], "term"]))


def shuffle_words(counts, seed):
    """The words distributed over the units at random: lengths of units and frequencies of words stay."""
    from scipy.sparse import coo_array

    cells = counts.matrix.tocoo()
    units, words = (np.repeat(numbers, cells.data) for numbers in cells.coords)
    words = np.random.default_rng(seed).permutation(words)
    return counts._replace(matrix=coo_array((np.ones(len(units), int), (units, words)), shape=cells.shape).tocsr())


def measure_setting(counts, setting, n_topics, runs):
    """(mean size of the vocabulary, agreement between pairs of resamples, agreement with the model of all units, NPMI)."""
    _, fewest, largest, fit, n_resamples = setting
    fitting.N_RESAMPLES = n_resamples

    def fit_units(rows, seed):
        matrix = counts.matrix[rows]
        n_units = np.asarray((matrix > 0).sum(axis=0)).ravel()
        kept = np.flatnonzero((n_units >= fewest) & (n_units <= largest * len(rows)))
        sample = TermMatrix(
            matrix[:, kept], counts.rows.iloc[rows].reset_index(drop=True), [counts.terms[i] for i in kept]
        )
        model = tabulate_model(sample, *(part.astype(float) for part in fit(sample.matrix, n_topics, seed)))
        return len(kept), list(list_top_terms(model.terms).values())

    n_units = counts.matrix.shape[0]
    _, whole = fit_units(np.arange(n_units), 0)
    sizes, tops = [], []
    for seed in range(runs):
        kept = np.random.default_rng(seed).choice(n_units, int(round(KEPT_SHARE * n_units)), replace=False)
        size, top = fit_units(np.sort(kept), seed)
        sizes.append(size)
        tops.append(top)
    pairs = [match_topics(tops[i], tops[j])[0].mean() for i in range(runs) for j in range(i)]
    model = [match_topics(whole, top)[0].mean() for top in tops]
    npmi = [np.nanmean(measure_npmi(top, counts)) for top in tops]
    return [np.mean(values) for values in (sizes, pairs, model, npmi)]


def compare_settings(n_topics, runs):
    """Print a row for every setting; null are the same agreements with shuffled words, over three shuffles."""
    counts = list_words("task")
    print(f"{counts.matrix.shape[0]} tasks, {n_topics} topics, {runs} resamples")
    for setting in SETTINGS:
        own = measure_setting(counts, setting, n_topics, runs)
        null = [measure_setting(shuffle_words(counts, seed), setting, n_topics, runs)[1:3] for seed in range(3)]
        numbers = [*own[1:], *np.mean(null, axis=0)]
        names = ("pairs", "model", "NPMI", "null pairs", "null model")
        listed = "  ".join(f"{name} {value:.2f}" for name, value in zip(names, numbers, strict=True))
        print(f"{setting[0]:45} terms {own[0]:.0f}  {listed}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalog", nargs="?", help="catalog.csv of a further corpus")
    parser.add_argument("--runs", type=int, default=10, help="resamples, each with its own seed")
    parser.add_argument("--topics", type=int, default=10)
    parser.add_argument("--seed", type=int, default=20240701, help="of the synthetic texts")
    parser.add_argument("--settings", action="store_true", help="compare settings of policylab instead of libraries")
    options = parser.parse_args()
    if options.settings:
        compare_settings(options.topics, options.runs)
        return
    bundled, corpus = load_counts(None, "task")
    jobs = [("this corpus, tasks", bundled, corpus.tasks, None)]
    jobs.append(("this corpus, paragraphs", load_counts(None, "paragraph")[0], corpus.paragraphs, None))
    if options.catalog:
        jobs.append(
            (
                f"{options.catalog}, paragraphs",
                load_counts(options.catalog, "paragraph")[0],
                None,
                None,
            )
        )
    counts, planted = plant_topics(options.topics, options.seed)
    jobs.append(("synthetic, planted topics", counts, None, planted))
    columns = ["library", "cpu_seconds", "npmi", "exclusivity", "stability", "ami_sections", "recovery"]
    for title, counts, places, planted in jobs:
        print(
            f"\n{title}: {counts.matrix.shape[0]} units, {counts.matrix.shape[1]} terms, {options.topics} topics, {options.runs} runs"
        )
        rows = [
            (name, measure(name, fit, counts, options.topics, options.runs, places, planted))
            for name, fit in LIBRARIES.items()
        ]
        print(pd.DataFrame([row for _, row in rows if row], columns=columns).to_string(index=False), flush=True)
        for name, row in rows:
            if row is None:
                print(f"{name} is not installed and was skipped.")


if __name__ == "__main__":
    main()
