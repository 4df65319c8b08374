"""Actors: who is named as responsible, in which role, with whom, and who answers whom across the tiers.

Everything here rests on the brackets （责任单位：…） and on data/actors/units.csv, which says which printed names are one
unit, of which tier and type, and which unit has the same remit elsewhere.
"""

import os
import unicodedata
import warnings

import pandas as pd

from policylab.alignment.matching import list_matched
from policylab.base.columns import need_columns
from policylab.base.datafile import find_datafile, match_names, read_datafile
from policylab.base.errors import PolicylabWarning
from policylab.base.levels import LEVELS
from policylab.base.paths import AGENCIES
from policylab.corpus.choice import find_document

# local: all levels below the ministry, where the name does not tell which.
TIERS = (*LEVELS, "local", "school", "enterprise")
TYPES = ("department", "affiliated", "media", "authority", "collective", "school", "enterprise")
STATES = ("stated", "inherited", "absent")

# Duties that only help; whoever bears one is never the lead, wherever the name stands.
_HELPING = ("配合", "参与", "参加", "协助", "协办")
_LEADING = ("牵头", "主办")


def load_agencies(path: str | os.PathLike | None = None) -> pd.DataFrame:
    """Load the table of units: one row is a name as printed, or a pattern for names that no row lists.

    Parameters
    ----------
    path : path, optional
        A CSV file of your own with these columns. By default the one that ships.

    Returns
    -------
    DataFrame
        `name`; `match` (exact, pattern); `type`; `reason`; `unit`, the canonical name (blank in a pattern: the name as
        printed); `tier` (blank: the tier of the document that names it); `counterpart`, the remit: units that share one
        answer each other across tiers (several are divided by 、); `gloss_en`. None where a cell is blank.

    Raises
    ------
    PolicylabError
        One message with all problems of the file: row, column, value and remedy.

    Examples
    --------
    >>> load_agencies().set_index("name").loc[["科技司", "科技处"], "counterpart"].tolist()
    ['科技与信息化', '科技与信息化']
    """
    needed, optional = ["name", "match", "type", "reason"], ["unit", "tier", "counterpart", "gloss_en"]
    allowed = {"tier": TIERS, "type": TYPES}
    return read_datafile(find_datafile(path, AGENCIES), needed, optional, key=["name"], allowed=allowed)


def list_agencies(corpus, units=None):
    """Every unit of every responsibility, under its canonical name: one row is one mention in a bracket.

    Columns: those of corpus.responsibilities, with `name` for the unit as printed and `unit` for the canonical one; `role`
    (lead, co), `tier`, `type`, `counterpart`, `match` (how the table knew it; missing where it did not), `section`,
    `level`, `year`. The lead is the first named of a paragraph, or whoever stands under 牵头单位; that the first named
    leads is a custom of these documents, not a rule they state.

    Names are compared in one width of brackets and without blanks, in the text as in the table.

    A corpus without responsibilities gives an empty table and a PolicylabWarning. Names that the table does not know are
    kept as printed and named in a PolicylabWarning.

    >>> import policylab as lab
    >>> mentions = list_agencies(lab.load_corpus())
    >>> mentions.loc[mentions["name"] == "人教社", ["unit", "tier", "role"]].drop_duplicates().values.tolist()
    [['人民教育出版社', 'national', 'lead'], ['人民教育出版社', 'national', 'co']]
    """
    units = load_agencies() if units is None else units
    units = units.assign(name=[_fold(n) if m == "exact" else n for n, m in zip(units["name"], units["match"])])
    mentions = corpus.responsibilities.rename(columns={"unit": "name"})
    if mentions.empty:
        _warn("The corpus names no responsible unit: every table of units is empty.")
    names = {name: _fold(name) for name in sorted(set(mentions["name"]))}
    rows = match_names([*names.values()], units, "name")
    rows.index = list(names)
    unknown = rows.index[rows["match"].isna()]
    if len(unknown):
        _warn(f"{len(unknown)} names of units are not in the table and stay as printed: {'、'.join(unknown)}.")
    rows["unit"] = rows["unit"].fillna(pd.Series(names, dtype=object))
    for column in ("unit", "type", "counterpart", "match"):
        mentions[column] = mentions["name"].map(rows[column]).astype("str")
    documents = corpus.documents.set_index("document_id")
    mentions["level"] = mentions["document_id"].map(documents["level"])
    mentions["year"] = mentions["document_id"].map(documents["year"])
    mentions["tier"] = mentions["name"].map(rows["tier"]).astype("str").fillna(mentions["level"])
    sections = corpus.tasks.set_index(["document_id", "task"])["section"]
    mentions["section"] = sections.reindex(pd.MultiIndex.from_frame(mentions[["document_id", "task"]])).array
    mentions["role"] = _tell_roles(mentions)
    order = [
        "document_id",
        "task",
        "paragraph",
        "position",
        "name",
        "unit",
        "role",
        "duty",
        "tier",
        "type",
        "counterpart",
    ]
    return mentions[[*order, "match", "section", "level", "year"]]


def _warn(message):
    warnings.warn(message, PolicylabWarning, stacklevel=3)


def _fold(name):
    """A name with one width of brackets and no blanks."""
    return "".join(unicodedata.normalize("NFKC", name).split()).replace("(", "（").replace(")", "）")


def _tell_roles(mentions):
    duty = mentions["duty"].fillna("")
    named = duty.str.startswith(_LEADING)
    helping = duty.str.startswith(_HELPING)
    place = [mentions["document_id"], mentions["task"], mentions["paragraph"].fillna(0)]
    has_named = named.groupby(place, dropna=False).transform("any")
    lead = named | (~has_named & ~helping & (mentions["position"] == 1))
    return pd.Series("co", index=mentions.index, dtype="str").mask(lead.astype(bool), "lead")


def trace_responsibilities(corpus):
    """Whether each task says who is responsible: one row is a task.

    Columns: `document_id`, `task`, `section`, `state`, `source` (the paragraph that states it, where it is inherited),
    `n_paragraphs` of the task, and of these `n_stated`, `n_inherited`, `n_absent`. A paragraph with a bracket states its
    units; one without inherits them from the next paragraph of its task that has one, because a bracket closes the
    text it covers. A task is stated if one of its paragraphs is; else it inherits from a bracket of its section
    that stands under no task; else it is absent, which says that the document is silent, not that nobody is
    responsible. A bracket on the heading of a task states all its paragraphs; join_agencies, which goes by paragraphs,
    leaves such a bracket out.

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
    for task in corpus.tasks.itertuples():
        own = within.get((task.document_id, task.task), [])
        stated = [number for number in own if (task.document_id, number) in by_paragraph]
        covered = sum(number < max(stated, default=0) for number in own) - len(stated[:-1])
        source = None if pd.isna(task.section) else of_section.get((task.document_id, task.section))
        if stated or (task.document_id, task.task) in by_heading:
            state, source = "stated", None
            # A bracket on the heading covers all paragraphs.
            covered = covered if stated else len(own)
        else:
            state = "absent" if source is None else "inherited"
            covered = 0 if source is None else len(own)
        counts = (len(own), len(stated), covered, len(own) - len(stated) - covered)
        rows.append((task.document_id, task.task, task.section, state, source, *counts))
    columns = [
        "document_id",
        "task",
        "section",
        "state",
        "source",
        "n_paragraphs",
        "n_stated",
        "n_inherited",
        "n_absent",
    ]
    types = dict.fromkeys(["task", "section", "source"], "Int64") | dict.fromkeys(columns[5:], "int64")
    return pd.DataFrame(rows, columns=columns).astype({"document_id": "str", "state": "str", **types})


def count_agencies(mentions, by=()):
    """How many tasks each unit carries: one row is a unit of a document (and of a section, with by="section").

    `mentions` is the table of list_agencies. Columns: `document_id`, `level`, `year`, those of `by`, `unit`, `tier`, `type`;
    `n_tasks`, of these `n_lead` (it leads at least one paragraph of the task) and `n_co`; `n_named` (tasks of the row's
    document and group that name anybody), `share` = n_tasks / n_named (0-1). Higher: the unit is named for more of the
    agenda. Tasks differ in size and a plan is cut as it pleases its authors, so shares say little across documents with
    very different numbers of tasks.

    >>> import policylab as lab
    >>> counts = count_agencies(list_agencies(lab.load_corpus()))
    >>> counts.query("document_id == 'chongqing-2019'").head(2)[["unit", "n_tasks", "n_lead"]].values.tolist()
    [['市教育信息技术与装备中心', 23, 1], ['科技处', 22, 12]]
    """
    group = ["document_id", "level", "year", *([by] if isinstance(by, str) else by)]
    need_columns(mentions, [*group, "task", "unit", "role", "tier", "type"], "mentions")
    tasks = mentions.dropna(subset="task").assign(lead=mentions["role"] == "lead")
    once = tasks.groupby([*group, "unit", "tier", "type", "task"], dropna=False, as_index=False)["lead"].any()
    counts = once.groupby([*group, "unit", "tier", "type"], dropna=False, as_index=False).agg(
        n_tasks=("task", "size"), n_lead=("lead", "sum")
    )
    named = once.groupby(group, dropna=False)["task"].nunique().rename("n_named").reset_index()
    counts = counts.assign(n_co=counts["n_tasks"] - counts["n_lead"]).merge(named, on=group)
    counts["share"] = counts["n_tasks"] / counts["n_named"]
    order = [*group, "n_tasks", "n_lead", "unit"]
    return counts.sort_values(order, ascending=[True] * len(group) + [False, False, True], ignore_index=True)


def compare_agencies(corpus, document_id, reference_id, pairs=None, units=None):
    """Whether a task goes to the office with the same remit: one row is a unit of a reference task in a matched pair.

    Columns: `document_id`, `task`, `reference_id`, `reference_task`, `reference_unit`, `reference_role`, `counterpart` (its
    remit), `unit` (those of the task with that remit, joined by 、), `role` (lead if one of them leads), `outcome`:
    * same role, other role: the task names a unit with that remit, in the same role or another;
    * elsewhere: it does not, but the document names such a unit for other tasks;
    * no counterpart: the document names none at all, or the table gives the unit no remit: nothing can be said.

    `pairs` as in compare_targets. A unit that takes part in several matched tasks has a row for each. Between tiers, names
    are set beside each other by the remit that units.csv gives them; dispute it there.

    >>> import policylab as lab
    >>> tasks = pd.DataFrame({"task": [21], "reference_task": [18]})
    >>> table = compare_agencies(lab.load_corpus(), "chongqing-2019", "national-2019", tasks)
    >>> table[["reference_unit", "reference_role", "unit", "role", "outcome"]].head(2).values.tolist()
    [['科学技术与信息化司', 'lead', '科技处', 'lead', 'same role'], ['教育督导局', 'co', '教育督导室', 'co', 'same role']]
    """
    for name in (document_id, reference_id):
        find_document(corpus, name)
    matched = list_matched(corpus, document_id, reference_id, pairs)
    mentions = list_agencies(corpus, units).dropna(subset="task")
    own = mentions[mentions["document_id"] == document_id]
    other = mentions[mentions["document_id"] == reference_id]
    remits = own.assign(remit=own["counterpart"].str.split("、")).explode("remit").dropna(subset="remit")
    rows = []
    for task, reference_task in sorted(matched):
        named = remits[remits["task"] == task]
        theirs = other[other["task"] == reference_task].drop_duplicates(["unit", "role"])
        # A unit that leads one paragraph of the task leads the task.
        theirs = theirs.sort_values("role", ascending=False, kind="stable").drop_duplicates("unit").sort_index()
        for unit in theirs.itertuples():
            remit = [] if pd.isna(unit.counterpart) else unit.counterpart.split("、")
            answering = named[named["remit"].isin(remit)]
            role = None if answering.empty else "lead" if (answering["role"] == "lead").any() else "co"
            if role:
                outcome = "same role" if role == unit.role else "other role"
            else:
                outcome = "elsewhere" if remits["remit"].isin(remit).any() else "no counterpart"
            answers = "、".join(dict.fromkeys(answering["unit"])) or None
            rows.append(
                (
                    document_id,
                    task,
                    reference_id,
                    reference_task,
                    unit.unit,
                    unit.role,
                    unit.counterpart,
                    answers,
                    role,
                    outcome,
                )
            )
    columns = [
        "document_id",
        "task",
        "reference_id",
        "reference_task",
        "reference_unit",
        "reference_role",
        "counterpart",
    ]
    table = pd.DataFrame(rows, columns=[*columns, "unit", "role", "outcome"])
    ordinals = {"task": "Int64", "reference_task": "Int64"}
    return table.astype({name: ordinals.get(name, "str") for name in table})
