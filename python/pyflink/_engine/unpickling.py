"""Loads what a program shipped to its operators, in the process of the program itself.

cloudpickle writes classes of ``__main__`` by value. Loaded in the process that wrote them they
would be found again and then overwritten: their attributes set back to what they were, their
methods bound to copies of the program's global variables. So here

- the classes of function objects (subclasses of Function) become copies, which see the program as
  it was when the function was given to a stream;
- all other classes, which records are made of, stay the program's own, untouched.
"""

from __future__ import annotations

import io
import pickle
from typing import Any, Callable, Dict, List

from pyflink._engine.pickler import OURS, cloudpickle

__all__ = ["loads", "dumps_by_value"]


class _Unpickler(pickle.Unpickler):
    """An unpickler that leaves the classes alone that this process knows already."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self._shared: List[type] = []

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(OURS):
            cloudpickle()
        found = super().find_class(module, name)
        if module.startswith(("cloudpickle.", OURS)):
            replace = _REPLACED.get(name)
            if replace is not None:
                return lambda *args: replace(self, found, *args)
        return found

    def _make_class(self, make: Callable[..., type], *args: Any) -> type:
        """cloudpickle's makers of classes end with the class's id and an unused extra."""
        from pyflink.datastream.functions import Function

        known = _known_class(args[-2])
        if known is None:
            return make(*args)
        if issubclass(known, Function):
            return make(*args[:-2], None, args[-1])
        self._shared.append(known)
        return known

    def _set_state(self, set_state: Callable[..., Any], made: type, state: Any) -> Any:
        if any(made is shared for shared in self._shared):
            return made
        return set_state(made, state)


_REPLACED: Dict[str, Callable[..., Any]] = {
    "_make_skeleton_class": _Unpickler._make_class,
    "_make_skeleton_enum": _Unpickler._make_class,
    "_class_setstate": _Unpickler._set_state,
}


def _known_class(class_id: Any) -> Any:
    """The class of this process that cloudpickle gave an id, or None."""
    return cloudpickle().cloudpickle._DYNAMIC_CLASS_TRACKER_BY_ID.get(class_id)


def loads(data: bytes) -> Any:
    """The object that cloudpickle wrote."""
    return _Unpickler(io.BytesIO(data)).load()


class _ByValue:
    """Stands for an object that only cloudpickle can write; unpickling it gives that object."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __reduce__(self) -> Any:
        return loads, (self.data,)


def dumps_by_value(value: Any) -> bytes:
    """A pickle of what is no attribute of a module, such as objects of a local class.

    :param value: the object.
    :returns: bytes that ``pickle.loads`` reads.
    """
    return pickle.dumps(_ByValue(cloudpickle().dumps(value, 4)), 4)
