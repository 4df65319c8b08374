"""Figures and readings of words: the data are the picture, nothing overlaps, nothing to draw is said and not drawn."""

import dataclasses
import os
import re
import subprocess
import sys
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from marks import (
    BLUE,
    LEVELS,
    ORANGE,
    assert_places,
    assert_readable,
    assert_written,
    find_sample,
    find_text,
    list_boxes,
    list_lines,
    list_marks,
    list_texts,
    make_axis,
    read_axes,
    read_rows,
    read_texts,
    select,
)

import policylab as lab
from policylab.base.paths import PACKAGE
from policylab.base.proportions import FEWEST_CARRYING
from policylab.language.terms import gloss_terms, list_unglossed
from policylab.language.years import name_years
from policylab.plots.kit.page import MM_PER_POINT, text_width
from policylab.plots.kit.presets import page_width
from policylab.plots.kit.style import MM_PER_INCH

DRAWS = 40


@pytest.fixture(scope="module")
def counts(tokens, selection):
    counts = lab.count_terms(tokens, ["level"])
    return counts[counts["term"].isin(selection.vocabulary)]


@pytest.fixture(scope="module")
def sensitivity(corpus):
    return lab.recipes.measure_sensitivity(corpus.paragraphs)


@pytest.fixture(scope="module")
def draw(trend, by_level, counts, sensitivity, attention, tokens, selection, corpus):
    """For every figure by name what draws it in a language: (figure, data)."""
    consistency = lab.recipes.compare_consistency(tokens, selection, n_resamples=DRAWS)
    richness = lab.measure_richness(tokens)
    return {
        "trends": lambda language: lab.plot_trends(trend, corpus.documents, language=language),
        "comparison": lambda language: lab.plot_comparison(by_level, language=language),
        "clouds": lambda language: lab.plot_clouds(counts, language=language),
        "sensitivity": lambda language: lab.recipes.plot_sensitivity(sensitivity, language=language),
        "attention": lambda language: lab.plot_concepts(attention, corpus, "attention", language=language),
        "richness": lambda language: lab.plot_concepts(richness, corpus, "richness", language=language),
        "consistency": lambda language: lab.plot_consistency(consistency, corpus, language=language),
    }


@pytest.fixture(scope="module")
def drawn(draw):
    """Draw a figure by name and language, once: (figure, data)."""
    return cache(lambda name, language: draw[name](language))


def make_trend(years, terms=("甲词",), n=100):
    rows = [("national", year, term, "task", n, 5000, n / 0.5, n / 0.6, n / 0.4, 9) for term in terms for year in years]
    columns = ["level", "year", "term", "unit", "n", "n_tokens", "rate", "rate_low", "rate_high", "n_with"]
    return pd.DataFrame(rows, columns=columns).assign(n_documents=1)


def make_documents(years):
    return pd.DataFrame({"document_id": map(str, years), "level": "national", "region": "全国", "year": years})


# --- what every figure keeps


@pytest.mark.parametrize("preset", ["nature", "cn-journal"])  # the largest page and the smallest
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "name", ["trends", "comparison", "clouds", "sensitivity", "attention", "richness", "consistency"]
)
def test_nothing_overlaps_and_nothing_is_too_small(draw, drawn, name, language, preset):
    lab.use_preset(preset)
    figure, data = drawn(name, language) if preset == "nature" else draw[name](language)
    assert_readable(figure)
    assert len(data)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_low_page_has_fewer_rows_with_a_note(sensitivity, attention, by_level, corpus, language, monkeypatch):
    for module in (lab.plots.words, lab.plots.concepts, lab.plots.comparison):
        monkeypatch.setattr(module, "page_height", lambda: 60)
    for plot, arguments, table, n in [
        (lab.recipes.plot_sensitivity, (), sensitivity, 11),
        (lab.plot_concepts, (corpus, "attention"), attention, 7),
    ]:
        figure, data = plot(table, *arguments, language=language)
        assert data["label"].nunique() == n and figure.get_figheight() * MM_PER_INCH <= 60
        assert_readable(figure)
        note = {"zh": r"另有 \d+ 个(词|概念)未画出。", "en": r"\d+ more (terms|concepts) are not drawn\."}[language]
        assert any(re.fullmatch(note, text) for text in read_texts(figure))
    figure, data = lab.plot_comparison(by_level, language=language)
    assert (data["z"] > 0).tolist() == [True] * 3 + [False] * 3
    assert_readable(figure)


def test_no_data_no_figure(corpus, trend, by_level, counts, sensitivity, attention, tokens, selection):
    consistency = lab.recipes.compare_consistency(tokens, selection, n_resamples=DRAWS)
    for plot, table, arguments in [
        (lab.plot_trends, trend, (corpus.documents,)),
        (lab.plot_comparison, by_level, ()),
        (lab.plot_clouds, counts, ()),
        (lab.recipes.plot_sensitivity, sensitivity, ()),
        (lab.plot_concepts, attention, (corpus, "attention")),
        (lab.plot_consistency, consistency, (corpus,)),
    ]:
        figure, data = plot(table.iloc[:0], *arguments)
        assert figure is None and data.empty


def test_the_order_of_rows_does_not_matter(corpus, trend, by_level, counts, drawn):
    mixed = trend.iloc[::-1].sort_values("term", kind="stable", key=lambda terms: terms.map(list(trend["term"]).index))
    again = {
        "trends": lab.plot_trends(mixed, corpus.documents),
        "comparison": lab.plot_comparison(by_level.sample(frac=1, random_state=1)),
    }
    for name, (_, data) in again.items():
        pd.testing.assert_frame_equal(data, drawn(name, "zh")[1])
    few = counts.groupby("level", observed=True).head(10)
    mixed = few.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(lab.plot_clouds(mixed)[1], lab.plot_clouds(few)[1])


# --- trends


def test_marks_of_trends(drawn):
    figure, data = drawn("trends", "en")
    texts, marks, lines = list_texts(figure), list_marks(figure), list_lines(figure)
    assert len(figure.axes) == 1 + data["term"].nunique()
    for i, (_, points) in enumerate(data.groupby("term", sort=False), start=1):
        rates = make_axis(texts[texts["axes"] == i], "y")
        assert rates.values[0] == 0
        left, right = figure.axes[i].get_position().intervalx * page_width()
        inside = texts["x"].between(left - 0.01, right) & (texts["axes"] == 0)
        years = texts[inside & (texts["y"] - rates.places[0]).between(0, 4)]
        above = texts[inside & (texts["y"] < rates.places[-1])].sort_values("y")
        assert above["text"].iloc[-1].replace("\n", " ") == points["label"].iloc[0]
        years = make_axis(years)
        for side, (level, own) in zip((-1, 1), points.groupby("level"), strict=True):
            name, colour, _ = LEVELS[level]
            look = find_sample(figure, name)
            assert look["face"] == colour
            # Where two levels share a year they stand side by side.
            x, y = years.place(own["year"]) + 0.6 * side, rates.place(own["rate"])
            few = (own["n_with"] < FEWEST_CARRYING).to_numpy()
            assert_places(select(marks, look, axes=i), x=x[~few], y=y[~few])
            hollow = dict(look) | {"face": "#ffffff", "edge": colour}
            assert_places(
                select(marks, axes=i, **{k: hollow[k] for k in ("face", "edge", "marker") if k in hollow}),
                x=x[few],
                y=y[few],
            )
            own_lines = select(lines, axes=i, colour=colour)
            low, high = (rates.place(own[f"rate_{end}"]) for end in ("low", "high"))
            assert_places(own_lines[own_lines["x0"] == own_lines["x1"]], x0=x, y0=high, y1=low)
            joined = (own["line"].diff() == 0).to_numpy()[1:]
            ends = {"x0": x[:-1], "y0": y[:-1], "x1": x[1:], "y1": y[1:]}
            level_lines = own_lines[own_lines["x0"] < own_lines["x1"]]
            assert_places(level_lines, **{name: ends[name][joined] for name in ends})
            (row,) = select(marks, look, rows=[rates.places[0] + 2, rates.places[0] + 9], axes=0, x=left - 2.5)["y"]
            assert_written(figure, text=own["n"].astype(str), x=years.place(own["year"]), y=row)


def test_points_of_different_regions_are_not_joined(drawn):
    figure, data = drawn("trends", "zh")
    one = data[data["term"] == data["term"].iloc[0]]
    assert one[["level", "year", "regions", "line"]].values.tolist() == [
        ["national", 2017, "全国", 1],
        ["national", 2019, "全国", 1],
        ["provincial", 2019, "重庆市", 2],
        ["provincial", 2020, "福建省", 3],
    ]
    lengths = sorted(len(line.get_xdata()) for line in figure.axes[1].lines if line.get_marker() in ("None", ""))
    assert lengths == [1, 1, 2]
    texts = read_texts(figure)
    assert "2017、2020 年只有一个层级的文件：层级之差与年度之差无法区分。" in texts


@pytest.mark.parametrize(("span", "columns"), [(2, 4), (14, 2), (40, 1), (120, 1)])
def test_trends_are_readable_with_two_years_and_with_many(span, columns):
    years = list(range(1900, 1900 + span))
    figure, data = lab.plot_trends(make_trend(years, ["甲词", "乙词", "丙词", "丁词"]), make_documents(years))
    assert_readable(figure)
    assert len({round(axes.get_position().x0, 3) for axes in figure.axes[1:]}) == columns
    assert len(data) == 4 * span


def test_a_term_without_use_or_interval_is_at_zero():
    table = make_trend([2017, 2019])
    table.loc[0, ["n", "n_with", "rate", "rate_low", "rate_high"]] = [0, 0, 0, float("nan"), float("nan")]
    figure, data = lab.plot_trends(table, make_documents([2017, 2019]), language="en")
    assert data["rate"].tolist() == [0, 200]
    bars = [segment for bars in figure.axes[1].collections for segment in bars.get_segments()]
    assert sum(len(bar) == 2 and not pd.isna(bar).any() for bar in bars) == 1
    texts = read_texts(figure)
    assert "Words per point: National 5,000." in texts
    assert any("Hollow: fewer than 5 tasks use the term" in text for text in texts)


def test_trends_that_do_not_fit_are_counted():
    terms = [f"词{i}" for i in range(60)]
    figure, data = lab.plot_trends(make_trend([2017, 2019], terms), make_documents([2017, 2019]))
    n = data["term"].nunique()
    assert n < 60 and data["term"].unique().tolist() == terms[:n]
    assert f"另有 {60 - n} 个词未画出。" in read_texts(figure)


JOINED = {
    "zh": "只连接地区和文件数都相同的点；两点都注明发布单位的，发布单位也须相同。",
    "en": "Points are joined only where regions, number of documents and, if named, issuers are the same.",
}


def draw_behind(language, behind):
    """(lines of the points, what the figure says of them) for (year, number of documents, regions, issuers)."""
    trend = make_trend([year for year, *_ in behind]).assign(n_documents=[n for _, n, *_ in behind])
    rows = [(year, *named) for year, _, regions, issuers in behind for named in zip(regions, issuers, strict=True)]
    documents = pd.DataFrame(rows, columns=["year", "region", "issuer"]).assign(level="national")
    figure, data = lab.plot_trends(trend, documents, language=language)
    assert_readable(figure)
    said = " ".join(read_texts(figure))
    return data["line"].tolist(), said


def test_points_of_one_document_and_of_two_are_not_joined():
    two = (2024, 2, ["全国", "全国"], [None, None])
    ones = [(year, 1, ["全国"], [None]) for year in (2025, 2026)]
    lines, said = draw_behind("zh", [two, *ones])
    assert lines == [1, 2, 2]
    assert f"国家：2 份文件（2024）。{JOINED['zh']}" in said
    assert f"National: 2 documents (2024). {JOINED['en']}" in draw_behind("en", [two, *ones])[1]
    lines, said = draw_behind("zh", ones)
    assert lines == [1, 1] and JOINED["zh"] not in said


def test_a_plan_over_several_years_is_a_horizontal_line():
    trend = make_trend([2020, 2021, 2021, 2022]).assign(year_end=[2020, 2021, 2025, 2022], n_documents=1)
    documents = pd.DataFrame({"year": [2020, 2021, 2021, 2022], "year_end": [None, None, 2025, None]})
    documents = documents.assign(level="national", region="全国", issuer=None)
    for language, note in (
        ("zh", "横线：跨年度文件，频率属于整份文件，不属于其中各年；不与单年文件合并，也不连线。"),
        (
            "en",
            "Horizontal lines: documents about several years; the rate is that of the whole text, not of each year.",
        ),
    ):
        figure, data = lab.plot_trends(trend, documents, language=language)
        assert_readable(figure)
        assert data[["year", "year_end", "line"]].values.tolist() == [
            [2020, 2020, 1],
            [2021, 2021, 1],
            [2021, 2025, 2],
            [2022, 2022, 3],
        ]
        assert note in " ".join(read_texts(figure))
    lines = [line.get_xdata().tolist() for axes in figure.axes for line in axes.lines]
    assert [2021, 2025] in lines and [2023.0] in [[float(x) for x in line] for line in lines]
    with pytest.raises(lab.PolicylabError) as error:
        lab.plot_trends(trend, documents.head(2))
    assert str(error.value) == (
        "The trend has points without documents: national 2021–2025, national 2022. Give the documents that it was made from."
    )


@pytest.mark.parametrize(
    ("issuers", "lines"),
    [(["教育部", "教育部"], [1, 1]), (["教育部", "工业和信息化部"], [1, 2]), (["教育部", None], [1, 1])],
)
def test_points_of_two_issuers_are_not_joined(issuers, lines):
    drawn_lines, said = draw_behind("en", [(2024 + i, 1, ["全国"], [issuer]) for i, issuer in enumerate(issuers)])
    assert drawn_lines == lines
    assert (JOINED["en"] in said) == (lines == [1, 2])


def test_many_documents_behind_points_are_reported_in_short():
    regions = ["福建省", "重庆市", "四川省", "广东省"]
    alike = [(year, 4, regions, [None] * 4) for year in range(2010, 2020)]
    assert draw_behind("zh", alike)[0] == [1] * 10
    single = [(2010 + i, 1, [region], [None]) for i, region in enumerate(regions[:2] * 2)]
    assert "National: Fujian (2010, 2012); Chongqing (2011, 2013). Points" in draw_behind("en", single)[1]
    assert "国家：4 个地区、4 份文件（2010–2019）。" in draw_behind("zh", alike)[1]
    mixed = [(2010 + i, n, regions[: min(n, 4)], [None] * min(n, 4)) for i, n in enumerate(range(1, 9))]
    assert "National: 4 regions, 1–8 documents (2010–2017)." in draw_behind("en", mixed)[1]


def test_trends_by_other_columns_are_refused(tokens, corpus):
    make = 'Make it with lab.measure_trend(tokens, terms, by=["level", "year"]).'
    for by, why in [
        ("region", "it has no column level and no column year"),
        ("year", "it has no column level"),
        (["level", "year", "section"], "it has several rows of one term, level and year"),
    ]:
        trend = lab.measure_trend(tokens, ["平台"], by=by)
        with pytest.raises(lab.PolicylabError) as error:
            lab.plot_trends(trend, corpus.documents)
        assert str(error.value) == f"The figure draws a trend by level and year, and this is none: {why}. {make}"
    trend = lab.measure_trend(tokens, ["平台"], by=["level", "year"])
    with pytest.raises(lab.PolicylabError) as error:
        lab.plot_trends(trend, corpus.documents[["document_id", "level", "year"]])
    assert str(error.value) == "The table documents has no column region. It has document_id, level, year."
    with pytest.raises(lab.PolicylabError) as error:
        lab.plot_trends(trend, corpus.documents[corpus.documents["year"] == 2019])
    expected = "The trend has points without documents: national 2017, provincial 2020."
    assert str(error.value) == f"{expected} Give the documents that it was made from."


def test_years_in_words():
    assert name_years([2012, 2013, 2014, 2016, 2017], "en") == "2012–2014, 2016, 2017"
    assert name_years([2019], "zh") == "2019"


# --- comparison


def test_marks_of_comparison(drawn):
    figure, data = drawn("comparison", "en")
    assert data["z"].is_monotonic_decreasing and (data["log_odds"] > 0).tolist() == [True] * 15 + [False] * 15
    daggers = data["carried"].fillna(False).astype(bool).map({True: " †", False: ""})
    assert 0 < (daggers != "").sum() < 30
    rows, marks, lines = read_rows(figure, data["label"] + daggers), list_marks(figure), list_lines(figure)
    rates, log_odds = read_axes(figure)
    centre, provinces = find_sample(figure, "National"), find_sample(figure, "Provincial")
    assert (centre["face"], provinces["face"]) == (BLUE, "#ffffff")
    a, b = rates.place(data["rate_a"]), rates.place(data["rate_b"])
    assert_places(select(marks, centre, rows), x=a, y=rows)
    assert_places(select(marks, provinces, rows), x=b, y=rows)
    assert_places(
        select(marks, find_sample(figure, "band includes 0"), rows), x=log_odds.place(data["log_odds"]), y=rows
    )
    level = select(lines, rows=rows, y0=lines["y1"], colour="#000000")
    ends = np.concatenate([np.minimum(a, b), log_odds.place(data["low"])])
    others = np.concatenate([np.maximum(a, b), log_odds.place(data["high"])])
    assert_places(level, x0=ends, x1=others, y0=np.tile(rows, 2))
    for side, name in ("a", "National"), ("b", "Provincial"):
        head = marks[(marks["y"] < rows[0]) & (marks["face"] == find_sample(figure, name)["face"])]
        counts = (data[f"{name}_{side}"].astype(str) for name in ("n", "n_with", "n_documents"))
        uses = ["/".join(own) for own in zip(*counts, strict=True)]
        assert_written(figure, text=uses, x=head["x"].item() + 1.5, y=rows)
    assert {"← Provincial", "National →"} <= set(read_texts(figure))
    assert any(
        "The years differ too: National 2017, 2019; Provincial 2019, 2020" in text for text in read_texts(figure)
    )


def test_a_square_is_filled_where_the_band_leaves_out_zero(by_level):
    table = by_level.assign(apart=pd.array([True] + [False] * (len(by_level) - 1), dtype="boolean"))
    figure, data = lab.plot_comparison(table, language="en")
    _, log_odds = read_axes(figure)
    daggers = data["carried"].fillna(False).astype(bool).map({True: " †", False: ""})
    rows, apart = read_rows(figure, data["label"] + daggers), data["apart"].to_numpy(dtype=bool)
    for text, own in ("band excludes 0", apart), ("band includes 0", ~apart):
        squares = select(list_marks(figure), find_sample(figure, text), rows)
        assert_places(squares, x=log_odds.place(data["log_odds"][own]), y=rows[own])
    assert apart.sum() == 1


@pytest.fixture(scope="module")
def provinces(tokens):
    return lab.compare_terms(tokens, "region", "重庆市", "福建省", n_resamples=DRAWS)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_table_of_two_given_groups_is_drawn_and_named(provinces, corpus, language):
    figure, data = lab.plot_comparison(provinces, language=language)
    assert_readable(figure)
    years = {"zh": "年度也不同：重庆市 2019；福建省 2020。", "en": "The years differ too: Chongqing 2019; Fujian 2020."}
    assert years[language] in " ".join(read_texts(figure))
    assert data["n_a"].tolist() == provinces.set_index("term").loc[data["term"], "n_a"].tolist()
    figure, _ = lab.plot_comparison(provinces, language=language, documents=corpus.documents)
    assert_readable(figure)
    n_a, n_b = provinces[["n_tokens_a", "n_tokens_b"]].iloc[0]
    expected = {
        "zh": f"只计任务内的词：重庆市（省级，1 份文件） {n_a:,} 词，福建省（省级，1 份文件） {n_b:,} 词。",
        "en": f"Words counted (in tasks only): Chongqing (Provincial; documents: 1) {n_a:,}; "
        f"Fujian (Provincial; documents: 1) {n_b:,}.",
    }
    assert expected[language] in " ".join(read_texts(figure))


def test_a_comparison_of_years_names_its_level_and_the_documents_of_each_side(tokens, selection, corpus):
    compared = lab.recipes.compare_years(tokens, selection, n_resamples=DRAWS)
    documents = corpus.documents[corpus.documents["level"] == selection.level]
    documents = pd.concat([documents, documents[documents["year"] == 2017]])
    said = " ".join(read_texts(lab.plot_comparison(compared, language="en", documents=documents)[0]))
    n_a, n_b = compared[["n_tokens_a", "n_tokens_b"]].iloc[0]
    assert f"2019 (National; documents: 1) {n_a:,}; 2017 (National; documents: 2) {n_b:,}." in said


def test_levels_are_not_named_twice(by_level, corpus):
    figure, _ = lab.plot_comparison(by_level, language="zh", documents=corpus.documents)
    assert "只计任务内的词：国家（2 份文件） 4,814 词，省级（2 份文件） 4,130 词。" in " ".join(read_texts(figure))


def test_documents_that_do_not_belong_to_a_comparison_are_refused(provinces, by_level, corpus):
    national = corpus.documents[corpus.documents["level"] == "national"]
    for table, documents, expected in [
        (provinces, national, "The documents have none whose region is '重庆市'. Give those that were compared."),
        (by_level, national, "The documents have none whose level is 'provincial'. Give those that were compared."),
        (by_level, national[["year"]], "The table documents has no column level. It has year."),
    ]:
        with pytest.raises(lab.PolicylabError) as error:
            lab.plot_comparison(table, documents=documents)
        assert str(error.value) == expected


@pytest.fixture
def load_texts(load):
    """(corpus, tokens) of documents, each (id, level, region, year, text) without a heading."""

    def build(documents):
        corpus = load(*((*place, f"一、任务\n{text}") for *place, text in documents))
        return corpus, lab.tokenize(corpus)

    return build


def test_without_resampling_nothing_is_said_of_bands(tokens, selection):
    compared = lab.recipes.compare_years(tokens, selection, n_resamples=0)
    texts = " ".join(read_texts(lab.plot_comparison(compared, language="en")[0]))
    assert "No random splits were drawn (n_resamples = 0): there is no band" in texts and "no band" in texts
    assert not any(text in texts for text in ("band includes 0", "band excludes 0", "Too few"))
    said = lab.readings.describe_comparison(compared, language="en")
    assert (
        "No random splits were drawn (n_resamples = 0), so there is no band, and the terms are only described." in said
    )
    assert "None differs" not in said and "**0**" not in said
    assert "没有作随机分组（n_resamples = 0），得不出区间：各词只作描述。" in lab.readings.describe_comparison(
        compared, language="zh"
    )


def test_too_few_units_for_a_band_are_reported(load_texts):
    texts = "推进数字校园建设。数字校园。\n网络安全数字校园。", "加强网络安全，网络安全网络安全。\n网络安全数字校园。"
    corpus, tokens = load_texts(
        [(f"n{year}", "national", "全国", year, text) for year, text in zip((2018, 2019), texts, strict=True)]
    )
    compared = lab.recipes.compare_years(tokens, lab.recipes.choose_selection(tokens, corpus), n_resamples=DRAWS)
    assert "Too few paragraphs, so there is no band" in lab.readings.describe_comparison(compared, language="en")
    texts = " ".join(read_texts(lab.plot_comparison(compared, language="en")[0]))
    assert "Too few paragraphs: there is no band" in texts and "band includes 0" not in texts


def test_words_that_lean_to_no_side_are_not_drawn(by_level):
    level = by_level.assign(z=0.0, log_odds=0.0)
    figure, data = lab.plot_comparison(level)
    assert figure is None and data.empty and "term" in data
    assert "No term is more typical of either side." in lab.readings.describe_comparison(level, language="en")


def test_sentence_figure_and_table_share_one_selection(by_level):
    """The sentence names only terms that the table has as apart, and these are the first of the figure."""
    place = by_level["z"].rank(method="first", ascending=False)
    clear = by_level.assign(apart=pd.array(place.isin([3, 9, 20, 30, 40, 50, 60]) | (place == 380), dtype="boolean"))
    _, data = lab.plot_comparison(clear, language="zh")
    leading = lab.recipes.select_leading_terms(clear, 5)
    assert leading["term"].tolist() == [*data["term"].head(5), *data["term"].tail(5)]
    assert data["apart"].tolist() == [True] * 7 + [False] * 22 + [True]
    for side in (data["z"] > 0) & data["apart"], (data["z"] > 0) & ~data["apart"], (data["z"] < 0) & ~data["apart"]:
        assert data.loc[side, "z"].is_monotonic_decreasing
    said, named = lab.readings.describe_comparison(clear, language="zh"), leading[leading["apart"]]
    a = "、".join(
        f"{row.term}（{row.n_a} : {row.n_b}，文件 {row.n_documents_a} : {row.n_documents_b}）"
        for row in named.itertuples()
        if row.z > 0
    )
    last = named.iloc[-1]
    b = f"{last['term']}（{last['n_a']} : {last['n_b']}，文件 {last['n_documents_a']} : {last['n_documents_b']}）"
    assert f"其中 **8 个**的区间不含 0。偏向国家文件的有 7 个，依次为{a}等。偏向省级文件的有{b}。括号内" in said
    others = set(clear["term"]) - set(named["term"])
    assert not {term for term in others if re.search(rf"[有为、]{re.escape(term)}（\d", said)}
    # With one side only, and with none.
    one = clear.assign(apart=clear["apart"] & (clear["z"] > 0))
    assert "None of these is more typical of provincial documents." in lab.readings.describe_comparison(
        one, language="en"
    )
    none = lab.readings.describe_comparison(clear.assign(apart=False), language="en")
    assert (
        "for **0** of them the band excludes 0. None differs by more than random splits of the tasks do: the terms in the"
        " figure describe these documents and are no evidence of a difference. 13 terms occur only in national documents."
        " 19 terms occur only in provincial documents." in none
    )


def test_terms_that_one_document_carries_are_marked_and_named(by_level):
    first = by_level.sort_values("z", ascending=False)["term"].iloc[0]
    table = by_level.assign(carried=(by_level["term"] == first).astype("boolean"))
    table["apart"] = table["carried"]
    figure, data = lab.plot_comparison(table, language="en")
    assert [text for text in read_texts(figure) if text.endswith(" †")] == [f"{data['label'].iloc[0]} †"]
    note = "†: one document carries the term; without it the rate of the group would be less than half."
    assert note in " ".join(read_texts(figure))
    said = lab.readings.describe_comparison(table, language="en")
    assert (
        f"**Resting on one document each**: {data['label'].iloc[0]}. Without it the rate in the group that uses the term"
        " more would be less than half." in said
    )
    bare = lab.plot_comparison(by_level.assign(carried=pd.NA), language="en")[0]
    assert "†" not in " ".join(read_texts(bare))


def test_documents_are_counted_where_they_say_something(by_level):
    heads = {
        "Uses/tasks/documents": by_level,
        "Uses/tasks": by_level.assign(n_documents_a=1, n_documents_b=1),
        "Uses/documents": by_level.assign(unit="document"),
    }
    for head, table in heads.items():
        texts = read_texts(lab.plot_comparison(table, language="en")[0])
        assert head in texts, head


def test_comparisons_count_uses_as_the_lists_do(load_texts):
    documents = [(f"n{year}", "national", "全国", year, "推进数字校园建设。") for year in (2018, 2019)]
    corpus, tokens = load_texts(documents)
    selection = lab.recipes.choose_selection(tokens, corpus)
    assert selection.min_n == 1
    assert "数字校园" in lab.recipes.compare_years(tokens, selection, n_resamples=DRAWS)["term"].tolist()


def test_a_side_without_counted_words_is_reported(load_texts):
    words = "推进数字校园建设和网络安全工作。\n" * 6
    corpus, tokens = load_texts([("a", "national", "全国", 2018, words), ("b", "national", "全国", 2019, "《法》，。")])
    selection = lab.recipes.choose_selection(tokens, corpus)
    by_year, by_level = (
        lab.recipes.compare_years(tokens, selection, n_resamples=DRAWS),
        lab.recipes.compare_levels(tokens, selection, n_resamples=DRAWS),
    )
    assert by_year.empty and by_level.empty
    expected = "There is nothing to compare: there is only one group, one side has no counted words, or no word is frequent enough to be listed."
    assert (
        lab.readings.describe_comparison(by_year, language="en")
        == lab.readings.describe_comparison(by_level, language="en")
        == expected
    )


# --- clouds


def test_marks_of_clouds(drawn):
    figure, data = drawn("clouds", "en")
    texts, boxes = list_texts(figure), list_boxes(figure)
    listed = data[data["bar"]]
    rows = read_rows(figure, listed["label"])
    parts = zip(read_axes(figure), listed.groupby("level"), data.groupby("level"), strict=True)
    for rates, (level, own), (_, words) in parts:
        name, _, tint = LEVELS[level]
        y = rows[(listed["level"] == level).to_numpy()]
        ends = rates.place(own["rate"])
        assert f"{name} ({own['n_tokens'].iloc[0]:,} words)" in set(texts.loc[texts["y"] < y[0], "text"])
        assert_places(select(boxes, rows=y, face=tint), left=rates.place(0), right=ends, y=y)
        assert_written(figure, text=own["n"].astype(str), x=ends + 1, y=y)
        # Words beside the bars: black those that have one, each about where its row says.
        cloud = texts[(texts["x"] > max(ends) + 5) & texts["y"].between(y[0] - 4, y[-1] + 4)].set_index("text")
        placed = words.dropna(subset="size").set_index("label")
        assert set(placed.index) == set(cloud.index)
        cloud = cloud.loc[placed.index]
        assert (cloud["size"] - placed["size"]).abs().max() < 1e-3
        assert (cloud["colour"] == "#000000").tolist() == placed["bar"].tolist()
        assert np.ptp(cloud["x"] - placed["x"]) < 1 and np.ptp(cloud["y"] - placed["y"] - cloud["size"] * 0.3) < 1


def test_areas_in_the_cloud_follow_rates(drawn):
    for language in ("zh", "en"):
        data = drawn("clouds", language)[1].dropna(subset="size")
        ratio = data["size"] ** 2 / data["rate"]
        spread = ratio.groupby(data["level"]).agg(lambda values: values.max() / values.min())
        assert (spread < 1.2).all(), spread


def test_words_in_the_cloud_lie_beside_the_bars_and_inside_the_page(drawn):
    figure, data = drawn("clouds", "zh")
    placed = data.dropna(subset="size")
    right = placed["x"] + [text_width(row.label, row.size) for row in placed.itertuples()]
    longest = max(patch.get_x() + patch.get_width() for patch in figure.axes[0].patches)
    assert (placed["x"] >= 0).all() and (right <= page_width() - longest + MM_PER_POINT).all()
    bars = [patch.get_width() for patch in figure.axes[0].patches]
    rates = data[data["bar"]]["rate"].tolist()
    first = sum(data[data["bar"]]["level"] == "national")
    assert [width / bars[0] for width in bars[:first]] == pytest.approx([rate / rates[0] for rate in rates[:first]])


def test_clouds_have_the_same_bytes_in_other_processes(tmp_path):
    script = """if True:
        import sys
        import pandas as pd
        import policylab as lab
        from policylab.output.provenance import Provenance
        terms = [chr(0x4E00 + 3 * i) + chr(0x5E00 + i) for i in range(40)]
        counts = pd.DataFrame({"level": "national", "term": terms, "n": range(60, 20, -1), "n_tokens": 5000})
        record = Provenance("02_terms", {"language": "zh"}, "", {}, "")
        figure, data = lab.plot_clouds(counts.assign(rate=2.0 * counts["n"]))
        lab.save_figure(figure, "term-clouds-zh", data, record, folder=sys.argv[1])
        """
    processes = []
    for seed in ("0", "123"):
        environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent), "PYTHONUTF8": "1", "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", script, str(tmp_path / seed)]
        processes.append(subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, encoding="utf-8"))
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0), ("", 0)]
    one, other = ({path.name: path.read_bytes() for path in (tmp_path / seed).iterdir()} for seed in ("0", "123"))
    assert len(one) == 5 and one == other


# --- ranks


def test_marks_of_sensitivity(drawn, sensitivity):
    figure, data = drawn("sensitivity", "en")
    assert data.loc[(data["variant"] == "no lexicon") & (data["term"] == "教育信息化"), "reason"].item() == (
        "no word of this variant"
    )
    assert data.loc[(data["variant"] == "base") & data["n"].isna(), "rank"].dropna().gt(30).all()
    rows = dict(enumerate(read_rows(figure, data.drop_duplicates("row")["label"]), start=1))
    y = data["row"].map(rows)
    heads = list_texts(figure).query("ha == 'center' and size == 6")
    assert [text.replace("\n", " ") for text in heads["text"]] == [
        *("base", "no dictionary", "no guessed words", "no stop list", "words in 《》 counted", "numerals counted"),
    ]
    x = data["variant"].map(dict(zip(dict.fromkeys(sensitivity["variant"]), heads["x"], strict=True)))
    assert_written(figure, text=[f"{rank:.0f}" if rank == rank else "–" for rank in data["rank"]], x=x, y=y)
    moved = (data["variant"] != "base") & data["rank"].notna() & (data["shift"] != 0)
    assert_places(list_boxes(figure), x=x[moved], y=y[moved])
    known = moved & data["shift"].notna()
    assert_written(figure, text=[f"{abs(shift):.0f}" for shift in data["shift"][known]], x=x[known] + 3.1, y=y[known])
    for marker, own in ("^", known & (data["shift"] > 0)), ("v", known & (data["shift"] < 0)):
        assert_places(select(list_marks(figure), marker=marker), x=x[own] + 1.9, y=y[own])


# --- concepts


@pytest.mark.parametrize("measure", ["attention", "richness"])
def test_marks_of_concepts(drawn, corpus, measure):
    figure, data = drawn(measure, "en")
    boxes, lines, texts = list_boxes(figure), list_lines(figure), list_texts(figure)
    assert data["document_id"].unique().tolist() == lab.summarize_documents(corpus)["document_id"].tolist()
    names = {"national-2017": "National 2017", "national-2019": "National 2019"}
    names |= {"chongqing-2019": "Chongqing 2019", "fujian-2020": "Fujian 2020"}
    rows = read_rows(figure, data["label"].unique())
    for shares, (document_id, own) in zip(read_axes(figure), data.groupby("document_id", sort=False), strict=True):
        head = texts[texts["text"].str.startswith(names[document_id])]
        assert shares.values[0] == 0 and head["x"].item() == pytest.approx(shares.places[0])
        tint, last = LEVELS[own["level"].iloc[0]][2], shares.place(own[measure].max())
        column = boxes[boxes["left"].between(shares.places[0] - 1, last)]
        ends = shares.place(own[measure])
        assert_places(select(column, face=tint), left=shares.places[0], right=ends, y=rows)
        numbers = (
            own["n"].map("{:,}".format)
            if measure == "attention"
            else own["n_used"].astype(str) + "/" + own["n_terms"].astype(str)
        )
        edge = texts[texts["text"].isin(numbers) & texts["x"].gt(shares.places[-1]) & (texts["ha"] == "right")][
            "x"
        ].min()
        assert_written(figure, text=numbers, x=edge, y=rows)
        bars = select(lines, colour="#000000", y0=lines["y1"])
        bars = bars[bars["x0"].between(shares.places[0] - 0.1, edge) & bars["width"].eq(0.6)]
        if measure == "attention":
            assert_places(bars, x0=shares.place(own["low"]), x1=shares.place(own["high"]), y0=rows)
        else:
            assert bars.empty


def test_marks_of_concepts_in_narrow_columns(attention, corpus):
    """Columns without a scale: a bar of the share that the note names would fill its column but 1.5 mm."""
    ids = [f"d{i:02}" for i in range(36)]
    documents = pd.concat([corpus.documents.iloc[[0, -1]]] * 18, ignore_index=True)
    documents = documents.assign(document_id=ids, year=range(1990, 2026), region="福建省")
    own = attention[attention["document_id"] == "fujian-2020"]
    own = own.assign(attention=np.linspace(0.05, 0.38, len(own)), low=0.03, high=np.linspace(0.1, 0.4, len(own)))
    table = pd.concat([own.assign(document_id=name) for name in ids], ignore_index=True)
    many = SimpleNamespace(**(vars(corpus) | {"documents": documents}))
    figure, data = lab.plot_concepts(table, many, "attention", language="en")
    assert_readable(figure)
    assert data["document_id"].unique().tolist() == ids[2:]
    texts = read_texts(figure)
    assert "The latest 34 of 36 documents are shown." in texts and any(
        "Every column runs from 0 to 40%." in text for text in texts
    )
    rows = dict(zip(own["concept"], read_rows(figure, data["label"].unique()), strict=True))
    y = data["concept"].map(rows)
    lines = list_lines(figure)
    lefts = np.unique(lines["x0"][(lines["x0"] == lines["x1"])].round(6))
    assert len(lefts) == 34
    left, per_unit = data["document_id"].map(dict(zip(ids[2:], lefts, strict=True))), (lefts[1] - lefts[0] - 1.5) / 0.4
    boxes, bars = list_boxes(figure), select(lines, rows=rows.values(), y0=lines["y1"], width=0.6)
    for level, (_, _, tint) in LEVELS.items():
        these = data["level"] == level
        ends = left[these] + data["attention"][these] * per_unit
        assert_places(select(boxes, face=tint), left=left[these], right=ends, y=y[these])
    assert_places(bars, x0=left + data["low"] * per_unit, x1=left + data["high"] * per_unit, y0=y)


def test_ticks_of_small_shares_show_where_they_stand(attention, corpus):
    small = attention.assign(**{name: attention[name] * 0.125 for name in ("attention", "low", "high")})
    figure, _ = lab.plot_concepts(small, corpus, "attention", language="en")
    assert read_axes(figure)[0].values == [0, 0.025, 0.05, 0.075]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_axis_of_shares_has_more_than_its_ends(drawn, language):
    ticks = {text for text in read_texts(drawn("richness", language)[0]) if text.endswith("%")}
    assert len(ticks) >= 2


def test_marks_of_consistency(drawn):
    figure, data = drawn("consistency", "en")
    names = {"national-2017": "National 2017", "chongqing-2019": "Chongqing 2019", "fujian-2020": "Fujian 2020"}
    rows, marks, lines = read_rows(figure, data["document_id"].map(names)), list_marks(figure), list_lines(figure)
    (axis,) = read_axes(figure)
    grey = select(list_boxes(figure), rows=rows)
    assert_places(grey, left=axis.place(data["random_low"]), right=axis.place(data["random_high"]), y=rows)
    bars = select(lines, rows=rows, y0=lines["y1"])
    assert_places(bars, x0=axis.place(data["low"]), x1=axis.place(data["high"]), y0=rows)
    for level, (_, colour, _) in LEVELS.items():
        own = (data["level"] == level).to_numpy()
        dots = select(marks, rows=rows, marker="o", face=colour)
        assert_places(dots, x=axis.place(data["consistency"][own]), y=rows[own])
    rings = select(marks, find_sample(figure, "over terms"), rows)
    assert_places(rings, x=axis.place(data["term_consistency"]), y=rows)
    assert_written(figure, text=data["n_mentions"].astype(str), x=page_width() - 1, y=rows)
    assert {
        find_sample(figure, "over concepts")["face"],
        *select(marks, rows=[find_text(figure, "over concepts")["y"]])["face"],
    } >= {BLUE, ORANGE}


def test_lagged_pairs_are_labelled(drawn):
    texts = read_texts(drawn("consistency", "en")[0])
    assert ["2 years apart", "same year", "1 year apart"] == [
        text for text in texts if "year" in text and len(text) < 20
    ]


# --- what is looked at


def test_terms_that_are_given_are_kept_and_unknown_ones_are_answered(tokens, corpus):
    assert lab.recipes.choose_selection(tokens, corpus, terms=["网络安全"]).rule == "given"
    with pytest.raises(lab.PolicylabError, match="1 of 1 terms are no words of these tokens:\n  网络安权: near are"):
        lab.recipes.choose_selection(tokens, corpus, terms=["网络安权"])


def test_a_level_or_year_that_the_corpus_lacks_is_named(tokens, corpus):
    with pytest.raises(lab.PolicylabError) as error:
        lab.recipes.choose_selection(tokens, corpus, level="county")
    assert str(error.value) == "The corpus has no level 'county'. It has national, provincial."
    with pytest.raises(lab.PolicylabError) as error:
        lab.recipes.choose_selection(tokens, corpus, years=(2018, 0))
    with pytest.raises(lab.PolicylabError, match="^n_terms=-5: expected a whole number of 1 or more.$"):
        lab.recipes.choose_selection(tokens, corpus, n_terms=-5)
    assert str(error.value) == "The corpus has no year 2018. It has 2017, 2019."


def test_names_of_regions_are_left_out_of_lists_and_named(selection, by_level):
    assert selection.places == ["重庆市", "福建", "福建省"]
    assert not set(selection.places) & {*selection.vocabulary, *by_level["term"]}


def test_a_comparison_says_which_years_stand_behind_it(by_level, tokens, selection):
    assert by_level[["column", "a", "b", "years_a", "years_b"]].iloc[0].tolist() == [
        "level",
        "national",
        "provincial",
        "2017, 2019",
        "2019, 2020",
    ]
    by_year = lab.recipes.compare_years(tokens, selection, n_resamples=DRAWS)
    assert by_year[["column", "a", "b", "years_a", "years_b"]].iloc[0].tolist() == ["year", 2019, 2017, "2019", "2017"]


def test_terms_without_gloss_stay_chinese_and_are_listed():
    assert gloss_terms(["某词", "网络安全", "APP"], "en") == {"某词": "某词", "网络安全": "cybersecurity", "APP": "APP"}
    assert gloss_terms(["甲", "乙"], "en", {"甲": "same", "乙": "same"}) == {"甲": "same 甲", "乙": "same 乙"}
    assert list_unglossed(["某词", "网络安全", "APP"]) == ["某词"]
    assert lab.readings.describe_unglossed(["某词", "APP"], language="en") == (
        "1 term in the figures has no English gloss and is shown in Chinese: 某词."
    )


# --- readings


def test_texts_without_words_are_read_as_such(selection, trend):
    texts = pd.DataFrame({"document_id": ["a", "b"], "paragraph": 1, "text": "《法》，。"})
    ranks = lab.recipes.compare_ranks(
        lab.recipes.measure_sensitivity(texts, lab.recipes.vary_counting(lab.Segmenter()))
    )
    assert lab.readings.describe_ranks(ranks, language="en") == "There are no words to rank."
    assert lab.readings.describe_trends(trend.head(0), selection, language="en") == "There are no terms to follow."
    alone = dataclasses.replace(selection, years=(2019,))
    assert (
        lab.readings.describe_trends(trend, alone, language="en")
        == "The national level has documents of one year only, so there is no change to follow; a point of the figure is the rate of one year."
    )


def test_readings_take_their_numbers_from_the_tables(trend, selection, by_level, corpus):
    row = trend[(trend["term"] == selection.terms[0]) & (trend["year"] == 2019) & (trend["level"] == "national")].iloc[
        0
    ]
    sentence = lab.readings.describe_trends(trend, selection, language="en")
    assert (
        f"2019 {row['rate']:.1f} [{row['rate_low']:.1f}, {row['rate_high']:.1f}] (n = {row['n']} / {row['n_with']})"
        in sentence
    )
    assert (trend["n_with"] < 5).any()
    chosen = "These terms were chosen because they differ most; the intervals are not corrected for that choice."
    few = "Where fewer than 5 tasks use a term, and use it many times each, the interval may be too narrow."
    assert sentence.split("\n\n")[-1] == f"{chosen} {few}"
    many = lab.readings.describe_trends(trend.assign(n_with=5), selection, language="zh")
    assert many.split("\n\n")[-1] == "这些词因差异最大而入选，区间未就此校正。"
    given = dataclasses.replace(selection, rule="given")
    assert lab.readings.describe_trends(trend.assign(n_with=4), given, language="zh").split("\n\n")[-1] == (
        "使用某词的任务不足 5 个而每个用了多次的，区间可能偏窄。"
    )
    said = lab.readings.describe_comparison(by_level, language="en")
    n = by_level[["n_tokens_a", "n_tokens_b"]].iloc[0]
    assert said.startswith(
        f"{len(by_level)} terms are compared in tasks (national documents: {n.iloc[0]:,} words, provincial documents: "
        f"{n.iloc[1]:,}); for **0** of them the band excludes 0. None differs by more than random splits of the tasks do"
    )
    assert "The years differ as well (national documents 2017, 2019; provincial" in said
    apart = by_level.assign(apart=pd.array([True] + [False] * (len(by_level) - 1), dtype="boolean"))
    assert "None differs" not in lab.readings.describe_comparison(apart, language="en")
    said = lab.readings.describe_selection(selection, corpus, language="zh")
    assert "**层级与年度混杂**：国家 2017、2019；省级 2019、2020。2017、2020 年缺少某一层级的文件" in said
    assert "（只有 fujian-2020、national-2017）" in said


def test_a_concept_list_that_hardly_fits_is_reported(attention, corpus):
    said = lab.readings.describe_attention(attention, corpus, language="en")
    assert "in its tasks" in said and "95% intervals in brackets" in said and "very few" not in said
    rare = attention.assign(n_mentions=attention["n_mentions"] // 20)
    assert "**That is very few**: the list of concepts hardly fits these texts" in lab.readings.describe_attention(
        rare, corpus, language="en"
    )
    assert "**提及很少**" in lab.readings.describe_attention(rare, corpus, language="zh")


def test_few_mentions_are_not_compared(attention, corpus):
    few = attention["document_id"].eq("fujian-2020")
    loud = attention.assign(
        n_mentions=attention["n_mentions"].mask(few, 19), attention=attention["attention"].mask(few, 1)
    )
    assert lab.readings.describe_attention(loud, corpus, language="en").endswith(
        "(Chongqing 2019); 95% intervals in brackets. 1 document with fewer than 20 mentions is left out of this comparison."
    )
    assert lab.readings.describe_attention(loud, corpus, language="zh").endswith(
        "。提及不足 20 次的 1 份文件不参与这一比较。"
    )
    enough = loud.assign(n_mentions=loud["n_mentions"].mask(few, 20))
    assert "to 100%" in lab.readings.describe_attention(enough, corpus, language="en")
    assert "left out" not in lab.readings.describe_attention(enough, corpus, language="en")


def test_attention_says_how_many_mentions_it_shares_out(drawn, attention):
    texts = {language: read_texts(drawn("attention", language)[0]) for language in ("zh", "en")}
    n = attention.groupby("document_id")["n"].sum()
    assert {f"全国 2019  n = {n['national-2019']}", f"福建 2020  n = {n['fujian-2020']}"} <= set(texts["zh"])
    assert f"Fujian 2020  n = {n['fujian-2020']}" in texts["en"]
    assert not any("无区间" in text for text in texts["zh"])


@pytest.mark.parametrize(
    ("language", "one", "all_of_them"),
    [
        ("zh", "无区间：福建 2020（只有一项任务）。", "无区间：全部文件（未作重抽样（n_resamples = 0））。"),
        (
            "en",
            "Without intervals: Fujian 2020 (one task only).",
            "Without intervals: all documents (nothing was resampled (n_resamples = 0)).",
        ),
    ],
)
def test_columns_without_intervals_have_their_reason(attention, corpus, language, one, all_of_them):
    few = attention["document_id"].eq("fujian-2020")
    bare = attention.assign(
        low=attention["low"].mask(few),
        high=attention["high"].mask(few),
        reason=attention["reason"].mask(few, "one task a document: no interval"),
    )
    figure, _ = lab.plot_concepts(bare, corpus, "attention", language=language)
    assert_readable(figure)
    assert one in read_texts(figure)
    none = attention.assign(low=float("nan"), high=float("nan"), reason="n_resamples=0: no interval")
    figure, _ = lab.plot_concepts(none, corpus, "attention", language=language)
    assert all_of_them in read_texts(figure)


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("zh", "无横线或灰带（原因在该文件或对照文件）：福建 2020（只有一项任务）。"),
        ("en", "Without line or band, because of the document or its reference: Fujian 2020 (one task only)."),
    ],
)
def test_dots_without_line_or_band_have_their_reason(drawn, corpus, language, note):
    data = drawn("consistency", language)[1]
    few = data["document_id"].eq("fujian-2020")
    measures = ["low", "high", "random", "random_low", "random_high"]
    bare = data.drop(columns=["level", "region", "year"]).assign(
        **{name: data[name].mask(few) for name in measures},
        reason=data["reason"].mask(few, "fujian-2020: one task, so no interval"),
    )
    figure, _ = lab.plot_consistency(bare, corpus, language=language)
    assert_readable(figure)
    assert note in read_texts(figure)
    assert note not in read_texts(drawn("consistency", language)[0])


def test_two_plans_of_one_region_and_year_have_two_names(load):
    tasks = [
        ("推进数字校园建设，推进网络安全工作。", "开展教师培训和网络安全宣传。"),
        ("保障网络安全，落实等级保护制度。", "各地建好数字校园，用好优质教育资源。"),
        ("本省完善公共服务平台，改善宽带条件。", "举办网络安全周，加强数字校园管理。"),
    ]
    texts = [f"一、重点任务\n1.第一项\n{one}\n2.第二项\n{other}\n" for one, other in tasks]
    corpus = load(
        ("a", "national", "全国", 2024, texts[0], "教育部"),
        ("b", "national", "全国", 2024, texts[1], "科技部"),
        ("c", "provincial", "福建省", 2024, texts[2]),
    )
    tokens = lab.tokenize(corpus)
    attention = lab.measure_attention(tokens)
    for figure in (
        lab.plot_concepts(attention, corpus, "attention")[0],
        lab.plot_concepts(lab.measure_richness(tokens), corpus, "richness")[0],
        lab.plot_consistency(lab.measure_consistency(tokens, "c", n_resamples=DRAWS), corpus)[0],
        lab.plot_structure(corpus)[0],
    ):
        heads = sorted({text.partition("  n")[0] for text in read_texts(figure) if text.startswith("全国")})
        assert heads == ["全国 2024 教育部", "全国 2024 科技部"]
    summary = lab.summarize_documents(corpus)
    # Reading and table of one corpus: the ids, as the summary has no issuer.
    assert "最长的是全国2024年文件 b（" in lab.readings.describe_documents(summary.head(2), language="zh")


def test_figures_name_the_words_they_count(drawn):
    words = {
        "trends": "Uses per 10,000 words in tasks; each panel has its own scale.",
        "comparison": "Words counted (in tasks only): National 4,814; Provincial 4,130.",
        "clouds": "All counted words, inside and outside tasks.",
        "sensitivity": "All counted words, inside and outside tasks.",
        "attention": "a concept's share of all mentions of concepts in the document's tasks;",
        "richness": "that the document uses in its tasks.",
        "consistency": "95% intervals with tasks of both documents as units of sampling.",
    }
    for name, text in words.items():
        assert text in " ".join(read_texts(drawn(name, "en")[0])), name


def test_documents_within_what_chance_reaches_are_not_distinguished(drawn, corpus):
    data = drawn("consistency", "zh")[1]
    assert (data["consistency"] >= data["random_low"]).all()
    assert (
        "None falls below the 95% range of random groups of the documents' sizes: by this measure"
        in lab.readings.describe_consistency(data, corpus, language="en")
    )
    apart = data.assign(consistency=data["random_low"] - 0.01)
    assert "(random groups of the documents' sizes:" in lab.readings.describe_consistency(apart, corpus, language="en")
    assert "None falls below" not in lab.readings.describe_consistency(apart, corpus, language="en")


@pytest.mark.parametrize("preset", ["nature", "cn-journal"])
def test_documents_that_find_no_room_beside_their_reference_are_counted(corpus, tokens, preset):
    lab.use_preset(preset)
    table = lab.measure_consistency(tokens, "national-2019", n_resamples=40)
    one = corpus.documents["document_id"] == "fujian-2020"
    copies = [f"copy-{i:02}" for i in range(80)]
    documents = [corpus.documents[one].assign(document_id=name, year=1930 + i) for i, name in enumerate(copies)]
    many = dataclasses.replace(corpus, documents=pd.concat([corpus.documents, *documents], ignore_index=True))
    rows = table[table["document_id"] == "fujian-2020"]
    listed = pd.concat([rows.assign(document_id=name) for name in copies], ignore_index=True)
    figure, data = lab.plot_consistency(listed, many, language="en")
    assert_readable(figure)
    assert data["document_id"].tolist() == copies[-len(data) :] and 20 < len(data) < 80
    assert f"The latest {len(data)} of 80 documents are shown." in read_texts(figure)
    said = lab.readings.describe_consistency(listed, many, language="en")
    assert said.startswith("Of the 80 documents compared with National 2019, the closest is ")


def test_one_concept_has_no_spread_to_tell(attention, corpus):
    one = attention[attention["concept"] == attention["concept"].iloc[0]].assign(attention=1.0, low=None, high=None)
    assert "differs most" not in lab.readings.describe_attention(one, corpus, language="en")
    bare = attention.assign(low=float("nan"), high=float("nan"))
    assert "in brackets" not in lab.readings.describe_attention(bare, corpus, language="en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_short_document_runs_through_all(load, language):
    text = "一、重点任务\n1.建设数字校园\n推进数字校园建设，推进网络学习空间应用。\n"
    corpus = load(("a", "provincial", "海南省", 2021, text))
    tokens = lab.tokenize(corpus)
    selection = lab.recipes.choose_selection(tokens, corpus, n_terms=2)
    assert (selection.rule, selection.years, selection.levels, selection.min_n) == (
        "frequent",
        (2021,),
        ("provincial",),
        1,
    )
    trend = lab.measure_trend(tokens, selection.terms, ["level", "year"])
    figure, data = lab.plot_trends(trend, corpus.documents, language=language)
    assert_readable(figure)
    assert len(data) == 2
    for compare in (lab.recipes.compare_years, lab.recipes.compare_levels):
        table = compare(tokens, selection, n_resamples=DRAWS)
        assert table.empty and lab.plot_comparison(table, language=language)[0] is None
        assert lab.readings.describe_comparison(table, language=language)
    consistency = lab.recipes.compare_consistency(tokens, selection)
    assert lab.plot_consistency(consistency, corpus, language=language)[0] is None
    assert lab.readings.describe_consistency(consistency, corpus, language=language)
    attention = lab.measure_attention(tokens)
    assert_readable(lab.plot_concepts(attention, corpus, "attention", language=language)[0])
    assert lab.readings.describe_attention(attention, corpus, language=language)
    assert lab.readings.describe_selection(selection, corpus, language=language) and lab.readings.describe_trends(
        trend, selection, language=language
    )
    assert lab.readings.describe_counting(lab.recipes.count_masked(corpus), language=language)
    counts = lab.count_terms(tokens, ["level"])
    assert_readable(lab.plot_clouds(counts[counts["term"].isin(selection.vocabulary)], language=language)[0])
    sensitivity = lab.recipes.measure_sensitivity(corpus.paragraphs, lab.recipes.vary_counting(lab.Segmenter()))
    assert_readable(lab.recipes.plot_sensitivity(sensitivity, language=language)[0])
    assert lab.readings.describe_ranks(lab.recipes.compare_ranks(sensitivity), language=language)
