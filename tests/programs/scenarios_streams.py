"""Rules that are broadcast, late data aside, windows with state, keys that change on the way."""
# output: sorted

from pyflink.common import Row, Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import (
    AggregateFunction,
    KeyedCoProcessFunction,
    KeyedProcessFunction,
    ProcessWindowFunction,
    ReduceFunction,
)
from pyflink.datastream.state import (
    AggregatingStateDescriptor,
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    ValueStateDescriptor,
)
from pyflink.datastream.window import (
    EventTimeSessionWindows,
    SlidingEventTimeWindows,
    TumblingEventTimeWindows,
)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Enrich(KeyedCoProcessFunction):
    """Joins by hand: what comes first waits in state; what is left comes out at the end."""

    def open(self, runtime_context):
        self.left = runtime_context.get_list_state(ListStateDescriptor("left", Types.LONG()))
        self.right = runtime_context.get_state(ValueStateDescriptor("right", Types.STRING()))

    def process_element1(self, value, ctx):
        self.left.add(value[1])
        ctx.timer_service().register_event_time_timer(10_000)
        return []

    def process_element2(self, value, ctx):
        self.right.update(value[1])
        ctx.timer_service().register_event_time_timer(10_000)
        return []

    def on_timer(self, timestamp, ctx):
        yield "enrich %s %s %s" % (
            ctx.get_current_key(),
            sorted(self.left.get()),
            self.right.value(),
        )


class Average(AggregateFunction):
    def create_accumulator(self):
        return [0, 0]

    def add(self, value, accumulator):
        accumulator[0] += value[1]
        accumulator[1] += 1
        return accumulator

    def get_result(self, accumulator):
        return accumulator[0] / accumulator[1]

    def merge(self, a, b):
        return [a[0] + b[0], a[1] + b[1]]


class Named(ProcessWindowFunction):
    """What was aggregated, with the window and what earlier windows of the key had."""

    def open(self, runtime_context):
        self.before = runtime_context.get_list_state(
            ListStateDescriptor("before", Types.FLOAT())
        )

    def process(self, key, context, elements):
        (mean,) = list(elements)
        before = sorted(self.before.get())
        self.before.add(mean)
        yield "mean %s [%d, %d) %.1f after %s" % (
            key, context.window().start, context.window().end, mean, before
        )  # fmt: skip


class Largest(ReduceFunction):
    def reduce(self, value1, value2):
        return value1 if value1[1] >= value2[1] else value2


class Ranked(KeyedProcessFunction):
    """The results of windows, ranked by the end of their window: the key changes on the way."""

    def open(self, runtime_context):
        self.items = runtime_context.get_map_state(
            MapStateDescriptor("items", Types.STRING(), Types.LONG())
        )

    def process_element(self, value, ctx):
        self.items.put(value[1], value[2])
        ctx.timer_service().register_event_time_timer(value[0] + 1)

    def on_timer(self, timestamp, ctx):
        ranked = sorted(self.items.items(), key=lambda item: (-item[1], item[0]))
        self.items.clear()
        yield "ranked %d %s" % (ctx.get_current_key(), ranked[:2])


class Counted(ProcessWindowFunction):
    def process(self, key, context, elements):
        yield Row(context.window().end, key, len(list(elements)))


class Sums(KeyedProcessFunction):
    """One function, keys of several types."""

    def __init__(self, name):
        self.name = name

    def open(self, runtime_context):
        self.sum = runtime_context.get_reducing_state(
            ReducingStateDescriptor("sum", lambda a, b: a + b, Types.LONG())
        )
        self.words = runtime_context.get_aggregating_state(
            AggregatingStateDescriptor("words", Words(), Types.PICKLED_BYTE_ARRAY())
        )

    def process_element(self, value, ctx):
        self.sum.add(value[1])
        self.words.add(value[0])
        yield "%s %s %d %s" % (
            self.name, ctx.get_current_key(), self.sum.get(), self.words.get()
        )  # fmt: skip


class Words(AggregateFunction):
    def create_accumulator(self):
        return set()

    def add(self, value, accumulator):
        accumulator.add(value)
        return accumulator

    def get_result(self, accumulator):
        return "".join(sorted(accumulator))

    def merge(self, a, b):
        return a | b


PAIR = Types.TUPLE([Types.STRING(), Types.LONG()])
EVENTS = [("abc"[i % 3], i * i % 37) for i in range(30)]

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
# No watermark before the end: nothing depends on when it would come.
stamped = env.from_collection(EVENTS, PAIR).assign_timestamps_and_watermarks(
    WatermarkStrategy.no_watermarks().with_timestamp_assigner(Second())
)
names = env.from_collection([("a", "Anna"), ("b", "Ben"), ("z", "Zoe"), ("a", "Ada")],
                            Types.TUPLE([Types.STRING(), Types.STRING()]))
names = names.assign_timestamps_and_watermarks(WatermarkStrategy.for_monotonous_timestamps())
keyed = stamped.key_by(lambda v: v[0], Types.STRING())
keyed.connect(names.key_by(lambda v: v[0], Types.STRING())).process(
    Enrich(), Types.STRING()
).print()
keyed.window(SlidingEventTimeWindows.of(Time.milliseconds(20), Time.milliseconds(10))).aggregate(
    Average(), Named(), Types.PICKLED_BYTE_ARRAY(), Types.STRING()
).print()
keyed.window(EventTimeSessionWindows.with_gap(Time.milliseconds(4))).process(
    Counted(), Types.ROW([Types.LONG(), Types.STRING(), Types.INT()])
).map(lambda row: "session %d %s %d" % (row[0], row[1], row[2]), Types.STRING()).print()
keyed.window(TumblingEventTimeWindows.of(Time.milliseconds(12))).reduce(Largest()).map(
    lambda v: "largest %s %d" % v, Types.STRING()
).print()
keyed.window(TumblingEventTimeWindows.of(Time.milliseconds(15))).process(
    Counted(), Types.ROW([Types.LONG(), Types.STRING(), Types.INT()])
).key_by(lambda row: row[0], Types.LONG()).process(Ranked(), Types.STRING()).print()
for name, selector, key_type in (
    ("long", lambda v: v[1] % 3, Types.LONG()),
    ("boolean", lambda v: v[1] > 9, Types.BOOLEAN()),
    ("tuple", lambda v: (v[0], v[1] % 2), PAIR),
    ("bytes", lambda v: v[0].encode(), None),
    ("none", lambda v: None if v[1] % 2 else v[0], None),
    ("row", lambda v: Row(v[0], v[1] % 2), Types.ROW([Types.STRING(), Types.LONG()])),
    ("double", lambda v: v[1] % 4 / 2, Types.DOUBLE()),
):
    stamped.key_by(selector, key_type).process(Sums(name), Types.STRING()).print()
env.execute("scenarios_streams")
