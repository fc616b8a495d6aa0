"""Window assigners: which windows a record is in."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Collection, Generic, Iterable, List, Optional, TypeVar

from pyflink.common.constants import MIN_LONG_VALUE
from pyflink.datastream._triggers import (
    CountTrigger,
    EventTimeTrigger,
    NeverTrigger,
    ProcessingTimeTrigger,
    Trigger,
)
from pyflink.datastream._windows import (
    CountWindow,
    CountWindowSerializer,
    GlobalWindow,
    GlobalWindowSerializer,
    TimeWindow,
    TimeWindowSerializer,
)

if TYPE_CHECKING:
    from pyflink.common.serializer import TypeSerializer
    from pyflink.common.time import Time
    from pyflink.datastream.functions import RuntimeContext

T = TypeVar("T")
W = TypeVar("W")
W2 = TypeVar("W2")


class WindowAssigner(ABC, Generic[T, W]):
    """Decides which windows a record is in."""

    class WindowAssignerContext(ABC):
        """What is known when windows are assigned."""

        @abstractmethod
        def get_current_processing_time(self) -> int:
            """The clock of the machine in milliseconds since 1970."""

        @abstractmethod
        def get_runtime_context(self) -> RuntimeContext:
            """Where the operator runs."""

    @abstractmethod
    def assign_windows(
        self, element: T, timestamp: int, context: WindowAssigner.WindowAssignerContext
    ) -> Collection[W]:
        """The windows of a record.

        :param element: the record.
        :param timestamp: its timestamp in milliseconds.
        :param context: what else is known.
        """

    @abstractmethod
    def get_default_trigger(self, env: Any) -> Trigger[T, W]:
        """The trigger when the program sets none.

        :param env: the environment.
        """

    @abstractmethod
    def get_window_serializer(self) -> TypeSerializer[W]:
        """Writes the windows as bytes."""

    @abstractmethod
    def is_event_time(self) -> bool:
        """Whether the windows are made of event time."""


class MergingWindowAssigner(WindowAssigner, Generic[T, W]):
    """Assigns windows that can be merged."""

    class MergeCallback(ABC, Generic[W2]):
        """Told which windows are to be merged."""

        @abstractmethod
        def merge(self, to_be_merged: Iterable[W2], merge_result: W2) -> None:
            """Merge `to_be_merged` into `merge_result`."""

    @abstractmethod
    def merge_windows(
        self, windows: Iterable[W], callback: MergingWindowAssigner.MergeCallback[W]
    ) -> None:
        """Find the windows that are to be merged.

        :param windows: all windows.
        :param callback: told about each group.
        """


class SessionWindowTimeGapExtractor(ABC):
    """Gives the gap that ends a session, for each record."""

    @abstractmethod
    def extract(self, element: Any) -> int:
        """The gap after `element`, in milliseconds; more than 0."""


def _millis(time: Optional[Time]) -> int:
    return 0 if time is None else time.to_milliseconds()


class CountTumblingWindowAssigner(WindowAssigner[T, CountWindow]):
    """Windows of a number of records, one after the other.

    :param window_size: how many.
    """

    def __init__(self, window_size: int) -> None:
        from pyflink.common.typeinfo import Types
        from pyflink.datastream.state import ValueStateDescriptor

        self._window_size = window_size
        self._counter_state_descriptor = ValueStateDescriptor("window-assigner", Types.LONG())

    @staticmethod
    def of(window_size: int) -> CountTumblingWindowAssigner:
        """The assigner.

        :param window_size: how many records a window has.
        """
        return CountTumblingWindowAssigner(window_size)

    def assign_windows(
        self, element: T, timestamp: int, context: WindowAssigner.WindowAssignerContext
    ) -> Collection[CountWindow]:
        counter = context.get_runtime_context().get_state(self._counter_state_descriptor)
        count = counter.value() or 0
        counter.update(count + 1)
        return [CountWindow(count // self._window_size)]

    def get_default_trigger(self, env: Any) -> Trigger[T, CountWindow]:
        return CountTrigger(self._window_size)

    def get_window_serializer(self) -> TypeSerializer[CountWindow]:
        return CountWindowSerializer()

    def is_event_time(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "CountTumblingWindowAssigner(%s)" % self._window_size


class CountSlidingWindowAssigner(WindowAssigner[T, CountWindow]):
    """Windows of a number of records that overlap.

    :param window_size: how many.
    :param window_slide: a window begins after so many records.
    """

    def __init__(self, window_size: int, window_slide: int) -> None:
        from pyflink.common.typeinfo import Types
        from pyflink.datastream.state import ValueStateDescriptor

        self._window_size = window_size
        self._window_slide = window_slide
        self._count_descriptor = ValueStateDescriptor("slide-count-assigner", Types.LONG())

    @staticmethod
    def of(window_size: int, window_slide: int) -> CountSlidingWindowAssigner:
        """The assigner.

        :param window_size: how many records a window has.
        :param window_slide: a window begins after so many records.
        """
        return CountSlidingWindowAssigner(window_size, window_slide)

    def assign_windows(
        self, element: T, timestamp: int, context: WindowAssigner.WindowAssignerContext
    ) -> Collection[CountWindow]:
        counter = context.get_runtime_context().get_state(self._count_descriptor)
        count = counter.value() or 0
        counter.update(count + 1)
        last = count // self._window_slide
        windows: List[CountWindow] = []
        while last >= 0 and count < last * self._window_slide + self._window_size:
            windows.append(CountWindow(last))
            last -= 1
        return windows

    def get_default_trigger(self, env: Any) -> Trigger[T, CountWindow]:
        return CountTrigger(self._window_size)

    def get_window_serializer(self) -> TypeSerializer[CountWindow]:
        return CountWindowSerializer()

    def is_event_time(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "CountSlidingWindowAssigner(%s, %s)" % (self._window_size, self._window_slide)


class _TimeWindows(WindowAssigner[T, TimeWindow]):
    """What all windows of time share."""

    _event_time = False

    def get_default_trigger(self, env: Any) -> Trigger[T, TimeWindow]:
        return EventTimeTrigger() if self._event_time else ProcessingTimeTrigger()

    def get_window_serializer(self) -> TypeSerializer[TimeWindow]:
        return TimeWindowSerializer()

    def is_event_time(self) -> bool:
        return self._event_time

    def _now(self, timestamp: int, context: WindowAssigner.WindowAssignerContext) -> int:
        """The time that counts for a record.

        :raises Exception: it is event time and the record has no timestamp.
        """
        if not self._event_time:
            return context.get_current_processing_time()
        if timestamp <= MIN_LONG_VALUE:
            raise Exception(
                "%r: a record has no timestamp; give the stream timestamps with "
                "assign_timestamps_and_watermarks()" % self
            )
        return timestamp


class _Tumbling(_TimeWindows):
    """Windows that follow each other.

    :param size: the length in milliseconds.
    :param offset: where one of the windows begins.
    """

    def __init__(self, size: int, offset: int) -> None:
        if abs(offset) >= size:
            raise Exception("%s parameters must satisfy abs(offset) < size" % type(self).__name__)
        self._size = size
        self._offset = offset

    def assign_windows(
        self, element: T, timestamp: int, context: WindowAssigner.WindowAssignerContext
    ) -> Collection[TimeWindow]:
        start = TimeWindow.get_window_start_with_offset(
            self._now(timestamp, context), self._offset, self._size
        )
        return [TimeWindow(start, start + self._size)]

    def __repr__(self) -> str:
        return "%s(%s, %s)" % (type(self).__name__, self._size, self._offset)


class TumblingProcessingTimeWindows(_Tumbling):
    """Windows of the machine's clock that follow each other.

    :param size: the length in milliseconds.
    :param offset: where one of the windows begins, in milliseconds.
    """

    @staticmethod
    def of(size: Time, offset: Optional[Time] = None) -> TumblingProcessingTimeWindows:
        """The assigner.

        :param size: the length of a window.
        :param offset: where one of the windows begins.
        :raises Exception: `offset` is not less than `size`.
        """
        return TumblingProcessingTimeWindows(size.to_milliseconds(), _millis(offset))


class TumblingEventTimeWindows(_Tumbling):
    """Windows of event time that follow each other.

    :param size: the length in milliseconds.
    :param offset: where one of the windows begins, in milliseconds.
    """

    _event_time = True

    @staticmethod
    def of(size: Time, offset: Optional[Time] = None) -> TumblingEventTimeWindows:
        """The assigner.

        :param size: the length of a window.
        :param offset: where one of the windows begins.
        :raises Exception: `offset` is not less than `size`.
        """
        return TumblingEventTimeWindows(size.to_milliseconds(), _millis(offset))


class _Sliding(_TimeWindows):
    """Windows that overlap.

    :param size: the length in milliseconds.
    :param slide: the time between two beginnings in milliseconds.
    :param offset: where one of the windows begins.
    """

    def __init__(self, size: int, slide: int, offset: int) -> None:
        if abs(offset) >= slide or size <= 0:
            raise Exception(
                "%s parameters must satisfy abs(offset) < slide and size > 0" % type(self).__name__
            )
        self._size = size
        self._slide = slide
        self._offset = offset
        self._pane_size = math.gcd(size, slide)

    def assign_windows(
        self, element: T, timestamp: int, context: WindowAssigner.WindowAssignerContext
    ) -> Collection[TimeWindow]:
        now = self._now(timestamp, context)
        last = TimeWindow.get_window_start_with_offset(now, self._offset, self._slide)
        return [
            TimeWindow(start, start + self._size)
            for start in range(last, now - self._size, -self._slide)
        ]

    def __repr__(self) -> str:
        return "%s(%s, %s, %s)" % (type(self).__name__, self._size, self._slide, self._offset)


class SlidingProcessingTimeWindows(_Sliding):
    """Windows of the machine's clock that overlap.

    :param size: the length in milliseconds.
    :param slide: the time between two beginnings in milliseconds.
    :param offset: where one of the windows begins, in milliseconds.
    """

    @staticmethod
    def of(size: Time, slide: Time, offset: Optional[Time] = None) -> SlidingProcessingTimeWindows:
        """The assigner.

        :param size: the length of a window.
        :param slide: the time between two beginnings.
        :param offset: where one of the windows begins.
        :raises Exception: `offset` is not less than `slide`, or `size` is not more than 0.
        """
        return SlidingProcessingTimeWindows(
            size.to_milliseconds(), slide.to_milliseconds(), _millis(offset)
        )


class SlidingEventTimeWindows(_Sliding):
    """Windows of event time that overlap.

    :param size: the length in milliseconds.
    :param slide: the time between two beginnings in milliseconds.
    :param offset: where one of the windows begins, in milliseconds.
    """

    _event_time = True

    @staticmethod
    def of(size: Time, slide: Time, offset: Optional[Time] = None) -> SlidingEventTimeWindows:
        """The assigner.

        :param size: the length of a window.
        :param slide: the time between two beginnings.
        :param offset: where one of the windows begins.
        :raises Exception: `offset` is not less than `slide`, or `size` is not more than 0.
        """
        return SlidingEventTimeWindows(
            size.to_milliseconds(), slide.to_milliseconds(), _millis(offset)
        )


class _Sessions(_TimeWindows, MergingWindowAssigner):
    """Windows that end after a gap without records."""

    def _gap(self, element: Any) -> int:
        raise NotImplementedError

    def _start(self, timestamp: int, context: WindowAssigner.WindowAssignerContext) -> int:
        return timestamp if self._event_time else context.get_current_processing_time()

    def assign_windows(
        self, element: T, timestamp: int, context: WindowAssigner.WindowAssignerContext
    ) -> Collection[TimeWindow]:
        start = self._start(timestamp, context)
        return [TimeWindow(start, start + self._gap(element))]

    def merge_windows(
        self,
        windows: Iterable[TimeWindow],
        callback: MergingWindowAssigner.MergeCallback[TimeWindow],
    ) -> None:
        TimeWindow.merge_windows(windows, callback)


class _FixedSessions(_Sessions):
    """Sessions with one gap.

    :param session_gap: milliseconds.
    """

    def __init__(self, session_gap: int) -> None:
        if session_gap <= 0:
            raise Exception("%s parameters must satisfy 0 < size" % type(self).__name__)
        self._session_gap = session_gap

    def _gap(self, element: Any) -> int:
        return self._session_gap

    def __repr__(self) -> str:
        return "%s(%s)" % (type(self).__name__, self._session_gap)


class _DynamicSessions(_Sessions):
    """Sessions whose gap depends on the record.

    :param session_window_time_gap_extractor: gives the gap.
    """

    def __init__(self, session_window_time_gap_extractor: SessionWindowTimeGapExtractor) -> None:
        self._session_gap = 0
        self._session_window_time_gap_extractor = session_window_time_gap_extractor

    def _gap(self, element: Any) -> int:
        gap = self._session_window_time_gap_extractor.extract(element)
        if gap <= 0:
            raise Exception("the gap of a session must be more than 0, not %r" % gap)
        return gap

    def __repr__(self) -> str:
        return "%s(%s)" % (type(self).__name__, self._session_gap)


class ProcessingTimeSessionWindows(_FixedSessions):
    """Windows that end after a time without records, by the machine's clock.

    :param session_gap: milliseconds.
    """

    @staticmethod
    def with_gap(size: Time) -> ProcessingTimeSessionWindows:
        """The assigner.

        :param size: the gap that ends a session.
        :raises Exception: `size` is not more than 0.
        """
        return ProcessingTimeSessionWindows(size.to_milliseconds())

    @staticmethod
    def with_dynamic_gap(
        extractor: SessionWindowTimeGapExtractor,
    ) -> DynamicProcessingTimeSessionWindows:
        """An assigner whose gap depends on the record.

        :param extractor: gives the gap.
        """
        return DynamicProcessingTimeSessionWindows(extractor)


class EventTimeSessionWindows(_FixedSessions):
    """Windows that end after a time without records, by event time.

    :param session_gap: milliseconds.
    """

    _event_time = True

    @staticmethod
    def with_gap(size: Time) -> EventTimeSessionWindows:
        """The assigner.

        :param size: the gap that ends a session.
        :raises Exception: `size` is not more than 0.
        """
        return EventTimeSessionWindows(size.to_milliseconds())

    @staticmethod
    def with_dynamic_gap(
        extractor: SessionWindowTimeGapExtractor,
    ) -> DynamicEventTimeSessionWindows:
        """An assigner whose gap depends on the record.

        :param extractor: gives the gap.
        """
        return DynamicEventTimeSessionWindows(extractor)


class DynamicProcessingTimeSessionWindows(_DynamicSessions):
    """Windows that end after a gap that depends on the record, by the machine's clock.

    :param session_window_time_gap_extractor: gives the gap.
    """

    @staticmethod
    def with_dynamic_gap(
        extractor: SessionWindowTimeGapExtractor,
    ) -> DynamicProcessingTimeSessionWindows:
        """The assigner.

        :param extractor: gives the gap.
        """
        return DynamicProcessingTimeSessionWindows(extractor)


class DynamicEventTimeSessionWindows(_DynamicSessions):
    """Windows that end after a gap that depends on the record, by event time.

    :param session_window_time_gap_extractor: gives the gap.
    """

    _event_time = True

    @staticmethod
    def with_dynamic_gap(
        extractor: SessionWindowTimeGapExtractor,
    ) -> DynamicEventTimeSessionWindows:
        """The assigner.

        :param extractor: gives the gap.
        """
        return DynamicEventTimeSessionWindows(extractor)


class GlobalWindows(WindowAssigner[T, GlobalWindow]):
    """One window for the whole stream."""

    def __init__(self) -> None:
        super().__init__()

    def assign_windows(
        self, element: T, timestamp: int, context: WindowAssigner.WindowAssignerContext
    ) -> Collection[GlobalWindow]:
        return [GlobalWindow.get()]

    @staticmethod
    def create() -> GlobalWindows:
        """The assigner."""
        return GlobalWindows()

    def get_default_trigger(self, env: Any) -> Trigger[T, GlobalWindow]:
        return NeverTrigger()

    def get_window_serializer(self) -> TypeSerializer[GlobalWindow]:
        return GlobalWindowSerializer()

    def is_event_time(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "GlobalWindows()"
