"""The cells of a table as readers see them: headings and codes in words, rounded numbers, a dash where there is no value."""

import math
import re
from numbers import Integral, Real

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from policylab.base.regions import region_label
from policylab.base.rounding import DECIMALS
from policylab.language.labels import label
from policylab.language.sentences import join

MISSING = "–"

# Parts of column names whose meaning does not depend on the rest, with the key of their words.
PREFIXES = {"reference_": "heading_reference"}
SUFFIXES = {f"_{part}": f"heading_{part}" for part in ("low", "high", "a", "b", "one", "other")}

# Columns whose values are codes, with the key of a code's word; all other text is printed unchanged.
CODED = {
    "comparator": "{}",
    "comparison": "{}",
    "kind": "{}",
    "level": "{}",
    "measure": "{}",
    "of": "{}",
    "outcome": "{}",
    "reason": "{}",
    "relation": "{}",
    "role": "{}",
    "tier": "{}",
    "type": "{}",
    "unit": "unit_{}",
    "variant": "{}",
    "zone": "zone_{}",
}

# Line breaks and what neither TeX nor XML may hold.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


def print_cells(table, language, decimals):
    """The cells as texts; `decimals` as for save_table."""
    columns = []
    for name in table:
        places = find_places(table[name], name, decimals)
        columns.append([_print(value, name, places, language) for value in table[name]])
    return pd.DataFrame(list(zip(*columns, strict=True)), columns=list(table), dtype="str")


def find_places(values, name, decimals):
    """The decimals with which the column `name` is printed; `decimals` as for save_table."""
    places = decimals.get(name) if isinstance(decimals, dict) else None
    if places is None:
        places = _choose_places(values, 2 if isinstance(decimals, dict) else decimals)
    return places


def find_heading(column, language, pattern="{}"):
    """The heading of a column; rate_low is the lower end of what rate is, reference_unit the unit of the reference."""
    for key in (pattern.format(column), column):
        if (word := label(key, language)) != key:
            return word
    for prefix, key in PREFIXES.items():
        if column.startswith(prefix):
            return label(key, language).format(name=find_heading(column.removeprefix(prefix), language))
    for suffix, key in SUFFIXES.items():
        if column.endswith(suffix):
            return label(key, language).format(name=find_heading(column.removesuffix(suffix), language))
    return CONTROL.sub(" ", column)


def _choose_places(values, decimals):
    if not is_numeric_dtype(values) or is_bool_dtype(values):
        return decimals
    finite = [abs(float(value)) for value in values.dropna() if math.isfinite(value)]
    largest = max(finite, default=0)
    if largest == 0 or all(value.is_integer() for value in finite):
        return 0
    return min(max(decimals, 1 - math.floor(math.log10(largest))), DECIMALS) if decimals else 0


def _print(value, column, places, language):
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        texts = [_print(item, column, places, language) for item in items]
        return join(texts, language)
    if pd.isna(value):
        return MISSING
    if isinstance(value, (bool, np.bool_)):
        return label("yes" if value else "no", language)
    if isinstance(value, Real):
        return _print_number(value, places)
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    text = CONTROL.sub(" ", str(value))
    column = column.removeprefix("reference_")
    if column == "region":
        return region_label(text, language)
    if column in CODED:
        # Several reasons for one gap are one text.
        keys = [CODED[column].format(part) for part in (text.split("; ") if column == "reason" else [text])]
        words = [label(key, language) for key in keys]
        return (
            text
            if any(word == key for word, key in zip(words, keys, strict=True))
            else join(words, language, "list.entries")
        )
    return text


def _print_number(value, places):
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    digits = f"{abs(value):,}" if isinstance(value, Integral) else f"{abs(value):,.{places}f}"
    if len(digits.partition(".")[0]) < len("10,000"):
        digits = digits.replace(",", "")
    return f"−{digits}" if value < 0 and digits.strip("0.") else digits
