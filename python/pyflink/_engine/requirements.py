"""Installs the packages of a requirements file, once for each content of the file."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from typing import List, Optional

__all__ = ["install"]

# Folders of requirements that nobody used for this long are removed, in seconds.
_KEEP_SECONDS = 60 * 24 * 3600

_LAST_LINES = 15

# It is here already, and the ordinary one would bring a second JVM.
_FLINK = re.compile(r"\s*apache[-_.]flink(?![-_.\w])", re.IGNORECASE)
_NESTED = re.compile(r"(\s*(?:-r|--requirement|-c|--constraint)[\s=]+)(\S+)(.*)", re.DOTALL)


def install(requirements: str, cache: Optional[str]) -> str:
    """The folder that holds the packages, for sys.path.

    :param requirements: path of a requirements file.
    :param cache: folder with the packages, to install without a network; None uses pip's index.
    :raises OSError: a file cannot be read, or the folder cannot be written.
    :raises RuntimeError: pip failed; ends with the last lines of what it said.
    """
    lines = _read(requirements)
    top = os.path.join(_cache_folder(), "requirements")
    os.makedirs(top, exist_ok=True)
    folder = os.path.join(top, _key(requirements, lines, cache))
    lock = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.isdir(folder):
            _remove_old(top)
            _install_into(folder, requirements, lines, cache)
        os.utime(folder)
    finally:
        os.close(lock)
    return folder


def _cache_folder() -> str:
    cache = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(cache):
        cache = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(cache, "pyflink-shell")


def _read(requirements: str) -> List[str]:
    """The lines for pip: files that they name are absolute, apache-flink itself is left out."""
    folder = os.path.dirname(os.path.abspath(requirements))
    lines = []
    with open(requirements, encoding="utf-8-sig") as file:
        for line in file.read().splitlines():
            nested = _NESTED.fullmatch(line)
            if nested and "://" not in nested.group(2):
                path = os.path.join(folder, nested.group(2))
                line = nested.group(1) + path + nested.group(3)
            if not _FLINK.match(line):
                lines.append(line)
    return lines


def _key(requirements: str, lines: List[str], cache: Optional[str]) -> str:
    """Names everything that the installed packages depend on."""
    key = hashlib.sha256()

    def add(*parts: object) -> None:
        key.update(repr(parts).encode())

    def add_file(path: str) -> None:
        try:
            status = os.stat(path)
            add(path, status.st_size, status.st_mtime_ns)
        except OSError:
            add(path, None)

    add(sys.version_info[:2], sysconfig.get_platform(), lines)
    for line in lines:
        nested = _NESTED.fullmatch(line)
        word = nested.group(2) if nested else line.strip()
        if os.path.exists(os.path.join(os.path.dirname(os.path.abspath(requirements)), word)):
            add_file(os.path.join(os.path.dirname(os.path.abspath(requirements)), word))
    for parent, folders, files in os.walk(cache) if cache else ():
        folders.sort()
        for name in sorted(files):
            add_file(os.path.join(parent, name))
    return key.hexdigest()[:32]


def _remove_old(top: str) -> None:
    """Remove what an interrupted run left and what was not used for long; the lock is held."""
    for entry in os.scandir(top):
        try:
            unused = time.time() - entry.stat().st_mtime > _KEEP_SECONDS
        except OSError:
            continue
        if unused or entry.name.endswith(".new"):
            shutil.rmtree(entry.path, ignore_errors=True)


def _install_into(
    folder: str, requirements: str, lines: List[str], cache: Optional[str]
) -> None:
    new = folder + ".new"
    os.makedirs(new)
    try:
        wanted = os.path.join(new, ".requirements.txt")
        with open(wanted, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input"]
        command += ["--disable-pip-version-check", "--no-warn-script-location"]
        command += ["--ignore-installed", "--target", new, "--requirement", wanted]
        if cache is not None:
            command += ["--no-index", "--find-links", cache]
        # Relative paths in the file count from where it is, wherever the program was started.
        done = subprocess.run(
            command,
            cwd=os.path.dirname(os.path.abspath(requirements)),
            env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            said = done.stdout.replace(wanted, requirements).strip().splitlines()
            raise RuntimeError(
                "python.requirements: %s -m pip cannot install %s%s:\n%s"
                % (
                    sys.executable,
                    requirements,
                    "" if cache is None else " from %s" % cache,
                    "\n".join(said[-_LAST_LINES:]),
                )
            )
        os.rename(new, folder)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
