"""What joins and co-groups by window put around the program's functions, where they run.

Both streams become one of pairs (number of the stream, record), as in Java.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, Iterator, Optional, Tuple

from pyflink.datastream.functions import (
    Function,
    KeySelector,
    MapFunction,
    RuntimeContext,
    WindowFunction,
)


def _method(function: Any, name: str) -> Callable:
    return getattr(function, name) if isinstance(function, Function) else function


class _Around:
    """Opens and closes the functions inside."""

    def __init__(self, *functions: Any) -> None:
        self._functions = [f for f in functions if isinstance(f, Function)]

    def open(self, runtime_context: RuntimeContext) -> None:
        for function in self._functions:
            function.open(runtime_context)

    def close(self) -> None:
        for function in self._functions:
            function.close()


class Tag(MapFunction):
    """Notes which stream a record is from.

    :param number: 0 or 1.
    """

    def __init__(self, number: int) -> None:
        self._number = number

    def map(self, value: Any) -> Tuple[int, Any]:
        return self._number, value


class KeyOfEither(_Around, KeySelector):
    """The key of a record of one of two streams.

    :param first: gives the key of a record of the first.
    :param second: gives that of the second.
    """

    def __init__(self, first: Any, second: Any) -> None:
        super().__init__(first, second)
        self._keys = _method(first, "get_key"), _method(second, "get_key")

    def get_key(self, value: Tuple[int, Any]) -> Any:
        return self._keys[value[0]](value[1])


def _parted(inputs: Iterable[Tuple[int, Any]]) -> Tuple[list, list]:
    parts: Tuple[list, list] = ([], [])
    for number, value in inputs:
        parts[number].append(value)
    return parts


class CoGroupWindow(_Around, WindowFunction):
    """Calls a function with the records of each stream.

    :param function: a CoGroupFunction or a callable.
    """

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        self._co_group = _method(function, "co_group")

    def apply(self, key: Any, window: Any, inputs: Iterable[Any]) -> Optional[Iterable[Any]]:
        results = self._co_group(*_parted(inputs))
        return () if results is None else results


class JoinWindow(_Around, WindowFunction):
    """Calls a function with each pair.

    :param function: a JoinFunction, a callable, or a FlatJoinFunction.
    :param flat: whether it gives any number of results.
    """

    def __init__(self, function: Any, flat: bool) -> None:
        super().__init__(function)
        self._join = _method(function, "join")
        self._flat = flat

    def apply(self, key: Any, window: Any, inputs: Iterable[Any]) -> Iterator[Any]:
        first, second = _parted(inputs)
        for left in first:
            for right in second:
                result = self._join(left, right)
                if not self._flat:
                    yield result
                elif result is not None:
                    yield from result
