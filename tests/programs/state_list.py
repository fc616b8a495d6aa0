"""ListState: add, add_all, update, clear and reading, for each key."""
# output: sorted

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import ListStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Keep(KeyedProcessFunction):
    def open(self, runtime_context: RuntimeContext):
        self.numbers = runtime_context.get_list_state(ListStateDescriptor("n", Types.INT()))
        self.pairs = runtime_context.get_list_state(
            ListStateDescriptor("p", Types.TUPLE([Types.STRING(), Types.DOUBLE()]))
        )
        self.any = runtime_context.get_list_state(
            ListStateDescriptor("a", Types.PICKLED_BYTE_ARRAY())
        )

    def process_element(self, value, ctx):
        key, i = value
        if i % 10 == 9:
            self.numbers.clear()
        elif i % 5 == 4:
            self.numbers.update([x * 10 for x in self.numbers.get()])
        else:
            self.numbers.add(i)
        self.pairs.add_all([(key, i / 2), (key + key, i / 4)])
        self.any.add([i, {key: i}])
        yield "%s %s %s %s" % (
            value,
            list(self.numbers.get()),
            [x for x in self.pairs.get()],
            list(self.any),
        )


env.from_collection(
    [("abc"[i % 3], i) for i in range(30)], Types.TUPLE([Types.STRING(), Types.INT()])
).key_by(lambda v: v[0]).process(Keep(), Types.STRING()).print()
env.execute("state_list")
