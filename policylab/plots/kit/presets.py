"""What a journal asks of figures: presets as data (presets.toml), one of them in force.

Figures are laid out with text of SMALLEST_TEXT points and more. For a journal that asks for larger text the layout gets a
narrower page, and everything is drawn larger (axes.py): no figure has to know of journals, only how wide the page is.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policylab.base.errors import PolicylabError

DEFAULT = "nature"
SMALLEST_TEXT = 5.5  # points; what every layout keeps to, and nothing that is printed should be smaller
THINNEST_LINE = 0.3

_in_force = []


@dataclass(frozen=True)
class Preset:
    """What a journal asks for; the fields are explained in presets.toml."""

    name: str
    width: float
    height: float
    text: float
    line: float
    dpi: int
    tiff: str | None = None

    @property
    def scale(self):
        """How many millimetres on paper a millimetre of the layout is; the same for points."""
        return max(1, self.text / SMALLEST_TEXT, self.line / THINNEST_LINE)


@cache
def load_presets():
    """The presets that ship, by name.

    >>> sorted(load_presets())
    ['cn-journal', 'elsevier', 'nature', 'plos']
    """
    content = tomllib.loads(Path(__file__).with_name("presets.toml").read_text(encoding="utf-8"))
    return {name: Preset(name, **fields) for name, fields in content.items()}


def use_preset(name: str) -> Preset:
    """Draw all figures from here on, in this process, as a journal asks.

    A notebook calls it once, at the top. Without it "nature" is in force.

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
    _in_force[:] = [name]
    return find_preset()


def check_preset(name):
    """Raise PolicylabError for an unknown name of a preset."""
    if name not in list(load_presets()):
        raise PolicylabError(f"preset={name!r} is unknown. Use one of {', '.join(map(repr, load_presets()))}.")


def find_preset():
    """The Preset that is in force.

    >>> find_preset().name
    'nature'
    """
    return load_presets()[_in_force[0] if _in_force else DEFAULT]


def page_width():
    """How wide the page is on which figures are laid out, in millimetres of the layout: 125 to 183."""
    return find_preset().width / find_preset().scale


def page_height():
    """How high that page is, in millimetres of the layout: 147 to 225."""
    return find_preset().height / find_preset().scale
