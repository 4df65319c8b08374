"""The figures of the corpus: the table of documents and the map of their structure show what the tables say."""

from marks import (
    LEVELS,
    assert_places,
    assert_written,
    find_box,
    find_text,
    list_boxes,
    list_lines,
    list_texts,
    read_axes,
    read_rows,
    select,
)

import policylab as lab

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
