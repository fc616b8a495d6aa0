"""Streams whose records are grouped into windows, and streams that are kept for later jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Optional, Union

from pyflink.datastream._java import jvm, ship, transforms
from pyflink.datastream._triggers import PurgingTrigger
from pyflink.datastream._window_step import AGGREGATE, REDUCE, WindowStep
from pyflink.datastream.data_stream import DataStream, need_function
from pyflink.datastream.functions import AggregateFunction, NullByteKeySelector, ReduceFunction

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
    from pyflink.datastream.window import Evictor, Trigger, WindowAssigner

__all__ = ["WindowedStream", "AllWindowedStream", "CachedDataStream"]

# The kinds of native operators, as engine/runtime knows them.
_WINDOW, _PYTHON_WINDOW = 20, 21


class _Windows:
    """What windows with and without keys share.

    :param stream: the stream of records with keys.
    :param window_assigner: which windows.
    """

    # Of the operator's description, as the peer's plans show it.
    _kind = "Window"

    def __init__(self, stream: KeyedStream, window_assigner: WindowAssigner) -> None:
        self._keyed_stream = stream
        self._window_assigner = window_assigner
        self._allowed_lateness = 0
        self._late_data_output_tag: Optional[OutputTag] = None
        self._window_trigger: Optional[Trigger] = None
        self._evictor: Optional[Evictor] = None

    def get_execution_environment(self) -> Any:
        """The environment of the program."""
        return self._keyed_stream.get_execution_environment()

    def get_input_type(self) -> Any:
        """The type of the records."""
        from pyflink.common.typeinfo import _from_java_type

        return _from_java_type(self._keyed_stream._original_data_type_info)

    def trigger(self, trigger: Trigger) -> Any:
        """Set when a window gives its results.

        :param trigger: decides it; the assigner's default when it is not set.
        """
        from pyflink.datastream.window import Trigger

        if not isinstance(trigger, Trigger):
            raise TypeError("the trigger must be a Trigger, not %s" % type(trigger).__name__)
        self._window_trigger = trigger
        return self

    def evictor(self, evictor: Evictor) -> Any:
        """Set what drops records of a window before or after its function is called.

        A window then holds all its records, also for reduce() and aggregate().

        :param evictor: such as a CountEvictor.
        :raises TypeError: it is no Evictor.
        """
        from pyflink.datastream.window import Evictor

        if not isinstance(evictor, Evictor):
            raise TypeError("the evictor must be an Evictor, not %s" % type(evictor).__name__)
        self._evictor = evictor
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

    # -- building the operator --------------------------------------------------------------------

    def _step(self) -> WindowStep:
        trigger = self._window_trigger
        if trigger is None:
            trigger = self._window_assigner.get_default_trigger(self.get_execution_environment())
        step = WindowStep(self._window_assigner, trigger)
        step.allowed_lateness = self._allowed_lateness
        step.late_tag = self._late_data_output_tag
        step.evictor = self._evictor
        return step

    def _window_function(self, function: Any, single: bool) -> Any:
        """The adapter of a window function.

        :raises TypeError: it is none.
        """
        raise NotImplementedError

    def _reduce(self, function: Any, window_function: Any, output_type: Any) -> DataStream:
        from pyflink.datastream.functions import ReduceFunctionWrapper

        need_function(function, ReduceFunction)
        step = self._step()
        step.kind = REDUCE
        step.function = function
        if not isinstance(function, ReduceFunction):
            step.function = ReduceFunctionWrapper(function)
        if window_function is not None:
            step.window_function = self._window_function(window_function, True)
        elif output_type is None:
            output_type = self.get_input_type()
        return self._result(step, (function, window_function), output_type)

    def _aggregate(
        self, function: Any, window_function: Any, accumulator_type: Any, output_type: Any
    ) -> DataStream:
        if not isinstance(function, AggregateFunction):
            raise TypeError(
                "aggregate() of windows needs an AggregateFunction, not %s"
                % type(function).__name__
            )
        step = self._step()
        step.kind = AGGREGATE
        step.function = function
        step.accumulator_type = accumulator_type
        if isinstance(accumulator_type, list):
            from pyflink.common.typeinfo import Types

            step.accumulator_type = Types.ROW(accumulator_type)
        if window_function is not None:
            step.window_function = self._window_function(window_function, True)
        return self._result(step, (function, window_function), output_type)

    def _all_records(self, window_function: Any, output_type: Any) -> DataStream:
        step = self._step()
        step.window_function = self._window_function(window_function, False)
        return self._result(step, (window_function,), output_type)

    def _result(self, step: WindowStep, functions: Any, output_type: Any) -> DataStream:
        name = type(step.assigner).__name__
        names = ", ".join(type(f).__name__ for f in functions if f is not None)
        step.__qualname__ = names
        j_spec = self._java_spec(step)
        stream = DataStream(
            transforms().windowed(
                self._keyed_stream._j_data_stream,
                _PYTHON_WINDOW if j_spec is None else _WINDOW,
                name,
                ship(step, name),
                None if output_type is None else output_type.get_java_type_info(),
                _java_window_spec().python() if j_spec is None else j_spec,
            )
        )
        return stream.set_description(
            "%s(%s, %s, %s)" % (self._kind, step.assigner, type(step.trigger).__name__, names)
        )

    def _java_spec(self, step: WindowStep) -> Any:
        """What Flink's window operator needs; None when it must be Python's."""
        from pyflink.datastream._java_windows import java_assigner, java_trigger

        assigner = java_assigner(step.assigner)
        trigger = step.trigger
        if assigner is not None and assigner[0] == "COUNT" and self._window_trigger is None:
            # No record comes into a window of a number of records after it fired.
            trigger = PurgingTrigger(trigger)
        j_trigger = None if assigner is None else java_trigger(trigger)
        if j_trigger is None:
            return None
        return _java_window_spec().flink(
            assigner[0],
            assigner[1],
            j_trigger,
            step.allowed_lateness,
            step.late_tag is not None,
            step.tells_end(),
        )


def _java_window_spec() -> Any:
    return jvm().io.pyflinkshell.operator.WindowSpec


class WindowedStream(_Windows):
    """A keyed stream whose records are grouped into windows.

    :param keyed_stream: the stream.
    :param window_assigner: which windows.
    """

    def __init__(self, keyed_stream: KeyedStream, window_assigner: WindowAssigner) -> None:
        super().__init__(keyed_stream, window_assigner)

    def _window_function(self, function: Any, single: bool) -> Any:
        from pyflink.datastream import functions as f

        if isinstance(function, f.WindowFunction):
            iterable, one = f.InternalIterableWindowFunction, f.InternalSingleValueWindowFunction
        elif isinstance(function, f.ProcessWindowFunction):
            iterable = f.InternalIterableProcessWindowFunction
            one = f.InternalSingleValueProcessWindowFunction
        else:
            raise TypeError(
                "the window function must be a WindowFunction or a ProcessWindowFunction, not %s"
                % type(function).__name__
            )
        return (one if single else iterable)(function)

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
        return self._reduce(reduce_function, window_function, output_type)

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
        return self._aggregate(aggregate_function, window_function, accumulator_type, output_type)

    def apply(
        self, window_function: WindowFunction, output_type: Optional[TypeInformation] = None
    ) -> DataStream:
        """Process the records of each window together.

        :param window_function: the function.
        :param output_type: the type of the results.
        """
        return self._all_records(window_function, output_type)

    def process(
        self,
        process_window_function: ProcessWindowFunction,
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Process the records of each window together, with state.

        :param process_window_function: the function.
        :param output_type: the type of the results.
        """
        return self._all_records(process_window_function, output_type)


class AllWindowedStream(_Windows):
    """A stream whose records, all together, are grouped into windows.

    :param data_stream: the stream.
    :param window_assigner: which windows.
    """

    _kind = "AllWindow"

    def __init__(self, data_stream: DataStream, window_assigner: WindowAssigner) -> None:
        super().__init__(data_stream.key_by(NullByteKeySelector()), window_assigner)

    def trigger(self, trigger: Trigger) -> Any:
        """Set when a window gives its results.

        :param trigger: decides it; the assigner's default when it is not set.
        :raises TypeError: windows of the assigner merge, and the trigger cannot.
        """
        from pyflink.datastream.window import MergingWindowAssigner

        super().trigger(trigger)
        if isinstance(self._window_assigner, MergingWindowAssigner) and not trigger.can_merge():
            self._window_trigger = None
            raise TypeError(
                "the windows of %s are merged, and a %s does not support that"
                % (type(self._window_assigner).__name__, type(trigger).__name__)
            )
        return self

    def _window_function(self, function: Any, single: bool) -> Any:
        from pyflink.datastream import functions as f

        if isinstance(function, f.AllWindowFunction):
            iterable = f.InternalIterableAllWindowFunction
            one = f.InternalSingleValueAllWindowFunction
        elif isinstance(function, f.ProcessAllWindowFunction):
            iterable = f.InternalIterableProcessAllWindowFunction
            one = f.InternalSingleValueProcessAllWindowFunction
        else:
            raise TypeError(
                "the window function must be an AllWindowFunction or a ProcessAllWindowFunction, "
                "not %s" % type(function).__name__
            )
        return (one if single else iterable)(function)

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
        return self._reduce(reduce_function, window_function, output_type)

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
        return self._aggregate(aggregate_function, window_function, accumulator_type, output_type)

    def apply(
        self, window_function: AllWindowFunction, output_type: Optional[TypeInformation] = None
    ) -> DataStream:
        """Process the records of each window together.

        :param window_function: the function.
        :param output_type: the type of the results.
        """
        return self._all_records(window_function, output_type)

    def process(
        self,
        process_window_function: ProcessAllWindowFunction,
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Process the records of each window together, with state.

        :param process_window_function: the function.
        :param output_type: the type of the results.
        """
        return self._all_records(process_window_function, output_type)


class CachedDataStream(DataStream):
    """A stream whose records are kept for later jobs.

    :param j_data_stream: the Java CachedDataStream.
    """

    def __init__(self, j_data_stream: Any) -> None:
        super().__init__(j_data_stream)

    def invalidate(self) -> None:
        """Drop the records that were kept."""
        self._j_data_stream.invalidate()
