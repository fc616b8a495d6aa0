"""All kinds of keyed state and timers, with and without a failure; prints what the sinks hold.

usage: keyed_faults_program.py FOLDER PARALLELISM BACKEND
"""

from __future__ import annotations

import pathlib
import sys
import time

from failing_once import environment
from pyflink.common import Encoder, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream.connectors.file_system import FileSink
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.datastream.functions import AggregateFunction, KeyedProcessFunction
from pyflink.datastream.state import (
    AggregatingStateDescriptor,
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    ValueStateDescriptor,
)

FOLDER, PARALLELISM, BACKEND = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
COUNT, KEYS, FAIL_FROM = 12_000, 40, 5_000


class Mean(AggregateFunction):
    def create_accumulator(self):
        return 0, 0

    def add(self, value, accumulator):
        return accumulator[0] + value, accumulator[1] + 1

    def get_result(self, accumulator):
        return accumulator[0] / accumulator[1]

    def merge(self, acc_a, acc_b):
        return acc_a[0] + acc_b[0], acc_a[1] + acc_b[1]


class Keep(KeyedProcessFunction):
    def __init__(self, checkpoints):
        self.checkpoints = checkpoints

    def open(self, runtime_context):
        self.first_attempt = runtime_context.get_attempt_number() == 0
        get = runtime_context
        self.count = get.get_state(ValueStateDescriptor("count", Types.LONG()))
        self.any = get.get_state(ValueStateDescriptor("any", Types.PICKLED_BYTE_ARRAY()))
        self.list = get.get_list_state(ListStateDescriptor("list", Types.LONG()))
        self.map = get.get_map_state(MapStateDescriptor("map", Types.STRING(), Types.LONG()))
        self.max = get.get_reducing_state(ReducingStateDescriptor("max", max, Types.LONG()))
        pair = Types.TUPLE([Types.LONG(), Types.LONG()])
        self.mean = get.get_aggregating_state(AggregatingStateDescriptor("mean", Mean(), pair))

    def process_element(self, value, ctx):
        if self.checkpoints and self.first_attempt and value >= FAIL_FROM:
            if list(self.checkpoints.glob("*/chk-*/_metadata")):
                raise RuntimeError("once")
            time.sleep(0.002)
        self.count.update((self.count.value() or 0) + 1)
        self.any.update({"last": value, "before": (self.any.value() or {}).get("last")})
        self.list.add(value)
        name = "m%d" % (value % 700)
        self.map.put(name, (self.map.get(name) or 0) + 1)
        self.max.add(-value if value % 3 else value)
        self.mean.add(value)
        # Two for each record, one of them deleted by the next record of the key.
        timers = ctx.timer_service()
        timers.register_event_time_timer(value // 1000 * 1000 + 1500)
        timers.register_event_time_timer(value + 3 * KEYS)
        timers.delete_event_time_timer(value - KEYS + 3 * KEYS)

    def on_timer(self, timestamp, ctx):
        if timestamp % 1000 != 500:
            yield "%d rare %d" % (ctx.get_current_key(), timestamp)
            return
        yield "%d %d %s" % (
            ctx.get_current_key(),
            timestamp,
            (
                self.count.value(),
                self.any.value(),
                len(list(self.list.get())),
                sum(self.list),
                sorted(self.map.items())[:3],
                sum(self.map.values()),
                self.max.get(),
                self.mean.get(),
            ),
        )


class Number(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value


def run(name, fails):
    out, checkpoints = FOLDER / name, FOLDER / (name + "-checkpoints")
    env = environment(BACKEND, checkpoints, fails, 300)
    sink = FileSink.for_row_format(str(out), Encoder.simple_string_encoder()).build()
    strategy = WatermarkStrategy.for_monotonous_timestamps()
    # One source and one assigner, so that the watermark goes up with the numbers.
    env.from_source(
        NumberSequenceSource(0, COUNT), WatermarkStrategy.no_watermarks(), "n", Types.LONG()
    ).assign_timestamps_and_watermarks(strategy.with_timestamp_assigner(Number())).key_by(
        lambda v: v % KEYS, Types.LONG()
    ).process(Keep(checkpoints if fails else None), Types.STRING()).set_parallelism(
        PARALLELISM
    ).sink_to(sink)
    env.execute(name)
    files = [path for path in out.rglob("part-*") if "inprogress" not in path.name]
    return sorted(line for path in files for line in path.read_text().splitlines())


quiet = run("quiet", False)
failed = run("failed", True)


def certain(lines):
    """What does not depend on how far the watermark was when a timer fired."""
    last = str(COUNT // 1000 * 1000 + 500)
    return [line if line.split()[1] in ("rare", last) else line.split()[:2] for line in lines]


print("lines:", len(quiet), "rare:", sum("rare" in line for line in quiet))
print("the same after a failure:", certain(quiet) == certain(failed))
