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
from policylab.output.folder import hash_file
from policylab.output.provenance import list_versions, make_portable
from policylab.plots.kit.style import FONT_FILE


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


def read_surroundings():
    """Hashes of what every run depends on: policylab's source, the locked packages and the installed ones, the font."""
    return {"source": _hash_source(), "lock": hash_file(paths.LOCK), "font": _hash_font(), "packages": list_versions()}


def read_inputs(run, surroundings, data=()):
    """The inputs of a run as they are now; `data` names the files that it reads, as name_data does."""
    found = _find_roots(run)
    return surroundings | {
        "notebook": _hash_notebook(run.notebook),
        "parameters": {
            name: make_portable(name, value) for name, value in sorted(run.parameters.items()) if name != "out"
        },
        "data": {name: hash_file(_find_data(name, found)) for name in sorted(data)},
    }


def name_data(run, opened, excluded=()):
    """Which of the files that a run opened are its data: {name: path}.

    Data is what lies in policylab's data/, beside the catalog or the notebook, or is named by a parameter. Names are
    relative to these. Everything in the folders `excluded` is left out.
    """
    roots = _find_roots(run)
    excluded = [*excluded, Path(sys.prefix).resolve()]
    named = {}
    for path in map(Path.resolve, opened):
        root = next((root for root in roots if path.is_relative_to(roots[root])), None)
        if root is None or not path.is_file() or path.suffix == ".ipynb" or any(map(path.is_relative_to, excluded)):
            continue
        inside = path.relative_to(roots[root])
        if root != "data" and path.is_relative_to(paths.PACKAGE) or any(part.startswith(".") for part in inside.parts):
            continue
        named["/".join([root, *inside.parts])] = path
    return named


def find_changes(run, stamp, folder, surroundings):
    """What makes a run stale, as a list of texts; empty if its figures in `folder` are up to date."""
    if stamp is None:
        return ["never run"]
    then = stamp["inputs"]
    now = read_inputs(run, surroundings, then["data"])
    changes = ["notebook"] if now["notebook"] != then["notebook"] else []
    changes += [f"parameter {change}" for change in _compare(then["parameters"], now["parameters"])]
    for name, known in then["data"].items():
        if now["data"][name] != known or known is None:
            changes.append(f"{name} is missing" if now["data"][name] is None else name)
    changes += [name for name in ("source", "lock", "font") if now[name] != then[name]]
    changes += [f"package {change}" for change in _compare(then["packages"], now["packages"])]
    for file, known in stamp["outputs"].items():
        found = hash_file(folder / file)
        if found != known:
            changes.append(f"figure file {file} {'is missing' if found is None else 'was changed'}")
    return changes


def mark_unsettled(before, after, data, started):
    """The inputs `after` a run, with None for those that changed while it was under way: nobody knows which it saw.

    `before` are the inputs at the beginning; `data` maps names to paths; `started` is a file that was made then.
    """
    settled = {name: value if before[name] == value else None for name, value in after.items() if name != "data"}
    settled["parameters"], settled["packages"] = after["parameters"], after["packages"]
    since = started.stat().st_mtime_ns
    settled["data"] = {
        name: value if data[name].stat().st_mtime_ns < since else None for name, value in after["data"].items()
    }
    return settled


def _compare(then, now):
    known = {name: (then.get(name, "not set"), now.get(name, "not set")) for name in sorted(then.keys() | now.keys())}
    return [f"{name} ({_short(old)} -> {_short(new)})" for name, (old, new) in known.items() if old != new]


def _short(value):
    text = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"


def _find_roots(run):
    """Where a run's data may lie, by the name that its files get: a folder, or a single file that a parameter names."""
    catalog = run.parameters.get("catalog")
    roots = {"data": paths.DATA.resolve()}
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


def _find_data(name, roots):
    for root, path in roots.items():
        if name == root:
            return path
        if name.startswith(root + "/"):
            return path.joinpath(*name[len(root) + 1 :].split("/"))
    return None


def _hash_notebook(path):
    """Of the code only: neither texts, outputs nor layout change a figure. Parameters are compared by their values."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
    ]
    return hashlib.sha256(json.dumps(code).encode("utf-8")).hexdigest()


def _hash_source():
    """Of the package with its word lists; its data and notebooks, which a wheel has inside, are inputs of their own."""
    files = [path for path in paths.PACKAGE.rglob("*") if path.suffix in (".py", ".csv", ".toml") and path.is_file()]
    apart = (paths.DATA, paths.NOTEBOOKS, paths.FIGURES, paths.BUILD)
    content = hashlib.sha256()
    names = {path.relative_to(paths.PACKAGE).as_posix(): path for path in files}
    for name, path in sorted(names.items()):
        if not any(map(path.is_relative_to, apart)):
            content.update(f"{name} {hash_file(path)}\n".encode())
    return content.hexdigest()


def _hash_font():
    package = find_spec("zhplot")
    return hash_file(Path(package.submodule_search_locations[0]) / "fonts" / FONT_FILE) if package else None
