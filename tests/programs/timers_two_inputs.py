"""Timers of a function on two keyed streams: one waits for the other until a timer gives up."""
# output: sorted

from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import OutputTag, StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedCoProcessFunction
from pyflink.datastream.state import ValueStateDescriptor

ALONE = OutputTag("alone", Types.STRING())


class Time(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Meet(KeyedCoProcessFunction):
    def open(self, runtime_context):
        self.left = runtime_context.get_state(ValueStateDescriptor("left", Types.LONG()))
        self.right = runtime_context.get_state(ValueStateDescriptor("right", Types.LONG()))

    def meet(self, ctx):
        if self.left.value() is not None and self.right.value() is not None:
            yield "%s %d %d" % (ctx.get_current_key(), self.left.value(), self.right.value())
        ctx.timer_service().register_event_time_timer(10**6)

    def process_element1(self, value, ctx):
        self.left.update(value[1])
        yield from self.meet(ctx)

    def process_element2(self, value, ctx):
        self.right.update(value[1])
        yield from self.meet(ctx)

    def on_timer(self, timestamp, ctx):
        if self.left.value() is None or self.right.value() is None:
            yield ALONE, "%s has %s %s" % (
                ctx.get_current_key(),
                self.left.value(),
                self.right.value(),
            )


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
pair = Types.TUPLE([Types.STRING(), Types.LONG()])
strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Time())
left = env.from_collection([("a", 1), ("b", 2), ("c", 3)], pair)
right = env.from_collection([("b", 20), ("c", 30), ("d", 40)], pair)
met = (
    left.assign_timestamps_and_watermarks(strategy)
    .connect(right.assign_timestamps_and_watermarks(strategy))
    .key_by(lambda v: v[0], lambda v: v[0], Types.STRING())
    .process(Meet(), Types.STRING())
)
met.print("met")
met.get_side_output(ALONE).print("alone")
env.execute()
