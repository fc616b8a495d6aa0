"""Loads the native engine and begins the start of the JVM."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import os
import sys
from types import ModuleType

__all__ = ["engine", "start"]

_NAME = "_pyflink_engine"
_FILE = "libpyflink_engine.so"


def _library() -> str:
    """Where the engine's shared object is.

    :raises ImportError: it is nowhere; names the places.
    """
    chosen = os.environ.get("PYFLINK_SHELL_ENGINE")
    if chosen:
        if os.path.isfile(chosen):
            return os.path.abspath(chosen)
        raise ImportError("PYFLINK_SHELL_ENGINE=%s: there is no such file" % chosen)
    # <top>/python/pyflink/_engine, both in the build tree and where it is installed.
    here = os.path.dirname(os.path.abspath(__file__))
    path = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(here))), _FILE)
    if os.path.isfile(path):
        return path
    raise ImportError(
        "the native engine is not at %s; build it with `make`, or set PYFLINK_SHELL_ENGINE to "
        "the path of %s" % (path, _FILE)
    )


def _check_version(library: str) -> None:
    """ImportError when the engine was built for another Python: loading it might crash."""
    try:
        with open(os.path.join(os.path.dirname(library), "engine.info")) as info:
            built = dict(line.rstrip("\n").split("=", 1) for line in info if "=" in line)
    except OSError:
        return
    running = "%d.%d" % sys.version_info[:2]
    if built.get("python", running) != running:
        raise ImportError(
            "the engine %s was built for Python %s, but this is Python %s (%s); run that Python, "
            "or build again with ./configure PYTHON=%s"
            % (library, built["python"], running, sys.executable, sys.executable)
        )


def engine() -> ModuleType:
    """The extension module ``_pyflink_engine``, loaded when it is not yet.

    :raises ImportError: there is no engine, or it was built for another Python.
    """
    module = sys.modules.get(_NAME)
    if module is not None:
        return module
    if _NAME in sys.builtin_module_names:  # pyflink-shell brings it along
        return importlib.import_module(_NAME)
    library = _library()
    _check_version(library)
    loader = importlib.machinery.ExtensionFileLoader(_NAME, library)
    spec = importlib.util.spec_from_file_location(_NAME, library, loader=loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    sys.modules[_NAME] = module
    return module


def _use_python_deps(folder: str) -> None:
    """The run-time requirements go last on sys.path, so that the program's own ones win."""
    if folder and folder not in sys.path and os.path.isdir(folder):
        sys.path.append(folder)


def _is_worker() -> bool:
    """Whether multiprocessing started this process; most of those never call Java."""
    process = sys.modules.get("multiprocessing.process")
    if process is None:
        return False
    # While it imports the program's main module it does not know its parent yet.
    importing = getattr(process.current_process(), "_inheriting", False)
    return importing or process.parent_process() is not None


def start() -> None:
    """Load the engine and begin to start the JVM in the background; the first call waits for it.

    A worker of multiprocessing only loads the engine: its first call of Java starts the JVM.

    :raises ImportError: there is no engine, or it was built for another Python.
    """
    module = engine()
    if hasattr(module, "paths"):
        _use_python_deps(module.paths()["python_deps"])
    if hasattr(module, "jvm_start") and not _is_worker():
        module.jvm_start()
