"""Sentences about two documents task by task: which are matched, in what order, and what is copied word for word."""

from typing import TYPE_CHECKING

import pandas as pd

from policylab.alignment.align import THRESHOLD
from policylab.alignment.calibration import Calibration
from policylab.alignment.coverage import list_counterparts
from policylab.alignment.evaluation import CLEAR
from policylab.alignment.falsematches import measure_false_matches
from policylab.corpus.load import Corpus
from policylab.language.documents import name_document
from policylab.language.labels import label
from policylab.language.lags import list_relation, name_lag
from policylab.language.sentences import join, say
from policylab.readings.reading import Reading, quote, say_estimate, say_range, write_list, write_paragraph

if TYPE_CHECKING:
    from policylab.recipes.alignment import AlignedPair
    from policylab.recipes.plans import Plans

CODERS = {"person": "describe_calibration.person", "model": "describe_calibration.model"}
SHOWN = 8  # tasks that a sentence lists
# What a matched task of the reference means, and what one without a match means, by the relation of the documents.
FOUND = {
    "left_out": "describe_links.left_out",
    "not_continued": "describe_links.not_continued",
    "new_task": "describe_links.new_task",
}
MISSING = {
    "left_out": "describe_links.list_left_out",
    "own_task": "describe_links.list_own_task",
    "not_continued": "describe_links.list_not_continued",
    "new_task": "describe_links.list_new_task",
}


def describe_pair(aligned: "AlignedPair", *, language: str = "zh") -> Reading:
    """Say which two documents are aligned, in what units, and how many years lie between them.

    Parameters
    ----------
    aligned : AlignedPair
        What align_pair returns.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text. It says so where two documents share so little that none of their matches may be right
        (measure_false_matches).

    Examples
    --------
    >>> import policylab as lab
    >>> print(describe_pair(lab.recipes.align_pair(lab.load_corpus()), language="en"))  # doctest: +NORMALIZE_WHITESPACE
    **Chongqing 2019** (31 tasks) is aligned with **National 2019** (35), same year; 1 other document has the same
    reference.
    """
    corpus, name = aligned.corpus, name_document(aligned.corpus, aligned.document_id, language)
    n_others = aligned.all_pairs["document_id"].nunique() - 1
    if aligned.reference_id is None:
        return Reading(say("describe_pair.no_reference", language, name=name))
    names = {"name": name, "reference": name_document(corpus, aligned.reference_id, language)}
    if aligned.unit is None:
        return Reading(say("describe_pair.no_units", language, **names))
    sentences = [
        say(
            "describe_pair.aligned" if n_others else "describe_pair.alone",
            language,
            n=aligned.pairs["task"].nunique(),
            n_reference=aligned.pairs["reference_task"].nunique(),
            lag=name_lag(aligned.pairs, corpus, language),
            n_others=n_others,
            **names,
        )
    ]
    if aligned.unit == "section":
        sentences.append(say("describe_pair.sections", language))
    found = measure_false_matches(aligned.pairs).iloc[0]
    if not found["related"]:
        sentences.append(say_unrelated(found, language))
    return write_paragraph(sentences, language)


def describe_plans(plans: "Plans", corpus: Corpus, *, language: str = "zh") -> Reading:
    """Say which two plans are compared, how many years lie between them, and how many of their tasks match.

    Parameters
    ----------
    plans : Plans
        What compare_plans returns.
    corpus : Corpus
        The corpus of the two plans.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> print(describe_plans(lab.recipes.compare_plans(corpus), corpus, language="en"))
    ... # doctest: +NORMALIZE_WHITESPACE
    **Chongqing 2019** is compared with **National 2019** (same year): **41 pairs** of tasks match, with 30 of the 31
    tasks of the first and 31 of the 35 of the second. About 5 of the pairs are expected to be false.
    """
    name = name_document(corpus, plans.document_id, language)
    if plans.reference_id is None:
        return Reading(say("describe_plans.no_reference", language, name=name))
    names = {"name": name, "reference": name_document(corpus, plans.reference_id, language)}
    if plans.tasks.empty:
        return Reading(say("describe_plans.no_match", language, **names))
    n, n_reference = ((corpus.tasks["document_id"] == d).sum() for d in (plans.document_id, plans.reference_id))
    matched = {
        "n_matched": plans.tasks["task"].nunique(),
        "n_reference_matched": plans.tasks["reference_task"].nunique(),
    }
    counts = {"n_pairs": len(plans.tasks), "n": n, "n_reference": n_reference, **matched}
    lag = name_lag(plans.tasks, corpus, language)
    sentences = [say("describe_plans.matched", language, lag=lag, **names, **counts)]
    if plans.calibration:
        coded = plans.calibration.codes["linked"].notna().sum()
        threshold = say("number.decimal", language, value=plans.threshold)
        sentences.append(say("describe_plans.coded", language, n=coded, threshold=threshold))
    found = plans.false_matches.iloc[0]
    if found["related"]:
        sentences.append(say("describe_plans.expected_false", language, n_false=round(found["n_false"])))
    else:
        sentences += [say_unrelated(found, language), say("describe_plans.unrelated", language)]
    return write_paragraph(sentences, language)


def describe_quality(quality: pd.DataFrame, calibration: Calibration | None = None, *, language: str = "zh") -> Reading:
    """Say what precision and recall to expect of matches.

    Parameters
    ----------
    quality : DataFrame
        Table of measure_quality.
    calibration : Calibration, optional
        Of the two documents at hand, whose numbers then come in the place of those of other documents.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text. The intervals of all plans for education are put together, because nobody knows which of them a new
        plan is like; of other subjects it says how far they fall apart.

    Examples
    --------
    >>> quality = pd.DataFrame({"subject": ["education", "AI"] * 3, "document_id": ["a", "b"] * 3,
    ...     "measure": ["precision"] * 2 + ["recall"] * 2 + ["F1"] * 2, "value": [0.8, 0.9, 0.7, 0.5, 0.75, 0.64],
    ...     "low": [0.7, 0.8, 0.6, 0.4, 0.6, 0.5], "high": [0.9, 0.95, 0.8, 0.6, 0.9, 0.8]})
    >>> print(describe_quality(quality, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    On the 1 pair of plans for education with gold, each left out when the score was fitted, 0.80 of the matched pairs are
    also links in the gold (95% intervals taken together: 0.70–0.90), and 0.70 of its links are found (0.60–0.80). **This
    holds for plans for education only.** On 1 pair of documents of other subjects, left out in the same way, F1 was 0.64
    on average, and 0.64 on single pairs: for other subjects, code pairs of your own (below). Language models read the gold;
    how far people would agree with it, or with each other, has not been measured.
    """
    gold = say("describe_quality.gold", language)
    if calibration:
        sentence = say("describe_quality.calibrated", language, **_say_measures(calibration, language))
        return write_paragraph([sentence, gold], language)
    shipped = quality[quality["subject"] == "education"]
    others = quality[(quality["subject"] != "education") & (quality["measure"] == "F1")]["value"]
    words = {}
    for measure in ("precision", "recall"):
        rows = shipped[shipped["measure"] == measure]
        ends = pd.concat([rows["low"].fillna(rows["value"]), rows["high"].fillna(rows["value"])])
        words[measure] = say_range(rows["value"], language, "number.decimal")
        words[f"{measure}_interval"] = say_range(ends, language, "number.decimal")
    mean = say("number.decimal", language, value=others.mean())
    sentences = [
        say("describe_quality.expected", language, n=shipped["document_id"].nunique(), **words),
        say(
            "describe_quality.others",
            language,
            n=len(others),
            mean=mean,
            range=say_range(others, language, "number.decimal"),
        ),
    ]
    return write_paragraph([*sentences, gold], language)


def describe_calibration(calibration: Calibration | None, *, language: str = "zh") -> Reading:
    """Say who coded pairs of two documents, how far the coders agree, and what follows for the matches.

    Parameters
    ----------
    calibration : Calibration or None
        Of calibrate_alignment; None where nothing was coded.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> print(describe_calibration(None, language="en"))
    No codes are given: pairs are matched at the default threshold of 0.3.
    """
    if calibration is None:
        return Reading(say("describe_calibration.none", language, default=THRESHOLD))
    codes, coders = calibration.codes["linked"], calibration.coders
    listed = [
        say(CODERS[str(row.coder_kind)], language, coder=quote(str(row.coder)), n=row.n_pairs)
        for row in coders.itertuples()
    ]
    words = {"n": codes.notna().sum(), "n_links": codes.sum(), "coders": join(listed, language)}
    sentences = [say("describe_calibration.coded", language, **words)]
    if (coders["coder_kind"] == "model").any():
        sentences.append(say("describe_calibration.model_codes", language))
    sentences.append(_say_agreement(calibration.agreement, language))
    if codes.isna().any():
        sentences.append(say("describe_calibration.split", language, n=codes.isna().sum()))
    threshold = say("number.decimal", language, value=calibration.threshold)
    sentences += [
        say("describe_calibration.threshold", language, threshold=threshold, default=THRESHOLD),
        say("describe_calibration.expected", language, **_say_measures(calibration, language)),
    ]
    return write_paragraph(sentences, language)


def _say_agreement(agreement, language):
    if agreement.empty:
        return say("describe_calibration.alone", language)
    row = agreement.iloc[0]
    words = {"n": row["n_units"], "share": say("number.share", language, value=row["share"])}
    if pd.isna(row["alpha"]):
        return say("describe_calibration.agreement", language, **words)
    alpha = say_estimate(row, "alpha", language, "number.decimal")
    return say("describe_calibration.agreement_alpha", language, alpha=alpha, **words)


def _say_measures(calibration, language):
    """{measure: the expected value with its interval} of a calibration."""
    rows = calibration.measures.set_index("measure")
    return {measure: say_estimate(rows.loc[measure], "value", language, "number.decimal") for measure in rows.index}


def describe_links(aligned: "AlignedPair", measures: pd.DataFrame, *, language: str = "zh") -> Reading:
    """Say how many tasks have a counterpart, and list those that have none.

    Parameters
    ----------
    aligned : AlignedPair
        What align_pair returns.
    measures : DataFrame
        Table of summarize_alignment for the two documents.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text, with a list of the tasks of either document that have no counterpart, at most eight of each.

    Examples
    --------
    >>> import policylab as lab
    >>> aligned = lab.recipes.align_pair(lab.load_corpus())
    >>> measures = lab.summarize_alignment(aligned.corpus, aligned.pairs, n_resamples=0)
    >>> print(describe_links(aligned, measures, language="en").splitlines()[0])  # doctest: +NORMALIZE_WHITESPACE
    Chongqing 2019 takes up **31 of the 35 tasks** of National 2019 (89%, within these documents). **1 of the 31 tasks**
    of Chongqing 2019 has no counterpart (3%). Of 41 matches, about 5 are expected to be false: by chance, or because two
    tasks of one field speak of different matters. 13 score below 0.8: read these before you quote them.
    """
    if aligned.pairs.empty:
        return Reading(say("alignment.nothing", language))
    found = measure_false_matches(aligned.pairs).iloc[0]
    if not found["related"]:
        advice = [say("alignment.read_matches", language)] * bool(found["n_matched"])
        return write_paragraph([say_unrelated(found, language), *advice], language)
    corpus, pairs, ids = aligned.corpus, aligned.pairs, (aligned.document_id, aligned.reference_id)
    relation, (name, reference) = list_relation(corpus, *ids), (name_document(corpus, own, language) for own in ids)
    coverage, novelty = (_find_measure(measures, measure) for measure in ("coverage", "novelty"))
    sentences = [
        say(
            FOUND[relation[0]],
            language,
            name=name,
            reference=reference,
            n=coverage["n"],
            k=round(coverage["value"] * coverage["n"]),
            coverage=say_estimate(coverage, "value", language, "number.share"),
        ),
        say(
            "describe_links.unmatched",
            language,
            name=name,
            n=novelty["n"],
            k=round(novelty["value"] * novelty["n"]),
            novelty=say_estimate(novelty, "value", language, "number.share"),
        ),
    ]
    sentences += _say_corrected_shares(aligned, coverage, novelty, found, language)
    sentences.append(say("alignment.expected_false", language, n=found["n_matched"], n_false=round(found["n_false"])))
    doubtful = pairs[pairs["matched"] & (pairs["score"] < CLEAR)]
    if aligned.calibration:  # whoever coded a pair has read it
        doubtful = doubtful[doubtful["linked"].isna()]
    if len(doubtful):
        key = "describe_links.uncoded_matches" if aligned.calibration else "describe_links.matches"
        sentences.append(say(key, language, n_doubtful=len(doubtful), clear=CLEAR))
    lines = []
    for side, key in zip(("reference", "document"), relation, strict=True):
        tasks = list_counterparts(corpus, pairs, side=side).query("n_matched == 0")
        if len(tasks):
            lines.append(say(MISSING[key], language, name=name, tasks=_list_tasks(tasks, language)))
    return write_list(write_paragraph(sentences, language), lines)


def describe_null(null: pd.DataFrame, pairs: pd.DataFrame, *, language: str = "zh") -> Reading:
    """Say how many matches chance would make, if the reference had nothing to do with the document.

    Parameters
    ----------
    null : DataFrame
        Table of measure_null without gold.
    pairs : DataFrame
        Table of align_tasks that it belongs to.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> aligned = lab.recipes.align_pair(lab.load_corpus())
    >>> null = lab.measure_null(aligned.corpus, aligned.pairs)
    >>> print(describe_null(null, aligned.pairs, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    With 35 unrelated texts of other policies in the place of the reference, 1 match would be expected, from chance and set
    phrases alone; other false matches come from tasks of one field that speak of different matters.
    """
    if null.empty:
        return Reading(say("alignment.nothing", language))
    n = pairs["reference_task"].nunique()
    n_chance = round((null["n_matched"] / null["n_compared"]).sum() * n)
    if not n_chance:
        return Reading(say("describe_null.next_to_none", language, n=n))
    return Reading(say("describe_null.chance", language, n=n, n_chance=n_chance))


def describe_order(measures: pd.DataFrame, pairs: pd.DataFrame | None = None, *, language: str = "zh") -> Reading:
    """Say how matches spread over the tasks, and whether both documents have them in the same order.

    Parameters
    ----------
    measures : DataFrame
        Table of summarize_alignment for two documents.
    pairs : DataFrame, optional
        Table of align_tasks for them, so that nothing is said of matches that may all be false (measure_false_matches).
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> aligned = lab.recipes.align_pair(lab.load_corpus())
    >>> measures = lab.summarize_alignment(aligned.corpus, aligned.pairs, n_resamples=0)
    >>> print(describe_order(measures, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    Tasks of the reference that have a counterpart have 1.32 matches on average (no interval); 27% of the document's
    matched tasks combine several tasks of the reference. Agreement in order: Kendall's τ = **0.79** (no interval; 1 is
    the same order, 0 is unrelated), within these documents.
    """
    if measures.empty:
        return Reading(say("alignment.nothing", language))
    if pairs is not None and not (found := measure_false_matches(pairs).iloc[0])["related"]:
        return Reading(say_unrelated(found, language))
    spread, combined, order = (_find_measure(measures, name) for name in ("concentration", "combined", "order"))
    if pd.isna(spread["value"]):
        return Reading(say("describe_order.no_match", language))
    sentences = [
        say(
            "describe_order.spread",
            language,
            concentration=spread["value"],
            interval=_say_interval(spread, language),
            combined=say_estimate(combined, "value", language, "number.share"),
        )
    ]
    if not pd.isna(spread["corrected"]):
        words = {
            "concentration": _say_corrected(spread, language, "number.decimal"),
            "combined": _say_corrected(combined, language, "number.share"),
        }
        sentences.append(say("describe_order.spread_corrected", language, **words))
    if pd.isna(order["value"]):
        sentences.append(say("describe_order.few_links", language))
    else:
        interval = _say_interval(order, language)
        sentences.append(say("describe_order.order", language, tau=order["value"], interval=interval))
    if not pd.isna(order["corrected"]):
        tau = _say_corrected(order, language, "number.decimal")
        sentences.append(say("describe_order.order_corrected", language, tau=tau))
    return write_paragraph(sentences, language)


def describe_followers(pairs: pd.DataFrame, corpus: Corpus, *, language: str = "zh") -> Reading:
    """Say which tasks of a reference all documents take up, and which none does.

    Parameters
    ----------
    pairs : DataFrame
        Table of align_tasks for one reference and any number of documents.
    corpus : Corpus
        The corpus of these documents.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> aligned = lab.recipes.align_pair(lab.load_corpus())
    >>> print(describe_followers(aligned.all_pairs, aligned.corpus, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    As counted from the matches, of the 35 tasks of National 2019, **25** have a counterpart in each of the 2 documents,
    **2** in none (27 拓展教育信息化国际交流与合作; 31 开展网络空间国际治理研究). 1 document is of the reference's year, 1 of
    another, where a difference may be due to time.
    """
    if pairs.empty:
        return Reading(say("alignment.nothing", language))
    related = measure_false_matches(pairs).set_index("document_id")["related"]
    apart = join([name_document(corpus, name, language) for name in related.index[~related]], language)
    if not related.any():
        return Reading(say("describe_followers.unrelated", language, names=apart))
    tasks = list_counterparts(corpus, pairs[pairs["document_id"].map(related)])
    n, by_task = tasks["document_id"].nunique(), ["task", "title"]
    taken_up = tasks.assign(n=tasks["n_matched"] > 0).groupby(by_task, dropna=False)["n"].sum().reset_index()
    nowhere = taken_up[taken_up["n"] == 0]
    words = {
        "reference": name_document(corpus, pairs["reference_id"].iloc[0], language),
        "n": n,
        "n_tasks": len(taken_up),
        "n_everywhere": (taken_up["n"] == n).sum(),
        "n_nowhere": len(nowhere),
    }
    if n == 1:
        name = name_document(corpus, tasks["document_id"].iloc[0], language)
        sentences = [say("describe_followers.one", language, name=name, **words)]
    elif nowhere.empty:
        sentences = [say("describe_followers.taken_up", language, **words)]
    else:
        listed = _list_tasks(nowhere, language)
        sentences = [say("describe_followers.taken_up_except", language, tasks=listed, **words)]
    n_same = (tasks.drop_duplicates("document_id")["comparison"] == "same year").sum()
    if n_same < n:
        sentences.append(say("describe_followers.years", language, n_same=n_same, n_other=n - n_same))
    if apart:
        sentences.append(say("describe_followers.unrelated", language, names=apart))
    return write_paragraph(sentences, language)


def describe_reuse(
    reuse: pd.DataFrame, spans: pd.DataFrame, measures: pd.DataFrame, *, language: str = "zh"
) -> Reading:
    """Say how much is copied word for word, and show the longest stretch.

    Parameters
    ----------
    reuse, spans, measures : DataFrame
        Tables of measure_reuse, find_reuse and summarize_alignment for one document and one reference.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> aligned = lab.recipes.align_pair(lab.load_corpus())
    >>> reuse = lab.measure_reuse(aligned.corpus, aligned.pairs)
    >>> spans = lab.find_reuse(aligned.corpus, aligned.pairs)
    >>> measures = lab.summarize_alignment(aligned.corpus, aligned.pairs, n_resamples=0)
    >>> reading = describe_reuse(reuse, spans, measures, language="en")
    >>> print(reading.partition(" The longest")[0])  # doctest: +NORMALIZE_WHITESPACE
    Of 5,000 characters of task text, **22%** are word for word the same as in the matched tasks (within these
    documents). 6 of 30 matched tasks reuse nothing: whether they put the same matter in other words or are matched
    wrongly, only reading tells.
    """
    if reuse.empty or pd.isna(_find_measure(measures, "reuse")["value"]):
        return Reading(say("alignment.nothing", language))
    whole, matched = _find_measure(measures, "reuse"), reuse[reuse["n_matched"] > 0]
    if matched.empty:
        return Reading(say("describe_order.no_match", language))
    sentences = [
        say(
            "describe_reuse.copied",
            language,
            n=whole["n"],
            reuse=say_estimate(whole, "value", language, "number.share"),
            n_matched=len(matched),
            n_without=(matched["n_copied"] == 0).sum(),
        )
    ]
    if not pd.isna(whole["corrected"]):
        corrected = _say_corrected(whole, language, "number.share")
        sentences.append(say("describe_reuse.corrected", language, reuse=corrected))
    if len(spans):
        longest = spans.sort_values(["length", "task", "start"], ascending=[False, True, True]).iloc[0]
        words = {name: longest[name] for name in ("length", "task", "reference_task")}
        sentences.append(
            say("describe_reuse.longest", language, text=quote(" ".join(longest["text"].split())), **words)
        )
    return write_paragraph(sentences, language)


def describe_robustness(variants: pd.DataFrame, *, language: str = "zh") -> Reading:
    """Say how far the results depend on the way of aligning.

    Parameters
    ----------
    variants : DataFrame
        Table of vary_alignment.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> variants = lab.recipes.vary_alignment(lab.recipes.align_pair(lab.load_corpus()))
    >>> print(describe_robustness(variants, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    As counted, coverage across all variants is 0.86–0.94, novelty 0.00–0.10 and τ 0.46–0.88. The largest change comes with
    “threshold 0.4”, “without action”, “relative alone”: 3 tasks gain or lose all counterparts.
    """
    if variants.empty:
        return Reading(say("alignment.nothing", language))
    default = variants[variants["variant"] == "default"].iloc[0]
    if not default["related"]:
        return Reading(say_unrelated(default.rename({"n_links": "n_matched"}), language))
    ranges = {name: say_range(variants[name], language, "number.decimal") for name in ("coverage", "novelty", "order")}
    others = variants[variants["variant"] != "default"]
    n = others["n_moved"].max()
    sentences = [say("describe_robustness.ranges", language, **ranges)]
    if n == 0:
        sentences.append(say("describe_robustness.unmoved", language))
    else:
        names = (_name_variant(name, language) for name in others.loc[others["n_moved"] == n, "variant"])
        named = join((say("describe_robustness.variant", language, variant=name) for name in names), language)
        sentences.append(say("describe_robustness.moved", language, variants=named, n=n))
    if "F1" in variants and variants["F1"].notna().all():
        best = others.sort_values(["F1", "variant"]).iloc[-1]
        f1, variant = say("number.decimal", language, value=default["F1"]), _name_variant(best["variant"], language)
        ranges = say_range(others["F1"], language, "number.decimal")
        sentences.append(say("describe_robustness.right", language, f1=f1, others=ranges, variant=variant))
    return write_paragraph(sentences, language)


def _name_variant(variant, language):
    kind, _, cut = variant.partition(" ")
    return f"{label(kind, language)} {cut}" if kind == "threshold" else label(variant, language)


def say_unrelated(found, language):
    """That two documents share too little; `found` is their row of measure_false_matches."""
    if not found["n_matched"]:
        return say("alignment.unmatched", language)
    return say("alignment.unrelated", language, n=found["n_matched"], n_false=round(found["n_false"]))


def _find_measure(measures, name):
    return measures.set_index("measure").loc[name]


def _say_corrected_shares(aligned, coverage, novelty, found, language):
    if pd.isna(coverage["corrected"]):
        return []
    shares = {row.name: _say_corrected(row, language, "number.share") for row in (coverage, novelty)}
    sentences = [say("describe_links.corrected", language, **shares)]
    # What scores are worth comes from documents that share more than these.
    if aligned.reliability is None and 2 * found["n_false"] > found["n_matched"]:
        sentences.append(say("describe_links.open", language))
    return sentences


def _say_corrected(row, language, number):
    return say_estimate(row, "corrected", language, number, ("corrected_low", "corrected_high"))


def _say_interval(row, language):
    if pd.isna(row["low"]):
        return say("number.no_interval", language)
    low, high = (say("number.decimal", language, value=row[end]) for end in ("low", "high"))
    return say("number.interval", language, low=low, high=high)


def _list_tasks(tasks, language):
    """Numbers and titles of tasks, at most SHOWN of them."""
    listed = [
        f"{task.task} {quote(task.title)}" if isinstance(task.title, str) else f"{task.task}"
        for task in tasks.head(SHOWN).itertuples()
    ]
    if len(tasks) > SHOWN:
        listed.append(say("list.more", language, n=len(tasks) - SHOWN))
    return join(listed, language, "list.entries")
