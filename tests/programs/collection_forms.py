"""from_collection: lists, tuples, ranges, long lists, with and without types."""

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


def show(label, stream):
    print(
        label,
        stream.get_type(),
        stream._j_data_stream.getParallelism(),
        list(stream.execute_and_collect()),
    )


show("list", env.from_collection([1, 2, 3]))
show("typed list", env.from_collection([1, 2, 3], Types.LONG()))
show("keyword", env.from_collection(collection=["a"], type_info=Types.STRING()))
show("mixed", env.from_collection([1, "a", None, 2.5, (1, 2), {"k": [1]}, {1, 2}]))
show("tuple", env.from_collection((1, 2)))
show("range", env.from_collection(range(3)))
show("typed range", env.from_collection(range(3), Types.INT()))
show(
    "tuples", env.from_collection([(1, "x"), (2, "y")], Types.TUPLE([Types.INT(), Types.STRING()]))
)
stream = env.from_collection(list(range(300000)), Types.LONG()).map(lambda x: x % 7, Types.LONG())
total = 0
for value in stream.filter(lambda x: x == 3).execute_and_collect():
    total += value
print("long", total)
