"""Save a figure as one set of files: vector, bitmap, the numbers drawn, and a manifest entry that tells their origin.

The same figure, numbers and record give the same bytes on one platform with the same packages. Nothing is ever left
half-written: figurefolder.py puts all files and the manifest into place together.
"""

import hashlib
import io
import os
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pandas.api.types import is_float_dtype

from policylab import paths
from policylab.errors import PolicylabError
from policylab.figurefolder import explain, install, staging_folder
from policylab.style import SETTINGS

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

# Where `policylab reproduce` wants the figures of the notebook that it runs; it moves them when the notebook is done.
STAGING = "POLICYLAB_STAGING"


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
    folder = Path(os.environ.get(STAGING) or folder or paths.FIGURES)
    contents = {f"{name}.{kind}": content for kind, content in _render(figure, name).items()}
    contents[f"{name}.csv"] = _csv(data)
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()}

    def edit(manifest):
        manifest["figures"][name] = record.entry() | {"files": hashes}
        return []

    try:
        with staging_folder(folder) as staging:
            for file, content in contents.items():
                (staging / file).write_bytes(content)
            install(folder, staging, list(contents), edit)
    except OSError as error:
        raise PolicylabError(f"Figure {name}: {explain(error, folder)}") from error
    return SavedFigure(name, {file.rpartition(".")[2]: folder / file for file in contents})


def round_numbers(table):
    """`table` with its decimal numbers rounded as they are saved; -0.0 becomes 0.0. Draw from the result."""
    table = table.copy()
    for column in table:
        if is_float_dtype(table[column]):
            table[column] = table[column].round(DECIMALS) + 0.0
    return table


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
