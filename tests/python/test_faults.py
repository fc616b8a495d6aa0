"""Faults in functions: what is told, what goes on after, and that nothing stays behind."""

from __future__ import annotations

import json
import pathlib
import re
import signal
import sys
from collections.abc import Callable
from typing import Any

import pytest
from runner import Shell

PROGRAM = pathlib.Path(__file__).with_name("faults_program.py")

JOB = """
from pyflink.common import Types, WatermarkStrategy
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
import signal, sys, time
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
"""

ZERO = r"in late\n.*return 6 // .*(\n.*)?\nZeroDivisionError: .*"
GROUP = "ExceptionGroup" if sys.version_info >= (3, 11) else "ValueError"
# name: (class of the original exception, what the text holds, what was seen before: None where
# that is in another task, which is cancelled)
EXPECTED: dict[str, tuple[str | None, str, list[Any] | None]] = {
    "map_late": ("ZeroDivisionError", ZERO + r"\nin operator 'Map' .*record: 3$", [3, 6]),
    "filter_late": ("ZeroDivisionError", ZERO + r"\nin operator 'Filter' .*record: 3$", [1, 2]),
    "flat_map_late": ("ZeroDivisionError", ZERO + r"'FlatMap' .*record: 3$", [1, 3, 2, 6]),
    "generator_half_way": ("ValueError", r"in flat_map\n.*'FlatMap' .*record: 1$", [1]),
    "process_late": ("ZeroDivisionError", ZERO + r"'PROCESS' .*record: 3$", [3, 6]),
    "key_selector": ("ZeroDivisionError", ZERO + r"_map_operator' .*record: 3$", None),
    "reduce": ("ZeroDivisionError", ZERO + r"'Reduce' .*record: 3$", [1, 6]),
    "timestamps": ("ZeroDivisionError", r"in extract_timestamp\n.*record: 1$", []),
    "in_open": ("OSError", r"in open\n.*OSError: in open\nin operator 'Map' \(subtask 1/1\)$", []),
    "in_close": ("OSError", r"in close\n.*OSError: in close\nin operator 'Map'", [1, 2, 3]),
    "flat_map_none": ("TypeError", r"'FlatMap': .*must return an iterable.*found NoneType", []),
    "truth_of_a_filter": ("ValueError", r"in __bool__\n.*'Filter' .*record: 1$", []),
    "system_exit": ("RuntimeError", r"raised SystemExit\(3\); it ends the job, not the proc", []),
    "keyboard_interrupt": ("RuntimeError", r"raised KeyboardInterrupt\(\); it ends the job", []),
    "generator_exit": ("RuntimeError", r"raised GeneratorExit\(\); it ends the job", []),
    "stop_iteration": ("StopIteration", r"StopIteration: 3\n.*'Map' .*record: 1$", []),
    "stop_iteration_of_a_flat_map": ("StopIteration", r"StopIteration\nin .*'FlatMap'", []),
    "stop_iteration_in_open": ("StopIteration", r"StopIteration: open\nin .*'Map'", []),
    "stop_iteration_of_a_generator": ("RuntimeError", r"generator raised StopIteration\n", [1]),
    "other_base_exception": ("OtherBase", r"OtherBase: base\nin operator 'Map'", []),
    "base_exception_of_an_iterator": ("OtherBase", r"OtherBase: 1\nin operator 'FlatMap'", []),
    "exception_group": (GROUP, r"ValueError: first\n", []),
    "memory_error": ("MemoryError", r"in <lambda>\n.*MemoryError.*record: 1$", []),
    "recursion": ("RecursionError", r"in f\n.*maximum recursion depth.*record: 1$", []),
    "recursion_in_repr": ("ZeroDivisionError", r"record: \(no repr: RecursionError\)$", []),
    "recursion_in_reduce": ("RecursionError", r"in __reduce__\n.*maximum recursion depth", []),
    "nested_deeply": ("RecursionError", r"maximum recursion depth.*\(raised when the result", []),
    "error_without_text": ("SilentError", r"in throw|in function\n.*SilentError", []),
    "error_that_cannot_be_pickled": ("TwoArguments", r"TwoArguments: two\n", []),
    "error_with_a_cause": ("RuntimeError", r"KeyError: 'missing'\n.*direct cause.*outer\n", []),
    "record_without_repr": ("ZeroDivisionError", r"record: \(no repr: ValueError\)$", []),
    "record_that_does_not_fit": ("TypeError", r"INT, found a Hostile whose repr\(\) fails", []),
    "record_with_a_long_repr": ("ZeroDivisionError", r"record: 'x{499}…$", []),
    "error_with_a_long_text": ("ValueError", r"starty+… \(\d+ more characters\) …y+end\n", []),
    "result_that_cannot_be_pickled": ("TypeError", r"lock.*\(raised when the result was wri", []),
    "record_that_cannot_be_loaded": ("ValueError", r"no number.*\(raised when a record that", []),
    "unpicklable": (None, r"'Map': .*cannot be shipped.*the variable 'lock' is a lock", []),
    "millionth": ("ZeroDivisionError", r"in <lambda>\n.*record: 1000000$", []),
}


def test_each_fault_is_told_and_the_session_lives_on(shell: Shell) -> None:
    done = shell.run("-f", PROGRAM).ok()
    assert done.stderr == ""
    *lines, seconds, left = [json.loads(line) for line in done.stdout.splitlines()]
    told = {line["name"]: line for line in lines}
    assert told.keys() == EXPECTED.keys()
    for name, (original, text, seen) in EXPECTED.items():
        line = told[name]
        assert re.search(text, line["text"], re.DOTALL), f"{name}: {text}\n{line['text'][:3000]}"
        assert line["original"] == original, line
        assert seen is None or line["seen"] == seen, line
        assert line["java"] == (original is not None), line
        assert len(line["text"]) < 60_000 and "\tat " not in line["text"]
    assert max(seconds.values()) < 20, seconds
    assert left["jobs"] == left["used slots"] == 0


def test_faults_leave_nothing_behind(shell: Shell) -> None:
    """Each of ten kinds of faults 50 times in one process."""
    # The heap is resident from the start, so that growth is not just its first use.
    env = {
        "PYFLINK_SHELL_HEAP": "256m",
        "PYFLINK_SHELL_JVM_OPTS": "-Xms256m -XX:+AlwaysPreTouch",
    }
    done = shell.run("-f", PROGRAM, "50", env=env).ok()
    before, after = json.loads(done.stdout.splitlines()[-1])
    told = json.dumps([before, after], indent=1)
    assert after["jobs"] == after["used slots"] == 0, told
    assert after["slots"] == before["slots"], told
    assert after["python threads"] <= before["python threads"], told
    for threads in ("java threads", "tasks"):
        assert after[threads] <= before[threads] + 5, told
    assert after["files"] <= before["files"] + 3, told
    assert after["rss"] <= before["rss"] * 1.15 + 20, told


@pytest.mark.parametrize(
    ("megabytes", "heap"), [(64, "2g"), (256, "3g")], ids=["64 MB", "256 MB"]
)
def test_large_records(shell: Shell, megabytes: int, heap: str) -> None:
    """Through a map, exchanges and to the client; or an error that says what to do."""
    done = shell.code(
        JOB
        + f"""
size = {megabytes} << 20
bytes_ = Types.PRIMITIVE_ARRAY(Types.BYTE())
kinds = [(lambda x: b"x" * size, bytes_), (lambda x: "x" * size, Types.STRING())]
for make, type_info in kinds[: 1 if size > 100_000_000 else 2]:
    records = env.from_collection([1], Types.INT()).map(make, type_info)
    for stream in (records, records.key_by(lambda x: 1), records.rebalance()):
        print(list(stream.map(len, Types.INT()).execute_and_collect()) == [size])
    print([len(r) == size for r in records.execute_and_collect()])
""",
        env={"PYFLINK_SHELL_HEAP": heap},
        timeout=200,
    )
    if done.returncode == 0:
        assert done.stdout.split() in [["True", "True", "True", "[True]"] * n for n in (1, 2)]
    else:
        assert re.search("OutOfMemoryError|MemoryError", done.stderr), done.stderr
        assert "PYFLINK_SHELL_" in done.stderr


# ---- signals ---------------------------------------------------------------------------------

HUGE = (
    JOB
    + """
def power(x):
    print("go", flush=True)
    return 3 ** (10 ** 8)  # minutes, all of them with the GIL
env.from_collection([1]).map(power).print()
env.execute()
"""
)


def test_ctrl_c_while_a_function_holds_the_gil(
    shell: Shell, wait_until: Callable[..., None]
) -> None:
    process = shell.start("-f", shell.script(HUGE))
    assert process.stdout and process.stderr and process.stdout.readline() == "go\n"
    process.send_signal(signal.SIGINT)
    assert "Ctrl-C again" in process.stderr.readline()
    wait_until(lambda: process.send_signal(signal.SIGINT) or process.poll() is not None)
    assert shell.finish(process, timeout=20).code == 130
    assert [path for path in shell.tmp.rglob("*") if path.is_file()] == []


def test_sigterm_while_a_function_holds_the_gil(shell: Shell) -> None:
    process = shell.start("-f", shell.script(HUGE))
    assert process.stdout and process.stdout.readline() == "go\n"
    process.send_signal(signal.SIGTERM)
    assert shell.finish(process, timeout=40).code == 143


def test_ctrl_c_while_a_function_sleeps(shell: Shell) -> None:
    script = JOB + """
def sleep(x):
    print("go", flush=True)
    time.sleep(1000)
env.from_collection([1]).map(sleep).print()
env.execute()
"""
    process = shell.start("-f", shell.script(script))
    assert process.stdout and process.stdout.readline() == "go\n"
    process.send_signal(signal.SIGINT)
    done = shell.finish(process, timeout=30)
    assert done.code == 130 and "KeyboardInterrupt" in done.stderr


def test_a_handler_that_raises_nothing_does_not_end_the_job(shell: Shell) -> None:
    script = JOB + """
def show(number, frame):
    print("handler", flush=True)
    handled.append(number)
handled = []
signal.signal(signal.SIGINT, show)
def wait(x):
    print("go", flush=True)
    while not sys.modules["__main__"].handled:
        time.sleep(0.01)
    return x
print(list(env.from_collection([1]).map(wait).execute_and_collect()))
handled.clear()
env.from_collection([3]).map(wait).print()
env.execute()
print("end")
"""
    process = shell.start("-f", shell.script(script))
    assert process.stdout
    for _ in range(2):
        while process.stdout.readline() != "go\n":
            pass
        process.send_signal(signal.SIGINT)
    done = shell.finish(process).ok()
    assert done.stdout.endswith("3\nend\n") and "Interrupted" not in done.stderr


def test_an_exception_of_a_handler_cancels_the_job(shell: Shell) -> None:
    done = shell.code(
        JOB
        + """
class TimeOut(Exception):
    pass
def give_up(number, frame):
    raise TimeOut
signal.signal(signal.SIGALRM, give_up)
signal.setitimer(signal.ITIMER_REAL, 4)
numbers = NumberSequenceSource(1, 2**40)
env.from_source(numbers, WatermarkStrategy.no_watermarks(), "n").filter(lambda x: False).print()
try:
    env.execute()
except TimeOut:
    from pyflink.java_gateway import get_gateway
    print("time-out", get_gateway().jvm.io.pyflinkshell.cluster.SessionCluster.runningJobs())
env.from_collection([7]).print()
env.execute()
"""
    ).ok()
    assert done.stdout == "time-out 0\n7\n"


def test_ctrl_c_keeps_its_exit_code_when_a_job_of_execute_async_ends_with_it(shell: Shell) -> None:
    script = JOB + """
def slow(x):
    print("go", flush=True)
    time.sleep(0.05)
    return x
numbers = NumberSequenceSource(1, 2**40)
env.from_source(numbers, WatermarkStrategy.no_watermarks(), "n").map(slow).print()
env.execute_async().get_job_execution_result().result()
"""
    process = shell.start("-f", shell.script(script))
    assert process.stdout and process.stdout.readline() == "go\n"
    process.send_signal(signal.SIGINT)
    assert shell.finish(process, timeout=30).code == 130
