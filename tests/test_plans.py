"""Two plans side by side: one bundle of tables, and how far it depends on the threshold."""

import pytest

import policylab as lab


@pytest.fixture(scope="module")
def plans(compare):
    return compare("chongqing-2019")


def test_all_tables_are_of_the_two_plans(plans):
    assert (plans.document_id, plans.reference_id) == ("chongqing-2019", "national-2019")
    for name in ("tasks", "targets", "agencies", "strength", "sources"):
        ids = getattr(plans, name)[["document_id", "reference_id"]].drop_duplicates()
        assert ids.values.tolist() == [["chongqing-2019", "national-2019"]]
    assert repr(plans) == (
        "Plans(chongqing-2019 against national-2019: 41 tasks, 38 targets, 163 agencies, 41 strength, 36 sources)"
    )


def test_the_default_threshold_gives_the_plans_themselves(corpus, plans):
    table = lab.recipes.vary_threshold(corpus, plans.document_id, plans.reference_id, thresholds=(0.2, 0.3, 0.4))
    assert table["n_pairs"].is_monotonic_decreasing and table["n_pairs"].is_unique
    default = table.set_index("threshold").loc[0.3]
    assert default["n_pairs"] == len(plans.tasks)
    assert default["n_false"] == plans.false_matches["n_false"].item() and table["n_false"].is_monotonic_decreasing
    relations = plans.targets["relation"].value_counts()
    assert default[relations.index].to_dict() == relations.to_dict()
    assert default["mean_delta"] == plans.strength["delta"].mean()
    assert default["difference"] == plans.strength["difference"].iloc[0]
