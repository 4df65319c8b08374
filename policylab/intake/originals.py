"""The files of a source: which of them are read, which are refused, and why."""

import hashlib
import os
import unicodedata
from pathlib import Path
from typing import NamedTuple

from policylab.base.errors import PolicylabError
from policylab.intake.studyfolder import TEXTS

# What systems and office programs leave in folders; no document of anybody.
_IGNORED = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_IGNORED_BEGINS = (".", "~$", "._")
_LEADS_OUT = "it is a link that leads out of the source. Copy what it leads to into the folder."
_LEADS_NOWHERE = "it is a link to something that does not exist."
_SAME_NAME = "two files have this name, which differ only in how its characters are stored. Rename one of them."
_NO_FILE = "it is no file but a device, a pipe or a socket."


class Original(NamedTuple):
    """A file to be read, by the way that leads to it from the study, which no other file has, and by its path in the source."""

    place: str
    name: str
    path: Path


class Refused(NamedTuple):
    """A file that is not read, and why."""

    place: str
    reason: str


def list_originals(source: Path, study: Path) -> tuple[list[Original], list[Refused]]:
    """The files of a folder, or the one file that the source is, the outermost first, then by name; `study` is passed over.

    Files that systems hide or leave behind (names that begin with . or ~$, Thumbs.db) are passed over too. A link is
    followed only to a file within the source.

    Raises
    ------
    PolicylabError
        If there is no such file or folder, the source is the study itself, or it may not be read.
    """
    if source.is_file():
        return [Original(_lead(source, study), readable(source.name), source)], []
    if not source.is_dir():
        raise PolicylabError(f"There is no file or folder {source}. Give the path of what is to be read.")
    inside, leave = source.resolve(), study.resolve()
    if inside == leave or inside.is_relative_to(leave / TEXTS):
        raise PolicylabError(f"The study {study} cannot be read into itself. Give another folder for --out.")
    originals, refused, places = [], [], set()

    def refuse_folder(error):
        if Path(error.filename) == source:
            raise PolicylabError(f"The folder {source} cannot be read: {error.strerror}.") from error
        refused.append(Refused(_lead(Path(error.filename), study), f"the folder cannot be read: {error.strerror}."))

    for folder, folders, files in os.walk(source, onerror=refuse_folder):
        for name in [name for name in folders if _is_ignored(name) or (Path(folder) / name).resolve() == leave]:
            folders.remove(name)
        for name in sorted(files) + [name for name in folders if os.path.islink(Path(folder) / name)]:
            path = Path(folder) / name
            if _is_ignored(name):
                continue
            place = _lead(path, study)
            if path.is_symlink() and not path.exists():
                refused.append(Refused(place, _LEADS_NOWHERE))
            elif path.is_symlink() and not path.resolve().is_relative_to(inside):
                refused.append(Refused(place, _LEADS_OUT))
            elif not path.is_file() and not path.is_dir():  # opening a pipe would wait for ever
                refused.append(Refused(place, _NO_FILE))
            elif place in places:
                refused.append(Refused(place, _SAME_NAME))
            elif not path.is_dir() and not path.is_symlink():  # what a link within the source leads to is read itself
                places.add(place)
                originals.append(Original(place, readable(path.relative_to(source).as_posix()), path))
    # The outermost first, so that of two files of one name it is the copy in a folder that gets another id.
    return sorted(originals, key=lambda one: (one.name.count("/"), one.name)), sorted(refused)


def _lead(path, study):
    """The way from the study to a file; on Windows there may be none, from one drive to another."""
    try:
        return readable(Path(os.path.relpath(path, study)).as_posix())
    except ValueError:
        return readable(path.absolute().as_posix())


def hash_file(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def readable(name: str) -> str:
    """A file's name as it can be written: composed characters, no control characters, GBK where the system knew no better.

    >>> readable("报告\\x07.txt")
    '报告�.txt'
    """
    if any("\udc80" <= character <= "\udcff" for character in name):
        data = os.fsencode(name)
        try:
            name = data.decode("utf-8")  # where the system's own encoding is another, as with LANG=C
        except UnicodeDecodeError:
            name = data.decode("gb18030", errors="replace")
    name = unicodedata.normalize("NFC", name)
    return "".join("\ufffd" if unicodedata.category(character) in ("Cc", "Cs") else character for character in name)


def _is_ignored(name):
    return name.startswith(_IGNORED_BEGINS) or name.casefold() in _IGNORED
