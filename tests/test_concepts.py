"""关注度, 丰富度, 一致性: against shares that a reader can count, and invariants on the corpus."""

import numpy as np
import pandas as pd
import pytest

from policylab.base.errors import PolicylabError
from policylab.words.concepts import find_concepts, measure_attention, measure_consistency, measure_richness
from policylab.words.lexicon import load_concepts
from policylab.words.segment import tokenize
from policylab.words.segmenter import Segmenter

CONCEPTS = pd.DataFrame(
    {
        "term": ["网络安全", "网络", "数字校园", "平台"],
        "concept": ["安全", "设施", "设施", "资源"],
        "concept_en": ["security", "infrastructure", "infrastructure", "resources"],
    }
)


def make_tokens(texts, terms=()):
    """Tokens of {document_id: [task text, ...]}, one paragraph a task."""
    rows = [(document, i, text) for document, tasks in texts.items() for i, text in enumerate(tasks, 1)]
    tokens = tokenize(pd.DataFrame(rows, columns=["document_id", "paragraph", "text"]), Segmenter(terms))
    return tokens.assign(task=tokens["paragraph"], year=2019)


@pytest.mark.parametrize("terms", [[], ["网络安全", "数字校园"]], ids=["cut", "whole"])
def test_the_longest_term_counts_whether_the_segmenter_cuts_it_or_not(terms):
    found = find_concepts(
        make_tokens({"a": ["网络安全和网络，数字校园", "《网络安全法》平台"]}, terms), concepts=CONCEPTS
    )
    assert found[["paragraph", "term", "start", "end"]].values.tolist() == [
        *([1, "网络安全", 0, 4], [1, "网络", 5, 7], [1, "数字校园", 8, 12]),
        [2, "平台", 7, 9],
    ]


def test_a_term_inside_a_longer_word_is_none():
    assert find_concepts(make_tokens({"a": ["网络化"]}, ["网络化"]), concepts=CONCEPTS).empty


def test_terms_do_not_reach_over_marks_or_paragraphs():
    assert find_concepts(make_tokens({"a": ["数字，校园", "数字", "校园"]}), concepts=CONCEPTS).empty


def test_attention_and_richness_by_hand():
    tokens = make_tokens({"a": ["网络安全和网络安全", "网络和平台"]})
    attention = measure_attention(tokens, concepts=CONCEPTS).set_index("concept")
    assert attention["n"].to_dict() == {"安全": 2, "设施": 1, "资源": 1} and attention["n_mentions"].eq(4).all()
    assert attention["attention"].to_dict() == {"安全": 0.5, "设施": 0.25, "资源": 0.25}
    assert attention["n_with"].to_dict() == {"安全": 1, "设施": 1, "资源": 1} and attention["n_units"].eq(2).all()
    assert attention.loc["安全", ["concept_en", "n_tokens", "rate"]].tolist() == ["security", 6, 1e4 * 2 / 6]
    richness = measure_richness(tokens, concepts=CONCEPTS).set_index("concept")
    assert richness["richness"].to_dict() == {"安全": 1.0, "设施": 0.5, "资源": 1.0}
    assert richness.loc["设施", ["n_used", "n_terms", "used"]].tolist() == [1, 2, "网络 1"]


def test_consistency_by_hand():
    tokens = make_tokens(
        {"a": ["网络安全", "平台"], "b": ["网络安全", "数字校园"], "c": ["网络", "网络"], "d": ["数字校园", "学校"]}
    )
    table = measure_consistency(tokens, "b", concepts=CONCEPTS, n_resamples=50).set_index("document_id")
    # b gives half to security, half to infrastructure; a: half to security, half to resources; c: all to infrastructure.
    assert table["consistency"].to_dict() == {"a": 0.5, "c": 0.5, "d": 0.5}
    assert table["term_consistency"].to_dict() == {"a": 0.5, "c": 0.0, "d": 0.5}  # c and b use other words for it
    assert table["pair"].eq("same year").all()
    # A resample of d that holds its second task twice mentions nothing and is left out.
    assert table["reason"].isna().all()
    assert table[["low", "high"]].notna().all(axis=None)


def test_a_document_is_consistent_with_its_copy(tokens):
    one = tokens[tokens["document_id"] == "national-2019"]
    copy = one.assign(document_id="copy")
    both = pd.concat([one.astype({"document_id": "str"}), copy]).astype({"document_id": "category"})
    both["token"] = both["token"].astype("category")
    table = measure_consistency(both, "national-2019", n_resamples=40)
    assert table[["consistency", "term_consistency"]].values.tolist() == [[pytest.approx(1.0), pytest.approx(1.0)]]


def test_a_silent_document_is_nan_with_reason():
    tokens = make_tokens({"a": ["学校", "教师"], "b": ["平台", "平台"]})
    table = measure_consistency(tokens, "b", concepts=CONCEPTS)
    assert np.isnan(table.loc[0, "consistency"]) and table.loc[0, "reason"] == "a: no concept is mentioned"
    attention = measure_attention(tokens, concepts=CONCEPTS).set_index(["document_id", "concept"])
    assert (
        attention.loc["a", "attention"].isna().all()
        and attention.loc["a", "reason"].eq("no concept is mentioned").all()
    )


def test_invariants_on_the_corpus(tokens):
    attention = measure_attention(tokens)
    assert attention.groupby("document_id")["attention"].sum().tolist() == pytest.approx([1] * 4)
    assert ((attention["low"] <= attention["attention"]) & (attention["attention"] <= attention["high"])).all()
    assert len(attention) == 4 * load_concepts()["concept"].nunique()
    table = measure_consistency(tokens, "national-2019")
    assert ((table["low"] <= table["consistency"]) & (table["consistency"] <= table["high"])).all()
    assert (table["term_consistency"] <= table["consistency"]).all()  # terms divide concepts


def test_an_unknown_reference_is_reported(tokens):
    with pytest.raises(PolicylabError) as error:
        measure_consistency(tokens, "national-2020")
    assert (
        str(error.value)
        == "The tokens have no document 'national-2020'. They have chongqing-2019, fujian-2020, national-2017, national-2019."
    )


def test_what_random_halves_reach_by_hand():
    tokens = make_tokens({"a": ["网络安全", "平台"], "b": ["网络安全", "数字校园"]})
    row = measure_consistency(tokens, "b", concepts=CONCEPTS, n_resamples=3000).iloc[0]
    # The four tasks part in three ways: twice a security task stands on each side (overlap ½), once both on one (0).
    assert row["random"] == pytest.approx(1 / 3, abs=0.02) and row[["random_low", "random_high"]].tolist() == [0.0, 0.5]


def test_what_random_halves_reach_is_symmetrical_and_follows_the_seed(tokens):
    both = tokens[tokens["document_id"].isin(["national-2017", "national-2019"])]
    columns = ["random", "random_low", "random_high"]
    one, other = (
        measure_consistency(both, name, n_resamples=50).iloc[0] for name in ("national-2017", "national-2019")
    )
    assert one[columns].tolist() == other[columns].tolist()
    assert one["random_low"] < one["random"] < one["random_high"] < 1
    assert measure_consistency(both, "national-2017", n_resamples=50, seed=1).iloc[0]["random"] != one["random"]


def test_missing_intervals_have_a_reason():
    texts = {"a": ["平台"], "b": ["平台", "学校"], "c": ["平台和网络", *["学校"] * 7]}
    attention = measure_attention(make_tokens(texts), concepts=CONCEPTS)
    assert attention.groupby("document_id")["reason"].unique().map(list).to_dict() == {
        "a": ["one task a document: no interval"],
        "b": [None],
        "c": [None],
    }
    # The one mention of b may be one of many things; the one concept of a list has all mentions by definition.
    ends = attention.set_index(["document_id", "concept"]).loc["b", ["low", "high"]]
    assert (ends.loc["资源", "low"] < 0.1) and ends.loc["资源", "high"] == 1 and ends.loc["安全", "high"] > 0.9
    alone = measure_attention(make_tokens(texts), concepts=CONCEPTS[CONCEPTS["concept"] == "资源"]).iloc[-1]
    assert alone["attention"] == 1 and np.isnan(alone["low"])
    assert alone["reason"] == "one concept, which all mentions are of: no interval"
    row = measure_consistency(make_tokens({"a": ["平台"], "b": ["平台", "平台"]}), "b", concepts=CONCEPTS).iloc[0]
    assert row["reason"] == "a: one task, so no interval" and np.isnan(row["low"]) and np.isnan(row["random"])


@pytest.mark.parametrize(
    "measure", [measure_attention, measure_richness, lambda tokens: measure_consistency(tokens, "national-2019")]
)
def test_no_tokens_are_reported(tokens, measure):
    with pytest.raises(PolicylabError) as error:
        measure(tokens.head(0))
    assert str(error.value) == "The table tokens has no row. Pass the tokens of one text or more."


def test_terms_are_not_joined_over_dropped_tokens():
    tokens = make_tokens({"a": ["数字，校园"]})
    with pytest.raises(PolicylabError) as error:
        find_concepts(tokens[tokens["mask"].isna()], concepts=CONCEPTS)
    assert str(error.value) == (
        "Some tokens of a paragraph are missing or moved. Pass all tokens of tokenize; masked ones are left out by themselves."
    )


def test_a_group_by_nothing_is_refused(tokens):
    with pytest.raises(PolicylabError) as error:
        measure_attention(tokens, by=[])
    assert (
        str(error.value) == "by=[] names no column. Name one or more that divide the tokens, such as by='document_id'."
    )


MEASURES = {
    "find_concepts": lambda tokens, concepts: find_concepts(tokens, concepts),
    "attention": lambda tokens, concepts: measure_attention(tokens, concepts=concepts),
    "richness": lambda tokens, concepts: measure_richness(tokens, concepts=concepts),
    "consistency": lambda tokens, concepts: measure_consistency(tokens, "b", concepts=concepts, n_resamples=40),
}
TEXTS = {"a": ["网络安全", "平台和平台"], "b": ["网络安全", "数字校园"]}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_concepts_that_cannot_be_counted_are_reported(measure):
    twice = pd.DataFrame({"term": ["平台", "平台", None], "concept": ["资源", "服务", "服务"]})
    with pytest.raises(PolicylabError) as error:
        measure(make_tokens(TEXTS), twice)
    assert str(error.value) == (
        "The table concepts has 2 problems:"
        "\n  row 1, column term: '平台' is already in row 0. Keep one."
        "\n  row 2, column term: the cell is blank. Fill it in."
    )
    with pytest.raises(PolicylabError) as error:
        measure(make_tokens(TEXTS), CONCEPTS.head(0))
    assert str(error.value) == "The table concepts has no row. Add one for each term."


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_tokens_need_no_categories(measure):
    tokens = make_tokens(TEXTS)
    pd.testing.assert_frame_equal(
        measure(tokens.astype({"token": "str"}), concepts=CONCEPTS), measure(tokens, concepts=CONCEPTS)
    )


def test_document_ids_may_be_numbers():
    tokens = make_tokens({"1": ["平台", "网络"], "2": ["平台", "平台"]})
    numbered = tokens.assign(document_id=tokens["document_id"].astype(int))
    expected = measure_consistency(tokens, "2", concepts=CONCEPTS, n_resamples=40)
    assert expected[["document_id", "reference_id", "pair"]].values.tolist() == [["1", "2", "same year"]]
    for reference in (2, "2"):
        pd.testing.assert_frame_equal(
            measure_consistency(numbered, reference, concepts=CONCEPTS, n_resamples=40), expected
        )


def test_tokens_without_documents_are_reported():
    with pytest.raises(PolicylabError) as error:
        measure_consistency(make_tokens(TEXTS).drop(columns="document_id"), "b", concepts=CONCEPTS)
    assert str(error.value) == (
        "The table tokens has no column document_id. It has paragraph, position, token, canonical, start, end, mask, task, year."
    )


def test_a_group_without_a_counted_word_has_a_row_and_a_reason():
    tokens = make_tokens({"a": ["平台", "平台和网络"], "b": ["《法》，。"]})
    attention = measure_attention(tokens, concepts=CONCEPTS).set_index(["document_id", "concept"]).loc["b"]
    assert attention.index.tolist() == ["安全", "设施", "资源"]
    assert attention[["n", "n_mentions", "n_tokens", "n_with", "n_units"]].eq(0).all(axis=None)
    assert attention[["attention", "low", "high", "rate"]].isna().all(axis=None)
    assert attention["reason"].eq("no counted word in a task").all()
    richness = measure_richness(tokens, concepts=CONCEPTS).set_index(["document_id", "concept"])
    assert richness.loc["b", ["n_used", "n", "n_tokens"]].eq(0).all(axis=None)
    assert richness.loc["b", "richness"].isna().all()
    assert richness.loc["b", "reason"].eq("no counted word in a task").all()
    assert richness.loc["a", "richness"].tolist() == [0.0, 0.5, 1.0] and richness.loc["a", "reason"].isna().all()
    row = measure_consistency(tokens, "a", concepts=CONCEPTS, n_resamples=40).iloc[0]
    assert np.isnan(row["consistency"]) and row["reason"] == "b: no concept is mentioned"


@pytest.mark.parametrize(
    "texts", [{"a": ["《法》，。"]}, {"a": ["《法》，。", "。"], "b": ["《网络安全法》"]}], ids=["one", "two"]
)
def test_a_corpus_without_a_counted_word_has_rows_and_reasons(texts):
    tokens = make_tokens(texts)
    attention, richness = measure_attention(tokens, concepts=CONCEPTS), measure_richness(tokens, concepts=CONCEPTS)
    for table in (attention, richness):
        assert table["document_id"].tolist() == [name for name in texts for _ in range(3)]
        assert table["reason"].eq("no counted word in a task").all() and table["n"].eq(0).all()
    assert attention[["attention", "low", "high", "rate"]].isna().all(axis=None) and richness["richness"].isna().all()
    consistency = measure_consistency(tokens, "a", concepts=CONCEPTS)
    assert consistency["reason"].tolist() == ["b and a: no concept is mentioned"] * (len(texts) - 1)
    assert consistency[["consistency", "low", "random", "term_consistency"]].isna().all(axis=None)


def test_a_unit_without_words_is_reported_as_the_reason():
    attention = measure_attention(make_tokens(TEXTS).assign(section=pd.NA), concepts=CONCEPTS, unit="section")
    assert attention["attention"].isna().all() and attention["reason"].eq("no counted word in a section").all()


@pytest.mark.parametrize("measure", [measure_attention, measure_richness])
@pytest.mark.parametrize("by", ["year", ["document_id", "year"]], ids=str)
def test_groups_without_an_order_are_reported(measure, by):
    tokens = make_tokens(TEXTS)
    mixed = tokens.assign(year=tokens["year"].astype(object).where(tokens["document_id"] != "a", "2019"))
    with pytest.raises(PolicylabError) as error:
        measure(mixed, by, concepts=CONCEPTS)
    assert str(error.value) == (
        "The column year holds values that have no order (types int, str). "
        "Give them one type: tokens['year'] = tokens['year'].astype('str')."
    )


@pytest.mark.parametrize("unit", ["token", "position", "year", ""])
@pytest.mark.parametrize("measure", [measure_attention, measure_richness, measure_consistency])
def test_an_unknown_unit_is_reported(measure, unit):
    tokens = make_tokens(TEXTS).assign(position=1)
    with pytest.raises(PolicylabError) as error:
        measure(tokens, **({"reference_id": "b"} if measure is measure_consistency else {}), unit=unit)
    assert (
        str(error.value) == f"unit={unit!r} is unknown. Use one of 'task', 'section', 'paragraph', 'document', or None."
    )


@pytest.mark.parametrize("measure", [measure_attention, measure_richness])
def test_a_column_named_twice_divides_once(measure):
    tokens = make_tokens(TEXTS)
    pd.testing.assert_frame_equal(
        measure(tokens, ["year", "year"], concepts=CONCEPTS), measure(tokens, "year", concepts=CONCEPTS)
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        *[({"n_resamples": value}, "40 or more for 95% intervals, or 0 for none.") for value in (-1, 39, 40.5, None)],
        *[({"seed": value}, "0 or more.") for value in (-1, "x")],
    ],
    ids=str,
)
def test_numbers_that_are_none_are_reported(given, expected):
    ((name, value),) = given.items()
    with pytest.raises(PolicylabError) as error:
        measure_consistency(make_tokens(TEXTS), "b", **given)
    assert str(error.value) == f"{name}={value!r}: expected a whole number of {expected}"


def test_without_resamples_there_is_no_interval():
    row = measure_consistency(make_tokens(TEXTS), "b", concepts=CONCEPTS, n_resamples=0).iloc[0]
    assert row["consistency"] == pytest.approx(1 / 3) and np.isnan(row["low"]) and np.isnan(row["random"])


def test_a_concept_that_is_not_mentioned_takes_no_interval_from_the_others(tokens):
    concepts = pd.concat([load_concepts(), pd.DataFrame({"term": ["量子"], "concept": ["量子"]})])
    attention = measure_attention(tokens, concepts=concepts)
    ends = attention[["concept", "document_id", "low", "high"]]
    assert attention["reason"].isna().all() and ends.loc[ends["concept"] == "量子", "high"].between(0.01, 0.15).all()
    expected = measure_attention(tokens)[["concept", "document_id", "low", "high"]]
    pd.testing.assert_frame_equal(ends[ends["concept"] != "量子"].reset_index(drop=True), expected)
