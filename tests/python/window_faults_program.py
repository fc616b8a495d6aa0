"""All kinds of windows, with and without a failure; prints whether the sinks hold the same.

usage: window_faults_program.py FOLDER PARALLELISM BACKEND
"""

from __future__ import annotations

import pathlib
import sys
import time

from failing_once import environment
from pyflink.common import Encoder, Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream.connectors.file_system import FileSink
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.datastream.functions import (
    AggregateFunction,
    MapFunction,
    ProcessWindowFunction,
    WindowFunction,
)
from pyflink.datastream.state import (
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    ValueStateDescriptor,
)
from pyflink.datastream.window import (
    CountEvictor,
    CountTrigger,
    EventTimeSessionWindows,
    EventTimeTrigger,
    GlobalWindows,
    PurgingTrigger,
    SessionWindowTimeGapExtractor,
    SlidingEventTimeWindows,
    Trigger,
    TriggerResult,
    TumblingEventTimeWindows,
)

FOLDER, PARALLELISM, BACKEND = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
COUNT, KEYS, FAIL_FROM = 6_000, 20, 2_500


class Number(TimestampAssigner):
    """Nothing for 300 ms after each thousand."""

    def extract_timestamp(self, value, record_timestamp):
        return value + value // 1000 * 300


class FailOnce(MapFunction):
    def __init__(self, checkpoints):
        self.checkpoints = checkpoints

    def open(self, runtime_context):
        self.first_attempt = runtime_context.get_attempt_number() == 0

    def map(self, value):
        if self.checkpoints and self.first_attempt and value >= FAIL_FROM:
            if list(self.checkpoints.glob("*/chk-*/_metadata")):
                raise RuntimeError("once")
            time.sleep(0.002)
        return value


class Mean(AggregateFunction):
    def create_accumulator(self):
        return {"sum": 0, "count": 0}

    def add(self, value, accumulator):
        accumulator["sum"] += value
        accumulator["count"] += 1
        return accumulator

    def get_result(self, accumulator):
        return accumulator["sum"] / accumulator["count"]

    def merge(self, a, b):
        return {name: a[name] + b[name] for name in a}


class Typed(Mean):
    def create_accumulator(self):
        return 0, 0

    def add(self, value, accumulator):
        return accumulator[0] + value, accumulator[1] + 1

    def get_result(self, accumulator):
        return accumulator[0]

    def merge(self, a, b):
        return a[0] + b[0], a[1] + b[1]


class Stateful(ProcessWindowFunction):
    def process(self, key, context, elements):
        here, everywhere = context.window_state(), context.global_state()
        fired = here.get_state(ValueStateDescriptor("fired", Types.INT()))
        seen = here.get_list_state(ListStateDescriptor("seen", Types.LONG()))
        names = here.get_map_state(MapStateDescriptor("names", Types.STRING(), Types.LONG()))
        total = everywhere.get_reducing_state(
            ReducingStateDescriptor("total", lambda a, b: a + b, Types.LONG())
        )
        values = list(elements)
        fired.update((fired.value() or 0) + 1)
        seen.add(values[-1])
        names.put("n%d" % fired.value(), len(values))
        total.add(1)
        yield "stateful %s %s %s %d %s %s %d" % (
            key,
            context.window(),
            len(values),
            fired.value(),
            list(seen),
            sorted(names.items()),
            total.get(),
        )

    def clear(self, context):
        context.window_state().get_state(ValueStateDescriptor("fired", Types.INT())).clear()


class Show(WindowFunction):
    def __init__(self, name):
        self.name = name

    def apply(self, key, window, inputs):
        values = list(inputs)
        yield "%s %s %s %d %s" % (self.name, key, window, len(values), values[-3:])


class Thirds(Trigger):
    def __init__(self):
        self.count = ReducingStateDescriptor("thirds", lambda a, b: a + b, Types.LONG())

    def on_element(self, element, timestamp, window, ctx):
        ctx.register_event_time_timer(window.max_timestamp())
        count = ctx.get_partitioned_state(self.count)
        count.add(1)
        return TriggerResult.FIRE if count.get() % 30 == 0 else TriggerResult.CONTINUE

    def on_processing_time(self, time, window, ctx):
        return TriggerResult.CONTINUE

    def on_event_time(self, time, window, ctx):
        return TriggerResult.FIRE if time == window.max_timestamp() else TriggerResult.CONTINUE

    def on_merge(self, window, ctx):
        ctx.merge_partitioned_state(self.count)
        ctx.register_event_time_timer(window.max_timestamp())

    def can_merge(self):
        return True

    def clear(self, window, ctx):
        ctx.get_partitioned_state(self.count).clear()


class Gap(SessionWindowTimeGapExtractor):
    def extract(self, element):
        return 100 + element % 3


def windows(keyed):
    """Streams of lines from each kind of windows."""
    ms = Time.milliseconds
    tumbling = keyed.window(TumblingEventTimeWindows.of(ms(400)))
    yield tumbling.aggregate(Mean(), Show("mean"), output_type=Types.STRING())
    yield keyed.window(TumblingEventTimeWindows.of(ms(1000))).aggregate(
        Typed(), Show("typed"), Types.TUPLE([Types.LONG(), Types.LONG()]), Types.STRING()
    )
    yield keyed.window(SlidingEventTimeWindows.of(ms(1000), ms(300))).reduce(
        lambda a, b: a + b, Show("reduce"), Types.STRING()
    )
    yield keyed.window(EventTimeSessionWindows.with_gap(ms(150))).apply(
        Show("session"), Types.STRING()
    )
    yield keyed.window(EventTimeSessionWindows.with_gap(ms(150))).aggregate(
        Mean(), Show("merged"), output_type=Types.STRING()
    )
    yield (
        keyed.window(TumblingEventTimeWindows.of(ms(900)))
        .trigger(CountTrigger.of(12))
        .process(Stateful(), Types.STRING())
    )
    yield keyed.count_window(70).apply(Show("count"), Types.STRING())
    yield keyed.count_window(50, 20).reduce(max, Show("slide"), Types.STRING())
    yield (
        keyed.window(GlobalWindows.create())
        .trigger(PurgingTrigger.of(CountTrigger.of(45)))
        .apply(Show("global"), Types.STRING())
    )
    yield (
        keyed.window(TumblingEventTimeWindows.of(ms(700)))
        .evictor(CountEvictor.of(10))
        .apply(Show("evicted"), Types.STRING())
    )
    yield (
        keyed.window(TumblingEventTimeWindows.of(ms(800)))
        .trigger(Thirds())
        .aggregate(Typed(), Show("thirds"), output_type=Types.STRING())
    )
    yield (
        keyed.window(EventTimeSessionWindows.with_dynamic_gap(Gap()))
        .trigger(EventTimeTrigger())
        .process(Stateless(), Types.STRING())
    )


class Stateless(ProcessWindowFunction):
    def process(self, key, context, elements):
        yield "dynamic %s %s %d" % (key, context.window(), sum(elements))


def run(name, fails):
    out, checkpoints = FOLDER / name, FOLDER / (name + "-checkpoints")
    env = environment(BACKEND, checkpoints, fails, 30)
    sink = FileSink.for_row_format(str(out), Encoder.simple_string_encoder()).build()
    strategy = WatermarkStrategy.for_monotonous_timestamps()
    # One source and one assigner, so that the watermark goes up with the numbers.
    keyed = (
        env.from_source(
            NumberSequenceSource(0, COUNT), WatermarkStrategy.no_watermarks(), "n", Types.LONG()
        )
        .map(FailOnce(checkpoints if fails else None), Types.LONG())
        .assign_timestamps_and_watermarks(strategy.with_timestamp_assigner(Number()))
        .key_by(lambda v: v % KEYS, Types.LONG())
    )
    first, *others = [s.set_parallelism(PARALLELISM) for s in windows(keyed)]
    first.union(*others).sink_to(sink)
    env.execute(name)
    files = [path for path in out.rglob("part-*") if "inprogress" not in path.name]
    return sorted(line for path in files for line in path.read_text().splitlines())


quiet = run("quiet", False)
failed = run("failed", True)
kinds = sorted({line.split()[0] for line in quiet})
print("kinds:", *kinds)
for kind in kinds:
    lines = [[x for x in run if x.split()[0] == kind] for run in (quiet, failed)]
    print(kind, len(lines[0]), "the same" if lines[0] == lines[1] else "NOT THE SAME")
    if lines[0] != lines[1]:
        print("  only quiet:", sorted(set(lines[0]) - set(lines[1]))[:5])
        print("  only failed:", sorted(set(lines[1]) - set(lines[0]))[:5])
