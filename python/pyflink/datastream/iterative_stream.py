"""Streams that begin a loop."""

from __future__ import annotations

from typing import Any

from pyflink.datastream.data_stream import DataStream

__all__ = ["IterativeStream"]


class IterativeStream(DataStream):
    """The records of a stream, and those that are fed back; made by :meth:`DataStream.iterate`.

    :param j_iterative_stream: the Java IterativeStream.
    """

    def __init__(self, j_iterative_stream: Any) -> None:
        super().__init__(j_data_stream=j_iterative_stream)

    @staticmethod
    def _begin(stream: DataStream, max_wait_time_ms: int) -> IterativeStream:
        if not isinstance(max_wait_time_ms, int) or isinstance(max_wait_time_ms, bool):
            raise TypeError(
                "max_wait_time_ms must be an int, not %s" % type(max_wait_time_ms).__name__
            )
        if max_wait_time_ms < 0:
            raise ValueError(
                "max_wait_time_ms must be 0 (no end) or more, not %d" % max_wait_time_ms
            )
        return IterativeStream(stream._values()._j_data_stream.iterate(max_wait_time_ms))

    def close_with(self, feedback_stream: DataStream) -> DataStream:
        """Feed a stream back into the loop. May be called again, for more streams.

        :param feedback_stream: made from this stream by any operators; of the same type and with
            the same parallelism.
        :returns: the feedback stream.
        :raises TypeError: `feedback_stream` is no DataStream, or its type is another one.
        :raises ValueError: its parallelism is another one, or it is not made from this stream.
        """
        if not isinstance(feedback_stream, DataStream):
            raise TypeError(
                "close_with() needs a DataStream, not %s" % type(feedback_stream).__name__
            )
        feedback = feedback_stream._values()
        j_head, j_feedback = self._j_data_stream, feedback._j_data_stream
        if not j_head.getType().equals(j_feedback.getType()):
            raise TypeError(
                "close_with(): the loop has records of type %s and the feedback stream of type "
                "%s; give its last operator the output_type of the loop, or the stream before "
                "iterate() that of the feedback" % (self.get_type(), feedback.get_type())
            )
        head, tail = (j.getTransformation() for j in (j_head, j_feedback))
        if head.getParallelism() != tail.getParallelism():
            raise ValueError(
                "close_with(): the loop has parallelism %d, which is that of the stream before "
                "iterate(), and the feedback stream %d; set_parallelism() of one of the two must "
                "make them equal" % (head.getParallelism(), tail.getParallelism())
            )
        if not tail.getTransitivePredecessors().contains(head):
            raise ValueError(
                "close_with(): the feedback stream is not made from the stream that iterate() gave"
            )
        j_head.closeWith(j_feedback)
        return feedback_stream
