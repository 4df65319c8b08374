"""What counts as code, and which packages it uses."""

import ast

import pytest

from policylab.output.dependencies import find_imports, hash_code, list_packages

# Constructs that ast.dump or ast.unparse write differently from one version of Python to the next, and many others.
CODE = '''"""A module."""
from dataclasses import dataclass
import numpy as np  # arrays

@dataclass(frozen=True)
class Pair(metaclass=type):
    """A class."""

    left: int = 1
    name: str = "数字 \u2028 𫝀"  # old versions do not know the last character as printable

    async def each(self, /, first, *rest, key=None, **options) -> list[int]:
        """A method."""
        async with self as other, first:
            yield [x async for x in other if (y := x) > -1e-7j]
        return

def show(value, width, *, sign=...):
    match value:
        case {"a": [1, *rest], **more} | (None as rest, more) if rest:
            return f"{value:{width}}{width!r:>{width}.2f} {value=}" "end" f"{more:}{sign}"
        case str() | -1:
            pass
    try:
        del value[1:2, ...], value[0]
    except* (OSError, ValueError) as error:
        raise error from None
    finally:
        global SEEN
        SEEN = {**more, 1: not value, u"a": b"\\x00"} if value < 2 <= 3 else {*rest, lambda: 0}
'''


def test_code_has_the_same_hash_on_every_version_of_python():
    ast.parse(CODE)
    assert hash_code(CODE.encode("utf-8")) == "818669fcc998aa67c5613656872d5567f62114353c48e423a2b38d214d3d48af"


@pytest.mark.parametrize(
    "same",
    [
        "def f(x):\n    return x + 1  # a comment\n",
        'def f(x):\n    """A docstring."""\n\n    return (\n        x +\n        1\n    )\n',
        '"""A docstring."""\n\n# -*- coding: utf-8 -*-\ndef f(x): return x + 1',
        "\ufeffdef f(x):\r\n\treturn x + 1\r\n",
    ],
)
def test_comments_docstrings_and_layout_are_no_code(same):
    assert hash_code(same.encode("utf-8")) == hash_code(b"def f(x):\n    return x + 1\n")


@pytest.mark.parametrize(
    "other",
    [
        "def f(x):\n    return x + 2\n",
        "def f(x):\n    'a'\n    'b'\n    return x + 1\n",
        "def f(x): return x + 1.0",
        "f(x",
    ],
)
def test_other_code_has_another_hash(other):
    assert hash_code(other.encode("utf-8")) != hash_code(b"def f(x):\n    return x + 1\n")


def test_cells_that_are_not_plain_python_are_hashed_as_they_are():
    assert hash_code(b"%time f(x)") == hash_code(b"%time f(x)") != hash_code(b"%time f(x)  # a comment")
    assert find_imports(b"%run a.py") == frozenset()


def test_packages_are_those_imported_and_loaded_and_what_they_require():
    loaded = {"sklearn", "scipy.sparse", "numpy", "pytest", "pandas", "json"}
    # pandas is loaded, but neither imported nor required by scikit-learn; networkx is imported and not loaded.
    assert list(list_packages({"sklearn", "networkx", "json", "no_such_module"}, loaded)) == [
        "numpy",
        "scikit-learn",
        "scipy",
    ]
