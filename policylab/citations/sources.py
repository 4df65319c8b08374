"""Sources: which works stand behind a plan, under whatever spelling it cites them, and who issued them.

Rules fold spellings (brackets, dashes, blanks, an issuer before 关于) and read what the text tells about the issuer.
data/sources/works.csv holds only what no rule can know, each with its reason.
"""

import os
import re
import unicodedata

import pandas as pd

from policylab.base.datafile import find_datafile, match_names, read_datafile
from policylab.base.levels import LEVELS
from policylab.base.paths import WORKS
from policylab.corpus.choice import find_document

KINDS = ("policy", "law", "report", "other")
EVIDENCE = ("text", "outside")
USES = ("invoked", "announced", "mentioned")

# Who issued it, in the title before 关于 or in the words directly before 《: 教育部等六部门《关于…》.
_NATIONAL = "(?:中共中央|国务院|教育部|财政部|中央[^，。、；]{0,12}?(?:办公室|小组)|全国人大)"
_ISSUER = (
    rf"(?:中共[^，。、；《》]{{2,10}}?委(?:员会)?(?=关于)|{_NATIONAL}(?:办公厅|等[一二三四五六七八九十]+部门|、国务院)?"
    r"|(?:省|市|区)(?:委|政府|教委|教育厅))"
)
_PREFIX = re.compile(rf"({_ISSUER})(?=关于)")
_BEFORE = re.compile(rf"({_ISSUER})$")
_STARTS_NATIONAL = re.compile(rf"{_NATIONAL}|全国|中华人民共和国")
# What the plan does with a work. The last of these words before it decides: 修订并推动落实《…》 invokes it.
_DEED = re.compile(
    "(印发|编制|编写|制定|制订|研制|修订|出台|发布|出版)|(落实|贯彻|按照|根据|依据|执行|实施|推动|推进|推广|做好|对照|对标)"
)
_NUMBER = re.compile(r"[（(]([^（）()]{2,8}[〔\[﹝](\d{4})[〕\]﹞]\d+号)[）)]")
_RANGE = re.compile(r"(?<=\d{4})[-–—~～－]+(?=\d{4})")
_TITLES = re.compile(r"《[^《》]*》(?:[（(][^（）()]*[）)])?")
# 《纲要（草案）》 says nothing by itself: a title of such words alone is looked up among the longer ones of its document.
# Short titles that name their matter are not: 《教育法》 is no 《高等教育法》.
_GENERIC = re.compile(
    "(?:实施|若干|指导|工作|行动|建设|管理|总体|发展)*"
    "(?:意见|通知|纲要|规划|计划|方案|办法|细则|规定|条例|决定|建议|要点|规范|标准|指南)(?:（?草案）?)?"
)
_WINDOW = 24  # characters before a title that are searched for its verb; by judgement: a clause seldom is longer


def load_works(path: str | os.PathLike | None = None) -> pd.DataFrame:
    """Load the table of works: one row is a title as cited, or a pattern for titles that no row lists.

    Parameters
    ----------
    path : path, optional
        A CSV file of your own with these columns. By default the one that ships.

    Returns
    -------
    DataFrame
        `title` (as cited; brackets, dashes and blanks may differ); `match` (exact, pattern); `kind` (policy, law, report,
        other); `reason`; `work`, the canonical title (blank in a pattern: the title itself); `issuer`; `tier` (national,
        provincial, municipal, county, international); `evidence` (text: the texts of the corpus name the issuer; outside:
        it is known from elsewhere). None where a cell is blank.

    Raises
    ------
    PolicylabError
        One message with all problems of the file: row, column, value and remedy.

    Examples
    --------
    >>> load_works().set_index("title").loc["网络安全法", "work"]
    '中华人民共和国网络安全法'
    """
    needed, optional = ["title", "match", "kind", "reason"], ["work", "issuer", "tier", "evidence"]
    allowed = {"kind": KINDS, "tier": (*LEVELS, "international"), "evidence": EVIDENCE}
    return read_datafile(find_datafile(path, WORKS), needed, optional, key=["title"], allowed=allowed)


def fold_title(title):
    """A title in one spelling: full-width brackets, one dash between years, no blanks.

    >>> fold_title("重庆市智慧教育五年工作方案(2018-2022年)")
    '重庆市智慧教育五年工作方案（2018—2022年）'
    """
    # NFKC folds Chinese quotation marks no further; spelling that still differs, such as “十三五”, stays a difference.
    title = "".join(unicodedata.normalize("NFKC", title).split())
    return _RANGE.sub("—", title).replace("(", "（").replace(")", "）")


def resolve_citations(corpus, works=None):
    """Every citation with the work it means: one row is a 《…》 in the text, in the order of corpus.citations.

    Columns: those of corpus.citations, then `work` (canonical title), `kind` (policy, law, report, other: only the first
    two are documents a plan can rest on), `issuer`, `tier`, `evidence` (how the issuer is known: text, outside; missing
    where it is not), `number` (document number where one follows the title), `use` (invoked: 落实《…》; announced: the
    plan is to issue it, 印发《…》; mentioned), `cited_document` (the document of the corpus with that title) and `is_self`.

    A title without the issuer before 关于 is the one with it, unless two issuers are known: 国务院关于… and 省政府关于… are two
    works. A form without a matter (《纲要（草案）》) is the one longer title of its document that ends alike. So what a
    title resolves to can depend on the rest of the corpus: another document may tell the issuer, or a second one.
    An announced work whose issuer nothing else tells is of the plan's own tier. Where several documents of the
    corpus bear the cited title, cited_document is missing. References without 《》 (教育信息化“十三五”规划总体部署) are not seen.

    >>> import policylab as lab
    >>> table = resolve_citations(lab.load_corpus())
    >>> table.loc[table["title"] == "网络安全法", "work"].unique().tolist()
    ['中华人民共和国网络安全法']
    """
    works = load_works() if works is None else works
    works = works.assign(title=[fold_title(t) if m == "exact" else t for t, m in zip(works["title"], works["match"])])
    citations = corpus.citations.copy()
    titles = {title: fold_title(title) for title in sorted(set(citations["title"]))}
    rows = match_names(titles.values(), works, "title")
    rows.index = list(titles)
    issued = {}
    for folded in titles.values():
        if prefix := _PREFIX.match(folded):
            issued.setdefault(folded[prefix.end() :], set()).add(folded)
    fullest = {bare: next(iter(named)) for bare, named in issued.items() if len(named) == 1}
    listed = {title: rows.at[title, "work"] or fullest.get(folded, folded) for title, folded in titles.items()}
    citations["work"] = citations["title"].map(listed).astype("str")
    citations["work"] = _expand_short_titles(citations)
    citations["kind"] = citations["title"].map(rows["kind"]).astype("str").fillna("other")
    told = _read_surroundings(corpus, citations)
    _add_issuers(corpus, citations, rows, told)
    citations["number"] = pd.array([row[1] for row in told], dtype="str")
    citations["use"] = pd.array([row[2] for row in told], dtype="str")
    own_title = _find_documents(corpus)
    citations["cited_document"] = citations["work"].map(own_title).astype("str")
    version = corpus.documents.set_index("document_id")["version_of"]
    original = citations["document_id"].map(version).fillna(citations["document_id"])
    citations["is_self"] = (citations["cited_document"] == original).fillna(False).astype(bool)
    return citations


def _expand_short_titles(citations):
    """The works, with a title of generic words replaced by the one longer title of its document that ends with it."""
    letters = {work: "".join(filter(str.isalnum, work)) for work in sorted(set(citations["work"]))}
    held = {document: sorted(set(rows["work"])) for document, rows in citations.groupby("document_id")}
    works = []
    for document, work in zip(citations["document_id"], citations["work"]):
        end = letters[work]
        longer = [other for other in held[document] if letters[other].endswith(end) and letters[other] != end]
        works.append(longer[0] if _GENERIC.fullmatch(work) and len(longer) == 1 else work)
    return pd.array(works, dtype="str")


def _read_surroundings(corpus, citations):
    """For each citation (issuer told before it, number told behind it, use), from the source around it."""
    blocks = {document: rows for document, rows in corpus.blocks.groupby("document_id")}
    told = []
    for citation in citations.itertuples():
        rows = blocks[citation.document_id]
        held = rows[(rows["start"] <= citation.start) & (citation.start < rows["end"])].iloc[0]
        before = "".join(held["text"][: citation.start - held["start"]].split())
        behind = "".join(held["text"][citation.end - held["start"] :].split())
        # In a row of titles the words before the first one count for all: 落实《甲》《乙》和《丙》.
        lead = _TITLES.sub("", before)
        issuer = None if before.endswith(("和", "及", "与")) else _BEFORE.search(lead)
        deeds = _DEED.findall(lead[-_WINDOW:].rpartition("。")[2])
        use = "mentioned" if not deeds else "announced" if deeds[-1][0] else "invoked"
        number = _NUMBER.match(behind)
        told.append((issuer and issuer.group(1), number and number.group(1), use))
    return told


def _add_issuers(corpus, citations, rows, told):
    """Who issued each work: as the table says, else the title, else the words before it; one answer per work."""
    levels = corpus.documents.set_index("document_id")["level"]
    ids = _find_documents(corpus)
    documents = {fold_title(d.title): d for d in corpus.documents.itertuples() if d.document_id in ids.values()}
    regions = {d.region: d.level for d in corpus.documents.itertuples() if d.level != "national"}
    known = {}
    for citation, (before, _, use) in zip(citations.itertuples(), told):
        row = rows.loc[citation.title]
        prefix = _PREFIX.match(citation.work)
        region = next((level for name, level in sorted(regions.items()) if citation.work.startswith(name)), None)
        document = documents.get(citation.work)
        if document is not None:
            found = (0, document.issuer if pd.notna(document.issuer) else None, document.level, "text")
        elif row["tier"]:
            found = (0, row["issuer"], row["tier"], row["evidence"])
        elif prefix:
            found = (1, prefix.group(1), _tell_tier(prefix.group(1), levels[citation.document_id]), "text")
        elif before:
            found = (2, before, _tell_tier(before, levels[citation.document_id]), "text")
        elif region:
            found = (3, None, region, "text")
        elif _STARTS_NATIONAL.match(citation.work):
            found = (4, None, "national", "text")
        elif use == "announced":
            found = (5, None, levels[citation.document_id], "text")
        else:
            found = (6, None, None, None)
        known[citation.work] = min(known.get(citation.work, found), found, key=lambda entry: entry[0])
    for k, column in enumerate(("issuer", "tier", "evidence"), 1):
        citations[column] = pd.array([known[work][k] for work in citations["work"]], dtype="str")


def _tell_tier(issuer, level):
    """Of an issuer such as 教育部 or 省政府; the latter is of the level of the document that says so."""
    return "national" if _STARTS_NATIONAL.match(issuer) else level


def _find_documents(corpus):
    """{folded title: document_id} of the titles that one document of the corpus bears alone."""
    held = {}
    for document in corpus.documents.itertuples():
        if pd.notna(document.title):
            original = document.document_id if pd.isna(document.version_of) else document.version_of
            held.setdefault(fold_title(document.title), set()).add(original)
    return {title: ids.pop() for title, ids in held.items() if len(ids) == 1}


def count_sources(citations, by_use=False):
    """What each document cites: one row is a work in a document (and a use, with by_use=True); data for a chain plot.

    `citations` is the table of resolve_citations. Columns: `document_id`, `work`, `kind`, `issuer`, `tier`,
    `cited_document`, `is_self`, (`use`), `n_citations`. A work named in a goal and again in a task counts twice.

    >>> import policylab as lab
    >>> counts = count_sources(resolve_citations(lab.load_corpus()))
    >>> counts[counts["work"] == "教育信息化2.0行动计划"].set_index("document_id")["n_citations"].to_dict()
    {'chongqing-2019': 3, 'fujian-2020': 1, 'national-2019': 3}
    """
    keys = ["document_id", "work", "kind", "issuer", "tier", "cited_document", "is_self", *(["use"] if by_use else [])]
    return citations.groupby(keys, dropna=False, as_index=False).agg(n_citations=("title", "size"))


def compare_sources(corpus, document_id, reference_id, works=None):
    """What two plans cite: one row is a work that at least one of them cites.

    Columns: `work`, `kind`, `issuer`, `tier`, `cited_by` (both, document, reference), `n_document`, `n_reference`
    (citations), `is_self` (one of the two cites itself), `invoked` (at least one of them cites it as a ground, not only
    as something to be issued). A plan may rest on a work without citing it, so "only the document" is about wording.

    >>> import policylab as lab
    >>> table = compare_sources(lab.load_corpus(), "chongqing-2019", "national-2019")
    >>> table["cited_by"].value_counts().to_dict()
    {'both': 14, 'document': 11, 'reference': 11}
    """
    for name in (document_id, reference_id):
        find_document(corpus, name)
    citations = resolve_citations(corpus, works)
    sides = [citations["document_id"] == name for name in (document_id, reference_id)]
    rows = citations.assign(document=sides[0], reference=sides[1], is_invoked=citations["use"] == "invoked")
    rows = rows[sides[0] | sides[1]]
    table = rows.groupby(["work", "kind", "issuer", "tier"], dropna=False, as_index=False).agg(
        n_document=("document", "sum"),
        n_reference=("reference", "sum"),
        is_self=("is_self", "any"),
        invoked=("is_invoked", "any"),
    )
    cited = table["n_document"].gt(0).astype(int) + 2 * table["n_reference"].gt(0).astype(int)
    table.insert(4, "cited_by", cited.map({1: "document", 2: "reference", 3: "both"}).astype("str"))
    return table.sort_values(["cited_by", "work"], ignore_index=True)
