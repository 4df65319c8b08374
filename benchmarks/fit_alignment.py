"""Where the coefficients and the threshold of policylab.alignment.align come from, and what falls when a component is left out.

    python benchmarks/fit_alignment.py

Fits the logistic curve on chongqing-2019 against national-2019, leaves out each of its sections in turn, and applies every
variant unchanged to two pairs that it was not fitted on. docs/alignment.md quotes the output.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import json  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from scipy.sparse import diags  # noqa: E402
from sklearn.metrics import average_precision_score  # noqa: E402
from sklearn.preprocessing import normalize  # noqa: E402

import policylab as lab  # noqa: E402
from policylab.alignment import align as alignment  # noqa: E402
from policylab.alignment import ngrams  # noqa: E402
from policylab.base.paths import DATA  # noqa: E402

FITTED = ("chongqing-2019", "national-2019")
TRANSFER = [("fujian-2020", "national-2019"), ("national-2019", "national-2017")]
RIDGE = 0.05


def read_gold(name, shape):
    gold = json.loads((DATA / "gold" / f"alignment-{name}.json").read_text(encoding="utf-8"))
    links = np.zeros(shape, bool)
    for link in gold["links"]:
        links[link["provincial_task"] - 1, link["national_task"] - 1] = True
    return links


def fit(features, links):
    """Logistic regression by Newton's method: coefficients, intercept last."""
    x = np.column_stack([features, np.ones(len(features))])
    b, penalty = np.zeros(x.shape[1]), np.diag([RIDGE] * (x.shape[1] - 1) + [1e-9])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ b))
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + penalty, x.T @ (p - links) + penalty @ b)
        b -= step
        if np.abs(step).max() < 1e-9:
            return b
    sys.exit("The fit did not converge.")


def predict(b, features):
    return 1 / (1 + np.exp(-(features @ b[:-1] + b[-1])))


def best_f1(score, links):
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(links[order])
    return (2 * hits / (np.arange(1, len(hits) + 1) + links.sum())).max()


def f1(matched, links):
    return 2 * (matched & links).sum() / (matched.sum() + links.sum())


def mean_ap(score, links):
    return np.mean([average_precision_score(y, s) for s, y in zip(score, links) if y.any()])


def leave_sections_out(features, links, sections):
    """Scores and matches of every task from the curve and threshold (half the best F1) of the other sections."""
    score, matched = np.zeros(links.shape), np.zeros(links.shape, bool)
    width = features.shape[-1]
    for section in np.unique(sections):
        out = sections == section
        b = fit(features[~out].reshape(-1, width), links[~out].ravel())
        threshold = best_f1(predict(b, features[~out]).ravel(), links[~out].ravel()) / 2
        score[out] = predict(b, features[out])
        matched[out] = score[out] >= threshold
    return score, matched


def log_loss(score, links):
    return -1000 * np.mean(np.where(links, np.log(score), np.log(1 - score)))


class Pair:
    """Two documents, their gold, and every likeness that was tried (0-1, tasks by reference tasks)."""

    def __init__(self, corpus, document_id, reference_id):
        self.units, self.references = alignment.read_pair(corpus, document_id, reference_id, "task")
        self.links = read_gold(document_id, (len(self.units), len(self.references)))
        tasks = corpus.tasks[corpus.tasks["document_id"] == document_id].sort_values("task")
        self.sections = tasks["section"].to_numpy(dtype=int)
        self.likeness = alignment.compare_units_of_text(self.units, self.references)
        self.likeness |= self.change("OWN_WORDS", 1.0, "+own words")
        self.likeness |= self.change("SIZES", (2,), "+bigrams")
        self.likeness |= self.change("SIZES", (2, 3, 4), "+four")
        self.likeness |= self.plain_weights()
        self.likeness |= self.clause_variants()
        self.likeness |= self.headings(corpus, document_id, reference_id)
        self.likeness |= self.words()
        for name in ("theme", "cosine"):
            s = np.sqrt(self.likeness[name])
            rows, columns = ((s - s.mean(axis=a, keepdims=True)) / s.std(axis=a, keepdims=True) for a in (1, 0))
            self.likeness[f"{name} standardised"] = np.clip((rows + columns) / 10, 0, None) ** 2

    def change(self, constant, value, suffix):
        usual = getattr(ngrams, constant)
        setattr(ngrams, constant, value)
        try:
            return {
                name + suffix: s for name, s in alignment.compare_units_of_text(self.units, self.references).items()
            }
        finally:
            setattr(ngrams, constant, usual)

    def plain_weights(self):
        usual, alignment.weigh_ngrams = (
            alignment.weigh_ngrams,
            lambda own, other, known: np.where(
                (ngrams.document_frequency(own) > 0) & (ngrams.document_frequency(other) > 0), 1, ngrams.OWN_WORDS
            ),
        )
        try:
            return {
                name + "+plain": s for name, s in alignment.compare_units_of_text(self.units, self.references).items()
            }
        finally:
            alignment.weigh_ngrams = usual

    def whole(self):
        return [[f"{a}\n{b}" for a, b in zip(part["title"], part["text"])] for part in (self.units, self.references)]

    def clause_variants(self):
        """Action without competition, of whole sentences, and of the reference's clauses in the document."""
        own, other = self.whole()
        counts, vocabulary = ngrams.count_ngrams(own + other)
        n = len(own)
        weights = ngrams.weigh_ngrams(counts[:n], counts[n:])
        reverse = alignment.score_clauses(self.references, counts[:n], vocabulary, weights)[0].T
        marks, alignment._CLAUSE = alignment._CLAUSE, alignment.re.compile(r"[。；;！？!?\n]")
        sentence = alignment.score_clauses(self.units, counts[n:], vocabulary, weights)[0]
        alignment._CLAUSE = marks
        clauses = alignment.split_clauses(self.units)
        present = ngrams.count_ngrams(clauses["text"], vocabulary)[0]
        present.data[:] = 1
        there = counts[n:].copy()
        there.data[:] = 1
        present = present @ diags(weights**2)
        content = np.asarray(present.sum(axis=1)).ravel()
        taken = (present @ there.T).toarray() / (content + np.median(content[content > 0]))[:, None]
        alone = np.zeros(self.links.shape)
        np.maximum.at(alone, clauses["row"].to_numpy(), taken)
        return {
            "action without competition": alone,
            "action of sentences": sentence,
            "action of the reference": reverse,
        }

    def headings(self, corpus, document_id, reference_id):
        """Titles of tasks, titles of their sections, and whether they cite a work in common."""
        found = {}
        sections = corpus.sections.set_index(["document_id", "section"])["title"]
        names, cited = [], []
        for name, part in ((document_id, self.units), (reference_id, self.references)):
            tasks = corpus.tasks[corpus.tasks["document_id"] == name].set_index("task")["section"]
            names.append([sections[name, tasks[unit]] for unit in part["unit"]])
            own = corpus.citations[corpus.citations["document_id"] == name]
            cited.append(
                [
                    {t.replace("教育部", "") for t in own.loc[(own["task"] == unit).fillna(False), "title"]}
                    for unit in part["unit"]
                ]
            )
        for label, (own, other) in {
            "title": (list(self.units["title"]), list(self.references["title"])),
            "section title": names,
        }.items():
            counts, _ = ngrams.count_ngrams(own + other)
            n = len(own)
            vectors = ngrams.make_vectors(counts, ngrams.weigh_ngrams(counts[:n], counts[n:]))
            found[label] = (vectors[:n] @ vectors[n:].T).toarray()
        found["citation"] = np.array([[float(bool(a & b)) for b in cited[1]] for a in cited[0]])
        return found

    def words(self):
        """Cosine of words instead of characters."""
        segmenter = lab.Segmenter()
        own, other = (
            [[w for w in segmenter(text) if any(map(str.isalnum, w))] for text in part] for part in self.whole()
        )
        known = sorted({w for words in own + other for w in words})
        place = {w: i for i, w in enumerate(known)}
        matrix = np.zeros((len(own) + len(other), len(known)))
        for i, words in enumerate(own + other):
            np.add.at(matrix[i], [place[w] for w in words], 1)
        idf = np.log((1 + len(matrix)) / (matrix > 0).sum(axis=0))
        vectors = normalize(np.where(matrix > 0, 1 + np.log(np.maximum(matrix, 1)), 0) * idf)
        return {"cosine of words": np.clip(vectors[: len(own)] @ vectors[len(own) :].T, 0, 1)}

    def features(self, names):
        return np.sqrt(np.clip(np.stack([self.likeness[name] for name in names], axis=-1), 0, None))


VARIANTS = {
    "action + theme (the default)": ["action", "theme"],
    "without action": ["theme"],
    "without theme": ["action"],
    "cosine alone": ["cosine"],
    "cosine of words alone": ["cosine of words"],
    "cosine instead of theme": ["action", "cosine"],
    "action without competition": ["action without competition", "theme"],
    "action of sentences, not clauses": ["action of sentences", "theme"],
    "names of one document weighted fully": ["action+own words", "theme+own words"],
    "no inverse document frequency": ["action+plain", "theme+plain"],
    "bigrams only": ["action+bigrams", "theme+bigrams"],
    "with n-grams of four": ["action+four", "theme+four"],
    "with cosine": ["action", "theme", "cosine"],
    "with words": ["action", "theme", "cosine of words"],
    "with titles": ["action", "theme", "title"],
    "with section titles": ["action", "theme", "section title"],
    "with citations in common": ["action", "theme", "citation"],
    "with action of the reference": ["action", "theme", "action of the reference"],
    "with theme standardised (hubness)": ["action", "theme", "theme standardised"],
    "with cosine standardised (hubness)": ["action", "theme", "cosine standardised"],
}


def main():
    corpus = lab.load_corpus()
    pairs = {ids: Pair(corpus, *ids) for ids in [FITTED, *TRANSFER]}
    fitted = pairs[FITTED]
    rows = []
    for label, names in VARIANTS.items():
        features = fitted.features(names)
        b = fit(features.reshape(-1, len(names)), fitted.links.ravel())
        inside = predict(b, features)
        threshold = best_f1(inside.ravel(), fitted.links.ravel()) / 2
        score, matched = leave_sections_out(features, fitted.links, fitted.sections)
        row = {"variant": label, "log loss": log_loss(score, fitted.links), "MAP": mean_ap(score, fitted.links)}
        row |= {"AP": average_precision_score(fitted.links.ravel(), score.ravel()), "F1": f1(matched, fitted.links)}
        row |= {"MAP in": mean_ap(inside, fitted.links), "F1 in": f1(inside >= threshold, fitted.links)}
        for ids in TRANSFER:
            other = pairs[ids]
            applied = predict(b, other.features(names))
            row |= {
                f"MAP {ids[0]}": mean_ap(applied, other.links),
                f"F1 {ids[0]}": f1(applied >= threshold, other.links),
            }
        rows.append(row)
        if label == next(iter(VARIANTS)):
            print(
                "coefficients", dict(zip([*names, "intercept"], b.round(2).tolist())), "threshold", round(threshold, 3)
            )
    print(pd.DataFrame(rows).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
