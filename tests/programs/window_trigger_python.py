"""A trigger written in Python, with state and timers."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import AggregateFunction, ProcessWindowFunction, ReduceFunction
from pyflink.datastream.state import ReducingStateDescriptor, ValueStateDescriptor
from pyflink.datastream.window import (
    EventTimeSessionWindows,
    SlidingEventTimeWindows,
    TimeWindow,
    Trigger,
    TriggerResult,
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


class Add(ReduceFunction):
    def reduce(self, value1, value2):
        return value1 + value2


class BigOrThird(Trigger[tuple, TimeWindow]):
    """Fires for every third record, for one of 17 and more, and at the end of the window."""

    def __init__(self):
        self.count = ReducingStateDescriptor("seen", Add(), Types.LONG())
        self.largest = ValueStateDescriptor("largest", Types.INT())

    def on_element(self, element, timestamp, window, ctx):
        ctx.register_event_time_timer(window.max_timestamp())
        count = ctx.get_partitioned_state(self.count)
        count.add(1)
        if element[1] >= 17:
            return TriggerResult.FIRE_AND_PURGE
        if count.get() % 3 == 0:
            return TriggerResult.FIRE
        return TriggerResult.CONTINUE

    def on_processing_time(self, time, window, ctx):
        return TriggerResult.CONTINUE

    def on_event_time(self, time, window, ctx):
        return TriggerResult.FIRE if time == window.max_timestamp() else TriggerResult.CONTINUE

    def can_merge(self):
        return True

    def on_merge(self, window, ctx):
        ctx.merge_partitioned_state(self.count)
        ctx.register_event_time_timer(window.max_timestamp())

    def clear(self, window, ctx):
        ctx.get_partitioned_state(self.count).clear()
        ctx.delete_event_time_timer(window.max_timestamp())


stream = env.from_collection(
    [
        ("a", 1),
        ("a", 14),
        ("b", 6),
        ("a", 11),
        ("b", 12),
        ("a", 9),
        ("b", 25),
        ("a", 3),
        ("a", 17),
        ("b", 28),
    ],
    Types.TUPLE([Types.STRING(), Types.INT()]),
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
keyed = stream.key_by(lambda v: v[0])
keyed.window(TumblingEventTimeWindows.of(Time.milliseconds(20))).trigger(BigOrThird()).process(
    Show(), Types.STRING()
).print("tumbling")
keyed.window(SlidingEventTimeWindows.of(Time.milliseconds(20), Time.milliseconds(10))).trigger(
    BigOrThird()
).aggregate(Sum(), output_type=Types.STRING()).print("sliding")
keyed.window(EventTimeSessionWindows.with_gap(Time.milliseconds(6))).trigger(BigOrThird()).reduce(
    lambda a, b: (a[0], a[1] + b[1])
).print("session")
env.execute("window_trigger_python")
