"""The figures of two plans: what is drawn is what the data say, nothing overlaps, and a note replaces a figure with nothing to draw."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from marks import (
    BLUE,
    NEAR,
    ORANGE,
    assert_places,
    assert_readable,
    assert_written,
    find_box,
    find_sample,
    find_text,
    find_texts,
    list_boxes,
    list_curves,
    list_lines,
    list_marks,
    list_texts,
    read_axes,
    read_line,
    read_rows,
    read_texts,
    select,
)

import policylab as lab
from policylab.language.agencies import gloss_agencies
from policylab.language.documents import name_document, name_documents
from policylab.language.quantities import format_quantity
from policylab.output.provenance import Provenance
from policylab.plots.kit.drawing import FOLDED, LEAST_PITCH, MOST_ROWS, ROW_PITCH, fit_rows, fold, shorten
from policylab.plots.kit.page import LINE, MM_PER_POINT
from policylab.plots.kit.presets import page_width


@pytest.fixture(scope="module")
def plans(compare):
    return compare("chongqing-2019")


PLAIN = "一、重点任务\n（一）建设\n1.建设课程。\n{}\n"
# Files of one line would be called publications of each other.
NOTE = "{}部门关于{}的通知，本文没有编号的任务，也没有数值。\n"


# --- which plans


def test_the_pair_of_one_year_is_chosen_before_a_later_one(corpus):
    assert lab.recipes.choose_pair(corpus) == ("chongqing-2019", "national-2019")
    assert lab.recipes.choose_pair(corpus, "fujian-2020") == ("fujian-2020", "national-2019")
    assert lab.recipes.choose_pair(corpus, "", "national-2017") == ("fujian-2020", "national-2017")
    assert lab.recipes.choose_pair(corpus, "national-2019") == ("national-2019", "national-2017")
    assert lab.recipes.choose_pair(corpus, "national-2017") == ("national-2017", None)


@pytest.mark.filterwarnings("ignore::policylab.PolicylabWarning")
def test_without_the_centre_the_plan_before_is_the_reference(load):
    def plan(name, region, year, level="municipal"):
        return name, level, region, year, NOTE.format(name * 9, region * 9)

    corpus = load(plan("a", "厦门市", 2019), plan("b", "厦门市", 2021), plan("c", "泉州市", 2022))
    assert lab.recipes.choose_pair(corpus) == ("b", "a")
    assert lab.recipes.choose_pair(corpus, "c") == ("c", None)


def test_documents_have_names_of_their_own(corpus):
    assert name_documents(corpus.documents, "zh") == {
        "national-2017": "全国 2017",
        "national-2019": "全国 2019",
        "chongqing-2019": "重庆 2019",
        "fujian-2020": "福建 2020",
    }
    assert name_document(corpus, "chongqing-2019", "en") == "Chongqing 2019"


@pytest.mark.parametrize(
    ("issuers", "added"),
    [
        (["教育部", "科技部"], ["教育部", "科技部"]),
        (["教育部", "教育部"], ["a", "b"]),
        (["教育部", None], ["a", "b"]),
        (["教育部", "工业和信息化部办公厅等"], ["a", "b"]),  # eleven characters
    ],
    ids=["issuers differ", "one issuer", "issuer unknown", "issuer long"],
)
def test_documents_of_one_region_and_year_are_distinguished(issuers, added):
    # 福建 and 福建省 are one name; the third document needs nothing.
    rows = [("a", "福建", 2024, issuers[0]), ("b", "福建省", 2024, issuers[1]), ("c", "福建省", 2025, "教育部")]
    names = name_documents(pd.DataFrame(rows, columns=["document_id", "region", "year", "issuer"]), "en")
    assert names == {"a": f"Fujian 2024 {added[0]}", "b": f"Fujian 2024 {added[1]}", "c": "Fujian 2025"}


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (
            ("national-2019", "national-2019"),
            "document_id and reference_id are both 'national-2019'. Leave one empty to have it chosen.",
        ),
        (
            ("x", ""),
            "document_id 'x' is not in the corpus. It holds chongqing-2019, fujian-2020, national-2017, national-2019.",
        ),
    ],
)
def test_wrong_ids(corpus, ids, message):
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.choose_pair(corpus, *ids)
    assert str(raised.value) == message


@pytest.mark.filterwarnings("ignore::policylab.PolicylabWarning")
def test_a_corpus_that_has_nothing_gives_readings_and_no_figures(load):
    one = load(("a", "provincial", "福建省", 2020, NOTE.format("甲", "乙")))
    plans = lab.recipes.compare_plans(one)
    assert (plans.document_id, plans.reference_id) == ("a", None)
    check_empty(one, plans)
    assert lab.readings.describe_plans(plans, one, language="en") == (
        "The corpus has no document to compare **Fujian 2020** with. Only this one is described; comparisons are empty."
    )


@pytest.mark.filterwarnings("ignore::policylab.PolicylabWarning")
def test_two_plans_without_tasks_targets_and_units(load):
    other = "另一份完全不同的文字，谈的是春天的花和秋天的月，与前者没有任何相同的句子。\n"
    two = load(("a", "national", "全国", 2020, NOTE.format("甲", "乙")), ("b", "provincial", "福建省", 2020, other))
    plans = lab.recipes.compare_plans(two)
    assert (plans.document_id, plans.reference_id) == ("b", "a")
    check_empty(two, plans)


def check_empty(corpus, plans):
    mentions = lab.list_agencies(corpus)
    graph = lab.build_agency_network(mentions, plans.document_id)
    drawn = [
        lab.plot_targets(plans.targets, corpus),
        lab.plot_strength(plans.strength, corpus),
        lab.plot_sources(plans.sources, corpus),
        lab.plot_agencies(mentions, corpus, plans.document_id),
        lab.plot_agency_network(graph),
    ]
    assert [figure for figure, _ in drawn] == [None] * 5
    record = Provenance("05_targets_and_actors", {"language": "zh"}, "", {}, "")
    for figure, data in drawn:
        assert lab.save_figure(figure, "x-zh", data, record) == "没有可画的内容，未生成 x-zh。"
    assert lab.recipes.vary_threshold(corpus, plans.document_id, plans.reference_id).empty
    for language in ("zh", "en"):
        readings = [
            lab.readings.describe_plans(plans, corpus, language=language),
            lab.readings.describe_targets(plans.targets, corpus, language=language),
            lab.readings.describe_strength(plans.strength, corpus, language=language),
            lab.readings.describe_sources(plans.sources, corpus, language=language),
            lab.readings.describe_counterparts(plans.agencies, language=language),
            lab.readings.describe_agencies(mentions, corpus, plans.document_id, language=language),
            lab.readings.describe_network(graph, language=language),
        ]
        assert all(readings) and not any("nan" in reading for reading in readings)


# --- the cascade


@pytest.mark.parametrize("preset", ["nature", "cn-journal"])  # the largest page and the smallest
@pytest.mark.parametrize(
    ("document_id", "language"),
    [("chongqing-2019", "zh"), ("chongqing-2019", "en"), ("fujian-2020", "zh"), ("national-2019", "en")],
)
def test_every_figure_of_two_plans_is_clean(corpus, compare, mentions, document_id, language, preset):
    lab.use_preset(preset)
    plans = compare(document_id)
    graph = lab.build_agency_network(mentions, document_id)
    for figure, _ in (
        lab.plot_targets(plans.targets, corpus, language=language),
        lab.plot_strength(plans.strength, corpus, language=language),
        lab.plot_sources(plans.sources, corpus, language=language),
        lab.plot_agencies(mentions, corpus, document_id, language=language),
        lab.plot_agency_network(graph, language=language),
    ):
        assert_readable(figure)
        assert not any("…" in text for text in read_texts(figure))


def test_the_cascade_counts_its_rows(corpus, plans):
    figure, data = lab.plot_targets(plans.targets, corpus, language="zh")
    texts = read_texts(figure)
    assert {"n = 33", "n = 10", "同一年度", "全国 2019", "重庆 2019", "分解 × 0.15", "100万堂", "15万堂"} <= set(texts)
    for relation, name in {"dropped": "未见", "new": "新提出", "kept": "保持"}.items():
        assert texts.count(name) == (data["relation"] == relation).sum() > 0
    assert len(data) == len(plans.targets) and data["panel"].unique().tolist() == ["count", "share", "Mbps"]


# How the way from one value to the other is drawn, and the mark of the document.
LOOKS = {"raised": ("-", ">"), "kept": ("-", "o"), "lowered": ("--", "<"), "scaled": (":", "D")}
LOOKS |= {"to be judged": ("", "^"), "not comparable": ("", "s"), "new": ("", "o"), "dropped": ("", "")}


def name_rows(data):
    """What stands in the first column: of a pair to be judged both names, one below the other."""
    names = data["indicator"].fillna(data["reference_indicator"])
    return names + np.where(data["relation"] == "to be judged", "reference: " + data["reference_indicator"], "")


@pytest.mark.parametrize(
    ("document_id", "names", "colour"),
    [
        ("chongqing-2019", ("National 2019", "Chongqing 2019"), ORANGE),
        ("national-2019", ("National 2017", "National 2019"), BLUE),
    ],
)
def test_marks_of_targets(corpus, compare, document_id, names, colour):
    figure, data = lab.plot_targets(compare(document_id).targets, corpus, language="en")
    rows, marks = read_rows(figure, name_rows(data)), list_marks(figure)
    scales = read_axes(figure, log=True)
    axes = [next(scale for scale in scales if scale.at > y) for y in rows]  # the next one below
    sides = {name: f"{side}value" for name, side in zip(names, ("reference_", ""), strict=True)}
    other, own = (
        np.array([axis.place(value) for axis, value in zip(axes, data[column], strict=True)])
        for column in sides.values()
    )
    assert_places(select(marks, find_sample(figure, names[0]), rows), x=other, y=rows)
    assert len(select(marks, rows=rows)) == data[[*sides.values()]].notna().sum().sum()
    ways = select(list_lines(figure), rows=rows, colour="#000000", width=0.9)
    for marker, these in data.groupby(data["relation"].map(lambda relation: LOOKS[relation][1])).indices.items():
        face = "#ffffff" if marker in ("s", "^") else colour
        assert_places(select(marks, rows=rows, marker=marker, face=face), x=own[these], y=rows[these])
    for style, these in data.groupby(data["relation"].map(lambda relation: LOOKS[relation][0])).indices.items():
        ends = np.sort([own[these], other[these]], axis=0) if style else [[], []]
        y = rows[these] if style else []
        assert_places(select(ways, style=style), x0=ends[0], x1=ends[1], y0=y, y1=y)
    assert len(ways) == data["relation"].isin(["raised", "kept", "lowered", "scaled"]).sum()
    for name, column in sides.items():
        filled = data[column].notna().to_numpy()
        amounts = data.loc[filled, [column, column.replace("value", "unit"), column.replace("value", "comparator")]]
        shown = [format_quantity(*amount, "en") for amount in amounts.itertuples(index=False)]
        assert_written(figure, text=shown, x=find_text(figure, name, 0)["x"], y=rows[filled])


def test_values_that_their_axis_cannot_hold_are_only_written(corpus, plans):
    """A log axis has no place for 0, and none for a share among counts."""
    targets = plans.targets.set_index("relation", drop=False)
    columns = ["reference_value", "reference_unit"]
    targets.loc["scaled", columns] = [0, "堂"]
    targets.loc["kept", ["value", "reference_value"]] = 0.5
    targets.loc["not comparable", columns] = [0.5, "%"]
    figure, data = lab.plot_targets(targets.reset_index(drop=True), corpus, language="en")
    rows = read_rows(figure, name_rows(data))
    rings = select(list_marks(figure), find_sample(figure, "National 2019"), rows)
    without = data["relation"].isin(["scaled", "not comparable", "new"]).to_numpy()
    assert_places(rings, y=rows[~without])
    for relation, amount in (("scaled", "0 堂"), ("kept", "0.5 Mbps"), ("not comparable", "50%")):
        y = rows[(data["relation"] == relation).to_numpy()].item()
        assert any(text.endswith(amount) for text in read_line(figure, y))
    joined = select(list_lines(figure), rows=rows, width=0.9)
    assert_places(joined, y0=rows[(data["relation"] == "kept").to_numpy()])


def test_a_pair_to_be_judged_shows_both_names_and_its_similarity(corpus, plans):
    figure, data = lab.plot_targets(plans.targets, corpus, language="zh")
    row = data[data["reference_indicator"] == "中小学宽带接入率"].iloc[0]
    assert (row["relation"], row["indicator"], row["same_kind"]) == ("to be judged", "中小学接入互联网", "no")
    assert {"中小学接入互联网", "对照：中小学宽带接入率", "待判断（0.48）", "种类不同", "待判断"} <= set(
        read_texts(figure)
    )
    # The other two pairs are of another tier besides; without that the names are the reason.
    assert read_texts(figure).count("层级不同") == (data["relation"] == "to be judged").sum() - 1 == 2
    plain = plans.targets.replace({"reason": "names alike in part: .*"}, {"reason": "names alike in part"}, regex=True)
    assert read_texts(lab.plot_targets(plain, corpus, language="zh")[0]).count("名称部分相近") == 3


def test_the_length_of_a_line_is_the_ratio(load):
    national = "建设精品课程1000门。学校宽带接入率达到50%。学校生均图书达到20册。"
    provincial = "建设精品课程10门。学校宽带接入率达到80%。学校生均图书达到15册。"
    corpus = load(
        ("a", "national", "全国", 2020, PLAIN.format(national)),
        ("b", "provincial", "福建省", 2020, PLAIN.format(provincial) + "此外" * 9),
    )
    targets = lab.compare_targets(corpus, "b", "a", pairs=pd.DataFrame({"task": [1], "reference_task": [1]}))
    figure, data = lab.plot_targets(targets, corpus, language="en")
    assert data["relation"].tolist() == ["lowered", "scaled", "raised"]
    ways = [line for line in figure.axes[0].lines if line.get_linewidth() == 0.9 and line.get_marker() == "None"]
    assert [line.get_linestyle() for line in ways[:3]] == ["--", ":", "-"]
    rows = [line.get_xdata() for line in ways[:3]]
    lengths = [own - other for other, own in rows]
    assert lengths[0] < 0 and lengths[1] < 0 and lengths[2] > 0
    step = lengths[1] / -2  # of one power of ten on the axis of counts, which both of the first two share
    assert lengths[0] / step == pytest.approx(-0.1249, abs=1e-3)


def test_the_order_of_rows_does_not_matter(corpus, plans, mentions):
    for plot, table in (
        (lab.plot_targets, plans.targets),
        (lab.plot_strength, plans.strength),
        (lab.plot_sources, plans.sources),
    ):
        _, data = plot(table, corpus)
        pd.testing.assert_frame_equal(plot(table.sample(frac=1, random_state=3), corpus)[1], data)
    shuffled = mentions.sample(frac=1, random_state=3)
    _, data = lab.plot_agencies(mentions, corpus, "fujian-2020")
    pd.testing.assert_frame_equal(lab.plot_agencies(shuffled, corpus, "fujian-2020")[1], data)
    graphs = [lab.build_agency_network(table, "fujian-2020") for table in (mentions, shuffled)]
    pd.testing.assert_frame_equal(*(lab.plot_agency_network(graph)[1] for graph in graphs))


def test_what_finds_no_room_is_counted(corpus, compare):
    plans = compare("national-2019")
    lab.use_preset("cn-journal")
    figure, data = lab.plot_targets(plans.targets, corpus, language="en")
    left = plans.targets["relation"].value_counts() - data["relation"].value_counts().reindex(
        plans.targets["relation"].unique(), fill_value=0
    )
    assert left[["raised", "kept", "not comparable"]].eq(0).all() and len(data) < MOST_ROWS
    expected = f"{left.sum()} more are not drawn (dropped {left['dropped']}, new {left['new']})."
    assert expected in read_texts(figure)
    ids = "national-2019", "national-2017"
    strength = lab.compare_strength(corpus, *ids, pairs=lab.align_tasks(corpus, *ids, threshold=0.1))
    for table, plot, note in (
        (plans.sources, lab.plot_sources, "{} more works are not drawn."),
        (strength, lab.plot_strength, "{} more pairs are not drawn: no coded clause on one side or no room."),
    ):
        figure, data = plot(table, corpus, language="en")
        rest = len(table) - len(data)
        assert rest > 0 and note.format(rest) in read_texts(figure)


def test_rows_stand_closer_before_any_is_left_out():
    assert fit_rows([0] * 10, 100) == (10, ROW_PITCH)
    shown, pitch = fit_rows([0, FOLDED, 0], 3 * LEAST_PITCH + FOLDED)
    assert shown == 3 and pitch == pytest.approx(LEAST_PITCH)
    assert fit_rows([0] * 10, 10 * LEAST_PITCH - 1)[0] == 8  # the note takes a line
    assert fit_rows([0] * 99, 1000) == (MOST_ROWS, ROW_PITCH)


# --- the others


def test_marks_of_strength(corpus, plans):
    figure, data = lab.plot_strength(plans.strength, corpus, language="en")
    assert len(data) == len(plans.strength) and data["delta"].is_monotonic_decreasing
    assert f"n = {len(data)}, same year" in read_texts(figure)
    rows = read_rows(figure, data["task"].astype(str) + " ← " + data["reference_task"].astype(str))
    medians, deltas = read_axes(figure)
    own, other = medians.place(data["median"]), medians.place(data["reference_median"])
    delta, none = deltas.place(data["delta"]), deltas.place(np.zeros(len(data)))
    document, reference = find_sample(figure, "Chongqing 2019"), find_sample(figure, "National 2019")
    assert (document["face"], reference["face"]) == (ORANGE, "#ffffff")
    marks, twice = list_marks(figure), np.tile(rows, 2)
    assert_places(select(marks, document, rows), x=[*own, *delta], y=twice)
    assert_places(select(marks, reference, rows), x=other, y=rows)
    ends = np.sort([[*own, *delta], [*other, *none]], axis=0)
    lines = list_lines(figure)
    assert_places(select(lines, rows=rows, width=0.9), x0=ends[0], x1=ends[1], y0=twice, y1=twice)
    # The mean of all pairs, once over the rows and once in the legend.
    dashed = lines[lines["style"] == "--"].sort_values("y0")
    assert dashed["x0"].iloc[0] == pytest.approx(deltas.place(data["baseline"])[0]) and len(dashed) == 2
    means = f"{data['baseline'].iloc[0]:.2f}; of matched pairs: {data['delta'].mean():.2f}".replace("-", "−")
    assert f"Mean δ of all pairs of tasks, matched or not: {means}" in read_texts(figure)
    titles = corpus.tasks[corpus.tasks["document_id"] == "chongqing-2019"].set_index("task")["title"]
    titles, texts = data["task"].map(titles), list_texts(figure)
    column = texts.loc[texts["text"].isin(titles), "x"].iloc[0]
    assert read_rows(figure, titles, column) == pytest.approx(rows)
    clauses = data["n_coded"].astype(str) + " | " + data["reference_n_coded"].astype(str)
    assert_written(figure, text=clauses, x=find_text(figure, "|")["x"], y=rows)
    # The head shows whose clauses stand on which side.
    heads = marks[marks["y"] < rows[0] - 2].sort_values("x")
    assert heads["face"].tolist() == [ORANGE, "#ffffff"]


def test_pairs_without_coded_clauses_are_counted_not_drawn(corpus, plans):
    strength = plans.strength.copy()
    strength.loc[:1, "delta"] = float("nan")
    figure, data = lab.plot_strength(strength, corpus, language="zh")
    assert len(data) == len(strength) - 2
    assert "另有 2 对未画出：一方没有可编码的分句，或超出篇幅。" in read_texts(figure)


def test_marks_of_sources(corpus, plans):
    figure, data = lab.plot_sources(plans.sources, corpus, language="en")
    assert len(data) == len(plans.sources)
    rows = read_rows(figure, data["work"] + np.where(data["is_self"], "*", ""))
    x = {"n_reference": find_text(figure, "National", 0)["x"], "n_document": find_text(figure, "Chongqing", 0)["x"]}
    marks = select(list_marks(figure), rows=rows)
    cited = pd.DataFrame(
        [(x[name], y, *row) for name in x for y, *row in zip(rows, data[name], data["invoked"], strict=True)]
    )
    cited = cited[cited[2] > 0]
    for text, face, invoked in (
        ("Invoked as a basis", "#000000", True),
        ("Only mentioned or announced", "#ffffff", False),
    ):
        own = cited[cited[3] == invoked]
        assert find_sample(figure, text)["face"] == face
        assert_places(select(marks, face=face), x=own[0], y=own[1])
    assert len(marks) == len(cited)
    both = rows[data["cited_by"] == "both"]
    lines = select(list_lines(figure), rows=rows, width=0.6)
    assert_places(lines, x0=x["n_reference"], x1=x["n_document"], y0=both, y1=both)
    for name, outwards in ("n_reference", -2), ("n_document", 2):
        several = (data[name] > 1).to_numpy()
        assert_written(figure, text=data[name][several].astype(str), x=x[name] + outwards, y=rows[several])
    heads = "Cited by both  n = 14", "Cited by National 2019 only  n = 11", "Cited by Chongqing 2019 only  n = 11"
    heads = [find_text(figure, text)["y"] for text in heads]
    groups = np.array(["both", "reference", "document"])
    assert groups[np.searchsorted(heads, rows) - 1].tolist() == data["cited_by"].tolist()


def test_marks_of_agencies(corpus, mentions):
    figure, data = lab.plot_agencies(mentions, corpus, "national-2019", language="zh")
    assert {"全国 2019", "35 项任务，37 个单位"} <= set(read_texts(figure))
    totals = lab.count_agencies(mentions[mentions["document_id"] == "national-2019"])
    rows = read_rows(figure, totals["agency"])
    sections = corpus.sections[corpus.sections["document_id"] == "national-2019"]
    heads = select(list_texts(figure), rotation=90.0).sort_values("x")
    assert [text.replace("\n", "") for text in heads["text"]] == (sections["label"] + sections["title"]).tolist()
    # A square lies in the row and the column that is nearest; those of tasks that a unit leads come first.
    squares = select(list_boxes(figure), rows=rows).sort_values(["top", "left"])
    units = totals["agency"].to_numpy()[np.abs(np.subtract.outer(squares["y"].array, rows)).argmin(axis=1)]
    columns = np.abs(np.subtract.outer(squares["x"].array, heads["x"].array)).argmin(axis=1)
    drawn = squares.groupby([units, sections["section"].to_numpy()[columns]])["face"].agg(list)
    expected = {
        (cell.agency, cell.section): [BLUE] * cell.n_lead + ["#ffffff"] * cell.n_co for cell in data.itertuples()
    }
    assert drawn.to_dict() == expected
    assert find_box(figure, "一项任务，牵头") == BLUE and find_box(figure, "一项任务，参与") == "#ffffff"
    for name, text in ("n_tasks", "任务"), ("n_lead", "牵头"):
        assert_written(figure, text=totals[name].astype(str), x=find_text(figure, text)["x"], y=rows)


def test_tasks_outside_of_sections_have_a_column(corpus, mentions):
    own = mentions[mentions["document_id"] == "fujian-2020"].assign(section=pd.array([pd.NA], dtype="Int64")[0])
    own["section"] = own["section"].astype("Int64")
    bare = SimpleNamespace(documents=corpus.documents, sections=corpus.sections.head(0))
    figure, data = lab.plot_agencies(own, bare, "fujian-2020", language="en")
    assert "No section" in read_texts(figure)
    assert data["n_tasks"].sum() == len(figure.axes[0].patches) - 2
    assert_readable(figure)


def test_the_network_is_laid_out_by_type_and_tasks(corpus, mentions):
    graph = lab.build_agency_network(mentions, "chongqing-2019")
    figure, data = lab.plot_agency_network(graph, language="en", corpus=corpus, document_id="chongqing-2019")
    assert "Chongqing 2019  n = 22" in read_texts(figure)
    units, ties = data[data["kind"] == "agency"], data[data["kind"] == "tie"]
    assert set(units["agency"]) == set(graph) and len(ties) == graph.number_of_edges()
    radius = -units["y"].iloc[0]
    assert ((units["x"] ** 2 + units["y"] ** 2) ** 0.5).round(2).eq(radius).all()
    first = units.iloc[0]
    assert (first["x"], first["y"], first["type"]) == (0, -52, "department")
    departments = units[units["type"] == "department"]
    assert departments["n_tasks"].is_monotonic_decreasing and departments.index.max() == len(departments) - 1
    # A name takes less of the circle than there is for each, so turned names do not touch.
    turned = [text for text in find_texts(figure) if text.get_rotation_mode() == "anchor"]
    assert len(turned) == len(units)
    most = max(text.get_text().count("\n") + 1 for text in turned)
    assert most * 6 * LINE * MM_PER_POINT < 2 * 3.14 * (radius + 2.5) / len(units)


def test_marks_of_agency_network(mentions):
    figure, data = lab.plot_agency_network(lab.build_agency_network(mentions, "chongqing-2019"), language="zh")
    units, ties = data[data["kind"] == "agency"].set_index("agency"), data[data["kind"] == "tie"]
    names = list_texts(figure).assign(text=lambda texts: texts["text"].str.replace("\n", "")).set_index("text")
    names, marks, curves = names.loc[units.index], list_marks(figure), list_curves(figure)
    # The centre, from the first name above it and one on its right.
    middle = page_width() / 2
    radius = np.hypot(units["x"], units["y"])
    assert np.ptp(radius) < NEAR
    outside = (radius + 2.5) / radius
    centre_y = (names["y"] - units["y"] * outside).median()
    assert_places(names, x=middle + units["x"] * outside, y=centre_y + units["y"] * outside)
    x, y = middle + units["x"], centre_y + units["y"]
    kinds = {"department": "内设机构", "affiliated": "直属单位", "authority": "下级行政部门"}
    for kind, own in units.groupby("type"):
        marker = find_sample(figure, kinds.get(kind, "其他"))["marker"]
        for led, these in own.groupby(own["n_lead"] > 0):
            drawn = select(marks, marker=marker, face="#404040" if led else "#ffffff")
            sizes = np.maximum(2.5, 9 * np.sqrt(these["n_tasks"] / units["n_tasks"].max()))
            assert_places(drawn[drawn["y"] < y.max() + 1], x=x[these.index], y=y[these.index], size=sizes)
    drawn = curves[curves["y0"] < y.max() + 1]
    ends = {
        "x0": ties["agency"].map(x),
        "y0": ties["agency"].map(y),
        "x1": ties["other"].map(x),
        "y1": ties["other"].map(y),
    }
    most = ties["n_shared"].max()
    assert_places(drawn, **ends, width=0.25 + 2.15 * (ties["n_shared"] - 1) / (most - 1))
    dark = drawn.assign(grey=drawn["colour"].str[1:3].map(lambda pair: int(pair, 16))).sort_values("width")
    assert dark["grey"].is_monotonic_decreasing and dark["grey"].nunique() > 3


def test_units_with_one_gloss_keep_their_chinese_names():
    assert gloss_agencies(["教师工作处", "师范教育处", "某处"], "en") == {
        "教师工作处": "Division of Teacher Education 教师工作处",
        "师范教育处": "Division of Teacher Education 师范教育处",
        "某处": "某处",
    }
    assert gloss_agencies(["教师工作处"], "en") == {"教师工作处": "Division of Teacher Education"}
    assert gloss_agencies(["教师工作处"], "zh") == {"教师工作处": "教师工作处"}


@pytest.mark.parametrize(
    ("value", "unit", "comparator", "zh", "en"),
    [
        (1000000, "堂", "=", "100万堂", "1 million 堂"),
        (350, "门", ">", ">350门", ">350 门"),
        (0.07, "%", "<=", "≤7%", "≤7%"),
        (0.055, "%", "~", "≈5.5%", "≈5.5%"),
        (12560000, "人", "increase", "+1,256万人", "+12.56 million 人"),
        (1.349e14, "元", "=", "134.9万亿元", "134.9 trillion 元"),
        (30000, "门", "total", "累计 3万门", "total 30,000 门"),
        (0.01, "百分点", "=", "1百分点", "1 百分点"),
    ],
)
def test_amounts(value, unit, comparator, zh, en):
    assert (format_quantity(value, unit, comparator, "zh"), format_quantity(value, unit, comparator, "en")) == (zh, en)


def test_names_are_cut_to_their_column():
    assert shorten("数字", 20) == "数字"
    assert shorten("数字教育资源公共服务体系", 10) == "数字教…"
    assert fold("数字教育资源公共服务体系", 14) == ["数字教育资源", "公共服务体系"]
    assert fold("数字教育资源公共服务体系", 10) == ["数字教育", "资源公…"]
    assert fold("Division of Science and Technology", 14) == ["Division of", "Science an…"]


# --- readings


def test_readings_take_their_numbers_from_the_tables(corpus, plans, mentions):
    n = len(plans.tasks)
    assert lab.readings.describe_plans(plans, corpus, language="zh").startswith(
        f"**重庆 2019** 与 **全国 2019** 对照（同一年度）：匹配 **{n} 对**任务"
    )
    assert lab.readings.describe_targets(plans.targets, corpus, language="en") == (
        "National 2019 has **33 targets**, Chongqing 2019 **10**; combined, they make 37 rows: kept 1, scaled 1, to be judged "
        "3, not comparable 1, dropped 27, new 4. No number in the two documents reports a result or lays down a rule, so none is "
        "left out.\n\n- “一师一优课、一课一名师”活动晒课: 1 million 堂 → 150,000 堂 (scaled, × 0.15)\n\n**3 pairs** are for the "
        "reader to judge, as the two may or may not be one thing: the names are alike only in part, or only one of the two says "
        "whom or which kind it counts. Such pairs are counted apart, neither as kept or raised nor as dropped and new:\n\n"
        "- 国家精品在线开放课程 800 门 — 市级高校在线开放精品课程 120 门 (similarity 0.58; base: unknown, kind: not stated)\n"
        "- 中小学宽带接入率 ≥97% — 中小学接入互联网 ≥97% (similarity 0.48; base: same, kind: different)\n"
        "- “智慧教育示范区” ≥5 个 — 市级智慧校园建设示范学校 100 所 (similarity 0.29; base: not stated, kind: unknown)"
    )
    assert lab.readings.describe_agencies(mentions, corpus, "chongqing-2019", language="zh") == (
        "重庆 2019 有 31 项任务写明责任单位，涉及 **22 个单位**。出现最多的是市教育信息技术与装备中心（23 项，74%），"
        "牵头最多的是科技处（12 项，39%）；8 个单位从不牵头。"
    )
    assert lab.readings.describe_sources(plans.sources, corpus, language="zh") == (
        "两份文件共引用 36 种文献：**都引用 14 种**（其中国家层面 14 种），仅全国 2019 引用 11 种，仅重庆 2019 "
        "引用 11 种。"
        "24 种被作为依据，其余只是提及或拟发布。"
    )
    graph = lab.build_agency_network(mentions, "chongqing-2019")
    assert lab.readings.describe_network(graph, language="en").startswith("22 agencies with 91 ties, density 0.39.")
    counts = plans.strength["delta"].gt(0).sum(), plans.strength["delta"].lt(0).sum()
    assert "worded more firmly in {}, National 2019 in {}".format(*counts) in lab.readings.describe_strength(
        plans.strength, corpus, language="en"
    )
    assert f"**{len(plans.agencies)} times**" in lab.readings.describe_counterparts(plans.agencies, language="en")


def make_units(*rows):
    """A table of compare_units as far as its reading looks at it: (remit of the unit, role, outcome)."""
    return pd.DataFrame(rows, columns=["counterpart", "reference_role", "outcome"])


@pytest.mark.parametrize(
    ("units", "zh", "en"),
    [
        (
            make_units(("财务", "lead", "same role"), ("人事", "lead", "elsewhere"), (None, "lead", "no counterpart")),
            "对照文件在匹配任务中共点名 **3 次**，其中 1 次的单位职能未知（单位表 agencies.csv 中没有），不计入以下各项："
            "同职能且角色相同 1（50%），同职能但角色不同 0（0%），同职能单位只见于其他任务 1（50%），没有对应单位 0（0%）。"
            "按匹配计，对照文件点名牵头 2 次，其中 1 次在对应任务里找到同一职能的单位。",
            "In the matched tasks the reference names agencies **3 times**, 1 of them with an unknown remit (not in agencies.csv) "
            "and left out below: same role 1 (50%), other role 0 (0%), in other tasks only 1 (50%), no counterpart 0 (0%). "
            "As counted from the matches, the reference names a lead 2 times; for 1 of these, the matched task has an agency with the same remit.",
        ),
        (
            make_units(("财务", "co", "other role"), ("人事", "lead", "no counterpart")),
            "对照文件在匹配任务中共点名 **2 次**："
            "同职能且角色相同 0（0%），同职能但角色不同 1（50%），同职能单位只见于其他任务 0（0%），没有对应单位 1（50%）。"
            "按匹配计，对照文件点名牵头 1 次，其中 0 次在对应任务里找到同一职能的单位。"
            "没有对应单位是就单位表（agencies.csv）而言：不在表中的单位不会被认作对应。",
            "In the matched tasks the reference names agencies **2 times**: same role 0 (0%), other role 1 (50%), in other tasks "
            "only 0 (0%), no counterpart 1 (50%). As counted from the matches, the reference names a lead 1 time; for 0 of these, "
            "the matched task has an agency with the same remit. “No counterpart” depends on agencies.csv: an agency that it does not "
            "list is never recognised as a counterpart.",
        ),
        (  # the reference's offices have a remit, those of the document none
            make_units(("财务", "lead", "no counterpart"), (None, "co", "no counterpart")),
            "对照文件在匹配任务中共点名 **2 次**，按单位表（agencies.csv），其中没有一个单位与本文件的单位职能相同。"
            "单位可能只是不在表中，因此无法判断任务是否交给同一职能的单位。请把缺少的单位及其职能补入该表。",
            "In the matched tasks the reference names agencies **2 times**, and according to agencies.csv none of them has the "
            "same remit as an agency of the document. Agencies may simply be missing from that table, so it is unknown whether tasks "
            "go to agencies with the same remit. Add the missing agencies and their remits to it.",
        ),
        (
            make_units((None, "lead", "no counterpart")),
            "对照文件在匹配任务中共点名 **1 次**，单位表（agencies.csv）没有给出其中任何单位的职能。"
            "单位可能只是不在表中，因此无法判断任务是否交给同一职能的单位。请把缺少的单位及其职能补入该表。",
            "In the matched tasks the reference names agencies **1 time**, and agencies.csv gives no remit for any of them. Agencies "
            "may simply be missing from that table, so it is unknown whether tasks go to agencies with the same remit. Add the "
            "missing agencies and their remits to it.",
        ),
    ],
)
def test_an_unknown_remit_is_no_missing_counterpart(units, zh, en):
    assert lab.readings.describe_counterparts(units, language="zh") == zh
    assert lab.readings.describe_counterparts(units, language="en") == en


def test_a_reference_that_names_no_agency(load):
    text = "一、重点任务\n（一）建设\n1.建设课程。\n加快课程建设。{}\n"
    corpus = load(
        ("a", "national", "全国", 2020, text.format("")),
        ("b", "provincial", "福建省", 2020, text.format("（责任单位：科技处）")),
    )
    pairs = pd.DataFrame({"task": [1], "reference_task": [1]})
    units = lab.compare_agencies(corpus, "b", "a", pairs=pairs)
    said = [lab.readings.describe_counterparts(units, language=language) for language in ("zh", "en")]
    assert said == [
        "对照文件在匹配的任务中没有点名任何单位，因此无从对照。",
        "The reference names no agency in the matched tasks, so there is nothing to compare.",
    ]


def test_a_lag_is_said(corpus, compare):
    targets = compare("fujian-2020").targets
    assert "The two are 1 year apart: a target that was dropped may have been met" in lab.readings.describe_targets(
        targets, corpus, language="en"
    )
    assert "1 year apart" in read_texts(lab.plot_targets(targets, corpus, language="en")[0])
