"""Evictors: which records of a window are dropped before or after its function is called."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Callable, Generic, List, Optional, TypeVar, Union

if TYPE_CHECKING:
    from pyflink.common.time import Time
    from pyflink.metrics import MetricGroup

T = TypeVar("T")
W = TypeVar("W")

__all__ = [
    "CountEvictor",
    "DeltaEvictor",
    "DeltaFunction",
    "Evictor",
    "TimeEvictor",
    "TimestampedValue",
]


class TimestampedValue(Generic[T]):
    """A record of a window.

    :param value: the record.
    :param timestamp: its timestamp in milliseconds; None when it has none.
    """

    __slots__ = ("_value", "_timestamp")

    def __init__(self, value: T, timestamp: Optional[int] = None) -> None:
        self._value = value
        self._timestamp = timestamp

    def get_value(self) -> T:
        """The record."""
        return self._value

    def get_timestamp(self) -> Optional[int]:
        """Its timestamp in milliseconds; None when it has none."""
        return self._timestamp

    def has_timestamp(self) -> bool:
        """Whether it has a timestamp."""
        return self._timestamp is not None

    def __repr__(self) -> str:
        return "TimestampedValue(%r, %r)" % (self._value, self._timestamp)


class Evictor(ABC, Generic[T, W]):
    """Drops records of a window when it fires."""

    class EvictorContext(ABC):
        """What is known when a window fires."""

        @abstractmethod
        def get_current_processing_time(self) -> int:
            """The clock of the machine in milliseconds since 1970."""

        @abstractmethod
        def get_metric_group(self) -> MetricGroup:
            """Makes metrics."""

        @abstractmethod
        def get_current_watermark(self) -> int:
            """The current event time in milliseconds since 1970."""

    @abstractmethod
    def evict_before(
        self,
        elements: List[TimestampedValue[T]],
        size: int,
        window: W,
        evictor_context: Evictor.EvictorContext,
    ) -> None:
        """Called before the window's function.

        :param elements: the records in the order in which they came; what is removed from this
            list is dropped for good.
        :param size: how many there are.
        :param window: the window.
        :param evictor_context: what else is known.
        """

    @abstractmethod
    def evict_after(
        self,
        elements: List[TimestampedValue[T]],
        size: int,
        window: W,
        evictor_context: Evictor.EvictorContext,
    ) -> None:
        """The same, called after the window's function."""


class _BuiltIn(Evictor[T, W]):
    def __init__(self, do_evict_after: bool) -> None:
        self._do_evict_after = do_evict_after

    def _evict(self, elements: List[TimestampedValue[T]], size: int) -> None:
        raise NotImplementedError

    def evict_before(
        self,
        elements: List[TimestampedValue[T]],
        size: int,
        window: W,
        evictor_context: Evictor.EvictorContext,
    ) -> None:
        if not self._do_evict_after:
            self._evict(elements, size)

    def evict_after(
        self,
        elements: List[TimestampedValue[T]],
        size: int,
        window: W,
        evictor_context: Evictor.EvictorContext,
    ) -> None:
        if self._do_evict_after:
            self._evict(elements, size)


class CountEvictor(_BuiltIn[T, W]):
    """Keeps the last records.

    :param max_count: how many.
    :param do_evict_after: whether the others are dropped after the function was called.
    """

    def __init__(self, max_count: int, do_evict_after: bool = False) -> None:
        super().__init__(do_evict_after)
        self._max_count = max_count

    @staticmethod
    def of(max_count: int, do_evict_after: bool = False) -> CountEvictor:
        """The evictor.

        :param max_count: how many records stay.
        :param do_evict_after: whether the others are dropped after the function was called.
        """
        return CountEvictor(max_count, do_evict_after)

    def _evict(self, elements: List[TimestampedValue[T]], size: int) -> None:
        del elements[: max(0, size - self._max_count)]


class TimeEvictor(_BuiltIn[T, W]):
    """Keeps the records whose timestamp is near the largest one.

    :param window_size: records that are so many milliseconds or more before it are dropped.
    :param do_evict_after: whether they are dropped after the function was called.
    """

    def __init__(self, window_size: int, do_evict_after: bool = False) -> None:
        super().__init__(do_evict_after)
        self._window_size = window_size

    @staticmethod
    def of(window_size: Time, do_evict_after: bool = False) -> TimeEvictor:
        """The evictor.

        :param window_size: records that are so long before the last one are dropped.
        :param do_evict_after: whether they are dropped after the function was called.
        """
        return TimeEvictor(window_size.to_milliseconds(), do_evict_after)

    def _evict(self, elements: List[TimestampedValue[T]], size: int) -> None:
        if not elements or not elements[0].has_timestamp():
            return
        times = [e.get_timestamp() for e in elements]
        cutoff = max(t for t in times if t is not None) - self._window_size
        elements[:] = [e for e, t in zip(elements, times) if t is not None and t > cutoff]


class DeltaFunction(ABC, Generic[T]):
    """The distance between two records."""

    @abstractmethod
    def get_delta(self, old_data_point: T, new_data_point: T) -> float:
        """The distance from one record to a later one."""


class DeltaEvictor(_BuiltIn[T, W]):
    """Keeps the records that are near the last one.

    :param threshold: records at this distance or farther are dropped.
    :param delta_function: gives the distance between a record and the last one.
    :param do_evict_after: whether they are dropped after the function was called.
    """

    def __init__(
        self,
        threshold: float,
        delta_function: Union[DeltaFunction[T], Callable[[T, T], float]],
        do_evict_after: bool = False,
    ) -> None:
        super().__init__(do_evict_after)
        self._threshold = threshold
        self._delta_function = delta_function

    @staticmethod
    def of(
        threshold: float,
        delta_function: Union[DeltaFunction[T], Callable[[T, T], float]],
        do_evict_after: bool = False,
    ) -> DeltaEvictor:
        """The evictor.

        :param threshold: records at this distance or farther are dropped.
        :param delta_function: gives the distance between a record and the last one.
        :param do_evict_after: whether they are dropped after the function was called.
        """
        return DeltaEvictor(threshold, delta_function, do_evict_after)

    def _delta(self) -> Any:
        return getattr(self._delta_function, "get_delta", self._delta_function)

    def _evict(self, elements: List[TimestampedValue[T]], size: int) -> None:
        if not elements:
            return
        delta, last = self._delta(), elements[-1].get_value()
        elements[:] = [e for e in elements if delta(e.get_value(), last) < self._threshold]
