"""How figures look: the font, the sizes in millimetres, the colours.

matplotlib is imported inside the functions, so that `import policylab` stays fast.
"""

import hashlib
import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any

from policylab.base.arguments import check_language
from policylab.base.errors import PolicylabError
from policylab.corpus.repair import MISSING
from policylab.plots.kit.presets import find_preset

MM_PER_INCH = 25.4

# Okabe and Ito's colours, which colour-blind readers can distinguish, ordered so that the first five also differ in
# greyscale (CIE lightness 46, 71, 0, 89, 58). With more than five, print needs markers or direct labels as well.
COLOURS = ("#0072B2", "#E69F00", "#000000", "#F0E442", "#009E73", "#56B4E9", "#D55E00", "#CC79A7")
LEVEL_COLOURS = {"national": COLOURS[0], "provincial": COLOURS[1], "municipal": COLOURS[4], "county": COLOURS[7]}
LIGHT_GREY = "#EDEDED"

# A static TrueType font with all Chinese characters of GBK: the only kind that matplotlib embeds in a PDF without
# warnings from PDF readers.
FONT_FILE = "NotoSansSC-Regular.ttf"
FONT_SHA256 = "5cf8b2a0576d5680284ab03a7a8219499d59bbe981a79bb3dc0031f251c39736"

SETTINGS: dict[Any, Any] = {
    "font.family": ["Noto Sans SC", "DejaVu Sans"],  # DejaVu ships with matplotlib and has rarer symbols
    "legend.frameon": False,
    "grid.color": "#D9D9D9",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "image.cmap": "cividis",
    "figure.constrained_layout.use": True,  # bbox_inches="tight" would change the width
    "figure.dpi": 150,
    "savefig.dpi": 300,
    "pdf.fonttype": 42,
    "ps.fonttype": 3,  # 42 takes minutes with Chinese fonts and loses the text
    "svg.fonttype": "path",
    "svg.hashsalt": "policylab",
}

# In points. All of them grow if the preset requires larger text.
SIZES = {
    "font.size": 7,
    "axes.titlesize": 7,
    "axes.titlepad": 6,
    "axes.labelsize": 7,
    "axes.labelpad": 4,
    "xtick.labelsize": 6,
    "ytick.labelsize": 6,
    "legend.fontsize": 6,
    "legend.title_fontsize": 6,
    "axes.linewidth": 0.5,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
    "xtick.major.size": 2,
    "ytick.major.size": 2,
    "xtick.major.pad": 3.5,
    "ytick.major.pad": 3.5,
    "grid.linewidth": 0.4,
    "lines.linewidth": 1,
    "lines.markersize": 4,
    "lines.markeredgewidth": 1,
    "patch.linewidth": 0.5,
}


def use_style(*, language: str = "zh") -> None:
    """Set matplotlib to the project's style: a font with Chinese characters, print sizes, colours for all readers.

    The functions of policylab do this themselves; call it before you draw a figure of your own that save_figure is to save.

    Parameters
    ----------
    language : {"zh", "en"}
        "zh" or "en": the language of the text in the figure, for the shapes of characters that differ.

    Raises
    ------
    PolicylabError
        If the font is missing or is another version of it.

    Notes
    -----
    It starts from matplotlib's own defaults, so that a personal matplotlibrc changes no figure. Call it after use_preset,
    whose journal may ask for larger text, and again after seaborn.set_theme, which resets the font.

    Examples
    --------
    >>> import matplotlib
    >>> use_style(language="en")
    >>> matplotlib.rcParams["font.family"]
    ['Noto Sans SC', 'DejaVu Sans']
    """
    import matplotlib
    from matplotlib import font_manager
    from matplotlib.rcsetup import cycler

    check_language(language)
    path = find_font()
    if path not in {font.fname for font in font_manager.fontManager.ttflist}:
        font_manager.fontManager.addfont(path)
    matplotlib.rcdefaults()
    scale = find_preset().scale
    settings = SETTINGS | {name: size * scale for name, size in SIZES.items()}
    matplotlib.rcParams.update(settings | {"axes.prop_cycle": cycler(color=COLOURS)})
    matplotlib.rcParams["text.language"] = {"zh": "zh-Hans", "en": "en"}[language]


def new_figure(width, height, language, layout="constrained"):
    """An empty matplotlib Figure of `width` by `height` millimetres in the project's style.

    It is made without pyplot, so it need not be closed and no notebook shows it twice.
    """
    use_style(language=language)
    from matplotlib.figure import Figure

    return Figure(figsize=(width / MM_PER_INCH, height / MM_PER_INCH), layout=layout)


@lru_cache
def find_font():
    """The path of the font file, which word clouds need as well.

    The package that contains it is not imported, because that would change matplotlib's settings.

    Raises PolicylabError if the font is missing or is another version of it.
    """
    remedy = 'Install the locked packages with "python run.py figures", or: pip install zhplot==1.0.0'
    package = importlib.util.find_spec("zhplot")
    if package is None:
        raise PolicylabError(f"The font {FONT_FILE} is missing: the package zhplot is not installed. {remedy}")
    path = Path(package.submodule_search_locations[0]) / "fonts" / FONT_FILE
    if not path.is_file():
        raise PolicylabError(f"The font {FONT_FILE} is missing from the package zhplot. {remedy}")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != FONT_SHA256:
        raise PolicylabError(
            f"The font {FONT_FILE} is not the expected version, so figures would differ: "
            f"expected sha256 {FONT_SHA256}, got {found}. {remedy}"
        )
    return str(path)


def replace_missing(text):
    """Text with 〓, as Chinese printers put it, for every character that the fonts of the style do not have.

    Texts hold what no font has: private signs of a word processor, emoji, rare names. They must not end a notebook, and an
    empty box would pass for a character; the table beside a figure keeps what the source has.

    >>> replace_missing("𠮷林省")
    '〓林省'
    """
    known = _list_glyphs()
    return text if known.issuperset(text) else "".join(c if c in known else MISSING for c in text)


@lru_cache
def _list_glyphs():
    return frozenset("\n").union(*list_glyphs().values())


@lru_cache
def list_glyphs():
    """The characters of each font of the style, by its file; a character is drawn in the first font that has it."""
    from matplotlib import font_manager

    files = (find_font(), font_manager.findfont(SETTINGS["font.family"][1]))
    return {file: frozenset(map(chr, font_manager.get_font(file).get_charmap())) for file in files}
