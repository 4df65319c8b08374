"""Front matter: the lines above the body, what a document is called, who issued it, under what number, when.

The lines are named one by one first (number, addressees, rows of a web page's table ...). Then the title is looked for
among those that are left: it may run over several lines, and the plan that a notice sends out is named below the notice.
"""

import re
from typing import NamedTuple

from policylab.corpus import grammar as g
from policylab.corpus.lines import FULL_STOP, SPACE, clean_title, drop_spaces, fold, is_complete, is_short

_TITLE_LINES = 5  # over which a title may run; the longest seen has four
_HEAD_LINES = 60  # of a text without headings, in which its title is looked for; chosen by judgement
_NOTICE_LINES = (
    6  # paragraphs of a notice that nobody signed; with more, what looks like a title below is a line of text
)
_SHORT_TITLE = 8  # a title of so few characters (建设指南) is the end of a longer one, where a line is right above it
_LONG_LINE = 60  # characters; with a comma inside, a longer line is text
_STATING = ("title", "notice_title", "number", "signature", "date", "letterhead", "adoption", "metadata")
# Behind who issues, in front of whose text it is: 厦门市人民政府办公室转发市教育局关于….
_PASSES_ON = re.compile("转发|批转|印发|公布|发布")
_PAIRS = ("《》", "（）", "“”", "()", "【】")
_CONTINUES = frozenset("，。、；：》）”,.;:)？！")


def read_front(lines, title, structured):
    """Roles of the lines above the first numbered heading; None where a line is body text already."""
    roles = _name_lines(lines, structured)
    spans = _find_titles(lines, roles)
    chosen = _choose_title(lines, roles, spans, title, structured)
    before = chosen[0] if chosen else 0
    for start, end in spans:
        if end <= before and g.FRONT["notice_title"].match(_join(lines, start, end)):
            roles[start:end] = ["notice_title"] * (end - start)
    if chosen:
        roles[slice(*chosen)] = ["title"] * (chosen[1] - chosen[0])
    mark_signatures(lines, roles)
    in_front = True
    for i, line in enumerate(lines):
        if roles[i]:
            continue
        if i < before:
            roles[i] = "notice" if is_complete(line.content) else "front"
        elif in_front and is_short(line.content, g.BARE_HEADING_LIMIT) and not _is_cut(lines, i):
            roles[i] = "front"
        else:
            in_front = False
    return roles


def _name_lines(lines, structured):
    """The role of each line that shows by itself, or beside the line above, what it is; None for the others."""
    roles = []
    value_follows = body_above = False  # without a heading, body text and front matter have no other border
    for i, line in enumerate(lines):
        content, before = line.content, roles[-1] if roles else None
        role = _name_line(content, body_above)
        if role in (None, "furniture") and value_follows and not is_complete(content):
            role = "metadata"
        elif role is None and before == "speaker" and g.PERSON.match(content):
            role = "speaker"
        elif role is None and before is None and i and len(content) < _LONG_LINE and not body_above:
            if g.FRONT["adoption"].match(lines[i - 1].content + content) and not is_complete(lines[i - 1].content):
                roles[-1] = role = "adoption"
        if content[-1] == "件" and drop_spaces(content) == "文件":
            role = _mark_letterhead(lines, roles, i)
        value_follows = role == "metadata" and bool(g.ROW.fullmatch(content))
        body_above = body_above or (not structured and role is None and content[-1] in FULL_STOP)
        roles.append(role)
    return roles


def _mark_letterhead(lines, roles, i):
    """文件 below the names of several bodies, and perhaps the number: their joint letterhead."""
    j = i - 1
    while j >= 0 and (roles[j] == "number" or (roles[j] is None and split_organs([lines[j].content], strict=True))):
        roles[j] = roles[j] or "letterhead"
        j -= 1
    return "letterhead" if j < i - 1 else None


def _name_line(content, body_above):
    back = g.BACK.match(content)
    if back and back.lastgroup in ("attachment", "attachment_list"):
        return back.lastgroup
    if g.FRONT["date"].match(content):
        return "date"
    if body_above:
        return None
    if g.ROW.match(content) and content[-1] not in FULL_STOP:
        return "metadata"
    if g.read_number(content):
        return "number"
    for role in ("letterhead", "adoption", "speaker", "addressees"):
        if g.FRONT[role].match(content):
            return role
    return "furniture" if g.FURNITURE_LINE.match(content) else None


def _find_titles(lines, roles):
    """The stretches of lines, as (start, end), that read as a title, in the order of the text."""
    spans, end = [], 0
    for i, line in enumerate(lines):
        if i < end or roles[i] or is_complete(line.content) or g.BACK.match(line.content):
            continue
        for stop in range(i + 1, min(len(lines), i + _TITLE_LINES) + 1):
            if roles[stop - 1] or is_complete(lines[stop - 1].content):
                break
            joined = _join(lines, i, stop)
            if stop > i + 1 and _is_closed(lines[i].content) and _is_title(_join(lines, i + 1, stop)):
                break  # a title without this line, which _rise adds if it belongs to it
            if _is_title(joined) and (stop == i + 1 or _belongs(lines, i, stop)):
                start = _rise(lines, roles, i, stop, spans[-1][1] if spans else 0)
                end = _add_version(lines, roles, stop)
                spans.append((start, end))
                break
    return spans


def _join(lines, start, end):
    return "".join([line.content for line in lines[start:end]])


def _is_title(text):
    return bool(g.FRONT["title"].match(text)) and all(text.count(a) == text.count(b) for a, b in _PAIRS)


def _belongs(lines, start, stop):
    """Whether the lines of a possible title are one by their look: none is set off, or they break off in mid-name."""
    for i in range(start, stop - 1):
        above, below = lines[i], lines[i + 1]
        so_far = _join(lines, start, i + 1)
        broken = g.TITLE_OPEN.search(above.content) or g.TITLE_REST.match(below.content) or not _is_closed(so_far)
        if below.gap and not broken and "关于" not in above.content:
            return False
    return True


def _is_closed(text):
    return all(text.count(a) == text.count(b) for a, b in _PAIRS)


def _add_version(lines, roles, stop):
    """The end of a title with the lines in brackets below it: （试行）."""
    while stop < len(lines) and not roles[stop] and g.TITLE_VERSION.match(lines[stop].content):
        stop += 1
    return stop


def _rise(lines, roles, start, end, lowest):
    """Where a title begins: on the lines above it that cannot stand alone, or that name who issues it."""
    while start > lowest and end - start < _TITLE_LINES and not roles[start - 1]:
        above, joined = lines[start - 1].content, _join(lines, start, end)
        if is_complete(above) or g.BACK.match(above) or len(above) > g.TITLE_LIMIT or "，" in above:
            break
        gap = lines[start].gap
        broken = (
            g.TITLE_REST.match(joined) or not _is_closed(joined) or g.TITLE_OPEN.search(above) or not _is_closed(above)
        )
        # 某省教育厅⏎某省财政厅⏎关于…的通知: all that stands above 关于 are names of bodies.
        before = joined.partition("关于")[0] if "关于" in joined else "无"
        organs = split_organs([above], strict=True) and (not before or split_organs([before], strict=True))
        named = not gap and g.OWN_TITLE.search(above) and not g.OWN_TITLE.search(joined) and not _is_organ(above)
        # A title of few characters, or one right below the first line of all, is the end of a longer one.
        end_of_one = len(joined) <= _SHORT_TITLE or (start == 1 and not g.OWN_TITLE.search(joined))
        short = not gap and end_of_one and not _is_organ(above) and not _is_title(above)
        if not (broken or organs or (named and not _is_title(above)) or short):
            break
        start -= 1
    return start


def _choose_title(lines, roles, spans, title, structured):
    """The stretch that holds the title: the one that the catalog names, else the last above a body, else the first."""
    if title and (found := _find_named(lines, title)):
        return found
    fitting = [span for span in spans if not _is_in_text(lines, *span)]
    if structured:
        below = _list_below_text(lines, roles)
        fitting = [span for span in fitting if not below[span[0]]]
        return fitting[-1] if fitting else None
    fitting = [span for span in fitting if span[0] < _HEAD_LINES and span[1] < len(lines)]
    return fitting[0] if fitting else None


def _find_named(lines, title):
    wanted = fold(title)
    for i in range(len(lines)):
        folded = ""
        for stop in range(i + 1, min(len(lines), i + _TITLE_LINES) + 1):
            folded += fold(lines[stop - 1].content)
            if folded == wanted and wanted:
                return i, stop
            if not folded or not wanted.startswith(folded):
                break
    return None


def _is_in_text(lines, start, end):
    """Whether lines that read as a title are the middle of a sentence, cut out by a link."""
    above = lines[start - 1].content if start else "。"
    below = lines[end].content if end < len(lines) else "附"
    in_sentence = not is_complete(above) and (above[-1] in "《（“，、" or ("，" in above and len(above) > _LONG_LINE))
    # Lines of running text that lost their full stops: what follows a line with a comma is not set off as a title is.
    running = (
        not is_complete(above) and "，" in above and not lines[start].gap and not g.FRONT["notice_title"].match(above)
    )
    goes_on = not is_complete(below) and "，" in below and len(below) > _LONG_LINE
    return in_sentence or running or goes_on or below[0] in _CONTINUES


def _is_cut(lines, i):
    """Whether a line is the beginning of a sentence that goes on, with a mark, one or two lines below."""
    return any(line.content[0] in _CONTINUES for line in lines[i + 1 : i + 3])


def _list_below_text(lines, roles):
    """For each line whether so much text stands above it that it is no notice any more."""
    below, n_text = [], 0
    for line, role in zip(lines, roles):
        below.append(n_text > _NOTICE_LINES)
        if role in ("date", "attachment", "attachment_list"):
            n_text = 0
        elif role is None and (is_complete(line.content) or len(line.content) > _LONG_LINE):
            n_text += 1
    return below


def mark_signatures(lines, roles):
    """Short lines directly above a date are who signed."""
    for i, role in enumerate(roles):
        j = i - 1
        while role == "date" and j >= 0 and roles[j] in (None, "speaker") and may_sign(lines[j].content):
            roles[j] = "signature"
            j -= 1


def may_sign(content):
    """Whether a line may name who signed: short, no sentence, no item of a list, no contact."""
    return (
        is_short(content, g.SIGNATURE_LIMIT)
        and not g.TASK.match(content)
        and not g.CONTACT.search(content)
        and not g.BACK.match(content)
    )


class Statement(NamedTuple):
    """What one place above the body, or the signature below it, says about the document."""

    column: str  # title, document_number, issuer, issued
    value: str
    place: str  # title, notice (its title), row, number, letterhead, order, signature, date, adoption, published (on the page)
    start: int  # offset in the source


def read_masthead(source, blocks):
    """What the lines above the body, or the signature below it, say about the document; None where they are silent."""
    said = list_statements(source, blocks)
    columns = ("title", "document_number", "issuer", "issued")
    return {name: next((s.value for s in said if s.column == name), None) for name in columns}


def list_statements(source, blocks):
    """All that the lines above the body and the signature say about the document; of one column the best comes first."""
    said = _collect(source, blocks)
    rows = read_rows([text for text, _ in said["metadata"]])
    row_at = {name: _find_row(said["metadata"], value) for name, value in rows.items()}
    title_at = _first(said["title"])
    title, in_title = _cut_number(clean_title("".join([text for text, _ in said["title"]])))
    row_title, in_row = _cut_number(rows.get("title"))
    numbers = [(number, start) for text, start in said["number"] if (number := g.read_number(text))]
    number = _complete_number([number for number, _ in numbers], [text for text, _ in said["letterhead"]])
    order, published, adopted_at = _read_adoption(said["adoption"])
    found = [
        ("title", title, "title", title_at),
        ("title", row_title, "row", row_at.get("title")),
        (
            "title",
            clean_title("".join([text for text, _ in said["notice_title"]])),
            "notice",
            _first(said["notice_title"]),
        ),
        ("document_number", number, "number", _first(numbers)),
        ("document_number", rows.get("number"), "row", row_at.get("number")),
        ("document_number", in_title, "title", title_at),
        ("document_number", None if title else in_row, "row", row_at.get("title")),
        ("document_number", order, "adoption", adopted_at),
    ]
    numbered = next(((value, at) for name, value, _, at in found if name == "document_number" and value), (None, 0))
    titles = [(said["title"], "title"), (said["notice_title"], "notice")]
    titles = [(*_join_titles(lines), place) for lines, place in titles if lines] or [(row_title or "", title_at, "row")]
    found += _list_issuers(said, (rows.get("issuer", ""), row_at.get("issuer")), numbered, titles)
    signed = [(g.SIGNED.match(text), start) for text, start in said["signature"]]
    dates = [(match["date"], "signature", start) for match, start in signed if match]
    dates += [(text, "date", start) for text, start in said["date"]]
    dates += [(rows.get("drawn_up"), "row", row_at.get("drawn_up")), (published, "adoption", adopted_at)]
    dates += [(rows.get("published"), "published", row_at.get("published"))]
    found += [("issued", text and g.read_date(text), place, start) for text, place, start in dates]
    return [Statement(*statement) for statement in found if statement[1]]


def _collect(source, blocks):
    """Role -> [(text, start)] of the blocks that state something."""
    said = {role: [] for role in _STATING}
    for block in blocks:
        if block.role in said and block.continues and said[block.role]:
            text, start = said[block.role][-1]
            said[block.role][-1] = (text + source[block.start : block.end], start)
        elif block.role in said:
            said[block.role].append((source[block.start : block.end], block.start))
    return said


def _find_row(rows, value):
    """Where the row begins that holds a value; the first, if it runs over several."""
    wanted = re.sub(r"\s", "", value)
    return next((start for text, start in rows if wanted in re.sub(r"\s", "", text)), _first(rows))


def _join_titles(titles):
    """The title with the blanks that divide the names of bodies on its lines, and where it begins."""
    return " ".join([text for text, _ in titles]), _first(titles)


def _first(places):
    """Where the first of some texts begins; 0 if there is none."""
    return places[0][1] if places else 0


def read_rows(lines):
    """What the table of a web page says, by what its labels mean; the first value of each counts.

    >>> read_rows(["发文机关：国务院 成文日期：2017年07月08日", "标　　题：国务院关于印发规划的通知"])
    {'issuer': '国务院', 'drawn_up': '2017年07月08日', 'title': '国务院关于印发规划的通知'}
    """
    said, waiting = {}, None
    for line in lines:
        line = line.replace("**", "")
        found = list(g.ROW.finditer(line))
        if waiting and not found:
            said.setdefault(waiting, clean_title(line))
        waiting = None
        for label, following in zip(found, [*found[1:], None]):
            name = g.ROWS[re.sub(r"\s", "", label["label"] or label["boxed"])]
            value = line[label.end() : following.start() if following else None].strip(SPACE + "|")
            if name == "other":
                continue
            if value:
                said.setdefault(
                    name, g.read_number(value) or drop_spaces(value) if name == "number" else clean_title(value)
                )
            elif not following:
                waiting = name
    return said


def _cut_number(title):
    """A title without the 文号 that some pages print in brackets behind it, and that 文号."""
    found = g.NUMBER_IN_TITLE.search(title or "")
    number = g.read_number(found.group()) if found else None
    return (title[: found.start()], number) if number else (title, None)


def _complete_number(numbers, letterheads):
    """The first 文号; 第641号 under the letterhead 国务院令 goes on with it."""
    if not numbers:
        return None
    heads = [drop_spaces(line) for line in letterheads if drop_spaces(line).endswith(("令", "公告"))]
    return heads[0] + numbers[0] if heads and numbers[0].startswith("第") else numbers[0]


def _read_adoption(adoption):
    """The number of the order by which a law was published, the date, and where the note under its title says so."""
    for line, start in adoption:
        if found := g.PUBLISHED.search(line):
            return drop_spaces(found["number"]) if found["number"] else None, found["date"], start
    return None, None, 0


def _list_issuers(said, row, number, titles):
    """Who issued a document: as who signed, its page, its letterhead, its order or its title says."""
    (row, row_at), (number, number_at) = row, number
    names = [g.SIGNED.sub(r"\g<who>", text) for text, _ in said["signature"]]
    heads = [re.sub("(?:文件|令|公告)$", "", drop_spaces(text)) for text, _ in said["letterhead"]]
    order = [number[: number.index("令")]] if number and "令" in number else []
    places = [
        (split_organs(names), "signature", _first(said["signature"])),
        (split_organs([row], strict=True), "row", row_at),
        (split_organs(heads, strict=True), "letterhead", _first(said["letterhead"])),
        (split_organs(order, strict=True), "order", number_at),
    ]
    for title, start, place in titles:
        before = _PASSES_ON.split(title.partition("关于")[0])[0] if "关于" in title else ""
        places.append((split_organs([before], strict=True), place, start))
    return [("issuer", "、".join(names), place, start) for names, place, start in places]


def _is_organ(name):
    return bool(g.ORGAN.search(name))


def split_organs(lines, *, strict=False):
    """The names of the bodies on lines of a signature, which may stand side by side, be set in blanks, or be wrapped.

    With `strict`, nothing unless all of it ends like the name of a body.

    >>> split_organs(["教 育 部　　财 政 部", "济南市工业和", "信息化局"])
    ['教育部', '财政部', '济南市工业和信息化局']
    """
    names, open_name = [], ""
    for line in lines:
        for piece in _cut_names(line):
            joined = open_name + piece
            if _is_organ(joined):
                names.append(joined)
                open_name = ""
            elif open_name and _is_organ(piece):
                names.append(piece)  # what came before it is no part of a name
                open_name = ""
            else:
                open_name = joined if len(joined) <= g.SIGNATURE_LIMIT else ""
    names = [g.SEAL.sub("", name) for name in names]
    return [] if strict and open_name else list(dict.fromkeys(names))


def _cut_names(line):
    """The pieces of a line that are names or parts of names."""
    words = [word for word in re.split(r"\s+", line.strip(SPACE)) if word]
    if sum([len(word) == 1 for word in words]) * 2 > len(words):
        # Set in blanks: 教 育 部　　财 政 部. Only a wider one divides names, if there is a narrower one.
        wide = [re.sub(r"\s", "", part) for part in re.split(r"\s{2,}", line.strip(SPACE))]
        return [part for part in wide if part] if max(map(len, wide)) > 1 else ["".join(words)]
    pieces = []
    for word in words:
        pieces += [part for part in re.split("[、；;]", word) if part]
    return pieces
