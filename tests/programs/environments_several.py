"""Several environments in one process, and one environment after failures."""

from pyflink.common import Configuration, RestartStrategies, Types
from pyflink.datastream import StreamExecutionEnvironment

config = Configuration()
config.set_string("parallelism.default", "3")
config.set_string("pipeline.name", "from the configuration")
first = StreamExecutionEnvironment.get_execution_environment(config)
second = StreamExecutionEnvironment.get_execution_environment()
second.set_parallelism(1)
print(first.get_parallelism(), second.get_parallelism())
first.set_parallelism(1)
first.from_collection([1, 2], Types.INT()).map(lambda x: x * 10, Types.INT()).print("first")
second.from_collection(["a"], Types.STRING()).print("second")
print(first.execute().get_all_accumulator_results())
second.execute("mine")


def fail(x):
    raise ValueError("no %d" % x)


second.set_restart_strategy(RestartStrategies.no_restart())
second.from_collection([1], Types.INT()).map(fail).print()
try:
    second.execute()
except Exception as error:
    print("failed", "ValueError: no 1" in str(error))
second.from_collection([3, 4], Types.INT()).map(lambda x: x + 1, Types.INT()).print("after")
second.execute()
third = StreamExecutionEnvironment.get_execution_environment()
third.set_parallelism(1)
third.from_collection([5], Types.INT()).print("third")
third.execute()
second.close()
