"""Set up this project in .venv and run one of its jobs. Needs Python 3.11 or newer and nothing else.

    python3 run.py figures [NOTEBOOK ...] [--language zh] ...    draw the figures
    python3 run.py test [-k NAME] ...                            run the tests
    python3 run.py check                                         run only the checks of the code, a part of the tests
    python3 run.py lab                                           open the notebooks in JupyterLab
    python3 run.py policylab COMMAND ...                         any other command of the package

On Windows write py instead of python3. The first start downloads the locked packages, which takes about a minute
(the first test needs some more); later starts need no network. To begin afresh, delete the folder .venv.
"""

# Older Pythons must be able to read this file, or they cannot say that they are too old: nothing newer than 3.6 here.
import ast
import hashlib
import os
import platform
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from functools import partial
from pathlib import Path

JOBS = {
    "figures": ["policylab", "reproduce"],
    "test": ["pytest"],
    "check": ["pytest", "tests/test_checks.py", "tests/test_docstrings.py"],
    # Catalogs and figures are in reach: the root is the project's, and the notebooks are what it opens with.
    "lab": ["jupyterlab", "--LabApp.default_url=/lab/tree/notebooks"],
    "policylab": ["policylab"],
}
WINDOWS = os.name == "nt"
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "policylab-stamp"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
# Started from inside an environment (another project's, or .venv itself), this is the Python it was made with.
BASE = getattr(sys, "_base_executable", None) or sys.executable
# Each lock holds hashes. Hashes do not cover the tools that an installer fetches to build a package (jieba is published
# as source only), so these tools have a lock of their own, come first, and no others may be fetched.
UV, BUILD_TOOLS, LOCK, TEST_LOCK = (f"requirements/{name}.txt" for name in ("uv", "build", "lock", "test"))
INSTALL = ["install", "--quiet", "--require-hashes", "--no-build-isolation", "-r"]
# pip's settings of where packages come from: uv's variable for each, and what separates its values if it takes several.
UV_VARIABLES = {
    "index-url": ("UV_DEFAULT_INDEX", None),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", None),
    "client-cert": ("SSL_CLIENT_CERT", None),
    "proxy": ("ALL_PROXY", None),
}
ONLY_PIP = ("no-index", "no-binary", "keyring-provider")  # settings that no variable passes on to uv


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
            make_ready([BUILD_TOOLS, LOCK, TEST_LOCK] if job in ("test", "check") else [BUILD_TOOLS, LOCK])
        except KeyboardInterrupt:
            stop("interrupted during the set-up.", "The next start begins it again.", status=130)
        except OSError as error:
            stop(
                f"{error.strerror}: {error.filename}",
                "Check permissions and free space, or delete .venv; start again.",
            )
        start(job, arguments[1:])


def say(what):
    print(f"run.py: {what}", file=sys.stderr)


def stop(problem, remedy, status=1):
    say(f"{problem}\n        {remedy}")
    sys.exit(status)


def make_ready(locks):
    wanted = stamp(locks)
    if not is_ready(wanted):
        with only_one_at_a_time():
            if not is_ready(wanted):  # another start may have done the work while this one waited
                set_up(locks, wanted)


def stamp(locks):
    """What .venv is made from, a line each: the interpreter, then the locks. If only those differ, a repair is enough."""
    lines = [f"{sys.implementation.cache_tag} {platform.machine()} {sys.base_prefix}"]
    for name in locks:
        if not (ROOT / name).is_file():
            stop(f"{name} is missing in {ROOT}.", "Bring it back (git restore) or unpack the project again.")
        lines.append(hashlib.sha256((ROOT / name).read_bytes()).hexdigest())
    return lines


def found_stamp():
    return STAMP.read_text(encoding="utf-8", errors="replace").splitlines() if STAMP.is_file() else []


def is_ready(wanted):
    # What is there may have the packages of the tests too; they are in nobody's way.
    return found_stamp()[: len(wanted)] == wanted and works(PYTHON, "-c", "")


def only_one_at_a_time():
    """Wait for a lock; closing the file frees it, and so does the end of its holder in whatever way."""
    file = open(str(ROOT / ".venv.lock"), "a")
    if WINDOWS:
        from msvcrt import LK_NBLCK, locking

        lock = partial(locking, file.fileno(), LK_NBLCK, 1)
    else:
        from fcntl import LOCK_EX, LOCK_NB, flock

        lock = partial(flock, file, LOCK_EX | LOCK_NB)
        os.set_inheritable(
            file.fileno(), True
        )  # if this process is killed, its installer works on and must hold the lock
    waiting = False
    while True:
        try:
            lock()
            return file
        except (BlockingIOError, PermissionError):  # what the two systems say of a lock that another holds
            if not waiting:
                say("another start is setting up .venv; waiting for it ...")
            waiting = True
            time.sleep(0.2)


def set_up(locks, wanted):
    same_interpreter = found_stamp()[:1] == wanted[:1]
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
    say("installing the locked packages into .venv (the first time about 200 MB to download) ...")
    if not uv_installs(pip, locks):
        say("uv cannot be used here; installing with pip, which takes some minutes ...")
        for lock in locks:
            if run(*pip, *INSTALL, lock):
                stop(
                    f"pip could not install {lock} into {VENV}; see its messages above.",
                    "If it found no connection or no package, check the network and pip's settings; start again.",
                )
    # The package is found, not installed, and by a relative path: the folder may be moved, and Windows before Python 3.13
    # misreads a Chinese path here.
    site_packages = sysconfig.get_path("purelib", "venv", {"base": str(VENV)})
    Path(site_packages, "_policylab.pth").write_text(os.path.relpath(ROOT, site_packages) + "\n", encoding="ascii")
    write_command()
    STAMP.write_text("".join(line + "\n" for line in wanted), encoding="utf-8")


def write_command():
    """The command policylab for those who activate .venv; it names its Python by place, so the folder may be moved."""
    if WINDOWS:
        PYTHON.with_name("policylab.cmd").write_text('@"%~dp0python.exe" -m policylab %*\n', encoding="ascii")
    else:
        command = PYTHON.with_name("policylab")
        command.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -m policylab "$@"\n', encoding="ascii")
        command.chmod(0o755)


def uv_installs(pip, locks):
    """Install with uv, which is many times as fast as pip. It is fetched for this alone, because it takes 40 MB."""
    settings = uv_settings(pip)
    if settings is None:
        return False
    with tempfile.TemporaryDirectory(dir=str(VENV), ignore_cleanup_errors=True) as folder:
        uv = Path(folder, "bin", "uv")
        fetched = works(*pip, *INSTALL, UV, "--only-binary", ":all:", "--target", folder)
        if not (fetched and works(uv, "--version")):  # no uv for this machine, or no connection, which pip will report
            return False
        install = partial(run, uv, "pip", *INSTALL, settings=settings)
        return not any(install(lock, "--python", PYTHON) for lock in locks)


def uv_settings(pip):
    """The variables that send uv where pip's settings send pip, or None if a setting has no variable."""
    command = [str(part) for part in [*pip, "config", "list"]]
    listed = subprocess.run(command, env=environment(), stdout=subprocess.PIPE).stdout.decode("utf-8", "replace")
    found = {}
    for section in ("global.", "install.", ":env:."):  # a later one overrides an earlier one, as in pip
        for line in listed.splitlines():  # for example: global.timeout='60'
            if line.startswith(section):
                name, value = line[len(section) :].split("=", 1)
                found[name] = ast.literal_eval(value)
    if any(name in found for name in ONLY_PIP):
        return None
    # pip searches all indexes, uv only the first that has the package. Searching all is safe here: files have hashes.
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for name, (variable, separator) in UV_VARIABLES.items():
        if name in found:
            settings[variable] = separator.join(found[name].split()) if separator else found[name]
    return settings


def make_venv():
    say(f"making .venv with Python {platform.python_version()} ...")
    command = [BASE, "-m", "venv", "--clear", "--prompt", "policylab"]
    # A Debian Python may lack ensurepip and cannot give .venv a pip then; set_up() takes the one outside.
    if not works(*command, VENV) and run(*command, "--without-pip", VENV):
        stop(
            f"{BASE} could not make {VENV}; see its messages above.",
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
    astray.append("PYTHONDONTWRITEBYTECODE")  # uv leaves compiling to the first import; later ones need its result
    if job == "lab":
        del ours["MPLBACKEND"]  # figures appear in the notebook
    return {**{name: value for name, value in os.environ.items() if name not in astray}, **ours}


def run(*command, settings=None, **options):
    command = [str(part) for part in command]
    variables = {
        **(settings or {}),
        **environment(),
    }  # what the user has set for uv comes before pip's settings
    # close_fds: the lock goes with the command, see only_one_at_a_time()
    return subprocess.call(command, cwd=str(ROOT), env=variables, close_fds=WINDOWS, **options)


def works(*command):
    try:
        return run(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:  # there is no such interpreter, or no longer
        return False


if __name__ == "__main__":
    main(sys.argv[1:])
