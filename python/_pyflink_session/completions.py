"""Completion of Java packages and classes, which no Python analysis can see."""

from __future__ import annotations

import re
from typing import Any, Optional

_DOTTED = re.compile(r"((?:get_gateway\(\)|[A-Za-z_]\w*)(?:\.[A-Za-z_$]\w*)*)\.([A-Za-z_$]?\w*)$")


def java_names(namespace: dict[str, Any], text: str) -> Optional[tuple[int, list[str]]]:
    """What can follow, as (start of the last name, names), or None when this is not about Java.

    :param namespace: the session's names.
    :param text: the code up to the cursor.
    """
    found = _DOTTED.search(text)
    if found is None or "py4j.java_gateway" not in _loaded():
        return None
    owner = _resolve(namespace, found.group(1).split("."))
    if owner is None:
        return None
    prefix = found.group(2)
    names = [
        name
        for name in dir(owner)
        if name.startswith(prefix) and (prefix or not name.startswith("_"))
    ]
    return found.start(2), sorted(names)


def _loaded() -> Any:
    import sys

    return sys.modules


def _resolve(namespace: dict[str, Any], path: list[str]) -> Any:
    """The package or class that a dotted name means; nothing else is looked at, let alone run."""
    from py4j.java_gateway import JavaClass, JavaGateway, JavaPackage, JVMView

    if path[0] == "get_gateway()":
        from pyflink.java_gateway import get_gateway

        owner = get_gateway() if "get_gateway" in namespace else None
    else:
        owner = namespace.get(path[0])
    for name in path[1:]:
        if not isinstance(owner, (JavaGateway, JVMView, JavaPackage, JavaClass)):
            return None
        owner = getattr(owner, name, None)
    return owner if isinstance(owner, (JVMView, JavaPackage, JavaClass)) else None
