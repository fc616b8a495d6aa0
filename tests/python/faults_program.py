"""Functions that fail in every way there is, one job after the other in one process.

Writes one JSON object per job: what was printed, the type of the error and its text. After each the
process must be able to run a good job. With a number as argument, some of the jobs are run that
often, and what is left of them is measured before and after.
"""

from __future__ import annotations

import builtins
import gc
import json
import os
import pathlib
import sys
import threading
import time
from typing import Any, Callable

from py4j.protocol import Py4JJavaError
from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import (
    DataStream,
    FlatMapFunction,
    MapFunction,
    ProcessFunction,
    StreamExecutionEnvironment,
)
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.java_gateway import get_gateway

FAULTS: dict[str, Callable[[], Any]] = {}


def environment(parallelism: int = 1) -> StreamExecutionEnvironment:
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(parallelism)
    return env


def fault(build: Callable[[DataStream], DataStream]) -> Callable[[DataStream], DataStream]:
    """A job over 1, 2, 3 of which `build` makes something that fails."""

    def run() -> Any:
        env = environment()
        results = build(env.from_collection([1, 2, 3], Types.INT())).execute_and_collect()
        seen = []
        try:
            for value in results:
                seen.append(value)
        except BaseException as error:
            error.seen = seen
            raise
        return seen

    FAULTS[build.__name__] = run
    return build


def late(x: int) -> int:
    return 6 // (3 - x)


class InOpen(MapFunction):
    def open(self, context: Any) -> None:
        raise OSError("in open")

    def map(self, value: Any) -> Any:
        return value


class InClose(MapFunction):
    def map(self, value: Any) -> Any:
        return value

    def close(self) -> None:
        raise OSError("in close")


class Gone(FlatMapFunction):
    def flat_map(self, value: Any) -> Any:
        yield value
        raise ValueError("half-way")


class Process(ProcessFunction):
    def process_element(self, value: Any, ctx: Any) -> Any:
        yield late(value)


class Assigner(TimestampAssigner):
    def extract_timestamp(self, value: Any, record_timestamp: int) -> int:
        return 1 // 0


class SilentError(Exception):
    def __str__(self) -> str:
        raise ValueError("no text")

    __repr__ = __str__


class TwoArguments(Exception):
    """Cannot be made again from its pickle."""

    def __init__(self, one: str, two: Any):
        super().__init__(one)
        self.two = two


class OtherBase(BaseException):
    pass


class StopsInOpen(InOpen):
    def open(self, context: Any) -> None:
        raise StopIteration("open")


def stops(x: Any) -> Any:
    yield x
    raise StopIteration("inner")


class Breaks:
    def __init__(self, value: Any):
        self.value = value

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        raise OtherBase(self.value)


class Hostile:
    def __eq__(self, other: object) -> bool:
        raise ValueError("no eq")

    def __hash__(self) -> int:
        raise ValueError("no hash")

    def __repr__(self) -> str:
        raise ValueError("no repr")

    def __bool__(self) -> bool:
        raise ValueError("no bool")


class Unloadable:
    def __reduce__(self) -> Any:
        return int, ("no number",)


class ReprForEver:
    def __repr__(self) -> str:
        return repr(self)


class ReduceForEver:
    def __reduce__(self) -> Any:
        return self.__reduce__()


def throw(error: BaseException) -> Callable[[Any], Any]:
    def function(x: Any) -> Any:
        raise error

    return function


def nested(x: Any) -> list:
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    return deep


@fault
def map_late(s):
    return s.map(late)


@fault
def filter_late(s):
    return s.filter(late)


@fault
def flat_map_late(s):
    return s.flat_map(lambda x: [x, late(x)])


@fault
def generator_half_way(s):
    return s.flat_map(Gone())


@fault
def process_late(s):
    return s.process(Process())


@fault
def key_selector(s):
    return s.key_by(late).map(lambda x: x)


@fault
def reduce(s):
    return s.key_by(lambda x: 0).reduce(lambda a, b: late(b))


@fault
def timestamps(s):
    strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Assigner())
    return s.assign_timestamps_and_watermarks(strategy).map(lambda x: x)


@fault
def in_open(s):
    return s.map(InOpen())


@fault
def in_close(s):
    return s.map(InClose())


@fault
def flat_map_none(s):
    return s.flat_map(lambda x: None)


@fault
def truth_of_a_filter(s):
    return s.filter(lambda x: Hostile())


@fault
def system_exit(s):
    return s.map(lambda x: sys.exit(3))


@fault
def keyboard_interrupt(s):
    return s.map(throw(KeyboardInterrupt()))


@fault
def generator_exit(s):
    return s.map(throw(GeneratorExit()))


@fault
def stop_iteration(s):
    return s.map(throw(StopIteration(3)))


@fault
def stop_iteration_of_a_flat_map(s):
    return s.flat_map(throw(StopIteration()))


@fault
def stop_iteration_in_open(s):
    return s.map(StopsInOpen())


@fault
def stop_iteration_of_a_generator(s):
    return s.flat_map(stops)


@fault
def other_base_exception(s):
    return s.map(throw(OtherBase("base")))


@fault
def base_exception_of_an_iterator(s):
    return s.flat_map(Breaks)


@fault
def exception_group(s):
    group = getattr(builtins, "ExceptionGroup", None)  # 3.11
    if group is None:
        return s.map(throw(ValueError("first")))
    return s.map(throw(group("many", [ValueError("first"), KeyError("second")])))


@fault
def memory_error(s):
    return s.map(lambda x: b"x" * (1 << 60))


@fault
def recursion(s):
    def f(x):
        return f(x) + 1

    return s.map(f)


@fault
def recursion_in_repr(s):
    return s.map(lambda x: ReprForEver()).map(lambda x: 1 // 0)


@fault
def recursion_in_reduce(s):
    return s.map(lambda x: ReduceForEver()).key_by(lambda x: 0).map(lambda x: 0)


@fault
def nested_deeply(s):
    return s.map(nested).rebalance().map(len)


@fault
def error_without_text(s):
    return s.map(lambda x: throw(SilentError("a"))(x))


@fault
def error_that_cannot_be_pickled(s):
    return s.map(lambda x: throw(TwoArguments("two", lambda: 1))(x))


@fault
def error_with_a_cause(s):
    def f(x):
        try:
            {}["missing"]
        except KeyError as error:
            raise RuntimeError("outer") from error

    return s.map(f)


@fault
def record_without_repr(s):
    return s.map(lambda x: Hostile()).map(lambda x: 1 // 0)


@fault
def record_that_does_not_fit(s):
    return s.map(lambda x: Hostile(), Types.INT())


@fault
def record_with_a_long_repr(s):
    return s.map(lambda x: "x" * 1_000_000).map(lambda x: 1 // 0)


@fault
def error_with_a_long_text(s):
    return s.map(lambda x: throw(ValueError("start" + "y" * 5_000_000 + "end"))(x))


@fault
def result_that_cannot_be_pickled(s):
    return s.map(lambda x: threading.Lock()).key_by(lambda x: 0).map(lambda x: 0)


@fault
def record_that_cannot_be_loaded(s):
    return s.map(lambda x: Unloadable()).rebalance().map(lambda x: 0)


def unpicklable() -> None:
    lock = threading.Lock()
    environment().from_collection([1]).map(lambda x: lock)


def millionth() -> None:
    env = environment()
    source = NumberSequenceSource(1, 1_000_000)
    numbers = env.from_source(source, WatermarkStrategy.no_watermarks(), "numbers")
    numbers.map(lambda x: 1 // (1_000_000 - x), Types.LONG()).filter(lambda x: False).print()
    env.execute()


FAULTS["unpicklable"] = unpicklable
FAULTS["millionth"] = millionth


def one(name: str) -> dict[str, Any]:
    error: Any = None
    try:
        FAULTS[name]()
    except BaseException as caught:
        error = caught
    original = getattr(error, "python_exception", None)
    return {
        "name": name,
        "error": type(error).__name__,
        "original": None if original is None else type(original).__name__,
        "java": isinstance(error, Py4JJavaError) and isinstance(error.__cause__, Py4JJavaError),
        "text": str(error),
        "seen": getattr(error, "seen", []),
    }


def good_job() -> list:
    env = environment()
    numbers = env.from_collection([1, 2], Types.INT())
    return list(numbers.map(lambda x: x * 10).execute_and_collect())


def cancelled(function: Callable[[Any], Any]) -> float:
    """Seconds from the cancel of a job that hangs in its function to the job's end."""
    env = environment()
    env.from_collection([1]).map(function).print()
    client = env.execute_async()
    assert STARTED.wait(30)
    STARTED.clear()
    begun = time.monotonic()
    client.cancel().result()
    try:
        client.get_job_execution_result().result()
    except Exception as error:
        assert "cancelled" in str(error), error
    return time.monotonic() - begun


STARTED = threading.Event()
LOOPS: dict[str, Callable[[Any], Any]] = {}


def loop(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def begin(x: Any) -> Any:
        sys.modules["faults_program"].STARTED.set()
        return function(x)

    LOOPS[function.__name__] = begin
    return function


@loop
def endless(x):
    while True:
        pass


@loop
def catches_exceptions(x):
    while True:
        try:
            while True:
                time.sleep(0.001)
        except Exception:
            pass


@loop
def catches_everything(x):
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722
            pass


@loop
def catches_in_its_handler(x):
    while True:
        try:
            try:
                while True:
                    time.sleep(0.001)
            except BaseException:
                while True:
                    time.sleep(0.001)
        except BaseException:
            continue


class LoopInOpen(MapFunction):
    def open(self, context: Any) -> None:
        sys.modules["faults_program"].STARTED.set()
        while True:
            pass

    def map(self, value: Any) -> Any:
        return value


LOOPS["in_open"] = LoopInOpen()


def measure() -> dict[str, int]:
    jvm = get_gateway().jvm
    gc.collect()
    jvm.java.lang.System.gc()
    cluster = jvm.io.pyflinkshell.cluster.SessionCluster
    end = time.monotonic() + 10
    while time.monotonic() < end:  # slots are given back a moment after a job's end
        free, slots = cluster.slots()
        if free == slots and cluster.runningJobs() == 0:
            break
        time.sleep(0.02)
    threads = jvm.java.lang.management.ManagementFactory.getThreadMXBean()
    return {
        "jobs": cluster.runningJobs(),
        "used slots": slots - free,
        "slots": slots,
        "python threads": threading.active_count(),
        "java threads": threads.getThreadCount(),
        "tasks": len(os.listdir("/proc/self/task")),
        "files": len(os.listdir("/proc/self/fd")),
        "rss": int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * 4 // 1024,
    }


REPEATED = (
    "map_late generator_half_way process_late in_open in_close flat_map_none system_exit "
    "recursion unpicklable result_that_cannot_be_pickled"
).split()


def main() -> None:
    if len(sys.argv) > 1:
        for _ in range(10):
            for name in REPEATED:
                one(name)
        measures = [measure()]
        for _ in range(int(sys.argv[1])):
            for name in REPEATED:
                one(name)
        measures.append(measure())
        print(json.dumps(measures))
        return
    for name in FAULTS:
        print(json.dumps(one(name)))
        assert good_job() == [10, 20], name
    print(json.dumps({name: cancelled(function) for name, function in LOOPS.items()}))
    assert good_job() == [10, 20]
    print(json.dumps(measure()))


if __name__ == "__main__":
    sys.modules["faults_program"] = sys.modules["__main__"]
    main()
