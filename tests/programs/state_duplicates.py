"""Dropping what a key had before, with value state in a rich filter and in a flat map."""
# output: sorted

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import FilterFunction, FlatMapFunction
from pyflink.datastream.state import MapStateDescriptor, ValueStateDescriptor


class First(FilterFunction):
    def open(self, runtime_context):
        self.seen = runtime_context.get_state(ValueStateDescriptor("seen", Types.BOOLEAN()))

    def filter(self, value):
        if self.seen.value():
            return False
        self.seen.update(True)
        return True


class Changes(FlatMapFunction):
    def open(self, runtime_context):
        self.last = runtime_context.get_map_state(
            MapStateDescriptor("last", Types.STRING(), Types.LONG())
        )

    def flat_map(self, value):
        name = "last"
        before = self.last.get(name)
        self.last.put(name, value[1])
        if before is not None:
            yield "%s: %d to %d" % (value[0], before, value[1])


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
pair = Types.TUPLE([Types.STRING(), Types.LONG()])
pairs = env.from_collection([("abc"[i % 3], i * i % 7) for i in range(12)], pair)
keyed = pairs.key_by(lambda v: v[0], Types.STRING())
keyed.filter(First()).print("first")
keyed.flat_map(Changes(), Types.STRING()).print("change")
env.execute()
