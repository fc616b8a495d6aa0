"""State of a window and state of all windows of a key, and the end of windows."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import ProcessWindowFunction
from pyflink.datastream.state import ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor
from pyflink.datastream.window import CountTrigger, TumblingEventTimeWindows

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


class Counting(ProcessWindowFunction):
    def process(self, key, context, elements):
        fired = context.window_state().get_state(ValueStateDescriptor("fired", Types.INT()))
        sizes = context.window_state().get_list_state(ListStateDescriptor("sizes", Types.INT()))
        total = context.global_state().get_state(ValueStateDescriptor("total", Types.INT()))
        windows = context.global_state().get_map_state(
            MapStateDescriptor("windows", Types.LONG(), Types.INT())
        )
        fired.update((fired.value() or 0) + 1)
        total.update((total.value() or 0) + 1)
        sizes.add(len(list(elements)))
        windows.put(context.window().start, fired.value())
        yield "%s %s fired %d sizes %s total %d windows %s" % (
            key,
            context.window(),
            fired.value(),
            list(sizes),
            total.value(),
            sorted(windows.items()),
        )

    def clear(self, context):
        fired = context.window_state().get_state(ValueStateDescriptor("fired", Types.INT()))
        print("end of", context.window(), "after", fired.value(), flush=True)
        fired.clear()


stream = env.from_collection(
    [("ab"[i % 2], 2 * i) for i in range(16)], Types.TUPLE([Types.STRING(), Types.INT()])
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
stream.key_by(lambda v: v[0]).window(TumblingEventTimeWindows.of(Time.milliseconds(10))).trigger(
    CountTrigger.of(2)
).process(Counting(), Types.STRING()).print()
env.execute("window_state")
