"""What all harnesses have in common."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Callable, Iterable, List, Optional, Sequence

from pyflink.testing import _elements, _states
from pyflink.testing._elements import StreamRecord, Timer

if TYPE_CHECKING:
    from pyflink.common import Configuration, TypeInformation
    from pyflink.datastream import DataStream, OutputTag
    from pyflink.datastream.state import StateDescriptor

__all__ = ["AbstractStreamOperatorTestHarness", "OperatorSnapshot"]

_ALL: Any = object()

_WRONG_SUBTASK = "io.pyflinkshell.harness.WrongSubtaskException"


class OperatorSnapshot:
    """The state of a harness at one moment; any number of harnesses can begin with it."""

    def __init__(self, j_snapshot: Any) -> None:
        self._j_snapshot = j_snapshot

    @property
    def subtask_index(self) -> int:
        """The number of the parallel instance that it was taken of, from 0."""
        return self._j_snapshot.subtask()

    @property
    def parallelism(self) -> int:
        """How many instances there were."""
        return self._j_snapshot.parallelism()

    @property
    def size(self) -> int:
        """The bytes of all state."""
        return self._j_snapshot.size()

    def __repr__(self) -> str:
        return "OperatorSnapshot(subtask_index=%d, parallelism=%d, size=%d)" % (
            self.subtask_index,
            self.parallelism,
            self.size,
        )


class AbstractStreamOperatorTestHarness:
    """Runs an operator one element at a time, without a cluster.

    The operator is the one that a job runs: the same Java classes, the same native chain, the same
    encoding and the same state backend. Functions are pickled as for a job, so that what runs is a
    copy; :attr:`function` is it. After each call everything that it led to has happened.

    A harness begins closed. ``with harness:`` opens it and closes it at the end; before that,
    :meth:`initialize_state` restores a snapshot. It belongs to the thread that opens it.

    Processing time stands at 0 until :meth:`set_processing_time` moves it; the time to live of
    state follows it.
    """

    def __init__(
        self,
        build: Callable[[List[DataStream]], DataStream],
        input_types: Sequence[Optional[TypeInformation]],
        key_type: Optional[TypeInformation],
        parallelism: int,
        max_parallelism: int,
        subtask_index: int,
        configuration: Optional[Configuration],
    ) -> None:
        from pyflink._engine.watching import Watch

        if not 0 <= subtask_index < parallelism <= max_parallelism:
            raise ValueError(
                "0 <= subtask_index < parallelism <= max_parallelism must hold, not "
                "0 <= %d < %d <= %d" % (subtask_index, parallelism, max_parallelism)
            )
        self._watch = Watch()
        self._thread: Optional[int] = None
        self._life = "not opened yet: use it in a with statement or call open()"
        self._output: List[Any] = []
        self._sides: dict = {}
        self._schemas: dict = {}
        self._processing_time = 0
        self._watermarks: List[Optional[int]] = [None] * len(input_types)
        self._prepare(
            build, input_types, key_type, parallelism, max_parallelism, subtask_index, configuration
        )

    def _prepare(
        self,
        build: Callable[[List[DataStream]], DataStream],
        input_types: Sequence[Optional[TypeInformation]],
        key_type: Optional[TypeInformation],
        parallelism: int,
        max_parallelism: int,
        subtask_index: int,
        configuration: Optional[Configuration],
    ) -> None:
        from pyflink._engine.dependencies import for_job
        from pyflink.common.typeinfo import Types
        from pyflink.datastream import DataStream, StreamExecutionEnvironment
        from pyflink.datastream._collections import schema_of
        from pyflink.datastream._java import jvm

        env = StreamExecutionEnvironment._without_cluster(configuration)
        env.set_parallelism(parallelism)
        env.set_max_parallelism(max_parallelism)
        j_environment = env._j_stream_execution_environment
        for_job(j_environment)
        j_class = jvm().io.pyflinkshell.harness.OperatorHarness
        inputs = []
        self._input_schemas = []
        for type_info in input_types:
            j_type = (type_info or Types.PICKLED_BYTE_ARRAY()).get_java_type_info()
            inputs.append(DataStream(j_class.source(j_environment, j_type)))
            self._input_schemas.append(schema_of(j_type))
        end = build(list(inputs))
        if not isinstance(end, DataStream):
            raise TypeError(
                "the operator must give the stream of its results, a DataStream, not a %s"
                % type(end).__name__
            )
        end = end._values()
        self._j_harness = self._call(
            j_class,
            j_environment,
            [stream._j_data_stream for stream in inputs],
            end._j_data_stream,
            None if key_type is None else key_type.get_java_type_info(),
            max_parallelism,
            parallelism,
            subtask_index,
        )

    # -- life -----------------------------------------------------------------------------------

    def initialize_state(self, *snapshots: Any) -> None:
        """Begin with the state of a snapshot; to be called before the harness is opened.

        With another parallelism or subtask index than that of the snapshot, this instance gets its
        part of the state, as a restarted job redistributes it.

        :param snapshots: one :class:`OperatorSnapshot`, or those of all parallel instances, which
            are needed when the parallelism changes. A list of them is taken, too.
        :raises ValueError: one of several is missing, they are of another operator, or their
            max_parallelism was another.
        :raises RuntimeError: the harness was opened already.
        """
        if self._thread is not None:
            raise RuntimeError("initialize_state() comes before the harness is opened")
        given: List[OperatorSnapshot] = []
        for snapshot in snapshots:
            given += snapshot if isinstance(snapshot, (list, tuple)) else [snapshot]
        if not given:
            raise ValueError("initialize_state() needs a snapshot")
        for snapshot in given:
            if not isinstance(snapshot, OperatorSnapshot):
                raise TypeError(
                    "initialize_state() takes what snapshot() gave, not a %s"
                    % type(snapshot).__name__
                )
        self._call(self._j_harness.initializeState, [s._j_snapshot for s in given])

    def open(self) -> None:
        """Restore the state, and open the functions.

        :raises RuntimeError: the harness was opened before.
        :raises Exception: what ``open()`` of a function raised.
        """
        from pyflink._engine.watching import watch

        if self._thread is not None:
            raise RuntimeError("a harness is opened once; make another one")
        self._thread = threading.get_ident()
        try:
            with watch(self._watch, self._j_harness.jobId()):
                self._call(self._j_harness.open)
        except BaseException:
            self._life = "closed: it could not be opened"
            self._close_quietly()
            raise
        self._life = ""

    def close(self) -> None:
        """Close the functions. A second time is nothing.

        :raises Exception: what ``close()`` of a function raised.
        """
        if self._life and self._thread is not None:
            return
        self._pull()
        opened = self._thread is not None
        self._thread = self._thread or threading.get_ident()
        self._life = "closed"
        if opened:
            self._call(self._j_harness.close)

    def _close_quietly(self) -> None:
        try:
            self._call(self._j_harness.close)
        except Exception:
            pass  # what happened before is what counts

    def __enter__(self) -> Any:
        self.open()
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if error is None:
            self.close()
        elif not self._life:
            self._life = "closed"
            self._close_quietly()

    # -- calls into Java ------------------------------------------------------------------------

    def _check(self) -> None:
        if self._life:
            raise RuntimeError("the harness is %s" % self._life)
        if self._thread != threading.get_ident():
            raise RuntimeError("a harness belongs to the thread that opened it")

    def _call(self, method: Callable[..., Any], *args: Any) -> Any:
        """Call Java. A Python exception in it comes as it was raised."""
        from py4j.protocol import Py4JJavaError

        try:
            return method(*args)
        except Py4JJavaError as error:
            original = getattr(error, "python_exception", None)
            if isinstance(original, BaseException):
                raise original from None
            j_name = str(error.java_exception.getClass().getName())
            if j_name in (_WRONG_SUBTASK, "java.lang.IllegalArgumentException"):
                raise ValueError(str(error.java_exception.getMessage())) from None
            raise

    def _run(self, method: Callable[..., Any], *args: Any) -> None:
        self._check()
        try:
            self._call(method, *args)
        finally:
            self._take_tagged()

    # -- input ----------------------------------------------------------------------------------

    def _process(self, number: int, values: Iterable[Any], timestamps: Any) -> None:
        import _pyflink_engine

        self._check()
        batch = _pyflink_engine.encode_batch(values, self._input_schemas[number])
        self._run(self._j_harness.processElements, number, batch, timestamps)

    def _process_one(self, number: int, value: Any, timestamp: Optional[int]) -> None:
        if isinstance(value, StreamRecord):
            if timestamp is not None:
                raise TypeError("a StreamRecord has a timestamp of its own")
            value, timestamp = value
        self._process(number, [value], None if timestamp is None else _long_array([timestamp]))

    def _process_watermark(self, number: int, watermark: Any) -> None:
        timestamp = getattr(watermark, "timestamp", watermark)
        if isinstance(timestamp, bool) or not isinstance(timestamp, int):
            raise TypeError(
                "a watermark is an int, not %s %r" % (type(timestamp).__name__, timestamp)
            )
        self._check()
        last = self._watermarks[number]
        if last is not None and timestamp < last:
            raise ValueError(
                "the watermark %d is before the last one, %d: watermarks do not go back"
                % (timestamp, last)
            )
        self._watermarks[number] = timestamp
        self._run(self._j_harness.processWatermark, number, timestamp)

    def set_processing_time(self, timestamp: int) -> None:
        """Move the processing time; the timers that are due by then fire in their order.

        :param timestamp: milliseconds. It may be set before the harness is opened.
        :raises ValueError: it is before the present one.
        """
        if self._thread is not None:
            self._check()
        if timestamp < self._processing_time:
            raise ValueError(
                "the processing time %d is before the present one, %d: time does not go back"
                % (timestamp, self._processing_time)
            )
        self._processing_time = timestamp
        if self._thread is None:
            self._call(self._j_harness.setProcessingTime, timestamp)
        else:
            self._run(self._j_harness.setProcessingTime, timestamp)

    def get_processing_time(self) -> int:
        """The processing time in milliseconds."""
        return self._processing_time

    def wait_for_results(self, timeout: int = 10_000) -> None:
        """Wait until asynchronous functions have answered for all records that are in flight.

        :param timeout: milliseconds of real time.
        :raises TimeoutError: some had not answered by then; they are still in flight.
        :raises Exception: what a function raised.
        """
        done: List[bool] = []
        self._run(lambda: done.append(self._j_harness.awaitResults(timeout)))
        if not done[0]:
            raise TimeoutError(
                "an asynchronous function has not answered for all records after %d ms" % timeout
            )

    # -- output ---------------------------------------------------------------------------------

    def _pull(self) -> None:
        self._output += _elements.take(self._j_harness.results())

    def get_output(self) -> List[Any]:
        """All that came out so far: :class:`StreamRecord`, :class:`Watermark`, in order.

        The list is the harness's own: what is removed from it, as with ``clear()``, is gone.
        """
        self._pull()
        return self._output

    def extract_output_stream_records(self) -> List[StreamRecord]:
        """The records that came out so far."""
        return [element for element in self.get_output() if isinstance(element, StreamRecord)]

    def extract_output_values(self) -> List[Any]:
        """The values of the records that came out so far."""
        return [record.value for record in self.extract_output_stream_records()]

    def get_side_output(self, output_tag: OutputTag) -> List[StreamRecord]:
        """The records that were sent to a side output so far.

        :param output_tag: its name counts.
        :returns: the harness's own list, as with :meth:`get_output`.
        """
        from pyflink.datastream.output_tag import OutputTag

        if not isinstance(output_tag, OutputTag):
            raise TypeError(
                "get_side_output() needs an OutputTag, not a %s" % type(output_tag).__name__
            )
        records = self._sides.setdefault(output_tag.tag_id, [])
        records += _elements.take(self._j_harness.side(output_tag.tag_id))
        return records

    def _take_tagged(self) -> None:
        """Encode what was tagged, as the operator does it when somebody reads the side output."""
        import _pyflink_engine
        from pyflink.datastream._collections import schema_of

        taken = self._watch.tagged[:]
        del self._watch.tagged[:]
        for operator, tagged, timestamp in taken:
            tag, value = tagged[0], tagged[1]
            schema = self._schemas.get(tag.tag_id)
            if schema is None:
                schema = schema_of(tag.type_info.get_java_type_info())
                self._schemas[tag.tag_id] = schema
            who = "operator '%s', side output '%s'" % (operator, tag.tag_id)
            _pyflink_engine.schema_check(value, schema, who)
            data = _pyflink_engine.encode_batch([value], schema)
            value = _pyflink_engine.decode_batch(data, schema, 0, True)[0]
            self._sides.setdefault(tag.tag_id, []).append(StreamRecord(value, timestamp))

    # -- timers ---------------------------------------------------------------------------------

    def _timers(self, event_time: bool, key: Any) -> List[Timer]:
        self._check()
        timers = []
        for j_results in self._call(self._j_harness.timers, event_time):
            for record in _elements.take(j_results):
                if key is _ALL or record.value == key:
                    timers.append(Timer(record.timestamp, record.value))
        return sorted(timers, key=lambda timer: timer.timestamp)

    def _count(self, event_time: bool, key: Any) -> int:
        if key is not _ALL:
            return len(self._timers(event_time, key))
        self._check()
        return self._call(self._j_harness.timerCount, event_time)

    def event_time_timers(self, key: Any = _ALL) -> List[Timer]:
        """The event-time timers that wait, the next one first.

        :param key: only those of this key.
        """
        return self._timers(True, key)

    def processing_time_timers(self, key: Any = _ALL) -> List[Timer]:
        """The processing-time timers that wait, the next one first.

        :param key: only those of this key.
        """
        return self._timers(False, key)

    def num_event_time_timers(self, key: Any = _ALL) -> int:
        """How many event-time timers wait.

        :param key: only those of this key.
        """
        return self._count(True, key)

    def num_processing_time_timers(self, key: Any = _ALL) -> int:
        """How many processing-time timers wait.

        :param key: only those of this key.
        """
        return self._count(False, key)

    # -- state ----------------------------------------------------------------------------------

    def get_state(self, state_descriptor: StateDescriptor, key: Any) -> Any:
        """The state of one key, to read and to change.

        :param state_descriptor: of a state that a function of the operator has opened.
        :param key: the key.
        :returns: a state with the methods of its kind, such as ``value()`` and ``update()``.
        :raises KeyError: no function has opened a state of this name.
        :raises TypeError: the key does not fit the type of the keys.
        :raises ValueError: the state is of another kind.
        """
        self._check()
        _, keyed, state = _states.find(self._watch.states, state_descriptor)
        return self._state(state, keyed, key)

    def _state(self, state: Any, keyed: Any, key: Any) -> Any:
        from _pyflink_engine import use_key

        def use() -> None:
            self._check()
            use_key(keyed, key)

        use()
        return _states.StateOfKey(state, use)

    def _state_of_window(self, descriptor: Any, key: Any, window: Any) -> Any:
        from _pyflink_engine import use_key

        self._check()
        keyed, opened, state = _states.find_of_windows(self._watch, descriptor)
        data = _states.bytes_of_window(opened, window)

        def use() -> None:
            self._check()
            use_key(keyed, key, opened.states.engine.keyed)
            opened.states.engine.enter(data)

        use()
        return _states.StateOfKey(state, use)

    def get_keys(self, state_descriptor: StateDescriptor) -> List[Any]:
        """The keys that have something in a state, in any order.

        :param state_descriptor: of a state that a function of the operator has opened.
        :raises KeyError: no function has opened a state of this name.
        """
        self._check()
        operator, name = _states.find_name(self._watch.states, state_descriptor)
        j_keys = self._call(self._j_harness.keysOf, operator, name)
        return [record.value for record in _elements.take(j_keys)]

    def snapshot(self) -> OperatorSnapshot:
        """Take a checkpoint.

        :returns: the state, for :meth:`initialize_state` of other harnesses.
        """
        self._check()
        return OperatorSnapshot(self._call(self._j_harness.snapshot))

    # -- the functions --------------------------------------------------------------------------

    @property
    def function(self) -> Any:
        """The function object that runs: a copy of the one that was given.

        :raises RuntimeError: the harness was not opened yet.
        """
        if self._thread is None:
            raise RuntimeError("the harness is %s" % self._life)
        from pyflink.datastream.functions import Function, KeySelector

        found = [function for _, function in self._watch.functions]
        for function in map(_functions_own, found):
            if isinstance(function, Function) and not isinstance(function, KeySelector):
                return function
        return found[0] if found else None


def _functions_own(loaded: Any) -> Any:
    """The program's function in what is shipped."""
    from pyflink.datastream._window_step import WindowStep
    from pyflink.datastream.interval_join import JoinStep

    if isinstance(loaded, JoinStep):
        return loaded.function
    if isinstance(loaded, WindowStep):
        adapter = loaded.window_function
        return getattr(adapter, "_wrapped_function", adapter) or loaded.function
    return loaded


def _long_array(values: Iterable[int]) -> Any:
    from pyflink.datastream._java import jvm
    from pyflink.util.java_utils import to_jarray

    return to_jarray(jvm().long, list(values))
