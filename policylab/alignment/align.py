"""Alignment: which task of one document takes up which task of another.

Two documents at a time, so that no third one changes a number. The score joins two likenesses of character n-grams, one of
the tasks as wholes and one of single actions, by a logistic curve with coefficients from gold data (docs/alignment.md).
"""

import re
from collections.abc import Iterable
from numbers import Real

import numpy as np
import pandas as pd

from policylab.alignment.ngrams import count_ngrams, make_vectors, weigh_ngrams
from policylab.base.errors import PolicylabError
from policylab.corpus.bundle import Corpus
from policylab.corpus.choice import find_document
from policylab.words.units import PARTS, check_unit

# Logistic regression on the 1,085 pairs of chongqing-2019 and national-2019, of which 48 are links: the odds that two
# readers both link a pair. Ridge penalty 0.05 on the coefficients, none on the intercept.
INTERCEPT, ACTION, THEME = -10.05, 9.5, 9.4
# The threshold that gives the best expected F1 is half of that F1, if the score is a probability (Lipton, Elkan &
# Narayanaswamy 2014, theorem 1); the best F1 on the same pairs is 0.91, rounded down.
THRESHOLD = 0.45
# Shorter than any task of the gold data, titles included: the shortest has 43 letters, digits and characters.
SHORT = 40

_CLAUSE = re.compile(r"[。；;！？!?\n，,]")
_SHORTEST_CLAUSE = 4  # characters; below that it is a conjunction or a remnant (此外, 2.0)
# A theme is an axis of variation that carries more than one task's worth (Kaiser 1960: eigenvalue above 1). The cut is a
# slope from 0.7 to 1.3, so that no score jumps when an eigenvalue passes 1; slopes half and twice as wide do nearly as well.
_THEMES = (0.7, 1.3)
_LETTER = re.compile(r"[^\W_]")


def align_tasks(
    corpus: Corpus,
    document_id: str,
    reference_id: str,
    *,
    unit: str = "task",
    threshold: float = THRESHOLD,
    background: Iterable[str] | None = None,
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
        What is paired; the others are for documents without tasks. There is no gold for them, and they are scored with
        the coefficients of tasks.
    threshold : float
        The score (0-1) from which a pair is matched.
    background : iterable of str, optional
        Texts that give the words their weights, such as other plans. By default the two documents themselves.

    Returns
    -------
    DataFrame
        `document_id`, `task`, `reference_id`, `reference_task` (with another unit `section`, `reference_section` ...), in
        the order of the two documents, and

        * `score` (0-1, higher: closer): estimated from action and theme as the probability that annotators link the pair;
        * `matched`: whether the score reaches the threshold. 1:n and n:1 are normal, and so is a task without any match;
        * `action` (0-1): how much of one clause of the task is found in the reference task (by weight of its n-grams,
          damped for short clauses) times the preference of that clause for it over all other reference tasks; the best
          clause counts. High where a single action is taken up in a text that is otherwise different;
        * `theme` (0-1): cosine of the two tasks in the space of the themes that the documents share, so that other words
          for the same thing count (latent semantic analysis; Deerwester et al. 1990);
        * `cosine` (0-1): of the n-gram vectors themselves, for comparison with other studies; no part of the score;
        * `short`: one of the two has fewer than 40 letters, digits and characters. It is scored like any other pair, but a
          single phrase decides, and the gold has no such pair.

    Raises
    ------
    PolicylabError
        If an id, the unit or the threshold is not valid, a document is aligned with itself or another publication of
        itself, or it has no such units.

    Notes
    -----
    Agreement at the default threshold (95% intervals over tasks). On chongqing-2019, which gave the coefficients: precision
    0.95 (0.89-1.00), recall 0.85 (0.78-0.94), F1 0.90, also with every section left out once. On two pairs that did not
    give them: fujian-2020 0.86 (0.76-0.96), 0.84 (0.72-0.94), F1 0.85; national-2019 after national-2017 0.84
    (0.74-0.94), 0.84 (0.75-0.93), F1 0.84. Count on the latter. Above 0.8 nearly all pairs are links, below 0.2 nearly none:
    read those between. Of the pairs from 0.45 to 0.8, 8 of 9, 4 of 9 and 2 of 8 are links on the three, so the score is no
    probability to rely on there. Code some pairs of your own and use evaluate_alignment.

    The measure misleads where two documents share few subjects: the best of bad candidates can still be matched. A province
    that writes its own words is scored too low. An alignment of wording is not implementation.

    Examples
    --------
    >>> import policylab as lab
    >>> pairs = align_tasks(lab.load_corpus(), "chongqing-2019", "national-2019")
    >>> pairs.loc[pairs["matched"] & (pairs["task"] == 14), ["reference_task", "score"]].round(2).values.tolist()
    [[13.0, 0.98], [14.0, 1.0]]
    """
    units, references = read_pair(corpus, document_id, reference_id, unit)
    if not (isinstance(threshold, Real) and 0 <= threshold <= 1):
        raise PolicylabError(
            f"threshold={threshold!r} is not a score. Pass a number from 0 to 1; the default is {THRESHOLD}."
        )
    parts = compare_units_of_text(units, references, background)
    score = combine(parts["action"], parts["theme"])
    n, m = score.shape
    is_short = (units["n_letters"].to_numpy() < SHORT)[:, None] | (references["n_letters"].to_numpy() < SHORT)[None]
    columns = {
        "document_id": document_id,
        unit: np.repeat(units["unit"].to_numpy(), m),
        "reference_id": reference_id,
        f"reference_{unit}": np.tile(references["unit"].to_numpy(), n),
        "score": score.ravel(),
        "matched": (score >= threshold).ravel(),
        **{name: values.ravel() for name, values in parts.items()},
        "short": is_short.ravel(),
    }
    return pd.DataFrame(columns)


def combine(action, theme):
    """The score of likenesses. Square roots, for the step from no likeness to little says more than that from much to more.

    >>> float(combine(0.0, 0.0).round(4)), float(combine(0.3, 0.3).round(4)), float(combine(1.0, 1.0).round(4))
    (0.0, 0.5749, 0.9999)
    """
    return 1 / (1 + np.exp(-(INTERCEPT + ACTION * np.sqrt(action) + THEME * np.sqrt(theme))))


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


def compare_units_of_text(units, references, background=None):
    """The likenesses of all pairs, {"action", "theme", "cosine"}: arrays of units by references."""
    n = len(units)
    counts, vocabulary = count_ngrams(join_titles(units) + join_titles(references))
    known = None if background is None else count_background(background, vocabulary)
    weights = weigh_ngrams(counts[:n], counts[n:], known)
    vectors = make_vectors(counts, weights)
    alike = (vectors @ vectors.T).toarray().astype(float)
    action = score_clauses(units, counts[n:], vocabulary, weights)[0]
    return {"action": action, "theme": _share_themes(alike)[:n, n:], "cosine": np.clip(alike[:n, n:], 0, 1)}


def join_titles(units):
    """Title and text of every unit as one string."""
    return [f"{title}\n{text}" for title, text in zip(units["title"], units["text"])]


def count_background(background, vocabulary):
    """Counts of the n-grams of a vocabulary in other texts, after a check that it is a list of texts."""
    if isinstance(background, str):
        raise PolicylabError("background is one string. Pass a list of strings, one for each task.")
    texts = list(background)
    if not texts or not all(isinstance(text, str) for text in texts):
        raise PolicylabError(
            f"background holds {len(texts)} texts, or something else than texts. Pass a list of strings, one for each task."
        )
    return count_ngrams(texts, vocabulary)[0]


def _share_themes(alike):
    """Cosines in the space of the leading eigenvectors of a matrix of cosines. Exact, so that nothing is random."""
    values, axes = np.linalg.eigh(alike)
    kept = values * np.clip((values - _THEMES[0]) / (_THEMES[1] - _THEMES[0]), 0, 1)
    smooth = (axes * kept) @ axes.T
    length = np.sqrt(np.clip(np.diag(smooth), 0, None))
    # A text that shares nothing with any other lies on no common theme.
    length[length < 1e-6] = np.inf
    return np.clip(smooth / length[:, None] / length[None], 0, 1)


def split_clauses(units):
    """One row is a clause: `row` (of its unit), `part` (0: the title, 1: the text), `start`, `end` in that part, `text`."""
    rows = []
    for row, parts in enumerate(zip(units["title"], units["text"])):
        for part, text in enumerate(parts):
            start = 0
            for stop in [found.start() for found in _CLAUSE.finditer(text)] * part + [len(text)]:
                if len(text[start:stop].strip()) >= _SHORTEST_CLAUSE:
                    rows.append((row, part, start, stop, text[start:stop]))
                start = stop + 1
    return pd.DataFrame(rows, columns=["row", "part", "start", "end", "text"])


def score_clauses(units, reference_counts, vocabulary, weights):
    """(best clause of every unit for every reference: its value and its row in the table of clauses, that table)."""
    clauses = split_clauses(units)
    present = count_ngrams(clauses["text"], vocabulary)[0]
    present.data[:] = 1
    there = reference_counts.copy()
    there.data[:] = 1
    present = present.multiply(weights[None] ** 2).tocsr()
    content = np.asarray(present.sum(axis=1)).ravel()
    # A clause of little content can be found anywhere: it must have that of the median clause to count for half or more.
    typical = np.median(content[content > 0]) if (content > 0).any() else 1.0
    taken = (present @ there.T).toarray() / (content + typical)[:, None]
    total = np.sum(taken**2, axis=1, keepdims=True)
    value = taken * np.divide(taken**2, total, out=np.zeros_like(taken), where=total > 0)
    action, best = (
        np.zeros((len(units), reference_counts.shape[0])),
        np.full((len(units), reference_counts.shape[0]), -1),
    )
    for clause, row in enumerate(clauses["row"]):
        better = value[clause] > action[row]
        action[row][better], best[row][better] = value[clause][better], clause
    return action, best, clauses
