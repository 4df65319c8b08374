"""Stop words: published lists are read as they are, and real faults are refused."""

import pandas as pd
import pytest

import policylab as lab
from policylab.base.errors import PolicylabError, PolicylabWarning
from policylab.words.stoplists import list_stopwords, load_stopwords

# What the lists of 哈工大, 百度 and 川大 and what people join from them hold.
PUBLISHED = (
    "———\n》），\n［①Ｄ］\n，也 \n的\n\n  \n的\n了 120 ul\nＬＩ\nZT\nable\n末##末\n《\n\ufeff?\n按 按照\n和,与;及\n"
)


@pytest.fixture
def write(tmp_path):
    def write(text, name="hit_stopwords.txt", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_a_published_list_is_read_with_one_note(write):
    path = write(PUBLISHED.replace("\n", "\r\n"), encoding="gb18030")
    with pytest.warns(PolicylabWarning) as caught:
        words = load_stopwords(path)["word"].tolist()
    assert words == [
        *(
            "———",
            "》），",
            "［①Ｄ］",
            "，也",
            "的",
            "了",
            "ＬＩ",
            "ZT",
            "able",
            "末##末",
            "《",
            "?",
            "按",
            "按照",
            "和",
            "与",
            "及",
        ),
    ]
    assert [str(w.message) for w in caught] == [
        f"{path} was read, with these remarks:"
        "\n  it is encoded in GB18030, not UTF-8"
        "\n  its lines end in CRLF"
        "\n  1 entry is repeated and counts once: '的'"
        "\n  1 line held invisible characters: '?'"
        "\n  2 lines hold several words, each of which was taken: '按 按照', '和,与;及'"
        "\n  4 entries have neither letter nor digit (marks never count as words): '———', '》），', '《' …"
        "\n  3 entries mix letters or digits with symbols, at which texts are cut: '［①Ｄ］', '，也', '末##末'"
        "\n  2 entries have capitals or full-width letters and are compared exactly as written: 'ＬＩ', 'ZT'"
    ]
    assert caught[0].filename == __file__


def test_a_table_is_read_with_one_note(write):
    path = write('word,reason\n的,助词\n的,\n,漏填\n"Wi-Fi 6",\n', "words.csv")
    with pytest.warns(PolicylabWarning) as caught:
        table = load_stopwords(path)
    assert table.fillna("").values.tolist() == [["的", "助词"], ["Wi-Fi 6", ""]]
    assert [str(w.message) for w in caught] == [
        f"{path} was read, with these remarks:\n  1 entry is repeated and counts once: '的'\n  1 row has no word: 'row 4'"
    ]


def test_a_clean_list_is_read_without_a_note(write, recwarn):
    assert load_stopwords(write("的\n和 100 c\n"))["word"].tolist() == ["的", "和"]
    assert not recwarn


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("", "a.txt", "{path} cannot be read: the file is empty. Save it as plain text in UTF-8."),
        ("，\n。\n", "a.txt", "{path} holds no word. Add one line for each."),
        ("word,reason\n,a\n", "a.csv", "{path} holds no word. Add one row for each."),
        (
            "term\n的\n",
            "a.csv",
            "{path} has 2 problems:\n  row 1: the column word is missing. Add it; needed are word.\n"
            "  row 1: the column 'term' is unknown. Known are word, reason.",
        ),
        (
            "word\n的,了\n",
            "a.csv",
            "{path} has 1 problem:\n  row 2: 2 cells instead of 1. Put a cell that holds a comma or a quotation mark in double quotes.",
        ),
    ],
)
def test_real_faults_are_refused(write, text, name, message):
    path = write(text, name)
    with pytest.raises(PolicylabError) as error:
        load_stopwords(path)
    assert str(error.value) == message.format(path=path)


def test_words_are_added_to_the_list(write):
    shipped = load_stopwords()["word"].tolist()
    assert load_stopwords(add=["学校", "的", "学校"])["word"].tolist() == [*shipped, "学校"]
    own = write("学校\n的\n")
    assert load_stopwords(add=own)["word"].tolist() == [*shipped, "学校"]
    assert load_stopwords(own, add=["不断"])["word"].tolist() == ["学校", "的", "不断"]
    assert load_stopwords(add=[])["word"].tolist() == shipped


@pytest.mark.parametrize(
    ("add", "message"),
    [
        (5, "add=5: expected the path of a file, or a list of words."),
        (
            ["的", "", None],
            "2 of 3 stop words cannot be used:\n  '': it is no word. Write one, or drop it.\n  None: it is no word. Write one, or drop it.",
        ),
    ],
)
def test_what_is_no_list_of_words_is_refused(add, message):
    with pytest.raises(PolicylabError) as error:
        load_stopwords(add=add)
    assert str(error.value) == message


def test_added_words_leave_lists_but_not_denominators():
    texts = pd.DataFrame({"document_id": ["a"], "paragraph": [1], "text": ["学校和数字校园"]})
    tokens = lab.tokenize(texts)
    table = lab.select_terms(tokens, stopwords=load_stopwords(add=["学校"]), min_n=1).set_index("term")
    assert table["reason"].fillna("").to_dict() == {"和": "stop word", "学校": "stop word", "数字校园": ""}
    assert lab.count_terms(tokens)["n_tokens"].tolist() == [3, 3, 3]
    assert list_stopwords(["学校"]) == {"学校"}
