"""Timers that register and delete timers: those that are due fire in the order of their times."""

from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import ValueStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Plan(KeyedProcessFunction):
    def open(self, runtime_context: RuntimeContext):
        self.fired = runtime_context.get_state(ValueStateDescriptor("fired", Types.INT()))

    def process_element(self, value, ctx):
        ctx.timer_service().register_event_time_timer(value[1])

    def on_timer(self, timestamp, ctx):
        count = (self.fired.value() or 0) + 1
        self.fired.update(count)
        timers = ctx.timer_service()
        if timestamp < 4000:
            timers.register_event_time_timer(timestamp + 350)
        if timestamp % 1000 == 0:
            timers.delete_event_time_timer(timestamp + 1000)
            timers.register_event_time_timer(timestamp + 17)
        yield "%d %s %d" % (timestamp, ctx.get_current_key(), count)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return 1


env.from_collection(
    [("only", 100 * i) for i in range(60)], Types.TUPLE([Types.STRING(), Types.INT()])
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
).key_by(lambda v: v[0]).process(Plan(), Types.STRING()).print()
env.execute("timers_chained")
