"""Two streams that are processed together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, List, Optional, Union

from pyflink.datastream._java import ship, transforms
from pyflink.datastream._shipping import check_call
from pyflink.datastream.data_stream import DataStream, need_function
from pyflink.datastream.functions import (
    BroadcastProcessFunction,
    CoFlatMapFunction,
    CoMapFunction,
    CoProcessFunction,
    KeyedBroadcastProcessFunction,
    KeyedCoProcessFunction,
    KeySelector,
)

if TYPE_CHECKING:
    from pyflink.common import TypeInformation
    from pyflink.datastream.keyed_stream import KeyedStream
    from pyflink.datastream.state import MapStateDescriptor

__all__ = ["ConnectedStreams", "BroadcastStream", "BroadcastConnectedStream"]

# The kinds of native operators on two streams, as engine/runtime knows them.
_CO_MAP, _CO_FLAT_MAP, _CO_PROCESS = 10, 11, 12


def _wrong_function(method: str, needed: str, func: Any) -> TypeError:
    return TypeError(
        "%s() of ConnectedStreams needs a %s, not %s %r"
        % (method, needed, type(func).__name__, func)
    )


class ConnectedStreams:
    """Two streams, perhaps of different types, that one function processes.

    When both are keyed, records with the same key meet in one instance, and the function has state
    for each key. When only one is, its records reach the function as ``Row(key, value)``.

    :param stream1: the first.
    :param stream2: the second.
    """

    def __init__(self, stream1: DataStream, stream2: DataStream) -> None:
        self.stream1 = stream1
        self.stream2 = stream2

    def key_by(
        self,
        key_selector1: Union[Callable, KeySelector],
        key_selector2: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation] = None,
    ) -> ConnectedStreams:
        """Let records of both streams with the same key meet.

        :param key_selector1: gives the key of a record of the first stream.
        :param key_selector2: gives the key of a record of the second stream.
        :param key_type: the type of the keys; any Python objects when None.
        """
        need_function(key_selector1, KeySelector)
        need_function(key_selector2, KeySelector)
        return ConnectedStreams(
            self.stream1.key_by(key_selector1, key_type),
            self.stream2.key_by(key_selector2, key_type),
        )

    def _is_keyed(self) -> bool:
        from pyflink.datastream.keyed_stream import KeyedStream

        return isinstance(self.stream1, KeyedStream) and isinstance(self.stream2, KeyedStream)

    def _two_inputs(
        self, kind: int, name: str, func: Any, output_type: Optional[TypeInformation]
    ) -> DataStream:
        """Add a Python operator; `output_type` None means any Python objects."""
        j_type = None if output_type is None else output_type.get_java_type_info()
        j_streams = self.stream1._j_data_stream, self.stream2._j_data_stream
        return DataStream(transforms().twoInput(*j_streams, kind, name, ship(func, name), j_type))

    def map(self, func: CoMapFunction, output_type: Optional[TypeInformation] = None) -> DataStream:
        """Turn each record into one record, or into none where the function gives None.

        :param func: the function.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: `func` is no CoMapFunction, or something it uses cannot be pickled.
        """
        if not isinstance(func, CoMapFunction):
            raise _wrong_function("map", "CoMapFunction", func)
        return self._two_inputs(_CO_MAP, "Co-Map", func, output_type)

    def flat_map(
        self, func: CoFlatMapFunction, output_type: Optional[TypeInformation] = None
    ) -> DataStream:
        """Turn each record into any number of records.

        :param func: the function; it gives an iterable, such as a generator, or None.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: `func` is no CoFlatMapFunction, or something it uses cannot be pickled.
        """
        if not isinstance(func, CoFlatMapFunction):
            raise _wrong_function("flat_map", "CoFlatMapFunction", func)
        return self._two_inputs(_CO_FLAT_MAP, "Co-Flat Map", func, output_type)

    def process(
        self,
        func: Union[CoProcessFunction, KeyedCoProcessFunction],
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Turn each record into any number of records, knowing its timestamp and its key.

        :param func: the function; its context knows the key when both streams are keyed.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: `func` is neither, or something it uses cannot be pickled.
        """
        if not isinstance(func, (CoProcessFunction, KeyedCoProcessFunction)):
            raise _wrong_function("process", "CoProcessFunction or KeyedCoProcessFunction", func)
        name = "Keyed Co-Process" if self._is_keyed() else "Co-Process"
        return self._two_inputs(_CO_PROCESS, name, func, output_type)


class BroadcastStream:
    """A stream that every instance of the next operator gets whole.

    :param input_stream: the stream.
    :param broadcast_state_descriptors: the state that the instances keep of it.
    """

    def __init__(
        self,
        input_stream: Union[DataStream, KeyedStream],
        broadcast_state_descriptors: List[MapStateDescriptor],
    ) -> None:
        self.input_stream = input_stream
        self.broadcast_state_descriptors = broadcast_state_descriptors


class BroadcastConnectedStream:
    """A stream that is processed together with a broadcast stream.

    :param non_broadcast_stream: the stream.
    :param broadcast_stream: the broadcast stream.
    :param broadcast_state_descriptors: the state that the instances keep of it.
    """

    def __init__(
        self,
        non_broadcast_stream: Union[DataStream, KeyedStream],
        broadcast_stream: BroadcastStream,
        broadcast_state_descriptors: List[MapStateDescriptor],
    ) -> None:
        self.non_broadcast_stream = non_broadcast_stream
        self.broadcast_stream = broadcast_stream
        self.broadcast_state_descriptors = broadcast_state_descriptors

    def process(
        self,
        func: Union[BroadcastProcessFunction, KeyedBroadcastProcessFunction],
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Process the records of both streams.

        Every instance gets all records of the broadcast stream, keeps of them what it needs in
        broadcast state, and reads that when it processes the other stream. In batch mode the
        broadcast stream is read to its end first.

        :param func: a KeyedBroadcastProcessFunction when the other stream is keyed, else a
            BroadcastProcessFunction.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: `func` is not the one that is needed, or something it uses cannot be
            pickled.
        """
        from pyflink.datastream.keyed_stream import KeyedStream

        keyed = isinstance(self.non_broadcast_stream, KeyedStream)
        kind = KeyedBroadcastProcessFunction if keyed else BroadcastProcessFunction
        if not isinstance(func, kind):
            raise TypeError(
                "process() of %s stream with a broadcast stream needs a %s, not %s %r"
                % ("a keyed" if keyed else "an unkeyed", kind.__name__, type(func).__name__, func)
            )
        check_call(func, kind)
        name = "Keyed-Co-Process-Broadcast" if keyed else "Co-Process-Broadcast"
        return DataStream(
            transforms().broadcast(
                self.non_broadcast_stream._j_data_stream,
                self.broadcast_stream.input_stream._j_data_stream,
                name,
                ship(func, name),
                None if output_type is None else output_type.get_java_type_info(),
            )
        )
