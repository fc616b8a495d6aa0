"""Windows that fire whenever they got some records, and keep or drop them."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
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
    [("a", 3 * i % 29) for i in range(12)] + [("b", 2 * i) for i in range(9)],
    Types.TUPLE([Types.STRING(), Types.INT()]),
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
keyed = stream.key_by(lambda v: v[0])
tens = TumblingEventTimeWindows.of(Time.milliseconds(10))
keyed.window(tens).trigger(CountTrigger.of(2)).process(Show()).print("keeps")
keyed.window(tens).trigger(PurgingTrigger.of(CountTrigger.of(2))).process(Show()).print("drops")
keyed.window(GlobalWindows.create()).trigger(CountTrigger.of(3)).aggregate(Sum()).print("global")
keyed.window(GlobalWindows.create()).aggregate(Sum()).print("never")
keyed.window(SlidingEventTimeWindows.of(Time.milliseconds(10), Time.milliseconds(5))).trigger(
    CountTrigger(3)
).process(Show()).print("sliding")
keyed.window(EventTimeSessionWindows.with_gap(Time.milliseconds(6))).trigger(
    CountTrigger.of(2)
).process(Show()).print("session")
env.execute("window_trigger_count")
