"""Asynchronous functions: order, many results, time-outs, retries."""

# runs: here

import asyncio

from pyflink.common import Row, Time, Types
from pyflink.datastream import (
    AsyncDataStream,
    AsyncFunction,
    AsyncRetryStrategy,
    StreamExecutionEnvironment,
    async_retry_predicates,
)


class Ask(AsyncFunction[Row, Row]):
    """Answers later for earlier records; the last one has no answer."""

    def open(self, runtime_context):
        self.asked = 0

    async def async_invoke(self, value: Row):
        self.asked += 1
        if value.name == "nobody":
            await asyncio.sleep(1000)
        await asyncio.sleep(0.4 - 0.1 * value.count)
        return [Row(value.name.upper(), number) for number in range(value.count)]

    def timeout(self, value: Row):
        return [Row(value.name, -1)]


class Unwilling(AsyncFunction):
    """Answers at the third attempt."""

    def __init__(self):
        self.attempts = {}

    async def async_invoke(self, value):
        self.attempts[value.name] = attempt = self.attempts.get(value.name, 0) + 1
        if attempt == 1:
            raise ConnectionError("not now")
        return [] if attempt == 2 else [f"{value.name} after {attempt}"]


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
people = env.from_collection(
    [Row("ann", 1), Row("bob", 2), Row("cid", 0), Row("dora", 3), Row("nobody", 1)],
    Types.ROW_NAMED(["name", "count"], [Types.STRING(), Types.INT()]),
)
answers = Types.ROW([Types.STRING(), Types.INT()])

AsyncDataStream.ordered_wait(people, Ask(), Time.seconds(2), 10, answers).print()
env.execute()

unordered = AsyncDataStream.unordered_wait(people, Ask(), Time.seconds(2), 10, answers)
with unordered.execute_and_collect() as results:
    print(sorted(map(str, results)))

strategy = AsyncRetryStrategy.exponential_backoff(
    max_attempts=5,
    initial_delay=5,
    max_retry_delay=50,
    multiplier=1.5,
    result_predicate=async_retry_predicates.empty_result_predicate,
    exception_predicate=async_retry_predicates.has_exception_predicate,
)
AsyncDataStream.ordered_wait_with_retry(
    people, Unwilling(), Time.seconds(60), strategy, 2, Types.STRING()
).map(str.title).print()
env.execute()
