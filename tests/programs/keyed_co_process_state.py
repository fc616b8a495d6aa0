"""State and timers of a KeyedCoProcessFunction: both streams share them by key."""
# output: sorted

from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedCoProcessFunction, RuntimeContext
from pyflink.datastream.state import ListStateDescriptor, ValueStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Join(KeyedCoProcessFunction):
    def open(self, runtime_context: RuntimeContext):
        self.sum = runtime_context.get_state(ValueStateDescriptor("sum", Types.INT()))
        self.seen = runtime_context.get_list_state(ListStateDescriptor("seen", Types.STRING()))

    def process_element1(self, value, ctx):
        self.sum.update((self.sum.value() or 0) + value[1])
        ctx.timer_service().register_event_time_timer(100)

    def process_element2(self, value, ctx):
        self.seen.add("s%d" % value[1])
        ctx.timer_service().register_event_time_timer(50)
        ctx.timer_service().register_event_time_timer(60)
        ctx.timer_service().delete_event_time_timer(60)

    def on_timer(self, timestamp, ctx):
        yield "%d %s %s %s" % (
            timestamp,
            ctx.get_current_key(),
            self.sum.value(),
            sorted(self.seen.get()),
        )


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


PAIR = Types.TUPLE([Types.STRING(), Types.INT()])
strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())


def stream(count):
    pairs = [("abc"[i % 3], i) for i in range(count)]
    return env.from_collection(pairs, PAIR).assign_timestamps_and_watermarks(strategy)


stream(20).connect(stream(10)).key_by(lambda v: v[0], lambda v: v[0]).process(
    Join(), Types.STRING()
).print()
env.execute("keyed_co_process_state")
