"""What the catalog wants to know of a document, proposed from its text, its file's name and what the file states.

Confidence follows rules, the same for all columns:

* sure: a labelled row of the page says so (发文机关：…), or a clear source and another that does not depend on it agree, such as
  a signature and the prefix of the number, the year of a title and of the date, a title and the name of the file.
* likely: one clear source (the title above the text, a signature, a number, a meta tag of the page), or two that are guesses.
* guess: the file's name alone, the first line, the places that a text names most, the year of issue taken for the year of a
  plan; or two sources contradict each other.

What no source says is left out.
"""

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import NamedTuple

from policylab.corpus import grammar as g
from policylab.corpus import places
from policylab.corpus.documentkinds import name_kind, read_years
from policylab.corpus.front import list_statements, split_organs
from policylab.corpus.lines import clean_title, fold, is_short
from policylab.corpus.parse import split_documents
from policylab.corpus.repair import repair_text

CONFIDENCES = ("sure", "likely", "guess")
COLUMNS = ("title", "issuer", "document_number", "issued", "year", "year_end", "level", "region")
_TOP = 40  # blocks at the top that may say in whose name a report is held, or which congress passed a law
_CUT = 120  # characters of a line that are kept as evidence
_SHORTEST = 6  # characters of a file's name that may be a title
_ALIKE = 0.6  # the share of the longer title that the shorter one has to be, to be the same in short
_LONGEST_LINE = 45  # characters of a first line that may be a title
# Behind the title of a page: -中国政府网.
_SITE = re.compile(r"\s{0,4}[-_|—–]{1,4}\s{0,4}[^-_|—–]{2,20}(?:网|门户|政府|平台|局|厅|部|委)[^-_|—–]{0,8}$")
_VERSION_YEAR = re.compile(r"[（(]((?:19|20)\d\d)\s*年?(?:版|修订|修正|本)")
_NUMBER_YEAR = re.compile(r"[〔\[（(【﹝［]((?:19|20)\d\d)[〕\]）)】﹞］]|((?:19|20)\d\d)年第")
_NAME_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SPEAKS_FOR = re.compile(r"代表(?P<who>国务院|[\u4e00-\u9fff]{0,12}?人民政府)(?=[，,向作])")
# Labels of who put a page on the net, mostly the issuer as well, but not always.
_PUBLISHER = re.compile("发布(?:机构|单位|机关|者)|信息来源")
_REVIEWED = re.compile(r"(?<!\d)((?:19|20)\d\d)年.{0,10}(?:回顾|总结)")
# [kinds] of grammar.toml has them among the plans, but what they are for begins when they are issued.
_OPINION = re.compile("意见|措施|政策|指南|清单|建议")
_PASSED = re.compile("通过|批准|公布|修正|修订")
# In a file's name before or behind the title: its place in a list, a day, a copy's number.
_AROUND_TITLE = re.compile(
    r"^(?:[(（【\[]?\d{1,3}[)）】\]]?[-_.、．\s]{1,9}|[(（【\[]\d{1,3}[)）】\]]|\d{4}[-.]?\d{2}[-.]?\d{2}[-_\s]{0,9}){1,9}|(?:[-_\s]{0,9}\d{8}|\s{0,9}[(（]\d{1,2}[)）]){1,9}$"
)
_CHINESE = re.compile("[\u4e00-\u9fff]")


class Proposal(NamedTuple):
    """A value for one cell of the catalog, and why."""

    column: str
    value: str
    line: int | None  # of the text, from 1; None: from the file's name or from what the file states
    evidence: str
    confidence: str


class _Source(NamedTuple):
    """What one source says of a column; `kind` names the source, and two of one kind are not independent."""

    value: str
    kind: str
    line: int | None
    words: str
    confidence: str


def propose_cells(text: str, *, name: str = "", stated: Mapping[str, str] | None = None) -> list[Proposal]:
    """Propose the cells of a catalog's row for one document.

    Parameters
    ----------
    text : str
        The document, as its file has it.
    name : str
        The file's name, perhaps with its folders.
    stated : mapping, optional
        What the file says of itself (meta tags of a page, properties of a Word file, a row of a table): title, issuer,
        document_number, issued.

    Returns
    -------
    list of Proposal
        At most one for each column, in the order of COLUMNS; what no source says is left out.

    Examples
    --------
    >>> text = "厦门市教育局关于印发2021年教育信息化工作要点的通知\\n厦教〔2021〕6号\\n各区教育局：\\n现印发给你们。\\n厦门市教育局\\n2021年3月5日"
    >>> for cell in propose_cells(text):
    ...     print(cell.column, cell.value, cell.line, cell.confidence)
    title 厦门市教育局关于印发2021年教育信息化工作要点的通知 1 likely
    issuer 厦门市教育局 5 sure
    document_number 厦教〔2021〕6号 2 sure
    issued 2021-03-05 6 sure
    year 2021 1 sure
    level municipal 5 sure
    region 厦门市 5 sure
    """
    view = _View(text, name, stated or {})
    title = _propose_title(view)
    number = _choose(_list_numbers(view))
    issued = _confirm_date(_choose(_list_dates(view)), number)
    number = _confirm_number(number, issued)
    issuer = _propose_issuer(view, number)
    written = int(issued.value[:4]) if issued else int(_year_of_number(number) or 0)
    year, year_end = _propose_years(view, title, number, issued, written)
    level, region = _propose_place(view, title, number, issuer, written or None)
    found = dict(zip(COLUMNS, (title, issuer, number, issued, year, year_end, level, region)))
    return [Proposal(column, s.value, s.line, s.words, s.confidence) for column, s in found.items() if s]


class _View:
    """The document as it is read: repaired, cut into blocks, with what its front states."""

    def __init__(self, text, name, stated):
        self.source, self.name, self.stated = text, PurePath(name.replace("\\", "/")), stated
        self.called = clean_title(_AROUND_TITLE.sub("", self.name.stem))  # what the file's name calls the document
        self._repaired = repair_text(text)
        self.text = self._repaired.text
        document = split_documents(self.text)[0] if self.text.strip() else None
        self.blocks = document.blocks if document else []
        self.architecture = document.architecture if document else None
        self.statements = list_statements(self.text, self.blocks)

        self.top = [(block.start, self.text[block.start : block.end][:_CUT]) for block in self.blocks[:_TOP]]
        self._title = next((s.value for s in self.statements if s.column == "title"), None)
        self.session = self._find_session()
        self.speaker = self._find_speaker()

    def line(self, start):
        return self.source.count("\n", 0, self._repaired.locate(start, start + 1)[0]) + 1

    def words(self, start):
        """The line of the text at a place."""
        begin, end = self.text.rfind("\n", 0, start) + 1, self.text.find("\n", start)
        return self.text[begin : end if end >= 0 else None].strip()[:_CUT]

    def _find_session(self):
        """(start, line, place, body) of the congress that heard a report or passed a law; None without one.

        A title names the congress (第十四届全国人民代表大会第一次会议关于…的决议), the note below it says when it met.
        """
        found = [(start, line, *read) for start, line in self.top if (read := places.read_session(line))]
        return next((session for session in found if g.read_date(session[1])), found[0] if found else None)

    def _find_speaker(self):
        """(start, line, in whose name) of the line in which a report says in whose name it is held; None without one."""
        for start, line in self.top:
            if found := _SPEAKS_FOR.search(line):
                who = found["who"]
                held = self.session[2] if self.session else places.place_of_title(self._title)
                if held and held.division and held.division.name.endswith(who.removesuffix("人民政府")):
                    who = held.division.name + "人民政府"  # 代表省人民政府
                place = places.place_of_issuer(who)
                return (start, line, who) if place and place.name else None
        return None


def _list_statements(view, column):
    """What the front of the document and the file itself say of a column."""
    found = []
    for s in view.statements:
        if s.column == column:
            words = view.words(s.start)
            labelled = s.place == "row" and not (column == "issuer" and _PUBLISHER.search(words))
            found.append(_Source(s.value, s.place, view.line(s.start), words, "sure" if labelled else "likely"))
    return found


def _choose(sources, same=lambda a, b: a == b):
    """The first source, as confident as the others make it: one of another kind that agrees lifts it by a step."""
    if not sources:
        return None
    first = sources[0]
    return _lift(first) if any(s.kind != first.kind and same(first.value, s.value) for s in sources[1:]) else first


def _lift(source):
    """The same with the next higher confidence."""
    return source._replace(confidence={"guess": "likely"}.get(source.confidence, "sure"))


def _propose_title(view):
    found = _list_statements(view, "title")
    if stated := _clean_stated(view.stated.get("title") or ""):
        # Properties of Word files keep the titles of those that they were made from.
        clear = g.FRONT["title"].match(stated) or (len(fold(stated)) > _SHORTEST and fold(stated) in fold(view.text))
        found.append(_Source(stated, "stated", None, view.stated["title"], "likely" if clear else "guess"))
    if len(_CHINESE.findall(view.called)) >= _SHORTEST and not g.read_number(view.called):
        found.append(_Source(view.called, "name", None, view.name.stem, "guess"))
    first = next(((start, line) for start, line in view.top if fold(line)), None)
    if not found and first and is_short(first[1], _LONGEST_LINE) and not _is_no_title(first[1]):
        found.append(_Source(clean_title(first[1]), "first line", view.line(first[0]), first[1], "guess"))
    if view.speaker and not found:
        start, line, _ = view.speaker
        found.append(_Source("政府工作报告", "speaker", view.line(start), line, "guess"))
    return _choose(found, _is_same)


def _clean_stated(title):
    """The title that a page or a file states, without the names of site and column around it; empty if it names nothing."""
    pieces = re.split(r"\s{0,9}[_|｜]\s{0,9}|\s{1,9}[-—–]{1,4}\s{1,9}", _SITE.sub("", title))
    longest = clean_title(max(pieces, key=len))
    return longest if len(_CHINESE.findall(longest)) >= _SHORTEST else ""


def _is_no_title(line):
    """Whether a short first line is a heading, a salute or anything else that front matter knows."""
    known = (g.BACK, g.HEADING, g.SALUTE, g.FRONT["adoption"], g.ROW)
    return any(pattern.match(line) for pattern in known) or line[-1] in "：:，,、的了和与及"


def _is_same(one, other):
    """Whether two titles are one, perhaps in short: 关于印发《…规划》的通知 and …规划."""
    short, long = sorted((fold(one), fold(other)), key=len)
    return bool(short) and short in long and (len(short) >= _ALIKE * len(long) or len(short) >= 2 * _SHORTEST)


def _list_numbers(view):
    found = _list_statements(view, "document_number")
    if stated := view.stated.get("document_number"):
        found.append(_Source(g.read_number(stated) or stated, "stated", None, stated, "likely"))
    return found


def _list_dates(view):
    found = _list_statements(view, "issued")
    if stated := g.read_date(view.stated.get("issued") or ""):
        found.append(_Source(stated, "stated", None, view.stated["issued"], "likely"))
    # A date that stands alone, without who signed, may be of anything; that of a page is later than the document's.
    places_of_names = {s.place for s in view.statements if s.column == "issuer"}
    signed = places_of_names & {"signature", "letterhead", "order"}
    weak = {"published", "stated"} if signed else {"published", "stated", "date"}
    return [s._replace(confidence="guess") if s.kind in weak else s for s in found]


def _year_of_number(number):
    found = _NUMBER_YEAR.search(number.value) if number else None
    return next(filter(None, found.groups())) if found else None


def _confirm_date(issued, number):
    """The year of the number confirms the date."""
    return _lift(issued) if issued and issued.value[:4] == _year_of_number(number) else issued


def _confirm_number(number, issued):
    return _lift(number) if number and issued and issued.value[:4] == _year_of_number(number) else number


def _propose_issuer(view, number):
    found = _list_statements(view, "issuer")
    if stated := "、".join(split_organs([view.stated.get("issuer") or ""], strict=True)):
        found.append(_Source(stated, "stated", None, view.stated["issuer"], "likely"))
    prefix = places.read_prefix(number.value) if number else None
    if prefix and prefix[1]:
        found.append(_Source(prefix[1], "number", number.line, number.words, "guess"))
    if "关于" in view.called and (named := split_organs([view.called.partition("关于")[0]], strict=True)):
        found.append(_Source("、".join(named), "name", None, view.name.stem, "guess"))
    if view.speaker:
        start, line, who = view.speaker
        found.append(_Source(who, "speaker", view.line(start), line, "likely"))
    elif view.session and _PASSED.search(view.session[1]):
        start, line, _, body = view.session
        found.append(_Source(body, "session", view.line(start), line, "likely"))
    found = [s._replace(confidence="guess") if _is_only_publisher(s) else s for s in found]
    issuer = _choose(found, _is_same_body)
    # 闽教 does not say which body, but that it is one of Fujian.
    if issuer and prefix and issuer.kind != "number" and issuer.confidence == "likely":
        return _lift(issuer) if _name_place(issuer.value) == prefix[0].name else issuer
    return issuer


def _is_only_publisher(source):
    """Whether a page names a body that put it on the net and of no known place, such as 经发局: hardly the issuer."""
    return source.kind in ("row", "stated") and source.confidence == "likely" and not _name_place(source.value)


def _name_place(issuer):
    place = places.place_of_issuer(issuer)
    return place.name if place else None


def _is_same_body(one, other):
    a, b = (set(body.replace("中华人民共和国", "").split("、")) for body in (one, other))
    return a <= b or b <= a


def _propose_years(view, title, number, issued, written):
    """The year that the document is for, and the last one of several; `written` is the year of issue, 0 if unknown."""
    first, last = read_years(title.value) if title else (None, None)
    if first and not last and written and first > written + 1:
        first = None  # 中国教育现代化2035
    named = int(found.group(1)) if (found := _NAME_YEAR.search(view.name.stem)) else None
    if first:
        held = _list_held(view)
        agrees = written and first - 1 <= written <= (last or first)
        agrees = agrees or (named == first and title.kind != "name") or any(s.value == str(first) for s in held)
        confidence = "guess" if title.confidence == "guess" else "sure" if agrees else "likely"
        year = _Source(str(first), "title", title.line, title.words, confidence)
        return year, year._replace(value=str(last)) if last else None
    return _year_of_issue(view, title, number, issued, named), None


def _year_of_issue(view, title, number, issued, named):
    """The year of issue: what regulations, opinions and notices are for, and a guess for plans."""
    kind = name_kind(view.architecture, title.value if title else None, bool(view.architecture))
    found = []
    if title and (version := _VERSION_YEAR.search(title.value)):
        found.append(_Source(version.group(1), "title", title.line, title.words, title.confidence))
    found += _list_held(view)
    if issued:
        found.append(_Source(issued.value[:4], "issued", issued.line, issued.words, issued.confidence))
    if year := _year_of_number(number):
        found.append(_Source(year, "number", number.line, number.words, "likely"))
    if named:
        found.append(_Source(str(named), "name", None, view.name.stem, "guess"))
    if kind == "plan" and found and found[0].kind != "title" and not (title and _OPINION.search(title.value)):
        return found[0]._replace(confidence="guess")
    return _choose(found)


def _list_held(view):
    """The year in which a congress met; a report that looks back on a year (一、2024年工作回顾) is for the next one."""
    found = []
    if view.session and (dates := re.findall(r"(?<!\d)([12]\d{3})年\d{1,2}月\d{1,2}日", view.session[1])):
        # A law that was amended is read as it was then.
        start, line, *_ = view.session
        confidence = "likely" if len(dates) == 1 else "guess"
        found.append(_Source(dates[-1], "session", view.line(start), line, confidence))
    elif view.session and (year := places.year_of_session(view.session[1])):
        start, line, *_ = view.session
        found.append(_Source(str(year), "session", view.line(start), line, "likely"))
    if not view.speaker:
        return found
    for block in view.blocks:
        if block.role in ("part", "heading") and (looked := _REVIEWED.search(view.text[block.start : block.end])):
            words = view.text[block.start : block.end]
            return [*found, _Source(str(int(looked.group(1)) + 1), "heading", view.line(block.start), words, "guess")]
    return found


def _propose_place(view, title, number, issuer, written):
    """Level and region: what several sources say together."""
    found = _list_places(view, title, number, issuer, written)
    if not found:
        return None, None
    # An area that is no division, such as 天府新区, has no level, whatever lies around it.
    level = None if found[0][0].name and not found[0][0].level else next((f for f in found if f[0].level), None)
    region = next((f for f in found if f[0].name), None)
    return (
        _weigh(found, level, lambda place: place.level) if level else None,
        _weigh(found, region, lambda place: place.name) if region else None,
    )


def _weigh(found, best, value):
    """One cell: sure if a source of another kind agrees, a guess if a clear one contradicts."""
    place, source = best
    others = [(p, s) for p, s in found if s.kind != source.kind and value(p)]
    agree = [s for p, s in others if value(p) == value(place)]
    contradict = [s for p, s in others if value(p) != value(place) and s.confidence == "likely"]
    if contradict:
        confidence = source.confidence if agree else "guess"
    elif agree:
        confidence = _lift(source).confidence
    else:
        confidence = source.confidence
    return source._replace(value=value(place), confidence=confidence)


def _list_places(view, title, number, issuer, written):
    """(what it says, source) for every source, the best first."""
    found = []

    def add(place, kind, line, words, confidence):
        if place:
            found.append((place, _Source("", kind, line, words, confidence)))

    if issuer:
        weight = issuer.confidence if issuer.confidence == "guess" else "likely"
        kind = issuer.kind if issuer.kind in ("number", "session", "title", "notice", "name") else "issuer"
        add(places.place_of_issuer(issuer.value, written), kind, issuer.line, issuer.words, weight)
    if view.session:
        start, line, place, _ = view.session
        add(place, "session", view.line(start), line, "likely")
    if title:
        weight = "guess" if title.confidence == "guess" else "likely"
        add(places.place_of_title(title.value, written), "title", title.line, title.words, weight)
    if prefix := places.read_prefix(number.value if number else None):
        # Prefixes of cities may be those of counties elsewhere, and 财 or 教 alone stands before many.
        clear = prefix[0].level != "municipal" and not re.match("[财教环]〔", number.value)
        add(prefix[0], "number", number.line, number.words, "likely" if clear else "guess")
    for start, line in view.top:
        if places.addresses_provinces(line):
            add(places.NATION, "addressees", view.line(start), line, "likely")
            break
    if title:
        add(places.place_in_title(title.value), "title", title.line, title.words, "guess")
    for place, source in list(found):
        if place.candidates:
            around = "\n".join([str(view.name), number.value if number else "", view.text])
            add(places.resolve(place, around), source.kind, source.line, source.words, "guess")
    own = places.place_of_text(view.text)
    add(own, "text", None, own.words if own else "", "guess")
    for part in (view.called, *reversed(view.name.parts[:-1])):
        add(places.place_of_title(part) or places.place_in_title(part), "name", None, part, "guess")
    return sorted(found, key=lambda pair: pair[1].confidence == "guess")
