"""Segmentation: no character is lost, both engines agree, and a user's dictionary is obeyed."""

import csv
import random
import re
from itertools import product

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylab.base.errors import PolicylabError
from policylab.base.paths import DATA
from policylab.corpus.repair import repair_text
from policylab.words.segment import compare_segmenters, count_masked, tokenize
from policylab.words.segmenter import Segmenter, _name_words, _Trie


def make_paragraphs(*texts):
    return pd.DataFrame({"document_id": [f"d{i}" for i in range(len(texts))], "paragraph": 1, "text": list(texts)})


@pytest.fixture(scope="module")
def segmenter():
    return Segmenter()


@pytest.fixture(scope="module")
def tokens(corpus):
    return tokenize(corpus.paragraphs)


def test_joining_the_tokens_gives_the_text_back(corpus_all):
    tokens = tokenize(corpus_all.paragraphs)
    texts = tokens.groupby(["document_id", "paragraph"], observed=True)["token"].agg(
        lambda words: "".join(map(str, words))
    )
    expected = corpus_all.paragraphs.set_index(["document_id", "paragraph"])["text"]
    assert texts.tolist() == expected.tolist()


def test_offsets_lead_to_the_token(corpus, tokens):
    texts = corpus.paragraphs.set_index(["document_id", "paragraph"])["text"].to_dict()
    for row in tokens.itertuples():
        assert texts[row.document_id, row.paragraph][row.start : row.end] == row.token


def test_positions_count_from_1_without_gap(tokens):
    groups = tokens.groupby(["document_id", "paragraph"], observed=True)["position"]
    assert (
        (groups.min() == 1).all()
        and (groups.max() == groups.size()).all()
        and not tokens.duplicated(["document_id", "paragraph", "position"]).any()
    )


@given(
    st.lists(
        st.text(
            alphabet=st.one_of(
                st.sampled_from("教育信息化网络学习空间一师优课、《》 \n\u30002018-—%.,ABc5G万+〇㐀_é"),
                st.characters(codec="utf-8"),
            )
        ),
        min_size=1,
    )
)
def test_no_text_loses_a_character(texts):
    segmenter = Segmenter(["网络学习空间", "教育信息化", "5G", "互联网+", "一师一优课、一课一名师"])
    vocabulary, codes, counts = segmenter.cut(texts)
    words = iter(vocabulary[code] for code in codes)
    assert ["".join(next(words) for _ in range(count)) for count in counts] == texts


def test_no_texts_have_no_words(segmenter):
    for texts, n in ([], []), ([""], [0]), (iter(["", "教育"]), [0, 1]):
        vocabulary, codes, counts = segmenter.cut(texts)
        assert counts.tolist() == n and len(codes) == len(vocabulary) == sum(n)


def test_words_are_distinguished_by_all_their_characters():
    characters = "\0\1a\u7fff\ufffe\uffff\U00010000\U00010061\U0010ffff\ud800"
    words = ["".join(word) for n in (1, 2, 3) for word in product(characters, repeat=n)]
    words += ["a" * n for n in (4, 5, 6)]
    assert name_words([words]) == ([words], len(words))


def test_a_text_may_have_more_words_than_16_bits_number():
    words = [chr(0x4E00 + i // 300) + chr(0x5E00 + i % 300) for i in range(70_000)]
    assert name_words([words, words[::-1], []]) == ([words, words[::-1], []], 70_000)


def name_words(texts):
    """The words of every text as _name_words gives them back, and how many different ones it found."""
    joined = "".join("".join(words) + "\n" for words in texts)
    pieces = [piece for words in texts for piece in [*words, "\n"]]
    starts = np.cumsum([0, *map(len, pieces[:-1])])
    closing = starts[[i for i, piece in enumerate(pieces) if piece == "\n"]]
    vocabulary, codes, counts = _name_words(joined, np.array([*map(ord, joined)], dtype=np.uint32), starts, closing)
    words = iter(vocabulary[code] for code in codes)
    return [[next(words) for _ in range(n)] for n in counts], len(vocabulary)


def test_a_text_is_cut_the_same_alone_and_among_others(corpus, segmenter):
    texts = corpus.paragraphs["text"].tolist()
    vocabulary, codes, counts = segmenter.cut(texts)
    words = [vocabulary[code] for code in codes]
    first = 0
    for text, count in zip(texts, counts):
        assert segmenter(text) == words[first : first + count]
        first += count


@pytest.mark.parametrize("hmm", [True, False])
@pytest.mark.parametrize("terms", [None, []], ids=["lexicon", "no lexicon"])
def test_rjieba_cuts_like_jieba(corpus_all, hmm, terms):
    texts = corpus_all.blocks["text"].tolist()
    fast, reference = (Segmenter(terms, engine, hmm).cut(texts) for engine in ("rjieba", "jieba"))
    assert [fast[0][code] for code in fast[1]] == [reference[0][code] for code in reference[1]]
    assert fast[2].tolist() == reference[2].tolist()


def test_nothing_outside_changes_a_segmenter_and_it_changes_nothing(segmenter):
    import jieba

    sentence = "加强网络学习空间应用"
    before = jieba.lcut(sentence)
    reference = Segmenter(["学习空间"], engine="jieba")
    assert reference(sentence) == ["加强", "网络", "学习空间", "应用"]
    assert jieba.lcut(sentence) == before
    try:
        jieba.add_word("空间应用", freq=10**9)
        assert reference(sentence) == ["加强", "网络", "学习空间", "应用"]
    finally:
        jieba.del_word("空间应用")
        jieba.finalseg.Force_Split_Words.discard("空间应用")


@pytest.mark.parametrize(
    "term",
    [
        "一师一优课、一课一名师",
        "网络学习空间",
        "关键信息基础设施",
        "互联网+",
        "三区三州",
        "5G",
        "科技司和财务司",
        "优课",
        "人人通",
        "的学",
    ],
)
def test_every_term_is_obeyed(term):
    assert term in Segmenter([term])(f"推进{term}，以及{term}建设")


def test_the_longest_term_wins():
    segmenter = Segmenter(
        ["一师一优课", "一课一名师", "一师一优课、一课一名师", "网络学习", "网络学习空间", "网络学习空间人人通"]
    )
    assert segmenter("“一师一优课、一课一名师”和一师一优课") == ["“", "一师一优课、一课一名师", "”", "和", "一师一优课"]
    assert segmenter("网络学习空间人人通与网络学习空间") == ["网络学习空间人人通", "与", "网络学习空间"]


def test_a_term_of_letters_matches_whole_runs_only():
    segmenter = Segmenter(["5G", "APP", "VR教室"])
    assert segmenter("5G网络，15G流量，5GHz，5G-A，APPLE，学习APP，VR教室，AVR教室") == [
        *(
            "5G",
            "网络",
            "，",
            "15G",
            "流量",
            "，",
            "5GHz",
            "，",
            "5G-A",
            "，",
            "APPLE",
            "，",
            "学习",
            "APP",
            "，",
            "VR教室",
            "，",
        ),
        *("AVR", "教室"),
    ]
    assert segmenter("3.5G流量和5G.") == ["3.5G", "流量", "和", "5G", "."]


def test_terms_are_those_of_a_search_from_left_to_right():
    def search(terms, text):
        found, start = [], 0
        while start < len(text):
            fitting = [term for term in terms if text.startswith(term, start)]
            found += [max(fitting, key=len)] if fitting else []
            start += len(found[-1]) if fitting else 1
        return found

    generator = random.Random(6)
    characters = "网络学习空间\U00020000\ud800+"
    for _ in range(300):
        terms = {"".join(generator.choices(characters, k=generator.choice([1, 2, 2, 3, 5]))) for _ in range(6)}
        text = "".join(generator.choices(characters, k=30))
        trie = _Trie(tuple(sorted(terms)))
        starts, ends = trie.find(
            text + "\n", np.array([*map(ord, text + "\n")], dtype=np.uint32), np.zeros(len(text) + 1, dtype=bool)
        )
        assert [text[start:end] for start, end in zip(starts, ends)] == search(terms, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2018-2022年", ["2018-2022", "年"]),  # a range
        ("（2018—2022）", ["（", "2018—2022", "）"]),
        ("达50%—60%以上", ["达", "50%—60%", "以上"]),
        ("7500万个", ["7500万", "个"]),  # the magnitude belongs to the number
        ("晒课 100 万堂", ["晒课", " ", "100 万", "堂"]),  # also behind the blank that pages of a PDF have
        ("表1 百分比", ["表", "1", " ", "百分比"]),
        ("MOOC 万门", ["MOOC", " ", "万门"]),
        ("a𝐀𝐁", ["a", "𝐀", "𝐁"]),  # letters beyond U+FFFF stand alone, wherever they are
        ("𝐀𝐁a", ["𝐀", "𝐁", "a"]),
        ("1,200人、1.5万门", ["1,200", "人", "、", "1.5万", "门"]),
        ("2017,2018年", ["2017", ",", "2018", "年"]),  # an enumeration, not a number with separators
        ("带宽100Mbps", ["带宽", "100Mbps"]),
        ("IPv6和e-learning", ["IPv6", "和", "e-learning"]),
        ("２０１９年", ["２０１９", "年"]),  # full width
        ("教育  信息\n化", ["教育", "  ", "信息", "\n", "化"]),  # white space is one token a run
        ("", []),
    ],
)
def test_the_rule_for_letters_digits_and_space(text, words):
    assert Segmenter([])(text) == words


def test_masks(segmenter):
    text = "根据《教育信息化2.0行动计划》，2019年第三次培训800人、十三五，教育信息化2.0。"
    tokens = tokenize(make_paragraphs(text), segmenter)
    masked = tokens.groupby("mask", observed=True)["token"].agg(lambda words: [str(word) for word in words]).to_dict()
    assert masked["title"] == ["教育信息化", "2.0", "行动计划"]
    assert masked["numeral"] == ["2019", "800", "2.0"]
    assert masked["mark"] == ["《", "》", "，", "、", "，", "。"]
    assert "十三五" in tokens.loc[tokens["mask"].isna(), "token"].tolist()  # a term of the dictionary is a name


def test_nested_titles_are_masked_whole():
    tokens = tokenize(make_paragraphs("印发《关于落实《网络安全法》的通知》和《规划", "》"))
    kept = tokens.loc[tokens["mask"].isna(), "token"].tolist()
    assert kept == ["印发", "和", "规划"]  # a title that is never closed is none


def test_the_result_depends_neither_on_order_nor_on_processes(corpus, tokens):
    shuffled = corpus.paragraphs.sample(frac=1, random_state=7)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        again = tokenize(shuffled)
    keys = ["document_id", "paragraph", "position"]
    plain = [
        frame.astype({"document_id": "str", "token": "str"}).sort_values(keys, ignore_index=True)
        for frame in (tokens, again)
    ]
    pd.testing.assert_frame_equal(*plain)


def test_chunks_do_not_show(corpus, tokens, monkeypatch):
    monkeypatch.setattr("policylab.words.segment._CHUNK", 500)
    pd.testing.assert_frame_equal(tokenize(corpus.paragraphs), tokens)


def test_a_segmenter_travels_to_other_processes(segmenter):
    import pickle

    assert pickle.loads(pickle.dumps(segmenter))("网络学习空间") == ["网络学习空间"]


def test_an_empty_table_gives_an_empty_table():
    tokens = tokenize(make_paragraphs())
    assert tokens.empty and list(tokens.columns) == [
        "document_id",
        "paragraph",
        "position",
        "token",
        "canonical",
        "start",
        "end",
        "mask",
    ]


def test_empty_texts_have_no_tokens():
    assert tokenize(make_paragraphs("", "")).empty and tokenize(make_paragraphs("")).empty
    tokens = tokenize(make_paragraphs("", "教育，网络", "", "", "平台", ""))
    expected = [["d1", 1, 0, 2], ["d1", 2, 2, 3], ["d1", 3, 3, 5], ["d4", 1, 0, 2]]
    assert tokens[["document_id", "position", "start", "end"]].values.tolist() == expected


def test_describe_records_what_a_result_depends_on():
    facts = Segmenter(["b", "a", "a"], hmm=False).describe()
    assert (facts["engine"], facts["hmm"], facts["n_terms"]) == ("rjieba", False, 2)
    assert facts["terms_sha256"] == Segmenter(["a", "b"]).describe()["terms_sha256"]
    assert Segmenter(["\ud800"]).describe()["n_terms"] == 1


def test_every_word_of_a_document_has_one_zone(corpus, tokens):
    zones = count_masked(corpus).set_index(["document_id", "zone"])
    assert zones.groupby("document_id")["share"].sum().tolist() == pytest.approx([1] * 4)
    for document, own in tokens.groupby("document_id", observed=True):
        assert zones.loc[(document, "counted"), "n"] == own["mask"].isna().sum()
        assert zones.loc[(document, "title"), "n"] == (own["mask"] == "title").sum()
    brackets = zones.xs("responsibility", level="zone")["n"]
    assert set(brackets.index[brackets > 0]) == set(corpus.responsibilities["document_id"])


def test_what_the_dictionary_changed_is_shown(corpus):
    changes = compare_segmenters(corpus.paragraphs)
    assert changes.iloc[0][["words", "base_words"]].tolist() == ["教育信息化", "教育|信息化"]
    learning = changes[changes["words"] == "网络学习空间"].iloc[0]
    assert learning["base_words"] == "网络|学习|空间" and not learning["cuts"]
    assert changes.loc[changes["cuts"], "n"].sum() < 0.05 * changes["n"].sum()


def test_an_accident_of_the_dictionary_is_reported():
    changes = compare_segmenters(make_paragraphs("学校本部"), Segmenter(["校本"]))
    assert changes[["words", "base_words", "cuts", "context"]].values.tolist() == [
        ["学|校本|部", "学校|本部", True, "[学校本部]"]
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"engine": "pkuseg"}, "engine='pkuseg' is unknown. Use one of 'rjieba', 'jieba'."),
        ({"terms": "网络"}, "terms='网络' is one string. Give a list of terms, or load_terms(path) for a file."),
        (
            {"terms": ["网络 空间", "", "《规划》", "平台", None]},
            "4 of 5 terms cannot be used:\n  '网络 空间': a blank divides Chinese characters. Write the term"
            " without it, or each of several terms by itself.\n  '': it is no text. Write a term,"
            " or drop the entry.\n  '《规划》': it holds a title mark. Write the term without it.\n  None: it is no text. Write a term, or drop the entry.",
        ),
        ({"terms": pd.DataFrame({"word": ["a"]})}, "The table of terms has no column term. It has word."),
    ],
)
def test_a_wrong_segmenter_is_refused(arguments, message):
    with pytest.raises(PolicylabError) as error:
        Segmenter(**arguments)
    assert str(error.value) == message


def test_missing_columns_are_reported():
    with pytest.raises(PolicylabError) as error:
        tokenize(pd.DataFrame({"document_id": ["a"], "text": ["教育"]}))
    assert str(error.value) == "The table paragraphs has no column paragraph. It has document_id, text."


@pytest.mark.parametrize("read", [tokenize, compare_segmenters])
def test_a_paragraph_without_text_is_reported(read):
    with pytest.raises(PolicylabError) as error:
        read(make_paragraphs("教育", None))
    assert str(error.value) == "Paragraph 1 of d1 has no text. Drop such rows first."


@pytest.mark.parametrize(
    "change, message",
    [
        ({"text": ["教育", 5]}, "Paragraph 1 of d1 has a text of the type int. Turn the column into text first."),
        (
            {"document_id": ["d0", None]},
            "Row 2 of the paragraphs has no document_id or no paragraph. Fill both in: they place a text.",
        ),
    ],
)
def test_texts_without_a_place_of_their_own_are_reported(change, message):
    with pytest.raises(PolicylabError) as error:
        tokenize(make_paragraphs("教育", "网络").assign(**change))
    assert str(error.value) == message


def test_what_is_no_table_and_no_segmenter_is_reported():
    with pytest.raises(PolicylabError) as error:
        tokenize(None)
    assert str(error.value) == "paragraphs is of the type NoneType: expected a table (DataFrame)."
    with pytest.raises(PolicylabError) as error:
        tokenize(make_paragraphs("教育"), "jieba")
    assert str(error.value) == "segmenter='jieba': expected a Segmenter, such as Segmenter(engine='jieba'), or None."


def test_words_that_others_split_by_force_in_jieba_stay_whole_here():
    import jieba

    ours = Segmenter([], engine="jieba")
    words = ours("李小福是创新办主任")
    assert "李小福" in words
    jieba.finalseg.Force_Split_Words.add("李小福")  # what jieba.del_word does for all of its instances
    try:
        assert ours("李小福是创新办主任") == words and jieba.finalseg.Force_Split_Words == {"李小福"}
    finally:
        jieba.finalseg.Force_Split_Words.clear()


def read_gold(name="segmentation-200.csv"):
    with open(DATA / "gold" / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_gold_sentences_are_whole_and_from_the_corpus(corpus):
    texts = corpus.paragraphs.set_index(["document_id", "paragraph"])["text"].to_dict()
    gold, second = read_gold(), read_gold("segmentation-200-second.csv")
    assert len(gold) == 200 and [row["text"] for row in gold] == [row["text"] for row in second]
    for row in [*gold, *second]:
        assert row["words"].replace("|", "") == re.sub(r"\s", "", row["text"])
        assert repair_text(row["text"]).text in texts[row["document_id"], int(row["paragraph"])]


def test_boundaries_are_near_the_gold_and_the_lexicon_brings_them_nearer(segmenter):
    def boundaries(words, text):
        ends, at = set(), 0
        for word in words[:-1]:
            at += len(word)
            ends |= {at} if text[at - 1].isalnum() and text[at].isalnum() else set()
        return ends

    def f1(cut):
        hits = found = expected = 0
        for row in read_gold():
            text = re.sub(r"\s", "", row["text"])
            ours, gold = boundaries(cut(text), text), boundaries(row["words"].split("|"), text)
            hits, found, expected = hits + len(ours & gold), found + len(ours), expected + len(gold)
        return 2 * hits / (found + expected)

    assert f1(segmenter) > 0.95 > 0.93 > f1(Segmenter([])) > 0.91


def test_import_loads_no_engine():
    import subprocess
    import sys

    code = "import sys, policylab; print([name for name in ('jieba', 'rjieba', 'sklearn', 'scipy', 'joblib') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_random_cuts_are_whole(segmenter):
    # Beyond hypothesis: long mixed texts, in which runs of every kind meet.
    choose = random.Random(20190227)
    pieces = [
        "教育",
        "网络学习空间",
        "《",
        "》",
        "2018-2022",
        " ",
        "97%",
        "APP",
        "，",
        "一师一优课",
        "、",
        "一课一名师",
        "\n",
        "5G",
        "万",
        "—",
        "互联网",
        "+",
    ]
    for _ in range(200):
        text = "".join(choose.choice(pieces) for _ in range(60))
        assert "".join(segmenter(text)) == text


def test_terms_that_no_text_has_are_no_categories():
    tokens = tokenize(make_paragraphs("开通网络学习空间，"), Segmenter(["网络学习空间", "教育信息化"]))
    assert tokens["token"].cat.categories.tolist() == ["开通", "网络学习空间", "，"]
    assert "\n" in tokenize(make_paragraphs("开通\n，"))["token"].cat.categories


def test_overlapping_nested_and_single_terms():
    segmenter = Segmenter(["信息", "信息化", "化学", "教育信息化", "学", "IPv6", "v6网"])
    assert segmenter("教育信息化学习") == ["教育信息化", "学", "习"]  # from the left, the longest first
    assert segmenter("信息化学信息") == ["信息化", "学", "信息"]
    assert segmenter("化学") == ["化学"]
    assert segmenter("IPv6网") == ["IPv6", "网"] and segmenter("aIPv6") == [
        "aIPv6"
    ]  # no term begins inside a Latin word


def terms_by_pattern(text, terms):
    """The terms in a text as one pattern for re finds them, which is another way to the same end."""
    return re.findall("|".join(map(re.escape, sorted(terms, key=len, reverse=True))), text)


@given(st.text("甲乙丙丁", max_size=30), st.lists(st.text("甲乙丙丁", min_size=1, max_size=4), min_size=1, unique=True))
def test_terms_are_those_that_a_pattern_finds(text, terms):
    segmenter = Segmenter(terms)
    starts, ends = segmenter._trie.find(
        f"{text}\n", np.array([ord(c) for c in f"{text}\n"], dtype=np.uint32), np.zeros(len(text) + 1, dtype=bool)
    )
    assert [text[a:b] for a, b in zip(starts, ends)] == terms_by_pattern(text, terms)


VARIANTS = pd.DataFrame(
    {
        "term": ["AI", "Wi-Fi 6", "Edu Trust认证", "5G SA", "5G", "AI素养", "C++语言"],
        "canonical": ["人工智能", None, None, "5G独立组网", None, None, None],
    }
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("推进ＡＩ和人工智能", ["推进", "ＡＩ", "和", "人工智能"]),
        ("Wi-Fi 6网络", ["Wi-Fi 6", "网络"]),
        ("WI-FI　\u00a06 网络", ["WI-FI　\u00a06", " ", "网络"]),  # any blanks, as many as there are
        ("wi-fi 6E", ["wi-fi", " ", "6E"]),  # no part of a run of letters and digits
        ("Wi-Fi6", ["Wi-Fi6"]),  # the blank between letters and digits must be there
        ("Edu Trust 认证", ["Edu Trust 认证"]),
        ("5G  SA和5G 网络", ["5G  SA", "和", "5G", " ", "网络"]),  # the longest, nested ones too
        ("ai 素养", ["ai 素养"]),
        ("C++ 语言", ["C++ 语言"]),
        ("Wi-Fi\n6", ["Wi-Fi", "\n", "6"]),
        (" 5G SA ", [" ", "5G SA", " "]),
    ],
)
def test_case_width_and_blanks_of_typesetting_make_no_difference(text, words):
    assert Segmenter(VARIANTS)(text) == words


def test_a_blank_of_typesetting_belongs_to_no_chinese_word():
    assert Segmenter(["网络安全"])("网络 安全") == ["网络", " ", "安全"]


def test_variants_are_counted_as_their_canonical_form():
    tokens = tokenize(make_paragraphs("推进ＡＩ和人工智能，wi-fi　6，5G SA"), Segmenter(VARIANTS))
    named = tokens.loc[tokens["mask"].isna(), ["token", "canonical"]].astype(str)
    assert named.values.tolist() == [
        ["推进", "推进"],
        ["ＡＩ", "人工智能"],
        ["和", "和"],
        ["人工智能", "人工智能"],
        ["wi-fi　6", "Wi-Fi 6"],
        ["5G SA", "5G独立组网"],  # no numeral, though it begins with a digit
    ]
    assert "".join(tokens["token"]) == "推进ＡＩ和人工智能，wi-fi　6，5G SA"


def test_the_order_of_terms_does_not_matter():
    texts = make_paragraphs("AI素养、5G SA、5G和人工智能", "Edu Trust认证AI")
    expected = tokenize(texts, Segmenter(VARIANTS))
    for seed in range(5):
        shuffled = Segmenter(VARIANTS.sample(frac=1, random_state=seed))
        pd.testing.assert_frame_equal(tokenize(texts, shuffled), expected)
        assert shuffled.describe() == Segmenter(VARIANTS).describe()
    assert Segmenter(VARIANTS).describe() != Segmenter(VARIANTS.drop(columns="canonical")).describe()
