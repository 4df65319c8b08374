"""Sentences about tables, in Chinese or English, with every number taken from the table at hand.

A reading is text that a notebook shows as Markdown.
"""

from policylab.base.arguments import check_language
from policylab.base.levels import LEVELS
from policylab.base.regions import region_label
from policylab.language.documents import tell_apart
from policylab.language.labels import label


class Reading(str):
    """Markdown text; as the last line of a cell it is shown as such."""

    __slots__ = ()

    def _repr_markdown_(self):
        return str(self)


def describe_documents(summary, language):
    """Say how many documents there are, of which levels and years, and how far they differ in length.

    `summary` is the table of summarize_documents.

    >>> describe_documents(lab.summarize_documents(corpus), "zh")  # doctest: +SKIP
    """
    check_language(language)
    levels = summary["level"].value_counts()
    levels = [_count_level(level, levels[level], language) for level in LEVELS if level in levels]
    years = "–".join(map(str, dict.fromkeys([summary["year"].min(), summary["year"].max()])))
    ranked = summary.sort_values(["n_body_characters", "document_id"])
    names = _name(summary, language)
    shortest, longest = (names[ranked["document_id"].iloc[i]] for i in (0, -1))
    n = summary[["n_sections", "n_tasks", "n_paragraphs", "n_body_characters"]].sum()
    least, most = ranked["n_body_characters"].iloc[[0, -1]]
    if language == "zh":
        text = (
            f"语料共 **{len(summary)} 份文件**（{'，'.join(levels)}），年度为 {years}。合计 {n['n_sections']:,} 节、"
            f"{n['n_tasks']:,} 项任务、{n['n_paragraphs']:,} 段，正文 {n['n_body_characters']:,} 字。"
        )
        lengths = f"最长的是{longest}（{most:,} 字），最短的是{shortest}（{least:,} 字）。"
        return Reading(text + (lengths if len(summary) > 1 else ""))
    text = (
        f"The corpus holds **{_count(len(summary), 'document')}** ({', '.join(levels)}) for {years}. Together: "
        f"{_count(n['n_sections'], 'section')}, {_count(n['n_tasks'], 'task')}, "
        f"{_count(n['n_paragraphs'], 'paragraph')}, {_count(n['n_body_characters'], 'character')} of body text."
    )
    lengths = f" The longest is {longest} ({most:,} characters), the shortest {shortest} ({least:,})."
    return Reading(text + (lengths if len(summary) > 1 else ""))


def describe_structure(structure, language):
    """Say how much of the documents stands outside of sections, and how long their tasks are.

    `structure` is the table of measure_structure. Shares are of a document's body text.
    """
    check_language(language)
    documents = structure.groupby("document_id", sort=False)
    outside = structure["n_characters"].where(structure["section"].isna(), 0)
    shares = outside.groupby(structure["document_id"], sort=False).sum() / documents["n_characters"].sum()
    shares = shares.dropna().sort_values(kind="stable")
    if shares.empty:
        return Reading("没有正文。" if language == "zh" else "There is no body text.")
    names = _name(documents.first().reset_index(), language)
    first, last = ((f"{shares.iloc[i]:.0%}", names[shares.index[i]]) for i in (0, -1))
    tasks = structure[structure["task"].notna()].groupby(["document_id", "task"], sort=False)["n_characters"].sum()
    if language == "zh":
        text = f"不属于任何一节的文字占正文的 {first[0]}（{first[1]}）到 {last[0]}（{last[1]}）。"
        if len(tasks):
            text += f"一项任务的长度，中位数为 {tasks.median():,.0f} 字，从 {tasks.min():,} 到 {tasks.max():,} 字。"
        else:
            text += "没有识别出编号的任务。"
        return Reading(text)
    text = f"Text outside of sections takes from {first[0]} ({first[1]}) to {last[0]} ({last[1]}) of a document's body."
    if len(tasks):
        text += f" A task has a median of {tasks.median():,.0f} characters, from {tasks.min():,} to {tasks.max():,}."
    else:
        text += " No numbered task was recognised."
    return Reading(text)


def describe_doubts(doubts, language):
    """Say how many places the parser could not fully recognise, by kind. `doubts` is the table of list_doubts."""
    check_language(language)
    if doubts.empty:
        return Reading("解析器对每一行都有把握。" if language == "zh" else "The parser recognised every line.")
    kinds = doubts["kind"].value_counts().sort_index()
    if language == "zh":
        listed = "，".join(f"{label(kind, 'zh')} {n} 处" for kind, n in kinds.items())
        return Reading(f"**{len(doubts)} 处**需要核对：{listed}。")
    listed = ", ".join(f"{n} × {kind}" for kind, n in kinds.items())
    return Reading(f"**{_count(len(doubts), 'place')}** to check: {listed}.")


def describe_variants(variants, language):
    """Say for each pair of publications what differs. `variants` is the table of list_variants."""
    check_language(language)
    if variants.empty:
        zh, en = "没有声明过同一文件的两个版本。", "No document is declared to have two publications."
        return Reading(zh if language == "zh" else en)
    lines = []
    for (document, version), places in variants.groupby(["document_id", "version_id"]):
        n = {kind: int((places["kind"] == kind).sum()) for kind in ("wording", "document only", "version only")}
        if language == "zh":
            lines.append(
                f"- {document} 与 {version}：文字不同 **{n['wording']} 处**，仅见于前者 {n['document only']} 处，"
                f"仅见于后者 {n['version only']} 处。"
            )
        else:
            lines.append(
                f"- {document} and {version}: **{_count(n['wording'], 'place')}** with another wording, "
                f"{_count(n['document only'], 'passage')} only in the first, {n['version only']} only in the second."
            )
    return Reading("\n".join(lines))


def _name(documents, language):
    """{document_id: name} in full words, told apart where two documents would have one."""
    name = {"zh": "{}{}年文件", "en": "{} {}"}[language]
    regions = [region_label(region, language) for region in documents["region"]]
    return tell_apart(documents, [name.format(*pair) for pair in zip(regions, documents["year"], strict=True)])


def _count_level(level, n, language):
    return f"{label(level, 'zh')} {n} 份" if language == "zh" else f"{n} {label(level, 'en').lower()}"


def _count(n, noun):
    return f"{n:,} {noun}" + ("" if n == 1 else "s")
