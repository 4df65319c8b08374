"""A folder of figures with its manifest: changed as a whole or not at all, and by one process at a time.

New files are written into a private folder beside the old ones. A journal then lists the moves. A process that is killed
before the journal is in place leaves the old figures; after that, the next process finishes the moves.
"""

import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from policylab.alignment.sampling import FILLED
from policylab.base import paths
from policylab.base.codingsheet import is_filled
from policylab.base.errors import PolicylabError

MANIFEST = "manifest.json"
MANIFEST_FORMAT = 2
# Only the stamps of runs differ; staleness.py takes theirs as out of date.
_READABLE = (1, MANIFEST_FORMAT)

# How the names of sheets for coders end. One that somebody filled is neither replaced nor deleted.
SHEET = ".sheet.csv"

# The folder in which `policylab reproduce` collects the figures of a notebook until the notebook is done.
STAGING = "POLICYLAB_STAGING"

_LOCK = f".{MANIFEST}.lock"
_JOURNAL = f".{MANIFEST}.journal"
_STAGING = ".staging"
_ALIVE = "alive.lock"
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", None)}


def read_manifest(folder):
    """The manifest of a folder of figures, empty if there is none: {"format": 2, "figures": {name: entry}, "runs": {}}.

    Raises PolicylabError if it is not a manifest that this version can read.
    """
    path = Path(folder) / MANIFEST
    if not path.exists():
        return {"format": MANIFEST_FORMAT, "figures": {}, "runs": {}}
    remedy = "Nothing was written. Move it away to start a new one."
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise PolicylabError(f"{path} is not readable as JSON ({error}). {remedy}") from error
    except OSError as error:
        raise PolicylabError(f"{path} cannot be read: {error.strerror}. {remedy}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("figures"), dict):
        raise PolicylabError(f"{path} is not a manifest of figures. {remedy}")
    if manifest.get("format") not in _READABLE:
        raise PolicylabError(
            f"{path} has format {manifest.get('format')!r}; this version of policylab reads format {MANIFEST_FORMAT}. "
            f"{remedy} Or install the version of policylab that wrote it."
        )
    for name, entry in manifest["figures"].items():
        if not isinstance(entry, dict) or not isinstance(entry.get("files"), dict):
            raise PolicylabError(f"{path} is broken: the entry of {name} has no files. {remedy}")
    manifest = {"runs": {}} | manifest | {"format": MANIFEST_FORMAT}
    for name, stamp in manifest["runs"].items():
        if not isinstance(stamp, dict) or not all(isinstance(stamp.get(part), dict) for part in ("inputs", "outputs")):
            raise PolicylabError(f"{path} is broken: the run {name} has no inputs and outputs. {remedy}")
    return manifest


@contextmanager
def staging_folder(folder):
    """A private folder inside `folder`, gone at the end; if this process is killed, the next one removes it."""
    with own_folder(folder):
        (folder / _STAGING).mkdir(exist_ok=True)
        path = Path(tempfile.mkdtemp(prefix="", dir=folder / _STAGING))
        alive = FileLock(path / _ALIVE)
        alive.acquire()
    try:
        yield path
    finally:
        alive.release()
        # Also what other processes left: the kernel of a killed one lives on for a second and writes.
        with suppress(OSError), own_folder(folder):  # an error here would hide the one that matters
            pass


@contextmanager
def own_folder(folder):
    """Keep other processes from changing the folder; first finish and clear up what killed ones left."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _LOCK
    with FileLock(path):
        try:
            _finish(folder)
            _remove_dead(folder)
            yield
        finally:
            # filelock deletes the file only on Windows. A process that waits for it notices, and creates another.
            if os.name != "nt":
                path.unlink(missing_ok=True)


@contextmanager
def settled_folder(folder):
    """own_folder for readers: a folder that is missing or cannot be written is read as it is."""
    if folder.is_dir() and os.access(folder, os.W_OK):
        with own_folder(folder):
            yield
    else:
        yield


def save_files(what, name, contents, record, folder=None):
    """Write the files of a figure, a table or a page, {file name: bytes}, with its entry in the manifest: all or nothing.

    `what` is its kind, for the messages; `record` comes from record_provenance; `folder` is the project's figures/ unless
    given. Files that belonged to an earlier version of the same name, but not to this one, are deleted unless somebody
    changed them. Returns the paths by kind of file.

    Raises PolicylabError if the name is taken by something else, the manifest cannot be read, or the folder cannot be
    written.
    """
    folder = Path(os.environ.get(STAGING) or folder or paths.FIGURES)
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()}

    def edit(manifest):
        previous = manifest["figures"].get(name, {"files": hashes})["files"]
        if (f"{name}.png" in previous) != (f"{name}.png" in hashes):
            other = "figure" if f"{name}.png" in previous else "table"
            raise PolicylabError(
                f"{what} {name}: {folder} has a {other} of this name. Nothing was written. Choose another."
            )
        manifest["figures"][name] = record.entry() | {"files": hashes}
        return list_obsolete(folder, previous, hashes)

    try:
        with staging_folder(folder) as staging:
            for file, content in contents.items():
                (staging / file).write_bytes(content)
            install(folder, staging, list(contents), edit)
    except OSError as error:
        raise PolicylabError(f"{what} {name}: {explain(error, folder)}") from error
    return {file.rpartition(".")[2]: folder / file for file in contents}


def check_name(what, name):
    """Raise PolicylabError for a name that is no plain file name."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise PolicylabError(
            f"{what} name {name!r}: use the letters a-z, digits, - and _ only, "
            "because it becomes a file name on every system."
        )


def list_obsolete(folder, previous, hashes):
    """The files of `previous`, {name: sha256}, that are not among `hashes`, without those that somebody changed since."""
    gone = [file for file in previous if file not in hashes and hash_file(folder / file) == previous[file]]
    return [file for file in gone if not _is_work(folder / file)]


def _is_work(path):
    """Whether a file is a sheet with a coder's work."""
    return path.name.endswith(SHEET) and is_filled(path, FILLED)


def find_unshipped(folder):
    """The kinds of files that are drawn into a folder and not committed, {".svg"}: lines such as *.svg of its .gitignore."""
    path = Path(folder) / ".gitignore"
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return {line[1:] for line in map(str.strip, text.splitlines()) if re.fullmatch(r"\*\.\w+", line)}


def list_absent(folder, files):
    """Which of the figure `files` are not in the folder because their kind is not committed."""
    kinds = find_unshipped(folder)
    return [file for file in files if Path(file).suffix in kinds and not (folder / file).exists()]


def hash_file(path):
    """The sha256 of a file; None if there is none, or it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path else None
    except OSError:
        return None


def install(folder, source, names, edit):
    """Move the files `names` from `source`, a staging folder, into `folder`, together with the manifest.

    `edit` gets the manifest to change and returns the names of files to delete. Sheets that a coder filled stay as they are.
    """
    with own_folder(folder):
        manifest = read_manifest(folder)
        obsolete = edit(manifest)
        kept = {name: hash_file(folder / name) for name in names if _is_work(folder / name)}
        entries = [entry["files"] for entry in manifest["figures"].values()]
        for files in entries + [stamp["outputs"] for stamp in manifest["runs"].values()]:
            files |= {name: kept[name] for name in files.keys() & kept.keys()}
        if not manifest["runs"]:
            del manifest["runs"]
        _write_json(source / MANIFEST, manifest)
        moves = {
            "source": source.relative_to(folder).as_posix(),
            "move": [*(name for name in names if name not in kept), MANIFEST],
            "delete": list(obsolete),
        }
        _write_json(source / _JOURNAL, moves)
        os.replace(source / _JOURNAL, folder / _JOURNAL)
        _finish(folder)


def explain(error, folder):
    """One line for the user about an OSError while writing."""
    path = Path(error.filename or folder)
    if _STAGING in path.parts:  # the user knows the folder that it is in
        path = Path(*path.parts[: path.parts.index(_STAGING)])
    if error.errno in _FULL:
        remedy = "Free some space and start again; the figures that were there are whole."
    else:
        remedy = "Close the programs that have the file open, or choose another folder."
    return f"cannot write {path}: {error.strerror}. {remedy}"


def _finish(folder):
    journal = folder / _JOURNAL
    if not journal.exists():
        return
    moves = json.loads(journal.read_text(encoding="utf-8"))
    for name in moves["delete"]:
        (folder / name).unlink(missing_ok=True)
    for name in moves["move"]:
        with suppress(FileNotFoundError):  # moved already, before the interruption
            os.replace(folder / moves["source"] / name, folder / name)
    journal.unlink()


def _remove_dead(folder):
    """Remove the private folders of dead processes; the caller holds the folder's lock, or a new one might seem dead."""
    for path in (folder / _STAGING).glob("*/"):
        with suppress(Timeout):  # its process is alive
            FileLock(path / _ALIVE, blocking=False).acquire().lock.release()
            shutil.rmtree(path, ignore_errors=True)
    with suppress(OSError):  # it does not exist, or another process works in it
        (folder / _STAGING).rmdir()


def _write_json(path, content):
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    path.write_bytes(text.encode("utf-8"))
