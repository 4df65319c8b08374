"""What is matched where there is no counterpart: against alignments of hand-made parts, and against texts that are counted as bags."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import policylab as lab
from policylab.alignment import background as backgrounds
from policylab.alignment import likeness
from policylab.base.paths import DATA


@pytest.fixture(scope="module")
def gold():
    return json.loads((DATA / "gold" / "alignment-chongqing-2019.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def null(corpus, pairs, gold):
    return lab.measure_null(corpus, pairs, gold=gold)


def test_counterparts_are_taken_out_and_the_rest_is_aligned_anew(corpus, null, gold):
    """Task 27 has links in one section; without it the plan is aligned as if it had never been there."""
    section = corpus.tasks[corpus.tasks["document_id"] == "national-2019"].set_index("task")["section"]
    for task in (9, 27):
        homes = {section[link["national_task"]] for link in gold["links"] if link["provincial_task"] == task}
        gone = (corpus.tasks["document_id"] == "national-2019") & corpus.tasks["section"].isin(homes)
        anew = lab.align_tasks(replace(corpus, tasks=corpus.tasks[~gone]), "chongqing-2019", "national-2019")
        own = anew[anew["task"] == task]
        row = null.set_index("task").loc[task]
        assert row["score"] == own["score"].max()
        assert row["reference_task"] == own.loc[own["score"].idxmax(), "reference_task"]
        assert (row["n_matched"], row["n_compared"]) == (own["matched"].sum(), len(own))


def test_a_row_is_a_task_with_links(null, gold):
    assert null["task"].tolist() == sorted({link["provincial_task"] for link in gold["links"]})
    assert (null["matched"] == (null["n_matched"] > 0)).all()
    # docs/alignment.md: .16 with the pair left out of the fit.
    assert 0.1 < null["matched"].mean() < 0.2


def test_a_stricter_threshold_matches_less(corpus, pairs, gold, null):
    strict = lab.measure_null(corpus, pairs, gold=gold, threshold=0.8)
    assert strict["n_matched"].sum() < null["n_matched"].sum()
    pd.testing.assert_series_equal(strict["score"], null["score"])


def test_without_sections_the_linked_tasks_are_taken_out(corpus, pairs, gold):
    flat = replace(corpus, tasks=corpus.tasks.assign(section=pd.array([pd.NA] * len(corpus.tasks), dtype="Int64")))
    table = lab.measure_null(flat, pairs, gold=gold).set_index("task")
    links = pd.DataFrame(gold["links"]).groupby("provincial_task").size()
    assert (35 - table["n_compared"]).to_dict() == links.to_dict()


def test_without_gold_tasks_meet_unrelated_texts(corpus, pairs):
    table = lab.measure_null(corpus, pairs)
    assert table["task"].tolist() == list(range(1, 32))
    assert set(table["n_compared"]) == {100} and table["reference_task"].isna().all()
    # docs/alignment.md: 1.2 matches in 30 texts.
    assert table["n_matched"].sum() / 100 < 0.1
    assert table["score"].median() < pairs.groupby("task")["score"].max().median() / 5


@pytest.fixture(scope="module")
def small_background(corpus_all):
    """A background and the texts that it was built from."""
    clauses = corpus_all.paragraphs["text"].str.split("[。；]", regex=True).explode()
    texts = [*clauses[clauses.str.len() > 10], *corpus_all.paragraphs["text"]]
    return lab.recipes.build_background(texts), texts


def test_the_sample_has_the_counts_of_its_texts(small_background):
    background, texts = small_background
    sizes = [sum(map(str.isalnum, text)) for text in texts]
    fit = [text for text, size in zip(texts, sizes, strict=True) if 60 <= size <= 500]
    n = min(len(fit), backgrounds.SAMPLE)
    words, known = backgrounds.count_words(fit)
    whole = {}
    for row, text in enumerate(fit):
        own = words[row].toarray().ravel()
        seen = np.isin(known, background.words)
        whole[tuple(zip(known[seen & (own > 0)], own[seen & (own > 0)], strict=True)), (own[~seen] > 0).sum()] = text
    bags = background.sample_words
    assert bags.counts.shape[0] == n
    for row in range(n):
        own = bags.counts[row].toarray().ravel()
        assert (tuple(zip(background.words[own > 0], own[own > 0], strict=True)), bags.n_unseen[row]) in whole


def test_the_sample_depends_on_content_alone(small_background):
    background, texts = small_background
    other = lab.recipes.build_background(texts[::-1])
    for name in ("sample_ngrams", "sample_words"):
        one, two = getattr(background, name), getattr(other, name)
        assert (one.counts != two.counts).nnz == 0
        np.testing.assert_array_equal(one.n_unseen, two.n_unseen)


def test_bags_are_compared_like_texts(corpus, small_background):
    """Where the background has seen all that a text holds, a bag has the cosines of the text itself."""
    background, texts = small_background
    units = pd.DataFrame({"title": corpus.tasks["title"].head(5), "text": corpus.tasks["text"].head(5)})
    found = likeness.compare_with_sample(units, background, 10)
    assert found["cosine"].shape == (5, 10)
    assert all(np.isfinite(values).all() for values in found.values())
    counts, columns = likeness._add_bags(backgrounds.count_words(texts[:2]), background.words, background.sample_words)
    assert counts.shape[0] == 2 + background.sample_words.counts.shape[0]
    assert list(columns[: np.isin(columns, background.words).sum()]) != [] and (np.sort(columns) == columns).all()
    # Every bag has its counts and one column for each word that is unseen.
    sizes = np.diff(counts.tocsr().indptr)[2:]
    bags = background.sample_words
    np.testing.assert_array_equal(sizes, np.diff(bags.counts.indptr) + bags.n_unseen)
    np.testing.assert_array_equal(
        np.asarray(counts[2:].sum(axis=1)).ravel(), np.asarray(bags.counts.sum(axis=1)).ravel() + bags.n_unseen
    )


def test_a_copy_of_a_task_changes_nothing(corpus):
    background = lab.recipes.load_background()
    units = pd.DataFrame({"title": corpus.tasks["title"].head(4), "text": corpus.tasks["text"].head(4)})
    once = likeness.compare_with_sample(units, background, 20)["relative"]
    twice = likeness.compare_with_sample(pd.concat([units, units.tail(1)]), background, 20)["relative"]
    np.testing.assert_array_equal(twice, np.vstack([once, once[-1:]]))


def test_what_is_no_threshold_is_named(corpus, pairs):
    with pytest.raises(lab.PolicylabError) as error:
        lab.measure_null(corpus, pairs, threshold=30)
    assert str(error.value) == "threshold=30: expected a number from 0 to 1."


def test_several_documents_are_named(corpus, pairs):
    both = pd.concat([pairs, pairs.assign(document_id="fujian-2020")])
    with pytest.raises(lab.PolicylabError) as error:
        lab.measure_null(corpus, both)
    assert str(error.value) == (
        "pairs holds 2 values of document_id: chongqing-2019, fujian-2020. Select one document and one reference."
    )
