"""State of windows and keys in batch mode."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import RuntimeExecutionMode, StreamExecutionEnvironment
from pyflink.datastream.functions import ProcessWindowFunction
from pyflink.datastream.state import ValueStateDescriptor
from pyflink.datastream.window import TumblingEventTimeWindows

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.set_runtime_mode(RuntimeExecutionMode.BATCH)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Numbered(ProcessWindowFunction):
    def process(self, key, context, elements):
        number = context.global_state().get_state(ValueStateDescriptor("number", Types.INT()))
        here = context.window_state().get_state(ValueStateDescriptor("here", Types.INT()))
        number.update((number.value() or 0) + 1)
        here.update((here.value() or 0) + 1)
        yield "%s %s %d %d %s" % (
            key,
            context.window(),
            number.value(),
            here.value(),
            sorted(v[1] for v in elements),
        )


stream = env.from_collection(
    [("key%d" % (i % 5), i) for i in range(60)], Types.TUPLE([Types.STRING(), Types.INT()])
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
stream.key_by(lambda v: v[0]).window(TumblingEventTimeWindows.of(Time.milliseconds(10))).process(
    Numbered(), Types.STRING()
).print()
env.execute("window_batch_state")
