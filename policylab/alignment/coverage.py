"""Measures on an alignment: what is taken up, what is a document's own, in which order, and how alike documents are.

Each is given twice: as counted from the matches, and as corrected for the errors that matches have, over many draws of the links
that readers would make (policylab.alignment.reliability).

An interval holds within the documents: it says how much a figure depends on single tasks, not how other provinces or years
would come out. Shares of tasks, which count one each, have Wilson's interval; for other measures tasks are drawn anew. The
interval of what is corrected holds the errors of the alignment as well.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from policylab.alignment.falsematches import list_unrelated
from policylab.alignment.reliability import Reliability, draw_links, find_any
from policylab.alignment.reuse import MINIMUM, count_characters, count_copied
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.proportions import mix_wilson, wilson_interval
from policylab.base.resampling import check_resamples, divide, draw_units, hash_texts, interval
from policylab.corpus.bundle import Corpus
from policylab.corpus.choice import find_document
from policylab.words.units import PARTS, check_unit, choose_unit, count_by_unit

_IDS = ["document_id", "reference_id"]
_PAIR = ["document_id", "task", "reference_id", "reference_task"]
SIDES = ("reference", "document")
# Cells of matrices that are worked on at a time, so that they stay in the cache of a processor: 1.6 MB of numbers.
_CELLS = 200_000
CORRECTED = ["corrected", "corrected_low", "corrected_high"]
# Why nothing is corrected (list_unrelated).
UNRELATED = "corrected: the two documents share too little"


def list_counterparts(
    corpus: Corpus, pairs: pd.DataFrame, *, side: str = "reference", reliability: Reliability | None = None
) -> pd.DataFrame:
    """List what becomes of every task.

    Parameters
    ----------
    corpus : Corpus
        The corpus of both documents.
    pairs : DataFrame
        The whole table of align_tasks, for one document or several.
    side : str, optional
        Whose tasks: "reference" or "document".
    reliability : Reliability, optional
        What scores are worth, by codes of these two documents (lab.calibrate_alignment). By default what they are
        worth on other documents.

    Returns
    -------
    DataFrame
        A row is a task of the chosen side: `document_id`, `reference_id`, `lag`, `comparison` (compare_years); `section`,
        `section_title`, `task` (ordinals on the chosen side), `title`; `n_matched` (matched tasks of the other side); `best`
        (the closest task of the other side, matched or not), `score` (of it, 0 to 1); `probability` (0 to 1) that readers
        link the task with any task of the other side, by the scores of all of them; `status`: taken up or left out on the
        reference's side, taken up or own on the document's. Of two plans of one government read these as continued, dropped
        and new. Of two documents that share too little (measure_false_matches) `probability` is NaN and `status` says match
        or no match, nothing more.

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
    table["probability"] = find_any(pairs, own, reliability)
    table = table.reset_index().rename(columns={own: "task"})
    tasks = corpus.tasks.merge(
        corpus.sections.rename(columns={"title": "section_title"}), how="left", on=["document_id", "section"]
    )
    tasks = tasks.rename(columns={"document_id": place})[[place, "section", "section_title", "task", "title"]]
    table = table.merge(tasks.astype({"task": "int64"}), how="left", on=[place, "task"])
    table["status"] = np.where(table["n_matched"] > 0, "taken up", "left out" if side == "reference" else "own")
    apart = _mark(table, list_unrelated(pairs, reliability))
    table.loc[apart, "probability"] = np.nan
    table.loc[apart, "status"] = np.where(table.loc[apart, "n_matched"] > 0, "match", "no match")
    columns = [*_IDS, "lag", "comparison", "section", "section_title", "task", "title", "n_matched", "best", "score"]
    return table.merge(compare_years(corpus, pairs), on=_IDS)[[*columns, "probability", "status"]]


def _mark(table: pd.DataFrame, ids: set) -> np.ndarray:
    """Which rows are of the given (document_id, reference_id)."""
    return np.array([key in ids for key in zip(*(table[name] for name in _IDS), strict=True)], dtype=bool)


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
    corpus: Corpus,
    pairs: pd.DataFrame,
    *,
    side: str = "reference",
    reliability: Reliability | None = None,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure the share of the tasks of every section that have a counterpart, as counted and as corrected.

    Parameters
    ----------
    corpus : Corpus
        The corpus of both documents.
    pairs : DataFrame
        The whole table of align_tasks, for one document or several.
    side : str, optional
        Whose tasks: "reference" or "document".
    reliability : Reliability, optional
        What scores are worth, by codes of these two documents (lab.calibrate_alignment). By default what they are
        worth on other documents.
    n_resamples : int, optional
        Draws of links behind the corrected share: 40 or more, or 0 for neither that nor intervals.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a section, and one the whole document: `document_id`, `reference_id`, `lag`, `comparison` (compare_years);
        `section`, `section_title` (missing for the whole); `n_tasks`, `n_taken_up`; `share` (0 to 1), `low`, `high` (95%);
        `corrected` (0 to 1), the share that readers would find, with `corrected_low`, `corrected_high` (95%), NaN for two
        documents that share too little (measure_false_matches).

    Raises
    ------
    PolicylabError
        For 1 to 39 resamples, and as list_counterparts.

    Notes
    -----
    `low` and `high` are Wilson's interval (Wilson 1927): what a share of so few tasks can be by chance, if all matches are right.
    The corrected interval also holds the errors of the alignment (summarize_alignment). Sections have few tasks: read the
    counts.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> coverage = measure_coverage(corpus, lab.align_tasks(corpus, "chongqing-2019", "national-2019"))
    >>> coverage[["n_tasks", "n_taken_up"]].head(1).values.tolist()
    [[35, 31]]
    """
    check_resamples(n_resamples, seed)
    tasks = list_counterparts(corpus, pairs, side=side, reliability=reliability)
    own = "reference_task" if side == "reference" else "task"
    links = draw_links(pairs, reliability, n_resamples, seed)
    places = pairs.groupby([*_IDS, own]).indices
    rows = []
    for key, group in tasks.groupby(_IDS, sort=False):
        found = np.stack([links[:, places[(*key, task)]].any(axis=1) for task in group["task"]])
        group = group.reset_index(drop=True)
        sections = group.groupby(["section", "section_title"], dropna=False)
        parts = [((pd.NA, pd.NA), group), *((name, part) for name, part in sections if pd.notna(name[0]))]
        for name, part in parts:
            k, n, drawn = int((part["n_matched"] > 0).sum()), len(part), found[part.index].sum(axis=0)
            measured = [np.nan] * 5
            if n_resamples:
                measured = [*wilson_interval(k, n), drawn.mean() / n, *mix_wilson(drawn, n)]
            rows.append((*key, *name, n, k, k / n, *measured))
    shares = ["share", "low", "high", *CORRECTED]
    table = pd.DataFrame(rows, columns=[*_IDS, "section", "section_title", "n_tasks", "n_taken_up", *shares])
    table.loc[_mark(table, list_unrelated(pairs, reliability)), CORRECTED] = np.nan
    return compare_years(corpus, pairs).merge(table.astype({"section": "Int64", "section_title": "str"}), on=_IDS)


def _hash_tasks(corpus: Corpus, documents: Sequence | pd.Series, tasks: pd.Series | pd.Index) -> np.ndarray:
    """A number for the title and text of every task (hash_texts)."""
    texts = corpus.tasks["title"].fillna("") + "\n" + corpus.tasks["text"].fillna("")
    place = pd.MultiIndex.from_arrays([corpus.tasks["document_id"], corpus.tasks["task"].astype("int64")])
    wanted = place.get_indexer(pd.MultiIndex.from_arrays([pd.Index(documents), tasks.astype("int64")]))
    return hash_texts(texts)[wanted]


def summarize_alignment(
    corpus: Corpus,
    pairs: pd.DataFrame,
    *,
    minimum: int = MINIMUM,
    reliability: Reliability | None = None,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Summarize an alignment in eight measures, as counted and as corrected for the errors of the alignment.

    Parameters
    ----------
    corpus : Corpus
        The corpus of both documents.
    pairs : DataFrame
        The whole table of align_tasks, for one document or several. A column `linked` (missing: not coded) holds what
        readers found; it is certain in what is corrected, and changes nothing that is counted.
    minimum : int, optional
        Characters of the shortest span that counts as reuse (measure_reuse).
    reliability : Reliability, optional
        What scores are worth, by codes of these two documents (lab.calibrate_alignment). By default what they are
        worth on other documents.
    n_resamples : int, optional
        Random draws behind intervals and corrected values: 40 or more, or 0 for neither.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a measure of one document against one reference: `document_id`, `reference_id`, `lag`, `comparison`
        (compare_years); `measure`; `value`, counted from the matches; `low`, `high` (95%); `n` and `of` (what it is a share or
        mean of); `reason` where value, corrected or an interval is NaN; `corrected`, what to expect of the links that readers would make,
        and `corrected_low`, `corrected_high` (95%). The measures:

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
    `low` and `high` take all matches for right. Shares of tasks have Wilson's interval (Wilson 1927); for concentration, order
    and reuse the tasks of either document are drawn anew. All hold within these documents only. They are NaN where all draws are equal, or
    fewer than 40 have a value; that of reuse where fewer than 20 tasks have a match, and that of order where fewer than four have
    one, for then it held the truth too seldom in simulations (docs/intervals.md). Of what is corrected the mean number counts.

    Corrected values do not depend on the threshold. The links of a pair of documents are drawn many times, first how reliable
    the scores are, then each link by its probability (multiple imputation, Rubin 1987), and the measure is the mean of these
    draws. Their interval holds the errors of the alignment and that of few tasks. docs/alignment.md says how often it held
    the gold. Where fewer than half of the draws have a value there is none, nor for two documents that share too little
    (measure_false_matches): what scores are worth is known from documents that share a subject.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> measures = summarize_alignment(corpus, lab.align_tasks(corpus, "chongqing-2019", "national-2019"))
    >>> measures.set_index("measure")["value"].round(2)[["coverage", "novelty", "order"]].tolist()
    [0.89, 0.03, 0.79]
    """
    check_resamples(n_resamples, seed)
    _need_all_pairs(corpus, pairs, [*_PAIR, "score", "matched"])
    pairs = pairs.sort_values(_PAIR, ignore_index=True)
    links = draw_links(pairs, reliability, n_resamples, seed)
    # The first row is what was matched, so that values and corrected values come from one formula.
    links = np.vstack([pairs["matched"].to_numpy(dtype=bool), links])
    sizes, unrelated = count_characters(corpus), list_unrelated(pairs, reliability)
    rows = []
    for key, group in pairs.groupby(_IDS, sort=False):
        own = links[:, group.index]
        copied = count_copied(corpus, group, own, minimum=minimum)
        tasks, references = (
            group[side].drop_duplicates().sort_values().tolist() for side in ("task", "reference_task")
        )
        own = own.reshape(-1, len(tasks), len(references))
        copied = np.stack([copied.get((*key, task), np.zeros(len(own))) for task in tasks], axis=1)
        names = [key[0]] * len(tasks) + [key[1]] * len(references)
        contents = _hash_tasks(corpus, names, pd.Series([*tasks, *references]))
        # Drawn together, so that two documents of equal text are not drawn alike.
        draws = {name: drawn for name, _, drawn in draw_units(names, contents, n_resamples, seed)}
        characters = sizes[pd.MultiIndex.from_product([[key[0]], tasks])].to_numpy()
        obstacle = UNRELATED if key in unrelated else ""
        measured = _measure(own, copied, characters, (draws[key[0]], draws[key[1]]), obstacle)
        rows += [(*key, *row) for row in measured]
    columns = [*_IDS, "measure", "value", "low", "high", "n", "of", "reason", *CORRECTED]
    return compare_years(corpus, pairs).merge(pd.DataFrame(rows, columns=columns), on=_IDS)


# What each measure counts, with the reason why it may have no value.
_OF = {
    "coverage": ("tasks of the reference", ""),
    "novelty": ("tasks of the document", ""),
    "continuity": ("tasks of both", ""),
    "concentration": ("tasks taken up", "no task is taken up"),
    "divided": ("tasks taken up", "no task is taken up"),
    "combined": ("tasks with a match", "no task has a match"),
    "order": ("links", "fewer than two links that can be ordered"),
    "reuse": ("characters of the document's tasks", "the tasks have no text"),
}
# Shares of tasks, each of which counts one.
_PROPORTIONS = ("coverage", "novelty", "continuity", "divided", "combined")


# Tasks with a match that an interval from drawing tasks needs. With 5 to 17 that of reuse, for which the few tasks that copy most
# decide, held .75 to .90 of simulated samples, with 20 and more .89 to .94; that of order .86 with two and .93 with four
# (docs/intervals.md).
FEWEST_WITH_MATCH = {"reuse": 20, "order": 4}
FEW = "too few tasks with a match: no interval"


def _measure(links: np.ndarray, copied: np.ndarray, sizes: np.ndarray, draws: tuple, obstacle: str = "") -> list[tuple]:
    """(measure, value, low, high, n, of, reason, corrected, corrected_low, corrected_high) of one document and reference.

    `links` are matrices of document by reference, what is matched and then draws of it; `copied` the copied characters of each
    task in each of these, `sizes` all its characters. `draws` say how often each resample draws each task of the document, and
    of the reference; `obstacle` why nothing is to be corrected.
    """
    once = tuple(np.ones((1, size)) for size in links.shape[1:])
    # What is matched, then the draws; as they are, and with the tasks drawn anew.
    (counted, counted_anew), (drawn, drawn_anew) = (
        [_count(links[part], copied[part], sizes, weights) for weights in (once, draws)]
        for part in (slice(1), slice(1, None))
    )
    table = []
    for name, (of, undefined) in _OF.items():
        k, n = counted[name]
        value, values = float(divide(k, n)[0]), divide(*drawn[name])
        defined = values[~np.isnan(values)]
        corrected, reasons = np.nan, [undefined] if np.isnan(value) else []
        low = high = corrected_low = corrected_high = np.nan
        if len(values):
            low, high = _find_interval(name, counted, counted_anew)
            reasons += [FEW] if _has_few(name, counted) else []
            if obstacle:
                reasons.append(obstacle)
            elif 2 * len(defined) >= len(values):
                corrected = float(defined.mean())
                corrected_low, corrected_high = _find_interval(name, drawn, drawn_anew)
                reasons += [f"corrected: {FEW}"] if _has_few(name, drawn) else []
            else:
                reasons.append(f"corrected: {undefined} in most draws")
        if np.isnan(value):
            low = high = np.nan
        size = int(links[0].sum() if name == "order" else n[0])
        table.append((name, value, low, high, size, of, "; ".join(reasons), corrected, corrected_low, corrected_high))
    return table


def _find_interval(name, counts, counts_anew):
    """(low, high) of a measure from the counts of all (_count), or from those of tasks that are drawn anew."""
    if _has_few(name, counts):
        return np.nan, np.nan
    return mix_wilson(*counts[name]) if name in _PROPORTIONS else interval(divide(*counts_anew[name])[:, None])[:, 0]


def _has_few(name, counts):
    return counts["combined"][1].mean() < FEWEST_WITH_MATCH.get(name, 0)


def _count(links: np.ndarray, copied: np.ndarray, sizes: np.ndarray, weights: tuple) -> dict[str, tuple]:
    """{measure: (numerator, denominator)} of every draw of links, or of one with every row of weights of its tasks."""
    rows, columns = weights
    own, taken = links.sum(axis=2), links.sum(axis=1)
    covered, with_match = (columns * (taken > 0)).sum(axis=1), (rows * (own > 0)).sum(axis=1)
    n, m = rows.sum(axis=1), columns.sum(axis=1)
    return {
        "coverage": (covered, m),
        "novelty": (n - with_match, n),
        "continuity": (covered + with_match, n + m),
        "concentration": ((columns * taken).sum(axis=1), covered),
        "divided": ((columns * (taken > 1)).sum(axis=1), covered),
        "combined": ((rows * (own > 1)).sum(axis=1), with_match),
        "order": (measure_order(links, rows), 1),
        "reuse": ((rows * copied).sum(axis=1), (rows * sizes).sum(axis=1)),
    }


def measure_order(matched: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Kendall's tau-b between the ordinals of linked tasks, for every row of `weights` (how often a task is drawn).

    `matched` is a matrix of tasks by reference tasks, or one for every row of weights. NaN where all links share a task.

    >>> measure_order(np.array([[True, False], [False, True]])), measure_order(np.array([[False, True], [True, False]]))
    (array([1.]), array([-1.]))
    """
    matched = matched.reshape(-1, *matched.shape[-2:])
    weights = np.ones((1, matched.shape[1])) if weights is None else weights
    (n_draws,) = np.broadcast_shapes(matched.shape[:1], weights.shape[:1])
    step = max(1, _CELLS // matched[0].size) if len(matched) else 1
    parts = [np.zeros(0)]
    for start in range(0, n_draws, step):
        kept = slice(start, start + step)
        links = matched[kept] if len(matched) > 1 else matched
        parts.append(_correlate(links * (weights[kept] if len(weights) > 1 else weights)[:, :, None]))
    return np.concatenate(parts)


def _correlate(links):
    """Kendall's tau-b of every matrix of numbers of links, by sums of what lies below and to the right or left of a cell."""
    below = links[:, ::-1].cumsum(axis=1)[:, ::-1] - links
    left = below.cumsum(axis=2)
    right = left[:, :, -1:] - left
    order = 2 * (links * (right - left + below)).sum(axis=(1, 2))
    # Pairs of links, both ways, that are not of one task.
    pairs = [links.sum(axis=(1, 2)) ** 2 - (links.sum(axis=axis) ** 2).sum(axis=1) for axis in (2, 1)]
    return divide(order, np.sqrt(pairs[0] * pairs[1]))


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
        `n_reference_words` (different ones); `unit`; `reason` where a number is NaN or the interval may be too narrow.

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


# Why an interval is missing or not to be relied on, by the number of units that hold a counted word: with two it held .81 to .87
# of simulated samples, with three .89 to .96, with more .95 and more (docs/intervals.md).
_FEW = {
    0: "no counted word in a {unit}",
    1: "one {unit}, so no interval",
    2: "two {unit}s, so the interval may be too narrow",
}


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
