"""Statistics against arithmetic by hand, against scipy, and against the formulas written out naively."""

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from policylab.base.errors import PolicylabError
from policylab.words.keyness import _simultaneous, compare_terms, measure_dispersion, select_leading_terms
from policylab.words.segment import tokenize
from policylab.words.statistics import deviation_of_proportions, g2_table, log_dice, log_odds

COUNT = st.integers(0, 500)


@given(COUNT, COUNT, st.integers(501, 5000), st.integers(501, 5000))
def test_g2_is_scipys(n_a, n_b, total_a, total_b):
    if n_a + n_b == 0:
        return
    table = [[n_a, n_b], [total_a - n_a, total_b - n_b]]
    expected = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert g2_table([[n_a, n_b]], [total_a, total_b])[0] == pytest.approx(expected, abs=1e-8)


def test_g2_by_hand():
    # 10 of 100 against 30 of 100: expected are 20 and 20, 80 and 80.
    expected = 2 * (10 * math.log(0.5) + 30 * math.log(1.5) + 90 * math.log(9 / 8) + 70 * math.log(7 / 8))
    assert g2_table([[10, 30]], [100, 100])[0] == pytest.approx(expected)
    assert g2_table([[20, 20]], [100, 100])[0] == 0


@given(st.lists(COUNT, min_size=4, max_size=4), st.lists(COUNT, min_size=4, max_size=4), st.floats(1, 1e4))
def test_log_odds_is_the_formula_of_the_paper(y_a, y_b, prior):
    # Monroe, Colaresi & Quinn 2008, equations 16, 18 and 22, word by word.
    n_a, n_b = sum(y_a), sum(y_b)
    background = [(a + b + 1) / (n_a + n_b + 4) for a, b in zip(y_a, y_b)]
    alpha = [prior * share for share in background]
    difference, error = log_odds(np.array(y_a), np.array(y_b), n_a, n_b, np.array(alpha), prior)
    for w in range(4):
        first = math.log((y_a[w] + alpha[w]) / (n_a + prior - y_a[w] - alpha[w]))
        second = math.log((y_b[w] + alpha[w]) / (n_b + prior - y_b[w] - alpha[w]))
        variance = 1 / (y_a[w] + alpha[w]) + 1 / (y_b[w] + alpha[w])
        assert difference[w] == pytest.approx(first - second)
        assert difference[w] / error[w] == pytest.approx((first - second) / math.sqrt(variance))


def test_log_dice_by_hand():
    assert log_dice(3, 6, 10) == pytest.approx(14 + math.log2(6 / 16))
    assert np.isnan(log_dice(0, 6, 10))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 300)), min_size=2, max_size=8))
def test_dispersion_is_the_formula_and_stays_within_its_range(parts):
    counts, sizes = zip(*parts)
    if not sum(counts):
        return
    dp, dp_norm = (values[0] for values in deviation_of_proportions(np.array(counts)[:, None], sizes))
    shares = [size / sum(sizes) for size in sizes]
    expected = sum(abs(count / sum(counts) - share) for count, share in zip(counts, shares)) / 2
    assert dp == pytest.approx(expected) and dp_norm == pytest.approx(expected / (1 - min(shares)))
    assert -1e-9 <= dp_norm <= 1 + 1e-9


def test_dispersion_by_hand():
    # Gries 2008: parts of 10, 20 and 70 percent, all uses in the smallest, then as the sizes are.
    dp, dp_norm = deviation_of_proportions(np.array([[5, 1, 0], [0, 2, 0], [0, 7, 0]]), [10, 20, 70])
    assert dp.tolist()[:2] == pytest.approx([0.9, 0.0]) and dp_norm.tolist()[:2] == pytest.approx([1.0, 0.0])
    assert np.isnan(dp[2]) and np.isnan(dp_norm[2])


def test_dispersion_in_one_part_is_undefined():
    dp, dp_norm = deviation_of_proportions(np.array([[5]]), [10])
    assert dp.tolist() == [0.0] and np.isnan(dp_norm[0])
    dp, dp_norm = deviation_of_proportions(np.array([[0]]), [0])  # a part without words
    assert np.isnan(dp[0]) and np.isnan(dp_norm[0])


def test_dispersion_table(tokens):
    table = measure_dispersion(tokens, "document_id", terms=["推进", "密码"]).set_index(["document_id", "term"])
    assert table.loc[("fujian-2020", "密码"), ["n", "reason"]].tolist() == [0, "does not occur"]
    assert np.isnan(table.loc[("fujian-2020", "密码"), "dp_norm"])
    assert table["unit"].eq("task").all()
    # One task that cryptography has for itself: as uneven as can be.
    assert (table.xs("密码", level="term")["dp_norm"].dropna() > 0.98).all()
    assert (table.xs("推进", level="term")["dp_norm"] < 0.6).all()


@pytest.fixture(scope="module")
def compared(tokens):
    return compare_terms(tokens[tokens["level"] == "national"], "year", 2019, 2017, n_resamples=300)


def test_raw_frequencies_are_those_of_the_tokens(tokens, compared):
    kept = tokens[tokens["mask"].isna() & tokens["task"].notna() & (tokens["level"] == "national")]
    counts = kept.groupby(["year", "token"], observed=True).size()
    for row in compared.itertuples():
        assert row.n_a == counts.get((2019, row.term), 0) and row.n_b == counts.get((2017, row.term), 0)
    assert compared["n_tokens_a"].unique().tolist() == [int((kept["year"] == 2019).sum())]
    assert compared["rate_a"].tolist() == pytest.approx((1e4 * compared["n_a"] / compared["n_tokens_a"]).tolist())


def test_compared_columns_hold_together(compared):
    both = compared["occurs"] == "both"
    ratio = np.log2(compared["rate_a"][both] / compared["rate_b"][both])
    assert (
        compared["log_ratio"][both].tolist() == pytest.approx(ratio.tolist())
        and compared["log_ratio"][~both].isna().all()
    )
    assert compared["z"].is_monotonic_decreasing
    assert ((compared["low"] < compared["log_odds"]) | compared["low"].isna()).all()
    band = compared.dropna(subset="low")
    assert (band["apart"] == ((band["low"] > 0) | (band["high"] < 0))).all() and compared["apart"][
        compared["low"].isna()
    ].isna().all()
    assert compared["dp_norm_b"][compared["occurs"] == "only a"].isna().all()


def test_emerging_terms_have_a_reason(compared):
    row = compared.set_index("term").loc["人工智能"]
    assert row[["occurs", "n_b", "reason"]].tolist() == ["only a", 0, "not in 2017"]
    assert "关键信息基础设施" in set(compared["term"])


def test_swapping_the_groups_changes_signs_only(tokens, compared):
    swapped = compare_terms(tokens[tokens["level"] == "national"], "year", 2017, 2019, n_resamples=300).set_index(
        "term"
    )
    one = compared.set_index("term")
    for name, sign in [("log_odds", -1), ("z", -1), ("log_ratio", -1), ("g2", 1)]:
        assert swapped.loc[one.index, name].tolist() == pytest.approx((sign * one[name]).tolist(), nan_ok=True)
    assert swapped.loc[one.index, "n_b"].tolist() == one["n_a"].tolist()


def test_compared_depends_on_neither_order_nor_seedless_chance(tokens):
    backwards = pd.concat([part for _, part in reversed(list(tokens.groupby("document_id", observed=True)))])
    one, other = (
        compare_terms(frame, "level", "provincial", "national", n_resamples=50) for frame in (tokens, backwards)
    )
    pd.testing.assert_frame_equal(one, other)
    assert one["note"].unique().tolist() == ["year differs too: 2019, 2020 against 2017, 2019"]


def test_the_band_seldom_parts_groups_that_are_one(tokens):
    # Tasks of one document split into two heaps at random: whatever the band shows is chance.
    plan = tokens[tokens["document_id"] == "national-2019"]
    parted = 0
    for seed in range(20):
        heap = np.random.default_rng(seed).permutation(np.arange(36) % 2)
        halves = plan.assign(heap=heap[plan["task"].fillna(0).astype(int)])
        parted += bool(compare_terms(halves, "heap", 0, 1, n_resamples=200, seed=seed)["apart"].any())
    assert parted <= 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("level", "municipal", "national"), "The column level has no 'municipal'. It has 'national', 'provincial'."),
        (("year", 2018, 2017), "The column year has no 2018. It has 2017, 2019, 2020."),
        (
            ("year", "2019", "2017"),
            "The column year has no '2019'. It has 2017, 2019, 2020. Its values are no texts: write 2019 without quotation marks.",
        ),
        (("year", 2017, 2017), "Both groups are 2017. Give two values of the column year."),
        (
            ("stage", 1, 2),
            "The table tokens has no column stage. It has document_id, paragraph, position, token, canonical, start, end, mask, part, goal, section, task,"
            " title, level, region, year, year_end, document_number, issuer, issued, source.",
        ),
    ],
)
def test_wrong_groups_are_refused(tokens, arguments, message):
    with pytest.raises(PolicylabError) as error:
        compare_terms(tokens, *arguments)
    assert str(error.value) == message


def test_a_group_without_words_is_reported(tokens):
    silent = tokens.assign(mask=tokens["mask"].where(tokens["year"] != 2017, "title"))
    with pytest.raises(PolicylabError) as error:
        compare_terms(silent, "year", 2019, 2017, unit="task")
    assert str(error.value) == "year 2017 has no counted word in a task. Compare other groups, or use unit='paragraph'."


def test_a_paragraph_without_words_is_not_sent_to_paragraphs(tokens):
    silent = tokens.assign(mask=tokens["mask"].where(tokens["year"] != 2017, "title"))
    with pytest.raises(PolicylabError) as error:
        compare_terms(silent, "year", 2019, 2017, unit="paragraph")
    assert str(error.value) == "year 2017 has no counted word in a paragraph. Compare other groups."


@pytest.mark.parametrize("prior", [0, -1, math.inf, math.nan, "x", None, True])
def test_a_prior_that_is_no_number_of_words_is_refused(tokens, prior):
    with pytest.raises(PolicylabError) as error:
        compare_terms(tokens, "year", 2019, 2017, prior=prior)
    assert str(error.value) == (
        f"prior={prior!r}: expected a finite number of words above 0. Without a prior the log-odds of a missing term are infinite."
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        *[("n_resamples", value, "40 or more for 95% intervals, or 0 for none.") for value in (-1, 39, 40.5, None)],
        *[("seed", value, "0 or more.") for value in (-1, "x")],
    ],
)
def test_numbers_of_resampling_out_of_range_are_refused(tokens, name, value, expected):
    with pytest.raises(PolicylabError) as error:
        compare_terms(tokens, "year", 2019, 2017, **{name: value})
    assert str(error.value) == f"{name}={value!r}: expected a whole number of {expected}"


def test_groups_of_mixed_types_are_refused(tokens):
    mixed = tokens.assign(year=tokens["year"].astype(object).where(tokens["year"] != 2019, "2019"))
    message = (
        "The column year holds values that have no order (types int, str). "
        "Give them one type: tokens['year'] = tokens['year'].astype('str')."
    )
    for call in (
        lambda: compare_terms(mixed, "year", "2019", 2017),
        lambda: compare_terms(mixed, "level", "provincial", "national"),  # whose note would name the years
        lambda: measure_dispersion(mixed, terms=["平台"], by="year"),
        lambda: measure_dispersion(mixed, terms=["平台"], by=["level", "year"]),
    ):
        with pytest.raises(PolicylabError) as error:
            call()
        assert str(error.value) == message


@pytest.mark.parametrize(
    ("kinds", "a", "b"),
    [
        (["Int64"], 2019, 2017),
        (["category"], 2019, 2017),
        (["str"], "2019", "2017"),
        (["str", "category"], "2019", "2017"),
    ],
)
def test_years_may_be_of_any_kind(tokens, kinds, a, b):
    other = tokens
    for kind in kinds:
        other = other.assign(year=other["year"].astype(kind))
    terms = ["平台", "网络安全", "人工智能"]
    pd.testing.assert_frame_equal(
        compare_terms(tokens, "year", 2019, 2017, terms=terms, n_resamples=40).drop(columns=["a", "b"]),
        compare_terms(other, "year", a, b, terms=terms, n_resamples=40).drop(columns=["a", "b"]),
    )
    one, two = (measure_dispersion(frame, terms=terms, by="year") for frame in (tokens, other))
    pd.testing.assert_frame_equal(one.drop(columns="year"), two.drop(columns="year"))
    assert two["year"].astype("str").tolist() == one["year"].astype("str").tolist()


def test_no_resamples_are_reported_as_the_reason(tokens):
    compared = compare_terms(tokens, "year", 2019, 2017, terms=["平台", "人工智能"], n_resamples=0).set_index("term")
    assert compared["reason"].to_dict() == {
        "平台": "n_resamples=0: no band",
        "人工智能": "not in 2017; n_resamples=0: no band",
    }
    assert compared[["low", "high", "apart"]].isna().all(axis=None)


def make_groups(*sizes):
    """Groups a, b of as many paragraphs; those of one group, and of both, are of unequal length."""
    rows = [(name, i, "平台" + "推进" * (3 * k + i)) for k, name in enumerate("ab") for i in range(1, sizes[k] + 1)]
    return tokenize(pd.DataFrame(rows, columns=["document_id", "paragraph", "text"]))


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        ((2, 1), "one paragraph in b: no dp_norm_b; too few paragraphs to split (3 ways, 20 are needed): no band"),
        ((3, 3), "too few paragraphs to split (10 ways, 20 are needed): no band"),  # the other 10 change a and b
        ((1, 19), "one paragraph in a: no dp_norm_a"),
        ((2, 5), None),
        ((4, 4), None),
    ],
)
def test_few_units_have_no_band(sizes, reason):
    (row,) = compare_terms(make_groups(*sizes), "document_id", "a", "b", terms=["推进"], unit="paragraph").to_dict(
        "records"
    )
    assert (None if pd.isna(row["reason"]) else row["reason"]) == reason
    assert pd.isna(row["low"]) == pd.isna(row["high"]) == pd.isna(row["apart"]) == ("no band" in str(reason))
    assert [pd.isna(row[f"dp_norm_{side}"]) for side in "ab"] == [size == 1 for size in sizes]


@pytest.mark.parametrize("prior", [500, 0.1])
@pytest.mark.filterwarnings("error")
def test_a_word_without_others_has_no_odds(prior):
    texts = pd.DataFrame({"document_id": list("aaaabbbb"), "paragraph": range(8), "text": "平台"})
    compared = compare_terms(tokenize(texts), "document_id", "a", "b", terms=["平台"], prior=prior, unit="paragraph")
    assert compared["reason"].tolist() == ["no other word is counted: no log_odds"]
    assert compared[["log_odds", "z", "low", "high", "apart"]].isna().all(axis=None)
    assert compared[["n_a", "n_b", "rate_a", "g2", "dp_norm_a"]].values.tolist() == [[4, 4, 1e4, 0, 0]]


def test_documents_that_use_a_term_by_hand():
    texts = {"a": ["平台", "平台推进", "平台"], "b": ["平台", "教师"], "c": ["推进", "平台", "推进"]}
    rows = [(name, i, text) for name, tasks in texts.items() for i, text in enumerate(tasks, 1)]
    tokens = tokenize(pd.DataFrame(rows, columns=["document_id", "paragraph", "text"]))
    tokens = tokens.assign(task=tokens["paragraph"], side=np.where(tokens["document_id"] == "c", "one", "two"))
    compared = compare_terms(tokens, "side", "two", "one", terms=["平台", "推进"], n_resamples=0).set_index("term")
    columns = [f"{name}_{side}" for name in ("n_with", "n_units", "n_documents") for side in "ab"]
    assert compared.loc["平台", columns].tolist() == [4, 1, 5, 3, 2, 1]
    assert compared.loc["推进", columns].tolist() == [1, 2, 5, 3, 1, 1]
    whole = compare_terms(tokens, "side", "two", "one", terms=["推进"], unit="document", n_resamples=0)
    assert whole[columns].values.tolist() == [[1, 1, 2, 1, 1, 1]]


def test_terms_that_one_document_carries_by_hand():
    # Twelve words in each document. 平台: 6, 1 and 1 of group one; without the first document 2 of 24 words instead of 8
    # of 36 are 3/8 of the rate, less than half. 推进: 4, 2, 2 are 4/24 against 8/36, or 3/4.
    texts = {
        "a": ("平台", 6, "推进", 4),
        "b": ("平台", 1, "推进", 2),
        "c": ("平台", 1, "推进", 2),
        "d": ("教师", 11, "平台", 1),
    }
    rows = []
    for name, (one, n_one, other, n_other) in texts.items():
        words = [one] * n_one + [other] * n_other
        rows.append((name, 1, "，".join(words + ["培训"] * (12 - len(words)))))
    tokens = tokenize(pd.DataFrame(rows, columns=["document_id", "paragraph", "text"]))
    tokens = tokens.assign(side=np.where(tokens["document_id"] == "d", "two", "one"))
    options = {"terms": ["平台", "推进", "教师"], "unit": "paragraph", "n_resamples": 0}
    compared = compare_terms(tokens, "side", "one", "two", **options).set_index("term")
    assert compared.loc["平台", ["largest_a", "largest_b", "carried"]].tolist() == [0.75, 1, True]
    assert compared.loc["推进", ["largest_a", "carried"]].tolist() == [0.5, False]
    # 教师 is a word of the group of one document, of which nothing else can be expected.
    assert compared["carried"].isna().tolist() == (compared.index == "教师").tolist()
    assert compared["largest_b"].isna().tolist() == (compared.index == "推进").tolist()
    swapped = compare_terms(tokens, "side", "two", "one", **options).set_index("term")
    assert swapped["carried"].equals(compared["carried"].reindex(swapped.index))


def test_a_long_document_does_not_carry_what_it_only_has_its_share_of():
    texts = pd.DataFrame(
        {"document_id": list("abc"), "paragraph": 1, "text": ["平台，教师，教师" * 8, "平台，教师，教师", "教师" * 9]}
    )
    tokens = tokenize(texts).assign(side=lambda table: np.where(table["document_id"] == "c", "two", "one"))
    row = compare_terms(tokens, "side", "one", "two", terms=["平台"], unit="document", n_resamples=0).iloc[0]
    assert row["largest_a"] == pytest.approx(8 / 9) and not row["carried"]


def test_carried_terms_by_leaving_documents_out(tokens):
    """Against the definition: the rate of the group without each of its documents."""
    words = tokens[tokens["mask"].isna() & tokens["task"].notna()]
    compared = compare_terms(tokens, "level", "national", "provincial", n_resamples=0).set_index("term")
    for term, row in compared.iterrows():
        own = words[words["level"] == ("national" if row["log_odds"] > 0 else "provincial")]
        uses, size = (own["token"] == term).groupby(own["document_id"].astype(str)).agg(["sum", "size"]).to_numpy().T
        rates = (uses.sum() - uses) / (size.sum() - size)
        assert row["carried"] == (rates < uses.sum() / size.sum() / 2).any(), term


def test_leading_terms_are_first_those_apart():
    columns = {"term": list("甲乙丙丁戊己庚"), "z": [5.0, 4, 4, 1, 0, -2, -3]}
    table = pd.DataFrame(columns | {"apart": pd.array([False, True, True, True, False, True, pd.NA], dtype="boolean")})
    assert "".join(select_leading_terms(table, 9)["term"]) == "丙乙丁甲庚己"
    assert "".join(select_leading_terms(table, 2)["term"]) == "丙乙庚己"
    assert "".join(select_leading_terms(table.iloc[::-1], 1)["term"]) == "丙己"
    assert select_leading_terms(table.head(0), 5).empty
    with pytest.raises(PolicylabError) as raised:
        select_leading_terms(table, 0)
    assert str(raised.value) == "n=0: expected a whole number of 1 or more."
    with pytest.raises(PolicylabError) as raised:
        select_leading_terms(table[["term", "z"]], 5)
    assert str(raised.value) == "The table compared has no column apart. It has term, z."


def test_dispersion_needs_two_units():
    texts = pd.DataFrame({"document_id": list("aab"), "paragraph": range(3), "text": ["平台", "推进平台", "平台推进"]})
    table = measure_dispersion(tokenize(texts), "document_id", terms=["平台"], unit="paragraph")
    table["reason"] = table["reason"].fillna("")
    assert table[["document_id", "n_units", "reason"]].values.tolist() == [["a", 2, ""], ["b", 1, "one paragraph"]]
    assert table["dp_norm"].isna().tolist() == [False, True]


def test_units_that_are_all_alike_have_no_band():
    texts = pd.DataFrame({"document_id": list("aaaabbbb"), "paragraph": range(8), "text": "推进平台"})
    compared = compare_terms(tokenize(texts), "document_id", "a", "b", terms=["平台"], unit="paragraph")
    assert compared["reason"].tolist() == ["all random splits are alike: no band"] and compared["low"].isna().all()


def test_groups_without_words_stay_in_the_dispersion(tokens):
    silent = tokens.assign(mask=tokens["mask"].where(tokens["year"] != 2017, "title"))
    table = measure_dispersion(silent, terms=["平台"], by=["year", "year"], unit="task")
    assert table["year"].tolist() == [2017, 2019, 2020]
    row = table.loc[0, ["n", "n_with", "n_units", "dp", "dp_norm", "reason"]].tolist()
    assert row[:3] == [0, 0, 0] and np.isnan(row[3:5]).all() and row[5] == "no counted word in a task"
    pd.testing.assert_frame_equal(table[1:], measure_dispersion(tokens, terms=["平台"], by="year", unit="task")[1:])


@pytest.mark.parametrize("by", [(), "year", ["level", "year"]])
def test_dispersion_of_nothing_is_an_empty_table(tokens, by):
    kinds = measure_dispersion(tokens, terms=["平台"], by=by).dtypes
    for nothing in (tokens[:0], tokens.assign(mask="title")):
        table = measure_dispersion(nothing, by=by)
        assert table.empty and table.columns.tolist() == kinds.index.tolist()
        assert table.dtypes[-8:].equals(kinds[-8:])  # all but the columns of by


def test_compared_terms_by_counting(tokens):
    # Everything from the raw rows: counts by Counter, equations 16, 18 and 22 of Monroe, Colaresi & Quinn 2008.
    prior, terms = 300, ["网络安全", "平台", "人工智能"]
    compared = compare_terms(tokens, "year", 2019, 2017, terms=terms, prior=prior, n_resamples=40).set_index("term")
    counts = {"all": Counter(), 2019: Counter(), 2017: Counter()}
    for row in tokens[["token", "mask", "task", "year"]].itertuples(index=False):
        if pd.isna(row.mask) and pd.notna(row.task):
            counts["all"][row.token] += 1
            if row.year in counts:
                counts[row.year][row.token] += 1
    total = {name: counter.total() for name, counter in counts.items()}
    for term in terms:
        alpha = prior * counts["all"][term] / total["all"]
        y = {year: counts[year][term] + alpha for year in (2019, 2017)}
        odds = {year: y[year] / (total[year] + prior - y[year]) for year in y}
        delta = math.log(odds[2019]) - math.log(odds[2017])
        row = compared.loc[term]
        assert row[["n_a", "n_b"]].tolist() == [counts[2019][term], counts[2017][term]]
        assert row["log_odds"] == pytest.approx(delta)
        assert row["z"] == pytest.approx(delta / math.sqrt(1 / y[2019] + 1 / y[2017]))
        assert row["rate_a"] == pytest.approx(1e4 * counts[2019][term] / total[2019])


def test_terms_of_one_z_are_in_the_order_of_characters(tokens):
    compared = compare_terms(tokens, "year", 2019, 2017, n_resamples=0)
    same = compared["z"].diff() == 0
    assert same.sum() > 10 and (compared["term"] > compared["term"].shift())[same].all()


def test_every_term_is_measured_by_its_own_spread():
    splits = np.random.default_rng(1).standard_normal((4000, 3)) * [1, 5, 0]
    reach = _simultaneous(splits)
    assert reach[1] / reach[0] == pytest.approx(5, rel=0.05) and np.isnan(reach[2])
    inside = (np.abs(splits[:, :2]) <= reach[:2]).all(axis=1)
    assert inside.mean() == pytest.approx(0.95, abs=0.001)


def test_a_third_group_does_not_change_the_unit(tokens):
    gap = tokens.assign(task=tokens["task"].where(tokens["year"] != 2020))
    assert compare_terms(gap, "year", 2019, 2017, terms=["平台"], n_resamples=0)["unit"].tolist() == ["task"]
    assert compare_terms(gap, "year", 2019, 2020, terms=["平台"], n_resamples=0)["unit"].tolist() == ["paragraph"]
