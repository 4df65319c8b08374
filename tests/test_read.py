"""Encodings that corpora from ministries' sites and Chinese office programs come in."""

import pytest

from policylab.base.decoding import decode, read_text
from policylab.base.errors import PolicylabError

TEXT = "2019年教育信息化工作要点\r\n一、工作思路\n"


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (TEXT.encode("utf-8"), None),
        (TEXT.encode("utf-8-sig"), None),
        (TEXT.encode("utf-16"), "it is encoded in UTF-16, not UTF-8"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "it is encoded in UTF-16, not UTF-8"),
        (TEXT.encode("utf-16-le"), "it is encoded in UTF-16, not UTF-8"),
        (TEXT.encode("utf-16-be"), "it is encoded in UTF-16, not UTF-8"),
        (TEXT.encode("gb18030"), "it is encoded in GB18030, not UTF-8"),
    ],
)
def test_text_comes_out_the_same_and_other_encodings_are_named(data, note):
    assert decode(data)[::2] == (TEXT, note)


def test_ascii_text_in_utf_16_does_not_come_out_as_chinese():
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode("document_id,file\na,b.txt".encode(encoding)).text == "document_id,file\na,b.txt"


@pytest.mark.parametrize("data", [b"", b"\n \r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_refused(data):
    with pytest.raises(PolicylabError, match="^the file is empty$"):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00",
        bytes(range(256)),
        b"\xef\xbb\xbf\xff\xfe\xfd",
    ],
    ids=["png", "all bytes", "broken after its mark"],
)
def test_a_binary_file_is_refused(data):
    with pytest.raises(PolicylabError, match="^the file is no text in UTF-8, UTF-16, GB18030 or Big5$"):
        decode(data)


def test_line_ends_stay_so_that_offsets_lead_back(tmp_path):
    path = tmp_path / "文件.txt"
    path.write_bytes(TEXT.encode("utf-8"))
    assert read_text(path) == TEXT
