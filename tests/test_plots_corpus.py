"""The tables and figures of the corpus: the map of the structure adds up, and is drawn as the tables have it."""

from types import SimpleNamespace

import pandas as pd
import pytest
from marks import (
    LEVELS,
    assert_places,
    assert_readable,
    assert_written,
    find_box,
    find_text,
    list_boxes,
    list_lines,
    list_texts,
    read_axes,
    read_rows,
    read_texts,
    select,
)

import policylab as lab
from policylab.base.divisions import list_divisions
from policylab.plots.kit.presets import page_width

HEADS = {
    "level": "Level",
    "region": "Region",
    "year": "Year",
    "document_number": "Document no.",
    "n_sections": "Sections",
    "n_tasks": "Tasks",
    "n_paragraphs": "Paragraphs",
    "n_body_characters": "Characters",
}
NAMES = {
    "national-2017": "National 2017",
    "national-2019": "National 2019",
    "chongqing-2019": "Chongqing 2019",
    "fujian-2020": "Fujian 2020",
}


def test_marks_of_documents(corpus):
    figure, data = lab.plot_documents(corpus, language="en")
    rows = read_rows(figure, data["title"])
    shown = data.assign(level=data["level"].map(lambda level: LEVELS[level][0]))
    shown["region"] = data["region"].map({"全国": "National", "重庆市": "Chongqing", "福建省": "Fujian"})
    shown["document_number"] = data["document_number"].fillna("—")
    for column, head in HEADS.items():
        texts = shown[column].map("{:,}".format) if column.startswith("n_") else shown[column].astype(str)
        assert_written(figure, text=texts, x=find_text(figure, head, 0)["x"], y=rows)


def test_marks_of_structure(corpus):
    figure, data = lab.plot_structure(corpus, language="en")
    (axis,) = read_axes(figure, "y")
    assert axis.values[0] == 0
    texts, boxes, lines = list_texts(figure), list_boxes(figure), list_lines(figure)
    boxes = boxes[boxes["bottom"] < find_text(figure, "Parts without sections")["y"] - 3]
    cuts = select(lines, colour="#ffffff")
    n_boxes = n_cuts = 0
    for document_id, own in data.groupby("document_id"):
        left = find_text(figure, NAMES[document_id])["x"]
        blocks = own.groupby("block", as_index=False).agg(
            start=("start", "first"), end=("end", "last"), task=("task", "first"), section=("section", "first")
        )
        divided = blocks["section"].notna() | blocks["task"].notna()
        top, bottom = axis.place(blocks["start"]), axis.place(blocks["end"])
        _, colour, tint = LEVELS[own["level"].iloc[0]]
        for face, these in (tint, divided), ("#ededed", ~divided):
            assert_places(select(boxes, left=left, face=face), top=top[these], bottom=bottom[these])
        # A strip beside the blocks that have tasks, with their numbers where they fit.
        strips = boxes[boxes["left"].between(left + 20, left + 41)]
        tasks = blocks["task"].notna()
        assert_places(select(strips, face=colour), top=top[tasks], bottom=bottom[tasks], right=strips["right"].max())
        n_boxes += len(blocks) + tasks.sum()
        starts = own.loc[
            own["task"].notna() & (own["start"] > own.groupby("block")["start"].transform("first")), "start"
        ]
        here = cuts[cuts["x0"].between(left - 0.1, left + 41) & (cuts["width"] == 0.4)]
        assert_places(here, y0=axis.place(starts), x1=strips["right"].max())
        n_cuts += len(starts)
        numbers = texts[texts["x"].between(strips["left"].min(), strips["right"].max()) & texts["text"].str.isdecimal()]
        middles = own[own["task"].notna()].set_index("task")
        shown = middles.loc[numbers["text"].astype(int)]
        assert_places(numbers, y=axis.place((shown["start"] + shown["end"]) / 2))
        assert len(shown) > len(middles) / 2
    assert len(boxes) == n_boxes and (cuts["width"] == 0.4).sum() == n_cuts
    assert find_box(figure, "Sections of national documents") == LEVELS["national"][2]
    assert find_box(figure, "Sections of provincial documents") == LEVELS["provincial"][2]
    assert find_box(figure, "Parts without sections") == "#ededed"


def make_corpus(documents, paragraphs, sections=(), tasks=()):
    """A corpus from (document_id, level, region, year) and (document_id, part, section, task, text)."""
    paragraphs = pd.DataFrame(paragraphs, columns=["document_id", "part", "section", "task", "text"])
    paragraphs.insert(1, "paragraph", paragraphs.groupby("document_id").cumcount() + 1)
    documents = pd.DataFrame(documents, columns=["document_id", "level", "region", "year"])
    return SimpleNamespace(
        documents=documents.assign(
            title="要点", kind="plan", document_number=pd.Series(pd.NA, index=documents.index, dtype="str")
        ),
        paragraphs=paragraphs.astype({"section": "Int64", "task": "Int64"}),
        sections=pd.DataFrame(sections, columns=["document_id", "section", "label", "title"]).astype(
            {"section": "Int64"}
        ),
        tasks=pd.DataFrame(tasks, columns=["document_id", "task"]).assign(title="建设"),
    )


@pytest.fixture
def small():
    # A province of 2019, the country of 2019 and of 2017: out of order. "f" has two paragraphs in task 1.
    return make_corpus(
        [("f", "provincial", "福建省", 2019), ("n", "national", "全国", 2019), ("m", "national", "全国", 2017)],
        [
            ("f", "工作思路", None, None, "一 二三"),  # 3 characters: the space does not count
            ("f", "重点任务", 1, 1, "一二三四"),  # task 1: 4 + 2
            ("f", "重点任务", 1, 1, "五六"),
            ("f", "重点任务", 1, 2, "七"),
            ("f", "重点任务", 2, 3, "八九十十"),
            ("n", None, None, None, "一二三四五"),
        ],
        [("f", 1, "（一）", "加强统筹"), ("f", 2, "（二）", "夯实基础")],
        [("f", 1), ("f", 2), ("f", 3)],
    )


def test_summary_by_hand(small):
    summary = lab.summarize_documents(small)
    assert summary["document_id"].tolist() == ["m", "n", "f"]
    counts = summary.set_index("document_id")[["n_sections", "n_tasks", "n_paragraphs", "n_body_characters"]]
    assert counts.to_dict("split")["data"] == [[0, 0, 0, 0], [0, 0, 1, 5], [2, 3, 5, 14]]


def test_structure_by_hand(small):
    structure = lab.recipes.measure_structure(small)
    rows = structure[["document_id", "block", "title", "task", "n_characters", "start", "end"]].astype(object)
    assert rows.where(rows.notna(), None).to_numpy().tolist() == [
        ["n", 1, None, None, 5, 0, 5],
        ["f", 1, None, None, 3, 0, 3],
        ["f", 2, "加强统筹", 1, 6, 3, 9],
        ["f", 2, "加强统筹", 2, 1, 9, 10],
        ["f", 3, "夯实基础", 3, 4, 10, 14],
    ]


def test_structure_adds_up_to_the_summary(corpus):
    lengths = lab.recipes.measure_structure(corpus).groupby("document_id")["n_characters"].sum()
    expected = lab.summarize_documents(corpus).set_index("document_id")["n_body_characters"]
    assert lengths.sort_index().equals(expected.sort_index())
    # Counted another way: all characters but white space.
    texts = corpus.paragraphs.groupby("document_id")["text"].agg("".join)
    assert {name: len("".join(text.split())) for name, text in texts.items()} == expected.to_dict()


@pytest.mark.parametrize("preset", ["nature", "cn-journal"])  # the largest page and the smallest
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("plot", [lab.plot_structure, lab.plot_documents])
def test_figures_of_the_corpus(corpus, plot, language, preset):
    lab.use_preset(preset)
    figure, data = plot(corpus, language=language)
    assert_readable(figure)
    shown = set(read_texts(figure))
    if plot is lab.plot_structure:
        assert data.equals(lab.recipes.measure_structure(corpus))
        assert {"zh": "全国 2017", "en": "National 2017"}[language] in shown
        titles = corpus.sections["label"] + corpus.sections["title"]
        # A narrow page has no room for ten of 38, and shows their numerals.
        missing = set(titles) - {text.replace("\n", "") for text in shown}
        assert len(missing) <= (0 if page_width() > 170 else 10)
        assert {title[: title.index("）") + 1] for title in missing} <= shown
    else:
        assert data.equals(lab.summarize_documents(corpus))
        assert {"zh": "福建省", "en": "Fujian"}[language] in shown


@pytest.mark.parametrize("preset", ["nature", "cn-journal"])
@pytest.mark.parametrize("n", [1, 10, 31, 103])
def test_figures_of_fewer_and_more_documents(n, preset):
    lab.use_preset(preset)
    regions = [division.name for division in list_divisions() if division.level == "provincial"][:34]
    documents = [(f"d{i:03}", "provincial", regions[i % 34], 2000 + i // 34) for i in range(n)]
    paragraphs = [(d[0], part, None, None, "字" * 300) for d in documents for part in ("工作回顾", "2021年工作安排")]
    paragraphs += [(d[0], "2021年工作安排", s, None, "字" * 100) for d in documents for s in (1, 2)]
    sections = [
        (d[0], s, f"（{'一二'[s - 1]}）", "深化数字教育资源开发与应用，完善体系") for d in documents for s in (1, 2)
    ]
    corpus = make_corpus(documents, paragraphs, sections)
    figure, data = lab.plot_structure(corpus, language="en")
    assert_readable(figure)
    assert data["document_id"].nunique() == min(n, 102)
    table, rows = lab.plot_documents(corpus, language="en")
    assert_readable(table)
    most = {"nature": 48, "cn-journal": 30}[preset]
    assert len(rows) == min(n, most)
    for drawn, limit in ((figure, 102), (table, most)):
        note = f"The latest {limit} of {n} documents are shown."
        assert (note in read_texts(drawn)) == (n > limit)


def test_a_document_without_text_has_an_empty_column(small):
    figure, data = lab.plot_structure(small, language="zh")
    assert "m" not in set(data["document_id"])
    assert "0 节，0 字" in read_texts(figure)


# --- readings and doubts


def test_readings_take_their_numbers_from_the_tables(small):
    summary, structure = lab.summarize_documents(small), lab.recipes.measure_structure(small)
    assert lab.readings.describe_documents(summary, language="en") == (
        "The corpus has **3 documents** (2 national, 1 provincial) for 2017–2019, with 2 sections, 3 tasks, "
        "6 paragraphs and 19 characters of body text. "
        "The longest is Fujian 2019 (14 characters), the shortest National 2017 (0)."
    )
    assert lab.readings.describe_documents(summary, language="zh") == (
        "语料共 **3 份文件**（国家 2 份，省级 1 份），年度为 2017–2019。合计 2 节、3 项任务、6 段，正文 19 字。"
        "最长的是福建省2019年文件（14 字），最短的是全国2017年文件（0 字）。"
    )
    assert lab.readings.describe_structure(structure, language="en") == (
        "Text outside sections makes up from 21% (Fujian 2019) to 100% (National 2019) of a document's body text. "
        "The median task has 4 characters, the shortest 1, the longest 6."
    )
    assert lab.readings.describe_structure(structure, language="zh")._repr_markdown_() == (
        "不属于任何一节的文字占正文的 21%（福建省2019年文件）到 100%（全国2019年文件）。"
        "任务长度的中位数为 4 字，最短 1 字，最长 6 字。"
    )


def test_articles_are_said_to_be_the_tasks_of_regulations(small):
    regulations = small.documents.assign(kind=["regulation", "plan", "regulation"])
    small.tasks, small.documents = small.tasks.assign(title=None), regulations
    summary = lab.summarize_documents(small)
    assert summary.set_index("document_id")["n_articles"].to_dict() == {"m": 0, "n": 0, "f": 3}
    assert "In regulations a task is an article: 3 articles in 1 regulation." in lab.readings.describe_documents(
        summary, language="en"
    )
    assert "法规以条为任务：1 份法规共 3 条。" in lab.readings.describe_documents(summary, language="zh")


def test_doubts_name_what_was_not_recognised(corpus):
    doubts = lab.list_doubts(corpus)
    lost = doubts[doubts["kind"] == "task without number"]
    assert set(lost["document_id"]) == {"fujian-2020"} and (lost["n"] == 1).all()
    marks = doubts[doubts["kind"] == "repaired: half-width punctuation"].set_index("document_id")["n"]
    assert marks.to_dict() == {"chongqing-2019": 418, "national-2017": 1, "national-2019": 31}
    assert len(doubts) == len(lost) + len(marks)
    assert lab.readings.describe_doubts(doubts, language="en") == (
        "**5 places** to check: 5 × task without number. Repaired for reading and counting: 450 × half-width punctuation."
    )
    assert lab.readings.describe_doubts(doubts, language="zh") == (
        "**5 处**需要核对：缺编号的任务 5 处。为阅读和计数修复了原文：半角标点 450 处。"
    )
    assert lab.readings.describe_doubts(lost, language="en") == "**5 places** to check: 5 × task without number."
    assert lab.readings.describe_doubts(doubts.head(0), language="en") == "The parser recognised every line."


def test_variants_of_a_corpus_with_and_without_versions(corpus, corpus_all):
    none = lab.recipes.list_variants(corpus)
    assert (
        none.empty
        and lab.readings.describe_variants(none, language="en") == "No document is declared in two publications."
    )
    variants = lab.recipes.list_variants(corpus_all)
    assert lab.readings.describe_variants(variants, language="en") == (
        "- national-2019 and national-2019-web: **4 places** worded differently, 72 passages only in the first, "
        "0 only in the second."
    )
