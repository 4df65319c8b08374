"""Sentences about targets: what became of those of the reference."""

import pandas as pd

from policylab.corpus.load import Corpus
from policylab.language.documents import name_pair
from policylab.language.labels import label
from policylab.language.lags import name_lag
from policylab.language.quantities import format_quantity
from policylab.language.sentences import join, say
from policylab.readings.reading import Reading, quote, write_list, write_paragraph
from policylab.targets.cascade import RELATIONS

SHOWN = 5  # changed targets that are listed


def describe_targets(
    targets: pd.DataFrame, corpus: Corpus, false_matches: pd.DataFrame | None = None, *, language: str = "zh"
) -> Reading:
    """Say what became of the reference's targets, what was left out, and list those raised, lowered or scaled.

    Parameters
    ----------
    targets : DataFrame
        Table of compare_targets.
    corpus : Corpus
        The corpus of the two documents.
    false_matches : DataFrame, optional
        Table of measure_false_matches for them, to say so where they share too little for targets to be dropped or new.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text, with a list of at most five changed targets.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> targets = lab.recipes.compare_plans(corpus).targets
    >>> print(describe_targets(targets, corpus, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    National 2019 has **33 targets**, Chongqing 2019 **10**; combined, they make 38 rows: kept 2, scaled 1, not
    comparable 2, dropped 28, new 5. No number in the two documents reports a result or lays down a rule, so none is left out.
    <BLANKLINE>
    - “一师一优课、一课一名师”活动晒课: 1 million 堂 → 150,000 堂 (scaled, × 0.15)
    """
    if targets.empty:
        return Reading(say("describe_targets.nothing", language))
    name, reference = name_pair(targets, corpus, language)
    counts = targets["relation"].value_counts()
    relations = [
        say("describe_targets.relation", language, relation=label(relation, language), n=counts[relation])
        for relation in RELATIONS
        if relation in counts
    ]
    words = {
        "name": name,
        "reference": reference,
        "n": targets["target"].notna().sum(),
        "n_reference": targets["reference_target"].notna().sum(),
        "n_rows": len(targets),
        "relations": join(relations, language, "list.clauses"),
    }
    sentences = [say("describe_targets.relations", language, **words)]
    if false_matches is not None and len(false_matches) and not false_matches["related"].all():
        sentences.append(say("describe_targets.unrelated", language))
    sentences.append(_say_left_out(targets, corpus, language))
    if targets["lag"].iloc[0]:
        sentences.append(say("describe_targets.lag", language, lag=name_lag(targets, corpus, language)))
    changed = targets[targets["relation"].isin(("raised", "lowered", "scaled"))]
    lines = [_say_change(row, language) for row in changed.head(SHOWN).to_dict("records")]
    if len(changed) > SHOWN:
        lines.append(say("describe_targets.more", language, n=len(changed) - SHOWN))
    return write_list(write_paragraph(sentences, language), lines)


def _say_left_out(targets, corpus, language):
    """How many numbers of the two documents are no targets."""
    ids = [*targets["document_id"].unique(), *targets["reference_id"].unique()]
    kinds = corpus.targets.loc[corpus.targets["document_id"].isin(ids), "kind"].value_counts()
    n_results, n_rules = int(kinds.get("result", 0)), int(kinds.get("rule", 0))
    if not n_results + n_rules:
        return say("describe_targets.none_left_out", language)
    return say("describe_targets.left_out", language, n_results=n_results, n_rules=n_rules)


def describe_corrected_targets(relations: pd.DataFrame, *, language: str = "zh") -> Reading:
    """Say how many targets are kept, changed, dropped and new if the errors of the alignment are allowed for.

    Parameters
    ----------
    relations : DataFrame
        Table of correct_targets.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> relations = lab.recipes.correct_targets(lab.load_corpus(), "national-2019", "national-2017")
    >>> print(describe_corrected_targets(relations, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    Corrected for the errors of the alignment: raised 4.0 [4, 4], kept 1.0 [1, 2], lowered 0.4 [0, 2], not comparable 6.0
    [6, 6], dropped 28.6 [27, 29], new 22.6 [21, 23].
    """
    open_numbers = relations.dropna(subset="corrected_low")
    if relations.empty or relations["corrected"].isna().all():
        return Reading(say("describe_targets.nothing", language))
    if open_numbers.empty:
        return Reading(say("describe_corrected_targets.same", language))
    listed = [
        say(
            "describe_corrected_targets.relation",
            language,
            relation=label(row.relation, language),
            n=row.corrected,
            low=row.corrected_low,
            high=row.corrected_high,
        )
        for row in open_numbers.itertuples()
    ]
    return Reading(
        say("describe_corrected_targets.relations", language, relations=join(listed, language, "list.clauses"))
    )


def _say_change(row, language):
    before, after = (
        format_quantity(row[f"{side}value"], row[f"{side}unit"], row[f"{side}comparator"], language)
        for side in ("reference_", "")
    )
    words = {"indicator": quote(row["indicator"]), "relation": label(row["relation"], language), "ratio": row["ratio"]}
    return say("describe_targets.change", language, before=before, after=after, **words)
