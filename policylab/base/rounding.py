"""Numbers as they are saved and drawn."""

from pandas.api.types import is_float_dtype

# Six decimals: numbers of LDA, NMF and cosine differ by up to 1e-14 between processors, and agree after rounding.
DECIMALS = 6


def round_numbers(table):
    """`table` with its decimal numbers rounded as they are saved; -0.0 becomes 0.0. Draw from the result."""
    table = table.copy()
    for column in table:
        if is_float_dtype(table[column]):
            table[column] = table[column].round(DECIMALS) + 0.0
    return table
