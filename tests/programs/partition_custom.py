"""partition_custom: callables and classes, typed and untyped, between operators of any parallelism."""
# output: sorted
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.functions import (
    KeySelector,
    MapFunction,
    Partitioner,
    RuntimeContext,
)


class Modulo(Partitioner):
    def open(self, runtime_context: RuntimeContext):
        self.offset = 1

    def partition(self, key, num_partitions):
        return (key + self.offset) % num_partitions


class Length(KeySelector):
    def get_key(self, value):
        return len(value[0])


class WithSubtask(MapFunction):
    def open(self, runtime_context: RuntimeContext):
        self.subtask = runtime_context.get_index_of_this_subtask()

    def map(self, value):
        return "%d: %s" % (self.subtask, value)


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(2)
pair = Types.TUPLE([Types.STRING(), Types.INT()])
pairs = env.from_collection([("a", 1), ("bb", 2), ("ccc", 3), ("dddd", 4), ("e", 5)], pair)
untyped = pairs.map(lambda x: {"word": x[0], "number": x[1]})

# The printing subtask's number shows where a record went.
pairs.partition_custom(lambda key, n: key % n, lambda x: x[1]).print("typed")
untyped.partition_custom(lambda key, n: key % n, lambda x: x["number"]).print("untyped")
env.execute()

# The number of partitions is the parallelism of the operator behind.
pairs.partition_custom(lambda key, n: min(key, n - 1), lambda x: x[1]).map(
    WithSubtask(), Types.STRING()).set_parallelism(3).print("three").set_parallelism(1)
pairs.partition_custom(Modulo(), Length()).map(
    WithSubtask()).set_parallelism(4).print("four").set_parallelism(1)
pairs.partition_custom(lambda key, n: n - 1, Length()).flat_map(
    lambda x: [x[1]] * 2, Types.INT()).print("last")
untyped.set_parallelism(2).partition_custom(lambda key, n: key > "b", lambda x: x["word"]).filter(
    lambda x: x["number"] != 3).map(lambda x: x["word"], Types.STRING()).print("bool")
env.execute()

# Behind a key and in front of one.
pairs.partition_custom(lambda key, n: 0, lambda x: x).key_by(
    lambda x: x[0][0], Types.STRING()).reduce(lambda a, b: (a[0], a[1] + b[1])).map(
    lambda x: "%s=%d" % x, Types.STRING()).print("reduced").set_parallelism(1)
env.execute()
