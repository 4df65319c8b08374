"""From a folder of other people's files to a study that runs: texts, a catalog with what they say of themselves, and what is open.

Everything that is proposed has its evidence in ingest.csv. What a person must decide is in decisions.csv, the weightiest
first. What a person has edited is never overwritten.
"""

import itertools
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd

from policylab.base.decoding import decode
from policylab.base.errors import PolicylabError
from policylab.corpus.catalog import REQUIRED, UNSAFE_ID
from policylab.intake.decisions import (
    list_decisions,
    name_changed,
    name_notes,
    name_open,
    name_unread,
    name_versions,
)
from policylab.intake.originals import list_originals
from policylab.intake.reading import FRAME, read_frame, read_originals
from policylab.intake.studyfolder import (
    CATALOG,
    CATALOG_COLUMNS,
    COLUMNS,
    DECISIONS,
    MARKS,
    ORIGINALS,
    PROPOSALS,
    TEXTS,
    UNDECIDED,
    StudyFolder,
)
from policylab.intake.versions import find_versions
from policylab.run.study import STUDY, read_template

_ENDING = re.compile(r"(?<=.)\.[A-Za-z][A-Za-z0-9]{0,4}$")  # not what is behind the point of 教育信息化2.0行动计划
_LONGEST_ID = 60  # characters; three bytes each in Chinese, and a file name holds 255
_RESERVED = re.compile("con|prn|aux|nul|(?:com|lpt)[0-9]", re.IGNORECASE)  # no names of files on Windows
# What Excel saves as another number or as a date: 001, 201902271234, 2019-02-27, 1.10, 1e5.
_REWRITTEN = re.compile(r"0[0-9]+|[0-9]{12,}|[0-9]+(?:[-.][0-9]+){1,2}|[0-9]+e[0-9]+", re.IGNORECASE)


@dataclass(frozen=True)
class Ingested:
    """What a run of ingest made: the folder of the study and its tables as they are now.

    `catalog`, `undecided`, `proposals` and `decisions` are the tables of the files of these names (`proposals`:
    ingest.csv); `added` has the ids of the documents that this run added.
    """

    study: Path
    catalog: pd.DataFrame
    undecided: pd.DataFrame
    proposals: pd.DataFrame
    decisions: pd.DataFrame
    added: list[str]


def ingest(
    source: str | os.PathLike | pd.DataFrame, out: str | os.PathLike, *, columns: Mapping[str, str] | None = None
) -> Ingested:
    """Make a study of other people's files: texts, a catalog of what they say of themselves, and a list of what is open.

    Parameters
    ----------
    source : path or DataFrame
        A folder with everything in it, a file, or a table with one document a row.
    out : path
        The folder of the study; it is made. If an earlier run wrote it, what is new in `source` is added and all else stays.
    columns : dict of str to str, optional
        {"text": "正文", "title": "标题"}: which columns of tables hold what, where the proposal is wrong.

    Returns
    -------
    Ingested
        The tables as they are now. Each has its file in the study: catalog.csv (documents that can be loaded), undecided.csv
        (the same columns; rows that lack level, region or year: fill them in and run ingest again), ingest.csv (each
        proposed value, the line and words it was taken from, and whether it is sure, likely or a guess), decisions.csv (what a
        person must decide, the weightiest first), marks.csv (the line of each text at which a page or table begins),
        originals.csv (path and hash of each file that was read).

    Raises
    ------
    PolicylabError
        If there is no such source, `out` holds a study that ingest did not write, or a table of the study cannot be read or
        written. A file that cannot be read is no error: decisions.csv names it with the reason.

    Notes
    -----
    A required cell (level, region, year) is filled in even where it is a guess, the others only where the evidence is sure or
    likely; every guess is in decisions.csv. Nothing that a person edited is overwritten: a row of catalog.csv, a text
    or figures.toml is written once. A run that was stopped goes on where it was.

    Examples
    --------
    >>> import tempfile
    >>> from policylab.base.paths import CATALOG
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     study = ingest(CATALOG.parent / "texts", folder)
    ...     study.catalog[["document_id", "region", "year"]].values.tolist()[:2]
    [['chongqing-2019', '重庆市', '2019'], ['fujian-2020', '福建省', '2020']]
    """
    folder = StudyFolder(Path(out))
    originals, refused = ([], []) if isinstance(source, pd.DataFrame) else list_originals(Path(source), folder.path)
    with folder.locked():
        known = folder.read_table(ORIGINALS)
        rows = _read_rows(folder)
        before = folder.read_table(DECISIONS)
        # Where a person deleted both the row and the text, the file is read anew; without its row alone, it stays out.
        known = known.loc[[file in rows or (folder.path / file).exists() for file in known["file"]]]
        if isinstance(source, pd.DataFrame):
            read, unread, left = read_frame(source, columns or {})
        else:
            read, unread, left = read_originals(originals, columns or {}, folder, known)
        known = _follow(folder, known, read)
        texts = {(row.original, row.member): row.text_sha256 for row in known.itertuples()}
        same = {document.key: document.sha256 for document in read if texts.get(document.key) == document.text_sha256}
        known = known.assign(sha256=[same.get((row.original, row.member), row.sha256) for row in known.itertuples()])
        new = [document for document in read if document.key not in texts]
        changed = {document.key for document in read if texts.get(document.key, "") not in ("", document.text_sha256)}
        listed = {FRAME, *(one.place for one in originals), *(one.place for one in refused)}
        result = _write(folder, rows, before, new, changed, [*refused, *unread], known, listed, left)
        folder.complete()
    return result


def _read_rows(folder):
    """{file: row} of the catalog and of what waits; a row that a person copied into the catalog counts there."""
    rows = {row["file"]: row for row in folder.read_rows(CATALOG)}
    ids = {row["document_id"] for row in rows.values()}
    waiting = {row["file"]: row for row in folder.read_rows(UNDECIDED) if row["file"] not in rows}
    if twice := sorted(ids & {row["document_id"] for row in waiting.values()}):
        raise PolicylabError(
            f"{folder.path / UNDECIDED}: {', '.join(twice)} is also the document_id of another row in {CATALOG}. Change one."
        )
    return rows | waiting


def _follow(folder, known, read):
    """What is known, with the new places of files that were moved: the same bytes, where the old file is gone."""
    keys = set(known[["original", "member"]].itertuples(index=False, name=None))
    found: dict = {}
    for document in read:
        if document.key not in keys:
            found.setdefault((document.sha256, document.member), []).append(document.original)
    places = []
    for row in known.itertuples():
        moved = [] if _is_there(folder, row.original) else found.get((row.sha256, row.member))
        places.append(moved.pop(0) if moved else row.original)  # of two copies each has its own new place
    return known.assign(original=places)


def _is_there(folder, original):
    return original == FRAME or (folder.path / original).exists()


def _write(folder, rows, before, new, changed, refused, known, listed, left):
    """Write the texts and tables of a study with what is new in it; what was written before stays as it is."""
    fresh, proposals = _describe(folder, new, known, rows)
    files = [row["file"] for row in fresh]
    # Rows of earlier runs and of persons; what a killed run wrote of this one is made again.
    older = [row for file, row in rows.items() if file not in files]
    texts = {row["document_id"]: _read_text(folder, row) for row in [*older, *fresh]}
    ranked = _rank(older, fresh, texts)
    versions = find_versions(ranked, {name: texts[name] for name in ranked["document_id"]})
    declared = dict(
        versions.dropna(subset="version_of")[["document_id", "version_of"]].itertuples(index=False, name=None)
    )
    for row in fresh:
        rows.setdefault(row["file"], row | {"version_of": declared.get(row["document_id"])})

    read = [(file, d.original, d.member, d.sha256, d.text_sha256) for file, d in zip(files, new)]
    originals = pd.concat([known, pd.DataFrame(read, columns=COLUMNS[ORIGINALS])], ignore_index=True)
    marks = [(row["document_id"], *mark) for row, document in zip(fresh, new) for mark in document.marks]
    proposals = _add(folder, PROPOSALS, proposals)
    documents = _list_documents(rows, originals, texts)
    notes = [(row["document_id"], d.original, note, len(d.text)) for row, d in zip(fresh, new) for note in d.notes]
    # A name that was not in UTF-8 is written otherwise than it is on the disk, so what was listed is there in any case.
    gone = {name for name in set(known["original"]) - listed if not _is_there(folder, name)}
    parts = [
        name_unread(refused),
        name_open(documents, proposals),
        name_versions(documents, versions),
        name_changed(documents, changed, gone),
        name_notes(notes),
    ]
    added = {row["document_id"] for row in fresh}
    holds = [
        # A note is on the text that was written; a file of another source may still be unreadable.
        row.document_id not in added
        if row.document_id
        else row.original not in listed - left and _is_there(folder, row.original)
        for row in before.itertuples()
    ]
    decisions = list_decisions(parts, before, holds)
    catalog, undecided = _part(list(rows.values()))

    folder.write_table(PROPOSALS, proposals)
    folder.write_table(MARKS, _add(folder, MARKS, pd.DataFrame(marks, columns=COLUMNS[MARKS])))
    folder.write_table(DECISIONS, decisions)
    folder.write_rows(UNDECIDED, undecided)
    folder.write_rows(CATALOG, catalog)
    if not (folder.path / STUDY).exists():
        folder.write_bytes(STUDY, read_template())
    folder.write_table(ORIGINALS, originals)
    tables = [pd.DataFrame(part, columns=CATALOG_COLUMNS) for part in (catalog, undecided)]
    return Ingested(folder.path, *tables, proposals, decisions, [row["document_id"] for row in fresh])


def _describe(folder, new, known, rows):
    """A row of the catalog for each new document, whose text is written, and the proposals its cells are taken from."""
    fresh, found = [], []
    taken = {row["document_id"].casefold(): file for file, row in rows.items()}
    written = set(known["file"])
    for document in new:
        document_id, file = _name_document(folder, document, taken, written)
        taken[document_id.casefold()] = file
        written.add(file)
        folder.write_bytes(file, document.text.encode("utf-8"))
        proposals = document.propose()
        cells = {p.column: p.value for p in proposals if p.column in REQUIRED or p.confidence != "guess"}
        source = document.stated.get("source") or document.name
        fresh.append({"document_id": document_id, "file": file, **cells, "source": source})
        found += [(document_id, p.column, p.value, p.line, p.evidence, p.confidence) for p in proposals]
    return fresh, pd.DataFrame(found, columns=COLUMNS[PROPOSALS]).astype({"line": "Int64"})


def _name_document(folder, document, taken, written):
    """An id from the name of the file, and where its text goes; a name that is taken gets that of its folder, then a number."""
    path = PurePosixPath(document.name)
    bare, content = _ENDING.sub("", path.name), document.text.encode("utf-8")
    stem = _clean(bare)
    names = itertools.chain([stem, _clean(f"{path.parent.name}-{bare}")], (f"{stem}-{n}" for n in itertools.count(2)))
    for name in names:
        file = f"{TEXTS}/{name}.txt"
        place = folder.path / file
        # A run that was killed may have written the same text already; originals.csv does not have it then.
        is_free = file not in written and (not place.exists() or place.read_bytes() == content)
        if is_free and taken.get(name.casefold(), file) == file:
            return name, file


def _clean(name):
    """A name that can be an id, also after Excel saved the table, and a file's name on every system."""
    name = re.sub("-{2,}", "-", UNSAFE_ID.sub("-", name))[:_LONGEST_ID].strip("-. ") or "document"
    if _REWRITTEN.fullmatch(name):
        return f"text-{name}"
    return f"{name}-text" if _RESERVED.fullmatch(name) else name


def _read_text(folder, row):
    """The text of a row, as a person may have corrected it; blank if the file is gone, which loading will say."""
    try:
        return decode((folder.path / row["file"]).read_bytes()).text
    except (OSError, PolicylabError):
        return ""


def _rank(older, fresh, texts):
    """The rows in the order in which one of two copies is kept: those that can be loaded, those of earlier runs, those that
    say most of themselves, the outermost folder, the longest text."""
    places = {row["document_id"]: place for place, row in enumerate(older)}

    def rank(row):
        name, said = row["document_id"], sum([bool(row.get(key)) for key in ("document_number", "issuer", "issued")])
        depth = (row.get("source") or "").count("/")
        return not _is_whole(row), places.get(name, len(places)), -said, depth, -len(texts[name]), name

    return _frame_cells(
        sorted([*older, *fresh], key=rank), ["document_id", "region", "year", "document_number", "version_of"]
    )


def _is_whole(row):
    return all(row.get(name) for name in REQUIRED)


def _part(rows):
    """(rows that can be loaded, rows that cannot): a version of a document that cannot be loaded waits with it."""
    ids = {row["document_id"] for row in rows if not _is_whole(row)}
    waits = [not _is_whole(row) or row.get("version_of") in ids for row in rows]
    return [row for row, is_open in zip(rows, waits) if not is_open], [
        row for row, is_open in zip(rows, waits) if is_open
    ]


def _list_documents(rows, originals, texts):
    """The rows of the study with their originals and lengths; blank where nothing is said."""
    places = {row.file: {"original": row.original, "member": row.member} for row in originals.itertuples()}
    described = [
        {**row, **places.get(file, {}), "n_characters": len(texts[row["document_id"]])} for file, row in rows.items()
    ]
    return _frame_cells(described, [*CATALOG_COLUMNS, "original", "member", "n_characters"])


def _frame_cells(rows, columns):
    frame = pd.DataFrame(rows, columns=columns).astype(object)
    return frame.where(frame.notna(), "")


def _add(folder, name, rows):
    """A table of the study with these rows in the place of those of the same documents."""
    before = folder.read_table(name)
    before = before[~before["document_id"].isin(rows["document_id"])]
    rows = rows.astype(object)
    return pd.concat([before, rows.where(rows.notna(), "").astype("str")], ignore_index=True)
