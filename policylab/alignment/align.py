"""Alignment: which task of one document takes up which task of another.

Two documents at a time, so that no third one of the corpus changes a number. The score joins likenesses of the two tasks
(policylab.alignment.likeness) by a logistic curve with coefficients from gold data (docs/alignment.md).
"""

import re
from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from policylab.alignment.background import Background, load_background
from policylab.alignment.curve import Curve
from policylab.alignment.likeness import compare_units_of_text
from policylab.alignment.reliability import default_reliability
from policylab.base.errors import PolicylabError
from policylab.corpus.bundle import Corpus
from policylab.corpus.choice import find_document
from policylab.words.units import PARTS, check_unit

# Fitted on eight pairs of documents of three subjects, as they are, in part, and beside tasks without counterpart:
# `python benchmarks/fit_alignment.py` fits it anew from data/gold/likeness.npz. Relative, theme, action.
CURVE = Curve((5.06, 4.1, 1.99), -6.31, 0.3)
THRESHOLD = CURVE.threshold
# The share of links among the pairs that it was fitted on, weighed as there: what its scores take for granted.
PRIOR = 0.034
# Shorter than any task of the gold data, titles included: the shortest has 43 letters, digits and characters.
SHORT = 40

_LETTER = re.compile(r"[^\W_]")


def align_tasks(
    corpus: Corpus,
    document_id: str,
    reference_id: str,
    *,
    unit: str = "task",
    threshold: float = THRESHOLD,
    background: Background | None = None,
    encoder: Callable[[list[str]], Any] | None = None,
) -> pd.DataFrame:
    """Score how far every task of a document takes up every task of a reference: one row is a pair of tasks.

    Any two documents can be compared: province against centre, 2019 against 2017. Which of them is the reference matters.

    Parameters
    ----------
    corpus : Corpus
        Its `tasks` are aligned; `dataclasses.replace(corpus, tasks=...)` aligns a part of them.
    document_id, reference_id : str
        The two documents.
    unit : {"task", "section", "paragraph"}
        What is paired; the others are for documents without tasks, and are scored with the coefficients of tasks. Of the
        pairs of sections that hold linked tasks of the gold fewer than half are matched (44 of 96), and nothing else is
        (44 of 44). Paragraphs have not been measured.
    threshold : float
        The score (0-1) from which a pair is matched.
    background : Background, optional
        What gives the words their weights beside the two documents themselves. By default that which ships
        (lab.recipes.load_background); lab.recipes.build_background makes one of texts of your field.
    encoder : callable, optional
        A function of yours that takes a list of n texts and returns a matrix of n rows, such as the `encode` of a model of
        sentences. How alike two tasks are by it becomes the fourth likeness in `relative`, to the degree that it agrees with
        the other three: one that knows nothing changes next to nothing. It is called once for each text in a session, with
        title and text in one string; policylab downloads and writes nothing. The threshold was not fitted with it: code some
        pairs, and compare with and without (lab.recipes.compare_alignments).

    Returns
    -------
    DataFrame
        `document_id`, `task`, `reference_id`, `reference_task` (with another unit `section`, `reference_section` ...), in
        the order of the two documents, and

        * `score` (0-1, higher: closer): how much relative, theme and action speak for a link; not a probability;
        * `matched`: whether the score reaches the threshold. 1:n and n:1 are normal, and so is a task without any match;
        * `probability` (0-1): what the score is worth, the probability that readers link the pair, where nothing is known
          about the two documents but their scores (default_reliability);
        * `cosine`, `words`, `axes` (0-1): how alike the two tasks are as wholes, by character n-grams, by words, and on 100
          axes of the background, where other words for the same thing lie close together (latent semantic analysis; Deerwester
          et al. 1990). What the background or many tasks of both documents say weighs little;
        * `relative` (standard deviations): how far the roots of these three are, on average, above those of all pairs of the
          two documents. Where the documents have no subject in common the deviation is small and is not stretched, and
          neither it nor the theme counts in full;
        * `theme` (0-1): cosine of the two tasks in the space of the themes that the documents share;
        * `encoded` (-1 to 1), only with an encoder: the cosine of its vectors;
        * `action` (0-1): how much of the best single clause is found in the other task (by weight of its n-grams, damped
          for short clauses), in both directions. High where a single action is taken up in a text that is otherwise
          different;
        * `short`: one of the two has fewer than 40 letters, digits and characters. It is scored like any other pair, but a
          single phrase decides, and the gold has no such pair.

    Raises
    ------
    PolicylabError
        If an id, the unit or the threshold is not valid, a document is aligned with itself or another publication of
        itself, or it has no such units; if the encoder fails or returns anything else than a row of finite numbers, not
        all of them zero, for each text.

    Notes
    -----
    A logistic curve of `relative`, and of the roots of `theme` and `action`; docs/alignment.md has the fit. Agreement at the
    default threshold when the pair measured is left out of the fit: on the three pairs of documents that ship (education)
    precision 0.88 to 0.93, recall 0.78 to 0.79; on five of other subjects precision 0.75 to 1.00, recall 0.33 to 0.89. Of
    tasks whose counterparts were taken out of the reference 12 to 20% are matched all the same on the three, 0 to 29% on the
    five; of tasks of an unrelated text 0 to 7%. The gold comes from language models.

    Above 0.8 nearly all pairs are links, below 0.1 nearly none: read those between. What a score is
    worth differs between documents: a pair of score 0.3 is a link in 4 of 10 cases on average, in 1.5 to 7 of 10 for four of
    five pairs of documents. So no threshold suits all documents: with few tasks or another style of writing it can be far too
    strict. Code some pairs of your own.

    A province that writes its own words is scored too low. An alignment of wording is not implementation.

    Examples
    --------
    >>> import policylab as lab
    >>> pairs = align_tasks(lab.load_corpus(), "chongqing-2019", "national-2019")
    >>> pairs.loc[pairs["matched"] & (pairs["task"] == 14), ["reference_task", "score"]].round(2).values.tolist()
    [[13.0, 0.95], [14.0, 1.0]]
    """
    units, references = read_pair(corpus, document_id, reference_id, unit)
    if not (isinstance(threshold, Real) and 0 <= threshold <= 1):
        raise PolicylabError(
            f"threshold={threshold!r} is not a score. Pass a number from 0 to 1; the default is {THRESHOLD}."
        )
    likeness = compare_units_of_text(units, references, check_background(background), encoder)
    score = CURVE.score(likeness)
    n, m = score.shape
    is_short = (units["n_letters"].to_numpy() < SHORT)[:, None] | (references["n_letters"].to_numpy() < SHORT)[None]
    columns = {
        "document_id": document_id,
        unit: np.repeat(units["unit"].to_numpy(), m),
        "reference_id": reference_id,
        f"reference_{unit}": np.tile(references["unit"].to_numpy(), n),
        "score": score.ravel(),
        "matched": (score >= threshold).ravel(),
        "probability": default_reliability().probability(score.ravel()),
        **{name: values.ravel() for name, values in likeness.items()},
        "short": is_short.ravel(),
    }
    return pd.DataFrame(columns)


def check_background(background):
    """The background that ships in place of None; anything else than a background is an error."""
    if background is None:
        return load_background()
    if not isinstance(background, Background):
        raise PolicylabError(
            f"background={type(background).__name__} is no background. Pass what lab.recipes.build_background returns."
        )
    return background


def read_pair(corpus, document_id, reference_id, unit):
    """The units of the two documents (read_units), after all checks on the arguments."""
    check_unit(unit, PARTS)
    documents = [find_document(corpus, name) for name in (document_id, reference_id)]
    works = [row["document_id"] if pd.isna(row["version_of"]) else row["version_of"] for row in documents]
    if document_id == reference_id:
        others = ", ".join(name for name in corpus.documents["document_id"] if name != document_id)
        raise PolicylabError(
            f"{document_id} cannot be aligned with itself. Choose another reference_id: {others or 'load more documents'}."
        )
    if works[0] == works[1]:
        raise PolicylabError(
            f"{document_id} and {reference_id} are publications of one document, {works[0]}. "
            "Choose another reference_id; compare_versions(corpus) shows where publications differ."
        )
    return tuple(read_units(corpus, name, unit) for name in (document_id, reference_id))


def read_units(corpus, document_id, unit):
    """One row is a task, section or paragraph: `unit` (its ordinal), `title` (may be blank), `text`, `n_letters`."""
    own = {name: table[table["document_id"] == document_id] for name, table in _tables(corpus).items()}
    if unit == "section":
        bodies = own["paragraph"].dropna(subset="section").groupby("section")["text"].agg("\n".join)
        rows = own["section"].assign(text=own["section"]["section"].map(bodies))
    else:
        rows = own[unit]
    if rows.empty:
        there = [f"{len(own[name])} {name}s" for name in PARTS if len(own[name])]
        remedy = (
            f"It has {' and '.join(there)}: pass unit= one of these for both documents."
            if there
            else "It has no body text at all."
        )
        raise PolicylabError(f"{document_id} has no {unit}s to align. {remedy}")
    rows = rows.sort_values(unit)
    title = rows["title"] if "title" in rows else pd.Series("", index=rows.index)
    units = pd.DataFrame(
        {"unit": rows[unit].astype("int64"), "title": title.fillna(""), "text": rows["text"].fillna("")}
    )
    units["n_letters"] = (units["title"] + units["text"]).str.count(_LETTER.pattern)
    return units.reset_index(drop=True)


def _tables(corpus):
    return {"task": corpus.tasks, "section": corpus.sections, "paragraph": corpus.paragraphs}
