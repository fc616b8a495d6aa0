"""Streams whose records are grouped into windows, and streams that are kept for later jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Optional, Union

from pyflink.datastream.data_stream import DataStream, need_function, not_yet
from pyflink.datastream.functions import AggregateFunction, ReduceFunction

if TYPE_CHECKING:
    from pyflink.common import TypeInformation
    from pyflink.datastream.functions import (
        AllWindowFunction,
        ProcessAllWindowFunction,
        ProcessWindowFunction,
        WindowFunction,
    )
    from pyflink.datastream.keyed_stream import KeyedStream
    from pyflink.datastream.output_tag import OutputTag
    from pyflink.datastream.window import Trigger, WindowAssigner

__all__ = ["WindowedStream", "AllWindowedStream", "CachedDataStream"]


class _Windows:
    """What windows with and without keys share.

    :param stream: the stream.
    :param window_assigner: which windows.
    """

    def __init__(self, stream: DataStream, window_assigner: WindowAssigner) -> None:
        self._stream = stream
        self._window_assigner = window_assigner
        self._allowed_lateness = 0
        self._late_data_output_tag: Optional[OutputTag] = None
        self._window_trigger: Optional[Trigger] = None

    def get_execution_environment(self) -> Any:
        """The environment of the program."""
        return self._stream.get_execution_environment()

    def get_input_type(self) -> Any:
        """The type of the records."""
        return self._stream._values().get_type()

    def trigger(self, trigger: Trigger) -> Any:
        """Set when a window gives its results.

        :param trigger: decides it; the assigner's default when it is not set.
        """
        self._window_trigger = trigger
        return self

    def allowed_lateness(self, time_ms: int) -> Any:
        """Set how long after its end a window still takes records.

        :param time_ms: milliseconds of event time.
        """
        self._allowed_lateness = time_ms
        return self

    def side_output_late_data(self, output_tag: OutputTag) -> Any:
        """Send records that come too late to a side output.

        :param output_tag: the side output.
        """
        self._late_data_output_tag = output_tag
        return self

    def _not_yet(self, what: str) -> NotImplementedError:
        return not_yet("%s.%s" % (type(self).__name__, what))


class WindowedStream(_Windows):
    """A keyed stream whose records are grouped into windows.

    :param keyed_stream: the stream.
    :param window_assigner: which windows.
    """

    def __init__(self, keyed_stream: KeyedStream, window_assigner: WindowAssigner) -> None:
        super().__init__(keyed_stream, window_assigner)

    def reduce(
        self,
        reduce_function: Union[Callable, ReduceFunction],
        window_function: Optional[Union[WindowFunction, ProcessWindowFunction]] = None,
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Combine the records of each window.

        :param reduce_function: combines two records.
        :param window_function: gets the combination and the window.
        :param output_type: the type of the results.
        """
        need_function(reduce_function, ReduceFunction)
        raise self._not_yet("reduce")

    def aggregate(
        self,
        aggregate_function: AggregateFunction,
        window_function: Optional[Union[WindowFunction, ProcessWindowFunction]] = None,
        accumulator_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Aggregate the records of each window.

        :param aggregate_function: adds records to an accumulator.
        :param window_function: gets the result and the window.
        :param accumulator_type: the type of the accumulator.
        :param output_type: the type of the results.
        """
        raise self._not_yet("aggregate")

    def apply(
        self, window_function: WindowFunction, output_type: Optional[TypeInformation] = None
    ) -> DataStream:
        """Process the records of each window together.

        :param window_function: the function.
        :param output_type: the type of the results.
        """
        raise self._not_yet("apply")

    def process(
        self,
        process_window_function: ProcessWindowFunction,
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Process the records of each window together, with state.

        :param process_window_function: the function.
        :param output_type: the type of the results.
        """
        raise self._not_yet("process")


class AllWindowedStream(_Windows):
    """A stream whose records, all together, are grouped into windows.

    :param data_stream: the stream.
    :param window_assigner: which windows.
    """

    def __init__(self, data_stream: DataStream, window_assigner: WindowAssigner) -> None:
        super().__init__(data_stream, window_assigner)

    def reduce(
        self,
        reduce_function: Union[Callable, ReduceFunction],
        window_function: Optional[Union[AllWindowFunction, ProcessAllWindowFunction]] = None,
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Combine the records of each window.

        :param reduce_function: combines two records.
        :param window_function: gets the combination and the window.
        :param output_type: the type of the results.
        """
        need_function(reduce_function, ReduceFunction)
        raise self._not_yet("reduce")

    def aggregate(
        self,
        aggregate_function: AggregateFunction,
        window_function: Optional[Union[AllWindowFunction, ProcessAllWindowFunction]] = None,
        accumulator_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Aggregate the records of each window.

        :param aggregate_function: adds records to an accumulator.
        :param window_function: gets the result and the window.
        :param accumulator_type: the type of the accumulator.
        :param output_type: the type of the results.
        """
        raise self._not_yet("aggregate")

    def apply(
        self, window_function: AllWindowFunction, output_type: Optional[TypeInformation] = None
    ) -> DataStream:
        """Process the records of each window together.

        :param window_function: the function.
        :param output_type: the type of the results.
        """
        raise self._not_yet("apply")

    def process(
        self,
        process_window_function: ProcessAllWindowFunction,
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Process the records of each window together, with state.

        :param process_window_function: the function.
        :param output_type: the type of the results.
        """
        raise self._not_yet("process")


class CachedDataStream(DataStream):
    """A stream whose records are kept for later jobs.

    :param j_data_stream: the Java CachedDataStream.
    """

    def __init__(self, j_data_stream: Any) -> None:
        super().__init__(j_data_stream)

    def invalidate(self) -> None:
        """Drop the records that were kept."""
        self._j_data_stream.invalidate()
