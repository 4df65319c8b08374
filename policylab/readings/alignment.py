"""Sentences about two aligned, in Chinese or English, with every number taken from the table at hand."""

import re

import pandas as pd

from policylab.alignment.coverage import list_counterparts
from policylab.alignment.evaluation import CLEAR
from policylab.base.arguments import check_language
from policylab.language.documents import name_document
from policylab.language.labels import label
from policylab.language.lags import list_relation, name_lag
from policylab.readings.reading import Reading

SHOWN = 8  # titles that a reading lists one by one

# What the numbers of links mean, by the relation of the two documents (list_relation): for the reference's tasks, and
# for the document's.
_FOUND = {
    "left_out": (
        "{reference} 的 {n} 项任务中，{name} 承接了 **{k} 项**",
        "{name} takes up **{k} of the {n} tasks** of {reference}",
    ),
    "not_continued": (
        "{reference} 的 {n} 项任务中，有 **{k} 项**在{name} 中延续",
        "Of the {n} tasks of {reference}, **{k} are continued** in {name}",
    ),
    "new_task": (
        "{reference} 的 {n} 项任务中，有 **{k} 项**在较早的{name} 中已有对应",
        "Of the {n} tasks of {reference}, **{k} have a forerunner** in the earlier {name}",
    ),
}
_MISSING = {
    "left_out": ("未承接", "Left out"),
    "own_task": ("{name} 自有", "{name}'s own"),
    "not_continued": ("未延续", "Not continued"),
    "new_task": ("新增", "New"),
}
_NOTHING = ("没有可对齐的任务。", "There are no tasks to align.")


def describe_pair(aligned, language):
    """Say which two documents are aligned, in what units, and how many years lie between them."""
    check_language(language)
    name = name_document(aligned.corpus, aligned.document_id, language)
    if aligned.reference_id is None:
        zh = f"语料中没有可与**{name}**对照的文件，因此没有可对齐的内容，以下各表为空。"
        en = (
            f"The corpus holds no document to compare **{name}** with, so nothing is aligned and the tables below are "
            "empty."
        )
        return _choose(zh, en, language)
    reference = name_document(aligned.corpus, aligned.reference_id, language)
    if aligned.unit is None:
        zh = f"**{name}** 与 **{reference}** 没有同时具备编号任务或分节，无法对齐，以下各表为空。"
        en = (
            f"**{name}** and **{reference}** do not both have numbered tasks or sections, so nothing is aligned and "
            "the tables below are empty."
        )
        return _choose(zh, en, language)
    n, m = aligned.pairs["task"].nunique(), aligned.pairs["reference_task"].nunique()
    lag = name_lag(aligned.pairs, aligned.corpus, language)
    others = aligned.all_pairs["document_id"].nunique() - 1
    zh = (
        f"**{name}**（{n} 项任务）与对照文件 **{reference}**（{m} 项）对齐，{lag}；另有 {others} "
        "份文件以同一文件为对照。"
    )
    en = (
        f"**{name}** ({_count(n, 'task')}) is aligned with **{reference}** ({m}), {lag}; "
        f"{_count(others, 'other document')} answer{'s' if others == 1 else ''} to the same reference."
    )
    if aligned.unit == "section":
        zh += (
            "两份文件不都有编号任务，因此**以节代替任务**。一节比一项任务长，与各节多少都有相近之处；"
            "得分的系数来自任务，匹配会偏多。"
        )
        en += (
            " They do not both have numbered tasks, so **sections stand for tasks** below. A section is longer than "
            "a task and has something in common with most others; the score's coefficients come from tasks, so "
            "expect too many matches."
        )
    return _choose(zh, en, language)


def describe_quality(quality, language):
    """Say what precision and recall to expect. `quality` is the table of measure_quality."""
    check_language(language)
    others = quality[~quality["fitted"]]
    parts = {}
    for measure in ("precision", "recall"):
        rows = others[others["measure"] == measure]
        rows = rows.assign(low=rows["low"].fillna(rows["value"]), high=rows["high"].fillna(rows["value"]))
        # Widest of the intervals: nobody knows which of the documents one's own are like.
        parts[measure] = _range(rows["value"].min(), rows["value"].max()), _range(rows["low"].min(), rows["high"].max())
    (precise, precise_ends), (found, found_ends) = parts.values()
    n = others["document_id"].nunique()
    zh = (
        f"在没有参与定系数的 {n} 对文件上，匹配的任务对中有 {precise} 与人工判读一致（95% 区间合计 {precise_ends}），"
        f"人工判定的对应关系有 {found} 被找到（{found_ends}）。"
    )
    en = (
        f"On the {n} pairs of documents that gave no coefficient, {precise} of the matched pairs are links to human "
        f"readers too (95% intervals together {precise_ends}), and {found} of the readers' links are found "
        f"({found_ends})."
    )
    return _choose(zh, en, language)


def describe_links(aligned, measures, language):
    """Say how many tasks have a counterpart and name those without. `measures` is the table of summarize_alignment."""
    check_language(language)
    if aligned.pairs.empty:
        return _choose(*_NOTHING, language)
    relation = list_relation(aligned.corpus, aligned.document_id, aligned.reference_id)
    name, reference = _names(aligned, language)
    coverage, novelty = (_measure(measures, measure) for measure in ("coverage", "novelty"))
    k = round(coverage["value"] * coverage["n"])
    found = _FOUND[relation[0]][language == "en"].format(name=name, reference=reference, n=coverage["n"], k=k)
    own, m = round(novelty["value"] * novelty["n"]), int(novelty["n"])
    doubtful = int((aligned.pairs["matched"] & (aligned.pairs["score"] < CLEAR)).sum())
    n_links = int(aligned.pairs["matched"].sum())
    zh = (
        f"{found}（{_share(coverage)}，仅就这两份文件而言）；{name} 的 {m} 项任务中有 **{own} 项**没有对应（"
        f"{_share(novelty)}）。共 {n_links} 个匹配，其中 {doubtful} 个得分低于 {CLEAR}，引用前须核对。"
    )
    en = (
        f"{found} ({_share(coverage)}, within these documents); without any counterpart: **{own} of the {m} tasks** "
        f"of {name} ({_share(novelty)}). Of {_count(n_links, 'match', 'es')}, {doubtful} score below {CLEAR}: read "
        "them before you quote them."
    )
    lines = [zh if language == "zh" else en]
    for side, key in zip(("reference", "document"), relation, strict=True):
        tasks = list_counterparts(aligned.corpus, aligned.pairs, side).query("n_matched == 0")
        if len(tasks):
            head = _MISSING[key][language == "en"].format(name=name)
            lines.append(f"- {head}{'：' if language == 'zh' else ': '}{_list_titles(tasks, language)}")
    return Reading("\n".join([lines[0], "", *lines[1:]]))


def describe_order(measures, language):
    """Say how links are spread and whether both documents keep one order.

    `measures` is the table of summarize_alignment.
    """
    check_language(language)
    if measures.empty:
        return _choose(*_NOTHING, language)
    spread, combined, order = (_measure(measures, name) for name in ("concentration", "combined", "order"))
    if pd.isna(spread["value"]):
        return _choose("没有匹配的任务。", "No task is matched.", language)
    zh = (
        f"对照文件中有对应的任务平均有 {spread['value']:.2f} 个匹配（{_ends(spread, '.2f')}）；有匹配的任务中，"
        f"{_share(combined)} 合并了对照文件的几项任务。"
    )
    en = (
        f"A task of the reference with a counterpart has {spread['value']:.2f} matches on average "
        f"({_ends(spread, '.2f')}); of the document's matched tasks, {_share(combined)} join several of the reference."
    )
    if pd.isna(order["value"]):
        zh += "匹配太少，无法比较次序。"
        en += " There are too few links to compare the order."
    else:
        zh += (
            f"次序一致的程度：肯德尔 τ = **{order['value']:.2f}**（{_ends(order, '.2f')}；1 为完全同序，0 为无关），"
            "仅就这两份文件而言。"
        )
        en += (
            f" Order: Kendall's τ = **{order['value']:.2f}** ({_ends(order, '.2f')}; 1 is the same order, 0 none), "
            "within these documents."
        )
    return _choose(zh, en, language)


def describe_followers(pairs, corpus, language):
    """Say which tasks of a reference all documents take up, and which none. `pairs` is the table of align_tasks for one
    reference and any number of documents."""
    check_language(language)
    if pairs.empty:
        return _choose(*_NOTHING, language)
    tasks = list_counterparts(corpus, pairs)
    reference = name_document(corpus, pairs["reference_id"].iloc[0], language)
    n = tasks["document_id"].nunique()
    taken = (
        tasks.assign(taken=tasks["n_matched"] > 0).groupby(["task", "title"], dropna=False)["taken"].sum().reset_index()
    )
    everywhere, nowhere = taken[taken["taken"] == n], taken[taken["taken"] == 0]
    lags = tasks.drop_duplicates("document_id")["comparison"].value_counts()
    same = int(lags.get("same year", 0))
    everyone = {1: "the one document", 2: "both documents"}.get(n, f"all {n} documents")
    zh = (
        f"{reference} 的 {len(taken)} 项任务，**{len(everywhere)} 项**在全部 {n} 份文件中有对应，**{len(nowhere)} "
        "项**在任何一份中都没有"
    )
    en = (
        f"Of the {len(taken)} tasks of {reference}, **{len(everywhere)}** have a counterpart in "
        f"{everyone}, **{len(nowhere)}** in none"
    )
    zh += (
        f"{f'（{_list_titles(nowhere, language)}）' if len(nowhere) else ''}。与对照文件同年度的 {same} 份，"
        f"不同年度的 {n - same} 份：后者的差异也可能来自时间。"
    )
    en += f"{f' ({_list_titles(nowhere, language)})' if len(nowhere) else ''}. "
    en += (
        f"{_count(same, 'document')} of the reference's year, {n - same} of another one, where a difference may be "
        "one of time."
    )
    return _choose(zh, en, language)


def describe_reuse(reuse, spans, measures, language):
    """Say how much is copied word for word and where.

    `reuse` and `spans` are the tables of measure_reuse and find_reuse, `measures` that of summarize_alignment, all for
    one document and one reference.
    """
    check_language(language)
    if reuse.empty or pd.isna(_measure(measures, "reuse")["value"]):
        return _choose(*_NOTHING, language)
    whole = _measure(measures, "reuse")
    matched = reuse[reuse["n_matched"] > 0]
    without = int((matched["n_copied"] == 0).sum())
    zh = (
        f"任务文字共 {whole['n']:,} 字，**{_share(whole)}** 与所匹配的任务逐字相同（仅就这两份文件而言）；"
        f"{len(matched)} 项有匹配的任务中，{without} 项没有一处沿用：同一件事，换了说法。"
    )
    en = (
        f"Of {whole['n']:,} characters of task text, **{_share(whole)}** stand word for word in the matched tasks "
        f"(within these documents). {without} of {_count(len(matched), 'matched task')} copy nothing: the same matter "
        "in other words."
    )
    if len(spans):
        longest = spans.sort_values(["length", "task", "start"], ascending=[False, True, True]).iloc[0]
        text = _quote(" ".join(longest["text"].split()))
        zh += f"最长的一段 {longest['length']} 字（任务 {longest['task']} ← {longest['reference_task']}）：{text}"
        en += (
            f" The longest stretch has {longest['length']} characters (task {longest['task']} ← "
            f"{longest['reference_task']}): {text}"
        )
    return _choose(zh, en, language)


def describe_robustness(variants, language):
    """Say how far the conclusions move. `variants` is the table of vary_alignment."""
    check_language(language)
    if variants.empty:
        return _choose(*_NOTHING, language)
    moved = variants[variants["variant"] != "default"].sort_values(["n_moved", "variant"]).iloc[-1]
    ends = {name: _range(variants[name].min(), variants[name].max()) for name in ("coverage", "novelty", "order")}
    zh = (
        f"在各种算法下，覆盖率为 {ends['coverage']}，自有比例为 {ends['novelty']}，τ 为 {ends['order']}。"
        f"变动最大的是“{label(moved['variant'], 'zh')}”：{moved['n_moved']} 项任务得到或失去了全部对应。"
    )
    en = (
        f"Over all variants coverage runs {ends['coverage']}, novelty {ends['novelty']}, τ {ends['order']}. Most "
        f"moves with {moved['variant']}: {_count(moved['n_moved'], 'task')} gain or lose every counterpart."
    )
    if moved["n_moved"] == 0:
        zh = zh.partition("变动最大")[0] + "没有任务因此得到或失去全部对应。"
        en = en.partition(" Most moves")[0] + " No task gains or loses every counterpart."
    return _choose(zh, en, language)


def _names(aligned, language):
    return tuple(name_document(aligned.corpus, name, language) for name in (aligned.document_id, aligned.reference_id))


def _measure(measures, name):
    return measures.set_index("measure").loc[name]


def _share(row):
    """A share with its interval; for all tasks or none there is none."""
    ends = f" [{row['low']:.0%}, {row['high']:.0%}]" if pd.notna(row["low"]) else ""
    return f"{row['value']:.0%}{ends}"


def _range(low, high):
    if pd.isna(low):
        return "—"
    return f"{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f}–{high:.2f}"


def _ends(row, form):
    return f"95%: {row['low']:{form}}–{row['high']:{form}}" if pd.notna(row["low"]) else "95%: –"


def _list_titles(tasks, language):
    titles = [
        f"{task.task} {_quote(task.title)}" if isinstance(task.title, str) else f"{task.task}"
        for task in tasks.itertuples()
    ]
    rest = len(titles) - SHOWN
    more = [] if rest <= 0 else [f"另 {rest} 项" if language == "zh" else f"{rest} more"]
    return ("；" if language == "zh" else "; ").join([*titles[:SHOWN], *more])


def _quote(text):
    """Text of a document inside Markdown: shown as it is, whatever it holds."""
    return re.sub(r"([\\`*_\[\]<>&|#~$])", r"\\\1", text)


def _choose(zh, en, language):
    return Reading(zh if language == "zh" else en)


def _count(n, noun, plural="s"):
    return f"{n:,} {noun}" + ("" if n == 1 else plural)
