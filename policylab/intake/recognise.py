"""What kind of file it is: by its contents first, by its ending second."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from policylab.base.archive import open_archive
from policylab.base.errors import PolicylabError
from policylab.base.tablefile import TABLE_ENDINGS
from policylab.intake.extracted import Extract

RECOGNISED = (
    ".txt", ".md", ".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".mht", ".pdf", ".docx", ".docm", ".doc", ".wps", ".rtf", ".odt", ".zip",
)  # fmt: skip
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<meta\s|<title[\s>]", re.IGNORECASE)
_HTML_ENDING = re.compile(r"\.(?:x?html?|shtml|jsp|aspx?|php)$", re.IGNORECASE)
_TAG = re.compile(r"<(?:p|div|br|span|table|td|a|font|center|h[1-6])[\s/>]", re.IGNORECASE)
_FRAGMENT = 4  # tags that make a text a page; chosen by judgement
_MHTML = re.compile(
    rb"(?:^|\n)(?:MIME-Version:|Content-Type:\s*multipart/related|Snapshot-Content-Location:)", re.IGNORECASE
)
_OCR = "Make its pages searchable by OCR (for instance: ocrmypdf -l chi_sim scan.pdf text.pdf), and give the PDF"
_MARK_BOM = b"\xef\xbb\xbf"

# What else is found in folders of documents, by its first bytes: what it is, and what to do.
_OTHERS = {
    b"\x89PNG": ("a picture", _OCR),
    b"\xff\xd8\xff": ("a picture", _OCR),
    b"GIF8": ("a picture", _OCR),
    b"BM": ("a picture", _OCR),
    b"II*\x00": ("a picture", _OCR),
    b"MM\x00*": ("a picture", _OCR),
    b"Rar!": ("a RAR archive", "Unpack it, and give the folder"),
    b"7z\xbc\xaf": ("a 7-Zip archive", "Unpack it, and give the folder"),
    b"\x1f\x8b": ("a gzip archive", "Unpack it, and give the folder"),
    b"CAJ": ("a CAJ file", "Open it in CAJViewer, and print it to PDF"),
    b"HN\x00": ("a CAJ file", "Open it in CAJViewer, and print it to PDF"),
    b"KDH": ("a KDH file", "Open it in CAJViewer, and print it to PDF"),
    b"PAR1": ("a Parquet table", "Give it by itself as a table with one document a row"),
}
_TABLE = "Give it by itself as a table with one document a row, or save the document as .docx"


def choose_reader(data: bytes, name: str) -> Callable[[bytes], Extract] | str:
    """The reader of a file, or "zip" for an archive of files.

    Raises
    ------
    PolicylabError
        If the file is of a kind that is not read; the message begins with "the file is".
    """
    head = data[:4096]
    if not data.strip(b"\x00 \t\r\n"):
        raise PolicylabError("the file is empty")
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _choose_in_container(data)
    if b"%PDF-" in head[:1024]:
        from policylab.intake.pdf import read_pdf

        return read_pdf
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _choose_in_compound(data, name)
    if head.lstrip(_MARK_BOM + b" \r\n").startswith(b"{\\rtf"):
        return _read_by_libreoffice(".rtf", "an RTF file")
    for begins, (what, remedy) in _OTHERS.items():
        if head.startswith(begins) and (len(begins) > 2 or 0 in head):
            raise PolicylabError(f"the file is {what}. {remedy}")
    return _choose_among_texts(data, name)


def _choose_among_texts(data, name):
    from policylab.intake.plain import read_plain
    from policylab.intake.webpage import read_mhtml, read_webpage

    head = data[:4096]
    ending = PurePosixPath(name).suffix.lower()
    if ending in TABLE_ENDINGS:
        raise PolicylabError(f"the file is a table. {_TABLE}")
    if len(_MHTML.findall(head)) > 1 or (ending in (".mhtml", ".mht") and _MHTML.search(head)):
        return read_mhtml
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    plain = head.replace(b"\x00", b"") if wide else head
    if b'progid="Word.Document"' in plain or b"<w:wordDocument" in plain:
        return _read_by_libreoffice(".xml", "a Word document in XML")
    tags = len(_TAG.findall(data[:65536].decode("latin-1")))
    # A fragment of a page may be called .txt; a mark or two may stand in Markdown.
    fragment = tags >= _FRAGMENT and ending not in (".md", ".markdown")
    if _HTML.search(plain) or fragment or (tags and _HTML_ENDING.search(name)):
        return read_webpage
    return read_plain


def _choose_in_container(data):
    from policylab.intake.docx import read_docx

    with open_archive(data) as archive:
        names = {member.name for member in archive.members}
        kind = archive.find("mimetype")
        kind = archive.read(kind)[:100] if kind and kind.size < 1000 else b""
    if any(name.startswith("word/") and name.endswith(".xml") for name in names):
        return read_docx
    if any(name.startswith("xl/") for name in names):
        raise PolicylabError(f"the file is an Excel workbook. {_TABLE}")
    if any(name.startswith("ppt/") for name in names):
        raise PolicylabError("the file is a presentation. Save it as PDF")
    if b"opendocument.text" in kind:
        return _read_by_libreoffice(".odt", "an OpenDocument text")
    if b"opendocument" in kind:
        raise PolicylabError("the file is an OpenDocument file that holds no text document. Save it as .docx or PDF")
    if b"epub" in kind:
        raise PolicylabError("the file is an e-book (EPUB). Save its text as .docx or .html")
    if "OFD.xml" in names:
        raise PolicylabError("the file is an OFD document. Open it in an OFD reader, and save it as PDF")
    return "zip"


def _choose_in_compound(data, name):
    """Word, Excel and WPS before 2007, and encrypted files of later ones, are all compound files; a stream's name tells."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise PolicylabError("the file is encrypted. Open it with its password, and save it without one")
    if "WordDocument".encode("utf-16-le") in data:
        wps = name.lower().endswith(".wps")
        return _read_by_libreoffice(".doc", "a WPS document" if wps else "an old Word document")
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        raise PolicylabError(f"the file is an old Excel workbook. {_TABLE}")
    if "PowerPoint".encode("utf-16-le") in data:
        raise PolicylabError("the file is an old presentation. Save it as PDF")
    return _read_by_libreoffice(".wps" if name.lower().endswith(".wps") else ".doc", "an old office document")


def _read_by_libreoffice(ending, what):
    def read(data):
        from policylab.intake.office import read_office

        return read_office(data, ending, what)

    return read
