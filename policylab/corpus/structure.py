"""How documents are built: counts per document, and the stretches of text that the map of the structure draws."""

import pandas as pd

from policylab.base.levels import LEVELS
from policylab.base.regions import region_order
from policylab.corpus.bundle import Corpus


def summarize_documents(corpus: Corpus) -> pd.DataFrame:
    """Count the parts of every document: one row is a document.

    Parameters
    ----------
    corpus : Corpus
        Any corpus.

    Returns
    -------
    DataFrame
        `document_id`, `title`, `kind`, `level`, `region`, `year`, `document_number`, `n_sections`, `n_tasks`, `n_articles`
        (of the tasks those that are articles of a regulation), `n_paragraphs`, and `n_body_characters`: the characters of
        all paragraphs without white space; headings and responsible agencies do not count. Sorted by year, then level, the
        national one first, then the official order of regions.

    Examples
    --------
    >>> import policylab as lab
    >>> summarize_documents(lab.load_corpus())[["document_id", "n_tasks"]].values.tolist()[:2]
    [['national-2017', 28], ['national-2019', 35]]
    """
    identity = ["document_id", "title", "kind", "level", "region", "year", "document_number"]
    summary = _in_order(corpus.documents)[identity]
    ids = summary["document_id"]
    for table in ("sections", "tasks", "paragraphs"):
        summary[f"n_{table}"] = ids.map(getattr(corpus, table).groupby("document_id").size()).fillna(0).astype("int64")
        if table == "tasks":
            # What is called a regulation may be built like a plan: articles are those that have no titles.
            titled = corpus.tasks.loc[corpus.tasks["title"].notna(), "document_id"]
            articles = summary["kind"].eq("regulation") & ~ids.isin(titled)
            summary["n_articles"] = summary["n_tasks"].where(articles, 0)
    characters = _count_characters(corpus.paragraphs["text"]).groupby(corpus.paragraphs["document_id"]).sum()
    return summary.assign(n_body_characters=ids.map(characters).fillna(0).astype("int64"))


def measure_structure(corpus: Corpus) -> pd.DataFrame:
    """Measure how the documents are built: one row is a stretch of body text under one part, section and task.

    Parameters
    ----------
    corpus : Corpus
        Any corpus.

    Returns
    -------
    DataFrame
        `document_id`, `level`, `region`, `year`, `block` (ordinal of the part or section in the document), `part`,
        `section`, `label`, `title` (of the section), `task`, `n_characters`, `start`, `end`. The last two count
        characters of body text from the top of the document, so the `n_characters` of a document add up to its
        `n_body_characters` in summarize_documents, whose order the rows follow.

    Examples
    --------
    >>> import policylab as lab
    >>> structure = measure_structure(lab.load_corpus())
    >>> structure[["document_id", "block", "part", "start"]].values.tolist()[0]
    ['national-2017', 1, '工作思路', 0]
    """
    documents = _in_order(corpus.documents)[["document_id", "level", "region", "year"]]
    keys = ["part", "section", "task"]
    paragraphs = corpus.paragraphs.sort_values(["document_id", "paragraph"])
    paragraphs = paragraphs[["document_id", *keys]].assign(n_characters=_count_characters(paragraphs["text"]))
    # A new stretch begins wherever one of the keys changes; missing ones are compared as equal.
    compared = paragraphs[["document_id", *keys]].astype("string").fillna("")
    paragraphs["block"] = _changes(compared[["document_id", "part", "section"]])
    paragraphs["stretch"] = _changes(compared)
    first = paragraphs.groupby("stretch", sort=False)[["document_id", "block", *keys]].first()
    stretches = first.assign(n_characters=paragraphs.groupby("stretch", sort=False)["n_characters"].sum())
    groups = stretches.groupby("document_id")
    stretches["block"] = stretches["block"] - groups["block"].transform("min") + 1
    stretches["end"] = groups["n_characters"].cumsum()
    stretches["start"] = stretches["end"] - stretches["n_characters"]
    titles = corpus.sections[["document_id", "section", "label", "title"]]
    table = documents.merge(stretches, on="document_id").merge(titles, how="left", on=["document_id", "section"])
    return table[[*documents, "block", "part", "section", "label", "title", "task", "n_characters", "start", "end"]]


def _in_order(documents):
    rank = pd.DataFrame(
        {
            "year": documents["year"],
            "level": documents["level"].map(LEVELS.index),
            "region": documents["region"].map(region_order),
            "document_id": documents["document_id"],
        }
    )
    return documents.loc[rank.sort_values(list(rank)).index].reset_index(drop=True)


def _count_characters(texts):
    return texts.str.replace(r"\s", "", regex=True).str.len().astype("int64")


def _changes(keys):
    return (keys != keys.shift()).any(axis=1).astype("int64").cumsum()
