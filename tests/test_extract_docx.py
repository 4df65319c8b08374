"""Word documents: what Word shows is what is read."""

import io
import zipfile

import pytest

from policylab.base.errors import PolicylabError
from policylab.intake.extract import Mark, extract

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SPACES = (
    f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def write_docx(path, body, **parts):
    """A Word file of raw XML: the body, and the parts numbering, styles, footnotes …."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("word/document.xml", f"<w:document {SPACES}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            container.writestr(f"word/{name}.xml", f"<w:{name} {SPACES}>{content}</w:{name}>")
    path.write_bytes(packed.getvalue())
    return path


def p(text, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbered(text, level, number=1):
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(ilvl, kind, template, more=""):
    return f'<w:lvl w:ilvl="{ilvl}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{template}"/>{more}</w:lvl>'


NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "chineseCountingThousand", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + level(3, "decimalEnclosedCircle", "%4")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    + '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def lines(path):
    return extract(path)[0].text.splitlines()


def test_generated_numbers_are_text(tmp_path):
    body = "".join(
        [
            numbered("总体要求", 0),
            numbered("重点任务", 0),
            numbered("夯实基础", 1),
            numbered("5G校园网", 2),
            numbered("网络", 2),
            numbered("提升应用", 1),
            numbered("课堂", 2),
            numbered("第一步", 3),
            numbered("保障措施", 0),
            numbered("附则", 0, number=2),
        ]
    )
    assert lines(write_docx(tmp_path / "a.docx", body, numbering=NUMBERING)) == [
        "一、总体要求",
        "二、重点任务",
        "（一）夯实基础",
        "1. 5G校园网",
        "2. 网络",
        "（二）提升应用",
        "1. 课堂",
        "①第一步",
        "三、保障措施",
        "一、附则",
    ]


def test_articles_count_on_over_chapters(tmp_path):
    articles = (
        '<w:abstractNum w:abstractNumId="0">'
        + level(0, "chineseCounting", "第%1章")
        + level(1, "chineseCountingThousand", "第%2条", '<w:lvlRestart w:val="0"/>')
        + level(2, "lowerLetter", "%1.%3", "<w:isLgl/>")
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    body = "".join(
        numbered(text, ilvl) for text, ilvl in (("总则", 0), ("目的。", 1), ("职责", 0), ("部门。", 1), ("子项。", 2))
    )
    assert lines(write_docx(tmp_path / "a.docx", body, numbering=articles)) == [
        "第一章　总则",
        "第一条　目的。",
        "第二章　职责",
        "第二条　部门。",
        "2.1 子项。",
    ]


def test_styles_number_and_a_paragraph_may_be_taken_out(tmp_path):
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    none = '<w:pStyle w:val="B"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    body = (
        p("甲", '<w:pStyle w:val="A"/>')
        + p("乙", '<w:pStyle w:val="B"/>')
        + p("丙", none)
        + p("丁", '<w:pStyle w:val="B"/>')
    )
    path = write_docx(tmp_path / "a.docx", body, styles=styles, numbering=NUMBERING)
    assert lines(path) == ["一、甲", "（一）乙", "丙", "（二）丁"]


def test_a_paragraph_whose_end_was_deleted_goes_on(tmp_path):
    body = p("推进建设，", "<w:rPr><w:del/></w:rPr>") + p("落实责任。") + p("第二段。")
    assert lines(write_docx(tmp_path / "a.docx", body)) == ["推进建设，落实责任。", "第二段。"]


def test_lines_links_fields_and_properties(tmp_path):
    import docx

    document = docx.Document()
    paragraph = document.add_paragraph("第一行")
    paragraph.add_run().add_break()
    paragraph.add_run("第二行")
    document.add_paragraph("条目", style="List Number")
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.core_properties.title = "某市教育数字化规划"
    document.save(tmp_path / "a.docx")
    [found] = extract(tmp_path / "a.docx")
    assert found.text.splitlines() == ["第一行", "第二行", "1. 条目"]
    assert found.stated == {"title": "某市教育数字化规划"}


def test_a_table_is_rows_a_box_is_text(tmp_path):
    def cell(*paragraphs, properties=""):
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(map(p, paragraphs))}</w:tc>"

    wide, begun = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>'
    table = (
        f"<w:tbl><w:tr>{cell('序号')}{cell('任务', properties=wide)}</w:tr>"
        f"<w:tr>{cell('1')}{cell('建设', '应用')}{cell('科技司', properties=begun)}</w:tr>"
        f"<w:tr>{cell('2')}{cell('a|b')}{cell('', properties='<w:vMerge/>')}</w:tr></w:tbl>"
    )
    box = f"<w:tbl><w:tr>{cell('专栏1 重点工程', '1.数字校园。')}</w:tr></w:tbl>"
    path = write_docx(tmp_path / "a.docx", p("任务如下。") + table + box)
    [found] = extract(path)
    assert found.text.splitlines() == [
        "任务如下。",
        "| 序号 | 任务 |  |",
        "| 1 | 建设 应用 | 科技司 |",
        "| 2 | a｜b |  |",
        "专栏1 重点工程",
        "1.数字校园。",
    ]
    assert found.marks == (Mark(2, "table", "1"),)


def test_changes_are_accepted_and_hidden_text_is_left_out(tmp_path):
    body = (
        "<w:p><w:r><w:t>推进</w:t></w:r><w:del><w:r><w:delText>信息化</w:delText></w:r></w:del><w:ins><w:r><w:t>数字化</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>秘密</w:t></w:r><w:r><w:t>。</w:t></w:r></w:p>"
    )
    [found] = extract(write_docx(tmp_path / "a.docx", body))
    assert found.text == "推进数字化。\n"
    assert found.notes == ("tracked changes: 2 are read as accepted", "hidden text: 1 stretches are left out")


def test_a_text_box_comes_once_and_footnotes_at_the_end(tmp_path):
    box = f"<w:txbxContent>{p('框中文字。')}</w:txbxContent>"
    body = (
        f"<w:p><w:r><w:t>正文</w:t><w:footnoteReference w:id='2'/></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t>第一段。</w:t></w:r></w:p>" + p("第二段。")
    )
    notes = (
        f'<w:footnote w:type="separator" w:id="0">{p("")}</w:footnote><w:footnote w:id="2">{p("指 5G。")}</w:footnote>'
    )
    [found] = extract(write_docx(tmp_path / "a.docx", body, footnotes=notes))
    assert found.text.splitlines() == ["正文第一段。", "框中文字。", "第二段。", "脚注", "[1] 指 5G。"]
    assert found.marks == (Mark(2, "textbox", ""), Mark(5, "note", "1"))


def test_entities_are_refused(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as container:
        container.writestr(
            "word/document.xml",
            '<!DOCTYPE a [<!ENTITY b "c">]><w:document xmlns:w="w"><w:body>&b;</w:body></w:document>',
        )
    (tmp_path / "a.docx").write_bytes(packed.getvalue())
    with pytest.raises(PolicylabError) as caught:
        extract(tmp_path / "a.docx")
    assert str(caught.value) == (
        "a.docx: the Word document is refused: word/document.xml declares entities, which Word never writes and which can fill"
        " the memory."
    )
