"""How often terms are used, group by group: rates and shares of tasks with intervals, and which terms change most."""

import numpy as np
import pandas as pd

from policylab.base.arguments import as_list, check_whole
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.words.resampling import ALIKE, check_resamples, count_by_unit, divide, interval, name_unit, resample
from policylab.words.statistics import g2_table
from policylab.words.terms import TOKENS, check_known, count_terms, select_terms, sort_groups


def measure_trend(tokens, terms, by=("year",), unit=None, n_resamples=1000, seed=0):
    """Rate and spread of terms over groups, such as years.

    A row of `tokens` is a token (tokenize, join_corpus). A row of the result is a term in a group: the columns of `by`,
    `term`, `unit`, `n`, `n_tokens`, `rate` (n per 10,000 of n_tokens), `rate_low`, `rate_high`, `n_with`, `n_units`,
    `share` (n_with / n_units, 0-1), `share_low`, `share_high`, `n_documents`, `n_outside` and `reason`. The denominators
    are named: n_tokens counts the unmasked words inside units, stop words included; n_units the units (tasks; paragraphs
    where a document has no tasks) that hold a word; n_outside the words outside units, which nothing here counts.

    Intervals are 95% percentiles of n_resamples draws of units within each document: they tell how much hangs on single
    tasks of these documents, and nothing about other documents. They are too narrow where few units use the term (n_with below
    about ten): in simulations 95% intervals of the rate held the true one in 81 to 91% of cases. Where all draws are alike, as
    where no unit uses the term, or for the share where every one does, an interval would have no width: it is NaN. A rate
    rises with every use, a share with every task that uses the term: one long task moves the first and not the second.
    Undefined is NaN with a reason. The unit is chosen over all given documents: name it where numbers must not depend on a third one.

    Raises PolicylabError for missing columns, no columns in `by`, terms that are no words of the tokens, groups without an
    order (numbers and texts mixed), and 1 to 39 resamples; 0 gives no intervals.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> trend = measure_trend(tokens[tokens["level"] == "national"], ["网络安全"])
    >>> trend[["year", "n_with", "n_units"]].values.tolist()
    [[2017, 4, 28], [2019, 6, 35]]
    """
    by = as_list(by)
    check_resamples(n_resamples)
    check_whole("seed", seed, 0)
    if not by:
        raise PolicylabError("by=[] names no column. Name one or more that divide the tokens, such as by='year'.")
    need_columns(tokens, [*TOKENS, *by], "tokens")
    terms = check_known(tokens, terms)
    units = count_by_unit(tokens, by, unit, terms)
    everything = tokens[tokens["mask"].isna()].groupby(by, observed=True, dropna=False).size()
    # Groups in which nothing counts are shown too, so that a gap in a figure has its reason.
    groups = sort_groups(tokens[by].drop_duplicates().dropna(), by)
    rows = []
    for values in groups.itertuples(index=False, name=None):
        mine = np.logical_and.reduce([(units.rows[column] == value).to_numpy() for column, value in zip(by, values)])
        total = int(everything.get(values if len(by) > 1 else values[0], 0))
        rows += _measure(units, mine, values, terms, total, n_resamples, seed)
    return pd.DataFrame(rows, columns=[*by, *_COLUMNS])


_COLUMNS = [
    *(
        "term",
        "unit",
        "n",
        "n_tokens",
        "rate",
        "rate_low",
        "rate_high",
        "n_with",
        "n_units",
        "share",
        "share_low",
        "share_high",
    ),
    *("n_documents", "n_outside", "reason"),
]


def _measure(units, mine, group, terms, total, n_resamples, seed):
    counts, sizes = units.matrix[mine], units.sizes[mine]
    documents = units.rows["document_id"].to_numpy()[mine]
    n_units, n_tokens = len(sizes), int(sizes.sum())
    n, n_with = counts.sum(axis=0), (counts > 0).sum(axis=0)
    several = n_units > len(set(documents))
    stacked = np.column_stack([counts, counts > 0, sizes, np.ones(n_units)]).astype(float)
    sums = resample(documents, stacked, n_resamples if several else 0, seed)
    k = len(terms)
    rate_low, rate_high = 1e4 * interval(divide(sums[:, :k], sums[:, [-2]]))
    share_low, share_high = interval(divide(sums[:, k : 2 * k], sums[:, [-1]]))
    n_documents = len(set(documents))
    for i, term in enumerate(terms):
        lost = [name for name, low in (("rate", rate_low[i]), ("share", share_low[i])) if np.isnan(low)]
        reason = None
        if not n_tokens:
            reason = f"no counted word in a {name_unit(units.unit)}"
        elif not several:
            reason = f"one {name_unit(units.unit)} a document: no interval"
        elif lost:
            what = "" if len(lost) == 2 else f" of the {lost[0]}"
            reason = f"{_explain_gap(name_unit(units.unit), n_with[i], n_units, n_resamples)}: no interval{what}"
        yield (
            *(*group, term, units.unit, int(n[i]), n_tokens),
            *(float(divide(1e4 * n[i], n_tokens)), rate_low[i], rate_high[i]),
            *(int(n_with[i]), n_units, float(divide(n_with[i], n_units)), share_low[i], share_high[i]),
            *(n_documents, total - n_tokens, reason),
        )


def _explain_gap(unit, n_with, n_units, n_resamples):
    """Why resampling several units gave no interval."""
    if not n_resamples:
        return "n_resamples=0"
    if not n_with:
        return f"no {unit} uses the term"
    return f"every {unit} uses the term" if n_with == n_units else ALIKE


def find_changing_terms(tokens, by="year", terms=None):
    """The terms whose rates differ most between the groups of a column: what to draw when nobody names terms.

    A row is a term: `term`, `n`, `g2` (G² of term and group over all groups; higher: the rates differ more than equal
    rates would) and `span` (log2 of the highest over the lowest rate; infinite where a group lacks the term). Sorted by
    g2. G² grows with frequency and takes words for independent, so it ranks and proves nothing. `terms` defaults to those
    that select_terms keeps. Tokens without a value in the column are left out; without any term the table is empty.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> find_changing_terms(tokens[tokens["level"] == "national"])["term"].head(3).tolist()
    ['APP', '人工智能', '信息素养']
    """
    if not isinstance(by, str):
        raise PolicylabError(f"by={by!r}: expected the name of one column.")
    need_columns(tokens, [*TOKENS, by], "tokens")
    tokens = tokens[tokens[by].notna()]
    if terms is None:
        selected = select_terms(tokens)
        terms = selected.loc[selected["kept"], "term"].tolist()
    terms = check_known(tokens, terms)
    if not terms:
        return pd.DataFrame({"term": [], "n": [], "g2": [], "span": []}).astype({"term": "str", "n": "int64"})
    counts = count_terms(tokens, [by])
    totals = counts.groupby(by, observed=True)["n"].sum()
    table = counts.pivot_table(index="term", columns=by, values="n", aggfunc="sum", fill_value=0, observed=True)
    table = table.reindex(columns=totals.index).loc[terms]
    n, sizes = table.to_numpy(dtype=float), totals.to_numpy(dtype=float)
    rates = n / sizes
    with np.errstate(divide="ignore"):
        span = np.log2(rates.max(axis=1) / rates.min(axis=1))
    found = pd.DataFrame({"term": terms, "n": n.sum(axis=1).astype(int), "g2": g2_table(n, sizes), "span": span})
    return found.sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)
