"""What the notebook on words looks at when nobody says: which level, years and terms, and what is compared with what.

Nothing here knows a corpus: levels, years, regions and words come from its tables, and each choice has a stated rule.
"""

from dataclasses import dataclass

import pandas as pd

from policylab.base.errors import PolicylabError
from policylab.base.levels import LEVELS
from policylab.base.regions import region_label
from policylab.corpus.choice import choose_pair
from policylab.words.concepts import measure_consistency
from policylab.words.keyness import COMPARED, compare_terms, count_splits
from policylab.words.lexicon import list_stopwords
from policylab.words.segmenter import Segmenter
from policylab.words.sensitivity import list_variants_of_counting
from policylab.words.terms import check_known, select_terms
from policylab.words.trend import find_changing_terms
from policylab.words.units import choose_unit, list_unit_columns

MIN_N = 5  # by judgement, as in select_terms: below it one document's habit decides
MIN_SPLITS = 1000  # ways to split the documents of two groups from which they are split whole; by judgement


@dataclass(frozen=True)
class Selection:
    """What is followed and compared; choose_selection says how it is chosen."""

    level: str  # whose years are followed
    years: tuple  # the first and the last year that are compared; one year alone where there is no other
    levels: tuple  # the two levels that are compared; one where there is no other
    terms: list  # followed over the years
    rule: str  # why these terms: "given", "changing" or "frequent"
    vocabulary: list  # words that lists show: neither stop words nor rare nor names of the corpus's own regions
    places: list  # those names, as far as they occur
    stopwords: frozenset
    min_n: int  # uses that a word of the vocabulary has at least
    reference_id: str | None  # the document that others are compared with

    def __repr__(self):
        span, terms = "–".join(map(str, self.years)), "、".join(self.terms)
        return f"Focus({self.level}, {span}, {len(self.vocabulary)} words: {terms})"


def choose_selection(tokens, corpus, terms=(), level="", years=(0, 0), n_terms=8, stopwords=None):
    """Choose what to look at; what is given is kept.

    `tokens` are those of tokenize with what the corpus says of them (join_corpus). The level is the one with
    documents of most years, of several the highest. `years` are the two that are compared; 0 stands for its first and
    last. The terms are the `n_terms` whose rates in units (as of measure_trend) differ most between the years of that level
    (find_changing_terms), among the words that lists show; in a corpus of one year the most frequent. Words that lists
    show: select_terms keeps them, and they do not name a region of the corpus, which would tell groups of regions apart
    and say nothing of policy. The reference is that of choose_pair.

    Raises PolicylabError for terms that are no words of the tokens, and for a level or years that the corpus lacks.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> selection = choose_selection(lab.tokenize(corpus), corpus, n_terms=3)
    >>> selection.level, selection.years, selection.levels, selection.terms
    ('national', (2017, 2019), ('national', 'provincial'), ['APP', '人工智能', '行业'])
    """
    documents = corpus.documents
    levels = [name for name in LEVELS if (documents["level"] == name).any()]
    spans = {name: sorted({int(year) for year in documents.loc[documents["level"] == name, "year"]}) for name in levels}
    level = level or max(levels, key=lambda name: len(spans[name]))
    _check_present("level", [level], levels)
    first, last = (given or found for given, found in zip(years, (spans[level][0], spans[level][-1]), strict=True))
    _check_present("year", [first, last], spans[level])
    stopwords = list_stopwords(stopwords)
    names = _name_places(documents)
    # A text so short that no word has five uses shows what it has.
    for min_n in (MIN_N, 1):
        selected = select_terms(tokens, stopwords=stopwords, min_n=min_n)
        if selected["kept"].any():
            break
    kept = selected.loc[selected["kept"], "term"].tolist()
    vocabulary = [term for term in kept if term not in names]
    rule = "given" if terms else "changing" if len(spans[level]) > 1 else "frequent"
    if rule == "given":
        terms = check_known(tokens, terms)
    elif rule == "changing":
        # Among the words that the trend counts: those in tasks, where all documents have tasks.
        own = tokens[(tokens["level"] == level) & tokens[choose_unit(tokens)].notna()]
        present = set(own["token"][own["mask"].isna()].unique())
        listed = [term for term in vocabulary if term in present]
        terms = find_changing_terms(own, "year", terms=listed)["term"].head(n_terms).tolist() if listed else []
    else:
        terms = vocabulary[:n_terms]
    return Selection(
        **{
            "level": level,
            "years": tuple(dict.fromkeys((first, last))),
            "levels": tuple(levels[:2]),
            "terms": list(terms),
        },
        **{"rule": rule, "vocabulary": vocabulary, "places": [term for term in kept if term in names]},
        **{"stopwords": stopwords, "min_n": min_n, "reference_id": choose_pair(corpus)[1]},
    )


def compare_years(tokens, selection, *, n_resamples=1000, seed=0):
    """compare_terms between the last year (a) and the first (b) of the level in focus.

    Empty where the level has one year, or no word that lists show can be compared, as where a year has no counted word.

    The unit is the document where the documents can be split in a thousand ways and more, else that of compare_terms.
    """
    own = tokens[tokens["level"] == selection.level]
    return _compare(own, "year", selection.years[::-1], selection, n_resamples, seed)


def compare_levels(tokens, selection, *, n_resamples=1000, seed=0):
    """compare_terms between the two highest levels. Columns, and when it is empty, as of compare_years.

    All years count. Where the levels have different years, as `years_a` and `years_b` show, what looks like a
    difference between levels can be one between years.
    """
    return _compare(tokens, "level", selection.levels, selection, n_resamples, seed)


def _compare(tokens, column, sides, selection, n_resamples, seed):
    nothing = pd.DataFrame(columns=COMPARED)
    if len(sides) < 2:
        return nothing
    both = tokens[tokens[column].isin(sides)]
    selected = select_terms(both, stopwords=selection.stopwords, min_n=selection.min_n)
    terms = selected.loc[selected["kept"] & ~selected["term"].isin(selection.places), "term"]
    # Tasks of one document are alike, so whole documents are split where both sides have enough of them.
    n = [tokens.loc[tokens[column] == side, "document_id"].nunique() for side in sides]
    unit = "document" if count_splits(*n) >= MIN_SPLITS else choose_unit(both)
    counted = both[both["mask"].isna() & both[list_unit_columns(unit)].notna().all(axis=1)]
    if terms.empty or not set(sides) <= set(counted[column]):
        return nothing
    return compare_terms(tokens, column, *sides, terms=terms, unit=unit, n_resamples=n_resamples, seed=seed)


def compare_consistency(tokens, selection, *, concepts=None, n_resamples=1000, seed=0):
    """measure_consistency of all documents with the reference in focus; empty where there is none."""
    if selection.reference_id is None:
        return pd.DataFrame(columns=["document_id", "reference_id", "consistency"])
    return measure_consistency(tokens, selection.reference_id, concepts=concepts, n_resamples=n_resamples, seed=seed)


def vary_counting(segmenter, stopwords=None):
    """The variants that measure_sensitivity compares by default, for a dictionary and a stop list of one's own.

    >>> list(vary_counting(Segmenter(["数字校园"])))[:2]
    ['base', 'no lexicon']
    """
    made, variants = {}, {}
    for name, variant in list_variants_of_counting().items():
        key = bool(variant.segmenter.terms), variant.segmenter.hmm
        # Variants that share a segmenter are tokenized once.
        made[key] = made.get(key) or Segmenter(segmenter.terms if key[0] else [], segmenter.engine, key[1])
        kept = list_stopwords(stopwords) if variant.stopwords is None and stopwords is not None else variant.stopwords
        variants[name] = variant._replace(segmenter=made[key], stopwords=kept)
    return variants


def _name_places(documents):
    below = documents.loc[documents["level"] != "national", "region"].dropna().unique()
    return {
        name
        for region in below
        for name in (region, region_label(region, "zh"), region_label(region, "zh", short=True))
    }


def _check_present(what, values, known):
    missing = [value for value in values if value not in known]
    if missing:
        raise PolicylabError(f"The corpus has no {what} {missing[0]!r}. It has {', '.join(map(str, known))}.")
