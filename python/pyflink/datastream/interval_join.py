"""Joins of two keyed streams by time: each record meets those that are near to it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Callable, Optional, Union

from pyflink.datastream._java import jvm, ship, transforms
from pyflink.datastream.data_stream import DataStream, need_function
from pyflink.datastream.functions import Function, ProcessJoinFunction

if TYPE_CHECKING:
    from pyflink.common import Duration, Time, TypeInformation
    from pyflink.datastream.keyed_stream import KeyedStream
    from pyflink.datastream.output_tag import OutputTag

__all__ = ["IntervalJoin", "IntervalJoined"]

_NAME = "Interval Join"
_LONGEST = 2**62


def milliseconds(time: Any, what: str) -> int:
    """A span of time in any of its forms.

    :param time: a Time, a Duration, a timedelta, or an int of milliseconds.
    :param what: what it is, for the error.
    :raises TypeError: it is something else.
    """
    from pyflink.common import Duration, Time

    if isinstance(time, int) and not isinstance(time, bool):
        return time
    if isinstance(time, Time):
        return time.to_milliseconds()
    if isinstance(time, Duration):
        return time._j_duration.toMillis()
    if isinstance(time, datetime.timedelta):
        return time // datetime.timedelta(milliseconds=1)
    raise TypeError(
        "%s must be a Time, a Duration, a timedelta or an int of milliseconds, not %s %r"
        % (what, type(time).__name__, time)
    )


class JoinStep:
    """An interval join's Python side; shipped as a whole.

    :param function: a ProcessJoinFunction or a callable.
    :param left_tag: where late records of the left stream go, or None.
    :param right_tag: where those of the right stream go, or None.
    """

    def __init__(
        self, function: Any, left_tag: Optional[OutputTag], right_tag: Optional[OutputTag]
    ) -> None:
        self.function = function
        self.left_tag = left_tag
        self.right_tag = right_tag
        # Errors name the program's function.
        named = function if not isinstance(function, Function) else type(function)
        self.__qualname__ = getattr(named, "__qualname__", type(function).__qualname__)


class IntervalJoin:
    """Two keyed streams whose records are to be joined by time. PyFlink has no such join.

    :param stream1: the left stream.
    :param stream2: the right stream.
    """

    def __init__(self, stream1: KeyedStream, stream2: KeyedStream) -> None:
        self.stream1 = stream1
        self.stream2 = stream2

    def between(
        self,
        lower_bound: Union[Time, Duration, datetime.timedelta, int],
        upper_bound: Union[Time, Duration, datetime.timedelta, int],
    ) -> IntervalJoined:
        """Say how far apart in event time records may be: by default both bounds belong to it.

        A left record meets each right record of the same key for which ``left time + lower_bound
        <= right time <= left time + upper_bound``.

        :param lower_bound: a Time, Duration or timedelta, or an int of milliseconds; may be
            negative.
        :param upper_bound: the same.
        :raises ValueError: the lower bound is greater than the upper one.
        :raises TypeError: a bound is no span of time.
        """
        lower = milliseconds(lower_bound, "the lower bound")
        upper = milliseconds(upper_bound, "the upper bound")
        if lower > upper:
            raise ValueError(
                "the lower bound of an interval join is %d ms, greater than the upper bound of "
                "%d ms: between() takes the lower one first" % (lower, upper)
            )
        if lower < -_LONGEST or upper > _LONGEST:
            raise ValueError("a bound of an interval join is greater than %d ms" % _LONGEST)
        return IntervalJoined(self.stream1, self.stream2, lower, upper)

    def __getattr__(self, name: str) -> Any:
        if hasattr(IntervalJoined, name):
            raise AttributeError(
                "interval_join(): call between(lower_bound, upper_bound) before %s()" % name
            )
        raise AttributeError("%s has no attribute %r" % (type(self).__name__, name))


class IntervalJoined:
    """Two keyed streams whose records are joined when they are near in event time.

    :param left: the left stream.
    :param right: the right stream.
    :param lower_bound: milliseconds from a left record to the first right one that it meets.
    :param upper_bound: milliseconds to the last one.
    """

    def __init__(
        self, left: KeyedStream, right: KeyedStream, lower_bound: int, upper_bound: int
    ) -> None:
        self._left = left
        self._right = right
        self._lower_bound = lower_bound
        self._upper_bound = upper_bound
        self._lower_inclusive = True
        self._upper_inclusive = True
        self._left_tag: Optional[OutputTag] = None
        self._right_tag: Optional[OutputTag] = None

    def lower_bound_exclusive(self) -> IntervalJoined:
        """Leave out records that are as far apart as the lower bound."""
        self._lower_inclusive = False
        return self

    def upper_bound_exclusive(self) -> IntervalJoined:
        """Leave out records that are as far apart as the upper bound."""
        self._upper_inclusive = False
        return self

    def side_output_left_late_data(self, output_tag: OutputTag) -> IntervalJoined:
        """Send left records that come after the watermark to a side output; else they are dropped.

        :param output_tag: the side output.
        :raises TypeError: it is no OutputTag.
        """
        self._left_tag = _tag(output_tag)
        return self

    def side_output_right_late_data(self, output_tag: OutputTag) -> IntervalJoined:
        """Send right records that come after the watermark to a side output.

        :param output_tag: the side output.
        :raises TypeError: it is no OutputTag.
        """
        self._right_tag = _tag(output_tag)
        return self

    def process(
        self,
        process_join_function: Union[Callable, ProcessJoinFunction],
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Turn each pair into any number of records, which have the later of both timestamps.

        The state of records that wait for others is Flink's own.

        :param process_join_function: a ProcessJoinFunction, or a callable of left record, right
            record and context, which gives an iterable or None.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: `process_join_function` is neither, or something it uses cannot be
            pickled.
        :raises ValueError: no time lies between the bounds.
        """
        need_function(process_join_function, ProcessJoinFunction)
        width = self._upper_bound - self._lower_bound
        if width < (not self._lower_inclusive) + (not self._upper_inclusive):
            raise ValueError(
                "no record can be joined: no time lies between the bounds of %d ms and %d ms, of "
                "which at least one is exclusive" % (self._lower_bound, self._upper_bound)
            )
        spec = jvm().io.pyflinkshell.operator.IntervalSpec(
            self._lower_bound,
            self._upper_bound,
            self._lower_inclusive,
            self._upper_inclusive,
            self._left_tag is not None,
            self._right_tag is not None,
        )
        step = JoinStep(process_join_function, self._left_tag, self._right_tag)
        return DataStream(
            transforms().intervalJoin(
                self._left._j_data_stream,
                self._right._j_data_stream,
                _NAME,
                ship(step, _NAME),
                None if output_type is None else output_type.get_java_type_info(),
                spec,
            )
        )


def _tag(output_tag: Any) -> OutputTag:
    from pyflink.datastream.output_tag import OutputTag

    if not isinstance(output_tag, OutputTag):
        raise TypeError(
            "late data goes to an OutputTag, not to a %s %r"
            % (type(output_tag).__name__, output_tag)
        )
    return output_tag
