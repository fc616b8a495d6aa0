"""A MapState with more entries than any cache holds: changed, read back, iterated over."""

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import MapStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
COUNT = 5000


class Keep(KeyedProcessFunction):
    def open(self, runtime_context: RuntimeContext):
        self.squares = runtime_context.get_map_state(
            MapStateDescriptor("squares", Types.INT(), Types.LONG())
        )

    def process_element(self, value, ctx):
        if value < COUNT:
            self.squares.put(value, value * value)
            if value % 3 == 0 and value > 0:
                self.squares.remove(value // 3)
            return
        entries = list(self.squares.items())
        yield "entries %d" % len(entries)
        yield "keys %d" % sum(k for k, _ in entries)
        yield "values %d" % sum(self.squares.values())
        yield "there %s" % [k for k in range(0, COUNT, 371) if self.squares.contains(k)]
        yield "first %s" % sorted(entries)[:3]


env.from_collection(list(range(COUNT + 1)), Types.INT()).key_by(
    lambda v: "one", Types.STRING()
).process(Keep(), Types.STRING()).print()
env.execute("state_map_large")
