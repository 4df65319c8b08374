"""Do the tables of a document depend on the format it comes in? Texts turned into web pages, Word and PDF files, and read again.

    python benchmarks/ingest_formats.py [--catalog FOLDER] [--only html,docx,pdf,office] [--first N] [--show N] [--keep FOLDER]

Every text of a corpus (the one that ships, if no other is named) is put into each template of each format and read by
policylab.intake; then the tables of the parser are compared with those from the text, cell by cell: documents, sections,
tasks, paragraphs, responsibilities, citations and targets, places in the source left out. Prints one line for each template:
documents, cells that are equal, cells in all, their share, the same where blanks do not count, seconds a file. PDF needs
Chromium, "office" LibreOffice; what is not installed is skipped.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import argparse  # noqa: E402
import html  # noqa: E402
import io  # noqa: E402
import re  # noqa: E402
import shutil  # noqa: E402
import subprocess  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
import warnings  # noqa: E402
import zipfile  # noqa: E402
from difflib import SequenceMatcher  # noqa: E402
from pathlib import Path  # noqa: E402

from policylab.base.errors import PolicylabError  # noqa: E402
from policylab.base.paths import CATALOG  # noqa: E402
from policylab.corpus import grammar as g  # noqa: E402
from policylab.corpus.catalog import read_catalog  # noqa: E402
from policylab.corpus.lines import SPACE  # noqa: E402
from policylab.corpus.load import load_corpus  # noqa: E402
from policylab.intake.extract import extract  # noqa: E402
from policylab.intake.office import find_libreoffice  # noqa: E402
from policylab.plots.kit.style import find_font  # noqa: E402

TABLES = ("documents", "sections", "tasks", "paragraphs", "responsibilities", "citations", "targets")
LINE_END = re.compile("[\n\r\f\v\x85\u2028\u2029]+")
OWN = ["file", "sha256", "n_characters", "start", "end"]  # of the file, not of the document


# What a page has around the document.
MENU = "<ul class='nav'>" + "".join(
    f"<li><a href='/{i}.html'>{name}</a></li>"
    for i, name in enumerate(["首页", "机构概况", "政务公开", "办事服务", "互动交流", "教育数据", "专题专栏", "English"])
) + "</ul>"  # fmt: skip
PATH = "<div class='crumb'>当前位置：<a href='/'>首页</a> &gt; <a href='/zw'>政务公开</a> &gt; <a href='/zw/tz'>通知公告</a></div>"
TOOLS = (
    "<div class='tools'>字体：[<a href='#'>大</a> <a href='#'>中</a> <a href='#'>小</a>] <a href='javascript:print()'>打印本页</a>"
    " <a href='javascript:close()'>关闭窗口</a> 分享到：<a href='#'>微信</a> <a href='#'>微博</a> <a href='#'>QQ空间</a></div>"
)
SCAN = "<div class='qr'><img src='http://example.invalid/qr.png'><p>扫一扫在手机打开当前页</p></div>"
FOOT = (
    "<div class='footer'><p>主办单位：某某省教育厅办公室　承办：某某省教育信息中心</p><p>地址：某某市某某路1号　邮编：100000</p>"
    "<p>版权所有：某某省教育厅　京ICP备10028400号-1　京公网安备110102004467号　网站标识码bm05000001</p></div>"
)
RELATED = "<div class='rel'><h3>相关链接</h3><ul>" + "".join(
    f"<li><a href='/t/{i}.html'>{text}</a></li>"
    for i, text in enumerate(["教育部办公厅关于印发某工作方案的通知", "一图读懂：某工作方案", "某司负责人就某方案答记者问"])
) + "</ul></div>"  # fmt: skip
SUMMARIES = "<div class='side'><h3>热点新闻</h3>" + "".join(
    f"<div><a href='/n/{i}.html'>某地召开会议</a><p>{text}</p></div>"
    for i, text in enumerate(
        ["近日，某地召开会议，总结上半年工作，部署下半年任务。", "会议强调，要坚持问题导向，切实抓好落实，确保各项任务取得实效。"]
    )
) + "</div>"  # fmt: skip
NEXT = (
    "<p>上一篇：<a href='/1.html'>关于公布名单的通知</a></p><p>下一篇：<a href='/2.html'>关于举办培训班的通知</a></p>"
)
SCRIPT = "<script>var s='一、脚本中的文字。';document.write(s)</script><style>.a{content:'样式。'}</style>"


def page(head, body, charset="utf-8"):
    return f"<!DOCTYPE html><html><head><meta charset='{charset}'>{head}{SCRIPT}</head><body>{body}</body></html>"


def paragraphs(lines, tag="p", attributes=""):
    return "".join([f"<{tag}{attributes}>{html.escape(line)}</{tag}>\n" for line in lines])


def state_council(title, rows, lines):
    table = "<table class='bd1'>" + "".join(
        f"<tr><td><b>{a}：</b></td><td>{b}</td><td><b>{c}：</b></td><td>{d}</td></tr>"
        for (a, b), (c, d) in zip(rows[::2], [*rows[1::2], ("", "")])
    ).replace("<b>：</b>", "") + "</table>"  # fmt: skip
    head = f"<title>{title}_某某_中国政府网</title><meta name='ArticleTitle' content='{title}'>"
    body = f"<div class='head'>{MENU}</div>{PATH}{table}<div class='pages_content' id='UCAP-CONTENT'>{paragraphs(lines)}</div>"
    return page(head, f"{body}{TOOLS}{RELATED}{SCAN}{FOOT}")


def province(title, rows, lines):
    table = "<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows) + "</table>"
    body = f"{MENU}{PATH}<div class='box'>{table}<h1>{title}</h1>{TOOLS}<div id='zoom'>{paragraphs(lines)}</div>{SCAN}</div>{RELATED}{FOOT}"
    return page(f"<title>{title}</title>", body)


def editor(title, rows, lines):
    spans = "".join(
        f"<p class='MsoNormal' style='text-indent:32pt'><span lang='EN-US'>　　</span><span>{html.escape(line)}</span></p>"
        for line in lines
    )
    said = "".join(f"<li>{a}：<span>{b}</span></li>" for a, b in rows)
    body = f"<div>{MENU}</div><div class='main'><div class='left'>{MENU}</div><div class='right'>{PATH}<ul class='info'>{said}</ul><h2>{title}</h2>"
    return page(
        f"<title>{title}-某省教育厅</title>", f"{body}<span class='TRS_Editor'>{spans}</span>{NEXT}</div></div>{FOOT}"
    )


def old_tables(title, rows, lines):
    text = "<br><br>\n".join(["&nbsp;&nbsp;&nbsp;&nbsp;" + html.escape(line) for line in lines])
    said = "".join(f"{a}：{b}<br>" for a, b in rows)
    body = (
        f"<table width=778><tr><td><table><tr><td>{MENU}</td></tr></table></td></tr><tr><td><table><tr><td width=150>{RELATED}</td>"
        f"<td><table><tr><td align=center><font size=4><b>{title}</b></font></td></tr><tr><td>{said}</td></tr><tr><td><font>{text}</font>"
        f"</td></tr></table></td></tr></table></td></tr><tr><td align=center>{FOOT}</td></tr></table>"
    )
    return page(f"<title>{title}</title>", body, "gb2312")


def law_database(title, rows, lines):
    said = "".join(f"<li><strong>【{a}】</strong>{b}</li>" for a, b in rows)
    linked = [re.sub("《([^《》]+)》", r"《<a href='/law?q=1'>\1</a>》", html.escape(line)) for line in lines]
    text = "".join(f"<div>{line}</div>" for line in linked)
    return page(
        f"<title>{title} - 法规库</title>",
        f"{MENU}<div class='c'><h2>{title}</h2><ul>{said}</ul><div class='fulltext'>{text}</div></div>{FOOT}",
    )


def public_account(title, rows, lines):
    text = "".join(f"<section><section><span>{html.escape(line)}</span></section></section>" for line in lines)
    said = "".join(f"<p>{a}：{b}</p>" for a, b in rows)
    body = f"<h2 class='rich_media_title'>{title}</h2><div style='display:none'>微信扫一扫可打开此内容。</div>{said}<div>{text}</div>"
    return page("", f"{body}<div><a href='#'>阅读原文</a></div><div hidden>继续滑动看下一个，向上滑动看下一个。</div>")


def form(title, rows, lines):
    said = "".join(f"<div><label>{a}：</label><span>{b}</span></div>" for a, b in rows)
    text = f"{said}<div>{title}</div><div class='t'>{paragraphs(lines)}</div>"
    body = f"<form id='aspnetForm'><input type='hidden' value='x'>{MENU}{PATH}{text}{TOOLS}{NEXT}{FOOT}</form>"
    return page(f"<title>{title}</title>", body)


def news(title, rows, lines):
    said = "　".join(f"{a}：{b}" for a, b in rows)
    files = "<p>附件下载：</p><p><a href='/a.doc'>任务分工表.doc</a></p>"
    info = f"<div class='info'>{said}　字号：[大 中 小] <a href='#'>打印</a></div>"
    body = f"{MENU}{PATH}<div class='art'><h1>{title}</h1>{info}<div class='con'>{paragraphs(lines)}</div></div>"
    return page(f"<title>{title}</title>", f"{body}{files}{NEXT}{SCAN}{FOOT}")


def sidebar(title, rows, lines):
    said = "".join(f"<p>{a}：{b}</p>" for a, b in rows)
    return page(
        f"<title>{title}</title>",
        f"{MENU}<div class='w'><div class='l'>{PATH}<h1>{title}</h1>{said}<div class='tx'>{paragraphs(lines)}</div></div>{SUMMARIES}</div>{FOOT}",
    )


def html5(title, rows, lines):
    said = "".join(f"<dt>{a}</dt><dd>{b}</dd>" for a, b in rows)
    text = "".join(f"<div class='page'>{paragraphs(lines[i : i + 12])}</div>" for i in range(0, len(lines), 12))
    body = (
        f"<header>{MENU}</header><nav>{PATH}</nav><main><article><h1>{title}</h1><dl>{said}</dl>{text}</article></main>"
    )
    return page(f"<title>{title}</title>", f"{body}<aside>{SUMMARIES}{RELATED}</aside><footer>{FOOT}</footer>")


WEB_PAGES = [state_council, province, editor, old_tables, law_database, public_account, form, news, sidebar, html5]


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CHINESE = "一二三四五六七八九十"
NUMBERED = [
    (0, re.compile(rf"([{CHINESE}]+)、"), "chineseCountingThousand", "%1、"),
    (1, re.compile(rf"（([{CHINESE}]+)）"), "chineseCounting", "（%2）"),
    (2, re.compile(r"(\d{1,2})[.．](?!\d)"), "decimal", "%3."),
]


def word_run(text):
    return f'<w:r><w:t xml:space="preserve">{html.escape(text, quote=False)}</w:t></w:r>'


def word_paragraph(text, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{word_run(text)}</w:p>"


TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override'
    ' PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/></Types>'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="%s" Target="%s"/>'
    "</Relationships>"
)


def word_file(body, **parts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        container.writestr("[Content_Types].xml", TYPES)
        container.writestr("_rels/.rels", RELATIONS % (f"{RELATION}/officeDocument", "word/document.xml"))
        for name, content in parts.items():
            container.writestr("word/_rels/document.xml.rels", RELATIONS % (f"{RELATION}/{name}", f"{name}.xml"))
            container.writestr(f"word/{name}.xml", f"<w:{name} {W}>{content}</w:{name}>")
    return packed.getvalue()


def read_ordinal(text):
    if text.isdecimal():
        return int(text)
    tens, _, ones = text.rpartition("十") if "十" in text else ("", "", text)
    base = (CHINESE.index(tens) + 1 if tens else 1) * 10 if "十" in text else 0
    return base + (CHINESE.index(ones) + 1 if ones else 0)


def word_numbered(title, rows, lines):
    """Numbers that Word generates wherever they can be; where the count jumps, a list that starts anew."""
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{label}"/></w:lvl>'
        for i, _, kind, label in NUMBERED
    )
    lists, body, counts, current = ['<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'], "", {}, 1
    for text in [f"{a}：{b}" for a, b in rows] + lines:
        found = next(((i, m) for i, pattern, _, _ in NUMBERED if (m := pattern.match(text))), None)
        if found is None:
            body += word_paragraph(text)
            continue
        i, match = found
        n = read_ordinal(match.group(1))
        counts = {level: count for level, count in counts.items() if level <= i}
        if n != counts.get(i, 0) + 1:
            current = len(lists) + 1
            starts = f'<w:lvlOverride w:ilvl="{i}"><w:startOverride w:val="{n}"/></w:lvlOverride>'
            lists.append(f'<w:num w:numId="{current}"><w:abstractNumId w:val="0"/>{starts}</w:num>')
        counts[i] = n
        body += word_paragraph(
            text[match.end() :], f'<w:numPr><w:ilvl w:val="{i}"/><w:numId w:val="{current}"/></w:numPr>'
        )
    return word_file(body, numbering=f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>{"".join(lists)}')


def word_changed(title, rows, lines):
    """Runs cut at every few characters, with changes, hidden words, comments, bookmarks and controls between them."""
    body = ""
    for k, text in enumerate([f"{a}：{b}" for a, b in rows] + lines):
        runs = "".join(
            [word_run(text[i : i + 7]) + '<w:bookmarkStart w:id="1" w:name="b"/>' for i in range(0, len(text), 7)]
        )
        noise = "<w:del><w:r><w:delText>旧文。</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏。</w:t></w:r>"
        inner = f"<w:p>{noise}<w:ins>{runs}</w:ins></w:p>"
        body += f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>" if k % 3 == 0 else inner
    return word_file(body)


def word_tables(title, rows, lines):
    """The title rows as a table, boxes of one cell, a page break here and there."""

    def cell(text):
        return f"<w:tc>{word_paragraph(text)}</w:tc>"

    body = "<w:tbl>" + "".join(f"<w:tr>{cell(a)}{cell(b)}</w:tr>" for a, b in rows) + "</w:tbl>" if rows else ""
    for k, text in enumerate(lines):
        if k % 10 == 9:
            body += f"<w:tbl><w:tr>{cell(text)}</w:tr></w:tbl>"
        else:
            body += word_paragraph(text) + ('<w:p><w:r><w:br w:type="page"/></w:r></w:p>' if k % 15 == 14 else "")
    return word_file(body)


WORD_FILES = [word_numbered, word_changed, word_tables]


FONT = f"@font-face{{font-family:N;src:url({Path(find_font()).as_uri()})}}"
PRINT = "body{font-family:N;font-size:16pt;line-height:28pt;text-align:justify} p{text-indent:2em;margin:0} h1{text-align:center;font-size:22pt}"
SHEETS = {
    "plain": "@page{size:A4;margin:37mm 26mm 35mm 28mm}",
    "heads": "@page{size:A4;margin:30mm 26mm;@top-center{content:'文件汇编';font-family:N} @bottom-center{content:'— ' counter(page) ' —'}}",
    "columns": "@page{size:A4;margin:20mm 15mm;@bottom-right{content:counter(page)}} body{font-size:10.5pt;line-height:16pt}"
    " h1{font-size:16pt} .c{columns:2;column-gap:8mm;column-fill:auto}",
    "left": "@page{size:A4;margin:25mm} body{font-size:12pt;line-height:20pt;text-align:left} p{margin:0 0 6pt 0}",
    "blocks": "@page{size:A4;margin:25mm} body{font-size:12pt;line-height:20pt} p{text-indent:0;margin:0 0 10pt 0}",
}


def print_pdf(sheet, title, rows, lines, folder):
    first, *others = [f"{a}：{b}" for a, b in rows] + lines
    source, made = folder / "page.html", folder / "page.pdf"
    top = "h1" if g.FRONT["title"].match(first) else "p"
    body = f"<{top}>{html.escape(first)}</{top}><div class='c'>{paragraphs(others)}</div>"
    source.write_text(
        f"<html lang='zh'><meta charset='utf-8'><style>{FONT}{PRINT}{SHEETS[sheet]}</style>{body}</html>",
        encoding="utf-8",
    )
    made.unlink(missing_ok=True)
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        "--allow-file-access-from-files",
    ]
    run([shutil.which("chromium"), *options, f"--print-to-pdf={made}", source.as_uri()])
    return made.read_bytes()


def convert(ending, filter_name, rows, lines, folder):
    source = folder / "text.txt"
    source.write_text("\n".join([f"{a}：{b}" for a, b in rows] + lines), encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run(
        [
            find_libreoffice(),
            profile,
            "--headless",
            "--infilter=Text (encoded):UTF8,LF,,,",
            "--convert-to",
            filter_name,
            "--outdir",
            folder,
            source,
        ]
    )
    return (folder / f"text{ending}").read_bytes()


def run(arguments):
    subprocess.run(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=300)


OFFICE = {
    ".docx": "docx:MS Word 2007 XML",
    ".html": "html:HTML (StarWriter)",
    ".pdf": "pdf",
    ".doc": "doc:MS Word 97",
    ".rtf": "rtf",
    ".odt": "odt",
}


def tabulate(text):
    """The tables of one text, as lists of rows."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Path(folder, "a.txt").write_text(text, encoding="utf-8")
        Path(folder, "catalog.csv").write_text(
            "document_id,file,level,region,year\na,a.txt,national,全国,2019\n", encoding="utf-8"
        )
        corpus = load_corpus(folder)
    tables = {}
    for name in TABLES:
        table = getattr(corpus, name)
        table = table.drop(columns=[column for column in OWN if column in table]).astype(object)
        tables[name] = [tuple(row) for row in table.where(table.notna(), None).to_numpy().tolist()]
    return tables


def drop_blanks(tables):
    return {
        name: [tuple(re.sub(r"\s", "", cell) if isinstance(cell, str) else cell for cell in row) for row in rows]
        for name, rows in tables.items()
    }


def compare(one, other):
    """Equal cells, all cells, and (table, cell, cell) of those that differ."""
    equal, n, differences = 0, 0, []
    for name in TABLES:
        a, b = one[name], other[name]
        width = len((a or b or [()])[0])
        for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            for row in range(max(j - i, m - k)):
                x, y = a[i + row] if i + row < j else None, b[k + row] if k + row < m else None
                n += width
                if tag == "equal":
                    equal += width
                elif x and y:
                    equal += sum([p == q for p, q in zip(x, y)])
                    differences += [(name, p, q) for p, q in zip(x, y) if p != q]
                else:
                    differences.append((name, x and x[-1], y and y[-1]))
    return equal, n, differences


def show(name, x, y):
    x, y = str(x), str(y)
    at = next((i for i, (p, q) in enumerate(zip(x, y)) if p != q), min(len(x), len(y)))
    return f"    {name}: {x[max(0, at - 12) : at + 24]!r} | {y[max(0, at - 12) : at + 24]!r}"


def list_lines(text):
    """The lines of a text, without marks of Markdown."""
    lines = [re.sub(r"^(?:#+|>)\s+|\*\*", "", line.strip(SPACE)).strip(SPACE) for line in LINE_END.split(text)]
    return [line for line in lines if line and not re.fullmatch(r"[-*_]{3,}|!\[\]\(.*\)", line)]


def make_formats(only, folder):
    """{format: function of (title, rows, lines) to (bytes, ending)}."""
    formats = {}
    if "html" in only:
        for template in WEB_PAGES:
            encoding = "gb18030" if template is old_tables else "utf-8"
            formats[f"html {template.__name__}"] = lambda t, r, x, f=template, e=encoding: (
                f(t, r, x).encode(e),
                ".html",
            )
    if "docx" in only:
        for template in WORD_FILES:
            formats[f"docx {template.__name__}"] = lambda t, r, x, f=template: (f(t, r, x), ".docx")
    if "pdf" in only and shutil.which("chromium"):
        for sheet in SHEETS:
            formats[f"pdf {sheet}"] = lambda t, r, x, s=sheet: (print_pdf(s, t, r, x, folder), ".pdf")
    if "office" in only and find_libreoffice():
        for ending, name in OFFICE.items():
            formats[f"LibreOffice {ending}"] = lambda t, r, x, e=ending, n=name: (convert(e, n, r, x, folder), e)
    return formats


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--catalog", default=CATALOG)
    parser.add_argument("--only", default="html,docx,pdf,office")
    parser.add_argument("--first", type=int, default=10_000)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    entries = read_catalog(options.catalog).entries[: options.first]
    print(
        "| format | documents | equal cells | cells | share | without blanks | seconds a file |\n|---|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for name, make in make_formats(options.only.split(","), folder).items():
            measure(name, make, entries, options, folder)


def measure(name, make, entries, options, folder):
    equal = n = loose = n_loose = seconds = failed = 0
    shown = []
    for entry in entries:
        cells, lines = entry.cells, list_lines(entry.text)
        labels = {"发文字号": "document_number", "发布机构": "issuer"}
        rows = [("索引号", "360A16-06-2019-0001-1")] + [(a, cells[b]) for a, b in labels.items() if cells.get(b)]
        # A page prints the title apart from the text, where the text begins with one.
        title = lines[0] if g.FRONT["title"].match(lines[0]) else ""
        if not name.startswith("html"):
            rows = []
        inside = lines[1:] if title and name.startswith("html") and name != "html state_council" else lines
        content, ending = make(title, rows, inside)
        path = (
            options.keep or folder
        ) / f"{cells['document_id']}-{name.replace(' ', '-')}{'' if name.endswith(ending) else ending}"
        path.write_bytes(content)
        began = time.perf_counter()
        try:
            text = extract(path)[0].text
        except PolicylabError as error:
            failed += 1
            shown.append(f"    {error}")
            continue
        seconds += time.perf_counter() - began
        expected = tabulate("\n".join([f"{a}：{b}" for a, b in rows] + lines))
        found = tabulate(text)
        more_equal, more, differences = compare(expected, found)
        equal, n = equal + more_equal, n + more
        more_equal, more, _ = compare(drop_blanks(expected), drop_blanks(found))
        loose, n_loose = loose + more_equal, n_loose + more
        shown += [f"    {cells['document_id']}"] * bool(differences and options.show) + [
            show(*d) for d in differences[: options.show]
        ]
    done = len(entries) - failed
    print(
        f"| {name} | {done} | {equal} | {n} | {equal / max(n, 1):.4f} | {loose / max(n_loose, 1):.4f} | {seconds / max(done, 1):.2f} |",
        flush=True,
    )
    print("\n".join(shown), end="\n" if shown else "", flush=True)


if __name__ == "__main__":
    main()
