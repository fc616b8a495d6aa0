"""State with a time to live that does not end while the program runs, in every setting."""
# output: sorted

from pyflink.common import Time, Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import (
    ListStateDescriptor,
    MapStateDescriptor,
    StateTtlConfig,
    ValueStateDescriptor,
)

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


def configs():
    def new():
        return StateTtlConfig.new_builder(Time.hours(1))

    yield new().set_update_type(StateTtlConfig.UpdateType.OnCreateAndWrite).build()
    yield new().update_ttl_on_read_and_write().never_return_expired().build()
    yield new().return_expired_if_not_cleaned_up().cleanup_full_snapshot().build()
    yield new().cleanup_incrementally(10, True).use_processing_time().build()
    yield new().cleanup_in_rocksdb_compact_filter(500).build()
    yield new().disable_cleanup_in_background().build()
    yield new().set_update_type(StateTtlConfig.UpdateType.Disabled).build()


class Keep(KeyedProcessFunction):
    def open(self, runtime_context: RuntimeContext):
        self.states = []
        for number, config in enumerate(configs()):
            value = ValueStateDescriptor("value%d" % number, Types.LONG())
            elements = ListStateDescriptor("list%d" % number, Types.STRING())
            entries = MapStateDescriptor("map%d" % number, Types.STRING(), Types.LONG())
            for descriptor in (value, elements, entries):
                descriptor.enable_time_to_live(config)
            self.states.append(
                (
                    runtime_context.get_state(value),
                    runtime_context.get_list_state(elements),
                    runtime_context.get_map_state(entries),
                )
            )

    def process_element(self, value, ctx):
        for number, (count, elements, entries) in enumerate(self.states):
            count.update((count.value() or 0) + 1)
            elements.add(str(value))
            name = "e%d" % (value % 4)
            entries.put(name, (entries.get(name) or 0) + value)
            if value == 8:
                entries.remove(name)
                elements.update(["new"])
                count.clear()
            yield "%d %d %s %s %s %s" % (
                value,
                number,
                count.value(),
                list(elements.get()),
                sorted(entries.items()),
                entries.contains(name),
            )


env.from_collection(list(range(12)), Types.INT()).key_by(
    lambda v: v % 2, Types.INT()
).process(Keep(), Types.STRING()).print()
env.execute("state_ttl")
