"""Figures and readings of words: the data are the picture, nothing overlaps, nothing to draw is said and not drawn."""

import dataclasses
import itertools
import os
import re
import subprocess
import sys

import pandas as pd
import pytest

import policylab as lab
from policylab.base.paths import PACKAGE
from policylab.language.terms import gloss_terms, list_unglossed
from policylab.language.years import name_years
from policylab.plots.kit.page import MM_PER_POINT, text_width
from policylab.plots.kit.presets import SMALLEST_TEXT, find_preset, page_width
from policylab.plots.kit.style import MM_PER_INCH

DRAWS = 40


@pytest.fixture(scope="module")
def tokens(corpus):
    return lab.tokenize(corpus)


@pytest.fixture(scope="module")
def selection(tokens, corpus):
    return lab.recipes.choose_selection(tokens, corpus)


@pytest.fixture(scope="module")
def trend(tokens, selection):
    return lab.measure_trend(tokens, selection.terms, ["level", "year"], n_resamples=DRAWS)


@pytest.fixture(scope="module")
def by_level(tokens, selection):
    return lab.recipes.compare_levels(tokens, selection, DRAWS)


@pytest.fixture(scope="module")
def counts(tokens, selection):
    counts = lab.count_terms(tokens, ["level"])
    return counts[counts["term"].isin(selection.vocabulary)]


@pytest.fixture(scope="module")
def sensitivity(corpus):
    return lab.recipes.measure_sensitivity(corpus.paragraphs)


@pytest.fixture(scope="module")
def attention(tokens):
    return lab.measure_attention(tokens, n_resamples=DRAWS)


@pytest.fixture(scope="module")
def draw(trend, by_level, counts, sensitivity, attention, tokens, selection, corpus):
    """For every figure by name what draws it in a language: (figure, data)."""
    consistency = lab.recipes.compare_consistency(tokens, selection, n_resamples=DRAWS)
    richness = lab.measure_richness(tokens)
    return {
        "trends": lambda language: lab.plot_trends(trend, corpus.documents, language),
        "comparison": lambda language: lab.plot_comparison(by_level, language),
        "clouds": lambda language: lab.plot_clouds(counts, language),
        "sensitivity": lambda language: lab.recipes.plot_sensitivity(sensitivity, language),
        "attention": lambda language: lab.plot_concepts(attention, corpus, "attention", language),
        "richness": lambda language: lab.plot_concepts(richness, corpus, "richness", language),
        "consistency": lambda language: lab.plot_consistency(consistency, corpus, language),
    }


@pytest.fixture(scope="module")
def drawn(draw):
    """Every figure by name and language: (figure, data)."""
    return {(name, language): draw[name](language) for name in draw for language in ("zh", "en")}


def list_texts(figure):
    """(text, size, box in points) of everything that is written."""
    from matplotlib.text import Text

    figure.draw_without_rendering()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    return [(text.get_text(), text.get_fontsize(), text.get_window_extent()) for text in texts]


def assert_readable(figure):
    """No text too small, all inside the page, and no two boxes on each other (boxes are taller than their ink)."""
    width, height = figure.bbox.width, figure.bbox.height
    texts = list_texts(figure)
    for text, size, box in texts:
        assert size >= SMALLEST_TEXT * find_preset().scale - 1e-6, text
        assert box.x0 > -1 and box.x1 < width + 1 and box.y0 > -1 and box.y1 < height + 1, text
    shrunk = [
        (text, box.x0 + 0.5, box.x1 - 0.5, box.y0 + box.height / 4, box.y1 - box.height / 4) for text, _, box in texts
    ]
    for (one, a0, a1, b0, b1), (other, c0, c1, d0, d1) in itertools.combinations(shrunk, 2):
        assert a1 <= c0 or c1 <= a0 or b1 <= d0 or d1 <= b0, (one, other)


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
    figure, data = drawn[name, language] if preset == "nature" else draw[name](language)
    assert figure.get_figwidth() * MM_PER_INCH == pytest.approx(find_preset().width)
    assert figure.get_figheight() * MM_PER_INCH <= find_preset().height + 0.01
    assert_readable(figure)
    assert len(data)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_low_page_has_fewer_rows_and_says_so(sensitivity, attention, by_level, corpus, language, monkeypatch):
    for module in (lab.plots.words, lab.plots.concepts, lab.plots.comparison):
        monkeypatch.setattr(module, "page_height", lambda: 60)
    for plot, arguments, table, n in [
        (lab.recipes.plot_sensitivity, (), sensitivity, 11),
        (lab.plot_concepts, (corpus, "attention"), attention, 7),
    ]:
        figure, data = plot(table, *arguments, language)
        assert data["label"].nunique() == n and figure.get_figheight() * MM_PER_INCH <= 60
        assert_readable(figure)
        note = {"zh": r"另有 \d+ 个(词|概念)未画出。", "en": r"\d+ more (terms|concepts) are not drawn\."}[language]
        assert any(re.fullmatch(note, text) for text, *_ in list_texts(figure))
    figure, data = lab.plot_comparison(by_level, language)
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
        pd.testing.assert_frame_equal(data, drawn[name, "zh"][1])
    few = counts.groupby("level", observed=True).head(10)
    mixed = few.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(lab.plot_clouds(mixed)[1], lab.plot_clouds(few)[1])


# --- trends


def test_trends_draw_the_rates_of_the_data(drawn):
    figure, data = drawn["trends", "zh"]
    for axes, (_, points) in zip(figure.axes[1:], data.groupby("term", sort=False), strict=True):
        marks = [line for line in axes.lines if line.get_marker() not in ("None", "")]
        assert sorted(y for line in marks for y in line.get_ydata()) == sorted(points["rate"])
        ends = sorted(y for bars in axes.collections for segment in bars.get_segments() for y in segment[:, 1])
        assert ends == sorted([*points["rate_low"].dropna(), *points["rate_high"].dropna()])
        assert axes.get_ylim()[0] == 0


def test_points_of_different_regions_are_not_joined(drawn):
    figure, data = drawn["trends", "zh"]
    one = data[data["term"] == data["term"].iloc[0]]
    assert one[["level", "year", "regions", "line"]].values.tolist() == [
        ["national", 2017, "全国", 1],
        ["national", 2019, "全国", 1],
        ["provincial", 2019, "重庆市", 2],
        ["provincial", 2020, "福建省", 3],
    ]
    lengths = sorted(len(line.get_xdata()) for line in figure.axes[1].lines if line.get_marker() in ("None", ""))
    assert lengths == [1, 1, 2]
    texts = [text for text, *_ in list_texts(figure)]
    assert "2017、2020 年只有一个层级的文件：层级之差与年度之差无法区分。" in texts


@pytest.mark.parametrize(("span", "columns"), [(2, 4), (14, 2), (40, 1), (120, 1)])
def test_trends_are_readable_with_two_years_and_with_many(span, columns):
    years = list(range(1900, 1900 + span))
    figure, data = lab.plot_trends(make_trend(years, ["甲词", "乙词", "丙词", "丁词"]), make_documents(years))
    assert_readable(figure)
    assert len({round(axes.get_position().x0, 3) for axes in figure.axes[1:]}) == columns
    assert len(data) == 4 * span


def test_a_term_without_use_or_interval_stands_at_zero():
    table = make_trend([2017, 2019])
    table.loc[0, ["n", "n_with", "rate", "rate_low", "rate_high"]] = [0, 0, 0, float("nan"), float("nan")]
    figure, data = lab.plot_trends(table, make_documents([2017, 2019]), "en")
    assert data["rate"].tolist() == [0, 200]
    bars = [segment for bars in figure.axes[1].collections for segment in bars.get_segments()]
    assert sum(len(bar) == 2 and not pd.isna(bar).any() for bar in bars) == 1
    texts = [text for text, *_ in list_texts(figure)]
    assert "Words behind a point: National 5,000." in texts
    assert any("none where there is no use" in text for text in texts)


def test_trends_that_do_not_fit_are_counted():
    terms = [f"词{i}" for i in range(60)]
    figure, data = lab.plot_trends(make_trend([2017, 2019], terms), make_documents([2017, 2019]))
    n = data["term"].nunique()
    assert n < 60 and data["term"].unique().tolist() == terms[:n]
    assert f"另有 {60 - n} 个词未画出。" in [text for text, *_ in list_texts(figure)]


JOINED = {
    "zh": "只连接地区和文件数都相同的点；两点都注明发布单位的，发布单位也须相同。",
    "en": "Points are joined only where regions, number of documents and, if named, issuers are the same.",
}


def draw_behind(language, behind):
    """(lines of the points, what the figure says of them) for (year, number of documents, regions, issuers)."""
    trend = make_trend([year for year, *_ in behind]).assign(n_documents=[n for _, n, *_ in behind])
    rows = [(year, *named) for year, _, regions, issuers in behind for named in zip(regions, issuers, strict=True)]
    documents = pd.DataFrame(rows, columns=["year", "region", "issuer"]).assign(level="national")
    figure, data = lab.plot_trends(trend, documents, language)
    assert_readable(figure)
    said = " ".join(text for text, *_ in list_texts(figure))
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


@pytest.mark.parametrize(
    ("issuers", "lines"),
    [(["教育部", "教育部"], [1, 1]), (["教育部", "工业和信息化部"], [1, 2]), (["教育部", None], [1, 1])],
)
def test_points_of_two_issuers_are_not_joined(issuers, lines):
    drawn_lines, said = draw_behind("en", [(2024 + i, 1, ["全国"], [issuer]) for i, issuer in enumerate(issuers)])
    assert drawn_lines == lines
    assert (JOINED["en"] in said) == (lines == [1, 2])


def test_many_documents_behind_points_are_told_in_short():
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
        trend = lab.measure_trend(tokens, ["平台"], by=by, n_resamples=0)
        with pytest.raises(lab.PolicylabError) as error:
            lab.plot_trends(trend, corpus.documents)
        assert str(error.value) == f"The figure draws a trend by level and year, and this is none: {why}. {make}"
    trend = lab.measure_trend(tokens, ["平台"], by=["level", "year"], n_resamples=0)
    with pytest.raises(lab.PolicylabError) as error:
        lab.plot_trends(trend, corpus.documents[["document_id", "level", "year"]])
    assert str(error.value) == "The table documents has no column region. It has document_id, level, year."
    with pytest.raises(lab.PolicylabError) as error:
        lab.plot_trends(trend, corpus.documents[corpus.documents["year"] == 2019])
    told = "The trend has points that no document stands behind: national 2017, provincial 2020."
    assert str(error.value) == f"{told} Give the documents that it was made from."


def test_years_in_words():
    assert name_years([2012, 2013, 2014, 2016, 2017], "en") == "2012–2014, 2016, 2017"
    assert name_years([2019], "zh") == "2019"


# --- comparison


def test_comparison_shows_both_frequencies_in_order_of_z(drawn):
    figure, data = drawn["comparison", "en"]
    assert data["z"].is_monotonic_decreasing and len(data) == 30
    assert (data["log_odds"] > 0).tolist() == [True] * 15 + [False] * 15
    texts = list_texts(figure)
    names = [text for text, _, box in sorted(texts, key=lambda row: -row[2].y0) if text in set(data["label"])]
    assert names == data["label"].tolist()
    rows = {text: box.y0 + box.height / 2 for text, _, box in texts if text in names}
    for row in data.head(3).itertuples():
        beside = [text for text, _, box in texts if abs(box.y0 + box.height / 2 - rows[row.label]) < 2]
        assert {f"{row.n_a}/{row.n_with_a}", f"{row.n_b}/{row.n_with_b}"} <= set(beside)
    assert any("The years differ too: National 2017, 2019; Provincial 2019, 2020" in text for text, *_ in texts)


def test_comparison_marks_what_is_apart_with_filled_squares(by_level):
    table = by_level.assign(apart=pd.array([True] + [False] * (len(by_level) - 1), dtype="boolean"))
    figure, _ = lab.plot_comparison(table)
    squares = [line for line in figure.axes[0].lines if line.get_marker() == "s"]
    # 30 terms and two in the key.
    assert sorted(line.get_markerfacecolor() for line in squares) == ["black"] * 2 + ["white"] * 30


@pytest.fixture(scope="module")
def provinces(tokens):
    return lab.compare_terms(tokens, "region", "重庆市", "福建省", n_resamples=DRAWS)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_table_of_two_given_groups_is_drawn_and_named(provinces, corpus, language):
    figure, data = lab.plot_comparison(provinces, language)
    assert_readable(figure)
    years = {"zh": "年度也不同：重庆市 2019；福建省 2020。", "en": "The years differ too: Chongqing 2019; Fujian 2020."}
    assert years[language] in " ".join(text for text, *_ in list_texts(figure))
    assert data["n_a"].tolist() == provinces.set_index("term").loc[data["term"], "n_a"].tolist()
    figure, _ = lab.plot_comparison(provinces, language, documents=corpus.documents)
    assert_readable(figure)
    n_a, n_b = provinces[["n_tokens_a", "n_tokens_b"]].iloc[0]
    told = {
        "zh": f"只计任务内的词：重庆市（省级，1 份文件） {n_a:,} 词，福建省（省级，1 份文件） {n_b:,} 词。",
        "en": f"Only words in tasks count: Chongqing (Provincial; documents: 1) {n_a:,}; "
        f"Fujian (Provincial; documents: 1) {n_b:,}.",
    }
    assert told[language] in " ".join(text for text, *_ in list_texts(figure))


def test_a_comparison_of_years_names_its_level_and_the_documents_of_each_side(tokens, selection, corpus):
    compared = lab.recipes.compare_years(tokens, selection, DRAWS)
    documents = corpus.documents[corpus.documents["level"] == selection.level]
    documents = pd.concat([documents, documents[documents["year"] == 2017]])
    said = " ".join(text for text, *_ in list_texts(lab.plot_comparison(compared, "en", documents=documents)[0]))
    n_a, n_b = compared[["n_tokens_a", "n_tokens_b"]].iloc[0]
    assert f"2019 (National; documents: 1) {n_a:,}; 2017 (National; documents: 2) {n_b:,}." in said


def test_levels_are_not_named_twice(by_level, corpus):
    figure, _ = lab.plot_comparison(by_level, "zh", documents=corpus.documents)
    assert "只计任务内的词：国家（2 份文件） 4,814 词，省级（2 份文件） 4,130 词。" in " ".join(
        text for text, *_ in list_texts(figure)
    )


def test_documents_that_do_not_belong_to_a_comparison_are_refused(provinces, by_level, corpus):
    national = corpus.documents[corpus.documents["level"] == "national"]
    for table, documents, told in [
        (provinces, national, "The documents have none whose region is '重庆市'. Give those that were compared."),
        (by_level, national, "The documents have none whose level is 'provincial'. Give those that were compared."),
        (by_level, national[["year"]], "The table documents has no column level. It has year."),
    ]:
        with pytest.raises(lab.PolicylabError) as error:
            lab.plot_comparison(table, documents=documents)
        assert str(error.value) == told


def make_corpus(folder, documents):
    """A corpus of (id, level, region, year, text)."""
    lines = ["document_id,file,title,level,region,year"]
    for name, level, region, year, text in documents:
        (folder / f"{name}.txt").write_text(f"一、任务\n{text}", encoding="utf-8")
        lines.append(f"{name},{name}.txt,{name},{level},{region},{year}")
    (folder / "catalog.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    corpus = lab.load_corpus(folder / "catalog.csv")
    return corpus, lab.tokenize(corpus)


def test_without_resampling_nothing_is_said_of_bands(tokens, selection):
    compared = lab.recipes.compare_years(tokens, selection, 0)
    texts = " ".join(text for text, *_ in list_texts(lab.plot_comparison(compared, "en")[0]))
    assert "No random splits were drawn (n_resamples = 0): there is no band" in texts and "no band" in texts
    assert not any(text in texts for text in ("band holds 0", "band leaves out 0", "Too few"))
    said = lab.readings.describe_comparison(compared, language="en")
    assert (
        "No random splits were drawn (n_resamples = 0), so there is no band, and the terms are only described." in said
    )
    assert "None differs" not in said and "**0**" not in said
    assert "没有作随机分组（n_resamples = 0），得不出区间：各词只作描述。" in lab.readings.describe_comparison(
        compared, language="zh"
    )


def test_too_few_units_for_a_band_are_told(tmp_path):
    texts = "推进数字校园建设。数字校园。\n网络安全数字校园。", "加强网络安全，网络安全网络安全。\n网络安全数字校园。"
    corpus, tokens = make_corpus(
        tmp_path, [(f"n{year}", "national", "全国", year, text) for year, text in zip((2018, 2019), texts, strict=True)]
    )
    compared = lab.recipes.compare_years(tokens, lab.recipes.choose_selection(tokens, corpus), DRAWS)
    assert "Too few paragraphs, so there is no band" in lab.readings.describe_comparison(compared, language="en")
    texts = " ".join(text for text, *_ in list_texts(lab.plot_comparison(compared, "en")[0]))
    assert "Too few paragraphs: there is no band" in texts and "band holds 0" not in texts


def test_words_that_lean_to_no_side_are_not_drawn(by_level):
    level = by_level.assign(z=0.0, log_odds=0.0)
    figure, data = lab.plot_comparison(level)
    assert figure is None and data.empty and "term" in data
    assert "No term leans to either side." in lab.readings.describe_comparison(level, language="en")
    said = lab.readings.describe_comparison(by_level[by_level["z"] > 0], language="en")
    assert " More typical of national documents: " in said and "provincial documents: —" not in said


def test_comparisons_count_uses_as_the_lists_do(tmp_path):
    documents = [(f"n{year}", "national", "全国", year, "推进数字校园建设。") for year in (2018, 2019)]
    corpus, tokens = make_corpus(tmp_path, documents)
    selection = lab.recipes.choose_selection(tokens, corpus)
    assert selection.min_n == 1
    assert "数字校园" in lab.recipes.compare_years(tokens, selection, DRAWS)["term"].tolist()


def test_a_side_without_counted_words_is_told(tmp_path):
    words = "推进数字校园建设和网络安全工作。\n" * 6
    corpus, tokens = make_corpus(
        tmp_path, [("a", "national", "全国", 2018, words), ("b", "national", "全国", 2019, "《法》，。")]
    )
    selection = lab.recipes.choose_selection(tokens, corpus)
    by_year, by_level = (
        lab.recipes.compare_years(tokens, selection, DRAWS),
        lab.recipes.compare_levels(tokens, selection, DRAWS),
    )
    assert by_year.empty and by_level.empty
    told = "There is nothing to compare: there is only one group, one side has no counted words, or no word is frequent enough to be listed."
    assert (
        lab.readings.describe_comparison(by_year, language="en")
        == lab.readings.describe_comparison(by_level, language="en")
        == told
    )


# --- clouds


def test_bars_of_all_levels_have_one_scale(drawn):
    figure, data = drawn["clouds", "en"]
    listed = data[data["bar"]]
    scales = [bar.get_width() / rate for bar, rate in zip(figure.axes[0].patches, listed["rate"], strict=True)]
    assert listed["level"].nunique() == 2
    assert scales == pytest.approx([scales[0]] * len(listed))


def test_areas_in_the_cloud_follow_rates(drawn):
    for language in ("zh", "en"):
        data = drawn["clouds", language][1].dropna(subset="size")
        ratio = data["size"] ** 2 / data["rate"]
        spread = ratio.groupby(data["level"]).agg(lambda values: values.max() / values.min())
        assert (spread < 1.2).all(), spread


def test_words_in_the_cloud_lie_beside_the_bars_and_inside_the_page(drawn):
    figure, data = drawn["clouds", "zh"]
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
        record = Provenance("02_terms", {"language": "zh"}, "", {}, {}, "")
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


def test_ranks_show_what_moves(drawn, sensitivity):
    figure, data = drawn["sensitivity", "zh"]
    cells = data[data["variant"] == "no lexicon"].set_index("term")
    assert cells.loc["教育信息化", "reason"] == "no word of this variant"
    drawn_cells = data[(data["variant"] != "base") & data["rank"].notna()]
    moved = drawn_cells[drawn_cells["shift"] != 0]
    assert len(figure.axes[0].patches) == len(moved)
    later = data[(data["variant"] == "base") & data["n"].isna()]
    assert later["rank"].dropna().gt(30).all()


# --- concepts


def test_concept_bars_are_the_attention(drawn, corpus):
    figure, data = drawn["attention", "zh"]
    assert data["document_id"].unique().tolist() == lab.summarize_documents(corpus)["document_id"].tolist()
    widths = [patch.get_width() for patch in figure.axes[0].patches]
    assert len(widths) == len(data)
    assert [width / max(widths) for width in widths] == pytest.approx(
        (data["attention"] / data["attention"].max()).tolist()
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_axis_of_shares_has_more_than_its_ends(drawn, language):
    ticks = {text for text, *_ in list_texts(drawn["richness", language][0]) if text.endswith("%")}
    assert len(ticks) >= 2


def test_consistency_stands_on_what_chance_reaches(drawn):
    figure, data = drawn["consistency", "zh"]
    bands = [patch.get_width() for patch in figure.axes[0].patches][: len(data)]
    expected = data["dealt_high"] - data["dealt_low"]
    assert [width / bands[0] for width in bands] == pytest.approx((expected / expected.iloc[0]).tolist())


def test_lagged_pairs_are_labelled(drawn):
    texts = [text for text, *_ in list_texts(drawn["consistency", "en"][0])]
    assert ["2 years apart", "same year", "1 year apart"] == [
        text for text in texts if "year" in text and len(text) < 20
    ]


# --- what is looked at


def test_terms_that_are_given_are_kept_and_unknown_ones_are_answered(tokens, corpus):
    assert lab.recipes.choose_selection(tokens, corpus, ["网络安全"]).rule == "given"
    with pytest.raises(lab.PolicylabError, match="1 of 1 terms are no words of these tokens:\n  网络安权: near are"):
        lab.recipes.choose_selection(tokens, corpus, ["网络安权"])


def test_a_level_or_year_that_the_corpus_lacks_is_named(tokens, corpus):
    with pytest.raises(lab.PolicylabError) as error:
        lab.recipes.choose_selection(tokens, corpus, level="county")
    assert str(error.value) == "The corpus has no level 'county'. It has national, provincial."
    with pytest.raises(lab.PolicylabError) as error:
        lab.recipes.choose_selection(tokens, corpus, years=(2018, 0))
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
    by_year = lab.recipes.compare_years(tokens, selection, DRAWS)
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
        == "There is only one year, so there is no change to follow."
    )


def test_readings_take_their_numbers_from_the_tables(trend, selection, by_level, corpus):
    row = trend[(trend["term"] == selection.terms[0]) & (trend["year"] == 2019) & (trend["level"] == "national")].iloc[
        0
    ]
    told = lab.readings.describe_trends(trend, selection, language="en")
    assert (
        f"2019 {row['rate']:.1f} [{row['rate_low']:.1f}, {row['rate_high']:.1f}] (n = {row['n']} / {row['n_with']})"
        in told
    )
    assert told.endswith(
        "These terms were chosen because they differ most; the intervals are not corrected for that choice."
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


def test_a_concept_list_that_hardly_fits_is_told(attention, corpus):
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
    texts = {language: [text for text, *_ in list_texts(drawn["attention", language][0])] for language in ("zh", "en")}
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
    figure, _ = lab.plot_concepts(bare, corpus, "attention", language)
    assert_readable(figure)
    assert one in [text for text, *_ in list_texts(figure)]
    none = attention.assign(low=float("nan"), high=float("nan"), reason="n_resamples=0: no interval")
    figure, _ = lab.plot_concepts(none, corpus, "attention", language)
    assert all_of_them in [text for text, *_ in list_texts(figure)]


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("zh", "无横线或灰带（原因在该文件或对照文件）：福建 2020（只有一项任务）。"),
        ("en", "Without line or band, because of the document or its reference: Fujian 2020 (one task only)."),
    ],
)
def test_dots_without_line_or_band_have_their_reason(drawn, corpus, language, note):
    data = drawn["consistency", language][1]
    few = data["document_id"].eq("fujian-2020")
    measures = ["low", "high", "dealt", "dealt_low", "dealt_high"]
    bare = data.drop(columns=["level", "region", "year"]).assign(
        **{name: data[name].mask(few) for name in measures},
        reason=data["reason"].mask(few, "fujian-2020: one task, so no interval"),
    )
    figure, _ = lab.plot_consistency(bare, corpus, language)
    assert_readable(figure)
    assert note in [text for text, *_ in list_texts(figure)]
    assert note not in [text for text, *_ in list_texts(drawn["consistency", language][0])]


def test_two_plans_of_one_region_and_year_have_two_names(tmp_path):
    tasks = {
        "a": ("推进数字校园建设，推进网络安全工作。", "开展教师培训和网络安全宣传。"),
        "b": ("保障网络安全，落实等级保护制度。", "各地建好数字校园，用好优质教育资源。"),
        "c": ("本省完善公共服务平台，改善宽带条件。", "举办网络安全周，加强数字校园管理。"),
    }
    for name, (one, other) in tasks.items():
        text = f"一、重点任务\n1.第一项\n{one}\n2.第二项\n{other}\n"
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    rows = (
        "a,a.txt,甲,national,全国,2024,教育部",
        "b,b.txt,乙,national,全国,2024,科技部",
        "c,c.txt,丙,provincial,福建省,2024,",
    )
    catalog = "\n".join(["document_id,file,title,level,region,year,issuer", *rows, ""])
    (tmp_path / "catalog.csv").write_text(catalog, encoding="utf-8")
    corpus = lab.load_corpus(tmp_path / "catalog.csv")
    tokens = lab.tokenize(corpus)
    attention = lab.measure_attention(tokens, n_resamples=DRAWS)
    for figure in (
        lab.plot_concepts(attention, corpus, "attention")[0],
        lab.plot_concepts(lab.measure_richness(tokens), corpus, "richness")[0],
        lab.plot_consistency(lab.measure_consistency(tokens, "c", n_resamples=DRAWS), corpus)[0],
        lab.plot_structure(corpus)[0],
    ):
        heads = sorted({text.partition("  n")[0] for text, *_ in list_texts(figure) if text.startswith("全国")})
        assert heads == ["全国 2024 教育部", "全国 2024 科技部"]
    summary = lab.summarize_documents(corpus)
    # Reading and table of one corpus: the ids, as the summary has no issuer.
    assert "最长的是全国2024年文件 b（" in lab.readings.describe_documents(summary.head(2), language="zh")


def test_figures_name_the_words_they_count(drawn):
    words = {
        "trends": "Uses per 10,000 words in tasks; each panel has its own scale.",
        "comparison": "Only words in tasks count: National 4,814; Provincial 4,130.",
        "clouds": "All counted words, inside tasks and outside them.",
        "sensitivity": "All counted words, inside tasks and outside them.",
        "attention": "the share of a document's mentions of concepts, those in tasks;",
        "richness": "that the document uses in its tasks.",
        "consistency": "95% intervals over the tasks of both documents.",
    }
    for name, text in words.items():
        assert text in " ".join(line for line, *_ in list_texts(drawn[name, "en"][0])), name


def test_documents_within_what_chance_reaches_are_not_told_apart(drawn, corpus):
    data = drawn["consistency", "zh"][1]
    assert (data["consistency"] >= data["dealt_low"]).all()
    assert (
        "None falls below the 95% range of random groups of the documents' sizes: by this measure"
        in lab.readings.describe_consistency(data, corpus, language="en")
    )
    apart = data.assign(consistency=data["dealt_low"] - 0.01)
    assert "(random groups of the documents' sizes:" in lab.readings.describe_consistency(apart, corpus, language="en")
    assert "None falls below" not in lab.readings.describe_consistency(apart, corpus, language="en")


def test_one_concept_has_no_spread_to_tell(attention, corpus):
    one = attention[attention["concept"] == attention["concept"].iloc[0]].assign(attention=1.0, low=None, high=None)
    assert "differs most" not in lab.readings.describe_attention(one, corpus, language="en")
    bare = attention.assign(low=float("nan"), high=float("nan"))
    assert "in brackets" not in lab.readings.describe_attention(bare, corpus, language="en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_short_document_runs_through_all(tmp_path, language):
    (tmp_path / "a.txt").write_text(
        "一、重点任务\n1.建设数字校园\n推进数字校园建设，推进网络学习空间应用。\n", encoding="utf-8"
    )
    (tmp_path / "catalog.csv").write_text(
        "document_id,file,title,level,region,year\na,a.txt,要点,provincial,海南省,2021\n", encoding="utf-8"
    )
    corpus = lab.load_corpus(tmp_path / "catalog.csv")
    tokens = lab.tokenize(corpus)
    selection = lab.recipes.choose_selection(tokens, corpus, n_terms=2)
    assert (selection.rule, selection.years, selection.levels, selection.min_n) == (
        "frequent",
        (2021,),
        ("provincial",),
        1,
    )
    trend = lab.measure_trend(tokens, selection.terms, ["level", "year"], n_resamples=DRAWS)
    figure, data = lab.plot_trends(trend, corpus.documents, language)
    assert_readable(figure)
    assert len(data) == 2
    for compare in (lab.recipes.compare_years, lab.recipes.compare_levels):
        table = compare(tokens, selection, DRAWS)
        assert table.empty and lab.plot_comparison(table, language)[0] is None
        assert lab.readings.describe_comparison(table, language=language)
    consistency = lab.recipes.compare_consistency(tokens, selection)
    assert lab.plot_consistency(consistency, corpus, language)[0] is None
    assert lab.readings.describe_consistency(consistency, corpus, language=language)
    attention = lab.measure_attention(tokens, n_resamples=DRAWS)
    assert_readable(lab.plot_concepts(attention, corpus, "attention", language)[0])
    assert lab.readings.describe_attention(attention, corpus, language=language)
    assert lab.readings.describe_selection(selection, corpus, language=language) and lab.readings.describe_trends(
        trend, selection, language=language
    )
    assert lab.readings.describe_counting(lab.recipes.count_masked(corpus), language=language)
    counts = lab.count_terms(tokens, ["level"])
    assert_readable(lab.plot_clouds(counts[counts["term"].isin(selection.vocabulary)], language)[0])
    sensitivity = lab.recipes.measure_sensitivity(corpus.paragraphs, lab.recipes.vary_counting(lab.Segmenter()))
    assert_readable(lab.recipes.plot_sensitivity(sensitivity, language)[0])
    assert lab.readings.describe_ranks(lab.recipes.compare_ranks(sensitivity), language=language)
