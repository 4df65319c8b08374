"""The dictionaries that ship as data: domain terms and concepts, each word with its reason; and how one term is told from another.

They read files of your own as well, and report everything that is wrong with one at once.
"""

import hashlib
import os
import re
import unicodedata
import warnings
from functools import cache

import pandas as pd

from policylab.base.columns import need_columns
from policylab.base.csvrows import Problem
from policylab.base.datafile import Records, check_records, find_datafile, read_records, read_rows, refuse
from policylab.base.decoding import decode
from policylab.base.errors import PolicylabError, PolicylabWarning, list_problems
from policylab.base.paths import CONCEPTS, STOPWORDS, TERMS

_TEXT_FILES = (".txt", ".dict")  # one word a line

HAN = "\u4e00-\u9fd5"  # characters that an engine makes words of
# A line of a user dictionary in jieba's format: a word, perhaps a frequency, perhaps a part of speech (n, nz, nrfg). Wi-Fi 6
# and smart app look like one too, so a word without Chinese characters needs both.
_USER_LINE = re.compile(
    rf"(?P<chinese>(?:\S.*)?[{HAN}]\S*)(?:\s+\d+)?(?:\s+[a-z]{{1,4}})?|(?P<other>\S.*?)\s+\d+\s+[a-z]{{1,4}}"
)
# Words that somebody joined on one line. 1,3-丁二烯 is one word, and so are 一师一优课、一课一名师 and 百年大计，教育为本.
JOINED = re.compile(r"[^\W\d][,;；]\w|\w[,;；][^\W\d]")
_CHINESE_BLANK = re.compile(rf"[{HAN}]\s+[{HAN}]")
# Blanks that typesetting puts between Chinese characters and anything else, or leaves out.
_TYPESET_BLANK = re.compile(rf"(?<=[{HAN}])\s+(?=[^\s{HAN}])|(?<=[^\s{HAN}])\s+(?=[{HAN}])")
_EXAMPLES = 3  # entries that a note names


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
        `term`, `canonical` (the form under which it is counted: a synonym, the full name; missing: itself), `category`,
        `gloss_en`, `reason`; missing where a cell is blank.

    Raises
    ------
    PolicylabError
        One message with all problems of the file: row, column, value and remedy.

    Notes
    -----
    Letter case, full-width forms and blanks beside Chinese characters do not tell terms apart: AI素养 is also found as
    ＡＩ素养 and as ai 素养. A blank between letters or digits (Wi-Fi 6) must be there, of any width.

    A canonical form need not have a row; it is then a term as well. It cannot be a variant of another: where AI is counted
    as 人工智能, nothing is counted as AI.

    In a text file a number, and one to four lower-case letters, behind a word with Chinese characters are jieba's frequency
    and part of speech, and ignored. Behind a word without any they belong to the term (Wi-Fi 6, smart app) unless both are
    there (AI 3 nz). A PolicylabWarning counts the terms that were read with a blank. It also mentions CRLF line ends and
    another encoding than UTF-8.

    Examples
    --------
    >>> load_terms().set_index("term").loc["网络学习空间", "gloss_en"]
    'online learning space'
    """
    return _load(path, TERMS, "term", (), ("canonical", "category", "gloss_en", "reason"), check_canonical)


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
        if is_text_file(path):
            entries = [line for line in read_text(path)[0].splitlines() if line.strip()]
        else:
            _, entries, problems, _ = read_rows(path)
            refuse(path, problems)
        rows.append((path.name, len(entries), hashlib.sha256(path.read_bytes()).hexdigest()))
    return pd.DataFrame(rows, columns=["file", "n_entries", "sha256"])


def check_terms(terms):
    """{term: the form under which it is counted} for a list or for a table with a column term, sorted; canonical forms are terms.

    Raises PolicylabError for unusable terms, and for canonical forms that are variants themselves.

    >>> check_terms(["数字校园", "智慧校园", "数字校园"])
    {'数字校园': '数字校园', '智慧校园': '智慧校园'}
    >>> check_terms(pd.DataFrame({"term": ["AI", "5G"], "canonical": ["人工智能", None]}))
    {'5G': '5G', 'AI': '人工智能', '人工智能': '人工智能'}
    """
    canonical = None
    if isinstance(terms, pd.DataFrame):
        if "term" not in terms:
            raise PolicylabError(f"The table of terms has no column term. It has {', '.join(map(str, terms.columns))}.")
        canonical = terms["canonical"].tolist() if "canonical" in terms else None
        terms = terms["term"]
    if isinstance(terms, str):
        raise PolicylabError(f"terms={terms!r} is one string. Give a list of terms, or load_terms(path) for a file.")
    if not hasattr(terms, "__iter__"):
        raise PolicylabError(f"terms={terms!r}: expected a list of terms, or a table with a column term.")
    terms = list(terms)
    canonical = [name if isinstance(name, str) and name else None for name in canonical or [None] * len(terms)]
    problems = [f"{term!r}: {fault}" for term in terms if (fault := _find_fault(term))]
    problems += [f"{name!r}: {fault}" for name in canonical if name and (fault := _find_fault(name))]
    if not problems:
        records = [(term, {"term": term, "canonical": name}) for term, name in dict.fromkeys(zip(terms, canonical))]
        problems = [f"{problem.row!r}: {problem.text}" for problem in check_canonical(records, "term")]
    if problems:
        raise PolicylabError(list_problems(f"{len(problems)} of {len(terms)} terms cannot be used:", problems))
    pairs = {term: name or term for term, name in zip(terms, canonical)}
    listed = {fold_term(term): term for term in pairs}
    pairs = {term: listed.get(fold_term(name), name) for term, name in pairs.items()}
    return dict(sorted((pairs | {name: name for name in pairs.values()}).items()))


def fold_term(term: str) -> str:
    """A term without what does not tell terms apart: case, full-width forms, blanks beside Chinese characters.

    >>> fold_term("ＡＩ 素养"), fold_term("Wi-Fi　6")
    ('ai素养', 'wi-fi 6')
    """
    return _TYPESET_BLANK.sub("", " ".join("".join(map(fold_character, term)).split()))


@cache
def fold_character(character: str) -> str:
    """A character as terms are compared: half as wide, in lower case; always one character.

    >>> fold_character("Ａ"), fold_character("网")
    ('a', '网')
    """
    if character.isspace():
        return character if character == "\n" else " "
    narrow = chr(ord(character) - 0xFEE0) if "！" <= character <= "～" else character
    lower = narrow.lower()
    return lower if len(lower) == 1 and character < "\U00010000" else narrow


def check_canonical(records, unit="row"):
    """The problems of (row, {term, canonical}) records: terms that nothing tells apart, canonical forms that are variants."""
    first, problems = {}, []
    for row, cells in records:
        if not isinstance(cells["term"], str):
            continue
        key = fold_term(cells["term"])
        if key not in first:
            first[key] = row, cells
        elif (other := first[key][1]["term"]) != cells["term"]:
            what = f"only case, width or blanks tell {cells['term']!r} from {other!r} ({unit} {first[key][0]})"
            problems.append(Problem(row, "term", f"{what}, which texts mix. Keep one."))
        elif unit == "term" and cells["canonical"] != first[key][1]["canonical"]:  # other messages have it already
            problems.append(Problem(row, "canonical", "it has several canonical forms. Keep one."))
    for row, cells in first.values():
        found = first.get(fold_term(cells["canonical"] or ""))
        if not found or found[0] == row:
            continue
        further = found[1]["canonical"]
        if further and fold_term(further) != fold_term(cells["canonical"]):
            what = f"{cells['canonical']!r} is itself counted as {further!r} ({unit} {found[0]})"
            problems.append(Problem(row, "canonical", f"{what}. Give both the one form that is to be counted."))
    return problems


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
        for column in (key, "canonical"):
            if cells.get(column) is not None and (fault := _find_fault(cells[column])):
                yield column, f"{cells[column]!r}: {fault}"

    return check


def _find_fault(term):
    if not isinstance(term, str) or not term.strip():
        return "it is no text. Write a term, or drop the entry."
    if "《" in term or "》" in term:
        return "it holds a title mark. Write the term without it."
    if term != term.strip() or len(term.splitlines()) > 1 or "\t" in term:
        return "it holds a line break or a tab, or begins or ends with a blank. Write the term without it."
    if _CHINESE_BLANK.search(term):
        return "a blank divides Chinese characters. Write the term without it, or each of several terms by itself."
    if hidden := [character for character in term if unicodedata.category(character) in ("Cc", "Cf")]:
        return f"it holds the invisible character U+{ord(hidden[0]):04X}. Delete it, or type the term again."
    return None


def _load(path, shipped, key, needed, optional, check_all=None):
    path = find_datafile(path, shipped)
    needed, unit = [key, *needed], "line" if is_text_file(path) else "row"
    if is_text_file(path):
        if len(needed) > 1:
            named = " and ".join(needed)
            raise PolicylabError(f"{path}: a text file has terms only. Give a CSV file with the columns {named}.")
        records, blanks = _read_lines(path, key)
    else:
        records, blanks = read_records(path, needed, optional), []
    rows = [(row, {name: cells.get(name) for name in (*needed, *optional)}) for row, cells in records.rows]
    problems = records.problems
    problems += check_records(rows, needed, key=[key], check=_check_word(key), unit=unit)
    problems += check_all(rows, unit) if check_all else []
    refuse(path, sorted(problems, key=lambda problem: problem.row), unit)
    if not rows:
        raise PolicylabError(f"{path} holds no word. Add one {unit} for each.")
    notes = list_notes(path, records.note)
    if blanks:
        notes.append(name_entries(blanks, "term has a blank in it", "terms have a blank in them"))
    if notes:
        warnings.warn(f"{path}: {' and '.join(notes)}. It was read all the same.", PolicylabWarning, stacklevel=3)
    columns = [*needed, *optional]
    return pd.DataFrame([[cells[name] for name in columns] for _, cells in rows], columns=columns, dtype="str")


def is_text_file(path):
    """Whether a dictionary has one word a line, and not the rows of a CSV file."""
    return path.suffix.lower() in _TEXT_FILES


def list_notes(path, note):
    """What to note of a file that was read: `note` on its encoding, and CRLF."""
    return [text for text in (note, "its lines end in CRLF" if b"\r\n" in path.read_bytes() else None) if text]


def name_entries(entries, one, many):
    """How many entries something is true of, with the first of them.

    >>> name_entries(["的", "了"], "word is repeated", "words are repeated")
    "2 words are repeated: '的', '了'"
    """
    shown = ", ".join(map(repr, entries[:_EXAMPLES])) + (" …" if len(entries) > _EXAMPLES else "")
    return f"{len(entries)} {one if len(entries) == 1 else many}: {shown}"


def read_text(path):
    """(text, note on its encoding) of a dictionary with one word a line."""
    if not os.path.isfile(path):
        raise PolicylabError(
            f"There is no file {path.absolute()}. Give the path of a CSV file, or of a text file with one word a line."
        )
    try:
        text, _, note = decode(path.read_bytes())
    except PolicylabError as error:
        raise PolicylabError(f"{path} cannot be read: {error}. Save it as plain text in UTF-8.") from None
    return text, note


def _read_lines(path, key):
    """(the Records of a text file with one term a line, terms with a blank)."""
    text, note = read_text(path)
    records, problems, blanks = [], [], []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        found = _USER_LINE.fullmatch(line)
        term = (found["chinese"] or found["other"]) if found else line
        if JOINED.search(term):
            remedy = "Write one word a line; a word that holds a comma or a semicolon goes into a CSV file, in double quotes."
            problems.append(Problem(number, None, f"{line!r} is more than one word. {remedy}"))
        elif term:
            records.append((number, {key: term}))
            if len(term.split()) > 1:
                blanks.append(term)
    return Records(records, problems, note), blanks
