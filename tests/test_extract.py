"""Files from strangers: what cannot or must not be read is refused with one message, and the next file is read all the same."""

import io
import os
import stat
import sys
import threading
import zipfile

import pytest

from policylab.base import archive
from policylab.base.errors import PolicylabError
from policylab.intake import recognise
from policylab.intake.extract import RECOGNISED, extract

TEXT = "一、重点任务\n推进数字校园建设。\n"


def write(path, content):
    path.write_bytes(content)
    return path


def pack(members, compression=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as container:
        for name, content in members.items():
            container.writestr(name, content)
    return packed.getvalue()


def refusal(path, **limits):
    with pytest.raises(PolicylabError) as caught:
        extract(path, **limits)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5hkscs"])
def test_text_in_any_chinese_encoding(tmp_path, encoding):
    text = TEXT if encoding != "big5hkscs" else "一、重點任務\n推進數字校園建設，加強管理，完善機制，落實責任。\n"
    [found] = extract(write(tmp_path / "a.txt", text.replace("\n", "\r\n").encode(encoding)))
    assert found.text == text


def test_members_of_archives_have_their_names(tmp_path):
    inner = pack({"内.txt": TEXT, "更深.zip": pack({"a.txt": TEXT})})
    packed = bytearray(pack({"XX.txt": TEXT, "内/b.zip": inner, "__MACOSX/._a": b"\0", "c.png": b"\x89PNG\r\n"}))
    # As a zip program on Chinese Windows writes it: GBK, without saying so.
    packed = bytes(packed).replace(b"XX.txt", "中".encode("gbk") + b".txt")
    found = extract(write(tmp_path / "a.zip", packed))
    assert [(one.name, one.text) for one in found] == [
        ("中.txt", TEXT),
        ("内/b.zip/内.txt", TEXT),
        ("内/b.zip/更深.zip", ""),
        ("c.png", ""),
    ]
    assert found[2].notes == ("the file is an archive in an archive in an archive. Unpack it, and give the folder",)
    assert found[3].notes == (
        "the file is a picture. Make its pages searchable by OCR (for instance: ocrmypdf -l chi_sim scan.pdf text.pdf), and give the"
        " PDF",
    )


def test_members_that_lead_outside_are_not_read(tmp_path):
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as container:
        container.writestr(link, "/etc/passwd")
        for name in ("../a.txt", "/etc/a.txt", "C:\\a.txt", "b\x1b[31m.txt"):
            container.writestr(name, TEXT)
    found = extract(write(tmp_path / "a.zip", packed.getvalue()))
    assert [(one.name, one.notes) for one in found] == [
        ("link.txt", ("the member link.txt is a link to another file",)),
        ("../a.txt", ("the member ../a.txt has a name that leads out of the archive",)),
        ("/etc/a.txt", ("the member /etc/a.txt has a name that leads out of the archive",)),
        ("C:/a.txt", ("the member C:/a.txt has a name that leads out of the archive",)),
        ("b�[31m.txt", ()),
    ]


def test_bombs_are_not_unpacked(tmp_path, monkeypatch):
    bomb = pack({"word/document.xml": b" " * (archive.SMALL_MEMBER + 1)})
    assert refusal(write(tmp_path / "a.docx", bomb)) == (
        "a.docx: the member word/document.xml is packed more than 300 times, as only a zip bomb is."
    )
    monkeypatch.setattr(archive, "MOST_MEMBERS", 1)
    with pytest.raises(PolicylabError) as caught, archive.open_archive(pack({"a": b"", "b": b""})):
        pass
    assert str(caught.value) == "the archive has 2 members, more than 1. Unpack it yourself, and give the folder"
    monkeypatch.undo()
    monkeypatch.setattr(archive, "MOST_UNPACKED", 2**20)
    with archive.open_archive(pack({"a": b"a" * 600_000, "b": b"b" * 600_000})) as opened:
        opened.read(opened.members[0])
        with pytest.raises(PolicylabError) as caught:
            opened.read(opened.members[1])
    assert str(caught.value) == "the archive is larger than 1 MB unpacked. Unpack it yourself, and give the folder"


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("a.txt", b"", "a.txt: the file is empty."),
        ("a.zip", pack({"a.txt": TEXT})[:60], "a.zip: the archive is damaged or cut off. Get the file again."),
        ("a.rar", b"Rar!\x1a\x07\x01\x00", "a.rar: the file is a RAR archive. Unpack it, and give the folder."),
        (
            "a.ofd",
            pack({"OFD.xml": "x"}),
            "a.ofd: the file is an OFD document. Open it in an OFD reader, and save it as PDF.",
        ),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "a.doc: the file is encrypted. Open it with its password, and save it without one.",
        ),
        (
            "a.txt",
            pack({"xl/workbook.xml": "x"}),
            "a.txt: the file is an Excel workbook. Give it by itself as a table with one document a row, or save the document as"
            " .docx.",
        ),
        (
            "a.docx",
            pack({"word/document.xml": "<a>"}),
            "a.docx: the Word document is damaged: word/document.xml is no XML. Open it in Word, and save it again.",
        ),
    ],
)
def test_what_is_no_document_is_named(tmp_path, name, content, message):
    assert refusal(write(tmp_path / name, content)) == message


def test_names_are_shown_without_control_characters(tmp_path):
    if os.name == "nt":
        pytest.skip("no such names on Windows")
    assert refusal(write(tmp_path / "a\x1b[2J\n.txt", b"")) == "a�[2J�.txt: the file is empty."


def test_a_missing_file_a_folder_and_a_pipe(tmp_path):
    assert refusal(tmp_path / "a.txt") == "a.txt: the file cannot be read: No such file or directory."
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.txt")
        assert refusal(tmp_path / "pipe.txt") == "pipe.txt: this is no file but a device, a pipe or a folder."


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not limit the memory of a process")
def test_a_file_that_takes_too_much_memory_is_stopped(tmp_path):
    deep = pack(
        {"word/document.xml": "<w:document xmlns:w='w'><w:body>" + "<w:p/>" * 2_000_000 + "</w:body></w:document>"}
    )
    path = write(tmp_path / "a.docx", deep)
    assert (
        refusal(path, memory=200)
        == "a.docx: reading it takes more than 200 MB of memory. Divide it, or save it as text."
    )
    assert extract(write(tmp_path / "b.txt", TEXT.encode()))[0].text == TEXT


def test_a_file_that_takes_too_long_is_stopped(tmp_path):
    path = write(
        tmp_path / "a.docx",
        pack(
            {"word/document.xml": "<w:document xmlns:w='w'><w:body>" + "<w:p/>" * 2_000_000 + "</w:body></w:document>"}
        ),
    )
    assert (
        refusal(path, seconds=0.05)
        == "a.docx: reading it took more than 0.05 seconds and was stopped. Divide it, or save it as text."
    )
    assert extract(write(tmp_path / "b.txt", TEXT.encode()))[0].text == TEXT


def test_what_stands_too_deep_inside_each_other_is_refused(tmp_path):
    table = "<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000
    path = write(
        tmp_path / "a.docx",
        pack({"word/document.xml": f"<w:document xmlns:w='w'><w:body>{table}</w:body></w:document>"}),
    )
    assert (
        refusal(path) == "a.docx: the Word document is refused: its tables and boxes stand too deep inside each other."
    )
    assert refusal(write(tmp_path / "b.html", ("<div>" * 5000 + "<p>推进建设。</p>").encode())) == (
        "b.html: the file is refused: what it holds stands too deep inside each other."
    )


def test_marks_that_were_never_closed_do_no_harm(tmp_path):
    page = write(tmp_path / "a.html", "".join(f"<p><font><font>第{i}项任务。" for i in range(400)).encode())
    assert extract(page)[0].text.splitlines() == [f"第{i}项任务。" for i in range(400)]


def test_threads_share_the_reader(tmp_path):
    paths = [write(tmp_path / f"{i}.txt", f"第{i}份文件。\n".encode()) for i in range(8)]
    found = {}
    threads = [threading.Thread(target=lambda p=path: found.update({p: extract(p)[0].text})) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[path] for path in paths] == [f"第{i}份文件。\n" for i in range(8)]


def test_a_module_among_the_files_is_not_run(tmp_path, monkeypatch):
    from policylab.intake import extract as module

    monkeypatch.chdir(tmp_path)
    write(tmp_path / "json.py", b"raise SystemExit")
    module._READERS.stop()
    assert extract(write(tmp_path / "a.txt", TEXT.encode()))[0].text == TEXT


def test_a_reader_that_is_stopped_leaves_nothing_behind(tmp_path):
    from policylab.intake import extract as module

    extract(write(tmp_path / "a.txt", TEXT.encode()))
    folder = module._READERS._folder
    assert os.path.isdir(folder)
    module._READERS.stop()
    assert not os.path.exists(folder)


def test_old_files_need_libreoffice(tmp_path, monkeypatch):
    from policylab.intake import office

    monkeypatch.setattr(office, "find_libreoffice", lambda: None)
    old = b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le")
    for data, name, what in (
        (old, "a.doc", "an old Word document"),
        (old, "a.wps", "a WPS document"),
        (b"{\\rtf1 a}", "a.rtf", "an RTF file"),
    ):
        with pytest.raises(PolicylabError) as caught:
            recognise.choose_reader(data, name)(data)
        assert str(caught.value) == (
            f"the file is {what}, which is read where LibreOffice is installed. Install it, or save the file as .docx"
        )


def test_every_ending_that_is_recognised_is_lower_case():
    assert all(ending == ending.lower() and ending.startswith(".") for ending in RECOGNISED)
