"""Counts of words, and what comes straight from them: which terms are worth listing, nested terms, the term matrix.

Everywhere a word counts once for every unmasked token, under its canonical form (tokenize). The denominator of every rate is the number of unmasked tokens:
words with stop words, without marks, numerals and titles in 《》.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from policylab.base.arguments import as_list, check_whole
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.words.stoplists import list_stopwords

TOKENS = ["document_id", "paragraph", "token", "mask"]


def count_terms(tokens: pd.DataFrame, by: str | Sequence[str] = (), *, masked: bool = False) -> pd.DataFrame:
    """Count the tokens of every term: one row is a term in a group.

    Parameters
    ----------
    tokens : DataFrame
        One row is a token (tokenize).
    by : str or sequence of str
        Columns whose combinations are the groups, such as document_id or year; by default all tokens are one group.
    masked : bool
        Count the masked tokens instead, with `mask` as a further column of the group.

    Returns
    -------
    DataFrame
        The columns of `by`, `term`, `n` (tokens), `n_tokens` (all counted tokens of the group) and `rate` (`n` per 10,000
        of them). Sorted by group, then by n, the greatest first, then by term.

    Raises
    ------
    PolicylabError
        If a column is missing.

    Notes
    -----
    Stop words are part of the denominator; marks, numerals and titles in 《》 are not. Rates of texts with other rules of
    masking are not comparable.

    Examples
    --------
    >>> import policylab as lab
    >>> texts = pd.DataFrame({"document_id": ["a"], "paragraph": [1], "text": ["数字校园，智慧校园和数字校园"]})
    >>> count_terms(lab.tokenize(texts)).values.tolist()
    [['数字校园', 2, 4, 5000.0], ['和', 1, 4, 2500.0], ['智慧校园', 1, 4, 2500.0]]
    """
    by = as_list(by) + (["mask"] if masked else [])
    need_columns(tokens, [*TOKENS, *by], "tokens")
    kept = tokens[tokens["mask"].notna() if masked else tokens["mask"].isna()]
    words = counted_column(tokens)
    counts = kept.groupby([*by, words], observed=True, dropna=False).size().rename("n").reset_index()
    counts = counts.rename(columns={words: "term"})
    counts["term"] = counts["term"].astype("str")
    counts["n_tokens"] = (
        counts.groupby(by, observed=True, dropna=False)["n"].transform("sum") if by else counts["n"].sum()
    )
    counts["rate"] = 1e4 * counts["n"] / counts["n_tokens"]
    return counts.sort_values([*by, "n", "term"], ascending=[True] * len(by) + [False, True], ignore_index=True)


def select_terms(
    tokens: pd.DataFrame,
    *,
    stopwords: pd.DataFrame | Iterable[str] | None = None,
    min_n: int = 5,
    min_characters: int = 2,
) -> pd.DataFrame:
    """Select the terms that a list should show, with a reason for each that it leaves out: one row is a term.

    Parameters
    ----------
    tokens : DataFrame
        One row is a token (tokenize).
    stopwords : DataFrame or iterable of str, optional
        A list of words or a table with a column `word`. By default the list that ships.
    min_n : int
        Fewest tokens. 5 is chosen by judgement: below it one document's habit decides.
    min_characters : int
        Fewest characters.

    Returns
    -------
    DataFrame
        `term`, `n`, `n_documents`, `kept` and `reason` (null where it is kept: "stop word", "shorter than 2 characters",
        "fewer than 5 tokens"), the most frequent first. Counts and denominators elsewhere do not depend on it.

    Raises
    ------
    PolicylabError
        If a column is missing.

    Examples
    --------
    >>> import policylab as lab
    >>> texts = pd.DataFrame({"document_id": ["a"], "paragraph": [1], "text": ["数字校园和智慧校园"]})
    >>> select_terms(lab.tokenize(texts), min_n=1)[["term", "kept", "reason"]].astype(object).fillna("").values.tolist()
    [['和', False, 'stop word'], ['数字校园', True, ''], ['智慧校园', True, '']]
    """
    need_columns(tokens, TOKENS, "tokens")
    check_whole("min_n", min_n, 0)
    check_whole("min_characters", min_characters, 0)
    stopwords = list_stopwords(stopwords)
    kept = tokens[tokens["mask"].isna()]
    grouped = kept.groupby(counted_column(tokens), observed=True)
    table = pd.DataFrame({"n": grouped.size(), "n_documents": grouped["document_id"].nunique()}).reset_index(
        names="term"
    )
    table["term"] = table["term"].astype("str")
    why = [
        (table["term"].isin(stopwords), "stop word"),
        (table["term"].str.len() < min_characters, f"shorter than {min_characters} characters"),
        (table["n"] < min_n, f"fewer than {min_n} tokens"),
    ]
    reason = np.select([condition for condition, _ in why], [name for _, name in why], default="")
    table["kept"] = reason == ""
    table["reason"] = pd.Series(reason, dtype="str").where(~table["kept"])
    return table.sort_values(["n", "term"], ascending=[False, True], ignore_index=True)


def counted_column(tokens):
    """The column with the words that count: canonical, where tokens have it, else token.

    >>> counted_column(pd.DataFrame({"token": ["网络"]}))
    'token'
    """
    return "canonical" if "canonical" in tokens else "token"


def check_known(tokens, terms):
    """The terms as a list; raises PolicylabError for each that is no counted word of `tokens`, with the nearest words.

    >>> import policylab as lab
    >>> tokens = lab.tokenize(pd.DataFrame({"document_id": ["a"], "paragraph": [1], "text": ["建设数字校园"]}))
    >>> check_known(tokens, "数字校园")
    ['数字校园']
    """
    terms = as_list(terms)
    for term in terms:
        check_term(term)
    counted = tokens[tokens["mask"].isna()]
    present = set(counted[counted_column(tokens)].unique())
    unknown = [term for term in terms if term not in present]
    if unknown:
        words = sorted(present)
        lines = [f"{len(unknown)} of {len(terms)} terms are no words of these tokens:"]
        for term in unknown:
            names = counted.loc[counted["token"] == term, counted_column(tokens)].unique()
            if len(names):
                lines.append(f"{term}: the dictionary counts it as {names[0]}. Name that.")
                continue
            # What a reader may have meant: words that hold the term or lie in it, then words of similar characters.
            near = [word for word in words if term in word or (len(word) > 1 and word in term)]
            near = list(dict.fromkeys([*near, *get_close_matches(term, words, n=3, cutoff=0.5)]))[:5]
            lines.append(f"{term}: {'near are ' + ', '.join(near) if near else 'nothing is near'}.")
        lines.append(
            "Where the text has a term but the segmenter cuts it, add it: Segmenter([*load_terms()['term'], 'your term']). "
            "Notebook 02 does so with its parameter terms."
        )
        raise PolicylabError("\n  ".join(lines))
    return terms


def check_term(term):
    """Raise PolicylabError for what cannot be looked for in a text: no text, several, or nothing but white space.

    >>> check_term("")
    Traceback (most recent call last):
    policylab.base.errors.PolicylabError: term='' is nothing to look for. Give a text of one character or more.
    """
    if not isinstance(term, str) and hasattr(term, "__iter__"):
        raise PolicylabError(f"term={term!r}: expected one term, a text. For several, call this once for each.")
    if not isinstance(term, str) or not term.strip():
        raise PolicylabError(f"term={term!r} is nothing to look for. Give a text of one character or more.")


def count_nested(tokens: pd.DataFrame, terms: str | Sequence[str]) -> pd.DataFrame:
    """Count how often a term is a word by itself, inside longer words, and across words: one row is a term.

    Parameters
    ----------
    tokens : DataFrame
        All tokens of the paragraphs (tokenize). Only counted ones are searched, masked text is not.
    terms : str or sequence of str
        The terms to look for.

    Returns
    -------
    DataFrame
        `term`; `n_exclusive` (tokens that are the term); `n_nested` (places inside a longer word: 信息化 in 教育信息化);
        `n_inclusive` (their sum); `n_across` (places where the string crosses a boundary of words, mostly accidents or a
        term that the segmenter cut); `inside` (the longer words with their counts).

    Raises
    ------
    PolicylabError
        If a column is missing, a term is blank, or some tokens of a paragraph are missing.

    Notes
    -----
    Which count is right depends on the research question: exclusive counts add up over terms, inclusive ones do not.

    Examples
    --------
    >>> import policylab as lab
    >>> texts = pd.DataFrame({"document_id": ["a"], "paragraph": [1], "text": ["教育信息化和信息化"]})
    >>> count_nested(lab.tokenize(texts), ["信息化"]).values.tolist()
    [['信息化', 1, 1, 2, 0, '教育信息化 1']]
    """
    terms = as_list(terms)
    for term in terms:
        check_term(term)
    paragraph = number_whole_paragraphs(tokens)
    kept = tokens[tokens["mask"].isna()]
    pairs = kept.groupby(list(dict.fromkeys(["token", counted_column(tokens)])), observed=True).size()
    pairs = [(index if isinstance(index, tuple) else (index, index), int(n)) for index, n in pairs.items()]
    stretches = "\n".join(_stretches(tokens, paragraph))
    rows = []
    for term in terms:
        exclusive = sum(n for (_, name), n in pairs if name == term)
        printed = [(word, name, n) for (word, name), n in pairs if term in word]
        # A longer variant (人工智能技术, counted as 人工智能) is the term itself.
        holders = [(word, n) for word, name, n in printed if name != term]
        nested = sum(_count_places(word, term) * n for word, n in holders)
        inside = "; ".join(f"{word} {n}" for word, n in sorted(holders, key=lambda pair: (-pair[1], pair[0])))
        across = _count_places(stretches, term) - sum(_count_places(word, term) * n for word, _, n in printed)
        rows.append((term, exclusive, nested, exclusive + nested, across, inside))
    return pd.DataFrame(rows, columns=["term", "n_exclusive", "n_nested", "n_inclusive", "n_across", "inside"])


def _count_places(text, term):
    """Places where the term begins, overlapping ones too."""
    n, at = 0, text.find(term)
    while at >= 0:
        n, at = n + 1, text.find(term, at + 1)
    return n


def _stretches(tokens, paragraph):
    """The text of unbroken counted tokens: a masked token or the end of a paragraph breaks it."""
    counted = tokens["mask"].isna().to_numpy()
    words = tokens["token"].astype(object).to_numpy()
    breaks = np.flatnonzero((paragraph[1:] != paragraph[:-1]) | (counted[1:] != counted[:-1])) + 1
    edges = [0, *breaks.tolist(), len(words)]
    for a, b in zip(edges, edges[1:]):
        if a < b and counted[a]:
            yield "".join(words[a:b])


def encode_tokens(tokens):
    """(the number of every token's word, the words): also where the column token lost its categories on the way."""
    column = tokens[counted_column(tokens)]
    column = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype("category")
    return column.cat.codes.to_numpy(), column.cat.categories


def paragraph_numbers(tokens):
    """A number for the paragraph of every token, in the order of the table; a paragraph's tokens must be contiguous."""
    document = pd.factorize(tokens["document_id"])[0].astype(np.int64)
    paragraph = pd.factorize(tokens["paragraph"])[0]
    if not len(tokens):
        return np.empty(0, dtype=np.int64)
    return np.r_[0, np.cumsum((document[1:] != document[:-1]) | (paragraph[1:] != paragraph[:-1]))]


def number_whole_paragraphs(tokens):
    """paragraph_numbers, after a check that the tokens of every paragraph follow each other without a gap."""
    need_columns(tokens, [*TOKENS, "start", "end"], "tokens")
    numbers = paragraph_numbers(tokens)
    before = np.zeros(len(tokens), dtype=np.int64)  # where the token before ends, 0 at the beginning of a paragraph
    before[1:] = np.where(numbers[1:] == numbers[:-1], tokens["end"].to_numpy()[:-1], 0)
    if (tokens["start"].to_numpy() != before).any():
        raise PolicylabError(
            "Some tokens of a paragraph are missing or moved. Pass all tokens of tokenize; masked ones are left out by themselves."
        )
    return numbers


class TermMatrix(NamedTuple):
    """Counts as scikit-learn wants them: a sparse matrix with a row for each of `rows` and a column for each of `terms`."""

    matrix: Any
    rows: pd.DataFrame
    terms: list


def cast_matrix(
    tokens: pd.DataFrame, by: str | Sequence[str] = ("document_id",), *, terms: Sequence[str] | None = None
) -> TermMatrix:
    """Cast the counted tokens into a matrix: the only border to scikit-learn.

    Parameters
    ----------
    tokens : DataFrame
        One row is a token (tokenize).
    by : str or sequence of str
        Columns whose combinations are the rows of the matrix: document_id, or document_id and task. Tokens without a
        value in one of them are left out.
    terms : sequence of str, optional
        The columns of the matrix, each once. By default every word.

    Returns
    -------
    TermMatrix
        `matrix` (sparse counts), `rows` (the combinations, sorted) and `terms`. The sum of a row is the number of its
        counted tokens among the terms.

    Raises
    ------
    PolicylabError
        If `by` names no column, or a column is missing.

    Examples
    --------
    >>> import policylab as lab
    >>> texts = pd.DataFrame({"document_id": ["a", "b"], "paragraph": [1, 1], "text": ["数字校园", "智慧校园、数字校园"]})
    >>> counts = cast_matrix(lab.tokenize(texts))
    >>> counts.terms, counts.matrix.toarray().tolist()
    (['数字校园', '智慧校园'], [[1, 0], [1, 1]])
    """
    from scipy.sparse import coo_array

    by = as_list(by)
    if not by:
        raise PolicylabError("by=() names no column. Name one or more whose values are the rows, such as document_id.")
    need_columns(tokens, [*TOKENS, *by], "tokens")
    codes, words = encode_tokens(tokens)
    firsts, numbers, groups = _number_stretches(tokens, by)
    kept = tokens["mask"].isna().to_numpy()
    codes = codes[kept]
    numbers = np.repeat(numbers, np.add.reduceat(kept, firsts, dtype=np.int32))
    if (numbers < 0).any():
        codes, numbers = codes[numbers >= 0], numbers[numbers >= 0]
    if terms is None:
        terms = words[np.bincount(codes, minlength=len(words)) > 0]
    terms = as_list(terms)
    column = np.full(len(words), -1, dtype=np.int32)
    at = words.get_indexer(pd.Index(terms))
    column[at[at >= 0]] = np.flatnonzero(at >= 0)
    columns = column[codes]
    if (columns < 0).any():
        numbers, columns = numbers[columns >= 0], columns[columns >= 0]
    cells = coo_array((np.ones(len(columns), dtype=np.int32), (numbers, columns)), shape=(len(groups), len(terms)))
    return TermMatrix(cells.tocsr(), groups, [str(term) for term in terms])


def number_groups(tokens, columns):
    """(number of the group of every token, -1 where a value is missing; table of the groups in sorted order)."""
    firsts, numbers, groups = _number_stretches(tokens, columns)
    return np.repeat(numbers, np.diff(firsts, append=len(tokens))), groups


def sort_groups(groups, columns):
    """The rows of a table in the order of the columns; raises PolicylabError for values without an order.

    >>> sort_groups(pd.DataFrame({"level": ["provincial", "national"], "year": 2019}), ["level", "year"])["level"].tolist()
    ['national', 'provincial']
    """
    try:
        for column in columns:  # by itself: several at once pandas sorts with numbers before texts, and says nothing
            groups[column].drop_duplicates().sort_values()
        return groups.sort_values(columns, ignore_index=True)
    except TypeError:
        types = {column: sorted({type(value).__name__ for value in groups[column]}) for column in columns}
        mixed = {column: names for column, names in types.items() if len(names) > 1} or types
        lines = [
            f"The column {column} holds values that have no order (types {', '.join(names)}). "
            f"Give them one type: tokens[{column!r}] = tokens[{column!r}].astype('str')."
            for column, names in mixed.items()
        ]
        raise PolicylabError("\n".join(lines)) from None


def _number_stretches(tokens, columns):
    """(first token of every stretch of one group, number of its group, table of the groups in sorted order)."""
    # The tokens of a paragraph are contiguous, so the groups of a few thousand stretches are the groups of millions of tokens.
    changes = np.zeros(len(tokens), dtype=bool)
    changes[:1] = True
    for column in columns:
        values = tokens[column].array
        if isinstance(values, pd.Categorical):
            values = values.codes
        elif isinstance(values, pd.arrays.IntegerArray) and not values.isna().any():
            values = values.to_numpy(values.dtype.numpy_dtype)
        elif getattr(values.dtype, "na_value", None) is pd.NA:  # compared with anything it is neither equal nor not
            values = pd.factorize(values)[0]
        changes[1:] |= np.asarray(values[1:] != values[:-1], dtype=bool)
    firsts = np.flatnonzero(changes)
    stretches = tokens[columns].take(firsts)
    there = stretches.notna().all(axis=1).to_numpy()
    stretches = stretches[there]
    stretches = stretches.astype(
        {name: dtype.categories.dtype for name, dtype in stretches.dtypes.items() if hasattr(dtype, "categories")}
    )
    groups = sort_groups(stretches.drop_duplicates(), columns)
    wanted, known = (
        pd.MultiIndex.from_frame(table) if len(columns) > 1 else pd.Index(table[columns[0]])
        for table in (stretches, groups)
    )
    numbers = np.full(len(firsts), -1, dtype=np.int32)
    numbers[there] = known.get_indexer(wanted)
    return firsts, numbers, groups
