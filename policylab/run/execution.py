"""Run one notebook from the first cell to the last in a kernel of its own.

papermill does the running. A run that fails leaves a notebook to look into and one line that says where.
"""

import json
import logging
import os
import shutil
import sys
import tempfile
import textwrap
import time
from contextlib import contextmanager
from pathlib import Path

from policylab.base import paths
from policylab.output.folder import STAGING
from policylab.run import kernel

# The kernel has the same settings on every machine: no personal start-up files or backends, one thread, one order of sets.
KERNEL_ENVIRONMENT = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
}

# Another kernel may take a port after this one has chosen it and before it uses it; this one then dies without a reply.
ATTEMPTS = 3
SILENT = ("Kernel died before replying", "Kernel didn't respond")


class RunFailed(Exception):
    """One line that says which notebook failed, how, and where it was kept."""


def execute(run, staging, kept, progress=True):
    """Run a notebook; return the seconds that it took.

    Its figures go to figures/ in the folder `staging`, the kernel's notes of what it used to notes.txt, the executed
    notebook to the folder `kept`.

    Raises RunFailed if a cell fails or the kernel cannot be started.
    """
    import papermill

    # It reads no parameter of several types (str | list), and says so; policylab has checked them all.
    logging.getLogger("papermill").setLevel(logging.ERROR)

    running, done, failed = staging / "running.ipynb", kept / f"{run.name}.ipynb", kept / f"{run.name}-failed.ipynb"
    _write_readable_strings()
    started = time.monotonic()
    try:
        kept.mkdir(parents=True, exist_ok=True)
        with _own_kernel(staging), _own_sockets() as config:
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    papermill.execute_notebook(
                        _escape(run.notebook),
                        _escape(running),
                        parameters=run.values,
                        kernel_name="python3",
                        language="python",
                        cwd=run.notebook.parent,
                        # None: only where there is a terminal
                        progress_bar={"desc": run.name, "disable": None} if progress else False,
                        config=config,
                    )
                    break
                except RuntimeError as error:
                    if not str(error).startswith(SILENT) or attempt == ATTEMPTS:
                        raise
    except Exception as error:
        raise RunFailed(_describe_failure(run, error, running, failed)) from error
    finally:
        # It is useful only after a failure or an interruption.
        if running.exists() and sys.exc_info()[0]:
            shutil.move(running, failed)
    shutil.move(running, done)
    failed.unlink(missing_ok=True)
    return time.monotonic() - started


def _escape(path):
    """papermill replaces what is in braces, also in a path."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _describe_failure(run, error, running, failed):
    from papermill.exceptions import PapermillExecutionError

    where, kind, message = "", type(error).__name__, str(error)
    if isinstance(error, PapermillExecutionError):
        where, kind, message = f" at In [{error.exec_count}]", error.ename, error.evalue
    message = textwrap.shorten(message, 400, placeholder=" …")
    message += "" if message.endswith((".", "…", "!", "?")) else "."
    kept = f" The notebook as far as it came: {shorten(failed)}" if running.exists() else ""
    return f"{run.notebook.name}{f' ({run.language})' if run.language else ''} failed{where}: {kind}: {message}{kept}"


def shorten(path):
    """The path as seen from here, if it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


@contextmanager
def _own_kernel(staging):
    """Let "python3" be the interpreter that runs now, whatever kernels the user has installed under that name."""
    before = os.environ.get("JUPYTER_PATH")
    folder = staging / "jupyter"
    specification = {
        # -P: modules beside that file must not shadow others. CRITICAL: otherwise it warns that traffic within this
        # machine is not encrypted, and reports that it shuts down.
        "argv": [sys.executable, "-P", kernel.__file__, "-f", "{connection_file}", "--log-level=CRITICAL"],
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "metadata": {"debugger": True},
        "env": KERNEL_ENVIRONMENT
        | {
            "IPYTHONDIR": str(folder),
            "PYTHONPATH": _python_path(),
            kernel.NOTES: str(staging / "notes.txt"),
            STAGING: str(staging / "figures"),
        },
    }
    file = folder / "kernels" / "python3" / "kernel.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(specification), encoding="utf-8")
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(folder), before]))
    try:
        yield
    finally:
        if before is None:
            del os.environ["JUPYTER_PATH"]
        else:
            os.environ["JUPYTER_PATH"] = before


@contextmanager
def _own_sockets():
    """Settings for sockets that are files, where the system has them, because no two kernels can choose the same."""
    from traitlets.config import Config

    with tempfile.TemporaryDirectory(prefix="policylab-", ignore_cleanup_errors=True) as folder:
        # Their paths may have 107 characters.
        if os.name == "nt" or len(folder) > 85:
            yield Config()
        else:
            yield Config({"KernelManager": {"transport": "ipc", "connection_file": f"{folder}/kernel.json"}})


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
