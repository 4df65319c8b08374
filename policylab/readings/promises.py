"""Sentences about two plans: targets, units, sources and wording, with every number taken from the table at hand."""

from policylab.agencies.network import measure_agencies, summarize_network
from policylab.agencies.responsibilities import count_agencies
from policylab.base.arguments import check_language
from policylab.language.agencies import gloss_agencies
from policylab.language.documents import name_document
from policylab.language.labels import label
from policylab.language.lags import name_lag
from policylab.language.quantities import format_quantity
from policylab.readings.reading import Reading
from policylab.targets.cascade import RELATIONS

SHOWN = 5  # changed targets that a reading tells one by one
OUTCOMES = ("same role", "other role", "elsewhere", "no counterpart")


def describe_plans(plans, corpus, language):
    """Say which two documents are compared, how far apart they are, and how many of their tasks match.

    `plans` comes from compare_plans.
    """
    check_language(language)
    name = name_document(corpus, plans.document_id, language)
    if plans.reference_id is None:
        zh = f"语料中没有可与**{name}**对照的文件，以下只看这一份；比较的部分没有内容。"
        en = (
            f"The corpus holds no document to compare **{name}** with. "
            "Only this one is described; comparisons are empty."
        )
        return _choose(zh, en, language)
    reference = name_document(corpus, plans.reference_id, language)
    if plans.tasks.empty:
        zh = (
            f"**{name}** 与 **{reference}** 对照。没有匹配的任务（一方没有编号任务，或都不相近），"
            "因此只比较任务之外的目标和引用的文献。"
        )
        en = (
            f"**{name}** is compared with **{reference}**. No tasks match (one of the two has no numbered tasks, or "
            f"none are "
            "close), so only targets outside of tasks and cited works are compared."
        )
        return _choose(zh, en, language)
    lag = name_lag(plans.tasks, corpus, language)
    n = [(corpus.tasks["document_id"] == document).sum() for document in (plans.document_id, plans.reference_id)]
    matched = [plans.tasks[column].nunique() for column in ("task", "reference_task")]
    zh = (
        f"**{name}** 与 **{reference}** 对照（{lag}）：匹配 **{len(plans.tasks)} 对**任务，涉及前者 {n[0]} "
        f"项任务中的 {matched[0]} 项、"
        f"后者 {n[1]} 项中的 {matched[1]} 项。"
    )
    en = (
        f"**{name}** is compared with **{reference}** ({lag}): **{_count(len(plans.tasks), 'pair')}** of tasks match, "
        f"{matched[0]} of the {n[0]} tasks of the first and {matched[1]} of the {n[1]} of the second."
    )
    return _choose(zh, en, language)


def describe_targets(targets, corpus, language):
    """Say what became of the reference's targets. `targets` is the table of compare_targets."""
    check_language(language)
    if targets.empty:
        return _choose("两份文件都没有可比较的量化目标。", "There is no quantitative target to compare.", language)
    name, reference = (
        name_document(corpus, targets[column].iloc[0], language) for column in ("document_id", "reference_id")
    )
    counts = targets["relation"].value_counts()
    listed = [f"{label(relation, language)} {counts[relation]}" for relation in RELATIONS if relation in counts]
    n_own, n_other = (int(targets[column].notna().sum()) for column in ("target", "reference_target"))
    zh = (
        f"{reference} 有 **{n_other} 个**目标，{name} 有 **{n_own} 个**，合并为 {len(targets)} 行："
        f"{'，'.join(listed)}。"
    )
    en = (
        f"{reference} has **{_count(n_other, 'target')}**, {name} **{n_own}**; set side by side they make "
        f"{_count(len(targets), 'row')}: {', '.join(listed)}."
    )
    if targets["lag"].iloc[0]:
        lag = name_lag(targets, corpus, language)
        zh += f"两份文件{lag}：未见的目标可能已经完成，而不是被放弃。"
        en += f" The two are {lag}: a dropped target may have been fulfilled rather than given up."
    changed = targets[targets["relation"].isin(("raised", "lowered", "scaled"))]
    lines = [_tell_change(row, language) for row in changed.head(SHOWN).to_dict("records")]
    if len(changed) > SHOWN:
        lines.append(
            _choose(
                f"另有 {len(changed) - SHOWN} 个，见图。", f"{len(changed) - SHOWN} more: see the figure.", language
            )
        )
    text = _choose(zh, en, language)
    return Reading("\n".join([text, "", *(f"- {line}" for line in lines)])) if lines else text


def _tell_change(row, language):
    amounts = [
        format_quantity(row[f"{side}value"], row[f"{side}unit"], row[f"{side}comparator"], language)
        for side in ("reference_", "")
    ]
    name, relation, ratio = row["indicator"], label(row["relation"], language), f"× {row['ratio']:.3g}"
    zh = f"{name}：{amounts[0]} → {amounts[1]}（{relation}，{ratio}）"
    return zh if language == "zh" else f"{name}: {amounts[0]} → {amounts[1]} ({relation}, {ratio})"


def describe_agencies(mentions, corpus, document_id, language):
    """Say who is named for most tasks of a document, who leads most, and how many never lead.

    `mentions` is the table of list_agencies.
    """
    check_language(language)
    name = name_document(corpus, document_id, language)
    counts = count_agencies(mentions[mentions["document_id"] == document_id])
    if counts.empty:
        return _choose(f"{name} 没有写明责任单位。", f"{name} names no responsible unit for its tasks.", language)
    most, leads = counts.iloc[0], counts.sort_values("n_lead", ascending=False, kind="stable").iloc[0]
    names = gloss_agencies([most["unit"], leads["unit"]], language)
    n, never = most["n_named"], int((counts["n_lead"] == 0).sum())
    zh = (
        f"{name} 有 {n} 项任务写明责任单位，涉及 **{len(counts)} 个单位**。"
        f"出现最多的是{names[most['unit']]}（{most['n_tasks']} 项，"
        f"{most['share']:.0%}），牵头最多的是{names[leads['unit']]}（{leads['n_lead']} 项，"
        f"{leads['n_lead'] / n:.0%}）；"
        f"{never} 个单位从不牵头。"
    )
    en = (
        f"{name} names units for {_count(n, 'task')}: **{_count(len(counts), 'unit')}**. Named most often: "
        f"{names[most['unit']]} ({_count(most['n_tasks'], 'task')}, {most['share']:.0%}). Leads most: "
        f"{names[leads['unit']]} "
        f"({leads['n_lead']}, {leads['n_lead'] / n:.0%}). Never lead: {_count(never, 'unit')}."
    )
    return _choose(zh, en, language)


def describe_network(graph, language):
    """Say how dense a network of units is and who stands in its middle. `graph` comes from build_agency_network."""
    check_language(language)
    if not len(graph):
        return _choose("没有单位，也就没有网络。", "There are no units, so there is no network.", language)
    network, first = summarize_network(graph).iloc[0], measure_agencies(graph).iloc[0]
    unit = gloss_agencies([first["unit"]], language)[first["unit"]]
    density = "—" if network["density"] != network["density"] else f"{network['density']:.2f}"
    zh = (
        f"{network['n_units']:.0f} 个单位之间有 {network['n_edges']:.0f} 条联系，密度 {density}；最大的连通部分含 "
        f"{network['share_largest']:.0%} 的单位，{network['n_alone']:.0f} 个单位独自承担任务。联系最广的是{unit}，与 "
        f"{first['degree']} 个单位共同承担任务。"
    )
    en = (
        f"{_count(int(network['n_units']), 'unit')} with {_count(int(network['n_edges']), 'tie')}, density "
        f"{density}. The largest "
        f"component holds {network['share_largest']:.0%} of them; units that share no task: "
        f"{network['n_alone']:.0f}. Best connected: {unit}, "
        f"which shares tasks with {_count(int(first['degree']), 'unit')}."
    )
    return _choose(zh, en, language)


def describe_counterparts(units, language):
    """Say whether matched tasks go to offices with the same remit. `units` is the table of compare_agencies.

    Shares leave out the reference's units that units.csv gives no remit. Without one remit in common there are none: the
    units may only be missing from that table.
    """
    check_language(language)
    if units.empty:
        zh, en = "没有可对照的责任单位。", "There are no responsible units to set beside each other."
        return _choose(zh, en, language)
    known = units[units["counterpart"].notna()]
    n, unknown = len(known), len(units) - len(known)
    zh = f"对照文件在匹配任务中共点名 **{len(units)} 次**"
    en = f"In the matched tasks the reference names units **{_count(len(units), 'time')}**"
    if not known["outcome"].isin(OUTCOMES[:3]).any():
        if known.empty:
            zh += "，单位表（units.csv）没有给出其中任何单位的职能"
            en += ", and units.csv gives none of them a remit"
        else:
            zh += "，按单位表（units.csv），其中没有一个单位与本文件的单位职能相同"
            en += ", and by units.csv none of them has the remit of a unit of the document"
        zh += "。单位可能只是不在表中，因此无法判断任务是否交给同一职能的单位。请把缺少的单位及其职能补入该表。"
        en += (
            ". Units may only be missing from that table, so whether tasks go to offices with the same remit cannot be "
            "told. Add the missing ones to it, with their remits."
        )
        return _choose(zh, en, language)
    if unknown:
        zh += f"，其中 {unknown} 次的单位职能未知（单位表 units.csv 中没有），不计入以下各项"
        en += f", {unknown} of them with an unknown remit (not in units.csv), which are left out below"
    counts = known["outcome"].value_counts()
    listed = [(label(outcome, language), counts.get(outcome, 0)) for outcome in OUTCOMES]
    leads = known[known["reference_role"] == "lead"]
    answered = int(leads["outcome"].isin(OUTCOMES[:2]).sum())
    zh += (
        f"：{'，'.join(f'{name} {k}（{k / n:.0%}）' for name, k in listed)}。其中牵头 {len(leads)} 次，"
        f"有 {answered} 次在对应任务里找到同一职能的单位。"
    )
    en += (
        f": {', '.join(f'{name} {k} ({k / n:.0%})' for name, k in listed)}. Of its {_count(len(leads), 'lead')}, "
        f"{answered} have a unit of the same remit in the matched task."
    )
    if counts.get("no counterpart", 0):
        zh += "没有对应单位是就单位表（units.csv）而言：不在表中的单位不会被认作对应。"
        en += " No counterpart is by units.csv: a unit that is not in it is never taken for one."
    return _choose(zh, en, language)


def describe_sources(sources, corpus, language):
    """Say how many works both plans cite, and whose these are. `sources` is the table of compare_plans."""
    check_language(language)
    if sources.empty:
        return _choose("没有引用任何文献。", "No work is cited.", language)
    name, reference = (
        name_document(corpus, sources[column].iloc[0], language) for column in ("document_id", "reference_id")
    )
    n = {side: int((sources["cited_by"] == side).sum()) for side in ("both", "reference", "document")}
    both = sources[sources["cited_by"] == "both"]
    national, invoked = int((both["tier"] == "national").sum()), int(sources["invoked"].sum())
    zh = (
        f"两份文件共引用 {len(sources)} 种文献：**都引用 {n['both']} 种**（其中国家层面 {national} 种），仅"
        f"{reference} 引用 "
        f"{n['reference']} 种，仅{name} 引用 {n['document']} 种。{invoked} 种被作为依据，其余只是提及或拟发布。"
    )
    en = (
        f"Together they cite {_count(len(sources), 'work')}: **{n['both']} by both** ({national} of them national), "
        f"{n['reference']} "
        f"by {reference} only, {n['document']} by {name} only. {invoked} are invoked as a basis, the others only "
        f"mentioned or "
        "announced."
    )
    return _choose(zh, en, language)


def describe_strength(strength, corpus, language):
    """Say in how many matched pairs the document is worded more firmly. `strength` is the table of compare_strength."""
    check_language(language)
    told = strength.dropna(subset="delta") if len(strength) else strength
    if told.empty:
        zh, en = "没有两边都可编码的任务对。", "No pair of tasks has coded clauses on both sides."
        return _choose(zh, en, language)
    name, reference = (
        name_document(corpus, told[column].iloc[0], language) for column in ("document_id", "reference_id")
    )
    firmer, weaker = int((told["delta"] > 0).sum()), int((told["delta"] < 0).sum())
    equal, median = len(told) - firmer - weaker, f"{told['delta'].median():.2f}".replace("-", "−")
    zh = (
        f"**{len(told)} 对**任务两边都有可编码的分句：{name} 措辞更强的 {firmer} 对，{reference} 更强的 {weaker} "
        f"对，相等 {equal} 对；"
        f"δ 的中位数为 {median}。以上只说明这两份文件的措辞。"
    )
    en = (
        f"**{_count(len(told), 'pair')}** of tasks have coded clauses on both sides: {name} is worded more firmly "
        f"in {firmer}, "
        f"{reference} in {weaker}, even: {equal}; the median δ is {median}. This holds within these two documents and "
        "for wording only."
    )
    return _choose(zh, en, language)


def _choose(zh, en, language):
    return Reading(zh if language == "zh" else en)


def _count(n, noun):
    return f"{n:,} {noun}" + ("" if n == 1 else "s")
