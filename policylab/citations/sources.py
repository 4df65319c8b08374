"""Sources: which works a plan cites, however it spells their titles, and who issued them.

Rules unify spellings (brackets, dashes, spaces, an issuer before 关于) and read the issuer from the text. data/sources/works.csv
holds only what no rule can know, each row with its reason.
"""

import os
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from policylab.base.arguments import as_list
from policylab.base.columns import need_columns
from policylab.base.datafile import find_datafile, match_names, read_datafile
from policylab.base.levels import LEVELS
from policylab.base.paths import WORKS
from policylab.corpus.bundle import Corpus
from policylab.corpus.choice import find_document

KINDS = ("policy", "law", "report", "other")
EVIDENCE = ("text", "outside")

# Who issued a work: named in its title before 关于, or directly before 《 (教育部等六部门《关于…》).
_NATIONAL = "(?:中共中央|国务院|教育部|财政部|中央[^，。、；]{0,12}?(?:办公室|小组)|全国人大)"
_ISSUER = (
    rf"(?:中共[^，。、；《》]{{2,10}}?委(?:员会)?(?=关于)|{_NATIONAL}(?:办公厅|等[一二三四五六七八九十]+部门|、国务院)?"
    r"|(?:省|市|区)(?:委|政府|教委|教育厅))"
)
_PREFIX = re.compile(rf"({_ISSUER})(?=关于)")
_BEFORE = re.compile(rf"({_ISSUER})$")
_STARTS_NATIONAL = re.compile(rf"{_NATIONAL}|全国|中华人民共和国")
# What the plan does with a work: the last of these words before it decides. 修订并推动落实《…》 invokes it, 推动加入《…》 only
# mentions it: what one is yet to join is no basis.
_DEED = re.compile(
    "(印发|编制|编写|制定|制订|研制|修订|出台|发布|出版)|(落实|贯彻|按照|根据|依据|执行|实施|推动|推进|推广|做好|对照|对标)"
    "|加入|签署|签订|商签|缔结"
)
_NUMBER = re.compile(r"[（(]([^（）()]{2,8}[〔\[﹝](\d{4})[〕\]﹞]\d+号)[）)]")
_RANGE = re.compile(r"(?<=\d{4})[-–—~～－]+(?=\d{4})")
_TITLES = re.compile(r"《[^《》]*》(?:[（(][^（）()]*[）)])?")
# A title of these words alone, such as 《纲要（草案）》, is short for a longer title in the same document. A short title
# that names its subject is not: 《教育法》 does not mean 《高等教育法》.
_GENERIC = re.compile(
    "(?:实施|若干|指导|工作|行动|建设|管理|总体|发展)*"
    "(?:意见|通知|纲要|规划|计划|方案|办法|细则|规定|条例|决定|建议|要点|规范|标准|指南)(?:（?草案）?)?"
)
_WINDOW = 24  # characters before a title that are searched for its verb; chosen by judgement: few clauses are longer


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
    """A title in uniform spelling: full-width brackets, one dash between years, no spaces.

    >>> fold_title("重庆市智慧教育五年工作方案(2018-2022年)")
    '重庆市智慧教育五年工作方案（2018—2022年）'
    """
    # NFKC leaves quotation marks alone: a title with “十三五” and one with "十三五" remain different.
    title = "".join(unicodedata.normalize("NFKC", title).split())
    return _RANGE.sub("—", title).replace("(", "（").replace(")", "）")


def resolve_citations(corpus: Corpus, *, works: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find out which work each citation means: one row is a 《…》 in the text, in the order of corpus.citations.

    Parameters
    ----------
    corpus : Corpus
        The corpus.
    works : DataFrame, optional
        The table of works, by default the one that ships (load_works).

    Returns
    -------
    DataFrame
        The columns of corpus.citations, then `work`, the canonical title; `kind` (policy, law, report, other; only the first
        two are documents that a plan can rest on); `issuer` and `tier`, missing if unknown; `evidence` for them (text,
        outside; missing if the tier is unknown); `number`, the document number if one follows the title; `use` (invoked:
        落实《…》; announced: the plan is to issue it, 印发《…》; mentioned); `cited_document`, the document of the corpus with
        that title, missing if there are none or several; `is_self`, whether the plan cites itself.

    Notes
    -----
    A title without an issuer before 关于 means the one with it, unless two issuers are known: 国务院关于… and 省政府关于… are two
    works. A title that names no subject (《纲要（草案）》) means the one longer title of its document that ends in the same
    words. What a title means can therefore change with the rest of the corpus: another document may name the issuer, or
    a second one. An announced work is of the plan's own tier unless something else names the issuer. References without
    《》 (教育信息化“十三五”规划总体部署) are not found.

    Examples
    --------
    >>> import policylab as lab
    >>> table = resolve_citations(lab.load_corpus())
    >>> table.loc[table["title"] == "网络安全法", "work"].unique().tolist()
    ['中华人民共和国网络安全法']
    """
    works = load_works() if works is None else works
    works = works.assign(title=[fold_title(t) if m == "exact" else t for t, m in zip(works["title"], works["match"])])
    citations = corpus.citations.copy()
    titles = {title: fold_title(title) for title in sorted(set(citations["title"]))}
    rows = match_names(list(titles.values()), works, "title")
    rows.index = list(titles)
    fullest = _find_full_titles(titles.values())
    listed = {title: rows.at[title, "work"] or fullest.get(folded, folded) for title, folded in titles.items()}
    citations["work"] = citations["title"].map(listed).astype("str")
    citations["work"] = _expand_short_titles(citations)
    citations["kind"] = citations["title"].map(rows["kind"]).astype("str").fillna("other")
    surroundings = _read_surroundings(corpus, citations)
    ids = _find_documents(corpus)
    issuers = _find_issuers(corpus, citations, rows, surroundings, ids)
    for column in ("issuer", "tier", "evidence"):
        citations[column] = pd.array([getattr(issuers[work], column) for work in citations["work"]], dtype="str")
    for column in ("number", "use"):
        citations[column] = pd.array([getattr(words, column) for words in surroundings], dtype="str")
    citations["cited_document"] = citations["work"].map(ids).astype("str")
    version = corpus.documents.set_index("document_id")["version_of"]
    original = citations["document_id"].map(version).fillna(citations["document_id"])
    citations["is_self"] = (citations["cited_document"] == original).fillna(False).astype(bool)
    return citations


class _Surroundings(NamedTuple):
    """What the words around a citation say."""

    issuer: str | None  # named directly before it
    number: str | None  # document number directly after it
    use: str


class _Issuer(NamedTuple):
    """Who issued a work, as far as one citation shows."""

    rank: int  # of the evidence; the lowest of all citations of a work counts
    issuer: str | None
    tier: str | None
    evidence: str | None


def _find_full_titles(titles):
    """{title without its issuer: title with it}, where only one issuer is known."""
    issued = {}
    for title in titles:
        if prefix := _PREFIX.match(title):
            issued.setdefault(title[prefix.end() :], set()).add(title)
    return {bare: next(iter(full)) for bare, full in issued.items() if len(full) == 1}


def _expand_short_titles(citations):
    """The works, with each title of generic words replaced by the longer title of its document that ends with it."""
    letters = {work: "".join(filter(str.isalnum, work)) for work in sorted(set(citations["work"]))}
    cited = {document: sorted(set(rows["work"])) for document, rows in citations.groupby("document_id")}
    works = []
    for document, work in zip(citations["document_id"], citations["work"]):
        end = letters[work]
        longer = [other for other in cited[document] if letters[other].endswith(end) and letters[other] != end]
        works.append(longer[0] if _GENERIC.fullmatch(work) and len(longer) == 1 else work)
    return pd.array(works, dtype="str")


def _read_surroundings(corpus, citations):
    """The _Surroundings of each citation, from the block of the source that holds it."""
    blocks = {document: rows for document, rows in corpus.blocks.groupby("document_id")}
    surroundings = []
    for citation in citations.itertuples():
        rows = blocks[citation.document_id]
        block = rows[(rows["start"] <= citation.start) & (citation.start < rows["end"])].iloc[0]
        before = "".join(block["text"][: citation.start - block["start"]].split())
        after = "".join(block["text"][citation.end - block["start"] :].split())
        # In a list of titles the words before the first one apply to all of them: 落实《甲》《乙》和《丙》.
        lead = _TITLES.sub("", before)
        issuer = _BEFORE.search(lead)
        deeds = _DEED.findall(lead[-_WINDOW:].rpartition("。")[2])
        announces, invokes = deeds[-1] if deeds else ("", "")
        use = "announced" if announces else "invoked" if invokes else "mentioned"
        number = _NUMBER.match(after)
        surroundings.append(_Surroundings(issuer and issuer.group(1), number and number.group(1), use))
    return surroundings


def _find_issuers(corpus, citations, rows, surroundings, ids):
    """The _Issuer of each work: what the best of its citations shows."""
    levels = corpus.documents.set_index("document_id")["level"]
    documents = {fold_title(d.title): d for d in corpus.documents.itertuples() if d.document_id in ids.values()}
    regions = {d.region: d.level for d in corpus.documents.itertuples() if d.level != "national"}
    known = {}
    for citation, words in zip(citations.itertuples(), surroundings):
        level, row = levels[citation.document_id], rows.loc[citation.title]
        found = _find_issuer(citation.work, words, level, row, documents.get(citation.work), regions)
        known[citation.work] = min(known.get(citation.work, found), found, key=lambda issuer: issuer.rank)
    return known


def _find_issuer(work, words, level, row, document, regions):
    """Who issued a work: as the corpus or the table of works has it, else as its title, else as the words before it say."""
    if document is not None:
        return _Issuer(0, document.issuer if pd.notna(document.issuer) else None, document.level, "text")
    if row["tier"]:
        return _Issuer(0, row["issuer"], row["tier"], row["evidence"])
    if prefix := _PREFIX.match(work):
        return _Issuer(1, prefix.group(1), _find_tier(prefix.group(1), level), "text")
    if words.issuer:
        return _Issuer(2, words.issuer, _find_tier(words.issuer, level), "text")
    if region := next((name for name in sorted(regions) if work.startswith(name)), None):
        return _Issuer(3, None, regions[region], "text")
    if _STARTS_NATIONAL.match(work):
        return _Issuer(4, None, "national", "text")
    if words.use == "announced":
        return _Issuer(5, None, level, "text")
    return _Issuer(6, None, None, None)


def _find_tier(issuer, level):
    """The tier of an issuer such as 教育部 or 省政府; the latter is of the level of the document that names it."""
    return "national" if _STARTS_NATIONAL.match(issuer) else level


def _find_documents(corpus):
    """{folded title: document_id} of the titles that only one document of the corpus has."""
    ids = {}
    for document in corpus.documents.itertuples():
        if pd.notna(document.title):
            original = document.document_id if pd.isna(document.version_of) else document.version_of
            ids.setdefault(fold_title(document.title), set()).add(original)
    return {title: same.pop() for title, same in ids.items() if len(same) == 1}


def count_sources(citations: pd.DataFrame, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """Count how often each document cites each work: one row is a work in a document, or in a group of its citations.

    Parameters
    ----------
    citations : DataFrame
        Table of resolve_citations.
    by : str or sequence of str, default ()
        Columns of `citations` that divide the citations of a work into groups, such as `use`.

    Returns
    -------
    DataFrame
        `document_id`, `work`, `kind`, `issuer`, `tier`, `cited_document`, `is_self`, the columns of `by`; `n_citations`. A
        work that a goal and a task cite counts twice.

    Raises
    ------
    PolicylabError
        If `citations` lacks a column.

    Examples
    --------
    >>> import policylab as lab
    >>> counts = count_sources(resolve_citations(lab.load_corpus()))
    >>> counts[counts["work"] == "教育信息化2.0行动计划"].set_index("document_id")["n_citations"].to_dict()
    {'chongqing-2019': 3, 'fujian-2020': 1, 'national-2019': 3}
    """
    group = ["document_id", "work", "kind", "issuer", "tier", "cited_document", "is_self"]
    group = as_list([*group, *as_list(by)])
    need_columns(citations, [*group, "title"], "citations")
    return citations.groupby(group, dropna=False, as_index=False).agg(n_citations=("title", "size"))


def compare_sources(
    corpus: Corpus, document_id: str, reference_id: str, *, works: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Compare what two plans cite: one row is a work that at least one of them cites.

    Parameters
    ----------
    corpus : Corpus
        The corpus that holds both documents.
    document_id : str
        The document.
    reference_id : str
        The document it is compared with.
    works : DataFrame, optional
        The table of works, by default the one that ships (load_works).

    Returns
    -------
    DataFrame
        `work`, `kind`, `issuer`, `tier`; `cited_by` (both, document, reference); `n_document` and `n_reference`, the
        citations in either; `is_self`, whether one of the two cites itself; `invoked`, whether at least one of them cites
        the work as a basis, not only as something to be issued or mentioned. Sorted by `cited_by` and `work`.

    Raises
    ------
    PolicylabError
        If an id is not in the corpus.

    Notes
    -----
    A plan may rest on a work without citing it: that only one plan cites a work describes its wording.

    Examples
    --------
    >>> import policylab as lab
    >>> table = compare_sources(lab.load_corpus(), "chongqing-2019", "national-2019")
    >>> table["cited_by"].value_counts().to_dict()
    {'both': 14, 'document': 11, 'reference': 11}
    """
    for name in (document_id, reference_id):
        find_document(corpus, name)
    citations = resolve_citations(corpus, works=works)
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
