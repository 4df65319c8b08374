"""What policylab raises and warns with when the input, not the program, is at fault."""

import difflib


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
