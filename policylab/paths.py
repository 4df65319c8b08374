"""Where things lie: the package, the data that ships with it, the notebooks and the figures.

In a checkout the data and the notebooks stand beside the package; in a built wheel they lie inside it.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE if (PACKAGE / "data").is_dir() else PACKAGE.parent

DATA = ROOT / "data"
CATALOG = DATA / "corpus" / "catalog.csv"
NOTEBOOKS = ROOT / "notebooks"
FIGURES = ROOT / "figures"
BUILD = ROOT / "build"
LOCK = ROOT / "requirements" / "lock.txt"
