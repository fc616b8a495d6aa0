"""The harnesses of operators on a stream and a broadcast stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Iterable, List, Optional, Union

from pyflink.testing import _states
from pyflink.testing._base import AbstractStreamOperatorTestHarness
from pyflink.testing._elements import Watermark, WatermarkStatus
from pyflink.testing._operators import operator_of
from pyflink.testing._two_inputs import TwoStreamsTestHarness

if TYPE_CHECKING:
    from pyflink.common import Configuration, TypeInformation
    from pyflink.datastream import DataStream
    from pyflink.datastream.functions import KeySelector
    from pyflink.datastream.state import MapStateDescriptor

__all__ = ["BroadcastOperatorTestHarness", "KeyedBroadcastOperatorTestHarness"]


class BroadcastOperatorTestHarness(TwoStreamsTestHarness):
    """Runs an operator on a stream and a broadcast stream.

    :param operator: the BroadcastProcessFunction, or a callable that gets the
        BroadcastConnectedStream and adds what is to be tested.
    :param broadcast_state_descriptors: as those that the program gives ``broadcast()``.
    :param input_type: the type of the records; any Python objects when None.
    :param broadcast_type: the type of the broadcast stream's records.
    :param output_type: the type of the results of a function object.
    :param parallelism: how many parallel instances there are.
    :param max_parallelism: the number of key groups.
    :param subtask_index: which instance this harness is, from 0.
    :param configuration: options as for a job.
    :raises TypeError: `operator` does not run on such streams, no descriptor is given, or
        something the function uses cannot be pickled.
    """

    def __init__(
        self,
        operator: Any,
        *broadcast_state_descriptors: MapStateDescriptor,
        input_type: Optional[TypeInformation] = None,
        broadcast_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        parallelism: int = 1,
        max_parallelism: int = 128,
        subtask_index: int = 0,
        configuration: Optional[Configuration] = None,
    ) -> None:
        add = operator_of(operator, output_type, keyed=False, broadcast=True)
        super().__init__(
            lambda streams: add(_connected(streams[0], streams[1], broadcast_state_descriptors)),
            [input_type, broadcast_type],
            None,
            parallelism,
            max_parallelism,
            subtask_index,
            configuration,
        )

    def process_element(self, value: Any, timestamp: Optional[int] = None) -> None:
        """Push a record of the stream that is not broadcast.

        :param value: its value, or a StreamRecord.
        :param timestamp: its event time in milliseconds, or None.
        """
        self._process_one(0, value, timestamp)

    def process_broadcast_element(self, value: Any, timestamp: Optional[int] = None) -> None:
        """Push a record of the broadcast stream.

        :param value: its value, or a StreamRecord.
        :param timestamp: its event time in milliseconds, or None.
        """
        self._process_one(1, value, timestamp)

    def process_watermark(self, watermark: Union[int, Watermark]) -> None:
        """Let event time of the stream advance; the lower one of both streams counts.

        :param watermark: milliseconds.
        :raises ValueError: it is before the stream's last one.
        """
        self._process_watermark(0, watermark)

    def process_broadcast_watermark(self, watermark: Union[int, Watermark]) -> None:
        """Let event time of the broadcast stream advance; the lower one of both streams counts.

        :param watermark: milliseconds.
        :raises ValueError: it is before the stream's last one.
        """
        self._process_watermark(1, watermark)

    def process_watermark_status(self, status: WatermarkStatus) -> None:
        """Tell the operator that the stream became idle or active."""
        self._run(self._j_harness.processWatermarkStatus, 0, status.idle)

    def process_broadcast_watermark_status(self, status: WatermarkStatus) -> None:
        """Tell the operator that the broadcast stream became idle or active."""
        self._run(self._j_harness.processWatermarkStatus, 1, status.idle)

    def end_input(self) -> None:
        """Tell the operator that the stream has ended."""
        self._run(self._j_harness.endInput, 0)

    def end_broadcast_input(self) -> None:
        """Tell the operator that the broadcast stream has ended."""
        self._run(self._j_harness.endInput, 1)

    def get_broadcast_state(self, state_descriptor: MapStateDescriptor) -> Any:
        """The broadcast state, to read and to change.

        :param state_descriptor: of the state.
        :returns: a state with the methods of a BroadcastState, such as ``get()`` and ``items()``.
        :raises TypeError: it is no MapStateDescriptor.
        """
        self._check()
        context, state = _states.find_broadcast(self._watch.broadcast_states, state_descriptor)
        return self._state(state, context, None)


class KeyedBroadcastOperatorTestHarness(BroadcastOperatorTestHarness):
    """Runs an operator on a keyed stream and a broadcast stream.

    :param operator: the KeyedBroadcastProcessFunction, or a callable that gets the
        BroadcastConnectedStream and adds what is to be tested.
    :param key_selector: gives the key of a record that is not broadcast.
    :param key_type: the type of the keys; any Python objects when None.

    The other parameters are those of :class:`BroadcastOperatorTestHarness`.
    """

    def __init__(
        self,
        operator: Any,
        key_selector: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation],
        *broadcast_state_descriptors: MapStateDescriptor,
        input_type: Optional[TypeInformation] = None,
        broadcast_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        parallelism: int = 1,
        max_parallelism: int = 128,
        subtask_index: int = 0,
        configuration: Optional[Configuration] = None,
    ) -> None:
        add = operator_of(operator, output_type, keyed=True, broadcast=True)

        def build(streams: List[DataStream]) -> DataStream:
            keyed = streams[0].key_by(key_selector, key_type)
            return add(_connected(keyed, streams[1], broadcast_state_descriptors))

        AbstractStreamOperatorTestHarness.__init__(
            self,
            build,
            [input_type, broadcast_type],
            key_type,
            parallelism,
            max_parallelism,
            subtask_index,
            configuration,
        )


def _connected(stream: Any, broadcast: Any, descriptors: Iterable[MapStateDescriptor]) -> Any:
    given = tuple(descriptors)
    if not given:
        raise TypeError(
            "a broadcast stream needs at least one MapStateDescriptor, as DataStream.broadcast() "
            "does"
        )
    return stream.connect(broadcast.broadcast(*given))
