"""Years between two documents, and what a missing counterpart means then."""

from policylab.corpus.choice import find_document
from policylab.language.labels import label


def list_relation(corpus, document_id, reference_id, related=True):
    """What a missing counterpart means: (label key for a task of the reference, label key for one of the document).

    Between two plans of one region it means what time did: dropped, or new. Else the reference's task is left out by
    the document, and the document's task is its own. Where the two share too little (list_unrelated) it means nothing but
    that there is no match.

    >>> import policylab as lab
    >>> list_relation(lab.load_corpus(), "national-2019", "national-2017")
    ('not_continued', 'new_task')
    """
    if not related:
        return "no_match", "no_match"
    document, reference = (find_document(corpus, name) for name in (document_id, reference_id))
    if document["region"] != reference["region"] or document["year"] == reference["year"]:
        return "left_out", "own_task"
    return ("not_continued", "new_task") if document["year"] > reference["year"] else ("new_task", "not_continued")


def name_lag(table, corpus, language):
    """How many years lie between the two documents of a table: what is compared across years is always labelled so."""
    years = [find_document(corpus, table[column].iloc[0]).year for column in ("document_id", "reference_id")]
    n = abs(int(years[0]) - int(years[1]))
    return label("same_year" if n == 0 else "one_year_apart" if n == 1 else "years_apart", language).format(n=n)
