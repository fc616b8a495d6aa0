"""Rows as records, keys, accumulators and results."""
# output: sorted

from pyflink.common import Row, Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import AggregateFunction, WindowFunction
from pyflink.datastream.window import TumblingEventTimeWindows

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Mean(AggregateFunction):
    def create_accumulator(self):
        return Row(0.0, 0)

    def add(self, value, accumulator):
        return Row(accumulator[0] + value[2], accumulator[1] + 1)

    def get_result(self, accumulator):
        return Row(accumulator[0] / accumulator[1], accumulator[1])

    def merge(self, a, b):
        return Row(a[0] + b[0], a[1] + b[1])


class Letters(AggregateFunction):
    """An accumulator that is changed in place."""

    def create_accumulator(self):
        return {}

    def add(self, value, accumulator):
        accumulator[value[0]] = accumulator.get(value[0], 0) + value[1]
        return accumulator

    def get_result(self, accumulator):
        return accumulator

    def merge(self, a, b):
        return {**a, **b}


class Keys(WindowFunction):
    def apply(self, key, window, inputs):
        yield Row(key, len(list(inputs)))


row = Types.ROW_NAMED(["name", "time", "weight"], [Types.STRING(), Types.INT(), Types.DOUBLE()])
stream = env.from_collection(
    [Row("x", 1, 1.5), Row("y", 3, 2.5), Row("x", 7, 0.25), Row("x", 12, 8.0), Row("y", 14, 0.5)],
    row,
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
key = Types.ROW([Types.STRING(), Types.BOOLEAN()])
keyed = stream.key_by(lambda r: Row(r[0], r[1] % 2 == 1), key)
tens = TumblingEventTimeWindows.of(Time.milliseconds(10))
keyed.window(tens).aggregate(
    Mean(),
    accumulator_type=Types.ROW([Types.DOUBLE(), Types.INT()]),
    output_type=Types.ROW([Types.DOUBLE(), Types.INT()]),
).print("mean")
keyed.window(tens).reduce(lambda a, b: Row(a[0], max(a[1], b[1]), a[2] + b[2])).print("sum")
keyed.window(tens).apply(Keys(), Types.ROW([key, Types.INT()])).print("keys")
keyed.window(tens).aggregate(Letters(), output_type=Types.MAP(Types.STRING(), Types.INT())).print()
env.execute("window_types")
