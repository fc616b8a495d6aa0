"""Streams of records and what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Optional, Union

from pyflink.common.utils import show_as_part_of
from pyflink.datastream._java import jvm, ship, transforms
from pyflink.datastream._resources import ResourcesMixin
from pyflink.datastream._shipping import check_call, ship_all
from pyflink.datastream._sinks import DataStreamSink, java_slot_sharing_group
from pyflink.datastream._stream_ends import StreamEndsMixin
from pyflink.datastream.functions import (
    FilterFunction,
    FlatMapFunction,
    KeySelector,
    MapFunction,
    Partitioner,
    ProcessFunction,
    ReduceFunction,
)

if TYPE_CHECKING:
    from pyflink.common import ExecutionConfig, Time, TypeInformation, WatermarkStrategy
    from pyflink.datastream.iterative_stream import IterativeStream
    from pyflink.datastream.joined_streams import CoGroupedStreams, JoinedStreams
    from pyflink.datastream.output_tag import OutputTag
    from pyflink.datastream.slot_sharing_group import SlotSharingGroup
    from pyflink.datastream.state import MapStateDescriptor
    from pyflink.datastream.window import WindowAssigner

__all__ = [
    "CloseableIterator",
    "DataStream",
    "KeyedStream",
    "ConnectedStreams",
    "WindowedStream",
    "DataStreamSink",
    "BroadcastStream",
    "BroadcastConnectedStream",
]

WINDOW_STATE_NAME = "window-contents"

# The kinds of native operators, as engine/runtime knows them.
_MAP, _FLAT_MAP, _FILTER, _VALUES, _PROCESS, _REDUCE, _ASSIGN = 1, 2, 3, 5, 6, 7, 8
_KEYED_PROCESS = 17


def need_function(func: Any, kind: type) -> None:
    """TypeError when `func` is neither of `kind` nor callable, or takes other arguments."""
    if not isinstance(func, kind) and not callable(func):
        raise TypeError(
            "the function must be a %s or a callable, not %s %r"
            % (kind.__name__, type(func).__name__, func)
        )
    check_call(func, kind)


def not_yet(what: str) -> NotImplementedError:
    """The error of a part that is still missing."""
    return NotImplementedError("%s is not implemented yet" % what)


class DataStream(StreamEndsMixin, ResourcesMixin):
    """A stream of records.

    :param j_data_stream: the Java DataStream.
    """

    def __init__(self, j_data_stream: Any) -> None:
        self._j_data_stream = j_data_stream

    # -- about the operator that makes the stream -----------------------------------------------

    def get_name(self) -> str:
        """The name of the operator that makes this stream."""
        return self._j_data_stream.getName()

    def name(self, name: str) -> DataStream:
        """Name the operator that makes this stream.

        :param name: shown in plans, logs and metrics.
        """
        self._j_data_stream.name(name)
        return self

    def uid(self, uid: str) -> DataStream:
        """Give the operator an identity that stays the same when the program changes.

        :param uid: unique in the program; savepoints find the operator's state by it.
        """
        self._j_data_stream.uid(uid)
        return self

    def set_uid_hash(self, uid_hash: str) -> DataStream:
        """Give the operator the identity it had in an older savepoint.

        :param uid_hash: 32 hexadecimal digits.
        """
        self._j_data_stream.setUidHash(uid_hash)
        return self

    def set_parallelism(self, parallelism: int) -> DataStream:
        """Set how many parallel instances the operator has.

        :param parallelism: at least 1.
        """
        self._j_data_stream.setParallelism(parallelism)
        return self

    def set_max_parallelism(self, max_parallelism: int) -> DataStream:
        """Set the operator's number of key groups.

        :param max_parallelism: 1 to 32,768.
        """
        self._j_data_stream.setMaxParallelism(max_parallelism)
        return self

    def get_type(self) -> TypeInformation:
        """The type of the records.

        :raises TypeError: Python cannot read records of that type.
        """
        from pyflink.common.typeinfo import _from_java_type

        return _from_java_type(self._j_data_stream.getType())

    def get_execution_environment(self) -> Any:
        """The environment of the program."""
        from pyflink.datastream.stream_execution_environment import StreamExecutionEnvironment

        return StreamExecutionEnvironment(self._j_data_stream.getExecutionEnvironment())

    def get_execution_config(self) -> ExecutionConfig:
        """The settings of how the program runs."""
        from pyflink.common.execution_config import ExecutionConfig

        return ExecutionConfig(self._j_data_stream.getExecutionConfig())

    def force_non_parallel(self) -> DataStream:
        """Fix the parallelism at 1."""
        self._j_data_stream.forceNonParallel()
        return self

    def set_buffer_timeout(self, timeout_millis: int) -> DataStream:
        """Set how long records may wait for more before they are sent on.

        :param timeout_millis: milliseconds; 0 sends each record at once, -1 only full buffers.
        """
        self._j_data_stream.setBufferTimeout(timeout_millis)
        return self

    def start_new_chain(self) -> DataStream:
        """Do not run the operator in one task with those before it."""
        self._j_data_stream.startNewChain()
        return self

    def disable_chaining(self) -> DataStream:
        """Run the operator in a task of its own."""
        self._j_data_stream.disableChaining()
        return self

    def slot_sharing_group(self, slot_sharing_group: Union[str, SlotSharingGroup]) -> DataStream:
        """Put the operator into a slot sharing group.

        :param slot_sharing_group: the group or its name.
        """
        self._j_data_stream.slotSharingGroup(java_slot_sharing_group(slot_sharing_group))
        return self

    def set_description(self, description: str) -> DataStream:
        """Describe the operator in plans.

        :param description: any text.
        """
        self._j_data_stream.setDescription(description)
        return self

    def get_id(self) -> int:
        """The number of the operator in the program."""
        return self._j_data_stream.getId()

    def get_parallelism(self) -> int:
        """How many parallel instances the operator has."""
        return self._j_data_stream.getParallelism()

    def _j_transformation(self) -> Any:
        return self._j_data_stream.getTransformation()

    # -- operators on one stream ----------------------------------------------------------------

    def _one_input(
        self, kind: int, name: str, func: Any, output_type: Optional[TypeInformation]
    ) -> DataStream:
        """Add a Python operator; `output_type` None means any Python objects."""
        from pyflink.common.typeinfo import Types

        if output_type is None:
            output_type = Types.PICKLED_BYTE_ARRAY()
        return DataStream(self._add(kind, name, ship(func, name), output_type.get_java_type_info()))

    def _add(self, kind: int, name: str, payload: bytes, j_type: Any) -> Any:
        return transforms().oneInput(self._j_data_stream, kind, name, payload, j_type)

    def map(
        self,
        func: Union[Callable, MapFunction],
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Turn each record into one record.

        :param func: a callable or MapFunction.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: `func` is neither, or something it uses cannot be pickled.
        """
        need_function(func, MapFunction)
        return self._one_input(_MAP, "Map", func, output_type)

    def flat_map(
        self,
        func: Union[Callable, FlatMapFunction],
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Turn each record into any number of records.

        :param func: a callable or FlatMapFunction that gives an iterable, such as a generator.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: `func` is neither, or something it uses cannot be pickled.
        """
        need_function(func, FlatMapFunction)
        return self._one_input(_FLAT_MAP, "FlatMap", func, output_type)

    def filter(self, func: Union[Callable, FilterFunction]) -> DataStream:
        """Keep the records for which a function is true.

        :param func: a callable or FilterFunction.
        :raises TypeError: `func` is neither, or something it uses cannot be pickled.
        """
        need_function(func, FilterFunction)
        return DataStream(
            self._add(_FILTER, "Filter", ship(func, "Filter"), self._j_data_stream.getType())
        )

    def process(
        self, func: ProcessFunction, output_type: Optional[TypeInformation] = None
    ) -> DataStream:
        """Turn each record into any number of records, knowing its timestamp.

        :param func: the function.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: `func` is no ProcessFunction, or something it uses cannot be pickled.
        """
        if not isinstance(func, ProcessFunction):
            raise TypeError("process() needs a ProcessFunction, not %s" % type(func).__name__)
        check_call(func, ProcessFunction)
        return self._one_input(_PROCESS, "PROCESS", func, output_type)

    def reduce(self, func: Union[Callable, ReduceFunction]) -> DataStream:
        """Combine all records; each new record gives the combination so far.

        The operator has parallelism 1. In batch mode only the last combination comes out.

        :param func: a callable or ReduceFunction of two records.
        :raises TypeError: `func` is neither, or something it uses cannot be pickled.
        """
        need_function(func, ReduceFunction)
        payload = ship(func, "Reduce")
        return DataStream(transforms().reduceAll(self._j_data_stream, "Reduce", payload))

    def project(self, *field_indexes: int) -> DataStream:
        """Keep some fields of each tuple, in the order given.

        :param field_indexes: the positions.
        :raises Exception: the records are no tuples.
        """
        from pyflink.common.typeinfo import TupleTypeInfo

        if not isinstance(self.get_type(), TupleTypeInfo):
            raise Exception("project() works on streams of type TUPLE only")
        from pyflink.util.java_utils import to_jarray

        indexes = to_jarray(jvm().int, list(field_indexes))
        return DataStream(self._j_data_stream.project(indexes))

    def key_by(
        self,
        key_selector: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation] = None,
    ) -> KeyedStream:
        """Send records with the same key to the same instance of the next operator.

        :param key_selector: a callable or KeySelector that gives the key of a record.
        :param key_type: the type of the keys; any Python objects when None.
        :raises TypeError: `key_selector` is neither, or something it uses cannot be pickled.
        """
        return self._keyed(transforms().keyBy, key_selector, key_type)

    def _keyed(
        self,
        add: Callable,
        key_selector: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation],
    ) -> KeyedStream:
        """Add the node that finds the keys, and what Java's `add` puts behind it."""
        from pyflink.common.typeinfo import Types
        from pyflink.datastream.keyed_stream import KeyedStream

        need_function(key_selector, KeySelector)
        if key_type is None:
            key_type = Types.PICKLED_BYTE_ARRAY()
        stream = self._values()
        payload = ship(key_selector, "_stream_key_by_map_operator")
        j_keyed = add(stream._j_data_stream, payload, key_type.get_java_type_info())
        return KeyedStream(j_keyed, stream._j_data_stream.getType(), stream)

    def window_all(self, window_assigner: WindowAssigner) -> Any:
        """Group the whole stream into windows.

        :param window_assigner: which windows.
        """
        from pyflink.datastream.windowed_stream import AllWindowedStream

        return AllWindowedStream(self, window_assigner)

    def count_window_all(self, size: int, slide: int = 0) -> Any:
        """Group the whole stream into windows of a number of records.

        :param size: how many records a window has.
        :param slide: a window begins after so many records; 0 means after `size`.
        """
        from pyflink.datastream._window_shortcuts import count_windows

        return self.window_all(count_windows(size, slide))

    def time_window_all(self, size: Time, slide: Optional[Time] = None) -> Any:
        """Group the whole stream into windows of time: event time, unless the environment's
        stream time characteristic is processing time.

        :param size: the length of a window.
        :param slide: the time between two beginnings; None means `size`.
        """
        from pyflink.datastream._window_shortcuts import time_windows

        return self.window_all(time_windows(self.get_execution_environment(), size, slide))

    def assign_timestamps_and_watermarks(self, watermark_strategy: WatermarkStrategy) -> DataStream:
        """Give the records timestamps and the stream watermarks.

        :param watermark_strategy: where they come from.
        """
        stream = self
        assigner = watermark_strategy._timestamp_assigner
        if assigner is not None:
            # Python puts the timestamp on the record; Java's strategy then reads it from there.
            stream = DataStream(
                self._add(
                    _ASSIGN,
                    "Extract-Timestamp",
                    ship(assigner, "Extract-Timestamp"),
                    self._j_data_stream.getType(),
                )
            )
        supplier = watermark_strategy._generator_supplier
        if supplier is not None:
            return DataStream(
                transforms().watermarks(
                    stream._j_data_stream,
                    ship(supplier, "Timestamps/Watermarks"),
                    watermark_strategy._j_watermark_strategy,
                )
            )
        return DataStream(
            stream._j_data_stream.assignTimestampsAndWatermarks(
                watermark_strategy._j_watermark_strategy
            )
        )

    # -- more than one stream -------------------------------------------------------------------

    def union(self, *streams: DataStream) -> DataStream:
        """All records of this stream and of others of the same type.

        :param streams: the others.
        :raises TypeError: one of them is no DataStream.
        """
        others = []
        for stream in streams:
            if not isinstance(stream, DataStream):
                raise TypeError("union() takes DataStreams, not %s" % type(stream).__name__)
            others.append(stream._values()._j_data_stream)
        from pyflink.util.java_utils import to_jarray

        j_class = jvm().org.apache.flink.streaming.api.datastream.DataStream
        return DataStream(self._j_data_stream.union(to_jarray(j_class, others)))

    def connect(self, ds: Union[DataStream, BroadcastStream]) -> Any:
        """Process this stream together with another one that may have another type.

        :param ds: the other stream.
        :raises TypeError: `ds` is no stream.
        """
        from pyflink.datastream.connected_streams import (
            BroadcastConnectedStream,
            BroadcastStream,
            ConnectedStreams,
        )

        if isinstance(ds, BroadcastStream):
            return BroadcastConnectedStream(self, ds, ds.broadcast_state_descriptors)
        if not isinstance(ds, DataStream):
            raise TypeError("connect() takes a DataStream, not %s" % type(ds).__name__)
        return ConnectedStreams(self, ds)

    def join(self, other: DataStream) -> JoinedStreams:
        """Join the records of this stream with those of another one, by key and window.

        Goes on with ``where(key).equal_to(key).window(assigner).apply(function)``. PyFlink has no
        joins.

        :param other: the other stream.
        :raises TypeError: it is no DataStream.
        """
        from pyflink.datastream.joined_streams import JoinedStreams

        return JoinedStreams(self, other)

    def co_group(self, other: DataStream) -> CoGroupedStreams:
        """Process the records of this stream together with those of another one, by key and window.

        Goes on with ``where(key).equal_to(key).window(assigner).apply(function)``. Not in PyFlink.

        :param other: the other stream.
        :raises TypeError: it is no DataStream.
        """
        from pyflink.datastream.joined_streams import CoGroupedStreams

        return CoGroupedStreams(self, other)

    def _values(self) -> DataStream:
        """The stream without keys; a keyed stream drops them here."""
        return self

    # -- which instance of the next operator gets a record ----------------------------------------

    def shuffle(self) -> DataStream:
        """Send each record to an instance chosen at random."""
        return DataStream(self._j_data_stream.shuffle())

    def rebalance(self) -> DataStream:
        """Send the records to all instances in turn."""
        return DataStream(self._j_data_stream.rebalance())

    def rescale(self) -> DataStream:
        """Send the records of each instance in turn to a part of the next instances."""
        return DataStream(self._j_data_stream.rescale())

    def forward(self) -> DataStream:
        """Send each record to the instance of the same number."""
        return DataStream(self._j_data_stream.forward())

    def global_(self) -> DataStream:
        """Send all records to the first instance."""
        return DataStream(getattr(self._j_data_stream, "global")())

    def broadcast(
        self,
        broadcast_state_descriptor: Optional[MapStateDescriptor] = None,
        *other_broadcast_state_descriptors: MapStateDescriptor,
    ) -> Any:
        """Send each record to all instances.

        :param broadcast_state_descriptor: state that the instances keep of this stream; with it
            the result is a BroadcastStream, for connect().
        :param other_broadcast_state_descriptors: more of them.
        :raises TypeError: one of them is no MapStateDescriptor.
        """
        if broadcast_state_descriptor is None:
            return DataStream(self._j_data_stream.broadcast())
        from pyflink.datastream.connected_streams import BroadcastStream
        from pyflink.datastream.state import MapStateDescriptor

        descriptors = [broadcast_state_descriptor, *other_broadcast_state_descriptors]
        for descriptor in descriptors:
            if not isinstance(descriptor, MapStateDescriptor):
                raise TypeError(
                    "broadcast() takes MapStateDescriptors, not %s %r"
                    % (type(descriptor).__name__, descriptor)
                )
        return BroadcastStream(self.broadcast(), descriptors)

    def partition_custom(
        self,
        partitioner: Union[Callable, Partitioner],
        key_selector: Union[Callable, KeySelector],
    ) -> DataStream:
        """Send each record to an instance that a function chooses.

        :param partitioner: a callable or Partitioner of (key, number of instances).
            The number it gives, from 0, is that of the instance; any other result makes the job
            fail.
        :param key_selector: a callable or KeySelector that gives the key of a record.
        :raises TypeError: one of the two is neither, or something it uses cannot be pickled.
        """
        need_function(partitioner, Partitioner)
        need_function(key_selector, KeySelector)
        name = "_partition_custom_map_operator"
        payload = ship_all([partitioner, key_selector], name)
        return DataStream(transforms().partitionCustom(self._j_data_stream, payload))

    def get_side_output(self, output_tag: OutputTag) -> DataStream:
        """The records that the operator sent to a side output.

        A function sends a value there by giving ``(output_tag, value)`` instead of a result.

        :param output_tag: which one: its name counts. The stream has the tag's type.
        :raises TypeError: `output_tag` is no OutputTag.
        :raises Py4JJavaError: the same name was asked for with another type before.
        """
        from pyflink.datastream.output_tag import OutputTag

        if not isinstance(output_tag, OutputTag):
            raise TypeError(
                "get_side_output() needs an OutputTag, not %s %r"
                % (type(output_tag).__name__, output_tag)
            )
        j_tag = output_tag.get_java_output_tag()
        return DataStream(transforms().sideOutput(self._j_data_stream, j_tag))

    def iterate(self, max_wait_time_ms: int = 0) -> IterativeStream:
        """Begin a loop: what is given to ``close_with()`` of the result comes in again.

        Loops run in streaming mode only, and Flink does not put what is under way in a loop into
        checkpoints.

        :param max_wait_time_ms: the loop ends when nothing was fed back for so many milliseconds;
            0 means never, so that the job only ends when it is cancelled.
        :raises ValueError: `max_wait_time_ms` is negative.
        :raises TypeError: it is no int.
        """
        from pyflink.datastream.iterative_stream import IterativeStream

        return IterativeStream._begin(self, max_wait_time_ms)

    def cache(self) -> Any:
        """Keep the records for later jobs."""
        raise not_yet("DataStream.cache")


# The other kinds of stream have modules of their own; programs import them from here.
from pyflink.datastream.collect import CloseableIterator  # noqa: E402
from pyflink.datastream.connected_streams import (  # noqa: E402
    BroadcastConnectedStream,
    BroadcastStream,
    ConnectedStreams,
)
from pyflink.datastream.keyed_stream import KeyedStream  # noqa: E402
from pyflink.datastream.windowed_stream import (  # noqa: E402
    AllWindowedStream,
    CachedDataStream,
    WindowedStream,
)

show_as_part_of(
    __name__,
    AllWindowedStream,
    BroadcastConnectedStream,
    BroadcastStream,
    CachedDataStream,
    CloseableIterator,
    ConnectedStreams,
    DataStreamSink,
    KeyedStream,
    WindowedStream,
)
