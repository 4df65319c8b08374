"""One promise for every interval: names, order and other documents change nothing; and each document is drawn by itself."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

import policylab as lab
from policylab.base.resampling import (
    draw_units,
    explain_gap,
    hash_bags,
    hash_texts,
    interval,
    split_units,
    sum_resamples,
)
from policylab.recipes import compare_documents

THREE = ["a", "a", "a", "b", "b", "b", "c"]  # a document for each unit
CONTENTS = np.array([3, 1, 2, 1, 2, 3, 9])  # a and b hold the same units in another order


def draw(documents, contents, n_resamples=2000, seed=0):
    return {name: drawn for name, _, drawn in draw_units(documents, contents, n_resamples, seed)}


# --- the draws themselves


def test_every_document_is_drawn_as_often_as_it_has_units():
    drawn = draw(THREE, CONTENTS)
    assert {name: own.shape for name, own in drawn.items()} == {"a": (2000, 3), "b": (2000, 3), "c": (2000, 1)}
    assert all((own.sum(axis=1) == own.shape[1]).all() for own in drawn.values())
    # With replacement: a unit is drawn once on average, with the variance of a multinomial, n · 1/n · (1 - 1/n).
    assert np.allclose(drawn["a"].mean(axis=0), 1, atol=0.06) and np.allclose(drawn["a"].var(axis=0), 2 / 3, atol=0.06)


def test_documents_with_as_many_units_are_drawn_apart():
    drawn = draw(THREE, CONTENTS)
    joint = np.corrcoef(np.hstack([drawn["a"], drawn["b"]]), rowvar=False)
    assert np.abs(joint[:3, 3:]).max() < 0.1


def test_documents_of_equal_content_are_drawn_apart():
    drawn = draw(["a", "a", "a", "b", "b", "b"], np.array([1, 2, 3, 1, 2, 3]))
    joint = np.corrcoef(np.hstack([drawn["a"], drawn["b"]]), rowvar=False)
    assert np.abs(joint[:3, 3:]).max() < 0.1


def test_draws_depend_on_content_and_seed_alone():
    drawn = draw(THREE, CONTENTS)
    renamed = draw(["z", "z", "z", "y", "y", "y", "x"], CONTENTS)
    moved = draw(["c", "b", "b", "b", "a", "a", "a"], CONTENTS[[6, 3, 4, 5, 0, 1, 2]])
    more = draw([*THREE, "d", "d"], np.array([*CONTENTS, 5, 5]))
    for name, other in zip("abc", "zyx"):
        for own in (renamed[other], moved[name], more[name]):
            assert (own == drawn[name]).all()
    assert (draw(THREE, CONTENTS, seed=1)["a"] != drawn["a"]).any()
    assert (draw(THREE, CONTENTS + 1)["a"] != drawn["a"]).any()


def test_sums_do_not_depend_on_the_order_of_documents():
    counts, contents = (
        np.array([[0.1], [0.2], [0.3]]),
        np.array([1, 2, 3]),
    )  # added from the end they make 0.6, and not ...01
    one, other = (sum_resamples([3, 1, 2], contents[rows], counts[rows], 40, 0) for rows in ([0, 1, 2], [2, 1, 0]))
    assert (one == other).all()
    counts, contents = np.array([[0.1], [0.2], [0.7], [0.1], [0.2], [0.7]]), np.array([1, 2, 3, 1, 2, 3])
    one, other = (sum_resamples(list(names), contents, counts, 40, 0) for names in ("aaabbb", "bbbaaa"))
    assert (one == other).all()


def test_fewer_resamples_are_the_first_of_many():
    few, many = (draw(THREE, CONTENTS, n)["a"] for n in (40, 100))
    assert (many[:40] == few).all()
    assert draw(THREE, CONTENTS, 0)["a"].shape == (0, 3) and draw([], np.empty(0), 40) == {}


def test_splits_depend_neither_on_order_nor_on_which_group_is_first():
    contents = np.array([5, 3, 8, 1, 7])
    order = np.array([4, 2, 0, 3, 1])
    splits = split_units(contents, 2, 1000, seed=0)
    assert (splits.sum(axis=1) == 2).all() and np.allclose(splits.mean(axis=0), 2 / 5, atol=0.06)
    assert (split_units(contents[order], 2, 1000, seed=0) == splits[:, order]).all()
    assert (split_units(contents, 3, 1000, seed=0) == ~splits).all()
    assert (split_units(contents, 2, 1000, seed=1) != splits).any()


def test_units_with_several_numbers_are_split_in_the_order_of_all_of_them():
    contents = np.array([[1, 2], [1, 1], [0, 3]])
    splits = split_units(contents, 1, 50, seed=0)
    assert (split_units(contents[::-1], 1, 50, seed=0) == splits[:, ::-1]).all()


def test_numbers_of_words_know_no_vocabulary():
    one = hash_bags(csr_array([[2, 0, 1], [0, 1, 0]]), ["平台", "网络", "安全"])
    other = hash_bags(csr_array([[0, 0, 1, 2]]), ["网络", "学校", "安全", "平台"])
    assert one[0] == other[0] and one[0] != one[1]
    assert one[0] != hash_bags(csr_array([[1, 1]]), ["平台", "安全"])[0]
    # Another version of a library must not change it: all intervals would move.
    assert hash_texts(["平台", "平台", "\ud800"]).tolist()[:2] == [12967653280803861294] * 2


def test_intervals_are_percentiles_of_what_is_defined():
    values = np.arange(1001.0)
    gaps = np.where(values < 961, np.nan, values)  # 40 are left
    few = np.where(values < 962, np.nan, values)
    low, high = interval(np.column_stack([values, gaps, few, np.full(1001, 0.1) + 1e-16 * values]))
    assert low[:2].tolist() == [25.0, 961.975] and high[:2].tolist() == [975.0, 999.025]
    assert np.isnan([low[2:], high[2:]]).all()
    assert explain_gap(few) == "fewer than 40 resamples have a value"


# --- every measure that has an interval


@pytest.fixture(scope="module")
def shares(tokens, corpus):
    return lab.join_corpus(lab.fit_topics(tokens, 5, method="nmf").shares, corpus)


NAMES = {"chongqing-2019": "z", "fujian-2020": "y", "national-2017": "x", "national-2019": "w"}
BACK = {new: old for old, new in NAMES.items()}


def rename(table, names=NAMES):
    """The table with other ids, and the documents in the order of these."""
    columns = [column for column in ("document_id", "reference_id") if column in table]
    renamed = table.assign(**{column: table[column].astype("str").replace(names) for column in columns})
    return renamed.sort_values(columns[0], kind="stable", ignore_index=True) if columns else renamed


TERMS = ["平台", "网络安全", "人工智能", "推进"]
TASKS = {"unit": "task", "n_resamples": 40}
OF_TOKENS = {
    "trend of levels": lambda tokens: lab.measure_trend(tokens, TERMS, "level", unit="task"),
    "trend of documents": lambda tokens: lab.measure_trend(tokens, TERMS, "document_id", unit="task"),
    "attention": lambda tokens: lab.measure_attention(tokens, unit="task"),
    "dispersion": lambda tokens: lab.measure_dispersion(tokens, "document_id", terms=TERMS, unit="task"),
    "words of levels": lambda tokens: lab.compare_terms(tokens, "level", "provincial", "national", **TASKS),
    "topics": lambda tokens: lab.fit_topics(tokens, 4, seed=1).terms,
    "stability of topics": lambda tokens: lab.measure_stability(tokens, 4, method="nmf", seed=1, n_refits=3),
    "shuffled topics": lambda tokens: pd.DataFrame(
        {"cutoff": [lab.recipes.measure_null_stability(tokens, 4, method="nmf", seed=1, n_shuffles=1)]}
    ),
}


@pytest.mark.parametrize("measure", OF_TOKENS.values(), ids=OF_TOKENS)
def test_other_names_change_nothing(tokens, measure):
    expected, renamed = measure(tokens), measure(rename(tokens))
    # Only what is summed over units may differ, in the last digit.
    pd.testing.assert_frame_equal(rename(renamed, BACK), rename(expected, {}), rtol=1e-12)


def test_other_names_change_no_consistency(tokens):
    expected = lab.measure_consistency(tokens, "national-2019", **TASKS)
    renamed = lab.measure_consistency(rename(tokens), NAMES["national-2019"], **TASKS)
    pd.testing.assert_frame_equal(rename(renamed, BACK), rename(expected, {}), check_exact=True)
    # Nor does it matter which of the two is the reference.
    turned = lab.measure_consistency(tokens, "fujian-2020", **TASKS).set_index("document_id").loc["national-2019"]
    row, columns = expected.set_index("document_id").loc["fujian-2020"], ["low", "high", "random", "random_low"]
    assert turned[columns].tolist() == row[columns].tolist()


def test_other_names_change_no_prevalence(shares):
    for by in ("document_id", "level"):
        expected = lab.measure_prevalence(shares, by, n_resamples=40)
        renamed = lab.measure_prevalence(rename(shares), by, n_resamples=40)
        pd.testing.assert_frame_equal(rename(renamed, BACK), rename(expected, {}), check_exact=True)
    one, other = (
        lab.compare_prevalence(table, "level", "national", "provincial", n_resamples=40)
        for table in (shares, rename(shares))
    )
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_other_names_change_no_measure_of_an_alignment(corpus):
    pairs = lab.align_tasks(corpus, "chongqing-2019", "national-2019")
    tables = {name: table for name, table in vars(corpus).items() if hasattr(table, "columns")}
    renamed = replace(corpus, **{name: rename(table) for name, table in tables.items() if "document_id" in table})
    for measure in (lab.summarize_alignment, lab.measure_coverage):
        expected, other = measure(corpus, pairs, n_resamples=40), measure(renamed, rename(pairs), n_resamples=40)
        pd.testing.assert_frame_equal(rename(other, BACK), expected, check_exact=True)
        # What decides is the text.
        rewritten = replace(corpus, tasks=corpus.tasks.assign(title="一、"))
        if measure is lab.summarize_alignment:
            assert (measure(rewritten, pairs, n_resamples=40)["low"] - expected["low"]).abs().max() > 0


def test_other_names_change_no_agreement():
    pytest.importorskip("krippendorff")
    codes = [[1, 2, 3, 3, 2, 1, 4, 1, 2, 2], [1, 2, 3, 3, 2, 2, 4, 1, 2, 3]]
    rows = [(f"d{i % 3}", i, coder, "tool", code) for coder, row in enumerate(codes) for i, code in enumerate(row)]
    table = pd.DataFrame(rows, columns=["document_id", "paragraph", "coder", "variable", "code"])
    renamed = table.replace({"document_id": {"d0": "z", "d1": "y", "d2": "x"}}).sample(frac=1, random_state=1)
    one, other = (lab.measure_agreement(given, n_resamples=40) for given in (table, renamed))
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert one["low"].notna().all()


ALONE = {
    "trend": lambda tokens: lab.measure_trend(tokens, TERMS, "document_id", unit="task"),
    "attention": lambda tokens: lab.measure_attention(tokens, unit="task"),
    "dispersion": lambda tokens: lab.measure_dispersion(tokens, "document_id", terms=TERMS, unit="task"),
    "consistency": lambda tokens: lab.measure_consistency(tokens, "national-2019", **TASKS),
    "likeness": lambda tokens: compare_documents(tokens, unit="task"),
}


@pytest.mark.parametrize("measure", ALONE.values(), ids=ALONE)
def test_a_further_document_changes_nothing(tokens, measure):
    some = measure(tokens[tokens["document_id"].isin(["fujian-2020", "national-2019"])])
    all_of_them = measure(tokens)
    same = all_of_them["document_id"].isin(some["document_id"])
    if "reference_id" in some:
        same &= all_of_them["reference_id"].isin(some["reference_id"])
    numbers = some.select_dtypes("number").columns
    pd.testing.assert_frame_equal(all_of_them.loc[same, numbers].reset_index(drop=True), some[numbers])


def test_a_further_document_changes_no_prevalence(shares):
    some = lab.measure_prevalence(shares[shares["document_id"] == "fujian-2020"], n_resamples=40)
    all_of_them = lab.measure_prevalence(shares, n_resamples=40)
    same = all_of_them[all_of_them["document_id"] == "fujian-2020"].reset_index(drop=True)
    pd.testing.assert_frame_equal(same, some)


def test_terms_that_are_listed_change_no_draw(tokens):
    one, all_of_them = (lab.measure_trend(tokens, terms, "level", unit="task") for terms in (TERMS[:1], TERMS))
    pd.testing.assert_frame_equal(all_of_them[all_of_them["term"] == TERMS[0]].reset_index(drop=True), one)


def test_topics_of_two_documents_are_drawn_apart():
    columns = ["document_id", "task", "topic", "share", "n_tokens"]
    rows = [("a", 1, 1, 1.0, 5), ("a", 2, 1, 0.0, 5), ("b", 1, 1, 0.0, 5), ("b", 2, 1, 1.0, 5)]
    shares = pd.DataFrame(rows, columns=columns).assign(level="national")
    table = lab.measure_prevalence(shares, "level", n_resamples=200)
    assert table[["low", "high"]].values.tolist() == [[0.0, 1.0]]


def test_topics_decide_between_documents_with_as_many_words():
    generator = np.random.default_rng(0)
    rows = [(name, task, 1, generator.random(), 5) for name in ("a", "b") for task in range(9)]
    shares = pd.DataFrame(rows, columns=["document_id", "task", "topic", "share", "n_tokens"]).assign(level="national")
    one, other = (
        lab.measure_prevalence(shares.replace({"document_id": names}), "level", n_resamples=40)
        for names in ({}, {"a": "z"})
    )
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_parts_of_one_document_are_compared():
    rows = [("a", task, 1, share, 5) for task, share in enumerate([0.0, 1.0, 0.5, 0.5, 0.5])]
    shares = pd.DataFrame(rows, columns=["document_id", "task", "topic", "share", "n_tokens"])
    table = lab.compare_prevalence(shares.assign(half=[1, 1, 2, 2, 2]), "half", 1, 2, n_resamples=200)
    assert table[["difference", "low", "high"]].values.tolist() == [[0.0, -0.5, 0.5]]


def test_equal_documents_on_either_side_have_a_difference_with_an_interval():
    columns = ["document_id", "task", "topic", "share", "n_tokens"]
    rows = [(name, task, 1, task - 1.0, 5) for name in ("a", "b") for task in (1, 2)]
    table = lab.compare_prevalence(pd.DataFrame(rows, columns=columns), "document_id", "a", "b", n_resamples=200)
    assert table[["difference", "low", "high"]].values.tolist() == [[0.0, -1.0, 1.0]]


def test_a_document_and_its_copy_have_a_consistency_with_an_interval(tokens):
    one = tokens[tokens["document_id"] == "fujian-2020"].astype({"document_id": "str"})
    both = pd.concat([one, one.assign(document_id="copy")], ignore_index=True).astype({"token": "category"})
    row = lab.measure_consistency(both, "copy", **TASKS).iloc[0]
    assert row["consistency"] == pytest.approx(1) and row["low"] < 1
