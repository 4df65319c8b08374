"""What a figure was made from: notebook, parameters, corpus, dictionaries, packages, font."""

import hashlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pandas as pd

from policylab import __version__
from policylab.corpus.bundle import Corpus
from policylab.output.dependencies import find_imports, list_packages
from policylab.plots.kit.style import FONT_SHA256


@dataclass(frozen=True)
class Provenance:
    """Everything a figure depends on, without paths, dates or names of users. Show it as a notebook's last cell."""

    notebook: str
    parameters: dict
    corpus: str
    dictionaries: dict
    font: str

    @property
    def packages(self):
        """The versions of policylab and of the packages that it has used so far: those of a figure when it is saved."""
        modules = dict(sys.modules)
        files = [getattr(modules[name], "__file__", None) for name in modules if name.partition(".")[0] == "policylab"]
        imports = frozenset().union(*(find_imports(Path(file).read_bytes()) for file in files if file))
        return {"policylab": __version__} | list_packages(imports - {"policylab"}, modules)

    def entry(self):
        """The fields as the manifest stores them."""
        return vars(self) | {"packages": self.packages}

    def table(self):
        """One row per fact: `kind`, `name`, `value`."""
        rows = [("notebook", "", self.notebook), ("corpus", "sha256", self.corpus), ("font", "sha256", self.font)]
        for kind in ("parameters", "dictionaries", "packages"):
            rows += [(kind, name, value) for name, value in sorted(getattr(self, kind).items())]
        return pd.DataFrame(rows, columns=["kind", "name", "value"])

    def _repr_html_(self):
        return self.table().to_html(index=False, border=0)


def record_provenance(
    corpus: Corpus, notebook: str | Path, parameters: Mapping[str, Any], dictionaries: Iterable[str | Path] = ()
) -> Provenance:
    """Note what the figures of a notebook are made from.

    Parameters
    ----------
    corpus : Corpus
        The corpus; its catalog is hashed together with the texts, because a corrected year changes figures too.
    notebook : str
        The name or path of the notebook; only the name is kept.
    parameters : dict of str to object
        The notebook's parameters. `out` is left out, and of an absolute path only the file name is kept, because the
        manifest must be the same on every machine.
    dictionaries : sequence of path
        Paths of the word lists that the numbers depend on.

    Returns
    -------
    Provenance
        Hashes, parameters and versions, for the functions that save figures, tables and pages.

    Examples
    --------
    >>> import policylab as lab
    >>> record = record_provenance(lab.load_corpus(), "01_corpus", {"language": "zh", "out": "my-figures"})
    >>> record.notebook, record.parameters
    ('01_corpus', {'language': 'zh'})
    """
    return Provenance(
        notebook=Path(notebook).stem,
        parameters={name: make_portable(name, value) for name, value in sorted(parameters.items()) if name != "out"},
        corpus=_hash(corpus.documents.to_csv(index=False, lineterminator="\n").encode("utf-8")),
        dictionaries={Path(path).name: _hash(Path(path).read_bytes()) for path in dictionaries},
        font=FONT_SHA256,
    )


def make_portable(name, value):
    """A parameter's value for the manifest: without folders of this machine."""
    if isinstance(value, list):
        return [make_portable(name, item) for item in value]
    if isinstance(value, dict):
        return {key: make_portable(name, item) for key, item in value.items()}
    if isinstance(value, str):
        windows, posix = PureWindowsPath(value), PurePosixPath(value)
        if windows.drive or posix.is_absolute() or name == "catalog":
            return windows.name
    return value


def _hash(content):
    return hashlib.sha256(content).hexdigest()
