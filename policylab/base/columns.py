"""The guard on tables and numbers: says which columns are missing, which there are, and how the missing ones are joined."""

import pandas as pd

from policylab.base.errors import PolicylabError

# What join_corpus adds to a table, by the table of the corpus that it comes from.
JOINED = {
    "paragraphs": ("part", "goal", "section", "task"),
    "documents": ("title", "level", "region", "year", "year_end", "document_number", "issuer", "issued", "source"),
}


def need_columns(table, columns, name):
    """Raise PolicylabError unless `table`, which the message calls `name`, is a DataFrame with all `columns`.

    >>> need_columns(pd.DataFrame(columns=["document_id", "text"]), ["paragraph"], "paragraphs")
    Traceback (most recent call last):
    policylab.base.errors.PolicylabError: The table paragraphs has no column paragraph. It has document_id, text.
    """
    if not isinstance(table, pd.DataFrame):
        raise PolicylabError(f"{name} is of the type {type(table).__name__}: expected a table (DataFrame).")
    missing = [column for column in dict.fromkeys(columns) if column not in table.columns]
    if not missing:
        return
    known = [column for columns in JOINED.values() for column in columns]
    remedy = ""
    if name == "tokens" and any(column in known for column in missing):
        remedy = " Tokens of a corpus have it: tokens = lab.tokenize(corpus); for other tables: lab.join_corpus(table, corpus)"
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
