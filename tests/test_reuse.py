"""Copied spans and changed wording: by hand, against an independent search, and back in the sources."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import policylab as lab
from policylab.alignment.reuse import count_copied, find_shared, place_units
from policylab.base.decoding import read_text
from policylab.corpus.repair import repair_text

PAIR = ["document_id", "task", "reference_id", "reference_task", "matched"]


def read_sources(corpus):
    return {row.document_id: read_text(corpus.catalog.parent / row.file) for row in corpus.documents.itertuples()}


def longest(a, b):
    """Length of the longest common substring, by trying all of them."""
    return max((len(a[i:j]) for i, j in product(range(len(a)), range(len(a) + 1)) if i < j and a[i:j] in b), default=0)


@given(st.text("甲乙丙", max_size=12), st.text("甲乙丙", max_size=12), st.integers(1, 4))
def test_spans_are_equal_disjoint_and_leave_nothing(a, b, minimum):
    spans = find_shared(a, b, minimum)
    used, other_used = [], []
    for start, end, other_start, other_end in spans:
        assert a[start:end] == b[other_start:other_end]
        assert end - start >= minimum
        used += range(start, end)
        other_used += range(other_start, other_end)
    assert len(used) == len(set(used)) and len(other_used) == len(set(other_used))
    assert max((end - start for start, end, *_ in spans), default=0) == (
        longest(a, b) if longest(a, b) >= minimum else 0
    )
    # What is left over holds no further span.
    rest = "".join("|" if i in used else c for i, c in enumerate(a))
    other_rest = "".join("/" if i in other_used else c for i, c in enumerate(b))
    assert longest(rest, other_rest) < minimum


def test_moved_sentences_and_marks():
    text, other = "加强统筹；编制数字校园规范(试行)。", "编制数字校园规范 （试行），并加强统筹"
    assert [text[a:b] for a, b, *_ in find_shared(text, other, 4)] == ["编制数字校园规范(试行", "加强统筹"]


def test_titles_are_masked_and_lines_divide():
    text = "落实《教育信息化十年发展规划》\n开展教育宣传"
    assert find_shared(text, "《教育信息化十年发展规划》", 4, mask=True) == []
    assert [text[a:b] for a, b, *_ in find_shared(text, "《教育信息化十年发展规划》", 4)] == ["教育信息化十年发展规划"]
    assert sorted(find_shared("甲乙丙\n丁戊己", "甲乙丙\n丁戊己", 3)) == [(0, 3, 0, 3), (4, 7, 4, 7)]


@pytest.mark.parametrize(
    "text, other, shared",
    [
        ("征集优课100万堂以上", "征集优课120万堂以上", ["征集优课", "万堂以上"]),
        ("建成12所示范学校", "建成2所示范学校", ["所示范学校"]),  # neither text may be cut: 2 is not 12
        ("推广APP应用系统", "推广APPS应用系统", ["应用系统"]),
        ("覆盖率达到3.5倍", "覆盖率达到3．7倍", ["覆盖率达到"]),
        ("培训教师达1,500人", "培训教师达1，200人", ["培训教师达"]),
        ("建设任务2018，2019年", "建设任务2018，2020年", ["建设任务2018"]),  # two numbers, not one
        ("覆盖2018年全部学校", "覆盖２０１８年全部学校", ["覆盖2018年全部学校"]),
    ],
)
def test_no_span_ends_inside_a_number_or_a_latin_word(text, other, shared):
    assert sorted(text[a:b] for a, b, *_ in find_shared(text, other, 4)) == sorted(shared)


def test_spans_stand_in_both_sources(corpus, pairs):
    # Repaired marks are as wide as those that they replace.
    sources = {name: repair_text(source).text for name, source in read_sources(corpus).items()}
    spans = lab.find_reuse(corpus, pairs)
    assert len(spans) > 50
    for row in spans.itertuples():
        assert row.length >= 8
        # A line break of the file may divide what is one paragraph.
        assert sources[row.document_id][row.start : row.end].replace("\n", "") == row.text
        reference = sources[row.reference_id][row.reference_start : row.reference_end].replace("\n", "")
        assert reference.startswith(row.reference_text[:4])
    overlaps = spans.sort_values("start").groupby(["task", "reference_task"])
    assert all((group["start"].iloc[1:].to_numpy() >= group["end"].iloc[:-1].to_numpy()).all() for _, group in overlaps)


def test_places_of_every_character(corpus_all):
    # Repaired marks are as wide as those that they replace.
    sources = {name: repair_text(source).text for name, source in read_sources(corpus_all).items()}
    for name, source in sources.items():
        texts = corpus_all.tasks[corpus_all.tasks["document_id"] == name].set_index("task")["text"]
        places = place_units(corpus_all, name, "task")
        for task, text in texts.items():
            assert len(text) == len(places[task])
            assert all(c == "\n" if i < 0 else source[i] == c for c, i in zip(text, places[task]))


def test_share_of_a_copied_task(corpus):
    # A national task against its own other publication: all but the one word that differs and the titles.
    row = pd.DataFrame([["national-2019", 16, "national-2019-web", 16, True]], columns=PAIR)
    full = lab.load_corpus(versions="all")
    measured = lab.measure_reuse(full, row).iloc[0]
    assert 0.97 < measured["share"] <= 1
    assert measured["n_matched"] == 1


def test_shares_count_overlaps_once(corpus, pairs):
    measured = lab.measure_reuse(corpus, pairs)
    assert len(measured) == 31
    assert (measured["n_copied"] <= measured["n_characters"]).all()
    twice = pd.concat(
        [pairs[pairs["matched"]], pairs[pairs["matched"]].assign(reference_id="national-2019")]
    ).drop_duplicates()
    pd.testing.assert_frame_equal(
        lab.measure_reuse(corpus, twice), measured[measured["n_matched"] > 0].reset_index(drop=True)
    )


def test_wording_rebuilds_both_texts(corpus):
    texts = corpus.tasks.set_index(["document_id", "task"])["text"]
    for task, reference_task in [(15, 15), (1, 1), (31, 28)]:
        wording = lab.compare_wording(corpus, "chongqing-2019", task, "national-2019", reference_task)
        for column, key in (("text", ("chongqing-2019", task)), ("reference_text", ("national-2019", reference_task))):
            assert "".join("".join(wording[column]).split()) == "".join(texts[key].split())
        blank = wording.set_index("change")
        assert (blank.loc[blank.index == "inserted", "reference_text"] == "").all()
        assert (blank.loc[blank.index == "deleted", "text"] == "").all()
        assert (wording["change"].iloc[1:].to_numpy() != "kept").any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda c: lab.compare_wording(c, "chongqing-2019", 40, "national-2019", 1),
            "Task 40 of chongqing-2019 is not in the corpus: chongqing-2019 has tasks 1 to 31.",
        ),
        (
            lambda c: lab.compare_wording(c, "beijing-2019", 1, "national-2019", 1),
            "Task 1 of beijing-2019 is not in the corpus: beijing-2019 has no tasks.",
        ),
        (
            lambda c: lab.find_reuse(c, pd.DataFrame(columns=PAIR), minimum=0),
            "minimum=0 is no length of a span. Pass 1 or more; the default is 8.",
        ),
        (
            lambda c: lab.find_reuse(c, pd.DataFrame(columns=PAIR[:4])),
            "The table pairs has no column matched. It has document_id, task, reference_id, reference_task.",
        ),
    ],
)
def test_bad_input_is_named(corpus, call, message):
    with pytest.raises(lab.PolicylabError) as error:
        call(corpus)
    assert str(error.value) == message


def test_no_matched_pair_gives_an_empty_table(corpus, pairs):
    nothing = pairs.assign(matched=False)
    found = lab.find_reuse(corpus, nothing)
    numbers = found.select_dtypes("int64").columns.tolist()
    assert found.empty and numbers == lab.find_reuse(corpus, pairs).select_dtypes("int64").columns.tolist()
    assert (lab.measure_reuse(corpus, nothing)["share"] == 0).all()


def test_copies_of_drawn_links_are_those_of_matches(corpus, pairs):
    """Counting for many draws at once gives what measure_reuse gives for each of them as matches."""
    drawn = np.random.default_rng(0).random((4, len(pairs))) < np.where(pairs["score"] > 0.1, 0.5, 0.02)
    counts = count_copied(corpus, pairs, drawn)
    for place, matched in enumerate(drawn):
        reuse = lab.measure_reuse(corpus, pairs.assign(matched=matched))
        for row in reuse.itertuples():
            key = row.document_id, row.reference_id, row.task
            assert (counts[key][place] if key in counts else 0) == row.n_copied
    assert sum(values.sum() for values in counts.values()) > 0
