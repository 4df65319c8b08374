"""Words in their context: every place of a term, sorted by what stands beside it, and the words that keep it company."""

import numpy as np
import pandas as pd

from policylab.base.arguments import check_whole
from policylab.base.errors import PolicylabError
from policylab.words.lexicon import load_stopwords
from policylab.words.statistics import g2_table, log_dice
from policylab.words.terms import check_known, check_term, encode_tokens, number_whole_paragraphs

SORTS = ("document", "left", "right")
_PLACE = ["document_id", "level", "region", "year", "part", "section", "task", "paragraph"]


def find_concordance(tokens, term, sort="document", width=20, masked=False):
    """Every place of a term with the text around it (key word in context).

    A row of `tokens` is a token (tokenize, join_corpus). A row of the result is a place: `document_id` and `paragraph`
    with level, region, year, part, section and task where the tokens have them; `start` and `end` (offsets in the
    paragraph's text); `left`, `term`, `right` (up to `width` characters); `found` ("word", "in" and the longer word that
    holds the term, "across words") and `mask` (null where the place counts). Places inside 《》 are shown with masked=True
    only. `sort` is "document" (in order of the text), "left" (by the characters before the term, nearest first) or
    "right".

    Raises PolicylabError for an unknown sort, a width below 0, missing columns, tokens that are not all those of their
    paragraphs, and a term that is blank or stands nowhere, with near ones.

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
    masks = tokens["mask"].astype(object).where(tokens["mask"].notna(), None).to_numpy()
    edges = np.flatnonzero(np.diff(paragraph, prepend=-1, append=-1)).tolist()
    firsts, rows, n_hidden = [], [], 0
    for a, b in zip(edges, edges[1:]):
        text = "".join(words[a:b])
        at = text.find(term)
        if at < 0:
            continue
        ends = np.cumsum([len(word) for word in words[a:b]])
        while at >= 0:
            end = at + len(term)
            holder = a + int(np.searchsorted(ends, at, side="right"))
            inside = end <= ends[holder - a]
            found = "across words" if not inside else "word" if words[holder] == term else f"in {words[holder]}"
            if masks[holder] is None or masked:
                firsts.append(holder)
                rows.append(
                    (at, end, text[max(at - width, 0) : at], term, text[end : end + width], found, masks[holder])
                )
            else:
                n_hidden += 1
            at = text.find(term, at + 1)
    if not rows:
        if n_hidden:
            raise PolicylabError(f"{term} stands only where it is masked (titles, numerals). Pass masked=True.")
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


def find_collocates(tokens, term, window=5, min_n=3, stopwords=None):
    """The words that stand near a term more often than chance would have it.

    A row is a word: `term`, `collocate`, `n_near` (its tokens within `window` counted words of a token of the term, each
    once), `n` (all its tokens), `n_term`, `log_dice`, `g2` and `window`. Distance is counted in unmasked words of the same
    paragraph: marks, numerals and what stands in 《》 are stepped over. Shown are collocates with n_near >= min_n (3 by
    judgement: logDice is at its highest for accidents) that are no stop words. Sorted by log_dice.

    log_dice (Rychlý 2008) does not depend on the length of the text and falls by 1 for every halving; 14 is the highest
    value for a pair, and can be passed where one token of the term has the same word near it twice. g2 compares the rate
    of the word inside and outside the windows, 0 for equal rates; it grows with length, and is given its negative sign
    where the word avoids the term.

    Raises PolicylabError for a window or min_n below 1, missing columns, tokens that are not all those of their
    paragraphs, and a term that is no word of them, with near ones.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> near = find_collocates(lab.tokenize(corpus.paragraphs), "关键信息基础设施")
    >>> near["collocate"].head(3).tolist()
    ['定级', '备案', '认定']
    """
    check_whole("window", window, 1)
    check_whole("min_n", min_n, 1)
    if not isinstance(term, str) or not term:
        raise PolicylabError(f"term={term!r}: expected one word. Call collocates once for each of several.")
    paragraph = number_whole_paragraphs(tokens)
    check_known(tokens, term)
    stopwords = load_stopwords() if stopwords is None else stopwords
    stopwords = set(stopwords["word"] if isinstance(stopwords, pd.DataFrame) else stopwords)
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
            **{
                "term": term,
                "collocate": words[chosen].astype("str"),
                "n_near": n_near[chosen],
                "n": n[chosen],
                "n_term": len(at),
            },
            **{
                "log_dice": log_dice(n_near[chosen], n[chosen], len(at)),
                "g2": np.where(more, g2, -g2),
                "window": window,
            },
        }
    )
    return table.sort_values(["log_dice", "collocate"], ascending=[False, True], ignore_index=True)
