"""Regions as tables and figures name and order them; what they are is in divisions.py."""

from functools import lru_cache

from policylab.base.arguments import check_language
from policylab.base.divisions import Division, find_divisions, short_name

_UNKNOWN = 999999  # behind every code


def region_label(region, language, short=False):
    """A region's name; one that divisions.csv does not know, or knows several times, stays as it is.

    Provinces are called by their official name, whichever is given, and prefectures and counties as the catalog calls them.

    >>> region_label("内蒙古自治区", "zh", short=True), region_label("内蒙古自治区", "en"), region_label("厦门市", "en")
    ('内蒙古', 'Inner Mongolia', 'Xiamen')
    """
    check_language(language)
    division = find_region(region)
    if not division:
        return region
    if language == "en":
        return division.en or region
    if short:
        return short_name(division)
    return division.name if division.level in ("national", "provincial") else region


def region_order(region):
    """The place of a region in the official order of provinces; the country comes first, unknown regions last."""
    division = find_region(region)
    return int(division.code) if division else _UNKNOWN


@lru_cache(maxsize=4096)
def find_region(region: str) -> Division | None:
    """The one division that a region's name means; None if none does, or several may."""
    found = find_divisions(region) if isinstance(region, str) else []
    return found[0] if len(found) == 1 else None
