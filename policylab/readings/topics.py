"""Sentences about topics: how many, how stable, where, with every number taken from the table at hand."""

import pandas as pd

from policylab.base.arguments import check_language
from policylab.language.documents import name_document
from policylab.language.labels import label
from policylab.language.topics import name_topics
from policylab.readings.reading import Reading

SHOWN = 5  # topics that a sentence names
QUOTED = 80  # characters of a text in the table of examples


def describe_vocabulary(terms, language):
    """Say how many words the model looks at, and why it leaves the others out. `terms` comes from select_topic_terms."""
    check_language(language)
    n, reasons = int(terms["kept"].sum()), terms["reason"].value_counts()
    listed = [f"{label(reason, language)} {k:,}" for reason, k in reasons.items()]
    zh = f"词表有 **{n:,} 个词**，另外 {len(terms) - n:,} 个不用：{'，'.join(listed) or '无'}。"
    en = f"The vocabulary has **{n:,} words**; {len(terms) - n:,} are left out: {', '.join(listed) or 'none'}."
    return _choose(zh, en, language)


def describe_topic_units(shares, corpus, unit, language):
    """Say what the units are, how many the model has, and how many fit no topic.

    `shares` is the table of a model, `unit` "task" or "paragraph". Documents without such units are named by number.
    """
    check_language(language)
    units = shares.drop_duplicates(["document_id", unit])
    missing = int(units["share"].isna().sum())
    absent = len(corpus.documents) - units["document_id"].nunique()
    name, length = label(f"unit_{unit}", language), units["n_tokens"].median()
    zh = f"文本单元是**{name}**：{units['document_id'].nunique()} 份文件的 **{len(units):,} 个**，长度的中位数为词表中的 {length:.0f} 个词。"
    en = (
        f"The units are **{name}**: **{len(units):,}** in {_count(units['document_id'].nunique(), 'document')}, with a median of "
        f"{length:.0f} words of the vocabulary."
    )
    if unit != "task" and corpus.tasks.empty:
        zh += "这些文件没有编号的任务，因此以段落为单位。"
        en += " These documents have no numbered tasks, so paragraphs take their place."
    if missing:
        zh, en = f"{zh}{missing} 个文本单元不属于任何主题。", f"{en} {missing} of them fit no topic."
    if absent:
        zh, en = (
            f"{zh}{absent} 份文件没有这样的文本单元，不在模型中。",
            f"{en} {_count(absent, 'document')} without any such unit: left out.",
        )
    return _choose(zh, en, language)


def describe_choice(choice, n_topics, language):
    """Say which number of topics is recommended and why, and with which this notebook goes on.

    `choice` is the table of choose_n_topics, `n_topics` the number that is used (pick_n_topics).
    """
    check_language(language)
    stable, recommended = choice[choice["stable"]], choice[choice["recommended"]]
    tried = {"zh": "、", "en": ", "}[language].join(map(str, choice["n_topics"]))
    if recommended.empty:
        most = choice.loc[choice["stability"].idxmax()]
        zh = (
            f"试过 {tried} 个主题，**没有一个稳定**：稳定性最高（{most['stability']:.2f}）的 {most['n_topics']:.0f} 个主题中，只有 "
            f"{most['n_stable']:.0f} 个达到界限（{most['cutoff']:.2f}），因此不推荐任何数目。以下的主题只是多种可能读法中的一种，不宜作为结论。"
        )
        en = (
            f"Tried: {tried} topics. **None is stable**: even of the most stable number ({most['n_topics']:.0f} topics, "
            f"{most['stability']:.2f}) only {most['n_stable']:.0f} topics reach the cut-off ({most['cutoff']:.2f}), so no number "
            "is recommended. The topics below are one reading of many and no ground for conclusions."
        )
    else:
        chosen, best = recommended.iloc[0], stable.loc[stable["npmi"].idxmax()]
        zh = (
            f"试过 {tried} 个主题，推荐 **{chosen['n_topics']:.0f} 个**：在稳定（过半数主题达到界限）的数目中，它是 NPMI（{chosen['npmi']:.2f}）"
            f"进入最高者（{best['n_topics']:.0f} 个主题，{best['npmi']:.2f}）区间（{best['npmi_low']:.2f} 以上）的最小数目；稳定性为 "
            f"{chosen['stability']:.2f}，{chosen['n_stable']:.0f} 个主题达到界限（{chosen['cutoff']:.2f}）。"
            f"稳定的有 {len(stable)} 个数目，共 {len(choice)} 个。"
        )
        en = (
            f"Tried: {tried} topics. Recommended: **{chosen['n_topics']:.0f}**, the smallest stable number (most topics reach the cut-off) whose "
            f"NPMI ({chosen['npmi']:.2f}) lies in the band of the best ({best['n_topics']:.0f} topics, {best['npmi']:.2f}; band from "
            f"{best['npmi_low']:.2f}). Its stability is {chosen['stability']:.2f}; {chosen['n_stable']:.0f} topics reach "
            f"the cut-off ({chosen['cutoff']:.2f}). Stable: {len(stable)} of "
            f"{_count(len(choice), 'number')} tried."
        )
        if chosen["n_topics"] == choice["n_topics"].min() and len(choice) > 1:
            zh += "推荐的是所试的最小数目，更少的主题或许更好：请扩大 `candidates`。"
            en += " It is the smallest that was tried, and fewer may be better: widen `candidates`."
        if chosen["n_topics"] == choice["n_topics"].max() and len(choice) > 1:
            zh += "推荐的是所试的最大数目，更多的主题或许更好：请扩大 `candidates`。"
            en += " It is the largest that was tried, and more may be better: widen `candidates`."
    return _choose(f"{zh}以下采用 **{n_topics} 个**。", f"{en} Used below: **{n_topics}**.", language)


def describe_topics(topics, language, glosses=None):
    """Say how many topics are stable, which are not, and which is found again best.

    `topics` is the table of measure_stability.
    """
    check_language(language)
    names, n = name_topics(topics, language, glosses), len(topics)
    unstable = topics.loc[~topics["stable"], "topic"].tolist()
    best = topics.loc[topics["stability"].idxmax()]
    mean, cutoff = topics["stability"].mean(), topics["cutoff"].iloc[0]
    zh = f"{n} 个主题中 **{n - len(unstable)} 个稳定**（≥ {cutoff:.2f}），平均 {mean:.2f}。最稳定的是“{names[best['topic']]}”（{best['stability']:.2f}）。"
    en = (
        f"**{n - len(unstable)} of {_count(n, 'topic')} are stable** (≥ {cutoff:.2f}); "
        f"the mean is {mean:.2f}. "
        f"Found again best: {names[best['topic']]} ({best['stability']:.2f})."
    )
    if unstable:
        zh += f"**不稳定**的是：{'；'.join(names[topic] for topic in unstable)}。图中为灰色，不宜引用。"
        en += f" **Unstable**: {'; '.join(names[topic] for topic in unstable)}. They are grey in the figures; do not quote them."
    return _choose(zh, en, language)


def describe_examples(examples, topics, corpus, language, glosses=None):
    """A table of the texts that show each topic best, with their places. `examples` is the table of find_examples."""
    check_language(language)
    unit = "task" if "task" in examples else "paragraph"
    names, stable = name_topics(topics, language, glosses), topics.set_index("topic")["stable"]
    heads = [label(key, language) for key in ("topic", "document", f"one_{unit}", "share", "example_text")]
    lines = [f"| {' | '.join(heads)} |", "|---|---|---|---|---|"]
    for row in examples.to_dict("records"):
        text = " ".join(row["text"].split())
        text = f"{text[:QUOTED]}…" if len(text) > QUOTED else text
        name = names[row["topic"]] + ("" if stable[row["topic"]] else label("unstable_mark", language))
        place = name_document(corpus, row["document_id"], language)
        # A bar would end the cell of a Markdown table.
        lines.append(f"| {name} | {place} | {row[unit]} | {row['share']:.0%} | {text.replace('|', '&#124;')} |")
    return Reading("\n".join(lines))


def describe_prevalence(prevalence, topics, corpus, language, glosses=None):
    """Say which topic takes up most of each document. `prevalence` is the table of measure_prevalence by document_id."""
    check_language(language)
    names, stable = name_topics(topics, language, glosses), topics.set_index("topic")["stable"]
    lines = []
    for document_id, rows in prevalence.groupby("document_id", sort=False):
        first = rows.sort_values(["prevalence", "topic"], ascending=[False, True]).iloc[0]
        mark = "" if stable[first["topic"]] else label("unstable_mark", language)
        band = f" [{first['low']:.0%}–{first['high']:.0%}]" if pd.notna(first["low"]) else ""
        told = f"{names[first['topic']]}{mark} {first['prevalence']:.0%}{band}"
        joint = "：" if language == "zh" else ": "
        lines.append(f"- {name_document(corpus, document_id, language)}{joint}{told}")
    zh = "每份文件中占比最大的主题（方括号：95% 区间，在文件之内重抽样）："
    en = "The topic that takes up most of each document (brackets: 95% intervals, resampled within the document):"
    return Reading("\n".join([_choose(zh, en, language), "", *lines]))


def describe_difference(difference, topics, corpus, language, glosses=None):
    """Say which topics weigh more with one level than with the other, and what that does and does not mean.

    `difference` is the table of compare_topic_levels.
    """
    check_language(language)
    if difference.empty:
        return _choose(
            "语料只有一个层级，没有可比较的。", "The corpus has one level only: there is nothing to compare.", language
        )
    if difference["low"].isna().all():
        zh = "没有区间（不重抽样，或每个层级只有一个单元），无从判断各主题之差。"
        en = "There are no intervals (no resamples, or one unit in each level), so no difference can be told."
        return _choose(zh, en, language)
    names, stable = name_topics(topics, language, glosses), topics.set_index("topic")["stable"]
    apart = difference[(difference["low"] > 0) | (difference["high"] < 0)].sort_values(
        "difference", key=lambda d: -d.abs(), kind="stable"
    )
    joint = "：" if language == "zh" else ": "
    lines = [
        f"- {names[row.topic]}{'' if stable[row.topic] else label('unstable_mark', language)}{joint}{row.one:.0%} / {row.other:.0%}"
        for row in apart.head(SHOWN).itertuples()
    ]
    groups = difference[["level_one", "level_other"]].iloc[0].tolist()
    one, other = (label(group, language) for group in groups)
    n_one, n_other = (int(difference[f"n_documents_{side}"].iloc[0]) for side in ("one", "other"))
    years = corpus.documents.groupby("level")["year"].agg(lambda own: sorted(map(int, set(own))))
    same = years[groups[0]] == years[groups[1]]
    span = [
        "、".join(map(str, years[group])) if language == "zh" else ", ".join(map(str, years[group])) for group in groups
    ]
    zh = f"**在这些文件之内**，{one}（{n_one} 份）与{other}（{n_other} 份）的占比，有 {len(apart)} 个主题相差的 95% 区间不含 0。"
    en = (
        f"**Within these documents**, {len(apart)} of {_count(len(difference), 'topic')} differ between {one.lower()} ({n_one}) and "
        f"{other.lower()} ({n_other}) with a 95% interval that leaves out 0."
    )
    if not same:
        zh += f"**层级与年度混杂**：{one} {span[0]}；{other} {span[1]}，差异也可能来自年度。"
        en += f" **Level and year are confounded** ({one.lower()} {span[0]}; {other.lower()} {span[1]}): a difference may be one of years."
    zh += "这不是对层级差异的检验。"
    en += " It is no test of a difference between levels of government."
    if lines:
        zh, en = f"{zh}差别最大的（{one} / {other}）：", f"{en} The largest ({one.lower()} / {other.lower()}):"
    return Reading("\n".join([_choose(zh, en, language), *([""] if lines else []), *lines]))


def describe_sections(scores, corpus, language):
    """Say how far the topics find the documents' own sections. `scores` is the table of score_sections."""
    check_language(language)
    told = scores.dropna(subset="ami")
    if told.empty:
        return _choose("没有一份文件分节，无从对照。", "No document has sections to compare with.", language)
    ranked = told.sort_values(["ami", "document_id"])
    (low, first), (high, last) = (
        (_signed(row["ami"]), name_document(corpus, row["document_id"], language))
        for row in (ranked.iloc[0], ranked.iloc[-1])
    )
    median = _signed(told["ami"].median())
    zh = (
        f"{len(told)} 份文件的调整互信息（AMI）中位数为 **{median}**，从 {low}（{first}）到 {high}（{last}）。0 与随机分配相当，1 为主题与分节完全一致。"
        "模型没有读到节的标题和边界。"
    )
    en = (
        f"The adjusted mutual information (AMI) has a median of **{median}** over {_count(len(told), 'document')}, from {low} ({first}) to "
        f"{high} ({last}). 0 is as good as chance, 1 means that topics and sections divide the document alike. The model saw "
        "neither titles nor bounds of sections."
    )
    return _choose(zh, en, language)


def _signed(value):
    return f"{value:.2f}".replace("-", "−")


def _choose(zh, en, language):
    return Reading(zh if language == "zh" else en)


def _count(n, noun):
    return f"{n:,} {noun}" + ("" if n == 1 else "s")
