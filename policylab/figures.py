"""Save a figure as one set of files: vector, bitmap, the numbers drawn, and a manifest entry that tells their origin.

The same figure, numbers and record give the same bytes on one platform with the same packages. Nothing is ever left
half-written: all files are made in memory, written under a temporary name and then moved into place, the manifest last.
"""

import hashlib
import io
import json
import os
import re
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pandas.api.types import is_float_dtype

from policylab import paths
from policylab.errors import PolicylabError
from policylab.style import SETTINGS

MANIFEST = "manifest.json"
MANIFEST_FORMAT = 1

# Six decimals: numbers of LDA, NMF and cosine differ by up to 1e-14 between processors, and agree after rounding.
DECIMALS = 6

# Without dates and program versions, which would make two runs differ.
METADATA = {
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}

# Print is read closer than a screen: at 96 dots an inch, a quarter larger than life.
SCREEN_SCALE = 96 / SETTINGS["savefig.dpi"] * 1.25

_ASCII = frozenset(map(chr, range(128)))

# Seconds. The lock is held while five small files are written; an older one was left by a process that died.
STALE_LOCK = 10


@dataclass(frozen=True)
class SavedFigure:
    """The paths of a figure's files by kind. In a notebook it shows the bitmap: what is seen is what was saved."""

    name: str
    files: dict

    def _repr_png_(self):
        content = self.files["png"].read_bytes()
        pixels = int.from_bytes(content[16:20])  # the width, in the header of every PNG
        return content, {"width": round(pixels * SCREEN_SCALE)}


def save_figure(figure, name, data, record, folder=None):
    """Write name.pdf, name.svg, name.png, name.csv and the figure's entry in manifest.json; return a SavedFigure.

    `data` holds exactly the numbers drawn, one row per mark; `record` comes from record_provenance. `folder` is the
    project's figures/ unless given.

    Raises PolicylabError, and writes nothing, if the font lacks a character, the name is no plain file name, the
    manifest cannot be read, or the folder cannot be written.

    >>> save_figure(figure, "structure-zh", data, record)  # doctest: +SKIP
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise PolicylabError(
            f"Figure name {name!r}: use the letters a-z, digits, - and _ only, "
            "because it becomes a file name on every system."
        )
    folder = Path(folder) if folder else paths.FIGURES
    contents = {f"{name}.{kind}": content for kind, content in _render(figure, name).items()}
    contents[f"{name}.csv"] = _csv(data)
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            manifest = read_manifest(folder)
            manifest["figures"][name] = record.entry() | {"files": hashes}
            text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            _replace_files(folder, contents | {MANIFEST: text.encode("utf-8")})
    except OSError as error:
        raise PolicylabError(
            f"Figure {name}: cannot write {error.filename}: {error.strerror}. "
            "Close the programs that have the file open, or choose another folder."
        ) from error
    return SavedFigure(name, {file.rpartition(".")[2]: folder / file for file in contents})


def round_numbers(table):
    """`table` with its decimal numbers rounded as they are saved; -0.0 becomes 0.0. Draw from the result."""
    table = table.copy()
    for column in table:
        if is_float_dtype(table[column]):
            table[column] = table[column].round(DECIMALS) + 0.0
    return table


def read_manifest(folder):
    """The manifest of a folder of figures, empty if there is none yet: {"format": 1, "figures": {name: entry}}.

    Raises PolicylabError if it is not a manifest that this version can read.
    """
    path = Path(folder) / MANIFEST
    if not path.exists():
        return {"format": MANIFEST_FORMAT, "figures": {}}
    remedy = "Nothing was written. Move it away to start a new one."
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise PolicylabError(f"{path} is not readable as JSON ({error}). {remedy}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("figures"), dict):
        raise PolicylabError(f"{path} is not a manifest of figures. {remedy}")
    if manifest.get("format") != MANIFEST_FORMAT:
        raise PolicylabError(
            f"{path} has format {manifest.get('format')!r}; this version of policylab reads format {MANIFEST_FORMAT}. "
            f"{remedy} Or install the version of policylab that wrote it."
        )
    return manifest


def _render(figure, name):
    """The bytes of the figure by kind."""
    import matplotlib

    output = {key: value for key, value in SETTINGS.items() if key.split(".")[0] in ("savefig", "pdf", "ps", "svg")}
    # Saving resets the layout to this setting, so a layout that is switched off has to be off here as well.
    output["figure.constrained_layout.use"] = False
    with matplotlib.rc_context(output), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # said better by _check_glyphs
        # The layout is computed once, then frozen: otherwise every format would move it a little further.
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        _check_glyphs(figure, name)
        contents = {}
        for kind, metadata in METADATA.items():
            buffer = io.BytesIO()
            figure.savefig(buffer, format=kind, metadata=metadata, bbox_inches=None)
            contents[kind] = buffer.getvalue()
    contents["svg"] = contents["svg"].replace(b"\r\n", b"\n")
    return contents


def _check_glyphs(figure, name):
    from matplotlib.cbook import is_math_text
    from matplotlib.text import Text

    problems = []
    for text in figure.findobj(Text):
        string = text.get_text()
        if not text.get_visible() or not string:
            continue
        if is_math_text(string) is True:
            known = _ASCII  # in formulas matplotlib uses fonts of its own, which have no Chinese
        else:
            known = frozenset().union(*map(_characters, _font_files(text.get_fontproperties())))
        missing = sorted(set(string) - known - {"\n"})
        if missing:
            codes = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing)
            problems.append(f"\n  {codes} in {string!r}")
    if problems:
        raise PolicylabError(
            f"Figure {name}: the font has no glyph for these characters:{''.join(dict.fromkeys(problems))}\n"
            "Nothing was written. Call use_style(language) before drawing, or write the text with other characters."
        )


def _font_files(properties):
    """The files of all fonts that a text may fall back on."""
    from matplotlib import font_manager

    if properties.get_file():
        return [properties.get_file()]
    files = []
    for family in properties.get_family():
        single = properties.copy()
        single.set_family(family)
        try:
            files.append(font_manager.findfont(single, fallback_to_default=False))
        except ValueError:
            continue  # a family that is not installed gives no glyphs
    return files


@lru_cache
def _characters(file):
    from matplotlib import font_manager

    return frozenset(map(chr, font_manager.get_font(file).get_charmap()))


def _csv(data):
    return round_numbers(data).to_csv(index=False, lineterminator="\n").encode("utf-8")


def _replace_files(folder, contents):
    """Write all files under temporary names, then move them into place in the order given."""
    # The names are fixed, so that what a killed process left behind is overwritten by the next.
    temporary = {folder / f".{file}.tmp": folder / file for file in contents}
    try:
        for path, content in zip(temporary, contents.values(), strict=True):
            path.write_bytes(content)
        for path, target in temporary.items():
            os.replace(path, target)
    finally:
        for path in temporary:
            path.unlink(missing_ok=True)


@contextmanager
def _locked(folder):
    """Keep other processes from writing figures into this folder, so that no manifest entry is lost."""
    lock = folder / f".{MANIFEST}.lock"
    # Windows also says "permission denied" while another process is just deleting the lock.
    refusals = 50 if os.name == "nt" else 0
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            _remove_if_stale(lock)
        except PermissionError:
            if refusals == 0:
                raise
            refusals -= 1
        time.sleep(0.02)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _remove_if_stale(lock):
    try:
        if time.time() - lock.stat().st_mtime > STALE_LOCK:
            lock.unlink()
    except FileNotFoundError:
        pass  # released meanwhile
