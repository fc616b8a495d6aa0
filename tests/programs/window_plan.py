"""What the plan shows of windows."""
# output: sorted

import json

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import OutputTag, StreamExecutionEnvironment
from pyflink.datastream.functions import AggregateFunction, ProcessWindowFunction
from pyflink.datastream.window import (
    CountTrigger,
    EventTimeSessionWindows,
    GlobalWindows,
    PurgingTrigger,
    SlidingEventTimeWindows,
    TumblingEventTimeWindows,
)

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Show(ProcessWindowFunction):
    def process(self, key, context, elements):
        yield "%s %s %s" % (key, context.window(), sorted(elements))


class Sum(AggregateFunction):
    def create_accumulator(self):
        return 0, 0

    def add(self, value, accumulator):
        return accumulator[0] + value[1], accumulator[1] + 1

    def get_result(self, accumulator):
        return "%d of %d" % accumulator

    def merge(self, a, b):
        return a[0] + b[0], a[1] + b[1]


stream = env.from_collection(
    [("a", 1), ("a", 4), ("b", 6), ("a", 11), ("b", 12), ("a", 9), ("b", 25), ("c", 31)],
    Types.TUPLE([Types.STRING(), Types.INT()]),
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
keyed = stream.key_by(lambda v: v[0])
tens = TumblingEventTimeWindows.of(Time.milliseconds(10))
late = OutputTag("late", Types.TUPLE([Types.STRING(), Types.INT()]))
keyed.window(tens).process(Show(), Types.STRING()).map(str).print()
keyed.window(SlidingEventTimeWindows.of(Time.milliseconds(10), Time.milliseconds(5))).trigger(
    PurgingTrigger.of(CountTrigger.of(2))
).reduce(lambda a, b: a).print()
named = (
    keyed.window(EventTimeSessionWindows.with_gap(Time.milliseconds(4)))
    .side_output_late_data(late)
    .aggregate(Sum(), Show())
    .name("sessions")
)
named.print()
named.get_side_output(late).print()
keyed.count_window(2).reduce(lambda a, b: a).uid("count").print()
keyed.count_window(4, 2).aggregate(Sum()).print()
stream.window_all(GlobalWindows.create()).trigger(CountTrigger.of(3)).aggregate(Sum()).print()
for node in json.loads(env.get_execution_plan())["nodes"]:
    if "Window" in node["contents"]:
        print(node["pact"], "|", node["contents"], "|", node["parallelism"])
