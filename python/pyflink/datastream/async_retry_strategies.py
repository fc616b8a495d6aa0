"""Strategies for calling an asynchronous function again."""

from __future__ import annotations

from typing import Any, Optional

from pyflink.datastream._async_functions import (
    AsyncRetryPredicate,
    AsyncRetryStrategy,
    ExceptionPredicate,
    ResultPredicate,
)

__all__ = [
    "RetryPredicate",
    "NoRetryStrategy",
    "FixedDelayRetryStrategy",
    "ExponentialBackoffDelayRetryStrategy",
]


def _above_zero(name: str, number: Any) -> None:
    if not number > 0:
        raise ValueError("%s should be greater than zero, found %r" % (name, number))


def _predicate(name: str, predicate: Any) -> None:
    if predicate is not None and not callable(predicate):
        raise TypeError(
            "%s must be a function or None, not %s %r"
            % (name, type(predicate).__name__, predicate)
        )


class RetryPredicate(AsyncRetryPredicate):
    """A reason to try again, as two functions.

    :param result_predicate: tells from the list of results.
    :param exception_predicate: tells from the exception.
    """

    def __init__(
        self,
        result_predicate: Optional[ResultPredicate],
        exception_predicate: Optional[ExceptionPredicate],
    ) -> None:
        _predicate("result_predicate", result_predicate)
        _predicate("exception_predicate", exception_predicate)
        self._result_predicate = result_predicate
        self._exception_predicate = exception_predicate

    def result_predicate(self) -> Optional[ResultPredicate]:
        return self._result_predicate

    def exception_predicate(self) -> Optional[ExceptionPredicate]:
        return self._exception_predicate


class NoRetryStrategy(AsyncRetryStrategy):
    """Never calls it again."""

    def can_retry(self, current_attempts: int) -> bool:
        return False

    def get_backoff_time_millis(self, current_attempts: int) -> int:
        return -1

    def get_retry_predicate(self) -> AsyncRetryPredicate:
        return RetryPredicate(None, None)


class FixedDelayRetryStrategy(AsyncRetryStrategy):
    """See :meth:`AsyncRetryStrategy.fixed_delay`."""

    def __init__(
        self,
        max_attempts: int,
        backoff_time_millis: int,
        result_predicate: Optional[ResultPredicate] = None,
        exception_predicate: Optional[ExceptionPredicate] = None,
    ) -> None:
        _above_zero("max_attempts", max_attempts)
        _above_zero("backoff_time_millis", backoff_time_millis)
        self._max_attempts = max_attempts
        self._backoff_time_millis = backoff_time_millis
        self._predicate = RetryPredicate(result_predicate, exception_predicate)

    def can_retry(self, current_attempts: int) -> bool:
        return current_attempts <= self._max_attempts

    def get_backoff_time_millis(self, current_attempts: int) -> int:
        return self._backoff_time_millis

    def get_retry_predicate(self) -> AsyncRetryPredicate:
        return self._predicate


class ExponentialBackoffDelayRetryStrategy(AsyncRetryStrategy):
    """See :meth:`AsyncRetryStrategy.exponential_backoff`."""

    def __init__(
        self,
        max_attempts: int,
        initial_delay: int,
        max_retry_delay: int,
        multiplier: float,
        result_predicate: Optional[ResultPredicate] = None,
        exception_predicate: Optional[ExceptionPredicate] = None,
    ) -> None:
        _above_zero("max_attempts", max_attempts)
        _above_zero("initial_delay", initial_delay)
        _above_zero("max_retry_delay", max_retry_delay)
        _above_zero("multiplier", multiplier)
        self._max_attempts = max_attempts
        self._initial_delay = initial_delay
        self._max_retry_delay = max_retry_delay
        self._multiplier = multiplier
        self._predicate = RetryPredicate(result_predicate, exception_predicate)

    def can_retry(self, current_attempts: int) -> bool:
        return current_attempts <= self._max_attempts

    def get_backoff_time_millis(self, current_attempts: int) -> int:
        # Many records share the strategy, so it keeps nothing between two calls.
        delay: float = self._initial_delay
        for _ in range(current_attempts - 1):
            delay = min(delay * self._multiplier, self._max_retry_delay)
            if delay == self._max_retry_delay and self._multiplier >= 1:
                break
        return int(delay)

    def get_retry_predicate(self) -> AsyncRetryPredicate:
        return self._predicate


NO_RETRY_STRATEGY = NoRetryStrategy()
