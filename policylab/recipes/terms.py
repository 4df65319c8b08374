"""What the notebook on words looks at unless it is given: which level, years and terms, and what is compared with what.

Nothing here knows a corpus: levels, years, regions and words come from its tables, and each choice has a stated rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from policylab.base.arguments import check_whole
from policylab.base.errors import PolicylabError
from policylab.base.levels import LEVELS
from policylab.base.regions import region_label
from policylab.corpus.bundle import Corpus
from policylab.corpus.choice import choose_pair
from policylab.words.concepts import measure_consistency
from policylab.words.keyness import COMPARED, compare_terms, count_splits
from policylab.words.segmenter import Segmenter
from policylab.words.sensitivity import Variant, list_variants_of_counting
from policylab.words.stoplists import list_stopwords
from policylab.words.terms import check_known, counted_column, select_terms
from policylab.words.trend import find_changing_terms
from policylab.words.units import choose_unit, list_unit_columns

MIN_N = 5  # by judgement, as in select_terms: below it one document's habit decides
MIN_SPLITS = 1000  # ways to split the documents of two groups from which they are split whole; by judgement


@dataclass(frozen=True)
class Selection:
    """What notebook 02 follows and compares, as choose_selection chose it.

    Attributes
    ----------
    level : str
        The level whose years are followed.
    years : tuple of int
        The first and the last year that are compared; one year alone where there is no other.
    levels : tuple of str
        The two levels that are compared; one where there is no other.
    terms : list of str
        Followed over the years.
    rule : {"given", "changing", "frequent"}
        Why these terms.
    vocabulary : list of str
        Words that lists show: neither stop words nor rare nor names of the corpus's own regions.
    places : list of str
        Those names, as far as they occur.
    stopwords : frozenset of str
        The stop list in use.
    min_n : int
        Fewest uses of a word of the vocabulary.
    reference_id : str or None
        The document that others are compared with.
    """

    level: str
    years: tuple[int, ...]
    levels: tuple[str, ...]
    terms: list[str]
    rule: str
    vocabulary: list[str]
    places: list[str]
    stopwords: frozenset[str]
    min_n: int
    reference_id: str | None

    def __repr__(self):
        span, terms = "–".join(map(str, self.years)), "、".join(self.terms)
        return f"Selection({self.level}, {span}, {len(self.vocabulary)} words: {terms})"


def choose_selection(
    tokens: pd.DataFrame,
    corpus: Corpus,
    *,
    terms: Sequence[str] = (),
    level: str = "",
    years: tuple[int, int] = (0, 0),
    n_terms: int = 8,
    stopwords: pd.DataFrame | Iterable[str] | None = None,
) -> Selection:
    """Choose which level, years and terms to look at; what is given is kept.

    Parameters
    ----------
    tokens : DataFrame
        The tokens of the corpus (tokenize).
    corpus : Corpus
        Any corpus.
    terms : sequence of str
        Terms to follow. By default the `n_terms` whose rates differ most between the years of the level
        (find_changing_terms), among the words that lists show; in a corpus of one year the most frequent.
    level : str
        Level whose years are followed. By default the one with documents of most years, of several the highest.
    years : tuple of int
        The two years to compare; 0 is the first, or the last, of the level.
    n_terms : int
        How many terms to choose.
    stopwords : DataFrame or iterable of str, optional
        By default the list that ships.

    Returns
    -------
    Selection
        Lists show the words that select_terms keeps and that do not name a region of the corpus: such names would set
        groups of regions apart and say nothing of policy. The reference is that of choose_pair.

    Raises
    ------
    PolicylabError
        If a term is no word of the tokens, or the corpus lacks the level or a year.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> selection = choose_selection(lab.tokenize(corpus), corpus, n_terms=3)
    >>> selection.level, selection.years, selection.levels, selection.terms
    ('national', (2017, 2019), ('national', 'provincial'), ['APP', '人工智能', '行业'])
    """
    check_whole("n_terms", n_terms, 1)
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
        present = set(own[counted_column(own)][own["mask"].isna()].unique())
        listed = [term for term in vocabulary if term in present]
        terms = find_changing_terms(own, "year", terms=listed)["term"].head(n_terms).tolist() if listed else []
    else:
        terms = vocabulary[:n_terms]
    return Selection(
        level=level,
        years=tuple(dict.fromkeys((first, last))),
        levels=tuple(levels[:2]),
        terms=list(terms),
        rule=rule,
        vocabulary=vocabulary,
        places=[term for term in kept if term in names],
        stopwords=stopwords,
        min_n=min_n,
        reference_id=choose_pair(corpus)[1],
    )


def compare_years(
    tokens: pd.DataFrame, selection: Selection, *, n_resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Compare the words of the last year (a) and the first (b) of the selected level: one row is a term.

    Parameters
    ----------
    tokens : DataFrame
        The tokens of the corpus (tokenize).
    selection : Selection
        From choose_selection.
    n_resamples, seed : int
        As for compare_terms.

    Returns
    -------
    DataFrame
        The table of compare_terms. Empty where the level has one year, or no word that lists show can be compared. The
        unit is the whole document where documents can be split in a thousand ways or more, otherwise that of
        compare_terms.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> compare_years(tokens, choose_selection(tokens, corpus), n_resamples=0)["term"].iloc[0]
    '研究'
    """
    own = tokens[tokens["level"] == selection.level]
    return _compare(own, "year", selection.years[::-1], selection, n_resamples, seed)


def compare_levels(
    tokens: pd.DataFrame, selection: Selection, *, n_resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Compare the words of the two highest levels, over all years: one row is a term.

    Parameters
    ----------
    tokens : DataFrame
        The tokens of the corpus (tokenize).
    selection : Selection
        From choose_selection.
    n_resamples, seed : int
        As for compare_terms.

    Returns
    -------
    DataFrame
        As from compare_years.

    Notes
    -----
    Where the levels have different years, as `years_a` and `years_b` show, what looks like a difference between levels can
    be one between years.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> compare_levels(tokens, choose_selection(tokens, corpus), n_resamples=0)["term"].iloc[0]
    '完成'
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


def compare_consistency(
    tokens: pd.DataFrame,
    selection: Selection,
    *,
    concepts: pd.DataFrame | None = None,
    documents: Iterable[str] | None = None,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare the attention of all documents with that of the reference: one row is a document.

    Parameters
    ----------
    tokens : DataFrame
        The tokens of the corpus (tokenize).
    selection : Selection
        From choose_selection.
    concepts : DataFrame, optional
        By default the list that ships.
    documents : iterable of str, optional
        The ids of the documents that are compared; by default all. The unit is that of all tokens.
    n_resamples, seed : int
        As for measure_consistency.

    Returns
    -------
    DataFrame
        The table of measure_consistency; empty where the selection has no reference, or it is not among the documents.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> compare_consistency(tokens, choose_selection(tokens, corpus), n_resamples=0)["document_id"].tolist()
    ['chongqing-2019', 'fujian-2020', 'national-2017']
    """
    unit = choose_unit(tokens)
    tokens = tokens if documents is None else tokens[tokens["document_id"].isin(list(documents))]
    reference_id = selection.reference_id
    if reference_id is None or reference_id not in set(tokens["document_id"]):
        return pd.DataFrame(columns=["document_id", "reference_id", "consistency"])
    return measure_consistency(tokens, reference_id, concepts=concepts, unit=unit, n_resamples=n_resamples, seed=seed)


def vary_counting(segmenter: Segmenter, stopwords: pd.DataFrame | Iterable[str] | None = None) -> dict[str, Variant]:
    """The variants that measure_sensitivity compares by default, for a dictionary and a stop list of one's own.

    Parameters
    ----------
    segmenter : Segmenter
        With the dictionary.
    stopwords : DataFrame or iterable of str, optional
        By default the list that ships.

    Returns
    -------
    dict of str to Variant
        The first is the base.

    Examples
    --------
    >>> list(vary_counting(Segmenter(["数字校园"])))[:2]
    ['base', 'no lexicon']
    """
    made, variants = {}, {}
    for name, variant in list_variants_of_counting().items():
        key = bool(variant.segmenter.terms), variant.segmenter.hmm
        # Variants that share a segmenter are tokenized once.
        terms = pd.DataFrame(segmenter.canonical.items() if key[0] else [], columns=["term", "canonical"])
        made[key] = made.get(key) or Segmenter(terms, segmenter.engine, key[1])
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
