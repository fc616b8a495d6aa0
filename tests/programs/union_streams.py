"""union of two, of three, and of a stream with itself."""
# output: sorted
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
one = env.from_collection([1, 2], Types.INT())
two = env.from_collection([3, 4], Types.INT())
three = env.from_collection([5], Types.INT()).map(lambda x: x * 10, Types.INT())
one.union(two).print("two")
one.union(two, three).map(lambda x: x + 1, Types.INT()).print("three")
one.union(one).print("self")
# Of one key only equal values come from different inputs: Flink promises no order between them.
other_two = two.filter(lambda x: x > 3).map(lambda x: x - 2, Types.INT())
one.map(lambda x: x, Types.INT()).union(other_two).key_by(lambda x: x % 2).reduce(
    lambda a, b: a + b).print("keyed")
env.execute()
