"""State in map, flat_map, filter and reduce functions on a keyed stream."""
# output: sorted

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import (
    FilterFunction,
    FlatMapFunction,
    MapFunction,
    RuntimeContext,
)
from pyflink.datastream.state import ListStateDescriptor, ValueStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Numbered(MapFunction):
    def open(self, runtime_context: RuntimeContext):
        self.count = runtime_context.get_state(ValueStateDescriptor("count", Types.INT()))

    def map(self, value):
        count = (self.count.value() or 0) + 1
        self.count.update(count)
        return "map %s number %d" % (value, count)


class History(FlatMapFunction):
    def open(self, runtime_context: RuntimeContext):
        self.seen = runtime_context.get_list_state(ListStateDescriptor("seen", Types.INT()))

    def flat_map(self, value):
        for old in self.seen.get():
            yield "flat_map %s after %d" % (value, old)
        self.seen.add(value[1])


class FirstTwo(FilterFunction):
    def open(self, runtime_context: RuntimeContext):
        self.count = runtime_context.get_state(ValueStateDescriptor("count", Types.INT()))

    def filter(self, value):
        count = (self.count.value() or 0) + 1
        self.count.update(count)
        return count <= 2


stream = env.from_collection(
    [("abc"[i % 3], i) for i in range(12)], Types.TUPLE([Types.STRING(), Types.INT()])
)
keyed = stream.key_by(lambda v: v[0])
keyed.map(Numbered(), Types.STRING()).print()
keyed.flat_map(History(), Types.STRING()).print()
keyed.filter(FirstTwo()).map(lambda v: "filter %s" % (v,), Types.STRING()).print()
env.execute("state_rich_functions")
