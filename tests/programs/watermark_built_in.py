"""Built-in strategies with what can be added to them; timers fire when the stream ends."""

from pyflink.common import Duration, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import KeyedProcessFunction, StreamExecutionEnvironment


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1] * 1000


class Timers(KeyedProcessFunction):
    def process_element(self, value, ctx):
        ctx.timer_service().register_event_time_timer(ctx.timestamp() + 10)
        yield "%s %d" % (value[0], ctx.timestamp())

    def on_timer(self, timestamp, ctx):
        yield "timer %d of %s" % (timestamp, ctx.get_current_key())


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
events = env.from_collection(
    [("a", 1), ("b", 5), ("a", 3)], Types.TUPLE([Types.STRING(), Types.LONG()])
)
minute = Duration.of_minutes(1)
for strategy in (
    WatermarkStrategy.no_watermarks(),
    WatermarkStrategy.for_monotonous_timestamps(),
    WatermarkStrategy.for_bounded_out_of_orderness(Duration.of_seconds(2)),
    WatermarkStrategy.for_monotonous_timestamps().with_idleness(minute),
    WatermarkStrategy.for_bounded_out_of_orderness(minute)
    .with_watermark_alignment("group", minute)
    .with_idleness(minute),
    WatermarkStrategy.for_monotonous_timestamps().with_watermark_alignment(
        "group", minute, Duration.of_seconds(1)
    ),
):
    events.assign_timestamps_and_watermarks(strategy.with_timestamp_assigner(Second())).key_by(
        lambda event: event[0], Types.STRING()
    ).process(Timers(), Types.STRING()).print()
    env.execute()
