"""Unit tests for functions: push records, watermarks and time; read output, timers and state.

The harnesses have the names of Flink's Java ones. They run without a cluster, in a test of any
framework::

    from pyflink.testing.harness import ProcessFunctionTestHarnesses

    def test_counts():
        harness = ProcessFunctionTestHarnesses.for_keyed_process_function(
            CountWords(), lambda word: word, Types.STRING()
        )
        with harness:
            harness.process_element("to", 10)
            harness.process_watermark(20)
            assert harness.extract_output_values() == [("to", 1)]
            assert harness.num_event_time_timers() == 0

What :class:`AbstractStreamOperatorTestHarness` says holds for all of them.
"""

from __future__ import annotations

from pyflink.testing._base import AbstractStreamOperatorTestHarness, OperatorSnapshot
from pyflink.testing._broadcast import (
    BroadcastOperatorTestHarness,
    KeyedBroadcastOperatorTestHarness,
)
from pyflink.testing._elements import StreamRecord, Timer, Watermark, WatermarkStatus
from pyflink.testing._factories import ProcessFunctionTestHarnesses
from pyflink.testing._one_input import (
    KeyedOneInputStreamOperatorTestHarness,
    OneInputStreamOperatorTestHarness,
)
from pyflink.testing._two_inputs import (
    KeyedTwoInputStreamOperatorTestHarness,
    TwoInputStreamOperatorTestHarness,
)

__all__ = [
    "AbstractStreamOperatorTestHarness",
    "BroadcastOperatorTestHarness",
    "KeyedBroadcastOperatorTestHarness",
    "KeyedOneInputStreamOperatorTestHarness",
    "KeyedTwoInputStreamOperatorTestHarness",
    "OneInputStreamOperatorTestHarness",
    "OperatorSnapshot",
    "ProcessFunctionTestHarnesses",
    "StreamRecord",
    "Timer",
    "TwoInputStreamOperatorTestHarness",
    "Watermark",
    "WatermarkStatus",
]
