"""Windows of the results of windows: results have the time at which they were made."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import ProcessAllWindowFunction, ProcessFunction
from pyflink.datastream.window import TumblingEventTimeWindows

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Times(ProcessFunction):
    def process_element(self, value, ctx):
        yield "%s at %d" % (value, ctx.timestamp())


class Together(ProcessAllWindowFunction):
    def process(self, context, elements):
        yield "%s %s" % (context.window(), sorted(elements))


stream = env.from_collection(
    [("a", 1), ("a", 4), ("b", 6), ("a", 11), ("b", 12), ("a", 9), ("b", 25), ("c", 31)],
    Types.TUPLE([Types.STRING(), Types.INT()]),
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
hourly = (
    stream.key_by(lambda v: v[0])
    .window(TumblingEventTimeWindows.of(Time.milliseconds(5)))
    .reduce(lambda a, b: (a[0], a[1] + b[1]))
)
hourly.process(Times(), Types.STRING()).print("first")
hourly.window_all(TumblingEventTimeWindows.of(Time.milliseconds(20))).process(
    Together(), Types.STRING()
).process(Times(), Types.STRING()).print("second")
stream.key_by(lambda v: v[0]).count_window(2).reduce(lambda a, b: (a[0], a[1] + b[1])).process(
    Times(), Types.STRING()
).print("counted")
env.execute("window_of_windows")
