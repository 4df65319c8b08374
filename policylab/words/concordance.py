"""Words in their context: every place of a term, sorted by what is beside it, and the words near it."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from policylab.base.arguments import check_whole
from policylab.base.errors import PolicylabError
from policylab.words.statistics import g2_table, log_dice
from policylab.words.stoplists import list_stopwords
from policylab.words.terms import check_known, check_term, counted_column, encode_tokens, number_whole_paragraphs

SORTS = ("document", "left", "right")
_PLACE = ["document_id", "level", "region", "year", "part", "section", "task", "paragraph"]


def find_concordance(
    tokens: pd.DataFrame, term: str, *, sort: str = "document", width: int = 20, masked: bool = False
) -> pd.DataFrame:
    """Find every place of a term with the text around it (key word in context): one row is a place.

    Parameters
    ----------
    tokens : DataFrame
        All tokens of the paragraphs (tokenize).
    term : str
        What to look for, also inside words and across them; of a term with variants, all of them.
    sort : {"document", "left", "right"}
        By the order of the text, or by the characters before the term (nearest first) or behind it.
    width : int
        Characters to show on either side.
    masked : bool
        Show places inside 《》 and numerals too, which do not count.

    Returns
    -------
    DataFrame
        `document_id`, `paragraph` and, as far as the tokens have them, level, region, year, part, section and task;
        `start`, `end` (offsets in the paragraph's text); `left`, `term` (as printed: perhaps a variant), `right`;
        `found`: "word", "in" with the longer word that holds the term, or "across words"; `mask` (null where the place counts).

    Raises
    ------
    PolicylabError
        If `sort` is unknown, `width` is negative, a column is missing, some tokens of a paragraph are missing, or the
        term is blank or occurs nowhere; the message has the nearest words.

    Examples
    --------
    >>> import policylab as lab
    >>> texts = pd.DataFrame({"document_id": ["a"], "paragraph": [1], "text": ["加强数字校园建设，推进教育信息化和信息化。"]})
    >>> find_concordance(lab.tokenize(texts), "信息化", width=4)[["left", "term", "right", "found"]].values.tolist()
    [['推进教育', '信息化', '和信息化', 'in 教育信息化'], ['信息化和', '信息化', '。', 'word']]
    """
    if sort not in SORTS:
        raise PolicylabError(f"sort={sort!r} is unknown. Use one of {', '.join(map(repr, SORTS))}.")
    check_whole("width", width, 0)
    check_term(term)
    paragraph = number_whole_paragraphs(tokens)
    place = [column for column in _PLACE if column in tokens]
    words = tokens["token"].astype(object).to_numpy()
    own = (tokens[counted_column(tokens)] == term).to_numpy()
    masks = tokens["mask"].astype(object).where(tokens["mask"].notna(), None).to_numpy()
    edges = np.flatnonzero(np.diff(paragraph, prepend=-1, append=-1)).tolist()
    firsts, rows, n_hidden = [], [], 0
    for a, b in zip(edges, edges[1:]):
        text = "".join(words[a:b])
        if term not in text and not own[a:b].any():
            continue
        for at, end, holder, found in _find_places(text, words[a:b], own[a:b], term):
            if masks[a + holder] is None or masked:
                firsts.append(a + holder)
                around = text[max(at - width, 0) : at], text[at:end], text[end : end + width]
                rows.append((at, end, *around, found, masks[a + holder]))
            else:
                n_hidden += 1
    if not rows:
        if n_hidden:
            raise PolicylabError(f"{term} occurs only where it is masked (titles, numerals). Pass masked=True.")
        check_known(tokens, [term])
    table = tokens[place].iloc[firsts].reset_index(drop=True)
    table = table.assign(document_id=table["document_id"].astype("str"))
    shown = pd.DataFrame(rows, columns=["start", "end", "left", "term", "right", "found", "mask"])
    table = pd.concat([table, shown], axis=1)
    order = ["document_id", "paragraph", "start"]
    if sort == "left":
        table = table.assign(key=table["left"].str[::-1])
        return table.sort_values(["key", *order], ignore_index=True).drop(columns="key")
    return table.sort_values((["right"] if sort == "right" else []) + order, ignore_index=True)


def _find_places(text, words, own, term):
    """(start, end, number of the word where it begins, how it was found) of a term in a paragraph, in order.

    `own` says which words are counted as the term; what is printed within one of them is no further place.
    """
    ends = np.cumsum([len(word) for word in words])
    places = [(int(ends[i]) - len(words[i]), int(ends[i]), int(i), "word") for i in np.flatnonzero(own)]
    at = text.find(term)
    while at >= 0:
        end, holder = at + len(term), int(np.searchsorted(ends, at, side="right"))
        if not own[holder] or end > ends[holder]:
            inside = "word" if words[holder] == term else f"in {words[holder]}"
            places.append((at, end, holder, inside if end <= ends[holder] else "across words"))
        at = text.find(term, at + 1)
    return sorted(places)


def find_collocates(
    tokens: pd.DataFrame,
    term: str,
    *,
    window: int = 5,
    min_n: int = 3,
    stopwords: pd.DataFrame | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Find the words that occur near a term more often than chance would have it: one row is a word.

    Parameters
    ----------
    tokens : DataFrame
        All tokens of the paragraphs (tokenize).
    term : str
        A word of the tokens.
    window : int
        Greatest distance in counted words of the same paragraph; marks, numerals and titles in 《》 are skipped.
    min_n : int
        Fewest tokens near the term. 3 is chosen by judgement: logDice is highest for accidents.
    stopwords : DataFrame or iterable of str, optional
        Words that are not listed, as for select_terms. By default the list that ships.

    Returns
    -------
    DataFrame
        `term`, `collocate`, `n_near` (its tokens within the window of any token of the term, each counted once), `n` (all
        its tokens), `n_term`, `log_dice`, `g2` and `window`, the highest `log_dice` first.

    Raises
    ------
    PolicylabError
        If `window` or `min_n` is below 1, a column is missing, some tokens of a paragraph are missing, or the term is no
        word of the tokens; the message has the nearest words.

    Notes
    -----
    logDice = 14 + log2(2 f_xy / (f_x + f_y)) (Rychlý 2008) does not depend on the length of the text; it falls by 1 with
    every halving. 14 is the highest value of a pair; it can be exceeded where one token of the term has the same word near
    it twice. g2 (Dunning 1993) compares the rate of the word inside and outside the windows: 0 for equal rates, with a
    negative sign where the word avoids the term. It grows with the length of the text, so it does not compare corpora.

    Examples
    --------
    >>> import policylab as lab
    >>> near = find_collocates(lab.tokenize(lab.load_corpus()), "关键信息基础设施")
    >>> near["collocate"].head(3).tolist()
    ['定级', '备案', '认定']
    """
    check_whole("window", window, 1)
    check_whole("min_n", min_n, 1)
    if not isinstance(term, str) or not term:
        raise PolicylabError(f"term={term!r}: expected one word. Call find_collocates once for each of several.")
    paragraph = number_whole_paragraphs(tokens)
    check_known(tokens, term)
    stopwords = list_stopwords(stopwords)
    kept = tokens["mask"].isna().to_numpy()
    paragraph = paragraph[kept]
    codes, words = encode_tokens(tokens)
    codes = codes[kept]
    at = np.flatnonzero(codes == words.get_loc(term))
    near = np.zeros(len(codes), dtype=bool)
    reach = min(window, int(np.bincount(paragraph).max()) - 1)  # no paragraph has words further off
    for step in [*range(-reach, 0), *range(1, reach + 1)]:
        place = at + step
        inside = (place >= 0) & (place < len(codes))
        place = place[inside]
        near[place[paragraph[place] == paragraph[at[inside]]]] = True
    n = np.bincount(codes, minlength=len(words))
    n_near = np.bincount(codes[near], minlength=len(words))
    # A word that is listed is no neighbour of itself: repetition is no collocation.
    chosen = np.array(
        [i for i in np.flatnonzero(n_near >= min_n) if words[i] not in stopwords and words[i] != term], dtype=int
    )
    sizes = np.array([near.sum(), (~near).sum()])
    g2 = g2_table(np.column_stack([n_near[chosen], (n - n_near)[chosen]]), sizes) if len(chosen) else np.empty(0)
    more = n_near[chosen] * sizes.sum() >= n[chosen] * sizes[0]
    table = pd.DataFrame(
        {
            "term": term,
            "collocate": words[chosen].astype("str"),
            "n_near": n_near[chosen],
            "n": n[chosen],
            "n_term": len(at),
            "log_dice": log_dice(n_near[chosen], n[chosen], len(at)),
            "g2": np.where(more, g2, -g2),
            "window": window,
        }
    )
    return table.sort_values(["log_dice", "collocate"], ascending=[False, True], ignore_index=True)
