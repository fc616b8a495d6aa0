"""sum, min and max of a keyed stream of plain numbers: position 0 is the number itself."""
# output: sorted
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
keyed = env.from_collection([1, 2, 3, 4, 5], Types.INT()).key_by(lambda x: x % 2, Types.INT())
keyed.sum().print("sum")
keyed.min().print("min")
keyed.max().print("max")
keyed.min_by().print("min_by")
keyed.max_by().print("max_by")
env.execute()
