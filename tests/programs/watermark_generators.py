"""Watermarks by generators in Python: records that are late, and timers that fire."""

# runs: here

from pyflink.common import Duration, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner, Watermark, WatermarkGenerator
from pyflink.datastream import (
    KeyedProcessFunction,
    OutputTag,
    ProcessFunction,
    StreamExecutionEnvironment,
)

LOWEST = -(2**63)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1] * 1000


class AtMarks(WatermarkGenerator):
    """A record called "mark" says that all before it has come."""

    def __init__(self):
        self.largest = LOWEST

    def on_event(self, event, event_timestamp, output):
        self.largest = max(self.largest, event_timestamp)
        if event[0] == "mark":
            output.emit_watermark(Watermark(self.largest))

    def on_periodic_emit(self, output):
        pass


late = OutputTag("late", Types.STRING())


class Sort(ProcessFunction):
    """Tells records that are late from those that are not."""

    def process_element(self, value, ctx):
        watermark = ctx.timer_service().current_watermark()
        if ctx.timestamp() <= watermark:
            yield late, "%s is late at %d" % (value[0], watermark)
        else:
            yield "%s %d %s" % (value[0], ctx.timestamp(), max(watermark, -1))


class Count(KeyedProcessFunction):
    """A timer at each record; what is said is when it fires."""

    def process_element(self, value, ctx):
        ctx.timer_service().register_event_time_timer(ctx.timestamp())

    def on_timer(self, timestamp, ctx):
        watermark = ctx.timer_service().current_watermark()
        yield "%d at %s" % (timestamp, watermark if watermark < 2**63 - 1 else "the end")


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.get_config().set_auto_watermark_interval(1_000_000)
events = env.from_collection(
    [("a", 1), ("b", 5), ("mark", 4), ("c", 3), ("d", 6), ("mark", 7), ("e", 7), ("f", 8)],
    Types.TUPLE([Types.STRING(), Types.LONG()]),
)
strategy = WatermarkStrategy.for_generator(AtMarks).with_timestamp_assigner(Second())

sorted_out = events.assign_timestamps_and_watermarks(strategy).process(Sort(), Types.STRING())
sorted_out.print()
with sorted_out.get_side_output(late).execute_and_collect() as results:
    print(list(results))

events.assign_timestamps_and_watermarks(strategy.with_idleness(Duration.of_minutes(5))).key_by(
    lambda event: 0, Types.INT()
).process(Count(), Types.STRING()).print()
env.execute()
