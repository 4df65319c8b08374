"""The figures, the readings and the notebook's tables of two aligned: what is drawn is what the tables say."""

import json

import numpy as np
import pandas as pd
import pytest
from marks import (
    BLUE,
    ORANGE,
    assert_places,
    assert_readable,
    assert_written,
    find_sample,
    find_text,
    list_boxes,
    list_cells,
    list_curves,
    list_marks,
    list_texts,
    measure_lightness,
    read_axes,
    read_texts,
    select,
)
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex

import policylab as lab
from policylab.alignment import curve
from policylab.base.arguments import LANGUAGES
from policylab.base.divisions import list_divisions
from policylab.base.paths import DATA
from policylab.corpus.choice import list_followers
from policylab.language.labels import label
from policylab.language.lags import list_relation
from policylab.plots import alignment
from policylab.plots.kit.presets import page_width
from policylab.recipes import alignment as recipes

SECTIONS = ("数字资源", "网络安全")


def make_plan(region, year, tasks):
    """A plan for `load`; a task is (title, text), and the later half of them forms a section."""
    lines = [f"{year}年{region}工作要点", "", "一、重点任务"]
    for i, (title, text) in enumerate(tasks):
        if i in (0, len(tasks) // 2):
            lines.append(f"（{'一二'[i > 0]}）{SECTIONS[i > 0]}")
        lines += [f"{i + 1}.{title}", text]
    level = "national" if region == "全国" else "provincial"
    return level, region, year, "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def load_plans(load):
    """Make a corpus of plans d0, d1, ... from {(region, year): tasks}."""
    return lambda plans: load(*((f"d{i}", *make_plan(*key, tasks)) for i, (key, tasks) in enumerate(plans.items())))


MATTERS = [
    ("推进数字校园建设", "完成全部中小学数字校园验收，建立校园网络运行维护制度，遴选示范学校。"),
    ("开发继续教育资源", "面向农村居民开设网络课程，汇聚开放大学优质慕课，认证学习成果。"),
    ("培训骨干教师", "组织万名教师参加信息素养提升工程，开展线上研修与校本实践考核。"),
    ("加强网络安全", "落实等级保护，开展关键信息系统应急演练，通报漏洞并限期整改。"),
]
OTHERS = [("保护民间戏曲", "抢救濒危剧种，录制传统唱腔，扶持民营院团下乡演出。")]


@pytest.fixture(scope="module")
def aligned(corpus):
    return lab.recipes.align_pair(corpus, "fujian-2020")


@pytest.fixture(scope="module")
def nothing(load_plans):
    """Two plans that have no words in common."""
    return lab.recipes.align_pair(load_plans({("全国", 2020): MATTERS[:2], ("福建省", 2020): OTHERS}))


def draw_all(aligned, language="zh"):
    corpus, pairs = aligned.corpus, aligned.pairs
    return {
        "matrix": lab.plot_score_matrix(pairs, corpus, language=language),
        "links": lab.plot_links(pairs, corpus, language=language),
        "coverage": lab.plot_coverage(aligned.all_pairs, corpus, language=language),
        "reuse": lab.plot_reuse(lab.measure_reuse(corpus, pairs), pairs, corpus, language=language),
    }


@pytest.fixture(scope="module")
def drawn(aligned):
    return draw_all(aligned)


# --- the figures


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("preset", ["nature", "cn-journal"])  # the largest page and the smallest
def test_pages_are_tidy(aligned, preset, language):
    lab.use_preset(preset)
    for figure, _ in draw_all(aligned, language).values():
        assert_readable(figure)
        assert "推进网络思想政治与法治教育" in read_texts(figure)


def place_tasks(figure, tasks, turned=False):
    """({task: place of its number}, where the numbers stand) for a column of tasks, or for a row of turned ones."""
    texts = select(list_texts(figure), rotation=90.0 if turned else 0.0)
    along, at = ("x", "y") if turned else ("y", "x")
    for _, own in texts.sort_values(along).groupby(texts[at].round(2)):
        numbers = own[own["text"].str.isdecimal()]
        if numbers["text"].tolist() == tasks.astype(str).tolist():
            return dict(zip(tasks, numbers[along], strict=True)), numbers[at].iloc[0]
    raise AssertionError(f"no column has the tasks {tasks.tolist()}")


def test_marks_of_score_matrix(aligned, drawn):
    figure, data = drawn["matrix"]
    scores = aligned.pairs.set_index(["reference_task", "task"])["score"].sort_index().round(6)
    assert data["score"].tolist() == scores.tolist()
    titles = data.drop_duplicates("reference_task")
    rows, left = place_tasks(figure, titles["reference_task"])
    columns, _ = place_tasks(figure, data["task"].drop_duplicates(), turned=True)
    x, y = data["task"].map(columns), data["reference_task"].map(rows)
    assert_places(list_cells(figure), x=x, y=y, value=data["score"])
    (mesh,) = figure.findobj(QuadMesh)
    assert [to_hex(mesh.to_rgba(score)) for score in (0, 1)] == ["#ffffff", BLUE]
    matched = data["matched"]
    assert matched.sum() == aligned.pairs["matched"].sum() > 0
    frames = list_boxes(figure)
    assert_places(frames[frames["face"].isna()], x=x[matched], y=y[matched])
    assert_written(figure, text=titles["reference_title"], x=left - 4.5, y=titles["reference_task"].map(rows))


DASHES = ["-", "(0, (4, 1.5))", "(0, (1, 1))", "(0, (5, 1, 1, 1))"]


def test_marks_of_links(drawn):
    figure, data = drawn["links"]
    curves, marks, boxes = list_curves(figure), list_marks(figure), list_boxes(figure)
    left, edge = place_tasks(figure, data["reference_task"].dropna().drop_duplicates().sort_values())
    right, other_edge = place_tasks(figure, data["task"].dropna().drop_duplicates().sort_values())
    nodes = edge + 2.5, other_edge - 2.5
    linked = data[data["status"] == "linked"]
    ends = linked["reference_task"].map(left), linked["task"].map(right)
    assert_places(curves, x0=nodes[0], y0=ends[0], x1=nodes[1], y1=ends[1])
    clear = linked["score"] >= 0.8
    assert_places(curves[curves["width"] > 1], y0=ends[0][clear], y1=ends[1][clear])
    # A section has a colour, and dashes where colours come again; its tasks have the colour at their nodes.
    for i, section in enumerate(sorted(data["section"].dropna().unique())):
        colour, dashes = [BLUE, ORANGE, "#000000"][i % 3], DASHES[i // 3]
        own = linked["section"] == section
        assert_places(select(curves, colour=colour, style=dashes), y0=ends[0][own], y1=ends[1][own])
        for y in ends[0][own].unique():
            assert select(marks, x=nodes[0], y=y)["face"].tolist() == [colour]
    for column, places, node, status, outside in (
        ("reference_task", left, nodes[0], "left out", (0, edge + 4)),
        ("task", right, nodes[1], "own", (other_edge - 4, page_width())),
    ):
        missing = data.loc[data["status"] == status, column].map(places)
        assert_places(select(marks, x=node, edge="#d55e00", face="#ffffff"), y=missing)
        assert_places(select(boxes, left=float(outside[0]), right=outside[1]), y=missing)
        assert len(select(marks, x=node)) == len(places)
    assert data.loc[data["status"] == "left out", "reference_task"].tolist() == [2, 8, 10, 11, 15, 21, 27, 31]
    assert data.loc[data["status"] == "own", "task"].tolist() == [1, 10, 11, 13, 28]
    assert any("改为虚线" in text for text in read_texts(figure))


def test_marks_of_coverage(aligned, drawn):
    figure, data = drawn["coverage"]
    assert data["document_id"].drop_duplicates().tolist() == ["chongqing-2019", "fujian-2020"]
    taken = aligned.all_pairs.groupby(["document_id", "reference_task"])["matched"].any()
    keys = list(zip(data["document_id"], data["reference_task"], strict=True))
    assert data["taken_up"].tolist() == taken.loc[keys].tolist()
    rows, _ = place_tasks(figure, data["reference_task"].drop_duplicates())
    heads = {"chongqing-2019": find_text(figure, "重庆 2019")["x"], "fujian-2020": find_text(figure, "福建 2020")["x"]}
    x, y = data["document_id"].map(heads), data["reference_task"].map(rows)
    clear, likely = data["score"] >= 0.8, data["score"] >= 0.1
    for text, own in {
        "有匹配（得分 ≥ 0.8）": data["taken_up"] & clear,
        "有匹配（得分 < 0.8，须核对）": data["taken_up"] & ~clear,
        "无匹配，最高分 ≥ 0.1，须核对": ~data["taken_up"] & likely,
        "没有对应任务": ~data["taken_up"] & ~likely,
    }.items():
        dots = select(list_marks(figure), find_sample(figure, text), rows.values())
        assert_places(dots, x=x[own], y=y[own])
        assert own.any()
    texts = list_texts(figure)
    below = texts[(texts["y"] > max(rows.values())) & (texts["rotation"] == 90)].sort_values(["x", "y"])
    assert below["text"].tolist() == ["31/35", "0", "27/35", "+1"]
    sums = data.groupby("reference_task")["taken_up"].sum().astype(str) + "/2"
    assert_written(figure, text=sums, x=texts.loc[texts["text"].isin(sums), "x"].iloc[0], y=list(rows.values()))


def test_marks_of_reuse(aligned, drawn):
    figure, data = drawn["reuse"]
    assert data["n_copied"].tolist() == lab.measure_reuse(aligned.corpus, aligned.pairs)["n_copied"].tolist()
    rows, _ = place_tasks(figure, data["task"])
    (axis,) = read_axes(figure)
    y, copied = data["task"].map(rows), data["n_copied"] > 0
    bars = select(list_boxes(figure), face=ORANGE)
    assert_places(bars, left=axis.place(0), right=axis.place(data["share"][copied]), y=y[copied])
    numbers = data["n_copied"].astype(str) + "/" + data["n_characters"].astype(str)
    matched = ("← " + data["matched_tasks"]).where(data["matched_tasks"] != "", "无匹配")
    for column in numbers, matched:
        assert_written(figure, text=column, x=find_text(figure, column.iloc[-1])["x"], y=y)
    assert data.loc[data["task"] == 21, "matched_tasks"].tolist() == ["32, 33, 34, 35"]


def test_the_order_of_rows_changes_nothing(aligned, drawn):
    shuffled = aligned.pairs.sample(frac=1, random_state=1)
    every = aligned.all_pairs.sample(frac=1, random_state=1)
    reuse = lab.measure_reuse(aligned.corpus, shuffled)
    again = {
        "matrix": lab.plot_score_matrix(shuffled, aligned.corpus),
        "links": lab.plot_links(shuffled, aligned.corpus),
        "coverage": lab.plot_coverage(every, aligned.corpus),
        "reuse": lab.plot_reuse(reuse, shuffled, aligned.corpus),
    }
    for name, (_, data) in again.items():
        pd.testing.assert_frame_equal(data, drawn[name][1])


def test_nothing_to_align_draws_nothing(corpus):
    one = type(corpus)(**{name: table for name, table in vars(corpus).items()})
    alone = lab.recipes.align_pair(_keep(one, {"national-2017"}))
    assert alone.reference_id is None and alone.pairs.empty
    assert [figure for figure, _ in draw_all(alone).values()] == [None] * 4


def test_documents_without_a_match_are_drawn_all_the_same(nothing):
    assert not nothing.pairs["matched"].any()
    drawn = draw_all(nothing)
    for figure, _ in drawn.values():
        assert_readable(figure)
    # Nor are they called left out or own, where nothing is shared.
    assert drawn["links"][1]["status"].tolist() == ["no match"] * 3
    for name, note in (("links", "links_unrelated"), ("coverage", "coverage_unrelated")):
        assert label(note, "zh") in "".join(read_texts(drawn[name][0]))
    assert {"← 无匹配 2", "→ 无匹配 1"} <= set(read_texts(drawn["links"][0]))
    assert not drawn["coverage"][1]["related"].any()
    assert drawn["reuse"][1]["matched_tasks"].tolist() == [""]
    assert not drawn["coverage"][1]["taken_up"].any()


@pytest.fixture(scope="module")
def provinces(load_plans):
    """34 provinces and one city's worth more: 35 plans that answer to one national plan."""
    regions = [division.name for division in list_divisions() if division.level == "provincial"][:34]
    plans = {("全国", 2020): MATTERS} | {(region, 2020): MATTERS[i % 4 :] + OTHERS for i, region in enumerate(regions)}
    plans[regions[0], 2021] = MATTERS
    return load_plans(plans)


@pytest.fixture(scope="module")
def province_agendas(provinces):
    return lab.recipes.align_pair(provinces)


@pytest.mark.parametrize("preset", ["nature", "cn-journal"])  # the largest page and the smallest
def test_coverage_of_all_provinces(province_agendas, preset):
    lab.use_preset(preset)
    aligned = province_agendas
    assert aligned.all_pairs["document_id"].nunique() == 35
    figure, data = lab.plot_coverage(aligned.all_pairs, aligned.corpus, language="en")
    assert_readable(figure)
    assert data["document_id"].nunique() == 34
    assert data["document_id"].iloc[33] == "d35"  # the last year comes last
    shown = set(read_texts(figure))
    assert {"The latest 34 of 35 documents are shown.", "Inner Mongolia 2020", "Beijing 2021"} <= shown


@pytest.fixture(scope="module")
def long_agendas(load_plans):
    return lab.recipes.align_pair(load_plans({("全国", 2020): MATTERS * 30, ("福建省", 2020): MATTERS * 15}))


@pytest.mark.parametrize("preset", ["nature", "cn-journal"])
def test_long_plans_give_up_titles_before_numbers(long_agendas, preset):
    lab.use_preset(preset)
    for name, (figure, data) in draw_all(long_agendas).items():
        assert_readable(figure)
        if name != "reuse":
            assert len(data) > 100


def test_what_finds_no_room_is_counted(long_agendas):
    lab.use_preset("cn-journal")
    reuse = lab.measure_reuse(long_agendas.corpus, long_agendas.pairs)
    figure, data = lab.plot_reuse(reuse, long_agendas.pairs, long_agendas.corpus)
    assert 40 < len(data) < 55
    assert f"另有 {60 - len(data)} 项任务未画出。" in read_texts(figure)


# --- the pair, its tables and its readings


def test_who_answers_to_a_reference(corpus, provinces):
    assert list_followers(corpus, "national-2019", "national-2017") == ["national-2019"]
    assert list_followers(corpus, "national-2017", "national-2019") == [
        "chongqing-2019",
        "fujian-2020",
        "national-2017",
    ]
    assert len(list_followers(provinces, "d1", "d0")) == 35


def test_what_a_missing_counterpart_means(corpus):
    assert list_relation(corpus, "fujian-2020", "national-2019") == ("left_out", "own_task")
    assert list_relation(corpus, "national-2019", "national-2017") == ("not_continued", "new_task")
    assert list_relation(corpus, "national-2017", "national-2019") == ("new_task", "not_continued")


def test_sections_stand_in_for_tasks(corpus):
    without = _keep(corpus, {"chongqing-2019", "national-2019"}, tasks=corpus.tasks.head(0))
    aligned = lab.recipes.align_pair(without)
    assert aligned.unit == "section"
    expected = lab.align_tasks(corpus, "chongqing-2019", "national-2019", unit="section")
    assert aligned.pairs["score"].tolist() == expected["score"].tolist()
    reuse = lab.measure_reuse(aligned.corpus, aligned.pairs)
    assert len(reuse) == expected["section"].nunique() and reuse["n_copied"].sum() > 0
    for figure, _ in draw_all(aligned).values():
        assert_readable(figure)
    assert "sections take the place of tasks" in lab.readings.describe_pair(aligned, language="en")


def test_tables_lead_back_to_the_tasks(aligned):
    unmatched = lab.recipes.list_unmatched(aligned)
    assert unmatched["status"].tolist() == ["left out"] * 8 + ["own"] * 5
    assert (unmatched["score"] < 0.3).all()
    titles = aligned.corpus.tasks.set_index(["document_id", "task"])["title"]
    assert unmatched["title"].tolist() == [
        titles[key] for key in zip(unmatched["document_id"], unmatched["task"], strict=True)
    ]
    doubtful = lab.recipes.explain_doubtful(aligned, n=2)
    lowest = aligned.pairs[aligned.pairs["matched"]].nsmallest(2, "score")
    assert doubtful.drop_duplicates("score")["score"].tolist() == lowest["score"].tolist()
    closest = lab.recipes.compare_closest(aligned)
    pair = int(closest["task"].iloc[0]), int(closest["reference_task"].iloc[0])
    spans = lab.find_reuse(aligned.corpus, aligned.pairs).groupby(["task", "reference_task"])["length"].sum()
    assert spans[pair] == spans.max()


def test_robustness_moves_with_the_threshold(aligned):
    variants = lab.recipes.vary_alignment(aligned).set_index("variant")
    matched = aligned.pairs["matched"]
    for name, links in (
        ("threshold 0.2", aligned.pairs["score"] >= 0.2),
        ("threshold 0.4", aligned.pairs["score"] >= 0.4),
    ):
        assert (
            variants.loc[name, "n_links"] == links.sum() and variants.loc[name, "n_shared"] == (links & matched).sum()
        )
        taken = [set(aligned.pairs.loc[chosen, "reference_task"]) for chosen in (links, matched)]
        own = [set(aligned.pairs.loc[chosen, "task"]) for chosen in (links, matched)]
        assert variants.loc[name, "n_moved"] == len(taken[0] ^ taken[1]) + len(own[0] ^ own[1])


def test_every_variant_has_its_own_curve_and_threshold():
    table = curve.load_likeness()
    fitted = {name: curve.fit_curve(table, parts) for name, parts in curve.list_variants(table).items()}
    assert fitted == recipes.VARIANTS


def test_variants_are_compared_by_what_is_right(aligned):
    gold = json.loads((DATA / "gold" / "alignment-fujian-2020.json").read_text(encoding="utf-8"))
    variants = lab.recipes.vary_alignment(aligned, gold=gold).set_index("variant")
    links = {(link["provincial_task"], link["national_task"]) for link in gold["links"]}
    linked = np.array(
        [pair in links for pair in zip(aligned.pairs["task"], aligned.pairs["reference_task"], strict=True)]
    )
    cosine = recipes.VARIANTS["cosine alone"]
    odds = cosine.intercept + cosine.coefficients[0] * np.sqrt(aligned.pairs["cosine"])
    for name, matched in (
        ("default", aligned.pairs["matched"]),
        ("threshold 0.4", aligned.pairs["score"] >= 0.4),
        ("cosine alone", 1 / (1 + np.exp(-odds)) >= cosine.threshold),
    ):
        n_right, row = (matched & linked).sum(), variants.loc[name]
        assert (row["n_links"], row["n_right"]) == (matched.sum(), n_right)
        assert row[["precision", "recall"]].tolist() == pytest.approx([n_right / matched.sum(), n_right / linked.sum()])
    assert variants["n_links"].nunique() > 5  # nothing makes them make as many as the default


def test_variants_against_a_few_codes(aligned):
    coded = aligned.pairs.nlargest(3, "score")[["task", "reference_task"]].assign(grade=[1, 0, 2])
    variants = lab.recipes.vary_alignment(aligned, gold=coded, complete=False).set_index("variant")
    assert variants.loc["default", ["n_right", "precision", "recall"]].tolist() == pytest.approx([2, 2 / 3, 1])


def test_codes_match_the_pair_and_leave_other_documents_alone(aligned, tmp_path):
    corpus, pairs = aligned.corpus, aligned.pairs
    sheet = lab.sample_pairs(corpus, pairs).assign(coder="甲", coder_kind="person")
    codes = sheet.merge(pairs[["task", "reference_task", "score"]])
    codes["grade"] = (codes.pop("score") > 0.1).astype(int)
    codes.to_csv(tmp_path / "甲.csv", index=False)
    coded = lab.recipes.align_pair(corpus, "fujian-2020", codes=str(tmp_path))
    assert coded.calibration.threshold < 0.2 and coded.reliability is coded.calibration.reliability
    pd.testing.assert_frame_equal(coded.pairs, lab.recipes.match_pairs(pairs, coded.calibration))
    own = coded.all_pairs["document_id"] == "fujian-2020"
    assert coded.all_pairs[own]["matched"].sum() > aligned.pairs["matched"].sum()
    others = coded.all_pairs[~own]
    assert (others["matched"] == (others["score"] >= 0.3)).all() and others["linked"].isna().all()
    again = lab.recipes.align_pair(corpus, "fujian-2020", codes=coded.calibration)
    pd.testing.assert_frame_equal(again.pairs, coded.pairs)
    # The same from a table; without pairs codes are a mistake.
    assert repr(lab.recipes.align_pair(corpus, "fujian-2020", codes=codes).calibration) == repr(coded.calibration)
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.align_pair(_keep(corpus, {"fujian-2020"}), "fujian-2020", codes=codes)
    assert str(raised.value) == (
        "Codes are given, but fujian-2020 has no reference in the corpus. Check the ids, or leave the codes out."
    )
    # All that follows goes by the codes.
    variants = lab.recipes.vary_alignment(coded)
    cut = round(coded.calibration.threshold * 2 / 3, 2)
    assert variants["variant"].tolist()[:2] == ["default", f"threshold {cut:g}"]
    matches = lab.recipes.measure_false_matches(coded.pairs).iloc[0]
    matched = coded.pairs[coded.pairs["matched"]]
    assert matches["n_false"] == pytest.approx((1 - matched["probability"]).sum()) and matches["related"]
    assert len(lab.sample_pairs(corpus, coded.pairs).merge(sheet[["task", "reference_task"]])) == 0
    for figure, _ in draw_all(coded).values():
        assert_readable(figure)


def test_quality_is_that_of_the_gold(corpus):
    quality = lab.recipes.measure_quality(n_resamples=40).set_index(["document_id", "measure"])
    assert quality[quality["subject"] == "education"].index.get_level_values(0).unique().tolist() == [
        "chongqing-2019",
        "fujian-2020",
        "national-2019",
    ]
    assert len(quality) == 8 * 4
    # Fitted without the pair, the curve is another, and so may be a match or two.
    matched = lab.align_tasks(corpus, "fujian-2020", "national-2019")["matched"].sum()
    assert abs(quality.loc[("fujian-2020", "precision"), "n"] - matched) <= 3
    assert quality.loc[("fujian-2020", "F1"), "value"] == pytest.approx(0.833, abs=0.001)


def test_readings_take_their_numbers_from_the_tables(aligned):
    measures = lab.summarize_alignment(aligned.corpus, aligned.pairs, seed=1)
    reuse, spans = (measure(aligned.corpus, aligned.pairs) for measure in (lab.measure_reuse, lab.find_reuse))
    interval = measures.set_index("measure").loc["coverage", ["low", "high"]]
    english = lab.readings.describe_links(aligned, measures, language="en")
    assert english.startswith(
        "Fujian 2020 takes up **27 of the 35 tasks** of National 2019 "
        f"(77% [{interval['low']:.0%}, {interval['high']:.0%}], within these documents). "
        "**5 of the 28 tasks** of Fujian 2020 have no counterpart (18% "
    )
    assert "- Left out: 2 规范教育信息化标准化管理; 8 " in english
    chinese = lab.readings.describe_links(aligned, measures, language="zh")
    assert "福建 2020 承接了 **27 项**（77%" in chinese and "- 福建 2020 自有：1 深入学习贯彻党中央" in chinese
    assert "相隔 1 年" in lab.readings.describe_pair(
        aligned, language="zh"
    ) and "1 year apart" in lab.readings.describe_pair(aligned, language="en")
    tau = measures.set_index("measure").loc["order", "value"]
    assert f"τ = **{tau:.2f}**" in lab.readings.describe_order(measures, language="en")
    longest = spans.loc[spans["length"].idxmax()]
    sentence = lab.readings.describe_reuse(reuse, spans, measures, language="zh")
    assert (
        f"任务文字共 {reuse['n_characters'].sum():,} 字" in sentence
        and f"最长的一段 {longest['length']} 字" in sentence
    )
    assert "**25** have a counterpart in each of the 2 documents" in lab.readings.describe_followers(
        aligned.all_pairs, aligned.corpus, language="en"
    )


def test_readings_say_that_there_is_nothing(corpus, nothing):
    alone = lab.recipes.align_pair(_keep(corpus, {"national-2017"}))
    assert "no document to compare **National 2017** with" in lab.readings.describe_pair(alone, language="en")
    for aligned in (alone, nothing):
        measures = lab.summarize_alignment(aligned.corpus, aligned.pairs)
        reuse, spans = (measure(aligned.corpus, aligned.pairs) for measure in (lab.measure_reuse, lab.find_reuse))
        for language in LANGUAGES:
            sentences = [
                lab.readings.describe_pair(aligned, language=language),
                lab.readings.describe_links(aligned, measures, language=language),
                lab.readings.describe_order(measures, language=language),
                lab.readings.describe_followers(aligned.all_pairs, aligned.corpus, language=language),
                lab.readings.describe_reuse(reuse, spans, measures, language=language),
                lab.readings.describe_robustness(lab.recipes.vary_alignment(aligned), language=language),
            ]
            assert all(sentences) and not any("nan" in text for text in sentences)
        assert lab.recipes.explain_doubtful(aligned).empty and lab.recipes.compare_closest(aligned).empty


def test_titles_are_no_markup_in_readings(load_plans):
    hostile = [("<img src=x onerror=alert(1)>建设*数字*校园[x](y)", "完成全部中小学验收。"), *MATTERS[1:]]
    aligned = lab.recipes.align_pair(load_plans({("全国", 2020): hostile, ("福建省", 2020): MATTERS[1:]}))
    sentence = lab.readings.describe_links(
        aligned, lab.summarize_alignment(aligned.corpus, aligned.pairs), language="en"
    )
    assert r"\<img src=x onerror=alert(1)\>建设\*数字\*校园\[x\](y)" in sentence


def _keep(corpus, ids, **tables):
    kept = {name: table for name, table in vars(corpus).items() if name != "catalog"} | tables
    kept = {name: table[table["document_id"].isin(ids)] for name, table in kept.items()}
    return type(corpus)(**kept, catalog=corpus.catalog)


def test_lines_of_sections_differ_without_colour():
    """Those of like lightness would be one in greyscale."""
    found = sorted(map(measure_lightness, alignment.LINE_COLOURS))
    assert min(b - a for a, b in zip([*found], [*found[1:], 100], strict=True)) > 20  # white paper, too
    looks = {alignment._line_look({section: section for section in range(12)}, section) for section in range(12)}
    assert len(looks) == 12


@pytest.mark.parametrize("plot", [lab.plot_score_matrix, lab.plot_links, lab.plot_coverage])
def test_a_corpus_in_the_place_of_pairs_is_reported(plot, corpus):
    with pytest.raises(lab.PolicylabError) as error:
        plot(corpus, corpus)
    assert str(error.value) == "pairs is of the type Corpus: expected a table (DataFrame)."
