"""The kernel that runs a notebook for `policylab reproduce`: IPython's, which also notes the files that are opened.

So no notebook has to declare which word lists its numbers depend on, and none can forget one. What joblib's worker
processes open is not seen; in policylab they open no data.
"""

import os
import sys
from pathlib import Path

# The file for the notes: one line for each file, "r" or "w" and the path.
NOTES = "POLICYLAB_OPENED_FILES"


def note_opened_files(notes):
    """Write every file that this process opens from now on into the file `notes`, but for those of packages."""
    packages = tuple(os.path.join(prefix, "") for prefix in (sys.prefix, sys.base_prefix))
    seen, file = set(), open(notes, "a", encoding="utf-8", errors="surrogateescape", buffering=1)

    def note(event, arguments):
        if event != "open" or not isinstance(arguments[0], (str, bytes, os.PathLike)):
            return
        path, mode, flags = arguments
        writes = set(mode) & set("wax+") if mode else flags & (os.O_WRONLY | os.O_RDWR)
        path = os.path.abspath(os.fsdecode(path))
        line = f"{'w' if writes else 'r'} {path}"
        # The thousands of files of Python's own packages are known by their versions.
        if line not in seen and "\n" not in line and not path.startswith(packages):
            seen.add(line)
            file.write(line + "\n")

    sys.addaudithook(note)


def read_notes(notes):
    """The files that were read and not written, a sorted list of paths."""
    if not notes.exists():
        return []
    lines = notes.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    opened = {kind: {line[2:] for line in lines if line[0] == kind} for kind in "rw"}
    return [Path(path) for path in sorted(opened["r"] - opened["w"])]


if __name__ == "__main__":
    note_opened_files(os.environ[NOTES])
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
