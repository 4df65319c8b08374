"""The sentences of sentences.toml: their form, how numbers are filled in, and that code and data know the same ones."""

import ast
import inspect
import re

import numpy as np
import pandas as pd
import pytest

import policylab as lab
from policylab.base.paths import PACKAGE
from policylab.language import sentences
from policylab.language.sentences import SENTENCES, join, load_sentences, say

CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef]")
KEY = re.compile(r"[a-z_]+\.[a-z_]+")


@pytest.fixture
def write(tmp_path):
    def _write(text, encoding="utf-8"):
        path = tmp_path / "sentences.toml"
        path.write_bytes(text.encode(encoding))
        return path

    return _write


@pytest.fixture
def ship(write, monkeypatch):
    """Put a text in the place of the shipped sentences."""

    def _ship(text):
        loaded = load_sentences(write(text))
        monkeypatch.setattr(sentences, "_load_shipped", lambda: loaded)

    return _ship


def list_constants(path):
    """The strings of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bodies = [node.body for node in ast.walk(tree) if isinstance(getattr(node, "body", None), list) and node.body]
    prose = {id(body[0].value) for body in bodies if isinstance(body[0], ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in prose)
    return [node.value for node in constants if isinstance(node.value, str)]


# --- code and data


def test_the_code_names_every_sentence_and_no_other():
    known = load_sentences(SENTENCES)
    tables = {key.partition(".")[0] for key in known}
    constants = {text for path in PACKAGE.rglob("*.py") for text in list_constants(path)}
    named = {text for text in constants if KEY.fullmatch(text) and text.partition(".")[0] in tables}
    assert named == set(known)


def test_tables_are_named_after_functions():
    code = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    defined = set(re.findall(r"^def (\w+)\(", code, flags=re.MULTILINE))
    tables = {key.partition(".")[0] for key in load_sentences(SENTENCES)}
    assert tables - defined == {"list", "number", "alignment"}


@pytest.mark.parametrize("path", sorted((PACKAGE / "readings").glob("*.py")), ids=lambda path: path.stem)
def test_readings_hold_no_words_and_know_no_language(path):
    assert [text for text in list_constants(path) if CHINESE.search(text)] == []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.Compare, ast.Dict, ast.Subscript, ast.Match)):
            assert not re.search(r"\blanguage\b (==|!=|in)|'zh'|'en'", ast.unparse(node)), ast.unparse(node)


def test_a_reading_takes_its_language_last_and_by_keyword():
    names = [name for name in lab.readings.__all__ if name.startswith("describe_")]
    assert len(names) == 39
    for name in names:
        *_, last = inspect.signature(getattr(lab.readings, name)).parameters.values()
        assert (last.name, last.kind, last.default) == ("language", inspect.Parameter.KEYWORD_ONLY, "zh"), name


# --- filling


def test_numbers_are_written_by_one_rule(ship):
    ship('[a.a]\nzh = "{n}"\nen = "{n}"\n[a.b]\nzh = "{n:.1f}"\nen = "{n:.0%}"')
    values = [1234567, np.int64(1234), 1234.0, -5, 0.25, float("nan"), pd.NA, None, "十"]
    assert [say("a.a", "zh", n=n) for n in values] == ["1,234,567", "1,234", "1,234", "−5", "0.25", "—", "—", "—", "十"]
    assert [say("a.b", "zh", n=n) for n in (0.25, -0.25, -0.04, None)] == ["0.2", "−0.2", "0.0", "—"]
    assert [say("a.b", "en", n=n) for n in (0.25, -0.25, -0.004, None)] == ["25%", "−25%", "0%", "—"]


def test_nouns_follow_their_number(ship):
    ship('[a.a]\nzh = "{n} 项"\nen = "{n} {n:task is|tasks are} left"')
    assert [say("a.a", "en", n=n) for n in (0, 1, 2)] == ["0 tasks are left", "1 task is left", "2 tasks are left"]


def test_braces_in_a_value_are_no_placeholders(ship):
    ship('[a.a]\nzh = "{title}"\nen = "{{{title}}}"')
    assert say("a.a", "zh", title="{n:,} {0.__class__}") == "{n:,} {0.__class__}"
    assert say("a.a", "en", title="x") == "{x}"


def test_lists_are_put_together_as_their_language_does():
    assert [join("甲乙", language) for language in ("zh", "en")] == ["甲、乙", "甲, 乙"]
    assert [join("甲乙", language, "list.entries") for language in ("zh", "en")] == ["甲；乙", "甲; 乙"]
    assert join([], "en") == "" and join([2019], "zh") == "2019"


@pytest.mark.parametrize(
    ("key", "language", "values", "message"),
    [
        ("a.aa", "zh", {}, "{path} has no sentence [a.aa]. Did you mean a.a?"),
        ("a.a", "en", {"nn": 1}, "{path}, [a.a], en: {{n}} has no value in this sentence. Did you mean nn?"),
        ("a.a", "fr", {"n": 1}, 'language is \'fr\': expected "zh" (Chinese) or "en" (English).'),
    ],
)
def test_what_cannot_be_said_is_an_error(ship, key, language, values, message):
    ship('[a.a]\nzh = "{n}"\nen = "{n}"')
    with pytest.raises(lab.PolicylabError) as raised:
        say(key, language, **values)
    assert str(raised.value) == message.format(path=SENTENCES)


# --- what a corrected file may have wrong


def test_all_problems_of_a_file_are_listed(write):
    path = write(
        """
text = "no table"
[a]
one_language = {zh = "一"}
another = {zh = "一", en = "one", fr = "un"}
number = {zh = 1, en = "{n}"}
open = {zh = "{n", en = "{}"}
place = {zh = "{n.real}", en = "{n!r}"}
form = {zh = "{n:?}", en = "{n:a|b|c}"}
lone = {zh = "{n} {m}", en = "{n:one|several} {k}"}
fine = {zh = "{n}", en = "{n} {n:task|tasks}"}
"""
    )
    with pytest.raises(lab.PolicylabError) as raised:
        load_sentences(path)
    assert str(raised.value).split("\n") == [
        f"{path} has 11 problems:",
        "  [text]: expected a sentence with the lines zh = ... and en = ..., and no others.",
        "  [a.one_language]: expected a sentence with the lines zh = ... and en = ..., and no others.",
        "  [a.another]: expected a sentence with the lines zh = ... and en = ..., and no others.",
        "  [a.number], zh: expected text between quotation marks, not 1.",
        "  [a.open], zh: a brace has no partner. Write {name}.",
        "  [a.open], en: {} is not a placeholder. Write {name}.",
        "  [a.place], zh: {n.real} is not a placeholder. Write {name}.",
        "  [a.place], en: {n!r} is not a placeholder. Write {name}.",
        "  [a.form], zh: {n:?} is not a format of numbers. Write for example {n:.2f}.",
        "  [a.form], en: {n:a|b|c} has too many forms. Write {n:one|several}.",
        "  [a.lone]: only one of zh and en has {k}, {m}. Use every value in both.",
    ]


def test_a_file_full_of_faults(write):
    path = write("\n".join(f'[a.b{i}]\nzh = "一"' for i in range(30)))
    with pytest.raises(lab.PolicylabError) as raised:
        load_sentences(path)
    assert len(str(raised.value).split("\n")) == 22 and str(raised.value).endswith("\n  ... and 10 more")
    path = write("a = " + "[" * 5000)
    with pytest.raises(lab.PolicylabError, match="is not valid TOML"):
        load_sentences(path)


def test_files_of_other_editors(write):
    text = '[a.a]\r\nzh = "任务"\r\nen = "tasks"\r\n'
    assert load_sentences(write(text, "utf-8-sig")) == {"a.a": {"zh": "任务", "en": "tasks"}}
    path = write(text, "gb18030")
    with pytest.raises(lab.PolicylabError) as raised:
        load_sentences(path)
    assert str(raised.value) == f"{path} is not UTF-8. Save it as UTF-8."
    path = write('[a.a]\nzh = "一\nen = "one"\n')
    with pytest.raises(lab.PolicylabError) as raised:
        load_sentences(path)
    assert str(raised.value).startswith(f"{path} is not valid TOML: ")
    assert str(raised.value).endswith(" (at line 2, column 8). Put each text between quotation marks, on one line.")
