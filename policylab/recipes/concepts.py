"""A first list of concepts, proposed from how documents divide themselves; a person edits it."""

from functools import cache, lru_cache

import numpy as np
import pandas as pd

from policylab.base.regions import region_label
from policylab.base.resampling import divide
from policylab.corpus.bundle import Corpus
from policylab.language.sentences import say
from policylab.words.newterms import find_new_terms
from policylab.words.segment import mask_words
from policylab.words.segmenter import Segmenter
from policylab.words.statistics import g2_table
from policylab.words.stoplists import list_stopwords

# All by judgement, after reading what comes out on plans, work reports and regulations.
MOST_CONCEPTS, MOST_TERMS = 15, 12  # as many as one figure shows; terms of a concept that a person looks through
LEAST_PARAGRAPHS = 3  # that hold a term: below, what is near it is accident
LEAST_LIFT = 2  # times as often under the headings that name it as elsewhere: 建设 and 推进 are as frequent anywhere
LEAST_G2 = 6.63  # what independent paragraphs exceed in one of a hundred
NEW_TERMS = 500  # candidates of find_new_terms that are looked for in headings
LONGEST = 10  # characters of a term
SAME = 0.8  # of the paragraphs with a term also hold a longer one: then the longer one is the term
_NOMINAL = ("n", "vn", "an", "j", "e")  # parts of speech that nouns are made of, as the tagger of jieba calls them
# By which documents of any subject name their parts, by judgement.
_FRAME = frozenset(
    "总体 要求 总体要求 目标 任务 重点 重点任务 工作 工作任务 措施 原则 基本原则 回顾 时期 思路 意义 总则 附则 附录 关键 基础 基本 情况 方面 内容 问题 规定"
    " 组织 组织实施 保障措施 指导思想 主要 有关 相关 以上 全面 关于 方案 意见 通知 办法 水平 方式 作用 过程 条件"
    " 行动 体系 系统 发展 建设 机制 能力 部署 保障 功能 主要目标".split()
)


def propose_concepts(corpus: Corpus, *, language: str = "zh") -> pd.DataFrame:
    """Propose a first list of concepts from the headings of the documents, for a person to edit: one row is a term.

    Parameters
    ----------
    corpus : Corpus
        Any corpus whose documents have headings.
    language : {"zh", "en"}
        Of the reasons.

    Returns
    -------
    DataFrame
        `term`, `concept` (named after the term that most of its headings have in common), `concept_en` (blank, to be filled
        in) and `reason` (in how many headings, documents and paragraphs the term is, and how much more often it is below the
        headings of the concept than elsewhere). At most 15 concepts of 12 terms; the concepts of most headings first. Empty
        where headings have no subject in common.

    Notes
    -----
    A heading is the title of a part, section or task. Its words, runs of nouns in it and candidates of find_new_terms may name
    a concept if paragraphs below such headings hold them at least twice as often as others do; verbs with which headings
    begin (加强, 推进) and words by which all documents name their parts (总体要求) do not. Concepts are taken one by
    one, each time the word of most headings that no concept has yet. A term goes to the concept whose name it holds, otherwise
    to that with the highest G² of term and paragraphs below its headings.

    What a list means is for a person to say: merge concepts that are one, drop what is no subject, move terms, and fill in
    concept_en. Then save the table as CSV and load it with load_concepts(path). Neither order nor names of the documents
    matter.

    Examples
    --------
    >>> import policylab as lab
    >>> proposed = propose_concepts(lab.load_corpus(), language="en")
    >>> proposed.columns.tolist(), bool(proposed["term"].is_unique)
    (['term', 'concept', 'concept_en', 'reason'], True)
    """
    headings, below = _list_headings(corpus)
    texts = corpus.paragraphs["text"].tolist()
    candidates = _list_candidates(corpus, sorted(set(headings)))
    held = {term: np.array([term in text for text in texts], dtype=bool) for term in candidates}
    candidates = _drop_parts([term for term in candidates if held[term].sum() >= LEAST_PARAGRAPHS], held)
    named = {term: [heading for heading in headings if term in heading] for term in candidates}
    places = {term: _mark_below(named[term], below, len(texts)) for term in candidates}
    concepts = _choose_concepts(candidates, headings, named, places, held)
    rows = []
    for concept, terms in _assign_terms(concepts, candidates, places, held).items():
        for term, lift in terms:
            documents = {document for heading in named[term] for document, _ in below[heading]}
            counts = {"n_headings": len(named[term]), "n_documents": len(documents), "n": int(held[term].sum())}
            rows.append((term, concept, None, say("propose_concepts.reason", language, lift=lift, **counts)))
    return pd.DataFrame(rows, columns=["term", "concept", "concept_en", "reason"], dtype="str")


def _list_headings(corpus):
    """(the distinct headings, sorted; {heading: (document, number of paragraph) below it})."""
    below = {}
    titles = {
        name: dict(zip(zip(table["document_id"], table[name]), table["title"]))
        for name, table in (("section", corpus.sections), ("task", corpus.tasks))
    }
    columns = ["document_id", "part", "section", "task"]
    for i, (document, part, *keys) in enumerate(corpus.paragraphs[columns].itertuples(index=False, name=None)):
        found = [titles[name].get((document, key)) for name, key in zip(("section", "task"), keys) if pd.notna(key)]
        for heading in {text for text in (part, *found) if isinstance(text, str)}:
            below.setdefault(heading, []).append((document, i))
    return sorted(below), below


def _list_candidates(corpus, headings):
    """Words, runs of nouns and new terms of the headings, sorted; without stop words, numerals and the corpus's regions."""
    segmenter, left_out = Segmenter(), set(list_stopwords())
    for region in corpus.documents["region"].dropna().unique():
        left_out |= {region, region_label(region, "zh"), region_label(region, "zh", short=True)}
    new = set(find_new_terms(corpus.paragraphs, n_contexts=0).head(NEW_TERMS)["term"])
    found, leading = set(), {}
    for heading in headings:
        words = segmenter(heading)
        subjects = _find_subjects(words)
        for i, word in enumerate(words):
            leading.setdefault(word, []).append(i not in subjects)
            for n in range(1, len(words) - i + 1):
                term = "".join(words[i : i + n])
                whole = all(j in subjects for j in range(i, i + n))
                if len(term) > LONGEST:
                    break
                if whole and len(words[i]) > 1 and len(words[i + n - 1]) > 1 or term in new and i in subjects:
                    found.add(term)
    # A verb that mostly begins headings is what is done, and no subject.
    left_out |= {word for word, firsts in leading.items() if sum(firsts) * 2 > len(firsts)}
    terms = sorted(term for term in found - left_out - _FRAME if len(term) > 1)
    return [term for term, mask in zip(terms, mask_words(terms, segmenter)) if mask < 0]


def _find_subjects(words):
    """The places of the words of a heading that belong to a subject: nouns, and verbs behind one in the same clause."""
    subjects, named = set(), False
    for i, word in enumerate(words):
        if not any(map(str.isalnum, word)):
            named = False
            continue
        nominal = _tag(word).startswith(_NOMINAL)
        named = named or nominal
        if nominal or named and _tag(word) in ("v", "a", "b", "l", "i"):
            subjects.add(i)
    return subjects


def _drop_parts(terms, held):
    """The terms without those that are mostly part of one longer term."""
    n = {term: int(held[term].sum()) for term in terms}
    longer = {part for term in terms for part in terms if part in term and part != term and n[term] >= SAME * n[part]}
    return [term for term in terms if term not in longer]


@lru_cache
def _load_tagger():
    import rjieba

    return rjieba.Jieba().tag


@cache
def _tag(word):
    """The part of speech of a word; that of its last part, if the tagger cuts it."""
    return _load_tagger()(word)[-1][1]


def _mark_below(headings, below, n):
    marks = np.zeros(n, dtype=bool)
    marks[[i for heading in headings for _, i in below[heading]]] = True
    return marks


def _measure(held, place):
    """(lift, G²) of a term and of the paragraphs below some headings; (NaN, 0) where there are none, or no others."""
    inside, outside = int((held & place).sum()), int((held & ~place).sum())
    sizes = np.array([place.sum(), (~place).sum()], dtype=float)
    if not sizes.all():
        return np.nan, 0.0
    # Half a paragraph more on both sides, so that a term of one side only has a finite lift.
    lift = float(divide((inside + 0.5) / sizes[0], (outside + 0.5) / sizes[1]))
    return lift, float(g2_table(np.array([[inside, outside]], dtype=float), sizes)[0])


def _choose_concepts(candidates, headings, named, places, held):
    """{concept: paragraphs below its headings}: each time the candidate of most headings that are not covered yet."""
    measured = {term: _measure(held[term], places[term]) for term in candidates}
    able = [term for term in candidates if measured[term][0] >= LEAST_LIFT and measured[term][1] >= LEAST_G2]
    left, concepts = set(headings), {}
    while len(concepts) < MOST_CONCEPTS and able:
        gains = {term: len(left.intersection(named[term])) for term in able}
        best = max(able, key=lambda term: (gains[term], len(term), measured[term][1], term))
        if gains[best] < 2 and len(concepts) > 2 or not gains[best]:
            break
        concepts[best] = places[best]
        left.difference_update(named[best])
        able = [term for term in able if term not in best and best not in term]
    return concepts


def _assign_terms(concepts, candidates, places, held):
    """{concept: [(term, lift)], the terms of most paragraphs first}; a term goes to one concept or to none."""
    terms = {concept: [] for concept in concepts}
    for term in candidates:
        holders = [concept for concept in concepts if concept in term]
        measured = {concept: _measure(held[term], place) for concept, place in concepts.items()}
        fitting = [name for name, (lift, g2) in measured.items() if lift >= LEAST_LIFT and g2 >= LEAST_G2]
        chosen = max(holders, key=lambda name: (len(name), name)) if holders else None
        chosen = chosen or max(fitting, key=lambda name: (measured[name][1], name), default=None)
        if chosen:
            terms[chosen].append((term, measured[chosen][0]))
    order = {term: (-int(held[term].sum()), term) for term in candidates}
    # The name itself comes first, and stays whatever the others.
    return {
        concept: sorted(own, key=lambda pair: (pair[0] != concept, order[pair[0]]))[:MOST_TERMS]
        for concept, own in terms.items()
    }
