"""Two streams that are processed together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, List, Optional, Union

from pyflink.datastream.data_stream import DataStream, need_function, not_yet
from pyflink.datastream.functions import CoFlatMapFunction, CoMapFunction, KeySelector

if TYPE_CHECKING:
    from pyflink.common import TypeInformation
    from pyflink.datastream.functions import (
        BroadcastProcessFunction,
        CoProcessFunction,
        KeyedBroadcastProcessFunction,
        KeyedCoProcessFunction,
    )
    from pyflink.datastream.keyed_stream import KeyedStream
    from pyflink.datastream.state import MapStateDescriptor

__all__ = ["ConnectedStreams", "BroadcastStream", "BroadcastConnectedStream"]


class ConnectedStreams:
    """Two streams, perhaps of different types, that one function processes.

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

    def map(self, func: CoMapFunction, output_type: Optional[TypeInformation] = None) -> DataStream:
        """Turn each record into one record.

        :param func: the function.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: `func` is no CoMapFunction.
        """
        if not isinstance(func, CoMapFunction):
            raise TypeError("map() of ConnectedStreams needs a CoMapFunction")
        raise not_yet("ConnectedStreams.map")

    def flat_map(
        self, func: CoFlatMapFunction, output_type: Optional[TypeInformation] = None
    ) -> DataStream:
        """Turn each record into any number of records.

        :param func: the function.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: `func` is no CoFlatMapFunction.
        """
        if not isinstance(func, CoFlatMapFunction):
            raise TypeError("flat_map() of ConnectedStreams needs a CoFlatMapFunction")
        raise not_yet("ConnectedStreams.flat_map")

    def process(
        self,
        func: Union[CoProcessFunction, KeyedCoProcessFunction],
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Process the records of both streams.

        :param func: the function.
        :param output_type: the type of the results; any Python objects when None.
        """
        raise not_yet("ConnectedStreams.process")


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

        :param func: the function.
        :param output_type: the type of the results; any Python objects when None.
        """
        raise not_yet("BroadcastConnectedStream.process")
