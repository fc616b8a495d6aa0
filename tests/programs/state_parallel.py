"""State by key at parallelism 4: each key has one place, whatever subtask its records come from."""
# output: sorted unprefixed

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction
from pyflink.datastream.state import ListStateDescriptor, ValueStateDescriptor


class Keep(KeyedProcessFunction):
    def open(self, runtime_context):
        self.count = runtime_context.get_state(ValueStateDescriptor("count", Types.LONG()))
        self.sum = runtime_context.get_list_state(ListStateDescriptor("sum", Types.LONG()))

    def process_element(self, value, ctx):
        self.count.update((self.count.value() or 0) + 1)
        self.sum.add(value)
        if self.count.value() == 20:
            yield "%s: %d" % (ctx.get_current_key(), sum(self.sum))


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(4)
stream = env.from_collection(list(range(600)), Types.LONG()).rebalance()
stream.key_by(lambda v: "key %d" % (v % 30), Types.STRING()).process(Keep(), Types.STRING()).print()
env.execute()
