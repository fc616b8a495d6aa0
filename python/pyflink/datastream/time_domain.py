"""The time that a timer is for."""

from enum import Enum

__all__ = ["TimeDomain"]


class TimeDomain(Enum):
    """Whether a timer is for event time or processing time."""

    EVENT_TIME = 0
    PROCESSING_TIME = 1
