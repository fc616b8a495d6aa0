"""Retry strategies and predicates of asynchronous functions, without a job."""

from __future__ import annotations

from pyflink.datastream import AsyncRetryStrategy, async_retry_predicates


def test_delays_of_retries() -> None:
    growing = AsyncRetryStrategy.exponential_backoff(10, 100, 2000, 2.0)
    # Many records share a strategy: what it says depends on the attempt alone.
    for _ in range(2):
        delays = [growing.get_backoff_time_millis(attempt) for attempt in range(1, 8)]
        assert delays == [100, 200, 400, 800, 1600, 2000, 2000]
    assert growing.can_retry(10) and not growing.can_retry(11)
    fixed = AsyncRetryStrategy.fixed_delay(2, 50)
    assert [fixed.get_backoff_time_millis(attempt) for attempt in (1, 2)] == [50, 50]
    assert [fixed.can_retry(attempt) for attempt in (1, 2, 3)] == [True, True, False]
    assert fixed.get_retry_predicate().result_predicate() is None
    assert not AsyncRetryStrategy.no_restart().can_retry(1)


def test_predicates() -> None:
    assert async_retry_predicates.empty_result_predicate([])
    assert not async_retry_predicates.empty_result_predicate([None])
    assert async_retry_predicates.has_exception_predicate(OSError())
    assert not async_retry_predicates.has_exception_predicate(None)
    assert async_retry_predicates.exception_type_predicate(TimeoutError(), OSError)
    assert not async_retry_predicates.exception_type_predicate(OSError(), TimeoutError)
