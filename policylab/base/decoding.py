"""Files to text: decodes what ministries' web sites and office programs leave behind, and says how."""

import re
from pathlib import Path
from typing import NamedTuple

from policylab.base.errors import PolicylabError

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")
# What Chinese documents are made of. A wrong guess at the encoding shows in other scripts and rare characters.
_ORDINARY = re.compile(
    r"[\t\n\v\f\r -~\x85\xa0-\u024f\u0370-\u04ff\u2000-\u2bff\u3000-\u33ff\u3400-\u9fff\uff00-\uffef]+"
)
_SAMPLED = (
    1 << 20
)  # bytes that tell Big5 from GB18030; of a table with the texts of thousands of documents a part is enough
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")

# What people put into a corpus folder by mistake, by the first bytes.
_FORMATS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a Word or Excel file, or another archive",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
}


class Text(NamedTuple):
    text: str
    encoding: str
    note: str | None  # what a reader should know: another encoding than UTF-8


def decode(data: bytes) -> Text:
    """Decode the bytes of a document or table: UTF-8, with or without byte order mark, UTF-16, GB18030 or Big5.

    Line ends stay as they are, so that offsets lead back to the file.

    Raises
    ------
    PolicylabError
        If the bytes are empty or are no text; the message begins with "the file is".

    Examples
    --------
    >>> decode("工作要点".encode("gb18030")).note
    'it is encoded in GB18030, not UTF-8'
    """
    for begins, name in _FORMATS.items():
        if data.startswith(begins):
            raise PolicylabError(f"the file is {name}")
    if data.startswith(b"\xef\xbb\xbf"):
        guesses = [("utf-8-sig", None)]  # Excel and Notepad write the mark: nothing to mention
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        guesses = [("utf-16", "it is encoded in UTF-16, not UTF-8")]
    elif 0 in data:
        _refuse_zero_bytes(data)
        # The zero is the upper half of a character: behind the other one (little-endian), or before it. Both must be tried
        # all the same, but the letters of one are Chinese characters to the other.
        names = ("utf-16-le", "utf-16-be") if data[1::2].count(0) >= data[::2].count(0) else ("utf-16-be", "utf-16-le")
        guesses = [(name, "it is encoded in UTF-16, not UTF-8") for name in names]
    else:
        others = [("gb18030", "it is encoded in GB18030, not UTF-8"), ("big5hkscs", "it is encoded in Big5, not UTF-8")]
        guesses = [("utf-8", None), *(reversed(others) if _looks_like_big5(data) else others)]
    for encoding, note in guesses:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.strip():
            raise PolicylabError("the file is empty")
        if _is_text(text, sure=encoding.startswith("utf-8")):
            return Text(text, encoding, note)
    raise PolicylabError("the file is no text in UTF-8, UTF-16, GB18030 or Big5")


def _looks_like_big5(data):
    """Whether bytes that are valid in both Big5 and GB18030 are Big5: characters in common use tell.

    The second byte of a character that simplified text uses is never below 0xA1 (GB 2312); in Big5 it often is.
    """
    pairs = _PAIR.findall(data, 0, _SAMPLED)
    return 10 * sum(pair[1] < 0x80 for pair in pairs) > len(pairs)


def _refuse_zero_bytes(data):
    """A zero byte in UTF-8 is damage. In UTF-16 every other byte of blanks, digits and line ends is zero, so there are many."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    if 4 * text.count("\x00") < len(text):
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise PolicylabError(f"the file is damaged: line {line} has a zero byte (NUL)")


def _is_text(text, sure):
    """Whether a decoded file is text. Bytes that are valid UTF-8 are sure not to be another encoding; others may be."""
    if sure:
        # A stray control character is what conversion from PDF leaves; a binary file is full of them.
        return "\x00" not in text and 100 * len(_CONTROL.findall(text)) <= len(text)
    ordinary = sum(found.end() - found.start() for found in _ORDINARY.finditer(text))
    return not _CONTROL.search(text) and 10 * ordinary >= 9 * len(text)


def read_text(path: Path) -> str:
    """The decoded text of one file; all start and end columns count its characters from 0."""
    return decode(path.read_bytes()).text
