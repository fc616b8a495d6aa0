"""A source of numbers."""

from pyflink.datastream.connectors.base import Source

__all__ = ["NumberSequenceSource"]


class NumberSequenceSource(Source):
    """The integers from one to another, both included, in several parallel parts.

    :param start: the first.
    :param end: the last.
    :raises TypeError: an argument is no int.
    """

    def __init__(self, start: int, end: int) -> None:
        for name, value in (("start", start), ("end", end)):
            if not isinstance(value, int):
                raise TypeError("%s must be int, not %s" % (name, type(value).__name__))
        from pyflink.datastream._java import jvm

        j_class = jvm().org.apache.flink.api.connector.source.lib.NumberSequenceSource
        super().__init__(j_class(start, end))
