"""Sliding windows: a record is in several; reduce with and without a window function."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import WindowFunction
from pyflink.datastream.window import SlidingEventTimeWindows

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Named(WindowFunction):
    def apply(self, key, window, inputs):
        return ["%s [%d, %d) %s" % (key, window.start, window.end, list(inputs))]


stream = env.from_collection(
    [("a", 1), ("a", 4), ("b", 6), ("a", 11), ("b", 12), ("a", 9), ("b", 25), ("c", 31)],
    Types.TUPLE([Types.STRING(), Types.INT()]),
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
windows = stream.key_by(lambda v: v[0]).window(
    SlidingEventTimeWindows.of(Time.milliseconds(10), Time.milliseconds(4))
)
windows.reduce(lambda a, b: (a[0], a[1] + b[1])).print("plain")
stream.key_by(lambda v: v[0]).window(
    SlidingEventTimeWindows.of(Time.milliseconds(10), Time.milliseconds(4), Time.milliseconds(1))
).reduce(lambda a, b: (a[0], max(a[1], b[1])), Named(), Types.STRING()).print("named")
env.execute("window_sliding")
