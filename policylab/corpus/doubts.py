"""The corpus looked at critically: what the parser was not sure of, where publications of a document differ."""

import pandas as pd

from policylab.corpus.bundle import Corpus
from policylab.corpus.collate import VARIANT_COLUMNS, compare_versions

# Roles of blocks whose purpose was guessed from their place, or which were left out of every other table.
DOUBTFUL_ROLES = {
    "front": "unknown line above the body",
    "heading": "heading without number",
    "furniture": "page furniture",
}
LOST_NUMBER = "task without number"


def list_doubts(corpus: Corpus) -> pd.DataFrame:
    """List the places that the parser could not fully recognise: one row is a place.

    Parameters
    ----------
    corpus : Corpus
        Any corpus.

    Returns
    -------
    DataFrame
        `document_id`, `kind`, `text`, `start`, `end` (in the source), in the order of the sources. The kinds: "unknown
        line above the body" (neither number, title, addressee nor date); "heading without number" (recognised by its
        look); "page furniture" (left out of all tables but blocks); "task without number" (the source lost it).

    Examples
    --------
    >>> import policylab as lab
    >>> doubts = list_doubts(lab.load_corpus())
    >>> doubts["kind"].value_counts().to_dict()
    {'task without number': 5}
    """
    columns = ["document_id", "kind", "text", "start", "end"]
    blocks = corpus.blocks[corpus.blocks["role"].isin(DOUBTFUL_ROLES)]
    blocks = blocks.assign(kind=blocks["role"].map(DOUBTFUL_ROLES))
    tasks = corpus.tasks[corpus.tasks["number"].isna()]
    tasks = tasks.assign(kind=LOST_NUMBER, text=tasks["title"])
    doubts = pd.concat([blocks[columns], tasks[columns]], ignore_index=True)
    return doubts.sort_values(["document_id", "start", "kind"], ignore_index=True)


def list_variants(corpus: Corpus) -> pd.DataFrame:
    """List where publications differ, as compare_versions does; empty where no document has two.

    Parameters
    ----------
    corpus : Corpus
        Loaded with `versions="all"`.

    Returns
    -------
    DataFrame
        The table of compare_versions, without rows where no publication is declared as a version of another.

    Examples
    --------
    >>> import policylab as lab
    >>> list_variants(lab.load_corpus()).empty
    True
    """
    if corpus.documents["version_of"].isna().all():
        return pd.DataFrame(columns=VARIANT_COLUMNS)
    return compare_versions(corpus)
