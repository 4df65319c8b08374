"""Locks between processes that the system frees when their holder dies, in whatever way."""

import os
import time
from contextlib import contextmanager, suppress

if os.name == "nt":
    import msvcrt
else:
    import fcntl


@contextmanager
def locked(path):
    """Hold the lock file `path`, after waiting for whoever holds it; it is deleted at the end."""
    # Windows also says "permission denied" while another process is just deleting the file.
    refusals = 50 if os.name == "nt" else 0
    held = None
    while held is None:
        try:
            held = try_lock(path)
        except PermissionError:
            if refusals == 0:
                raise
            refusals -= 1
        if held is None:
            time.sleep(0.02)
    try:
        yield
    finally:
        unlock(held, path)


def try_lock(path):
    """An open file that holds the lock `path`, for unlock; None if another process or thread holds it."""
    file = open(path, "ab")
    try:
        _lock(file)
        # The former holder may have deleted the file between the two calls: then this is a lock on nothing.
        if os.name == "nt" or os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
            return file
    except (BlockingIOError, PermissionError, FileNotFoundError):
        pass
    except BaseException:
        file.close()
        raise
    file.close()
    return None


def unlock(file, path):
    """Free a lock that try_lock gave."""
    if os.name == "nt":
        file.close()
        with suppress(OSError):  # another process has it already
            path.unlink()
    else:
        path.unlink(missing_ok=True)  # before it is freed, or it could be the next holder's
        file.close()


def _lock(file):
    if os.name == "nt":
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
