"""Map state: every method, with keys that are tuples."""
# output: sorted

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction
from pyflink.datastream.state import MapStateDescriptor


class Keep(KeyedProcessFunction):
    def open(self, runtime_context):
        pair = Types.TUPLE([Types.STRING(), Types.LONG()])
        self.map = runtime_context.get_map_state(MapStateDescriptor("map", pair, Types.STRING()))

    def process_element(self, value, ctx):
        key = ("k", value % 4)
        known = self.map.contains(key)
        self.map.put(key, "v%d" % value)
        if value % 3 == 0:
            self.map.put_all([(("all", i), str(value)) for i in range(2)])
        if value % 5 == 0:
            self.map.remove(key)
        yield "%d %s %s %s %s %s %s" % (
            value,
            known,
            self.map.get(key),
            self.map.is_empty(),
            sorted(self.map.keys()),
            sorted(self.map.values()),
            len(list(self.map.items())),
        )


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
stream = env.from_collection(list(range(20)), Types.LONG())
stream.key_by(lambda v: v % 2, Types.LONG()).process(Keep(), Types.STRING()).print()
env.execute()
