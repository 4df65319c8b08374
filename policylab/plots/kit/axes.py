"""Axes that draw at the size of print. Only functions import this module, because it loads matplotlib."""

from functools import wraps

from matplotlib.axes import Axes

from policylab.plots.kit.presets import find_preset
from policylab.plots.kit.style import replace_missing

# The methods that figures are drawn with; add_patch is one more. Before a method is added here, look at which of its
# arguments are points: those must be in POINTS.
ENLARGED = ("plot", "text", "vlines", "fill_between", "pcolormesh")

# Arguments that matplotlib takes in points.
POINTS = ("fontsize", "linewidth", "linewidths", "markersize", "markeredgewidth")


class Page(Axes):
    """Axes that take places and sizes of the layout and draw them as large as the preset prints them.

    So plot functions need not know about journals. Places need no conversion, because the axes themselves are enlarged;
    sizes in points do. Sizes that are not given come from the settings, which use_style has enlarged. A method that would
    draw without enlarging its sizes is refused, since the figure would be wrong only in the presets of some journals.
    """

    def add_patch(self, patch):
        """Add a patch, with its line as wide as the preset prints it."""
        patch.set_linewidth(patch.get_linewidth() * find_preset().scale)
        return super().add_patch(patch)


def _enlarge(method):
    @wraps(method)
    def draw(self, *places, **look):
        if method is Axes.text:
            given = dict(zip(("x", "y", "s"), places)) | look
            places, look = (), given | {"s": replace_missing(str(given["s"]))}
        scale = find_preset().scale
        enlarged = {name: size * scale for name, size in look.items() if name in POINTS}
        return method(self, *places, **look | enlarged)

    return draw


def _refuse(method):
    @wraps(method)
    def refuse(self, *places, **look):
        raise NotImplementedError(
            f"Page.{method.__name__} does not enlarge what it draws. Use one of {', '.join(ENLARGED)} and add_patch, or "
            f"add it to ENLARGED in {__name__}."
        )

    return refuse


# matplotlib defines the methods that draw in this class, and all others in its parent classes.
for _name, _method in vars(Axes).items():
    if callable(_method) and not _name.startswith(("_", "get_", "set")):
        setattr(Page, _name, _enlarge(_method) if _name in ENLARGED else _refuse(_method))
