"""The guard on tables: says which columns are missing, which there are, and how the missing ones are joined."""

from policylab.errors import PolicylabError

_FROM = {
    "paragraphs": ("part", "goal", "section", "task"),
    "documents": ("title", "level", "region", "year", "document_number", "issuer", "issued", "source"),
}


def need_columns(table, columns, name):
    """Raise PolicylabError unless `table`, which the message calls `name`, has all `columns`.

    >>> import pandas as pd
    >>> need_columns(pd.DataFrame(columns=["document_id", "text"]), ["paragraph"], "paragraphs")
    Traceback (most recent call last):
    policylab.errors.PolicylabError: The table paragraphs has no column paragraph. It has document_id, text.
    """
    missing = [column for column in columns if column not in table.columns]
    if not missing:
        return
    known = [column for columns in _FROM.values() for column in columns]
    remedy = ""
    if name == "tokens" and any(column in known for column in missing):
        remedy = " To join what documents and paragraphs say: tokens = lab.join_corpus(tokens, corpus)"
    noun = "column" if len(missing) == 1 else "columns"
    raise PolicylabError(
        f"The table {name} has no {noun} {', '.join(map(str, missing))}. It has {', '.join(map(str, table.columns))}.{remedy}"
    )


def need_texts(paragraphs):
    """Raise PolicylabError unless `paragraphs` has the columns of a table of texts, and no text is null."""
    need_columns(paragraphs, ["document_id", "paragraph", "text"], "paragraphs")
    if paragraphs["text"].isna().any():
        where = paragraphs[paragraphs["text"].isna()].iloc[0]
        raise PolicylabError(
            f"Paragraph {where['paragraph']} of {where['document_id']} has no text. Drop such rows first."
        )


def join_corpus(table, corpus):
    """Add to a table with document_id (and paragraph) what the corpus says of the document and the paragraph.

    A row stays the row it was; their order stays too. Added are part, goal, section and task of the paragraph, where the
    table has the column paragraph, and all columns of the document that are not there yet.

    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> join_corpus(lab.tokenize(corpus.paragraphs), corpus)[["document_id", "task", "level", "year"]].tail(1).values.tolist()
    [['national-2019', 35, 'national', 2019]]
    """
    need_columns(table, ["document_id"], "table")
    joined = table
    if "paragraph" in table:
        joined = _join(joined, corpus.paragraphs, ["document_id", "paragraph"], _FROM["paragraphs"])
    return _join(joined, corpus.documents, ["document_id"], _FROM["documents"])


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
