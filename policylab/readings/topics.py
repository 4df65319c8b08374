"""Sentences about topics: how many, how stable, and where they occur."""

from collections.abc import Mapping

import pandas as pd

from policylab.corpus.load import Corpus
from policylab.language.documents import name_document
from policylab.language.labels import label
from policylab.language.sentences import join, say
from policylab.language.topics import mark_topics, name_topics
from policylab.readings.reading import Reading, lower_label, quote, say_estimate, write_list, write_paragraph
from policylab.topics.units import FEWEST_UNITS, LEAST_FOUND

SHOWN = 5  # topics that a sentence names
QUOTED = 80  # characters of a text in the table of examples


def describe_vocabulary(terms: pd.DataFrame, *, language: str = "zh") -> Reading:
    """Say how many words a topic model uses, and why it leaves the others out.

    Parameters
    ----------
    terms : DataFrame
        Table of select_topic_terms.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> terms = pd.DataFrame({"term": ["网络", "的", "数字"], "kept": [True, False, True], "reason": [None, "stop word", None]})
    >>> print(describe_vocabulary(terms, language="en"))
    The vocabulary has **2 words**; 1 is left out: stop words (1).
    """
    n, counts = int(terms["kept"].sum()), terms["reason"].value_counts()
    reasons = [
        say("describe_vocabulary.reason", language, reason=label(reason, language), n=k) for reason, k in counts.items()
    ]
    listed = join(reasons, language, "list.clauses") or say("describe_vocabulary.no_reason", language)
    return Reading(say("describe_vocabulary.vocabulary", language, n=n, n_left_out=len(terms) - n, reasons=listed))


def describe_topic_units(shares: pd.DataFrame, corpus: Corpus, *, unit: str, language: str = "zh") -> Reading:
    """Say how many units of text a topic model has, how long they are, and how many fit no topic.

    Parameters
    ----------
    shares : DataFrame
        Table `shares` of a model.
    corpus : Corpus
        The corpus that the model was fitted to; its documents without such units are counted.
    unit : {"task", "paragraph"}
        What a unit of the model is.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> shares = pd.DataFrame({"document_id": "fujian-2020", "task": [1, 2], "topic": 1, "share": [1, None], "n_tokens": 9})
    >>> print(describe_topic_units(shares, lab.load_corpus(), unit="task", language="en"))
    ... # doctest: +NORMALIZE_WHITESPACE
    The units are **tasks**: **2** in 1 document, with a median length of 9 words of the vocabulary. 1 of them fits no
    topic. 3 documents have no such unit and are not in the model.
    """
    units = shares.drop_duplicates(["document_id", unit])
    n_documents = units["document_id"].nunique()
    counts = {"n": len(units), "n_documents": n_documents, "length": units["n_tokens"].median()}
    sentences = [say("describe_topic_units.units", language, unit=label(f"unit_{unit}", language), **counts)]
    if unit != "task" and corpus.tasks.empty:
        sentences.append(say("describe_topic_units.no_tasks", language))
    if n := int(units["share"].isna().sum()):
        sentences.append(say("describe_topic_units.no_topic", language, n=n))
    if n := len(corpus.documents) - n_documents:
        sentences.append(say("describe_topic_units.absent", language, n=n))
    return write_paragraph(sentences, language)


def describe_choice(choice: pd.DataFrame, n_topics: int, *, language: str = "zh") -> Reading:
    """Say which number of topics is recommended and why, and which is used.

    Parameters
    ----------
    choice : DataFrame
        Table of choose_n_topics.
    n_topics : int
        Number of topics that is used, as from pick_n_topics.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> choice = pd.DataFrame({"n_topics": [4, 6], "npmi": [0.1, 0.2], "npmi_low": [0.05, 0.15], "stability": [0.3, 0.4],
    ...                        "n_stable": [1, 2], "cutoff": 0.6, "stable": False, "recommended": False})
    >>> print(describe_choice(choice, 6, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    Numbers of topics tried: 4, 6. **None is stable**: even with the most stable one (6 topics, 0.40), only 2 topics
    reach the cut-off (0.60), so no number is recommended. The topics below are one of many possible readings and no
    basis for conclusions. Used below: **6**.
    """
    tried, recommended = join(choice["n_topics"], language), choice[choice["recommended"]]
    row = choice.iloc[choice["stability"].argmax()] if recommended.empty else recommended.iloc[0]
    words = {"tried": tried, "n": row["n_topics"]} | {name: row[name] for name in ("stability", "n_stable", "cutoff")}
    if recommended.empty:
        sentences = [say("describe_choice.none_stable", language, **words)]
    else:
        stable = choice[choice["stable"]]
        best = stable.iloc[stable["npmi"].argmax()]
        words |= {
            "npmi": row["npmi"],
            "n_best": best["n_topics"],
            "npmi_best": best["npmi"],
            "npmi_low": best["npmi_low"],
        }
        words |= {"n_numbers_stable": len(stable), "n_numbers": len(choice)}
        sentences = [say("describe_choice.recommended", language, **words)]
        if len(choice) > 1 and row["n_topics"] == choice["n_topics"].min():
            sentences.append(say("describe_choice.smallest", language))
        if len(choice) > 1 and row["n_topics"] == choice["n_topics"].max():
            sentences.append(say("describe_choice.largest", language))
    sentences.append(say("describe_choice.used", language, n=n_topics))
    return write_paragraph(sentences, language)


def describe_topics(topics: pd.DataFrame, glosses: Mapping[str, str] | None = None, *, language: str = "zh") -> Reading:
    """Say how many topics are stable, which is the most stable, which are not stable, and which rest on few units.

    Parameters
    ----------
    topics : DataFrame
        Table of measure_stability.
    glosses : mapping of str to str, optional
        English names of terms; those of load_glosses unless given.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> topics = pd.DataFrame({"topic": [1, 2, 3], "top_terms": ["网络安全、应急", "教师、培训", "语言、文字"],
    ...     "stability": [0.8, 0.5, 0.9], "stable": [True, False, True], "n_main": [12, 9, 2], "cutoff": 0.6})
    >>> print(describe_topics(topics, language="en"))  # doctest: +NORMALIZE_WHITESPACE
    **2 of 3 topics are stable** (≥ 0.60); the mean stability is 0.73. Of the topics that are the main one of at least 5
    units of text, 1 cybersecurity, emergency response is the most stable (0.80, 12 units). **The main topic of fewer than
    5 units**: 3 语言, 文字 (0.90, 2 units). Their stability rests on the wording of these few units; do not build on
    them. **Unstable**: 2 teacher, training. They are grey in the figures; do not quote them.
    """
    names, unstable = name_topics(topics, language, glosses), topics.loc[~topics["stable"], "topic"]
    counts = {"n": len(topics), "n_stable": len(topics) - len(unstable), "cutoff": topics["cutoff"].iloc[0]}
    sentences = [say("describe_topics.stable", language, mean=topics["stability"].mean(), **counts)]
    is_few = topics["n_main"] < FEWEST_UNITS
    if not is_few.all():
        best = topics.loc[topics["stability"].where(~is_few).idxmax()]
        words = {"best": names[best["topic"]], "stability": best["stability"], "n_main": best["n_main"]}
        sentences.append(say("describe_topics.best", language, fewest=FEWEST_UNITS, **words))
    if is_few.any():
        listed = [
            say("describe_topics.units", language, topic=names[row.topic], stability=row.stability, n_main=row.n_main)
            for row in topics[is_few].itertuples()
        ]
        listed = join(listed, language, "list.entries")
        sentences.append(say("describe_topics.few", language, fewest=FEWEST_UNITS, topics=listed))
    if len(unstable):
        listed = join((names[topic] for topic in unstable), language, "list.entries")
        sentences.append(say("describe_topics.unstable", language, topics=listed))
    return write_paragraph(sentences, language)


def describe_examples(
    examples: pd.DataFrame,
    topics: pd.DataFrame,
    corpus: Corpus,
    glosses: Mapping[str, str] | None = None,
    *,
    language: str = "zh",
) -> Reading:
    """Show in a table the texts that are most of one topic, with their places.

    Parameters
    ----------
    examples : DataFrame
        Table of find_examples.
    topics : DataFrame
        Table of measure_stability.
    corpus : Corpus
        The corpus that the model was fitted to.
    glosses : mapping of str to str, optional
        English names of terms; those of load_glosses unless given.
    language : {"zh", "en"}
        Language of the heads and names; texts stay Chinese.

    Returns
    -------
    Reading
        Markdown table with a row for each text: its topic, document, task or paragraph, share of the topic, and first 80
        characters.

    Examples
    --------
    >>> import policylab as lab
    >>> topics = pd.DataFrame({"topic": [1], "top_terms": ["网络安全、应急"], "stable": True, "n_main": 9})
    >>> examples = pd.DataFrame({"topic": [1], "document_id": "fujian-2020", "task": [9], "share": [0.9], "text": ["加强管理"]})
    >>> print(describe_examples(examples, topics, lab.load_corpus(), language="en"))
    | Topic | Document | Task | Share | Text |
    |---|---|---|---|---|
    | 1 cybersecurity, emergency response | Fujian 2020 | 9 | 90% | 加强管理 |
    """
    unit = "task" if "task" in examples else "paragraph"
    names = _name_marked(topics, language, glosses)
    heads = [label(key, language) for key in ("topic", "document", f"one_{unit}", "share", "example_text")]
    rows = []
    for row in examples.to_dict("records"):
        text = " ".join(row["text"].split())
        text = f"{text[:QUOTED]}…" if len(text) > QUOTED else text
        share = say("number.share", language, value=row["share"])
        document = name_document(corpus, row["document_id"], language)
        rows.append([names[row["topic"]], document, f"{row[unit]}", share, quote(text)])
    head, *lines = (f"| {' | '.join(cells)} |" for cells in (heads, *rows))
    return Reading("\n".join([head, f"{'|---' * len(heads)}|", *lines]))


def describe_prevalence(
    prevalence: pd.DataFrame,
    topics: pd.DataFrame,
    corpus: Corpus,
    glosses: Mapping[str, str] | None = None,
    *,
    language: str = "zh",
) -> Reading:
    """Say which topic takes up most of each document.

    Parameters
    ----------
    prevalence : DataFrame
        Table of measure_prevalence by document_id.
    topics : DataFrame
        Table of measure_stability.
    corpus : Corpus
        The corpus that the model was fitted to.
    glosses : mapping of str to str, optional
        English names of terms; those of load_glosses unless given.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text, a list with an entry for each document.

    Examples
    --------
    >>> import policylab as lab
    >>> topics = pd.DataFrame({"topic": [1], "top_terms": ["网络安全、应急"], "stable": False, "n_main": 9})
    >>> prevalence = {"document_id": ["fujian-2020"], "topic": 1, "prevalence": 0.4, "low": 0.3, "high": 0.5, "found": 0.6}
    >>> print(describe_prevalence(pd.DataFrame(prevalence), topics, lab.load_corpus(), language="en"))
    ... # doctest: +NORMALIZE_WHITESPACE
    The most prevalent topic of each document (brackets: 95% intervals that hold both the sampling of units within the
    document and the change of topics when refitted):
    <BLANKLINE>
    - Fujian 2020: 1 cybersecurity, emergency response (unstable) 40% [30%, 50%]
    """
    names, lines = _name_marked(topics, language, glosses), []
    for document_id, rows in prevalence.groupby("document_id", sort=False):
        first = rows.sort_values(["prevalence", "topic"], ascending=[False, True]).iloc[0]
        share = say_estimate(first, "prevalence", language, "number.share")
        if first["found"] < LEAST_FOUND:
            share = say("describe_prevalence.lost", language, prevalence=share, found=first["found"])
        document = name_document(corpus, document_id, language)
        words = {"document": document, "topic": names[first["topic"]], "prevalence": share}
        lines.append(say("describe_prevalence.document", language, **words))
    head = "describe_prevalence.given" if prevalence["found"].isna().all() else "describe_prevalence.refitted"
    return write_list(say(head, language), lines)


def describe_difference(
    difference: pd.DataFrame,
    topics: pd.DataFrame,
    corpus: Corpus,
    glosses: Mapping[str, str] | None = None,
    *,
    language: str = "zh",
) -> Reading:
    """Say which topics weigh more with one level than with the other, and what that does and does not mean.

    Parameters
    ----------
    difference : DataFrame
        Table of compare_topic_levels.
    topics : DataFrame
        Table of measure_stability.
    corpus : Corpus
        The corpus that the model was fitted to.
    glosses : mapping of str to str, optional
        English names of terms; those of load_glosses unless given.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text, with a list of the five largest differences whose interval excludes 0.

    Examples
    --------
    >>> import policylab as lab
    >>> topics = pd.DataFrame({"topic": [1], "top_terms": ["网络安全、应急"], "stable": True, "n_main": 9})
    >>> difference = pd.DataFrame({"a": "national", "b": "provincial", "topic": [1], "prevalence_a": 0.4, "prevalence_b": 0.2,
    ...     "difference": 0.2, "low": 0.1, "high": 0.3, "found": 0.9, "n_documents_a": 2, "n_documents_b": 2})
    >>> print(describe_difference(difference, topics, lab.load_corpus(), language="en"))  # doctest: +NORMALIZE_WHITESPACE
    **Within these documents**, the 95% interval of the difference between national (2) and provincial (2) documents
    excludes 0 for 1 of 1 topic. **Level and year are confounded** (national 2017, 2019; provincial 2019, 2020), so a
    difference may be due to the year. This is no test of a difference between levels of government. The largest
    differences (national / provincial):
    <BLANKLINE>
    - 1 cybersecurity, emergency response: 40% / 20%
    """
    if difference.empty:
        return Reading(say("describe_difference.one_level", language))
    if difference["low"].isna().all():
        return Reading(say("describe_difference.no_interval", language))
    apart = difference[(difference["low"] > 0) | (difference["high"] < 0)]
    apart = apart.sort_values("difference", key=lambda d: -d.abs(), kind="stable")
    row, levels, counts = difference.iloc[0], {}, {}
    for side in ("a", "b"):
        levels[side] = lower_label(row[side], language)
        counts[f"n_{side}"] = row[f"n_documents_{side}"]
    counts |= {"n": len(difference), "n_apart": len(apart)}
    sentences = [say("describe_difference.apart", language, **levels, **counts)]
    if n_lost := int((difference["found"] < LEAST_FOUND).sum()):
        sentences.append(say("describe_difference.lost", language, n=n_lost))
    years = corpus.documents.groupby("level")["year"].agg(lambda own: sorted(set(own)))
    years = {f"years_{side}": years[row[side]] for side in ("a", "b")}
    if years["years_a"] != years["years_b"]:
        listed = {side: join(own, language) for side, own in years.items()}
        sentences.append(say("describe_difference.years", language, **levels, **listed))
    sentences.append(say("describe_difference.no_test", language))
    if apart.empty:
        return write_paragraph(sentences, language)
    sentences.append(say("describe_difference.largest", language, **levels))
    names = _name_marked(topics, language, glosses)
    lines = [
        say("describe_difference.topic", language, topic=names[row.topic], a=row.prevalence_a, b=row.prevalence_b)
        for row in apart.head(SHOWN).itertuples()
    ]
    return write_list(write_paragraph(sentences, language), lines)


def describe_sections(scores: pd.DataFrame, corpus: Corpus, *, language: str = "zh") -> Reading:
    """Say how far the topics agree with the documents' own sections.

    Parameters
    ----------
    scores : DataFrame
        Table of score_sections.
    corpus : Corpus
        The corpus that the model was fitted to.
    language : {"zh", "en"}
        Language of the sentences.

    Returns
    -------
    Reading
        Markdown text.

    Examples
    --------
    >>> import policylab as lab
    >>> scores = pd.DataFrame({"document_id": ["fujian-2020", "national-2019"], "ami": [0.2, 0.4]})
    >>> print(describe_sections(scores, lab.load_corpus(), language="en"))  # doctest: +NORMALIZE_WHITESPACE
    The adjusted mutual information (AMI) has a median of **0.30** over 2 documents, from 0.20 (Fujian 2020) to 0.40
    (National 2019). 0 is expected by chance; 1 means that topics and sections divide the document in the same way. The
    model does not use titles or boundaries of sections.
    """
    ranked = scores.dropna(subset="ami").sort_values(["ami", "document_id"])
    if ranked.empty:
        return Reading(say("describe_sections.nothing", language))
    low, high = ranked["ami"].iloc[[0, -1]]
    first, last = (name_document(corpus, ranked["document_id"].iloc[i], language) for i in (0, -1))
    words = {"n": len(ranked), "median": ranked["ami"].median(), "low": low, "first": first, "high": high, "last": last}
    return Reading(say("describe_sections.agreement", language, **words))


def _name_marked(topics, language, glosses):
    """{topic: its name}, with a mark behind those that are unstable or rest on few units."""
    names, marks = name_topics(topics, language, glosses), mark_topics(topics, language)
    return {topic: names[topic] + marks[topic] for topic in names}
