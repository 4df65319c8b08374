"""Regions of China: names, and the official order. The names are data: regions.csv."""

import csv
from functools import lru_cache
from pathlib import Path

from policylab.base.arguments import check_language


def region_label(region, language, short=False):
    """A region's name; one that regions.csv does not know, such as a city, stays as it is.

    >>> region_label("内蒙古自治区", "zh", short=True), region_label("内蒙古自治区", "en"), region_label("厦门市", "en")
    ('内蒙古', 'Inner Mongolia', '厦门市')
    """
    check_language(language)
    row = _region(region)
    return row["en" if language == "en" else "short" if short else "zh"] if row else region


def region_order(region):
    """The place of a region in the official order of provinces; the country comes first, unknown regions last."""
    row = _region(region)
    return int(row["order"]) if row else 999


def _region(region):
    return _regions("zh").get(region) or _regions("short").get(region)


@lru_cache
def _regions(key):
    with open(Path(__file__).with_name("regions.csv"), encoding="utf-8", newline="") as lines:
        return {row[key]: row for row in csv.DictReader(lines)}
