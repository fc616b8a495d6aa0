"""Event-time timers: several for a key, twice the same, deleted ones, and times in on_timer."""
# output: sorted

from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment, TimeDomain
from pyflink.datastream.functions import KeyedProcessFunction, ProcessFunction

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Plan(KeyedProcessFunction):
    def process_element(self, value, ctx):
        timers, time = ctx.timer_service(), value[1]
        timers.register_event_time_timer(time + 10)
        timers.register_event_time_timer(time + 10)
        timers.register_event_time_timer(time + 5)
        timers.register_event_time_timer(time + 7)
        timers.delete_event_time_timer(time + 7)
        timers.delete_event_time_timer(time + 8)
        yield "element %s at %d, key %s" % (value, ctx.timestamp(), ctx.get_current_key())

    def on_timer(self, timestamp, ctx):
        yield "timer %d at %d, %s, key %s, after watermark %s" % (
            timestamp,
            ctx.timestamp(),
            ctx.time_domain() == TimeDomain.EVENT_TIME,
            ctx.get_current_key(),
            ctx.timer_service().current_watermark() >= timestamp,
        )


class Stamp(ProcessFunction):
    def process_element(self, value, ctx):
        yield "%s -> %d" % (value, ctx.timestamp())


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


env.from_collection(
    [("abc"[i % 3], 100 * i) for i in range(15)], Types.TUPLE([Types.STRING(), Types.INT()])
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
).key_by(lambda v: v[0]).process(Plan(), Types.STRING()).process(Stamp(), Types.STRING()).print()
env.execute("timers_event_time")
