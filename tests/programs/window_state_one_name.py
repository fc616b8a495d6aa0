"""State of a window and state of a key that have the same name, of one kind and of two."""
# output: sorted

from pyflink.common import Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import ProcessWindowFunction
from pyflink.datastream.state import ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor
from pyflink.datastream.window import CountTrigger, TumblingEventTimeWindows

VALUE = ValueStateDescriptor("value", Types.INT())
LIST = ListStateDescriptor("list", Types.INT())
MAP = MapStateDescriptor("map", Types.STRING(), Types.INT())


class Second(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value[1]


def added(store, amount):
    """What the states of a store hold after something was added to each."""
    value, elements = store.get_state(VALUE), store.get_list_state(LIST)
    entries = store.get_map_state(MAP)
    value.update((value.value() or 0) + amount)
    elements.add(amount)
    entries.put("of %d" % amount, value.value())
    return "%d %s %s" % (value.value(), list(elements.get()), sorted(entries.items()))


class OneName(ProcessWindowFunction):
    def process(self, key, context, elements):
        of_window = added(context.window_state(), 1)
        of_key = added(context.global_state(), 100)
        yield "%s %s window %s key %s" % (key, context.window(), of_window, of_key)

    def clear(self, context):
        store = context.window_state()
        store.get_state(VALUE).clear()
        store.get_list_state(LIST).clear()
        store.get_map_state(MAP).clear()


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
stream = env.from_collection(
    [("ab"[i % 2], 2 * i) for i in range(12)], Types.TUPLE([Types.STRING(), Types.INT()])
).assign_timestamps_and_watermarks(
    WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Second())
)
windows = stream.key_by(lambda v: v[0]).window(TumblingEventTimeWindows.of(Time.milliseconds(10)))
windows.process(OneName(), Types.STRING()).print()
windows.trigger(CountTrigger.of(2)).process(OneName(), Types.STRING()).print()
env.execute("window_state_one_name")
