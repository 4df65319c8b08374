"""What the notebooks choose for a corpus they do not know, and steps that only they take.

Its names are listed in __init__.pyi; each is imported when it is first used, so that a notebook depends only on the modules
of those that it uses. (lazy_loader does this only for modules within the package.)
"""

import ast
from importlib import import_module
from pathlib import Path

_STUB = ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
_MODULES = {alias.name: node.module for node in _STUB.body if isinstance(node, ast.ImportFrom) for alias in node.names}
__all__ = sorted(_MODULES)


def __getattr__(name):
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__():
    return __all__
