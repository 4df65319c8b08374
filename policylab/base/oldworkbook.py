"""The process in which an old workbook (.xls) is read: its bytes on standard input, its sheets as JSON on standard output.

A few wrong bytes make the reader ask for more memory than there is, which ends the process that asks. Zipped workbooks are
measured before they are read; the cells of old ones are found only by reading them.
"""

import json
import sys

from policylab.base.errors import PolicylabError
from policylab.base.workbook import read_sheets

_MOST_MEMORY = 4 << 30  # bytes; the largest sheet that the format knows takes 1.2 GB


def main() -> None:
    """Read one workbook."""
    try:
        import resource
    except ImportError:  # Windows
        pass
    else:
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY if most < 0 else min(_MOST_MEMORY, most), most))
    try:
        answer = {"sheets": read_sheets(sys.stdin.buffer.read())}
    except PolicylabError as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
