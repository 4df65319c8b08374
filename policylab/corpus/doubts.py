"""The corpus looked at critically: what the parser was not sure of, where publications of a document differ."""

import re

import pandas as pd

from policylab.corpus import grammar as g
from policylab.corpus.bundle import Corpus
from policylab.corpus.collate import VARIANT_COLUMNS, compare_versions
from policylab.corpus.front import split_organs
from policylab.corpus.owngrammar import read_own

# Roles of blocks whose purpose was guessed from their place, or which were left out of every other table.
DOUBTFUL_ROLES = {
    "front": "unknown line above the body",
    "heading": "heading without number",
    "furniture": "page furniture",
}
REPAIRED = "repaired: "
LOST_NUMBER = "task without number"
UNREAD_NUMBER = "document number that was not read"
UNKNOWN_SIGNATURE = "signature that names no known body"
_NUMBER = re.compile(r"[0-9０-９〇零一二三四五六七八九十]\s*号[）)\]］】]?$")


def list_doubts(corpus: Corpus) -> pd.DataFrame:
    """List the places that the parser could not fully recognise: one row is a place.

    Parameters
    ----------
    corpus : Corpus
        Any corpus.

    Returns
    -------
    DataFrame
        `document_id`, `kind`, `n` (places; 1 but for repairs, of which the first is shown), `text`, `start`, `end` (in the
        source), in the order of the sources. The kinds: "unknown
        line above the body" (neither number, title, addressee nor date); "document number that was not read" (such a line,
        ending in 号); "signature that names no known body"; "heading without number" (recognised by its
        look); "page furniture" (left out of all tables but blocks); "task without number" (the source lost it);
        "repaired: ..." (what load_corpus repaired for reading, such as "repaired: blanks between characters").

    Examples
    --------
    >>> import policylab as lab
    >>> doubts = list_doubts(lab.load_corpus())
    >>> doubts["kind"].value_counts().to_dict()
    {'task without number': 5, 'repaired: half-width punctuation': 3}
    """
    columns = ["document_id", "kind", "n", "text", "start", "end"]
    blocks = corpus.blocks[corpus.blocks["role"].isin(DOUBTFUL_ROLES) | corpus.blocks["role"].eq("signature")]
    blocks = blocks.assign(kind=blocks["role"].map(DOUBTFUL_ROLES))
    unread = blocks["role"].eq("front") & blocks["text"].map(_NUMBER.search).notna()
    with g.in_force(read_own(corpus.catalog)):
        unknown = blocks["role"].eq("signature") & ~_find_known(blocks)
    blocks["kind"] = blocks["kind"].mask(unread, UNREAD_NUMBER).mask(unknown, UNKNOWN_SIGNATURE)
    blocks = blocks[blocks["kind"].notna()]
    tasks = corpus.tasks[corpus.tasks["number"].isna()]
    tasks = tasks.assign(kind=LOST_NUMBER, text=tasks["title"])
    repairs = corpus.repairs.assign(kind=REPAIRED + corpus.repairs["kind"])
    doubts = pd.concat([blocks.assign(n=1)[columns], tasks.assign(n=1)[columns], repairs[columns]], ignore_index=True)
    return doubts.sort_values(["document_id", "start", "kind"], ignore_index=True)


def _find_known(blocks):
    """For each line whether it names a known body, alone or with the lines of the signature around it (a wrapped name)."""
    signatures = blocks[blocks["role"] == "signature"]
    known = pd.Series(False, index=blocks.index)
    run = (signatures["block"].diff() != 1) | (signatures["document_id"] != signatures["document_id"].shift())
    for _, lines in signatures.groupby(run.astype("int64").cumsum()):
        known[lines.index] = bool(split_organs([g.SIGNED.sub(r"\g<who>", text) for text in lines["text"]], strict=True))
    return known


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
