"""References for a paper: the documents, the methods and the software that notebooks used.

A notebook used the functions of policylab that its code names; references.toml lists the sources of each function.
"""

import ast
import json
import re
import tomllib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import policylab
from policylab.base.errors import PolicylabError, PolicylabWarning
from policylab.base.notebooks import find_notebooks
from policylab.corpus.load import load_corpus
from policylab.output.dependencies import find_version
from policylab.output.latex import escape_latex

STYLES = ("bibtex", "gbt7714")

# Letters that BibTeX does not take in a key.
_NO_KEY = re.compile(r"[\s,{}()=#%~\"'\\@]+")

# BibTeX has no type for programs and official documents that every style knows.
_BIBTEX_TYPES = {"software": "misc", "document": "misc"}
_FIELDS = ("journal", "booktitle", "edition", "publisher", "institution", "address", "howpublished")
_NUMBERS = ("year", "volume", "number", "pages")
_AS_IS = ("doi", "url")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# The marks of GB/T 7714-2015, 附录 B.
_GBT_TYPES = {"article": "J", "inproceedings": "C", "book": "M", "techreport": "R", "software": "CP", "document": "Z"}


@dataclass(frozen=True)
class Usage:
    """What the code of notebooks names: public functions of policylab, imported modules, texts."""

    functions: frozenset
    modules: frozenset
    texts: frozenset


def cite(notebooks: Sequence[str | Path] = (), *, style: str = "bibtex", catalog: str | Path | None = None) -> str:
    """List the references for the documents, methods and software that notebooks use.

    Parameters
    ----------
    notebooks
        Names or paths of notebooks; all of the project's by default.
    style
        "bibtex" (UTF-8, for biber or bibtex) or "gbt7714" (GB/T 7714-2015, numbered).
    catalog
        Your own catalog.csv, if the notebooks load it; the shipped one by default.

    Returns
    -------
    str
        The documents of the corpus, in the order of the catalog; the sources of the methods and the software with the
        versions installed here, in the order of their keys.

    Raises
    ------
    PolicylabError
        If a notebook is not found, is not readable or uses nothing of policylab, or the catalog cannot be used.

    Warns
    -----
    PolicylabWarning
        If the catalog lacks the issuer, number or date of a document.

    Notes
    -----
    It is a list to choose from: a function that a notebook calls may play no part in the paper, and code that a notebook
    only imports is not read. GB/T 7714 also asks for the day on which an online source was visited; add it yourself.

    Examples
    --------
    >>> with warnings.catch_warnings(action="ignore"):  # of the two plans whose issuer is not in the catalog
    ...     text = cite(["02_terms"], style="gbt7714")
    >>> print(text.splitlines()[0])
    文件 · Documents
    """
    if style not in STYLES:
        raise PolicylabError(f"style is {style!r}: expected one of {', '.join(map(repr, STYLES))}.")
    usage = _read_all(find_notebooks(notebooks))
    references = load_references()
    software = [entry for entry in references["software"] if _find_users(entry, usage) is not None]
    parts = {
        "文件 · Documents": _list_documents(catalog) if "load_corpus" in usage.functions else [],
        "方法 · Methods": [entry for entry in references["methods"] if _find_users(entry, usage)],
        "软件 · Software": [
            entry | {"version": version} for entry in software if (version := find_version(entry["package"]))
        ],
    }
    return (_write_bibtex if style == "bibtex" else _write_gbt)(parts, usage)


def load_references():
    """The entries of references.toml: {"methods": [...], "software": [...]}, in the order in which they are printed.

    >>> [entry["title"] for entry in load_references()["methods"] if "find_collocates" in entry["used_by"]][1]
    'A lexicographer-friendly association score'
    """
    content = tomllib.loads(Path(__file__).with_name("references.toml").read_text(encoding="utf-8"))

    def rank(entry):
        return entry["key"] != "policylab", entry["key"]

    return {part: sorted(entries, key=rank) for part, entries in content.items()}


def read_usage(notebook):
    """What the code cells of a notebook name, as a Usage; lines that are commands of Jupyter (%, !) are left out.

    Raises PolicylabError if the file is no notebook, or its code is no Python.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except OSError as error:
        raise PolicylabError(f"{notebook}: cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        what = f"{type(error).__name__}: {error}"
        raise PolicylabError(f"{notebook} is not a Jupyter notebook of format 4 ({what}).") from error
    known = {*policylab.__all__, *policylab.recipes.__all__, *policylab.readings.__all__}
    nodes = []
    for number, source in enumerate(sources, 1):
        code = re.sub(r"^\s*[%!].*$", "", source, flags=re.MULTILINE)
        try:
            nodes += ast.walk(ast.parse(code))
        except SyntaxError as error:
            where = f"{notebook.name}, code cell {number}, line {error.lineno}"
            raise PolicylabError(f"{where}: {error.msg}: {(error.text or '').strip()}") from error
        except (ValueError, RecursionError, MemoryError) as error:  # half a character, or too many brackets
            raise PolicylabError(f"{notebook.name}, code cell {number}: {error or 'too many brackets'}.") from error
    imports = [alias for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    origins = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    names = {alias.asname or alias.name for alias in imports if alias.name == "policylab"}
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute) and _is_ours(node.value, names)}
    used |= {alias.name for node in origins if node.module.split(".")[0] == "policylab" for alias in node.names}
    modules = {name.split(".")[0] for name in [*(alias.name for alias in imports), *(node.module for node in origins)]}
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return Usage(frozenset(used & known), frozenset(modules), frozenset(texts))


def _is_ours(node, names):
    """Whether a node of the code is policylab under one of its names, or its recipes or readings."""
    if isinstance(node, ast.Attribute) and node.attr in ("recipes", "readings"):
        node = node.value
    return isinstance(node, ast.Name) and node.id in names


def _read_all(files):
    usages = {file: read_usage(file) for file in files}
    unused = [file.name for file, usage in usages.items() if not usage.functions]
    if len(unused) == len(files):
        raise PolicylabError(f"{', '.join(unused)}: no function of policylab is used, so there is nothing to cite.")
    if unused:
        message = f"{', '.join(unused)}: no function of policylab is used; nothing is cited for it."
        warnings.warn(message, PolicylabWarning, stacklevel=3)
    fields = zip(*(vars(usage).values() for usage in usages.values()), strict=True)
    return Usage(*(frozenset().union(*sets) for sets in fields))


def _find_users(entry, usage):
    """The functions for which an entry is cited, none if a module that is imported is reason enough; None if it is not cited."""
    if "used_by" not in entry:
        return []
    users = set()
    for known in entry["used_by"]:
        pattern, _, text = known.rstrip(")").partition("(")
        if not text or text in usage.texts:
            users.update(name for name in usage.functions if fnmatchcase(name, pattern))
    imported = "package" in entry and entry.get("module", entry["package"]) in usage.modules
    return sorted(users) if users or imported else None


def _list_documents(catalog):
    entries, gaps = [], []
    for document in load_corpus(catalog or None).documents.to_dict("records"):
        known = {name: value for name, value in document.items() if value == value and value is not None}
        missing = [name for name in ("issuer", "document_number", "issued") if name not in known]
        if missing:
            gaps.append(f"{document['document_id']} ({', '.join(missing)})")
        entry = {
            "key": _NO_KEY.sub("-", document["document_id"]),
            "type": "document",
            "authors": known.get("issuer", "").split("、") if "issuer" in known else [],
            "title": known.get("title", document["document_id"]),
        }
        if "document_number" in known:
            entry["howpublished"] = known["document_number"]
        if "issued" in known:
            entry |= {
                "year": known["issued"].year,
                "month": known["issued"].month,
                "date": f"{known['issued']:%Y-%m-%d}",
            }
        entries.append(entry)
    if gaps:
        message = f"The catalog lacks details of these documents: {'; '.join(gaps)}. Complete their references."
        warnings.warn(message, PolicylabWarning, stacklevel=3)
    return entries


def _write_bibtex(parts, usage):
    lines = []
    for title, entries in parts.items():
        lines += [f"% {title}", ""] if entries else []
        for entry in entries:
            users = _find_users(entry, usage) if entry["type"] != "document" else []
            lines += [f"% {', '.join(users)}"] if users else []
            lines += [_write_entry(entry), ""]
    return "\n".join(lines).rstrip() + "\n"


def _write_entry(entry):
    names = [name if "," in name or name == "others" else f"{{{name}}}" for name in map(escape_latex, entry["authors"])]
    fields = {"author": " and ".join(names)} if names else {}
    fields["title"] = _protect(escape_latex(entry["title"]))
    fields |= {name: escape_latex(entry[name]) for name in _FIELDS if name in entry}
    fields |= {name: str(entry[name]).replace("-", "--") for name in _NUMBERS if name in entry}
    fields |= {name: entry[name] for name in _AS_IS if name in entry}
    if "version" in entry:
        fields["note"] = escape_latex(f"{entry['package']} {entry['version']}")
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    if "month" in entry:
        body += f"  month = {_MONTHS[entry['month'] - 1]},\n"  # a word of BibTeX, which styles translate
    return f"@{_BIBTEX_TYPES.get(entry['type'], entry['type'])}{{{entry['key']},\n{body}}}"


def _protect(title):
    """Braces around words whose capitals must stay: BibTeX's styles write titles in lower case after the first letter."""
    first, *words = title.split(" ")
    own = first[:1].islower() or re.search("[A-Z]", first[1:])
    return " ".join([f"{{{first}}}" if own else first, *(f"{{{w}}}" if re.search("[A-Z]", w) else w for w in words)])


def _write_gbt(parts, usage):
    lines, versions, number = [], [], 0
    for title, entries in parts.items():
        lines += [title] if entries else []
        for entry in entries:
            number += 1
            lines.append(f"[{number}] {_write_reference(entry)}")
            if "version" in entry:
                versions.append(f"{entry['package']} {entry['version']} [{number}]")
        lines += [""] if entries else []
    return "\n".join([*lines, f"版本 · Versions: {', '.join(versions)}"]) + "\n"


def _write_reference(entry):
    """One reference of the numbered style of GB/T 7714-2015."""
    title, mark = entry["title"], _GBT_TYPES[entry["type"]]
    if entry["type"] == "document" and "howpublished" in entry:
        title += f": {entry['howpublished']}"
    elif entry["type"] == "techreport":
        title += f": technical report {entry['number']}"
    elif entry["type"] == "software":
        title += f": version {entry['version']}"
    mark += "/OL" if "url" in entry else ""  # online
    title += f"[{mark}]" + (f"//{entry['booktitle']}" if "booktitle" in entry else "")
    edition = f"{entry['edition']} ed" if "edition" in entry else ""
    source = _write_issue(entry) if entry["type"] == "article" else _write_imprint(entry)
    place = f"DOI: {entry['doi']}" if "doi" in entry else entry.get("url", "")
    parts = [_name_authors(entry["authors"]).rstrip("."), title, edition, source, place]
    return ". ".join(part for part in parts if part) + "."


def _write_issue(entry):
    issue = entry["volume"] + (f"({entry['number']})" if "number" in entry else "")
    return f"{entry['journal']}, {entry['year']}, {issue}: {entry['pages']}"


def _write_imprint(entry):
    publisher = entry.get("publisher") or entry.get("institution")
    where = ": ".join(part for part in (entry.get("address"), publisher) if part)
    when = entry.get("date") or str(entry.get("year", ""))
    imprint = ", ".join(part for part in (where, when) if part)
    return imprint + (f": {entry['pages']}" if "pages" in entry else "")


def _name_authors(authors):
    """At most three authors, surnames in capitals, given names as initials; Chinese names and organisations unchanged."""
    names = [_name_author(author) for author in authors[:3]]
    if len(authors) > 3:
        names.append("等" if re.search("[\u4e00-\u9fff]", authors[0]) else "et al")
    return ", ".join(names)


def _name_author(author):
    surname, comma, given = author.partition(", ")
    if not comma:
        return author
    initials = [part[0].upper() for part in re.split(r"[ .-]+", given) if part]
    return " ".join([surname.upper(), *initials])
