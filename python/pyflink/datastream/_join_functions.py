"""Functions over pairs and groups of two streams. PyFlink has none of them; Java has."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Iterable, List

from pyflink.datastream._function_base import Function


class JoinFunction(Function):
    """Makes one value of a pair of values that have the same key and window."""

    @abstractmethod
    def join(self, first: Any, second: Any) -> Any:
        """The value that takes the place of the pair.

        :param first: from the stream that ``join()`` was called on.
        :param second: from the other stream.
        """


class FlatJoinFunction(Function):
    """Makes any number of values of a pair of values that have the same key and window."""

    @abstractmethod
    def join(self, first: Any, second: Any) -> Any:
        """An iterable (or a generator) of the values that take the place of the pair, or None.

        :param first: from the stream that ``join()`` was called on.
        :param second: from the other stream.
        """


class CoGroupFunction(Function):
    """Makes any number of values of all values of two streams that have the same key and window."""

    @abstractmethod
    def co_group(self, first: List[Any], second: List[Any]) -> Iterable[Any]:
        """An iterable (or a generator) of results, or None.

        :param first: the values of the stream that ``co_group()`` was called on; at least one of
            both lists holds something.
        :param second: those of the other stream.
        """


class ProcessJoinFunction(Function):
    """Makes any number of values of a pair of values that an interval join found.

    The streams are keyed, so that ``open`` can ask the RuntimeContext for state by key.
    """

    class Context(ABC):
        """What is known about a pair."""

        @abstractmethod
        def get_left_timestamp(self) -> int:
            """The timestamp of the left value in milliseconds."""

        @abstractmethod
        def get_right_timestamp(self) -> int:
            """The timestamp of the right value in milliseconds."""

        @abstractmethod
        def get_timestamp(self) -> int:
            """The later of both, in milliseconds; results have it, too."""

        @abstractmethod
        def get_current_key(self) -> Any:
            """The key that both values have."""

    @abstractmethod
    def process_element(self, left: Any, right: Any, ctx: ProcessJoinFunction.Context) -> Any:
        """An iterable (or a generator) of results, or None.

        :param left: from the stream that ``interval_join()`` was called on.
        :param right: from the other stream.
        :param ctx: the timestamps.
        """
