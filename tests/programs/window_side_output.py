"""Results of window functions that go to side outputs."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import OutputTag, StreamExecutionEnvironment
from pyflink.datastream.functions import ProcessWindowFunction
from pyflink.datastream.window import TumblingEventTimeWindows

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


small = OutputTag("small", Types.INT())


class Split(ProcessWindowFunction):
    def process(self, key, context, elements):
        for name, number in elements:
            if number < 10:
                yield small, number
            else:
                yield "%s %d" % (name, number)


stream = env.from_collection(
    [("a", 1), ("a", 4), ("b", 6), ("a", 11), ("b", 12), ("a", 9), ("b", 25), ("c", 31)],
    Types.TUPLE([Types.STRING(), Types.INT()]),
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
results = (
    stream.key_by(lambda v: v[0])
    .window(TumblingEventTimeWindows.of(Time.milliseconds(10)))
    .process(Split(), Types.STRING())
)
results.print("main")
results.get_side_output(small).print("small")
env.execute("window_side_output")
