"""The corpus: catalog and files to the tables that everything else works on."""

import os
import re
import unicodedata
import warnings
from collections.abc import Mapping

import pandas as pd

from policylab.base.errors import PolicylabError, PolicylabWarning, list_problems
from policylab.base.paths import CATALOG
from policylab.corpus.bundle import Corpus
from policylab.corpus.catalog import VERSIONS
from policylab.corpus.collate import find_duplicates
from policylab.corpus.documentkinds import name_kind, read_years
from policylab.corpus.grammar import in_force
from policylab.corpus.owngrammar import read_own
from policylab.corpus.repair import BLANKS, PRIVATE, REPAIR_COLUMNS, TRADITIONAL, repair_text, summarize_repairs
from policylab.corpus.tablecatalog import read_source
from policylab.corpus.tables import COLUMNS, WHOLE_TEXT, read_tables

DOCUMENT_COLUMNS = [
    *("document_id", "title", "kind", "level", "region", "year", "year_end", "document_number", "issuer", "issued"),
    *("version_of", "part_of", "source", "file", "sha256", "n_characters"),
]
KEYS = {
    "documents": ["document_id"],
    "blocks": ["document_id", "block"],
    "sections": ["document_id", "section"],
    "tasks": ["document_id", "task"],
    "paragraphs": ["document_id", "paragraph"],
    "responsibilities": ["document_id", "task", "paragraph", "position"],
    "citations": ["document_id", "start"],
    "targets": ["document_id", "target"],
    "repairs": ["document_id", "kind"],
}
_ALL_COLUMNS = COLUMNS | {"repairs": REPAIR_COLUMNS}
# Repairs that a reader of the documents should know of before counting; marks and letters of another width change no word.
_TOLD = (TRADITIONAL, BLANKS, PRIVATE)
# pandas' nullable type keeps a missing ordinal from turning the others into fractions.
_ORDINALS = ["block", "section", "task", "number", "paragraph", "goal", "position", "target", "year", "year_end", "n"]
_TYPES = (
    dict.fromkeys(_ORDINALS, "Int64") | dict.fromkeys(["start", "end", "n_characters"], "int64") | {"value": "float64"}
)
# No eye sees them, yet the segmenter ends a word at each: soft hyphen, zero-width characters, variation selectors.
_INVISIBLE = re.compile(r"(?<=\w)[\u00ad\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]+(?=\w)")
_LINE_END = re.compile(r"\r\n?|\n")
_MOST_NOTES = 10  # of one kind, each a warning of its own; more are one warning
_CHUNK = 32  # documents that one parallel job parses; below that, handing work over costs more than it saves


def load_corpus(
    catalog: str | os.PathLike | pd.DataFrame | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    versions: str = "one",
    repair: bool = True,
) -> Corpus:
    """Load the corpus that ships with policylab, or one of your own.

    Parameters
    ----------
    catalog : path or DataFrame, optional
        A catalog.csv or catalog.xlsx, or the folder that holds it. Or a table with one document a row: a DataFrame, or a
        .csv, .xlsx, .jsonl, .json or .parquet file that has a column of texts. By default the corpus that ships.
    columns : dict of str to str, optional
        Of a table with one document a row: {what: name of the column}, such as {"text": "content"}, for what should not be
        proposed. There are text, title, document_number, issuer, issued, year, year_end, level, region, source,
        document_id and version_of.
    versions : {"one", "all"}
        With "one" every document is counted once: a publication whose catalog row names another one in `version_of` is
        left out of all tables. "all" keeps both, for compare_versions.
    repair : bool
        Whether damaged text is repaired for reading and counting: blanks between all characters, radicals and compatibility
        forms in the place of characters, full-width letters and digits, invisible and private-use characters, half-width
        punctuation; text in traditional characters is read as simplified. `start` and `end` still count characters of the
        source, `blocks` keep its text, and the table `repairs` says what was done.

    Returns
    -------
    Corpus
        The tables of all documents, sorted by document_id. No table depends on the order of the catalog's rows. A
        grammar.toml beside the catalog adds to what policylab knows of headings, titles and so on (docs/grammar.md).
        Of a table, `file` is its name, `sha256` that of the text in UTF-8, and `start` and `end` count characters of it.

    Raises
    ------
    PolicylabError
        If the catalog, one of its files, its grammar.toml or the table cannot be used; one message lists all problems.

    Warns
    -----
    PolicylabWarning
        For publications that share most of their text although nobody declared them as versions of one document, files
        in another encoding than UTF-8, text that had to be repaired (or, with `repair=False`, invisible characters inside
        words), and documents in which no structure was recognised. Of a table, for what it does not say and was proposed
        from the texts, and for rows that were left out: without text, or with a level, region or year that nobody can tell.

    Examples
    --------
    >>> corpus = load_corpus()
    >>> corpus.tasks.groupby("document_id").size().to_dict()
    {'chongqing-2019': 31, 'fujian-2020': 28, 'national-2017': 28, 'national-2019': 35}
    """
    if versions not in VERSIONS:
        raise PolicylabError(f"versions={versions!r} is unknown. Use one of {', '.join(map(repr, VERSIONS))}.")
    catalog = read_source(CATALOG if catalog is None else catalog, columns)
    entries = [entry for entry in catalog.entries if versions == "all" or not entry.cells.get("version_of")]
    # Sorted, so that no table depends on the order of the catalog's rows.
    entries.sort(key=lambda entry: entry.cells["document_id"])
    own = read_own(catalog.path)
    tables, stated = _parse(entries, repair, own)
    with in_force(own):
        documents = _list_documents(entries, stated)
    frames = {name: _make_frame(name, columns, tables[name]) for name, columns in _ALL_COLUMNS.items()}
    _warn(
        catalog,
        entries,
        stated,
        documents,
        _name_repairs(entries, frames["repairs"]) if repair else _name_invisible(entries),
    )
    return Corpus(documents=documents, **frames, catalog=catalog.path)


def _parse(entries, repair, own):
    """The rows of all tables, and for each document what it states about itself."""
    from joblib import Parallel, delayed

    jobs = [
        [
            (e.cells["document_id"], e.text, e.cells.get("title"), int(e.cells["year"] or 0) or None)
            for e in entries[i : i + _CHUNK]
        ]
        for i in range(0, len(entries), _CHUNK)
    ]
    tables, stated = {name: [] for name in _ALL_COLUMNS}, []
    taken = frozenset(e.cells["document_id"] for e in entries)
    for part, part_stated in Parallel()(delayed(_parse_chunk)(job, taken, repair, own) for job in jobs):
        stated += part_stated
        for name, rows in part.items():
            tables[name] += rows
    return tables, stated


def _parse_chunk(documents, taken, repair, own):
    tables = {name: [] for name in _ALL_COLUMNS}
    with in_force(own):
        return tables, [_read_file(*document, tables, taken, repair) for document in documents]


def _read_file(document_id, source, title, year, tables, taken, repair):
    """Read one file as read_tables does, its text repaired, and lead all places back to the source."""
    repaired = repair_text(source) if repair else None
    if not repaired or not repaired.repairs:
        return read_tables(document_id, source, title, tables, year, taken)
    own = {name: [] for name in COLUMNS}
    said = read_tables(document_id, repaired.text, title and repair_text(title).text, own, year, taken)
    for name, rows in own.items():
        columns = COLUMNS[name]
        if "start" in columns:
            first, last = columns.index("start"), columns.index("end")
            rows = [(*row[:first], *repaired.locate(row[first], row[last]), *row[last + 1 :]) for row in rows]
        if name == "blocks":
            # What is read is in the other tables; blocks are the source.
            rows = [(*row[:-1], source[row[3] : row[4]]) for row in rows]
        tables[name] += rows
    tables["repairs"] += [(document_id, *row) for row in summarize_repairs(source, repaired)]
    return said


def _list_documents(entries, stated):
    rows = []
    for entry, documents in zip(entries, stated):
        for said in documents:
            row = _describe(entry, said, said is documents[0])
            rows.append({**row, "sha256": entry.sha256, "n_characters": len(entry.text)})
    documents = pd.DataFrame(rows, columns=DOCUMENT_COLUMNS)
    documents["issued"] = pd.to_datetime(documents["issued"], format="%Y-%m-%d").astype("datetime64[s]")
    return _set_types(documents)


def _describe(entry, said, first):
    """The row of a document: what the catalog knows of the file, else what the text says."""
    cells = entry.cells
    if first:
        row = {name: cells.get(name) or said.get(name) for name in DOCUMENT_COLUMNS}
    else:
        # The cells of title, number and so on describe the file's first document.
        shared = {name: cells.get(name) for name in ("level", "region", "year", "version_of", "source", "file")}
        row = {name: shared.get(name) or said.get(name) for name in DOCUMENT_COLUMNS} | {
            "part_of": cells["document_id"]
        }
    named, last = read_years(row["title"])
    row["year"] = int(row["year"]) if first else named or int(row["year"])
    # A range that ended before the year of the catalog is of something else that the title names.
    stated = int(cells.get("year_end") or 0) if first else 0
    row["year_end"] = stated or (last if last and last >= row["year"] else None)
    row["kind"] = name_kind(said["architecture"], row["title"], said["structured"], said["opening"])
    return row


def _make_frame(name, columns, rows):
    values = zip(*rows) if rows else [()] * len(columns)
    frame = pd.DataFrame({column: list(cells) for column, cells in zip(columns, values)}, columns=columns)
    check_keys(name, frame)
    return _set_types(frame)


def check_keys(name, frame):
    """Raise PolicylabError if a table holds a key twice."""
    repeated = frame[frame.duplicated(KEYS[name])]
    if len(repeated):
        key = repeated[KEYS[name]].iloc[0].to_dict()
        raise PolicylabError(f"The table {name} holds a key twice: {key}. Please report this document.")


def _set_types(frame):
    """Integers and floats as the codebook says, text everywhere else, also in a table or column without values."""
    types = {name: _TYPES.get(name, "str") for name in frame.columns if name != "issued"}
    return frame.astype(types)


def _name_duplicates(entries, catalog):
    """One note for every pair of publications that nobody declared; of three copies, two notes that name the same one."""
    counted = {e.cells["document_id"]: e.cells.get("version_of") or e.cells["document_id"] for e in entries}
    notes = []
    for one, other, share in find_duplicates([(e.cells["document_id"], e.text) for e in entries]):
        keep, drop = sorted([_find_counted(one, counted), _find_counted(other, counted)])
        if keep == drop:
            continue
        counted[drop] = keep
        notes.append(
            f"{one} and {other} share {share:.0%} of the shorter one's text. If they are two publications of one document,"
            f" write {keep} into the column version_of of {drop} in {catalog}; until then both are counted."
        )
    if len(notes) <= _MOST_NOTES:
        return notes
    return [list_problems(f"{len(notes)} pairs of documents share most of their text:", notes)]


def _find_counted(name, counted):
    """The publication that is counted in the place of another one; the way to it is made shorter for the next time."""
    while counted.get(name, name) != name:
        counted[name] = counted.get(counted[name], counted[name])
        name = counted[name]
    return name


def _name_invisible(entries):
    """One note of all files in which words contain invisible characters."""
    lines = {}
    for entry in entries:
        if found := list(_INVISIBLE.finditer(entry.text)):
            characters = "".join([match.group() for match in found])
            line = len(_LINE_END.findall(entry.text, 0, found[0].start())) + 1
            names = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c)}" for c in sorted(set(characters)))
            lines[entry.place] = f"{entry.place}: {len(characters)}, the first in line {line} ({names})"
    if not lines:
        return []
    head = "Invisible characters cut words into pieces, and these words are not counted. Remove them from the files."
    return [list_problems(head, list(lines.values()))]


def _name_repairs(entries, repairs):
    """One note of all files whose text had to be repaired in a way that matters."""
    files = {entry.cells["document_id"]: entry.place for entry in entries}
    told = repairs[repairs["kind"].isin(_TOLD)]
    lines = [
        f"{files[document_id]}: " + ", ".join(f"{row.kind} {row.n} times" for row in rows.itertuples())
        for document_id, rows in told.groupby("document_id")
    ]
    head = "Damaged text was repaired for reading; list_doubts shows where, and load_corpus(..., repair=False) reads it as it is."
    return [list_problems(head, lines)] if lines else []


def _name_all(names, one, many):
    """A note on each document, or one note on all where there are many."""
    if len(names) <= _MOST_NOTES:
        return [f"{name}: {one}" for name in names]
    return [list_problems(many.format(n=len(names)), names)]


def _warn(catalog, entries, stated, documents, more):
    notes = list(catalog.remarks)
    if catalog.note:
        notes.append(f"{catalog.path.name}: {catalog.note}. It was read all the same.")
    for entry, said in zip(entries, stated):
        document_id = entry.cells["document_id"]
        if entry.note:
            notes.append(f"{document_id}: {entry.cells['file']}: {entry.note}. It was read all the same.")
        if len(said) > 1:
            others = "、".join(document["document_id"] for document in said[1:])
            notes.append(f"{document_id}: the file holds {len(said)} documents. The others are read as {others}.")
    bare = [document["document_id"] for documents in stated for document in documents if not document["structured"]]
    notes += _name_all(
        bare,
        f"no numbered heading was recognised. The document is read as one part, {WHOLE_TEXT}.",
        f"Of {{n}} documents no numbered heading was recognised. They are read as one part, {WHOLE_TEXT}:",
    )
    notes += more
    notes += _name_all(
        documents.loc[documents["title"].isna(), "document_id"].tolist(),
        "neither the catalog nor the text gives a title. Fill in the column title.",
        "Of {n} documents neither the catalog nor the text gives a title. Fill in the column title:",
    )
    notes += _name_duplicates(entries, catalog.path.name if catalog.path else "the DataFrame")
    for note in notes:
        warnings.warn(note, PolicylabWarning, stacklevel=3)
