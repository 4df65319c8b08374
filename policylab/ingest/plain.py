"""Plain text and Markdown."""

from policylab.base.decoding import decode
from policylab.ingest.extracted import Extract


def read_plain(data: bytes) -> Extract:
    """The text of a file in UTF-8, UTF-16, GB18030 or Big5; only its line ends are made uniform."""
    decoded = decode(data)
    lines = decoded.text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    text = "\n".join([line.rstrip() for line in lines]).strip("\n") + "\n"
    return Extract("", text, (), {}, (decoded.note,) if decoded.note else ())
