"""Nothing to do: references to Java objects are released by Python's garbage collector."""

from __future__ import annotations

from typing import Any

__all__ = ["Finalizer", "ThreadSafeFinalizer", "clear_finalizers"]


class ThreadSafeFinalizer:
    """Keeps nothing."""

    @classmethod
    def add_finalizer(cls, id: Any, weak_ref: Any) -> None:
        """Accepted and not needed."""

    @classmethod
    def remove_finalizer(cls, id: Any) -> None:
        """Accepted and not needed."""

    @classmethod
    def clear_finalizers(cls, clear_all: bool = False) -> None:
        """Accepted and not needed."""


Finalizer = ThreadSafeFinalizer


def clear_finalizers(clear_all: bool = False) -> None:
    """Accepted and not needed."""
