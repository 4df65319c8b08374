"""Tables that people write: read exactly, and every mistake reported with its row, its column and what to do about it."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import policylab as lab
from policylab.base.csvrows import split_rows
from policylab.base.datafile import match_names, read_datafile


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def list_problems(path, *columns, **options):
    """The lines of the message with which a table is refused."""
    with pytest.raises(lab.PolicylabError) as raised:
        read_datafile(path, *columns, **options)
    return str(raised.value).replace(str(path), path.name).split("\n  ")


def test_a_table_keeps_its_cells_and_knows_blank_ones(tmp_path):
    path = write(tmp_path / "units.csv", 'name,match,unit\n科技司,exact,"科学,技术司"\n\n.+处,pattern,\n', "utf-8-sig")
    table = read_datafile(path, ["name", "match"], ["unit", "tier"], key=["name"])
    assert table.values.tolist() == [["科技司", "exact", "科学,技术司", None], [".+处", "pattern", None, None]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_every_encoding_gives_the_same_table(tmp_path, encoding):
    path = write(tmp_path / "units.csv", "name,unit\r\n科技司,科学技术与信息化司\r\n", encoding)
    assert read_datafile(path, ["name", "unit"]).values.tolist() == [["科技司", "科学技术与信息化司"]]


def test_all_problems_come_in_one_message_in_the_order_of_the_rows(tmp_path):
    rows = ["name,match,tier", "科技司,exakt,national", "科技司,exact,ministry", ",exact,", "(司,pattern,", "a,b"]
    path = write(tmp_path / "units.csv", "\n".join(rows))
    assert list_problems(path, ["name", "match"], ["tier"], key=["name"], allowed={"tier": ("national", "local")}) == [
        "units.csv has 6 problems:",
        "row 2, column match: 'exakt' is unknown. Use one of exact, pattern.",
        "row 3, column tier: 'ministry' is unknown. Use one of national, local.",
        "row 3, column name: '科技司' is already in row 2. Keep one.",
        "row 4, column name: the cell is blank. Fill it in.",
        "row 5, column name: '(司' is no regular expression (missing ), unterminated subpattern at position 0)."
        " Correct it, or write exact into the column match.",
        "row 6: 2 cells instead of 3. Write a comma for each blank cell too.",
    ]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(" * 5000 + ")" * 5000, "brackets are nested too deeply"),
        ("a{99999999999}", "the repetition number is too large"),
    ],
    ids=["nested", "repeated"],
)
def test_patterns_that_python_cannot_hold(tmp_path, pattern, why):
    path = write(tmp_path / "units.csv", f"name,match\n{pattern},pattern\n")
    assert list_problems(path, ["name", "match"], key=["name"])[1:] == [
        f"row 2, column name: '{pattern}' is no regular expression ({why})."
        " Correct it, or write exact into the column match."
    ]


def test_a_key_of_two_columns(tmp_path):
    path = write(tmp_path / "codes.csv", "document_id,paragraph\na,1\nb,1\na,1\n")
    assert list_problems(path, ["document_id", "paragraph"], key=["document_id", "paragraph"])[1:] == [
        "row 4, column document_id, paragraph: 'a', '1' is already in row 2. Keep one."
    ]


def test_at_most_twenty_problems_are_listed(tmp_path):
    path = write(tmp_path / "units.csv", "name,tier\n" + ",local\n" * 57)
    found = list_problems(path, ["name"], ["tier"])
    assert found[0] == "units.csv has 57 problems:" and found[-1] == "... and 37 more" and len(found) == 22
    assert found[20] == "row 21, column name: the cell is blank. Fill it in."


def test_a_wrong_header_is_reported_with_the_likely_word(tmp_path):
    path = write(tmp_path / "units.csv", "nmae,match,match,,\n科技司,exact,exact,x,\n")
    assert list_problems(path, ["name", "match"], key=["name"]) == [
        "units.csv has 4 problems:",
        "row 1: the column name is missing. Add it; needed are name, match.",
        "row 1: the column 'nmae' is unknown. Did you mean name?",
        "row 1: the column 'match' appears 2 times. Keep one.",
        "row 1: column 4 has no name, but cells that are filled. Name it, or clear it.",
    ]


def test_no_file_and_no_text(tmp_path):
    with pytest.raises(lab.PolicylabError) as raised:
        read_datafile(tmp_path / "units.csv", ["name"])
    assert str(raised.value) == f"There is no file {tmp_path / 'units.csv'}. Give the path of a CSV file in UTF-8."
    for content, why in [
        ("", "the file is empty"),
        ("name\n科技司\n语\x00用司\n", "the file is damaged: line 3 has a zero byte (NUL)"),
    ]:
        path = write(tmp_path / "bad.csv", content)
        assert list_problems(path, ["name"]) == [f"bad.csv cannot be read: {why}. Save the table as CSV in UTF-8."]
    assert list_problems(write(tmp_path / "bad.csv", "PK\x03\x04"), ["name"]) == [
        "bad.csv cannot be read: the file is no workbook that can be read: the archive is damaged or cut off. Get the file"
        " again. Save it as an Excel workbook (.xlsx), or as CSV in UTF-8."
    ]


@pytest.mark.parametrize(
    ("load", "what"),
    [
        (lab.load_agencies, "Leave it out for the table that ships."),
        (lab.recipes.load_works, "Leave it out for the table that ships."),
        (lab.recipes.load_verbs, "Leave it out for the table that ships."),
        (lambda path: read_datafile(path, ["name"]), ""),
    ],
)
def test_what_is_no_path_of_a_file(tmp_path, load, what):
    for path, said in [
        ("", f"path is empty: expected the path of a file. {what}".rstrip()),
        (5, f"path is of the type int: expected the path of a file. {what}".rstrip()),
        (tmp_path, f"{tmp_path} is a folder. Give the path of a file in it."),
        ("x" * 300, f"There is no file {Path('x' * 300).absolute()}. Give the path of a CSV file in UTF-8."),
    ]:
        with pytest.raises(lab.PolicylabError) as raised:
            load(path)
        assert str(raised.value) == said


# --- quotation marks

FOUR = ["name,unit,reason", "a,b,c", "d,e,f", "g,h,i", "j,k,l"]
TWICE = 'put the whole cell in quotation marks, and write each one within it twice ("").'


@pytest.mark.parametrize(
    ("row", "cells", "problem"),
    [
        # Opened and never closed: the rows behind it would be one cell.
        (
            3,
            'd,"e,f',
            "row 3, column unit: the quotation mark that opens this cell (line 3 of the file) is never closed."
            " Close it, or delete it.",
        ),
        (
            5,
            'j,k,"l',
            "row 5, column reason: the quotation mark that opens this cell (line 5 of the file) is never closed."
            " Close it, or delete it.",
        ),
        (
            1,
            'name,unit,"reason',
            "row 1, column 3: the quotation mark that opens this cell (line 1 of the file) is never closed."
            " Close it, or delete it.",
        ),
        # Closed by the mark that opens a cell of a later row: the fault is where it was opened.
        (
            2,
            'a,"b,c\nd,e,f\ng,"h",i',
            "row 2, column unit: the quotation mark that opens this cell (line 2 of the file) is not closed: the next one, in"
            " line 4, is followed by 'h\",i'. Close the cell where it ends.",
        ),
        (
            3,
            '"d,e,f\n"g and more than twenty characters",h,i',
            "row 3, column name: the quotation mark that opens this cell (line 3 of the file) is not closed: the next one, in"
            " line 4, is followed by 'g and more than twen…'. Close the cell where it ends.",
        ),
        # An empty cell in quotation marks looks like one mark within the cell.
        (
            3,
            'd,"e,f\ng,"",i',
            "row 3, column unit: the quotation mark that opens this cell (line 3 of the file) is never closed."
            " Close it, or delete it.",
        ),
        # Behind a cell of two lines, rows and lines of the file differ.
        (
            2,
            'a,"b\nB",c\nd,"e,f',
            "row 3, column unit: the quotation mark that opens this cell (line 4 of the file) is never closed."
            " Close it, or delete it.",
        ),
        (
            2,
            '"十三五"规划,b,c',
            f"row 2, column name: '规划,b,c' follows the quotation mark that closes this cell: {TWICE}",
        ),
        (2, 'a,"b" ,c', f"row 2, column unit: ' ,c' follows the quotation mark that closes this cell: {TWICE}"),
        (
            2,
            'a",b,c',
            f"row 2, column name: 'a\"' has a quotation mark without its pair. Delete it. To keep it: {TWICE}",
        ),
        (
            2,
            'a, "b",c',
            "row 2, column unit: a blank before the quotation mark makes it part of the text '\"b\"'. Delete the blank.",
        ),
    ],
)
def test_a_quotation_mark_at_fault_is_found_where_it_was_opened(tmp_path, row, cells, problem):
    path = write(tmp_path / "t.csv", "\n".join([*FOUR[: row - 1], cells, *FOUR[row:]]) + "\n")
    assert list_problems(path, ["name", "unit", "reason"]) == ["t.csv has 1 problem:", problem]


def test_marks_at_fault_within_one_line_are_all_listed(tmp_path):
    path = write(tmp_path / "t.csv", 'name,unit\n"十三五"规划,a\nb,c\n"十四五"规划,"d"\ne, "f"\n')
    assert [problem.split(":")[0] for problem in list_problems(path, ["name", "unit"])[1:]] == [
        "row 2, column name",
        "row 4, column name",
        "row 5, column unit",
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cells_may_hold_line_ends_commas_and_marks(tmp_path, end):
    text = end.join(["name,unit", f'"a, b{end}c","say ""x"""', '关于"十三五"规划,d\'e', "bad", ""])
    path = write(tmp_path / "t.csv", text)
    # The row behind a cell of two lines has the number that a spreadsheet shows.
    assert list_problems(path, ["name", "unit"])[1:] == [
        "row 4: 1 cells instead of 2. Write a comma for each blank cell too."
    ]
    path = write(tmp_path / "t.csv", text.replace("bad", "bad,"))
    table = read_datafile(path, ["name"], ["unit"])
    assert table.values.tolist() == [[f"a, b{end}c", 'say "x"'], ['关于"十三五"规划', "d'e"], ["bad", None]]


def test_a_cell_of_any_length_is_no_fault(tmp_path):
    long = "长" * 200_000
    limit = csv.field_size_limit()
    path = write(tmp_path / "t.csv", f'name,unit\n{long},"{long}"\n')
    assert read_datafile(path, ["name", "unit"]).values.tolist() == [[long, long]]
    path = write(tmp_path / "t.csv", f'name,unit\n{long},"{long}\n')
    assert list_problems(path, ["name", "unit"])[1:] == [
        "row 2, column unit: the quotation mark that opens this cell (line 2 of the file) is never closed."
        " Close it, or delete it."
    ]
    assert csv.field_size_limit() == limit


def test_rows_between_two_stray_marks_are_refused(tmp_path):
    # By the rules of CSV this is one row, but it would swallow another.
    path = write(tmp_path / "t.csv", 'name,unit,reason\na,b,"c\nd,e,f"\ng,h,"one, two\nthree"\n')
    assert list_problems(path, ["name", "unit", "reason"])[1:] == [
        "row 2, column reason: the cell has several lines, one of which looks like a row of its own. Close the quotation mark"
        " that opens the cell where it ends, or take the line breaks out of the cell."
    ]
    path = write(tmp_path / "t.csv", 'name,unit,reason\ng,h,"one, two\nthree"\n')
    assert read_datafile(path, ["name", "unit", "reason"])["reason"].tolist() == ["one, two\nthree"]


@pytest.mark.parametrize(
    ("mark", "named"),
    [(";", "semicolons"), ("\t", "tabs"), ("，", "Chinese commas"), ("；", "Chinese semicolons")],
)
def test_other_marks_between_the_columns(tmp_path, mark, named):
    path = write(tmp_path / "t.csv", f'"name"{mark}"unit"\n"a"{mark}"b"\n')
    assert list_problems(path, ["name", "unit"])[1:] == [
        f"row 1: the columns are divided by {named}. Save the table as CSV with commas."
    ]


def test_empty_rows_and_columns_at_the_end_are_left_out(tmp_path):
    path = write(tmp_path / "t.csv", "name,unit,,\r\na,b,,\r\n,,,\r\n, ,,\r\n\r\n")
    assert read_datafile(path, ["name", "unit"]).values.tolist() == [["a", "b"]]


def test_the_apostrophe_of_a_harmless_formula_is_taken_off(tmp_path):
    path = write(tmp_path / "t.csv", "name,'=unit\n'=1+1,'-\n'a',-5\n")
    assert read_datafile(path, ["name", "=unit"]).values.tolist() == [["=1+1", "'-"], ["'a'", "-5"]]


CELLS = st.text(alphabet="a,\"\n\r 长'", max_size=6)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_what_a_csv_writer_writes_is_read_back(rows, end):
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([["b", "c"], *rows])
    header, found, problems = split_rows(stream.getvalue())
    filled = [(number, row) for number, row in enumerate(rows, 2) if any(cell.strip() for cell in row)]
    assert (header, found, problems) == (["b", "c"], filled, [])


# --- names


def test_an_exact_row_comes_before_an_earlier_pattern():
    table = pd.DataFrame({"name": [".+处", "科技处"], "match": ["pattern", "exact"], "type": ["a", "b"]}, dtype=object)
    assert match_names(["科技处", "财务处", "财务处长"], table, "name")["type"].tolist() == ["b", "a", None]
