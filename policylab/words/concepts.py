"""Concepts over words: how much attention a plan gives a concept, how richly it words it, how close it is to its reference.

The three measures carry the names that Chinese studies of education informatization use: 关注度, 丰富度, 一致性 (陈丽、唐雪萍
2023, 电化教育研究 4). Their formulas are not in the abstract, so what stands here is our operationalization of the names.
The unit (task or paragraph) is chosen over all given documents: name it where numbers must not depend on a third one.
"""

import zlib

import numpy as np
import pandas as pd

from policylab.base.arguments import as_list, check_whole
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.words.lexicon import check_concepts, load_concepts
from policylab.words.resampling import (
    ALIKE,
    check_resamples,
    check_unit,
    choose_unit,
    divide,
    interval,
    name_unit,
    resample,
)
from policylab.words.terms import TOKENS, encode_tokens, number_whole_paragraphs, sort_groups


def find_concepts(tokens, concepts=None):
    """Every place at which a term of a concept stands.

    A row of the result is a place: the columns of `tokens` at its first token except token, `concept`, `term` and
    `n_words` (tokens it is made of). Terms are matched over whole tokens, the longest first and without overlap, whether
    the segmenter keeps them whole or not: 网络|安全 is 网络安全, but 学校|本部 is not 校本. Places inside 《》 do not count.

    Raises PolicylabError for missing columns, tokens that are not all those of their paragraphs, and concepts without a
    term, with blank cells or with a term that stands there twice.

    >>> import policylab as lab
    >>> texts = pd.DataFrame({"document_id": ["a"], "paragraph": [1], "text": ["优质教育资源和公共服务平台"]})
    >>> find_concepts(lab.tokenize(texts))[["concept", "term", "start", "end"]].values.tolist()
    [['数字资源', '优质教育资源', 0, 6], ['公共服务体系', '公共服务平台', 7, 13]]
    """
    paragraph = number_whole_paragraphs(tokens)
    concepts = load_concepts() if concepts is None else check_concepts(concepts)
    owner = dict(zip(concepts["term"], concepts["concept"]))
    opening = {term[:i] for term in owner for i in range(1, len(term) + 1)}
    codes, vocabulary = encode_tokens(tokens)
    opens = np.array([word in opening for word in vocabulary], dtype=bool)
    candidates = np.flatnonzero(opens[codes] & tokens["mask"].isna().to_numpy())
    words = tokens["token"].astype(object).to_numpy()
    rows, done = [], -1
    for first in candidates:
        if first < done:
            continue
        text, last, best = "", first, None
        while last < len(words) and paragraph[last] == paragraph[first] and text + words[last] in opening:
            text += words[last]
            last += 1
            if text in owner:
                best = text, last
        if best:
            rows.append((first, owner[best[0]], best[0], best[1] - first))
            done = best[1]
    firsts = [row[0] for row in rows]
    table = tokens.drop(columns=["token", "mask"]).iloc[firsts].reset_index(drop=True)
    n_words = np.array([row[3] for row in rows], dtype=int)
    ends = tokens["end"].to_numpy()[np.array(firsts, dtype=int) + n_words - 1]
    return table.assign(end=ends, concept=[row[1] for row in rows], term=[row[2] for row in rows], n_words=n_words)


def _count(tokens, concepts, by, unit, column):
    """(unit rows, counts of `column` (concept or term) per unit, its values, counted tokens per unit, unit)."""
    unit = choose_unit(tokens) if unit is None else check_unit(unit)
    keys = list(dict.fromkeys([*by, "document_id", unit]))
    need_columns(tokens, [*TOKENS, *keys], "tokens")
    if tokens.empty:
        raise PolicylabError("The table tokens has no row. Pass the tokens of one text or more.")
    sizes = tokens[tokens["mask"].isna()].groupby(keys, observed=True).size()
    values = concepts[column].drop_duplicates().tolist()
    places = find_concepts(tokens, concepts)
    counts = places.groupby([*keys, column], observed=True).size().unstack(column, fill_value=0)
    counts = counts.reindex(index=sizes.index, columns=values, fill_value=0)
    return sizes.index.to_frame(index=False), counts.to_numpy(dtype=float), values, sizes.to_numpy(dtype=float), unit


def measure_attention(tokens, concepts=None, by=("document_id",), unit=None, n_resamples=1000, seed=0):
    """关注度: what share of a document's mentions of concepts goes to each concept.

    A row is a concept in a group: the columns of `by`, `concept`, `concept_en`, `unit`, `n` (mentions), `n_mentions` (of
    all concepts), `attention` (n / n_mentions, 0-1; adds up to 1 over the concepts), `low`, `high`, `rate` (n per 10,000
    counted tokens), `n_tokens`, `n_with`, `n_units` (units that mention it, and all) and `reason`. Our operationalization;
    mentions stand in units (tasks, else paragraphs) and are those of find_concepts. The interval is the 95% percentile
    interval over units resampled within documents; NaN where the draws cannot differ, as of a concept that is not mentioned.

    Attention depends on the dictionary: a concept with many or frequent terms gets much of it everywhere. Compare one
    concept between documents, not two concepts within one. NaN with a reason where a group mentions no concept, or has no
    counted word in a unit. The unit is chosen over all given documents: name it where numbers must not depend on a third one.

    Raises PolicylabError for missing columns, a table without tokens, groups without an order (numbers and texts mixed), 1 to
    39 resamples (0 gives no intervals), and concepts as find_concepts.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> attention = measure_attention(lab.tokenize(corpus))
    >>> attention.groupby("document_id")["attention"].sum().round(9).unique().tolist()
    [1.0]
    """
    check_resamples(n_resamples)
    check_whole("seed", seed, 0)
    concepts = load_concepts() if concepts is None else check_concepts(concepts)
    by = _check_by(by)
    rows, counts, names, sizes, unit = _count(tokens, concepts, by, unit, "concept")
    english = dict(zip(concepts["concept"], concepts["concept_en"])) if "concept_en" in concepts else {}
    parts = []
    for values, mine in _groups(tokens, rows, by):
        own, documents = counts[mine], rows["document_id"].to_numpy()[mine]
        n, total = own.sum(axis=0), own.sum()
        several = len(own) > len(set(documents))
        sums = resample(documents, own, n_resamples if several else 0, seed)
        shares = divide(sums, sums.sum(axis=1, keepdims=True))
        low, high = interval(shares)
        part = pd.DataFrame(
            {**dict(zip(by, values)), "concept": names, "concept_en": [english.get(name) for name in names]}
        )
        part = part.assign(
            unit=unit, n=n.astype(int), n_mentions=int(total), attention=divide(n, total), low=low, high=high
        )
        part = part.assign(rate=divide(1e4 * n, sizes[mine].sum()), n_tokens=int(sizes[mine].sum()))
        part = part.assign(n_with=(own > 0).sum(axis=0), n_units=len(own))
        reason = None
        if not len(own):
            reason = _SILENT.format(unit=name_unit(unit))
        elif not total:
            reason = "no concept is mentioned"
        elif not several:
            reason = f"one {name_unit(unit)} a document: no interval"
        else:
            reason = np.where(np.isnan(low), _explain_gap(shares), None)
        parts.append(part.assign(reason=reason))
    return pd.concat(parts, ignore_index=True)


_SILENT = "no counted word in a {unit}"


def _explain_gap(values):
    """Why resamples give no interval: none was drawn, one is undefined, or they do not differ."""
    if not len(values):
        return "n_resamples=0: no interval"
    return f"{'some resamples mention no concept' if np.isnan(values).any() else ALIKE}: no interval"


def _check_by(by):
    by = as_list(by)
    if not by:
        raise PolicylabError(
            "by=[] names no column. Name one or more that divide the tokens, such as by='document_id'."
        )
    return by


def _groups(tokens, rows, by):
    # Groups in which nothing counts are shown too, so that a gap in a figure has its reason.
    for values in sort_groups(tokens[by].drop_duplicates().dropna(), by).itertuples(index=False, name=None):
        yield values, np.logical_and.reduce([(rows[column] == value).to_numpy() for column, value in zip(by, values)])


def measure_richness(tokens, concepts=None, by=("document_id",), unit=None):
    """丰富度: how many of a concept's terms a document uses.

    A row is a concept in a group: the columns of `by`, `concept`, `unit`, `n_used` (different terms that occur), `n_terms`
    (terms of the concept in the dictionary), `richness` (n_used / n_terms, 0-1), `n` (mentions), `n_tokens`, `used` (the
    terms, by frequency) and `reason`. Our operationalization. It rises with the length of the text, so compare documents of
    similar n_tokens; and a dictionary made from some of the documents favours those. NaN with a reason where a group has no
    counted word in a unit. The unit is chosen over all given documents: name it where numbers must not depend on a third one.

    Raises PolicylabError as measure_attention.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> richness = measure_richness(lab.tokenize(corpus))
    >>> bool(richness["richness"].between(0, 1).all())
    True
    """
    concepts = load_concepts() if concepts is None else check_concepts(concepts)
    by = _check_by(by)
    rows, counts, terms, sizes, unit = _count(tokens, concepts, by, unit, "term")
    owner = dict(zip(concepts["term"], concepts["concept"]))
    of = np.array([owner[term] for term in terms], dtype=object)
    table = []
    for values, mine in _groups(tokens, rows, by):
        n, n_tokens = counts[mine].sum(axis=0), int(sizes[mine].sum())
        reason = None if n_tokens else _SILENT.format(unit=name_unit(unit))
        for concept in concepts["concept"].drop_duplicates():
            own = np.flatnonzero(of == concept)
            used = sorted((i for i in own if n[i]), key=lambda i: (-n[i], terms[i]))
            named = "; ".join(f"{terms[i]} {int(n[i])}" for i in used)
            richness = len(used) / len(own) if n_tokens else np.nan
            found = len(used), len(own), richness, int(n[own].sum()), n_tokens
            table.append((*values, concept, unit, *found, named, reason))
    return pd.DataFrame(
        table, columns=[*by, "concept", "unit", "n_used", "n_terms", "richness", "n", "n_tokens", "used", "reason"]
    )


def measure_consistency(tokens, reference_id, concepts=None, unit=None, n_resamples=1000, seed=0):
    """一致性: how far a document spreads its attention over concepts as its reference does.

    A row is a document other than the reference: `document_id`, `reference_id`, `consistency`, `low`, `high`, `dealt`,
    `dealt_low`, `dealt_high`, `term_consistency`, `n_mentions`, `n_reference`, `unit`, `pair` and `reason`.
    consistency = Σ min(p, q) over the concepts, where p and q are the attention of the two documents: 1 for equal
    attention, 0 where no concept is common.
    term_consistency is the same over the terms of the dictionary: it also asks for the same words. Both are our
    operationalization (proportional similarity), and symmetric: they cannot tell who follows whom.

    The interval resamples the units of both documents. Chance differences lower a sum of minima, so resamples lie below the
    estimate; the interval is moved up by their mean distance from it, and cut at 0 and 1. dealt is the mean overlap, and
    dealt_low to dealt_high the middle 95% of overlaps, of two groups into which the units of both documents are dealt at
    random, as many to each as the document has.

    Estimate and interval are too low: with some 180 mentions a side, equal documents come out near .9, and where the tasks of
    two plans were drawn anew, 55 to 60% of the intervals held the plans' own consistency (simulations). term_consistency has
    no interval for that reason: a plan uses most of its terms once or twice, and 3 to 26% of such intervals held its value.
    Compare with dealt, what random groups of the same tasks reach; do not read 1 - consistency as difference. Plans that
    go through the same sections come out above dealt.

    `pair` says "same year" or "lagged": years apart, where the tokens have the column year. NaN with a reason where a
    document mentions no concept, has one unit, or may be left without a mention by resampling. The unit is chosen over all
    given documents: name it where numbers must not depend on a third one.

    Raises PolicylabError if the tokens have no document reference_id, and as measure_attention. Ids are compared as text.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> measure_consistency(tokens, "national-2019").set_index("document_id")["pair"].to_dict()
    {'chongqing-2019': 'same year', 'fujian-2020': 'lagged by 1 year', 'national-2017': 'lagged by -2 years'}
    """
    check_resamples(n_resamples)
    check_whole("seed", seed, 0)
    concepts = load_concepts() if concepts is None else check_concepts(concepts)
    rows, counts, _, _, unit = _count(tokens, concepts, [], unit, "concept")
    term_counts = _count(tokens, concepts, [], unit, "term")[1]
    documents = sorted(map(str, tokens["document_id"].unique()))
    reference_id = str(reference_id)
    if reference_id not in documents:
        raise PolicylabError(f"The tokens have no document {reference_id!r}. They have {', '.join(documents)}.")
    owner = rows["document_id"].astype(str).to_numpy(dtype=object)
    profiles, drawn, units = {}, {}, {}
    for document in documents:
        mine = owner == document
        profiles[document] = counts[mine].sum(axis=0), term_counts[mine].sum(axis=0)
        units[document] = counts[mine]
        drawn[document] = resample(owner[mine], counts[mine], n_resamples if mine.sum() > 1 else 0, seed)
    firsts = tokens.drop_duplicates("document_id")
    years = dict(zip(firsts["document_id"].astype(str), firsts["year"])) if "year" in tokens else {}
    table = []
    for document in documents:
        if document == reference_id:
            continue
        here, there = profiles[document], profiles[reference_id]
        n = min(len(drawn[document]), len(drawn[reference_id]))
        estimate = float(_overlap(here[0], there[0]))
        values = _overlap(drawn[document][:n], drawn[reference_id][:n])
        low, high = (
            np.clip(interval((values - values.mean() + estimate)[:, None])[:, 0], 0, 1) if n else (np.nan, np.nan)
        )
        silent = [name for name, profile in ((document, here), (reference_id, there)) if not profile[0].sum()]
        lone = [name for name in (document, reference_id) if len(units[name]) == 1]
        reason, dealt = None, np.full(3, np.nan)
        if silent:
            reason = f"{' and '.join(silent)}: no concept is mentioned"
        elif lone:
            reason = f"{' and '.join(lone)}: one {name_unit(unit)}, so no interval"
        else:
            dealt = _deal({name: units[name] for name in sorted([document, reference_id])}, n_resamples, seed)
            reason = _explain_gap(values) if np.isnan(low) else None
        table.append(
            (document, reference_id, estimate, low, high, *dealt, float(_overlap(here[1], there[1])))
            + (int(here[0].sum()), int(there[0].sum()), unit, _pair(years.get(document), years.get(reference_id)))
            + (reason,)
        )
    columns = [
        "document_id",
        "reference_id",
        "consistency",
        "low",
        "high",
        "dealt",
        "dealt_low",
        "dealt_high",
        "term_consistency",
    ]
    return pd.DataFrame(table, columns=[*columns, "n_mentions", "n_reference", "unit", "pair", "reason"])


def _deal(units, n_resamples, seed):
    """(mean, 2.5%, 97.5%) of the overlap of two groups into which the units of two documents are dealt at random.

    `units` maps the two ids, in sorted order, to counts: which of the two is the reference changes nothing. Deals that
    leave a group without a mention have no overlap and are left out.
    """
    pooled = np.vstack(list(units.values()))
    first = np.arange(len(pooled)) < len(next(iter(units.values())))
    stream = np.random.default_rng([seed, zlib.crc32("\0".join(["dealt", *units]).encode())])
    deals = stream.permuted(np.tile(first, (n_resamples, 1)), axis=1)
    values = _overlap(deals @ pooled, ~deals @ pooled)
    values = values[~np.isnan(values)]
    return (values.mean(), *interval(values[:, None])[:, 0]) if len(values) else (np.nan, np.nan, np.nan)


def _overlap(one, other):
    shares = [divide(counts, counts.sum(axis=-1, keepdims=True)) for counts in (one, other)]
    return np.minimum(*shares).sum(axis=-1)


def _pair(year, reference_year):
    if pd.isna(year) or pd.isna(reference_year):
        return None
    lag = int(year) - int(reference_year)
    return "same year" if lag == 0 else f"lagged by {lag} year{'s' if abs(lag) != 1 else ''}"
