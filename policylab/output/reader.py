"""The reader: one HTML page in which every match can be read, the two texts side by side and what was copied marked.

The page needs no network and no other file. All text of the corpus is escaped, and the page itself forbids any script
but the one that ships here, because corpora come from strangers.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from policylab.alignment.reuse import find_reuse, place_units
from policylab.language.documents import name_document
from policylab.language.labels import label
from policylab.language.lags import list_relation, name_lag
from policylab.output.folder import save_files
from policylab.output.readerpage import SCRIPT, STYLE
from policylab.readings.reading import Reading
from policylab.recipes.alignment import list_unmatched

# Control characters that HTML does not allow, and halves of characters that cannot be encoded.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class SavedPage:
    """The path of a page that was written. In a notebook it shows the name of the file."""

    name: str
    path: Path

    def _repr_markdown_(self):
        return f"`{self.path.name}`"


def save_reader(aligned, record, folder=None, language="zh"):
    """Write alignment_reader_<document_id>-<language>.html and its entry in manifest.json; return a SavedPage.

    On the page every matched pair of the two documents stands side by side, with the stretches that were copied word
    for word (find_reuse) marked and numbered; pairs are filtered by score and by the reference's section, and what has
    no match is listed at the end with its closest task. `aligned` comes from align_pair, `record` from
    record_provenance; `folder` is the project's figures/ unless given. The same input gives the same bytes. Without
    any pairs nothing is written, and a Reading says so.

    Raises PolicylabError if the folder cannot be written or its manifest cannot be read.

    >>> save_reader(aligned, record)  # doctest: +SKIP
    """
    name = f"alignment_reader_{aligned.document_id}-{language}"
    if aligned.pairs.empty:
        zh, en = f"没有可对齐的任务，未生成 {name}.html。", f"There are no tasks to align: {name}.html was not made."
        return Reading(zh if language == "zh" else en)
    content = render_reader(aligned, record, language).encode("utf-8")
    return SavedPage(name, save_files("Page", name, {f"{name}.html": content}, record, folder)["html"])


def render_reader(aligned, record, language="zh"):
    """The page of save_reader as a string."""
    corpus, ids = aligned.corpus, (aligned.reference_id, aligned.document_id)
    names = [name_document(corpus, name, language) for name in ids]
    pairs = aligned.pairs[aligned.pairs["matched"]].sort_values(["reference_task", "task"])
    lag = name_lag(aligned.pairs, corpus, language)
    title = label("reader_title", language).format(document=names[1], reference=names[0], lag=lag)
    tasks = [_Tasks(corpus, name) for name in ids]
    spans = dict(list(find_reuse(corpus, pairs).groupby(["task", "reference_task"])))
    articles = [
        _render_pair(pair, spans.get((pair.task, pair.reference_task)), tasks, names, language)
        for pair in pairs.itertuples()
    ]
    made = f"policylab {record.packages.get('policylab', '')} · {label('corpus_hash', language)} {record.corpus}"
    body = [
        f"<header><h1>{_text(title)}</h1><p>{_text(label('reader_help', language))}</p></header>",
        _render_filters(pairs, tasks[0], language),
        f"<main>{''.join(articles)}</main>",
        *_render_unmatched(aligned, language),
        f'<footer class="note"><p>{_text(label("reader_limits", language))}</p><p>{_text(made)}</p></footer>',
    ]
    return _PAGE.format(
        language={"zh": "zh-Hans", "en": "en"}[language], policy=_POLICY, title=_text(title), body="\n".join(body)
    )


class _Tasks:
    """Titles, texts, sections and places of a document's tasks, by ordinal."""

    def __init__(self, corpus, document_id):
        own = corpus.tasks[corpus.tasks["document_id"] == document_id]
        sections = corpus.sections[corpus.sections["document_id"] == document_id]
        self.rows = {int(row.task): row for row in own.itertuples()}
        self.sections = {int(row.section): f"{row.label}{row.title}" for row in sections.itertuples()}
        self.places = place_units(corpus, document_id, "task")

    def section(self, task):
        section = self.rows[task].section
        return None if pd.isna(section) else int(section)

    def mark(self, task, spans):
        """The text of a task as HTML; `spans` are (ordinal, start, end) in the source, none of which overlap."""
        text, place = self.rows[task].text, self.places.get(task, [])
        starts = {offset: i for i, offset in enumerate(place)}
        parts, done = [], 0
        for ordinal, start, end in sorted(spans, key=lambda span: span[1]):
            first, last = starts[start], starts[end - 1] + 1
            parts += [_text(text[done:first]), f'<mark data-span="{ordinal}">{_text(text[first:last])}</mark>']
            done = last
        return "".join([*parts, _text(text[done:])])


def _render_pair(pair, spans, tasks, names, language):
    found = [] if spans is None else list(spans.itertuples())
    places = [[(s.span, s.reference_start, s.reference_end) for s in found], [(s.span, s.start, s.end) for s in found]]
    sides = []
    for own, task, name, marked in zip(tasks, (pair.reference_task, pair.task), names, places, strict=True):
        section = own.section(task)
        place = "" if section is None else f' · <span lang="zh-Hans">{_text(own.sections[section])}</span>'
        sides.append(
            f'<section><p class="place">{_text(name)}{place}</p>'
            f'<h3 lang="zh-Hans">{task}. {_text(own.rows[task].title)}</h3>'
            f'<p class="text" lang="zh-Hans">{own.mark(task, marked)}</p></section>'
        )
    ordinals = f"{pair.task}-{pair.reference_task}"
    section = tasks[0].section(pair.reference_task)
    copied = label("reader_copied", language).format(spans=len(found), characters=sum(s.length for s in found))
    return (
        f'\n<article id="pair-{ordinals}" tabindex="-1" aria-labelledby="head-{ordinals}" '
        f'data-score="{pair.score:.2f}" data-section="{"" if section is None else section}">'
        f'<h2 id="head-{ordinals}"><a href="#pair-{ordinals}">{pair.reference_task} → {pair.task}</a> '
        f"· {_text(label('score', language))} {pair.score:.2f} · {_text(copied)}</h2>"
        f'<div class="sides">{"".join(sides)}</div></article>'
    )


def _render_filters(pairs, reference, language):
    sections = [] if pairs.empty else sorted({reference.section(task) for task in pairs["reference_task"]} - {None})
    options = [f'<option value="">{_text(label("all_sections", language))}</option>']
    options += [f'<option value="{section}">{_text(reference.sections[section])}</option>' for section in sections]
    ranges = [
        f'<label for="{name}">{_text(label(f"{name}_score", language))} '
        f'<input type="range" id="{name}" min="0" max="1" step="0.01" value="{value}" autocomplete="off">'
        f'<output id="{name}-value" for="{name}"></output></label>'
        for name, value in (("lowest", 0), ("highest", 1))
    ]
    return (
        f'<form id="filters" hidden>{"".join(ranges)}'
        f'<label for="section">{_text(label("reference_section", language))} '
        f'<select id="section" autocomplete="off">{"".join(options)}</select></label>'
        f'<span id="status" role="status" data-template="{_text(label("reader_shown", language))}"></span></form>'
    )


def _render_unmatched(aligned, language):
    """A list for either document, if it has tasks without a match."""
    unmatched = list_unmatched(aligned)
    parts = []
    for status, key in zip(
        ("left out", "own"), list_relation(aligned.corpus, aligned.document_id, aligned.reference_id), strict=True
    ):
        rows = unmatched[unmatched["status"] == status]
        if rows.empty:
            continue
        name = name_document(aligned.corpus, rows["document_id"].iloc[0], language)
        items = [
            f'<li><span lang="zh-Hans">{row.task}. {_text(row.title)}</span> '
            f'<span class="note">({_text(label("closest", language))} '
            f'{row.best}. <span lang="zh-Hans">{_text(row.best_title)}</span>, {row.score:.2f})</span></li>'
            for row in rows.itertuples()
        ]
        heading = f"{name}: {label(key, language).rstrip(':')} ({len(rows)})"
        parts.append(f'<section class="unmatched"><h2>{_text(heading)}</h2><ul>{"".join(items)}</ul></section>')
    return parts


def _text(text):
    """Text of a document as text of the page or of an attribute in double quotes, whatever it holds."""
    return escape(_FORBIDDEN.sub("\ufffd", "" if pd.isna(text) else str(text)), quote=True)


def _hash(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


_POLICY = (
    f"default-src 'none'; style-src '{_hash(STYLE)}'; script-src '{_hash(SCRIPT)}'; base-uri 'none'; form-action 'none'"
)
_PAGE = f"""<!DOCTYPE html>
<html lang="{{language}}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{title}}</title>
<style>{STYLE.replace("{", "{{").replace("}", "}}")}</style>
</head>
<body>
{{body}}
<script>{SCRIPT.replace("{", "{{").replace("}", "}}")}</script>
</body>
</html>
"""
