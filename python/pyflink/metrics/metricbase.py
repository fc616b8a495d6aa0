"""The kinds of metrics, and the group that makes them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Callable, Optional

__all__ = ["MetricGroup", "Metric", "Counter", "Meter", "Distribution"]


class MetricGroup(ABC):
    """Makes metrics; a function gets its group from RuntimeContext.get_metrics_group()."""

    @abstractmethod
    def add_group(self, name: str, extra: Optional[str] = None) -> MetricGroup:
        """A group inside this one.

        :param name: its name.
        :param extra: with it, `name` is a key and `extra` its value.
        """

    @abstractmethod
    def counter(self, name: str) -> Counter:
        """A new counter.

        :param name: its name.
        """

    @abstractmethod
    def gauge(self, name: str, obj: Callable[[], int]) -> None:
        """A new gauge.

        :param name: its name.
        :param obj: called for the current value.
        """

    @abstractmethod
    def meter(self, name: str, time_span_in_seconds: int = 60) -> Meter:
        """A new meter.

        :param name: its name.
        :param time_span_in_seconds: the time over which the rate is taken.
        """

    @abstractmethod
    def distribution(self, name: str) -> Distribution:
        """A new distribution.

        :param name: its name.
        """


class Metric(ABC):
    """Base of the metrics."""


class Counter(Metric, ABC):
    """Counts up and down."""

    @abstractmethod
    def inc(self, n: int = 1) -> None:
        """Count up by `n`."""

    @abstractmethod
    def dec(self, n: int = 1) -> None:
        """Count down by `n`."""

    @abstractmethod
    def get_count(self) -> int:
        """The current count."""


class Meter(Metric, ABC):
    """Measures how often something happens."""

    @abstractmethod
    def mark_event(self, value: int = 1) -> None:
        """It happened `value` times."""

    @abstractmethod
    def get_count(self) -> int:
        """How often it happened so far."""


class Distribution(Metric, ABC):
    """Reports the sum, count, minimum and maximum of values."""

    @abstractmethod
    def update(self, value: int) -> None:
        """Add a value."""
