"""Records that come too late and that nobody wants are dropped."""
# output: sorted

import time

from pyflink.common import Configuration, Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import OutputTag, StreamExecutionEnvironment
from pyflink.datastream.functions import AggregateFunction
from pyflink.datastream.window import SlidingEventTimeWindows

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.get_config().set_auto_watermark_interval(5)
settings = Configuration()
settings.set_string("python.fn-execution.bundle.size", "1")
env.configure(settings)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


def slowly(value):
    time.sleep(0.12)
    return value


RECORDS = [("a", 1), ("a", 12), ("a", 7), ("a", 2), ("b", 4), ("a", 27), ("b", 11)]


class Sum(AggregateFunction):
    def create_accumulator(self):
        return 0, 0

    def add(self, value, accumulator):
        return accumulator[0] + value[1], accumulator[1] + 1

    def get_result(self, accumulator):
        return "%d of %d" % accumulator

    def merge(self, a, b):
        return a[0] + b[0], a[1] + b[1]


stream = (
    env.from_collection(
        # The watermark gets on while records of another key come.
        [v for record in RECORDS for v in [record] + [("z", record[1])] * 3],
        Types.TUPLE([Types.STRING(), Types.INT()]),
    )
    .map(slowly, Types.TUPLE([Types.STRING(), Types.INT()]))
    .assign_timestamps_and_watermarks(
        WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
    )
    .filter(lambda v: v[0] != "z")
)
stream.key_by(lambda v: v[0]).window(
    SlidingEventTimeWindows.of(Time.milliseconds(10), Time.milliseconds(5))
).aggregate(Sum(), output_type=Types.STRING()).print()
env.execute("window_late_dropped")
