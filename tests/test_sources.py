"""Works: spellings that are one work, issuers that the text names, and who cites what."""

import pytest

import policylab as lab
from policylab.citations.sources import fold_title


@pytest.fixture(scope="module")
def citations(corpus):
    return lab.resolve_citations(corpus)


def test_no_citation_is_lost(corpus, citations):
    assert citations[corpus.citations.columns].equals(corpus.citations)
    assert lab.recipes.count_sources(citations)["n_citations"].sum() == len(corpus.citations)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("网络安全法", "中华人民共和国网络安全法"),
        ("重庆市智慧教育五年工作方案(2018-2022年)", "重庆市智慧教育五年工作方案(2018—2022年)"),
        ("教师教育振兴行动计划(2018—2022年)", "教师教育振兴行动计划（2018—2022年）"),
        ("关于完善教育标准化工作的指导意见", "教育部关于完善教育标准化工作的指导意见"),
        ("教育部办公厅关于严禁有害APP进入中小校园的通知", "教育部办公厅关于严禁有害APP进入中小学校园的通知"),
    ],
)
def test_spellings_of_one_work(citations, one, other):
    works = citations.set_index("title")["work"]
    assert set(works[[one]]) == set(works[[other]])


def test_reports_of_different_years_are_different_works(citations):
    works = set(citations["work"])
    assert {"中国教育信息化发展报告（2016）", "中国教育信息化发展报告（2018）"} <= works


def test_policy_documents_and_other_titles(citations):
    kinds = citations.drop_duplicates("work").set_index("work")["kind"]
    assert kinds[["数学", "中国教育报"]].tolist() == ["other", "other"]
    assert kinds[["中国未来学校白皮书", "中国教育信息化发展报告（2016）"]].tolist() == ["report", "report"]
    assert kinds["中华人民共和国网络安全法"] == "law"
    assert kinds["一流网络安全学院建设示范项目管理办法"] == "policy"


def test_what_the_text_says_about_the_issuer(citations):
    issuers = citations.drop_duplicates("work").set_index("work")[["issuer", "tier", "evidence"]].astype(object)
    issuers = issuers.where(issuers.notna(), None)
    assert issuers.loc["关于规范校外线上培训的实施意见"].tolist() == ["教育部等六部门", "national", "text"]
    assert issuers.loc["重庆市教育信息化“十三五”规划"].tolist() == [None, "provincial", "text"]
    assert issuers.loc["师范生信息技术应用能力标准"].tolist() == [None, "national", "text"]
    assert issuers.loc["2020年教育脱贫攻坚任务分工方案"].tolist() == [None, None, None]


def test_invoked_or_announced(citations):
    uses = citations.groupby("work")["use"].unique().map(list)
    assert uses["教育信息化2.0行动计划"] == ["invoked"]
    assert uses["中国智能教育发展方案"] == ["announced"]
    assert uses["关于引导规范教育移动互联网应用有序健康发展的意见"] == ["invoked"]
    numbers = citations.dropna(subset="number").set_index("work")["number"]
    assert numbers["关于规范校外线上培训的实施意见"] == "教基函〔2019〕8号"


def test_citations_of_documents_of_the_corpus(citations):
    cited = citations.dropna(subset="cited_document")
    assert cited[["document_id", "cited_document", "is_self"]].values.tolist() == [
        ["chongqing-2019", "national-2019", False],
        ["national-2017", "national-2017", True],
        ["national-2019", "national-2019", True],
        ["national-2019", "national-2019", True],
    ]


def test_another_publication_cites_the_same_document(corpus_all):
    table = lab.resolve_citations(corpus_all)
    web = table[(table["document_id"] == "national-2019-web") & table["cited_document"].notna()]
    assert web["cited_document"].eq("national-2019").all() and web["is_self"].all()


def test_shared_and_own_sources(corpus):
    table = lab.compare_sources(corpus, "chongqing-2019", "national-2019").set_index("work")
    assert table["cited_by"].value_counts().to_dict() == {"both": 14, "document": 11, "reference": 11}
    assert table.loc["重庆市智慧教育五年工作方案（2018—2022年）", ["cited_by", "n_document"]].tolist() == [
        "document",
        3,
    ]
    assert table.loc["教育信息化2.0行动计划", ["n_document", "n_reference"]].tolist() == [3, 3]


def test_short_forms_mean_the_longer_title_of_their_document(tmp_path):
    text = "一、任务\n编制《福建省第十五个五年规划纲要（草案）》。\n落实《纲要草案》。\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "catalog.csv").write_text(
        "document_id,file,level,region,year,title\na,a.txt,provincial,福建省,2026,甲\n", encoding="utf-8"
    )
    table = lab.resolve_citations(lab.load_corpus(tmp_path))
    assert table["work"].unique().tolist() == ["福建省第十五个五年规划纲要（草案）"]
    assert table["use"].tolist() == ["announced", "invoked"]


def test_a_corpus_without_citations(corpus):
    silent = type(corpus)(**{**vars(corpus), "citations": corpus.citations.iloc[:0]})
    assert lab.recipes.count_sources(lab.resolve_citations(silent)).empty
    assert lab.compare_sources(silent, "chongqing-2019", "national-2019").empty


def test_the_shipped_table_is_sound():
    works = lab.load_works()
    exact = works[works["match"] == "exact"].fillna("")
    assert exact["title"].map(fold_title).tolist() == exact["title"].tolist()
    assert (exact.groupby("work")[["kind", "issuer", "tier"]].nunique() == 1).all().all()


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("落实《教育法》和《高等教育法》。", ["教育法", "高等教育法"]),
        ("落实《某市发展规划》，按照《规划》。", ["某市发展规划", "某市发展规划"]),
        ("落实《国务院关于甲的意见》，按照《关于甲的意见》。", ["国务院关于甲的意见", "国务院关于甲的意见"]),
        (
            "落实《国务院关于甲的意见》《省政府关于甲的意见》，按照《关于甲的意见》。",
            ["国务院关于甲的意见", "省政府关于甲的意见", "关于甲的意见"],
        ),
        (
            "落实《转发国务院关于甲的意见的通知》《关于甲的意见的通知》。",
            ["转发国务院关于甲的意见的通知", "关于甲的意见的通知"],
        ),
    ],
)
def test_which_titles_are_one_work(tmp_path, text, works):
    (tmp_path / "a.txt").write_text(f"一、任务\n{text}\n", encoding="utf-8")
    (tmp_path / "catalog.csv").write_text(
        "document_id,file,level,region,year,title\na,a.txt,provincial,福建省,2026,甲\n", encoding="utf-8"
    )
    assert lab.resolve_citations(lab.load_corpus(tmp_path))["work"].tolist() == works
