"""The page figures/README.md: every figure with its caption, the numbers behind it and the notebook to open."""

import io
import os
from pathlib import Path

import pandas as pd

from policylab import paths
from policylab.errors import PolicylabError
from policylab.run.study import fill_caption
from policylab.saving.folder import own_folder, read_manifest

GALLERY = "README.md"

_HEAD = """# Figures · 图

Written by `policylab reproduce`; changes made here are lost. What each figure was made from stands in
[manifest.json](manifest.json). `policylab verify` compares the files with it, `policylab status` says what is stale.

本页由 `policylab reproduce` 生成，请勿手工修改。每幅图的来源见 [manifest.json](manifest.json)；`policylab verify` 核对文件，
`policylab status` 说明哪些图需要重画。
"""


def write_gallery(folder, study):
    """Write README.md into a folder of figures: those of the study in its order, then the others.

    A file of this name that somebody else wrote is left alone.
    """
    path = folder / GALLERY
    if path.exists() and path.read_bytes() == make_gallery(folder, study).encode("utf-8"):
        return  # a folder in which nothing is to be written may be read-only
    with own_folder(folder):
        if path.exists() and not path.read_text(encoding="utf-8").startswith(_HEAD[:11]):
            return
        temporary = folder / f".{GALLERY}.tmp"
        temporary.write_bytes(make_gallery(folder, study).encode("utf-8"))
        os.replace(temporary, path)


def make_gallery(folder, study):
    """The text of the page; it depends on nothing but the manifest, the tables of the figures and the study."""
    figures = read_manifest(folder)["figures"]
    known = {figure["id"]: figure for figure in study.figures} if study else {}
    stems = {name: _split(name) for name in figures}
    order = {name: number for number, name in enumerate(known)}
    parts = [_HEAD]
    for stem in sorted({stem for stem, _ in stems.values()}, key=lambda stem: (order.get(stem, len(order)), stem)):
        names = sorted((name for name in figures if stems[name][0] == stem), key=lambda name: stems[name][1] != "zh")
        notebook = figures[names[0]]["notebook"]
        parts.append(f"## {stem}\n")
        for name in names:
            files = figures[name]["files"]
            if f"{name}.png" in files:
                parts.append(f"![{name}]({name}.png)\n")
            caption = known.get(stem, {}).get("caption", {}).get(stems[name][1] or "en")
            if caption and f"{name}.csv" in files:
                table = pd.read_csv(io.BytesIO((folder / f"{name}.csv").read_bytes()))
                try:
                    parts.append(fill_caption(caption, table) + "\n")
                except PolicylabError as error:
                    raise PolicylabError(f"Figure {name}: {error}") from None
        files = [file for name in names for file in sorted(figures[name]["files"]) if not file.endswith(".png")]
        kinds = " · ".join(f"[{file}]({file})" for file in files)
        parts.append(f"{kinds}\n\nNotebook · 笔记本: {_link_notebook(notebook, folder)}\n")
    return "\n".join(parts)


def _split(name):
    """The id and the language of a figure's name."""
    stem, _, language = name.rpartition("-")
    return (stem, language) if language in ("zh", "en") else (name, "")


def _link_notebook(stem, folder):
    """A link where the page will show it: in the project, whose notebooks stand beside its figures."""
    own = Path(folder).resolve() == paths.FIGURES.resolve()
    return f"[{stem}](../notebooks/{stem}.ipynb)" if own else stem
