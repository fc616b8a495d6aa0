"""Functions in a call of C that does not return: the session lives on, and says what holds it."""

from __future__ import annotations

import re
import signal
import time

from runner import Shell

HEAD = """
import queue, socket, sys, threading, time
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

queue.inside = []

def environment():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    return env

def started(function):
    def begin(x):
        queue.inside.append(x)  # a module is shared, the program's globals are copied
        sys.stdout.write("in %s" % function.__name__ + chr(10))
        return function(x)
    return begin

def waits_for_a_queue(x):
    return queue.Queue().get()

def waits_for_a_socket(x):
    pair = socket.socketpair()
    return pair[0].recv(1)

def waits_for_a_lock(x):
    lock = threading.Lock()
    lock.acquire()
    return lock.acquire()

def sleeps(x):
    time.sleep(1000)
"""

CANCELLED = (
    HEAD
    + """
clients = []
for function in (waits_for_a_queue, waits_for_a_socket, waits_for_a_lock, sleeps):
    env = environment()
    env.from_collection([1], Types.INT()).map(started(function)).name(function.__name__).print()
    clients.append(env.execute_async())
end = time.monotonic() + 60
while len(queue.inside) < 4:
    assert time.monotonic() < end
    time.sleep(0.05)
for client in clients:
    client.cancel().result()
print(list(environment().from_collection([1, 2]).map(lambda x: x * 2).execute_and_collect()))
time.sleep(6)
print({str(c.get_job_status().result()) for c in clients})
print(list(environment().from_collection([1, 2]).map(lambda x: x * 3).execute_and_collect()))
"""
)


def test_the_session_lives_on_and_says_what_holds_a_task(shell: Shell) -> None:
    process = shell.start("-f", shell.script(CANCELLED))
    done = shell.finish(process).ok()
    lines = [line for line in done.stdout.splitlines() if not line.startswith("in ")]
    assert lines == ["[2, 4]", "{'JobStatus.CANCELLING'}", "[3, 6]"]
    told = done.stderr.split("pyflink-shell: warning: ")[1:]
    assert len(told) == 4, done.stderr
    for name, line in (
        ("waits_for_a_queue", r"queue.Queue\(\).get\(\)"),
        ("waits_for_a_socket", r"\.recv\(1\)"),
        ("waits_for_a_lock", r"return lock.acquire\(\)"),
        ("sleeps", r"time.sleep\(1000\)"),
    ):
        (text,) = [t for t in told if t.startswith(f"operator '{name}' was cancelled 5 s ago")]
        assert "a call that cannot be interrupted" in text
        assert re.search(rf'File ".*program.py", line \d+, in {name}\n.*{line}', text), text


def test_ctrl_c_ends_a_program_whose_function_sleeps(shell: Shell) -> None:
    job = "environment().from_collection([1]).map(started(sleeps)).execute_and_collect()"
    process = shell.start("-f", shell.script(HEAD + f"list({job})"))
    assert process.stdout and process.stdout.readline() == "in sleeps\n"
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    done = shell.finish(process, timeout=60)
    assert done.code == 130 and "KeyboardInterrupt" in done.stderr
    assert time.monotonic() - begun < 45
