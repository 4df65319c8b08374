"""What to expect of an alignment: its agreement with gold, on documents that the score has not seen."""

import numpy as np
import pandas as pd

from policylab.alignment.curve import choose_pairs, fit_curve, load_likeness
from policylab.alignment.evaluation import evaluate_alignment


def measure_quality(*, n_resamples: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Measure the score of align_tasks on every pair of documents with gold, each left out of the fit.

    Parameters
    ----------
    n_resamples, seed : int
        As for evaluate_alignment.

    Returns
    -------
    DataFrame
        One row is a measure of a pair: `subject` ("education": the documents that ship; of the others only numbers ship),
        `document_id`, `reference_id`, then the columns of evaluate_alignment. Curve and threshold are fitted without the pair,
        so the figures are those of documents that the score has not seen. They are not of the corpus at hand: for your own
        documents, code some pairs and call calibrate_alignment.

    Notes
    -----
    Language models read all pairs, without any measure of similarity (data/README.md). So the figures say how far the score
    agrees with such readings, and nothing about people, whose agreement among themselves has not been measured.

    Examples
    --------
    >>> quality = measure_quality(n_resamples=0).query("measure == 'F1'")
    >>> quality.groupby("subject")["value"].mean().round(2).to_dict()
    {'AI': 0.76, 'education': 0.84, 'industry': 0.5}
    """
    table, parts = load_likeness(), []
    for place, name in enumerate(table["documents"]):
        left_out = np.arange(len(table["documents"])) == place
        curve, own = fit_curve(choose_pairs(table, ~left_out)), choose_pairs(table, left_out)
        score, whole = curve.score(own), own["kind"] == list(table["kinds"]).index("whole")
        columns = {"task": own["row"] + 1, "reference_task": own["column"] + 1, "grade": own["grade"], "score": score}
        pairs = pd.DataFrame({column: values[whole] for column, values in columns.items()})
        pairs, gold = pairs.assign(matched=pairs["score"] >= curve.threshold), pairs.drop(columns="score")
        measures = evaluate_alignment(pairs, gold, n_resamples=n_resamples, seed=seed)
        ids = (str(table["subjects"][place]), *name.split())
        for column, value in zip(("reference_id", "document_id", "subject"), reversed(ids), strict=True):
            measures.insert(0, column, value)
        parts.append(measures)
    return pd.concat(parts, ignore_index=True)
