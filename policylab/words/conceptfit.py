"""Whether a list of concepts suits documents: attention adds up to one in each of them, however little it is the share of."""

import numpy as np
import pandas as pd

from policylab.base.resampling import divide
from policylab.words.concepts import count_mentions
from policylab.words.lexicon import check_concepts, load_concepts

# Mentions in a thousand words, without those of a document's most frequent term. The four plans for education informatization
# that ship, for which the list was made, have 61 to 81 by task (60 to 81 by paragraph), the highest of 87 documents on other
# subjects (plans for artificial intelligence and data, work reports, regulations) has 30; 40 is about the geometric mean of 30
# and 60. With the most frequent term the two overlap: 人工智能 alone lifts plans for artificial intelligence to 70.
LEAST_RATE = 40


def measure_concept_fit(
    tokens: pd.DataFrame, concepts: pd.DataFrame | None = None, *, unit: str | None = None
) -> pd.DataFrame:
    """Measure how much of documents a list of concepts is about: one row is a document.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the columns of the unit (join_corpus).
    concepts : DataFrame or None, optional
        A row is a term: `term`, `concept`. None is the table that ships (load_concepts).
    unit : str or None, optional
        "task", "section", "paragraph" or "document"; None is the task where every document has tasks, else the
        paragraph.

    Returns
    -------
    DataFrame
        `document_id`, `unit`; `n_units` (units with a counted word), `n_with` (units that mention a concept), `share` (n_with
        / n_units, 0 to 1); `n_tokens`, `n` (mentions), `top_term` (the term mentioned most; null without a mention),
        `n_other` (mentions of all other terms), `rate` (n_other in a thousand counted words; higher: more of the text is
        about what the list names) and `fits` (whether the rate is 40 or more).

    Raises
    ------
    PolicylabError
        As measure_attention.

    Notes
    -----
    The most frequent term does not count, because one term is no list: plans for artificial intelligence mention 人工智能 as
    often as plans for education informatization mention all terms, and would come out as all about smart education.

    The least rate suits the list that ships. It is read off four documents, from which the list was made as well, and 87 on
    other subjects; a shorter list of one's own has a lower rate though it suits.

    Examples
    --------
    >>> import policylab as lab
    >>> measure_concept_fit(lab.tokenize(lab.load_corpus()))[["document_id", "n_other", "fits"]].head(2).values.tolist()
    [['chongqing-2019', 175, True], ['fujian-2020', 121, True]]
    """
    concepts = load_concepts() if concepts is None else check_concepts(concepts)
    mentions = count_mentions(tokens, concepts, [], unit)
    owner = mentions.units.rows["document_id"].astype(str).to_numpy(dtype=object)
    rows = []
    for document in sorted(map(str, tokens["document_id"].unique())):
        mine = owner == document
        counts, n_tokens = mentions.terms[mine], int(mentions.units.sizes[mine].sum())
        n_units, n_with, totals = len(counts), int(counts.any(axis=1).sum()), counts.sum(axis=0).astype(int)
        # Of several terms with as many mentions the first of the alphabet is named; the rate does not depend on it.
        top = min(np.flatnonzero(totals == totals.max()), key=lambda i: mentions.words[i]) if totals.any() else None
        n, n_other = int(totals.sum()), int(totals.sum() - totals.max(initial=0))
        rate = float(divide(1e3 * n_other, n_tokens))
        share = float(divide(n_with, n_units))
        top_term = None if top is None else mentions.words[top]
        rows.append(
            (
                document,
                mentions.units.unit,
                n_units,
                n_with,
                share,
                n_tokens,
                n,
                top_term,
                n_other,
                rate,
                rate >= LEAST_RATE,
            )
        )
    columns = [
        "document_id",
        "unit",
        "n_units",
        "n_with",
        "share",
        "n_tokens",
        "n",
        "top_term",
        "n_other",
        "rate",
        "fits",
    ]
    return pd.DataFrame(rows, columns=columns)
