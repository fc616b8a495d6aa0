"""Runs an asynchronous function: one event loop for each parallel instance, one task a record.

Cost of one record besides its coroutine: an asyncio task, an entry in a dict, and one call of the
engine for its results; taking records and handing results over are shared by many.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import pickle
from types import TracebackType
from typing import Any, Dict, Optional

from pyflink._engine.unpickling import loads
from pyflink._engine.watching import loaded_async_function

__all__ = ["run"]


def run(
    channel: Any, payload: bytes, java: Any, name: str, subtask: int, parallelism: int
) -> None:
    """Open a function and call it until its operator is closed; called by the native engine.

    :param channel: the engine's AsyncChannel.
    :param payload: a pickled list of the pickles of the function and its retry strategy.
    :param java: Java's StreamingRuntimeContext.
    :param name: the operator's name.
    :param subtask: number of this parallel instance, from 0.
    :param parallelism: number of instances.
    """
    from pyflink._engine.context import make

    context = make(java, name, subtask, parallelism)
    try:
        function, strategy = (loads(part) for part in pickle.loads(payload))
    except Exception as error:
        raise TypeError(
            "operator '%s': the function cannot be loaded where it runs: %s: %s"
            % (name, type(error).__name__, error)
        ) from error
    loaded_async_function(java, name, function)
    loop = asyncio.new_event_loop()
    try:
        asyncio.set_event_loop(loop)
        error = loop.run_until_complete(
            _ended(_Calls(channel, function, strategy, name, loop).main(context))
        )
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    if error is not None:
        raise _contained(error, name)


async def _ended(main: Any) -> Optional[BaseException]:
    """What a coroutine ended with; raised outside of the loop it shows no frames of asyncio."""
    try:
        await main
    except BaseException as error:
        return error
    return None


async def _finished(result: Any) -> None:
    """open() and close() may be coroutines, too."""
    if inspect.isawaitable(result):
        await result


class _Calls:
    """The calls of one function that are in flight."""

    def __init__(
        self,
        channel: Any,
        function: Any,
        strategy: Any,
        name: str,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._channel = channel
        self._function = function
        self._invoke = function.async_invoke
        self._name = name
        self._loop = loop
        self._tasks: Dict[int, asyncio.Task] = {}
        self._main: Any = None
        self._opened = False
        self._stopped = loop.create_future()
        self._strategy = strategy
        predicate = strategy.get_retry_predicate()
        self._retry_result = predicate.result_predicate()
        self._retry_error = predicate.exception_predicate()
        retries = self._retry_result is not None or self._retry_error is not None
        self._attempts = self._retry if retries else self._call

    async def main(self, context: Any) -> None:
        """Open the function, run until the operator is closed, and close it."""
        close = getattr(self._function, "close", None)
        self._main = asyncio.current_task()
        self._loop.add_reader(self._channel.fileno(), self._take)
        try:
            open_function = getattr(self._function, "open", None)
            if open_function is not None:
                await _finished(open_function(context))
        except BaseException:
            # The error of open is what counts.
            try:
                if close is not None:
                    await _finished(close())
            except Exception:
                pass
            raise
        self._opened = True
        self._channel.opened()
        try:
            await self._stopped
        finally:
            await self._cancel_all()
            if close is not None:
                await _finished(close())

    async def _cancel_all(self) -> None:
        left = list(self._tasks.values())
        self._tasks.clear()
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _take(self) -> None:
        """Start what has gathered, or end."""
        gathered = self._channel.take()
        stopping = self._channel.stopping()
        if stopping:
            if stopping > 1 or not self._opened:
                # What open() or close() waits for may never come.
                self._main.cancel()
            elif not self._stopped.done():
                self._stopped.set_result(None)
            return
        create, attempts, tasks = self._loop.create_task, self._attempts, self._tasks
        for number, late, value in gathered:
            if late:
                self._time_out(number, value)
            else:
                tasks[number] = create(attempts(number, value))

    async def _call(self, number: int, value: Any) -> None:
        try:
            result = await self._invoke(value)
        except BaseException as error:
            self._failed(number, value, error)
        else:
            self._done(number, value, result)

    async def _retry(self, number: int, value: Any) -> None:
        attempt = 1
        try:
            while True:
                try:
                    result = await self._invoke(value)
                except Exception as error:
                    if not self._again(attempt, self._retry_error, error):
                        raise
                else:
                    if not self._again(attempt, self._retry_result, result):
                        break
                await asyncio.sleep(self._strategy.get_backoff_time_millis(attempt) / 1000)
                attempt += 1
        except BaseException as error:
            self._failed(number, value, error)
        else:
            self._done(number, value, result)

    def _again(self, attempt: int, predicate: Any, outcome: Any) -> bool:
        return (
            predicate is not None and predicate(outcome) and self._strategy.can_retry(attempt)
        )

    def _time_out(self, number: int, value: Any) -> None:
        task = self._tasks.pop(number, None)
        if task is None:  # it finished meanwhile
            return
        task.cancel()
        # Nobody else knows it while it ends, and the loop would forget it.
        self._tasks[-number] = task
        task.add_done_callback(lambda _: self._tasks.pop(-number, None))
        try:
            result = self._function.timeout(value)
            if inspect.iscoroutine(result):
                result.close()
                raise TypeError(
                    "operator '%s': timeout() of %s must be an ordinary method, not 'async def': "
                    "its time is over" % (self._name, type(self._function).__qualname__)
                )
        except BaseException as error:
            self._report(number, value, error)
        else:
            self._results(number, value, result)

    def _done(self, number: int, value: Any, result: Any) -> None:
        if self._tasks.pop(number, None) is not None:
            self._results(number, value, result)

    def _results(self, number: int, value: Any, result: Any) -> None:
        try:
            first = self._channel.done(number, result)
        except Exception as error:
            self._report(number, value, error)
            return
        if first:
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._channel.flush()

    def _failed(self, number: int, value: Any, error: BaseException) -> None:
        """A coroutine ended with an exception, which counts unless it was cancelled here."""
        if self._tasks.pop(number, None) is not None:
            self._report(number, value, error)

    def _report(self, number: int, value: Any, error: BaseException) -> None:
        self._channel.failed(number, _contained(error, self._name), value)


_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


def _users_part(trace: Optional[TracebackType]) -> Optional[TracebackType]:
    """A traceback without the frames of this package that it begins with."""
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_PACKAGE):
        trace = trace.tb_next
    return trace


def _contained(error: BaseException, name: str) -> BaseException:
    """The error as the user shall see it. A function may end its job, but not the process."""
    error = error.with_traceback(_users_part(error.__traceback__))
    if not isinstance(error, (SystemExit, KeyboardInterrupt, GeneratorExit)):
        return error
    contained = RuntimeError(
        "operator '%s': the function raised %r; it ends the job, not the process" % (name, error)
    )
    contained.__cause__ = error.with_traceback(None)
    return contained.with_traceback(error.__traceback__)
