"""What the catalog wants to know of a document, proposed from its text, its file's name and what the file states.

Confidence follows rules, the same for all columns:

* sure: a labelled row of the page says so (发文机关：…), or two sources that do not depend on each other agree, such as a
  signature and the prefix of the number, the year of a title and of the date, a title and the name of the file.
* likely: one clear source: the title above the text, a signature, a number, a meta tag of the page.
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
_TOP = 40  # blocks at the top that may say in whose name a report is held
_SHORTEST = 6  # characters of a file's name that may be a title
_ALIKE = 0.6  # the share of the longer title that the shorter one has to be, to be the same in short
_LONGEST_LINE = 45  # characters of a first line that may be a title
_SITE = re.compile(r"[\s]*[-_|—–]+[\s]*[^-_|—–]{2,20}(?:网|门户|政府|平台|局|厅|部|委)[^-_|—–]{0,8}$")
_VERSION_YEAR = re.compile(r"[（(]((?:19|20)\d\d)\s*年?(?:版|修订|修正|本)")
_NUMBER_YEAR = re.compile(r"[〔\[（(【﹝［]((?:19|20)\d\d)[〕\]）)】﹞］]|((?:19|20)\d\d)年第")
_NAME_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SPEAKS_FOR = re.compile(r"代表(?P<who>国务院|[\u4e00-\u9fff]{0,12}?人民政府)[，,]")
_REPORT = re.compile(r"政府工作报告|工作报告")


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
    title = _choose(_list_titles(view))
    number = _choose(_list_numbers(view))
    issued = _confirm_date(_choose(_list_dates(view)), number)
    number = _confirm_number(number, issued)
    issuer = _choose(_list_issuers(view, title, number))
    year, year_end = _propose_years(view, title, number, issued)
    level, region = _propose_place(view, title, number, issuer)
    found = dict(zip(COLUMNS, (title, issuer, number, issued, year, year_end, level, region)))
    return [Proposal(column, s.value, s.line, s.words, s.confidence) for column, s in found.items() if s]


class _View:
    """The document as it is read: repaired, cut into blocks, with what its front states."""

    def __init__(self, text, name, stated):
        self.source, self.name, self.stated = text, PurePath(name.replace("\\", "/")), stated
        self._repaired = repair_text(text)
        self.text = self._repaired.text
        document = split_documents(self.text)[0] if self.text.strip() else None
        self.blocks = document.blocks if document else []
        self.architecture = document.architecture if document else None
        self.statements = list_statements(self.text, self.blocks)

    def line(self, start):
        return self.source.count("\n", 0, self._repaired.locate(start, start + 1)[0]) + 1

    def words(self, start):
        """The line of the text at a place, without the blanks around it."""
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else None].strip()[:120]

    def top(self):
        """(start, text) of the first lines."""
        return [(block.start, self.text[block.start : block.end]) for block in self.blocks[:_TOP]]

    def stem(self):
        """The file's name without ending; the last of 1 or 2 endings, since a date may hold dots."""
        return self.name.stem


def _list_statements(view, column):
    """What the front of the document and the file itself say of a column."""
    found = []
    for s in view.statements:
        if s.column == column:
            confidence = "sure" if s.place == "row" else "likely"
            found.append(_Source(s.value, s.place, view.line(s.start), view.words(s.start), confidence))
    return found


def _choose(sources, same=lambda a, b: a == b):
    """The first source, as confident as the others make it: one of another kind that agrees makes sure."""
    if not sources:
        return None
    first = sources[0]
    rest = [s for s in sources[1:] if s.kind != first.kind]
    if first.confidence != "sure" and any(same(first.value, s.value) for s in rest):
        return first._replace(confidence="sure")
    return first


def _list_titles(view):
    found = _list_statements(view, "title")
    if stated := clean_title(_SITE.sub("", view.stated.get("title") or "")):
        found.append(_Source(stated, "stated", None, view.stated["title"], "likely"))
    name = clean_title(re.sub(r"^[\d\W_]+(?=[\u4e00-\u9fff“《])", "", view.stem()))
    if len(re.findall("[\u4e00-\u9fff]", name)) >= _SHORTEST:
        found.append(_Source(name, "name", None, view.stem(), "guess"))
    first = next(((start, line) for start, line in view.top() if fold(line)), None)
    if first and is_short(first[1], _LONGEST_LINE) and not g.BACK.match(first[1]) and not g.HEADING.match(first[1]):
        found.append(_Source(clean_title(first[1]), "first line", view.line(first[0]), first[1], "guess"))
    if not found:
        return []
    best = found[0]
    agreeing = [
        s for s in found[1:] if s.kind != best.kind and s.kind != "first line" and _is_same(best.value, s.value)
    ]
    return [best._replace(confidence="sure") if agreeing else best]


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
    # A date that stands alone, without who signed, may be of anything.
    signed = any(s.place == "signature" for s in view.statements if s.column == "issuer")
    return [s._replace(confidence="guess") if s.kind == "date" and not signed else s for s in found]


def _year_of_number(number):
    found = _NUMBER_YEAR.search(number.value) if number else None
    return next(filter(None, found.groups())) if found else None


def _confirm_date(issued, number):
    """A date of the year that the number has is sure."""
    if issued and issued.value[:4] == _year_of_number(number):
        return issued._replace(confidence="sure")
    return issued


def _confirm_number(number, issued):
    if number and issued and issued.value[:4] == _year_of_number(number):
        return number._replace(confidence="sure")
    return number


def _list_issuers(view, title, number):
    found = _list_statements(view, "issuer")
    if stated := "、".join(split_organs([view.stated.get("issuer") or ""], strict=True)):
        found.append(_Source(stated, "stated", None, view.stated["issuer"], "likely"))
    prefix = places.read_prefix(number.value) if number else None
    if prefix and prefix[1]:
        found.append(_Source(prefix[1], "prefix", number.line, number.words, "guess"))
    if title and _REPORT.search(title.value):
        found += _list_speakers(view)
    if not found:
        return []
    best = found[0]
    agreeing = [s for s in found[1:] if s.kind != best.kind and _is_same_body(best.value, s.value)]
    if not agreeing and prefix and (place := places.place_of_issuer(best.value)) and place.name == prefix[0].name:
        agreeing = [prefix]
    return [best._replace(confidence="sure") if agreeing else best]


def _is_same_body(one, other):
    a, b = (set(body.replace("中华人民共和国", "").split("、")) for body in (one, other))
    return a <= b or b <= a


def _list_speakers(view):
    """In whose name a report is held: 我代表国务院. Without the place, 省人民政府 names nobody."""
    for start, line in view.top():
        if found := _SPEAKS_FOR.search(line):
            place = places.place_of_issuer(found["who"])
            if place and place.name:
                return [_Source(found["who"], "speaker", view.line(start), line[:120], "likely")]
    return []


def _propose_years(view, title, number, issued):
    """The year that the document is for, and the last one of several."""
    written = int(issued.value[:4]) if issued else int(_year_of_number(number) or 0)
    first, last = read_years(title.value) if title else (None, None)
    if first and not last and written and first > written + 1:
        first = None  # 中国教育现代化2035
    named = int(found.group(1)) if (found := _NAME_YEAR.search(view.stem())) else None
    if first:
        agrees = (written and first - 1 <= written <= (last or first)) or (named == first and title.kind != "name")
        confidence = "guess" if title.confidence == "guess" else "sure" if agrees else "likely"
        year = _Source(str(first), "title", title.line, title.words, confidence)
        return year, year._replace(value=str(last)) if last else None
    return _year_of_issue(view, title, number, issued, named), None


def _year_of_issue(view, title, number, issued, named):
    """The year of issue: what regulations and notices are for, and a guess for plans."""
    kind = name_kind(view.architecture, title.value if title else None, bool(view.architecture))
    found = []
    if title and (version := _VERSION_YEAR.search(title.value)):
        found.append(_Source(version.group(1), "title", title.line, title.words, title.confidence))
    if issued:
        found.append(_Source(issued.value[:4], "issued", issued.line, issued.words, issued.confidence))
    if year := _year_of_number(number):
        found.append(_Source(year, "number", number.line, number.words, "likely"))
    if found and kind == "plan":
        return found[0]._replace(confidence="guess")
    if kind == "report" and (session := _list_sessions(view)):
        dated = [(start, line) for start, line in session if g.read_date(line)]
        if dated:
            start, line = dated[0]
            found.insert(0, _Source(g.read_date(line)[:4], "session", view.line(start), line[:120], "likely"))
    if named:
        found.append(_Source(str(named), "name", None, view.stem(), "guess"))
    return _choose(found)


def _list_sessions(view):
    return [(start, line) for start, line in view.top() if places.place_of_session(line)]


def _propose_place(view, title, number, issuer):
    """Level and region: what several sources say together."""
    found = _list_places(view, title, number, issuer)
    if not found:
        return None, None
    level = next(((place, s) for place, s in found if place.level), None)
    region = next(((place, s) for place, s in found if place.name), None)
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
    if agree and not contradict:
        confidence = "sure"
    elif contradict and not agree:
        confidence = "guess"
    else:
        confidence = source.confidence
    return source._replace(value=value(place), confidence=confidence)


def _list_places(view, title, number, issuer):
    """(what it says, source) for every source, the best first."""
    found = []

    def add(place, kind, line, words, confidence):
        if place:
            found.append((place, _Source("", kind, line, words, confidence)))

    if issuer:
        weight = issuer.confidence if issuer.confidence == "guess" else "likely"
        kind = "number" if issuer.kind == "prefix" else "issuer"
        add(places.place_of_issuer(issuer.value), kind, issuer.line, issuer.words, weight)
    for start, line in _list_sessions(view)[:1]:
        add(places.place_of_session(line), "session", view.line(start), line[:120], "likely")
    if title:
        weight = "guess" if title.confidence == "guess" else "likely"
        add(places.place_of_title(title.value), "title", title.line, title.words, weight)
    if prefix := places.read_prefix(number.value if number else None):
        add(prefix[0], "number", number.line, number.words, "likely")
    for start, line in view.top():
        if places.addresses_provinces(line):
            add(places.NATION, "addressees", view.line(start), line[:120], "likely")
            break
    if title:
        add(places.place_in_title(title.value), "title", title.line, title.words, "guess")
    own = places.place_of_text(view.text)
    add(own, "text", None, own.words if own else "", "guess")
    for part in (view.stem(), *reversed(view.name.parts[:-1])):
        add(places.place_in_title(part), "name", None, part, "guess")
    return sorted(found, key=lambda pair: pair[1].confidence == "guess")
