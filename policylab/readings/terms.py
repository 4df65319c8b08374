"""Sentences about words: what is counted, followed, compared, with every number taken from the table at hand."""

import pandas as pd

from policylab.base.arguments import check_language
from policylab.base.levels import LEVELS
from policylab.language.documents import name_document
from policylab.language.labels import label
from policylab.language.lags import name_lag
from policylab.language.terms import explain_no_band, gloss_terms, list_unglossed
from policylab.language.years import name_years
from policylab.readings.reading import Reading

SHOWN = 5  # words that a sentence names
LEAST_MENTIONS = 20  # for a document's attention to be compared; by judgement, one mention is then at most 5% of it
FEW_MENTIONS = 10  # of concepts in a thousand words; by judgement, far below the 70 of plans that the list was made for


def describe_counting(zones, language):
    """Say how many words count, and how many are kept apart and why. `zones` is the table of count_masked."""
    check_language(language)
    counted = zones[zones["zone"] == "counted"]
    if counted["n"].sum() == 0:
        return _choose("没有可计的词。", "There is no word to count.", language)
    n = zones.groupby("zone")["n"].sum()
    low, high = counted["share"].min(), counted["share"].max()
    apart = [(zone, n[zone]) for zone in ("title", "numeral", "heading", "responsibility", "frame") if n.get(zone, 0)]
    words = {"zh": "{} {:,}", "en": "{} {:,}"}[language]
    listed = ("，" if language == "zh" else ", ").join(
        words.format(label(f"zone_{zone}", language), k) for zone, k in apart
    )
    zh = (
        f"计入 **{n['counted']:,} 个词**，占各文件全部词的 {low:.0%}–{high:.0%}。词云和排名以它们为分母；"
        f"趋势、比较和概念按任务（有文件不分任务时按段落）计数，只以其中的词为分母；两边文件都够多时，"
        f"比较按整份文件计数，任务之外的词也计入。图中注明。"
    )
    en = (
        f"**{n['counted']:,} words count**, {low:.0%} to {high:.0%} of all words of a document. Clouds and ranks have "
        f"them for their denominator; trends, comparisons and concepts count by task (by paragraph if some document "
        f"has no tasks) and have the words in these. Comparisons count by whole documents, with their words outside "
        f"tasks, where both sides have enough of them. The figures say which."
    )
    if listed:
        zh, en = f"{zh}不计：{listed}。", f"{en} Kept apart: {listed}."
    return _choose(zh, en, language)


def describe_selection(selection, corpus, language, glosses=None):
    """Say which level, years and terms are looked at, why, and where level and year cannot be told apart."""
    check_language(language)
    documents, level = corpus.documents, label(selection.level, language)
    years = {name: sorted(map(int, own.unique())) for name, own in documents.groupby("level")["year"]}
    terms = _list_terms(selection.terms, language, glosses)
    rule = {
        "given": ("参数指定的词", "the terms that were asked for"),
        "changing": (
            "各年频率差异最大的词（按 G²）",
            "the terms whose rates differ most between its years (by G²)",
        ),
        "frequent": (
            "最常见的词（只有一个年度，无从比较变化）",
            "the most frequent terms (with one year, nothing can change)",
        ),
    }[selection.rule]
    span = {language: name_years(years[selection.level], language) for language in ("zh", "en")}
    told = f"{rule[0]}，即{terms}", f"{rule[1]}, namely {terms}"
    if not selection.terms:
        told = "没有可跟踪的词", "there is no term to follow"
    n = len(selection.vocabulary)
    zh = (
        f"跟踪**{level}**文件的各年（{span['zh']}）：{told[0]}。列表只用不在停用词表、至少两个字、"
        f"至少出现 {selection.min_n} 次的 {n:,} 个词。"
    )
    en = (
        f"Followed are the years of the **{level.lower()}** level ({span['en']}): {told[1]}. Lists show {n:,} "
        f"{'word' if n == 1 else 'words'}: no stop words, two characters or more, at least {selection.min_n} "
        f"{'use' if selection.min_n == 1 else 'uses'}."
    )
    if selection.places:
        places = "、".join(selection.places)
        zh += f"本语料地区自己的名称不列：{places}。"
        en += f" Names of the corpus's own regions are left out of lists: {places}."
    lines = [_choose(zh, en, language)]
    if len(years) > 1:
        lines.append(_tell_confounding(documents, years, language))
    return Reading("\n\n".join(lines))


def _tell_confounding(documents, years, language):
    order = [name for name in LEVELS if name in years]
    joints = {"zh": "；", "en": "; "}
    listed = {
        known: joint.join(f"{label(name, known)} {name_years(years[name], known)}" for name in order)
        for known, joint in joints.items()
    }
    shared = sorted(set.intersection(*map(set, years.values())))
    alone = sorted(set.union(*map(set, years.values())) - set(shared))
    if not alone:
        return _choose("各层级的年度相同。", "All levels have the same years.", language)
    if not shared:
        zh = f"**层级与年度混杂**：{listed['zh']}。没有哪一年兼有各层级的文件，层级之差也可能是年度之差。"
        en = f"**Level and year are mixed**: {listed['en']}. No year has documents of all levels: what looks like"
        return _choose(zh, f"{en} a difference between levels can be one between years.", language)
    lagged = documents.loc[documents["year"].isin(alone), "document_id"].sort_values().tolist()
    zh = f"**层级与年度混杂**：{listed['zh']}。{name_years(alone, 'zh')} 年缺少某一层级的文件"
    en = f"**Level and year are mixed**: {listed['en']}. In {name_years(alone, 'en')} a level has no document"
    if len(lagged) <= SHOWN:
        zh, en = f"{zh}（只有 {'、'.join(lagged)}）", f"{en} (only {', '.join(lagged)})"
    en = f"{en}: what sets these years' documents apart from another level can be the year."
    return _choose(f"{zh}，这些文件与其他层级之差也可能是年度之差。", en, language)


def describe_trends(trend, selection, language, glosses=None):
    """Say for each term its rate in the two years in focus and in its highest year, in the order of years.

    `trend` is the table of measure_trend by level and year.
    """
    check_language(language)
    own = trend[trend["level"] == selection.level].dropna(subset="rate")
    if len(selection.years) < 2:
        return _choose("只有一个年度，没有变化可言。", "There is one year only, so nothing to follow.", language)
    if own.empty:
        return _choose("没有可追踪的词。", "There are no words to follow.", language)
    names = gloss_terms(own["term"], language, glosses)
    lines = []
    for term, rows in own.groupby("term", sort=False):
        highest = rows.sort_values(["rate", "year"], ascending=[False, True])["year"].iloc[0]
        kept = rows[rows["year"].isin([*selection.years, highest])].sort_values("year")
        told = [_tell_rate(row, language) for row in kept.to_dict("records")]
        lines.append(
            f"- {names[term]}: {' → '.join(told)}" if language == "en" else f"- {names[term]}：{' → '.join(told)}"
        )
    unit = label(f"unit_{own['unit'].iloc[0]}", language)
    level = label(selection.level, language)
    bands = "", ""
    if any("[" in line for line in lines):
        bands = f"方括号：按{unit}重抽样的 95% 区间；", f"in brackets: 95% intervals over the {unit}; "
    zh = f"{level}文件{unit}内每万词次数（{bands[0]}n：次数 / 使用该词的{unit}数）："
    en = f"Uses per 10,000 words in {unit} of {level.lower()} documents ({bands[1]}n: uses / {unit} that use the term):"
    lines = [_choose(zh, en, language), "", *lines]
    if selection.rule == "changing":
        zh = "这些词因差异最大而入选，区间未就此校正。"
        en = "The terms were chosen because they differ most, and the intervals do not allow for that choice."
        lines += ["", _choose(zh, en, language)]
    return Reading("\n".join(lines))


def _tell_rate(row, language):
    band = f" [{row['rate_low']:.1f}, {row['rate_high']:.1f}]" if pd.notna(row["rate_low"]) else ""
    return f"{row['year']}{'年' if language == 'zh' else ''} {row['rate']:.1f}{band} (n = {row['n']} / {row['n_with']})"


def describe_comparison(compared, language, glosses=None):
    """Say which terms tell two groups apart, how many do so beyond chance, and which only one of them has.

    `compared` is the table of compare_years or compare_levels.
    """
    check_language(language)
    if compared.empty:
        zh = "无从比较：只有一组文件，或一方没有计入的词，或没有一个词达到列表的次数。"
        en = "Nothing to compare: there is one group only, or a side has no counted word, or no word has the uses that lists ask for."
        return _choose(zh, en, language)
    row = compared.iloc[0]
    groups = [_name_group(row, side, language) for side in "ab"]
    n_apart = int(compared["apart"].fillna(False).sum())
    ordered = compared.sort_values(["z", "term"], ascending=[False, True])
    ends = ordered[ordered["z"] > 0].head(SHOWN), ordered[ordered["z"] < 0].tail(SHOWN).iloc[::-1]
    unit, n = label(f"unit_{row['unit']}", language), (row["n_tokens_a"], row["n_tokens_b"])
    none = "", ""
    if not n_apart:
        none = (
            f"没有一个词的差别超出{unit}随机分组所示，下列各词只描述这些文件，不能证明差别。",
            f" None differs by more than {unit} dealt at random do: what follows describes these documents and proves no "
            "difference.",
        )
    terms = "term" if len(compared) == 1 else "terms"
    zh = f"比较{unit}内的 {len(compared):,} 个词（{groups[0]} {n[0]:,} 词，{groups[1]} {n[1]:,} 词）"
    en = f"{len(compared):,} {terms} compared in {unit} ({groups[0]}: {n[0]:,} words, {groups[1]}: {n[1]:,})"
    if why := explain_no_band(compared, language):
        zh = f"{zh}。{why}，得不出区间：各词只作描述。"
        en = f"{en}. {why}: there is no band, and the terms are described only."
    else:
        zh = f"{zh}，其中 **{n_apart} 个**的区间不含 0。{none[0]}"
        en = f"Of {en}, **{n_apart}** {'has' if n_apart == 1 else 'have'} a band that leaves out 0.{none[1]}"
    leaning = [
        (f"偏向{group}的有{told}", f"towards {group}: {told}")
        for group, end in zip(groups, ends, strict=True)
        if (told := _tell_counts(end, language, glosses))
    ]
    if leaning:
        zh += f"{'；'.join(text for text, _ in leaning)}（括号内：前者 : 后者次数）。"
        en += f" T{'; '.join(text for _, text in leaning)[1:]} (uses in the first : in the second)."
    else:
        zh, en = f"{zh}没有一个词偏向哪一边。", f"{en} No term leans to either side."
    for side, index in (("a", 0), ("b", 1)):
        only = compared[compared["occurs"] == f"only {side}"].sort_values(
            [f"n_{side}", "term"], ascending=[False, True]
        )
        if len(only):
            names = _list_terms(only["term"].head(SHOWN), language, glosses)
            zh += f"只见于{groups[index]}的有 {len(only)} 个词，{'即' if len(only) == 1 else '最多的是'}{names}。"
            noun = "term stands" if len(only) == 1 else "terms stand"
            en += f" {len(only):,} {noun} in {groups[index]} only{', most often' if len(only) > 1 else ':'} {names}."
    if row["column"] == "level" and row["years_a"] != row["years_b"]:
        years = [name_years(list(map(int, row[side].split(", "))), language) for side in ("years_a", "years_b")]
        zh += f"两组的年度不同（{groups[0]} {years[0]}；{groups[1]} {years[1]}），差异可能来自年度。"
        en += (
            f" The years differ too ({groups[0]} {years[0]}; {groups[1]} {years[1]}): a difference may be one of years."
        )
    return _choose(zh, en, language)


def _name_group(row, side, language):
    if row["column"] != "level":
        return f"{row[side]}年" if language == "zh" else str(row[side])
    name = label(row[side], language)
    return f"{name}文件" if language == "zh" else f"{name.lower()} documents"


def _tell_counts(rows, language, glosses):
    names = gloss_terms(rows["term"], language, glosses)
    told = [f"{names[row.term]} ({row.n_a} : {row.n_b})" for row in rows.itertuples()]
    return ("、" if language == "zh" else ", ").join(told)


def describe_attention(attention, corpus, language, glosses=None):
    """Say how much of the texts the concepts cover, and which concept differs most between documents.

    `attention` is the table of measure_attention by document. Documents with fewer than 20 mentions are not compared, and
    the reading says so: in them a concept has a large share by chance.
    """
    check_language(language)
    told = attention.dropna(subset="attention")
    if told.empty:
        return _choose("没有文件提到任何概念。", "No document mentions a concept.", language)
    totals = told.drop_duplicates("document_id").set_index("document_id")
    per_mille = 1000 * totals["n_mentions"] / totals["n_tokens"]
    n, rate = (_tell_range(values) for values in (totals["n_mentions"], per_mille.round().astype(int)))
    unit = label(f"unit_{totals['unit'].iloc[0]}", language)
    zh = f"每份文件在{unit}内提及概念 {n} 次，每千词 {rate} 次。"
    en = f"A document mentions concepts {n} times in its {unit}, {rate} times in a thousand words."
    spread = _tell_widest(told, corpus, language, glosses)
    zh, en = f"{zh}{spread}", f"{en}{spread}"
    if per_mille.max() < FEW_MENTIONS:
        zh += "**提及很少**：词表看来不适合这些文本，请用参数 concept_list 换用自己的词表。"
        en += " **That is few**: the list hardly fits these texts; give one of your own by the parameter concept_list."
    return _choose(zh, en, language)


def _tell_widest(told, corpus, language, glosses):
    """Which concept's attention differs most between documents with enough mentions; "" if none differs."""
    enough = told["n_mentions"] >= LEAST_MENTIONS
    shares = told[enough].groupby("concept", sort=False)["attention"]
    spread = shares.max() - shares.min()
    if not (spread > 0).any():
        return ""
    widest = spread.idxmax()
    own = told[enough & (told["concept"] == widest)].sort_values(["attention", "document_id"])
    (low, least), (high, most) = (
        (_tell_share(row), name_document(corpus, str(row["document_id"]), language))
        for row in own.iloc[[0, -1]].to_dict("records")
    )
    name = gloss_terms([widest], language, glosses)[widest]
    bands = ("（方括号：95% 区间）", "; in brackets 95% intervals") if "[" in low + high else ("", "")
    zh = f"各文件关注度相差最大的概念是**{name}**：从{least} 的 {low} 到{most} 的 {high}{bands[0]}。"
    en = f" The concept whose attention differs most is **{name}**: from {low} ({least}) to {high} ({most}){bands[1]}."
    if n := told.loc[~enough, "document_id"].nunique():
        zh += f"提及不足 {LEAST_MENTIONS} 次的 {n} 份文件不参与这一比较。"
        documents = "1 document" if n == 1 else f"{n:,} documents"
        en += f" Left out of this: {documents} with fewer than {LEAST_MENTIONS} mentions."
    return _choose(zh, en, language)


def _tell_range(values):
    return "–".join(f"{n:,}" for n in dict.fromkeys([values.min(), values.max()]))


def _tell_share(row):
    band = f" [{row['low']:.0%}, {row['high']:.0%}]" if pd.notna(row["low"]) else ""
    return f"{row['attention']:.0%}{band}"


def describe_consistency(consistency, corpus, language):
    """Say which document is closest to the reference and which is farthest. `consistency` is of measure_consistency."""
    check_language(language)
    told = consistency.dropna(subset="consistency").sort_values(["consistency", "document_id"])
    if told.empty:
        return _choose("没有可与之对照的文件。", "There is no document to compare with a reference.", language)
    reference = name_document(corpus, told["reference_id"].iloc[0], language)
    rows = list(dict.fromkeys([len(told) - 1, 0]))
    names = [name_document(corpus, told["document_id"].iloc[i], language) for i in rows]
    lags = [name_lag(told.iloc[[i]], corpus, language) for i in rows]
    names = [_choose(f"{name}（{lag}）", f"{name} ({lag})", language) for name, lag in zip(names, lags, strict=True)]
    numbers = [_tell_consistency(row, language) for row in told.iloc[rows].to_dict("records")]
    zh, en = (
        f"与{reference} 最接近的是{names[0]}，{numbers[0]}",
        f"Closest to {reference} is {names[0]}, {numbers[0]}",
    )
    if len(rows) > 1:
        zh, en = f"{zh}；最远的是{names[1]}，{numbers[1]}", f"{en}; farthest is {names[1]}, {numbers[1]}"
    zh, en = f"{zh}。", f"{en}."
    if (told["consistency"] >= told["dealt_low"]).all():
        zh += "没有一份低于随机分组的 95% 范围：就这一指标看不出与对照文件有别，远近之分也不足为据。"
        en += (
            " None falls below the 95% range of random groups of the documents' sizes: on this measure nothing tells them "
            "from the reference, and which is closest means little."
        )
    return _choose(zh, en, language)


def _tell_consistency(row, language):
    if pd.isna(row["low"]):
        return f"{row['consistency']:.2f}"
    zh = f"{row['consistency']:.2f} [{row['low']:.2f}, {row['high']:.2f}]（随机分组平均 {row['dealt']:.2f}）"
    en = (
        f"{row['consistency']:.2f} [{row['low']:.2f}, {row['high']:.2f}] (random groups of the documents' sizes: "
        f"{row['dealt']:.2f} on average)"
    )
    return zh if language == "zh" else en


def describe_ranks(ranks, language, glosses=None):
    """Say how far each way of counting agrees with the base. `ranks` is the table of compare_ranks."""
    check_language(language)
    if not len(ranks) or not ranks["n_common"].iloc[0]:
        return _choose("没有可排位的词。", "There are no words to rank.", language)
    lines = []
    for row in ranks.iloc[1:].to_dict("records"):
        term, _, shift = (row["largest"] if isinstance(row["largest"], str) else "").rpartition(" ")
        name = gloss_terms([term], language, glosses)[term]
        n, top, variant = row["n_common"], row["top"], label(row["variant"], language)
        n_base = ranks["n_common"].iloc[0]
        tau = f"τ = {row['kendall']:.2f}" if pd.notna(row["kendall"]) else "τ = —"
        zh = f"- {variant}：基准中排在前 {top} 位（含并列）的 {n_base} 个词，{n} 个仍在前 {top} 位，{tau}"
        en = f"- {variant}: of the {n_base} words that the base ranks {top} or higher (ties included), {n} are so here, {tau}"
        if term:
            zh, en = f"{zh}；变动最大：{name} {shift}", f"{en}; moved most: {name} {shift}"
        lines.append(_choose(f"{zh}。", f"{en}.", language))
    return Reading("\n".join(lines))


def describe_unglossed(terms, language, glosses=None):
    """List the terms of the figures that have no English gloss; English figures show them in Chinese."""
    check_language(language)
    missing = list_unglossed(terms, glosses)
    if not missing:
        return _choose("图中的词都有英文释义。", "Every term in the figures has an English gloss.", language)
    listed = "、".join(missing)
    zh = f"图中 {len(missing)} 个词没有英文释义，英文图中用中文：{listed}。"
    noun = "term" if len(missing) == 1 else "terms"
    en = f"{len(missing)} {noun} in the figures without English gloss, shown in Chinese: {listed}."
    return _choose(zh, en, language)


def _list_terms(terms, language, glosses):
    return ("、" if language == "zh" else ", ").join(gloss_terms(terms, language, glosses).values())


def _choose(zh, en, language):
    return Reading(zh if language == "zh" else en)
