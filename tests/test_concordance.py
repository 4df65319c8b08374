"""Words in context: every place is found, and the neighbours are counted as the docstring says."""

import math

import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from policylab.base.errors import PolicylabError
from policylab.words.concordance import find_collocates, find_concordance
from policylab.words.segment import tokenize
from policylab.words.segmenter import Segmenter


def make_tokens(*texts, terms=("甲词", "乙词", "丙词", "丁词")):
    return tokenize(
        pd.DataFrame({"document_id": "a", "paragraph": range(1, len(texts) + 1), "text": list(texts)}), Segmenter(terms)
    )


def test_every_place_of_the_text_is_found(tokens, corpus):
    found = find_concordance(tokens, "信息化", masked=True)
    assert len(found) == corpus.paragraphs["text"].str.count("信息化").sum()
    texts = corpus.paragraphs.set_index(["document_id", "paragraph"])
    for row in found.itertuples():
        text = texts.loc[(row.document_id, row.paragraph)]
        assert text["text"][row.start : row.end] == "信息化"
        assert text["text"].startswith(row.left + row.term + row.right, row.start - len(row.left))
        assert pd.isna(row.task) and pd.isna(text["task"]) or row.task == text["task"]


def test_places_are_distinguished(tokens):
    found = find_concordance(tokens, "信息化", masked=True)
    assert {"word", "in 教育信息化"} <= set(found["found"])
    assert found["mask"].dropna().eq("title").all() and found["mask"].notna().any()
    assert find_concordance(tokens, "信息化")["mask"].isna().all()
    across = find_concordance(make_tokens("网络学习空间", terms=[]), "络学")
    assert across[["start", "found"]].values.tolist() == [[1, "across words"]]


def test_sorting_by_the_context():
    tokens = make_tokens("丙词甲词丁词", "乙词甲词丙词", "甲词乙词")
    assert find_concordance(tokens, "甲词", sort="document")["paragraph"].tolist() == [1, 2, 3]
    assert find_concordance(tokens, "甲词", sort="right")["right"].tolist() == [
        "丁词",
        "丙词",
        "乙词",
    ]  # in the order of code points
    assert find_concordance(tokens, "甲词", sort="left")["left"].tolist() == ["", "丙词", "乙词"]


def test_overlapping_places_are_all_there():
    assert find_concordance(make_tokens("人人人", terms=[]), "人人")["start"].tolist() == [0, 1]


def test_an_unknown_term_or_sort_is_reported(tokens):
    with pytest.raises(PolicylabError) as error:
        find_concordance(tokens, "网络安金")
    assert str(error.value) == (
        "1 of 1 terms are no words of these tokens:\n  网络安金: near are 网络, 网络安全, 网安."
        "\n  Where the text has a term but the segmenter cuts it, add it: Segmenter([*load_terms()['term'], 'your term'])."
        " Notebook 02 does so with its parameter terms."
    )
    with pytest.raises(PolicylabError) as error:
        find_concordance(tokens, "平台", sort="middle")
    assert str(error.value) == "sort='middle' is unknown. Use one of 'document', 'left', 'right'."
    with pytest.raises(PolicylabError) as error:
        find_concordance(tokens, ["人工智能"])
    assert str(error.value) == "term=['人工智能']: expected one term, a text. For several, call this once for each."


def test_collocates_by_hand():
    # 乙词 stands beside 甲词 twice, and once beyond the window; the mark between is stepped over.
    tokens = make_tokens("乙词甲词丙词", "乙词，甲词", "乙词丁词丁词丁词甲词", "丁词")
    near = find_collocates(tokens, "甲词", window=1, min_n=1, stopwords=[]).set_index("collocate")
    assert near[["n_near", "n", "n_term"]].to_dict("index") == {
        "乙词": {"n_near": 2, "n": 3, "n_term": 3},
        "丙词": {"n_near": 1, "n": 1, "n_term": 3},
        "丁词": {"n_near": 1, "n": 4, "n_term": 3},
    }
    assert near.loc["乙词", "log_dice"] == pytest.approx(14 + math.log2(2 * 2 / (3 + 3)))
    # 4 of 11 words are near; 乙词 is 2 of them and 1 of the 7 others, 丁词 1 and 3.
    expected = chi2_contingency([[2, 1], [2, 6]], correction=False, lambda_="log-likelihood").statistic
    assert near.loc["乙词", "g2"] == pytest.approx(expected)
    assert near.loc["丁词", "g2"] < 0  # rarer near the term than elsewhere


def test_a_word_between_two_uses_counts_once_and_paragraphs_part():
    near = find_collocates(make_tokens("甲词乙词甲词", "丙词"), "甲词", window=5, min_n=1, stopwords=[])
    assert near[["collocate", "n_near"]].values.tolist() == [["乙词", 1]]


def test_stop_words_and_rare_words_are_not_shown(tokens):
    near = find_collocates(tokens, "网络安全", min_n=4)
    assert (near["n_near"] >= 4).all() and not set(near["collocate"]) & {"的", "和", "网络安全"}
    assert (near["n_near"] <= near["n"]).all() and near["log_dice"].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("function", "name", "value", "least"),
    [
        (find_collocates, "window", 0, 1),
        (find_collocates, "window", 2.5, 1),
        (find_collocates, "window", None, 1),
        (find_collocates, "min_n", 0, 1),
        (find_collocates, "min_n", 1.5, 1),
        (find_concordance, "width", -3, 0),
        (find_concordance, "width", None, 0),
    ],
)
def test_numbers_out_of_range_are_refused(tokens, function, name, value, least):
    with pytest.raises(PolicylabError) as error:
        function(tokens, "平台", **{name: value})
    assert str(error.value) == f"{name}={value!r}: expected a whole number of {least} or more."


@pytest.mark.parametrize("term", [["平台", "网络"], [], None, ""])
def test_collocates_are_those_of_one_word(tokens, term):
    with pytest.raises(PolicylabError) as error:
        find_collocates(tokens, term)
    assert str(error.value) == f"term={term!r}: expected one word. Call find_collocates once for each of several."


def test_a_window_ends_with_the_paragraph():
    tokens = make_tokens("乙词甲词丙词", "丁词")
    near = find_collocates(tokens, "甲词", window=10**9, min_n=1, stopwords=[])
    assert sorted(near["collocate"]) == ["丙词", "乙词"] and near["window"].tolist() == [10**9] * 2


def test_tokens_may_have_lost_their_categories(tokens):
    plain = tokens.assign(token=tokens["token"].astype("str"))
    pd.testing.assert_frame_equal(find_collocates(plain, "平台"), find_collocates(tokens, "平台"))
    pd.testing.assert_frame_equal(find_concordance(plain, "平台"), find_concordance(tokens, "平台"))


@pytest.mark.parametrize("function", [find_concordance, find_collocates])
@pytest.mark.parametrize("drop", [0, 1, 4])
def test_tokens_that_are_not_whole_paragraphs_are_refused(function, drop):
    tokens = make_tokens("乙词，甲词", "丙词和甲词")
    with pytest.raises(PolicylabError) as error:
        function(tokens.drop(index=drop), "甲词")
    message = "Some tokens of a paragraph are missing or moved. Pass all tokens of tokenize; masked ones are left out by themselves."
    assert str(error.value) == message
    with pytest.raises(PolicylabError) as error:
        function(tokens[::-1], "甲词")
    assert str(error.value) == message


def test_whole_paragraphs_may_be_left_out_and_moved():
    tokens = make_tokens("乙词甲词", "丙词", "甲词丁词")
    apart = pd.concat([tokens[tokens["paragraph"] == 3], tokens[tokens["paragraph"] == 1]])
    assert find_concordance(apart, "甲词")[["paragraph", "start"]].values.tolist() == [[1, 2], [3, 0]]


@pytest.mark.parametrize("function", [find_concordance, find_collocates])
def test_offsets_are_needed(function):
    with pytest.raises(PolicylabError) as error:
        function(make_tokens("甲词").drop(columns=["start", "mask"]), "甲词")
    assert (
        str(error.value)
        == "The table tokens has no columns mask, start. It has document_id, paragraph, position, token, canonical, end."
    )


def test_paragraphs_may_have_names():
    tokens = tokenize(
        pd.DataFrame({"document_id": "a", "paragraph": ["p1", "p2"], "text": ["乙词甲词", "丙词"]}),
        Segmenter(["甲词", "乙词"]),
    )
    assert find_concordance(tokens, "甲词")[["paragraph", "start", "left", "right"]].values.tolist() == [
        ["p1", 2, "乙词", ""]
    ]


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("", "term='' is nothing to look for. Give a text of one character or more."),
        (None, "term=None is nothing to look for. Give a text of one character or more."),
        ("丁词", "丁词 occurs only where it is masked (titles, numerals). Pass masked=True."),
    ],
)
def test_terms_without_a_place_to_show_are_reported(term, message):
    tokens = make_tokens("甲词《丁词》")
    with pytest.raises(PolicylabError) as error:
        find_concordance(tokens, term)
    assert str(error.value) == message
    assert find_concordance(tokens, "丁词", masked=True)["mask"].tolist() == ["title"]
