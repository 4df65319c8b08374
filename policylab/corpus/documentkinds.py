"""What kind of document a text is, and for which years: from its architecture first, then from what its title calls it."""

import re

from policylab.corpus import grammar as g

KINDS = ("plan", "report", "regulation", "standard", "notice", "text")
_BY_ARCHITECTURE = {"articles": "regulation", "decimals": "standard"}
_YEARS = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})\s{0,4}年?\s{0,4}[-—–－~～―至到]{1,4}\s{0,4}((?:19|20)[0-9]{2})(?![0-9])"
)
# 科技创新2030项目2021年度指南: a number with 年 behind it comes first. By 2030年前 something is to be reached.
_YEAR = re.compile(r"(?<![0-9〔\[（(第])((?:19|20)[0-9]{2})\s{0,4}年(?![前底])")
_BARE_YEAR = re.compile(r"(?<![0-9〔\[（(第])((?:19|20)[0-9]{2})(?![0-9]|\s{0,4}年)")
_NTH = "十?[一二三四五六七八九]|十"
_FIVE_YEARS = re.compile(
    rf"[“\"「『](?P<quoted>{_NTH})五[”\"」』]|(?<![一二三四五六七八九十〇零百0-9])(?P<bare>十[一二三四五六七八九])五(?![一二三四五六七八九十百千万亿年月日个号])"
    rf"|第(?P<nth>{_NTH}|[0-9]{{1,2}})个五年"
)


def name_kind(architecture: str | None, title: str | None, structured: bool, opening: str = "") -> str:
    """The kind of a document, one of KINDS.

    How it numbers its parts decides first: articles make a regulation, decimals a standard. Otherwise the last word by
    which the title calls itself does ([kinds] in grammar.toml), then the salute of a speech in `opening`, its first
    lines. What is numbered like a plan and calls itself nothing else is a plan; the rest is a text.

    >>> name_kind("articles", "数字校园管理办法", True), name_kind("levels", "2019年政府工作报告", True)
    ('regulation', 'report')
    >>> name_kind(None, "教育部门户网站消息", False)
    'text'
    """
    if architecture in _BY_ARCHITECTURE:
        return _BY_ARCHITECTURE[architecture]
    called = []
    for kind, pattern in g.KINDS.items():
        called += [(found.end(), len(found.group()), kind) for found in pattern.finditer(title or "")]
    if called:
        return max(called)[2]
    if g.SALUTE.search(opening):
        return "report"
    if g.NOTICE.search(opening):
        return "notice"
    return "plan" if structured else "text"


def read_years(title: str | None) -> tuple[int | None, int | None]:
    """The first and the last year that a title names; the last is None where the document is for one year.

    >>> read_years("教育信息化行动计划（2021—2023年）"), read_years("2019年工作要点"), read_years("“十四五”数字政府规划")
    ((2021, 2023), (2019, None), (2021, 2025))
    >>> read_years("发展国民经济的第一个五年计划"), read_years("2030年前碳达峰行动方案")
    ((1953, 1957), (None, None))
    """
    title = title or ""
    if found := _YEARS.search(title):
        first, last = map(int, found.groups())
        return (first, last) if first < last else (first, None)
    if found := _FIVE_YEARS.search(title):
        first = _begin_plan(g.read_numeral(found["quoted"] or found["bare"] or found["nth"]))
        return first, first + 4
    found = _YEAR.search(title) or _BARE_YEAR.search(title)
    return (int(found.group(1)), None) if found else (None, None)


def _begin_plan(n):
    """The first year of the nth five-year plan; between the second and the third lie three years of readjustment."""
    return 1948 + 5 * n if n < 3 else 1951 + 5 * n
