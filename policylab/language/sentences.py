"""Sentences in Chinese and English, filled with the values at hand. The words are data: sentences.toml."""

import re
import string
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import pandas as pd

from policylab.base.arguments import LANGUAGES, check_language
from policylab.base.errors import PolicylabError, list_problems, suggest

SENTENCES = Path(__file__).with_name("sentences.toml")
UNDEFINED = "—"
_NONZERO = re.compile("[1-9]")


def say(key: str, language: str, **values: object) -> str:
    """Fill the sentence `key` of sentences.toml with `values`.

    Parameters
    ----------
    key : str
        Table and name of the sentence, such as "describe_doubts.places".
    language : str
        "zh" or "en".
    **values
        What is put in for the placeholders: numbers, and texts, which stay as they are.

    Returns
    -------
    str
        The sentence. A number has commas between thousands and a minus sign (−), one that is undefined is a dash (—).

    Raises
    ------
    PolicylabError
        If sentences.toml has mistakes or lacks the sentence, or if the sentence has a placeholder without a value.

    Examples
    --------
    >>> say("describe_variants.pair", "en", document="a", version="b", n_wording=1, n_document=1200, n_version=0)
    'a and b: **1 place** worded differently, 1,200 passages only in the first, 0 only in the second.'
    """
    check_language(language)
    sentences = _load_shipped()
    if key not in sentences:
        raise PolicylabError(f"{SENTENCES} has no sentence [{key}]. {suggest(key, list(sentences))}")
    try:
        return _FILLER.vformat(sentences[key][language], (), values)
    except KeyError as error:
        name = error.args[0]
        raise PolicylabError(
            f"{SENTENCES}, [{key}], {language}: {{{name}}} has no value in this sentence. {suggest(name, list(values))}"
        ) from None


def join(parts: Iterable[object], language: str, key: str = "list.items") -> str:
    """Put `parts` in a row, with the separator `key` of sentences.toml between them.

    Examples
    --------
    >>> join(["网络", "平台"], "zh"), join([2017, 2019], "en")
    ('网络、平台', '2017, 2019')
    """
    return say(key, language).join(map(str, parts))


def load_sentences(path: Path) -> dict[str, dict[str, str]]:
    """Read a file of sentences, as {"table.name": {"zh": text, "en": text}}.

    Raises
    ------
    PolicylabError
        With all problems at once: a sentence that lacks a language, a placeholder that is not written as the head of
        sentences.toml explains, placeholders that only one of the two languages has.
    """
    try:
        tables = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise PolicylabError(f"{path} is not UTF-8. Save it as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PolicylabError(
            f"{path} is not valid TOML: {error}. Put each text between quotation marks, on one line."
        ) from None
    sentences = {
        f"{table}.{name}" if name else table: sentence
        for table, own in tables.items()
        for name, sentence in (own if isinstance(own, Mapping) else {"": own}).items()
    }
    if problems := [f"[{key}]{problem}" for key, sentence in sentences.items() for problem in _check(sentence)]:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        raise PolicylabError(list_problems(f"{path} has {count}:", problems))
    return sentences


@lru_cache
def _load_shipped() -> dict[str, dict[str, str]]:
    return load_sentences(SENTENCES)


def _check(sentence: object) -> list[str]:
    if not isinstance(sentence, Mapping) or set(sentence) != set(LANGUAGES):
        return [": expected a sentence with the lines zh = ... and en = ..., and no others."]
    problems, names = [], {}
    for language in LANGUAGES:
        try:
            names[language] = _list_placeholders(sentence[language])
        except (TypeError, ValueError) as error:
            problems.append(f", {language}: {error}.")
    if not problems and names["zh"] != names["en"]:
        lone = ", ".join(f"{{{name}}}" for name in sorted(names["zh"] ^ names["en"]))
        problems.append(f": only one of zh and en has {lone}. Use every value in both.")
    return problems


def _list_placeholders(text: object) -> set[str]:
    """The names of the placeholders in a sentence; ValueError or TypeError, with a message, if one is not written well."""
    if not isinstance(text, str):
        raise TypeError(f"expected text between quotation marks, not {text!r}")
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError:
        raise ValueError("a brace has no partner. Write {name}") from None
    names = set()
    for _, name, form, conversion in fields:
        if name is None or form is None:  # text behind the last placeholder
            continue
        if not name.isidentifier() or conversion:
            raise ValueError(f"{{{name}{'!' + conversion if conversion else ''}}} is not a placeholder. Write {{name}}")
        if form.count("|") > 1:
            raise ValueError(f"{{{name}:{form}}} has too many forms. Write {{{name}:one|several}}")
        if "|" not in form:
            try:
                format(1.0, form)
            except ValueError:
                raise ValueError(
                    f"{{{name}:{form}}} is not a format of numbers. Write for example {{{name}:.2f}}"
                ) from None
        names.add(name)
    return names


class _Filler(string.Formatter):
    """Fills the placeholders of sentences.toml; the one place that decides how numbers are written."""

    def get_field(self, field_name, args, kwargs):
        return kwargs[field_name], field_name

    def format_field(self, value, format_spec):
        if "|" in format_spec:
            one, several = format_spec.split("|")
            return one if value == 1 else several
        if isinstance(value, str):
            return value
        if pd.isna(value):
            return UNDEFINED
        # Fifteen digits hold any count exactly, and one that pandas has turned into a float looks like a count.
        text = format(value, format_spec or ",.15g")
        # What rounds to zero has no sign: −0.00 looks like a direction.
        return text.replace("-", "−") if _NONZERO.search(text) else text.removeprefix("-")


_FILLER = _Filler()
