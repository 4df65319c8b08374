"""A document beside its reference, and the others that answer to the same reference: what notebook 04 builds on."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from policylab.alignment.align import THRESHOLD, align_tasks
from policylab.alignment.calibration import Calibration, calibrate_alignment, match_from, match_pairs
from policylab.alignment.codes import load_pair_codes
from policylab.alignment.coverage import list_counterparts, summarize_alignment
from policylab.alignment.curve import Curve, list_variants
from policylab.alignment.evaluation import evaluate_alignment
from policylab.alignment.explanation import explain_pair
from policylab.alignment.falsematches import measure_false_matches
from policylab.alignment.reliability import Reliability
from policylab.alignment.reuse import compare_wording, find_reuse
from policylab.base.arguments import check_whole
from policylab.base.errors import PolicylabError
from policylab.corpus.bundle import Corpus
from policylab.corpus.choice import choose_pair, list_followers

PAIR_COLUMNS = [
    "document_id",
    "task",
    "reference_id",
    "reference_task",
    "score",
    "matched",
    "probability",
    "cosine",
    "words",
    "axes",
    "relative",
    "theme",
    "action",
    "short",
]

# A third below and above the calibrated threshold, by judgement: what stays the same between them does not depend on it.
THRESHOLDS = (0.2, 0.4)
# Scores that lack a part or have only one (list_variants), each fitted on the same gold as the default, with a threshold of its
# own: `python benchmarks/fit_alignment.py` fits them anew.
VARIANTS = {
    "without relative": Curve((8.16, 3.44), -6.54, 0.22),
    "without theme": Curve((6.7, 3.28), -5.93, 0.28),
    "without action": Curve((5.35, 4.7), -5.89, 0.31),
    "relative alone": Curve((7.77,), -5.14, 0.32),
    "theme alone": Curve((9.78,), -5.84, 0.18),
    "action alone": Curve((9.72,), -6.21, 0.16),
    "cosine alone": Curve((12.03,), -5.17, 0.11),
}


@dataclass(frozen=True)
class AlignedPair:
    """A document and its reference, task by task; without a reference, or without tasks, the tables are empty.

    Attributes
    ----------
    corpus : Corpus
        Its texts are those of the documents at hand; where `unit` is "section", its tasks are their sections. Its table
        `documents` is that of the whole corpus, on which the names of documents depend.
    document_id : str
        The document.
    reference_id : str or None
        What it is compared with.
    unit : str or None
        "task" or "section"; None where the two have neither in common.
    pairs : DataFrame
        Of align_tasks, for the two.
    all_pairs : DataFrame
        The same for every document that answers to the reference.
    calibration : Calibration or None
        What codes of their pairs say about the alignment of the two; None without codes. The pairs are matched by it.
    """

    corpus: Corpus
    document_id: str
    reference_id: str | None
    unit: str | None
    pairs: pd.DataFrame
    all_pairs: pd.DataFrame
    calibration: Calibration | None = None

    @property
    def reliability(self) -> Reliability | None:
        """What scores of the two documents are worth by their codes; None without codes."""
        return self.calibration.reliability if self.calibration else None

    @property
    def threshold(self) -> float:
        """The score from which pairs of the two that were not coded are matched."""
        return find_threshold(self.calibration)

    def __repr__(self):
        n = self.all_pairs["document_id"].nunique()
        pair = f"{self.document_id} against {self.reference_id}"
        return f"AlignedPair({pair}: {len(self.pairs)} pairs of {self.unit}s, {n} documents)"


def align_pair(
    corpus: Corpus,
    document_id: str = "",
    reference_id: str = "",
    *,
    encoder: Callable[[list[str]], Any] | None = None,
    codes: str | os.PathLike | Iterable[str | os.PathLike] | pd.DataFrame | Calibration = "",
    seed: int = 0,
) -> AlignedPair:
    """Align a document with its reference, and with it all others that answer to the same reference.

    A document answers to a national reference if it is of a lower level and of a year in which this reference is the latest.
    Two documents that do not both have numbered tasks are compared by their sections, which then take the place of tasks in
    all tables; other documents without such units are left out of `all_pairs`.

    Parameters
    ----------
    corpus : Corpus
        Any corpus.
    document_id, reference_id : str
        Empty to have them chosen (choose_pair).
    encoder : callable, optional
        As for align_tasks. The reference is encoded once for all documents.
    codes : path, list of path, DataFrame or Calibration
        Codes of pairs of the two documents: what load_pair_codes reads, a table as calibrate_alignment takes it, or what it
        gave. The two are then matched by the calibration; other documents are matched at the default threshold. Empty for
        none.
    seed : int
        Of the draws behind the intervals of the calibration.

    Returns
    -------
    AlignedPair
        With empty tables where there is nothing to compare.

    Raises
    ------
    PolicylabError
        As choose_pair, align_tasks, load_pair_codes and calibrate_alignment; and for codes where there are no pairs.

    Examples
    --------
    >>> import policylab as lab
    >>> align_pair(lab.load_corpus())
    AlignedPair(chongqing-2019 against national-2019: 1085 pairs of tasks, 2 documents)
    """
    document_id, reference_id = choose_pair(corpus, document_id, reference_id)
    nothing = pd.DataFrame(columns=PAIR_COLUMNS).astype({"score": float, "matched": bool})
    ids = {document_id, reference_id}
    unit = next((unit for unit in ("task", "section") if ids <= set(getattr(corpus, f"{unit}s")["document_id"])), None)
    if unit is None or reference_id is None:
        refuse_codes(codes, document_id, reference_id, "tasks or sections")
        return AlignedPair(_select(corpus, ids), document_id, reference_id, None, nothing, nothing)
    followers = list_followers(corpus, document_id, reference_id)
    corpus = _select(corpus, ids | set(followers))
    corpus = _put_sections_for_tasks(corpus) if unit == "section" else corpus
    followers = [name for name in followers if name in set(corpus.tasks["document_id"])]
    parts = {name: align_tasks(corpus, name, reference_id, encoder=encoder) for name in followers}
    parts[document_id], calibration = match_by_codes(corpus, parts[document_id], codes, seed)
    all_pairs = pd.concat(parts.values(), ignore_index=True)
    return AlignedPair(corpus, document_id, reference_id, unit, parts[document_id], all_pairs, calibration)


def match_by_codes(corpus, pairs, codes, seed):
    """(pairs matched by codes as align_pair takes them, the calibration); the pairs as they are and None without codes."""
    if not _has_codes(codes):
        return pairs, None
    calibration = codes
    if not isinstance(codes, Calibration):
        table = codes if isinstance(codes, pd.DataFrame) else load_pair_codes(codes, corpus, pairs)
        calibration = calibrate_alignment(pairs, table, seed=seed)
    return match_pairs(pairs, calibration), calibration


def refuse_codes(codes, document_id, reference_id, units):
    """Raise PolicylabError if there are codes, for the two have nothing that could be aligned."""
    if _has_codes(codes):
        what = f"{document_id} has no reference in the corpus"
        what = f"{document_id} and {reference_id} do not both have {units}" if reference_id else what
        raise PolicylabError(f"Codes are given, but {what}. Check the ids, or leave the codes out.")


def _has_codes(codes):
    return isinstance(codes, (pd.DataFrame, Calibration)) or bool(codes)


def find_threshold(calibration):
    return calibration.threshold if calibration else THRESHOLD


def list_thresholds(threshold):
    """A threshold with a lower and a higher one, in the order of their size."""
    low, high = (round(cut * threshold / THRESHOLD, 2) for cut in THRESHOLDS)
    return low, threshold, high


def _select(corpus, ids):
    """The corpus with the texts of some documents; the list of documents stays whole, since names depend on it."""
    tables = {name: table for name, table in vars(corpus).items() if name not in ("catalog", "documents")}
    return replace(
        corpus, **{name: table[table["document_id"].isin(ids)].reset_index(drop=True) for name, table in tables.items()}
    )


def _put_sections_for_tasks(corpus):
    paragraphs = corpus.paragraphs.sort_values(["document_id", "paragraph"]).assign(task=corpus.paragraphs["section"])
    texts = paragraphs.dropna(subset="section").groupby(["document_id", "section"])["text"].agg("\n".join)
    own = pd.MultiIndex.from_frame(corpus.sections[["document_id", "section"]])
    tasks = corpus.sections.rename(columns={"section": "task"})[["document_id", "task", "title"]]
    tasks = tasks.assign(
        section=pd.array([pd.NA] * len(tasks), dtype="Int64"), text=texts.reindex(own).fillna("").array
    )
    return replace(corpus, tasks=tasks, sections=corpus.sections.head(0), paragraphs=paragraphs.assign(section=pd.NA))


def list_unmatched(aligned: AlignedPair) -> pd.DataFrame:
    """List the tasks without a counterpart, first the reference's, then the document's: one row is a task.

    Parameters
    ----------
    aligned : AlignedPair
        From align_pair.

    Returns
    -------
    DataFrame
        `document_id` (whose task it is), `task`, `section_title`, `title`, `status` ("left out" or "own"), and the closest
        task of the other document with its score (0-1): `best`, `best_title`, `score`. With a score above 0.1 it may well
        be a counterpart that was missed: read it. `probability` (0-1) that the task has any counterpart, the closest or another.
        Of two documents that share too little (measure_false_matches) `status` is "no match" and `probability` NaN.

    Examples
    --------
    >>> import policylab as lab
    >>> list_unmatched(align_pair(lab.load_corpus()))["status"].value_counts().to_dict()
    {'left out': 4, 'own': 1}
    """
    parts = []
    for side, own, other in (("reference", "reference_id", "document_id"), ("document", "document_id", "reference_id")):
        tasks = list_counterparts(aligned.corpus, aligned.pairs, side=side, reliability=aligned.reliability)
        tasks = tasks[tasks["n_matched"] == 0]
        titles = aligned.corpus.tasks.set_index(["document_id", "task"])["title"]
        best = titles.reindex(pd.MultiIndex.from_frame(tasks[[other, "best"]])).array
        parts.append(tasks.assign(whose=tasks[own], best_title=best))
    table = pd.concat(parts, ignore_index=True).drop(columns="document_id").rename(columns={"whose": "document_id"})
    return table[
        ["document_id", "task", "section_title", "title", "status", "best", "best_title", "score", "probability"]
    ]


def explain_doubtful(aligned: AlignedPair, *, n: int = 3, top: int = 4) -> pd.DataFrame:
    """Explain the matched pairs with the lowest scores: one row is a piece of evidence.

    Parameters
    ----------
    aligned : AlignedPair
        From align_pair.
    n : int
        How many pairs.
    top : int
        How many rows of explain_pair for each.

    Returns
    -------
    DataFrame
        `task`, `reference_task`, `score`, then columns of explain_pair. Empty without matches.

    Examples
    --------
    >>> import policylab as lab
    >>> explain_doubtful(align_pair(lab.load_corpus()), n=1, top=1)["kind"].tolist()
    ['action']
    """
    check_whole("n", n, 1)
    check_whole("top", top, 1)
    weakest = aligned.pairs[aligned.pairs["matched"]].sort_values(["score", "task", "reference_task"]).head(n)
    parts = []
    for pair in weakest.to_dict("records"):
        ids = pair["document_id"], pair["task"], pair["reference_id"], pair["reference_task"]
        known = {name: pair[name] for name in ("task", "reference_task", "score")}
        parts.append(explain_pair(aligned.corpus, *ids).head(top).assign(**known))
    columns = [
        "task",
        "reference_task",
        "score",
        "kind",
        "text",
        "reference_text",
        "weight",
        "n_units",
        "n_reference_units",
    ]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def vary_alignment(
    aligned: AlignedPair, *, gold: pd.DataFrame | dict | list | None = None, complete: bool = True
) -> pd.DataFrame:
    """Show how the conclusions move with the threshold and without parts of the score: one row is a variant.

    Parameters
    ----------
    aligned : AlignedPair
        From align_pair.
    gold : DataFrame or dict or list, optional
        Coded links of the two documents, as evaluate_alignment takes them, to say how many matches are right.
    complete : bool
        As evaluate_alignment: whether every pair was read.

    Returns
    -------
    DataFrame
        `variant`; `n_links`; `n_shared` (links that the default makes too); `n_false` (the expected number of false ones) and
        `related` (whether any is expected to be right; both of measure_false_matches); `coverage`, `novelty`, `order`, `reuse`
        (summarize_alignment, as counted); `n_moved` (tasks of either side that gain or lose their last counterpart). With
        gold also `n_right` (of the links that it speaks of), `precision`, `recall` and `F1` (0-1, higher is better). The
        variants are the default; a lower and a higher threshold; the score without each of its likenesses, and each of them
        alone, as well as the cosine of n-grams alone, which is what many studies use. Every variant has the curve and the
        threshold that fit it best on the gold the default was fitted on, so it makes as many links as it finds. Empty without
        pairs.

    Raises
    ------
    PolicylabError
        As evaluate_alignment, if there is a gold.

    Examples
    --------
    >>> import policylab as lab
    >>> vary_alignment(align_pair(lab.load_corpus()))[["variant", "n_links", "n_moved"]].values.tolist()[:2]
    [['default', 41, 0], ['threshold 0.2', 46, 1]]
    """
    measures, rates = ["coverage", "novelty", "order", "reuse"], ["precision", "recall", "F1"]
    columns = ["variant", "n_links", "n_shared", "n_false", "related", *measures, "n_moved"]
    columns += [] if gold is None else ["n_right", *rates]
    if aligned.pairs.empty:
        return pd.DataFrame(columns=columns)
    default, rows = aligned.pairs["matched"].astype(bool), []
    for name, pairs in _list_variants(aligned).items():
        summary = summarize_alignment(aligned.corpus, pairs, n_resamples=0).set_index("measure")["value"]
        matched, false = pairs["matched"], measure_false_matches(pairs).iloc[0]
        sides = [pairs[side] for side in ("task", "reference_task")]
        moved = sum(len(set(side[matched]) ^ set(side[default])) for side in sides)
        expected = false["n_false"], false["related"]
        row = [name, int(matched.sum()), int((matched & default).sum()), *expected, *summary[measures], moved]
        if gold is not None:
            found = evaluate_alignment(pairs, gold, complete=complete, n_resamples=0).set_index("measure")
            precision = found.loc["precision"]
            right = 0 if pd.isna(precision["value"]) else round(precision["value"] * precision["n"])
            row += [right, *found.loc[rates, "value"]]
        rows.append(row)
    return pd.DataFrame(rows, columns=columns)


def _list_variants(aligned):
    """{variant: pairs with its scores and matches}, the default first; what was coded holds for all."""
    pairs = aligned.pairs
    variants = {"default": pairs.assign(matched=pairs["matched"].astype(bool))}
    cuts = list_thresholds(aligned.threshold)[::2]
    variants |= {f"threshold {cut:g}": match_from(pairs, cut) for cut in cuts}
    for name, parts in list_variants(pairs).items():
        score = VARIANTS[name].score(pairs, parts)
        variants[name] = match_from(pairs.assign(score=score), VARIANTS[name].threshold)
    return variants


def compare_closest(aligned: AlignedPair) -> pd.DataFrame:
    """Compare the wording of the matched pair with most text in common: one row is a stretch of words.

    Parameters
    ----------
    aligned : AlignedPair
        From align_pair.

    Returns
    -------
    DataFrame
        `task`, `reference_task`, `change`, `reference_text` and `text` (compare_wording). Empty where nothing is copied.

    Examples
    --------
    >>> import policylab as lab
    >>> compare_closest(align_pair(lab.load_corpus()))["change"].iloc[0]
    'kept'
    """
    columns = ["task", "reference_task", "change", "reference_text", "text"]
    copied = find_reuse(aligned.corpus, aligned.pairs).groupby(["task", "reference_task"])["length"].sum()
    if copied.empty or aligned.reference_id is None:
        return pd.DataFrame(columns=columns)
    task, reference_task = (int(ordinal) for ordinal in copied.index[int(copied.argmax())])
    wording = compare_wording(aligned.corpus, aligned.document_id, task, aligned.reference_id, reference_task)
    return wording.assign(task=task, reference_task=reference_task)[columns]
