"""Works: spellings that are one work, issuers that the text names, and who cites what."""

import dataclasses

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
        ("重庆市智慧教育五年工作方案（2018-2022年）", "重庆市智慧教育五年工作方案（2018—2022年）"),
        ("教师教育振兴行动计划（2018—2022年）", "教师教育振兴行动计划（2018—2022年）"),
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


@pytest.fixture
def cite(load):
    """The citations of a plan of 福建省 with this text."""
    return lambda text: lab.resolve_citations(load(("a", "provincial", "福建省", 2026, f"一、任务\n{text}\n")))


def test_short_forms_mean_the_longer_title_of_their_document(cite):
    table = cite("编制《福建省第十五个五年规划纲要（草案）》。\n落实《纲要草案》。")
    assert table["work"].unique().tolist() == ["福建省第十五个五年规划纲要（草案）"]
    assert table["use"].tolist() == ["announced", "invoked"]


def test_a_corpus_without_citations(corpus):
    silent = type(corpus)(**{**vars(corpus), "citations": corpus.citations.iloc[:0]})
    assert lab.recipes.count_sources(lab.resolve_citations(silent)).empty
    assert lab.compare_sources(silent, "chongqing-2019", "national-2019").empty


def test_the_shipped_table_is_sound():
    works = lab.recipes.load_works()
    exact = works[works["match"] == "exact"].fillna("")
    assert exact["title"].map(fold_title).tolist() == exact["title"].tolist()
    assert (exact.groupby("work")[["kind", "issuer", "tier"]].nunique() == 1).all().all()


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("落实《教育法》和《高等教育法》。", ["教育法", "高等教育法"]),
        ("落实《某市发展规划》，按照《规划》。", ["某市发展规划", "某市发展规划"]),
        ("落实《某市发展规划》《某市教育规划》，按照《规划》。", ["某市发展规划", "某市教育规划", "规划"]),
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
def test_which_titles_are_one_work(cite, text, works):
    assert cite(text)["work"].tolist() == works


@pytest.mark.parametrize(
    ("text", "issuers", "tiers", "uses"),
    [
        # In a list of titles the words before the first apply to all of them, but not what is before a full stop.
        (
            "落实教育部《甲办法》《乙办法》和《丙办法》。",
            ["教育部", "教育部", None],
            ["national", "national", None],
            ["invoked"] * 3,
        ),
        ("落实要求。《甲办法》规定责任。", [None], [None], ["mentioned"]),
        # One citation that names the issuer is enough for all of a work.
        ("按照《甲办法》，做好工作。落实教育部《甲办法》。", ["教育部"] * 2, ["national"] * 2, ["invoked"] * 2),
        ("印发《甲办法》。", [None], ["provincial"], ["announced"]),
        ("落实省政府《甲办法》。", ["省政府"], ["provincial"], ["invoked"]),
    ],
)
def test_the_words_before_a_title(cite, text, issuers, tiers, uses):
    table = cite(text)[["issuer", "tier", "use"]].astype(object)
    assert table.where(table.notna(), None).values.tolist() == [list(row) for row in zip(issuers, tiers, uses)]


def test_a_work_that_begins_with_a_region_of_the_corpus_is_of_its_level(load):
    county = ("a", "county", "福建省闽侯县", 2026, "一、任务\n落实《福建省甲规划》。\n")
    corpus = load(county, ("b", "provincial", "福建省", 2026, "一、任务\n建设课程。\n"))
    assert lab.resolve_citations(corpus)["tier"].tolist() == ["provincial"]


def test_a_title_of_two_documents_leads_to_neither(load):
    corpus = load(
        *((name, "provincial", region, 2026, "落实《甲要点》。") for name, region in (("a", "福建省"), ("b", "湖南省")))
    )
    for titles, cited in ((["甲要点", "乙要点"], ["a", "a"]), (["甲要点", "甲要点"], [None, None])):
        named = dataclasses.replace(corpus, documents=corpus.documents.assign(title=titles))
        found = lab.resolve_citations(named)["cited_document"].astype(object)
        assert found.where(found.notna(), None).tolist() == cited


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("积极推动加入《数字经济伙伴关系协定》。", "mentioned"),
        ("推动签署《甲乙自由贸易协定》。", "mentioned"),
        ("加入联盟，推动落实《甲乙自由贸易协定》。", "invoked"),
        ("落实部署，加快印发《甲办法》。", "announced"),
    ],
)
def test_what_is_yet_to_be_joined_is_no_basis(load, text, use):
    corpus = load(("a", "provincial", "福建省", 2020, f"一、重点任务\n（一）建设\n1.开放。\n{text}\n"))
    assert lab.resolve_citations(corpus)["use"].tolist() == [use]


def test_a_work_is_invoked_if_one_citation_invokes_it(load):
    text = "一、任务\n落实《甲办法》。\n《甲办法》规定责任。\n《乙办法》规定责任。\n"
    corpus = load(("a", "provincial", "福建省", 2026, text), ("b", "national", "全国", 2026, "一、任务\n建设课程。\n"))
    table = lab.compare_sources(corpus, "a", "b").set_index("work")
    assert table[["n_document", "n_reference", "cited_by", "invoked"]].T.to_dict("list") == {
        "甲办法": [2, 0, "document", True],
        "乙办法": [1, 0, "document", False],
    }


def test_citations_counted_by_use(load):
    text = "一、任务\n落实《甲办法》。\n《甲办法》规定责任。\n按照《甲办法》。\n"
    citations = lab.resolve_citations(load(("a", "provincial", "福建省", 2026, text)))
    for by in ("use", ["use"]):
        counts = lab.recipes.count_sources(citations, by)
        assert counts[["use", "n_citations"]].values.tolist() == [["invoked", 2], ["mentioned", 1]]
    with pytest.raises(lab.PolicylabError, match="^The table citations has no column usage. It has "):
        lab.recipes.count_sources(citations, "usage")
