"""Assigners written in Python, with windows of their own and windows that merge."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import AggregateFunction, ProcessWindowFunction
from pyflink.datastream.window import (
    EventTimeTrigger,
    MergingWindowAssigner,
    TimeWindow,
    TimeWindowSerializer,
    WindowAssigner,
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


class ByLetter(WindowAssigner[tuple, TimeWindow]):
    """Windows of 7 and of 11 milliseconds at the same time, and none for some records."""

    def assign_windows(self, element, timestamp, context):
        if element[1] == 11:
            return []
        return [
            TimeWindow(timestamp - timestamp % size, timestamp - timestamp % size + size)
            for size in (7, 11)
        ]

    def get_default_trigger(self, env):
        return EventTimeTrigger()

    def get_window_serializer(self):
        return TimeWindowSerializer()

    def is_event_time(self):
        return True


class Neighbours(MergingWindowAssigner[tuple, TimeWindow]):
    def assign_windows(self, element, timestamp, context):
        return [TimeWindow(timestamp, timestamp + 5)]

    def merge_windows(self, windows, callback):
        TimeWindow.merge_windows(windows, callback)

    def get_default_trigger(self, env):
        return EventTimeTrigger()

    def get_window_serializer(self):
        return TimeWindowSerializer()

    def is_event_time(self):
        return True


stream = env.from_collection(
    [("a", 1), ("a", 4), ("b", 6), ("a", 11), ("b", 12), ("a", 9), ("b", 25), ("c", 31)],
    Types.TUPLE([Types.STRING(), Types.INT()]),
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
keyed = stream.key_by(lambda v: v[0])
keyed.window(ByLetter()).process(Show(), Types.STRING()).print("letters")
keyed.window(Neighbours()).aggregate(Sum(), Show(), output_type=Types.STRING()).print("merged")
env.execute("window_assigner_python")
