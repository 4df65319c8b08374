"""Web pages (.html, .mhtml): the text of the document without menus, print buttons and footers; nothing is fetched or run."""

import email
import email.policy
import re
from collections import Counter
from typing import NamedTuple

from policylab.base.decoding import decode
from policylab.base.errors import PolicylabError
from policylab.corpus import grammar as g
from policylab.corpus.lines import SPACE, fold
from policylab.intake.extracted import Builder, Extract, lay_table

_UNSEEN = frozenset(
    "script style noscript template head nav footer aside button select option textarea input iframe object embed svg canvas"
    " video audio map dialog menu".split()
)
_BLOCKS = frozenset(
    "address article blockquote body caption center dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6"
    " header hr html legend li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
# What may hold a whole document; a paragraph or a heading may not.
_CONTAINERS = frozenset("article body center div form main section table tbody td tr font span".split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NO_NUMBERS = re.compile(r"list-style(?:-type)?\s*:\s*none", re.IGNORECASE)
_WHITE = re.compile(r"[ \t\n\r\f]+")
_WIDE = "\u2014\u2018-\u201d\u2026\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
# A line of the HTML file that ends between two Chinese characters is no blank.
_WRAP = re.compile(rf"(?<=[{_WIDE}])[ \t\r\f]*\n\s*(?=[{_WIDE}])")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(https?://\S{1,500})")

# A line is prose if it is longer than a menu entry or a date and no link. Chosen by judgement, as are the shares: below the first
# the search for the part that holds the document stops, above the second a line is a link; what follows the document is less than
# the third of it.
_PROSE, _MOST, _LINKED, _REST = 12, 0.85, 0.8, 0.1
# Buttons and signs of a page: a line that holds nothing else is none of the document.
_BUTTONS = re.compile(
    "(?:"
    r"打印(?:本页|此页|页面|文章|正文)?|关闭(?:本页|窗口|页面)?|收藏(?:本页|本站)?|分享(?:到|至|文章)?|微信(?:好友|朋友圈)?|(?:新浪|腾讯)?微博|QQ(?:空间|好友)?|人人网"
    r"|朋友圈|更多|(?:阅读|查看)(?:原文|全文|更多)|复制(?:链接|网址)?|字[体号]|[大中小]号?|放大|缩小|加大|减小|还原|默认|超大|特大|朗读|语音播报|听全文|扫一扫.{0,20}|扫码.{0,16}|用?手机.{0,6}(?:扫|浏览|打开|查看).{0,12}"
    r"|返回(?:顶部|首页|列表|上一?页)?|回到?顶部|TOP|我要(?:纠错|收藏|打印)|纠错|全屏|下载(?:本?文|正文|文字版|图片版|PDF版?|word版?)?|二维码|长者模式|无障碍(?:浏览|阅读)?|繁體?|简体?|English"
    r"|保存(?:本页)?|推荐(?:给好友)?|评论|点赞|视力保护色|背景色?|左侧悬浮|网站支持IPv6|已阅|举报|订阅|展开(?:全文)?|收起"
    r"|[\s　>＞»|｜/、:：\[\]【】()（）+\-－—·A]"
    ")+",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(?:上|下)一[篇页条则][\s　]*[：:>＞]?|返回(?:列表|顶部)|相关(?:链接|新闻|阅读|稿件|文章|文档|文件|政策|解读|报道|信息)[：:]?$"
)
_PATH = re.compile("您?(?:现在|当前|目前|所在)?的?位置是?[\\s　]*[：:]")
# What a site says of itself at the foot of every page; contacts alone may be the document's own.
_FOOT = re.compile(
    "(?:主办|承办|协办|维护|版权|地址|邮编|电话|传真|联系|网站|建议使用|技术支持|您是第|访问量|今日|.{0,12}(?:ICP|公网安备|版权所有|标识码|Copyright))",
    re.IGNORECASE,
)
_SURE_FOOT = re.compile("ICP|公网安备|版权所有|标识码|Copyright|浏览器", re.IGNORECASE)
# Behind the rows of a title (发布时间：… 来源：…) on the same line.
_ROW_END = re.compile(
    r"[\s　\[【|｜]*(?:字[体号]|打印|分享|浏览(?:次数|量)?|阅读(?:次数|量)?|点击(?:数|量)?|访问(?:次数|量)?)[\s　]*[：:\[【(（大]?.*$"
)
_ATTACHED = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|zip|rar|ofd|jpe?g|png|txt|pptx?)(?:$|[?#])", re.IGNORECASE)
_TITLE_SEPARATOR = re.compile(r"\s*[_|｜—–-]+\s*|\s{2,}")
# <meta name="…"> as the State Council's guide for government sites asks for, and what law databases and others write.
_METAS = {
    "articletitle": "title",
    "title": "title",
    "og:title": "title",
    "pubdate": "issued",
    "publishdate": "issued",
    "publish_date": "issued",
    "article:published_time": "issued",
    "contentsource": "publisher",
    "source": "publisher",
    "url": "source",
    "og:url": "source",
}


class _Block(NamedTuple):
    lines: list[str]
    linked: float  # share of the characters in links
    element: object  # the innermost block element
    table: list | None = None  # the rows, where it is a table
    attached: bool = False  # a link to a file to download


def read_webpage(data: bytes, *, charset: str | None = None, source: str | None = None) -> Extract:
    """The document that a web page shows, with the rows of its title (标题, 发文字号, 索引号 …) above it."""
    text, note = _decode(data, charset)
    root = _parse(text)
    builder = Builder()
    if note:
        builder.notes.append(note)
    blocks = _cut(root)
    main, before = _find_document(root, blocks)
    builder.stated = _read_metas(root, text, source)
    titles = _name_titles(root, builder.stated)
    for line in _find_title_rows(before, main, titles):
        builder.add(line)
    for block in main:
        if block.table is not None:
            builder.add_table(block.table)
        else:
            for line in block.lines:
                builder.add(line)
    if not builder.lines:
        raise PolicylabError(
            "the web page holds no text: it may fill itself by a script. Open it in a browser, and save it from there"
        )
    return builder.finish()


def read_mhtml(data: bytes) -> Extract:
    """The document of a web page that a browser or Word saved as one file."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if part.get_content_type() in ("text/html", "application/xhtml+xml") and isinstance(payload, bytes) and payload:
            source = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "")
            charset = part.get_content_charset()
            return read_webpage(payload, charset=charset, source=source if source.startswith("http") else None)
    raise PolicylabError("the saved web page is cut off: it holds no HTML. Save it again")


def _decode(data, charset):
    """The text of a page, in the encoding it names if that fits, else in the one its bytes show; and what to know of it."""
    found = _CHARSET.search(data[:4096])
    named = (charset or (found and found.group(1).decode("ascii")) or "").lower()
    named = "gb18030" if named in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else named
    if named and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return data.decode(named), None
        except (LookupError, UnicodeDecodeError):
            pass
    try:
        return decode(data).text, None
    except PolicylabError:
        encoding = named if named in ("utf-8", "gb18030", "big5") else "utf-8"
        text = data.decode(encoding, "replace").replace("\x00", "")
        n = text.count("\ufffd")
        if 20 * n > len(text):
            raise
        return text, f"{n} damaged characters are shown as �"


def _parse(text):
    from lxml import etree, html

    try:
        # Old pages never close <font>, and so nest deeper than the parser allows by itself.
        parser = html.HTMLParser(huge_tree=True, no_network=True)
        root = html.document_fromstring(_DECLARATION.sub("", text, count=1), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise PolicylabError("the web page holds no text") from None
    return root


class _Cutter:
    """Walks over a page and cuts it into blocks, in the order in which they are shown."""

    def __init__(self):
        self.blocks: list[_Block] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._attached = False

    def walk(self, element, link, pre):
        tag = element.tag
        if not isinstance(tag, str):
            return
        tag = tag.rpartition(":")[2].rpartition("}")[2].lower()
        if tag in _UNSEEN or _is_hidden(element):
            return
        if tag == "br":
            self._pieces.append("\v")
            return
        block = tag in _BLOCKS
        if block:
            self.end(element.getparent())
            if tag == "table" and (rows := _read_table(element)):
                self.blocks.append(_Block([" ".join(row) for row in rows], 0.0, element, rows))
                return
            if tag == "li" and (label := _number(element)):
                self._pieces.append(label)
        href = (element.get("href") or "") if tag == "a" else ""
        inner = link or bool(href and not href.startswith("#"))
        self._attached = self._attached or bool(_ATTACHED.search(href))
        pre = pre or tag == "pre"
        self._add(element.text, inner, pre)
        for child in element:
            self.walk(child, inner, pre)
            self._add(child.tail, inner, pre)
        if block:
            self.end(element)

    def _add(self, text, link, pre):
        if text:
            self._pieces.append(text.replace("\n", "\v") if pre else text)
            if link:
                self._linked += len("".join(text.split()))

    def end(self, element):
        """End the block that is open; `element` is the one that held it."""
        lines = _lay("".join(self._pieces))
        if lines:
            n = sum([len("".join(line.split())) for line in lines])
            self.blocks.append(_Block(lines, min(1.0, self._linked / max(1, n)), element, None, self._attached))
        self._pieces, self._linked, self._attached = [], 0, False


def _lay(text):
    lines = []
    for line in text.split("\v"):
        line = _WHITE.sub(" ", _WRAP.sub("", line)).strip(SPACE)
        if line:
            lines.append(line)
    return lines


def _cut(root):
    cutter = _Cutter()
    cutter.walk(root, False, False)
    cutter.end(root)
    return cutter.blocks


def _is_hidden(element):
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style") or ""))


def _number(element):
    """The number that a browser sets before an entry of an ordered list; "" where it sets none or the text has its own."""
    parent = element.getparent()
    if (
        parent is None
        or parent.tag != "ol"
        or _NO_NUMBERS.search(parent.get("style") or "")
        or parent.get("type", "1") != "1"
    ):
        return ""
    text = "".join(element.itertext()).strip(SPACE)
    if not text or g.HEADING.match(text):
        return ""
    start = parent.get("start", "1")
    entries = [child for child in parent if child.tag == "li"]
    return f"{(int(start) if start.isdecimal() and len(start) < 6 else 1) + entries.index(element)}. "


# A cell with more than so many paragraphs holds a page, not a value.
_CELL_PARAGRAPHS, _CELL_CHARACTERS = 12, 1500


def _read_table(table):
    """The rows of a table with data; None for one that only sets out a page."""
    if next(table.iterdescendants("table"), None) is not None:
        return None
    rows, spans = [], Counter()
    for tr in table.iterdescendants("tr"):
        row = []
        for cell in tr:
            if cell.tag not in ("td", "th") or _is_hidden(cell):
                continue
            while spans[len(row)] > 0:
                spans[len(row)] -= 1
                row.append("")
            lines = [line for block in _cut_cell(cell) for line in block.lines]
            if len(lines) > _CELL_PARAGRAPHS or sum(map(len, lines)) > _CELL_CHARACTERS:
                return None
            width, height = (_read_span(cell.get(name)) for name in ("colspan", "rowspan"))
            for i in range(width):
                spans[len(row) + i] = height - 1
            row += ["\n".join(lines)] + [""] * (width - 1)
        rows.append(row)
    filled = [row for row in rows if sum(map(bool, row)) > 1]
    if len(filled) < 2 and not (filled and lay_table(filled)[1] is False):
        return None
    return rows


def _cut_cell(cell):
    cutter = _Cutter()
    cutter._add(cell.text, False, False)
    for child in cell:
        cutter.walk(child, False, False)
        cutter._add(child.tail, False, False)
    cutter.end(cell)
    return cutter.blocks


def _read_span(value):
    return min(50, int(value)) if value and value.isdecimal() and len(value) < 4 and int(value) else 1


def _weigh(block):
    """The characters of a block that are prose."""
    if block.linked >= _LINKED:
        return 0
    return sum([len(line) for line in block.lines if len(line) >= _PROSE and not _is_furniture(line)])


def _find_document(root, blocks):
    """The blocks of the part of a page that holds the document, and those before it."""
    weights, within = Counter(), {}
    for i, block in enumerate(blocks):
        weight, element = _weigh(block), block.element
        while element is not None:
            weights[element] += weight
            first, _ = within.get(element, (i, i))
            within[element] = (first, i)
            element = element.getparent()
    total, part = weights[root], root
    while total:
        inner = [e for e in part if e.tag in _CONTAINERS and weights[e] >= _MOST * total]
        if not inner:
            break
        part = inner[0]
    while part.getparent() is not None and _is_clean(blocks, within[part.getparent()], within.get(part, (0, -1))):
        part = part.getparent()
    first, last = within.get(part, (0, -1))
    return _drop_buttons(blocks[first : last + 1]), blocks[:first]


def _is_clean(blocks, outer, inner):
    """Whether what a larger part of the page adds to a smaller one is neither link nor button nor footer."""
    added = [*blocks[outer[0] : inner[0]], *blocks[inner[1] + 1 : outer[1] + 1]]
    return not any(block.linked > 0.2 or any(map(_is_furniture, block.lines)) for block in added)


def _is_furniture(line):
    found = g.BACK.match(line)
    return bool(
        _BUTTONS.fullmatch(line)
        or _NEXT.match(line)
        or (found and found.lastgroup == "furniture" and line[-1] != "。")
        or (g.FURNITURE_LINE.match(line) and len(line) > 6)
    )


def _drop_buttons(blocks):
    """The blocks of a document without buttons, links to other pages and what follows the document."""
    kept = []
    weights = [_weigh(block) for block in blocks]
    for i, block in enumerate(blocks):
        if block.table is not None:
            kept.append(block)
            continue
        ends = any(
            _NEXT.match(line) or (g.BACK.match(line) and g.BACK.match(line).lastgroup == "furniture")
            for line in block.lines
        )
        if ends and sum(weights[i:]) < _REST * sum(weights[:i]):
            break
        other = block.linked >= _LINKED and not block.attached and not any(map(_is_listed, block.lines))
        lines = [_ROW_END.sub("", line) if g.ROW.match(line) else line for line in block.lines]
        lines = [line for line in lines if line and not _BUTTONS.fullmatch(line) and not _PATH.match(line)]
        if lines and not other:
            kept.append(block._replace(lines=lines))
    return _drop_foot(kept)


def _drop_foot(blocks):
    """The blocks without those at the end that say whose site it is."""
    n = len(blocks)
    while n > 1 and blocks[n - 1].table is None and all(map(_FOOT.match, blocks[n - 1].lines)):
        n -= 1
    foot = [line for block in blocks[n:] for line in block.lines]
    return blocks[:n] if any(map(_SURE_FOOT.search, foot)) else blocks


def _is_listed(line):
    return line.startswith("附") or bool(g.HEADING.match(line))


_TITLE_LINES = 4  # over which a page may print a title


def _name_titles(root, stated):
    """What the page calls its document, from its title and headings."""
    names = [stated["title"]] if "title" in stated else []
    title = root.find(".//title")
    if title is not None and title.text:
        names += [part for part in _TITLE_SEPARATOR.split(_WHITE.sub(" ", title.text).strip(SPACE)) if len(part) > 5]
    for level in ("h1", "h2"):
        headings = [_WHITE.sub(" ", "".join(heading.itertext())).strip(SPACE) for heading in root.iter(level)]
        names += headings if len(headings) == 1 else []
    return names


def _find_title_rows(before, main, titles):
    """The rows of the title that stand above the document, and the title itself if it does not stand in the document."""
    wanted = {fold(title) for title in titles if len(fold(title)) > 5}
    inside = [fold(line) for block in main[:30] for line in block.lines][:100]
    inside += ["".join(inside[i : i + n]) for i in range(len(inside)) for n in range(2, _TITLE_LINES + 1)]
    lines, named = [], False
    for block in before:
        joined = fold("".join(block.lines))
        if block.table is not None:
            rows, is_table = lay_table(block.table)
            lines += [] if is_table else rows
        elif joined in wanted and joined not in inside and block.linked < _LINKED and not named:
            lines += block.lines
            named = True
        elif block.linked < _LINKED:
            rows = [_ROW_END.sub("", line) for line in block.lines if g.ROW.match(line)]
            lines += [row for row in rows if row.strip(SPACE)]
    return lines


def _read_metas(root, text, source):
    stated = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        value = _WHITE.sub(" ", meta.get("content") or "").strip(SPACE)
        if value and name in _METAS:
            stated.setdefault(_METAS[name], value)
    publisher = stated.pop("publisher", None)
    saved = _SAVED_FROM.search(text[:4000])
    canonical = next((link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"), None)
    address = source or (saved and saved.group(1)) or stated.get("source") or canonical or publisher
    if address:
        stated["source"] = address
    return stated
