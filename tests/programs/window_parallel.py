"""Windows of many keys in four instances."""
# output: sorted unprefixed

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import AggregateFunction, ProcessWindowFunction
from pyflink.datastream.window import TumblingEventTimeWindows

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(4)


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
    [("key%d" % (i * i % 23), i) for i in range(400)], Types.TUPLE([Types.STRING(), Types.INT()])
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
stream.key_by(lambda v: v[0]).window(TumblingEventTimeWindows.of(Time.milliseconds(50))).aggregate(
    Sum(), Show(), output_type=Types.STRING()
).print()
stream.key_by(lambda v: v[0]).count_window(7).reduce(lambda a, b: (a[0], a[1] + b[1])).map(
    lambda v: v[0]
).key_by(lambda v: v).count_window(2).reduce(lambda a, b: a).print("twice")
env.execute("window_parallel")
