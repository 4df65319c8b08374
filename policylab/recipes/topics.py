"""What notebook 03 asks of a topic model beyond the measures: which number, what other choices would have given."""

import pandas as pd

from policylab.base.errors import PolicylabError
from policylab.base.levels import LEVELS
from policylab.topics.fit import DIGITS
from policylab.topics.model import fit_topics, select_topic_terms
from policylab.topics.quality import list_top_terms, match_topics
from policylab.topics.units import compare_prevalence, count_topics, find_unit, score_sections, unit_columns


def pick_n_topics(choice, n_topics=0):
    """The number of topics to go on with: `n_topics` if given, else the recommended one, else the most stable.

    `choice` is the table of choose_n_topics; describe_choice says which of the three it was. Of equally stable numbers the
    smallest is taken. Raises PolicylabError for a negative number.

    >>> choice = pd.DataFrame({"n_topics": [4, 6], "stability": [0.3, 0.4], "recommended": False})
    >>> pick_n_topics(choice), pick_n_topics(choice, 9)
    (6, 9)
    """
    if n_topics < 0:
        raise PolicylabError(f"n_topics is {n_topics}. Give a number of topics, or 0 for the recommended one.")
    if n_topics:
        return int(n_topics)
    recommended = choice.loc[choice["recommended"], "n_topics"]
    return int(recommended.iloc[0]) if len(recommended) else int(choice.loc[choice["stability"].idxmax(), "n_topics"])


def compare_topic_levels(shares, corpus, *, n_resamples=1000, seed=0):
    """compare_prevalence between the two highest levels of the corpus.

    `shares` is the table of a model with the column level (join_corpus). With one level the table is empty.

    >>> from policylab.corpus.load import load_corpus
    >>> compare_topic_levels(pd.DataFrame({"level": ["national"]}), load_corpus(), seed=1).empty
    True
    """
    levels = [level for level in LEVELS if level in set(shares["level"])]
    if len(levels) < 2:
        return pd.DataFrame(columns=["a", "b", "topic", "prevalence_a", "prevalence_b", "difference", "low", "high"])
    return compare_prevalence(shares, "level", *levels[:2], n_resamples=n_resamples, seed=seed)


def cross_sections(shares, places):
    """count_topics and score_sections by section, both empty where no document has sections.

    A row of `places` is a unit: corpus.tasks or corpus.paragraphs. Returns (crosstab, scores).

    >>> shares = pd.DataFrame({"document_id": "a", "task": [1], "topic": 1, "share": 1.0, "n_tokens": 9})
    >>> crosstab, scores = cross_sections(shares, pd.DataFrame({"document_id": ["a"], "task": [1], "section": [None]}))
    >>> crosstab.empty, scores.empty
    (True, True)
    """
    unit = unit_columns(shares)
    fitted = shares.dropna(subset="share")[unit].drop_duplicates()
    if fitted.merge(places[[*unit, "section"]], on=unit)["section"].isna().all():
        empty = pd.DataFrame(columns=["document_id", "section", "topic", "n_units", "n_main", "share"])
        return empty, pd.DataFrame(columns=["document_id", "n_units", "n_parts", "n_topics", "ami"])
    return count_topics(shares, places), score_sections(shares, places)


def vary_topics(model, tokens, *, seed, cutoff):
    """How many of a model's topics other reasonable choices would have found as well.

    `model` is a consensus of all units; the rows are: another seed, one factorization alone, LDA, and words of at least
    three units. `cutoff` is the one of measure_stability. Columns: `variant`, `jaccard` (mean over the
    topics of the Jaccard index of ten first terms with the paired topic, 0-1), `n_found` (topics whose index reaches the cut-off) and `n_topics`.

    >>> vary_topics(model, tokens, seed=1, cutoff=0.6)  # doctest: +SKIP
    """
    tops, unit = list(list_top_terms(model.terms).values()), find_unit(model.shares)
    variants = {
        "another seed": {"seed": seed + 1},
        "one factorization": {"method": "nmf"},
        "LDA": {"method": "lda", "seed": seed},
        "words of 3 units or more": {"seed": seed, "terms": select_topic_terms(tokens, unit=unit, min_units=3)},
    }
    rows = []
    for name, arguments in variants.items():
        other = fit_topics(tokens, len(tops), unit=unit, **arguments)
        jaccard, _ = match_topics(tops, list(list_top_terms(other.terms).values()))
        rows.append((name, jaccard.mean(), int((jaccard >= cutoff).sum()), len(tops)))
    return pd.DataFrame(rows, columns=["variant", "jaccard", "n_found", "n_topics"]).round(DIGITS)
