"""State of thousands of keys of several types, at parallelism 2."""
# output: sorted unprefixed

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import ListStateDescriptor, ValueStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(2)
KEYS = 2500


class Keep(KeyedProcessFunction):
    def open(self, runtime_context: RuntimeContext):
        self.sum = runtime_context.get_state(ValueStateDescriptor("sum", Types.LONG()))
        self.seen = runtime_context.get_list_state(ListStateDescriptor("seen", Types.INT()))

    def process_element(self, value, ctx):
        self.sum.update((self.sum.value() or 0) + value)
        self.seen.add(value)
        if value >= 2 * KEYS and value % 250 == 0:
            yield "%r %d %s" % (ctx.get_current_key(), self.sum.value(), list(self.seen))


numbers = env.from_collection(list(range(3 * KEYS)), Types.INT())
for key, key_type in (
    (lambda v: v % KEYS, Types.INT()),
    (lambda v: "k%d" % (v % KEYS), Types.STRING()),
    (lambda v: (v % KEYS, "x"), Types.TUPLE([Types.INT(), Types.STRING()])),
    (lambda v: ("a", v % KEYS), None),
):
    numbers.key_by(key, key_type).process(Keep(), Types.STRING()).print()
env.execute("state_many_keys")
