"""The figures and readings of topics: what is drawn is what the tables say, unstable topics are grey, numbers are theirs."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from marks import (
    BLUE,
    assert_places,
    assert_readable,
    assert_written,
    find_sample,
    find_text,
    find_texts,
    list_areas,
    list_cells,
    list_lines,
    list_marks,
    list_texts,
    read_axes,
    read_rows,
    read_texts,
    select,
)
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex

import policylab as lab
from policylab.language.topics import name_topics
from policylab.plots.kit.presets import page_width
from policylab.topics.model import Topics

MEASURES = ("npmi", "exclusivity", "stability")
UNSTABLE = "#8c8c8c"
DOCUMENTS = pd.DataFrame(
    {
        "document_id": ["n", "p"],
        "title": ["甲", "乙"],
        "kind": ["plan", "plan"],
        "level": ["national", "provincial"],
        "region": ["全国", "福建省"],
        "year": [2019, 2020],
        "document_number": ["", ""],
    }
)
SECTIONS = pd.DataFrame(
    {"document_id": ["n", "n", "p"], "section": [1, 2, 1], "title": ["网络安全", "教师培训", "保障措施"]}
)
EMPTY = pd.DataFrame(
    {
        "document_id": pd.Series(dtype="str"),
        "title": pd.Series(dtype="str"),
        "text": pd.Series(dtype="str"),
        "task": pd.Series(dtype="Int64"),
    }
)
CORPUS = SimpleNamespace(documents=DOCUMENTS, sections=SECTIONS, tasks=EMPTY, paragraphs=EMPTY)

TOPICS = pd.DataFrame(
    {
        "topic": [1, 2],
        "stability": [0.75, 0.25],
        "low": [0.6, 0.0],
        "high": [0.9, 0.5],
        "cutoff": 0.6,
        "stable": [True, False],
        "found": [0.75, 0.25],
        "n_main": [12, 8],
        "top_terms": ["网络、安全、应急", "教师、培训、安全"],
        "npmi": [0.4, -0.1],
        "exclusivity": [0.8, 0.6],
        "prevalence": [0.7, 0.3],
    }
)
TERMS = pd.DataFrame(
    {
        "topic": [1, 1, 2, 2],
        "rank": [1, 2, 1, 2],
        "term": ["网络", "安全", "教师", "安全"],
        "weight": [0.7, 0.3, 0.9, 0.1],
    }
)
SHARES = pd.DataFrame(
    {
        "document_id": ["n"] * 4 + ["p"] * 4,
        "task": [1, 1, 2, 2] * 2,
        "topic": [1, 2] * 4,
        "share": [1.0, 0.0, 0.0, 1.0, 0.75, 0.25, 0.75, 0.25],
        "n_tokens": 10,
        "level": ["national"] * 4 + ["provincial"] * 4,
    }
)
PLACES = pd.DataFrame({"document_id": ["n", "n", "p", "p"], "task": [1, 2, 1, 2], "section": [1, 2, 1, 1]})


@pytest.fixture
def labels():
    return lab.label_topics(Topics(TERMS, SHARES), n=2)


@pytest.fixture
def choice():
    columns = {"n_topics": [4, 6], "stable": [True, False], "recommended": [True, False], "reason": ["", ""]}
    columns |= {"cutoff": 0.5, "n_stable": [3, 2]}
    for name, values in (("npmi", [0.3, 0.2]), ("exclusivity", [0.7, 0.6]), ("stability", [0.6, 0.4])):
        columns |= {name: values, f"{name}_low": [v - 0.1 for v in values], f"{name}_high": [v + 0.1 for v in values]}
    return pd.DataFrame(columns)


@pytest.fixture
def prevalence():
    return lab.measure_prevalence(SHARES, seed=1, n_resamples=50)


@pytest.fixture
def sections():
    return lab.recipes.cross_sections(SHARES, PLACES)


@pytest.mark.parametrize("preset", ["nature", "plos", "cn-journal"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_is_clean(choice, labels, prevalence, sections, language, preset):
    lab.use_preset(preset)
    for figure, _ in (
        lab.recipes.plot_topic_choice(choice, language=language),
        lab.plot_topics(labels, TOPICS, language=language),
        lab.plot_topic_stability(TOPICS, language=language),
        lab.plot_topic_prevalence(prevalence, TOPICS, CORPUS, language=language),
        lab.recipes.plot_topic_sections(*sections, TOPICS, CORPUS, language=language),
    ):
        assert_readable(figure)


def test_nothing_to_draw_gives_no_figure(choice, labels, prevalence):
    crosstab, scores = lab.recipes.cross_sections(SHARES, PLACES.assign(section=None))
    drawn = [
        lab.recipes.plot_topic_choice(choice.head(0)),
        lab.plot_topics(labels.head(0), TOPICS),
        lab.plot_topic_stability(TOPICS.head(0)),
        lab.plot_topic_prevalence(prevalence.head(0), TOPICS, CORPUS),
        lab.recipes.plot_topic_sections(crosstab, scores, TOPICS, CORPUS),
    ]
    assert [figure for figure, _ in drawn] == [None] * 5
    assert lab.readings.describe_sections(scores, CORPUS, language="en") == "No document has sections to compare with."
    one = lab.recipes.compare_topic_levels(SHARES.head(4), CORPUS, seed=1)
    assert lab.readings.describe_difference(one, TOPICS, CORPUS, language="zh") == "语料只有一个层级，没有可比较的。"


def test_the_order_of_rows_does_not_matter(choice, labels, prevalence, sections):
    def turn(table):
        return table.iloc[::-1]

    crosstab, scores = sections
    for plot, arguments, turned in (
        (lab.recipes.plot_topic_choice, [choice], [turn(choice)]),
        (lab.plot_topics, [labels, TOPICS], [turn(labels), turn(TOPICS)]),
        (lab.plot_topic_stability, [TOPICS], [turn(TOPICS)]),
        (lab.plot_topic_prevalence, [prevalence, TOPICS, CORPUS], [turn(prevalence), turn(TOPICS), CORPUS]),
        (
            lab.recipes.plot_topic_sections,
            [*sections, TOPICS, CORPUS],
            [turn(crosstab), turn(scores), turn(TOPICS), CORPUS],
        ),
    ):
        pd.testing.assert_frame_equal(plot(*arguments)[1], plot(*turned)[1])


def test_marks_of_topic_choice(choice):
    figure, data = lab.recipes.plot_topic_choice(choice, language="en")
    marks, lines, stable = list_marks(figure), list_lines(figure), data["stable"].to_numpy()
    looks = {
        True: find_sample(figure, "stable: more than half of the topics reach the cut-off"),
        False: find_sample(figure, "not stable"),
    }
    assert [look["face"] for look in looks.values()] == [BLUE, "#ffffff"]
    heads = [find_text(figure, name)["x"] for name in ("Coherence (NPMI)", "Exclusivity", "Stability")]
    panels = zip(MEASURES, read_axes(figure, "y"), heads, [*heads[1:], page_width()], list_areas(figure), strict=True)
    for measure, axis, left, right, band in panels:
        numbers = select(list_texts(figure), y=find_text(figure, "6")["y"])
        numbers = numbers[numbers["x"].between(left, right)].sort_values("x")
        assert numbers["text"].tolist() == data["n_topics"].astype(str).tolist()
        x, y, cutoff = numbers["x"].to_numpy(), axis.place(data[measure]), axis.place(data["cutoff"])
        low, high = (axis.place(data[f"{measure}_{end}"]) for end in ("low", "high"))
        here = select(marks, rows=axis.places)
        for kind, look in looks.items():
            own = stable == kind
            assert_places(select(here[here["x"].between(left, right)], look), x=x[own], y=y[own])
        here = select(lines, rows=axis.places)
        here = here[here["x0"].between(left, right)]
        upright, strong = here["x0"] == here["x1"], here["width"] == 0.8
        assert_places(here[upright & ~strong], x0=x, y0=high, y1=low)
        assert_places(here[upright & strong], x0=x[data["recommended"]], y0=min(axis.places), y1=max(axis.places))
        assert_places(here[~upright & strong], x0=x[:-1], x1=x[1:], y0=y[:-1], y1=y[1:])
        dashed = {"x0": x[:-1], "x1": x[1:], "y0": cutoff[:-1], "y1": cutoff[1:]}
        assert_places(here[here["style"] == "--"], **dashed if measure == "stability" else dict.fromkeys(dashed, []))
        assert_places(band, x=[*x, *x], y=[*low, *high])


def test_ticks_show_where_they_stand(choice, prevalence):
    """Steps of 0.005 and of 2.5% are not rounded away."""
    close = choice.assign(npmi_low=0.31, npmi=0.32, npmi_high=0.33)
    figure, _ = lab.recipes.plot_topic_choice(close, language="en")
    assert np.diff(read_axes(figure, "y")[0].values) == pytest.approx(0.005)
    small = prevalence.assign(prevalence=prevalence["prevalence"] / 10, low=np.nan, high=np.nan)
    figure, _ = lab.plot_topic_prevalence(small, TOPICS, CORPUS, language="en")
    assert [axis.values for axis in read_axes(figure)] == [[0, 0.025, 0.05]] * 2


def test_marks_of_topics(labels):
    figure, data = lab.plot_topics(labels, TOPICS, language="zh")
    marks, lines = list_marks(figure), list_lines(figure)
    looks = {
        True: find_sample(figure, "也在按 FREX 排列的前列：为本主题所特有"),
        False: find_sample(figure, "只按权重在前列"),
    }
    assert [look["face"] for look in looks.values()] == [BLUE, "#ffffff"]
    scales = lines[(lines["x0"] == lines["x1"]) & (lines["y0"] < lines["y1"])].sort_values("x0")
    for (topic, own), scale in zip(data.groupby("topic"), scales.itertuples(), strict=True):
        rows = read_rows(figure, own["name"], scale.x0 - 1.5)
        # The scale of a topic begins at its line and ends at its heaviest term, whose weight is printed above it.
        texts = list_texts(figure)
        above = texts[texts["x"].gt(scale.x0) & texts["y"].between(scale.y0 - 4, scale.y0)].sort_values("x").iloc[0]
        assert above["text"] == f"{own['weight'].max():.2f}"
        ends = scale.x0 + own["weight"] / own["weight"].max() * (above["x"] - 1 - scale.x0)
        for distinctive, look in looks.items():
            these = (own["distinctive"] == distinctive).to_numpy()
            face = UNSTABLE if topic == 2 and distinctive else look["face"]
            spots = marks[marks["x"].between(scale.x0, above["x"]) & (marks["face"] == face.lower())]
            assert_places(select(spots, rows=rows), x=ends[these], y=rows[these])
        level = select(lines, rows=rows, colour="#d9d9d9", x0=scale.x0)
        assert_places(level, x1=ends, y0=rows, y1=rows)


def test_marks_of_topic_stability():
    figure, data = lab.plot_topic_stability(TOPICS, language="zh")
    rows = read_rows(figure, ["1 网络、安全、应急", "2 教师、培训、安全（不稳定）"])
    (axis,) = read_axes(figure)
    assert_places(select(list_marks(figure), rows=rows), x=axis.place(data["stability"]), y=rows)
    lines = select(list_lines(figure), rows=rows)
    assert_places(lines[lines["y0"] == lines["y1"]], x0=axis.place(data["low"]), x1=axis.place(data["high"]), y0=rows)
    assert_places(select(list_lines(figure), style="--"), x0=[axis.place(0.6)], x1=axis.place(0.6))
    for row, colour, y in zip(("稳定", "不稳定"), (BLUE, UNSTABLE), rows, strict=True):
        assert select(list_marks(figure), y=y)["face"].tolist() == [colour], row
    for column, texts in {
        "占比": ["70%", "30%"],
        "连贯性（NPMI）": ["0.40", "−0.10"],
        "独占性": ["0.80", "0.60"],
    }.items():
        assert_written(figure, text=texts, x=find_text(figure, column, 0)["x"], y=rows)


VALUES = ("low", "prevalence", "high")


@pytest.fixture
def intervals(prevalence):
    return prevalence.assign(low=[0.1, 0.2, 0.5, np.nan], high=[0.8, 0.6, 0.9, np.nan])


def test_marks_of_topic_prevalence(intervals):
    figure, data = lab.plot_topic_prevalence(intervals, TOPICS, CORPUS, language="en")
    names = ["1 network, safety, emergency response", "2 teacher, training, safety (unstable)"]
    rows, axes = read_rows(figure, names), read_axes(figure)
    heads = {name: find_text(figure, head)["x"] for name, head in {"n": "National 2019", "p": "Fujian 2020"}.items()}
    assert [*heads.values()] == pytest.approx([axis.place(0) for axis in axes])
    axis = data["document_id"].map(dict(zip(heads, axes, strict=True)))
    x = {name: [own.place(value) for own, value in zip(axis, data[name], strict=True)] for name in VALUES}
    places = pd.DataFrame(x).assign(y=data["topic"].map(dict(zip((1, 2), rows, strict=True))))
    assert_cells(figure, places[data["stable"]], BLUE, "#000000", "x")
    assert_cells(figure, places[~data["stable"]], UNSTABLE, UNSTABLE, "x")


def test_marks_of_topic_prevalence_in_narrow_columns(intervals):
    documents = pd.concat([DOCUMENTS.head(1)] * 8, ignore_index=True).assign(document_id=[*"abcdefgh"])
    documents["year"] = range(2011, 2019)
    corpus = SimpleNamespace(documents=documents, sections=EMPTY, tasks=EMPTY, paragraphs=EMPTY)
    tables = [
        intervals[intervals["document_id"] == "np"[i % 2]].assign(document_id=name) for i, name in enumerate("abcdefgh")
    ]
    figure, data = lab.plot_topic_prevalence(pd.concat(tables), TOPICS, corpus, language="en")
    assert data["document_id"].unique().tolist() == [*"abcdefgh"]
    assert any("Every row runs from 0 to 90%." in text for text in read_texts(figure))
    heads = {
        name: find_text(figure, f"National {year}")["x"]
        for name, year in zip("abcdefgh", range(2011, 2019), strict=True)
    }
    names = ["1 network, safety, emergency response", "2 teacher, training, safety (unstable)"]
    # A row runs upwards from its line, in 7.5 of its 9 millimetres.
    bases = read_rows(figure, names) + 4
    lines = list_lines(figure)
    assert_places(select(lines, colour="#404040"), y0=bases, y1=bases)
    base = data["topic"].map(dict(zip((1, 2), bases, strict=True)))
    places = pd.DataFrame({name: base - data[name] / 0.9 * 7.5 for name in VALUES}).assign(
        x=data["document_id"].map(heads)
    )
    assert_cells(figure, places[data["stable"]], BLUE, "#000000", "y")
    assert_cells(figure, places[~data["stable"]], UNSTABLE, UNSTABLE, "y")


def assert_cells(figure, places, face, ink, along):
    """Dots and intervals of cells whose scales run along x or y."""
    other = {"x": "y", "y": "x"}[along]
    dots = select(list_marks(figure), face=face)
    assert_places(dots, **{along: places["prevalence"], other: places[other]})
    bars = select(list_lines(figure), colour=ink, width=0.7).dropna()
    ends = np.sort(places[["low", "high"]].to_numpy(), axis=1).T
    assert_places(bars, **{f"{along}0": ends[0], f"{along}1": ends[1], f"{other}0": places[other].to_numpy()})


def test_marks_of_topic_sections(sections):
    crosstab, scores = sections
    crosstab = crosstab.assign(n_units=9)  # the numbers in cells are others
    figure, data = lab.recipes.plot_topic_sections(crosstab, scores, TOPICS, CORPUS, language="en")
    assert data[["document_id", "section", "topic", "n_main"]].values.tolist() == [
        ["n", 1, 1, 1],
        ["n", 1, 2, 0],
        ["n", 2, 1, 0],
        ["n", 2, 2, 1],
        ["p", 1, 1, 2],
        ["p", 1, 2, 0],
    ]
    assert (
        read_rows(figure, ["National 2019  AMI = 1.00", "Fujian 2020  AMI = —"])[1] > find_text(figure, "教师培训")["y"]
    )
    rows = dict(zip([("n", 1), ("n", 2), ("p", 1)], read_rows(figure, SECTIONS["title"], x=3), strict=True))
    columns = {1: find_text(figure, "1 network, safety")["x"], 2: find_text(figure, "2 teacher, training")["x"]}
    x = data["topic"].map(columns)
    y = pd.Series([rows[key] for key in zip(data["document_id"], data["section"], strict=True)])
    cells = list_cells(figure)
    assert_places(cells, x=x, y=y, value=data["share"])
    # Darker is more, and none is white.
    shades = [shade for mesh in figure.findobj(QuadMesh) for shade in mesh.to_rgba(mesh.get_array().ravel())[:, 0]]
    assert shades == pytest.approx(1 - (1 - 128 / 255) * cells["value"] ** 0.5, abs=0.005)
    main = data["n_main"] > 0
    assert_written(figure, text=data["n_main"][main].astype(str), x=x[main], y=y[main])


def test_unstable_topics_are_grey_and_named_so(labels):
    texts = read_texts(lab.plot_topic_stability(TOPICS, language="zh")[0])
    assert "1 网络、安全、应急" in texts and "2 教师、培训、安全（不稳定）" in texts
    figure, _ = lab.plot_topics(labels, TOPICS, language="zh")
    grey = {text.get_text() for text in find_texts(figure) if to_hex(text.get_color()) == UNSTABLE}
    assert grey == {"2 教师", "教师", "安全"} and "不稳定（0.25），n = 8" in read_texts(figure)


def test_topics_of_few_units_are_named_so(prevalence):
    few = TOPICS.assign(n_main=[4, 1], stable=True)
    for figure in (
        lab.plot_topic_stability(few, language="en")[0],
        lab.plot_topic_prevalence(prevalence, few, CORPUS, language="en")[0],
    ):
        names = {"1 network, safety, emergency response (4 units)", "2 teacher, training, safety (1 unit)"}
        assert names <= set(read_texts(figure))
    figure, _ = lab.plot_topic_stability(TOPICS.assign(n_main=[5, 8]), language="en")
    assert "1 network, safety, emergency response" in read_texts(figure)
    assert lab.readings.describe_topics(few, language="en") == (
        "**2 of 2 topics are stable** (≥ 0.60); the mean stability is 0.50. **The main topic of fewer than 5 units**:"
        " 1 network, safety, emergency response (0.75, 4 units); 2 teacher, training, safety (0.25, 1 unit). Their stability"
        " rests on the wording of these few units; do not build on them."
    )
    one = TOPICS.assign(n_main=[2, 8], stable=True)
    assert lab.readings.describe_topics(one, language="zh") == (
        "2 个主题中 **2 个稳定**（≥ 0.60），平均 0.50。在至少有 5 个文本单元以其为主的主题中，最稳定的是“2 教师、培训、安全”"
        "（0.25，8 个单元）。**不足 5 个文本单元以其为主**的是：1 网络、安全、应急（0.75，2 个）。"
        "其稳定性只取决于这几个单元的文字，不宜据此立论。"
    )


def test_a_topic_that_refits_lose_is_a_ring_without_interval(intervals):
    lost = intervals.assign(found=intervals["topic"].map({1: 0.75, 2: 0.45}))
    lost.loc[lost["topic"] == 2, ["low", "high"]] = np.nan
    figure, data = lab.plot_topic_prevalence(lost, TOPICS.assign(stable=True), CORPUS, language="en")
    rows = read_rows(figure, ["1 network, safety, emergency response", "2 teacher, training, safety"])
    faces = [select(list_marks(figure), y=y)["face"].unique().tolist() for y in rows]
    assert faces == [[BLUE], ["#ffffff"]]
    note = " ".join(read_texts(figure))
    assert (
        "Dots: prevalence; lines: 95% intervals that hold both the sampling of units within these documents and the change of"
        " topics when refitted." in note
    )
    assert "Rings: fewer than half of the refits find the topic again, so it has no interval." in note
    said = lab.readings.describe_prevalence(lost[lost["topic"] == 2], TOPICS, CORPUS, language="en")
    assert said.endswith(
        "- Fujian 2020: 2 teacher, training, safety (unstable) 25% (no interval: only 45% of the refits find the topic again)"
    )
    figure, _ = lab.plot_topic_prevalence(intervals, TOPICS, CORPUS, language="zh")
    note = "".join(read_texts(figure))
    assert "95% 区间，在这些文件之内对文本单元重抽样，主题视为已知" in note and "空心点" not in note


def test_differences_without_interval_are_counted(prevalence):
    difference = lab.recipes.compare_topic_levels(SHARES, CORPUS, seed=1, n_resamples=50).assign(found=[0.9, 0.4])
    said = lab.readings.describe_difference(difference, TOPICS, CORPUS, language="en")
    assert said.startswith(
        "**Within these documents**, the 95% interval of the difference between national (1) and provincial (1) documents "
        "excludes 0 for 0 of 2 topics. 1 of the topics has no interval, because fewer than half of the refits find it again."
    )


def test_a_filled_dot_is_a_term_of_its_topic(labels):
    figure, data = lab.plot_topics(labels[labels["rank"] == 1], TOPICS, language="zh")
    assert data[["topic", "term", "distinctive"]].values.tolist() == [[1, "网络", True], [2, "教师", True]]
    shared = labels[(labels["order"] == "weight") | (labels["rank"] == 1)]
    _, data = lab.plot_topics(shared, TOPICS, language="zh")
    assert data["distinctive"].tolist() == [True, False, True, False]


def test_only_the_latest_documents_find_room():
    documents = pd.concat(
        [DOCUMENTS.head(1).assign(document_id=f"d{i:02}", year=1990 + i) for i in range(30)], ignore_index=True
    )
    corpus = SimpleNamespace(documents=documents, sections=EMPTY, tasks=EMPTY, paragraphs=EMPTY)
    shares = pd.concat(
        [SHARES.head(4).assign(document_id=name) for name in documents["document_id"]], ignore_index=True
    )
    figure, data = lab.plot_topic_prevalence(
        lab.measure_prevalence(shares, seed=1, n_resamples=40), TOPICS, corpus, language="en"
    )
    assert data["document_id"].iloc[0] == "d04" and "The latest 26 of 30 documents are shown." in read_texts(figure)
    assert_readable(figure)


def test_documents_of_one_region_and_year_are_distinguished(prevalence):
    alike = SimpleNamespace(**{**vars(CORPUS), "documents": DOCUMENTS.assign(region="全国", year=2024)})
    figure, _ = lab.plot_topic_prevalence(prevalence, TOPICS, alike, language="en")
    assert {"National 2024 n", "National 2024 p"} <= set(read_texts(figure)) and "National 2024" not in read_texts(
        figure
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_topics_that_find_no_room_are_counted(labels, prevalence, language):
    """The last of 80 are left out, in each figure as many as it has no room for."""
    n, own = 80, TOPICS["topic"] == 1
    topics = pd.concat([TOPICS[own].assign(topic=i) for i in range(1, n + 1)], ignore_index=True)
    first = labels[labels["topic"] == 1]
    many = pd.concat([first.assign(topic=i) for i in topics["topic"]], ignore_index=True)
    shares = prevalence[prevalence["topic"] == 1]
    shares = pd.concat([shares.assign(topic=i) for i in topics["topic"]], ignore_index=True)
    note = {"zh": r"另有 (\d+) 个主题未画出", "en": r"(\d+) more topics are not drawn"}[language]
    for figure, data in (
        lab.plot_topics(many, topics, language=language),
        lab.plot_topic_stability(topics, language=language),
        lab.plot_topic_prevalence(shares, topics, CORPUS, language=language),
    ):
        assert_readable(figure)
        drawn = data["topic"].unique().tolist()
        assert drawn == [*range(1, len(drawn) + 1)] and len(drawn) > 20
        (rest,) = re.findall(note, " ".join(read_texts(figure)))
        assert int(rest) == n - len(drawn) > 0


def test_names_of_ones_own_replace_terms():
    named = TOPICS.assign(zh=["安全", "教师"], en=["Security", "Teachers"])
    assert name_topics(named, "en") == {1: "1 Security", 2: "2 Teachers"}
    assert name_topics(TOPICS, "zh", n_terms=1) == {1: "1 网络", 2: "2 教师"}


# --- readings


def test_the_recommendation_has_its_reason(choice):
    assert lab.recipes.pick_n_topics(choice) == 4 and lab.recipes.pick_n_topics(choice, 6) == 6
    assert lab.readings.describe_choice(choice, 4, language="en") == (
        "Numbers of topics tried: 4, 6. Recommended: **4**, the smallest stable number (more than half of its topics reach the "
        "cut-off) whose NPMI (0.30) lies within the band of the best (4 topics, 0.30; band from 0.20). Its stability is "
        "0.60; 3 topics reach the cut-off (0.50). "
        "Stable: 1 of 2 numbers tried. It is the smallest number tried, and fewer topics may be better: widen `candidates`. "
        "Used below: **4**."
    )
    largest = choice.assign(stable=True, recommended=[False, True])
    assert "widen `candidates`" in lab.readings.describe_choice(
        largest, 6, language="en"
    ) and "请扩大" in lab.readings.describe_choice(largest, 6, language="zh")


def test_where_none_is_stable_it_is_said(choice):
    none = choice.assign(stable=False, recommended=False, stability=[0.3, 0.4])
    assert lab.recipes.pick_n_topics(none) == 6
    assert (
        "**没有一个稳定**：稳定性最高（0.40）的 6 个主题中，只有 2 个达到界限（0.50）"
        in lab.readings.describe_choice(none, 6, language="zh")
    )
    assert "(6 topics, 0.40), only 2 topics reach the cut-off (0.50)" in lab.readings.describe_choice(
        none, 6, language="en"
    )
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.pick_n_topics(none, -1)
    assert str(raised.value) == "n_topics is -1. Give a number of topics, or 0 for the recommended one."


def test_readings_take_their_numbers_from_the_tables(prevalence, sections):
    assert lab.readings.describe_topics(TOPICS, language="zh") == (
        "2 个主题中 **1 个稳定**（≥ 0.60），平均 0.50。在至少有 5 个文本单元以其为主的主题中，最稳定的是"
        "“1 网络、安全、应急”（0.75，12 个单元）。**不稳定**的是：2 教师、培训、安全。图中为灰色，不宜引用。"
    )
    assert "from 1.00 (National 2019) to 1.00 (National 2019)" in lab.readings.describe_sections(
        sections[1], CORPUS, language="en"
    )
    assert "- 福建 2020：1 网络、安全、应急 75%" in lab.readings.describe_prevalence(
        prevalence, TOPICS, CORPUS, language="zh"
    )
    difference = lab.recipes.compare_topic_levels(SHARES, CORPUS, seed=1, n_resamples=50)
    sentence = lab.readings.describe_difference(difference, TOPICS, CORPUS, language="en")
    assert sentence.startswith(
        "**Within these documents**, the 95% interval of the difference between national (1) and provincial (1) documents "
        "excludes 0 for 0 of 2 topics."
    )
    assert "**Level and year are confounded** (national 2019; provincial 2020)" in sentence
    without = lab.recipes.compare_topic_levels(SHARES, CORPUS, seed=1, n_resamples=0)
    assert lab.readings.describe_difference(without, TOPICS, CORPUS, language="en") == (
        "There are no intervals (nothing was resampled, each level has only one unit, or fewer than half of the refits find"
        " any topic again), so the differences cannot be judged."
    )
    units = lab.readings.describe_topic_units(
        SHARES.rename(columns={"task": "paragraph"}), CORPUS, unit="paragraph", language="zh"
    )
    assert (
        units
        == "文本单元是**段落**：2 份文件的 **4 个**，长度的中位数为词表中的 10 个词。这些文件没有编号的任务，因此以段落为单位。"
    )


def test_examples_have_their_place():
    texts = PLACES.assign(text=["网络|安全", "教师" * 50, "丙", "丁"])
    examples = lab.find_examples(Topics(TERMS, SHARES), texts, n=1)
    lines = lab.readings.describe_examples(examples, TOPICS, CORPUS, language="zh").split("\n")
    assert lines[2] == "| 1 网络、安全、应急 | 全国 2019 | 1 | 100% | 网络\\|安全 |"
    assert lines[3].startswith("| 2 教师、培训、安全（不稳定） | 全国 2019 | 2 | 100% | 教师") and lines[3].endswith(
        "… |"
    )


def test_a_share_without_interval_sets_the_scale_too(prevalence):
    alone = prevalence.assign(low=np.nan, high=np.nan)
    figure, data = lab.plot_topic_prevalence(alone, TOPICS, CORPUS, language="en")
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert not any("nan" in text for text in texts) and any(f"{data['prevalence'].max():.0%}" in text for text in texts)
