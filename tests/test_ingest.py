"""From a folder of files to a study: what is written, what is kept, and what is left to a person."""

import errno
import os
import shutil
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import policylab as lab
from policylab.base.errors import PolicylabError
from policylab.base.paths import CATALOG
from policylab.intake.ingest import ingest
from policylab.intake.studyfolder import StudyFolder
from policylab.intake.summary import describe_study
from policylab.intake.versions import find_versions

PLAN = """{region}{year}年教育信息化工作要点

一、重点任务

（一）完善资源服务

1.建设数字教育资源公共服务体系。新增优质数字资源1000件，覆盖90%以上的学校。{own}（责任单位：信息中心）

2.开展网络学习空间应用培训。培训教师500人。（责任单位：教师工作处）
"""
WORDS = "统筹规划部署推进实施考核评估保障机制建设标准课程平台数据安全网络空间治理能力水平提升改革创新融合应用示范培训研究服务监管资源"


def write_plan(folder, name, region="福建省", year=2020, own=""):
    """A plan of invented text, different from every other by its seed of words."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PLAN.format(region=region, year=year, own=own), encoding="utf-8")
    return path


def vary(seed):
    """Text of some three hundred characters that no two seeds share."""
    return "".join(WORDS[(seed * 7 + i * i * (seed + 3) + i) % len(WORDS)] for i in range(300)) + "。"


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    write_plan(folder, "福建2020.txt", own=vary(1))
    write_plan(folder, "sub/湖南2021.md", "湖南省", 2021, vary(2))
    write_plan(folder, "重庆2019.txt", "重庆市", 2019, vary(3))
    return folder


def read_all(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_study_of_the_shipped_texts_has_their_tables(tmp_path):
    ingest(CATALOG.parent / "texts", tmp_path / "study")
    corpus, shipped = lab.load_corpus(tmp_path / "study"), lab.load_corpus()
    names = {"national-2019-pdf": "national-2019"}
    for table in ("sections", "tasks", "paragraphs", "responsibilities", "citations", "targets"):
        ours, theirs = getattr(corpus, table).replace({"document_id": names}), getattr(shipped, table)
        pd.testing.assert_frame_equal(ours, theirs)
    same = ["document_id", "level", "region", "year", "version_of"]
    pd.testing.assert_frame_equal(corpus.documents.replace({"document_id": names})[same], shipped.documents[same])


def test_what_is_written(source, tmp_path):
    study = ingest(source, tmp_path / "study")
    assert sorted(read_all(study.study)) == [
        *("catalog.csv", "decisions.csv", "figures.toml", "ingest.csv", "marks.csv", "originals.csv"),
        *("texts/湖南2021.txt", "texts/福建2020.txt", "texts/重庆2019.txt"),
    ]
    columns = ["document_id", "file", "level", "region", "year", "source"]
    assert study.catalog[columns].values.tolist() == [
        ["福建2020", "texts/福建2020.txt", "provincial", "福建省", "2020", "福建2020.txt"],
        ["重庆2019", "texts/重庆2019.txt", "provincial", "重庆市", "2019", "重庆2019.txt"],
        ["湖南2021", "texts/湖南2021.txt", "provincial", "湖南省", "2021", "sub/湖南2021.md"],
    ]
    assert (study.study / "catalog.csv").read_bytes().startswith(b"\xef\xbb\xbfdocument_id,")
    assert lab.load_corpus(study.study).tasks.groupby("document_id").size().tolist() == [2, 2, 2]


def test_a_second_run_changes_nothing(source, tmp_path):
    ingest(source, tmp_path / "study")
    before = read_all(tmp_path / "study")
    assert ingest(source, tmp_path / "study").added == []
    assert read_all(tmp_path / "study") == before


def test_what_a_person_edited_stays(source, tmp_path):
    study = tmp_path / "study"
    ingest(source, study)
    catalog = (study / "catalog.csv").read_text(encoding="utf-8-sig")
    rows = [line for line in catalog.splitlines() if "湖南" not in line]  # a row is deleted, a cell is changed
    edited = "\n".join(rows).replace("重庆2019,", "chongqing,", 1)
    (study / "catalog.csv").write_text(edited, encoding="gb18030")  # as Excel saves it
    (study / "texts" / "福建2020.txt").write_text("改过的文本\n", encoding="utf-8")
    (study / "figures.toml").write_text('catalog = "catalog.csv"\n', encoding="utf-8")
    write_plan(source, "贵州2022.txt", "贵州省", 2022, vary(4))
    again = ingest(source, study)
    assert again.added == ["贵州2022"]
    assert again.catalog["document_id"].tolist() == ["福建2020", "chongqing", "贵州2022"]
    assert (study / "texts" / "福建2020.txt").read_text(encoding="utf-8") == "改过的文本\n"
    assert (study / "figures.toml").read_text(encoding="utf-8") == 'catalog = "catalog.csv"\n'


def test_what_changed_at_the_source_is_said(source, tmp_path):
    study = tmp_path / "study"
    ingest(source, study)
    write_plan(source, "福建2020.txt", own=vary(9))
    (source / "重庆2019.txt").unlink()
    (source / "sub" / "湖南2021.md").rename(source / "湖南（定稿）.md")
    before = read_all(study)
    again = ingest(source, study)
    assert again.added == []
    said = again.decisions[again.decisions["question"].str.contains("source")]
    assert said[["question", "document_id", "evidence"]].values.tolist() == [
        [
            "changed at the source",
            "福建2020",
            "texts/福建2020.txt and its row were kept. To take the new text, delete both and run ingest again",
        ],
        [
            "gone from the source",
            "重庆2019",
            "the text and its row were kept. If the document is to go, delete its row in catalog.csv",
        ],
    ]
    after = read_all(study)
    assert {name for name in before if before[name] != after[name]} == {"decisions.csv", "originals.csv"}
    assert "湖南（定稿）.md" in after["originals.csv"].decode("utf-8")


def test_files_of_one_name_from_two_folders(source, tmp_path):
    study = tmp_path / "study"
    ingest(source, study)
    write_plan(tmp_path / "more", "福建2020.txt", year=2022, own=vary(8))
    again = ingest(tmp_path / "more", study)
    assert again.added == ["福建2020-2"]
    assert len(again.catalog) == 4
    assert again.decisions.empty
    one = ingest(tmp_path / "more" / "福建2020.txt", study)
    assert (one.added, len(one.catalog), len(one.decisions)) == ([], 4, 0)


def test_a_table_with_one_document_a_row(source, tmp_path):
    text = (source / "福建2020.txt").read_text(encoding="utf-8")
    table = pd.DataFrame(
        {"题名": ["@甲", "乙"], "正文": [text, vary(8) * 2], "年份": [2020, 2021], "地区": ["四川", "湖南省"]}
    )
    (source / "catalog.csv").write_text("file,name\na.txt,b\n", encoding="utf-8")
    table.to_excel(source / "表.xlsx", index=False)
    study = ingest(source, tmp_path / "study")
    rows = study.catalog.set_index("document_id")[["title", "level", "region", "year"]]
    assert rows.loc[["四川省-2020-@甲", "湖南省-2021-乙"]].values.tolist() == [
        ["@甲", "provincial", "四川省", "2020"],
        ["乙", "provincial", "湖南省", "2021"],
    ]
    assert "'@甲" in (study.study / "catalog.csv").read_text(encoding="utf-8")
    assert study.decisions["evidence"].iloc[0] == (
        "no column holds the texts of documents. Its columns: file, name. Name the one that does: columns={'text': '…'}."
    )
    again = ingest(table.iloc[::-1], tmp_path / "other")
    assert sorted(again.added) == ["四川省-2020-@甲", "湖南省-2021-乙"]
    assert ingest(table, tmp_path / "other").added == []


def test_a_point_in_a_title_ends_no_name(tmp_path):
    texts = [PLAN.format(region=region, year=2020, own=vary(i)) for i, region in enumerate(("福建省", "湖南省"))]
    table = pd.DataFrame({"题名": ["教育信息化2.0行动计划", "教育信息化2.0实施方案"], "正文": texts})
    assert ingest(table, tmp_path / "table").added == ["教育信息化2.0行动计划", "教育信息化2.0实施方案"]
    write_plan(tmp_path / "source", "教育信息化2.0行动计划", own=vary(3))
    write_plan(tmp_path / "source", "教育信息化2.0实施方案.md", own=vary(4))
    assert ingest(tmp_path / "source", tmp_path / "study").added == ["教育信息化2.0实施方案", "教育信息化2.0行动计划"]


def test_a_renamed_document_keeps_its_guesses(tmp_path):
    write_plan(tmp_path / "source", "某地2020年工作要点.txt", region="", year="")
    study = tmp_path / "study"
    guesses = ingest(tmp_path / "source", study).decisions.query("question == 'guess'")
    assert not guesses.empty
    for name in ("catalog.csv", "undecided.csv"):
        if (study / name).exists():
            rows = (study / name).read_text(encoding="utf-8-sig").replace("\n某地2020年工作要点,", "\nrenamed,")
            (study / name).write_text(rows, encoding="utf-8")
    again = ingest(tmp_path / "source", study).decisions.query("question == 'guess'")
    assert again["document_id"].unique().tolist() == ["renamed"]
    assert again["column"].tolist() == guesses["column"].tolist()


def test_a_table_in_an_archive_is_named(tmp_path):
    (tmp_path / "source").mkdir()
    with zipfile.ZipFile(tmp_path / "source" / "a.zip", "w") as archive:
        archive.writestr("表.csv", "标题,正文\n甲,乙\n")
        archive.writestr("福建省2020年工作要点.txt", PLAN.format(region="福建省", year=2020, own=vary(1)))
    study = ingest(tmp_path / "source", tmp_path / "study")
    assert study.added == ["福建省2020年工作要点"]
    assert study.decisions["evidence"].iloc[0] == (
        "表.csv: the file is a table. Give it by itself as a table with one document a row, or save the document as .docx"
    )


def test_a_changed_text_is_taken_where_the_old_one_was_deleted(source, tmp_path):
    study = tmp_path / "study"
    ingest(source, study)
    changed = write_plan(source, "福建2020.txt", own=vary(9))
    (study / "texts" / "福建2020.txt").unlink()
    catalog = (study / "catalog.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (study / "catalog.csv").write_text("".join(line for line in catalog if "福建" not in line), encoding="utf-8")
    assert ingest(source, study).added == ["福建2020"]
    assert (study / "texts" / "福建2020.txt").read_text(encoding="utf-8") == changed.read_text(encoding="utf-8")


def test_a_run_that_was_killed_anywhere_is_completed_to_the_same_study(source, tmp_path, monkeypatch):
    write_plan(source, "copy/福建.txt", own=vary(1))
    whole = tmp_path / "whole"
    ingest(source, whole)
    write, study = StudyFolder.write_bytes, tmp_path / "study"
    stops = 0
    for step in range(100):
        left = [step]

        def stop(self, name, content, left=left):
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            write(self, name, content)

        monkeypatch.setattr(StudyFolder, "write_bytes", stop)
        shutil.rmtree(study, ignore_errors=True)
        try:
            ingest(source, study)
            break
        except KeyboardInterrupt:
            stops += 1
        monkeypatch.setattr(StudyFolder, "write_bytes", write)
        ingest(source, study)
        assert read_all(study) == read_all(whole), step
    assert stops > 10


def test_what_lacks_level_region_or_year_waits_until_it_is_completed(source, tmp_path):
    (source / "无题.txt").write_text("这里没有任何线索。\n", encoding="utf-8")
    study = tmp_path / "study"
    first = ingest(source, study)
    assert first.undecided["document_id"].tolist() == ["无题"]
    open_rows = first.decisions[first.decisions["question"] == "cannot be loaded"]
    assert open_rows[["document_id", "column", "evidence"]].values.tolist() == [
        [
            "无题",
            "level, region, year",
            "neither the file nor its name says it; fill it in in undecided.csv and run ingest again",
        ]
    ]
    lab.load_corpus(study)  # the others can be used meanwhile
    row = (study / "undecided.csv").read_text(encoding="utf-8-sig").splitlines()
    header, cells = row[0].split(","), row[1].split(",")
    filled = dict(zip(header, cells)) | {"level": "provincial", "region": "湖南省", "year": "2018"}
    (study / "undecided.csv").write_text(
        "\n".join([row[0], ",".join(filled[name] for name in header)]), encoding="utf-8"
    )
    second = ingest(source, study)
    assert second.catalog["document_id"].tolist()[-1] == "无题"
    assert not (study / "undecided.csv").exists()
    assert len(lab.load_corpus(study).documents) == 4


def test_copies_versions_and_parts(source, tmp_path):
    text = (source / "福建2020.txt").read_text(encoding="utf-8")
    (source / "副本").mkdir()
    (source / "副本" / "福建2020.txt").write_text(text, encoding="utf-8")
    (source / "福建汇编.txt").write_text(text + vary(11) + vary(12) + vary(13), encoding="utf-8")
    study = ingest(source, tmp_path / "study")
    pairs = study.decisions[study.decisions["question"] == "same document?"]
    assert pairs[["document_id", "proposed", "evidence"]].values.tolist() == [
        ["副本-福建2020", "", "100% of it is also in 福建汇编, which is longer"],
        ["副本-福建2020", "福建2020", "the same text as 福建2020"],
        ["福建2020", "", "100% of it is also in 福建汇编, which is longer"],
    ]
    versions = study.catalog.set_index("document_id")["version_of"].dropna()
    assert versions.to_dict() == {"副本-福建2020": "福建2020"}


def test_a_plan_of_another_year_is_no_version():
    texts = {"a": vary(1) + vary(2), "b": vary(1) + vary(2) + "完"}
    documents = pd.DataFrame(
        {
            "document_id": ["a", "b"],
            "region": "福建省",
            "year": ["2019", "2020"],
            "document_number": "",
            "version_of": "",
        }
    )
    assert find_versions(documents, texts).iloc[0].to_dict() == {
        "document_id": "b",
        "other_id": "a",
        "relation": "version",
        "share": 1.0,
        "version_of": None,
    }


def test_decided_stays_decided(source, tmp_path):
    (source / "scan.txt").write_bytes(b"")
    study = tmp_path / "study"
    ingest(source, study)
    table = pd.read_csv(study / "decisions.csv", dtype=str, keep_default_na=False)
    assert table["question"].iloc[0] == "not read"
    table.loc[0, "decided"] = "x"
    table.to_csv(study / "decisions.csv", index=False, encoding="gb18030")
    again = ingest(source, study).decisions
    assert again.iloc[-1][["question", "original", "decided"]].tolist() == ["not read", "../source/scan.txt", "x"]


@pytest.mark.parametrize(
    "name, document_id",
    [
        ("con.txt", "con-text"),
        ("2019-02-27.txt", "text-2019-02-27"),
        ("001.txt", "text-001"),
        ("2019.txt", "2019"),
        ("a  b*c.txt", "a-b-c"),
        ("…" * 80 + ".txt", "…" * 60),
        ("....txt", "document"),
    ],
)
def test_ids_that_every_system_can_write(tmp_path, name, document_id):
    write_plan(tmp_path / "source", name)
    study = ingest(tmp_path / "source", tmp_path / "study")
    assert study.added == ([document_id] if not name.startswith(".") else [])


def test_links_hidden_files_and_the_study_itself(source, tmp_path):
    outside = write_plan(tmp_path, "outside.txt")
    os.symlink(outside, source / "link.txt")
    os.symlink(tmp_path / "nothing", source / "dead.txt")
    os.symlink(source / "福建2020.txt", source / "inner.txt")
    (source / "~$福建2020.docx").write_bytes(b"lock")
    (source / ".DS_Store").write_bytes(b"x")
    study = source / "study"
    result = ingest(source, study)
    assert len(result.added) == 3
    assert result.decisions[["original", "evidence"]].head(2).values.tolist() == [
        ["../dead.txt", "it is a link to something that does not exist."],
        ["../link.txt", "it is a link that leads out of the source. Copy what it leads to into the folder."],
    ]
    assert ingest(source, study).added == []


def test_a_folder_of_somebody_else_is_left_alone(source, tmp_path):
    (tmp_path / "catalog.csv").write_text("document_id,file\n", encoding="utf-8")
    with pytest.raises(PolicylabError) as error:
        ingest(source, tmp_path)
    assert (
        str(error.value)
        == f"{tmp_path / 'catalog.csv'} was not written by ingest. Nothing was read. Choose another folder."
    )
    with pytest.raises(PolicylabError) as error:
        ingest(tmp_path / "nowhere", tmp_path / "study")
    assert (
        str(error.value) == f"There is no file or folder {tmp_path / 'nowhere'}. Give the path of what is to be read."
    )
    assert not (tmp_path / "study").exists()


def test_a_broken_table_of_the_study_stops_before_anything_is_written(source, tmp_path):
    study = tmp_path / "study"
    ingest(source, study)
    (study / "catalog.csv").write_text(
        "document_id,file,level,region,year\n,texts/a.txt,provincial,福建省,2020\n", encoding="utf-8"
    )
    write_plan(source, "new.txt", own=vary(5))
    before = read_all(study)
    with pytest.raises(PolicylabError) as error:
        ingest(source, study)
    assert str(error.value) == (
        f"{study / 'catalog.csv'} has 1 problem:\n"
        "  row 2, column document_id: the cell is blank. Fill it in, or delete the row."
    )
    assert read_all(study) == before


def test_the_summary(source, tmp_path):
    (source / "empty.txt").write_bytes(b"")
    study = tmp_path / "study"
    lines = describe_study(ingest(source, study))
    assert lines[0] == f"{study / 'catalog.csv'}: 3 documents"
    assert lines[1] == "added by this run: 3; not read: 1"
    assert lines[-1] == f"Next: policylab check --catalog {study / 'catalog.csv'}"


def test_what_is_noted_of_one_folder_stays_when_another_is_added_and_when_it_moves(source, tmp_path):
    study = tmp_path / "study"
    (source / "bad.txt").write_bytes(b"")
    (source / "四川2018.txt").write_bytes("四川省2018年工作要点\n一、重点\n".encode("gb18030"))
    ingest(source, study)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "贵州2022.txt").write_text("贵州省2022年工作要点\n一、任务\n", encoding="utf-8")
    both = ingest(tmp_path / "more", study).decisions
    expected = [
        ["not read", "", "the file is empty."],
        ["note", "四川2018", "it is encoded in GB18030, not UTF-8"],
    ]
    assert both[["question", "document_id", "evidence"]].values.tolist() == expected
    source.rename(tmp_path / "moved")
    again = ingest(tmp_path / "moved", study).decisions
    assert again[["question", "document_id", "evidence"]].values.tolist() == expected


def test_a_row_that_changed_is_said_also_after_rows_were_added(source, tmp_path):
    study, path = tmp_path / "study", tmp_path / "t.csv"
    for rows in ([(2020, 1), (2021, 2)], [(2020, 1), (2021, 9), (2022, 3)]):
        table = [{"标题": f"福建省{year}年计划", "正文": vary(seed)} for year, seed in rows]
        pd.DataFrame(table).to_csv(path, index=False)
        ingest(path, study)
    before = read_all(study)
    again = ingest(path, study)
    assert again.decisions[["question", "document_id"]].values.tolist() == [
        ["changed at the source", "福建省2021年计划"]
    ]
    assert read_all(study) == before


def test_copies_that_move_are_not_read_anew(source, tmp_path):
    write_plan(source, "sub/福建2020.txt", own=vary(1))
    ingest(source, tmp_path / "study")
    source.rename(tmp_path / "moved")
    assert ingest(tmp_path / "moved", tmp_path / "study").added == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes")
def test_a_pipe_is_no_file(source, tmp_path):
    os.mkfifo(source / "pipe.csv")
    decisions = ingest(source, tmp_path / "study").decisions
    assert decisions[["question", "original", "evidence"]].values.tolist() == [
        ["not read", "../source/pipe.csv", "it is no file but a device, a pipe or a socket."]
    ]


def test_a_study_is_not_read_into_itself(source):
    with pytest.raises(PolicylabError) as error:
        ingest(source, source)
    assert str(error.value) == f"The study {source} cannot be read into itself. Give another folder for --out."


def test_rows_that_are_there_twice_are_named(source, tmp_path):
    study = tmp_path / "study"
    ingest(source, study)
    catalog = study / "catalog.csv"
    lines = catalog.read_text(encoding="utf-8").splitlines(keepends=True)
    catalog.write_text("".join([*lines, lines[1].replace("福建2020,", "other,", 1)]), encoding="utf-8")
    with pytest.raises(PolicylabError) as error:
        ingest(source, study)
    assert str(error.value) == (
        f"{catalog} has 1 problem:\n"
        "  row 5, column file: 'texts/福建2020.txt' is already in row 2. Delete one row, or change the cell."
    )


def test_an_id_is_given_once_in_both_tables(source, tmp_path):
    study = tmp_path / "study"
    (source / "无题.txt").write_text("这里没有任何线索。\n", encoding="utf-8")
    ingest(source, study)
    catalog = (study / "catalog.csv").read_text(encoding="utf-8")
    (study / "catalog.csv").write_text(catalog.replace("福建2020,", "无题,", 1), encoding="utf-8")
    with pytest.raises(PolicylabError) as error:
        ingest(source, study)
    assert str(error.value) == (
        f"{study / 'undecided.csv'}: 无题 is also the document_id of another row in catalog.csv. Change one."
    )


def test_a_version_of_what_a_person_renamed_stays_in_the_catalog(source, tmp_path):
    study = tmp_path / "study"
    write_plan(source, "sub/福建2020.txt", own=vary(1))
    ingest(source, study)
    catalog = (study / "catalog.csv").read_text(encoding="utf-8")
    (study / "catalog.csv").write_text(catalog.replace("\n福建2020,", "\nfujian,", 1), encoding="utf-8")
    again = ingest(source, study)
    assert (len(again.catalog), len(again.undecided)) == (4, 0)


def test_characters_that_no_file_can_hold(tmp_path):
    table = pd.DataFrame([{"title": "福建省\ud8002020年计划\x00", "text": vary(1) + "\ud800\x00"}])
    study = ingest(table, tmp_path / "study")
    assert study.added == ["福建省2020年计划"]
    assert len(lab.load_corpus(study.study).documents) == 1


@pytest.mark.skipif(os.name != "posix" or sys.platform == "darwin", reason="the system takes names in UTF-8 only")
def test_a_file_whose_name_is_in_gbk_is_not_gone(source, tmp_path):
    os.rename(os.fsencode(source / "福建2020.txt"), os.fsencode(source) + b"/" + "福建".encode("gb18030") + b".txt")
    ingest(source, tmp_path / "study")
    before = read_all(tmp_path / "study")
    assert ingest(source, tmp_path / "study").decisions.empty
    assert read_all(tmp_path / "study") == before


def test_versions_by_way_of_another_one_are_named_in_every_run(tmp_path):
    (tmp_path / "source").mkdir()
    texts = [vary(seed) for seed in range(1, 15)]
    for name, begins in (("c", 0), ("b", 2), ("a", 4)):
        text = f"福建省2020年工作要点\n{''.join(texts[begins : begins + 10])}{'完' * begins}\n"
        (tmp_path / "source" / f"{name}.txt").write_text(text, encoding="utf-8")
    first = ingest(tmp_path / "source", tmp_path / "study").decisions
    assert set(first["question"]) == {"same document?"}
    before = read_all(tmp_path / "study")
    ingest(tmp_path / "source", tmp_path / "study")
    assert read_all(tmp_path / "study") == before


def test_a_full_disk_is_no_fault_of_the_files(source, tmp_path, monkeypatch):
    def fill(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(PolicylabError) as error:
        ingest(source, tmp_path / "study")
    assert str(error.value) == (
        f"{tmp_path / 'study' / 'texts' / '福建2020.txt'} cannot be written: No space left on device. Make room for it."
    )


@pytest.mark.skipif(os.name != "posix" or sys.platform == "darwin", reason="the system composes names")
def test_names_that_look_the_same(source, tmp_path):
    write_plan(source, "café.txt", "贵州省", own=vary(4))
    write_plan(source, "cafe\u0301.txt", "四川省", own=vary(5))
    study = ingest(source, tmp_path / "study")
    refused = study.decisions[study.decisions["question"] == "not read"]
    assert refused[["original", "evidence"]].values.tolist() == [
        [
            "../source/café.txt",
            "two files have this name, which differ only in how its characters are stored. Rename one of them.",
        ]
    ]
    before = read_all(study.study)
    ingest(source, study.study)
    assert read_all(study.study) == before


def test_a_study_that_may_not_be_written(source, tmp_path, monkeypatch):
    def refuse(lock, timeout):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("policylab.intake.studyfolder.FileLock.acquire", refuse)
    with pytest.raises(PolicylabError) as error:
        ingest(source, tmp_path / "study")
    assert str(error.value) == f"The study cannot be written: Permission denied: {tmp_path / 'study'}."
