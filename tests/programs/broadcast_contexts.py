"""What the contexts of broadcast process functions tell."""

# output: sorted unprefixed
import time

from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import (
    BroadcastProcessFunction,
    KeyedBroadcastProcessFunction,
    StreamExecutionEnvironment,
)
from pyflink.datastream.state import MapStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
rules = MapStateDescriptor("rules", Types.INT(), Types.INT())


class Itself(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value


strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Itself())
timed = env.from_collection([5, 6, 7], Types.INT()).assign_timestamps_and_watermarks(strategy)
timed_rules = env.from_collection(
    [1000, 2000], Types.INT()
).assign_timestamps_and_watermarks(strategy)
untimed_rules = env.from_collection([1, 2], Types.INT())


def now(ctx):
    return abs(ctx.current_processing_time() - time.time() * 1000) < 60_000


class Plain(BroadcastProcessFunction):
    def process_element(self, value, ctx):
        yield "element", value, ctx.timestamp(), now(ctx), ctx.current_watermark() < 2000

    def process_broadcast_element(self, value, ctx):
        yield "broadcast", value, ctx.timestamp(), now(ctx), ctx.current_watermark() < 2000


class Keyed(KeyedBroadcastProcessFunction):
    def process_element(self, value, ctx):
        ctx.timer_service().register_event_time_timer(5000)
        yield "element", value, ctx.timestamp(), now(ctx), ctx.get_current_key()
        yield ctx.timer_service().current_watermark() == ctx.current_watermark()

    def process_broadcast_element(self, value, ctx):
        yield "broadcast", value, ctx.timestamp(), now(ctx)

    def on_timer(self, timestamp, ctx):
        yield "timer", timestamp, ctx.timestamp(), ctx.current_watermark(), ctx.get_current_key()
        yield ctx.time_domain().name, now(ctx)


for name, broadcast in (("timed", timed_rules), ("untimed", untimed_rules)):
    timed.connect(broadcast.broadcast(rules)).process(Plain()).print(name)
    timed.key_by(lambda v: "key %d" % v).connect(broadcast.broadcast(rules)).process(
        Keyed()
    ).print("keyed " + name)
env.execute()
