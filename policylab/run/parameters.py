"""The parameters of a notebook: what its `parameters` cell declares, and whether given values fit.

papermill itself accepts misspelt names and wrong types, runs with the default, and so draws the wrong figure.
"""

import ast
import io
import json
import math
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

from policylab.base.errors import PolicylabError, shorten_value, suggest

# What papermill can write into a notebook without changing it; a tuple would arrive as a string.
TYPES = {
    **{"str": (str,), "int": (int,), "float": (float,), "bool": (bool,), "list": (list,), "dict": (dict,)},
    "str | list": (str, list),
}
EXPECTED = {
    "str": "a string",
    "int": "an integer such as 8",
    "float": "a number such as 0.5",
    "bool": "true or false",
    "list": 'a JSON list such as ["数字", "网络"]',
    "dict": 'a JSON object such as {"数字": 1}',
    "str | list": 'a path, or a JSON list such as ["数字", "网络"]',
}
DEEPEST = 20  # levels of brackets; what is nested deeper is no parameter, and programs that write it out may fail
TOO_DEEP = f"brackets are nested more than {DEEPEST} deep. Give a simpler value."
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Parameter:
    """One line `name: type = default  # help` of a parameters cell."""

    name: str
    type: str
    default: object
    help: str


def read_parameters(notebook):
    """The parameters that a notebook declares, a list of Parameter in the order of the cell; empty without such a cell.

    Raises PolicylabError if the file is no notebook, or its parameters cell holds anything but lines of the form
    `name: type = default  # help` with a type of TYPES.

    >>> [parameter.name for parameter in read_parameters("notebooks/01_corpus.ipynb")]  # doctest: +SKIP
    ['catalog', 'out', 'language']
    """
    source = _parameters_source(Path(notebook))
    where = f"{Path(notebook).name}, parameters cell"
    try:
        lines = ast.parse(source).body
    except SyntaxError as error:
        raise PolicylabError(f"{where}, line {error.lineno}: {error.msg}: {(error.text or '').strip()}") from error
    except (RecursionError, MemoryError):
        raise PolicylabError(f"{where}: {TOO_DEEP}") from None
    except ValueError as error:  # half a character
        raise PolicylabError(f"{where}: {error}.") from None
    helps = _comments(source)
    parameters, problems = [], []
    for line in lines:
        try:
            parameters.append(_read_line(line, helps))
        except ValueError:
            problems.append(f"\n  line {line.lineno}: {ast.get_source_segment(source, line)}")
    if problems:
        raise PolicylabError(
            f"{where}: each line must read `name: type = default  # help`, the type being one of {', '.join(TYPES)} "
            f"and the default a plain value of that type:{''.join(problems)}"
        )
    return parameters


def check_values(notebook: str, parameters: list[Parameter], values: dict) -> list[str]:
    """What is wrong with `values` ({name: value}) for a notebook, as a list of lines; empty if nothing is."""
    declared = {parameter.name: parameter for parameter in parameters}
    problems = []
    for name, value in values.items():
        if fault := find_fault(value):
            problems.append(f"{notebook}: {name}: {fault}")
        elif name not in declared:
            problems.append(f"{notebook}: {name} = {value!r}: unknown parameter. {suggest(name, declared)}")
        elif not _fits(value, declared[name].type):
            kind = declared[name].type
            found = type(value).__name__
            problems.append(f"{notebook}: {name} = {value!r}: expected {kind}, got {found}. Give {EXPECTED[kind]}.")
    return problems


def find_fault(value: object) -> str | None:
    """Why a value cannot be written into a notebook and the manifest, whatever its parameter; None if it can.

    Examples
    --------
    >>> find_fault({"数字": [1, 0.5, None]})
    >>> find_fault([float("nan")])
    'nan is not a finite number. Give another one.'
    """
    levels = [[value]]
    while levels[-1] and len(levels) <= DEEPEST + 1:
        levels.append([inner for part in levels[-1] for inner in _list_parts(part)])
    if levels[-1]:
        return TOO_DEEP
    for depth, parts in enumerate(levels):
        for part in parts:
            if isinstance(part, float) and not math.isfinite(part):
                return f"{part} is not a finite number. Give another one."
            if isinstance(part, str) and _HALF.search(part):
                return f"{shorten_value(repr(part))} holds half a character, which no file can. Write it again."
            # Whether the whole is of a type that a parameter can have is another question.
            if depth and not isinstance(part, (str, int, float, list, dict, type(None))):
                return f"{part} is of the type {type(part).__name__}, which no notebook takes. Write it in quotation marks."
    return None


def parse_value(text: str, parameter: Parameter) -> object:
    """The value that a command line's `text` means for a parameter: strings as they are, lists and dicts as JSON.

    Raises PolicylabError, which says what was expected, if the text does not have the declared type.

    Examples
    --------
    >>> parse_value("8", Parameter("n_topics", "int", 6, ""))
    8
    """
    kind = parameter.type
    try:
        if kind == "str" or kind == "str | list" and not text.lstrip().startswith("["):
            value = text
        elif kind in ("int", "float"):
            value = TYPES[kind][0](text)
        else:
            value = json.loads(text.lower() if kind == "bool" else text)
    except RecursionError:
        raise PolicylabError(TOO_DEEP) from None
    except ValueError:
        raise PolicylabError(f"expected {kind}. Give {EXPECTED[kind]}.") from None
    if fault := find_fault(value):
        raise PolicylabError(fault)
    if not _fits(value, kind):
        raise PolicylabError(f"expected {kind}. Give {EXPECTED[kind]}.")
    return value


def _read_line(line, helps):
    if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name) or line.value is None:
        raise ValueError
    annotation = line.annotation.value if isinstance(line.annotation, ast.Subscript) else line.annotation
    kind = ast.unparse(annotation)
    default = ast.literal_eval(line.value)
    if kind not in TYPES or not _fits(default, kind):
        raise ValueError
    return Parameter(line.target.id, kind, default, helps.get(line.end_lineno, ""))


def _list_parts(value):
    """The values directly in a list or dict, and the keys of the dict."""
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def _fits(value, kind):
    if kind == "float" and isinstance(value, int):
        return not isinstance(value, bool)
    return type(value) in TYPES[kind]  # not isinstance: True is no int here


def _comments(source):
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}


def _parameters_source(path):
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code" and "parameters" in cell["metadata"].get("tags", []):
                return "".join(cell["source"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        what = f"{type(error).__name__}: {error}"
        raise PolicylabError(f"{path} is not a Jupyter notebook of format 4 ({what}).") from error
    except OSError as error:
        raise PolicylabError(f"{path}: cannot be read: {error.strerror}.") from error
    return ""
