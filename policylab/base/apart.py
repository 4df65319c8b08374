"""Files whose readers may end the process that they run in: read in a process of their own (apartreader.py).

A few wrong bytes in a workbook make its reader ask for more memory than there is; in a Parquet file they make its reader
touch memory that is not its own.
"""

import json
import os
import subprocess
import sys
from typing import Any

from policylab.base.errors import PolicylabError
from policylab.base.paths import PACKAGE

_MOST_SECONDS = 300  # 100,000 texts take fifteen in Excel and five in Parquet


def read_apart(kind: str, data: bytes) -> Any:
    """What apartreader.py makes of the bytes of a file of this kind, "workbook" or "parquet"; None if its process ended.

    Raises PolicylabError if the file is refused; the message begins with "the file".
    """
    places = [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, places))}
    command = [sys.executable, "-m", "policylab.base.apartreader", kind]
    try:
        done = subprocess.run(command, input=data, capture_output=True, env=environment, timeout=_MOST_SECONDS)
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    if "error" in answer:
        raise PolicylabError(answer["error"])
    return answer["content"]
