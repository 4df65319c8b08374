"""Directive strength: how binding the wording of a plan is, read from the verbs that open its actions.

The scale is in data/strength/verbs.csv: 5 a result (完成), 4 a deed done once (印发, 启动), 3 carrying out (落实, 开展), 2
asking for more (推进, 加强), 1 leaving it open (鼓励, 探索). It is ordinal: only the order means something.
"""

import os
import re
from bisect import bisect_left

import pandas as pd

from policylab.alignment.matching import list_matched
from policylab.base.arguments import as_list
from policylab.base.columns import need_columns
from policylab.base.datafile import find_datafile, read_datafile
from policylab.base.paths import VERBS
from policylab.corpus.choice import find_document

LEVELS = (1, 2, 3, 4, 5)
ROLES = ("verb", "modifier", "both")
FIRM = 4  # from here on it can be looked up afterwards whether it was done

# A clause ends at a mark, but not within a title, a quotation or a bracket. 、 divides lists, not actions.
_CLAUSE = re.compile(r"(?:《[^《》]*》|“[^“”]*”|（[^（）]*）|\([^()]*\)|[^，。；：！？,;:!?\n])+")
# Nouns that begin like a verb (规范的, 应用的 and these): they open no action. Only compounds that are hardly ever verb and
# object: 管理信息化 is a field, while 建设信息化平台 stays an action.
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
    allowed = {"role": ROLES, "strength": [str(level) for level in LEVELS]}
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


def find_directives(corpus, verbs=None):
    """The clauses of all paragraphs and the verbs that open them: one row is a clause.

    Columns: `document_id`, `paragraph`, `task`, `goal`, `clause` (ordinal in the paragraph), `text`, `verb` and
    `strength` (1-5), both missing where no listed verb opens the clause (subjects, circumstances, slogans), `start`,
    `end` of the clause in the paragraph's text. The longest listed word counts, after modifiers are skipped.

    >>> import policylab as lab
    >>> directives = find_directives(lab.load_corpus())
    >>> row = directives[directives["text"] == "组织教师晒课15万堂"].iloc[0]
    >>> row["verb"], int(row["strength"])
    ('组织', 3)
    """
    verbs = load_verbs() if verbs is None else verbs
    scale = dict(zip(verbs["verb"], verbs["strength"]))
    find_verb, skip = _compile(verbs, ("verb", "both")), _compile(verbs, ("modifier", "both"))
    rows = []
    for paragraph in corpus.paragraphs.itertuples():
        for number, clause in enumerate(_CLAUSE.finditer(paragraph.text), 1):
            verb = _find_opening(clause.group(), find_verb, skip)
            place = (paragraph.document_id, paragraph.paragraph, paragraph.task, paragraph.goal, number)
            rows.append((*place, clause.group(), verb, scale.get(verb), *clause.span()))
    columns = ["document_id", "paragraph", "task", "goal", "clause", "text", "verb", "strength", "start", "end"]
    types = dict.fromkeys(["paragraph", "task", "goal", "strength"], "Int64") | dict.fromkeys(
        ["clause", "start", "end"], "int64"
    )
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({name: types.get(name, "str") for name in columns})


def _compile(verbs, roles):
    words = sorted(verbs.loc[verbs["role"].isin(roles), "verb"], key=lambda word: (-len(word), word))
    # 规范的, 应用的 open a noun too.
    return re.compile(rf"(?!{'|'.join(_NOUNS)})(?:{'|'.join(map(re.escape, words)) or '(?!)'})(?!的)").match


def _find_opening(clause, find_verb, skip):
    """The verb that opens a clause, or None."""
    at, verb = _OPENING.match(clause).end(), None
    while True:
        found = find_verb(clause, at)
        verb = found.group() if found else verb
        skipped = skip(clause, at)
        # 加快推进: skipped as a modifier if a verb follows, else itself the verb. 推进 is no modifier, so the search ends.
        if skipped is None or (found and found.end() > skipped.end()):
            return verb
        at = skipped.end()


def measure_strength(directives, by=("document_id", "task")):
    """How firmly each group of clauses is worded: one row is a task (or what `by` names).

    Columns: those of `by`, `n_clauses`, `n_coded` (opened by a listed verb), `n_1` … `n_5`, `median` (of the coded
    clauses; NaN without any), `share_firm` (0-1: coded clauses of strength 4 or 5, whose doing can be looked up). Higher:
    more is promised in words that can be checked. It misleads with few clauses (read n_coded), and a long list of small
    deeds outweighs one large one. Rows where a column of `by` is missing are left out, such as goals when by task.

    >>> clauses = pd.DataFrame({"document_id": "甲", "task": 1, "strength": pd.array([5, 2, None], dtype="Int64")})
    >>> measure_strength(clauses)[["n_clauses", "n_coded", "median", "share_firm"]].values.tolist()
    [[3, 2, 3.5, 0.5]]
    """
    by = as_list(by)
    need_columns(directives, [*by, "strength"], "directives")
    kept = directives.dropna(subset=by)
    groups = kept.groupby(by)["strength"]
    table = pd.DataFrame({"n_clauses": groups.size(), "n_coded": groups.count()})
    for level in LEVELS:
        table[f"n_{level}"] = (
            kept["strength"].eq(level).fillna(False).astype("int64").groupby([kept[name] for name in by]).sum()
        )
    table["median"] = kept["strength"].astype("float64").groupby([kept[name] for name in by]).median()
    table["share_firm"] = (table["n_4"] + table["n_5"]) / table["n_coded"].where(table["n_coded"] > 0)
    return table.reset_index()


def join_agencies(directives, mentions):
    """The clauses with the units that carry them: one row is a clause and a unit.

    `mentions` is the table of list_agencies. A clause belongs to the units of its paragraph's bracket; a paragraph without one
    inherits the next bracket of its task. Clauses that no bracket covers are left out, and so are those of a task whose
    bracket stands on its heading, although trace_responsibilities counts that as stated. Columns: those of `directives`,
    `unit`, `role`, `tier`, `type`. Sums over units count a clause once for each of its units.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> joined = join_agencies(find_directives(corpus), lab.list_agencies(corpus))
    >>> measure_strength(joined[joined["role"] == "lead"], ["document_id", "unit"]).query("unit == '科技处'")["n_coded"].tolist()
    [101, 79]
    """
    stated = mentions.dropna(subset=["task", "paragraph"])
    brackets = {key: sorted(set(rows["paragraph"])) for key, rows in stated.groupby(["document_id", "task"])}
    covering = []
    for row in directives[["document_id", "task", "paragraph"]].itertuples(index=False):
        held = [] if pd.isna(row.task) else brackets.get((row.document_id, row.task), [])
        at = bisect_left(held, row.paragraph)
        covering.append(held[at] if at < len(held) else None)
    units = stated[["document_id", "paragraph", "unit", "role", "tier", "type"]].rename(
        columns={"paragraph": "bracket"}
    )
    units = units.drop_duplicates(["document_id", "bracket", "unit"])
    joined = directives.assign(bracket=pd.array(covering, dtype="Int64")).dropna(subset="bracket")
    return joined.merge(units, on=["document_id", "bracket"]).drop(columns="bracket")


def compare_strength(corpus, document_id, reference_id, pairs=None, verbs=None):
    """National against provincial wording: one row is a matched pair of tasks.

    Columns: `document_id`, `task`, `reference_id`, `reference_task`, `n_coded`, `reference_n_coded`, `median`,
    `reference_median`, `share_firm`, `reference_share_firm`, and `delta` (Cliff's delta, -1 to 1, NaN where one side has
    no coded clause): the share of pairs of clauses in which the document's is the firmer, less the share in which the
    reference's is. Above 0 the document words the task more firmly. With three clauses a side delta moves in ninths, so
    read it with the two counts; it compares wording, not what is done. `pairs` as in compare_targets.

    Source: Cliff, N. (1993). Dominance statistics. Psychological Bulletin 114(3), 494-509.

    >>> import policylab as lab
    >>> tasks = pd.DataFrame({"task": [21], "reference_task": [18]})
    >>> compare_strength(lab.load_corpus(), "chongqing-2019", "national-2019", tasks)["median"].tolist()
    [2.0]
    """
    for name in (document_id, reference_id):
        find_document(corpus, name)
    matched = list_matched(corpus, document_id, reference_id, pairs)
    directives = find_directives(corpus, verbs)
    coded = directives.dropna(subset=["task", "strength"]).astype({"strength": "int64"})
    levels = {key: rows["strength"].tolist() for key, rows in coded.groupby(["document_id", "task"])}
    rows = []
    for task, reference_task in sorted(matched):
        own, other = levels.get((document_id, task), []), levels.get((reference_id, reference_task), [])
        pair = []
        for measure in (len, _median, _share_firm):
            pair += [measure(own), measure(other)]
        rows.append((document_id, task, reference_id, reference_task, *pair, _delta(own, other)))
    measured = [f"{side}{name}" for name in ("n_coded", "median", "share_firm") for side in ("", "reference_")]
    columns = ["document_id", "task", "reference_id", "reference_task", *measured, "delta"]
    table = pd.DataFrame(rows, columns=columns)
    types = dict.fromkeys(["task", "reference_task", "n_coded", "reference_n_coded"], "Int64")
    return table.astype({name: "str" if name.endswith("_id") else types.get(name, "float64") for name in columns})


def _median(levels):
    return float(pd.Series(levels).median()) if levels else float("nan")


def _share_firm(levels):
    return sum(level >= FIRM for level in levels) / len(levels) if levels else float("nan")


def _delta(own, other):
    if not own or not other:
        return float("nan")
    return sum((a > b) - (a < b) for a in own for b in other) / (len(own) * len(other))
