"""The functions of windows that Flink's operator drives: what a window's contents become."""

from __future__ import annotations

import functools
import struct
from typing import Any, Callable, Iterable, Iterator, List, Optional, Tuple

from pyflink._engine.states import AGGREGATING, LIST, REDUCING, KeyedStates
from pyflink._engine.watching import opened_windows
from pyflink._engine.window_states import WindowStates, raise_no_state_of_merged
from pyflink.datastream import _window_step as steps
from pyflink.datastream._evictors import Evictor, TimestampedValue
from pyflink.datastream._windows import CountWindow, GlobalWindow, TimeWindow
from pyflink.datastream.functions import InternalWindowFunction, KeyedStateStore

_CONTENTS = "window-contents"


class _Contents:
    """Stands for the descriptor of what windows hold."""

    _ttl_config = None

    def get_name(self) -> str:
        return _CONTENTS


def contents_state(states: KeyedStates, kind: int, type_info: Any, *functions: Any) -> Any:
    """The state of what windows hold.

    :param states: of the windows.
    :param kind: of the state.
    :param type_info: of its values; None: that of the records.
    :param functions: of a reducing or aggregating state.
    """
    return states._get(kind, _Contents(), type_info, None, functions)


def pickled() -> Any:
    """The type of undeclared values."""
    from pyflink.common.typeinfo import Types

    return Types.PICKLED_BYTE_ARRAY()


def time_window(window: bytes) -> TimeWindow:
    """The window of time that Java wrote."""
    return TimeWindow(*struct.unpack("<qq", window))


def _count_window(window: bytes) -> CountWindow:
    return CountWindow(*struct.unpack("<q", window))


def _global_window(window: bytes) -> GlobalWindow:
    return GlobalWindow.get()


def _write(window: Any) -> bytes:
    """What the makers read."""
    if isinstance(window, TimeWindow):
        return struct.pack("<qq", window.start, window.end)
    return struct.pack("<q", window.id) if isinstance(window, CountWindow) else b""


def _maker(assigner: Any) -> Callable[[bytes], Any]:
    from pyflink.datastream import _assigners

    if isinstance(assigner, _assigners.GlobalWindows):
        return _global_window
    if isinstance(
        assigner,
        (_assigners.CountTumblingWindowAssigner, _assigners.CountSlidingWindowAssigner),
    ):
        return _count_window
    return time_window


# -- contexts --------------------------------------------------------------------------------------


class _WindowStore(KeyedStateStore):
    """State of the current key and window."""

    def __init__(self, states: KeyedStates) -> None:
        self._states = states

    def get_state(self, state_descriptor: Any) -> Any:
        return self._states.value(state_descriptor)

    def get_list_state(self, state_descriptor: Any) -> Any:
        return self._states.list(state_descriptor)

    def get_map_state(self, state_descriptor: Any) -> Any:
        return self._states.map(state_descriptor)

    def get_reducing_state(self, state_descriptor: Any) -> Any:
        return self._states.reducing(state_descriptor)

    def get_aggregating_state(self, state_descriptor: Any) -> Any:
        return self._states.aggregating(state_descriptor)


class _NoStore(_WindowStore):
    """Windows that are merged cannot have state: whose would it be?"""

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("get_"):
            raise_no_state_of_merged()
        return super().__getattribute__(name)


class WindowContext(InternalWindowFunction.InternalWindowContext, Evictor.EvictorContext):
    """What functions can ask about the window that fires.

    :param step: the operator.
    :param runtime_context: where it runs.
    """

    def __init__(self, step: steps.WindowStep, runtime_context: Any) -> None:
        from pyflink.datastream.window import MergingWindowAssigner

        states: WindowStates = runtime_context._windows
        merging = isinstance(step.assigner, MergingWindowAssigner)
        self._store = (_NoStore if merging else _WindowStore)(states.of_function)
        self._runtime_context = runtime_context
        self._timers = states.engine.timers

    def current_processing_time(self) -> int:
        return self._timers.current_processing_time()

    def current_watermark(self) -> int:
        return self._timers.current_watermark()

    def window_state(self) -> KeyedStateStore:
        return self._store

    def global_state(self) -> KeyedStateStore:
        return self._runtime_context

    def get_current_processing_time(self) -> int:
        return self._timers.current_processing_time()

    def get_current_watermark(self) -> int:
        return self._timers.current_watermark()

    def get_metric_group(self) -> Any:
        return self._runtime_context.get_metrics_group()


# -- results ---------------------------------------------------------------------------------------


class Evicting:
    """The results of windows with an evictor, which hold pairs of record and timestamp.

    :param step: the operator.
    :param context: of the windows.
    """

    def __init__(self, step: steps.WindowStep, context: WindowContext) -> None:
        self._step = step
        self._context = context
        self.state: Any = None

    def process(self, key: Any, window: Any, pairs: List[Tuple[Any, Optional[int]]]) -> Iterator:
        """The results; afterwards the state holds what is left of the records.

        :param key: the key.
        :param window: the window.
        :param pairs: what the window holds.
        """
        evictor, context = self._step.evictor, self._context
        assert evictor is not None
        elements = [TimestampedValue(value, timestamp) for value, timestamp in pairs]
        evictor.evict_before(elements, len(elements), window, context)
        yield from self._results(key, window, [e.get_value() for e in elements])
        evictor.evict_after(elements, len(elements), window, context)
        if len(elements) < len(pairs):
            self.state.update([(e.get_value(), e.get_timestamp()) for e in elements])

    def _results(self, key: Any, window: Any, values: List[Any]) -> Iterable[Any]:
        step = self._step
        contents: Any = values
        if step.kind == steps.REDUCE:
            if not values:
                return ()
            contents = functools.reduce(step.function.reduce, values)
        elif step.kind == steps.AGGREGATE:
            function = step.function
            contents = function.create_accumulator()
            for value in values:
                contents = function.add(value, contents)
            contents = function.get_result(contents)
        if step.window_function is None:
            return (contents,)
        return step.window_function.process(key, window, self._context, contents) or ()


def load(step: steps.WindowStep, runtime_context: Any) -> Tuple[Any, ...]:
    """Open the functions of an operator and tell the engine what to call.

    :param step: the operator.
    :param runtime_context: what ``open`` gets.
    :returns: as :func:`pyflink._engine.functions.load`.
    """
    windows, states = runtime_context._windows.engine, runtime_context._windows.own
    context = WindowContext(step, runtime_context)
    adapter, function = step.window_function, step.function
    make = _maker(step.assigner)
    opened_windows(runtime_context, step.assigner, _write)
    emit = clear = close = None
    if adapter is not None:
        process = adapter.process

        def emit(key: Any, window: bytes, contents: Any) -> Any:
            return process(key, make(window), context, contents)

        if step.tells_end():

            def clear(key: Any, window: bytes) -> None:
                adapter.clear(make(window), context)

        from pyflink._engine.functions import open_function

        close = open_function(adapter, runtime_context)
    late = step.late_tag
    if step.evictor is not None:
        evicting = Evicting(step, context)

        def emit(key: Any, window: bytes, contents: Any) -> Any:
            return evicting.process(key, make(window), contents)

        evicting.state = contents_state(states, LIST, pickled())
        windows.configure(evicting.state, "timed", emit=emit, clear=clear, late=late)
    elif step.kind == steps.LIST:
        state = contents_state(states, LIST, None)
        windows.configure(state, "list", emit=emit, clear=clear, late=late)
    elif step.kind == steps.REDUCE:
        reduce = plain_reduce(function)
        state = contents_state(states, REDUCING, None, reduce)
        windows.configure(state, "reduce", add=reduce, emit=emit, clear=clear, late=late)
    else:
        functions = (function.create_accumulator, function.add, function.get_result)
        type_info = step.accumulator_type or pickled()
        state = contents_state(states, AGGREGATING, type_info, *functions)
        windows.configure(
            state, "aggregate", *functions, function.merge, emit=emit, clear=clear, late=late
        )
    return windows.configure, close


def plain_reduce(function: Any) -> Callable[[Any, Any], Any]:
    """What is called to reduce two values."""
    from pyflink._engine.functions import _unwrapped

    return _unwrapped(function, function.reduce, "reduce")
