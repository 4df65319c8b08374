"""The notebooks, by name or path."""

import os
from pathlib import Path

from policylab.base import paths
from policylab.base.errors import PolicylabError, shorten_value, suggest


def find_notebooks(names=()):
    """The paths of notebooks given by path or by the name of one of the project's; all of the project's for no names.

    Raises PolicylabError, with the nearest name, for those that are not found.
    """
    own = {path.stem: path for path in sorted(paths.NOTEBOOKS.glob("*.ipynb"))}
    files, problems = [], []
    for name in map(str, names or own):
        stem = name.removesuffix(".ipynb")
        if os.path.isfile(name):
            files.append(Path(name).resolve())
        elif stem in own:
            files.append(own[stem])
        else:
            problems.append(f"{shorten_value(name)}: no such notebook. {suggest(Path(stem).name, own)}")
    if problems:
        raise PolicylabError("\n".join(problems))
    return files
