"""How many matches are expected to be false: hand arithmetic, another optimiser, simulated documents, documents without a common subject."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize_scalar

import policylab as lab
from policylab.alignment import align, curve
from policylab.alignment.falsematches import NONE_RIGHT, adapt_scores


def make_pairs(scores, threshold=0.3, **more):
    scores = np.asarray(scores, dtype=float)
    ids = {"document_id": "a", "task": np.arange(len(scores)), "reference_id": "b", "reference_task": 1}
    return pd.DataFrame(ids | {"score": scores, "matched": scores >= threshold} | more)


def test_the_prior_is_that_of_the_fit():
    assert align.PRIOR == curve.measure_prior(curve.load_likeness())


def test_the_prior_by_hand():
    """Two pairs of documents: of the one a link in four, as it is; of the other none, and unrelated tasks without any."""
    table = {"documents": ["a", "b"], "kinds": ["whole", "removed", "subset", "unrelated"]}
    table |= {"pair": np.array([0, 0, 0, 0, 1, 1, 1]), "kind": np.array([0, 0, 0, 0, 0, 3, 3])}
    assert curve.measure_prior(table | {"grade": np.array([2, 0, 0, 0, 0, 0, 0])}) == 1 / 4 / 2


def test_scores_are_taken_as_they_are_where_links_are_as_frequent_as_in_the_fit():
    scores = np.array([align.PRIOR / 2, align.PRIOR * 1.5])
    np.testing.assert_allclose(adapt_scores(scores), scores)


def test_adapted_scores_are_probabilities_where_links_are_more_frequent():
    n, share, rng = 50_000, 0.2, np.random.default_rng(1)
    linked = rng.random(n) < share
    evidence = np.where(
        linked, rng.normal(2, 2, n), rng.normal(-2, 2, n)
    )  # log of the likelihood ratio is the evidence
    prior = np.log(align.PRIOR / (1 - align.PRIOR))
    chance = adapt_scores(1 / (1 + np.exp(-(prior + evidence))))
    assert chance.mean() == pytest.approx(share, abs=0.01)
    for low, high in ((0.1, 0.3), (0.4, 0.6), (0.7, 0.9)):
        inside = (chance > low) & (chance < high)
        assert linked[inside].mean() == pytest.approx(chance[inside].mean(), abs=0.03)


def test_the_share_against_another_optimiser(pairs):
    scores = pairs["score"].to_numpy()
    ratio = scores / (1 - scores) * (1 - align.PRIOR) / align.PRIOR
    found = minimize_scalar(lambda share: -np.log(1 - share + share * ratio).sum(), bounds=(0, 1), method="bounded")
    assert adapt_scores(scores).mean() == pytest.approx(found.x, abs=1e-4)


def test_false_and_right_by_hand():
    scores = [0.95, 0.5, *[0.005] * 40]
    table = lab.recipes.measure_false_matches(make_pairs(scores))
    chance = adapt_scores(np.array(scores))
    row = table.iloc[0]
    assert (row["n_pairs"], row["n_matched"]) == (42, 2)
    assert row["n_right"] == pytest.approx(chance[:2].sum())
    assert row["n_false"] == pytest.approx(2 - chance[:2].sum())
    assert row["n_links"] == pytest.approx(chance.sum())
    assert row["related"] == ((1 - chance[:2]).prod() <= NONE_RIGHT)


def test_rows_and_other_documents_change_nothing(pairs):
    own = lab.recipes.measure_false_matches(pairs)
    both = pd.concat([make_pairs([0.4, 0.1, 0.01]), pairs.sample(frac=1, random_state=1)])
    table = lab.recipes.measure_false_matches(both)
    assert table["document_id"].tolist() == ["a", "chongqing-2019"]
    pd.testing.assert_frame_equal(table.tail(1).reset_index(drop=True), own)


def test_no_match_at_all_is_no_relation():
    table = lab.recipes.measure_false_matches(make_pairs([0.01, 0.02]))
    assert table[["n_matched", "n_false", "n_right", "related"]].values.tolist() == [[0, 0, 0, False]]


OTHER_MATTERS = [
    ("深化国有企业改革", "推进公司制股份制改革，完善国有资产监管体制，健全现代企业制度。"),
    ("做好春耕生产", "落实最严格的耕地保护制度，加强农田水利建设，推广良种良法。"),
    ("加强大气污染防治", "实施燃煤锅炉改造，淘汰黄标车，扩大清洁能源供应。"),
    ("发展海洋经济", "建设现代渔港，扶持远洋捕捞和水产养殖。"),
    ("培养卫生人才", "开展全科医生规范化培训，提升基层医疗队伍能力，加强医学院校建设。"),
]


def test_documents_without_a_common_subject_are_not_related(corpus):
    """Neighbours (training, of doctors and of teachers) stand out, and are all the same expected to be false."""
    other = corpus.tasks[corpus.tasks["document_id"] == "fujian-2020"].head(len(OTHER_MATTERS))
    made = other.assign(title=[title for title, _ in OTHER_MATTERS], text=[text for _, text in OTHER_MATTERS])
    tasks = pd.concat([corpus.tasks[corpus.tasks["document_id"] == "national-2019"], made])
    mixed = replace(corpus, tasks=tasks)
    pairs = lab.align_tasks(mixed, "fujian-2020", "national-2019", threshold=0.1)
    found = lab.recipes.measure_false_matches(pairs).iloc[0]
    assert found["n_matched"] >= 1 and not found["related"]
    assert found["n_false"] == pytest.approx(found["n_matched"], abs=0.5)
    aligned = replace(lab.recipes.align_pair(mixed, "fujian-2020", "national-2019"), pairs=pairs)
    for language, words in (("en", "share too little to speak of continuation"), ("zh", "谈不上承接或延续")):
        measures = lab.summarize_alignment(mixed, pairs, n_resamples=0)
        for text in (
            lab.readings.describe_pair(aligned, language=language),
            lab.readings.describe_links(aligned, measures, language=language),
            lab.readings.describe_order(measures, pairs, language=language),
        ):
            assert words in text
        for word in ("takes up", "Left out", "own:", "承接了", "未承接：", "自有："):
            assert word not in lab.readings.describe_links(aligned, measures, language=language)


@pytest.mark.parametrize("ids", [("chongqing-2019", "national-2019"), ("fujian-2020", "national-2019")])
def test_related_documents_are_related(corpus, ids):
    found = lab.recipes.measure_false_matches(lab.align_tasks(corpus, *ids)).iloc[0]
    assert found["related"] and 0 < found["n_false"] < found["n_matched"] / 5


def test_sections_are_counted_too(corpus):
    sections = lab.align_tasks(corpus, "chongqing-2019", "national-2019", unit="section")
    assert lab.recipes.measure_false_matches(sections)["n_pairs"].tolist() == [110]


@pytest.mark.parametrize("score", [1.2, -0.1, float("nan")])
def test_what_is_no_score_is_named(score):
    with pytest.raises(lab.PolicylabError) as error:
        lab.recipes.measure_false_matches(make_pairs([0.5, score]))
    assert str(error.value) == f"score={score} is no score of align_tasks, which are numbers from 0 to 1."


def test_missing_columns_are_named():
    with pytest.raises(lab.PolicylabError) as error:
        lab.recipes.measure_false_matches(pd.DataFrame({"score": [0.5]}))
    assert str(error.value) == "The table pairs has no columns document_id, reference_id, matched. It has score."
