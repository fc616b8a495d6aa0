"""A count for each key that is emitted and forgotten when its session ends, with parallelism 2."""
# output: sorted unprefixed

from pyflink.common import Duration, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import ListStateDescriptor, ValueStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(2)
GAP = 50


class Sessions(KeyedProcessFunction):
    def open(self, runtime_context: RuntimeContext):
        self.end = runtime_context.get_state(ValueStateDescriptor("end", Types.LONG()))
        self.seen = runtime_context.get_list_state(ListStateDescriptor("seen", Types.LONG()))

    def process_element(self, value, ctx):
        timers, old = ctx.timer_service(), self.end.value()
        new = ctx.timestamp() + GAP
        if old is None or new > old:
            if old is not None:
                timers.delete_event_time_timer(old)
            timers.register_event_time_timer(new)
            self.end.update(new)
        self.seen.add(ctx.timestamp())

    def on_timer(self, timestamp, ctx):
        yield "%s until %d: %s" % (ctx.get_current_key(), timestamp, sorted(self.seen.get()))
        self.seen.clear()
        self.end.clear()


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


times = [t for start in (0, 300, 700) for t in range(start, start + 120, 15)]
env.from_collection(
    [(name, t + shift) for t in times for shift, name in enumerate("abcdef")],
    Types.TUPLE([Types.STRING(), Types.INT()]),
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_bounded_out_of_orderness(
        Duration.of_millis(1000)
    ).with_timestamp_assigner(Second())
).key_by(lambda v: v[0], Types.STRING()).process(Sessions(), Types.STRING()).print()
env.execute("timers_with_state")
