"""How far the ranks of words hang on decisions of the analyst: dictionary, guessing of words, stop list, masks."""

from typing import NamedTuple

import pandas as pd

from policylab.base.arguments import check_whole
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.words.segment import MASKS, mask_words, tokenize
from policylab.words.segmenter import Segmenter
from policylab.words.terms import select_terms

COLUMNS = ["variant", "term", "n", "rate", "rank", "base_rank", "shift", "reason"]


class Variant(NamedTuple):
    """One way to count, for measure_sensitivity.

    Parameters
    ----------
    segmenter : Segmenter
        What cuts the texts.
    stopwords : DataFrame or iterable of str, optional
        By default the list that ships.
    unmasked : tuple of str
        Masks that are lifted: title, numeral, mark.

    Examples
    --------
    >>> Variant(Segmenter(["数字校园"]), unmasked=("numeral",)).unmasked
    ('numeral',)
    """

    segmenter: Segmenter
    stopwords: object = None
    unmasked: tuple = ()


def list_variants_of_counting():
    """The variants that measure_sensitivity compares by default; the first is the base.

    >>> list(list_variants_of_counting())
    ['base', 'no lexicon', 'no guessed words', 'no stop list', 'titles counted', 'numerals counted']
    """
    shipped = Segmenter()
    return {
        "base": Variant(shipped),
        "no lexicon": Variant(Segmenter([])),
        "no guessed words": Variant(Segmenter(hmm=False)),
        "no stop list": Variant(shipped, stopwords=()),
        "titles counted": Variant(shipped, unmasked=("title",)),
        "numerals counted": Variant(shipped, unmasked=("numeral",)),
    }


def measure_sensitivity(
    paragraphs: pd.DataFrame, variants: dict[str, Variant] | None = None, *, top: int = 30
) -> pd.DataFrame:
    """Measure how the ranks of the most frequent words move between variants of counting: one row is a word in a variant.

    Parameters
    ----------
    paragraphs : DataFrame
        A table of texts, such as corpus.paragraphs.
    variants : dict of str to Variant, optional
        The first is the base. By default the shipped dictionary is compared with none, with the engine's guesses off,
        without stop list, and with titles or numerals counted.
    top : int
        How many words of the base and of the variant to show.

    Returns
    -------
    DataFrame
        `variant`, `term`, `n`, `rate` (per 10,000 counted tokens of the variant), `rank` (1 is the most frequent; equal
        counts share the better rank), `base_rank`, `shift` (base_rank − rank; positive where the variant lifts the word)
        and `reason`: why the rank is NaN, because the string is no word of the variant or is on its stop list.

    Raises
    ------
    PolicylabError
        If a column is missing, there is no variant, one is no Variant, or it lifts an unknown mask.

    Examples
    --------
    >>> texts = pd.DataFrame({"document_id": ["a"], "paragraph": [1], "text": ["网络学习空间和数字校园，数字校园"]})
    >>> moved = measure_sensitivity(texts).set_index(["variant", "term"])
    >>> moved.loc[("no lexicon", "数字校园"), "reason"]
    'no word of this variant'
    """
    need_columns(paragraphs, ["document_id", "paragraph", "text"], "paragraphs")
    variants = list_variants_of_counting() if variants is None else variants
    check_whole("top", top, 1)
    if not variants:
        raise PolicylabError("There is no variant. Give one or more; the first is the base.")
    ranked, done = {}, {}
    for name, variant in variants.items():
        if not isinstance(variant, Variant):
            raise PolicylabError(f"Variant {name!r} is {variant!r}: expected a Variant, such as Variant(Segmenter()).")
        unknown = set(variant.unmasked) - set(MASKS)
        if unknown:
            raise PolicylabError(
                f"Variant {name!r} lifts the mask {', '.join(sorted(unknown))}. There are {', '.join(MASKS)}."
            )
        key = id(variant.segmenter)
        done[key] = done[key] if key in done else tokenize(paragraphs, variant.segmenter)
        ranked[name] = _rank(done[key], variant)
    base = next(iter(ranked.values()))
    first = base.index[base["rank"] <= top]
    parts = []
    for name, ranks in ranked.items():
        shown = first.union(ranks.index[ranks["rank"] <= top])
        part = ranks.reindex(shown).rename_axis("term").reset_index()
        part = part.assign(variant=name, base_rank=base["rank"].reindex(shown).to_numpy())
        part["reason"] = part["reason"].where(part["reason"].notna() | part["rank"].notna(), "no word of this variant")
        part["shift"] = part["base_rank"] - part["rank"]
        parts.append(part.sort_values(["rank", "base_rank", "term"]))
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def _rank(tokens, variant):
    lifted = tokens["mask"].isin(variant.unmasked)
    if "numeral" not in variant.unmasked:  # a numeral in a title stays one
        words = tokens["token"].cat.categories
        numeral = mask_words(words, variant.segmenter) == MASKS.index("numeral")
        lifted &= ~numeral[tokens["token"].cat.codes]
    tokens = tokens.assign(mask=tokens["mask"].where(~lifted))
    table = select_terms(tokens, stopwords=variant.stopwords, min_n=1).set_index("term")
    total = table["n"].sum()
    ranks = table["n"].where(table["kept"]).rank(method="min", ascending=False)
    return pd.DataFrame({"n": table["n"], "rate": 1e4 * table["n"] / total, "rank": ranks, "reason": table["reason"]})


def compare_ranks(sensitivity: pd.DataFrame, *, top: int = 30) -> pd.DataFrame:
    """Summarize how far each variant's list of words agrees with the base: one row is a variant.

    Parameters
    ----------
    sensitivity : DataFrame
        The table of measure_sensitivity.
    top : int
        How many words of each list are compared.

    Returns
    -------
    DataFrame
        `variant`, `n_common` (words among the first `top` of both), `top`, `kendall` (tau-b of the words ranked in both;
        1: the same order; NaN below two words) and `largest` (the word that moves most, with its shift).

    Raises
    ------
    PolicylabError
        If a column is missing.

    Examples
    --------
    >>> texts = pd.DataFrame({"document_id": ["a"], "paragraph": [1], "text": ["网络学习空间和数字校园，数字校园"]})
    >>> compare_ranks(measure_sensitivity(texts))[["variant", "n_common"]].head(2).values.tolist()
    [['base', 2], ['no lexicon', 0]]
    """
    from scipy.stats import kendalltau

    need_columns(sensitivity, COLUMNS, "sensitivity")
    check_whole("top", top, 1)
    rows = []
    for name, part in sensitivity.groupby("variant", sort=False):
        both = part.dropna(subset=["rank", "base_rank"])
        common = int(((both["rank"] <= top) & (both["base_rank"] <= top)).sum())
        tau = kendalltau(both["rank"], both["base_rank"]).statistic if len(both) > 1 else float("nan")
        moved = both[both["shift"] != 0]
        moved = moved.assign(size=moved["shift"].abs()).sort_values(["size", "term"], ascending=[False, True])
        largest = f"{moved['term'].iloc[0]} {moved['shift'].iloc[0]:+.0f}" if len(moved) else None
        rows.append((name, common, top, tau, largest))
    return pd.DataFrame(rows, columns=["variant", "n_common", "top", "kendall", "largest"])
