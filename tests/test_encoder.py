"""An encoder of one's own in the alignment: called once for each text, checked, helpful if it knows something, harmless if not."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline

import policylab as lab
from policylab.alignment import encoding, likeness
from policylab.base.paths import DATA

IDS = "chongqing-2019", "national-2019"


@pytest.fixture(autouse=True)
def nothing_encoded():
    encoding._vectors.clear()


@pytest.fixture(scope="module")
def gold():
    return json.loads((DATA / "gold" / "alignment-chongqing-2019.json").read_text(encoding="utf-8"))


def draw(texts, size=32):
    """An encoder that knows nothing: vectors at random, always the same for a text."""
    seeds = [int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") for text in texts]
    return np.array([np.random.default_rng(seed).normal(size=size) for seed in seeds])


def make_oracle(corpus, gold):
    """An encoder that knows the links: a reference task has the axes of the tasks that take it up, and one of its own."""
    texts = {
        name: likeness.join_titles(corpus.tasks[corpus.tasks["document_id"] == name].sort_values("task"))
        for name in IDS
    }
    n, m = (len(texts[name]) for name in IDS)
    vectors = dict(zip(texts[IDS[0]], np.eye(n, n + m), strict=True))
    links = np.zeros((m, n))
    for link in gold["links"]:
        links[link["national_task"] - 1, link["provincial_task"] - 1] = link["grade"]
    vectors |= dict(zip(texts[IDS[1]], np.hstack([links, np.eye(m)]), strict=True))
    return lambda asked: np.array([vectors[text] for text in asked]) + draw(asked, n + m) / 20


def measure_f1(corpus, gold, encoder=None):
    pairs = lab.align_tasks(corpus, *IDS, encoder=encoder)
    return lab.evaluate_alignment(pairs, gold, n_resamples=0).set_index("measure")["value"]["F1"]


def test_an_encoder_that_knows_the_links_helps(corpus, gold):
    assert measure_f1(corpus, gold, make_oracle(corpus, gold)) > measure_f1(corpus, gold) + 0.02


@pytest.mark.parametrize(
    "useless",
    [
        draw,
        lambda texts: draw(texts) + 3,  # all of its cosines are high
        lambda texts: draw(texts, 2),
        lambda texts: np.ones((len(texts), 4)),
        lambda texts: [[len(text), 100] for text in texts],
    ],
    ids=["random", "random and alike", "of two numbers", "constant", "length"],
)
def test_an_encoder_that_knows_nothing_does_no_harm(corpus, gold, useless):
    assert measure_f1(corpus, gold, useless) == pytest.approx(measure_f1(corpus, gold), abs=0.02)


def test_an_encoder_of_scikit_learn(corpus, gold):
    other = corpus.tasks[~corpus.tasks["document_id"].isin(IDS)]["text"]
    words = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    encoder = make_pipeline(words, TruncatedSVD(30, random_state=0)).fit(other).transform
    pairs = lab.align_tasks(corpus, *IDS, encoder=encoder)
    assert pairs["encoded"].between(-1, 1).all()
    assert list(pairs.columns).index("encoded") == list(pairs.columns).index("theme") + 1
    assert measure_f1(corpus, gold, encoder) == pytest.approx(measure_f1(corpus, gold), abs=0.04)


def test_relative_by_hand():
    """Two tasks against two: the encoder agrees with the other three on some, and counts by how far it agrees."""
    relative = np.array([[1.0, 0.0], [-1.5, 0.5]])
    vectors = np.array([[1, 0], [0.6, 0.8], [1, 0], [0, 1]])
    cosines = np.array([[1, 0], [0.6, 0.8]])
    everything = [0.6, 1, 0, 0.6, 0.8, 0]  # the six pairs of four texts
    encoded = (cosines - 0.6) / max(cosines.std(), np.std(everything))
    agreement = np.corrcoef(relative.ravel(), encoded.ravel())[0, 1]
    assert 0 < agreement < likeness.AGREED
    weight = agreement / likeness.AGREED
    np.testing.assert_allclose(
        likeness._join_encoded(relative, vectors, 2), (3 * relative + weight * encoded) / (3 + weight)
    )
    # One that agrees fully counts like each of the other three, one that contradicts them not at all.
    full = (3 * cosines + encoded) / 4
    np.testing.assert_allclose(likeness._join_encoded(cosines, vectors, 2), full)
    np.testing.assert_allclose(likeness._join_encoded(-cosines, vectors, 2), -cosines)


def test_nothing_changes_without_an_encoder(corpus, pairs):
    encoded = lab.align_tasks(corpus, *IDS, encoder=draw)
    same = ["cosine", "words", "axes", "theme", "action"]
    pd.testing.assert_frame_equal(encoded[same], pairs[same])
    assert "encoded" not in pairs


def test_a_reference_doubled_changes_nothing(corpus):
    reference = corpus.tasks[corpus.tasks["document_id"] == "national-2019"]
    doubled = replace(
        corpus, tasks=pd.concat([corpus.tasks, reference.assign(task=reference["task"] + len(reference))])
    )
    once, twice = (
        lab.align_tasks(source, *IDS, encoder=draw).pivot(index="task", columns="reference_task", values="score")
        for source in (corpus, doubled)
    )
    np.testing.assert_array_equal(twice.to_numpy(), np.hstack([once, once]))


class Counting:
    """An encoder that is a method, and counts what it is asked."""

    def __init__(self):
        self.asked = []

    def encode(self, texts):
        self.asked.append(list(texts))
        return draw(texts)


def test_a_text_is_encoded_once(corpus):
    model = Counting()
    aligned = lab.recipes.align_pair(corpus, *IDS, encoder=model.encode)
    lab.recipes.align_pair(corpus, *IDS, encoder=model.encode)
    asked = [text for texts in model.asked for text in texts]
    n = aligned.all_pairs.groupby("document_id")["task"].nunique().sum() + aligned.pairs["reference_task"].nunique()
    assert len(asked) == len(set(asked)) == n == 31 + 28 + 35
    assert asked[0].startswith("加强教育信息化和网络安全统筹管理与指导\n加强市教委网络安全和信息化领导小组")


def test_two_encoders_do_not_mix(corpus):
    first, second = Counting(), Counting()
    for _ in range(2):
        for model in (first, second):
            lab.align_tasks(corpus, *IDS, encoder=model.encode)
    assert [len(model.asked) for model in (first, second)] == [1, 1]
    lab.align_tasks(corpus, *IDS, encoder=draw)  # a third one; what the first encoded is forgotten
    lab.align_tasks(corpus, *IDS, encoder=first.encode)
    assert len(first.asked) == 2


def test_an_encoder_that_cannot_be_hashed_is_called_each_time(corpus):
    class Unhashable(Counting):
        __hash__ = None

        def __call__(self, texts):
            return self.encode(texts)

    model = Unhashable()
    for _ in range(2):
        lab.align_tasks(corpus, *IDS, encoder=model)
    assert [len(texts) for texts in model.asked] == [66, 66]


def fail(texts):
    raise TimeoutError("the service does not answer")


ADVICE = "An encoder takes a list of n texts and returns a matrix of n rows of numbers."
FIRST = (
    "'加强教育信息化和网络安全统筹管理与指导\\n"
    "加强市教委网络安全和信息化领导小组的统筹领导，组织落实党中央、国务院和市委、市政府的重大决策部署，研究审议重大问题和重…'"
)


@pytest.mark.parametrize(
    ("encoder", "message"),
    [
        ("bge", "encoder=str is no function."),
        (fail, "The encoder failed on 66 texts: TimeoutError: the service does not answer."),
        (lambda texts: draw(texts[1:]), "The encoder returned 65 x 32 for 66 texts."),
        (lambda texts: np.ones(len(texts)), "The encoder returned 66 for 66 texts."),
        (lambda texts: np.ones((1, len(texts), 3)), "The encoder returned 1 x 66 x 3 for 66 texts."),
        (lambda texts: np.ones((len(texts), 0)), "The encoder returned 66 x 0 for 66 texts."),
        (lambda texts: 1.0, "The encoder returned a single number for 66 texts."),
        (lambda texts: None, "The encoder returned NoneType of objects, not of real numbers."),
        (lambda texts: [["a", "b"]] * len(texts), "The encoder returned list of text, not of real numbers."),
        (lambda texts: draw(texts) * 1j, "The encoder returned ndarray of complex numbers, not of real numbers."),
        (
            TfidfVectorizer(analyzer="char").fit_transform,
            "The encoder returned csr_matrix of objects, not of real numbers.",
        ),
        (
            lambda texts: np.where(np.arange(len(texts)) == 0, np.nan, draw(texts).T).T,
            f"The encoder returned numbers that are NaN or infinite for 1 of 66 texts, such as {FIRST}.",
        ),
        (
            lambda texts: np.where(np.arange(len(texts)) < 2, np.inf, draw(texts).T).T,
            f"The encoder returned numbers that are NaN or infinite for 2 of 66 texts, such as {FIRST}.",
        ),
        (
            lambda texts: np.where(np.arange(len(texts)) == 0, 0, draw(texts).T).T,
            f"The encoder returned zeros only for 1 of 66 texts, such as {FIRST}.",
        ),
    ],
)
def test_what_is_no_matrix_is_named(corpus, encoder, message):
    with pytest.raises(lab.PolicylabError) as error:
        lab.align_tasks(corpus, *IDS, encoder=encoder)
    assert str(error.value) == f"{message} {ADVICE}"


def test_rows_of_unequal_length_are_named(corpus):
    with pytest.raises(lab.PolicylabError) as error:
        lab.align_tasks(corpus, *IDS, encoder=lambda texts: [[1.0] * (1 + i % 2) for i in range(len(texts))])
    assert str(error.value).startswith("The encoder returned no matrix: setting an array element with a sequence.")
    assert str(error.value).endswith(ADVICE)


def test_vectors_of_another_width_are_named(corpus):
    def widen(texts):
        return draw(texts, len(texts))

    lab.align_tasks(corpus, *IDS, encoder=widen)
    with pytest.raises(lab.PolicylabError) as error:
        lab.align_tasks(corpus, "fujian-2020", "national-2019", encoder=widen)
    assert str(error.value) == (
        "The encoder returned vectors of 28 numbers, and of 66 before. All texts need the same."
    )


def test_alignments_are_compared_task_by_task(corpus, pairs, gold):
    encoded = lab.align_tasks(corpus, *IDS, encoder=make_oracle(corpus, gold))
    table = lab.recipes.compare_alignments({"default": pairs, "encoder": encoded}, gold, n_resamples=200, seed=1)
    for name, own in (("default", pairs), ("encoder", encoded)):
        alone = lab.evaluate_alignment(own, gold, n_resamples=0)
        part = table[table["alignment"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(
            part[["measure", "value", "n", "reason"]], alone[["measure", "value", "n", "reason"]]
        )
    rows = table.set_index(["alignment", "measure"])
    gain = rows.loc[("encoder", "F1")]
    assert gain["difference"] == pytest.approx(gain["value"] - rows.loc[("default", "F1"), "value"])
    assert gain["low"] < gain["difference"] < gain["high"]
    assert rows.loc["default", ["difference", "low", "high"]].isna().all(axis=None)
    # Paired: of the difference the interval is narrower than of either value.
    wide = lab.evaluate_alignment(pairs, gold, n_resamples=200, seed=1).set_index("measure").loc["F1"]
    assert gain["high"] - gain["low"] < wide["high"] - wide["low"]


def test_the_same_alignment_twice_differs_in_nothing(pairs, gold):
    table = lab.recipes.compare_alignments(
        {"a": pairs, "b": pairs.sample(frac=1, random_state=1)}, gold, n_resamples=40
    )
    same = table[table["alignment"] == "b"]
    assert same["difference"].tolist() == [0, 0, 0, 0] and same[["low", "high"]].isna().all(axis=None)


def test_what_cannot_be_compared_is_named(corpus, pairs, gold):
    fewer = "alignments names fewer than two tables of align_tasks. Pass two or more, as {name: table}."
    # A pair less that the gold does not list.
    part = pairs[(pairs["task"] != 1) | (pairs["reference_task"] != 35)]
    cases = [
        ({"a": pairs}, fewer),
        ([pairs, pairs], fewer),
        (
            {"a": pairs, "b": part},
            "b and a are not alignments of the same pairs of tasks. Compare those of two documents.",
        ),
    ]
    for alignments, message in cases:
        with pytest.raises(lab.PolicylabError) as error:
            lab.recipes.compare_alignments(alignments, gold)
        assert str(error.value) == message
