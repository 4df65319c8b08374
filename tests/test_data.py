"""The corpus as a product: described, hashed, complete, and explained column by column."""

import csv
import hashlib
import json
import re

import frictionless
import pytest

from policylab.base.paths import DATA
from policylab.corpus.load import KEYS

PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))


def test_the_data_package_is_valid():
    report = frictionless.validate(str(DATA / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])


def test_the_data_package_describes_every_file():
    described = {resource["path"] for resource in PACKAGE["resources"]}
    present = {
        path.relative_to(DATA).as_posix()
        for path in DATA.rglob("*.*")
        if path.suffix in (".csv", ".json", ".npz", ".txt") or path.parent.name == "texts"
    }
    assert described == present - {"datapackage.json"}


@pytest.mark.parametrize("resource", PACKAGE["resources"], ids=lambda resource: resource["name"])
def test_hashes_hold(resource):
    data = (DATA / resource["path"]).read_bytes()
    now = (len(data), "sha256:" + hashlib.sha256(data).hexdigest())
    assert now == (resource["bytes"], resource["hash"]), "changed on purpose? run: python data/describe.py"


def test_the_catalog_names_every_text_with_its_hash():
    with open(DATA / "corpus" / "catalog.csv", encoding="utf-8", newline="") as file:
        catalog = {row["file"]: row["sha256"] for row in csv.DictReader(file)}
    texts = {
        f"texts/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (DATA / "corpus" / "texts").iterdir()
    }
    assert catalog == texts


@pytest.mark.parametrize("table", KEYS)
def test_the_codebook_explains_every_column(table, corpus):
    codebook = (DATA / "README.md").read_text(encoding="utf-8")
    part = re.search(rf"^### {table}\n(.*?)(?=^##|\Z)", codebook, re.MULTILINE | re.DOTALL).group(1)
    explained = re.findall(r"^\| (\*\*)?`(\w+)`", part, re.MULTILINE)
    assert [name for _, name in explained] == list(getattr(corpus, table).columns)
    assert [name for bold, name in explained if bold] == KEYS[table]


def test_the_codebook_names_every_role(corpus_all):
    codebook = (DATA / "README.md").read_text(encoding="utf-8")
    assert all(f"`{role}`" in codebook for role in corpus_all.blocks["role"].unique())
