"""The grammar of official documents: compiles grammar.toml, which says what headings, brackets and furniture look like."""

import re
import tomllib
import unicodedata
from datetime import date
from pathlib import Path

NUMERALS = "一二三四五六七八九十百零"
_NUMERAL, _DIGITS = f"[{NUMERALS}]+", "[0-9０-９]{1,3}"
_CHINESE = re.compile(_NUMERAL)
_TOML = tomllib.loads(Path(__file__).with_name("grammar.toml").read_text(encoding="utf-8"))


def _compile(patterns):
    """One pattern that matches any of the list, without named groups."""
    return re.compile(_fill("|".join(patterns)))


def _fill(pattern):
    return pattern.replace("{n}", _NUMERAL).replace("{d}", _DIGITS)


def _compile_headings(kinds):
    """One pattern for all numbered headings; the name of the group that matched is the kind and holds the ordinal."""
    alternatives = []
    for kind, patterns in kinds.items():
        for i, pattern in enumerate(patterns):
            # A pattern that allows numerals and digits names the group once: what it holds is the ordinal, whichever.
            marked = pattern.replace("(?:{n}|{d})", f"(?P<{kind}_{i}>{_NUMERAL}|{_DIGITS})", 1)
            for mark, ordinal in (("{n}", _NUMERAL), ("{d}", _DIGITS)):
                if f"<{kind}_{i}>" not in marked:
                    marked = marked.replace(mark, f"(?P<{kind}_{i}>{ordinal})", 1)
            marked = _fill(marked)
            alternatives.append(marked if f"<{kind}_{i}>" in marked else f"(?P<{kind}_{i}>{marked})")
    return re.compile("|".join(alternatives))


LEVELS = ["part", "section", "task", "item"]  # outermost first
HEADING = _compile_headings(_TOML["headings"])
DECIMAL_TOP, CONTENTS, LEADER, BOX, OWN_TITLE = (
    re.compile(_fill(_TOML["architecture"][name]), re.IGNORECASE)
    for name in ("decimal_top", "contents", "leader", "box", "own_title")
)
# Where a line that holds several headings is cut: wide blanks, or an article behind the end of a sentence.
_SET_OFF = _compile(
    [p for kind in ("book", "chapter", "division", "article", "part", "section") for p in _TOML["headings"][kind]]
)
_ARTICLE, TASK = (_compile(_TOML["headings"][kind]) for kind in ("article", "task"))
GLUED = re.compile(
    rf"(?<!\s)\s{{2,}}+(?={_SET_OFF.pattern})|(?<=[。；：])\s?(?=第[^。；]{{1,6}}[条條]\s)(?={_ARTICLE.pattern})"
    rf"|(?<=[。；])\s{{2,}}+(?={TASK.pattern})"
)
TITLED = _compile([p for kind in ("book", "chapter", "division", "part", "section") for p in _TOML["headings"][kind]])
DIGITS = re.compile("[0-9０-９]+")
TITLE_LIMIT, BARE_HEADING_LIMIT, SIGNATURE_LIMIT = (
    _TOML["limits"][name] for name in ("title", "bare_heading", "signature")
)

KINDS = {kind: _compile(patterns) for kind, patterns in _TOML["kinds"].items()}
SALUTE = re.compile(_TOML["speech"]["salute"], re.MULTILINE)
GOAL_HEADING = re.compile(_TOML["goals"]["heading"])
GOAL = re.compile(_TOML["goals"]["opening"].replace("{n}", f"({_NUMERAL})"))

FRONT = {name: _compile(patterns) for name, patterns in _TOML["front"].items() if name != "number"}
NUMBERS = [re.compile(pattern) for pattern in _TOML["front"]["number"]]
TITLE_OPEN, TITLE_REST, TITLE_VERSION = (re.compile(_TOML["title"][name]) for name in ("open", "rest", "version"))
ORGAN = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(_TOML['organs']['ends'], key=len, reverse=True)))})(?:[（(][公盖]?章[）)])?$"
)
SEAL = re.compile("[（(][公盖]?章[）)]$")
CONTACT, SIGNED, PERSON = (re.compile(_TOML["signature"][name]) for name in ("contact", "signed", "person"))
NUMBER_IN_TITLE = re.compile(r"[（(][^（）()]{2,40}号[）)]$")
PUBLISHED = re.compile(
    r"(?P<date>[12]\d{3}年\d{1,2}月\d{1,2}日)\s?(?:以|由)?\s?(?P<number>[^\d，。；：、（）()\s]{2,20}令\s?第\s?\d{1,5}\s?号)?\s?(?:公布|发布)"
)
ROWS = {label: name for name, labels in _TOML["rows"].items() for label in labels}
# A label may be set in blanks (标　　题：), in brackets (【发文字号】) or before a tab; its value ends before the next one.
_LABEL = "|".join([r"[ \u3000]*".join(label) for label in sorted(ROWS, key=len, reverse=True)])
ROW = re.compile(rf"(?:【\s*(?P<boxed>{_LABEL})\s*】\s*[：:]?|(?P<label>{_LABEL})\s*(?:[：:]|\t|[ \u3000]{{2,}}|$))\s*")
FURNITURE_LINE = _compile(_TOML["furniture"]["line"])
PAGE_NUMBER = _compile(_TOML["furniture"]["page_number"])
LONE_PAGE_NUMBER = _compile(_TOML["furniture"]["lone_page_number"])
# One pattern for all back matter; the name of the group that matched is the role.
BACK = re.compile(
    "|".join(
        f"(?P<{role}>{_compile(patterns).pattern})"
        for role, patterns in {
            "furniture": _TOML["furniture"]["rest"],
            **_TOML["back"],
            "date": _TOML["front"]["date"],
        }.items()
    )
)

BACK_ATTACHMENT, BACK_LIST, BACK_COLOPHON = (
    _compile(_TOML["back"][name]) for name in ("attachment", "attachment_list", "colophon")
)

OPENERS, CLOSERS = "（(［[【〔", "）)］]】〕"
_OPEN, _CLOSE = (f"[{re.escape(marks)}]" for marks in (OPENERS, CLOSERS))
_DUTY, _OFFICE, _OTHER = (_TOML["responsibility"][name] for name in ("duty", "office", "other"))
_FULL_LABEL = f"{_DUTY}{_OFFICE}(?:(?:及|和|与|、){_DUTY}{_OFFICE})?"
# Anywhere inside a responsibility: a label, the name of its group telling whether units follow it.
LABEL = re.compile(rf"\s*(?:(?P<duty>{_FULL_LABEL}|{_DUTY})|(?P<other>{_OTHER}))\s*[:：]\s*")
# At the beginning of a line.
LABELLED_LINE = re.compile(rf"(?:{_FULL_LABEL}|{_OTHER})\s*[:：]")
LAST_DUTY = re.compile(rf"(?P<duty>{_TOML['responsibility']['last']})$")
# It begins with a plain set of characters: that is what makes it fast.
_RESPONSIBILITY = re.compile(
    rf"[{re.escape(OPENERS)}。；](?:"
    rf"(?<={_OPEN})(?P<bracket>\s*(?:{_FULL_LABEL}|{_DUTY})\s*[:：])"
    rf"|(?<=[。；])\s*(?P<rest>{_FULL_LABEL}\s*[:：])"
    # （教育部牵头，财政部负责）: at the end of a sentence, where it is no remark.
    rf"|(?<={_OPEN})(?P<last>(?:[^（）()。；:：]{{2,150}}?){_TOML['responsibility']['last']}{_CLOSE})(?=。?$|。?{_OPEN}))"
)
SEPARATOR_OR_BRACKET = re.compile(f"[{re.escape(_TOML['responsibility']['separators'] + OPENERS + CLOSERS)}]")
CITATION = re.compile(r"《((?:[^《》]++|《[^《》]*+》)*+)》")


def find_responsibility(text, position=0):
    """Where the first responsibility behind a position begins, and of what kind it is: bracket, rest (to the end), last."""
    found = _RESPONSIBILITY.search(text, position)
    if found is None:
        return None
    return found.start("rest") if found["rest"] else found.start(), found.lastgroup


def read_numeral(text):
    """The value of an ordinal in Chinese numerals, digits or a circle, 1 to 999; 0 for anything else.

    >>> read_numeral("十"), read_numeral("二十三"), read_numeral("一百零五"), read_numeral("７"), read_numeral("⑫")
    (10, 23, 105, 7, 12)
    """
    if text.isdecimal():
        return int(text)
    if not _CHINESE.fullmatch(text):
        return int(unicodedata.numeric(text, 0)) if len(text) == 1 else 0
    total, digit = 0, 0
    for character in text.replace("零", ""):
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = "一二三四五六七八九".index(character) + 1
    return total + digit


_NUMBER_LIMIT = 80  # characters of a line that holds a number, blanks included; chosen by judgement
_NO_TEXT = re.compile(r"[\s*]+")
_DATE = re.compile(r"([12]\d{3})\s{0,4}[年/.-]\s{0,4}(\d{1,2})\s{0,4}[月/.-]\s{0,4}(\d{1,2})(?!\d)")
_CHINESE_DATE = re.compile(rf"([〇○零Oo0-9{NUMERALS}]{{4}})年({_NUMERAL})月({_NUMERAL})日")
_YEAR_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")


def read_number(line):
    """The 文号 that a line holds and nothing else, as printed but without blanks; None for any other line.

    >>> read_number("（皖政办秘〔2021〕 82 号）"), read_number("教育部令 第40号"), read_number("第2号文件")
    ('皖政办秘〔2021〕82号', '教育部令第40号', None)
    """
    if len(line) > _NUMBER_LIMIT or "号" not in line:
        return None
    compact = _NO_TEXT.sub("", line)
    found = next(filter(None, (pattern.match(compact) for pattern in NUMBERS)), None)
    return found["number"] if found else None


def read_date(text):
    """The date in a line as YYYY-MM-DD, None where there is none or it does not exist.

    >>> read_date("2019年2月27日"), read_date("二〇一九年二月二十七日"), read_date("2019年13月1日")
    ('2019-02-27', '2019-02-27', None)
    """
    if found := _DATE.search(text):
        year, month, day = map(int, found.groups())
    elif found := _CHINESE_DATE.search(text):
        year = int(found.group(1).translate(_YEAR_DIGITS))
        month, day = read_numeral(found.group(2)), read_numeral(found.group(3))
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
