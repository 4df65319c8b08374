"""Public functions: annotated, with numpydoc docstrings. pyproject.toml lists the rules ([tool.numpydoc_validation])."""

import importlib
import inspect
import tomllib
from pathlib import Path

import pytest
from numpydoc.validate import validate

PYPROJECT = tomllib.loads((Path(__file__).resolve().parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
RULES = PYPROJECT["tool"]["numpydoc_validation"]["checks"]


def list_public_functions():
    """Full name and function; one that two packages export comes once."""
    functions = {}
    for package in map(importlib.import_module, ("policylab", "policylab.recipes", "policylab.readings")):
        for name in package.__all__:
            if inspect.isfunction(function := getattr(package, name)):
                functions.setdefault(function, f"{package.__name__}.{name}")
    return {name: function for function, name in functions.items()}


PUBLIC = list_public_functions()


@pytest.mark.parametrize("name", PUBLIC)
def test_docstring(name):
    faults = [f"{rule}: {text}" for rule, text in validate(name)["errors"] if rule in RULES]
    assert faults == []


@pytest.mark.parametrize("name", PUBLIC)
def test_annotations(name):
    signature = inspect.signature(PUBLIC[name])
    bare = [name for name, parameter in signature.parameters.items() if parameter.annotation is parameter.empty]
    assert bare == []
    assert signature.return_annotation is not signature.empty
