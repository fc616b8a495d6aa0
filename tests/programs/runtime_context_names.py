"""The runtime context in every kind of function: names, numbers, parameters."""

# output: sorted unprefixed
from pyflink.common import Configuration, Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import (
    FilterFunction,
    FlatMapFunction,
    KeySelector,
    MapFunction,
    ProcessFunction,
    ReduceFunction,
    RuntimeContext,
)


class About:
    def open(self, runtime_context: RuntimeContext):
        c = runtime_context
        self.about = (
            c.get_number_of_parallel_subtasks(),
            c.get_max_number_of_parallel_subtasks(),
            c.get_index_of_this_subtask() in range(c.get_number_of_parallel_subtasks()),
            c.get_attempt_number(),
            c.get_job_parameter("one", "absent"),
            c.get_job_parameter("two", "absent"),
            c.get_job_parameter("three", "absent"),
        )
        place = "(%d/%d)#0" % (
            c.get_index_of_this_subtask() + 1, c.get_number_of_parallel_subtasks())  # fmt: skip
        name = c.get_task_name_with_subtasks()
        self.names = name.endswith(place), name == f"{c.get_task_name()} {place}"


class Map(About, MapFunction):
    def map(self, value):
        return "map", self.about, self.names


class FlatMap(About, FlatMapFunction):
    def flat_map(self, value):
        yield "flat_map", self.about, self.names


class Filter(About, FilterFunction):
    def filter(self, value):
        return self.about[0] > 0


class Key(About, KeySelector):
    def get_key(self, value):
        return self.about[0]


class Reduce(About, ReduceFunction):
    def reduce(self, a, b):
        return "reduce", self.about, self.names


class Process(About, ProcessFunction):
    def process_element(self, value, ctx):
        yield "process", self.about, self.names


config = Configuration()
config.set_string("pipeline.global-job-parameters", "one:1,two:a b")
env = StreamExecutionEnvironment.get_execution_environment(config)
env.set_parallelism(1)
env.set_max_parallelism(64)
numbers = env.from_collection([1], Types.INT())
twice = env.from_collection([1, 1], Types.INT())
for stream in (
    numbers.map(Map()).set_parallelism(2),
    numbers.rebalance().flat_map(FlatMap()).set_parallelism(2).set_max_parallelism(8),
    numbers.filter(Filter()).process(Process()),
    twice.map(lambda x: x).key_by(Key(), Types.INT()).reduce(Reduce()).map(lambda x: x),
):
    stream.print()
    env.execute()
env.get_config().set_global_job_parameters({"three": "3"})
numbers.map(Map()).print()
env.execute()
