"""Base of the classes that stand for one Java object."""

from __future__ import annotations

from typing import Any

__all__ = ["JavaObjectWrapper"]


class JavaObjectWrapper:
    """Holds a Java object and gives it back.

    :param j_object: the Java object.
    """

    def __init__(self, j_object: Any) -> None:
        self._j_object = j_object

    def get_java_object(self) -> Any:
        """The Java object behind this one."""
        return self._j_object


def show_as_part_of(module_name: str, *classes: type) -> None:
    """Let classes that are written elsewhere print and pickle under a public module's name.

    :param module_name: the public module; it must hold the classes.
    :param classes: the classes.
    """
    for cls in classes:
        cls.__module__ = module_name
