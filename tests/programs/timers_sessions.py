"""Sessions made by hand: a timer is deleted and registered anew with each record of its key."""
# output: sorted

from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction
from pyflink.datastream.state import ListStateDescriptor, ValueStateDescriptor

GAP = 10


class Time(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Sessions(KeyedProcessFunction):
    def open(self, runtime_context):
        self.end = runtime_context.get_state(ValueStateDescriptor("end", Types.LONG()))
        self.times = runtime_context.get_list_state(ListStateDescriptor("times", Types.LONG()))

    def process_element(self, value, ctx):
        timers = ctx.timer_service()
        if self.end.value() is not None:
            timers.delete_event_time_timer(self.end.value())
        self.end.update(ctx.timestamp() + GAP)
        timers.register_event_time_timer(self.end.value())
        self.times.add(ctx.timestamp())

    def on_timer(self, timestamp, ctx):
        yield "%s until %d: %s" % (ctx.get_current_key(), timestamp, sorted(self.times.get()))
        self.times.clear()
        self.end.clear()


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
times = [("a", 1), ("b", 2), ("a", 5), ("a", 14), ("b", 30), ("a", 40), ("b", 41), ("a", 55)]
stream = env.from_collection(times, Types.TUPLE([Types.STRING(), Types.LONG()]))
strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Time())
stream.assign_timestamps_and_watermarks(strategy).key_by(lambda v: v[0], Types.STRING()).process(
    Sessions(), Types.STRING()
).print()
env.execute()
