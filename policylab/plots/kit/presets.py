"""What journals require of figures: presets as data (presets.toml), one of which is in use.

Figures are laid out with text of at least SMALLEST_TEXT points. For a journal that requires larger text the layout gets a
narrower page, and everything is drawn larger (axes.py), so plot functions need to know only the size of the page.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policylab.base.errors import PolicylabError

DEFAULT = "nature"
SMALLEST_TEXT = 5.5  # points; nothing that is printed may be smaller
THINNEST_LINE = 0.3

_in_use = []


@dataclass(frozen=True)
class Preset:
    """What a journal requires; the fields are explained in presets.toml."""

    name: str
    width: float
    height: float
    text: float
    line: float
    dpi: int
    tiff: str | None = None

    @property
    def scale(self):
        """The size on paper of one millimetre (or point) of the layout."""
        return max(1, self.text / SMALLEST_TEXT, self.line / THINNEST_LINE)


@cache
def load_presets():
    """Load the presets that ship, by name.

    >>> sorted(load_presets())
    ['cn-journal', 'elsevier', 'nature', 'plos']
    """
    content = tomllib.loads(Path(__file__).with_name("presets.toml").read_text(encoding="utf-8"))
    return {name: Preset(name, **fields) for name, fields in content.items()}


def use_preset(name: str) -> Preset:
    """Draw all further figures of this process as a journal requires.

    A notebook calls it once, at the top. The default is "nature".

    Parameters
    ----------
    name : {"nature", "elsevier", "plos", "cn-journal"}
        A preset of presets.toml.

    Returns
    -------
    Preset
        Width, greatest height, smallest text and formats.

    Raises
    ------
    PolicylabError
        If the name is unknown.

    Examples
    --------
    >>> use_preset("plos").scale > 1
    True
    >>> round(page_width())  # a page of 190.5 mm, laid out smaller and then enlarged to text of 8 points
    131
    >>> use_preset("nature").width == page_width()
    True
    """
    check_preset(name)
    _in_use[:] = [name]
    return find_preset()


def check_preset(name):
    """Raise PolicylabError for an unknown name of a preset."""
    if name not in list(load_presets()):
        raise PolicylabError(f"preset={name!r} is unknown. Use one of {', '.join(map(repr, load_presets()))}.")


def find_preset():
    """The Preset that is in use.

    >>> find_preset().name
    'nature'
    """
    return load_presets()[_in_use[0] if _in_use else DEFAULT]


def page_width():
    """The width of the page that figures are laid out on, in millimetres of the layout: 125 to 183."""
    return find_preset().width / find_preset().scale


def page_height():
    """The greatest height of that page, in millimetres of the layout: 147 to 225."""
    return find_preset().height / find_preset().scale
