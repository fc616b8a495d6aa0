"""Two functions on the same keyed stream, and a second key_by behind the first: states apart."""
# output: sorted

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import KeyedProcessFunction, MapFunction
from pyflink.datastream.state import ValueStateDescriptor


class Sum(KeyedProcessFunction):
    def open(self, runtime_context):
        self.sum = runtime_context.get_state(ValueStateDescriptor("state", Types.LONG()))

    def process_element(self, value, ctx):
        self.sum.update((self.sum.value() or 0) + value)
        yield self.sum.value()


class Count(MapFunction):
    def open(self, runtime_context):
        self.count = runtime_context.get_state(ValueStateDescriptor("state", Types.LONG()))

    def map(self, value):
        self.count.update((self.count.value() or 0) + 1)
        return "%d: %d" % (value, self.count.value())


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
keyed = env.from_collection([1, 2, 3, 4, 5, 6], Types.LONG()).key_by(lambda v: v % 2, Types.LONG())
sums = keyed.process(Sum(), Types.LONG())
sums.print("sum")
keyed.map(Count(), Types.STRING()).print("count")
sums.key_by(lambda v: v % 3, Types.LONG()).map(Count(), Types.STRING()).print("of sums")
env.execute()
