"""Many keys with timers at the same times; each key sees its own in order."""
# output: sorted

from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction
from pyflink.datastream.state import ListStateDescriptor


class Time(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value


class Plan(KeyedProcessFunction):
    def open(self, runtime_context):
        self.fired = runtime_context.get_list_state(ListStateDescriptor("fired", Types.LONG()))

    def process_element(self, value, ctx):
        for time in (300, 100, 200, 100):
            ctx.timer_service().register_event_time_timer(time + value % 2)

    def on_timer(self, timestamp, ctx):
        self.fired.add(timestamp)
        yield "%d %s" % (ctx.get_current_key(), list(self.fired.get()))


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
stream = env.from_collection(list(range(40)), Types.LONG())
strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Time())
stream.assign_timestamps_and_watermarks(strategy).key_by(lambda v: v % 20, Types.LONG()).process(
    Plan(), Types.STRING()
).print()
env.execute()
