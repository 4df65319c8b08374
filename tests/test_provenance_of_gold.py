"""Language models read the gold (data/README.md): nothing that is printed or shipped may say that people did."""

import re

import pytest

from policylab.base.paths import DATA, NOTEBOOKS, PACKAGE, ROOT

FALSE = re.compile(
    r"(?<!no )(?:read|coded|linked|annotated|judged) by (?:people|humans|human|experts)|human (?:reader|coder|annotator)s? (?:read|link|code)"
    r"|according to human|people (?:read|coded|linked|annotated) (?:every|all|each)|readers' links|经人工|人工判读|人工判定|人工标注|人工编码",
    re.IGNORECASE,
)
PATHS = [
    *(path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".toml", ".csv", ".jinja")),
    *NOTEBOOKS.glob("*.ipynb"),
    *DATA.rglob("*.md"),
    *(ROOT / "docs").glob("*.md"),
    *ROOT.glob("*.md"),
]


@pytest.mark.parametrize(
    "text", ["links coded by people", "every pair was read by people", "according to human readers", "都经人工判读"]
)
def test_the_search_finds_what_it_looks_for(text):
    assert FALSE.search(text)


def test_nothing_says_that_people_read_the_gold():
    texts = {path: path.read_text(encoding="utf-8") for path in PATHS}
    found = [f"{path.relative_to(ROOT)}: {hit.group()}" for path, text in texts.items() for hit in FALSE.finditer(text)]
    assert len(texts) > 100 and found == []


@pytest.mark.parametrize(
    "path", [DATA / "README.md", NOTEBOOKS / "04_alignment.ipynb", ROOT / "docs" / "alignment.md"], ids=str
)
def test_who_read_the_gold_is_said(path):
    assert "anguage model" in path.read_text(encoding="utf-8")
