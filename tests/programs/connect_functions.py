"""Function objects of connect: open and close once per subtask, RuntimeContext, two roles."""

# output: sorted
from pyflink.common import Types
from pyflink.datastream import (
    CoFlatMapFunction,
    CoMapFunction,
    CoProcessFunction,
    RuntimeContext,
    StreamExecutionEnvironment,
)

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([1, 2, 3], Types.INT())
words = env.from_collection(["x", "yy"], Types.STRING())


class Counting(CoMapFunction):
    """Counts both sides in one object."""

    def __init__(self):
        self.opened = 0

    def open(self, runtime_context: RuntimeContext):
        self.opened += 1
        self.count = 0

    def map1(self, value):
        self.count += 1
        return self.opened, self.count <= 5

    map2 = map1


class Where(CoFlatMapFunction):
    def open(self, runtime_context: RuntimeContext):
        self.where = (
            runtime_context.get_index_of_this_subtask(),
            runtime_context.get_number_of_parallel_subtasks(),
            runtime_context.get_attempt_number(),
            runtime_context.get_task_name(),
            runtime_context.get_task_name_with_subtasks(),
        )
        self.counter = runtime_context.get_metrics_group().counter("records")

    def flat_map1(self, value):
        self.counter.inc()
        yield self.where

    def flat_map2(self, value):
        return []


class Closing(CoProcessFunction):
    def open(self, runtime_context):
        print("open")

    def close(self):
        print("close")

    def process_element1(self, value, ctx):
        yield value + 1

    def process_element2(self, value, ctx):
        yield len(value)


class Both(CoMapFunction, CoFlatMapFunction):
    def map1(self, value):
        return "map1"

    def map2(self, value):
        return "map2"

    def flat_map1(self, value):
        return ["flat_map1"]

    def flat_map2(self, value):
        return ["flat_map2"]


numbers.connect(words).map(Counting()).print("counting")
numbers.connect(words).flat_map(Where()).print("where")
numbers.connect(words).process(Closing(), Types.INT()).print("closing")
numbers.connect(words).map(Both()).print("map")
numbers.connect(words).flat_map(Both()).print("flat_map")
env.execute()
