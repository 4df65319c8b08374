"""What to expect of an alignment: its agreement with the gold of the documents that ship with policylab."""

import json

import pandas as pd

from policylab.alignment.align import align_tasks
from policylab.alignment.curve import choose_pairs, fit_curve, load_likeness
from policylab.alignment.evaluation import evaluate_alignment
from policylab.base.paths import DATA
from policylab.corpus.load import load_corpus


def measure_quality(*, n_resamples: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Measure the score of align_tasks on every pair of documents that ships with gold links, each left out of the fit.

    Parameters
    ----------
    n_resamples, seed : int
        As for evaluate_alignment.

    Returns
    -------
    DataFrame
        One row is a measure of a pair: `document_id`, `reference_id`, then the columns of evaluate_alignment. Curve and
        threshold are fitted without the pair, so the figures are those of documents that the score has not seen. These are
        the documents that ship, whatever corpus is at hand; for your own, code some pairs and call evaluate_alignment.

    Notes
    -----
    Language models read all pairs, without any measure of similarity (data/README.md). So the figures say how far the score
    agrees with such readings, and nothing about people, whose agreement among themselves has not been measured.

    Examples
    --------
    >>> measure_quality(n_resamples=0).query("measure == 'precision'")["value"].round(2).tolist()
    [0.93, 0.88, 0.93]
    """
    corpus, table, parts = load_corpus(), load_likeness(), []
    for path in sorted((DATA / "gold").glob("alignment-*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        # The gold names the files that were read; of the reference that was its PDF.
        ids = path.stem.removeprefix("alignment-"), gold["national"].removesuffix("-pdf")
        curve = fit_curve(choose_pairs(table, table["documents"] != " ".join(ids)))
        pairs = align_tasks(corpus, *ids)
        score = curve.score(pairs)
        pairs = pairs.assign(score=score, matched=score >= curve.threshold)
        measures = evaluate_alignment(pairs, gold, n_resamples=n_resamples, seed=seed)
        for place, (name, value) in enumerate(zip(("document_id", "reference_id"), ids, strict=True)):
            measures.insert(place, name, value)
        parts.append(measures)
    return pd.concat(parts, ignore_index=True)
