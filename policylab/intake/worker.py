"""The process in which files are read: takes requests on standard input, one JSON text a line, answers on standard output.

A file that runs wild takes only this process with it.
"""

import json
import os
import sys

from policylab.base.errors import PolicylabError
from policylab.intake.zipped import read_file

MOST_BYTES = 500 * 2**20  # of a file: more is no document


def main() -> None:
    """Answer requests until there are none."""
    answers = os.fdopen(os.dup(1), "wb")
    # What libraries print must not come between the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.setrecursionlimit(2000)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        _limit_memory(request["memory"])
        answers.write(json.dumps(_answer(request["path"])).encode("ascii") + b"\n")
        answers.flush()


def _answer(path):
    try:
        data = read_bytes(path)
        return {"extracts": [extract._asdict() for extract in read_file(data, path)]}
    except PolicylabError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"memory": True}
    except RecursionError:
        return {"error": "the file is refused: what it holds stands too deep inside each other"}
    except OSError as error:
        return {"error": f"the file cannot be read: {error.strerror or error}"}
    except Exception as error:  # a fault of a library on a damaged file must not stop the other files
        return {"error": f"the file is damaged, or of a kind that is not known ({type(error).__name__}). Save it again"}


def read_bytes(path: str) -> bytes:
    """The bytes of an ordinary file that nobody writes to meanwhile."""
    import stat

    with open(path, "rb", opener=_open) as opened:
        before = os.fstat(opened.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise PolicylabError("this is no file but a device, a pipe or a folder")
        if before.st_size > MOST_BYTES:
            raise PolicylabError(
                f"the file has {before.st_size / 2**20:,.0f} MB, more than {MOST_BYTES // 2**20}. Divide it"
            )
        data = opened.read(MOST_BYTES + 1)
        after = os.fstat(opened.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise PolicylabError("the file changed while it was read. Wait until it is complete, and try again")
    return data


def _open(path, flags):
    # Without this, opening a pipe waits until somebody writes to it.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _limit_memory(megabytes):
    try:
        import resource
    except ImportError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = int(megabytes * 2**20)
    resource.setrlimit(resource.RLIMIT_AS, (wanted if most < 0 else min(wanted, most), most))


if __name__ == "__main__":
    main()
