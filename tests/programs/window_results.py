"""What window functions may return: generators, lists, dicts of results that are values, nested windows of values."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import ProcessWindowFunction, WindowFunction
from pyflink.datastream.window import TumblingEventTimeWindows

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Pairs(ProcessWindowFunction):
    def process(self, key, context, elements):
        yield key, {"n": len(list(elements)), "end": context.window().max_timestamp()}
        yield key, {"n": -1}


class Strings(WindowFunction):
    def apply(self, key, window, inputs):
        return key * len(list(inputs))


stream = env.from_collection(
    [("a", 1), ("a", 4), ("b", 6), ("a", 11), ("b", 12), ("a", 9), ("b", 25), ("c", 31)],
    Types.TUPLE([Types.STRING(), Types.INT()]),
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
keyed = stream.key_by(lambda v: v[0])
keyed.window(TumblingEventTimeWindows.of(Time.milliseconds(15))).process(Pairs()).map(
    lambda v: (v[0], v[1]["n"]), Types.TUPLE([Types.STRING(), Types.INT()])
).filter(lambda v: v[1] > 1).print("dict")
keyed.window(TumblingEventTimeWindows.of(Time.milliseconds(15))).apply(Strings()).print("letters")
keyed.window(TumblingEventTimeWindows.of(Time.milliseconds(15))).apply(Strings()).flat_map(
    lambda v: [v, v.upper()]
).key_by(lambda v: v).reduce(lambda a, b: a + b).print("sum")
env.execute("window_results")
