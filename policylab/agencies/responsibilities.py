"""Agencies: who is named as responsible, in which role, with whom, and who corresponds to whom across tiers.

All of this is read from the brackets （责任单位：…） and from data/agencies/agencies.csv, which lists which printed names
mean one agency, its tier and type, and its remit, by which agencies of different tiers are matched.
"""

import os
import unicodedata
import warnings
from collections.abc import Sequence

import pandas as pd

from policylab.alignment.matching import list_matched
from policylab.base.arguments import as_list
from policylab.base.columns import need_columns
from policylab.base.datafile import find_datafile, match_names, read_datafile
from policylab.base.errors import PolicylabWarning
from policylab.base.levels import LEVELS
from policylab.base.paths import AGENCIES
from policylab.corpus.bundle import Corpus
from policylab.corpus.choice import find_document

# local: any level below the ministry, where the name does not say which.
TIERS = (*LEVELS, "local", "school", "enterprise")
TYPES = ("department", "affiliated", "media", "authority", "collective", "school", "enterprise")

# Duties of those who only help. Whoever has one never leads, even if named first.
_HELPING = ("配合", "参与", "参加", "协助", "协办")
_LEADING = ("牵头", "主办")


def load_agencies(path: str | os.PathLike | None = None) -> pd.DataFrame:
    """Load the table of agencies: one row is a name as printed, or a pattern for names that no row lists.

    Parameters
    ----------
    path : path, optional
        A CSV file of your own with these columns. By default the one that ships.

    Returns
    -------
    DataFrame
        `name`; `match` (exact, pattern); `type`; `reason`; `agency`, the canonical name (blank in a pattern: the name as
        printed); `tier` (blank: the tier of the document that names it); `counterpart`, the remit: agencies that share
        one correspond to each other across tiers (several are divided by 、); `gloss_en`. None where a cell is blank.

    Raises
    ------
    PolicylabError
        One message with all problems of the file: row, column, value and remedy.

    Examples
    --------
    >>> load_agencies().set_index("name").loc[["科技司", "科技处"], "counterpart"].tolist()
    ['科技与信息化', '科技与信息化']
    """
    needed, optional = ["name", "match", "type", "reason"], ["agency", "tier", "counterpart", "gloss_en"]
    allowed = {"tier": TIERS, "type": TYPES}
    return read_datafile(find_datafile(path, AGENCIES), needed, optional, key=["name"], allowed=allowed)


def list_agencies(corpus: Corpus, *, agencies: pd.DataFrame | None = None) -> pd.DataFrame:
    """List the responsible agencies under their canonical names: one row is a mention of an agency in a bracket.

    Parameters
    ----------
    corpus : Corpus
        The corpus.
    agencies : DataFrame, optional
        The table of agencies, by default the one that ships (load_agencies).

    Returns
    -------
    DataFrame
        `document_id`, `task`, `paragraph`, `position` among the units of the paragraph (from 1), `name` as printed, `agency`
        (the canonical name), `role` (lead, co), `duty` and `deadline` as printed (missing if nothing is said), `tier`,
        `type`, `counterpart` (its remit; several are divided by 、), `match` (exact, pattern; missing if the name is not in
        the table), `section`, `level`, `year`.

    Warns
    -----
    PolicylabWarning
        If names are not in the table: they are kept as printed. If the corpus names no agency: the table is empty.

    Notes
    -----
    The lead is whoever is named under 牵头 or 主办, otherwise the first name of the paragraph unless its duty is only to
    help (配合, 参与, 协助 …). That the first named leads is a custom of these documents, not a rule that they state.

    Names are compared with full-width brackets and without spaces, both in the text and in the table.

    Examples
    --------
    >>> import policylab as lab
    >>> mentions = list_agencies(lab.load_corpus())
    >>> mentions.loc[mentions["name"] == "人教社", ["agency", "tier", "role"]].drop_duplicates().values.tolist()
    [['人民教育出版社', 'national', 'lead'], ['人民教育出版社', 'national', 'co']]
    """
    agencies = load_agencies() if agencies is None else agencies
    folded = [_fold(name) if match == "exact" else name for name, match in zip(agencies["name"], agencies["match"])]
    mentions = corpus.responsibilities.rename(columns={"unit": "name"})
    if mentions.empty:
        _warn("The corpus names no responsible agency, so every table of agencies is empty.")
    names = {name: _fold(name) for name in sorted(set(mentions["name"]))}
    rows = match_names([*names.values()], agencies.assign(name=folded), "name")
    rows.index = list(names)
    unknown = rows.index[rows["match"].isna()]
    if len(unknown):
        _warn(
            f"Names that are not in the table of agencies are kept as printed ({len(unknown)}): {'、'.join(unknown)}."
        )
    rows["agency"] = rows["agency"].fillna(pd.Series(names, dtype=object))
    for column in ("agency", "type", "counterpart", "match"):
        mentions[column] = mentions["name"].map(rows[column]).astype("str")
    documents = corpus.documents.set_index("document_id")
    mentions["level"] = mentions["document_id"].map(documents["level"])
    mentions["year"] = mentions["document_id"].map(documents["year"])
    mentions["tier"] = mentions["name"].map(rows["tier"]).astype("str").fillna(mentions["level"])
    sections = corpus.tasks.set_index(["document_id", "task"])["section"]
    mentions["section"] = sections.reindex(pd.MultiIndex.from_frame(mentions[["document_id", "task"]])).array
    mentions["role"] = _find_roles(mentions)
    order = [
        "document_id",
        "task",
        "paragraph",
        "position",
        "name",
        "agency",
        "role",
        "duty",
        "deadline",
        "tier",
        "type",
    ]
    return mentions[[*order, "counterpart", "match", "section", "level", "year"]]


def _warn(message):
    warnings.warn(message, PolicylabWarning, stacklevel=3)


def _fold(name):
    """A name with full-width brackets and without spaces."""
    return "".join(unicodedata.normalize("NFKC", name).split()).replace("(", "（").replace(")", "）")


def _find_roles(mentions):
    duty = mentions["duty"].fillna("")
    named = duty.str.startswith(_LEADING)
    helping = duty.str.startswith(_HELPING)
    place = [mentions["document_id"], mentions["task"], mentions["paragraph"].fillna(0)]
    has_named = named.groupby(place, dropna=False).transform("any")
    lead = named | (~has_named & ~helping & (mentions["position"] == 1))
    return pd.Series("co", index=mentions.index, dtype="str").mask(lead.astype(bool), "lead")


def trace_responsibilities(corpus: Corpus) -> pd.DataFrame:
    """Find out whether tasks name who is responsible: one row is a task.

    Parameters
    ----------
    corpus : Corpus
        The corpus.

    Returns
    -------
    DataFrame
        `document_id`, `task`, `section`; `state` (stated, inherited, absent); `source`, the paragraph whose bracket an
        inherited task takes over, otherwise missing; `n_paragraphs` of the task, and of these `n_stated`, `n_inherited`,
        `n_absent`.

    Notes
    -----
    A paragraph with a bracket states its agencies. One without inherits them from the next paragraph of its task that has
    a bracket, because a bracket closes the text that it covers. All paragraphs of a task inherit a bracket on its heading;
    join_agencies, which works by paragraph, leaves such a bracket out.

    A task is stated if its heading or one of its paragraphs has a bracket. Otherwise it inherits from a bracket of its
    section that belongs to no task. Otherwise it is absent, which means that the document is silent, not that nobody is
    responsible.

    Examples
    --------
    >>> import policylab as lab
    >>> trace_responsibilities(lab.load_corpus(versions="all")).groupby(["document_id", "state"]).size().to_dict()
    ... # doctest: +NORMALIZE_WHITESPACE
    {('chongqing-2019', 'stated'): 31, ('fujian-2020', 'stated'): 28, ('national-2017', 'stated'): 28,
     ('national-2019', 'stated'): 35, ('national-2019-web', 'absent'): 35}
    """
    named = corpus.responsibilities
    by_paragraph = set(zip(named["document_id"], named["paragraph"].fillna(0)))
    by_heading = set(zip(named["document_id"], named["task"].fillna(0)))
    paragraphs = corpus.paragraphs.sort_values(["document_id", "paragraph"])
    of_section = {
        (p.document_id, p.section): p.paragraph
        for p in paragraphs[paragraphs["task"].isna() & paragraphs["section"].notna()].itertuples()
        if (p.document_id, p.paragraph) in by_paragraph
    }
    within = {
        key: list(group["paragraph"])
        for key, group in paragraphs.dropna(subset="task").groupby(["document_id", "task"])
    }
    rows = []
    for document_id, task, section in zip(*(corpus.tasks[name] for name in ("document_id", "task", "section"))):
        own = within.get((document_id, task), [])
        stated = [number for number in own if (document_id, number) in by_paragraph]
        source = None if pd.isna(section) else of_section.get((document_id, section))
        if stated:
            state, source = "stated", None
            # All paragraphs before the last bracket are covered, those with a bracket of their own being stated.
            inherited = sum(number < stated[-1] for number in own) - len(stated[:-1])
        elif (document_id, task) in by_heading:
            state, source, inherited = "stated", None, len(own)
        else:
            state, inherited = ("absent", 0) if source is None else ("inherited", len(own))
        counts = (len(own), len(stated), inherited, len(own) - len(stated) - inherited)
        rows.append((document_id, task, section, state, source, *counts))
    places, counted = ["task", "section", "source"], ["n_paragraphs", "n_stated", "n_inherited", "n_absent"]
    types = dict.fromkeys(places, "Int64") | dict.fromkeys(counted, "int64")
    table = pd.DataFrame(rows, columns=["document_id", "task", "section", "state", "source", *counted])
    return table.astype({"document_id": "str", "state": "str", **types})


def count_agencies(mentions: pd.DataFrame, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """Count the tasks that name each agency: one row is an agency in a document, or in a group of its tasks.

    Parameters
    ----------
    mentions : DataFrame
        Table of list_agencies.
    by : str or sequence of str, default ()
        Columns of `mentions` that divide the tasks of a document into groups, such as `section`.

    Returns
    -------
    DataFrame
        `document_id`, `level`, `year`, the columns of `by`, `agency`, `tier`, `type`; `n_tasks` that name the agency, of
        these `n_lead`, in which it leads at least one paragraph, and the others, `n_co`; `n_named`, the tasks of the
        document and group that name any agency; `share`, n_tasks / n_named, 0 to 1. Agencies with most tasks come first.

    Raises
    ------
    PolicylabError
        If `mentions` lacks a column.

    Notes
    -----
    The higher the share, the more of the agenda names the agency. Tasks differ in size, and authors divide a plan as they
    please, so shares of documents with very different numbers of tasks should not be compared.

    Examples
    --------
    >>> import policylab as lab
    >>> counts = count_agencies(list_agencies(lab.load_corpus()))
    >>> counts.query("document_id == 'chongqing-2019'").head(2)[["agency", "n_tasks", "n_lead"]].values.tolist()
    [['市教育信息技术与装备中心', 23, 1], ['科技处', 22, 12]]
    """
    group = as_list(["document_id", "level", "year", *as_list(by)])
    need_columns(mentions, [*group, "task", "agency", "role", "tier", "type"], "mentions")
    tasks = mentions.dropna(subset="task").assign(lead=mentions["role"] == "lead")
    once = tasks.groupby([*group, "agency", "tier", "type", "task"], dropna=False, as_index=False)["lead"].any()
    counts = once.groupby([*group, "agency", "tier", "type"], dropna=False, as_index=False).agg(
        n_tasks=("task", "size"), n_lead=("lead", "sum")
    )
    named = once.groupby(group, dropna=False)["task"].nunique().rename("n_named").reset_index()
    counts = counts.assign(n_co=counts["n_tasks"] - counts["n_lead"]).merge(named, on=group)
    counts["share"] = counts["n_tasks"] / counts["n_named"]
    order = [*group, "n_tasks", "n_lead", "agency"]
    return counts.sort_values(order, ascending=[True] * len(group) + [False, False, True], ignore_index=True)


def compare_agencies(
    corpus: Corpus,
    document_id: str,
    reference_id: str,
    *,
    pairs: pd.DataFrame | None = None,
    agencies: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Find out whether matched tasks go to agencies with the same remit: one row is an agency of a reference task.

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
    agencies : DataFrame, optional
        The table of agencies, by default the one that ships (load_agencies).

    Returns
    -------
    DataFrame
        `document_id`, `task`, `reference_id`, `reference_task`, `reference_agency`, `reference_role` (lead if it leads any
        paragraph of the task), `counterpart` (its remit), `agency` (those of the task with that remit, joined by 、),
        `role` (lead if one of them leads), `outcome` (see Notes).

    Raises
    ------
    PolicylabError
        If an id is not in the corpus, if `pairs` holds only other documents or a pair without a task, or if `pairs` is not
        given and a document has no numbered tasks.

    Warns
    -----
    PolicylabWarning
        As in list_agencies.

    Notes
    -----
    `outcome` is one of

    * same role, other role: the task names an agency with that remit, in the same role or in another;
    * elsewhere: the task names none, but another task of the document does;
    * no counterpart: the document names none at all, or the table gives the agency no remit. Nothing can be concluded.

    An agency that several matched tasks name has a row for each of them. Agencies of different tiers are matched only by
    the remit that agencies.csv gives them; question it there.

    Examples
    --------
    >>> import policylab as lab
    >>> tasks = pd.DataFrame({"task": [21], "reference_task": [18]})
    >>> table = compare_agencies(lab.load_corpus(), "chongqing-2019", "national-2019", pairs=tasks)
    >>> table[["reference_agency", "reference_role", "agency", "role", "outcome"]].head(2).values.tolist()
    [['科学技术与信息化司', 'lead', '科技处', 'lead', 'same role'], ['教育督导局', 'co', '教育督导室', 'co', 'same role']]
    """
    for name in (document_id, reference_id):
        find_document(corpus, name)
    matched = list_matched(corpus, document_id, reference_id, pairs)
    mentions = list_agencies(corpus, agencies=agencies).dropna(subset="task")
    own = mentions[mentions["document_id"] == document_id]
    other = mentions[mentions["document_id"] == reference_id]
    remits = own.assign(remit=own["counterpart"].str.split("、")).explode("remit").dropna(subset="remit")
    named = {task: list(rows.itertuples()) for task, rows in remits.groupby("task")}
    # Whoever leads one paragraph of the task leads the task.
    theirs = other.sort_values("role", ascending=False, kind="stable").drop_duplicates(["task", "agency"]).sort_index()
    asked = {task: rows.to_dict("records") for task, rows in theirs.groupby("task")}
    anywhere, rows = set(remits["remit"]), []
    for task, reference_task in sorted(matched):
        for agency in asked.get(reference_task, []):
            remit = set() if pd.isna(agency["counterpart"]) else set(agency["counterpart"].split("、"))
            answering = [row for row in named.get(task, []) if row.remit in remit]
            role = "lead" if any(row.role == "lead" for row in answering) else "co" if answering else None
            if role:
                outcome = "same role" if role == agency["role"] else "other role"
            else:
                outcome = "elsewhere" if remit & anywhere else "no counterpart"
            answers = "、".join(dict.fromkeys(str(row.agency) for row in answering)) or None
            reference = (reference_id, reference_task, agency["agency"], agency["role"], agency["counterpart"])
            rows.append((document_id, task, *reference, answers, role, outcome))
    columns = ["document_id", "task", "reference_id", "reference_task", "reference_agency", "reference_role"]
    table = pd.DataFrame(rows, columns=[*columns, "counterpart", "agency", "role", "outcome"])
    ordinals = {"task": "Int64", "reference_task": "Int64"}
    return table.astype({name: ordinals.get(name, "str") for name in table})
