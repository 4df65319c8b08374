"""What figures and readings say in Chinese and in English. The words are data: labels.csv and regions.csv."""

import csv
from functools import lru_cache

import pandas as pd

from policylab.errors import PolicylabError
from policylab.paths import PACKAGE

LANGUAGES = ("zh", "en")
LONGEST_ISSUER = 10  # characters; by judgement, a longer one makes a name too long for the head of a column


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


def name_documents(documents, language):
    """The short names of documents in figures and readings, as {document_id: name}: region and year.

    `documents` has `document_id`, `region`, `year` and, where it is known, `issuer`. Give all documents of a corpus, or a
    name depends on what else is drawn. Documents that would have one name are told apart as in tell_apart.

    >>> plans = [("a", "全国", 2024, "教育部"), ("b", "全国", 2024, "科技部"), ("c", "福建省", 2024, None)]
    >>> name_documents(pd.DataFrame(plans, columns=["document_id", "region", "year", "issuer"]), "zh")
    {'a': '全国 2024 教育部', 'b': '全国 2024 科技部', 'c': '福建 2024'}
    """
    regions = [region_label(region, language, short=True) for region in documents["region"]]
    return tell_apart(documents, [f"{region} {year}" for region, year in zip(regions, documents["year"], strict=True)])


def tell_apart(documents, names):
    """{document_id: name} for documents and their names, in one order; equal names have something added.

    It is the issuer if all documents of that name have another short one, else the document_id.

    >>> tell_apart(pd.DataFrame({"document_id": ["a", "b", "c"]}), ["全国 2024", "福建 2024", "全国 2024"])
    {'a': '全国 2024 a', 'b': '福建 2024', 'c': '全国 2024 c'}
    """
    told = pd.Series(list(names), index=documents["document_id"].astype(str), dtype="object")
    issuers = documents["issuer"] if "issuer" in documents else [None] * len(documents)
    issuers = pd.Series(list(issuers), index=told.index, dtype="object")
    for name, alike in told.groupby(told).groups.items():
        if len(alike) > 1:
            issued = issuers[alike]
            short = issued.notna().all() and issued.is_unique and issued.str.len().max() <= LONGEST_ISSUER
            told[alike] = [f"{name} {more}" for more in (issued if short else alike)]
    return told.to_dict()


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
