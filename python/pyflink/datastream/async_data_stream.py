"""Functions that wait for something else without holding up the stream."""

from __future__ import annotations

import inspect
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Optional, Union

from pyflink.common.time import Duration, Time
from pyflink.datastream._java import transforms
from pyflink.datastream._shipping import ship_all
from pyflink.datastream.async_retry_strategies import NO_RETRY_STRATEGY
from pyflink.datastream.data_stream import DataStream
from pyflink.datastream.functions import AsyncFunction, AsyncRetryStrategy

if TYPE_CHECKING:
    from pyflink.common import TypeInformation

__all__ = ["AsyncDataStream"]

_NAME = "async wait operator"
_MAX_CAPACITY = 2**31 - 1

Span = Union[Time, Duration, timedelta, int]


class AsyncDataStream:
    """Adds asynchronous functions to streams.

    The coroutines of each parallel instance run in an asyncio event loop of its own. Records that
    are in flight are part of checkpoints: after a restart the function is called for them again.
    """

    @staticmethod
    def unordered_wait(
        data_stream: DataStream,
        async_function: AsyncFunction,
        timeout: Span,
        capacity: int = 100,
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Send results on when they are there; watermarks stay between the records that they were
        between.

        :param data_stream: the records.
        :param async_function: called for each record.
        :param timeout: how long a record may take: a Time, or an int of milliseconds; 0 for ever.
        :param capacity: how many records may be in flight in each parallel instance.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: an argument is of the wrong type, or something that the function uses
            cannot be pickled.
        :raises ValueError: the capacity is below 1 or the timeout below 0.
        """
        return _wait(
            data_stream, async_function, timeout, NO_RETRY_STRATEGY, capacity, output_type, False
        )

    @staticmethod
    def unordered_wait_with_retry(
        data_stream: DataStream,
        async_function: AsyncFunction,
        timeout: Span,
        async_retry_strategy: AsyncRetryStrategy,
        capacity: int = 100,
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """As :meth:`unordered_wait`, and call the function again when a strategy says so.

        :param data_stream: the records.
        :param async_function: called for each record.
        :param timeout: how long a record may take with all its attempts: a Time, or an int of
            milliseconds above 0.
        :param async_retry_strategy: when and how often to try again.
        :param capacity: how many records may be in flight in each parallel instance.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: an argument is of the wrong type, or something that the function uses
            cannot be pickled.
        :raises ValueError: the capacity is below 1, or there is no timeout.
        """
        _check_retry(timeout, async_retry_strategy)
        return _wait(
            data_stream, async_function, timeout, async_retry_strategy, capacity, output_type, False
        )

    @staticmethod
    def ordered_wait(
        data_stream: DataStream,
        async_function: AsyncFunction,
        timeout: Span,
        capacity: int = 100,
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """Send results on in the order of the records.

        :param data_stream: the records.
        :param async_function: called for each record.
        :param timeout: how long a record may take: a Time, or an int of milliseconds; 0 for ever.
        :param capacity: how many records may be in flight in each parallel instance.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: an argument is of the wrong type, or something that the function uses
            cannot be pickled.
        :raises ValueError: the capacity is below 1 or the timeout below 0.
        """
        return _wait(
            data_stream, async_function, timeout, NO_RETRY_STRATEGY, capacity, output_type, True
        )

    @staticmethod
    def ordered_wait_with_retry(
        data_stream: DataStream,
        async_function: AsyncFunction,
        timeout: Span,
        async_retry_strategy: AsyncRetryStrategy,
        capacity: int = 100,
        output_type: Optional[TypeInformation] = None,
    ) -> DataStream:
        """As :meth:`ordered_wait`, and call the function again when a strategy says so.

        :param data_stream: the records.
        :param async_function: called for each record.
        :param timeout: how long a record may take with all its attempts: a Time, or an int of
            milliseconds above 0.
        :param async_retry_strategy: when and how often to try again.
        :param capacity: how many records may be in flight in each parallel instance.
        :param output_type: the type of the results; any Python objects when None.
        :raises TypeError: an argument is of the wrong type, or something that the function uses
            cannot be pickled.
        :raises ValueError: the capacity is below 1, or there is no timeout.
        """
        _check_retry(timeout, async_retry_strategy)
        return _wait(
            data_stream, async_function, timeout, async_retry_strategy, capacity, output_type, True
        )


def _wait(
    stream: DataStream,
    function: Any,
    timeout: Span,
    strategy: AsyncRetryStrategy,
    capacity: int,
    output_type: Optional[TypeInformation],
    ordered: bool,
) -> DataStream:
    if not isinstance(stream, DataStream):
        raise TypeError("AsyncDataStream needs a DataStream, not %s" % type(stream).__name__)
    _check_function(function)
    millis = _millis(timeout)
    if isinstance(capacity, bool) or not isinstance(capacity, int):
        raise TypeError("capacity must be an int, not %s %r" % (type(capacity).__name__, capacity))
    if not 0 < capacity <= _MAX_CAPACITY:
        raise ValueError(
            "capacity must be at least 1: it is how many records may be in flight, found %d"
            % capacity
        )
    j_type = None if output_type is None else output_type.get_java_type_info()
    payload = ship_all([function, strategy], _NAME)
    j_stream = stream._values()._j_data_stream
    return DataStream(
        transforms().asyncWait(j_stream, payload, j_type, millis, capacity, ordered)
    )


def _millis(timeout: Any) -> int:
    if isinstance(timeout, Time):
        millis = timeout.to_milliseconds()
    elif isinstance(timeout, Duration):
        millis = timeout._j_duration.toMillis()
    elif isinstance(timeout, timedelta):
        millis = timeout // timedelta(milliseconds=1)
    elif isinstance(timeout, int) and not isinstance(timeout, bool):
        millis = timeout
    else:
        raise TypeError(
            "timeout must be a Time or an int of milliseconds, not %s %r"
            % (type(timeout).__name__, timeout)
        )
    if millis < 0:
        raise ValueError("timeout must not be negative; 0 waits for ever, found %d ms" % millis)
    return millis


def _check_retry(timeout: Any, strategy: Any) -> None:
    if strategy is None:
        raise TypeError("Async retry strategy should not be None.")
    for method in ("can_retry", "get_backoff_time_millis", "get_retry_predicate"):
        if not callable(getattr(strategy, method, None)):
            raise TypeError(
                "async_retry_strategy must be an AsyncRetryStrategy: %s %r has no method %s"
                % (type(strategy).__name__, strategy, method)
            )
    if strategy.get_retry_predicate() is None:
        raise TypeError(
            "Retry predicate of the async retry strategy '%s' is None."
            % type(strategy).__qualname__
        )
    if strategy is not NO_RETRY_STRATEGY and _millis(timeout) <= 0:
        raise ValueError("Timeout should be configured when do async with retry.")


def _check_function(function: Any) -> None:
    """TypeError when an object is no asynchronous function."""
    invoke = getattr(function, "async_invoke", None)
    if not callable(invoke):
        raise TypeError(
            "AsyncDataStream needs an AsyncFunction, an object with a method 'async_invoke', not "
            "%s %r" % (type(function).__name__, function)
        )
    if not inspect.iscoroutinefunction(invoke):
        raise TypeError(
            "Method 'async_invoke' of class '%s' should be declared as 'async def'."
            % type(function).__qualname__
        )
    try:
        inspect.signature(invoke).bind(None)
    except TypeError as error:
        raise TypeError(
            "Method 'async_invoke' of class '%s' cannot be called with the record alone: %s"
            % (type(function).__qualname__, error)
        ) from None
