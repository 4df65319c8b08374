"""How often terms are used, group by group: rates and shares of tasks with intervals, and which terms change most."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from policylab.base.arguments import as_list
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.proportions import ratio_interval, wilson_interval
from policylab.base.resampling import divide
from policylab.words.statistics import g2_table
from policylab.words.terms import TOKENS, check_known, count_terms, select_terms, sort_groups
from policylab.words.units import Units, count_by_unit

_COLUMNS = [
    *("term", "unit", "n", "n_tokens", "rate", "rate_low", "rate_high"),
    *("n_with", "n_units", "share", "share_low", "share_high", "n_documents", "n_outside", "reason"),
]


def measure_trend(
    tokens: pd.DataFrame,
    terms: str | Sequence[str],
    by: str | Sequence[str] = "year",
    *,
    unit: str | None = None,
) -> pd.DataFrame:
    """Measure how often terms are used in groups of documents, such as years.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the columns of `by` and of the unit (join_corpus).
    terms : str or list of str
        Words of the tokens.
    by : str or list of str, optional
        One column or several whose values make the groups. Of the year, where tokens have year_end, both ends count: a
        plan for 2021 to 2025 is no document of 2021.
    unit : str or None, optional
        "task", "section", "paragraph" or "document"; None is the task where every document has tasks, else the
        paragraph. It is chosen over all given documents: name it where numbers must not depend on a third one.

    Returns
    -------
    DataFrame
        A row is a term in a group: the columns of `by`, behind year `year_end` (the last year that the documents are
        about, the year itself for one), `term`, `unit`; `n` (uses in units), `n_tokens` (unmasked words in
        units, stop words included); `rate` (n per 10,000 of n_tokens), `rate_low`, `rate_high` (95%); `n_with` (units that
        use the term), `n_units` (units with a counted word); `share` (n_with / n_units, 0 to 1), `share_low`, `share_high`;
        `n_documents`, `n_outside` (words outside units, which nothing here counts) and `reason` (why a number is NaN).

    Raises
    ------
    PolicylabError
        For missing columns, no column in `by`, terms that are no words of the tokens, groups without an order (numbers
        and texts mixed), and an unknown unit.

    Notes
    -----
    A rate rises with every use, a share with every unit that uses the term: one long task moves the first and not the
    second. Intervals say within which bounds rate and share would lie if these documents had very many units of the kind
    they have, and nothing about other documents. The rate's is that of Korn & Graubard (1998) with the further unit of Fay
    & Feuer (1997): uses in one unit belong together, so that 8 uses in 2 tasks count for hardly more than 2. The share's is
    that of Wilson (1927).

    In simulations 95% intervals of rates hold the true rate in .91 and more of samples, however few units use the term; only of terms
    that each of their tasks uses four times or so, and with two to four such tasks expected, in .84 to .89
    (docs/intervals.md). Terms that are chosen because they differ most are held less often: no interval knows of the choice.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> tokens = lab.tokenize(corpus)
    >>> trend = measure_trend(tokens[tokens["level"] == "national"], ["网络安全"])
    >>> trend[["year", "n_with", "n_units"]].values.tolist()
    [[2017, 4, 28], [2019, 6, 35]]
    """
    by = as_list(by)
    if not by:
        raise PolicylabError("by=[] names no column. Name one or more that divide the tokens, such as by='year'.")
    need_columns(tokens, [*TOKENS, *by], "tokens")
    if "year" in by and "year_end" not in by:
        by.insert(by.index("year") + 1, "year_end")
        tokens = tokens.assign(year_end=list_last_years(tokens))
    terms = check_known(tokens, terms)
    units = count_by_unit(tokens, by, unit, terms)
    everything = tokens[tokens["mask"].isna()].groupby(by, observed=True, dropna=False).size()
    # Groups in which nothing counts are shown too, so that a gap in a figure has its reason.
    groups = sort_groups(tokens[by].drop_duplicates().dropna(), by)
    rows = []
    for values in groups.itertuples(index=False, name=None):
        mine = np.logical_and.reduce([(units.rows[column] == value).to_numpy() for column, value in zip(by, values)])
        total = int(everything.get(values if len(by) > 1 else values[0], 0))
        rows += [(*values, *row) for row in _measure(units, mine, terms, total)]
    return pd.DataFrame(rows, columns=[*by, *_COLUMNS])


def list_last_years(table: pd.DataFrame) -> pd.Series:
    """The last year that each row's document is about: year_end, or the year itself.

    >>> list_last_years(pd.DataFrame({"year": [2020, 2021], "year_end": [None, 2025]})).tolist()
    [2020, 2025]
    """
    if "year_end" not in table or table["year_end"].isna().all() or not pd.api.types.is_numeric_dtype(table["year"]):
        return table["year"]
    return table["year_end"].astype("Int64").fillna(table["year"])


def _measure(units: Units, mine: np.ndarray, terms: list[str], total: int) -> Iterator[tuple]:
    """The cells of one group, term by term."""
    counts, sizes = units.matrix[mine], units.sizes[mine]
    documents = units.rows["document_id"].to_numpy()[mine]
    n_units, n_tokens, n_documents = len(sizes), int(sizes.sum()), len(set(documents))
    n, n_with = counts.sum(axis=0), (counts > 0).sum(axis=0)
    reason = None
    if not n_tokens:
        reason = f"no counted word in a {units.unit}"
    elif n_units == n_documents:
        reason = f"one {units.unit} a document: no interval"
    rate_low, rate_high = 1e4 * ratio_interval(counts, sizes, documents)
    share_low, share_high = np.where(reason is None, wilson_interval(n_with, n_units), np.nan)
    for i, term in enumerate(terms):
        yield (
            *(term, units.unit, int(n[i]), n_tokens),
            *(float(divide(1e4 * n[i], n_tokens)), rate_low[i], rate_high[i]),
            *(int(n_with[i]), n_units, float(divide(n_with[i], n_units)), share_low[i], share_high[i]),
            *(n_documents, total - n_tokens, reason),
        )


def find_changing_terms(tokens: pd.DataFrame, by: str = "year", *, terms: Sequence[str] | None = None) -> pd.DataFrame:
    """Find the terms whose rates differ most between groups: what to draw when nobody names terms.

    Parameters
    ----------
    tokens : DataFrame
        A row is a token (tokenize), with the column `by` (join_corpus).
    by : str, optional
        The column whose values make the groups; years as in measure_trend. Tokens without a value are left out.
    terms : list of str or None, optional
        The words to choose from; None is those that select_terms keeps.

    Returns
    -------
    DataFrame
        A row is a term, that with the largest g2 first: `term`, `n`, `g2` (0 and more: G² of term and group over all
        groups; higher: the rates differ more than equal rates would) and `span` (log2 of the highest over the lowest rate;
        infinite where a group lacks the term). Without any term the table is empty.

    Raises
    ------
    PolicylabError
        For missing columns, several columns in `by`, and terms that are no words of the tokens.

    Notes
    -----
    G² (Dunning 1993) grows with frequency and treats words as independent, so it ranks and proves nothing.

    Examples
    --------
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
    groups = [by]
    if by == "year":
        groups, tokens = ["year", "year_end"], tokens.assign(year_end=list_last_years(tokens))
    counts = count_terms(tokens, groups)
    totals = counts.groupby(groups, observed=True)["n"].sum()
    table = counts.pivot_table(index="term", columns=groups, values="n", aggfunc="sum", fill_value=0, observed=True)
    table = table.reindex(columns=totals.index).loc[terms]
    n, sizes = table.to_numpy(dtype=float), totals.to_numpy(dtype=float)
    rates = n / sizes
    with np.errstate(divide="ignore"):
        span = np.log2(rates.max(axis=1) / rates.min(axis=1))
    found = pd.DataFrame({"term": terms, "n": n.sum(axis=1).astype(int), "g2": g2_table(n, sizes), "span": span})
    return found.sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)
