"""The folder for files that live as long as this process: unpacked archives and the like.

It is made at first use, below the system's folder for temporary files (TMPDIR), and removed after
the jobs have ended. A process that is killed leaves its folder behind; the next one that needs a
folder of its own removes it: a lock tells which ones have an owner.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import threading
from typing import Optional

__all__ = ["session_folder"]

_PREFIX = "pyflink-shell-"
_LOCK = "lock"

_guard = threading.Lock()
_folder: Optional[str] = None
_owner: Optional[int] = None
_lock_file: Optional[int] = None


def session_folder() -> str:
    """The folder of this process, made when it is not there yet.

    :raises OSError: it cannot be made.
    """
    global _folder, _owner, _lock_file
    with _guard:
        if _folder is not None and _owner == os.getpid():
            return _folder
        top = os.path.realpath(tempfile.gettempdir())
        _remove_left_behind(top)
        folder = tempfile.mkdtemp(prefix="%s%d-" % (_PREFIX, os.getpid()), dir=top)
        _lock_file = os.open(os.path.join(folder, _LOCK), os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(_lock_file, fcntl.LOCK_EX)
        _folder, _owner = folder, os.getpid()
        import _pyflink_engine

        _pyflink_engine.at_end.append(_remove)
        return folder


def _remove() -> None:
    global _folder
    with _guard:
        if _folder is not None and _owner == os.getpid():
            shutil.rmtree(_folder, ignore_errors=True)
            _folder = None


def _remove_left_behind(top: str) -> None:
    """Remove the folders of processes that could not do it themselves."""
    try:
        entries = list(os.scandir(top))
    except OSError:
        return
    for entry in entries:
        number = entry.name[len(_PREFIX) :].partition("-")[0]
        if not entry.name.startswith(_PREFIX) or not number.isdigit():
            continue
        try:
            if entry.stat(follow_symlinks=False).st_uid == os.getuid() and _has_no_owner(
                entry.path, int(number)
            ):
                shutil.rmtree(entry.path, ignore_errors=True)
        except OSError:
            continue


def _has_no_owner(folder: str, number: int) -> bool:
    # The number alone says nothing when containers share a folder; the lock alone says nothing
    # in the moment between the making of the folder and the taking of the lock.
    try:
        os.kill(number, 0)
        return False
    except ProcessLookupError:
        pass
    except OSError:
        return False
    try:
        lock = os.open(os.path.join(folder, _LOCK), os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False
    finally:
        os.close(lock)
