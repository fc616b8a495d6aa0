"""Spans of time and points in time."""

from __future__ import annotations

from typing import Any

__all__ = ["Duration", "Instant", "Time"]


class Duration:
    """A span of time with nanosecond resolution; Java's java.time.Duration.

    :param j_duration: the Java object.
    """

    def __init__(self, j_duration: Any) -> None:
        self._j_duration = j_duration

    @staticmethod
    def _of(unit: str, amount: int) -> Duration:
        from pyflink.java_gateway import get_gateway

        return Duration(getattr(get_gateway().jvm.java.time.Duration, "of" + unit)(amount))

    @staticmethod
    def of_days(days: int) -> Duration:
        """A span of so many days of 24 hours."""
        return Duration._of("Days", days)

    @staticmethod
    def of_hours(hours: int) -> Duration:
        """A span of so many hours."""
        return Duration._of("Hours", hours)

    @staticmethod
    def of_millis(millis: int) -> Duration:
        """A span of so many milliseconds."""
        return Duration._of("Millis", millis)

    @staticmethod
    def of_minutes(minutes: int) -> Duration:
        """A span of so many minutes."""
        return Duration._of("Minutes", minutes)

    @staticmethod
    def of_nanos(nanos: int) -> Duration:
        """A span of so many nanoseconds."""
        return Duration._of("Nanos", nanos)

    @staticmethod
    def of_seconds(seconds: int) -> Duration:
        """A span of so many seconds."""
        return Duration._of("Seconds", seconds)

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Duration) and self._j_duration.equals(other._j_duration)

    def __hash__(self) -> int:
        return self._j_duration.hashCode()

    def __reduce__(self) -> Any:
        return _duration, (str(self._j_duration),)

    def __repr__(self) -> str:
        return "Duration<%s>" % self._j_duration


def _duration(text: str) -> Duration:
    """What was pickled, from ISO 8601 as Java writes it."""
    from pyflink.java_gateway import get_gateway

    return Duration(get_gateway().jvm.java.time.Duration.parse(text))


class Instant:
    """A point on the time line.

    :param seconds: seconds since 1970-01-01 in UTC; may be negative.
    :param nanos: nanoseconds of that second, 0 to 999,999,999.
    """

    __slots__ = ("seconds", "nanos")

    def __init__(self, seconds: int, nanos: int) -> None:
        self.seconds = seconds
        self.nanos = nanos

    def to_epoch_milli(self) -> int:
        """Milliseconds since 1970-01-01 in UTC, rounded down."""
        return self.seconds * 1000 + self.nanos // 1000000

    @staticmethod
    def of_epoch_milli(epoch_milli: int) -> Instant:
        """The point that is so many milliseconds after 1970-01-01 in UTC."""
        seconds, millis = divmod(epoch_milli, 1000)
        return Instant(seconds, millis * 1000000)

    def __eq__(self, other: Any) -> bool:
        return (
            type(other) is type(self)
            and self.seconds == other.seconds
            and self.nanos == other.nanos
        )

    def __hash__(self) -> int:
        return hash((self.seconds, self.nanos))

    def __reduce__(self) -> Any:
        return Instant, (self.seconds, self.nanos)

    def __repr__(self) -> str:
        return "Instant<%s, %s>" % (self.seconds, self.nanos)


class Time:
    """A span of time in milliseconds, as windows and time-to-live settings take it.

    :param milliseconds: the length.
    """

    def __init__(self, milliseconds: int) -> None:
        self._milliseconds = milliseconds

    def to_milliseconds(self) -> int:
        """The length in milliseconds."""
        return self._milliseconds

    @staticmethod
    def milliseconds(milliseconds: int) -> Time:
        """A span of so many milliseconds."""
        return Time(milliseconds)

    @staticmethod
    def seconds(seconds: int) -> Time:
        """A span of so many seconds."""
        return Time(seconds * 1000)

    @staticmethod
    def minutes(minutes: int) -> Time:
        """A span of so many minutes."""
        return Time(minutes * 60 * 1000)

    @staticmethod
    def hours(hours: int) -> Time:
        """A span of so many hours."""
        return Time(hours * 60 * 60 * 1000)

    @staticmethod
    def days(days: int) -> Time:
        """A span of so many days of 24 hours."""
        return Time(days * 24 * 60 * 60 * 1000)

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Time) and self._milliseconds == other._milliseconds

    def __hash__(self) -> int:
        return hash(self._milliseconds)

    def __str__(self) -> str:
        return "%d ms" % self._milliseconds
