"""New terms and the sensitivity to dictionaries: against naive counting, and what the method promises on the corpus."""

import math
import re
from collections import Counter

import pandas as pd
import pytest

from policylab.base.errors import PolicylabError
from policylab.words.lexicon import load_terms
from policylab.words.newterms import find_new_terms, measure_recall
from policylab.words.segmenter import Segmenter
from policylab.words.sensitivity import Variant, compare_ranks, measure_sensitivity


def make_paragraphs(*texts):
    return pd.DataFrame({"document_id": [f"d{i}" for i in range(len(texts))], "paragraph": 1, "text": list(texts)})


@pytest.fixture(scope="module")
def found(corpus):
    return find_new_terms(corpus.paragraphs)


def test_values_by_naive_counting():
    texts = ["建设云教室，用云教室", "云教室好。云教室", "好教室云"]
    found = find_new_terms(make_paragraphs(*texts), min_n=2, max_characters=4).set_index("term")
    runs = ["建设云教室", "用云教室", "云教室好", "云教室", "好教室云"]
    counts = Counter(run[i:j] for run in runs for i in range(len(run)) for j in range(i + 1, len(run) + 1))
    total = sum(map(len, runs))
    word = found.loc["云教室"]
    splits = [("云", "教室"), ("云教", "室")]
    assert word["n"] == 4
    assert word["pmi"] == pytest.approx(min(math.log2(4 * total / (counts[a] * counts[b])) for a, b in splits))
    # Before it stand 设, 用 and two edges; behind it three edges and 好: four different neighbours on each side.
    assert (word["left_entropy"], word["right_entropy"]) == (2.0, 2.0)
    assert word["score"] == pytest.approx(2.0 * 2.0 * word["pmi"] * 2)
    assert word["contexts"] == "建设[云教室] · 用[云教室] · [云教室]好" and word["n_documents"] == 2
    # A piece of the word has one neighbour only on its inner side.
    assert found.loc["云教", "right_entropy"] == 0.0 and found.loc["云教", "score"] == 0.0


def test_counts_are_those_of_the_texts(corpus, found):
    text = "\n".join(corpus.paragraphs["text"])
    sample = found.iloc[::40]
    assert [sum(text.startswith(term, i) for i in range(len(text))) for term in sample["term"].head(20)] == sample[
        "n"
    ].head(20).tolist()


def test_no_frequent_string_is_missed(corpus):
    texts = corpus.paragraphs["text"].head(60)
    counts = Counter()
    for text in texts:
        for run in re.findall("[\u4e00-\u9fd5]+", text):
            counts.update(run[i : i + 3] for i in range(len(run) - 2))
    frequent = {
        string
        for string, n in counts.items()
        if n >= 5 and string[0] not in "的了和与及" and string[-1] not in "的了和与及"
    }
    found = find_new_terms(corpus.paragraphs.head(60), max_characters=3)
    # Strings of three characters cohere in so short a text, whatever they are: none has a pmi of zero.
    assert {term for term in found["term"] if len(term) == 3} == frequent


def test_the_lexicon_is_found_again_without_any_dictionary(corpus, found):
    recall = measure_recall(found, load_terms()["term"], corpus.paragraphs)
    assert recall["recall"].iloc[-1] == 1.0 and recall.set_index("first").loc[500, "recall"] > 0.8


def test_known_words_are_left_out(corpus, found):
    rest = find_new_terms(corpus.paragraphs, known=["教育信息化"])
    assert len(rest) == len(found) - 1 and "教育信息化" not in set(rest["term"])


def test_the_order_of_rows_does_not_matter(corpus, found):
    shuffled = corpus.paragraphs.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(find_new_terms(shuffled), found)


def test_short_texts_have_no_candidates():
    assert find_new_terms(make_paragraphs("教育")).empty and find_new_terms(make_paragraphs()).empty


def test_a_paragraph_without_text_is_reported():
    with pytest.raises(PolicylabError) as error:
        find_new_terms(make_paragraphs("教育", None))
    assert str(error.value) == "Paragraph 1 of d1 has no text. Drop such rows first."


def test_senseless_limits_are_refused(corpus):
    with pytest.raises(PolicylabError) as error:
        find_new_terms(corpus.paragraphs, min_n=1)
    assert str(error.value) == "min_n=1: expected a whole number of 2 or more."
    with pytest.raises(PolicylabError) as error:
        find_new_terms(corpus.paragraphs, n_contexts=-1)
    assert str(error.value) == "n_contexts=-1: expected a whole number of 0 or more."


def test_known_terms_are_a_list_or_a_table(corpus):
    lexicon = load_terms()
    listed = find_new_terms(corpus.paragraphs, known=lexicon["term"])
    pd.testing.assert_frame_equal(find_new_terms(corpus.paragraphs, known=lexicon), listed)
    assert not set(listed["term"]) & set(lexicon["term"])
    recall = measure_recall(listed, lexicon, corpus.paragraphs)
    assert (recall["n_found"] == 0).all() and (recall["n_terms"] > 50).all()
    shuffled = find_new_terms(corpus.paragraphs).sample(frac=1, random_state=1)
    again = measure_recall(shuffled, lexicon, corpus.paragraphs)
    pd.testing.assert_frame_equal(
        again, measure_recall(shuffled.sort_values("rank"), lexicon["term"], corpus.paragraphs)
    )
    with pytest.raises(PolicylabError) as error:
        find_new_terms(corpus.paragraphs, known="网络")
    assert str(error.value) == "known='网络' is one string. Give a list of terms or a table with a column term."


def test_sensitivity_by_hand():
    paragraphs = make_paragraphs("数字校园，数字校园和《平台》平台")
    variants = {
        "base": Variant(Segmenter(["数字校园"])),
        "none": Variant(Segmenter([])),
        "titles": Variant(Segmenter(["数字校园"]), unmasked=("title",)),
    }
    table = measure_sensitivity(paragraphs, variants).set_index(["variant", "term"])
    assert table.loc[("base", "数字校园"), ["n", "rank", "shift"]].tolist() == [2, 1, 0]
    assert table.loc[("none", "数字校园"), "reason"] == "no word of this variant" and math.isnan(
        table.loc[("none", "数字校园"), "rank"]
    )
    assert table.loc[("none", "数字"), ["n", "rank"]].tolist() == [2, 1] and math.isnan(
        table.loc[("none", "数字"), "base_rank"]
    )
    assert table.loc[("none", "平台"), ["rank", "base_rank", "shift"]].tolist() == [3, 2, -1]
    assert table.loc[("titles", "平台"), ["n", "rank", "shift"]].tolist() == [2, 1, 1]


def test_ranks_of_the_base_agree_with_themselves(corpus):
    table = measure_sensitivity(corpus.paragraphs)
    summary = compare_ranks(table).set_index("variant")
    assert summary.loc["base", "kendall"] == 1.0 and pd.isna(summary.loc["base", "largest"])
    assert (
        summary.loc["no lexicon", "kendall"] < 0.9
        and summary.loc["no lexicon", "n_common"] < summary.loc["base", "n_common"]
    )
    assert (table.loc[table["rank"].isna(), "reason"].notna()).all()


def test_words_in_common_by_hand():
    """Both among the first two: the second of the base is the third of the variant, its third the second."""
    ranks = {"base": [1, 2, 3], "other": [1, 3, 2]}
    rows = [
        (name, term, 1, 1.0, rank, base, base - rank, None)
        for name, own in ranks.items()
        for term, rank, base in zip("甲乙丙", own, ranks["base"])
    ]
    columns = ["variant", "term", "n", "rate", "rank", "base_rank", "shift", "reason"]
    summary = compare_ranks(pd.DataFrame(rows, columns=columns), top=2).set_index("variant")
    assert summary["n_common"].tolist() == [2, 1]
    assert summary["kendall"].tolist() == pytest.approx([1, 1 / 3])
    assert pd.isna(summary.loc["base", "largest"]) and summary.loc["other", "largest"] == "丙 +1"


def test_a_stop_word_has_its_reason(corpus):
    table = measure_sensitivity(
        corpus.paragraphs, {"none": Variant(Segmenter(), stopwords=[]), "own": Variant(Segmenter(), stopwords=["建设"])}
    )
    row = table[(table["variant"] == "own") & (table["term"] == "建设")].iloc[0]
    assert row["reason"] == "stop word" and math.isnan(row["rank"])


def test_wrong_variants_are_reported(corpus):
    with pytest.raises(PolicylabError) as error:
        measure_sensitivity(corpus.paragraphs, {"base": Variant(Segmenter([]), unmasked=("heading",))})
    assert str(error.value) == "Variant 'base' lifts the mask heading. There are title, numeral, mark."
    with pytest.raises(PolicylabError) as error:
        measure_sensitivity(corpus.paragraphs, top=0)
    assert str(error.value) == "top=0: expected a whole number of 1 or more."
    with pytest.raises(PolicylabError) as error:
        measure_sensitivity(corpus.paragraphs, {})
    assert str(error.value) == "There is no variant. Give one or more; the first is the base."
    with pytest.raises(PolicylabError) as error:
        measure_sensitivity(corpus.paragraphs, {"base": "jieba"})
    assert str(error.value) == "Variant 'base' is 'jieba': expected a Variant, such as Variant(Segmenter())."


def test_a_numeral_in_a_title_is_no_word_where_titles_count():
    paragraphs = make_paragraphs("《平台2.0》平台")
    table = measure_sensitivity(
        paragraphs, {"base": Variant(Segmenter([])), "titles": Variant(Segmenter([]), (), ("title",))}
    )
    assert table.loc[table["variant"] == "titles", ["term", "n", "rate"]].values.tolist() == [["平台", 2, 1e4]]
    both = {"base": Variant(Segmenter([]), (), ("title", "numeral"))}
    assert sorted(measure_sensitivity(paragraphs, both)["term"]) == ["2.0", "平台"]
