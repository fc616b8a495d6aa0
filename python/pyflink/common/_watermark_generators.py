"""Generators of watermarks that are written in Python."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Callable, Union

if TYPE_CHECKING:
    from pyflink.metrics import MetricGroup

MAX_TIMESTAMP = 2**63 - 1


class Watermark:
    """Says that no records with a timestamp up to its own are expected any more.

    :param timestamp: milliseconds since 1970.
    """

    __slots__ = ("timestamp",)

    MAX_WATERMARK: Watermark

    def __init__(self, timestamp: int) -> None:
        self.timestamp = timestamp

    def get_timestamp(self) -> int:
        """The milliseconds since 1970."""
        return self.timestamp

    def get_formatted_timestamp(self) -> str:
        """The time as text, as in ``2023-05-01 12:00:00.000`` (UTC)."""
        from datetime import datetime, timedelta

        time = datetime(1970, 1, 1) + timedelta(milliseconds=self.timestamp)
        return time.strftime("%Y-%m-%d %H:%M:%S.") + "%03d" % (self.timestamp % 1000)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Watermark) and other.timestamp == self.timestamp

    def __hash__(self) -> int:
        return hash(self.timestamp)

    def __repr__(self) -> str:
        return "Watermark @ %d" % self.timestamp


Watermark.MAX_WATERMARK = Watermark(MAX_TIMESTAMP)


class WatermarkOutput(ABC):
    """Takes the watermarks of a generator, while one of its methods runs."""

    @abstractmethod
    def emit_watermark(self, watermark: Union[Watermark, int]) -> None:
        """Send a watermark on; the stream counts as active again.

        :param watermark: the watermark or its milliseconds. One that is not above the last has no
            effect.
        """

    @abstractmethod
    def mark_idle(self) -> None:
        """Let operators with other inputs go on without watermarks of this one."""

    @abstractmethod
    def mark_active(self) -> None:
        """Take :meth:`mark_idle` back."""


class WatermarkGenerator(ABC):
    """Makes the watermarks of one parallel instance, from its records or from time to time."""

    @abstractmethod
    def on_event(self, event: Any, event_timestamp: int, output: WatermarkOutput) -> None:
        """Called for each record, when it has been sent on.

        :param event: the record.
        :param event_timestamp: its timestamp in milliseconds; -2**63 when it has none.
        :param output: takes watermarks.
        """

    @abstractmethod
    def on_periodic_emit(self, output: WatermarkOutput) -> None:
        """Called once in each auto-watermark interval, and when the input has ended.

        :param output: takes watermarks.
        """


class WatermarkGeneratorSupplier(ABC):
    """Makes a generator in each parallel instance."""

    class Context:
        """Where the generator runs.

        :param runtime_context: that of the operator.
        """

        def __init__(self, runtime_context: Any) -> None:
            self._runtime_context = runtime_context

        def get_metric_group(self) -> MetricGroup:
            """Makes metrics that belong to this instance."""
            return self._runtime_context.get_metrics_group()

    @abstractmethod
    def create_watermark_generator(
        self, context: WatermarkGeneratorSupplier.Context
    ) -> WatermarkGenerator:
        """A new generator."""


Supplier = Union[WatermarkGeneratorSupplier, Callable[..., WatermarkGenerator]]


def check_supplier(supplier: Any) -> None:
    """TypeError when something is no supplier of generators."""
    if isinstance(supplier, WatermarkGenerator):
        raise TypeError(
            "for_generator() takes what makes a generator in each parallel instance, not one "
            "generator: pass its class %s or a function that returns a new one"
            % type(supplier).__name__
        )
    if not isinstance(supplier, WatermarkGeneratorSupplier) and not callable(supplier):
        raise TypeError(
            "for_generator() takes a WatermarkGenerator class, a function that returns a "
            "generator, or a WatermarkGeneratorSupplier, not %s" % type(supplier).__name__
        )


def make_generator(supplier: Any, runtime_context: Any, name: str) -> Any:
    """The generator of one parallel instance.

    :param supplier: what for_generator() took.
    :param runtime_context: that of the operator.
    :param name: the operator's name, for errors.
    :raises TypeError: what it made is no generator.
    """
    if isinstance(supplier, WatermarkGeneratorSupplier):
        generator = supplier.create_watermark_generator(
            WatermarkGeneratorSupplier.Context(runtime_context)
        )
    elif _takes_context(supplier):
        generator = supplier(WatermarkGeneratorSupplier.Context(runtime_context))
    else:
        generator = supplier()
    for method in ("on_event", "on_periodic_emit"):
        if not callable(getattr(generator, method, None)):
            raise TypeError(
                "operator '%s': the supplier made %s %r, which is no WatermarkGenerator: it has "
                "no method %s" % (name, type(generator).__name__, generator, method)
            )
    return generator


def _takes_context(supplier: Any) -> bool:
    """Whether a callable wants the one argument that a supplier in Java has."""
    try:
        signature = inspect.signature(supplier)
    except (TypeError, ValueError):  # many builtins do not tell
        return False
    try:
        signature.bind()
        return False
    except TypeError:
        return True
