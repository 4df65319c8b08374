"""Every pattern by which documents are read takes time in proportion to the text, whatever the text is."""

import ast
import inspect
import pkgutil
import re
import time
import warnings
from functools import cache
from importlib import import_module
from re import _constants as sre  # the only names that Python has for the parts of a pattern
from re import _parser

import pytest

import policylab as lab
import policylab.corpus
from policylab.corpus import grammar as g
from policylab.corpus.tables import COLUMNS, read_tables

MODULES = [import_module(f"policylab.corpus.{m.name}") for m in pkgutil.iter_modules(policylab.corpus.__path__)]
# One of every class of characters that a pattern asks for.
CHARACTERS = ' \t\n\u3000\u200b09０一十百万亿年月日至的甲关第号章件项aZ《》（）()[]【】〔〕“”"、，。；：:,.-—…·|*#/%＊≥'
RUNS = [
    *CHARACTERS,
    "甲，",
    "甲、",
    "1,",
    "1 ",
    "1.",
    "甲 ",
    "《甲",
    "（甲",
    "（）",
    "甲  ",
    "2019年",
    "一、",
    "已",
    "\n ",
    "。甲",
    "关于",
]
SHORT, LONG = 1_000, 4_000  # characters
MOST = 400  # texts on which one pattern is tried
SUSPECT = 4e-4  # seconds for the shorter text; a pattern that looks twice at each of so many pairs takes more
SLOWEST = 0.25  # seconds for the longer text


def walk(name, value, seen):
    """(name, pattern) for the compiled patterns in a value: containers, grammars, results of cached functions."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, g.Grammar):
        for inner, part in vars(value).items():
            yield from walk(inner, part, seen)
    elif isinstance(value, (dict, list, tuple, set, frozenset)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from walk(name, part, seen)
    elif hasattr(value, "cache_info") and not inspect.signature(value).parameters:
        yield from walk(name, value(), seen)


def find_literals(module):
    """The patterns that are written where they are used: re.split("[、；]", text). All others are compiled once."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        called = ast.unparse(node.func)
        of_pandas = ".str." in called and any(ast.unparse(word) == "regex=True" for word in node.keywords)
        if re.fullmatch(r"re\.(?!compile|escape)\w+", called) or of_pandas:
            assert isinstance(node.args[0], ast.Constant), f"{module.__name__}: compile {ast.unparse(node)} once"
            yield called.rpartition(".")[2], re.compile(node.args[0].value)


@cache
def collect():
    """Every pattern of the package once, with whether it is searched for; the others are only tried at one place."""
    sources, found, seen = "\n".join(map(inspect.getsource, MODULES)), {}, set()
    matched, searched = (
        set(re.findall(rf"(\w+)(?:\[[^\]]*\])?\.(?:{methods})\b", sources))
        for methods in ("match|fullmatch", "search|finditer|findall|sub|split")
    )
    for module in MODULES:
        parts = [pair for name, value in vars(module).items() for pair in walk(name, value, seen)]
        for name, pattern in [*parts, *find_literals(module), *walk("grammar", g.current(), seen)]:
            only_matched = name in matched - searched or name in ("match", "fullmatch")
            found.setdefault((pattern.pattern, pattern.flags), (pattern, not only_matched))
    return list(found.values())


def write(parts):
    """A text that parts of a pattern match."""
    return "".join([write_part(*part) for part in parts])


def write_part(kind, value):
    if kind in (sre.LITERAL, sre.NOT_LITERAL):
        return chr(value) if kind == sre.LITERAL else "甲"
    if kind == sre.IN:
        return write_member(value)
    if kind == sre.BRANCH:
        return write(value[1][0])
    if kind == sre.SUBPATTERN:
        return write(value[3])
    if kind == sre.ATOMIC_GROUP:
        return write(value)
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return write(value[2]) * max(value[0], 1)
    return "甲" if kind == sre.ANY else ""


def write_member(members):
    kind, value = members[0]
    if kind == sre.NEGATE:
        return "甲"
    if kind == sre.CATEGORY:
        return {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " "}.get(value, "甲")
    return chr(value[0] if kind == sre.RANGE else value)


def find_repeats(parts, before=""):
    """(what comes before, what is repeated) for each part of a pattern that may repeat often."""
    for kind, value in parts:
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            if value[1] > 8:
                yield before, write(value[2])
            yield from find_repeats(value[2], before)
        elif kind == sre.BRANCH:
            for branch in value[1]:
                yield from find_repeats(branch, before)
        elif kind in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
            yield from find_repeats(value[3] if kind == sre.SUBPATTERN else value, before)
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            yield from find_repeats(value[1], before)
        before += write_part(kind, value)


def list_texts(pattern):
    """What a pattern is tried on, as (beginning, what is repeated behind it)."""
    repeats = set(find_repeats(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)))
    texts = repeats | {("", run) for run in RUNS} | {("", run) for _, run in repeats}
    texts |= {("", before + run) for before, run in repeats}
    texts |= {(before, run) for before, _ in repeats for run in CHARACTERS}
    # A list of many words of one form (the labels of rows) is tried on some of them.
    return sorted({text for text in texts if text[1]})[:: len(texts) // MOST + 1]


def measure(pattern, searched, text):
    started = time.process_time()
    for _ in pattern.finditer(text) if searched else ():
        pass
    pattern.match(text)
    return time.process_time() - started


def is_linear(pattern, searched, start, run):
    """Four times the text takes four times as long; sixteen times would be the square."""
    # Behind the run nothing fits, so that every other way to divide it is tried.
    short, long = (start + run * (n // len(run)) + "\x01" for n in (SHORT, LONG))
    if measure(pattern, searched, short) < SUSPECT:
        return True
    for _ in range(3):  # a busy machine makes one of several slow, not all
        quick, slow = (min(measure(pattern, searched, text) for _ in range(3)) for text in (short, long))
        if slow < SLOWEST and slow < 8 * quick:
            return True
    return False


def test_there_are_patterns():
    assert len(collect()) > 150


@pytest.mark.parametrize("part", range(4))
def test_every_pattern_is_linear(part):
    slow = [
        (pattern.pattern[:200], text)
        for pattern, searched in collect()[part::4]
        for text in list_texts(pattern)
        if not is_linear(pattern, searched, *text)
    ]
    assert slow == []


def test_a_pattern_that_looks_again_and_again_is_found():
    assert not is_linear(re.compile(r"附\s*件?\s*[：:]$"), False, "附", " ")
    assert not is_linear(re.compile(r"\s+号"), True, "", " ")
    assert is_linear(re.compile(r"附\s{0,9}件?\s{0,9}[：:]$"), False, "附", " ")


# Beginnings of lines behind which patterns go on to look, and what they may find there again and again.
STARTS = [
    *(
        "",
        "附件",
        "附件：1.",
        "（责任单位：x",
        "（教育部牵头",
        "国发〔2017〕",
        "《a",
        "发文字号：",
        "第1页",
        "第一章",
        "1.",
        "关于",
    )
]


def load(folder, run, n):
    body = "\n".join(f"{start}{run * n}完" for start in STARTS)
    (folder / "a.txt").write_text(f"某计划\n{body}\n一、任务\n{body}\n", encoding="utf-8")
    (folder / "catalog.csv").write_text(
        "document_id,file,level,region,year\na,a.txt,national,全国,2020\n", encoding="utf-8"
    )
    started = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lab.load_corpus(folder)
    return time.process_time() - started


@pytest.mark.parametrize(
    "run", [*" 　1一甲（《、，。a-*·", "\u200b", "1 ", "甲 ", "（甲）", "3个", "《甲》", "责任单位："]
)
def test_documents_of_long_lines_are_read_in_linear_time(tmp_path, run):
    n = 3_000 // len(run)
    for _ in range(3):
        quick, slow = load(tmp_path, run, n), load(tmp_path, run, 4 * n)
        if slow < 8 * max(quick, 0.02):
            return
    pytest.fail(f"{quick:.2f} s, and {slow:.2f} s for four times the text")


@pytest.mark.parametrize(
    "line",
    [
        *(
            "某工作方案\n",
            "附件1\n某方案\n",
            "教育部\n",
            "2020年1月2日\n",
            "目录\n",
            "专栏1 某\n1.某\n",
            "第一章\n某\n",
            "关于\n",
        ),
        *(
            "1.1 某\n",
            "一、某\n",
            "《某\n",
            "标题：\n",
            "12\n\n",
            "（责任单位：\n",
            "教育部令\n第2号\n",
            "抄送：各厅\n某方案\n",
        ),
    ],
)
def test_documents_of_many_lines_are_read_in_linear_time(line):
    def read(text):
        started = time.process_time()
        read_tables("d", text, None, {name: [] for name in COLUMNS})
        return time.process_time() - started

    body, n = "一、任务\n好。\n", 4_000 // len(line)
    for _ in range(3):
        quick, slow = (max(read(line * k + body), read(body + "抄送：各厅\n" + line * k)) for k in (n, 4 * n))
        if slow < 8 * max(quick, 0.02):
            return
    pytest.fail(f"{quick:.2f} s, and {slow:.2f} s for four times the text")
