"""A corpus from a table with one document a row: what is proposed, what is left out, how documents are called."""

import hashlib
import warnings

import pandas as pd
import pytest

import policylab as lab
from policylab.corpus.load import KEYS
from policylab.corpus.tablecatalog import find_source
from policylab.output.provenance import record_provenance

PLAN = "一、任务\n（一）建设\n1.建设数字校园。推进学校建设，建成10所智慧校园。\n2.推进应用。开展应用，提高教师的应用水平。\n"
OTHER = PLAN.replace("学校", "医院")
FULL = pd.DataFrame(
    {
        "标题": ["2019年工作要点", "2020年工作要点"],
        "层级": ["省级", "市级"],
        "地区": ["福建", "厦门"],
        "年份": [2019, 2020],
        "网址": ["https://a.cn/1", None],
        "发布日期": ["2019/2/27", None],
        "正文": [PLAN, OTHER],
    }
)


def load(*arguments, **options):
    """(corpus, texts of its warnings)"""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        corpus = lab.load_corpus(*arguments, **options)
    return corpus, [str(warning.message) for warning in caught]


def test_tables_are_as_those_of_files(tmp_path):
    (tmp_path / "a.txt").write_text(PLAN, encoding="utf-8")
    (tmp_path / "catalog.csv").write_text(
        "document_id,file,level,region,year,title,issued,source\n"
        "福建省-2019年工作要点,a.txt,provincial,福建省,2019,2019年工作要点,2019-02-27,https://a.cn/1\n",
        encoding="utf-8",
    )
    expected, _ = load(tmp_path)
    corpus, notes = load(FULL.iloc[:1])
    assert notes == []
    for name in KEYS:
        before, after = (getattr(c, name).drop(columns="file", errors="ignore") for c in (expected, corpus))
        pd.testing.assert_frame_equal(before, after)
    assert corpus.catalog is None
    assert corpus.documents["file"].isna().all()
    assert corpus.documents["sha256"].tolist() == [hashlib.sha256(PLAN.encode()).hexdigest()]


def test_the_order_of_rows_does_not_matter():
    one, _ = load(FULL)
    other, _ = load(FULL.iloc[::-1])
    for name in KEYS:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert record_provenance(one, "a", {}).corpus == record_provenance(other, "a", {}).corpus


def test_a_file_is_as_good_as_a_dataframe(tmp_path):
    FULL.to_csv(tmp_path / "plans.csv", index=False, encoding="gb18030")
    corpus, _ = load(tmp_path / "plans.csv")
    assert corpus.catalog == tmp_path / "plans.csv" == find_source(tmp_path / "plans.csv")
    assert corpus.documents["file"].unique().tolist() == ["plans.csv"]
    pd.testing.assert_frame_equal(corpus.tasks, load(FULL)[0].tasks)
    assert lab.list_doubts(corpus) is not None


def test_what_is_missing_is_proposed_and_said():
    text = "厦门市教育局关于印发2021年教育信息化工作要点的通知\n厦教〔2021〕6号\n各区教育局：\n现印发给你们。\n厦门市教育局\n2021年3月5日\n"
    frame = pd.DataFrame({"content": [text + PLAN, OTHER * 2], "id": ["x", "y"], "地区": [None, None]})
    corpus, notes = load(frame)
    document = corpus.documents.iloc[0]
    assert document[["document_id", "level", "region", "year"]].tolist() == ["x", "municipal", "厦门市", 2021]
    assert notes[0] == (
        "the DataFrame: 1 document was read, one in each row: text from content, document_id from id.\n"
        "  Not in the table, so proposed from the texts: level for 1, region for 1, year for 1, title for 1. They are in"
        " corpus.documents; to correct them, add columns of these names to the table, or name those that it has:"
        " columns={'year': '…'}.\n"
        "  Left out, because neither the table nor the text says it: the level of row 2, the region of row 2, the year of row 2."
        " Fill in these columns."
    )


def test_level_and_region_go_together():
    frame = FULL.assign(层级=[None, "国家级"], 地区=["长春市朝阳区", None])
    corpus, _ = load(frame)
    assert corpus.documents[["level", "region"]].values.tolist() == [["national", "全国"], ["county", "长春市朝阳区"]]


def test_ids_say_what_the_row_says():
    titles = ["工作报告", "工作报告", "2019年 计划：试行", None, "工作报告", "工作报告"]
    regions = ["福建省", "福建省", "福建省", "福建省", "山东省", "福建省"]
    texts = [PLAN, OTHER, PLAN, PLAN, PLAN, OTHER]
    corpus, _ = load(FULL.iloc[[0] * 6].assign(标题=titles, 地区=regions, 正文=texts, 发布日期=None, 网址=None))
    one, other = (hashlib.sha256(text.encode()).hexdigest() for text in (PLAN, OTHER))
    assert corpus.documents["document_id"].tolist() == sorted(
        [
            f"福建省-2019-工作报告-{one[:6]}",
            f"福建省-2019-工作报告-{other[:6]}-1",
            f"福建省-2019-工作报告-{other[:6]}-2",
            "福建省-2019年计划：试行",
            f"福建省-2019-text-{one[:8]}",
            "山东省-2019-工作报告",
        ]
    )


def test_versions():
    frame = FULL.assign(document_id=["a", "b"], version_of=[None, "a"])
    assert load(frame)[0].documents["document_id"].tolist() == ["a"]
    assert load(frame, versions="all")[0].documents["document_id"].tolist() == ["a", "b"]
    with pytest.raises(lab.PolicylabError) as error:
        load(frame.assign(version_of=[None, "c"]))
    assert str(error.value) == (
        "the DataFrame has 1 problem:\n  row 2, column version_of: 'c' is no document_id of this catalog. Write the document_id"
        " of the publication that is to be counted."
    )


def test_nothing_to_load():
    with pytest.raises(lab.PolicylabError) as error:
        load(pd.DataFrame({"正文": [OTHER * 2]}))
    assert str(error.value) == (
        "the DataFrame: 0 documents were read, one in each row: text from 正文.\n  Left out, because neither the table nor the text"
        " says it: the level of row 1, the region of row 1, the year of row 1. Fill in these columns."
    )


def test_a_table_that_is_neither_is_refused_as_a_catalog(tmp_path):
    (tmp_path / "a.csv").write_text("标题,年份\n甲,2019\n", encoding="utf-8")
    with pytest.raises(lab.PolicylabError) as error:
        load(tmp_path / "a.csv")
    assert str(error.value).splitlines()[1] == (
        "  row 1: the column document_id is missing. Add it; needed are document_id, file, level, region, year."
    )


def test_of_many_documents_what_is_alike_is_said_once():
    n = 23
    frame = FULL.iloc[[0] * n].assign(
        document_id=[f"d{i:02}" for i in range(n)],
        标题=None,
        正文=[f"推进{'建设管理' * i}工作。" * 9 for i in range(1, n + 1)],
    )
    _, notes = load(frame.assign(标题="工作要点"))
    names = "\n  ".join(f"d{i:02}" for i in range(20))
    assert notes[0] == (
        f"Of 23 documents no numbered heading was recognised. They are read as one part, 全文:\n  {names}\n  ... and 3 more"
    )
    _, notes = load(frame.assign(正文=PLAN * 3, 标题="工作要点"))
    assert len(notes) == 1
    assert notes[0].splitlines()[:3] == [
        "22 pairs of documents share most of their text:",
        "  d00 and d01 share 100% of the shorter one's text. If they are two publications of one document, write d00 into the"
        " column version_of of d01 in the DataFrame; until then both are counted.",
        "  d01 and d02 share 100% of the shorter one's text. If they are two publications of one document, write d00 into the"
        " column version_of of d02 in the DataFrame; until then both are counted.",
    ]
