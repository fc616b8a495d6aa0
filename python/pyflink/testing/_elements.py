"""What a harness puts into its output, and how it is read from Java."""

from __future__ import annotations

from typing import Any, List, NamedTuple, Optional

__all__ = ["StreamRecord", "Timer", "Watermark", "WatermarkStatus"]


class StreamRecord(NamedTuple):
    """A record that an operator emitted.

    :param value: the value.
    :param timestamp: its event time in milliseconds, or None.
    """

    value: Any
    timestamp: Optional[int] = None


class Watermark(NamedTuple):
    """A watermark that an operator emitted.

    :param timestamp: event time in milliseconds.
    """

    timestamp: int


class WatermarkStatus(NamedTuple):
    """Tells that a stream became idle or active.

    :param idle: whether it became idle.
    """

    idle: bool


class Timer(NamedTuple):
    """A timer that waits.

    :param timestamp: when it fires, in milliseconds.
    :param key: of which key.
    """

    timestamp: int
    key: Any


# The kinds of io.pyflinkshell.harness.HarnessResults.
_STAMPED, _WATERMARK, _ACTIVE = 1, 2, 3


def take(j_results: Any) -> List[Any]:
    """What came since the last call.

    :param j_results: Java's HarnessResults, or None for none.
    :returns: StreamRecords, Watermarks and WatermarkStatuses, in order.
    """
    import _pyflink_engine

    taken = None if j_results is None else j_results.take()
    if taken is None:
        return []
    kinds, times, records = bytes(taken[0]), list(taken[1]), bytes(taken[2])
    values = iter(
        _pyflink_engine.decode_batch(records, bytes(j_results.schema()), j_results.mode(), True)
    )
    elements: List[Any] = []
    for kind, time in zip(kinds, times):
        if kind <= _STAMPED:
            elements.append(StreamRecord(next(values), time if kind == _STAMPED else None))
        elif kind == _WATERMARK:
            elements.append(Watermark(time))
        else:
            elements.append(WatermarkStatus(kind != _ACTIVE))
    return elements
