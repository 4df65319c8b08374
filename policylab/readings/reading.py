"""What all readings are made of: Markdown text, estimates with their intervals, quotations."""

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from policylab.language.labels import label
from policylab.language.sentences import join, say


class Reading(str):
    """Markdown text; as the last line of a cell it is shown as such."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


def write_paragraph(sentences: Iterable[str], language: str) -> Reading:
    """Put sentences into one paragraph."""
    return Reading(join(sentences, language, "list.sentences"))


def write_list(head: str, lines: Iterable[str], foot: str = "") -> Reading:
    """Put lines into a Markdown list, with a paragraph before it and one after it unless they are empty."""
    items = "\n".join(f"- {line}" for line in lines)
    return Reading("\n\n".join(part for part in (head, items, foot) if part))


def say_estimate(
    row: Mapping | pd.Series, measure: str, language: str, number: str, interval: tuple = ("low", "high")
) -> str:
    """Write the column `measure` of a row in the format `number`, with its interval where there is one."""
    value, low, high = (say(number, language, value=row[column]) for column in (measure, *interval))
    return (
        value if pd.isna(row[interval[0]]) else say("number.with_interval", language, value=value, low=low, high=high)
    )


def say_range(values: pd.Series, language: str, number: str) -> str:
    """Write the least and the greatest of some numbers, or one number if both look the same."""
    ends = [say(number, language, value=value) for value in (values.min(), values.max())]
    return join(dict.fromkeys(ends), language, "list.range")


def lower_label(key: str, language: str) -> str:
    """Write a label as it is written within a sentence."""
    return label(key, language).lower()


def quote(text: str) -> str:
    r"""Text of a document within Markdown: shown as it is, whatever it holds.

    >>> print(quote("<b>*重点*</b>"))
    \<b\>\*重点\*\</b\>
    """
    return re.sub(r"([\\`*_\[\]<>&|#~$])", r"\\\1", text)
