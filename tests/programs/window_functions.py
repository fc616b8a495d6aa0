"""Reduce and aggregate, each with every kind of window function, and None for no results."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import (
    AggregateFunction,
    ProcessWindowFunction,
    ReduceFunction,
    WindowFunction,
)
from pyflink.datastream.window import TumblingEventTimeWindows

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Largest(ReduceFunction):
    def reduce(self, value1, value2):
        return max(value1, value2, key=lambda v: v[1])


class Apply(WindowFunction):
    def open(self, runtime_context):
        self.name = runtime_context.get_task_name()

    def apply(self, key, window, inputs):
        if key == "b":
            return []
        return ["%s %s %s" % (key, window.max_timestamp(), sorted(inputs))]


class Process(ProcessWindowFunction):
    def process(self, key, context, elements):
        for element in elements:
            yield "%s %s" % (key, element)
            yield "of %s" % context.window()


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
tens = TumblingEventTimeWindows.of(Time.milliseconds(10))
windows = stream.key_by(lambda v: v[0]).window(tens)
windows.reduce(Largest(), Apply(), Types.STRING()).print("reduce, apply")
windows.reduce(Largest(), Process(), Types.STRING()).print("reduce, process")
windows.aggregate(Sum(), Apply(), output_type=Types.STRING()).print("aggregate, apply")
windows.aggregate(Sum(), Process(), Types.PICKLED_BYTE_ARRAY(), Types.STRING()).print("both")
windows.apply(Apply(), Types.STRING()).print("apply")
env.execute("window_functions")
