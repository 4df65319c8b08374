"""Numbers that Word generates: the formats of numbering.xml, written as Word prints them."""

import re

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_PLACEHOLDER = re.compile("%([1-9])")
_ROMAN = [
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
]  # fmt: skip


def format_number(n: int, kind: str) -> str:
    """A number in one of Word's formats (w:numFmt); in one that is not known, in digits.

    >>> [format_number(12, kind) for kind in ("decimal", "chineseCounting", "chineseCountingThousand", "ideographDigital")]
    ['12', '十二', '十二', '一二']
    >>> format_number(3, "decimalEnclosedCircle"), format_number(105, "chineseCountingThousand"), format_number(4, "lowerRoman")
    ('③', '一百零五', 'iv')
    """
    if kind in ("none", "bullet") or n < 0:
        return ""
    return _FORMATS.get(kind, str)(n)


def fill_label(template: str, numbers: list[int], kinds: list[str], legal: bool = False) -> str:
    """A label such as 第%1条 or %1.%2 with the numbers of its levels; `legal` writes all of them in digits.

    >>> fill_label("（%2）", [1, 3], ["chineseCounting", "chineseCounting"])
    '（三）'
    """

    def fill(found):
        level = int(found.group(1)) - 1
        if level >= len(numbers):
            return ""
        return (
            str(numbers[level])
            if legal and kinds[level] not in ("bullet", "none")
            else format_number(numbers[level], kinds[level])
        )

    return _PLACEHOLDER.sub(fill, template)


def _count(n, digits="零一二三四五六七八九", units=("", "十", "百", "千")):
    """一百零五: counting with places."""
    if n >= 10_000:
        rest = n % 10_000
        return (
            _count(n // 10_000, digits, units)
            + "万"
            + ((digits[0] if rest < 1000 else "") + _count(rest, digits, units) if rest else "")
        )
    if n == 0:
        return digits[0]
    said, places = "", [int(d) for d in str(n)]
    for i, digit in enumerate(places):
        if digit:
            said += digits[digit] + units[len(places) - 1 - i]
        elif said and any(places[i:]) and not said.endswith(digits[0]):
            said += digits[0]
    return said


def _count_short(n):
    return _count(n)[1:] if 10 <= n < 20 else _count(n)


def _spell(n):
    return "".join([_DIGITS[int(d)] for d in str(n)])


def _roman(n):
    said = ""
    for value, letters in _ROMAN:
        while n >= value and len(said) < 20:
            said, n = said + letters, n - value
    return said


def _letter(n):
    return chr(96 + (n - 1) % 26 + 1) * min(10, (n - 1) // 26 + 1) if n else ""


def _enclose(first, last):
    return lambda n: chr(ord(first) + n - 1) if 1 <= n <= last else str(n)


def _circle(n):
    for first, start, end in (("①", 1, 20), ("㉑", 21, 35), ("㊱", 36, 50)):
        if start <= n <= end:
            return chr(ord(first) + n - start)
    return str(n)


def _cycle(characters):
    return lambda n: characters[(n - 1) % len(characters)] if n else ""


_FORMATS = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "decimalHalfWidth": str,
    "decimalFullWidth": lambda n: str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "decimalFullWidth2": lambda n: str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "decimalEnclosedCircle": _circle,
    "decimalEnclosedCircleChinese": _circle,
    "decimalEnclosedFullstop": _enclose("⒈", 20),
    "decimalEnclosedParen": _enclose("⑴", 20),
    "ideographEnclosedCircle": _enclose("㊀", 10),
    "numberInDash": lambda n: f"- {n} -",
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda n: _letter(n).upper(),
    "lowerLetter": _letter,
    "ordinal": lambda n: f"{n}{'th' if 10 < n % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}",
    "chineseCounting": _count_short,
    "chineseCountingThousand": _count_short,
    "taiwaneseCounting": _count_short,
    "taiwaneseCountingThousand": _count_short,
    "japaneseCounting": _count_short,
    "chineseLegalSimplified": lambda n: _count(n, _FORMAL, ("", "拾", "佰", "仟")),
    "ideographLegalTraditional": lambda n: _count(n, "零壹貳參肆伍陸柒捌玖", ("", "拾", "佰", "仟")),
    "ideographDigital": _spell,
    "taiwaneseDigital": _spell,
    "japaneseDigitalTenThousand": _spell,
    "koreanDigital2": _spell,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": lambda n: _STEMS[(n - 1) % 10] + _BRANCHES[(n - 1) % 12] if n else "",
}


def is_known(kind: str) -> bool:
    """Whether a format (w:numFmt) is written as Word prints it."""
    return kind in _FORMATS or kind in ("none", "bullet")
