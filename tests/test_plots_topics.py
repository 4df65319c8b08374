"""The figures and readings of topics: what is drawn is what the tables say, unstable topics are grey, numbers are theirs."""

import itertools
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

import policylab as lab
from policylab.language.topics import name_topics
from policylab.plots.topics import COLOUR, UNSTABLE
from policylab.topics.model import Topics

DOCUMENTS = pd.DataFrame(
    {
        "document_id": ["n", "p"],
        "title": ["甲", "乙"],
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
    {"document_id": pd.Series(dtype="str"), "text": pd.Series(dtype="str"), "task": pd.Series(dtype="Int64")}
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


def texts_of(figure):
    figure.draw_without_rendering()
    return [text for text in figure.findobj(Text) if text.get_text().strip()]


def shown(figure):
    return [text.get_text() for text in texts_of(figure)]


def colours_of(figure, size=4.4):
    """Place and colour of the filled marks above the legend."""
    page = figure.axes[0]
    lines = [line for line in page.lines if line.get_marker() == "o" and line.get_markersize() == size]
    return [(line.get_xdata()[0], line.get_ydata()[0], to_hex(line.get_markerfacecolor())) for line in lines]


def check(figure):
    """No text is below 5 points or off the page, and no two level texts overlap."""
    level = []
    for text in texts_of(figure):
        extent = text.get_window_extent()
        assert text.get_fontsize() >= 5, text
        assert figure.bbox.x0 <= extent.x0 and extent.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= extent.y0 and extent.y1 <= figure.bbox.y1, text
        if text.get_rotation() == 0:
            level.append((extent, text))
    for (a, one), (b, other) in itertools.combinations(level, 2):
        # A pixel less on each side: letters have room above and below them.
        apart = a.x1 - 1 <= b.x0 or b.x1 - 1 <= a.x0 or a.y1 - 1 <= b.y0 or b.y1 - 1 <= a.y0
        assert apart, (one, other)


@pytest.mark.parametrize("preset", ["nature", "plos", "cn-journal"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_is_clean(choice, labels, prevalence, sections, language, preset):
    lab.use_preset(preset)
    for figure, _ in (
        lab.recipes.plot_topic_choice(choice, language),
        lab.plot_topics(labels, TOPICS, language),
        lab.plot_topic_stability(TOPICS, language),
        lab.plot_topic_prevalence(prevalence, TOPICS, CORPUS, language),
        lab.recipes.plot_topic_sections(*sections, TOPICS, CORPUS, language),
    ):
        check(figure)


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


def test_marks_stand_where_the_numbers_are():
    figure, data = lab.plot_topic_stability(TOPICS, "en")
    marks = colours_of(figure)
    assert data["topic"].tolist() == [1, 2] and [colour for *_, colour in marks] == [COLOUR.lower(), UNSTABLE.lower()]
    ticks = {text.get_text(): text.get_position()[0] for text in texts_of(figure) if text.get_text() in ("0", "1")}
    for (x, _, _), stability in zip(marks, data["stability"], strict=True):
        assert (x - ticks["0"]) / (ticks["1"] - ticks["0"]) == pytest.approx(stability)
    assert {"70%", "−0.10", "0.80"} <= set(shown(figure))


def test_prevalence_is_read_from_an_axis(prevalence):
    figure, data = lab.plot_topic_prevalence(prevalence, TOPICS, CORPUS, "en")
    ticks = [(text.get_position()[0], text.get_text()) for text in texts_of(figure) if text.get_text().endswith("%")]
    (low, first), (high, last) = sorted(ticks)[0], sorted(ticks)[len(ticks) // 2 - 1]
    per_unit = (high - low) / (int(last[:-1]) - int(first[:-1])) * 100
    (x, *_), (other, *_) = colours_of(figure, 3)[:2]
    assert x - other == pytest.approx((data["prevalence"][0] - data["prevalence"][1]) * per_unit)


def test_unstable_topics_are_grey_and_named_so(labels, prevalence):
    texts = shown(lab.plot_topic_stability(TOPICS, "zh")[0])
    assert "1 网络、安全、应急" in texts and "2 教师、培训、安全（不稳定）" in texts
    figure, _ = lab.plot_topics(labels, TOPICS, "zh")
    grey = {text.get_text() for text in texts_of(figure) if text.get_color() == UNSTABLE}
    assert grey == {"2 教师", "教师", "安全"} and "不稳定（0.25）" in shown(figure)
    figure, _ = lab.plot_topic_prevalence(prevalence, TOPICS, CORPUS, "zh")
    assert [colour for *_, colour in colours_of(figure, 3)] == [COLOUR.lower(), UNSTABLE.lower()] * 2


def test_a_filled_dot_is_a_term_of_its_topic(labels):
    figure, data = lab.plot_topics(labels[labels["rank"] == 1], TOPICS, "zh")
    assert data[["topic", "term", "distinctive"]].values.tolist() == [[1, "网络", True], [2, "教师", True]]
    shared = labels[(labels["order"] == "weight") | (labels["rank"] == 1)]
    _, data = lab.plot_topics(shared, TOPICS, "zh")
    assert data["distinctive"].tolist() == [True, False, True, False]


def test_the_cross_tab_counts_main_topics_and_states_ami(sections):
    figure, data = lab.recipes.plot_topic_sections(*sections, TOPICS, CORPUS, "en")
    assert data[["document_id", "section", "topic", "n_main"]].values.tolist() == [
        ["n", 1, 1, 1],
        ["n", 1, 2, 0],
        ["n", 2, 1, 0],
        ["n", 2, 2, 1],
        ["p", 1, 1, 2],
        ["p", 1, 2, 0],
    ]
    assert {"National 2019  AMI = 1.00", "Fujian 2020  AMI = —", "网络安全"} <= set(shown(figure))
    greys = [patch.get_facecolor()[0] for patch in figure.axes[0].patches]
    assert len(greys) == len(data) and greys[0] < greys[4] < greys[5] < greys[1] == 1


def test_only_the_latest_documents_find_room():
    documents = pd.concat(
        [DOCUMENTS.head(1).assign(document_id=f"d{i:02}", year=1990 + i) for i in range(30)], ignore_index=True
    )
    corpus = SimpleNamespace(documents=documents, sections=EMPTY, tasks=EMPTY, paragraphs=EMPTY)
    shares = pd.concat(
        [SHARES.head(4).assign(document_id=name) for name in documents["document_id"]], ignore_index=True
    )
    figure, data = lab.plot_topic_prevalence(
        lab.measure_prevalence(shares, seed=1, n_resamples=40), TOPICS, corpus, "en"
    )
    assert data["document_id"].iloc[0] == "d04" and "The latest 26 of 30 documents are shown." in shown(figure)
    check(figure)


def test_documents_of_one_region_and_year_are_told_apart(prevalence):
    alike = SimpleNamespace(**{**vars(CORPUS), "documents": DOCUMENTS.assign(region="全国", year=2024)})
    figure, _ = lab.plot_topic_prevalence(prevalence, TOPICS, alike, "en")
    assert {"National 2024 n", "National 2024 p"} <= set(shown(figure)) and "National 2024" not in shown(figure)


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
        "2 个主题中 **1 个稳定**（≥ 0.60），平均 0.50。最稳定的是“1 网络、安全、应急”（0.75）。**不稳定**的是：2 教师、培训、安全。图中为灰色，不宜引用。"
    )
    assert "from 1.00 (National 2019) to 1.00 (National 2019)" in lab.readings.describe_sections(
        sections[1], CORPUS, language="en"
    )
    assert "- 福建 2020：1 网络、安全、应急 75%" in lab.readings.describe_prevalence(
        prevalence, TOPICS, CORPUS, language="zh"
    )
    difference = lab.recipes.compare_topic_levels(SHARES, CORPUS, seed=1, n_resamples=50)
    told = lab.readings.describe_difference(difference, TOPICS, CORPUS, language="en")
    assert told.startswith(
        "**Within these documents**, the 95% interval of the difference between national (1) and provincial (1) documents "
        "excludes 0 for 0 of 2 topics."
    )
    assert "**Level and year are confounded** (national 2019; provincial 2020)" in told
    without = lab.recipes.compare_topic_levels(SHARES, CORPUS, seed=1, n_resamples=0)
    assert lab.readings.describe_difference(without, TOPICS, CORPUS, language="en") == (
        "There are no intervals (nothing was resampled, or each level has only one unit), so the differences cannot be judged."
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
    figure, data = lab.plot_topic_prevalence(alone, TOPICS, CORPUS, "en")
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert not any("nan" in text for text in texts) and any(f"{data['prevalence'].max():.0%}" in text for text in texts)
