"""Metric groups for functions: on Flink's own metrics, or kept in Python outside of a job."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional

from pyflink.metrics import Counter, Distribution, Meter, MetricGroup


class _Counter(Counter):
    def __init__(self) -> None:
        self._count = 0

    def inc(self, n: int = 1) -> None:
        self._count += n

    def dec(self, n: int = 1) -> None:
        self._count -= n

    def get_count(self) -> int:
        return self._count


class _Meter(Meter):
    def __init__(self) -> None:
        self._count = 0

    def mark_event(self, value: int = 1) -> None:
        self._count += value

    def get_count(self) -> int:
        return self._count


class _Distribution(Distribution):
    def __init__(self) -> None:
        self.values: Dict[str, int] = {}

    def update(self, value: int) -> None:
        kept = self.values
        kept["sum"] = kept.get("sum", 0) + value
        kept["count"] = kept.get("count", 0) + 1
        kept["min"] = min(kept.get("min", value), value)
        kept["max"] = max(kept.get("max", value), value)


class LocalMetricGroup(MetricGroup):
    """Metrics that nobody reports: functions that are run outside of a job can count as well."""

    def add_group(self, name: str, extra: Optional[str] = None) -> MetricGroup:
        return LocalMetricGroup()

    def counter(self, name: str) -> Counter:
        return _Counter()

    def gauge(self, name: str, obj: Callable[[], int]) -> None:
        return None

    def meter(self, name: str, time_span_in_seconds: int = 60) -> Meter:
        return _Meter()

    def distribution(self, name: str) -> Distribution:
        return _Distribution()


class _Gauge:
    """A Java Gauge around a callable."""

    def __init__(self, read: Callable[[], Any]) -> None:
        self._read = read

    def getValue(self) -> Any:
        return self._read()

    class Java:
        implements = ["org.apache.flink.metrics.Gauge"]


class _JavaCounter(Counter):
    def __init__(self, java: Any) -> None:
        self._java = java

    def inc(self, n: int = 1) -> None:
        self._java.inc(n)

    def dec(self, n: int = 1) -> None:
        self._java.dec(n)

    def get_count(self) -> int:
        return self._java.getCount()


class _JavaMeter(Meter):
    def __init__(self, java: Any) -> None:
        self._java = java

    def mark_event(self, value: int = 1) -> None:
        self._java.markEvent(value)

    def get_count(self) -> int:
        return self._java.getCount()


class JavaMetricGroup(MetricGroup):
    """A group of Flink's metrics.

    :param java: Java's MetricGroup.
    """

    def __init__(self, java: Any) -> None:
        self._java = java

    def add_group(self, name: str, extra: Optional[str] = None) -> MetricGroup:
        if extra is None:
            return JavaMetricGroup(self._java.addGroup(name))
        return JavaMetricGroup(self._java.addGroup(name, extra))

    def counter(self, name: str) -> Counter:
        return _JavaCounter(self._java.counter(name))

    def gauge(self, name: str, obj: Callable[[], int]) -> None:
        self._java.gauge(name, _Gauge(obj))

    def meter(self, name: str, time_span_in_seconds: int = 60) -> Meter:
        from pyflink.java_gateway import get_gateway

        view = get_gateway().jvm.org.apache.flink.metrics.MeterView
        return _JavaMeter(self._java.meter(name, view(time_span_in_seconds)))

    def distribution(self, name: str) -> Distribution:
        distribution = _Distribution()
        # Flink's Java metrics know no distribution; its four numbers are gauges.
        group = self._java.addGroup(name)
        for part in ("sum", "count", "min", "max"):
            group.gauge(part, _Gauge(lambda part=part: distribution.values.get(part, 0)))
        return distribution
