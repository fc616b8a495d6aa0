"""join and co_group of two streams by key and window; the peer has neither."""

# output: sorted
# runs: here
from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import CoGroupFunction, FlatJoinFunction, StreamExecutionEnvironment
from pyflink.datastream.window import EventTimeSessionWindows, TumblingEventTimeWindows


class Minute(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[2]


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Minute())
order = Types.TUPLE([Types.STRING(), Types.INT(), Types.LONG()])
orders = env.from_collection(
    [("ann", 10, 1), ("bob", 20, 4), ("ann", 30, 9), ("ann", 40, 14)], order
).assign_timestamps_and_watermarks(strategy)
visits = env.from_collection(
    [("ann", "shop", 2), ("ann", "web", 3), ("cid", "web", 5), ("bob", "web", 12)]
).assign_timestamps_and_watermarks(strategy)


class Cheap(FlatJoinFunction):
    def join(self, first, second):
        if first[1] < 20:
            yield "%s %d %s" % (first[0], first[1], second[1])
            yield "cheap"


class Counts(CoGroupFunction):
    def co_group(self, first, second):
        name = (first or second)[0][0]
        yield "%s: %d orders, %d visits" % (name, len(first), len(second))


def keyed(begun):
    return begun.where(lambda o: o[0], Types.STRING()).equal_to(lambda v: v[0])


ten = TumblingEventTimeWindows.of(Time.milliseconds(10))
keyed(orders.join(visits)).window(ten).apply(
    lambda o, v: (o[0], o[1], v[1]), Types.TUPLE([Types.STRING(), Types.INT(), Types.STRING()])
).print("join")
keyed(orders.join(visits)).window(ten).apply(Cheap(), Types.STRING()).print("flat")
keyed(orders.co_group(visits)).window(ten).apply(Counts(), Types.STRING()).print("group")
keyed(orders.co_group(visits)).window(EventTimeSessionWindows.with_gap(Time.milliseconds(4))).apply(
    Counts(), Types.STRING()
).print("session")
env.execute()
