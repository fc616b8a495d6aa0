"""Python behaviour of Java collections, iterators and arrays.

The classes here are bases of the types of all Java classes that implement the interface named in
java_mixin(). Where they define a name, it wins over Java's method of that name, as in py4j:
``remove`` of a list removes by value. Attributes made by java_method() are Java methods without
Python code around them.
"""

from __future__ import annotations

from collections.abc import (
    ItemsView,
    Iterator,
    KeysView,
    MutableMapping,
    MutableSequence,
    MutableSet,
    Sequence,
    ValuesView,
)
from typing import Any

from _pyflink_engine import (
    JavaObject,
    java_class,
    java_method,
    java_mixin,
    java_value,
)

from py4j._java_array import JavaArray, guarded_repr

__all__ = ["JavaArray", "JavaCollection", "JavaIterator", "JavaIterable", "JavaList", "JavaMap",
           "JavaSet", "ListConverter", "MapConverter", "SetConverter"]

_MISSING = object()
_size = java_method("java.util.Collection", "size")
_list_get = java_method("java.util.List", "get")
_list_set = java_method("java.util.List", "set")
_list_add = java_method("java.util.List", "add")
_list_remove = java_method("java.util.List", "remove")
_list_index = java_method("java.util.List", "indexOf")
_list_sort = java_method("java.util.List", "sort")
_list_add_all = java_method("java.util.List", "addAll")
_list_sub = java_method("java.util.List", "subList")
_collection_remove = java_method("java.util.Collection", "remove")
_collection_add = java_method("java.util.Collection", "add")
_collection_contains = java_method("java.util.Collection", "contains")
_map_get = java_method("java.util.Map", "get")
_map_put = java_method("java.util.Map", "put")
_map_remove = java_method("java.util.Map", "remove")
_map_has = java_method("java.util.Map", "containsKey")
_map_keys = java_method("java.util.Map", "keySet")
_has_next = java_method("java.util.Iterator", "hasNext")
_next = java_method("java.util.Iterator", "next")


class JavaIterator(JavaObject):
    """A java.util.Iterator."""

    __slots__ = ()

    def __iter__(self) -> JavaIterator:
        return self

    def __next__(self) -> Any:
        if not _has_next(self):
            raise StopIteration
        return _next(self)

    def next(self) -> Any:
        """The next element; StopIteration when there is none."""
        return self.__next__()


class JavaIterable(JavaObject):
    """A java.lang.Iterable."""

    __slots__ = ()
    __iter__ = java_method("java.lang.Iterable", "iterator")


class JavaCollection(JavaIterable):
    """A java.util.Collection: len(), in, iteration."""

    __slots__ = ()
    __len__ = _size

    def __contains__(self, value: object) -> bool:
        try:
            return _collection_contains(self, value)
        except TypeError:  # a Python object that Java cannot hold
            return False

    def __bool__(self) -> bool:
        return _size(self) > 0


class JavaList(JavaCollection):
    """A java.util.List as a Python sequence; slices are new lists."""

    __slots__ = ()

    def _index(self, key: Any) -> int:
        index = key.__index__()
        size = _size(self)
        if index < 0:
            index += size
        if not 0 <= index < size:
            raise IndexError("list index out of range")
        return index

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            result = java_class("java.util.ArrayList")()
            for i in range(*key.indices(_size(self))):
                _list_add(result, _list_get(self, i))
            return result
        return _list_get(self, self._index(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        if not isinstance(key, slice):
            _list_set(self, self._index(key), value)
            return
        start, stop, step = key.indices(_size(self))
        values = list(value)
        if step == 1:
            part = _list_sub(self, start, max(start, stop))
            part.clear()
            _list_add_all(self, start, values)
            return
        places = range(start, stop, step)
        if len(places) != len(values):
            raise ValueError(
                f"attempt to assign sequence of size {len(values)} to extended slice of size "
                f"{len(places)}")
        for i, item in zip(places, values):
            _list_set(self, i, item)

    def __delitem__(self, key: Any) -> None:
        if isinstance(key, slice):
            for i in sorted(range(*key.indices(_size(self))), reverse=True):
                _remove_at(self, i)
        else:
            _remove_at(self, self._index(key))

    def __reversed__(self) -> Iterator:
        for i in range(_size(self) - 1, -1, -1):
            yield _list_get(self, i)

    def __add__(self, other: Any) -> JavaList:
        result = self[:]
        _extend(result, other)
        return result

    def __radd__(self, other: Any) -> JavaList:
        result = java_class("java.util.ArrayList")(list(other))
        _extend(result, self)
        return result

    def __iadd__(self, other: Any) -> JavaList:
        _extend(self, other)
        return self

    def __mul__(self, times: int) -> JavaList:
        result = java_class("java.util.ArrayList")()
        for _ in range(times):
            _list_add_all(result, self)
        return result

    __rmul__ = __mul__

    def __imul__(self, times: int) -> JavaList:
        once = self[:]
        if times < 1:
            del self[:]
        for _ in range(times - 1):
            _list_add_all(self, once)
        return self

    def append(self, value: Any) -> None:
        """Adds a value at the end."""
        _list_add(self, value)

    def extend(self, values: Any) -> None:
        """Adds all values at the end."""
        _extend(self, values)

    def insert(self, index: int, value: Any) -> None:
        """Inserts a value before the index."""
        size = _size(self)
        index = index.__index__()
        index = max(0, index + size) if index < 0 else min(index, size)
        _list_add(self, index, value)

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        """First index of a value; ValueError when it is not there."""
        if start == 0 and stop is None:
            found = _list_index(self, value)
            if found >= 0:
                return found
        else:
            for i in range(*slice(start, stop).indices(_size(self))):
                if _list_get(self, i) == value:
                    return i
        raise ValueError(f"{value!r} is not in the list")

    def count(self, value: Any) -> int:
        """How many elements are equal to the value."""
        value = java_value(value)
        return sum(1 for item in self if item == value)

    def pop(self, index: int = -1) -> Any:
        """Removes the element at the index and returns it."""
        if _size(self) == 0:
            raise IndexError("pop from empty list")
        i = self._index(index)
        item = _list_get(self, i)
        _remove_at(self, i)
        return item

    def remove(self, value: Any) -> None:
        """Removes the first element that equals the value; ValueError when there is none."""
        _remove_at(self, self.index(value))

    def reverse(self) -> None:
        """Reverses the order in place."""
        java_class("java.util.Collections").reverse(self)

    def sort(self, key: Any = None, reverse: bool = False) -> None:
        """Sorts in place.

        :param key: None for the natural order, a Java Comparator, or a Python function of one
            element
        :param reverse: descending
        """
        if key is None and not reverse:
            _list_sort(self, None)
        elif isinstance(key, JavaObject):
            _list_sort(self, key.reversed() if reverse else key)
        else:
            self[:] = sorted(self, key=key, reverse=reverse)

    def __repr__(self) -> str:
        return guarded_repr(self, lambda: "[" + ", ".join(map(repr, self)) + "]")

    def __str__(self) -> str:
        return self.__repr__()


class JavaSet(JavaCollection):
    """A java.util.Set as a Python set."""

    __slots__ = ()
    add = _collection_add

    def discard(self, value: Any) -> None:
        """Removes a value if it is there."""
        _collection_remove(self, value)

    def remove(self, value: Any) -> None:
        """Removes a value; KeyError when it is not there."""
        if not _collection_remove(self, value):
            raise KeyError(value)

    def pop(self) -> Any:
        """Removes any element and returns it; KeyError when the set is empty."""
        for item in self:
            _collection_remove(self, item)
            return item
        raise KeyError("pop from an empty set")

    def isdisjoint(self, other: Any) -> bool:
        """True when no element is in both."""
        return not any(item in self for item in other)

    def __le__(self, other: Any) -> bool:
        return len(self) <= len(other) and all(item in other for item in self)

    def __lt__(self, other: Any) -> bool:
        return len(self) < len(other) and self <= other

    def __ge__(self, other: Any) -> bool:
        return len(self) >= len(other) and all(item in self for item in other)

    def __gt__(self, other: Any) -> bool:
        return len(self) > len(other) and self >= other

    def __and__(self, other: Any) -> set:
        return {item for item in self if item in other}

    __rand__ = __and__

    def __or__(self, other: Any) -> set:
        return {*self, *other}

    __ror__ = __or__

    def __sub__(self, other: Any) -> set:
        return {item for item in self if item not in other}

    def __rsub__(self, other: Any) -> set:
        return {item for item in other if item not in self}

    def __xor__(self, other: Any) -> set:
        return (self - other) | {item for item in other if item not in self}

    __rxor__ = __xor__

    def __repr__(self) -> str:
        return guarded_repr(self, lambda: "{" + ", ".join(map(repr, self)) + "}" if len(self)
                        else "set()")

    def __str__(self) -> str:
        return self.__repr__()


class JavaMap(JavaObject):
    """A java.util.Map as a Python mapping; as in py4j, a missing key reads as None."""

    __slots__ = ()
    __len__ = java_method("java.util.Map", "size")
    __setitem__ = _map_put

    def __getitem__(self, key: Any) -> Any:
        return _map_get(self, key)

    def __contains__(self, key: object) -> bool:
        try:
            return _map_has(self, key)
        except TypeError:  # a Python object that Java cannot hold
            return False

    def __iter__(self) -> Iterator:
        return iter(_map_keys(self))

    def __delitem__(self, key: Any) -> None:
        if not _map_has(self, key):
            raise KeyError(key)
        _map_remove(self, key)

    def keys(self) -> KeysView:
        """The keys as a Python view."""
        return KeysView(self)

    def values(self) -> ValuesView:
        """The values as a Python view."""
        return ValuesView(self)

    def items(self) -> ItemsView:
        """Pairs of key and value as a Python view."""
        return ItemsView(self)

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of a key, or the default."""
        value = _map_get(self, key)
        return default if value is None and not _map_has(self, key) else value

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """The value of a key; it is set to the default when the key is missing."""
        if not _map_has(self, key):
            _map_put(self, key, default)
        return _map_get(self, key)

    def pop(self, key: Any, default: Any = _MISSING) -> Any:
        """Removes a key and returns its value, or the default; KeyError when there is none."""
        if not _map_has(self, key):
            if default is _MISSING:
                raise KeyError(key)
            return default
        return _map_remove(self, key)

    def popitem(self) -> tuple:
        """Removes any key and returns it with its value; KeyError when the map is empty."""
        for key in self:
            return key, _map_remove(self, key)
        raise KeyError("the map is empty")

    def update(self, other: Any = (), **more: Any) -> None:
        """Puts all entries of a mapping or of pairs, and the keyword arguments."""
        if hasattr(other, "keys"):
            other = [(key, other[key]) for key in other.keys()]
        for key, value in other:
            _map_put(self, key, value)
        for name, value in more.items():
            _map_put(self, name, value)

    def __repr__(self) -> str:
        return guarded_repr(self, lambda: "{" + ", ".join(
            f"{key!r}: {value!r}" for key, value in self.items()) + "}")

    def __str__(self) -> str:
        return self.__repr__()


class _Converter:
    # The engine converts arguments itself; these exist for programs that convert by hand.
    _types: tuple = ()

    def can_convert(self, object: Any) -> bool:
        """True for what convert() takes."""
        return isinstance(object, self._types) and not isinstance(object, JavaObject)

    def convert(self, object: Any, gateway_client: Any = None) -> Any:
        """A new Java collection with the same elements; gateway_client is not used."""
        return java_value(self._plain(object))

    def _plain(self, object: Any) -> Any:
        raise NotImplementedError


class ListConverter(_Converter):
    """Python sequences to java.util.ArrayList."""

    _types = (list, tuple, Sequence, range)

    def _plain(self, object: Any) -> list:
        return list(object)


class SetConverter(_Converter):
    """Python sets to java.util.HashSet."""

    _types = (set, frozenset)

    def _plain(self, object: Any) -> set:
        return set(object)


class MapConverter(_Converter):
    """Python mappings to java.util.HashMap."""

    _types = (dict, MutableMapping)

    def _plain(self, object: Any) -> dict:
        return dict(object)


def _remove_at(target: JavaList, index: int) -> None:
    # remove(int): an element is never meant here, whatever its type
    _list_remove(target, index)


def _extend(target: JavaList, values: Any) -> None:
    if not isinstance(values, JavaObject):
        values = list(values)
    _list_add_all(target, values)


MutableSequence.register(JavaList)
MutableSet.register(JavaSet)
MutableMapping.register(JavaMap)

java_mixin("java.util.Iterator", JavaIterator)
java_mixin("java.lang.Iterable", JavaIterable)
java_mixin("java.util.Collection", JavaCollection)
java_mixin("java.util.List", JavaList)
java_mixin("java.util.Set", JavaSet)
java_mixin("java.util.Map", JavaMap)
