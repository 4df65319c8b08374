"""The kernel that runs a notebook for `policylab reproduce`: IPython's, which also notes what the notebook uses.

It notes the files that are opened and the modules that are imported, so no notebook has to declare the word lists, the
code and the packages that its numbers depend on, and none can forget one. What other processes open, as joblib's
workers, is not noted; in policylab they open no data.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

# The file for the notes, one a line: "r" or "w" and the path of a file, or "m" and the name of a module.
NOTES = "POLICYLAB_NOTES"

_OWN = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")


@dataclass(frozen=True)
class Notes:
    """What a notebook used: the files that it read and did not write, and the names of the modules that it imported."""

    files: list
    modules: list


class ImportNotes:
    """A finder that is asked before all others, notes the name of each module, and finds none.

    Packages that the kernel has loaded for itself are left out: they show results and compute none.
    """

    def __init__(self, write):
        self.write, self.kernel = write, {name.partition(".")[0] for name in sys.modules}

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in self.kernel:
            self.write("m", name)


def note_everything(notes):
    """Write what this process opens and imports from now on into the file `notes`."""
    packages = tuple(os.path.join(prefix, "") for prefix in (sys.prefix, sys.base_prefix))
    seen, file = set(), open(notes, "a", encoding="utf-8", errors="surrogateescape", buffering=1)

    def write(kind, text):
        line = f"{kind} {text}"
        if line not in seen and "\n" not in line:
            seen.add(line)
            file.write(line + "\n")

    def note_file(event, arguments):
        if event != "open" or not isinstance(arguments[0], (str, bytes, os.PathLike)):
            return
        path, mode, flags = arguments
        writes = set(mode) & set("wax+") if mode else flags & (os.O_WRONLY | os.O_RDWR)
        path = os.path.abspath(os.fsdecode(path))
        # The thousands of files of other packages are known by their versions.
        if path.startswith(_OWN) or not path.startswith(packages):
            write("w" if writes else "r", path)

    sys.addaudithook(note_file)
    sys.meta_path.insert(0, ImportNotes(write))


def read_notes(path):
    """The Notes in a file; empty if it does not exist."""
    if not path.exists():
        return Notes([], [])
    noted = {"r": set(), "w": set(), "m": set()}
    for line in path.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        noted[line[0]].add(line[2:])
    return Notes([Path(file) for file in sorted(noted["r"] - noted["w"])], sorted(noted["m"]))


if __name__ == "__main__":
    from ipykernel.kernelapp import IPKernelApp

    kernel = IPKernelApp.instance()
    kernel.initialize()
    note_everything(os.environ[NOTES])
    kernel.start()
