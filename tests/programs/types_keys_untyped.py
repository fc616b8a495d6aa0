"""Keys without a declared type: equal objects meet even when they are built differently."""
# output: sorted unprefixed
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(2)
records = [("a", 1), ("b", 10), ("".join(["a"]), 2), ("b", 20), ("c", 100), ("a", 3)]
source = env.from_collection(records)
source.key_by(lambda r: r[0]).reduce(lambda x, y: (x[0], x[1] + y[1])).map(
    lambda r: f"str {r}").set_parallelism(1).map(lambda s: s).set_parallelism(1).print()
source.key_by(lambda r: (r[0], 1)).reduce(lambda x, y: (x[0], x[1] + y[1])).map(
    lambda r: f"tuple {r}").print()
source.key_by(lambda r: r[1] % 10 == 0).reduce(lambda x, y: (x[0], x[1] + y[1])).map(
    lambda r: f"bool {r[1]}").print()
env.execute()
