"""MapState: put, get, contains, remove, iteration, is_empty and clear, for each key."""
# output: sorted

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import MapStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Keep(KeyedProcessFunction):
    def open(self, runtime_context: RuntimeContext):
        self.words = runtime_context.get_map_state(
            MapStateDescriptor("words", Types.STRING(), Types.INT())
        )
        self.any = runtime_context.get_map_state(
            MapStateDescriptor("any", Types.PICKLED_BYTE_ARRAY(), Types.PICKLED_BYTE_ARRAY())
        )

    def process_element(self, value, ctx):
        key, i = value
        name = "w%d" % (i % 7)
        known = self.words.contains(name)
        self.words.put(name, (self.words.get(name) or 0) + i)
        self.any[(key, i % 2)] = [i]
        if i % 6 == 5:
            # The peer raises KeyError for a key that is not there.
            if self.words.contains("w%d" % (i % 4)):
                self.words.remove("w%d" % (i % 4))
            if (key, 0) in self.any:
                del self.any[(key, 0)]
        yield "%s %s %s %s %s %s" % (
            value,
            known,
            sorted(self.words.items()),
            sorted(self.words.keys()) == sorted(self.words),
            sum(self.words.values()),
            sorted((k, v) for k, v in self.any.items()),
        )
        if i % 11 == 10:
            self.words.clear()
        yield "%s %s %s %s" % (
            value,
            self.words.is_empty(),
            name in self.words,
            self.words["missing"],
        )


env.from_collection(
    [("abc"[i % 3], i) for i in range(36)], Types.TUPLE([Types.STRING(), Types.INT()])
).key_by(lambda v: v[0]).process(Keep(), Types.STRING()).print()
env.execute("state_map")
