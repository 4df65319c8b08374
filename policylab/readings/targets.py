"""Sentences about targets: what became of those of the reference."""

import pandas as pd

from policylab.alignment.align import THRESHOLD
from policylab.alignment.coverage import UNRELATED
from policylab.corpus.load import Corpus
from policylab.language.documents import name_pair
from policylab.language.labels import label
from policylab.language.lags import name_lag
from policylab.language.quantities import format_quantity
from policylab.language.sentences import join, say
from policylab.readings.reading import Reading, quote, write_list, write_paragraph
from policylab.targets.cascade import RELATIONS
from policylab.targets.names import ASPECTS
from policylab.targets.promises import SAME_THING

SHOWN = 5  # changed targets, and pairs to be judged, that are listed


def describe_targets(
    targets: pd.DataFrame, corpus: Corpus, false_matches: pd.DataFrame | None = None, *, language: str = "zh"
) -> Reading:
    """Say what became of the reference's targets and what was left out; list what changed and what is to be judged.

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
        Markdown text, with a list of at most five changed targets and one of at most five pairs to be judged.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> targets = lab.recipes.compare_plans(corpus).targets
    >>> print(describe_targets(targets, corpus, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    National 2019 has **33 targets**, Chongqing 2019 **10**; combined, they make 37 rows: kept 1, scaled 1, to be judged 3,
    not comparable 1, dropped 27, new 4. No number in the two documents reports a result or lays down a rule, so none is left out.
    <BLANKLINE>
    - “一师一优课、一课一名师”活动晒课: 1 million 堂 → 150,000 堂 (scaled, × 0.15)
    <BLANKLINE>
    **3 pairs** are for the reader to judge, as the two may or may not be one thing: the names are alike only in part, or
    only one of the two says whom or which kind it counts. Such pairs are counted apart, neither as kept or raised nor as
    dropped and new:
    <BLANKLINE>
    - 国家精品在线开放课程 800 门 — 市级高校在线开放精品课程 120 门 (similarity 0.58; base: unknown, kind: not stated)
    - 中小学宽带接入率 ≥97% — 中小学接入互联网 ≥97% (similarity 0.48; base: same, kind: different)
    - “智慧教育示范区” ≥5 个 — 市级智慧校园建设示范学校 100 所 (similarity 0.29; base: not stated, kind: unknown)
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
    apart = false_matches is not None and len(false_matches) and not false_matches["related"].all()
    if apart:
        sentences.append(say("describe_targets.unrelated", language))
    sentences.append(_say_left_out(targets, corpus, language))
    if targets["lag"].iloc[0] and not apart:
        sentences.append(say("describe_targets.lag", language, lag=name_lag(targets, corpus, language)))
    changed = targets[targets["relation"].isin(("raised", "lowered", "scaled"))]
    first = write_list(write_paragraph(sentences, language), _list_rows(changed, _say_change, language))
    # The least doubtful first.
    open_pairs = targets[targets["relation"] == "to be judged"].sort_values(
        "similarity", ascending=False, kind="stable"
    )
    if open_pairs.empty:
        return first
    head = say("describe_targets.to_be_judged", language, n=len(open_pairs))
    return write_list(first, [], write_list(head, _list_rows(open_pairs, _say_pair, language)))


def _list_rows(rows, say_row, language):
    """The first rows as lines, and how many more there are."""
    lines = [say_row(row, language) for row in rows.head(SHOWN).to_dict("records")]
    if len(rows) > SHOWN:
        lines.append(say("describe_targets.more", language, n=len(rows) - SHOWN))
    return lines


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
    Corrected for the errors of the alignment: raised 4.0 [4, 4], kept 1.0 [1, 1], lowered 0.4 [0, 2], to be judged 5.7
    [4, 6], not comparable 4.0 [4, 4], dropped 25.0 [23, 25], new 19.0 [17, 19].
    """
    open_numbers = relations.dropna(subset="corrected_low")
    if UNRELATED in set(relations["reason"]):
        return Reading(say("describe_corrected_targets.unrelated", language))
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
    before, after = _format_values(row, language)
    words = {"indicator": quote(row["indicator"]), "relation": label(row["relation"], language), "ratio": row["ratio"]}
    return say("describe_targets.change", language, before=before, after=after, **words)


def _say_pair(row, language):
    before, after = _format_values(row, language)
    names = {name: quote(row[name]) for name in ("indicator", "reference_indicator")}
    same = {aspect: label(f"same_{row[f'same_{aspect}']}", language) for aspect in ASPECTS}
    values = {"before": before, "after": after, "similarity": row["similarity"]}
    return say("describe_targets.judged_pair", language, **names, **same, **values)


def _format_values(row, language):
    """The values of the reference and of the document."""
    return (
        format_quantity(row[f"{side}value"], row[f"{side}unit"], row[f"{side}comparator"], language)
        for side in ("reference_", "")
    )


def describe_thresholds(table: pd.DataFrame, *, threshold: float = THRESHOLD, language: str = "zh") -> Reading:
    """Say which outcomes of targets hold with other thresholds, and between which numbers the others vary.

    Parameters
    ----------
    table : DataFrame
        Table of lab.recipes.vary_threshold, with the thresholds that are used elsewhere among its rows.
    threshold : float
        That for matched tasks; with codes that of their calibration.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> table = lab.recipes.vary_threshold(lab.load_corpus(), "chongqing-2019", "national-2019")
    >>> print(describe_thresholds(table, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    Thresholds of 0.2, 0.3, 0.4 for matched tasks were combined with similarities of 0.5, 0.6, 0.7 from which two targets
    are one thing (0.3 and 0.6 are used above). The same in all rows: kept 1, scaled 1. Different (in brackets: with the
    thresholds used above): to be judged 2–3 (3), not comparable 1–2 (1), dropped 27–28 (27), new 4–5 (4). Do not quote a number that
    varies without its thresholds.
    """
    if table.empty or not table[list(RELATIONS)].to_numpy().any():
        return Reading(say("describe_thresholds.nothing", language))
    tasks = table["threshold"].notna().all()
    usual = table["cutoff"].eq(SAME_THING[1]) & (table["threshold"].eq(threshold) | (not tasks))
    same, varying = [], []
    for relation in RELATIONS:
        counts, words = table[relation], {"relation": label(relation, language)}
        if counts.nunique() > 1:
            ends = {"low": counts.min(), "high": counts.max(), "default": counts[usual].iloc[0]}
            varying.append(say("describe_thresholds.range", language, **words, **ends))
        elif counts.any():
            same.append(say("describe_targets.relation", language, **words, n=counts.iloc[0]))
    values = {"cutoffs": _list_values(table["cutoff"], language), "cutoff": SAME_THING[1]}
    if tasks:
        values |= {"thresholds": _list_values(table["threshold"], language), "threshold": threshold}
    parts = []
    for key, relations in (("describe_thresholds.same", same), ("describe_thresholds.varying", varying)):
        if relations:
            parts.append(say(key, language, relations=join(relations, language)))
    head = say("describe_thresholds.both" if tasks else "describe_thresholds.cutoffs", language, **values)
    key = "describe_thresholds.end" if table.loc[usual, "related"].all() else "describe_thresholds.unrelated"
    end = say(key, language, parts=join(parts, language, "list.periods"))
    return write_paragraph([head, end], language)


def _list_values(values, language):
    return join((f"{value:g}" for value in sorted(set(values))), language)
