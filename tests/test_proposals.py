"""Cells of the catalog proposed from a document: values, where they come from, how sure they are."""

import tomllib

import pytest

from policylab.base.divisions import find_divisions
from policylab.base.paths import DATA, PACKAGE
from policylab.corpus.places import place_of_issuer, year_of_session
from policylab.corpus.proposals import COLUMNS, CONFIDENCES, propose_cells

NOTICE = """阿坝州人民政府办公室
关于印发《阿坝州政务数据资源管理暂行办法》的通知
阿府办发〔2021〕21号

各县（市）人民政府：
现将《阿坝州政务数据资源管理暂行办法》印发给你们，请认真贯彻执行。

阿坝州人民政府办公室
2021年10月11日

阿坝州政务数据资源管理暂行办法
第一章 总则
第一条 为规范政务数据资源管理，制定本办法。
第二条 本办法适用于阿坝州行政区域。
"""


def propose(text, **options):
    return {cell.column: (cell.value, cell.confidence) for cell in propose_cells(text, **options)}


def test_a_notice_with_all_it_has():
    assert [tuple(cell) for cell in propose_cells(NOTICE)] == [
        ("title", "阿坝州政务数据资源管理暂行办法", 11, "阿坝州政务数据资源管理暂行办法", "sure"),
        ("issuer", "阿坝州人民政府办公室", 8, "阿坝州人民政府办公室", "sure"),
        ("document_number", "阿府办发〔2021〕21号", 3, "阿府办发〔2021〕21号", "sure"),
        ("issued", "2021-10-11", 9, "2021年10月11日", "sure"),
        ("year", "2021", 9, "2021年10月11日", "sure"),
        ("level", "municipal", 8, "阿坝州人民政府办公室", "sure"),
        ("region", "阿坝藏族羌族自治州", 8, "阿坝州人民政府办公室", "sure"),
    ]


def test_nothing_is_made_up():
    assert propose_cells("") == [] and propose_cells("一段没有来历的话。\n") == []


@pytest.mark.parametrize(
    "title, year, year_end",
    [
        ("某市教育信息化行动计划（2021—2023年）", "2021", "2023"),
        ("某市“十四五”教育发展规划", "2021", "2025"),
        ("2019年某市教育信息化工作要点", "2019", None),
    ],
)
def test_years_of_plans(title, year, year_end):
    found = propose(f"{title}\n一、总体要求\n推进建设。\n二、重点任务\n加强应用。\n")
    assert (found["year"][0], found.get("year_end", (None,))[0]) == (year, year_end)


def test_the_file_s_name_makes_a_title_sure_and_alone_is_a_guess():
    text = "2026年福建省政府工作报告\n各位代表：\n现在，我代表省人民政府，向大会报告工作。\n一、2025年工作回顾\n全省经济平稳。\n"
    assert propose(text)["title"] == ("2026年福建省政府工作报告", "likely")
    assert propose(text, name="2026/2026年福建省政府工作报告.docx")["title"] == ("2026年福建省政府工作报告", "sure")
    assert propose("各位代表：\n现在报告工作。\n", name="2026年福建省政府工作报告.txt")["title"][1] == "guess"


BODY = "\n一、总体要求\n推进建设。\n二、重点任务\n加强应用。\n"


@pytest.mark.parametrize(
    "issuer, level, region",
    [
        ("教育部办公厅", "national", "全国"),
        ("公安部", "national", "全国"),
        ("中国银保监会福建监管局", "provincial", "福建省"),
        ("平潭综合实验区管委会", None, "平潭综合实验区"),
        ("北京大学", None, None),
        ("国家税务总局福建省税务局", "provincial", "福建省"),
        ("中共福建省委办公厅", "provincial", "福建省"),
        ("重庆市教育委员会", "provincial", "重庆市"),
        ("重庆市渝中区人民政府", "county", "渝中区"),
        ("四川省阿坝州人民政府", "municipal", "阿坝藏族羌族自治州"),
        ("新疆生产建设兵团教育局", "provincial", "新疆生产建设兵团"),
        ("仙桃市人民政府", "county", "仙桃市"),
        ("襄樊市人民政府", "municipal", "襄樊市"),
        ("北京市朝阳区教育委员会", "county", "北京市朝阳区"),
        # Of which city, the text does not say.
        ("鼓楼区教育局", "county", None),
        ("省教育厅", "provincial", None),
        # Areas and townships have no level of the four.
        ("四川天府新区管理委员会", None, "四川天府新区"),
        ("温州市鹿城区山福镇人民政府", None, "温州市鹿城区山福镇"),
    ],
)
def test_level_and_region_from_who_signed(issuer, level, region):
    found = propose(f"2021年工作要点{BODY}\n{issuer}\n2021年3月5日\n")
    assert (found.get("level", (None,))[0], found.get("region", (None,))[0]) == (level, region)


@pytest.mark.parametrize(
    "issuers, level",
    [
        ("教育部　财政部", ("national", "likely")),
        ("教育部　福建省人民政府", ("national", "likely")),
        ("厦门市教育局　厦门市财政局", ("municipal", "likely")),
    ],
)
def test_of_joint_issuers_the_highest_counts(issuers, level):
    assert propose(f"工作要点{BODY}\n{issuers}\n2021年3月5日\n")["level"] == level


@pytest.mark.parametrize(
    "number, region",
    [
        ("渝府办发〔2021〕3号", "重庆市"),
        ("闽教科〔2021〕3号", "福建省"),
        ("教技厅〔2021〕3号", "全国"),
        ("国办发〔2021〕3号", "全国"),
        # Of Ningxia or of Nanjing.
        ("宁政发〔2021〕3号", None),
    ],
)
def test_the_prefix_of_a_number(number, region):
    found = propose(f"工作要点\n{number}\n{BODY}")
    assert found.get("region", (None, None)) == ((region, "likely") if region else (None, None))


def test_the_prefix_of_a_city_is_a_guess_as_counties_may_use_it_too():
    assert propose(f"工作要点\n赣市府发〔2021〕3号\n{BODY}")["region"] == ("赣州市", "guess")


def test_the_table_of_issuers():
    toml = tomllib.loads((PACKAGE / "corpus" / "issuers.toml").read_text(encoding="utf-8"))
    assert {place for place, *_ in toml["numbers"].values() if len(find_divisions(place)) != 1} == set()
    for name in toml["national"]:
        assert place_of_issuer(name).name == "全国", name
    for prefix, (place, *issuer) in toml["numbers"].items():
        if issuer and place_of_issuer(issuer[0]):
            assert place_of_issuer(issuer[0]).division == find_divisions(place)[0], prefix


def test_sources_that_agree_are_sure_and_one_that_contradicts_makes_a_guess():
    text = "{title}\n{number}\n" + BODY + "厦门市教育局\n2021年3月5日\n"
    one = propose(text.format(title="2021年工作要点", number=""))
    two = propose(text.format(title="2021年厦门市教育工作要点", number="厦教〔2021〕2号"))
    other = propose(text.format(title="2021年泉州市教育工作要点", number=""))
    assert [found["region"] for found in (one, two, other)] == [
        ("厦门市", "likely"),
        ("厦门市", "sure"),
        ("厦门市", "guess"),
    ]


@pytest.mark.parametrize(
    "speech, issuer, year",
    [
        (
            "政府工作报告\n——2023年2月2日在长沙县第十八届人民代表大会第三次会议上\n各位代表：\n现在，我代表县人民政府向大会报告工作，请予审议。\n一、2022年工作回顾\n平稳。\n",
            "长沙县人民政府",
            "2023",
        ),
        (
            "2026年重庆市政府工作报告\n各位代表：\n现在，我代表市人民政府，向大会报告工作，请予审议。\n一、2025年工作回顾\n平稳。\n",
            "重庆市人民政府",
            "2026",
        ),
        ("各位代表：\n现在，我代表国务院，向大会报告政府工作。\n一、2018年工作回顾\n平稳。\n", "国务院", "2019"),
    ],
)
def test_reports(speech, issuer, year):
    found = propose(speech)
    assert (found["issuer"][0], found["year"][0]) == (issuer, year)


def test_a_law_is_of_the_congress_that_passed_it_and_of_the_year_in_which_it_was_amended_last():
    note = "（2020年11月27日广东省第十三届人民代表大会常务委员会第二十六次会议通过 根据2021年9月29日广东省第十三届人民代表大会常务委员会第三十五次会议修正）"
    found = propose(f"广东省水污染防治条例\n{note}\n第一章 总则\n第一条 制定本条例。\n第二条 本条例适用于本省。\n")
    assert found["issuer"] == ("广东省人民代表大会常务委员会", "likely")
    assert (found["year"], found["region"]) == (("2021", "guess"), ("广东省", "sure"))


def test_what_a_page_states_in_rows_is_sure_but_who_put_it_there_is_not_who_issued_it():
    rows = "发文机关：{issuer}\n成文日期：2022年3月5日\n发文字号：某政〔2022〕5号\n标题：某市数据条例\n"
    found = propose(rows.format(issuer="某市人民政府") + "第一章 总则\n第一条 制定本条例。\n第二条 适用。\n")
    assert (found["issuer"], found["issued"], found["document_number"]) == (
        ("某市人民政府", "sure"),
        ("2022-03-05", "sure"),
        ("某政〔2022〕5号", "sure"),
    )
    page = "发布单位：经发局\n发布时间：2022-03-05\n开发区实施意见\n一、总体要求\n推进。\n二、任务\n加强。\n"
    found = propose(page)
    assert (found["issuer"], found["issued"]) == (("经发局", "guess"), ("2022-03-05", "guess"))


def test_what_the_file_states():
    stated = {
        "title": "某市数字教育规划-某市教育局",
        "issuer": "某市教育局",
        "issued": "2022-03-05 10:00",
        "source": "网页",
    }
    cells = {cell.column: cell for cell in propose_cells("一段文字。\n", stated=stated)}
    assert (cells["title"].value, cells["title"].line, cells["title"].confidence) == (
        "某市数字教育规划",
        None,
        "likely",
    )
    assert (cells["issued"].value, cells["issued"].confidence) == ("2022-03-05", "guess")
    assert propose("某市数字教育规划\n" + BODY, stated=stated)["title"] == ("某市数字教育规划", "sure")


@pytest.mark.parametrize(
    "name, title",
    [
        ("数据/3. 厦门市教育信息化工作要点.docx", "厦门市教育信息化工作要点"),
        ("20210305_厦门市教育信息化工作要点(1).pdf", "厦门市教育信息化工作要点"),
        ("2021年厦门市教育信息化工作要点.txt", "2021年厦门市教育信息化工作要点"),
        ("c013.txt", None),
        ("闽教科〔2021〕18号.pdf", None),
    ],
)
def test_titles_from_names_of_files(name, title):
    assert propose("一段文字。\n", name=name).get("title", (None,))[0] == title


@pytest.mark.parametrize(
    "text, region",
    [
        ("为推进数字山东建设，山东省实施行动。全省推广，全省应用。山东省各部门负责。", "山东省"),
        ("我国人工智能快速发展，我国优势明显，各省、自治区、直辖市参照执行。", "全国"),
        ("厦门市建设。厦门市推广。厦门市应用。厦门市保障。厦门市评估。", "厦门市"),
        ("福建省和广东省合作，全省推广，全省应用，福建省、广东省负责。", None),
        ("推进建设，加强应用。", None),
    ],
)
def test_the_text_alone_gives_guesses(text, region):
    assert propose(text + "\n").get("region") == ((region, "guess") if region else None)


def test_places_are_those_of_the_text_as_the_file_has_it():
    text = "\n\n厦 门 市 教 育 局 文 件\n\n厦教〔２０２１〕６号\n\n２０２１年教育信息化工作要点\n" + BODY
    assert {cell.column: cell.line for cell in propose_cells(text)}["document_number"] == 5


@pytest.mark.parametrize("year, level", [(2005, "municipal"), (2015, "county")])
def test_a_place_is_what_it_was_in_the_year_of_issue(year, level):
    found = propose(f"工作要点{BODY}\n巢湖市教育局\n{year}年3月5日\n")
    assert (found["level"], found["region"]) == ((level, "likely"), ("巢湖市", "likely"))


@pytest.mark.parametrize(
    "stated, title",
    [
        ("教育部关于印发工作要点的通知_国务院文件_中国政府网", ("教育部关于印发工作要点的通知", "likely")),
        ("厦门市教育信息化工作要点（2021-2023年）-厦门市教育局", ("厦门市教育信息化工作要点（2021-2023年）", "likely")),
        ("政策文件 - 厦门市数字教育行动计划", ("厦门市数字教育行动计划", "likely")),
        ("这是另一个文件里留下的属性", ("这是另一个文件里留下的属性", "guess")),
        ("附件1", None),
        ("", None),
    ],
)
def test_titles_that_files_state(stated, title):
    assert propose("一段文字。\n", stated={"title": stated}).get("title") == title


def test_an_ambiguous_name_is_resolved_by_what_the_text_or_the_file_s_name_says_of_the_place_above():
    text = f"工作要点{BODY}落实{{above}}教育局要求。\n鼓楼区教育局\n2021年3月5日\n"
    assert propose(text.format(above="徐州市"))["region"] == ("徐州市鼓楼区", "guess")
    assert propose(text.format(above="市"), name="福州/要点.txt")["region"] == ("福州市鼓楼区", "guess")
    # Both have one.
    assert "region" not in propose(text.format(above="徐州市、南京市"))


def test_the_year_of_a_resolution_is_in_the_note_below_its_title():
    title = "第十四届全国人民代表大会第一次会议关于政府工作报告的决议"
    note = "（2023年3月13日第十四届全国人民代表大会第一次会议通过）"
    cells = propose_cells(f"{title}\n\n{note}\n\n会议充分肯定过去一年的工作。\n")
    assert [cell for cell in cells if cell.column == "year"] == [("year", "2023", 3, note, "likely")]


@pytest.mark.parametrize("path", sorted((DATA / "corpus" / "texts").iterdir()), ids=lambda path: path.stem)
def test_half_a_document_gives_proposals_of_the_same_form(path):
    text = path.read_text(encoding="utf-8")[:6000]
    for start in range(0, len(text), 397):
        piece = text[start : start + 900]
        cells = propose_cells(
            piece, name=f"{path.parent.name}/{piece[:20]}", stated={"title": piece[:40], "issued": piece[:9]}
        )
        columns = [cell.column for cell in cells]
        assert columns == [column for column in COLUMNS if column in columns]
        for cell in cells:
            assert cell.value and cell.confidence in CONFIDENCES
            assert cell.line is None or 1 <= cell.line <= piece.count("\n") + 1


@pytest.mark.parametrize(
    "session, year",
    [
        ("第一届全国人民代表大会第四次会议", 1957),
        ("第二届全国人民代表大会第三次会议", 1962),
        ("第三届全国人民代表大会第一次会议", 1964),
        ("第四届全国人民代表大会第一次会议", 1975),
        ("第五届全国人民代表大会第五次会议", 1982),
        ("第十四届全国人民代表大会第三次会议", 2025),
        ("第三届全国人民代表大会第二次会议", None),
        ("福建省第十四届人民代表大会第三次会议", None),
    ],
)
def test_the_year_of_a_session_of_the_national_congress(session, year):
    assert year_of_session(f"{session}关于政府工作报告的决议") == year


def test_a_resolution_without_a_date_has_the_year_of_its_session():
    text = "第十四届全国人民代表大会第三次会议关于政府工作报告的决议\n\n会议决定批准这个报告。\n"
    year = next(proposal for proposal in propose_cells(text) if proposal.column == "year")
    assert year == ("year", "2025", 1, "第十四届全国人民代表大会第三次会议关于政府工作报告的决议", "likely")
