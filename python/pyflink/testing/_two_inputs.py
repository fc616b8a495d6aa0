"""The harnesses of operators on two streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, List, Optional, Union

from pyflink.testing._base import AbstractStreamOperatorTestHarness
from pyflink.testing._elements import Watermark, WatermarkStatus
from pyflink.testing._operators import operator_of

if TYPE_CHECKING:
    from pyflink.common import Configuration, TypeInformation
    from pyflink.datastream import DataStream
    from pyflink.datastream.functions import KeySelector

__all__ = ["KeyedTwoInputStreamOperatorTestHarness", "TwoInputStreamOperatorTestHarness"]


class TwoStreamsTestHarness(AbstractStreamOperatorTestHarness):
    """What harnesses of operators on two streams share, whatever the streams are called."""

    def process_both_watermarks(self, watermark: Union[int, Watermark]) -> None:
        """Let event time of both streams advance.

        :param watermark: milliseconds.
        :raises ValueError: it is before the last one of a stream.
        """
        self._process_watermark(0, watermark)
        self._process_watermark(1, watermark)


class TwoInputStreamOperatorTestHarness(TwoStreamsTestHarness):
    """Runs an operator on two streams.

    :param operator: the function object, such as a CoMapFunction, or a callable that gets
        ConnectedStreams and adds what is to be tested.
    :param input_type1: the type of the first stream's records; any Python objects when None.
    :param input_type2: the type of the second stream's records.

    The other parameters are those of :class:`OneInputStreamOperatorTestHarness`.
    """

    def __init__(
        self,
        operator: Any,
        input_type1: Optional[TypeInformation] = None,
        input_type2: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        *,
        parallelism: int = 1,
        max_parallelism: int = 128,
        subtask_index: int = 0,
        configuration: Optional[Configuration] = None,
    ) -> None:
        add = operator_of(operator, output_type, keyed=False, two=True)
        super().__init__(
            lambda streams: add(streams[0].connect(streams[1])),
            [input_type1, input_type2],
            None,
            parallelism,
            max_parallelism,
            subtask_index,
            configuration,
        )

    def process_element1(self, value: Any, timestamp: Optional[int] = None) -> None:
        """Push a record of the first stream.

        :param value: its value, or a :class:`StreamRecord`.
        :param timestamp: its event time in milliseconds, or None.
        """
        self._process_one(0, value, timestamp)

    def process_element2(self, value: Any, timestamp: Optional[int] = None) -> None:
        """Push a record of the second stream.

        :param value: its value, or a :class:`StreamRecord`.
        :param timestamp: its event time in milliseconds, or None.
        """
        self._process_one(1, value, timestamp)

    def process_watermark1(self, watermark: Union[int, Watermark]) -> None:
        """Let event time of the first stream advance; the lower of both counts.

        :param watermark: milliseconds.
        :raises ValueError: it is before the stream's last one.
        """
        self._process_watermark(0, watermark)

    def process_watermark2(self, watermark: Union[int, Watermark]) -> None:
        """Let event time of the second stream advance; the lower of both counts.

        :param watermark: milliseconds.
        :raises ValueError: it is before the stream's last one.
        """
        self._process_watermark(1, watermark)

    def process_watermark_status1(self, status: WatermarkStatus) -> None:
        """Tell the operator that its first stream became idle or active."""
        self._run(self._j_harness.processWatermarkStatus, 0, status.idle)

    def process_watermark_status2(self, status: WatermarkStatus) -> None:
        """Tell the operator that its second stream became idle or active."""
        self._run(self._j_harness.processWatermarkStatus, 1, status.idle)

    def end_input1(self) -> None:
        """Tell the operator that its first stream has ended."""
        self._run(self._j_harness.endInput, 0)

    def end_input2(self) -> None:
        """Tell the operator that its second stream has ended."""
        self._run(self._j_harness.endInput, 1)


class KeyedTwoInputStreamOperatorTestHarness(TwoInputStreamOperatorTestHarness):
    """Runs an operator on two keyed streams.

    :param operator: the function object, or a callable that gets keyed ConnectedStreams and adds
        what is to be tested.
    :param key_selector1: gives the key of a record of the first stream.
    :param key_selector2: gives the key of a record of the second stream.
    :param key_type: the type of the keys; any Python objects when None.

    The other parameters are those of :class:`TwoInputStreamOperatorTestHarness`.
    """

    def __init__(
        self,
        operator: Any,
        key_selector1: Union[Callable, KeySelector],
        key_selector2: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation] = None,
        input_type1: Optional[TypeInformation] = None,
        input_type2: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        *,
        parallelism: int = 1,
        max_parallelism: int = 128,
        subtask_index: int = 0,
        configuration: Optional[Configuration] = None,
    ) -> None:
        add = operator_of(operator, output_type, keyed=True, two=True)

        def build(streams: List[DataStream]) -> DataStream:
            connected = streams[0].connect(streams[1])
            return add(connected.key_by(key_selector1, key_selector2, key_type))

        AbstractStreamOperatorTestHarness.__init__(
            self,
            build,
            [input_type1, input_type2],
            key_type,
            parallelism,
            max_parallelism,
            subtask_index,
            configuration,
        )
