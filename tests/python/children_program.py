"""Processes, threads, event loops and tracing inside user functions; one line of JSON for each.

multiprocessing imports this module anew in its workers, so what they call is importable.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import queue
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any, Callable

from pyflink.common import Types
from pyflink.datastream import MapFunction, StreamExecutionEnvironment

CASES: dict[str, Any] = {}
BLOCKED = "grep -c '^SigBlk:.*[^0]$' /proc/self/status"


def case(function: Any) -> Any:
    CASES[function.__name__] = function() if isinstance(function, type) else function
    return function


def square(x: int) -> int:
    return x * x


def is_java_up(x: int) -> bool:
    import _pyflink_engine

    return _pyflink_engine.jvm_ready()


@case
def pool(x):
    with multiprocessing.Pool(1) as workers:
        return workers.map(square, [x, x + 1])


@case
def pool_without_java(x):
    with multiprocessing.Pool(1) as workers:
        return workers.map(is_java_up, [x])


@case
def executor(x):
    with ProcessPoolExecutor(1) as workers:
        return list(workers.map(square, [x]))


@case
def threads(x):
    with ThreadPoolExecutor(2) as workers:
        return list(workers.map(square, [x, x + 1]))


@case
def fork(x):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, b"%d" % x)
        os._exit(0)
    os.waitpid(child, 0)
    return os.read(read, 100).decode()


@case
def fork_and_java(x):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            from pyflink.java_gateway import get_gateway

            get_gateway().jvm.java.lang.System.nanoTime()
        except RuntimeError as error:
            os.write(write, str(error).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    return os.read(read, 1000).decode()


@case
def terminated(x):
    """SIGTERM ends children, also those that a thread of the function started."""
    found = []

    def start() -> None:
        child = subprocess.Popen(["sleep", "60"])
        child.terminate()
        found.append(child.wait(timeout=30))

    start()
    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    process = multiprocessing.Process(target=time.sleep, args=(60,))
    process.start()
    process.terminate()
    process.join(30)
    return [*found, process.exitcode]


@case
def signals_that_children_block(x):
    """How many of each kind of child block any."""
    found = []
    found.append(int(subprocess.run(BLOCKED, shell=True, stdout=subprocess.PIPE).stdout))
    options = {"shell": True, "stdout": subprocess.PIPE, "preexec_fn": os.getpid}
    found.append(int(subprocess.run(BLOCKED, **options).stdout))
    found.append(os.system("test $(%s) = 0" % BLOCKED))
    words = ["sh", "-c", "test $(%s) = 0" % BLOCKED]
    for start in (os.posix_spawn, os.posix_spawnp):
        child = start("/bin/sh", words, os.environ)
        found.append(os.waitpid(child, 0)[1])
    return found


@case
def event_loop(x):
    async def triple(y: int) -> int:
        await asyncio.sleep(0.001)
        return y * 3

    async def both() -> list:
        return await asyncio.gather(triple(x), triple(x + 1))

    return asyncio.run(both())


@case
def event_loop_with_a_child(x):
    async def run() -> str:
        child = await asyncio.create_subprocess_exec("echo", str(x), stdout=subprocess.PIPE)
        out, _ = await child.communicate()
        return out.decode().strip()

    return asyncio.run(run())


@case
class LoopOfItsOwn(MapFunction):
    def open(self, context: Any) -> None:
        self.loop = asyncio.new_event_loop()

    def map(self, value: Any) -> Any:
        async def five() -> int:
            await asyncio.sleep(0)
            return value * 5

        return self.loop.run_until_complete(five())

    def close(self) -> None:
        self.loop.close()


@case
class ThreadOfItsOwn(MapFunction):
    def open(self, context: Any) -> None:
        self.asked: queue.Queue = queue.Queue()
        self.answers: queue.Queue = queue.Queue()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self) -> None:
        while True:
            value = self.asked.get()
            if value is None:
                return
            self.answers.put(value * 7)

    def map(self, value: Any) -> Any:
        self.asked.put(value)
        return self.answers.get()

    def close(self) -> None:
        self.asked.put(None)
        self.thread.join()


@case
def traced(x):
    seen = []

    def trace(frame: Any, event: str, argument: Any) -> Any:
        seen.append(event)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    square(x)
    sys.settrace(before)
    return seen[:3]


@case
def profiled(x):
    seen = []
    sys.setprofile(lambda frame, event, argument: seen.append(event))
    square(x)
    sys.setprofile(None)
    return seen[:2]


@case
def handler_of_a_signal(x):
    import signal

    signal.signal(signal.SIGUSR1, signal.SIG_DFL)


@case
def warning_as_error(x):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.warn("bad value", RuntimeWarning)


def job(function: Callable[[Any], Any]) -> list:
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    numbers = env.from_collection([1, 2], Types.INT())
    return list(numbers.map(function).execute_and_collect())


def jobs_in_threads() -> list:
    results: list = []

    def run(factor: int) -> None:
        results.append(job(lambda x: x * factor))

    workers = [threading.Thread(target=run, args=(factor,)) for factor in (1, 2, 3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sorted(results)


def pools_of_the_program() -> list:
    found = []
    for kind in ("spawn", "fork"):
        with multiprocessing.get_context(kind).Pool(1) as workers:
            found.append(workers.map_async(square, [3]).get(timeout=60))
    return [*found, multiprocessing.get_start_method()]


def main() -> None:
    import children_program

    for name, function in children_program.CASES.items():
        try:
            told = job(function)
        except Exception as error:
            told = str(error)
        print(json.dumps([name, told]), flush=True)
    for function in (jobs_in_threads, pools_of_the_program):
        print(json.dumps([function.__name__, function()]), flush=True)


if __name__ == "__main__":
    main()
