"""The window operator for triggers and assigners that are written in Python.

It does what Flink's operator does, on the same state and timers: what a window holds, the state of
triggers and the timers belong to the current key and a window, which `Windows.enter` makes current.
"""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple

from pyflink._engine.functions import open_function
from pyflink._engine.states import AGGREGATING, LIST, REDUCING, KeyedStates
from pyflink._engine.watching import opened_windows
from pyflink._engine.window_states import WindowStates
from pyflink._engine.windows import (
    Evicting,
    WindowContext,
    contents_state,
    pickled,
    plain_reduce,
)
from pyflink.common.constants import MAX_LONG_VALUE
from pyflink.datastream import _window_step as steps
from pyflink.datastream._windows import TimeWindow, TimeWindowSerializer
from pyflink.datastream.state import (
    AggregatingStateDescriptor,
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    ValueStateDescriptor,
)
from pyflink.datastream.time_domain import TimeDomain
from pyflink.datastream.window import MergingWindowAssigner, Trigger, TriggerResult, WindowAssigner

# Stands for the contents of a window that holds nothing.
_NOTHING = object()


class _Serialized:
    """Windows as the bytes of their own serializer."""

    def __init__(self, serializer: Any) -> None:
        self._serializer = serializer

    def write(self, window: Any) -> bytes:
        stream = BytesIO()
        self._serializer.serialize(window, stream)
        return stream.getvalue()

    def read(self, window: bytes) -> Any:
        return self._serializer.deserialize(BytesIO(window))


class _TimeWindows:
    """The same bytes as those of a TimeWindowSerializer."""

    _format = struct.Struct(">qq")

    def write(self, window: TimeWindow) -> bytes:
        return self._format.pack(window.start, window.end)

    def read(self, window: bytes) -> TimeWindow:
        return TimeWindow(*self._format.unpack(window))


def _form_of(assigner: WindowAssigner) -> Any:
    serializer = assigner.get_window_serializer()
    return _TimeWindows() if type(serializer) is TimeWindowSerializer else _Serialized(serializer)


# -- contents --------------------------------------------------------------------------------------


class _ListContents:
    """All records of the current window, for an evictor with their timestamps.

    :param states: of the windows.
    :param timed: whether there is an evictor.
    """

    def __init__(self, states: KeyedStates, timed: bool) -> None:
        self.state = contents_state(states, LIST, pickled() if timed else None)
        self._timed = timed

    def add(self, value: Any, timestamp: Optional[int]) -> None:
        self.state.add((value, timestamp) if self._timed else value)

    def take(self) -> Any:
        return self.state.get() or _NOTHING

    get = take

    def put(self, values: List[Any]) -> None:
        self.state.add_all(values)

    def merge(self, values: List[Any], more: List[Any]) -> List[Any]:
        return values + more


class _Accumulated:
    """One value for the current window.

    :param windows: the engine's Windows.
    :param states: of the windows.
    :param step: the operator.
    """

    def __init__(self, windows: Any, states: KeyedStates, step: steps.WindowStep) -> None:
        function = step.function
        self._windows = windows
        self._add: Callable[[Any, Any], Any]
        self._result: Optional[Callable[[Any], Any]] = None
        if step.kind == steps.REDUCE:
            self.merge = plain_reduce(function)
            self.state = contents_state(states, REDUCING, None, self.merge)
            self._add = lambda value, old: value if old is _NOTHING else self.merge(old, value)
        else:
            create, add = function.create_accumulator, function.add
            self.merge, self._result = function.merge, function.get_result
            self.state = contents_state(
                states,
                AGGREGATING,
                step.accumulator_type or pickled(),
                create,
                add,
                function.get_result,
            )
            self._add = lambda value, old: add(value, create() if old is _NOTHING else old)

    def add(self, value: Any, timestamp: Optional[int]) -> None:
        windows, state = self._windows, self.state
        windows.store(state, self._add(value, windows.load(state, _NOTHING)))

    def take(self) -> Any:
        return self._windows.load(self.state, _NOTHING)

    def get(self) -> Any:
        value = self.take()
        return value if value is _NOTHING or self._result is None else self._result(value)

    def put(self, value: Any) -> None:
        old = self.take()
        self._windows.store(self.state, value if old is _NOTHING else self.merge(old, value))


# -- contexts --------------------------------------------------------------------------------------


class _AssignerContext(WindowAssigner.WindowAssignerContext):
    def __init__(self, timers: Any, runtime_context: Any) -> None:
        self._timers = timers
        self._runtime_context = runtime_context

    def get_current_processing_time(self) -> int:
        return self._timers.current_processing_time()

    def get_runtime_context(self) -> Any:
        return self._runtime_context


class _TriggerContext(Trigger.OnMergeContext):
    """Times, timers and state of the window that was made current last.

    :param operator: the window operator.
    """

    def __init__(self, operator: WindowOperator) -> None:
        self._operator = operator
        self._timers = operator.timers
        self.merged: Iterable[Any] = ()
        self.get_current_processing_time = self._timers.current_processing_time
        self.get_current_watermark = self._timers.current_watermark
        self.register_processing_time_timer = self._timers.register_processing_time_timer
        self.register_event_time_timer = self._timers.register_event_time_timer
        self.delete_processing_time_timer = self._timers.delete_processing_time_timer
        self.delete_event_time_timer = self._timers.delete_event_time_timer

    # What __init__ puts in front of these is called; they make the class whole.

    def get_current_processing_time(self) -> int:
        return self._timers.current_processing_time()

    def get_current_watermark(self) -> int:
        return self._timers.current_watermark()

    def register_processing_time_timer(self, time: int) -> None:
        self._timers.register_processing_time_timer(time)

    def register_event_time_timer(self, time: int) -> None:
        self._timers.register_event_time_timer(time)

    def delete_processing_time_timer(self, time: int) -> None:
        self._timers.delete_processing_time_timer(time)

    def delete_event_time_timer(self, time: int) -> None:
        self._timers.delete_event_time_timer(time)

    def get_metric_group(self) -> Any:
        return self._operator.runtime_context.get_metrics_group()

    def get_partitioned_state(self, state_descriptor: Any) -> Any:
        states = self._operator.states
        if isinstance(state_descriptor, ValueStateDescriptor):
            return states.value(state_descriptor)
        if isinstance(state_descriptor, ListStateDescriptor):
            return states.list(state_descriptor)
        if isinstance(state_descriptor, MapStateDescriptor):
            return states.map(state_descriptor)
        if isinstance(state_descriptor, ReducingStateDescriptor):
            return states.reducing(state_descriptor)
        if isinstance(state_descriptor, AggregatingStateDescriptor):
            return states.aggregating(state_descriptor)
        raise TypeError(
            "get_partitioned_state() needs a state descriptor, not %s"
            % type(state_descriptor).__name__
        )

    def merge_partitioned_state(self, state_descriptor: Any) -> None:
        if isinstance(state_descriptor, AggregatingStateDescriptor):
            merge = self._operator.merge_accumulators
        elif isinstance(state_descriptor, (ReducingStateDescriptor, ListStateDescriptor)):
            merge = self._operator.merge_added
        else:
            raise TypeError(
                "state '%s' cannot be merged: only list, reducing and aggregating state can"
                % state_descriptor.get_name()
            )
        merge(self.get_partitioned_state(state_descriptor), state_descriptor, self.merged)


# -- the operator ----------------------------------------------------------------------------------


class WindowOperator:
    """What is called for records and timers.

    :param step: what the operator is made of.
    :param runtime_context: where it runs.
    """

    def __init__(self, step: steps.WindowStep, runtime_context: Any) -> None:
        states: WindowStates = runtime_context._windows
        windows = states.engine
        self.states: KeyedStates = states.of_trigger
        self.timers = windows.timers
        self.runtime_context = runtime_context
        self._engine = windows
        self._step = step
        self._assigner = step.assigner
        self._trigger = step.trigger
        self._form = _form_of(step.assigner)
        opened_windows(runtime_context, step.assigner, self._form.write)
        self._event_time = step.assigner.is_event_time()
        self._context = WindowContext(step, runtime_context)
        self._assigner_context = _AssignerContext(self.timers, runtime_context)
        self._late_counter = runtime_context.get_metrics_group().counter("numLateRecordsDropped")
        self._trigger_context = _TriggerContext(self)
        self._evicting: Optional[Evicting] = None
        self._contents: Any
        if step.evictor is not None:
            self._contents = _ListContents(states.own, True)
            self._evicting = Evicting(step, self._context)
            self._evicting.state = self._contents.state
        elif step.kind == steps.LIST:
            self._contents = _ListContents(states.own, False)
        else:
            self._contents = _Accumulated(windows, states.own, step)
        self._merging: Any = None
        if isinstance(step.assigner, MergingWindowAssigner):
            self._merging = states.own_of_keys.value(
                ValueStateDescriptor("merging-window-set", pickled())
            )

    # -- records and timers -----------------------------------------------------------------------

    def process_element(self, value: Any, ctx: Any) -> Iterator[Any]:
        """The results because of a record."""
        timestamp = ctx.timestamp()
        skipped = True
        for window in self._assigner.assign_windows(value, timestamp, self._assigner_context):
            window = self._merged(window) if self._merging is not None else window
            if self._is_late(window):
                self._retire(window)
                continue
            skipped = False
            self._enter_contents(window)
            self._contents.add(value, timestamp)
            self._enter(window)
            result = self._trigger.on_element(value, timestamp, window, self._trigger_context)
            yield from self._follow(result, window)
            self._enter(window)
            self._register_cleanup(window)
        if skipped and self._event_time and self._is_past(timestamp):
            if self._step.late_tag is not None:
                yield self._step.late_tag, value
            else:
                self._late_counter.inc()

    def on_timer(self, timestamp: int, ctx: Any) -> Iterator[Any]:
        """The results because of a timer."""
        window = self._form.read(self._engine.current())
        if self._merging is not None and self._state_window(window) is None:
            return  # the trigger left a timer of a window that was merged into another
        event_time = ctx.time_domain() == TimeDomain.EVENT_TIME
        call = self._trigger.on_event_time if event_time else self._trigger.on_processing_time
        result = call(timestamp, window, self._trigger_context)
        yield from self._follow(result, window)
        if event_time == self._event_time and timestamp == self._cleanup_time(window):
            self._end(window)

    def _follow(self, result: TriggerResult, window: Any) -> Iterator[Any]:
        if result.is_fire():
            self._enter_contents(window)
            contents = self._contents.get()
            if contents is not _NOTHING:
                yield from self._results(window, contents)
        if result.is_purge():
            self._enter_contents(window)
            self._contents.state.clear()

    def _results(self, window: Any, contents: Any) -> Iterable[Any]:
        key = self._engine.key()
        if self._evicting is not None:
            return self._evicting.process(key, window, contents)
        function = self._step.window_function
        if function is None:
            return (contents,)
        if self._merging is None:
            self._enter(window)
        return function.process(key, window, self._context, contents) or ()

    def _end(self, window: Any) -> None:
        self._enter_contents(window)
        self._contents.state.clear()
        self._enter(window)
        self._trigger.clear(window, self._trigger_context)
        if self._step.tells_end() and self._step.window_function is not None:
            self._step.window_function.clear(window, self._context)
        self._retire(window)

    # -- times ------------------------------------------------------------------------------------

    def _cleanup_time(self, window: Any) -> int:
        end = window.max_timestamp()
        lateness = self._step.allowed_lateness if self._event_time else 0
        return min(end + lateness, MAX_LONG_VALUE)

    def _is_past(self, timestamp: int) -> bool:
        return timestamp + self._step.allowed_lateness <= self.timers.current_watermark()

    def _is_late(self, window: Any) -> bool:
        return self._event_time and self._cleanup_time(window) <= self.timers.current_watermark()

    def _register_cleanup(self, window: Any) -> None:
        time = self._cleanup_time(window)
        if time == MAX_LONG_VALUE:
            return
        if self._event_time:
            self.timers.register_event_time_timer(time)
        else:
            self.timers.register_processing_time_timer(time)

    def _delete_cleanup(self, window: Any) -> None:
        time = self._cleanup_time(window)
        if self._event_time:
            self.timers.delete_event_time_timer(time)
        else:
            self.timers.delete_processing_time_timer(time)

    # -- windows that merge -----------------------------------------------------------------------

    def _enter(self, window: Any) -> None:
        self._engine.enter(self._form.write(window))

    def _enter_contents(self, window: Any) -> None:
        """What merged windows hold stays where one of them had it."""
        if self._merging is None:
            self._enter(window)
        else:
            self._engine.enter(self._state_window(window) or self._form.write(window))

    def _state_window(self, window: Any) -> Optional[bytes]:
        return (self._merging.value() or {}).get(self._form.write(window))

    def _retire(self, window: Any) -> None:
        if self._merging is not None:
            holders = dict(self._merging.value() or {})
            holders.pop(self._form.write(window), None)
            self._keep(holders)

    def _keep(self, holders: Dict[bytes, bytes]) -> None:
        """Which window's state holds the contents of each window of the current key."""
        if holders:
            self._merging.update(holders)
        else:
            self._merging.clear()

    def _merged(self, new: Any) -> Any:
        """Merge a window with those of the current key; the one that it is part of now."""
        write, read = self._form.write, self._form.read
        holders: Dict[bytes, bytes] = dict(self._merging.value() or {})
        groups: List[Tuple[Any, List[Any]]] = []

        class Found(MergingWindowAssigner.MergeCallback):
            def merge(self, to_be_merged: Iterable[Any], merge_result: Any) -> None:
                groups.append((merge_result, list(to_be_merged)))

        windows = [read(window) for window in holders]
        if write(new) not in holders:
            windows.append(new)
        self._assigner.merge_windows(windows, Found())  # type: ignore[attr-defined]
        result, joined = new, False
        for merge_result, members in groups:
            old = [write(member) for member in members]
            if write(new) in old:
                result, joined = merge_result, True
            old = [window for window in old if window in holders]
            if not old:
                continue
            held = [holders.pop(window) for window in old]
            holders[write(merge_result)] = held[0]
            if old != [write(merge_result)]:
                self._join(merge_result, [read(window) for window in old], held)
        if not joined and write(new) not in holders:
            holders[write(new)] = write(new)
        elif joined and write(result) not in holders:
            holders[write(result)] = write(result)
        self._keep(holders)
        return result

    def _join(self, window: Any, members: List[Any], held: List[bytes]) -> None:
        """`members` are merged into `window`; `held` are the windows whose state they used."""
        self._check_merged(window)
        self._enter(window)
        self._trigger_context.merged = [m for m in members if m != window]
        self._trigger.on_merge(window, self._trigger_context)
        for member in self._trigger_context.merged:
            self._enter(member)
            self._trigger.clear(member, self._trigger_context)
            self._delete_cleanup(member)
        contents = self._contents
        merged = _NOTHING
        for holder in held[1:]:
            self._engine.enter(holder)
            more = contents.take()
            contents.state.clear()
            if more is not _NOTHING:
                merged = more if merged is _NOTHING else contents.merge(merged, more)
        if merged is not _NOTHING:
            self._engine.enter(held[0])
            contents.put(merged)

    def _check_merged(self, window: Any) -> None:
        now = self.timers.current_watermark()
        if not self._event_time:
            now = self.timers.current_processing_time()
        if self._cleanup_time(window) <= now:
            raise Exception(
                "windows were merged into %s, which ends before the current %s, %d"
                % (window, "watermark" if self._event_time else "processing time", now)
            )

    def merge_added(self, state: Any, descriptor: Any, windows: Iterable[Any]) -> None:
        """Merge list or reducing state of `windows` into that of the current one."""
        target = self._engine.current()
        taken: List[Any] = []
        for window in windows:
            self._enter(window)
            value = state.get()
            state.clear()
            if isinstance(value, list):
                taken.extend(value)
            elif value is not None:
                taken.append(value)
        self._engine.enter(target)
        for value in taken:
            state.add(value)

    def merge_accumulators(self, state: Any, descriptor: Any, windows: Iterable[Any]) -> None:
        """Merge aggregating state of `windows` into that of the current one."""
        target, merge = self._engine.current(), descriptor.get_agg_function().merge
        merged = self._engine.load(state, _NOTHING)
        for window in windows:
            self._enter(window)
            more = self._engine.load(state, _NOTHING)
            state.clear()
            if more is not _NOTHING:
                merged = more if merged is _NOTHING else merge(merged, more)
        self._engine.enter(target)
        if merged is not _NOTHING:
            self._engine.store(state, merged)


def load(step: steps.WindowStep, runtime_context: Any) -> Tuple[Any, ...]:
    """Open the functions of an operator.

    :param step: the operator.
    :param runtime_context: what ``open`` gets.
    :returns: as :func:`pyflink._engine.functions.load`.
    """
    function = step.window_function
    close = None if function is None else open_function(function, runtime_context)
    operator = WindowOperator(step, runtime_context)
    return operator.process_element, close, None, operator.on_timer
