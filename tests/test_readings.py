"""Readings use every sentence of sentences.toml, in both languages; most tables are small enough to be written out here."""

import dataclasses
import functools
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd

import policylab as lab
from policylab import readings
from policylab.agencies.correction import OUTCOMES
from policylab.alignment.coverage import UNRELATED
from policylab.language import sentences
from policylab.targets.cascade import RELATIONS

FLAW = re.compile(r"\bnan\b|<NA>|[{}]|  |[。.]{2}")
GAP = float("nan")
SELECTION = SimpleNamespace(
    level="national", years=(2017, 2019), terms=["网络"], rule="changing", vocabulary=["网络"], places=["福建"], min_n=1
)
TOPICS = pd.DataFrame(
    {
        "topic": [1, 2],
        "top_terms": ["网络、平台", "教师、培训"],
        "stable": [True, False],
        "cutoff": 0.6,
        "stability": [0.9, 0.5],
        "n_main": [9, 3],
    }
)


def make_documents(*documents, **columns):
    """A corpus as far as describe_selection looks at it: documents of (level, year)."""
    table = pd.DataFrame(documents, columns=["level", "year"])
    return SimpleNamespace(documents=table.assign(document_id=[f"d{i}" for i in table.index], **columns))


def make_trend(**columns):
    first = {"level": "national", "term": "网络", "year": [2017, 2019], "rate": [1.0, 2.0], "unit": "task", "n": [1, 2]}
    return pd.DataFrame(first | {"n_with": 1, "rate_low": GAP, "rate_high": GAP} | columns)


def make_comparison(**columns):
    groups = {"column": "level", "a": "national", "b": "provincial", "n_tokens_a": 90, "n_tokens_b": 80, "unit": "task"}
    years = {"years_a": "2017, 2019", "years_b": "2020"}
    terms = {"term": ["网络", "平台"], "n_a": [5, 1], "n_b": [1, 5], "z": [2.0, -2.0], "apart": True, "occurs": "both"}
    counts = {"n_documents_a": 2, "n_documents_b": 2, "carried": False, "low": 0.1, "reason": None}
    return pd.DataFrame(terms | groups | years | counts | columns)


def make_attention(**columns):
    ids = ["fujian-2020", "national-2019", "chongqing-2019"]
    counts = {"n_mentions": [40, 50, 60], "n_tokens": 1000, "attention": [0.1, 0.2, 0.3]}
    first = {"document_id": ids, "concept": "网络", "unit": "task", "low": GAP, "high": GAP}
    return pd.DataFrame(first | counts | columns)


def make_consistency(*ids, **columns):
    first = {"document_id": ids, "reference_id": "national-2019", "consistency": 0.8}
    return pd.DataFrame(first | {"low": GAP, "high": GAP, "random": 0.7, "random_low": 0.6} | columns)


def make_fit(*rates):
    ids = ["fujian-2020", *(f"d{i}" for i in range(1, len(rates)))][: len(rates)]
    return pd.DataFrame(
        {"document_id": ids, "unit": "task", "share": 0.5, "rate": list(rates), "fits": [rate > 40 for rate in rates]}
    )


def make_choice(**columns):
    first = {"n_topics": [4, 6], "npmi": [0.1, 0.2], "npmi_low": [0.05, 0.15], "stability": 0.4, "n_stable": 2}
    return pd.DataFrame(first | {"cutoff": 0.6, "stable": True, "recommended": [True, False]} | columns)


def make_difference(**columns):
    first = {"topic": [1], "prevalence_a": 0.4, "prevalence_b": 0.2, "difference": 0.2, "low": 0.1, "high": 0.3}
    levels = {"found": 0.8, "a": "national", "b": "provincial", "n_documents_a": 2, "n_documents_b": 2}
    return pd.DataFrame(first | levels | columns)


def make_measures(value, low, high):
    names = ["coverage", "novelty", "concentration", "combined", "order", "reuse"]
    corrected = {"corrected": value, "corrected_low": low, "corrected_high": high}
    return pd.DataFrame({"measure": names, "value": value, "low": low, "high": high, "n": 10} | corrected)


def make_strength(low, high):
    names = {"document_id": ["fujian-2020"], "reference_id": "national-2019", "delta": -0.5, "baseline": -0.4}
    return pd.DataFrame(names | {"difference": -0.1, "low": low, "high": high})


def make_targets(n, relation="raised"):
    amounts = {
        f"{side}{name}": v
        for side in ("", "reference_")
        for name, v in (("value", 9), ("unit", "个"), ("comparator", "="))
    }
    ids = {"document_id": "fujian-2020", "reference_id": "national-2019", "target": 1, "reference_target": 1}
    names = {
        "indicator": "学校",
        "reference_indicator": "中小学",
        "similarity": 0.5,
        "same_base": "unknown",
        "same_kind": "no",
    }
    return pd.DataFrame([ids | amounts | names | {"relation": relation, "ratio": 2.0, "lag": 1}] * n)


def make_thresholds(threshold=0.3):
    counts = dict.fromkeys(RELATIONS, 0) | {"kept": 2, "new": [1, 2]}
    return pd.DataFrame({"threshold": threshold, "cutoff": [0.5, 0.6], "related": True} | counts)


def make_agencies(*rows):
    return pd.DataFrame(rows, columns=["counterpart", "reference_role", "outcome"])


def list_words(corpus):
    counted = pd.DataFrame({"document_id": "a", "zone": ["counted", "title"], "n": [9, 1], "share": [0.9, 0.1]})
    ranks = {"variant": ["base", "no lexicon", "no stop list"], "n_common": 9, "top": 9, "kendall": 0.5}
    ranks = pd.DataFrame(ranks | {"largest": ["", "网络 +1", ""]})
    six = [("national", 2017)] * 6
    return [
        (readings.describe_counting, counted),
        (readings.describe_counting, counted.head(0)),
        (readings.describe_selection, SELECTION, make_documents(("national", 2017), ("provincial", 2017))),
        (
            readings.describe_selection,
            vary(SELECTION, rule="given"),
            make_documents(("national", 2017), ("county", 2018)),
        ),
        (
            readings.describe_selection,
            vary(SELECTION, rule="frequent"),
            make_documents(*six, ("national", 2019), ("county", 2019)),
        ),
        (
            readings.describe_selection,
            vary(SELECTION, terms=[]),
            make_documents(("national", 2017), ("national", 2019), ("county", 2019)),
        ),
        (readings.describe_selection, SELECTION, make_documents(("national", 2017), ("national", 2018), year_end=2020)),
        (readings.describe_trends, make_trend(), SELECTION),
        (readings.describe_trends, make_trend(rate_low=0.5, rate_high=3.0), vary(SELECTION, rule="given")),
        (readings.describe_trends, make_trend().head(0), SELECTION),
        (readings.describe_trends, make_trend(), vary(SELECTION, years=(2017,))),
        (readings.describe_comparison, make_comparison(occurs=["only a", "only b"], carried=True)),
        (readings.describe_comparison, make_comparison(z=1.0, n_documents_a=1, n_documents_b=1)),
        (readings.describe_comparison, make_comparison(z=1.0, n_documents_a=2, n_documents_b=1)),
        (readings.describe_comparison, make_comparison(z=1.0, apart=False, occurs="only a")),
        (readings.describe_comparison, pd.concat([make_comparison(z=1.0)] * 4)),
        (readings.describe_comparison, make_comparison(z=0.0, low=GAP, reason="too few units")),
        (readings.describe_comparison, make_comparison(column="year", a="2019", b="2017")),
        (readings.describe_comparison, make_comparison().head(0)),
        (readings.describe_ranks, ranks),
        (readings.describe_ranks, ranks.head(0)),
        (readings.describe_unglossed, ["某词"]),
        (readings.describe_unglossed, []),
        (readings.describe_attention, make_attention(), corpus),
        (
            readings.describe_attention,
            make_attention(low=0.1, high=0.4, n_mentions=[4, 50, 60], n_tokens=10000),
            corpus,
        ),
        (readings.describe_attention, make_attention().head(0), corpus),
        (readings.describe_attention, make_attention(attention=GAP), corpus),
        (readings.describe_concept_fit, make_fit(50.0), corpus),
        (readings.describe_concept_fit, make_fit(50.0, 0.5), corpus),
        (readings.describe_concept_fit, make_fit(*[50.0] * 6, 3.0), corpus),
        (readings.describe_concept_fit, make_fit(2.0, 3.0), corpus),
        (readings.describe_concept_fit, make_fit(), corpus),
        (functools.partial(readings.describe_concept_fit, own=True), make_fit(9.0), corpus),
        (readings.describe_consistency, make_consistency("fujian-2020", "chongqing-2019", low=0.7, high=0.9), corpus),
        (readings.describe_consistency, make_consistency("fujian-2020"), corpus),
        (readings.describe_consistency, make_consistency(), corpus),
    ]


def list_topics(corpus):
    terms = pd.DataFrame({"kept": [True, False], "reason": [None, "stop word"]})
    shares = pd.DataFrame({"document_id": "fujian-2020", "paragraph": [1, 2], "share": [1.0, GAP], "n_tokens": 9})
    examples = pd.DataFrame({"topic": [2], "document_id": "fujian-2020", "task": 1, "share": 0.9, "text": "文" * 99})
    prevalence = {"document_id": ["fujian-2020"], "topic": 1, "prevalence": 0.4, "low": 0.3, "high": 0.5}
    scores = pd.DataFrame({"document_id": ["fujian-2020"], "ami": [-0.1]})
    without = dataclasses.replace(corpus, tasks=corpus.tasks.head(0))
    return [
        (readings.describe_vocabulary, terms),
        (readings.describe_vocabulary, terms.head(1)),
        (
            lambda *tables, language: readings.describe_topic_units(*tables, unit="paragraph", language=language),
            shares,
            without,
        ),
        (readings.describe_choice, make_choice(), 4),
        (readings.describe_choice, make_choice(recommended=[False, True]), 6),
        (readings.describe_choice, make_choice(recommended=False), 4),
        (readings.describe_topics, TOPICS),
        (readings.describe_examples, examples, TOPICS, corpus),
        (readings.describe_prevalence, pd.DataFrame(prevalence | {"found": GAP}), TOPICS, corpus),
        (readings.describe_prevalence, pd.DataFrame(prevalence | {"found": 0.4}), TOPICS, corpus),
        (readings.describe_difference, make_difference(), TOPICS, corpus),
        (readings.describe_difference, make_difference(low=GAP), TOPICS, corpus),
        (readings.describe_difference, make_difference(found=0.4), TOPICS, corpus),
        (readings.describe_difference, make_difference().head(0), TOPICS, corpus),
        (readings.describe_sections, scores, corpus),
        (readings.describe_sections, scores.head(0), corpus),
    ]


def list_calibrations():
    """Pairs that one coder coded; that two coded, one of them a model; that two coded who never agree."""
    random = np.random.default_rng(1)
    pairs = pd.DataFrame({"document_id": "a", "task": range(1, 31), "reference_id": "b", "reference_task": 1})
    pairs = pairs.assign(score=random.random(30))
    codes = pairs.assign(grade=(pairs["score"] > 0.5).astype(int), coder="甲", coder_kind="person")
    second = codes.assign(coder="乙", coder_kind="model", grade=codes["grade"].where(codes["task"] > 4, 2))
    alike = codes[codes["grade"] == 1].assign(coder="丙")
    for table in (codes, pd.concat([codes, second]), pd.concat([codes, alike])):
        yield lab.calibrate_alignment(pairs, table, n_resamples=100)


def list_alignment(corpus):
    aligned, later, earlier = (
        lab.recipes.align_pair(corpus, *ids)
        for ids in (("fujian-2020", ""), ("national-2019", "national-2017"), ("national-2017", "national-2019"))
    )
    measures, bare = make_measures(0.5, 0.4, 0.6), make_measures(0.5, GAP, GAP)
    few = measures.assign(value=measures["value"].mask(measures["measure"] == "order"))
    none = measures.assign(value=GAP)
    measured = {"document_id": "a", "measure": ["precision", "recall", "F1"], "value": 0.8, "low": 0.7, "high": 0.9}
    quality = pd.concat([pd.DataFrame(measured).assign(subject=subject) for subject in ("education", "AI")])
    calibrations = list(list_calibrations())
    coded = aligned.pairs.assign(linked=pd.array([True, *[pd.NA] * (len(aligned.pairs) - 1)], dtype="boolean"))
    coded = dataclasses.replace(aligned, pairs=coded.assign(probability=0.5), calibration=calibrations[0])
    reuse, spans = (measure(aligned.corpus, aligned.pairs) for measure in (lab.measure_reuse, lab.find_reuse))
    variants = pd.DataFrame(
        {"variant": ["default", "action alone"], "coverage": 0.5, "novelty": 0.1, "order": 0.9, "n_moved": 1}
    ).assign(n_links=5, n_false=4.6, related=True)
    matches = lab.recipes.measure_false_matches(aligned.pairs)
    null = pd.DataFrame({"task": [1, 2], "n_matched": [2, 1], "n_compared": 100})
    unrelated, unmatched = (
        dataclasses.replace(aligned, pairs=pairs, all_pairs=pairs)
        for pairs in (aligned.pairs.assign(score=0.02), aligned.pairs.assign(score=0.02, matched=False))
    )
    # Twenty of 29 matches are expected to be false.
    lower = aligned.pairs["score"] * 0.6
    open_ = dataclasses.replace(aligned, pairs=aligned.pairs.assign(score=lower, matched=lower >= 0.3))
    other = lab.align_tasks(corpus, "chongqing-2019", "national-2019").assign(score=0.02)
    one_of_two = pd.concat([aligned.pairs, other])
    plans = SimpleNamespace(
        document_id="fujian-2020",
        reference_id="national-2019",
        tasks=aligned.pairs[aligned.pairs["matched"]],
        false_matches=matches,
        calibration=None,
        threshold=0.25,
    )
    return [
        (readings.describe_pair, aligned),
        (readings.describe_pair, dataclasses.replace(aligned, unit="section")),
        (readings.describe_pair, dataclasses.replace(aligned, all_pairs=aligned.pairs)),
        (readings.describe_pair, dataclasses.replace(aligned, unit=None)),
        (readings.describe_pair, dataclasses.replace(aligned, reference_id=None)),
        (readings.describe_plans, plans, corpus),
        (readings.describe_plans, vary(plans, tasks=aligned.pairs.head(0)), corpus),
        (readings.describe_plans, vary(plans, reference_id=None), corpus),
        (readings.describe_plans, vary(plans, false_matches=matches.assign(related=False)), corpus),
        (readings.describe_plans, vary(plans, calibration=calibrations[0]), corpus),
        (readings.describe_pair, unrelated),
        (readings.describe_links, unrelated, measures),
        (readings.describe_links, unmatched, measures),
        (readings.describe_links, open_, measures),
        (readings.describe_followers, unrelated.all_pairs, aligned.corpus),
        (readings.describe_followers, one_of_two, corpus),
        (readings.describe_quality, quality),
        (readings.describe_quality, quality, calibrations[0]),
        *((readings.describe_calibration, calibration) for calibration in (*calibrations, None)),
        (readings.describe_links, aligned, measures),
        (readings.describe_links, later, measures),
        (readings.describe_links, coded, measures),
        (readings.describe_links, earlier, measures),
        (readings.describe_links, dataclasses.replace(aligned, pairs=aligned.pairs.head(0)), measures),
        (readings.describe_null, null, aligned.pairs),
        (readings.describe_null, null.assign(n_matched=0), aligned.pairs),
        (readings.describe_null, null.head(0), aligned.pairs.head(0)),
        (readings.describe_order, measures),
        (readings.describe_order, measures, unrelated.pairs),
        (readings.describe_order, bare),
        (readings.describe_order, few),
        (readings.describe_order, none),
        (readings.describe_followers, aligned.all_pairs, aligned.corpus),
        (readings.describe_followers, aligned.all_pairs.assign(matched=True), aligned.corpus),
        (readings.describe_reuse, reuse, spans, measures),
        (readings.describe_robustness, variants),
        (readings.describe_robustness, variants.assign(n_moved=0, F1=[0.8, 0.7])),
        (readings.describe_robustness, variants.assign(related=False)),
    ]


def list_rest(corpus):
    variants = pd.DataFrame({"document_id": "a", "version_id": "b", "kind": ["wording", "document only"]})
    structure = pd.DataFrame(
        {"document_id": "a", "region": "福建省", "year": 2020, "section": None, "task": [1], "n_characters": 9}
    )
    doubts = pd.DataFrame({"kind": ["task without number", "repaired: half-width punctuation"], "n": [1, 2]})
    one = {
        "document_id": "fujian-2020",
        "level": "provincial",
        "year": 2020,
        "section": 1,
        "task": 1,
        "agency": "科技处",
    }
    mentions = pd.DataFrame([one | {"role": "lead", "tier": "department", "type": "department"}])
    works = pd.DataFrame(
        {"document_id": ["fujian-2020"], "reference_id": "national-2019", "cited_by": "both", "tier": "national"}
    )
    reporting = dataclasses.replace(corpus, targets=corpus.targets.assign(kind="result"))
    relations = pd.DataFrame({"relation": ["kept", "dropped"], "n": [2, 1], "corrected": [1.9, 1.0]})
    relations = relations.assign(corrected_low=[1.0, GAP], corrected_high=[2.0, GAP], reason="")
    lead, co = ("财务", "lead", "same role"), ("人事", "co", "no counterpart")
    answers = pd.DataFrame({"outcome": OUTCOMES, "corrected": 0.2, "corrected_low": 0.1, "corrected_high": 0.3})
    return [
        (readings.describe_documents, lab.summarize_documents(corpus)),
        (readings.describe_documents, lab.summarize_documents(corpus).assign(n_articles=3)),
        (readings.describe_structure, structure),
        (readings.describe_structure, structure.assign(task=None)),
        (readings.describe_structure, structure.head(0)),
        (readings.describe_doubts, doubts),
        (readings.describe_doubts, doubts.head(0)),
        (readings.describe_variants, variants),
        (readings.describe_variants, variants.head(0)),
        (readings.describe_targets, make_targets(6), corpus),
        (readings.describe_targets, make_targets(6), corpus, pd.DataFrame({"related": [False]})),
        (readings.describe_targets, make_targets(0), corpus),
        (readings.describe_targets, make_targets(6, "to be judged"), corpus),
        (readings.describe_thresholds, make_thresholds()),
        (readings.describe_thresholds, make_thresholds(GAP)),
        (readings.describe_thresholds, make_thresholds().assign(related=False)),
        (readings.describe_thresholds, make_thresholds().head(0)),
        (readings.describe_targets, make_targets(1), reporting),
        (readings.describe_corrected_targets, relations),
        (readings.describe_corrected_targets, relations.assign(corrected_low=GAP)),
        (readings.describe_corrected_targets, relations.head(0)),
        (readings.describe_corrected_targets, relations.assign(reason=UNRELATED)),
        (readings.describe_agencies, mentions, corpus, "fujian-2020"),
        (readings.describe_agencies, mentions, corpus, "national-2019"),
        (readings.describe_network, lab.build_agency_network(mentions, "fujian-2020")),
        (readings.describe_network, lab.build_agency_network(mentions, "national-2019")),
        (readings.describe_counterparts, make_agencies(lead, co)),
        (readings.describe_counterparts, make_agencies(lead, co), None, answers),
        (readings.describe_counterparts, make_agencies(lead, (None, "co", "no counterpart"))),
        (readings.describe_counterparts, make_agencies(co)),
        (readings.describe_counterparts, make_agencies((None, "co", "no counterpart"))),
        (readings.describe_counterparts, make_agencies().assign(reference_agency=None)),
        (readings.describe_counterparts, make_agencies()),
        (readings.describe_sources, works.assign(invoked=True), corpus),
        (readings.describe_sources, works.assign(invoked=False), corpus),
        (readings.describe_sources, pd.concat([works.assign(invoked=True), works.assign(invoked=False)]), corpus),
        (readings.describe_sources, works.head(0), corpus),
        (readings.describe_sources, works.assign(invoked=True, cited_by="document"), corpus),
        (readings.describe_strength, make_strength(-0.2, 0.1), corpus),
        (readings.describe_strength, make_strength(-0.2, -0.05), corpus),
        (readings.describe_strength, make_strength(0.05, 0.1), corpus),
        (readings.describe_strength, make_strength(GAP, GAP), corpus),
        (readings.describe_strength, make_strength(GAP, GAP).head(0), corpus),
    ]


def test_one_document_and_ties_are_said_as_such(corpus):
    aligned = lab.recipes.align_pair(corpus)
    own = dataclasses.replace(aligned, all_pairs=aligned.pairs)
    assert readings.describe_pair(own, language="en") == (
        "**Chongqing 2019** (31 tasks) is aligned with **National 2019** (35), same year; no other document has the same reference."
    )
    assert readings.describe_followers(aligned.pairs, corpus, language="en") == (
        "Only one document is counted, Chongqing 2019: as counted from the matches, **31** of the 35 tasks of National 2019 have a "
        "counterpart there."
    )
    assert readings.describe_followers(aligned.pairs, corpus, language="zh") == (
        "只计入一份文件（重庆 2019）：按匹配计数，全国 2019 的 35 项任务中有 **31 项**有对应。"
    )
    variants = pd.DataFrame({"variant": ["default", "threshold 0.4", "action alone"], "n_moved": [0, 3, 3]})
    variants = variants.assign(coverage=0.5, novelty=0.1, order=0.9, related=True)
    assert readings.describe_robustness(variants, language="en") == (
        "As counted, coverage across all variants is 0.50, novelty 0.10 and τ 0.90. The largest change comes with “threshold 0.4”, "
        "“action alone”: 3 tasks gain or lose all counterparts."
    )
    assert readings.describe_robustness(variants, language="zh") == (
        "按匹配计数，在各种算法下覆盖率为 0.50，自有比例为 0.10，τ 为 0.90。变动最大的是“阈值 0.4”、“仅看‘单项举措’”："
        "3 项任务得到或失去了全部对应。"
    )


def test_of_documents_that_share_too_little_nothing_is_said_but_that(corpus):
    aligned = lab.recipes.align_pair(corpus)
    apart = aligned.pairs.assign(score=aligned.pairs["score"] * 0.01)
    false = lab.recipes.measure_false_matches(apart)
    apart, plans = dataclasses.replace(aligned, pairs=apart), lab.recipes.compare_plans(corpus)
    measures = lab.summarize_alignment(apart.corpus, apart.pairs, n_resamples=40)
    variants = lab.recipes.vary_alignment(aligned).assign(n_links=41, n_false=false["n_false"].item(), related=False)
    counterparts = readings.describe_counterparts(plans.agencies, false, language="en")
    sentence = "**These two documents share too little to speak of continuation**: of 41 matches, about 41 are expected to be false."
    assert sentence == counterparts == readings.describe_robustness(variants, language="en")
    assert sentence == readings.describe_strength(plans.strength, corpus, false, language="en")
    assert sentence == readings.describe_order(measures, apart.pairs, language="en")
    assert readings.describe_links(apart, measures, language="en") == (
        f"{sentence} Read the matches one by one; that a task has none does not mean that it was left out or is new."
    )
    relations = lab.recipes.correct_targets(
        corpus, *apart.pairs[["document_id", "reference_id"]].iloc[0], pairs=apart.pairs
    )
    assert relations["n"].sum() > 0 and relations.filter(like="corrected").isna().all(axis=None)
    for language, said in (
        ("en", "The two documents share too little for these numbers to be corrected."),
        ("zh", "两份文件的共同之处太少，这些数目无从校正。"),
    ):
        assert readings.describe_corrected_targets(relations, language=language) == said


def vary(record, **fields):
    return SimpleNamespace(**vars(record) | fields)


def test_every_sentence_can_be_said(corpus, monkeypatch):
    said = set()

    class Listening(dict):
        def __getitem__(self, key):
            said.add(key)
            return super().__getitem__(key)

    known = sentences.load_sentences(sentences.SENTENCES)
    monkeypatch.setattr(sentences, "_load_shipped", lambda: Listening(known))
    for list_cases in (list_words, list_topics, list_alignment, list_rest):
        for describe, *tables in list_cases(corpus):
            for language in ("zh", "en"):
                text = describe(*tables, language=language)
                assert isinstance(text, readings.Reading) and text, describe
                assert not FLAW.search(text), text
    silent = known.keys() - said
    assert not [key for key in silent if key.startswith(("describe_", "alignment."))]


def test_a_document_has_one_name_in_every_reading(load):
    text = "一、重点任务\n1.建设平台。\n建设数字校园平台。\n2.组织培训。\n组织教师培训500人。\n"
    plans = [("a", "national", "全国", 2020, text), ("b", "national", "全国", 2020, "另一份文件。\n")]
    corpus = load(*plans, ("c", "provincial", "福建省", 2020, text))
    aligned, compared = lab.recipes.align_pair(corpus, "c", "a"), lab.recipes.compare_plans(corpus, "c", "a")
    for text in (
        readings.describe_pair(aligned, language="en"),
        readings.describe_plans(compared, corpus, language="en"),
    ):
        assert "**Fujian 2020**" in text and "**National 2020 a**" in text
