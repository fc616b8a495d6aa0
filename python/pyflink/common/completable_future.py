"""A result that comes later."""

from __future__ import annotations

from typing import Any, Callable, Optional

__all__ = ["CompletableFuture"]


class CompletableFuture:
    """A result that comes later; Java's java.util.concurrent.CompletableFuture.

    :param j_completable_future: the Java future.
    :param py_class: makes the Python result out of the Java result, when given.
    """

    def __init__(
        self, j_completable_future: Any, py_class: Optional[Callable[[Any], Any]] = None
    ) -> None:
        self._j_completable_future = j_completable_future
        self._py_class = py_class

    def cancel(self) -> bool:
        """Give up waiting.

        :return: whether the future is now cancelled.
        """
        return self._j_completable_future.cancel(True)

    def cancelled(self) -> bool:
        """Whether the future was cancelled."""
        return self._j_completable_future.isCancelled()

    def done(self) -> bool:
        """Whether the result or an error has come."""
        return self._j_completable_future.isDone()

    def result(self) -> Any:
        """Wait for the result. Ctrl-C ends the waiting.

        :raises Py4JJavaError: the error that came in place of a result.
        """
        from pyflink.datastream._java import wait_for

        j_result = wait_for(self._j_completable_future)
        return j_result if self._py_class is None else self._py_class(j_result)

    def exception(self) -> Any:
        """The error that came in place of a result, as a JavaException, or None.

        A failed job's is a :class:`~pyflink.util.exceptions.JobExecutionError`, which begins with
        the Python traceback; other errors have the Py4JJavaError as their ``__cause__``.
        """
        if not self._j_completable_future.isCompletedExceptionally():
            return None
        from py4j.protocol import Py4JJavaError

        from pyflink.util.exceptions import JavaException, convert_py4j_exception

        try:
            self._j_completable_future.join()
        except Py4JJavaError as error:
            if isinstance(error, JavaException):
                return error
            converted = convert_py4j_exception(error)
            converted.__cause__ = error
            return converted
        return None

    def __str__(self) -> str:
        return self._j_completable_future.toString()
