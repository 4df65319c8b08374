"""Of which place a document is: what its issuer, its title, its number, a session of its congress or its text say."""

import re
import tomllib
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from policylab.base.divisions import Division, find_divisions, full_name, list_divisions, read_place
from policylab.base.levels import LEVELS
from policylab.base.regions import find_region
from policylab.corpus.grammar import read_numeral

_TOML = tomllib.loads(Path(__file__).with_name("issuers.toml").read_text(encoding="utf-8"))
_ZONE = re.compile(_TOML["zone"])
_BEYOND = re.compile(_TOML["zone"] + "|" + _TOML["township"])
_NATIONAL = tuple(_TOML["national"])
_BEFORE_PLACE = re.compile("|".join(_TOML["before_place"]))
_ELSEWHERE = tuple(_TOML["elsewhere"])
_ELSEWHERE_IN = re.compile(f"[\u4e00-\u9fff]{{0,6}}(?:{'|'.join(_ELSEWHERE)})(?!生)")
_BODY_END = re.compile("[局会行署部院]")
_TIERS = {"省": "provincial", "自治区": "provincial", "市": "municipal", "州": "municipal", "盟": "municipal"}
_TIERS |= dict.fromkeys(["县", "区", "旗"], "county")
_BARE = re.compile("(自治区|自治州|自治县|省|市|州|盟|县|区|旗)(?:人民|委|政府|教育|科|工|发|人大|财)")
_TITLE_OPENING = re.compile(
    r"(?:(?:19|20)\d\d\s*(?:[-—–至]+\s*(?:19|20)\d\d)?\s*年?(?:度)?|关于|公布|发布|印发|转发|实施|加快|推进|支持|促进|[《“‘「”’]|十[一二三四五]五|的)+"
)
# ——2026年1月27日在福建省第十四届人民代表大会第四次会议上; 第十四届全国人民代表大会第三次会议听取和审议了. Of years ago is 以来.
_SESSION = re.compile(
    r"[—–\-－（(\s《]{0,9}(?:[12]\d{3}年\d{1,2}月\d{1,2}日)?\s{0,4}(?:经|在)?(?P<who>[\u4e00-\u9fff]{0,14}?)第?[一二三四五六七八九十]{1,3}届(?P<of>[\u4e00-\u9fff]{0,8}?)"
    r"(?P<body>人民代表大会(?:常务委员会)?)(?!.{0,10}以来)"
)
_NATIONAL_SESSION = re.compile(
    r"第?(?P<congress>[一二三四五六七八九十]{1,3})届全国人民代表大会第(?P<session>[一二三四五])次会议(?!.{0,10}以来)"
)
_OTHER = re.compile("[-—–－~、和与及]")  # behind a place: another one follows
_SELF = re.compile(r"[全我本](?P<unit>省|自治区|市|州|盟|县|区|旗)(?!外|人大|政协|[、（(])|(?P<nation>我国)")
_TO_PROVINCES = re.compile(r"^各(?:省、自治区、直辖市|省、?(?:自治)?区、?(?:直辖)?市|省（|省\()")
_PROVINCES = re.compile("各省[、（(]|各省级")
_MANY = 5  # mentions of a place that the text does not call its own
_FEW = 2  # mentions below which a count of names says nothing
_CLEAR = 2.0  # times as often as the next place of its level


class Place(NamedTuple):
    """What one source says: the division, if it names one, and the level."""

    division: Division | None
    level: str | None
    name: str | None  # of the region, as the catalog writes it
    words: str
    candidates: tuple[Division, ...] = ()  # what the name may mean, if several divisions have it


def _at(division, words):
    return Place(division, division.level, full_name(division), words)


_COUNTRY = find_divisions("全国")[0]
NATION = _at(_COUNTRY, "全国")


def place_of_issuer(issuer: str | None, year: int | None = None) -> Place | None:
    """The place that the bodies that issued a document govern, named as in that year; of several bodies the highest.

    >>> [place_of_issuer(name).name for name in ("教育部办公厅", "厦门市教育局、厦门市财政局", "国家税务总局福建省税务局")]
    ['全国', '厦门市', '福建省']
    """
    places = [place for name in (issuer or "").split("、") if (place := _place_of_body(name, year))]
    if not places:
        return None
    levels = {place.level for place in places}
    names = {place.name for place in places}
    if len(names) == 1 and len(levels) == 1:
        return places[0]
    # A ministry and a province, or a city and its district: the higher of them.
    known = [place for place in places if place.level]
    return min(known, key=lambda place: LEVELS.index(place.level)) if known else None


def _place_of_body(name, year):
    start = found.end() if (found := _BEFORE_PLACE.match(name)) else 0
    place = read_place(name, start, year=year)
    if place and not _is_place_name(name[start : place[1]], place[0]):
        place = None  # 公安部 is not of 公安县
    if place and name.endswith(_ELSEWHERE):
        return None
    if place and _COUNTRY not in place[0]:
        divisions, end = place
        if beyond := _BEYOND.match(name, end):
            return Place(None, None, name[start : beyond.end()], name)
        if len(divisions) == 1:
            return _at(divisions[0], name)
        levels = {division.level for division in divisions}
        return Place(None, levels.pop(), None, name, tuple(divisions)) if len(levels) == 1 else None
    if name.startswith(_NATIONAL) or name.startswith(_NATIONAL, start) or place:
        return _place_of_branch(name) or _at(_COUNTRY, name)
    if zone := _ZONE.match(name):
        return Place(None, None, zone.group(), name)
    bare = _BARE.match(name)
    return Place(None, _TIERS.get(bare.group(1), _TIERS[bare.group(1)[-1]]), None, name) if bare else None


def _place_of_branch(name):
    """The place of a branch of a national body: 中国银保监会福建监管局."""
    for found in _BODY_END.finditer(name):
        place = read_place(name, found.end())
        if place and len(place[0]) == 1 and _is_place_name(name[found.end() : place[1]], place[0]):
            return _at(place[0][0], name)
    return None


def _is_place_name(words, divisions):
    """Whether words mean a place: an official name, or the short name of a province or prefecture (not 和平, 通道)."""
    return any(words.endswith(d.name) or d.level in ("provincial", "municipal") for d in divisions)


def place_of_title(title: str | None, year: int | None = None) -> Place | None:
    """The place with which a title begins, behind its year and what it does (关于印发《福建省…》).

    >>> [place_of_title(title).name for title in ("2019年重庆市教育信息化工作要点", "中华人民共和国环境保护法")]
    ['重庆市', '全国']
    """
    title = title or ""
    if "关于" in title and (place := place_of_issuer(title.partition("关于")[0], year)):
        return place
    start = found.end() if (found := _TITLE_OPENING.match(title)) else 0
    if title.startswith(("中华人民共和国", "国务院", "中共中央"), start):
        return _at(_COUNTRY, title)
    place = read_place(title, start, year=year)
    if place and _OTHER.match(title, place[1]):
        return None  # 济南—青岛先导区
    if place and _ELSEWHERE_IN.match(title, place[1]):
        return None  # 北京大学章程
    if place and (beyond := _BEYOND.match(title, place[1])):
        return Place(None, None, title[start : beyond.end()], title)
    if place and len(place[0]) == 1 and _is_place_name(title[start : place[1]], place[0]) and place[0][0] != _COUNTRY:
        return _at(place[0][0], title[start : place[1]])
    return None


def place_in_title(title: str | None) -> Place | None:
    """The one place that is named anywhere in a title: 数字山东2019行动方案. None if there are several."""
    counted = count_places("" if _ELSEWHERE_IN.search(title or "") else title or "")
    return _at(*next(iter(counted.items()))[:1], title) if len(counted) == 1 else None


def read_prefix(number: str | None) -> tuple[Place, str | None] | None:
    """The place that the prefix of a 文号 stands for, and who issued it, if the prefix says it.

    >>> place, issuer = read_prefix("渝府办发〔2021〕3号")
    >>> place.name, issuer
    ('重庆市', '重庆市人民政府办公厅')
    """
    number = number or ""
    for length in range(min(12, len(number)), 0, -1):
        if entry := _TOML["numbers"].get(number[:length]):
            return _at(find_divisions(entry[0])[0], number), entry[1] if len(entry) > 1 else None
    return None


def read_session(line: str) -> tuple[Place, str] | None:
    """The place whose people's congress met, as a line begins to say, and the body: its congress or standing committee.

    >>> place, body = read_session("（2020年11月27日广东省第十三届人民代表大会常务委员会第二十六次会议通过）")
    >>> place.name, body
    ('广东省', '广东省人民代表大会常务委员会')
    """
    found = _SESSION.match(line)
    if not found:
        return None
    who = found["who"] or found["of"]
    place = read_place(who)
    if not place or place[1] != len(who) or len(place[0]) != 1:
        return None
    return _at(place[0][0], found.group()), place[0][0].name + found["body"]


def year_of_session(line: str) -> int | None:
    """The year in which the session of the National People's Congress met that a line begins to name.

    >>> year_of_session("第十四届全国人民代表大会第三次会议关于政府工作报告的决议")
    2025
    """
    found = _NATIONAL_SESSION.search(line)
    if not found:
        return None
    congress, session = (read_numeral(found[name]) for name in ("congress", "session"))
    early = _TOML["sessions"]
    if congress > len(early):
        return 1978 + 5 * (congress - 5) + session - 1
    return early[congress - 1][session - 1] if session <= len(early[congress - 1]) else None


def addresses_provinces(line: str) -> bool:
    """Whether a line addresses all provinces, as only national bodies do."""
    return bool(_TO_PROVINCES.match(line))


def place_of_text(text: str) -> Place | None:
    """The place that a text calls its own (全省, 我市) and names most; the country if it calls none its own."""
    units = Counter(found["unit"] or "nation" for found in _SELF.finditer(text))
    nation = units.pop("nation", 0) + len(_PROVINCES.findall(text))
    unit, n = units.most_common(1)[0] if units else ("", 0)
    counted = count_places(text).most_common()
    if nation >= _FEW and nation > _CLEAR * n:
        foreign = bool(counted) and counted[0][1] > nation
        return None if foreign else _at(_COUNTRY, f"我国, 各省 {nation}")
    if n < _FEW:
        # Nothing is called its own: only a place that is named much more often than any other.
        fitting, least = counted, _MANY
    else:
        fitting, least = [(division, k) for division, k in counted if _is_unit(division, unit)], _FEW
    if not fitting or fitting[0][1] < least or (len(fitting) > 1 and fitting[0][1] < _CLEAR * fitting[1][1]):
        return None
    division, k = fitting[0]
    return _at(division, f"{full_name(division)} {k}" + (f", 全{unit} {n}" if n >= _FEW else ""))


def _is_unit(division, unit):
    """Whether 全市 or 我区 may be said of a division: municipalities are provinces, autonomous regions are called 区."""
    name = division.name
    if unit == "区":
        return name.endswith("区") and (division.level != "provincial" or name.endswith("自治区"))
    return division.level == _TIERS[unit] or (unit == "市" and division.level != "municipal" and name.endswith("市"))


def resolve(place: Place, text: str) -> Place | None:
    """The one division that an ambiguous name means in a text that names what it lies in: 鼓楼区 beside 徐州市."""
    named = [division for division in count_places(text) if division.level in ("provincial", "municipal")]
    for level in ("municipal", "provincial"):
        above = [division for division in named if division.level == level]
        fitting = [d for d in place.candidates if any(d != other and d.lies_in(other) for other in above)]
        if len(fitting) == 1:
            return _at(fitting[0], place.words)
    return None


def count_places(text: str) -> Counter:
    """How often provinces and prefectures, by official or short names, and counties, by official ones, are named."""
    counted: Counter = Counter()
    names, end = _counted_names(), 0
    for start in [i for i in range(len(text) - 1) if text[i : i + 2] in names]:
        name = next((name for name in names[text[start : start + 2]] if text.startswith(name, start)), None)
        if name and start >= end:
            end = start + len(name)
            if division := find_region(name):
                counted[division] += 1
    return counted


@lru_cache
def _counted_names():
    """The first two characters of a name -> all names that begin so, the longest first."""
    found: dict[str, list[str]] = {}
    for division in list_divisions():
        if division.until is None and division != _COUNTRY:
            for name in (division.name, *(division.short if division.level != "county" else ())):
                found.setdefault(name[:2], []).append(name)
    return {start: sorted(names, key=len, reverse=True) for start, names in found.items()}
