"""Broadcast state and an interval join, quiet, after a failure, and after a savepoint.

usage: joins_faults_program.py FOLDER PARALLELISM OTHER_PARALLELISM BACKEND

Prints whether the sinks hold the same; the run with the savepoint goes on with the other
parallelism.
"""

from __future__ import annotations

import pathlib
import sys
import time

import failing_once
from pyflink.common import Encoder, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import (
    KeyedBroadcastProcessFunction,
    MapFunction,
    ProcessJoinFunction,
)
from pyflink.datastream.connectors.file_system import FileSink
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.datastream.state import MapStateDescriptor, ValueStateDescriptor

FOLDER = pathlib.Path(sys.argv[1])
PARALLELISM, OTHER, BACKEND = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
COUNT, KEYS, FAIL_FROM, RULE = 8_000, 40, 3_000, 100
SEEN = MapStateDescriptor("seen", Types.LONG(), Types.LONG())


class Rules(KeyedBroadcastProcessFunction):
    def open(self, runtime_context):
        self.count = runtime_context.get_state(ValueStateDescriptor("count", Types.LONG()))

    def process_element(self, value, ctx):
        self.count.update((self.count.value() or 0) + 1)
        ctx.timer_service().register_event_time_timer(10 * COUNT)

    def process_broadcast_element(self, value, ctx):
        seen = ctx.get_broadcast_state(SEEN)
        seen.put(value, (seen.get(value) or 0) + 1)

    def on_timer(self, timestamp, ctx):
        seen = ctx.get_broadcast_state(SEEN)
        yield "rules %d %d %d %d %d" % (
            ctx.get_current_key(),
            self.count.value(),
            len(list(seen.keys())),
            sum(seen.keys()),
            sum(seen.values()),
        )


class Slow(MapFunction):
    """Gives the numbers time for a checkpoint, or for a savepoint, from one of them on."""

    def __init__(self, checkpoints, always):
        self.checkpoints = checkpoints
        self.always = always

    def map(self, value):
        if self.checkpoints and value >= FAIL_FROM:
            if self.always or not list(self.checkpoints.glob("*/chk-*/_metadata")):
                # Long enough for all that is to happen before the last record.
                time.sleep(0.02)
        return value


class Pairs(ProcessJoinFunction):
    """Fails at a record, once, if it should."""

    def __init__(self, checkpoints):
        self.checkpoints = checkpoints

    def open(self, runtime_context):
        self.first_attempt = runtime_context.get_attempt_number() == 0
        self.pairs = runtime_context.get_state(ValueStateDescriptor("pairs", Types.LONG()))

    def process_element(self, left, right, ctx):
        if self.checkpoints and self.first_attempt and left >= FAIL_FROM:
            if list(self.checkpoints.glob("*/chk-*/_metadata")):
                (FOLDER / "has failed").touch()
                raise RuntimeError("once")
        self.pairs.update((self.pairs.value() or 0) + 1)
        yield "pair %d %d" % (left, right)
        yield "key %d has %d" % (ctx.get_current_key(), self.pairs.value())


class Number(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value


def environment(name, fails, parallelism, savepoint):
    checkpoints = FOLDER / (name + "-checkpoints")
    env = failing_once.environment(BACKEND, checkpoints, fails, 300, savepoint)
    env.set_max_parallelism(64)
    return env


def build(name, fails=False, slow=False, parallelism=PARALLELISM, savepoint=None):
    env = environment(name, fails, parallelism, savepoint)
    checkpoints = FOLDER / (name + "-checkpoints")
    strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Number())
    # One source and one assigner, so that no record is late.
    numbers = (
        env.from_source(
            NumberSequenceSource(0, COUNT), WatermarkStrategy.no_watermarks(), "n", Types.LONG()
        )
        .uid("source")
        .map(Slow(checkpoints if fails or slow else None, slow), Types.LONG())
        .uid("slow")
        .assign_timestamps_and_watermarks(strategy)
        .uid("times")
    )
    rules = numbers.filter(lambda n: n % RULE == 0).uid("rules")
    keyed = numbers.key_by(lambda n: n % KEYS, Types.LONG())
    applied = (
        keyed.connect(rules.broadcast(SEEN))
        .process(Rules(), Types.STRING())
        .uid("broadcast")
        .set_parallelism(parallelism)
    )
    fifths = numbers.filter(lambda n: n % 5 == 0).uid("fifths")
    pairs = (
        keyed.interval_join(fifths.key_by(lambda n: n % KEYS, Types.LONG()))
        .between(-2 * KEYS, 3 * KEYS)
        .lower_bound_exclusive()
        .process(Pairs(checkpoints if fails else None), Types.STRING())
        .uid("join")
        .set_parallelism(parallelism)
    )
    sink = FileSink.for_row_format(str(FOLDER / name), Encoder.simple_string_encoder()).build()
    applied.union(pairs).sink_to(sink).uid("sink")
    return env


def result(name):
    files = [path for path in (FOLDER / name).rglob("part-*") if "inprogress" not in path.name]
    return sorted(line for path in files for line in path.read_text().splitlines())


def begun(name):
    """How many lines are in files that are not finished."""
    files = [path for path in (FOLDER / name).rglob("*part-*") if "inprogress" in path.name]
    return sum(path.read_text().count("\n") for path in files)


def run(name, **options):
    build(name, **options).execute(name)
    return result(name)


def run_with_savepoint(name):
    client = build(name, slow=True).execute_async(name)
    deadline = time.monotonic() + 60
    while not begun(name):
        if time.monotonic() > deadline:
            raise SystemExit("nothing was written")
        time.sleep(0.01)
    target = (FOLDER / "savepoint").as_uri()
    savepoint = None
    while savepoint is None:
        try:
            savepoint = client.stop_with_savepoint(False, target).result()
        except Exception as error:
            # Some instances write while others have not begun yet.
            if "Not all required tasks" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    before = begun(name)
    return before, run(name, parallelism=OTHER, savepoint=savepoint)


def expected():
    """What the sinks hold, worked out without a stream."""
    rules = range(0, COUNT + 1, RULE)
    pairs = [
        (left, right)
        for left in range(COUNT + 1)
        for right in range(left % KEYS, COUNT + 1, KEYS)
        if right % 5 == 0 and -2 * KEYS < right - left <= 3 * KEYS
    ]
    lines = ["pair %d %d" % pair for pair in pairs]
    for key in range(KEYS):
        count = len(range(key, COUNT + 1, KEYS))
        lines.append("rules %d %d %d %d %d" % (key, count, len(rules), sum(rules), len(rules)))
        met = sum(left % KEYS == key for left, _ in pairs)
        lines += ["key %d has %d" % (key, number + 1) for number in range(met)]
    return sorted(lines)


lines = expected()
print("lines:", len(lines))
print("quiet:", run("quiet") == lines)
failed = run("failed", fails=True)
print("after a failure:", failed == lines, (FOLDER / "has failed").exists())
before, restored = run_with_savepoint("restored")
print("after a savepoint:", restored == lines, 0 < before < len(lines))
