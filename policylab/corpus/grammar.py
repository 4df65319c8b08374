"""The grammar of official documents: compiles grammar.toml, which says what headings, brackets and furniture look like.

`from policylab.corpus import grammar as g` gives the grammar in force: g.HEADING is its pattern of headings. In force is the
one that ships, unless a corpus brings a grammar.toml of its own (owngrammar.py), whose entries are added while it is read.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

NUMERALS = "一二三四五六七八九十百零"
# Both are bounded, so that no pattern can try many ways to divide a line: the longest numeral is 一百二十三.
NUMERAL, DIGIT = f"[{NUMERALS}]{{1,6}}", "[0-9０-９]{1,3}"
LEVELS = ["part", "section", "task", "item"]  # outermost first
OPENERS, CLOSERS = "（(［[【〔", "）)］]】〕"
DIGITS = re.compile("[0-9０-９]+")
FIRST_LISTED = re.compile(r"[：:]\s{0,4}([0-9０-９]{1,2})[.．、]")
SEAL = re.compile("[（(][公盖]?章[）)]$")
NUMBER_IN_TITLE = re.compile(r"[（(][^（）()]{2,40}号[）)]$")
PUBLISHED = re.compile(
    r"(?P<date>[12]\d{3}年\d{1,2}月\d{1,2}日)\s?(?:以|由)?\s?(?P<number>[^\d，。；：、（）()\s]{2,20}令\s?第\s?\d{1,5}\s?号)?\s?(?:公布|发布)"
)
CITATION = re.compile(r"《((?:[^《》]++|《[^《》]*+》)*+)》")
_CHINESE = re.compile(NUMERAL)
_TOML = tomllib.loads(Path(__file__).with_name("grammar.toml").read_text(encoding="utf-8"))

RESPONSIBILITY = _TOML["responsibility"]  # what no corpus adds to is compiled in responsible.py
TITLE_LIMIT, BARE_HEADING_LIMIT, SIGNATURE_LIMIT = (
    _TOML["limits"][name] for name in ("title", "bare_heading", "signature")
)
NOT_BARE = re.compile(_TOML["limits"]["not_bare"])


class Grammar:
    """The compiled patterns of one grammar; `own` is what a corpus adds: table -> key -> regular expressions or words."""

    def __init__(self, own: Mapping[str, Mapping[str, list[str]]]):
        toml = {table: _add(_TOML[table], own.get(table, {})) for table in _TOML}
        self._compile_headings(toml)
        self._compile_edges(toml)
        self._compile_responsibilities(toml["responsibility"])

    def _compile_headings(self, toml):
        headings = toml["headings"]
        self.HEADING = _name_headings(headings)
        for name in ("decimal_top", "contents", "leader", "box", "own_title"):
            setattr(self, name.upper(), re.compile(_fill("|".join(_listed(toml["architecture"][name]))), re.IGNORECASE))
        # Where a line that holds several headings is cut: wide blanks, or an article behind the end of a sentence.
        above, below = ("book", "chapter", "division"), ("part", "section")
        set_off, self.TITLED = (
            _compile([pattern for kind in kinds for pattern in headings[kind]])
            for kinds in ((*above, "article", *below), (*above, *below))
        )
        article, self.TASK = _compile(headings["article"]), _compile(headings["task"])
        self.GLUED = re.compile(
            rf"(?<!\s)\s{{2,}}+(?={set_off.pattern})|(?<=[。；：])\s?(?=第[^。；]{{1,6}}[条條]\s)(?={article.pattern})"
            rf"|(?<=[。；])\s{{2,}}+(?={self.TASK.pattern})"
            # （四）加快智能车间建设 at the end of a line of text: the next heading.
            rf"|(?<=。)\s(?=[（(]{NUMERAL}[）)][^。；，：\s]{{2,30}}\s*$)"
        )
        # 第一章 总则 第一条 为规范…: a single blank in front of the first article of a chapter.
        self.FIRST_ARTICLE = re.compile(rf"(?<=[\u3400-\u9fff])\s(?=第[^。；\s]{{1,6}}[条條]\s)(?={article.pattern})")
        self.KINDS = {kind: _compile(patterns) for kind, patterns in toml["kinds"].items()}
        self.NOTICE = re.compile(toml["speech"]["notice"])
        self.SALUTE = re.compile(toml["speech"]["salute"], re.MULTILINE)
        self.GOAL_HEADING = re.compile(toml["goals"]["heading"])
        self.GOAL = re.compile(toml["goals"]["opening"].replace("{n}", f"({NUMERAL})"))

    def _compile_edges(self, toml):
        front, back, furniture = toml["front"], toml["back"], toml["furniture"]
        self.FRONT = {name: _compile(patterns) for name, patterns in front.items() if name != "number"}
        self.NUMBERS = [re.compile(_fill(pattern)) for pattern in front["number"]]
        self.TITLE_OPEN, self.TITLE_REST, self.TITLE_VERSION = (
            re.compile(toml["title"][name]) for name in ("open", "rest", "version")
        )
        ends = "|".join(map(re.escape, sorted(toml["organs"]["ends"], key=len, reverse=True)))
        self.ORGAN = re.compile(rf"(?:{ends})(?:[（(][公盖]?章[）)])?$")
        self.CONTACT, self.SIGNED, self.PERSON = (
            re.compile(toml["signature"][name]) for name in ("contact", "signed", "person")
        )
        self.ROWS = {label: name for name, labels in toml["rows"].items() for label in labels}
        # A label may be set in blanks (标　　题：), in brackets (【发文字号】) or before a tab; its value ends before the next.
        labels = "|".join(
            [r"[ \u3000]*".join(map(re.escape, name)) for name in sorted(self.ROWS, key=len, reverse=True)]
        )
        self.ROW = re.compile(
            rf"(?:【\s*(?P<boxed>{labels})\s*】\s*[：:]?|(?P<label>{labels})\s*(?:[：:]|\t|\||[ \u3000]{{2,}}|$))\s*"
        )
        self.FURNITURE_LINE, self.PAGE_NUMBER, self.LONE_PAGE_NUMBER = (
            _compile(furniture[name]) for name in ("line", "page_number", "lone_page_number")
        )
        # One pattern for all back matter; the name of the group that matched is the role.
        roles = {"furniture": furniture["rest"], **back, "date": front["date"]}
        self.BACK = re.compile(
            "|".join(f"(?P<{role}>{_compile(patterns).pattern})" for role, patterns in roles.items())
        )
        self.BACK_ATTACHMENT, self.BACK_LIST, self.BACK_COLOPHON = (
            _compile(back[name]) for name in ("attachment", "attachment_list", "colophon")
        )

    def _compile_responsibilities(self, toml):
        duty, office, other = (f"(?:{'|'.join(_listed(toml[name]))})" for name in ("duty", "office", "other"))
        label = f"{duty}{office}(?:[及和与、/]{duty}{office})?"
        # A label begins a bracket or follows a mark; anywhere else 单位： is part of a sentence.
        self.LABEL = re.compile(
            rf"(?:^|(?<=[，,；;。、\s]))\s?(?:(?P<duty>{label}|{duty})|(?P<due>{toml['due']})|{other})\s?[:：]\s?"
        )
        # At the beginning of a line; behind the end of a sentence.
        self.LABELLED_LINE = re.compile(rf"(?:{label}|{toml['due_line']}|{toml['person_line']})\s?[:：]")
        self.LABELLED_REST = re.compile(rf"[。；\u3000\t](?=\s?{label}\s?[:：])")
        # Without one of these a bracket names nobody; looking for them first keeps ordinary brackets cheap.
        own = [word for name in ("duty", "office") for word in _listed(toml[name])[1:]]
        self.RESPONSIBILITY_HINT = re.compile("|".join([toml["hints"], *own]))


def _listed(value):
    return [value] if isinstance(value, str) else value


def _add(shipped, own):
    """A table of the shipped grammar with what is added to its lists."""
    return shipped | {key: [*_listed(shipped[key]), *values] for key, values in own.items()}


def _compile(patterns):
    """One pattern that matches any of the list, without named groups."""
    return re.compile(_fill("|".join(patterns)))


def _fill(pattern):
    return pattern.replace("{n}", NUMERAL).replace("{d}", DIGIT)


def _name_headings(kinds):
    """One pattern for all numbered headings; the name of the group that matched is the kind and holds the ordinal."""
    alternatives = []
    for kind, patterns in kinds.items():
        for i, pattern in enumerate(patterns):
            # A pattern that allows numerals and digits names the group once: what it holds is the ordinal, whichever.
            marked = pattern.replace("(?:{n}|{d})", f"(?P<{kind}_{i}>{NUMERAL}|{DIGIT})", 1)
            for mark, ordinal in (("{n}", NUMERAL), ("{d}", DIGIT)):
                if f"<{kind}_{i}>" not in marked:
                    marked = marked.replace(mark, f"(?P<{kind}_{i}>{ordinal})", 1)
            marked = _fill(marked)
            alternatives.append(marked if f"<{kind}_{i}>" in marked else f"(?P<{kind}_{i}>{marked})")
    return re.compile("|".join(alternatives))


@lru_cache(maxsize=8)
def _build(own):
    """The grammar with additions, given as tuples of (table, key, entries) so that each is compiled once."""
    added: dict[str, dict[str, list[str]]] = {}
    for table, key, entries in own:
        added.setdefault(table, {})[key] = list(entries)
    return Grammar(added)


_IN_FORCE = ContextVar("grammar", default=_build(()))  # noqa: B039  nobody changes a grammar once it is compiled
current = _IN_FORCE.get  # current().HEADING is g.HEADING, and several times as fast: for what is asked of every line


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    return getattr(current(), name)


@contextmanager
def in_force(own: tuple) -> Iterator[None]:
    """Add entries of a corpus to the grammar, as owngrammar.read_own gives them, for what is read inside `with`."""
    token = _IN_FORCE.set(_build(own))
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


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
_CHINESE_DATE = re.compile(rf"([〇○零Oo0-9{NUMERALS}]{{4}})年({NUMERAL})月({NUMERAL})日")
_YEAR_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")


def read_number(line):
    """The 文号 that a line holds and nothing else, as printed but without blanks; None for any other line.

    >>> read_number("（皖政办秘〔2021〕 82 号）"), read_number("教育部令 第40号"), read_number("第2号文件")
    ('皖政办秘〔2021〕82号', '教育部令第40号', None)
    """
    if len(line) > _NUMBER_LIMIT or ("号" not in line and not DIGITS.search(line)):
        return None
    compact = _NO_TEXT.sub("", line)
    found = next(filter(None, (pattern.match(compact) for pattern in current().NUMBERS)), None)
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
