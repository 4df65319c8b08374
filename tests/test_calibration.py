"""Coding pairs of tasks by hand, and what the codes say about an alignment: sheets, messages, thresholds, intervals."""

import csv
import dataclasses
import hashlib
import io

import numpy as np
import pandas as pd
import pytest

import policylab as lab
from policylab.alignment.calibration import CUTS, choose_threshold, draw_measures, update_by_codes
from policylab.alignment.reliability import A, B, Reliability, default_reliability, measure_odds
from policylab.alignment.sampling import choose_rows
from policylab.output.folder import list_obsolete, read_manifest
from policylab.output.provenance import Provenance
from policylab.plots.kit.style import FONT_SHA256

PAIR = ["document_id", "task", "reference_id", "reference_task"]


@pytest.fixture(scope="module")
def sheet(corpus, pairs):
    return lab.sample_pairs(corpus, pairs)


def code(sheet, coder="甲", kind="person", grade=lambda row: (row["task"] + row["reference_task"]) % 3):
    """A filled sheet; by default the grades have nothing to do with the texts."""
    return sheet.assign(grade=sheet.apply(grade, axis=1), coder=coder, coder_kind=kind)


def write(path, sheet):
    sheet.to_csv(path, index=False, encoding="utf-8-sig")
    return path


def fix(a, b):
    """A reliability without doubt."""
    return Reliability((np.isclose(A, a) & np.isclose(B, b)).astype(float))


def make_pairs(scores, linked=()):
    """Pairs of a document with one task for every row of `scores`; the first are coded as `linked`."""
    scores = np.asarray(scores)
    task, reference_task = (axis.ravel() + 1 for axis in np.indices(scores.shape))
    ids = {"document_id": "a", "task": task, "reference_id": "b", "reference_task": reference_task}
    coded = pd.array([*linked, *[pd.NA] * (scores.size - len(linked))], dtype="boolean")
    return pd.DataFrame(ids | {"score": scores.ravel(), "linked": coded})


# --- the sample and its sheet


def test_a_sheet_opens_in_excel_and_runs_nothing(corpus, pairs, tmp_path):
    tasks = corpus.tasks.assign(title="=1+1", text="+" + corpus.tasks["text"])
    sheet = lab.sample_pairs(dataclasses.replace(corpus, tasks=tasks), pairs, tmp_path / "甲.csv")
    data = (tmp_path / "甲.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and b"\r\n" in data
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [*rows[0]] == [
        *PAIR,
        *("title", "reference_title", "text", "reference_text"),
        *("grade", "coder", "coder_kind", "note"),
    ]
    assert len(rows) == len(sheet) == 40
    assert {row["title"] for row in rows} == {"'=1+1"} and all(row["text"].startswith("'+") for row in rows)
    assert {row[name] for row in rows for name in ("grade", "coder", "coder_kind", "note")} == {""}
    place = [(int(row["task"]), int(row["reference_task"])) for row in rows]
    assert place == sorted(place)


def test_a_row_has_the_two_tasks_side_by_side(corpus, sheet):
    tasks = corpus.tasks.set_index(["document_id", "task"])
    row = sheet[sheet["text"].str.contains("　　") & sheet["reference_text"].str.contains("　　")].iloc[0]
    own, reference = (
        tasks.loc[(row["document_id"], row["task"])],
        tasks.loc[(row["reference_id"], row["reference_task"])],
    )
    assert (row["title"], row["reference_title"]) == (own["title"], reference["title"])
    assert row["text"] == own["text"].replace("\n", "　　") and "　　" in row["reference_text"]
    assert row["reference_text"] == reference["text"].replace("\n", "　　")


def test_a_coders_work_is_not_overwritten(corpus, pairs, tmp_path):
    path = tmp_path / "甲.csv"
    path.write_text("work", encoding="utf-8")
    with pytest.raises(lab.PolicylabError) as raised:
        lab.sample_pairs(corpus, pairs, path)
    assert str(raised.value) == (
        f"{path} exists already and may hold a coder's work. Choose another name, or write overwrite=True to replace it."
    )
    lab.sample_pairs(corpus, pairs, path, overwrite=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_sample_spreads_over_scores_and_is_dense_where_they_leave_most_open(sheet, pairs):
    score = sheet.merge(pairs)["score"]
    counts = pd.cut(score, (0, 0.02, 0.1, 0.6, 1), include_lowest=True).value_counts(sort=False).tolist()
    assert min(counts) >= 1 and counts[2] >= 15
    # Of all pairs nine in ten are below .02.
    assert counts[0] <= 10 and (pairs["score"] < 0.02).mean() > 0.8
    chance = default_reliability().probability(pairs["score"])
    doubtful = pairs.iloc[np.argsort(-chance * (1 - chance))[:20]]
    assert len(sheet.merge(doubtful)) == 20


def test_neither_order_nor_names_nor_other_documents_change_the_sample(corpus, pairs, sheet):
    shuffled = lab.sample_pairs(corpus, pairs.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(shuffled, sheet)
    one = dataclasses.replace(corpus, tasks=corpus.tasks[corpus.tasks["document_id"] != "fujian-2020"])
    pd.testing.assert_frame_equal(lab.sample_pairs(one, pairs), sheet)
    names = {"chongqing-2019": "甲", "national-2019": "乙"}
    tasks = corpus.tasks.assign(document_id=corpus.tasks["document_id"].replace(names))
    renamed = lab.sample_pairs(dataclasses.replace(corpus, tasks=tasks), pairs.replace(names))
    pd.testing.assert_frame_equal(renamed, sheet.replace(names))


def test_a_larger_sample_holds_the_smaller_one(corpus, pairs, sheet):
    larger = lab.sample_pairs(corpus, pairs, n=80)
    assert len(larger) == 80 and len(larger.merge(sheet)) == 40
    other = lab.sample_pairs(corpus, pairs, seed=1)
    assert 20 <= len(other.merge(sheet)) < 40
    assert len(lab.sample_pairs(corpus, pairs, n=5000)) == len(pairs)


def test_the_second_half_is_drawn_from_both_sides_with_chances_by_what_is_open():
    # Twenty pairs are as open as can be; on either side of one half, fifty are nine times as open as the other fifty.
    chances = np.repeat([0.5, 0.9, 0.9899, 0.1, 0.0101], [20, 50, 50, 50, 50])
    contents = np.arange(len(chances))[:, None]
    rows = np.array([choose_rows(chances, contents, 40, seed) for seed in range(60)])
    assert (np.sort(rows[:, :20]) == np.arange(20)).all()
    drawn = np.bincount(np.digitize(rows[:, 20:].ravel(), [20, 70, 120, 170]), minlength=5)
    assert drawn[0] == 0 and drawn[1] + drawn[2] == drawn[3] + drawn[4] == 60 * 10
    assert 5 < drawn[1] / drawn[2] < 13 and 5 < drawn[3] / drawn[4] < 13
    # Where one side has too few, the other makes up for them.
    few = np.repeat([0.5, 0.9, 0.1], [20, 3, 50])
    assert np.bincount(np.digitize(choose_rows(few, contents[:73], 40, 0), [20, 23])).tolist() == [20, 3, 17]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(n=9), "n=9: expected a whole number of 10 or more."),
        (dict(seed=-1), "seed=-1: expected a whole number of 0 or more."),
    ],
)
def test_options_of_the_sample(corpus, pairs, change, message):
    with pytest.raises(lab.PolicylabError) as raised:
        lab.sample_pairs(corpus, pairs, **change)
    assert str(raised.value) == message


def test_pairs_that_cannot_be_sampled(corpus, pairs):
    two = pd.concat([pairs, pairs.assign(document_id="fujian-2020")])
    with pytest.raises(lab.PolicylabError) as raised:
        lab.sample_pairs(corpus, two)
    assert str(raised.value) == (
        "pairs holds 2 values of document_id: chongqing-2019, fujian-2020. Select one document and one reference."
    )
    with pytest.raises(lab.PolicylabError) as raised:
        lab.sample_pairs(corpus, pairs.assign(task=pairs["task"] + 30))
    assert str(raised.value) == (
        "pairs has task 32 of chongqing-2019, which the corpus lacks. Pass the corpus that was aligned."
    )
    assert len(lab.sample_pairs(corpus, pairs.head(0))) == 0


# --- reading sheets


def test_there_and_back_as_excel_on_a_chinese_system_saves_it(corpus, pairs, sheet, tmp_path):
    grades = ["１", "2.0", " 0 ", "2", *[""] * 36]
    filled = sheet.assign(grade=grades, coder=["", "王某", *[""] * 38], coder_kind=["人", *[""] * 39])
    (tmp_path / "王某.csv").write_bytes(filled.to_csv(index=False, lineterminator="\r\n").encode("gb18030"))
    codes = lab.recipes.load_pair_codes(tmp_path / "王某.csv", corpus, pairs)
    assert [*codes] == [*PAIR, "grade", "coder", "coder_kind"]
    assert codes["grade"].tolist() == [1, 2, 0, 2] and codes["task"].dtype == "int64"
    assert set(codes["coder"]) == {"王某"} and set(codes["coder_kind"]) == {"person"}
    pd.testing.assert_frame_equal(codes[PAIR], sheet[PAIR].head(4))


def test_a_folder_of_sheets_and_a_sheet_of_several_coders(corpus, pairs, sheet, tmp_path):
    write(tmp_path / "b.csv", code(sheet, "乙", "模型"))
    write(tmp_path / "a.csv", pd.concat([code(sheet.head(12), "甲"), code(sheet.head(12), "丙")]))
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    codes = lab.recipes.load_pair_codes(tmp_path, corpus, pairs)
    assert codes.groupby("coder").size().to_dict() == {"丙": 12, "乙": 40, "甲": 12}
    assert codes.groupby("coder")["coder_kind"].first().to_dict() == {"丙": "person", "乙": "model", "甲": "person"}
    both = lab.recipes.load_pair_codes([tmp_path / "a.csv", tmp_path / "b.csv"], corpus, pairs)
    pd.testing.assert_frame_equal(codes, both)


def test_columns_that_a_coder_took_out_are_not_missed(corpus, pairs, sheet, tmp_path):
    filled = code(sheet).drop(columns=["title", "reference_text", "note"])
    assert len(lab.recipes.load_pair_codes(write(tmp_path / "a.csv", filled), corpus, pairs)) == 40


def test_everything_wrong_in_the_sheets_is_reported_at_once(corpus, pairs, sheet, tmp_path):
    filled = code(sheet).astype("object")
    bad = filled.copy()
    bad.loc[0, "grade"] = "3"
    bad.loc[1, "grade"] = "是"
    bad.loc[2, "document_id"] = "chongqing-2020"  # as a spreadsheet fills a series downwards
    bad.loc[3, "task"] = 99
    bad.loc[4, "reference_task"] = ""
    bad.loc[5, "coder_kind"] = "专家"
    bad.loc[6] = bad.loc[7]
    apart = filled.assign(title=sheet["title"].to_numpy()[::-1]).head(12)
    apart.loc[11, "title"] = sheet.loc[11, "title"]
    paths = [
        write(tmp_path / name, table)
        for name, table in (
            ("1.csv", bad),
            ("2.csv", filled.tail(1)),
            ("3.csv", apart.iloc[[0, 11]].assign(coder="乙")),
            ("4.csv", filled.head(3).assign(coder="", coder_kind="")),
            ("5.csv", filled.assign(grade="")),
            ("6.csv", filled.head(2).assign(coder=["丙", "丁"], coder_kind="").drop(columns="task")),
        )
    ]
    (tmp_path / "7.csv").write_bytes(b"PK\x03\x04")
    paths.append(tmp_path / "7.csv")
    titles = [
        sheet["title"].iloc[-1],
        sheet["title"].iloc[0],
    ]
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.load_pair_codes(tmp_path, corpus, pairs)
    first, last = ("".join(title.split())[:20] for title in titles[::-1])
    assert str(raised.value).splitlines() == [
        f"{paths[0]} has 7 problems:",
        "  row 2, column grade: '3' is no grade. Write 0 (none), 1 (partial) or 2 (direct).",
        "  row 3, column grade: '是' is no grade. Write 0 (none), 1 (partial) or 2 (direct).",
        "  row 4, column document_id: 'chongqing-2020' is not chongqing-2019, which is aligned here. Correct it, or take"
        " the row out.",
        "  row 5, column task: '99' is no task of chongqing-2019 in the alignment. Correct it, or take the row out.",
        "  row 6, column reference_task: the cell is blank. Fill it in.",
        "  row 7, column coder_kind: '专家' is unknown. Write person (人) or model (模型).",
        "  row 9: 甲 coded this pair in row 8 too. Keep one.",
        f"{paths[1]} has 1 problem:",
        f"  row 2: 甲 coded this pair in row 41 of {paths[0]} too. Keep one.",
        f"{paths[2]} has 1 problem:",
        f"  row 2, column title: {last!r} is not that of task 1, {first!r}. Were columns sorted apart? Restore the rows;"
        " sort whole rows only.",
        f"{paths[3]} has 1 problem:",
        "  row 2, column coder: the cell is blank. Write who coded; one row is enough where one coder coded all.",
        f"{paths[4]} has 1 problem:",
        "  row 1, column grade: no row has a grade. Write 0, 1 and 2, or take the sheet away.",
        f"{paths[5]} has 1 problem:",
        "  row 1: the column task is missing. Add it; needed are document_id, task, reference_id, reference_task.",
        f"{paths[6]} cannot be read: the file is no workbook that can be read: the archive is damaged or cut off. Get the file again."
        " Save it as an Excel workbook (.xlsx), or as CSV in UTF-8.",
    ]


def test_who_coded_has_to_be_said(corpus, pairs, sheet, tmp_path):
    filled = code(sheet).astype("object")
    filled.loc[:9, "coder"], filled.loc[20, "coder"] = "乙", ""
    filled["coder_kind"] = ["", *["model"] * 9, *["person"] * 15, *["model"] * 15]
    filled.loc[:9, "coder_kind"] = ""
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.load_pair_codes(write(tmp_path / "a.csv", filled), corpus, pairs)
    assert str(raised.value).splitlines()[1:] == [
        "  row 2, column coder_kind: nothing says whether 乙 is a person or a model. Write person (人) or model (模型).",
        "  row 12, column coder_kind: 甲 is person in row 12 and model in row 27. Keep one.",
        "  row 22, column coder: the cell is blank. Write which of the coders coded this pair.",
    ]


def test_sheets_that_are_not_there(corpus, pairs, tmp_path):
    for paths, message in (
        (tmp_path, f"{tmp_path} has no CSV file. Put the coded sheets there, saved as CSV."),
        ([], "paths is empty: expected the path of a coded sheet, or of a folder with several."),
        ("", "paths is empty: expected the path of a coded sheet, or of a folder with several."),
        ([""], "path is empty: expected the path of a file."),
        (tmp_path / "a.csv", f"There is no file {tmp_path / 'a.csv'}. Give the path of a CSV file in UTF-8."),
    ):
        with pytest.raises(lab.PolicylabError) as raised:
            lab.recipes.load_pair_codes(paths, corpus, pairs)
        assert str(raised.value) == message


# --- calibration


def test_the_threshold_has_the_best_expected_f1_by_hand_arithmetic():
    # Codes: .6 is a link, .2 is none. Chances of the others at a = 0, b = 1 are those of the odds of the score over 3/7.
    pairs = make_pairs([[0.6, 0.2, 0.7], [0.5, 0.1, 0.05]], [True, False])
    odds = np.round((np.log(pairs["score"] / (1 - pairs["score"])) - np.log(3 / 7)) / 0.05) * 0.05
    chance = pairs["linked"].astype("float64").fillna(1 / (1 + np.exp(-odds))).to_numpy(copy=True)

    def expect(matched):
        both, n_links, n_matched = chance[matched].sum(), chance.sum(), matched.sum()
        return both / n_matched, both / n_links, 2 * both / (n_matched + n_links)

    by_cut = {cut: expect((pairs["score"] >= cut).to_numpy())[2] for cut in (0.05, 0.1, 0.2, 0.5, 0.6, 0.7)}
    threshold, expected = choose_threshold(pairs, fix(0, 1))
    assert max(by_cut, key=by_cut.get) == 0.5
    assert threshold == 0.36  # the middle between .2 and .5
    # .2 is below and coded as none, .6 is above and coded as a link.
    np.testing.assert_allclose(list(expected.values()), expect((pairs["score"] >= 0.5).to_numpy()))
    # A coded pair is matched as coded on either side of the threshold.
    pairs["linked"] = pd.array([False, True, *[pd.NA] * 4], dtype="boolean")
    chance[:2] = 0, 1
    threshold, expected = choose_threshold(pairs, fix(0, 1))
    matched = pairs["linked"].fillna(pairs["score"] >= threshold).to_numpy(dtype=bool)
    np.testing.assert_allclose(list(expected.values()), expect(matched))
    assert matched[1] and not matched[0]


def test_expectations_are_means_over_what_scores_may_be_worth():
    scores = np.random.default_rng(5).beta(0.3, 1, (6, 7))
    pairs = make_pairs(scores, [True, False, True])
    known = pairs["linked"].notna().to_numpy()
    reliability = update_by_codes(default_reliability(), pairs)
    threshold, expected = choose_threshold(pairs, reliability)
    odds = np.round(measure_odds(pairs["score"]) / 0.05) * 0.05
    chances = 1 / (1 + np.exp(-(A[:, None] + B[:, None] * odds)))
    chances[:, known] = pairs["linked"][known].to_numpy(dtype=float)

    def expect(matched):
        both, n_links = chances[:, matched].sum(axis=1), chances.sum(axis=1)
        rates = both / matched.sum(), both / n_links, 2 * both / (matched.sum() + n_links)
        return [reliability.weights @ rate for rate in rates]

    f1 = [expect((pairs["score"] >= cut).to_numpy())[2] if (pairs["score"] >= cut).any() else 0 for cut in CUTS]
    assert f1[int(np.flatnonzero(np.isclose(threshold, CUTS))[0])] == pytest.approx(max(f1))
    matched = pairs["linked"].fillna(pairs["score"] >= threshold).to_numpy(dtype=bool)
    np.testing.assert_allclose(list(expected.values()), expect(matched), atol=1e-5)
    low, high, reasons = draw_measures(pairs.assign(matched=matched), reliability, 4000, 0)
    assert (low < list(expected.values())).all() and (list(expected.values()) < high).all() and set(reasons) == {""}


def test_intervals_hold_the_truth_of_documents_that_are_like_the_gold():
    random, prior, held = np.random.default_rng(11), default_reliability(), []
    scores = random.beta(0.25, 1.2, (16, 16))
    uncoded, odds = make_pairs(scores), measure_odds(scores.ravel())
    chances = prior.probability(uncoded["score"])
    for seed in range(100):
        point = random.choice(len(A), p=prior.weights)
        truth = random.random(scores.size) < 1 / (1 + np.exp(-(A[point] + B[point] * odds)))
        pairs, rows = uncoded.copy(), choose_rows(chances, np.arange(scores.size)[:, None], 40, seed)
        pairs.loc[rows, "linked"] = truth[rows]
        reliability = update_by_codes(prior, pairs)
        threshold, _ = choose_threshold(pairs, reliability)
        matched = pairs["linked"].fillna(pairs["score"] >= threshold).to_numpy(dtype=bool)
        low, high, _ = draw_measures(pairs.assign(matched=matched), reliability, 200, seed)
        both = (matched & truth).sum()
        if truth.any() and matched.any():
            rates = both / matched.sum(), both / truth.sum(), 2 * both / (matched.sum() + truth.sum())
            held.append([lo <= rate <= hi for lo, rate, hi in zip(low, rates, high, strict=True) if not np.isnan(lo)])
    shares = np.array([sum(held, [])]).mean()
    assert len(held) > 85 and 0.92 <= shares <= 0.99


def test_forty_codes_find_the_threshold_of_other_documents():
    """Where scores are worth less than on the gold, so that no pair below .8 is a link, and where they are worth more."""
    scores = np.random.default_rng(2).beta(0.4, 1.2, (30, 30))
    pairs = make_pairs(scores)
    rows = choose_rows(
        default_reliability().probability(pairs["score"]), pairs[["task", "reference_task"]].to_numpy(), 40, 0
    )
    found = {}
    for cut in (0.1, 0.8):
        coded = pairs.copy()
        coded.loc[rows, "linked"] = (pairs["score"] >= cut).to_numpy()[rows]
        found[cut], _ = choose_threshold(coded, update_by_codes(default_reliability(), coded))
    assert found[0.1] < 0.2 and found[0.8] > 0.6


@pytest.fixture(scope="module")
def codes(sheet, pairs):
    """Codes of a coder who agrees with the score from .2 on."""
    graded = sheet.merge(pairs)
    return sheet.assign(grade=(graded["score"] > 0.2).astype(int) * 2, coder="甲", coder_kind="person")


def test_a_calibration_can_be_printed_and_passed_on(pairs, codes):
    found = lab.calibrate_alignment(pairs, codes)
    f1 = found.measures.set_index("measure").loc["F1"]
    assert repr(found) == (
        f"Calibration(chongqing-2019 against national-2019: threshold {found.threshold:.2f},"
        f" expected F1 {f1['value']:.2f} [{f1['low']:.2f}, {f1['high']:.2f}], 40 pairs coded by 甲)"
    )
    assert found.measures["measure"].tolist() == ["precision", "recall", "F1"]
    assert found.coders.values.tolist() == [["甲", "person", 40, int((codes["grade"] > 0).sum())]]
    assert len(found.agreement) == 0
    matched = lab.recipes.match_pairs(pairs, found)
    known = matched["linked"].notna()
    assert known.sum() == 40 and (matched["matched"] == matched["linked"])[known].all()
    assert (matched["matched"] == (matched["score"] >= found.threshold))[~known].all()
    again = lab.calibrate_alignment(pairs.sample(frac=1, random_state=3), codes.sample(frac=1, random_state=4))
    assert again.threshold == found.threshold
    pd.testing.assert_frame_equal(again.measures, found.measures)


def test_without_draws_there_are_no_intervals(pairs, codes):
    calibration = lab.calibrate_alignment(pairs, codes, n_resamples=0)
    found = calibration.measures
    assert found["value"].between(0, 1).all() and found[["low", "high"]].isna().all(axis=None)
    assert set(found["reason"]) == {"n_resamples=0"}
    assert repr(calibration).endswith(f"expected F1 {found['value'].iloc[2]:.2f}, 40 pairs coded by 甲)")


def test_a_calibration_of_other_documents_is_refused(corpus, pairs, codes):
    found = lab.calibrate_alignment(pairs, codes, n_resamples=0)
    with pytest.raises(lab.PolicylabError) as raised:
        lab.recipes.match_pairs(lab.align_tasks(corpus, "fujian-2020", "national-2019"), found)
    assert str(raised.value) == (
        "The calibration is of chongqing-2019 against national-2019, the pairs are of fujian-2020 against national-2019."
    )


def test_the_majority_decides_and_an_even_split_does_not(pairs, codes):
    votes = [
        (1, 1, 0),
        (1, 0, 0),
        (2, 0, None),
        (0, 0, 0),
        (1, 2, 1),
        *[(int(g), None, None) for g in codes["grade"][5:]],
    ]
    tables = [
        codes.assign(grade=[row[place] for row in votes], coder=name, coder_kind=kind)
        for place, (name, kind) in enumerate((("甲", "person"), ("乙", "person"), ("模型丙", "model")))
    ]
    found = lab.calibrate_alignment(pairs, pd.concat(tables), n_resamples=100)
    assert found.codes["linked"].head(5).tolist() == [True, False, pd.NA, False, True]
    assert found.codes["n_coders"].head(6).tolist() == [3, 3, 2, 3, 3, 1]
    assert found.coders[["coder", "coder_kind", "n_pairs"]].values.tolist() == [
        ["乙", "person", 5],
        ["模型丙", "model", 4],
        ["甲", "person", 40],
    ]
    (row,) = found.agreement.to_dict("records")
    assert row["share"] == 2 / 5 and (row["n_units"], row["n_coders"]) == (5, 3)


def test_agreement_is_krippendorffs_alpha_of_links(pairs, codes):
    pytest.importorskip("krippendorff")
    second = codes.assign(coder="乙", grade=[1 - min(1, code) for code in codes["grade"][:2]] + [*codes["grade"][2:]])
    found = lab.calibrate_alignment(pairs, pd.concat([codes, second]), n_resamples=100).agreement.iloc[0]
    both = pd.concat([codes, second]).assign(variable="link", code=lambda table: (table["grade"] > 0).astype(int))
    expected = lab.measure_agreement(both, n_resamples=100).iloc[0]
    assert found["alpha"] == expected["alpha"] < 1 and found["low"] == expected["low"]
    differing = int(((codes["grade"] > 0) != (second["grade"] > 0)).sum())
    assert found["share"] == 1 - differing / 40


def test_agreement_without_the_package(pairs, codes, monkeypatch):
    monkeypatch.setattr("policylab.alignment.calibration.find_spec", lambda name: None)
    found = lab.calibrate_alignment(pairs, pd.concat([codes, codes.assign(coder="乙")]), n_resamples=0)
    (row,) = found.agreement.to_dict("records")
    assert row["share"] == 1 and np.isnan(row["alpha"]) and (row["n_units"], row["n_coders"]) == (40, 2)
    assert row["reason"] == "the package krippendorff is not installed"


def test_too_few_codes(pairs, codes):
    with pytest.raises(lab.PolicylabError) as raised:
        lab.calibrate_alignment(pairs, codes.head(9))
    assert str(raised.value) == ("9 pairs are coded: expected 10 or more, better 40 (sample_pairs). Code more pairs.")
    split = pd.concat([codes.head(12), codes.head(4).assign(coder="乙", grade=2 - codes["grade"].head(4))])
    with pytest.raises(lab.PolicylabError) as raised:
        lab.calibrate_alignment(pairs, split)
    assert str(raised.value) == (
        "8 pairs are coded beside 4 on which the coders are split evenly: expected 10 or more, better 40 (sample_pairs)."
        " Code more pairs."
    )


@pytest.mark.parametrize(
    ("grade", "message"),
    [
        (
            0,
            "All 40 coded pairs are no links (grade 0), so no threshold divides them. Code the pairs of the highest scores"
            " too; if none is a link, the two documents share no task.",
        ),
        (
            1,
            "All 40 coded pairs are links (grade 1 or 2), so no threshold divides them. Code pairs of lower scores too:"
            " sample_pairs with a larger n.",
        ),
    ],
)
def test_codes_of_one_kind(pairs, codes, grade, message):
    with pytest.raises(lab.PolicylabError) as raised:
        lab.calibrate_alignment(pairs, codes.assign(grade=grade))
    assert str(raised.value) == message


def test_everything_wrong_in_a_table_of_codes_is_reported_at_once(pairs, codes):
    bad = codes.head(12).astype("object").reset_index(drop=True)
    bad.loc[0, ["grade", "task"]] = [3, 99]
    bad.loc[1, "grade"] = True
    bad.loc[2, "reference_id"] = "national-2017"
    bad.loc[3, "coder_kind"] = "human"
    bad.loc[4] = bad.loc[5]
    bad.loc[6, "grade"] = None
    with pytest.raises(lab.PolicylabError) as raised:
        lab.calibrate_alignment(pairs, bad)
    assert str(raised.value) == (
        "The table codes has 6 problems:\n"
        "  row 1, column grade: '3' is no grade. Write 0 (none), 1 (partial) or 2 (direct).\n"
        "  row 1, column task: '99' is no task of chongqing-2019 in the alignment. Correct it, or take the row out.\n"
        "  row 2, column grade: 'True' is no grade. Write 0 (none), 1 (partial) or 2 (direct).\n"
        "  row 3, column reference_id: 'national-2017' is not national-2019, which is aligned here. Correct it, or take the"
        " row out.\n"
        "  row 4, column coder_kind: 'human' is unknown. Write person (人) or model (模型).\n"
        "  row 6: 甲 coded this pair in row 5 too. Keep one."
    )
    with pytest.raises(lab.PolicylabError) as raised:
        lab.calibrate_alignment(pairs, codes[["task", "reference_task", "grade"]])
    assert str(raised.value) == "The table codes has no columns coder, coder_kind. It has task, reference_task, grade."


def test_a_table_of_codes_need_not_name_the_documents(pairs, codes):
    bare = codes[["task", "reference_task", "grade", "coder", "coder_kind"]]
    assert repr(lab.calibrate_alignment(pairs, bare)) == repr(lab.calibrate_alignment(pairs, codes))


# --- the sheet among the figures


RECORD = Provenance("04_alignment", {"language": "zh"}, "c" * 64, {}, FONT_SHA256)


def test_a_filled_sheet_is_neither_replaced_nor_deleted(sheet, tmp_path):
    saved = lab.save_sheet(sheet, "pairs-zh", RECORD, folder=tmp_path)
    path = tmp_path / "pairs-zh.sheet.csv"
    blank = path.read_bytes()
    assert (
        saved.path == path and blank.startswith(b"\xef\xbb\xbf") and saved._repr_markdown_() == "`pairs-zh.sheet.csv`"
    )
    # Another one takes its place as long as nobody wrote into it.
    lab.save_sheet(sheet.head(20), "pairs-zh", RECORD, folder=tmp_path)
    assert path.read_bytes() != blank
    lab.save_sheet(sheet, "pairs-zh", RECORD, folder=tmp_path)
    assert path.read_bytes() == blank
    for column in ("grade", "coder", "note"):
        write(path, sheet.assign(**{column: ["1", *[""] * 39]}))
        work = path.read_bytes()
        lab.save_sheet(sheet, "pairs-zh", RECORD, folder=tmp_path)
        # Twice, for the first time leaves a manifest that knows the work.
        lab.save_sheet(sheet, "pairs-zh", RECORD, folder=tmp_path)
        assert path.read_bytes() == work
        (entry,) = read_manifest(tmp_path)["figures"].values()
        assert entry["files"] == {path.name: hashlib.sha256(work).hexdigest()}
        assert list_obsolete(tmp_path, entry["files"], {}) == []
    path.write_bytes(b"PK\x03\x04")
    lab.save_sheet(sheet, "pairs-zh", RECORD, folder=tmp_path)
    assert path.read_bytes() == b"PK\x03\x04"


def test_without_pairs_there_is_no_sheet(sheet, tmp_path):
    note = lab.save_sheet(sheet.head(0), "pairs-zh", RECORD, folder=tmp_path, language="en")
    assert note == "There are no pairs to code: pairs-zh.sheet.csv was not made." and not any(tmp_path.iterdir())
