"""The dictionaries that ship as data: domain terms, stop words and concepts, each word with its reason.

They read files of your own as well, and report everything that is wrong with one at once.
"""

import hashlib
import os
import re
import unicodedata
import warnings
from collections.abc import Iterable

import pandas as pd

from policylab.base.columns import need_columns
from policylab.base.csvrows import Problem
from policylab.base.datafile import Records, check_records, find_datafile, read_records, read_rows, refuse
from policylab.base.decoding import decode
from policylab.base.errors import PolicylabError, PolicylabWarning, list_problems
from policylab.base.paths import CONCEPTS, STOPWORDS, TERMS

_TEXT_FILES = (".txt", ".dict")  # one word a line

# A line of a user dictionary in jieba's format: a word, perhaps a frequency, perhaps a part of speech (n, nz, nrfg).
_USER_LINE = re.compile(r"(\S+)(?:[ \t]+\d+)?(?:[ \t]+[a-z]{1,4})?")
# Words that somebody joined on one line. 1,3-丁二烯 is one word, and so are 一师一优课、一课一名师 and 百年大计，教育为本.
_JOINED = re.compile(r"[^\W\d][,;；]\w|\w[,;；][^\W\d]")
_UNUSABLE = re.compile(r"[\s《》]")


def load_terms(path: str | os.PathLike | None = None) -> pd.DataFrame:
    """Load the domain terms that the segmenter keeps whole: one row is a term.

    Parameters
    ----------
    path : path, optional
        A CSV file of your own, of which only the column term must be filled; or a text file (.txt, .dict) with one term a
        line, as jieba's user dictionaries are. By default the dictionary that ships.

    Returns
    -------
    DataFrame
        `term`, `category`, `gloss_en`, `reason`; missing where a cell is blank.

    Raises
    ------
    PolicylabError
        One message with all problems of the file: row, column, value and remedy.

    Notes
    -----
    Frequencies and parts of speech in a text file are ignored, because every term is obeyed. One to four lower-case letters
    behind a blank count as a part of speech: `smart app` is read as smart. No term holds a blank. A file with a byte order
    mark, with CRLF line ends or in another encoding than UTF-8 is read with a PolicylabWarning.

    Examples
    --------
    >>> load_terms().set_index("term").loc["网络学习空间", "gloss_en"]
    'online learning space'
    """
    return _load(path, TERMS, "term", (), ("category", "gloss_en", "reason"))


def load_stopwords(path: str | os.PathLike | None = None) -> pd.DataFrame:
    """Load the words that lists of terms leave out, though counts and denominators keep them: one row is a stop word.

    Parameters
    ----------
    path : path, optional
        A CSV file with the column word, or a text file, as in load_terms. By default the list that ships.

    Returns
    -------
    DataFrame
        `word`, `reason`; missing where a cell is blank.

    Raises
    ------
    PolicylabError
        As in load_terms.

    Examples
    --------
    >>> stopwords = load_stopwords().set_index("word")
    >>> stopwords.loc["的", "reason"]
    'structural particle'
    """
    return _load(path, STOPWORDS, "word", (), ("reason",))


def list_stopwords(stopwords: Iterable[str] | pd.DataFrame | None = None) -> frozenset[str]:
    """The words of a stop list, which may be a list or a table with a column word; None is the one that ships.

    >>> sorted(list_stopwords(["的", "和"])), len(list_stopwords()) > 100
    (['和', '的'], True)
    """
    stopwords = load_stopwords() if stopwords is None else stopwords
    return frozenset(stopwords["word"] if isinstance(stopwords, pd.DataFrame) else stopwords)


def load_concepts(path: str | os.PathLike | None = None) -> pd.DataFrame:
    """Load the concepts by which a plan is read, each with the terms that express it: one row is a term.

    Parameters
    ----------
    path : path, optional
        A CSV file of your own with term and concept filled. By default the list that ships.

    Returns
    -------
    DataFrame
        `term`, `concept`, `concept_en`, `reason`; the last two missing where a cell is blank.

    Raises
    ------
    PolicylabError
        As in load_terms; also for a text file, which cannot say to which concept a term belongs.

    Notes
    -----
    A term belongs to one concept only, so that shares add up to one. The concepts that ship follow the sections into which
    the plans divide themselves.

    Examples
    --------
    >>> load_concepts().groupby("concept", sort=False).size().head(3).to_dict()
    {'基础设施': 24, '数字资源': 23, '公共服务体系': 11}
    """
    return _load(path, CONCEPTS, "term", ("concept",), ("concept_en", "reason"))


def list_dictionaries(*paths: str | os.PathLike) -> pd.DataFrame:
    """List the dictionaries on which the numbers depend besides the texts: one row is a dictionary.

    Parameters
    ----------
    *paths : path
        Files as in load_terms. Without any, the three dictionaries that ship.

    Returns
    -------
    DataFrame
        `file`; `n_entries`, the filled rows of a CSV file below its header or the filled lines of a text file; `sha256` of
        the bytes.

    Raises
    ------
    PolicylabError
        If there is no such file, or it cannot be read.

    Examples
    --------
    >>> list_dictionaries()["file"].tolist()
    ['terms.csv', 'stopwords.csv', 'concepts.csv']
    """
    rows = []
    for path in map(find_datafile, paths or (TERMS, STOPWORDS, CONCEPTS)):
        if _is_text_file(path):
            entries, problems, _ = _read_lines(path, "word")
        else:
            _, entries, problems, _ = read_rows(path)
        refuse(path, problems, _name_unit(path))
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
    problems = [f"{term!r}: {fault}" for term in terms if (fault := _find_fault(term))]
    if problems:
        raise PolicylabError(list_problems(f"{len(problems)} of {len(terms)} terms cannot be used:", problems))
    return sorted(set(terms))


def check_concepts(concepts: pd.DataFrame) -> pd.DataFrame:
    """Return the table of concepts as it is; raise PolicylabError with all that keeps its terms from being counted.

    A row is a term: `term`, `concept`. Blank cells, repeated terms and those that check_terms refuses are named by the label
    of their row in the index of the table.

    Examples
    --------
    >>> check_concepts(pd.DataFrame({"term": ["平台", "平台"], "concept": ["资源", "服务"]}))
    Traceback (most recent call last):
    policylab.base.errors.PolicylabError: The table concepts has 1 problem:
      row 1, column term: '平台' is already in row 0. Keep one.
    """
    columns = ["term", "concept"]
    need_columns(concepts, columns, "concepts")
    if concepts.empty:
        raise PolicylabError("The table concepts has no row. Add one for each term.")
    cells = concepts[columns].astype(object)
    cells = cells.where(cells.notna() & (cells != ""), None)
    records = zip(cells.index, cells.to_dict("records"), strict=True)
    refuse("The table concepts", check_records(records, columns, key=["term"], check=_check_word("term")))
    return concepts


def _check_word(key):
    """A check of one record, for check_records."""

    def check(cells):
        if cells[key] is not None and (fault := _find_fault(cells[key])):
            yield key, f"{cells[key]!r}: {fault}"

    return check


def _find_fault(term):
    if not isinstance(term, str) or not term:
        return "it is no text. Write a term, or drop the entry."
    if found := _UNUSABLE.search(term):
        what = "a title mark" if found.group() in "《》" else "white space"
        return f"it holds {what}. Write the term without it."
    if hidden := [character for character in term if unicodedata.category(character) in ("Cc", "Cf")]:
        return f"it holds the invisible character U+{ord(hidden[0]):04X}. Delete it, or type the term again."
    return None


def _load(path, shipped, key, needed, optional):
    path = find_datafile(path, shipped)
    needed, unit = [key, *needed], _name_unit(path)
    if _is_text_file(path):
        if len(needed) > 1:
            named = " and ".join(needed)
            raise PolicylabError(f"{path}: a text file has terms only. Give a CSV file with the columns {named}.")
        records = _read_lines(path, key)
    else:
        records = read_records(path, needed, optional)
    problems = records.problems
    problems += check_records(records.rows, needed, key=[key], check=_check_word(key), unit=unit)
    refuse(path, sorted(problems, key=lambda problem: problem.row), unit)
    if not records.rows:
        raise PolicylabError(f"{path} holds no word. Add one {unit} for each.")
    notes = [note for note in (records.note, "its lines end in CRLF" if b"\r\n" in path.read_bytes() else None) if note]
    if notes:
        warnings.warn(f"{path}: {' and '.join(notes)}. It was read all the same.", PolicylabWarning, stacklevel=3)
    columns = [*needed, *optional]
    return pd.DataFrame(
        [[cells.get(name) for name in columns] for _, cells in records.rows], columns=columns, dtype="str"
    )


def _is_text_file(path):
    return path.suffix.lower() in _TEXT_FILES


def _name_unit(path):
    """What a word is in a file, for the messages."""
    return "line" if _is_text_file(path) else "row"


def _read_lines(path, key):
    """The Records of a text file with one word a line."""
    if not os.path.isfile(path):
        raise PolicylabError(
            f"There is no file {path.absolute()}. Give the path of a CSV file, or of a text file with one word a line."
        )
    try:
        text, _, note = decode(path.read_bytes())
    except PolicylabError as error:
        raise PolicylabError(f"{path} cannot be read: {error}. Save it as plain text in UTF-8.") from None
    records, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        found = _USER_LINE.fullmatch(line)
        if found and _JOINED.search(found.group(1)):
            remedy = "Write one word a line; a word that holds a comma or a semicolon goes into a CSV file, in double quotes."
            problems.append(Problem(number, None, f"{line!r} is more than one word. {remedy}"))
        elif found:
            records.append((number, {key: found.group(1)}))
        elif line:
            remedy = "Write one word without blanks, optionally a frequency and a part of speech (one to four lower-case letters)."
            problems.append(Problem(number, None, f"{line!r} is no entry. {remedy}"))
    return Records(records, problems, note)
