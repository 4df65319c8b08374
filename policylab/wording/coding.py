"""Coding by hand: sheets for coders who work in Excel, and how far the coders agree."""

import csv
import os
import warnings
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from policylab.base.columns import need_columns
from policylab.base.datafile import read_datafile
from policylab.base.errors import PolicylabError, PolicylabWarning
from policylab.base.resampling import check_resamples, draw_units, explain_gap, interval, order_units
from policylab.base.spreadsheet import escape_formula, escape_table
from policylab.corpus.bundle import Corpus

# The codes of the best known scheme of policy tools (Rothwell & Zegveld 1985); any other list will do.
CODES = ("supply", "environment", "demand")
MEASURES = ("nominal", "ordinal", "interval", "ratio")

_CELL_LIMIT = 32767  # characters; Excel cuts what is longer without a word
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
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sheet = export_coding_sheet(lab.load_corpus(), Path(folder) / "coder.csv", document_ids=["chongqing-2019"])
    >>> len(sheet), [*sheet.columns[-4:]]
    (52, ['supply', 'environment', 'demand', 'note'])
    """
    path, codes = Path(path), _list(codes)
    _check_codes(codes)
    if not path.parent.is_dir():
        raise PolicylabError(f"There is no folder {path.parent}. Create it, or give the path of another one.")
    if path.exists() and not overwrite:
        raise PolicylabError(
            f"{path} exists already and may hold a coder's work. Choose another name, or write overwrite=True to replace it."
        )
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
    cut = sum(int((sheet[name].str.len() >= _CELL_LIMIT).sum()) for name in _READING)
    if cut:
        message = f"{path.name}: {cut} cells are longer than a cell of Excel holds and were cut to {_CELL_LIMIT - 1:,} characters."
        warnings.warn(message, PolicylabWarning, stacklevel=2)
    for name in _READING:
        sheet[name] = sheet[name].fillna("").str[: _CELL_LIMIT - 1]  # one is left for an apostrophe
    sheet = escape_table(sheet)
    # Bytes, so that line ends are the same on every system.
    text = sheet.to_csv(index=False, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    try:
        path.write_bytes(text.encode("utf-8-sig"))
    except OSError as error:
        raise PolicylabError(f"{path} cannot be written: {error.strerror}. Close it in other programs.") from error
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
    sheets, problems = {}, []
    for coder, path in sorted(paths.items(), key=lambda item: str(item[0])):
        try:
            sheets[coder] = read_datafile(path, _KEYS, [*_READING, *codes, "note"], key=_KEYS, check=check)
        except PolicylabError as error:
            problems.append(str(error))
    if problems:
        raise PolicylabError("\n".join(problems))
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


def measure_agreement(
    codes: pd.DataFrame, *, measure: str = "nominal", n_resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Measure how far coders agree: Krippendorff's alpha with a bootstrap interval.

    Parameters
    ----------
    codes : DataFrame
        A row is a coder's code of a unit: `document_id`, `paragraph`, `coder`, `variable`, `code` (load_coding_sheets).
    measure : str, optional
        "nominal", "ordinal", "interval" or "ratio"; all but nominal need finite numbers.
    n_resamples : int, optional
        Random draws behind the interval: 40 or more, or 0 for none.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a variable: `variable`, `alpha` (1 where all agree, 0 where they agree as chance would have it, below 0 where
        they disagree systematically), `low`, `high` (95%), `n_coders` and `n_units` (units that at least two coded, and who
        coded them; others say nothing), `n_values`, `n_used` (draws in which alpha is defined), `reason` (why alpha or its
        interval is NaN, else blank).

    Raises
    ------
    PolicylabError
        For an unknown measure, codes that are no numbers where numbers are needed, a unit that a coder coded twice, and 1
        to 39 resamples; and where the package krippendorff is not installed.

    Notes
    -----
    Custom asks for 0.8, and 0.667 for tentative conclusions. It misleads where one code is nearly always right: the few
    exceptions decide. The interval comes from resampling units over all documents together. It shows how alpha would vary with other
    paragraphs of the same kind, not with other coders; it is NaN where all draws are equal or alpha is defined in fewer
    than 40.

    Source: Krippendorff, K. (2019). Content Analysis, 4th ed., ch. 12. Drawing whole units is the ordinary bootstrap, not
    Krippendorff's own, which draws disagreements.

    Examples
    --------
    >>> rows = [("甲", 1, "A"), ("乙", 1, "A"), ("甲", 2, "A"), ("乙", 2, "A")]
    >>> codes = pd.DataFrame([("x", p, c, "tool", v) for c, p, v in rows], columns=[*_KEYS, "coder", "variable", "code"])
    >>> measure_agreement(codes)[["alpha", "n_units", "reason"]].values.tolist()
    [[nan, 2, 'all coders gave one code, so chance is not defined']]
    """
    check_resamples(n_resamples, seed)
    if measure not in MEASURES:
        raise PolicylabError(f"measure={measure!r} is unknown. Use one of {', '.join(map(repr, MEASURES))}.")
    need_columns(codes, [*_KEYS, "coder", "variable", "code"], "codes")
    codes = codes.dropna(subset="code")
    twice = codes[codes.duplicated([*_KEYS, "coder", "variable"])]
    if len(twice):
        raise PolicylabError(f"A coder coded a unit twice: {twice.iloc[0].to_dict()}. Keep one code for each.")
    rows = []
    for variable, given in codes.groupby("variable"):
        values = _read_values(given["code"], measure, str(variable))
        units = [given[name] for name in _KEYS]
        counts = pd.crosstab(units, values).reindex(columns=sorted(set(values)), fill_value=0)
        counts = counts[counts.sum(axis=1) >= 2]
        counts = counts.loc[:, counts.sum() > 0]
        shared = given.duplicated(_KEYS, keep=False)
        result = _resample(counts.to_numpy(), list(counts.columns), measure, n_resamples, seed)
        rows.append(
            (variable, *result[:3], given.loc[shared, "coder"].nunique(), len(counts), counts.shape[1], *result[3:])
        )
    columns = ["variable", "alpha", "low", "high", "n_coders", "n_units", "n_values", "n_used", "reason"]
    types = dict.fromkeys(["alpha", "low", "high"], "float64") | dict.fromkeys(["variable", "reason"], "str")
    return pd.DataFrame(rows, columns=columns).astype({name: types.get(name, "int64") for name in columns})


def _read_values(codes: pd.Series, measure: str, variable: str) -> pd.Series:
    if measure == "nominal":
        return codes.astype("str")
    numbers = pd.to_numeric(codes, errors="coerce")
    wrong = sorted(set(codes[numbers.isna() | numbers.isin([float("inf"), float("-inf")])].astype("str")))
    if wrong:
        raise PolicylabError(
            f"variable {variable!r}: {', '.join(map(repr, wrong))} is no finite number, but measure={measure!r} needs numbers."
            ' Number the codes in their order, or use measure="nominal".'
        )
    return numbers.astype("float64")


def _resample(
    counts: np.ndarray, values: list, measure: str, n_resamples: int, seed: int
) -> tuple[float, float, float, int, str]:
    """(alpha, low, high, n_used, reason) of a table of units by values that counts coders."""
    nothing = (float("nan"),) * 3
    if len(counts) == 0:
        return *nothing, 0, "no unit was coded by two coders"
    if len(values) < 2:
        return *nothing, 0, "all coders gave one code, so chance is not defined"
    try:
        from krippendorff import alpha
    except ImportError:
        raise PolicylabError(
            "measure_agreement needs the package krippendorff, which is not installed: pip install krippendorff"
        ) from None
    # Nominal codes are names; their order does not matter.
    domain = np.arange(len(values), dtype="float64") if measure == "nominal" else np.array(values)

    def measure_alpha(drawn):
        if np.count_nonzero(drawn.sum(axis=0)) < 2:
            return np.nan
        return alpha(value_counts=drawn, value_domain=domain, level_of_measurement=measure)

    # Units of all documents are drawn as if of one, in an order that no name of a document changes.
    counts = counts[order_units(counts)]
    ((_, _, drawn),) = draw_units(np.zeros(len(counts)), counts, n_resamples, seed)
    draws = np.array([measure_alpha(np.repeat(counts, often, axis=0)) for often in drawn], dtype="float64")
    low, high = interval(draws[:, None])[:, 0]
    reason = explain_gap(draws) if np.isnan(low) else ""
    return float(measure_alpha(counts)), float(low), float(high), int(np.count_nonzero(~np.isnan(draws))), reason
