"""What concerns the whole process: memory, fork, threads that end, the end of the process."""
from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest
from pyflink.java_gateway import get_gateway

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs /proc")


@pytest.fixture(scope="module")
def jvm():
    return get_gateway().jvm


def _resident_mb() -> float:
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.parametrize("work", ["object", "string", "collection", "array", "error", "callback"])
def test_memory_stays_flat(jvm, work):
    array_list, counts = jvm.java.util.ArrayList, {"object": 500_000, "string": 300_000}
    integer, optional = jvm.java.lang.Integer, jvm.java.util.Optional
    twice = optional.of(4)

    def error():
        try:
            integer.parseInt("x")
        except Exception:
            pass

    action = {
        "object": array_list,
        "string": lambda: integer.toString(123456789),
        "collection": lambda: array_list(["a", 1, {"k": [2.5]}]),
        "array": lambda: get_gateway().new_array(jvm.int, 4)[1:],
        "error": error,
        "callback": lambda: twice.map(lambda x: x),
    }[work]
    count = counts.get(work, 20_000)
    for _ in range(count):
        action()
    gc.collect()
    jvm.java.lang.System.gc()
    before = _resident_mb()
    for _ in range(count):
        action()
    gc.collect()
    jvm.java.lang.System.gc()
    assert _resident_mb() - before < 40


def test_objects_dropped_by_threads_that_never_called_java(jvm):
    objects = [jvm.java.util.ArrayList() for _ in range(1000)]
    thread = threading.Thread(target=objects.clear)
    thread.start()
    thread.join()
    assert jvm.java.util.ArrayList().size() == 0


def _run(code: str, **kwargs) -> subprocess.CompletedProcess:
    folder = os.path.dirname(os.path.dirname(os.path.abspath(sys.modules["pyflink"].__file__)))
    env = dict(os.environ, PYTHONPATH=folder)
    return subprocess.run([_python(), "-c", textwrap.dedent(code)], env=env, text=True,
                          capture_output=True, timeout=60, **kwargs)


def _python() -> str:
    return sys.executable


def test_fork_is_refused_and_harmless(jvm):
    done = _run("""
        import os, gc
        from pyflink.java_gateway import get_gateway
        jvm = get_gateway().jvm
        items = [jvm.java.util.ArrayList() for _ in range(10)]
        child = os.fork()
        if child == 0:
            try:
                jvm.java.util.ArrayList()
            except RuntimeError as e:
                print(e, flush=True)
            items.clear()
            gc.collect()
            os._exit(7)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        print(items[0].size())
        """)
    assert done.returncode == 0, done.stderr
    assert "spawn" in done.stdout and done.stdout.splitlines()[-2:] == ["7", "0"]


def test_objects_alive_at_the_end(jvm):
    done = _run("""
        import atexit, threading
        from pyflink.java_gateway import get_gateway
        jvm = get_gateway().jvm
        items = [jvm.java.util.ArrayList() for _ in range(10)]
        class Cycle: pass
        cycle = Cycle(); cycle.me = cycle; cycle.java = items[0]
        class Late:
            def __del__(self):
                try:
                    items_class()
                except RuntimeError:
                    pass
        items_class = jvm.java.util.ArrayList
        late = Late(); late.me = late
        timer = jvm.java.util.Timer(True)
        timer.schedule
        class Task:
            def run(self): pass
            class Java:
                implements = ["java.lang.Runnable"]
        pool = jvm.java.util.concurrent.Executors.newScheduledThreadPool(1)
        from py4j.java_gateway import get_method
        pool.scheduleAtFixedRate(Task(), 0, 1, jvm.java.util.concurrent.TimeUnit.MILLISECONDS)
        atexit.register(lambda: print(jvm.java.util.ArrayList([1]).size()))
        import time; time.sleep(0.1)
        print("end")
        """)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["end", "1"]


def test_interrupt_ends_a_blocking_java_call():
    done = _run("""
        import os, signal, threading, time
        from pyflink.java_gateway import get_gateway
        jvm = get_gateway().jvm
        sleep = jvm.java.lang.Thread.sleep
        def interrupt():
            time.sleep(0.5)
            os.kill(os.getpid(), signal.SIGINT)
        threading.Thread(target=interrupt).start()
        start = time.monotonic()
        try:
            sleep(50_000)
        except KeyboardInterrupt:
            print("interrupted", time.monotonic() - start < 20)
        sleep(10)  # the interrupt does not reach a later call
        print(jvm.java.lang.Thread.currentThread().isInterrupted())
        """, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["interrupted", "True", "False"]
