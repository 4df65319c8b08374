"""Where things lie: the package, the data that ships with it, the notebooks and the figures.

In a checkout the data and the notebooks are beside the package, in a built wheel inside it.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE if (PACKAGE / "data").is_dir() else PACKAGE.parent

DATA = ROOT / "data"
CATALOG = DATA / "corpus" / "catalog.csv"
# Tables that ship and that users may replace with their own.
TERMS = DATA / "lexicon" / "terms.csv"
STOPWORDS = DATA / "lexicon" / "stopwords.csv"
CONCEPTS = DATA / "lexicon" / "concepts.csv"
GLOSSES = DATA / "lexicon" / "glosses.csv"
AGENCIES = DATA / "agencies" / "agencies.csv"
WORKS = DATA / "sources" / "works.csv"
VERBS = DATA / "strength" / "verbs.csv"
QUALIFIERS = DATA / "targets" / "qualifiers.csv"
# Arrays that ship: what the score of an alignment weighs words by, and what its curve was fitted on.
BACKGROUND = DATA / "background" / "policy.npz"
LIKENESS = DATA / "gold" / "likeness.npz"

NOTEBOOKS = ROOT / "notebooks"
FIGURES = ROOT / "figures"
BUILD = ROOT / "build"
