"""Programs that run in the session's namespace: -i -f, and what standard input gives."""

from __future__ import annotations

import builtins
import os
import sys
from typing import Any


#: Parts of the paths of files whose frames are not the user's.
OURS = (os.sep + "IPython" + os.sep, os.sep + "_pyflink_session" + os.sep, "<frozen runpy>")


def run(shell: Any, kind: str, target: str, args: list[str]) -> dict[str, Any]:
    """Run a program as python3 would, except that its names stay in the session.

    :param shell: the session's shell.
    :param kind: "script" (a path), "module", "command" (code), or "input" (the code itself; magics
        and top-level await work).
    :param target: the path, name or code.
    :param args: sys.argv.
    :return: status, exit_code (0, 1, or what it gave to sys.exit), exit (it called that).
    """
    sys.argv[:] = args
    try:
        if kind == "input":
            return _run_cell(shell, target)
        if kind == "script":
            _run_script(shell, target)
        elif kind == "module":
            _run_module(shell, target)
        else:
            _run_code(shell, target, "<string>")
    except SystemExit as error:
        return {"status": "ok", "exit": True, "exit_code": exit_code(error)}
    except BaseException as error:
        show(_without_our_frames(error))
        return {"status": "error", "exit": False, "exit_code": 1}
    return {"status": "ok", "exit": False, "exit_code": 0}


def exit_code(error: SystemExit) -> int:
    """The exit code that a SystemExit stands for; a text goes to standard error."""
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code & 0xFF
    print(error.code, file=sys.stderr)
    return 1


def show(error: BaseException) -> None:
    """Show an error as python3 does."""
    import _pyflink_host

    hook = sys.excepthook if sys.excepthook is not sys.__excepthook__ else _pyflink_host._excepthook
    hook(type(error), error, error.__traceback__)


def _run_cell(shell: Any, text: str) -> dict[str, Any]:
    interactivity = shell.ast_node_interactivity
    shell.ast_node_interactivity, shell.errors_shown = "none", False
    try:
        result = shell.run_cell(text, store_history=False, silent=False)
    finally:
        shell.ast_node_interactivity, shell.errors_shown = interactivity, True
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        return {"status": "ok", "exit": False, "exit_code": 0}
    if isinstance(error, SystemExit):
        return {"status": "ok", "exit": True, "exit_code": exit_code(error)}
    show(_without_our_frames(error))
    code = 130 if isinstance(error, KeyboardInterrupt) else 1
    return {"status": "error", "exit": False, "exit_code": code}


def _without_our_frames(error: BaseException) -> BaseException:
    trace = error.__traceback__
    while trace is not None and any(part in trace.tb_frame.f_code.co_filename for part in OURS):
        trace = trace.tb_next
    return error.with_traceback(trace)


def _run_code(shell: Any, text: Any, filename: str) -> None:
    code = compile(text, filename, "exec")
    exec(code, shell.user_ns)


def _run_script(shell: Any, path: str) -> None:
    import importlib.util

    sys.path[0] = os.path.dirname(os.path.abspath(path))
    if os.path.isdir(path) or path.endswith(".zip"):
        import runpy

        sys.path[0] = path
        shell.user_ns.update(runpy.run_path(path, run_name="__main__"))
        return
    try:
        with open(path, "rb") as file:
            text = importlib.util.decode_source(file.read())
    except OSError as error:
        reason = "[Errno %s] %s" % (error.errno, error.strerror)
        print("pyflink-shell: can't open file %r: %s" % (path, reason), file=sys.stderr)
        raise SystemExit(2) from None
    shell.user_ns["__file__"] = path
    _run_code(shell, text, path)


def _run_module(shell: Any, name: str) -> None:
    import runpy

    names = runpy.run_module(name, run_name="__main__", alter_sys=True)
    for key, value in names.items():
        if not (key.startswith("__") and hasattr(builtins, key)):
            shell.user_ns.setdefault(key, value)
