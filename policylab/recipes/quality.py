"""What to expect of an alignment: its agreement with the readers of the documents that ship with policylab."""

import json

import pandas as pd

from policylab.alignment.align import align_tasks
from policylab.alignment.evaluation import evaluate_alignment
from policylab.base.paths import DATA
from policylab.corpus.load import load_corpus

FITTED = "chongqing-2019"  # its pairs gave the coefficients of the score; agreement there errs to the high side


def measure_quality(*, n_resamples: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Measure align_tasks on every pair of documents that ships with gold links: one row is a measure of a pair.

    Parameters
    ----------
    n_resamples, seed : int
        As for evaluate_alignment.

    Returns
    -------
    DataFrame
        `document_id`, `reference_id`, `fitted` (whether this pair gave the score its coefficients: count on the others),
        then the columns of evaluate_alignment. These are the documents that ship, whatever corpus is at hand; for your own,
        code some pairs and call evaluate_alignment.

    Examples
    --------
    >>> measure_quality(n_resamples=0).groupby("fitted", sort=False)["document_id"].unique().map(len).to_dict()
    {True: 1, False: 2}
    """
    corpus, parts = load_corpus(), []
    for path in sorted((DATA / "gold").glob("alignment-*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        # The gold names the files that were read; of the reference that was its PDF.
        ids = path.stem.removeprefix("alignment-"), gold["national"].removesuffix("-pdf")
        measures = evaluate_alignment(align_tasks(corpus, *ids), gold, n_resamples=n_resamples, seed=seed)
        for place, (name, value) in enumerate(
            zip(("document_id", "reference_id", "fitted"), (*ids, ids[0] == FITTED), strict=True)
        ):
            measures.insert(place, name, value)
        parts.append(measures)
    return pd.concat(parts, ignore_index=True)
