"""The choice of documents: one by its id, pairs to compare, all that answer to one reference."""

from typing import Any

import pandas as pd

from policylab.base.errors import PolicylabError
from policylab.base.levels import LEVELS
from policylab.base.regions import region_order
from policylab.corpus.bundle import Corpus


def find_document(corpus: Corpus, document_id: str) -> pd.Series:
    """The row of one document; raises PolicylabError, with the ids there are, if the corpus does not hold it."""
    found = corpus.documents[corpus.documents["document_id"] == document_id]
    if found.empty:
        known = ", ".join(corpus.documents["document_id"])
        raise PolicylabError(f"document_id {document_id!r} is not in the corpus. It holds {known}.")
    return found.iloc[0]


def choose_pair(corpus: Corpus, document_id: str = "", reference_id: str = "") -> tuple[str, str | None]:
    """Choose the document to look at and the one to compare it with.

    What is given is kept; what is empty is chosen:

    * The reference is the latest national document that is not later than the document, so one of the same year if there
      is any.
    * The document is the latest below the national level that has a reference of its own year, otherwise the latest that
      has any; of several of one year, the first in the official order of regions.
    * In a corpus without such a pair, the document is the latest that follows another one of its own region, and the
      reference is the one before it.

    Parameters
    ----------
    corpus : Corpus
        Any corpus. A publication that is a version of another is chosen only if it is named.
    document_id, reference_id : str
        Ids of the corpus; empty to have one chosen.

    Returns
    -------
    tuple
        The two ids; the reference_id is None where no reference suits.

    Raises
    ------
    PolicylabError
        If the corpus is empty, an id is not in it, or both ids are the same.

    Examples
    --------
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
    listed: list[Any] = sorted(originals.itertuples(), key=_rank)
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


def list_followers(corpus: Corpus, document_id: str, reference_id: str) -> list[str]:
    """The ids of all documents to compare with one reference, sorted: `document_id`, and those choose_pair gives it to.

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
