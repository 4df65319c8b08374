"""The dictionaries: what ships is sound, and mistakes in a user's file are reported in full."""

import hashlib

import pandas as pd
import pytest

from policylab.base.errors import PolicylabError, PolicylabWarning
from policylab.words.lexicon import (
    CONCEPTS,
    STOPWORDS,
    TERMS,
    check_concepts,
    check_terms,
    list_dictionaries,
    load_concepts,
    load_terms,
)
from policylab.words.stoplists import load_stopwords


@pytest.fixture
def write(tmp_path):
    def write(text, name="terms.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.mark.parametrize("path", [TERMS, STOPWORDS, CONCEPTS], ids=lambda path: path.name)
def test_shipped_files_are_plain_utf8_with_lf_and_full(path):
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and b"\r" not in data and data.endswith(b"\n")
    table = {TERMS: load_terms, STOPWORDS: load_stopwords, CONCEPTS: load_concepts}[path]()
    assert table.drop(columns="canonical", errors="ignore").notna().all(axis=None)
    assert {file.name for file in TERMS.parent.iterdir()} == {
        "terms.csv",
        "stopwords.csv",
        "concepts.csv",
        "glosses.csv",
    }


def test_no_term_is_a_stop_word_and_no_concept_shares_a_term():
    assert not set(load_terms()["term"]) & set(load_stopwords()["word"])
    assert load_concepts()["term"].is_unique
    assert load_concepts().groupby("concept")["concept_en"].nunique().eq(1).all()


def test_the_terms_of_the_task_are_there():
    assert {"一师一优课、一课一名师", "网络学习空间", "关键信息基础设施", "教育信息化", "信息化"} <= set(
        load_terms()["term"]
    )


def test_describe_hashes_the_bytes(write):
    path = write("term\n平台\n教育云\n")
    assert list_dictionaries(path).values.tolist() == [["terms.csv", 2, hashlib.sha256(path.read_bytes()).hexdigest()]]
    assert list_dictionaries()["n_entries"].tolist() == [len(load_terms()), len(load_stopwords()), len(load_concepts())]


def test_only_the_term_is_needed(write):
    assert load_terms(write("term\n教育云\n"))["term"].tolist() == ["教育云"]


def test_a_user_dictionary_of_jieba_is_read(write):
    path = write("网络学习空间 100 n\n\n一师一优课、一课一名师\n三区三州 5\n优课 nz\n", "user.txt")
    assert load_terms(path)["term"].tolist() == ["网络学习空间", "一师一优课、一课一名师", "三区三州", "优课"]
    assert list_dictionaries(path)["n_entries"].tolist() == [4]


def test_byte_order_mark_and_crlf_are_read_with_a_warning(write):
    path = write("\ufeffterm,category\r\n教育云,resources\r\n")
    with pytest.warns(PolicylabWarning) as caught:
        assert load_terms(path)["term"].tolist() == ["教育云"]
    assert [str(w.message) for w in caught] == [f"{path}: its lines end in CRLF. It was read all the same."]


def test_another_encoding_is_read_with_a_warning(write):
    path = write("term,reason\n平台,助词\n课程,套话\n", encoding="gb18030")
    with pytest.warns(PolicylabWarning, match="it is encoded in GB18030, not UTF-8"):
        assert load_terms(path)["term"].tolist() == ["平台", "课程"]


def test_all_mistakes_of_a_table_are_reported_at_once(write):
    path = write(
        "term,category,gloss_en,reason\n教育云,a,b,c\n网络 空间,a,b,c\n教育云,a,b,c\n,a,b,c\n《规划》,a,b,c\n平台,a,b,c,d\n"
    )
    with pytest.raises(PolicylabError) as error:
        load_terms(path)
    assert str(error.value) == (
        f"{path} has 5 problems:"
        "\n  row 3, column term: '网络 空间': a blank divides Chinese characters. Write the term without it, or each of several"
        " terms by itself."
        "\n  row 4, column term: '教育云' is already in row 2. Keep one."
        "\n  row 5, column term: the cell is blank. Fill it in."
        "\n  row 6, column term: '《规划》': it holds a title mark. Write the term without it."
        "\n  row 7: 5 cells instead of 4. Put a cell that holds a comma or a quotation mark in double quotes."
    )


def test_all_mistakes_of_a_list_are_reported_at_once(write):
    path = write("教育云\n网络 空间 应用\n教育云 3\nAPP\nａｐｐ 5 n\n", "user.txt")
    with pytest.raises(PolicylabError) as error:
        load_terms(path)
    assert str(error.value) == (
        f"{path} has 3 problems:"
        "\n  line 2, column term: '网络 空间 应用': a blank divides Chinese characters. Write the term without it, or each of"
        " several terms by itself."
        "\n  line 3, column term: '教育云' is already in line 1. Keep one."
        "\n  line 5, column term: only case, width or blanks tell 'ａｐｐ' from 'APP' (line 4), which texts mix. Keep one."
    )


def test_blanks_belong_to_terms_that_no_frequency_can_follow(write):
    lines = [
        "网络学习空间 100 n",
        "云平台 3",
        "Edu Trust认证",
        "Edu Trust课 7",
        "Wi-Fi 6",
        "smart app",
        "5G SA",
        "AI 3 nz",
    ]
    path = write("\n".join(lines), "user.txt")
    with pytest.warns(PolicylabWarning) as caught:
        terms = load_terms(path)["term"].tolist()
    assert terms == ["网络学习空间", "云平台", "Edu Trust认证", "Edu Trust课", "Wi-Fi 6", "smart app", "5G SA", "AI"]
    assert [str(w.message) for w in caught] == [
        f"{path}: 5 terms have a blank in them: 'Edu Trust认证', 'Edu Trust课', 'Wi-Fi 6' …. It was read all the same."
    ]


def test_canonical_forms_are_read(write):
    path = write("term,canonical,gloss_en\nAI,人工智能,artificial intelligence\n四史教育,,\n人工智能,人工智能,\n")
    assert load_terms(path)[["term", "canonical"]].fillna("").values.tolist() == [
        ["AI", "人工智能"],
        ["四史教育", ""],
        ["人工智能", "人工智能"],
    ]
    assert check_terms(load_terms(path)) == {"AI": "人工智能", "人工智能": "人工智能", "四史教育": "四史教育"}


def test_a_canonical_form_that_differs_in_case_only_is_the_listed_term():
    assert check_terms(pd.DataFrame({"term": ["apps", "APP"], "canonical": ["App", None]})) == {
        "APP": "APP",
        "apps": "APP",
    }


def test_canonical_forms_that_are_variants_are_refused(write):
    path = write("term,canonical\nAI,智能\n智能,人工智能\nVR,XR\nXR,VR\n5G,《五G》\n《六G》,6G\n平台,平 台\n")
    with pytest.raises(PolicylabError) as error:
        load_terms(path)
    remedy = "Give both the one form that is to be counted."
    assert str(error.value) == (
        f"{path} has 6 problems:"
        f"\n  row 2, column canonical: '智能' is itself counted as '人工智能' (row 3). {remedy}"
        f"\n  row 4, column canonical: 'XR' is itself counted as 'VR' (row 5). {remedy}"
        f"\n  row 5, column canonical: 'VR' is itself counted as 'XR' (row 4). {remedy}"
        "\n  row 6, column canonical: '《五G》': it holds a title mark. Write the term without it."
        "\n  row 7, column term: '《六G》': it holds a title mark. Write the term without it."
        "\n  row 8, column canonical: '平 台': a blank divides Chinese characters. Write the term without it, or each of several"
        " terms by itself."
    )


def test_canonical_forms_of_a_table_are_checked_too():
    table = pd.DataFrame(
        {"term": ["AI", "智能", "AI", "app", "APP"], "canonical": ["智能", "人工智能", None, None, None]}
    )
    with pytest.raises(PolicylabError) as error:
        check_terms(table)
    assert str(error.value) == (
        "3 of 5 terms cannot be used:"
        "\n  'AI': it has several canonical forms. Keep one."
        "\n  'APP': only case, width or blanks tell 'APP' from 'app' (term app), which texts mix. Keep one."
        "\n  'AI': '智能' is itself counted as '人工智能' (term 智能). Give both the one form that is to be counted."
    )


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (
            "word\n的\n",
            "terms.csv",
            "{path} has 2 problems:\n  row 1: the column term is missing. Add it; needed are term.\n"
            "  row 1: the column 'word' is unknown. Known are term, canonical, category, gloss_en, reason.",
        ),
        ("term\n", "terms.csv", "{path} holds no word. Add one row for each."),
        ("", "terms.csv", "{path} cannot be read: the file is empty. Save the table as CSV in UTF-8."),
        ("", "terms.txt", "{path} cannot be read: the file is empty. Save it as plain text in UTF-8."),
    ],
)
def test_files_without_terms_are_refused(write, text, name, message):
    path = write(text, name)
    with pytest.raises(PolicylabError) as error:
        load_terms(path)
    assert str(error.value) == message.format(path=path)


def test_a_missing_file_is_refused(tmp_path):
    for name, remedy in [
        ("no.csv", "Give the path of a CSV file in UTF-8."),
        ("no.txt", "Give the path of a CSV file, or of a text file with one word a line."),
    ]:
        with pytest.raises(PolicylabError) as error:
            load_terms(tmp_path / name)
        assert str(error.value) == f"There is no file {tmp_path / name}. {remedy}"


@pytest.mark.parametrize("name", ["user.TXT", "user.dict"])
def test_a_text_file_may_have_other_names(write, name):
    path = write("网络学习空间 100 n\n三区三州\n", name)
    assert load_terms(path)["term"].tolist() == ["网络学习空间", "三区三州"]
    assert list_dictionaries(path)["n_entries"].tolist() == [2]


def test_concepts_do_not_come_from_a_text_file(write):
    path = write("平台\n", "concepts.txt")
    with pytest.raises(PolicylabError) as error:
        load_concepts(path)
    assert str(error.value) == f"{path}: a text file has terms only. Give a CSV file with the columns term and concept."


@pytest.mark.parametrize("load", [load_terms, load_stopwords, load_concepts, list_dictionaries])
@pytest.mark.parametrize(("path", "what"), [("", "empty"), ([], "of the type list"), (["平台"], "of the type list")])
def test_what_is_no_path_is_refused(load, path, what):
    remedy = "" if load is list_dictionaries else " Leave it out for the table that ships."
    with pytest.raises(PolicylabError) as error:
        load(path)
    assert str(error.value) == f"path is {what}: expected the path of a file.{remedy}"


@pytest.mark.parametrize(
    ("load", "header"), [(load_terms, "term,reason"), (load_stopwords, "word,reason"), (load_concepts, "term,concept")]
)
def test_a_quotation_mark_that_is_never_closed_hides_no_word(write, load, header):
    path = write(f'{header}\n平台,a\n教育云,"b\n课程,c\n资源,d\n')
    with pytest.raises(PolicylabError) as error:
        load(path)
    assert str(error.value) == (
        f"{path} has 1 problem:\n  row 3, column {header.split(',')[1]}: the quotation mark that opens this cell"
        " (line 3 of the file) is never closed. Close it, or delete it."
    )


def test_of_many_unusable_terms_twenty_are_listed():
    with pytest.raises(PolicylabError) as error:
        check_terms([f"网 {i}\t" for i in range(25)])
    first, *listed, last = str(error.value).split("\n  ")
    assert (first, last) == ("25 of 25 terms cannot be used:", "... and 5 more") and len(listed) == 20


@pytest.mark.parametrize("load", [load_terms, list_dictionaries])
def test_a_folder_is_refused(load, tmp_path):
    with pytest.raises(PolicylabError) as error:
        load(tmp_path)
    assert str(error.value) == f"{tmp_path} is a folder. Give the path of a file in it."


def test_describe_counts_rows_and_not_lines(write):
    path = write('term,reason\n教育云,"one\ntwo"\n,\n')
    assert list_dictionaries(path)["n_entries"].tolist() == [len(load_terms(path))] == [1]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("no.csv", "Give the path of a CSV file in UTF-8."),
        ("no.txt", "Give the path of a CSV file, or of a text file with one word a line."),
    ],
)
def test_a_missing_dictionary_is_refused(tmp_path, name, remedy):
    with pytest.raises(PolicylabError) as error:
        list_dictionaries(tmp_path / name)
    assert str(error.value) == f"There is no file {tmp_path / name}. {remedy}"


def test_a_dictionary_that_cannot_be_read_is_refused(write):
    path = write("term;reason\n教育云;b\n")
    with pytest.raises(PolicylabError) as error:
        list_dictionaries(path)
    assert (
        str(error.value) == f"{path} has 1 problem:"
        "\n  row 1: the columns are divided by semicolons. Save the table as CSV with commas."
    )


def test_invisible_characters_are_found_in_a_file(write):
    path = write("教育云\n\ufeff网络安全\n\u200b数字校园\n平\u200b台\n", "user.txt")
    with pytest.raises(PolicylabError) as error:
        load_terms(path)
    remedy = "Delete it, or type the term again."
    assert str(error.value) == (
        f"{path} has 3 problems:"
        f"\n  line 2, column term: '\\ufeff网络安全': it holds the invisible character U+FEFF. {remedy}"
        f"\n  line 3, column term: '\\u200b数字校园': it holds the invisible character U+200B. {remedy}"
        f"\n  line 4, column term: '平\\u200b台': it holds the invisible character U+200B. {remedy}"
    )


def test_invisible_characters_are_found_in_a_list():
    with pytest.raises(PolicylabError) as error:
        check_terms(["平台", "网络\u200b安全", "资\x02源"])
    assert str(error.value) == (
        "2 of 3 terms cannot be used:"
        "\n  '网络\\u200b安全': it holds the invisible character U+200B. Delete it, or type the term again."
        "\n  '资\\x02源': it holds the invisible character U+0002. Delete it, or type the term again."
    )


def test_words_joined_on_one_line_are_refused(write):
    path = write("网络安全,数字校园\n平台;5G 3 n\n教育云；智慧校园\n", "user.txt")
    remedy = "Write one word a line; a word that holds a comma or a semicolon goes into a CSV file, in double quotes."
    with pytest.raises(PolicylabError) as error:
        load_terms(path)
    assert str(error.value) == (
        f"{path} has 3 problems:"
        f"\n  line 1: '网络安全,数字校园' is more than one word. {remedy}"
        f"\n  line 2: '平台;5G 3 n' is more than one word. {remedy}"
        f"\n  line 3: '教育云；智慧校园' is more than one word. {remedy}"
    )
    assert load_terms(write('term\n"网络安全,数字校园"\n'))["term"].tolist() == ["网络安全,数字校园"]


def test_marks_that_belong_to_a_word_are_none_of_two(write):
    words = ["一师一优课、一课一名师", "百年大计，教育为本", "1,3-丁二烯"]
    assert load_terms(write("\n".join(words), "user.txt"))["term"].tolist() == words


def test_all_mistakes_of_concepts_are_reported_at_once():
    table = pd.DataFrame(
        {
            "term": ["平台", None, "平台", "", "网络 空间", 5, "教育云"],
            "concept": ["资源", "资源", "服务", "服务", "设施", "设施", float("nan")],
        }
    )
    with pytest.raises(PolicylabError) as error:
        check_concepts(table)
    assert str(error.value) == (
        "The table concepts has 6 problems:"
        "\n  row 1, column term: the cell is blank. Fill it in."
        "\n  row 2, column term: '平台' is already in row 0. Keep one."
        "\n  row 3, column term: the cell is blank. Fill it in."
        "\n  row 4, column term: '网络 空间': a blank divides Chinese characters. Write the term without it, or each of several"
        " terms by itself."
        "\n  row 5, column term: 5: it is no text. Write a term, or drop the entry."
        "\n  row 6, column concept: the cell is blank. Fill it in."
    )


@pytest.mark.parametrize(
    ("concepts", "message"),
    [
        (["平台"], "concepts is of the type list: expected a table (DataFrame)."),
        (pd.DataFrame({"term": ["平台"]}), "The table concepts has no column concept. It has term."),
        (pd.DataFrame({"term": [], "concept": []}), "The table concepts has no row. Add one for each term."),
    ],
)
def test_what_is_no_table_of_concepts_is_refused(concepts, message):
    with pytest.raises(PolicylabError) as error:
        check_concepts(concepts)
    assert str(error.value) == message


def test_a_sound_table_of_concepts_comes_back_as_it_is():
    assert check_concepts(table := load_concepts()) is table
