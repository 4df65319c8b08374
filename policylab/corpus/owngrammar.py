"""The grammar.toml beside a catalog: the habits of one corpus, added to the grammar that ships.

Its entries are plain words with a few placeholders, not regular expressions: anybody can write one, and none can be slow
(docs/grammar.md). Each becomes a pattern of bounded length that is tried from the first character of a line.
"""

import os
import re
import tomllib
from pathlib import Path

from policylab.base.decoding import decode
from policylab.base.errors import PolicylabError, list_problems, shorten_value, suggest

FILE = "grammar.toml"
# What an entry is: the beginning of a line, a whole line, or a word. In the order in which docs/grammar.md explains them.
BEGINNING, LINE, WORD = "beginning", "line", "word"
ADDABLE = {
    "headings": dict.fromkeys(("book", "chapter", "division", "article", "part", "section", "task", "item"), BEGINNING),
    "architecture": {"contents": LINE, "box": BEGINNING},
    "front": dict.fromkeys(("letterhead", "number", "title", "addressees", "adoption", "speaker"), LINE),
    "back": {"colophon": BEGINNING, "attachment": LINE, "attachment_list": BEGINNING, "note": LINE},
    "furniture": {"line": LINE, "rest": BEGINNING, "page_number": LINE},
    "rows": dict.fromkeys(("title", "number", "issuer", "drawn_up", "published", "other"), WORD),
    "organs": {"ends": WORD},
    "kinds": dict.fromkeys(("plan", "report", "regulation", "standard", "notice"), WORD),
    "responsibility": dict.fromkeys(("duty", "office", "other"), WORD),
}
_PLAIN = ("rows", "organs")  # tables whose words the grammar sets into patterns itself
_PLACEHOLDERS = ("{n}", "{d}", "{any}")
_MARK = re.compile(r"(\{[^{}]*\}?|\})")
_ANY = "[^。]{0,40}"
_MOST_ANY = 2  # more would let a pattern try too many ways to divide a line
_LONGEST = 60  # characters of an entry
_DOCUMENT_DIGITS = "[0-9０-９]{1,6}"  # in document numbers {d} is a year, too


def read_own(catalog: str | os.PathLike | None) -> tuple:
    """The entries of the grammar.toml beside a catalog, as grammar.in_force takes them; empty where there is none.

    `catalog` is None for a corpus that was loaded from a DataFrame.

    Raises
    ------
    PolicylabError
        One message that lists every entry that cannot be used: where, what, and what to do.
    """
    if catalog is None:
        return ()
    path = Path(catalog).with_name(FILE)
    if not os.path.isfile(path):
        return ()
    toml, problems, added = _read_toml(path), [], []
    for table, keys in toml.items():
        if table not in ADDABLE:
            problems.append(f"[{table}] is unknown. {suggest(table, list(ADDABLE))}")
        elif not isinstance(keys, dict):
            problems.append(f"{table} is no table. Write [{table}], and below it a line such as {_example(table)}.")
        else:
            for key, entries in keys.items():
                added += _read_key(table, key, entries, problems)
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise PolicylabError(list_problems(f"{path} has {count}:", problems))
    return tuple(added)


def _read_toml(path):
    try:
        return tomllib.loads(decode(path.read_bytes()).text)
    except OSError as error:
        raise PolicylabError(f"{path} cannot be read: {error.strerror}.") from None
    except PolicylabError as error:
        raise PolicylabError(f"{path} cannot be read: {error}. Save it as plain text in UTF-8.") from None
    except RecursionError:
        raise PolicylabError(f"{path} cannot be read: it is nested too deeply.") from None
    except ValueError as error:
        raise PolicylabError(
            f"{path} cannot be read: {error}. docs/grammar.md has an example of every entry."
        ) from None


def _example(table):
    key = next(iter(ADDABLE[table]))
    return f'{key} = ["…"]'


def _read_key(table, key, entries, problems):
    place = f"[{table}] {key}"
    if key not in ADDABLE[table]:
        problems.append(f"{place} is unknown. {suggest(key, list(ADDABLE[table]))}")
        return []
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        problems.append(f'{place} is no list of texts. Write {key} = ["…", "…"].')
        return []
    patterns = []
    for i, entry in enumerate(entries, 1):
        if fault := _find_fault(entry, ADDABLE[table][key]):
            problems.append(f"{place}, entry {i}: {shorten_value(repr(entry))} {fault}")
        else:
            patterns.append(
                entry if ADDABLE[table][key] == WORD and table != "kinds" else _translate(entry, table, key)
            )
    return [(table, key, tuple(patterns))] if patterns else []


def _find_fault(entry, form):
    marks = _MARK.findall(entry)
    unknown = [mark for mark in marks if mark not in _PLACEHOLDERS]
    words = _MARK.sub("", entry).strip()
    if len(entry) > _LONGEST:
        return f"is longer than {_LONGEST} characters. Keep the words that all such lines share."
    if "\n" in entry:
        return "has two lines. Lines are read one by one: write the words of one."
    if form == WORD and (marks or not words):
        return "is no plain word. Write the word as the documents print it, without placeholders."
    if unknown:
        return f"has {unknown[0]}, which is no placeholder. There are {', '.join(_PLACEHOLDERS)}."
    if marks.count("{any}") > _MOST_ANY:
        return "has {any} more than twice. Write more of the words themselves."
    if not words:
        return "fits any line. Write at least one character that the lines share."
    return None


def _translate(entry, table, key):
    """The regular expression of an entry. {n} and {d} are left for the grammar to fill, which reads the ordinal there."""
    pieces = []
    for piece in _MARK.split(entry):
        if piece == "{any}":
            pieces.append(_ANY)
        elif piece in _PLACEHOLDERS:
            pieces.append(_DOCUMENT_DIGITS if (key, piece) == ("number", "{d}") else piece)
        else:
            # Blanks come and go in typesetting.
            pieces += [r"\s{0,4}" if part.isspace() else re.escape(part) for part in re.split(r"(\s+)", piece) if part]
    pattern = "".join(pieces)
    if (table, key) == ("front", "number"):
        pattern = re.sub(r"\\s\{0,4\}", "", pattern)  # numbers are matched without their blanks
        return f"[（(]?(?P<number>{pattern})[）)]?$"
    return pattern + "$" if ADDABLE[table][key] == LINE else pattern
