"""Set up this project in .venv and run one of its jobs. Needs Python 3.11 or newer and nothing else.

    python3 run.py figures [NOTEBOOK ...] [--language zh] ...    draw the figures
    python3 run.py test [-k NAME] ...                            run the tests
    python3 run.py lab                                           open the notebooks in JupyterLab
    python3 run.py policylab COMMAND ...                         any other command of the package

On Windows write py instead of python3. The first start downloads the locked packages, which takes some minutes;
later starts need no network. To begin afresh, delete the folder .venv.
"""

# Older Pythons must be able to read this file, or they cannot say that they are too old: nothing newer than 3.6 here.
import hashlib
import os
import platform
import signal
import subprocess
import sys
import sysconfig
import time
from functools import partial
from pathlib import Path

JOBS = {
    "figures": ["policylab", "reproduce"],
    "test": ["pytest"],
    "lab": ["jupyterlab", "notebooks/"],
    "policylab": ["policylab"],
}
WINDOWS = os.name == "nt"
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "policylab-stamp"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
# Started from inside an environment (another project's, or .venv itself), this is the Python it was made with.
BASE = getattr(sys, "_base_executable", None) or sys.executable
BUILD_TOOLS, LOCK, PROJECT = "requirements/build.txt", "requirements/lock.txt", "pyproject.toml"


def main(arguments):
    if sys.version_info < (3, 11):
        found = f"this is Python {platform.python_version()} ({sys.executable}), but 3.11 or newer is needed."
        stop(found, "Install one and name it, for example: python3.12 run.py test (Windows: py -3.12 run.py test).")
    job = arguments[0] if arguments else "--help"
    if job in ("-h", "--help"):
        print(__doc__.strip())
    elif job not in JOBS:
        stop(f"there is no job {job!r}.", f"Choose one of: {', '.join(JOBS)}. More: run.py --help", status=2)
    else:
        try:
            make_ready()
        except KeyboardInterrupt:
            stop("interrupted during the set-up.", "The next start begins it again.", status=130)
        except OSError as error:
            stop(
                f"{error.strerror}: {error.filename}",
                "See to permissions and free space, or delete .venv; start again.",
            )
        start(job, arguments[1:])


def stop(problem, remedy, status=1):
    print(f"run.py: {problem}\n        {remedy}", file=sys.stderr)
    sys.exit(status)


def make_ready():
    wanted = stamp()
    if not is_ready(wanted):
        with only_one_at_a_time():
            if not is_ready(wanted):  # another start may have done the work while this one waited
                set_up(wanted)


def stamp():
    """What .venv is made from. If all but the first line (the interpreter) differs, a repair is enough."""
    content = hashlib.sha256(os.fsencode(str(ROOT)))  # the installed scripts hold the folder's full path
    for name in (BUILD_TOOLS, LOCK, PROJECT):
        if not (ROOT / name).is_file():
            stop(f"{name} is missing in {ROOT}.", "Bring it back (git restore) or unpack the project again.")
        content.update((ROOT / name).read_bytes())
    return f"{sys.implementation.cache_tag} {platform.machine()} {sys.base_prefix}\n{content.hexdigest()}\n"


def found_stamp():
    return STAMP.read_text(encoding="utf-8", errors="replace") if STAMP.is_file() else ""


def is_ready(wanted):
    return found_stamp() == wanted and works(PYTHON, "-c", "")


def only_one_at_a_time():
    """Wait for a lock; closing the file frees it, and so does the end of its holder in whatever way."""
    file = open(str(ROOT / ".venv.lock"), "a")
    if WINDOWS:
        from msvcrt import LK_NBLCK, locking

        lock = partial(locking, file.fileno(), LK_NBLCK, 1)
    else:
        from fcntl import LOCK_EX, LOCK_NB, flock

        lock = partial(flock, file, LOCK_EX | LOCK_NB)
        os.set_inheritable(file.fileno(), True)  # if this process is killed, its pip works on and must hold the lock
    told = False
    while True:
        try:
            lock()
            return file
        except (BlockingIOError, PermissionError):  # what the two systems say of a lock that another holds
            if not told:
                print("run.py: another start is setting up .venv; waiting for it ...", file=sys.stderr)
            told = True
            time.sleep(0.2)


def set_up(wanted):
    same_interpreter = found_stamp().split("\n")[0] == wanted.split("\n")[0]
    STAMP.unlink(missing_ok=True)  # a .venv without it counts as half-made; it is written when all is done
    if not (same_interpreter and works(PYTHON, "-c", "")):
        make_venv()
    pip = [PYTHON, "-m", "pip"]
    if not works(*pip, "--version"):
        pip = [BASE, "-m", "pip", "--python", PYTHON]
        if not works(*pip, "--version"):
            stop(
                f"{BASE} has neither ensurepip nor pip 22.3 or newer, so nothing can be installed into {VENV}.",
                "Install them (Debian, Ubuntu: apt install python3-venv) or start run.py with another Python.",
            )
    # Hashes cover neither this project nor the tools that pip fetches by itself to build a package (jieba comes as
    # source). So the tools come first, from a lock of their own, and pip may fetch none.
    print("run.py: installing the locked packages into .venv (some minutes the first time) ...", file=sys.stderr)
    for what in (["-r", BUILD_TOOLS], ["-r", LOCK], ["--no-deps", "-e", "."]):
        hashed = ["--require-hashes"] if "-r" in what else []
        if run(*pip, "install", "--quiet", "--no-build-isolation", *hashed, *what):
            stop(
                f"pip could not install {what[-1]} into {VENV}; its own words stand above.",
                "If it found no connection or no package, look at the network and at pip's settings; start again.",
            )
    # pip wrote the full path of this folder, and Windows before Python 3.13 misreads it if it is Chinese.
    site_packages = sysconfig.get_path("purelib", "venv", {"base": str(VENV)})
    Path(site_packages, "_policylab.pth").write_text(os.path.relpath(ROOT, site_packages) + "\n", encoding="ascii")
    STAMP.write_text(wanted, encoding="utf-8")


def make_venv():
    print(f"run.py: making .venv with Python {platform.python_version()} ...", file=sys.stderr)
    command = [BASE, "-m", "venv", "--clear", "--prompt", "policylab"]
    # A Debian Python may lack ensurepip and cannot give .venv a pip then; set_up() takes the one outside.
    if not works(*command, VENV) and run(*command, "--without-pip", VENV):
        stop(
            f"{BASE} could not make {VENV}; its own words stand above.",
            "If it has no venv, install it (Debian, Ubuntu: apt install python3-venv); else close what uses .venv, "
            "delete that folder and start again.",
        )


def start(job, arguments):
    command = [str(PYTHON), "-m", *JOBS[job], *arguments]
    os.chdir(str(ROOT))
    if not WINDOWS:  # the job takes this process's place: signals and exit status are its own
        os.execve(command[0], command, environment(job))
    process = subprocess.Popen(command, env=environment(job))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the job too, which may have a question first
    sys.exit(process.wait())


def environment(job=None):
    """The user's environment, without what leads .venv astray, and with what makes equal runs give equal bytes."""
    ours = {
        "VIRTUAL_ENV": str(VENV),
        "PATH": str(PYTHON.parent) + os.pathsep + os.environ.get("PATH", os.defpath),
        "PIP_USER": "0",
        "PIP_REQUIRE_VIRTUALENV": "0",  # a pip outside .venv may have to fill it
        "PIP_USE_PEP517": "1",  # one way to build for older and newer pips
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONUTF8": "1",  # Windows would read files as GBK or cp1252
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": str(VENV / "matplotlib"),  # no user's matplotlibrc, and a font cache of its own
        "JUPYTER_PREFER_ENV_PATH": "1",  # the kernel of .venv, not one of that name in the home folder
        "OMP_NUM_THREADS": "1",  # sums keep one order; joblib spreads the work
        "OPENBLAS_NUM_THREADS": "1",
        "SOURCE_DATE_EPOCH": "1577836800",  # 2020-01-01, for files that insist on a date
    }
    astray = "PYTHONHOME PYTHONPATH PYTHONEXECUTABLE PYTHONOPTIMIZE PIP_TARGET PIP_PREFIX MPLBACKEND".split()
    if job == "lab":
        del ours["MPLBACKEND"]  # figures appear in the notebook
    return {**{name: value for name, value in os.environ.items() if name not in astray}, **ours}


def run(*command, **options):
    # close_fds: the lock goes with the command, see only_one_at_a_time()
    return subprocess.call(
        [str(part) for part in command], cwd=str(ROOT), env=environment(), close_fds=WINDOWS, **options
    )


def works(*command):
    try:
        return run(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:  # there is no such interpreter, or no longer
        return False


if __name__ == "__main__":
    main(sys.argv[1:])
