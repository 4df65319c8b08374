"""Zip containers from strangers (.zip, .docx, .xlsx): opened within limits, nothing is ever unpacked to disk."""

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from policylab.base.errors import PolicylabError

# A folder of ten thousand files fits; more in one archive is no collection that a person made.
MOST_MEMBERS = 20_000
# Text is small: a document.xml of 100 MB has some ten million characters. Pictures, which are not read, are not counted.
MOST_MEMBER = 200 * 2**20
MOST_UNPACKED = 2**30
# DEFLATE packs 1,032 bytes into one at best, which only a bomb comes near; XML that Word writes is packed 5 to 30 times. Small
# members may be packed better: they do no harm.
MOST_RATIO, SMALL_MEMBER = 300, 2**24
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_DRIVE = re.compile("[A-Za-z]:")


class Member(NamedTuple):
    """One file of an archive."""

    name: str  # with / between folders, decoded; characters that cannot be printed are replaced
    size: int  # bytes unpacked
    problem: str | None  # why it is not read: the words behind "the member"
    info: zipfile.ZipInfo


class Archive:
    """An open zip container. Made by open_archive; read() gives one member, within the limits of all taken together."""

    def __init__(self, container: zipfile.ZipFile):
        self._container = container
        self._left = MOST_UNPACKED
        self.members = [_describe(info) for info in container.infolist() if not info.is_dir()]

    def find(self, name: str) -> Member | None:
        """The member with this name; None if there is none."""
        return next((member for member in self.members if member.name == name), None)

    def read(self, member: Member) -> bytes:
        """The bytes of one member. Raises PolicylabError where it cannot or must not be read."""
        if member.problem:
            raise PolicylabError(f"the member {member.name} {member.problem}")
        if member.size > self._left:
            raise PolicylabError(
                f"the archive is larger than {MOST_UNPACKED // 2**20} MB unpacked. Unpack it yourself, and give the folder"
            )
        self._left -= member.size
        try:
            with self._container.open(member.info) as opened:
                return opened.read(member.size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise PolicylabError(f"the member {member.name} is damaged. Get the file again") from None


@contextmanager
def open_archive(data: bytes) -> Iterator[Archive]:
    """Open a zip container, given as bytes, for reading.

    Raises
    ------
    PolicylabError
        If it is damaged or has too many members. The message begins with "the archive".

    Examples
    --------
    >>> packed = io.BytesIO()
    >>> with zipfile.ZipFile(packed, "w") as container:
    ...     container.writestr("要点.txt", "工作要点")
    >>> with open_archive(packed.getvalue()) as archive:
    ...     [(member.name, archive.read(member).decode()) for member in archive.members]
    [('要点.txt', '工作要点')]
    """
    try:
        container = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, OverflowError):
        raise PolicylabError("the archive is damaged or cut off. Get the file again") from None
    with container:
        n = len(container.infolist())
        if n > MOST_MEMBERS:
            raise PolicylabError(
                f"the archive has {n:,} members, more than {MOST_MEMBERS:,}. Unpack it yourself, and give the folder"
            )
        yield Archive(container)


def _describe(info):
    name = _decode_name(info)
    return Member(show_name(name), info.file_size, _find_problem(name, info), info)


def _decode_name(info):
    """Names of zip programs on Chinese Windows are GBK without saying so, which Python reads as code page 437."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        data = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = data.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _find_problem(name, info):
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        return "has a name that leads out of the archive"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link to another file"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted. Save it without a password"
    if info.file_size > MOST_MEMBER:
        return f"is larger than {MOST_MEMBER // 2**20} MB unpacked"
    if info.file_size > SMALL_MEMBER and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        return f"is packed more than {MOST_RATIO} times, as only a zip bomb is"
    return None


def show_name(name: str) -> str:
    """A name of a file as it may be shown and written: characters that cannot be printed become �.

    Examples
    --------
    >>> show_name("a\\x1b[31m.txt")
    'a�[31m.txt'
    """
    return "".join(["�" if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" else c for c in name])
