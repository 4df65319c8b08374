"""Characters a second that one core parses, and how the cost grows with the size of the text.

    python benchmarks/parse.py [CATALOG ...]

The documents of the shipped corpus (and of every catalog given) are repeated to 5, 10, 20 and 50 MB of UTF-8 and parsed
into all tables, without repair. Beside it, in the same run, what scripts commonly do: decode the bytes, strip the lines, and search them
with one pattern for headings and one for responsible units. Seconds are those of the processor. Linear cost shows as
equal characters a second in every row.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import re
import time
import warnings
from pathlib import Path

import policylab as lab
from policylab.base.paths import CATALOG
from policylab.corpus.catalog import read_catalog
from policylab.corpus.tables import COLUMNS, read_tables

MEGABYTES = [5, 10, 20, 50]
HEADING = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．])", re.MULTILINE)
UNITS = re.compile(r"[（(]责任单位[:：]([^（）()]*)[）)]")


def repeat(documents, size):
    """Copies of the documents, whole ones, up to a size in bytes."""
    copies, total = [], 0
    while total < size:
        for document in documents:
            copies.append(document)
            total += len(document[1])
    return copies


def parse(copies):
    tables = {name: [] for name in COLUMNS}
    for i, (title, data) in enumerate(copies):
        read_tables(f"d{i}", data.decode("utf-8"), title, tables)
    return len(tables["paragraphs"])


def skim(copies):
    found = 0
    for _, data in copies:
        text = data.decode("utf-8")
        lines = [line.strip() for line in text.splitlines()]
        found += len(HEADING.findall("\n".join(lines))) + sum(len(units.split("、")) for units in UNITS.findall(text))
    return found


def timed(function, copies):
    start = time.process_time()
    function(copies)
    return time.process_time() - start


def main(catalogs):
    for catalog in catalogs:
        entries = read_catalog(catalog).entries
        documents = [(entry.cells.get("title"), entry.text.encode("utf-8")) for entry in entries]
        print(f"{catalog.parent.name}: {len(documents)} documents")
        print("     MB   characters   parse s   million characters/s   two patterns s   ratio")
        for size in MEGABYTES:
            copies = repeat(documents, size * 1_000_000)
            characters = sum(len(data.decode("utf-8")) for _, data in copies)
            ours, peer = timed(parse, copies), timed(skim, copies)
            print(
                f"{size:7} {characters:12,} {ours:9.2f} {characters / ours / 1e6:22.2f} {peer:16.2f} {ours / peer:7.1f}"
            )


if __name__ == "__main__":
    warnings.simplefilter("ignore", lab.PolicylabWarning)
    main([CATALOG, *map(Path, sys.argv[1:])])
