"""What a session begins with: the names that PyFlink's shell binds, and the start file."""

from __future__ import annotations

import os
import sys
from typing import Any

# As PyFlink's own shell imports them; what is not there is left out.
_PACKAGES = (
    "pyflink.common",
    "pyflink.datastream",
    "pyflink.table",
    "pyflink.table.catalog",
    "pyflink.table.descriptors",
    "pyflink.table.window",
    "pyflink.metrics",
)


def bind(shell: Any) -> None:
    """Import the API and bind `env` and `s_env`, both the same environment."""
    import importlib
    import platform

    names: dict[str, Any] = {"sys": sys, "platform": platform}
    for package in _PACKAGES:
        try:
            module = importlib.import_module(package)
        except ModuleNotFoundError:
            continue
        exported = getattr(module, "__all__", None)
        if exported is None:
            exported = [name for name in vars(module) if not name.startswith("_")]
        names.update((name, getattr(module, name)) for name in exported)
    try:
        names["s_env"] = names["env"] = names[
            "StreamExecutionEnvironment"
        ].get_execution_environment()
        if "StreamTableEnvironment" in names:
            names["st_env"] = names["StreamTableEnvironment"].create(names["s_env"])
    except Exception as error:
        print("pyflink-shell: there is no env: %s" % error, file=sys.stderr)
    shell.push(names, interactive=False)


def run_start_file(shell: Any, settings: dict[str, str]) -> None:
    """Run PYFLINK_SHELL_STARTUP, or else PYTHONSTARTUP, in the session's namespace."""
    if not settings.get("interactive"):
        return
    path = os.environ.get("PYFLINK_SHELL_STARTUP") or os.environ.get("PYTHONSTARTUP")
    if not path:
        return
    path = os.path.expanduser(path)
    if not os.path.isfile(path):
        print("pyflink-shell: there is no start file %s" % path, file=sys.stderr)
        return
    from _pyflink_session import programs

    argv, first = list(sys.argv), sys.path[0]
    programs.run(shell, "script", path, list(argv))
    sys.path[0] = first
    shell.user_ns.pop("__file__", None)
