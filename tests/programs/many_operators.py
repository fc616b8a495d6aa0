"""A chain of a hundred operators and a fan-out of twenty sinks."""
# output: sorted
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
stream = env.from_collection([0, 1000], Types.INT())
for _ in range(100):
    stream = stream.map(lambda x: x + 1, Types.INT())
stream.print("chain")
base = env.from_collection([1], Types.INT()).map(lambda x: x, Types.INT())
for i in range(20):
    base.map(lambda x, i=i: x * i, Types.INT()).print(f"fan {i:02}")
env.execute()
