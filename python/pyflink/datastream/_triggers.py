"""Triggers: when a window gives its results."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum
from typing import TYPE_CHECKING, Any, Callable, Generic, TypeVar

from pyflink.datastream._windows import CountWindow, GlobalWindow, TimeWindow, Window
from pyflink.datastream.functions import ReduceFunction
from pyflink.datastream.state import ReducingState, ReducingStateDescriptor, State, StateDescriptor

if TYPE_CHECKING:
    from pyflink.common.time import Time
    from pyflink.metrics import MetricGroup

T = TypeVar("T")
W = TypeVar("W")


class TriggerResult(Enum):
    """What happens to a window: whether it gives its results, and whether it is emptied."""

    CONTINUE = (False, False)
    FIRE_AND_PURGE = (True, True)
    FIRE = (True, False)
    PURGE = (False, True)

    def is_fire(self) -> bool:
        """Whether the window gives its results."""
        return self.value[0]

    def is_purge(self) -> bool:
        """Whether the window is emptied."""
        return self.value[1]


_CONTINUE = TriggerResult.CONTINUE
_FIRE = TriggerResult.FIRE


class Trigger(ABC, Generic[T, W]):
    """Decides when a window gives its results."""

    class TriggerContext(ABC):
        """Times, timers and state of the current key and window."""

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
        def register_processing_time_timer(self, time: int) -> None:
            """Call on_processing_time() at a time."""

        @abstractmethod
        def register_event_time_timer(self, time: int) -> None:
            """Call on_event_time() at a time."""

        @abstractmethod
        def delete_processing_time_timer(self, time: int) -> None:
            """Forget a timer."""

        @abstractmethod
        def delete_event_time_timer(self, time: int) -> None:
            """Forget a timer."""

        @abstractmethod
        def get_partitioned_state(self, state_descriptor: StateDescriptor) -> State:
            """State of the current key and window."""

    class OnMergeContext(TriggerContext):
        """The context when windows are merged."""

        @abstractmethod
        def merge_partitioned_state(self, state_descriptor: StateDescriptor) -> None:
            """Merge the state of the windows that are merged."""

    @abstractmethod
    def on_element(
        self, element: T, timestamp: int, window: W, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        """Called for each record of a window."""

    @abstractmethod
    def on_processing_time(
        self, time: int, window: W, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        """Called when a processing-time timer fires."""

    @abstractmethod
    def on_event_time(self, time: int, window: W, ctx: Trigger.TriggerContext) -> TriggerResult:
        """Called when an event-time timer fires."""

    def can_merge(self) -> bool:
        """Whether the trigger works with windows that are merged."""
        return False

    @abstractmethod
    def on_merge(self, window: W, ctx: Trigger.OnMergeContext) -> None:
        """Called when windows have been merged into `window`."""

    @abstractmethod
    def clear(self, window: W, ctx: Trigger.TriggerContext) -> None:
        """Drop the timers and state of a window that ends."""


class EventTimeTrigger(Trigger[T, TimeWindow]):
    """Fires when the watermark passes the end of the window."""

    def on_element(
        self, element: T, timestamp: int, window: TimeWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        if window.max_timestamp() <= ctx.get_current_watermark():
            return _FIRE
        ctx.register_event_time_timer(window.max_timestamp())
        return _CONTINUE

    def on_processing_time(
        self, time: int, window: TimeWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return _CONTINUE

    def on_event_time(
        self, time: int, window: TimeWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return _FIRE if time == window.max_timestamp() else _CONTINUE

    def can_merge(self) -> bool:
        return True

    def on_merge(self, window: TimeWindow, ctx: Trigger.OnMergeContext) -> None:
        if window.max_timestamp() > ctx.get_current_watermark():
            ctx.register_event_time_timer(window.max_timestamp())

    def clear(self, window: TimeWindow, ctx: Trigger.TriggerContext) -> None:
        ctx.delete_event_time_timer(window.max_timestamp())

    @staticmethod
    def create() -> EventTimeTrigger:
        """The trigger."""
        return EventTimeTrigger()


class Min(ReduceFunction):
    """The smaller of two values."""

    def reduce(self, value1: Any, value2: Any) -> Any:
        return min(value1, value2)


class _Continuous(Trigger[T, TimeWindow]):
    """Fires again and again; the next time is kept in state.

    :param interval: milliseconds.
    """

    def __init__(self, interval: int) -> None:
        from pyflink.common.typeinfo import Types

        self.interval = interval
        self.state_desc = ReducingStateDescriptor("fire-timestamp", Min(), Types.LONG())

    def _timers(self, ctx: Trigger.TriggerContext, register: bool) -> Callable[[int], None]:
        raise NotImplementedError

    def _begin(
        self, timestamp: int, window: TimeWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        """Set the first time, unless the window has one already."""
        state: Any = ctx.get_partitioned_state(self.state_desc)
        if state.get() is None:
            begin = timestamp - timestamp % self.interval
            self.register_next_fire_timestamp(begin, window, ctx, state)
        return _CONTINUE

    def _again(self, time: int, window: TimeWindow, ctx: Trigger.TriggerContext) -> TriggerResult:
        """Fire when this is the time that was set, and set the next one."""
        state: Any = ctx.get_partitioned_state(self.state_desc)
        if state.get() != time:
            return _CONTINUE
        state.clear()
        self.register_next_fire_timestamp(time, window, ctx, state)
        return _FIRE

    def on_merge(self, window: TimeWindow, ctx: Trigger.OnMergeContext) -> None:
        ctx.merge_partitioned_state(self.state_desc)
        state: Any = ctx.get_partitioned_state(self.state_desc)
        timestamp = state.get()
        if timestamp is not None:
            self._timers(ctx, True)(timestamp)

    def clear(self, window: TimeWindow, ctx: Trigger.TriggerContext) -> None:
        state: Any = ctx.get_partitioned_state(self.state_desc)
        timestamp = state.get()
        if timestamp is not None:
            self._timers(ctx, False)(timestamp)
            state.clear()

    def can_merge(self) -> bool:
        return True

    def register_next_fire_timestamp(
        self,
        time: int,
        window: TimeWindow,
        ctx: Trigger.TriggerContext,
        fire_timestamp_state: ReducingState,
    ) -> None:
        """Set the next time at which the window fires.

        :param time: the time to count from.
        :param window: the window.
        :param ctx: the context.
        :param fire_timestamp_state: the state that keeps the next time.
        """
        next_time = min(time + self.interval, window.max_timestamp())
        fire_timestamp_state.add(next_time)
        self._timers(ctx, True)(next_time)


class ContinuousEventTimeTrigger(_Continuous):
    """Fires at every interval of event time, and at the end of the window.

    :param interval: milliseconds.
    """

    @staticmethod
    def of(interval: Time) -> ContinuousEventTimeTrigger:
        """The trigger.

        :param interval: the time between two firings.
        """
        return ContinuousEventTimeTrigger(interval.to_milliseconds())

    def _timers(self, ctx: Trigger.TriggerContext, register: bool) -> Callable[[int], None]:
        return ctx.register_event_time_timer if register else ctx.delete_event_time_timer

    def on_element(
        self, element: T, timestamp: int, window: TimeWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        if window.max_timestamp() <= ctx.get_current_watermark():
            return _FIRE
        ctx.register_event_time_timer(window.max_timestamp())
        return self._begin(timestamp, window, ctx)

    def on_processing_time(
        self, time: int, window: TimeWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return _CONTINUE

    def on_event_time(
        self, time: int, window: TimeWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        if time == window.max_timestamp():
            return _FIRE
        return self._again(time, window, ctx)


class ProcessingTimeTrigger(Trigger[T, TimeWindow]):
    """Fires when the clock passes the end of the window."""

    def on_element(
        self, element: T, timestamp: int, window: TimeWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        ctx.register_processing_time_timer(window.max_timestamp())
        return _CONTINUE

    def on_processing_time(
        self, time: int, window: TimeWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return _FIRE

    def on_event_time(
        self, time: int, window: TimeWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return _CONTINUE

    def can_merge(self) -> bool:
        return True

    def on_merge(self, window: TimeWindow, ctx: Trigger.OnMergeContext) -> None:
        if window.max_timestamp() > ctx.get_current_processing_time():
            ctx.register_processing_time_timer(window.max_timestamp())

    def clear(self, window: TimeWindow, ctx: Trigger.TriggerContext) -> None:
        ctx.delete_processing_time_timer(window.max_timestamp())

    @staticmethod
    def create() -> ProcessingTimeTrigger:
        """The trigger."""
        return ProcessingTimeTrigger()


class ContinuousProcessingTimeTrigger(_Continuous):
    """Fires at every interval of the machine's clock.

    :param interval: milliseconds.
    """

    @staticmethod
    def of(interval: Time) -> ContinuousProcessingTimeTrigger:
        """The trigger.

        :param interval: the time between two firings.
        """
        return ContinuousProcessingTimeTrigger(interval.to_milliseconds())

    def _timers(self, ctx: Trigger.TriggerContext, register: bool) -> Callable[[int], None]:
        if register:
            return ctx.register_processing_time_timer
        return ctx.delete_processing_time_timer

    def on_element(
        self, element: T, timestamp: int, window: TimeWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return self._begin(ctx.get_current_processing_time(), window, ctx)

    def on_processing_time(
        self, time: int, window: TimeWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return self._again(time, window, ctx)

    def on_event_time(
        self, time: int, window: TimeWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return _CONTINUE


class PurgingTrigger(Trigger[T, Window]):
    """Empties the window whenever another trigger fires.

    :param nested_trigger: the other trigger.
    """

    def __init__(self, nested_trigger: Trigger[T, Window]) -> None:
        self.nested_trigger = nested_trigger

    @staticmethod
    def of(nested_trigger: Trigger[T, Window]) -> PurgingTrigger:
        """The trigger.

        :param nested_trigger: the other trigger.
        """
        return PurgingTrigger(nested_trigger)

    @staticmethod
    def _purging(result: TriggerResult) -> TriggerResult:
        return TriggerResult.FIRE_AND_PURGE if result.is_fire() else result

    def on_element(
        self, element: T, timestamp: int, window: Window, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return self._purging(self.nested_trigger.on_element(element, timestamp, window, ctx))

    def on_event_time(
        self, time: int, window: Window, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return self._purging(self.nested_trigger.on_event_time(time, window, ctx))

    def on_processing_time(
        self, time: int, window: Window, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return self._purging(self.nested_trigger.on_processing_time(time, window, ctx))

    def clear(self, window: Window, ctx: Trigger.TriggerContext) -> None:
        self.nested_trigger.clear(window, ctx)

    def can_merge(self) -> bool:
        return self.nested_trigger.can_merge()

    def on_merge(self, window: Window, ctx: Trigger.OnMergeContext) -> None:
        self.nested_trigger.on_merge(window, ctx)


class _Sum(ReduceFunction):
    """The sum of two values."""

    def reduce(self, value1: Any, value2: Any) -> Any:
        return value1 + value2


class CountTrigger(Trigger[T, CountWindow]):
    """Fires after a number of records.

    :param window_size: how many.
    """

    def __init__(self, window_size: int) -> None:
        from pyflink.common.typeinfo import Types

        self._window_size = window_size
        self._count_state_descriptor = ReducingStateDescriptor("count", _Sum(), Types.LONG())

    @staticmethod
    def of(window_size: int) -> CountTrigger:
        """The trigger.

        :param window_size: how many records.
        """
        return CountTrigger(window_size)

    def on_element(
        self, element: T, timestamp: int, window: CountWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        state: Any = ctx.get_partitioned_state(self._count_state_descriptor)
        state.add(1)
        if state.get() < self._window_size:
            return _CONTINUE
        state.clear()
        return _FIRE

    def on_processing_time(
        self, time: int, window: CountWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return _CONTINUE

    def on_event_time(
        self, time: int, window: CountWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return _CONTINUE

    def can_merge(self) -> bool:
        return True

    def on_merge(self, window: CountWindow, ctx: Trigger.OnMergeContext) -> None:
        ctx.merge_partitioned_state(self._count_state_descriptor)

    def clear(self, window: CountWindow, ctx: Trigger.TriggerContext) -> None:
        ctx.get_partitioned_state(self._count_state_descriptor).clear()


class NeverTrigger(Trigger[T, GlobalWindow]):
    """Never fires."""

    def on_element(
        self, element: T, timestamp: int, window: GlobalWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return _CONTINUE

    def on_processing_time(
        self, time: int, window: GlobalWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return _CONTINUE

    def on_event_time(
        self, time: int, window: GlobalWindow, ctx: Trigger.TriggerContext
    ) -> TriggerResult:
        return _CONTINUE

    def on_merge(self, window: GlobalWindow, ctx: Trigger.OnMergeContext) -> None:
        pass

    def clear(self, window: GlobalWindow, ctx: Trigger.TriggerContext) -> None:
        pass
