"""What the session runs on, and what its threads do."""

from __future__ import annotations

import sys
import threading
import traceback
from typing import Any


def _jvm() -> Any:
    from pyflink.java_gateway import get_gateway

    return get_gateway().jvm


def text() -> str:
    """Interpreter, JVM, jars, cluster and configuration, one fact a line."""
    import IPython
    import _pyflink_engine as engine

    from _pyflink_session import jars
    from pyflink.version import __version__

    system = _jvm().java.lang.System
    runtime = _jvm().java.lang.Runtime.getRuntime()
    options = engine.options()
    paths = engine.paths()
    free, slots = list(_jvm().io.pyflinkshell.cluster.SessionCluster.slots())
    lines = [
        ("PyFlink API", __version__),
        ("Flink", engine.flink_version),
        ("Python", "%s, %s" % (sys.version.split()[0], sys.executable)),
        ("IPython", "%s, %s" % (IPython.__version__, IPython.__file__)),
        ("sys.path", "\n".join(sys.path)),
        (
            "Java",
            "%s (%s), %s"
            % (
                system.getProperty("java.version"),
                system.getProperty("java.vm.name"),
                system.getProperty("java.home"),
            ),
        ),
        (
            "Java heap",
            "%d of at most %d MiB"
            % (
                (runtime.totalMemory() - runtime.freeMemory()) >> 20,
                runtime.maxMemory() >> 20,
            ),
        ),
        ("engine", paths["engine"]),
        ("Flink's jars", paths["jars"]),
        ("added jars", "\n".join(jars.listed()) or "none"),
        ("cluster", "%d of %d slots free" % (free, slots)),
        ("-D options", "\n".join(options["flink_options"]) or "none"),
    ]
    shown = []
    for name, value in lines:
        for index, part in enumerate(str(value).split("\n")):
            shown.append("%-14s%s" % ("" if index else name, part))
    return "\n".join(shown)


def stacks() -> str:
    """The stacks of every thread of Python and of Java."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    shown = ["== Python"]
    for ident, frame in sys._current_frames().items():
        shown.append("thread %s (%d)" % (names.get(ident, "of Java"), ident))
        shown.append("".join(traceback.format_stack(frame)).rstrip())
    shown.append("== Java")
    for entry in _jvm().java.lang.Thread.getAllStackTraces().entrySet():
        thread = entry.getKey()
        shown.append("thread %s (%s)" % (thread.getName(), thread.getState()))
        shown += ["  at %s" % element for element in entry.getValue()]
    return "\n".join(shown)
