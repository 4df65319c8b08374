"""What the corpus says of each row of a table: its document, its place."""

import pandas as pd

from policylab.base.columns import JOINED, need_columns
from policylab.base.errors import PolicylabError
from policylab.corpus.bundle import Corpus


def join_corpus(table: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """Add to each row of a table what the corpus says of its document and its paragraph.

    Parameters
    ----------
    table : DataFrame
        Any table with the column `document_id`, such as the shares of a topic model. With a column `paragraph` too, the
        place of the paragraph is added.
    corpus : Corpus
        The corpus that the table was made from.

    Returns
    -------
    DataFrame
        The rows of `table` in their order, with `part`, `goal`, `section` and `task` of the paragraph and `title`,
        `level`, `region`, `year`, `year_end`, `document_number`, `issuer`, `issued` and `source` of the document, as far as the
        table has no such column yet.

    Raises
    ------
    PolicylabError
        If there is no column `document_id`, or the corpus lacks a document or paragraph of the table.

    Examples
    --------
    >>> import policylab as lab
    >>> shares = pd.DataFrame({"document_id": ["fujian-2020"], "task": [3], "topic": [1], "share": [0.5]})
    >>> join_corpus(shares, lab.load_corpus())[["region", "year"]].values.tolist()
    [['福建省', 2020]]
    """
    need_columns(table, ["document_id"], "table")
    joined = table
    if "paragraph" in table:
        joined = _join(joined, corpus.paragraphs, ["document_id", "paragraph"], JOINED["paragraphs"])
    return _join(joined, corpus.documents, ["document_id"], JOINED["documents"])


def _join(table, other, keys, columns):
    """Columns of `other` beside the rows of `table`, by position and not by merge: a token table has millions of rows."""
    added = [column for column in columns if column not in table]
    index = other.set_index(keys).index
    wanted = table.set_index(keys).index if len(keys) > 1 else table[keys[0]].astype(object)
    rows = index.get_indexer(wanted)
    if (rows < 0).any():
        first = table.loc[rows < 0, keys].iloc[0].to_dict()
        raise PolicylabError(f"The corpus has no {first}. Join the tokens with the corpus that they were made from.")
    taken = {column: _compact(other[column]).array.take(rows) for column in added}
    return table.assign(**taken)


def _compact(column):
    return column.astype("category") if column.dtype == "str" else column
