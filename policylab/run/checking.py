"""What `policylab check` prints: what was read of each document, what looks wrong, and which entries would mend it."""

import pandas as pd

from policylab.base.errors import shorten_value
from policylab.corpus.bundle import Corpus
from policylab.corpus.owngrammar import FILE
from policylab.corpus.review import propose_entries, review_documents
from policylab.corpus.structure import summarize_documents

# Of a plan, report or regulation less than half of the text stands above the first section or article; the most in
# fifty documents that were read right is .45 (a report whose parts are long). Chosen by judgement.
_OUTSIDE = 0.5


def describe_documents(corpus: Corpus) -> list[str]:
    """Two lines for every document, what was counted and what it says of itself, and one for each thing that looks wrong."""
    lines = []
    known = corpus.documents.set_index("document_id")
    reviews = review_documents(corpus).set_index("document_id")
    for counted in summarize_documents(corpus).to_dict("records"):
        name = counted["document_id"]
        document = known.loc[name]
        lines.append(_count(counted, document))
        said = {key: document[key] for key in ("title", "document_number", "issuer", "issued")}
        shown = [
            "—" if pd.isna(value) else str(value)[:10] if key == "issued" else value for key, value in said.items()
        ]
        lines.append("  title {}; number {}; issuer {}; issued {}".format(*shown))
        lines += [f"  check: {fault}" for fault in _list_faults(reviews.loc[name], document["kind"])]
    return lines


def _count(counted, document):
    units = "articles" if counted["n_articles"] else "tasks"
    line = (
        "{document_id}: {region} {year}, {kind}, {n_sections} sections, {n_tasks} {units}, {n_paragraphs} paragraphs, "
        "{n_body_characters} characters"
    ).format(**counted, units=units)
    if pd.notna(document["version_of"]):
        line += f" (another publication of {document['version_of']})"
    return line + (f" (in the file of {document['part_of']})" if pd.notna(document["part_of"]) else "")


def _list_faults(review, kind):
    if review["share_outside"] > _OUTSIDE and kind != "text":
        yield f"{review['share_outside']:.0%} of the characters are in no section and no task"
    for column, fault in (
        ("n_brackets", "brackets that seem to name who is responsible were left in the text"),
        ("n_numbers", "lines that seem to be document numbers were not read"),
        ("n_breaks", "tasks have a number that does not follow the one before"),
        ("n_doubts", "places are in list_doubts"),
    ):
        if review[column]:
            yield f"{int(review[column])} {fault}"


def list_entries(corpus: Corpus) -> list[str]:
    """The proposed entries, as they would stand in a grammar.toml beside the catalog; empty if there are none."""
    proposals = propose_entries(corpus)
    if proposals.empty:
        return []
    lines = [
        "",
        f"Lines show patterns that were not read. If they are what they seem, write into {FILE} beside the catalog:",
    ]
    for table, rows in proposals.groupby("table", sort=False):
        lines.append(f"[{table}]")
        for key, entries in rows.groupby("key", sort=False):
            lines.append(f"{key} = [")
            for row in entries.to_dict("records"):
                entry = str(row["entry"]).replace("\\", "\\\\").replace('"', '\\"')
                lines.append(
                    f'  "{entry}",  # {row["n_lines"]} in {row["document_id"]}: {shorten_value(str(row["example"]))}'
                )
            lines.append("]")
    return lines
