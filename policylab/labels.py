"""What figures and readings say in Chinese and in English. The words are data: labels.csv and regions.csv."""

import csv
from functools import lru_cache

from policylab.errors import PolicylabError
from policylab.paths import PACKAGE

LANGUAGES = ("zh", "en")


def label(key, language):
    """The word for `key` in `language`; a key without a gloss is itself the answer, so Chinese terms stay Chinese.

    >>> label("n_tasks", "zh"), label("n_tasks", "en"), label("工作思路", "en")
    ('任务', 'Tasks', '工作思路')

    Raises PolicylabError if the language is neither "zh" nor "en".
    """
    check_language(language)
    row = _glossary("labels.csv", "key").get(key, {})
    return row.get(language) or row.get("zh") or key


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


def check_language(language):
    """Raise PolicylabError unless `language` is one that the labels exist in."""
    if language not in LANGUAGES:
        raise PolicylabError(f'language is {language!r}: expected "zh" (Chinese) or "en" (English).')


def _region(region):
    return _glossary("regions.csv", "zh").get(region) or _glossary("regions.csv", "short").get(region)


@lru_cache
def _glossary(file, key):
    with open(PACKAGE / file, encoding="utf-8", newline="") as lines:
        return {row[key]: row for row in csv.DictReader(lines)}
