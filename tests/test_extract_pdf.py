"""PDF files: paragraphs, columns, tables and pages from characters with places."""

import io

import pytest

from policylab.base.errors import PolicylabError
from policylab.intake.extract import Mark, extract

EM = 12  # points; a line of 30 characters is 360 wide
LEFT, RIGHT = 100, 460
SENTENCE = "全面推进数字校园建设与应用深化网络学习空间覆盖行动完善教育资源公共服务体系"


def write_pdf(path, pages, *, rules=()):
    """A PDF whose font is not embedded: each page a list of (x, y, text), y from the top of A4; rules (x0, y0, x1, y1)."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000"
        b"/FontDescriptor 5 0 R>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880/Descent -120"
        b"/CapHeight 880/StemV 93>>",
    ]
    kids = []
    for lines in pages:
        drawn = [f"BT /F {EM} Tf {x} {842 - y} Td <{text.encode('utf-16-be').hex()}> Tj ET" for x, y, text in lines]
        drawn += [f"{a} {842 - b} m {c} {842 - d} l S" for a, b, c, d in rules]
        content = "\n".join(drawn).encode()
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(content), content))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>"
            % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), b" ".join(kids))
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, 2)
    for i, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj%b\nendobj\n" % (i, content))
    xref = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines([b"%010d 00000 n \n" % place for place in places])
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, xref))
    path.write_bytes(out.getvalue())
    return path


def wrap(text, y, *, indent=2, width=30, left=LEFT, step=20):
    """The lines of a paragraph, and the height below it."""
    lines, start = [], 0
    while start < len(text):
        room = width - (indent if not start else 0)
        lines.append((left + (0 if start else indent * EM), y, text[start : start + room]))
        start, y = start + room, y + step
    return lines, y


def lay(paragraphs, y=120, **how):
    lines = []
    for text in paragraphs:
        more, y = wrap(text, y, **how)
        lines += more
    return lines


PARAGRAPHS = [f"（{n}）{SENTENCE}。" * 2 for n in "一二三"]


def test_wrapped_lines_are_paragraphs_over_pages(tmp_path):
    lines = lay(PARAGRAPHS)
    pages = [lines[:5], [(x, y - 100, text) for x, y, text in lines[5:]]]
    heads = [[(220, 60, "文件汇编"), *page, (270, 800, f"— {n} —")] for n, page in enumerate(pages, 1)]
    [found] = extract(write_pdf(tmp_path / "a.pdf", heads))
    assert found.text.splitlines() == PARAGRAPHS
    assert found.notes == ("left out as heads and feet of pages: 文件汇编 (2 pages), page numbers (2)",)
    assert found.marks == (Mark(1, "page", "1"), Mark(2, "page", "2"))


def test_two_columns_are_read_one_after_the_other(tmp_path):
    lines = lay(PARAGRAPHS, width=15, step=18)
    half = len(lines) // 2
    top = lines[half][1]
    right = [(x + 16.5 * EM, y - top + 120, text) for x, y, text in lines[half:]]
    [found] = extract(write_pdf(tmp_path / "a.pdf", [[(220, 80, "工作要点"), *lines[:half], *right]]))
    assert found.text.splitlines() == ["工作要点", *PARAGRAPHS]


def test_a_ruled_table_is_rows(tmp_path):
    rules = [(100, y, 400, y) for y in (200, 230, 280)] + [(x, 200, x, 280) for x in (100, 160, 400)]
    cells = [
        (105, 220, "序号"),
        (165, 220, "任务"),
        (105, 250, "一、"),
        (165, 250, "推进数字校园建设与"),
        (165, 270, "应用。"),
    ]
    lines = [(LEFT, 150, "任务分工如下。"), *cells, (LEFT, 320, "以上任务请落实。")]
    [found] = extract(write_pdf(tmp_path / "a.pdf", [lines], rules=rules))
    assert found.text.splitlines() == [
        "任务分工如下。",
        "| 序号 | 任务 |",
        "| 一、 | 推进数字校园建设与应用。 |",
        "以上任务请落实。",
    ]
    assert found.marks[-1] == Mark(2, "table", "1")


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_may_be_drawn_sideways(tmp_path, angle):
    import matplotlib.pyplot as plt
    from matplotlib.font_manager import FontProperties

    from policylab.plots.kit.style import find_font

    step = {90: (0.1, 0), 180: (0, 0.1), 270: (-0.1, 0)}[angle]
    figure = plt.figure(figsize=(6, 6))
    for i, n in enumerate("一二三"):
        x, y = 0.5 + i * step[0], 0.5 + i * step[1]
        text = f"（{n}）推进数字校园建设。"
        figure.text(
            x,
            y,
            text,
            rotation=angle,
            rotation_mode="anchor",
            ha="center",
            fontproperties=FontProperties(fname=find_font()),
        )
    with plt.rc_context({"pdf.fonttype": 42}):
        figure.savefig(tmp_path / "a.pdf")
    plt.close(figure)
    [found] = extract(tmp_path / "a.pdf")
    assert found.text.splitlines() == [
        "（一）推进数字校园建设。",
        "（二）推进数字校园建设。",
        "（三）推进数字校园建设。",
    ]


def test_a_hyphen_and_a_number_in_a_sentence_may_stand_at_the_edge(tmp_path):
    text = "研究预训练" + SENTENCE[:18] + "与预训练-微调范式；（1）" + SENTENCE[:21] + "；（2）" + SENTENCE + "。"
    lines = [*lay([SENTENCE * 2 + "。", text]), (LEFT + 2 * EM, 400, "（三）组织实施。")]
    cuts = [line[-1] for _, _, line in lines]
    assert "-" in cuts and any(text.startswith("（2）") for _, _, text in lines)
    [found] = extract(write_pdf(tmp_path / "a.pdf", [lines]))
    assert found.text.splitlines() == [SENTENCE * 2 + "。", text, "（三）组织实施。"]


def test_a_text_with_hardly_any_chinese_is_named(tmp_path):
    numbers = write_pdf(tmp_path / "a.pdf", [[(LEFT, 100 + 20 * i, "“”54 82.7 7.1% 2024") for i in range(20)]])
    assert extract(numbers)[0].notes == (
        "only 0 of 320 characters are Chinese: either the text is in another language, or the fonts of the PDF file do not say"
        " what they draw. Make its pages searchable by OCR, for instance with: ocrmypdf -l chi_sim scan.pdf text.pdf, with"
        " --force-ocr",
    )


def test_a_narrow_gap_behind_the_number_of_a_chapter_is_a_blank(tmp_path):
    lines = [(200, 120, "第一章"), (200 + 3 * EM + 3, 120, "总则"), *lay([SENTENCE + "。"], y=150)]
    [found] = extract(write_pdf(tmp_path / "a.pdf", [lines]))
    assert found.text.splitlines() == ["第一章 总则", SENTENCE + "。"]


def test_the_last_page_is_set_as_the_others_are(tmp_path):
    pages, texts = [], []
    for name, n_right in (("甲", 9), ("乙", 9), ("丙", 2)):
        # What is the same at the top of every page would be its head.
        texts += [own := [text.translate(dict.fromkeys(map(ord, "全面设学空动"), name)) for text in PARAGRAPHS]]
        lines = lay(own, width=15, step=18)
        top = lines[-n_right][1]
        right = [(x + 16.5 * EM, y - top + 120, text) for x, y, text in lines[-n_right:]]
        pages.append([*lines[:-n_right], *right])
    [found] = extract(write_pdf(tmp_path / "a.pdf", pages))
    assert found.text.splitlines() == [text for own in texts for text in own]


def test_a_contents_page_is_one_entry_a_line(tmp_path):
    entries = [
        f"{name}{'…' * (27 - len(name))}{page}"
        for name, page in (("一、总体要求", 1), ("二、重点任务", 3), ("三、保障措施", 9))
    ]
    lines = [(LEFT, 150 + 20 * i, entry) for i, entry in enumerate(entries)]
    [found] = extract(write_pdf(tmp_path / "a.pdf", [[(250, 120, "目录"), *lines], lay(PARAGRAPHS)]))
    assert found.text.splitlines() == ["目录", *entries, *PARAGRAPHS]


def test_what_is_printed_twice_is_read_once(tmp_path):
    lines = [(LEFT, 100, "工作要点——数字校园"), (LEFT + 0.4, 100, "工作要点——数字校园")]
    [found] = extract(write_pdf(tmp_path / "a.pdf", [lines + [(LEFT, 130, "推进建设，落实到位。")]]))
    assert found.text.splitlines()[1] == "推进建设，落实到位。"
    assert found.text.count("数") == 1


def refusal(path):
    with pytest.raises(PolicylabError) as caught:
        extract(path)
    return str(caught.value)


def test_what_cannot_be_read_is_named(tmp_path):
    from pypdf import PdfReader, PdfWriter

    whole = write_pdf(tmp_path / "a.pdf", [lay(PARAGRAPHS)])
    writer = PdfWriter()
    writer.append(PdfReader(whole))
    writer.encrypt("secret", "owner")
    writer.write(tmp_path / "locked.pdf")
    assert refusal(tmp_path / "locked.pdf") == (
        "locked.pdf: the PDF file is encrypted. Open it with its password, and print it to a new PDF."
    )
    (tmp_path / "half.pdf").write_bytes(whole.read_bytes()[:700])
    assert refusal(tmp_path / "half.pdf") == "half.pdf: the PDF file is damaged or cut off. Get the file again."
    assert refusal(write_pdf(tmp_path / "scan.pdf", [[]])) == (
        "scan.pdf: the PDF file has no text layer, only drawings or empty pages (1 pages). Make its pages searchable by OCR, for"
        " instance with: ocrmypdf -l chi_sim scan.pdf text.pdf."
    )
    garbled = write_pdf(tmp_path / "garbled.pdf", [[(LEFT, 100, "\ue001\ue002\ue003\ue004" * 5)]])
    assert refusal(garbled) == (
        "garbled.pdf: the text layer of the PDF file is garbled: 20 of 20 characters stand for nothing, as its fonts do not say"
        " what they draw. Make its pages searchable by OCR, for instance with: ocrmypdf -l chi_sim scan.pdf text.pdf, with"
        " --force-ocr."
    )
