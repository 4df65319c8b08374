"""Stop words: the list that ships, and lists of other people as they are published.

Such lists (of 哈工大, 百度, 川大 …) hold marks, repetitions and much else that no text has as a word. None of it does harm, so it is
counted in one note and keeps no list from being read.
"""

import os
import re
import unicodedata
import warnings
from collections.abc import Iterable

import pandas as pd

from policylab.base.datafile import find_datafile, read_records, refuse
from policylab.base.errors import PolicylabError, PolicylabWarning, list_problems
from policylab.base.paths import STOPWORDS
from policylab.words.lexicon import JOINED, fold_term, is_text_file, list_notes, name_entries, read_text

_FREQUENCY = re.compile(r"(\S+)\s+\d+(?:\s+[a-z]{1,4})?")  # jieba's: a word, its frequency, perhaps a part of speech
_SYMBOL = re.compile(r"[^\w.&'’@·-]")  # what is in no word beside letters and digits

# What is noted of entries, in this order.
_REMARKS = {
    "repeated": ("entry is repeated and counts once", "entries are repeated and count once"),
    "hidden": ("line held invisible characters", "lines held invisible characters"),
    "several": (
        "line holds several words, each of which was taken",
        "lines hold several words, each of which was taken",
    ),
    "blank": ("row has no word", "rows have no word"),
    "mark": (
        "entry has neither letter nor digit (marks never count as words)",
        "entries have neither letter nor digit (marks never count as words)",
    ),
    "symbol": (
        "entry mixes letters or digits with symbols, at which texts are cut",
        "entries mix letters or digits with symbols, at which texts are cut",
    ),
    "exact": (
        "entry has capitals or full-width letters and is compared exactly as written",
        "entries have capitals or full-width letters and are compared exactly as written",
    ),
}


def load_stopwords(
    path: str | os.PathLike | None = None, *, add: str | os.PathLike | Iterable[str] | None = None
) -> pd.DataFrame:
    """Load the words that lists of terms leave out, though counts and denominators keep them: one row is a stop word.

    Parameters
    ----------
    path : path, optional
        A CSV file with the column word, or a text file (.txt, .dict) with one word a line. By default the list that ships.
    add : path or list of str, optional
        Words that come on top: those of another such file, or the given ones.

    Returns
    -------
    DataFrame
        `word`, `reason`; missing where a cell is blank. Every word once.

    Raises
    ------
    PolicylabError
        If there is no such file, it is no text or no table, or it holds no word.

    Notes
    -----
    Published lists are read as they are. One PolicylabWarning says with counts and examples what was found in a file besides
    words: repetitions, marks, symbols, several words in a line, capitals, another encoding. A word is compared with the
    words of a text exactly as it is written.

    Examples
    --------
    >>> stopwords = load_stopwords().set_index("word")
    >>> stopwords.loc["的", "reason"]
    'structural particle'
    >>> len(load_stopwords(add=["信息化"])) - len(stopwords)
    1
    """
    table = _read(path)
    if add is None:
        return table
    if isinstance(add, (str, os.PathLike)):
        more = _read(add)
    else:
        words = _check_list(add)
        more = pd.DataFrame({"word": words, "reason": None}, dtype="str")
    return pd.concat([table, more]).drop_duplicates("word", ignore_index=True)


def list_stopwords(stopwords: Iterable[str] | pd.DataFrame | None = None) -> frozenset[str]:
    """The words of a stop list, which may be a list or a table with a column word; None is the one that ships.

    >>> sorted(list_stopwords(["的", "和"])), len(list_stopwords()) > 100
    (['和', '的'], True)
    """
    stopwords = load_stopwords() if stopwords is None else stopwords
    return frozenset(stopwords["word"] if isinstance(stopwords, pd.DataFrame) else stopwords)


def _check_list(words):
    if not hasattr(words, "__iter__"):
        raise PolicylabError(f"add={words!r}: expected the path of a file, or a list of words.")
    words = list(words)
    if problems := [f"{word!r}: it is no word. Write one, or drop it." for word in words if not _is_word(word)]:
        raise PolicylabError(list_problems(f"{len(problems)} of {len(words)} stop words cannot be used:", problems))
    return words


def _is_word(word):
    return isinstance(word, str) and bool(word.strip())


def _read(path):
    path = find_datafile(path, STOPWORDS)
    remarks = {name: [] for name in _REMARKS}
    if is_text_file(path):
        text, note = read_text(path)
        entries = [(word, None) for line in text.splitlines() for word in _split_line(line, remarks)]
    else:
        records = read_records(path, ["word"], ["reason"])
        refuse(path, records.problems)
        note, entries = records.note, []
        for row, cells in records.rows:
            word = _take_out_hidden(cells["word"] or "", remarks).strip()
            entries += [(word, cells.get("reason"))] if word else []
            remarks["blank"] += [] if word else [f"row {row}"]
    words = {}
    for word, reason in entries:
        if word in words:
            remarks["repeated"].append(word)
        words.setdefault(word, reason)
    if not any(any(map(str.isalnum, word)) for word in words):
        raise PolicylabError(f"{path} holds no word. Add one {'line' if is_text_file(path) else 'row'} for each.")
    for word in words:
        if not any(map(str.isalnum, word)):
            remarks["mark"].append(word)
        elif _SYMBOL.search("".join(word.split())):
            remarks["symbol"].append(word)
        elif fold_term(word) != word and len(word.split()) == 1:
            remarks["exact"].append(word)
    _warn(path, list_notes(path, note), remarks)
    return pd.DataFrame(list(words.items()), columns=["word", "reason"], dtype="str")


def _split_line(line, remarks):
    """The words of a line, mostly one."""
    line = _take_out_hidden(line, remarks).strip()
    found = _FREQUENCY.fullmatch(line)
    word = found[1] if found else line
    words = re.split(r"[,;；]", word) if JOINED.search(word) else [word]
    words = [part for word in words for part in word.split()]
    if len(words) > 1:
        remarks["several"].append(line)
    return words


def _take_out_hidden(text, remarks):
    visible = "".join(c for c in text if c == "\t" or unicodedata.category(c) not in ("Cc", "Cf"))
    if visible != text:
        remarks["hidden"].append(visible.strip() or "nothing else")
    return visible


def _warn(path, notes, remarks):
    """One warning with all that is to be noted of a file; none if there is nothing."""
    lines = [name_entries(remarks[name], one, many) for name, (one, many) in _REMARKS.items() if remarks[name]]
    if not lines:
        text = f"{path}: {' and '.join(notes)}. It was read all the same." if notes else ""
    else:
        text = list_problems(f"{path} was read, with these remarks:", [*notes, *lines])
    if text:
        warnings.warn(text, PolicylabWarning, stacklevel=4)
