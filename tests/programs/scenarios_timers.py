"""Timers as programs use them: time-outs, sessions, alerts, timers that are set twice or deleted."""
# output: sorted

from pyflink.common import Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import OutputTag, StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction
from pyflink.datastream.state import (
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    ValueStateDescriptor,
)

LATE = OutputTag("late", Types.STRING())
EVENTS = [
    ("a", 1, "start"), ("b", 2, "start"), ("a", 4, "go"), ("c", 5, "start"), ("a", 9, "end"),
    ("b", 25, "go"), ("a", 26, "start"), ("c", 7, "end"), ("b", 28, "end"), ("d", 40, "start"),
    ("a", 44, "go"), ("c", 45, "start"), ("d", 3, "go"), ("d", 61, "end"), ("a", 62, "end"),
]  # fmt: skip


class Field(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Timeout(KeyedProcessFunction):
    """An alert when a start is not followed by an end within ten milliseconds."""

    def open(self, runtime_context):
        self.started = runtime_context.get_state(ValueStateDescriptor("started", Types.LONG()))

    def process_element(self, value, ctx):
        timers = ctx.timer_service()
        if value[2] == "start":
            self.started.update(value[1])
            timers.register_event_time_timer(value[1] + 10)
        elif value[2] == "end" and self.started.value() is not None:
            timers.delete_event_time_timer(self.started.value() + 10)
            yield "timeout %s took %d" % (value[0], value[1] - self.started.value())
            self.started.clear()

    def on_timer(self, timestamp, ctx):
        yield "timeout %s alert at %d for %s" % (
            ctx.get_current_key(),
            timestamp,
            self.started.value(),
        )
        self.started.clear()


class Sessions(KeyedProcessFunction):
    """Sessions by hand; a timer for each record, the last one counts. Late records aside."""

    def open(self, runtime_context):
        self.events = runtime_context.get_list_state(ListStateDescriptor("events", Types.STRING()))
        self.last = runtime_context.get_reducing_state(
            ReducingStateDescriptor("last", max, Types.LONG())
        )

    def process_element(self, value, ctx):
        if ctx.timestamp() <= ctx.timer_service().current_watermark():
            yield LATE, "late %s %d" % value[:2]
            return
        self.events.add("%s@%d" % (value[2], value[1]))
        self.last.add(ctx.timestamp())
        ctx.timer_service().register_event_time_timer(ctx.timestamp() + 12)

    def on_timer(self, timestamp, ctx):
        if self.last.get() is not None and timestamp == self.last.get() + 12:
            yield "session %s %s" % (ctx.get_current_key(), sorted(self.events.get()))
            self.events.clear()
            self.last.clear()


class Twice(KeyedProcessFunction):
    """The same timer registered again and again fires once; deleting one that is not there is
    nothing."""

    def open(self, runtime_context):
        self.fired = runtime_context.get_map_state(
            MapStateDescriptor("fired", Types.LONG(), Types.INT())
        )

    def process_element(self, value, ctx):
        timers = ctx.timer_service()
        for _ in range(3):
            timers.register_event_time_timer(100)
            timers.register_event_time_timer(200 + value[1])
        timers.delete_event_time_timer(999)
        timers.delete_event_time_timer(202)
        timers.delete_event_time_timer(300)

    def on_timer(self, timestamp, ctx):
        self.fired.put(timestamp, (self.fired.get(timestamp) or 0) + 1)
        if timestamp == 100:
            yield "twice %s at 100" % ctx.get_current_key()
        else:
            yield "twice %s %s" % (ctx.get_current_key(), sorted(self.fired.items()))


class Updates(KeyedProcessFunction):
    """Everything happens in on_timer: state is read, changed and cleared there."""

    def open(self, runtime_context):
        self.total = runtime_context.get_state(ValueStateDescriptor("total", Types.LONG()))
        self.waiting = runtime_context.get_map_state(
            MapStateDescriptor("waiting", Types.LONG(), Types.STRING())
        )

    def process_element(self, value, ctx):
        self.waiting.put(value[1], value[2])
        ctx.timer_service().register_event_time_timer(value[1] // 20 * 20 + 19)

    def on_timer(self, timestamp, ctx):
        due = sorted(time for time in self.waiting.keys() if time <= timestamp)
        self.total.update((self.total.value() or 0) + len(due))
        words = [self.waiting.get(time) for time in due]
        for time in due:
            self.waiting.remove(time)
        yield "updates %s at %d %s total %d left %s domain %s stamp %s" % (
            ctx.get_current_key(),
            timestamp,
            words,
            self.total.value(),
            sorted(self.waiting.keys()),
            ctx.time_domain(),
            ctx.timestamp(),
        )


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
# One watermark comes after all records, so that nothing depends on when others would.
stream = env.from_collection(
    EVENTS, Types.TUPLE([Types.STRING(), Types.LONG(), Types.STRING()])
).assign_timestamps_and_watermarks(
    WatermarkStrategy.no_watermarks().with_timestamp_assigner(Field())
)
keyed = stream.key_by(lambda v: v[0], Types.STRING())
keyed.process(Timeout(), Types.STRING()).print()
sessions = keyed.process(Sessions(), Types.STRING())
sessions.print()
sessions.get_side_output(LATE).print()
keyed.process(Twice(), Types.STRING()).print()
keyed.process(Updates(), Types.STRING()).print()
env.execute("scenarios_timers")
