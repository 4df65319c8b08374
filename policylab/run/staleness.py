"""Is what was drawn still what would be drawn? Compares the inputs of a notebook's run, by content, with those noted.

The stamp of a run is kept in the manifest: the inputs and the outputs with their hashes. It holds no dates, users or
absolute paths, so it means the same on every machine.
"""

import hashlib
import json
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from policylab.base import paths
from policylab.output.dependencies import find_imports, find_version, hash_code, list_packages
from policylab.output.folder import hash_file, list_absent
from policylab.output.provenance import make_portable
from policylab.plots.kit.style import FONT_FILE

# Modules that are imported to start other processes. What those import is not noted, so everything may have been.
_STARTERS = ("joblib.externals.loky.backend.popen_", "multiprocessing.popen_spawn_", "multiprocessing.popen_forkserver")

# Files that are not data although a run opens them: notebooks, and code, which is known by the modules imported.
_NO_DATA = {".ipynb", ".py", ".pyc", ".pyi"}


@dataclass(frozen=True)
class Run:
    """One notebook in one language: `values` are the parameters that are set, `parameters` all that it declares."""

    notebook: Path
    language: str | None
    values: dict
    parameters: dict

    @property
    def name(self):
        return f"{self.notebook.stem}-{self.language}" if self.language else self.notebook.stem


@dataclass(frozen=True)
class Used:
    """What a run used: its files, {name: path}, data as well as code, and the versions of the packages."""

    files: dict
    packages: dict


def find_used(run, notes, excluded=()):
    """What a run used, according to the Notes of its kernel.

    Files are data and code: those that were opened and the modules that were imported. Both count if they lie in
    policylab's data/, beside the catalog, in policylab itself or beside the notebook, or if a parameter names them; the
    name of a file is relative to these. Everything in the folders `excluded` is left out.
    """
    loaded = set(notes.modules)
    code = {path for module in loaded if (path := _find_module(module, run))}
    cells = [cell.encode("utf-8") for cell in _read_cells(run.notebook)]
    imports = frozenset().union(*map(find_imports, [*cells, *(path.read_bytes() for path in code)]))
    if any(module.startswith(_STARTERS) for module in loaded):
        loaded |= imports
        code |= set(paths.PACKAGE.rglob("*.py"))
    files = [*(path for path in notes.files if path.suffix not in _NO_DATA), *sorted(code)]
    return Used(_name_files(run, files, excluded), list_packages(imports - {"policylab"}, loaded))


def read_inputs(run, files=(), packages=()):
    """The inputs of a run as they are now; `files` and `packages` are the names of those that it used."""
    roots = _find_roots(run)
    return {
        "notebook": _hash_notebook(run.notebook),
        "parameters": {
            name: make_portable(name, value) for name, value in sorted(run.parameters.items()) if name != "out"
        },
        "files": {name: _hash_input(_find_file(name, roots)) for name in sorted(files)},
        "font": _hash_font(),
        "packages": {name: find_version(name) or "not installed" for name in sorted(packages)},
    }


def find_changes(run, stamp, folder):
    """What makes a run stale, as a list of texts; empty if its figures in `folder` are up to date."""
    if stamp is None:
        return ["never run"]
    then = stamp["inputs"]
    now = read_inputs(run, then.get("files", ()), then.get("packages", ()))
    if now.keys() != then.keys():
        return ["drawn by an older version of policylab"]
    changes = ["notebook"] if now["notebook"] != then["notebook"] else []
    changes += [f"parameter {name} ({change})" for name, change in _compare(then["parameters"], now["parameters"])]
    for name, known in then["files"].items():
        if now["files"][name] != known or known is None:
            changes.append(f"{name} is missing" if now["files"][name] is None else name)
    changes += ["font"] if now["font"] != then["font"] else []
    changes += [f"{name} {change}" for name, change in _compare(then["packages"], now["packages"])]
    absent = list_absent(folder, stamp["outputs"])
    for file, known in stamp["outputs"].items():
        found = hash_file(folder / file)
        if found != known and file not in absent:
            changes.append(f"figure file {file} {'is missing' if found is None else 'was changed'}")
    return changes


def mark_unsettled(inputs, run, used, started):
    """The inputs of a run, with None for files that changed while it was under way: nobody knows which content it saw.

    `used` comes from find_used; `started` is a file that was made when the run began.
    """
    since = started.stat().st_mtime_ns
    changed = {name for name, path in used.files.items() if path.stat().st_mtime_ns >= since}
    return inputs | {
        "notebook": None if run.notebook.stat().st_mtime_ns >= since else inputs["notebook"],
        "files": {name: None if name in changed else value for name, value in inputs["files"].items()},
    }


def _compare(then, now):
    known = {name: (then.get(name, "not set"), now.get(name, "not set")) for name in sorted(then.keys() | now.keys())}
    return [(name, f"{_short(old)} -> {_short(new)}") for name, (old, new) in known.items() if old != new]


def _short(value):
    text = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"


def _find_roots(run):
    """Where the files of a run may be, by the first part of their names: folders, and single files that a parameter names."""
    catalog = run.parameters.get("catalog")
    roots = {"data": paths.DATA.resolve(), "policylab": paths.PACKAGE.resolve()}
    if catalog:
        roots["corpus"] = Path(catalog).resolve().parent
    for name, value in sorted(run.parameters.items()):
        for item in value if isinstance(value, list) else [value]:
            # Relative to the notebook, as in the notebook.
            if isinstance(item, str) and item and name not in ("catalog", "out"):
                path = run.notebook.parent / item
                if _exists(path):
                    roots[f"{name}/{path.name}"] = path.resolve()
    roots["notebook"] = run.notebook.parent.resolve()
    return roots


def _exists(path):
    try:
        return path.exists()
    except (OSError, ValueError):
        return False  # a text that no file can be called


def _name_files(run, files, excluded):
    roots = _find_roots(run)
    excluded = [*excluded, Path(sys.prefix).resolve()]
    named = {}
    for path in map(Path.resolve, files):
        root = next((root for root in roots if path.is_relative_to(roots[root])), None)
        if root is None or not path.is_file():
            continue
        # An installed policylab lies among the packages; all others are known by their versions.
        if not path.is_relative_to(roots["policylab"]) and any(map(path.is_relative_to, excluded)):
            continue
        inside = path.relative_to(roots[root])
        if not any(part.startswith(".") for part in inside.parts):
            named["/".join([root, *inside.parts])] = path
    return named


def _find_file(name, roots):
    for root, path in roots.items():
        if name == root:
            return path
        if name.startswith(root + "/"):
            return path.joinpath(*name[len(root) + 1 :].split("/"))
    return None


def _find_module(name, run):
    """The source file of a module of policylab's, or of one beside the notebook; None for all others."""
    top, *rest = name.split(".")
    path = (paths.PACKAGE if top == "policylab" else run.notebook.parent / top).joinpath(*rest)
    return next((file for file in (path / "__init__.py", path.with_name(f"{path.name}.py")) if file.is_file()), None)


def _hash_input(path):
    """Of a module the code alone: neither comments nor docstrings change a figure. Of any other file every byte."""
    try:
        return hash_code(path.read_bytes()) if path and path.suffix == ".py" else hash_file(path)
    except OSError:
        return None


def _hash_notebook(path):
    """Of the code only: neither texts, comments, outputs nor layout change a figure."""
    return hashlib.sha256("".join(hash_code(cell.encode("utf-8")) for cell in _read_cells(path)).encode()).hexdigest()


def _read_cells(path):
    """The source of the cells with code, without the parameters, which are compared by their values."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
    ]


def _hash_font():
    package = find_spec("zhplot")
    return hash_file(Path(package.submodule_search_locations[0]) / "fonts" / FONT_FILE) if package else None
