"""The codes of pairs of tasks: sheets that coders filled, and tables, read strictly and by the same rules."""

import os
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pandas as pd

from policylab.alignment.sampling import FILLED, PAIR, TEXTS, read_texts
from policylab.base.codingsheet import read_sheets
from policylab.base.columns import need_columns
from policylab.base.csvrows import Problem
from policylab.base.datafile import check_records, find_datafile, read_records, refuse
from policylab.base.errors import PolicylabError
from policylab.corpus.bundle import Corpus

_GRADES = (0, 1, 2)
# How a coder says that a person coded, or a model.
_KINDS = {"person": "person", "人": "person", "人工": "person", "model": "model", "模型": "model"}
_CODED = [*PAIR, "grade", "coder", "coder_kind"]
# This much of a text is compared with the task that the row names, and this share of it must be as it was: programs
# replace rare characters and coders mark words, but two tasks begin differently.
_COMPARED, _ALIKE = 60, 0.7


def load_pair_codes(
    paths: str | os.PathLike | Iterable[str | os.PathLike], corpus: Corpus, pairs: pd.DataFrame
) -> pd.DataFrame:
    """Load the codes of pairs of tasks from sheets of sample_pairs that coders filled.

    Parameters
    ----------
    paths : path or list of path
        A sheet, a folder whose CSV files are sheets, or several of either.
    corpus : Corpus
        The corpus that the sheets were written from.
    pairs : DataFrame
        The table of align_tasks for the two documents.

    Returns
    -------
    DataFrame
        A row is a coder's grade of a pair: `document_id`, `task`, `reference_id`, `reference_task`, `grade` (0 none, 1 partial,
        2 direct), `coder`, `coder_kind` (person or model). Rows without a grade are left out.

    Raises
    ------
    PolicylabError
        All problems of all sheets in one message: other columns, pairs that the alignment does not have, texts that are not
        those of the tasks (rows that were sorted apart), grades other than 0, 1, 2, no coder, a pair that a coder coded twice,
        a sheet without grades.

    Notes
    -----
    A coder who filled a sheet alone writes name and kind once, in any row that has a grade. Sheets that Excel saved in GBK
    are read too, and so are digits in full width.

    Examples
    --------
    >>> import tempfile, policylab as lab
    >>> corpus = lab.load_corpus()
    >>> pairs = lab.align_tasks(corpus, "chongqing-2019", "national-2019")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sheet = lab.sample_pairs(corpus, pairs).assign(grade=1, coder="甲", coder_kind="人")
    ...     sheet.to_csv(Path(folder) / "甲.csv", index=False)
    ...     codes = load_pair_codes(folder, corpus, pairs)
    >>> len(codes), codes["grade"].unique().tolist(), codes["coder_kind"].unique().tolist()
    (40, [1], ['person'])
    """
    check = _make_check(pairs, read_texts(corpus, pairs))
    files, seen = {str(path): path for path in list_sheets(paths)}, {}
    if not files:
        raise PolicylabError("paths is empty: expected the path of a coded sheet, or of a folder with several.")
    sheets = read_sheets(files, lambda path: _read_sheet(path, check, seen))
    return _make_table([cells for rows in sheets.values() for cells in rows])


def read_codes(codes: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The table `codes` of calibrate_alignment as load_pair_codes gives it; PolicylabError with all problems at once."""
    need_columns(codes, ["task", "reference_task", "grade", "coder", "coder_kind"], "codes")
    ids = {name: pairs[name].iloc[0] for name in ("document_id", "reference_id")}
    codes = codes.assign(**{name: value for name, value in ids.items() if name not in codes})
    cells = [{name: _read_cell(value) for name, value in row.items()} for row in codes[_CODED].to_dict("records")]
    rows = [(number, row) for number, row in enumerate(cells, 1) if row["grade"] is not None]
    refuse("The table codes", _check_rows(rows, _make_check(pairs), {}, "codes"))
    return _make_table([cells for _, cells in rows])


def _read_cell(value):
    """A value of a table as text, None where it is missing or blank."""
    if value is None or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return None
    whole = isinstance(value, (float, np.floating)) and float(value).is_integer()
    return str(int(value) if whole else value).strip() or None


def list_sheets(paths: str | os.PathLike | Iterable[str | os.PathLike]) -> list[Path]:
    """List the sheets that load_pair_codes reads.

    Parameters
    ----------
    paths : path or list of path
        A sheet, a folder whose CSV files are sheets, or several of either; empty for none.

    Returns
    -------
    list of Path
        The sheets, those of a folder in the order of their names.

    Raises
    ------
    PolicylabError
        For a folder without sheets, and for what is no path.

    Examples
    --------
    >>> list_sheets("")
    []
    """
    files: list[Path] = []
    if isinstance(paths, str) and not paths:
        return files
    for path in [paths] if isinstance(paths, (str, os.PathLike)) else list(paths):
        if path and os.path.isdir(path):
            found = sorted(file for file in Path(path).iterdir() if file.suffix.lower() == ".csv")
            if not found:
                raise PolicylabError(f"{path} has no CSV file. Put the coded sheets there, saved as CSV.")
            files += found
        else:
            files.append(find_datafile(path))
    return files


def _read_sheet(path, check, seen):
    """The coded rows of one sheet, {column: text}."""
    records = read_records(path, PAIR, [*TEXTS, *FILLED])
    # A row without a grade was not coded, whatever else it holds.
    rows = [
        (row, {name: cells.get(name) for name in (*_CODED, *TEXTS)})
        for row, cells in records.rows
        if cells.get("grade")
    ]
    problems = records.problems + _check_rows(rows, check, seen, str(path))
    if not rows and not problems:
        problems = [Problem(1, "grade", "no row has a grade. Write 0, 1 and 2, or take the sheet away.")]
    refuse(path, sorted(problems, key=lambda problem: problem.row))
    return [cells for _, cells in rows]


def _check_rows(rows, check, seen, source):
    """The problems of coded rows, (row, {column: text or None}); gives every row its coder and kind of coder.

    `seen` collects {(pair, coder): where it was coded} over all sources.
    """
    problems = check_records(rows, PAIR, check=check) + _fill_coders(rows) + _fill_kinds(rows)
    for row, cells in rows:
        key = tuple(cells[name] for name in (*PAIR, "coder"))
        if None not in key and key in seen:
            before, where = seen[key]
            what = f"{cells['coder']} coded this pair in row {where}{'' if before == source else f' of {before}'} too"
            problems.append(Problem(row, None, f"{what}. Keep one."))
        seen.setdefault(key, (source, row))
    return problems


def _fill_coders(rows):
    names = list(dict.fromkeys(cells["coder"] for _, cells in rows if cells["coder"]))
    for _, cells in rows:
        cells["coder"] = cells["coder"] or (names[0] if len(names) == 1 else None)
    blank = [row for row, cells in rows if cells["coder"] is None]
    if names:
        remedy = "Write which of the coders coded this pair."
    else:
        remedy, blank = "Write who coded; one row is enough where one coder coded all.", blank[:1]
    return [Problem(row, "coder", f"the cell is blank. {remedy}") for row in blank]


def _fill_kinds(rows):
    problems = []
    for coder in dict.fromkeys(cells["coder"] for _, cells in rows):
        own, kinds = [(row, cells) for row, cells in rows if cells["coder"] == coder], {}
        given = [(row, cells["coder_kind"]) for row, cells in own if cells["coder_kind"]]
        for row, kind in given:
            if kind.lower() in _KINDS:
                kinds.setdefault(_KINDS[kind.lower()], row)
            else:
                problems.append(Problem(row, "coder_kind", f"{kind!r} is unknown. Write person (人) or model (模型)."))
        if len(kinds) > 1:
            where = " and ".join(f"{kind} in row {row}" for kind, row in kinds.items())
            problems.append(Problem(own[0][0], "coder_kind", f"{coder} is {where}. Keep one."))
        if not given and coder:
            what = f"nothing says whether {coder} is a person or a model"
            problems.append(Problem(own[0][0], "coder_kind", f"{what}. Write person (人) or model (模型)."))
        for _, cells in own:
            cells["coder_kind"] = next(iter(kinds), None)
    return problems


def read_grade(text: str) -> int | None:
    """0, 1 or 2; None for anything else. Digits in full width and 1.0 count too.

    >>> [read_grade(text) for text in ("1", "２", "2.0", "3", "是", "nan")]
    [1, 2, 2, None, None, None]
    """
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number in _GRADES else None


def _make_check(pairs: pd.DataFrame, texts: pd.DataFrame | None = None) -> Callable[[dict], Iterable[tuple[str, str]]]:
    """A check of one coded row, for check_records; with `texts` (read_texts) of the texts in it as well."""
    keys = list(zip(*(pairs[name].map(_read_cell) for name in PAIR), strict=True))
    known = dict.fromkeys(keys) if texts is None else dict(zip(keys, texts[TEXTS].to_dict("records"), strict=True))
    ids = {name: str(pairs[name].iloc[0]) for name in ("document_id", "reference_id")}
    ordinals = {"task": {key[1] for key in keys}, "reference_task": {key[3] for key in keys}}

    def check(cells):
        if read_grade(cells["grade"]) is None:
            yield "grade", f"{cells['grade']!r} is no grade. Write 0 (none), 1 (partial) or 2 (direct)."
        key = tuple(cells[name] for name in PAIR)
        if None in key:
            return
        if key in known:
            yield from _compare_texts(cells, known[key] or {})
            return
        wrong = [name for name in ids if cells[name] != ids[name]]
        for name in wrong:
            yield name, f"{cells[name]!r} is not {ids[name]}, which is aligned here. Correct it, or take the row out."
        for name, own in (("task", "document_id"), ("reference_task", "reference_id")):
            if own not in wrong and cells[name] not in ordinals[name]:
                yield (
                    name,
                    f"{cells[name]!r} is no task of {ids[own]} in the alignment. Correct it, or take the row out.",
                )

    return check


def _compare_texts(cells, texts):
    """What of the texts in a row is not that of the tasks which it names; a column that was taken out says nothing."""
    for name, text in texts.items():
        found, known = ("".join((part or "").split())[:_COMPARED] for part in (cells[name], text))
        if found and known and SequenceMatcher(None, found, known, autojunk=False).ratio() < _ALIKE:
            task = "reference_task" if name.startswith("reference_") else "task"
            what = f"{found[:20]!r} is not that of {task} {cells[task]}, {known[:20]!r}"
            yield name, f"{what}. Were columns sorted apart? Restore the rows; sort whole rows only."


def _make_table(rows):
    table = pd.DataFrame([[cells[name] for name in _CODED] for cells in rows], columns=_CODED)
    table["grade"] = [read_grade(text) for text in table["grade"]]
    return table.astype({"task": "int64", "reference_task": "int64", "grade": "int64"} if rows else {})
