"""What policylab raises and warns with when the input, not the program, is at fault."""


class PolicylabError(ValueError):
    """A message for the user: what, where, the value and what to do. The command line prints it without a traceback."""


class PolicylabWarning(UserWarning):
    """Something the user should know about the input, though the work goes on."""
