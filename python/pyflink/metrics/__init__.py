"""Metrics that user functions can make."""

from pyflink.metrics.metricbase import Counter, Distribution, Meter, Metric, MetricGroup

__all__ = ["Metric", "MetricGroup", "Counter", "Meter", "Distribution"]
