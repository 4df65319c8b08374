"""A study: which figures a paper has, from which notebooks, with which parameters and captions, as figures.toml has them.

A folder with a catalog and a figures.toml is all that a study of your own needs; `policylab new` writes one.
"""

import os
import re
import shlex
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pandas.api.types import is_numeric_dtype

from policylab.base import paths
from policylab.base.arguments import LANGUAGES
from policylab.base.decoding import decode
from policylab.base.errors import PolicylabError, list_problems, suggest
from policylab.plots.kit.presets import DEFAULT, load_presets
from policylab.run.parameters import TOO_DEEP, find_fault

STUDY = "figures.toml"

# What a caption may count in the table of its figure: {rows}, {distinct.document_id}, {sum.n} ...
_NUMBER = re.compile(r"\{(rows|(?:distinct|sum|min|max)\.\w+)\}")
_KEYS = {"catalog", "languages", "preset", "parameters", "figures"}
_FIGURE_KEYS = {"id", "notebook", "caption"}

# An invented plan, short and built like a real one.
_EXAMPLE = """# 某市2021年教育信息化工作要点（示例）

## 一、工作思路

本文件为虚构的示例，请换成自己的文件。坚持应用驱动，推进信息技术与教育教学深度融合。

## 二、重点任务

### （一）完善数字教育资源服务

1.建设数字教育资源公共服务体系。年内新增优质数字资源1000件，覆盖90%以上的学校。（责任单位：基础教育处、信息中心）

2.开展网络学习空间应用培训。培训教师500人。（责任单位：教师工作处）

### （二）加强网络安全

3.落实网络安全责任制。完成全部学校的安全检查。（责任单位：信息中心）
"""
_CATALOG = """document_id,file,level,region,year,title
example-2021,texts/example-2021.md,municipal,某市,2021,某市2021年教育信息化工作要点（示例）
"""


@dataclass(frozen=True)
class Study:
    """What a figures.toml says. `parameters`: notebook -> {name: value}; `catalog`: None for the shipped corpus."""

    path: Path
    catalog: Path | None
    languages: tuple
    preset: str
    parameters: dict
    figures: list

    @property
    def notebooks(self):
        """The notebooks of all figures, as locate() gives them."""
        return self.locate(dict.fromkeys(figure["notebook"] for figure in self.figures))

    def locate(self, names):
        """`names` of notebooks as a list, with the paths of those that lie in the folder of the study."""
        own = {name: self.path.parent / f"{name.removesuffix('.ipynb')}.ipynb" for name in names}
        return [str(path) if os.path.exists(path) else name for name, path in own.items()]


def load_study(path: str | os.PathLike | None = None) -> Study:
    """Read a figures.toml.

    Parameters
    ----------
    path : path, optional
        The file or its folder. By default the project's own.

    Raises
    ------
    PolicylabError
        One message that lists everything that is wrong in the file.
    """
    path = Path(path or paths.ROOT).resolve()
    if os.path.isdir(path) or not os.path.isfile(path) and path.suffix != ".toml":
        path /= STUDY
    content = _read_toml(path)
    problems = _check(content)
    if problems:
        raise PolicylabError(list_problems(f"{path} cannot be used:", problems))
    catalog = path.parent / content["catalog"] if content.get("catalog") else None
    languages = tuple(content.get("languages", LANGUAGES))
    preset = content.get("preset", DEFAULT)
    return Study(path, catalog, languages, preset, content.get("parameters", {}), content.get("figures", []))


def fill_caption(caption: str, table: pd.DataFrame) -> str:
    """Fill the numbers of a caption in from the table of its figure.

    Parameters
    ----------
    caption : str
        A text with {rows}, {distinct.COLUMN}, {sum.COLUMN}, {min.COLUMN} or {max.COLUMN}. Other braces stay.
    table : DataFrame
        The table of the figure.

    Raises
    ------
    PolicylabError
        If the table lacks a column that the caption names, or the column has no such number: all in one message.

    Examples
    --------
    >>> fill_caption("{rows} tasks in {distinct.document} plans", pd.DataFrame({"document": ["a", "a", "b"]}))
    '3 tasks in 2 plans'
    """
    problems = []

    def fill(match):
        kind, _, column = match[1].partition(".")
        try:
            return _count(table, kind, column)
        except PolicylabError as error:
            problems.append(f"{match[0]}: {error}")
            return match[0]

    filled = _NUMBER.sub(fill, caption)
    if problems:
        raise PolicylabError(f"caption: {' '.join(problems)}")
    return filled


def _count(table, kind, column):
    if kind == "rows":
        return str(len(table))
    if column not in table:
        known = suggest(column, list(table.columns))
        raise PolicylabError(f"the figure's table has no column {column}. {known}")
    values = table[column].dropna()
    if kind == "distinct":
        return str(values.nunique())
    if kind == "sum" and len(values) and not is_numeric_dtype(values):
        raise PolicylabError(
            f"the column {column} holds text, which has no sum. Write distinct, or name another column."
        )
    if kind != "sum" and values.empty:
        raise PolicylabError(f"the column {column} is blank, so it has no {kind}. Name another column.")
    number = getattr(values, kind)()
    if isinstance(number, float):
        if not number.is_integer():
            return f"{number:g}"
        number = int(number)  # pandas makes floats of whole numbers where a cell is blank
    return f"{number:,}" if kind == "sum" else str(number)  # min and max may be years


def quote_argument(argument: object) -> str:
    """A path as it is written in a command, so that blanks and other marks in it stay part of it.

    Examples
    --------
    >>> quote_argument("my-study")
    'my-study'
    """
    return subprocess.list2cmdline([str(argument)]) if os.name == "nt" else shlex.quote(str(argument))


def write_study(folder: str | os.PathLike) -> list[Path]:
    """Write a study that runs at once, to change: a catalog with an example text, and a figures.toml.

    Raises PolicylabError, and writes nothing, if one of the files is there already or the folder cannot be written.
    """
    folder = Path(folder)
    contents = {
        "catalog.csv": f"\ufeff{_CATALOG}",  # with a byte order mark Excel takes it for UTF-8
        "texts/example-2021.md": _EXAMPLE,
        STUDY: read_template().decode("utf-8"),
    }
    there = [name for name in contents if os.path.exists(folder / name)]
    if there:
        raise PolicylabError(f"{folder} has {', '.join(there)} already. Nothing was written. Choose another folder.")
    try:
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8"))
    except OSError as error:
        raise PolicylabError(f"The study cannot be written: {error.strerror}: {error.filename or folder}.") from error
    return [folder / name for name in contents]


def read_template() -> bytes:
    """The figures.toml of a new study, which has its catalog beside it."""
    return Path(__file__).with_name("newstudy.toml").read_bytes()


def _read_toml(path):
    try:
        return tomllib.loads(decode(path.read_bytes()).text)
    except FileNotFoundError:
        command = f"policylab new {quote_argument(path.parent)}"
        raise PolicylabError(f"There is no study {path}. Write one with: {command}") from None
    except OSError as error:
        raise PolicylabError(f"{path} cannot be read: {error.strerror}.") from None
    except PolicylabError as error:
        raise PolicylabError(f"{path} cannot be read: {error}. Save it as plain text in UTF-8.") from None
    except RecursionError:
        raise PolicylabError(f"{path} cannot be read: {TOO_DEEP}") from None
    except ValueError as error:
        hint = " Write each name once." if re.search("overwrite|twice|Duplicate", str(error)) else ""
        raise PolicylabError(f"{path} cannot be read: {error}.{hint}") from None


def _check(content):
    if find_fault(content) == TOO_DEEP:
        return [TOO_DEEP]
    problems = [f"{name} is unknown. {suggest(name, sorted(_KEYS))}" for name in sorted(content.keys() - _KEYS)]
    if not isinstance(content.get("catalog", ""), str):
        problems.append("catalog: expected the path of a catalog.csv, relative to this file.")
    languages = content.get("languages", list(LANGUAGES))
    if not isinstance(languages, list) or not languages or any(name not in LANGUAGES for name in languages):
        problems.append(f"languages = {languages!r}: expected a list of {' and '.join(LANGUAGES)}.")
        languages = LANGUAGES
    elif len(set(languages)) < len(languages):
        problems.append(f"languages = {languages!r}: a language is named twice. Keep one.")
    preset = content.get("preset", DEFAULT)
    if preset not in list(load_presets()):
        problems.append(f"preset = {preset!r} is unknown. {suggest(str(preset), list(load_presets()))}")
    parameters = content.get("parameters", {})
    if not isinstance(parameters, dict) or not all(isinstance(values, dict) for values in parameters.values()):
        problems.append("parameters: expected a table for each notebook, such as [parameters.02_terms].")
    figures = content.get("figures", [])
    if not isinstance(figures, list) or not all(isinstance(figure, dict) for figure in figures):
        return [*problems, "figures: expected [[figures]] with id, notebook and caption."]
    for number, figure in enumerate(figures, 1):
        problems += [f"figure {number}: {problem}" for problem in _check_figure(figure, dict.fromkeys(languages))]
        if figure.get("id") in [other.get("id", "") for other in figures[: number - 1]]:
            problems.append(f"figure {number}: id {figure['id']} is that of an earlier one.")
    return problems


def _check_figure(figure, languages):
    unknown = sorted(figure.keys() - _FIGURE_KEYS)
    problems = [f"{name} is unknown. {suggest(name, sorted(_FIGURE_KEYS))}" for name in unknown]
    problems += [f"{name} is missing." for name in ("id", "notebook") if name not in figure]
    wrong = [name for name in ("id", "notebook") if not isinstance(figure.get(name, ""), str)]
    problems += [f"{name}: expected a text in quotation marks." for name in wrong]
    caption = figure.get("caption")
    if not isinstance(caption, dict):
        example = ", ".join(f'{language} = "…"' for language in languages)
        return [*problems, f"caption: expected {{{example}}}."]
    problems += [
        f"caption.{name} is unknown. {suggest(name, LANGUAGES)}" for name in sorted(caption.keys() - {*LANGUAGES})
    ]
    for language in LANGUAGES:
        if language not in caption and language in languages:
            problems.append(f"caption.{language} is missing. The study has the languages {' and '.join(languages)}.")
        elif not isinstance(caption.get(language, ""), str):
            problems.append(f"caption.{language}: expected a text in quotation marks.")
    return problems
