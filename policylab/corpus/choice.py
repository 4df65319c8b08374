"""The choice of documents: one by its id, pairs to compare, all that answer to one reference."""

from policylab.base.errors import PolicylabError
from policylab.base.levels import LEVELS
from policylab.base.regions import region_order


def find_document(corpus, document_id):
    """The row of a document; raises PolicylabError if the corpus does not hold it."""
    found = corpus.documents[corpus.documents["document_id"] == document_id]
    if found.empty:
        known = ", ".join(corpus.documents["document_id"])
        raise PolicylabError(f"document_id {document_id!r} is not in the corpus. It holds {known}.")
    return found.iloc[0]


def choose_pair(corpus, document_id="", reference_id=""):
    """The document to look at and the one to compare it with, as (document_id, reference_id).

    What is given is kept; what is empty is chosen. The reference is the latest national document that is not later than
    the document, so of the same year if there is one. The document is the latest below the national level that has a
    reference of its own year, else the latest that has any; of several of one year, the first in the official order of
    regions. In a corpus without such a pair it is the latest that follows another one of its own region, and the
    reference is the one before it. A reference that nothing suits is None.

    Raises PolicylabError if the corpus is empty, an id is not in it, or both are the same.

    >>> import policylab as lab
    >>> choose_pair(lab.load_corpus()), choose_pair(lab.load_corpus(), "fujian-2020")
    (('chongqing-2019', 'national-2019'), ('fujian-2020', 'national-2019'))
    """
    if corpus.documents.empty:
        raise PolicylabError("The corpus holds no document. Add rows to its catalog.")
    given = {name: find_document(corpus, name) for name in filter(None, (document_id, reference_id))}
    if document_id and document_id == reference_id:
        raise PolicylabError(
            f"document_id and reference_id are both {document_id!r}. Leave one empty to have it chosen."
        )
    # Another publication of a document is compared only if it is named.
    originals = corpus.documents[corpus.documents["version_of"].isna()]
    listed = sorted(originals.itertuples(), key=_rank)
    candidates = [given[document_id]] if document_id else [d for d in listed if d.document_id != reference_id]
    if not candidates:
        raise PolicylabError(f"The corpus holds no document beside reference_id {reference_id!r}. Leave it empty.")
    pairs = [(d, given[reference_id] if reference_id else _choose_reference(d, listed)) for d in candidates]
    document, reference = max(pairs, key=lambda pair: _suitability(*pair))
    return document.document_id, None if reference is None else reference.document_id


def _rank(document):
    return document.year, LEVELS.index(document.level), region_order(document.region), document.document_id


def _choose_reference(document, listed):
    """The best of the documents in `listed`, which are in the order of years; None if none suits."""
    national = [d for d in listed if d.level == "national" and d.year <= document.year and document.level != "national"]
    before = [d for d in listed if d.region == document.region and d.year < document.year]
    return (national or before or [None])[-1]


def _suitability(document, reference):
    """Greater for a document that makes the better pair: with the centre, of one year, late."""
    if reference is None:
        return False, False, False, document.year
    return True, document.level != reference.level, document.year == reference.year, document.year


def list_followers(corpus, document_id, reference_id):
    """The ids of the documents to compare with one reference, sorted: `document_id`, and those that answer to it.

    >>> import policylab as lab
    >>> list_followers(lab.load_corpus(), "chongqing-2019", "national-2019")
    ['chongqing-2019', 'fujian-2020']
    """
    followers = {document_id}
    if find_document(corpus, reference_id)["level"] == "national":
        lower = corpus.documents[corpus.documents["version_of"].isna() & (corpus.documents["level"] != "national")]
        # Which national document is the latest depends on the year alone.
        years = lower.drop_duplicates("year").set_index("year")["document_id"]
        ours = [year for year, name in years.items() if choose_pair(corpus, name)[1] == reference_id]
        followers |= set(lower.loc[lower["year"].isin(ours), "document_id"])
    return sorted(followers)
