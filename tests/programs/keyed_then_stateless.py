"""A keyed stream takes map, flat_map, filter, key_by and union like any other."""

# output: sorted
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
pairs = env.from_collection(
    [("a", 1), ("b", 2), ("a", 3)], Types.TUPLE([Types.STRING(), Types.INT()])
)
keyed = pairs.key_by(lambda t: t[0], Types.STRING())
keyed.map(lambda t: t[1] * 2, Types.INT()).print("map")
keyed.flat_map(lambda t: [t[0]] * t[1], Types.STRING()).print("flat_map")
keyed.filter(lambda t: t[1] > 1).print("filter")
keyed.key_by(lambda t: t[1] % 2, Types.INT()).reduce(lambda a, b: (a[0] + b[0], a[1] + b[1])).print(
    "key_by"
)
keyed.union(pairs).map(lambda t: t[0], Types.STRING()).print("union")
keyed.map(lambda t: t).filter(lambda t: t[0] == "a").key_by(lambda t: t[0]).sum(1).print("again")
print(keyed.get_type())
env.execute()
