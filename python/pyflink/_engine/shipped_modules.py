"""Makes the Python files of jobs importable in this process.

A job's files come right after the package of this project on sys.path, so before everything else
but the program's own folder. A single module lies in a folder that holds nothing else, as a link,
so that its neighbours do not become importable; it is still loaded under its real path, which
tracebacks and debuggers show. Files of other jobs go to the end. A file that changed since an
earlier job is loaded again.

The names are also put into PYTHONPATH, for processes that a function starts.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import os
import sys
import zipimport
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple

from pyflink._engine.session_folder import session_folder

__all__ = ["activate", "entries_of", "note_changes"]

# What was on sys.path for a job: entry -> the file or folder whose modules it gives.
_roots: Dict[str, str] = {}
_signatures: Dict[str, Any] = {}
_staged: Dict[str, str] = {}
_changed: Set[str] = set()
_active: Tuple[str, ...] = ()
_in_environment: Tuple[str, ...] = ()


def entries_of(path: str) -> List[str]:
    """The entries of sys.path that make a file importable; empty when it is nothing to import.

    :param path: absolute path of a module, a folder, a package, or a zip, wheel or egg.
    """
    if os.path.isdir(path):
        _roots[path] = path
        # A package folder is given as often as the folder above it.
        package = os.path.isfile(os.path.join(path, "__init__.py"))
        return [path, _stage(path)] if package else [path]
    if path.endswith(tuple(importlib.machinery.all_suffixes())):
        return [_stage(path)]
    import zipfile

    if zipfile.is_zipfile(path):
        _roots[path] = path
        return [path]
    return []


def _stage(path: str) -> str:
    """A folder that holds nothing but a link to `path`."""
    folder = _staged.get(path)
    if folder is None or not os.path.isdir(folder):
        top = os.path.join(session_folder(), "modules")
        os.makedirs(top, exist_ok=True)
        folder = os.path.join(top, str(len(_staged)))
        os.makedirs(folder, exist_ok=True)
        os.symlink(path, os.path.join(folder, os.path.basename(path)))
        _staged[path] = folder
        _roots[folder] = path
        if _real_path_hook not in sys.path_hooks:
            sys.path_hooks.insert(0, _real_path_hook)
    return folder


class _RealPathFinder:
    """Finds what a staged folder links to, under its real path."""

    def __init__(self, folder: str, path: str) -> None:
        details = [
            (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES),
            (importlib.machinery.SourceFileLoader, importlib.machinery.SOURCE_SUFFIXES),
            (importlib.machinery.SourcelessFileLoader, importlib.machinery.BYTECODE_SUFFIXES),
        ]
        self._finder = importlib.machinery.FileFinder(folder, *details)
        self._folder = folder
        self._path = path

    def find_spec(self, name: str, target: Any = None) -> Any:
        found = self._finder.find_spec(name, target)
        if found is None or found.origin is None:
            return found
        link = os.path.join(self._folder, os.path.basename(self._path))
        real = self._path + found.origin[len(link) :]
        folders = found.submodule_search_locations
        return importlib.util.spec_from_file_location(
            name, real, submodule_search_locations=None if folders is None else [self._path]
        )

    def invalidate_caches(self) -> None:
        self._finder.invalidate_caches()


def _real_path_hook(folder: str) -> Any:
    path = _roots.get(folder)
    if path is None or folder != _staged.get(path):
        raise ImportError("not a folder of a shipped module")
    return _RealPathFinder(folder, path)


def _signature(path: str) -> Any:
    """Differs when a file, or a module below a folder, was changed."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    if not os.path.isdir(path):
        return status.st_size, status.st_mtime_ns
    found = []
    for parent, folders, files in os.walk(path):
        folders[:] = [name for name in folders if name != "__pycache__" and name[0] != "."]
        for name in files:
            if name.endswith(".py"):
                status = os.stat(os.path.join(parent, name))
                found.append((parent, name, status.st_size, status.st_mtime_ns))
    return sorted(found)


def note_changes(entries: Sequence[str]) -> None:
    """Look which files were changed since they were last looked at; called once for each job.

    :param entries: what :func:`entries_of` gave.
    """
    for entry in entries:
        path = _roots.get(entry)
        if path is None:
            continue
        now = _signature(path)
        if path in _signatures and now != _signatures[path]:
            _changed.add(entry)
        _signatures[path] = now


def activate(entries: Sequence[str], programs: Sequence[str] = ()) -> None:
    """Put a job's entries in front, and let modules of other jobs not stand in their way.

    :param entries: the entries of sys.path.
    :param programs: folders of programs, for the PATH of processes that a function starts.
    """
    global _active
    wanted = tuple(entries)
    changed = [entry for entry in wanted if entry in _changed]
    if wanted == _active and not changed:
        return
    old = [entry for entry in _active if entry not in wanted]
    shipped = {*wanted, *old}
    rest = [entry for entry in sys.path if entry not in shipped]
    place = _place(rest)
    sys.path[:] = [*rest[:place], *wanted, *rest[place:], *old]
    _active = wanted
    for entry in changed:
        _forget(entry)
        _changed.discard(entry)
    if wanted:
        _drop_modules_in_the_way(wanted, changed)
    importlib.invalidate_caches()
    _set_environment(wanted, programs)


def _place(path: List[str]) -> int:
    """Where shipped files go: behind this project, whose modules nothing may replace."""
    import _pyflink_engine

    ours = _pyflink_engine.paths()["python"]
    for number, entry in enumerate(path):
        if entry == ours:
            return number + 1
    return min(1, len(path))


def _forget(entry: str) -> None:
    """Forget what Python remembers of a zip file that is another one now."""
    sys.path_importer_cache.pop(entry, None)
    getattr(zipimport, "_zip_directory_cache", {}).pop(entry, None)


def _belongs_to(module: Any, root: str) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and (file == root or file.startswith(root + os.sep))


def _drop_modules_in_the_way(wanted: Sequence[str], changed: Sequence[str]) -> None:
    """Drop modules of changed files, and those of other jobs that a wanted file has, too."""
    stale = {_roots.get(entry, entry) for entry in changed}
    others = set(_roots.values()) - {_roots.get(entry, entry) for entry in wanted}
    found: Dict[str, bool] = {}

    def is_wanted(top: str) -> bool:
        if top not in found:
            spec: Optional[Any] = None
            try:
                spec = importlib.machinery.PathFinder.find_spec(top, list(wanted))
            except (ImportError, ValueError):
                pass
            found[top] = spec is not None
        return found[top]

    for name, module in list(sys.modules.items()):
        if name == "__main__" or module is None:
            continue
        top = name.partition(".")[0]
        if any(_belongs_to(module, root) for root in stale) or (
            any(_belongs_to(module, root) for root in others) and is_wanted(top)
        ):
            del sys.modules[name]


def _set_environment(entries: Sequence[str], programs: Sequence[str]) -> None:
    """Give processes that a function starts the same modules and programs."""
    global _in_environment
    for key, values in (("PYTHONPATH", entries), ("PATH", programs)):
        present = os.environ.get(key, "")
        mine = {*_in_environment, *values}
        kept = [part for part in present.split(os.pathsep) if part and part not in mine]
        text = os.pathsep.join([*values, *kept])
        if text:
            os.environ[key] = text
        else:
            os.environ.pop(key, None)
    _in_environment = (*entries, *programs)
