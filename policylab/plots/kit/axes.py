"""Axes that draw at the size of print. Only functions import this module, because it loads matplotlib."""

from functools import wraps

from matplotlib.axes import Axes

from policylab.plots.kit.presets import find_preset

# What matplotlib takes in points.
POINTS = ("fontsize", "linewidth", "linewidths", "markersize", "markeredgewidth")


def _enlarge(method):
    @wraps(method)
    def draw(self, *places, **look):
        scale = find_preset().scale
        enlarged = {name: size * scale for name, size in look.items() if name in POINTS}
        return method(self, *places, **look | enlarged)

    return draw


class Page(Axes):
    """Axes that take places and sizes of the layout and draw them as large as the preset prints them.

    So no figure has to know of journals. Places need nothing, since the axes themselves are enlarged; sizes in points do.
    What is not given comes from the settings, which use_style has enlarged.
    """

    plot = _enlarge(Axes.plot)
    text = _enlarge(Axes.text)
    vlines = _enlarge(Axes.vlines)
    fill_between = _enlarge(Axes.fill_between)
    pcolormesh = _enlarge(Axes.pcolormesh)

    def add_patch(self, patch):
        """Add a patch, whose line is as wide as the layout has it."""
        patch.set_linewidth(patch.get_linewidth() * find_preset().scale)
        return super().add_patch(patch)
