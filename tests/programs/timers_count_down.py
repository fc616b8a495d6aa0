"""A timer that registers the next one, until a count in state is used up."""
# output: sorted

from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction
from pyflink.datastream.state import ValueStateDescriptor


class Time(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class CountDown(KeyedProcessFunction):
    def open(self, runtime_context):
        self.left = runtime_context.get_state(ValueStateDescriptor("left", Types.LONG()))

    def process_element(self, value, ctx):
        self.left.update(value[1] % 4 + 1)
        ctx.timer_service().register_event_time_timer(value[1] + 100)

    def on_timer(self, timestamp, ctx):
        left = self.left.value()
        yield "%s at %d: %d left" % (ctx.get_current_key(), timestamp, left)
        if left > 0:
            self.left.update(left - 1)
            ctx.timer_service().register_event_time_timer(timestamp + 10)


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
pair = Types.TUPLE([Types.STRING(), Types.LONG()])
stream = env.from_collection([("a", 1), ("b", 2), ("c", 7)], pair)
strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Time())
stream.assign_timestamps_and_watermarks(strategy).key_by(lambda v: v[0], Types.STRING()).process(
    CountDown(), Types.STRING()
).print()
env.execute()
