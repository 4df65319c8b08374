"""Front and back matter: what a document is called, its number, who issued it, when. Invented documents."""

import pytest

import policylab as lab
from policylab.corpus.front import read_rows, split_organs
from policylab.corpus.parse import split_blocks
from policylab.corpus.tables import COLUMNS, read_tables

BODY = "一、要求\n认真落实。\n二、保障\n落实经费。\n"


def masthead(text, title=None):
    said = read_tables("d", text, title, {name: [] for name in COLUMNS})[0]
    return [said[name] for name in ("title", "document_number", "issuer", "issued")]


def roles(text):
    return [(b.role, text[b.start : b.end]) for b in split_blocks(text)]


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ("某省人民政府办公厅关于推进\n智慧校园建设的意见\n", "某省人民政府办公厅关于推进智慧校园建设的意见"),
        ("某省人民政府办公厅\n关于推进智慧校园建设的意见\n", "某省人民政府办公厅关于推进智慧校园建设的意见"),
        ("某省教育厅　某省财政厅\n关于加强经费管理的通知\n", "某省教育厅某省财政厅关于加强经费管理的通知"),
        ("某省教育厅\n某省财政厅\n关于加强经费管理的通知\n", "某省教育厅某省财政厅关于加强经费管理的通知"),
        (
            "某市教育局关于转发\n《某省2020年教育信息化工作要点》\n的通知\n",
            "某市教育局关于转发《某省2020年教育信息化工作要点》的通知",
        ),
        ("某市教育局关于做好2020年\n教育信息化\n工作的通知\n", "某市教育局关于做好2020年教育信息化工作的通知"),
        ("某市教育信息化\n工作要点\n", "某市教育信息化工作要点"),
        ("某市智慧校园建设三年行动计划\n（2020—2022年）\n", "某市智慧校园建设三年行动计划（2020—2022年）"),
        ("某省数字教育资源与\n公共服务平台管理办法\n（试行）\n", "某省数字教育资源与公共服务平台管理办法（试行）"),
        ("# 某市教育局\n\n# 关于加强网络管理的通知\n\n", "某市教育局关于加强网络管理的通知"),
        # What stands above a title and is none of it.
        ("政务公开\n某市2020年工作要点\n", "某市2020年工作要点"),
        ("内部资料\n某市2020年工作要点\n", "某市2020年工作要点"),
        ("某市教育局文件\n某教〔2020〕2号\n关于做好工作的通知\n", "关于做好工作的通知"),
        ("关于建立价格机制的通知(某发改价格〔2025〕65号)\n", "关于建立价格机制的通知"),
    ],
)
def test_titles_over_several_lines(front, title):
    assert masthead(front + BODY)[0] == title
    assert masthead(front + "各学校：\n现通知如下。\n" + BODY)[0] == title


def test_the_title_of_what_a_notice_sends_out_wins():
    text = (
        "某市教育局 某市财政局关于印发\n《某市智慧校园建设\n实施方案》的通知\n某教〔2020〕8号\n各区县教委：\n现印发给你们。\n"
        "某市教育局　某市财政局\n2020年5月6日\n某市智慧校园建设\n实施方案\n" + BODY
    )
    assert masthead(text) == ["某市智慧校园建设实施方案", "某教〔2020〕8号", "某市教育局、某市财政局", "2020-05-06"]
    found = roles(text)
    assert [t for role, t in found if role == "notice_title"] == [
        "某市教育局 某市财政局关于印发",
        "《某市智慧校园建设",
        "实施方案》的通知",
    ]


@pytest.mark.parametrize(
    "text",
    [
        # A link cut the sentence; text that lost its full stops; a page of text above.
        "会议审议了\n政府工作报告\n。会议同意报告提出的任务。\n" + BODY,
        "党中央提出了《\n关于制定规划的建议\n》，明确了目标。\n" + BODY,
        "在第一个计划期间，全市人民表现了高涨的积极性\n全市人民共同完成规划\n目前，形势很好，人民更加团结，全市各方面的工作都在顺利进行，各项任务都在落实，大家的信心越来越足，干劲越来越大\n"
        + BODY,
        "今年，全市教育工作取得成绩。\n" * 9 + "教育事业发展计划\n" + BODY,
    ],
)
def test_what_only_reads_like_a_title(text):
    assert masthead(text)[0] is None


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("（某政办秘〔2021〕82号）", "某政办秘〔2021〕82号"),
        ("某教发［2021］12号", "某教发［2021］12号"),
        ("某教发【2021】 12 号", "某教发【2021】12号"),
        ("某教发（２０２１）第１２号", "某教发（２０２１）第１２号"),
        ("某部令第40号", "某部令第40号"),
        ("中华人民共和国某部令　第 40 号", "中华人民共和国某部令第40号"),
        ("某市人民政府令\n第112号", "某市人民政府令第112号"),
        ("某部公告2021年第12号", "某部公告2021年第12号"),
        ("2021年 第12号", "2021年第12号"),
        ("某教函〔2021〕-12号", "某教函〔2021〕-12号"),
        ("某教函2021-12号", "某教函2021-12号"),
        ("某教函〔2021〕12号　　　　签发人：张三", "某教函〔2021〕12号"),
        ("**某部令****第40号**", "某部令第40号"),
        ("发文字号：〔2019〕12 号", "〔2019〕12号"),
        ("发文字号：某教〔2019〕12 号", "某教〔2019〕12号"),
        ("【发文字号】某教〔2019〕12号", "某教〔2019〕12号"),
        ("文　　号：某教〔2019〕12号　主题词：教育", "某教〔2019〕12号"),
        # No number: an address, a telephone, a quantity.
        ("某市人民路12号", None),
        ("某路〔门牌〕号", None),
        ("第3号楼", None),
        ("咨询电话：010-66091234", None),
    ],
)
def test_numbers(line, number):
    assert masthead(f"某市教育局关于加强管理的通知\n{line}\n各学校：\n现通知如下。\n{BODY}")[1] == number


def test_rows_of_a_web_page():
    text = (
        "索 引 号：000014349/2017-00142　主题分类：教育\n发文机关：某市教育局　成文日期：2017年07月08日\n"
        "标　　题：某市教育局关于印发规划的通知\n发文字号：某教〔2017〕35号　发布日期：2017年07月20日\n主 题 词：\n"
    )
    assert masthead(text + BODY) == ["某市教育局关于印发规划的通知", "某教〔2017〕35号", "某市教育局", "2017-07-08"]
    assert [role for role, _ in roles(text + BODY)][:5] == ["metadata"] * 5
    page = text + "某市教育局关于印发规划的通知\n各学校：\n现印发。\n某市教育局\n2017年7月8日\n某市教育规划\n" + BODY
    assert masthead(page) == ["某市教育规划", "某教〔2017〕35号", "某市教育局", "2017-07-08"]


def test_rows_of_a_law_database():
    text = (
        "【法宝引证码】 CLI.12.1\n【发布部门】某市教育局\n【发文字号】某教〔2017〕35号\n【发布日期】2017.07.08\n【效力级别】规范性文件\n"
        "某市学校管理办法\n第一条 甲。\n第二条 乙。\n"
    )
    assert masthead(text) == ["某市学校管理办法", "某教〔2017〕35号", "某市教育局", "2017-07-08"]


def test_a_value_may_stand_below_its_label():
    rows = ["标题：", "某市教育规划", "发布机构：", "某市教育局", "索引号：", "123"]
    assert read_rows(rows) == {"title": "某市教育规划", "issuer": "某市教育局"}
    assert masthead("\n".join(rows) + "\n" + BODY)[0::2] == ["某市教育规划", "某市教育局"]


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["教 育 部　　财 政 部"], ["教育部", "财政部"]),
        (["教　育　部"], ["教育部"]),
        (["人 力 资 源 社 会 保 障 部"], ["人力资源社会保障部"]),
        (["某市工业和", "信息化局"], ["某市工业和信息化局"]),
        (["某市公安局 某市城乡交通", "运输局"], ["某市公安局", "某市城乡交通运输局"]),
        (["国家发展改革委 教育部", "财政部"], ["国家发展改革委", "教育部", "财政部"]),
        (["某省教育厅办公室（章）"], ["某省教育厅办公室"]),
        (["中共某省委办公厅", "某省人民政府办公厅"], ["中共某省委办公厅", "某省人民政府办公厅"]),
    ],
)
def test_names_of_who_signed(lines, names):
    assert split_organs(lines) == names


@pytest.mark.parametrize(
    ("back", "issuer", "issued"),
    [
        ("附件：1.试点要求\n2.申报书\n3.汇总表\n某省教育厅办公室\n2021年4月13日\n", "某省教育厅办公室", "2021-04-13"),
        ("附件：\n1.试点要求\n2.申报书\n某省教育厅\n2021年4月13日\n", "某省教育厅", "2021-04-13"),
        (
            "附件1：试点要求\n附件2：申报书\n某省教育厅\n某省财政厅\n2021年4月13日\n",
            "某省教育厅、某省财政厅",
            "2021-04-13",
        ),
        ("联系人：张三，电话：010-66091234\n某省教育厅\n2021年4月13日\n", "某省教育厅", "2021-04-13"),
        ("联系电话 010-66091234\n某省教育厅\n2021年4月13日\n", "某省教育厅", "2021-04-13"),
        (
            "特此通知\n某省教育厅　　某省工业和\n信息化厅\n2021年4月13日\n",
            "某省教育厅、某省工业和信息化厅",
            "2021-04-13",
        ),
        ("某省教育厅　2021年4月13日\n", "某省教育厅", "2021-04-13"),
        ("某省教育厅\n二〇二一年四月十三日\n（此件公开发布）\n", "某省教育厅", "2021-04-13"),
        ("3.报送总结\n2021年4月13日\n", None, "2021-04-13"),
    ],
)
def test_who_signed_behind_the_body(back, issuer, issued):
    assert masthead("关于开展试点工作的通知\n各市教育局：\n现通知如下。\n" + BODY + back)[2:] == [issuer, issued]


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("某省教育厅文件\n某教〔2020〕2号\n2020年工作要点\n" + BODY, "某省教育厅"),
        ("某省教育厅关于加强管理的意见\n" + BODY, "某省教育厅"),
        ("某部令\n第40号\n某管理办法\n第一条 甲。\n第二条 乙。\n", "某部"),
        ("2020年教育信息化工作要点\n" + BODY, None),
        ("进一步关于管理的意见\n" + BODY, None),
    ],
)
def test_who_issued_what_nobody_signed(text, issuer):
    assert masthead(text)[2] == issuer


def test_the_note_under_the_title_of_a_law():
    text = (
        "城市排水条例\n（2013年9月18日国务院第24次常务会议通过　2013年10月2日中华人民共和国国务院令第641号公布　自2014年1月1日起施行）\n"
        "第一条 甲。\n第二条 乙。\n"
    )
    assert masthead(text) == ["城市排水条例", "中华人民共和国国务院令第641号", "中华人民共和国国务院", "2013-10-02"]
    assert roles(text)[1][0] == "adoption"


def test_who_spoke_where():
    text = (
        "政府工作报告\n——2026年1月28日在某市第六届人民代表大会第四次会议上\n某市市长　张　三\n各位代表：\n现在报告工作。\n"
        + BODY
    )
    assert [role for role, _ in roles(text)][:4] == ["title", "adoption", "speaker", "addressees"]
    assert masthead(text) == ["政府工作报告", None, None, None]


def test_a_post_and_a_name_on_two_lines():
    text = (
        "政府工作报告\n——2026年1月28日在某市第六届\n人民代表大会第四次会议上\n某市市长\n张　三\n各位代表：\n好。\n"
        + BODY
    )
    assert [role for role, _ in roles(text)][:6] == [
        "title",
        "adoption",
        "adoption",
        "speaker",
        "speaker",
        "addressees",
    ]


def test_a_joint_letterhead():
    text = "某市教育局\n某市公 安 局\n某教〔2022〕1号\n文件\n关于印发某办法的通知\n各单位：\n" + BODY
    assert masthead(text)[1:3] == ["某教〔2022〕1号", "某市教育局、某市公安局"]


def test_what_is_uncertain_is_a_doubt(tmp_path):
    (tmp_path / "a.txt").write_text(
        "某市教育局关于管理的通知\n某教字2020第0012甲 3 号\n各学校：\n" + BODY + "张三丰\n2020年1月2日\n",
        encoding="utf-8",
    )
    catalog = tmp_path / "catalog.csv"
    catalog.write_text("document_id,file,level,region,year\na,a.txt,municipal,某市,2020\n", encoding="utf-8")
    doubts = lab.list_doubts(lab.load_corpus(catalog))
    assert doubts[["kind", "text"]].values.tolist() == [
        ["document number that was not read", "某教字2020第0012甲 3 号"],
        ["signature that names no known body", "张三丰"],
    ]
    assert lab.readings.describe_doubts(doubts, language="zh") == (
        "**2 处**需要核对：未能识别的发文字号 1 处，署名中没有已知的机构 1 处。"
    )


@pytest.mark.parametrize("run", ["　", " ", "〔2017〕", "关于", "《", "（", "的", "部", "标题", "号", "教 ", "2017年"])
def test_front_matter_takes_linear_time(run):
    for start in ("国发〔2017〕", "附件", "《甲", "发文字号：", "关于", "某部令", "（2013年9月18日"):
        masthead(start + run * 2_000 + "\n" + BODY)
    masthead((run * 6 + "\n") * 2_000 + "一、甲\n")


def test_who_passes_a_text_on_is_who_issues_it():
    text = "厦门市人民政府办公室转发市教育局关于加强校车管理意见的通知\n各区人民政府：\n现转发给你们。\n"
    assert masthead(text)[2] == "厦门市人民政府办公室"


def test_a_title_goes_on_while_a_bracket_is_open_and_behind_what_it_amends():
    text = "某市落实《关于打好主动仗\n\n实现整体好转的若干政策\n\n措施》实施方案\n\n一、总体要求\n\n推进建设。\n\n二、任务\n\n加强应用。\n"
    assert masthead(text)[0] == "某市落实《关于打好主动仗实现整体好转的若干政策措施》实施方案"
    text = "盘锦市人民政府关于修改\n《盘锦市规章制定程序规定》的决定\n为贯彻法律，作如下修改：\n一、将第二十条修改为“甲”。\n二、删除第三条。\n"
    assert masthead(text)[0] == "盘锦市人民政府关于修改《盘锦市规章制定程序规定》的决定"


def test_rows_of_a_page_set_off_by_bars():
    assert read_rows(
        ["索引号 | 62/2025 | 发文字号 | 某政〔2020〕7号 |", "生成日期 | 2025-04-18 | 是否有效 | 是 |"]
    ) == {
        "number": "某政〔2020〕7号",
        "published": "2025-04-18",
    }
