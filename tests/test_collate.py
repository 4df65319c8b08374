"""Two publications of one document: where they differ, and that nobody's corpus is counted twice unseen."""

import hashlib

import pandas as pd
import pytest

import policylab as lab
from policylab.base.paths import DATA
from policylab.corpus.collate import find_duplicates


@pytest.fixture(scope="module")
def variants(corpus_all):
    return lab.compare_versions(corpus_all)


def test_the_two_publications_of_2019_differ_in_four_places_of_wording(variants):
    wording = variants.query("kind == 'wording'")
    places = wording[["role", "task", "reading", "version_reading", "context", "version_context"]].astype(object)
    assert places.where(places.notna(), None).values.tolist() == [
        ["goal", None, "學", "学", "对2万名中小[學]生信息素养测", "对2万名中小[学]生信息素养测"],
        ["paragraph", 16, "", "学", "PP进入中小[]校园的通知》", "PP进入中小[学]校园的通知》"],
        ["paragraph", 23, "学习", "", "启动中小学生[学习]信息素养测评", "启动中小学生[]信息素养测评"],
        ["paragraph", 29, "研", "", "设，推进产学[研]合作协同育人", "设，推进产学[]合作协同育人"],
    ]


def test_what_only_one_publication_has(variants):
    only = variants.query("kind != 'wording'")
    assert only.groupby(["kind", "role"]).size().to_dict() == {
        ("document only", "colophon"): 4,
        ("document only", "letterhead"): 1,
        ("document only", "notice_title"): 1,
        ("document only", "number"): 1,
        ("document only", "responsibility"): 65,
    }
    assert only["version_reading"].eq("").all() and only["version_start"].isna().all()


def test_places_lead_to_both_sources(variants, corpus_all):
    files = corpus_all.documents.set_index("document_id")["file"]
    ours, theirs = (
        (DATA / "corpus" / files[i]).read_text(encoding="utf-8") for i in ("national-2019", "national-2019-web")
    )
    for row in variants.query("kind == 'wording'").itertuples():
        assert ours[row.start : row.end] == row.reading
        assert theirs[row.version_start : row.version_end] == row.version_reading


def test_what_only_the_other_publication_has_and_a_changed_paragraph(tmp_path):
    (tmp_path / "a.txt").write_text("计划\n一、任务\n1.建设\n推进学校联网攻坚行动，提升带宽。\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text(
        "计划\n一、任务\n1.建设\n推进学校联网行动,提升带宽。\n做好总结。\n（此件公开）\n", encoding="utf-8"
    )
    (tmp_path / "catalog.csv").write_text(
        "document_id,file,level,region,year,version_of\na,a.txt,county,某县,2019,\nb,b.txt,county,某县,2019,a\n",
        encoding="utf-8",
    )
    found = lab.compare_versions(lab.load_corpus(tmp_path, versions="all"))
    assert found[["kind", "role", "reading", "version_reading"]].values.tolist() == [
        ["wording", "paragraph", "攻坚", ""],
        ["version only", "paragraph", "", "做好总结。"],
        ["version only", "colophon", "", "（此件公开）"],
    ]
    assert found["variant"].tolist() == [1, 2, 3]
    assert found.loc[1:, "paragraph"].isna().all()


def test_a_corpus_without_versions_says_how_to_declare_them(corpus):
    with pytest.raises(lab.PolicylabError) as raised:
        lab.compare_versions(corpus)
    assert str(raised.value) == (
        "No publication of this corpus is declared as a version of another. Load it with versions='all', and write the id of the"
        " publication that is counted into the column version_of of the other one."
    )


def plan(seed):
    """A text of 2,000 characters that shares nothing with that of another seed."""
    digits = "".join(hashlib.sha256(f"{seed}-{i}".encode()).hexdigest() for i in range(63))
    return "".join(chr(0x4E00 + int(digits[i : i + 2], 16) * 7) for i in range(0, 4000, 2))


def test_copies_are_found_whatever_their_number_and_excerpts_too():
    copies = [(f"c{i:02}", plan(1)) for i in range(30)]
    others = [(f"o{i}", plan(2 + i)) for i in range(3)]
    excerpt = [("e", plan(2)[300:1500])]
    found = find_duplicates(copies + others + excerpt)
    assert {i for pair in found for i in pair[:2]} == {i for i, _ in copies} | {"o0", "e"}
    assert all(share == pytest.approx(1) for *_, share in found)


def test_texts_too_short_to_tell_are_no_duplicates():
    assert find_duplicates([("a", "短文"), ("b", "短文"), ("c", "")]) == []


def test_the_table_keeps_its_types(variants):
    assert variants["task"].dtype == pd.Int64Dtype() and variants["version_start"].dtype == pd.Int64Dtype()
