"""Kinds of time."""

from __future__ import annotations

from enum import Enum
from typing import Any

__all__ = ["TimeCharacteristic"]


class TimeCharacteristic(Enum):
    """The time that windows without a time of their own use."""

    ProcessingTime = 0
    IngestionTime = 1
    EventTime = 2

    @staticmethod
    def _from_j_time_characteristic(j_time_characteristic: Any) -> TimeCharacteristic:
        return TimeCharacteristic[str(j_time_characteristic)]

    def _to_j_time_characteristic(self) -> Any:
        from pyflink.datastream._java import jvm

        return getattr(jvm().org.apache.flink.streaming.api.TimeCharacteristic, self.name)
