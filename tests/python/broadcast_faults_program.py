"""Broadcast state and timers of processing time, with and without a failure; compares the sinks.

usage: broadcast_faults_program.py FOLDER PARALLELISM BACKEND
"""

from __future__ import annotations

import pathlib
import sys
import time

from failing_once import environment
from pyflink.common import Encoder, Types, WatermarkStrategy
from pyflink.datastream.connectors.file_system import FileSink
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.datastream.functions import KeyedBroadcastProcessFunction
from pyflink.datastream.state import MapStateDescriptor, ValueStateDescriptor
from pyflink.datastream.time_domain import TimeDomain

FOLDER, PARALLELISM, BACKEND = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
COUNT, RULES, KEYS, FAIL_FROM = 6_000, 3_000, 40, 3_000
LATER = 2**50
TOTALS = MapStateDescriptor("totals", Types.LONG(), Types.LONG())


class Keep(KeyedBroadcastProcessFunction):
    """Each record waits for a timer of processing time, or for the end of the stream.

    :param checkpoints: their folder, when the function is to fail once after one.
    :param fired: a folder that gets a file when a timer of processing time fires.
    """

    def __init__(self, checkpoints, fired):
        self.checkpoints, self.fired = checkpoints, fired

    def open(self, runtime_context):
        self.first_attempt = runtime_context.get_attempt_number() == 0
        self.count = runtime_context.get_state(ValueStateDescriptor("count", Types.LONG()))
        self.waiting = runtime_context.get_map_state(
            MapStateDescriptor("waiting", Types.LONG(), Types.BOOLEAN())
        )

    def process_broadcast_element(self, value, ctx):
        totals = ctx.get_broadcast_state(TOTALS)
        totals.put(value % 7, (totals.get(value % 7) or 0) + value)

    def process_element(self, value, ctx):
        if self.checkpoints and self.first_attempt and value >= FAIL_FROM:
            if list(self.checkpoints.glob("*/chk-*/_metadata")):
                raise RuntimeError("once")
            time.sleep(0.002)
        self.count.update((self.count.value() or 0) + 1)
        self.waiting.put(value, True)
        timers = ctx.timer_service()
        timers.register_processing_time_timer(timers.current_processing_time() // 20 * 20 + 20)
        timers.register_event_time_timer(LATER)

    def on_timer(self, timestamp, ctx):
        for value in list(self.waiting.keys()):
            yield "value %d" % value
        self.waiting.clear()
        if ctx.time_domain() == TimeDomain.PROCESSING_TIME:
            (self.fired / "fired").touch()
            return
        # Both streams are at their ends.
        totals = ctx.get_broadcast_state(TOTALS)
        yield "end %d %d %s" % (ctx.get_current_key(), self.count.value(), sorted(totals.items()))


def run(name, fails):
    out, checkpoints = FOLDER / name, FOLDER / (name + "-checkpoints")
    env = environment(BACKEND, checkpoints, fails, 300)

    def numbers(count, label):
        source = NumberSequenceSource(0, count)
        return env.from_source(source, WatermarkStrategy.no_watermarks(), label, Types.LONG())

    sink = FileSink.for_row_format(str(out), Encoder.simple_string_encoder()).build()
    rules = numbers(RULES, "rules").broadcast(TOTALS)
    numbers(COUNT, "numbers").key_by(lambda v: v % KEYS, Types.LONG()).connect(rules).process(
        Keep(checkpoints if fails else None, FOLDER), Types.STRING()
    ).set_parallelism(PARALLELISM).sink_to(sink)
    env.execute(name)
    files = [path for path in out.rglob("part-*") if "inprogress" not in path.name]
    return sorted(line for path in files for line in path.read_text().splitlines())


quiet = run("quiet", False)
failed = run("failed", True)
totals = {rest: sum(range(rest, RULES + 1, 7)) for rest in range(7)}
ends = [line for line in quiet if line.startswith("end")]
print("values:", len(quiet) - len(ends), "ends:", len(ends))
print("all rules:", all(line.endswith(str(sorted(totals.items()))) for line in ends))
print("processing time:", (FOLDER / "fired").exists())
print("the same after a failure:", quiet == failed)
