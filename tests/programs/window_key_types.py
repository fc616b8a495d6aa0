"""Keys of several types, declared and not, and None as a value in an accumulator."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import AggregateFunction, ProcessWindowFunction
from pyflink.datastream.window import TumblingEventTimeWindows

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Show(ProcessWindowFunction):
    def process(self, key, context, elements):
        yield "%s %s %s" % (key, context.window(), sorted(elements))


class Last(AggregateFunction):
    def create_accumulator(self):
        return None

    def add(self, value, accumulator):
        return value[1] if accumulator is None else max(accumulator, value[1])

    def get_result(self, accumulator):
        return accumulator

    def merge(self, a, b):
        return b


stream = env.from_collection(
    [("a", 1), ("a", 4), ("b", 6), ("a", 11), ("b", 12), ("a", 9), ("b", 25), ("c", 31)],
    Types.TUPLE([Types.STRING(), Types.INT()]),
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
tens = TumblingEventTimeWindows.of(Time.milliseconds(10))
for name, selector, key_type in (
    ("int", lambda v: v[1] % 3, Types.INT()),
    ("long", lambda v: v[1] % 3, Types.LONG()),
    ("tuple", lambda v: (v[0], v[1] % 2), Types.TUPLE([Types.STRING(), Types.INT()])),
    ("any tuple", lambda v: (v[0], v[1] % 2), None),
    ("float", lambda v: v[1] % 2 / 2, Types.DOUBLE()),
    ("bool", lambda v: v[1] % 2 == 0, Types.BOOLEAN()),
):
    stream.key_by(selector, key_type).window(tens).process(Show(), Types.STRING()).print(name)
    stream.key_by(selector, key_type).window(tens).aggregate(Last()).print(name)
env.execute("window_key_types")
