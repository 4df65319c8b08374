"""The figures, the readings and the notebook's tables of two agendas: what is drawn is what the tables say."""

import warnings

import numpy as np
import pandas as pd
import pytest

import policylab as lab
from policylab.base.arguments import LANGUAGES
from policylab.base.paths import PACKAGE
from policylab.corpus.choice import list_followers
from policylab.language.lags import list_relation
from policylab.plots import alignment
from policylab.plots.kit.presets import SMALLEST_TEXT, find_preset

SECTIONS = ("数字资源", "网络安全")


def make_plans(folder, plans):
    """A corpus from {(region, year): tasks}; a task is (title, text), and the later half of them forms a section."""
    folder.mkdir(exist_ok=True)
    rows = ["document_id,title,level,region,year,file"]
    for n, ((region, year), tasks) in enumerate(plans.items()):
        lines = [f"{year}年{region}工作要点", "", "一、重点任务"]
        for i, (title, text) in enumerate(tasks):
            if i in (0, len(tasks) // 2):
                lines.append(f"（{'一二'[i > 0]}）{SECTIONS[i > 0]}")
            lines += [f"{i + 1}.{title}", text]
        (folder / f"d{n}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        level = "national" if region == "全国" else "provincial"
        rows.append(f"d{n},{year}年{region}工作要点,{level},{region},{year},d{n}.txt")
    (folder / "catalog.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", lab.PolicylabWarning)  # that they are alike is the point
        return lab.load_corpus(folder)


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
def nothing(tmp_path_factory):
    """Two plans that have no words in common."""
    plans = {("全国", 2020): MATTERS[:2], ("福建省", 2020): OTHERS}
    return lab.recipes.align_pair(make_plans(tmp_path_factory.mktemp("nothing"), plans))


def texts_of(figure):
    from matplotlib.text import Text

    figure.draw_without_rendering()
    return [text for text in figure.findobj(Text) if text.get_text()]


def check_page(figure):
    """As large as the page, and no text is smaller than journals print, leaves the page or lies upon another."""
    texts = texts_of(figure)
    assert min(text.get_fontsize() for text in texts) >= SMALLEST_TEXT * find_preset().scale - 1e-9
    size, preset = figure.get_size_inches() * 25.4, find_preset()
    assert size[0] == pytest.approx(preset.width) and size[1] <= preset.height + 0.01
    left, bottom, right, top = np.array([text.get_window_extent().extents for text in texts]).T
    outside = (left < figure.bbox.x0) | (bottom < figure.bbox.y0) | (right > figure.bbox.x1) | (top > figure.bbox.y1)
    assert not outside.any(), [text for text, out in zip(texts, outside, strict=True) if out]
    shared = [
        np.minimum.outer(ends, ends) - np.maximum.outer(starts, starts)
        for starts, ends in ((left, right), (bottom, top))
    ]
    size = np.minimum(right - left, top - bottom)
    # Ascents and descents of neighbouring lines may touch; ink may not.
    over = np.triu(np.minimum(*shared) > 0.35 * np.minimum.outer(size, size), 1)
    assert not over.any(), [(texts[i], texts[j]) for i, j in np.argwhere(over)]


def draw_all(aligned, language="zh"):
    corpus, pairs = aligned.corpus, aligned.pairs
    return {
        "matrix": lab.plot_score_matrix(pairs, corpus, language),
        "links": lab.plot_links(pairs, corpus, language),
        "coverage": lab.plot_coverage(aligned.all_pairs, corpus, language),
        "reuse": lab.plot_reuse(lab.measure_reuse(corpus, pairs), pairs, corpus, language),
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
        check_page(figure)
        assert "推进网络思想政治与法治教育" in {text.get_text() for text in texts_of(figure)}


def test_matrix_draws_every_score_and_frames_every_match(aligned, drawn):
    from matplotlib.collections import QuadMesh
    from matplotlib.patches import Rectangle

    figure, data = drawn["matrix"]
    (mesh,) = figure.findobj(QuadMesh)
    scores = aligned.pairs.set_index(["reference_task", "task"])["score"].sort_index().round(6)
    assert mesh.get_array().ravel().tolist() == scores.tolist() == data["score"].tolist()
    frames = [r for r in figure.findobj(Rectangle) if not r.get_fill()]
    assert len(frames) == aligned.pairs["matched"].sum() == data["matched"].sum()
    corners = {(r.get_x(), r.get_y()) for r in frames}
    mesh_corners = mesh.get_coordinates()[:-1, :-1].reshape(-1, 2)
    assert corners == {tuple(corner) for corner in mesh_corners[data["matched"].to_numpy()]}


def test_links_join_the_matched_tasks(aligned, drawn):
    from matplotlib.patches import PathPatch

    figure, data = drawn["links"]
    matched = aligned.pairs[aligned.pairs["matched"]]
    linked = data[data["status"] == "linked"]
    assert set(zip(linked["task"], linked["reference_task"], strict=True)) == set(
        zip(matched["task"], matched["reference_task"], strict=False)
    )
    left, right = (
        data.loc[data["status"] == status, column]
        for status, column in (("left out", "reference_task"), ("own", "task"))
    )
    assert left.tolist() == [2, 8, 15, 21, 25, 27, 31]
    assert right.tolist() == [10, 11, 13, 26, 28]
    # Every line starts and ends at the height of its two numbers.
    height = {}
    for text in texts_of(figure):
        if text.get_text().isdecimal():
            height[text.get_position()[0] < 90, int(text.get_text())] = text.get_position()[1]
    drawn = [patch.get_path().vertices[[0, -1], 1].tolist() for patch in figure.findobj(PathPatch)]
    assert drawn == [
        [height[True, a], height[False, b]] for a, b in zip(linked["reference_task"], linked["task"], strict=True)
    ]
    assert any("lines are dashed" in text.get_text() for text in texts_of(figure)) or any(
        "改为虚线" in text.get_text() for text in texts_of(figure)
    )
    widths = [patch.get_linewidth() > 1 for patch in figure.findobj(PathPatch)]
    assert widths == (linked["score"] >= 0.8).tolist()


def test_coverage_draws_a_dot_for_every_task_and_document(aligned, drawn):
    figure, data = drawn["coverage"]
    assert data["document_id"].drop_duplicates().tolist() == ["chongqing-2019", "fujian-2020"]
    taken = aligned.all_pairs.groupby(["document_id", "reference_task"])["matched"].any()
    keys = list(zip(data["document_id"], data["reference_task"], strict=True))
    assert data["taken_up"].tolist() == taken.loc[keys].tolist()
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    faces = {line.get_markerfacecolor(): len(line.get_xdata()) for line in dots if len(line.get_xdata()) > 1}
    assert sum(faces.values()) == len(data)
    assert faces["black"] == ((data["score"] >= 0.8) & data["taken_up"]).sum()
    assert faces["white"] == ((data["score"] >= 0.2) & ~data["taken_up"]).sum()
    shown = [text.get_text() for text in texts_of(figure)]
    assert {"32/35", "28/35", "0", "+1"} <= set(shown)


def test_reuse_draws_bars_as_long_as_the_shares(aligned, drawn):
    from matplotlib.patches import Rectangle

    figure, data = drawn["reuse"]
    reuse = lab.measure_reuse(aligned.corpus, aligned.pairs)
    assert data["n_copied"].tolist() == reuse["n_copied"].tolist()
    places = {text.get_text(): text.get_position()[0] for text in texts_of(figure)}
    length = places["100%"] - places["0%"]
    widths = [r.get_width() / length for r in figure.findobj(Rectangle) if r.get_facecolor()[:3] != (1, 1, 1)]
    assert widths == pytest.approx(data.loc[data["n_copied"] > 0, "share"].tolist())
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
        check_page(figure)
    assert drawn["links"][1]["status"].tolist() == ["left out", "left out", "own"]
    assert drawn["reuse"][1]["matched_tasks"].tolist() == [""]
    assert not drawn["coverage"][1]["taken_up"].any()


@pytest.fixture(scope="module")
def provinces(tmp_path_factory):
    """All provinces and one city's worth more: 35 plans that answer to one national plan."""
    regions = pd.read_csv(PACKAGE / "base" / "regions.csv")["zh"].tolist()
    plans = {("全国", 2020): MATTERS} | {
        (region, 2020): MATTERS[i % 4 :] + OTHERS for i, region in enumerate(regions[1:])
    }
    plans[regions[1], 2021] = MATTERS
    return make_plans(tmp_path_factory.mktemp("provinces"), plans)


@pytest.fixture(scope="module")
def province_agendas(provinces):
    return lab.recipes.align_pair(provinces)


@pytest.mark.parametrize("preset", ["nature", "cn-journal"])  # the largest page and the smallest
def test_coverage_of_all_provinces(province_agendas, preset):
    lab.use_preset(preset)
    aligned = province_agendas
    assert aligned.all_pairs["document_id"].nunique() == 35
    figure, data = lab.plot_coverage(aligned.all_pairs, aligned.corpus, "en")
    check_page(figure)
    assert data["document_id"].nunique() == 34
    assert data["document_id"].iloc[33] == "d35"  # the last year stands last
    shown = {text.get_text() for text in texts_of(figure)}
    assert {"The latest 34 of 35 documents are shown.", "Inner Mongolia 2020", "Beijing 2021"} <= shown


@pytest.fixture(scope="module")
def long_agendas(tmp_path_factory):
    plans = {("全国", 2020): MATTERS * 30, ("福建省", 2020): MATTERS * 15}
    return lab.recipes.align_pair(make_plans(tmp_path_factory.mktemp("long"), plans))


@pytest.mark.parametrize("preset", ["nature", "cn-journal"])
def test_long_plans_give_up_titles_before_numbers(long_agendas, preset):
    lab.use_preset(preset)
    for name, (figure, data) in draw_all(long_agendas).items():
        check_page(figure)
        if name != "reuse":
            assert len(data) > 100


def test_what_finds_no_room_is_counted(long_agendas):
    lab.use_preset("cn-journal")
    reuse = lab.measure_reuse(long_agendas.corpus, long_agendas.pairs)
    figure, data = lab.plot_reuse(reuse, long_agendas.pairs, long_agendas.corpus)
    assert 40 < len(data) < 55
    assert f"另有 {60 - len(data)} 项任务未画出。" in {text.get_text() for text in texts_of(figure)}


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
        check_page(figure)
    assert "sections take the place of tasks" in lab.readings.describe_pair(aligned, language="en")


def test_tables_lead_back_to_the_tasks(aligned):
    unmatched = lab.recipes.list_unmatched(aligned)
    assert unmatched["status"].tolist() == ["left out"] * 7 + ["own"] * 5
    assert (unmatched["score"] < 0.45).all()
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
        ("threshold 0.3", aligned.pairs["score"] >= 0.3),
        ("threshold 0.6", aligned.pairs["score"] >= 0.6),
    ):
        assert (
            variants.loc[name, "n_links"] == links.sum() and variants.loc[name, "n_shared"] == (links & matched).sum()
        )
        taken = [set(aligned.pairs.loc[chosen, "reference_task"]) for chosen in (links, matched)]
        own = [set(aligned.pairs.loc[chosen, "task"]) for chosen in (links, matched)]
        assert variants.loc[name, "n_moved"] == len(taken[0] ^ taken[1]) + len(own[0] ^ own[1])
    assert (variants.filter(like="alone", axis=0)["n_links"] == matched.sum()).all()


def test_quality_is_that_of_the_gold(corpus):
    quality = lab.recipes.measure_quality(n_resamples=40).set_index(["document_id", "measure"])
    assert quality.index.get_level_values(0).unique().tolist() == ["chongqing-2019", "fujian-2020", "national-2019"]
    matched = lab.align_tasks(corpus, "fujian-2020", "national-2019")["matched"].sum()
    assert quality.loc[("fujian-2020", "precision"), "n"] == matched
    assert quality["fitted"].groupby("document_id").first().tolist() == [True, False, False]


def test_readings_take_their_numbers_from_the_tables(aligned):
    measures = lab.summarize_alignment(aligned.corpus, aligned.pairs, seed=1)
    reuse, spans = (measure(aligned.corpus, aligned.pairs) for measure in (lab.measure_reuse, lab.find_reuse))
    interval = measures.set_index("measure").loc["coverage", ["low", "high"]]
    english = lab.readings.describe_links(aligned, measures, language="en")
    assert english.startswith(
        "Fujian 2020 takes up **28 of the 35 tasks** of National 2019 "
        f"(80% [{interval['low']:.0%}, {interval['high']:.0%}], within these documents). "
        "**5 of the 28 tasks** of Fujian 2020 have no counterpart (18% "
    )
    assert "- Left out: 2 规范教育信息化标准化管理; 8 " in english
    chinese = lab.readings.describe_links(aligned, measures, language="zh")
    assert "福建 2020 承接了 **28 项**（80%" in chinese and "- 福建 2020 自有：10 探索区块链" in chinese
    assert "相隔 1 年" in lab.readings.describe_pair(
        aligned, language="zh"
    ) and "1 year apart" in lab.readings.describe_pair(aligned, language="en")
    tau = measures.set_index("measure").loc["order", "value"]
    assert f"τ = **{tau:.2f}**" in lab.readings.describe_order(measures, language="en")
    longest = spans.loc[spans["length"].idxmax()]
    told = lab.readings.describe_reuse(reuse, spans, measures, language="zh")
    assert f"任务文字共 {reuse['n_characters'].sum():,} 字" in told and f"最长的一段 {longest['length']} 字" in told
    assert "**26** have a counterpart in every document" in lab.readings.describe_followers(
        aligned.all_pairs, aligned.corpus, language="en"
    )


def test_readings_say_that_there_is_nothing(corpus, nothing):
    alone = lab.recipes.align_pair(_keep(corpus, {"national-2017"}))
    assert "no document to compare **National 2017** with" in lab.readings.describe_pair(alone, language="en")
    for aligned in (alone, nothing):
        measures = lab.summarize_alignment(aligned.corpus, aligned.pairs)
        reuse, spans = (measure(aligned.corpus, aligned.pairs) for measure in (lab.measure_reuse, lab.find_reuse))
        for language in LANGUAGES:
            told = [
                lab.readings.describe_pair(aligned, language=language),
                lab.readings.describe_links(aligned, measures, language=language),
                lab.readings.describe_order(measures, language=language),
                lab.readings.describe_followers(aligned.all_pairs, aligned.corpus, language=language),
                lab.readings.describe_reuse(reuse, spans, measures, language=language),
                lab.readings.describe_robustness(lab.recipes.vary_alignment(aligned), language=language),
            ]
            assert all(told) and not any("nan" in text for text in told)
        assert lab.recipes.explain_doubtful(aligned).empty and lab.recipes.compare_closest(aligned).empty


def test_titles_are_no_markup_in_readings(tmp_path):
    hostile = [("<img src=x onerror=alert(1)>建设*数字*校园[x](y)", "完成全部中小学验收。"), *MATTERS[1:]]
    aligned = lab.recipes.align_pair(make_plans(tmp_path, {("全国", 2020): hostile, ("福建省", 2020): OTHERS}))
    told = lab.readings.describe_links(aligned, lab.summarize_alignment(aligned.corpus, aligned.pairs), language="en")
    assert r"\<img src=x onerror=alert(1)\>建设\*数字\*校园\[x\](y)" in told


def _keep(corpus, ids, **tables):
    kept = {name: table for name, table in vars(corpus).items() if name != "catalog"} | tables
    kept = {name: table[table["document_id"].isin(ids)] for name, table in kept.items()}
    return type(corpus)(**kept, catalog=corpus.catalog)


def test_lines_of_sections_differ_without_colour():
    """CIE lightness of the colours of links, by its formula; those of like lightness would be one in greyscale."""

    def lightness(colour):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        y = sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
        return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y

    found = sorted(map(lightness, alignment.LINE_COLOURS))
    assert min(b - a for a, b in zip([*found], [*found[1:], 100], strict=True)) > 20  # white paper, too
    looks = {alignment._line_look({section: section for section in range(12)}, section) for section in range(12)}
    assert len(looks) == 12
