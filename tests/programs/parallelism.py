"""Parallelism of the environment and of single operators; every record comes once."""
# output: sorted unprefixed
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(2)
numbers = env.from_collection(list(range(20)), Types.INT())
numbers.map(lambda x: x * 2, Types.INT()).print()
env.execute()
numbers.map(lambda x: x + 100, Types.INT()).set_parallelism(3).filter(
    lambda x: x % 2 == 0).set_parallelism(1).print().set_parallelism(1)
env.execute()
numbers.key_by(lambda x: x % 3, Types.INT()).map(lambda x: x + 1000, Types.INT()).set_parallelism(
    4).print()
env.execute()
numbers.map(lambda x: x).set_max_parallelism(4).map(lambda x: x - 100).print()
env.execute()
