"""The reader: one HTML page in which every match can be read, the two texts side by side and what was copied marked.

The page needs no network and no other file: reader.html.jinja is filled in here, with reader.css and reader.js inside.
Corpora come from strangers, so all text of the corpus is escaped, and the page itself forbids any other style or script.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pandas as pd

from policylab.alignment.falsematches import list_unrelated
from policylab.alignment.reuse import find_reuse, place_units
from policylab.language.documents import name_document
from policylab.language.labels import label
from policylab.language.lags import list_relation, name_lag
from policylab.output.folder import save_files
from policylab.output.provenance import Provenance
from policylab.readings.reading import Reading
from policylab.recipes.alignment import AlignedPair, list_unmatched

# Control characters that HTML does not allow, and halves of characters that cannot be encoded.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class SavedPage:
    """The path of a page that was written. A notebook shows the name of the file."""

    name: str
    path: Path

    def _repr_markdown_(self):
        return f"`{self.path.name}`"


def save_reader(
    aligned: AlignedPair, record: Provenance, *, folder: str | Path | None = None, language: str = "zh"
) -> SavedPage | Reading:
    """Save a page on which every matched pair of two documents can be read side by side.

    Stretches that were copied word for word (find_reuse) are marked and numbered. Pairs can be filtered by score and by
    the section of the reference; tasks without a match are listed at the end, each with its closest task. The files are
    alignment_reader_<document_id>-<language>.html and the page's entry in manifest.json.

    Parameters
    ----------
    aligned : AlignedPair
        The two documents and their pairs, from align_pair.
    record : Provenance
        What the page is made from, from record_provenance.
    folder : path, optional
        Where to save it; the project's figures/ by default.
    language : {"zh", "en"}
        "zh" or "en": the language of everything but the documents' own text.

    Returns
    -------
    SavedPage or Reading
        The path of the page. Without pairs nothing is written and the result is a note.

    Raises
    ------
    PolicylabError
        If the folder cannot be written or its manifest cannot be read.

    Notes
    -----
    The same input gives the same bytes. Scores are inferred from wording: the page asks for care below 0.8.

    Examples
    --------
    >>> import tempfile
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> record = lab.record_provenance(corpus, "04_alignment", {"language": "en"})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = save_reader(lab.recipes.align_pair(corpus, "fujian-2020"), record, folder=folder, language="en")
    >>> page.path.name
    'alignment_reader_fujian-2020-en.html'
    """
    name = f"alignment_reader_{aligned.document_id}-{language}"
    if aligned.pairs.empty:
        return Reading(label("reader_empty", language).format(name=name))
    content = render_reader(aligned, record, language).encode("utf-8")
    return SavedPage(name, save_files("Page", name, {f"{name}.html": content}, record, folder)["html"])


def render_reader(aligned, record, language):
    """The page of save_reader as a string."""
    corpus, ids = aligned.corpus, (aligned.reference_id, aligned.document_id)
    reference, document = (_Tasks(corpus, name, name_document(corpus, name, language)) for name in ids)
    matches = aligned.pairs[aligned.pairs["matched"]].sort_values(["reference_task", "task"])
    found = find_reuse(corpus, matches).groupby(["task", "reference_task"])
    spans = {key: list(own.itertuples()) for key, own in found}
    pairs = []
    for match in matches.itertuples():
        copied = spans.get((match.task, match.reference_task), [])
        section = reference.section(match.reference_task)
        total = {"spans": len(copied), "characters": sum(span.length for span in copied)}
        pairs.append(
            {
                "task": match.task,
                "reference_task": match.reference_task,
                "score": f"{match.score:.2f}",
                "section": "" if section is None else section,
                "copied": label("reader_copied", language).format(**total),
                "reference": reference.show(
                    match.reference_task, [(s.span, s.reference_start, s.reference_end) for s in copied]
                ),
                "own": document.show(match.task, [(s.span, s.start, s.end) for s in copied]),
            }
        )
    lag = name_lag(aligned.pairs, corpus, language)
    title = label("reader_title", language).format(document=document.name, reference=reference.name, lag=lag)
    sections = sorted({reference.section(task) for task in matches["reference_task"]} - {None})
    return (
        _environment()
        .get_template("reader.html.jinja")
        .render(
            language={"zh": "zh-Hans", "en": "en"}[language],
            word=partial(label, language=language),
            title=title,
            sections=[(section, reference.sections[section]) for section in sections],
            pairs=pairs,
            unmatched=_list_unmatched(aligned, language),
            version=record.packages.get("policylab", ""),
            corpus_hash=record.corpus,
        )
    )


class _Tasks:
    """The tasks of a document as the page shows them."""

    def __init__(self, corpus, document_id, name):
        own = corpus.tasks[corpus.tasks["document_id"] == document_id]
        sections = corpus.sections[corpus.sections["document_id"] == document_id]
        self.name = name
        self.rows = {int(row.task): row for row in own.itertuples()}
        self.sections = {int(row.section): f"{row.label}{row.title}" for row in sections.itertuples()}
        self.places = place_units(corpus, document_id, "task")

    def section(self, task):
        section = self.rows[task].section
        return None if pd.isna(section) else int(section)

    def show(self, task, spans):
        """What the template shows of a task; `spans` are (ordinal, start, end) in the source, none of which overlap."""
        row = self.rows[task]
        return {
            "document": self.name,
            "section": self.sections.get(self.section(task)),
            "task": task,
            "title": row.title,
            "stretches": _cut(row.text, self.places.get(task, []), spans),
        }


def _cut(text, place, spans):
    """`text` in stretches, (ordinal of the span or None, text); `place` has the place in the source of each character."""
    starts = {offset: i for i, offset in enumerate(place)}
    stretches, done = [], 0
    for ordinal, start, end in sorted(spans, key=lambda span: span[1]):
        first, last = starts[start], starts[end - 1] + 1
        stretches += [(None, text[done:first]), (ordinal, text[first:last])]
        done = last
    return [*stretches, (None, text[done:])]


def _list_unmatched(aligned, language):
    """(heading, tasks without a match) for each of the two documents that has any."""
    unmatched = list_unmatched(aligned)
    lists = []
    ids = aligned.reference_id, aligned.document_id
    relation = list_relation(aligned.corpus, *ids[::-1], related=not list_unrelated(aligned.pairs))
    for whose, key in zip(ids, relation, strict=True):
        rows = unmatched[unmatched["document_id"] == whose]
        if not rows.empty:
            name = name_document(aligned.corpus, rows["document_id"].iloc[0], language)
            heading = f"{name}: {label(key, language).rstrip(':')} ({len(rows)})"
            lists.append((heading, list(rows.itertuples())))
    return lists


@cache
def _environment():
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    folder = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(folder, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_clean,
        keep_trailing_newline=True,
    )
    environment.filters["csp_hash"] = _hash
    environment.globals |= {
        kind: Markup((folder / name).read_text(encoding="utf-8"))
        for kind, name in (("style", "reader.css"), ("script", "reader.js"))
    }
    return environment


def _clean(value):
    """A value as the page can hold it, before jinja2 escapes it; what is HTML already, such as our script, stays."""
    if hasattr(value, "__html__"):
        return value
    return "" if pd.isna(value) else _FORBIDDEN.sub("\ufffd", str(value))


def _hash(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
