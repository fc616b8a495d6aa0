"""Names of py4j.compat that programs still import; Python 3 only."""

from __future__ import annotations

import inspect  # noqa: F401
import queue
import sys
from collections.abc import Iterable
from queue import Empty, Queue  # noqa: F401
from threading import Thread  # noqa: F401
from typing import Any

version_info = sys.version_info
basestring = str
unicode = str
long = int
unichr = chr
range = range
next = next
bytearray2 = bytearray
bytestr = bytes
CompatThread = Thread
__all__ = ["Empty", "Queue", "Thread", "basestring", "hasattr2", "items", "iteritems", "long",
           "next", "queue", "range", "unichr", "unicode", "version_info"]


def items(d: dict) -> list:
    """The items of a dict as a list."""
    return list(d.items())


def iteritems(d: dict) -> Iterable:
    """The items of a dict."""
    return d.items()


def hasattr2(obj: Any, attr: str) -> bool:
    """hasattr()."""
    return hasattr(obj, attr)


def isbytestr(s: Any) -> bool:
    """True for bytes."""
    return isinstance(s, bytes)


def isbytearray(s: Any) -> bool:
    """True for a bytearray."""
    return isinstance(s, bytearray)
