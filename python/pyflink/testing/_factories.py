"""Which harness runs a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Optional, Union

from pyflink.testing._broadcast import (
    BroadcastOperatorTestHarness,
    KeyedBroadcastOperatorTestHarness,
)
from pyflink.testing._one_input import (
    KeyedOneInputStreamOperatorTestHarness,
    OneInputStreamOperatorTestHarness,
)
from pyflink.testing._two_inputs import (
    KeyedTwoInputStreamOperatorTestHarness,
    TwoInputStreamOperatorTestHarness,
)

if TYPE_CHECKING:
    from pyflink.common import Time, TypeInformation
    from pyflink.datastream import OutputTag
    from pyflink.datastream.functions import (
        AggregateFunction,
        AsyncFunction,
        AsyncRetryStrategy,
        BroadcastProcessFunction,
        CoProcessFunction,
        KeyedBroadcastProcessFunction,
        KeyedCoProcessFunction,
        KeyedProcessFunction,
        KeySelector,
        ProcessFunction,
        ProcessJoinFunction,
        ProcessWindowFunction,
        WindowFunction,
    )
    from pyflink.datastream.state import MapStateDescriptor
    from pyflink.datastream.window import Evictor, Trigger, WindowAssigner

__all__ = ["ProcessFunctionTestHarnesses"]


class ProcessFunctionTestHarnesses:
    """Makes the harness of a function.

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

    @staticmethod
    def for_broadcast_process_function(
        function: BroadcastProcessFunction,
        *broadcast_state_descriptors: MapStateDescriptor,
        input_type: Optional[TypeInformation] = None,
        broadcast_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        **options: Any,
    ) -> BroadcastOperatorTestHarness:
        """The harness of a BroadcastProcessFunction.

        :param function: the function.
        :param broadcast_state_descriptors: as those that the program gives ``broadcast()``.
        :param input_type: the type of the records; any Python objects when None.
        :param broadcast_type: the type of the broadcast stream's records.
        :param output_type: the type of the results.
        """
        return BroadcastOperatorTestHarness(
            function,
            *broadcast_state_descriptors,
            input_type=input_type,
            broadcast_type=broadcast_type,
            output_type=output_type,
            **options,
        )

    @staticmethod
    def for_keyed_broadcast_process_function(
        function: KeyedBroadcastProcessFunction,
        key_selector: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation],
        *broadcast_state_descriptors: MapStateDescriptor,
        input_type: Optional[TypeInformation] = None,
        broadcast_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        **options: Any,
    ) -> KeyedBroadcastOperatorTestHarness:
        """The harness of a KeyedBroadcastProcessFunction.

        :param function: the function.
        :param key_selector: gives the key of a record that is not broadcast.
        :param key_type: the type of the keys; any Python objects when None.
        :param broadcast_state_descriptors: as those that the program gives ``broadcast()``.
        :param input_type: the type of the records; any Python objects when None.
        :param broadcast_type: the type of the broadcast stream's records.
        :param output_type: the type of the results.
        """
        return KeyedBroadcastOperatorTestHarness(
            function,
            key_selector,
            key_type,
            *broadcast_state_descriptors,
            input_type=input_type,
            broadcast_type=broadcast_type,
            output_type=output_type,
            **options,
        )

    @staticmethod
    def for_process_window_function(
        function: Union[ProcessWindowFunction, WindowFunction],
        window_assigner: WindowAssigner,
        key_selector: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation] = None,
        input_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        *,
        trigger: Optional[Trigger] = None,
        evictor: Optional[Evictor] = None,
        allowed_lateness: int = 0,
        late_data: Optional[OutputTag] = None,
        **options: Any,
    ) -> KeyedOneInputStreamOperatorTestHarness:
        """The harness of a ProcessWindowFunction or WindowFunction over windows of keys.

        For ``reduce()`` and ``aggregate()`` give a :class:`KeyedOneInputStreamOperatorTestHarness`
        a callable that adds them.

        :param function: the function.
        :param window_assigner: which windows a record is in.
        :param key_selector: gives the key of a record.
        :param key_type: the type of the keys; any Python objects when None.
        :param input_type: the type of the records; any Python objects when None.
        :param output_type: the type of the results; any Python objects when None.
        :param trigger: when windows give results; the assigner's own when None.
        :param evictor: takes records out of windows.
        :param allowed_lateness: milliseconds that a window stays after its end.
        :param late_data: where records go that come later than that.
        :raises TypeError: `function` is neither.
        """
        from pyflink.datastream.functions import ProcessWindowFunction, WindowFunction

        if not isinstance(function, (ProcessWindowFunction, WindowFunction)):
            raise TypeError(
                "a ProcessWindowFunction or WindowFunction is needed, not a %s"
                % type(function).__name__
            )

        def add(keyed: Any) -> Any:
            windowed = keyed.window(window_assigner)
            if trigger is not None:
                windowed = windowed.trigger(trigger)
            if evictor is not None:
                windowed = windowed.evictor(evictor)
            if allowed_lateness:
                windowed = windowed.allowed_lateness(allowed_lateness)
            if late_data is not None:
                windowed = windowed.side_output_late_data(late_data)
            if isinstance(function, ProcessWindowFunction):
                return windowed.process(function, output_type)
            return windowed.apply(function, output_type)

        return KeyedOneInputStreamOperatorTestHarness(
            add, key_selector, key_type, input_type, **options
        )

    @staticmethod
    def for_process_join_function(
        function: Union[Callable, ProcessJoinFunction],
        key_selector1: Union[Callable, KeySelector],
        key_selector2: Union[Callable, KeySelector],
        lower_bound: Union[Time, int],
        upper_bound: Union[Time, int],
        key_type: Optional[TypeInformation] = None,
        input_type1: Optional[TypeInformation] = None,
        input_type2: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        *,
        left_late_data: Optional[OutputTag] = None,
        right_late_data: Optional[OutputTag] = None,
        **options: Any,
    ) -> KeyedTwoInputStreamOperatorTestHarness:
        """The harness of a ProcessJoinFunction in an interval join.

        :param function: the function.
        :param key_selector1: gives the key of a record of the left stream.
        :param key_selector2: gives the key of a record of the right stream.
        :param lower_bound: a Time, or an int of milliseconds; it belongs to the interval.
        :param upper_bound: the same.
        :param key_type: the type of the keys; any Python objects when None.
        :param input_type1: the type of the left stream's records.
        :param input_type2: the type of the right stream's records.
        :param output_type: the type of the results.
        :param left_late_data: where records of the left stream go that come too late.
        :param right_late_data: where those of the right stream go.
        """

        def add(connected: Any) -> Any:
            joined = connected.stream1.interval_join(connected.stream2)
            joined = joined.between(lower_bound, upper_bound)
            if left_late_data is not None:
                joined = joined.side_output_left_late_data(left_late_data)
            if right_late_data is not None:
                joined = joined.side_output_right_late_data(right_late_data)
            return joined.process(function, output_type)

        return KeyedTwoInputStreamOperatorTestHarness(
            add, key_selector1, key_selector2, key_type, input_type1, input_type2, **options
        )

    @staticmethod
    def for_async_function(
        function: AsyncFunction,
        timeout: Union[Time, int],
        input_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        *,
        capacity: int = 100,
        ordered: bool = True,
        async_retry_strategy: Optional[AsyncRetryStrategy] = None,
        **options: Any,
    ) -> OneInputStreamOperatorTestHarness:
        """The harness of an AsyncFunction; ``wait_for_results()`` gives it time to answer.

        :param function: the function.
        :param timeout: how long a record may take: a Time, or an int of milliseconds of the
            processing time that the test sets; 0 for ever.
        :param input_type: the type of the records; any Python objects when None.
        :param output_type: the type of the results; any Python objects when None.
        :param capacity: how many records may be in flight.
        :param ordered: whether results have the order of the records.
        :param async_retry_strategy: when and how often to try again; its pauses are real time.
        """
        from pyflink.datastream import AsyncDataStream
        from pyflink.datastream.async_retry_strategies import NO_RETRY_STRATEGY

        strategy = async_retry_strategy or NO_RETRY_STRATEGY
        wait = (
            AsyncDataStream.ordered_wait_with_retry
            if ordered
            else AsyncDataStream.unordered_wait_with_retry
        )
        return OneInputStreamOperatorTestHarness(
            lambda stream: wait(stream, function, timeout, strategy, capacity, output_type),
            input_type,
            **options,
        )
