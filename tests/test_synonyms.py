"""Terms with variants and blanks: one thing is counted once, whatever it is called, and places show what is printed."""

import pandas as pd
import pytest

import policylab as lab
from policylab.base.errors import PolicylabError
from policylab.words.trend import measure_trend

TERMS = pd.DataFrame(
    {
        "term": ["AI", "人工智能", "人工智能技术", "Wi-Fi 6"],
        "canonical": ["人工智能", None, "人工智能", None],
    }
)
TEXTS = ["发展ＡＩ和人工智能技术", "人工智能教育与wi-fi 6，人工智能课程", "《人工智能规划》"]


def make_tokens(texts=TEXTS, terms=TERMS):
    paragraphs = pd.DataFrame({"document_id": ["a", "a", "b"], "paragraph": [1, 2, 1], "text": texts})
    tokens = lab.tokenize(paragraphs, lab.Segmenter(terms))
    return tokens.assign(task=tokens["paragraph"], year=2021)


def test_counts_are_of_the_canonical_form():
    counts = lab.count_terms(make_tokens()).set_index("term")["n"]
    assert (counts["人工智能"], counts["Wi-Fi 6"]) == (4, 1)
    assert not {"ＡＩ", "AI", "人工智能技术", "wi-fi 6"} & set(counts.index)


def test_lists_trends_and_matrices_are_of_the_canonical_form():
    tokens = make_tokens()
    assert lab.select_terms(tokens, min_n=1).set_index("term").loc["人工智能", "n"] == 4
    assert measure_trend(tokens, ["人工智能"], unit="document")["n"].tolist() == [4]
    counts = lab.cast_matrix(tokens)
    assert counts.matrix.toarray()[0, counts.terms.index("人工智能")] == 4
    assert "人工智能" in set(lab.find_collocates(tokens, "发展", min_n=1)["collocate"])


def test_places_show_what_is_printed():
    places = lab.find_concordance(make_tokens(), "人工智能", width=2, masked=True)
    assert places[["term", "found", "left", "right"]].values.tolist() == [
        ["ＡＩ", "word", "发展", "和人"],
        ["人工智能技术", "word", "Ｉ和", ""],
        ["人工智能", "word", "", "教育"],
        ["人工智能", "word", "6，", "课程"],
        ["人工智能", "word", "《", "规划"],
    ]
    assert lab.find_concordance(make_tokens(), "ＡＩ")["found"].tolist() == ["word"]
    assert lab.find_concordance(make_tokens(), "智能")["found"].tolist() == [
        "in 人工智能技术",
        "in 人工智能",
        "in 人工智能",
    ]


def test_a_variant_is_not_nested_in_itself():
    nested = lab.recipes.count_nested(make_tokens(), ["人工智能", "智能", "工智能教"])
    assert nested.values.tolist() == [
        ["人工智能", 4, 0, 4, 0, ""],
        ["智能", 0, 3, 3, 0, "人工智能 2; 人工智能技术 1"],
        ["工智能教", 0, 0, 0, 1, ""],
    ]


def test_who_asks_for_a_variant_is_given_the_canonical_form():
    with pytest.raises(PolicylabError) as error:
        measure_trend(make_tokens(), ["ＡＩ", "人工智能"])
    assert str(error.value).splitlines()[:2] == [
        "1 of 2 terms are no words of these tokens:",
        "  ＡＩ: the dictionary counts it as 人工智能. Name that.",
    ]


def test_concepts_are_found_as_printed_and_in_the_canonical_form():
    concepts = pd.DataFrame({"term": ["人工智能", "人工智能技术", "人工智能教育"], "concept": ["智能", "技术", "教育"]})
    found = lab.find_concepts(make_tokens(), concepts)
    assert found[["concept", "term", "start", "end", "n_words"]].values.tolist() == [
        ["智能", "人工智能", 2, 4, 1],
        ["技术", "人工智能技术", 5, 11, 1],
        ["教育", "人工智能教育", 0, 6, 2],
        ["智能", "人工智能", 15, 19, 1],
    ]


def test_ways_of_counting_keep_the_variants():
    variants = lab.recipes.vary_counting(lab.Segmenter(TERMS))
    assert variants["no guessed words"].segmenter.canonical == lab.Segmenter(TERMS).canonical
    assert variants["no lexicon"].segmenter.canonical == {}


def test_a_gloss_of_a_variant_is_that_of_its_canonical_form():
    terms = TERMS.assign(gloss_en=["AI", None, "artificial intelligence", None])
    glosses = lab.recipes.load_glosses(terms)
    assert glosses["AI"] == "AI" and glosses["人工智能"] == "AI"
