"""Quantities as people write them: 1000000.0 堂 is 100万堂, 0.97 is 97%."""

from policylab.base.arguments import check_language
from policylab.language.labels import label
from policylab.language.sentences import say

# Units whose values are stored as fractions of one, with the factor that restores the printed number.
SHARES = {"%": 100, "个百分点": 100, "百分点": 100, "成": 10, "‰": 1000}
SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "~": "≈", "±": "±", "increase": "+"}
_POWERS = {
    "zh": [(1e12, "万亿"), (1e8, "亿"), (1e4, "万")],
    "en": [(1e12, " trillion"), (1e9, " billion"), (1e6, " million")],
}


def format_quantity(value: float, unit: str, comparator: str, language: str) -> str:
    """Write a value in base units with its bound and its measure word.

    >>> format_quantity(1000000.0, "堂", "=", "zh"), format_quantity(0.97, "%", ">=", "en")
    ('100万堂', '≥97%')
    """
    check_language(language)
    # Ten digits hide the rounding error of a product such as 0.07 * 100, which is in the seventeenth.
    value = float(f"{value * SHARES.get(unit, 1):.10g}")
    sign = f"{label('total', language)} " if comparator == "total" else SIGNS.get(comparator, "")
    number = f"{sign}{_shorten(value, language)}"
    if not unit or unit in ("%", "‰"):
        return f"{number}{unit}"
    return say("format_quantity.with_unit", language, number=number, unit=unit)


def _shorten(value, language):
    for power, word in _POWERS[language]:
        if abs(value) >= power:
            return f"{value / power:,.5g}{word}"
    return f"{value:,.6g}"
