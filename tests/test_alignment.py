"""align_tasks and explain_pair: against hand arithmetic and scikit-learn, on the gold, and on input that has to fail."""

import hashlib
import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import CountVectorizer

import policylab as lab
from policylab.alignment import align as alignment
from policylab.alignment import background as backgrounds
from policylab.alignment import curve, likeness, ngrams
from policylab.base.decoding import read_text
from policylab.base.paths import DATA

PLAN = "{title}\n\n一、重点任务\n（一）数字校园\n{tasks}\n"


@pytest.fixture
def load_tasks(load):
    """A corpus with a document for each keyword; its value lists (title, text) of the tasks."""

    def build(**tasks):
        bodies = {
            name: "\n".join(f"{i}.{title}\n{text}" for i, (title, text) in enumerate(listed, 1))
            for name, listed in tasks.items()
        }
        return load(
            *(
                (name, "provincial", "福建省", 2019, PLAN.format(title=f"{name}年工作要点", tasks=body))
                for name, body in bodies.items()
            )
        )

    return build


def read_gold(name):
    return json.loads((DATA / "gold" / f"alignment-{name}.json").read_text(encoding="utf-8"))


def test_one_row_for_every_pair(pairs):
    assert len(pairs) == 31 * 35
    assert not pairs.duplicated(["document_id", "task", "reference_id", "reference_task"]).any()
    assert pairs[["task", "reference_task"]].apply(tuple, axis=1).is_monotonic_increasing
    columns = [
        "document_id",
        "task",
        "reference_id",
        "reference_task",
        "score",
        "matched",
        "probability",
        "cosine",
        "words",
        "axes",
        "relative",
        "theme",
        "action",
        "short",
    ]
    assert list(pairs.columns) == columns
    assert pairs[["score", "probability", "cosine", "words", "axes", "theme", "action"]].stack().between(0, 1).all()
    assert (pairs["matched"] == (pairs["score"] >= alignment.THRESHOLD)).all()


@pytest.mark.parametrize(
    ("document_id", "reference_id", "f1", "mean_ap"),
    # Bars a little below the measured figures (docs/alignment.md), so that only a change of method breaks them.
    [
        ("chongqing-2019", "national-2019", 0.84, 0.93),
        ("fujian-2020", "national-2019", 0.82, 0.96),
        ("national-2019", "national-2017", 0.83, 0.97),
    ],
)
def test_agrees_with_the_gold(corpus, document_id, reference_id, f1, mean_ap):
    pairs = lab.align_tasks(corpus, document_id, reference_id)
    measured = lab.evaluate_alignment(pairs, read_gold(document_id), n_resamples=0).set_index("measure")["value"]
    assert measured["F1"] >= f1
    assert measured["MAP"] >= mean_ap


def test_third_documents_and_order_change_nothing(corpus, corpus_all, pairs):
    shuffled = {
        name: getattr(corpus_all, name).sample(frac=1, random_state=1)
        for name in ("tasks", "paragraphs", "sections", "documents")
    }
    # The matrices are made in the documents' own order, so the numbers are the same to the last bit.
    pd.testing.assert_frame_equal(
        lab.align_tasks(replace(corpus_all, **shuffled), "chongqing-2019", "national-2019"), pairs
    )


def test_two_publications_of_one_document_align_alike(corpus_all, pairs):
    web = lab.align_tasks(corpus_all, "chongqing-2019", "national-2019-web")
    assert (web["matched"] == pairs["matched"]).mean() > 0.995


def test_copied_task_scores_highest(load_tasks):
    tasks = [
        ("推进数字校园建设", "编制数字校园建设规范，组织学校试点。"),
        ("加强网络安全教育", "组织网络安全宣传周活动。"),
        ("督导", "开展专项督导。"),
    ]
    corpus = load_tasks(one=tasks, other=tasks[::-1])
    table = (
        lab.align_tasks(corpus, "one", "other").pivot(index="task", columns="reference_task", values="score").to_numpy()
    )
    assert table.argmax(axis=1).tolist() == [2, 1, 0]
    assert (table.max(axis=1) > 0.8).all()
    assert np.sort(table, axis=1)[:, :2].max() < 0.01


def test_short_task_is_scored_and_marked(load_tasks):
    long = (
        "推进数字校园建设",
        "编制数字校园建设规范，组织学校试点，总结推广优秀案例，引导各级各类学校结合实际开展智慧校园建设与应用。",
    )
    table = lab.align_tasks(load_tasks(one=[("数字校园", ""), long], other=[long]), "one", "other")
    assert table["short"].tolist() == [True, False]
    assert table["score"].iloc[0] > 0


def test_nothing_in_common_scores_next_to_nothing(load_tasks):
    corpus = load_tasks(one=[("甲乙丙丁", "戊己庚辛壬癸。")], other=[("春夏秋冬", "东南西北中发白。")])
    table = lab.align_tasks(corpus, "one", "other")
    assert table[["cosine", "words", "axes", "relative", "theme", "action"]].to_numpy().tolist() == [[0] * 6]
    assert table["score"].iloc[0] < 0.002


def test_a_task_that_shares_nothing_has_no_theme(load_tasks):
    shared = ("推进数字校园建设", "编制数字校园建设规范，组织学校试点。")
    corpus = load_tasks(one=[shared, ("甲乙丙丁", "戊己庚辛壬癸。")], other=[shared])
    theme = lab.align_tasks(corpus, "one", "other")["theme"].tolist()
    assert theme == [pytest.approx(1), 0.0]


def test_sections_and_paragraphs_are_units_too(corpus):
    sections = lab.align_tasks(corpus, "chongqing-2019", "national-2019", unit="section")
    assert len(sections) == 10 * 11
    best = sections.loc[sections.groupby("section")["score"].idxmax()].set_index("section")["reference_section"]
    assert best[[2, 3, 4, 8]].tolist() == [2, 3, 4, 9]
    paragraphs = lab.align_tasks(corpus, "fujian-2020", "national-2017", unit="paragraph")
    assert list(paragraphs.columns[:4]) == ["document_id", "paragraph", "reference_id", "reference_paragraph"]


@pytest.fixture(scope="module")
def own_background(corpus_all):
    """A background of little text: the clauses of the corpus itself."""
    clauses = corpus_all.paragraphs["text"].str.split("[。；]", regex=True).explode()
    return lab.recipes.build_background(clauses[clauses.str.len() > 10])


def test_background_sets_the_weights(corpus, pairs, own_background):
    other = lab.align_tasks(corpus, "chongqing-2019", "national-2019", background=own_background)
    assert other["score"].corr(pairs["score"]) > 0.9
    assert not np.allclose(other["score"], pairs["score"])


def test_tasks_without_counterpart_have_no_match(corpus):
    """Whole sections of the reference are taken out: what had its counterparts there has none left."""
    links = pd.DataFrame(read_gold("chongqing-2019")["links"])
    tasks = corpus.tasks
    section = tasks[tasks["document_id"] == "national-2019"].set_index("task")["section"]
    links["section"] = links["national_task"].map(section)
    matched = n = 0
    for gone, part in links.groupby("section"):
        rest = tasks[(tasks["document_id"] != "national-2019") | (tasks["section"] != gone)]
        orphans = set(part["provincial_task"]) - set(links.loc[links["section"] != gone, "provincial_task"])
        pairs = lab.align_tasks(replace(corpus, tasks=rest), "chongqing-2019", "national-2019")
        matched += pairs.loc[pairs["matched"], "task"].drop_duplicates().isin(orphans).sum()
        n += len(orphans)
    assert n > 20 and matched / n < 0.2


UNRELATED = [
    ("深化国有企业改革", "推进公司制股份制改革，完善国有资产监管体制，健全现代企业制度。"),
    ("做好春耕生产", "落实最严格的耕地保护制度，加强农田水利建设，推广良种良法。"),
    ("加强大气污染防治", "实施燃煤锅炉改造，淘汰黄标车，扩大清洁能源供应。"),
    ("发展海洋经济", "建设现代渔港，扶持远洋捕捞和水产养殖。"),
]


def test_unrelated_tasks_match_nothing(corpus):
    other = corpus.tasks[corpus.tasks["document_id"] == "fujian-2020"].head(len(UNRELATED))
    made = other.assign(title=[title for title, _ in UNRELATED], text=[text for _, text in UNRELATED])
    tasks = pd.concat([corpus.tasks[corpus.tasks["document_id"] == "national-2019"], made])
    pairs = lab.align_tasks(replace(corpus, tasks=tasks), "fujian-2020", "national-2019")
    assert not pairs["matched"].any()


def test_a_reference_doubled_changes_nothing(corpus, pairs):
    reference = corpus.tasks[corpus.tasks["document_id"] == "national-2019"]
    copies = reference.assign(task=reference["task"] + len(reference))
    doubled = replace(corpus, tasks=pd.concat([corpus.tasks, copies]))
    table = lab.align_tasks(doubled, "chongqing-2019", "national-2019").pivot(
        index="task", columns="reference_task", values="score"
    )
    once = pairs.pivot(index="task", columns="reference_task", values="score").to_numpy()
    np.testing.assert_array_equal(table.to_numpy(), np.hstack([once, once]))


def test_names_of_documents_change_nothing(load_tasks):
    tasks = [("推进数字校园建设", "编制规范，组织试点。"), ("加强网络安全教育", "组织宣传周活动。")]
    scores = [
        lab.align_tasks(load_tasks(**{one: tasks, other: tasks[::-1]}), one, other)["score"].tolist()
        for one, other in (("one", "other"), ("zeta", "alpha"))
    ]
    assert scores[0] == scores[1]


def test_threshold_is_only_a_cut(corpus, pairs):
    strict = lab.align_tasks(corpus, "chongqing-2019", "national-2019", threshold=0.8)
    pd.testing.assert_series_equal(strict["score"], pairs["score"])
    assert strict["matched"].sum() < pairs["matched"].sum()


ERRORS = [
    (
        ("chongqing-2091", "national-2019", {}),
        "document_id 'chongqing-2091' is not in the corpus. It holds chongqing-2019, fujian-2020, national-2017, national-2019, national-2019-web.",
    ),
    (
        ("fujian-2020", "fujian-2020", {}),
        "fujian-2020 cannot be aligned with itself. Choose another reference_id: "
        "chongqing-2019, national-2017, national-2019, national-2019-web.",
    ),
    (
        ("national-2019-web", "national-2019", {}),
        "national-2019-web and national-2019 are publications of one document, national-2019. "
        "Choose another reference_id; compare_versions(corpus) shows where publications differ.",
    ),
    (
        ("fujian-2020", "national-2019", {"unit": "word"}),
        "unit='word' is unknown. Use one of 'task', 'section', 'paragraph'.",
    ),
    (
        ("fujian-2020", "national-2019", {"unit": ["document_id", "task"]}),
        "unit=['document_id', 'task'] is not one name. Use one of 'task', 'section', 'paragraph';"
        " the document always belongs to it.",
    ),
    (
        ("fujian-2020", "national-2019", {"threshold": 45}),
        "threshold=45 is not a score. Pass a number from 0 to 1; the default is 0.3.",
    ),
    (
        ("fujian-2020", "national-2019", {"background": []}),
        "background=list is no background. Pass what lab.recipes.build_background returns.",
    ),
]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"threshold": "0.5"}, "threshold='0.5' is not a score. Pass a number from 0 to 1; the default is 0.3."),
        (
            {"background": "数字校园"},
            "background=str is no background. Pass what lab.recipes.build_background returns.",
        ),
    ],
)
def test_strings_for_numbers_and_lists_are_named(corpus, more, message):
    with pytest.raises(lab.PolicylabError) as error:
        lab.align_tasks(corpus, "chongqing-2019", "national-2019", **more)
    assert str(error.value) == message


@pytest.mark.parametrize(("arguments", "message"), ERRORS)
def test_bad_input_is_named(corpus_all, arguments, message):
    document_id, reference_id, more = arguments
    with pytest.raises(lab.PolicylabError) as error:
        lab.align_tasks(corpus_all, document_id, reference_id, **more)
    assert str(error.value) == message


def test_documents_without_tasks_are_named(corpus):
    without = corpus.tasks[corpus.tasks["document_id"] != "national-2017"]
    with pytest.raises(lab.PolicylabError) as error:
        lab.align_tasks(replace(corpus, tasks=without), "fujian-2020", "national-2017")
    expected = "national-2017 has no tasks to align. It has 9 sections and 53 paragraphs: pass unit= one of these for both documents."
    assert str(error.value) == expected.replace("53", str((corpus.paragraphs["document_id"] == "national-2017").sum()))
    empty = {
        name: getattr(corpus, name)[lambda t: t["document_id"] != "national-2017"]
        for name in ("tasks", "sections", "paragraphs")
    }
    with pytest.raises(lab.PolicylabError) as error:
        lab.align_tasks(replace(corpus, **empty), "fujian-2020", "national-2017")
    assert str(error.value) == "national-2017 has no tasks to align. It has no body text at all."


def test_ngrams_against_scikit_learn(corpus):
    texts = corpus.tasks["title"].tolist()
    counts, vocabulary = ngrams.count_ngrams(texts)
    # Marks become the separator, so that no n-gram of the other implementation reaches across one.
    plain = ["".join(c if c.isalnum() else "|" for c in text) for text in texts]
    other = CountVectorizer(analyzer="char", ngram_range=(min(ngrams.SIZES), max(ngrams.SIZES)))
    matrix = other.fit_transform(plain)
    matrix = matrix[:, [i for i, name in enumerate(other.get_feature_names_out()) if "|" not in name]]
    assert len(vocabulary) == matrix.shape[1]
    assert (counts @ counts.T != matrix @ matrix.T).nnz == 0


def test_ngrams_fold_width_case_and_space():
    same = ["校园APP（第2期）", "校园ａｐｐ (第２期)", "校 园\nApp，第2期"]
    counts, _ = ngrams.count_ngrams(same)
    assert (counts[0] != counts[1]).nnz == 0
    assert (counts[0] != counts[2]).nnz == 0


def test_ngrams_reach_over_a_line_end_but_over_no_mark():
    counts = [ngrams.count_ngrams([text])[0].shape[1] for text in ("甲乙\n丙丁", "甲乙。\n丙丁")]
    assert counts == [5, 2]  # three bigrams and two trigrams; one bigram a side


def test_weights_by_hand():
    counts, vocabulary = ngrams.count_ngrams(["甲乙", "甲乙", "丙丁", "甲乙", "戊己"])
    weights = dict(zip(vocabulary.tolist(), ngrams.weigh_ngrams(counts[:3], counts[3:]).tolist()))
    code = {name: int(ngrams.cut_ngrams([name])[0][0]) for name in ("甲乙", "丙丁")}
    # In 2 of 3 texts and 1 of 2: the geometric mean of log(4/2) and log(3/1), of which a vector gets the square root.
    assert weights[code["甲乙"]] == pytest.approx((np.log(4 / 2) * np.log(3 / 1)) ** 0.25)
    # In 1 of 3 and nowhere in the other.
    assert weights[code["丙丁"]] == pytest.approx(0.2 * (np.log(4 / 1) * np.log(3 / 1)) ** 0.25)


def test_themes_against_truncated_svd(monkeypatch):
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    vectors = normalize(np.random.default_rng(1).random((12, 40)) ** 6)
    values = np.linalg.eigvalsh(vectors @ vectors.T)[::-1]
    cut = (values[3] + values[4]) / 2
    monkeypatch.setattr(likeness, "_THEMES", (cut - 1e-9, cut + 1e-9))
    reduced = normalize(TruncatedSVD(4, algorithm="arpack", random_state=0).fit_transform(vectors))
    np.testing.assert_allclose(
        likeness._share_themes(vectors @ vectors.T), np.clip(reduced @ reduced.T, 0, 1), atol=1e-6
    )


def test_action_by_hand():
    """One clause of three bigrams; two of them stand in one reference task, one in the other."""
    units = pd.DataFrame({"title": ["甲乙丙丁"], "text": [""]})
    counts, vocabulary = ngrams.count_ngrams(["甲乙丙丁", "甲乙丙", "丙丁"])
    rarity = np.array([20.0 if len(hex(code)) <= 2 + 8 else 0.0 for code in vocabulary.tolist()])  # bigrams alone
    value, clauses = likeness.score_clauses(units, counts[1:], vocabulary, rarity)
    assert value.tolist() == [pytest.approx([40 / (60 + 40), 20 / (60 + 40)])]
    assert clauses["text"].tolist() == ["甲乙丙丁"]
    assert likeness.take_best(units, counts[1:], vocabulary, rarity).tolist() == value.tolist()


def test_content_by_hand():
    """Five tasks a side; a word of three tasks of both is a habit of both, a word of one side is not."""
    counts, vocabulary = ngrams.count_ngrams(["甲乙", "甲乙", "甲乙", "丙丁", "丙丁"] + ["甲乙"] * 3 + ["戊己"] * 2)
    code = {name: int(ngrams.cut_ngrams([name])[0][0]) for name in ("甲乙", "丙丁")}
    frequency = np.array([9 if value == code["甲乙"] else 0 for value in vocabulary.tolist()])
    content = dict(zip(vocabulary.tolist(), likeness.weigh(counts, 5, frequency, 99).tolist(), strict=True))
    assert content[code["甲乙"]] == pytest.approx(-np.log(9.5 / 100 + 2 / 7))  # (3 - 1) of (5 + 2) tasks in both
    assert content[code["丙丁"]] == pytest.approx(-np.log(0.5 / 100))


def test_coefficients_are_those_of_the_data():
    fitted = curve.fit_curve(curve.load_likeness())
    assert fitted.coefficients == pytest.approx(alignment.CURVE.coefficients, abs=0.02)
    assert fitted.intercept == pytest.approx(alignment.CURVE.intercept, abs=0.02)
    assert fitted.threshold == alignment.CURVE.threshold


def test_likenesses_are_those_of_the_texts(pairs):
    table = curve.load_likeness()
    rows = (table["pair"] == table["documents"].tolist().index("chongqing-2019 national-2019")) & (table["kind"] == 0)
    for name in ("cosine", "words", "axes", "relative", "theme", "action"):
        np.testing.assert_allclose(table[name][rows], pairs[name], atol=2e-4)


def test_the_background_is_the_one_described():
    path = DATA / "background" / "policy.npz"
    about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert about["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (
        about["texts"] == sum(source["texts"] for source in about["made_from"]) == backgrounds.load_background().n_texts
    )
    measured = {"sd011", "sd014", "sd015", "sd039", "sd047", "sd055", "c093", "c118"}
    assert not measured & {source["name"] for source in about["made_from"]}
    assert path.stat().st_size < 4e6


def test_a_background_comes_back_from_its_file(own_background, tmp_path):
    for name in ("one.npz", "two.npz"):
        lab.recipes.save_background(own_background, tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    again = lab.recipes.load_background(tmp_path / "one.npz")
    assert again.n_texts == own_background.n_texts
    for name in ("ngrams", "ngram_frequency", "words", "word_frequency", "axis_ngrams"):
        np.testing.assert_array_equal(getattr(again, name), getattr(own_background, name))
    np.testing.assert_allclose(again.axes, own_background.axes, atol=1e-6)


def test_the_order_of_its_texts_does_not_change_a_background(corpus_all, own_background):
    clauses = corpus_all.paragraphs["text"].str.split("[。；]", regex=True).explode()
    other = lab.recipes.build_background(clauses[clauses.str.len() > 10][::-1])
    np.testing.assert_array_equal(other.ngram_frequency, own_background.ngram_frequency)
    # A coordinate near the middle of two steps may be rounded to the other.
    assert (np.abs(np.abs(other.axes) - np.abs(own_background.axes)) > 0.01).mean() < 0.01


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("数字校园", "texts is one string. Pass a list of strings, one for each paragraph."),
        (["数字校园", None], "texts holds 1 values that are no text, such as None. Pass a list of strings."),
        (
            ["数字校园"] * 499,
            "A background needs 500 texts or more; there are 499. "
            "Pass paragraphs of other policy documents, one string each.",
        ),
        (
            ["数字校园"] * 500,
            "Only 3 pairs of characters occur in 8 or more of these 500 texts, too few for a background. "
            "Pass more texts, in Chinese.",
        ),
    ],
)
def test_too_little_for_a_background_is_named(texts, message):
    with pytest.raises(lab.PolicylabError) as error:
        lab.recipes.build_background(texts)
    assert str(error.value) == message


def test_what_is_no_background_is_named(tmp_path):
    with pytest.raises(lab.PolicylabError) as error:
        lab.recipes.load_background(tmp_path / "none.npz")
    assert str(error.value) == (
        f"{tmp_path / 'none.npz'} is not there. Write it with save_background, or leave path out."
    )
    (tmp_path / "other.npz").write_bytes(b"not an archive")
    np.savez(tmp_path / "others.npz", ngrams=np.arange(3))
    for name in ("other.npz", "others.npz"):
        with pytest.raises(lab.PolicylabError) as error:
            lab.recipes.load_background(tmp_path / name)
        assert str(error.value) == f"{tmp_path / name} is no background. Write one with save_background."


def test_explanation_leads_back_to_the_text(corpus):
    evidence = lab.explain_pair(corpus, "chongqing-2019", 27, "national-2019", 10)
    sources = {name: read_source(corpus, name) for name in ("chongqing-2019", "national-2019")}
    assert evidence["kind"].iloc[0] == "action"
    placed = evidence.dropna(subset="start")
    assert len(placed) > 3
    for row in placed.itertuples():
        assert sources["chongqing-2019"][row.start : row.end] == row.text
    for row in evidence.dropna(subset="reference_start").itertuples():
        assert sources["national-2019"][row.reference_start : row.reference_end] == row.reference_text
    assert "网络扶智" in evidence["text"].tolist()
    assert evidence.loc[evidence["kind"] == "phrase", "weight"].sum() == pytest.approx(1)


def test_explanation_with_the_background_of_the_alignment(corpus, own_background):
    ids = "chongqing-2019", 27, "national-2019", 10
    pairs = lab.align_tasks(corpus, ids[0], ids[2], background=own_background)
    action = pairs.loc[(pairs["task"] == 27) & (pairs["reference_task"] == 10), "action"].item()
    evidence = lab.explain_pair(corpus, *ids, background=own_background)
    both = evidence[evidence["kind"] == "action"]
    assert both["text"].astype(bool).tolist() == [True, False]
    assert both["reference_text"].astype(bool).tolist() == [False, True]
    assert likeness.join_actions(*both["weight"]) == pytest.approx(action)
    assert evidence["weight"].iloc[0] != lab.explain_pair(corpus, *ids)["weight"].iloc[0]


def test_words_added_to_rjieba_change_nothing(corpus):
    code = (
        "import rjieba, policylab as lab; corpus = lab.load_corpus(); ids = 'chongqing-2019', 15, 'national-2019', 15\n"
        "before = lab.compare_wording(corpus, *ids), lab.explain_pair(corpus, *ids)\n"
        "rjieba.cut = lambda text, hmm=True: list(text)\n"
        "after = lab.compare_wording(corpus, *ids), lab.explain_pair(corpus, *ids)\n"
        "print(before[0].equals(after[0]), before[1].equals(after[1]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True True"


def test_explanation_of_a_task_that_is_not_there(corpus):
    with pytest.raises(lab.PolicylabError) as error:
        lab.explain_pair(corpus, "chongqing-2019", 32, "national-2019", 10)
    assert str(error.value) == "chongqing-2019 has no task 32. Its tasks go from 1 to 31."


def test_nearest_texts_against_all_cosines(corpus, monkeypatch):
    texts = corpus.paragraphs["text"].tolist()
    left, right = texts[:60], texts[60:]
    monkeypatch.setattr(ngrams, "_BLOCK", 7 * len(right))  # several blocks, the last one smaller
    found = lab.match_texts(left, right, k=3)
    counts, _ = ngrams.count_ngrams(left + right)
    weights = ngrams.weigh_ngrams(counts[:60], counts[60:])
    cosines = (ngrams.make_vectors(counts[:60], weights) @ ngrams.make_vectors(counts[60:], weights).T).toarray()
    assert len(found) == 180
    np.testing.assert_allclose(found["cosine"].to_numpy().reshape(60, 3), -np.sort(-cosines, axis=1)[:, :3], rtol=1e-5)
    np.testing.assert_allclose(cosines[found["text"], found["reference"]], found["cosine"], rtol=1e-5)


def test_equal_neighbours_rank_by_position():
    found = lab.match_texts(["数字校园"], ["网络安全", "数字校园", "数字校园", "数字校园"], k=2)
    assert found["reference"].tolist() == [1, 2]
    assert found["rank"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("texts", "references", "k", "message"),
    [
        ([], ["数字校园"], 5, "texts is empty: there is nothing to match. Pass at least one string."),
        (["数字校园"], [], 5, "references is empty: there is nothing to match. Pass at least one string."),
        (["数字校园"], ["数字校园"], 0, "k=0 asks for no match. Pass 1 or more."),
    ],
)
def test_nothing_to_match_is_named(texts, references, k, message):
    with pytest.raises(lab.PolicylabError) as error:
        lab.match_texts(texts, references, k=k)
    assert str(error.value) == message


def read_source(corpus, name):
    file = corpus.documents.set_index("document_id").loc[name, "file"]
    return read_text(corpus.catalog.parent / file)


def test_titles_come_before_texts():
    units = pd.DataFrame({"title": ["数字校园", ""], "text": ["推进建设。", "加强管理。"]})
    assert likeness.join_titles(units) == ["数字校园\n推进建设。", "\n加强管理。"]


def test_five_references_are_given_by_default():
    found = lab.match_texts(["数字校园建设"], [f"数字校园{mark}" for mark in "甲乙丙丁戊己庚"])
    assert found["rank"].tolist() == [1, 2, 3, 4, 5]
