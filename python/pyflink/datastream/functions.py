"""The interfaces of user functions, and what they are given at run time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Callable, Union

from pyflink.common.utils import show_as_part_of
from pyflink.datastream._async_functions import (
    AsyncFunction,
    AsyncRetryPredicate,
    AsyncRetryStrategy,
)
from pyflink.datastream._broadcast_functions import (
    BaseBroadcastProcessFunction,
    BroadcastProcessFunction,
    KeyedBroadcastProcessFunction,
)
from pyflink.datastream._function_base import (
    IN,
    IN1,
    IN2,
    KEY,
    OUT,
    W2,
    Function,
    KeyedStateStore,
    RuntimeContext,
    W,
)
from pyflink.datastream._join_functions import (
    CoGroupFunction,
    FlatJoinFunction,
    JoinFunction,
    ProcessJoinFunction,
)
from pyflink.datastream._window_functions import (
    AllWindowFunction,
    InternalIterableAllWindowFunction,
    InternalIterableProcessAllWindowFunction,
    InternalIterableProcessWindowFunction,
    InternalIterableWindowFunction,
    InternalProcessAllWindowContext,
    InternalProcessWindowContext,
    InternalSingleValueAllWindowFunction,
    InternalSingleValueProcessAllWindowFunction,
    InternalSingleValueProcessWindowFunction,
    InternalSingleValueWindowFunction,
    InternalWindowFunction,
    PassThroughAllWindowFunction,
    PassThroughWindowFunction,
    ProcessAllWindowFunction,
    ProcessWindowFunction,
    WindowFunction,
)
from pyflink.datastream.timerservice import TimerService

if TYPE_CHECKING:
    from pyflink.datastream.time_domain import TimeDomain

__all__ = [
    "RuntimeContext",
    "MapFunction",
    "CoMapFunction",
    "FlatMapFunction",
    "CoFlatMapFunction",
    "ReduceFunction",
    "AggregateFunction",
    "KeySelector",
    "FilterFunction",
    "Partitioner",
    "AsyncFunction",
    "AsyncRetryPredicate",
    "AsyncRetryStrategy",
    "SourceFunction",
    "SinkFunction",
    "ProcessFunction",
    "CoProcessFunction",
    "KeyedProcessFunction",
    "KeyedCoProcessFunction",
    "TimerService",
    "WindowFunction",
    "AllWindowFunction",
    "ProcessWindowFunction",
    "ProcessAllWindowFunction",
    "BaseBroadcastProcessFunction",
    "BroadcastProcessFunction",
    "KeyedBroadcastProcessFunction",
    "JoinFunction",
    "FlatJoinFunction",
    "CoGroupFunction",
    "ProcessJoinFunction",
]

# Names that programs import from here although they are not meant for star imports.
_ALSO_HERE = (IN, IN1, IN2, OUT, KEY, W, W2)

# Written in other modules, for programs part of this one.
show_as_part_of(
    __name__,
    AllWindowFunction,
    BaseBroadcastProcessFunction,
    BroadcastProcessFunction,
    CoGroupFunction,
    FlatJoinFunction,
    Function,
    InternalIterableAllWindowFunction,
    InternalIterableProcessAllWindowFunction,
    InternalIterableProcessWindowFunction,
    InternalIterableWindowFunction,
    InternalProcessAllWindowContext,
    InternalProcessWindowContext,
    InternalSingleValueAllWindowFunction,
    InternalSingleValueProcessAllWindowFunction,
    InternalSingleValueProcessWindowFunction,
    InternalSingleValueWindowFunction,
    InternalWindowFunction,
    JoinFunction,
    KeyedBroadcastProcessFunction,
    KeyedStateStore,
    PassThroughAllWindowFunction,
    PassThroughWindowFunction,
    ProcessAllWindowFunction,
    ProcessJoinFunction,
    ProcessWindowFunction,
    RuntimeContext,
    WindowFunction,
)


class MapFunction(Function):
    """Turns each value into one value."""

    @abstractmethod
    def map(self, value: Any) -> Any:
        """The value that takes the place of `value`."""


class CoMapFunction(Function):
    """Turns each value of two connected streams into one value."""

    @abstractmethod
    def map1(self, value: Any) -> Any:
        """Called for each value of the first stream."""

    @abstractmethod
    def map2(self, value: Any) -> Any:
        """Called for each value of the second stream."""


class FlatMapFunction(Function):
    """Turns each value into any number of values."""

    @abstractmethod
    def flat_map(self, value: Any) -> Any:
        """An iterable (or a generator) of the values that take the place of `value`."""


class CoFlatMapFunction(Function):
    """Turns each value of two connected streams into any number of values."""

    @abstractmethod
    def flat_map1(self, value: Any) -> Any:
        """Called for each value of the first stream; gives an iterable."""

    @abstractmethod
    def flat_map2(self, value: Any) -> Any:
        """Called for each value of the second stream; gives an iterable."""


class ReduceFunction(Function):
    """Combines two values of one type into one of the same type."""

    @abstractmethod
    def reduce(self, value1: Any, value2: Any) -> Any:
        """The combination of `value1`, the result so far, and `value2`, the new value."""


class AggregateFunction(Function):
    """Gathers values in an accumulator and makes a result of it."""

    @abstractmethod
    def create_accumulator(self) -> Any:
        """A new accumulator, for no values yet."""

    @abstractmethod
    def add(self, value: Any, accumulator: Any) -> Any:
        """The accumulator with `value` added; may be the same object."""

    @abstractmethod
    def get_result(self, accumulator: Any) -> Any:
        """The result for the values in `accumulator`."""

    @abstractmethod
    def merge(self, acc_a: Any, acc_b: Any) -> Any:
        """One accumulator for the values of both; may be one of the two objects."""


class KeySelector(Function):
    """Finds the key of a value. Equal values must always have equal keys."""

    @abstractmethod
    def get_key(self, value: Any) -> Any:
        """The key of `value`."""


class NullByteKeySelector(KeySelector):
    """Gives every value the same key."""

    def get_key(self, value: Any) -> int:
        return 0


class FilterFunction(Function):
    """Decides which values stay in the stream."""

    @abstractmethod
    def filter(self, value: Any) -> bool:
        """Whether `value` stays."""


class Partitioner(Function):
    """Chooses the parallel instance of the next operator that gets a value."""

    @abstractmethod
    def partition(self, key: Any, num_partitions: int) -> int:
        """The instance, 0 to `num_partitions` - 1, for values with this key."""


class FunctionWrapper(Function):
    """A function object around a plain callable.

    :param func: the callable.
    """

    def __init__(self, func: Callable) -> None:
        self._func = func


class ReduceFunctionWrapper(FunctionWrapper):
    """A ReduceFunction around a callable of two values.

    :param func: the callable.
    """

    def __init__(self, func: Callable) -> None:
        super().__init__(func)

    def reduce(self, value1: Any, value2: Any) -> Any:
        return self._func(value1, value2)


class JavaFunctionWrapper:
    """A function that is written in Java.

    :param j_function: the Java object, or the full name of a class that has a constructor
        without arguments.
    :raises TypeError: there is no Java class of that name.
    """

    def __init__(self, j_function: Union[str, Any]) -> None:
        if isinstance(j_function, str):
            from pyflink.datastream._java import new_java_object

            j_function = new_java_object(j_function)
        self._j_function = j_function

    def get_java_function(self) -> Any:
        """The Java object."""
        return self._j_function


class SourceFunction(JavaFunctionWrapper):
    """A source written in Java (an implementation of Java's SourceFunction).

    :param source_func: the Java object or the full name of its class.
    """

    def __init__(self, source_func: Union[str, Any]) -> None:
        super().__init__(source_func)


class SinkFunction(JavaFunctionWrapper):
    """A sink written in Java (an implementation of Java's SinkFunction).

    :param sink_func: the Java object or the full name of its class.
    """

    def __init__(self, sink_func: Union[str, Any]) -> None:
        super().__init__(sink_func)


class ProcessFunction(Function):
    """Turns each value into any number of values, and can see its timestamp."""

    class Context(ABC):
        """What is known while one value is processed."""

        @abstractmethod
        def timer_service(self) -> TimerService:
            """Gives the current times."""

        @abstractmethod
        def timestamp(self) -> int:
            """The timestamp of the value in milliseconds, or None when it has none."""

    @abstractmethod
    def process_element(self, value: Any, ctx: ProcessFunction.Context) -> Any:
        """An iterable (or a generator) of results for `value`, or None."""


class KeyedProcessFunction(Function):
    """Processes the values of a keyed stream, with state and timers for each key."""

    class Context(ABC):
        """What is known while one value is processed."""

        @abstractmethod
        def get_current_key(self) -> Any:
            """The key of the value."""

        @abstractmethod
        def timer_service(self) -> TimerService:
            """Gives the current times and takes timers."""

        @abstractmethod
        def timestamp(self) -> int:
            """The timestamp of the value in milliseconds, or None when it has none."""

    class OnTimerContext(Context):
        """What is known when a timer fires."""

        @abstractmethod
        def time_domain(self) -> TimeDomain:
            """Whether the timer was for event time or processing time."""

    @abstractmethod
    def process_element(self, value: Any, ctx: KeyedProcessFunction.Context) -> Any:
        """An iterable (or a generator) of results for `value`, or None."""

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext) -> Any:
        """Called when a timer fires; gives an iterable of results or None."""


class CoProcessFunction(Function):
    """Processes the values of two connected streams."""

    class Context(ABC):
        """What is known while one value is processed."""

        @abstractmethod
        def timer_service(self) -> TimerService:
            """Gives the current times."""

        @abstractmethod
        def timestamp(self) -> int:
            """The timestamp of the value in milliseconds, or None when it has none."""

    @abstractmethod
    def process_element1(self, value: Any, ctx: CoProcessFunction.Context) -> Any:
        """An iterable of results for a value of the first stream, or None."""

    @abstractmethod
    def process_element2(self, value: Any, ctx: CoProcessFunction.Context) -> Any:
        """An iterable of results for a value of the second stream, or None."""


class KeyedCoProcessFunction(Function):
    """Processes the values of two connected keyed streams, with state and timers for each key."""

    class Context(ABC):
        """What is known while one value is processed."""

        @abstractmethod
        def get_current_key(self) -> Any:
            """The key of the value."""

        @abstractmethod
        def timer_service(self) -> TimerService:
            """Gives the current times and takes timers."""

        @abstractmethod
        def timestamp(self) -> int:
            """The timestamp of the value in milliseconds, or None when it has none."""

    class OnTimerContext(Context):
        """What is known when a timer fires."""

        @abstractmethod
        def time_domain(self) -> TimeDomain:
            """Whether the timer was for event time or processing time."""

    @abstractmethod
    def process_element1(self, value: Any, ctx: KeyedCoProcessFunction.Context) -> Any:
        """An iterable of results for a value of the first stream, or None."""

    @abstractmethod
    def process_element2(self, value: Any, ctx: KeyedCoProcessFunction.Context) -> Any:
        """An iterable of results for a value of the second stream, or None."""

    def on_timer(self, timestamp: int, ctx: KeyedCoProcessFunction.OnTimerContext) -> Any:
        """Called when a timer fires; gives an iterable of results or None."""
