"""Streams whose records are grouped by key."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Callable, Optional, Union

from pyflink.datastream._java import ship, transforms
from pyflink.datastream.data_stream import (
    _FILTER,
    _KEYED_PROCESS,
    _REDUCE,
    _VALUES,
    DataStream,
    DataStreamSink,
    need_function,
)
from pyflink.datastream.functions import (
    KeyedProcessFunction,
    KeySelector,
    Partitioner,
    ReduceFunction,
    SinkFunction,
)

if TYPE_CHECKING:
    from pyflink.common import Time, TypeInformation, WatermarkStrategy
    from pyflink.datastream.connectors.base import Sink
    from pyflink.datastream.interval_join import IntervalJoin
    from pyflink.datastream.slot_sharing_group import SlotSharingGroup
    from pyflink.datastream.window import WindowAssigner
    from pyflink.datastream.windowed_stream import WindowedStream

__all__ = ["KeyedStream"]


def _not_on_keyed(what: str) -> Exception:
    return Exception("%s is not possible on a KeyedStream" % what)


def _partitioned() -> Exception:
    return Exception("a KeyedStream is partitioned by its key; that cannot be changed")


class KeyedStream(DataStream):
    """A stream whose records with the same key meet in one instance of the next operator.

    :param j_keyed_stream: the Java KeyedStream; its records are pairs of key and value.
    :param original_data_type_info: the Java type of the values.
    :param origin_stream: the stream that was keyed.
    """

    def __init__(
        self, j_keyed_stream: Any, original_data_type_info: Any, origin_stream: DataStream
    ) -> None:
        super().__init__(j_data_stream=j_keyed_stream)
        self._original_data_type_info = original_data_type_info
        self._origin_stream = origin_stream

    def _add(self, kind: int, name: str, payload: bytes, j_type: Any) -> Any:
        return transforms().keyed(self._j_data_stream, kind, name, payload, j_type)

    def _values(self) -> DataStream:
        return DataStream(
            self._add(_VALUES, "_keyed_stream_values_operator", b"", self._original_data_type_info)
        )

    # map, flat_map and filter come from DataStream: `_add` makes them read the values.

    def filter(self, func: Any) -> DataStream:
        """Keep the records for which a function is true.

        :param func: a callable or FilterFunction.
        """
        from pyflink.datastream.functions import FilterFunction

        need_function(func, FilterFunction)
        payload = ship(func, "Filter")
        return DataStream(self._add(_FILTER, "Filter", payload, self._original_data_type_info))

    def reduce(self, func: Union[Callable, ReduceFunction]) -> DataStream:
        """Combine the records of each key; each new record gives the combination so far.

        :param func: a callable or ReduceFunction of two records.
        :raises TypeError: `func` is neither, or something it uses cannot be pickled.
        """
        need_function(func, ReduceFunction)
        payload = ship(func, "Reduce")
        return DataStream(self._add(_REDUCE, "Reduce", payload, self._original_data_type_info))

    class AccumulateType(Enum):
        """The ready-made combinations."""

        MIN = 1
        MAX = 2
        MIN_BY = 3
        MAX_BY = 4
        SUM = 5

    def _accumulate(self, position: Union[int, str], acc_type: AccumulateType) -> DataStream:
        from pyflink.datastream._aggregations import FieldReduce

        if not isinstance(position, (int, str)):
            raise TypeError(
                "the position must be an int or a field name, not %s %r"
                % (type(position).__name__, position)
            )
        return self.reduce(FieldReduce(position, acc_type.name))

    def sum(self, position_to_sum: Union[int, str] = 0) -> DataStream:
        """Add one field up, for each key; the other fields are those of the first record.

        :param position_to_sum: the field's position or name. Records that are numbers are added
            themselves.
        """
        return self._accumulate(position_to_sum, KeyedStream.AccumulateType.SUM)

    def min(self, position_to_min: Union[int, str] = 0) -> DataStream:
        """The smallest value of one field, for each key.

        :param position_to_min: the field's position or name.
        """
        return self._accumulate(position_to_min, KeyedStream.AccumulateType.MIN)

    def max(self, position_to_max: Union[int, str] = 0) -> DataStream:
        """The greatest value of one field, for each key.

        :param position_to_max: the field's position or name.
        """
        return self._accumulate(position_to_max, KeyedStream.AccumulateType.MAX)

    def min_by(self, position_to_min_by: Union[int, str] = 0) -> DataStream:
        """The record with the smallest value of one field, for each key; the first of equal ones.

        :param position_to_min_by: the field's position or name.
        """
        return self._accumulate(position_to_min_by, KeyedStream.AccumulateType.MIN_BY)

    def max_by(self, position_to_max_by: Union[int, str] = 0) -> DataStream:
        """The record with the greatest value of one field, for each key; the first of equal ones.

        :param position_to_max_by: the field's position or name.
        """
        return self._accumulate(position_to_max_by, KeyedStream.AccumulateType.MAX_BY)

    def process(
        self, func: KeyedProcessFunction, output_type: Optional[TypeInformation] = None
    ) -> DataStream:
        """Process the records with state and timers for each key.

        :param func: the function.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: `func` is no KeyedProcessFunction, or something it uses cannot be
            pickled.
        """
        if not isinstance(func, KeyedProcessFunction):
            raise TypeError(
                "process() of a KeyedStream needs a KeyedProcessFunction, not %s"
                % type(func).__name__
            )
        return self._one_input(_KEYED_PROCESS, "KEYED PROCESS", func, output_type)

    def interval_join(self, other: KeyedStream) -> IntervalJoin:
        """Join the records of this stream with those of another one that are near in event time.

        Goes on with ``between(lower, upper).process(function)``. PyFlink has no joins.

        :param other: the other stream, with keys of the same type.
        :raises TypeError: it is no KeyedStream.
        """
        from pyflink.datastream.interval_join import IntervalJoin

        if not isinstance(other, KeyedStream):
            raise TypeError(
                "interval_join() takes a KeyedStream, not %s: call key_by() on both streams"
                % type(other).__name__
            )
        return IntervalJoin(self, other)

    def window(self, window_assigner: WindowAssigner) -> WindowedStream:
        """Group the records of each key into windows.

        :param window_assigner: which windows.
        """
        from pyflink.datastream.windowed_stream import WindowedStream

        return WindowedStream(self, window_assigner)

    def count_window(self, size: int, slide: int = 0) -> WindowedStream:
        """Group the records of each key into windows of a number of records.

        :param size: how many records a window has.
        :param slide: a window begins after so many records; 0 means after `size`.
        """
        from pyflink.datastream._window_shortcuts import count_windows

        return self.window(count_windows(size, slide))

    def time_window(self, size: Time, slide: Optional[Time] = None) -> WindowedStream:
        """Group the records of each key into windows of time: event time, unless the environment's
        stream time characteristic is processing time.

        :param size: the length of a window.
        :param slide: the time between two beginnings; None means `size`.
        """
        from pyflink.datastream._window_shortcuts import time_windows

        return self.window(time_windows(self.get_execution_environment(), size, slide))

    def union(self, *streams: DataStream) -> DataStream:
        """All records of this stream and of others of the same type, without keys.

        :param streams: the others.
        """
        return self._values().union(*streams)

    def connect(self, ds: Any) -> Any:
        """Process this stream together with another one that may have another type.

        :param ds: the other stream.
        """
        return super().connect(ds)

    def key_by(
        self,
        key_selector: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation] = None,
    ) -> KeyedStream:
        """Group the records by another key.

        :param key_selector: a callable or KeySelector that gives the key of a record.
        :param key_type: the type of the keys; any Python objects when None.
        """
        return self._origin_stream.key_by(key_selector, key_type)

    def assign_timestamps_and_watermarks(self, watermark_strategy: WatermarkStrategy) -> DataStream:
        """Give the records timestamps and the stream watermarks; the result has no keys.

        :param watermark_strategy: where they come from.
        """
        return self._values().assign_timestamps_and_watermarks(watermark_strategy)

    def add_sink(self, sink_func: SinkFunction) -> DataStreamSink:
        """Send the records, without their keys, to a Java SinkFunction.

        :param sink_func: the function.
        """
        return self._values().add_sink(sink_func)

    def sink_to(self, sink: Sink) -> DataStreamSink:
        """Send the records, without their keys, to a Java Sink.

        :param sink: the sink.
        """
        return self._values().sink_to(sink)

    def project(self, *field_indexes: int) -> DataStream:
        """Keep some fields of each tuple; the result has no keys.

        :param field_indexes: the positions.
        """
        return self._values().project(*field_indexes)

    def print(self, sink_identifier: Optional[str] = None) -> DataStreamSink:
        """Print each record, without its key, on standard output.

        :param sink_identifier: put before each line.
        """
        return super().print(sink_identifier)

    # -- what a keyed stream cannot do ------------------------------------------------------------

    def shuffle(self) -> DataStream:
        """Not possible: the key decides where a record goes."""
        raise _partitioned()

    def rescale(self) -> DataStream:
        """Not possible: the key decides where a record goes."""
        raise _partitioned()

    def rebalance(self) -> DataStream:
        """Not possible: the key decides where a record goes."""
        raise _partitioned()

    def forward(self) -> DataStream:
        """Not possible: the key decides where a record goes."""
        raise _partitioned()

    def global_(self) -> DataStream:
        """Not possible: the key decides where a record goes."""
        raise _partitioned()

    def broadcast(self, *args: Any) -> Any:
        """Not possible: the key decides where a record goes."""
        raise _partitioned()

    def partition_custom(
        self,
        partitioner: Union[Callable, Partitioner],
        key_selector: Union[Callable, KeySelector],
    ) -> DataStream:
        """Not possible: the key decides where a record goes."""
        raise _partitioned()

    def get_name(self) -> str:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("get_name()")

    def name(self, name: str) -> DataStream:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("name()")

    def uid(self, uid: str) -> DataStream:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("uid()")

    def set_uid_hash(self, uid_hash: str) -> DataStream:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("set_uid_hash()")

    def set_parallelism(self, parallelism: int) -> DataStream:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("set_parallelism()")

    def set_max_parallelism(self, max_parallelism: int) -> DataStream:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("set_max_parallelism()")

    def force_non_parallel(self) -> DataStream:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("force_non_parallel()")

    def set_buffer_timeout(self, timeout_millis: int) -> DataStream:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("set_buffer_timeout()")

    def start_new_chain(self) -> DataStream:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("start_new_chain()")

    def disable_chaining(self) -> DataStream:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("disable_chaining()")

    def slot_sharing_group(self, slot_sharing_group: Union[str, SlotSharingGroup]) -> DataStream:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("slot_sharing_group()")

    def set_description(self, description: str) -> DataStream:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("set_description()")

    def get_side_output(self, output_tag: Any) -> DataStream:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("get_side_output()")

    def cache(self) -> Any:
        """Not possible: a keyed stream is no operator."""
        raise _not_on_keyed("cache()")
