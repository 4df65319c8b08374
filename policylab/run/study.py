"""A study: which figures a paper has, from which notebooks, with which parameters and captions, as figures.toml tells.

A folder with a catalog and a figures.toml is all that a study of one's own needs; `policylab new` writes one.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from policylab.base import paths
from policylab.base.arguments import LANGUAGES
from policylab.base.errors import PolicylabError, suggest
from policylab.plots.kit.presets import DEFAULT, load_presets

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
        return [str(path) if path.exists() else name for name, path in own.items()]


def load_study(path=None):
    """Read a figures.toml, given by its path or its folder; None is the project's own.

    Raises one PolicylabError that lists everything that is wrong in it.
    """
    path = Path(path or paths.ROOT).resolve()
    if path.is_dir() or not path.is_file() and path.suffix != ".toml":
        path /= STUDY
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PolicylabError(f"There is no study {path}. Write one with: policylab new {path.parent}") from None
    except OSError as error:
        raise PolicylabError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:  # of TOML, or of UTF-8
        raise PolicylabError(f"{path} cannot be read: {error}.") from None
    problems = _check(content)
    if problems:
        raise PolicylabError("\n  ".join([f"{path} cannot be used:", *problems]))
    catalog = path.parent / content["catalog"] if content.get("catalog") else None
    languages = tuple(content.get("languages", LANGUAGES))
    preset = content.get("preset", DEFAULT)
    return Study(path, catalog, languages, preset, content.get("parameters", {}), content.get("figures", []))


def fill_caption(caption, table):
    """A caption with its numbers, taken from the figure's table (a DataFrame).

    >>> import pandas as pd
    >>> fill_caption("{rows} tasks in {distinct.document} plans", pd.DataFrame({"document": ["a", "a", "b"]}))
    '3 tasks in 2 plans'

    Raises PolicylabError if the table lacks a column that the caption names.
    """

    def fill(match):
        kind, _, column = match[1].partition(".")
        if kind == "rows":
            return str(len(table))
        if column not in table:
            known = suggest(column, list(table.columns))
            raise PolicylabError(f"caption: {match[0]}: the figure's table has no column {column}. {known}")
        values = table[column].dropna()
        number = values.nunique() if kind == "distinct" else getattr(values, kind)()
        if isinstance(number, float):
            return f"{number:g}"
        return f"{number:,}" if kind in ("rows", "sum") else str(number)  # min and max may be years

    return _NUMBER.sub(fill, caption)


def write_study(folder):
    """Write a study of one's own that runs at once: a catalog with an example text, and a figures.toml to change.

    Raises PolicylabError, and writes nothing, if one of the files is there already or the folder cannot be written.
    """
    folder = Path(folder)
    contents = {
        "catalog.csv": _CATALOG,
        "texts/example-2021.md": _EXAMPLE,
        STUDY: Path(__file__).with_name("newstudy.toml").read_text(encoding="utf-8"),
    }
    there = [name for name in contents if (folder / name).exists()]
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


def _check(content):
    problems = [f"{name} is unknown. {suggest(name, sorted(_KEYS))}" for name in sorted(content.keys() - _KEYS)]
    if not isinstance(content.get("catalog", ""), str):
        problems.append("catalog: expected the path of a catalog.csv, relative to this file.")
    languages = content.get("languages", list(LANGUAGES))
    if not isinstance(languages, list) or not languages or any(name not in LANGUAGES for name in languages):
        problems.append(f"languages = {languages!r}: expected a list of {' and '.join(LANGUAGES)}.")
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
        problems += [f"figure {number}: {problem}" for problem in _check_figure(figure)]
        if figure.get("id") in [other.get("id", "") for other in figures[: number - 1]]:
            problems.append(f"figure {number}: id {figure['id']} is that of an earlier one.")
    return problems


def _check_figure(figure):
    unknown = sorted(figure.keys() - _FIGURE_KEYS)
    problems = [f"{name} is unknown. {suggest(name, sorted(_FIGURE_KEYS))}" for name in unknown]
    problems += [f"{name} is missing." for name in ("id", "notebook") if not isinstance(figure.get(name), str)]
    caption = figure.get("caption", {})
    if not isinstance(caption, dict) or not all(isinstance(caption.get(language), str) for language in LANGUAGES):
        problems.append('caption: expected {zh = "…", en = "…"}.')
    return problems
