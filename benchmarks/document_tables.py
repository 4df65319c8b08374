"""Tables with one document a row, of many rows: seconds of one core and memory for each kind of file; and what damage does.

    python benchmarks/document_tables.py [--rows 100000] [--damaged SECONDS]

Texts are stretches of 500 characters of the plans that ship, beside eight other columns. Each file is read in a process of its
own. With --damaged, small files of each kind are spoilt at random instead, and read until the time is over: every one must be
read or refused. On one core of a shared server 100,000 rows took 9 s and 0.4 GB as CSV in GB18030, 7 s and 0.7 GB as JSON lines, 11 s
and 1.0 GB as Parquet, 14 s and 1.1 GB in Excel, which took 19 s to write.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import argparse  # noqa: E402
import collections  # noqa: E402
import io  # noqa: E402
import random  # noqa: E402
import subprocess  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
import zipfile  # noqa: E402
from pathlib import Path  # noqa: E402

import fastparquet  # noqa: E402
import pandas as pd  # noqa: E402

from policylab.base.decoding import read_text  # noqa: E402
from policylab.base.errors import PolicylabError  # noqa: E402
from policylab.base.excel import encode_workbook  # noqa: E402
from policylab.base.paths import DATA  # noqa: E402
from policylab.corpus.documenttable import read_document_table  # noqa: E402

KINDS = ("csv", "jsonl", "parquet", "xlsx")
LENGTH = 500
PIECES = (
    b'"',
    b",",
    b"\n",
    b"\x00",
    b"[",
    b"{",
    b"<",
    b"&#0;",
    b'r="XFD9"',
    b"\xff\xfe",
    b"99999999999",
    b"NaN",
    b"1e999",
)
MEASURE = """
import resource, sys, time
from policylab.corpus.documenttable import read_document_table
start = time.process_time()
n = len(read_document_table(sys.argv[1]).rows)
usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
seconds = time.process_time() - start + usage[1].ru_utime + usage[1].ru_stime
print(f"{sys.argv[1].rpartition('.')[2]}: {n:,} rows, {seconds:.1f} s, {max(u.ru_maxrss for u in usage) / 2**20:.2f} GB")
"""


def main():
    """Print a line for each kind of file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--damaged", type=float, default=0)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.into:
        start = time.process_time()
        write(options.into, options.rows, KINDS[:-1])
        middle = time.process_time()
        write(options.into, options.rows, KINDS[-1:])
        print(
            f"all but xlsx written in {middle - start:.1f} s, xlsx in {time.process_time() - middle:.1f} s", flush=True
        )
        return
    with tempfile.TemporaryDirectory() as folder:
        if options.damaged:
            spoil(Path(folder), options.damaged)
            return
        # The memory of a process that starts another one would count as that of the other.
        subprocess.run([sys.executable, __file__, "--rows", str(options.rows), "--into", folder], check=True)
        for kind in KINDS:
            subprocess.run([sys.executable, "-c", MEASURE, str(Path(folder) / f"table.{kind}")], check=True)


def write(folder, rows, kinds):
    """The same table as a file of each kind."""
    texts = [read_text(path) for path in sorted((DATA / "corpus" / "texts").iterdir())]
    draw = random.Random(0)
    pieces = [(text, draw.randrange(len(text) - LENGTH)) for text in draw.choices(texts, k=rows)]
    table = pd.DataFrame(
        {
            "标题": [f"某市{i}号工作要点" for i in range(rows)],
            "发文机关": ["某市教育局"] * rows,
            "发文字号": [f"某教〔2019〕{i}号" for i in range(rows)],
            "成文日期": ["2019/2/27"] * rows,
            "地区": ["厦门市"] * rows,
            "年份": [2019] * rows,
            "层级": ["市级"] * rows,
            "网址": [f"https://example.org/{i}" for i in range(rows)],
            "正文": [text[start : start + LENGTH] for text, start in pieces],
        }
    )
    make = {
        "csv": lambda path: table.to_csv(path, index=False, encoding="gb18030"),
        "jsonl": lambda path: table.to_json(path, orient="records", lines=True, force_ascii=False),
        "parquet": lambda path: fastparquet.write(str(path), table),
        "xlsx": lambda path: path.write_bytes(encode_workbook({"文件": table}, compress=True)),
    }
    for kind in kinds:
        make[kind](folder / f"table.{kind}")


def spoil(folder, seconds):
    """Spoil files at random and read them; whatever is neither read nor refused is raised."""
    write(folder, 5, KINDS)
    whole = {kind: (folder / f"table.{kind}").read_bytes() for kind in KINDS}
    draw, seen, end = random.Random(0), collections.Counter(), time.monotonic() + seconds
    while time.monotonic() < end:
        kind = draw.choice(KINDS)
        path = folder / f"spoilt.{kind}"
        path.write_bytes(spoil_book(whole[kind], draw) if kind == "xlsx" else spoil_bytes(whole[kind], draw))
        try:
            read_document_table(path)
            seen[kind, "read"] += 1
        except PolicylabError:
            seen[kind, "refused"] += 1
    for (kind, what), n in sorted(seen.items()):
        print(f"{kind}: {n:,} {what}")


def spoil_book(data, draw):
    """A workbook with one part that is spoilt, in a zip that is sound."""
    spoilt = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(spoilt, "w") as other:
        chosen = draw.choice(book.namelist())
        for name in book.namelist():
            part = book.read(name)
            other.writestr(name, spoil_bytes(part, draw) if name == chosen else part)
    return spoilt.getvalue()


def spoil_bytes(data, draw):
    """Bytes with a few that are changed, left out, put in or doubled."""
    data = bytearray(data)
    for _ in range(draw.choice([1, 1, 2, 5, 20])):
        place, other = draw.randrange(len(data) + 1), draw.randrange(len(data) + 1)
        change = draw.randrange(4)
        if change == 0:
            data[place : place + 1] = bytes([draw.randrange(256)])
        elif change == 1:
            del data[place : place + draw.choice([1, 2, 10, 200, len(data)])]
        elif change == 2:
            data[place:place] = draw.choice(PIECES)
        else:
            data[place:place] = data[other : other + draw.choice([4, 40, 400])]
    return bytes(data)


if __name__ == "__main__":
    main()
