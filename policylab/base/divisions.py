"""The divisions of China down to counties: their names, codes and places in one another. The names are data: divisions.csv.

A code has six digits (GB/T 2260): two for the province, two for the prefecture, two for the county. Former divisions and
names are listed too, with the first and last year in which a code book has them. The Xinjiang corps, which issues documents as a
province does, is listed with the code that statistics give it; new areas and development zones are no divisions, unless
they are districts as well (浦东新区).
"""

import csv
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from policylab.base.levels import LEVELS

COUNTRY = "000000"
_LONGEST = 16  # characters of a name; the longest in divisions.csv has 15


class Division(NamedTuple):
    """One row of divisions.csv: a division under one of its official names."""

    code: str
    name: str
    short: tuple[str, ...]  # forms that documents print: 阿坝州, 阿坝
    en: str  # of provinces and prefectures; empty for counties
    since: (
        int | None
    )  # first year in which a code book has the name under this code; None: the books of 1980 have it, or none yet
    until: int | None  # last year in which a code book has it; None: it is in use

    @property
    def level(self) -> str:
        """One of LEVELS; districts of Beijing, Tianjin, Shanghai and Chongqing are counties, as their codes say."""
        code = self.code
        return LEVELS[0 if code == COUNTRY else 1 if code[2:] == "0000" else 2 if code[4:] == "00" else 3]

    @property
    def province(self) -> str:
        """The code of its province, of the country for the country."""
        return self.code[:2] + "0000"

    def exists_in(self, year: int | None) -> bool:
        """Whether it was a division of this name in a year; without one, whether it is today."""
        return self.until is None if year is None else (self.since or 0) <= year <= (self.until or 9999)

    def lies_in(self, other: "Division") -> bool:
        """Whether it is the other division or a part of it."""
        digits = {"national": 0, "provincial": 2, "municipal": 4, "county": 6}[other.level]
        return self.code[:digits] == other.code[:digits]


def find_divisions(name: str, within: Division | None = None, *, year: int | None = None) -> list[Division]:
    """The divisions that a name may mean, in the order of their codes; none if it is in no list.

    Parameters
    ----------
    name : str
        An official, short or former name, alone or behind those of the divisions that it lies in (黑龙江省哈尔滨市).
    within : Division, optional
        Only those in this division; all if none of them is.
    year : int, optional
        When it was called so: 巢湖市 was a prefecture from 1999 to 2010. By default today.

    Returns
    -------
    list of Division
        Names in use (in that year) come before others, official names before short ones, and of short ones those of the higher level:
        吉林 is the province, 阿坝 the prefecture. Several are left where nothing decides: 朝阳区 of Beijing and of Changchun.

    Examples
    --------
    >>> [division.name for division in find_divisions("阿坝州") + find_divisions("黑龙江省哈尔滨市南岗区")]
    ['阿坝藏族羌族自治州', '南岗区']
    >>> [division.code for division in find_divisions("朝阳区")]
    ['110105', '220104']
    >>> [division.code for division in find_divisions("长春朝阳区")]
    ['220104']
    >>> [find_divisions("巢湖市", year=year)[0].level for year in (2005, 2015)]
    ['municipal', 'county']
    """
    place = read_place(name, year=year)
    if place is None or place[1] != len(name):
        return []
    inside = [division for division in place[0] if within and division.lies_in(within)]
    return inside or place[0]


def read_place(text: str, start: int = 0, *, year: int | None = None) -> tuple[list[Division], int] | None:
    """The divisions that the names at a place of a text may mean, and where the names end; None if there is none.

    Names that lie in one another are read as one: 福建省厦门市教育局 begins with 厦门市.

    >>> [([d.name for d in found], end) for found, end in [read_place("福建省厦门市教育局"), read_place("渝中区人民政府")]]
    [(['厦门市'], 6), (['渝中区'], 3)]
    """
    found, end = None, start
    while step := _read_name(text, end, found, year):
        found, end = step
    return (found, end) if found else None


def _read_name(text, start, above, year):
    """The longest name at a place that is a name in one of the divisions `above`, or any name if there are none."""
    names = _names()
    for end in range(min(len(text), start + _LONGEST), start + 1, -1):
        listed = names.get(text[start:end], ())
        if above is not None:
            listed = [d for d in listed if any(d.lies_in(a) and d.level != a.level for a in above)]
        if listed:
            return _prefer(listed, text[start:end], year), end
    return None


def _prefer(divisions, name, year):
    """Of several divisions those that the name means first: those that have it today or had it last, officially."""
    ranks = {
        d: (
            not d.exists_in(year),
            -(d.until or 9999) if year is None else 0,
            d.name != name,
            d.name != name and LEVELS.index(d.level),
        )
        for d in divisions
    }
    best = min(ranks.values())
    return [division for division in divisions if ranks[division] == best]


def full_name(division: Division) -> str:
    """The official name; of counties behind that of the province or prefecture if another has it, too.

    >>> [full_name(division) for division in find_divisions("朝阳区") + find_divisions("厦门市")]
    ['北京市朝阳区', '长春市朝阳区', '厦门市']
    """
    if division.level != LEVELS[-1]:
        return division.name
    same = [d for d in _names()[division.name] if d.name == division.name and d != division]
    same = [d for d in same if d.until is None or division.until is not None]
    above = parent(division)
    return above.name + division.name if same and above else division.name


def parent(division: Division) -> Division | None:
    """The division that it lies in next, one in use if there is one; None for the country."""
    code = division.code
    codes = dict.fromkeys([code[:4] + "00", code[:2] + "0000", COUNTRY])
    return next((_by_code()[upper][-1] for upper in codes if upper < code and upper in _by_code()), None)


def province(division: Division) -> Division:
    """The province that it lies in; a province and the country are their own.

    >>> province(find_divisions("彭水县")[0]).name
    '重庆市'
    """
    return _by_code()[division.province][-1]


def short_name(division: Division) -> str:
    """The shortest form that means no other division: 厦门; the official name of what has none, and of counties.

    >>> [short_name(find_divisions(name)[0]) for name in ("福建省", "厦门市", "阿坝州", "吉林市", "浦东新区")]
    ['福建', '厦门', '阿坝州', '吉林市', '浦东新区']
    """
    if division.level == LEVELS[-1]:
        return division.name
    shortest = [form for form in division.short if division.level == "provincial" or len(_in_use(form)) == 1]
    return shortest[-1] if shortest else division.name


def _in_use(name):
    return [division for division in _names()[name] if division.until is None]


@lru_cache
def list_divisions() -> tuple[Division, ...]:
    """All rows of divisions.csv, in the order of their codes."""
    with open(Path(__file__).with_name("divisions.csv"), encoding="utf-8", newline="") as lines:
        return tuple(
            Division(
                *(row["code"], row["name"], tuple(row["short"].split()), row["en"]),
                *(int(row[name]) if row[name] else None for name in ("since", "until")),
            )
            for row in csv.DictReader(lines)
        )


@lru_cache
def _by_code():
    """Code -> its divisions, that in use last."""
    found: dict[str, list[Division]] = {}
    for division in list_divisions():
        found.setdefault(division.code, []).append(division)
    return found


@lru_cache
def _names():
    """Name, official or short -> the divisions that have it."""
    found: dict[str, list[Division]] = {}
    for division in list_divisions():
        for name in (division.name, *division.short):
            found.setdefault(name, []).append(division)
    return found
