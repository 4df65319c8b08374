"""Build a background of policy Chinese from folders of texts (.txt, .md) and files of records (.jsonl: title, content).

    python benchmarks/build_background.py data/background/policy.npz SOURCE ... [--without PATTERN ...]

One text is a line of 30 Chinese characters or more. Files and records whose name (without suffix) or title fits a pattern of
--without, such as 'sd0*' or '2012*', are left out: the documents that are to be compared, and other copies of a text.
Beside the arrays a file of the same name with the ending .json lists what they were made from, with the hash of the arrays.
"""

import sys

sys.path.pop(0)  # tokenize.py in this folder must not stand before Python's own module of the name

import argparse  # noqa: E402
import hashlib  # noqa: E402
import json  # noqa: E402
import re  # noqa: E402
from fnmatch import fnmatch  # noqa: E402
from pathlib import Path  # noqa: E402

from policylab.alignment.background import build_background, save_background  # noqa: E402
from policylab.base.decoding import read_text  # noqa: E402

HAN = re.compile(r"[\u4e00-\u9fff]")
FEWEST = 30


def read_sources(sources):
    """(name, text) of every file and record, in a fixed order."""
    for source in map(Path, sources):
        if source.suffix == ".jsonl":
            for line in source.read_text(encoding="utf-8").splitlines():
                record = json.loads(line)
                yield record["title"], record["content"]
        else:
            for path in sorted(path for path in source.rglob("*") if path.suffix in (".txt", ".md")):
                yield path.stem, read_text(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path)
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("--without", nargs="*", default=[], metavar="PATTERN")
    arguments = parser.parse_args()
    texts, made_from = [], []
    for name, text in read_sources(arguments.sources):
        if any(fnmatch(name, pattern) for pattern in arguments.without):
            continue
        lines = [line.strip() for line in text.splitlines() if len(HAN.findall(line)) >= FEWEST]
        made_from.append({"name": name, "texts": len(lines), "characters": sum(map(len, lines))})
        texts += lines
    background = build_background(texts)
    save_background(background, arguments.target)
    about = {
        "made_by": "benchmarks/build_background.py",
        "sha256": hashlib.sha256(arguments.target.read_bytes()).hexdigest(),
        "texts": background.n_texts,
        "ngrams": len(background.ngrams),
        "words": len(background.words),
        "axes": list(background.axes.shape),
        "without": arguments.without,
        "made_from": made_from,
    }
    path = arguments.target.with_suffix(".json")
    path.write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    print(f"{arguments.target}: {arguments.target.stat().st_size / 1e6:.1f} MB from {len(texts)} texts")


if __name__ == "__main__":
    main()
