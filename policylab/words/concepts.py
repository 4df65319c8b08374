"""Concepts over words: how much attention a plan gives a concept, how richly it words it, how close it is to its reference.

The three measures carry the names that Chinese studies of education informatization use: 关注度, 丰富度, 一致性 (陈丽、唐雪萍
2023, 电化教育研究 4). Their formulas are not in the abstract, so what is defined here is our operationalization of the names.
The unit (task or paragraph) is chosen over all given documents: name it where numbers must not depend on a third one.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from policylab.base.arguments import as_list
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.proportions import ratio_interval
from policylab.base.resampling import check_resamples, divide, draw_units, explain_gap, interval, split_units
from policylab.words.lexicon import check_concepts, load_concepts
from policylab.words.terms import TOKENS, counted_column, number_whole_paragraphs, sort_groups
from policylab.words.units import Units, count_by_unit, list_unit_columns

_SILENT = "no counted word in a {unit}"


def find_concepts(tokens: pd.DataFrame, concepts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find every place at which a term of a concept occurs.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize); all tokens of every paragraph, in their order.
    concepts : DataFrame or None, optional
        A row is a term: `term`, `concept`. None is the table that ships (load_concepts).

    Returns
    -------
    DataFrame
        A row is a place: the columns of `tokens` at its first token except token and canonical, `concept`, `term` and `n_words` (tokens it
        is made of).

    Raises
    ------
    PolicylabError
        For missing columns, tokens that are not all those of their paragraphs, and concepts without a term, with blank
        cells or with a term that is listed twice.

    Notes
    -----
    Terms are matched over whole tokens, the longest first and without overlap, whether the segmenter keeps them whole or
    not: 网络|安全 is 网络安全, but 学校|本部 is not 校本. A word matches as it is printed or in its canonical form. Places inside
    《》 do not count.

    Examples
    --------
    >>> import policylab as lab
    >>> texts = pd.DataFrame({"document_id": ["a"], "paragraph": [1], "text": ["优质教育资源和公共服务平台"]})
    >>> find_concepts(lab.tokenize(texts))[["concept", "term", "start", "end"]].values.tolist()
    [['数字资源', '优质教育资源', 0, 6], ['公共服务体系', '公共服务平台', 7, 13]]
    """
    paragraph = number_whole_paragraphs(tokens)
    concepts = load_concepts() if concepts is None else check_concepts(concepts)
    owner = dict(zip(concepts["term"], concepts["concept"]))
    opening = {term[:i] for term in owner for i in range(1, len(term) + 1)}
    forms = [tokens[name].astype(object).to_numpy() for name in dict.fromkeys(["token", counted_column(tokens)])]
    opens = np.any(
        [tokens[name].isin(opening).to_numpy() for name in dict.fromkeys(["token", counted_column(tokens)])], axis=0
    )
    candidates = np.flatnonzero(opens & tokens["mask"].isna().to_numpy())
    edges = np.append(np.flatnonzero(np.diff(paragraph)) + 1, len(paragraph))
    rows, done = [], -1
    for first in candidates:
        if first < done:
            continue
        end = edges[np.searchsorted(edges, first, side="right")]
        if best := _find_longest(forms, first, end, opening, owner):
            rows.append((first, owner[best[0]], best[0], best[1] - first))
            done = best[1]
    firsts = np.array([row[0] for row in rows], dtype=int)
    table = tokens.drop(columns=["token", "canonical", "mask"], errors="ignore").iloc[firsts].reset_index(drop=True)
    n_words = np.array([row[3] for row in rows], dtype=int)
    ends = tokens["end"].to_numpy()[firsts + n_words - 1]
    return table.assign(end=ends, concept=[row[1] for row in rows], term=[row[2] for row in rows], n_words=n_words)


def _find_longest(forms, first, end, opening, owner):
    """(the longest term that begins with a word, where it ends); None if none does. `forms`: words as printed and as counted."""
    texts, last, best = [""], first, None
    while last < end and texts:
        words = dict.fromkeys(form[last] for form in forms)
        texts = [text + word for text in texts for word in words if text + word in opening]
        last += 1
        if found := next((text for text in texts if text in owner), None):
            best = found, last
    return best


class Mentions(NamedTuple):
    """Mentions by unit: `units` (count_by_unit), and for each of them `concepts` (units by names) and `terms`."""

    units: Units
    names: list
    concepts: np.ndarray
    words: list
    terms: np.ndarray


def count_mentions(tokens: pd.DataFrame, concepts: pd.DataFrame, by: list[str], unit: str | None) -> Mentions:
    """The mentions in every unit that holds a counted word."""
    need_columns(tokens, [*TOKENS, *by], "tokens")
    if tokens.empty:
        raise PolicylabError("The table tokens has no row. Pass the tokens of one text or more.")
    units = count_by_unit(tokens, by, unit, [])
    keys = list(dict.fromkeys([*by, *list_unit_columns(units.unit)]))
    places = find_concepts(tokens, concepts).dropna(subset=keys)
    rows = pd.MultiIndex.from_frame(units.rows[keys].astype(object))
    row = rows.get_indexer(pd.MultiIndex.from_frame(places[keys].astype(object)))
    names, counts = {}, {}
    for column in ("concept", "term"):
        names[column] = concepts[column].drop_duplicates().tolist()
        counts[column] = np.zeros((len(rows), len(names[column])))
        np.add.at(counts[column], (row, pd.Index(names[column]).get_indexer(places[column])), 1)
    return Mentions(units, names["concept"], counts["concept"], names["term"], counts["term"])


def measure_attention(
    tokens: pd.DataFrame,
    by: str | Sequence[str] = "document_id",
    *,
    concepts: pd.DataFrame | None = None,
    unit: str | None = None,
) -> pd.DataFrame:
    """Measure attention (关注度): what share of a document's mentions of concepts goes to each concept.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the columns of `by` and of the unit (join_corpus).
    by : str or list of str, optional
        One column or several whose values make the groups.
    concepts : DataFrame or None, optional
        A row is a term: `term`, `concept`, perhaps `concept_en`. None is the table that ships (load_concepts).
    unit : str or None, optional
        "task", "section", "paragraph" or "document"; None is the task where every document has tasks, else the
        paragraph.

    Returns
    -------
    DataFrame
        A row is a concept in a group: the columns of `by`, `concept`, `concept_en`, `unit`, `n` (mentions, as of
        find_concepts, in units), `n_mentions` (of all concepts), `attention` (n / n_mentions, 0 to 1; adds up to 1 over the
        concepts), `low`, `high` (95%), `rate` (n per 10,000 counted tokens), `n_tokens`, `n_with`, `n_units` (units that
        mention it, and all) and `reason` (why a number is NaN).

    Raises
    ------
    PolicylabError
        For missing columns, a table without tokens, groups without an order (numbers and texts mixed), an unknown unit,
        and concepts as find_concepts.

    Notes
    -----
    Our operationalization. Attention depends on the dictionary: a concept with many or frequent terms gets much of it
    everywhere. Compare one concept between documents, not two concepts within one.

    The interval says within which bounds attention would lie if these documents had very many units of the kind they have, and
    nothing about other documents: that of Korn & Graubard (1998) with the further unit of Fay & Feuer (1997), for mentions in
    one unit belong together. In simulations 95% intervals hold the true attention in .92 and more of samples, however
    few units mention the concept (docs/intervals.md).

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> attention = measure_attention(lab.tokenize(corpus))
    >>> attention.groupby("document_id")["attention"].sum().round(9).unique().tolist()
    [1.0]
    """
    concepts = load_concepts() if concepts is None else check_concepts(concepts)
    by = _check_by(by)
    mentions = count_mentions(tokens, concepts, by, unit)
    units = mentions.units
    english = dict(zip(concepts["concept"], concepts["concept_en"])) if "concept_en" in concepts else {}
    parts = []
    for values, mine in _groups(tokens, units.rows, by):
        counts, documents = mentions.concepts[mine], units.rows["document_id"].to_numpy()[mine]
        n, total, n_tokens = counts.sum(axis=0), counts.sum(), int(units.sizes[mine].sum())
        several = len(counts) > len(set(documents))
        low, high = ratio_interval(counts, counts.sum(axis=1), documents)
        reason = None
        if not len(counts):
            reason = _SILENT.format(unit=units.unit)
        elif not total:
            reason = "no concept is mentioned"
        elif not several:
            reason = f"one {units.unit} a document: no interval"
        elif len(mentions.names) == 1:
            low, high, reason = np.nan, np.nan, "one concept, which all mentions are of: no interval"
        part = {**dict(zip(by, values)), "concept": mentions.names}
        part |= {"concept_en": [english.get(name) for name in mentions.names], "unit": units.unit, "n": n.astype(int)}
        part |= {"n_mentions": int(total), "attention": divide(n, total), "low": low, "high": high}
        part |= {"rate": divide(1e4 * n, n_tokens), "n_tokens": n_tokens, "n_with": (counts > 0).sum(axis=0)}
        parts.append(pd.DataFrame(part | {"n_units": len(counts), "reason": reason}))
    return pd.concat(parts, ignore_index=True)


def _check_by(by: str | Sequence[str]) -> list[str]:
    by = as_list(by)
    if not by:
        raise PolicylabError(
            "by=[] names no column. Name one or more that divide the tokens, such as by='document_id'."
        )
    return by


def _groups(tokens: pd.DataFrame, rows: pd.DataFrame, by: list[str]) -> Iterator[tuple[tuple, np.ndarray]]:
    """(values of `by`, which units are theirs) for every group."""
    # Groups in which nothing counts are shown too, so that a gap in a figure has its reason.
    for values in sort_groups(tokens[by].drop_duplicates().dropna(), by).itertuples(index=False, name=None):
        yield values, np.logical_and.reduce([(rows[column] == value).to_numpy() for column, value in zip(by, values)])


def measure_richness(
    tokens: pd.DataFrame,
    by: str | Sequence[str] = "document_id",
    *,
    concepts: pd.DataFrame | None = None,
    unit: str | None = None,
) -> pd.DataFrame:
    """Measure richness (丰富度): how many of a concept's terms a document uses.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the columns of `by` and of the unit (join_corpus).
    by : str or list of str, optional
        One column or several whose values make the groups.
    concepts : DataFrame or None, optional
        A row is a term: `term`, `concept`. None is the table that ships (load_concepts).
    unit : str or None, optional
        "task", "section", "paragraph" or "document"; None is the task where every document has tasks, else the
        paragraph. Words outside units do not count.

    Returns
    -------
    DataFrame
        A row is a concept in a group: the columns of `by`, `concept`, `unit`, `n_used` (different terms that occur),
        `n_terms` (terms of the concept in the dictionary), `richness` (n_used / n_terms, 0 to 1), `n` (mentions),
        `n_tokens`, `used` (the terms, by frequency) and `reason` (why richness is NaN: no counted word in a unit).

    Raises
    ------
    PolicylabError
        As measure_attention.

    Notes
    -----
    Our operationalization. It rises with the length of the text, so compare documents of similar n_tokens; and a
    dictionary made from some of the documents favours those.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> richness = measure_richness(lab.tokenize(corpus))
    >>> bool(richness["richness"].between(0, 1).all())
    True
    """
    concepts = load_concepts() if concepts is None else check_concepts(concepts)
    by = _check_by(by)
    mentions = count_mentions(tokens, concepts, by, unit)
    units, words = mentions.units, mentions.words
    owner = dict(zip(concepts["term"], concepts["concept"]))
    of = np.array([owner[word] for word in words], dtype=object)
    table = []
    for values, mine in _groups(tokens, units.rows, by):
        n, n_tokens = mentions.terms[mine].sum(axis=0), int(units.sizes[mine].sum())
        reason = None if n_tokens else _SILENT.format(unit=units.unit)
        for concept in mentions.names:
            own = np.flatnonzero(of == concept)
            used = sorted((i for i in own if n[i]), key=lambda i: (-n[i], words[i]))
            named = "; ".join(f"{words[i]} {int(n[i])}" for i in used)
            richness = len(used) / len(own) if n_tokens else np.nan
            found = len(used), len(own), richness, int(n[own].sum()), n_tokens
            table.append((*values, concept, units.unit, *found, named, reason))
    columns = ["concept", "unit", "n_used", "n_terms", "richness", "n", "n_tokens", "used", "reason"]
    return pd.DataFrame(table, columns=[*by, *columns])


def measure_consistency(
    tokens: pd.DataFrame,
    reference_id: str,
    *,
    concepts: pd.DataFrame | None = None,
    unit: str | None = None,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure consistency (一致性): how far a document spreads its attention over concepts as its reference does.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the columns of the unit and perhaps year (join_corpus).
    reference_id : str
        The document that all others are compared with; ids are compared as text.
    concepts : DataFrame or None, optional
        A row is a term: `term`, `concept`. None is the table that ships (load_concepts).
    unit : str or None, optional
        "task", "section", "paragraph" or "document"; None is the task where every document has tasks, else the
        paragraph.
    n_resamples : int, optional
        Random draws behind each interval, and random splits: 40 or more, or 0 for none.
    seed : int, optional
        Of these draws.

    Returns
    -------
    DataFrame
        A row is a document other than the reference: `document_id`, `reference_id`; `consistency` (0 to 1: 1 for equal
        attention, 0 where no concept is common), `low`, `high` (95%); `random`, `random_low`, `random_high` (mean and middle
        95% of the consistency of two groups into which the units of both documents are split at random, as many to each as
        the document has); `term_consistency` (the same as consistency over the terms of the dictionary: it also asks for the
        same words); `n_mentions`, `n_reference`, `unit`; `pair` ("same year" or "lagged": years apart, where the tokens have
        the column year); `reason` (why a number is NaN: a document mentions no concept, has one unit, or is left without a
        mention by too many resamples).

    Raises
    ------
    PolicylabError
        If the tokens have no document reference_id, and as measure_attention.

    Notes
    -----
    consistency = Σ min(p, q) over the concepts, where p and q are the attention of the two documents (proportional
    similarity; our operationalization). It is symmetric: it cannot tell who follows whom.

    Chance differences lower a sum of minima: two samples of some 30 tasks from equal documents come out near .7. So the
    interval reaches further up than down, often to 1. Its low end is that of resampled units, moved up by the mean distance of
    resamples from the estimate. Its high end is the consistency of two documents that differ as these do but by so much
    less that chance makes 1% of resamples differ as much as these. What a document does not mention it might have
    mentioned: resamples draw from its units and an average one of the other document. In simulations the interval holds
    the true consistency in .90 and more of samples (docs/intervals.md).

    term_consistency has no interval: a plan uses most of its terms once or twice. Compare with `random`, what random
    groups of the same tasks reach; do not read 1 - consistency as difference. Plans that go through the same sections come
    out above `random`.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> measure_consistency(tokens, "national-2019").set_index("document_id")["pair"].to_dict()
    {'chongqing-2019': 'same year', 'fujian-2020': 'lagged by 1 year', 'national-2017': 'lagged by -2 years'}
    """
    check_resamples(n_resamples, seed)
    concepts = load_concepts() if concepts is None else check_concepts(concepts)
    mentions = count_mentions(tokens, concepts, [], unit)
    documents = sorted(map(str, tokens["document_id"].unique()))
    reference_id = str(reference_id)
    if reference_id not in documents:
        raise PolicylabError(f"The tokens have no document {reference_id!r}. They have {', '.join(documents)}.")
    owner = mentions.units.rows["document_id"].astype(str).to_numpy(dtype=object)
    firsts = tokens.drop_duplicates("document_id")
    years = dict(zip(firsts["document_id"].astype(str), firsts["year"])) if "year" in tokens else {}
    table = []
    for document in documents:
        if document != reference_id:
            here, there = (np.flatnonzero(owner == name) for name in (document, reference_id))
            cells = _compare(mentions, (document, here), (reference_id, there), n_resamples, seed)
            pair = _pair(years.get(document), years.get(reference_id))
            table.append((document, reference_id, *cells[:-1], mentions.units.unit, pair, cells[-1]))
    columns = ["document_id", "reference_id", "consistency", "low", "high", "random", "random_low", "random_high"]
    columns += ["term_consistency", "n_mentions", "n_reference", "unit", "pair", "reason"]
    return pd.DataFrame(table, columns=columns)


def _compare(
    mentions: Mentions,
    document: tuple[str, np.ndarray],
    reference: tuple[str, np.ndarray],
    n_resamples: int,
    seed: int,
) -> tuple:
    """The measured cells of a pair and the reason of the missing ones; a document is its name and the rows of its units."""
    pair, unit, counts = (document, reference), mentions.units.unit, mentions.concepts
    totals = [[counted[rows].sum(axis=0) for _, rows in pair] for counted in (counts, mentions.terms)]
    estimate, terms = (float(_overlap(*sides)) for sides in totals)
    ends, split, reason = np.full(2, np.nan), np.full(3, np.nan), None
    silent = [name for (name, _), total in zip(pair, totals[0]) if not total.sum()]
    lone = [name for name, rows in pair if len(rows) == 1]
    if silent:
        reason = f"{' and '.join(silent)}: no concept is mentioned"
    elif lone:
        reason = f"{' and '.join(lone)}: one {unit}, so no interval"
    elif not n_resamples:
        reason = f"{explain_gap(np.empty(0))}: no interval"
    else:
        both = np.concatenate([rows for _, rows in pair])
        contents = mentions.units.contents[both]
        ends, why = _bound_overlap([counts[rows] for _, rows in pair], contents, n_resamples, seed)
        reason = f"{why}: no interval" if why else None
        first = split_units(contents, len(document[1]), n_resamples, seed)
        values = _overlap(first @ counts[both], ~first @ counts[both])
        if not np.isnan(values).all():
            split = np.nanmean(values), *interval(values[:, None])[:, 0]
    return (estimate, *ends, *split, terms, *(int(total.sum()) for total in totals[0]), reason)


def _bound_overlap(
    counts: list[np.ndarray], contents: np.ndarray, n_resamples: int, seed: int
) -> tuple[np.ndarray, str]:
    """(low and high end of the consistency of two documents, why there are none); see the notes of measure_consistency."""
    sizes = [len(part) for part in counts]
    difference = np.subtract(*(_share(part.sum(axis=0)) for part in counts))
    distance = np.abs(difference).sum() / 2
    padded = [np.vstack([part, other.mean(axis=0)]) for part, other in zip(counts, counts[::-1])]
    keys = np.concatenate([np.append(part, np.uint64(0)) for part in np.split(contents, sizes[:1])])
    names = np.repeat([0, 1], [size + 1 for size in sizes])
    sums = {name: drawn @ padded[name] for name, _, drawn in draw_units(names, keys, n_resamples, seed)}
    values = _overlap(sums[0], sums[1])
    low = interval((values - np.nanmean(values) + 1 - distance)[:, None])[0]
    if np.isnan(low[0]):
        return np.full(2, np.nan), explain_gap(values)
    stray = [(_share(sums[i]) - _share(padded[i].sum(axis=0))) * np.sqrt(sizes[i] / (sizes[i] - 1)) for i in (0, 1)]
    error = np.subtract(*stray)[~np.isnan(values)]
    # The smallest share of the difference with which chance makes it as large as it is.
    below, above = -1.0, 1.0
    for _ in range(20):
        part = max((below + above) / 2, 0)
        seen = np.percentile(np.abs(part * difference + error).sum(axis=1) / 2, 99)
        below, above = (part, above) if seen < distance else (below, part)
    return np.clip([low[0], 1 - max(above, 0) * distance], 0, 1), ""


def _share(counts: np.ndarray) -> np.ndarray:
    return divide(counts, counts.sum(axis=-1, keepdims=True))


def _overlap(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.minimum(_share(one), _share(other)).sum(axis=-1)


def _pair(year: object, reference_year: object) -> str | None:
    if pd.isna(year) or pd.isna(reference_year):
        return None
    lag = int(year) - int(reference_year)
    return "same year" if lag == 0 else f"lagged by {lag} year{'s' if abs(lag) != 1 else ''}"
