"""Names of documents."""

import pandas as pd

from policylab.base.regions import region_label
from policylab.corpus.choice import find_document
from policylab.language.labels import label

LONGEST_ISSUER = 10  # characters; by judgement, a longer one makes a name too long for the head of a column


def name_documents(documents, language):
    """The short names of documents in figures and readings, as {document_id: name}: region and year.

    `documents` has `document_id`, `region`, `year` and, where it is known, `issuer`. Give all documents of a corpus, or a
    name depends on what else is drawn. Documents that would have the same name get different ones (tell_apart).

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
    unique = pd.Series(list(names), index=documents["document_id"].astype(str), dtype="object")
    issuers = documents["issuer"] if "issuer" in documents else [None] * len(documents)
    issuers = pd.Series(list(issuers), index=unique.index, dtype="object")
    for name, alike in unique.groupby(unique).groups.items():
        if len(alike) > 1:
            issued = issuers[alike]
            short = issued.notna().all() and issued.is_unique and issued.str.len().max() <= LONGEST_ISSUER
            unique[alike] = [f"{name} {more}" for more in (issued if short else alike)]
    return unique.to_dict()


def name_document(corpus, document_id, language):
    """The name of one document of a corpus, as name_documents has it.

    Raises PolicylabError if the corpus does not hold the document.

    >>> import policylab as lab
    >>> name_document(lab.load_corpus(), "chongqing-2019", "zh")
    '重庆 2019'
    """
    document = find_document(corpus, document_id)
    return name_documents(corpus.documents, language)[document.document_id]


def name_pair(table, corpus, language):
    """The names of the document and the reference of a table that compares two."""
    return tuple(name_document(corpus, table[column].iloc[0], language) for column in ("document_id", "reference_id"))


def name_group(column, value, language):
    """The name of a group of documents, those with `value` in a column such as level, region or year.

    >>> name_group("level", "national", "en"), name_group("region", "福建省", "en"), name_group("year", 2019, "en")
    ('National', 'Fujian', '2019')
    """
    if column == "region":
        return region_label(value, language)
    return label(value, language) if column == "level" else str(value)
