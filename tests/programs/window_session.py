"""Sessions that merge: when a record closes the gap between two, they become one."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import AggregateFunction, ProcessWindowFunction
from pyflink.datastream.window import EventTimeSessionWindows

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
    [
        ("a", 1),
        ("a", 9),
        ("a", 5),
        ("b", 2),
        ("a", 30),
        ("b", 7),
        ("b", 13),
        ("a", 34),
        ("a", 22),
        ("a", 26),
    ],
    Types.TUPLE([Types.STRING(), Types.INT()]),
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
keyed = stream.key_by(lambda v: v[0])
sessions = EventTimeSessionWindows.with_gap(Time.milliseconds(5))
keyed.window(sessions).process(Show(), Types.STRING()).print("all")
keyed.window(sessions).aggregate(Sum()).print("sum")
keyed.window(sessions).reduce(lambda a, b: (a[0], a[1] + b[1])).print("reduce")
env.execute("window_session")
