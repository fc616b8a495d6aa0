"""Unit tests for functions: push records, watermarks and time; read output, timers and state.

The harnesses have the names of Flink's Java ones. They run without a cluster, in a test of any
framework::

    from pyflink.testing.harness import ProcessFunctionTestHarnesses

    def test_counts():
        harness = ProcessFunctionTestHarnesses.for_keyed_process_function(
            CountWords(), lambda word: word, Types.STRING()
        )
        with harness:
            harness.process_element("to", 10)
            harness.process_watermark(20)
            assert harness.extract_output_values() == [("to", 1)]
            assert harness.num_event_time_timers() == 0

What :class:`AbstractStreamOperatorTestHarness` says holds for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Iterable, List, Optional, Union

from pyflink.testing._base import (
    AbstractStreamOperatorTestHarness,
    OperatorSnapshot,
    _long_array,
)
from pyflink.testing._elements import StreamRecord, Timer, Watermark, WatermarkStatus
from pyflink.testing._operators import operator_of

if TYPE_CHECKING:
    from pyflink.common import Configuration, TypeInformation
    from pyflink.datastream import DataStream
    from pyflink.datastream.functions import (
        AggregateFunction,
        CoProcessFunction,
        KeyedCoProcessFunction,
        KeyedProcessFunction,
        KeySelector,
        ProcessFunction,
    )

__all__ = [
    "AbstractStreamOperatorTestHarness",
    "KeyedOneInputStreamOperatorTestHarness",
    "KeyedTwoInputStreamOperatorTestHarness",
    "OneInputStreamOperatorTestHarness",
    "OperatorSnapshot",
    "ProcessFunctionTestHarnesses",
    "StreamRecord",
    "Timer",
    "TwoInputStreamOperatorTestHarness",
    "Watermark",
    "WatermarkStatus",
]


class OneInputStreamOperatorTestHarness(AbstractStreamOperatorTestHarness):
    """Runs an operator on one stream.

    :param operator: the function object, such as a MapFunction, or a callable that gets a
        DataStream and adds what is to be tested: ``lambda stream: stream.map(f).filter(g)``.
    :param input_type: the type of the records; any Python objects when None.
    :param output_type: the type of the results of a function object; any Python objects when None.
    :param parallelism: how many parallel instances there are.
    :param max_parallelism: the number of key groups.
    :param subtask_index: which instance this harness is, from 0.
    :param configuration: options as for a job, such as ``state.backend.type``.
    :raises TypeError: `operator` does not run on such a stream, or something it uses cannot be
        pickled.
    """

    def __init__(
        self,
        operator: Any,
        input_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        *,
        parallelism: int = 1,
        max_parallelism: int = 128,
        subtask_index: int = 0,
        configuration: Optional[Configuration] = None,
    ) -> None:
        add = operator_of(operator, output_type, keyed=False, two=False)
        super().__init__(
            lambda streams: add(streams[0]),
            [input_type],
            None,
            parallelism,
            max_parallelism,
            subtask_index,
            configuration,
        )

    def process_element(self, value: Any, timestamp: Optional[int] = None) -> None:
        """Push a record.

        :param value: its value, or a :class:`StreamRecord`.
        :param timestamp: its event time in milliseconds, or None.
        :raises Exception: what the function raised, or TypeError when a value does not fit its
            declared type.
        """
        self._process_one(0, value, timestamp)

    def process_elements(self, values: Iterable[Any]) -> None:
        """Push many records; they reach the function in batches, as in a job.

        :param values: values, or :class:`StreamRecord` objects with timestamps.
        """
        values = list(values)
        records = [value for value in values if isinstance(value, StreamRecord)]
        if not records:
            self._process(0, values, None)
        elif len(records) < len(values) or any(r.timestamp is None for r in records):
            for value in values:
                self._process_one(0, value, None)
        else:
            times = _long_array([record.timestamp for record in records])
            self._process(0, [record.value for record in records], times)

    def process_watermark(self, watermark: Union[int, Watermark]) -> None:
        """Let event time advance; the timers that are due by then fire in their order.

        :param watermark: milliseconds.
        :raises ValueError: it is before the last one.
        """
        self._process_watermark(0, watermark)

    def process_watermark_status(self, status: WatermarkStatus) -> None:
        """Tell the operator that its input became idle or active.

        :param status: which.
        """
        self._run(self._j_harness.processWatermarkStatus, 0, status.idle)

    def end_input(self) -> None:
        """Tell the operator that its input has ended. No watermark is sent."""
        self._run(self._j_harness.endInput, 0)


class KeyedOneInputStreamOperatorTestHarness(OneInputStreamOperatorTestHarness):
    """Runs an operator on one keyed stream.

    :param operator: the function object, or a callable that gets a KeyedStream and adds what is to
        be tested: ``lambda keyed: keyed.process(f)``.
    :param key_selector: gives the key of a record.
    :param key_type: the type of the keys; any Python objects when None.

    The other parameters are those of :class:`OneInputStreamOperatorTestHarness`. With a parallelism
    of more than 1, a record whose key belongs to another instance is a ValueError.
    """

    def __init__(
        self,
        operator: Any,
        key_selector: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation] = None,
        input_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        *,
        parallelism: int = 1,
        max_parallelism: int = 128,
        subtask_index: int = 0,
        configuration: Optional[Configuration] = None,
    ) -> None:
        add = operator_of(operator, output_type, keyed=True, two=False)
        AbstractStreamOperatorTestHarness.__init__(
            self,
            lambda streams: add(streams[0].key_by(key_selector, key_type)),
            [input_type],
            key_type,
            parallelism,
            max_parallelism,
            subtask_index,
            configuration,
        )


class TwoInputStreamOperatorTestHarness(AbstractStreamOperatorTestHarness):
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

    def process_both_watermarks(self, watermark: Union[int, Watermark]) -> None:
        """Let event time of both streams advance.

        :param watermark: milliseconds.
        :raises ValueError: it is before the last one of a stream.
        """
        self._process_watermark(0, watermark)
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


class ProcessFunctionTestHarnesses:
    """Makes the harness of a process function.

    Further keyword arguments are those of the harness: ``parallelism``, ``max_parallelism``,
    ``subtask_index``, ``configuration``.
    """

    @staticmethod
    def for_process_function(
        function: ProcessFunction,
        input_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        **options: Any,
    ) -> OneInputStreamOperatorTestHarness:
        """The harness of a ProcessFunction.

        :param function: the function.
        :param input_type: the type of the records; any Python objects when None.
        :param output_type: the type of the results; any Python objects when None.
        """
        return OneInputStreamOperatorTestHarness(function, input_type, output_type, **options)

    @staticmethod
    def for_keyed_process_function(
        function: KeyedProcessFunction,
        key_selector: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation] = None,
        input_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        **options: Any,
    ) -> KeyedOneInputStreamOperatorTestHarness:
        """The harness of a KeyedProcessFunction.

        :param function: the function.
        :param key_selector: gives the key of a record.
        :param key_type: the type of the keys; any Python objects when None.
        :param input_type: the type of the records.
        :param output_type: the type of the results.
        """
        return KeyedOneInputStreamOperatorTestHarness(
            function, key_selector, key_type, input_type, output_type, **options
        )

    @staticmethod
    def for_co_process_function(
        function: CoProcessFunction,
        input_type1: Optional[TypeInformation] = None,
        input_type2: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        **options: Any,
    ) -> TwoInputStreamOperatorTestHarness:
        """The harness of a CoProcessFunction.

        :param function: the function.
        :param input_type1: the type of the first stream's records; any Python objects when None.
        :param input_type2: the type of the second stream's records.
        :param output_type: the type of the results.
        """
        return TwoInputStreamOperatorTestHarness(
            function, input_type1, input_type2, output_type, **options
        )

    @staticmethod
    def for_keyed_co_process_function(
        function: KeyedCoProcessFunction,
        key_selector1: Union[Callable, KeySelector],
        key_selector2: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation] = None,
        input_type1: Optional[TypeInformation] = None,
        input_type2: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        **options: Any,
    ) -> KeyedTwoInputStreamOperatorTestHarness:
        """The harness of a KeyedCoProcessFunction.

        :param function: the function.
        :param key_selector1: gives the key of a record of the first stream.
        :param key_selector2: gives the key of a record of the second stream.
        :param key_type: the type of the keys; any Python objects when None.
        :param input_type1: the type of the first stream's records.
        :param input_type2: the type of the second stream's records.
        :param output_type: the type of the results.
        """
        return KeyedTwoInputStreamOperatorTestHarness(
            function,
            key_selector1,
            key_selector2,
            key_type,
            input_type1,
            input_type2,
            output_type,
            **options,
        )

    @staticmethod
    def for_aggregate_function(
        function: AggregateFunction,
        key_selector: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation] = None,
        accumulator_type: Optional[TypeInformation] = None,
        input_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        **options: Any,
    ) -> KeyedOneInputStreamOperatorTestHarness:
        """The harness of an AggregateFunction in an AggregatingState.

        Each record is added to the accumulator of its key and gives the result so far.

        :param function: the function.
        :param key_selector: gives the key of a record.
        :param key_type: the type of the keys; any Python objects when None.
        :param accumulator_type: the type of the accumulators.
        :param input_type: the type of the records.
        :param output_type: the type of the results.
        """
        from pyflink.testing._aggregate import Aggregate

        return KeyedOneInputStreamOperatorTestHarness(
            Aggregate(function, accumulator_type),
            key_selector,
            key_type,
            input_type,
            output_type,
            **options,
        )
