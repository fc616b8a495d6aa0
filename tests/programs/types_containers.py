"""Lists and maps, nested in each other."""

# output: sorted
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
cases = [
    ("list", Types.LIST(Types.STRING()), [["a", "b"], []]),
    ("list of list", Types.LIST(Types.LIST(Types.INT())), [[[1], [], [2, 3]]]),
    ("map", Types.MAP(Types.STRING(), Types.INT()), [{"one": 1}, {}]),
    ("map of list", Types.MAP(Types.INT(), Types.LIST(Types.DOUBLE())), [{1: [0.5, 1.5]}]),
    ("list of map", Types.LIST(Types.MAP(Types.STRING(), Types.STRING())), [[{"k": "v"}]]),
    (
        "list of tuple",
        Types.LIST(Types.TUPLE([Types.INT(), Types.STRING()])),
        [[(1, "x"), (2, "y")]],
    ),
]
for name, type_info, values in cases:
    stream = env.from_collection([*values]).map(lambda x: x, type_info)
    stream.print(name)
    mapped = stream.map(lambda x: x, type_info)
    mapped.print(name + " mapped")
    mapped.map(lambda x: f"{type(x).__name__} {x!r}", Types.STRING()).print(name + " in python")
env.execute()
