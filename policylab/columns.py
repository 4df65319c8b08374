"""The guard on tables and numbers: says which columns are missing, which there are, and how the missing ones are joined."""

from numbers import Integral

import pandas as pd

from policylab.errors import PolicylabError

_FROM = {
    "paragraphs": ("part", "goal", "section", "task"),
    "documents": ("title", "level", "region", "year", "document_number", "issuer", "issued", "source"),
}


def need_columns(table, columns, name):
    """Raise PolicylabError unless `table`, which the message calls `name`, is a DataFrame with all `columns`.

    >>> need_columns(pd.DataFrame(columns=["document_id", "text"]), ["paragraph"], "paragraphs")
    Traceback (most recent call last):
    policylab.errors.PolicylabError: The table paragraphs has no column paragraph. It has document_id, text.
    """
    if not isinstance(table, pd.DataFrame):
        raise PolicylabError(f"{name} is of the type {type(table).__name__}: expected a table (DataFrame).")
    missing = [column for column in dict.fromkeys(columns) if column not in table.columns]
    if not missing:
        return
    known = [column for columns in _FROM.values() for column in columns]
    remedy = ""
    if name == "tokens" and any(column in known for column in missing):
        remedy = " To join what documents and paragraphs say: tokens = lab.join_corpus(tokens, corpus)"
    noun = "column" if len(missing) == 1 else "columns"
    there = ", ".join(map(str, table.columns)) or "none"
    raise PolicylabError(f"The table {name} has no {noun} {', '.join(map(str, missing))}. It has {there}.{remedy}")


def need_texts(paragraphs):
    """Raise PolicylabError unless `paragraphs` has the columns of a table of texts, with a text and a place in every row."""
    need_columns(paragraphs, ["document_id", "paragraph", "text"], "paragraphs")
    keys, texts = paragraphs[["document_id", "paragraph"]], paragraphs["text"]
    if (lost := keys.isna().any(axis=1).to_numpy()).any():
        raise PolicylabError(
            f"Row {lost.argmax() + 1} of the paragraphs has no document_id or no paragraph. Fill both in: they place a text."
        )
    if texts.isna().any():
        raise PolicylabError(f"{_name(keys, texts.isna())} has no text. Drop such rows first.")
    if texts.dtype != "str" and (odd := ~texts.map(lambda text: isinstance(text, str))).any():
        kind = type(texts[odd.to_numpy()].iloc[0]).__name__
        raise PolicylabError(f"{_name(keys, odd)} has a text of the type {kind}. Turn the column into text first.")


def _name(keys, rows):
    first = keys[rows.to_numpy()].iloc[0]
    return f"Paragraph {first['paragraph']} of {first['document_id']}"


def as_list(value):
    """The distinct names of one column or several, or of one term or several, in their order.

    >>> as_list("year"), as_list(["year", "level", "year"])
    (['year'], ['year', 'level'])
    """
    return [value] if isinstance(value, str) else list(dict.fromkeys(value))


def check_whole(name, value, least):
    """Raise PolicylabError unless `value`, which the message calls `name`, is a whole number of `least` or more.

    >>> check_whole("window", 2.5, 1)
    Traceback (most recent call last):
    policylab.errors.PolicylabError: window=2.5: expected a whole number of 1 or more.
    """
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise PolicylabError(f"{name}={value!r}: expected a whole number of {least} or more.")


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
