"""The dictionaries that ship as data: domain terms, stop words and concepts, each word with its reason.

A reader of one's own files as well: a mistake in one is answered with file, row, value and what to do, all at once.
"""

import hashlib
import os
import re
import unicodedata
import warnings
from pathlib import Path

import pandas as pd

from policylab.base.columns import need_columns
from policylab.base.datafile import check_cells, check_header, check_key, make_records, read_rows, read_table, refuse
from policylab.base.decoding import decode
from policylab.base.errors import PolicylabError, PolicylabWarning
from policylab.base.paths import CONCEPTS, STOPWORDS, TERMS

_TEXT_FILES = (".txt", ".dict")  # one word a line

# A line of a user dictionary in jieba's format: a word, perhaps a frequency, perhaps a part of speech (n, nz, nrfg).
_USER_LINE = re.compile(r"(\S+)(?:[ \t]+\d+)?(?:[ \t]+[a-z]{1,4})?")
# Words that somebody joined on one line. 1,3-丁二烯 is one word, and so are 一师一优课、一课一名师 and 百年大计，教育为本.
_JOINED = re.compile(r"[^\W\d][,;；]\w|\w[,;；][^\W\d]")
_UNUSABLE = re.compile(r"[\s《》]")


def load_terms(path=None):
    """The domain terms that the segmenter keeps whole.

    A row is a term: `term`, `category`, `gloss_en`, `reason`. `path` is a CSV of one's own (only the column term must be
    filled), or a text file (.txt, .dict) with one term a line, as jieba's user dictionaries are; frequencies and parts of
    speech in it are read over, because every term is obeyed. One to four lower-case letters behind a blank are taken for a
    part of speech: `smart app` is read as smart. No term holds a blank. A file with a byte order mark, with CRLF line ends
    or in another encoding is read with a PolicylabWarning that says so.

    Raises PolicylabError with all problems of the file: row, value and remedy.

    >>> load_terms().set_index("term").loc["网络学习空间", "gloss_en"]
    'online learning space'
    """
    return _load(TERMS if path is None else path, "term", (), ("category", "gloss_en", "reason"))


def load_stopwords(path=None):
    """The words that lists of terms leave out; counts and denominators keep them.

    A row is a stop word: `word`, `reason`. Files of one's own and errors as in load_terms.

    >>> stopwords = load_stopwords().set_index("word")
    >>> stopwords.loc["的", "reason"]
    'structural particle'
    """
    return _load(STOPWORDS if path is None else path, "word", (), ("reason",))


def load_concepts(path=None):
    """The concepts by which a plan is read, each with the terms that stand for it.

    A row is a term: `term`, `concept`, `concept_en`, `reason`. A term belongs to one concept only, so that shares add up
    to one. The concepts follow the sections that the plans divide themselves into. `path` is a CSV with term and concept
    filled. Errors as in load_terms, and for a text file, which cannot say what concept a term stands for.

    >>> load_concepts().groupby("concept", sort=False).size().head(3).to_dict()
    {'基础设施': 24, '数字资源': 23, '公共服务体系': 11}
    """
    return _load(CONCEPTS if path is None else path, "term", ("concept",), ("concept_en", "reason"))


def list_dictionaries(*paths):
    """What the numbers depend on besides the texts: one row a dictionary with `file`, `n_entries` and `sha256` of its bytes.

    Without `paths` it describes the three dictionaries that ship. An entry is what the loaders read: a filled row of a CSV
    below its header, a filled line of a text file.

    Raises PolicylabError for a path that leads to no file, and for a file that cannot be read.

    >>> list_dictionaries()["file"].tolist()
    ['terms.csv', 'stopwords.csv', 'concepts.csv']
    """
    rows = []
    for path in map(_check_path, paths or (TERMS, STOPWORDS, CONCEPTS)):
        if _is_text_file(path):
            entries, problems = _read_lines(path, "word")
        else:
            _, entries, problems = read_rows(read_table(path))
        refuse(path, problems)
        rows.append((path.name, len(entries), hashlib.sha256(path.read_bytes()).hexdigest()))
    return pd.DataFrame(rows, columns=["file", "n_entries", "sha256"])


def check_terms(terms):
    """The distinct terms of a list or of a table with a column term, sorted; raises PolicylabError for unusable ones.

    >>> check_terms(["数字校园", "智慧校园", "数字校园"])
    ['数字校园', '智慧校园']
    """
    if isinstance(terms, pd.DataFrame):
        if "term" not in terms:
            raise PolicylabError(f"The table of terms has no column term. It has {', '.join(map(str, terms.columns))}.")
        terms = terms["term"]
    if isinstance(terms, str):
        raise PolicylabError(f"terms={terms!r} is one string. Give a list of terms, or load_terms(path) for a file.")
    if not hasattr(terms, "__iter__"):
        raise PolicylabError(f"terms={terms!r}: expected a list of terms, or a table with a column term.")
    terms = list(terms)
    problems = [f"  {term!r}: {fault}" for term in terms if (fault := _find_fault(term))]
    if problems:
        raise PolicylabError("\n".join([f"{len(problems)} of {len(terms)} terms cannot be used:", *problems]))
    return sorted(set(terms))


def check_concepts(concepts):
    """The table of concepts as it is; raises PolicylabError with all that keeps its terms from being counted.

    A row is a term: `term`, `concept`. Blank cells, terms that stand there twice and those that check_terms refuses are
    told by the label of their row in the index of the table.

    >>> check_concepts(pd.DataFrame({"term": ["平台", "平台"], "concept": ["资源", "服务"]}))
    Traceback (most recent call last):
    policylab.base.errors.PolicylabError: The table concepts has 1 problem:
      row 1, column term: '平台' already stands in row 0. Keep one.
    """
    columns = ["term", "concept"]
    need_columns(concepts, columns, "concepts")
    if concepts.empty:
        raise PolicylabError("The table concepts has no row. Add one for each term.")
    cells = concepts[columns].astype(object)
    cells = cells.where(cells.notna() & (cells != ""), None)
    refuse("The table concepts", _find_problems(list(zip(cells.index, cells.to_dict("records"))), *columns))
    return concepts


def _find_problems(records, key, *needed):
    """What is wrong with the cells of (row, {column: text or None}) records, in the order of the rows."""
    problems = [problem for row, cells in records for problem in check_cells(row, cells, (key, *needed), {}, key)]
    problems += [
        f"row {row}, column {key}: {cells[key]!r}: {fault}"
        for row, cells in records
        if cells[key] is not None and (fault := _find_fault(cells[key]))
    ]
    return sorted(problems + check_key(records, key), key=_line_number)


def _find_fault(term):
    if not isinstance(term, str) or not term:
        return "it is no text. Write a term, or drop the entry."
    if found := _UNUSABLE.search(term):
        what = "a title mark" if found.group() in "《》" else "white space"
        return f"it holds {what}. Write the term without it."
    if hidden := [character for character in term if unicodedata.category(character) in ("Cc", "Cf")]:
        return f"it holds the invisible character U+{ord(hidden[0]):04X}. Delete it, or type the term anew."
    return None


def _load(path, key, needed, optional):
    path = _check_path(path)
    columns = [key, *needed, *optional]
    if _is_text_file(path):
        if needed:
            named = " and ".join([key, *needed])
            raise PolicylabError(f"{path}: a text file has terms only. Give a CSV file with the columns {named}.")
        records, problems = _read_lines(path, key)
        unit = "line"
    else:
        header, rows, problems = read_rows(read_table(path))
        unit, records = "row", []
        problems = problems or check_header(header, (key, *needed), columns)
        if not problems:
            records, problems = make_records(header, rows)
    problems += [problem.replace("row ", f"{unit} ") for problem in _find_problems(records, key, *needed)]
    refuse(path, sorted(problems, key=_line_number))
    if not records:
        raise PolicylabError(f"{path} holds no word. Add one {unit} for each.")
    _warn(path)
    return pd.DataFrame([[cells.get(name) for name in columns] for _, cells in records], columns=columns, dtype="str")


def _check_path(path):
    if not isinstance(path, (str, os.PathLike)) or not os.fspath(path):
        what = "empty" if isinstance(path, str) else f"of the type {type(path).__name__}"
        raise PolicylabError(
            f"path is {what}: expected the path of a file. Leave it out for the dictionary that ships."
        )
    path = Path(path)
    if path.is_dir():
        raise PolicylabError(f"{path} is a folder. Give the path of a file in it.")
    return path


def _is_text_file(path):
    return path.suffix.lower() in _TEXT_FILES


def _line_number(problem):
    found = re.search(r"\d+", problem)
    return int(found.group()) if found else 0


def _read_lines(path, key):
    if not path.is_file():
        raise PolicylabError(
            f"There is no file {path.absolute()}. Give the path of a CSV file, or of a text file with one word a line."
        )
    try:
        text = decode(path.read_bytes()).text
    except PolicylabError as error:
        raise PolicylabError(f"{path} cannot be read: {error}. Save it as plain text in UTF-8.") from None
    records, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        found = _USER_LINE.fullmatch(line)
        if found and _JOINED.search(found.group(1)):
            remedy = "Write one word a line; a word that holds a comma or a semicolon goes into a CSV file, in double quotes."
            problems.append(f"line {number}: {line!r} is more than one word. {remedy}")
        elif found:
            records.append((number, {key: found.group(1)}))
        elif line:
            remedy = "Write one word without blanks, optionally a frequency and a part of speech (one to four lower-case letters)."
            problems.append(f"line {number}: {line!r} is no entry. {remedy}")
    return records, problems


def _warn(path):
    data = path.read_bytes()
    notes = [note for note in (decode(data).note, "its lines end in CRLF" if b"\r\n" in data else None) if note]
    if notes:
        warnings.warn(f"{path}: {' and '.join(notes)}. It was read all the same.", PolicylabWarning, stacklevel=4)
