"""Dates as people and spreadsheets write them into cells."""

import re
from datetime import date, timedelta

_PARTS = re.compile(
    r"(?P<year>[12]\d{3})\s*(?:[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?|(?P<digits>\d{4}))"
    r"(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_DAY_ZERO = date(1899, 12, 30)  # of Excel, for days after February 1900
_FIRST_SERIAL, _LAST_SERIAL = 17_533, 73_415  # 1948-01-01 and 2100-12-31: other numbers of five digits are no dates


def read_date(cell: str) -> str | None:
    """The date that a cell holds, as YYYY-MM-DD; None if it holds anything else, or a day that does not exist.

    A time behind the date is left out. A number of five digits is the day that Excel counts so, if it lies between 1948 and
    2100. Without a year of four digits in front it is anybody's guess which number is the month, so there is no date.

    Examples
    --------
    >>> [read_date(cell) for cell in ("2019/2/27", "2019年2月27日", "2019-02-27T00:00", "20190227", "43523", "43523.75")]
    ['2019-02-27', '2019-02-27', '2019-02-27', '2019-02-27', '2019-02-27', '2019-02-27']
    >>> [read_date(cell) for cell in ("2019-02-30", "2019", "2/27/2019", "12345")]
    [None, None, None, None]
    """
    cell = cell.strip()
    if found := _SERIAL.fullmatch(cell):
        days = int(found[1])
        return (_DAY_ZERO + timedelta(days)).isoformat() if _FIRST_SERIAL <= days <= _LAST_SERIAL else None
    if not (found := _PARTS.fullmatch(cell)):
        return None
    digits = found["digits"]
    month, day = (digits[:2], digits[2:]) if digits else (found["month"], found["day"])
    try:
        return date(int(found["year"]), int(month), int(day)).isoformat()
    except ValueError:
        return None
