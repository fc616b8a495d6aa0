"""Asynchronous functions: order, capacity, time-outs, retries, failures, restarts."""

from __future__ import annotations

import json
import pathlib
import re
import signal
from typing import Any

import pytest
from runner import Shell

PROGRAM = pathlib.Path(__file__).with_name("async_program.py")

RESULTS: dict[str, Any] = {
    "ordered": list(range(20)),
    "unordered": [1, 2, 3, 4, 0],
    "capacity_is_a_bound": [1, 7, 1, 7],
    "all_at_once": True,
    "values_of_all_forms": [
        [1, 2, 2, 4, 5, 5],
        ["None", "(0, {'v': [0]})", "None", "(1, {'v': [1]})"],
        ["Row(name='ANN', age=4)", "Row(name='BOB', age=5)"],
        [2, 4, 4, 8, 10, 10],
    ],
    "large_records": True,
    "life": [[0, 1], 2, 2],
    "timeout_is_handled": [[0, 1, -2, 3, -4, 5], [-4, -2, 0, 1, 3, 5], 6],
    # The fourth call is good; the third has no results, which is one only for the first two.
    "retries": [[0, 4, 1, 4, 2, 4], [0, 4], []],
    "retries_until_the_time_is_over": ["over", "over"],
    # Coroutines that began, those that were ended, and calls of close.
    "cancel_ends_coroutines": [3, 3, 1, True],
    "cancel_ends_open_and_close": [True, True],
    "cancel_ends_a_busy_loop": True,
    "restart_loses_nothing": [[2000, True], [2000, True]],
    "left": [],
}

# Whole texts but for the frames of the program and the marks below them.
ERRORS = {
    "timeout_raises": "TimeoutError: Async function call has timed out for value: 0",
    "timeout_may_not_be_async": "TypeError: operator 'async wait operator': timeout() of Async must"
    " be an ordinary method, not 'async def': its time is over",
    "too_few_retries": "OSError: not yet",
    "fails_coroutine": "ZeroDivisionError: integer division or modulo by zero",
    "fails_none": "TypeError: operator 'asks': The result of AsyncFunction cannot be none; return"
    " an empty list when the record gives nothing",
    "fails_text": "TypeError: operator 'asks': The result of AsyncFunction should be of list type"
    " (or another iterable of the results for the record), found str 'text'",
    "fails_number": "TypeError: operator 'asks': The result of AsyncFunction should be of list type"
    " (or another iterable of the results for the record), found int 2",
    "fails_type": "TypeError: operator 'asks': the declared type is INT, found str 'no int'",
    "fails_iteration": "ZeroDivisionError: integer division or modulo by zero",
    "fails_exit": "RuntimeError: operator 'asks': the function raised SystemExit(3); it ends the"
    " job, not the process",
    "fails_cancelled": "asyncio.exceptions.CancelledError",
    "fails_open": "OSError: in open",
    "fails_close": "OSError: in close",
    "fails_in_context_state": "RuntimeError: operator 'async wait operator': get_state() needs a"
    " keyed stream: call key_by() before the operator whose function keeps state",
}

BAD_ARGUMENTS = [
    "TypeError: Method 'async_invoke' of class 'bad_arguments.<locals>.NotAsync' should be declared"
    " as 'async def'.",
    "TypeError: Method 'async_invoke' of class 'bad_arguments.<locals>.Generator' should be"
    " declared as 'async def'.",
    "TypeError: Method 'async_invoke' of class 'bad_arguments.<locals>.TwoArguments' cannot be"
    " called with the record alone: missing a required argument: 'future'",
    "TypeError: AsyncDataStream needs an AsyncFunction, an object with a method 'async_invoke', not"
    " function <function",
    "TypeError: AsyncDataStream needs a DataStream, not list",
    "TypeError: operator 'async wait operator': the function bad_arguments.<locals>.Lock cannot be"
    " shipped to the job:",
    "ValueError: capacity must be at least 1: it is how many records may be in flight, found 0",
    "TypeError: capacity must be an int, not str '9'",
    "ValueError: timeout must not be negative; 0 waits for ever, found -1 ms",
    "TypeError: timeout must be a Time or an int of milliseconds, not str '1 s'",
    "TypeError: timeout must be a Time or an int of milliseconds, not float 1.5",
    "TypeError: Async retry strategy should not be None.",
    "TypeError: async_retry_strategy must be an AsyncRetryStrategy: int 3 has no method can_retry",
    "TypeError: Retry predicate of the async retry strategy 'bad_arguments.<locals>.NoPredicate' is"
    " None.",
    "ValueError: Timeout should be configured when do async with retry.",
    "ValueError: max_attempts should be greater than zero, found 0",
    "TypeError: result_predicate must be a function or None, not str 'none'",
    "ValueError: multiplier should be greater than zero, found 0",
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each job of the program told, all of them in one process."""
    shell = Shell(tmp_path_factory.mktemp("async"))
    done = shell.run("-f", PROGRAM, timeout=300).ok()
    # Two of the jobs restart, and each says so.
    notices = [line for line in done.stderr.splitlines() if line.startswith("pyflink-shell: ")]
    assert len(notices) == 2 and all("failed and starts again" in line for line in notices)
    return {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", RESULTS)
def test_results(told: dict[str, Any], name: str) -> None:
    assert told[name].get("result") == RESULTS[name], told[name]


def test_results_stay_between_their_watermarks(told: dict[str, Any]) -> None:
    rows = told["unordered_between_watermarks"]["result"]
    assert sorted(value for value, _, _ in rows) == list(range(20))
    assert all(timestamp == value for value, timestamp, _ in rows)
    # The watermarks are 4, 9, 14 and 19, and each result sees the one before its record.
    assert [watermark for _, _, watermark in rows] == [-1] * 5 + [4] * 5 + [9] * 5 + [14] * 5
    assert all(watermark < value <= watermark + 5 for value, _, watermark in rows)


@pytest.mark.parametrize("name", ERRORS)
def test_errors(told: dict[str, Any], name: str) -> None:
    assert told[name]["error"] == "JobExecutionError", told[name]
    *shown, last, place = told[name]["text"].split("\n")
    assert last == ERRORS[name]
    record = "" if "open" in name or "close" in name or "state" in name else ", on record: [02]"
    assert re.fullmatch(r"in operator '[a-z ]*' \(subtask 1/1\)" + record, place)
    frames = [line for line in shown if line.startswith("  File ")]
    assert all("async_program.py" in frame for frame in frames), frames


def test_bad_arguments(told: dict[str, Any]) -> None:
    answers = told["bad_arguments"]["result"]
    assert len(answers) == len(BAD_ARGUMENTS)
    for answer, expected in zip(answers, BAD_ARGUMENTS):
        assert answer.startswith(expected)


def test_every_case_is_looked_at(told: dict[str, Any]) -> None:
    others = {"unordered_between_watermarks", "bad_arguments"}
    assert told.keys() == RESULTS.keys() | ERRORS.keys() | others


def test_ctrl_c_while_coroutines_wait(shell: Shell) -> None:
    process = shell.start("-f", shell.script("""
import asyncio
from pyflink.datastream import AsyncDataStream, AsyncFunction, StreamExecutionEnvironment
class Waits(AsyncFunction):
    async def async_invoke(self, value):
        print("go", flush=True)
        try:
            await asyncio.sleep(1000)
        finally:
            print("cancelled", flush=True)
env = StreamExecutionEnvironment.get_execution_environment()
AsyncDataStream.ordered_wait(env.from_collection([1]), Waits(), 0).print()
env.execute()
"""))
    assert process.stdout and process.stdout.readline() == "go\n"
    process.send_signal(signal.SIGINT)
    done = shell.finish(process, timeout=30)
    assert done.code == 130 and done.stdout == "cancelled\n"
