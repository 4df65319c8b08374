"""Any file to text: each is read in a process of its own, within limits of time and memory."""

import atexit
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from policylab.base.archive import show_name
from policylab.base.errors import PolicylabError
from policylab.intake.extracted import Extract, Mark
from policylab.intake.recognise import RECOGNISED

__all__ = ["RECOGNISED", "Extract", "Mark", "extract"]

_MOST_FILES = 300  # that a process reads before another takes its place: what libraries leave in the memory adds up


def extract(path: str | os.PathLike, *, seconds: float = 120, memory: float = 2048) -> list[Extract]:
    """The text of a file, or of every member of an archive.

    Kinds of files are told by their contents, then by their ending: .txt, .md, .html, .mhtml, .pdf, .docx, and .zip of these;
    .doc, .wps, .rtf and .odt where LibreOffice is installed. Nothing is fetched, no script or macro is run.

    Parameters
    ----------
    path : path
        A file.
    seconds : float
        The time that reading may take; then it is stopped.
    memory : float
        The memory that reading may take, in MB; not limited on Windows, where the system has no such limit.

    Returns
    -------
    list of Extract
        One for a file, one for each member of an archive. A member that cannot be read has no text, and the reason in its
        notes.

    Raises
    ------
    PolicylabError
        One message for this file: its name, what is wrong, what to do.

    Examples
    --------
    >>> from policylab.base.paths import DATA
    >>> [found] = extract(DATA / "corpus" / "texts" / "fujian-2020.txt")
    >>> found.text.partition("\\n")[0], found.notes
    ('2020年教育信息化和网络安全工作要点', ())
    """
    name = show_name(Path(path).name)
    answer = _READERS.ask(os.fsdecode(os.path.abspath(path)), seconds, memory)
    if "extracts" not in answer:
        raise PolicylabError(f"{name}: {answer['error']}.")
    return [
        Extract(
            found["name"],
            found["text"],
            tuple(Mark(*mark) for mark in found["marks"]),
            found["stated"],
            tuple(found["notes"]),
        )
        for found in answer["extracts"]
    ]


class _Readers:
    """One process that reads files, started when it is needed, kept for the next file, replaced after a failure."""

    def __init__(self):
        self._lock = threading.Lock()
        self._process = None
        self._answers: queue.Queue = queue.Queue()
        self._owner, self._folder, self._n = None, "", 0

    def ask(self, path, seconds, memory):
        with self._lock:
            try:
                fresh = self._start()
                answer = self._ask(path, seconds, memory)
                if "memory" in answer and not fresh:
                    # Perhaps only what files before it left behind was too much.
                    self.stop()
                    self._start()
                    answer = self._ask(path, seconds, memory)
            except BaseException:
                self.stop()
                raise
            if "memory" in answer:
                self.stop()
                return {
                    "error": f"reading it takes more than {memory:,.0f} MB of memory. Divide it, or save it as text"
                }
            return answer

    def _ask(self, path, seconds, memory):
        self._n += 1
        try:
            request = json.dumps({"path": path, "memory": memory})
            self._process.stdin.write(request.encode("ascii") + b"\n")
            self._process.stdin.flush()
            line = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.stop()
            return {
                "error": f"reading it took more than {seconds:g} seconds and was stopped. Divide it, or save it as text"
            }
        except OSError:
            line = b""
        if not line.endswith(b"\n"):
            self.stop()
            return {"error": "the file is damaged so that its reader broke down. Open it, and save it again"}
        return json.loads(line)

    def _start(self):
        """Whether a process had to be started; it runs afterwards."""
        if self._owner != os.getpid():
            # A process that was forked off this one shall not speak to its reader.
            self._process, self._owner = None, os.getpid()
        if self._process and self._process.poll() is None and self._n < _MOST_FILES:
            return False
        self.stop()
        # What a reader that is killed leaves behind is removed with this folder.
        self._folder = tempfile.mkdtemp(prefix="policylab-")
        temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._folder)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", "policylab.intake.worker"],
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **temporary, "PYTHONPATH": os.pathsep.join(_list_modules())},
            start_new_session=os.name == "posix",
        )
        self._answers = queue.Queue()
        threading.Thread(target=_listen, args=(self._process.stdout, self._answers), daemon=True).start()
        self._n = 0
        return True

    def stop(self):
        """End the process and what it started."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.stdin.close()
        if os.name == "posix":
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        else:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def _list_modules():
    """Where the reader finds its modules: as here, but never in the working folder, which may be the one of strangers' files."""
    package, here = str(Path(__file__).resolve().parents[2]), os.getcwd()
    return [package, *(place for place in map(os.path.abspath, filter(None, sys.path)) if place not in (package, here))]


def _listen(stream, answers):
    with stream:
        for line in stream:
            answers.put(line)
        answers.put(b"")


_READERS = _Readers()
atexit.register(_READERS.stop)
