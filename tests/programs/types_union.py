"""Streams of every common type through union."""

# output: sorted
from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
cases = [
    ("INT", Types.INT(), [1, 2]),
    ("STRING", Types.STRING(), ["a", "\u00e9"]),
    ("DOUBLE", Types.DOUBLE(), [0.5]),
    ("TUPLE", Types.TUPLE([Types.INT(), Types.STRING()]), [(1, "a")]),
    ("ROW", Types.ROW([Types.INT(), Types.STRING()]), [Row(1, "a"), Row(2, None)]),
    ("LIST", Types.LIST(Types.INT()), [[1, 2]]),
    ("MAP", Types.MAP(Types.INT(), Types.INT()), [{1: 2}]),
]
for name, type_info, values in cases:
    numbers = env.from_collection(list(range(len(values))))
    first = numbers.map(lambda i, values=values: values[i], type_info)
    second = numbers.map(lambda i, values=values: values[-1 - i], type_info)
    first.union(second, first).print(name)
    first.union(second).map(lambda x: repr(x), Types.STRING()).print(name + " in python")
env.execute()
