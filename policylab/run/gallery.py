"""The page figures/README.md: every figure with its caption, the numbers behind it and the notebook to open."""

import os
from pathlib import Path

import pandas as pd

from policylab.base import paths
from policylab.base.errors import PolicylabError
from policylab.base.spreadsheet import unescape_table
from policylab.output.folder import find_unshipped, own_folder, read_manifest
from policylab.run.study import Study, fill_caption

GALLERY = "README.md"

_HEAD = """# Figures · 图

Written by `policylab reproduce`; changes made here are lost. [manifest.json](manifest.json) records what each figure was
made from. `policylab verify` compares the files with it, `policylab status` lists what is stale.

本页由 `policylab reproduce` 生成，请勿手工修改。每幅图的来源见 [manifest.json](manifest.json)；`policylab verify` 核对文件，
`policylab status` 说明哪些图需要重画。
"""

# Kinds of files that the folder's .gitignore names.
_UNSHIPPED = """
Not in the repository: {kinds}. `policylab reproduce` draws them.

仓库中不含 {kinds}，可用 `policylab reproduce` 绘制。
"""


def write_gallery(folder, study):
    """Write README.md into a folder of figures: those of the study in its order, then the others.

    A file of this name that somebody else wrote is left alone. Raises PolicylabError for captions that cannot be filled,
    after the page is written; such captions appear in it as the study has them.
    """
    path = folder / GALLERY
    page, problems = make_gallery(folder, study)
    # A folder in which nothing is to be written may be read-only.
    if not path.exists() or path.read_bytes() != page.encode("utf-8"):
        with own_folder(folder):
            if path.exists() and not path.read_bytes().startswith(_HEAD[:11].encode("utf-8")):
                return
            page, problems = make_gallery(folder, study)  # another command may have changed the folder meanwhile
            temporary = folder / f".{GALLERY}.tmp"
            temporary.write_bytes(page.encode("utf-8"))
            os.replace(temporary, path)
    if problems:
        raise PolicylabError("\n".join(problems))


def list_missing(folder, study):
    """One line for each figure of a study that its notebook has not drawn, with those that it has.

    A misspelt id is one reason; another is a corpus that has nothing to show for it.
    """
    manifest = read_manifest(folder)
    drawn = {_split(run)[0]: set() for run in manifest["runs"]}
    for name, entry in manifest["figures"].items():
        if f"{name}.png" in entry["files"]:
            drawn.setdefault(entry["notebook"], set()).add(_split(name)[0])
    return [
        f"{study.path.name}: the figure {figure['id']} was not drawn. {notebook} drew {', '.join(sorted(own)) or 'none'}."
        for figure in study.figures
        if (own := drawn.get(notebook := Path(figure["notebook"]).stem)) is not None and figure["id"] not in own
    ]


def make_gallery(folder, study):
    """(text of the page, problems of captions): from nothing but the manifest, the tables of the figures and the study."""
    figures = read_manifest(folder)["figures"]
    known = {figure["id"]: figure for figure in study.figures} if study else {}
    stems = {name: _split(name) for name in figures}
    order = {name: number for number, name in enumerate(known)}
    first = study.languages[0] if study else ""  # a notebook without languages draws one figure, whose name has none
    unshipped = find_unshipped(folder)
    note = _UNSHIPPED.format(kinds=", ".join(f"`*{kind}`" for kind in sorted(unshipped))) if unshipped else ""
    parts, problems = [_HEAD + note], []
    for stem in sorted({stem for stem, _ in stems.values()}, key=lambda stem: (order.get(stem, len(order)), stem)):
        names = sorted((name for name in figures if stems[name][0] == stem), key=lambda name: stems[name][1] != "zh")
        notebook = figures[names[0]]["notebook"]
        parts.append(f"## {stem}\n")
        for name in names:
            files = figures[name]["files"]
            if f"{name}.png" in files:
                parts.append(f"![{name}]({name}.png)\n")
            caption = known.get(stem, {}).get("caption", {}).get(stems[name][1] or first)
            if caption and f"{name}.csv" in files:
                try:
                    caption = fill_caption(caption, _read_table(folder / f"{name}.csv"))
                except PolicylabError as error:
                    problems.append(f"Figure {name}: {error}")
                parts.append(f"{caption}\n")
        files = [file for name in names for file in sorted(figures[name]["files"])]
        files = [file for file in files if Path(file).suffix not in unshipped | {".png"}]
        kinds = " · ".join(f"[{file}]({file})" for file in files)
        parts.append(f"{kinds}\n\nNotebook · 笔记本: {_link_notebook(notebook, folder)}\n")
    return "\n".join(parts), problems


def check_captions(folder: Path, study: Study | None) -> list[str]:
    """What keeps the captions of a study from being filled for the figures in a folder: one line for each caption."""
    return make_gallery(folder, study)[1] if study else []


def _read_table(path):
    """The table of a figure, as save_figure was given it."""
    try:
        return unescape_table(pd.read_csv(path, encoding="utf-8-sig", low_memory=False))
    except pd.errors.EmptyDataError:  # a figure that draws no number
        return pd.DataFrame()
    except OSError as error:
        raise PolicylabError(f"{path.name} cannot be read: {error.strerror}. Draw it again.") from None
    except ValueError as error:
        raise PolicylabError(f"{path.name} was changed and is no table any more ({error}). Draw it again.") from None


def _split(name):
    """The id and the language of a figure's name."""
    stem, _, language = name.rpartition("-")
    return (stem, language) if language in ("zh", "en") else (name, "")


def _link_notebook(stem, folder):
    """A link where the page will show it: in the project, whose notebooks are beside its figures."""
    own = Path(folder).resolve() == paths.FIGURES.resolve()
    return f"[{stem}](../notebooks/{stem}.ipynb)" if own else stem
