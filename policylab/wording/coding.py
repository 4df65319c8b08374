"""Coding of paragraphs by hand: sheets for coders who work in Excel."""

import os
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import pandas as pd

from policylab.base.codingsheet import check_target, prepare_sheet, read_sheets, write_sheet
from policylab.base.datafile import read_datafile
from policylab.base.errors import PolicylabError
from policylab.base.spreadsheet import escape_formula
from policylab.corpus.bundle import Corpus

# The codes of the best known scheme of policy tools (Rothwell & Zegveld 1985); any other list will do.
CODES = ("supply", "environment", "demand")
_KEYS = ["document_id", "paragraph"]
_READING = ["part", "section", "task", "before", "text", "after"]


def export_coding_sheet(
    corpus: Corpus,
    path: str | os.PathLike,
    *,
    codes: Iterable[str] = CODES,
    document_ids: Iterable[str] | None = None,
    overwrite: bool = False,
) -> pd.DataFrame:
    """Write a sheet for one coder, and return it as written: one row is a paragraph with blank columns for the codes.

    Parameters
    ----------
    corpus : Corpus
        The corpus whose paragraphs are coded.
    path : path
        The file to write. It is CSV in UTF-8 with a byte order mark and CRLF, which Excel opens without asking.
    codes : list of str
        The names of the columns in which the coder writes.
    document_ids : list of str, optional
        The documents to code. By default all.
    overwrite : bool
        Whether to replace a file that exists, which may hold a coder's work.

    Returns
    -------
    DataFrame
        `document_id`, `paragraph`; `part`, `section` and `task` (their titles); `before` and `after` (the paragraphs around
        it in its document); `text`; one blank column for each of `codes`; `note`.

    Raises
    ------
    PolicylabError
        If the folder is missing, if the file exists or cannot be written, if two codes are alike or have the name of
        another column, or if a document is not in the corpus.

    Notes
    -----
    A cell that a spreadsheet would take for a formula gets a leading apostrophe, which load_coding_sheets takes off. A cell
    too long for Excel is cut, with a PolicylabWarning.

    Examples
    --------
    >>> import tempfile, policylab as lab
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sheet = export_coding_sheet(lab.load_corpus(), Path(folder) / "coder.csv", document_ids=["chongqing-2019"])
    >>> len(sheet), [*sheet.columns[-4:]]
    (52, ['supply', 'environment', 'demand', 'note'])
    """
    codes = _list(codes)
    _check_codes(codes)
    path = check_target(path, overwrite)
    paragraphs = corpus.paragraphs.sort_values(_KEYS, ignore_index=True)
    if document_ids is not None:
        document_ids, known = _list(document_ids), set(corpus.documents["document_id"])
        unknown = [name for name in document_ids if name not in known]
        if unknown:
            raise PolicylabError(
                f"Not in the corpus: {', '.join(map(repr, unknown))}. It holds {', '.join(sorted(known))}."
            )
        paragraphs = paragraphs[paragraphs["document_id"].isin(document_ids)]
    around = paragraphs.groupby("document_id")["text"]
    sheet = paragraphs[["document_id", "paragraph", "part"]].assign(
        section=_title(paragraphs, corpus.sections, "section"),
        task=_title(paragraphs, corpus.tasks, "task"),
        before=around.shift(1),
        text=paragraphs["text"],
        after=around.shift(-1),
    )
    sheet = sheet.assign(**dict.fromkeys([*codes, "note"], "")).reset_index(drop=True)
    sheet = prepare_sheet(sheet, _READING, path.name)
    write_sheet(sheet, path)
    return sheet


def _list(names):
    """The names as a list; one alone may come as it is."""
    return [names] if isinstance(names, str) else list(names)


def _check_codes(codes):
    taken = [*_KEYS, *_READING, "note"]
    wrong = sorted(
        {
            code
            for code in codes
            if code in taken or codes.count(code) > 1 or escape_formula(code) != code or not code.strip()
        }
    )
    if wrong or not codes:
        raise PolicylabError(
            f"codes={codes!r} cannot head the columns: {', '.join(map(repr, wrong)) or 'there is none'}."
            f" Give each code a name of its own, other than {', '.join(taken)}."
        )


def _title(paragraphs, table, name):
    titles = table.set_index(["document_id", name])["title"]
    return titles.reindex(pd.MultiIndex.from_frame(paragraphs[["document_id", name]])).array


def load_coding_sheets(
    paths: Mapping[str, str | os.PathLike], corpus: Corpus, *, codes: Iterable[str] = CODES, blank: str | None = None
) -> pd.DataFrame:
    """Read the filled sheets of several coders: one row is the code that a coder gave a paragraph.

    Parameters
    ----------
    paths : dict
        {name of the coder: the sheet}, as export_coding_sheet wrote it and the coder filled it.
    corpus : Corpus
        The corpus that the sheets were written from.
    codes : list of str
        The columns of the sheets that hold codes.
    blank : str, optional
        The code that a blank cell means, such as "0" where coders only mark what applies. By default a blank cell is no
        decision and gives no row.

    Returns
    -------
    DataFrame
        `document_id`, `paragraph`, `coder`, `variable` (the column of the code), `code` (text, as written).

    Raises
    ------
    PolicylabError
        If `paths` names no coders; and for sheets with other columns, or with a paragraph that is repeated or not in the
        corpus, all problems of all sheets in one message.

    Notes
    -----
    Sheets that Excel saved in GBK are read too. An apostrophe that export_coding_sheet put before a cell is taken off.

    Examples
    --------
    >>> import tempfile, policylab as lab
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "甲.csv"
    ...     size = path.write_text("document_id,paragraph,supply\\nfujian-2020,1,1\\nfujian-2020,2,\\n", encoding="utf-8")
    ...     load_coding_sheets({"甲": path}, lab.load_corpus(), codes=["supply"]).values.tolist()
    [['fujian-2020', 1, '甲', 'supply', '1']]
    """
    codes = _list(codes)
    _check_codes(codes)
    if not isinstance(paths, Mapping):
        raise PolicylabError(
            f"paths={paths!r} does not say whose sheet is whose. Map the coders' names to the sheets: {{'A': 'a.csv', 'B': 'b.csv'}}."
        )
    if not isinstance(corpus, Corpus):
        raise PolicylabError(
            f"corpus is of the type {type(corpus).__name__}: expected a corpus, as load_corpus gives it."
        )
    check = _check_place(corpus)
    columns = [*_READING, *codes, "note"]
    sheets = read_sheets(paths, lambda path: read_datafile(path, _KEYS, columns, key=_KEYS, check=check))
    rows = []
    for coder, sheet in sheets.items():
        for variable in codes:
            given = sheet[variable] if blank is None else sheet[variable].fillna(blank)
            rows.append(sheet[_KEYS].assign(coder=coder, variable=variable, code=given).dropna(subset="code"))
    columns = [*_KEYS, "coder", "variable", "code"]
    if not rows:
        return pd.DataFrame(columns=columns)
    return pd.concat(rows, ignore_index=True)[columns].astype({"paragraph": "int64"})


def _check_place(corpus):
    """A check of one row of a sheet, for read_datafile: its paragraph is one of the corpus."""
    places = corpus.paragraphs.groupby("document_id")["paragraph"].agg(lambda numbers: set(map(str, numbers))).to_dict()

    def check(cells):
        document_id, paragraph = cells["document_id"], cells["paragraph"]
        if document_id and document_id not in places:
            near = get_close_matches(document_id, places, n=1)
            hint = f"Did you mean {near[0]}?" if near else "Give the corpus that the sheet was written from."
            yield "document_id", f"{document_id!r} is not in the corpus. {hint}"
        elif document_id and paragraph and paragraph not in places[document_id]:
            there = f"has paragraphs 1 to {len(places[document_id])}"
            yield "paragraph", f"{paragraph!r} is not in {document_id}, which {there}. Restore the cell."

    return check
