"""Processes, threads, event loops and tracing inside user functions."""

from __future__ import annotations

import json
import pathlib
import re
from typing import Any

from runner import Shell

PROGRAM = pathlib.Path(__file__).with_name("children_program.py")
TERMINATED = [-15, -15, -15]

# What each of two records, 1 and 2, becomes; or a pattern of the error's text.
EXPECTED: dict[str, Any] = {
    "pool": [[1, 4], [4, 9]],
    "pool_without_java": [[False], [False]],
    "executor": [[1], [4]],
    "threads": [[1, 4], [4, 9]],
    "fork": ["1", "2"],
    "terminated": [TERMINATED, TERMINATED],
    "signals_that_children_block": [[0] * 5, [0] * 5],
    "event_loop": [[3, 6], [6, 9]],
    "event_loop_with_a_child": ["1", "2"],
    "LoopOfItsOwn": [5, 10],
    "ThreadOfItsOwn": [7, 14],
    "traced": [["call", "line", "return"]] * 2,
    "profiled": [["call", "return"]] * 2,
    "handler_of_a_signal": r"signal only works in main thread.*'Map' .*record: 1$",
    "warning_as_error": r"RuntimeWarning: bad value\nin operator 'Map' .*record: 1$",
    "jobs_in_threads": [[1, 2], [2, 4], [3, 6]],
    "pools_of_the_program": [[9], [9], "spawn"],
}


def test_processes_threads_and_tracing_in_functions(shell: Shell) -> None:
    done = shell.run("-f", PROGRAM, timeout=120).ok()
    told = dict(json.loads(line) for line in done.stdout.splitlines())
    for text in told.pop("fork_and_java"):
        assert "Java cannot be used in a forked process" in text and "spawn" in text
    assert told.keys() == EXPECTED.keys()
    for name, expected in EXPECTED.items():
        if isinstance(expected, str):
            assert re.search(expected, told[name], re.DOTALL), f"{name}: {told[name]}"
        else:
            assert told[name] == expected, name


def test_breakpoint_in_a_function(shell: Shell) -> None:
    done = shell.run(
        "-f",
        shell.script(
            """
            from pyflink.datastream import StreamExecutionEnvironment

            def twice(value):
                result = value * 2
                if value == 2:
                    breakpoint()
                return result

            env = StreamExecutionEnvironment.get_execution_environment()
            env.set_parallelism(1)
            env.from_collection([1, 2, 3]).map(twice).print()
            env.execute()
            """
        ),
        stdin="p result + 100\nc\n",
    ).ok()
    assert "(Pdb) 104" in done.stdout and "twice()" in done.stdout
    assert done.stdout.startswith("2\n") and done.stdout.endswith("4\n6\n")
