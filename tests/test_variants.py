"""Invented documents of many habits (readings.toml), each with what a reader finds in it."""

import tomllib
import warnings
from pathlib import Path

import pytest

import policylab as lab

CASES = tomllib.loads(Path(__file__).with_name("readings.toml").read_text(encoding="utf-8"))
QUANTITIES = {"targets": "target", "results": "result", "rules": "rule"}


def read(text, folder):
    (folder / "a.txt").write_text(text, encoding="utf-8")
    (folder / "catalog.csv").write_text(
        "document_id,file,level,region,year\na,a.txt,provincial,湖南省,2021\n", encoding="utf-8"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", lab.PolicylabWarning)
        return lab.load_corpus(folder / "catalog.csv")


def find(corpus, key):
    """What is compared under a key of readings.toml; lists without an order of their own are sorted."""
    if key in ("title", "document_number", "issuer"):
        return corpus.documents[key].iloc[0]
    if key == "sections":
        return corpus.sections["title"].to_list()
    if key == "tasks":
        return [
            [int(task.number), task.title if isinstance(task.title, str) else ""] for task in corpus.tasks.itertuples()
        ]
    if key == "responsibilities":
        return sorted([int(row.task), row.unit] for row in corpus.responsibilities.itertuples())
    if key == "tokens":
        return set(lab.tokenize(corpus.paragraphs)["token"])
    targets = corpus.targets
    if key == "indicators":
        return targets.loc[targets["kind"] == "target", "indicator"].to_list()
    own = targets[targets["kind"] == QUANTITIES[key]]
    columns = ["value", "unit", "comparator"] if key == "targets" else ["value", "unit"]
    return sorted(map(list, own[columns].itertuples(index=False)))


@pytest.mark.parametrize("name", CASES)
def test_a_document_is_read_as_a_reader_would(name, tmp_path):
    expected = dict(CASES[name])
    corpus = read(expected.pop("text"), tmp_path)
    body = "\n".join([*corpus.paragraphs["text"], *corpus.tasks["title"].dropna(), *corpus.sections["title"].dropna()])
    assert [words for words in expected.pop("present", []) if words not in body] == []
    assert [words for words in expected.pop("absent", []) if words in body] == []
    tokens = expected.pop("tokens", [])
    assert tokens == [] or set(tokens) <= find(corpus, "tokens")
    for key, value in expected.items():
        unordered = key == "responsibilities" or key in QUANTITIES
        assert find(corpus, key) == (sorted(value) if unordered else value), key
