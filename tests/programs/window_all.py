"""Windows over the whole stream, with each kind of function."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import (
    AggregateFunction,
    AllWindowFunction,
    ProcessAllWindowFunction,
)
from pyflink.datastream.window import (
    CountTrigger,
    EventTimeSessionWindows,
    GlobalWindows,
    PurgingTrigger,
    TumblingEventTimeWindows,
)

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Apply(AllWindowFunction):
    def apply(self, window, inputs):
        yield "%s %s" % (window, sorted(inputs))


class Process(ProcessAllWindowFunction):
    def process(self, context, elements):
        return ["%s %s" % (context.window(), sorted(elements))]


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
size = Time.milliseconds(10)
windows = stream.window_all(TumblingEventTimeWindows.of(size))
windows.reduce(lambda a, b: ("all", a[1] + b[1])).print("reduce")
windows.reduce(lambda a, b: ("all", a[1] + b[1]), Apply()).print("reduce, apply")
windows.aggregate(Sum()).print("aggregate")
windows.aggregate(Sum(), Process(), output_type=Types.STRING()).print("aggregate, process")
windows.apply(Apply(), Types.STRING()).print("apply")
stream.window_all(EventTimeSessionWindows.with_gap(Time.milliseconds(4))).process(
    Process(), Types.STRING()
).print("process")
stream.window_all(GlobalWindows.create()).trigger(PurgingTrigger.of(CountTrigger.of(3))).aggregate(
    Sum()
).print("counted")
env.execute("window_all")
