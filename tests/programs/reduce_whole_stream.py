"""Reducing a stream without keys: running results, and in batch mode only the last one."""
# runs: here
# output: sorted
from pyflink.common import Row, Types
from pyflink.datastream import RuntimeExecutionMode, StreamExecutionEnvironment
from pyflink.datastream.functions import ReduceFunction, RuntimeContext


class Longest(ReduceFunction):
    def open(self, runtime_context: RuntimeContext):
        self.subtasks = runtime_context.get_number_of_parallel_subtasks()

    def reduce(self, value1, value2):
        assert self.subtasks == 1
        return value1 if len(value1) >= len(value2) else value2


for mode in (RuntimeExecutionMode.STREAMING, RuntimeExecutionMode.BATCH):
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    env.set_runtime_mode(mode)
    numbers = env.from_collection([5, 3, 8, 1], Types.INT())
    words = env.from_collection(["to", "be", "or", "not", "to", "be"])
    print(mode.name, numbers.reduce(lambda a, b: a + b).get_type())
    numbers.reduce(lambda a, b: a + b).print(mode.name + " sum")
    numbers.map(lambda x: {"max": x}).reduce(
        lambda a, b: {"max": max(a["max"], b["max"])}).map(lambda d: d["max"]).print(
        mode.name + " max")
    words.reduce(Longest()).print(mode.name + " longest")
    numbers.map(lambda x: Row(x, str(x)), Types.ROW([Types.INT(), Types.STRING()])).reduce(
        lambda a, b: Row(a[0] * b[0], a[1] + b[1])).print(mode.name + " rows")
    numbers.filter(lambda x: x > 100).reduce(lambda a, b: a + b).print(mode.name + " nothing")
    numbers.filter(lambda x: x == 8).reduce(lambda a, b: 1 // 0).print(mode.name + " only one")
    env.execute()

# Subtasks in front do not matter: all records meet in one.
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(4)
env.set_runtime_mode(RuntimeExecutionMode.BATCH)
env.from_sequence(1, 1000).map(lambda x: x, Types.LONG()).reduce(lambda a, b: a + b).print(
    "parallel").set_parallelism(1)
env.execute()
