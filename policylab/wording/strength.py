"""Directive strength: how binding the wording of a plan is, judged by the verbs that open its clauses.

The scale is in data/strength/verbs.csv: 5 a result (完成), 4 an act done once (印发, 启动), 3 carrying out (落实, 开展), 2 doing
more (推进, 加强), 1 leaving it open (鼓励, 探索). It is ordinal: only the order means something.
"""

import os
import re
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import pandas as pd

from policylab.alignment.matching import list_matched
from policylab.base.arguments import as_list
from policylab.base.columns import need_columns
from policylab.base.datafile import find_datafile, read_datafile
from policylab.base.paths import VERBS
from policylab.base.resampling import check_resamples, divide
from policylab.corpus.bundle import Corpus
from policylab.corpus.choice import find_document
from policylab.wording.baseline import compare_with_all, measure_deltas

STRENGTHS = (1, 2, 3, 4, 5)
ROLES = ("verb", "modifier", "both")
FIRM = 4  # from this strength on one can check afterwards whether it was done

# A clause ends at a punctuation mark, but not inside a title, a quotation or brackets. 、 divides lists, not actions.
_CLAUSE = re.compile(r"(?:《[^《》]*》|“[^“”]*”|（[^（）]*）|\([^()]*\)|[^，。；：！？,;:!?\n])+")
# Nouns that begin with a verb and open no action. Only compounds that are almost never verb and object are listed:
# 管理信息化 is a field, while 建设信息化平台 is an action.
_NOUNS = (
    "接入带宽",
    "接入率",
    "建设项目",
    "管理信息化",
    "管理水平",
    "应用水平",
    "服务水平",
    "建设水平",
    "管理能力",
    "应用能力",
    "服务能力",
)
_OPENING = re.compile(r"\s*(?:[一二三四五六七八九十]+是)?\s*")


def load_verbs(path: str | os.PathLike | None = None) -> pd.DataFrame:
    """Load the scale of directive strength: one row is a word that opens an action.

    Parameters
    ----------
    path : path, optional
        A CSV file of your own with these columns. By default the one that ships.

    Returns
    -------
    DataFrame
        `verb`; `role`: verb, modifier (进一步, 积极: says how, is skipped) or both (加快: a verb where no other follows);
        `reason`; `strength`, 1 to 5, missing for a modifier.

    Raises
    ------
    PolicylabError
        One message with all problems of the file: row, column, value and remedy.

    Notes
    -----
    A compound has a row of its own, because its first verb decides: 探索建立 is exploring. The codes are one reading of the
    words; another table gives other results in every function that uses it.

    Examples
    --------
    >>> load_verbs().set_index("verb").loc[["完成", "推进", "鼓励"], "strength"].tolist()
    [5, 2, 1]
    """
    allowed = {"role": ROLES, "strength": [str(level) for level in STRENGTHS]}
    verbs = read_datafile(
        find_datafile(path, VERBS),
        ["verb", "role", "reason"],
        ["strength"],
        key=["verb"],
        allowed=allowed,
        check=_check_verb,
    )
    return verbs.assign(strength=pd.array([row and int(row) for row in verbs["strength"]], dtype="Int64"))


def _check_verb(cells):
    if cells["role"] == "modifier" and cells.get("strength"):
        yield "strength", f"{cells['strength']!r} is given to a modifier, which has none. Leave the cell blank."
    elif cells["role"] in ("verb", "both") and not cells.get("strength"):
        yield "strength", f"the {cells['role']} {cells['verb']} has none. Write 1 to 5."


def find_directives(corpus: Corpus, *, verbs: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the clauses of all paragraphs and the verbs that open them: one row is a clause.

    Parameters
    ----------
    corpus : Corpus
        The corpus.
    verbs : DataFrame, optional
        The scale of strength, by default the one that ships (load_verbs).

    Returns
    -------
    DataFrame
        `document_id`, `paragraph`, `task`, `goal`; `clause`, its ordinal in the paragraph; `text`; `verb` and `strength`, 1
        to 5, both missing if no verb of the scale opens the clause (subjects, circumstances, slogans); `start`, `end`,
        offsets in the text of the paragraph.

    Notes
    -----
    Modifiers (进一步, 积极) are skipped, then the longest word of the scale counts.

    Examples
    --------
    >>> import policylab as lab
    >>> directives = find_directives(lab.load_corpus())
    >>> row = directives[directives["text"] == "组织教师晒课15万堂"].iloc[0]
    >>> row["verb"], int(row["strength"])
    ('组织', 3)
    """
    verbs = load_verbs() if verbs is None else verbs
    scale = dict(zip(verbs["verb"], verbs["strength"]))
    find_verb, skip = _compile(verbs, ("verb", "both")), _compile(verbs, ("modifier", "both"))
    place = ["document_id", "paragraph", "task", "goal"]
    rows = []
    for *where, text in zip(*(corpus.paragraphs[name] for name in [*place, "text"])):
        for number, clause in enumerate(_CLAUSE.finditer(text), 1):
            verb = _find_opening(clause.group(), find_verb, skip)
            rows.append((*where, number, clause.group(), verb, scale.get(verb), *clause.span()))
    columns = [*place, "clause", "text", "verb", "strength", "start", "end"]
    types = dict.fromkeys(["paragraph", "task", "goal", "strength"], "Int64")
    types |= dict.fromkeys(["clause", "start", "end"], "int64")
    return pd.DataFrame(rows, columns=columns).astype({name: types.get(name, "str") for name in columns})


def _compile(verbs, roles):
    words = sorted(verbs.loc[verbs["role"].isin(roles), "verb"], key=lambda word: (-len(word), word))
    # With 的 behind it the verb is part of a noun, too: 规范的, 应用的.
    return re.compile(rf"(?!{'|'.join(_NOUNS)})(?:{'|'.join(map(re.escape, words)) or '(?!)'})(?!的)").match


def _find_opening(clause, find_verb, skip):
    """The verb that opens a clause, or None."""
    at, verb = _OPENING.match(clause).end(), None
    while True:
        found = find_verb(clause, at)
        verb = found.group() if found else verb
        skipped = skip(clause, at)
        # 加快 is a modifier if a verb follows (加快推进), otherwise the verb. 推进 is never a modifier: the search ends there.
        if skipped is None or (found and found.end() > skipped.end()):
            return verb
        at = skipped.end()


def measure_strength(directives: pd.DataFrame, by: str | Sequence[str] = ("document_id", "task")) -> pd.DataFrame:
    """Measure how firmly each group of clauses is worded: one row is a group, by default a task.

    Parameters
    ----------
    directives : DataFrame
        Table of find_directives, or one with its column `strength` and those of `by`.
    by : str or sequence of str, default ("document_id", "task")
        Columns that make a group. Clauses without a value in one of them are left out, such as those of goals when
        grouping by task.

    Returns
    -------
    DataFrame
        The columns of `by`; `n_clauses`; `n_coded`, the clauses that a verb of the scale opens; `n_1` to `n_5` of each
        strength; `median` strength of the coded clauses, 1 to 5; `share_firm`, the share of coded clauses with strength 4
        or 5, 0 to 1. Median and share are NaN without coded clauses.

    Raises
    ------
    PolicylabError
        If `directives` lacks a column.

    Notes
    -----
    The higher the share, the more is promised in words that can be checked afterwards. With few clauses the measures
    mislead, so read them together with n_coded. A long list of small acts outweighs a single large one.

    Examples
    --------
    >>> clauses = pd.DataFrame({"document_id": "甲", "task": 1, "strength": pd.array([5, 2, None], dtype="Int64")})
    >>> measure_strength(clauses)[["n_clauses", "n_coded", "median", "share_firm"]].values.tolist()
    [[3, 2, 3.5, 0.5]]
    """
    by = as_list(by)
    need_columns(directives, [*by, "strength"], "directives")
    kept = directives.dropna(subset=by)
    keys, groups = [kept[name] for name in by], kept.groupby(by)["strength"]
    table = pd.DataFrame({"n_clauses": groups.size(), "n_coded": groups.count()})
    for level in STRENGTHS:
        table[f"n_{level}"] = kept["strength"].eq(level).fillna(False).astype("int64").groupby(keys).sum()
    table["median"] = kept["strength"].astype("float64").groupby(keys).median()
    table["share_firm"] = (table["n_4"] + table["n_5"]) / table["n_coded"].where(table["n_coded"] > 0)
    return table.reset_index()


def join_agencies(directives: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Join clauses with the agencies that are responsible for them: one row is a clause and an agency.

    Parameters
    ----------
    directives : DataFrame
        Table of find_directives.
    mentions : DataFrame
        Table of list_agencies.

    Returns
    -------
    DataFrame
        The columns of `directives`, then `agency`, `role`, `tier`, `type`.

    Notes
    -----
    A clause belongs to the agencies in the bracket of its paragraph; a paragraph without a bracket inherits the next one of
    its task. Clauses that no bracket covers are left out, and so are those of a task whose bracket is on its heading,
    although trace_responsibilities counts such a task as stated. Sums over agencies count a clause once for each of them.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> joined = join_agencies(find_directives(corpus), lab.list_agencies(corpus))
    >>> strength = measure_strength(joined[joined["role"] == "lead"], ["document_id", "agency"])
    >>> strength.query("agency == '科技处'")["n_coded"].tolist()
    [101, 79]
    """
    stated = mentions.dropna(subset=["task", "paragraph"])
    brackets = {key: sorted(set(rows["paragraph"])) for key, rows in stated.groupby(["document_id", "task"])}
    covering = []
    for document_id, task, paragraph in zip(*(directives[name] for name in ("document_id", "task", "paragraph"))):
        own = [] if pd.isna(task) else brackets.get((document_id, task), [])
        at = bisect_left(own, paragraph)
        covering.append(own[at] if at < len(own) else None)
    agencies = stated[["document_id", "paragraph", "agency", "role", "tier", "type"]]
    agencies = agencies.rename(columns={"paragraph": "bracket"}).drop_duplicates(["document_id", "bracket", "agency"])
    joined = directives.assign(bracket=pd.array(covering, dtype="Int64")).dropna(subset="bracket")
    return joined.merge(agencies, on=["document_id", "bracket"]).drop(columns="bracket")


def compare_strength(
    corpus: Corpus,
    document_id: str,
    reference_id: str,
    *,
    pairs: pd.DataFrame | None = None,
    verbs: pd.DataFrame | None = None,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare how firmly matched tasks of two documents are worded: one row is a pair of tasks.

    Parameters
    ----------
    corpus : Corpus
        The corpus that holds both documents.
    document_id : str
        The document.
    reference_id : str
        The document it is compared with.
    pairs : DataFrame, optional
        The pairs of tasks, as in compare_targets. By default the matched pairs of align_tasks.
    verbs : DataFrame, optional
        The scale of strength, by default the one that ships (load_verbs).
    n_resamples : int, default 1000
        Draws of tasks behind the interval of `difference`; 0 for none.
    seed : int, default 0
        Of these draws.

    Returns
    -------
    DataFrame
        `document_id`, `task`, `reference_id`, `reference_task`; `n_coded`, `median` (1 to 5) and `share_firm` (0 to 1) of
        measure_strength, each followed by the same of the reference with the prefix `reference_`; `delta`, Cliff's
        delta, -1 to 1, NaN if one side has no coded clauses. The last four columns hold in every row the same of the two
        documents: `baseline`, the mean delta over all pairs of their tasks, matched or not, -1 to 1; `difference`, the mean
        delta of the matched pairs minus `baseline`, -2 to 2; `low` and `high`, its 95% interval, NaN if fewer than seven
        groups of tasks that are matched with each other have a delta.

    Raises
    ------
    PolicylabError
        If an id is not in the corpus, if `pairs` holds only other documents or a pair without a task, or if `pairs` is not
        given and a document has no numbered tasks.

    Notes
    -----
    Of all pairs of a clause of the document and one of the reference, delta is the share in which the document's is firmer
    minus the share in which the reference's is. Above 0 the document words the task more firmly. With three clauses on
    each side delta moves in steps of a ninth, so read it with both counts. It compares wording, not what is done.

    A document that is worded firmly throughout has a high delta in every pair, also where the two tasks have nothing to do
    with each other. Only `difference` says something about matched tasks: above 0 the document words what it takes up
    more firmly than the wording of both documents as a whole would lead one to expect. The interval resamples groups of
    tasks of both documents that are matched with each other, directly or through others, and tasks without a match as
    groups of one. It takes the matches as given.

    Source: Cliff, N. (1993). Dominance statistics. Psychological Bulletin 114(3), 494-509.

    Examples
    --------
    >>> import policylab as lab
    >>> tasks = pd.DataFrame({"task": [21], "reference_task": [18]})
    >>> compare_strength(lab.load_corpus(), "chongqing-2019", "national-2019", pairs=tasks)["median"].tolist()
    [2.0]
    """
    check_resamples(n_resamples, seed)
    for name in (document_id, reference_id):
        find_document(corpus, name)
    matched = sorted(list_matched(corpus, document_id, reference_id, pairs))
    directives = find_directives(corpus, verbs=verbs)
    own, other = (_count_levels(directives, name) for name in (document_id, reference_id))
    columns = {"document_id": document_id, "task": [i for i, _ in matched], "reference_id": reference_id}
    table = pd.DataFrame(columns | {"reference_task": [j for _, j in matched]}, index=range(len(matched)))
    counts = own.reindex(table["task"], fill_value=0), other.reindex(table["reference_task"], fill_value=0)
    for name, measure in (("n_coded", _count_coded), ("median", _find_median), ("share_firm", _share_firm)):
        for prefix, levels in zip(("", "reference_"), counts):
            table[prefix + name] = measure(levels.to_numpy())
    deltas = measure_deltas(own, other)
    coded = [i in deltas.index and j in deltas.columns for i, j in matched]
    table["delta"] = [deltas.at[pair] if both else np.nan for pair, both in zip(matched, coded)]
    types = dict.fromkeys(["task", "reference_task", "n_coded", "reference_n_coded"], "Int64")
    types |= dict.fromkeys(["document_id", "reference_id"], "str")
    return table.astype(types).assign(**compare_with_all(matched, deltas, own, other, n_resamples, seed))


def _count_levels(directives, document_id):
    """The coded clauses of each strength (columns) in each task of a document that has any (rows)."""
    coded = directives[directives["document_id"] == document_id].dropna(subset=["task", "strength"])
    counts = pd.crosstab(coded["task"].astype(int), coded["strength"].astype(int))
    return counts.reindex(columns=list(STRENGTHS), fill_value=0)


def _count_coded(levels):
    return levels.sum(axis=1)


def _find_median(levels):
    values = [np.repeat(STRENGTHS, row) for row in levels]
    return [float(np.median(row)) if len(row) else np.nan for row in values]


def _share_firm(levels):
    return divide(levels[:, FIRM - 1 :].sum(axis=1), levels.sum(axis=1))
