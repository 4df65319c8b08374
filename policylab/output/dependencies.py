"""The code that figures depend on: what a source file says, whatever its layout, and which packages it uses."""

import ast
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from hashlib import sha256
from importlib import metadata

from policylab import __version__

# Nodes of the syntax tree that may begin with a docstring.
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@lru_cache(maxsize=1000)
def hash_code(source: bytes) -> str:
    """Hash Python code without comments, docstrings and layout; the same on every version of Python.

    Anything that is not plain Python, such as a cell with a magic command, is hashed as it is.

    Parameters
    ----------
    source
        The content of a source file.

    Returns
    -------
    str
        A SHA-256 in hexadecimal digits.

    Examples
    --------
    >>> hash_code(b"x = (1)  # one") == hash_code(b"x = 1")
    True
    >>> hash_code(b"x = 1") == hash_code(b"x = 2")
    False
    """
    try:
        text = _write_node(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError):
        return sha256(source).hexdigest()
    return sha256(text.encode("ascii")).hexdigest()


@lru_cache(maxsize=1000)
def find_imports(source: bytes) -> frozenset[str]:
    """Find the top-level names of the modules that Python code imports anywhere, also inside functions.

    Parameters
    ----------
    source
        The content of a source file.

    Returns
    -------
    frozenset of str
        Such as "pandas"; relative imports are left out. Empty for what is not plain Python.

    Examples
    --------
    >>> sorted(find_imports(b"import numpy as np, os.path\\nfrom PIL import Image\\nfrom . import near"))
    ['PIL', 'numpy', 'os']
    """
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    return frozenset(name.partition(".")[0] for name in names)


def list_packages(imports: Iterable[str], modules: Iterable[str]) -> dict[str, str]:
    """List the versions of the packages that code used: those that it imports, and those that these require.

    Packages that are loaded only because they happen to be installed, as those that others can do without, do not count.

    Parameters
    ----------
    imports
        Names of the modules that the code may import, as find_imports gives them.
    modules
        Names of the modules that were really loaded.

    Returns
    -------
    dict of str to str
        The version of each package by its name, as in "scikit-learn".

    Examples
    --------
    >>> sorted(list_packages({"pandas", "scipy"}, {"pandas.io", "numpy", "rich"}))
    ['numpy', 'pandas']
    """
    owners = _find_owners()
    loaded = {owner for name in modules for owner in owners.get(name.partition(".")[0], ())}
    wanted = [owner for name in imports for owner in owners.get(name, ())]
    versions = {}
    while wanted:
        package = wanted.pop()
        if package in loaded and package not in versions:
            versions[package] = metadata.version(package)
            wanted += _list_required(package)
    return dict(sorted(versions.items()))


def find_version(package: str) -> str | None:
    """The version of an installed package, else None. policylab itself may run from a checkout without being installed."""
    if package == "policylab":
        return __version__
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _write_node(node):
    """A node of the syntax tree as text.

    ast.dump and ast.unparse write the same code differently in different versions of Python. Fields without content are
    left out here, because newer versions have more of them, and so are the empty texts that Python 3.12 puts into
    f-strings; characters beyond ASCII are written as numbers, because newer versions know more of them as printable.
    """
    if isinstance(node, list):
        return f"[{','.join(map(_write_node, node))}]"
    if not isinstance(node, ast.AST):
        return ascii(node)
    fields = dict(ast.iter_fields(node))
    if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
        fields["body"] = node.body[1:]
    if isinstance(node, ast.JoinedStr):
        fields["values"] = [part for part in node.values if not (isinstance(part, ast.Constant) and part.value == "")]
    content = (f"{name}={_write_node(value)}" for name, value in fields.items() if value is not None and value != [])
    return f"{type(node).__name__}({','.join(content)})"


@cache
def _find_owners():
    """The packages that a top-level module belongs to, {name: [package]}; reading it from their lists of files is slow."""
    names = metadata.packages_distributions()
    return {name: {_normalize(package) for package in packages} for name, packages in names.items()}


def _list_required(package):
    """The packages that a package cannot do without, as far as its own list says."""
    required = [text for text in metadata.requires(package) or () if "extra ==" not in text]
    return [_normalize(re.match(r"[\w.-]+", text)[0]) for text in required]


def _normalize(package):
    """The one way to write the name of a package: Scikit_Learn is scikit-learn."""
    return re.sub(r"[-_.]+", "-", package).lower()
