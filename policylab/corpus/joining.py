"""What the corpus says of each row of a table: its document, its place."""

from policylab.base.columns import JOINED, need_columns
from policylab.base.errors import PolicylabError


def join_corpus(table, corpus):
    """Add to a table with document_id (and paragraph) what the corpus says of the document and the paragraph.

    A row stays the row it was; their order stays too. Added are part, goal, section and task of the paragraph, where the
    table has the column paragraph, and all columns of the document that are not there yet.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> lab.tokenize(corpus)[["document_id", "task", "level", "year"]].tail(1).values.tolist()
    [['national-2019', 35, 'national', 2019]]
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
