"""The dictionaries that ship as data: domain terms, stop words and concepts, each word with its reason.

A reader of one's own files as well: a mistake in one is answered with file, row, value and what to do, all at once.
"""

import hashlib
import re
import warnings
from pathlib import Path

import pandas as pd

from policylab.corpus.read import decode
from policylab.datafile import check_cells, check_header, check_key, make_records, read_rows, read_table, refuse
from policylab.errors import PolicylabError, PolicylabWarning
from policylab.paths import DATA

LEXICON = DATA / "lexicon"
TERMS = LEXICON / "terms.csv"
STOPWORDS = LEXICON / "stopwords.csv"
CONCEPTS = LEXICON / "concepts.csv"

# A line of a user dictionary in jieba's format: a word, perhaps a frequency, perhaps a part of speech (n, nz, nrfg).
_USER_LINE = re.compile(r"(\S+)(?:[ \t]+\d+)?(?:[ \t]+[a-z]{1,4})?")
_UNUSABLE = re.compile(r"[\s《》]")


def load_terms(path=None):
    """The domain terms that the segmenter keeps whole.

    A row is a term: `term`, `category`, `gloss_en`, `reason`. `path` is a CSV of one's own (only the column term must be
    filled), or a text file with one term a line, as jieba's user dictionaries are; frequencies and parts of speech in it
    are read over, because every term is obeyed. One to four lower-case letters behind a blank are taken for a part of
    speech: `smart app` is read as smart. No term holds a blank. A file with a byte order mark, with CRLF line ends or in
    another encoding is read with a PolicylabWarning that says so.

    Raises PolicylabError with all problems of the file: row, value and remedy.

    >>> load_terms().set_index("term").loc["网络学习空间", "gloss_en"]
    'online learning space'
    """
    return _load(path or TERMS, "term", (), ("category", "gloss_en", "reason"))


def load_stopwords(path=None):
    """The words that lists of terms leave out; counts and denominators keep them.

    A row is a stop word: `word`, `reason`. Files of one's own and errors as in load_terms.

    >>> stopwords = load_stopwords().set_index("word")
    >>> stopwords.loc["的", "reason"]
    'structural particle'
    """
    return _load(path or STOPWORDS, "word", (), ("reason",))


def load_concepts(path=None):
    """The concepts by which a plan is read, each with the terms that stand for it.

    A row is a term: `term`, `concept`, `concept_en`, `reason`. A term belongs to one concept only, so that shares add up
    to one. The concepts follow the sections that the plans divide themselves into. Errors as in load_terms.

    >>> load_concepts().groupby("concept", sort=False).size().head(3).to_dict()
    {'基础设施': 24, '数字资源': 23, '公共服务体系': 11}
    """
    return _load(path or CONCEPTS, "term", ("concept",), ("concept_en", "reason"))


def describe_lexicon(*paths):
    """What the numbers depend on besides the texts: one row a dictionary with `file`, `n_entries` and `sha256` of its bytes.

    Without `paths` it describes the three dictionaries that ship.

    >>> describe_lexicon()["file"].tolist()
    ['terms.csv', 'stopwords.csv', 'concepts.csv']
    """
    rows = []
    for path in map(Path, paths or (TERMS, STOPWORDS, CONCEPTS)):
        data = path.read_bytes()
        filled = [line for line in decode(data).text.splitlines() if line.strip()]
        rows.append((path.name, len(filled) - (path.suffix != ".txt"), hashlib.sha256(data).hexdigest()))
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
    terms = list(terms)
    problems = [f"  {term!r}: {fault}" for term in terms if (fault := _find_fault(term))]
    if problems:
        raise PolicylabError("\n".join([f"{len(problems)} of {len(terms)} terms cannot be used:", *problems]))
    return sorted(set(terms))


def _find_fault(term):
    if not isinstance(term, str) or not term:
        return "it is no text. Write a term, or drop the entry."
    if found := _UNUSABLE.search(term):
        what = "a title mark" if found.group() in "《》" else "white space"
        return f"it holds {what}. Write the term without it."
    return None


def _load(path, key, needed, optional):
    path = Path(path)
    if path.suffix == ".txt":
        records, problems = _read_lines(path, key)
        unit, columns = "line", [key, *needed, *optional]
    else:
        header, rows, problems = read_rows(read_table(path))
        unit, columns, records = "row", [key, *needed, *optional], []
        problems = problems or check_header(header, (key, *needed), columns)
        if not problems:
            records, problems = make_records(header, rows)
        for row, cells in records:
            problems += check_cells(row, cells, (key, *needed), {}, key)
    problems += [
        f"{unit} {row}, column {key}: {cells[key]!r}: {fault}"
        for row, cells in records
        if cells[key] and (fault := _find_fault(cells[key]))
    ]
    problems += [problem.replace("row ", f"{unit} ") for problem in check_key(records, key)]
    refuse(path, sorted(problems, key=_line_number))
    if not records:
        raise PolicylabError(f"{path} holds no word. Add one {unit} for each.")
    _warn(path)
    return pd.DataFrame([[cells.get(name) for name in columns] for _, cells in records], columns=columns, dtype="str")


def _line_number(problem):
    found = re.search(r"\d+", problem)
    return int(found.group()) if found else 0


def _read_lines(path, key):
    if not path.is_file():
        raise PolicylabError(
            f"There is no file {path}. Give the path of a CSV file, or of a text file with one word a line."
        )
    try:
        text = decode(path.read_bytes()).text
    except PolicylabError as error:
        raise PolicylabError(f"{path} cannot be read: {error}. Save it as plain text in UTF-8.") from None
    records, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        found = _USER_LINE.fullmatch(line)
        if found:
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
