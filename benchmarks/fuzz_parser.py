"""Can any text bring a load down? Damaged pieces of real documents, random front matter and random marks, read as files are.

    python benchmarks/fuzz_parser.py FOLDER [--inputs 1000000] [--minutes 60] [CATALOG ...]

Every input is read into all tables, every other one without repair. Of each must hold: nothing is raised and no warning
given; blocks are in order, do not overlap, and between them lies nothing but white space, Markdown marks and what was
repaired away; each place is one of the source; no key comes twice; values are finite; it takes less than half a second. A
thousand inputs together are then made into tables as load_corpus makes them, and looked through by list_doubts and by
what `policylab check` shows. Pieces are cut from the shipped texts and those of the catalogs given.

The n-th input depends on n and the catalogs alone. FOLDER holds state.json (how many were read, seconds, findings by kind,
the slowest) and findings.jsonl (the inputs that failed); the next call goes on where the last one ended. One input in ten is
drawn by hypothesis.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import argparse
import json
import random
import re
import time
import traceback
import warnings
from collections import Counter
from math import isfinite
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from policylab.base.paths import CATALOG
from policylab.corpus.bundle import Corpus
from policylab.corpus.catalog import Entry, read_catalog
from policylab.corpus.doubts import list_doubts
from policylab.corpus.load import _ALL_COLUMNS, KEYS, _list_documents, _make_frame, _read_file
from policylab.corpus.repair import _CLASSES, INVISIBLE
from policylab.corpus.review import propose_entries, review_documents

BATCH = 1000
BY_HYPOTHESIS = 10  # one batch in so many
VALUE = _ALL_COLUMNS["targets"].index("value")
LONGEST = 20_000  # characters of an input, however often its parts are repeated
SLOW = 0.5  # seconds of the processor
BETWEEN = re.compile(rf"[\s{_CLASSES[INVISIBLE]}#>*_＿-]*")  # may lie between two blocks
MARKS = "，。、；：！？“”‘’（）《》〈〉【】〔〕［］()[]<>,.;:!?…—-－～·%％#*_|>/\\\t\u3000 "
HOSTILE = (
    "\uf0b7\uf0d8\u202e\u200b\u00ad\ufeff\ufe0f\u2028\x85\x0c\x00\x1f\ud7ff𠮷🙂👨\u200d👩⽹㊣①⑳１５％ｋ﹒‧國學務〓"
)
GROWN = (
    "1,100 亿",
    "1100",
    "9 8 ",
    "一百",
    "０",
    "1.",
    "三、",
    "〔2019〕",
    "（一）",
    "第一条",
    "附件",
    "《",
    "））",
    "—",
    "　",
)
NUMBERS = ("国发", "教技厅函", "某政办发", "财教", "", "主席令", "教育部令", "建标", "第", "公告")
ROWS = ("发文字号：", "标题：", "发布机构：", "成文日期：", "索引号：", "【发文字号】", "标　题　", "时间：")
ORGANS = (
    "教育部",
    "某省人民政府办公厅",
    "某市教育局 某市财政局",
    "教 育 部　财 政 部",
    "省教育厅、省财政厅",
    "领导小组",
    "张三",
)
WORDS = (
    "关于",
    "印发",
    "《",
    "》",
    "的通知",
    "工作要点",
    "行动计划",
    "2019年",
    "（试行）",
    "实施意见",
    "某市",
    "人工智能",
    "，",
    "\n",
    "  ",
)
NUMBERED = (
    "一、",
    "（一）",
    "1.",
    "1．",
    "（1）",
    "第一条 ",
    "第一章　总则",
    "1.1 ",
    "专栏1 ",
    "目录",
    "附件",
    "附件：1.",
    "①",
    "- ",
)
PIECES = (
    *NUMBERED,
    *WORDS,
    *ROWS,
    *ORGANS,
    "建成10所学校。",
    "责任单位：",
    "（教育部牵头，",
    "）",
    "6月底前完成",
    "达到95%以上",
    "|a|b|",
    "# ",
)


class Texts:
    """The real documents that inputs are cut from, as lists of lines."""

    def __init__(self, catalogs):
        entries = [entry for catalog in catalogs for entry in read_catalog(catalog).entries]
        self.documents = [lines for entry in entries if (lines := entry.text.splitlines())]


def cut(draw, texts):
    """A few lines that stand together; mostly few, for a million are to be read."""
    lines = draw.choice(texts.documents)
    start = 0 if draw.random() < 0.25 else draw.randrange(len(lines))
    return lines[start : start + min(draw.randint(1, 30) for _ in range(4))]


def mix(draw, texts):
    return [line for _ in range(draw.randint(1, 4)) for line in cut(draw, texts)[:2]]


def front(draw, texts):
    """Front matter by chance, with the lines of a body below it."""
    year, number = (
        draw.choice(["2019", "〔2019〕", "[2017]", "（2020）", "﹝2018﹞", ""]),
        draw.choice(["12", " 4 ", "第3", "0", "1" * 7, ""]),
    )
    kinds = [
        lambda: draw.choice(NUMBERS) + year + number + draw.choice(["号", "号）", "", " 号 签发人：甲"]),
        lambda: draw.choice(ROWS) + draw.choice(["", *NUMBERS]) + year + number + draw.choice(["号", ""]),
        lambda: "".join(draw.choices(WORDS, k=draw.randint(1, 9))),
        lambda: draw.choice(ORGANS) + draw.choice(["", "文件", "：", "令", "　2020年1月2日"]),
        lambda: draw.choice(
            [
                "2019年2月27日",
                "二〇一九年二月三十日",
                "2019年13月1日",
                "（2013年9月18日某会议通过）",
                "---",
                "- 3 -",
                "",
            ]
        ),
        lambda: draw.choice(NUMBERED) + draw.choice(cut(draw, texts)),
    ]
    return [draw.choice(kinds)() for _ in range(draw.randint(1, 12))] + cut(draw, texts)


def soup(draw, texts):
    return ["".join(draw.choices(PIECES + tuple(MARKS), k=draw.randint(1, 12))) for _ in range(draw.randint(1, 10))]


def _place(draw, text):
    start = draw.randrange(len(text) + 1)
    return start, min(len(text), start + draw.randint(1, 12))


def swap(draw, text):
    a, b = sorted(draw.choices(range(len(text)), k=2))
    return text[:a] + text[b] + text[a + 1 : b] + text[a] + text[b + 1 :] if a < b else text


def drop(draw, text):
    a, b = _place(draw, text)
    return text[:a] + text[b:]


def repeat(draw, text):
    a, b = _place(draw, text)
    return text[:b] + text[a:b] * draw.choice([1, 1, 2, 2, 8, 60]) + text[b:]


def repeat_line(draw, text):
    lines = text.splitlines(keepends=True)
    i = draw.randrange(len(lines))
    return "".join([*lines[:i], *lines[i : i + 1] * draw.choice([1, 1, 2, 3, 20]), *lines[i:]])


def drop_mark(draw, text):
    marks = [i for i, c in enumerate(text) if c in MARKS]
    i = draw.choice(marks) if marks else 0
    return text[:i] + text[i + 1 :]


def change_mark(draw, text):
    marks = [i for i, c in enumerate(text) if c in MARKS]
    i = draw.choice(marks) if marks else 0
    return text[:i] + draw.choice(MARKS) + text[i + 1 :]


def insert(draw, text):
    i = draw.randrange(len(text) + 1)
    return text[:i] + draw.choice([draw.choice(HOSTILE), draw.choice(MARKS), draw.choice(PIECES)]) + text[i:]


def grow(draw, text):
    digits = [i for i, c in enumerate(text) if c.isdecimal()] or [0]
    i = draw.choice(digits)
    return text[:i] + draw.choice([*GROWN, text[i]]) * draw.choice([1, 1, 1, 2, 2, 2, 3, 3, 20, 20, 400]) + text[i:]


def bold(draw, text):
    a, b = _place(draw, text)
    return text[:a] + "**" + text[a:b] + draw.choice(["**", "", "***"]) + text[b:]


def space(draw, text):
    a = draw.randrange(len(text) + 1)
    b = a + draw.choice([5, 40, 400])
    return text[:a] + draw.choice([" ", "　", "\u200b"]).join(text[a:b]) + text[b:]


def wrap(draw, text):
    width = draw.choice([10, 28, 40])
    return "\n".join(text[i : i + width] for i in range(0, len(text), width))


def join(draw, text):
    return draw.choice(["", " ", "　　", "\n\n", "\r\n", "\u2028", "\t"]).join(text.split("\n"))


def widen(draw, text):
    a, b = _place(draw, text)
    return text[:a] + "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text[a:b]) + text[b:]


SOURCES = (cut, cut, mix, front, front, soup)
CHANGES = (
    swap,
    drop,
    drop,
    repeat,
    repeat_line,
    drop_mark,
    change_mark,
    insert,
    insert,
    grow,
    bold,
    space,
    wrap,
    join,
    widen,
)


def make(n, texts):
    """The n-th input: its text, and the title that a catalog would give."""
    draw = random.Random(f"policylab {n}")
    text = "\n".join(draw.choice(SOURCES)(draw, texts))
    for _ in range(draw.choice([0, 1, 1, 2, 3, 5, 8])):
        text = draw.choice(CHANGES)(draw, text)[:LONGEST] if text else text
    lines = text.splitlines() or [""]
    return text, draw.choice([None, None, "某市2020年工作要点", draw.choice(lines)[:40] or None])


def draw_inputs(n, texts):
    """A batch of inputs drawn by hypothesis, which shrinks nothing: what fails is written down as it is."""
    inputs = []
    lines = st.sampled_from([line for document in texts.documents[:40] for line in document[:60]])
    pieces = st.one_of(
        st.sampled_from(PIECES), st.sampled_from(MARKS), st.sampled_from(HOSTILE), st.text(max_size=5), lines
    )
    files = st.lists(st.lists(pieces, max_size=5).map("".join), max_size=8).map("\n".join)

    @seed(n)
    @settings(
        max_examples=BATCH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(files)
    def collect(text):
        inputs.append((re.sub("[\ud800-\udfff]", "", text), None))

    collect()
    return inputs[:BATCH]


def check_blocks(source, blocks):
    position = 0
    for _, _, role, start, end, _, text in [*blocks, (0, 0, "end", len(source), len(source), 0, "")]:
        assert position <= start, f"{role} at {start} begins before {position}"
        assert role == "end" or start < end, f"{role} at {start} is empty"
        assert source[start:end] == text, f"{role} at {start} is not what the source holds"
        assert BETWEEN.fullmatch(source, position, start), f"lost: {source[position:start][:80]!r}"
        position = end


def check(source, tables, name, repaired):
    own = {table: [row for row in rows if row[0].split("-")[0] == name] for table, rows in tables.items()}
    check_blocks(source, own["blocks"])
    for table, rows in own.items():
        columns = _ALL_COLUMNS[table]
        places = [columns.index(key) for key in KEYS[table]]
        keys = [tuple(row[i] for i in places) for row in rows]
        assert len(set(keys)) == len(keys), f"{table} holds a key twice"
        if "start" in columns:
            a, b = columns.index("start"), columns.index("end")
            assert all(0 <= row[a] < row[b] <= len(source) for row in rows), f"{table}: no place of the source"
    assert all(isfinite(row[VALUE]) for row in own["targets"]), "a value is not finite"
    if not repaired:
        assert all(source[row[4]] == "《" and source[row[5] - 1] == "》" for row in own["citations"]), "no citation"


def read(n, text, title, tables):
    """Read and check one input; returns seconds and what it says about itself."""
    name, repaired = f"n{n}", n % 2 == 0
    for _attempt in range(2):
        own = {table: [] for table in tables}
        start = time.process_time()
        said = _read_file(name, text, title, 2020, own, frozenset(), repaired)
        seconds = time.process_time() - start
        if seconds < SLOW:
            break
    assert seconds < SLOW, f"slow: {len(text)} characters"
    check(text, own, name, repaired)
    for table, rows in own.items():
        tables[table] += rows
    return seconds, said


def check_together(inputs, tables, said):
    """The inputs of a batch as one corpus: its tables, what is doubtful in it, what a check proposes."""
    cells = {"level": "national", "region": "全国", "year": "2020", "version_of": None, "source": None}
    entries = [
        Entry(n, cells | {"document_id": f"n{n}", "file": f"{n}.txt"}, text, "", None, f"{n}.txt") for n, text in inputs
    ]
    frames = {table: _make_frame(table, columns, tables[table]) for table, columns in _ALL_COLUMNS.items()}
    corpus = Corpus(documents=_list_documents(entries, said), **frames, catalog=CATALOG)
    for look in (list_doubts, review_documents, propose_entries):
        assert isinstance(look(corpus), pd.DataFrame)


class Run:
    """What was read so far, and what was found; kept in a folder."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "state.json"
        self.state = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.state = {"read": 0, "characters": 0, "seconds": 0.0, "findings": {}, "slowest": [0.0, 0]} | self.state
        self.findings = Counter(self.state["findings"])

    def note(self, n, text, error):
        where = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__}: {re.sub('[0-9]+', '0', str(error))[:60]} ({Path(where.filename).name}, {where.name})"
        self.findings[what] += 1
        with (self.folder / "findings.jsonl").open("a", encoding="utf-8") as file:
            file.write(
                json.dumps({"n": n, "what": what, "error": str(error)[:300], "text": text[:20_000]}, ensure_ascii=True)
                + "\n"
            )

    def save(self):
        self.state["findings"] = dict(self.findings)
        (self.folder / "state.json").write_text(json.dumps(self.state, ensure_ascii=False, indent=1), encoding="utf-8")

    def read_batch(self, texts):
        begun, first = time.process_time(), self.state["read"]
        if first // BATCH % BY_HYPOTHESIS == BY_HYPOTHESIS - 1:
            inputs = draw_inputs(first, texts)
        else:
            inputs = [make(n, texts) for n in range(first, first + BATCH)]
        tables, kept, said = {table: [] for table in _ALL_COLUMNS}, [], []
        for n, (text, title) in enumerate(inputs, first):
            try:
                seconds, own = read(n, text, title, tables)
            except Exception as error:
                self.note(n, text, error)
                continue
            kept.append((n, text))
            said.append(own)
            self.state["slowest"] = max(self.state["slowest"], [seconds, n])
        try:
            check_together(kept, tables, said)
        except Exception as error:
            self.note(first, f"batch of {first}", error)
        self.state["read"] += len(inputs)
        self.state["characters"] += sum(len(text) for text, _ in inputs)
        self.state["seconds"] += time.process_time() - begun
        self.save()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("catalogs", nargs="*", type=Path)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="in all, with those of earlier calls")
    parser.add_argument("--minutes", type=float, default=60.0, help="of this call")
    options = parser.parse_args()
    texts, run, ends = Texts([CATALOG, *options.catalogs]), Run(options.folder), time.monotonic() + 60 * options.minutes
    while run.state["read"] < options.inputs and time.monotonic() < ends:
        run.read_batch(texts)
    state = run.state
    print(
        f"{state['read']:,} inputs of {state['characters']:,} characters in {state['seconds'] / 3600:.2f} hours of the processor"
    )
    print(f"slowest: {state['slowest'][0]:.3f} s (input {state['slowest'][1]})")
    for what, n in run.findings.most_common():
        print(f"{n:7} {what}")


if __name__ == "__main__":
    warnings.simplefilter("error")
    main()
