"""BIG_INT takes integers of any size both ways: the peer fails on them."""
# output: sorted
# runs: here
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
values = [0, -1, 2**63, -(2**63) - 1, 10**40, -(10**40), 256**200]
stream = env.from_collection(values, Types.BIG_INT())
stream.print("BIG_INT")
stream.map(lambda x: -x, Types.BIG_INT()).key_by(lambda x: x % 2, Types.BIG_INT()).map(
    lambda x: x, Types.BIG_INT()).print("mapped")
env.execute()
