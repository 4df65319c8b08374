"""Counts, rates and trends, against arithmetic by hand on texts that a reader can count."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import CountVectorizer

import policylab as lab
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.proportions import ratio_interval, wilson_interval
from policylab.corpus.joining import join_corpus
from policylab.words.segment import tokenize
from policylab.words.segmenter import Segmenter
from policylab.words.terms import cast_matrix, check_known, count_nested, count_terms, select_terms
from policylab.words.trend import find_changing_terms, measure_trend
from policylab.words.units import choose_unit, count_by_unit

SEGMENTER = Segmenter(["数字校园", "智慧校园", "教育信息化", "信息化"])


def make_tokens(rows, segmenter=SEGMENTER):
    """Tokens of (document_id, year, task, text) rows, as join_corpus would give them."""
    table = pd.DataFrame(rows, columns=["document_id", "year", "task", "text"])
    table["paragraph"] = table.groupby("document_id").cumcount() + 1
    tokens = tokenize(table, segmenter).astype({"paragraph": "int64"})
    known = table.astype({"task": "Int64"}).drop(columns="text").astype({"document_id": "str"})
    joined = tokens.astype({"document_id": "str"}).merge(known, on=["document_id", "paragraph"], how="left")
    return joined.astype({"document_id": "category"}).assign(level="national")


@pytest.fixture(scope="module")
def small():
    return make_tokens(
        [
            ("a", 2017, None, "数字校园"),  # a preface, outside the tasks
            ("a", 2017, 1, "数字校园，数字校园和平台"),
            ("a", 2017, 2, "《数字校园》平台 12"),
            ("b", 2019, 1, "智慧校园"),
            ("b", 2019, 2, "数字校园平台平台"),
        ]
    )


def test_counts_by_hand(small):
    counts = count_terms(small, "document_id")
    expected = [
        *[("a", "数字校园", 3, 6, 5000.0), ("a", "平台", 2, 6, 1e4 / 3), ("a", "和", 1, 6, 1e4 / 6)],
        *[("b", "平台", 2, 4, 5000.0), ("b", "数字校园", 1, 4, 2500.0), ("b", "智慧校园", 1, 4, 2500.0)],
    ]
    assert counts.values.tolist() == [list(row) for row in expected]


def test_masked_tokens_are_counted_apart(small):
    counts = count_terms(small, masked=True)
    assert {(row.mask, row.term): row.n for row in counts.itertuples()} == {
        **{("title", "数字校园"): 1, ("numeral", "12"): 1},
        **{("mark", "，"): 1, ("mark", "《"): 1, ("mark", "》"): 1, ("mark", " "): 1},
    }


def test_counts_of_the_corpus_add_up(tokens):
    counts = count_terms(tokens, ["document_id"])
    kept = tokens[tokens["mask"].isna()].groupby("document_id", observed=True).size()
    assert counts.groupby("document_id", observed=True)["n"].sum().tolist() == kept.tolist()
    assert counts.groupby("document_id", observed=True)["rate"].sum().tolist() == pytest.approx([1e4] * 4)


def test_the_matrix_is_the_one_that_scikit_learn_counts(tokens):
    kept = tokens[tokens["mask"].isna()].astype({"token": "str", "document_id": "str"})
    texts = kept.groupby("document_id")["token"].agg(list)
    vectorizer = CountVectorizer(analyzer=lambda words: words)
    expected = vectorizer.fit_transform(texts).toarray()
    ours = cast_matrix(tokens)
    assert ours.terms == sorted(vectorizer.vocabulary_) and ours.rows["document_id"].tolist() == texts.index.tolist()
    order = [vectorizer.vocabulary_[term] for term in ours.terms]
    assert (ours.matrix.toarray() == expected[:, order]).all()


def test_rows_of_the_matrix_are_sorted_whatever_the_order_of_the_tokens(tokens, corpus):
    # Whole paragraphs in another order: the documents backwards.
    backwards = pd.concat([part for _, part in reversed(list(tokens.groupby("document_id", observed=True)))])
    one, other = (
        cast_matrix(frame, ["document_id", "task"], terms=["平台", "网络安全", "无此词"])
        for frame in (tokens, backwards)
    )
    pd.testing.assert_frame_equal(one.rows, other.rows)
    assert (one.matrix.toarray() == other.matrix.toarray()).all()
    assert one.terms == ["平台", "网络安全", "无此词"] and one.matrix.toarray()[:, 2].sum() == 0
    assert len(one.rows) == len(corpus.tasks)


def test_why_a_term_is_left_out(small):
    selected = select_terms(small, min_n=2).set_index("term")
    assert selected["kept"].to_dict() == {"数字校园": True, "平台": True, "和": False, "智慧校园": False}
    assert selected.loc[["和", "智慧校园"], "reason"].tolist() == ["stop word", "fewer than 2 tokens"]
    assert (
        select_terms(small, stopwords=[], min_n=1).set_index("term").loc["和", "reason"] == "shorter than 2 characters"
    )


def test_nested_counts_by_hand():
    tokens = make_tokens([("a", 2017, 1, "教育信息化和信息化、管理信息化，信息化学，《教育信息化》")])
    table = count_nested(tokens, ["信息化", "教育信息化", "息化"])
    assert table.drop(columns="inside").values.tolist() == [
        ["信息化", 3, 1, 4, 0],
        ["教育信息化", 1, 0, 1, 0],
        ["息化", 0, 4, 4, 0],
    ]
    assert table["inside"].tolist() == ["教育信息化 1", "", "信息化 3; 教育信息化 1"]


def test_a_string_across_words_is_distinguished():
    tokens = make_tokens([("a", 2017, 1, "网络学习空间，学习。空间")], Segmenter([]))
    assert count_nested(tokens, ["学习空间"]).values.tolist() == [["学习空间", 0, 0, 0, 1, ""]]


def test_nested_counts_add_up_to_the_string(tokens):
    table = count_nested(tokens, ["信息化", "网络", "教育"])
    # What a search in the unmasked text finds; a paragraph ends with a mark, so none runs into the next.
    text = "".join(tokens["token"].astype(object).where(tokens["mask"].isna(), "\n"))
    assert (table["n_inclusive"] + table["n_across"]).tolist() == [text.count(term) for term in table["term"]]


def test_trend_by_hand(small):
    trend = measure_trend(small, ["数字校园", "智慧校园"], unit="task").set_index(["year", "term"])
    first = trend.loc[(2017, "数字校园")]
    # 2017: task 1 has 4 words (2 of the term), task 2 has 1; the word of the preface lies outside.
    assert first[["n", "n_tokens", "n_with", "n_units", "n_documents", "n_outside"]].tolist() == [2, 5, 1, 2, 1, 1]
    assert (first["rate"], first["share"]) == (4000.0, 0.5)
    assert trend.loc[(2019, "智慧校园"), ["n", "n_tokens", "rate", "share"]].tolist() == [1, 4, 2500.0, 0.5]
    # That no task of two uses a term is no certainty: 0 of 2 by Wilson's interval, and of two tasks nearly any rate.
    unused = trend.loc[(2017, "智慧校园")]
    assert (unused["n"], unused["rate"], unused["share"]) == (0, 0.0, 0.0)
    assert unused[["share_low", "share_high"]].round(4).tolist() == [0.0, 0.6576]
    assert unused["rate_low"] == 0 and unused["rate_high"] > 9000
    assert trend["reason"].isna().all()


def test_intervals_of_rates_and_shares_are_those_of_their_functions(tokens):
    trend = measure_trend(tokens, ["网络安全", "APP"], "document_id", unit="task").set_index(["document_id", "term"])
    units = count_by_unit(tokens, unit="task", terms=["网络安全"])
    mine = (units.rows["document_id"] == "fujian-2020").to_numpy()
    row = trend.loc[("fujian-2020", "网络安全")]
    rate = 1e4 * ratio_interval(units.matrix[mine], units.sizes[mine], ["fujian-2020"] * mine.sum())[:, 0]
    assert row[["rate_low", "rate_high"]].tolist() == rate.tolist()
    assert row[["share_low", "share_high"]].tolist() == wilson_interval(row["n_with"], row["n_units"]).tolist()
    # 8 uses in 2 tasks say less than 8 in 8 would: from a tenth to five times the rate.
    row = trend.loc[("national-2019", "APP")]
    assert (
        (row["n"], row["n_with"]) == (8, 2) and row["rate_low"] < row["rate"] / 8 and row["rate_high"] > 4 * row["rate"]
    )


def test_a_group_without_words_in_units_is_nan_with_reason():
    tokens = make_tokens(
        [("a", 2017, 1, "平台"), ("b", 2018, None, "平台"), ("c", 2019, 1, "，"), ("c", 2019, 2, "《平台》")]
    )
    trend = measure_trend(tokens, ["平台"], unit="task")
    assert trend["reason"].tolist() == [
        "one task a document: no interval",
        "no counted word in a task",
        "no counted word in a task",
    ]
    assert trend["rate"].isna().tolist() == [False, True, True] and trend["share"].isna().tolist() == [
        False,
        True,
        True,
    ]
    assert trend["rate_low"].isna().all() and trend["n_outside"].tolist() == [0, 1, 0]


def test_the_unit_is_the_task_only_where_all_documents_have_tasks(small, tokens):
    assert choose_unit(small) == "task"
    assert choose_unit(make_tokens([("a", 2017, 1, "平台"), ("b", 2017, None, "平台")])) == "paragraph"
    assert set(measure_trend(make_tokens([("a", 2017, None, "平台")]), "平台")["unit"]) == {"paragraph"}


def test_trend_depends_on_neither_order_nor_other_groups(tokens):
    terms = ["网络安全", "平台"]
    whole = measure_trend(tokens, terms, ["level", "year"])
    backwards = pd.concat([part for _, part in reversed(list(tokens.groupby("document_id", observed=True)))])
    pd.testing.assert_frame_equal(measure_trend(backwards, terms, ["level", "year"]), whole)
    alone = measure_trend(tokens[tokens["year"] == 2017], terms, ["level", "year"])
    pd.testing.assert_frame_equal(alone, whole[whole["year"] == 2017].reset_index(drop=True))


def test_intervals_hold_the_estimate(tokens):
    trend = measure_trend(tokens, ["网络安全", "推进"], "document_id")
    for name in ("rate", "share"):
        assert (trend[f"{name}_low"] <= trend[name]).all() and (trend[name] <= trend[f"{name}_high"]).all()
    assert (trend["share"] == trend["n_with"] / trend["n_units"]).all()


def test_changing_terms(tokens):
    from scipy.stats import chi2_contingency

    national = tokens[tokens["level"] == "national"]
    found = find_changing_terms(national).set_index("term")
    counts = count_terms(national, "year").pivot_table(index="term", columns="year", values="n", fill_value=0)
    totals = counts.sum()
    for term in found.index[:5]:
        table = np.array([counts.loc[term], totals - counts.loc[term]])
        assert found.loc[term, "g2"] == pytest.approx(
            chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
        )


def test_unknown_terms_are_answered_with_near_ones(tokens):
    with pytest.raises(PolicylabError) as error:
        check_known(tokens, ["网络安全", "学习空间", "教育信息化建设", "zzz"])
    assert str(error.value) == (
        "3 of 4 terms are no words of these tokens:"
        "\n  学习空间: near are 学习, 空间, 网络学习空间, 网络学习空间人人通."
        "\n  教育信息化建设: near are 信息, 信息化, 建设, 教育, 教育信息化."
        "\n  zzz: nothing is near."
        "\n  Where the text has a term but the segmenter cuts it, add it: Segmenter([*load_terms()['term'], 'your term'])."
        " Notebook 02 does so with its parameter terms."
    )


def test_missing_columns_are_reported_with_the_way_to_join(corpus):
    tokens = tokenize(corpus.paragraphs)
    with pytest.raises(PolicylabError) as error:
        measure_trend(tokens, ["平台"], ["level", "year"])
    assert str(error.value) == (
        "The table tokens has no columns level, year. It has document_id, paragraph, position, token, canonical, start, end, mask."
        " Tokens of a corpus have it: tokens = lab.tokenize(corpus); for other tables: lab.join_corpus(table, corpus)"
    )


def test_joining_keeps_rows_and_order(corpus, tokens):
    plain = tokenize(corpus.paragraphs)
    pd.testing.assert_frame_equal(tokens[plain.columns], plain)
    expected = corpus.paragraphs.set_index(["document_id", "paragraph"])["task"]
    sample = tokens.sample(200, random_state=1)
    for row in sample.itertuples():
        task = expected[row.document_id, row.paragraph]
        assert (pd.isna(task) and pd.isna(row.task)) or task == row.task
    assert (
        tokens.groupby("document_id", observed=True)["year"].first().to_dict()
        == corpus.documents.set_index("document_id")["year"].to_dict()
    )


def test_tokens_of_another_corpus_are_refused(corpus):
    tokens = tokenize(pd.DataFrame({"document_id": ["x"], "paragraph": [1], "text": ["平台"]}))
    with pytest.raises(PolicylabError) as error:
        join_corpus(tokens, corpus)
    assert str(error.value) == (
        "The corpus has no {'document_id': 'x', 'paragraph': 1}. Join the tokens with the corpus that they were made from."
    )


def test_an_unknown_unit_is_reported(small):
    with pytest.raises(PolicylabError) as error:
        lab.measure_trend(small, ["平台"], unit="sentence")
    assert (
        str(error.value)
        == "unit='sentence' is unknown. Use one of 'task', 'section', 'paragraph', 'document', or None."
    )


def test_overlapping_places_are_counted():
    whole = count_nested(make_tokens([("a", 2017, 1, "人人人")], Segmenter(["人人人"])), "人人")
    assert whole.values.tolist() == [["人人", 0, 2, 2, 0, "人人人 1"]]
    cut = count_nested(make_tokens([("a", 2017, 1, "人人人")], Segmenter(["人人"])), "人人")
    assert cut.values.tolist() == [["人人", 1, 0, 1, 1, ""]]


def test_nested_counts_need_whole_paragraphs(small):
    with pytest.raises(PolicylabError) as error:
        count_nested(small[small["mask"].isna()], "校园")
    assert str(error.value) == (
        "Some tokens of a paragraph are missing or moved. Pass all tokens of tokenize; masked ones are left out by themselves."
    )


def test_a_blank_term_has_no_nested_counts(small):
    with pytest.raises(PolicylabError) as error:
        count_nested(small, ["平台", ""])
    assert str(error.value) == "term='' is nothing to look for. Give a text of one character or more."


def test_nested_counts_of_paragraphs_with_names():
    texts = pd.DataFrame({"document_id": "a", "paragraph": ["p1", "p2"], "text": ["数字校园", "数字校园"]})
    assert count_nested(tokenize(texts, SEGMENTER), "校园").values.tolist() == [["校园", 0, 2, 2, 0, "数字校园 2"]]


def test_a_term_that_is_given_twice_has_one_column(small):
    counts = cast_matrix(small, terms=["平台", "数字校园", "平台"])
    assert counts.terms == ["平台", "数字校园"] and counts.matrix.toarray().tolist() == [[2, 3], [2, 1]]


@pytest.mark.parametrize("values", [[-1, None, -1], ["x", None, "x"], [1.5, None, 1.5], [True, None, True]])
def test_tokens_without_a_value_have_no_row(values):
    texts = pd.DataFrame({"document_id": ["a", "b", "c"], "paragraph": 1, "text": "平台"})
    tokens = tokenize(texts, SEGMENTER).assign(group=pd.array(values))
    counts = cast_matrix(tokens, ["group"])
    assert counts.rows["group"].tolist() == [values[0]] and counts.matrix.toarray().tolist() == [[2]]


def test_changing_terms_leave_out_tokens_without_a_year(small):
    gap = make_tokens([("a", None, 1, "平台平台"), ("b", 2017, 1, "平台平台平台"), ("c", 2019, 1, "平台平台数字校园")])
    found = find_changing_terms(gap, terms=["平台"])
    assert found["n"].tolist() == [5]
    pd.testing.assert_frame_equal(found, find_changing_terms(gap[gap["year"].notna()], terms=["平台"]))


def test_without_rows_no_terms_change(small):
    for tokens in (small.head(0), small.assign(year=pd.NA)):
        found = find_changing_terms(tokens)
        assert found.empty and list(found.columns) == ["term", "n", "g2", "span"]


def test_a_trend_over_nothing_is_refused(small):
    with pytest.raises(PolicylabError) as error:
        measure_trend(small, ["平台"], by=[])
    assert str(error.value) == "by=[] names no column. Name one or more that divide the tokens, such as by='year'."


def test_only_tokens_are_advised_to_be_joined():
    with pytest.raises(PolicylabError) as error:
        need_columns(pd.DataFrame(columns=["document_id"]), ["year"], "shares")
    assert str(error.value) == "The table shares has no column year. It has document_id."


# --- tables that others made


@pytest.mark.parametrize("dtype", ["int16", "Int64", "float64", "object", "str", "category"])
def test_the_type_of_a_group_column_changes_no_number(tokens, dtype):
    expected = measure_trend(tokens, ["网络安全"]).drop(columns=["year", "year_end"])
    trend = measure_trend(tokens.assign(year=tokens["year"].astype(dtype)), ["网络安全"])
    for column in ("year", "year_end"):
        assert trend[column].astype(float).tolist() == [2017, 2019, 2020]
    pd.testing.assert_frame_equal(trend.drop(columns=["year", "year_end"]), expected)


def test_a_plan_over_several_years_is_no_document_of_its_first_year():
    texts = {"a": "数字校园建设", "b": "数字校园和数字校园", "c": "平台建设"}
    paragraphs = pd.DataFrame({"document_id": [*texts], "paragraph": 1, "text": [*texts.values()]})
    tokens = tokenize(paragraphs)
    names = tokens["document_id"].astype(str)
    tokens = tokens.assign(task=1, year=names.map({"a": 2021, "b": 2021, "c": 2023}))
    tokens["year_end"] = names.map({"b": 2025}).astype("Int64")
    trend = measure_trend(tokens, ["数字校园"])
    assert trend[["year", "year_end", "n", "n_documents"]].values.tolist() == [
        [2021, 2021, 1, 1],
        [2021, 2025, 2, 1],
        [2023, 2023, 0, 1],
    ]
    found = find_changing_terms(tokens, terms=["数字校园"])
    assert found["g2"].iloc[0] > find_changing_terms(tokens.drop(columns="year_end"), terms=["数字校园"])["g2"].iloc[0]


def test_groups_of_periods_are_counted(tokens):
    periods = pd.cut(tokens["year"].astype(int), [2016, 2018, 2020])
    trend = measure_trend(tokens.assign(period=periods), ["网络安全"], by="period")
    years = measure_trend(tokens, ["网络安全"]).set_index("year")["n"]
    assert trend["n"].tolist() == [years[2017], years[2019] + years[2020]]


def test_a_year_outside_the_periods_is_left_out(tokens):
    periods = pd.cut(tokens["year"].astype(int), [2016, 2018])
    trend = measure_trend(tokens.assign(period=periods), ["网络安全"], by="period")
    years = measure_trend(tokens, ["网络安全"]).set_index("year")["n"]
    assert trend["n"].tolist() == [years[2017]]
    whole = pd.Categorical(tokens["year"].astype(int).where(tokens["year"] == 2017))
    assert cast_matrix(tokens.assign(only=whole), "only").rows["only"].tolist() == [2017]


def test_documents_may_be_numbered():
    texts = pd.DataFrame({"document_id": [7, 7, 8], "paragraph": [1, 2, 1], "text": ["平台建设", "平台", "建设平台"]})
    trend = measure_trend(tokenize(texts).assign(task=1), "平台", by="document_id", unit="paragraph")
    assert trend[["document_id", "n", "n_tokens"]].values.tolist() == [[7, 2, 3], [8, 1, 2]]


def test_a_token_column_without_categories_counts_alike(tokens):
    plain = tokens.astype({"token": "str"})
    pd.testing.assert_frame_equal(measure_trend(plain, ["网络安全"]), measure_trend(tokens, ["网络安全"]))
    assert cast_matrix(plain).terms == cast_matrix(tokens).terms
    assert (cast_matrix(plain).matrix != cast_matrix(tokens).matrix).nnz == 0


def test_one_term_may_be_a_string(small):
    counts = cast_matrix(small, terms="平台")
    assert counts.terms == ["平台"] and counts.matrix.toarray().tolist() == [[2], [2]]


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda t: cast_matrix(t, ()),
            "by=() names no column. Name one or more whose values are the rows, such as document_id.",
        ),
        (lambda t: measure_trend(t, [5]), "term=5 is nothing to look for. Give a text of one character or more."),
        (lambda t: select_terms(t, min_n=0.5), "min_n=0.5: expected a whole number of 0 or more."),
        (lambda t: find_changing_terms(t, ["year"]), "by=['year']: expected the name of one column."),
        (lambda t: count_nested(t, ["\n"]), "term='\\n' is nothing to look for. Give a text of one character or more."),
        (
            lambda t: cast_matrix(t.assign(year=[2017, "二〇一九"] * (len(t) // 2) + [1] * (len(t) % 2)), "year"),
            "The column year holds values that have no order (types int, str). "
            "Give them one type: tokens['year'] = tokens['year'].astype('str').",
        ),
    ],
)
def test_what_cannot_be_counted_is_reported(small, call, message):
    with pytest.raises(PolicylabError) as error:
        call(small)
    assert str(error.value) == message


def test_a_column_named_twice_counts_once(small):
    pd.testing.assert_frame_equal(count_terms(small, ["year", "year"]), count_terms(small, "year"))
    assert measure_trend(small, ["平台"], by=["year", "year"]).columns.tolist().count("year") == 1


def test_changes_between_true_and_false(tokens):
    late = tokens.assign(late=tokens["year"] > 2018)
    expected = find_changing_terms(tokens.assign(late=(tokens["year"] > 2018).astype(str)), "late")
    pd.testing.assert_frame_equal(find_changing_terms(late, "late"), expected)
