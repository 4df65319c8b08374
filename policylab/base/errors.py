"""What policylab raises and warns with when the input, not the program, is at fault."""

import difflib
from collections.abc import Sequence

MOST_LISTED = 20  # problems in one message; nobody reads more before correcting the first
MOST_SHOWN = 80  # characters of a value in a message


class PolicylabError(ValueError):
    """A message for the user: what, where, the value and what to do. The command line prints it without a traceback."""


class PolicylabWarning(UserWarning):
    """Something the user should know about the input, though the work goes on."""


def suggest(name, known):
    """The sentence that helps after a misspelt name: the nearest one, or all."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]}?"
    return f"Known: {', '.join(known)}." if known else "There are none."


def shorten_value(text: str) -> str:
    """A value as messages show it.

    Examples
    --------
    >>> shorten_value("8"), len(shorten_value("[" * 100_000))
    ('8', 80)
    """
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def list_problems(heading: str, problems: Sequence[str]) -> str:
    """A message with one line for each problem; beyond the first twenty they are only counted.

    Examples
    --------
    >>> list_problems("a.csv has 57 problems:", ["row 2: ..."] * 57).splitlines()[-2:]
    ['  row 2: ...', '  ... and 37 more']
    """
    rest = len(problems) - MOST_LISTED
    return "\n  ".join([heading, *problems[:MOST_LISTED], *([f"... and {rest} more"] if rest > 0 else [])])
