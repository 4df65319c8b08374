"""The bundle of tables that load_corpus returns."""

from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd


@dataclass(frozen=True)
class Corpus:
    """The tables of a corpus, one DataFrame each; data/README.md is their codebook.

    `dataclasses.replace(corpus, tasks=...)` makes a corpus of a part of the tasks.

    Parameters
    ----------
    documents, blocks, sections, tasks, paragraphs, responsibilities, citations, targets, repairs : DataFrame
        The tables, all keyed by `document_id`. `start` and `end` count characters of the decoded source from 0.
    catalog : Path or None
        The catalog or table that the corpus was loaded from; None for a DataFrame.

    Examples
    --------
    >>> import policylab as lab
    >>> lab.load_corpus()
    Corpus(4 documents, 625 blocks, 38 sections, 122 tasks, 230 paragraphs, 542 responsibilities, 101 citations, 119 targets, 3 repairs)
    """

    documents: pd.DataFrame
    blocks: pd.DataFrame
    sections: pd.DataFrame
    tasks: pd.DataFrame
    paragraphs: pd.DataFrame
    responsibilities: pd.DataFrame
    citations: pd.DataFrame
    targets: pd.DataFrame
    repairs: pd.DataFrame
    catalog: Path | None

    def __repr__(self):
        sizes = ", ".join(f"{len(getattr(self, f.name))} {f.name}" for f in fields(self) if f.name != "catalog")
        return f"Corpus({sizes})"
