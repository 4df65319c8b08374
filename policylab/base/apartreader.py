"""The process in which apart.py has files read: bytes on standard input, what they hold as JSON on standard output."""

import json
import os
import sys

from policylab.base.errors import PolicylabError
from policylab.base.workbook import read_sheets

_MOST_MEMORY = 8 << 30  # bytes; the largest sheet of an old workbook takes 1.2 GB, 100,000 texts in Parquet 0.8


def main() -> None:
    """Read one file of the kind that the command names."""
    answers = os.fdopen(os.dup(1), "wb")
    # What libraries print must not come between.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        import resource
    except ImportError:  # Windows
        pass
    else:
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY if most < 0 else min(_MOST_MEMORY, most), most))
    try:
        answer = {"content": _read(sys.argv[1], sys.stdin.buffer.read())}
    except PolicylabError as error:
        answer = {"error": str(error)}
    answers.write(json.dumps(answer).encode("ascii"))
    answers.close()


def _read(kind, data):
    if kind == "workbook":
        return read_sheets(data)
    from policylab.base.tablefile import read_parquet  # and pandas with it, which workbooks need not wait for

    return read_parquet(data)


if __name__ == "__main__":
    main()
