"""Front matter: letterhead, number, title, addressees and the notice that sends a document out."""

from policylab.corpus import grammar as g
from policylab.corpus.lines import FULL_STOP, fold, is_complete, is_short


def read_front(lines, title, structured):
    """Roles of the lines above the first numbered heading; None where a line is body text already."""
    roles = [None] * len(lines)
    title_at = _find_title(lines, title, structured)
    if title_at:
        roles[title_at[0] : title_at[-1] + 1] = ["title"] * len(title_at)
    before = title_at[0] if title_at else 0
    body_above = False  # without a heading, body text and front matter have no other border
    for i, line in enumerate(lines):
        if roles[i]:
            continue
        back = g.BACK.match(line.content)
        if back and back.lastgroup in ("attachment", "attachment_list"):
            roles[i] = back.lastgroup
            continue
        for role in ("number", "letterhead", "date", "notice_title", "addressees"):
            if g.FRONT[role].match(line.content) and (role == "date" or not body_above):
                roles[i] = role
                break
        else:
            if g.FURNITURE_LINE.match(line.content):
                roles[i] = "furniture"
            else:
                body_above = not structured and i >= before and line.content[-1] in FULL_STOP
    _mark_signatures(lines, roles)
    in_front = True
    for i, line in enumerate(lines):
        if roles[i]:
            continue
        if i < before:
            roles[i] = "notice" if is_complete(line.content) else "front"
        elif in_front and is_short(line.content, g.BARE_HEADING_LIMIT):
            roles[i] = "front"
        else:
            in_front = False
    return roles


def _find_title(lines, title, structured):
    """Indices of the line, or the two lines, that hold the title."""
    wanted = fold(title) if title else None
    if wanted:
        for i, line in enumerate(lines):
            folded = fold(line.content)
            if folded == wanted:
                return [i]
            following = lines[i + 1].content if i + 1 < len(lines) else ""
            if folded and wanted.startswith(folded) and folded + fold(following) == wanted:
                return [i, i + 1]
    # The plan that a notice sends out is named below the notice, right above the body. Without a body that can be
    # recognised, the first line that looks like a title is the safer guess.
    order = range(len(lines))
    for i in reversed(order) if structured else order:
        content = lines[i].content
        if is_complete(content) or g.BACK.match(content) or g.FURNITURE_LINE.match(content):
            continue
        if g.FRONT["title"].match(content):
            if structured or i + 1 < len(lines):
                return [i]
        # A title that a narrow column broke: neither half is one by itself.
        elif i and not lines[i].gap and not is_complete(lines[i - 1].content):
            if g.FRONT["title"].match(lines[i - 1].content + content):
                return [i - 1, i]
    return []


def _mark_signatures(lines, roles):
    """Short lines directly above a date are who signed."""
    for i, role in enumerate(roles):
        j = i - 1
        while role == "date" and j >= 0 and roles[j] is None and is_short(lines[j].content, g.SIGNATURE_LIMIT):
            roles[j] = "signature"
            j -= 1
