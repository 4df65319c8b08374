"""The corpus looked at critically: what the parser was not sure of, where publications of a document differ."""

import pandas as pd

from policylab.corpus.collate import VARIANT_COLUMNS, compare_versions

# Roles of blocks whose purpose was guessed from their place, or which were left out of every other table.
DOUBTFUL_ROLES = {
    "front": "unknown line above the body",
    "heading": "heading without number",
    "furniture": "page furniture",
}
LOST_NUMBER = "task without number"


def list_doubts(corpus):
    """One row per place that the parser could not fully recognise: `document_id`, `kind`, `text`, `start`, `end`.

    The kinds: a line above the body that is neither number, title, addressee nor date; a heading without number, taken
    for a heading by its look; page furniture, left out of all tables but blocks; a task whose number the source lost.

    >>> list_doubts(corpus).value_counts(["document_id", "kind"])  # doctest: +SKIP
    """
    columns = ["document_id", "kind", "text", "start", "end"]
    blocks = corpus.blocks[corpus.blocks["role"].isin(DOUBTFUL_ROLES)]
    blocks = blocks.assign(kind=blocks["role"].map(DOUBTFUL_ROLES))
    tasks = corpus.tasks[corpus.tasks["number"].isna()]
    tasks = tasks.assign(kind=LOST_NUMBER, text=tasks["title"])
    doubts = pd.concat([blocks[columns], tasks[columns]], ignore_index=True)
    return doubts.sort_values(["document_id", "start", "kind"], ignore_index=True)


def list_variants(corpus):
    """compare_versions of a corpus that was loaded with versions="all"; an empty table where no document has two."""
    if corpus.documents["version_of"].isna().all():
        return pd.DataFrame(columns=VARIANT_COLUMNS)
    return compare_versions(corpus)
