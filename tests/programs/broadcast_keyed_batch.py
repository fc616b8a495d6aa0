"""KeyedBroadcastProcessFunction in batch mode: state by key, timers, and the broadcast state."""

# output: sorted unprefixed
from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import (
    KeyedBroadcastProcessFunction,
    RuntimeExecutionMode,
    StreamExecutionEnvironment,
)
from pyflink.datastream.state import MapStateDescriptor, ValueStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_runtime_mode(RuntimeExecutionMode.BATCH)
env.set_parallelism(2)
names = MapStateDescriptor("names", Types.INT(), Types.STRING())


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


events = env.from_collection(
    [(n % 3, n * 10) for n in range(12)], Types.TUPLE([Types.INT(), Types.INT()])
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
people = env.from_collection(
    [(0, "zoe"), (1, "uma"), (3, "tim")], Types.TUPLE([Types.INT(), Types.STRING()])
)


class Sum(KeyedBroadcastProcessFunction):
    def open(self, runtime_context):
        self.sum = runtime_context.get_state(ValueStateDescriptor("sum", Types.INT()))

    def process_element(self, value, ctx: KeyedBroadcastProcessFunction.ReadOnlyContext):
        self.sum.update((self.sum.value() or 0) + value[1])
        ctx.timer_service().register_event_time_timer(50)
        name = ctx.get_broadcast_state(names)[ctx.get_current_key()]
        yield "%s %d at %d" % (name, self.sum.value(), ctx.timestamp())

    def process_broadcast_element(self, value, ctx: KeyedBroadcastProcessFunction.Context):
        ctx.get_broadcast_state(names).put(value[0], value[1])

    def on_timer(self, timestamp, ctx: KeyedBroadcastProcessFunction.OnTimerContext):
        yield "timer %d: %s has %d, of %d" % (
            timestamp,
            ctx.get_broadcast_state(names).get(ctx.get_current_key()),
            self.sum.value(),
            len(list(ctx.get_broadcast_state(names).keys())),
        )


events.key_by(lambda e: e[0], Types.INT()).connect(people.broadcast(names)).process(
    Sum(), Types.STRING()
).print()
env.execute()
