"""Plain text and Markdown."""

from policylab.base.decoding import decode
from policylab.intake.extracted import Extract


def read_plain(data: bytes) -> Extract:
    """The text of a file in UTF-8, UTF-16, GB18030 or Big5; only its line ends are made uniform."""
    decoded = decode(data)
    text = decoded.text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return Extract("", text if text.endswith("\n") else f"{text}\n", (), {}, (decoded.note,) if decoded.note else ())
