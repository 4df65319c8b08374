"""Files to text: decodes what ministries' web sites and office programs leave behind, and says how."""

from typing import NamedTuple

from policylab.errors import PolicylabError

# Characters that stand in no document: control characters, private use, the replacement mark.
_IMPOSSIBLE = frozenset(map(chr, [*range(9), *range(14, 32), 127, 0xFFFD]))


class Text(NamedTuple):
    text: str
    encoding: str
    note: str | None  # what a reader should know: another encoding than UTF-8, or a byte order mark


def decode(data):
    """Decode the bytes of a document: UTF-8, with or without byte order mark, UTF-16 or GB18030.

    Line ends stay as they are, so that offsets lead back to the file. Raises PolicylabError if the bytes are empty or are
    no text.

    >>> decode("工作要点".encode("gb18030")).note
    'it is encoded in GB18030, not UTF-8'
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise PolicylabError("the file is empty")
    if data.startswith(b"\xef\xbb\xbf"):
        return Text(_try(data, "utf-8-sig"), "utf-8-sig", "it begins with a byte order mark")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Text(_try(data, "utf-16"), "utf-16", "it is encoded in UTF-16, not UTF-8")
    # UTF-16 without mark: nearly every other byte of its blanks, digits and line ends is zero.
    guesses = ("utf-16-le", "utf-16-be") if b"\x00" in data else ("utf-8", "gb18030")
    for encoding in guesses:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_plausible(text):
            named = "UTF-16" if encoding.startswith("utf-16") else encoding.upper()
            return Text(text, encoding, None if encoding == "utf-8" else f"it is encoded in {named}, not UTF-8")
    raise PolicylabError("the file is no text in UTF-8, UTF-16 or GB18030")


def _try(data, encoding):
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\x00"
    if not _is_plausible(text):
        raise PolicylabError("the file is no text in UTF-8, UTF-16 or GB18030")
    return text


def _is_plausible(text):
    """A wrong guess shows in control characters, or in private and rare characters where common ones should be."""
    if _IMPOSSIBLE.intersection(text):
        return False
    strange = sum("\ue000" <= c <= "\uf8ff" or c > "\uffff" for c in text)
    return strange * 20 <= len(text)


def read_text(path):
    """The decoded text of one file; all start and end columns count its characters from 0."""
    return decode(path.read_bytes()).text
