"""Widths of the columns of a table."""

import unicodedata

# Columns of nine Chinese characters and less do not wrap: ids and short names fit into them (chosen by judgement).
NARROWEST = 9


def fit_widths(lines, numeric, room, gap):
    """The width of each column, in Chinese characters: its own, but text gives way where all together have no room.

    `gap` is the white space around a cell, which every column has besides its text.
    """
    widths = [max(map(_measure, column)) + gap for column in zip(*lines, strict=True)]
    left = room - sum(width for width, number in zip(widths, numeric, strict=True) if number)
    texts = sorted((i for i, number in enumerate(numeric) if not number), key=lambda i: widths[i])
    for done, i in enumerate(texts):
        widths[i] = min(widths[i], max(left / (len(texts) - done), NARROWEST))
        left -= widths[i]
    return widths


def _measure(text):
    """The width of a text in Chinese characters."""
    return sum(1 if unicodedata.east_asian_width(character) in "WF" else 0.5 for character in text)
