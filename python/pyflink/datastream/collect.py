"""Fetching the records of a running job.

Cost of one record: its share of one decode of a batch in C, and one step of a Python generator.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Iterator, Optional

if TYPE_CHECKING:
    from pyflink.common.job_client import JobClient
    from pyflink.common.typeinfo import TypeInformation

__all__ = ["CloseableIterator"]

# How long one wait for a batch lasts, in milliseconds; signals are handled between two.
_SLICE_MILLIS = 50


def _abandon(j_closeable_iterator: Any) -> None:
    """End the job without waiting for its end; called by the garbage collector."""
    abandon = getattr(j_closeable_iterator, "abandon", None)
    if abandon is not None:
        abandon()


class CloseableIterator:
    """The records of a stream whose job is running. Use it in a ``with`` statement or close it.

    The job ends, too, when the program no longer refers to the iterator.

    :param j_closeable_iterator: the Java handle on the records.
    :param type_info: kept for programs that pass it; the handle knows the type.
    """

    def __init__(
        self, j_closeable_iterator: Any, type_info: Optional[TypeInformation] = None
    ) -> None:
        self._j_closeable_iterator = j_closeable_iterator
        self._type_info = type_info
        self._batch: Iterator[Any] = iter(())
        self._ended = False
        self._closed = False
        self._mode: Optional[int] = None
        self._schema = b""
        # A loop that was left early has nobody to close the iterator: do not run the job for ever.
        self._abandon = weakref.finalize(self, _abandon, j_closeable_iterator)
        self._abandon.atexit = False

    def _fetch(self) -> bool:
        """Wait for the next records; False when there are no more."""
        if self._ended or self._closed:
            return False
        import _pyflink_engine

        from pyflink.datastream._java import was_interrupted

        handle = self._j_closeable_iterator
        try:
            while True:
                try:
                    data = handle.nextBatch(_SLICE_MILLIS)
                except Exception as error:
                    if not was_interrupted(error):
                        raise
                    continue
                if data is not None:
                    break
        except BaseException:
            self._ended = True
            self.close()
            raise
        if len(data) == 0:
            self._ended = True
            self.close()
            return False
        if self._mode is None:
            self._schema = bytes(handle.schema())
            self._mode = handle.mode()
        self._batch = iter(_pyflink_engine.decode_batch(data, self._schema, self._mode, True))
        return True

    def __iter__(self) -> Iterator[Any]:
        while True:
            yield from self._batch
            if not self._fetch():
                return

    def __next__(self) -> Any:
        return self.next()

    def __enter__(self) -> CloseableIterator:
        return self

    def __exit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        self.close()

    def next(self) -> Any:
        """The next record.

        :raises StopIteration: there are no more.
        :raises JobExecutionError: the job failed.
        """
        while True:
            for record in self._batch:
                return record
            if not self._fetch():
                raise StopIteration

    def get_job_client(self) -> JobClient:
        """The client of the job that makes the records."""
        from pyflink.common.job_client import JobClient

        return JobClient(self._j_closeable_iterator.jobClient())

    def close(self) -> None:
        """End the job if it still runs. Records that were not fetched are lost."""
        if not self._closed:
            self._closed = True
            self._batch = iter(())
            self._abandon.detach()
            self._j_closeable_iterator.close()
