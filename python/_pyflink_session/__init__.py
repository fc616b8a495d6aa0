"""The Python side of a session: cells run in an IPython shell that the engine drives.

The engine calls :func:`start` and :func:`handle`, on Python's main thread except for what a front
end runs beside a cell. Nothing here is imported by programs.
"""

from __future__ import annotations

import json
from typing import Any

_OLDEST_IPYTHON = 8

_session: Any = None


def start(front_end: str, terminal: bool, settings: dict[str, str]) -> None:
    """Begin the session.

    :param front_end: "shell" or "kernel".
    :param terminal: whether output goes to a terminal.
    :param settings: see session_options_t in engine/session/session.h.
    """
    global _session
    _prefer_our_ipython()
    from _pyflink_session.requests import Session

    _session = Session(front_end, bool(terminal), settings)


def _prefer_our_ipython() -> None:
    """The user's own IPython is taken unless it is too old for this package."""
    import sys
    from importlib import metadata

    import _pyflink_engine as engine

    try:
        version = metadata.version("ipython")
    except metadata.PackageNotFoundError:
        return
    if int(version.split(".")[0]) < _OLDEST_IPYTHON:
        sys.path.insert(0, engine.paths()["python_deps"])


def handle(op: str, content: str, buffers: list[bytes]) -> str:
    """Run one request; its reply as JSON. See session_call_new in engine/session/session.h.

    :param op: what to do.
    :param content: a JSON object.
    :param buffers: binary attachments.
    """
    try:
        reply = _session.handle(op, json.loads(content or "{}"), buffers)
        return json.dumps(reply, default=str)
    except BaseException as error:
        kind = type(error).__name__
        shown = {"ename": kind, "evalue": str(error), "traceback": ["%s: %s" % (kind, error)]}
        if op == "execute":  # interrupted before its cell began
            import _pyflink_engine as engine

            engine.session_send("error", json.dumps(shown))
        count = getattr(_session, "execution_count", 0)
        return json.dumps({"status": "error", **shown, "execution_count": count})
