"""Joins and co-groups of two streams by key and window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Optional, Tuple, Union

from pyflink.datastream._join_windows import CoGroupWindow, JoinWindow, KeyOfEither, Tag
from pyflink.datastream.data_stream import DataStream, need_function
from pyflink.datastream.functions import (
    CoGroupFunction,
    FlatJoinFunction,
    JoinFunction,
    KeySelector,
    WindowFunction,
)
from pyflink.datastream.interval_join import milliseconds

if TYPE_CHECKING:
    import datetime

    from pyflink.common import Duration, Time, TypeInformation
    from pyflink.datastream.window import Evictor, Trigger, WindowAssigner

__all__ = ["JoinedStreams", "CoGroupedStreams"]

# What has to be called before each of the methods.
_ORDER = ("where", "equal_to", "window", "apply")
_AFTER_WINDOW = ("trigger", "evictor", "allowed_lateness")


class _Stage:
    """Two streams on the way to a join.

    :param what: the method that began it, for errors.
    :param streams: both streams.
    """

    _next = 0

    def __init__(self, what: str, streams: Tuple[DataStream, DataStream]) -> None:
        self._what = what
        self._streams = streams

    def __getattr__(self, name: str) -> Any:
        wanted = 3 if name in _AFTER_WINDOW else _ORDER.index(name) if name in _ORDER else -1
        if wanted > self._next:
            missing = ["%s()" % step for step in _ORDER[self._next : wanted]]
            raise AttributeError(
                "%s(): call %s before %s()" % (self._what, " and ".join(missing), name)
            )
        raise AttributeError("%s has no attribute %r" % (type(self).__name__, name))


class JoinedStreams(_Stage):
    """Two streams of which each pair of records with the same key and window is joined.

    Call ``where(key).equal_to(key).window(assigner).apply(function)``, as in Java; PyFlink has no
    such join.

    :param stream1: the first stream.
    :param stream2: the second stream.
    """

    _window_type: Any = None

    def __init__(self, stream1: DataStream, stream2: DataStream, what: str = "join") -> None:
        if not isinstance(stream2, DataStream):
            raise TypeError("%s() takes a DataStream, not %s" % (what, type(stream2).__name__))
        super().__init__(what, (stream1._values(), stream2._values()))

    def where(
        self,
        key_selector: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation] = None,
    ) -> Where:
        """Set the key of the first stream's records.

        :param key_selector: a callable or KeySelector.
        :param key_type: the type of the keys of both streams; any Python objects when None.
        :raises TypeError: `key_selector` is neither.
        """
        need_function(key_selector, KeySelector)
        return Where(self, key_selector, key_type)


class CoGroupedStreams(JoinedStreams):
    """Two streams whose records with the same key and window are processed together.

    Call ``where(key).equal_to(key).window(assigner).apply(function)``, as in Java; PyFlink has no
    such operator.

    :param stream1: the first stream.
    :param stream2: the second stream.
    """

    def __init__(self, stream1: DataStream, stream2: DataStream) -> None:
        super().__init__(stream1, stream2, "co_group")


class Where(_Stage):
    """The first stream has its key.

    :param joined: the streams.
    :param key_selector: gives the key.
    :param key_type: the type of the keys, or None.
    """

    _next = 1

    def __init__(
        self, joined: JoinedStreams, key_selector: Any, key_type: Optional[TypeInformation]
    ) -> None:
        super().__init__(joined._what, joined._streams)
        self._joined = joined
        self._key_selector = key_selector
        self._key_type = key_type

    def equal_to(
        self,
        key_selector: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation] = None,
    ) -> EqualTo:
        """Set the key of the second stream's records.

        :param key_selector: a callable or KeySelector.
        :param key_type: the type of the keys, where ``where()`` was not given it.
        :raises TypeError: `key_selector` is neither, or the keys are of different types.
        """
        need_function(key_selector, KeySelector)
        first, second = self._key_type, key_type
        if first is not None and second is not None and not first == second:
            raise TypeError(
                "%s(): the keys are of different types, %s in where() and %s in equal_to()"
                % (self._what, first, second)
            )
        return EqualTo(
            self._joined,
            KeyOfEither(self._key_selector, key_selector),
            second if first is None else first,
        )


class EqualTo(_Stage):
    """Both streams have their keys.

    :param joined: the streams.
    :param key_selector: gives the key of a record of either.
    :param key_type: the type of the keys, or None.
    """

    _next = 2

    def __init__(
        self, joined: JoinedStreams, key_selector: Any, key_type: Optional[TypeInformation]
    ) -> None:
        super().__init__(joined._what, joined._streams)
        self._joined = joined
        self._key_selector = key_selector
        self._key_type = key_type

    def window(self, assigner: WindowAssigner) -> WithWindow:
        """Set which windows the records are in.

        An assigner, a trigger or an evictor that is written in Python sees records as pairs: the
        number of the stream, 0 or 1, and the record itself.

        :param assigner: such as TumblingEventTimeWindows.
        :raises TypeError: it is no WindowAssigner.
        """
        from pyflink.datastream.window import WindowAssigner

        if not isinstance(assigner, WindowAssigner):
            raise TypeError(
                "window() takes a WindowAssigner, not %s %r" % (type(assigner).__name__, assigner)
            )
        kind = CoGroupWithWindow if isinstance(self._joined, CoGroupedStreams) else JoinWithWindow
        return kind(self, assigner)


class WithWindow(_Stage):
    """Two streams with keys and windows.

    :param keyed: the streams and their keys.
    :param assigner: which windows.
    """

    _next = 3

    def __init__(self, keyed: EqualTo, assigner: WindowAssigner) -> None:
        super().__init__(keyed._what, keyed._streams)
        streams = []
        for number, stream in enumerate(self._streams):
            tagged = stream.map(Tag(number))
            streams.append(tagged.set_parallelism(stream.get_parallelism()))
        keyed_stream = streams[0].union(streams[1]).key_by(keyed._key_selector, keyed._key_type)
        self._windowed = keyed_stream.window(assigner)

    def trigger(self, trigger: Trigger) -> WithWindow:
        """Set when a window gives its results.

        :param trigger: decides it; the assigner's default when it is not set.
        :raises TypeError: it is no Trigger.
        """
        self._windowed.trigger(trigger)
        return self

    def evictor(self, evictor: Evictor) -> WithWindow:
        """Set what drops records of a window before or after its function is called.

        :param evictor: such as a CountEvictor, which counts the records of both streams.
        :raises TypeError: it is no Evictor.
        """
        self._windowed.evictor(evictor)
        return self

    def allowed_lateness(
        self, lateness: Union[Time, Duration, datetime.timedelta, int]
    ) -> WithWindow:
        """Set how long after its end a window still takes records.

        :param lateness: a Time, Duration or timedelta of event time, or an int of milliseconds.
        :raises TypeError: it is something else.
        :raises ValueError: it is negative.
        """
        time = milliseconds(lateness, "the allowed lateness")
        if time < 0:
            raise ValueError("the allowed lateness cannot be negative, found %d ms" % time)
        self._windowed.allowed_lateness(time)
        return self

    def _apply(self, function: WindowFunction, output_type: Any) -> DataStream:
        return self._windowed.apply(function, output_type)


class JoinWithWindow(WithWindow):
    """A join of two streams with keys and windows."""

    def apply(
        self,
        function: Union[Callable, JoinFunction, FlatJoinFunction],
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Join each record of the first stream with each of the second, within key and window.

        A record that finds no partner gives nothing.

        :param function: a callable or JoinFunction of two records, which gives one; or a
            FlatJoinFunction, which gives any number.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: `function` is none of them, or something it uses cannot be pickled.
        """
        flat = isinstance(function, FlatJoinFunction)
        need_function(function, FlatJoinFunction if flat else JoinFunction)
        return self._apply(JoinWindow(function, flat), output_type)


class CoGroupWithWindow(WithWindow):
    """A co-group of two streams with keys and windows."""

    def apply(
        self,
        function: Union[Callable, CoGroupFunction],
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Process the records of both streams together, within key and window.

        :param function: a callable or CoGroupFunction of two lists, which gives an iterable.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: `function` is neither, or something it uses cannot be pickled.
        """
        need_function(function, CoGroupFunction)
        return self._apply(CoGroupWindow(function), output_type)
