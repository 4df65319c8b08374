"""Lists and styles of a Word document: which number stands before a paragraph, which text is hidden."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from policylab.intake.numbering import fill_label, is_known

_LEVELS = 9
_CHAIN = 20  # styles that are based on each other


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def child(element: Element | None, name: str) -> Element | None:
    """The first child with this local name; None if there is none."""
    return next((c for c in element if local(c) == name), None) if element is not None else None


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The children with this local name."""
    return (c for c in (element if element is not None else ()) if local(c) == name)


def attribute(element: Element | None, name: str = "val") -> str | None:
    """An attribute, whatever its namespace; None if it is missing."""
    if element is None:
        return None
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def is_on(element: Element | None) -> bool:
    """Whether a switch such as w:vanish is there and not turned off."""
    return element is not None and (attribute(element) or "true").lower() not in ("0", "false", "off")


class Styles:
    """The styles of a document, as far as they number or hide."""

    def __init__(self, part: Element | None):
        self._styles = {attribute(style, "styleId"): style for style in children(part, "style")}
        self._default = next(
            (
                attribute(style, "styleId")
                for style in children(part, "style")
                if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true", "on")
            ),
            None,
        )

    def chain(self, name: str | None) -> Iterator[Element]:
        """A style and those that it is based on, the nearest first."""
        for _ in range(_CHAIN):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = attribute(child(style, "basedOn"))

    def number(self, properties: Element | None) -> tuple[str | None, str | None]:
        """(numId, ilvl) of a paragraph, its own or those of its style."""
        own = child(properties, "numPr")
        number, level = attribute(child(own, "numId")), attribute(child(own, "ilvl"))
        for style in self.chain(attribute(child(properties, "pStyle")) or self._default):
            if number is not None and level is not None:
                break
            inherited = child(child(style, "pPr"), "numPr")
            # A level without a list is the level of the list that the style names.
            number = number if number is not None else attribute(child(inherited, "numId"))
            level = level if level is not None else attribute(child(inherited, "ilvl"))
        return number, level

    def style_name(self, properties: Element | None) -> str | None:
        """The style of a paragraph."""
        return attribute(child(properties, "pStyle"))

    def hides(self, properties: Element | None) -> bool:
        """Whether a run with these properties is hidden."""
        own = child(properties, "vanish")
        if own is not None:
            return is_on(own)
        for style in self.chain(attribute(child(properties, "rStyle"))):
            vanish = child(child(style, "rPr"), "vanish")
            if vanish is not None:
                return is_on(vanish)
        return False


class _Level:
    """One level of a list."""

    def __init__(self, element):
        self.kind = attribute(child(element, "numFmt")) or "decimal"
        if self.kind == "custom":
            self.kind = "decimal"
        self.template = attribute(child(element, "lvlText")) or ""
        start = attribute(child(element, "start"))
        self.start = int(start) if start and start.isdecimal() and len(start) < 6 else 0
        restart = attribute(child(element, "lvlRestart"))
        self.restart = int(restart) if restart and restart.isdecimal() and len(restart) < 3 else None
        self.suffix = attribute(child(element, "suff")) or "tab"
        self.legal = is_on(child(element, "isLgl"))
        self.style = attribute(child(element, "pStyle"))


class Numbering:
    """Counts the paragraphs of every list, as Word does when it prints."""

    def __init__(self, part: Element | None, styles: Styles):
        self.unknown: set[str] = set()
        self._styles = styles
        self._abstract, self._links = {}, {}
        for element in children(part, "abstractNum"):
            key = attribute(element, "abstractNumId")
            self._abstract[key] = {attribute(level, "ilvl"): _Level(level) for level in children(element, "lvl")}
            self._links[key] = attribute(child(element, "numStyleLink"))
        self._numbers = {}
        for element in children(part, "num"):
            overrides = {attribute(o, "ilvl"): o for o in children(element, "lvlOverride")}
            self._numbers[attribute(element, "numId")] = (attribute(child(element, "abstractNumId")), overrides)
        self._counts: dict = {}
        self._begun: set = set()

    def next_label(self, properties: Element | None) -> str:
        """The label of the next paragraph with what follows it, "" for one that is in no list."""
        number, level = self._styles.number(properties)
        if number in (None, "0") or number not in self._numbers:
            return ""
        abstract, overrides = self._numbers[number]
        abstract = self._follow_link(abstract)
        levels = self._list_levels(abstract, overrides)
        ilvl = self._settle_level(level, levels, properties)
        if str(ilvl) not in levels:
            return ""
        counts = self._count(number, abstract, overrides, levels, ilvl)
        return self._write(levels, ilvl, counts)

    def _follow_link(self, abstract):
        """The list that a list style defines; a list that only names the style has no levels of its own."""
        link = self._links.get(abstract)
        for style in self._styles.chain(link) if link else ():
            number = attribute(child(child(child(style, "pPr"), "numPr"), "numId"))
            if number in self._numbers:
                return self._numbers[number][0]
        return abstract

    def _list_levels(self, abstract, overrides):
        levels = dict(self._abstract.get(abstract, {}))
        for ilvl, override in overrides.items():
            own = child(override, "lvl")
            if own is not None:
                levels[ilvl] = _Level(own)
        return levels

    def _settle_level(self, level, levels, properties):
        if level is not None and level.isdecimal() and len(level) < 3:
            return min(int(level), _LEVELS - 1)
        # A style that names a list without a level stands at the level that names the style.
        style = self._styles.style_name(properties)
        return next((int(ilvl) for ilvl, known in levels.items() if style and known.style == style), 0)

    def _count(self, number, abstract, overrides, levels, ilvl):
        """The numbers of all levels down to this one. Lists of one definition count on, unless an override starts anew."""
        counts = self._counts.setdefault(abstract, {})
        for other, override in overrides.items():
            start = attribute(child(override, "startOverride"))
            if start and start.isdecimal() and len(start) < 6 and (number, other) not in self._begun:
                if other == str(ilvl):
                    self._begun.add((number, other))
                    counts[ilvl] = int(start) - 1
        current = levels[str(ilvl)]
        counts[ilvl] = counts[ilvl] + 1 if ilvl in counts else current.start
        for deeper in [d for d in counts if d > ilvl]:
            restart = levels[str(deeper)].restart if str(deeper) in levels else None
            if restart is None or (restart and ilvl < restart):
                del counts[deeper]
        for outer in range(ilvl):
            if outer not in counts and str(outer) in levels:
                counts[outer] = levels[str(outer)].start
        return counts

    def _write(self, levels, ilvl, counts):
        level = levels[str(ilvl)]
        if level.kind == "bullet":
            return ""
        known = [levels.get(str(i)) for i in range(ilvl + 1)]
        kinds = [one.kind if one else "none" for one in known]
        self.unknown |= {kind for kind in kinds if not is_known(kind)}
        label = fill_label(level.template, [counts.get(i, 0) for i in range(ilvl + 1)], kinds, level.legal)
        if not label.strip():
            return ""
        return label + _separate(label, level.suffix)


def _separate(label, suffix):
    """What stands between a number and its text: nothing behind a Chinese mark, a wide blank behind 第一条, else a blank."""
    last = label.rstrip()[-1:]
    if last in "条條章节節编編篇款":
        return "　"
    return " " if suffix != "nothing" and last.isascii() and (last.isalnum() or last == ".") else ""
