"""The grammar of official documents: compiles grammar.toml, which says what headings, brackets and furniture look like."""

import re
import tomllib
from datetime import date

from policylab.paths import PACKAGE

NUMERALS = "一二三四五六七八九十百"
_TOML = tomllib.loads((PACKAGE / "grammar.toml").read_text(encoding="utf-8"))


def _compile(patterns):
    """One pattern that matches any of the list, without named groups."""
    patterns = [patterns] if isinstance(patterns, str) else patterns
    text = "|".join(p.replace("{n}", f"[{NUMERALS}]+").replace("{d}", r"\d{1,3}") for p in patterns)
    return re.compile(text.replace("{{", "{").replace("}}", "}"))


def _compile_headings(levels):
    """One pattern for all numbered headings; the name of the group that matched is the level and holds the ordinal."""
    alternatives = []
    for level, patterns in levels.items():
        for i, pattern in enumerate(patterns):
            group = f"(?P<{level}_{i}>"
            marked = pattern.replace("{n}", f"{group}[{NUMERALS}]+)").replace("{d}", rf"{group}\d{{1,3}})")
            alternatives.append(marked if group in marked else f"{group}{marked})")
    return re.compile("|".join(alternatives))


HEADING = _compile_headings(_TOML["headings"])
HEADING_START = frozenset(NUMERALS + "0123456789（(第①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
TITLE_LIMIT = _TOML["limits"]["title"]
BARE_HEADING_LIMIT = _TOML["limits"]["bare_heading"]

GOAL_PART = _compile(_TOML["goals"]["part"])
GOAL = re.compile(_TOML["goals"]["opening"].replace("{n}", f"([{NUMERALS}]+)"))

FRONT = {name: _compile(patterns) for name, patterns in _TOML["front"].items()}
FURNITURE_LINE = _compile(_TOML["furniture"]["line"])
PAGE_NUMBER = _compile(_TOML["furniture"]["page_number"])
# One pattern for all back matter; the name of the group that matched is the role.
BACK = re.compile(
    "|".join(
        f"(?P<{role}>{_compile(patterns).pattern})"
        for role, patterns in {"furniture": _TOML["furniture"]["rest"], **_TOML["back"], "date": _TOML["front"]["date"]}.items()
    )
)

LABEL = re.compile(rf"\s*({_TOML['responsibility']['label']})\s*[:：]\s*")
RESPONSIBILITY = re.compile(rf"[（(\[【〔]{LABEL.pattern}")
CITATION = re.compile(r"《((?:[^《》]|《[^《》]*》)*)》")

OPENERS, CLOSERS = "（(［[【〔", "）)］]】〕"
SEPARATOR_OR_BRACKET = re.compile("[" + re.escape(_TOML["responsibility"]["separators"] + OPENERS + CLOSERS) + "]")


def read_numeral(text):
    """The value of an ordinal in Chinese numerals or digits, 1 to 999.

    >>> read_numeral("十"), read_numeral("二十三"), read_numeral("一百零五"), read_numeral("7")
    (10, 23, 105, 7)
    """
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for character in text.replace("零", ""):
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = "一二三四五六七八九".index(character) + 1
    return total + digit


_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_CHINESE_DATE = re.compile(rf"([〇○零Oo0-9{NUMERALS}]{{4}})年([{NUMERALS}]+)月([{NUMERALS}]+)日")
_YEAR_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")


def read_date(text):
    """The date in a line as YYYY-MM-DD, None where there is none or it does not exist.

    >>> read_date("2019年2月27日"), read_date("二〇一九年二月二十七日"), read_date("2019年13月1日")
    ('2019-02-27', '2019-02-27', None)
    """
    if found := _DATE.search(text):
        year, month, day = map(int, found.groups())
    elif found := _CHINESE_DATE.search(text):
        year, month, day = int(found.group(1).translate(_YEAR_DIGITS)), read_numeral(found.group(2)), read_numeral(found.group(3))
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
