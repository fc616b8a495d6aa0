"""What a job brings along: Python files, archives, requirements, an interpreter.

The options are those of PyFlink (``python.files``, ``python.archives``, ``python.requirements``,
``python.executable``, ``python.pythonpath``). They stay in the job's configuration as they were
given, for a cluster; here functions run in this interpreter, so

- files and requirements go on sys.path (``shipped_modules``);
- archives are unpacked into a folder that is the current folder of the tasks that run the job's
  functions, and of no other thread: the program itself keeps its own;
- another interpreter of the same version gives its packages.

`for_job` runs where the job is submitted, so that what is missing is an error there; `enter` runs
in each task before its functions are loaded.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple

__all__ = ["enter", "for_job", "for_program", "kept_folder"]

_FILES = "python.files"
_ARCHIVES = "python.archives"
_REQUIREMENTS = "python.requirements"
_EXECUTABLE = "python.executable"
_PYTHONPATH = "python.pythonpath"
_KEYS = (_FILES, _ARCHIVES, _REQUIREMENTS, _EXECUTABLE, _PYTHONPATH)

# How a user can have set an option, for errors.
_WAYS = {
    _FILES: "add_python_file() or -pyfs",
    _ARCHIVES: "add_python_archive() or -pyarch",
    _REQUIREMENTS: "set_python_requirements() or -pyreq",
    _EXECUTABLE: "set_python_executable() or -pyexec",
}

# What a job carries besides the options: the same with absolute paths, as JSON.
_RESOLVED = "$internal.pyflink-shell.python-dependencies"

_ASK = (
    "import json, site, sys; print(json.dumps([sys.version_info[:2], sys.prefix, "
    "[p for p in sys.path if p.endswith(('site-packages', 'dist-packages'))]]))"
)


@dataclass(frozen=True)
class _Prepared:
    """Dependencies that can be used: sys.path entries, folders of programs, the tasks' folder."""

    entries: Tuple[str, ...] = ()
    programs: Tuple[str, ...] = ()
    packages: Tuple[str, ...] = ()
    folder: Optional[str] = None


_guard = threading.RLock()
_prepared: Dict[str, _Prepared] = {}
_added_packages: List[str] = []
_entered = False


# -- options to absolute paths --------------------------------------------------------------------


def _missing(key: str, path: str) -> FileNotFoundError:
    return FileNotFoundError("%s: there is no file %r (%s)" % (key, path, _WAYS[key]))


def _resolve(options: Mapping[str, str]) -> Dict[str, Any]:
    """The options with absolute paths.

    :raises FileNotFoundError: a file that is named is not there.
    :raises ValueError: a target folder of an archive is not below the tasks' folder.
    """
    files = [_local(_FILES, path) for path in _split(options.get(_FILES))]
    archives = []
    for text in _split(options.get(_ARCHIVES)):
        path, _, target = text.partition("#")
        archives.append([_local(_ARCHIVES, path), _target(target or os.path.basename(path))])
    requirements = None
    if options.get(_REQUIREMENTS):
        path, _, cache = options[_REQUIREMENTS].partition("#")
        requirements = [
            _local(_REQUIREMENTS, path),
            _local(_REQUIREMENTS, cache) if cache else None,
        ]
    path = options.get(_PYTHONPATH) or ""
    return {
        "files": files,
        "archives": archives,
        "requirements": requirements,
        "executable": options.get(_EXECUTABLE) or None,
        "path": [os.path.abspath(part) for part in path.split(os.pathsep) if part],
    }


def _split(value: Optional[str]) -> List[str]:
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def _local(key: str, path: str) -> str:
    """An absolute path on this machine; a file of another file system is copied here."""
    if path.startswith("file:"):
        from urllib.parse import unquote, urlsplit

        path = unquote(urlsplit(path).path)
    elif "://" in path:
        return _fetch(key, path)
    path = os.path.abspath(path)
    if not os.path.exists(path):
        raise _missing(key, path)
    return path


def _fetch(key: str, uri: str) -> str:
    """Copy a file from one of Flink's file systems into the folder of the session."""
    import hashlib

    from py4j.protocol import Py4JError
    from pyflink._engine.session_folder import session_folder
    from pyflink.java_gateway import get_gateway

    name = hashlib.sha256(uri.encode()).hexdigest()[:16]
    folder = os.path.join(session_folder(), "fetched", name)
    target = os.path.join(folder, uri.rstrip("/").rpartition("/")[2])
    if not os.path.exists(target):
        os.makedirs(folder, exist_ok=True)
        jvm = get_gateway().jvm
        path = jvm.org.apache.flink.core.fs.Path
        try:
            jvm.org.apache.flink.util.FileUtils.copy(path(uri), path(target), False)
        except Py4JError as error:
            text = str(error).splitlines()[0]
            raise FileNotFoundError("%s: %s cannot be read: %s" % (key, uri, text)) from error
    return target


def _target(target: str) -> str:
    parts = [part for part in target.split("/") if part not in ("", ".")]
    if os.path.isabs(target) or ".." in parts or not parts:
        raise ValueError(
            "%s: the target %r of an archive must be a folder below the current one of the "
            "functions, such as 'data'" % (_ARCHIVES, target)
        )
    return os.path.join(*parts)


# -- making them usable ---------------------------------------------------------------------------


def _prepare(key: str, look_again: bool = True) -> _Prepared:
    """Unpack and install what `key`, the JSON of resolved options, asks for; once.

    :param look_again: whether archives that changed are unpacked again; a task of a job that was
        submitted takes what there was then.
    """
    with _guard:
        found = _prepared.get(key)
        if found is not None and not look_again:
            return found
        resolved = json.loads(key)
        folder = _unpack_all(resolved["archives"])
        if found is None or found.folder != folder:
            found = _prepared[key] = _make(resolved, folder)
        return found


def _make(resolved: Mapping[str, Any], folder: Optional[str]) -> _Prepared:
    from pyflink._engine.shipped_modules import entries_of

    entries: List[str] = []
    programs: List[str] = []
    for path in resolved["files"]:
        found = entries_of(path)
        if not found:
            import warnings

            warnings.warn(
                "%s: %s is no module, folder, zip, wheel or egg; nothing can be imported from it "
                "(data comes with add_python_archive())" % (_FILES, path),
                stacklevel=2,
            )
        entries += [entry for entry in found if entry not in entries]
    if resolved["requirements"]:
        from pyflink._engine.requirements import install

        packages = install(*resolved["requirements"])
        entries.append(packages)
        programs.append(os.path.join(packages, "bin"))
    entries += [entry for entry in resolved["path"] if entry not in entries]
    others: Tuple[str, ...] = ()
    if resolved["executable"]:
        others = _packages_of(resolved["executable"], folder)
    return _Prepared(tuple(entries), tuple(programs), others, folder)


def _unpack_all(archives: List[Any]) -> Optional[str]:
    """The folder in which each archive is a folder of its target's name; None without archives.

    An archive is unpacked once in a session for each target, unless it changed meanwhile.
    """
    if not archives:
        return None
    import hashlib

    from pyflink._engine.archives import unpack
    from pyflink._engine.session_folder import session_folder

    places = []
    for path, target in archives:
        status = os.stat(path)
        name = repr((path, target, status.st_size, status.st_mtime_ns))
        places.append((hashlib.sha256(name.encode()).hexdigest()[:16], path, target))
    whole = hashlib.sha256("".join(name for name, _, _ in places).encode()).hexdigest()[:16]
    folder = os.path.join(session_folder(), "work", whole)
    if os.path.isdir(folder):
        return folder
    os.makedirs(folder)
    try:
        for _, path, target in places:
            place = os.path.join(folder, target)
            if os.path.lexists(place):
                raise ValueError("%s: two archives have the target %r" % (_ARCHIVES, target))
            try:
                unpack(path, place)
            except ValueError as error:
                raise ValueError("%s: %s" % (_ARCHIVES, error)) from error
    except BaseException:
        import shutil

        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _packages_of(executable: str, folder: Optional[str]) -> Tuple[str, ...]:
    """The package folders of another interpreter, which must be of this one's version.

    :param executable: a path, also into an unpacked archive, or a name on PATH.
    :param folder: where the archives are unpacked.
    :raises ValueError: it does not run, or is of another version.
    """
    import shutil

    place = os.path.join(folder or "", executable)
    program = place if folder and os.path.exists(place) else shutil.which(executable)
    if program is None:
        raise _missing(_EXECUTABLE, executable)
    program = os.path.abspath(program)
    if program == os.path.abspath(sys.executable):
        return ()
    try:
        done = subprocess.run(
            [program, "-c", _ASK],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        )
        version, prefix, packages = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise ValueError(
            "%s: %s is no Python that runs: %s" % (_EXECUTABLE, executable, error)
        ) from error
    if tuple(version) != sys.version_info[:2]:
        raise ValueError(
            "%s: %s is Python %d.%d, but functions run in this process, which is Python %d.%d "
            "(%s). Give an interpreter of this version, or none"
            % (_EXECUTABLE, executable, *version, *sys.version_info[:2], sys.executable)
        )
    if prefix == sys.prefix:
        return ()
    return tuple(packages)


def _use_packages(packages: Tuple[str, ...]) -> None:
    """Put another interpreter's packages before this one's own; .pth files count as well."""
    import site

    for folder in packages:
        if folder in _added_packages or folder in sys.path:
            continue
        _added_packages.append(folder)
        before = len(sys.path)
        site.addsitedir(folder)
        new = sys.path[before:]
        del sys.path[before:]
        place = next(
            (
                number
                for number, entry in enumerate(sys.path)
                if entry.endswith(("site-packages", "dist-packages"))
            ),
            len(sys.path),
        )
        sys.path[place:place] = new


def _activate(prepared: _Prepared) -> None:
    from pyflink._engine.shipped_modules import activate

    with _guard:
        activate(prepared.entries, prepared.programs)
        _use_packages(prepared.packages)


# -- the three moments -----------------------------------------------------------------------------


def for_program(flink_options: List[str]) -> None:
    """Make what the command line gives importable for the program itself.

    :param flink_options: "key=value" strings; the last of a key counts.
    :raises OSError: a file is missing or cannot be read.
    :raises ValueError: an option has a value that does not fit.
    :raises RuntimeError: the requirements cannot be installed.
    """
    options = {}
    for option in flink_options:
        key, _, value = option.partition("=")
        if key in _KEYS:
            options[key] = value
    if any(options.values()):
        _activate(_prepare(_key(_resolve(options))))


def _key(resolved: Mapping[str, Any]) -> str:
    return json.dumps(resolved)


def for_job(j_environment: Any) -> None:
    """Check and prepare what the jobs of an environment need; called before each submission.

    :param j_environment: the Java environment; its configuration gets what the tasks look for.
    :raises OSError: a file is missing or cannot be read.
    :raises ValueError: an option has a value that does not fit.
    :raises RuntimeError: the requirements cannot be installed.
    """
    configuration = j_environment.getConfiguration()
    options = _options_of(configuration)
    if not options:
        configuration.removeKey(_RESOLVED)
    else:
        from pyflink._engine.shipped_modules import note_changes

        key = _key(_resolve(options))
        prepared = _prepare(key)
        note_changes(prepared.entries)
        configuration.setString(_RESOLVED, key)
    _check_cached_files(j_environment)


def _options_of(configuration: Any) -> Dict[str, str]:
    found = {}
    for key in _KEYS:
        value = configuration.getString(key, None)
        if value:
            found[key] = value
    return found


def _check_cached_files(j_environment: Any) -> None:
    for pair in j_environment.getCachedFiles():
        path = pair.f1.filePath
        if path.startswith("/") and not os.path.exists(path):
            raise FileNotFoundError(
                "register_cached_file: there is no file %r for the name %r" % (path, pair.f0)
            )


def enter(java: Any) -> None:
    """Prepare the calling task for its functions: modules, packages, current folder.

    :param java: Java's StreamingRuntimeContext.
    """
    global _entered
    configuration = java.getJobConfiguration()
    key = configuration.getString(_RESOLVED, None)
    if key is None:
        # A job that was submitted past our API; mostly one without dependencies.
        options = _options_of(configuration)
        if not options:
            if _entered:
                _activate(_Prepared())
            return
        key = _key(_resolve(options))
    _entered = True
    prepared = _prepare(key, look_again=False)
    _activate(prepared)
    if prepared.folder is not None:
        _use_folder(prepared.folder)


# -- the current folder of a task ------------------------------------------------------------------


def _change_thread(folder: str) -> bool:
    """Change the current folder of the calling thread alone; False when the system refuses."""
    import _pyflink_engine

    return _pyflink_engine.thread_chdir(folder)


_change: Callable[[str], bool] = _change_thread
_told = False


def _use_folder(folder: str) -> None:
    global _told
    if _change(folder):
        return
    # As PyFlink's local mode does it; the container's seccomp profile leaves no other way.
    os.chdir(folder)
    if not _told:
        _told = True
        print(
            "pyflink-shell: this system does not let a thread have a current folder of its own: "
            "while a job with archives runs, the program's current folder is %s" % folder,
            file=sys.stderr,
        )


@contextlib.contextmanager
def kept_folder() -> Iterator[None]:
    """Gives the program its current folder back after a job that had to change it."""
    try:
        folder = os.getcwd()
    except OSError:
        folder = None
    try:
        yield
    finally:
        if _told and folder is not None:
            os.chdir(folder)
