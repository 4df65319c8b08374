"""What a person must decide about a study that was ingested, the weightiest first."""

from pathlib import PurePosixPath

import pandas as pd

from policylab.corpus.catalog import REQUIRED

NOT_READ, NO_ROW, SAME, CHANGED, GUESS, NOTE, GONE = (
    "not read",
    "cannot be loaded",
    "same document?",
    "changed at the source",
    "guess",
    "note",
    "gone from the source",
)
# How much hangs on it: a whole document that is missing, one that counts twice, one that is out of date, one that may be in
# the wrong year or place. Within each, the longer document comes first.
_WEIGHT = {question: weight for weight, question in enumerate((NOT_READ, NO_ROW, SAME, CHANGED, GUESS, NOTE, GONE))}
_BLANK = "neither the file nor its name says it; fill it in in undecided.csv and run ingest again"
_CHANGED = "{file} and its row were kept. To take the new text, delete both and run ingest again"
_GONE = "the text and its row were kept. If the document is to go, delete its row in catalog.csv"
_RELATIONS = {
    "copy": "the same text as {other}",
    "version": "{share:.0%} of the shorter text is also in {other}",
    "part": "{share:.0%} of it is also in {other}, which is longer",
}
_KEY = ["question", "document_id", "original", "column", "proposed", "evidence"]
DECISION_COLUMNS = [*_KEY, "n_characters", "decided"]
# What only a run that reads the file can say; it holds until the file is read again.
_LASTING = (NOT_READ, NOTE)


def list_decisions(parts: list[pd.DataFrame], before: pd.DataFrame, holds: list[bool]) -> pd.DataFrame:
    """Put the decisions of a run in the order of their weight; those that a person has decided go last.

    Parameters
    ----------
    parts : list of DataFrame
        What each of the functions below named.
    before : DataFrame
        decisions.csv as it was; what a person wrote into `decided` is kept.
    holds : list of bool
        For each row of `before`, whether what it says of a file or a text is still so, though this run did not see it.
    """
    lasting = before[before["question"].isin(_LASTING) & pd.Series(holds, index=before.index, dtype=bool)]
    table = pd.concat([*parts, lasting], ignore_index=True).drop_duplicates(_KEY, ignore_index=True)
    decided = before[before["decided"] != ""].drop_duplicates(_KEY).set_index(_KEY)["decided"].to_dict()
    keys = list(table[_KEY].itertuples(index=False, name=None))
    table["decided"] = [decided.get(key, "") for key in keys]
    sizes = [int(n) if n.isdecimal() else 0 for n in table["n_characters"]]  # a person may have written 1,234
    order = sorted(
        range(len(table)), key=lambda i: (table["decided"][i] != "", _WEIGHT[table["question"][i]], -sizes[i], keys[i])
    )
    return table.loc[order, DECISION_COLUMNS].reset_index(drop=True)


def name_unread(refused: list[tuple[str, str]]) -> pd.DataFrame:
    """A row for each (file, reason) that was not read."""
    return _frame([(NOT_READ, "", name, "", "", reason, 0) for name, reason in refused])


def name_open(documents: pd.DataFrame, proposals: pd.DataFrame) -> pd.DataFrame:
    """A row for each document with blank cells that are required, and for each guess that nobody has replaced."""
    rows = [
        (NO_ROW, row["document_id"], row["original"], ", ".join(blank), "", _BLANK, row["n_characters"])
        for row in documents.to_dict("records")
        if (blank := [column for column in REQUIRED if not row[column]])
    ]
    # The text keeps the name of the id under which it was ingested; a person may have renamed the document since.
    known = {PurePosixPath(row["file"]).stem: row for row in documents.to_dict("records")}
    for guess in proposals[proposals["confidence"] == "guess"].to_dict("records"):
        row, column = known.get(guess["document_id"]), guess["column"]
        if row and row[column] in ("", guess["value"]):
            place = (row["document_id"], row["original"], column)
            rows.append((GUESS, *place, guess["value"], guess["evidence"], row["n_characters"]))
    return _frame(rows)


def name_versions(documents: pd.DataFrame, versions: pd.DataFrame) -> pd.DataFrame:
    """A row for each pair that shares most of its text (find_versions)."""
    known = documents.set_index("document_id")
    rows = []
    for pair in versions.to_dict("records"):
        name, evidence = pair["document_id"], _RELATIONS[pair["relation"]]
        evidence = evidence.format(other=pair["other_id"], share=pair["share"])
        place = (name, known.at[name, "original"], "version_of", pair["version_of"] or "")
        rows.append((SAME, *place, evidence, known.at[name, "n_characters"]))
    return _frame(rows)


def name_changed(documents: pd.DataFrame, changed: set[tuple[str, str]], gone: set[str]) -> pd.DataFrame:
    """A row for each document whose (original, member) has another text now, or whose original is gone."""
    rows = []
    for row in documents[documents["original"] != ""].itertuples():
        place = (row.document_id, row.original, "", "")
        if (row.original, row.member) in changed:
            rows.append((CHANGED, *place, _CHANGED.format(file=row.file), row.n_characters))
        elif row.original in gone:
            rows.append((GONE, *place, _GONE, row.n_characters))
    return _frame(rows)


def name_notes(notes: list[tuple[str, str, str, int]]) -> pd.DataFrame:
    """A row for each (document_id, original, note, characters)."""
    return _frame([(NOTE, name, original, "", "", note, size) for name, original, note, size in notes])


def _frame(rows):
    return pd.DataFrame(rows, columns=[*_KEY, "n_characters"]).astype("str")
