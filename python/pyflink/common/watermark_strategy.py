"""How a stream gets timestamps and watermarks."""

from __future__ import annotations

import abc
from typing import Any, Callable, List, Optional

from pyflink.common._watermark_generators import (
    Supplier,
    Watermark,
    WatermarkGenerator,
    WatermarkGeneratorSupplier,
    WatermarkOutput,
    check_supplier,
)
from pyflink.common.time import Duration

__all__ = [
    "WatermarkStrategy",
    "TimestampAssigner",
    "AssignerWithPeriodicWatermarksWrapper",
    "Watermark",
    "WatermarkGenerator",
    "WatermarkGeneratorSupplier",
    "WatermarkOutput",
]


def _java() -> Any:
    from pyflink.java_gateway import get_gateway

    return get_gateway().jvm.org.apache.flink.api.common.eventtime.WatermarkStrategy


class TimestampAssigner(abc.ABC):
    """Finds the timestamp of a record."""

    @abc.abstractmethod
    def extract_timestamp(self, value: Any, record_timestamp: int) -> int:
        """The timestamp of `value` in milliseconds since 1970.

        :param value: the record.
        :param record_timestamp: the timestamp it has so far; negative when it has none.
        """


class WatermarkStrategy:
    """How watermarks are made and where timestamps come from.

    :param j_watermark_strategy: the Java WatermarkStrategy.
    """

    def __init__(self, j_watermark_strategy: Any) -> None:
        self._j_watermark_strategy = j_watermark_strategy
        self._timestamp_assigner: Optional[TimestampAssigner] = None
        self._generator_supplier: Optional[Supplier] = None
        # What was added to the Java strategy, and whether alignment was.
        self._added: List[Callable[[Any], Any]] = []
        self._aligned = False

    def _derived(self, add: Callable[[Any], Any], aligned: bool = False) -> WatermarkStrategy:
        """A strategy that differs from this one in its Java part."""
        derived = WatermarkStrategy(add(self._j_watermark_strategy))
        derived._timestamp_assigner = self._timestamp_assigner
        derived._generator_supplier = self._generator_supplier
        derived._added = [*self._added, add]
        derived._aligned = aligned or self._aligned
        return derived

    def _is_in_python(self) -> bool:
        return self._timestamp_assigner is not None or self._generator_supplier is not None

    def _j_at_source(self, j_type: Any) -> Any:
        """The Java strategy of a source whose operator asks what is Python's for each record.

        :param j_type: the Java type of the records.
        """
        from pyflink.datastream._shipping import ship
        from pyflink.java_gateway import get_gateway

        j_parts = get_gateway().jvm.io.pyflinkshell.operator.SourceTimestamps
        j_strategy = self._j_watermark_strategy
        if self._generator_supplier is not None:
            payload = ship(self._generator_supplier, "Timestamps/Watermarks")
            j_strategy = _java().forGenerator(j_parts.generator(payload, j_type))
            for add in self._added:
                j_strategy = add(j_strategy)
        if self._timestamp_assigner is not None:
            payload = ship(self._timestamp_assigner, "Extract-Timestamp")
            j_strategy = j_strategy.withTimestampAssigner(j_parts.assigner(payload, j_type))
        return j_strategy

    def with_timestamp_assigner(self, timestamp_assigner: TimestampAssigner) -> WatermarkStrategy:
        """Take the timestamps from a Python object.

        :param timestamp_assigner: called with each record.
        """
        self._timestamp_assigner = timestamp_assigner
        return self

    def with_idleness(self, idle_timeout: Duration) -> WatermarkStrategy:
        """Do not wait for inputs that are silent.

        :param idle_timeout: how long an input is silent before it counts as idle.
        """
        return self._derived(lambda j: j.withIdleness(idle_timeout._j_duration))

    def with_watermark_alignment(
        self,
        watermark_group: str,
        max_allowed_watermark_drift: Duration,
        update_interval: Optional[Duration] = None,
    ) -> WatermarkStrategy:
        """Hold back sources that are far ahead of the others; for from_source.

        A timestamp assigner or generator in Python is then asked by the source itself, for each
        record alone, which costs more than in an operator behind it.

        :param watermark_group: sources of the same group wait for each other.
        :param max_allowed_watermark_drift: how far ahead a source may be.
        :param update_interval: how often the sources tell where they are; 1 s when None.
        """
        arguments = [watermark_group, max_allowed_watermark_drift._j_duration]
        if update_interval is not None:
            arguments.append(update_interval._j_duration)
        return self._derived(lambda j: j.withWatermarkAlignment(*arguments), aligned=True)

    @staticmethod
    def for_monotonous_timestamps() -> WatermarkStrategy:
        """Timestamps never go back."""
        return WatermarkStrategy(_java().forMonotonousTimestamps())

    @staticmethod
    def for_bounded_out_of_orderness(max_out_of_orderness: Duration) -> WatermarkStrategy:
        """Timestamps go back by a limited time.

        :param max_out_of_orderness: the limit.
        """
        return WatermarkStrategy(_java().forBoundedOutOfOrderness(max_out_of_orderness._j_duration))

    @staticmethod
    def for_generator(generator_supplier: Supplier) -> WatermarkStrategy:
        """Watermarks are made by a generator that is written in Python.

        :param generator_supplier: a :class:`WatermarkGenerator` class, a function that returns a
            new generator (it may take a :class:`WatermarkGeneratorSupplier.Context`), or a
            :class:`WatermarkGeneratorSupplier`; called once in each parallel instance.
        :raises TypeError: it is none of these.
        """
        check_supplier(generator_supplier)
        from pyflink.java_gateway import get_gateway

        strategy = WatermarkStrategy(
            get_gateway().jvm.io.pyflinkshell.operator.PythonWatermarks.strategy()
        )
        strategy._generator_supplier = generator_supplier
        return strategy

    @staticmethod
    def no_watermarks() -> WatermarkStrategy:
        """No watermarks: only processing time matters."""
        return WatermarkStrategy(_java().noWatermarks())


class AssignerWithPeriodicWatermarksWrapper:
    """An old-style Java assigner of timestamps and watermarks.

    :param j_assigner_with_periodic_watermarks: the Java object.
    """

    def __init__(self, j_assigner_with_periodic_watermarks: Any) -> None:
        self._j_assigner_with_periodic_watermarks = j_assigner_with_periodic_watermarks
