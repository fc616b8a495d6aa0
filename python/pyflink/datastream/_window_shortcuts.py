"""The assigners behind count_window, time_window and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from pyflink.datastream import _assigners as assigners
from pyflink.datastream.time_characteristic import TimeCharacteristic

if TYPE_CHECKING:
    from pyflink.common import Time

__all__ = ["count_windows", "time_windows"]


def count_windows(size: int, slide: int) -> assigners.WindowAssigner:
    """Windows of a number of records.

    :param size: how many records a window has.
    :param slide: a window begins after so many records; 0 means after `size`.
    """
    if slide == 0:
        return assigners.CountTumblingWindowAssigner(size)
    return assigners.CountSlidingWindowAssigner(size, slide)


def time_windows(env: Any, size: Time, slide: Optional[Time]) -> assigners.WindowAssigner:
    """Windows of the environment's kind of time.

    :param env: the environment.
    :param size: the length of a window.
    :param slide: the time between two beginnings; None means `size`.
    """
    clock = env.get_stream_time_characteristic() == TimeCharacteristic.ProcessingTime
    if slide is None:
        if clock:
            return assigners.TumblingProcessingTimeWindows.of(size)
        return assigners.TumblingEventTimeWindows.of(size)
    if clock:
        return assigners.SlidingProcessingTimeWindows.of(size, slide)
    return assigners.SlidingEventTimeWindows.of(size, slide)
