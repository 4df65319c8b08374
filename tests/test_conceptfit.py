"""Whether a list of concepts suits documents, and a first list that is proposed from their headings."""

import dataclasses

import pandas as pd

import policylab as lab
from policylab.recipes.concepts import propose_concepts
from policylab.words.conceptfit import LEAST_RATE, measure_concept_fit

CONCEPTS = pd.DataFrame({"term": ["人工智能", "数字校园", "智慧校园"], "concept": ["智能", "校园", "校园"]})


def make_tokens(texts):
    paragraphs = [(name, i, text) for name, own in texts.items() for i, text in enumerate(own, 1)]
    tokens = lab.tokenize(pd.DataFrame(paragraphs, columns=["document_id", "paragraph", "text"]))
    return tokens.assign(task=tokens["paragraph"])


def test_the_most_frequent_term_of_a_document_is_no_list():
    texts = {
        "a": ["人工智能推动人工智能"],
        "b": ["人工智能进入数字校园", "数字校园和智慧校园", "环境保护"],
        "c": ["2021年"],
    }
    fit = measure_concept_fit(make_tokens(texts), CONCEPTS)
    columns = ["document_id", "n_units", "n_with", "n_tokens", "n", "top_term", "n_other", "fits"]
    assert fit[columns].astype(object).where(fit[columns].notna(), None).values.tolist() == [
        ["a", 1, 1, 3, 2, "人工智能", 0, False],
        ["b", 3, 2, 7, 4, "数字校园", 2, True],
        ["c", 1, 0, 1, 0, None, 0, False],
    ]
    assert fit["rate"].tolist() == [0, 1000 * 2 / 7, 0] and fit["share"].round(3).tolist() == [1, 0.667, 0]


def test_neither_order_nor_names_of_documents_matter(tokens):
    expected = measure_concept_fit(tokens)
    assert expected["fits"].all() and expected["rate"].gt(LEAST_RATE).all()
    backwards = tokens.iloc[
        tokens["document_id"].map({name: -i for i, name in enumerate(expected["document_id"])}).argsort(kind="stable")
    ]
    pd.testing.assert_frame_equal(measure_concept_fit(backwards), expected)


FIT = pd.DataFrame(
    {"document_id": ["national-2017", "national-2019"], "unit": "paragraph", "share": [1, 0.5], "rate": [250.0, 0.2]}
).assign(fits=[True, False])


def test_what_is_said_of_a_list_of_ones_own(corpus):
    assert str(lab.readings.describe_concept_fit(FIT, corpus, own=True, language="en")) == (
        "The list of concepts is your own. Not counting its most frequent term, each of 2 documents mentions terms of the list"
        " 0–250 times per thousand words; 50%–100% of its paragraphs mention a concept. Attention is a share of these mentions"
        " and says nothing of the rest of the text."
    )


def test_what_is_said_of_a_list_that_suits_some_documents(corpus):
    assert str(lab.readings.describe_concept_fit(FIT, corpus, language="zh")) == (
        "**概念词表只适合部分文件。**词表为教育信息化规划而编；除各自最常见的词条外，2 份文件每千词提及词表中的词 0–250 次，不足 40 次的文件"
        "不计算关注度、丰富度和一致性。适合的是：全国 2017。`lab.recipes.propose_concepts(corpus)` 可从各文件的标题提出一份初稿：删改之后"
        "存为 CSV，再用 `--set concept_list=完整路径` 指定。"
    )


def test_nothing_is_said_of_a_list_that_suits_no_document(corpus):
    nothing = lab.measure_attention(lab.tokenize(corpus)).head(0)
    assert str(lab.readings.describe_attention(nothing, corpus, language="en")) == (
        "The list of concepts suits none of the documents, so attention is not described."
    )
    assert lab.plot_concepts(nothing, corpus, "attention")[0] is None


def test_a_proposed_list_can_be_saved_and_loaded(corpus, tmp_path):
    proposed = propose_concepts(corpus)
    proposed.to_csv(tmp_path / "concepts.csv", index=False)
    loaded = lab.load_concepts(tmp_path / "concepts.csv")
    assert loaded["term"].tolist() == proposed["term"].tolist() and loaded["concept_en"].isna().all()
    assert {"网络", "资源", "信息素养"} <= set(loaded["concept"])
    assert not {"推进", "加强", "重庆市", "重点任务"} & set(loaded["term"])  # verbs, regions and names of parts
    assert loaded.groupby("concept").size().max() <= 12
    first = proposed.iloc[0]
    assert first["term"] == first["concept"]
    assert first["reason"].startswith("见于 4 份文件的 ")


def test_the_order_of_documents_changes_no_proposal(corpus):
    shuffled = dataclasses.replace(
        corpus, paragraphs=corpus.paragraphs.sample(frac=1, random_state=3, ignore_index=True)
    )
    pd.testing.assert_frame_equal(propose_concepts(shuffled), propose_concepts(corpus))


def test_without_headings_nothing_is_proposed(corpus):
    bare = dataclasses.replace(corpus, paragraphs=corpus.paragraphs.assign(part=None, section=None, task=None))
    assert propose_concepts(bare).columns.tolist() == ["term", "concept", "concept_en", "reason"]
    assert propose_concepts(bare).empty
