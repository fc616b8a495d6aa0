"""Evictors drop records of a window, and the short forms of windows that PyFlink lacks."""
# output: sorted
# runs: here

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import AggregateFunction, WindowFunction
from pyflink.datastream.window import (
    CountEvictor,
    CountTrigger,
    DeltaEvictor,
    EventTimeSessionWindows,
    Evictor,
    GlobalWindows,
    TimeEvictor,
    TumblingEventTimeWindows,
)

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Numbers(WindowFunction):
    def apply(self, key, window, inputs):
        yield " ".join([key] + [str(number) for _, number in inputs])


class Sum(AggregateFunction):
    def create_accumulator(self):
        return 0

    def add(self, value, accumulator):
        return accumulator + value[1]

    def get_result(self, accumulator):
        return accumulator

    def merge(self, a, b):
        return a + b


class NotSeven(Evictor):
    def evict_before(self, elements, size, window, evictor_context):
        assert size == len(elements)
        elements[:] = [e for e in elements if e.get_value()[1] != 7]

    def evict_after(self, elements, size, window, evictor_context):
        pass


stream = env.from_collection(
    [("a", number) for number in (1, 2, 3, 4, 7, 8, 9, 15)],
    Types.TUPLE([Types.STRING(), Types.INT()]),
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
keyed = stream.key_by(lambda v: v[0], Types.STRING())
tens = TumblingEventTimeWindows.of(Time.milliseconds(10))
everything = GlobalWindows.create()

keyed.window(tens).evictor(CountEvictor.of(2)).apply(Numbers()).print("count")
keyed.window(tens).evictor(TimeEvictor.of(Time.milliseconds(2))).apply(Numbers()).print("time")
keyed.window(tens).evictor(DeltaEvictor.of(6, lambda old, new: new[1] - old[1])).apply(
    Numbers()
).print("delta")
keyed.window(tens).evictor(NotSeven()).aggregate(Sum()).print("own")
keyed.window(tens).evictor(CountEvictor.of(3)).reduce(lambda a, b: (a[0], a[1] + b[1])).print("sum")
keyed.window(EventTimeSessionWindows.with_gap(Time.milliseconds(4))).evictor(
    CountEvictor.of(4)
).apply(Numbers()).print("session")
# Records that are dropped before the function are gone; those dropped after it were seen once.
keyed.window(everything).trigger(CountTrigger.of(4)).evictor(CountEvictor.of(3)).apply(
    Numbers()
).print("before")
keyed.window(everything).trigger(CountTrigger.of(2)).evictor(CountEvictor.of(3, True)).apply(
    Numbers()
).print("after")

stream.count_window_all(3).aggregate(Sum()).print("count all")
stream.count_window_all(4, 2).aggregate(Sum()).print("count all, slide")
keyed.time_window(Time.milliseconds(5)).aggregate(Sum()).print("time window")
stream.time_window_all(Time.milliseconds(10), Time.milliseconds(5)).aggregate(Sum()).print("slide")
env.execute("window_evictors")
