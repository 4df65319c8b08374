"""Run notebooks from the first cell to the last with given parameters, so that every figure is drawn anew.

papermill does the running. Around it stand the checks that it lacks: unknown and wrongly typed parameters are refused
before anything starts, and a run that fails leaves a notebook to look into and one line that says where.
"""

import json
import os
import sys
import tempfile
import textwrap
import time
from contextlib import contextmanager
from pathlib import Path

from policylab import paths
from policylab.catalog import read_catalog
from policylab.errors import PolicylabError
from policylab.labels import LANGUAGES, check_language
from policylab.parameters import EXPECTED, check_values, parse_value, read_parameters, suggest

# Parameters that reproduce() takes by name, with the option of the command line that sets them.
OPTIONS = {"catalog": "--catalog", "out": "--out", "language": "--language"}

# The kernel gets one setting on every machine: no personal start-up files or backends, one thread, one order of sets.
KERNEL_ENVIRONMENT = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
}


def reproduce(notebooks=(), parameters=None, out=None, catalog=None, languages=LANGUAGES):
    """Run notebooks (names or paths; all of the project's if none are given), each once per language.

    `parameters` maps names to values; a notebook gets those that it declares. `catalog` is the corpus to use, `out` the
    folder for the figures: the project's figures/ for its own corpus, figures/ beside the catalog for another one. The
    executed notebooks go to build/notebooks/, or to notebooks/ in a folder that is not the project's own. Returns
    their paths.

    Raises PolicylabError before anything is run if a notebook is not found, a parameter is unknown or has the wrong
    type, or the catalog cannot be used; and at the end, one line for each, if notebooks failed.

    >>> reproduce(["01_corpus"], languages=["zh"])  # doctest: +SKIP
    """
    files = find_notebooks(notebooks)
    declared = {file: read_parameters(file) for file in files}
    for language in languages:
        check_language(language)
    given = dict(parameters or {})
    _check_parameters(declared, given, {"catalog": catalog, "out": out})
    if catalog:
        given["catalog"] = str(read_catalog(catalog).path.resolve())
    folder, kept = _choose_folders(out, given.get("catalog"))
    if folder:
        given["out"] = str(folder)

    done, failures = [], []
    for file in files:
        names = [parameter.name for parameter in declared[file]]
        for language in languages if "language" in names else [None]:
            values = {name: value for name, value in (given | {"language": language}).items() if name in names}
            try:
                done.append(_run(file, language, values, kept))
            except _RunFailed as failure:
                failures.append(str(failure))
    if failures:
        raise PolicylabError("\n".join(failures))
    return done


def find_notebooks(names=()):
    """The paths of notebooks given by path or by the name of one of the project's; all of the project's for no names.

    Raises PolicylabError, with the nearest name, for those that are not found.
    """
    own = {path.stem: path for path in sorted(paths.NOTEBOOKS.glob("*.ipynb"))}
    files, problems = [], []
    for name in map(str, names or own):
        stem = name.removesuffix(".ipynb")
        if Path(name).is_file():
            files.append(Path(name).resolve())
        elif stem in own:
            files.append(own[stem])
        else:
            problems.append(f"{name}: no such notebook. {suggest(Path(stem).name, own)}")
    if problems:
        raise PolicylabError("\n".join(problems))
    return files


def read_settings(notebooks, settings):
    """The parameters that a command line's `name=value` texts mean for the notebooks, {name: value}.

    Raises PolicylabError, with all problems in one message, for texts that no notebook can take.

    >>> read_settings(["02_terms"], ["n_terms=20", "terms=[\\"数字\\"]"])  # doctest: +SKIP
    {'n_terms': 20, 'terms': ['数字']}
    """
    declared = {file: read_parameters(file) for file in find_notebooks(notebooks)}
    known = {parameter.name: parameter for parameters in declared.values() for parameter in parameters}
    values, problems = {}, []
    for setting in settings:
        name, equals, text = setting.partition("=")
        name = name.strip()
        if not equals:
            problems.append(f"--set {setting}: expected name=value.")
        elif name in OPTIONS:
            problems.append(f"--set {setting}: use {OPTIONS[name]} {text}.")
        elif name not in known:
            problems.append(_unknown(declared, name, text))
        else:
            try:
                values[name] = parse_value(text, known[name])
            except ValueError:
                kind = known[name].type
                files = _list_names(declared, name)
                problems.append(f"{files}: {name} = {text}: expected {kind}. Give {EXPECTED[kind]}.")
    _refuse(problems)
    return values


def _check_parameters(declared, given, options):
    names = {parameter.name for parameters in declared.values() for parameter in parameters}
    asked = given | {name: str(value) for name, value in options.items() if value}
    problems = [_unknown(declared, name, repr(value)) for name, value in asked.items() if name not in names]
    for name in [name for name in given if name in OPTIONS]:
        problems.append(f"{name} = {given[name]!r}: is not set like this; use the argument or option {OPTIONS[name]}.")
    for file, parameters in declared.items():
        mine = {parameter.name for parameter in parameters}
        problems += check_values(file.name, parameters, {name: value for name, value in given.items() if name in mine})
    _refuse(problems)


def _refuse(problems):
    if problems:
        raise PolicylabError("Nothing was run.\n" + "\n".join(f"  {problem}" for problem in problems))


def _unknown(declared, name, value):
    known = dict.fromkeys(parameter.name for parameters in declared.values() for parameter in parameters)
    return f"{_list_names(declared)}: {name} = {value}: unknown parameter. {suggest(name, list(known))}"


def _list_names(declared, name=None):
    """The notebooks, or those of them that declare the parameter `name`."""
    known = {file.name: {parameter.name for parameter in parameters} for file, parameters in declared.items()}
    return ", ".join(file for file, names in known.items() if name is None or name in names)


def _choose_folders(out, catalog):
    """Where the figures go (None: to the notebooks' own default) and where the executed notebooks."""
    if out:
        folder = Path(out).resolve()
    elif catalog and Path(catalog) != paths.CATALOG.resolve():
        folder = Path(catalog).parent / "figures"
    elif paths.ROOT == paths.PACKAGE:
        # Installed without a checkout: the package's own folder is no place for figures.
        folder = Path.cwd() / "figures"
    else:
        return None, paths.BUILD / "notebooks"
    return folder, paths.BUILD / "notebooks" if folder == paths.FIGURES else folder / "notebooks"


class _RunFailed(Exception):
    """One line that says which notebook failed, how, and where it was kept."""


def _run(file, language, values, folder):
    """Run one notebook; return the path of the executed one."""
    import papermill

    name = f"{file.stem}-{language}" if language else file.stem
    running, done, failed = (folder / f"{name}{suffix}.ipynb" for suffix in ("-running", "", "-failed"))
    folder.mkdir(parents=True, exist_ok=True)
    _write_readable_strings()
    started = time.monotonic()
    try:
        with _own_kernel():
            papermill.execute_notebook(
                _escape(file),
                _escape(running),
                parameters=values,
                kernel_name="python3",
                language="python",
                cwd=file.parent,
                progress_bar={"desc": name, "disable": None},  # None: only where there is a terminal
            )
    except Exception as error:
        raise _RunFailed(_describe_failure(file, language, error, running, failed)) from error
    finally:
        # Only after a failure or an interruption is it still there.
        if running.exists() and sys.exc_info()[0]:
            os.replace(running, failed)
    os.replace(running, done)
    failed.unlink(missing_ok=True)
    print(f"{name}: {time.monotonic() - started:.0f} s, {_short(done)}")
    return done


def _escape(path):
    """papermill fills in what stands in braces, also in a path."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _describe_failure(file, language, error, running, failed):
    from papermill.exceptions import PapermillExecutionError

    where, kind, message = "", type(error).__name__, str(error)
    if isinstance(error, PapermillExecutionError):
        where, kind, message = f" at In [{error.exec_count}]", error.ename, error.evalue
    message = textwrap.shorten(message, 200, placeholder=" …")
    kept = f" The notebook as far as it came: {_short(failed)}" if running.exists() else ""
    return f"{file.name}{f' ({language})' if language else ''} failed{where}: {kind}: {message}{kept}"


def _short(path):
    """The path as seen from here, if it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


@contextmanager
def _own_kernel():
    """Let "python3" be the interpreter that runs now, whatever kernels the user has installed under that name."""
    before = os.environ.get("JUPYTER_PATH")
    with tempfile.TemporaryDirectory(prefix="policylab-", ignore_cleanup_errors=True) as folder:
        kernel = Path(folder) / "kernels" / "python3" / "kernel.json"
        kernel.parent.mkdir(parents=True)
        specification = {
            # CRITICAL: else it warns that talk within this machine is not encrypted, and tells of its shutting down.
            "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--log-level=CRITICAL"],
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "metadata": {"debugger": True},
            "env": KERNEL_ENVIRONMENT | {"IPYTHONDIR": folder, "PYTHONPATH": _python_path()},
        }
        kernel.write_text(json.dumps(specification), encoding="utf-8")
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [folder, before]))
        try:
            yield
        finally:
            if before is None:
                del os.environ["JUPYTER_PATH"]
            else:
                os.environ["JUPYTER_PATH"] = before


def _python_path():
    """The notebook imports the policylab that runs it, installed or not."""
    return os.pathsep.join(filter(None, [str(paths.PACKAGE.parent), os.environ.get("PYTHONPATH")]))


def _write_readable_strings():
    """Let papermill write 数字 into a notebook as 数字 and not as \\u6570\\u5b57."""
    from papermill.translators import PythonTranslator, papermill_translators

    class ReadableTranslator(PythonTranslator):
        @classmethod
        def translate_str(cls, val):
            return json.dumps(val, ensure_ascii=False)

    papermill_translators.register("python", ReadableTranslator)
