"""Windows of processing time, which triggers fire by their number of records: no clock decides."""
# output: sorted

from pyflink.common import Time, Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import ProcessWindowFunction
from pyflink.datastream.state import ReducingStateDescriptor
from pyflink.datastream.window import (
    CountTrigger,
    ProcessingTimeSessionWindows,
    PurgingTrigger,
    SlidingProcessingTimeWindows,
    Trigger,
    TriggerResult,
    TumblingProcessingTimeWindows,
)

DECADE = Time.days(3650)
PAIRS = [("abc"[i % 3], i) for i in range(24)]


class Show(ProcessWindowFunction):
    def __init__(self, name):
        self.name = name

    def process(self, key, context, elements):
        now = context.current_processing_time()
        window = context.window()
        yield "%s %s %s now in it %s watermark %d" % (
            self.name,
            key,
            [value[1] for value in elements],
            window.start <= now < window.end,
            context.current_watermark(),
        )


class SumOfTwenty(Trigger):
    """Fires when the numbers since the last time add up to 20; windows may merge."""

    def __init__(self):
        self.sum = ReducingStateDescriptor("sum", lambda a, b: a + b, Types.INT())

    def on_element(self, element, timestamp, window, ctx):
        state = ctx.get_partitioned_state(self.sum)
        state.add(element[1])
        if state.get() < 20:
            return TriggerResult.CONTINUE
        state.clear()
        return TriggerResult.FIRE_AND_PURGE

    def on_processing_time(self, time, window, ctx):
        return TriggerResult.CONTINUE

    def on_event_time(self, time, window, ctx):
        return TriggerResult.CONTINUE

    def can_merge(self):
        return True

    def on_merge(self, window, ctx):
        ctx.merge_partitioned_state(self.sum)

    def clear(self, window, ctx):
        ctx.get_partitioned_state(self.sum).clear()


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
pairs = env.from_collection(PAIRS, Types.TUPLE([Types.STRING(), Types.INT()]))
keyed = pairs.key_by(lambda v: v[0], Types.STRING())
tumbling = TumblingProcessingTimeWindows.of(DECADE)
keyed.window(tumbling).trigger(CountTrigger.of(3)).process(Show("tumbling"), Types.STRING()).print()
keyed.window(tumbling).trigger(PurgingTrigger.of(CountTrigger.of(3))).process(
    Show("purging"), Types.STRING()
).print()
keyed.window(SlidingProcessingTimeWindows.of(Time.days(7300), DECADE)).trigger(
    CountTrigger.of(4)
).process(Show("sliding"), Types.STRING()).print()
keyed.window(ProcessingTimeSessionWindows.with_gap(Time.days(1))).trigger(SumOfTwenty()).process(
    Show("session"), Types.STRING()
).print()
keyed.window(tumbling).trigger(CountTrigger.of(4)).reduce(lambda a, b: (a[0], a[1] + b[1])).map(
    lambda v: "reduced %s %d" % v, Types.STRING()
).print()
env.execute("window_processing_time")
