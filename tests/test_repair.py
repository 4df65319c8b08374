"""Damaged text, repaired for reading: what is mended, what is left alone, and the way back to the source."""

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylab.corpus.repair import (
    BLANKS,
    COMPATIBILITY,
    INVISIBLE,
    NARROW,
    PRIVATE,
    TRADITIONAL,
    WIDE,
    repair_text,
)


def count(text):
    return dict(Counter(repair.kind for repair in repair_text(text).repairs))


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("加 强 教 育 信 息 化 建 设，推 进 应 用。", "加强教育信息化建设，推进应用。", {BLANKS: 11}),
        ("到 2 0 2 5 年 ， 覆 盖 率 达 到 9 8 %", "到2025年，覆盖率达到98%", {BLANKS: 14}),
        ("保障⽹络安全⼯作，⻓期服务⼈⺠", "保障网络安全工作，长期服务人民", {COMPATIBILITY: 5}),
        ("“互联网＋教育”，５Ｇ用户１２３．５万，占９８％", "“互联网+教育”，5G用户123.5万，占98%", {WIDE: 11}),
        ("网\u200b络\ufeff安全\u202e", "网络安全", {INVISIBLE: 3}),
        ("\uf0b7建设平台，\ue863字未收", "•建设平台，〓字未收", {PRIVATE: 2}),
        ("推进应用,加强管理;(见附件)完成", "推进应用，加强管理；（见附件）完成", {NARROW: 4}),
    ],
)
def test_damage_is_repaired(source, text, kinds):
    assert repair_text(source).text == text
    assert count(source) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "教 育 部　　财 政 部",  # names on one line: three characters are no run
        "教育部 财政部 科技部 公安部",
        "表 1 2 3 4 5",  # a row of numbers
        "GB/T 28181-2016, ISO 9001; a, b (c)",  # half-width marks between Latin letters
        "（一）强化网络；《意见》：“双减”",
        "國家圖書館藏《永樂大典》展覽在全国各省、自治区、直辖市陆续开放，" * 3,  # traditional titles in simplified text
    ],
)
def test_intact_text_is_returned_as_it_is(text):
    assert repair_text(text) == (text, [], None, None)


def test_traditional_text_is_read_as_simplified_character_by_character():
    source = "關於推進教育資訊化與學校網絡建設的實施意見：各級學校應當加強網絡安全管理，為學生發展提供服務。"
    repaired = repair_text(source)
    assert (
        repaired.text
        == "关于推进教育资讯化与学校网络建设的实施意见：各级学校应当加强网络安全管理，为学生发展提供服务。"
    )
    assert {repair.kind for repair in repaired.repairs} == {TRADITIONAL}
    assert repaired.begins is None  # nothing moved


def test_places_lead_back_to_the_source():
    source = "一、推 进 ⽹ 络 建 设\u200b，５Ｇ"
    repaired = repair_text(source)
    assert repaired.text == "一、推进网络建设，5G"
    assert source[slice(*repaired.locate(2, 8))] == "推 进 ⽹ 络 建 设"
    assert source[slice(*repaired.locate(9, 11))] == "５Ｇ"
    assert [source[a:b] for kind, a, b in repaired.repairs if kind == COMPATIBILITY] == ["⽹"]


LETTERS = "教育网络 \u3000，。,(2５Ｇ\u200b\uf0b7⽹⺠國學a%\n"


@given(st.text(alphabet=st.sampled_from(LETTERS), max_size=40))
def test_every_character_is_kept_changed_or_named(source):
    repaired = repair_text(source)
    places = [repaired.locate(i, i + 1) for i in range(len(repaired.text))]
    changed = {i for _, start, end in repaired.repairs for i in range(start, end)}
    assert all(a < b for a, b in places) and places == sorted(places)
    assert all(source[a:b] == character for character, (a, b) in zip(repaired.text, places) if a not in changed)
    kept = {i for a, b in places for i in range(a, b)}
    assert set(range(len(source))) - kept <= changed


def test_repairing_twice_changes_nothing_more():
    once = repair_text("加 强 ⽹ 络,建 设５Ｇ\u200b，推 进 應 用").text
    assert repair_text(once).text == once


@pytest.mark.parametrize("unit", ["教 ", "教 育，", "，", " ", "教,", "(", "(教", "５", "\u200b", "國 ", "a ", "教  "])
def test_long_runs_take_time_in_proportion(unit):
    def measure(n):
        started = time.perf_counter()
        repair_text(unit * n)
        return time.perf_counter() - started

    short, long = min(measure(2_000) for _ in range(3)), min(measure(16_000) for _ in range(3))
    assert long < 40 * max(short, 1e-3)
