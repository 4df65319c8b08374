"""Save a figure if there is one: notebooks run unchanged on a corpus that has nothing to draw."""

from policylab.output.figure import save_figure
from policylab.readings.reading import Reading


def save_drawn(figure, name, data, record, folder=None):
    """save_figure for a plot that may have found nothing to draw; without a figure, a Reading that says so.

    Nothing is written then, and an older figure of that name stays as it is, with its own entry in the manifest.

    Raises PolicylabError as save_figure does.

    >>> from policylab.output.provenance import Provenance
    >>> record = Provenance("05_targets_and_actors", {"language": "en"}, "", {}, {}, "")
    >>> save_drawn(None, "targets-en", None, record)
    'There is nothing to draw: targets-en was not made.'
    """
    if figure is not None:
        return save_figure(figure, name, data, record, folder)
    if record.parameters.get("language") == "zh":
        return Reading(f"没有可画的内容，未生成 {name}。")
    return Reading(f"There is nothing to draw: {name} was not made.")
