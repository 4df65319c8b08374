"""Web pages: the document without what a site puts around it."""

import pytest

from policylab.base.errors import PolicylabError
from policylab.intake.extract import Mark, extract

LINES = [
    "一、总体要求",
    "全面贯彻党的教育方针，深入实施教育数字化战略行动，推动教育高质量发展。",
    "二、重点任务",
    "（一）夯实基础。推进数字校园建设，完善网络条件，开展监测评估，落实经费保障。",
    "（二）提升应用。落实《教育信息化2.0行动计划》，组织教师培训，遴选优秀案例。",
]
AROUND = (
    "<ul><li><a href='/'>首页</a></li><li><a href='/zw'>政务公开</a></li></ul>",
    "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/zw'>通知公告</a></div>",
    "<div>字体：[<a href='#'>大</a> <a href='#'>中</a> <a href='#'>小</a>] <a href='#'>打印</a> 分享到：<a href='#'>微信</a></div>",
    "<div><p>扫一扫在手机打开当前页</p></div><div><h3>相关链接</h3><a href='/1'>教育部关于印发某方案的通知</a></div>"
    "<div>版权所有：某省教育厅　京ICP备10028400号</div>",
)


def write_page(path, body, head="", encoding="utf-8"):
    text = f"<!DOCTYPE html><html><head><meta charset='{encoding}'>{head}</head><body>{body}</body></html>"
    path.write_bytes(text.encode("gb18030" if encoding == "gb2312" else encoding))
    return path


def lines(path):
    return extract(path)[0].text.splitlines()


def test_menus_buttons_and_footers_are_left_out(tmp_path):
    menu, path, tools, foot = AROUND
    text = "".join(f"<p>　　{line}</p>" for line in LINES)
    rows = "<table><tr><td>索引号：</td><td>360A16</td><td>发文字号：</td><td>教技〔2019〕2号</td></tr></table>"
    body = f"{menu}{path}<div>{rows}<h1>某省教育厅关于印发工作要点的通知</h1>{tools}<div id='zoom'>{text}</div></div>{foot}"
    page = write_page(tmp_path / "a.html", body, "<title>某省教育厅关于印发工作要点的通知_某省教育厅</title>")
    assert lines(page) == ["索引号：360A16", "发文字号：教技〔2019〕2号", "某省教育厅关于印发工作要点的通知", *LINES]


def test_a_short_notice_is_told_from_what_stands_around_it(tmp_path):
    notice = [
        "关于公布名单的通知",
        "各县教育局：",
        "现将名单予以公布。",
        "附件：1.名单.doc",
        "联系地址：某路2号",
        "某市教育局",
        "2021年5月6日",
    ]
    text = "".join(f"<p>{line}</p>" for line in notice).replace("名单.doc", "<a href='/1.doc'>名单.doc</a>")
    foot = "<div>主办：某市教育局　地址：某路1号<br>ICP备案：皖ICP备1号　建议使用IE8以上浏览器</div>"
    body = f"{AROUND[0]}<div>您现在的位置：<a href='/'>首页</a>&gt;<a href='/c'>通知</a></div><div>{text}</div>{foot}"
    assert lines(write_page(tmp_path / "a.html", body)) == notice


def test_pages_set_out_by_tables_in_an_older_encoding(tmp_path):
    menu, path, tools, foot = AROUND
    text = "<br><br>\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{line}" for line in LINES)
    body = f"<table><tr><td>{menu}</td><td><table><tr><td><font>{text}</font></td></tr></table></td></tr><tr><td>{foot}</td></tr></table>"
    assert lines(write_page(tmp_path / "a.htm", body, encoding="gb2312")) == LINES


def test_tables_with_data_are_rows_and_links_in_sentences_stay(tmp_path):
    table = "<table><tr><th>序号</th><th>任务</th></tr><tr><td rowspan=2>1</td><td>建设<br>应用</td></tr><tr><td>培训</td></tr></table>"
    body = "".join(f"<p>{line}</p>" for line in LINES).replace(
        "《教育信息化2.0行动计划》", "《<a href='/1'>教育信息化2.0行动计划</a>》"
    )
    [found] = extract(write_page(tmp_path / "a.html", f"<div>{body}{table}</div>"))
    assert found.text.splitlines() == [*LINES, "| 序号 | 任务 |", "| 1 | 建设 应用 |", "|  | 培训 |"]
    assert found.marks == (Mark(6, "table", "1"),)


def test_what_no_reader_sees_is_left_out_and_nothing_runs(tmp_path):
    hidden = "<script>document.write('脚本')</script><div style='display: none'>隐藏的一段文字。</div><p hidden>隐藏。</p><img src='http://example.invalid/a.png'>"
    body = hidden + "".join(f"<p>{line}</p>" for line in LINES)
    assert lines(write_page(tmp_path / "a.html", f"<div>{body}</div>")) == LINES


def test_what_the_head_says_is_stated(tmp_path):
    head = "<meta name='ArticleTitle' content='工作要点'><meta name='PubDate' content='2019-03-01 10:00'><meta name='ContentSource' content='教育部'>"
    [found] = extract(write_page(tmp_path / "a.html", "".join(f"<p>{line}</p>" for line in LINES), head))
    assert found.stated == {"title": "工作要点", "issued": "2019-03-01 10:00", "source": "教育部"}


def test_a_page_that_was_saved_as_one_file(tmp_path):
    import email.mime.multipart
    import email.mime.text

    message = email.mime.multipart.MIMEMultipart("related")
    message["Snapshot-Content-Location"] = "http://www.example.gov.cn/t1.html"
    html = f"<html><body>{''.join(f'<p>{line}</p>' for line in LINES)}</body></html>"
    message.attach(email.mime.text.MIMEText(html, "html", "utf-8"))
    (tmp_path / "a.mhtml").write_bytes(message.as_bytes())
    [found] = extract(tmp_path / "a.mhtml")
    assert (found.text.splitlines(), found.stated) == (LINES, {"source": "http://www.example.gov.cn/t1.html"})


def test_contents_count_more_than_the_ending(tmp_path):
    page = write_page(tmp_path / "a.doc", "".join(f"<p>{line}</p>" for line in LINES))
    assert lines(page) == LINES


def test_a_fragment_of_a_page_may_be_called_text(tmp_path):
    text = "".join(f"<p>{line}</p>\n" for line in LINES).encode()
    (tmp_path / "a.txt").write_bytes(text)
    assert lines(tmp_path / "a.txt") == LINES
    marked = "\n".join([*LINES, "第一行<br>第二行"]) + "\n"
    (tmp_path / "b.md").write_text(marked, encoding="utf-8")
    assert extract(tmp_path / "b.md")[0].text == marked


def test_a_page_without_text_is_named(tmp_path):
    with pytest.raises(PolicylabError) as caught:
        extract(write_page(tmp_path / "a.html", "<div id='app'></div>"))
    assert str(caught.value) == (
        "a.html: the web page holds no text: it may fill itself by a script. Open it in a browser, and save it from there."
    )
