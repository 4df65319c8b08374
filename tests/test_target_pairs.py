"""Pairs of targets against the gold in data/gold: what the cut-offs rest on, and what is compared in the plans that ship."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import policylab as lab
from policylab.base.paths import DATA
from policylab.targets.promises import SAME_THING

LABELS = ("different", "other", "same")
IDS = ("chongqing-2019", "fujian-2020", "national-2019")


def read_gold(document_id):
    return json.loads((DATA / "gold" / f"target-pairs-{document_id}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def arrays():
    with np.load(DATA / "gold" / "target-pairs.npz", allow_pickle=False) as file:
        return dict(file)


@pytest.mark.parametrize("document_id", IDS)
def test_gold_names_targets_of_the_corpus(corpus, document_id):
    gold = read_gold(document_id)
    texts = corpus.targets.set_index(["document_id", "target"])["text"]
    for pair in gold["pairs"]:
        assert texts[gold["document"], pair["target"]] == pair["text"]
        assert texts[gold["reference"], pair["reference_target"]] == pair["reference_text"]
        assert pair["first"] != pair["second"] or pair["label"] == pair["first"]
        assert {pair["first"], pair["second"], pair["label"]} <= set(LABELS)


def test_what_is_compared_in_the_plans_that_ship_is_the_same(corpus):
    n = 0
    for document_id in IDS:
        gold = read_gold(document_id)
        labels = {(pair["target"], pair["reference_target"]): pair["label"] for pair in gold["pairs"]}
        links = json.loads((DATA / "gold" / f"alignment-{document_id}.json").read_text(encoding="utf-8"))["links"]
        tasks = pd.DataFrame([list(link.values())[:2] for link in links], columns=["task", "reference_task"])
        table = lab.compare_targets(corpus, gold["document"], gold["reference"], pairs=tasks)
        compared = table[table["relation"].isin(("raised", "kept", "lowered", "scaled"))]
        found = [labels[int(a), int(b)] for a, b in zip(compared["target"], compared["reference_target"])]
        assert set(found) <= {"same"}
        n += len(found)
    assert n == 7


def test_cutoffs_are_where_the_curve_has_them(arrays):
    kept = arrays["formed_all_kinds"] & arrays["formed_same_unit"]
    similarity, one_thing = arrays["formed_similarity"][kept], arrays["formed_label"][kept] > 0
    curve = LogisticRegression(C=1e6).fit(similarity[:, None], one_thing)
    found = [(np.log(p / (1 - p)) - curve.intercept_[0]) / curve.coef_[0, 0] for p in (0.2, 0.8)]
    assert found == pytest.approx(SAME_THING, abs=0.01)


def test_the_second_reading_agrees_with_the_first(arrays):
    """Kappa by hand, as docs/targets.md has it."""
    read = arrays["second"] < 3
    counts = pd.crosstab(arrays["first"][read], arrays["second"][read]).to_numpy() / read.sum()
    chance = (counts.sum(axis=0) * counts.sum(axis=1)).sum()
    assert round((np.trace(counts) - chance) / (1 - chance), 2) == 0.84
