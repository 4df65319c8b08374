"""The tables against the gold annotations in data/gold: exact for structure, units and citations.

national-2019, national-2019-web and chongqing-2019 were annotated first and the parser was written against them;
national-2017 and fujian-2020 were annotated by reading, before the parser was seen, and check that it holds elsewhere.
"""

import json
import re
from collections import Counter

import pandas as pd
import pytest

from policylab.base.paths import DATA

NAMES = {
    "chongqing-2019": "chongqing-2019",
    "fujian-2020": "fujian-2020",
    "national-2017": "national-2017",
    "national-2019": "national-2019-pdf",
    "national-2019-web": "national-2019-web",
}
HALF_WIDTH = str.maketrans(",():;?!", "，（）：；？！")


def clean(text):
    """The wording only, as data/gold/NOTES.md has it."""
    return re.sub(r"[\s*#]+", "", text).translate(HALF_WIDTH)


def read_gold(kind, document_id):
    return json.loads((DATA / "gold" / f"{kind}-{NAMES[document_id]}.json").read_text(encoding="utf-8"))


def mine(table, document_id):
    return table[table["document_id"] == document_id]


@pytest.fixture(params=NAMES)
def document_id(request):
    return request.param


def test_masthead(corpus_all, document_id):
    gold, row = read_gold("structure", document_id), mine(corpus_all.documents, document_id).iloc[0]
    assert row["title"] == gold["title"]
    if gold["document_number"]:
        assert row["document_number"] == gold["document_number"]
    if gold["date_issued"]:
        assert str(row["issued"].date()) == gold["date_issued"]


def test_sections_and_tasks(corpus_all, document_id):
    gold = read_gold("structure", document_id)
    sections = mine(corpus_all.sections, document_id)
    assert list(zip(sections["label"], map(clean, sections["title"]))) == [
        (s["label"], clean(s["title"])) for s in gold["sections"]
    ]
    found = [
        (row.task, None if pd.isna(row.number) else row.number, clean(row.title), row.section)
        for row in mine(corpus_all.tasks, document_id).itertuples()
    ]
    assert found == [
        (task["position"], task["number_in_text"], clean(task["title"]), i)
        for i, s in enumerate(gold["sections"], 1)
        for task in s["tasks"]
    ]


def test_paragraphs_of_tasks_and_their_units(corpus_all, document_id):
    tasks = [task for section in read_gold("structure", document_id)["sections"] for task in section["tasks"]]
    expected = [
        (task["position"], p["starts"], p["ends"], p["responsible_units"]) for task in tasks for p in task["paragraphs"]
    ]
    paragraphs = mine(corpus_all.paragraphs, document_id).dropna(subset="task")
    units = mine(corpus_all.responsibilities, document_id).groupby("paragraph")["unit"].agg(list)
    assert len(paragraphs) == len(expected)
    for row, (task, starts, ends, named) in zip(paragraphs.itertuples(), expected):
        assert row.task == task
        assert clean(row.text).startswith(clean(starts))
        assert clean(row.text).endswith(clean(ends))
        assert list(map(clean, units.get(row.paragraph, []))) == list(map(clean, named))


def test_parts_and_goals(corpus_all, document_id):
    gold, paragraphs = read_gold("structure", document_id), mine(corpus_all.paragraphs, document_id)
    counts = paragraphs.groupby("part", sort=False).size()
    assert counts.to_dict() == {part["heading"].split("、")[1]: part["paragraphs"] for part in gold["parts"]}
    goals = paragraphs.dropna(subset="goal")
    assert goals["goal"].tolist() == [goal["ordinal"] for goal in gold["goals"]]
    assert all(clean(text).startswith(clean(goal["starts"])) for text, goal in zip(goals["text"], gold["goals"]))


def test_citations(corpus_all, document_id):
    found = Counter(map(clean, mine(corpus_all.citations, document_id)["title"]))
    assert found == {clean(row["title"]): row["count"] for row in read_gold("citations", document_id)}


def test_targets(corpus_all, document_id):
    rows = mine(corpus_all.targets, document_id)
    place = [f"goal {row.goal}" if pd.notna(row.goal) else f"task {row.task}" for row in rows.itertuples()]
    found = Counter(zip(place, rows["value"], rows["unit"], rows["comparator"]))
    expected = Counter(
        (t["where"], float(t["value"]), t["unit"], t["comparator"]) for t in read_gold("targets", document_id)
    )
    hits = (found & expected).total()
    assert 2 * hits / (found.total() + expected.total()) >= 0.98
