"""Python behaviour of Java arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from _pyflink_engine import (
    JavaObject,
    java_array_get,
    java_array_length,
    java_array_list,
    java_array_set,
    java_mixin,
    java_new_array,
    java_type,
)

__all__ = ["JavaArray", "guarded_repr"]


class JavaArray(JavaObject):
    """A Java array as a Python sequence of fixed length; slices are new arrays."""

    __slots__ = ()

    def __len__(self) -> int:
        return java_array_length(self)

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, slice):
            return java_array_get(self, key)
        values = java_array_list(self, 0, java_array_length(self))[key]
        element = java_type(self.getClass().getComponentType())
        result = java_new_array(element, (len(values),))
        result[:] = values
        return result

    def __setitem__(self, key: Any, value: Any) -> None:
        if not isinstance(key, slice):
            java_array_set(self, key, value)
            return
        places = range(*key.indices(java_array_length(self)))
        values = list(value)
        if len(values) != len(places):
            raise ValueError(f"an array keeps its length: {len(places)} elements cannot be "
                             f"replaced by {len(values)}")
        for i, item in zip(places, values):
            java_array_set(self, i, item)

    def __iter__(self) -> Iterator:
        return iter(java_array_list(self, 0, java_array_length(self)))

    def __contains__(self, value: object) -> bool:
        return value in java_array_list(self, 0, java_array_length(self))

    def __reversed__(self) -> Iterator:
        return reversed(java_array_list(self, 0, java_array_length(self)))

    def __repr__(self) -> str:
        return guarded_repr(self, lambda: f"<{type(self).__qualname__}: "
                                      f"{java_array_list(self, 0, java_array_length(self))!r}>")

    def index(self, value: Any) -> int:
        """First index of a value; ValueError when it is not there."""
        return java_array_list(self, 0, java_array_length(self)).index(value)

    def count(self, value: Any) -> int:
        """How many elements are equal to the value."""
        return java_array_list(self, 0, java_array_length(self)).count(value)


def guarded_repr(self: Any, text: Callable[[], str]) -> str:
    """What text() returns; Java's toString() for a collection that holds itself."""
    try:
        return text()
    except RecursionError:
        return JavaObject.__repr__(self)


Sequence.register(JavaArray)
java_mixin("[]", JavaArray)
