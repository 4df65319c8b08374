"""Measures on an alignment: what is taken up, what is a document's own, in which order, and how alike documents are.

Every interval comes from drawing tasks within the documents. It says how much a figure depends on single tasks, not how
other provinces or years would come out.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from policylab.alignment.reuse import MINIMUM, measure_reuse
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.resampling import check_resamples, divide, draw_units, hash_texts, interval, sum_resamples
from policylab.corpus.bundle import Corpus
from policylab.corpus.choice import find_document
from policylab.words.units import PARTS, check_unit, choose_unit, count_by_unit

_IDS = ["document_id", "reference_id"]
_PAIR = ["document_id", "task", "reference_id", "reference_task"]
SIDES = ("reference", "document")


def list_counterparts(corpus: Corpus, pairs: pd.DataFrame, *, side: str = "reference") -> pd.DataFrame:
    """List what becomes of every task.

    Parameters
    ----------
    corpus : Corpus
        The corpus of both documents.
    pairs : DataFrame
        The whole table of align_tasks, for one document or several.
    side : str, optional
        Whose tasks: "reference" or "document".

    Returns
    -------
    DataFrame
        A row is a task of the chosen side: `document_id`, `reference_id`, `lag`, `comparison` (compare_years); `section`,
        `section_title`, `task` (ordinals on the chosen side), `title`; `n_matched` (matched tasks of the other side); `best`
        (the closest task of the other side, matched or not), `score` (of it, 0 to 1); `status`: taken up or left out on the
        reference's side, taken up or own on the document's. Of two plans of one government read these as continued, dropped
        and new.

    Raises
    ------
    PolicylabError
        For missing columns, an unknown side, and a table that lacks pairs of the two documents.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tasks = list_counterparts(corpus, lab.align_tasks(corpus, "chongqing-2019", "national-2019"))
    >>> tasks.loc[tasks["status"] == "left out", "task"].tolist()
    [12, 27, 31, 33]
    """
    if side not in SIDES:
        raise PolicylabError(f"side={side!r} is unknown. Use one of {', '.join(map(repr, SIDES))}.")
    _need_all_pairs(corpus, pairs, [*_PAIR, "score", "matched"])
    own, other = ("reference_task", "task") if side == "reference" else ("task", "reference_task")
    place = "reference_id" if side == "reference" else "document_id"
    ordered = pairs.sort_values([*_IDS, own, "score", other], ascending=[True, True, True, False, True])
    groups = ordered.groupby([*_IDS, own])
    table = groups[[other, "score"]].first().rename(columns={other: "best"})
    table.insert(0, "n_matched", groups["matched"].sum().astype("int64"))
    table = table.reset_index().rename(columns={own: "task"})
    tasks = corpus.tasks.merge(
        corpus.sections.rename(columns={"title": "section_title"}), how="left", on=["document_id", "section"]
    )
    tasks = tasks.rename(columns={"document_id": place})[[place, "section", "section_title", "task", "title"]]
    table = table.merge(tasks.astype({"task": "int64"}), how="left", on=[place, "task"])
    table["status"] = np.where(table["n_matched"] > 0, "taken up", "left out" if side == "reference" else "own")
    columns = [*_IDS, "lag", "comparison", "section", "section_title", "task", "title", "n_matched", "best", "score"]
    return table.merge(compare_years(corpus, pairs), on=_IDS)[[*columns, "status"]]


def _need_all_pairs(corpus: Corpus, pairs: pd.DataFrame, columns: list[str]) -> None:
    """Raise PolicylabError unless every task of a document is paired with every task of its reference, once."""
    need_columns(pairs, _IDS, "pairs")
    unit = next((name for name in ("section", "paragraph") if f"reference_{name}" in pairs), None)
    if unit and "reference_task" not in pairs:
        raise PolicylabError(f"Measures need pairs of tasks (unit='task'). These are pairs of {unit}s.")
    need_columns(pairs, columns, "pairs")
    for (document_id, reference_id), part in pairs.groupby(_IDS, observed=True):
        ids = [find_document(corpus, str(name))["document_id"] for name in (document_id, reference_id)]
        n, m = ((corpus.tasks["document_id"] == name).sum() for name in ids)
        twice = part.duplicated(_PAIR)
        if len(part) != n * m or twice.any():
            held = f"{(~twice).sum()} of the {n * m} pairs of {document_id} and {reference_id}"
            again = ", some of them twice" if twice.any() else ""
            raise PolicylabError(f"pairs holds {held}{again}. Pass the whole table of align_tasks.")


def compare_years(corpus: Corpus, pairs: pd.DataFrame) -> pd.DataFrame:
    """One row is a document and a reference: `lag` (years from the reference to the document), `comparison`.

    `comparison` is "same year", "lagged" or "year unknown". Only the first can be called a response to the reference;
    in the others time and level are mixed.
    """
    table = pairs[_IDS].drop_duplicates().sort_values(_IDS, ignore_index=True)
    years = [[find_document(corpus, name)["year"] for name in table[column]] for column in _IDS]
    lags = [_lag(*pair) for pair in zip(*years)]
    lag = pd.array([lag for lag, _ in lags], dtype="Int64")
    return table.assign(lag=lag, comparison=pd.Series([name for _, name in lags], dtype="str"))


def measure_coverage(
    corpus: Corpus, pairs: pd.DataFrame, *, side: str = "reference", n_resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Measure the share of the tasks of every section that have a counterpart.

    Parameters
    ----------
    corpus : Corpus
        The corpus of both documents.
    pairs : DataFrame
        The whole table of align_tasks, for one document or several.
    side : str, optional
        Whose tasks: "reference" or "document".
    n_resamples : int, optional
        Random draws behind each interval: 40 or more, or 0 for no intervals.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a section, and one the whole document: `document_id`, `reference_id`, `lag`, `comparison` (compare_years);
        `section`, `section_title` (missing for the whole); `n_tasks`, `n_taken_up`; `share` (0 to 1), `low`, `high` (95%).

    Raises
    ------
    PolicylabError
        For 1 to 39 resamples, and as list_counterparts.

    Notes
    -----
    The interval comes from resampling the section's tasks. Sections have few tasks: read the counts. Where all tasks or none are
    taken up, all draws are equal and there is no interval.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> coverage = measure_coverage(corpus, lab.align_tasks(corpus, "chongqing-2019", "national-2019"))
    >>> coverage[["n_tasks", "n_taken_up"]].head(1).values.tolist()
    [[35, 31]]
    """
    check_resamples(n_resamples, seed)
    tasks = list_counterparts(corpus, pairs, side=side)
    place = "reference_id" if side == "reference" else "document_id"
    tasks["content"] = _hash_tasks(corpus, tasks[place], tasks["task"])
    rows = []
    for key, group in tasks.groupby(_IDS, sort=False):
        sections = group.groupby(["section", "section_title"], dropna=False)
        parts = [((pd.NA, pd.NA), group), *((name, part) for name, part in sections if pd.notna(name[0]))]
        for name, part in parts:
            taken, n = (part["n_matched"] > 0).to_numpy(dtype=float), len(part)
            drawn = sum_resamples(np.zeros(n), part["content"].to_numpy(), taken[:, None], n_resamples, seed)
            low, high = interval(drawn / n)[:, 0]
            rows.append((*key, *name, n, int(taken.sum()), taken.mean(), low, high))
    columns = [*_IDS, "section", "section_title", "n_tasks", "n_taken_up", "share", "low", "high"]
    table = pd.DataFrame(rows, columns=columns).astype({"section": "Int64", "section_title": "str"})
    return compare_years(corpus, pairs).merge(table, on=_IDS)


def _hash_tasks(corpus: Corpus, documents: Sequence | pd.Series, tasks: pd.Series | pd.Index) -> np.ndarray:
    """A number for the title and text of every task (hash_texts)."""
    texts = corpus.tasks["title"].fillna("") + "\n" + corpus.tasks["text"].fillna("")
    place = pd.MultiIndex.from_arrays([corpus.tasks["document_id"], corpus.tasks["task"].astype("int64")])
    wanted = place.get_indexer(pd.MultiIndex.from_arrays([pd.Index(documents), tasks.astype("int64")]))
    return hash_texts(texts)[wanted]


def summarize_alignment(
    corpus: Corpus, pairs: pd.DataFrame, *, minimum: int = MINIMUM, n_resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Summarize an alignment in eight measures.

    Parameters
    ----------
    corpus : Corpus
        The corpus of both documents.
    pairs : DataFrame
        The whole table of align_tasks, for one document or several.
    minimum : int, optional
        Characters of the shortest span that counts as reuse (measure_reuse).
    n_resamples : int, optional
        Random draws behind each interval: 40 or more, or 0 for no intervals.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a measure of one document against one reference: `document_id`, `reference_id`, `lag`, `comparison`
        (compare_years); `measure`; `value`; `low`, `high` (95%); `n` and `of` (what it is a share or mean of); `reason`
        where value is NaN. The measures:

        * coverage (0 to 1): share of the reference's tasks that any task takes up. Higher: more of its agenda is found again.
        * novelty (0 to 1): share of the document's tasks without a match. It grows with every link that the alignment misses.
        * continuity (0 to 1): share of the tasks of both documents that have a counterpart; the symmetric form, for two years.
        * concentration (1 and more): links for each reference task taken up; 1 is one to one. One task spread over several
          raises it, and so does one broad task.
        * divided (0 to 1): share of the tasks taken up that several tasks of the document share (n:1).
        * combined (0 to 1): share of the matched tasks of the document that join several tasks of the reference (1:n).
        * order (-1 to 1): Kendall's tau-b of the ordinals of linked tasks; 1: all in the reference's order, 0: no order
          (Kendall 1945). The score does not look at positions. NaN below two links.
        * reuse (0 to 1): share of the characters of the document's tasks that are word for word, in spans of `minimum` and
          more, in the reference tasks they are matched with (measure_reuse).

    Raises
    ------
    PolicylabError
        For missing columns, ids that are not in the corpus, a table that lacks pairs, and 1 to 39 resamples.

    Notes
    -----
    The interval comes from resampling the tasks of either document, and holds within these documents only. It is NaN where all draws
    are equal, or fewer than 40 have a value.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> measures = summarize_alignment(corpus, lab.align_tasks(corpus, "chongqing-2019", "national-2019"))
    >>> measures.set_index("measure")["value"].round(2)[["coverage", "novelty", "order"]].tolist()
    [0.89, 0.03, 0.79]
    """
    check_resamples(n_resamples, seed)
    _need_all_pairs(corpus, pairs, [*_PAIR, "matched"])
    copied = measure_reuse(corpus, pairs, minimum=minimum)
    rows = []
    for key, group in pairs.sort_values(_PAIR).groupby(_IDS, sort=False):
        own = copied[(copied["document_id"] == key[0]) & (copied["reference_id"] == key[1])].sort_values("task")
        matched = group.pivot(index="task", columns="reference_task", values="matched")
        names = [key[0]] * len(matched) + [key[1]] * matched.shape[1]
        contents = _hash_tasks(corpus, names, pd.Index([*matched.index, *matched.columns]))
        # Drawn together, so that two documents of equal text are not drawn alike.
        draws = {name: drawn for name, _, drawn in draw_units(names, contents, n_resamples, seed)}
        matched = matched.to_numpy(dtype=bool)
        rows += [(*key, *row) for row in _measure(matched, own, draws[key[0]], draws[key[1]])]
    table = pd.DataFrame(rows, columns=[*_IDS, "measure", "value", "low", "high", "n", "of", "reason"])
    return compare_years(corpus, pairs).merge(table, on=_IDS)


def _measure(matched: np.ndarray, copied: pd.DataFrame, rows: np.ndarray, columns: np.ndarray) -> list[tuple]:
    """(measure, value, low, high, n, of, reason) of a matrix of matches, document by reference.

    `rows` and `columns` say how often each resample draws each task of the document and of the reference.
    """
    n, m = matched.shape
    links, taken = matched.sum(axis=1), matched.sum(axis=0)
    # The first row of either is the documents as they are, so that a value and its interval come from one formula.
    rows, columns = np.vstack([np.ones(n), rows]), np.vstack([np.ones(m), columns])
    covered, with_match = columns @ (taken > 0), rows @ (links > 0)
    copied, characters = (rows @ copied[name].to_numpy(dtype=float) for name in ("n_copied", "n_characters"))
    found, own = (int(covered[0]), "tasks taken up"), (int(with_match[0]), "tasks with a match")
    measures = [
        ("coverage", covered / m, m, "tasks of the reference", ""),
        ("novelty", 1 - with_match / n, n, "tasks of the document", ""),
        ("continuity", (covered + with_match) / (n + m), n + m, "tasks of both", ""),
        ("concentration", divide(columns @ taken, covered), *found, "no task is taken up"),
        ("divided", divide(columns @ (taken > 1), covered), *found, "no task is taken up"),
        ("combined", divide(rows @ (links > 1), with_match), *own, "no task has a match"),
        ("order", measure_order(matched, rows), int(links.sum()), "links", "fewer than two links that can be ordered"),
        (
            *("reuse", divide(copied, characters), int(characters[0]), "characters of the document's tasks"),
            "the tasks have no text",
        ),
    ]
    table = []
    for name, values, size, of, reason in measures:
        value = values[0]
        low, high = (np.nan, np.nan) if np.isnan(value) else interval(values[1:, None])[:, 0]
        table.append((name, value, low, high, size, of, reason if np.isnan(value) else ""))
    return table


def measure_order(matched: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Kendall's tau-b between the ordinals of linked tasks, for every row of `weights` (how often a task is drawn).

    `matched` is a matrix of tasks by reference tasks. NaN where all links share a task.

    >>> measure_order(np.array([[True, False], [False, True]])), measure_order(np.array([[False, True], [True, False]]))
    (array([1.]), array([-1.]))
    """
    weights = np.ones((1, len(matched))) if weights is None else weights
    task, reference = np.nonzero(matched)
    drawn = weights[:, task]
    signs = [np.sign(ordinals[:, None] - ordinals[None]).astype(float) for ordinals in (task, reference)]

    def total(pairs):
        return np.einsum("ri,ri->r", drawn @ pairs, drawn)

    return divide(total(signs[0] * signs[1]), np.sqrt(total(np.abs(signs[0])) * total(np.abs(signs[1]))))


def compare_documents(tokens: pd.DataFrame, *, unit: str | None = None) -> pd.DataFrame:
    """Compare whole documents by their words, as other studies do.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the columns year and of the unit (join_corpus). Masked words (titles, numerals)
        do not count.
    unit : str or None, optional
        "task", "section" or "paragraph": what the interval leaves out one by one. None is the task where both documents
        have tasks, else the paragraph, so that no third document changes a pair. Words outside the units are left out.

    Returns
    -------
    DataFrame
        A row is a pair of documents: `document_id`, `reference_id` (every pair once, sorted), `lag`, `comparison`; `cosine`
        (0 to 1) of the vectors of 1 + log counts, `low`, `high` (95%); `jaccard` (0 to 1): shared words over all words;
        `contained`, `reference_contained` (0 to 1): the part of the one document's words that the other has too; `n_words`,
        `n_reference_words` (different ones); `unit`; `reason` where a number is NaN.

    Raises
    ------
    PolicylabError
        For missing columns and an unknown unit.

    Notes
    -----
    The interval is that of a jackknife within these documents, 1.96 standard errors (Efron & Tibshirani 1993, chapter
    11); resamples with repetition would hold too few different words. Nothing is random.

    No weights by document frequency: with them a third document would change the number. Documents of one genre share
    most of their common words, so a high cosine is no sign of copying. Long documents share more: compare pairs of like
    length.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> compare_documents(tokens)[["document_id", "reference_id", "cosine"]].round(2).values.tolist()[1]
    ['chongqing-2019', 'national-2017', 0.71]
    """
    check_unit(unit, (*PARTS, None))
    need_columns(tokens, ["document_id", "year"], "tokens")
    years = tokens.drop_duplicates("document_id").set_index("document_id")["year"]
    names = sorted(years.index)
    if unit is None:
        alone = {name: choose_unit(part) for name, part in tokens.groupby("document_id", observed=True)}
    chosen = {
        (i, j): unit or ("task" if alone[names[i]] == alone[names[j]] == "task" else "paragraph")
        for i, j in combinations(range(len(names)), 2)
    }
    measured = {name: _compare_words(tokens, name, names) for name in sorted(set(chosen.values()))}
    rows = []
    for (i, j), name in chosen.items():
        sums, cosines, variance, n_units = measured[name]
        pair, cosine = [names[i], names[j]], np.minimum(cosines[i, j], 1)
        reach = 1.96 * np.sqrt(variance[i, j] + variance[j, i])
        low, high = np.clip([cosine - reach, cosine + reach], 0, 1)
        both, n, m = ((sums[i] > 0) & (sums[j] > 0)).sum(), (sums[i] > 0).sum(), (sums[j] > 0).sum()
        shares = [float(divide(both, size)) for size in (n + m - both, n, m)]
        reason = [f"{names[k]}: {_FEW[n_units[k]].format(unit=name)}" for k in (i, j) if n_units[k] in _FEW]
        lag = _lag(*years[pair])
        rows.append((*pair, *lag, cosine, low, high, *shares, int(n), int(m), name, "; ".join(reason)))
    likeness = ["cosine", "low", "high", "jaccard", "contained", "reference_contained", "n_words", "n_reference_words"]
    columns = [*_IDS, "lag", "comparison", *likeness, "unit", "reason"]
    return pd.DataFrame(rows, columns=columns).astype({"lag": "Int64"})


# Why an interval is missing, by the number of units that hold a counted word.
_FEW = {0: "no counted word in a {unit}", 1: "one {unit}, so no interval"}


def _compare_words(
    tokens: pd.DataFrame, unit: str, names: list
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[int]]:
    """(counts of every document, their cosines, variance of these from leaving out units of the row's document, n units)."""
    counts = count_by_unit(tokens, unit=unit)
    owner = counts.rows["document_id"].to_numpy()
    parts = [counts.matrix[np.flatnonzero(owner == name)] for name in names]
    sums = np.array([part.sum(axis=0) for part in parts], dtype=float)
    whole = _direct(sums)
    variance = np.full((len(names), len(names)), np.nan)
    for i, part in enumerate(parts):
        n = part.shape[0]
        if n > 1:
            without = _direct(sums[i] - part.toarray()) @ whole.T
            variance[i] = (n - 1) / n * ((without - without.mean(axis=0)) ** 2).sum(axis=0)
    return sums, whole @ whole.T, variance, [part.shape[0] for part in parts]


def _direct(counts: np.ndarray) -> np.ndarray:
    """Rows of damped counts, 1 + log, at length 1; NaN for a row without any."""
    damped = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0)
    return divide(damped, np.sqrt((damped**2).sum(axis=1, keepdims=True)))


def _lag(year: Any, reference_year: Any) -> tuple:
    if pd.isna(year) or pd.isna(reference_year):
        return pd.NA, "year unknown"
    return year - reference_year, "same year" if year == reference_year else "lagged"
