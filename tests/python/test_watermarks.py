"""Watermarks of built-in strategies and of Python generators, as operators behind them see them."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest
from runner import Shell

PROGRAM = pathlib.Path(__file__).with_name("watermarks_program.py")

# Records and timers with the watermark that they saw; timers are 600 ms before their records. One
# that is late when it is registered fires with the next watermark, as in Java.
RESULTS: dict[str, Any] = {
    "monotonous": [
        ["1000", "lowest"], [400, 999], ["3000", 999], [2400, 2999], ["2000", 2999],
        [1400, "highest"],
    ],
    "bounded_out_of_orderness": [
        ["1000", "lowest"], [400, 499], ["3000", 499], [2400, 2499], ["2000", 2499],
        [1400, "highest"],
    ],
    "no_watermarks": [["1000", "lowest"], ["3000", "lowest"], [400, "highest"], [2400, "highest"]],
    "without_idleness_nothing_goes_on": [
        [["1000", "lowest"], ["1500", "lowest"], [400, 999], [900, 999], ["5000", 999]],
        [4400],
    ],
    "periodic": [
        ["1000", "lowest"], [400, 499], ["3000", 499], [2400, 2499], ["2000", 2499],
        [1400, "highest"],
    ],
    "punctuated": [
        ["1000", "lowest"], ["2000 mark", "lowest"], [400, 2000], [1400, 2000],
        ["1800 mark", 2000], ["3000", 2000], [1200, "highest"], [2400, "highest"],
    ],
    "marks_of_idleness": [
        ["1000 mark", "lowest"], ["5000", "lowest"], [400, 1000], ["1100 idle", 1000],
        [500, 4999], [4400, 4999], ["6000 active", 4999], ["6100 mark", 4999], ["9000", 4999],
        [5400, 6100], [5500, 6100], ["8500 mark", 6100], [7900, 8500], [8400, 8500],
    ],
    "suppliers": [499, 998, 997, 899],
    # What did not see the right watermark.
    "each_record_its_watermark": [],
    "generator_at_a_source": [],
    "behind_other_operators": [
        [[10, "lowest"], [20, 10], [30, 20]],
        [[100, "lowest"], [200, 100], [300, 200]],
        [[1, "lowest"], [2, 1], [3, 2]],
    ],
    "batch_mode_has_no_watermarks": [[1, True], [2, True], [3, True]],
    "alignment": ["together", "together"],
    "bad_suppliers": [
        "for_generator() takes what makes a generator in each parallel instance, not one generator:"
        " pass its class Periodic or a function that returns a new one",
        "for_generator() takes a WatermarkGenerator class, a function that returns a generator, or"
        " a WatermarkGeneratorSupplier, not int",
        "for_generator() takes a WatermarkGenerator class, a function that returns a generator, or"
        " a WatermarkGeneratorSupplier, not NoneType",
    ],
}

NUMBER = "TypeError: operator 'Timestamps/Watermarks': emit_watermark() takes a Watermark or its"
PLACE = "in operator 'Timestamps/Watermarks'"

# The last lines of the text.
ERRORS = {
    "fails_event": [
        "ZeroDivisionError: integer division or modulo by zero",
        PLACE + " (subtask 1/1), on record: 3",
    ],
    "fails_end": [
        "ZeroDivisionError: integer division or modulo by zero", PLACE + " (subtask 1/1)",
    ],
    "fails_text": [
        NUMBER + " milliseconds as an int, found str 'now'", PLACE + " (subtask 1/1), on record: 3",
    ],
    "fails_large": [
        NUMBER + " milliseconds as an int, found int 9223372036854775808",
        PLACE + " (subtask 1/1), on record: 3",
    ],
    "fails_no_generator": [
        "TypeError: operator 'Timestamps/Watermarks': the supplier made int 7, which is no"
        " WatermarkGenerator: it has no method on_event",
        PLACE + " (subtask 1/1)",
    ],
    "fails_supplier": [
        "ZeroDivisionError: integer division or modulo by zero", PLACE + " (subtask 1/1)",
    ],
    "fails_event_at_source": [
        "ZeroDivisionError: integer division or modulo by zero", PLACE + ", on record: 3",
    ],
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each job of the program told, all of them in one process."""
    shell = Shell(tmp_path_factory.mktemp("watermarks"))
    done = shell.run("-f", PROGRAM, timeout=300).ok()
    assert done.stderr == ""
    return {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", RESULTS)
def test_results(told: dict[str, Any], name: str) -> None:
    assert told[name].get("result") == RESULTS[name], told[name]


@pytest.mark.parametrize("name", ["idleness", "generator_with_idleness"])
def test_a_silent_stream_is_not_waited_for(told: dict[str, Any], name: str) -> None:
    events = told[name]["result"]
    # Whether the first stream counts as idle already when the second one begins is left open.
    assert [event for event, _ in events] == ["1000", "1500", 400, 900, "5000", 4400]
    assert all(watermark in (999, 1499) for _, watermark in events[2:5])
    assert events[5] == [4400, 4999]


@pytest.mark.parametrize("name", ERRORS)
def test_errors(told: dict[str, Any], name: str) -> None:
    assert told[name]["error"] == "JobExecutionError", told[name]
    assert told[name]["text"].split("\n")[-2:] == ERRORS[name]


def test_every_case_is_looked_at(told: dict[str, Any]) -> None:
    idle = {"idleness", "generator_with_idleness"}
    assert told.keys() == RESULTS.keys() | ERRORS.keys() | idle
