"""A grammar.toml beside a catalog: every example of docs/grammar.md, every way it can be wrong, and that none is slow."""

import re
import time

import pandas as pd
import pytest

import policylab as lab
from policylab.base.paths import ROOT
from policylab.corpus import grammar as g
from policylab.corpus.owngrammar import ADDABLE, read_own
from policylab.corpus.review import propose_entries, review_documents
from policylab.corpus.tables import COLUMNS, read_tables

PAGE = (ROOT / "docs" / "grammar.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(
    r"^```toml\n(.*?)^```\n\n```text\n(.*?)^```\n((?:\n[a-z_]+: [^\n]*\n)+)", PAGE, re.MULTILINE | re.DOTALL
)


def write(folder, grammar, **texts):
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    rows = [f"{name},{name}.txt,municipal,某市,2020" for name in texts]
    (folder / "catalog.csv").write_text(
        "\n".join(["document_id,file,level,region,year", *rows, ""]), encoding="utf-8", newline="\n"
    )
    if grammar:
        (folder / "grammar.toml").write_text(grammar, encoding="utf-8")
    return folder / "catalog.csv"


def read(corpus, name):
    """What the corpus of one document says under a name: a cell of documents, the units, or the blocks of a role."""
    row = corpus.documents.iloc[0]
    if name in row:
        return "—" if pd.isna(row[name]) else str(row[name]).removesuffix(" 00:00:00")
    if name == "unit":
        return " · ".join(corpus.responsibilities["unit"])
    return " · ".join(corpus.blocks.loc[corpus.blocks["role"] == name, "text"])


@pytest.mark.filterwarnings("ignore::policylab.PolicylabWarning")
@pytest.mark.parametrize(("grammar", "text", "said"), EXAMPLES, ids=[e[0].split("\n")[1] for e in EXAMPLES])
def test_examples_of_the_page(tmp_path, grammar, text, said):
    expected = dict(line.split(": ", 1) for line in said.strip().split("\n\n"))
    plain = lab.load_corpus(write(tmp_path, None, a=text))
    without = {name: read(plain, name) for name in expected}
    corpus = lab.load_corpus(write(tmp_path, grammar, a=text))
    assert {name: read(corpus, name) for name in expected} == expected
    assert without != expected


def test_the_page_has_every_entry():
    import tomllib

    shown = {
        (table, key) for grammar, _, _ in EXAMPLES for table, keys in tomllib.loads(grammar).items() for key in keys
    }
    assert shown == {(table, key) for table, keys in ADDABLE.items() for key in keys}


def test_entries_are_for_one_corpus(tmp_path):
    catalog = write(
        tmp_path, '[headings]\ntask = ["事项{n}："]\n', a="某市2020年工作要点\n事项一：甲\n好。\n事项二：乙\n好。\n"
    )
    assert len(lab.load_corpus(catalog).tasks) == 2
    (tmp_path / "grammar.toml").unlink()
    with pytest.warns(lab.PolicylabWarning):
        assert lab.load_corpus(catalog).tasks.empty


def problems(tmp_path, grammar):
    catalog = write(tmp_path, grammar, a="甲计划\n一、乙\n好。\n")
    with pytest.raises(lab.PolicylabError) as raised:
        lab.load_corpus(catalog)
    return str(raised.value).replace(str(tmp_path / "grammar.toml"), "grammar.toml").split("\n  ")


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    grammar = (
        'organs = 3\n[heading]\ntask = ["x"]\n[headings]\ntaks = ["x"]\ntask = ["任务{m}：", "{n}", "甲{n", "{any}甲{any}乙{any}"]\n'
        'part = "一、"\nitem = ["' + "长" * 61 + '", "甲\\n乙"]\n[rows]\nother = ["甲{n}", " "]\n'
    )
    assert problems(tmp_path, grammar) == [
        "grammar.toml has 12 problems:",
        'organs is no table. Write [organs], and below it a line such as ends = ["…"].',
        "[heading] is unknown. Did you mean headings?",
        "[headings] taks is unknown. Did you mean task?",
        "[headings] task, entry 1: '任务{m}：' has {m}, which is no placeholder. There are {n}, {d}, {any}.",
        "[headings] task, entry 2: '{n}' fits any line. Write at least one character that the lines share.",
        "[headings] task, entry 3: '甲{n' has {n, which is no placeholder. There are {n}, {d}, {any}.",
        "[headings] task, entry 4: '{any}甲{any}乙{any}' has {any} more than twice. Write more of the words themselves.",
        '[headings] part is no list of texts. Write part = ["…", "…"].',
        f"[headings] item, entry 1: '{'长' * 61}' is longer than 60 characters. Keep the words that all such lines share.",
        "[headings] item, entry 2: '甲\\n乙' has two lines. Lines are read one by one: write the words of one.",
        "[rows] other, entry 1: '甲{n}' is no plain word. Write the word as the documents print it, without placeholders.",
        "[rows] other, entry 2: ' ' is no plain word. Write the word as the documents print it, without placeholders.",
    ]


@pytest.mark.parametrize(
    ("grammar", "message"),
    [
        ("[headings\n", "Expected ']' at the end of a table declaration (at line 1, column 10)"),
        ("[headings]\ntask = [\n", "Invalid value (at end of document)"),
        ('[headings]\ntask = ["\\q"]\n', "Unescaped '\\' in a string (at line 2, column 12)"),
    ],
)
def test_a_file_that_is_no_toml(tmp_path, grammar, message):
    assert problems(tmp_path, grammar) == [
        f"grammar.toml cannot be read: {message}. docs/grammar.md has an example of every entry."
    ]


def test_marks_mean_themselves(tmp_path):
    catalog = write(
        tmp_path,
        '[headings]\npart = ["(a|b)*{n}."]\n',
        a="某市2020年工作要点\n(a|b)*一.网络\n好。\n(a|b)*二.教师\n好。\n",
    )
    assert lab.load_corpus(catalog).paragraphs["part"].tolist() == ["网络", "教师"]


@pytest.mark.parametrize(
    "entry", ["{any}甲{any}", "甲{any}{any}", "{n}{n}{n}甲", "{d}{d}{d}甲", " 甲  乙 ", "(甲+)+乙"]
)
def test_no_entry_is_slow(tmp_path, entry):
    def seconds(n):
        start = time.process_time()
        for text in ("甲" * n, "一" * n, "1" * n, "甲 " * n, "甲一1" * n, ("甲" * 50 + "\n") * (n // 50)):
            with g.in_force(own):
                read_tables("a", "某市计划\n" + text + "\n一、乙\n好。\n", None, {name: [] for name in COLUMNS})
        return time.process_time() - start

    tables = {
        "headings": BEGINNINGS,
        "front": ("title", "number"),
        "furniture": ("line", "rest"),
        "back": ("colophon",),
    }
    grammar = "".join(f"[{t}]\n" + "".join(f'{key} = ["{entry}"]\n' for key in keys) for t, keys in tables.items())
    own = read_own(write(tmp_path, grammar, a="甲"))
    seconds(2_000)
    # Four times the text in at most eight times the time: a pattern that tries all divisions of a line takes sixteen.
    assert seconds(16_000) < 8 * seconds(4_000) + 0.2


BEGINNINGS = ("part", "section", "task", "item")

UNREAD = (
    "某市智慧教育路线图\n某教字2020第12甲\n政策编码：A1\n一、网络\n任务一：接入\n各校接入。（督办学区：某市教育局、某市财政局）\n任务二：提速\n逐步提速。\n"
    "任务三：开放\n对外开放。\n"
)


@pytest.mark.filterwarnings("ignore::policylab.PolicylabWarning")
def test_what_is_proposed_mends_what_was_not_read(tmp_path):
    corpus = lab.load_corpus(write(tmp_path, None, a=UNREAD))
    proposed = propose_entries(corpus)
    assert proposed[["table", "key", "entry", "n_lines", "example"]].values.tolist() == [
        ["headings", "section", "任务{n}：", 3, "任务一：接入"],
        ["rows", "other", "政策编码", 1, "政策编码：A1"],
        ["front", "title", "{any}线图", 1, "某市智慧教育路线图"],
        ["responsibility", "duty", "督办学区", 1, "（督办学区：某市教育局、某市财政局）"],
    ]
    assert review_documents(corpus).iloc[0][["share_outside", "n_brackets"]].tolist() == [1.0, 1]
    entries = proposed.groupby(["table", "key"])["entry"].agg(list)
    grammar = "".join(
        f"[{table}]\n{key} = {list(found)}\n".replace("'", '"') for (table, key), found in entries.items()
    )
    mended = lab.load_corpus(write(tmp_path, grammar, a=UNREAD))
    assert mended.documents["title"].tolist() == ["某市智慧教育路线图"]
    assert mended.sections["title"].tolist() == ["接入", "提速", "开放"]
    assert mended.responsibilities["unit"].tolist() == ["某市教育局", "某市财政局"]
    assert propose_entries(mended).empty
    assert review_documents(mended)["share_outside"].tolist() == [0.0]


def test_a_number_that_is_not_read_is_proposed(tmp_path):
    text = "某市教育局关于管理的通知\n某教字2020第12甲 3 号\n各学校：\n一、网络\n好。\n"
    corpus = lab.load_corpus(write(tmp_path, None, a=text))
    assert propose_entries(corpus)[["table", "key", "entry"]].values.tolist() == [
        ["front", "number", "某教字{d}第{d}甲{d}号"]
    ]
    mended = lab.load_corpus(write(tmp_path, '[front]\nnumber = ["某教字{d}第{d}甲{d}号"]\n', a=text))
    assert mended.documents["document_number"].tolist() == ["某教字2020第12甲3号"]
