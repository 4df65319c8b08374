"""Calibration of an alignment to two documents at hand, by the codes of some of their pairs."""

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import pandas as pd

from policylab.alignment.codes import read_codes
from policylab.alignment.reliability import (
    Reliability,
    default_reliability,
    draw_links,
    fill_codes,
    sum_chances,
    update_reliability,
)
from policylab.alignment.sampling import FEWEST_CODES, PAIR, check_single
from policylab.base.agreement import measure_agreement
from policylab.base.errors import PolicylabError
from policylab.base.resampling import check_resamples, divide, explain_gap, interval

# Thresholds to choose from: finer ones differ by a pair at most where a score is near the threshold.
CUTS = np.round(np.arange(0.01, 1, 0.01), 2)


@dataclass(frozen=True, eq=False)
class Calibration:
    """What codes say about an alignment of two documents: print it, or pass it on to match_pairs and align_pair.

    Attributes
    ----------
    document_id, reference_id : str
        The two documents.
    threshold : float
        The score from which a pair that nobody coded is matched: the one with the best F1 to be expected.
    reliability : Reliability
        How likely links are at each score, given the codes.
    measures : DataFrame
        A row is a measure of all matches, coded pairs being matched as coded: `measure` (precision, recall, F1), `value` (0 to
        1, to be expected), `low`, `high` (95%), `reason` where value or interval is NaN.
    codes : DataFrame
        A row is a coded pair: `document_id`, `task`, `reference_id`, `reference_task`, `n_coders`, `linked` (whether more of
        its coders link it than not; missing where as many do).
    coders : DataFrame
        A row is a coder: `coder`, `coder_kind` (person or model), `n_pairs`, `n_links`.
    agreement : DataFrame
        Of measure_agreement on whether a pair is a link, with the column `share` (0 to 1) of double coded pairs on which all agree.
        Empty if no pair was coded twice.
    """

    document_id: str
    reference_id: str
    threshold: float
    reliability: Reliability
    measures: pd.DataFrame
    codes: pd.DataFrame
    coders: pd.DataFrame
    agreement: pd.DataFrame

    def __repr__(self):
        f1 = self.measures.set_index("measure").loc["F1"]
        ends = "" if np.isnan(f1["low"]) else f" [{f1['low']:.2f}, {f1['high']:.2f}]"
        names = ", ".join(self.coders["coder"])
        pair = f"{self.document_id} against {self.reference_id}"
        return (
            f"Calibration({pair}: threshold {self.threshold:.2f}, expected F1 {f1['value']:.2f}{ends},"
            f" {len(self.codes)} pairs coded by {names})"
        )


def calibrate_alignment(
    pairs: pd.DataFrame, codes: pd.DataFrame, *, n_resamples: int = 1000, seed: int = 0
) -> Calibration:
    """Calibrate an alignment to its two documents: the threshold that suits them, and how good the matches then are.

    Parameters
    ----------
    pairs : DataFrame
        The table of align_tasks for one document and one reference.
    codes : DataFrame
        A row is a coder's grade of a pair: `task`, `reference_task`, `grade` (0 none, 1 partial, 2 direct; 1 and 2 are links),
        `coder` (a name) and `coder_kind` (person or model); lab.recipes.load_pair_codes reads them from sheets. Pairs may be
        chosen by their scores (sample_pairs), or at random; not because they look right. Of several rounds of coding all
        codes together.
    n_resamples : int, optional
        Random draws behind the intervals: 40 or more, or 0 for no intervals.
    seed : int, optional
        Of these draws.

    Returns
    -------
    Calibration
        Reliability, threshold, expected precision, recall and F1, and who coded what.

    Raises
    ------
    PolicylabError
        For missing columns; and all problems of the codes in one message: pairs that the alignment does not have, grades other
        than 0, 1 and 2, no coder, a pair that a coder coded twice; then for fewer than ten coded pairs, and for codes of one
        kind only.

    Notes
    -----
    The log odds of a link are a line in the log odds of the score. How slope and intercept differ between documents is known from the eight
    pairs with gold; the codes narrow them down (Bayes' rule on a grid), so forty codes are enough where a curve fitted
    to them alone would not be. The threshold has the best expected F1 over all pairs of the documents (Lewis 1995), coded
    ones included, which are certain and matched as coded. Where coders differ the majority decides; a pair on which they are split evenly does not
    count as coded.

    The measures say how far matches agree with these coders; they hold for these two documents. They cannot see links among pairs
    of low scores if these are more than the curve expects, for nearly none of those is coded: recall may then be lower.
    docs/alignment.md has what 40 and 80 codes bought on documents with gold.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> pairs = lab.align_tasks(corpus, "chongqing-2019", "national-2019")
    >>> sheet = lab.sample_pairs(corpus, pairs).assign(coder="甲", coder_kind="person")
    >>> codes = sheet.merge(pairs).assign(grade=lambda table: (table["score"] > 0.2).astype(int))
    >>> calibrate_alignment(pairs, codes)
    Calibration(chongqing-2019 against national-2019: threshold 0.20, expected F1 0.90 [0.77, 0.98], 40 pairs coded by 甲)
    """
    check_resamples(n_resamples, seed)
    check_single(pairs)
    codes = read_codes(codes, pairs)
    coded = _join_coders(codes)
    _check_enough(coded)
    pairs = _join_codes(pairs, coded)
    reliability = update_by_codes(default_reliability(), pairs)
    threshold, expected = choose_threshold(pairs, reliability)
    low, high, reasons = draw_measures(match_from(pairs, threshold), reliability, n_resamples, seed)
    measures = {
        "measure": list(expected),
        "value": list(expected.values()),
        "low": low,
        "high": high,
        "reason": reasons,
    }
    return Calibration(
        str(pairs["document_id"].iloc[0]),
        str(pairs["reference_id"].iloc[0]),
        threshold,
        reliability,
        pd.DataFrame(measures),
        coded,
        _count_coders(codes),
        _measure_agreement(codes, n_resamples, seed),
    )


def match_pairs(pairs: pd.DataFrame, calibration: Calibration) -> pd.DataFrame:
    """Match pairs as a calibration says: coded ones as coded, all others from its threshold on.

    Parameters
    ----------
    pairs : DataFrame
        The table of align_tasks for the two documents of the calibration.
    calibration : Calibration
        From calibrate_alignment.

    Returns
    -------
    DataFrame
        The same rows, with `matched` anew, `probability` (0 to 1) that readers link the pair, and `linked`: what the coders say
        (missing: not coded, or as many for a link as against it), in which case it is certain.

    Raises
    ------
    PolicylabError
        For missing columns and for pairs of other documents.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> pairs = lab.align_tasks(corpus, "chongqing-2019", "national-2019")
    >>> sheet = lab.sample_pairs(corpus, pairs).assign(coder="甲", coder_kind="person")
    >>> codes = sheet.merge(pairs).assign(grade=lambda table: (table["score"] > 0.2).astype(int))
    >>> matched = match_pairs(pairs, lab.calibrate_alignment(pairs, codes))
    >>> int(matched["matched"].sum()), int(matched["linked"].notna().sum())
    (46, 40)
    """
    check_single(pairs)
    ids = pairs["document_id"].iloc[0], pairs["reference_id"].iloc[0]
    if ids != (calibration.document_id, calibration.reference_id):
        wanted = f"{calibration.document_id} against {calibration.reference_id}"
        raise PolicylabError(f"The calibration is of {wanted}, the pairs are of {ids[0]} against {ids[1]}.")
    pairs = match_from(_join_codes(pairs, calibration.codes), calibration.threshold)
    return pairs.assign(probability=fill_codes(pairs, calibration.reliability.probability(pairs["score"])))


def _join_coders(codes):
    """One row is a coded pair: PAIR, `n_coders`, `linked` (missing where as many coders say so as not)."""
    votes = codes.assign(linked=codes["grade"] > 0).groupby(PAIR)["linked"].agg(["size", "mean"]).reset_index()
    linked = pd.array(votes["mean"] > 0.5, dtype="boolean")
    linked[(votes["mean"] == 0.5).to_numpy()] = pd.NA
    return votes[PAIR].assign(n_coders=votes["size"], linked=linked)


def _check_enough(coded):
    known = coded["linked"].dropna()
    n, split = len(known), len(coded) - len(known)
    if n < FEWEST_CODES:
        besides = f" beside {split} on which the coders are split evenly" if split else ""
        raise PolicylabError(
            f"{n} pairs are coded{besides}: expected {FEWEST_CODES} or more, better 40 (sample_pairs). Code more pairs."
        )
    if known.nunique() < 2:
        if known.iloc[0]:
            what, remedy = "links (grade 1 or 2)", "Code pairs of lower scores too: sample_pairs with a larger n."
        else:
            what = "no links (grade 0)"
            remedy = "Code the pairs of the highest scores too; if none is a link, the two documents share no task."
        raise PolicylabError(f"All {n} coded pairs are {what}, so no threshold divides them. {remedy}")


def _join_codes(pairs, coded):
    """`pairs` with the column `linked` of coded pairs."""
    linked = coded.set_index(PAIR)["linked"].reindex(pd.MultiIndex.from_frame(pairs[PAIR]))
    return pairs.assign(linked=linked.array)


def match_from(pairs: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """`pairs` matched from a threshold on; those with a value in `linked` as they were coded."""
    reached = pairs["score"] >= threshold
    if "linked" not in pairs:
        return pairs.assign(matched=reached)
    return pairs.assign(matched=pairs["linked"].fillna(reached).astype(bool))


def update_by_codes(prior: Reliability, pairs: pd.DataFrame) -> Reliability:
    """What scores are worth given the column `linked` of `pairs` (missing: not coded)."""
    known = pairs[pairs["linked"].notna()]
    return update_reliability(prior, known["score"], known["linked"].astype(bool))


def choose_threshold(pairs: pd.DataFrame, reliability: Reliability) -> tuple[float, dict[str, float]]:
    """The cut with the best expected F1, and {measure: what to expect of the matches that it makes}.

    The F1 is that of the cut alone, over all pairs, coded ones being certain. Of the matches coded pairs are those that were
    coded as links; if the cut were chosen for these, it would lie where no pair is coded.
    """
    free, linked = pairs["linked"].isna(), pairs["linked"].fillna(False).astype(bool)
    # How many cuts a score reaches; the sums below are over what lies between two cuts, and from each cut on.
    reached = np.searchsorted(CUTS, pairs["score"], side="right")
    weights, chances = sum_chances(reliability, pairs["score"][free], reached[free], len(CUTS) + 1)
    n_free, known, n = (
        np.bincount(rows, minlength=len(CUTS) + 1) for rows in (reached[free], reached[linked], reached)
    )
    n_links = (chances + known).sum(axis=1, keepdims=True)
    f1 = weights @ _rate(_sum_from(chances + known), _sum_from(n), n_links)["F1"]
    # Of cuts between which no score lies, the one in the middle.
    best = np.flatnonzero(f1 >= f1.max() - 1e-12)
    chosen = best[len(best) // 2]
    both, n_matched = (_sum_from(values)[..., chosen] + known.sum() for values in (chances, n_free))
    expected = _rate(both, n_matched, n_links[:, 0])
    return float(CUTS[chosen]), {name: float(weights @ values) for name, values in expected.items()}


def _sum_from(values):
    """Sums of all from each of CUTS on, of values between them."""
    return values[..., ::-1].cumsum(axis=-1)[..., -2::-1]


def _rate(both, n_matched, n_links):
    return {
        "precision": divide(both, n_matched),
        "recall": divide(both, n_links),
        "F1": divide(2 * both, n_matched + n_links),
    }


def draw_measures(
    pairs: pd.DataFrame, reliability: Reliability, n_resamples: int, seed: int
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """(low, high, why there is none) of precision, recall and F1 of matched pairs, over draws of which are links."""
    drawn, matched = draw_links(pairs, reliability, n_resamples, seed), pairs["matched"].to_numpy()
    rates = np.column_stack(list(_rate(drawn[:, matched].sum(axis=1), matched.sum(), drawn.sum(axis=1)).values()))
    low, high = interval(rates)
    reasons = [explain_gap(values) if np.isnan(end) else "" for values, end in zip(rates.T, low, strict=True)]
    if not matched.any():
        reasons[0] = "no pair is matched"
    return low, high, reasons


def _count_coders(codes):
    by_coder = codes.assign(linked=codes["grade"] > 0).groupby(["coder", "coder_kind"])["linked"]
    return by_coder.agg(n_pairs="size", n_links="sum").reset_index()


def _measure_agreement(codes, n_resamples, seed):
    """measure_agreement on links, with `share`; empty where no pair has two coders."""
    links = codes[PAIR].assign(coder=codes["coder"], variable="link", code=(codes["grade"] > 0).astype("str"))
    links = links[links.duplicated(PAIR, keep=False)]
    if find_spec("krippendorff"):
        table = measure_agreement(links, n_resamples=n_resamples, seed=seed)
    else:
        # The package is an extra; the share of pairs says enough to go on.
        empty = measure_agreement(links.head(0), n_resamples=0)
        reason = "the package krippendorff is not installed"
        counts = {"n_coders": links["coder"].nunique(), "n_units": len(links.drop_duplicates(PAIR)), "reason": reason}
        table = empty.reindex(range(min(len(links), 1))).assign(variable="link", **counts)
    alike = links.groupby(PAIR)["code"].nunique() == 1
    table.insert(1, "share", alike.mean() if len(alike) else np.nan)
    return table
