"""Checks of single arguments."""

from numbers import Integral, Real

from policylab.base.errors import PolicylabError

LANGUAGES = ("zh", "en")


def as_list(value):
    """The distinct names of one column or several, or of one term or several, in their order.

    >>> as_list("year"), as_list(["year", "level", "year"])
    (['year'], ['year', 'level'])
    """
    return [value] if isinstance(value, str) else list(dict.fromkeys(value))


def check_whole(name, value, least):
    """Raise PolicylabError unless `value`, which the message calls `name`, is a whole number of `least` or more.

    >>> check_whole("window", 2.5, 1)
    Traceback (most recent call last):
    policylab.base.errors.PolicylabError: window=2.5: expected a whole number of 1 or more.
    """
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise PolicylabError(f"{name}={value!r}: expected a whole number of {least} or more.")


def check_share(name, value):
    """Raise PolicylabError unless `value`, which the message calls `name`, is a number from 0 to 1.

    >>> check_share("cutoff", 60)
    Traceback (most recent call last):
    policylab.base.errors.PolicylabError: cutoff=60: expected a number from 0 to 1.
    """
    if not isinstance(value, Real) or isinstance(value, bool) or not 0 <= value <= 1:
        raise PolicylabError(f"{name}={value!r}: expected a number from 0 to 1.")


def check_language(language):
    """Raise PolicylabError unless `language` is one that the labels exist in."""
    if language not in LANGUAGES:
        raise PolicylabError(f'language is {language!r}: expected "zh" (Chinese) or "en" (English).')
