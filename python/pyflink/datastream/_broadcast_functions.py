"""Functions over a stream connected with a broadcast stream."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Callable, Generic

from pyflink.datastream._function_base import IN1, IN2, KEY, OUT, Function

if TYPE_CHECKING:
    from pyflink.datastream.state import (
        BroadcastState,
        MapStateDescriptor,
        ReadOnlyBroadcastState,
        StateDescriptor,
    )
    from pyflink.datastream.time_domain import TimeDomain
    from pyflink.datastream.timerservice import TimerService


class BaseBroadcastProcessFunction(Function):
    """What the keyed and the non-keyed broadcast functions share."""

    class BaseContext(ABC):
        """What is known while one value is processed."""

        @abstractmethod
        def timestamp(self) -> int:
            """The timestamp of the value in milliseconds, or None when it has none."""

        @abstractmethod
        def current_processing_time(self) -> int:
            """The clock of the machine in milliseconds since 1970."""

        @abstractmethod
        def current_watermark(self) -> int:
            """The current event time in milliseconds since 1970."""

    class Context(BaseContext):
        """For a value of the broadcast side: the broadcast state can be changed."""

        @abstractmethod
        def get_broadcast_state(self, state_descriptor: MapStateDescriptor) -> BroadcastState:
            """The broadcast state of that descriptor."""

    class ReadOnlyContext(BaseContext):
        """For a value of the other side: the broadcast state can be read."""

        @abstractmethod
        def get_broadcast_state(
            self, state_descriptor: MapStateDescriptor
        ) -> ReadOnlyBroadcastState:
            """The broadcast state of that descriptor."""


class BroadcastProcessFunction(BaseBroadcastProcessFunction, Generic[IN1, IN2, OUT]):
    """Processes a stream together with a broadcast stream."""

    class Context(BaseBroadcastProcessFunction.Context, ABC):
        """For a value of the broadcast side."""

    class ReadOnlyContext(BaseBroadcastProcessFunction.ReadOnlyContext, ABC):
        """For a value of the other side."""

    @abstractmethod
    def process_element(self, value: IN1, ctx: ReadOnlyContext) -> Any:
        """An iterable of results for a value of the non-broadcast stream, or None."""

    @abstractmethod
    def process_broadcast_element(self, value: IN2, ctx: Context) -> Any:
        """An iterable of results for a value of the broadcast stream, or None."""


class KeyedBroadcastProcessFunction(BaseBroadcastProcessFunction, Generic[KEY, IN1, IN2, OUT]):
    """Processes a keyed stream together with a broadcast stream, with state and timers."""

    class Context(BaseBroadcastProcessFunction.Context, ABC):
        """For a value of the broadcast side."""

        def apply_to_keyed_state(
            self, state_descriptor: StateDescriptor, function: Callable[[KEY, Any], Any]
        ) -> None:
            """Look at, or change, a state of all keys that this instance has. Not in PyFlink.

            :param state_descriptor: the descriptor of a state by key.
            :param function: called with a key and the state, while that is the current key; what
                it returns does not count.
            :raises TypeError: one of them is something else.
            """
            raise NotImplementedError("%s has no apply_to_keyed_state()" % type(self).__name__)

    class ReadOnlyContext(BaseBroadcastProcessFunction.ReadOnlyContext, ABC):
        """For a value of the keyed side."""

        @abstractmethod
        def timer_service(self) -> TimerService:
            """Gives the current times and takes timers."""

        @abstractmethod
        def get_current_key(self) -> KEY:
            """The key of the value."""

    class OnTimerContext(ReadOnlyContext, ABC):
        """What is known when a timer fires."""

        @abstractmethod
        def time_domain(self) -> TimeDomain:
            """Whether the timer was for event time or processing time."""

        @abstractmethod
        def get_current_key(self) -> KEY:
            """The key of the timer."""

    @abstractmethod
    def process_element(self, value: IN1, ctx: ReadOnlyContext) -> Any:
        """An iterable of results for a value of the keyed stream, or None."""

    @abstractmethod
    def process_broadcast_element(self, value: IN2, ctx: Context) -> Any:
        """An iterable of results for a value of the broadcast stream, or None."""

    def on_timer(self, timestamp: int, ctx: OnTimerContext) -> Any:
        """Called when a timer fires; gives an iterable of results or None."""
