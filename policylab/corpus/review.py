"""What was made of each document, what looks wrong in it, and which entries of a grammar.toml would mend it."""

import re

import pandas as pd

from policylab.corpus import grammar as g
from policylab.corpus.bundle import Corpus
from policylab.corpus.doubts import REPAIRED, UNREAD_NUMBER, list_doubts
from policylab.corpus.front import split_organs
from policylab.corpus.owngrammar import read_own

REVIEW_COLUMNS = ["document_id", "share_outside", "n_brackets", "n_numbers", "n_breaks", "n_doubts"]
PROPOSAL_COLUMNS = ["table", "key", "entry", "document_id", "n_lines", "example"]
# A bracket that holds names of bodies and a word of duty, and that was left in the text.
_BRACKET = re.compile(r"[（(\[【［]([^（）()\[\]【】［］]{4,120})[）)\]】］]")
_DUTY = re.compile("单位|部门|处室|科室|牵头|负责|配合|责任|主办|承办|协办|督办")
_LABEL = re.compile(r"[（(\[【［]\s*([\u4e00-\u9fff]{2,8})\s*[：:]([^（）()\[\]【】［］]{2,120})[）)\]】］]")
_OFFICE = re.compile("(?:单位|部门|处室|司局|科室)$")
_ORDINAL = re.compile(rf"([^\d\s，。；：:、（(]{{0,6}}?)({g.NUMERAL}|\d{{1,2}})([\u4e00-\u9fff]{{0,2}}[：:、.．\s])")
_ROW = re.compile(r"([\u4e00-\u9fff]{2,8})\s*[：:]\s*\S")
_SHORTEST_RUN = 3  # lines that count 1, 2, 3 with the same mark are headings; two may be chance
_REPEATED = 3  # documents in which a line of furniture is the same
# What a label says by its words; the first that fits.
_MEANINGS = {
    "number": re.compile("号"),
    "issuer": re.compile("机关|机构|单位|部门"),
    "published": re.compile("日期|时间"),
    "title": re.compile("标题|名称"),
    "other": re.compile(""),
}


def review_documents(corpus: Corpus) -> pd.DataFrame:
    """Measure what looks wrong in every document: one row is a document.

    Parameters
    ----------
    corpus : Corpus
        Any corpus.

    Returns
    -------
    DataFrame
        `document_id`; `share_outside` (0 to 1, of the characters of body text that are in no section and no task; 1 is
        usual for a text without numbered headings); `n_brackets` (that name bodies and a duty, but were left in the text);
        `n_numbers` (lines that end in 号 above the body and were not read); `n_breaks` (tasks whose printed number is
        neither 1 nor follows the one before); `n_doubts` (rows of list_doubts, repairs left out). In the order of `corpus.documents`.

    Examples
    --------
    >>> import policylab as lab
    >>> review_documents(lab.load_corpus())[["document_id", "n_brackets", "n_breaks", "n_doubts"]].values.tolist()[:2]
    [['chongqing-2019', 0, 0, 0], ['fujian-2020', 0, 0, 5]]
    """
    paragraphs = corpus.paragraphs
    sizes = paragraphs["text"].str.len()
    outside = sizes.where(paragraphs["section"].isna() & paragraphs["task"].isna(), 0)
    shares = outside.groupby(paragraphs["document_id"]).sum() / sizes.groupby(paragraphs["document_id"]).sum()
    doubts = list_doubts(corpus)
    doubts = doubts[~doubts["kind"].str.startswith(REPAIRED)]
    counts = {
        "n_brackets": paragraphs["text"].map(_count_unread).groupby(paragraphs["document_id"]).sum(),
        "n_numbers": doubts[doubts["kind"] == UNREAD_NUMBER].groupby("document_id").size(),
        "n_breaks": _find_breaks(corpus.tasks).groupby(corpus.tasks["document_id"]).sum(),
        "n_doubts": doubts.groupby("document_id").size(),
    }
    ids = corpus.documents["document_id"]
    table = pd.DataFrame({"document_id": ids, "share_outside": ids.map(shares)})
    return table.assign(**{name: ids.map(found).fillna(0).astype("int64") for name, found in counts.items()})


def _count_unread(text):
    return sum([bool(_DUTY.search(inner)) and _holds_organs(inner) for inner in _BRACKET.findall(text)])


def _holds_organs(text):
    """Whether most of the pieces of a text are names of bodies."""
    pieces = [piece for piece in re.split("[、，,；;：:]", text) if piece]
    return 2 * sum([bool(split_organs([piece], strict=True)) for piece in pieces]) >= len(pieces)


def _find_breaks(tasks):
    """For each task whether its number breaks the count; one that lost its number does not."""
    before = tasks.groupby("document_id")["number"].shift()
    known = tasks["number"].notna() & before.notna()
    return known & (tasks["number"] != 1) & (tasks["number"] != before + 1)


def propose_entries(corpus: Corpus) -> pd.DataFrame:
    """Propose entries for a grammar.toml where lines show a pattern that was not read: one row is an entry.

    Parameters
    ----------
    corpus : Corpus
        Any corpus.

    Returns
    -------
    DataFrame
        `table`, `key`, `entry` as grammar.toml takes them (docs/grammar.md); `document_id` (the first in which it was
        found), `n_lines` (that it would read), `example` (the first of them). A proposal is a guess from the look of the
        lines: read them before you take it over.

    Examples
    --------
    >>> import policylab as lab
    >>> propose_entries(lab.load_corpus()).empty
    True
    """
    blocks = corpus.blocks
    with g.in_force(read_own(corpus.catalog)):
        rows = [
            *_propose_headings(corpus, blocks),
            *_propose_rows(blocks),
            *_propose_numbers(list_doubts(corpus)),
            *_propose_titles(corpus, blocks),
            *_propose_furniture(blocks),
            *_propose_duties(corpus.paragraphs),
        ]
    return pd.DataFrame(rows, columns=PROPOSAL_COLUMNS).drop_duplicates(["table", "key", "entry"], ignore_index=True)


def _propose_headings(corpus, blocks):
    """Marks that count 1, 2, 3 at the beginnings of lines which are no headings: 任务一：, 任务二：, 任务三：."""
    texts = blocks[blocks["role"].isin(["paragraph", "heading", "front"])]
    runs: dict[tuple, list] = {}
    for row in texts.itertuples():
        found = _ORDINAL.match(row.text)
        if found and not g.HEADING.match(row.text):
            before, ordinal, after = found.groups()
            form = (row.document_id, before, ordinal.isdecimal(), re.sub(r"\s", " ", after))
            runs.setdefault(form, []).append((g.read_numeral(ordinal), row.text))
    for (document_id, before, digits, after), lines in runs.items():
        longest = _count_run([n for n, _ in lines])
        if longest >= _SHORTEST_RUN and (before or after.strip()):
            entry = f"{before}{'{d}' if digits else '{n}'}{after}"
            yield "headings", _guess_level(corpus, document_id), entry, document_id, longest, lines[0][1]


def _count_run(numbers):
    longest = expected = 0
    for number in numbers:
        expected = number if number == expected + 1 or number == 1 else expected
        longest = max(longest, expected)
    return longest


def _guess_level(corpus, document_id):
    """The level below the last one that the document numbers."""
    if (corpus.sections["document_id"] == document_id).any():
        return "task"
    return "section" if corpus.blocks.query("document_id == @document_id and role == 'part'").size else "part"


def _propose_rows(blocks):
    """Labels of a web page's table that are in no list."""
    headings = blocks[blocks["role"].isin(["part", "section", "task"])]
    body = blocks["document_id"].map(headings.groupby("document_id")["start"].min())
    above = blocks["role"].isin(["front", "notice", "paragraph"]) & (blocks["start"] < body)
    for row in blocks[above].itertuples():
        found = _ROW.match(row.text)
        if found and row.text[-1] not in "。！？：:" and len(row.text) < 60:
            label = found.group(1)
            key = next(name for name, words in _MEANINGS.items() if words.search(label))
            yield "rows", key, label, row.document_id, 1, row.text


def _propose_numbers(doubts):
    for row in doubts[doubts["kind"] == UNREAD_NUMBER].itertuples():
        entry = re.sub(r"[0-9０-９]+", "{d}", re.sub(r"\s", "", row.text)).strip("（）()[]【】")
        yield "front", "number", entry, row.document_id, 1, row.text


def _propose_titles(corpus, blocks):
    """The last unknown line above the body of a document without title, by its last two characters."""
    untitled = corpus.documents.loc[corpus.documents["title"].isna(), "document_id"]
    front = blocks[(blocks["role"] == "front") & blocks["document_id"].isin(untitled)]
    for document_id, texts in front.groupby("document_id")["text"]:
        lines = [text for text in texts if len(text) > 5 and re.search("[\u4e00-\u9fff]{2}$", text)]
        if lines:
            yield "front", "title", "{any}" + lines[-1][-2:], document_id, 1, lines[-1]


def _propose_furniture(blocks):
    """Lines that stand unknown above the bodies of several documents."""
    front = blocks[(blocks["role"] == "front") & (blocks["text"].str.len() <= 20)]
    for text, lines in front.groupby("text"):
        if lines["document_id"].nunique() >= _REPEATED:
            yield "furniture", "line", text, lines["document_id"].iloc[0], len(lines), text


def _propose_duties(paragraphs):
    """Labels in brackets before names of bodies that are no duty yet: （督办单位：市教委）."""
    found: dict[str, list] = {}
    for row in paragraphs.itertuples():
        for label, names in _LABEL.findall(row.text):
            if _holds_organs(names) and not g.LABEL.match(label + "："):
                found.setdefault(_OFFICE.sub("", label) or label, []).append((row.document_id, f"（{label}：{names}）"))
    for duty, places in found.items():
        yield "responsibility", "duty", duty, places[0][0], len(places), places[0][1]
