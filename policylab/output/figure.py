"""Figures as sets of files: vector, bitmap, the numbers drawn, and a manifest entry with their origin.

Nothing is ever left half-written: folder.py puts all files and the manifest into place together.
"""

import io
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from policylab.base.errors import PolicylabError, PolicylabWarning
from policylab.base.rounding import round_numbers
from policylab.base.spreadsheet import escape_table
from policylab.language.labels import label
from policylab.output.folder import check_name, save_files
from policylab.output.provenance import Provenance
from policylab.plots.kit.presets import find_preset
from policylab.plots.kit.style import MM_PER_INCH, SETTINGS
from policylab.readings.reading import Reading

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Without dates and program versions, which would make two runs differ.
METADATA = {
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}

# Colours of a bitmap, as few as change it by no more than this root mean square, in levels of 0-255; true colour if none do.
# Chosen by looking at the project's figures at 300 dpi: at 1.3 no difference can be seen, even enlarged twice.
PALETTES = (16, 32, 64, 256)
PALETTE_RMS = 1.3

# Print is read from closer than a screen, so at 96 dots an inch a figure is shown a quarter larger than printed.
SCREEN_SCALE = 96 / SETTINGS["savefig.dpi"] * 1.25

_ASCII = frozenset(map(chr, range(128)))


@dataclass(frozen=True)
class SavedFigure:
    """The paths of a figure's files by kind. A notebook shows the bitmap, so that what is seen is what was saved."""

    name: str
    files: dict[str, Path]

    def _repr_png_(self):
        content = self.files["png"].read_bytes()
        pixels = int.from_bytes(content[16:20])  # the width, in the header of every PNG
        return content, {"width": round(pixels * SCREEN_SCALE)}


def save_figure(
    figure: "Figure | None", name: str, data: pd.DataFrame, record: Provenance, *, folder: str | Path | None = None
) -> SavedFigure | Reading:
    """Save a figure as PDF, SVG and PNG, with the numbers drawn as CSV and an entry in manifest.json.

    The preset in force (use_preset) sets the page, and adds a TIFF where its journal asks for one.

    Parameters
    ----------
    figure : matplotlib.figure.Figure or None
        A matplotlib figure, or None from a plot that found nothing to draw.
    name : str
        The name of the files without their ending: letters a-z, digits, - and _.
    data : DataFrame
        Exactly the numbers drawn, one row per mark. In the CSV decimal numbers have six decimals, and a text that a
        spreadsheet would take for a formula gets a leading apostrophe.
    record : Provenance
        What the figure is made from, from record_provenance.
    folder : path, optional
        Where to save it; the project's figures/ by default.

    Returns
    -------
    SavedFigure or Reading
        The paths of the files. Without a figure nothing is written and the result is a note in the language of the record;
        an older figure of that name stays, with its own entry in the manifest.

    Raises
    ------
    PolicylabError
        If the font lacks a character, text is smaller than the preset allows, the name is not a plain file name or that
        of a table, the manifest cannot be read, or the folder cannot be written. Nothing is written then.

    Warns
    -----
    PolicylabWarning
        If the figure is higher than the preset's page.

    Notes
    -----
    The same figure, numbers and record give the same bytes on one platform with the same packages.

    Examples
    --------
    >>> import tempfile
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> record = lab.record_provenance(corpus, "01_corpus", {"language": "en"})
    >>> figure, data = lab.plot_documents(corpus, language="en")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     saved = save_figure(figure, "documents-en", data, record, folder=folder)
    >>> sorted(path.name for path in saved.files.values())
    ['documents-en.csv', 'documents-en.pdf', 'documents-en.png', 'documents-en.svg']
    >>> save_figure(None, "targets-en", data, record)
    'There is nothing to draw: targets-en was not made.'
    """
    if figure is None:
        language = "zh" if record.parameters.get("language") == "zh" else "en"
        return Reading(label("nothing_drawn", language).format(name=name))
    check_name("Figure", name)
    contents = {f"{name}.{kind}": content for kind, content in _render(figure, name).items()}
    contents[f"{name}.csv"] = make_csv(round_numbers(data))
    return SavedFigure(name, save_files("Figure", name, contents, record, folder))


def _render(figure, name):
    """The bytes of the figure by kind."""
    import matplotlib

    preset = find_preset()

    output = {key: value for key, value in SETTINGS.items() if key.split(".")[0] in ("savefig", "pdf", "ps", "svg")}
    # Saving resets the layout to this setting, so a layout that is switched off has to be off here as well.
    output["figure.constrained_layout.use"] = False
    with matplotlib.rc_context(output), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # _check_glyphs has a better message
        # The layout is computed once, then frozen: otherwise every format would move it a little further.
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        _check_glyphs(figure, name)
        _check_size(figure, name, preset)
        contents = {kind: _render_as(figure, kind) for kind in METADATA}
        contents["svg"] = contents["svg"].replace(b"\r\n", b"\n")  # as Windows ends lines
        contents["png"] = _reduce_png(contents["png"])
        if preset.tiff:
            contents["tiff"] = _make_tiff(_render_as(figure, "png", preset.dpi), preset)
    return contents


def _render_as(figure, kind, dpi=SETTINGS["savefig.dpi"]):
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, dpi=dpi, metadata=METADATA[kind])
    return buffer.getvalue()


def _reduce_png(png):
    """The bitmap with a palette where nobody can tell, which takes a third of the space.

    What most of the colours of a chart are good for is softer edges of letters.
    """
    import numpy as np
    from PIL import Image

    buffer, image = io.BytesIO(), Image.open(io.BytesIO(png))
    dpi, image = image.info["dpi"], image.convert("RGB")
    pixels = np.asarray(image, dtype="int32")
    for n_colours in PALETTES:
        reduced = image.quantize(n_colours, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
        if ((np.asarray(reduced.convert("RGB")) - pixels) ** 2).mean() <= PALETTE_RMS**2:
            image = reduced
            break
    image.save(buffer, "PNG", dpi=dpi, optimize=True)
    return buffer.getvalue()


def _make_tiff(png, preset):
    """One flat layer, packed without loss, in the colours that the preset names."""
    from PIL import Image

    buffer = io.BytesIO()
    image = Image.open(io.BytesIO(png)).convert({"rgb": "RGB", "grey": "L"}[preset.tiff])
    image.save(buffer, "TIFF", compression="tiff_lzw", dpi=(preset.dpi, preset.dpi))
    return buffer.getvalue()


def _check_size(figure, name, preset):
    from matplotlib.text import Text

    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    smallest = min(texts, key=lambda text: text.get_fontsize(), default=None)
    if smallest is not None and (size := smallest.get_fontsize()) < preset.text - 1e-6:
        raise PolicylabError(
            f"Figure {name}: {smallest.get_text()!r} has {size:.3g} points, and preset {preset.name} asks for {preset.text:g} at "
            "least. Nothing was written. Call lab.use_preset before drawing, and give text no smaller size."
        )
    height = figure.get_size_inches()[1] * MM_PER_INCH
    if height > preset.height + 0.05:
        warnings.warn(
            f"Figure {name} is {height:.0f} mm high; preset {preset.name} has pages of {preset.height:g} mm. Show fewer rows.",
            PolicylabWarning,
            stacklevel=4,
        )


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
            "Nothing was written. Call lab.use_style(language=...) before drawing, or write the text with other characters."
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


def make_csv(table):
    """The bytes of a table as CSV. Half a character, which no file can hold, becomes a question mark.

    The byte order mark tells Excel that it is UTF-8; without one it takes Chinese for another encoding.
    """
    # Python before 3.13 puts quotes around a cell with \r only where \r ends the lines.
    text = escape_table(table).to_csv(index=False, lineterminator="\r\n").replace("\r\n", "\n")
    return text.encode("utf-8-sig", errors="replace")
