"""The tables of words: read as they are, and every mistake named with its row and the way out."""

import pandas as pd
import pytest

import policylab as lab
from policylab.base.datafile import match_names, read_datafile


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def test_a_table_keeps_its_cells_and_knows_blank_ones(tmp_path):
    path = write(tmp_path / "units.csv", 'name,match,unit\n科技司,exact,"科学,技术司"\n\n.+处,pattern,\n', "utf-8-sig")
    table = read_datafile(path, ["name", "match"], ["unit", "tier"], key="name")
    assert table.values.tolist() == [["科技司", "exact", "科学,技术司", None], [".+处", "pattern", None, None]]


def test_all_problems_come_in_one_message(tmp_path):
    rows = ["name,match,tier", "科技司,exakt,national", "科技司,exact,ministry", ",exact,", "(司,pattern,", "a,b"]
    path = write(tmp_path / "units.csv", "\n".join(rows))
    with pytest.raises(lab.PolicylabError) as raised:
        read_datafile(path, ["name", "match"], ["tier"], key="name", allowed={"tier": ("national", "local")})
    assert str(raised.value).replace(str(path), "units.csv").split("\n  ") == [
        "units.csv has 6 problems:",
        "row 6: 2 cells instead of 3. Put a cell that holds a comma or a quotation mark in double quotes.",
        "row 2, column match: 'exakt' is unknown. Use one of exact, pattern.",
        "row 3, column tier: 'ministry' is unknown. Use one of national, local.",
        "row 4, column name: the cell is blank. Fill it in.",
        "row 5, column name: '(司' is no regular expression (missing ), unterminated subpattern at position 0)."
        " Mend it, or write exact into the column match.",
        "row 3, column name: '科技司' already stands in row 2. Keep one.",
    ]


def test_a_wrong_header_is_told_with_the_likely_word(tmp_path):
    path = write(tmp_path / "units.csv", "nmae,match,match\n科技司,exact,exact\n")
    with pytest.raises(lab.PolicylabError) as raised:
        read_datafile(path, ["name", "match"], key="name")
    assert str(raised.value).replace(str(path), "units.csv").split("\n  ") == [
        "units.csv has 3 problems:",
        "row 1: the column name is missing. Add it; needed are name, match.",
        "row 1: the column 'nmae' is unknown. Did you mean name?",
        "row 1: the column 'match' stands there 2 times. Keep one.",
    ]


def test_no_file_and_no_text(tmp_path):
    with pytest.raises(lab.PolicylabError) as raised:
        read_datafile(tmp_path / "units.csv", ["name"])
    assert str(raised.value) == f"There is no file {tmp_path / 'units.csv'}. Give the path of a CSV file in UTF-8."
    path = write(tmp_path / "empty.csv", "")
    with pytest.raises(lab.PolicylabError) as raised:
        read_datafile(path, ["name"])
    assert str(raised.value) == f"{path} cannot be read: the file is empty. Save the table as CSV in UTF-8."


def test_an_exact_row_comes_before_an_earlier_pattern():
    table = pd.DataFrame({"name": [".+处", "科技处"], "match": ["pattern", "exact"], "type": ["a", "b"]}, dtype=object)
    assert match_names(["科技处", "财务处", "财务处长"], table, "name")["type"].tolist() == ["b", "a", None]
