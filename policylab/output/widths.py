"""Widths of the columns of a table."""

import unicodedata

GAP = 1.15
_NARROWEST = 9


def fit_widths(lines, numeric, room):
    """The width of each column, in Chinese characters: its own, but text gives way where all together have no room."""
    widths = [max(map(_measure, column)) + GAP for column in zip(*lines, strict=True)]
    left = room - sum(width for width, number in zip(widths, numeric, strict=True) if number)
    texts = sorted((i for i, number in enumerate(numeric) if not number), key=lambda i: widths[i])
    for done, i in enumerate(texts):
        widths[i] = min(widths[i], max(left / (len(texts) - done), _NARROWEST))
        left -= widths[i]
    return widths


def _measure(text):
    """The width of a text in Chinese characters."""
    return sum(1 if unicodedata.east_asian_width(character) in "WF" else 0.5 for character in text)
