"""The words by which numbers in policy text are read: targets.toml, and how its lists become patterns."""

import tomllib
from pathlib import Path

WORDS = tomllib.loads(Path(__file__).with_name("targets.toml").read_text(encoding="utf-8"))


def plain(pattern):
    """The characters of a rule without its look-ahead: 名(?!单) -> 名."""
    return pattern.partition("(?")[0]


def any_of(patterns):
    """One pattern for any of them, the longest first, so that 不超过 is tried before 超过."""
    return "|".join(sorted(patterns, key=lambda pattern: len(plain(pattern)), reverse=True))


def by_word(groups):
    """{comparator: words} as {word: comparator}, the longest word first."""
    pairs = {plain(word): comparator for comparator, words in groups.items() for word in words}
    return {word: pairs[word] for word in sorted(pairs, key=len, reverse=True)}


def group_endings(words):
    """Words by their last character, each group in the order given, for find_ending."""
    groups = {}
    for word in words:
        groups.setdefault(word[-1], []).append(word)
    return groups


def find_ending(text, endings):
    """The first of the words that a text ends with, or None; `endings` as group_endings gives them.

    >>> find_ending("宽带接入率不低于", group_endings(["不低于", "低于"]))
    '不低于'
    """
    for word in endings.get(text[-1:], ()):
        if text.endswith(word):
            return word
    return None
