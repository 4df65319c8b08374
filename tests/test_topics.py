"""Topic models: the two tables, determinism, the vocabulary, seeded topics, and every way the input can be wrong."""

import numpy as np
import pandas as pd
import pytest

import policylab as lab
from policylab.topics.fit import project, weigh_counts

PARAGRAPH = ["document_id", "paragraph"]
# Two themes in six short texts; the words are one token each in the dictionary below.
TEXTS = [
    "网络安全，等级保护，应急通报",
    "网络安全，等级保护",
    "网络安全，应急通报",
    "教师培训，信息素养，在线课程",
    "教师培训，信息素养",
    "教师培训，在线课程",
]
WORDS = ["网络安全", "等级保护", "应急通报", "教师培训", "信息素养", "在线课程"]


def make_tokens(texts, words=()):
    ids = [f"d{i}" for i in range(1, len(texts) + 1)]
    return lab.tokenize(pd.DataFrame({"document_id": ids, "paragraph": 1, "text": texts}), lab.Segmenter(list(words)))


def fails(function, *arguments, **options):
    with pytest.raises(lab.PolicylabError) as raised:
        function(*arguments, **options)
    return str(raised.value)


@pytest.fixture(scope="module")
def two_themes():
    return make_tokens(TEXTS, WORDS)


@pytest.mark.parametrize("method", ["nmf", "consensus"])
def test_two_themes_are_found(two_themes, method):
    model = lab.fit_topics(two_themes, 2, unit="paragraph", method=method, seed=1)
    assert {frozenset(rows) for _, rows in model.terms.groupby("topic")["term"]} == {
        frozenset(WORDS[:3]),
        frozenset(WORDS[3:]),
    }
    main = model.shares[model.shares["share"] > 0.99].sort_values("document_id")["topic"].tolist()
    assert len(main) == 6 and main[0] == main[1] == main[2] != main[3] == main[4] == main[5]


@pytest.mark.parametrize("method", ["nmf", "consensus", "lda"])
def test_tables_add_up_and_topics_are_in_order(tokens, method):
    model = lab.fit_topics(tokens, 5, method=method, seed=1)
    assert np.allclose(model.terms.groupby("topic")["weight"].sum(), 1, atol=1e-3)
    assert np.allclose(model.shares.groupby(["document_id", "task"])["share"].sum(), 1, atol=1e-5)
    assert len(model.shares) == 122 * 5
    weighted = (model.shares["share"] * model.shares["n_tokens"]).groupby(model.shares["topic"]).sum()
    assert weighted.index.tolist() == [1, 2, 3, 4, 5]
    assert weighted.is_monotonic_decreasing


@pytest.mark.parametrize("method", ["nmf", "consensus", "lda"])
def test_order_of_rows_threads_and_repetition_change_nothing(tokens, corpus, method, monkeypatch):
    from joblib import parallel_config
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        first = lab.fit_topics(tokens, 4, method=method, seed=3)
    upside_down = corpus.paragraphs.sort_values(PARAGRAPH, ascending=False, ignore_index=True)
    again = lab.join_corpus(lab.tokenize(upside_down), corpus)
    shuffled = again.sample(frac=1, random_state=1)
    with threadpool_limits(2), parallel_config("threading", n_jobs=2):
        second = lab.fit_topics(shuffled, 4, method=method, seed=3)
    pd.testing.assert_frame_equal(first.terms, second.terms)
    pd.testing.assert_frame_equal(first.shares, second.shares)


def test_consensus_with_another_seed_is_nearly_the_same(tokens):
    first, second = (lab.fit_topics(tokens, 8, seed=seed) for seed in (1, 2))
    tops = [
        rows["term"].tolist()
        for model in (first, second)
        for _, rows in model.terms[model.terms["rank"] <= 10].groupby("topic")
    ]
    best = [max(len(set(a) & set(b)) for b in tops[8:]) for a in tops[:8]]
    assert np.mean(best) > 7


def test_weights_are_root_counts_times_idf():
    from scipy.sparse import csr_array

    weighted = weigh_counts(csr_array(np.array([[4, 1], [0, 1]]))).toarray()
    # idf with scikit-learn's smoothing: ln((1 + n) / (1 + n_units)) + 1
    rare, common = np.log(3 / 2) + 1, 1.0
    assert np.allclose(weighted[0], np.array([2 * rare, common]) / np.hypot(2 * rare, common))
    assert np.allclose(weighted[1], [0, 1])


def test_project_is_non_negative_least_squares():
    from scipy.optimize import nnls
    from scipy.sparse import csr_array

    generator = np.random.default_rng(0)
    topics, units = generator.random((3, 8)), generator.random((5, 8))
    expected = np.array([nnls(topics.T, unit)[0] for unit in units])
    assert np.allclose(project(csr_array(units), topics), expected, atol=1e-3)


def test_a_unit_without_terms_has_no_share():
    tokens = make_tokens([*TEXTS, "的和与"], WORDS)
    model = lab.fit_topics(tokens, 2, unit="paragraph", method="nmf", terms=WORDS)
    last = model.shares[model.shares["document_id"] == "d7"]
    assert last["share"].isna().all() and last["n_tokens"].eq(0).all()
    assert model.shares["share"].isna().sum() == 2


def test_select_topic_terms_says_what_it_leaves_out():
    table = lab.recipes.select_topic_terms(
        make_tokens(["建设学校和课程", "建设学校和教室", "建"]), unit="paragraph"
    ).set_index("term")
    assert table["n_units"].to_dict() == {"和": 2, "学校": 2, "建设": 2, "建": 1, "教室": 1, "课程": 1}
    assert table["reason"].dropna().to_dict() == {
        "和": "stop word",
        "建": "shorter than 2 characters",
        "教室": "in fewer than 2 units",
        "课程": "in fewer than 2 units",
    }


def test_seed_terms_stay_with_their_concept(tokens):
    concepts = lab.load_concepts()
    model = lab.fit_seeded_topics(tokens, concepts)
    of_term = concepts.set_index("term")["concept"]
    seeded = model.terms[model.terms["term"].isin(of_term.index)]
    assert len(seeded) > 50
    assert (seeded["concept"] == seeded["term"].map(of_term)).all()
    assert (model.shares.groupby("concept")["topic"].nunique() == 1).all()


def test_paragraphs_and_documents_can_be_units(tokens):
    assert lab.fit_topics(tokens, 3, unit="paragraph", method="nmf").shares["paragraph"].nunique() > 50
    assert lab.fit_topics(tokens, 2, unit="document", method="nmf").shares["document_id"].nunique() == 4


def test_task_1_of_two_documents_is_two_units(tokens, corpus):
    model = lab.fit_topics(tokens, 8, unit="task", method="nmf")
    assert len(model.shares) == 8 * len(corpus.tasks) == 8 * 122
    pd.testing.assert_frame_equal(model.shares, lab.fit_topics(tokens, 8, method="nmf").shares)


def test_one_document_without_tasks_makes_all_units_paragraphs(tokens):
    bare = tokens.assign(task=tokens["task"].mask(tokens["document_id"] == "fujian-2020"))
    shares = lab.fit_topics(bare, 3, method="nmf").shares
    assert "paragraph" in shares and shares["document_id"].nunique() == 4


@pytest.mark.parametrize(
    "measure",
    [
        lambda tokens, unit: lab.fit_topics(tokens, 2, unit=unit, seed=1),
        lambda tokens, unit: lab.fit_seeded_topics(tokens, lab.load_concepts(), unit=unit),
        lambda tokens, unit: lab.measure_stability(tokens, 2, unit=unit, seed=1),
        lambda tokens, unit: lab.choose_n_topics(tokens, [2], unit=unit, seed=1),
        lambda tokens, unit: lab.recipes.measure_null_stability(tokens, 2, unit=unit, seed=1),
        lambda tokens, unit: lab.recipes.select_topic_terms(tokens, unit=unit),
    ],
)
def test_a_unit_is_one_name(two_themes, measure):
    assert fails(measure, two_themes, ["document_id", "task"]) == (
        "unit=['document_id', 'task'] is not one name. Use one of 'task', 'section', 'paragraph', 'document', or None;"
        " the document always belongs to it."
    )
    assert fails(measure, two_themes, "document_id") == (
        "unit='document_id' is unknown. Use one of 'task', 'section', 'paragraph', 'document', or None."
    )


def test_bad_input_says_what_to_do(two_themes, tokens):
    assert fails(lab.fit_topics, two_themes, 7, unit="paragraph", method="nmf") == (
        "7 topics cannot be fitted to 6 units with 6 terms. Ask for 6 at most, or use smaller units."
    )
    assert fails(lab.fit_topics, two_themes, 2, unit="paragraph", method="bert") == (
        "method='bert' is unknown. Use one of 'consensus', 'nmf', 'lda'."
    )
    assert fails(lab.fit_topics, two_themes, 2, unit="paragraph") == (
        'method="consensus" draws at random. Give a seed, such as seed=1, so that the result can be repeated.'
    )
    assert fails(lab.fit_topics, make_tokens(["建设和学校", "的课"]), 2, unit="paragraph", method="nmf") == (
        "No term is left of 5 words: 2 in fewer than 2 units; 2 stop word; 1 shorter than 2 characters."
        " Loosen the filters of select_topic_terms."
    )
    assert fails(lab.fit_topics, two_themes, 2, unit="paragraph", method="nmf", terms=["量子", "元宇宙"]) == (
        "None of the 2 terms is a word of these units (first: 量子, 元宇宙)."
        " Look for the words in tokens, or segment with them as dictionary: lab.Segmenter(terms)."
    )
    assert fails(
        lab.fit_seeded_topics, two_themes, pd.DataFrame({"concept": ["新"], "term": ["元宇宙"]}), unit="paragraph"
    ) == (
        "None of the 1 terms of the concepts is a word of these tokens (first: 元宇宙)."
        " Segment with them as dictionary: lab.tokenize(paragraphs, lab.Segmenter(terms))."
    )
    assert fails(lab.fit_seeded_topics, two_themes, pd.DataFrame({"term": ["元宇宙"]}), unit="paragraph") == (
        "The table concepts has no column concept. It has term."
    )
    same = make_tokens(["网络安全，等级保护"] * 8, WORDS)
    assert fails(lab.fit_topics, same, 2, unit="paragraph", seed=1) == (
        "2 topics were asked for, but only 1 differ in these 8 units. Ask for fewer."
    )
