"""Functions with coroutines, and when to call them again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Callable, Generic, Iterable, List, Optional

from pyflink.datastream._function_base import IN, OUT, Function

ResultPredicate = Callable[[List[Any]], bool]
ExceptionPredicate = Callable[[Exception], bool]


class AsyncFunction(Function, Generic[IN, OUT]):
    """Waits for something else for each record, such as a service or a database.

    All its methods run in an asyncio event loop; what blocks in one of them holds up all records of
    the parallel instance. ``open`` and ``close`` may be coroutines, too.
    """

    @abstractmethod
    async def async_invoke(self, value: IN) -> Iterable[OUT]:
        """Called for each record; many calls are in flight at the same time.

        :param value: the record.
        :returns: a list of the results, or another iterable.
        """

    def timeout(self, value: IN) -> Iterable[OUT]:
        """Called when :meth:`async_invoke` takes too long for a record and was cancelled.

        :param value: the record.
        :returns: the results that stand in for those that did not come.
        :raises TimeoutError: unless a subclass does something else; it ends the job.
        """
        raise TimeoutError("Async function call has timed out for value: %r" % (value,))


class AsyncRetryPredicate(ABC, Generic[OUT]):
    """What is a reason to try again."""

    @abstractmethod
    def result_predicate(self) -> Optional[ResultPredicate]:
        """Tells from the list of results; None: no results are a reason."""

    @abstractmethod
    def exception_predicate(self) -> Optional[ExceptionPredicate]:
        """Tells from the exception; None: no exception is a reason."""


class AsyncRetryStrategy(ABC, Generic[OUT]):
    """When and how often to call an asynchronous function again for a record."""

    @abstractmethod
    def can_retry(self, current_attempts: int) -> bool:
        """Whether it may be called again.

        :param current_attempts: how often it was called for the record, from 1.
        """

    @abstractmethod
    def get_backoff_time_millis(self, current_attempts: int) -> int:
        """How long to wait before the next call, in milliseconds.

        :param current_attempts: how often it was called for the record, from 1.
        """

    @abstractmethod
    def get_retry_predicate(self) -> AsyncRetryPredicate[OUT]:
        """What is a reason to call it again."""

    @staticmethod
    def no_restart() -> AsyncRetryStrategy:
        """Never call it again."""
        from pyflink.datastream.async_retry_strategies import NO_RETRY_STRATEGY

        return NO_RETRY_STRATEGY

    @staticmethod
    def fixed_delay(
        max_attempts: int,
        backoff_time_millis: int,
        result_predicate: Optional[ResultPredicate] = None,
        exception_predicate: Optional[ExceptionPredicate] = None,
    ) -> AsyncRetryStrategy:
        """Call it again after the same time each time.

        :param max_attempts: how often at most, at least 1.
        :param backoff_time_millis: the time, in milliseconds above 0.
        :param result_predicate: tells from the list of results whether to.
        :param exception_predicate: tells from the exception whether to.
        :raises ValueError: a number is not above 0.
        """
        from pyflink.datastream.async_retry_strategies import FixedDelayRetryStrategy

        return FixedDelayRetryStrategy(
            max_attempts, backoff_time_millis, result_predicate, exception_predicate
        )

    @staticmethod
    def exponential_backoff(
        max_attempts: int,
        initial_delay: int,
        max_retry_delay: int,
        multiplier: float,
        result_predicate: Optional[ResultPredicate] = None,
        exception_predicate: Optional[ExceptionPredicate] = None,
    ) -> AsyncRetryStrategy:
        """Call it again after a time that grows.

        :param max_attempts: how often at most, at least 1.
        :param initial_delay: the first time, in milliseconds above 0.
        :param max_retry_delay: the longest time, in milliseconds above 0.
        :param multiplier: how much longer each time is than the last, above 0.
        :param result_predicate: tells from the list of results whether to.
        :param exception_predicate: tells from the exception whether to.
        :raises ValueError: a number is not above 0.
        """
        from pyflink.datastream.async_retry_strategies import ExponentialBackoffDelayRetryStrategy

        return ExponentialBackoffDelayRetryStrategy(
            max_attempts,
            initial_delay,
            max_retry_delay,
            multiplier,
            result_predicate,
            exception_predicate,
        )
