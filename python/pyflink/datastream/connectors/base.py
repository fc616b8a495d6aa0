"""What all sources and sinks share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum
from typing import TYPE_CHECKING, Any, Optional, Union

from pyflink.datastream.functions import JavaFunctionWrapper

if TYPE_CHECKING:
    from pyflink.datastream.data_stream import DataStream


class Source(JavaFunctionWrapper):
    """A source that Java implements.

    :param source: the Java object, or the full name of a class that has a constructor without
        arguments.
    """

    def __init__(self, source: Union[str, Any]) -> None:
        super().__init__(source)


class Sink(JavaFunctionWrapper):
    """A sink that Java implements.

    :param sink: the Java object, or the full name of a class that has a constructor without
        arguments.
    """

    def __init__(self, sink: Union[str, Any]) -> None:
        super().__init__(sink)


class StreamTransformer(ABC):
    """Changes a stream before a sink gets it."""

    @abstractmethod
    def apply(self, ds: DataStream) -> DataStream:
        """The stream that the sink gets in place of `ds`."""


class SupportsPreprocessing(ABC):
    """A sink that changes the stream before it gets it."""

    @abstractmethod
    def get_transformer(self) -> Optional[StreamTransformer]:
        """What changes the stream, or None."""


class DeliveryGuarantee(Enum):
    """What a sink guarantees after a failure."""

    EXACTLY_ONCE = (0,)
    AT_LEAST_ONCE = (1,)
    NONE = 2

    def _to_j_delivery_guarantee(self) -> Any:
        from pyflink.datastream._java import jvm

        return getattr(jvm().org.apache.flink.connector.base.DeliveryGuarantee, self.name)
