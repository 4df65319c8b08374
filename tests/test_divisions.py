"""Divisions of China: names, what they mean, and what lies in what."""

from collections import Counter

import pytest

from policylab.base.divisions import (
    find_divisions,
    full_name,
    list_divisions,
    parent,
    province,
    read_place,
    short_name,
)


def find(name, within=None):
    return [full_name(division) for division in find_divisions(name, within)]


@pytest.mark.parametrize(
    "name, expected",
    [
        ("四川", ["四川省"]),
        ("四川省", ["四川省"]),
        ("阿坝州", ["阿坝藏族羌族自治州"]),
        ("厦门", ["厦门市"]),
        ("黑龙江省哈尔滨市", ["哈尔滨市"]),
        ("上海市浦东新区", ["浦东新区"]),
        ("重庆彭水县", ["彭水苗族土家族自治县"]),
        ("湖北省仙桃市", ["仙桃市"]),
        ("兵团", ["新疆生产建设兵团"]),
        # The province has the name too; the city is never called so officially.
        ("吉林", ["吉林省"]),
        ("海南", ["海南省"]),
        # Several have it: left open unless what stands before it says which.
        ("和平区", ["天津市和平区", "沈阳市和平区"]),
        ("沈阳市和平区", ["沈阳市和平区"]),
        ("市中区", ["济南市市中区", "枣庄市市中区", "内江市市中区", "乐山市市中区"]),
        # No division.
        ("天府新区", []),
        ("合肥高新技术产业开发区", []),
        ("福建省和平区", []),
        ("", []),
    ],
)
def test_what_a_name_means(name, expected):
    assert find(name) == expected


def test_context_tells_divisions_of_one_name_apart():
    changchun, beijing, fujian = (find_divisions(name)[0] for name in ("长春市", "北京市", "福建省"))
    assert find("朝阳区", changchun) == ["长春市朝阳区"] and find("朝阳区", beijing) == ["北京市朝阳区"]
    assert find("朝阳区", fujian) == ["北京市朝阳区", "长春市朝阳区"]


@pytest.mark.parametrize(
    "name, level, until",
    [
        ("襄樊市", "municipal", 2009),
        ("崇文区", "county", 2009),
        ("莱芜市", "municipal", 2017),
        ("长泰县", "county", 2020),
        ("巢湖市", "county", None),
        ("襄阳市", "municipal", None),
    ],
)
def test_former_names(name, level, until):
    [division] = find_divisions(name)
    assert (division.level, division.until) == (level, until)


def test_a_prefecture_that_is_a_county_now_is_listed_as_both():
    named = [division for division in list_divisions() if division.name == "巢湖市"]
    assert [(d.code, d.level, d.since, d.until) for d in named] == [
        ("340181", "county", 2011, None),
        ("341400", "municipal", 1999, 2010),
    ]
    assert [[d.code for d in find_divisions("巢湖市", year=year)] for year in (2005, 2015, None)] == [
        ["341400"],
        ["340181"],
        ["340181"],
    ]
    assert full_name(find_divisions("巢湖市", year=2005)[0]) == "巢湖市"


@pytest.mark.parametrize(
    "name, above, of",
    [
        ("南岗区", "哈尔滨市", "黑龙江省"),
        ("浦东新区", "上海市", "上海市"),
        ("仙桃市", "湖北省", "湖北省"),
        ("厦门市", "福建省", "福建省"),
        ("福建省", "全国", "福建省"),
    ],
)
def test_what_a_place_lies_in(name, above, of):
    [division] = find_divisions(name)
    assert (parent(division).name, province(division).name) == (above, of)


def test_the_country_lies_in_nothing():
    [country] = find_divisions("全国")
    assert parent(country) is None and country.level == "national"


def test_a_place_is_read_up_to_where_its_names_end():
    found, end = read_place("关于四川省成都市武侯区的通知", 2)
    assert [division.name for division in found] == ["武侯区"] and end == len("关于四川省成都市武侯区")
    assert read_place("教育部办公厅") is None


def test_the_table():
    rows = list_divisions()
    in_use = [row for row in rows if row.until is None]
    assert [row.code for row in rows] == sorted(row.code for row in rows)
    assert Counter(row.level for row in in_use)["provincial"] == 35  # 34 and the corps
    assert max(Counter(row.code for row in in_use).values()) == 1
    provinces = [row for row in in_use if row.level in ("national", "provincial")]
    assert all(row.en and short_name(row) for row in provinces)
    assert len({row.en for row in provinces}) == len({short_name(row) for row in provinces}) == len(provinces)
    english = [row.en for row in in_use if row.level == "municipal"]
    assert all(english) and len(set(english)) == len(english)
    assert all(len(form) > 1 and form != row.name for row in rows for form in row.short)
